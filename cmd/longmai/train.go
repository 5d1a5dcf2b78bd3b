package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/batch"
	"longmai/pipeline/entity"
	"longmai/pipeline/entity/tagger"

	"github.com/urfave/cli/v2"
)

const dataHelp = `DATA is a file or folder of annotated text, PATH or PATH=SCHEME: IOB2, pages with
marks like ⟦surface|type⟧, JSONL with spans, or pages beside NAME.gold.jsonl. A
scheme names the rules that the data was annotated by.`

func (e *env) trainCommand() *cli.Command {
	return &cli.Command{
		Name: "train", Usage: "train a model that finds names",
		ArgsUsage: "DATA…",
		Description: dataHelp + `
The model reads with the scheme of the first DATA. Training saves a checkpoint
after each epoch; the same command goes on from it.

  longmai train --output mine.lmt pages/=mine
  longmai train --output mine.lmt pages/=mine news/train.iob2=news --tune news/dev.iob2=news
  longmai train --shipped ../shared --output model.lmt     # the model that ships`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the model to `FILE` and its manifest to FILE.json"},
			&cli.StringFlag{Name: "shipped", Usage: "train the model that ships, from the folder `SHARED` and the repository in this folder"},
			&cli.StringSliceFlag{Name: "tune", Usage: "`DATA` to report on, never trained on"},
			&cli.Float64Flag{Name: "holdout", Usage: "part of the articles of the first DATA kept out and reported on"},
			&cli.IntFlag{Name: "epochs", Usage: "passes over the data; 0 for what a corpus of its size wants"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "number that decides all chance: the same seed gives the same bytes"},
			&cli.IntFlag{Name: "features", Usage: "features kept in the model: its size; 0 for a million"},
			&cli.IntFlag{Name: "workers", Value: runtime.NumCPU(), Usage: "threads; the model does not depend on them"},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no progress"},
		},
		Action: e.train,
	}
}

func (e *env) train(c *cli.Context) error {
	out := c.String("output")
	if out == "" {
		return usagef("no file to write the model to").hint("add --output FILE.lmt")
	}
	var o tagger.TrainOptions
	switch {
	case c.String("shipped") != "":
		o = tagger.ShippedOptions(c.String("shipped"), ".")
	case c.NArg() == 0:
		return usagef("no annotated data").hint("give files or folders of annotated text; --help shows the formats")
	default:
		o = tagger.TrainOptions{Holdout: c.Float64("holdout"), Epochs: c.Int("epochs"), Seed: c.Uint64("seed"), Features: c.Int("features")}
		o.Train, o.Tune = sources(c.Args().Slice()), sources(c.StringSlice("tune"))
	}
	o.Workers, o.Checkpoint = c.Int("workers"), out+".checkpoint"
	if !c.Bool("quiet") {
		o.Progress = e.trainProgress()
	}
	t, err := tagger.Train(c.Context, o)
	if err != nil {
		if c.Context.Err() != nil {
			e.say("the checkpoint %s stays; the same command goes on from it", o.Checkpoint)
		}
		return err
	}
	for _, w := range t.Manifest.Warnings {
		e.say("warning: %s", w)
	}
	if err := os.WriteFile(out, t.Data, 0o644); err != nil {
		return err
	}
	manifest, err := json.MarshalIndent(t.Manifest, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(out+".json", append(manifest, '\n'), 0o644); err != nil {
		return err
	}
	os.Remove(o.Checkpoint)
	return e.printReports(c, "", t.Manifest.Reports) // --output is the model's
}

// sources reads the form PATH=SCHEME.
func sources(list []string) []tagger.Source {
	out := make([]tagger.Source, len(list))
	for i, s := range list {
		path, scheme, _ := strings.Cut(s, "=")
		out[i] = tagger.Source{Path: path, Scheme: scheme}
	}
	return out
}

// trainProgress says each step once, and each epoch with its loss.
func (e *env) trainProgress() func(tagger.Progress) {
	last := ""
	return func(p tagger.Progress) {
		step := p.Step
		if p.Step == "epoch" {
			step = fmt.Sprintf("epoch %d of %d", p.Epoch, p.Epochs)
			if p.Done == p.Total && p.Loss > 0 {
				step += fmt.Sprintf(", loss %.4f", p.Loss)
			}
		}
		if step != last {
			last = step
			e.say("%s", step)
		}
	}
}

func (e *env) evalCommand() *cli.Command {
	return &cli.Command{
		Name: "eval", Usage: "score a model, or the whole line, on annotated text",
		ArgsUsage: "DATA…",
		Description: dataHelp + `
A mention is right when its start, end and type are. The interval of F1 is that of
drawing the articles again.

  longmai eval pages/=longmai
  longmai eval --line gold/
  longmai eval --model mine.lmt --known news/train.iob2 news/test.iob2=news`,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "model", Usage: "score the model in `FILE`; without it the one that ships"},
			&cli.BoolFlag{Name: "line", Usage: "score the whole line of entity stages, not the model alone"},
			&cli.StringSliceFlag{Name: "known", Usage: "`DATA` that the model was trained on: what counts as seen"},
		}, rowFlags()...),
		Action: e.eval,
	}
}

