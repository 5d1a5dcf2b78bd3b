package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"longmai/cmd/longmai/console"
	"longmai/corpus"
	"longmai/corpus/sample"
	"longmai/index"

	"github.com/urfave/cli/v2"
)

func (e *env) demoCommand() *cli.Command {
	return &cli.Command{
		Name: "demo", Usage: "build a library from a small corpus inside the program and search it",
		Description: `Needs no files and no network. The pages and the library stay in a temporary
folder, so that the searches can be repeated; --output names another one.`,
		Flags:  []cli.Flag{&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "put pages and library into the folder `DIR`"}},
		Action: e.demo,
	}
}

// demos are telling searches on the demo corpus.
var demos = []struct {
	shows string
	req   func(*index.Request)
	query string
}{
	{"words, anywhere", nil, "新能源 装机"},
	{"an exact string, whatever the words are", nil, "“地区生产总值”"},
	{"a place, with the counties in it", nil, "地点:酒泉"},
	{"a figure by its value: units convert, hedges stay honest", func(r *index.Request) { r.Sort = index.ByValue }, "投资:>=10亿元"},
	{"counts by prefecture and by year of what is about growth", func(r *index.Request) {
		r.Limit = 1
		r.Facets = []index.FacetRequest{{Field: "year", Limit: 12}, {Field: "place", Limit: 14}, {Field: "metric", Limit: 10}}
	}, "数字(类别:增长 变化:上升)"},
}

func (e *env) demo(c *cli.Context) error {
	dir := c.String("output")
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "longmai-demo-"); err != nil {
			return err
		}
	}
	pages, library := filepath.Join(dir, "pages"), filepath.Join(dir, "library")
	if err := copyFiles(pages, sample.Articles()); err != nil {
		return err
	}
	lib, err := buildDemo(c, library, pages)
	if err != nil {
		return err
	}
	defer lib.Close()
	v := console.NewView(e.out)
	fmt.Fprintf(e.out, "%s\n", v.Style.Title("The demo corpus: "+pages))
	st, err := lib.Stats()
	if err != nil {
		return err
	}
	v.Stats(st)
	for _, d := range demos {
		q, err := index.Parse(d.query)
		if err != nil {
			return fmt.Errorf("demo query %q: %w", d.query, err)
		}
		req := index.Request{Query: q, Limit: 3, Sort: index.ByRelevance, Passages: 1}
		if d.req != nil {
			d.req(&req)
		}
		res, err := lib.Search(c.Context, req)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.out, "\n%s\n", v.Style.Dim("── "+d.shows+" ──"))
		fmt.Fprintf(e.out, "%s\n", v.Style.Title("longmai search --library "+library+" '"+d.query+"'"))
		v.Result(res, 1)
	}
	fmt.Fprintf(e.out, "\n%s\n", v.Style.Title("Next"))
	fmt.Fprintf(e.out, "  longmai console --library %s\n  longmai figures %s\n", library, pages)
	return nil
}

// copyFiles writes the files of from into dir.
func copyFiles(dir string, from fs.FS) error {
	return fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if d.IsDir() {
			return os.MkdirAll(to, 0o777)
		}
		b, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		return os.WriteFile(to, b, 0o666)
	})
}

func buildDemo(c *cli.Context, dir, pages string) (*index.Library, error) {
	p, versions, err := line(c)
	if err != nil {
		return nil, err
	}
	lib, err := index.Create(dir)
	if err != nil {
		return nil, err
	}
	w, err := lib.Writer(index.WriterOptions{Rules: versions})
	if err != nil {
		return nil, err
	}
	if _, err := w.Add(c.Context, p.Run(c.Context, 2, w.New(corpus.Read(c.Context, corpus.Options{}, pages)))); err != nil {
		w.Abort()
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return lib, lib.Refresh()
}
