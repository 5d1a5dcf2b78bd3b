package corpus

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Reading order of a page of which only characters and their boxes are known
//
// Characters that follow each other on one base line are a line. Lines are put
// in order by cutting the page along its white space: a headline off the top,
// columns apart from left to right, and articles apart from top to bottom.
// Inside a column an indent, a short line, another size or a wide gap begins a
// paragraph. Type larger than that of most characters is a headline.

// A glyph is one character and its box; y grows downwards.
type glyph struct {
	r              rune
	x0, y0, x1, y1 float64
	spaced         bool // the page has a space before it
}

// A textLine is a line of one column.
type textLine struct {
	s              string
	x0, y0, x1, y1 float64
	size           float64 // height of the type
	n              int     // characters
	wide           []hole
}

// A hole is a gap of half an em or more inside a line, before byte at of its text.
type hole struct {
	at     int
	x0, x1 float64
	n      int // characters before it
}

func (l *textLine) mid() float64 { return (l.y0 + l.y1) / 2 }

// unreadable is the share of glyphs whose character is not known.
func unreadable(gs []glyph) float64 {
	n := 0
	for _, g := range gs {
		if g.r == 0 || g.r == utf8.RuneError || g.r < ' ' || unicode.Is(unicode.Co, g.r) {
			n++
		}
	}
	return float64(n) / float64(len(gs))
}

// layOut makes paragraphs of the glyphs of a page, in reading order. size is
// that of the file, to which all of them lead back.
func layOut(gs []glyph, size int64) []para {
	ls := textLines(gs)
	if len(ls) == 0 {
		return nil
	}
	body := bodySize(ls)
	var ps []para
	for _, column := range cutPage(ls, body) {
		ps = append(ps, columnParas(column, body, size)...)
	}
	return joinHeads(ps)
}

// textLines joins glyphs to lines, in the order of the content.
func textLines(gs []glyph) []*textLine {
	var ls []*textLine
	var l *textLine
	var b strings.Builder
	var last glyph
	before := 0.0 // the gap before the last glyph
	end := func() {
		if l != nil {
			l.s = b.String()
			b.Reset()
			ls = append(ls, l)
			l = nil
		}
	}
	for _, g := range gs {
		h := g.y1 - g.y0
		if l != nil {
			em := max(min(l.size, h), 1)
			gap := g.x0 - last.x1
			same := math.Abs((g.y0+g.y1)/2-(last.y0+last.y1)/2) < 0.4*em && math.Abs(h-l.size) < 0.45*max(h, l.size)
			if !same || gap > 1.3*em && !(l.n < 12 && gap < 3*em && l.size > 17) || gap < -0.6*em {
				end()
			} else if l.hole(gap, em, last.x1, g.x0, b.Len()); gap > 0.2*em && needsSpace(last.r, g.r) || g.spaced && gap > 0.1*em || gap > 0.2*em && gap < 0.8*em && gap > before+0.12*em && !unicode.IsDigit(g.r) && isWide(last.r) {
				b.WriteByte(' ') // in letterspaced type all gaps are as wide
			} else if gap > 0.8*em && isWide(last.r) && isWide(g.r) {
				b.WriteString("　")
			}
		}
		if l == nil {
			before = 0
			l = &textLine{x0: g.x0, y0: g.y0, x1: g.x1, y1: g.y1, size: h}
		}
		if g.r == 0 {
			g.r = utf8.RuneError
		}
		if l.n > 0 {
			before = g.x0 - last.x1
		}
		b.WriteRune(g.r)
		l.n++
		l.x0, l.x1, l.y0, l.y1 = min(l.x0, g.x0), max(l.x1, g.x1), min(l.y0, g.y0), max(l.y1, g.y1)
		last = g
	}
	end()
	return splitAtGutters(ls)
}

func (l *textLine) hole(gap, em, x0, x1 float64, at int) {
	if gap >= 0.5*em && len(l.wide) < 64 {
		l.wide = append(l.wide, hole{at, x0, x1, l.n})
	}
}

// splitAtGutters cuts lines that run over a gutter too narrow to be seen in one
// line alone: at a hole behind which other lines begin.
func splitAtGutters(ls []*textLine) []*textLine {
	var starts []float64
	for _, l := range ls {
		starts = append(starts, l.x0)
		if len(l.wide)*3 > l.n { // letterspaced
			l.wide = nil
		}
		for _, h := range l.wide {
			starts = append(starts, h.x1)
		}
	}
	slices.Sort(starts)
	begins := func(x, em float64) int {
		i, _ := slices.BinarySearch(starts, x-0.3*em)
		j, _ := slices.BinarySearch(starts, x+0.3*em)
		return j - i
	}
	out := make([]*textLine, 0, len(ls))
	for _, l := range ls {
		from, n := 0, 0
		for _, h := range l.wide {
			if begins(h.x1, l.size)+begins(h.x1+2*l.size, l.size)+begins(h.x1-2*l.size, l.size) < 3 { // the hole itself is one
				continue
			}
			left := *l
			left.s, left.x1, left.n, left.wide = strings.Trim(l.s[from:h.at], " 　"), h.x0, h.n-n, nil
			out = append(out, &left)
			from, n, l.x0 = h.at, h.n, h.x1
		}
		if from > 0 {
			l.s, l.n = strings.Trim(l.s[from:], " 　"), l.n-n
		}
		l.wide = nil
		out = append(out, l)
	}
	return out
}

