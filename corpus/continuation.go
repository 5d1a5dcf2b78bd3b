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
	open  []waiting // first parts, in the order in which they were read
	loose []waiting // continuations whose first part was not read yet
}

// A waiting article lacks a part. Its edition is that of the part next to which
// the other belongs: of the last, when it was carried over more than once.
type waiting struct {
	*Article
	edition string
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
			whole, ok := join(j.open[i].Article, a)
			if ok {
				j.open = slices.Delete(j.open, i, i+1)
				if _, more := mark(whole, true); more && hasNext {
					j.open = append(j.open, waiting{whole, a.Edition})
					return nil
				}
				return emit(whole)
			}
		}
		if !hasNext && len(j.loose) < maxOpen {
			j.loose = append(j.loose, waiting{a, a.Edition})
			return nil
		}
	}
	if hasNext {
		if i := j.match(j.loose, a, next, true); i >= 0 {
			if whole, ok := join(a, j.loose[i].Article); ok {
				j.loose = slices.Delete(j.loose, i, i+1)
				return emit(whole)
			}
		}
		if len(j.open) < maxOpen {
			j.open = append(j.open, waiting{a, a.Edition})
			return nil
		}
	}
	return emit(a)
}

// flush hands on what was kept: the other part was not found.
func (j *joiner) flush(emit func(*Article) error) error {
	all := append(j.open, j.loose...)
	j.open, j.loose = nil, nil
	for _, w := range all {
		a := w.Article
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
		if c, _, is := isContinuation(Simplified(a.Text.At(b.Span))); is && c.next == next {
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
func (j *joiner) match(all []waiting, a *Article, c continued, aFirst bool) int {
	best, score, n := -1, 0, 0
	for i, w := range all {
		other, _ := mark(w.Article, !aFirst)
		if w.edition != "" && c.edition != "" && w.edition != c.edition ||
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
	if best >= 0 && score == 0 && a.Title != "" && all[best].Title != "" && (a.Edition == "" || all[best].Edition == "") {
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

// same reports whether two sources are the same bytes.
func (s Source) same(o Source) bool { return s.Path == o.Path && s.Member == o.Member }

// join makes one article of a and its continuation b: all blocks of a, then
// those of b without a headline that only repeats a's. A sentence that the turn
// of the page cut in two is one again, in one paragraph, and the lines that
// lead over (下转第三版, 上接第一版) stand behind it. It refuses parts whose texts
// lie in two different encodings, for one text has one way back.
func join(a, b *Article) (*Article, bool) {
	if a.Text.encoding() != "" && b.Text.encoding() != "" && a.Text.encoding() != b.Text.encoding() {
		return nil, false
	}
	var rest []Block
	for _, x := range b.Blocks {
		if !repeats(a, b.Text.At(x.Span), x.Role) {
			rest = append(rest, x)
		}
	}
	if len(rest) == 0 {
		return nil, false
	}
	out := *a
	w := weave{out: &out}
	cut, next := cutSentence(a, b, rest)
	for i, x := range a.Blocks {
		w.block(a, x)
		if i == cut {
			w.goOn(b, rest[next])
		}
	}
	for i, x := range rest {
		if cut >= 0 && i == next {
			continue
		}
		if x.Role == RoleTitle { // another headline over the second part
			x.Role = RoleHeading
		}
		w.block(b, x)
	}
	w.finish(a, b)
	return &out, true
}

// cutSentence finds the paragraph of a that breaks off in a sentence, and the
// one among the blocks of b that goes on with it; -1 when a ends with a whole one.
func cutSentence(a, b *Article, rest []Block) (cut, next int) {
	cut = len(a.Blocks) - 1
	for cut >= 0 && a.Blocks[cut].Role == RoleContinuation {
		cut--
	}
	for next < len(rest) && rest[next].Role == RoleContinuation {
		next++
	}
	if cut < 0 || next == len(rest) || a.Blocks[cut].Role != RoleParagraph || rest[next].Role != RoleParagraph {
		return -1, -1
	}
	first, second := a.Text.At(a.Blocks[cut].Span), b.Text.At(rest[next].Span)
	if endsWhole(first) || endsProse(first) && !endsOpen(first) || startsItem(second) || startsTurn(second) || len(first) > maxMended {
		return -1, -1
	}
	return cut, next
}

// endsOpen reports whether s ends with a mark behind which a sentence goes on.
func endsOpen(s string) bool {
	return strings.HasSuffix(s, "，") || strings.HasSuffix(s, "、") || strings.HasSuffix(s, "；") || strings.HasSuffix(s, "”")
}

// A weave puts the blocks of two articles into one text.
type weave struct {
	out    *Article
	tb     TextBuilder
	blocks []Block
	parts  []Part
	moves  map[*Article][]move
}

// A move says where bytes of an article stand in the woven text.
type move struct {
	old Span
	by  int
}

// block adds block x of from.
func (w *weave) block(from *Article, x Block) {
	if w.tb.Len() > 0 {
		w.tb.Insert("\n")
	}
	w.blocks = append(w.blocks, Block{Role: x.Role, Span: w.text(from, x.Span)})
}

// goOn adds the text of x to the last block.
func (w *weave) goOn(from *Article, x Block) {
	last := &w.blocks[len(w.blocks)-1]
	before, _ := utf8.DecodeLastRuneInString(w.tb.b.String())
	if latin(before) && latin(firstRune(from.Text.At(x.Span))) {
		w.tb.Insert(" ")
	}
	last.Span.End = w.text(from, x.Span).End
}

// text adds the text of s, piece by piece of one source.
func (w *weave) text(from *Article, s Span) Span {
	start := w.tb.Len()
	for at := s.Start; at < s.End; {
		src, end := from.sourceAt(at)
		piece := Span{Start: at, End: min(end, s.End)}
		got := w.tb.Append(from.Text.Slice(piece))
		if w.moves == nil {
			w.moves = map[*Article][]move{}
		}
		w.moves[from] = append(w.moves[from], move{old: piece, by: got.Start - piece.Start})
		w.from(src, got)
		at = piece.End
	}
	return Span{Start: start, End: w.tb.Len()}
}

// from takes note that s comes from src.
func (w *weave) from(src Source, s Span) {
	if src.same(w.out.Source) {
		return
	}
	if n := len(w.parts); n > 0 && w.parts[n-1].Source.same(src) && s.Start-w.parts[n-1].Span.End <= 1 {
		w.parts[n-1].Span.End = s.End
		return
	}
	w.parts = append(w.parts, Part{Span: s, Source: src})
}

// sourceAt returns the source of byte at of the text, and where another begins.
func (a *Article) sourceAt(at int) (Source, int) {
	end := a.Text.Len()
	for _, p := range a.Parts {
		if p.Span.Start <= at && at < p.Span.End {
			return p.Source, p.Span.End
		}
		if at < p.Span.Start {
			end = min(end, p.Span.Start)
		}
	}
	return a.Source, end
}

// moved returns where the span s of from stands in the woven text.
func (w *weave) moved(from *Article, s Span) (Span, bool) {
	for _, m := range w.moves[from] {
		if m.old.Contains(s) {
			return s.Shift(m.by), true
		}
	}
	return Span{}, false
}

// finish gives the article what both have in common.
func (w *weave) finish(a, b *Article) {
	out := w.out
	out.Text, out.Blocks, out.Parts = w.tb.Text(), w.blocks, w.parts
	out.Apparatus, out.Byline = nil, nil
	for _, from := range []*Article{a, b} {
		for _, s := range from.Apparatus {
			if m, ok := w.moved(from, s); ok {
				out.Apparatus = append(out.Apparatus, m)
			}
		}
		for _, c := range from.Byline {
			m, ok := w.moved(from, c.Span)
			if !ok && !c.Span.Empty() {
				continue
			}
			c.Span = m
			if !slices.ContainsFunc(out.Byline, func(o Credit) bool { return o.Name == c.Name && o.Role == c.Role }) {
				out.Byline = append(out.Byline, c)
			}
		}
	}
	if a.Source.same(b.Source) {
		out.Source.Range = Origin{Start: min(a.Source.Range.Start, b.Source.Range.Start), End: max(a.Source.Range.End, b.Source.Range.End)}
	}
	if a.Dateline != nil {
		line := *a.Dateline
		if m, ok := w.moved(a, line.Span); ok {
			line.Span = m
		}
		out.Dateline = &line
	}
	out.Cut += b.Cut
	out.Warnings = slices.Concat(a.Warnings, b.Warnings)
	slices.SortFunc(out.Apparatus, func(x, y Span) int { return cmp.Or(x.Start-y.Start, x.End-y.End) })
	out.ID = articleID(out)
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
