package index

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/bits"
	"os"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	scorchseg "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
)

func crcOf(b []byte) uint32 { return crc32.ChecksumIEEE(b) }

func registerPlugin() { scorch.RegisterSegmentPlugin(&segmentPlugin{}, true) }

// MergeUsing makes one segment file of segments, without the documents that are
// dropped. It returns the new numbers of the documents of each.
func (p *segmentPlugin) MergeUsing(segs []scorchseg.Segment, drops []*roaring.Bitmap, path string, closed chan struct{}, r scorchseg.StatsReporter, config map[string]any) ([][]uint64, uint64, error) {
	m := &merger{closed: closed}
	for i, seg := range segs {
		z, ok := seg.(*zap.Segment)
		if !ok || !slices.Equal(z.Fields(), segmentFieldNames()) {
			return p.ZapPlugin.MergeUsing(segs, drops, path, closed, r, config)
		}
		m.add(z, drops[i])
	}
	if m.docs == 0 {
		return p.ZapPlugin.MergeUsing(segs, drops, path, closed, r, config)
	}
	n, err := m.writeTo(path)
	if err != nil {
		os.Remove(path)
		return nil, 0, err
	}
	if r != nil {
		r.ReportBytesWritten(n)
	}
	numbers := make([][]uint64, len(m.from))
	for i, s := range m.from {
		numbers[i] = s.numbers
	}
	return numbers, n, nil
}

// segmentFieldNames returns the names of the fields by their numbers.
func segmentFieldNames() []string {
	names := make([]string, len(segmentFields))
	for i, f := range segmentFields {
		names[i] = f.name
	}
	return names
}

// A merger reads segments side by side.
type merger struct {
	from   []*mergeSource
	docs   int
	closed chan struct{}

	list  list
	terms int
}

type mergeSource struct {
	seg     *zap.Segment
	data    []byte
	numbers []uint64 // by document: its new number, dropped when it has none
	terms   vellum.Iterator
	term    []byte // the current one; nil behind the last
	value   uint64
}

const dropped = 1<<64 - 1

func (m *merger) add(z *zap.Segment, drop *roaring.Bitmap) {
	s := &mergeSource{seg: z, data: z.Data(), numbers: make([]uint64, z.NumDocs())}
	for i := range s.numbers {
		if drop != nil && drop.Contains(uint32(i)) {
			s.numbers[i] = dropped
			continue
		}
		s.numbers[i] = uint64(m.docs)
		m.docs++
	}
	m.from = append(m.from, s)
}

func (m *merger) writeTo(path string) (n uint64, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("segment: %w: %v", errStored, r)
		}
	}()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	s := &segmentFile{w: f, b: make([]byte, 0, flushSize+flushSize/4)}
	m.write(s)
	n = s.offset()
	if s.err == nil {
		s.err = f.Sync()
	}
	if e := f.Close(); s.err == nil { // scorch compares the error of a closed index
		s.err = e
	}
	return n, s.err
}

func (m *merger) write(s *segmentFile) {
	for _, from := range m.from {
		if m.isClosed(s) {
			return
		}
		from.documents(s)
	}
	stored := s.endDocuments()
	for i := range segmentFields {
		s.beginField()
		if i <= numberBody {
			m.field(s, i)
		}
		s.endField()
	}
	if s.err != nil {
		return
	}
	fields := s.end()
	s.footer(stored, fields)
}

// isClosed reports whether the index was closed, and fails s when it was.
func (m *merger) isClosed(s *segmentFile) bool {
	select {
	case <-m.closed:
		s.err = scorchseg.ErrClosed
		return true
	default:
		return s.err != nil
	}
}

// documents copies the stored documents.
func (m *mergeSource) documents(s *segmentFile) {
	index := m.data[m.seg.StoredIndexOffset():]
	for i, number := range m.numbers {
		if number == dropped {
			continue
		}
		at := binary.BigEndian.Uint64(index[8*i:])
		meta, w := binary.Uvarint(m.data[at:])
		size, v := binary.Uvarint(m.data[at+uint64(w):])
		s.offsets = append(s.offsets, s.offset())
		s.b = append(s.b, m.data[at:at+uint64(w+v)+meta+size]...)
		s.flushIfFull()
	}
}

