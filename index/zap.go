package index

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"

	bleve "github.com/blevesearch/bleve_index_api"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/klauspost/compress/snappy"
)

// Segments of the index are files of Bleve's zap format, version 17, as zap's
// own documentation lays it out: stored documents, their offsets, for each field
// the postings of its terms and the dictionary that leads to them, the fields,
// and a footer. Bleve reads them. They are written here (postings.go collects,
// merge.go merges) because the library knows what Bleve cannot: that no term has
// places, that most fields are sets without frequencies, and what the terms of
// an article are without a map of them. That takes a quarter of the time, and a
// set costs a byte less for every document of a term.

// The fields of the index by their numbers in a segment: the id, and the others
// in the order of their names. All segments have all of them.
var segmentFields = []struct {
	name    string
	options bleve.FieldIndexingOptions
}{
	{fieldID, bleve.IndexField | bleve.StoreField},
	{fieldDate, bleve.IndexField},
	{fieldFigure, bleve.IndexField},
	{fieldGrams, bleve.IndexField | bleve.SkipFreqNorm},
	{fieldIs, bleve.IndexField},
	{fieldNames, bleve.IndexField},
	{fieldTitle, bleve.IndexField},
	{fieldBody, bleve.IndexField},
	{fieldText, bleve.StoreField},
	{fieldRecords, bleve.StoreField},
}

// The numbers of the fields.
const (
	numberID = iota
	numberDate
	numberFigure
	numberGrams
	numberIs
	numberNames
	numberTitle
	numberBody
	numberText
	numberRecords
)

// counted holds for the fields that keep how often a term occurs.
func counted(field int) bool { return field == numberTitle || field == numberBody }

const (
	noDocValues = 1<<64 - 1 // in place of the offsets of doc values
	oneHit      = 1 << 63   // mark of a dictionary's value that is the only document of a term
	zapSections = zap.NumSections
	chunkDocs   = 1024 // documents of a term that share a chunk of frequencies
)

// A segmentFile is a segment as it is written: into b, or through it into w.
type segmentFile struct {
	b   []byte
	w   io.Writer // nil to keep all in b
	err error
	n   uint64 // bytes before b
	crc uint32 // of them

	docs    int
	offsets []uint64 // of the stored documents
	fields  []uint64 // where the entry of each field begins
	zeros   uint64   // place of the frequencies of a set; 0 when there is none yet
	counts  []byte   // frequencies of one term
	ends    []int    // of their chunks

	dictionary *vellum.Builder
	terms      bytes.Buffer
	packed     []byte
}

const flushSize = 1 << 20

func (s *segmentFile) offset() uint64 { return s.n + uint64(len(s.b)) }

func (s *segmentFile) flush() {
	if s.w == nil || len(s.b) == 0 {
		return
	}
	s.crc = crc32.Update(s.crc, crc32.IEEETable, s.b)
	s.n += uint64(len(s.b))
	if s.err == nil {
		_, s.err = s.w.Write(s.b)
	}
	s.b = s.b[:0]
}

func (s *segmentFile) uvarint(v uint64) { s.b = binary.AppendUvarint(s.b, v) }

// A storedField is a field of a stored document.
type storedField struct {
	number int
	value  []byte
}

// document writes the next stored document. Its fields come in the order of their numbers.
func (s *segmentFile) document(id string, fields []storedField) {
	var head [64]byte
	meta := binary.AppendUvarint(head[:0], uint64(len(id)))
	s.packed = s.packed[:0]
	for _, f := range fields {
		meta = binary.AppendUvarint(meta, uint64(f.number))
		meta = binary.AppendUvarint(meta, 't')
		meta = binary.AppendUvarint(meta, uint64(len(s.packed)))
		meta = binary.AppendUvarint(meta, uint64(len(f.value)))
		meta = binary.AppendUvarint(meta, 0) // no positions in arrays
		s.packed = append(s.packed, f.value...)
	}
	s.offsets = append(s.offsets, s.offset())
	packed := snappy.Encode(nil, s.packed)
	s.uvarint(uint64(len(meta)))
	s.uvarint(uint64(len(id) + len(packed)))
	s.b = append(s.b, meta...)
	s.b = append(s.b, id...)
	s.b = append(s.b, packed...)
	s.flushIfFull()
}

