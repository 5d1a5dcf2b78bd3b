package relation

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/entity"
	"longmai/pipeline/segment"
)

// entities is a stage that takes the mentions from marks ⟦surface|type⟧ or
// ⟦surface|type|name⟧, and sums from ⟦12亿元|money⟧, so that the relations are tested by themselves.
func read(t testing.TB, marked string) *pipeline.Document {
	t.Helper()
	var b strings.Builder
	var es []pipeline.Entity
	var figures []pipeline.Figure
	for marked != "" {
		before, rest, ok := strings.Cut(marked, "⟦")
		b.WriteString(before)
		if !ok {
			break
		}
		inner, after, _ := strings.Cut(rest, "⟧")
		marked = after
		c := strings.Split(inner, "|")
		at := b.Len()
		b.WriteString(c[0])
		name := c[0]
		if len(c) > 2 {
			name = c[2]
		}
		if c[1] == "money" {
			figures = append(figures, pipeline.Figure{Span: pipeline.Span{Start: at, End: b.Len()}, Kind: pipeline.Money})
			continue
		}
		es = append(es, pipeline.Entity{Span: pipeline.Span{Start: at, End: b.Len()}, Type: pipeline.EntityType(c[1]), Name: name, Confidence: 1})
	}
	text := b.String()
	a := &corpus.Article{ID: "test", Text: corpus.CopiedText(text, 0), Blocks: []corpus.Block{{Role: corpus.RoleParagraph, Span: corpus.Span{Start: 0, End: len(text)}}}}
	r, err := entity.New(entity.Options{})
	if err != nil {
		t.Fatal(err)
	}
	marks := pipeline.Stage{Name: "marks", Adds: []pipeline.Layer{pipeline.Entities}, Annotate: func(d *pipeline.Document) error { d.Entities, d.Figures = es, figures; return nil }}
	p, err := pipeline.New(pipeline.SentenceStage(), segment.Stage(segment.Auto()), marks, Stage(r))
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.Annotate(a)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestCases reads testdata/cases.txt: a marked line, then the relations that it
// holds, one an indented line, all of them and in order.
func TestCases(t *testing.T) {
	b, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	for block := range strings.SplitSeq(string(b), "\n\n") {
		var text string
		var want []string
		for line := range strings.SplitSeq(block, "\n") {
			switch {
			case strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "":
			case strings.HasPrefix(line, "\t"):
				want = append(want, strings.TrimSpace(line))
			default:
				text = line
			}
		}
		if text == "" {
			continue
		}
		var got []string
		d := read(t, text)
		for _, r := range d.Relations {
			parts := []string{r.Type}
			for _, a := range r.Args {
				parts = append(parts, a.Name)
				if !a.Span.Empty() && (a.Span.End > len(d.Body()) || a.Role == "title" && !strings.HasSuffix(a.Name, d.Surface(a.Span))) {
					t.Errorf("argument %+v of %s", a, text)
				}
			}
			got = append(got, strings.TrimSpace(strings.Join(parts, " | ")))
		}
		if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
			t.Errorf("%s\n got %s\nwant %s", text, g, w)
		}
	}
}

func FuzzStage(f *testing.F) {
	f.Add("⟦兰州市委|organization|中共兰州市委员会⟧副书记、市长⟦刘建勋|person⟧说：“好”")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 2000 || strings.Count(s, "⟦") != strings.Count(s, "⟧") {
			return
		}
		for _, part := range strings.Split(s, "⟦")[1:] {
			inner, _, ok := strings.Cut(part, "⟧")
			if c := strings.Split(inner, "|"); !ok || len(c) < 2 || c[0] == "" {
				return
			}
		}
		d := read(t, s)
		for _, r := range d.Relations {
			if r.Evidence.Start < 0 || r.Evidence.End > len(d.Body()) || r.Evidence.Empty() {
				t.Fatal(fmt.Sprint(r))
			}
		}
	})
}
