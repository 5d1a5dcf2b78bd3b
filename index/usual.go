package index

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"longmai/index/query"
	"longmai/pipeline"
	"longmai/pipeline/figure"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/shopspring/decimal"
)

// A number without a unit, as in 签约额:>=100亿, is one of the unit that most
// figures of that metric have in the library, or of that category when no metric
// is named. The unit is found in a sample of the articles that have such figures.

// usualSample is how many articles of a shard are looked at for the usual unit.
const usualSample = 48

// A usualUnit is the unit that most figures of a metric have.
type usualUnit struct {
	code, base string
	factor     decimal.Decimal // one of code is so many of base
}

type usualUnits struct {
	mu  sync.Mutex
	all map[usualKey]usualUnit
}

// A usualKey is what figures are looked at.
type usualKey struct {
	query.Condition
	large bool // the number is no share
}

// share is the base unit of percentages; numbers from largeNumber on are none.
const (
	share       = "1"
	largeNumber = 1000
)

// withUnits gives the bare numbers of q units, and says which.
func (v *view) withUnits(q query.Query) (query.Query, []Expansion, error) {
	var out []Expansion
	var failed error
	var change func(q query.Query) query.Query
	all := func(of []query.Query) []query.Query {
		of = slices.Clone(of)
		for i := range of {
			of[i] = change(of[i])
		}
		return of
	}
	change = func(q query.Query) query.Query {
		switch q := q.(type) {
		case query.And:
			return query.And{Of: all(q.Of)}
		case query.Or:
			return query.Or{Of: all(q.Of)}
		case query.Not:
			return query.Not{Of: change(q.Of)}
		case query.Same:
			return query.Same{Of: all(q.Of)}
		case query.Near:
			return query.Near{N: q.N, Of: all(q.Of)}
		case query.Figure:
			f, u, err := v.figureUnits(q)
			if err != nil {
				failed = err
			}
			if u.code != "" {
				for _, c := range q.Of {
					if c.Compare != nil && c.Key == "value" {
						out = append(out, Expansion{bareText(c.Compare), []string{bareText(f.valueOf()) + " (" + u.code + ")"}})
					}
				}
			}
			return f.Figure
		}
		return q
	}
	q = change(q)
	return q, out, failed
}

type figureQuery struct{ query.Figure }

// valueOf returns the comparison of the value.
func (f figureQuery) valueOf() *query.Compare {
	for _, c := range f.Of {
		if c.Key == "value" {
			return c.Compare
		}
	}
	return &query.Compare{}
}

func bareText(c *query.Compare) string {
	if c.Op == query.Between {
		return c.A.Text + ".." + c.B.Text
	}
	return c.A.Text
}

// figureUnits gives the value of q a unit when it has none.
func (v *view) figureUnits(q query.Figure) (figureQuery, usualUnit, error) {
	bare := slices.IndexFunc(q.Of, func(c query.Condition) bool {
		return c.Key == "value" && c.Compare != nil && c.Compare.A.Unit == "" && c.Compare.B.Unit == ""
	})
	named := slices.IndexFunc(q.Of, func(c query.Condition) bool { return c.Key == "metric" && c.Text != "" })
	if named < 0 {
		named = slices.IndexFunc(q.Of, func(c query.Condition) bool { return c.Key == "category" && c.Text != "" })
	}
	if bare < 0 || named < 0 || slices.ContainsFunc(q.Of, func(c query.Condition) bool { return c.Key == "unit" }) {
		return figureQuery{q}, usualUnit{}, nil
	}
	large := decimal.NewFromInt(largeNumber)
	value := q.Of[bare].Compare
	u, err := v.usual(usualKey{query.Condition{Key: q.Of[named].Key, Text: fold(q.Of[named].Text)},
		value.A.Number.Abs().GreaterThanOrEqual(large) || value.B.Number.Abs().GreaterThanOrEqual(large)})
	if err != nil || u.code == "" {
		return figureQuery{q}, u, err
	}
	c := *q.Of[bare].Compare
	for _, x := range []*query.Value{&c.A, &c.B} {
		if x.Text != "" {
			x.Unit, x.BaseUnit, x.Base = u.code, u.base, figure.InBase(x.Number, u.factor)
		}
	}
	q.Of = slices.Clone(q.Of)
	q.Of[bare].Compare = &c
	return figureQuery{q}, u, nil
}

