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
	if found < 0 && it.settled {
		found, own = s.headerTime(it.block), false
	}
	if year := s.reportedYear(); year >= 0 && !own && (found < 0 || s.d.Times[found].Role == "by" && s.d.Times[found].To == s.d.Times[year].To && s.d.Times[found].Start < it.clause) {
		found, own = year, false // 年末 holds for its clause alone
	}
	if found < 0 && s.d.Blocks[it.block].Role == corpus.RoleParagraph {
		found = s.reportedPeriod(it.core.Start)
	}
	if found < 0 {
		return
	}
	x := s.d.Times[found]
	s.periods = append(roomFor(s.periods, len(s.items)), pipeline.FigureTime{Span: x.Span, From: x.From, To: x.To, Role: x.Role, Inherited: !own || x.Start < it.clause})
	ft := &s.periods[len(s.periods)-1]
	if x.Role == "by" || !(it.change != nil && it.change.Role == "to" && x.Start >= it.seg.Start) && s.before(x.Start, "截至", "截止", "截至到", "截止到", "到", "至") {
		ft.From = corpus.Day{}
	}
	if strings.HasSuffix(s.text[x.Start:x.End], "末") || strings.HasSuffix(s.text[x.Start:x.End], "底") || strings.HasPrefix(s.text[x.Start:x.End], "年初") || strings.HasPrefix(s.text[x.Start:x.End], "年底") {
		ft.From = corpus.Day{}
	}
	it.time = ft
}

// reportedPeriod returns the quarter, half or run of months that the article
// reports: named three times at least, first before byte p; -1 when there is none.
func (s *scan) reportedPeriod(p int) int {
	if s.period == 0 {
		s.period = s.findPeriod() + 1
		if s.period == 0 {
			s.period = -1
		}
	}
	if t := s.period - 1; t >= 0 && s.d.Times[t].Start < p {
		return t
	}
	return -1
}

