package figure

import (
	"strconv"
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
	for t := s.timesBefore(it.core.Start); t >= 0; t-- {
		x := s.d.Times[t]
		if x.Start < s.start {
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
	if x.Role == "by" || s.before(x.Start, "截至", "截止", "截至到", "截止到", "到", "至") {
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
	it.criterion = s.has(it.to, "的") && (it.form == pipeline.Ge || it.form == pipeline.Le || it.form == pipeline.Gt) && i+1 < len(s.items) && s.items[i+1].kind == pipeline.Count && s.items[i+1].from-it.to < 30 ||
		s.has(it.core.End, "以上的", "以下的")
	switch {
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
	seg := s.text[it.seg.Start:it.seg.End]
	if it.metric != nil && !it.after && it.metric.Start >= it.clause && it.metric.Start < it.seg.Start {
		seg = s.text[it.metric.Start:it.metric.End] + seg
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
	case s.daily(seg) && !delta && (it.kind == pipeline.Quantity || it.kind == pipeline.Count || it.kind == pipeline.Money):
		it.per = "d"
	case strings.Contains(seg, "亩产") && it.kind == pipeline.Quantity:
		it.per = "[mu_cn]"
	case it.kind == pipeline.Money && it.rule != "money.bare":
		s.perBehind(it)
	}
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

// speech marks the figures inside quoted speech.
func (s *scan) speech() {
	text := s.text
	for b, blk := range s.d.Blocks {
		first, last := -1, -1
		for i := range s.items {
			if s.items[i].block == b {
				if first < 0 {
					first = i
				}
				last = i
			}
		}
		if first < 0 {
			continue
		}
		open := -1
		for p := blk.Span.Start; p < blk.Span.End; {
			r, w := decode(text, p)
			switch r {
			case '“':
				if open < 0 {
					open = p
				}
			case '”':
				if open >= 0 {
					s.quote(open, p, first, last)
				}
				open = -1
			}
			p += w
		}
		if open >= 0 && open == blk.Span.Start {
			s.quote(open, blk.Span.End, first, last)
		}
	}
}

// quote marks the items of [first, last] in the quotation [from, to] when it is speech and not a name.
func (s *scan) quote(from, to, first, last int) {
	in := s.text[from+len("“") : to]
	if !strings.ContainsAny(in, "，。！？；,;!?") {
		return
	}
	for i := first; i <= last; i++ {
		if c := s.items[i].core; c.Start > from && c.End <= to {
			s.items[i].quoted = true
		}
	}
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

func (s *scan) statusIn(from int, it *item) string {
	status := "actual"
	if it.core.Start-from > 1500 {
		from = runeStart(s.text, it.core.Start-1500)
	}
	end := it.core.Start
	for p := from; p < end; {
		v, e := s.k.signalF.longest(s.text[:end], p, false)
		if v < 0 {
			r, w := decode(s.text, p)
			if r == '；' || r == ';' {
				if status != "target" && status != "forecast" {
					status = "actual"
				}
			}
			p += w
			continue
		}
		word := s.text[p:e]
		switch c := s.k.signals[v]; c {
		case "target", "plan", "forecast":
			if !s.nounSignal(word, p, e) {
				status = c
				if c == "plan" && status == "target" {
					status = c
				}
			}
		case "actual":
			if word != "原计划" {
				status = "actual"
			}
		case "cumulative":
			status = s.reset(status)
		}
		p = e
	}
	if status == "plan" || status == "actual" {
		if t := it.time; t != nil && t.Role == "target" && t.Start >= from {
			if status == "actual" && s.before(t.Start, "到", "至") {
				return "target"
			}
		}
	}
	if status == "plan" && s.past(it) {
		return "actual"
	}
	return status
}

func (s *scan) reset(status string) string {
	if status == "plan" {
		return "actual"
	}
	return status
}

// past reports whether the clause of the figure tells of what was done, under a plan named before.
func (s *scan) past(it *item) bool {
	t := s.text[it.clause:it.core.Start]
	for _, w := range [...]string{"完成", "已", "实现", "累计", "建成"} {
		if strings.Contains(t, w) && !strings.Contains(t, "计划") && !strings.Contains(t, "拟") && !strings.Contains(t, "规划") {
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

// subjects finds whose figure each one is.
func (s *scan) subjects() {
	var last *pipeline.Phrase
	block := -1
	for i := range s.items {
		it := &s.items[i]
		s.enter(it)
		if it.block != block {
			if prose(s.d.Blocks[it.block].Role) && block >= 0 && !s.continues(block, it.block) {
				last = nil
			}
			block = it.block
		}
		if p := s.subjectOf(it, it.sentence.Start); p != nil {
			last = p
		}
		it.subject = last
		if it.subject == nil {
			it.subject = s.fallback(it)
		}
	}
}

func (s *scan) continues(a, b int) bool { return b == a }

// subjectOf returns the place, organisation or project that governs the figure
// in the words from its sentence's start.
func (s *scan) subjectOf(it *item, from int) *pipeline.Phrase {
	var best *pipeline.Phrase
	bestAt := -1
	for e := s.entitiesBefore(it.core.Start); e >= 0; e-- {
		x := s.d.Entities[e]
		if x.Start < max(from, s.start) {
			break
		}
		if !governs(x.Type) || x.End > it.core.Start || s.oblique(x.Span) {
			continue
		}
		best, bestAt = &pipeline.Phrase{Span: x.Span, Name: x.Name}, x.Start
		break
	}
	end := it.core.Start
	for p := max(from, s.start, bestAt); p < end; {
		if v, e := s.k.scopeF.longest(s.text[:end], p, false); v >= 0 && p > bestAt {
			sc := s.k.scopes[v]
			if name := s.scopeName(sc); name != "" && !s.oblique(pipeline.Span{Start: p, End: e}) && !s.comparedScope(p) {
				best, bestAt = &pipeline.Phrase{Span: pipeline.Span{Start: p, End: e}, Name: name}, p
			}
			p = e
			continue
		}
		_, w := decode(s.text, p)
		p += w
	}
	return best
}

// comparedScope reports whether the scope at p is a measure (高于全国, 居全国第三).
func (s *scan) comparedScope(p int) bool {
	return s.before(p, "高于", "低于", "居", "列", "占", "占到", "占了", "排名", "排", "位居", "位列", "为", "由", "超过", "对", "跑赢", "比", "较", "快于", "慢于", "优于", "是", "进入", "跻身", "成为", "好于", "领跑", "覆盖")
}

// oblique reports whether the words before a name make it an object or a source.
func (s *scan) oblique(t pipeline.Span) bool {
	return s.before(t.Start, "向", "对", "从", "到", "往", "至", "与", "和", "发往", "来自", "销往", "途经", "通过", "据", "由", "经", "占", "给", "获", "惠及", "辐射", "跨越", "穿越", "记者", "毗邻", "距", "离", "靠近", "覆盖")
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
		return sc.word
	case "country":
		if sc.word == "我国" || sc.word == "全国" || sc.word == "中国" {
			return "中国"
		}
		return ""
	case "county", "unit":
		return sc.word
	}
	return ""
}

func cityName(place string) string {
	if strings.HasSuffix(place, "市") || strings.HasSuffix(place, "县") || strings.HasSuffix(place, "区") || strings.HasSuffix(place, "州") {
		return place
	}
	return place + "市"
}

// fallback is the subject of a figure that no name governs: the first name of
// the title, then the place of the dateline, then the paper's province.
func (s *scan) fallback(it *item) *pipeline.Phrase {
	for b := it.block - 1; b >= 0; b-- {
		blk := s.d.Blocks[b]
		if blk.Role != corpus.RoleTitle && blk.Role != corpus.RoleSubtitle && blk.Role != corpus.RoleHeading {
			continue
		}
		for e := s.entitiesBefore(blk.Span.End); e >= 0 && s.d.Entities[e].Start >= blk.Span.Start; e-- {
			if x := s.d.Entities[e]; governs(x.Type) {
				return &pipeline.Phrase{Name: x.Name}
			}
		}
	}
	if s.d.Dateline != nil && s.d.Dateline.Place != "" {
		return &pipeline.Phrase{Name: s.d.Dateline.Place}
	}
	return nil
}

var _ = strconv.Itoa
