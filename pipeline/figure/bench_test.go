package figure_test

import (
	"testing"

	"longmai/pipeline"
	"longmai/pipeline/figure"
	"longmai/pipeline/segment"
	"longmai/pipeline/times"
)

// BenchmarkRead reads the test cases as news: the stages of times and figures
// together, tokens given.
func BenchmarkRead(b *testing.B) {
	var docs []*pipeline.Document
	size := 0
	for _, name := range []string{"growth", "money", "hedges", "numerals", "traps"} {
		for _, m := range readCases(b, "testdata/cases/"+name+".txt") {
			d := m.document(b)
			docs = append(docs, d)
			size += len(d.Body())
		}
	}
	stages := []pipeline.Stage{times.Stage(), figure.Stage()}
	seg := segment.Stage(segment.Auto())
	for _, d := range docs {
		if err := seg.Annotate(d); err != nil {
			b.Fatal(err)
		}
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
}