func (s *scan) findPeriod() int {
	best, most := -1, 2
	for i := range min(len(s.d.Times), 20) {
		a := &s.d.Times[i]
		if a.Role != "period" || a.From.IsZero() || a.From.Year != a.To.Year || a.From.Month == a.To.Month || a.Precision != "quarter" && a.Precision != "half" && a.Precision != "month" {
			continue
		}
		n := 0
		for j := i; j < len(s.d.Times); j++ {
			if b := &s.d.Times[j]; b.From == a.From && b.To == a.To && b.Role == a.Role {
				n++
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	return best
}

// reportedYear returns the time of the year that a statistical bulletin tells
// of, from its headline to its first paragraph; -1 in other articles.
func (s *scan) reportedYear() int {
	if s.reported == 0 {
		s.reported = s.findReported() + 1
		if s.reported == 0 {
			s.reported = -1
		}
	}
	return max(s.reported-1, -1)
}

func (s *scan) findReported() int {
	bulletin, year, last := false, -1, -1
	for b, blk := range s.d.Blocks {
		text := s.text[blk.Span.Start:blk.Span.End]
		bulletin = bulletin || strings.Contains(text, "公报") && (strings.Contains(text, "统计") || strings.Contains(text, "国民经济"))
		for t := s.timesBefore(blk.Span.Start) + 1; t < len(s.d.Times) && s.d.Times[t].Start < blk.Span.End; t++ {
			if x := s.d.Times[t]; year < 0 && x.Precision == "year" && x.Role == "period" && !x.From.IsZero() && x.From.Year == x.To.Year {
				year = t
			}
		}
		if blk.Role == corpus.RoleParagraph {
			if last >= 0 || year >= 0 {
				break
			}
			last = b
		}
	}
	if !bulletin {
		return -1
	}
	return year
}

// headerTime returns the time in the words above the table that block b is a row
// of, -1 when there is none.
func (s *scan) headerTime(row int) int {
	if row != s.lastRow && row != s.lastRow+1 || s.lastRow == 0 {
		s.rowTime = s.timeAbove(row)
	}
	s.lastRow = row
	return s.rowTime
}

func (s *scan) timeAbove(b int) int {
	for b--; b >= 0; b-- {
		blk := s.d.Blocks[b]
		text := s.text[blk.Span.Start:blk.Span.End]
		if blk.Role == corpus.RoleTable || piped(text) || strings.Contains(text, "\t") {
			continue
		}
		if t := s.timesBefore(blk.Span.End); t >= 0 && s.d.Times[t].Start >= blk.Span.Start && s.d.Times[t].Role != "dateline" {
			return t
		}
		return -1
	}
	return -1
}

// compared reports whether a time stands behind 比, 较 or 由: it is what a change
// is measured against.
func (s *scan) compared(t pipeline.Span) bool {
	return s.before(t.Start, "创", "创下", "创造", "比", "较", "与", "同", "由", "从", "相比", "高于", "低于", "恢复到", "恢复至", "和") && !s.before(t.Start, "同比", "环比")
}

// timesBefore returns the index of the last time that begins before p.
func (s *scan) timesBefore(p int) int {
	return sort.Search(len(s.d.Times), func(i int) bool { return s.d.Times[i].Start >= p }) - 1
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
	case containsAny(seg, "新增", "新发现", "新签", "新注册", "新入驻", "新引进", "新登记", "新开工项目"):
		it.aggregate = "new"
	case strings.Contains(seg, "其中") && !it.criterion:
		it.aggregate = "part"
	}
	if it.aggregate == "" && !it.criterion && s.partOfList(i) {
		it.aggregate, it.listed = "part", true
	}
	if it.aggregate == "" && s.partOfGroup(i) {
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
	case p.aggregate == "part" && p.code == it.code && s.echoes(p, gap):
		it.aggregate = p.aggregate
	case gap == "" && p.aggregate == "cumulative": // 累计搬迁1.24万户5.5万人
		it.aggregate = p.aggregate
	case p.aggregate == "" && p.criterion && strings.Contains(s.text[p.seg.Start:p.seg.End], "其中"):
		it.aggregate = "part"
	case p.aggregate != "" && (strings.HasPrefix(gap, "、") || gap == "和") && p.kind == it.kind && !strings.ContainsAny(gap, "，；"):
		it.aggregate = p.aggregate
		if p.aggregate == "new" && it.change == nil && p.change != nil && p.change.Role == "delta" {
			c := *p.change
			it.change = &c
		}
	}
}

// echoes reports whether gap, behind p, goes on in the words in which 其中
// introduced p: 其中来自江苏的19户，来自浙江的11户.
func (s *scan) echoes(p *item, gap string) bool {
	lead := s.text[p.seg.Start:p.seg.End]
	k := strings.Index(lead, "其中")
	rest, ok := strings.CutPrefix(gap, "，")
	if k < 0 || !ok || len(rest) < 6 || len(lead) < k+len("其中")+6 {
		return false
	}
	return strings.HasPrefix(lead[k+len("其中"):], rest[:6])
}

// partOfGroup reads the part of what the figure before it counts: 1386名考生中，912名…,
// 297户人家中183户.
func (s *scan) partOfGroup(i int) bool {
	it := &s.items[i]
	if i == 0 || it.kind != pipeline.Count && it.kind != pipeline.Quantity || it.change != nil {
		return false
	}
	p := &s.items[i-1]
	if p.sent != it.sent || p.block != it.block || p.kind != it.kind || p.value.LessThan(it.value) || p.to > it.from {
		return false
	}
	gap := s.text[p.to:it.from]
	k := strings.Index(gap, "中")
	if k < 0 || len(gap) > 60 || strings.ContainsAny(gap[:k], "，；。、") {
		return false
	}
	rest := gap[k+len("中"):]
	if rest, ok := strings.CutPrefix(rest, "，"); ok {
		return !strings.ContainsAny(rest, "，；。、")
	}
	return (len(rest) <= len("已有") || len(rest) <= 30 && endsIn(rest, "占", "占了", "有")) && !strings.ContainsAny(rest, "，；。、") && (rest == "" || startsIn(rest, "有", "的", "已", "仅", "就") || endsIn(rest, "占", "占了", "有"))
}

// partOfList reads 其中，出口96.5亿元，增长23.1%，进口290.7亿元: with a comma, 其中
// holds for the figures of one unit to the end of the sentence.
func (s *scan) partOfList(i int) bool {
	it := &s.items[i]
	if it.seg.Start != it.clause {
		return false
	}
	if s.before(it.clause, "其中，", "其中,") || it.kind == pipeline.Count && s.before(it.clause, "项目中，", "企业中，", "农户中，", "村民中，", "学生中，") {
		return true
	}
	if it.change != nil || it.kind != pipeline.Money && it.kind != pipeline.Quantity && it.kind != pipeline.Count {
		return false
	}
	for j := i - 1; j >= 0 && i-j < 6 && s.items[j].block == it.block && !strings.Contains(s.text[s.items[j].core.End:it.core.Start], "。"); j-- {
		if p := &s.items[j]; p.aggregate == "part" && p.code == it.code && p.change == nil {
			return s.before(p.clause, "其中，", "其中,") || p.listed
		}
	}
	return false
}

// yield reads 一亩地打三千来斤: what an acre yields. It reports whether it did.
func (s *scan) yield(it *item) bool {
	if it.kind != pipeline.Quantity || it.unit == nil || it.unit.dim != "mass" || it.keys&keyMu == 0 {
		return false
	}
	t := s.text[it.seg.Start:it.seg.End]
	at := strings.LastIndex(t, "一亩")
	if at < 0 {
		return false
	}
	rest := strings.TrimPrefix(t[at+len("一亩"):], "地")
	for _, w := range [...]string{"能", "可", "才", "要", "只", "也", "能够", "平均"} {
		rest = strings.TrimPrefix(rest, w)
	}
	rest = strings.TrimSuffix(rest, "了")
	switch rest {
	case "打", "产", "收", "出", "收获", "打下", "采", "收成":
		it.per = "[mu_cn]"
		it.metric = &pipeline.Phrase{Span: pipeline.Span{Start: it.seg.Start + at, End: it.seg.End}, Name: "亩产"}
		return true
	}
	return false
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
		keys |= s.keysIn(it.metric.Start, it.metric.End)
	}
	if keys&keyPer == 0 && !(it.kind == pipeline.Money && s.has(it.core.End, "一")) {
		s.perOfList(i)
		return
	}
	delta := it.change != nil && it.change.Role == "delta" && (it.kind == pipeline.Percent || it.kind == pipeline.Points || it.kind == pipeline.Multiple)
	if k := strings.LastIndex(seg, "每"); k >= 0 && !delta {
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
	case keys&keyMu != 0 && it.kind == pipeline.Money && containsAny(seg, "亩收入", "亩纯收入", "亩产值", "亩成本", "亩效益"):
		it.per = "[mu_cn]"
	case strings.Contains(seg, "亩产") && it.kind == pipeline.Quantity:
		it.per = "[mu_cn]"
	case it.kind == pipeline.Money && it.rule != "money.bare":
		s.perBehind(it)
	}
	if it.per == "" && !delta && keys&(keyOne|keyDay) != 0 {
		it.per = s.perSpan(it)
	}
	s.perOfList(i)
}

// spans are lengths of time, without the 一 before them, and the acre, that a
// rate is counted over: 一天能播两百亩.
var spans = [...]struct{ word, code string }{{"天", "d"}, {"年", "a"}, {"个月", "mo"}, {"月", "mo"}, {"小时", "h"}, {"个小时", "h"}, {"分钟", "min"}, {"亩", "[mu_cn]"}}

// perSpan returns the span over which the clause counts, "" when it names none:
// 一天要讲六七场, 单日游客承载量3000人次.
func (s *scan) perSpan(it *item) string {
	switch it.kind {
	case pipeline.Money, pipeline.Quantity, pipeline.Count:
	default:
		return ""
	}
	t := s.text[it.seg.Start:it.seg.End]
	code, rest, at := "", "", strings.LastIndex(t, "一")
	for _, w := range spans {
		if at >= 0 && strings.HasPrefix(t[at+len("一"):], w.word) {
			code, rest = w.code, t[at+len("一")+len(w.word):]
		}
	}
	if code == "" {
		if at = strings.LastIndex(t, "单日"); at < 0 {
			return ""
		}
		code, rest = "d", t[at+len("单日"):]
	}
	if len(rest) > 10*len("天") || endsIn(t[:at], "第", "这", "那", "每", "同", "有", "前", "后", "头", "某", "统", "近", "唯", "二十", "一天") || containsAny(rest, "，", "了", "过") {
		return ""
	}
	if startsIn(rest, "的", "来", "前", "后", "间", "内", "比", "里", "以", "之", "多", "半", "天", "年", "到", "票房", "起") {
		return ""
	}
	switch {
	case code == "[mu_cn]" && !startsIn(strings.TrimPrefix(rest, "地"), "能", "要", "得", "可", "需", "施", "用"),
		code == "a" && it.kind == pipeline.Money && !startsIn(rest, "能", "可", "要", "得", "就", "光", "租金", "挣", "省"):
		return ""
	}
	return code
}

// startsIn reports whether t begins with one of the words.
func startsIn(t string, words ...string) bool {
	for _, w := range words {
		if strings.HasPrefix(t, w) {
			return true
		}
	}
	return false
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
		if it.per == "" && it.kind == pipeline.Money && it.change != nil && it.change.Role == "delta" && p.code == it.code && p.change == nil && strings.HasPrefix(gap, "，") && len(gap) <= len("，比上年同期增加了") {
			it.per = p.per // 人均纯收入4186元，增加402元
		}
	}
}

