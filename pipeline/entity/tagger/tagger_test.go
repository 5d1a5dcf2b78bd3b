package tagger_test

import (
	"testing"

	"longmai/pipeline/entity/tagger"
)

func TestDefault(t *testing.T) {
	m, err := tagger.Default()
	if err != nil {
		t.Fatal(err)
	}
	const text = "平凉市委副书记、市长郭砚秋在会上介绍，厦门恒瑞光电科技股份有限公司将在崇信县建设生产基地。"
	for _, s := range m.Tag(text) {
		t.Logf("%s %s %.2f", text[s.Start:s.End], s.Type, s.Confidence)
	}
	for _, s := range m.Read(text, 0.05).Candidates {
		t.Logf("%s %s %.2f", text[s.Start:s.End], s.Type, s.Confidence)
	}
}

func BenchmarkTag(b *testing.B) {
	m, err := tagger.Default()
	if err != nil {
		b.Fatal(err)
	}
	const text = "平凉市委副书记、市长郭砚秋在会上介绍，厦门恒瑞光电科技股份有限公司将在崇信县建设生产基地。"
	n := len([]rune(text))
	for b.Loop() {
		m.Tag(text)
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "chars/s")
}
