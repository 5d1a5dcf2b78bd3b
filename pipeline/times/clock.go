package times

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
		if x := p.hasAny(j, "一刻", "三刻"); x != "" {
			return pt, j + len(x), true
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
		if (cued || n.value > 12 && p.clauseStart(n.start) && p.clauseEnd(j)) && !p.hasDigit(j) {
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
