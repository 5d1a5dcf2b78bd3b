package times

import "longmai/corpus"

// The precisions of times. "" is a time of no known length (近年来, 往年).
const (
	Clock   = "clock" // 上午10时30分: a time of day, never resolved
	Day     = "day"
	Week    = "week"
	TenDays = "tendays" // 上旬, 中旬, 下旬
	Half    = "half"    // of a year, or of a month (上半月)
	Month   = "month"
	Quarter = "quarter" // a quarter, a season, 前三季度
	Year    = "year"
	Decade  = "decade"
	Century = "century"
	Plan    = "plan"
)

// The roles of times.
const (
	Event    = "event"
	Period   = "period"
	Dateline = "dateline"
	By       = "by"
	Since    = "since"
	Target   = "target"
	Basis    = "basis"
)

// unit is the finest thing that a point names; the order is from fine to coarse.
type unit uint8

const (
	noUnit unit = iota
	clockUnit
	dayUnit
	weekUnit
	tenDayUnit
	halfMonthUnit
	monthUnit
	quarterUnit
	halfUnit
	yearUnit
	planUnit
	decadeUnit
	centuryUnit
)

var precisions = [...]string{
	noUnit: "", clockUnit: Clock, dayUnit: Day, weekUnit: Week, tenDayUnit: TenDays, halfMonthUnit: Half, monthUnit: Month,
	quarterUnit: Quarter, halfUnit: Half, yearUnit: Year, planUnit: Plan, decadeUnit: Decade, centuryUnit: Century,
}

// ref says what a field of a point is counted from.
type ref uint8

const (
	open  ref = iota // not named: the context has to say
	fixed            // named in full
	issue            // an offset from the issue date
	prior            // an offset from the time before it
)

// edge is a part of a point: its beginning, middle or end.
type edge uint8

const (
	whole    edge = iota
	firstDay      // 初: the first day
	onward        // 初期: from the first day on
	midDay        // 中: the last day of the first half
	lastDay       // 底, 末: the last day
	within        // 内: not later than the last day
)

// A shape is how a point becomes days.
type shape uint8

const (
	calendar shape = iota // years, months, days
	given                 // days from a table
	holidays              // a holiday of a year
	ago                   // n units before the issue date: 三十年前
	past                  // the last n units: 近三年
	ahead                 // the next n units: 未来五年
	until                 // from no known day to the issue date: 近年来
	same                  // the time before it, in another year: 上年同期
	echo                  // the time before it: 届时
	vague                 // a time, of no known day: 往年, 每年3月, 腊月廿三
)

// A point is one expression of time before it is resolved.
type point struct {
	rule       string
	shape      shape
	unit       unit
	yref       ref
	y, y2      int // years; an offset where yref says so (then y2 is y)
	mref       ref
	m, m2      int // months; above 12 they reach into the next year
	dref       ref
	d, d2      int // days; d2 0 is d
	edge       edge
	cumulative bool // counts from the beginning of the year: 前三季度, 1—8月
	n          int  // of ago, past, ahead
	from, to   corpus.Day
	holiday    string
}

// An expr is an expression of time with its place.
type expr struct {
	start, end int
	a, b       point // b is the end of a range
	ranged     bool
	since      bool // 以来, 起, 至今
	before     bool // 前
	after      bool // 后
}
