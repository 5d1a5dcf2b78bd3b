package figure

import (
	"strings"

	"longmai/pipeline"
	"longmai/pipeline/numeral"
)

// connectors stand between the ends of a range.
var connectors = []string{"——", "—", "–", "－", "―", "─", "~", "～", "〜", "-", "至", "到"}

// rangeOf reads 3—5亿元, 1200元至1500元, 18到22摄氏度. From 由 A 到 B it reads only
// A: that is a change.
func (s *scan) rangeOf(it *item) bool {
	n := &it.num
	if n.Form != numeral.Exact || n.Positional || n.Half {
		return false
	}
	u1, end := s.unitAt(n.End, n)
	if u1 == nil {
		end = n.End
	}
	c, word := s.connector(end)
	if !c && (u1 == nil || !s.slashed(end)) {
		return false
	}
	left := *it
	if u1 != nil {
		s.setUnit(&left, u1, end)
		s.slash(&left, &end)
		if c, word = s.connector(end); !c {
			return false
		}
	}
	m, ok := numeral.Scan(s.text[:s.end], end+len(word))
	if !ok || m.Form != numeral.Exact || m.Start != end+len(word) || m.Positional || m.Half || m.Fraction() != n.Fraction() {
		return false
	}
	right := item{num: m, core: pipeline.Span{Start: m.Start, End: m.End}}
	u2, next := s.unitAt(m.End, &m)
	if u2 == nil && u1 != nil {
		return false
	}
	if u2 != nil {
		s.setUnit(&right, u2, next)
		s.slash(&right, &next)
		if u2.dim != dim(left.unit, u2.dim) {
			return false
		}
	} else if s.moreCode(m.End) || n.Zero || m.Zero || n.Digits > 6 || m.Digits > 6 {
		it.core.End = m.End
		it.rule = "code"
		return true
	}
	low := n.Value
	if n.Scale == 0 && m.Scale > 0 && u1 == nil && low.LessThan(m.Value.Shift(-m.Scale)) {
		low = low.Shift(m.Scale)
	}
	high := m.Value
	if s.before(it.core.Start, "由", "从") && (word == "到" || word == "至") && !s.has(next, "不等", "之间", "的区间") {
		if u1 == nil && u2 != nil {
			it.num.Value, it.num.Low, it.num.High = low, low, low
			s.setUnit(it, right.unit, n.End)
			it.inferred = true
			s.setValue(it, &it.num)
			it.core.End = n.End
			it.rule = "change.from"
			return true
		}
		return false
	}
	it.isRange, it.form, it.rule = true, pipeline.Range, "range"
	if u2 == nil {
		it.core.End = m.End
		it.low, it.high = numeral.Some(low), numeral.Some(high)
		it.value = low
		return true
	}
	lowScaled, highScaled := right.scaled(low), right.scaled(high)
	if left.unit != nil && left.code != right.code {
		lowScaled = left.scaled(low).Mul(left.unit.factor).DivRound(right.unit.factor, 12)
	}
	if lowScaled.IsNegative() && highScaled.LessThan(lowScaled) { // 零下15℃到零下20℃
		lowScaled, highScaled = highScaled, lowScaled
	}
	if !lowScaled.LessThan(highScaled) {
		it.isRange, it.form, it.rule = false, pipeline.Point, "bare"
		return false
	}
	unitOf, code, kind := right.unit, right.code, right.kind
	it.setUnit(unitOf, next)
	it.code, it.kind, it.rule = code, kind, "range"
	it.low, it.high = numeral.Some(lowScaled), numeral.Some(highScaled)
	it.value = lowScaled
	return true
}

func dim(u *unit, otherwise string) string {
	if u == nil {
		return otherwise
	}
	return u.dim
}

func (s *scan) connector(p int) (bool, string) {
	if p < s.end && s.is(p, connects) {
		for _, c := range connectors {
			if s.has(p, c) {
				return true, c
			}
		}
	}
	return false, ""
}

// moreCode reports whether a run of digits and hyphens goes on at p, as in 2024-10-28.
func (s *scan) moreCode(p int) bool {
	r, w := s.next(p)
	if r != '-' && r != '—' && r != '/' {
		return isLatin(r)
	}
	next, _ := s.next(p + w)
	return isDigit(next)
}

// ratio reads 1∶3.5. Scales of maps, scores and times of the day are refused.
func (s *scan) ratio(it *item) bool {
	n := &it.num
	if n.End >= s.end || !s.is(n.End, divides) {
		return false
	}
	sep := 0
	for _, c := range [...]string{"∶", ":", "：", "比"} {
		if s.has(n.End, c) {
			sep = len(c)
			break
		}
	}
	if sep == 0 || n.Form != numeral.Exact || n.Fraction() {
		return false
	}
	word := s.text[n.End : n.End+sep]
	m, ok := numeral.Scan(s.text[:s.end], n.End+sep)
	if !ok || m.Form != numeral.Exact || m.Start != n.End+sep || m.Fraction() || m.Value.IsZero() || m.Half {
		return false
	}
	if word == "比" && (n.Digits == 0 && n.Style != numeral.Han || !s.near(n.Start, m.End, "比例", "配比", "比值")) {
		return false
	}
	clause := s.clauseText(n.Start)
	statistic := strings.Contains(clause, "比") || s.has(m.End, "比例", "的比例", "比值", "配比", "的配比", "配套", "配置")
	if (word == ":" || word == "：") && (n.Digits == 0 || m.Digits == 0) {
		return false
	}
	it.core.End = m.End
	it.kind, it.bare, it.rule = pipeline.Ratio, false, "ratio"
	it.value = n.Value.DivRound(m.Value, 12)
	it.form = pipeline.Point
	r, _ := s.next(m.End)
	switch {
	case m.Scale > 0 || m.Value.GreaterThanOrEqual(numeral.New(500, 0)) && n.Value.Equal(one) && (!strings.Contains(clause, "比") || strings.Contains(clause, "比例尺")):
		it.rule = "scale"
	case r == '∶' || r == ':' || r == '：':
		it.rule = "code"
	case s.near(n.Start, m.End, "战胜", "比分", "击败", "战平", "负于", "险胜", "完胜", "横扫", "逼平", "力克", "客场", "主场", "大胜", "取胜", "获胜", "告负", "淘汰"):
		it.rule = "score"
	case !statistic:
		it.rule = "clock"
	}
	return true
}

// clauseText returns the words from the start of the clause to p.
func (s *scan) clauseText(p int) string { return s.text[s.clauseStart(p):p] }

func runeStart(text string, p int) int {
	for p > 0 && text[p]&0xc0 == 0x80 {
		p++
	}
	return p
}

// insideNumber reports whether the comma before p is one of thousands.
func (s *scan) insideNumber(p int) bool {
	r, _ := s.next(p)
	q, _ := s.prev(p - 1)
	return isDigit(r) && isDigit(q)
}

// clauseEnds are the marks that end a clause.
const clauseEnds = "，,；;。：！？!?\n\t…—"

func isClauseEnd(r rune) bool {
	switch r {
	case '，', ',', '；', ';', '。', '：', '！', '？', '!', '?', '\n', '\t', '…', '—':
		return true
	}
	return false
}
