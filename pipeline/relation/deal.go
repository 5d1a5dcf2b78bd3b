package relation

import (
	"cmp"
	"slices"
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

// signing are the verbs of an agreement, the long before the short.
var signing = newLookout("签署了", "签署", "签订了", "签订", "签下", "达成了", "达成", "缔结", "订立", "签约")

// deeds are what is signed or reached, the long before the short.
var deeds = []string{"战略合作伙伴关系", "战略合作关系", "战略合作框架协议", "合作框架协议", "战略合作协议", "合作备忘录", "谅解备忘录", "框架协议", "合作协议", "投资协议", "意向协议", "合作合同", "合作意向书", "意向书", "合作意向", "合作共识", "合作关系", "伙伴关系", "一致意见", "责任书", "协议书", "备忘录", "友好城市", "协议", "协定", "合同", "意向", "共识", "合作"}

// weakDeeds are deeds only of what was reached or agreed: 达成合作.
var weakDeeds = []string{"意向", "共识", "合作", "一致意见"}

// agreements finds who signed what with whom: 甲、乙与丙签署合作框架协议.
func (f *finder) agreements() {
	for _, s := range f.d.Sentences {
		start := s.Start
		for start < s.End {
			end := s.End
			if i := strings.Index(f.body[start:s.End], "；"); i >= 0 {
				end = start + i + len("；")
			}
			f.agreement(s, pipeline.Span{Start: start, End: end})
			start = end
		}
	}
}

// agreement adds the first agreement that a clause of sentence s tells.
func (f *finder) agreement(s, clause pipeline.Span) {
	at := clause.Start
	for range 6 {
		verb, i := signing.first(f.body[at:clause.End])
		if i < 0 {
			return
		}
		at += i
		behind := pipeline.Span{Start: at + len(verb), End: clause.End}
		what, ok := f.deed(behind, strings.HasPrefix(verb, "达成"))
		rest := f.body[behind.Start:behind.End]
		signed := verb == "签约" && hasAnyPrefix(rest, "项目", "额", "金额", "率", "活动", "大会", "主体", "资金", "仪式", "企业", "引进", "总") == ""
		ceremony := verb == "签约" && strings.HasPrefix(rest, "仪式") && strings.Contains(f.body[clause.Start:at], "举行")
		if ok || signed || ceremony {
			parties := f.parties(pipeline.Span{Start: clause.Start, End: at})
			if len(parties) >= 2 {
				if ok {
					parties = append(parties, what)
				}
				f.add("agreement", "agreement/signed", s, parties...)
				return
			}
		}
		at = behind.Start
	}
}

// parties returns who acts in the words of s, whose end is a verb: those of the
// last part of the clause, and of those before it until there are two.
func (f *finder) parties(s pipeline.Span) []pipeline.Arg {
	if i := strings.LastIndexAny(f.body[s.Start:s.End], "。："); i >= 0 {
		s.Start += i + len("。")
	}
	var out []pipeline.Arg
	from := s.End
	for len(out) < 2 && from > s.Start {
		i := strings.LastIndex(f.body[s.Start:from], "，")
		to := from
		from = s.Start + max(i, 0)
		part := pipeline.Span{Start: from, End: to}
		if i >= 0 {
			part.Start += len("，")
		}
		found := f.partiesOf(part)
		for _, a := range out {
			found = appendParty(found, a)
		}
		out = found
	}
	return out
}

func (f *finder) partiesOf(part pipeline.Span) []pipeline.Arg {
	var out []pipeline.Arg
	for _, e := range f.within(part) {
		if e.Type == pipeline.Organization && hasAnyPrefix(f.body[e.End:], "获悉", "了解到", "消息", "介绍", "透露") == "" || e.Type == pipeline.Place && f.acts(e) {
			out = appendParty(out, arg("party", e))
		}
	}
	return out
}

// appendParty adds a party that is not yet there under the same name.
func appendParty(args []pipeline.Arg, a pipeline.Arg) []pipeline.Arg {
	for _, b := range args {
		if a.Name == b.Name {
			return args
		}
	}
	return append(args, a)
}

// acts reports whether a place stands for those who govern it: 甘肃省与山东省签订.
func (f *finder) acts(e pipeline.Entity) bool {
	if e.Ref == "" && hasAnySuffix(e.Name, "区", "省", "市", "县", "州") == "" {
		return false
	}
	left := f.body[f.sentence(e.Start).Start:e.Start]
	return hasAnySuffix(left, "在", "于", "来", "赴", "到", "从", "的") == "" &&
		hasAnyPrefix(f.body[e.End:], "与", "同", "和", "跟", "、", "及", "分别", "正式", "共同", "联合", "双方", "三方", "四方", "再次", "现场", "就", "签", "达成", "缔结", "订立", "成功", "携手", "举行", "已", "在", "（") != ""
}

// deed returns what was signed in s: the deed that ends first, in its longest form.
func (f *finder) deed(s pipeline.Span, reached bool) (pipeline.Arg, bool) {
	rest := f.body[s.Start:min(s.End, s.Start+150)]
	if i := strings.IndexAny(rest, "，。；"); i >= 0 {
		rest = rest[:i]
	}
	best := -1
	for _, w := range deeds {
		if !reached && slices.Contains(weakDeeds, w) {
			continue
		}
		i := strings.Index(rest, w)
		if i >= 0 && i < 90 && (best < 0 || i+len(w) < best) {
			best = i + len(w)
		}
	}
	if best < 0 {
		return pipeline.Arg{}, false
	}
	for _, w := range deeds { // 合作 + 意向书
		for i := max(0, best-len(w)+1); i < best; i++ {
			if strings.HasPrefix(rest[i:], w) && i+len(w) > best {
				best = i + len(w)
			}
		}
	}
	span := pipeline.Span{Start: s.Start, End: s.Start + best}
	return pipeline.Arg{Role: "what", Name: f.body[span.Start:span.End], Span: span}, true
}

// lying are the words between a thing and the place where it lies.
var lying = []string{"坐落于", "坐落在", "座落于", "座落在", "坐落", "落户于", "落户在", "落户到", "落户", "落地", "位于", "地处", "建在", "建于", "选址在", "选址于", "选址", "设在", "扎根"}

// places finds what lies where: a place and what touches it on the right
// (瓜州县干河口第二风电场), and 位于, 坐落于, 落户.
func (f *finder) places() {
	for i, e := range f.named {
		if i > 0 && f.named[i-1].End == e.Start && f.named[i-1].Type == pipeline.Place && (e.Type == pipeline.Place || e.Type == pipeline.Facility || e.Type == pipeline.Organization || e.Type == pipeline.Project) && f.lower(f.named[i-1], e) {
			f.add("located_in", "located_in/touch", f.sentence(e.Start), arg("thing", e), arg("place", f.named[i-1]))
		}
		if e.Type != pipeline.Place || i > 0 && f.named[i-1].Type == pipeline.Place && f.named[i-1].End == e.Start {
			continue
		}
		f.lies(i)
	}
}

// lies adds what the words around the chain of places from mention i on say to lie there.
func (f *finder) lies(i int) {
	s := f.sentence(f.named[i].Start)
	verb := hasAnySuffix(f.body[s.Start:f.named[i].Start], lying...)
	if verb == "" {
		return
	}
	last := i // the lowest of a chain: 武威市凉州区
	for last+1 < len(f.named) && f.named[last+1].Start == f.named[last].End && f.named[last+1].Type == pipeline.Place {
		last++
	}
	where := arg("place", f.named[last])
	at := f.named[i].Start - len(verb)
	attribute := attributive(f.body[f.named[last].End:min(s.End, f.named[last].End+30)])
	if k := f.thingBefore(i, at); k >= 0 && (!attribute || f.named[k].End == at) {
		f.add("located_in", "located_in/verb", s, arg("thing", f.named[k]), where)
	} else if k := last + 1; k < len(f.named) && f.named[k].Type != pipeline.Person && f.named[k].Start < s.End && attribute && leads(f.body[f.named[last].End:f.named[k].Start]) {
		f.add("located_in", "located_in/attribute", s, arg("thing", f.named[k]), where)
	} else if k := f.meant(i, at); k >= 0 {
		f.add("located_in", "located_in/anaphor", s, arg("thing", f.named[k]), where)
	}
}

// attributive reports whether the words behind a place say what lies there: 的, 境内的.
func attributive(s string) bool {
	for _, p := range []string{"境内", "市区", "城区", "县城", "城关", "西部", "东部", "南部", "北部", "城东", "城西", "城南", "城北", "脚下", "山下", "下", "北麓", "南麓", "东麓", "西麓", "北岸", "南岸", "东岸", "西岸", "两岸", "岸边", "之畔", "畔", "以东", "以西", "以南", "以北"} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			s = rest
			break
		}
	}
	return strings.HasPrefix(s, "的")
}

