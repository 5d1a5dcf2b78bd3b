package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"longmai/cmd/longmai/terminal"
	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/batch"

	"github.com/urfave/cli/v2"
)

func (e *env) extractCommand() *cli.Command {
	return &cli.Command{
		Name: "extract", Usage: "print articles with their entities, figures and relations",
		ArgsUsage: "PATH…",
		Description: `Reads files, folders and archives and prints one JSON object an article
("longmai help schema" explains it). With --output DIR the results of a whole
run go into a folder: articles, figures, entities, rejected inputs, a manifest.

  longmai extract page.txt
  longmai extract --format csv pages/ >articles.csv
  longmai extract --output run1 pages/ archive.zip
  cat page.txt | longmai extract --date 2024-10-28 -
  longmai extract --dry-run --column 'headline=title' table.xlsx`,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: "jsonl", Usage: "jsonl, json or csv"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the whole run into the folder `DIR`"},
			&cli.BoolFlag{Name: "dry-run", Usage: "print how the columns of each input are understood and what its first articles become"},
			&cli.StringFlag{Name: "retry-rejected", Usage: "read the inputs that the list `FILE` (rejected.jsonl of an earlier run) names, of archives the members alone"},
			&cli.BoolFlag{Name: "force", Usage: "write over an earlier run in DIR"},
			&cli.BoolFlag{Name: "bom", Usage: "begin csv with a byte order mark, for older spreadsheets"},
		}, readFlags()...),
		Action: e.extract,
	}
}

func (e *env) extract(c *cli.Context) error {
	r, err := e.reader(c)
	if err != nil {
		return err
	}
	if c.Bool("dry-run") {
		return e.dryRun(c, r)
	}
	p, versions, err := line(c)
	if err != nil {
		return err
	}
	if dir := c.String("output"); dir != "" {
		return e.extractRun(c, r, p, versions, dir)
	}
	f, err := batch.ParseFormat(c.String("format"))
	if err != nil || f != batch.JSON && f != batch.JSONL && f != batch.CSV {
		return usagef("--format %q, want jsonl, json or csv", c.String("format"))
	}
	out, err := e.output("")
	if err != nil {
		return err
	}
	return out.close(e.extractTo(c, r, p, f, out))
}

func (e *env) extractTo(c *cli.Context, r *reader, p *pipeline.Pipeline, f batch.Format, out *output) error {
	var write func(*pipeline.Document) error
	var finish func() error
	if f == batch.CSV {
		rows, err := batch.NewRows(out, f, batch.ArticleColumns, batch.RowOptions{BOM: c.Bool("bom")})
		if err != nil {
			return err
		}
		var sheet batch.Sheet
		write, finish = func(d *pipeline.Document) error { return rows.Write(sheet.ArticleRow(d)) }, rows.Close
	} else {
		w := &documentWriter{w: out, array: f == batch.JSON}
		write, finish = w.write, w.close
	}
	if err := r.each(c.Context, p, write); err != nil {
		return errors.Join(err, finish())
	}
	if err := finish(); err != nil {
		return err
	}
	return r.end()
}

func (e *env) extractRun(c *cli.Context, r *reader, p *pipeline.Pipeline, versions map[string]string, dir string) error {
	sum, err := batch.Run(c.Context, dir, r.documents(c.Context, p), batch.Options{Force: c.Bool("force"), Versions: versions})
	if errors.Is(err, batch.ErrExists) {
		return hinted{err, "choose another folder, or write over it with --force"}
	}
	if err != nil {
		return err
	}
	if !r.quiet {
		e.say("%s: %s, %s, %s, %s; %d undated, %d rejected", dir, plural(sum.Articles, "article"), plural(sum.Figures, "figure"),
			plural(sum.Entities, "mention"), plural(sum.Relations, "relation"), sum.Undated, sum.Rejected)
	}
	r.sayPassed()
	if sum.Rejected > 0 {
		return errRejected
	}
	return nil
}

// preview is the number of articles that --dry-run shows of an input.
const preview = 5

// dryRun prints what the first articles of each input would become.
func (e *env) dryRun(c *cli.Context, r *reader) error {
	out, err := e.output("")
	if err != nil {
		return err
	}
	var seen []string // columns
	for _, path := range r.paths {
		p, err := corpus.Preview(c.Context, r.o, path, preview)
		if err != nil {
			return out.close(err)
		}
		fmt.Fprintf(out, "%s: %s %s\n", terminal.Visible(path), p.Format, p.Encoding)
		for _, k := range p.Columns {
			seen = append(seen, k.Name)
			field := k.Field
			if field == "" {
				field = "(not read; --column '" + k.Name + "=FIELD' reads it)"
			}
			fmt.Fprintf(out, "  column %q → %s\n", k.Name, terminal.Visible(field))
		}
		for _, a := range p.Articles {
			fmt.Fprintf(out, "  article %s  %s  %s\n", a.ID, cmp.Or(a.Date.String(), "undated"), terminal.Visible(a.Title))
			for _, b := range a.Blocks {
				text := strings.ReplaceAll(a.Text.At(b.Span), "\n", "")
				fmt.Fprintf(out, "    %-12s %s\n", b.Role, terminal.Cut(terminal.Visible(text), 60))
			}
		}
		for _, rej := range p.Rejected {
			r.reject(rej)
		}
	}
	if err := r.end(); err != nil {
		return out.close(err)
	}
	return out.close(unknownColumns(r.o.Columns, seen))
}

// unknownColumns is an error that names the columns of options that no input has.
func unknownColumns(columns map[string]string, seen []string) error {
	var unknown []string
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		if !slices.ContainsFunc(seen, func(s string) bool { return corpus.SameColumn(s, name) }) {
			unknown = append(unknown, strconv.Quote(name))
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	err := usagef("--column %s: no such column in what was read", strings.Join(unknown, ", "))
	if len(seen) == 0 {
		return err.hint("the inputs have no columns: --column is for tables and records")
	}
	slices.Sort(seen)
	return err.hint("columns are " + strings.Join(slices.Compact(seen), ", "))
}
