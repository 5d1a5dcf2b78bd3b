package index

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

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

// maxUnits bounds how many units are suggested.
const maxUnits = 8

// readUnit returns the code that figures of a unit have in the index: of its
// word, with what counts it (亿元 is CNY), or of the code itself; "" and units
// that are like it when there is none. A code in braces may be of tables of the
// user's own.
func readUnit(text string) (code string, like []string) {
	for _, s := range []string{text, fold(text)} {
		if u, ok := unitOf(s); ok {
			return u.code, nil
		}
		if v, err := readValue("1" + s); err == nil && v.Unit != "" {
			return v.Unit, nil
		}
		if code, ok := unitCodes()[strings.ToLower(s)]; ok {
			return code, nil
		}
	}
	if strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") {
		return text, nil
	}
	return "", unitsLike(text)
}

// unitCodes are the codes of the table by their lower case.
var unitCodes = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, w := range figure.UnitWords() {
		u, _ := figure.LookupUnit(w)
		out[strings.ToLower(u.Code)] = u.Code
	}
	return out
})

// unitsLike returns units with their codes, those first that share the most with the text;
// the usual ones when none shares anything.
func unitsLike(text string) []string {
	shared := map[string]int{} // by word
	for _, w := range figure.UnitWords() {
		n := 0
		for _, r := range w {
			if strings.ContainsRune(text, r) {
				n += 2
			}
		}
		if n > 0 {
			shared[w] = n - len([]rune(w)) // the rest of it counts against it
		}
	}
	words := slices.SortedFunc(maps.Keys(shared), func(a, b string) int {
		return cmp.Or(cmp.Compare(shared[b], shared[a]), cmp.Compare(a, b))
	})
	if len(words) == 0 {
		words = []string{"元", "千瓦", "吨", "亩", "公里", "人", "个", "%"}
	}
	out := words[:min(len(words), maxUnits)]
	for i, w := range out {
		if u, ok := figure.LookupUnit(w); ok && u.Code != w {
			out[i] = w + " " + u.Code
		}
	}
	return out
}