// usual returns the usual unit of the figures that meet a condition; it is
// remembered for the view.
func (v *view) usual(c usualKey) (usualUnit, error) {
	v.units.mu.Lock()
	defer v.units.mu.Unlock()
	if u, ok := v.units.all[c]; ok {
		return u, nil
	}
	values := []string{c.Text}
	if c.Key == "metric" {
		var err error
		if values, err = (&planner{view: v}).metrics(c.Text); err != nil {
			return usualUnit{}, err
		}
	}
	base, has, err := v.usualBase(c, values)
	if err != nil || base == "" {
		return usualUnit{}, err
	}
	units := map[string]usualUnit{}
	for i, s := range v.shards {
		docs := has[i].ToArray()
		for at := 0; at < len(docs); at += 1 + len(docs)/usualSample {
			if err := v.eachFigure(s.clone(), docs[at], func(f *pipeline.Figure) {
				n, b := inBase(f)
				if b == base && n.value.Valid && f.Value.Valid && !f.Value.Decimal.IsZero() && meetsOne(f, c.Condition) {
					code := strings.Clone(f.Unit)
					units[code] = usualUnit{code, base, n.value.Decimal.Div(f.Value.Decimal)}
				}
			}); err != nil {
				return usualUnit{}, err
			}
		}
	}
	var best usualUnit
	most := -1
	for _, code := range slices.Sorted(maps.Keys(units)) {
		n := 0
		for i, s := range v.shards {
			with, err := inFigures(s.clone(), "unit", []string{code})
			if err != nil {
				return usualUnit{}, err
			}
			n += int(roaring.And(with.sure, has[i]).GetCardinality())
		}
		if n > most {
			best, most = units[code], n
		}
	}
	if v.units.all == nil || len(v.units.all) > 1000 {
		v.units.all = map[usualKey]usualUnit{}
	}
	v.units.all[c] = best
	return best, nil
}

// usualBase returns the base unit that most articles have in figures of those
// metrics or that category, and those articles by shard. Shares come last when
// others are as many, and not at all for numbers that are none.
func (v *view) usualBase(c usualKey, values []string) (base string, docs []*roaring.Bitmap, err error) {
	metrics, category := values, ""
	if c.Key == "category" {
		metrics, category = nil, values[0]
	}
	sets := map[string][]bitset{} // by base unit and shard
	for i, h := range v.shards {
		columns, err := h.columns()
		if err != nil {
			return "", nil, err
		}
		columns.figureColumns.of(metrics, category, func(g *group) {
			if g.base == "" || c.large && g.base == share {
				return
			}
			if sets[g.base] == nil {
				sets[g.base] = make([]bitset, len(v.shards))
			}
			if sets[g.base][i] == nil {
				sets[g.base][i] = newBitset(int(h.seg.Count()))
			}
			columns.figureColumns.add(sets[g.base][i], g.from, g.from+g.n)
		})
	}
	most := 0
	for _, b := range slices.Sorted(maps.Keys(sets)) {
		n, having := 0, make([]*roaring.Bitmap, len(v.shards))
		for i, h := range v.shards {
			having[i] = roaring.And(sets[b][i].bitmap(), h.docs)
			n += int(having[i].GetCardinality())
		}
		if n > most || n == most && base == share {
			base, docs, most = b, having, n
		}
	}
	return base, docs, nil
}

// eachFigure calls f with the figures of an article, which are valid during the
// call alone: some of their strings are places of the text.
func (v *view) eachFigure(h *shard, doc uint32, f func(*pipeline.Figure)) error {
	return v.text(h, doc, func(text string) error {
		return v.records(h, doc, func(b []byte) error {
			p, err := newPartial(text, b, v.codec.strings)
			if err == nil {
				err = p.read(sectionFigures)
			}
			if err != nil {
				return err
			}
			for i := range p.Figures {
				f(&p.Figures[i])
			}
			return nil
		})
	})
}

// maxSimilar bounds how many names are suggested.
const maxSimilar = 5

// similar returns, for each name of q that no article has, names that are like it.
func (v *view) similar(q query.Query) ([]Similar, error) {
	var out []Similar
	var failed error
	positive(q, func(q query.Query) {
		n, ok := q.(query.Name)
		if !ok || n.Text == "" || n.Prefix || failed != nil {
			return
		}
		s := Similar{Name: n.String()}
		if s.Like, failed = v.namesLike(n); len(s.Like) > 0 {
			out = append(out, s)
		}
	})
	return out, failed
}

// namesLike returns names of the field of n that differ from it in few
// characters or hold it, the nearest and then the most frequent first; none
// when an article has n itself.
func (v *view) namesLike(n query.Name) ([]string, error) {
	want := fold(n.Text)
	length := len([]rune(want))
	edits := min(max(length/3, 1), 3)
	prefix := nameTerm(n.Field, false, "")
	type like struct {
		name     string
		distance int
		articles int
	}
	var found []like
	same := false
	if err := v.eachTerm(fieldNames, prefix, prefixEnd(prefix), func(t string) {
		name := t[len(prefix):]
		d := distance(name, want, edits)
		switch {
		case name == want:
			same = true
		case name == "" || length < 2:
		case d <= edits && d < length:
			found = append(found, like{name, d, 0})
		case strings.Contains(name, want):
			found = append(found, like{name, edits + 1, 0})
		}
	}); err != nil || same {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b like) int { return a.distance - b.distance })
	found = found[:min(len(found), 200)]
	for i := range found {
		var err error
		if found[i].articles, err = v.frequency([]string{fieldNames}, prefix+found[i].name); err != nil {
			return nil, err
		}
	}
	found = slices.DeleteFunc(found, func(l like) bool { return l.articles == 0 })
	slices.SortStableFunc(found, func(a, b like) int {
		if a.distance != b.distance {
			return a.distance - b.distance
		}
		return b.articles - a.articles
	})
	var out []string
	for _, l := range found[:min(len(found), maxSimilar)] {
		out = append(out, fmt.Sprintf("%s (%d)", l.name, l.articles))
	}
	return out, nil
}
