package index

import (
	"strings"

	"longmai/pipeline/figure"

	"github.com/shopspring/decimal"
)

// A unit is what a word for a unit means.
type unit struct {
	code   string
	times  decimal.Decimal // one of the word is so many of the code
	factor decimal.Decimal // one of the code is so many of the base
	base   string
}

// unitOf looks a word for a unit up in the table of the figures.
func unitOf(word string) (unit, bool) {
	if u, ok := figure.LookupUnit(word); ok {
		return unit{u.Code, u.Times, u.Factor, u.Base}, true
	}
	if u, ok := figure.LookupUnit(strings.ToLower(word)); ok {
		return unit{u.Code, u.Times, u.Factor, u.Base}, true
	}
	return unit{}, false
}
