package figure_test

import (
	"runtime"
	"strings"
	"testing"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/figure"
	"longmai/pipeline/segment"
	"longmai/pipeline/times"
)

// Twice the text makes twice the objects, whatever the text is. What is counted
// is the same on every machine; that the time does not run away is the bound of
// TestHostile.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large texts")
	}
	const size = 30_000
	for _, unit := range []string{"1", "万亿", "（", "“", "《", "“1元。", "该项目1个，", "2021—", "5、6月", "10月5日", "。", "截至", "增长1%，", "从1元", "1元、", "1.", "其中1个",
		"分别1个、2个", "“我1元”", "我市1元，", "甘肃省发展改革和经济建设"} {
		times1, figures1 := work(t, strings.Repeat(unit, size/len(unit)))
		times2, figures2 := work(t, strings.Repeat(unit, 2*(size/len(unit))))
		for _, c := range []struct {
			stage string
			a, b  uint64
		}{{"times", times1, times2}, {"figures", figures1, figures2}} {
			if c.b > c.a*9/4+500 {
				t.Errorf("%q: %s make %d objects, and %d for twice the text", unit, c.stage, c.a, c.b)
			}
		}
	}
	work(t, strings.Repeat("甘肃省发展改革和经济建设", 1<<20/36)) // one sentence without any mark ends
}

// work returns how many objects the stages of times and figures make of a text of one paragraph.
func work(t *testing.T, text string) (timesMake, figuresMake uint64) {
	t.Helper()
	a := &corpus.Article{ID: "a", Date: corpus.Day{Year: 2024, Month: 10, Day: 28}, Text: corpus.CopiedText(text, 0)}
	a.Blocks = []corpus.Block{{Role: corpus.RoleParagraph, Span: corpus.Span{Start: 0, End: len(text)}}}
	d := &pipeline.Document{Article: a}
	var made []uint64
	for _, s := range []pipeline.Stage{pipeline.SentenceStage(), segment.Stage(segment.Auto()), times.Stage(), figure.Stage()} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := s.Annotate(d); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		made = append(made, after.Mallocs-before.Mallocs)
	}
	return made[2], made[3]
}
