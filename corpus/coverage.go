package corpus

import (
	"maps"
	"slices"
	"time"
)

// Coverage counts what a corpus holds of each paper, by day and edition. The
// zero value is ready.
type Coverage struct {
	papers map[string]*Calendar
}

// A Calendar is the coverage of one paper.
type Calendar struct {
	Paper   string
	Undated int // articles without a day
	days    map[Day]*DayCount
}

// A DayCount is what a corpus holds of one issue.
type DayCount struct {
	Articles int
	Editions map[string]int // articles by edition: 01; "" where it is not known
}

// A Month is one month of a calendar.
type Month struct {
	Year     int
	Month    time.Month
	Days     []int // articles of each day, the first at index 0; -1 outside the period
	Articles int
	Missing  int // days of the period without an article
}

// A Gap is a run of days without an article, both ends included.
type Gap struct {
	From, To Day
	Days     int
}

// Add counts one article.
func (c *Coverage) Add(paper string, day Day, edition string) {
	if c.papers == nil {
		c.papers = map[string]*Calendar{}
	}
	k := c.papers[paper]
	if k == nil {
		k = &Calendar{Paper: paper, days: map[Day]*DayCount{}}
		c.papers[paper] = k
	}
	if !day.Valid() {
		k.Undated++
		return
	}
	d := k.days[day]
	if d == nil {
		d = &DayCount{Editions: map[string]int{}}
		k.days[day] = d
	}
	d.Articles++
	d.Editions[edition]++
}

// Calendars returns the calendars of all papers, by name.
func (c *Coverage) Calendars() []*Calendar {
	var out []*Calendar
	for _, p := range slices.Sorted(maps.Keys(c.papers)) {
		out = append(out, c.papers[p])
	}
	return out
}

// Period returns the first and the last day with an article; the zero Day when there is none.
func (k *Calendar) Period() (first, last Day) {
	for d := range k.days {
		if first.IsZero() || d.Compare(first) < 0 {
			first = d
		}
		if last.IsZero() || d.Compare(last) > 0 {
			last = d
		}
	}
	return first, last
}

// On returns what there is of a day.
func (k *Calendar) On(d Day) DayCount {
	if n := k.days[d]; n != nil {
		return *n
	}
	return DayCount{}
}

// Days returns the number of days with an article.
func (k *Calendar) Days() int { return len(k.days) }

// Articles returns the number of articles, undated ones included.
func (k *Calendar) Articles() int {
	n := k.Undated
	for _, d := range k.days {
		n += d.Articles
	}
	return n
}

// Editions returns the numbers of the editions that occur, sorted.
func (k *Calendar) Editions() []string {
	set := map[string]bool{}
	for _, d := range k.days {
		for e := range d.Editions {
			set[e] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// Months returns the months from one day to another, days outside the period
// marked. A zero Day stands for the end of the calendar's own period.
func (k *Calendar) Months(from, to Day) []Month {
	from, to = k.within(from, to)
	if from.IsZero() || from.Compare(to) > 0 {
		return nil
	}
	var out []Month
	for m := (Day{from.Year, from.Month, 1}); m.Compare(to) <= 0; m = m.Add(0, 1, 0) {
		month := Month{Year: m.Year, Month: m.Month}
		for d := m; d.Month == m.Month; d = d.Add(0, 0, 1) {
			if d.Compare(from) < 0 || d.Compare(to) > 0 {
				month.Days = append(month.Days, -1)
				continue
			}
			n := k.On(d).Articles
			month.Days = append(month.Days, n)
			month.Articles += n
			if n == 0 {
				month.Missing++
			}
		}
		out = append(out, month)
	}
	return out
}

// Missing returns the runs of days without an article from one day to another:
// the paper appears daily. A zero Day stands for the end of the calendar's own period.
func (k *Calendar) Missing(from, to Day) []Gap {
	from, to = k.within(from, to)
	if from.IsZero() || from.Compare(to) > 0 {
		return nil
	}
	var out []Gap
	at := from
	have := slices.SortedFunc(maps.Keys(k.days), Day.Compare)
	for _, d := range have {
		if d.Compare(from) < 0 || d.Compare(to) > 0 {
			continue
		}
		out = appendGap(out, at, d.Add(0, 0, -1))
		at = d.Add(0, 0, 1)
	}
	return appendGap(out, at, to)
}

func appendGap(gaps []Gap, from, to Day) []Gap {
	if from.Compare(to) > 0 {
		return gaps
	}
	return append(gaps, Gap{From: from, To: to, Days: int(to.Time().Sub(from.Time())/(24*time.Hour)) + 1})
}

// within puts the calendar's own period in the place of zero days.
func (k *Calendar) within(from, to Day) (Day, Day) {
	first, last := k.Period()
	if from.IsZero() {
		from = first
	}
	if to.IsZero() {
		to = last
	}
	return from, to
}
