package main

import (
	"cmp"
	"iter"
	"slices"

	"longmai/corpus"
	"longmai/index"
	"longmai/pipeline/batch"

	"github.com/urfave/cli/v2"
)

func (e *env) verifyCommand() *cli.Command {
	return &cli.Command{
		Name: "verify", Usage: "read the sources of a library again and prove every character of its articles",
		Description: `Compares the digest of each file and follows every stored character back to its
bytes. Prints the sources that have changed or are gone; exit status 1 when there are any.
What came from standard input cannot be read again: it is counted apart.

  longmai verify --library lib
  longmai verify --library lib --format csv --output proofs.csv`,
		Flags:  append([]cli.Flag{libraryFlag(), &cli.BoolFlag{Name: "proved", Usage: "print the sources that are as they were too"}}, rowFlags()...),
		Action: e.verify,
	}
}

var proofColumns = []batch.Column{{Name: "article"}, {Name: "state"}, {Name: "path", Max: 40}, {Name: "member", Max: 30}, {Name: "reason", Max: 60}}

func (e *env) verify(c *cli.Context) error {
	lib, err := openLibrary(c)
	if err != nil {
		return err
	}
	defer lib.Close()
	rows, cut, out, err := e.rows(c, proofColumns, []string{"article", "state", "path", "member", "reason"})
	if err != nil {
		return err
	}
	articles, bad, passing := 0, 0, 0
	write := func(a *corpus.Article, s corpus.Source, state, reason string) error {
		return rows.Write(cut([]string{a.ID, state, s.Path, s.Member, reason}))
	}
	stored := func(yield func(*corpus.Article, error) bool) {
		for a, err := range storedArticles(c, lib) {
			if err == nil && a.Source.Path == standardInput {
				if passing++; c.Bool("proved") {
					err = write(a, a.Source, "unread", "standard input cannot be read again")
				}
				if err == nil {
					continue
				}
			}
			if !yield(a, err) {
				return
			}
		}
	}
	for p, err := range corpus.Verify(c.Context, corpus.Options{}, stored) {
		if err != nil {
			return out.close(err)
		}
		articles++
		reason := ""
		if p.State != corpus.Proved {
			bad++
			reason = p.Err.Error()
		}
		if p.State == corpus.Proved && !c.Bool("proved") {
			continue
		}
		if err := write(p.Article, p.Source, string(p.State), reason); err != nil {
			return out.close(err)
		}
	}
	if err := out.close(rows.Close()); err != nil {
		return err
	}
	e.say("%s proved, %d not", plural(articles-bad, "article"), bad)
	if passing > 0 {
		e.say("%s from standard input left out: it cannot be read again", plural(passing, "article"))
	}
	if bad > 0 {
		return hinted{errChanged, "build the library again from the sources as they are now"}
	}
	return nil
}

// standardInput is the path of what was read from standard input.
const standardInput = "-"

// storedArticles yields the articles of a library, those of one source
// together, so that each source is read once. It keeps the id and path of every
// article in memory, not its text.
func storedArticles(c *cli.Context, lib *index.Library) iter.Seq2[*corpus.Article, error] {
	type place struct{ path, id string }
	return func(yield func(*corpus.Article, error) bool) {
		var places []place
		for d, err := range lib.Export(c.Context, nil) {
			if err != nil {
				yield(nil, err)
				return
			}
			places = append(places, place{d.Source.Path, d.ID})
		}
		slices.SortFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.id, b.id)) })
		for _, p := range places {
			d, err := lib.Document(p.id)
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(d.Article, nil) {
				return
			}
		}
	}
}
