package batch

import (
	"errors"
	"strconv"
	"strings"

	"longmai/corpus"
	"longmai/pipeline"

	"github.com/shopspring/decimal"
)

// FigureColumns are the columns of a row of FigureRow.
var FigureColumns = []Column{
	{Name: "date"}, {Name: "title", Max: 24}, {Name: "subject", Max: 16}, {Name: "metric", Max: 20}, {Name: "surface", Max: 18},
	{Name: "value", Kind: Decimal}, {Name: "low", Kind: Decimal}, {Name: "high", Kind: Decimal}, {Name: "unit"}, {Name: "form"},
	{Name: "base_value", Kind: Decimal}, {Name: "base_unit"}, {Name: "dimension"}, {Name: "kind"}, {Name: "category"}, {Name: "per"},
	{Name: "direction"}, {Name: "role"}, {Name: "basis"}, {Name: "rank", Kind: Integer}, {Name: "scope"},
	{Name: "from"}, {Name: "to"}, {Name: "status"}, {Name: "aggregate"}, {Name: "quoted"}, {Name: "marks"},
	{Name: "sentence", Max: 60}, {Name: "article"}, {Name: "start", Kind: Integer}, {Name: "end", Kind: Integer},
	{Name: "path", Max: 30}, {Name: "member", Max: 20}, {Name: "rule"},
}

// FigureGlance names the columns that a terminal shows of FigureColumns.
var FigureGlance = []string{"date", "subject", "metric", "surface", "value", "unit", "status", "sentence"}

// EntityColumns are the columns of a row of EntityRow.
var EntityColumns = []Column{
	{Name: "date"}, {Name: "title", Max: 24}, {Name: "type"}, {Name: "surface", Max: 30}, {Name: "name", Max: 30}, {Name: "ref"},
	{Name: "confidence", Kind: Decimal}, {Name: "sentence", Max: 60}, {Name: "article"},
	{Name: "start", Kind: Integer}, {Name: "end", Kind: Integer}, {Name: "path", Max: 30}, {Name: "member", Max: 20}, {Name: "rule"},
}

// EntityGlance names the columns that a terminal shows of EntityColumns.
var EntityGlance = []string{"date", "type", "surface", "name", "ref", "sentence"}

// ArticleColumns are the columns of a row of ArticleRow.
var ArticleColumns = []Column{
	{Name: "id"}, {Name: "paper"}, {Name: "date"}, {Name: "edition"}, {Name: "section", Max: 12}, {Name: "kicker", Max: 16}, {Name: "title", Max: 40},
	{Name: "subtitle", Max: 30}, {Name: "byline", Max: 30}, {Name: "dateline"}, {Name: "characters", Kind: Integer},
	{Name: "figures", Kind: Integer}, {Name: "entities", Kind: Integer}, {Name: "path", Max: 30}, {Name: "member", Max: 20}, {Name: "text", Max: 60},
}

// ArticleGlance names the columns that a terminal shows of ArticleColumns.
var ArticleGlance = []string{"id", "date", "title", "byline", "characters", "figures", "entities", "path"}

// RejectedColumns are the columns of a row of RejectedRow.
var RejectedColumns = []Column{
	{Name: "path", Max: 40}, {Name: "member", Max: 30}, {Name: "place"}, {Name: "class"}, {Name: "reason", Max: 60}, {Name: "hint", Max: 60},
}

// A Sheet writes rows of several documents and keeps the code-point index of
// the last one.
type Sheet struct {
	doc   *pipeline.Document
	runes *corpus.RuneIndex
}

func (s *Sheet) span(d *pipeline.Document, p pipeline.Span) (start, end string) {
	if s.doc != d {
		s.doc, s.runes = d, corpus.NewRuneIndex(d.Body())
	}
	c := s.runes.Span(p)
	return strconv.Itoa(c.Start), strconv.Itoa(c.End)
}