func needsSpace(a, b rune) bool {
	return latin(a) && latin(b) || latin(a) && unicode.IsDigit(b) || (unicode.IsDigit(a) || a == ',' || a == '.') && latin(b)
}

// bodySize is the height of type in which most characters stand.
func bodySize(ls []*textLine) float64 {
	count := map[int]int{}
	for _, l := range ls {
		count[int(math.Round(l.size*2))] += l.n
	}
	best, most := 0, 0
	for size, n := range count {
		if n > most || n == most && size < best {
			best, most = size, n
		}
	}
	return max(float64(best)/2, 1)
}

// cutPage returns the lines column by column in reading order.
func cutPage(ls []*textLine, body float64) [][]*textLine {
	var out [][]*textLine
	type region struct {
		ls    []*textLine
		depth int
	}
	todo := []region{{ls, 0}}
	for len(todo) > 0 {
		r := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if len(r.ls) == 0 {
			continue
		}
		parts := cutRegion(r.ls, body)
		if len(parts) < 2 || r.depth > 64 {
			slices.SortStableFunc(r.ls, func(a, b *textLine) int { return cmp.Or(compareRows(a, b), cmp.Compare(a.x0, b.x0)) })
			out = append(out, r.ls)
			continue
		}
		for _, part := range slices.Backward(parts) {
			todo = append(todo, region{part, r.depth + 1})
		}
	}
	return out
}

// compareRows orders lines from top to bottom; those of one row are equal.
func compareRows(a, b *textLine) int {
	if math.Abs(a.mid()-b.mid()) < 0.3*min(a.size, b.size) {
		return 0
	}
	return cmp.Compare(a.mid(), b.mid())
}

// cutRegion cuts a region in two or more; it returns one part when nothing cuts it.
func cutRegion(ls []*textLine, body float64) [][]*textLine {
	if len(ls) < 2 {
		return [][]*textLine{ls}
	}
	rows := gaps(ls, func(l *textLine) (float64, float64) { return l.y0 + 0.15*l.size, l.y1 - 0.15*l.size })
	if n := headCut(rows, body); n > 0 {
		return [][]*textLine{concat(rows[:n]), concat(rows[n:])}
	}
	columns := gaps(ls, func(l *textLine) (float64, float64) { return l.x0, l.x1 })
	columns = gutters(columns, body)
	if len(columns) > 1 {
		return columns
	}
	return rowCut(rows, body)
}

func concat(groups [][]*textLine) []*textLine { return slices.Concat(groups...) }

// gaps groups lines by one axis wherever nothing crosses it.
func gaps(ls []*textLine, axis func(*textLine) (float64, float64)) [][]*textLine {
	sorted := slices.Clone(ls)
	slices.SortStableFunc(sorted, func(a, b *textLine) int {
		x, _ := axis(a)
		y, _ := axis(b)
		return cmp.Compare(x, y)
	})
	var out [][]*textLine
	end := math.Inf(-1)
	for _, l := range sorted {
		from, to := axis(l)
		if from >= end || len(out) == 0 {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], l)
		end = max(end, to)
	}
	return out
}

// headCut returns how many rows at the top are headlines over what follows:
// single lines in larger type, or narrower than the rows below, over a row of several lines.
func headCut(rows [][]*textLine, body float64) int {
	n := 0
	for n < len(rows)-1 && len(rows[n]) == 1 && (rows[n][0].size > 1.15*body || len(rows[n+1]) > 1 && n > 0) {
		n++
	}
	if n == 0 || n == len(rows) {
		return 0
	}
	if len(rows) > n+1 && len(rows[n]) == 1 && centred(rows[n][0], rows[n+1:]) {
		n++ // a byline under the headline
	}
	if n == len(rows) {
		return 0
	}
	return n
}

// centred reports whether a line stands in the middle over rows that are wider.
func centred(l *textLine, rows [][]*textLine) bool {
	x0, x1 := math.Inf(1), math.Inf(-1)
	for _, row := range rows[:min(len(rows), 6)] {
		for _, r := range row {
			x0, x1 = min(x0, r.x0), max(x1, r.x1)
		}
	}
	w := x1 - x0
	return l.x1-l.x0 < 0.8*w && math.Abs((l.x0+l.x1)-(x0+x1))/2 < 0.06*w
}

