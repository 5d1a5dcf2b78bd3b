package times

import "strings"

// word reads a point that begins with an entry of the tables at byte i.
func (p *parser) word(i int, w word) (point, int, bool) {
	k := i + len(w.text)
	switch w.class {
	case relativeWord:
		return p.relative(i, k, w)
	case planName:
		return p.plan(i, k, w, false)
	case eraName:
		return p.era(i, k, w)
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
func (p *parser) relative(i, k int, w word) (point, int, bool) {
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

// week reads the day of a week: 上周五, 本周末.
func (p *parser) week(pt point, k, off int) (point, int, bool) {
	pt.unit, pt.dref, pt.d, pt.d2 = weekUnit, issue, 7*off, 0
	for d, w := range []string{"一", "二", "三", "四", "五", "六", "日"} {
		if p.has(k, w) && !p.has(k, "一级") {
			pt.unit, pt.d2, pt.rule = dayUnit, d+1, "weekday"
			return pt, k + 3, true
		}
	}
	switch {
	case p.has(k, "天") && !p.has(k, "天气"):
		pt.unit, pt.d2, pt.rule = dayUnit, 7, "weekday"
		k += 3
	case p.has(k, "末"):
		pt.d2, pt.n = 6, 2 // the weekend
		k += 3
	}
	return pt, k, true
}

var quotes = map[rune]string{'“': "”", '‘': "’", '"': "\"", '\'': "'", '’': "’", '「': "」", '『': "』"}

// quoted reads a plan or a holiday in quotation marks: “十四五”期间, “五一”假期.
func (p *parser) quoted(i int) (point, int, bool) {
	closing, ok := quotes[p.next(i)]
	if !ok {
		return point{}, i, false
	}
	j := i + len(string(p.next(i)))
	if j >= p.hi {
		return point{}, i, false
	}
	for _, w := range p.t.first[p.next(j)] {
		k := j + len(w.text)
		if !p.has(j, w.text) || !p.has(k, closing) {
			continue
		}
		switch w.class {
		case planName:
			return p.plan(i, k+len(closing), w, true)
		case holidayName:
			return p.feast(k+len(closing), w, true)
		}
	}
	return point{}, i, false
}

// plan reads what stands behind the name of a five-year plan. The name alone
// is the name of a document (“十四五”规划), not a time.
func (p *parser) plan(i, k int, w word, quoted bool) (point, int, bool) {
	pt := point{rule: "plan", shape: given, unit: planUnit, from: w.from, to: w.to}
	j := k
	if x := p.hasAny(j, "规划", "计划"); x != "" && p.hasAny(j+len(x), "末", "收官", "开局", "时期", "期间", "实施以来", "以来") != "" {
		j += len(x)
	}
	if x := p.hasAny(j, "期间", "时期", "规划期", "计划期", "期"); x != "" && !p.has(j, "期初") && !p.has(j, "期末") {
		if x == "期" && !p.clauseEnd(j+3) {
			return point{}, k, false
		}
		j += len(x)
		if strings.HasSuffix(x, "划期") && p.has(j, "内") {
			return pt, j + 3, true
		}
		if y := p.hasAny(j, "内", "的"); y != "" && (y == "内" || p.hasAny(j+3, "前", "头", "后") != "") {
			if q, end, ok := p.yearsOfPlan(pt, j+3); ok {
				return q, end, true
			}
		}
		if q, end, ok := p.yearsOfPlan(pt, j); ok {
			return q, end, true
		}
		return pt, j, true
	}
	if p.has(j, "期") {
		j += 3
	}
	switch {
	case p.has(j, "以来"):
		return pt, j, true
	case p.has(j, "实施以来"), p.has(j, "开局以来"):
		return pt, j + len("实施"), true
	case p.has(j, "末期"), p.has(j, "后期"):
		pt.from = firstOf(pt.to.Year-1, 1)
		return pt, j + 6, true
	case p.has(j, "末"), p.has(j, "底"):
		pt.edge = lastDay
		return pt, j + 3, true
	case p.has(j, "初期"):
		pt.edge = onward
		return pt, j + 6, true
	case p.has(j, "中期"), p.has(j, "中后期"):
		pt.from, pt.to = firstOf(pt.from.Year+2, 1), lastOf(pt.from.Year+2, 12)
		if p.has(j, "中后期") {
			pt.to = w.to
			return pt, j + 9, true
		}
		return pt, j + 6, true
	case p.has(j, "初") && !p.follows(j+3, "步"):
		pt.edge = firstDay
		return pt, j + 3, true
	}
	if x := p.hasAny(j, "的开局之年", "开局之年", "开局年", "的第一年", "第一年", "起步之年"); x != "" {
		pt.unit, pt.to = yearUnit, lastOf(pt.from.Year, 12)
		return pt, j + len(x), true
	}
	if x := p.hasAny(j, "的收官之年", "收官之年", "收官年", "最后一年", "的最后一年", "末年"); x != "" {
		pt.unit, pt.from = yearUnit, firstOf(pt.to.Year, 1)
		return pt, j + len(x), true
	}
	if q, end, ok := p.yearsOfPlan(pt, j); ok {
		return q, end, true
	}
	if !quoted {
		return point{}, k, false
	}
	alone := p.clauseEnd(k) || p.rangeMark(k) > 0 || p.follows(k, "和与及是我全将要")
	led := p.hasBefore(i, "进入", "迈入", "步入", "迈向", "展望", "谋划", "面向", "跨入", "开启", "比", "较", "从", "自", "到", "至", "在", "整个", "与")
	if !alone && !led || p.hasBefore(i, "编制", "落实", "实施", "按照", "根据", "国家", "纳入", "列入", "全省", "我省", "制定") {
		return point{}, k, false
	}
	if alone && !led && !p.clauseStart(i) {
		return point{}, k, false
	}
	return pt, k, true
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

// yearsOfPlan reads 前三年, 后两年, 头两年 of a plan.
func (p *parser) yearsOfPlan(pt point, j int) (point, int, bool) {
	x := p.hasAny(j, "前", "头", "后")
	if x == "" {
		return pt, j, false
	}
	n := numberAt(p.s[:p.hi], j+3)
	if n.end == 0 || n.value < 1 || n.value > 4 || !p.has(n.end, "年") {
		return pt, j, false
	}
	if x == "后" {
		pt.from = firstOf(pt.to.Year-n.value+1, 1)
	} else {
		pt.to = lastOf(pt.from.Year+n.value-1, 12)
	}
	return pt, n.end + 3, true
}

// era reads an event with 以来 or N年来, or an age with 期间 or 时期.
func (p *parser) era(i, k int, w word) (point, int, bool) {
	pt := point{rule: "era", shape: given, unit: noUnit, from: w.from, to: w.to}
	switch {
	case p.has(k, "以来"):
		return pt, k, true
	case p.has(k, "后") && p.has(k+3, "以来"):
		return pt, k + 3, true
	case !w.to.IsZero() && p.hasAny(k, "期间", "时期") != "":
		if w.to.Year-w.from.Year > 1 {
			pt.unit = planUnit
		}
		return pt, k + len("期间"), true
	case w.to.IsZero() && p.has(k, "初期"):
		return pt, k + len("初期"), true
	}
	n := numberAt(p.s[:p.hi], k)
	if n.end > 0 && n.value > 0 {
		if u, j, _ := p.length(n, n.end); u == yearUnit {
			if x := p.hasAny(j, "以来", "来"); x != "" && !p.follows(j+len(x), "自到访") {
				pt.rule = "era.years"
				pt.n = n.value
				return pt, j + len(x), true
			}
		}
	}
	return point{}, k, false
}

// reign reads 光绪三十三年, 民国元年, 乾隆年间.
func (p *parser) reign(k int, w word) (point, int, bool) {
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

// feast reads what stands behind the name of a holiday. The name alone is no
// time: 五一 may be a village.
func (p *parser) feast(k int, w word, quoted bool) (point, int, bool) {
	pt := point{rule: "holiday", shape: holidays, unit: dayUnit, holiday: w.text}
	if p.t.aliases[w.text] != "" {
		pt.holiday = p.t.aliases[w.text]
	}
	j := k
	if x := p.hasAny(j, "国际劳动节", "劳动节", "中秋", "国庆", "节"); x != "" {
		if (x == "中秋" || x == "国庆") && w.text != "国庆" && w.text != "中秋" {
			return point{}, k, false
		}
		if !p.has(j, "节目") && !p.has(j, "节能") && !p.has(j, "节约") {
			j += len(x)
			if x == "中秋" || x == "国庆" { // 中秋国庆假期
				pt.holiday = "国庆"
				j += len(p.hasAny(j, "节"))
			}
		}
	}
	x := p.hasAny(j, "假期", "期间", "黄金周", "小长假", "长假", "假日", "节假日")
	if x != "" {
		j += len(x)
		if y := p.hasAny(j, "期间"); y != "" && x != "期间" {
			j += len(y)
		}
		return pt, j, true
	}
	if n := numberAt(p.s[:p.hi], j); n.end > 0 && n.value > 0 && n.value < 12 && (p.has(n.end, "天") || p.has(n.end, "日")) {
		if p.hasAny(n.end+3, "假", "长假", "小长假") != "" {
			return pt, j, true // 国庆7天假期: the length is a figure
		}
	}
	return point{}, k, false
}

// phrase reads what begins with a word of the grammar, from byte k behind it on.
func (p *parser) phrase(i, k int, w string) (point, int, bool) {
	no := func() (point, int, bool) { return point{}, k, false }
	months := func(rule string, u unit, a, b int) point {
		return point{rule: rule, unit: u, mref: fixed, m: a, m2: b}
	}
	switch w {
	case "上半年", "前半年", "下半年", "后半年":
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
		if p.after(i, "不史创近") || p.follows(k, "声录步新最") {
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

// amounts are what stands before 元 where it is money.
const amounts = "0123456789０１２３４５６７８９一二两三四五六七八九十百千万亿几多余美欧日港"

const hedged = "了时达已有经过龄隔作干守用费长业教住当养营学等待续来为需要第晚早迟快耗花仅才共"

// span reads 近三年, 过去十年, 未来五年, 近五年来.
func (p *parser) span(i, k int, w string) (point, int, bool) {
	if w == "此前" || w == "近" && p.after(i, "附最将接靠临远相邻") {
		return point{}, k, false
	}
	few := 0
	n := numberAt(p.s[:p.hi], p.spaces(k))
	if n.end == 0 || n.value < 1 || n.value > 100 || n.approx > 0 {
		if x := p.hasAny(k, "几", "数"); x == "" || w == "近" {
			return point{}, k, false
		}
		few, n = 1, number{start: k, end: k + 3, value: 1}
	}
	j := p.spaces(n.end)
	var u unit
	exact := true
	if p.has(j, "半年") || p.has(n.start, "半年") {
		return point{}, k, false
	}
	if u, j, exact = p.length(n, j); u == noUnit {
		return point{}, k, false
	}
	pt := point{rule: "past", shape: past, unit: u, n: n.value}
	if w == "未来" || w == "今后" {
		pt.rule, pt.shape = "ahead", ahead
	}
	x := p.hasAny(j, "以来", "来", "间", "里", "中")
	if x == "来" && p.follows(j+3, "自到源访华甘兰") || x == "中" && !p.clauseEnd(j+3) || x == "里" && p.follows(j+3, "程") {
		x = ""
	}
	if w == "近" {
		switch {
		case p.hasAny(j, "的历史", "历史", "的时间", "时间", "之久", "的努力", "的发展", "后", "前") != "":
			return point{}, k, false
		case x == "" && (p.after(i, hedged) || !p.clauseStart(i) && n.value > 10 || n.value > 30):
			return point{}, k, false // 历时近三年, 近20年工龄
		}
	}
	j += len(x)
	if p.has(j, "内") && pt.shape == ahead {
		j += 3
	}
	if few == 1 || !exact {
		pt.shape, pt.unit = vague, noUnit
		if pt.rule == "past" {
			pt.shape = until
		}
	}
	return pt, j, true
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

// recurring reads 每年3月, 每年10月至次年4月, 每月15日: times of no one day.
func (p *parser) recurring(k int) (point, int, bool) {
	if p.has(k, "的") {
		k += 3
	}
	pt, end, ok := p.part(k)
	if !ok {
		n := numberAt(p.s[:p.hi], k)
		if n.end == 0 {
			return point{}, k, false
		}
		if pt, end, ok = p.number(n); !ok || pt.unit > monthUnit || pt.yref != open {
			return point{}, k, false
		}
	}
	if m := p.rangeMark(end); m > 0 {
		if x := p.hasAny(m, "次年", "翌年", "来年", "第二年"); x != "" {
			m += len(x)
		}
		if q, e2, ok := p.part(m); ok && q.unit <= quarterUnit {
			end = e2
		} else if q, e2, ok := p.number(numberAt(p.s[:p.hi], m)); ok && q.unit == dayUnit && q.mref == open {
			end = e2 // 每月10日至15日
		}
	}
	return point{rule: "recurring", shape: vague}, end, true
}

// lunar reads days of the old calendar: they are times, but of no day that is known here.
func (p *parser) lunar(i, k int, w string) (point, int, bool) {
	pt := point{rule: "lunar", shape: vague}
	j := k
	found := w != "农历"
	if !found {
		n := numberAt(p.s[:p.hi], j)
		if n.end > 0 && n.value > 12 && p.has(n.end, "年") { // 农历二〇二四年
			j, found = n.end+3, true
			n = numberAt(p.s[:p.hi], j)
		}
		if x := p.hasAny(j, "正月", "腊月", "冬月"); x != "" {
			j, found = j+len(x), true
		} else if n.end > 0 && p.has(n.end, "月") {
			j, found = n.end+3, true
		}
	} else if p.follows(k, "嫁娶") || p.after(i, "过") && p.clauseEnd(k) {
		return point{}, k, false
	}
	if !found {
		return point{}, k, false
	}
	if p.has(j, "初") {
		if n := numberAt(p.s[:p.hi], j+3); n.end > 0 && n.value <= 10 {
			return pt, n.end, true
		}
	}
	if n := numberAt(p.s[:p.hi], j); n.end > 0 && n.value >= 1 && n.value <= 30 && p.hasAny(n.end, "个", "亿", "万", "家", "名", "年") == "" {
		j = n.end
		if p.has(j, "日") {
			j += 3
		}
	}
	return pt, j, true
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

// clock reads a time of day that begins with the hour n. Without a word for
// the part of the day before it, it must not be three points or a score.
func (p *parser) clock(n number, part bool) (point, int, bool) {
	no := func() (point, int, bool) { return point{}, n.end, false }
	if n.value < 0 || n.value > 24 || n.digits > 3 || n.spoken {
		return no()
	}
	pt := point{rule: "clock", shape: vague, unit: clockUnit}
	cued := part || p.after(n.start, "日号晚午晨天夜")
	j := p.spaces(n.end)
	minutes := func(k int, u string) (int, bool) {
		m := numberAt(p.s[:p.hi], p.spaces(k))
		if m.end > 0 && m.value >= 0 && m.value < 60 && p.has(p.spaces(m.end), u) {
			return p.spaces(m.end) + len(u), true
		}
		return k, false
	}
	switch {
	case p.has(j, "时"):
		j += 3
		if k, ok := minutes(j, "分"); ok && !p.has(k, "之") {
			if m := p.rangeMark(k); m > 0 {
				if k2, ok := minutes(m, "分"); ok {
					return pt, k2, true // 12时20分至30分
				}
			}
			return pt, p.seconds(k), true
		}
		if (p.clauseStart(n.start) || p.after(n.start, "于在到至从自")) && p.hasAny(j, "前", "起", "止", "左右") != "" && !p.has(j, "前后") {
			return pt, j, true
		}
		if x := p.hasAny(j, "许", "整", "半"); x != "" {
			return pt, j + len(x), true
		}
		if cued || p.clauseStart(n.start) && p.clauseEnd(j) || p.rangeMark(j) > 0 && p.hourAt(p.rangeMark(j)) || p.after(n.start, "至到—－-～从") && p.clauseEnd(j) || n.value == 0 && n.chinese && !p.after(n.start, "数百千十年") {
			return pt, j, true
		}
	case p.has(j, "点"):
		j += 3
		if p.has(j, "钟") {
			return pt, j + 3, true
		}
		if k, ok := minutes(j, "分"); ok && !p.has(k, "之") && (cued || !n.chinese) {
			return pt, k, true
		}
		if p.has(j, "半") && (cued || !p.follows(j+3, "的")) {
			return pt, j + 3, true
		}
		if x := p.hasAny(j, "许", "整", "多"); x != "" && cued {
			return pt, j + len(x), true
		}
		if n.value == 0 && n.chinese && !p.hasDigit(j) {
			return pt, j, true
		}
		if cued && !p.hasDigit(j) {
			return pt, j, true
		}
	default: // 10:30
		k := j + len(p.hasAny(j, ":", "："))
		m := numberAt(p.s[:p.hi], k)
		if m.end == 0 || m.digits != 2 || m.chinese || n.chinese || m.value > 59 || p.hasDigit(m.end) {
			return no()
		}
		r := p.rangeMark(m.end)
		if x := p.hasAny(m.end, "整", "许"); x != "" {
			return pt, m.end + len(x), true
		}
		if cued || p.after(n.start, "于至到从在自—－-～~") || p.hasBefore(n.start, "时间：", "时间:") || r > 0 && p.hasDigit(r) {
			if p.follows(m.end, ":：") {
				return pt, p.seconds(m.end), true
			}
			return pt, m.end, true
		}
	}
	return no()
}

func (p *parser) hasDigit(i int) bool {
	n := numberAt(p.s[:p.hi], i)
	return n.end > 0
}

func (p *parser) hourAt(i int) bool {
	n := numberAt(p.s[:p.hi], i)
	return n.end > 0 && n.value >= 0 && n.value <= 24 && (p.has(n.end, "时") || p.has(n.end, "点"))
}

// seconds reads 36秒 or :36 behind minutes that end at byte k.
func (p *parser) seconds(k int) int {
	j := k
	if x := p.hasAny(j, ":", "："); x != "" {
		j += len(x)
		if n := numberAt(p.s[:p.hi], j); n.digits == 2 && !n.chinese {
			return n.end
		}
		return k
	}
	if n := numberAt(p.s[:p.hi], j); n.end > 0 && n.value >= 0 && n.value < 60 && p.has(n.end, "秒") {
		return n.end + 3
	}
	return k
}
