package figure

import (
	"sort"
	"strings"

	"longmai/corpus"
	"longmai/pipeline"
)

// timeOf finds the time that governs the figure: the nearest before it in its
// sentence that is no basis of a comparison, else the last one of the
// paragraph.
func (s *scan) timeOf(i int) {
	it := &s.items[i]
	s.enter(it)
	found := -1
	own := false
	nearest := s.timesBefore(it.core.Start)
	for t := nearest; t >= 0; t-- {
		x := s.d.Times[t]
		if x.Start < s.start || nearest-t > 40 {
			break
		}
		if x.Role == "dateline" || x.From.IsZero() && x.To.IsZero() {
			continue
		}
		if it.change != nil && it.change.Role == "from" && x.Start >= it.seg.Start {
			found, own = t, true
			break
		}
		if x.Role == "basis" || s.compared(x.Span) {
			if it.change == nil && x.End+len("的") >= it.from && x.Start >= it.seg.Start {
				found, own = t, true
				break
			}
			continue
		}
		found = t
		own = x.Start >= it.sentence.Start
		break
	}
	if found < 0 {
		return
	}
	x := s.d.Times[found]
	ft := &pipeline.FigureTime{Span: x.Span, From: x.From, To: x.To, Role: x.Role, Inherited: !own || x.Start < it.clause}
	if x.Role == "by" || !(it.change != nil && it.change.Role == "to" && x.Start >= it.seg.Start) && s.before(x.Start, "截至", "截止", "截至到", "截止到", "到", "至") {
		ft.From = corpus.Day{}
	}
	if strings.HasSuffix(s.text[x.Start:x.End], "末") || strings.HasSuffix(s.text[x.Start:x.End], "底") || strings.HasPrefix(s.text[x.Start:x.End], "年初") || strings.HasPrefix(s.text[x.Start:x.End], "年底") {
		ft.From = corpus.Day{}
	}
	it.time = ft
}

// compared reports whether a time stands behind 比, 较 or 由: it is what a change
// is measured against.
func (s *scan) compared(t pipeline.Span) bool {
	return s.before(t.Start, "比", "较", "与", "同", "由", "从", "相比", "高于", "低于", "恢复到", "恢复至", "和") && !s.before(t.Start, "同比", "环比")
}

