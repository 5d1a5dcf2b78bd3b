package corpus

import (
	"fmt"
	"time"
)

// An Article is one article of the newspaper as it was read from a source.
//
// Text holds everything that the article took from its source, in the order of
// the page: headlines, bylines and captions too. Blocks tile Text, one line
// end apart. All other spans of an article point into Text.
type Article struct {
	ID        string // stable: made of what the source holds, not of where it lies or when it was read
	Source    Source
	Locations []Source // further places that hold the same text

	Paper       string // 甘肃日报
	Date        Day    // zero when undated; never guessed
	DateOrigin  string // tag, url, filename, folder, body, option; "" when undated
	DateCertain bool   // false when the origins disagree or the day was completed from parts
	Edition     string // 01
	EditionName string // 要闻
	Section     string // 栏目
	Kicker      string // 引题
	Title       string
	Subtitle    string // 副题
	Byline      []Credit
	Dateline    *Dateline
	Blocks      []Block
	Text        Text

	// Apparatus are the sorted spans of Text in which the paper speaks of its own
	// work: bylines, photo credits, the head of a dateline (本报兰州10月21日讯（记者 …）),
	// continuation lines. No entity or figure is mined there. The byline of a
	// guest author is not in it: he is news.
	Apparatus []Span

	// Parts are the further sources of a text that was put together from several
	// (下转第三版); the way back of those spans leads into them, not into Source.
	Parts []Part

	Cut int // pieces of boilerplate that were left out: share buttons, 版权声明, page navigation

	// Reprint says how the article stands to others of the corpus; nil when it stands alone.
	Reprint *Reprint

	Warnings []string // what the reader had to decide or repair, for people
}

// A Source says which bytes an article came from.
type Source struct {
	Path     string // file as given, "-" for standard input
	Member   string // inner path of an archive, "!"-separated when nested; URL of a WARC record; "" for a plain file
	Format   string // name of the reader: text, markdown, epaper, html, jsonl, …
	Encoding Encoding
	SHA256   string // in hex, of the bytes that spans point into: file or member; of the bytes in Range alone where the format is a stream of records
	Range    Origin // bytes of this article in them
	Record   int    // 1-based row, line, record or page within the source; 0 when the source is the article
}

// OfRecord reports whether SHA256 is the digest of the bytes in Range, one record
// of a stream, whose whole has none: when its first article is read nobody
// knows its end. Workbooks are read whole, and so are streams in UTF-16.
func (s Source) OfRecord() bool {
	return s.Record > 0 && s.Range.End > 0 && (s.Format == "jsonl" || s.Format == "csv") && s.Encoding != UTF16LE && s.Encoding != UTF16BE
}

// A Part is a span of an article's text that comes from another source than the rest.
type Part struct {
	Span   Span
	Source Source
}

// A Credit is one person in a byline or a photo credit.
type Credit struct {
	Name         string
	Role         string // as the paper words it: 记者, 首席记者, 通讯员, 实习生, 摄影, 整理, 作者, 责编
	Kind         CreditKind
	Organization string // of a guest author or correspondent, as printed
	Title        string // of a guest author, as printed
	Span         Span   // the name in Text; empty when only a tag has it
}

// CreditKind is the role of a Credit in a word that does not change with the wording.
type CreditKind string

// The kinds of credits.
const (
	Reporter      CreditKind = "reporter"
	Correspondent CreditKind = "correspondent"
	Photographer  CreditKind = "photographer"
	Compiler      CreditKind = "compiler"
	Author        CreditKind = "author"
	Editor        CreditKind = "editor"
)

// A Dateline is the head of a news item: 本报兰州10月21日讯, 新华社北京3月5日电.
type Dateline struct {
	Agency string // 本报, 新华社
	Place  string // 兰州; "" in 本报讯
	Date   Day    // resolved against the issue date; zero when that is not known
	Span   Span   // from its first to its last character, the parenthesis with the reporters included
}

// A Block is one piece of the page.
type Block struct {
	Role Role
	Span Span
}

// A Role says what a block is on the page.
type Role string

// The roles of blocks.
const (
	RoleKicker       Role = "kicker"
	RoleTitle        Role = "title"
	RoleSubtitle     Role = "subtitle"
	RoleByline       Role = "byline"
	RoleHeading      Role = "heading"
	RoleParagraph    Role = "paragraph"
	RoleCaption      Role = "caption"
	RoleCredit       Role = "credit"
	RoleQuote        Role = "quote"
	RoleList         Role = "list"
	RoleTable        Role = "table"        // one row of a table, cells apart by a tab
	RoleContinuation Role = "continuation" // 下转第三版, 上接第一版
)

// Reprint places an article in its cluster of near-equal texts.
type Reprint struct {
	Cluster string // id of the first print
	Role    string // first, reprint, excerpt
}

// A Day is a day of the calendar; the zero Day is no day.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// DayOf returns the day of t in its own location.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day{y, m, d}
}

// ParseDay reads the form 2024-10-28 and refuses days that do not exist.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Day{}, fmt.Errorf("%q is no day, want the form 2024-10-28", s)
	}
	return DayOf(t), nil
}

// IsZero reports whether d is no day.
func (d Day) IsZero() bool { return d == Day{} }

// Valid reports whether the calendar has d.
func (d Day) Valid() bool { return !d.IsZero() && DayOf(d.Time()) == d }

// Time returns the start of d in UTC.
func (d Day) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// Add returns d moved by years, months and days, as time.Time.AddDate does.
func (d Day) Add(years, months, days int) Day { return DayOf(d.Time().AddDate(years, months, days)) }

// Compare returns -1, 0 or +1 as d is before, on or after e.
func (d Day) Compare(e Day) int { return d.Time().Compare(e.Time()) }

// String returns d in the form 2024-10-28, and "" for no day.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	if d.Year < 0 || d.Year > 9999 || d.Month < 0 || d.Month > 99 || d.Day < 0 || d.Day > 99 {
		return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
	}
	two := func(n int) (byte, byte) { return byte('0' + n/10), byte('0' + n%10) } // every article asks
	b := [10]byte{4: '-', 7: '-'}
	b[0], b[1] = two(d.Year / 100)
	b[2], b[3] = two(d.Year % 100)
	b[5], b[6] = two(int(d.Month))
	b[8], b[9] = two(d.Day)
	return string(b[:])
}
