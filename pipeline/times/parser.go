package times

import (
	"strings"
	"unicode/utf8"
)

// A parser finds the expressions of time in one sentence. It reads forward
// only: every method looks at a bounded number of bytes behind a place, or at
// one run of numerals, which is then skipped.
type parser struct {
	t     *tables
	s     string // the whole text
	lo    int    // the sentence
	hi    int
	issue int // year of the issue, 0 when it is not known
	exprs []expr
}

// sentence appends the expressions of s[lo:hi].
func (p *parser) sentence(lo, hi int) {
	p.lo, p.hi = lo, hi
	for i := lo; i < hi; {
		c := p.s[i]
		if c < 0x80 {
			if '0' <= c && c <= '9' || c == '\'' || c == '"' {
				i = p.at(i, p.t.lead[c])
			} else {
				i++
			}
			continue
		}
		r, w := decode(p.s[:hi], i)
		if r >= 1<<16 || p.t.lead[r] == 0 {
			i += w
			continue
		}
		i = p.at(i, p.t.lead[r])
	}
}

// at reads an expression at byte i, whose character has the lead, adds it, and
// returns where to go on. Most places hold none, and are left at once.
func (p *parser) at(i int, lead uint16) int {
	l := &p.t.leads[lead]
	if !l.number {
		w := width(p.s[i])
		if !l.goesOn(p.next(i + w)) {
			return i + w
		}
		return p.read(i, number{})
	}
	n := numberAt(p.s[:p.hi], i)
	if !p.goesOn(n.end) && !l.goesOn(p.next(i+width(p.s[i]))) {
		return n.end // most numbers: no list, no date and no word
	}
	return p.read(i, n)
}

// read reads an expression at byte i, where the number n begins, or none.
func (p *parser) read(i int, n number) int {
	plain := n.end > 0 && !p.goesOn(n.end)
	if !plain && (n.end > 0 || p.has(i, "第")) {
		if next := p.list(i, i, &point{}); next > 0 {
			return next
		}
	}
	pt, end, ok := p.entry(i)
	if !ok && end == 0 {
		if plain {
			return n.end
		}
		pt, end, ok = p.numbered(i, n)
	}
	if !ok {
		return end
	}
	return p.finish(i, pt, end)
}

// numberTails are the characters of which one stands behind a number, blanks
// apart, that is part of a list or of a time.
var numberTails = runeBits("年月日号世季时点个天周多余、和及与:：-/.．－" + rangeMarks)

// goesOn reports whether the number that ends at byte k may be part of a list or of a time.
func (p *parser) goesOn(k int) bool {
	j := p.spaces(k)
	return j < p.hi && numberTails.has(p.next(j))
}

// point reads a single point of time at byte i. Without one, end is where to go on.
func (p *parser) point(i int) (pt point, end int, ok bool) {
	if pt, end, ok = p.entry(i); ok || end > 0 {
		return pt, end, ok
	}
	return p.numbered(i, numberAt(p.s[:p.hi], i))
}

// entry reads a point that begins with an entry of the tables at byte i. Without
// one, end is the end of the guard there, 0 when there is none.
func (p *parser) entry(i int) (pt point, end int, ok bool) {
	if i >= p.hi {
		return point{}, 0, false
	}
	r, w := decode(p.s[:p.hi], i)
	if r >= 1<<16 {
		return point{}, 0, false
	}
	l := &p.t.leads[p.t.lead[r]]
	if !l.goesOn(p.next(i + w)) {
		return point{}, 0, false
	}
	for _, wd := range l.words {
		if !p.has(i, wd.text) {
			continue
		}
		if wd.class == guardWord {
			return point{}, i + len(wd.text), false
		}
		if pt, end, ok := p.word(i, wd); ok {
			return pt, end, true
		}
	}
	return point{}, 0, false
}

// numbered reads a point that begins with the number n, at byte i.
func (p *parser) numbered(i int, n number) (point, int, bool) {
	if n.end == 0 {
		_, w := utf8.DecodeRuneInString(p.s[i:p.hi])
		return point{}, i + w, false
	}
	if pt, end, ok := p.number(n); ok {
		return pt, end, true
	}
	return point{}, n.end, false
}

