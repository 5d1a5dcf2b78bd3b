package figure

import (
	"strings"

	"longmai/corpus"

	"github.com/shopspring/decimal"
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
	s.locate()
	for i := range s.items {
		s.changeOf(i)
	}
	s.fromTo()
	for i := range s.items {
		s.metricOf(i)
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
		if i == 0 || s.items[i-1].block != it.block {
			b := s.d.Blocks[it.block].Span
			s.start, s.end = b.Start, b.End
		}
		it.sentence, it.sent = s.sentenceAt(it.core.Start)
		it.clause = s.clauseStart(it.from)
		start := it.clause
		if i > 0 && s.items[i-1].block == it.block {
			start = max(start, min(s.items[i-1].to, it.from))
		}
		it.seg = pipeline.Span{Start: start, End: it.from}
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
		p, ok := s.nounBefore(i)
		if ok {
			if m := s.metricRow(s.text[p.Start:p.End]); m != nil && m.bare != "" {
				s.adopt(it, m.bare)
				continue
			}
		}
		if !ok && i > 0 && s.items[i-1].sent == it.sent && s.items[i-1].rule == "number" && it.num.Digits > 0 && it.num.Scale == 0 {
			s.adopt(it, "number")
		}
	}
}

func (s *scan) adopt(it *item, unit string) {
	switch unit {
	case "CNY":
		if it.num.Scale == 0 && !it.num.Ellipsis && it.num.Value.LessThan(hundredThousand) {
			return
		}
		it.unit, it.code, it.kind, it.inferred, it.rule = s.k.byCode["CNY"], "CNY", pipeline.Money, true, "money.bare"
	case "number":
		if it.num.Scale > 0 || it.num.Digits == 0 || it.num.Digits > 8 {
			return
		}
		it.kind, it.rule = pipeline.Number, "number"
	default:
		return
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
	out := s.items[:0]
	for _, it := range s.items {
		if it.bare && !it.refused {
			s.refuse(it.core, "bare", "a number without a unit")
		}
		if !it.bare && !it.refused {
			out = append(out, it)
		}
	}
	s.items = out
}

// minableRole reports whether the block is prose.
func prose(r corpus.Role) bool { return r != corpus.RoleTable && r != corpus.RoleList }

// metricOf finds the noun phrase that is measured or counted.
func (s *scan) metricOf(i int) {
	it := &s.items[i]
	s.enter(it)
	before, okB := s.nounBefore(i)
	after, okA := s.nounAfter(it)
	use := func(p pipeline.Span, behind bool) {
		it.metric = &pipeline.Phrase{Span: p, Name: strings.Map(dropBreak, s.text[p.Start:p.End])}
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
	head := okB && s.metricRow(s.text[before.Start:before.End]) != nil
	switch {
	case it.kind == pipeline.Count && it.rule == "noun.counted":
		word := it.core
		word.Start = it.num.End
		use(word, true)
	case it.kind == pipeline.Count && okA && !(head && s.plainAfter(it)):
		use(after, true)
	case okA && !okB && (it.kind == pipeline.Quantity || it.kind == pipeline.Money || it.form == pipeline.Class):
		use(after, true)
	case okA && it.kind == pipeline.Money && !head && s.metricRow(s.text[after.Start:after.End]) != nil:
		use(after, true)
	case okB:
		use(before, false)
	case it.kind == pipeline.Duration && it.change == nil:
		s.inherit(i)
	default:
		s.inherit(i)
	}
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
		if p.block != it.block || it.sent-p.sent > 1 || it.sent != p.sent && it.kind != pipeline.Percent && it.kind != pipeline.Points {
			return
		}
		if p.metric != nil && (p.kind != pipeline.Duration || it.kind == pipeline.Duration) {
			it.metric = p.metric
			it.after = p.after
			return
		}
	}
}

// nounAfter returns the noun phrase that begins behind it.
func (s *scan) nounAfter(it *item) (pipeline.Span, bool) {
	p := it.to
	if s.has(p, "的") {
		p += len("的")
	}
	if s.has(p, "“", "‘", "《") {
		_, w := s.next(p)
		if end := s.nounPhrase(p+w, 12); end > p+w && s.has(end, "”", "’", "》") {
			return pipeline.Span{Start: p, End: s.nounPhrase(end+len("”"), 24)}, true
		}
		return pipeline.Span{}, false
	}
	start, end := p, s.nounPhrase(p, 30)
	for s.has(end, "的") && end > start {
		next := s.nounPhrase(end+len("的"), 24)
		if next == end+len("的") {
			break
		}
		start, end = end+len("的"), next
	}
	if s.has(start, "以上", "以下", "左右") {
		start += len("以上")
	}
	for _, w := range [...]string{"中", "里", "内", "上", "时", "后", "前", "之间", "之中"} {
		if t, ok := strings.CutSuffix(s.text[start:max(start, end)], w); ok && t != "" {
			end -= len(w)
			break
		}
	}
	if end-start < 2 || end <= start {
		return pipeline.Span{}, false
	}
	return pipeline.Span{Start: start, End: end}, true
}

// nounPhrase returns the end of the noun phrase at p: it goes on to the next
// mark, numeral, time, verb or adverb, and at most limit characters.
func (s *scan) nounPhrase(p, limit int) int {
	i := p
	for n := 0; n < limit && i < s.end; n++ {
		v, end := s.k.wordF.longest(s.text[:s.end], i, false)
		if v >= 0 {
			if s.k.words[v] != "noun" {
				return i
			}
			i = end
			continue
		}
		r, w := s.next(i)
		if isClauseEnd(r) || strings.ContainsRune("、。（）()“”‘’《》【】「」 \u3000", r) || r == '的' {
			return i
		}
		if isDigit(r) || s.times.on(i) >= 0 {
			return i
		}
		if r < 0x10000 && candidates[r] {
			if class, _, e := s.word(i, i+w); class != "" {
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
	end := s.stripLinks(it.seg.Start, it.seg.End)
	if it.kind == pipeline.Rank {
		end = s.stripRank(it.seg.Start, end)
	}
	if cut := s.comparison(it.seg.Start, end); cut >= 0 {
		end = s.stripLinks(it.seg.Start, cut)
	}
	start := s.nounStart(it.seg.Start, end)
	if start >= end {
		return pipeline.Span{}, false
	}
	t := s.text[start:end]
	if strings.Trim(t, " 　、，,“”‘’（）()的") == "" {
		return pipeline.Span{}, false
	}
	return pipeline.Span{Start: start, End: end}, true
}

// stripLinks moves end to the left over growth verbs, links and hedges.
func (s *scan) stripLinks(start, end int) int {
	for end > start {
		r, w := decodeLast(s.text[start:end])
		if strings.ContainsRune(" 　、，,“‘（(：:\n'\"", r) {
			end -= w
			continue
		}
		_, m := s.k.metricB.longestBefore(s.text, start, end)
		best := end
		if _, q := s.k.linkB.longestBefore(s.text, start, end); q < best {
			best = q
		}
		if v, q := s.k.growthB.longestBefore(s.text, start, end); v >= 0 && q < best && !nounOfGrowth(s.text[q:end]) {
			best = q
		}
		if v, q := s.k.before.longestBefore(s.text, start, end); v >= 0 && s.k.hedges[v].form != "none" && q < best {
			best = q
		}
		if v, q := s.k.signalB.longestBefore(s.text, start, end); v >= 0 && q < best && s.k.signals[v] != "none" && s.k.signals[v] != "new" {
			best = q
		}
		if best == end || m < best {
			if !(best < end && m == end) {
				if m < best || best == end {
					break
				}
			}
		}
		end = best
	}
	return end
}

// nounOfGrowth holds for the nouns among the growth words: they are measured themselves.
func nounOfGrowth(w string) bool {
	return strings.HasSuffix(w, "幅") || strings.HasSuffix(w, "增速")
}

// stripRank moves end over the verb of rank and its scope: 位居全国.
func (s *scan) stripRank(start, end int) int {
	for i := start; i < end; {
		v, e := s.k.signalF.longest(s.text[:end], i, false)
		if v >= 0 && s.k.signals[v] == "rank" && !s.has(i, "排名由", "名次由") {
			if i == start {
				return start
			}
			return s.stripLinks(start, i)
		}
		_, w := decode(s.text, i)
		i = max(i+w, e)
	}
	if v, q := s.k.scopeB.longestBefore(s.text, start, end); v >= 0 {
		return s.stripLinks(start, q)
	}
	return end
}

// comparison returns the place of the 比 or 较 that begins a comparison, -1 when there is none.
func (s *scan) comparison(start, end int) int {
	for i := start; i < end; {
		r, w := decode(s.text, i)
		if (r == '比' || r == '较') && i+w < end+3 {
			q, qw := s.prev(i)
			_ = qw
			if r == '比' && (strings.ContainsRune("占同环之对类无成相率入隧杠杆单性", q) || s.has(i, "比例", "比重", "比率", "比值", "比较", "比赛", "比特")) ||
				r == '较' && (s.has(i, "较大", "较好", "较多", "较高", "较强", "较快", "较少", "较低", "较为") || q == '比') {
				i += w
				continue
			}
			return i
		}
		i += w
	}
	return -1
}

// nounStart returns where the noun phrase that ends at end begins: behind the
// last verb, adverb, time, scope, name or 的 in [start, end).
func (s *scan) nounStart(start, end int) int {
	q, last := start, -1
	for i := start; i < end; {
		if t := s.times.on(i); t >= 0 {
			i = min(s.times.spans[t].End, end)
			q = i
			continue
		}
		if e := s.entities.on(i); e >= 0 && s.entities.spans[e].Start == i && s.boundaryEntity(e) && s.entities.spans[e].End < end {
			i = s.entities.spans[e].End
			q = i
			continue
		}
		if v, e := s.k.scopeF.longest(s.text[:end], i, false); v >= 0 && e < end {
			i, q = e, e
			continue
		}
		v, e := s.k.wordF.longest(s.text[:end], i, false)
		if v >= 0 {
			if s.k.words[v] != "noun" {
				if e >= end {
					last = i
				} else {
					q = e
				}
			}
			i = e
			continue
		}
		r, w := decode(s.text, i)
		i += w
		if strings.ContainsRune("，,：:；;（(）) 　\n", r) && i < end {
			q = i
		}
	}
	if last > q { // the phrase ends in a verb: 累计铺轨
		if v, _ := s.k.metricB.longestBefore(s.text, last, end); v < 0 {
			return last
		}
		return last
	}
	for q < end {
		r, w := decode(s.text, q)
		if !strings.ContainsRune("、的”’） 　", r) && !(strings.ContainsRune("“‘", r) && !strings.ContainsAny(s.text[q+w:end], "”’")) {
			break
		}
		q += w
	}
	return q
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

var hundredThousand = decimal.New(1, 5)
