package figure

import (
	"strconv"
	"strings"

	"longmai/pipeline"
)

// levelWords follow a growth verb when the number is the level after the change.
var levelWords = []string{"到了", "至了", "到", "至", "为", "成"}

// changeOf reads growth and change from the words before the number.
func (s *scan) changeOf(i int) {
	it := &s.items[i]
	s.enter(it)
	if it.doubling {
		it.change = &pipeline.Change{Direction: "up", Role: "delta", Basis: s.basis(i, it.core.Start)}
		return
	}
	p := s.backOver(it.seg.Start, it.from)
	if s.has(it.to, "降为零", "降至零", "降到零", "下降为零", "下降到零", "减少到零", "减至零", "归零", "清零", "转正", "转为正", "由负转正") && s.comesFrom(it) {
		it.change = &pipeline.Change{Role: "from"}
		return
	}
	if it.kind == pipeline.Multiple && s.ratioOf(i, p) {
		return
	}
	grows := it.keys&keyMask(s.k.growthB.bit) != 0 // the last character of a verb of growth is there
	if grows && s.rises(it, p) {
		return
	}
	if it.kind == pipeline.Percent && s.recovers(it, p) {
		return
	}
	if it.kind == pipeline.Rank {
		s.rankChange(it)
		return
	}
	if v, q := s.growthBefore(it.seg.Start, p, grows); v >= 0 && s.grows(it, s.text[q:p], q) {
		it.change = &pipeline.Change{Direction: s.k.growth[v], Role: "delta", Basis: s.basis(i, q)}
		if it.num.Value.IsNegative() {
			it.change.Direction = "down"
		}
		if strings.HasSuffix(s.text[it.seg.Start:q], "拉动") || strings.Contains(s.text[it.seg.Start:q], "拉动") && it.kind == pipeline.Points {
			it.change = &pipeline.Change{}
			if strings.Contains(s.text[max(it.sentence.Start, s.start):p], "同比") {
				it.change.Basis = s.basis(i, p)
			}
		}
		return
	}
	if s.comparesTo(i, p) || s.moreVerb(i, p) || s.lost(i, p) || grows && s.rateOf(i, p) {
		return
	}
	if it.kind == pipeline.Percent || it.kind == pipeline.Points {
		if strings.HasPrefix(s.text[it.seg.Start:p], "同比") || strings.HasSuffix(s.text[it.seg.Start:p], "同比增速") || strings.HasSuffix(s.text[it.seg.Start:p], "增速") && it.form == pipeline.Point {
			it.change = &pipeline.Change{Direction: "up", Role: "delta", Basis: s.basis(i, p)}
			if it.num.Value.IsNegative() {
				it.change.Direction = "down"
			}
			return
		}
	}
	if s.verbAhead(i, p) {
		return
	}
	if s.merges(i) {
		return
	}
	s.newly(it)
}

// lost reads verbs that are words of change only before some kinds of numbers:
// 出口掉了两成, 瘦了十八斤, 比种小麦强10倍, 超计划800吨.
func (s *scan) lost(i, p int) bool {
	it := &s.items[i]
	for _, c := range [...]struct {
		word, direction string
		kinds           string
		than            bool // only behind a comparison
	}{
		{"掉", "down", "percent ratio multiple", false}, {"瘦", "down", "quantity", false}, {"胖", "up", "quantity", false},
		{"强", "up", "multiple", true}, {"大", "up", "multiple", true}, {"长", "up", "multiple", true}, {"超计划", "up", "quantity count money", false},
	} {
		if !strings.HasSuffix(s.text[it.seg.Start:p], c.word) || c.word == "掉" && s.before(p-len(c.word), "刨", "除", "扣", "去", "卖", "吃", "用", "花", "扔", "拆", "砍", "关", "还", "抹", "丢") || !strings.Contains(c.kinds, string(it.kind)) || c.than && s.comparison(it.clause, p) < 0 {
			continue
		}
		it.change = &pipeline.Change{Direction: c.direction, Role: "delta", Basis: s.basis(i, p-len(c.word))}
		if c.word == "超计划" {
			it.change.Basis = "vs:计划"
		}
		return true
	}
	return false
}

