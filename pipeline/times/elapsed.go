package times

// elapsed reads a number of units before, up to the issue date:
// 三十年前, 三年来, 两个月前; j is the place of the unit.
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
	case p.hasAny(k, "之前", "以前", "前") != "" && !p.follows(k+3, "后期景沿列身往来半") && !(p.follows(k+3, "提") && !p.follows(k+6, "高升前")):
		pt.rule, pt.shape = "ago", ago
		k += len(p.hasAny(k, "之前", "以前", "前"))
	case p.has(k, "内") && exact && u == yearUnit && !p.follows(k+3, "容部外需蒙地陆存涵。；、") && p.clauseStart(n.start):
		pt.rule, pt.shape = "within", ahead
		k += len("内")
	default: // 10天后 says how long it took, not when
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
		case x == "" && (p.after(i, hedged) || !p.clauseStart(i) && n.value > 10 && (u != yearUnit || p.clauseEnd(j) || p.follows(j, "的才就老工教党驾烟军团"))):
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
