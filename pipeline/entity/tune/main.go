// Command tune learns the weights of the entity reader from marked pages:
//
//	go run ./pipeline/entity/tune ../shared/gold/train > pipeline/entity/data/weights.tsv
package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"

	"longmai/pipeline"
	"longmai/pipeline/entity"
	"longmai/pipeline/segment"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "tune:", err)
		os.Exit(1)
	}
}

func run(folders []string) error {
	seg, err := segment.Full()
	if err != nil {
		return err
	}
	line, err := pipeline.New(pipeline.SentenceStage(), segment.Stage(seg))
	if err != nil {
		return err
	}
	var docs []entity.Marked
	for _, dir := range folders {
		names, err := filepath.Glob(filepath.Join(dir, "*.txt"))
		if err != nil {
			return err
		}
		for _, n := range names {
			b, err := os.ReadFile(n)
			if err != nil {
				return err
			}
			a, gold, err := entity.ReadMarked(filepath.Base(n), string(b))
			if err != nil {
				return err
			}
			d, err := line.Annotate(a)
			if err != nil {
				return err
			}
			docs = append(docs, entity.Marked{Document: d, Gold: gold})
		}
	}
	t := entity.Tuner{Log: os.Stderr}
	r, err := t.Tune(docs)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	if err := r.WriteWeights(out); err != nil {
		return err
	}
	return out.Flush()
}
