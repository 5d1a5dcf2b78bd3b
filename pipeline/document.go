package pipeline

import (
	"strconv"

	"longmai/corpus"

	"github.com/shopspring/decimal"
)

// Span is a half-open range of bytes in the text of a document.
type Span = corpus.Span

// A Document is an article with its layers of annotation. Every layer is sorted
// by place; a layer that no stage added is nil.
type Document struct {
	*corpus.Article
	Sentences []Span // tile the blocks, without the white space between them
	Tokens    []Token
	Times     []Time
	Entities  []Entity
	Figures   []Figure
	Relations []Relation
}

// Read returns d as stages read it: with the simplified twin of its article,
// when that is traditional.
func (d *Document) Read() *Document {
	c := *d
	c.Article = d.Article.Simplified()
	return &c
}

// Body returns the text that the spans of the document point into.
func (d *Document) Body() string { return d.Text.String() }

// Surface returns the text of s.
func (d *Document) Surface(s Span) string { return d.Text.At(s) }

// A Token is a word of the segmenter. Tokens tile the text: white space and
// marks are tokens too.
type Token struct {
	Span
	POS string // part of speech as the dictionary has it: n, ns, nr, m, q, v, x …
}

// A Time is an expression of time that stands in the text.
type Time struct {
	Span
	From, To  corpus.Day // first and last day, both inclusive; zero when open or unresolved
	Precision string     // clock, day, week, tendays, half, month, quarter, year, plan, decade, century; "" when of no known length
	Role      string     // event, period, dateline, by, since, target, basis
	Rule      string
}

// A Phrase is a piece of text and what it names. Its span is empty when the
// phrase does not stand in the text.
type Phrase struct {
	Span
	Name string
}

// A Kind says what sort of number a figure is.
type Kind string

// The kinds of figures.
const (
	Money    Kind = "money"
	Quantity Kind = "quantity"
	Count    Kind = "count"
	Percent  Kind = "percent"
	Points   Kind = "points"
	Multiple Kind = "multiple"
	Rank     Kind = "rank"
	Duration Kind = "duration"
	Ratio    Kind = "ratio"
	Number   Kind = "number"
)

// A Form says what the words around a number make of it.
type Form string

// The forms of figures.
const (
	Point Form = "point"
	Gt    Form = "gt"
	Ge    Form = "ge"
	Lt    Form = "lt"
	Le    Form = "le"
	Near  Form = "near"  // 近: from below
	About Form = "about" // 约, 左右
	Plus  Form = "plus"  // 余, 多: the number and a bit more
	Vague Form = "vague" // 数十, 上百
	Range Form = "range" // 3—5亿元
	Class Form = "class" // 千亿级
)

// A Figure is a number that the article states about the world.
type Figure struct {
	Span         // the core: numeral, the 余/多/几 inside it, and the unit
	Kind         Kind
	Category     string // amount, capacity, reserve, output, share, growth, rank, price, count, extent, duration, measure
	Form         Form
	Value        decimal.NullDecimal // in Unit
	Low, High    decimal.NullDecimal // the interval that the words allow, in Unit
	Unit         string              // CNY, kW, t, {person}, %, …; "" when the kind has none
	UnitInferred bool                // the unit is not written next to the number
	BaseValue    decimal.NullDecimal // Value in BaseUnit; the same for BaseLow, BaseHigh
	BaseLow      decimal.NullDecimal
	BaseHigh     decimal.NullDecimal
	BaseUnit     string
	Dimension    string
	Per          string // unit code of what it is per: {household}, [mu_cn], d, a
	Marks        []Mark
	Change       *Change
	Rank         *RankOf
	Metric       *Phrase // what is measured or counted
	Subject      *Phrase // whose figure it is
	Time         *FigureTime
	Status       string // actual, target, plan, forecast
	Quoted       bool   // stands inside somebody's quoted speech
	Aggregate    string // cumulative, new, net, part or ""
	Group        *Group
	Sentence     Span // the sentence that is its evidence
	Rule         string
	SubjectRule  string // what chose the subject: subject.segment, subject.carried, …
}

