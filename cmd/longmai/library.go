package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"longmai/cmd/longmai/console"
	"longmai/index"
	"longmai/pipeline"

	"github.com/urfave/cli/v2"
)

func libraryFlag() cli.Flag {
	return &cli.StringFlag{Name: "library", Aliases: []string{"L"}, Value: "library", EnvVars: []string{"LONGMAI_LIBRARY"}, Usage: "folder of the library"}
}

// openLibrary opens the library of c for reading.
func openLibrary(c *cli.Context) (*index.Library, error) {
	lib, err := index.Open(c.String("library"))
	return lib, libraryError(err, c.String("library"))
}

// libraryError adds the next step to the error of a library that cannot be opened.
func libraryError(err error, dir string) error {
	var v *index.VersionError
	switch {
	case errors.Is(err, index.ErrNoLibrary):
		return hinted{fmt.Errorf("%s: no library here", dir), "build one with: longmai build --library " + dir + " PATH…"}
	case errors.Is(err, index.ErrDamaged):
		return hinted{err, "longmai check --library " + dir + " --repair"}
	case errors.As(err, &v) && v.Readable:
		return hinted{err, "annotate it anew with: longmai reindex --library " + dir}
	case errors.As(err, &v):
		return hinted{err, "build it anew from its sources: longmai build --library NEW PATH…"}
	}
	return err
}

func (e *env) buildCommand() *cli.Command {
	return &cli.Command{
		Name: "build", Usage: "make or extend a library",
		ArgsUsage: "PATH…",
		Description: `Reads files, folders and archives, annotates their articles and puts them into
the library. Inputs that have not changed are left alone, changed ones replace
their articles. Ctrl-C stops cleanly: what was done stays, and the same command
goes on from there.

  longmai build --library lib pages/
  longmai build --library lib --drop-missing pages/`,
		Flags: append([]cli.Flag{libraryFlag(),
			&cli.BoolFlag{Name: "drop-missing", Usage: "remove the articles of files that are gone"},
		}, readFlags()...),
		Action: e.build,
	}
}

func (e *env) build(c *cli.Context) error {
	r, err := e.reader(c)
	if err != nil {
		return err
	}
	p, versions, err := line(c)
	if err != nil {
		return err
	}
	dir := c.String("library")
	lib, err := index.Create(dir)
	if err != nil {
		return libraryError(err, dir)
	}
	defer lib.Close()
	if other := index.OtherRules(lib.Manifest(), versions); len(other) > 0 {
		e.say("%s was annotated by other rules (%s); what is added now is not read alike until longmai reindex --library %s", dir, strings.Join(other, ", "), dir)
	}
	w, err := lib.Writer(index.WriterOptions{Rules: versions})
	if err != nil {
		return libraryError(err, dir)
	}
	_, err = w.Add(c.Context, r.chosen(c.Context, p, w.New))
	missing := w.Missing()
	if err == nil && c.Bool("drop-missing") && len(missing) > 0 {
		_, err = w.Drop(c.Context, missing...)
	}
	for err == nil {
		files := w.Again()
		if len(files) == 0 {
			break
		}
		_, err = w.Add(c.Context, r.again(c.Context, p, w.New, files))
	}
	rep := w.Report()
	if e := w.Close(); !errors.Is(err, e) {
		err = errors.Join(err, e)
	}
	if err != nil {
		if errors.Is(err, c.Context.Err()) && c.Context.Err() != nil {
			e.say("%s done so far; the same command goes on from there", plural(rep.Added+rep.Replaced, "article"))
		}
		return err
	}
	if !r.quiet {
		e.say("%s: %s", dir, report(rep))
		if n := len(missing); n > 0 && !c.Bool("drop-missing") {
			e.say("%s of the library %s gone: %s; --drop-missing removes their articles", plural(n, "file"), map[bool]string{true: "is", false: "are"}[n == 1], some(missing, 3))
		}
	}
	return r.end()
}

