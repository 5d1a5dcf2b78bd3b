package entity

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"longmai/pipeline"
	"longmai/pipeline/entity/tagger"
)

func (t Tally) String() string {
	return fmt.Sprintf("precision %.3f recall %.3f F1 %.3f of %d", ratio(t.Right, t.Found), ratio(t.Right, t.Marked), t.F1(), t.Marked)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// score compares what p finds on marked pages with the marks, span and type.
func score(t *testing.T, p *pipeline.Pipeline, pattern string) map[string]Tally {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Skipf("no marked pages at %s", pattern)
	}
	out := map[string]Tally{}
	for _, n := range names {
		text, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		a, gold, err := ReadMarked(filepath.Base(n), string(text))
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.Annotate(a)
		if err != nil {
			t.Fatal(err)
		}
		compare(out, d, gold, nil)
	}
	all := Tally{}
	for _, n := range out {
		all = all.plus(n)
	}
	out["all"] = all
	return out
}

func table(scores map[string]Tally) string {
	var b strings.Builder
	for _, k := range append(kindNames[:kinds:kinds], "all") {
		fmt.Fprintf(&b, "%-13s %s\n", k, scores[string(k)])
	}
	return b.String()
}

// TestQuality holds the figures that are reached on the pages of
// testdata/marked. The weights were learned from them too: the figures show
// change, not what unseen pages give.
func TestQuality(t *testing.T) {
	m, err := tagger.Default()
	if err != nil {
		t.Skip(err)
	}
	got := "tables and grammar\n" + table(score(t, pipelineOf(t, Options{}), "testdata/marked/*.txt")) +
		"with the tagger " + m.Info().SHA256 + "\n" + table(score(t, pipelineOf(t, Options{Tagger: m}), "testdata/marked/*.txt"))
	const golden = "testdata/quality.golden"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	// Another model of the tagger has other figures: only its own are held.
	if tables, _, _ := strings.Cut(got, "with the tagger"); !strings.Contains(string(want), m.Info().SHA256) && strings.HasPrefix(string(want), tables) {
		t.Logf("the golden figures are those of another model of the tagger; now:\n%s", got)
		return
	}
	if got != string(want) {
		t.Errorf("quality changed (UPDATE=1 to accept):\n%s\nwas\n%s", got, want)
	}
}

// TestSharedPages reads the marked pages beside the repository when they are there.
func TestSharedPages(t *testing.T) {
	dir := os.Getenv("LONGMAI_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	if testing.Short() {
		t.Skip("long")
	}
	s := score(t, pipelineOf(t, Options{}), filepath.Join(dir, "gold/train/a*.txt"))
	t.Logf("tables and grammar on pages that the weights were learned from:\n%s", table(s))
	if f := s["all"]; ratio(f.Right, f.Marked) < 0.85 || ratio(f.Right, f.Found) < 0.85 {
		t.Errorf("%v", f)
	}
}
