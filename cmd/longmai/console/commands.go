package console

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"longmai/cmd/longmai/terminal"
	"longmai/index"
	"longmai/index/query"
)

// A command is a row of the table of commands.
type command struct {
	names   []string // with the dot; the first one is shown
	args    string
	means   string
	example string
	run     func(c *Console, ctx context.Context, arg string) error
}

// commands is the table of commands, in the order in which .help shows it. It
// is a function because .help is in it and reads it.
func commands() []command {
	return []command{
		{[]string{".open", ".o"}, "N", "read article N, hits, figures and names marked (a bare number does the same)", ".open 1", (*Console).openCommand},
		{[]string{".more", ".m"}, "", "the next page", ".more", (*Console).more},
		{[]string{".facets"}, "[NAME…]", "count the articles by the usual fields, or by these", ".facets person year", (*Console).facetsCommand},
		{[]string{".facet", ".f"}, "NAME", "list the values of a field; a number then narrows to one", ".facet 地点", (*Console).facetCommand},
		{[]string{".drop"}, "[N]", "widen again: take back the last narrowing, or number N", ".drop", (*Console).drop},
		{[]string{".figures", ".figs"}, "", "the figures of the articles shown that match the query, or all of theirs", ".figures", (*Console).figures},
		{[]string{".fig"}, "N", "all figures of article N", ".fig 1", (*Console).fig},
		{[]string{".names"}, "N", "all names of article N", ".names 1", (*Console).names},
		{[]string{".src"}, "N", "file, encoding and bytes of article N", ".src 1", (*Console).src},
		{[]string{".cite"}, "N", "a citation of article N", ".cite 1", (*Console).cite},
		{[]string{".sort"}, "[ORDER]", "order of the hits: relevance, date, date-asc, value, value-asc", ".sort date", (*Console).sortCommand},
		{[]string{".limit"}, "[N]", "articles on a page", ".limit 20", (*Console).limitCommand},
		{[]string{".months"}, "", "articles by month, as bars", ".months", (*Console).months},
		{[]string{".explain"}, "", "how the query was read and answered, and why nothing was found", ".explain", (*Console).explain},
		{[]string{".stats"}, "", "what is in the library", ".stats", (*Console).stats},
		{[]string{".help", ".h", ".?"}, "[query]", "this table, or the query language", ".help query", (*Console).help},
		{[]string{".quit", ".q", ".exit"}, "", "leave (Ctrl-D does the same)", ".quit", func(c *Console, _ context.Context, _ string) error { c.quit = true; return nil }},
	}
}

// command obeys a line that begins with a dot.
func (c *Console) command(ctx context.Context, line string) error {
	name, arg, _ := strings.Cut(line, " ")
	arg = strings.TrimSpace(arg)
	if n := strings.TrimLeft(name[1:], "0123456789"); n == "" && len(name) > 1 {
		return fmt.Errorf("no command %q; an article is opened by its bare number", name)
	}
	for _, k := range commands() {
		if slices.Contains(k.names, strings.ToLower(name)) {
			return k.run(c, ctx, arg)
		}
	}
	return fmt.Errorf("no command %q; .help lists them%s", name, similar(name))
}

// similar suggests the command that begins like name.
func similar(name string) string {
	for n := len(name); n > 1; n-- {
		for _, k := range commands() {
			if strings.HasPrefix(k.names[0], name[:n]) {
				return fmt.Sprintf(" (%s?)", k.names[0])
			}
		}
	}
	return ""
}

// argument reads the number of an article; without one it is the open article.
func (c *Console) argument(arg string) (*index.Hit, int, error) {
	n := c.open
	if arg != "" {
		var err error
		if n, err = strconv.Atoi(arg); err != nil {
			return nil, 0, fmt.Errorf("%q is no number of an article", arg)
		}
	}
	if n == 0 {
		n = 1
	}
	h, err := c.hit(n)
	return h, n, err
}

func (c *Console) openCommand(ctx context.Context, arg string) error {
	_, n, err := c.argument(arg)
	if err != nil {
		return err
	}
	return c.openHit(ctx, n)
}

