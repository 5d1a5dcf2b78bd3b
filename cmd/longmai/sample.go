package main

import (
	"strings"

	"longmai/corpus/sample"

	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v2"

	"longmai/cmd/longmai/terminal"
)

func (e *env) sampleCommand() *cli.Command {
	return &cli.Command{
		Name: "sample", Usage: "write a synthetic corpus with the truth about it",
		Description: `Writes articles into DIR/articles and what is true of them, figures and names
with their places, into DIR/truth.jsonl. The same seed gives the same bytes.

  longmai sample --count 1000 --output corpus
  longmai sample --count 100000 --seed 7 --format text,epaper --output corpus`,
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "count", Value: 1000, Usage: "articles"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "number that decides what is written"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write into the folder `DIR`"},
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: "text", Usage: "layouts of the issues, comma-separated: " + strings.Join(sample.Formats(), ", ")},
			&cli.Float64Flag{Name: "near", Usage: "share of articles that nearly repeat an earlier one, 0 to 1"},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no progress and no summary"},
		},
		Action: e.sample,
	}
}

func (e *env) sample(c *cli.Context) error {
	o := sample.Options{Count: c.Int("count"), Seed: c.Uint64("seed"), Dir: c.String("output"), Formats: strings.Split(c.String("format"), ","), Near: c.Float64("near")}
	if o.Dir == "" {
		return usagef("no folder to write to").hint("add --output DIR")
	}
	if !c.Bool("quiet") && terminal.Is(e.err) {
		bar := progressbar.NewOptions(o.Count, progressbar.OptionSetWriter(e.err), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
		o.Written = func(n int) { bar.Set(n) }
		defer bar.Finish()
	}
	if err := sample.Generate(c.Context, o); err != nil {
		return err
	}
	if !c.Bool("quiet") {
		e.say("%s: %s in %s, the truth in %s", o.Dir, plural(o.Count, "article"), "articles", "truth.jsonl")
	}
	return nil
}
