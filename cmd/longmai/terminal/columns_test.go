package terminal

import "testing"

func TestColumnsOfEveryCharacter(t *testing.T) {
	for r := rune(0); r <= 0x10ffff; r++ {
		if got, want := columns(r), width.RuneWidth(r); got != want {
			t.Errorf("%U takes %d columns, runewidth has %d", r, got, want)
		}
	}
	for _, s := range []string{"", "甘肃 GDP 1.2 万亿元", "“兰州—西宁”（一期）·…", "é e\u0301 가", "👨\u200d👩\u200d👧 甘肃", "a\tb\x00"} {
		if got, want := Columns(s), width.StringWidth(s); got != want {
			t.Errorf("%q takes %d columns, runewidth has %d", s, got, want)
		}
	}
}
