package figure

import (
	"strings"

	"longmai/pipeline"
	"longmai/pipeline/numeral"
)

// fillers may stand between a hedge and its number: 超过了, 近达.
var fillers = []string{"了", "到", "为", "有", "达", "至", "在", "达到"}

// hedge reads the words before and behind the core of it that make it inexact.
func (s *scan) hedge(it *item) {
	it.from, it.to = s.escapeBefore(it.core.Start), it.core.End
	s.hedgesBefore(it)
	s.hedgesAfter(it)
	it.to = s.escapeBehind(it.to)
	s.settle(it)
}

func (s *scan) hedgesBefore(it *item) {
	p := it.from
	low := max(s.start, p-60)
	if n := len(s.items); n > 0 && s.items[n-1].block == s.block_ {
		low = max(low, min(s.items[n-1].core.End, p))
	}
	for range 5 {
		v, start := s.longestBefore(s.k.before, low, p)
		if v < 0 {
			q := s.filler(p)
			if q == p {
				break
			}
			if v, start = s.longestBefore(s.k.before, low, q); v < 0 {
				break
			}
			p = q
		}
		h := s.k.hedges[v]
		if h.form == "none" || !s.hedges(h, it, start) {
			break
		}
		it.marks = append(it.marks, pipeline.Mark{Span: pipeline.Span{Start: start, End: start + len(h.word)}, Sense: h.form})
		p, it.from = start, start
	}
	s.hedgeOfShare(it, low)
	if len(it.marks) == 0 && it.form == pipeline.Point && it.kind != pipeline.Rank {
		s.hedgeAway(it)
	}
}

// hedgeAway reads a bound that stands before the verb (每年至少投入8000万元) or
// before what the number is a part of (不足过去的四分之一).
func (s *scan) hedgeAway(it *item) {
	from := max(s.clauseStart(it.core.Start), it.core.Start-60)
	if n := len(s.items); n > 0 && s.items[n-1].block == s.block_ {
		from = max(from, min(s.items[n-1].core.End, it.core.Start))
	}
	b, at := s.boundIn(from, it.core.Start)
	if b == nil || s.keepsOf(s.text[from:at]) {
		return
	}
	it.marks = append(it.marks, pipeline.Mark{Span: pipeline.Span{Start: at, End: at + len(b.word)}, Sense: b.form})
	if b.of && it.kind != pipeline.Percent && it.kind != pipeline.Ratio {
		it.cut = at
	}
}

// boundIn returns the last bound in [from, end) that may hold for a number at
// end, and its place. Of each word only the last one counts.
func (s *scan) boundIn(from, end int) (*awayBound, int) {
	if traits(s.keysIn(from, end))&s.k.bounds.bit == 0 {
		return nil, 0
	}
	seen := uint32(0)
	ofNumber := strings.HasSuffix(s.text[from:end], "的")
	for at := end - 1; at >= from; at-- {
		if !s.is(at, s.k.bounds.bit) || s.text[at]&0xc0 == 0x80 {
			continue
		}
		v, e := s.longest(s.k.bounds, at, end)
		if v < 0 || seen&(1<<v) != 0 {
			continue
		}
		seen |= 1 << v
		b, rest := &awayBounds[v], s.text[e:end]
		switch {
		case b.of && !ofNumber, !b.of && end-at > 45:
		case strings.HasPrefix(rest, "的"), strings.HasPrefix(rest, "时"), strings.HasPrefix(rest, "、"), !b.of && strings.Contains(rest, "的"):
		default:
			return b, at
		}
	}
	return nil, 0
}

// keepsOf reports whether the words before a bound make it the end of a word: 增长不足.
func (s *scan) keepsOf(before string) bool {
	return strings.HasSuffix(before, "同比") || strings.HasSuffix(before, "尚")
}

// An awayBound is a hedge that may stand away from its number: one with of only
// where the number follows 的. No one begins another.
type awayBound struct {
	word, form string
	of         bool
}

var awayBounds = [...]awayBound{
	{"至少", "ge", false}, {"最少", "ge", false}, {"起码", "ge", false}, {"不少于", "ge", true}, {"不低于", "ge", true}, {"不得少于", "ge", true}, {"不得低于", "ge", true},
	{"至多", "le", false}, {"最多", "le", false}, {"顶多", "le", false}, {"不超过", "le", true}, {"不高于", "le", true}, {"不得超过", "le", true}, {"不得高于", "le", true},
	{"不止", "gt", false}, {"超过", "gt", true}, {"不足", "lt", true}, {"不到", "lt", true}, {"接近", "near", true}, {"约为", "about", true}, {"约占", "about", true}, {"大约占", "about", true}, {"约相当于", "about", true},
}

// hedges reports whether h, which begins at start, makes the number inexact here.
func (s *scan) hedges(h hedge, it *item, start int) bool {
	switch h.word {
	case "过":
		return it.num.Bare || it.num.Half || it.kind == pipeline.Ratio ||
			(it.kind == pipeline.Money || it.kind == pipeline.Quantity || it.kind == pipeline.Count) && s.before(start, "要", "能", "可", "将", "都", "均", "会")
	case "高过", "高于", "低于", "多于", "少于":
		return it.kind != pipeline.Points
	case "最高", "最低", "最多", "最少":
		if it.kind == pipeline.Rank {
			return false
		}
		return h.word == "最多" || h.word == "最少" || s.before(start, "补助", "补贴", "奖励", "贷款", "给予", "额度", "可达", "罚款", "限额")
	case "迈上", "登上", "跨上", "迈过", "跨过", "越过":
		return it.kind == pipeline.Money || it.kind == pipeline.Quantity || it.bare && it.num.Bare
	}
	return true
}

