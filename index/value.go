package index

import (
	"fmt"
	"strings"

	"longmai/index/query"
	"longmai/pipeline"
	"longmai/pipeline/figure"
	"longmai/pipeline/numeral"

	"github.com/shopspring/decimal"
)

// What a figure's words allow is an interval. A comparison holds when it holds
// for the whole interval, and possibly (?>) when it holds for some of it:
//
//	point, 达 高达 仅     [v, v]
//	gt ge, 超 逾 以上     (v, ∞) [v, ∞)
//	lt le, 不足 以下      (−∞, v) (−∞, v]
//	near, 近 将近         [0.9 v, v)       so 近10亿元 is < 10亿元 and ≥ 9亿元
//	about, 约 左右        [0.95 v, 1.05 v]
//	plus, 1800余万        (low, high)      as written
//	vague, range         [low, high]
//	class, 千亿级         [v, 10 v)
//
// = asks for the point itself, or for exactly that range; ~v for a stated value
// within 5 % of v, whatever small hedge stands before it.

// An interval is the set of values that a figure may have; an end that is not
// valid is open to infinity.
type interval struct {
	low, high         decimal.NullDecimal
	lowOpen, highOpen bool // the end itself is not in the interval
}

var (
	nine        = decimal.New(9, -1)
	ninetyFive  = decimal.New(95, -2)
	hundredFive = decimal.New(105, -2)
	ten         = decimal.New(10, 0)
)

// numbers are the value and the ends of a figure in one unit.
type numbers struct{ value, low, high decimal.NullDecimal }

// inBase returns the numbers of f in its base unit, and that unit.
func inBase(f *pipeline.Figure) (numbers, string) {
	if f.BaseUnit != "" && (f.BaseValue.Valid || f.BaseLow.Valid || f.BaseHigh.Valid) {
		return numbers{f.BaseValue, f.BaseLow, f.BaseHigh}, f.BaseUnit
	}
	return inOwn(f), f.Unit
}

// inOwn returns the numbers of f in the unit that it was written in.
func inOwn(f *pipeline.Figure) numbers { return numbers{f.Value, f.Low, f.High} }

// span returns what the words of a figure of that form allow; false when it has no value.
func (n numbers) span(form pipeline.Form) (interval, bool) {
	v := n.value
	if !v.Valid && !n.low.Valid && !n.high.Valid {
		return interval{}, false
	}
	first := func(a, b decimal.NullDecimal) decimal.NullDecimal {
		if a.Valid {
			return a
		}
		return b
	}
	switch form {
	case pipeline.Gt:
		return interval{low: first(n.low, v), lowOpen: true}, true
	case pipeline.Ge:
		return interval{low: first(n.low, v)}, true
	case pipeline.Lt:
		return interval{high: first(n.high, v), highOpen: true}, true
	case pipeline.Le:
		return interval{high: first(n.high, v)}, true
	case pipeline.Near:
		w := first(v, n.high)
		return ordered(times(w, nine), w, false, true), true
	case pipeline.About:
		if !v.Valid {
			break
		}
		return ordered(times(v, ninetyFive), times(v, hundredFive), false, false), true
	case pipeline.Plus:
		return interval{low: first(n.low, v), high: n.high, lowOpen: true, highOpen: true}, true
	case pipeline.Class:
		if !v.Valid {
			break
		}
		return ordered(v, times(v, ten), false, true), true
	case pipeline.Vague, pipeline.Range:
		return interval{low: n.low, high: n.high}, true
	}
	if v.Valid {
		return interval{low: v, high: v}, true
	}
	return interval{low: n.low, high: n.high}, true
}

func times(v decimal.NullDecimal, by decimal.Decimal) decimal.NullDecimal {
	return decimal.NewNullDecimal(v.Decimal.Mul(by))
}

// ordered makes an interval of two ends, the right way round for negative values.
func ordered(a, b decimal.NullDecimal, aOpen, bOpen bool) interval {
	if a.Decimal.GreaterThan(b.Decimal) {
		return interval{b, a, bOpen, aOpen}
	}
	return interval{a, b, aOpen, bOpen}
}

// point reports whether the interval is one value.
func (i interval) point() bool {
	return i.low.Valid && i.high.Valid && !i.lowOpen && !i.highOpen && i.low.Decimal.Equal(i.high.Decimal)
}

// above reports whether all of i is greater than v, or, with orEqual, not less.
func (i interval) above(v decimal.Decimal, orEqual bool) bool {
	if !i.low.Valid {
		return false
	}
	c := i.low.Decimal.Cmp(v)
	return c > 0 || c == 0 && (orEqual || i.lowOpen)
}

