//go:build ignore

// Tune learns the weights of the entity reader from marked pages:
//
//	PAGES="../shared/gold/train pipeline/entity/testdata/marked ../shared/gold pipeline/standard/testdata/pages"
//	go run pipeline/entity/tune.go train $PAGES > pipeline/entity/data/weights.tsv
//
// With the tagger, whose votes must come from models that have not seen the page:
//
//	go run pipeline/entity/tune.go folds -more ../shared/data/uner/train.iob2 -out folds $PAGES
//	go run pipeline/entity/tune.go train -votes folds $PAGES > pipeline/entity/data/weights-votes.tsv
//
// The second is blended with the first, which must be there already.
// Page i of all pages in the order given belongs to fold i mod 3.
//
// How well weights do on annotated pages that they were not learned from, by
// type of entity, and what is missed (-) or too much (+); with -votes or without:
//
//	go run pipeline/entity/tune.go check $PAGES
//
// A folder holds marked pages, or pages beside annotations, NAME.gold.jsonl.
package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"longmai/pipeline"
	"longmai/pipeline/entity"
	"longmai/pipeline/entity/tagger"
	"longmai/pipeline/segment"
)

const folds = 3

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "tune:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("want train, folds or check")
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	votes := flags.String("votes", "", "folder of fold models")
	out := flags.String("out", "", "folder for fold models")
	more := flags.String("more", "", "further annotated data, iob2")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	pages, err := pagesOf(flags.Args())
	if err != nil {
		return err
	}
	switch args[0] {
	case "train":
		return train(pages, *votes)
	case "folds":
		return trainFolds(pages, *out, *more)
	case "check":
		return check(pages, *votes)
	}
	return fmt.Errorf("%q: want train, folds or check", args[0])
}

func pagesOf(folders []string) ([]string, error) {
	var out []string
	for _, dir := range folders {
		names, err := filepath.Glob(filepath.Join(dir, "*.txt"))
		if err != nil {
			return nil, err
		}
		out = append(out, names...)
	}
	if len(out) == 0 {
		return nil, errors.New("no marked pages")
	}
	return out, nil
}

// readPage reads a marked page, or marks one after the annotations beside it.
func readPage(name string) ([]byte, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	gold, err := os.ReadFile(strings.TrimSuffix(name, ".txt") + ".gold.jsonl")
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err != nil {
		return nil, err
	}
	return mark(string(b), string(gold))
}

// staff matches a line that names the paper's own people alone; opening what
// stands before the news: neither holds mentions, and marked pages leave them out.
var (
	staff   = regexp.MustCompile(`^.{0,30}(记者|通讯员|摄影|整理|责编|责任编辑|作者|版式).{0,40}$`)
	opening = regexp.MustCompile(`^\s*(本报|新华社|新甘肃)[^。⟦，]{0,40}?(讯|电)?\s*(（[^）]*(记者|通讯员)[^）]*）|\([^)]*(记者|通讯员)[^)]*\))|^\s*(本报|新华社)[^。⟦，（]{0,24}(讯|电)\s*`)
)

// mark writes the entities of gold into page as ⟦surface|type⟧. A line of gold
// holds the surface between ⟦ and ⟧ with so much around it that it stands once on
// the page, white space left out.
func mark(page, gold string) ([]byte, error) {
	var tight []rune
	for _, r := range page {
		if !unicode.IsSpace(r) {
			tight = append(tight, r)
		}
	}
	text := string(tight)
	begin, end := map[int]bool{}, map[int]string{} // by place in tight
	for line := range strings.SplitSeq(strings.TrimSpace(gold), "\n") {
		var g struct{ Layer, At, Type string }
		if err := json.Unmarshal([]byte(line), &g); err != nil {
			return nil, err
		}
		if g.Layer != "entity" || g.Type == "industry" || g.Type == "resource" {
			continue
		}
		at := strings.Join(strings.Fields(g.At), "")
		before, rest, _ := strings.Cut(at, "⟦")
		surface, after, ok := strings.Cut(rest, "⟧")
		i := strings.Index(text, before+surface+after)
		if !ok || i < 0 {
			return nil, fmt.Errorf("%q is not on the page", g.At)
		}
		from := utf8.RuneCountInString(text[:i] + before)
		begin[from], end[from+utf8.RuneCountInString(surface)] = true, g.Type
	}
	var out strings.Builder
	n := 0
	for line := range strings.SplitSeq(page, "\n") {
		var b strings.Builder
		for _, r := range line {
			if unicode.IsSpace(r) {
				b.WriteRune(r)
				continue
			}
			if begin[n] {
				b.WriteString("⟦")
			}
			b.WriteRune(r)
			if n++; end[n] != "" {
				b.WriteString("|" + end[n] + "⟧")
			}
		}
		s := strings.TrimSpace(strings.TrimLeft(b.String(), "# "))
		if s == "" || !strings.Contains(s, "⟦") && staff.MatchString(s) && !strings.ContainsAny(s, "。！？") {
			continue
		}
		out.WriteString(opening.ReplaceAllString(s, "") + "\n")
	}
	return []byte(out.String()), nil
}

