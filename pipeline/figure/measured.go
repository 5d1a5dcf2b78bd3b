package figure

import (
	"math"
	"strings"
	"unicode/utf8"

	"longmai/pipeline"
)

// A source says where a candidate for what a figure measures stands.
type source uint8

const (
	sourceBefore  source = iota // ends where the words before the number end
	sourceTouches               // ends at the number itself
	sourceAfter                 // begins behind the number
	sourceBehind                // begins behind the number and 的
	sourceTaken                 // what the figure before measures
	sourceOlder                 // what an older figure of the sentence measures
	sourceRule                  // what the rules find elsewhere
	sourceClause                // ends the clause before, which has no figure
	sourceTopic                 // begins the clause before
	sourceInside                // ends before a verb of the words before the number
	sources
)

var sourceNames = [sources]string{"before", "touches", "after", "behind", "taken", "older", "rule", "clause", "topic", "inside"}

// A part is what a token, or the place between two, is to the bounds of a phrase.
type part uint8

const (
	partEdge part = iota // the clause begins or ends, a mark stands there
	partNumber
	partTime
	partOf // 的
	partList
	partQuote
	partPlace
	partBody
	partName
	partScope
	partVerb    // of the tables
	partLight   // 完成, 达到
	partAdverb  // of the tables
	partNoun    // of the tables
	partGrowth  // 增长
	partAct     // a verb of the dictionary
	partActing  // a verb that is a noun too: 投资
	partThing   // a noun of the dictionary
	partQuality // an adjective
	partFunction
	partMeasure
	partPosition // 中, 上
	partChar     // a single character, whatever it is
	partOther
	parts
)

var partNames = [parts]string{"edge", "number", "time", "of", "list", "quote", "place", "body", "name", "scope", "verb", "light", "adverb", "noun", "growth", "act", "acting", "thing", "quality",
	"function", "measure", "position", "char", "other"}

// A measured is a candidate for what a figure measures.
type measured struct {
	span   pipeline.Span
	metric *pipeline.Phrase // that is there already; nil where the words of the span name it
	source source
	rule   uint8 // 1 when the rules would take it
	after  bool
	prev   part
	first  part
	last   part
	next   part
	length uint8 // characters, at most 9
	tail   uint8 // place of its last character in tailNames
	front  uint8 // that of the last character of its first token, when it has more
	back   uint8 // that of the last character of the token before it
	kind   uint8 // place of its category in categoryOrder
	row    uint8 // 0 no row of the tables ends it, 1 it is one, 2 it ends in one
	holds  holding
	owner  uint8 // one more than the class of the figure that it is taken from
	longer bool  // it is the candidate before it and some words more at its head
}

// A holding says what stands in a phrase.
type holding uint8

const (
	holdsVerb holding = 1 << iota
	holdsOf
	holdsName
	holdsAdverb
)

// holdings are what the parts make a phrase hold.
var holdings = [parts]holding{partVerb: holdsVerb, partLight: holdsVerb, partGrowth: holdsVerb, partAct: holdsVerb, partOf: holdsOf,
	partPlace: holdsName, partBody: holdsName, partScope: holdsName, partAdverb: holdsAdverb, partFunction: holdsAdverb}

// partAt says what stands at p and where it ends.
func (s *scan) partAt(p, limit int) (part, int) {
	if p >= limit {
		if s.itemOn(p) {
			return partNumber, p
		}
		return partEdge, p
	}
	known := &s.scratch.parts[p]
	if known.to == 0 {
		is, to, seen := s.findPart(p, s.end)
		*known = foundPart{uint16(min(to-p, math.MaxUint16)), uint16(min(seen-p, math.MaxUint16)), is}
	}
	if known.to == math.MaxUint16 || p+int(known.seen) > limit {
		is, to, _ := s.findPart(p, limit)
		return is, to
	}
	return known.is, p + int(known.to)
}

// A foundPart is what findPart found at a place, in bytes from there; to is 0
// where it was not asked.
type foundPart struct {
	to, seen uint16
	is       part
}

