package index

import (
	"fmt"
	"strings"

	"longmai/pipeline"

	"github.com/shopspring/decimal"
)

// The terms of a figure in the index:
//
//	m␟metric                                 c␟category k␟kind … one for each named property
//	p␟metric␟base␟key[+]                     the point that it is
//	l␟metric␟base␟key[+]␟i or o              the lower end, inclusive or open, of what is no point
//	h␟metric␟base␟key[+]␟i or o              the upper end
//	P L H                                    the same with the category in place of the metric
//
// Metrics are folded. base is the base unit of the value, with * behind it when
// the figure was written in another unit. key orders like the value and holds
// its first digits; + says that there were more.

// keyDigits is how many digits of a value its key keeps.
const keyDigits = 8

// sortKey returns a string that orders like d, and whether it is all of d.
func sortKey(d decimal.Decimal) (key string, whole bool) {
	if d.IsZero() {
		return "5", true
	}
	digits := d.Coefficient().String()
	digits = strings.TrimPrefix(digits, "-")
	exp := len(digits) - 1 + int(d.Exponent())
	digits = strings.TrimRight(digits, "0")
	whole = len(digits) <= keyDigits
	if !whole {
		digits = digits[:keyDigits]
	}
	exp = min(max(exp, -499), 499)
	if d.Sign() > 0 {
		return fmt.Sprintf("6%03d%s", exp+500, digits), whole
	}
	var b strings.Builder
	for _, c := range digits {
		b.WriteRune('9' - c + '0')
	}
	return fmt.Sprintf("4%03d%s~", 499-exp, b.String()), whole // "~": -1 orders behind -1.5
}

// figureTerms returns the terms of the figures of d.
func figureTerms(d *pipeline.Document) set {
	out := set{}
	for i := range d.Figures {
		f := &d.Figures[i]
		eachProperty(f, func(key, value string) { out[propertyTerm(key, value)] = one })
		valueTerms(f, out)
	}
	return out
}

func propertyTerm(key, value string) string { return key + sep + fold(value) }

// eachProperty calls add with every named property of f that can be asked for.
func eachProperty(f *pipeline.Figure, add func(key, value string)) {
	all := func(key string, values ...string) {
		for _, v := range values {
			if v != "" {
				add(key, v)
			}
		}
	}
	all("metric", metricName(f))
	all("subject", subjectName(f))
	all("unit", f.Unit)
	all("kind", string(f.Kind))
	all("category", f.Category)
	all("form", string(f.Form))
	all("status", f.Status)
	all("aggregate", f.Aggregate)
	all("rule", f.Rule)
	if c := f.Change; c != nil {
		all("change", c.Direction, c.Role, c.Basis)
	}
	if f.Rank != nil {
		all("rank", "*")
	}
	all("any", "*")
}

func valueTerms(f *pipeline.Figure, out set) {
	n, base := inBase(f)
	i, ok := n.span(f.Form)
	if !ok {
		return
	}
	if f.Unit != base {
		base += "*"
	}
	terms := func(p, l, h, name string) {
		if i.point() {
			out[valueTerm(p, name, base, i.low.Decimal)] = one
			return
		}
		end := func(side string, v decimal.NullDecimal, open bool) {
			if v.Valid {
				mark := "i"
				if open {
					mark = "o"
				}
				out[valueTerm(side, name, base, v.Decimal)+sep+mark] = one
			}
		}
		end(l, i.low, i.lowOpen)
		end(h, i.high, i.highOpen)
	}
	terms("p", "l", "h", fold(metricName(f)))
	if f.Category != "" {
		terms("P", "L", "H", fold(f.Category))
	}
}

func valueTerm(side, metric, base string, v decimal.Decimal) string {
	key, whole := sortKey(v)
	if !whole {
		key += "+"
	}
	return side + sep + metric + sep + base + sep + key
}
