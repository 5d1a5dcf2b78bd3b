package corpus

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Newspapers carry long articles over: page 1 ends 下转第三版, page 3 begins
// 上接第一版. The joiner makes one article of the two when both are read one
// behind the other within one folder and day. What waits is bounded by the
// number of articles of a day that are carried over.

// maxOpen is how many articles may wait for their continuation at once.
const maxOpen = 64

// A joiner holds articles back until the parts they are continued in were read.
type joiner struct {
	key   joinKey
	open  []*Article // first parts, in the order in which they were read
	loose []*Article // continuations whose first part was not read yet
}

// A joinKey says between which articles parts are joined.
type joinKey struct {
	folder string
	day    Day
	paper  string
}

// add hands a to emit, or keeps it for its continuation.
func (j *joiner) add(a *Article, emit func(*Article) error) error {
	key := joinKey{folder: path.Dir(a.Source.Path), day: a.Date, paper: a.Paper}
	if a.Source.Member != "" {
		key.folder = a.Source.Path + "!" + path.Dir(a.Source.Member)
	}
	if key != j.key && len(j.open)+len(j.loose) > 0 && (key.folder != j.key.folder || key.day != j.key.day) {
		if err := j.flush(emit); err != nil {
			return err
		}
	}
	j.key = key
	next, hasNext := mark(a, true)
	from, hasFrom := mark(a, false)
	if hasFrom {
		if i := j.match(j.open, a, from, false); i >= 0 {
			whole, ok := join(j.open[i], a)
			if ok {
				j.open = slices.Delete(j.open, i, i+1)
				if _, more := mark(whole, true); more && hasNext {
					j.open = append(j.open, whole)
					return nil
				}
				return emit(whole)
			}
		}
		if !hasNext && len(j.loose) < maxOpen {
			j.loose = append(j.loose, a)
			return nil
		}
	}
	if hasNext {
		if i := j.match(j.loose, a, next, true); i >= 0 {
			if whole, ok := join(a, j.loose[i]); ok {
				j.loose = slices.Delete(j.loose, i, i+1)
				return emit(whole)
			}
		}
		if len(j.open) < maxOpen {
			j.open = append(j.open, a)
			return nil
		}
	}
	return emit(a)
}

// flush hands on what was kept: the other part was not found.
func (j *joiner) flush(emit func(*Article) error) error {
	waiting := append(j.open, j.loose...)
	j.open, j.loose = nil, nil
	for _, a := range waiting {
		if c, ok := mark(a, true); ok {
			a.Warnings = append(a.Warnings, "continued on page "+c.edition+", which was not found")
		} else if c, ok := mark(a, false); ok {
			a.Warnings = append(a.Warnings, "continued from page "+c.edition+", which was not found")
		}
		if err := emit(a); err != nil {
			return err
		}
	}
	return nil
}

// mark returns what the last 下转 of a (next), or its first 上接, says.
func mark(a *Article, next bool) (continued, bool) {
	var found continued
	ok := false
	for _, b := range a.Blocks {
		if b.Role != RoleContinuation {
			continue
		}
		if c, _, is := isContinuation(a.Text.At(b.Span)); is && c.next == next {
			if ok && !next {
				continue
			}
			found, ok = c, true
		}
	}
	return found, ok
}

// match finds the other part of a among the articles that wait: of those whose
// pages do not contradict, the one with the most alike headline, or the only one.
func (j *joiner) match(waiting []*Article, a *Article, c continued, aFirst bool) int {
	best, score, n := -1, 0, 0
	for i, w := range waiting {
		other, _ := mark(w, !aFirst)
		if w.Edition != "" && c.edition != "" && w.Edition != c.edition ||
			a.Edition != "" && other.edition != "" && a.Edition != other.edition {
			continue
		}
		n++
		if s := likeness(w.Title, a.Title); best < 0 || s > score {
			best, score = i, s
		}
	}
	if best >= 0 && n > 1 && score == 0 {
		return -1
	}
	if best >= 0 && score == 0 && a.Title != "" && waiting[best].Title != "" && (a.Edition == "" || waiting[best].Edition == "") {
		return -1 // another headline, and nothing but the folder in common
	}
	return best
}

