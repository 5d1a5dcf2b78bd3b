package main

import (
	"errors"
	"fmt"
	"strings"

	"longmai/cmd/longmai/terminal"
	"longmai/index"
	"longmai/pipeline"
	"longmai/pipeline/standard"

	"github.com/urfave/cli/v2"
)

func (e *env) checkCommand() *cli.Command {
	return &cli.Command{
		Name: "check", Usage: "verify a library, and repair what can be repaired",
		Description: `Verifies every file, reads every article, looks each up by what it holds, compares
journal, index and manifest, and annotates a sample anew. --repair restores what is
there twice and makes anew what follows from the articles. Those that cannot be read
are named with their inputs; the damaged state is kept in the folder "damaged", and
the next build reads these inputs again. A repair of a library that is whole again
removes that folder. Exit status 1 when something stays wrong.

  longmai check --library lib
  longmai check --library lib --repair`,
		Flags: append([]cli.Flag{libraryFlag(),
			&cli.BoolFlag{Name: "repair", Usage: "repair what can be repaired"},
			&cli.IntFlag{Name: "sample", Value: 100, Usage: "annotate every `N`th article anew, as the library was made, and compare; 0 for none"},
		}, lineFlags()...),
		Action: e.check,
	}
}

func (e *env) check(c *cli.Context) error {
	o := index.CheckOptions{Repair: c.Bool("repair"), Sample: c.Int("sample")}
	if o.Sample > 0 {
		var err error
		if m, e := index.ReadManifest(c.String("library")); e == nil && m.Rules["model"] == standard.NoModel && !c.IsSet("fast") && c.String("model") == "" {
			if err := c.Set("fast", "true"); err != nil {
				return err
			}
		}
		if o.Annotate, o.Rules, err = annotateAnew(c); err != nil {
			return err
		}
	}
	rep, err := index.Check(c.Context, c.String("library"), o)
	if err != nil {
		return libraryError(err, c.String("library"))
	}
	if rep.Writer != "" {
		fmt.Fprintf(e.out, "%-9s being written by %s; this is about its last complete state\n", "note", terminal.Visible(rep.Writer))
	}
	for _, n := range rep.Notes {
		fmt.Fprintf(e.out, "%-9s %s\n", "note", terminal.Visible(named(c, n)))
	}
	left := 0
	for _, p := range rep.Problems {
		state := "wrong"
		if p.Repaired {
			state = "repaired"
		} else {
			left++
		}
		fmt.Fprintf(e.out, "%-9s %s\n", state, terminal.Visible(p.What))
		if !p.Repaired && p.Hint != "" {
			fmt.Fprintf(e.out, "%-9s %s\n", "", terminal.Visible(named(c, p.Hint)))
		}
	}
	fmt.Fprintf(e.out, "%s from %s, %s left\n", plural(rep.Articles, "article"), plural(rep.Sources, "source"), plural(left, "problem"))
	if left > 0 {
		return errWrong
	}
	return nil
}

// named returns s with the library of c in the commands that it names.
func named(c *cli.Context, s string) string {
	at := " --library " + c.String("library")
	return strings.NewReplacer("longmai check", "longmai check"+at, "longmai reindex", "longmai reindex"+at).Replace(s)
}

// errWrong ends check when something stays wrong.
var errWrong = errors.New("the library is not whole")

// annotateAnew returns a function that takes a stored document through the line
// again, and the versions of what is in the line.
func annotateAnew(c *cli.Context) (func(*pipeline.Document) (*pipeline.Document, error), map[string]string, error) {
	p, versions, err := line(c)
	if err != nil {
		return nil, nil, err
	}
	return func(d *pipeline.Document) (*pipeline.Document, error) { return p.Annotate(d.Article) }, versions, nil
}

func (e *env) reindexCommand() *cli.Command {
	return &cli.Command{
		Name: "reindex", Usage: "annotate a library anew from what it stores, without the source files",
		Description: `For a library of older rules or an older dictionary. The new version takes the
place of the old one when it is complete; until then searches see the old one.

  longmai reindex --library lib`,
		Flags:  append([]cli.Flag{libraryFlag()}, lineFlags()...),
		Action: e.reindex,
	}
}

func (e *env) reindex(c *cli.Context) error {
	annotate, versions, err := annotateAnew(c)
	if err != nil {
		return err
	}
	rep, err := index.Reindex(c.Context, c.String("library"), index.WriterOptions{Rules: versions}, annotate)
	if err != nil {
		return libraryError(err, c.String("library"))
	}
	e.say("%s annotated anew", plural(rep.Added+rep.Replaced, "article"))
	return nil
}
