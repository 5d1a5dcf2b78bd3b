//go:build ignore

// Tune learns from annotated pages whose figure each one is:
//
//	go run pipeline/figure/tune.go FOLDER… > pipeline/figure/subjects.tsv
//
// A folder holds NAME.txt and NAME.gold.jsonl. With -check it learns from all
// pages but one, reads that one, and says how many subjects are right.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/entity"
	"longmai/pipeline/entity/tagger"
	"longmai/pipeline/figure"
	"longmai/pipeline/standard"

	"golang.org/x/text/unicode/norm"
)

func main() {
	check := flag.Bool("check", false, "learn from all pages but one and read that one")
	show := flag.Bool("show", false, "with -check: print the subjects that are wrong")
	flag.Parse()
	if err := run(flag.Args(), *check, *show); err != nil {
		fmt.Fprintln(os.Stderr, "tune:", err)
		os.Exit(1)
	}
}

// A page is an annotated page with what the line makes of it.
type page struct {
	name     string
	examples []figure.Example
	names    []map[int][]string // right subjects of each article, by the start of the figure
}

func run(folders []string, check, show bool) error {
	if len(folders) == 0 {
		return errors.New("want folders of annotated pages")
	}
	pages, err := read(folders)
	if err != nil {
		return err
	}
	r, err := figure.New(figure.Options{})
	if err != nil {
		return err
	}
	if check {
		crossValidate(r, pages, show)
		return nil
	}
	var all []figure.Example
	for _, p := range pages {
		all = append(all, p.examples...)
	}
	return r.LearnSubjects(all).WriteSubjects(os.Stdout)
}

func crossValidate(r *figure.Reader, pages []page, show bool) {
	right, all, reach, figures := 0, 0, 0, 0
	for i, p := range pages {
		var others []figure.Example
		for j, q := range pages {
			if j != i {
				others = append(others, q.examples...)
			}
		}
		learned := r.LearnSubjects(others)
		pr, pa := 0, 0
		for k := range p.examples {
			x := &p.examples[k]
			a, b := learned.Recall(x)
			reach, figures = reach+a, figures+b
			fs, _ := learned.Read(x.Document)
			for _, f := range fs {
				ok, known := x.Right(f.Start, f.Subject)
				if !known {
					continue
				}
				pa++
				if ok {
					pr++
				} else if show {
					got := "-"
					if f.Subject != nil {
						got = f.Subject.Name
					}
					fmt.Printf("  %s: %s: %s by %s, want %s\n    %s\n", p.name, x.Document.Surface(f.Span), got, f.SubjectRule, strings.Join(p.names[k][f.Start], " "), strings.ReplaceAll(x.Document.Surface(f.Sentence), "\n", ""))
				}
			}
		}
		right, all = right+pr, all+pa
		fmt.Printf("%s: %d of %d\n", p.name, pr, pa)
	}
	fmt.Printf("all: %d of %d right, %.4f; %d of %d have a right candidate\n", right, all, float64(right)/float64(all), reach, figures)
}

type goldLine struct {
	Layer, At string
	Subject   []string
	start     int // in the page without white space, in code points
	end       int
}

func read(folders []string) ([]page, error) {
	model, err := tagger.Default()
	if err != nil {
		return nil, err
	}
	line, err := standard.New(standard.Options{Entities: entity.Options{Tagger: model}})
	if err != nil {
		return nil, err
	}
	var out []page
	for _, dir := range folders {
		paths, err := filepath.Glob(filepath.Join(dir, "*.gold.jsonl"))
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			p, err := readPage(line, strings.TrimSuffix(path, ".gold.jsonl"))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			out = append(out, p)
		}
	}
	return out, nil
}

func readPage(line *pipeline.Pipeline, path string) (page, error) {
	p := page{name: filepath.Base(path)}
	raw, err := os.ReadFile(path + ".txt")
	if err != nil {
		return p, err
	}
	text := []rune(tight(string(raw)))
	lines, err := readGold(path+".gold.jsonl", string(text))
	if err != nil {
		return p, err
	}
	at := 0
	for a, err := range corpus.Read(context.Background(), corpus.Options{}, path+".txt") {
		if err != nil {
			return p, err
		}
		d, err := line.Annotate(a)
		if err != nil {
			return p, err
		}
		places := placesOf(d, string(text), &at)
		names := map[int][]string{}
		for _, f := range d.Figures {
			from, ok := places[f.Start]
			if !ok {
				continue
			}
			to := from + len([]rune(tight(d.Surface(f.Span))))
			for _, g := range lines {
				if g.start < to && from < g.end && len(g.Subject) > 0 {
					names[f.Start] = g.Subject
				}
			}
		}
		p.names = append(p.names, names)
		p.examples = append(p.examples, figure.Example{Document: d, Right: func(start int, subject *pipeline.Phrase) (bool, bool) {
			list := names[start]
			if subject == nil || list == nil {
				return false, list != nil
			}
			return slices.Contains(list, norm.NFKC.String(subject.Name)) || slices.Contains(list, norm.NFKC.String(tight(d.Surface(subject.Span)))), true
		}})
	}
	return p, nil
}

// placesOf maps bytes of the document to characters of the page.
func placesOf(d *pipeline.Document, text string, at *int) map[int]int {
	places := map[int]int{}
	for _, b := range d.Blocks {
		t := d.Surface(b.Span)
		k := strings.Index(text[*at:], tight(t))
		if k < 0 {
			continue
		}
		n := len([]rune(text[:*at+k]))
		*at += k + len(tight(t))
		for i, r := range t {
			places[b.Span.Start+i] = n
			if !space(r) {
				n++
			}
		}
	}
	return places
}

func readGold(path, text string) ([]goldLine, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []goldLine
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var head struct{ Layer string }
		if err := json.Unmarshal(sc.Bytes(), &head); err != nil {
			return nil, err
		}
		if head.Layer != "figure" {
			continue
		}
		var g goldLine
		if err := json.Unmarshal(sc.Bytes(), &g); err != nil {
			return nil, err
		}
		before, rest, _ := strings.Cut(tight(g.At), "⟦")
		core, after, _ := strings.Cut(rest, "⟧")
		k := strings.Index(text, before+core+after)
		if k < 0 {
			return nil, fmt.Errorf("%s is not on the page", g.At)
		}
		g.start = len([]rune(text[:k])) + len([]rune(before))
		g.end = g.start + len([]rune(core))
		for i := range g.Subject {
			g.Subject[i] = norm.NFKC.String(g.Subject[i])
		}
		out = append(out, g)
	}
	return out, sc.Err()
}

func space(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' }

func tight(s string) string {
	return strings.Map(func(r rune) rune {
		if space(r) {
			return -1
		}
		return r
	}, s)
}
