package figure

import (
	"fmt"
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

// LookupUnit returns what a word for a unit means, the first of its rows in
// units.tsv, and false when no row has the word.
func LookupUnit(word string) (Unit, bool) {
	u, ok := unitWords()[word]
	return u, ok
}

var unitWords = sync.OnceValue(func() map[string]Unit {
	out := map[string]Unit{}
	err := rows("units.tsv", 8, func(c []string) error {
		times, err := decimal.NewFromString(c[2])
		if err != nil {
			return fmt.Errorf("times %q is no number", c[2])
		}
		factor, err := decimal.NewFromString(c[4])
		if err != nil {
			return fmt.Errorf("factor %q is no number", c[4])
		}
		if _, ok := out[c[0]]; !ok {
			out[c[0]] = Unit{c[1], times, c[3], factor, c[5]}
		}
		return nil
	})
	if err != nil { // the table is part of the program; New reports the same error
		return nil
	}
	return out
})
