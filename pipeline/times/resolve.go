package times

import (
	"longmai/corpus"
	"longmai/pipeline"
)

// A context is what the times before an expression say about it.
type context struct {
	tables  *tables
	issue   corpus.Day
	today   corpus.Day    // of the dateline: what 今天 means in a dispatch
	last    pipeline.Time // the last resolved time of the block that is no basis
	named   bool          // last names its year, or inherits it from one that does
	lastAt  int           // its sentence
	period  pipeline.Time // the last resolved period of the document that is no basis
	target  pipeline.Time // the last target
	targets int           // in its sentence

	targetAt    int
	told        int  // the year that a statistical bulletin tells of, 0 in other articles
	dated       bool // last names its year in figures
	loose       int  // one more than the sentence in which 往年 governs what follows
	blockPeriod bool // period stands in this block
}

// A cue says which way the clause of an expression looks.
type cue uint8

const (
	noCue cue = iota
	backward
	hopeful // forward words stand behind the time
	forward // they stand before it: 将于5日
)

// ahead reports whether the clause looks forward.
func (q cue) ahead() bool { return q >= hopeful }

// days resolves a point to its first and last day; zero days are unknown.
func (c *context) days(pt point, sentence int, q cue) (from, to corpus.Day) {
	switch pt.shape {
	case vague:
		return
	case calendar:
		if c.loose == sentence+1 && pt.yref == open && pt.unit < yearUnit {
			return // 往年过了3号
		}
	case until:
		return from, c.issue
	case given:
		if pt.rule == "era.years" || pt.unit == noUnit && pt.to.IsZero() {
			return pt.from, pt.to
		}
		return onEdge(pt.edge, pt.from, pt.to)
	case echo:
		if c.targets == 1 {
			return c.target.From, c.target.To
		}
		return
	case same:
		return c.sameIn(pt)
	case past, ahead, ago:
		if c.issue.IsZero() {
			return
		}
		return c.count(pt)
	case holidays:
		y, ok := c.year(pt, sentence)
		if !ok {
			return
		}
		from, to, _ = c.holidayNear(pt, y, q)
		return from, to
	}
	return c.calendar(pt, sentence, q)
}

// count resolves 三十年前, 近三年, 未来五年.
func (c *context) count(pt point) (from, to corpus.Day) {
	step := func(d corpus.Day, n int) corpus.Day {
		switch pt.unit {
		case yearUnit:
			return addMonths(d, 12*n)
		case quarterUnit:
			return addMonths(d, 3*n)
		case monthUnit:
			return addMonths(d, n)
		case weekUnit:
			return d.Add(0, 0, 7*n)
		}
		return d.Add(0, 0, n)
	}
	switch pt.shape {
	case past:
		return step(c.issue, -pt.n), c.issue
	case ahead:
		return c.issue, step(c.issue, pt.n)
	}
	d := step(c.issue, -pt.n)
	switch pt.unit {
	case yearUnit:
		return firstOf(d.Year, 1), lastOf(d.Year, 12)
	case monthUnit:
		return firstOf(d.Year, int(d.Month)), lastOf(d.Year, int(d.Month))
	}
	return d, d
}

// addMonths moves d by n months and stays within the month it arrives in.
func addMonths(d corpus.Day, n int) corpus.Day {
	first := firstOf(d.Year, int(d.Month)).Add(0, n, 0)
	last := lastOf(first.Year, int(first.Month))
	first.Day = min(d.Day, last.Day)
	return first
}

// sameIn resolves 上年同期, 2019年同期: the last period, moved to another year.
func (c *context) sameIn(pt point) (from, to corpus.Day) {
	p := c.period
	if p.To.IsZero() || p.From.IsZero() {
		return
	}
	shift := 0
	switch pt.yref {
	case fixed:
		shift = c.full(pt.y) - p.To.Year
	case issue:
		if c.issue.IsZero() {
			return
		}
		shift = c.issue.Year + pt.y - p.To.Year
	case prior:
		shift = pt.y
	}
	end := addMonths(p.To, 12*shift)
	if next := p.To.Add(0, 0, 1); next.Day == 1 {
		end = lastOf(end.Year, int(end.Month))
	}
	return addMonths(p.From, 12*shift), end
}

