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
	"longmai/pipeline/entity/tagger"
	"longmai/pipeline/segment"
)

func loadMarked(t testing.TB) []Marked {
	dir := os.Getenv("LONGMAI_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	names, _ := filepath.Glob(filepath.Join(dir, "gold/train/*.txt"))
	own, _ := filepath.Glob("testdata/marked/*.txt")
	names = append(names, own...)
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
		index := map[string]int{}
		if dir := os.Getenv("VOTES"); dir != "" {
			var models [3]*tagger.Model
			for i := range models {
				b, err := os.ReadFile(fmt.Sprintf("%s/fold%d.lmt", dir, i))
				if err != nil {
					t.Fatal(err)
				}
				models[i], _ = tagger.Load(b)
			}
			for i, d := range docs {
				index[d.Document.ID] = i
			}
			tn.Vote = func(doc int) Voter { return models[index[train[doc].Document.ID]%3] }
		}
		r, err := tn.Tune(train)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range test {
			if tn.Vote != nil {
				i := index[m.Document.ID]
				old := train
				train = []Marked{docs[i]}
				r.votes = tn.Vote(0)
				train = old
			}
			r.annotate(m.Document)
			g := map[string]bool{}
			for _, x := range m.Gold {
				g[key(x.Span, x.Type)] = true
				gold[x.Type]++
			}
			for _, e := range m.Document.Entities {
				if k, _ := kindOf(string(e.Type)); k >= kinds {
					continue
				}
				pred[string(e.Type)]++
				if g[key(e.Span, string(e.Type))] {
					hit[string(e.Type)]++
					delete(g, key(e.Span, string(e.Type)))
				} else {
					errs[fmt.Sprintf("extra %s %s", e.Type, show(m.Document, e.Span))]++
				}
			}
			for _, x := range m.Gold {
				if g[key(x.Span, x.Type)] {
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

func key(s pipeline.Span, typ string) string { return fmt.Sprint(s.Start, " ", s.End, " ", typ) }

func TestDevGold(t *testing.T) {
	if os.Getenv("DEV") == "" {
		t.Skip("DEV")
	}
	var o Options
	if os.Getenv("VOTES") != "" {
		o.Tagger, _ = tagger.Default()
		if b, err := os.ReadFile(os.Getenv("VOTES") + "/all.lmt"); err == nil {
			o.Tagger, _ = tagger.Load(b)
		}
	}
	r, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	var sc score
	pages, _ := filepath.Glob(filepath.Join(os.Getenv("LONGMAI_SHARED"), "gold/*.txt"))
	for _, p := range pages {
		d, gold := readGold(t, p)
		r.annotate(d)
		fmt.Println("==", filepath.Base(p))
		for _, e := range d.Entities {
			if k, _ := kindOf(string(e.Type)); k >= kinds {
				continue
			}
			id := key(e.Span, string(e.Type))
			g, ok := gold[id]
			sc.add(string(e.Type), ok)
			if !ok {
				fmt.Println("  extra", e.Type, show(d, e.Span), e.Confidence, e.Rule)
				continue
			}
			if len(g.Name) > 0 {
				sc.names++
				if slices.Contains(g.Name, e.Name) {
					sc.named++
				} else {
					fmt.Println("  name", e.Type, show(d, e.Span), e.Name, g.Name)
				}
			}
			if g.Ref != "" && g.Ref != e.Ref {
				fmt.Println("  ref", show(d, e.Span), e.Ref, g.Ref)
			}
			delete(gold, id)
		}
		for id, g := range gold {
			sc.miss(g.Type)
			fmt.Println("  miss", id, g.At)
		}
	}
	sc.print()
	if o.Tagger == nil {
		return
	}
	var alone score
	for _, p := range pages {
		d, gold := readGold(t, p)
		for _, sp := range d.Sentences {
			for _, x := range o.Tagger.Tag(d.Surface(sp)) {
				span := pipeline.Span{Start: sp.Start + x.Start, End: sp.Start + x.End}
				if d.InApparatus(span) {
					continue
				}
				_, ok := gold[key(span, x.Type)]
				alone.add(x.Type, ok)
				delete(gold, key(span, x.Type))
			}
		}
		for _, g := range gold {
			alone.miss(g.Type)
		}
	}
	fmt.Println("tagger alone")
	alone.print()
}

type score struct {
	hit, gold, pred map[string]int
	names, named    int
}

func (s *score) add(typ string, ok bool) {
	if s.hit == nil {
		s.hit, s.gold, s.pred = map[string]int{}, map[string]int{}, map[string]int{}
	}
	s.pred[typ]++
	if ok {
		s.hit[typ]++
		s.gold[typ]++
	}
}
func (s *score) miss(typ string) { s.gold[typ]++ }

func (s *score) print() {
	th, tg, tp := 0, 0, 0
	for _, k := range kindNames[:kinds] {
		n := string(k)
		p, r := float64(s.hit[n])/float64(s.pred[n]), float64(s.hit[n])/float64(s.gold[n])
		fmt.Printf("%-13s P %.4f R %.4f F %.4f (%d)\n", n, p, r, 2*p*r/(p+r), s.gold[n])
		th, tg, tp = th+s.hit[n], tg+s.gold[n], tp+s.pred[n]
	}
	p, r := float64(th)/float64(tp), float64(th)/float64(tg)
	fmt.Printf("all P %.4f R %.4f F %.4f names %d/%d\n", p, r, 2*p*r/(p+r), s.named, s.names)
}

func TestDevExplain(t *testing.T) {
	if os.Getenv("DEV") == "" {
		t.Skip("DEV")
	}
	var o Options
	o.Tagger, _ = tagger.Default()
	if os.Getenv("VOTES") == "" {
		o.Tagger = nil
	}
	r, _ := New(o)
	seg, _ := segment.Full()
	p, _ := pipeline.New(pipeline.SentenceStage(), segment.Stage(seg))
	a, _, err := ReadMarked("x", os.Getenv("TEXT"))
	if err != nil {
		t.Fatal(err)
	}
	d, _ := p.Annotate(a)
	for _, x := range d.Tokens {
		fmt.Print(d.Surface(x.Span), "/", x.POS, " ")
	}
	fmt.Println()
	for _, s := range d.Sentences {
		e, _ := r.Explain(d, s.Start)
		for _, c := range e.Candidates {
			fmt.Printf("%v %s %s score %.2f p %.3f vote %.2f %v\n", c.Kept, c.Surface, c.Type, c.Score, c.Probability, c.Vote, c.Evidence)
			for i, x := range c.Reasons {
				if i < 9 {
					fmt.Printf("    %s=%s %.2f", x.Question, x.Answer, x.Weight)
				}
			}
			fmt.Println()
		}
	}
}