// findPart says what stands at p, before limit, and where it ends. No word that
// it looked at ends behind seen: a limit from there on changes nothing.
func (s *scan) findPart(p, limit int) (is part, to, seen int) {
	r, w := s.at(p)
	switch {
	case isClauseEnd(r), breaks.has(r), r == '）', r == ')':
		return partEdge, p + w, p
	case r == '的':
		return partOf, p + w, p
	case r == '、':
		return partList, p + w, p
	case r == '“' || r == '”' || r == '《' || r == '》' || r == '‘' || r == '’':
		return partQuote, p + w, p
	}
	if s.itemOn(p) {
		return partNumber, p + w, p
	}
	if t := s.times.on(p); t >= 0 {
		return partTime, max(s.times.spans[t].End, p+w), p
	}
	if e := s.entities.on(p); e >= 0 && s.entities.spans[e].Start == p && s.entities.spans[e].End <= limit {
		end := s.entities.spans[e].End
		switch s.d.Entities[e].Type {
		case pipeline.Place:
			return partPlace, end, end
		case pipeline.Organization, pipeline.Facility, pipeline.Project, pipeline.Event, pipeline.Person:
			return partBody, end, end
		}
		return partName, end, end
	}
	end := p + w
	t := s.tokens.on(p)
	if t >= 0 && s.tokens.spans[t].Start == p && s.tokens.spans[t].End <= limit {
		end = s.tokens.spans[t].End
	}
	is, to, seen = s.tablePart(p, end, limit)
	switch {
	case to > 0:
		return is, to, seen
	case t < 0 || s.tokens.spans[t].Start != p:
		return partChar, end, seen
	}
	return partOfSpeech(s.d.Tokens[t].POS, end-p), end, seen
}

// tablePart is findPart for the words of the tables that are as long as the
// token [p, end); to is 0 when there is none.
func (s *scan) tablePart(p, end, limit int) (is part, to, seen int) {
	v, e := s.longest(s.k.scopeF, p, limit)
	seen = max(end, e)
	if v >= 0 && e >= end {
		if is := s.k.scopes[v].is; is == "region" || s.has(p, "国际", "国内", "世界") {
			return partQuality, e, seen
		}
		return partScope, e, seen
	}
	v, e = s.longest(s.k.signalF, p, limit)
	seen = max(seen, e)
	if v >= 0 && e >= end {
		switch s.k.signals[v] {
		case "target", "plan", "forecast":
			return partAdverb, e, seen
		}
	}
	g, grown := s.longest(s.k.growthF, p, limit)
	class, e := s.grammarWord(p, limit)
	seen = max(seen, e, grown)
	if class != "" && e >= end {
		switch class {
		case "verb":
			if g >= 0 && grown == e {
				return partGrowth, e, seen
			}
			return partVerb, e, seen
		case "light":
			return partLight, e, seen
		case "adverb":
			return partAdverb, e, seen
		}
		return partNoun, e, seen
	}
	if g >= 0 && grown >= end {
		return partGrowth, grown, seen
	}
	return 0, 0, seen
}

// partOfSpeech is what a word of the dictionary is, of so many bytes.
func partOfSpeech(pos string, size int) part {
	switch {
	case pos == "":
		return partOther
	case pos == "vn":
		return partActing
	case pos[0] == 'v':
		return partAct
	case pos[0] == 'n' || pos == "j":
		if size == len("量") {
			return partChar
		}
		return partThing
	case pos == "a" || pos == "b" || pos == "an" || pos == "z":
		return partQuality
	case pos == "d", pos == "p", pos == "c", pos[0] == 'u', pos == "r", pos == "ad":
		return partFunction
	case pos == "m" || pos == "q" || pos == "mq":
		return partMeasure
	case pos == "f" || pos == "s":
		return partPosition
	}
	return partOther
}

// A bound is a token of a clause as the bounds of phrases see it.
type bound struct {
	start, end int
	is         part
}

// boundsIn lists the tokens of [from, to), at most the last 16, or the first 12.
func (s *scan) boundsIn(list []bound, from, to int) []bound {
	for p := from; p < to; {
		is, e := s.partAt(p, to)
		if e <= p {
			break
		}
		list = append(list, bound{p, e, is})
		p = e
	}
	return list
}