// full returns the year of four digits for a year as a point holds it: -1 less two digits.
func (c *context) full(y int) int {
	if y >= 0 {
		return y
	}
	y = -y - 1
	pivot := 30
	if !c.issue.IsZero() && c.issue.Year >= 1950 && c.issue.Year < 2090 {
		pivot = (c.issue.Year - 1999 + 200) % 100
		if c.issue.Year < 2000 {
			return 1900 + y
		}
	}
	if y <= pivot+4 {
		return 2000 + y
	}
	return 1900 + y
}

// year returns the first year of a point as far as it or the times before it say.
func (c *context) year(pt point, sentence int) (int, bool) {
	switch pt.yref {
	case fixed:
		return c.full(pt.y), true
	case issue:
		return c.issue.Year + pt.y, !c.issue.IsZero()
	case prior:
		if !c.last.To.IsZero() {
			return c.last.To.Year + pt.y, true
		}
		if pt.rule == "relative.year" && pt.y == 0 {
			return 0, false // 当年 without a time before it
		}
		if c.told > 0 {
			return c.told + pt.y, true
		}
		return c.issue.Year + pt.y, !c.issue.IsZero()
	}
	if c.told > 0 && (pt.rule == "relative.yearall" || pt.rule == "relative.yearend") && !c.named {
		return c.told, true
	}
	if c.inherits(pt, sentence) || pt.rule == "relative.yearall" && c.dated && c.last.Precision == Year && !c.last.To.IsZero() {
		return c.last.To.Year, true
	}
	return c.issue.Year, !c.issue.IsZero()
}

// inherits reports whether an open year is that of the time before it.
func (c *context) inherits(pt point, sentence int) bool {
	if !c.named || c.last.To.IsZero() {
		return false
	}
	if c.lastAt == sentence {
		return true
	}
	if c.lastAt+1 < sentence || pt.unit > monthUnit || pt.cumulative || c.last.Role == By {
		return false
	}
	switch c.last.Precision {
	case Day, TenDays, Month:
		return true
	case Year:
		return c.dated
	}
	return false
}

// calendar resolves years, months and days.
func (c *context) calendar(pt point, sentence int, q cue) (from, to corpus.Day) {
	if pt.yref == fixed && pt.mref == open && pt.dref == open && pt.m == 0 {
		y, y2 := pt.y, pt.y2
		if y < 0 {
			y, y2 = c.full(y), c.full(y2)
		}
		if pt.unit == decadeUnit && pt.n > 0 && pt.n <= 20 && c.issue.Year >= 2000+pt.n {
			y, y2 = y+100, y2+100
		}
		return onEdge(pt.edge, firstOf(y, 1), lastOf(y2, 12))
	}
	if pt.dref == issue || pt.dref == prior {
		return c.relativeDay(pt)
	}
	if pt.mref == issue || pt.mref == prior {
		return c.relativeMonth(pt)
	}
	if pt.mref == open && pt.dref == fixed || pt.mref == open && pt.unit == halfMonthUnit {
		return c.dayOfMonth(pt, q)
	}
	y, ok := c.year(pt, sentence)
	if !ok {
		return
	}
	if pt.yref == open && !q.ahead() && y == c.issue.Year && c.isOver(pt, q) {
		y--
	}
	if pt.mref == open {
		return onEdge(pt.edge, firstOf(y, 1), lastOf(y+pt.y2-pt.y, 12))
	}
	if pt.yref == open && !c.inherits(pt, sentence) {
		y = c.nearYear(pt, y, q)
	}
	return monthDays(pt, y)
}

// isOver reports whether 全年 and 年末 are those of the year before: a paper of
// the first months tells of them, as does a report on that year.
func (c *context) isOver(pt point, q cue) bool {
	if pt.rule != "relative.yearall" && pt.rule != "relative.yearend" {
		return false
	}
	if c.period.Precision == Year && c.period.To.Year == c.issue.Year-1 && c.issue.Month <= 6 {
		return true
	}
	return c.issue.Month <= 3 && (pt.rule == "relative.yearall" || q == backward)
}

// monthDays resolves the months and days of a point in year y.
func monthDays(pt point, y int) (from, to corpus.Day) {
	from, to = firstOf(y, pt.m), lastOf(y, pt.m2)
	if pt.d > 0 {
		from.Day = pt.d
		to.Day = min(max(pt.d2, pt.d), to.Day)
		if !from.Valid() {
			return corpus.Day{}, corpus.Day{}
		}
		return from, to
	}
	return onEdge(pt.edge, from, to)
}

