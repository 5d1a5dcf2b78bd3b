package main

import (
	"slices"
	"strings"

	"longmai/index"
	"longmai/pipeline"
	"longmai/pipeline/batch"

	"github.com/urfave/cli/v2"
)

var (
	entityTypes = []string{"person", "organization", "place", "facility", "event", "project", "policy", "industry", "resource"}
	categories  = []string{"amount", "capacity", "reserve", "output", "share", "growth", "rank", "price", "count", "extent", "duration", "measure"}
)

// onlySome returns the values of an option that may stand several times, each one of those known.
func onlySome(c *cli.Context, flag string, known []string) (map[string]bool, error) {
	only := map[string]bool{}
	for _, v := range c.StringSlice(flag) {
		if !slices.Contains(known, v) {
			return nil, usagef("--%s %q, want one of %s", flag, v, strings.Join(known, ", "))
		}
		only[v] = true
	}
	return only, nil
}

func (e *env) entitiesCommand() *cli.Command {
	return &cli.Command{
		Name: "entities", Usage: "print the people, bodies, places and other names of articles, one mention a row",
		ArgsUsage: "PATH…",
		Description: `  longmai entities page.txt
  longmai entities --type person --format csv --output people.csv pages/`,
		Flags: append(append(rowFlags(),
			&cli.BoolFlag{Name: "explain", Usage: "print the candidates for names, which were kept, and what decided"},
			&cli.StringSliceFlag{Name: "type", Usage: "only mentions of `TYPE`: " + strings.Join(entityTypes, ", ")}), readFlags()...),
		Action: e.entities,
	}
}

func (e *env) entities(c *cli.Context) error {
	if c.Bool("explain") {
		return e.explainEntities(c)
	}
	only, err := onlySome(c, "type", entityTypes)
	if err != nil {
		return err
	}
	var sheet batch.Sheet
	return e.printRows(c, batch.EntityColumns, batch.EntityGlance, func(d *pipeline.Document, write func([]string) error) error {
		for i := range d.Entities {
			if len(only) > 0 && !only[string(d.Entities[i].Type)] {
				continue
			}
			if err := write(sheet.EntityRow(d, &d.Entities[i])); err != nil {
				return err
			}
		}
		return nil
	})
}

// printRows annotates the sources of c and prints the rows that of makes of each document.
func (e *env) printRows(c *cli.Context, columns []batch.Column, glance []string, of func(*pipeline.Document, func([]string) error) error) error {
	r, err := e.reader(c)
	if err != nil {
		return err
	}
	p, _, err := line(c)
	if err != nil {
		return err
	}
	rows, cut, out, err := e.rows(c, columns, glance)
	if err != nil {
		return err
	}
	write := func(cells []string) error { return rows.Write(cut(cells)) }
	if err := r.each(c.Context, p, func(d *pipeline.Document) error { return of(d, write) }); err != nil {
		return out.close(err)
	}
	if err := rows.Close(); err != nil {
		return out.close(err)
	}
	return out.close(r.end())
}

func (e *env) figuresCommand() *cli.Command {
	return &cli.Command{
		Name: "figures", Usage: "print the figures of articles, one a row: value, unit, metric, whose, when, sentence",
		ArgsUsage: "PATH… | QUERY",
		Description: `  longmai figures page.txt
  longmai figures --category capacity --format xlsx --output capacity.xlsx pages/
  longmai figures --library lib --sort value '装机:>=100万千瓦 地点:酒泉'`,
		Flags: append(append(rowFlags(),
			&cli.BoolFlag{Name: "explain", Usage: "print every numeral: the rule that read it, or the rule that refused it and why"},
			&cli.StringFlag{Name: "library", Aliases: []string{"L"}, Usage: "figures of the library in `DIR` that match a query, in place of PATH…"},
			&cli.StringFlag{Name: "sort", Value: string(index.ByDate), Usage: "with --library: " + sortNames()},
			&cli.IntFlag{Name: "limit", Aliases: []string{"n"}, Usage: "with --library: rows at most; 0 for all"},
			&cli.StringSliceFlag{Name: "category", Usage: "only figures of `CATEGORY`: " + strings.Join(categories, ", ")}), readFlags()...),
		Action: e.figures,
	}
}

func (e *env) figures(c *cli.Context) error {
	if c.Bool("explain") {
		return e.explainFigures(c)
	}
	only, err := onlySome(c, "category", categories)
	if err != nil {
		return err
	}
	if c.String("library") != "" {
		return e.libraryFigures(c, only)
	}
	var sheet batch.Sheet
	return e.printRows(c, batch.FigureColumns, batch.FigureGlance, func(d *pipeline.Document, write func([]string) error) error {
		for i := range d.Figures {
			if len(only) > 0 && !only[d.Figures[i].Category] {
				continue
			}
			if err := write(sheet.FigureRow(d, &d.Figures[i])); err != nil {
				return err
			}
		}
		return nil
	})
}

// libraryFigures prints the figures of a library that match a query.
func (e *env) libraryFigures(c *cli.Context, only map[string]bool) error {
	q, err := index.Parse(strings.Join(c.Args().Slice(), " "))
	if err != nil {
		return queryError(err)
	}
	s := index.Sort(c.String("sort"))
	if !slices.Contains(index.Sorts, s) {
		return usagef("--sort %q, want one of %s", s, sortNames())
	}
	lib, err := openLibrary(c)
	if err != nil {
		return err
	}
	defer lib.Close()
	rows, cut, out, err := e.rows(c, batch.FigureColumns, batch.FigureGlance)
	if err != nil {
		return err
	}
	var sheet batch.Sheet
	n, limit := 0, c.Int("limit")
	for r, err := range lib.Figures(c.Context, index.Request{Query: q, Sort: s}) {
		if err == nil && len(only) > 0 && !only[r.Figure.Category] {
			continue
		}
		if n++; err == nil && limit > 0 && n > limit {
			break
		}
		if err == nil {
			err = rows.Write(cut(sheet.FigureRow(r.Doc, r.Figure)))
		}
		if err != nil {
			return out.close(err)
		}
	}
	return out.close(rows.Close())
}
