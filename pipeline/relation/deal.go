package relation

import (
	"strings"

	"longmai/pipeline"
)

// within returns the mentions inside a span.
func (f *finder) within(s pipeline.Span) []pipeline.Entity {
	lo, hi := 0, len(f.named)
	for lo < hi {
		if mid := (lo + hi) / 2; f.named[mid].Start < s.Start {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	end := lo
	for end < len(f.named) && f.named[end].End <= s.End {
		end++
	}
	return f.named[lo:end]
}

var signing = []string{"签署了", "签署", "签订了", "签订", "达成了", "达成", "签约"}

var deeds = []string{"合作框架协议", "战略合作协议", "框架协议", "合作协议", "投资协议", "协议书", "协议", "协定", "合同", "备忘录", "责任书", "意向书"}

// agreements finds who signed what with whom: 甲、乙与丙签署合作框架协议.
func (f *finder) agreements() {
	for _, s := range f.d.Sentences {
		text := f.body[s.Start:s.End]
		verb, at := "", -1
		for _, v := range signing {
			if i := strings.Index(text, v); i >= 0 && (at < 0 || i < at) {
				verb, at = v, i
			}
		}
		if at < 0 {
			continue
		}
		what, ok := f.deed(s, at+len(verb))
		if !ok {
			continue
		}
		clause := strings.LastIndexAny(text[:at], "；。：") + 1
		args := []pipeline.Arg{}
		for _, e := range f.within(pipeline.Span{Start: s.Start + clause, End: s.Start + at}) {
			if e.Type == pipeline.Organization {
				args = append(args, arg("party", e))
			}
		}
		if len(args) < 2 {
			continue
		}
		f.add("agreement", "agreement/signed", s, append(args, what)...)
	}
}

// deed returns what was signed, from byte at of sentence s on.
func (f *finder) deed(s pipeline.Span, at int) (pipeline.Arg, bool) {
	rest := f.body[s.Start+at : s.End]
	if i := strings.IndexAny(rest, "。；"); i >= 0 {
		rest = rest[:i]
	}
	for _, d := range deeds {
		if i := strings.Index(rest, d); i >= 0 && i < 90 {
			span := pipeline.Span{Start: s.Start + at, End: s.Start + at + i + len(d)}
			return pipeline.Arg{Role: "what", Name: f.body[span.Start:span.End], Span: span}, true
		}
	}
	return pipeline.Arg{}, false
}

// places finds what lies where: a place and what touches it on the right
// (瓜州县干河口第二风电场), and 位于, 坐落于, 落户.
func (f *finder) places() {
	for i, e := range f.named {
		if i > 0 && f.named[i-1].End == e.Start && f.named[i-1].Type == pipeline.Place && (e.Type == pipeline.Place || e.Type == pipeline.Facility || e.Type == pipeline.Organization || e.Type == pipeline.Project) && f.lower(f.named[i-1], e) {
			f.add("located_in", "located_in/touch", f.sentence(e.Start), arg("thing", e), arg("place", f.named[i-1]))
		}
		if e.Type != pipeline.Place {
			continue
		}
		left := f.body[f.sentence(e.Start).Start:e.Start]
		verb := hasAnySuffix(left, "位于", "坐落于", "坐落在", "地处", "落户", "落户于", "建在", "选址")
		if verb == "" {
			continue
		}
		if k := f.thingBefore(i, e.Start-len(verb)); k >= 0 {
			f.add("located_in", "located_in/"+"verb", f.sentence(e.Start), arg("thing", f.named[k]), arg("place", e))
		} else if k := i + 1; k < len(f.named) && verb == "位于" && strings.HasPrefix(f.body[e.End:], "的") && f.named[k].Start == e.End+len("的") && f.named[k].Type != pipeline.Person {
			f.add("located_in", "located_in/attribute", f.sentence(e.Start), arg("thing", f.named[k]), arg("place", e))
		}
	}
}

// lower reports whether a place can hold what touches it: a division above another, or a thing that is no division.
func (f *finder) lower(place, thing pipeline.Entity) bool {
	if thing.Type != pipeline.Place || thing.Ref == "" || place.Ref == "" {
		return true
	}
	return len(thing.Ref) > len(place.Ref) || thing.Ref > place.Ref && strings.HasPrefix(thing.Ref, strings.TrimRight(place.Ref, "0"))
}

// thingBefore returns the mention that ends at at, -1 when a person or nothing does.
func (f *finder) thingBefore(i, at int) int {
	for k := i - 1; k >= 0 && f.named[k].End >= at-12; k-- {
		if f.named[k].End <= at && f.named[k].Type != pipeline.Person && f.named[k].Type != pipeline.Place && strings.Trim(f.body[f.named[k].End:at], "，,将拟计划已") == "" {
			return k
		}
	}
	return -1
}

// investments finds who invests where, with the figure where there is one.
func (f *finder) investments() {
	for _, s := range f.d.Sentences {
		text := f.body[s.Start:s.End]
		i := strings.Index(text, "投资")
		if i < 0 || strings.HasPrefix(text[i:], "投资促进") || strings.HasPrefix(text[i:], "投资环境") {
			continue
		}
		at := s.Start + i
		var investor, where *pipeline.Entity
		inside := f.within(s)
		for k := range inside {
			e := &inside[k]
			switch {
			case e.Type == pipeline.Organization && e.End <= at && investor == nil:
				investor = e
			case (e.Type == pipeline.Place || e.Type == pipeline.Project) && investor != nil && where == nil && (e.End <= at && hasAnySuffix(f.body[s.Start:e.Start], "在", "于", "来", "赴", "到") != "" || e.Start >= at):
				where = e
			}
		}
		if investor == nil || where == nil {
			continue
		}
		role := "place"
		if where.Type == pipeline.Project {
			role = "project"
		}
		args := []pipeline.Arg{arg("investor", *investor), arg(role, *where)}
		for _, g := range f.d.Figures {
			if g.Kind == pipeline.Money && g.Start >= at && g.End <= s.End && g.Start-at < 30 {
				args = append(args, pipeline.Arg{Role: "figure", Name: f.body[g.Start:g.End], Span: g.Span})
				break
			}
		}
		f.add("invests_in", "invests_in/verb", s, args...)
	}
}
