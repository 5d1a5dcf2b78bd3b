package figure

import (
	"sort"
	"strings"

	"longmai/pipeline"
	"longmai/pipeline/numeral"
)

// attach gives the items what stands around them: units of bare numbers, then
// change, metric, groups, time, status, aggregate, subject and category.
func (s *scan) attach() {
	s.sharedUnits()
	s.locate()
	s.headerUnits()
	s.bareUnits()
	s.ones()
	s.keep()
	s.divide()
	s.markItems()
	for i := range s.items {
		if !s.items[i].settled {
			s.changeOf(i)
		}
	}
	s.fromTo()
	s.measuredSoFar = s.measuredSoFar[:0]
	for i := range s.items {
		if !s.items[i].settled || s.items[i].metric == nil {
			s.metricOf(i)
			if !s.yield(&s.items[i]) {
				s.chooseMeasured(i)
			}
		}
		name := ""
		if m := s.items[i].metric; m != nil {
			name = m.Name
		}
		s.measuredSoFar = append(s.measuredSoFar, name)
	}
	s.distribute()
	for i := range s.items {
		s.perOf(i)
		s.aggregateOf(i)
		s.timeOf(i)
	}
	s.speech()
	s.statuses()
	s.subjects()
	for i := range s.items {
		s.finish(&s.items[i])
	}
}

// sharedUnits gives the unit of the last member of a list to those before it:
// 新建3、5、8座; 2.1个、0.7个百分点.
func (s *scan) sharedUnits() {
	for i := len(s.items) - 2; i >= 0; i-- {
		a, b := &s.items[i], &s.items[i+1]
		if a.block != b.block || b.unit == nil || b.from < a.to || !isListGap(s.text[a.to:b.from]) || b.isRange {
			continue
		}
		switch {
		case a.bare && a.num.Digits+len(s.text[a.num.Start:a.num.End]) > 0 && !a.isRange:
			if b.unit.dim == "money" && a.num.Scale == 0 && b.num.Scale > 0 {
				continue // 5、6月 … is no list of money
			}
			a.unit, a.code, a.kind, a.bare, a.inferred, a.rule = b.unit, b.code, b.kind, false, true, "list.unit"
			form, marks := a.form, a.marks
			s.setValue(a, &a.num)
			if a.form == pipeline.Point {
				a.form, a.marks = form, marks
			}
		case a.unit != nil && a.unit.word == "个" && strings.HasPrefix(b.unit.word, "个") && b.unit.word != "个":
			a.unit, a.code, a.kind, a.inferred, a.rule = b.unit, b.code, b.kind, true, "list.unit"
		}
	}
}

func isListGap(gap string) bool {
	switch gap {
	case "、", "和", "及", "与", "或":
		return true
	}
	return false
}

// locate sets sentence, clause and segment of every item.
func (s *scan) locate() {
	for i := range s.items {
		it := &s.items[i]
		s.enter(it)
		it.sentence, it.sent = s.sentenceAt(it.core.Start)
		it.clause = s.clauseStart(it.from)
	}
	s.divide()
}

// divide gives every item the words of its clause that the item before it leaves.
func (s *scan) divide() {
	for i := range s.items {
		it := &s.items[i]
		start := it.clause
		if i > 0 && s.items[i-1].block == it.block {
			start = max(start, min(s.items[i-1].to, it.from))
		}
		if seg := (pipeline.Span{Start: start, End: it.from}); it.seg != seg || seg.Empty() {
			it.seg, it.keys = seg, s.keysIn(start, it.from)
		}
	}
}

// bareUnits gives a bare number the unit that its metric implies: 投资突破万亿,
// PUE值由1.32降至1.18.
func (s *scan) bareUnits() {
	for i := range s.items {
		it := &s.items[i]
		if !it.bare {
			continue
		}
		if i > 0 && s.items[i-1].block != it.block || i == 0 {
			b := s.d.Blocks[it.block].Span
			s.start, s.end = b.Start, b.End
		}
		if s.landmark(i) {
			continue
		}
		p, ok := s.nounBefore(i)
		if ok {
			m := s.metricEnding(p.Start, p.End)
			if m != nil && m.bare != "" {
				s.adopt(it, m.bare)
				continue
			}
			if v, _ := s.longestBefore(s.k.persons, p.Start, p.End); v >= 0 && (it.num.Scale > 0 || lowest(&it.num).GreaterThanOrEqual(thousand)) && p.End == it.from {
				s.adopt(it, "{person}")
				continue
			}
			if j := i - 1; j >= 0 && s.items[j].kind == pipeline.Money && s.items[j].sent == it.sent && s.items[j].block == it.block && it.num.Style == numeral.Han && it.num.Scale > 0 && (it.num.Ellipsis || it.num.Form == numeral.Between) && (m == nil || m.bare == "") {
				s.adopt(it, "CNY")
				continue
			}
			if m != nil && it.num.Ellipsis && it.num.Scale > 0 {
				it.kind, it.rule, it.bare = pipeline.Number, "number.spoken", false
				continue
			}
		}
		if it.num.Scale > 0 && s.before(it.from, "迎客", "迎客达", "迎客超", "接待游客", "吸引游客") {
			s.adopt(it, "{person}")
			continue
		}
		if j := i - 1; !ok && j >= 0 && s.items[j].kind == pipeline.Money && s.items[j].sent == it.sent && s.items[j].block == it.block && it.num.Style == numeral.Han && it.num.Scale > 0 && (it.num.Ellipsis || it.num.Form == numeral.Between) {
			s.adopt(it, "CNY")
			continue
		}
		if s.before(it.from, "挣", "挣了", "赚", "赚了", "卖", "卖了", "分红", "花了", "花", "存了", "借了", "攒了", "还了", "收入", "净赚") {
			s.adopt(it, "CNY")
			continue
		}
		j := i - 1
		for j >= 0 && s.items[j].one {
			j--
		}
		if !ok && j >= 0 && s.items[j].sent == it.sent && s.items[j].rule == "number" && it.num.Digits > 0 && it.num.Scale == 0 {
			s.adopt(it, "number")
		}
	}
}