func (s *scan) filler(p int) int {
	if r, _ := s.prev(p); !fillerRunes.has(r) {
		return s.eachFiller(p)
	}
	for _, f := range fillers {
		if s.before(p, f) {
			return p - len(f)
		}
	}
	return p
}

// eachFiller returns the place before 每 and a unit that end at p: 超过每升|4克.
func (s *scan) eachFiller(p int) int {
	q := p
	for range 3 {
		r, w := s.prev(q)
		if r == '每' && q < p {
			if v, end := s.longest(s.k.unitTrie, q, p); v >= 0 && end == p {
				return q - w
			}
			return p
		}
		q -= w
	}
	return p
}

// hedgeOfShare reads the hedge that stands away from its number: 约占全省的55%.
func (s *scan) hedgeOfShare(it *item, low int) {
	if it.kind != pipeline.Percent && it.kind != pipeline.Ratio {
		return
	}
	t := s.text[max(low, s.clauseStart(it.core.Start)):it.core.Start]
	i := lastIndex(t, "占")
	if i <= 0 || !strings.HasSuffix(t, "的") {
		return
	}
	at := it.core.Start - len(t) + i
	if v, start := s.longestBefore(s.k.before, at-i, at); v >= 0 && s.k.hedges[v].form != "none" {
		it.marks = append(it.marks, pipeline.Mark{Span: pipeline.Span{Start: start, End: at}, Sense: s.k.hedges[v].form})
	}
}

func (s *scan) hedgesAfter(it *item) {
	p := it.core.End
	if it.form == pipeline.Class {
		return
	}
	for range 3 {
		at := s.skipBreaks(p)
		if d := it.durationInside(s, at); d > 0 {
			it.marks = append(it.marks, pipeline.Mark{Span: pipeline.Span{Start: at, End: at + d}, Sense: "le"})
			p = at + d
			it.to = p
			continue
		}
		v, end := s.longestLoose(s.k.after, at, s.end)
		if v < 0 {
			return
		}
		h := s.k.hedges[v]
		if !s.hedgesBehind(h, it, end) {
			return
		}
		it.marks = append(it.marks, pipeline.Mark{Span: pipeline.Span{Start: at, End: end}, Sense: h.form})
		p, it.to = end, end
	}
}

func (s *scan) skipBreaks(p int) int {
	for p < s.end && (s.text[p] == '\n' || s.text[p] == '\r') {
		p++
	}
	return p
}

// durationInside returns the width of 内 behind a duration: 3日内.
func (it *item) durationInside(s *scan, p int) int {
	if it.kind != pipeline.Duration || !s.has(p, "内") || s.has(p, "内容", "内部", "内外", "内需", "内蒙", "内地", "内陆", "内存") {
		return 0
	}
	return len("内")
}

func (s *scan) hedgesBehind(h hedge, it *item, end int) bool {
	switch h.word {
	case "不到":
		return s.ends(end)
	case "多":
		if (it.kind == pipeline.Percent || it.kind == pipeline.Ratio) && s.has(end, "的") {
			return true
		}
		return it.kind != pipeline.Count && it.kind != "" && !s.has(end, "数", "项", "个", "家", "名", "次", "元", "样", "边", "方", "种", "功能", "晶", "彩", "云", "式", "维", "层", "媒体", "党", "民族", "于", "点", "的", "卖", "打", "收", "赚", "挣", "花") || it.doubling ||
			it.kind == pipeline.Money && s.has(end, "的")
	case "余":
		return !s.has(end, "额", "地", "热", "下", "粮", "款", "量", "电", "生", "家", "震", "味")
	case "起":
		return !s.has(end, "步", "来", "伏", "草", "诉", "点")
	case "许":
		return !s.has(end, "可", "多", "愿", "诺", "昌", "久")
	case "好几": // 三十好几
		return it.code == "a{age}"
	case "前后":
		return it.kind != pipeline.Count
	case "上下":
		return !s.has(end, "游", "班", "级", "联动", "同", "一心", "山", "车", "行", "水")
	case "左右":
		return !s.has(end, "两", "岸", "手", "逢")
	}
	return true
}

// settle makes form and interval of the marks.
func (s *scan) settle(it *item) {
	if it.form != pipeline.Point || it.kind == pipeline.Rank {
		return
	}
	form := ""
	for _, want := range [...]string{"gt", "lt", "ge", "le", "near", "plus", "about"} {
		for _, m := range it.marks {
			if m.Sense == want && form == "" {
				form = want
			}
		}
	}
	v := numeral.Some(it.value)
	switch form {
	case "":
	case "gt":
		it.form, it.low = pipeline.Gt, v
	case "ge":
		it.form, it.low = pipeline.Ge, v
	case "lt":
		it.form, it.high = pipeline.Lt, v
	case "le":
		it.form, it.high = pipeline.Le, v
	case "near":
		it.form, it.high = pipeline.Near, v
	case "about":
		it.form = pipeline.About
	case "plus":
		if it.doubling {
			return
		}
		it.form = pipeline.Plus
		n := it.num.Value
		it.interval(n, n.Add(n.Step()))
		if it.num.Fraction() || it.num.Half { // 三分之一还多
			it.form = pipeline.Gt
			it.low, it.high.Valid = v, false
		}
	}
}