// has reports whether the sentence goes on with word at byte i.
func (p *parser) has(i int, word string) bool { return strings.HasPrefix(p.s[i:p.hi], word) }

// hasAny returns the first of words that the sentence goes on with at byte i, or "".
func (p *parser) hasAny(i int, words ...string) string {
	for _, w := range words {
		if strings.HasPrefix(p.s[i:p.hi], w) {
			return w
		}
	}
	return ""
}

// next returns the character at byte i, 0 at the end of the sentence.
func (p *parser) next(i int) rune {
	if i >= p.hi {
		return 0
	}
	r, _ := decode(p.s[:p.hi], i)
	return r
}

// prev returns the character before byte i and its start; 0 at the start of the sentence.
func (p *parser) prev(i int) (rune, int) {
	if i <= p.lo {
		return 0, i
	}
	r, w := utf8.DecodeLastRuneInString(p.s[p.lo:i])
	return r, i - w
}

// follows reports whether the character at byte i is one of set.
func (p *parser) follows(i int, set string) bool {
	r := p.next(i)
	return r != 0 && contains(set, r)
}

// after reports whether the character before byte i is one of set.
func (p *parser) after(i int, set string) bool {
	r, _ := p.prev(i)
	return r != 0 && contains(set, r)
}

// spaces skips at most two blanks, which pages print between digits and 年.
func (p *parser) spaces(i int) int {
	for n := 0; n < 2 && i < p.hi && p.s[i] == ' '; n++ {
		i++
	}
	return i
}

const (
	clauseMarks = "，。；：！？、,;:!?（）()“”‘’\"《》〈〉—…\t\n \u3000"
	rangeMarks  = "—–-－~～至到―─"
)

var markRunes, rangeRunes = runeBits(clauseMarks), runeBits(rangeMarks)

// clauseEnd reports whether a clause ends at byte i.
func (p *parser) clauseEnd(i int) bool { return i >= p.hi || markRunes.has(p.next(i)) }

// clauseStart reports whether a clause begins at byte i.
func (p *parser) clauseStart(i int) bool {
	r, _ := p.prev(i)
	return r == 0 || markRunes.has(r)
}

// rangeMark returns the end of the mark between two ends of a range at byte i, 0 when there is none.
func (p *parser) rangeMark(i int) int {
	i = p.spaces(i)
	r := p.next(i)
	if r == 0 || !rangeRunes.has(r) {
		return 0
	}
	j := i + utf8.RuneLen(r)
	if r == '—' || r == '-' || r == '─' || r == '―' {
		if p.next(j) == r {
			j += utf8.RuneLen(r)
		}
	}
	return p.spaces(j)
}

// finish adds the expression that begins with pt: a range, a list of shared
// units, and 以来, 期间, 前 behind it. It returns where to go on.
func (p *parser) finish(i int, pt point, end int) int {
	if (pt.unit == yearUnit || pt.unit == monthUnit && pt.m == pt.m2) && pt.edge == whole && pt.shape == calendar && !pt.cumulative {
		if next := p.list(p.spaces(end), i, &pt); next > 0 {
			return next
		}
	}
	e := expr{start: i, end: end, a: pt}
	k := p.rangeMark(end)
	if p.has(end, "起至") {
		k = end + len("起至")
	}
	if k > 0 && (pt.shape == calendar || pt.shape == given || pt.unit == clockUnit) {
		if p.has(k, "今") && !p.follows(k+3, "年天日晚晨早春夏秋冬") {
			e.end, e.since = k+3, true
		} else if b, bend, ok := p.point(k); ok && joins(pt, b) {
			e.b, e.end, e.ranged = b, bend, true
		}
	}
	p.suffix(&e)
	p.exprs = append(p.exprs, e)
	return e.end
}