func (s *scan) adopt(it *item, unit string) {
	switch unit {
	case "CNY":
		if it.num.Scale == 0 && !it.num.Ellipsis && it.num.Value.LessThan(hundredThousand) && !(it.num.Form == numeral.Between && it.num.Value.GreaterThanOrEqual(thousand)) {
			return
		}
		it.unit, it.code, it.kind, it.inferred, it.rule = s.k.byCode["CNY"], "CNY", pipeline.Money, true, "money.bare"
	case "number":
		if it.num.Scale > 0 || it.num.Digits == 0 || it.num.Digits > 8 {
			return
		}
		it.kind, it.rule = pipeline.Number, "number"
		if s.has(it.core.End, "分") && !s.has(it.core.End, "分别", "分之", "分钟") { // 总分682分
			it.core.End += len("分")
			it.to = max(it.to, it.core.End)
		}
	case "":
		return
	default:
		u := s.k.byCode[unit]
		if u == nil || it.num.Scale == 0 && lowest(&it.num).LessThan(thousand) {
			return
		}
		it.unit, it.code, it.kind, it.inferred, it.rule = u, u.code, dimensions[u.dim], true, "count.bare"
	}
	it.bare = false
}

// ones keeps 一 with a classifier only where it counts in a list: 牛奶一盒、面包两个.
func (s *scan) ones() {
	for i := range s.items {
		it := &s.items[i]
		if !it.one {
			continue
		}
		if it.rule == "noun.counted" || it.to > it.core.End || it.from < it.core.Start {
			continue
		}
		if s.before(it.core.Start, "不落下", "不落", "不漏", "不少", "不丢", "不掉") {
			it.refused = true
			s.refuse(it.core, "idiom", "not one is left out")
			continue
		}
		r, _ := utf8At(s.text, it.core.End)
		ended := r == '、' || r == '，' || r == '。' || r == '；' || r == ',' || r == ';' || r == '和'
		sibling := false
		for _, j := range [...]int{i - 1, i + 1} {
			if j < 0 || j >= len(s.items) || s.items[j].block != it.block || s.items[j].kind != pipeline.Count {
				continue
			}
			a, b := min(it.core.End, s.items[j].core.End), max(it.core.Start, s.items[j].core.Start)
			gap := s.text[a:b]
			if len(gap) <= 36 && (strings.HasPrefix(gap, "、") || strings.HasPrefix(gap, "和") || strings.HasPrefix(gap, "，")) {
				sibling = true
			}
		}
		if s.enter(it); s.soleBefore(it.core.Start) {
			continue
		}
		noun, ok := s.nounBefore(i)
		if !ended || !sibling || !ok || noun.End != it.core.Start {
			it.refused = true
			s.refuse(it.core, "indefinite", "一 as an article")
		}
	}
}

func utf8At(text string, p int) (rune, int) {
	if p >= len(text) {
		return 0, 0
	}
	return decode(text, p)
}

// keep drops the items that are no figures.
func (s *scan) keep() {
	s.found = len(s.items)
	n := 0
	for i := range s.items {
		it := &s.items[i]
		switch {
		case it.refused:
			continue
		case it.bare:
			s.refuse(it.core, "bare", "a number without a unit")
			continue
		case n < i:
			s.items[n] = *it
		}
		n++
	}
	s.items = s.items[:n]
}

// metricOf finds the noun phrase that is measured or counted.
func (s *scan) metricOf(i int) {
	it := &s.items[i]
	s.enter(it)
	before, okB := s.nounBefore(i)
	after, okA := s.nounAfter(it)
	use := func(p pipeline.Span, behind bool) {
		it.metric = s.phraseOn(p)
		it.after = behind
	}
	if it.kind == pipeline.Rank {
		switch {
		case okB:
			use(before, false)
		default:
			s.inherit(i)
		}
		if it.metric == nil && okA {
			use(after, true)
		}
		return
	}
	if okA && okB && s.endsInVerb(before) {
		okB = false
	}
	head := okB && s.metricEnding(before.Start, before.End) != nil
	headAfter := okA && s.metricEnding(after.Start, after.End) != nil
	if it.kind == pipeline.Percent || it.kind == pipeline.Ratio {
		if it.change == nil {
			if p, ok := s.shareOf(it, before, okB); ok {
				use(p, false)
				return
			}
		}
		if !okB && s.has(it.to, "是", "为") {
			if end := s.nounPhrase(it.to+len("是"), 24); end > it.to+len("是") {
				use(pipeline.Span{Start: it.to + len("是"), End: end}, true)
				return
			}
		}
	}
	switch {
	case it.kind == pipeline.Count && s.before(it.core.Start, "一家") && it.code == "{person}":
		use(pipeline.Span{Start: it.core.Start - len("一家"), End: it.core.Start}, false)
	case it.kind == pipeline.Count && i+1 < len(s.items) && s.items[i+1].core.Start == it.to && s.items[i+1].form == pipeline.Class && s.pairedMetric(i):
	case it.kind == pipeline.Count && it.rule == "noun.counted":
		word := it.core
		word.Start = it.num.End
		use(word, true)
	case it.form == pipeline.Class && okA:
		use(after, true)
	case it.kind == pipeline.Count && okA && !(head && s.plainAfter(it)):
		use(after, true)
	case okA && !okB && (it.kind == pipeline.Quantity || it.kind == pipeline.Money):
		use(after, true)
	case headAfter && it.kind == pipeline.Money && !head, headAfter && it.kind == pipeline.Duration && !head:
		use(after, true)
	case okB:
		use(before, false)
	default:
		if s.pairedMetric(i) {
			return
		}
		if p, ok := s.verbBefore(it); ok {
			use(p, false)
			return
		}
		s.inherit(i)
		if it.metric == nil && (it.code == "{person}" || it.code == "{household}") && it.kind == pipeline.Count && it.unit != nil && it.unit.word != "名" && it.unit.word != "位" && it.core.End > it.num.End {
			use(pipeline.Span{Start: it.num.End, End: it.core.End}, true) // 有386户1542口人
		}
	}
}

// phraseOn is what the words of a span name; line ends inside them are nothing.
func (s *scan) phraseOn(p pipeline.Span) *pipeline.Phrase {
	name := s.text[p.Start:p.End]
	if strings.IndexByte(name, '\n') >= 0 || strings.IndexByte(name, '\r') >= 0 {
		name = strings.Map(dropBreak, name)
	}
	return s.keepPhrase(pipeline.Phrase{Span: p, Name: name})
}