func (c *Console) more(ctx context.Context, _ string) error {
	if len(c.page) == 0 {
		return errors.New("no query yet")
	}
	last := c.page[len(c.page)-1]
	if last.Next == "" {
		return errors.New("that was the last page")
	}
	req := c.request()
	req.After, req.Facets = last.Next, nil
	r, err := c.lib.Search(ctx, req)
	if err != nil {
		return err
	}
	first := c.shown() + 1
	c.page = append(c.page, r)
	for i, h := range r.Hits {
		c.v.hit(first+i, h)
	}
	c.footer(r)
	return nil
}

func (c *Console) facetsCommand(ctx context.Context, arg string) error {
	names := strings.Fields(arg)
	if len(names) == 0 {
		names = index.FacetNames()
	}
	req := index.Request{Query: c.query()}
	for _, n := range names {
		req.Facets = append(req.Facets, index.FacetRequest{Field: n, Limit: 8})
	}
	r, err := c.lib.Search(ctx, req)
	if err != nil {
		return err
	}
	c.breadcrumb()
	c.v.Facets(r.Facets)
	return nil
}

func (c *Console) facet(ctx context.Context, name string, limit int) (*index.Facet, error) {
	r, err := c.lib.Search(ctx, index.Request{Query: c.query(), Facets: []index.FacetRequest{{Field: name, Limit: limit}}})
	if err != nil {
		return nil, err
	}
	return &r.Facets[0], nil
}

func (c *Console) facetCommand(ctx context.Context, arg string) error {
	if arg == "" {
		return fmt.Errorf("of which field? one of %s", strings.Join(index.FacetNames(), ", "))
	}
	f, err := c.facet(ctx, arg, 30)
	if err != nil {
		return err
	}
	c.breadcrumb()
	c.v.Facet(*f)
	if len(f.Values) > 0 {
		c.choices = f
		c.v.printf("%s\n", c.v.Style.Dim("a number narrows to that value"))
	}
	return nil
}

func (c *Console) drop(ctx context.Context, arg string) error {
	if len(c.narrow) == 0 {
		return errors.New("nothing is narrowed")
	}
	n := len(c.narrow)
	if arg != "" {
		var err error
		if n, err = strconv.Atoi(arg); err != nil || n < 1 || n > len(c.narrow) {
			return fmt.Errorf("no narrowing %q, want 1 to %d", arg, len(c.narrow))
		}
	}
	c.narrow = slices.Delete(c.narrow, n-1, n)
	return c.search(ctx)
}

func (c *Console) figures(context.Context, string) error {
	if c.shown() == 0 {
		return errors.New("no articles are shown; type a query first")
	}
	n := 0
	for _, r := range c.page {
		for _, h := range r.Hits {
			n++
			which := h.Figures
			if len(which) == 0 {
				which = all(len(h.Doc.Figures))
			}
			if len(which) == 0 {
				continue
			}
			c.v.printf("%s %s\n", c.v.Style.Dim(fmt.Sprintf("%2d", n)), c.v.Style.Title(terminal.Visible(headline(h.Doc))))
			c.v.Figures(h.Doc, which)
		}
	}
	return nil
}

