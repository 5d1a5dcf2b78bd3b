package index

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	scorchseg "github.com/blevesearch/scorch_segment_api/v2"
)

// A view is one state of the index. It may be used by many goroutines.
type view struct {
	snapshot *scorch.IndexSnapshot
	shards   []*shard // to be cloned before use
	codec    *packer

	names  lexicons
	labels lazyNames
	units  usualUnits

	relations *relations // nil while a version is written
}

// A lexicon is the sorted terms of one stretch of one field, over all shards.
type lexicon struct {
	once  sync.Once
	terms []string
	err   error
}

// lexicons keep the stretches that queries ask for again and again.
type lexicons struct {
	mu  sync.Mutex
	all map[string]*lexicon
}

// newView returns the view of a state of the index of the version in dir; dir is
// "" when its columns are not asked for.
func newView(s *scorch.IndexSnapshot, codec *packer, dir string) (*view, error) {
	v := &view{snapshot: s, codec: codec, labels: lazyNames{dir: dir}}
	for i, seg := range s.Segments() {
		h, err := newShard(i, seg)
		if err == nil {
			h.cols, err = columnsOf(dir, seg.Segment())
		}
		if err != nil {
			return nil, err
		}
		v.shards = append(v.shards, h)
	}
	return v, nil
}

// count returns the number of articles.
func (v *view) count() int {
	n := 0
	for _, h := range v.shards {
		n += int(h.docs.GetCardinality())
	}
	return n
}

// eachShard calls f with every shard, in parallel, and returns the first error.
func (v *view) eachShard(ctx context.Context, f func(i int, h *shard) error) error {
	return parallel(ctx, len(v.shards), func(i int) error { return f(i, v.shards[i].clone()) })
}

// parallel calls f with 0 … n-1 on as many goroutines as there are processors.
func parallel(ctx context.Context, n int, f func(i int) error) error {
	if n == 1 {
		return f(0)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var first error
	next := 0
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		if first == nil {
			first = ctx.Err()
		}
		if first != nil || next == n {
			return 0, false
		}
		next++
		return next - 1, true
	}
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i, ok := take(); ok; i, ok = take() {
				if err := f(i); err != nil {
					mu.Lock()
					if first == nil {
						first = err
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return first
}

// eachTerm calls f with the terms of the field from start to before end, each
// once, in order. What it reads it keeps for the next time.
func (v *view) eachTerm(field, start, end string, f func(term string)) error {
	v.names.mu.Lock()
	key := field + sep + start + sep + end
	l := v.names.all[key]
	if l == nil {
		if v.names.all == nil || len(v.names.all) > 256 {
			v.names.all = map[string]*lexicon{}
		}
		l = &lexicon{}
		v.names.all[key] = l
	}
	v.names.mu.Unlock()
	l.once.Do(func() { l.terms, l.err = v.read(field, start, end) })
	for _, t := range l.terms {
		f(t)
	}
	return l.err
}

func (v *view) read(field, start, end string) ([]string, error) {
	var out []string
	for _, s := range v.shards {
		h := s.clone()
		if err := h.eachTerm(field, start, end, func(t string) { out = append(out, t) }); err != nil {
			return nil, err
		}
	}
	if len(v.shards) > 1 {
		slices.Sort(out)
		out = slices.Compact(out)
	}
	return out, nil
}

// frequency returns how many articles have the term in one of the fields.
func (v *view) frequency(fields []string, term string) (int, error) {
	n := 0
	for _, s := range v.shards {
		h := s.clone()
		var sets []*roaring.Bitmap
		for _, f := range fields {
			b, err := h.with(f, term)
			if err != nil {
				return 0, err
			}
			sets = append(sets, b)
		}
		n += int(union(sets).GetCardinality())
	}
	return n, nil
}

// find returns where the article of that id is.
func (v *view) find(id string) (h *shard, doc uint32, err error) {
	for _, s := range v.shards {
		h := s.clone()
		b, err := h.with("_id", id)
		if err != nil {
			return nil, 0, err
		}
		b = roaring.And(b, h.docs)
		if !b.IsEmpty() {
			return h, b.Minimum(), nil
		}
	}
	return nil, 0, nil
}

func (h *shard) segmentName() string {
	if p, ok := h.seg.(scorchseg.PersistedSegment); ok {
		return p.Path()[strings.LastIndexByte(p.Path(), '/')+1:]
	}
	return fmt.Sprintf("segment %d", h.number)
}

func snapshotOf(r any) *scorch.IndexSnapshot { return r.(*scorch.IndexSnapshot) }
