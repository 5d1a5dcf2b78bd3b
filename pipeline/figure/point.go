package figure

import (
	"longmai/pipeline"
	"longmai/pipeline/numeral"
)

// This file reads numbers that stand in the text otherwise than numeral.Scan
// expects: 36. 5亿元 of electronic editions, which set a blank beside the point,
// and 五·三米 of older papers. What a terminal escape leaves in a text
// (投资[31m3亿元) is no part of the words around it.

// reach is how far behind its point a number goes at most, in bytes.
const reach = 48

// pointed returns the number n with the decimals behind a point that n ends
// before. When there is a point but the number is in doubt, it reports
// ambiguous, and end is behind its decimals.
func (s *scan) pointed(n *numeral.Number) (m numeral.Number, end int, ambiguous bool) {
	if n.End >= s.end || n.Form != numeral.Exact || n.Half || n.Ellipsis || !s.is(n.End, points) {
		return *n, 0, false
	}
	if n.Style == numeral.Han {
		return s.pointedHan(n), 0, false
	}
	if n.Style != numeral.Arabic || n.Zero || n.Fraction() || !n.Value.IsInteger() || n.Value.IsNegative() {
		return *n, 0, false
	}
	p, before := s.oneBlank(n.End)
	r, w := s.next(p)
	if r != '.' && r != '．' {
		return *n, 0, false
	}
	q, behind := s.oneBlank(p + w)
	if !before && !behind || !isDigit(first(s.next(q))) {
		return *n, 0, false
	}
	m, ok := s.joined(n, ".", q)
	if !ok || m.Digits-n.Digits > 3 || !s.countsOn(&m) {
		return *n, 0, false
	}
	r, _ = s.prev(n.Start)
	switch {
	case r == 0 && n.Digits <= 2, r == '\n':
		return *n, 0, false // 1. 5个项目落地: the number of a paragraph
	case tableNames.has(r), n.Digits == 1 && (isClauseEnd(r) || r == '、'), m.Scale == 0 && s.countsPieces(&m):
		return *n, m.End, true
	}
	return m, 0, false
}

// pointedHan reads the decimals behind the middle dot of 二十三·五公斤: a unit has
// to follow, so that 一二·九运动 and 雅克·三世 stay what they are.
func (s *scan) pointedHan(n *numeral.Number) numeral.Number {
	r, w := s.next(n.End)
	if r != '·' && r != '・' && r != '•' && r != '．' || !n.Value.IsInteger() && !n.Percent() {
		return *n
	}
	if next, _ := s.next(n.End + w); !hanDigits.has(next) && next != '〇' {
		return *n
	}
	m, ok := s.joined(n, "点", n.End+w)
	if !ok || m.Form != numeral.Exact {
		return *n
	}
	if u, _ := s.unitAt(m.End, &m); u == nil && !m.Percent() {
		return *n
	}
	return m
}

// joined scans the number of the signs of n, the point, and what stands at q.
func (s *scan) joined(n *numeral.Number, point string, q int) (numeral.Number, bool) {
	head := s.text[n.Start:n.End] + point
	m, ok := numeral.Scan(head+s.text[q:min(s.end, q+reach)], 0)
	if !ok || m.End <= len(head) {
		return m, false
	}
	shift := q - len(head)
	m.Start, m.End = n.Start, m.End+shift
	if m.MarkEnd > m.MarkStart {
		m.MarkStart, m.MarkEnd = m.MarkStart+shift, m.MarkEnd+shift
	}
	return m, true
}

// countsOn reports whether what follows n makes it a quantity: a scale it has, or a unit.
func (s *scan) countsOn(n *numeral.Number) bool {
	u, _ := s.unitAt(n.End, n)
	return u != nil || n.Scale > 0
}

// countsPieces reports whether the unit behind n is a classifier, of which there are no fractions.
func (s *scan) countsPieces(n *numeral.Number) bool {
	u, _ := s.unitAt(n.End, n)
	return u != nil && u.dim == "count"
}

// oneBlank returns the place behind one blank at p, and whether there is one.
func (s *scan) oneBlank(p int) (int, bool) {
	r, w := s.next(p)
	if r == ' ' || r == '\u00a0' || r == '\u3000' {
		return p + w, true
	}
	return p, false
}

// listMarker reports whether n numbers a paragraph that it begins: 1. 项目投资,
// 2、工业投资, （3）民间投资.
func (s *scan) listMarker(n *numeral.Number) bool {
	if n.Digits == 0 || n.Digits > 2 || n.Scale > 0 || !n.Value.IsInteger() {
		return false
	}
	r, w := s.prev(n.Start)
	if r == '（' || r == '(' {
		if before, _ := s.prev(n.Start - w); before != 0 {
			return false
		}
		close, _ := s.next(n.End)
		return close == '）' || close == ')'
	}
	if r != 0 {
		return false
	}
	r, w = s.next(n.End)
	if r != '.' && r != '．' && r != '、' {
		return false
	}
	q, _ := s.oneBlank(n.End + w)
	next, _ := s.next(q)
	return next != 0 && !isDigit(next)
}

// afterMarker returns the place behind the number of the paragraph, or its start.
func (s *scan) afterMarker() int {
	n, ok := numeral.Scan(s.text[:s.end], s.start)
	if !ok || !s.listMarker(&n) {
		return s.start
	}
	_, w := s.next(n.End)
	return n.End + w
}

// escapeBefore returns the start of the rest of a terminal escape that ends at
// p ([31m, with the control characters before it), p when there is none.
func (s *scan) escapeBefore(p int) int {
	q := p
	if q > s.start && s.text[q-1] == 'm' {
		for q--; q > s.start && (isDigit(rune(s.text[q-1])) || s.text[q-1] == ';'); q-- {
		}
		if q <= s.start || s.text[q-1] != '[' || q == p-1 {
			return p
		}
		q--
	}
	for q > s.start && isControl(s.text[q-1]) {
		q--
	}
	return q
}

// escapeAt returns the end of the rest of a terminal escape whose parameters
// begin at p, 0 when none does.
func (s *scan) escapeAt(p int) int {
	if p <= s.start || s.text[p-1] != '[' {
		return 0
	}
	q := p
	for q < s.end && (isDigit(rune(s.text[q])) || s.text[q] == ';') {
		q++
	}
	if q == p || q >= s.end || s.text[q] != 'm' || q+1 < s.end && s.text[q+1] == ']' {
		return 0
	}
	return q + 1
}

// escapeBehind returns the end of the rest of a terminal escape that begins at
// p, p when there is none.
func (s *scan) escapeBehind(p int) int {
	q := p
	for q < s.end && isControl(s.text[q]) {
		q++
	}
	if q < s.end && s.text[q] == '[' {
		if end := s.escapeAt(q + 1); end > 0 {
			return end
		}
	}
	return q
}

// isControl holds for control characters that are no white space.
func isControl(c byte) bool { return c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7f }

// cut reports whether the scale n was parted from its number by an escape: 5[0m亿元.
func (s *scan) cut(n *numeral.Number) bool {
	q := s.escapeBefore(n.Start)
	if !n.Bare || q == n.Start {
		return false
	}
	r, _ := s.prev(q)
	return isDigit(r)
}

// escapes refuses what an escape leaves at p, and returns where reading goes on; 0 where there is none.
func (s *scan) escapes(p int) int {
	end := s.escapeAt(p)
	if end > 0 {
		s.refuse(pipeline.Span{Start: p - len("["), End: end}, "escape", "the rest of a terminal escape sequence")
	}
	return end
}
