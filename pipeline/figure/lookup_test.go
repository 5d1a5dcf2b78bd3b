package figure

import "testing"

// A look-up by the word finds the row that the trie of the whole tables finds.
func TestLookupUnitIsThatOfTheTables(t *testing.T) {
	k, err := tables()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range k.units {
		v, end := k.unitTrie.longest(row.word, 0, false)
		if v < 0 || end != len(row.word) {
			t.Fatalf("%s: the trie has not the word", row.word)
		}
		want := &k.units[v]
		got, ok := LookupUnit(row.word)
		if !ok || got.Code != want.code || got.Dimension != want.dim || got.Base != want.base ||
			!got.Times.Equal(want.times.Decimal()) || !got.Factor.Equal(want.factor.Decimal()) {
			t.Errorf("%s: %+v, %v, the tables have %+v", row.word, got, ok, want)
		}
	}
	for _, word := range []string{"", "元元", "万千瓦", "-", "# word", "\xff"} {
		if u, ok := LookupUnit(word); ok {
			t.Errorf("%q is %+v, want none", word, u)
		}
	}
}
