package console

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"longmai/cmd/longmai/terminal"
	"longmai/corpus"
	"longmai/index"
	"longmai/pipeline"
	"longmai/pipeline/batch"
)

// A View prints results, articles and facets for people.
type View struct {
	W     io.Writer
	Style terminal.Style
	Width int // columns; 0 leaves lines unbroken
}

// NewView returns the view for w: with colours and a width when it is a terminal.
func NewView(w io.Writer) View {
	return View{W: w, Style: terminal.Styles(w), Width: terminal.Width(w)}
}

func (v View) printf(format string, args ...any) { fmt.Fprintf(v.W, format, args...) }

// Result prints the hits of a result, numbered from first, then its facets.
func (v View) Result(r *index.Result, first int) {
	v.printf("%s %s\n", v.Style.Title(counted(r.Total, "article", "articles")), v.Style.Dim(fmt.Sprintf("· %.1f ms", float64(r.Took.Microseconds())/1000)))
	if r.Collapsed > 0 {
		v.printf("%s\n", v.Style.Dim(fmt.Sprintf("%s collapsed into the first print that matches; the other %d are shown and counted", counted(r.Collapsed, "reprint is", "reprints are"), r.Total-r.Collapsed)))
	}
	for _, e := range r.Expanded {
		v.printf("%s\n", v.Style.Dim(terminal.Visible(e.Word+" = "+strings.Join(e.Also, ", "))))
	}
	for i, h := range r.Hits {
		v.hit(first+i, h)
	}
	if len(r.Facets) > 0 && r.Total > 0 {
		v.printf("\n")
		v.Facets(r.Facets)
	}
	if r.Explanation != nil {
		v.printf("\n")
		v.Explanation(r.Explanation)
	}
}

// Explanation prints how a query was answered, and why nothing was found.
func (v View) Explanation(x *index.Explanation) {
	v.printf("%s\n", v.Style.Title("explained"))
	v.printf("understood   %s\n", terminal.Visible(x.Query))
	if len(x.Cut) > 0 {
		v.printf("words        %s\n", terminal.Visible(strings.Join(x.Cut, "  ")))
	}
	if len(x.Rank) > 0 {
		v.printf("ranked by    %s\n", terminal.Visible(strings.Join(x.Rank, " ")))
	}
	v.printf("read         %s to decide\n", counted(x.Read, "article", "articles"))
	v.node(x.Root, 0)
	for _, b := range x.Blame {
		v.printf("without      %s\n", terminal.Visible(b))
	}
	for _, s := range x.Similar {
		v.printf("similar      %s\n", terminal.Visible(s.Name+" → "+strings.Join(s.Like, ", ")))
	}
	for _, g := range x.Missing {
		v.printf("no issues    %s – %s\n", g.From, g.To)
	}
	if x.Between[0] != "" {
		v.printf("the library  %s – %s\n", x.Between[0], x.Between[1])
	}
}