// keepPhrase returns a phrase that outlives the scan. Many are made at once.
func (s *scan) keepPhrase(p pipeline.Phrase) *pipeline.Phrase {
	s.phrases = roomFor(s.phrases, len(s.items))
	s.phrases = append(s.phrases, p)
	return &s.phrases[len(s.phrases)-1]
}

// roomFor returns a slice with room for one more: a, or a new one of at most 64.
func roomFor[T any](a []T, want int) []T {
	if len(a) < cap(a) {
		return a
	}
	return make([]T, 0, min(max(want, 1), 64))
}

// endsInVerb reports whether a phrase ends in a verb with its complement, which
// is no metric: 操场铺上, 包上.
func (s *scan) endsInVerb(p pipeline.Span) bool {
	t := s.tokens.on(p.End - 1)
	if t < 0 || s.tokens.spans[t].End != p.End || s.metricEnding(p.Start, p.End) != nil {
		return false
	}
	pos := s.d.Tokens[t].POS
	r, _ := decodeLast(s.text[p.Start:p.End])
	return pos != "" && (pos[0] == 'v' && pos != "vn" || pos == "f" || pos[0] == 'u') && complements.has(r)
}

// verbBefore returns the verb before a number that has no noun: 引水50亿立方米.
// Verbs that say nothing (完成, 达到) do not count.
func (s *scan) verbBefore(it *item) (pipeline.Span, bool) {
	if it.change != nil || it.kind != pipeline.Quantity && it.kind != pipeline.Count && it.kind != pipeline.Money && it.kind != pipeline.Percent {
		return pipeline.Span{}, false
	}
	end := s.stripLinks(it.seg.Start, it.seg.End)
	v, q := s.longestBefore(s.k.wordB, it.seg.Start, end)
	if v < 0 || s.k.words[v] != "verb" || end-q < len("引水") || !s.isWord(q, end) {
		return pipeline.Span{}, false
	}
	return pipeline.Span{Start: q, End: end}, true
}

// pairedMetric takes the metric of the figure that follows at once: 数十批数百名企业家,
// 50万千瓦/200万千瓦时储能电站, 110兆瓦（11万千瓦）光热项目.
func (s *scan) pairedMetric(i int) bool {
	if i+1 >= len(s.items) || s.items[i+1].block != s.items[i].block || s.items[i+1].from < s.items[i].to {
		return false
	}
	it, next := &s.items[i], &s.items[i+1]
	switch s.text[it.to:next.from] {
	case "", "/", "／", "（", "(":
	default:
		return false
	}
	if p, ok := s.nounAfter(next); ok {
		it.metric = &pipeline.Phrase{Span: p, Name: strings.Map(dropBreak, s.text[p.Start:p.End])}
		it.after = true
		return true
	}
	return false
}

// shareOf finds what has the share: in 完成投资占全部投资的三分之二 it is 完成投资,
// in 约占全省的55% the words 占全省.
func (s *scan) shareOf(it *item, before pipeline.Span, ok bool) (pipeline.Span, bool) {
	clause := s.text[it.clause:it.from]
	at := lastIndex(clause, "占")
	if at < 0 || strings.HasPrefix(clause[at:], "占比") || strings.HasPrefix(clause[at:], "占地") || strings.HasPrefix(clause[at:], "占用") || strings.HasPrefix(clause[at:], "占有") {
		return pipeline.Span{}, false
	}
	at += it.clause
	if at >= it.seg.Start {
		end := s.stripLinks(it.seg.Start, at)
		if start := s.nounStart(it.seg.Start, end); start < end {
			return pipeline.Span{Start: start, End: end}, true
		}
	}
	stop := it.from
	for stop > at {
		r, w := decodeLast(s.text[at:stop])
		if r != '的' && r != ' ' {
			break
		}
		stop -= w
	}
	if k := lastIndex(s.text[at:stop], "的"); k > 0 && !strings.HasSuffix(s.text[at:it.from], "的") {
		return before, ok
	}
	if i := sort.Search(len(s.items), func(i int) bool { return s.items[i].core.Start > at }); i < len(s.items) && s.items[i].core.Start < stop {
		stop = s.items[i].core.Start
	}
	if stop-at < len("占全省") {
		return pipeline.Span{}, false
	}
	return pipeline.Span{Start: at, End: stop}, true
}

func (s *scan) enter(it *item) {
	b := s.d.Blocks[it.block].Span
	s.start, s.end = b.Start, b.End
}

// plainAfter reports whether what follows a count is the beginning of the next statement.
func (s *scan) plainAfter(it *item) bool {
	r, _ := s.next(it.to)
	return r == 0 || isClauseEnd(r) || r == '、' || r == '）' || r == ')' || r == '”'
}

// inherit takes the metric of the figure before, in the same sentence or else the same block.
func (s *scan) inherit(i int) {
	it := &s.items[i]
	for j := i - 1; j >= 0 && i-j <= 6; j-- {
		p := &s.items[j]
		if p.block != it.block || it.sent-p.sent > 1 || it.sent != p.sent && it.kind != pipeline.Percent && it.kind != pipeline.Points && !s.parallel(it) {
			return
		}
		if it.sent != p.sent && p.kind != it.kind && s.parallel(it) {
			continue
		}
		if it.kind == pipeline.Count && p.kind != pipeline.Count && it.change == nil && !(j == i-1 && it.from >= p.to && s.text[p.to:it.from] == "、") {
			continue
		}
		if it.kind == pipeline.Duration && p.kind != pipeline.Duration && it.change == nil {
			continue
		}
		if p.metric != nil && (p.kind != pipeline.Duration || it.kind == pipeline.Duration || j == i-1) {
			it.metric = p.metric
			it.after = p.after
			return
		}
	}
}

// parallel reports whether nothing but a name stands before the number, as in
// 兰州市地区生产总值2700亿元；酒泉市719亿元.
func (s *scan) parallel(it *item) bool {
	if it.kind != pipeline.Money && it.kind != pipeline.Quantity {
		return false
	}
	e := s.entitiesBefore(it.from)
	return e >= 0 && s.entities.spans[e].Start >= it.clause && s.entities.spans[e].End == it.from
}

