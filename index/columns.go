package index

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/mmap-go"
	scorchseg "github.com/blevesearch/scorch_segment_api/v2"
)

// Sets of documents by term answer which articles match. How many of them have
// each value of a facet, which is the newest and which have a figure above a
// bound is read from columns: for every segment of the index one file that says
// by document what its values are, and by value what its documents are. They are
// made when a version is complete, of the stored documents of the segments that
// are new (tabulate.go), and mapped into memory, so that a search pays for the
// columns that it reads. With the same numbers in doc values of Bleve a hit cost
// fifty times as much.
//
//	columns/names     the values of each facet, in the order of their codes
//	columns/X.col     the columns of the segment X.zap: codes of facets, keys of figures
//
// A code counts the values of one facet from 0 and stays what it is, so that the
// columns of a segment serve every later version too.
//
// Both are files of sections (sectionFile). Numbers are little endian, of as
// many bytes as the largest of a section needs.

const (
	columnsDir = "columns"
	namesFile  = "names"
	columnsExt = ".col"
)

// A sectionFile is a file of sections, mapped into memory:
//
//	magic · number of sections · their lengths · the sections · 4 bytes · checksum of all before
//
// The four bytes let a number of the last section be read with what stands behind it.
type sectionFile struct {
	mapped   mmap.MMap
	sections [][]byte
}

const (
	sectionMagic = "lmcol\x00\x00\x01"
	numberPad    = 4
)

// writeSections writes a file of sections so that it is there as a whole or not at all.
func writeSections(path string, sections [][]byte) error {
	n := len(sectionMagic) + 4 + 8*len(sections) + numberPad + 4
	for _, s := range sections {
		n += len(s)
	}
	b := make([]byte, 0, n)
	b = append(b, sectionMagic...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(sections)))
	for _, s := range sections {
		b = binary.LittleEndian.AppendUint64(b, uint64(len(s)))
	}
	for _, s := range sections {
		b = append(b, s...)
	}
	b = append(b, make([]byte, numberPad)...)
	return writeFile(path, binary.LittleEndian.AppendUint32(b, checksum(b)))
}