// report says in a line what a build did.
func report(r index.Report) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{r.Added, "added"}, {r.Replaced, "replaced"}, {r.Unchanged, "unchanged"}, {r.Duplicates, "already in"}, {r.Dropped, "dropped"}, {r.Rejected, "rejected"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	if len(parts) == 0 {
		return "nothing to do"
	}
	if r.Added+r.Replaced+r.Dropped+r.Duplicates+r.Rejected == 0 {
		return plural(r.Unchanged, "article") + " unchanged, nothing to do"
	}
	return "articles: " + strings.Join(parts, ", ")
}

func some(list []string, n int) string {
	if len(list) <= n {
		return strings.Join(list, ", ")
	}
	return strings.Join(list[:n], ", ") + ", …"
}

func (e *env) showCommand() *cli.Command {
	return &cli.Command{
		Name: "show", Usage: "print an article of a library with its figures and names marked",
		ArgsUsage: "ID…",
		Description: `  longmai show --library lib 5f0c1a2b3c4d5e6f
  longmai show --library lib --source 5f0c1a2b3c4d5e6f     # the file and the bytes it came from
  longmai show --library lib --format json 5f0c1a2b3c4d5e6f`,
		Flags: []cli.Flag{libraryFlag(),
			&cli.BoolFlag{Name: "source", Usage: "print the place of the text in its source instead"},
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: "text", Usage: "text or json"},
		},
		Action: e.show,
	}
}

func (e *env) show(c *cli.Context) error {
	if c.NArg() == 0 {
		return usagef("no id").hint("search prints the id of each article")
	}
	lib, err := openLibrary(c)
	if err != nil {
		return err
	}
	defer lib.Close()
	v := console.NewView(e.out)
	for _, id := range c.Args().Slice() {
		d, err := lib.Document(id)
		if err != nil {
			return err
		}
		switch {
		case c.String("format") == "json":
			line, err := pipeline.Marshal(d, pipeline.Public)
			if err != nil {
				return err
			}
			fmt.Fprintf(e.out, "%s\n", line)
		case c.String("format") != "text":
			return usagef("--format %q, want text or json", c.String("format"))
		case c.Bool("source"):
			v.Source(d)
		default:
			v.Article(d, nil)
			fmt.Fprintf(e.out, "\n%s\n", v.Style.Title("figures"))
			which := make([]int, len(d.Figures))
			for i := range which {
				which[i] = i
			}
			v.Figures(d, which)
			fmt.Fprintf(e.out, "\n%s\n", v.Style.Title("names"))
			v.Entities(d)
		}
	}
	return nil
}

func (e *env) consoleCommand() *cli.Command {
	return &cli.Command{
		Name: "console", Usage: "search a library interactively",
		Description: `A line is a query; a line that begins with a dot is a command (.help lists them).
From a pipe the same lines work without prompts, up to the first error.

  longmai console --library lib
  printf '%s\n' '地点:酒泉' '.figures' | longmai console --library lib`,
		Flags:  []cli.Flag{libraryFlag()},
		Action: func(c *cli.Context) error { return e.console(c) },
	}
}

// console talks on the terminal, or obeys the lines of a pipe.
func (e *env) console(c *cli.Context) error {
	lib, err := openLibrary(c)
	if err != nil {
		return err
	}
	defer lib.Close()
	con := console.New(lib, e.out, e.err)
	if !e.interactive() {
		if err := con.Pipe(c.Context, e.in); err != nil {
			return queryError(err)
		}
		return nil
	}
	m := lib.Manifest()
	fmt.Fprintf(e.out, "陇脉 · %s · .help, Ctrl-D leaves\n", plural(m.Articles, "article"))
	return con.Terminal(c.Context, historyFile())
}

// historyFile is where the console remembers what was typed; "" when the user has no such place.
func historyFile() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return dir + string(os.PathSeparator) + "longmai" + string(os.PathSeparator) + "history"
}
