package corpus

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// A Span is a half-open range of bytes. Unless a field says otherwise it lies
// in the clean text of its article.
type Span struct {
	Start, End int
}

// Len returns the number of bytes in s.
func (s Span) Len() int { return s.End - s.Start }

// Empty reports whether s holds no byte.
func (s Span) Empty() bool { return s.End <= s.Start }

// Contains reports whether t lies wholly inside s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Overlaps reports whether s and t share at least one byte.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// Shift returns s moved by n bytes.
func (s Span) Shift(n int) Span { return Span{s.Start + n, s.End + n} }

// An Origin is a half-open range of bytes in a source, in the encoding of the source.
type Origin struct {
	Start, End int64
}

// Text is clean UTF-8 text that knows, for every byte, where in the source it
// came from. It is a value: the methods never change it, and slices share its memory.
// While a traditional page is read its text is in simplified characters, which
// change no offset, and its way back has those of the source.
//
// The way back is a list of runs. A run says how its clean bytes follow from its source bytes:
//
//	copied    the bytes are the same in both
//	encoded   the characters are the same, the source has them in another encoding
//	replaced  the clean bytes stand, as a whole, for the source bytes (&nbsp;, \u4e2d)
//	inserted  the source has nothing there (the line end between two blocks)
type Text struct {
	s   string
	way *way // nil of the empty text
	off int  // where s begins in way.text
}

// A way leads back to the source: from a text, or from any slice of it.
type way struct {
	text string // that runs describe
	runs []run  // sorted, gapless, non-empty
	enc  Encoding
	one  [1]run // memory for runs
}

type runKind uint8

const (
	runCopied runKind = iota
	runEncoded
	runReplaced
	runInserted
)

type run struct {
	clean  int   // first byte in the clean text
	source int64 // first byte in the source
	length int64 // bytes in the source
	kind   runKind
}

// CopiedText returns text whose bytes stand in the source at offset at, as they are.
func CopiedText(s string, at int64) Text {
	return textOf(s, run{source: at, length: int64(len(s)), kind: runCopied}, "")
}

// EncodedText returns text that the source holds at offset at in encoding enc,
// character for character.
func EncodedText(s string, at int64, length int64, enc Encoding) Text {
	return textOf(s, run{source: at, length: length, kind: runEncoded}, enc)
}

// ReplacedText returns text that stands as a whole for the source bytes of o.
func ReplacedText(s string, o Origin) Text {
	return textOf(s, run{source: o.Start, length: o.End - o.Start, kind: runReplaced}, "")
}

// InsertedText returns text that the source does not have.
func InsertedText(s string) Text { return textOf(s, run{kind: runInserted}, "") }

// textOf returns the text s of one run.
func textOf(s string, r run, enc Encoding) Text {
	if s == "" {
		return Text{}
	}
	w := &way{text: s, enc: enc, one: [1]run{r}}
	w.runs = w.one[:]
	return Text{s: s, way: w}
}

// textWith returns the text s of many runs.
func textWith(s string, runs []run, enc Encoding) Text {
	if s == "" {
		return Text{}
	}
	return Text{s: s, way: &way{text: s, runs: runs, enc: enc}}
}

// String returns the clean text.
func (t Text) String() string { return t.s }

// Len returns the number of bytes of the clean text.
func (t Text) Len() int { return len(t.s) }

// At returns the clean text of s.
func (t Text) At(s Span) string { return t.s[s.Start:s.End] }

// Slice returns the part of t inside s, with its way back. Both ends must fall
// between characters.
func (t Text) Slice(s Span) Text {
	return Text{s: t.s[s.Start:s.End], way: t.way, off: t.off + s.Start}
}

// encoding returns the encoding of the encoded runs of t; "" where it has none.
func (t Text) encoding() Encoding {
	if t.way == nil {
		return ""
	}
	return t.way.enc
}

// span returns the numbers of the runs that t lies in, [from, to).
func (t Text) span() (from, to int) {
	if t.s == "" {
		return 0, 0
	}
	runs := t.way.runs
	if len(runs) == 1 {
		return 0, 1
	}
	from = t.way.at(t.off)
	to = from + 1
	for to < len(runs) && runs[to].clean < t.off+len(t.s) {
		to++
	}
	return from, to
}

// run returns run i of the way of t cut to what lies in t, and the clean text
// of it; clean offsets count from the start of t.
func (t Text) run(i int) (run, string) {
	r := t.way.runs[i]
	from, to := max(r.clean, t.off), min(t.way.end(i), t.off+len(t.s))
	if r.kind == runCopied || r.kind == runEncoded {
		o := t.way.within(i, from, to)
		r.source, r.length = o.Start, o.End-o.Start
	}
	r.clean = from - t.off
	return r, t.s[r.clean : to-t.off]
}

// TrimSpace returns t without the white space at its ends.
func (t Text) TrimSpace() Text {
	left := len(t.s) - len(strings.TrimLeftFunc(t.s, isSpace))
	right := len(strings.TrimRightFunc(t.s, isSpace))
	return t.Slice(Span{left, max(left, right)})
}

// isSpace holds for white space and for the invisible characters that pages carry at line ends.
func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\v', '\f', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0x200b, 0xfeff:
		return true
	}
	return 0x2000 <= r && r <= 0x200a
}