// leads reports whether a gap leads from a place to the thing that lies there.
func leads(gap string) bool {
	gap = strings.TrimSuffix(gap, "“")
	return attributive(gap) && strings.HasSuffix(gap, "的")
}

// meant returns the mention in the block that a bare noun before at stands for:
// 项目位于 after 白银铜城商厦项目; -1 for none.
func (f *finder) meant(i, at int) int {
	block := f.block(at)
	noun := hasAnySuffix(strings.TrimRight(f.body[block.Start:at], "，,将拟计划已正式成功就均也"), "项目", "工程", "基地", "园区", "产业园", "公司", "企业", "电站", "工厂", "学校", "医院", "水库", "遗址", "景区")
	if noun == "" {
		return -1
	}
	for k := i - 1; k >= max(0, i-60) && f.named[k].Start >= block.Start; k-- {
		e := f.named[k]
		if strings.HasSuffix(e.Name, noun) || noun == "项目" && e.Type == pipeline.Project || noun == "企业" && strings.HasSuffix(e.Name, "公司") || noun == "园区" && strings.HasSuffix(e.Name, "园") {
			return k
		}
	}
	return -1
}

// lower reports whether a place can hold what touches it: a division above another, or a thing that is no division.
func (f *finder) lower(place, thing pipeline.Entity) bool {
	if thing.Type != pipeline.Place || thing.Ref == "" || place.Ref == "" {
		return true
	}
	return len(thing.Ref) > len(place.Ref) || thing.Ref > place.Ref && strings.HasPrefix(thing.Ref, strings.TrimRight(place.Ref, "0"))
}