const (
	maxBack  = 14 // tokens before a number that are looked at
	maxAhead = 10

	maxLength = 9
)

// measuredBy collects the candidates for what figure i measures. The rules have
// made their choice already.
func (s *scan) measuredBy(i int) {
	it := &s.items[i]
	s.measures = s.measures[:0]
	rule := it.metric
	s.measuredBefore(it, sourceBefore, s.wordsEnd)
	if s.wordsEnd < it.seg.End {
		s.measuredBefore(it, sourceTouches, it.seg.End)
	}
	s.measuredInside(it)
	s.measuredAfter(it)
	s.measuredEarlier(i)
	for j, n := i-1, 0; j >= 0 && n < 2 && i-j < 8; j-- {
		p := &s.items[j]
		if p.block != it.block || it.sent-p.sent > 1 {
			break
		}
		if p.metric == nil || n == 1 && p.metric == s.measures[len(s.measures)-1].metric {
			continue
		}
		from := sourceTaken
		if n > 0 {
			from = sourceOlder
		}
		s.addMetric(p.metric, p.after, from)
		s.measures[len(s.measures)-1].owner = uint8(classOf(p)) + 1
		n++
	}
	if rule == nil {
		return
	}
	found := false
	for k := range s.measures {
		m := &s.measures[k]
		if m.span == rule.Span && (m.metric == nil || m.metric == rule) {
			m.rule, m.metric, found = 1, rule, true
		}
	}
	if t := s.tokens.on(max(rule.End-1, 0)); !found && !rule.Empty() && t >= 0 && s.tokens.spans[t].End > rule.End {
		return // half a word
	}
	if !found {
		s.addMetric(rule, it.after, sourceRule)
		s.measures[len(s.measures)-1].rule = 1
	}
}

// addMetric adds what another figure measures, or the rules say.
func (s *scan) addMetric(p *pipeline.Phrase, after bool, from source) {
	m := measured{span: p.Span, metric: p, after: after, source: from, prev: partEdge, next: partEdge, first: partOther, last: partOther}
	m.length = characters(p.Name)
	r, _ := decodeLast(p.Name)
	m.tail = s.k.tails[s.k.alphabet.code(r)]
	if row := s.metricRow(p.Name); row != nil {
		m.ends(row, len(p.Name))
	}
	s.measures = append(s.measures, m)
}

// characters counts those of a name, at most nine.
func characters(name string) (n uint8) {
	for i := 0; i < len(name) && n < maxLength; i++ {
		if utf8.RuneStart(name[i]) {
			n++
		}
	}
	return n
}

// ends notes that m, which has so many bytes, ends in a row of the tables.
func (m *measured) ends(row *metric, size int) {
	m.row, m.kind = 2, row.order
	if len(row.word) == size {
		m.row = 1
	}
}

// measuredEarlier adds the nouns of the clause before, when no figure stands in it:
// 一公斤绿氢的成本，最初要三十五六块.
func (s *scan) measuredEarlier(i int) {
	it := &s.items[i]
	end := it.clause
	if r, w := s.prev(end); r != '，' && r != ',' || it.seg.Start > it.clause {
		return
	} else {
		end -= w
	}
	start := s.clauseStart(end)
	if i > 0 && s.items[i-1].block == it.block && s.items[i-1].core.End > start || start >= end || start < it.sentence.Start {
		return
	}
	s.bounds = s.boundsIn(s.bounds[:0], start, end)
	b := s.bounds
	verb := len(b)
	for k := range b {
		if is := b[k].is; k > 0 && (is == partVerb || is == partLight || is == partAct || is == partAdverb || is == partGrowth) {
			verb = k
			break
		}
	}
	s.addBefore(b, len(b)-6, sourceClause, partEdge, partEdge)
	if verb < len(b) {
		s.addBefore(b[:verb], verb-4, sourceTopic, partEdge, b[verb].is)
	}
}

