package index

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// A Facet is how many of the matching articles have each value of a field.
type Facet struct {
	Field   string
	Chinese string
	Values  []FacetValue
	Total   int // different values
	Missing int // matching articles that have none
}

// A FacetValue is one value and its count.
type FacetValue struct {
	Name  string
	Ref   string // code, where the field has codes
	Count int
}

// defaultValues is how many values of a facet are listed when the request does not say.
const defaultValues = 10

// facets counts the matching articles by the values of fields.
func (v *view) facets(ctx context.Context, m *match, reqs []FacetRequest) ([]Facet, error) {
	if len(reqs) == 0 {
		return nil, nil
	}
	places := make([]int, len(reqs))
	for i, r := range reqs {
		f, ok := field(r.Field)
		if !ok || !f.Facet {
			return nil, fmt.Errorf("index: no facet %q, want one of %s", r.Field, strings.Join(FacetNames(), ", "))
		}
		places[i] = slices.Index(facetFields(), f.Name)
	}
	labels, err := v.facetNames()
	if err != nil {
		return nil, err
	}
	ways, err := v.ways(m)
	if err != nil {
		return nil, err
	}
	out := make([]Facet, len(reqs))
	total := m.total()
	err = parallel(ctx, len(reqs), func(i int) error {
		f, _ := field(reqs[i].Field)
		counts, having := countColumn(ways, places[i], labels.len(places[i]))
		out[i] = Facet{Field: f.Name, Chinese: f.Chinese, Missing: total - having}
		out[i].fill(counts, reqs[i], func(code int) (ref, name string) { return cutSep(labels.value(places[i], code)) })
		return nil
	})
	return out, err
}

// A way is how the hits of one shard are counted: each of them, or, when they
// are most of it, what all documents have less what the others have.
type way struct {
	columns *columns
	docs    []uint32 // hits
	others  []uint32 // all documents that are no hits; nil when they are not the shorter way
}

// ways returns how the hits of each shard that has any are counted.
func (v *view) ways(m *match) ([]way, error) {
	var out []way
	for i, h := range v.shards {
		docs := m.docs(i)
		if len(docs) == 0 {
			continue
		}
		c, err := h.columns()
		if err != nil {
			return nil, err
		}
		w := way{columns: c, docs: docs}
		if n := h.seg.Count(); uint64(len(docs)) > n/2+n/16 {
			rest := roaring.Flip(m.hits[i], 0, n)
			w.others = make([]uint32, rest.GetCardinality())
			rest.ManyIterator().NextMany(w.others)
		}
		out = append(out, w)
	}
	return out, nil
}

// countColumn returns how many hits have each of the values of a facet, and how many have any.
func countColumn(ways []way, facet, values int) (counts []int32, having int) {
	counts = make([]int32, values)
	for _, w := range ways {
		c := &w.columns.facets[facet]
		if c.values > values || c.values == 0 {
			continue
		}
		if w.others == nil || c.totals.len() == 0 {
			having += c.count(w.docs, counts, 1)
			continue
		}
		for code := range c.values {
			counts[code] += int32(c.totals.at(code))
		}
		having += c.having - c.count(w.others, counts, -1)
	}
	return counts, having
}

// fill lists the values that the request asks for: most first, years and months in their order.
func (f *Facet) fill(counts []int32, r FacetRequest, label func(code int) (ref, name string)) {
	dates := f.Field == "year" || f.Field == "month"
	n := cmp.Or(r.Limit, defaultValues)
	all := n < 0 || dates || r.Under != ""
	least := int32(1)
	for _, c := range counts {
		if c > 0 {
			f.Total++
		}
	}
	if !all && f.Total > n {
		least = nthLargest(counts, n)
	}
	for code, c := range counts {
		if c >= least {
			ref, name := label(code)
			f.Values = append(f.Values, FacetValue{name, ref, int(c)})
		}
	}
	if r.Under != "" {
		f.Values = slices.DeleteFunc(f.Values, func(v FacetValue) bool { return !under(v.Ref, r.Under) })
		f.Total = len(f.Values)
	}
	slices.SortFunc(f.Values, func(a, b FacetValue) int {
		if dates {
			return cmp.Compare(a.Name, b.Name)
		}
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Ref, b.Ref))
	})
	if n > 0 && len(f.Values) > n && !dates {
		f.Values = f.Values[:n]
	}
}

// nthLargest returns the n-th largest of the counts, n ≥ 1.
func nthLargest(counts []int32, n int) int32 {
	top := make([]int32, 0, n) // a heap, the smallest first
	down := func() {
		for i := 0; 2*i+1 < len(top); {
			k := 2*i + 1
			if k+1 < len(top) && top[k+1] < top[k] {
				k++
			}
			if top[i] <= top[k] {
				return
			}
			top[i], top[k] = top[k], top[i]
			i = k
		}
	}
	for _, c := range counts {
		switch {
		case c == 0:
		case len(top) < n:
			if top = append(top, c); len(top) == n {
				slices.Sort(top)
			}
		case c > top[0]:
			top[0] = c
			down()
		}
	}
	if len(top) == 0 {
		return 1
	}
	return slices.Min(top)
}

// under reports whether the place of code ref lies in the place of code in.
func under(ref, in string) bool {
	return ref != in && slices.ContainsFunc(ancestors(ref), func(l label) bool { return l.ref == in })
}