// openSections maps a file of n sections. It has to be closed.
func openSections(path string, n int) (*sectionFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	s := &sectionFile{mapped: m}
	if s.sections, err = cutSections(m, n); err != nil {
		s.close()
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return s, nil
}

// cutSections returns the sections of a file. Each is followed by four bytes at least.
func cutSections(b []byte, n int) ([][]byte, error) {
	head := len(sectionMagic) + 4 + 8*n
	if len(b) < head+numberPad+4 || string(b[:len(sectionMagic)]) != sectionMagic || int(binary.LittleEndian.Uint32(b[len(sectionMagic):])) != n {
		return nil, errStored
	}
	out := make([][]byte, n)
	at, end := uint64(head), uint64(len(b)-numberPad-4)
	for i := range out {
		size := binary.LittleEndian.Uint64(b[len(sectionMagic)+4+8*i:])
		if size > end-at {
			return nil, errStored
		}
		out[i] = b[at : at+size : at+size+numberPad]
		at += size
	}
	if at != end {
		return nil, errStored
	}
	return out, nil
}

// intact reports whether the file has the checksum that it was written with.
func (s *sectionFile) intact() bool {
	n := len(s.mapped) - 4
	return n >= 0 && checksum(s.mapped[:n]) == binary.LittleEndian.Uint32(s.mapped[n:])
}

func (s *sectionFile) close() {
	if s != nil && s.mapped != nil {
		s.mapped.Unmap()
	}
}

// packed are numbers of a fixed width, 1 to 4 bytes each.
type packed struct {
	b     []byte // with four bytes of capacity behind its length
	width int
	mask  uint32
}

func newPacked(b []byte, width int) packed {
	return packed{b[: len(b)+numberPad : len(b)+numberPad], width, uint32(1<<(8*width) - 1)}
}

// at returns number i.
func (p packed) at(i int) uint32 { return binary.LittleEndian.Uint32(p.b[i*p.width:]) & p.mask }

func (p packed) len() int {
	if p.width == 0 {
		return 0
	}
	return (len(p.b) - numberPad) / p.width
}

// widthOf returns how many bytes numbers up to n take.
func widthOf(n uint32) int {
	switch {
	case n < 1<<8:
		return 1
	case n < 1<<16:
		return 2
	case n < 1<<24:
		return 3
	}
	return 4
}

// appendPacked appends n in width bytes.
func appendPacked(b []byte, n uint32, width int) []byte {
	var x [4]byte
	binary.LittleEndian.PutUint32(x[:], n)
	return append(b, x[:width]...)
}

// columnBlock is how many documents share a base of their starts.
const columnBlock = 64

// A column has the codes of one facet. A document has one at most when single
// holds: then codes has a number for each document, its code and one, 0 for none.
// Else those of document i are codes[start(i):start(i+1)].
type column struct {
	single bool
	docs   int    // documents of the segment
	values int    // all codes are less
	having int    // documents that have any
	base   packed // starts of every columnBlock-th document
	starts packed // of each document, behind the base of its block
	codes  packed
	totals packed // by code, how many documents have it; may be empty
}

func (c *column) start(doc int) int {
	return int(c.base.at(doc/columnBlock) + c.starts.at(doc))
}

// of returns the codes of a document as a stretch of c.codes, when c is not single.
func (c *column) of(doc uint32) (from, to int) { return c.start(int(doc)), c.start(int(doc) + 1) }

// first returns the first code of a document.
func (c *column) first(doc uint32) (code int, ok bool) {
	if c.values == 0 || int(doc) >= c.docs {
		return 0, false
	}
	if c.single {
		n := int(c.codes.at(int(doc)))
		return n - 1, n > 0
	}
	from, to := c.of(doc)
	if from == to {
		return 0, false
	}
	return int(c.codes.at(from)), true
}

// codesOf returns all codes of a document.
func (c *column) codesOf(doc uint32) []uint32 {
	first, ok := c.first(doc)
	if !ok {
		return nil
	}
	if c.single {
		return []uint32{uint32(first)}
	}
	var out []uint32
	for from, to := c.of(doc); from < to; from++ {
		out = append(out, c.codes.at(from))
	}
	return out
}

// count adds by to counts for every code of the documents, and returns how many
// of them have any.
func (c *column) count(docs []uint32, counts []int32, by int32) (having int) {
	if c.values == 0 {
		return 0
	}
	counts = counts[:c.values]
	if c.single {
		for _, doc := range docs {
			if n := c.codes.at(int(doc)); n > 0 {
				counts[n-1] += by
				having++
			}
		}
		return having
	}
	width := c.codes.width
	block, base, last, end := ^uint32(0), uint32(0), ^uint32(0), uint32(0)
	for _, doc := range docs {
		from := end // of a neighbour of the document before, which has been read
		if doc != last+1 || doc == 0 {
			if doc/columnBlock != block {
				block = doc / columnBlock
				base = c.base.at(int(block))
			}
			from = base + c.starts.at(int(doc))
		}
		last = doc
		if next := (doc + 1) / columnBlock; next != block {
			block, base = next, c.base.at(int(next))
		}
		end = base + c.starts.at(int(doc)+1)
		if from == end {
			continue
		}
		having++
		tally(c.codes.b[int(from)*width:int(end)*width], width, counts, by)
	}
	return having
}

// tally adds by to the counts of codes of a width: a loop of its own for the
// usual widths counts in half the time.
func tally(codes []byte, width int, counts []int32, by int32) {
	switch width {
	case 1:
		for _, code := range codes {
			counts[code] += by
		}
	case 2:
		for ; len(codes) >= 2; codes = codes[2:] {
			counts[binary.LittleEndian.Uint16(codes)] += by
		}
	default:
		p := newPacked(codes, width)
		for i := range len(codes) / width {
			counts[p.at(i)] += by
		}
	}
}

// The sections of a file of columns: what it is of, what the columns look like,
// four for each facet, three for the figures.
const (
	sectionSeal = iota
	sectionShape
	sectionFacets
	perFacet      = 4
	figureParts   = 3
	columnNumbers = 8 // of each facet in the shape
)

func columnSections() int { return sectionFacets + perFacet*len(facetFields()) + figureParts }

// columns are those of one segment.
type columns struct {
	file   *sectionFile
	facets []column
	figureColumns
}

// openColumns opens the columns of the segment that seal is of.
func openColumns(path string, seal []byte) (*columns, error) {
	f, err := openSections(path, columnSections())
	if err != nil {
		return nil, err
	}
	c, err := readColumns(f, seal)
	if err != nil {
		f.close()
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return c, nil
}

// errOther is the error of columns that are not of this segment.
var errOther = errors.New("made of another segment")

func readColumns(f *sectionFile, seal []byte) (*columns, error) {
	s := f.sections
	if string(s[sectionSeal]) != string(seal) {
		return nil, errOther
	}
	c := &columns{file: f, facets: make([]column, len(facetFields()))}
	shape := s[sectionShape]
	if len(shape) != 4*columnNumbers*len(c.facets) {
		return nil, errStored
	}
	for i := range c.facets {
		var n [columnNumbers]int
		for j := range n {
			n[j] = int(binary.LittleEndian.Uint32(shape[4*(columnNumbers*i+j):]))
		}
		at := sectionFacets + perFacet*i
		for _, w := range n[4:8] {
			if w > 4 {
				return nil, errStored
			}
		}
		x := column{single: n[0] == 1, docs: n[1], values: n[2], having: n[3], base: newPacked(s[at], n[4]), starts: newPacked(s[at+1], n[5]), codes: newPacked(s[at+2], n[6]), totals: newPacked(s[at+3], n[7])}
		if !x.sound() {
			return nil, errStored
		}
		c.facets[i] = x
	}
	var err error
	c.figureColumns, err = readFigures(s[sectionFacets+perFacet*len(c.facets):])
	return c, err
}

// sound reports whether the sections of c are as long as they have to be.
func (c *column) sound() bool {
	switch {
	case c.values == 0:
		return true
	case c.totals.len() != 0 && c.totals.len() != c.values:
		return false
	case c.single:
		return c.codes.len() == c.docs
	}
	return c.starts.len() == c.docs+1 && c.base.len() == c.docs/columnBlock+1 && c.start(c.docs) == c.codes.len()
}

// lazyColumns are opened at the first use.
type lazyColumns struct {
	once sync.Once
	path string
	seal []byte
	c    *columns
	err  error
}

// columns returns the columns of the shard, which all of its clones share.
func (h *shard) columns() (*columns, error) {
	l := h.cols
	l.once.Do(func() {
		defer func() {
			if r := recover(); r != nil {
				l.err = fmt.Errorf("%w: %v", errStored, r)
			}
			if l.err != nil {
				l.err = fmt.Errorf("index: columns: %w; %w", l.err, ErrDamaged)
			}
		}()
		if l.path == "" {
			l.err = errOther
			return
		}
		l.c, l.err = openColumns(l.path, l.seal)
	})
	return l.c, l.err
}

// sealOf returns what tells a segment from all others: its size and checksum.
func sealOf(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	b := binary.LittleEndian.AppendUint64(nil, uint64(size))
	foot := make([]byte, min(size, 16))
	if _, err := f.ReadAt(foot, size-int64(len(foot))); err != nil {
		return nil, err
	}
	return append(b, foot...), nil
}

// columnsOf returns the columns of a segment, to be opened, in the version in dir.
func columnsOf(dir string, seg scorchseg.Segment) (*lazyColumns, error) {
	p, ok := seg.(scorchseg.PersistedSegment)
	if !ok || dir == "" {
		return &lazyColumns{}, nil
	}
	seal, err := sealOf(p.Path())
	if err != nil {
		return nil, err
	}
	name := strings.TrimSuffix(filepath.Base(p.Path()), filepath.Ext(p.Path()))
	return &lazyColumns{path: filepath.Join(dir, columnsDir, name+columnsExt), seal: seal}, nil
}

// names are the values of the facets by their codes, each as facetTerm writes it.
type names struct {
	file    *sectionFile
	offsets []packed // by facet: where each value begins, and the last ends
	text    [][]byte // by facet
	ranks   packed   // of days: their order; 0 is the first
}

// perNames is how many sections each facet has; the ranks follow.
const perNames = 2

func openNames(dir string) (*names, error) {
	n := len(facetFields())
	f, err := openSections(filepath.Join(dir, columnsDir, namesFile), perNames*n+1)
	if err != nil {
		return nil, err
	}
	out := &names{file: f}
	for i := range n {
		offsets, text := newPacked(f.sections[perNames*i], 4), f.sections[perNames*i+1]
		if offsets.len() == 0 || int(offsets.at(offsets.len()-1)) != len(text) {
			f.close()
			return nil, fmt.Errorf("%s: %w", namesFile, errStored)
		}
		out.offsets, out.text = append(out.offsets, offsets), append(out.text, text)
	}
	if out.ranks = newPacked(f.sections[perNames*n], 4); out.ranks.len() != out.len(placeDay) {
		f.close()
		return nil, fmt.Errorf("%s: %w", namesFile, errStored)
	}
	return out, nil
}

// len returns how many values the facet has, those of dropped articles included.
func (n *names) len(facet int) int {
	if n == nil {
		return 0
	}
	return n.offsets[facet].len() - 1
}

// value returns a value of a facet, "" when there is none of that code.
func (n *names) value(facet, code int) string {
	if code < 0 || code >= n.len(facet) {
		return ""
	}
	from, to := n.offsets[facet].at(code), n.offsets[facet].at(code+1)
	if from > to || int(to) > len(n.text[facet]) {
		return ""
	}
	return string(n.text[facet][from:to])
}

// all returns the values of a facet in the order of their codes.
func (n *names) all(facet int) []string {
	out := make([]string, n.len(facet))
	for i := range out {
		out[i] = n.value(facet, i)
	}
	return out
}

// writeNames writes the values of all facets.
func writeNames(dir string, values [][]string) error {
	var sections [][]byte
	for _, list := range values {
		offsets, text := make([]byte, 0, 4*len(list)+4), []byte{}
		for _, s := range list {
			offsets = binary.LittleEndian.AppendUint32(offsets, uint32(len(text)))
			text = append(text, s...)
		}
		sections = append(sections, binary.LittleEndian.AppendUint32(offsets, uint32(len(text))), text)
	}
	days := values[placeDay]
	order := make([]int, len(days))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(days[a], days[b]) })
	ranks := make([]byte, 4*len(days))
	for rank, code := range order {
		binary.LittleEndian.PutUint32(ranks[4*code:], uint32(rank))
	}
	return writeSections(filepath.Join(dir, columnsDir, namesFile), append(sections, ranks))
}