func (e *env) eval(c *cli.Context) error {
	if c.NArg() == 0 {
		return usagef("no annotated data").hint("give files or folders of annotated text; --help shows the formats")
	}
	model, err := loadModel(c.String("model"))
	if err != nil {
		return err
	}
	known, err := e.datasets(c.StringSlice("known"))
	if err != nil {
		return err
	}
	data, err := e.datasets(c.Args().Slice())
	if err != nil {
		return err
	}
	var reports []*tagger.Report
	for _, d := range data {
		predict := model.Predict(d)
		if c.Bool("line") {
			r, err := entity.New(entity.Options{Tagger: model})
			if err != nil {
				return err
			}
			predict = wholeLine(r)
		}
		rep, err := tagger.Evaluate(c.Context, d, predict, tagger.EvalOptions{Known: known})
		if err != nil {
			return err
		}
		reports = append(reports, rep)
	}
	return e.printReports(c, c.String("output"), reports)
}

func loadModel(file string) (*tagger.Model, error) {
	if file == "" {
		return tagger.Default()
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	m, err := tagger.Load(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return m, nil
}

// datasets reads annotated data and says what in it was read as something else.
func (e *env) datasets(list []string) ([]*tagger.Dataset, error) {
	var out []*tagger.Dataset
	for _, s := range sources(list) {
		d, err := tagger.ReadDataset(s)
		if err != nil {
			return nil, err
		}
		for _, w := range d.Warnings {
			e.say("warning: %s", w)
		}
		out = append(out, d)
	}
	return out, nil
}

// wholeLine predicts with the entity stages: each article as one text, a sentence a block.
func wholeLine(r *entity.Reader) func(*tagger.Article) [][]tagger.Span {
	stages := []pipeline.Stage{pipeline.SentenceStage(), r.Stage()}
	return func(a *tagger.Article) [][]tagger.Span {
		out := make([][]tagger.Span, len(a.Sentences))
		d := &pipeline.Document{Article: &corpus.Article{ID: a.ID}}
		var text corpus.TextBuilder
		for i, s := range a.Sentences {
			if i > 0 {
				text.Insert("\n")
			}
			d.Blocks = append(d.Blocks, corpus.Block{Role: corpus.RoleParagraph, Span: text.Append(corpus.CopiedText(s.Text, int64(text.Len())))})
		}
		d.Text = text.Text()
		for _, s := range stages {
			if err := s.Annotate(d); err != nil {
				return out
			}
		}
		for _, m := range d.Entities {
			if b, i := d.BlockAt(m.Start); i >= 0 && m.Type != pipeline.Industry && m.Type != pipeline.Resource {
				out[i] = append(out[i], tagger.Span{Start: m.Start - b.Span.Start, End: m.End - b.Span.Start, Type: string(m.Type), Confidence: m.Confidence})
			}
		}
		return out
	}
}

var scoreColumns = []batch.Column{{Name: "data", Max: 30}, {Name: "type"}, {Name: "gold", Kind: batch.Integer}, {Name: "found", Kind: batch.Integer}, {Name: "right", Kind: batch.Integer},
	{Name: "precision", Kind: batch.Decimal}, {Name: "recall", Kind: batch.Decimal}, {Name: "f1", Kind: batch.Decimal}, {Name: "low", Kind: batch.Decimal}, {Name: "high", Kind: batch.Decimal}}

// printReports prints a row for all types, one for each, and the recall of seen
// and unseen surfaces.
func (e *env) printReports(c *cli.Context, file string, reports []*tagger.Report) error {
	if len(reports) == 0 {
		return nil
	}
	names := make([]string, len(scoreColumns))
	for i, k := range scoreColumns {
		names[i] = k.Name
	}
	rows, cut, out, err := e.rowsTo(c, file, scoreColumns, names)
	if err != nil {
		return err
	}
	share := func(x float64) string { return fmt.Sprintf("%.4f", x) }
	row := func(r *tagger.Report, name string, s tagger.Score) []string {
		return []string{r.Data, name, fmt.Sprint(s.Gold), fmt.Sprint(s.Found), fmt.Sprint(s.Right), share(s.Precision()), share(s.Recall()), share(s.F1()), "", ""}
	}
	for _, r := range reports {
		all := row(r, "all", r.All)
		all[8], all[9] = share(r.F1Low), share(r.F1High)
		lines := [][]string{all}
		for _, t := range slices.Sorted(maps.Keys(r.Types)) {
			lines = append(lines, row(r, t, r.Types[t]))
		}
		for _, s := range []struct {
			name string
			tagger.Score
		}{{"seen", r.Seen}, {"unseen", r.Unseen}} {
			if s.Gold > 0 && len(c.StringSlice("known")) > 0 {
				lines = append(lines, []string{r.Data, s.name, fmt.Sprint(s.Gold), "", fmt.Sprint(s.Right), "", share(s.Recall()), "", "", ""})
			}
		}
		for _, l := range lines {
			if err := rows.Write(cut(l)); err != nil {
				return out.close(err)
			}
		}
	}
	return out.close(rows.Close())
}