// nounAfter returns the noun phrase that begins behind it.
func (s *scan) nounAfter(it *item) (pipeline.Span, bool) {
	none := pipeline.Span{}
	p := it.to
	if r, w := s.next(p); r == '”' || r == '’' || r == '）' || r == ')' {
		if q, _ := s.prev(it.from); q == '“' || q == '‘' || q == '（' || q == '(' {
			p += w
		}
	}
	if s.has(p, "的") {
		p += len("的")
	}
	if s.has(p, "“", "‘", "《") {
		_, w := s.next(p)
		if end := s.nounPhrase(p+w, 12); end > p+w && s.has(end, "”", "’", "》") {
			return pipeline.Span{Start: p, End: s.nounPhrase(end+len("”"), 24)}, true
		}
		return none, false
	}
	if s.ends(p) {
		return none, false
	}
	if v, e := s.longest(s.k.growthF, p, s.end); v >= 0 && e-p > 3 {
		return none, false
	}
	start, end := p, s.nounPhrase(p, 30)
	if (it.kind == pipeline.Count || it.kind == pipeline.Duration) && s.has(start, "到", "赴", "前往", "往", "向", "进", "在") && s.isPreposition(start) {
		return none, false
	}
	if end == start && s.has(end, "装的", "长的", "宽的", "高的", "重的", "深的") {
		start = end + len("装的")
		end = s.nounPhrase(start, 24)
	}
	if end == start && it.kind == pipeline.Count {
		if class, e := s.grammarWord(p, s.end); (class == "verb" || class == "light") && e-p > 3 && s.ends(e) {
			end = e
		}
	}
	for it.form != pipeline.Class && s.has(end, "的") && end > start && !s.wholeNoun(it, start, end) && (it.kind == pipeline.Count || s.metricEnding(start, end) == nil) {
		next := s.nounPhrase(end+len("的"), 24)
		if next == end+len("的") {
			break
		}
		start, end = end+len("的"), next
	}
	end = s.trimAfter(it, start, end)
	end = s.cutVerb(it, start, end)
	if end-start < 2 || end <= start || end-start == 3 && s.metricEnding(start, end) == nil && !s.isNoun(start, end) {
		return none, false
	}
	switch s.text[start:end] {
	case "行列", "大关", "关口", "台阶", "门槛", "目标", "水平":
		return none, false
	}
	return pipeline.Span{Start: start, End: end}, true
}

// isPreposition reports whether the word at p leads to a place: 到陇南, 赴甘南.
func (s *scan) isPreposition(p int) bool {
	t := s.tokens.on(p)
	if t < 0 || s.tokens.spans[t].Start != p {
		return false
	}
	pos := s.d.Tokens[t].POS
	return pos == "p" || pos != "" && pos[0] == 'v'
}

// wholeNoun reports whether what is counted ends before 的: 50个国家的嘉宾.
func (s *scan) wholeNoun(it *item, start, end int) bool {
	if it.kind != pipeline.Count {
		return false
	}
	switch s.text[start:end] {
	case "国家", "国家和地区", "省份", "城市", "地区", "县", "县区", "乡镇", "村", "行政村", "省区市", "家庭", "民族", "班级", "部门":
		return true
	}
	return false
}

// cutVerb ends the phrase [start, end) behind a number before its verb: a verb
// with a complement or an aspect (花椒|背到县城), and behind people, bodies,
// beasts and goods any verb or adverb unless the phrase ends in such a noun
// again (返乡创业青年).
func (s *scan) cutVerb(it *item, start, end int) int {
	t := s.tokens.on(start)
	if t < 0 || it.form == pipeline.Class {
		return end
	}
	agent := it.kind == pipeline.Count && agents[it.code] || it.kind == pipeline.Quantity && it.unit != nil && it.unit.dim == "mass"
	if agent && it.kind == pipeline.Count {
		if v, _ := s.longestBefore(s.k.persons, start, end); v >= 0 {
			agent = false
		}
	}
	if m := s.metricEnding(start, end); m != nil {
		agent = false
	}
	noun := false
	for ; t < len(s.d.Tokens) && s.tokens.spans[t].Start < end; t++ {
		x := s.tokens.spans[t]
		pos := s.d.Tokens[t].POS
		if pos == "" {
			continue
		}
		if noun && (pos[0] == 'v' && pos != "vn" && (s.has(x.End, "到", "往", "至", "了", "着", "进", "过", "抵") && x.End < end+3 || agent) || agent && (pos == "d" || pos == "ad" || pos == "p")) {
			if x.Start-start >= len("县") {
				return x.Start
			}
		}
		noun = noun || pos[0] == 'n' || pos == "vn" || pos == "j" || x.Start == start
	}
	return end
}

// agents are the classifiers of what acts by itself.
var agents = map[string]bool{"{person}": true, "{org}": true, "{household}": true, "{vehicle}": true, "{animal}": true, "{plant}": true, "{team}": true}

// isToken reports whether [p, e) is one token.
func (s *scan) isToken(p, e int) bool {
	t := s.tokens.on(p)
	return t >= 0 && s.tokens.spans[t] == (pipeline.Span{Start: p, End: e})
}

// beginsToken reports whether a token begins at p.
func (s *scan) beginsToken(p int) bool {
	t := s.tokens.on(p)
	return t >= 0 && s.tokens.spans[t].Start == p
}

// isNoun reports whether [p, e) is a noun of the dictionary.
func (s *scan) isNoun(p, e int) bool {
	t := s.tokens.on(p)
	return s.isToken(p, e) && (s.d.Tokens[t].POS == "n" || s.d.Tokens[t].POS == "ng")
}

func (s *scan) ends(p int) bool {
	r, _ := s.next(p)
	return r == 0 || isClauseEnd(r) || r == '、' || r == '”'
}