// addBefore adds the phrases of the tokens [k, len(b)) for each k from low on,
// but for those that begin with what begins no phrase. The token edge stands
// before the first of b, and next behind the last.
func (s *scan) addBefore(b []bound, low int, from source, edge, next part) {
	low, n := max(low, 0), len(b)
	if n == 0 {
		return
	}
	m := measured{source: from, last: b[n-1].is, next: next}
	m.span.End = b[n-1].end
	m.tail = s.k.tails[s.codes[m.span.End-1]]
	longest, at := s.longestBefore(s.k.metricB, b[low].start, m.span.End)
	for k := n - 1; k >= low; k-- {
		is := b[k].is
		m.first, m.prev, m.back, m.span.Start = is, edge, 0, b[k].start
		m.holds |= holdings[is]
		if k < n-1 {
			m.front = s.k.tails[s.codes[b[k].end-1]]
		}
		m.length = min(m.length+characters(s.text[b[k].start:b[k].end]), maxLength)
		if k > 0 {
			m.prev = b[k-1].is
			m.back = s.k.tails[s.codes[b[k-1].end-1]]
		}
		switch is {
		case partEdge, partOf, partList, partTime, partNumber:
			continue
		case partPlace, partBody, partScope: // a name alone is measured by nothing
			if k == n-1 {
				continue
			}
		}
		row := longest
		if m.span.Start > at {
			row, _ = s.longestBefore(s.k.metricB, m.span.Start, m.span.End)
		}
		if row >= 0 {
			m.ends(&s.k.metrics[row], m.span.Len())
		}
		s.measures = append(s.measures, m)
		m.longer = true
	}
}

// measuredInside adds the nouns before the verbs between the number and the one
// before it: 把羊减到150只, 陆港班列计划开行500列.
func (s *scan) measuredInside(it *item) {
	s.bounds = s.boundsIn(s.bounds[:0], it.seg.Start, it.seg.End)
	b := s.bounds
	edge := partEdge
	if it.seg.Start > it.clause {
		edge = partNumber
	}
	for k, n := len(b)-1, 0; k > 0 && n < 2; k-- {
		if actsIn(b[k].is) && isNounPart(b[k-1].is) {
			s.addBefore(b[:k], k-4, sourceInside, edge, b[k].is)
			n++
		}
	}
}

// actsIn holds for what may stand between a noun and the number that measures it.
func actsIn(p part) bool {
	switch p {
	case partVerb, partLight, partAct, partAdverb, partGrowth, partFunction:
		return true
	}
	return false
}

// isNounPart holds for what a noun phrase ends in.
func isNounPart(p part) bool {
	switch p {
	case partThing, partActing, partNoun, partChar, partBody, partName, partQuote, partOther:
		return true
	}
	return false
}

// measuredBefore adds the phrases that end at end, one for each token that they may begin with.
func (s *scan) measuredBefore(it *item, from source, end int) {
	if end <= it.seg.Start {
		return
	}
	if t := s.tokens.on(end - 1); t >= 0 && s.tokens.spans[t].End > end && s.tokens.spans[t].Start < end && s.tokens.spans[t].End <= it.seg.End && strings.HasPrefix(s.d.Tokens[t].POS, "v") {
		end = s.tokens.spans[t].End // 签|约: no half of a word
	}
	s.bounds = s.boundsIn(s.bounds[:0], it.seg.Start, end)
	b := s.bounds
	if n := len(b); n == 0 || b[n-1].end-b[n-1].start <= len("达") && (endsNothing(b[n-1].is) || b[n-1].is == partAct || s.has(b[n-1].start, "达", "为", "到")) {
		return
	}
	next, _ := s.partAt(end, it.seg.End)
	low := len(b) - 1
	for ; low > 0 && low > len(b)-maxBack; low-- {
		if b[low-1].is == partEdge && s.text[b[low-1].start] != ' ' {
			if r, _ := s.at(b[low-1].start); r != '（' && r != '）' && r != '\n' {
				break
			}
		}
	}
	edge := partEdge
	if it.seg.Start > it.clause {
		edge = partNumber
	}
	s.addBefore(b, low, from, edge, next)
}