// gutters joins neighbouring groups that no gutter of about half an em keeps
// apart, and those that are no columns: a number or initial beside the text.
func gutters(columns [][]*textLine, body float64) [][]*textLine {
	columns = joinColumns(columns, func(gap, width float64) bool { return gap < 0.45*body })
	return joinColumns(columns, func(gap, width float64) bool { return gap < 2*body && width < 2.5*body })
}

// joinColumns joins each group to the one before it when near says so of the gap
// between them and the width of the narrower.
func joinColumns(columns [][]*textLine, near func(gap, width float64) bool) [][]*textLine {
	var out [][]*textLine
	var start, end float64
	for _, c := range columns {
		from, to := math.Inf(1), math.Inf(-1)
		for _, l := range c {
			from, to = min(from, l.x0), max(to, l.x1)
		}
		if len(out) > 0 && near(from-end, min(to-from, end-start)) {
			out[len(out)-1] = append(out[len(out)-1], c...)
			end = max(end, to)
			continue
		}
		out, start, end = append(out, c), from, to
	}
	return out
}

// rowCut cuts at the widest white row, when it is wider than the usual leading
// and there are columns on one side of it.
func rowCut(rows [][]*textLine, body float64) [][]*textLine {
	several := slices.ContainsFunc(rows, func(r []*textLine) bool { return len(r) > 1 })
	if len(rows) < 2 || !several {
		return [][]*textLine{concat(rows)}
	}
	at, widest := 0, 0.0
	bottom := math.Inf(-1)
	for i, row := range rows {
		top := math.Inf(1)
		for _, l := range row {
			top = min(top, l.y0)
		}
		if i > 0 && top-bottom > widest {
			at, widest = i, top-bottom
		}
		for _, l := range row {
			bottom = max(bottom, l.y1)
		}
	}
	for i := 1; at == 0 && i < len(rows); i++ { // no white at all: cut before a headline, or where columns begin
		if len(rows[i]) == 1 && rows[i][0].size > 1.15*body || len(rows[i]) > 1 && len(rows[i-1]) == 1 {
			at = i
		}
	}
	if at == 0 {
		return [][]*textLine{concat(rows)}
	}
	return [][]*textLine{concat(rows[:at]), concat(rows[at:])}
}

// columnParas joins the lines of a column to paragraphs.
func columnParas(ls []*textLine, body float64, size int64) []para {
	left, right := edges(ls, body)
	var ps []para
	var b strings.Builder
	p := para{}
	end := func() {
		if b.Len() > 0 {
			p.text = ReplacedText(b.String(), Origin{Start: 0, End: size})
			ps = append(ps, p)
			b.Reset()
		}
		p = para{}
	}
	for i, l := range ls {
		inset := l.x0-left > 1.2*l.size && l.x0-left < 4.5*l.size
		if i > 0 {
			up := ls[i-1]
			gap := (l.y0 - up.y1) / max(l.size, 1)
			short := right-up.x1 > 1.5*up.size || math.Abs(l.x0-up.x0) > 4.5*l.size // a line in the middle
			same := math.Abs(l.size-up.size) < 0.1*max(l.size, up.size)
			if compareRows(up, l) == 0 {
				b.WriteByte('\t') // cells of a row
			} else if !same || gap > 1.1 || l.size < 1.15*body && (inset || short || strings.HasPrefix(l.s, "　　")) {
				end()
				p.gap = 0
				if gap > 1.1 || !same {
					p.gap = 1
				}
			} else if r, _ := utf8.DecodeLastRuneInString(up.s); needsSpace(r, firstRune(l.s)) {
				b.WriteByte(' ')
			}
		}
		if b.Len() == 0 {
			p.level, p.inset = typeLevel(l, body), inset
		}
		b.WriteString(l.s)
	}
	end()
	return ps
}

// edges are where the lines of body type begin and end.
func edges(ls []*textLine, body float64) (left, right float64) {
	left, right = math.Inf(1), math.Inf(-1)
	for _, l := range ls {
		if l.size < 1.15*body || math.IsInf(left, 1) {
			left, right = min(left, l.x0), max(right, l.x1)
		}
	}
	return left, right
}

// typeLevel is the level of a headline in type of the size of l; 0 for the type of the body.
func typeLevel(l *textLine, body float64) int {
	switch {
	case l.n > 60:
		return 0
	case l.size > 1.5*body:
		return 1
	case l.size > 1.15*body:
		return 2
	}
	return 0
}

// joinHeads makes one headline of its lines, which follow each other in one size.
func joinHeads(ps []para) []para {
	out := ps[:0]
	for _, p := range ps {
		if n := len(out); n > 0 && p.level > 0 && out[n-1].level == p.level && p.gap == 0 && chars(out[n-1].text.String())+chars(p.text.String()) <= 60 {
			var b TextBuilder
			b.Append(out[n-1].text)
			b.Append(p.text)
			out[n-1].text = b.Text()
			continue
		}
		out = append(out, p)
	}
	return out
}
