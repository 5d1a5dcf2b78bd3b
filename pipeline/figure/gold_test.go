package figure_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"unicode"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/figure"
	"longmai/pipeline/segment"
)

// shared finds the folder of the gold pages: LONGMAI_SHARED, or shared beside the repository.
func shared(t testing.TB) string {
	dir := os.Getenv("LONGMAI_SHARED")
	if dir == "" {
		dir = "."
		for range 6 {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			dir = filepath.Join(dir, "..")
		}
		dir = filepath.Join(dir, "..", "shared")
	}
	if _, err := os.Stat(filepath.Join(dir, "gold")); err != nil {
		t.Skip("no gold pages here: set LONGMAI_SHARED to run this")
	}
	return dir
}

type goldLine struct {
	Layer, At, Type, From, To, Role string
	Name, Group                     any
	span                            [2]int // in the page without white space, in code points
}

// readPage makes of a gold page the articles that its gold lines tell of. Times
// and entities come from the gold, so that only the figures are measured.
func readPage(t testing.TB, path string) []*pipeline.Document {
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return articles(t, string(raw), path, goldLines(t, path))
}

// goldLines reads the annotations of a page, with their places on it.
func goldLines(t testing.TB, path string) []goldLine {
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(strings.TrimSuffix(path, ".txt") + ".gold.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tight := []rune(tighten(string(raw)))
	var lines []goldLine
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var g goldLine
		if err := json.Unmarshal(sc.Bytes(), &g); err != nil {
			t.Fatal(err)
		}
		var bare []rune
		var marks []int
		for _, r := range tighten(g.At) {
			if r == '⟦' || r == '⟧' {
				marks = append(marks, len(bare))
				continue
			}
			bare = append(bare, r)
		}
		p := strings.Index(string(tight), string(bare))
		if p < 0 {
			t.Fatalf("%s: %s is not on the page", path, g.At)
		}
		n := len([]rune(string(tight)[:p]))
		g.span = [2]int{n + marks[0], n + marks[1]}
		lines = append(lines, g)
	}
	return lines
}

func tighten(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return r
	}, s)
}

var dayInName = regexp.MustCompile(`\d{4}-\d\d-\d\d`)

func articles(t testing.TB, raw, path string, lines []goldLine) []*pipeline.Document {
	titles := map[string]bool{}
	for _, g := range lines {
		if g.Layer == "article" {
			at := g.At
			titles[tighten(at[strings.Index(at, "⟦")+3:strings.Index(at, "⟧")])] = true
		}
	}
	var paras []string
	open := false
	for _, line := range strings.Split(raw, "\n") {
		line = strings.TrimSpace(strings.ReplaceAll(line, "　", " "))
		if line == "" {
			continue
		}
		heading := strings.HasPrefix(line, "#")
		if open && !heading {
			paras[len(paras)-1] += line
		} else {
			paras = append(paras, line)
		}
		last := []rune(paras[len(paras)-1])
		open = !heading && len(last) > 40 && !strings.ContainsRune("。！？：”）)!?—", last[len(last)-1])
	}
	var docs []*pipeline.Document
	var cur []string
	flush := func() {
		if len(cur) > 0 {
			docs = append(docs, build(t, cur, path, titles))
		}
		cur = nil
	}
	for _, p := range paras {
		if titles[tighten(strings.TrimLeft(p, "# "))] {
			flush()
		}
		cur = append(cur, p)
	}
	flush()
	at := 0
	for _, d := range docs {
		at = layers(d, raw, at, lines)
	}
	return docs
}