// merges reads what is left of many: 23家企业整合为6家.
func (s *scan) merges(i int) bool {
	it := &s.items[i]
	if it.kind != pipeline.Count || i == 0 {
		return false
	}
	a := &s.items[i-1]
	if a.sent != it.sent || a.kind != it.kind || !it.value.LessThan(a.value) || !endsIn(s.text[it.seg.Start:it.seg.End], "整合为", "整合成", "合并为", "合并成", "归并为", "精简为", "撤并为", "优化为") {
		return false
	}
	it.change = &pipeline.Change{Direction: "down", Role: "to"}
	return true
}

// rises reads the level that a verb of growth leads to: 提高到每人每月520元; p is
// where the words before the number end.
func (s *scan) rises(it *item, p int) bool {
	level := s.overTime(it.seg.Start, p)
	for range 2 {
		level = s.eachEnding(it.seg.Start, level)
	}
	if (it.kind == pipeline.Quantity || it.kind == pipeline.Count) && endsIn(s.text[it.seg.Start:level], "恢复到", "恢复至", "培育到", "壮大到") {
		it.change = &pipeline.Change{Direction: "up", Role: "to"}
		return true
	}
	for _, w := range levelWords {
		if strings.HasSuffix(s.text[it.seg.Start:level], w) {
			if v, q := s.longestBefore(s.k.growthB, it.seg.Start, level-len(w)); v >= 0 && !nounOfGrowth(s.text[q:level-len(w)]) {
				it.change = &pipeline.Change{Direction: s.k.growth[v], Role: "to"}
				return true
			}
		}
	}
	return false
}

// endsIn reports whether t ends in one of the words.
func endsIn(t string, words ...string) bool {
	for _, w := range words {
		if strings.HasSuffix(t, w) {
			return true
		}
	}
	return false
}

// growthBefore returns the verb of growth that ends at p, where there are any.
func (s *scan) growthBefore(from, p int, any bool) (value, start int) {
	if !any {
		return -1, p
	}
	return s.longestBefore(s.k.growthB, from, p)
}

// changers change what their object counts: 增加学位3.6万个, 压减配水面积66.6万亩.
var changers = []struct{ word, direction string }{{"增加", "up"}, {"减少", "down"}, {"压减", "down"}, {"核减", "down"}, {"削减", "down"}, {"压缩", "down"}, {"精简", "down"}, {"裁减", "down"}}

// verbAhead reads a verb of change that stands before its object, and 多卖, 少缴.
func (s *scan) verbAhead(i, p int) bool {
	it := &s.items[i]
	if it.keys&keyChange == 0 || it.kind == pipeline.Rank || p <= it.seg.Start {
		return false
	}
	t := s.text[it.seg.Start:p]
	if it.kind == pipeline.Duration {
		if at := strings.LastIndex(t, "延长"); at >= 0 && len(t)-at <= len("延长营业时间") && !containsAny(t[at:], "的", "到", "至", "线", "为") {
			it.change = &pipeline.Change{Direction: "up", Role: "delta", Basis: s.basis(i, it.seg.Start+at)}
			return true
		}
		return false
	}
	for _, c := range changers {
		at := lastIndex(t, c.word)
		if at < 0 || len(t)-at-len(c.word) > len("土地承包经营权面积") || len(t)-at == len(c.word) || !s.isWord(it.seg.Start+at, it.seg.Start+at+len(c.word)) {
			continue
		}
		if rest := t[at+len(c.word):]; containsAny(rest, "的", "到", "至", "、", "率", "值", "达", "为", "超", "，") {
			continue
		}
		it.change = &pipeline.Change{Direction: c.direction, Role: "delta", Basis: s.basis(i, it.seg.Start+at)}
		return true
	}
	for _, c := range [...]struct{ word, direction string }{{"多", "up"}, {"少", "down"}} {
		at := lastIndex(t, c.word)
		if at < 0 || len(t)-at > len("少取地下水资源了") || len(t)-at < len("多卖") || s.before(it.seg.Start+at, "很", "许", "最", "不", "至", "大", "减", "缺", "众", "增", "好", "更", "较") {
			continue
		}
		if r, _ := decode(t, at+len(c.word)); moreVerbs.has(r) && !startsIn(t[at:], "多种经营", "多种形", "多种方", "多种渠", "多种途", "多种模") && !strings.HasSuffix(t, "的") {
			it.change = &pipeline.Change{Direction: c.direction, Role: "delta", Basis: s.basis(i, it.seg.Start+at)}
			return true
		}
	}
	return false
}