// thingBefore returns the mention that ends at at, -1 when a person or nothing
// does. A place lies in another only when nothing stands between.
func (f *finder) thingBefore(i, at int) int {
	for k := i - 1; k >= 0 && f.named[k].End >= at-24; k-- {
		if f.named[k].End > at || f.named[k].Type == pipeline.Person {
			continue
		}
		gap := f.body[f.named[k].End:at]
		if gap == "" || f.named[k].Type != pipeline.Place && strings.Trim(gap, "，,将拟计划已正式成功就均也”") == "" {
			return k
		}
	}
	return -1
}

// investing are the verbs of an investment, two characters each.
var investing = newLookout("投资", "出资", "斥资", "注资")

// stocks are words before or behind 投资 that make it a measure or a field and no deed.
var stocks = struct{ before, behind []string }{
	before: []string{"固定资产", "民间", "招商", "政府", "对外", "贸易", "风险", "产业", "工业", "中央", "财政", "吸引", "有效", "重大", "专项"},
	behind: []string{"促进", "环境", "者", "商", "增长", "下降", "增速", "额", "贸易", "洽谈", "集团", "公司", "控股", "银行", "有限", "计划", "协议", "合同", "结构", "需求", "基金", "机构", "规模", "热", "总额", "力度", "，增长", "同比", "人", "比例", "方"},
}

// investments finds who invests where, with the figure where there is one.
func (f *finder) investments() {
	for _, s := range f.d.Sentences {
		from := s.Start
		for range 8 {
			verb, i := investing.first(f.body[from:s.End])
			if i < 0 {
				break
			}
			at := from + i
			from = at + len(verb)
			if hasAnySuffix(f.body[s.Start:at], stocks.before...) == "" && hasAnyPrefix(f.body[from:s.End], stocks.behind...) == "" && !f.inName(at) && f.investment(s, at) {
				break
			}
		}
	}
}

// inName reports whether a mention stands over byte at: 投资 in the name of a firm.
func (f *finder) inName(at int) bool {
	i, ok := slices.BinarySearchFunc(f.named, at, func(e pipeline.Entity, at int) int { return cmp.Compare(e.Start, at) })
	return ok || i > 0 && f.named[i-1].End > at
}

