package times_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/times"
)

// shared returns the folder of the gold pages, or skips the test.
func shared(t testing.TB) string {
	dir := os.Getenv("LONGMAI_SHARED")
	if dir == "" {
		wd, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for wd != filepath.Dir(wd) {
			if _, err := os.Stat(filepath.Join(wd, "go.mod")); err == nil {
				break
			}
			wd = filepath.Dir(wd)
		}
		dir = filepath.Join(wd, "..", "shared")
	}
	dir = filepath.Join(dir, "gold")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no gold pages: %v", err)
	}
	return dir
}

// document makes a document of plain text: every line is a paragraph.
func document(t testing.TB, text string, issue corpus.Day) *pipeline.Document {
	a := &corpus.Article{ID: "test", Date: issue, Text: corpus.CopiedText(text, 0)}
	at := 0
	for line := range strings.Lines(text) {
		body := strings.TrimRight(line, "\n")
		if body != "" {
			a.Blocks = append(a.Blocks, corpus.Block{Role: corpus.RoleParagraph, Span: corpus.Span{Start: at, End: at + len(body)}})
		}
		at += len(line)
	}
	p, err := pipeline.New(pipeline.SentenceStage(), times.Stage())
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.Annotate(a)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var dayIn = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

type goldTime struct {
	Layer, At, From, To, Role string
}

// TestGold compares the times of the gold pages: the span, both days and the role.
func TestGold(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(shared(t), "*.gold.jsonl"))
	if err != nil || len(pages) == 0 {
		t.Skip("no gold pages")
	}
	total, right := 0, 0
	for _, page := range pages {
		name := strings.TrimSuffix(filepath.Base(page), ".gold.jsonl")
		issue, err := corpus.ParseDay(dayIn.FindString(name))
		if err != nil {
			t.Logf("%s: no issue date in the name", name)
			continue
		}
		text, err := os.ReadFile(strings.TrimSuffix(page, ".gold.jsonl") + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		body := string(text)
		d := document(t, body, issue)
		squeezed, back := squeeze(body)
		gold, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		covered := map[int]bool{}
		for line := range strings.Lines(string(gold)) {
			var g goldTime
			if json.Unmarshal([]byte(line), &g) != nil || g.Layer != "time" {
				continue
			}
			total++
			want := place(t, squeezed, back, g.At)
			covered[want.Start] = true
			got := pipeline.Time{}
			for _, x := range d.Times {
				if x.Span == want {
					got = x
				}
			}
			if got.From.String() == g.From && got.To.String() == g.To && got.Role == g.Role && got.Rule != "" {
				right++
				continue
			}
			t.Logf("%s: %s: got %q %s..%s %s (%s), want %s..%s %s", name, g.At, d.Surface(got.Span), got.From, got.To, got.Role, got.Rule, g.From, g.To, g.Role)
		}
		for _, x := range d.Times {
			if !covered[x.Start] {
				t.Logf("%s: more: %s⟦%s⟧%s %s..%s %s %s (%s)", name, body[max(0, x.Start-12):x.Start], d.Surface(x.Span), body[x.End:min(len(body), x.End+12)], x.From, x.To, x.Role, x.Precision, x.Rule)
			}
		}
	}
	t.Logf("%d of %d times right", right, total)
	if right*100 < total*97 {
		t.Errorf("%d of %d times right, want 97 %%", right, total)
	}
}

// squeeze drops white space and remembers where every byte came from.
func squeeze(s string) (string, []int) {
	var b strings.Builder
	var back []int
	for i, r := range s {
		if unicode.IsSpace(r) {
			continue
		}
		for k := range len(string(r)) {
			back = append(back, i+k)
		}
		b.WriteRune(r)
	}
	return b.String(), back
}

// place finds the span that the marks of a gold line enclose.
func place(t *testing.T, squeezed string, back []int, at string) pipeline.Span {
	marked, _ := squeeze(at)
	before, rest, _ := strings.Cut(marked, "⟦")
	core, after, _ := strings.Cut(rest, "⟧")
	i := strings.Index(squeezed, before+core+after)
	if i < 0 {
		t.Fatalf("%s does not stand in the page", at)
	}
	i += len(before)
	return pipeline.Span{Start: back[i], End: back[i+len(core)-1] + 1}
}
