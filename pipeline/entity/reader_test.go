package entity

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/entity/tagger"
	"longmai/pipeline/segment"
)

// pipelineOf returns the pipeline up to the entities, with or without the tagger.
func pipelineOf(t testing.TB, o Options) *pipeline.Pipeline {
	t.Helper()
	r, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	p, err := pipeline.New(pipeline.SentenceStage(), segment.Stage(segment.Auto()), r.Stage())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func withTagger(t testing.TB) Options {
	t.Helper()
	m, err := tagger.Default()
	if err != nil {
		t.Skipf("no model of the tagger: %v", err)
	}
	return Options{Tagger: m}
}

func annotate(t testing.TB, p *pipeline.Pipeline, text string) *pipeline.Document {
	t.Helper()
	a, _, err := ReadMarked("test", text)
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.Annotate(a)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// mark writes the mentions of the learned types into the text.
func mark(d *pipeline.Document) string {
	var b strings.Builder
	at := 0
	for _, e := range d.Entities {
		if k, _ := kindOf(string(e.Type)); k >= kinds {
			continue
		}
		b.WriteString(d.Body()[at:e.Start])
		fmt.Fprintf(&b, "⟦%s|%s⟧", d.Surface(e.Span), e.Type)
		at = e.End
	}
	b.WriteString(d.Body()[at:])
	return strings.TrimSpace(b.String())
}

func TestCases(t *testing.T) {
	b, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	p := pipelineOf(t, Options{})
	for n, want := range strings.Split(string(b), "\n") {
		if want == "" || want[0] == '#' {
			continue
		}
		if got := mark(annotate(t, p, want)); got != want {
			t.Errorf("cases.txt:%d:\n got %s\nwant %s", n+1, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	p := pipelineOf(t, Options{})
	for _, c := range []struct{ text, surface, name, ref string }{
		{"记者从省文旅厅获悉，游客增长。", "省文旅厅", "甘肃省文化和旅游厅", ""},
		{"山东省工信厅与甘肃省工信厅签署协议。", "山东省工信厅", "山东省工业和信息化厅", ""},
		{"酒泉市副市长、市能源局党组书记岳国栋表示。", "市能源局", "酒泉市能源局", ""},
		{"省委书记作出部署，省委、省政府印发文件。", "省政府", "甘肃省人民政府", ""},
		{"玉门市委书记王超表示。", "玉门市委", "中共玉门市委员会", ""},
		{"酒泉是风电基地所在地。", "酒泉", "酒泉市", "620900"},
		{"在阿克塞县建成光热电站。", "阿克塞县", "阿克塞哈萨克族自治县", "620924"},
		{"金川集团、酒钢集团等企业增长较快。", "酒钢集团", "酒泉钢铁（集团）有限责任公司", ""},
		{"江苏的南京来了客商。", "南京", "南京市", "320100"},
	} {
		d := annotate(t, p, c.text)
		i := slices.IndexFunc(d.Entities, func(e pipeline.Entity) bool { return d.Surface(e.Span) == c.surface })
		if i < 0 {
			t.Errorf("%s: no mention %s in %s", c.text, c.surface, mark(d))
			continue
		}
		if e := d.Entities[i]; e.Name != c.name || e.Ref != c.ref {
			t.Errorf("%s: %s is %s %q, want %s %q", c.text, c.surface, e.Name, e.Ref, c.name, c.ref)
		}
	}
}

func TestArticleKnowsItsNames(t *testing.T) {
	d := annotate(t, pipelineOf(t, Options{}), `厦门弘信电子集团股份有限公司董事长李强说，算力是新机遇。
在飞云镇元朝村，果农吕永刚对着镜头吆喝。
弘信电子在天水建设基地。
“老吕，补光灯开大点！”
湖南泰昇新材料股份有限公司（以下简称“泰昇公司”）落户金昌。泰昇公司年底投产。`)
	want := map[string]string{"弘信电子": "厦门弘信电子集团股份有限公司", "老吕": "吕永刚", "泰昇公司": "湖南泰昇新材料股份有限公司"}
	for _, e := range d.Entities {
		if name, ok := want[d.Surface(e.Span)]; ok {
			if e.Name != name {
				t.Errorf("%s is %s, want %s", d.Surface(e.Span), e.Name, name)
			}
			delete(want, d.Surface(e.Span))
		}
	}
	for s := range want {
		t.Errorf("no mention %s in %s", s, mark(d))
	}
}

func TestApparatusHoldsNoMention(t *testing.T) {
	a, _, err := ReadMarked("test", "本报兰州10月21日讯（记者 沈丽莉）金川集团扩产。")
	if err != nil {
		t.Fatal(err)
	}
	a.Apparatus = []corpus.Span{{Start: 0, End: strings.Index(a.Text.String(), "金川")}}
	d, err := pipelineOf(t, Options{}).Annotate(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range d.Entities {
		if d.InApparatus(e.Span) {
			t.Errorf("mention %s in the paper's own words", d.Surface(e.Span))
		}
	}
	if len(d.Entities) == 0 {
		t.Error("no mention behind the dateline")
	}
}

func TestTaxonomy(t *testing.T) {
	d := annotate(t, pipelineOf(t, Options{}), "新能源产业快速发展，镍、铜、钴产量增长，苹果丰收，他买了一部白银色手机。")
	got := map[string]string{}
	for _, e := range d.Entities {
		got[d.Surface(e.Span)] = string(e.Type)
	}
	for surface, typ := range map[string]string{"新能源产业": "industry", "镍": "resource", "铜": "resource", "钴": "resource", "苹果": "resource", "白银": ""} {
		if got[surface] != typ {
			t.Errorf("%s is %q, want %q", surface, got[surface], typ)
		}
	}
}

func TestAncestors(t *testing.T) {
	for ref, want := range map[string]string{"620922103": "620922 620900 620000", "620922": "620900 620000", "620900": "620000", "620000": "", "110105": "110000", "429004": "420000", "CN": "", "": "", "62x": ""} {
		if got := strings.Join(Ancestors(ref), " "); got != want {
			t.Errorf("Ancestors(%q) = %q, want %q", ref, got, want)
		}
	}
	for ref := range divisionNames() {
		for _, up := range Ancestors(ref) {
			if _, ok := DivisionName(up); !ok {
				t.Errorf("%s lies in %s, which the table lacks", ref, up)
			}
		}
	}
}

func TestExplain(t *testing.T) {
	r, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := annotate(t, pipelineOf(t, Options{}), "金昌市工信局局长祝万里表示。")
	e, ok := r.Explain(d, 0)
	if !ok || len(e.Candidates) == 0 {
		t.Fatal("no explanation")
	}
	i := slices.IndexFunc(e.Candidates, func(c Candidate) bool { return c.Surface == "祝万里" && c.Kept })
	if i < 0 || len(e.Candidates[i].Reasons) == 0 || !slices.Contains(e.Candidates[i].Evidence, "surname") {
		t.Errorf("祝万里 is not explained: %+v", e.Candidates)
	}
	if _, ok := r.Explain(d, len(d.Body())); ok {
		t.Error("an explanation outside of all sentences")
	}
}

func TestTablesLoad(t *testing.T) {
	l, err := buildLexicon(nil)
	if err != nil {
		t.Fatal(err)
	}
	names, err := files.ReadDir("data")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		b, _ := files.ReadFile("data/" + n.Name())
		if !strings.HasPrefix(string(b), "#") || !strings.Contains(string(b[:min(len(b), 2000)]), "Source:") {
			t.Errorf("%s does not state its source", n.Name())
		}
	}
	for _, w := range []string{"兰州大学", "瓜州县", "省长", "连霍高速"} {
		if l.lookup(w) == nil {
			t.Errorf("no %s in the tables", w)
		}
	}
}

func TestTableErrorsNameTheLine(t *testing.T) {
	err := tableRows("x.tsv", "# comment\n局\torganization\n\tplace\n", 2, func([]string) error { return nil })
	if err == nil || !strings.HasPrefix(err.Error(), "x.tsv:3: ") {
		t.Errorf("error %v, want x.tsv:3: …", err)
	}
	l, _ := loadLexicon()
	for text, want := range map[string]string{
		"head\tplace\t局\tx\n":       `w.tsv:1: weight "x" is no number`,
		"head\tanimal\t局\t1\n":      `w.tsv:1: unknown type "animal"`,
		"smell\tplace\t局\t1\n":      `w.tsv:1: unknown template "smell"`,
		"length\tplace\tthree\t1\n": `w.tsv:1: value "three" is no number`,
	} {
		if _, err := readWeights("w.tsv", text, l); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// TestAnyLength reads inputs that would be slow if anything were quadratic.
func TestAnyLength(t *testing.T) {
	p := pipelineOf(t, Options{})
	for _, unit := range []string{"1", "局", "兰州市", "张", "“", "（", "《", "·尔", "老王", "省委书记", "、"} {
		annotate(t, p, strings.Repeat(unit, 60000/len(unit)))
	}
}

func FuzzAnnotate(f *testing.F) {
	names, _ := filepath.Glob("testdata/marked/*.txt")
	for _, n := range names {
		b, _ := os.ReadFile(n)
		f.Add(string(b))
	}
	f.Add("\xff\x00“《（·局、市长王\t\x1b[31m=cmd")
	p := pipelineOf(f, Options{})
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 5000 || !utf8.ValidString(s) || strings.Contains(s, "⟦") {
			return
		}
		d := annotate(t, p, s)
		end := 0
		for _, e := range d.Entities {
			if e.Start < end || e.End <= e.Start || e.End > len(d.Body()) || !utf8.ValidString(d.Surface(e.Span)) {
				t.Fatalf("mention %v after %d in %q", e.Span, end, s)
			}
			if e.Confidence <= 0 || e.Confidence > 1 || e.Name == "" {
				t.Fatalf("mention %+v", e)
			}
			end = e.End
		}
	})
}

func pages(t testing.TB) string {
	t.Helper()
	names, err := filepath.Glob("testdata/marked/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatal("no pages")
	}
	var b strings.Builder
	for _, n := range names {
		text, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		a, _, err := ReadMarked(n, string(text))
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(a.Text.String())
	}
	return b.String()
}

func benchmark(b *testing.B, o Options) {
	r, err := New(o)
	if err != nil {
		b.Fatal(err)
	}
	seg := segment.Auto()
	p, err := pipeline.New(pipeline.SentenceStage(), segment.Stage(seg))
	if err != nil {
		b.Fatal(err)
	}
	d := annotate(b, p, pages(b))
	chars := utf8.RuneCountInString(d.Body())
	for b.Loop() {
		r.annotate(d)
	}
	b.ReportMetric(float64(chars)*float64(b.N)/b.Elapsed().Seconds(), "chars/s")
}

func BenchmarkTables(b *testing.B) { benchmark(b, Options{}) }
func BenchmarkTagger(b *testing.B) { benchmark(b, withTagger(b)) }

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := buildLexicon(nil); err != nil {
			b.Fatal(err)
		}
	}
}

// TestNamesOfArticles reads testdata/names.txt.
func TestNamesOfArticles(t *testing.T) {
	b, err := os.ReadFile("testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	p := pipelineOf(t, Options{})
	var text []string
	var d *pipeline.Document
	for n, line := range strings.Split(string(b), "\n") {
		row, ok := strings.CutPrefix(line, "\t")
		switch {
		case strings.HasPrefix(line, "#"):
			continue
		case line == "":
			text, d = nil, nil
			continue
		case !ok:
			text = append(text, line)
			continue
		case d == nil:
			d = annotate(t, p, strings.Join(text, "\n"))
		}
		surface, want, named := strings.Cut(strings.TrimPrefix(row, "! "), " = ")
		found := false
		for _, e := range d.Entities {
			if d.Surface(e.Span) != surface {
				continue
			}
			found = true
			if got := strings.TrimSpace(e.Name + " " + e.Ref); got != want {
				t.Errorf("names.txt:%d: %s is %s, want %s", n+1, surface, got, want)
			}
		}
		if found != named {
			t.Errorf("names.txt:%d: mention %s found: %v, want %v in %s", n+1, surface, found, named, mark(d))
		}
	}
}
