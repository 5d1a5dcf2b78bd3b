package times_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/times"
)

// A marked line is a paragraph in which [surface|days role precision] encloses
// every time. The days are one day, first/last with either side left open, or
// "?" for a time that is not resolved. A line "# issue 2024-10-28" gives the
// issue date of the lines below it ("-" for none).
type marked struct {
	place string // file:line
	issue corpus.Day
	text  string
	want  []string // surface@start days role precision
}

func cases(t testing.TB, pattern string) []marked {
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s", pattern)
	}
	var out []marked
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		issue, n := corpus.Day{}, 0
		for line := range strings.Lines(string(data)) {
			n++
			line = strings.TrimRight(line, "\n")
			place := fmt.Sprintf("%s:%d", filepath.Base(file), n)
			if day, ok := strings.CutPrefix(line, "# issue "); ok {
				issue = corpus.Day{}
				if day != "-" {
					if issue, err = corpus.ParseDay(day); err != nil {
						t.Fatalf("%s: %v", place, err)
					}
				}
				continue
			}
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			out = append(out, parseMarked(t, place, line, issue))
		}
	}
	return out
}

func parseMarked(t testing.TB, place, line string, issue corpus.Day) marked {
	m := marked{place: place, issue: issue}
	for rest := line; ; {
		before, tail, ok := strings.Cut(rest, "[")
		m.text += before
		if !ok {
			return m
		}
		mark, after, ok := strings.Cut(tail, "]")
		surface, what, ok2 := strings.Cut(mark, "|")
		fields := strings.Fields(what)
		if !ok || !ok2 || len(fields) < 2 {
			t.Fatalf("%s: mark %q, want [surface|days role precision]", place, mark)
		}
		precision := ""
		if len(fields) > 2 {
			precision = fields[2]
		}
		m.want = append(m.want, fmt.Sprintf("%d %s %s %s %s", len(m.text), surface, fields[0], fields[1], precision))
		m.text += surface
		rest = after
	}
}

func show(d *pipeline.Document, x pipeline.Time) string {
	days := x.From.String() + "/" + x.To.String()
	switch {
	case x.From.IsZero() && x.To.IsZero():
		days = "?"
	case x.From == x.To:
		days = x.From.String()
	}
	return fmt.Sprintf("%d %s %s %s %s", x.Start, d.Surface(x.Span), days, x.Role, x.Precision)
}

func TestMarked(t *testing.T) {
	for _, m := range cases(t, "*.txt") {
		d := document(t, m.text, m.issue)
		var got []string
		for _, x := range d.Times {
			got = append(got, show(d, x))
			if x.Rule == "" {
				t.Errorf("%s: %s has no rule", m.place, d.Surface(x.Span))
			}
		}
		if strings.Join(got, "\n") != strings.Join(m.want, "\n") {
			t.Errorf("%s: %s\n  got  %q\n  want %q", m.place, m.text, got, m.want)
		}
	}
}

// TestEnds feeds the stage what could take long or loop, a quarter of a megabyte of each.
func TestEnds(t *testing.T) {
	for _, piece := range []string{"1", "１", "一", "十", "1、", "年", "1年", "2024年", "1—", "“", "‘十四五", "2024-", "每年", "近1年", "前1个", "1月1", "10:", "今年", "以来", "第1", "春节", " ", "2024年1、"} {
		d := document(t, strings.Repeat(piece, 1<<18/len(piece)), corpus.Day{Year: 2024, Month: 10, Day: 28})
		check(t, d)
	}
}

// TestRules holds that every time names a rule of the list, and every rule of
// the list reads something in the cases.
func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range times.Rules {
		seen[r.ID] = false
	}
	for _, m := range cases(t, "*.txt") {
		for _, x := range document(t, m.text, m.issue).Times {
			if _, ok := seen[x.Rule]; !ok {
				t.Errorf("%s: rule %q is not listed", m.place, x.Rule)
			}
			seen[x.Rule] = true
		}
	}
	for id, used := range seen {
		if !used {
			t.Errorf("no case for rule %q", id)
		}
	}
}

// check holds what is true of the times of any text.
func check(t *testing.T, d *pipeline.Document) {
	t.Helper()
	last := 0
	for _, x := range d.Times {
		if x.Start < last || x.Empty() || x.End > len(d.Body()) {
			t.Fatalf("time at %d..%d after %d", x.Start, x.End, last)
		}
		if !utf8.ValidString(d.Surface(x.Span)) && utf8.ValidString(d.Body()) {
			t.Fatalf("time %q is cut inside a character", d.Surface(x.Span))
		}
		if !x.From.IsZero() && !x.From.Valid() || !x.To.IsZero() && !x.To.Valid() {
			t.Fatalf("time %q has no real days: %s..%s", d.Surface(x.Span), x.From, x.To)
		}
		if !x.From.IsZero() && !x.To.IsZero() && x.From.Compare(x.To) > 0 {
			t.Fatalf("time %q ends before it begins: %s..%s", d.Surface(x.Span), x.From, x.To)
		}
		if x.Role == "" || x.Rule == "" {
			t.Fatalf("time %q has no role or rule", d.Surface(x.Span))
		}
		last = x.End
	}
}

func FuzzTimes(f *testing.F) {
	for _, m := range cases(f, "*.txt") {
		f.Add(m.text, int64(m.issue.Year))
	}
	f.Fuzz(func(t *testing.T, text string, year int64) {
		issue := corpus.Day{}
		if year > 0 {
			issue = corpus.Day{Year: int(1900 + year%200), Month: 2, Day: 28}
		}
		check(t, document(t, text, issue))
	})
}

// BenchmarkStage takes news text of usual density, and text of nothing but times.
func BenchmarkStage(b *testing.B) {
	var dense, sparse strings.Builder
	for _, m := range cases(b, "*.txt") {
		dense.WriteString(m.text + "\n")
		sparse.WriteString("渠首的水顺着干渠流进村里，家家户户门前的沟渠都满了，老人们坐在树下说着收成，孩子们在水边追着跑。" + m.text +
			"山坡上的果园已经连成一片，合作社把保鲜库建到地头，客商开着车来拉货，价钱比往常好，乡亲们心里踏实。\n")
	}
	for _, text := range []struct{ name, s string }{{"news", sparse.String()}, {"dense", dense.String()}} {
		b.Run(text.name, func(b *testing.B) {
			d := document(b, text.s, corpus.Day{Year: 2024, Month: 10, Day: 28})
			stage := times.Stage()
			b.SetBytes(int64(len(text.s)))
			b.ReportAllocs()
			for b.Loop() {
				if err := stage.Annotate(d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
