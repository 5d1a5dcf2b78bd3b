package index

import (
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/segment"
)

// The fields of the index that are not facets; see the package comment.
const (
	fieldID      = "_id"
	fieldBody    = "w"
	fieldTitle   = "t"
	fieldGrams   = "g"
	fieldNames   = "n"
	fieldFigure  = "f"
	fieldDate    = "d"
	fieldIs      = "i" // what sort of entry: isArticle or isJournal
	fieldText    = "x"
	fieldRecords = "y"

	isArticle = "a"
	isJournal = "j"
)

// sep stands between the parts of a term.
const sep = "\x1f"

// withTokens returns d, or, when it has no tokens, a copy with them.
func withTokens(d *pipeline.Document) *pipeline.Document {
	if d.Tokens != nil {
		return d
	}
	c := *d
	c.Tokens = segment.Auto().Segment(corpus.Simplified(d.Body()))
	return &c
}

// lengthClasses is how many classes of lengths there are.
const lengthClasses = 128

// lengthClass maps a number of words to 1…127, eight classes to a doubling;
// classLength is its inverse.
func lengthClass(n int) int {
	return min(max(int(math.Round(8*math.Log2(float64(max(n, 1))))), 1), lengthClasses-1)
}

func classLength(c float64) float64 { return math.Exp2(c / 8) }

// headline holds for the blocks that the field title is made of.
func headline(r corpus.Role) bool {
	return r == corpus.RoleTitle || r == corpus.RoleKicker || r == corpus.RoleSubtitle
}

// words returns the words of the body and of the headlines of d.
func words(d *pipeline.Document) (body, title map[string]struct{}) {
	body, title = map[string]struct{}{}, map[string]struct{}{}
	text := d.Body()
	eachToken(d, func(t pipeline.Token, headline bool) {
		to := body
		if headline {
			to = title
		}
		eachTerm(text[t.Start:t.End], func(term string) { to[term] = struct{}{} })
	})
	return body, title
}

// eachToken calls f with the tokens of d, and whether they stand in a headline.
func eachToken(d *pipeline.Document, f func(t pipeline.Token, headline bool)) {
	block := 0
	for _, t := range d.Tokens {
		for block < len(d.Blocks) && d.Blocks[block].Span.End <= t.Start {
			block++
		}
		f(t, block < len(d.Blocks) && headline(d.Blocks[block].Role))
	}
}

// maxParts is the longest token, in characters, whose parts are words too.
const maxParts = 16

// eachTerm calls f with the words that a token gives: itself, folded, and, when
// it has Chinese characters, its parts of two or more characters. Marks give none.
func eachTerm(token string, f func(string)) {
	t := foldToken(token)
	n, word, parts := shape(t)
	if !word {
		return
	}
	f(t)
	if !parts || n <= 2 {
		return
	}
	var starts [maxParts + 1]int
	k := 0
	for i := range t {
		starts[k] = i
		k++
	}
	starts[n] = len(t)
	for i := range n - 1 {
		for j := i + 2; j <= n; j++ {
			if j-i < n {
				f(t[starts[i]:starts[j]])
			}
		}
	}
}

// shape returns the number of characters of a folded token, whether it is a
// word and no mark, and whether its parts are words too.
func shape(t string) (n int, word, parts bool) {
	for _, r := range t {
		n++
		switch {
		case spoken(r):
			word = true
			parts = parts || r >= 0x2e80
		}
	}
	return n, word, parts && n <= maxParts
}

// spoken holds for letters, digits and Chinese characters, and not for marks.
func spoken(r rune) bool {
	switch {
	case 0x4e00 <= r && r <= 0x9fff:
		return true
	case r < utf8.RuneSelf:
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// Grams are pairs of neighbouring characters of the folded text, each as one of
// 2^gramBits terms. Together with the words they hold every pair of a text that
// has no mark in it: a pair inside a Chinese token is a part of it, and so a
// word; the others, those from one token to the next first of all, are here.
// That halves the field, which is the largest of the index.
const gramBits = 16

var gramNames = sync.OnceValue(func() []string {
	out := make([]string, 1<<gramBits)
	for i := range out {
		out[i] = gramName(uint32(i))
	}
	return out
})

// gramName returns the term with a number.
func gramName(n uint32) string { return string([]byte{byte(n >> 8), byte(n)}) }

// gram returns the number of the term of a pair.
func gram(a, b rune) uint32 {
	return (uint32(a)*0x9e3779b1 ^ uint32(b)*0x85ebca6b) * 0xc2b2ae35 >> (32 - gramBits)
}

// A twosome is a pair of characters as a word and as a gram.
type twosome struct{ word, gram string }

// twosomes returns the pairs of a folded string without marks in them, each once.
func twosomes(folded string) []twosome {
	var out []twosome
	last := rune(0)
	for _, r := range folded {
		if !spoken(r) {
			last = 0
			continue
		}
		if last != 0 {
			out = append(out, twosome{string([]rune{last, r}), gramName(gram(last, r))})
		}
		last = r
	}
	slices.SortFunc(out, func(a, b twosome) int { return strings.Compare(a.word, b.word) })
	return slices.Compact(out)
}

// exactMark stands behind a field in the terms of names that are not found by what lies in them.
const exactMark = "="

// nameTerm is the term of a folded name in a field.
func nameTerm(field string, exact bool, folded string) string {
	if exact {
		return field + exactMark + sep + folded
	}
	return field + sep + folded
}

// holderTerm is the term of a person, folded, who holds a title.
func holderTerm(person, title string) string { return "holder" + sep + person + sep + title }

// personNames returns what a person of d is called, folded.
func personNames(d *pipeline.Document, name string) []string {
	out := []string{fold(name)}
	for i := range d.Entities {
		if e := &d.Entities[i]; e.Type == pipeline.Person && entityName(d, e) == name {
			if s := fold(d.Surface(e.Span)); !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}
