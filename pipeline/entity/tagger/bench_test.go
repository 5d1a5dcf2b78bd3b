package tagger

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

// benchTexts are the sentences of the prose pages, or of the pages of the
// folder TAGGER_BENCH, and how many characters they have.
func benchTexts(b *testing.B) (texts []string, chars int) {
	dir := os.Getenv("TAGGER_BENCH")
	if dir == "" {
		dir = "pages"
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) == 0 {
		b.Fatalf("no pages in %s", dir)
	}
	for _, f := range files {
		d, err := ReadDataset(Source{Path: f, Format: FormatMarked})
		if err != nil {
			b.Fatal(err)
		}
		for _, a := range d.Articles {
			for _, s := range a.Sentences {
				texts = append(texts, s.Text)
				chars += utf8.RuneCountInString(s.Text)
			}
		}
	}
	return texts, chars
}

func BenchmarkTag(b *testing.B) {
	m := shippedModel(b)
	texts, chars := benchTexts(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, t := range texts {
			m.Tag(t)
		}
	}
	b.ReportMetric(float64(chars)*float64(b.N)/b.Elapsed().Seconds(), "chars/s")
}

func BenchmarkRead(b *testing.B) {
	m := shippedModel(b)
	texts, chars := benchTexts(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, t := range texts {
			m.Read(t, 0.05)
		}
	}
	b.ReportMetric(float64(chars)*float64(b.N)/b.Elapsed().Seconds(), "chars/s")
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(shipped); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCandidates(b *testing.B) {
	m := shippedModel(b)
	texts, chars := benchTexts(b)
	b.ReportAllocs()
	var out []Span
	for b.Loop() {
		for _, t := range texts {
			out = m.Candidates(t, 0.02, out[:0])
		}
	}
	b.ReportMetric(float64(chars)*float64(b.N)/b.Elapsed().Seconds(), "chars/s")
}
