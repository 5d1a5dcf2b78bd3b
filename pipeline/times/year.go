package times

import (
	"slices"
	"strings"
)

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
		return n.value > 50 && (p.hasAny(k, "以来", "以后") != "" && (p.after(n.start, "自从") || n.value >= 80 && !n.chinese && p.clauseStart(n.start)) || n.value > 80 && n.value%10 > 0 && p.has(k, "的") && p.clauseStart(n.start))
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
var partWords = []string{"上半年", "下半年", "前半年", "头半年", "后半年", "首季", "前", "头", "第", "元月", "元"}

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
	for _, w := range p.t.entries(r) {
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

// reign reads 光绪三十三年, 民国元年, 乾隆年间.
func (p *parser) reign(k int, w *word) (point, int, bool) {
	pt := point{rule: "reign", unit: yearUnit, yref: fixed}
	if p.has(k, "元年") {
		pt.y, pt.y2 = w.offset, w.offset
		return pt, k + 6, true
	}
	if p.has(k, "年间") {
		pt.shape, pt.unit = vague, noUnit
		return pt, k + 6, true
	}
	n := numberAt(p.s[:p.hi], k)
	if n.end == 0 || n.value < 1 || n.value > 61 || !p.has(n.end, "年") {
		return point{}, k, false
	}
	pt.y = w.offset + n.value - 1
	pt.y2 = pt.y
	return pt, p.afterYear(&pt, n.end+3), true
}

// firstN reads 前三季度, 前7个月, 前三个季度.
func (p *parser) firstN(i, k int) (point, int, bool) {
	n := numberAt(p.s[:p.hi], k)
	if n.end == 0 || n.value < 1 || n.value > 12 || p.after(i, "以之目当提日此眼先跟面") ||
		p.has(i, "头") && !p.clauseStart(i) && !p.after(i, "年的") {
		return point{}, k, false // 目前3个月, 码头2月
	}
	pt := point{rule: "first", unit: quarterUnit, mref: fixed, m: 1, cumulative: true}
	j := p.spaces(n.end)
	switch {
	case p.has(j, "季度") && n.value <= 4:
		pt.m2 = 3 * n.value
		return pt, j + 6, true
	case p.has(j, "个季度") && n.value <= 4:
		pt.m2 = 3 * n.value
		return pt, j + 9, true
	case p.has(j, "个月"):
		pt.unit, pt.m2 = monthUnit, n.value
		return pt, j + 9 - 3, true
	case p.has(j, "月") && !p.has(j, "月球") && !n.chinese:
		pt.unit, pt.m2 = monthUnit, n.value
		return pt, j + 3, true
	}
	return point{}, k, false
}

// ordinal reads 第一季度 and lists of it.
func (p *parser) ordinal(i, k int) (point, int, bool) {
	n := numberAt(p.s[:p.hi], k)
	if n.end == 0 || n.value < 1 || n.value > 4 {
		return point{}, k, false
	}
	if p.has(n.end, "季度") {
		return p.quarter(point{}, n, n, n.end)
	}
	if m := p.rangeMark(n.end); m > 0 {
		if p.has(m, "第") {
			m += 3
		}
		b := numberAt(p.s[:p.hi], m)
		if b.end > 0 && b.value > n.value && p.has(b.end, "季度") {
			return p.quarter(point{}, n, b, b.end)
		}
	}
	return point{}, k, false
}

// anno reads 公元366年 and 公元前138年.
func (p *parser) anno(k int) (point, int, bool) {
	bc := p.has(k, "前")
	if bc {
		k += 3
	}
	n := numberAt(p.s[:p.hi], k)
	if n.end == 0 || n.value < 1 || n.value > 2199 {
		return point{}, k, false
	}
	j := p.spaces(n.end)
	pt := point{rule: "anno", unit: yearUnit, yref: fixed, y: n.value, y2: n.value}
	if bc {
		pt.shape, pt.unit = vague, noUnit
	}
	switch {
	case p.has(j, "年"):
		return pt, j + 3, true
	case p.has(j, "世纪") && n.value < 30:
		pt.rule, pt.unit, pt.y, pt.y2 = "century", centuryUnit, 100*n.value-99, 100*n.value
		if bc {
			pt.unit = noUnit
		}
		return pt, j + 6, true
	}
	return point{}, k, false
}

// thisSeason reads 今春, 去冬, 明秋.
func (p *parser) thisSeason(i, k int, w string) (point, int, bool) {
	off := map[string]int{"今": 0, "去": -1, "明": 1}[w[:3]]
	at := strings.Index("春夏秋冬", w[3:]) / 3
	if p.after(i, "如至古说文当证") && w[:3] != "去" || p.has(k, "至") && p.has(k+3, "今") {
		return point{}, k, false
	}
	if p.has(k, "以来") {
		return point{rule: "season.since", unit: quarterUnit, yref: issue, y: off, y2: off, mref: fixed, m: 3*at + 3, m2: 3*at + 5}, k, true
	}
	return point{rule: "season", unit: quarterUnit, yref: issue, y: off, y2: off, mref: fixed, m: 3*at + 3, m2: 3*at + 5}, k, true
}
