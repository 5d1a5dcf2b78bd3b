package sample

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options say what Generate writes. Count and Dir, or Create, are needed.
type Options struct {
	Count int
	Seed  uint64

	// Dir is the folder to write to. Articles come into Dir/articles/YYYY, the
	// truth into Dir/truth.jsonl beside them: build a library from Dir/articles.
	Dir string

	// Create makes the file of that slash-separated name; nil makes it in Dir.
	Create func(name string) (io.WriteCloser, error)

	// Formats are the layouts that the issues are printed in, drawn for each
	// issue: text, markdown, jsonl, epaper. None means text.
	Formats []string

	// Near is the share of articles, from 0 to 1, that nearly repeat an earlier one.
	Near float64

	// Written is called after each issue with the number of articles so far. It may be nil.
	Written func(articles int)
}

// A layout prints the articles of one issue, all of one day, as files. It
// returns them with the place of each article in its file.
type layout struct {
	name  string
	print func(issue []Article) []file
}

type file struct {
	name     string
	text     []byte
	articles []int // indexes into the issue, in the order of the file
}

var layouts = []layout{
	{"text", plainFiles},
	{"markdown", markdownFiles},
	{"jsonl", jsonlFiles},
	{"epaper", epaperFiles},
}

// Formats returns the names of the layouts.
func Formats() []string {
	var names []string
	for _, l := range layouts {
		names = append(names, l.name)
	}
	return names
}

// Generate writes Count articles and their truth. The same options give the
// same bytes. It stops at the first error, and when ctx ends.
func Generate(ctx context.Context, o Options) error {
	if o.Count < 0 || o.Near < 0 || o.Near > 1 {
		return fmt.Errorf("sample: count %d and near %v, want a count that is not negative and a share from 0 to 1", o.Count, o.Near)
	}
	chosen, err := o.layouts()
	if err != nil {
		return err
	}
	if o.Create == nil {
		if o.Dir == "" {
			return fmt.Errorf("sample: no folder to write to")
		}
		o.Create = createIn(o.Dir)
	}
	t, err := o.Create("truth.jsonl")
	if err != nil {
		return err
	}
	truth := bufio.NewWriterSize(t, 1<<16)
	err = o.issues(ctx, chosen, truth)
	if e := truth.Flush(); err == nil {
		err = e
	}
	if e := t.Close(); err == nil {
		err = e
	}
	return err
}

func (o Options) layouts() ([]layout, error) {
	var chosen []layout
	for _, f := range o.Formats {
		i := slices.IndexFunc(layouts, func(l layout) bool { return l.name == f })
		if i < 0 {
			return nil, fmt.Errorf("sample: unknown format %q, want one of %s", f, strings.Join(Formats(), ", "))
		}
		chosen = append(chosen, layouts[i])
	}
	if len(chosen) == 0 {
		chosen = layouts[:1]
	}
	return chosen, nil
}

// createIn returns a Create that makes files and their folders in dir.
func createIn(dir string) func(string) (io.WriteCloser, error) {
	made := map[string]bool{}
	return func(name string) (io.WriteCloser, error) {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if d := filepath.Dir(full); !made[d] {
			if err := os.MkdirAll(d, 0o755); err != nil {
				return nil, err
			}
			made[d] = true
		}
		return os.Create(full)
	}
}

// An issue is what is written together: the articles of one day, and those that
// repeat an article of another day.
type issue struct {
	layout      layout
	today, rest []Article
}

// issues writes the issues in their order while the next ones are made.
func (o Options) issues(ctx context.Context, chosen []layout, truth io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	made := make(chan issue, 16)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		defer close(made)
		for n := 0; n*issueSize < o.Count; n++ {
			select {
			case made <- o.issue(chosen, n):
			case <-ctx.Done():
				return
			}
		}
	})
	enc := json.NewEncoder(truth)
	enc.SetEscapeHTML(false)
	done := 0
	for i := range made {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := o.write(i.layout.print(i.today), i.today, enc); err != nil {
			return err
		}
		if err := o.write(plainFiles(i.rest), i.rest, enc); err != nil {
			return err
		}
		done += len(i.today) + len(i.rest)
		if o.Written != nil {
			o.Written(done)
		}
	}
	return ctx.Err()
}

func (o Options) issue(chosen []layout, n int) issue {
	s := streamOptions{seed: o.Seed, near: o.Near}
	out := issue{layout: chosen[s.rand(chanceFormat, n).IntN(len(chosen))]}
	date := s.dayOf(n).Format(time.DateOnly)
	for i := n * issueSize; i < min((n+1)*issueSize, o.Count); i++ {
		if a := s.article(i); a.Date == date {
			out.today = append(out.today, a)
		} else {
			out.rest = append(out.rest, a)
		}
	}
	return out
}