// joins reports whether a and b can be the ends of one range.
func joins(a, b point) bool {
	if (a.unit == clockUnit) != (b.unit == clockUnit) {
		return false
	}
	if a.unit == clockUnit {
		return true
	}
	if a.shape != calendar && a.shape != given || b.shape != calendar && b.shape != given {
		return false
	}
	if a.unit >= yearUnit && b.yref == open && b.shape == calendar {
		return false // 今年到6号
	}
	if a.shape == calendar && a.yref == prior || b.yref == prior {
		return false
	}
	return a.dref == open || b.d > 0 || b.m > 0 || b.yref != open || b.shape == given
}

// suffix reads what may stand behind an expression and belongs to it.
func (p *parser) suffix(e *expr) {
	last := e.a
	if e.ranged {
		last = e.b
	}
	if last.unit == clockUnit {
		return
	}
	if w := p.hasAny(e.end, "期间", "年间"); w != "" && last.unit >= dayUnit && last.edge == whole && w == "期间" {
		e.end += len(w)
	}
	switch {
	case last.shape == past || last.shape == ahead || last.shape == until || last.shape == vague:
	case p.has(e.end, "以来"):
		e.end, e.since = e.end+len("以来"), true
	case p.has(e.end, "起") && !p.follows(e.end+3, "来到草步点码重初源飞降伏") || p.has(e.end, "开始") && p.after(e.start, "自从"):
		e.since = true
	case p.sinceThen(e):
		e.since = true
	case last.unit == yearUnit && last.edge == whole && !e.ranged || last.edge == lastDay || last.unit == monthUnit && last.edge == whole || last.unit == planUnit,
		last.unit == dayUnit && last.mref != open && !e.ranged:
		for _, w := range []string{"之前", "以前", "前"} {
			if p.has(e.end, w) && (len(w) > 3 || !p.follows(e.end+3, "期后三四两个几半N往来景沿列夕身提一二五六七八九十0123456789")) {
				e.end, e.before = e.end+len(w), true
				return
			}
		}
		for _, w := range []string{"之后", "以后", "后"} {
			if last.unit >= yearUnit && p.has(e.end, w) && (len(w) > 3 || !p.follows(e.end+3, "期备勤续半两三五十来")) {
				e.end, e.after = e.end+len(w), true
				return
			}
		}
	}
}

// sinceThen reports whether e dates the event from which 以来 counts: 自2018年启动以来.
func (p *parser) sinceThen(e *expr) bool {
	reach := 18
	if p.after(e.start, "自从") {
		reach = 45
	}
	right := p.s[e.end:min(p.hi, e.end+reach)]
	j := strings.Index(right, "以来")
	return j > 0 && !e.ranged && !strings.ContainsAny(right[:j], clauseCuts+"年月日")
}

// refusedBefore reports whether the number is the tail of something longer:
// a decimal, a code, an ordinal.
func (p *parser) refusedBefore(n number) bool {
	r, at := p.prev(n.start)
	switch {
	case r == 0:
		return false
	case contains(".,，·．‧/:：", r):
		if n.chinese || (r == ',' || r == '，') && n.digits != 3 {
			return false
		}
		q, _ := p.prev(at)
		return '0' <= q && q <= '9' || '０' <= q && q <= '９'
	case 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' || 'Ａ' <= r && r <= 'Ｚ' || 'ａ' <= r && r <= 'ｚ':
		return true
	}
	return contains("第万亿№几数", r)
}