// moreVerb reads 多 or 少 with a verb behind a comparison: 比上年多种了600亩,
// 比上年同期多蓄2.7亿立方米.
func (s *scan) moreVerb(i, p int) bool {
	it := &s.items[i]
	if it.keys&keyThan == 0 {
		return false
	}
	k := s.comparisonIn(it.seg.Start, p)
	if k < 0 {
		return false
	}
	t := s.text[k:p]
	if at := lastIndex(t, "节省"); at >= 0 && len(t)-at <= len("节省运输时间") && (it.kind == pipeline.Duration || it.kind == pipeline.Money) { // 比海运节省时间15天
		it.change = &pipeline.Change{Direction: "down", Role: "delta", Basis: s.basis(i, k+at)}
		return true
	}
	at := max(lastIndex(t, "多"), lastIndex(t, "少"))
	if at < 0 || len(t)-at > len("多销售") || s.before(k+at, "许", "很", "不", "至", "最", "大", "减", "缺", "众") || s.times.on(k+at) >= 0 {
		return false
	}
	direction := "up"
	if strings.HasPrefix(t[at:], "少") {
		direction = "down"
	}
	it.change = &pipeline.Change{Direction: direction, Role: "delta", Basis: s.basis(i, k+at)}
	return true
}

// rateOf reads a rate that is a change by its name: 增幅, 涨幅, 降幅, 跌幅.
func (s *scan) rateOf(i, p int) bool {
	it := &s.items[i]
	if it.kind != pipeline.Percent && it.kind != pipeline.Points {
		return false
	}
	for _, w := range [...]string{"为", "是", "在", "达到"} {
		if strings.HasSuffix(s.text[it.seg.Start:p], w) {
			p -= len(w)
			break
		}
	}
	v, q := s.longestBefore(s.k.growthB, it.seg.Start, p)
	if v < 0 || !nounOfGrowth(s.text[q:p]) || strings.HasSuffix(s.text[q:p], "增速") && it.form != pipeline.Point {
		return false
	}
	it.change = &pipeline.Change{Direction: s.k.growth[v], Role: "delta", Basis: s.basis(i, p)}
	if it.num.Value.IsNegative() {
		it.change.Direction = "down"
	}
	return true
}

// overTime moves p to the left over a time between the verb and its number:
// 增长到2023年的1.6万元.
func (s *scan) overTime(start, p int) int {
	if !strings.HasSuffix(s.text[start:p], "的") {
		return p
	}
	q := p - len("的")
	for _, w := range [...]string{"现在", "如今", "目前", "今天", "眼下", "当前"} { // 跌到现在的9.6万元
		if at, ok := strings.CutSuffix(s.text[start:q], w); ok && endsIn(at, "到", "至", "为") {
			return q - len(w)
		}
	}
	if t := s.times.on(max(q-1, 0)); q > start && t >= 0 && s.times.spans[t].End == q && s.times.spans[t].Start > start {
		if at := s.times.spans[t].Start; s.before(at, "到", "至", "为") {
			return at
		}
	}
	return p
}

