package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"longmai/corpus"
	"slices"
	"strconv"
	"strings"

	"longmai/cmd/longmai/console"
	"longmai/cmd/longmai/terminal"
	"longmai/index"
	"longmai/index/query"
	"longmai/pipeline"
	"longmai/pipeline/batch"

	"github.com/urfave/cli/v2"
)

func (e *env) searchCommand() *cli.Command {
	return &cli.Command{
		Name: "search", Usage: "find articles by text, names and figures",
		ArgsUsage: "QUERY",
		Description: `Prints the articles that match, best first, with the passages that match, and
counts. "longmai help query" explains the language.

  longmai search --library lib '产业转移 地点:兰州'
  longmai search --library lib '签约额:>=1000亿元' --facet year --facet place
  longmai search --library lib --sort value --limit 20 '装机:*'
  longmai search --library lib --all --format csv --output hits.csv '日期:2024'`,
		Flags: append([]cli.Flag{libraryFlag(),
			&cli.StringSliceFlag{Name: "facet", Usage: "count by `FIELD`: " + strings.Join(index.FacetNames(), ", ") + "; none for no counts"},
			&cli.IntFlag{Name: "facet-limit", Value: 6, Usage: "values of a facet"},
			&cli.IntFlag{Name: "limit", Aliases: []string{"n"}, Value: 10, Usage: "articles to show"},
			&cli.IntFlag{Name: "offset", Usage: "articles to leave out before the first"},
			&cli.BoolFlag{Name: "all", Usage: "all articles that match, however many (jsonl, csv, tsv)"},
			&cli.StringFlag{Name: "sort", Value: string(index.ByRelevance), Usage: sortNames()},
			&cli.BoolFlag{Name: "explain", Usage: "say how the query was read and answered"},
			&cli.BoolFlag{Name: "no-synonyms", Usage: "search for the words as typed alone"},
			&cli.BoolFlag{Name: "collapse", Usage: "one hit for an article and its reprints"},
		}, rowFlags()...),
		Action: e.search,
	}
}