func foldFile(dir string, f int) string { return filepath.Join(dir, fmt.Sprintf("fold%d.lmt", f)) }

func trainFolds(pages []string, out, more string) error {
	for f := range folds {
		dir := filepath.Join(out, fmt.Sprintf("pages%d", f))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		for i, n := range pages {
			if i%folds == f {
				continue
			}
			b, err := readPage(n)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.txt", i)), b, 0o644); err != nil {
				return err
			}
		}
		o := tagger.TrainOptions{Train: []tagger.Source{{Path: dir, Scheme: "longmai"}}, Seed: 1, Dropout: 0.4, Features: 120_000, Words: 80_000} // as the model that ships
		if more != "" {
			o.Train = append(o.Train, tagger.Source{Path: more, Scheme: "uner"})
		}
		o.Train = append(o.Train, tagger.Source{Path: "pipeline/entity/tagger/pages", Format: tagger.FormatMarked, Scheme: "longmai"})
		t, err := tagger.Train(context.Background(), o)
		if err != nil {
			return err
		}
		if err := os.WriteFile(foldFile(out, f), t.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// tuner returns a tuner for pages with the votes of the fold models in votes,
// and the documents to learn from: the pages as they are, then with other names.
func tuner(pages []string, votes string) (*entity.Tuner, []entity.Marked, error) {
	seg := segment.Auto()
	line, err := pipeline.New(pipeline.SentenceStage(), segment.Stage(seg))
	if err != nil {
		return nil, nil, err
	}
	docs := make([]entity.Marked, 2*len(pages))
	for i, n := range pages {
		b, err := readPage(n)
		if err != nil {
			return nil, nil, err
		}
		renamed, err := entity.Rename(string(b), uint64(i))
		if err != nil {
			return nil, nil, err
		}
		for k, text := range []string{string(b), renamed} {
			a, gold, err := entity.ReadMarked(filepath.Base(n), text)
			if err != nil {
				return nil, nil, err
			}
			d, err := line.Annotate(a)
			if err != nil {
				return nil, nil, err
			}
			docs[k*len(pages)+i] = entity.Marked{Document: d, Gold: gold}
		}
	}
	t := &entity.Tuner{Log: os.Stderr}
	if votes == "" {
		return t, docs, nil
	}
	var models [folds]*tagger.Model
	for f := range models {
		data, err := os.ReadFile(foldFile(votes, f))
		if err != nil {
			return nil, nil, err
		}
		if models[f], err = tagger.Load(data); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", foldFile(votes, f), err)
		}
	}
	t.Vote = func(doc int) entity.Voter { return models[doc%len(pages)%folds] }
	return t, docs, nil
}

func train(pages []string, votes string) error {
	t, docs, err := tuner(pages, votes)
	if err != nil {
		return err
	}
	r, err := t.Tune(docs)
	if err != nil {
		return err
	}
	if votes != "" {
		tables, err := entity.New(entity.Options{})
		if err != nil {
			return err
		}
		r.Blend(tables)
	}
	out := bufio.NewWriter(os.Stdout)
	return cmp.Or(r.WriteWeights(out), out.Flush())
}

// parts is into how many parts the pages are dealt that check reads.
const parts = 4

// check judges the pages that have annotations beside them.
func check(pages []string, votes string) error {
	t, docs, err := tuner(pages, votes)
	if err != nil {
		return err
	}
	t.Runs, t.Epochs = 1, 15
	judged := func(doc int) bool {
		if doc >= len(pages) {
			return false
		}
		_, err := os.Stat(strings.TrimSuffix(pages[doc], ".txt") + ".gold.jsonl")
		return err == nil
	}
	out := bufio.NewWriter(os.Stdout)
	tallies, err := t.Cross(docs, parts, judged, func(m entity.Miss) {
		mark := "-"
		if m.Found {
			mark = "+"
		}
		fmt.Fprintf(out, "%s %s\t%s\t%s\n", mark, m.Mention.Type, around(m.Document.Body(), m.Mention.Start, m.Mention.End), m.Document.ID)
	})
	if err != nil {
		return err
	}
	all := entity.Tally{}
	for _, typ := range slices.Sorted(maps.Keys(tallies)) {
		n := tallies[typ]
		fmt.Fprintf(out, "%s: %d marked, %d found, %d right, F1 %.3f\n", typ, n.Marked, n.Found, n.Right, n.F1())
		all.Marked, all.Found, all.Right = all.Marked+n.Marked, all.Found+n.Found, all.Right+n.Right
	}
	fmt.Fprintf(out, "all: %d marked, %d found, %d right, F1 %.3f\n", all.Marked, all.Found, all.Right, all.F1())
	return out.Flush()
}

// around returns text from to end between ⟦ and ⟧ with some characters beside it, on one line.
func around(text string, from, end int) string {
	const beside = 10
	left, right := []rune(text[:from]), []rune(text[end:])
	left, right = left[max(0, len(left)-beside):], right[:min(beside, len(right))]
	return strings.Join(strings.Fields(string(left)+"⟦"+text[from:end]+"⟧"+string(right)), " ")
}
