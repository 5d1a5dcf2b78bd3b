package sample

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// A decimal is mant · 10^exp, exact.
type decimal struct {
	mant int64
	exp  int
}

// norm takes the zeros off the end of the mantissa.
func (d decimal) norm() decimal {
	for d.mant != 0 && d.mant%10 == 0 {
		d.mant /= 10
		d.exp++
	}
	if d.mant == 0 {
		d.exp = 0
	}
	return d
}

// String writes d without an exponent.
func (d decimal) String() string {
	d = d.norm()
	s := strconv.FormatInt(d.mant, 10)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	switch {
	case d.exp > 0:
		s += strings.Repeat("0", d.exp)
	case d.exp < 0:
		if len(s) <= -d.exp {
			s = strings.Repeat("0", -d.exp-len(s)+1) + s
		}
		s = s[:len(s)+d.exp] + "." + s[len(s)+d.exp:]
	}
	if neg {
		return "-" + s
	}
	return s
}

// whole reports whether d is an integer.
func (d decimal) whole() bool { return d.norm().exp >= 0 }

// integer returns d, which is whole, as an integer.
func (d decimal) integer() int64 {
	n := d.mant
	for range d.exp {
		n *= 10
	}
	for range -d.exp {
		n /= 10
	}
	return n
}

func (d decimal) times(power int) decimal { return decimal{d.mant, d.exp + power}.norm() }

// plus returns d + e.
func (d decimal) plus(e decimal) decimal {
	for d.exp > e.exp {
		d = decimal{d.mant * 10, d.exp - 1}
	}
	for e.exp > d.exp {
		e = decimal{e.mant * 10, e.exp - 1}
	}
	return decimal{d.mant + e.mant, d.exp}.norm()
}

// rounded returns d with at most n digits that are not zero, rounded down.
func (d decimal) rounded(n int) decimal {
	d = d.norm()
	limit := int64(1)
	for range n {
		limit *= 10
	}
	for d.mant >= limit {
		d.mant /= 10
		d.exp++
	}
	return d.norm()
}

func parseDecimal(s string) (decimal, bool) {
	whole, frac, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole+frac, 10, 64)
	return decimal{n, -len(frac)}, err == nil
}

// A span of values: lo, lo+step, …, hi. With after set, both count from the
// figure before.
type values struct {
	lo, hi, step int64 // at 10^exp
	exp          int
	after        bool
}

// parseValues reads 3..90, 0.5..9/0.1, 2..8/2, +1..5 and a single value.
func parseValues(s string) (values, bool) {
	var v values
	s, v.after = strings.CutPrefix(s, "+")
	bounds, step, hasStep := strings.Cut(s, "/")
	lo, hi, ok := strings.Cut(bounds, "..")
	if !ok {
		hi = lo
	}
	if !hasStep {
		step = "1"
	}
	var d [3]decimal
	for i, t := range []string{lo, hi, step} {
		if d[i], ok = parseDecimal(t); !ok {
			return v, false
		}
		v.exp = min(v.exp, d[i].exp)
	}
	for i := range d {
		for d[i].exp > v.exp {
			d[i] = decimal{d[i].mant * 10, d[i].exp - 1}
		}
	}
	v.lo, v.hi, v.step = d[0].mant, d[1].mant, d[2].mant
	return v, v.lo <= v.hi && v.step > 0
}

func (v values) draw(r *rand.Rand, before decimal) decimal {
	d := decimal{v.lo + v.step*r.Int64N((v.hi-v.lo)/v.step+1), v.exp}.norm()
	if v.after {
		d = d.plus(before)
	}
	return d
}

const hanDigits = "零一二三四五六七八九"

func hanDigit(n int64) string {
	return hanDigits[3*n : 3*n+3]
}

// han writes 1 ≤ n < 10^12 in Chinese numerals: 二百一十三, 一万零五十.
func han(n int64) string {
	var b strings.Builder
	gap := false
	for _, g := range []struct {
		unit int64
		name string
	}{{1e8, "亿"}, {1e4, "万"}, {1, ""}} {
		part := n / g.unit
		n %= g.unit
		if part == 0 {
			gap = gap || b.Len() > 0
			continue
		}
		if b.Len() > 0 && (gap || part < 1000) {
			b.WriteString("零")
		}
		b.WriteString(hanPart(part, b.Len() == 0))
		b.WriteString(g.name)
		gap = false
	}
	return b.String()
}

// hanPart writes 1 ≤ n < 10000; at the start of a numeral 10 to 19 begin with 十.
func hanPart(n int64, start bool) string {
	var b strings.Builder
	gap := false
	for _, g := range []struct {
		unit int64
		name string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / g.unit
		n %= g.unit
		if d == 0 {
			gap = gap || b.Len() > 0
			continue
		}
		if gap {
			b.WriteString("零")
			gap = false
		}
		if !(g.unit == 10 && d == 1 && start && b.Len() == 0) {
			b.WriteString(hanDigit(d))
		}
		b.WriteString(g.name)
	}
	return b.String()
}

// grouped puts commas between groups of three digits.
func grouped(s string) string {
	whole, frac, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if frac != "" {
		return whole + "." + frac
	}
	return whole
}
