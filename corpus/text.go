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
//
// The way back is a list of runs. A run says how its clean bytes follow from its source bytes:
//
//	copied    the bytes are the same in both
//	encoded   the characters are the same, the source has them in another encoding
//	replaced  the clean bytes stand, as a whole, for the source bytes (&nbsp;, \u4e2d)
//	inserted  the source has nothing there (the line end between two blocks)
type Text struct {
	s    string
	runs []run  // sorted, gapless, non-empty; of a slice they reach over both ends of s
	off  int    // clean offset at which s begins in runs; 0 but for a slice
	full string // the text that runs describe; "" where that is s
	enc  Encoding
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
	return appendRun(Text{}, s, at, int64(len(s)), runCopied)
}

// EncodedText returns text that the source holds at offset at in encoding enc,
// character for character.
func EncodedText(s string, at int64, length int64, enc Encoding) Text {
	return appendRun(Text{enc: enc}, s, at, length, runEncoded)
}

// ReplacedText returns text that stands as a whole for the source bytes of o.
func ReplacedText(s string, o Origin) Text {
	return appendRun(Text{}, s, o.Start, o.End-o.Start, runReplaced)
}

// InsertedText returns text that the source does not have.
func InsertedText(s string) Text { return appendRun(Text{}, s, 0, 0, runInserted) }

func appendRun(t Text, s string, at, length int64, kind runKind) Text {
	if s == "" {
		return t
	}
	t.runs = append(t.runs, run{clean: len(t.s), source: at, length: length, kind: kind})
	t.s += s
	return t
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
	out := Text{s: t.s[s.Start:s.End], off: t.off + s.Start, enc: t.enc}
	if s.Empty() {
		return Text{enc: t.enc}
	}
	first, last := 0, 0
	if len(t.runs) > 1 {
		first, last = t.runAt(out.off), t.runAt(out.off+s.Len()-1)
	}
	out.runs = t.runs[first : last+1 : last+1]
	if t.enc != "" {
		out.full = t.whole()
	}
	return out
}

// whole returns the text that the runs of t describe.
func (t Text) whole() string {
	if t.full != "" {
		return t.full
	}
	return t.s
}

// run returns run i of t, clean offsets from the start of t, cut to what lies in it.
func (t Text) run(i int) run {
	r, end := t.runs[i], t.runEnd(i)
	from := max(r.clean, t.off)
	if (r.kind == runCopied || r.kind == runEncoded) && (from > r.clean || i == len(t.runs)-1) {
		o := t.within(i, from, end)
		r.source, r.length = o.Start, o.End-o.Start
	}
	r.clean = from - t.off
	return r
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
	from, to := s.Start+t.off, s.End+t.off
	for i := t.runAt(from); i < len(t.runs) && t.runs[i].clean < to; i++ {
		if t.runs[i].kind == runInserted {
			continue
		}
		w := t.within(i, max(from, t.runs[i].clean), min(to, t.runEnd(i)))
		if !found {
			o, found = w, true
			continue
		}
		o.Start, o.End = min(o.Start, w.Start), max(o.End, w.End)
	}
	return o, found
}

// within maps clean bytes [from, to) of run i, offsets as in runs, to source bytes.
func (t Text) within(i, from, to int) Origin {
	r := t.runs[i]
	switch r.kind {
	case runCopied:
		start := r.source + int64(from-r.clean)
		return Origin{start, start + int64(to-from)}
	case runEncoded:
		s := t.whole()
		start := r.source + t.enc.Size(s[r.clean:from])
		return Origin{start, start + t.enc.Size(s[from:to])}
	}
	return Origin{r.source, r.source + r.length}
}

func (t Text) runEnd(i int) int {
	if i+1 < len(t.runs) {
		return t.runs[i+1].clean
	}
	return t.off + len(t.s)
}

func (t Text) runAt(off int) int {
	return sort.Search(len(t.runs), func(i int) bool { return t.runs[i].clean > off }) - 1
}

// A TextBuilder joins texts. The zero value is ready; all texts of one builder
// must come from one source.
type TextBuilder struct {
	b    strings.Builder
	runs []run
	enc  Encoding
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
	if t.enc != "" {
		b.enc = t.enc
	}
	for i := range t.runs {
		r := t.run(i)
		r.clean += start
		if n := len(b.runs); i == 0 && n > 0 && b.runs[n-1].kind == runCopied && r.kind == runCopied &&
			b.runs[n-1].source+b.runs[n-1].length == r.source {
			b.runs[n-1].length += r.length
			continue
		}
		b.runs = append(b.runs, r)
	}
	b.b.WriteString(t.s)
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
	return Text{s: b.b.String(), runs: slices.Clip(b.runs), enc: b.enc}
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
