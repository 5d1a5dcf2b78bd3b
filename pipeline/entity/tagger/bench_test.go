package tagger_test

import (
	"os"
	"path/filepath"
	"testing"

	"longmai/pipeline/entity/tagger"
)

func BenchmarkTagPages(b *testing.B) {
	m, err := tagger.Default()
	if p := os.Getenv("TAGGER_MODEL"); p != "" {
		data, _ := os.ReadFile(p)
		m, err = tagger.Load(data)
	}
	if err != nil {
		b.Fatal(err)
	}
	files, _ := filepath.Glob("pages/*.txt")
	if g, _ := filepath.Glob("/work/shared/gold/train/a*.txt"); len(g) > 0 {
		files = g
	}
	var texts []string
	n := 0
	for _, f := range files {
		d, err := tagger.ReadDataset(tagger.Source{Path: f, Format: tagger.FormatMarked})
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range d.Articles[0].Sentences {
			texts = append(texts, s.Text)
			n += len([]rune(s.Text))
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, t := range texts {
			m.Read(t, 0.05)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "chars/s")
}
