package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/batch"
	"longmai/pipeline/entity"
	"longmai/pipeline/figure"

	"github.com/urfave/cli/v2"
)

var figureVerdicts = []batch.Column{{Name: "date"}, {Name: "title", Max: 24}, {Name: "surface", Max: 20}, {Name: "verdict"}, {Name: "rule"}, {Name: "reason", Max: 50},
	{Name: "sentence", Max: 60}, {Name: "article"}, {Name: "start", Kind: batch.Integer}, {Name: "end", Kind: batch.Integer}}

// explainFigures prints every numeral of the articles: which rule read it as a
// figure, or which refused it and why.
func (e *env) explainFigures(c *cli.Context) error {
	return e.printRows(c, figureVerdicts, []string{"surface", "verdict", "rule", "reason", "sentence"}, func(d *pipeline.Document, write func([]string) error) error {
		type verdict struct {
			pipeline.Span
			verdict, rule, reason string
		}
		var all []verdict
		for _, f := range d.Figures {
			all = append(all, verdict{f.Span, "figure", f.Rule, strings.Join(strings.Fields(string(f.Kind)+" "+string(f.Form)+" "+f.Category+" "+f.SubjectRule), " ")})
		}
		for _, r := range figure.Explain(d.Read()) {
			all = append(all, verdict{r.Span, "refused", r.Rule, r.Reason})
		}
		for _, t := range d.Times {
			all = append(all, verdict{t.Span, "time", t.Rule, strings.TrimSpace(t.From.String() + " " + t.To.String() + " " + t.Role)})
		}
		slices.SortStableFunc(all, func(a, b verdict) int { return a.Start - b.Start })
		runes := corpus.NewRuneIndex(d.Body())
		for _, v := range all {
			sentence, _ := d.SentenceAt(v.Start)
			at := runes.Span(v.Span)
			if err := write([]string{d.Date.String(), d.Title, flat(d, v.Span), v.verdict, v.rule, v.reason, flat(d, sentence), d.ID,
				strconv.Itoa(at.Start), strconv.Itoa(at.End)}); err != nil {
				return err
			}
		}
		return nil
	})
}

func flat(d *pipeline.Document, s pipeline.Span) string {
	return strings.ReplaceAll(d.Surface(s), "\n", "")
}

var entityVerdicts = []batch.Column{{Name: "date"}, {Name: "title", Max: 24}, {Name: "surface", Max: 24}, {Name: "type"}, {Name: "verdict"}, {Name: "probability", Kind: batch.Decimal},
	{Name: "score", Kind: batch.Decimal}, {Name: "vote", Kind: batch.Decimal}, {Name: "evidence", Max: 24}, {Name: "reasons", Max: 60}, {Name: "sentence", Max: 40}, {Name: "article"},
	{Name: "start", Kind: batch.Integer}, {Name: "end", Kind: batch.Integer}}

// explainEntities prints every candidate for a name: whether it was kept, who
// proposed it, what the model gave it, and what weighed most.
func (e *env) explainEntities(c *cli.Context) error {
	o, err := entityOptions(c)
	if err != nil {
		return err
	}
	r, err := entity.New(o)
	if err != nil {
		return err
	}
	return e.printRows(c, entityVerdicts, []string{"surface", "type", "verdict", "probability", "vote", "evidence", "reasons"}, func(d *pipeline.Document, write func([]string) error) error {
		runes, read := corpus.NewRuneIndex(d.Body()), d.Read()
		for _, s := range d.Sentences {
			x, ok := r.Explain(read, s.Start)
			if !ok {
				continue
			}
			for _, k := range x.Candidates {
				verdict := "dropped"
				if k.Kept {
					verdict = "kept"
				}
				at := runes.Span(k.Span)
				if err := write([]string{d.Date.String(), d.Title, flat(d, k.Span), string(k.Type), verdict, decimal3(k.Probability), decimal3(k.Score), decimal3(k.Vote),
					fmt.Sprint(k.Evidence), reasons(k.Reasons), flat(d, s), d.ID, strconv.Itoa(at.Start), strconv.Itoa(at.End)}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func decimal3(x float64) string { return strconv.FormatFloat(x, 'f', 3, 64) }

// reasons names the answers that weighed most, for or against.
func reasons(list []entity.Reason) string {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b entity.Reason) int {
		switch x, y := a.Weight*a.Weight, b.Weight*b.Weight; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	parts := make([]string, min(4, len(list)))
	for i := range parts {
		parts[i] = fmt.Sprintf("%s=%s %+.2f", list[i].Question, list[i].Answer, list[i].Weight)
	}
	return strings.Join(parts, ", ")
}