// trimAfter cuts what belongs to the next statement: the 中 of 行业中31个, and the
// metric of the figure that follows (150家商贸企业销售额12.4亿元).
func (s *scan) trimAfter(it *item, start, end int) int {
	for _, w := range [...]string{"中", "里", "内", "上", "时", "后", "前", "之间", "之中"} {
		if t, ok := strings.CutSuffix(s.text[start:max(start, end)], w); ok && len(t) > 3 && !s.isToken(end-len("大学"), end) {
			end -= len(w)
			break
		}
	}
	if it.rule == "noun.people" {
		if _, q := s.longestBefore(s.k.metricB, start, end); q > start && q < end {
			if v, _ := s.longestBefore(s.k.persons, start, q); v >= 0 {
				return q
			}
		}
	}
	if it.kind != pipeline.Count || s.ends(end) {
		return end
	}
	if v, e := s.longest(s.k.nouns, start, end); v >= 0 && e > start+3 && e < end {
		return e
	}
	scoped := false
	for range 3 {
		if v, q := s.longestBefore(s.k.scopeB, start, end); v >= 0 && q > start {
			end, scoped = q, true
			continue
		}
		if scoped && end-start > 3 && (strings.HasSuffix(s.text[start:end], "居") || strings.HasSuffix(s.text[start:end], "列") || strings.HasSuffix(s.text[start:end], "排")) {
			end -= len("居")
			continue
		}
		v, q := s.longestBefore(s.k.metricB, start, end)
		if v < 0 || q <= start || s.k.metrics[v].category == "count" || s.k.metrics[v].category == "capacity" || s.k.metrics[v].category == "reserve" && !strings.HasSuffix(s.k.metrics[v].word, "量") {
			if v, q := s.longestBefore(s.k.signalB, start, end); v >= 0 && s.k.signals[v] == "rank" && q > start && end-q > 3 {
				end = q
				continue
			}
			break
		}
		end = s.withoutMeasure(start, q)
	}
	return end
}

// withoutMeasure cuts what belongs to the metric that was cut off at end: 平均 of
// 酒店平均入住率, 水质优良 of 断面水质优良比例.
func (s *scan) withoutMeasure(start, end int) int {
	for _, w := range [...]string{"平均", "人均", "户均", "日均", "年均", "累计", "合计", "总"} {
		if t, ok := strings.CutSuffix(s.text[start:end], w); ok && len(t) > 3 {
			return end - len(w)
		}
	}
	t := s.tokens.on(end - 1)
	if t <= 0 || s.tokens.spans[t].End != end || s.d.Tokens[t].POS != "a" || s.tokens.spans[t-1].Start <= start {
		return end
	}
	if s.d.Tokens[t-1].POS == "n" {
		return s.tokens.spans[t-1].Start
	}
	return s.tokens.spans[t].Start
}

// nounPhrase returns the end of the noun phrase at p: it goes on to the next
// mark, numeral, time, verb or adverb, and at most limit characters.
func (s *scan) nounPhrase(p, limit int) int {
	i := p
	for n := 0; n < limit && i < s.end; n++ {
		if class, end := s.grammarWord(i, s.end); class != "" {
			if class != "noun" && !s.measuredVerb(i, end) && !(i == p && (class == "verb" || class == "light") && s.modifier(end)) {
				return i
			}
			i = end
			continue
		}
		r, w := s.next(i)
		if isClauseEnd(r) || phraseEnds.has(r) || r == '的' {
			return i
		}
		if r == '第' && i > p && s.rankAt(i) {
			return i
		}
		if i > p && s.stops(i) {
			return i
		}
		if s.times.on(i) >= 0 {
			return i
		}
		if isDigit(r) {
			e := s.latinEnd(i)
			if last, _ := decodeLast(s.text[i:e]); !isLatin(last) || s.itemAt(i) {
				return i
			}
			i = e
			continue
		}
		if s.is(i, startsFigure) {
			if class, _, e := s.word(i, i+w); class != "" {
				if class == "idiom" {
					return i
				}
				i = max(e, i+w)
				continue
			}
			if s.itemAt(i) {
				return i
			}
		}
		i += w
	}
	return i
}

// rankAt reports whether a rank begins at p.
func (s *scan) rankAt(p int) bool {
	for k := len(s.items) - 1; k >= 0 && s.items[k].core.Start >= p; k-- {
		if s.items[k].core.Start == p && s.items[k].kind == pipeline.Rank {
			return true
		}
	}
	return false
}

// modifier reports whether the verb that ends at p modifies a noun behind it: 脱贫家庭.
func (s *scan) modifier(p int) bool {
	t := s.tokens.on(p)
	return t >= 0 && s.tokens.spans[t].Start == p && (s.d.Tokens[t].POS == "n" || s.d.Tokens[t].POS == "nz")
}

// measuredVerb holds for verbs that are measured like nouns: 投资, 贷款, 出口.
func (s *scan) measuredVerb(i, end int) bool {
	v, q := s.longestBefore(s.k.metricB, i, end)
	return v >= 0 && q == i
}

// stops reports whether a word of the dictionary at i ends a noun phrase: a
// function word, or a verb that no noun follows.
func (s *scan) stops(i int) bool {
	t := s.tokens.on(i)
	if t < 0 || s.tokens.spans[t].Start != i {
		return false
	}
	pos := s.d.Tokens[t].POS
	switch pos {
	case "d", "ad", "p", "c", "u", "r", "ul", "uj", "uz", "ug", "y", "ud", "uv", "df", "i", "l":
		return true
	case "v":
		if t+1 >= len(s.d.Tokens) {
			return true
		}
		next := s.d.Tokens[t+1]
		switch next.POS {
		case "n", "vn", "an", "b", "ng", "nz", "k":
			return false
		}
		return true
	}
	return false
}

// itemAt reports whether an item begins at p, its hedges included.
func (s *scan) itemAt(p int) bool {
	for k := len(s.items) - 1; k >= 0 && s.items[k].core.End > p-600; k-- {
		if s.items[k].from <= p && p < s.items[k].core.End {
			return true
		}
	}
	n, ok := numeral.Scan(s.text[:s.end], p)
	if !ok {
		return false
	}
	u, _ := s.unitAt(n.End, &n)
	return u != nil
}

// nounBefore returns the noun phrase between the start of the segment and the
// number, without the verbs and links at its end.
func (s *scan) nounBefore(i int) (pipeline.Span, bool) {
	it := &s.items[i]
	end := it.seg.End
	if it.cut > it.seg.Start && it.cut < end {
		end = it.cut
	} else if it.cut > 0 && it.cut <= it.seg.Start {
		s.wordsEnd = it.seg.Start
		return pipeline.Span{}, false
	}
	end = s.stripLinks(it.seg.Start, end)
	if it.kind == pipeline.Rank {
		end = s.stripRank(it.seg.Start, end)
	}
	if it.keys&keyThan != 0 {
		if cut := s.comparison(it.seg.Start, end); cut >= 0 {
			end = s.stripLinks(it.seg.Start, cut)
		}
	}
	s.wordsEnd = end
	start := s.nounStart(it.seg.Start, end)
	if start >= end {
		return pipeline.Span{}, false
	}
	if marksOnly(s.text[start:end]) {
		return pipeline.Span{}, false
	}
	return pipeline.Span{Start: start, End: end}, true
}