func (s *segmentFile) flushIfFull() {
	if len(s.b) >= flushSize {
		s.flush()
	}
}

// endDocuments writes the offsets of the documents and returns where they are.
func (s *segmentFile) endDocuments() (at uint64) {
	at = s.offset()
	for _, o := range s.offsets {
		s.b = binary.BigEndian.AppendUint64(s.b, o)
	}
	s.docs = len(s.offsets)
	s.uvarint(0) // no nested documents
	return at
}

// A list is the documents of a term, in order; counts and norms are nil in a set.
type list struct {
	docs, counts []uint32
	norms        []byte // by document, of the whole segment
}

// term writes a term of the field that is being written. Terms come in their order.
func (s *segmentFile) term(term []byte, l list) {
	if s.err == nil {
		s.err = s.dictionary.Insert(term, s.postings(l))
	}
	s.flushIfFull()
}

// postings writes the documents of a term and returns the dictionary's value.
func (s *segmentFile) postings(l list) uint64 {
	if len(l.docs) == 1 && (l.counts == nil || l.counts[0] == 1) {
		norm := uint64(1)
		if l.norms != nil {
			norm = uint64(l.norms[l.docs[0]])
		}
		return oneHit | norm<<31 | uint64(l.docs[0])
	}
	var counts uint64
	switch {
	case l.counts != nil:
		counts = s.frequencies(l)
	case len(l.docs) < chunkDocs:
		// The frequencies of a set are zeros: all terms in fewer documents than
		// a chunk holds share one chunk of them.
		if s.zeros == 0 {
			s.zeros = s.offset()
			s.uvarint(1)
			s.uvarint(chunkDocs - 1)
			s.b = append(s.b, make([]byte, chunkDocs-1)...)
		}
		counts = s.zeros
	default:
		counts = s.frequencies(l)
	}
	at := s.offset()
	s.uvarint(counts)
	s.uvarint(0) // no places
	s.uvarint(uint64(setSize(l.docs)))
	s.b = appendSet(s.b, l.docs)
	return at
}

// frequencies writes how often a term occurs in each document, with the class of
// the document's length, in chunks that are a stretch of documents each.
func (s *segmentFile) frequencies(l list) (at uint64) {
	size := uint32(s.docs / (len(l.docs)/chunkDocs + 1))
	s.counts, s.ends = s.counts[:0], s.ends[:0]
	end := size // of the chunk
	for i, doc := range l.docs {
		for doc >= end {
			s.ends = append(s.ends, len(s.counts))
			end += size
		}
		if l.counts == nil {
			s.counts = append(s.counts, 0)
			continue
		}
		s.counts = binary.AppendUvarint(s.counts, uint64(l.counts[i])<<1)
		s.counts = append(s.counts, l.norms[doc])
	}
	for chunks := (s.docs-1)/int(size) + 1; len(s.ends) < chunks; {
		s.ends = append(s.ends, len(s.counts))
	}
	at = s.offset()
	s.uvarint(uint64(len(s.ends)))
	for _, e := range s.ends {
		s.uvarint(uint64(e))
	}
	s.b = append(s.b, s.counts...)
	return at
}

// beginField starts the terms of the next field.
func (s *segmentFile) beginField() {
	s.terms.Reset()
	switch {
	case s.err != nil:
	case s.dictionary == nil:
		s.dictionary, s.err = vellum.New(&s.terms, &vellum.BuilderOpts{Encoder: 1, RegistryTableSize: 0, RegistryMRUSize: 1})
	default:
		s.err = s.dictionary.Reset(&s.terms)
	}
}

