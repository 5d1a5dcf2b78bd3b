package index

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
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
	cat, err := v.catalog()
	if err != nil {
		return nil, err
	}
	counts, having, err := v.countAll(ctx, m, cat)
	if err != nil {
		return nil, err
	}
	byField := make([][]FacetValue, len(facetFields()))
	for n, count := range counts {
		if f := int(cat.field[n]); count > 0 && slices.Contains(places, f) {
			ref, name := cutSep(cat.value[n])
			byField[f] = append(byField[f], FacetValue{name, ref, int(count)})
		}
	}
	total := m.total()
	out := make([]Facet, len(reqs))
	for i, r := range reqs {
		f, _ := field(r.Field)
		out[i] = Facet{Field: f.Name, Chinese: f.Chinese, Missing: total - int(having[places[i]]), Values: slices.Clone(byField[places[i]])}
		out[i].trim(r)
	}
	return out, nil
}

// trim sorts the values, most first, years and months in their order, and cuts them to the request.
func (f *Facet) trim(r FacetRequest) {
	if r.Under != "" {
		f.Values = slices.DeleteFunc(f.Values, func(v FacetValue) bool { return !under(v.Ref, r.Under) })
	}
	f.Total = len(f.Values)
	dates := f.Field == "year" || f.Field == "month"
	slices.SortFunc(f.Values, func(a, b FacetValue) int {
		if dates {
			return cmp.Compare(a.Name, b.Name)
		}
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Ref, b.Ref))
	})
	if n := cmp.Or(r.Limit, 10); n > 0 && len(f.Values) > n && !dates {
		f.Values = f.Values[:n]
	}
}

// countAll returns how many hits have each value of the catalog, and how many
// have any value of each field.
func (v *view) countAll(ctx context.Context, m *match, cat *catalog) (counts []int32, having []int32, err error) {
	counts, having = make([]int32, len(cat.value)), make([]int32, len(facetFields()))
	var mu sync.Mutex
	err = v.eachShard(ctx, func(i int, h *shard) error {
		if m.hits[i].IsEmpty() {
			return nil
		}
		mine, has := make([]int32, len(counts)), make([]int32, len(having))
		var broken error
		if err := eachDoc(m.hits[i], func(doc uint32) error {
			seen := uint64(0)
			if err := h.numbers(doc, func(n uint32) bool {
				if int(n) >= len(mine) {
					broken = errStored
					return false
				}
				mine[n]++
				seen |= 1 << cat.field[n]
				return true
			}); err != nil {
				return err
			}
			for f := range has {
				has[f] += int32(seen >> f & 1)
			}
			return broken
		}); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		for n, c := range mine {
			counts[n] += c
		}
		for f, c := range has {
			having[f] += c
		}
		return nil
	})
	return counts, having, err
}

// under reports whether the place of code ref lies in the place of code in.
func under(ref, in string) bool {
	return ref != in && slices.ContainsFunc(ancestors(ref), func(l label) bool { return l.ref == in })
}