// stripLinks moves end to the left over what stands between a noun phrase and
// its number: growth verbs, links, hedges, adverbs, times, 每亩, 一箱.
func (s *scan) stripLinks(start, end int) int {
	for end > start {
		r, w := decodeLast(s.text[start:end])
		if loose.has(r) {
			end -= w
			continue
		}
		if q := s.timeEnding(start, end); q < end {
			end = q
			continue
		}
		if q := s.eachEnding(start, end); q < end {
			end = q
			continue
		}
		best := end
		if _, q := s.longestBefore(s.k.linkB, start, end); q < best {
			best = q
		}
		if v, q := s.longestBefore(s.k.growthB, start, end); v >= 0 && q < best && !nounOfGrowth(s.text[q:end]) {
			best = q
		}
		if v, q := s.longestBefore(s.k.before, start, end); v >= 0 && s.k.hedges[v].form != "none" && q < best {
			best = q
		}
		if v, q := s.longestBefore(s.k.wordB, start, end); v >= 0 && q < best && s.k.words[v] == "adverb" && s.isWord(q, end) {
			best = q
		}
		if v, q := s.longestBefore(s.k.signalB, start, end); v >= 0 && q < best && s.k.signals[v] != "none" {
			if c := s.k.signals[v]; (c == "forecast" || c == "target") && !containsAny(s.text[q:end], "目标", "任务", "计划") {
				best = q
			}
		}
		if v, m := s.longestBefore(s.k.metricB, start, end); v >= 0 && (m < best || m == best && s.k.metrics[v].category != "growth") {
			break
		}
		if best == end {
			break
		}
		end = best
	}
	return end
}

// timeEnding returns the start of the time that ends at end, end when there is none.
func (s *scan) timeEnding(start, end int) int {
	t := s.times.on(end - 1)
	if t < 0 || s.times.spans[t].End != end || s.times.spans[t].Start < start {
		return end
	}
	at := s.times.spans[t].Start
	for _, w := range [...]string{"比", "较"} {
		if s.before(at, w) && at-len(w) >= start && !s.before(at, "同比", "环比", "占比") {
			return at - len(w)
		}
	}
	return at
}

// eachEnding returns the start of 每亩, 每台 or 一箱 at end, end when there is none.
func (s *scan) eachEnding(start, end int) int {
	for p := end - 3; p >= start && end-p <= 15; p -= 3 {
		if s.is(p, traits(keyEach|keyOne)) && s.has(p, "每", "一") {
			v, e := s.longest(s.k.unitTrie, p+len("每"), end)
			if v >= 0 && e == end && !(s.has(p, "一") && s.before(p, "统", "第", "唯", "同")) {
				return p
			}
		}
	}
	return end
}

// isWord reports whether [p, e) is a word and not a part of a longer token; a
// single character has to be a token. Without tokens, it is a word when it is
// longer than one character or an unmistakable function word.
func (s *scan) isWord(p, e int) bool {
	if len(s.d.Tokens) == 0 {
		return e-p > 3 || strings.Contains("达为有是于将把被由从对向给使让已均仍却则而共仅还并但等与和", s.text[p:e])
	}
	t := s.tokens.on(p)
	if t < 0 {
		return false
	}
	token := s.tokens.spans[t]
	if e-p <= 3 {
		return token.Start == p && token.End == e
	}
	return token.Start == p && token.End <= e
}

// grammarWord returns the class and the end of the word of words.tsv at i; a
// word that is only a part of a longer one does not count. What it found without
// a limit it keeps: the rules ask again and again.
func (s *scan) grammarWord(i, end int) (class string, e int) {
	if !s.is(i, s.k.wordF.bit) {
		return "", i
	}
	known := &s.scratch.words[i]
	if *known == 0 {
		v, e := s.findWord(i, len(s.text))
		*known = uint32(v+2)<<12 | uint32(min(e-i, 1<<12-1))
	}
	v, e := int(*known>>12)-2, i+int(*known&(1<<12-1))
	if e > end {
		v, e = s.findWord(i, end)
	}
	if v < 0 {
		return "", i
	}
	return s.k.words[v], e
}

func (s *scan) findWord(i, end int) (v, e int) {
	v, e = s.longest(s.k.wordF, i, end)
	for v >= 0 {
		if s.k.words[v] == "noun" || s.isWord(i, e) {
			return v, e
		}
		_, w := decodeLast(s.text[i:e])
		if e-w <= i {
			break
		}
		v, e = s.longest(s.k.wordF, i, e-w)
	}
	return -1, i
}

// nounOfGrowth holds for the nouns among the growth words: they are measured themselves.
func nounOfGrowth(w string) bool {
	return strings.HasSuffix(w, "幅") || strings.HasSuffix(w, "增速")
}

// stripRank moves end over the verb of rank and its scope: 位居全国.
func (s *scan) stripRank(start, end int) int {
	for i := start; i < end; {
		v, e := s.longest(s.k.signalF, i, end)
		if v >= 0 && s.k.signals[v] == "rank" && !s.has(i, "排名由", "名次由") {
			if s.has(e, "由", "从") && containsAny(s.text[i:e], "排名", "名次", "位次") {
				return e
			}
			if i == start {
				return start
			}
			return s.stripLinks(start, i)
		}
		_, w := s.at(i)
		i = max(i+w, e)
	}
	if v, q := s.longestBefore(s.k.scopeB, start, end); v >= 0 {
		return s.stripLinks(start, q)
	}
	return end
}

// comparison returns the place of the 比 or 较 that begins a comparison, -1 when there is none.
func (s *scan) comparison(start, end int) int {
	for i := start; i < end; {
		r, w := s.at(i)
		if (r == '高' || r == '低' || r == '快' || r == '慢' || r == '优' || r == '领' || r == '多' || r == '少' || r == '落') && s.has(i, "高于", "低于", "快于", "慢于", "优于", "领先", "多于", "少于", "落后", "高出") && i+w+3 < end {
			return i
		}
		if r == '比' && !s.nounOfRatio(i, i+w, end) || r == '较' && !s.has(i, "较大", "较好", "较多", "较高", "较强", "较快", "较少", "较低", "较为", "较长", "较短", "较小", "较重", "较轻") && !s.before(i, "比", "计") {
			return i
		}
		i += w
	}
	return -1
}

