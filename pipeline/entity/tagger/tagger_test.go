package tagger

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"
)

func shippedModel(t testing.TB) *Model {
	t.Helper()
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Lines are marked as the training pages are. What they hold is in no training page.
func TestTag(t *testing.T) {
	m := shippedModel(t)
	for _, line := range []string{
		"⟦平凉市委|organization⟧副书记、市长⟦郭砚秋|person⟧出席会议。",
		"⟦崇信县|place⟧⟦柏树镇|place⟧镇长⟦梁玉堂|person⟧介绍说，全镇种植苹果三万亩。",
		"⟦厦门恒瑞光电科技股份有限公司|organization⟧将在⟦白银市|place⟧投资建厂。",
		"⟦甘肃省气象局|organization⟧发布暴雨预警。",
		"⟦麦盖提·吐尔逊江|person⟧来自⟦新疆|place⟧。",
		"来自⟦北京|place⟧、⟦上海|place⟧、⟦四川|place⟧等地的客商参加了活动。",
		"天气晴好，农民在田里忙着收割小麦。",
		"全市规模以上工业增加值同比增长8.5%。",
		"要坚持问题导向，压实工作责任，确保任务落地见效。",
	} {
		text, want, err := Unmark(line)
		if err != nil {
			t.Fatal(err)
		}
		if got := mark(text, m.Tag(text)); got != mark(text, want) {
			t.Errorf("%s\nwant %s", got, line)
		}
	}
}

func mark(text string, spans []Span) string {
	var b strings.Builder
	last := 0
	for _, s := range spans {
		b.WriteString(text[last:s.Start] + "⟦" + text[s.Start:s.End] + "|" + s.Type + "⟧")
		last = s.End
	}
	return b.String() + text[last:]
}

func TestReadingHoldsItsPromises(t *testing.T) {
	m := shippedModel(t)
	for _, text := range []string{
		"", " ", "abc 123", "兰", "\xff兰州\xfe市\x00", "兰州\n市", "𠮷野家在兰州",
		"⟦⟧", strings.Repeat("王", 50), strings.Repeat("兰州市", 2000), strings.Repeat("a", 5000) + "兰州市",
		"平凉市委副书记、市长郭砚秋、崇信县县长王全说：“《甘肃省种子条例》实施以来，兰洽会签约项目落地。”",
	} {
		r := m.Read(text, 0.02)
		last := 0
		for _, s := range r.Spans {
			if s.Start < last || s.End <= s.Start || s.End > len(text) || !(s.Confidence > 0 && s.Confidence <= 1) || s.Type == "" {
				t.Errorf("%.40q: mention %+v behind %d", text, s, last)
			}
			last = s.End
		}
		for i, s := range r.Candidates {
			if s.End <= s.Start || s.End > len(text) || !(s.Confidence >= 0.02 && s.Confidence <= 1) {
				t.Errorf("%.40q: candidate %+v", text, s)
			}
			if i > 0 && (s.Start < r.Candidates[i-1].Start || s.Start == r.Candidates[i-1].Start && s.End < r.Candidates[i-1].End) {
				t.Errorf("%.40q: candidate %+v behind %+v", text, s, r.Candidates[i-1])
			}
		}
		if n := len(r.Words); text != "" && (n == 0 || r.Words[n-1] != len(text)) {
			t.Errorf("%.40q: words end at %v, want them to tile the text", text, r.Words)
		}
		if utf8.ValidString(text) {
			for _, w := range r.Words {
				if w < len(text) && !utf8.RuneStart(text[w]) {
					t.Errorf("%.40q: a word ends inside a character", text)
				}
			}
		}
		if got, want := fmt.Sprint(m.Tag(text)), fmt.Sprint(r.Spans); got != want {
			t.Errorf("%.40q: Tag finds %s, Read %s", text, got, want)
		}
	}
}

func TestTraditionalAndFullWidthAreRead(t *testing.T) {
	m := shippedModel(t)
	const text = "蘭州市委書記張建國說,甘肅省氣象局發布預警。"
	got := mark(text, m.Tag(text))
	for _, want := range []string{"⟦張建國|person⟧", "⟦甘肅省氣象局|organization⟧"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestManyGoroutinesReadTheSame(t *testing.T) {
	m := shippedModel(t)
	texts := []string{
		"平凉市委副书记、市长郭砚秋出席会议。", "崇信县柏树镇镇长梁玉堂介绍说。", "来自北京、上海、四川等地的客商参加了活动。",
		strings.Repeat("甘肃省气象局发布预警，", 300),
	}
	var want []string
	for _, s := range texts {
		want = append(want, fmt.Sprint(m.Read(s, 0.01)))
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for k := range 40 {
				i := k % len(texts)
				if got := fmt.Sprint(m.Read(texts[i], 0.01)); got != want[i] {
					t.Errorf("text %d is read differently beside others", i)
					return
				}
			}
		})
	}
	wg.Wait()
}

// A text without an end of a sentence is read in pieces, in time that grows with its length alone.
func TestLongTextsAreReadInPieces(t *testing.T) {
	m := shippedModel(t)
	for _, unit := range []string{"一", "兰州市", "王，", "《", "1"} {
		text := strings.Repeat(unit, 90_000/len(unit)) + "兰"
		start := time.Now()
		m.Read(text, 0.05)
		t.Logf("%q: %v", unit, time.Since(start))
	}
}

func FuzzRead(f *testing.F) {
	m := shippedModel(f)
	for _, s := range []string{"平凉市长郭砚秋。", "\xff兰", "《（“兰州", "·王·"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := m.Read(text, 0.05)
		last := 0
		for _, s := range r.Spans {
			if s.Start < last || s.End <= s.Start || s.End > len(text) || !(s.Confidence > 0 && s.Confidence <= 1) {
				t.Fatalf("mention %+v behind %d", s, last)
			}
			last = s.End
		}
	})
}
