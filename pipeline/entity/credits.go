package entity

import (
	"strings"

	"longmai/pipeline"
)

// creditRoles are the words before the paper's own people at the end of a text.
var creditRoles = []string{"责任编辑", "见习编辑", "值班编辑", "文字编辑", "图片编辑", "美术编辑", "执行编辑", "本版编辑", "编辑", "责编", "美编", "校对", "版式", "审核", "监制", "终审", "初审", "复审", "供稿", "供图", "统筹", "制图", "撰文"}

// withoutCredits takes out the persons of the credits that end a paragraph:
// …增长百分之八。责任编辑李雪　校对刘洋.
func (v *resolver) withoutCredits(es []pipeline.Entity) []pipeline.Entity {
	body := v.d.Body()
	out := es[:0]
	for i, e := range es {
		if e.Type == pipeline.Person {
			b, k := v.d.BlockAt(e.Start)
			if k >= 0 && e.End-b.Span.Start > 0 && credited(body[b.Span.Start:e.Start]) && onlyCredits(body, e.End, b.Span.End, es[i+1:]) {
				continue
			}
		}
		out = append(out, e)
	}
	return out
}

// credited reports whether a text ends in a word of the credits with a mark or
// the start of the text before it.
func credited(left string) bool {
	left = strings.TrimRight(left, " 　：:")
	for _, r := range creditRoles {
		if rest, ok := strings.CutSuffix(left, r); ok {
			rest = strings.TrimRight(rest, " 　（(")
			return rest == "" || hasAnySuffix(rest, "。", "！", "？", "”", "）", ")", "；") || rest != left[:len(left)-len(r)]
		}
	}
	return false
}

func hasAnySuffix(s string, of ...string) bool {
	for _, x := range of {
		if strings.HasSuffix(s, x) {
			return true
		}
	}
	return false
}

// onlyCredits reports whether the text from at to end holds nothing but more of
// the credits: persons of es, roles and marks.
func onlyCredits(body string, at, end int, es []pipeline.Entity) bool {
	if end-at > 150 {
		return false
	}
	var rest strings.Builder
	for _, e := range es {
		if e.Start >= end {
			break
		}
		if e.Type != pipeline.Person {
			return false
		}
		rest.WriteString(body[at:e.Start])
		at = e.End
	}
	rest.WriteString(body[at:end])
	s := rest.String()
	for _, r := range creditRoles {
		s = strings.ReplaceAll(s, r, "")
	}
	return strings.Trim(s, " 　：:（）()、，。/|\n") == ""
}
