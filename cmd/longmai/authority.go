package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"longmai/index"
	"longmai/pipeline"
	"longmai/pipeline/batch"
	"longmai/pipeline/entity"

	"github.com/urfave/cli/v2"
)

// authorityFile is the name of the authority file in the folder of a library.
const authorityFile = "authority.tsv"

func (e *env) authorityCommand() *cli.Command {
	flags := func(more ...cli.Flag) []cli.Flag {
		return append([]cli.Flag{libraryFlag(),
			&cli.StringFlag{Name: "file", Usage: "authority `FILE`; without it authority.tsv in the library"}}, more...)
	}
	decide := func(action, usage, args string, n ...int) *cli.Command {
		return &cli.Command{Name: action, Usage: usage, ArgsUsage: args, Flags: flags(&cli.StringFlag{Name: "type", Value: "*", Usage: "person, organization, place, …; * for any"}),
			Action: func(c *cli.Context) error { return e.decide(c, action, n) }}
	}
	return &cli.Command{
		Name: "authority", Usage: "list, check and edit your own decisions about names",
		Description: `The authority file is plain text in the library's folder: one decision a line.
It goes before every table and every rule, and is replayed by build and reindex.

  longmai authority propose --library lib
  longmai authority merge --library lib --type organization 酒钢 '酒泉钢铁（集团）有限责任公司'
  longmai authority hide --library lib --type person 全省
  longmai authority list --library lib
  longmai reindex --library lib          # the decisions take effect on what is in already`,
		Action: func(c *cli.Context) error {
			if name := c.Args().First(); name != "" {
				return usagef("authority has no command %q", name).hint("its commands: " + commandNames(c.Command.Subcommands))
			}
			return cli.ShowSubcommandHelp(c)
		},
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "print the decisions", Flags: flags(rowFlags()...), Action: e.listAuthority},
			{Name: "check", Usage: "name decisions that contradict each other or can never apply", Flags: flags(), Action: e.checkAuthority},
			{Name: "propose", Usage: "print names of the library that may be one thing; you decide", Flags: flags(rowFlags()...), Action: e.proposeAuthority},
			decide("merge", "mentions of one name get the other", "NAME INTO [REF]", 2, 3),
			decide("rename", "the same, for a name that was never right", "NAME NEW [REF]", 2, 3),
			decide("split", "in one article alone the name is another", "NAME ARTICLE NEW [REF]", 3, 4),
			decide("hide", "mentions of the name are dropped", "NAME", 1),
			decide("add", "the words are a mention wherever they stand; needs --type", "WORDS NAME [REF]", 2, 3),
		},
	}
}

func commandNames(cmds []*cli.Command) string {
	names := make([]string, len(cmds))
	for i, c := range cmds {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

func authorityPath(c *cli.Context) string {
	if f := c.String("file"); f != "" {
		return f
	}
	return filepath.Join(c.String("library"), authorityFile)
}

// readAuthority reads an authority file. One that the user has named must be
// there; a library need not have one.
func readAuthority(path string, named bool) (*entity.Authority, error) {
	if named {
		if _, err := os.Stat(path); err != nil {
			return nil, err
		}
	}
	return entity.LoadAuthority(path)
}

// loadAuthority is readAuthority for use: it refuses a file that contradicts itself.
func loadAuthority(path string, named bool) (*entity.Authority, error) {
	a, err := readAuthority(path, named)
	if err != nil {
		return nil, err
	}
	return a, a.Check()
}

var decisionColumns = []batch.Column{{Name: "line", Kind: batch.Integer}, {Name: "action"}, {Name: "type"}, {Name: "name", Max: 40}, {Name: "article"}, {Name: "into", Max: 40}, {Name: "ref"}}

func (e *env) listAuthority(c *cli.Context) error {
	a, err := readAuthority(authorityPath(c), c.String("file") != "")
	if err != nil {
		return err
	}
	return e.all(c, decisionColumns, func(write func([]string) error) error {
		for _, d := range a.Decisions() {
			if err := write([]string{strconv.Itoa(d.Line), d.Action, d.Type, d.Name, d.Article, d.Into, d.Ref}); err != nil {
				return err
			}
		}
		return nil
	})
}

// all prints rows with all their columns.
func (e *env) all(c *cli.Context, columns []batch.Column, rows func(write func([]string) error) error) error {
	names := make([]string, len(columns))
	for i, k := range columns {
		names[i] = k.Name
	}
	w, cut, out, err := e.rows(c, columns, names)
	if err != nil {
		return err
	}
	if err := rows(func(cells []string) error { return w.Write(cut(cells)) }); err != nil {
		return out.close(err)
	}
	return out.close(w.Close())
}

func (e *env) checkAuthority(c *cli.Context) error {
	a, err := loadAuthority(authorityPath(c), c.String("file") != "")
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s, none contradicts another\n", plural(len(a.Decisions()), "decision"))
	return nil
}

var proposalColumns = []batch.Column{{Name: "type"}, {Name: "name", Max: 40}, {Name: "into", Max: 40}, {Name: "why", Max: 40}}

func (e *env) proposeAuthority(c *cli.Context) error {
	lib, err := openLibrary(c)
	if err != nil {
		return err
	}
	defer lib.Close()
	var names []entity.Named
	for _, t := range []pipeline.EntityType{pipeline.Person, pipeline.Organization, pipeline.Facility, pipeline.Event, pipeline.Project, pipeline.Policy} {
		values, err := lib.Names(c.Context, facetOf(t))
		if err != nil {
			return err
		}
		for _, v := range values {
			names = append(names, entity.Named{Name: v.Name, Type: t, Count: v.Count})
		}
	}
	return e.all(c, proposalColumns, func(write func([]string) error) error {
		for _, p := range entity.Propose(names) {
			if err := write([]string{string(p.Type), p.Name, p.Into, p.Why}); err != nil {
				return err
			}
		}
		return nil
	})
}

// facetOf returns the facet that counts entities of a type.
func facetOf(t pipeline.EntityType) string {
	for _, f := range index.Fields {
		if f.Facet && strings.HasPrefix(string(t), f.Name) {
			return f.Name
		}
	}
	return string(t)
}

// decide appends one decision to the file, unless the file would then contradict itself.
func (e *env) decide(c *cli.Context, action string, counts []int) error {
	args := c.Args().Slice()
	if n := len(args); n < counts[0] || n > counts[len(counts)-1] {
		return usagef("%s takes %s", action, c.Command.ArgsUsage)
	}
	for _, a := range args {
		if strings.ContainsAny(a, "\t\n\r") {
			return usagef("%q has a tab or a line end in it", a)
		}
	}
	line := strings.Join(append([]string{action, c.String("type")}, args...), "\t") + "\n"
	path := authorityPath(c)
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(old) > 0 && old[len(old)-1] != '\n' {
		line = "\n" + line
	}
	text := string(old) + line
	a, err := entity.ReadAuthority(path, strings.NewReader(text))
	if err == nil {
		err = a.Check()
	}
	if err != nil {
		return hinted{err, "nothing was written"}
	}
	out, err := e.output(path)
	if err != nil {
		return err
	}
	if _, err := out.Write([]byte(text)); err != nil {
		return out.close(err)
	}
	if err := out.close(nil); err != nil {
		return err
	}
	e.say("%s: %s; reindex makes it take effect on what is in already", path, plural(len(a.Decisions()), "decision"))
	return nil
}
