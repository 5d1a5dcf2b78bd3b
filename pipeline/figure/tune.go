//go:build ignore

// Tune learns from annotated pages whose figure each one is, and what it measures:
//
//	go run pipeline/figure/tune.go -metrics FOLDER… > pipeline/figure/measured.tsv
//	go run pipeline/figure/tune.go FOLDER… > pipeline/figure/subjects.tsv
//
// The tables that ship are learned from ../shared/gold and the pages of
// pipeline/standard/testdata/pages, that of the metrics without those that the
// README there keeps for judging, and from pipeline/figure/testdata/cases too, named
// eight times: a line of the tests says the one name that is right, a page any that will do.
// A folder holds NAME.txt and NAME.gold.jsonl, or marked lines like those of
// testdata/cases.
//
// With -check it writes no table but says how many figures come out right on
// pages that nothing was learned from: it deals the pages into -parts (by
// default as many as there are pages), learns from all parts but one, and reads
// the pages of that one, for each part in turn. With -show it prints the figures
// that are wrong.
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
	check := flag.Bool("check", false, "say how many are right on pages that nothing was learned from")
	show := flag.Bool("show", false, "with -check: print the figures that are wrong")
	parts := flag.Int("parts", 0, "with -check: deal the pages into so many `parts` and read each by what the others teach; 0 makes each page a part, which is slow")
	metrics := flag.Bool("metrics", false, "learn what figures measure instead")
	flag.Parse()
	layer := figure.Subjects
	if *metrics {
		layer = figure.Metrics
	}
	if err := run(flag.Args(), layer, *check, *show, *parts); err != nil {
		fmt.Fprintln(os.Stderr, "tune:", err)
		os.Exit(1)
	}
}

// A page is an annotated page with what the line makes of it.
type page struct {
	name     string
	examples []figure.Example
	names    [2][]map[int][]string // what is right by layer and article, by the start of the figure
}

func run(folders []string, l figure.Layer, check, show bool, parts int) error {
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
		crossValidate(r, l, pages, show, parts)
		return nil
	}
	var all []figure.Example
	for _, p := range pages {
		all = append(all, p.examples...)
	}
	return r.Learn(l, all).WriteWeights(os.Stdout, l)
}

func crossValidate(r *figure.Reader, l figure.Layer, pages []page, show bool, parts int) {
	right, all, reach, figures := 0, 0, 0, 0
	if parts == 0 {
		parts = len(pages)
	}
	learners := make([]*figure.Reader, min(parts, len(pages)))
	for i := range learners {
		var others []figure.Example
		for j, q := range pages {
			if j%parts != i {
				others = append(others, q.examples...)
			}
		}
		learners[i] = r.Learn(l, others)
	}
	for i, p := range pages {
		learned := learners[i%parts]
		before, asked := reach, figures
		pr, pa := 0, 0
		for k := range p.examples {
			x := &p.examples[k]
			a, b := learned.Reach(l, x)
			reach, figures = reach+a, figures+b
			fs, _ := learned.Read(x.Document)
			for _, f := range fs {
				right, got := x.Subject, f.Subject
				if l == figure.Metrics {
					right, got = x.Metric, f.Metric
				}
				rank, known := right(f.Start, got)
				if !known {
					continue
				}
				pa++
				if rank > 0 {
					pr++
				} else if show {
					name := "-"
					if got != nil {
						name = got.Name
					}
					fmt.Printf("  %s: %s: %s by %s, want %s\n    %s\n", p.name, x.Document.Surface(f.Span), name, f.SubjectRule, strings.Join(p.names[l][k][f.Start], " "), strings.ReplaceAll(x.Document.Surface(f.Sentence), "\n", ""))
				}
			}
		}
		right, all = right+pr, all+pa
		fmt.Printf("%s: %d of %d, %d of %d have a right candidate\n", p.name, pr, pa, reach-before, figures-asked)
	}
	fmt.Printf("all: %d of %d right, %.4f; %d of %d have a right candidate\n", right, all, float64(right)/float64(all), reach, figures)
}

