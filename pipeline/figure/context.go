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
	return s.beforeAny(t.Start, comparisons) && !s.before(t.Start, "同比", "环比")
}

// comparisons stand before what something is compared with.
var comparisons = wordsOf("创", "创下", "创造", "比", "较", "与", "同", "由", "从", "相比", "高于", "低于", "恢复到", "恢复至", "和")

// timesBefore returns the index of the last time that begins before p.
func (s *scan) timesBefore(p int) int {
	return sort.Search(len(s.d.Times), func(i int) bool { return s.d.Times[i].Start >= p }) - 1
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
			switch r, w := s.at(p); {
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
		if it.status == "actual" && s.targetBehind(it) || s.task(it) {
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
	brief  bool // a forecast that holds for its clause: what a plant can do
}

// able reports whether a signal says what somebody or something can do, which
// holds for its clause: 年可发电, 估摸着能.
func able(word string) bool {
	switch word {
	case "年可", "每年可", "可收贮", "估摸着能", "估摸能", "估计能", "年内能", "今年能", "明年能", "盼着":
		return true
	}
	return false
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
	if status == "forecast" && goal >= 0 && s.planned(from, goal) {
		return "plan"
	}
	if status == "plan" && goal >= 0 && containsAny(s.text[goal:end], "的占", "的有", "的企业占") { // 计划增加投资的占41%
		return "actual"
	}
	if status == "forecast" && goal >= 0 && s.happened(goal, end) {
		return "actual"
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

// happened reports whether the 投产后 or 通车后 at goal lies in the past: the time
// of it does, or what is said of it has come true.
func (s *scan) happened(goal, end int) bool {
	v, e := s.longest(s.k.signalF, goal, end)
	if v < 0 || !strings.HasSuffix(s.text[goal:e], "后") {
		return false
	}
	if containsAny(s.text[e:end], "可", "将", "预计", "能", "有望", "计划") {
		return false
	}
	if containsAny(s.text[e:end], "反而", "以来", "已经", "已累计") {
		return true
	}
	t := s.timesBefore(goal)
	if t < 0 || s.d.Times[t].Start < s.clauseStart(goal) || s.d.Date.IsZero() {
		return false
	}
	x := &s.d.Times[t]
	return !x.To.IsZero() && x.To.Compare(s.d.Date) <= 0 && x.Role != "basis"
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
			r, n := s.at(p)
			if (r == '；' || r == ';') && w.status == "plan" || r == '，' && w.brief && !s.has(p+n, "相当于", "节约", "节省", "减排", "带动", "新增", "可", "年", "实现", "纳税", "上缴") {
				w.status, w.brief = "actual", false
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
			w.brief = c == "forecast" && able(word) && (w.brief || w.status != "forecast")
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
		return s.before(p, "超", "超额完成", "完成", "原", "年度", "月份", "“", "”", "这一", "该", "国家", "行动", "发展", "总体", "改善", "综合", "专项", "保护", "培养", "提升") || s.has(e, "中期", "评价", "考核", "项目", "内", "的是", "纲要", "局", "院", "馆", "》", "”")
	case "目标", "年度目标":
		return s.before(p, "高出", "高于", "低于控制", "高于控制", "超出", "超过", "低于", "高出年度", "高于年度", "低于年度", "超过年度", "超出年度")
	case "打造":
		return s.before(p, "已", "成功", "倾力")
	}
	return false
}

// task reports whether the figure says what was to be done, and a share of it
// follows: 完成年度任务380亿元的26%.
func (s *scan) task(it *item) bool {
	return s.has(it.to, "的") && it.kind != pipeline.Percent && it.kind != pipeline.Ratio && s.before(it.from, "年度计划", "年度任务", "全年任务", "目标任务", "全年计划", "年度目标", "计划任务", "全年目标") && strings.Contains(s.text[it.clause:it.from], "完成")
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
