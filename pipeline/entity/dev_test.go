package entity

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"longmai/pipeline"
	"longmai/pipeline/segment"
)

func loadMarked(t testing.TB) []Marked {
	dir := os.Getenv("LONGMAI_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	names, _ := filepath.Glob(filepath.Join(dir, "gold/train/*.txt"))
	if len(names) == 0 {
		t.Skip("no marked pages beside the repository")
	}
	seg, err := segment.Full()
	if err != nil {
		t.Fatal(err)
	}
	var out []Marked
	for _, n := range names {
		b, _ := os.ReadFile(n)
		a, g, err := ReadMarked(n, string(b))
		if err != nil {
			t.Fatal(err)
		}
		p, _ := pipeline.New(pipeline.SentenceStage(), segment.Stage(seg))
		d, err := p.Annotate(a)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, Marked{d, g})
	}
	return out
}

func TestDevCross(t *testing.T) {
	if os.Getenv("DEV") == "" {
		t.Skip("DEV")
	}
	docs := loadMarked(t)
	folds := 2
	hit, gold, pred := map[string]int{}, map[string]int{}, map[string]int{}
	errs := map[string]int{}
	for f := range folds {
		var train, test []Marked
		for i, d := range docs {
			if i%folds == f {
				test = append(test, d)
			} else {
				train = append(train, d)
			}
		}
		var log io.Writer = io.Discard
		if f == 0 {
			log = os.Stderr
		}
		tn := &Tuner{Log: log}
		r, err := tn.Tune(train)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range test {
			r.annotate(m.Document)
			g := map[string]bool{}
			for _, x := range m.Gold {
				g[fmt.Sprint(x.Span, x.Type)] = true
				gold[x.Type]++
			}
			for _, e := range m.Document.Entities {
				if k, _ := kindOf(string(e.Type)); k >= kinds {
					continue
				}
				pred[string(e.Type)]++
				if g[fmt.Sprint(e.Span, e.Type)] {
					hit[string(e.Type)]++
					delete(g, fmt.Sprint(e.Span, e.Type))
				} else {
					errs[fmt.Sprintf("extra %s %s", e.Type, show(m.Document, e.Span))]++
				}
			}
			for _, x := range m.Gold {
				if g[fmt.Sprint(x.Span, x.Type)] {
					errs[fmt.Sprintf("miss %s %s", x.Type, show(m.Document, x.Span))]++
				}
			}
		}
	}
	th, tg, tp := 0, 0, 0
	for _, k := range kindNames[:kinds] {
		s := string(k)
		p, r := float64(hit[s])/float64(pred[s]), float64(hit[s])/float64(gold[s])
		fmt.Printf("%-13s P %.4f R %.4f F %.4f (%d)\n", s, p, r, 2*p*r/(p+r), gold[s])
		th, tg, tp = th+hit[s], tg+gold[s], tp+pred[s]
	}
	p, r := float64(th)/float64(tp), float64(th)/float64(tg)
	fmt.Printf("all P %.4f R %.4f F %.4f\n", p, r, 2*p*r/(p+r))
	var lines []string
	for e := range errs {
		lines = append(lines, e)
	}
	slices.Sort(lines)
	os.WriteFile("/tmp/ent_errs.txt", []byte(strings.Join(lines, "\n")), 0o644)
}

func show(d *pipeline.Document, s pipeline.Span) string {
	b := d.Body()
	l, r := []rune(b[max(0, s.Start-60):s.Start]), []rune(b[s.End:min(len(b), s.End+40)])
	if len(l) > 10 {
		l = l[len(l)-10:]
	}
	if len(r) > 8 {
		r = r[:8]
	}
	return strings.ReplaceAll(string(l)+"[["+b[s.Start:s.End]+"]]"+string(r), "\n", "/")
}
