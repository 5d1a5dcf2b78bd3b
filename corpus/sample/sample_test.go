package sample

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTopicsLoad(t *testing.T) {
	all, err := loadTopics()
	if err != nil {
		t.Fatal(err)
	}
	n := len(all.common.body) + len(all.common.quote) + len(all.common.end)
	for _, k := range all.list {
		n += len(k.title) + len(k.sub) + len(k.lead) + len(k.body) + len(k.quote) + len(k.end)
	}
	if len(all.list) < 20 || n < 400 {
		t.Errorf("%d topics, %d templates, want 20 and 400", len(all.list), n)
	}
}

func TestTemplatesAreChecked(t *testing.T) {
	x, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"body {nobody}", "body {#3..9 弗隆}", "body {#9..3 元}", "body {#3..9 元 q=1}", "body {T:never}", "body {w:nolist}", "body [甘肃|planet]",
		"body <a|b", "body {c", "body {post c 局长}", "foot x", "body@2025..2021 x", "weight x",
	} {
		if err := (&topic{}).add(line, x); err == nil {
			t.Errorf("%q is taken", line)
		}
	}
}

func TestStreamIsDeterministicAndHasThePrefixProperty(t *testing.T) {
	long := slices.Collect(StreamNear(5, 300, 0.1))
	i := 0
	for a := range StreamNear(5, 120, 0.1) {
		if fmt.Sprint(toJSON(t, a.Truth), a.Text) != fmt.Sprint(toJSON(t, long[i].Truth), long[i].Text) {
			t.Fatalf("article %d differs between two runs", i)
		}
		i++
	}
	other := slices.Collect(Stream(6, 3))
	if other[0].Text == long[0].Text {
		t.Error("seeds 5 and 6 give the same article")
	}
}