// A Mark is a word that hedges a figure: 约, 近, 以上, 余.
type Mark struct {
	Span
	Sense string
}

// A Change says what a figure tells of growth.
type Change struct {
	Direction string // up, down, flat or ""
	Role      string // level, delta, from, to, ratio
	Basis     string // yoy, mom, qoq, cagr, vs:2020 or ""
}

// A RankOf is a place in an order.
type RankOf struct {
	N, NMax int  // 第四 has N 4, 前十 has NMax 10; 0 when absent
	FromEnd bool // 倒数
	Scope   string
}

// A FigureTime is the time that a figure holds for.
type FigureTime struct {
	Span      // the expression in the text; empty when the issue date supplies the time
	From, To  corpus.Day
	Role      string
	Inherited bool // an earlier clause or the issue date supplies it
}

// A Group ties the members of one construction together.
type Group struct {
	ID    int    // unique within the document
	Index int    // place of the member, from 0
	Kind  string // distributive, list, from_to, part_of
}

// An EntityType is the sort of thing a mention names.
type EntityType string

// The types of entities.
const (
	Person       EntityType = "person"
	Organization EntityType = "organization"
	Place        EntityType = "place"
	Facility     EntityType = "facility"
	Event        EntityType = "event"
	Project      EntityType = "project"
	Policy       EntityType = "policy"
	Industry     EntityType = "industry"
	Resource     EntityType = "resource"
)

// An Entity is a mention with its type and, where it can be known, the one
// thing that it names.
type Entity struct {
	Span
	Type       EntityType
	Name       string            // canonical form; the surface where nothing better is known
	Ref        string            // identifier where a table has one: GB/T 2260 code 620900
	Attributes map[string]string // nil when there are none
	Confidence float64           // 0 < Confidence ≤ 1
	Rule       string
}

// A Relation ties mentions together, with the sentence that says so.
type Relation struct {
	Type     string // post, statement, agreement, located_in, invests_in
	Args     []Arg  // in the order of the type's roles
	Evidence Span
	Rule     string
}

// An Arg is one side of a relation.
type Arg struct {
	Role string // person, title, organization; speaker, quote; party, what; thing, place; investor, figure
	Name string // canonical name, or the words of the text
	Span Span   // where it stands; empty when it is implied (市长 of a city stands for its government)
}

// Arg returns the name of the first argument of that role, "" when there is none.
func (r Relation) Arg(role string) string {
	for _, a := range r.Args {
		if a.Role == role {
			return a.Name
		}
	}
	return ""
}

// SentenceAt returns the sentence that holds byte off, and its index; -1 when none does.
func (d *Document) SentenceAt(off int) (Span, int) {
	lo, hi := 0, len(d.Sentences)
	for lo < hi {
		mid := (lo + hi) / 2
		if d.Sentences[mid].End <= off {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(d.Sentences) && d.Sentences[lo].Start <= off {
		return d.Sentences[lo], lo
	}
	return Span{}, -1
}

// BlockAt returns the block that holds byte off, and its index; -1 when none does.
func (d *Document) BlockAt(off int) (corpus.Block, int) {
	for i, b := range d.Blocks {
		if b.Span.Start <= off && off < b.Span.End {
			return b, i
		}
	}
	return corpus.Block{}, -1
}

// InApparatus reports whether s overlaps a byline, a credit or a dateline.
func (d *Document) InApparatus(s Span) bool {
	for _, a := range d.Apparatus {
		if a.Overlaps(s) {
			return true
		}
	}
	return false
}

// LocalID returns the id of an annotation of the document that starts at byte
// start: kind is "f" for figures, "e" for entities.
func (d *Document) LocalID(kind string, start int) string {
	return d.ID + "#" + kind + strconv.Itoa(start)
}

// NullDecimal returns v as a present decimal.
func NullDecimal(v decimal.Decimal) decimal.NullDecimal { return decimal.NewNullDecimal(v) }