func (o Options) write(files []file, issue []Article, truth *json.Encoder) error {
	for _, f := range files {
		w, err := o.Create(f.name)
		if err != nil {
			return err
		}
		_, err = w.Write(f.text)
		if e := w.Close(); err == nil {
			err = e
		}
		if err != nil {
			return err
		}
		for k, i := range f.articles {
			t := issue[i].Truth
			t.File, t.Record = f.name, k+1
			if err := truth.Encode(t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *Article) path(pattern string) string {
	return fmt.Sprintf("articles/%.4s/"+pattern, a.Date, a.Date, a.ID)
}

// plainFiles prints every article as a text file of its own, in one of three
// habits: paragraphs apart by an empty line, indented, or both.
func plainFiles(issue []Article) []file {
	var out []file
	for i := range issue {
		a := &issue[i]
		gap, indent := "\n", ""
		switch a.number % 3 {
		case 1:
			gap, indent = "", "　　"
		case 2:
			indent = "　　"
		}
		var b bytes.Buffer
		fmt.Fprintln(&b, a.Title)
		for _, line := range []string{a.Subtitle, a.BylineText} {
			if line != "" {
				fmt.Fprintln(&b, line)
			}
		}
		for _, p := range a.Paragraphs {
			fmt.Fprintf(&b, "%s%s%s\n", gap, indent, p)
		}
		out = append(out, file{a.path("gsrb-%s-%s.txt"), b.Bytes(), []int{i}})
	}
	return out
}

func markdownFiles(issue []Article) []file {
	if len(issue) == 0 {
		return nil
	}
	f := file{name: issue[0].path("gsrb-%s-page-%s.md")}
	var b bytes.Buffer
	for i, a := range issue {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "## %s\n", a.Title)
		if a.Subtitle != "" {
			fmt.Fprintf(&b, "\n### %s\n", a.Subtitle)
		}
		if a.BylineText != "" {
			fmt.Fprintf(&b, "\n%s\n", a.BylineText)
		}
		for _, p := range a.Paragraphs {
			fmt.Fprintf(&b, "\n%s\n", p)
		}
		f.articles = append(f.articles, i)
	}
	f.text = b.Bytes()
	return []file{f}
}

func jsonlFiles(issue []Article) []file {
	if len(issue) == 0 {
		return nil
	}
	f := file{name: issue[0].path("gsrb-%s-%s.jsonl")}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i, a := range issue {
		body := strings.Join(a.Paragraphs, "\n")
		record := struct {
			ID       string `json:"id"`
			Date     string `json:"date"`
			Title    string `json:"title"`
			Subtitle string `json:"subtitle,omitempty"`
			Author   string `json:"author,omitempty"`
			Text     string `json:"text"`
		}{a.ID, a.Date, a.Title, a.Subtitle, a.BylineText, body}
		if err := enc.Encode(record); err != nil {
			panic(err) // strings always encode
		}
		f.articles = append(f.articles, i)
	}
	f.text = b.Bytes()
	return []file{f}
}

// epaperFiles prints article pages as Founder's e-paper has them.
func epaperFiles(issue []Article) []file {
	var out []file
	for i := range issue {
		a := &issue[i]
		var b bytes.Buffer
		fmt.Fprintf(&b, "<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\"><title>%s</title></head>\n<body>\n<div class=\"detail-art\">\n", html.EscapeString(a.Title))
		fmt.Fprintf(&b, "<p id=\"PreTitle\"></p>\n<h2 id=\"Title\">%s</h2>\n<p id=\"SubTitle\">%s</p>\n", html.EscapeString(a.Title), html.EscapeString(a.Subtitle))
		if a.BylineText != "" {
			fmt.Fprintf(&b, "<p class=\"author\">%s</p>\n", html.EscapeString(a.BylineText))
		}
		b.WriteString("<div id=\"ozoom\"><founder-content>\n")
		for _, p := range a.Paragraphs {
			fmt.Fprintf(&b, "<p>　　%s</p>\n", html.EscapeString(p))
		}
		b.WriteString("</founder-content></div>\n</div>\n</body>\n</html>\n")
		y, m, d := a.Date[:4], a.Date[5:7], a.Date[8:]
		out = append(out, file{fmt.Sprintf("articles/%s/gsrb/pc/con/%s%s/%s/c%s.html", y, y, m, d, a.ID[1:]), b.Bytes(), []int{i}})
	}
	return out
}
