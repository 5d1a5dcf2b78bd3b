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

// facets counts the matching articles by the values of fields.
func (v *view) facets(ctx context.Context, m *match, reqs []FacetRequest) ([]Facet, error) {
	out := make([]Facet, len(reqs))
	err := parallel(ctx, len(reqs), func(i int) error {
		f, ok := field(reqs[i].Field)
		if !ok || !f.Facet {
			return fmt.Errorf("index: no facet %q, want one of %s", reqs[i].Field, strings.Join(FacetNames(), ", "))
		}
		var err error
		out[i], err = v.facet(ctx, m, f, reqs[i])
		return err
	})
	return out, err
}

func (v *view) facet(ctx context.Context, m *match, f Field, req FacetRequest) (Facet, error) {
	counts := map[string]int{}
	out := Facet{Field: f.Name, Chinese: f.Chinese}
	for i, s := range v.shards {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		missing, err := s.clone().count(m.hits[i], facetPrefix+f.Name, counts)
		if err != nil {
			return out, err
		}
		out.Missing += missing
	}
	for term, n := range counts {
		ref, name := cutSep([]byte(term))
		if req.Under != "" && !under(ref, req.Under) {
			continue
		}
		out.Values = append(out.Values, FacetValue{Name: name, Ref: ref, Count: n})
	}
	out.Total = len(out.Values)
	slices.SortFunc(out.Values, func(a, b FacetValue) int {
		if f.Name == "year" || f.Name == "month" {
			return cmp.Compare(a.Name, b.Name)
		}
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Ref, b.Ref))
	})
	n := req.Limit
	if n == 0 {
		n = 10
	}
	if n > 0 && len(out.Values) > n && f.Name != "year" && f.Name != "month" {
		out.Values = out.Values[:n]
	}
	return out, nil
}

// under reports whether the place of code ref lies in the place of code in.
func under(ref, in string) bool {
	return ref != in && slices.ContainsFunc(ancestors(ref), func(l label) bool { return l.ref == in })
}

// count adds the hits by the values of a field to counts, and returns how many
// have none. There are two ways: to intersect the hits with every value's set,
// or to read the values of every hit. The first costs by values, the second by hits.
func (h *shard) count(hits *roaring.Bitmap, field string, counts map[string]int) (missing int, err error) {
	if hits.IsEmpty() {
		return 0, nil
	}
	d, err := h.dict(field)
	if err != nil {
		return 0, err
	}
	if n := int(hits.GetCardinality()); n > 2*d.Cardinality() {
		return h.countBySet(hits, field, counts)
	}
	it := hits.Iterator()
	for it.HasNext() {
		n := 0
		if err := h.values(it.Next(), field, func(t []byte) {
			counts[string(t)]++
			n++
		}); err != nil {
			return 0, err
		}
		if n == 0 {
			missing++
		}
	}
	return missing, nil
}

func (h *shard) countBySet(hits *roaring.Bitmap, field string, counts map[string]int) (missing int, err error) {
	all := roaring.New()
	if err := h.eachTerm(field, "", "", func(t string) {
		b, e := h.with(field, t)
		if e != nil {
			err = e
			return
		}
		all.Or(b)
		if n := hits.AndCardinality(b); n > 0 {
			counts[t] += int(n)
		}
	}); err != nil {
		return 0, err
	}
	return int(hits.GetCardinality() - hits.AndCardinality(all)), err
}
