package standard

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/entity"
	"longmai/pipeline/entity/tagger"

	"golang.org/x/text/encoding/traditionalchinese"
)

// A script turns simplified text into traditional, character by character: by
// the pairs of testdata/twins.tsv, which are of one length and without choice.
func twinScript(t testing.TB) func(string) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/twins.tsv")
	if err != nil {
		t.Fatal(err)
	}
	to := map[rune]rune{}
	for line := range strings.Lines(string(raw)) {
		if a, b, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && a[0] != '#' {
			to[[]rune(a)[0]] = []rune(b)[0]
		}
	}
	return func(s string) string {
		return strings.Map(func(r rune) rune {
			if c, ok := to[r]; ok {
				return c
			}
			return r
		}, s)
	}
}

func shipped(t testing.TB) *pipeline.Pipeline {
	t.Helper()
	m, err := tagger.Default()
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Options{Entities: entity.Options{Tagger: m}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// annotated returns the articles of one page of text.
func annotated(t testing.TB, p *pipeline.Pipeline, name string, page []byte) []*pipeline.Document {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, page, 0o644); err != nil {
		t.Fatal(err)
	}
	var out []*pipeline.Document
	for d, err := range p.Run(context.Background(), 1, corpus.Read(context.Background(), corpus.Options{}, file)) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d)
	}
	return out
}

// tally counts the annotations of a layer and those that a twin has not.
type tally struct{ all, lost int }

func (n *tally) String() string { return fmt.Sprintf("%d of %d", n.all-n.lost, n.all) }

// compare counts what of want got has not, and reports it.
func compare[T any](t *testing.T, n *tally, layer string, want, got []T) {
	t.Helper()
	n.all += len(want)
	for _, x := range want {
		if !slices.ContainsFunc(got, func(y T) bool { return reflect.DeepEqual(x, y) }) {
			n.lost++
			t.Logf("%s: lost %+v", layer, x)
		}
	}
	if extra := len(got) - len(want); extra > 0 {
		n.lost += extra
		t.Logf("%s: %d too many", layer, extra)
	}
}

// TestTraditionalPages: a page in traditional characters gives what its
// simplified twin gives, offset for offset and name for name.
func TestTraditionalPages(t *testing.T) {
	pages, err := filepath.Glob("testdata/pages/*.txt")
	if err != nil || len(pages) < 8 {
		t.Fatal(pages, err)
	}
	if os.Getenv("LONGMAI_TWINS") == "" { // all of them take a while
		pages = slices.Collect(func(yield func(string) bool) {
			for i := 0; i < 8; i++ {
				if !yield(pages[i*len(pages)/8]) {
					return
				}
			}
		})
	}
	convert, p := twinScript(t), shipped(t)
	var figures, entities, times, relations, blocks, credits tally
	for i, page := range pages {
		raw, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		twin := convert(string(raw))
		if i%2 == 1 {
			twin = strings.NewReplacer("“", "「", "”", "」", "‘", "『", "’", "』").Replace(twin)
		}
		name := filepath.Base(page)
		t.Log(name)
		want, got := annotated(t, p, name, raw), annotated(t, p, name, []byte(twin))
		if len(got) != len(want) {
			t.Fatalf("%s: %d articles, want %d", name, len(got), len(want))
		}
		for k, w := range want {
			g := got[k]
			if g.Body() == w.Body() || len(g.Body()) != len(w.Body()) {
				t.Fatalf("%s: the text is not that of the twin", name)
			}
			compare(t, &blocks, "block", w.Blocks, g.Blocks)
			compare(t, &blocks, "apparatus", w.Apparatus, g.Apparatus)
			compare(t, &credits, "credit", w.Byline, simplified(g).Byline)
			if w.Dateline != nil {
				compare(t, &credits, "dateline", []*corpus.Dateline{w.Dateline}, []*corpus.Dateline{simplified(g).Dateline})
			}
			compare(t, &times, "time", w.Times, g.Times)
			compare(t, &entities, "entity", w.Entities, g.Entities)
			compare(t, &figures, "figure", w.Figures, g.Figures)
			compare(t, &relations, "relation", w.Relations, g.Relations)
		}
	}
	t.Logf("%d pages: figures %s, entities %s, times %s, relations %s, blocks %s, credits %s",
		len(pages), &figures, &entities, &times, &relations, &blocks, &credits)
	for _, b := range []struct {
		layer string
		n     tally
		least float64
	}{{"figures", figures, 0.99}, {"entities", entities, 0.97}, {"times", times, 0.99}, {"relations", relations, 0.97}, {"blocks", blocks, 0.99}, {"credits", credits, 0.95}} {
		if float64(b.n.all-b.n.lost) < b.least*float64(b.n.all) || b.n.all == 0 {
			t.Errorf("%s: %s are those of the simplified pages, want %.0f %%", b.layer, &b.n, 100*b.least)
		}
	}
}

func simplified(d *pipeline.Document) *corpus.Article { return d.Article.Simplified() }