func toJSON(t *testing.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Every record stands where it says, and says what stands there.
func TestTruthFitsTheText(t *testing.T) {
	ids := map[string]bool{}
	for a := range StreamNear(11, 3000, 0.1) {
		if ids[a.ID] {
			t.Fatalf("id %s twice", a.ID)
		}
		ids[a.ID] = true
		runes := []rune(a.Text)
		at := func(what string, start, end int, want string) {
			if start < 0 || end > len(runes) || start >= end || string(runes[start:end]) != want {
				t.Fatalf("%s: %s [%d, %d) is not %q in\n%s", a.ID, what, start, end, want, a.Text)
			}
		}
		groups := map[int][]Group{}
		before := 0
		for _, f := range a.Figures {
			at("figure", f.Start, f.End, f.Surface)
			if f.Start < before {
				t.Fatalf("%s: figure %q overlaps the one before", a.ID, f.Surface)
			}
			before = f.End
			if f.Kind == "" || f.Category == "" || f.Form == "" || f.Value == "" && f.Low == "" {
				t.Errorf("%s: figure %+v lacks a field", a.ID, f)
			}
			if s := f.Sentence; s.Start > f.Start || s.End < f.End || strings.Contains(string(runes[s.Start:max(s.Start, s.End-2)]), "。") {
				t.Errorf("%s: the sentence of %q is [%d, %d) %q", a.ID, f.Surface, s.Start, s.End, string(runes[s.Start:s.End]))
			}
			for _, m := range f.Marks {
				at("mark", m.Start, m.End, m.Surface)
			}
			for _, p := range []*Phrase{f.Metric, f.Subject} {
				if p != nil && p.End > len(runes) {
					t.Errorf("%s: phrase %+v outside the text", a.ID, p)
				}
			}
			if m := f.Metric; m != nil {
				if m.End == 0 {
					t.Errorf("%s: metric %q is not in the sentence of %q", a.ID, m.Name, f.Surface)
				} else if got := string(runes[m.Start:m.End]); got != m.Name && got != wide(m.Name) {
					t.Errorf("%s: metric is %q, want %q", a.ID, got, m.Name)
				}
			}
			if f.Time != nil {
				at("time of a figure", f.Time.Start, f.Time.End, f.Time.Surface)
			}
			if f.Group != nil {
				groups[f.Group.ID] = append(groups[f.Group.ID], *f.Group)
			}
		}
		for id, g := range groups {
			for i, k := range g {
				if k.Index != i || k.Kind != g[0].Kind || len(g) < 2 {
					t.Fatalf("%s: group %d is %v", a.ID, id, g)
				}
			}
		}
		for i, e := range a.Entities {
			at("entity", e.Start, e.End, e.Surface)
			if i > 0 && e.Start < a.Entities[i-1].End || !entityTypes[e.Type] || e.Name == "" {
				t.Fatalf("%s: entity %+v", a.ID, e)
			}
		}
		for _, k := range a.Times {
			at("time", k.Start, k.End, k.Surface)
		}
		if a.BylineText != "" && !strings.Contains(a.Text, a.BylineText) || !strings.HasPrefix(a.Text, a.Title) {
			t.Errorf("%s: title %q or byline %q is not in the text", a.ID, a.Title, a.BylineText)
		}
		if strings.ContainsAny(a.Text, "{}<>[]|") {
			t.Errorf("%s: marks of a template in the text:\n%s", a.ID, a.Text)
		}
	}
}

// The numerals of the templates that are no figures.
var traps = regexp.MustCompile(`^(PM2|5G|[45]A|1∶5万|12345热线|C919|歼-20|±800千伏|3比2|“15分钟|“90后|20(10|19)年|第44窟|S10|2015〕|36号|A4纸|午3|3:40|8点半|128号)`)

// Every Arabic numeral is a figure, a time, part of a name, or a known trap.
func TestNumeralsAreAccountedFor(t *testing.T) {
	numeral := regexp.MustCompile(`[0-9０-９][0-9０-９.．,，]*`)
	for a := range Stream(12, 1500) {
		covered := make([]bool, utf8.RuneCountInString(a.Text)+1)
		cover := func(start, end int) {
			for i := start; i < end; i++ {
				covered[i] = true
			}
		}
		for _, f := range a.Figures {
			cover(f.Start, f.End)
		}
		for _, e := range a.Entities {
			cover(e.Start, e.End)
		}
		for _, k := range a.Times {
			cover(k.Start, k.End)
		}
		if i := strings.Index(a.Text, "讯（"); i >= 0 {
			cover(0, utf8.RuneCountInString(a.Text[:i]))
		}
		for _, m := range numeral.FindAllStringIndex(a.Text, -1) {
			if at := utf8.RuneCountInString(a.Text[:m[0]]); covered[at] {
				continue
			}
			known := false
			for back := 0; back <= 2 && !known; back++ {
				runes := []rune(a.Text[:m[0]])
				known = traps.MatchString(narrowDigits(string(runes[max(0, len(runes)-back):]) + a.Text[m[0]:]))
			}
			if !known {
				t.Errorf("%s: %q is neither figure nor trap in …%s…", a.ID, a.Text[m[0]:m[1]], around(a.Text, m[0]))
			}
		}
	}
}

func narrowDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if '０' <= r && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, s)
}

func around(s string, at int) string {
	before, after := []rune(s[:at]), []rune(s[at:])
	return string(before[max(0, len(before)-10):]) + string(after[:min(14, len(after))])
}

