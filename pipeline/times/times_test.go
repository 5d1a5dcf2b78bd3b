package times_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"longmai/corpus"
	"longmai/pipeline"
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

// TestEnds feeds the stage what could take long or loop.
func TestEnds(t *testing.T) {
	for _, piece := range []string{"1", "１", "一", "十", "1、", "年", "1年", "2024年", "1—", "“", "‘十四五", "2024-", "每年", "近1年", "前1个", "1月1", "10:", "今年", "以来", "第1", "春节", " ", "2024年1、"} {
		d := document(t, strings.Repeat(piece, 1<<20/len(piece)), corpus.Day{Year: 2024, Month: 10, Day: 28})
		for i, x := range d.Times {
			if x.Empty() || i > 0 && x.Start < d.Times[i-1].End {
				t.Fatalf("%q: time %d is empty or overlaps", piece, i)
			}
		}
	}
}
