package entity

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/segment"
)

// A goldLine is one line of a gold file, as far as entities go.
type goldLine struct {
	Layer string
	At    string
	Type  string
	Name  []string
	Ref   string
}

var apparatus = regexp.MustCompile(`^(新甘肃·?甘肃日报记者|本报记者|新甘肃·甘肃日报).*|^本报讯|^.{0,12}本报\S{0,20}[讯电](（[^）]*）|\([^)]*\))?|[（(][^（()）]*记者[^（()）]*[）)]|(新甘肃·甘肃日报记者|本报记者|通讯员)[ 　]?[^。]{2,12}[ 　]?摄.{0,3}$|[（(][^（()）]*摄[）)]$|\S* (整理|摄)$`)

func readGold(t testing.TB, page string) (*pipeline.Document, map[string]goldLine) {
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var body strings.Builder
	a := &corpus.Article{ID: filepath.Base(page)}
	for line := range strings.SplitSeq(string(b), "\n") {
		line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "#"))
		if line == "" {
			continue
		}
		at := body.Len()
		body.WriteString(line + "\n")
		a.Blocks = append(a.Blocks, corpus.Block{Role: corpus.RoleParagraph, Span: corpus.Span{Start: at, End: at + len(line)}})
		for _, m := range apparatus.FindAllStringIndex(line, -1) {
			a.Apparatus = append(a.Apparatus, corpus.Span{Start: at + m[0], End: at + m[1]})
		}
	}
	a.Text = corpus.CopiedText(body.String(), 0)
	seg, err := segment.Full()
	if err != nil {
		t.Fatal(err)
	}
	p, _ := pipeline.New(pipeline.SentenceStage(), segment.Stage(seg))
	d, err := p.Annotate(a)
	if err != nil {
		t.Fatal(err)
	}
	tight, back := tighten(body.String())
	gold := map[string]goldLine{}
	f, err := os.Open(strings.TrimSuffix(page, ".txt") + ".gold.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var g goldLine
		if err := json.Unmarshal(sc.Bytes(), &g); err != nil && g.Layer == "entity" {
			t.Fatal(err)
		}
		if g.Layer != "entity" {
			continue
		}
		at, _ := tighten(g.At)
		i, j := strings.Index(at, "⟦"), strings.Index(at, "⟧")-len("⟦")
		k := strings.Index(tight, strings.NewReplacer("⟦", "", "⟧", "").Replace(at))
		if k < 0 {
			t.Logf("%s: %s is not on the page", page, g.At)
			continue
		}
		gold[key(pipeline.Span{Start: back[k+i], End: back[k+j-1] + 1}, g.Type)] = g
	}
	return d, gold
}

// tighten drops white space and says where each byte came from.
func tighten(s string) (string, []int) {
	var b strings.Builder
	var back []int
	for i, r := range s {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '#' {
			continue
		}
		n := b.Len()
		b.WriteRune(r)
		for k := range b.Len() - n {
			back = append(back, i+k)
		}
	}
	return b.String(), back
}
