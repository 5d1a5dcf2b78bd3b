package figure_test

import (
	"strings"
	"testing"

	"longmai/pipeline"
	"longmai/pipeline/figure"
)

// TestSizesInNames: the size in the name of a work is part of the name where the
// entity stage is sure; what is built, produced or paid is not, nor what begins or ends a name.
func TestSizesInNames(t *testing.T) {
	for _, x := range []struct {
		text       string // ⟦ ⟧ around the name
		typ        pipeline.EntityType
		confidence float64
		surface    string
		figure     bool
	}{
		{"⟦白银集团40万吨铜冶炼项目⟧昨日复工。", pipeline.Project, 0.9, "40万吨", false},
		{"⟦金塔县20万千瓦光热电站⟧并网。", pipeline.Facility, 0.9, "20万千瓦", false},
		{"⟦白银集团40万吨铜冶炼项目⟧昨日复工。", pipeline.Project, 0.3, "40万吨", true},
		{"县上建成⟦20万吨饲料加工项目⟧。", pipeline.Project, 0.9, "20万吨", true},
		{"⟦陇原公司年产30万吨骨料项目⟧投产。", pipeline.Project, 0.9, "30万吨", true},
		{"⟦陇原公司5亿元骨料项目⟧投产。", pipeline.Project, 0.9, "5亿元", true},
		{"⟦东山基地产铝锭60万吨⟧，超过去年。", pipeline.Project, 0.9, "60万吨", true},
		{"⟦会宁县60万亩高标准农田项目⟧开工。", pipeline.Place, 0.9, "60万亩", false},
	} {
		before, rest, _ := strings.Cut(x.text, "⟦")
		name, after, _ := strings.Cut(rest, "⟧")
		d := document(before + name + after)
		d.Entities = []pipeline.Entity{{Span: pipeline.Span{Start: len(before), End: len(before + name)}, Type: x.typ, Name: name, Confidence: x.confidence}}
		if err := figure.Stage().Annotate(d); err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range d.Figures {
			found = found || d.Surface(f.Span) == x.surface
		}
		if found != x.figure {
			t.Errorf("%s, a %s of confidence %v: %s read %v, want %v", x.text, x.typ, x.confidence, x.surface, found, x.figure)
		}
	}
}