// likeness counts what two headlines have in common: pairs of characters; more when one holds the other.
func likeness(a, b string) int {
	a, b = nameOf(a), nameOf(b)
	if a == "" || b == "" {
		return 0
	}
	if strings.Contains(a, b) || strings.Contains(b, a) {
		return 1000 + min(len(a), len(b))
	}
	n := 0
	for i := range b {
		_, w := utf8.DecodeRuneInString(b[i:])
		_, w2 := utf8.DecodeRuneInString(b[i+w:])
		if w2 > 0 && strings.Contains(a, b[i:i+w+w2]) {
			n++
		}
	}
	return n
}

// join makes one article of a and its continuation b: all blocks of a, then
// those of b without a headline that only repeats a's. It refuses parts whose
// texts lie in two different encodings, for one text has one way back.
func join(a, b *Article) (*Article, bool) {
	if a.Text.encoding() != "" && b.Text.encoding() != "" && a.Text.encoding() != b.Text.encoding() {
		return nil, false
	}
	out := *a
	var tb TextBuilder
	tb.Append(a.Text)
	out.Blocks = slices.Clone(a.Blocks)
	start := -1
	var shift []int // of each byte range of b that was taken: by how much it moves
	var taken []Span
	for _, x := range b.Blocks {
		if repeats(a, b.Text.At(x.Span), x.Role) {
			continue
		}
		tb.Insert("\n")
		s := tb.Append(b.Text.Slice(x.Span))
		if start < 0 {
			start = s.Start
		}
		if x.Role == RoleTitle { // another headline over the second part
			x.Role = RoleHeading
		}
		out.Blocks = append(out.Blocks, Block{Role: x.Role, Span: s})
		taken, shift = append(taken, x.Span), append(shift, s.Start-x.Span.Start)
	}
	if start < 0 {
		return nil, false
	}
	out.Text = tb.Text()
	moved := func(s Span) (Span, bool) {
		for i, t := range taken {
			if t.Contains(s) {
				return s.Shift(shift[i]), true
			}
		}
		return Span{}, false
	}
	out.Apparatus = slices.Clone(a.Apparatus)
	for _, s := range b.Apparatus {
		if m, ok := moved(s); ok {
			out.Apparatus = append(out.Apparatus, m)
		}
	}
	out.Byline = slices.Clone(a.Byline)
	for _, c := range b.Byline {
		if m, ok := moved(c.Span); ok {
			c.Span = m
		} else if !c.Span.Empty() {
			continue
		}
		if !slices.ContainsFunc(out.Byline, func(o Credit) bool { return o.Name == c.Name && o.Role == c.Role }) {
			out.Byline = append(out.Byline, c)
		}
	}
	same := a.Source.Path == b.Source.Path && a.Source.Member == b.Source.Member
	if same {
		out.Source.Range = Origin{Start: min(a.Source.Range.Start, b.Source.Range.Start), End: max(a.Source.Range.End, b.Source.Range.End)}
	} else {
		out.Parts = append(slices.Clone(a.Parts), Part{Span: Span{Start: start, End: out.Text.Len()}, Source: b.Source})
	}
	out.Cut += b.Cut
	out.Warnings = slices.Concat(a.Warnings, b.Warnings)
	slices.SortFunc(out.Apparatus, func(x, y Span) int { return cmp.Or(x.Start-y.Start, x.End-y.End) })
	out.ID = articleID(&out)
	return &out, true
}

// repeats reports whether a block of a continuation only says again what a's head has.
func repeats(a *Article, s string, r Role) bool {
	switch r {
	case RoleTitle, RoleKicker, RoleSubtitle:
		return likeness(a.Title, s) >= 1000 || likeness(a.Kicker, s) >= 1000 || likeness(a.Subtitle, s) >= 1000
	case RoleByline:
		return strings.Contains(a.Text.String(), s)
	}
	return false
}

// Origin returns the source and the bytes in it that the text of s came from.
// Of a span that reaches over two sources it tells of the one in which it begins.
func (a *Article) Origin(s Span) (Source, Origin, bool) {
	src := a.Source
	for _, p := range a.Parts {
		if p.Span.Contains(Span{Start: s.Start, End: min(s.Start+1, s.End)}) {
			src, s.End = p.Source, min(s.End, p.Span.End)
		} else if s.Start < p.Span.Start && s.End > p.Span.Start {
			s.End = p.Span.Start
		}
	}
	o, ok := a.Text.Origin(s)
	return src, o, ok
}
