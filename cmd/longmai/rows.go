package main

import (
	"longmai/pipeline"
	"longmai/pipeline/batch"

	"github.com/urfave/cli/v2"
)

func (e *env) entitiesCommand() *cli.Command {
	return &cli.Command{
		Name: "entities", Usage: "print the people, bodies, places and other names of articles, one mention a row",
		ArgsUsage: "PATH…",
		Description: `  longmai entities page.txt
  longmai entities --type person --format csv --output people.csv pages/`,
		Flags: append(append(rowFlags(),
			&cli.StringSliceFlag{Name: "type", Usage: "only mentions of `TYPE`: person, organization, place, facility, event, project, policy, industry, resource"}), readFlags()...),
		Action: e.entities,
	}
}

func (e *env) entities(c *cli.Context) error {
	only := map[string]bool{}
	for _, t := range c.StringSlice("type") {
		only[t] = true
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
	p, err := line()
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