// measuredAfter adds the phrases that begin behind the number, one for each token that they may end with.
func (s *scan) measuredAfter(it *item) {
	p := it.to
	if r, w := s.next(p); r == '”' || r == '’' || r == '）' || r == ')' {
		if q, _ := s.prev(it.from); q == '“' || q == '‘' || q == '（' || q == '(' {
			p += w
		}
	}
	from := sourceAfter
	if s.has(p, "的") {
		p, from = p+len("的"), sourceBehind
	}
	for s.has(p, "“", "‘") {
		_, w := s.next(p)
		p += w
	}
	limit := p
	for n := 0; limit < s.end && n < 24; n++ {
		r, w := s.next(limit)
		if isClauseEnd(r) {
			break
		}
		limit += w
	}
	b := s.bounds[:0]
	for q := p; q < limit && len(b) < maxAhead; {
		is, e := s.partAt(q, limit)
		if e <= q || is == partEdge || is == partNumber || is == partTime {
			break
		}
		b = append(b, bound{q, e, is})
		q = e
	}
	s.bounds = b
	start := 0
	for k := range b {
		if b[k].is == partOf {
			start, from = k+1, sourceBehind
			continue
		}
		if b[k].is == partList || b[k].is == partQuote || start > k || k > start && (endsNothing(b[k].is) || b[k].is == partAct) {
			continue
		}
		next := partEdge
		if k+1 < len(b) {
			next = b[k+1].is
		} else {
			next, _ = s.partAt(b[k].end, s.end)
		}
		if next == partActing && k > start {
			continue // the phrase goes on
		}
		m := measured{span: pipeline.Span{Start: b[start].start, End: b[k].end}, source: from, after: true, prev: partNumber, first: b[start].is, last: b[k].is, next: next}
		m.length = characters(s.text[m.span.Start:m.span.End])
		m.tail = s.k.tails[s.codes[m.span.End-1]]
		if row := s.metricEnding(m.span.Start, m.span.End); row != nil {
			m.ends(row, m.span.Len())
		}
		if k > start {
			m.front = s.k.tails[s.codes[b[start].end-1]]
		}
		for _, x := range b[start : k+1] {
			m.holds |= holdings[x.is]
		}
		s.measures = append(s.measures, m)
	}
}

// endsNothing holds for what no noun phrase ends in.
func endsNothing(p part) bool {
	return p == partVerb || p == partLight || p == partAdverb || p == partFunction
}

var lengths = []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}

var rowNames = []string{"none", "whole", "end"}

var holdNames = []string{"0", "verb", "of", "verb-of", "name", "verb-name", "of-name", "verb-of-name", "adverb", "verb-adverb", "of-adverb", "verb-of-adverb", "name-adverb", "verb-name-adverb", "of-name-adverb", "all"}

// measuredTemplates are the sorts of evidence for what a figure measures.
var measuredTemplates = []template{
	{"source+rule", [][]string{sourceNames[:], yesNo}},
	{"cut+source", [][]string{yesNo, sourceNames[:]}},
	{"source+class", [][]string{sourceNames[:], classNames[:]}},
	{"prev+first", [][]string{partNames[:], partNames[:]}},
	{"last+next", [][]string{partNames[:], partNames[:]}},
	{"first+source", [][]string{partNames[:], sourceNames[:]}},
	{"last+source", [][]string{partNames[:], sourceNames[:]}},
	{"prev+source", [][]string{partNames[:], sourceNames[:]}},
	{"next+source", [][]string{partNames[:], sourceNames[:]}},
	{"length+source", [][]string{lengths, sourceNames[:]}},
	{"holds+source", [][]string{holdNames, sourceNames[:]}},
	{"row+source", [][]string{rowNames, sourceNames[:]}},
	{"row+class", [][]string{rowNames, classNames[:]}},
	{"gap+source", [][]string{gapNames[:], sourceNames[:]}},
	{"role+source", [][]string{roleNames, sourceNames[:]}},
	{"length+first", [][]string{lengths, partNames[:]}},
	{"length+row", [][]string{lengths, rowNames}},
	{"category+class", [][]string{categoryOrder, classNames[:]}},
	{"known+source", [][]string{yesNo, sourceNames[:]}},
	{"tail+class", [][]string{tailNames, classNames[:]}},
	{"tail+source", [][]string{tailNames, sourceNames[:]}},
	{"front+source", [][]string{tailNames, sourceNames[:]}},
	{"front+last", [][]string{tailNames, partNames[:]}},
	{"back+source", [][]string{tailNames, sourceNames[:]}},
	{"back+first", [][]string{tailNames, partNames[:]}},
	{"front+class", [][]string{tailNames, classNames[:]}},
	{"back+next", [][]string{tailNames, partNames[:]}},
	{"owner+class", [][]string{ownerNames, classNames[:]}},
	{"owner+gap", [][]string{ownerNames, gapNames[:]}},
}

