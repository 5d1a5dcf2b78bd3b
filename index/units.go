package index

import "github.com/shopspring/decimal"

// unitOf looks a word for a unit up.
func unitOf(word string) (unit, bool) {
	u, ok := builtin[word]
	return u, ok
}

var builtin = map[string]unit{
	"元":  {"CNY", decimal.New(1, 0), decimal.New(1, 0), "CNY"},
	"千瓦": {"kW", decimal.New(1, 0), decimal.New(1000, 0), "W"},
	"瓦":  {"W", decimal.New(1, 0), decimal.New(1, 0), "W"},
	"吨":  {"t", decimal.New(1, 0), decimal.New(1000, 0), "kg"},
	"%":  {"%", decimal.New(1, 0), decimal.New(1, -2), "1"},
	"亩":  {"[mu_cn]", decimal.New(1, 0), decimal.New(666667, -3), "m2"},
	"人":  {"{person}", decimal.New(1, 0), decimal.New(1, 0), "{person}"},
	"个":  {"{unit}", decimal.New(1, 0), decimal.New(1, 0), "{unit}"},
}
