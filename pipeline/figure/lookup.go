package figure

import (
	"io/fs"

	"github.com/shopspring/decimal"
)

// A Unit is what a word for a unit means: 万千瓦 is none, 千瓦 is.
type Unit struct {
	Code      string          // as in pipeline.Figure.Unit
	Times     decimal.Decimal // one of the word is so many of the code
	Dimension string
	Factor    decimal.Decimal // one of the code is so many of the base
	Base      string          // as in pipeline.Figure.BaseUnit
}

// LookupUnit returns what a word for a unit means by the tables that ship, and
// false when no row of units.tsv has the word.
func LookupUnit(word string) (Unit, bool) {
	k, err := tables()
	if err != nil { // New reports it
		return Unit{}, false
	}
	v, end := k.unitTrie.longest(word, 0, false)
	if v < 0 || end != len(word) {
		return Unit{}, false
	}
	u := &k.units[v]
	return Unit{u.code, u.times.Decimal(), u.dim, u.factor.Decimal(), u.base}, true
}

// InBase returns what v of a code is in the base, where one of the code is
// factor of it. A factor that has no end (an 亩 is 2000/3 m²) stands in the table
// with 24 digits: what it makes is cut to nine, so that 3 亩 are 2000 m².
func InBase(v, factor decimal.Decimal) decimal.Decimal {
	out := v.Mul(factor)
	if factor.Exponent() < -18 {
		out = out.Round(9)
	}
	return out
}

// Tables names the tables that Options.Rules may extend.
func Tables() []string {
	names, _ := fs.Glob(files, "*.tsv") // the pattern is well formed
	return names
}
