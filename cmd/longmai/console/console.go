// Package console is the search console: a line is a query, a line that begins
// with a dot is a command.
//
//	c := console.New(lib, out, errw)
//	err := c.Terminal(ctx, historyFile)   // with a line editor
//	err := c.Pipe(ctx, r)                 // commands from a pipe, no prompts, stops at the first error
//
// What a line changes is in the state of the Console: the query, what it was
// narrowed by, the page, the hits shown last. The table of commands is in
// commands.go.
package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"longmai/cmd/longmai/terminal"
	"longmai/index"
	"longmai/index/query"
)

// A Console is one conversation with a library. It is for one goroutine.
type Console struct {
	lib *index.Library
	v   View
	err View

	base   query.Query // what was typed; nil before the first query
	typed  string
	narrow []narrowing
	sort   index.Sort
	limit  int
	facets []string // shown below each result

	page    []*index.Result // pages shown, the last one on the screen
	open    int             // number of the hit that is open, from 1; 0 for none
	choices *index.Facet    // the list of .facet, while a number chooses from it
	quit    bool
}

// A narrowing is a value that the reader chose from a facet.
type narrowing struct {
	label string
	q     query.Query
}

// New returns a console on lib that prints to out, and errors to errw.
func New(lib *index.Library, out, errw io.Writer) *Console {
	return &Console{lib: lib, v: NewView(out), err: NewView(errw), sort: index.ByRelevance, limit: 10,
		facets: []string{"year", "place", "organization", "category"}}
}

// Pipe obeys the lines of r. It stops at the first line that fails, and the
// error has its number.
func (c *Console) Pipe(ctx context.Context, r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan() && !c.quit; n++ {
		if err := c.Line(ctx, lines.Text()); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return lines.Err()
}

// Line obeys one line.
func (c *Console) Line(ctx context.Context, line string) error {
	line = strings.TrimSpace(line)
	switch {
	case line == "" || strings.HasPrefix(line, "#"):
		return nil
	case strings.HasPrefix(line, "."):
		return c.command(ctx, line)
	}
	if n, err := strconv.Atoi(line); err == nil {
		return c.number(ctx, n)
	}
	if len(line) == 1 && (line == "n" || line == "N") && c.open > 0 {
		if line == "n" {
			return c.openHit(ctx, c.open+1)
		}
		return c.openHit(ctx, c.open-1)
	}
	q, err := index.Parse(line)
	if err != nil {
		return err
	}
	c.base, c.typed, c.narrow = q, line, nil
	return c.search(ctx)
}

// number chooses from the list of .facet when one was just shown, and opens a hit otherwise.
func (c *Console) number(ctx context.Context, n int) error {
	f := c.choices
	if f == nil {
		return c.openHit(ctx, n)
	}
	if n < 1 || n > len(f.Values) {
		return fmt.Errorf("no value %d, want 1 to %d", n, len(f.Values))
	}
	v := f.Values[n-1]
	q, err := index.Narrow(f.Field, v)
	if err != nil {
		return err
	}
	c.narrow = append(c.narrow, narrowing{f.Chinese + ":" + v.Name, q})
	return c.search(ctx)
}

// query is what was typed and all that it was narrowed by.
func (c *Console) query() query.Query {
	var all []query.Query
	if c.base != nil {
		all = append(all, c.base)
	}
	for _, n := range c.narrow {
		all = append(all, n.q)
	}
	switch len(all) {
	case 0:
		return query.All{}
	case 1:
		return all[0]
	}
	return query.And{Of: all}
}

func (c *Console) request() index.Request {
	req := index.Request{Query: c.query(), Limit: c.limit, Sort: c.sort}
	for _, f := range c.facets {
		req.Facets = append(req.Facets, index.FacetRequest{Field: f, Limit: 6})
	}
	return req
}

// search asks the query anew and shows the first page.
func (c *Console) search(ctx context.Context) error {
	c.page, c.open, c.choices = nil, 0, nil
	r, err := c.lib.Search(ctx, c.request())
	if err != nil {
		return err
	}
	c.page = []*index.Result{r}
	c.breadcrumb()
	c.v.Result(r, 1)
	c.footer(r)
	return nil
}

// breadcrumb shows what is active.
func (c *Console) breadcrumb() {
	if len(c.narrow) == 0 {
		return
	}
	parts := []string{terminal.Visible(c.typed)}
	if c.typed == "" {
		parts[0] = "*"
	}
	for _, n := range c.narrow {
		parts = append(parts, terminal.Visible(n.label))
	}
	c.v.printf("%s\n", c.v.Style.Dim(strings.Join(parts, " › ")))
}

func (c *Console) footer(r *index.Result) {
	shown := c.shown()
	if r.Next != "" && shown < r.Total-r.Collapsed {
		c.v.printf("\n%s\n", c.v.Style.Dim(fmt.Sprintf("%d of %d · .more · a number opens an article", shown, r.Total-r.Collapsed)))
	}
}

// shown is the number of hits on the pages so far.
func (c *Console) shown() int {
	n := 0
	for _, r := range c.page {
		n += len(r.Hits)
	}
	return n
}

// hit returns hit n of the pages shown, from 1.
func (c *Console) hit(n int) (*index.Hit, error) {
	if c.shown() == 0 {
		return nil, errors.New("no articles are shown; type a query first")
	}
	k := n
	for _, r := range c.page {
		if k >= 1 && k <= len(r.Hits) {
			return &r.Hits[k-1], nil
		}
		k -= len(r.Hits)
	}
	return nil, fmt.Errorf("no article %d, want 1 to %d", n, c.shown())
}

func (c *Console) openHit(_ context.Context, n int) error {
	h, err := c.hit(n)
	if err != nil {
		return err
	}
	c.open, c.choices = n, nil
	c.v.Article(h.Doc, h.Marks)
	return nil
}

// Report prints an error of a line: a query with a caret under the place.
func (c *Console) Report(err error) { c.err.Error(err) }

// Error prints err, and for a query that cannot be read the line with a caret.
func (v View) Error(err error) {
	v.printf("longmai: error: %s\n", terminal.Visible(err.Error()))
	var s *query.SyntaxError
	if errors.As(err, &s) {
		line, caret := s.Caret()
		v.printf("  %s\n  %s\n", line, caret)
	}
}
