package relation

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/entity"
	"longmai/pipeline/entity/tagger"
	"longmai/pipeline/segment"
)

var apparatus = regexp.MustCompile(`^(新甘肃·?甘肃日报记者|本报记者|新甘肃·甘肃日报).*|^本报讯|^.{0,12}本报\S{0,20}[讯电](（[^）]*）|\([^)]*\))?|[（(][^（()）]*记者[^（()）]*[）)]|(新甘肃·甘肃日报记者|本报记者|通讯员)[ 　]?[^。]{2,12}[ 　]?摄.{0,3}$|[（(][^（()）]*摄[）)]$|\S* (整理|摄)$`)

func TestDevPosts(t *testing.T) {
	if os.Getenv("DEV") == "" {
		t.Skip("DEV")
	}
	o := entity.Options{}
	if b, err := os.ReadFile(os.Getenv("VOTES") + "/all.lmt"); err == nil {
		o.Tagger, _ = tagger.Load(b)
	}
	r, err := entity.New(o)
	if err != nil {
		t.Fatal(err)
	}
	seg, _ := segment.Full()
	p, _ := pipeline.New(pipeline.SentenceStage(), segment.Stage(seg), r.Stage(), Stage(r))
	pages, _ := filepath.Glob(filepath.Join(os.Getenv("LONGMAI_SHARED"), "gold/*.txt"))
	hit, gold, pred, org := 0, 0, 0, 0
	for _, page := range pages {
		b, _ := os.ReadFile(page)
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
		d, err := p.Annotate(a)
		if err != nil {
			t.Fatal(err)
		}
		var want []map[string]any
		f, _ := os.Open(strings.TrimSuffix(page, ".txt") + ".gold.jsonl")
		sc := bufio.NewScanner(f)
		sc.Buffer(nil, 1<<20)
		for sc.Scan() {
			var m map[string]any
			json.Unmarshal(sc.Bytes(), &m)
			if m["layer"] == "post" {
				want = append(want, m)
			}
		}
		gold += len(want)
		fmt.Println("==", filepath.Base(page))
		for _, x := range d.Relations {
			if x.Type != "post" {
				fmt.Println("  ", x.Type, x.Rule, x.Args)
				continue
			}
			pred++
			k := slices.IndexFunc(want, func(m map[string]any) bool {
				titles := []string{fmt.Sprint(m["title"])}
				if alt, ok := m["title_alt"].([]any); ok {
					for _, v := range alt {
						titles = append(titles, fmt.Sprint(v))
					}
				}
				return m["person"] == x.Arg("person") && slices.Contains(titles, x.Arg("title"))
			})
			if k < 0 {
				fmt.Println("  EXTRA", x.Args, x.Rule)
				continue
			}
			hit++
			os := fmt.Sprint(want[k]["organization"])
			if strings.Contains(os, x.Arg("organization")) && x.Arg("organization") != "" || os == "[]" {
				org++
			} else {
				fmt.Println("  ORG", x.Args, os)
			}
			want = slices.Delete(want, k, k+1)
		}
		for _, m := range want {
			fmt.Println("  MISS", m["at"], m["title"])
		}
	}
	pr, re := float64(hit)/float64(pred), float64(hit)/float64(gold)
	fmt.Printf("posts P %.3f R %.3f F %.3f org %d/%d\n", pr, re, 2*pr*re/(pr+re), org, hit)
}