func sortNames() string {
	names := make([]string, len(index.Sorts))
	for i, s := range index.Sorts {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

var defaultFacets = []string{"year", "place", "organization", "category"}

func (e *env) search(c *cli.Context) error {
	q, req, err := e.request(c)
	if err != nil {
		return err
	}
	lib, err := openLibrary(c)
	if err != nil {
		return err
	}
	defer lib.Close()
	req.Query = q
	f, err := e.searchFormat(c)
	if err != nil {
		return err
	}
	if c.Bool("all") && f != batch.JSONL && f != batch.CSV && f != batch.TSV {
		return usagef("--all with --format %s, want jsonl, csv or tsv", f)
	}
	out, err := e.output(c.String("output"))
	if err != nil {
		return err
	}
	return out.close(e.searchTo(c, lib, req, f, out))
}

// request reads the options of c that say what is searched for.
func (e *env) request(c *cli.Context) (query.Query, index.Request, error) {
	var req index.Request
	q, err := index.Parse(strings.Join(c.Args().Slice(), " "))
	if err != nil {
		return nil, req, queryError(err)
	}
	if s := index.Sort(c.String("sort")); slices.Contains(index.Sorts, s) {
		req.Sort = s
	} else {
		return nil, req, usagef("--sort %q, want one of %s", s, sortNames())
	}
	if c.Int("limit") < 0 || c.Int("offset") < 0 {
		return nil, req, usagef("--limit %d --offset %d, want numbers from 0", c.Int("limit"), c.Int("offset"))
	}
	req.Limit, req.Offset = c.Int("limit"), c.Int("offset")
	req.Explain, req.NoSynonyms, req.Collapse = c.Bool("explain"), c.Bool("no-synonyms"), c.Bool("collapse")
	names := c.StringSlice("facet")
	if len(names) == 0 {
		names = defaultFacets
	}
	for _, n := range names {
		if n == "none" {
			req.Facets = nil
			break
		}
		req.Facets = append(req.Facets, index.FacetRequest{Field: n, Limit: c.Int("facet-limit")})
	}
	return q, req, nil
}

// searchFormat is the format of search: like that of rows, but json is one
// object with totals and facets.
func (e *env) searchFormat(c *cli.Context) (batch.Format, error) {
	f := batch.Format(c.String("format"))
	switch {
	case f != "":
		f, err := batch.ParseFormat(string(f))
		if err != nil {
			return "", usageError{err: err}
		}
		return f, nil
	case c.String("output") != "":
		return byExtension(c.String("output")), nil
	case c.Bool("all"):
		return batch.JSONL, nil
	}
	return batch.Table, nil
}

func (e *env) searchTo(c *cli.Context, lib *index.Library, req index.Request, f batch.Format, out *output) error {
	if c.Bool("all") {
		req.Limit, req.Offset, req.Facets = 500, 0, nil
	}
	res, err := lib.Search(c.Context, req)
	if err != nil {
		return err
	}
	e.aside(res, f)
	req.Explain = false // said once, not with every page
	switch f {
	case batch.Table:
		v := console.NewView(out)
		if out.file == nil {
			v = console.NewView(e.out)
			v.W = out
		}
		v.Result(res, req.Offset+1)
		return nil
	case batch.JSON:
		return writeResult(out, res)
	}
	rows := &hitRows{first: req.Offset + 1}
	if f != batch.JSONL {
		if rows.rows, err = batch.NewRows(out, f, hitColumns, batch.RowOptions{BOM: c.Bool("bom")}); err != nil {
			return err
		}
	}
	for {
		if err := rows.write(out, res.Hits); err != nil {
			return err
		}
		if !c.Bool("all") || res.Next == "" {
			break
		}
		req.After = res.Next
		if res, err = lib.Search(c.Context, req); err != nil {
			return err
		}
	}
	if rows.rows != nil {
		if err := rows.rows.Close(); err != nil {
			return err
		}
	}
	if want := res.Total - res.Collapsed; c.Bool("all") && rows.n != want {
		return fmt.Errorf("%d of %d articles written", rows.n, want)
	}
	return nil
}

// aside says on standard error what rows have no place for: how many articles
// there are when reprints were collapsed, and the explanation. A table and JSON
// hold both.
func (e *env) aside(res *index.Result, f batch.Format) {
	if f == batch.Table || f == batch.JSON {
		return
	}
	if res.Collapsed > 0 {
		e.say("%s found, %s collapsed into the %d that are shown and counted", plural(res.Total, "article"), plural(res.Collapsed, "reprint"), res.Total-res.Collapsed)
	}
	if res.Explanation != nil {
		console.NewView(e.err).Explanation(res.Explanation)
	}
}

// A hitRecord is a hit as JSON.
type hitRecord struct {
	Rank     int               `json:"rank"`
	ID       string            `json:"id"`
	Date     string            `json:"date,omitempty"`
	Paper    string            `json:"paper,omitempty"`
	Edition  string            `json:"edition,omitempty"`
	Title    string            `json:"title,omitempty"`
	Score    float64           `json:"score"`
	Path     string            `json:"path"`
	Member   string            `json:"member,omitempty"`
	Passages []passageRecord   `json:"passages"`
	Figures  []json.RawMessage `json:"figures,omitempty"`
	Entities []json.RawMessage `json:"entities,omitempty"`
	Reprints []string          `json:"reprints,omitempty"`
}

type passageRecord struct {
	Text  string `json:"text"`
	Start int    `json:"start"` // code points of the article's text
	End   int    `json:"end"`
	Marks []mark `json:"marks"` // what matches, in code points of the article's text
}

type mark struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

func toHit(rank int, h index.Hit) (hitRecord, error) {
	d := h.Doc
	r := hitRecord{Rank: rank, ID: d.ID, Date: d.Date.String(), Paper: d.Paper, Edition: d.Edition, Title: d.Title, Score: h.Score,
		Path: d.Source.Path, Member: d.Source.Member, Reprints: h.Reprints, Passages: []passageRecord{}}
	line, err := pipeline.Marshal(d, pipeline.Public)
	if err != nil {
		return r, err
	}
	var all struct{ Figures, Entities []json.RawMessage }
	if err := json.Unmarshal(line, &all); err != nil {
		return r, err
	}
	for _, i := range h.Figures {
		r.Figures = append(r.Figures, all.Figures[i])
	}
	for _, i := range h.Entities {
		r.Entities = append(r.Entities, all.Entities[i])
	}
	runes := corpus.NewRuneIndex(d.Body())
	for _, p := range h.Passages {
		s := runes.Span(p.Span)
		q := passageRecord{Text: d.Surface(p.Span), Start: s.Start, End: s.End, Marks: []mark{}}
		for _, m := range p.Marks {
			k := runes.Span(m)
			q.Marks = append(q.Marks, mark{k.Start, k.End})
		}
		r.Passages = append(r.Passages, q)
	}
	return r, nil
}

// writeResult writes a whole result as one JSON object.
func writeResult(out *output, res *index.Result) error {
	type value struct {
		Name  string `json:"name"`
		Ref   string `json:"ref,omitempty"`
		Count int    `json:"count"`
	}
	type facet struct {
		Field   string  `json:"field"`
		Values  []value `json:"values"`
		Total   int     `json:"total"`
		Missing int     `json:"missing"`
	}
	type expansion struct {
		Word string   `json:"word"`
		Also []string `json:"also"`
	}
	r := struct {
		Query   string      `json:"query"`
		Added   []expansion `json:"expanded,omitempty"` // synonyms, and units of numbers without one
		Total   int         `json:"total"`
		Folded  int         `json:"collapsed,omitempty"` // reprints that --collapse put under another hit
		Hits    []hitRecord `json:"hits"`
		Facets  []facet     `json:"facets,omitempty"`
		Next    string      `json:"next,omitempty"`
		Explain any         `json:"explain,omitempty"`
		Took    float64     `json:"took_ms"`
	}{Query: res.Query.String(), Total: res.Total, Folded: res.Collapsed, Hits: []hitRecord{}, Next: res.Next, Took: float64(res.Took.Microseconds()) / 1000}
	if res.Explanation != nil {
		r.Explain = res.Explanation
	}
	for _, x := range res.Expanded {
		r.Added = append(r.Added, expansion(x))
	}
	for i, h := range res.Hits {
		k, err := toHit(i+1, h)
		if err != nil {
			return err
		}
		r.Hits = append(r.Hits, k)
	}
	for _, f := range res.Facets {
		k := facet{Field: f.Field, Total: f.Total, Missing: f.Missing, Values: []value{}}
		for _, v := range f.Values {
			k.Values = append(k.Values, value(v))
		}
		r.Facets = append(r.Facets, k)
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(r)
}

var hitColumns = []batch.Column{{Name: "rank", Kind: batch.Integer}, {Name: "id"}, {Name: "date"}, {Name: "edition"}, {Name: "title", Max: 40}, {Name: "byline", Max: 20},
	{Name: "score", Kind: batch.Decimal}, {Name: "passage", Max: 80}, {Name: "figures", Max: 30}, {Name: "path", Max: 30}, {Name: "member", Max: 20}}

// hitRows writes hits as rows, or, when rows is nil, as lines of JSON.
type hitRows struct {
	rows  batch.Rows
	first int
	n     int
}

func (r *hitRows) write(out *output, hits []index.Hit) error {
	for _, h := range hits {
		rank := r.first + r.n
		r.n++
		if r.rows == nil {
			k, err := toHit(rank, h)
			if err != nil {
				return err
			}
			enc := json.NewEncoder(out)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(k); err != nil {
				return err
			}
			continue
		}
		if err := r.rows.Write(hitRow(rank, h)); err != nil {
			return err
		}
	}
	return nil
}

func hitRow(rank int, h index.Hit) []string {
	d := h.Doc
	var credits, passages, figures []string
	for _, b := range d.Byline {
		credits = append(credits, b.Name)
	}
	for _, p := range h.Passages {
		passages = append(passages, strings.ReplaceAll(d.Surface(p.Span), "\n", ""))
	}
	for _, i := range h.Figures {
		figures = append(figures, strings.ReplaceAll(d.Surface(d.Figures[i].Span), "\n", ""))
	}
	return []string{strconv.Itoa(rank), d.ID, d.Date.String(), d.Edition, d.Title, strings.Join(credits, " "),
		strconv.FormatFloat(h.Score, 'f', 4, 64), strings.Join(passages, " … "), strings.Join(figures, " "), d.Source.Path, d.Source.Member}
}

// queryError shows a query that cannot be read with a caret under the place.
func queryError(err error) error {
	var s *query.SyntaxError
	if !errors.As(err, &s) {
		return err
	}
	line, caret := s.Caret()
	return usageError{err: fmt.Errorf("%w\n  %s\n  %s", err, terminal.Visible(line), caret), next: `"longmai help query" shows the language`}
}

func (e *env) statsCommand() *cli.Command {
	return &cli.Command{
		Name: "stats", Usage: "print what a library holds",
		Description: `  longmai stats --library lib
  longmai stats --library lib --format json`,
		Flags: []cli.Flag{libraryFlag(),
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: "text", Usage: "text or json"},
		},
		Action: e.stats,
	}
}

func (e *env) stats(c *cli.Context) error {
	lib, err := openLibrary(c)
	if err != nil {
		return err
	}
	defer lib.Close()
	var req index.Request
	for _, f := range index.FacetNames() {
		if f != "month" {
			req.Facets = append(req.Facets, index.FacetRequest{Field: f, Limit: 8})
		}
	}
	res, err := lib.Search(c.Context, req)
	if err != nil {
		return err
	}
	st, err := lib.Stats()
	if err != nil {
		return err
	}
	switch c.String("format") {
	case "json":
		enc := json.NewEncoder(e.out)
		enc.SetIndent("", " ")
		return enc.Encode(map[string]any{"manifest": st.Manifest, "articles": st.Articles, "dated": st.Dated, "days": st.Days,
			"from": st.From, "to": st.To, "bytes_on_disk": st.Bytes, "different_values": st.Names})
	case "text":
		v := console.NewView(e.out)
		v.Stats(st)
		fmt.Fprintln(e.out)
		v.Facets(res.Facets)
		return nil
	}
	return usagef("--format %q, want text or json", c.String("format"))
}