// The corpus is as long, as rich and as mixed as a newspaper.
func TestRealism(t *testing.T) {
	var lengths []int
	people, firms, villages := map[string]bool{}, map[string]bool{}, map[string]bool{}
	cities, years, kinds, forms, topics := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	titles := map[string]bool{}
	half, figures := 0, 0
	const n = 4000
	for a := range Stream(21, n) {
		lengths = append(lengths, utf8.RuneCountInString(a.Text))
		years[a.Date[:4]]++
		topics[a.Topic]++
		titles[a.Title] = true
		figures += len(a.Figures)
		for _, f := range a.Figures {
			kinds[f.Kind]++
			forms[f.Form]++
		}
		for _, e := range a.Entities {
			switch {
			case e.Type == "person":
				people[e.Name] = true
			case e.Type == "organization" && strings.HasSuffix(e.Name, "公司"):
				firms[e.Name] = true
			case e.Type == "place" && strings.HasSuffix(e.Name, "村"):
				villages[e.Name] = true
			case len(e.Ref) == 6 && strings.HasSuffix(e.Ref, "00"):
				cities[e.Name]++
			}
		}
		if len(lengths) == n/2 {
			half = len(people)
		}
	}
	slices.Sort(lengths)
	if lo, mid, hi := lengths[n/20], lengths[n/2], lengths[n*19/20]; lo < 250 || lo > 450 || mid < 500 || mid > 1000 || hi < 1200 || hi > 2600 || lengths[n-1] > 2700 {
		t.Errorf("lengths at 5, 50, 95, 100 %%: %d %d %d %d", lo, mid, hi, lengths[n-1])
	}
	if len(people) < 5000 || len(people) < half*14/10 {
		t.Errorf("%d people, %d in the first half: the vocabulary does not grow", len(people), half)
	}
	if len(firms) < 1500 || len(villages) < 500 || len(titles) < n/4 {
		t.Errorf("%d firms, %d villages, %d titles", len(firms), len(villages), len(titles))
	}
	for name, got := range map[string]int{"cities": len(cities), "years": len(years), "kinds": len(kinds), "forms": len(forms), "topics": len(topics)} {
		want := map[string]int{"cities": 14, "years": 16, "kinds": 9, "forms": 10, "topics": 20}[name]
		if got < want {
			t.Errorf("%d %s, want %d", got, name, want)
		}
	}
	if figures < 8*n || figures > 40*n {
		t.Errorf("%d figures in %d articles", figures, n)
	}
}

func TestNearRepetitions(t *testing.T) {
	all := map[string]Article{}
	edits := map[string]int{}
	n := 0
	for a := range StreamNear(31, 3000, 0.1) {
		all[a.ID] = a
		if a.Cluster == "" {
			continue
		}
		n++
		edits[a.Edit]++
		of, ok := all[a.Cluster]
		if !ok || of.Cluster != "" || of.Date != a.Date {
			t.Fatalf("%s repeats %s, which is no earlier original of its day", a.ID, a.Cluster)
		}
		same := strings.Join(a.Paragraphs, "") == strings.Join(of.Paragraphs, "")
		switch a.Edit {
		case "cut":
			if !strings.HasPrefix(strings.Join(of.Paragraphs, "\n"), strings.Join(a.Paragraphs, "\n")) || same {
				t.Errorf("%s is no cut of %s", a.ID, of.ID)
			}
		case "merged":
			if !same || len(a.Paragraphs) != len(of.Paragraphs)-1 {
				t.Errorf("%s does not merge two paragraphs of %s", a.ID, of.ID)
			}
		default:
			if !same {
				t.Errorf("%s, %s, has another body than %s", a.ID, a.Edit, of.ID)
			}
		}
	}
	if n < 240 || n > 360 || len(edits) != 5 {
		t.Errorf("%d repetitions of 3000 at a share of 0.1, edits %v", n, edits)
	}
}

// memory is a Create that keeps files.
type memory map[string]*bytes.Buffer

type closer struct{ *bytes.Buffer }

func (closer) Close() error { return nil }

func (m memory) create(name string) (io.WriteCloser, error) {
	if m[name] != nil {
		return nil, fmt.Errorf("%s is made twice", name)
	}
	m[name] = &bytes.Buffer{}
	return closer{m[name]}, nil
}

