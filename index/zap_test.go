package index

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	scorchseg "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
)

func TestSetsAreRoaringBitmaps(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 100, 4096, 4097, 65536, 200_000} {
		for _, step := range []int{1, 3, 70} {
			var docs []uint32
			for d := r.IntN(3); len(docs) < n; d += 1 + r.IntN(step) {
				docs = append(docs, uint32(d))
			}
			b := appendSet(nil, docs)
			if len(b) != setSize(docs) {
				t.Fatalf("%d documents: %d bytes, setSize says %d", n, len(b), setSize(docs))
			}
			set := roaring.New()
			if _, err := set.FromBuffer(b); err != nil || !slices.Equal(set.ToArray(), docs) {
				t.Fatalf("%d documents come back as %d: %v", n, set.GetCardinality(), err)
			}
			var again []uint32
			eachOfSet(b, func(d uint64) { again = append(again, uint32(d)) })
			if !slices.Equal(again, docs) {
				t.Fatalf("%d documents: read as %d", n, len(again))
			}
		}
	}
}

// A segmentTruth is what a segment has to hold: of each document the terms of
// one field of sets and of one that counts.
type segmentTruth struct {
	ids  []string
	sets [][]string
	bags []map[string]int
}

func (w *segmentTruth) add(id string, set []string, bag map[string]int) {
	w.ids, w.sets, w.bags = append(w.ids, id), append(w.sets, set), append(w.bags, bag)
}

// madeSegment makes a segment of n documents in a file.
func madeSegment(t *testing.T, r *rand.Rand, name string, n int) (scorchseg.Segment, segmentTruth) {
	t.Helper()
	b := newSegmentBuilder()
	names, words := &b.fields[numberNames], &b.fields[numberBody]
	var want segmentTruth
	for i := range n {
		id := fmt.Sprintf("%s-%05d", name, i)
		var set []string
		bag := map[string]int{}
		for _, every := range []int{1, 2, 3, 10, 100, 1000, 5000} { // in all documents … in a few
			if r.IntN(every) == 0 {
				set = append(set, fmt.Sprintf("every %04d", every))
				bag[fmt.Sprintf("词%d", every)] = 1 + r.IntN(200)
			}
		}
		set = append(set, "only "+id)
		slices.Sort(set)
		for _, s := range set {
			names.add(names.numbering.add([]byte(s)))
		}
		for s, k := range bag {
			for range k {
				words.count(words.numbering.add([]byte(s)))
			}
		}
		b.addEntry(id, isArticle, storedField{numberText, []byte("text of " + id)}, storedField{numberRecords, []byte(id)})
		want.add(id, set, bag)
	}
	seg, _, err := b.segment(nil)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name+".zap")
	if err := seg.(scorchseg.UnpersistedSegment).Persist(path); err != nil {
		t.Fatal(err)
	}
	return openSegment(t, path), want
}

func openSegment(t *testing.T, path string) scorchseg.Segment {
	t.Helper()
	seg, err := (&zap.ZapPlugin{}).Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { seg.Close() })
	return seg
}

// eachPosting calls f with every posting of a field, as zap reads them.
func eachPosting(t *testing.T, seg scorchseg.Segment, field string, f func(doc int, term string, p scorchseg.Posting)) {
	t.Helper()
	d, err := seg.Dictionary(field)
	if err != nil {
		t.Fatal(err)
	}
	it := d.AutomatonIterator(nil, nil, nil)
	for e, err := it.Next(); e != nil || err != nil; e, err = it.Next() {
		if err != nil {
			t.Fatal(err)
		}
		list, err := d.PostingsList([]byte(e.Term), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		pi := list.Iterator(true, true, false, nil)
		for p, err := pi.Next(); p != nil || err != nil; p, err = pi.Next() {
			if err != nil {
				t.Fatal(err)
			}
			f(int(p.Number()), e.Term, p)
		}
	}
}

// holds compares a segment, as zap reads it, with the truth.
func (w *segmentTruth) holds(t *testing.T, seg scorchseg.Segment) {
	t.Helper()
	n := int(seg.Count())
	got := segmentTruth{make([]string, n), make([][]string, n), make([]map[string]int, n)}
	for i := range got.ids {
		b, err := seg.DocID(uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		got.ids[i], got.bags[i] = string(b), map[string]int{}
		text := ""
		if err := seg.VisitStoredFields(uint64(i), func(field string, _ byte, v []byte, _ []uint64) bool {
			if field == fieldText {
				text = string(v)
			}
			return true
		}); err != nil || text != "text of "+got.ids[i] {
			t.Fatalf("document %d: %q, %v", i, text, err)
		}
	}
	eachPosting(t, seg, fieldNames, func(doc int, term string, _ scorchseg.Posting) { got.sets[doc] = append(got.sets[doc], term) })
	eachPosting(t, seg, fieldBody, func(doc int, term string, p scorchseg.Posting) {
		got.bags[doc][term] = int(p.Frequency())
		n := 0
		for _, k := range w.bags[doc] {
			n += k
		}
		if norm := p.(*zap.Posting).NormUint64(); norm != uint64(lengthClass(n)) {
			t.Fatalf("document %d: length class %d, want %d", doc, norm, lengthClass(n))
		}
	})
	eachPosting(t, seg, fieldID, func(doc int, term string, _ scorchseg.Posting) {
		if term != got.ids[doc] {
			t.Fatalf("document %d is %s and %s", doc, term, got.ids[doc])
		}
	})
	if fmt.Sprint(got) != fmt.Sprint(*w) {
		t.Fatal("the segment holds other documents")
	}
}

// TestSegments makes segments, merges them without some of their documents, by
// our merger and by zap's, and reads all of it through zap.
func TestSegments(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var segs []scorchseg.Segment
	var drops []*roaring.Bitmap
	var merged segmentTruth
	for i, n := range []int{1, 2500, 7000, 30} {
		seg, want := madeSegment(t, r, fmt.Sprint("s", i), n)
		want.holds(t, seg)
		var drop *roaring.Bitmap
		if n > 100 {
			drop = roaring.New()
		}
		for doc, id := range want.ids {
			if drop != nil && r.IntN(10) == 0 {
				drop.Add(uint32(doc))
				continue
			}
			merged.add(id, want.sets[doc], want.bags[doc])
		}
		segs, drops = append(segs, seg), append(drops, drop)
	}
	closed := make(chan struct{})
	path := filepath.Join(t.TempDir(), "ours.zap")
	numbers, n, err := (&segmentPlugin{}).MergeUsing(segs, drops, path, closed, nil, nil)
	if err != nil || n == 0 {
		t.Fatal(err)
	}
	merged.holds(t, openSegment(t, path))
	theirs := filepath.Join(t.TempDir(), "theirs.zap")
	want, _, err := (&zap.ZapPlugin{}).MergeUsing(segs, drops, theirs, closed, nil, nil)
	if err != nil || fmt.Sprint(numbers) != fmt.Sprint(want) {
		t.Fatalf("documents are numbered otherwise than by zap: %v", err)
	}
	merged.holds(t, openSegment(t, theirs))
	close(closed)
	if _, _, err := (&segmentPlugin{}).MergeUsing(segs, drops, path+"2", closed, nil, nil); err != scorchseg.ErrClosed {
		t.Errorf("merging in a closed index: %v", err)
	}
}