// FigureRow returns the cells of figure f of d, in the order of FigureColumns.
// Offsets count code points, as in the public schema.
func (s *Sheet) FigureRow(d *pipeline.Document, f *pipeline.Figure) []string {
	start, end := s.span(d, f.Span)
	var direction, role, basis, rank, scope, from, to string
	if c := f.Change; c != nil {
		direction, role, basis = c.Direction, c.Role, c.Basis
	}
	if r := f.Rank; r != nil {
		rank, scope = strconv.Itoa(max(r.N, r.NMax)), r.Scope
	}
	if t := f.Time; t != nil {
		from, to = t.From.String(), t.To.String()
	}
	marks := make([]string, len(f.Marks))
	for i, m := range f.Marks {
		marks[i] = d.Surface(m.Span)
	}
	quoted := ""
	if f.Quoted {
		quoted = "yes"
	}
	return []string{
		d.Date.String(), d.Title, phrase(f.Subject), phrase(f.Metric), oneLine(d.Surface(f.Span)),
		cell(f.Value), cell(f.Low), cell(f.High), f.Unit, string(f.Form),
		cell(f.BaseValue), f.BaseUnit, f.Dimension, string(f.Kind), f.Category, f.Per,
		direction, role, basis, rank, scope,
		from, to, f.Status, f.Aggregate, quoted, strings.Join(marks, " "),
		oneLine(d.Surface(f.Sentence)), d.ID, start, end, d.Source.Path, d.Source.Member, f.Rule,
	}
}

// EntityRow returns the cells of entity e of d, in the order of EntityColumns.
func (s *Sheet) EntityRow(d *pipeline.Document, e *pipeline.Entity) []string {
	start, end := s.span(d, e.Span)
	sentence, _ := d.SentenceAt(e.Start)
	return []string{
		d.Date.String(), d.Title, string(e.Type), oneLine(d.Surface(e.Span)), e.Name, e.Ref,
		strconv.FormatFloat(e.Confidence, 'f', 2, 64), oneLine(d.Surface(sentence)), d.ID, start, end, d.Source.Path, d.Source.Member, e.Rule,
	}
}

// ArticleRow returns the cells of d, in the order of ArticleColumns.
func (s *Sheet) ArticleRow(d *pipeline.Document) []string {
	credits := make([]string, len(d.Byline))
	for i, b := range d.Byline {
		credits[i] = strings.TrimSpace(b.Role + " " + b.Name)
	}
	dateline := ""
	if l := d.Dateline; l != nil {
		dateline = strings.TrimSpace(l.Agency + " " + l.Place + " " + l.Date.String())
	}
	_, characters := s.span(d, pipeline.Span{End: len(d.Body())})
	return []string{
		d.ID, d.Paper, d.Date.String(), d.Edition, d.Section, d.Kicker, d.Title, d.Subtitle, strings.Join(credits, "；"), dateline,
		characters, strconv.Itoa(len(d.Figures)), strconv.Itoa(len(d.Entities)), d.Source.Path, d.Source.Member, d.Body(),
	}
}

// RejectedRow returns the cells of the end of an input, in the order of
// RejectedColumns. It reports false for an error that is not about one input.
func RejectedRow(err error) ([]string, bool) {
	var r *corpus.Rejection
	if errors.As(err, &r) {
		return []string{r.Source.Path, r.Source.Member, r.Place, string(r.Class), r.Err.Error(), r.Hint}, true
	}
	var a *pipeline.ArticleError
	if errors.As(err, &a) {
		reason, _, _ := strings.Cut(a.Err.Error(), "\n")
		return []string{a.Article.Source.Path, a.Article.Source.Member, "article " + a.Article.ID, "stage", a.Stage + ": " + reason,
			"the other articles are done; please report this text"}, true
	}
	return nil, false
}

// Pick returns the columns that names name, and a function that cuts a row to them.
func Pick(columns []Column, names []string) ([]Column, func([]string) []string) {
	var at []int
	var picked []Column
	for _, n := range names {
		for i, c := range columns {
			if c.Name == n {
				at, picked = append(at, i), append(picked, c)
			}
		}
	}
	return picked, func(row []string) []string {
		out := make([]string, len(at))
		for i, k := range at {
			out[i] = row[k]
		}
		return out
	}
}

func phrase(p *pipeline.Phrase) string {
	if p == nil {
		return ""
	}
	return p.Name
}

func cell(d decimal.NullDecimal) string {
	if !d.Valid {
		return ""
	}
	return d.Decimal.String()
}

// oneLine takes the line ends out of a piece of text: a column break in the
// middle of a sentence is nothing.
func oneLine(s string) string {
	if !strings.ContainsRune(s, '\n') {
		return s
	}
	return strings.ReplaceAll(s, "\n", "")
}