// tailRunes are the characters that many phrases end in, nouns first.
const tailRunes = "量率额价力度入金数值费积产长资分比款能口业目例道收程工间期时客员人户地羊牛薯机车线路区县村镇项件库房站种品材树林草水电煤气油粮菜果鱼药肥园场厂店校院馆桥队部局会司社票书画片船箱级层位次家" +
	"到了出给下上过成完去来用卖花打摘交拿养住买建办做有是达增减降升行占少多高大"

// tailNames name the last characters, the first stands for all others.
var tailNames = append([]string{"other"}, strings.Split(tailRunes, "")...)

// ownerNames are the classes of the figures that a metric is taken from.
var ownerNames = append([]string{"none"}, classNames[:]...)

// categoryOrder are the categories of the tables of metrics.
var categoryOrder = []string{"none", "amount", "capacity", "reserve", "output", "share", "growth", "rank", "price", "count", "extent", "duration", "measure"}

// The sizes of axes.
const (
	rowKinds      = 3
	categoryKinds = 13
	changeRoles   = 6
	holdKinds     = 16
	owners        = int(classes) + 1
	tails         = 1 + len(tailRunes)/len("量")
)

var measuredOffsets = offsetsOf(measuredTemplates)

// compounds are the parts that compound nouns are made of.
const compounds = 1<<partThing | 1<<partActing | 1<<partQuality | 1<<partChar | 1<<partName | 1<<partNoun

// cut is 1 when the phrase begins inside a compound noun: 国际|货运班列.
func (m *measured) cut() int { return compounds >> m.prev & (compounds >> m.first) & 1 }

// valuesOf are the values of the axes for m, by their names.
func (s *scan) valuesOf(o *occasion, m *measured) map[string]int {
	return map[string]int{"source": int(m.source), "rule": int(m.rule), "cut": m.cut(), "class": int(o.class), "prev": int(m.prev), "first": int(m.first), "last": int(m.last), "next": int(m.next), "length": int(m.length),
		"holds": int(m.holds), "row": int(m.row), "gap": int(o.gap), "role": int(o.role), "category": int(m.kind), "known": s.known(m), "tail": int(m.tail), "front": int(m.front), "back": int(m.back), "owner": int(m.owner)}
}

// measuredFolds are the tables that endWorth and headWorth look into.
var measuredFolds = []string{"last+next+source", "gap+role+source", "class+tail", "source+tail", "class+gap+owner",
	"prev+first+source", "class+row+category+source", "holds+cut+rule+known+source", "length+first+row+source", "last+source+front", "first+source+back", "class+front", "next+back"}

// The places of the measuredFolds, which lie one behind the other.
const (
	foldLast      = 0
	foldRole      = foldLast + int(parts)*int(parts)*int(sources)
	foldClassTail = foldRole + int(gaps)*changeRoles*int(sources)
	foldTail      = foldClassTail + int(classes)*tails
	foldOwner     = foldTail + int(sources)*tails
	foldFirst     = foldOwner + int(classes)*int(gaps)*owners
	foldRow       = foldFirst + int(parts)*int(parts)*int(sources)
	foldHolds     = foldRow + int(classes)*rowKinds*categoryKinds*int(sources)
	foldLength    = foldHolds + holdKinds*2*2*2*int(sources)
	foldFront     = foldLength + (maxLength+1)*int(parts)*rowKinds*int(sources)
	foldBack      = foldFront + int(parts)*int(sources)*tails
	foldClass     = foldBack + int(parts)*int(sources)*tails
	foldNext      = foldClass + int(classes)*tails
	measuredSums  = foldNext + int(parts)*tails
)

