// Package relation ties the entities of a document together, each relation
// with the sentence that says so.
//
//	p, err := pipeline.New(…, reader.Stage(), relation.Stage(reader))
//
// The relations and the roles of their arguments:
//
//	post        person, title, organization   兰州市委副书记、市长刘建勋: two posts, one of them of 兰州市人民政府
//	statement   speaker, quote                “…”唐培宏说。
//	agreement   party (two or more), what     甲与乙签署合作框架协议; 甲与乙签约 has no what
//	located_in  thing, place                  瓜州县干河口第二风电场
//	invests_in  investor (one or more), place or project, figure; 总投资56亿元的X has project and figure alone
package relation

import (
	"cmp"
	"slices"
	"strings"

	"longmai/pipeline"
	"longmai/pipeline/entity"
)

// Stage returns the stage that adds the relations of a document. titles
// supplies the titles; figures are used where an earlier stage added them.
func Stage(titles *entity.Reader) pipeline.Stage {
	return pipeline.Stage{
		Name:  "relations",
		Needs: []pipeline.Layer{pipeline.Entities},
		Adds:  []pipeline.Layer{pipeline.Relations},
		Annotate: func(d *pipeline.Document) error {
			f := &finder{d: d, body: d.Body(), titles: titles}
			f.named = slices.DeleteFunc(slices.Clone(d.Entities), func(e pipeline.Entity) bool {
				return e.Type == pipeline.Industry || e.Type == pipeline.Resource
			})
			f.posts()
			f.statements()
			f.agreements()
			f.places()
			f.investments()
			slices.SortStableFunc(f.out, func(a, b pipeline.Relation) int {
				return cmp.Compare(a.Evidence.Start, b.Evidence.Start)
			})
			d.Relations = f.out
			return nil
		},
	}
}

// A finder holds one document while its relations are found.
type finder struct {
	d      *pipeline.Document
	body   string
	titles *entity.Reader
	named  []pipeline.Entity // without industries and resources, in order
	out    []pipeline.Relation
	held   [][]post // posts of each entity of named, for name lists
}

// recent is how many relations back one is looked for that is found once more.
const recent = 64

func (f *finder) add(kind, rule string, evidence pipeline.Span, args ...pipeline.Arg) {
	for _, r := range f.out[max(0, len(f.out)-recent):] {
		if r.Type == kind && r.Evidence == evidence && slices.Equal(r.Args, args) {
			return
		}
	}
	f.out = append(f.out, pipeline.Relation{Type: kind, Args: args, Evidence: evidence, Rule: rule})
}

func (f *finder) sentence(at int) pipeline.Span {
	s, _ := f.d.SentenceAt(at)
	return s
}

// block returns the block around at, whose words may be read together.
func (f *finder) block(at int) pipeline.Span {
	b, i := f.d.BlockAt(at)
	if i < 0 {
		return f.sentence(at)
	}
	return b.Span
}

func arg(role string, e pipeline.Entity) pipeline.Arg {
	return pipeline.Arg{Role: role, Name: e.Name, Span: e.Span}
}

func hasAnyPrefix(s string, of ...string) string {
	for _, x := range of {
		if strings.HasPrefix(s, x) {
			return x
		}
	}
	return ""
}

func hasAnySuffix(s string, of ...string) string {
	for _, x := range of {
		if strings.HasSuffix(s, x) {
			return x
		}
	}
	return ""
}
