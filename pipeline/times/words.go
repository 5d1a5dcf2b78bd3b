package times

import "strings"

// word reads a point that begins with an entry of the tables at byte i.
func (p *parser) word(i int, w *word) (point, int, bool) {
	k := i + len(w.text)
	switch w.class {
	case relativeWord:
		return p.relative(i, k, w)
	case planName:
		return p.plan(i, k, w, false)
	case eraName:
		return p.era(k, w)
	case reignName:
		return p.reign(k, w)
	case holidayName:
		return p.feast(k, w, false)
	case grammarWord:
		return p.phrase(i, k, w.text)
	}
	return point{}, k, false
}

// relative reads 今年, 上月, 年底 and what may follow.
func (p *parser) relative(i, k int, w *word) (point, int, bool) {
	if w.notBefore != "" && p.after(i, w.notBefore) || p.hasAny(k, w.notAfter...) != "" {
		return point{}, k, false
	}
	from := issue
	if w.prior {
		from = prior
	}
	pt := point{rule: "relative." + w.unit}
	year := func(off int) {
		pt.unit, pt.yref, pt.y, pt.y2 = yearUnit, from, off, off
	}
	switch w.unit {
	case "year":
		year(w.offset)
		if strings.HasSuffix(w.text, "度") {
			return pt, k, true
		}
		return pt, p.afterYear(&pt, k), true
	case "yearall":
		year(0)
		pt.yref = open
	case "yearin":
		year(0)
		pt.yref, pt.edge = open, within
	case "yearstart":
		year(0)
		pt.yref, pt.edge = open, firstDay
	case "yearmid":
		year(0)
		pt.yref, pt.edge = open, midDay
	case "yearend":
		year(0)
		pt.yref, pt.edge = open, lastDay
	case "monthstart", "monthend":
		pt.unit, pt.mref = monthUnit, issue
		pt.edge = lastDay
		if w.unit == "monthstart" {
			pt.edge = firstDay
		}
	case "month":
		pt.unit, pt.mref, pt.m, pt.m2 = monthUnit, from, w.offset, w.offset
		return pt, p.afterMonth(&pt, k), true
	case "quarter":
		pt.unit, pt.mref, pt.m, pt.m2 = quarterUnit, from, w.offset, w.offset
		if p.has(k, "末") {
			pt.edge = lastDay
			k += 3
		}
	case "week":
		return p.week(pt, k, w.offset)
	case "day":
		pt.unit, pt.dref, pt.d, pt.d2 = dayUnit, from, w.offset, w.offset
	case "winter":
		pt.unit, pt.yref, pt.y, pt.y2, pt.mref, pt.m, pt.m2 = quarterUnit, issue, -1, -1, fixed, 12, 17
	case "pair":
		year(w.offset)
		pt.y2++
	case "since":
		pt.shape = until
	case "ahead":
		pt.shape = vague
	case "none":
		pt.shape = vague
	}
	return pt, k, true
}

