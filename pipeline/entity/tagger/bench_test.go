package tagger_test

import (
	"os"
	"path/filepath"
	"syscall"
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
	start := cpu()
	for b.Loop() {
		for _, t := range texts {
			m.Read(t, 0.05)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "chars/s")
	b.ReportMetric(float64(n)*float64(b.N)/(cpu()-start), "chars/cpu-s")
}

func cpu() float64 {
	var u syscall.Rusage
	syscall.Getrusage(0, &u)
	return float64(u.Utime.Sec) + float64(u.Utime.Usec)/1e6
}