// nounOfRatio reports whether the 比 before p is part of a noun: 占比, 收入比由.
func (s *scan) nounOfRatio(at, p, end int) bool {
	if t := s.times.on(p); t >= 0 && s.times.spans[t].Start == p { // 参保率比2020年
		return false
	}
	q, _ := s.prev(at)
	if v, _ := s.longest(s.k.scopeF, p, s.end); q == '率' && v >= 0 { // 城镇化率比全国低
		return false
	}
	if q != 0 && ratioNouns.has(q) || s.has(at, "比例", "比重", "比率", "比值", "比较", "比赛", "比特", "比分", "比如", "比拼") {
		return true
	}
	return p >= end || s.has(p, "由", "从", "为", "达", "是", "缩", "扩", "降", "升", "超", "保")
}

// marksOnly reports whether nothing but marks and 的 stands in t.
func marksOnly(t string) bool {
	for _, r := range t {
		if !nounMarks.has(r) {
			return false
		}
	}
	return true
}

// plainNoun reports whether nothing at i tells nounStart anything: a character of
// a token that no table has anything for, behind its first or of a token that is
// no verb and no function word. It spares a sixth of nounStart.
func (s *scan) plainNoun(i int) bool {
	if s.scratch.marks[i]&^inItem != inToken || s.is(i, s.k.nounTraits) {
		return false
	}
	t := s.tokens.index[i]
	if s.tokens.spans[t].Start != i {
		return true
	}
	pos := s.d.Tokens[t].POS
	return pos == "" || pos[0] != 'v' && !joins(pos)
}

// joins holds for the parts of speech of function words.
func joins(pos string) bool {
	switch pos {
	case "d", "p", "u", "c", "r", "ul", "uj", "uz", "ug", "y":
		return true
	}
	return false
}

// nounStart returns where the noun phrase that ends at end begins: behind the
// last verb, adverb, time, scope, name or 的 in [start, end). It returns end
// when no noun is left.
func (s *scan) nounStart(start, end int) int {
	q, verb, last := start, -1, -1
	for i := start; i < end; {
		if s.plainNoun(i) {
			i += width(s.codes[i])
			continue
		}
		if t := s.times.on(i); t >= 0 {
			i = min(s.times.spans[t].End, end)
			q, verb = i, -1
			continue
		}
		if e := s.entities.on(i); e >= 0 && s.entities.spans[e].Start == i && s.boundaryEntity(e) && s.entities.spans[e].End <= end {
			if t := s.d.Entities[e].Type; s.entities.spans[e].End == end && t != pipeline.Place && t != pipeline.Person { // the entity itself is counted
				q, verb = i, -1
				i = end
				continue
			}
			i = s.entities.spans[e].End
			i = s.placeSuffix(i, end)
			q, verb = i, -1
			continue
		}
		class, e := s.grammarWord(i, end)
		if class == "noun" || (class == "verb" || class == "light") && e < end && s.measuredVerb(i, e) && s.rated(e, end) {
			i = e
			continue
		}
		if v, e := s.longest(s.k.scopeF, i, end); v >= 0 {
			i, q, verb = e, e, -1
			continue
		}
		if s.is(i, traits(keyEach)) {
			if v, e := s.longest(s.k.unitTrie, i+len("每"), end); v >= 0 && e < end {
				i, q, verb = e, e, -1
				continue
			}
		}
		if class == "" {
			e = s.functionWord(i, end)
		}
		if e > i {
			if e >= end {
				last = i
			} else {
				verb = -1
				if (class == "verb" || class == "light") && e-i > len("建") {
					verb = i
				}
				q = e
			}
			i = e
			continue
		}
		if e := s.resultative(i, end); e > i {
			i, q, verb = e, e, -1
			continue
		}
		if e := s.plannedAt(i, end); e > i {
			q, verb = i, -1
			i = e
			continue
		}
		r, w := s.at(i)
		i += w
		if breaks.has(r) && i < end {
			q, verb = i, -1
		}
	}
	if last >= q { // the phrase ends in a verb: 累计铺轨
		if v, at := s.longestBefore(s.k.metricB, q, end); v < 0 || at > last {
			return end
		}
		if end-q > 30 {
			q = last
		}
	}
	return s.trimStart(s.dropLeading(q, end), verb, end)
}

// rated reports whether [p, end) is a rate or an amount that the verb before it
// names: 出口|收入占比.
func (s *scan) rated(p, end int) bool {
	m := s.metricEnding(p, end)
	return m != nil && (m.category == "share" || m.category == "amount" || m.category == "price" || m.category == "growth") && end-p > len(m.word)
}

// placeSuffix moves p over what makes an area of the name before it: 石羊河|流域.
func (s *scan) placeSuffix(p, end int) int {
	if !s.hasAny(p, areas) {
		return p
	}
	for _, w := range areas.words {
		if s.has(p, w) && p+len(w) < end {
			return p + len(w)
		}
	}
	return p
}

// areas follow a name and are one with it.
var areas = wordsOf("段", "流域", "地区", "沿线", "大部", "境内", "一带", "周边", "上游", "中游", "下游", "市区", "城区", "两地", "等地", "各地", "全境", "片区", "东部", "西部", "南部", "北部", "中部")

// resultative returns the end of the verb at i that ends in its result: 建起, 推出.
func (s *scan) resultative(i, end int) int {
	t := s.tokens.on(i)
	if t < 0 || s.tokens.spans[t].Start != i || s.tokens.spans[t].End >= end || s.tokens.spans[t].End-i < len("建起") {
		return i
	}
	pos := s.d.Tokens[t].POS
	r, _ := decodeLast(s.text[i:s.tokens.spans[t].End])
	if pos != "" && pos[0] == 'v' && pos != "vn" && results.has(r) && s.metricRow(s.text[i:s.tokens.spans[t].End]) == nil {
		return s.tokens.spans[t].End
	}
	return i
}

// plannedAt returns the end of a word of plans inside a phrase: 展厅|计划投资.
func (s *scan) plannedAt(i, end int) int {
	if !s.is(i, s.k.signalF.bit) || !s.beginsToken(i) { // the three are signals too
		return i
	}
	for _, w := range [...]string{"计划", "预计", "拟"} {
		if s.has(i, w) && i+len(w) < end && s.isToken(i, i+len(w)) && s.metricEnding(i, end) != nil {
			return i + len(w)
		}
	}
	return i
}

