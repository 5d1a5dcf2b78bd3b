package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// readText reads a page of plain text. Headlines may be marked with # as in
// Markdown; without marks they are found by their place and shape.
func readText(ctx context.Context, in *input, out *sink) error {
	t, d, err := in.page(out)
	if err != nil {
		return err
	}
	x := &out.scratch
	x.sheet.cut(t, d.clean)
	if len(x.sheet.lines) == 0 {
		return in.blank()
	}
	x.paras = appendParas(x.paras[:0], x.sheet)
	return out.page(d, x.paras)
}

// blank rejects an input of white space.
func (in *input) blank() error {
	return in.reject(ClassEmpty, "", "fetch it again, or remove it", errors.New("nothing but white space"))
}

// A scratch is memory that a sink uses again from page to page. What an article
// keeps is never in it.
type scratch struct {
	raw     []byte
	sheet   sheet
	paras   []para
	units   []unit
	regions []region
	pieces  []piece
}

// maxScratch is the number of bytes of a page that are kept for the next.
const maxScratch = 4 << 20

// page reads the whole of in as text and starts the draft of its page.
func (in *input) page(out *sink) (Text, *draft, error) {
	raw, err := in.allInto(out.scratch.raw, in.o.Limits.pageLimit())
	if err != nil {
		return Text{}, nil, err
	}
	if cap(raw) <= maxScratch {
		out.scratch.raw = raw[:0]
	}
	if n := longestLine(raw, in.o.Limits.Line); n > in.o.Limits.Line {
		return Text{}, nil, in.reject(ClassLimit, "", "break the line or raise the limit",
			fmt.Errorf("a line of %d bytes, more than %d", n, in.o.Limits.Line))
	}
	if untouched(raw) {
		if rej := garbled(raw, 0); rej != nil {
			return Text{}, nil, in.reject(rej.Class, rej.Place, rej.Hint, rej.Err)
		}
		in.Encoding = UTF8
		d := in.draft()
		d.clean = true
		return CopiedText(borrowed(raw), 0).read(), d, nil
	}
	t, warn, err := in.text(raw, "") // copies
	if err != nil {
		return Text{}, nil, err
	}
	d := in.draft()
	d.warn = warn
	return t.read(), d, nil
}

// borrowed returns raw as a string that holds until the next page is read into
// the same memory. To copy a page cost a tenth of the time to read it, for the
// text of an article is a copy of its own; what an article keeps besides is
// cloned. TestBorrowed reads all fixtures with memory that is written over.
func borrowed(raw []byte) string { return unsafe.String(unsafe.SliceData(raw), len(raw)) }

// longestLine returns the length of the longest line of raw when it is longer than limit, else at most limit.
func longestLine(raw []byte, limit int) int {
	if len(raw) <= limit {
		return 0
	}
	longest := 0
	for len(raw) > 0 {
		n := bytes.IndexByte(raw, '\n')
		if n < 0 {
			n = len(raw)
		}
		if n > longest { // old ends of lines only matter in what is long
			for part := range bytes.SplitSeq(raw[:n], []byte{'\r'}) {
				longest = max(longest, len(part))
			}
		}
		raw = raw[min(n+1, len(raw)):]
	}
	return longest
}

// A sheet is a text cut into lines.
type sheet struct {
	text  Text
	lines []line
}

// A line is one line of a sheet without the white space at its ends. It has no
// pointer: a page has thousands of them, and the collector need not look at them.
type line struct {
	Span
	indent int  // cells of white space before it; a full-width space is two
	gap    int  // blank lines before it; breakGap where a form feed stands
	hard   bool // two spaces or more at its end: a break that Markdown means
}

// breakGap is the gap at a form feed.
const breakGap = 100

// at returns line i.
func (x sheet) at(i int) string { return x.text.At(x.lines[i].Span) }

// slice returns line i with its way back.
func (x sheet) slice(i int) Text { return x.text.Slice(x.lines[i].Span) }

// linesOf cuts t at its line ends, whichever they are.
func linesOf(t Text) sheet {
	var x sheet
	x.cut(t, false)
	return x
}

// cut makes x the sheet of t, which is clean when it is known to have no ends
// of lines but \n and \r.
func (x *sheet) cut(t Text, clean bool) {
	s := t.String()
	out := slices.Grow(x.lines[:0], len(s)/120+1)
	gap := 0
	c := cutter{s: s, old: strings.IndexByte(s, '\r') >= 0, rare: !clean && rareEnds.in(s), nl: -1}
	for i := 0; i < len(s); {
		end, next := c.end(i)
		start, stop := i, end
		indent := 0
		for start < stop {
			if !startsSpace(s[start:stop]) {
				break
			}
			r, w := utf8.DecodeRuneInString(s[start:stop])
			switch {
			case r == '\f':
				gap = breakGap
			case r == '\t':
				indent += 4
			case w > 1 && r != 0xa0 && r != 0x200b && r != 0xfeff:
				indent += 2
			case r != 0x200b && r != 0xfeff:
				indent++
			}
			start += w
		}
		stop = start + len(trimRight(s[start:stop]))
		if start == stop {
			gap++
		} else {
			out = append(out, line{Span: Span{Start: start, End: stop}, indent: indent, gap: gap, hard: strings.HasSuffix(s[stop:end], "  ")})
			gap = 0
		}
		i = next
	}
	x.text, x.lines = t, out
}

