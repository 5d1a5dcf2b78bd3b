package index

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"longmai/pipeline"
)

// tabulateChunk is how many documents are read at a time.
const tabulateChunk = 256

// tabulateVersion makes the columns of the version in dir, whose index nobody
// has open; rows, which may be nil, has what is known of some of the articles.
func tabulateVersion(ctx context.Context, dir string, rows *rowFile) error {
	dictionary, err := os.ReadFile(filepath.Join(dir, dictionaryFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // nothing is in yet
	}
	if err != nil {
		return err
	}
	ix, err := openScorch(filepath.Join(dir, indexDir), true)
	if err != nil {
		return err
	}
	v, err := viewOf(ix, dictionary, dir)
	if err != nil {
		return errors.Join(err, ix.Close())
	}
	return errors.Join(tabulate(ctx, dir, v, rows), closeVersion(ix, v))
}

// tabulate makes the columns of the segments of v that have none yet, and takes
// those of segments that are gone away. It is done again from the start when it
// was broken off: what it writes counts from the moment that the names of the
// new codes are written.
func tabulate(ctx context.Context, dir string, v *view, rows *rowFile) error {
	at := filepath.Join(dir, columnsDir)
	if err := os.MkdirAll(at, 0o777); err != nil {
		return err
	}
	var t *table
	if rows != nil {
		t = rows.table
	} else {
		var err error
		if t, err = newTable(dir); err != nil {
			return err
		}
	}
	keep := map[string]bool{namesFile: true}
	var fresh []string
	for _, h := range v.shards {
		path := h.cols.path
		if path == "" {
			return errors.New("columns: a segment is not on disk")
		}
		keep[filepath.Base(path)] = true
		if _, err := h.columns(); err == nil {
			continue
		}
		h.cols = &lazyColumns{path: path, seal: h.cols.seal}
		if err := t.shard(ctx, v, h, rows, path+newExt); err != nil {
			return fmt.Errorf("columns: %w", err)
		}
		fresh = append(fresh, path)
	}
	if err := writeNames(dir, t.values); err != nil {
		return fmt.Errorf("columns: %w", err)
	}
	for _, path := range fresh {
		if err := os.Rename(path+newExt, path); err != nil {
			return err
		}
	}
	files, err := os.ReadDir(at)
	if err != nil {
		return err
	}
	for _, f := range files {
		if !keep[f.Name()] {
			if err := os.Remove(filepath.Join(at, f.Name())); err != nil {
				return err
			}
		}
	}
	return syncDir(at)
}

// newExt is behind the names of files that do not count yet.
const newExt = ".new"

// A table gives the values of facets their codes.
type table struct {
	values [][]string          // by facet and code
	codes  []map[string]uint32 // by facet
}

// newTable returns the table of the version in dir. When its names cannot be
// read no column of it can be used: they are removed.
func newTable(dir string) (*table, error) {
	n, err := openNames(dir)
	if err == nil && !n.file.intact() {
		n.file.close()
		err = errStored
	}
	t := &table{values: make([][]string, len(facetFields())), codes: make([]map[string]uint32, len(facetFields()))}
	for i := range t.codes {
		t.codes[i] = map[string]uint32{}
	}
	if err != nil {
		old, e := filepath.Glob(filepath.Join(dir, columnsDir, "*"+columnsExt))
		for _, path := range old {
			e = errors.Join(e, os.Remove(path))
		}
		return t, e
	}
	defer n.file.close()
	for i := range t.codes {
		t.values[i] = n.all(i)
		for code, value := range t.values[i] {
			t.codes[i][value] = uint32(code)
		}
	}
	return t, nil
}

func (t *table) code(facet int, value string) uint32 {
	code, ok := t.codes[facet][value]
	if !ok {
		code = uint32(len(t.values[facet]))
		value = strings.Clone(value)
		t.values[facet] = append(t.values[facet], value)
		t.codes[facet][value] = code
	}
	return code
}

// A tabled document is what the columns keep of it.
type tabled struct {
	facets  [][]string // by facet
	figures []tabledFigure
}

type tabledFigure struct {
	groupName
	key valueKey
}

// shard writes the columns of one shard.
func (t *table) shard(ctx context.Context, v *view, h *shard, rows *rowFile, path string) error {
	size := int(h.seg.Count())
	if size >= 1<<docBits {
		return fmt.Errorf("%s: too many documents", h.segmentName())
	}
	lists := make([]codeList, len(facetFields()))
	values := map[groupName][]uint64{}
	add := func(g groupName, k valueKey, doc uint32) {
		values[g] = append(values[g], uint64(k)<<docBits|uint64(doc))
	}
	for chunk := range slices.Chunk(h.docs.ToArray(), tabulateChunk) {
		read, err := v.tabled(ctx, h, chunk, rows)
		if err != nil {
			return err
		}
		for i, doc := range chunk {
			if read[i] == nil {
				id, err := h.id(doc)
				if err == nil {
					err = rows.read(id, func(facet int, code uint32) { lists[facet].add(doc, code) }, func(g groupName, k valueKey) { add(g, k, doc) })
				}
				if err != nil {
					return err
				}
				continue
			}
			for facet, labels := range read[i].facets {
				for _, value := range labels {
					lists[facet].add(doc, t.code(facet, value))
				}
			}
			for _, f := range read[i].figures {
				add(f.groupName, f.key, doc)
			}
		}
	}
	sections := [][]byte{h.cols.seal, nil}
	var shape []byte
	for i := range lists {
		numbers, parts := lists[i].encode(size)
		for _, n := range numbers {
			shape = binary.LittleEndian.AppendUint32(shape, uint32(n))
		}
		sections = append(sections, parts[:]...)
	}
	sections[sectionShape] = shape
	return writeSections(path, append(sections, encodeFigures(values, size)...))
}

// tabled reads documents of h: those that rows does not have, nil for the others.
func (v *view) tabled(ctx context.Context, h *shard, docs []uint32, rows *rowFile) ([]*tabled, error) {
	out := make([]*tabled, len(docs))
	const part = 16
	err := parallel(ctx, (len(docs)+part-1)/part, func(i int) error {
		h := h.clone()
		for j := i * part; j < min(len(docs), i*part+part); j++ {
			id, err := h.id(docs[j])
			if err != nil {
				return err
			}
			if rows.has(id) {
				continue
			}
			d, err := v.stored(h, docs[j])
			if err != nil {
				return err
			}
			out[j] = tabledOf(d)
		}
		return nil
	})
	return out, err
}

// tabledOf returns what the columns keep of d.
func tabledOf(d *pipeline.Document) *tabled {
	t := &tabled{facets: make([][]string, 0, len(facetFields()))}
	var day []string
	if s := d.Date.String(); s != "" {
		day = []string{s}
	}
	t.facets = append(t.facets, day)
	for _, f := range Fields {
		if !f.Facet {
			continue
		}
		var list []string
		f.names(d, func(l label) { list = append(list, facetTerm(l)) })
		slices.Sort(list)
		t.facets = append(t.facets, slices.Compact(list))
	}
	for i := range d.Figures {
		eachValue(&d.Figures[i], func(g groupName, k valueKey) { t.figures = append(t.figures, tabledFigure{g, k}) })
	}
	return t
}

// eachValue calls add with the ends of what the words of f allow.
func eachValue(f *pipeline.Figure, add func(g groupName, k valueKey)) {
	n, base := inBase(f)
	i, ok := n.span(f.Form)
	if !ok {
		return
	}
	g := groupName{metric: foldToken(metricName(f)), category: foldToken(f.Category), base: base, other: f.Unit != base}
	if i.point() {
		g.side = pointSide
		add(g, keyOf(i.low.Decimal))
		return
	}
	if i.low.Valid {
		g.side, g.open = lowSide, i.lowOpen
		add(g, keyOf(i.low.Decimal))
	}
	if i.high.Valid {
		g.side, g.open = highSide, i.highOpen
		add(g, keyOf(i.high.Decimal))
	}
}

// A codeList is a column as it is made: the codes of documents that come in order.
type codeList struct {
	docs, codes []uint32
}

func (l *codeList) add(doc, code uint32) {
	l.docs, l.codes = append(l.docs, doc), append(l.codes, code)
}

// encode returns the shape and the sections of the column, of size documents.
func (l *codeList) encode(size int) (shape [columnNumbers]int, parts [perFacet][]byte) {
	values, having, single := 0, 0, true
	for i, code := range l.codes {
		values = max(values, int(code)+1)
		if i > 0 && l.docs[i-1] == l.docs[i] {
			single = false
			continue
		}
		having++
	}
	shape[1], shape[2], shape[3] = size, values, having
	if values == 0 {
		return shape, parts
	}
	if values <= len(l.codes) { // worth its space
		parts[3], shape[7] = l.encodeTotals(values)
	}
	if single {
		width := widthOf(uint32(values))
		b := make([]byte, width*size)
		for i, code := range l.codes {
			copy(b[int(l.docs[i])*width:], appendPacked(nil, code+1, width))
		}
		shape[0], shape[6], parts[2] = 1, width, b
		return shape, parts
	}
	starts := make([]uint32, size+1) // absolute
	for _, doc := range l.docs {
		starts[doc+1]++
	}
	most := uint32(0)
	for i := range starts {
		if i > 0 {
			starts[i] += starts[i-1]
		}
		most = max(most, starts[i]-starts[i/columnBlock*columnBlock])
	}
	width := widthOf(most)
	for i, n := range starts {
		if i%columnBlock == 0 {
			parts[0] = appendPacked(parts[0], n, 4)
		}
		parts[1] = appendPacked(parts[1], n-starts[i/columnBlock*columnBlock], width)
	}
	shape[4], shape[5], shape[6] = 4, width, widthOf(uint32(values))
	for _, code := range l.codes {
		parts[2] = appendPacked(parts[2], code, shape[6])
	}
	return shape, parts
}

func (l *codeList) encodeTotals(values int) (b []byte, width int) {
	totals := make([]uint32, values)
	for _, code := range l.codes {
		totals[code]++
	}
	width = widthOf(slices.Max(totals))
	for _, n := range totals {
		b = appendPacked(b, n, width)
	}
	return b, width
}

// tabulated are the columns of a segment with the names of their codes, to be
// compared with what they were made of.
type tabulated struct {
	*columns
	labels *names
}

// agree reports whether a document has in the columns what tabledOf says.
func (t *tabulated) agree(doc uint32, d *pipeline.Document) bool {
	for facet, want := range tabledOf(d).facets {
		c := &t.facets[facet]
		codes := c.codesOf(doc)
		if len(codes) != len(want) {
			return false
		}
		for _, code := range codes {
			if _, ok := slices.BinarySearch(want, t.labels.value(facet, int(code))); !ok {
				return false
			}
		}
	}
	return true
}