// recovers reads 恢复到2019年同期的128.5%.
func (s *scan) recovers(it *item, p int) bool {
	t := s.text[it.seg.Start:p]
	if !strings.HasSuffix(t, "的") {
		return false
	}
	for _, w := range [...]string{"恢复到", "恢复至", "相当于", "达到", "提高到", "增长到", "已达", "降到", "降至"} {
		if at := lastIndex(t, w); at >= 0 && at+len(w) < len(t) {
			what := strings.TrimSuffix(t[at+len(w):], "的")
			if !strings.HasPrefix(w, "恢复") && !containsAny(what, "年", "同期", "去年") {
				continue
			}
			it.change = &pipeline.Change{Role: "ratio", Basis: s.versus(it.seg.Start+at+len(w), what)}
			it.cut = it.seg.Start + at
			return true
		}
	}
	return false
}

// newly makes the number of 新增X an increase.
func (s *scan) newly(it *item) {
	if it.keys&(keyNew|keyNet) == 0 {
		return
	}
	seg := s.text[it.seg.Start:it.seg.End]
	for _, w := range [...]string{"净增", "新增"} {
		at := lastIndex(seg, w)
		if at < 0 || w == "新增" && (strings.HasPrefix(seg[at:], "新增城镇就业") || strings.HasPrefix(seg[at:], "新增就业") && strings.HasSuffix(seg[:at], "城镇") || strings.HasPrefix(seg[at:], "新增贷款余额")) {
			continue
		}
		it.change = &pipeline.Change{Direction: "up", Role: "delta"}
		return
	}
}

// backOver moves p to the left over what may stand between a growth verb and its number.
func (s *scan) backOver(start, p int) int {
	for range 3 {
		if r, _ := decodeLast(s.text[start:p]); !fillerEnds.has(r) {
			return p
		}
		moved := false
		for _, w := range [...]string{"了", "近", "约", "超", "逾", "幅度", "幅度达", "幅度为", "出", "达", "均", "大约", "超过", "比例", "幅度约"} {
			if w == "达" && strings.HasSuffix(s.text[start:p], "高达") {
				return p
			}
			if strings.HasSuffix(s.text[start:p], w) {
				if v, q := s.longestBefore(s.k.growthB, start, p); v >= 0 && p-q > len(w) {
					return p // 高出 is a verb itself
				}
				p -= len(w)
				moved = true
				break
			}
		}
		if !moved {
			break
		}
	}
	return p
}

// grows reports whether the growth word w at q tells of the number of it.
func (s *scan) grows(it *item, w string, q int) bool {
	if nounOfGrowth(w) {
		return false
	}
	if s.before(q, "不", "未", "没有") {
		return false
	}
	if w == "省" && s.before(q, "全", "我", "本", "外", "各", "两", "该", "邻") {
		return false
	}
	if len(w) == len("高") {
		switch w {
		case "快", "慢":
			return it.kind == pipeline.Points || it.kind == pipeline.Duration || it.kind == pipeline.Percent || it.kind == pipeline.Ratio
		case "高", "低":
			return it.kind == pipeline.Points || it.kind != pipeline.Rank && it.kind != pipeline.Count && (s.comparison(it.clause, q) >= 0 || s.goesOn(it, q))
		case "多", "少", "省":
			if it.kind == pipeline.Rank || it.kind == pipeline.Count && w != "多" && s.comparison(it.clause, q) < 0 && !s.contrary(q, w) {
				return false
			}
			return s.comparison(it.clause, q) >= 0 || s.contrary(q, w) || w != "多" && s.has(q+len(w), "了") && !s.before(q, "缺", "减", "至", "很") ||
				w == "省" && s.before(q, "能", "可", "可以", "就", "年", "月", "天", "还", "费", "成本", "开支", "时间", "油钱", "电钱")
		case "减", "增", "升", "降", "涨", "跌", "添":
			return it.kind != pipeline.Count && !s.before(q, "新", "产", "提", "上", "下", "收")
		}
	}
	switch w {
	case "扩建", "延长", "精简", "延伸", "领先", "落后", "滞后":
		return it.kind != pipeline.Count || w != "扩建"
	case "新增":
		return !s.before(q, "城镇")
	case "提前", "前移", "上移":
		return w != "提前" && it.kind == pipeline.Count
	}
	return true
}