func all(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func (c *Console) fig(_ context.Context, arg string) error {
	h, _, err := c.argument(arg)
	if err != nil {
		return err
	}
	c.v.Figures(h.Doc, all(len(h.Doc.Figures)))
	return nil
}

func (c *Console) names(_ context.Context, arg string) error {
	h, _, err := c.argument(arg)
	if err != nil {
		return err
	}
	c.v.Entities(h.Doc)
	return nil
}

func (c *Console) src(_ context.Context, arg string) error {
	h, _, err := c.argument(arg)
	if err != nil {
		return err
	}
	c.v.Source(h.Doc)
	return nil
}

// cite prints a citation in the form of GB/T 7714: author. title[N]. paper, date(edition).
func (c *Console) cite(_ context.Context, arg string) error {
	h, _, err := c.argument(arg)
	if err != nil {
		return err
	}
	d := h.Doc
	var names []string
	for _, b := range d.Byline {
		if b.Kind != "photographer" && b.Kind != "editor" {
			names = append(names, b.Name)
		}
	}
	who := ""
	if len(names) > 0 {
		who = strings.Join(names[:min(3, len(names))], "，")
		if len(names) > 3 {
			who += "，等"
		}
		who += "．"
	}
	date := d.Date.String()
	if date == "" {
		date = "日期不详"
	}
	if d.Edition != "" {
		date += "（" + d.Edition + "）"
	}
	c.v.printf("%s\n", terminal.Visible(who+headline(d)+"[N]．"+d.Paper+"，"+date+"．"))
	return nil
}

func (c *Console) sortCommand(ctx context.Context, arg string) error {
	if arg == "" {
		c.v.printf("%s\n", c.sort)
		return nil
	}
	s := index.Sort(arg)
	if !slices.Contains(index.Sorts, s) {
		return fmt.Errorf("no order %q, want one of %v", arg, index.Sorts)
	}
	c.sort = s
	if len(c.page) == 0 {
		return nil
	}
	return c.search(ctx)
}

func (c *Console) limitCommand(_ context.Context, arg string) error {
	if arg == "" {
		c.v.printf("%d\n", c.limit)
		return nil
	}
	n, err := strconv.Atoi(arg)
	if err != nil || n < 1 || n > 1000 {
		return fmt.Errorf("%q is no number of articles, want 1 to 1000", arg)
	}
	c.limit = n
	return nil
}

func (c *Console) months(ctx context.Context, _ string) error {
	f, err := c.facet(ctx, "month", -1)
	if err != nil {
		return err
	}
	slices.SortFunc(f.Values, func(a, b index.FacetValue) int { return strings.Compare(a.Name, b.Name) })
	c.breadcrumb()
	c.v.Facet(*f)
	return nil
}

func (c *Console) explain(ctx context.Context, _ string) error {
	r, err := c.lib.Search(ctx, index.Request{Query: c.query(), Explain: true})
	if err != nil {
		return err
	}
	c.v.Explanation(r.Explanation)
	return nil
}

func (c *Console) stats(context.Context, string) error {
	st, err := c.lib.Stats()
	if err != nil {
		return err
	}
	c.v.Stats(st)
	return nil
}

// Stats prints what a library is made of.
func (v View) Stats(s index.Stats) {
	m := s.Manifest
	v.printf("%s from %s, %.1f MB of text, %.1f MB on disk\n", counted(s.Articles, "article", "articles"), counted(m.Sources, "source", "sources"),
		float64(m.Bytes)/1e6, float64(s.Bytes)/1e6)
	if s.Days > 0 {
		v.printf("%s from %s to %s; %d undated\n", counted(s.Days, "day", "days"), s.From, s.To, s.Articles-s.Dated)
	}
	v.printf("%s\n", v.Style.Dim("updated "+m.Updated.Local().Format("2006-01-02 15:04")))
	for _, k := range slices.Sorted(maps.Keys(m.Rules)) {
		v.printf("%s\n", v.Style.Dim(fmt.Sprintf("%-11s %s", k, m.Rules[k])))
	}
}

func (c *Console) help(_ context.Context, arg string) error {
	if arg == "query" || arg == "查询" {
		c.v.Language()
		return nil
	}
	c.v.printf("A line is a query (.help query shows the language); a line that begins with a dot is a command:\n\n")
	for _, k := range commands() {
		left := strings.TrimSpace(k.names[0] + " " + k.args)
		c.v.printf("  %-18s %s\n", left, k.means)
		if k.example != k.names[0] {
			c.v.printf("  %-18s %s\n", "", c.v.Style.Dim(k.example))
		}
	}
	c.v.printf("\n  n, N               the next, the previous article\n  Ctrl-C             ends a query, not the session\n")
	return nil
}

// Language prints the table of the query language.
func (v View) Language() {
	for _, r := range query.Help {
		v.printf("%s\n    %s\n    %s\n", v.Style.Title(strings.Join(r.Write, "  ")), r.Means, v.Style.Dim(r.Chinese))
		if r.Example != "" && !slices.Contains(r.Write, r.Example) {
			v.printf("    %s\n", v.Style.Dim(r.Example))
		}
	}
	v.printf("\nfields\n")
	for _, f := range index.Fields {
		if f.Query {
			v.printf("    %-14s %s  %s\n", f.Name, f.Chinese+strings.Repeat(" ", max(0, 8-terminal.Columns(f.Chinese))), f.Means)
		}
	}
}