func (v View) node(n index.Node, depth int) {
	count := strconv.Itoa(n.Sure)
	if n.May > n.Sure {
		count += "–" + strconv.Itoa(n.May)
	}
	v.printf("%12s %s%s  %s\n", count, strings.Repeat("  ", depth), terminal.Visible(n.Query), v.Style.Dim(terminal.Visible(n.Note)))
	for _, p := range n.Parts {
		v.node(p, depth+1)
	}
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// hit prints one hit: headline, head, passages, matching figures.
func (v View) hit(n int, h index.Hit) {
	d := h.Doc
	v.printf("\n%s %s\n", v.Style.Dim(fmt.Sprintf("%2d", n)), v.Style.Title(terminal.Visible(headline(d))))
	v.printf("   %s\n", v.Style.Dim(terminal.Visible(strings.Join(head(d), " · "))))
	if len(h.Reprints) > 0 {
		v.printf("   %s\n", v.Style.Dim("with "+counted(len(h.Reprints), "reprint", "reprints")+": "+strings.Join(h.Reprints, " ")))
	}
	for _, p := range h.Passages {
		marks := make([]terminal.Marking, len(p.Marks))
		for i, m := range p.Marks {
			marks[i] = terminal.Marking{Span: m, Paint: terminal.HitPaint}
		}
		v.indented(v.Style.Text(d.Body(), p.Span, marks, max(v.Width-3, 0)))
	}
	for _, i := range h.Figures {
		v.printf("   %s\n", v.figureLine(d, &d.Figures[i]))
	}
}

func (v View) indented(s string) {
	for line := range strings.SplitSeq(s, "\n") {
		v.printf("   %s\n", line)
	}
}

// headline returns the title of d, or the beginning of its text.
func headline(d *pipeline.Document) string {
	if d.Title != "" {
		return d.Title
	}
	s := strings.TrimSpace(d.Body())
	if r := []rune(s); len(r) > 24 {
		s = string(r[:24]) + "…"
	}
	return s
}

func head(d *pipeline.Document) []string {
	out := []string{"undated"}
	if !d.Date.IsZero() {
		out[0] = d.Date.String()
	}
	if d.Edition != "" || d.EditionName != "" {
		out = append(out, strings.TrimSpace(d.Edition+" "+d.EditionName))
	}
	for _, b := range d.Byline {
		out = append(out, b.Role+" "+b.Name)
	}
	return append(out, d.ID)
}

// figureLine says what a figure measures, whose it is, when, and its value.
func (v View) figureLine(d *pipeline.Document, f *pipeline.Figure) string {
	var parts []string
	if f.Subject != nil && f.Subject.Name != "" {
		parts = append(parts, terminal.Visible(f.Subject.Name))
	}
	if f.Metric != nil && f.Metric.Name != "" {
		parts = append(parts, terminal.Visible(f.Metric.Name))
	}
	parts = append(parts, v.Style.Figure(terminal.Visible(oneLine(d.Surface(f.Span)))))
	var notes []string
	if val := valueOf(f); val != "" {
		notes = append(notes, val)
	}
	if t := f.Time; t != nil && (!t.From.IsZero() || !t.To.IsZero()) {
		notes = append(notes, period(t.From, t.To))
	}
	if f.Status != "" && f.Status != "actual" {
		notes = append(notes, f.Status)
	}
	if f.Aggregate != "" {
		notes = append(notes, f.Aggregate)
	}
	return "› " + strings.Join(parts, " ") + "  " + v.Style.Dim(strings.Join(notes, ", "))
}

// valueOf writes the value of a figure with its hedge: > 18400000 kW, 3 … 5 %.
func valueOf(f *pipeline.Figure) string {
	sign := map[pipeline.Form]string{pipeline.Gt: "> ", pipeline.Ge: "≥ ", pipeline.Lt: "< ", pipeline.Le: "≤ ", pipeline.Near: "→ ", pipeline.About: "≈ ", pipeline.Class: "class "}[f.Form]
	s := ""
	switch {
	case f.Rank != nil && f.Rank.N > 0:
		s = fmt.Sprintf("no. %d", f.Rank.N)
		if f.Rank.FromEnd {
			s += " from the end"
		}
		if f.Rank.Scope != "" {
			s += " of " + terminal.Visible(f.Rank.Scope)
		}
		return s
	case f.Value.Valid:
		s = sign + f.Value.Decimal.String()
	case f.Low.Valid && f.High.Valid:
		s = f.Low.Decimal.String() + " … " + f.High.Decimal.String()
	case f.Low.Valid:
		s = "≥ " + f.Low.Decimal.String()
	case f.High.Valid:
		s = "≤ " + f.High.Decimal.String()
	}
	if s != "" && f.Unit != "" {
		s += " " + f.Unit
	}
	if s != "" && f.Per != "" {
		s += " per " + f.Per
	}
	if c := f.Change; c != nil && c.Direction != "" {
		s += " " + c.Direction
		if c.Basis != "" {
			s += " " + terminal.Visible(c.Basis)
		}
	}
	return s
}

func period(from, to corpus.Day) string {
	switch {
	case from == to:
		return from.String()
	case from.IsZero():
		return "to " + to.String()
	case to.IsZero():
		return "from " + from.String()
	case from.Year == to.Year && from.Month == 1 && from.Day == 1 && to.Month == 12 && to.Day == 31:
		return strconv.Itoa(from.Year)
	}
	return from.String() + "/" + to.String()
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", "") }

// Facets prints facets, one line a field.
func (v View) Facets(facets []index.Facet) {
	for _, f := range facets {
		label := f.Field + " " + f.Chinese
		pad := strings.Repeat(" ", max(0, 20-terminal.Columns(label)))
		parts := make([]string, len(f.Values))
		for i, x := range f.Values {
			parts[i] = terminal.Visible(x.Name) + " " + v.Style.Dim(strconv.Itoa(x.Count))
		}
		more := ""
		if rest := f.Total - len(f.Values); rest > 0 {
			more = v.Style.Dim(fmt.Sprintf(" · %d more", rest))
		}
		v.printf("%s%s%s%s\n", v.Style.Dim(label), pad, strings.Join(parts, " · "), more)
	}
}

// Facet prints the values of one facet, numbered, with bars.
func (v View) Facet(f index.Facet) {
	most, widest := 1, 0
	for _, x := range f.Values {
		most, widest = max(most, x.Count), max(widest, terminal.Columns(terminal.Visible(x.Name)))
	}
	for i, x := range f.Values {
		name := terminal.Visible(x.Name)
		bar := strings.Repeat("▇", max(1, x.Count*24/most))
		v.printf("%s %s%s %6d %s\n", v.Style.Dim(fmt.Sprintf("%3d", i+1)), name, strings.Repeat(" ", widest-terminal.Columns(name)), x.Count, v.Style.Dim(bar))
	}
	if rest := f.Total - len(f.Values); rest > 0 {
		v.printf("%s\n", v.Style.Dim(fmt.Sprintf("    %d more", rest)))
	}
	if f.Missing > 0 {
		v.printf("%s\n", v.Style.Dim(fmt.Sprintf("    %s without any", counted(f.Missing, "article", "articles"))))
	}
}

// Article prints an article with its figures and entities marked, and hits
// marked over both.
func (v View) Article(d *pipeline.Document, hits []pipeline.Span) {
	v.printf("%s\n", v.Style.Dim(terminal.Visible(strings.Join(append([]string{d.Paper}, head(d)...), " · "))))
	src := d.Source.Path
	if d.Source.Member != "" {
		src += "!" + d.Source.Member
	}
	v.printf("%s\n", v.Style.Dim(terminal.Visible(src)))
	marks := markings(d, hits)
	for _, b := range d.Blocks {
		m := marks
		if b.Role == corpus.RoleTitle || b.Role == corpus.RoleHeading || b.Role == corpus.RoleSubtitle || b.Role == corpus.RoleKicker {
			m = append(slices.Clone(marks), terminal.Marking{Span: b.Span, Paint: terminal.TitlePaint})
			if !v.Style.On() {
				m = marks
			}
		}
		v.printf("\n%s\n", v.Style.Text(d.Body(), b.Span, m, v.Width))
	}
}

func markings(d *pipeline.Document, hits []pipeline.Span) []terminal.Marking {
	var out []terminal.Marking
	for _, e := range d.Entities {
		if e.Type != pipeline.Industry && e.Type != pipeline.Resource {
			out = append(out, terminal.Marking{Span: e.Span, Paint: terminal.NamePaint})
		}
	}
	for _, f := range d.Figures {
		out = append(out, terminal.Marking{Span: f.Span, Paint: terminal.FigurePaint})
	}
	for _, h := range hits {
		out = append(out, terminal.Marking{Span: h, Paint: terminal.HitPaint})
	}
	return out
}

// Figures prints the figures of an article, one line each with its place among them.
func (v View) Figures(d *pipeline.Document, which []int) {
	for _, i := range which {
		v.printf("%s %s\n", v.Style.Dim(fmt.Sprintf("%3d", i+1)), v.figureLine(d, &d.Figures[i]))
	}
}

// Entities prints the names of an article, one line a type.
func (v View) Entities(d *pipeline.Document) {
	var types []pipeline.EntityType
	names := map[pipeline.EntityType][]string{}
	for _, e := range d.Entities {
		name := terminal.Visible(e.Name)
		if e.Name == "" {
			name = terminal.Visible(oneLine(d.Surface(e.Span)))
		}
		if names[e.Type] == nil {
			types = append(types, e.Type)
		}
		if !slices.Contains(names[e.Type], name) {
			names[e.Type] = append(names[e.Type], name)
		}
	}
	slices.Sort(types)
	for _, t := range types {
		v.printf("%s%s\n", v.Style.Dim(fmt.Sprintf("%-13s", t)), strings.Join(names[t], " · "))
	}
}

// Source prints where the text of an article lies in its file.
func (v View) Source(d *pipeline.Document) {
	s := d.Source
	v.printf("path      %s\n", terminal.Visible(s.Path))
	if s.Member != "" {
		v.printf("member    %s\n", terminal.Visible(s.Member))
	}
	v.printf("format    %s\nencoding  %s\nsha256    %s\nbytes     %d–%d\n", s.Format, s.Encoding, s.SHA256, s.Range.Start, s.Range.End)
	if s.Record > 0 {
		v.printf("record    %d\n", s.Record)
	}
	v.printf("dated by  %s\n\n", d.DateOrigin)
	rows, _ := batch.NewRows(v.W, batch.Table, []batch.Column{{Name: "role"}, {Name: "first byte", Kind: batch.Integer}, {Name: "last byte", Kind: batch.Integer}, {Name: "text", Max: 50}}, batch.RowOptions{Width: v.Width})
	for _, b := range d.Blocks {
		first, last := "–", "–"
		if _, o, ok := d.Origin(b.Span); ok {
			first, last = strconv.FormatInt(o.Start, 10), strconv.FormatInt(o.End-1, 10)
		}
		rows.Write([]string{string(b.Role), first, last, terminal.Cut(oneLine(d.Surface(b.Span)), 50)})
	}
	rows.Close()
	for _, p := range d.Parts {
		v.printf("part from %s\n", terminal.Visible(p.Source.Path+" "+p.Source.Member))
	}
	for _, l := range d.Locations {
		v.printf("also in   %s\n", terminal.Visible(l.Path+" "+l.Member))
	}
}
