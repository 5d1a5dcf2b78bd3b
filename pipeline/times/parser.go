package times

import (
	"slices"
	"strings"
	"unicode/utf8"

	"longmai/corpus"
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
				i = p.at(i)
			} else {
				i++
			}
			continue
		}
		r, w := utf8.DecodeRuneInString(p.s[i:hi])
		if !p.t.leads(r) {
			i += w
			continue
		}
		i = p.at(i)
	}
}

// at reads an expression at byte i, adds it, and returns where to go on.
func (p *parser) at(i int) int {
	if next := p.list(i, i, point{}); next > 0 {
		return next
	}
	pt, end, ok := p.point(i)
	if !ok {
		return end
	}
	return p.finish(i, pt, end)
}

// point reads a single point of time at byte i. Without one, end is where to go on.
func (p *parser) point(i int) (pt point, end int, ok bool) {
	r, w := utf8.DecodeRuneInString(p.s[i:p.hi])
	for _, wd := range p.t.first[r] {
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
	n := numberAt(p.s[:p.hi], i)
	if n.end == 0 {
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
	r, _ := utf8.DecodeRuneInString(p.s[i:p.hi])
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
	return r != 0 && strings.ContainsRune(set, r)
}

// after reports whether the character before byte i is one of set.
func (p *parser) after(i int, set string) bool {
	r, _ := p.prev(i)
	return r != 0 && strings.ContainsRune(set, r)
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

// clauseEnd reports whether a clause ends at byte i.
func (p *parser) clauseEnd(i int) bool { return i >= p.hi || p.follows(i, clauseMarks) }

// clauseStart reports whether a clause begins at byte i.
func (p *parser) clauseStart(i int) bool {
	r, _ := p.prev(i)
	return r == 0 || strings.ContainsRune(clauseMarks, r)
}

// rangeMark returns the end of the mark between two ends of a range at byte i, 0 when there is none.
func (p *parser) rangeMark(i int) int {
	i = p.spaces(i)
	r := p.next(i)
	if r == 0 || !strings.ContainsRune(rangeMarks, r) {
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
		if next := p.list(p.spaces(end), i, pt); next > 0 {
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

// list reads numbers that share the unit of the last one (5、6月; 2021、2022年)
// at byte i, adds each as an expression, and returns the end, 0 when there is
// none. Where base, a year or a month, stands before it, begun at byte from, the
// members are parts of it: 今年5、6月, 9月23、24日.
func (p *parser) list(i, from int, base point) int {
	var items [12]number
	var starts [len(items)]int
	n := 0
	j := i
	ordinal := p.has(i, "第")
	for n < len(items) {
		begin := j
		if ordinal && p.has(j, "第") {
			j += len("第")
		}
		it := numberAt(p.s[:p.hi], j)
		if it.end == 0 || it.value < 0 || it.digits > 4 || n > 0 && it.value <= items[n-1].value {
			return 0
		}
		items[n], starts[n] = it, begin
		n++
		j = it.end
		if w := p.hasAny(j, "、", "和", "及", "与"); w != "" {
			j += len(w)
			continue
		}
		break
	}
	if n < 2 || n == len(items) || !ordinal && i == from && p.refusedBefore(items[0]) {
		return 0
	}
	last := items[n-1]
	if i == from && p.clauseStart(i) && i == p.lo && last.value != items[0].value+n-1 {
		return 0 // 1、10月份工作: the number of a paragraph
	}
	pt, end, ok := p.lastOfList(last)
	if ordinal && pt.unit != quarterUnit {
		return 0
	}
	if !ok || pt.shape != calendar || pt.edge != whole || pt.n > 0 {
		return 0
	}
	var put func(pt *point, v int) bool
	switch {
	case base.unit == monthUnit && (pt.unit != dayUnit || pt.mref != open):
		return 0
	case pt.unit == monthUnit && pt.m == last.value && pt.m2 == pt.m && pt.yref == open:
		put = func(q *point, v int) bool { q.m, q.m2 = v, v; return 1 <= v }
	case pt.unit == dayUnit && pt.mref == open && pt.d == last.value && (i == from || base.unit == monthUnit):
		put = func(q *point, v int) bool { q.d, q.d2 = v, v; return 1 <= v }
	case pt.unit == yearUnit && pt.yref == fixed && pt.y == -last.value-1 && i == from:
		put = func(q *point, v int) bool { q.y, q.y2 = -v-1, -v-1; return 80 <= v && v <= 99 }
	case pt.unit == yearUnit && pt.yref == fixed && pt.y == last.value && i == from:
		put = func(q *point, v int) bool { q.y, q.y2 = v, v; return 1000 <= v }
	case pt.unit == quarterUnit && !pt.cumulative && pt.m2 == last.value*3 && pt.yref == open:
		put = func(q *point, v int) bool { q.m, q.m2 = 3*v-2, 3*v; return 1 <= v }
	default:
		return 0
	}
	members := make([]expr, n)
	for k := range n {
		q := pt
		if !put(&q, items[k].value) {
			return 0
		}
		if i != from {
			q.yref, q.y, q.y2 = base.yref, base.y, base.y2
			if base.unit == monthUnit {
				q.rule, q.mref, q.m, q.m2 = "day", base.mref, base.m, base.m2
			}
		}
		members[k] = expr{start: starts[k], end: items[k].end, a: q, listed: k < n-1}
	}
	members[0].start, members[n-1].end = from, end
	p.suffix(&members[n-1])
	p.exprs = append(p.exprs, members...)
	return members[n-1].end
}

// lastOfList reads the last member of a list, with the unit that all share: 5、6月; 4、5两月.
func (p *parser) lastOfList(n number) (point, int, bool) {
	if w := p.hasAny(n.end, "两月", "两个月", "三个月"); w != "" && 1 <= n.value && n.value <= 12 {
		return point{rule: "month", unit: monthUnit, mref: fixed, m: n.value, m2: n.value}, n.end + len(w), true
	}
	if w := p.hasAny(n.end, "两年", "三年", "四年", "五年"); w != "" && n.digits == 4 && isYear(n.value) {
		return point{rule: "year", unit: yearUnit, yref: fixed, y: n.value, y2: n.value}, n.end + len(w), true
	}
	if r, _ := p.prev(n.start); r == '第' {
		return p.ordinal(n.start-len("第"), n.start)
	}
	return p.number(n)
}

// refusedBefore reports whether the number is the tail of something longer:
// a decimal, a code, an ordinal.
func (p *parser) refusedBefore(n number) bool {
	r, at := p.prev(n.start)
	switch {
	case r == 0:
		return false
	case strings.ContainsRune(".,，·．‧/:：", r):
		if n.chinese || (r == ',' || r == '，') && n.digits != 3 {
			return false
		}
		q, _ := p.prev(at)
		return '0' <= q && q <= '9' || '０' <= q && q <= '９'
	case 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' || 'Ａ' <= r && r <= 'Ｚ' || 'ａ' <= r && r <= 'ｚ':
		return true
	}
	return strings.ContainsRune("第万亿№几数", r)
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

// yearlySeasons run from one year into the next: 2022—2023采暖季.
var yearlySeasons = []string{"采暖季", "采暖期", "供暖季", "供暖期", "榨季", "赛季", "雪季", "产季", "财年", "年度"}

func isYear(y int) bool { return 1000 <= y && y < 2200 }

// year reads 2024年, 98年 and what may follow a year; j is the place of 年.
func (p *parser) year(n number, j int) (point, int, bool) {
	k := j + 3
	pt := point{rule: "year", unit: yearUnit, yref: fixed, y: n.value, y2: n.value}
	switch {
	case p.follows(k, "版级龄轮制期") && !p.follows(k+3, "间"):
		return point{}, n.end, false
	case n.digits == 4 && (!n.chinese || n.spoken) && isYear(n.value):
		if p.isSpanOfYears(n.value, n.start, k) {
			return p.elapsed(n, j)
		}
	case p.shortYear(n, k):
		pt.rule, pt.yref, pt.y, pt.y2 = "year.short", fixed, -n.value-1, -n.value-1
	default:
		return p.elapsed(n, j)
	}
	end := p.afterYear(&pt, k)
	return pt, end, true
}

// isSpanOfYears reports whether the round number of years v, which begins at
// byte from and whose 年 ends at byte k, is a length: 2000年历史, 树龄1200年.
func (p *parser) isSpanOfYears(v, from, k int) bool {
	if v%100 != 0 {
		return false
	}
	if v != 1900 && p.after(from, "龄有今约近达时世逾超满余") {
		return true // 树龄1200年, 距今2000年
	}
	if p.hasAny(k, "时间", "历史", "的历史", "之久", "来", "间", "前的", "文明", "以上") != "" {
		return true
	}
	if v == 2000 && p.issue > 0 && p.issue < 2000 {
		return false
	}
	return v != 1900 && p.has(k, "前") && !p.follows(k+3, "后期")
}

// shortYear reports whether the two digits of n are a year: 98年5月, 08年, 九八年.
func (p *parser) shortYear(n number, k int) bool {
	if n.digits != 2 || n.chinese && !n.spoken {
		return false
	}
	if m := numberAt(p.s[:p.hi], k); m.end > 0 && 1 <= m.value && m.value <= 12 && p.has(m.end, "月") {
		return true
	}
	if p.hasAny(k, "前", "后", "来", "间", "时间", "历史", "里", "以上", "以来", "以后", "左右", "多", "了", "的", "如", "之", "以内", "内", "寿", "工", "党", "教", "从", "坚", "代") != "" {
		return n.value > 50 && (p.hasAny(k, "以来", "以后") != "" && p.after(n.start, "自从") || n.value > 80 && n.value%10 > 0 && p.has(k, "的") && p.clauseStart(n.start))
	}
	cued := p.after(n.start, "自从到至在于比较")
	if n.chinese {
		return n.approx == 0 && n.value != 35 || cued // not 三五年
	}
	if n.value < 10 || n.value >= 80 {
		return cued || p.clauseStart(n.start)
	}
	return n.value >= 50 && cued
}

// edges reads 初, 底, 末, 中 behind a year at byte k.
func (p *parser) edges(pt *point, k int) int {
	if p.has(k, "年") && p.follows(k+3, "初中底末") {
		k += 3 // 2023年年底
	}
	switch {
	case p.has(k, "初期"):
		pt.edge = onward
		return k + len("初期")
	case p.has(k, "初") && !p.follows(k+3, "中步次级始心衷评选审冬春夏秋雪战赛试稿核"):
		pt.edge = firstDay
	case p.has(k, "底") && !p.follows(k+3, "气蕴线数色子层薪"), p.has(k, "末") && !p.follows(k+3, "端位代"):
		pt.edge = lastDay
	case p.has(k, "内") && !p.follows(k+3, "蒙部外容地需陆涵存") && pt.shape == calendar:
		pt.edge = within
	case p.has(k, "中") && (p.clauseEnd(k+3) || p.follows(k+3, "前时后以将建投完达开竣实")):
		pt.edge = midDay
	default:
		return 0
	}
	return k + 3
}

// afterYear reads what narrows a year down, from byte k on, and returns the end.
func (p *parser) afterYear(pt *point, k int) int {
	if j := p.edges(pt, k); j > 0 {
		return j
	}
	if p.has(k, "度") && !p.follows(k+3, "假过日汛夏冬荒") {
		k += 3
	}
	j := p.spaces(k)
	if p.has(j, "的") && (p.hasAny(j+3, "前三季度", "上半年", "下半年", "同期", "春天", "夏天", "秋天", "冬天", "春季", "夏季", "秋季", "冬季") != "" || p.monthAt(j+3)) {
		j += 3
	}
	if w := p.hasAny(j, "入冬以来", "入春以来", "入夏以来", "入秋以来", "入汛以来", "开春以来"); w != "" {
		pt.shape, pt.rule, pt.unit = until, "season.since", noUnit
		return j + len(w)
	}
	if w := p.hasAny(j, "全年"); w != "" {
		return j + len(w)
	}
	if p.has(j, "同期") {
		pt.shape, pt.rule = same, "same"
		return j + len("同期")
	}
	sub, end, ok := p.part(j)
	if !ok {
		return k
	}
	sub.yref, sub.y, sub.y2 = pt.yref, pt.y, pt.y2
	if sub.rule == "" {
		sub.rule = pt.rule
	}
	*pt = sub
	return end
}

// monthAt reports whether a month of a year stands at byte j: 12月, not 12个月.
func (p *parser) monthAt(j int) bool {
	n := numberAt(p.s[:p.hi], j)
	return n.end > 0 && 1 <= n.value && n.value <= 12 && p.has(n.end, "月")
}

// partWords are the words of the grammar that begin a part of a year.
var partWords = []string{"上半年", "下半年", "前半年", "后半年", "首季", "前", "头", "第", "元月", "元"}

// part reads a part of a year at byte j: a half, a quarter, months, a season, a holiday.
func (p *parser) part(j int) (point, int, bool) {
	n := numberAt(p.s[:p.hi], j)
	if n.end > 0 {
		if n.value < 1 || n.value > 12 {
			return point{}, 0, false
		}
		u := p.spaces(n.end)
		switch {
		case p.has(u, "月"):
			return p.month(point{}, n, n, u+3)
		case p.has(u, "季度"), p.has(u, "季"):
			return p.quarter(point{}, n, n, u)
		}
		if k := p.rangeMark(n.end); k > 0 {
			pt, end, ok := p.bareRange(n, k)
			return pt, end, ok && pt.unit >= monthUnit && pt.unit <= quarterUnit
		}
		return point{}, 0, false
	}
	r := p.next(j)
	for _, w := range p.t.first[r] {
		if !p.has(j, w.text) || w.class != holidayName && !slices.Contains(partWords, w.text) {
			continue
		}
		if pt, end, ok := p.word(j, w); ok && pt.unit <= halfUnit && pt.unit != clockUnit && pt.yref == open && (pt.shape == calendar || pt.shape == holidays) {
			return pt, end, true
		}
	}
	if pt, end, ok := p.season(j); ok {
		return pt, end, ok
	}
	if pt, end, ok := p.quoted(j); ok && pt.shape == holidays {
		return pt, end, ok
	}
	return point{}, 0, false
}

// month reads months a to b, and what narrows them down, from byte k behind 月 on.
func (p *parser) month(pt point, a, b number, k int) (point, int, bool) {
	if a.value < 1 || b.value > 12 || a.value > 12 || a.digits > 2 && !a.chinese {
		if a != b || a.approx == 0 {
			return point{}, a.end, false
		}
	}
	if p.follows(k, "龄均球薪饼嫂息经票租供色光") && a == b || p.nameBefore(a) || b.counts {
		return point{}, a.end, false
	}
	pt.rule, pt.unit, pt.mref, pt.m, pt.m2 = "month", monthUnit, fixed, a.value, b.value
	if a == b && a.approx > 0 {
		pt.m, pt.m2 = a.value/10, a.value%10
	}
	if pt.m2 > pt.m {
		pt.rule, pt.cumulative = "month.range", pt.m == 1
	}
	if p.has(k, "份") && !p.follows(k+3, "额") {
		k += 3
	}
	if pt.m2 > pt.m {
		return pt, k, true
	}
	if end := p.oldDay(a, k); end > 0 {
		return point{rule: "lunar", shape: vague}, end, true
	}
	return pt, p.afterMonth(&pt, k), true
}

// oldDay returns the end of a day of the old calendar behind a Chinese month: 八月十五, 五月初五, 九月九.
func (p *parser) oldDay(month number, k int) int {
	if !month.chinese {
		return 0
	}
	first := p.has(k, "初")
	if first {
		k += len("初")
	}
	d := numberAt(p.s[:p.hi], k)
	switch {
	case d.end == 0 || !d.chinese || d.spoken || d.counts || p.hasAny(d.end, "日", "号", "多", "余", "几", "万", "亿") != "":
		return 0
	case first && 1 <= d.value && d.value <= 10, !first && 11 <= d.value && d.value <= 30 && p.hasAny(d.end, "个", "家", "名", "人", "年", "月", "天") == "":
		return d.end
	case !first && d.value == month.value && d.value < 10 && p.hasAny(d.end, "个", "场", "月", "年", "次", "名", "家", "位", "批") == "":
		return d.end
	}
	return 0
}

// nameBefore reports whether a Chinese month is the given name of a person (记者李七月)
// or a month of the old calendar (闰四月).
func (p *parser) nameBefore(n number) bool {
	if !n.chinese {
		return false
	}
	r, at := p.prev(n.start)
	if r == '闰' {
		return true
	}
	if r == 0 || !strings.ContainsRune(surnames, r) {
		return false
	}
	q, _ := p.prev(at)
	return q == 0 || strings.ContainsRune(clauseMarks+"者员民长生师授任家", q)
}

const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"

// afterMonth reads a day or a part of a month, from byte k on, and returns the end.
func (p *parser) afterMonth(pt *point, k int) int {
	set := func(u unit, rule string, d, d2, end int) int {
		pt.unit, pt.rule, pt.d, pt.d2 = u, rule, d, d2
		return end
	}
	switch {
	case p.has(k, "上旬"):
		return set(tenDayUnit, "tendays", 1, 10, k+6)
	case p.has(k, "中旬"):
		return set(tenDayUnit, "tendays", 11, 20, k+6)
	case p.has(k, "下旬"):
		return set(tenDayUnit, "tendays", 21, 31, k+6)
	case p.has(k, "上半月"):
		return set(halfMonthUnit, "month.half", 1, 15, k+9)
	case p.has(k, "下半月"):
		return set(halfMonthUnit, "month.half", 16, 31, k+9)
	case p.has(k, "当月"):
		return k + 6
	case p.has(k, "底") && !p.follows(k+3, "气蕴线数色子层薪"), p.has(k, "末") && !p.follows(k+3, "端位"):
		pt.edge, pt.rule = lastDay, "month.end"
		return k + 3
	case p.has(k, "初") && !p.follows(k+3, "中步次级始心衷一二三四五六七八九十"):
		pt.edge, pt.rule = firstDay, "month.start"
		return k + 3
	}
	n := numberAt(p.s[:p.hi], p.spaces(k))
	if n.end == 0 || n.value < 1 || n.value > 31 || n.digits > 3 {
		return k
	}
	j := p.spaces(n.end)
	if w := p.hasAny(j, "日", "号"); w != "" {
		return set(dayUnit, "day", n.value, n.value, j+3)
	}
	if m := p.rangeMark(n.end); m > 0 {
		b := numberAt(p.s[:p.hi], m)
		if b.end > 0 && b.value > n.value && b.value <= 31 && p.hasAny(b.end, "日", "号") != "" {
			return set(dayUnit, "day.range", n.value, b.value, b.end+3)
		}
	}
	return k
}

// bareDay reads 27日 and 1—7日 without a month; j is the place of 日 or 号.
func (p *parser) bareDay(a, b number, j int) (point, int, bool) {
	none := func() (point, int, bool) { return point{}, a.end, false }
	if a.value < 1 || b.value > 31 || a.digits > 3 || b.digits > 3 || a.spoken && a.digits > 1 || b.counts {
		return none()
	}
	k := j + 3
	if p.has(j, "号") {
		if !p.after(a.start, "到过了从至在于") || !p.clauseEnd(k) && !p.follows(k, "就还才那当晚早上下中前后以之起开人来") || p.hasAny(k, "中学", "上线", "以上", "人员") != "" {
			return none()
		}
	} else {
		if p.hasAny(k, "内", "游", "龄", "均", "语", "产", "薪", "用", "式", "照", "之", "志", "子", "后", "来", "本", "里", "间", "新", "报", "常", "线") != "" ||
			p.has(k, "元") && !p.has(k, "元旦") || p.after(a.start, "近前后每满共期续时达约用") {
			return none()
		}
		if a.chinese && a == b && a.value <= 10 && !p.after(a.start, "于在至从月") && !p.clauseStart(a.start) && p.hasAny(k, "讯", "电") == "" {
			return none() // 三日 is as well three days
		}
		if a.chinese && a.value <= 3 && !p.clauseEnd(k) && p.hasAny(k, "讯", "电", "上午", "下午", "晚") == "" {
			return none()
		}
	}
	pt := point{rule: "day.bare", unit: dayUnit, dref: fixed, d: a.value, d2: b.value}
	return pt, k, true
}

// numeric reads 2024-10-27, 2024/10/27 and 2024.10.27.
func (p *parser) numeric(y number) (point, int, bool) {
	sep := p.next(y.end)
	i := y.end + utf8.RuneLen(sep)
	m := numberAt(p.s[:p.hi], i)
	if m.end == 0 || m.chinese || m.digits > 2 || p.next(m.end) != sep {
		return point{}, y.end, false
	}
	d := numberAt(p.s[:p.hi], m.end+utf8.RuneLen(sep))
	if d.end == 0 || d.chinese || d.digits > 2 || y.value < 1900 || !isYear(y.value) {
		return point{}, y.end, false
	}
	if m.value < 1 || m.value > 12 {
		return point{}, y.end, false
	}
	day := corpus.Day{Year: y.value, Month: firstOf(y.value, m.value).Month, Day: d.value}
	if r := p.next(d.end); !day.Valid() || r == sep || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
		return point{}, y.end, false
	}
	return point{rule: "day.numeric", unit: dayUnit, yref: fixed, y: y.value, y2: y.value, mref: fixed, m: m.value, m2: m.value, dref: fixed, d: d.value, d2: d.value}, d.end, true
}

// quarter reads quarters a to b; j is the place of 季.
func (p *parser) quarter(pt point, a, b number, j int) (point, int, bool) {
	if a.value < 1 || b.value > 4 || a.value > 4 || b.counts || !p.has(j, "季度") {
		return point{}, a.end, false
	}
	k := j + len("季度")
	pt.rule, pt.unit, pt.mref, pt.m, pt.m2 = "quarter", quarterUnit, fixed, 3*a.value-2, 3*b.value
	pt.cumulative = a.value == 1 && b.value > 1
	if p.has(k, "末") || p.has(k, "底") {
		pt.edge = lastDay
		k += 3
	} else if p.has(k, "初") && !p.follows(k+3, "步") {
		pt.edge = firstDay
		k += 3
	}
	return pt, k, true
}

// decade reads what stands before byte k as a decade: 80年代, 八十年代, 2020年代.
func (p *parser) decade(n number, k int) (point, int, bool) {
	pt := point{rule: "decade", unit: decadeUnit, yref: fixed}
	switch {
	case n.value%10 != 0:
		return point{}, n.end, false
	case 10 <= n.value && n.value <= 90:
		pt.y, pt.y2 = 1900+n.value, 1909+n.value
		pt.n = n.value // of no named century
	case isYear(n.value) && n.digits == 4:
		pt.y, pt.y2 = n.value, n.value+9
	default:
		return point{}, n.end, false
	}
	return pt, p.partOfDecade(&pt, k), true
}

// decades reads 八九十年代 and 五六十年代.
func (p *parser) decades(n number) (point, int, bool) {
	if !n.chinese || n.digits != 3 || !p.has(n.end, "年代") {
		return point{}, n.end, false
	}
	d, w := numeralAt(p.s, n.start)
	e, w2 := numeralAt(p.s, n.start+w)
	ten, _ := numeralAt(p.s, n.start+w+w2)
	if ten != 10 || d < 1 || e > 9 || e <= d {
		return point{}, n.end, false
	}
	pt := point{rule: "decade", unit: decadeUnit, yref: fixed, y: 1900 + 10*d, y2: 1909 + 10*e, n: 10 * d}
	return pt, n.end + len("年代"), true
}

func (p *parser) partOfDecade(pt *point, k int) int {
	first := pt.y
	switch {
	case p.has(k, "初期"):
		pt.y2 = first + 2
		return k + 6
	case p.has(k, "中期"):
		pt.y, pt.y2 = first+3, first+6
		return k + 6
	case p.has(k, "中后期"):
		pt.y = first + 3
		return k + 9
	case p.has(k, "后期"):
		pt.y = first + 6
		return k + 6
	case p.has(k, "末期"):
		pt.y = pt.y2 - 2
		return k + 6
	case p.has(k, "初") && !p.has(k, "初中"):
		pt.y2 = first + 2
		return k + 3
	case p.has(k, "末"):
		pt.y = pt.y2 - 2
		return k + 3
	}
	return k
}

// century reads what follows 20世纪, 上世纪, 本世纪; c is its number.
func (p *parser) century(c, k int) (point, int, bool) {
	if c < 1 || c > 22 {
		return point{}, k, false
	}
	base := 100 * (c - 1)
	j := p.spaces(k)
	n := numberAt(p.s[:p.hi], j)
	if n.end > 0 && p.has(n.end, "年代") {
		pt, end, ok := p.decades(n)
		if !ok {
			pt, end, ok = p.decade(n, n.end+len("年代"))
		}
		if ok && pt.y < 2000 && pt.n > 0 {
			pt.y, pt.y2, pt.n = pt.y-1900+base, pt.y2-1900+base, 0
			return pt, end, true
		}
	}
	if n.end > 0 && n.value%10 == 0 {
		if m := p.rangeMark(n.end); m > 0 {
			if pt, end, ok := p.bareRange(n, m); ok && pt.unit == decadeUnit {
				pt.y, pt.y2, pt.n = pt.y-1900+base, pt.y2-1900+base, 0
				return pt, end, true
			}
		}
	}
	pt := point{rule: "century", unit: centuryUnit, yref: fixed, y: base + 1, y2: base + 100}
	switch {
	case p.has(k, "初叶"), p.has(k, "初期"):
		pt.y2 = base + 10
		return pt, k + 6, true
	case p.has(k, "初") && !p.follows(k+3, "中步级"):
		pt.y2 = base + 10
		return pt, k + 3, true
	case p.has(k, "末期"), p.has(k, "末叶"):
		pt.y = base + 91
		return pt, k + 6, true
	case p.has(k, "末"):
		pt.y = base + 91
		return pt, k + 3, true
	case p.has(k, "中叶"), p.has(k, "中期"):
		pt.y, pt.y2 = base+41, base+60
		return pt, k + 6, true
	case p.has(k, "上半叶"), p.has(k, "前半叶"):
		pt.y2 = base + 50
		return pt, k + 9, true
	case p.has(k, "下半叶"), p.has(k, "后半叶"):
		pt.y = base + 51
		return pt, k + 9, true
	}
	return pt, k, true
}

// season reads 春, 夏, 秋, 冬 behind a year at byte j.
func (p *parser) season(j int) (point, int, bool) {
	at := slices.Index([]rune{'春', '夏', '秋', '冬'}, p.next(j))
	if at < 0 {
		return point{}, 0, false
	}
	k := j + 3
	switch {
	case p.hasAny(k, "天", "季") != "":
		k += 3
	case !p.clauseEnd(k) && p.hasAny(k, "以来", "至") == "":
		return point{}, 0, false // 夏粮, 春运
	}
	return point{rule: "season", unit: quarterUnit, mref: fixed, m: 3*at + 3, m2: 3*at + 5}, k, true
}

// elapsed reads a number of units before, up to or after the issue date:
// 三十年前, 三年来, 两个月前, 五年后; j is the place of the unit.
func (p *parser) elapsed(n number, j int) (point, int, bool) {
	none := func() (point, int, bool) { return point{}, n.end, false }
	if p.after(n.start, "第每") {
		return none()
	}
	u, k, exact := p.length(n, j)
	if u == noUnit {
		return none()
	}
	pt := point{unit: u, n: n.value}
	switch {
	case p.hasAny(k, "以来", "来") != "" && !p.follows(k+3, "自到源访华甘兰客宾临往电信函京肃陇看说讲"):
		pt.rule, pt.shape = "past.bare", past
		k += len(p.hasAny(k, "以来", "来"))
	case p.hasAny(k, "之前", "以前", "前") != "" && !p.follows(k+3, "后期景沿列身往来提半"):
		pt.rule, pt.shape = "ago", ago
		k += len(p.hasAny(k, "之前", "以前", "前"))
	case p.hasAny(k, "之后", "以后", "后") != "" && !p.follows(k+3, "期备勤续半"):
		pt.rule, pt.shape = "after", vague
		pt.unit = noUnit
		k += len(p.hasAny(k, "之后", "以后", "后"))
		return pt, k, true
	default:
		return none()
	}
	if !exact || n.approx > 0 || n.value > 500 || n.value == 0 {
		if pt.shape == past {
			pt.shape = until
		} else {
			pt.shape = vague
		}
		pt.unit = noUnit
	}
	return pt, k, true
}

// length reads the unit of a length of time at byte j: 年, 个月, 天. It reports
// whether the length is exact (no 多, 余).
func (p *parser) length(n number, j int) (u unit, end int, exact bool) {
	exact = true
	if w := p.hasAny(j, "多", "余"); w != "" {
		exact = false
		j += 3
	}
	units := []struct {
		word string
		unit unit
	}{{"年", yearUnit}, {"个多月", monthUnit}, {"个月", monthUnit}, {"天", dayUnit}, {"周年", noUnit}, {"周", weekUnit}, {"个星期", weekUnit}, {"个季度", quarterUnit}}
	for _, x := range units {
		if !p.has(j, x.word) {
			continue
		}
		j += len(x.word)
		if x.word == "个多月" {
			exact = false
		}
		if p.has(j, "多") {
			exact = false
			j += 3
		}
		if p.has(j, "半") {
			exact = false
			j += 3
		}
		return x.unit, j, exact
	}
	return noUnit, j, false
}
