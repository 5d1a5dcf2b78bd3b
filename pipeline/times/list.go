package times

// list reads numbers that share the unit of the last one (5、6月; 2021、2022年)
// at byte i, adds each as an expression, and returns the end, 0 when there is
// none. Where base, a year or a month, stands before it, begun at byte from, the
// members are parts of it: 今年5、6月, 9月23、24日.
func (p *parser) list(i, from int, base *point) int {
	k := i
	if p.has(k, "第") {
		k += len("第")
	}
	if n := numberAt(p.s[:p.hi], k); n.end == 0 || p.hasAny(n.end, listMarks[:]...) == "" {
		return 0
	}
	var items [maxItems]item
	n := p.items(i, &items)
	if n < 2 || n == maxItems {
		return 0
	}
	first, last := items[0], items[n-1]
	ordinal := first.start < first.number.start
	if i == from && !ordinal && (p.refusedBefore(first.number) || i == p.lo && last.value != first.value+n-1) {
		return 0 // 1、10月份工作: the number of a paragraph
	}
	pt, end, ok := p.lastOfList(last.number)
	if !ok || pt.shape != calendar || pt.edge != whole || pt.n > 0 || ordinal && pt.unit != quarterUnit {
		return 0
	}
	if base.unit == monthUnit && (pt.unit != dayUnit || pt.mref != open) {
		return 0
	}
	set := member(pt, last.value, i == from || base.unit == monthUnit)
	if set == nil {
		return 0
	}
	members := make([]expr, n)
	for k := range n {
		q := pt
		if !set(&q, items[k].value) {
			return 0
		}
		if i != from {
			q.yref, q.y, q.y2 = base.yref, base.y, base.y2
		}
		if base.unit == monthUnit {
			q.rule, q.mref, q.m, q.m2 = "day", base.mref, base.m, base.m2
		}
		members[k] = expr{start: items[k].start, end: items[k].number.end, a: q}
	}
	members[0].start, members[n-1].end = from, end
	p.suffix(&members[n-1])
	p.exprs = append(p.exprs, members...)
	return members[n-1].end
}

// listMarks stand between the members of a list.
var listMarks = [...]string{"、", "和", "及", "与"}

const maxItems = 12 // lists are shorter

// An item is a number of a list; its start is before 第.
type item struct {
	number
	start int
}

// items reads the numbers of a list at byte i, which must rise, and returns how many there are.
func (p *parser) items(i int, items *[maxItems]item) int {
	ordinal := p.has(i, "第")
	for n := 0; n < len(items); {
		start := i
		if ordinal && p.has(i, "第") {
			i += len("第")
		}
		it := numberAt(p.s[:p.hi], i)
		if it.end == 0 || it.value < 0 || it.digits > 4 || n > 0 && it.value <= items[n-1].value {
			return 0
		}
		items[n] = item{it, start}
		n++
		mark := p.hasAny(it.end, listMarks[:]...)
		if mark == "" {
			return n
		}
		i = it.end + len(mark)
	}
	return len(items)
}

// member returns how a point like pt, the last of a list, takes the value of
// another member; nil when pt is nothing that a list is made of. It reports
// false for a value that does not fit. Years and days need a list of their own
// (alone), not one behind a year.
func member(pt point, last int, alone bool) func(q *point, v int) bool {
	switch {
	case pt.unit == monthUnit && pt.m == last && pt.m2 == pt.m && pt.yref == open:
		return func(q *point, v int) bool { q.m, q.m2 = v, v; return 1 <= v }
	case pt.unit == dayUnit && pt.mref == open && pt.d == last && alone:
		return func(q *point, v int) bool { q.d, q.d2 = v, v; return 1 <= v }
	case pt.unit == yearUnit && pt.yref == fixed && pt.y == -last-1 && alone:
		return func(q *point, v int) bool { q.y, q.y2 = -v-1, -v-1; return 80 <= v && v <= 99 }
	case pt.unit == yearUnit && pt.yref == fixed && pt.y == last && alone:
		return func(q *point, v int) bool { q.y, q.y2 = v, v; return 1000 <= v }
	case pt.unit == quarterUnit && !pt.cumulative && pt.m2 == 3*last && pt.yref == open:
		return func(q *point, v int) bool { q.m, q.m2 = 3*v-2, 3*v; return 1 <= v }
	}
	return nil
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