// lazyNames are opened at the first use.
type lazyNames struct {
	once sync.Once
	dir  string
	n    *names
	err  error
}

// facetNames returns the names of the view, nil when it has no articles.
func (v *view) facetNames() (*names, error) {
	l := &v.labels
	l.once.Do(func() {
		if l.dir == "" {
			return
		}
		if l.n, l.err = openNames(l.dir); l.err != nil {
			l.err = fmt.Errorf("index: columns: %w; %w", l.err, ErrDamaged)
		}
	})
	return l.n, l.err
}

// closeColumns gives the mapped files free.
func (v *view) closeColumns() {
	if v.labels.n != nil {
		v.labels.n.file.close()
	}
	for _, h := range v.shards {
		if h.cols.c != nil {
			h.cols.c.file.close()
		}
	}
}

// linkColumns takes the columns of one version over into another.
func linkColumns(from, to string) error {
	a, b := filepath.Join(from, columnsDir), filepath.Join(to, columnsDir)
	files, err := os.ReadDir(a)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(b, 0o777); err != nil {
		return err
	}
	for _, f := range files {
		if os.Link(filepath.Join(a, f.Name()), filepath.Join(b, f.Name())) == nil {
			continue
		}
		if err := copyFile(filepath.Join(a, f.Name()), filepath.Join(b, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

// A bitset collects documents in any order.
type bitset []uint64

func newBitset(docs int) bitset { return make(bitset, (docs+63)/64) }

func (b bitset) add(doc uint32) {
	if i := int(doc / 64); i < len(b) {
		b[i] |= 1 << (doc % 64)
	}
}

// bitmap returns the documents of b, which nobody may change any more.
func (b bitset) bitmap() *roaring.Bitmap { return roaring.FromDense(b, false) }

// facetFields are the fields that have columns. The first is no facet: the issue date.
var facetFields = sync.OnceValue(func() []string { return append([]string{"day"}, FacetNames()...) })

const (
	placeDay = iota
	placeFacets
)

// facetTerm writes a label as a value of its facet: code, name.
func facetTerm(l label) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, l.name)
	if l.ref == "" {
		return name
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, l.ref) + sep + name
}

func cutSep(s string) (ref, name string) {
	if ref, name, ok := strings.Cut(s, sep); ok {
		return ref, name
	}
	return "", s
}