// goesOn reports whether 也 or 还 before q takes up the comparison of the clause
// before: 玉米比山东便宜一百六十元，电价也低两成.
func (s *scan) goesOn(it *item, q int) bool {
	return s.before(q, "也", "还", "均") && (it.kind == pipeline.Percent || it.kind == pipeline.Money) && s.comparison(max(it.sentence.Start, s.start), it.clause) >= 0
}

// contrary reports whether 多了 or 少了 at q stands against what one expects:
// 用工反而少了三百多人.
func (s *scan) contrary(q int, w string) bool {
	return s.has(q+len(w), "了") && s.before(q, "反而", "反倒", "却", "倒", "还", "足足", "整整", "一下子")
}

// ratioOf reads 是2015年的2.5倍, 相当于…的3倍, 效率是人工的20多倍.
func (s *scan) ratioOf(i, p int) bool {
	it := &s.items[i]
	t := s.text[it.seg.Start:p]
	if !strings.HasSuffix(t, "的") {
		return false
	}
	at, word := -1, ""
	for _, w := range [...]string{"相当于", "等于", "达到", "增至", "是", "为", "达", "比"} {
		if k := lastIndex(t, w); k >= 0 && k > at {
			at, word = k, w
		}
	}
	if at < 0 {
		return false
	}
	what := strings.TrimSuffix(t[at+len(word):], "的")
	it.change = &pipeline.Change{Role: "ratio", Basis: s.versus(it.seg.Start+at+len(word), what)}
	it.cut = it.seg.Start + at
	return true
}

// comparesTo reads 高于全国1.2个百分点, whose verb stands before what it compares with.
func (s *scan) comparesTo(i, p int) bool {
	it := &s.items[i]
	if it.kind == pipeline.Rank || it.keys&keyCompare == 0 {
		return false
	}
	t := s.text[it.seg.Start:p]
	for _, c := range [...]struct{ word, direction string }{{"高于", "up"}, {"高出", "up"}, {"快于", "up"}, {"领先", "up"}, {"优于", "up"}, {"超出", "up"}, {"超过", "up"}, {"多于", "up"}, {"低于", "down"}, {"慢于", "down"}, {"落后于", "down"}, {"落后", "down"}, {"少于", "down"}} {
		at := lastIndex(t, c.word)
		if at < 0 || at+len(c.word) >= len(t) {
			continue
		}
		if it.kind != pipeline.Points && it.kind != pipeline.Percent && it.kind != pipeline.Multiple && c.word != "高于" && c.word != "高出" {
			continue
		}
		if it.kind == pipeline.Percent && (c.word == "超过" || c.word == "超出") {
			continue
		}
		it.change = &pipeline.Change{Direction: c.direction, Role: "delta", Basis: s.versus(it.seg.Start+at+len(c.word), t[at+len(c.word):])}
		it.cut = it.seg.Start + at
		return true
	}
	return false
}

// rankChange gives the roles of 由第十八位升至第十五位.
func (s *scan) rankChange(it *item) {
	t := s.text[it.seg.Start:it.seg.End]
	for _, w := range [...]string{"升至", "升到", "跃升至", "上升到", "上升至", "前移至", "前移到", "提升至", "提升到", "跃居", "进至", "跃至", "降至", "退至", "滑落至", "下降到"} {
		if strings.Contains(t, w) {
			it.change = &pipeline.Change{Role: "to", Direction: "up"}
			if strings.ContainsAny(w, "降退滑") {
				it.change.Direction = "down"
			}
			return
		}
	}
}

