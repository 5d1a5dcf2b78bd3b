package corpus

import (
	"strings"
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

// TestUntouched holds untouched to what decode and clean find, on every
// character alone and between others, and on broken bytes.
func TestUntouched(t *testing.T) {
	check := func(raw string) {
		t.Helper()
		if !untouched([]byte(raw)) {
			return
		}
		text, enc, warn, err := decode([]byte(raw), "", 0)
		if err != nil || enc != UTF8 || len(warn) > 0 || text.String() != raw {
			t.Errorf("%q untouched, but decode says %v %v %v", raw, enc, warn, err)
		}
		for line := range strings.FieldsFuncSeq(raw, func(r rune) bool { return r == '\n' || r == '\r' }) {
			var c cleaning
			if got := c.clean(CopiedText(line, 0)); got.String() != line || c.lines {
				t.Errorf("%q untouched, but clean makes %q of it", line, got.String())
			}
		}
	}
	for r := range rune(0x11000) {
		check(string(r))
		check("中" + string(r) + "文")
	}
	for _, raw := range []string{"\xef\xbb\xbf中文", "锟斤拷", "中\x80文", "\xe4\xb8", "\xe4\xb8a中", "\xc2", "\xc2\xb7", "中·", "a\x00", "\xe2\x80", "\xed\xa0\x80中", "\xf0\xa0\x80\x80", "\xf5中文", "\xe0\x80\x80", "\xc3A中"} {
		check(raw)
		check("　" + raw)
		check(raw + "\n今年以来")
	}
	for _, raw := range []string{"本报讯（新甘肃·甘肃日报记者 王欣）“一年１２％”——《读者》…\r\n\tⅣ ①②③ km² 5℃", "", "a", "中文"} {
		if !untouched([]byte(raw)) {
			t.Errorf("%q is not seen to be plain", raw)
		}
	}
}
