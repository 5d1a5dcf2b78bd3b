package index

import (
	"fmt"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve_index_api"
	scorchseg "github.com/blevesearch/scorch_segment_api/v2"
)

// A shard is one segment of the index: sets of documents by term. It is read by
// one goroutine at a time.
type shard struct {
	number int
	snap   *scorch.SegmentSnapshot
	seg    scorchseg.Segment
	dead   *roaring.Bitmap // replaced or dropped; may be nil
	docs   *roaring.Bitmap // the articles that are there
	dicts  map[string]scorchseg.TermDictionary
	cols   *lazyColumns
}

func newShard(number int, s *scorch.SegmentSnapshot) (*shard, error) {
	h := &shard{number: number, snap: s, seg: s.Segment(), dead: s.Deleted(), dicts: map[string]scorchseg.TermDictionary{}}
	if h.dead != nil && h.dead.IsEmpty() {
		h.dead = nil
	}
	var err error
	h.docs, err = h.with(fieldIs, isArticle)
	return h, err
}

// clone returns a shard for another goroutine.
func (h *shard) clone() *shard {
	return &shard{number: h.number, snap: h.snap, seg: h.seg, dead: h.dead, docs: h.docs, cols: h.cols, dicts: map[string]scorchseg.TermDictionary{}}
}

func (h *shard) dict(field string) (scorchseg.TermDictionary, error) {
	if d, ok := h.dicts[field]; ok {
		return d, nil
	}
	d, err := h.seg.Dictionary(field)
	if err != nil {
		return nil, fmt.Errorf("index: field %s: %w", field, err)
	}
	h.dicts[field] = d
	return d, nil
}

var empty = roaring.New()

// with returns the documents that have the term. The set is shared: nobody may change it.
func (h *shard) with(field, term string) (*roaring.Bitmap, error) {
	it, err := h.postings(field, term, false)
	if err != nil {
		return nil, err
	}
	if o, ok := it.(scorchseg.OptimizablePostingsIterator); ok {
		if n, ok := o.DocNum1Hit(); ok {
			return roaring.BitmapOf(uint32(n)), nil
		}
		if b := o.ActualBitmap(); b != nil {
			return b, nil
		}
	}
	return empty, nil
}

func (h *shard) postings(field, term string, counts bool) (scorchseg.PostingsIterator, error) {
	d, err := h.dict(field)
	if err != nil {
		return nil, err
	}
	p, err := d.PostingsList([]byte(term), h.dead, nil)
	if err != nil {
		return nil, fmt.Errorf("index: field %s: %w", field, err)
	}
	return p.Iterator(counts, counts, false, nil), nil
}

// withAny returns the documents that have one of the terms.
func (h *shard) withAny(field string, terms []string) (*roaring.Bitmap, error) {
	sets := make([]*roaring.Bitmap, 0, len(terms))
	for _, t := range terms {
		b, err := h.with(field, t)
		if err != nil {
			return nil, err
		}
		if !b.IsEmpty() {
			sets = append(sets, b)
		}
	}
	return union(sets), nil
}

func union(sets []*roaring.Bitmap) *roaring.Bitmap {
	switch len(sets) {
	case 0:
		return empty
	case 1:
		return sets[0]
	case 2:
		return roaring.Or(sets[0], sets[1])
	}
	return roaring.FastOr(sets...)
}

func intersection(sets []*roaring.Bitmap) *roaring.Bitmap {
	switch len(sets) {
	case 0:
		return empty
	case 1:
		return sets[0]
	case 2:
		return roaring.And(sets[0], sets[1])
	}
	return roaring.FastAnd(sets...)
}

// eachTerm calls f with the terms of the field from start to before end ("" is
// open), in order. The term is f's to keep.
func (h *shard) eachTerm(field, start, end string, f func(term string)) error {
	d, err := h.dict(field)
	if err != nil {
		return err
	}
	var from, to []byte
	if start != "" {
		from = []byte(start)
	}
	if end != "" {
		to = []byte(end)
	}
	var it scorchseg.DictionaryIterator
	if o, ok := d.(interface { // spares the reading of each set's head
		AutomatonIteratorOmitCount(a scorchseg.Automaton, start, end []byte) scorchseg.DictionaryIterator
	}); ok {
		it = o.AutomatonIteratorOmitCount(nil, from, to)
	} else {
		it = d.AutomatonIterator(nil, from, to)
	}
	for {
		e, err := it.Next()
		if err != nil {
			return fmt.Errorf("index: field %s: %w", field, err)
		}
		if e == nil {
			return nil
		}
		f(e.Term)
	}
}

// prefixEnd returns the smallest string behind all that begin with s.
func prefixEnd(s string) string {
	b := []byte(s)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < 0xff {
			b[i]++
			return string(b[:i+1])
		}
	}
	return ""
}

// stored calls f with a stored field of a document, which is valid during the call.
func (h *shard) stored(doc uint32, name string, f func(packed []byte) error) error {
	var inner error
	found := false
	err := h.seg.VisitStoredFields(uint64(doc), func(field string, _ byte, value []byte, _ []uint64) bool {
		if field != name {
			return true
		}
		found = true
		inner = f(value)
		return false
	})
	switch {
	case inner != nil:
		return inner
	case err != nil:
		return fmt.Errorf("index: stored document: %w", err)
	case !found:
		return errStored
	}
	return nil
}

// id returns the id of a document.
func (h *shard) id(doc uint32) (string, error) {
	b, err := h.seg.DocID(uint64(doc))
	return string(b), err
}

// fuzzy calls f with the terms of the field that differ from term in at most edits characters.
func fuzzy(s *scorch.IndexSnapshot, field, term string, edits int, f func(string)) error {
	d, err := s.FieldDictFuzzy(field, term, edits, "")
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	return eachEntry(d, f)
}

func eachEntry(d bleve.FieldDict, f func(string)) error {
	defer d.Close()
	for {
		e, err := d.Next()
		if err != nil || e == nil {
			return err
		}
		f(strings.Clone(e.Term))
	}
}