// Origin returns the source bytes that the clean bytes of s came from: from the
// first of its source bytes to the last, whatever was cut between them. It
// reports false when no byte of s has a source.
func (t Text) Origin(s Span) (Origin, bool) {
	if s.Empty() || s.Start < 0 || s.End > len(t.s) {
		return Origin{}, false
	}
	var o Origin
	found := false
	w, from, to := t.way, s.Start+t.off, s.End+t.off
	for i := w.at(from); i < len(w.runs) && w.runs[i].clean < to; i++ {
		if w.runs[i].kind == runInserted {
			continue
		}
		x := w.within(i, max(from, w.runs[i].clean), min(to, w.end(i)))
		if !found {
			o, found = x, true
			continue
		}
		o.Start, o.End = min(o.Start, x.Start), max(o.End, x.End)
	}
	return o, found
}

// within maps clean bytes [from, to) of run i to source bytes.
func (w *way) within(i, from, to int) Origin {
	r := &w.runs[i]
	switch {
	case r.kind == runCopied:
		start := r.source + int64(from-r.clean)
		return Origin{start, start + int64(to-from)}
	case r.kind == runEncoded && (from > r.clean || to < w.end(i)):
		start := r.source + w.enc.Size(w.text[r.clean:from])
		return Origin{start, start + w.enc.Size(w.text[from:to])}
	}
	return Origin{r.source, r.source + r.length}
}

// end returns where run i ends in the clean text.
func (w *way) end(i int) int {
	if i+1 < len(w.runs) {
		return w.runs[i+1].clean
	}
	return len(w.text)
}

// at returns the run that holds clean byte off.
func (w *way) at(off int) int {
	if len(w.runs) == 1 {
		return 0
	}
	return sort.Search(len(w.runs), func(i int) bool { return w.runs[i].clean > off }) - 1
}

// A TextBuilder joins texts. The zero value is ready; all texts of one builder
// must come from one source.
type TextBuilder struct {
	b      strings.Builder
	runs   []run
	enc    Encoding
	simple bool // a text in simplified characters was added, that the source has in others
}

// grow makes room for n bytes in so many runs.
func (b *TextBuilder) grow(n, runs int) {
	b.b.Grow(n)
	b.runs = slices.Grow(b.runs, runs)
}

// Len returns the number of bytes written so far.
func (b *TextBuilder) Len() int { return b.b.Len() }

// Append adds t with its way back and returns where it now stands.
func (b *TextBuilder) Append(t Text) Span {
	start := b.b.Len()
	if e := t.encoding(); e != "" {
		b.enc = e
	}
	from, to := t.span()
	for i := from; i < to; i++ {
		r, _ := t.run(i)
		r.clean += start
		if n := len(b.runs); i == from && n > 0 && b.runs[n-1].kind == runCopied && r.kind == runCopied &&
			b.runs[n-1].source+b.runs[n-1].length == r.source {
			b.runs[n-1].length += r.length
			continue
		}
		b.runs = append(b.runs, r)
	}
	printed := t.original().s
	b.simple = b.simple || printed != t.s // no byte is compared when both are one
	b.b.WriteString(printed)
	return Span{start, b.b.Len()}
}

// Insert adds s, which the source does not have.
func (b *TextBuilder) Insert(s string) Span {
	start := b.b.Len()
	if s != "" {
		b.runs = append(b.runs, run{clean: start, kind: runInserted})
		b.b.WriteString(s)
	}
	return Span{Start: start, End: start + len(s)}
}

// Text returns what was written.
func (b *TextBuilder) Text() Text {
	return b.read(textWith(b.b.String(), slices.Clip(b.runs), b.enc))
}

// read returns t in the characters in which the texts that it was made of were read.
func (b *TextBuilder) read(t Text) Text {
	if b.simple {
		return t.simplified()
	}
	return t
}

// textIn is Text with the memory of w.
func (b *TextBuilder) textIn(w *way) Text {
	if b.b.Len() == 0 {
		return Text{}
	}
	*w = way{text: b.b.String(), runs: slices.Clip(b.runs), enc: b.enc}
	return b.read(Text{s: w.text, way: w})
}

// A slab is memory that is cut into the slices of several articles, which
// live about as long as each other.
type slab[T any] struct{ free []T }

// take returns n zero values, and no room behind them.
func (b *slab[T]) take(n int) []T {
	const some = 128
	if n > some/4 {
		return make([]T, n)
	}
	if n > len(b.free) {
		b.free = make([]T, some)
	}
	out := b.free[:n:n]
	b.free = b.free[n:]
	return out
}

// RuneIndex turns byte offsets of one text into code-point offsets. It costs one
// pass over the text; each look-up then reads at most 64 bytes.
type RuneIndex struct {
	s     string
	marks []int32 // code points before byte 64·i
}

// NewRuneIndex returns the index of s.
func NewRuneIndex(s string) *RuneIndex {
	x := &RuneIndex{s: s, marks: make([]int32, 0, len(s)/64+1)}
	n := int32(0)
	for i := 0; i < len(s); i++ {
		if i%64 == 0 {
			x.marks = append(x.marks, n)
		}
		if utf8.RuneStart(s[i]) {
			n++
		}
	}
	return x
}

// Runes returns the number of code points before byte offset off.
func (x *RuneIndex) Runes(off int) int {
	if len(x.marks) == 0 {
		return 0
	}
	m := min(off/64, len(x.marks)-1)
	n := int(x.marks[m])
	for i := m * 64; i < off; i++ {
		if utf8.RuneStart(x.s[i]) {
			n++
		}
	}
	return n
}

// Span returns s in code points.
func (x *RuneIndex) Span(s Span) Span { return Span{x.Runes(s.Start), x.Runes(s.End)} }