// nearYear says in which year a month or a day lies that names none: this year,
// unless it lies ahead and nothing says so, or behind although something looks forward.
func (c *context) nearYear(pt point, y int, q cue) int {
	from, to := monthDays(pt, y)
	if from.IsZero() {
		return y
	}
	first, last := daysBetween(c.issue, from), daysBetween(c.issue, to)
	switch {
	case pt.cumulative && !q.ahead() && last > 20:
		return y - 1 // 前三季度 counts what is over
	case first > 0 && q == backward, last > 100 && q == backward && pt.unit == halfUnit:
		return y - 1
	case first > 100 && q == noCue && pt.unit != halfUnit:
		return y - 1
	case first > 200 && q == noCue:
		return y - 1
	case last < -80 && q.ahead():
		return y + 1
	}
	return y
}

func daysBetween(a, b corpus.Day) int { return int(b.Time().Sub(a.Time()).Hours() / 24) }

// holidayNear returns the holiday of year y, or of the year before when that lies ahead and nothing says so.
func (c *context) holidayNear(pt point, y int, q cue) (from, to corpus.Day, ok bool) {
	from, to, ok = c.tables.holiday(pt.holiday, y)
	if !ok || pt.yref != open || c.issue.IsZero() {
		return from, to, ok
	}
	if ahead := daysBetween(c.issue, from); ahead > 0 && q == backward || ahead > 100 && q == noCue {
		return c.tables.holiday(pt.holiday, y-1)
	}
	return from, to, ok
}

// relativeDay resolves 昨天, 当日, 上周五.
func (c *context) relativeDay(pt point) (from, to corpus.Day) {
	base := c.issue
	if pt.unit == dayUnit && pt.rule != "weekday" && !c.today.IsZero() {
		base = c.today
	}
	if pt.dref == prior {
		base = c.last.To
		if c.last.Precision != Day {
			base = corpus.Day{}
		}
	}
	if base.IsZero() {
		return
	}
	if pt.rule == "weekday" || pt.unit == weekUnit {
		monday := base.Add(0, 0, -(int(base.Time().Weekday())+6)%7+pt.d)
		switch {
		case pt.d2 > 0:
			monday = monday.Add(0, 0, pt.d2-1)
			return monday, monday.Add(0, 0, max(pt.n-1, 0))
		}
		return monday, monday.Add(0, 0, 6)
	}
	base = base.Add(0, 0, pt.d)
	return base, base
}

// relativeMonth resolves 本月, 上月底, 当月5日, 上季度.
func (c *context) relativeMonth(pt point) (from, to corpus.Day) {
	base := c.issue
	if pt.mref == prior {
		base = c.last.To
		if c.last.Precision == Year || c.last.Precision == "" {
			base = corpus.Day{}
		}
	}
	if base.IsZero() {
		return
	}
	if pt.unit == quarterUnit {
		q := (int(base.Month)-1)/3 + pt.m
		from = firstOf(base.Year, 1).Add(0, 3*q, 0)
		return onEdge(pt.edge, from, from.Add(0, 3, -1))
	}
	m := firstOf(base.Year, int(base.Month)).Add(0, pt.m, 0)
	pt.m, pt.m2 = int(m.Month), int(m.Month)
	return monthDays(pt, m.Year)
}

// dayOfMonth resolves 27日: of the month of the day before it, else the last 27th.
func (c *context) dayOfMonth(pt point, q cue) (from, to corpus.Day) {
	base := c.issue
	near := true
	if !c.last.To.IsZero() && (c.last.Precision == Day || c.last.Precision == TenDays || c.last.Precision == Month) {
		base, near = c.last.To, false
	}
	if base.IsZero() {
		return
	}
	m := firstOf(base.Year, int(base.Month))
	switch {
	case near && pt.d > base.Day && !q.ahead():
		m = m.Add(0, -1, 0)
	case near && pt.d < base.Day && q == forward:
		m = m.Add(0, 1, 0)
	}
	pt.m, pt.m2 = int(m.Month), int(m.Month)
	return monthDays(pt, m.Year)
}

// onEdge narrows a stretch of days to its edge.
func onEdge(e edge, from, to corpus.Day) (corpus.Day, corpus.Day) {
	switch e {
	case firstDay:
		return from, from
	case onward:
		return from, corpus.Day{}
	case midDay:
		half := from.Add(0, 6*(to.Year-from.Year+1), -1)
		return half, half
	case lastDay, within:
		return to, to
	}
	return from, to
}
