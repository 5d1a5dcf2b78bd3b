package corpus

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Traditional text is read as its simplified twin: every table and rule of the
// program is written in simplified characters, and every stage reads a text in
// which traditional ones are replaced one by one, each by one of as many bytes.
// So all offsets hold in both, and what is shown is cut from the text as it was
// printed. In this direction the choice is nearly always forced (後 and 后 are
// both 后); simplify.tsv has the words where it is not. A text that is not
// traditional is never changed, not even in a 乾 or a 於 that it has.

// Simplify returns s in simplified characters, as long as s in bytes and
// characters. What has no simplified form of the same length stays.
func Simplify(s string) string {
	t := script()
	at := t.changed.index(s, 0)
	if at == len(s) {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		next := t.changed.index(s, i)
		b = append(b, s[i:next]...)
		if next == len(s) {
			break
		}
		from, to := t.at(s[next:])
		b = append(b, to...)
		i = next + len(from)
	}
	return string(b)
}

// Simplified returns s as a reader of simplified characters would print it,
// when it is a traditional text, and s itself when it is not.
func Simplified(s string) string {
	if !traditional(s) {
		return s
	}
	return Simplify(s)
}

// tellingShare is one traditional character in how many bytes makes a text
// traditional: three in ten characters of news are (measured from 0.24 to 0.37),
// while a simplified text has a name in old characters here and there.
const tellingShare = 30

// traditional reports whether s is written in traditional characters. It stops
// as soon as it knows, and looks at no more than samples of a simplified text.
func traditional(s string) bool {
	if !hinted(s) {
		return false
	}
	want := len(s)/tellingShare + 1
	return tellingIn(s, want) == want
}

// hinted reports whether a telling character stands in a sample of s: about
// forty characters in every two hundred, of which a dozen are telling in a
// traditional text. Most texts are done with it, at a gigabyte a second.
func hinted(s string) bool {
	const window, step = 120, 600
	t := script().telling
	for at := 0; at < len(s); at += step {
		for at < len(s) && !utf8.RuneStart(s[at]) {
			at++
		}
		end := min(at+window, len(s))
		for end < len(s) && !utf8.RuneStart(s[end]) {
			end++
		}
		if t.in(s[at:end]) {
			return true
		}
	}
	return false
}

// tellingIn counts the characters of s that no simplified text has, up to most.
func tellingIn(s string, most int) int {
	t := script().telling
	n := 0
	for i := t.index(s, 0); i < len(s) && n < most; i = t.index(s, i+3) {
		n++
	}
	return n
}

// A scriptTable is what variants.tsv and simplify.tsv say of traditional text.
type scriptTable struct {
	simple  map[rune]string         // by traditional character, for those of one length
	words   map[rune][]replacedWord // by first character, the longest first
	changed *runeSet                // where something to be replaced may begin
	telling *runeSet                // those that no simplified text has
}

type replacedWord struct{ from, to string }

// inBoth are the characters of variants.tsv that simplified text has as well.
const inBoth = "乾後徵於夥麴摺麽菸醣著瞭藉"

var script = sync.OnceValue(func() *scriptTable {
	t := &scriptTable{simple: map[rune]string{}, words: map[rune][]replacedWord{}, changed: new(runeSet), telling: new(runeSet)}
	for r, f := range variants().basic {
		if r := rune(r); f != 0 && ideograph(r) && ideograph(f) {
			t.simple[r] = string(f)
		}
	}
	for _, r := range mustTable("simplify.tsv", 2, 0) {
		from, to := r.cells[0], r.cells[1]
		first := firstRune(from)
		if utf8.RuneCountInString(from) > 1 {
			t.words[first] = append(t.words[first], replacedWord{from, to})
			t.changed.add(first)
		} else if t.simple[first] = to; from == to {
			delete(t.simple, first)
		}
	}
	for r := range t.simple {
		t.changed.add(r)
		if ideograph(r) && !strings.ContainsRune(inBoth, r) {
			t.telling.add(r)
		}
	}
	for _, ws := range t.words {
		slices.SortFunc(ws, func(a, b replacedWord) int { return cmp.Compare(len(b.from), len(a.from)) })
	}
	return t
})