func build(t testing.TB, paras []string, path string, titles map[string]bool) *pipeline.Document {
	a := &corpus.Article{ID: filepath.Base(path), Paper: "甘肃日报"}
	day, err := corpus.ParseDay(dayInName.FindString(path))
	if err != nil {
		t.Fatal(err)
	}
	a.Date = day
	var b strings.Builder
	for _, p := range paras {
		role := corpus.RoleParagraph
		text := strings.TrimLeft(p, "# ")
		switch {
		case titles[tighten(text)]:
			role, a.Title = corpus.RoleTitle, text
		case strings.HasPrefix(p, "#"):
			role = corpus.RoleHeading
		case strings.HasPrefix(text, "新甘肃·"):
			role = corpus.RoleByline
		case strings.HasPrefix(text, "（下转"):
			role = corpus.RoleContinuation
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		start := b.Len()
		b.WriteString(text)
		a.Blocks = append(a.Blocks, corpus.Block{Role: role, Span: corpus.Span{Start: start, End: b.Len()}})
		if m := datelineOf.FindStringSubmatchIndex(text); m != nil {
			a.Dateline = &corpus.Dateline{Place: text[m[2]:m[3]], Span: corpus.Span{Start: start, End: start + m[1]}}
			a.Apparatus = append(a.Apparatus, a.Dateline.Span)
		}
	}
	a.Text = corpus.CopiedText(b.String(), 0)
	d := &pipeline.Document{Article: a}
	for _, stage := range []pipeline.Stage{pipeline.SentenceStage(), segment.Stage(segment.Auto())} {
		if err := stage.Annotate(d); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

var datelineOf = regexp.MustCompile(`^本报(\p{Han}{2,4}?)[\d０-９]{1,2}月[\d０-９]{1,2}日[讯电](?:[（(][^）)]*[）)])?`)

// layers gives d the times and entities of the gold, and returns where its text ends on the page.
func layers(d *pipeline.Document, raw string, at int, lines []goldLine) int {
	page := []rune(tighten(raw))
	var offs []int // byte offset of each character of the article that is no white space
	var pos []int  // its place on the page
	byteAt := 0
	for _, r := range d.Body() {
		if !unicode.IsSpace(r) {
			for at < len(page) && page[at] != r {
				at++
			}
			offs, pos = append(offs, byteAt), append(pos, at)
			at++
		}
		byteAt += len(string(r))
	}
	span := func(g goldLine) (pipeline.Span, bool) {
		i := sort.SearchInts(pos, g.span[0])
		j := sort.SearchInts(pos, g.span[1]-1)
		if i >= len(pos) || j >= len(pos) || pos[i] != g.span[0] || pos[j] != g.span[1]-1 {
			return pipeline.Span{}, false
		}
		end := offs[j] + len(string([]rune(d.Body()[offs[j]:])[0]))
		return pipeline.Span{Start: offs[i], End: end}, true
	}
	for _, g := range lines {
		s, ok := span(g)
		if !ok {
			continue
		}
		switch g.Layer {
		case "time":
			from, _ := corpus.ParseDay(g.From)
			to, _ := corpus.ParseDay(g.To)
			d.Times = append(d.Times, pipeline.Time{Span: s, From: from, To: to, Role: g.Role, Precision: precision(d.Surface(s))})
		case "entity":
			name := d.Surface(s)
			if l, ok := g.Name.([]any); ok && len(l) > 0 {
				name = l[0].(string)
			}
			d.Entities = append(d.Entities, pipeline.Entity{Span: s, Type: pipeline.EntityType(g.Type), Name: name})
		}
	}
	sort.Slice(d.Times, func(i, j int) bool { return d.Times[i].Start < d.Times[j].Start })
	sort.Slice(d.Entities, func(i, j int) bool { return d.Entities[i].Start < d.Entities[j].Start })
	return at
}

func precision(s string) string {
	switch {
	case strings.HasSuffix(s, "月"):
		return "month"
	case strings.HasSuffix(s, "季度"):
		return "quarter"
	}
	return "year"
}

// TestGold reads the gold pages. With LONGMAI_PREDICTIONS set to a folder it
// writes there what score.py compares.
func TestGold(t *testing.T) {
	dir := filepath.Join(shared(t), "gold")
	paths, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(paths) == 0 {
		t.Skip("no gold pages")
	}
	for _, p := range paths {
		var out strings.Builder
		for _, d := range readPage(t, p) {
			if err := figure.Stage().Annotate(d); err != nil {
				t.Fatal(err)
			}
			line, err := json.Marshal(prediction(d))
			if err != nil {
				t.Fatal(err)
			}
			out.Write(append(line, '\n'))
		}
		if dir := os.Getenv("LONGMAI_PREDICTIONS"); dir != "" {
			name := filepath.Join(dir, strings.TrimSuffix(filepath.Base(p), ".txt")+".jsonl")
			if err := os.WriteFile(name, []byte(out.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestGroups pairs the members of groups of the annotated pages with those that are
// read: a member is right when some other member of its group is in its group
// too, and nobody else is.
func TestGroups(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join("..", "standard", "testdata", "pages", "*.txt"))
	if len(paths) == 0 {
		t.Fatal("no annotated pages")
	}
	for _, extra := range filepath.SplitList(os.Getenv("LONGMAI_PAGES")) {
		more, _ := filepath.Glob(filepath.Join(extra, "*.txt"))
		paths = append(paths, more...)
	}
	right, all := 0, 0
	for _, p := range paths {
		r, a := groupsOf(t, p)
		right, all = right+r, all+a
		if r < a {
			t.Logf("%s: %d of %d members", filepath.Base(p), r, a)
		}
	}
	t.Logf("%d of %d members of groups are right", right, all)
	if all > 0 && right*100 < all*90 {
		t.Errorf("%d of %d members of groups are right, want nine of ten", right, all)
	}
}

func groupsOf(t *testing.T, path string) (right, all int) {
	want := map[[2]int]string{}
	members := map[string]int{}
	for _, g := range goldLines(t, path) {
		if id := fmt.Sprint(g.Group); g.Layer == "figure" && g.Group != nil {
			want[g.span] = id
			members[id]++
		}
	}
	page := tighten(string(mustRead(t, path)))
	at := 0
	for _, d := range readPage(t, path) {
		if err := figure.Stage().Annotate(d); err != nil {
			t.Fatal(err)
		}
		places, next := placesOn([]rune(page), d.Body(), at)
		at = next
		got := map[int][]string{} // labels of the gold by group read
		for _, f := range d.Figures {
			if f.Group == nil {
				continue
			}
			n := len([]rune(tighten(d.Surface(f.Span))))
			start := places[f.Start]
			got[f.Group.ID] = append(got[f.Group.ID], want[[2]int{start, start + n}])
		}
		for _, labels := range got {
			for _, l := range labels {
				same := 0
				for _, m := range labels {
					if m == l {
						same++
					}
				}
				if l != "" && same == len(labels) && same == members[l] {
					right++
				} else if l == "" {
					t.Logf("%s: a figure is in a group and should not be", filepath.Base(path))
				}
			}
		}
	}
	for range want {
		all++
	}
	return right, all
}

func mustRead(t *testing.T, path string) []byte {
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// placesOn maps the bytes of an article to the characters of its page.
func placesOn(page []rune, text string, at int) (map[int]int, int) {
	places := map[int]int{}
	for i, r := range text {
		if unicode.IsSpace(r) {
			continue
		}
		for at < len(page) && page[at] != r {
			at++
		}
		places[i] = at
		at++
	}
	return places, at
}

func prediction(d *pipeline.Document) map[string]any {
	x := corpus.NewRuneIndex(d.Body())
	var blocks, figures []map[string]any
	for _, b := range d.Blocks {
		s := x.Span(b.Span)
		blocks = append(blocks, map[string]any{"role": b.Role, "start": s.Start, "end": s.End})
	}
	for _, f := range d.Figures {
		s := x.Span(f.Span)
		m := map[string]any{"start": s.Start, "end": s.End, "surface": d.Surface(f.Span), "kind": f.Kind, "form": f.Form, "category": f.Category,
			"unit": f.Unit, "status": f.Status, "quoted": f.Quoted, "aggregate": f.Aggregate, "per": f.Per, "rule": f.Rule}
		for k, v := range map[string]any{"value": f.Value, "low": f.Low, "high": f.High} {
			m[k] = v
		}
		if f.Unit == "" {
			delete(m, "unit")
		}
		for k, p := range map[string]*pipeline.Phrase{"metric": f.Metric, "subject": f.Subject} {
			if p != nil {
				m[k] = map[string]any{"name": p.Name, "surface": d.Surface(p.Span)}
			}
		}
		if f.Change != nil {
			m["change"] = map[string]any{"direction": f.Change.Direction, "role": f.Change.Role, "basis": f.Change.Basis}
		}
		if f.Rank != nil {
			m["rank"] = map[string]any{"n": f.Rank.N, "n_max": f.Rank.NMax, "scope": f.Rank.Scope}
		}
		if f.Time != nil {
			m["time"] = map[string]any{"from": f.Time.From.String(), "to": f.Time.To.String()}
		}
		if f.Group != nil {
			m["group"] = f.Group.ID
		}
		figures = append(figures, m)
	}
	return map[string]any{"title": d.Title, "date": d.Date.String(), "text": d.Body(), "blocks": blocks, "figures": figures}
}