// field merges the terms of a field.
func (m *merger) field(s *segmentFile, number int) {
	if counted(number) {
		m.list.norms = make([]byte, m.docs)
	} else {
		m.list = list{docs: m.list.docs}
	}
	for _, from := range m.from {
		if err := from.open(segmentFields[number].name); err != nil {
			s.err = err
			return
		}
	}
	var term []byte
	for {
		least := -1
		for i, from := range m.from {
			if from.term != nil && (least < 0 || bytes.Compare(from.term, m.from[least].term) < 0) {
				least = i
			}
		}
		if least < 0 {
			return
		}
		if m.terms++; m.terms%1024 == 0 && m.isClosed(s) {
			return
		}
		term = append(term[:0], m.from[least].term...)
		m.list.docs = m.list.docs[:0]
		if counted(number) {
			m.list.counts = append(m.list.counts[:0], 0)[:0]
		}
		for _, from := range m.from[least:] {
			if from.term != nil && bytes.Equal(from.term, term) {
				from.postings(&m.list)
				if s.err = from.next(); s.err != nil {
					return
				}
			}
		}
		if len(m.list.docs) > 0 {
			s.term(term, m.list)
		}
		if s.err != nil {
			return
		}
	}
}

// open goes to the first term of a field.
func (m *mergeSource) open(field string) error {
	at, err := m.seg.DictAddr(field)
	if err != nil {
		return err
	}
	n, w := binary.Uvarint(m.data[at:])
	fst, err := vellum.Load(m.data[at+uint64(w) : at+uint64(w)+n])
	if err != nil {
		return err
	}
	m.terms, err = fst.Iterator(nil, nil)
	return m.current(err)
}

func (m *mergeSource) next() error { return m.current(m.terms.Next()) }

func (m *mergeSource) current(err error) error {
	switch err {
	case nil:
		m.term, m.value = m.terms.Current()
	case vellum.ErrIteratorDone:
		m.term, err = nil, nil
	}
	return err
}

// postings appends the documents of the current term to l.
func (m *mergeSource) postings(l *list) {
	add := func(doc, count, norm uint64) {
		n := m.numbers[doc]
		if n == dropped {
			return
		}
		l.docs = append(l.docs, uint32(n))
		if l.norms != nil {
			l.counts = append(l.counts, uint32(count))
			l.norms[n] = byte(norm)
		}
	}
	if m.value&oneHit != 0 {
		const low = 1<<31 - 1
		add(m.value&low, 1, m.value>>31&low)
		return
	}
	b := m.data[m.value:]
	uvarint := func() uint64 {
		n, w := binary.Uvarint(b)
		b = b[w:]
		return n
	}
	counts := uvarint()
	uvarint() // places
	size := uvarint()
	set := b[:size]
	if l.norms == nil {
		eachOfSet(set, func(doc uint64) { add(doc, 0, 0) })
		return
	}
	b = m.data[counts:]
	for range uvarint() {
		uvarint()
	}
	eachOfSet(set, func(doc uint64) {
		count := uvarint() >> 1
		add(doc, count, uvarint())
	})
}

// eachOfSet calls f with the members of a set in the form of appendSet.
func eachOfSet(b []byte, f func(doc uint64)) {
	le := binary.LittleEndian
	if le.Uint32(b) != roaringCookie {
		panic("set of another form")
	}
	n := int(le.Uint32(b[4:]))
	heads := b[8:]
	b = b[8+8*n:]
	for i := range n {
		high, size := uint64(le.Uint16(heads[4*i:]))<<16, int(le.Uint16(heads[4*i+2:]))+1
		if size <= roaringList {
			for j := range size {
				f(high | uint64(le.Uint16(b[2*j:])))
			}
		} else {
			for j := range roaringBits / 8 {
				for w := le.Uint64(b[8*j:]); w != 0; w &= w - 1 {
					f(high | uint64(64*j+bits.TrailingZeros64(w)))
				}
			}
		}
		b = b[containerSize(size):]
	}
}
