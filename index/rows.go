package index

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"longmai/pipeline"
)

// rowsFile is the name of a row file in the folder of a writer.
const rowsFile = "rows"

// A rowFile keeps what the columns have of each article that a writer adds, so
// that they are made without reading and decoding all of them again, which took
// a tenth of the indexing. It is a file because it grows with the articles, and
// ends with the writer; articles that have no row are read.
//
//	row: of each facet the number of its codes, and these · of each value of a figure its group and key
type rowFile struct {
	*table
	f     *os.File
	w     *bufio.Writer
	end   int64
	place map[string]rowPlace // by article; the last one counts

	groups []groupName
	number map[groupName]uint32 // of groups

	codes [][]uint32  // of the article that is being added, by facet
	last  []labelCode // the label before, by facet
	buf   []byte
}

// A labelCode is the code of a label, which most often comes again.
type labelCode struct {
	name, ref string
	code      uint32
}

// A rowPlace is where a row stands in the file.
type rowPlace struct {
	at   int64
	size int
}

// newRowFile makes an empty file of rows in the folder of a writer.
func newRowFile(dir string) (*rowFile, error) {
	t, err := newTable(dir)
	if err != nil {
		return nil, err
	}
	f, err := os.Create(filepath.Join(dir, rowsFile))
	if err != nil {
		return nil, err
	}
	return &rowFile{table: t, f: f, w: bufio.NewWriterSize(f, 1<<18), place: map[string]rowPlace{}, number: map[groupName]uint32{}, codes: make([][]uint32, len(facetFields())), last: make([]labelCode, len(facetFields()))}, nil
}

// remove closes and removes the file, when there is one.
func (r *rowFile) remove() error {
	if r == nil {
		return nil
	}
	return errors.Join(r.f.Close(), os.Remove(r.f.Name()))
}

// label takes up a label of a facet of the article that is being added.
func (r *rowFile) label(facet int, l label) {
	if last := &r.last[facet]; l.name != last.name || l.ref != last.ref || l.name == "" {
		*last = labelCode{l.name, l.ref, r.codeOf(facet, l)}
	}
	r.codes[facet] = append(r.codes[facet], r.last[facet].code)
}

// codeOf returns the code of a label.
func (r *rowFile) codeOf(facet int, l label) uint32 {
	r.buf = append(r.buf[:0], l.ref...)
	if l.ref != "" {
		r.buf = append(r.buf, sep...)
	}
	r.buf = append(r.buf, l.name...)
	code, ok := r.table.codes[facet][string(r.buf)] // which is facetTerm(l) most often
	if !ok || hasControl(l.name) || hasControl(l.ref) {
		code = r.code(facet, facetTerm(l))
	}
	return code
}

// hasControl reports whether s has a character that facetTerm does not leave as it is.
func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' {
			return true
		}
	}
	return false
}

// add ends the row of d, whose labels have been taken up, and writes it.
func (r *rowFile) add(d *pipeline.Document) {
	if day := d.Date.String(); day != "" {
		r.label(placeDay, label{name: day})
	}
	b := r.buf[:0]
	for facet, codes := range r.codes {
		names := r.values[facet]
		slices.SortFunc(codes, func(a, b uint32) int { return cmp.Compare(names[a], names[b]) })
		codes = slices.Compact(codes)
		b = binary.AppendUvarint(b, uint64(len(codes)))
		for _, code := range codes {
			b = binary.AppendUvarint(b, uint64(code))
		}
		r.codes[facet] = codes[:0]
	}
	for i := range d.Figures {
		eachValue(&d.Figures[i], func(g groupName, k valueKey) {
			b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(r.group(g))), uint64(k))
		})
	}
	r.buf = b
	r.w.Write(b) // its error is that of Flush
	r.place[d.ID] = rowPlace{r.end, len(b)}
	r.end += int64(len(b))
}

func (r *rowFile) group(g groupName) uint32 {
	n, ok := r.number[g]
	if !ok {
		g.metric, g.category, g.base = strings.Clone(g.metric), strings.Clone(g.category), strings.Clone(g.base)
		n = uint32(len(r.groups))
		r.groups = append(r.groups, g)
		r.number[g] = n
	}
	return n
}

// has reports whether there is a row of the article. r may be nil.
func (r *rowFile) has(id string) bool {
	if r == nil {
		return false
	}
	_, ok := r.place[id]
	return ok
}

// read calls code and value with what the row of an article has, in order.
func (r *rowFile) read(id string, code func(facet int, code uint32), value func(g groupName, k valueKey)) error {
	p := r.place[id]
	if err := r.w.Flush(); err != nil {
		return err
	}
	r.buf = slices.Grow(r.buf[:0], p.size)[:p.size]
	if _, err := r.f.ReadAt(r.buf, p.at); err != nil {
		return err
	}
	b, broken := r.buf, false
	next := func() uint64 {
		n, w := binary.Uvarint(b)
		if w <= 0 {
			b, broken = nil, true
			return 0
		}
		b = b[w:]
		return n
	}
	for facet := range r.codes {
		for range next() {
			n := next()
			if broken || n >= uint64(len(r.values[facet])) {
				return errStored
			}
			code(facet, uint32(n))
		}
	}
	for len(b) > 0 {
		g, k := next(), next()
		if broken || g >= uint64(len(r.groups)) {
			return errStored
		}
		value(r.groups[g], valueKey(k))
	}
	if broken {
		return errStored
	}
	return nil
}

// facetPlaces are the places of the Fields among the facets, -1 for those that are none.
var facetPlaces = sync.OnceValue(func() []int {
	out := make([]int, len(Fields))
	for i, f := range Fields {
		out[i] = -1
		if f.Facet {
			out[i] = slices.Index(facetFields(), f.Name)
		}
	}
	return out
})
