package query

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"
)

// A Query is a node of the tree: All, And, Or, Not, Text, Name, Date, Figure,
// Same or Near. The nodes are values; none is changed after Parse.
type Query interface {
	// String returns the query in the language: Parse reads it back to an equal tree.
	String() string
	node()
}

// All matches every article.
type All struct{}

// And matches what all of its parts match. It has at least two.
type And struct{ Of []Query }

// Or matches what at least one of its parts matches. It has at least two.
type Or struct{ Of []Query }

// Not matches what its part does not match.
type Not struct{ Of Query }

// A TextForm says how a Text is written and compared.
type TextForm int

// The forms of text.
const (
	Word    TextForm = iota // a word, or several that stand together
	Phrase                  // exactly this string of characters
	Prefix                  // words that begin so
	Fuzzy                   // words that differ in at most Edits characters
	Pattern                 // a regular expression over the text of one block
)

// Text matches articles by their words and characters.
type Text struct {
	Field string // name of a text field; "" is the whole text
	Form  TextForm
	Text  string
	Edits int // of Fuzzy: 1 or 2
}

// Name matches articles that have a name in a field: an entity, or a part of
// the article's head such as its edition.
type Name struct {
	Field  string
	Text   string // "" is any name
	Exact  bool   // only this thing, not what lies in it
	Prefix bool   // any name that begins so
}

// Date matches articles by their issue date.
type Date struct {
	From, To string // 2024-10-28, both inclusive; "" is open. Both open: any dated article
}

// Figure matches articles with one figure that meets all conditions.
type Figure struct{ Of []Condition }

// A Condition is one condition on a figure: on a named property, or, where Key
// is "value", on its value.
type Condition struct {
	Key     string // canonical English name of the property
	Text    string // what the property is compared with; "" with key value or metric is any
	Compare *Compare
}

// A Compare is a condition on a number.
type Compare struct {
	Op       Op
	Possibly bool  // what the words allow, not what they say
	A, B     Value // B only with Between; a zero Value is an open end
}

// An Op compares.
type Op string

// The comparisons.
const (
	GE      Op = ">="
	GT      Op = ">"
	LE      Op = "<="
	LT      Op = "<"
	EQ      Op = "="
	About   Op = "~"
	Between Op = ".."
)

// A Value is a number with its unit, as typed and as understood.
type Value struct {
	Text   string          // as typed, in half-width form; "" for an open end
	Number decimal.Decimal // in Unit
	Unit   string          // code of the unit; "" when none was typed
	Base   decimal.Decimal // in BaseUnit
	// BaseUnit is what Unit converts to; "" when no unit was typed.
	BaseUnit string
}

// Same matches articles in which one sentence holds all of it.
type Same struct{ Of []Query }

// Near matches articles in which all of it stands together, neighbours at
// most N characters apart, in any order.
type Near struct {
	N  int
	Of []Query
}

func (All) node()    {}
func (And) node()    {}
func (Or) node()     {}
func (Not) node()    {}
func (Text) node()   {}
func (Name) node()   {}
func (Date) node()   {}
func (Figure) node() {}
func (Same) node()   {}
func (Near) node()   {}

func (All) String() string   { return "*" }
func (q And) String() string { return join(q.Of, " ", true) }
func (q Or) String() string  { return join(q.Of, " OR ", false) }
func (q Not) String() string { return "-" + operand(q.Of, true) }
func (q Same) String() string {
	return "same(" + join(q.Of, " ", true) + ")"
}
func (q Near) String() string {
	return "near/" + strconv.Itoa(q.N) + "(" + join(q.Of, " ", true) + ")"
}

func join(of []Query, by string, inAnd bool) string {
	parts := make([]string, len(of))
	for i, q := range of {
		parts[i] = operand(q, inAnd)
	}
	return strings.Join(parts, by)
}

// operand writes q as a part of And (inAnd) or Or.
func operand(q Query, inAnd bool) string {
	switch q.(type) {
	case Or:
		return "(" + q.String() + ")"
	case And:
		if inAnd {
			return "(" + q.String() + ")"
		}
	}
	return q.String()
}

func (q Text) String() string {
	f := ""
	if q.Field != "" {
		f = q.Field + ":"
	}
	switch q.Form {
	case Phrase:
		return f + quote(q.Text)
	case Prefix:
		return f + bare(q.Text) + "*"
	case Fuzzy:
		return f + bare(q.Text) + "~" + strconv.Itoa(q.Edits)
	case Pattern:
		return f + "/" + strings.ReplaceAll(q.Text, "/", `\/`) + "/"
	}
	return f + bare(q.Text)
}

func (q Name) String() string {
	s := q.Field + ":"
	if q.Exact {
		s += "="
	}
	switch {
	case q.Text == "":
		return s + "*"
	case q.Prefix:
		return s + bare(q.Text) + "*"
	}
	return s + bare(q.Text)
}

func (q Date) String() string {
	switch {
	case q.From == "" && q.To == "":
		return "date:*"
	case q.From == q.To:
		return "date:" + q.From
	}
	return "date:" + q.From + ".." + q.To
}

func (q Figure) String() string {
	parts := make([]string, len(q.Of))
	for i, c := range q.Of {
		parts[i] = c.String()
	}
	return "figure(" + strings.Join(parts, " ") + ")"
}

// String returns the condition as it stands inside figure(…).
func (c Condition) String() string {
	switch {
	case c.Compare != nil && c.Key == "value":
		return c.Compare.String()
	case c.Compare != nil:
		return c.Key + ":" + c.Compare.String()
	case c.Text == "":
		return c.Key + ":*"
	}
	return c.Key + ":" + bare(c.Text)
}

// String returns the comparison as it is typed.
func (c Compare) String() string {
	s := ""
	if c.Possibly {
		s = "?"
	}
	if c.Op == Between {
		return s + c.A.Text + ".." + c.B.Text
	}
	return s + string(c.Op) + c.A.Text
}

// quote writes s between quotation marks.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		if closes('"', r) || r == '\\' {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
	return b.String()
}

// bare writes s so that it is read as one word.
func bare(s string) string {
	if reserved(s) {
		return `\` + s
	}
	var b strings.Builder
	for i, r := range s {
		m := mark(r)
		if separates(r) || strings.ContainsRune(`()":\*~|=<>`, m) || i == 0 && strings.ContainsRune("-/?&≈", m) ||
			unicode.IsSpace(r) || r == '≥' || r == '≤' || r == '≈' && i == 0 {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// reserved reports whether the word s is an operator.
func reserved(s string) bool {
	switch s {
	case "OR", "AND", "NOT", "或", "与", "且", "非":
		return true
	}
	return false
}

// Walk calls f for q and all that is in it, from the outside in, as long as f
// returns true.
func Walk(q Query, f func(Query) bool) {
	if !f(q) {
		return
	}
	var of []Query
	switch q := q.(type) {
	case And:
		of = q.Of
	case Or:
		of = q.Of
	case Not:
		of = []Query{q.Of}
	case Same:
		of = q.Of
	case Near:
		of = q.Of
	}
	for _, p := range of {
		Walk(p, f)
	}
}