// A cutter finds the ends of lines: \n, \r\n and \r, and those that word
// processors and databases leave in texts (rareEnds).
type cutter struct {
	s    string
	old  bool // there are carriage returns in s
	rare bool // there are others in s
	nl   int  // place of the \n at or behind the last line
}

// rareEnds are the vertical tab, the next line of EBCDIC, and the line and
// paragraph separators.
var (
	rareEnds = newRuneSet("\v\u0085\u2028\u2029")
	lineEnds = newRuneSet("\n\r\v\u0085\u2028\u2029")
)

// end returns where the line that begins at i ends, and where the next begins.
func (c *cutter) end(i int) (end, next int) {
	if c.rare {
		end = lineEnds.index(c.s, i)
		if next = end; next < len(c.s) {
			next += runeLen(c.s[end:])
		}
		if strings.HasPrefix(c.s[end:], "\r\n") {
			next++
		}
		return end, next
	}
	if c.nl < i {
		n := strings.IndexByte(c.s[i:], '\n')
		if n < 0 {
			n = len(c.s) - i
		}
		c.nl = i + n
	}
	end, next = c.nl, min(c.nl+1, len(c.s))
	if !c.old {
		return end, next
	}
	if cr := strings.IndexByte(c.s[i:end], '\r'); cr >= 0 {
		if i+cr == end-1 && end < len(c.s) {
			return end - 1, next
		}
		return i + cr, i + cr + 1
	}
	return end, next
}

// startsSpace reports whether s, which is not empty, begins with white space.
func startsSpace(s string) bool {
	c := s[0]
	if c > ' ' && c < 0x7f || c > 0xe3 && c < 0xef {
		return false
	}
	return isSpace(firstRune(s))
}

// trimRight cuts white space from the end of s; most lines have none.
func trimRight(s string) string {
	for s != "" {
		c := s[len(s)-1]
		if c > ' ' && c < utf8.RuneSelf {
			return s
		}
		if n := len(s) - 3; n >= 0 && s[n] >= 0xe3 && s[n] < 0xef && s[n:] != "　" {
			return s // the only space of these
		}
		r, w := utf8.DecodeLastRuneInString(s)
		if !isSpace(r) {
			return s
		}
		s = s[:len(s)-w]
	}
	return s
}

// paragraphs joins the lines that were wrapped at a fixed width.
func paragraphs(x sheet) []para { return appendParas(make([]para, 0, len(x.lines)), x) }

func appendParas(ps []para, x sheet) []para {
	ls := x.lines
	width := x.wrapWidth()
	inset := insetPage(ls)
	ps = slices.Grow(ps, len(ls))
	for i := 0; i < len(ls); {
		ps = append(ps, para{gap: ls[i].gap, inset: ls[i].indent >= 3})
		p := &ps[len(ps)-1]
		p.level, p.text = marked(x.slice(i))
		j := i + 1
		if i+1 < len(ls) && ls[i+1].gap == 0 && p.level == 0 {
			if p.level = underlined(x.at(i+1), p.text.String()); p.level > 0 {
				i += 2
				continue
			}
		}
		if p.level == 0 && j < len(ls) && ls[j].gap == 0 && isDateline(p.text.String()) {
			j++ // the line ends behind 讯
		}
		if p.level == 0 && width > 0 {
			for j < len(ls) && x.wrapped(j, width, inset) {
				j++
			}
		}
		if j > i+1 {
			p.text = x.join(i, j)
		}
		i = j
	}
	return ps
}

// marked returns the level of a line and its text, without the marks of a
// headline (#) or of bold type (**).
func marked(t Text) (int, Text) {
	level, t := markLevel(t)
	if s := t.String(); len(s) > 4 && len(s) <= maxTitle && strings.HasPrefix(s, "**") && strings.HasSuffix(s, "**") && strings.Count(s, "**") == 2 {
		t = t.Slice(Span{Start: 2, End: len(s) - 2}).TrimSpace()
	}
	return level, t
}

// markLevel returns the level of a headline that is marked with #, and the headline.
func markLevel(t Text) (int, Text) {
	s := t.String()
	n := 0
	for n < len(s) && s[n] == '#' {
		n++
	}
	if n == 0 || n > 6 || n == len(s) || len(s) > maxTitle*2 {
		return 0, t
	}
	if r, _ := utf8.DecodeRuneInString(s[n:]); !isSpace(r) && (strings.HasSuffix(s, "#") || n == 1 && (!titleShaped(s[1:]) || strings.Contains(s[1:], "#"))) {
		return 0, t
	}
	end := len(strings.TrimRight(s, "# "))
	return n, t.Slice(Span{Start: n, End: max(n, end)}).TrimSpace()
}

