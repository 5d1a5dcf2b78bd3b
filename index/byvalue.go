package index

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"

	"longmai/index/query"
	"longmai/pipeline"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/shopspring/decimal"
)

// Hits are ordered by the largest, or smallest, of their figures that match,
// those of the unit first that most figures of the kind have: months of building
// come behind all sums of money. Which figures match is known when they are read; the columns say how large they
// can be at most. So hits are read in the order of that bound, and reading ends
// when those that are left cannot be among the first any more.

// A worth is what a hit is ordered by. The zero class comes first, and in a class
// the highest value.
type worth struct {
	class int32 // place of the base unit, by how many articles have figures of it
	value float64
}

func (a worth) compare(b worth) int {
	return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(b.value, a.value))
}

// lastClass is that of hits without a value.
const lastClass = math.MaxInt32

// byValue returns, by shard, the worth of each hit, for the first n behind after
// at least; of what comes behind them it is the last. With up, values are negative.
func (v *view) byValue(ctx context.Context, m *match, up bool, n int, after *candidate) ([][]worth, error) {
	type hit struct {
		bound      worth
		shard, hit int // of m.docs(shard)
		worth      worth
	}
	conditions := figuresOf(m.query)
	classes, err := v.baseClasses(conditions)
	if err != nil {
		return nil, err
	}
	out := make([][]worth, len(v.shards))
	var all []hit
	for i, h := range v.shards {
		docs := m.docs(i)
		out[i] = make([]worth, len(docs))
		if len(docs) == 0 {
			continue
		}
		bounds, err := v.valueBounds(h, conditions, classes, up)
		if err != nil {
			return nil, err
		}
		for j, doc := range docs {
			out[i][j] = worth{lastClass, math.Inf(-1)}
			all = append(all, hit{bound: bounds[doc], shard: i, hit: j})
		}
	}
	slices.SortFunc(all, func(a, b hit) int {
		return cmp.Or(a.bound.compare(b.bound), cmp.Compare(a.shard, b.shard), cmp.Compare(a.hit, b.hit))
	})
	var best []worth // of those behind after, the first first
	for size := 64; len(all) > 0; size *= 2 {
		if len(best) >= n && best[n-1].compare(all[0].bound) < 0 {
			break
		}
		part := all[:min(len(all), size)]
		all = all[len(part):]
		const chunk = 16
		if err := parallel(ctx, (len(part)+chunk-1)/chunk, func(k int) error {
			for i := k * chunk; i < min(len(part), k*chunk+chunk); i++ {
				x := &part[i]
				x.worth = worth{lastClass, noValue}
				// A figure is valid during the call alone.
				if err := v.eachFigure(v.shards[x.shard], m.lists[x.shard][x.hit], func(f *pipeline.Figure) {
					if !slices.ContainsFunc(conditions, func(q query.Figure) bool { return meets(f, q) }) {
						return
					}
					if w := classes.worth(f, up); w.compare(x.worth) < 0 {
						x.worth = w
					}
				}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return nil, err
		}
		for _, x := range part {
			out[x.shard][x.hit] = x.worth
			if after == nil || after.worth().compare(x.worth) < 0 {
				best = append(best, x.worth)
			}
		}
		slices.SortFunc(best, worth.compare)
	}
	return out, nil
}

// baseClasses are the places of base units: 0 is that of the usual unit.
type baseClasses map[string]int32

// of returns the class of a base unit. One that the columns do not have comes
// behind those that they have.
func (b baseClasses) of(base string) int32 {
	if class, ok := b[base]; ok {
		return class
	}
	return int32(len(b))
}

// baseClasses orders the base units of the figures that conditions are about by
// how many articles of the library have such figures. Numbers without a unit come
// last, and shares behind others that are as many.
func (v *view) baseClasses(conditions []query.Figure) (baseClasses, error) {
	count := map[string]int{}
	for _, h := range v.shards {
		c, err := h.columns()
		if err != nil {
			return nil, err
		}
		sets := map[string]bitset{}
		if err := v.eachGroup(c, conditions, func(g *group) {
			if sets[g.base] == nil {
				sets[g.base] = newBitset(int(h.seg.Count()))
			}
			c.figureColumns.add(sets[g.base], g.from, g.from+g.n)
		}); err != nil {
			return nil, err
		}
		for base, set := range sets {
			count[base] += int(roaring.And(set.bitmap(), h.docs).GetCardinality())
		}
	}
	order := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(cmp.Compare(b2i(a == ""), b2i(b == "")), cmp.Compare(count[b], count[a]), cmp.Compare(b2i(a == share), b2i(b == share)), cmp.Compare(a, b))
	})
	out := baseClasses{}
	for i, base := range order {
		out[base] = int32(i)
	}
	return out, nil
}

// eachGroup calls f with the groups of values that hold what may meet one of the conditions.
func (v *view) eachGroup(c *columns, conditions []query.Figure, f func(g *group)) error {
	for _, q := range conditions {
		var metrics []string
		category, base := "", ""
		var err error
		for _, c := range q.Of {
			switch {
			case c.Key == "metric" && c.Text != "" && metrics == nil:
				if metrics, err = (&planner{view: v}).metrics(fold(c.Text)); err != nil {
					return err
				}
			case c.Key == "category" && category == "":
				category = fold(c.Text)
			case c.Key == "value" && c.Compare != nil && base == "":
				base = newBounds(c.Compare).base
			}
		}
		c.figureColumns.of(metrics, category, func(g *group) {
			if base == "" || g.base == base {
				f(g)
			}
		})
	}
	return nil
}

// valueBounds returns, by document, what the worth of a figure that meets one of
// the conditions is at best; the best there is where the columns do not say.
func (v *view) valueBounds(h *shard, conditions []query.Figure, classes baseClasses, up bool) ([]worth, error) {
	c, err := h.columns()
	if err != nil {
		return nil, err
	}
	type bound struct {
		key   valueKey // 0 is unknown: no key is 0
		class int32
	}
	bounds := make([]bound, h.seg.Count())
	if err := v.eachGroup(c, conditions, func(g *group) {
		class := classes.of(g.base)
		for i := g.from; i < g.from+g.n; i++ {
			k, doc := c.key(i), c.figureColumns.docs.at(i)
			if up {
				k = 2*zeroKey - k // of minus the value
			}
			if int(doc) >= len(bounds) {
				continue
			}
			if b := &bounds[doc]; b.key == 0 || class < b.class || class == b.class && k > b.key {
				*b = bound{k, class}
			}
		}
	}); err != nil {
		return nil, err
	}
	out := make([]worth, len(bounds))
	for doc, b := range bounds {
		out[doc] = worth{b.class, b.key.most()}
	}
	return out, nil
}

// most returns what a value of that key is at most; infinity for no key.
func (k valueKey) most() float64 {
	if k == 0 {
		return math.Inf(1)
	}
	n, sign := k-zeroKey, 1.0
	switch {
	case k == zeroKey:
		return 0
	case k < zeroKey:
		n, sign = zeroKey-k, -1
	}
	digits, exp := float64(n>>1&(1<<27-1)), int(n>>28)-500
	if exp >= 499 && sign > 0 || exp <= -500 {
		return math.Inf(1) // cut: anything
	}
	if n.cut() && sign > 0 {
		digits++
	}
	f := sign * digits * math.Pow(10, float64(exp-keyDigits+1))
	if math.IsInf(f, -1) {
		return noValue
	}
	return f + math.Abs(f)*1e-9 // more than what rounding does
}

// noValue orders behind every value.
const noValue = -math.MaxFloat64

// worth returns what f is ordered by: its number, or minus it when the smallest
// come first, in the class of its base unit; noValue when it has none.
func (b baseClasses) worth(f *pipeline.Figure, up bool) worth {
	n, base := inBase(f)
	for _, v := range []decimal.NullDecimal{n.value, n.low, n.high} {
		if !v.Valid {
			continue
		}
		x := worth{b.of(base), v.Decimal.InexactFloat64()}
		if up {
			x.value = -x.value
		}
		return x
	}
	return worth{lastClass, noValue}
}