var averages = []struct{ word, code string }{
	{"人均", "{person}"}, {"户均", "{household}"}, {"亩均", "[mu_cn]"}, {"日均", "d"}, {"月均", "mo"}, {"年均", "a"}, {"场均", "{unit}"}, {"村均", "{村}"}, {"车均", "{vehicle}"}, {"周均", "wk"}, {"头均", "{animal}"}, {"株均", "{plant}"}, {"校均", "{school}"},
}

// daily reports whether the words tell of a rate per day: 日产量, 日进尺.
func (s *scan) daily(seg string) bool {
	for _, w := range [...]string{"日产", "日进尺", "日进度", "日处理", "日供", "日客流", "日发送", "日接待", "日用", "日售", "日最", "日吞吐", "日上市", "日加工", "日销", "日交易", "日人流", "日车流", "日开采", "日输送", "日供水", "日营业", "日均"} {
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
	if v, e := s.longest(s.k.unitTrie, it.core.End+len("一"), s.end); v >= 0 && e > it.core.End {
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
	var w statusWalk
	for i := range s.items {
		it := &s.items[i]
		s.enter(it)
		from := max(it.sentence.Start, s.start)
		it.status = s.statusIn(&w, from, it)
		if it.status == "actual" && s.targetBehind(it) {
			it.status = "target"
		}
	}
}

// A statusWalk is how far the signal words of a sentence have been read, and
// what holds there. The walk to one figure goes on from that to the one before.
type statusWalk struct {
	from   int // where it began
	p      int // what begins before it is read
	status string
	goal   int // the last signal of a goal, -1 when it is over
	soft   bool
}

// statusIn walks the signal words from the start of the sentence to the figure.
// What w holds is used when its walk began in the same place, and is kept for
// the next figure up to where no signal can reach over the number.
func (s *scan) statusIn(w *statusWalk, from int, it *item) string {
	if it.change != nil && it.change.Role == "from" {
		return "actual"
	}
	if it.core.Start-from > 1500 {
		from = runeStart(s.text, it.core.Start-1500)
	}
	end := it.core.Start
	if w.from != from || w.p > end || w.status == "" {
		*w = statusWalk{from: from, p: from, status: "actual", goal: -1}
	}
	s.signalsTo(w, end-s.k.signalF.longestWord, end)
	here := *w
	s.signalsTo(&here, end, end)
	status, goal := here.status, here.goal
	if (status == "target" || status == "forecast") && goal >= 0 && s.planned(from, goal) {
		return "plan"
	}
	if goal >= 0 && strings.HasPrefix(s.text[goal:], "年度目标") || goal >= 0 && strings.HasPrefix(s.text[goal:], "目标任务") {
		if i := sort.Search(len(s.items), func(i int) bool { return s.items[i].core.Start > goal }); i < len(s.items) && s.items[i].core.Start < it.core.Start {
			return "actual"
		}
	}
	if status == "actual" && s.aheadOf(it, from) {
		return "target"
	}
	if t := it.time; t != nil && here.soft && t.Role == "target" && t.Start >= from && strings.HasSuffix(s.text[t.Start:t.End], "末") {
		return "target" // “十二五”末，装机将达到
	}
	if t := it.time; t != nil && t.Start >= from && t.Start < end && s.before(t.Start, "到", "至") && !s.before(t.Start, "排到", "排至", "忙到", "持续到", "延续到", "推迟到") && (here.soft || status == "actual" && t.Role == "target") {
		return "target"
	}
	if status == "plan" && (s.past(it) || it.kind == pipeline.Count && it.aggregate == "part") {
		return "actual"
	}
	return status
}

// aheadOf reports whether the sentence names a time ahead and what has to be
// done by then: 三年内让15户企业完成混改, 明年要新建气调库60座.
func (s *scan) aheadOf(it *item, from int) bool {
	t := it.time
	if t == nil || t.Role != "target" || t.Start < from || t.End > it.core.Start {
		return false
	}
	if strings.HasSuffix(s.text[t.Start:t.End], "年内") && t.End-t.Start > len("年内") {
		return true
	}
	words := s.text[t.End:it.core.Start]
	for at := 0; ; {
		k := strings.Index(words[at:], "要")
		if k < 0 {
			return strings.HasSuffix(s.text[t.Start:t.End], "前") && s.has(it.to, "要")
		}
		if at += k; s.isWord(t.End+at, t.End+at+len("要")) {
			return true
		}
		at += len("要")
	}
}

// planned reports whether the sentence says what a plan lays down: 按照《……规划》，….
func (s *scan) planned(from, to int) bool {
	t := s.text[from:to]
	k := max(strings.Index(t, "按照《"), strings.Index(t, "根据《"))
	return k >= 0 && containsAny(t[k:], "规划》", "方案》", "计划》")
}

// signalsTo walks on to stop over the signals and times that do not begin
// behind it; words end at end.
func (s *scan) signalsTo(w *statusWalk, stop, end int) {
	marks := s.scratch.marks
	for p := w.p; p < stop; w.p = p {
		if marks[p]&inTime == 0 && !s.is(p, s.k.signalF.bit|endsClause) {
			p += width(s.codes[p])
			continue
		}
		if t := s.times.on(p); t >= 0 && s.times.spans[t].Start == p {
			x := &s.d.Times[t]
			if !x.To.IsZero() && !s.d.Date.IsZero() && x.To.Compare(s.d.Date) <= 0 && x.Role != "basis" && x.Role != "dateline" && !s.compared(x.Span) {
				w.status, w.goal = "actual", -1
			}
			if s.has(p, "届时") {
				w.status, w.goal, w.soft = "forecast", p, false
			}
			p = max(min(s.times.spans[t].End, end), p+1)
			continue
		}
		v, e := s.longest(s.k.signalF, p, end)
		if v < 0 || e-p <= 3 && !s.isWord(p, e) {
			r, n := decode(s.text, p)
			if (r == '；' || r == ';') && w.status == "plan" {
				w.status = "actual"
			}
			p += n
			continue
		}
		word := s.text[p:e]
		switch c := s.k.signals[v]; c {
		case "target", "plan", "forecast":
			if s.nounSignal(word, p, e) || c == "forecast" && strings.HasPrefix(word, "将") && w.status != "actual" {
				break
			}
			w.status, w.goal = c, p
			w.soft = c == "forecast" && strings.HasPrefix(word, "将")
		case "actual":
			if w.status != "target" && word != "原计划" && word != "年度计划" {
				w.status = "actual"
			}
		case "cumulative":
			if w.status == "plan" {
				w.status = "actual"
			}
		}
		p = e
	}
}

// past reports whether the clause of the figure tells of what was done, under a plan named before.
func (s *scan) past(it *item) bool {
	t := s.text[it.clause:it.core.Start]
	return containsAny(t, "已", "累计") && !containsAny(t, "计划", "拟", "规划")
}

// nounSignal reports whether a signal word is part of a noun here: 完成8月份计划, 目标任务.
func (s *scan) nounSignal(word string, p, e int) bool {
	switch word {
	case "计划", "规划":
		return s.before(p, "原", "年度", "月份", "“", "”", "这一", "该", "国家", "行动", "发展", "总体", "改善", "综合", "专项", "保护", "培养", "提升") || s.has(e, "项目", "内", "的是", "纲要", "局", "院", "馆", "》", "”")
	case "目标", "年度目标":
		return s.before(p, "高出", "高于", "超出", "超过", "低于", "高出年度", "高于年度", "低于年度", "超过年度", "超出年度")
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