// timesBefore returns the index of the last time that begins before p.
func (s *scan) timesBefore(p int) int {
	lo, hi := 0, len(s.d.Times)
	for lo < hi {
		m := (lo + hi) / 2
		if s.d.Times[m].Start < p {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo - 1
}

// aggregateOf reads 累计, 新增, 净增 and 其中.
func (s *scan) aggregateOf(i int) {
	it := &s.items[i]
	s.enter(it)
	seg := s.text[it.seg.Start:it.seg.End]
	it.criterion = (it.form == pipeline.Ge || it.form == pipeline.Le || it.form == pipeline.Gt && s.has(it.to, "的")) && !s.ends(it.to) && it.kind != pipeline.Count && i+1 < len(s.items) && s.items[i+1].kind == pipeline.Count && s.items[i+1].from-it.to < 30 ||
		s.has(it.core.End, "以上的", "以下的")
	switch {
	case it.keys&(keyNet|keyTotal|keyNew|keyOf) == 0:
	case strings.Contains(seg, "净增"), strings.Contains(seg, "净流入"):
		it.aggregate = "net"
	case strings.Contains(seg, "累计"):
		it.aggregate = "cumulative"
	case strings.Contains(seg, "新增"), strings.Contains(seg, "新发现"):
		it.aggregate = "new"
	case strings.Contains(seg, "其中") && !it.criterion:
		it.aggregate = "part"
	}
	if it.kind == pipeline.Rank {
		it.aggregate = ""
	}
	if it.aggregate != "" || i == 0 {
		return
	}
	p := &s.items[i-1]
	if p.block != it.block || p.sent != it.sent {
		return
	}
	gap := s.text[p.to:it.from]
	switch {
	case p.aggregate == "" && p.criterion && strings.Contains(s.text[p.seg.Start:p.seg.End], "其中"):
		it.aggregate = "part"
	case p.aggregate != "" && strings.HasPrefix(gap, "、") && p.kind == it.kind && !strings.ContainsAny(gap, "，；"):
		it.aggregate = p.aggregate
		if p.aggregate == "new" && it.change == nil && p.change != nil && p.change.Role == "delta" {
			c := *p.change
			it.change = &c
		}
	}
}

// perOf reads what a figure is per: 每亩, 户均, 日产, 时速, 一斤 behind a price.
func (s *scan) perOf(i int) {
	it := &s.items[i]
	if it.kind == pipeline.Rank || strings.Contains(it.code, "/") {
		return
	}
	s.enter(it)
	seg, keys := s.text[it.seg.Start:it.seg.End], it.keys
	if it.metric != nil && !it.after && it.metric.Start >= it.clause && it.metric.Start < it.seg.Start {
		seg = s.text[it.metric.Start:it.metric.End] + seg
		keys |= keysOf(seg)
	}
	if keys&keyPer == 0 && !(it.kind == pipeline.Money && s.has(it.core.End, "一")) {
		s.perOfList(i)
		return
	}
	delta := it.change != nil && it.change.Role == "delta" && (it.kind == pipeline.Percent || it.kind == pipeline.Points || it.kind == pipeline.Multiple)
	for k := strings.LastIndex(seg, "每"); k >= 0 && !delta; {
		at := k + len("每")
		v, e := s.k.unitTrie.longest(seg, at, false)
		switch {
		case strings.HasPrefix(seg[at:], "股"):
			it.per = "{share}"
		case strings.HasPrefix(seg[at:], "村"):
			it.per = "{村}"
		case v >= 0 && e > at:
			it.per = s.k.units[v].code
			if s.k.units[v].word == "度" {
				it.per = "kW.h"
			}
		case strings.HasPrefix(seg[at:], "月"):
			it.per = "mo"
		}
		return
	}
	for _, m := range averages {
		if keys&keyAverage == 0 {
			break
		}
		if k := strings.LastIndex(seg, m.word); k >= 0 && !delta {
			if m.code == "a" && (it.kind == pipeline.Percent || it.kind == pipeline.Points) {
				continue
			}
			it.per = m.code
			return
		}
	}
	switch {
	case strings.Contains(seg, "时速") && it.kind == pipeline.Quantity && it.unit.dim == "length":
		it.per = "h"
	case keys&keyDay != 0 && s.daily(seg) && !delta && (it.kind == pipeline.Quantity || it.kind == pipeline.Count || it.kind == pipeline.Money):
		it.per = "d"
	case strings.Contains(seg, "亩产") && it.kind == pipeline.Quantity:
		it.per = "[mu_cn]"
	case it.kind == pipeline.Money && it.rule != "money.bare":
		s.perBehind(it)
	}
	s.perOfList(i)
}

// perOfList gives a figure what the one before it in a list is per.
func (s *scan) perOfList(i int) {
	it := &s.items[i]
	if it.per == "" && i > 0 && s.items[i-1].sent == it.sent && s.items[i-1].per != "" && s.items[i-1].block == it.block {
		p := &s.items[i-1]
		gap := s.text[p.to:it.from]
		if p.kind == it.kind && strings.Contains(gap, "、") && !strings.ContainsAny(gap, "，；") || it.change != nil && it.group != nil && it.group.Kind == "from_to" && p.group != nil && p.group.ID == it.group.ID {
			it.per = p.per
		}
	}
}

var averages = []struct{ word, code string }{
	{"人均", "{person}"}, {"户均", "{household}"}, {"亩均", "[mu_cn]"}, {"日均", "d"}, {"月均", "mo"}, {"年均", "a"}, {"场均", "{unit}"}, {"村均", "{村}"}, {"车均", "{vehicle}"}, {"周均", "wk"}, {"头均", "{animal}"}, {"株均", "{plant}"}, {"校均", "{school}"},
}

// daily reports whether the words tell of a rate per day: 日产量, 日进尺.
func (s *scan) daily(seg string) bool {
	for _, w := range [...]string{"日产", "日进尺", "日进度", "日处理", "日供", "日客流", "日发送", "日接待", "日用", "日售", "日最", "日吞吐", "日上市", "日加工", "日销"} {
		if k := strings.Index(seg, w); k >= 0 && !strings.HasSuffix(seg[:k], "单") && !strings.HasSuffix(seg[:k], "节") && !strings.HasSuffix(seg[:k], "假") {
			return true
		}
	}
	return false
}

// perBehind reads the unit that is priced behind the price: 四块二一斤, 0.5元一度.
func (s *scan) perBehind(it *item) {
	if !s.has(it.core.End, "一") {
		seg := s.text[it.seg.Start:it.seg.End]
		for _, w := range [...]string{"一斤", "一亩", "一公斤", "一吨", "一方水", "一度电", "一只", "一头", "一株", "一箱", "一碗", "一张", "一天", "一月", "一个月"} {
			if k := strings.LastIndex(seg, w); k >= 0 && len(seg)-k <= len(w)+18 && !strings.HasSuffix(seg[:k], "第") {
				if v, _ := s.k.unitTrie.longest(seg, k+len("一"), false); v >= 0 && s.k.units[v].dim != "count" {
					it.per = s.k.units[v].code
				}
			}
		}
		return
	}
	if v, e := s.k.unitTrie.longest(s.text[:s.end], it.core.End+len("一"), false); v >= 0 && e > it.core.End {
		if u := &s.k.units[v]; u.dim != "money" && u.dim != "ratio" {
			it.per = u.code
		}
	}
}

// quoteBytes begin both “ and ”.
const quoteBytes = "\xe2\x80"

// speech marks the figures inside quoted speech.
func (s *scan) speech() {
	last := 0
	for b, blk := range s.d.Blocks {
		first := last
		for last < len(s.items) && s.items[last].block == b {
			last++
		}
		if first == last {
			continue
		}
		open, at := -1, first
		for p := blk.Span.Start; p < blk.Span.End; {
			k := strings.Index(s.text[p:blk.Span.End], quoteBytes)
			if k < 0 {
				break
			}
			p += k
			switch r, w := decode(s.text, p); {
			case r == '“' && open < 0:
				open = p
				p += w
			case r == '”':
				if open >= 0 {
					at = s.quote(open, p, at, last)
				}
				open = -1
				p += w
			default:
				p++
			}
		}
		if open >= 0 && open == blk.Span.Start {
			s.quote(open, blk.Span.End, at, last)
		}
	}
}

// quote marks the items from index at, below last, in the quotation [from, to]
// when it is speech and not a name. It returns the first item behind it.
func (s *scan) quote(from, to, at, last int) int {
	for at < last && s.items[at].core.Start < from {
		at++
	}
	if at == last || s.items[at].core.Start >= to {
		return at
	}
	speech := strings.ContainsAny(s.text[from+len("“"):to], "，。！？；,;!?")
	for ; at < last && s.items[at].core.Start < to; at++ {
		s.items[at].quoted = speech && s.items[at].core.End <= to
	}
	return at
}

// statuses decides between actual, target, plan and forecast. A signal word
// holds to the end of its sentence, or until another one.
func (s *scan) statuses() {
	for i := range s.items {
		it := &s.items[i]
		s.enter(it)
		from := max(it.sentence.Start, s.start)
		it.status = s.statusIn(from, it)
		if it.status == "actual" && s.targetBehind(it) {
			it.status = "target"
		}
	}
}

// statusIn walks the signal words from the start of the sentence to the figure.
func (s *scan) statusIn(from int, it *item) string {
	if it.change != nil && it.change.Role == "from" {
		return "actual"
	}
	status, goal, soft := "actual", -1, false
	if it.core.Start-from > 1500 {
		from = runeStart(s.text, it.core.Start-1500)
	}
	end := it.core.Start
	for p := from; p < end; {
		if t := s.times.on(p); t >= 0 && s.times.spans[t].Start == p {
			x := s.d.Times[t]
			if !x.To.IsZero() && !s.d.Date.IsZero() && x.To.Compare(s.d.Date) <= 0 && x.Role != "basis" && x.Role != "dateline" && !s.compared(x.Span) {
				status, goal = "actual", -1
			}
			p = max(min(s.times.spans[t].End, end), p+1)
			continue
		}
		v, e := s.k.signalF.longest(s.text[:end], p, false)
		if v < 0 || e-p <= 3 && !s.isWord(p, e) {
			r, w := decode(s.text, p)
			if (r == '；' || r == ';') && status == "plan" {
				status = "actual"
			}
			p += w
			continue
		}
		word := s.text[p:e]
		switch c := s.k.signals[v]; c {
		case "target", "plan", "forecast":
			if s.nounSignal(word, p, e) || c == "forecast" && strings.HasPrefix(word, "将") && status != "actual" {
				break
			}
			status, goal = c, p
			soft = c == "forecast" && strings.HasPrefix(word, "将")
		case "actual":
			if status != "target" && word != "原计划" && word != "年度计划" {
				status = "actual"
			}
		case "cumulative":
			if status == "plan" {
				status = "actual"
			}
		}
		p = e
	}
	if goal >= 0 && strings.HasPrefix(s.text[goal:], "年度目标") || goal >= 0 && strings.HasPrefix(s.text[goal:], "目标任务") {
		if i := sort.Search(len(s.items), func(i int) bool { return s.items[i].core.Start > goal }); i < len(s.items) && s.items[i].core.Start < it.core.Start {
			return "actual"
		}
	}
	if t := it.time; t != nil && t.Start >= from && t.Start < end && s.before(t.Start, "到", "至") && (soft || status == "actual" && t.Role == "target") {
		return "target"
	}
	if status == "plan" && (s.past(it) || it.kind == pipeline.Count && it.aggregate == "part") {
		return "actual"
	}
	return status
}

// past reports whether the clause of the figure tells of what was done, under a plan named before.
func (s *scan) past(it *item) bool {
	t := s.text[it.clause:it.core.Start]
	for _, w := range [...]string{"完成", "已", "实现", "累计", "建成"} {
		if strings.Contains(t, w) && !strings.Contains(t, "计划") && !strings.Contains(t, "拟") && !strings.Contains(t, "规划") && w != "完成" && w != "建成" && w != "实现" {
			return true
		}
	}
	return false
}

// nounSignal reports whether a signal word is part of a noun here: 完成8月份计划, 目标任务.
func (s *scan) nounSignal(word string, p, e int) bool {
	switch word {
	case "计划", "规划":
		return s.before(p, "原", "年度", "月份", "“", "这一", "该", "国家", "行动", "发展", "总体") || s.has(e, "内", "的是", "纲要", "局", "院", "馆", "》", "”")
	case "目标":
		return false
	case "打造":
		return s.before(p, "已", "成功", "倾力")
	}
	return false
}

// targetBehind reports whether the words behind the figure call it a goal.
func (s *scan) targetBehind(it *item) bool {
	end := min(s.end, it.to+42)
	t := s.text[it.to:end]
	for i, r := range t {
		if isClauseEnd(r) {
			t = t[:i]
			break
		}
	}
	return strings.Contains(t, "目标") && !strings.Contains(t, "目标任务的")
}

// subjects finds whose figure each one is. A topic holds until the next one, to
// the end of its paragraph; speech that opens a paragraph keeps the topic before.
func (s *scan) subjects() {
	var last *pipeline.Phrase
	lastAt, sent := 0, -1
	var counted *pipeline.Phrase // 12户省属工业企业: subject of what follows in the sentence
	block := -1
	for i := range s.items {
		it := &s.items[i]
		s.enter(it)
		if it.settled && it.subject != nil {
			continue
		}
		if it.owner != nil {
			it.subject, lastAt = it.owner, it.core.End
			continue
		}
		if it.block != block {
			switch {
			case !s.has(s.start, "“", "‘"):
				last = s.fallback(it)
			case last == nil || block < it.block-3:
				last = s.topicOfBlock(it)
			}
			lastAt, block, counted = s.start, it.block, nil
		}
		if it.sent != sent {
			counted, sent = nil, it.sent
		}
		p, local := s.topic(max(lastAt, s.start), it, last)
		if p != nil {
			counted = nil
		}
		lastAt = it.core.End
		switch {
		case p != nil && local:
			it.subject = p
			continue
		case p != nil:
			last = p
		}
		it.subject = last
		if g := it.group; g != nil && g.Kind == "from_to" && g.Index == 1 && i > 0 {
			it.subject = s.items[i-1].subject
		} else if q := s.speaker(it); it.quoted && q != nil {
			it.subject, last = q, q
		} else if q := s.actor(it); q != nil && p == nil {
			it.subject, counted = q, q
		} else if it.unit != nil && it.unit.dim == "age" {
			if q := s.aged(it); q != nil {
				it.subject = q
			}
		} else if q := s.topicBehind(it); q != nil {
			it.subject = q
		} else if counted != nil && (it.kind != pipeline.Count || it.code == "{person-visit}") {
			it.subject = counted
		}
		if it.kind == pipeline.Count && it.after && it.metric != nil && (it.code == "{org}" || it.code == "{household}") && !s.ends(it.metric.End) && !s.people(it.metric) {
			counted = &pipeline.Phrase{Span: it.metric.Span, Name: it.metric.Name}
		}
	}
}

// people reports whether a phrase names people: 牧民.
func (s *scan) people(p *pipeline.Phrase) bool {
	v, _ := s.k.persons.longestBefore(p.Name, 0, len(p.Name))
	return v >= 0
}

// topicOfBlock returns the topic of the paragraph before it, which has no figures of its own.
func (s *scan) topicOfBlock(it *item) *pipeline.Phrase {
	b := it.block - 1
	if b < 0 || s.d.Blocks[b].Role != corpus.RoleParagraph {
		return s.fallback(it)
	}
	s.start, s.end = s.d.Blocks[b].Span.Start, s.d.Blocks[b].Span.End
	before := item{core: pipeline.Span{Start: s.end, End: s.end}, block: b}
	p, _ := s.topic(s.start, &before, nil)
	s.enter(it)
	if p == nil {
		return s.fallback(it)
	}
	return p
}

// aged returns the person whose age it is: 五十六岁的果农陆百川.
func (s *scan) aged(it *item) *pipeline.Phrase {
	for e := s.entitiesBefore(it.core.Start) + 1; e < len(s.d.Entities) && s.d.Entities[e].Start < it.core.End+60; e++ {
		if x := s.d.Entities[e]; x.Type == pipeline.Person {
			return &pipeline.Phrase{Span: x.Span, Name: x.Name}
		}
	}
	for e := s.entitiesBefore(it.core.Start); e >= 0 && s.d.Entities[e].Start >= it.sentence.Start; e-- {
		if x := s.d.Entities[e]; x.Type == pipeline.Person {
			return &pipeline.Phrase{Span: x.Span, Name: x.Name}
		}
	}
	return nil
}

// actor returns the noun that begins the clause and has a verb of its own before
// the number: 无人机 in 无人机一天能完成三四百公里, 集群 in 集群建成标准机架3.1万架.
// It needs the tokens.
func (s *scan) actor(it *item) *pipeline.Phrase {
	if len(s.d.Tokens) == 0 || it.seg.Start > it.clause || it.change != nil && it.cut == 0 {
		return nil
	}
	start := it.clause
	for t := s.times.on(start); t >= 0; t = s.times.on(start) {
		start = s.times.spans[t].End
	}
	for start < it.from && (leading.has(firstRune(s.text, start)) || openQuotes.has(firstRune(s.text, start))) {
		_, w := decode(s.text, start)
		start += w
	}
	t := s.tokens.on(start)
	if t < 0 || s.tokens.spans[t].Start != start {
		return nil
	}
	end, noun := start, false
	for ; t < len(s.d.Tokens) && s.tokens.spans[t].End <= it.from; t++ {
		p, pos := s.tokens.spans[t].Start, s.d.Tokens[t].POS
		class, _ := s.grammarWord(p, it.from)
		signal, _ := s.k.signalF.longest(s.text[:it.from], p, false)
		scope, _ := s.k.scopeF.longest(s.text[:it.from], p, false)
		switch {
		case s.entities.on(p) >= 0, scope >= 0, signal >= 0 && end == start:
			return nil
		case class == "verb", class == "light":
			if !noun || end <= start+3 || end-start > 45 {
				return nil
			}
			return s.actorPhrase(it, start, end)
		case class == "adverb", end > start && isMeasure(pos):
			if end == start {
				return nil
			}
			continue
		case pos == "" || pos[0] != 'n' && pos != "b" && pos != "vn" && pos != "a" && pos != "j" && pos != "k" || end < p && end > start:
			return nil
		}
		end, noun = s.tokens.spans[t].End, pos[0] == 'n' || pos == "j" || pos == "k"
	}
	return nil
}

// isMeasure holds for the parts of speech of numbers, times and places that may
// stand between a subject and its verb.
func isMeasure(pos string) bool {
	switch pos {
	case "m", "q", "t", "f", "d", "mq":
		return true
	}
	return false
}

func (s *scan) actorPhrase(it *item, start, end int) *pipeline.Phrase {
	name := s.text[start:end]
	if it.metric != nil && !it.after && it.metric.Start < end || s.metricRow(name) != nil && s.metricRow(name).category != "count" {
		return nil
	}
	return &pipeline.Phrase{Span: pipeline.Span{Start: start, End: end}, Name: name}
}

func firstRune(text string, p int) rune {
	r, _ := utf8At(text, p)
	return r
}

// speaker returns the person who speaks the quotation that holds the figure,
// when the words behind it name one who speaks for himself.
func (s *scan) speaker(it *item) *pipeline.Phrase {
	k := strings.Index(s.text[it.core.End:min(s.end, it.core.End+1500)], "”")
	if k < 0 {
		return nil
	}
	at := it.core.End + k
	for e := s.entitiesBefore(at) + 1; e < len(s.d.Entities) && s.d.Entities[e].Start < at+75; e++ {
		if x := s.d.Entities[e]; x.Type == pipeline.Person {
			if s.folk(x.Span) {
				return &pipeline.Phrase{Span: x.Span, Name: x.Name}
			}
			return nil
		}
	}
	return nil
}

// topicBehind reads 总投资26.8亿元、年产5万吨铜箔的项目: the topic stands behind its figures.
func (s *scan) topicBehind(it *item) *pipeline.Phrase {
	if it.core.Start-it.clause > 90 {
		return nil
	}
	t := s.text[it.to:min(s.end, it.to+120)]
	for i, r := range t {
		if isClauseEnd(r) {
			return nil
		}
		if r == '的' {
			at := it.to + i + len("的")
			if v, e := s.k.topics.longest(s.text[:s.end], at, false); v >= 0 {
				return &pipeline.Phrase{Span: pipeline.Span{Start: at, End: e}, Name: s.text[at:e]}
			}
		}
	}
	return nil
}

// topic returns the last place, organisation, facility or project, or the last
// general topic (项目, 隧道, 全省), that stands as a topic in the words from a
// figure to the next: no verb of its clause comes before it. A local topic
// (其中甘肃境内) holds for this figure alone.
func (s *scan) topic(from int, it *item, last *pipeline.Phrase) (best *pipeline.Phrase, local bool) {
	end := it.core.Start
	open := from <= s.start || s.has(from, "的") // no verb yet in this clause
	oblique, lastEnd := false, -1               // the name before, in a list, is no topic
	for p := from; p < end; {
		if e := s.entities.on(p); e >= 0 && s.entities.spans[e].Start == p {
			x := s.d.Entities[e]
			next := max(min(x.End, end), p+1)
			obl := s.oblique(x.Span) || (s.before(p, "、", "和") || p == lastEnd) && oblique
			lastEnd = x.End
			final := s.has(x.End, "，", ",") && s.before(p, "的")
			switch {
			case !governs(x.Type) && !(x.Type == pipeline.Person && s.folk(x.Span)), x.End > end, it.kind == pipeline.Rank && x.End == it.core.Start:
			case obl, s.source(x.Span), s.listOfExamples(x.Span, end), s.hasItem(x.Span):
			case open || final || best == nil && last == nil || x.Type == pipeline.Person:
				best, local = &pipeline.Phrase{Span: x.Span, Name: x.Name}, s.before(p, "其中", "其中，")
				if s.has(x.End, "段") && !s.has(x.End, "段家") {
					best.End += len("段")
					best.Name = s.text[x.Start:best.End]
				}
				if to := s.routeEnd(e, end); to > x.End {
					best, local = &pipeline.Phrase{Span: pipeline.Span{Start: x.Start, End: to}, Name: s.text[x.Start:to]}, true
					next = to
				}
			}
			oblique = obl
			p = next
			continue
		}
		if t := s.times.on(p); t >= 0 && s.times.spans[t].Start == p {
			p = max(min(s.times.spans[t].End, end), p+1)
			continue
		}
		if v, e := s.k.scopeF.longest(s.text[:end], p, false); v >= 0 {
			if open && !s.oblique(pipeline.Span{Start: p, End: e}) && !s.comparedScope(p) {
				if x := s.scopePhrase(pipeline.Span{Start: p, End: e}, s.k.scopes[v], last); x != nil {
					best, local = x, false
				}
			}
			p = e
			continue
		}
		if v, e := s.k.topics.longest(s.text[:end], p, false); v >= 0 && s.isWord(p, e) && (open && s.topicHere(p, e) || s.before(p, "的") && s.has(e, "，", ",")) {
			noun := s.text[p:e]
			if best == nil && (last == nil || !strings.Contains(last.Name, noun)) {
				best, local = &pipeline.Phrase{Span: pipeline.Span{Start: p, End: e}, Name: noun}, false
			}
			p = e
			continue
		}
		if class, e := s.grammarWord(p, end); class != "" {
			if (class == "verb" || class == "light") && !s.has(p, "在", "位于", "据", "走进", "目前", "其中", "以", "作为") {
				open = false
			}
			p = e
			continue
		}
		r, w := decode(s.text, p)
		if isClauseEnd(r) || r == '。' {
			open, oblique = true, false
		}
		p += w
	}
	return best, local
}

// hasItem reports whether a figure stands inside a name, which then is none.
func (s *scan) hasItem(t pipeline.Span) bool {
	i := sort.Search(len(s.items), func(i int) bool { return s.items[i].core.Start >= t.Start })
	return i < len(s.items) && s.items[i].core.Start < t.End
}

// routeEnd returns the end of 兰州至银川 when the name e begins such a route, else 0.
func (s *scan) routeEnd(e, end int) int {
	x := s.d.Entities[e]
	if e+1 >= len(s.d.Entities) || !s.has(x.End, "至", "到", "—") {
		return 0
	}
	y := s.d.Entities[e+1]
	if y.Start == x.End+len("至") && y.End <= end && y.Type == pipeline.Place && x.Type == pipeline.Place && !s.has(y.End, "、") {
		return y.End
	}
	return 0
}

// source reports whether a name is where the news comes from, or the office of
// a speaker, and not what it is about.
func (s *scan) source(t pipeline.Span) bool {
	return s.has(t.End, "提供", "统计", "发布", "介绍", "表示", "数据", "的数据", "的统计", "消息", "通报", "显示", "获悉", "监测", "预测", "召开", "举行", "公布", "披露", "的数字", "负责人", "有关负责", "相关负责", "副", "党组", "党委", "党工委", "书记", "市长", "县长", "区长", "州长", "局长", "厅长", "处长", "主任", "董事长", "总经理", "经理", "院长", "校长", "所长", "总工程师", "技术总监", "工作人员", "新闻发言人", "总会计师", "科长", "部长", "站长", "队长", "总经济师", "党支部", "项目经理", "调研员", "研究员", "教授", "记者")
}

// listOfExamples reports whether the name at t belongs to a list that ends in 等 and a number: A、B等7家.
func (s *scan) listOfExamples(t pipeline.Span, end int) bool {
	i := strings.Index(s.text[t.End:min(s.end, t.End+90)], "等")
	if i < 0 {
		return false
	}
	rest := s.text[t.End : t.End+i]
	if strings.ContainsAny(rest, "，。；：,;") {
		return false
	}
	return t.End+i+len("等") >= end-len("逾约近") && (rest == "" || strings.Contains(rest, "、"))
}

// folk reports whether a person is what the figures are about: a farmer, a
// customer, and no speaker of an office.
func (s *scan) folk(t pipeline.Span) bool {
	return s.before(t.Start, "村民", "牧民", "果农", "菜农", "农民", "农户", "游客", "老人", "种植户", "养殖户", "青年", "店主", "店长", "老板", "小吃店的", "牧户", "茶农", "药农", "瓜农", "棉农", "粮农", "蜂农", "工人", "司机", "学生", "市民", "居民", "大学生", "户主", "老汉", "大娘", "大叔", "脱贫户", "贫困户", "摊主", "乘客", "家长", "高级工程师")
}

// topicHere reports whether the general noun at [p, e) begins its clause, perhaps behind 这条 or a name.
func (s *scan) topicHere(p, e int) bool {
	for _, w := range [...]string{"这条", "这座", "该", "这个", "这一", "这", "本", "此"} {
		if s.before(p, w) {
			p -= len(w)
			break
		}
	}
	r, _ := s.prev(p)
	if r != 0 && !isClauseEnd(r) && r != '“' && r != ' ' && r != '　' {
		return false
	}
	return true
}

// scopePhrase resolves 全省, 我市, 全县, 全院; nil when the word stands for nothing that is known.
func (s *scan) scopePhrase(at pipeline.Span, sc scope, last *pipeline.Phrase) *pipeline.Phrase {
	if name := s.scopeName(sc); name != "" {
		return &pipeline.Phrase{Span: at, Name: name}
	}
	if sc.is != "county" && sc.is != "unit" && sc.is != "city" {
		return nil
	}
	_, w := decodeLast(sc.word)
	kind := sc.word[len(sc.word)-w:]
	if last != nil && strings.HasSuffix(last.Name, kind) {
		return &pipeline.Phrase{Span: at, Name: last.Name}
	}
	for e := s.entitiesBefore(at.Start); e >= 0 && e > s.entitiesBefore(at.Start)-60; e-- {
		if x := s.d.Entities[e]; governs(x.Type) && strings.HasSuffix(x.Name, kind) {
			return &pipeline.Phrase{Span: at, Name: x.Name}
		}
	}
	if sc.is == "unit" {
		return nil
	}
	if d := s.d.Dateline; d != nil && d.Place != "" {
		if s.k.prefectures[d.Place] && kind != "州" {
			return &pipeline.Phrase{Span: at, Name: sc.word}
		}
		return &pipeline.Phrase{Span: at, Name: strings.TrimSuffix(d.Place, kind) + kind}
	}
	return &pipeline.Phrase{Span: at, Name: sc.word}
}

// comparedScope reports whether the scope at p is a measure (高于全国, 居全国第三).
func (s *scan) comparedScope(p int) bool {
	return s.before(p, "高于", "低于", "居", "列", "占", "占到", "占了", "排名", "排", "位居", "位列", "为", "由", "超过", "对", "跑赢", "比", "较", "快于", "慢于", "优于", "是", "进入", "跻身", "成为", "好于", "领跑", "覆盖")
}

// oblique reports whether the words before a name make it an object or a source.
func (s *scan) oblique(t pipeline.Span) bool {
	return s.before(t.Start, "向", "对", "从", "到", "往", "至", "与", "和", "发往", "来自", "销往", "途经", "通过", "据", "由", "经", "占", "给", "获", "惠及", "辐射", "跨越", "穿越", "记者", "毗邻", "北起", "南起", "东起", "西起", "起于", "止于", "距", "离", "靠近", "覆盖")
}

func (s *scan) entitiesBefore(p int) int {
	lo, hi := 0, len(s.d.Entities)
	for lo < hi {
		m := (lo + hi) / 2
		if s.d.Entities[m].Start < p {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo - 1
}

func governs(t pipeline.EntityType) bool {
	switch t {
	case pipeline.Place, pipeline.Organization, pipeline.Facility, pipeline.Project:
		return true
	}
	return false
}

// scopeName resolves 全省, 我市, 全国 and the like; "" when it stands for nothing here.
func (s *scan) scopeName(sc scope) string {
	switch sc.is {
	case "province":
		return "甘肃省"
	case "city":
		if s.d.Dateline != nil && s.d.Dateline.Place != "" {
			return cityName(s.d.Dateline.Place)
		}
		return ""
	case "country":
		if sc.word == "我国" || sc.word == "全国" || sc.word == "中国" {
			return "中国"
		}
		return ""
	}
	return ""
}

func cityName(place string) string {
	if strings.HasSuffix(place, "市") || strings.HasSuffix(place, "县") || strings.HasSuffix(place, "区") || strings.HasSuffix(place, "州") {
		return place
	}
	return place + "市"
}

// fallback is the subject of a paragraph that names none: the first name of the
// heading above it, then the place of the dateline.
func (s *scan) fallback(it *item) *pipeline.Phrase {
	for ; s.headings < it.block; s.headings++ {
		if p := s.headingName(s.d.Blocks[s.headings]); p != nil {
			s.heading = p
		}
	}
	if s.heading != nil {
		return s.heading
	}
	if s.d.Dateline != nil && s.d.Dateline.Place != "" {
		return &pipeline.Phrase{Name: s.d.Dateline.Place}
	}
	return nil
}

// headingName returns the first name, or the first 全省 or 我市, of a heading.
func (s *scan) headingName(blk corpus.Block) *pipeline.Phrase {
	if blk.Role != corpus.RoleTitle && blk.Role != corpus.RoleSubtitle && blk.Role != corpus.RoleHeading {
		return nil
	}
	for e := s.entitiesFrom(blk.Span.Start); e < len(s.d.Entities) && s.d.Entities[e].Start < blk.Span.End; e++ {
		if x := s.d.Entities[e]; governs(x.Type) {
			return &pipeline.Phrase{Name: x.Name}
		}
	}
	for p := blk.Span.Start; p < blk.Span.End; {
		if v, _ := s.k.scopeF.longest(s.text[:blk.Span.End], p, false); v >= 0 {
			if name := s.scopeName(s.k.scopes[v]); name != "" {
				return &pipeline.Phrase{Name: name}
			}
		}
		_, w := decode(s.text, p)
		p += w
	}
	return nil
}

func (s *scan) entitiesFrom(p int) int {
	i := s.entitiesBefore(p) + 1
	for i > 0 && s.d.Entities[i-1].Start >= p {
		i--
	}
	return i
}