// fromTo pairs 由 A 提高到 B: A gets the role from and both a group.
func (s *scan) fromTo() {
	group := 0
	for i := range s.items {
		b := &s.items[i]
		if b.change == nil || b.change.Role != "to" {
			if b.change != nil || i == 0 || !strings.HasSuffix(strings.TrimRight(s.text[b.seg.Start:b.seg.End], " "), "向") && !s.arrow(i) {
				continue
			}
		}
		if i == 0 {
			continue
		}
		a := &s.items[i-1]
		if a.sent != b.sent || a.block != b.block || a.kind != b.kind || !s.comesFrom(a) && !s.wasOnce(a, b) {
			continue
		}
		if b.change == nil {
			d := "up"
			if b.lowEnd().LessThan(a.lowEnd()) {
				d = "down"
			}
			b.change = &pipeline.Change{Direction: d, Role: "to"}
		}
		if b.change.Direction == "up" && b.kind != pipeline.Rank && a.form == pipeline.Point && b.form == pipeline.Point && a.code == b.code && b.value.LessThan(a.value) {
			b.change.Direction = "down" // 埋深由4米回升到3米
		}
		a.change = &pipeline.Change{Role: "from"}
		group++
		a.group = &pipeline.Group{ID: group, Index: 0, Kind: "from_to"}
		b.group = &pipeline.Group{ID: group, Index: 1, Kind: "from_to"}
	}
	s.groups(group)
}

// arrow reports whether the words between two figures say that the second is
// what the first became, with a verb that has no direction: 由 A 变为 B.
func (s *scan) arrow(i int) bool {
	b := &s.items[i]
	t := s.text[b.seg.Start:s.overTime(b.seg.Start, b.seg.End)]
	if s.items[i-1].to != b.seg.Start {
		return false
	}
	for _, w := range [...]string{"到", "至", "变为", "变成", "调整为", "改为", "调整到", "调整至", "发展到", "发展到了", "推进到", "优化至", "优化到", "压到", "压至", "减到", "跌到", "缩到", "延伸到", "延伸至", "跃至", "转为", "改到", "向"} {
		if strings.HasSuffix(t, w) {
			return true
		}
	}
	return false
}

// comesFrom reports whether 由 or 从 stands before the figure, with at most a
// time or a few words between them.
func (s *scan) comesFrom(a *item) bool {
	t := s.text[a.seg.Start:a.seg.End]
	at := max(lastIndex(t, "由"), lastIndex(t, "从"))
	if at >= 0 && len(t)-at <= 45 {
		a.cut = a.seg.Start + at
		return true
	}
	return false
}

// wasOnce reports whether a tells of the past and b of what became of it, in
// clauses of their own: 十年前卖三毛钱，如今降到一毛二.
func (s *scan) wasOnce(a, b *item) bool {
	if a.code != b.code || a.change != nil || !containsAny(s.text[b.seg.Start:b.seg.End], "如今", "现在", "目前", "眼下") {
		return false
	}
	lead := s.text[a.clause:a.from]
	for _, w := range [...]string{"过去", "以前", "原来", "原先", "从前", "以往", "往年", "当年", "当初", "最初", "起初"} {
		if k := strings.LastIndex(lead, w); k >= 0 {
			a.cut = max(a.clause+k, 1)
			return true
		}
	}
	t := s.timesBefore(a.from)
	return t >= 0 && s.d.Times[t].Start >= a.clause && strings.HasSuffix(s.text[s.d.Times[t].Start:s.d.Times[t].End], "前")
}

func (s *scan) groups(n int) { s.groupCount = n }