// readCases reads the marked lines of the tests: single sentences, of which it
// takes what the figures measure.
func readCases(line *pipeline.Pipeline, dir string) (page, error) {
	p := page{name: filepath.Base(dir)}
	paths, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return p, err
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return p, err
		}
		for n, l := range strings.Split(string(data), "\n") {
			if strings.HasPrefix(l, "@") {
				break // settings: not for single sentences
			}
			if !strings.Contains(l, "metric=") || strings.HasPrefix(l, "#") {
				continue
			}
			var text strings.Builder
			names := map[int][]string{}
			for l != "" {
				before, rest, ok := strings.Cut(l, "[")
				text.WriteString(before)
				if !ok {
					break
				}
				core, rest, _ := strings.Cut(rest, "|")
				note, after, _ := strings.Cut(rest, "]")
				if strings.Contains(note, "[") { // a range
					more, after2, _ := strings.Cut(after, "]")
					note, after = note+more, after2
				}
				if _, m, ok := strings.Cut(note, "metric="); ok {
					m, _, _ = strings.Cut(m, " ")
					names[text.Len()] = strings.Split(m, "|")
				}
				text.WriteString(core)
				l = after
			}
			a := &corpus.Article{ID: fmt.Sprintf("%s:%d", path, n+1), Date: corpus.Day{Year: 2024, Month: 10, Day: 28}, Text: corpus.CopiedText(text.String(), 0),
				Blocks: []corpus.Block{{Role: corpus.RoleParagraph, Span: corpus.Span{Start: 0, End: text.Len()}}}}
			d, err := line.Annotate(a)
			if err != nil {
				return p, err
			}
			p.names[figure.Metrics] = append(p.names[figure.Metrics], names)
			p.names[figure.Subjects] = append(p.names[figure.Subjects], nil)
			p.examples = append(p.examples, figure.Example{Document: d,
				Subject: func(int, *pipeline.Phrase) (int, bool) { return 0, false },
				Metric: func(start int, x *pipeline.Phrase) (int, bool) {
					list := names[start]
					if x == nil || list == nil {
						return 0, list != nil
					}
					return slices.Index(list, x.Name) + 1, true
				}})
		}
	}
	return p, nil
}

type goldLine struct {
	Layer, At string
	Subject   []string
	Metric    []string
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
		if len(paths) == 0 {
			p, err := readCases(line, dir)
			if err != nil {
				return nil, err
			}
			out = append(out, p)
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
		names := [2]map[int][]string{{}, {}}
		for _, f := range d.Figures {
			from, ok := places[f.Start]
			if !ok {
				continue
			}
			to := from + len([]rune(tight(d.Surface(f.Span))))
			for _, g := range lines {
				if g.start >= to || from >= g.end {
					continue
				}
				if len(g.Subject) > 0 {
					names[figure.Subjects][f.Start] = g.Subject
				}
				if len(g.Metric) > 0 {
					names[figure.Metrics][f.Start] = g.Metric
				}
			}
		}
		right := func(l figure.Layer) func(int, *pipeline.Phrase) (int, bool) {
			p.names[l] = append(p.names[l], names[l])
			return func(start int, x *pipeline.Phrase) (int, bool) {
				list := names[l][start]
				if x == nil || list == nil {
					return 0, list != nil
				}
				name, surface := norm.NFKC.String(tight(x.Name)), norm.NFKC.String(tight(d.Surface(x.Span)))
				return slices.IndexFunc(list, func(n string) bool { return n == name || n == surface }) + 1, true
			}
		}
		p.examples = append(p.examples, figure.Example{Document: d, Subject: right(figure.Subjects), Metric: right(figure.Metrics)})
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
		for _, list := range [][]string{g.Subject, g.Metric} {
			for i := range list {
				list[i] = norm.NFKC.String(list[i])
			}
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