// dropLeading cuts words off the front of the phrase [q, end) that say where,
// when or of which thing: 大部气温, “陇薯7号”亩产, the noun that the number before
// counts (14个市州|PM10平均浓度).
func (s *scan) dropLeading(q, end int) int {
	closed := s.keysIn(q, end)&keyClose != 0
	for range 3 {
		at, lead := q, s.is(q, traits(keyLead))
		for _, w := range leadingWords {
			if lead && s.has(q, w) && q+len(w) < end && (len(w) > 3 || w == "后" && s.has(q, "后年") || s.isToken(q, q+len(w))) && end-q-len(w) > 3 {
				q += len(w)
				break
			}
		}
		if j := s.itemEnding(q); j >= 0 {
			if v, e := s.longest(s.k.nouns, q, end); v >= 0 && s.items[j].kind == pipeline.Count && e < end && s.metricEnding(e, end) != nil {
				q = e
			} else if s.items[j].kind == pipeline.Duration && s.has(q, "时间", "期间") && q+len("时间") < end {
				q += len("时间")
			}
		}
		for _, m := range closingMarks {
			if !closed {
				break
			}
			k := lastIndex(s.text[q:end], m)
			if k < 0 || q+k+len(m) >= end {
				continue
			}
			row := s.metricEnding(q+k+len(m), end)
			if m == "》" || row != nil && row.category != "count" && row.category != "" && s.has(q, "“", "‘") {
				q += k + len(m)
			}
		}
		if q == at {
			break
		}
	}
	return q
}

var (
	leadingWords = [...]string{"大部分", "大部", "以后", "之后", "以来", "以前", "期间", "当中", "其中", "同时", "后", "到"}
	closingMarks = [...]string{"”", "》"}
)

// itemEnding returns the item that ends at p, -1 when there is none.
func (s *scan) itemEnding(p int) int {
	i := sort.Search(len(s.items), func(i int) bool { return s.items[i].to >= p })
	if i < len(s.items) && s.items[i].to == p {
		return i
	}
	return -1
}

// trimStart cuts marks off the front of the phrase [q, end), and returns end when
// what is left names nothing. A general noun (总量) takes the verb before it along.
func (s *scan) trimStart(q, verb, end int) int {
	for q < end {
		r, w := s.at(q)
		if !leading.has(r) && !(openQuotes.has(r) && !strings.ContainsAny(s.text[q+w:end], "”’")) {
			break
		}
		q += w
	}
	if q < end && end-q <= 3 && verb >= 0 && verb < q && s.text[q:end] != "" && !s.isMetric(q, end) {
		return verb
	}
	if t := s.text[q:end]; len(t) == len("路率") && strings.HasSuffix(t, "率") && q > s.start && !s.isMetric(q, end) {
		if r, w := s.prev(q); !isClauseEnd(r) && r != '的' && !breaks.has(r) && !isDigit(r) {
			q -= w
		}
	}
	if s.article(q, end) || s.poor(q, end) {
		return end
	}
	if verb >= 0 && q < end && s.text[verb:q] != "" && s.generic(s.text[q:end]) {
		return verb
	}
	return q
}

// isMetric reports whether [q, end) is a row of the table itself.
func (s *scan) isMetric(q, end int) bool {
	m := s.metricEnding(q, end)
	return m != nil && len(m.word) == end-q
}

// poor holds for what is no noun phrase: one character that nothing is measured by.
func (s *scan) poor(q, end int) bool {
	switch t := s.text[q:end]; t {
	case "计划", "规划", "第一", "首个":
		return true
	default:
		if end-q > 3 || end == q {
			return false
		}
		return s.metricEnding(q, end) == nil && !s.isNoun(q, end)
	}
}

// generic holds for nouns that say nothing without the word before them: 总量, 面积.
func (s *scan) generic(noun string) bool {
	switch noun {
	case "总量", "总额", "余额", "规模", "能力", "面积", "比例", "进度", "时间", "量", "额", "率", "人数", "户数", "里程", "长度", "数量", "次数", "金额", "成本", "力度", "强度", "速度", "效率", "周期", "标准", "收入", "支出", "总数", "人次", "时限", "工期", "总长", "价格", "费用":
		return true
	}
	return false
}

// article reports whether the phrase is no more than 一, 这 or 每 with a classifier: 一根.
func (s *scan) article(q, end int) bool {
	if q >= end || !s.is(q, traits(keyArticle)) {
		return false
	}
	t := s.text[q:end]
	for _, w := range [...]string{"一", "这", "那", "每", "该", "某", "各"} {
		if rest, ok := strings.CutPrefix(t, w); ok && len(rest) <= len("批次") {
			if rest == "" {
				return true
			}
			v, e := s.k.unitTrie.longest(rest, 0, false)
			return v >= 0 && e == len(rest)
		}
	}
	return false
}

// functionWord returns the end of the adverb, preposition, conjunction or
// particle of the dictionary at i, i when there is none.
func (s *scan) functionWord(i, end int) int {
	t := s.tokens.on(i)
	if t < 0 || s.tokens.spans[t].Start != i || s.tokens.spans[t].End > end {
		return i
	}
	if joins(s.d.Tokens[t].POS) && s.tokens.spans[t].End-i >= len("共同") {
		return s.tokens.spans[t].End
	}
	return i
}

func (s *scan) boundaryEntity(e int) bool {
	switch s.d.Entities[e].Type {
	case pipeline.Place, pipeline.Organization, pipeline.Person, pipeline.Facility, pipeline.Project:
		return true
	}
	return false
}

// metricRow returns the row of the table that the phrase ends with.
func (s *scan) metricRow(phrase string) *metric {
	if v, _ := s.k.metricB.longestBefore(phrase, 0, len(phrase)); v >= 0 {
		return &s.k.metrics[v]
	}
	return nil
}

// metricEnding is metricRow for the words [from, end) of the text.
func (s *scan) metricEnding(from, end int) *metric {
	if v, _ := s.longestBefore(s.k.metricB, from, end); v >= 0 {
		return &s.k.metrics[v]
	}
	return nil
}

var (
	million         = numeral.New(1, 6)
	thousand        = numeral.New(1, 3)
	hundredThousand = numeral.New(1, 5)
)
