package corpus

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// maxBoilerplate is the length in bytes from which a line is no boilerplate.
const maxBoilerplate = 600

type boilerplateTable struct {
	equal    map[string]bool
	prefixes map[rune][]string // by their first character
	contains map[rune][]string // by their first character
	buttons  runeSet           // the first characters of equal, and brackets around them
	leads    runeSet           // the first characters of prefixes
	opening  runeSet           // the first characters of contains
	second   runeSet           // and the second
}

var boilerplateWords = sync.OnceValue(func() *boilerplateTable {
	t := &boilerplateTable{equal: map[string]bool{}, prefixes: map[rune][]string{}, contains: map[rune][]string{}}
	for _, r := range mustTable("boilerplate.tsv", 2, 1, "equal", "prefix", "contains") {
		switch text := r.cells[0]; r.cells[1] {
		case "equal":
			t.equal[text] = true
			t.buttons.add(firstRune(text))
			t.buttons.add('【')
			t.buttons.add('[')
		case "prefix":
			t.prefixes[firstRune(text)] = append(t.prefixes[firstRune(text)], text)
			t.leads.add(firstRune(text))
		default:
			t.contains[firstRune(text)] = append(t.contains[firstRune(text)], text)
			t.opening.add(firstRune(text))
			t.second.add(firstRune(text[runeLen(text):]))
		}
	}
	return t
})

// row reports whether s is a row of buttons, as pages that are pasted have it:
// two words or more, and nothing but what is boilerplate alone: 【打印】 【关闭】.
func (t *boilerplateTable) row(s string) bool {
	if len(s) > 120 || !t.buttons.has(firstRune(s)) || !buttonGaps.in(s) {
		return false
	}
	words := 0
	for word := range strings.FieldsFuncSeq(s, buttonGaps.has) {
		if !t.button(word) {
			return false
		}
		words++
	}
	return words > 1
}

// button reports whether a word of a row is boilerplate by itself.
func (t *boilerplateTable) button(word string) bool {
	return t.buttons.has(firstRune(word)) && t.equal[strings.TrimRight(word, "+-oO＋－")]
}

// buttonGaps stand between the buttons of a row.
var buttonGaps = newRuneSet("|｜>》〉»【】[]·").with(isSpace)

// isBoilerplate reports whether a line belongs to the web page or to the
// page's staff and not to an article: share buttons, 版权声明, 责任编辑.
func isBoilerplate(s string) bool {
	if len(s) > maxBoilerplate {
		return false
	}
	t := boilerplateWords()
	if in, ok := bracketed(s); ok && len(editors(s)) > 0 {
		s = in // （本版责编：王芳）
	}
	if len(s) <= 60 && t.equal[strings.Trim(s, " 　|｜>》〉»【】[]·…:：")] {
		return true
	}
	if t.row(s) {
		return true
	}
	if r := firstRune(s); t.leads.has(r) {
		for _, p := range t.prefixes[r] {
			if strings.HasPrefix(s, p) {
				return true
			}
		}
	}
	if len(s) > 60*3 {
		return false
	}
	for i := t.opening.index(s, 0); i < len(s); {
		r, w := utf8.DecodeRuneInString(s[i:])
		if next, _ := utf8.DecodeRuneInString(s[i+w:]); t.second.has(next) {
			for _, c := range t.contains[r] {
				if strings.HasPrefix(s[i:], c) {
					return true
				}
			}
		}
		i = t.opening.index(s, i+w)
	}
	return false
}

// staffTail returns where the note of the page's staff begins that ends s, or len(s):
// …稳中有进。（责任编辑：王欣）
func staffTail(s string) int {
	if endsProse(s) || !strings.HasSuffix(s, "）") && !strings.HasSuffix(s, ")") && !strings.HasSuffix(s, "]") && !strings.HasSuffix(s, "】") {
		return len(s)
	}
	from := max(0, len(s)-150)
	for _, open := range []string{"（责任编辑", "(责任编辑", "[责任编辑", "【责任编辑", "（责编", "(责编", "[责编", "【责编"} {
		if i := strings.LastIndex(s[from:], open); i >= 0 && from+i > 0 {
			return from + i
		}
	}
	return len(s)
}

// editors returns the names in a line of staff: 责任编辑：王欣.
func editors(s string) []Credit {
	in, ok := bracketed(s)
	if !ok {
		in = s
	}
	if !strings.HasPrefix(in, "责") && !strings.HasPrefix(in, "编辑") && !strings.HasPrefix(in, "本版") && !strings.HasPrefix(in, "网络编辑") {
		return nil
	}
	b, ok := parseByline(nil, strings.TrimPrefix(strings.TrimPrefix(in, "本版"), "网络"))
	if !ok {
		return nil
	}
	for i := range b.credits {
		b.credits[i].Span = Span{} // the line is not in the text
	}
	return b.credits
}
