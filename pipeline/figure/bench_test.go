package figure_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"longmai/corpus"
	"longmai/corpus/sample"
	"longmai/pipeline"
	"longmai/pipeline/figure"
	"longmai/pipeline/segment"
	"longmai/pipeline/times"
)

// BenchmarkRead reads the demo pages, which have the figures of usual news, and
// an article made of the test cases, a figure in every clause: the stages of
// times and figures, together and alone, tokens given.
func BenchmarkRead(b *testing.B) {
	for _, set := range []struct {
		name     string
		articles []*corpus.Article
	}{{"news", demoPages(b)}, {"dense", []*corpus.Article{casesArticle(b)}}} {
		var docs []*pipeline.Document
		for _, a := range set.articles {
			d := &pipeline.Document{Article: a}
			for _, s := range []pipeline.Stage{pipeline.SentenceStage(), segment.Stage(segment.Auto())} {
				if err := s.Annotate(d); err != nil {
					b.Fatal(err)
				}
			}
			docs = append(docs, d)
		}
		b.Run(set.name, func(b *testing.B) {
			benchmarkStages(b, "times", docs, times.Stage())
			benchmarkStages(b, "figures", docs, figure.Stage())
			benchmarkStages(b, "both", docs, times.Stage(), figure.Stage())
		})
	}
}

// benchmarkStages reports, beside the speed, the bytes of text for each figure and the allocations for each article.
func benchmarkStages(b *testing.B, name string, docs []*pipeline.Document, stages ...pipeline.Stage) {
	b.Run(name, func(b *testing.B) {
		size, figures := 0, 0
		for _, d := range docs {
			size += len(d.Body())
		}
		b.SetBytes(int64(size))
		b.ReportAllocs()
		for b.Loop() {
			for _, d := range docs {
				for _, s := range stages {
					if err := s.Annotate(d); err != nil {
						b.Fatal(err)
					}
				}
			}
		}
		for _, d := range docs {
			figures += len(d.Figures)
		}
		b.ReportMetric(float64(len(docs)), "articles")
		if figures > 0 {
			b.ReportMetric(float64(size)/float64(figures), "B/figure")
		}
	})
}

func demoPages(b *testing.B) (out []*corpus.Article) {
	dir := b.TempDir()
	if err := os.CopyFS(dir, sample.Articles()); err != nil {
		b.Fatal(err)
	}
	for a, err := range corpus.Read(context.Background(), corpus.Options{}, dir) {
		if err != nil {
			b.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

// casesArticle is an article with the lines of some test cases as its paragraphs.
func casesArticle(b *testing.B) *corpus.Article {
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
	return a
}