// TestTraditionalSentences: every sentence of testdata/traditional.txt has its
// simplified twin below it, and below that the figures of both.
func TestTraditionalSentences(t *testing.T) {
	const file = "testdata/traditional.txt"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := shipped(t)
	var out strings.Builder
	cases := 0
	lines := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		if lines[i] == "" || lines[i][0] == '#' {
			fmt.Fprintln(&out, lines[i])
			continue
		}
		line, old, simple := i+1, lines[i], lines[i+1]
		i++
		marked := ""
		if i+1 < len(lines) && strings.HasPrefix(lines[i+1], "\t") {
			i++
			marked = lines[i]
		}
		cases++
		want, got := annotate(t, p, simple), annotate(t, p, old)
		var lost tally
		compare(t, &lost, "time", want.Times, got.Times)
		compare(t, &lost, "entity", want.Entities, got.Entities)
		compare(t, &lost, "figure", want.Figures, got.Figures)
		compare(t, &lost, "relation", want.Relations, got.Relations)
		if lost.lost > 0 {
			t.Errorf("%s:%d: %d annotations of %s differ from those of %s", file, line, lost.lost, old, simple)
		}
		found := figuresOf(got)
		if found != marked && os.Getenv("UPDATE") == "" {
			t.Errorf("%s:%d: %s\n got %s\nwant %s", file, line, old, found, marked)
		}
		fmt.Fprintf(&out, "%s\n%s\n%s\n", old, simple, found)
	}
	if cases < 40 {
		t.Errorf("%d cases, want 40", cases)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func annotate(t testing.TB, p *pipeline.Pipeline, s string) *pipeline.Document {
	t.Helper()
	text := corpus.CopiedText(s, 0)
	d, err := p.Annotate(&corpus.Article{ID: "x", Date: corpus.Day{Year: 2024, Month: 10, Day: 28}, Paper: "甘肃日报", Text: text,
		Blocks: []corpus.Block{{Role: corpus.RoleParagraph, Span: corpus.Span{End: len(s)}}}})
	if err != nil {
		t.Fatal(err)
	}
	if d.Body() != s {
		t.Errorf("the text of the document is %q, want %q", d.Body(), s)
	}
	return d
}

// figuresOf returns the figures of d as they stand in traditional.txt.
func figuresOf(d *pipeline.Document) string {
	var b strings.Builder
	for _, f := range d.Figures {
		value := "-"
		if f.Value.Valid {
			value = f.Value.Decimal.String()
		}
		fmt.Fprintf(&b, "\t[%s] %s", d.Surface(f.Span), strings.Join(strings.Fields(fmt.Sprint(f.Form, " ", value, " ", f.Unit, " ", f.Category)), " "))
	}
	return b.String()
}

// TestTraditionalBig5: the encoding of the page makes no difference, and what is
// shown is cut from the page as it was printed.
func TestTraditionalBig5(t *testing.T) {
	const simple = `# 甘肃发电装机超过1亿千瓦

本报兰州10月21日讯（记者 张晓东 通讯员 刘国庆）记者从省发展改革委获悉，前三季度全省发电量1580亿千瓦时，同比增长6.2%。

省能源局局长陈卫东说：“年底前，新能源装机将达6400万千瓦。”
`
	convert, p := twinScript(t), shipped(t)
	old := strings.NewReplacer("“", "「", "”", "」").Replace(convert(simple))
	big, err := traditionalchinese.Big5.NewEncoder().String(old)
	if err != nil {
		t.Fatal(err)
	}
	want, got := annotated(t, p, "2024-10-22.txt", []byte(simple)), annotated(t, p, "2024-10-22.txt", []byte(big))
	if len(want) != 1 || len(got) != 1 {
		t.Fatalf("%d and %d articles, want one each", len(want), len(got))
	}
	w, g := want[0], got[0]
	var lost tally
	compare(t, &lost, "time", w.Times, g.Times)
	compare(t, &lost, "entity", w.Entities, g.Entities)
	compare(t, &lost, "figure", w.Figures, g.Figures)
	compare(t, &lost, "relation", w.Relations, g.Relations)
	compare(t, &lost, "block", w.Blocks, g.Blocks)
	compare(t, &lost, "apparatus", w.Apparatus, g.Apparatus)
	if lost.lost > 0 || lost.all < 12 {
		t.Errorf("%s annotations are those of the twin", &lost)
	}
	if g.Source.Encoding != corpus.Big5 || g.Title != "甘肅發電裝機超過1億千瓦" || len(g.Byline) != 2 || g.Byline[0].Name != "張曉東" || g.Byline[0].Role != "记者" ||
		g.Dateline == nil || g.Dateline.Place != "蘭州" || g.Dateline.Agency != "本報" || !strings.Contains(g.Body(), "「年底前，") {
		t.Errorf("%s %q %+v %+v\n%s", g.Source.Encoding, g.Title, g.Byline, g.Dateline, g.Body())
	}
	for _, f := range g.Figures { // the way back leads to the bytes of Big5
		o, ok := g.Text.Origin(f.Span)
		if !ok {
			t.Fatalf("%s has no source", g.Surface(f.Span))
		}
		if s, err := traditionalchinese.Big5.NewDecoder().String(big[o.Start:o.End]); s != g.Surface(f.Span) {
			t.Errorf("%q stands where %q came from: %v", s, g.Surface(f.Span), err)
		}
	}
}

// TestSimplifiedTextIsNotTouched: old characters in a simplified text stay, and are no reason to read it otherwise.
func TestSimplifiedTextIsNotTouched(t *testing.T) {
	for _, s := range []string{"", "乾隆年间，朱鎔基总理在甘肃考察时强调，要把黄河上游的生态保护好，全省造林268万亩。", "於是后来，瞭望塔乾燥。", "5G 420kW", "“一带一路”沿线"} {
		if got := corpus.Simplified(s); got != s {
			t.Errorf("%q becomes %q", s, got)
		}
		a := &corpus.Article{Text: corpus.CopiedText(s, 0)}
		if a.Simplified() != a {
			t.Errorf("%q is read as another text", s)
		}
	}
}