// number reads a point that begins with the number n.
func (p *parser) number(n number) (point, int, bool) {
	none := func() (point, int, bool) { return point{}, n.end, false }
	if n.value < 0 || p.refusedBefore(n) {
		if pt, end, ok := p.decades(n); ok {
			return pt, end, ok
		}
		return none()
	}
	j := p.spaces(n.end)
	switch {
	case p.has(j, "年代"):
		return p.decade(n, j+len("年代"))
	case p.has(j, "年"):
		return p.year(n, j)
	case p.has(j, "月"):
		return p.month(point{}, n, n, j+3)
	case p.has(j, "日"), p.has(j, "号"):
		return p.bareDay(n, n, j)
	case p.has(j, "世纪") && !p.after(n.start, "前半"):
		return p.century(n.value, j+len("世纪"))
	case p.has(j, "季度"), p.has(j, "季"):
		return p.quarter(point{}, n, n, j)
	case p.has(j, "时"), p.has(j, "点"), p.has(j, ":"), p.has(j, "："):
		return p.clock(n, false)
	case p.has(j, "个"), p.has(j, "天"), p.has(j, "周"), p.has(j, "多"), p.has(j, "余"):
		return p.elapsed(n, j)
	case n.digits == 4 && !n.chinese && p.follows(n.end, "-/.．－"):
		if pt, end, ok := p.numeric(n); ok {
			return pt, end, ok
		}
		if p.has(n.end, "/") && isYear(n.value) {
			return p.bareRange(n, n.end+1) // 2021/2022年度
		}
	}
	if k := p.rangeMark(n.end); k > 0 && n.digits <= 4 {
		return p.bareRange(n, k)
	}
	return none()
}

// bareRange reads a range whose first end has no unit: 2021—2024年, 1至8月, 1—7日.
func (p *parser) bareRange(a number, k int) (point, int, bool) {
	b := numberAt(p.s[:p.hi], k)
	if b.end == 0 || b.value < 0 || b.digits > 4 {
		return point{}, a.end, false
	}
	j := p.spaces(b.end)
	switch {
	case p.has(j, "年代") && b.value%10 == 0 && a.value%10 == 0 && a.value < b.value:
		pt, end, ok := p.decade(b, j+len("年代"))
		pt.y = pt.y2 - 9 - (b.value - a.value)
		return pt, end, ok
	case p.has(j, "学年") && isYear(a.value) && b.value == a.value+1:
		return point{rule: "year.school", unit: yearUnit, yref: fixed, y: a.value, y2: a.value, mref: fixed, m: 9, m2: 20}, j + len("学年"), true
	case isYear(a.value) && b.value == a.value+1 && p.hasAny(j, yearlySeasons...) != "":
		return point{rule: "year.range", unit: yearUnit, yref: fixed, y: a.value, y2: b.value}, j + len(p.hasAny(j, yearlySeasons...)), true
	case a.digits == 4 && b.digits == 4 && 1700 <= a.value && a.value < b.value && b.value < a.value+120 && b.value < 2100 &&
		p.after(a.start, "（(") && p.follows(b.end, "）)"):
		return point{rule: "year.range", unit: yearUnit, yref: fixed, y: a.value, y2: b.value}, b.end, true // 张澍（1776—1847）
	case p.has(j, "年") && isYear(a.value) && a.digits == 4:
		y2 := b.value
		if b.digits == 2 {
			if y2 += a.value / 100 * 100; y2 <= a.value {
				y2 += 100 // 1998—03年
			}
		}
		if b.digits != 4 && b.digits != 2 || y2 <= a.value || y2 > a.value+200 {
			return point{}, a.end, false
		}
		pt := point{rule: "year.range", unit: yearUnit, yref: fixed, y: a.value, y2: y2}
		end := p.afterYear(&pt, j+3)
		return pt, end, true
	case p.has(j, "年") && a.digits == 2 && b.digits == 2 && !a.chinese && a.value >= 80 && (a.value < b.value || b.value < 10) && !p.has(j, "年代"):
		pt := point{rule: "year.range", unit: yearUnit, yref: fixed, y: -a.value - 1, y2: -b.value - 1}
		return pt, p.afterYear(&pt, j+3), true // 96—98年
	case p.has(j, "月") && a.value < b.value:
		return p.month(point{}, a, b, j+3)
	case (p.has(j, "日") || p.has(j, "号")) && a.value < b.value:
		return p.bareDay(a, b, j)
	case p.has(j, "季度") && a.value < b.value:
		return p.quarter(point{}, a, b, j)
	}
	return point{}, a.end, false
}

// hasBefore reports whether one of words stands before byte i in the sentence.
func (p *parser) hasBefore(i int, words ...string) bool {
	for _, w := range words {
		if strings.HasSuffix(p.s[p.lo:i], w) {
			return true
		}
	}
	return false
}
