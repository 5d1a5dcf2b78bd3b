package index

import (
	"cmp"
	"context"
	"math"
	"slices"

	"longmai/index/query"
	"longmai/pipeline"

	"github.com/shopspring/decimal"
)

// Hits are ordered by the largest, or smallest, of their figures that match.
// Which those are is known when they are read; the columns say how large they
// can be at most. So hits are read in the order of that bound, and reading ends
// when those that are left cannot be among the first any more.

// byValue returns, by shard, the value of each hit, for the first n behind after
// at least; of what comes behind them it is minus infinity. With up, values are negative.
func (v *view) byValue(ctx context.Context, m *match, up bool, n int, after *candidate) ([][]float64, error) {
	type hit struct {
		bound      float64
		shard, hit int // of m.docs(shard)
		value      float64
	}
	conditions := figuresOf(m.query)
	out := make([][]float64, len(v.shards))
	var all []hit
	for i, h := range v.shards {
		docs := m.docs(i)
		out[i] = make([]float64, len(docs))
		if len(docs) == 0 {
			continue
		}
		bounds, err := v.valueBounds(h, conditions, up)
		if err != nil {
			return nil, err
		}
		for j, doc := range docs {
			out[i][j] = math.Inf(-1)
			all = append(all, hit{bound: bounds[doc], shard: i, hit: j})
		}
	}
	slices.SortFunc(all, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.bound, a.bound), cmp.Compare(a.shard, b.shard), cmp.Compare(a.hit, b.hit))
	})
	var best []float64 // of those behind after, the largest first
	for size := 64; len(all) > 0; size *= 2 {
		if len(best) >= n && best[n-1] > all[0].bound {
			break
		}
		part := all[:min(len(all), size)]
		all = all[len(part):]
		const chunk = 16
		if err := parallel(ctx, (len(part)+chunk-1)/chunk, func(k int) error {
			for i := k * chunk; i < min(len(part), k*chunk+chunk); i++ {
				x := &part[i]
				var figures []pipeline.Figure
				if err := v.eachFigure(v.shards[x.shard], m.lists[x.shard][x.hit], func(f *pipeline.Figure) { figures = append(figures, *f) }); err != nil {
					return err
				}
				x.value = extreme(&pipeline.Document{Figures: figures}, conditions, up)
			}
			return nil
		}); err != nil {
			return nil, err
		}
		for _, x := range part {
			out[x.shard][x.hit] = x.value
			if after == nil || x.value < after.score {
				best = append(best, x.value)
			}
		}
		slices.SortFunc(best, func(a, b float64) int { return cmp.Compare(b, a) })
	}
	return out, nil
}

// valueBounds returns, by document, what the value of a figure that meets one of
// the conditions is at most; infinity where the columns do not say.
func (v *view) valueBounds(h *shard, conditions []query.Figure, up bool) ([]float64, error) {
	c, err := h.columns()
	if err != nil {
		return nil, err
	}
	keys := make([]valueKey, h.seg.Count()) // 0 is unknown: no key is 0
	for _, q := range conditions {
		var metrics []string
		category := ""
		for _, c := range q.Of {
			switch {
			case c.Key == "metric" && c.Text != "" && metrics == nil:
				if metrics, err = (&planner{view: v}).metrics(fold(c.Text)); err != nil {
					return nil, err
				}
			case c.Key == "category" && category == "":
				category = fold(c.Text)
			}
		}
		c.figureColumns.of(metrics, category, func(g *group) {
			for i := g.from; i < g.from+g.n; i++ {
				k, doc := c.key(i), c.figureColumns.docs.at(i)
				if up {
					k = 2*zeroKey - k // of minus the value
				}
				if int(doc) < len(keys) {
					keys[doc] = max(keys[doc], k)
				}
			}
		})
	}
	out := make([]float64, len(keys))
	for doc, k := range keys {
		out[doc] = k.most()
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

// extreme returns the largest value, or minus the smallest, of the figures of d
// that match; noValue when no figure has a value.
func extreme(d *pipeline.Document, figures []query.Figure, up bool) float64 {
	var best decimal.NullDecimal
	for _, i := range matching(d, figures) {
		n, _ := inBase(&d.Figures[i])
		v := n.value
		for _, x := range []decimal.NullDecimal{n.low, n.high} {
			if !v.Valid {
				v = x
			}
		}
		if v.Valid && (!best.Valid || up == v.Decimal.LessThan(best.Decimal)) {
			best = v
		}
	}
	if !best.Valid {
		return noValue
	}
	f := best.Decimal.InexactFloat64()
	if up {
		return -f
	}
	return f
}