// phrase reads what begins with a word of the grammar, from byte k behind it on.
func (p *parser) phrase(i, k int, w string) (point, int, bool) {
	no := func() (point, int, bool) { return point{}, k, false }
	months := func(rule string, u unit, a, b int) point {
		return point{rule: rule, unit: u, mref: fixed, m: a, m2: b}
	}
	switch w {
	case "上半年", "前半年", "头半年", "下半年", "后半年":
		pt := months("half", halfUnit, 1, 6)
		if w == "下半年" || w == "后半年" {
			pt.m, pt.m2 = 7, 12
		}
		if p.has(k, "末") || p.has(k, "底") {
			pt.edge = lastDay
			k += 3
		}
		return pt, k, true
	case "上半月", "下半月":
		pt := point{rule: "month.half", unit: halfMonthUnit, dref: fixed, d: 1, d2: 15}
		if w == "下半月" {
			pt.d, pt.d2 = 16, 31
		}
		return pt, k, true
	case "首季":
		if p.has(k, "度") {
			k += 3
		}
		return months("quarter", quarterUnit, 1, 3), k, true
	case "前", "头":
		return p.firstN(i, k)
	case "第":
		return p.ordinal(i, k)
	case "近", "最近", "过去", "未来", "今后", "此前":
		return p.span(i, k, w)
	case "上世纪", "上个世纪", "本世纪", "新世纪":
		c := 21
		if p.issue > 0 {
			c = (p.issue + 99) / 100
		}
		if w[:3] == "上" {
			c--
		}
		if w == "新世纪" && !p.follows(k, "初") || p.after(i, "以") {
			return no()
		}
		return p.century(c, k)
	case "世纪之交":
		return point{rule: "century.turn", shape: vague}, k, true
	case "公元":
		return p.anno(k)
	case "每年", "每月":
		return p.recurring(k)
	case "农历", "腊月", "正月", "冬月":
		return p.lunar(i, k, w)
	case "党的":
		for _, x := range p.t.entries(p.next(k)) {
			if x.class != eraName || !p.has(k, x.text) {
				continue
			}
			if pt, end, ok := p.era(k+len(x.text), x); ok {
				return pt, end, true
			}
		}
		return no()
	case "除夕", "大年三十":
		return point{rule: "lunar", shape: vague}, k, true
	case "大年初":
		n := numberAt(p.s[:p.hi], k)
		return point{rule: "lunar", shape: vague}, max(n.end, k), n.chinese && n.value <= 10
	case "元月":
		pt := months("month", monthUnit, 1, 1)
		if p.has(k, "份") {
			k += 3
		}
		return pt, p.afterMonth(&pt, k), true
	case "元":
		m := p.rangeMark(k)
		if b := numberAt(p.s[:p.hi], max(m, p.lo)); m > 0 && b.value > 1 && b.value <= 12 && p.has(b.end, "月") && !p.after(i, amounts) {
			return p.month(point{}, number{start: i, end: k, value: 1, digits: 1}, b, b.end+3)
		}
		return no()
	case "届时":
		return point{rule: "echo", shape: echo}, k, true
	case "同期":
		if p.after(i, "不史创近年合共相") || p.follows(k, "声录步新最") {
			return no()
		}
		return point{rule: "same", shape: same, yref: open}, k, true
	case "入冬", "入春", "入夏", "入秋", "入汛", "开春":
		if !p.has(k, "以来") {
			return no()
		}
		return point{rule: "season.since", shape: until}, k + len("以来"), true
	case "今春", "今夏", "今秋", "今冬", "去春", "去夏", "去秋", "去冬", "明春", "明夏", "明秋", "明冬":
		return p.thisSeason(i, k, w)
	case "凌晨", "清晨", "早上", "早晨", "上午", "中午", "正午", "下午", "傍晚", "晚上", "早", "晚", "深夜", "夜里":
		n := numberAt(p.s[:p.hi], p.spaces(k))
		if n.end == 0 {
			return no()
		}
		return p.clock(n, true)
	case "’", "'":
		if pt, end, ok := p.quoted(i); ok {
			return pt, end, ok
		}
		n := numberAt(p.s[:p.hi], k)
		if n.digits != 2 || n.chinese || p.has(n.end, w) {
			return no()
		}
		pt := point{rule: "year.short", unit: yearUnit, yref: fixed, y: -n.value - 1, y2: -n.value - 1}
		if !p.has(n.end, "年") {
			return no() // ’98兰州: in the name of an event
		}
		return pt, p.afterYear(&pt, n.end+3), true
	case "‘", "“", "\"", "「", "『":
		return p.quoted(i)
	}
	return no()
}

// amounts are what stands before 元 where it is money.
const amounts = "0123456789０１２３４５６７８９一二两三四五六七八九十百千万亿几多余美欧日港"
