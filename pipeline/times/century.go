package times

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
