package segment

import (
	"strings"
	"testing"
	"unicode"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"甘肅省蘭州市慶陽張掖": "甘肃省兰州市庆阳张掖",
		"甘肃省兰州市":     "甘肃省兰州市",
		"ＡＩ５Ｇ，ａ　b":   "ai5g,a b",
		"GDP Éß":     "gdp éß",
		"⼈⺠":         "人民", // radicals, as PDF files have them
		"阿卜杜拉•買買提":   "阿卜杜拉·买买提",
		"\x00\ufffd": "\x00\ufffd",
		"“3+2”":      "“3+2”",
	} {
		if got := strings.Map(Fold, in); got != want {
			t.Errorf("Fold of %q is %q, want %q", in, got, want)
		}
	}
}

func TestFoldIsAProjection(t *testing.T) {
	n := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		f := Fold(r)
		if Fold(f) != f {
			t.Errorf("Fold(%q) is %q, whose fold is %q", r, f, Fold(f))
		}
		if f != r && unicode.Is(unicode.Han, r) {
			n++
		}
	}
	if n < 4000 {
		t.Errorf("%d Chinese characters fold, want 4000 at least", n)
	}
}

func BenchmarkFold(b *testing.B) {
	b.SetBytes(int64(len(sampleText)))
	for b.Loop() {
		for _, r := range sampleText {
			Fold(r)
		}
	}
}
