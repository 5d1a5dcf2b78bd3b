package figure

import (
	"io/fs"
	"maps"
	"slices"
	"sync"

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
// false when no row of units.tsv has the word. It reads no other table.
func LookupUnit(word string) (Unit, bool) {
	u := shippedUnits()[word]
	if u == nil {
		return Unit{}, false
	}
	return Unit{u.code, u.times.Decimal(), u.dim, u.factor.Decimal(), u.base}, true
}

// UnitWords returns the words that LookupUnit knows, sorted.
func UnitWords() []string { return slices.Sorted(maps.Keys(shippedUnits())) }

// shippedUnits are the rows of units.tsv by their words, none when it is broken,
// which New reports.
var shippedUnits = sync.OnceValue(func() map[string]*unit {
	k := &knowledge{byCode: map[string]*unit{}}
	if err := k.loadUnits(); err != nil {
		return nil
	}
	words := make(map[string]*unit, len(k.units))
	for i := range k.units {
		words[k.units[i].word] = &k.units[i]
	}
	return words
})

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
