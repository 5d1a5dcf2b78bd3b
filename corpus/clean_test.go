package corpus

import (
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, c := range [][2]string{
		{"兰州“新区”—…，。！（甲）", "兰州“新区”—…，。！（甲）"},
		{"兰\u200b州\ufeff新\u00ad区", "兰州新区"},
		{"甲\u00a0乙\u202f丙\u2007丁", "甲 乙 丙 丁"},
		{"甲\u2028乙\r丙\v丁", "甲\n乙\n丙\n丁"},
		{"\x1b[31m红\x07", "[31m红"},
		{"甲\u202e乙\u2066丙\u2069", "甲乙丙"},
		{"\ue5e5\ue81e\ue123", "\u3000\u9fb4〓"},
		{"葛\U000e0100城\ufe00", "葛城"},
		{"３．５亿元 𠀀 😀", "３．５亿元 𠀀 😀"},
		{"\ufffd", "\ufffd"},
	} {
		var k cleaning
		if got := k.clean(CopiedText(c[0], 0)).String(); got != c[1] {
			t.Errorf("%q: %q, want %q", c[0], got, c[1])
		}
	}
}

// TestSuspect holds the fast path of clean to what verdict says of every character.
func TestSuspect(t *testing.T) {
	for r := rune(1); r <= utf8.MaxRune; r++ {
		if 0xd800 <= r && r < 0xe000 {
			continue
		}
		var k cleaning
		_, change := k.verdict(r, utf8.RuneLen(r))
		s := "甲" + string(r) + "乙丙"
		if change && suspect(s, 0) != 3 {
			t.Fatalf("%U is passed over", r)
		}
	}
}