// ideograph holds for the characters of two blocks that take three bytes each.
func ideograph(r rune) bool { return 0x3400 <= r && r <= 0x9fff }

// at returns what s begins with and what takes its place.
func (t *scriptTable) at(s string) (from, to string) {
	r, w := utf8.DecodeRuneInString(s)
	for _, x := range t.words[r] {
		if strings.HasPrefix(s, x.from) {
			return x.from, x.to
		}
	}
	from = s[:w]
	if to, ok := t.simple[r]; ok {
		return from, to
	}
	return from, from
}

// simplified returns t in simplified characters, with the way back of the
// original; TextBuilder and original know both.
func (t Text) simplified() Text {
	t.s = Simplify(t.s)
	return t
}

// read returns t as it is read: in simplified characters when it is traditional.
func (t Text) read() Text {
	if traditional(t.s) {
		return t.simplified()
	}
	return t
}

// original returns t in the characters of its source.
func (t Text) original() Text {
	if t.way != nil {
		t.s = t.way.text[t.off : t.off+len(t.s)]
	}
	return t
}

// Simplified returns a, when its text is traditional, as its simplified twin: a
// copy with the same offsets, for stages to read. Otherwise it returns a itself.
func (a *Article) Simplified() *Article {
	if !traditional(a.Text.s) {
		return a
	}
	b := *a
	b.Text = a.Text.simplified()
	for _, f := range b.words() {
		*f = Simplify(*f)
	}
	return &b
}

// words returns the fields of a that are words of the page, after it has made
// those behind pointers its own.
func (a *Article) words() []*string {
	out := []*string{&a.EditionName, &a.Section, &a.Kicker, &a.Title, &a.Subtitle}
	if a.Dateline != nil {
		d := *a.Dateline
		a.Dateline = &d
		out = append(out, &d.Agency, &d.Place)
	}
	a.Byline = slices.Clone(a.Byline)
	for i := range a.Byline {
		c := &a.Byline[i]
		out = append(out, &c.Name, &c.Organization, &c.Title)
	}
	return out
}

// original gives a, which was read in simplified characters, those of its
// source: the text, and every field that stands in it.
func (a *Article) original() {
	read := a.Text.s
	a.Text = a.Text.original()
	if a.Text.s == read {
		return
	}
	for _, f := range a.words() {
		*f = printed(*f, read, a.Text.s)
	}
	for i := range a.Byline {
		c := &a.Byline[i]
		if !c.Span.Empty() {
			c.Name = nameOf(a.Text.At(c.Span))
		}
	}
}

// readTexts lets the n texts of a page be read in simplified characters when
// all together are traditional.
func readTexts(n int, at func(int) *Text) {
	bytes, telling, hint := 0, 0, false
	for i := range n {
		bytes += at(i).Len()
		hint = hint || hinted(at(i).s)
	}
	if !hint {
		return
	}
	for i := 0; i < n && telling <= bytes/tellingShare; i++ {
		telling += tellingIn(at(i).s, bytes/tellingShare+1-telling)
	}
	if telling <= bytes/tellingShare {
		return
	}
	for i := range n {
		*at(i) = at(i).simplified()
	}
}

// printed returns word, which stands in read, as it stands in original; so of
// the parts of a word that has a space and stands there in parts.
func printed(word, read, original string) string {
	if word == "" {
		return ""
	}
	if i := strings.Index(read, word); i >= 0 {
		return strings.Clone(original[i : i+len(word)])
	}
	parts := strings.Split(word, " ")
	for k, p := range parts {
		if i := strings.Index(read, p); i >= 0 && len(parts) > 1 {
			parts[k] = original[i : i+len(p)]
		}
	}
	return strings.Join(parts, " ")
}
