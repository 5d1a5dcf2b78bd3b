//go:build ignore

// Tune learns the weights of the entity reader from marked pages:
//
//	go run pipeline/entity/tune.go train ../shared/gold/train pipeline/entity/testdata/marked > pipeline/entity/data/weights.tsv
//
// With the tagger, whose votes must come from models that have not seen the page:
//
//	go run pipeline/entity/tune.go folds -more ../shared/data/uner/train.iob2 -out folds PAGES…
//	go run pipeline/entity/tune.go train -votes folds PAGES… > pipeline/entity/data/weights-votes.tsv
//
// The second is blended with the first, which must be there already.
// Page i of all pages in the order given belongs to fold i mod 3.
package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

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
		return errors.New("want train or folds")
	}
	fs := flag.NewFlagSet(args[0], flag.ContinueOnError)
	votes := fs.String("votes", "", "folder of fold models")
	out := fs.String("out", "", "folder for fold models")
	more := fs.String("more", "", "further annotated data, iob2")
	if err := fs.Parse(args[1:]); err != nil {
		return err
	}
	pages, err := pagesOf(fs.Args())
	if err != nil {
		return err
	}
	if args[0] == "folds" {
		return trainFolds(pages, *out, *more)
	}
	return train(pages, *votes)
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
			b, err := os.ReadFile(n)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.txt", i)), b, 0o644); err != nil {
				return err
			}
		}
		o := tagger.TrainOptions{Train: []tagger.Source{{Path: dir, Scheme: "longmai"}}, Seed: 1}
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

func train(pages []string, votes string) error {
	seg, err := segment.Full()
	if err != nil {
		return err
	}
	line, err := pipeline.New(pipeline.SentenceStage(), segment.Stage(seg))
	if err != nil {
		return err
	}
	docs := make([]entity.Marked, 2*len(pages)) // as they are, then with other names
	for i, n := range pages {
		b, err := os.ReadFile(n)
		if err != nil {
			return err
		}
		renamed, err := entity.Rename(string(b), uint64(i))
		if err != nil {
			return err
		}
		for k, text := range []string{string(b), renamed} {
			a, gold, err := entity.ReadMarked(filepath.Base(n), text)
			if err != nil {
				return err
			}
			d, err := line.Annotate(a)
			if err != nil {
				return err
			}
			docs[k*len(pages)+i] = entity.Marked{Document: d, Gold: gold}
		}
	}
	t := entity.Tuner{Log: os.Stderr}
	if votes != "" {
		var models [folds]*tagger.Model
		for f := range models {
			data, err := os.ReadFile(foldFile(votes, f))
			if err != nil {
				return err
			}
			if models[f], err = tagger.Load(data); err != nil {
				return fmt.Errorf("%s: %w", foldFile(votes, f), err)
			}
		}
		t.Vote = func(doc int) entity.Voter { return models[doc%len(pages)%folds] }
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