// basis says what a change is measured against.
func (s *scan) basis(i, verb int) string {
	it := &s.items[i]
	end := it.core.Start
	clause := s.text[it.clause:end]
	if k := s.comparisonIn(it.clause, end); k >= 0 {
		_, w := s.at(k)
		stop := max(verb, k+w)
		for j := k + w; j < stop; {
			if v, e := s.longest(s.k.growthF, j, end); v >= 0 && e-j > len("高") {
				stop = j
				break
			}
			_, w := s.at(j)
			j += w
		}
		for j := i - 1; j >= 0 && s.items[j].core.End > k; j-- {
			stop = min(stop, s.items[j].from)
		}
		if s.has(k+w, "于") {
			w += len("于")
		}
		if b := s.versus(k+w, s.text[min(k+w, stop):stop]); b != "" {
			return b
		}
	}
	if b := s.against(it); b != "" {
		return b
	}
	switch {
	case strings.Contains(clause, "年均"), strings.Contains(clause, "年平均"):
		if strings.Contains(clause, "两年平均") {
			return "cagr2"
		}
		return "cagr"
	case strings.Contains(clause, "环比"):
		return s.chainBasis(it)
	}
	for _, w := range [...]string{"高于", "低于"} {
		if strings.Contains(clause, w) {
			return ""
		}
	}
	from := max(s.start, end-1500)
	if stop := lastIndex(s.text[from:end], "。"); stop >= 0 {
		first := from + stop + len("。")
		if s.has(first, "其中", "分行业", "分产业", "分门类", "分地区", "分品种", "分领域") {
			before := s.text[from : from+stop]
			if k := lastIndex(before, "。"); k >= 0 {
				before = before[k:]
			}
			if containsAny(before, "同比", "比上年同期", "比去年同期") {
				return "yoy"
			}
		}
		from += stop
	}
	if strings.Contains(s.text[from:end], "同比") {
		return "yoy"
	}
	return ""
}

// against reads the comparison that heads its sentence: 与2020年相比，….
func (s *scan) against(it *item) string {
	from := max(it.sentence.Start, it.clause-120)
	if from >= it.clause {
		return ""
	}
	t := s.text[from:it.clause]
	if k := lastIndex(t, "相比"); k > 0 {
		for _, w := range [...]string{"与", "同", "和", "跟", "较"} {
			if at := lastIndex(t[:k], w); at >= 0 && k-at < 45 {
				return s.versus(from+at+len(w), t[at+len(w):k])
			}
		}
	}
	if rest, ok := strings.CutPrefix(t, "对比"); ok {
		if k := strings.Index(rest, "，"); k > 0 && k < 45 {
			return s.versus(from+len("对比"), rest[:k])
		}
	}
	return ""
}

// comparisonIn is comparison over a clause: the last 比 or 较 in it.
func (s *scan) comparisonIn(start, end int) int {
	found := -1
	for p := start; p < end; {
		k := s.comparison(p, end)
		if k < 0 {
			break
		}
		found = k
		p = k + 3
	}
	return found
}

// chainBasis resolves 环比: of a month to mom, of a quarter to qoq.
func (s *scan) chainBasis(it *item) string {
	if t := s.timesBefore(it.core.Start); t >= 0 && s.d.Times[t].Start >= s.start {
		switch s.d.Times[t].Precision {
		case "month":
			return "mom"
		case "quarter":
			return "qoq"
		}
	}
	if strings.Contains(s.clauseText(it.core.Start), "月") {
		return "mom"
	}
	if strings.Contains(s.clauseText(it.core.Start), "季度") {
		return "qoq"
	}
	return ""
}