func generate(t *testing.T, o Options) memory {
	m := memory{}
	o.Create = m.create
	if err := Generate(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestGenerate(t *testing.T) {
	o := Options{Count: 202, Seed: 3, Formats: Formats(), Near: 0.1}
	m := generate(t, o)
	again := generate(t, o)
	for name, b := range m {
		if again[name] == nil || again[name].String() != b.String() {
			t.Fatalf("%s differs between two runs", name)
		}
	}
	next, stop := iter.Pull(StreamNear(3, 202, 0.1))
	defer stop()
	byID := map[string]Article{}
	for a, ok := next(); ok; a, ok = next() {
		byID[a.ID] = a
	}
	lines, extensions := 0, map[string]bool{}
	for line := range strings.Lines(m["truth.jsonl"].String()) {
		var k Truth
		if err := json.Unmarshal([]byte(line), &k); err != nil {
			t.Fatal(err)
		}
		lines++
		a := byID[k.ID]
		f := m[k.File]
		if f == nil || k.Record < 1 || len(k.Figures) != len(a.Figures) {
			t.Fatalf("truth of %s names %q, record %d", k.ID, k.File, k.Record)
		}
		extensions[k.File[strings.LastIndexByte(k.File, '.'):]] = true
		if !strings.Contains(f.String(), a.Paragraphs[0]) || !strings.Contains(k.File, "articles/"+k.Date[:4]) {
			t.Errorf("%s is not in %s", k.ID, k.File)
		}
	}
	if lines != 202 || len(extensions) != 4 {
		t.Errorf("%d lines of truth, extensions %v", lines, extensions)
	}
}

func TestGenerateRefuses(t *testing.T) {
	for _, o := range []Options{{Count: 1}, {Count: -1, Dir: "x"}, {Count: 1, Dir: "x", Formats: []string{"parchment"}}, {Count: 1, Dir: "x", Near: 2}} {
		if err := Generate(t.Context(), o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := memory{}
	if err := Generate(ctx, Options{Count: 1000, Create: m.create}); err != context.Canceled || len(m) > 10 {
		t.Errorf("cancelled: %v, %d files", err, len(m))
	}
	broken := func(string) (io.WriteCloser, error) { return nil, io.ErrShortWrite }
	if err := Generate(t.Context(), Options{Count: 1000, Create: broken}); err != io.ErrShortWrite {
		t.Errorf("full disk: %v", err)
	}
}

func TestHan(t *testing.T) {
	for n, want := range map[int64]string{
		1: "一", 10: "十", 12: "十二", 20: "二十", 105: "一百零五", 110: "一百一十", 213: "二百一十三", 1001: "一千零一", 1010: "一千零一十",
		10000: "一万", 10500: "一万零五百", 12345: "一万二千三百四十五", 100000: "十万", 100010: "十万零一十", 130000000: "一亿三千万", 100000005: "一亿零五",
	} {
		if got := han(n); got != want {
			t.Errorf("han(%d) is %s, want %s", n, got, want)
		}
	}
}

func TestDecimal(t *testing.T) {
	for want, d := range map[string]decimal{"0": {0, 5}, "1200": {12, 2}, "0.05": {5, -2}, "1.5": {150, -2}, "-2.5": {-25, -1}, "94": {940, -1}} {
		if got := d.String(); got != want {
			t.Errorf("%+v is %s, want %s", d, got, want)
		}
	}
	if got := quotient(2, 3); got != "0.666666666667" {
		t.Errorf("2/3 is %s", got)
	}
	if got := grouped("1234567.5"); got != "1,234,567.5" {
		t.Errorf("grouped: %s", got)
	}
	if got := wide("增长5.6%，COVID-19、1,156户。3.A"); got != "增长５．６％，COVID-１９、１，１５６户。３.A" {
		t.Errorf("wide: %s", got)
	}
}

func BenchmarkStream(b *testing.B) {
	n := 0
	for b.Loop() {
		for a := range Stream(uint64(n), 100) {
			b.SetBytes(int64(100 * len(a.Text)))
		}
		n++
	}
}

func BenchmarkGenerate(b *testing.B) {
	discard := func(string) (io.WriteCloser, error) { return nopCloser{io.Discard}, nil }
	for b.Loop() {
		if err := Generate(b.Context(), Options{Count: 1000, Create: discard}); err != nil {
			b.Fatal(err)
		}
	}
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }
