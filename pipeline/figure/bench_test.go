package figure_test

import (
	"strings"
	"testing"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/figure"
	"longmai/pipeline/segment"
	"longmai/pipeline/times"
)

// BenchmarkRead reads an article made of the test cases, a figure in every
// clause: the stages of times and figures, together and alone, tokens given.
func BenchmarkRead(b *testing.B) {
	a := &corpus.Article{ID: "b", Date: corpus.Day{Year: 2024, Month: 10, Day: 28}}
	var text strings.Builder
	for _, name := range []string{"growth", "money", "hedges", "numerals", "traps"} {
		for _, m := range readCases(b, "testdata/cases/"+name+".txt") {
			start := text.Len()
			text.WriteString(m.text.String())
			a.Blocks = append(a.Blocks, corpus.Block{Role: corpus.RoleParagraph, Span: corpus.Span{Start: start, End: text.Len()}})
			text.WriteByte('\n')
		}
	}
	a.Text = corpus.CopiedText(strings.TrimSuffix(text.String(), "\n"), 0)
	d := &pipeline.Document{Article: a}
	for _, s := range []pipeline.Stage{pipeline.SentenceStage(), segment.Stage(segment.Auto())} {
		if err := s.Annotate(d); err != nil {
			b.Fatal(err)
		}
	}
	run := func(name string, stages ...pipeline.Stage) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(d.Body())))
			b.ReportAllocs()
			for b.Loop() {
				for _, s := range stages {
					if err := s.Annotate(d); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
	run("times", times.Stage())
	run("figures", figure.Stage())
	run("both", times.Stage(), figure.Stage())
}