// below reports whether all of i is less than v, or, with orEqual, not greater.
func (i interval) below(v decimal.Decimal, orEqual bool) bool {
	if !i.high.Valid {
		return false
	}
	c := i.high.Decimal.Cmp(v)
	return c < 0 || c == 0 && (orEqual || i.highOpen)
}

// satisfies reports whether a figure with these numbers and that form meets c,
// whose values are a and b in the same unit.
func (n numbers) satisfies(form pipeline.Form, c *query.Compare, a, b decimal.Decimal) bool {
	i, ok := n.span(form)
	if !ok {
		return false
	}
	if c.Possibly {
		return i.possibly(c, a, b)
	}
	switch c.Op {
	case query.GE:
		return i.above(a, true)
	case query.GT:
		return i.above(a, false)
	case query.LE:
		return i.below(a, true)
	case query.LT:
		return i.below(a, false)
	case query.EQ:
		return i.point() && i.low.Decimal.Equal(a)
	case query.Between:
		return (c.A.Text == "" || i.above(a, true)) && (c.B.Text == "" || i.below(b, true))
	case query.About:
		return n.near(form, a)
	}
	return false
}

// possibly reports whether some value of i meets c.
func (i interval) possibly(c *query.Compare, a, b decimal.Decimal) bool {
	switch c.Op {
	case query.GE:
		return !i.below(a, false)
	case query.GT:
		return !i.below(a, true)
	case query.LE:
		return !i.above(a, false)
	case query.LT:
		return !i.above(a, true)
	case query.EQ:
		return !i.below(a, false) && !i.above(a, false)
	case query.Between:
		return (c.A.Text == "" || !i.below(a, false)) && (c.B.Text == "" || !i.above(b, false))
	}
	return false
}

// near reports whether what is stated lies within 5 % of v.
func (n numbers) near(form pipeline.Form, v decimal.Decimal) bool {
	within := func(x decimal.NullDecimal) bool {
		return x.Valid && x.Decimal.Sub(v).Abs().LessThanOrEqual(v.Abs().Mul(decimal.New(5, -2)))
	}
	switch form {
	case pipeline.Class:
		return false
	case pipeline.Range, pipeline.Vague:
		return within(n.low) && within(n.high)
	}
	if n.value.Valid {
		return within(n.value)
	}
	return within(n.low) || within(n.high)
}

// compares reports whether the value of f meets c. With a unit, the base units
// have to agree; a bare number is compared in the unit that the figure was written in.
func compares(f *pipeline.Figure, c *query.Compare) bool {
	unit := c.A.BaseUnit
	if c.A.Text == "" {
		unit = c.B.BaseUnit
	}
	if unit == "" {
		return inOwn(f).satisfies(f.Form, c, c.A.Number, c.B.Number)
	}
	n, base := inBase(f)
	return base == unit && n.satisfies(f.Form, c, c.A.Base, c.B.Base)
}

// readValue reads a number with or without a unit: 100亿元, 三千五百万, 1,000万千瓦, 30%.
func readValue(s string) (query.Value, error) {
	text := strings.Map(func(r rune) rune {
		if '！' <= r && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, strings.TrimSpace(s))
	sign := decimal.New(1, 0)
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		text, sign = rest, decimal.New(-1, 0)
	}
	n, ok := numeral.Scan(text, 0)
	if !ok || n.End == 0 {
		return query.Value{}, fmt.Errorf("%q is no number", s)
	}
	if n.Form != numeral.Exact {
		return query.Value{}, fmt.Errorf("%q is not exact", s)
	}
	v := query.Value{Number: n.Value.Decimal().Mul(sign)}
	word := strings.TrimSpace(text[n.End:])
	if n.Percent() {
		v.Unit, v.BaseUnit, v.Base = "%", "1", v.Number.Shift(-2)
		if word != "" {
			return v, fmt.Errorf("%q: unknown unit %q", s, word)
		}
		return v, nil
	}
	if word == "" {
		v.Base = v.Number
		return v, nil
	}
	u, ok := unitOf(word)
	if !ok {
		return v, fmt.Errorf("%q: unknown unit %q", s, word)
	}
	v.Number = v.Number.Mul(u.times)
	v.Unit, v.BaseUnit, v.Base = u.code, u.base, figure.InBase(v.Number, u.factor)
	return v, nil
}