// endField writes the dictionary of the terms that came since beginField.
func (s *segmentFile) endField() {
	if s.err != nil {
		return
	}
	s.err = s.dictionary.Close()
	at := s.offset()
	s.uvarint(uint64(s.terms.Len()))
	s.b = append(s.b, s.terms.Bytes()...)
	s.fields = append(s.fields, s.offset())
	s.uvarint(noDocValues)
	s.uvarint(noDocValues)
	s.uvarint(at)
	s.flushIfFull()
}

// end writes what says which fields there are, and returns where.
func (s *segmentFile) end() (at uint64) {
	entries := make([]uint64, len(segmentFields))
	for i, f := range segmentFields {
		entries[i] = s.offset()
		s.uvarint(uint64(len(f.name)))
		s.b = append(s.b, f.name...)
		s.uvarint(uint64(f.options))
		s.uvarint(1) // section
		s.b = binary.BigEndian.AppendUint16(s.b, zap.SectionInvertedTextIndex)
		s.b = binary.BigEndian.AppendUint64(s.b, s.fields[i])
	}
	at = s.offset()
	s.uvarint(uint64(len(entries)))
	for _, e := range entries {
		s.b = binary.BigEndian.AppendUint64(s.b, e)
	}
	return at
}

// footer writes the end of a file.
func (s *segmentFile) footer(stored, fields uint64) {
	s.b = binary.BigEndian.AppendUint32(s.b, 0) // no name of a callback
	s.b = binary.BigEndian.AppendUint64(s.b, uint64(s.docs))
	s.b = binary.BigEndian.AppendUint64(s.b, stored)
	s.b = binary.BigEndian.AppendUint64(s.b, fields)
	s.b = binary.BigEndian.AppendUint32(s.b, zap.DefaultChunkMode)
	s.b = binary.BigEndian.AppendUint32(s.b, zap.Version)
	s.flush()
	s.b = binary.BigEndian.AppendUint32(s.b, s.crc)
	s.flush()
}

// The stored form of a roaring bitmap without runs: documents by the upper half
// of their number, each a list of the lower halves, or 2^16 bits when that is shorter.
const (
	roaringCookie = 12346
	roaringList   = 4096 // longest list
	roaringBits   = 1 << 13
)

// eachContainer calls f with the documents of the same upper half.
func eachContainer(docs []uint32, f func(docs []uint32)) {
	for len(docs) > 0 {
		n := 1
		if high := docs[0] >> 16; docs[len(docs)-1]>>16 == high {
			n = len(docs)
		} else {
			for docs[n]>>16 == high {
				n++
			}
		}
		f(docs[:n])
		docs = docs[n:]
	}
}

func containerSize(n int) int {
	if n > roaringList {
		return roaringBits
	}
	return 2 * n
}

// setSize returns the length of what appendSet appends.
func setSize(docs []uint32) int {
	n := 8
	eachContainer(docs, func(docs []uint32) { n += 8 + containerSize(len(docs)) })
	return n
}

// appendSet appends the stored form of a set of documents.
func appendSet(b []byte, docs []uint32) []byte {
	le := binary.LittleEndian
	containers := 0
	eachContainer(docs, func([]uint32) { containers++ })
	b = le.AppendUint32(b, roaringCookie)
	b = le.AppendUint32(b, uint32(containers))
	eachContainer(docs, func(docs []uint32) {
		b = le.AppendUint16(b, uint16(docs[0]>>16))
		b = le.AppendUint16(b, uint16(len(docs)-1))
	})
	at := 8 + 8*containers
	eachContainer(docs, func(docs []uint32) {
		b = le.AppendUint32(b, uint32(at))
		at += containerSize(len(docs))
	})
	eachContainer(docs, func(docs []uint32) {
		if len(docs) <= roaringList {
			for _, d := range docs {
				b = append(b, byte(d), byte(d>>8))
			}
			return
		}
		from := len(b)
		b = append(b, make([]byte, roaringBits)...)
		for _, d := range docs {
			d &= 0xffff
			b[from+int(d>>3)] |= 1 << (d & 7)
		}
	})
	return b
}