// versus names a basis: a year, a day, a time of the text, or words.
func (s *scan) versus(at int, words string) string {
	words = strings.Trim(strings.Map(narrow, words), " 的了、，")
	for _, w := range [...]string{"同期水平", "相比", "同比", "又", "均", "分别", "将", "再", "还", "就", "要", "已", "也", "则"} {
		if strings.HasSuffix(words, "平均") {
			break
		}
		words = strings.TrimSuffix(words, w)
	}
	words = strings.TrimRight(words, "高快低慢多少则")
	if !strings.HasSuffix(words, "平均") {
		words = strings.TrimRight(words, "高快低慢多少则均")
	}
	words = strings.Trim(words, " 的了、，")
	if k := strings.Index(words, "每"); k > 0 { // 比市场每公斤高
		words = words[:k]
	}
	switch words {
	case "":
		return ""
	case "上年同期", "去年同期", "上年同时期", "同期":
		return "yoy"
	case "年初":
		if y := s.yearBefore(at); y > 0 {
			return "vs:" + strconv.Itoa(y) + "-01-01"
		}
	case "今年初", "今年年初":
		if y := s.d.Date.Year; y > 0 {
			return "vs:" + strconv.Itoa(y) + "-01-01"
		}
	case "去年", "去年全年":
		if y := s.d.Date.Year; y > 0 {
			return "vs:" + strconv.Itoa(y-1)
		}
	case "上年", "上一年", "上年度":
		if y := s.yearBefore(at); y > 0 {
			return "vs:" + strconv.Itoa(y-1)
		}
	case "去年底", "去年末", "去年年底", "去年年末":
		if y := s.d.Date.Year; y > 0 {
			return "vs:" + strconv.Itoa(y-1) + "-12-31"
		}
	case "上年末", "上年底", "上年年末", "上年年底":
		if y := s.yearBefore(at); y > 0 {
			return "vs:" + strconv.Itoa(y-1) + "-12-31"
		}
	case "前年":
		if y := s.d.Date.Year; y > 0 {
			return "vs:" + strconv.Itoa(y-2)
		}
	case "上月":
		return "mom"
	}
	if len(words) >= 7 && words[0] >= '1' && words[0] <= '2' {
		year, rest := words[:4], words[4:]
		switch rest {
		case "年":
			return "vs:" + year
		case "年同期", "年同期水平":
			return "vs:" + year
		case "年底", "年末", "年年底":
			return "vs:" + year + "-12-31"
		case "年初":
			return "vs:" + year + "-01-01"
		}
	}
	if b := s.versusTime(at, words); b != "" {
		return b
	}
	return "vs:" + words
}

// versusTime resolves the time at p that makes up the words: “十三五”末 to its last day.
func (s *scan) versusTime(p int, words string) string {
	t := s.times.on(p)
	if t < 0 || s.times.spans[t].Start != p || s.times.spans[t].End-p < len(words)-len("时期") || s.d.Times[t].To.IsZero() {
		return ""
	}
	switch x := &s.d.Times[t]; {
	case strings.HasSuffix(words, "前"): // 五年前 says how far back, not to what year
		return ""
	case strings.HasSuffix(words, "末") || strings.HasSuffix(words, "底"):
		return "vs:" + x.To.String()
	case x.Precision == "year" && x.From.Year == x.To.Year:
		return "vs:" + strconv.Itoa(x.To.Year)
	}
	return ""
}

// narrow makes a full-width digit a plain one.
func narrow(r rune) rune {
	if r >= '０' && r <= '９' {
		return r - '０' + '0'
	}
	return r
}

// yearBefore returns the year that 上年 at p is counted from: that of the last
// time before it that is no basis, else that of the issue.
func (s *scan) yearBefore(p int) int {
	last := s.timesBefore(p)
	for t := last; t >= 0 && last-t < 40 && s.d.Times[t].Start >= s.start; t-- {
		x := s.d.Times[t]
		if x.Role == "basis" || x.Role == "dateline" || s.compared(x.Span) || x.To.IsZero() {
			continue
		}
		return x.To.Year
	}
	for t := last; t >= 0 && last-t < 40; t-- { // a bulletin goes on to tell of the year before
		x := s.d.Times[t]
		if x.Precision == "year" && x.Role == "period" && !x.To.IsZero() && x.To.Year == s.d.Date.Year-1 {
			return x.To.Year
		}
		if x.Role != "basis" && !x.To.IsZero() {
			break
		}
	}
	return s.d.Date.Year
}