// underlined returns the level of a headline whose next line is a rule of = or -; 0 for none.
func underlined(rule, title string) int {
	if len(rule) < 3 || rule[0] != '=' && rule[0] != '-' || strings.Trim(rule, rule[:1]) != "" || !titleShaped(title) {
		return 0
	}
	if rule[0] == '=' {
		return 1
	}
	return 2
}

// Widths of wrapped pages, in cells of which a Chinese character takes two.
const (
	minWrap = 20
	maxWrap = 130
	slack   = 5 // what a line may be short of the width for a mark that must not begin the next
)

// fewestWrapped is how many lines of one width make a wrapped page.
const fewestWrapped = 3

// wide reports whether a line is wider than any that was wrapped: that of most
// pages is said by a line of text at their beginning.
func (l line) wide() bool { return l.Len() > 2*maxWrap }

// cells returns the width of s in cells, or maxWrap+1 when it is wider.
func cells(s string) int {
	if len(s) > 2*maxWrap {
		return maxWrap + 1
	}
	n := 0
	for _, r := range s {
		n++
		if r >= 0x1100 && r != '·' && r != '“' && r != '”' && r != '‘' && r != '’' && r != '…' && r != '—' || r == '“' || r == '”' || r == '…' || r == '—' {
			n++
		}
	}
	return n
}

// clauseMarks stand in most lines of prose.
var clauseMarks = newRuneSet("，。、；：？！,;")

// wrapWidth returns the width at which the lines of a page are wrapped, 0 when
// they are not: when most lines that another follows at once, and that do not
// end a sentence, are about as wide as the widest.
func (x sheet) wrapWidth() int {
	ls := x.lines
	if len(ls) <= fewestWrapped || slices.ContainsFunc(ls, line.wide) {
		return 0
	}
	var open []int // widths of such lines
	widest, prose := 0, 0
	all := make([]int, 0, len(ls))
	for i := 0; i+1 < len(ls); i++ {
		s := x.at(i)
		n := cells(s)
		all = append(all, n)
		if clauseMarks.in(s) {
			prose++
		}
		if n > maxWrap {
			return 0
		}
		widest = max(widest, n)
		if ls[i+1].gap == 0 && !endsSentence(s) && n >= minWrap {
			open = append(open, n)
		}
	}
	if cells(x.at(len(ls)-1)) > maxWrap {
		return 0
	}
	// Marked headlines and long titles may be wider than the column: take the width that most open lines have.
	best, count := 0, 0
	for w := minWrap; w <= min(widest, maxWrap); w++ {
		c := 0
		for _, n := range open {
			if n <= w && n > w-slack {
				c++
			}
		}
		if c >= count {
			best, count = w, c
		}
	}
	wider := 0
	for _, n := range all {
		if n > best+2 {
			wider++
		}
	}
	if prose*10 < len(all)*3 { // verse, lists of names
		return 0
	}
	if count < fewestWrapped || count*10 < len(open)*7 || wider > max(1, len(all)/10) {
		return 0
	}
	return best
}

// insetPage reports whether paragraphs of the page begin with an indent.
func insetPage(ls []line) bool {
	in := 0
	for i := range ls {
		if n := ls[i].indent; n >= 3 && n <= 8 {
			in++
		}
	}
	return in >= 2 && in*12 >= len(ls)
}

// wrapped reports whether line i goes on with the paragraph of the one before it.
func (x sheet) wrapped(i, width int, inset bool) bool {
	a, b, s := x.lines[i-1], x.lines[i], x.at(i)
	if b.gap > 0 || a.hard || b.indent >= 3 && inset || strings.HasPrefix(s, "#") {
		return false
	}
	n := cells(x.at(i - 1))
	return n <= width+2 && n+a.indent > width-slack && !isShortUnit(s)
}

// isShortUnit reports whether a line is a byline, which is never the rest of a wrapped line.
func isShortUnit(s string) bool {
	b, ok := parseByline(nil, s)
	return ok && b.explicit
}

// join makes one text of wrapped lines, from line i to before line j. Between two
// Latin letters the line end stands for a space; else it is cut.
func (x sheet) join(i, j int) Text {
	var b TextBuilder
	for k := i; k < j; k++ {
		if k > i {
			before, _ := utf8.DecodeLastRuneInString(x.at(k - 1))
			after, _ := utf8.DecodeRuneInString(x.at(k))
			if latin(before) && latin(after) {
				b.Append(between(x.slice(k-1), x.slice(k), " "))
			}
		}
		b.Append(x.slice(k))
	}
	return b.Text()
}

func latin(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' }

// between returns s as the text that stands for what the source has between a and b.
func between(a, b Text, s string) Text {
	x, ok1 := a.Origin(Span{Start: 0, End: a.Len()})
	y, ok2 := b.Origin(Span{Start: 0, End: b.Len()})
	if !ok1 || !ok2 || y.Start < x.End {
		return InsertedText(s)
	}
	return ReplacedText(s, Origin{Start: x.End, End: y.Start})
}