// investment adds the investment that 投资 at byte at of sentence s tells.
func (f *finder) investment(s pipeline.Span, at int) bool {
	inside := f.within(s)
	figure := f.money(s, at)
	role, where := f.invested(s, inside, at)
	investors := f.investors(s, inside, at, where)
	switch {
	case where != nil && len(investors) > 0:
		args := append(investors, arg(role, *where))
		f.add("invests_in", "invests_in/verb", s, append(args, figure...)...)
		return true
	case len(figure) > 0 && strings.HasSuffix(f.body[s.Start:at], "总"): // 总投资56亿元的…产业园落户兰州新区
		if k := f.valued(s, inside, figure[0].Span.End); k != nil {
			f.add("invests_in", "invests_in/total", s, append(append(f.paying(s, inside, at), arg("project", *k)), figure...)...)
			return true
		}
	}
	return false
}

// valued returns the thing whose total investment stands right before it: 总投资56亿元的X.
func (f *finder) valued(s pipeline.Span, inside []pipeline.Entity, at int) *pipeline.Entity {
	for k := range inside {
		e := &inside[k]
		if e.Start >= at && (e.Type == pipeline.Project || e.Type == pipeline.Facility || e.Type == pipeline.Place && e.Ref == "") {
			if gap := strings.TrimPrefix(f.body[at:e.Start], "人民币"); gap == "的" || gap == "的“" {
				return e
			}
			return nil
		}
	}
	return nil
}

// paying returns who invests by the words 由X投资 behind at.
func (f *finder) paying(s pipeline.Span, inside []pipeline.Entity, at int) []pipeline.Arg {
	for _, e := range inside {
		if e.Start > at && e.Type == pipeline.Organization && hasAnySuffix(f.body[s.Start:e.Start], "由") != "" && hasAnyPrefix(f.body[e.End:s.End], "投资", "出资", "独资", "负责投资") != "" {
			return []pipeline.Arg{arg("investor", e)}
		}
	}
	return nil
}

// invested returns the place or project in which is invested: 在, 向 P … 投资, 投资 … 在 P, 投资 P.
func (f *finder) invested(s pipeline.Span, inside []pipeline.Entity, at int) (role string, where *pipeline.Entity) {
	for k := range inside {
		e := &inside[k]
		role = "place"
		if e.Type == pipeline.Project {
			role = "project"
		}
		if e.Type != pipeline.Place && e.Type != pipeline.Project {
			continue
		}
		led := hasAnySuffix(f.body[s.Start:e.Start], "在", "于", "来", "赴", "到", "向", "对", "落户", "落地", "位于", "坐落于", "落子", "布局") != ""
		gap := ""
		if e.Start >= at {
			gap = f.body[at+len("投资") : e.Start]
		}
		if e.End <= at && led || e.Start >= at && (led || gap == "" || gap == "建设" || gap == "兴建" || gap == "新建") {
			for k+1 < len(inside) && inside[k+1].Start == inside[k].End && inside[k+1].Type == pipeline.Place && inside[k].Type == pipeline.Place {
				k++ // 武威市凉州区
			}
			return role, &inside[k]
		}
	}
	return "", nil
}

// investors returns the organisations that invest: the last run of them before
// 投资 and before the place.
func (f *finder) investors(s pipeline.Span, inside []pipeline.Entity, at int, where *pipeline.Entity) []pipeline.Arg {
	var out []pipeline.Arg
	last := -1
	for k := len(inside) - 1; k >= 0; k-- {
		e := inside[k]
		if e.End > at || e.Type != pipeline.Organization || where != nil && e.End > where.Start && where.Start < at || hasAnyPrefix(f.body[e.End:], "获悉", "了解到") != "" {
			continue
		}
		if hasAnySuffix(f.body[s.Start:e.Start], "在", "向", "对", "于") != "" {
			continue
		}
		if last >= 0 {
			switch f.body[e.End:last] {
			case "、", "和", "与", "及", "联合", "携手":
			default:
				return out
			}
		}
		out = append([]pipeline.Arg{arg("investor", e)}, out...)
		last = e.Start
	}
	return out
}

// money returns the sum that stands behind 投资 at at.
func (f *finder) money(s pipeline.Span, at int) []pipeline.Arg {
	i, _ := slices.BinarySearchFunc(f.d.Figures, at, func(g pipeline.Figure, at int) int { return cmp.Compare(g.Start, at) })
	for _, g := range f.d.Figures[i:] {
		if g.Start-at >= 30 {
			break
		}
		if g.Kind == pipeline.Money && g.End <= s.End {
			return []pipeline.Arg{{Role: "figure", Name: f.body[g.Start:g.End], Span: g.Span}}
		}
	}
	return nil
}
