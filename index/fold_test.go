package index

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"longmai/pipeline"
	"longmai/pipeline/segment"
)

// foldedSlowly folds s and says where each character that is no blank stood, one by one.
func foldedSlowly(s string) (text string, at map[int]pipeline.Span) {
	var b []byte
	at = map[int]pipeline.Span{}
	var last rune
	space := false
	for i, w := 0, 0; i < len(s); i += w {
		var r rune
		r, w = utf8.DecodeRuneInString(s[i:])
		switch c := foldRune(r); c {
		case 0:
		case ' ':
			space = true
		default:
			if space && latin(last) && latin(c) {
				b = append(b, ' ')
			}
			at[len(b)] = pipeline.Span{Start: i, End: i + w}
			b = utf8.AppendRune(b, c)
			last, space = c, false
		}
	}
	return string(b), at
}

func TestFoldedTextKnowsItsPlaces(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	alphabet := []string{"甘", "肅", "肃", "省", "風電", "风电", "AI", "ａｉ", "5", "５", " ", "\u3000", "\n", "\u200b", "，", "“", "”", "·", "•", "é", "É", "Ⱥ", "𠮷", "\xff", "\xe7\x94", "—", "\x00", "a b", "İ"}
	table := newWordTable([]string{"甘肃", "甘肅", "风电", "風電", "AI", "ai5", "ａｉ", "５", "a b", "甘肃省风电", "Ⱥ", "”，"})
	tiny := newWordTable(nil)
	for range 1000 {
		var b strings.Builder
		for range r.IntN(30) {
			b.WriteString(alphabet[r.IntN(len(alphabet))])
		}
		s := b.String()
		want, at := foldedSlowly(s)
		var tokens []pipeline.Token
		if r.IntN(2) == 0 {
			tokens = segment.Auto().Segment(s)
		}
		check := func(how string, f folded) {
			if f.s != want || fold(s) != want {
				t.Fatalf("%s: %q is folded to %q and %q, want %q", how, s, f.s, fold(s), want)
			}
			for i, a := range at {
				_, w := utf8.DecodeRuneInString(want[i:])
				if got := f.span(i, i+w); got != a {
					t.Fatalf("%s: %q: %q stood at %v, want %v", how, s, want[i:i+w], got, a)
				}
			}
		}
		check("text", foldText(s))
		for _, words := range []*wordTable{table, tiny} {
			cut, err := cutText(words.encode(nil, s, nil, tokens))
			if err != nil {
				t.Fatal(err)
			}
			checkNeedles(t, r, words, s, want, cut)
		}
	}
}

// checkNeedles looks for parts of the folded text, and for what is none.
func checkNeedles(t *testing.T, r *rand.Rand, words *wordTable, s, folded string, cut storedText) {
	t.Helper()
	f := foldText(s)
	runes := []rune(folded)
	for range 5 {
		sub := "风肃"
		if len(runes) > 0 {
			i := r.IntN(len(runes))
			sub = fold(string(runes[i : i+1+r.IntN(min(len(runes)-i, 6))]))
		}
		if sub == "" {
			continue
		}
		n := words.newNeedle(sub)
		max := 1 + r.IntN(5)
		got, err := n.find(cut, max)
		if want := f.find(sub, max); err != nil || !slices.Equal(got, want) {
			t.Fatalf("%q in %q: found at %v, want %v: %v", sub, s, got, want, err)
		}
		if has, err := n.in(cut); err != nil || has != strings.Contains(folded, sub) {
			t.Fatalf("%q in %q: %v, %v", sub, s, has, err)
		}
	}
}

func TestLongRawStretchesAreFolded(t *testing.T) {
	s := "甘" + strings.Repeat("𠮷", 3000) + "肃"
	words := newWordTable(nil)
	cut, err := cutText(words.encode(nil, s, nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, sub := range []string{"甘𠮷", "𠮷肃", "𠮷𠮷", "甘肃"} {
		has, err := words.newNeedle(sub).in(cut)
		if err != nil || has != strings.Contains(s, sub) {
			t.Errorf("%s: %v, %v", sub, has, err)
		}
	}
}