// endWorth is the part of what the evidence about m is worth, in thousandths, that
// depends on its source and its end alone: all that are longer have it in common.
// f holds the measuredFolds.
func (m *measured) endWorth(f *[measuredSums]int32, o *occasion) int32 {
	source, tail, gap := int(m.source), int(m.tail), int(o.gap)
	return f[foldLast+(int(m.last)*int(parts)+int(m.next))*int(sources)+source] +
		f[foldRole+(gap*changeRoles+int(o.role))*int(sources)+source] +
		f[foldClassTail+int(o.class)*tails+tail] +
		f[foldTail+source*tails+tail] +
		f[foldOwner+(int(o.class)*int(gaps)+gap)*owners+int(m.owner)]
}

// headWorth is the other part; known is that of s.known.
func (m *measured) headWorth(f *[measuredSums]int32, o *occasion, known int) int32 {
	source, first, row, front, back := int(m.source), int(m.first), int(m.row), int(m.front), int(m.back)
	return f[foldFirst+(int(m.prev)*int(parts)+first)*int(sources)+source] +
		f[foldRow+((int(o.class)*rowKinds+row)*categoryKinds+int(m.kind))*int(sources)+source] +
		f[foldHolds+(((int(m.holds)*2+m.cut())*2+int(m.rule))*2+known)*int(sources)+source] +
		f[foldLength+((int(m.length)*int(parts)+first)*rowKinds+row)*int(sources)+source] +
		f[foldFront+(int(m.last)*int(sources)+source)*tails+front] +
		f[foldBack+(first*int(sources)+source)*tails+back] +
		f[foldClass+int(o.class)*tails+front] +
		f[foldNext+int(m.next)*tails+back]
}

// chooseMeasured chooses what figure i measures among the candidates: the one
// that the weights of measured.tsv prefer.
func (s *scan) chooseMeasured(i int) {
	it := &s.items[i]
	if it.kind == pipeline.Count && it.rule == "noun.counted" || len(s.d.Tokens) == 0 {
		return
	}
	s.measuredBy(i)
	best, score, end := -1, int32(0), int32(0)
	o, sums := s.occasionOf(i), (*[measuredSums]int32)(s.k.sums[Metrics])
	s.remembered = s.lastMeasured()
	for k := range s.measures {
		m := &s.measures[k]
		if !m.longer {
			end = m.endWorth(sums, &o)
		}
		if v := end + m.headWorth(sums, &o, s.known(m)); best < 0 || v > score {
			best, score = k, v
		}
	}
	if s.judgeMeasured != nil {
		best = s.judgeMeasured(i, best)
	}
	if best < 0 {
		return
	}
	m := &s.measures[best]
	it.after = m.after
	switch {
	case m.metric != nil:
		it.metric = m.metric
	case it.metric != nil && it.metric.Span == m.span:
	default:
		it.metric = s.phraseOn(m.span)
	}
}

// lastMeasured returns the names of what the figures before measure, at most
// twelve, as a set of their last bytes.
func (s *scan) lastMeasured() (ends uint64) {
	for _, n := range s.measuredSoFar[max(len(s.measuredSoFar)-maxKnown, 0):] {
		ends |= endBit(n)
	}
	return ends
}

// endBit is the bit of the last byte of a name. Seven in eight candidates end
// like none of the last names, and need not be compared with them.
func endBit(name string) uint64 {
	if name == "" {
		return 0
	}
	return 1 << (name[len(name)-1] & 63)
}

// maxKnown is how many figures before are asked for what they measure.
const maxKnown = 12

// known is 1 when one of the twelve figures before measures what m names.
func (s *scan) known(m *measured) int {
	if m.source == sourceTaken || m.source == sourceOlder {
		return 0
	}
	name := s.nameOf(m)
	if name != "" && s.remembered&endBit(name) == 0 {
		return 0
	}
	for _, n := range s.measuredSoFar[max(len(s.measuredSoFar)-maxKnown, 0):] {
		if n == name {
			return 1
		}
	}
	return 0
}

func (s *scan) nameOf(m *measured) string {
	if m.metric != nil {
		return m.metric.Name
	}
	return s.text[m.span.Start:m.span.End]
}
