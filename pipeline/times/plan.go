package times

import "strings"

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
	for _, w := range p.t.entries(p.next(j)) {
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
func (p *parser) plan(i, k int, w *word, quoted bool) (point, int, bool) {
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
	if q, end, ok := p.partOfPlan(pt, j); ok {
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

// partOfPlan reads what stands directly behind the name of a plan: 以来, 末, 初期, 开局之年, 前三年.
func (p *parser) partOfPlan(pt point, j int) (point, int, bool) {
	last := pt.to
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
			pt.to = last
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
	if x := p.hasAny(j, "的收官之年", "收官之年", "收官年", "最后一年", "的最后一年"); x != "" {
		pt.unit, pt.from = yearUnit, firstOf(pt.to.Year, 1)
		return pt, j + len(x), true
	}
	return p.yearsOfPlan(pt, j)
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
func (p *parser) era(k int, w *word) (point, int, bool) {
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
	case w.to.IsZero() && p.has(k, "初") && !p.follows(k+3, "步中级衷心次"):
		return pt, k + len("初"), true
	case w.to.IsZero() && p.hasAny(k, "之前", "以前", "前") != "" && !p.follows(k+3, "后期景沿夕列进往途程身提线"):
		pt.from, pt.to = pt.to, w.from.Add(0, 0, -1)
		return pt, k + len(p.hasAny(k, "之前", "以前", "前")), true
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

// feast reads what stands behind the name of a holiday. The name alone is no
// time: 五一 may be a village.
func (p *parser) feast(k int, w *word, quoted bool) (point, int, bool) {
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
				j += len(p.hasAny(j, "双节", "节"))
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
