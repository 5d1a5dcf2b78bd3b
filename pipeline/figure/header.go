package figure

import (
	"strings"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/numeral"
)

// A header is what stands above numbers and says what they are: 单位：亿元, or a
// heading that ends in （亿元）.
type header struct {
	unit  *unit
	scale int32 // power of ten of the 万 or 亿 before the unit
	name  pipeline.Span
	row   int // block of the row with the names of the columns; -1 when there is none
}

// headerUnits gives the numbers of tables and lists the unit of their heading.
// A heading holds for the rows and the lists of names and numbers below it, up
// to the next prose.
func (s *scan) headerUnits() {
	cur := header{row: -1}
	at := 0 // first item of the block
	for b, blk := range s.d.Blocks[:s.lastHeaded()+1] {
		for at < len(s.items) && s.items[at].block < b {
			at++
		}
		last := at
		for last < len(s.items) && s.items[last].block == b {
			last++
		}
		s.start, s.end = blk.Span.Start, blk.Span.End
		text := s.text[s.start:s.end]
		table := blk.Role == corpus.RoleTable || strings.Contains(text, "\t") || piped(text)
		if table && strings.Trim(text, "|-: ") == "" {
			continue // the rule below the head of a table
		}
		switch {
		case table:
			if cur.row < 0 && at == last {
				cur.row = b
				continue
			}
			s.row(&cur, b, at, last)
		case cur.unit != nil && blk.Role == corpus.RoleHeading && s.isList(text, at, last) && s.items[last-1].bare && s.items[last-1].core.End == s.end:
			s.list(&cur, at, last) // the last line of a list, which is short, is no heading
		case s.headed(&cur, text, blk.Role):
			if u := strings.Index(text, "单位"); u >= 0 && at < last { // 单位：亿元 兰州市 123.4 …
				s.list(&cur, at, last)
			}
		case cur.unit != nil && s.isList(text, at, last):
			s.list(&cur, at, last)
		default:
			s.inlineHeads(text, at, last)
			cur = header{row: -1}
		}
	}
}

// lastHeaded returns the last block that a heading can say something about: a
// table, or one with a number without a unit; -1 when there is none.
func (s *scan) lastHeaded() int {
	last := -1
	for i := len(s.items) - 1; i >= 0; i-- {
		if s.items[i].bare {
			last = s.items[i].block
			break
		}
	}
	piped := strings.Contains(s.text, "\t") || strings.Contains(s.text, "|")
	for b := len(s.d.Blocks) - 1; b > last; b-- {
		if s.d.Blocks[b].Role == corpus.RoleTable || piped {
			return b
		}
	}
	return last
}

// headed reads the unit that the words of a block state, and reports whether they do.
func (s *scan) headed(cur *header, text string, role corpus.Role) bool {
	unitAt := strings.Index(text, "单位")
	for _, w := range [...]string{"单位：", "单位:", "单位为"} {
		at := unitAt
		if at < 0 || !strings.HasPrefix(text[at:], w) {
			continue
		}
		u, scale := s.unitWord(text[at+len(w):])
		if u == nil {
			return false
		}
		name := cur.name
		if t := strings.TrimRight(strings.TrimSpace(text[:at]), "（( 　"); t != "" && len(t) < 120 && !strings.ContainsAny(t, "。；") {
			name = pipeline.Span{Start: s.start + strings.Index(text, t), End: s.start + strings.Index(text, t) + len(t)}
		}
		*cur = header{unit: u, scale: scale, name: name, row: -1}
		return true
	}
	t := strings.TrimRight(strings.TrimSpace(text), "：:")
	if len(t) > 150 || strings.Contains(t, "。") || strings.Contains(t, "；") {
		return false
	}
	open := max(lastIndex(t, "（"), lastIndex(t, "("))
	if open > 0 && (strings.HasSuffix(t, "）") || strings.HasSuffix(t, ")")) {
		_, w := decode(t, open)
		if u, scale := s.unitWord(t[open+w:]); u != nil {
			at := s.start + strings.Index(text, t)
			*cur = header{unit: u, scale: scale, name: pipeline.Span{Start: at, End: at + open}, row: -1}
			return true
		}
	}
	if role == corpus.RoleHeading || role == corpus.RoleCaption || role == corpus.RoleTitle || role == corpus.RoleSubtitle {
		*cur = header{row: -1, name: pipeline.Span{Start: s.start, End: s.end}}
		return true
	}
	return false
}

// unitWord reads a unit with its scale (亿元, 万人次, %) at the start of t; what
// follows must not be part of it.
func (s *scan) unitWord(t string) (*unit, int32) {
	t = strings.TrimLeft(t, " 　")
	scale, at := int32(0), 0
	for _, w := range [...]struct {
		word string
		exp  int32
	}{{"万亿", 12}, {"亿", 8}, {"千万", 7}, {"百万", 6}, {"万", 4}, {"千", 3}} {
		if strings.HasPrefix(t, w.word) {
			if v, e := s.k.unitTrie.longest(t, len(w.word), false); v >= 0 && e > len(w.word) {
				scale, at = w.exp, len(w.word)
				break
			}
		}
	}
	v, e := s.k.unitTrie.longest(t, at, false)
	if v < 0 {
		return nil, 0
	}
	if r, _ := utf8At(t, e); r != 0 && !strings.ContainsRune("）)、，,； 　\t\n。/", r) {
		return nil, 0
	}
	return &s.k.units[v], scale
}

// isList reports whether a block is a list of names and numbers: 兰州市 123.4 白银市 56.7.
func (s *scan) isList(text string, at, last int) bool {
	return last > at && !strings.ContainsAny(text, "。；") && len(text) < (last-at)*90
}

// list gives the bare numbers of a block the unit above them, and the name
// before each as its subject.
func (s *scan) list(cur *header, at, last int) {
	for i := at; i < last; i++ {
		it := &s.items[i]
		if !it.bare || it.num.Style != numeral.Arabic || it.isRange {
			continue
		}
		from := s.afterMarker()
		if i > at {
			from = s.items[i-1].to
		}
		s.adoptHeader(it, cur.unit, cur.scale, "list.header")
		s.describeMember(it, s.label(from, it.core.Start), cur.name)
	}
}

// label returns the name before a number of a list, of what stands in [from, to).
func (s *scan) label(from, to int) pipeline.Span {
	label := strings.Trim(s.text[from:to], " 　：:、，,；\t.．")
	if k := strings.LastIndexAny(label, " 　）)：:"); k >= 0 {
		_, w := decode(label, k)
		label = label[k+w:]
	}
	at := from + lastIndex(s.text[from:to], label)
	return pipeline.Span{Start: at, End: at + len(label)}
}

// describeMember says what a member of a list under the heading name is about: its
// label names whose it is, or what is measured where the label is a metric.
func (s *scan) describeMember(it *item, label, name pipeline.Span) {
	words := s.text[label.Start:label.End]
	if words == "" || len(words) > 60 {
		s.headerMetric(it, name)
		return
	}
	phrase := &pipeline.Phrase{Span: label, Name: words}
	if s.entities.on(label.Start) < 0 && s.metricRow(words) != nil {
		it.metric = phrase
		return
	}
	it.subject = phrase
	s.headerMetric(it, name)
}

// inlineHeads reads the lists of a paragraph that state their unit:
// 粮食产量（万吨）：定西市160.2，庆阳市158.3。 A list ends with its sentence.
func (s *scan) inlineHeads(text string, at, last int) {
	for at < last && !s.items[at].bare {
		at++
	}
	for k := 0; at < last && k < len(text); {
		close, w := indexAny(text[k:], "）：", "）:", ")：", "):")
		if close < 0 {
			return
		}
		close += k
		k = close + w
		open := strings.LastIndexAny(text[:close], "（(")
		if open < 0 || close-open > 40 {
			continue
		}
		_, n := decode(text, open)
		words := strings.TrimPrefix(strings.TrimPrefix(text[open+n:close], "单位："), "单位:")
		u, scale := s.unitWord(words)
		if u == nil {
			continue
		}
		name := pipeline.Span{Start: s.clauseStart(s.start + open), End: s.start + open}
		s.inlineList(header{unit: u, scale: scale, name: name}, s.start+k, at, last)
	}
}

// inlineList gives the bare numbers behind from, up to the end of the sentence
// or the next heading, the unit of h.
func (s *scan) inlineList(h header, from, at, last int) {
	for i := at; i < last; i++ {
		it := &s.items[i]
		if it.core.Start < from {
			continue
		}
		if strings.ContainsAny(s.text[from:it.from], "。；;！？") {
			return
		}
		label := s.label(from, it.from)
		if t := s.text[label.Start:label.End]; strings.ContainsAny(t, "，,、") {
			label.Start += strings.LastIndexAny(t, "，,、")
			_, w := s.at(label.Start)
			label.Start += w
		}
		from = it.to
		r, _ := s.next(it.to)
		if !it.bare || it.num.Style != numeral.Arabic || it.isRange || label.Empty() || label.End-label.Start > 36 || r != 0 && r != '、' && r != '（' && r != ' ' && !isClauseEnd(r) {
			continue
		}
		s.adoptHeader(it, h.unit, h.scale, "list.inline")
		s.describeMember(it, label, h.name)
	}
}

// indexAny returns the place of the first of words in s, and its length; -1 when there is none.
func indexAny(s string, words ...string) (at, width int) {
	at = -1
	for _, w := range words {
		if k := strings.Index(s, w); k >= 0 && (at < 0 || k < at) {
			at, width = k, len(w)
		}
	}
	return at, width
}

// headerMetric makes the words of a heading the metric of it.
func (s *scan) headerMetric(it *item, name pipeline.Span) {
	for _, w := range [...]string{"情况一览表", "情况表", "一览表", "统计表", "情况"} {
		if n := len(w); name.End-name.Start > n && strings.HasSuffix(s.text[name.Start:name.End], w) {
			name.End -= n
			break
		}
	}
	if name.Empty() {
		return
	}
	start := s.nounStart(name.Start, name.End)
	if start >= name.End {
		start = name.Start
	}
	it.metric = &pipeline.Phrase{Span: pipeline.Span{Start: start, End: name.End}, Name: s.text[start:name.End]}
}

func (s *scan) adoptHeader(it *item, u *unit, scale int32, rule string) {
	it.unit, it.code, it.kind, it.bare, it.inferred, it.rule = u, u.code, dimensions[u.dim], false, true, rule
	it.num.Value = it.num.Value.Shift(scale)
	it.form, it.marks = pipeline.Point, nil
	it.value = it.scaled(it.num.Value)
	it.low, it.high = numeral.NullDecimal{}, numeral.NullDecimal{}
	it.settled = true
}

// row reads one row of a table: the first cell names whose or what the numbers
// of the other cells are, the row above the table what each column holds.
func (s *scan) row(cur *header, b, at, last int) {
	cells := s.cells(b)
	var heads []pipeline.Span
	if cur.row >= 0 {
		heads = s.cells(cur.row)
	}
	label := cells[0]
	next := 0
	for i := at; i < last; i++ {
		it := &s.items[i]
		for next < len(cells) && cells[next].End < it.core.End {
			next++
		}
		col := -1
		if next < len(cells) && cells[next].Start <= it.core.Start {
			col = next
		}
		if col <= 0 && len(cells) > 1 {
			continue
		}
		head := pipeline.Span{}
		if col >= 0 && col < len(heads) {
			head = heads[col]
		}
		s.cell(cur, it, cells[max(col, 0)], head, label)
	}
}

// cell reads the number of one cell.
func (s *scan) cell(cur *header, it *item, cell, head, label pipeline.Span) {
	words := s.text[head.Start:head.End]
	if it.bare && cell == it.core {
		if containsAny(words, "序号", "编号", "电话", "年份", "代码", "日期", "名次", "排名", "位次") {
			return
		}
		u, scale := s.columnUnit(words)
		if u == nil {
			u, scale = s.columnUnit(s.text[label.Start:label.End])
		}
		if u == nil {
			u, scale = cur.unit, cur.scale
		}
		if u == nil || it.isRange {
			return
		}
		s.adoptHeader(it, u, scale, "table.header")
	}
	if it.bare {
		return
	}
	name, owner := head, label
	if head.Empty() || s.times.on(head.Start) >= 0 || !containsAny(words, "增", "率", "比") && s.metricRow(s.plain(label)) != nil {
		name, owner = label, pipeline.Span{}
		if head.Empty() && !cur.name.Empty() && s.metricRow(s.plain(label)) == nil {
			name, owner = cur.name, label
		}
	}
	if p := s.withoutUnit(name); !p.Empty() {
		it.metric = &pipeline.Phrase{Span: p, Name: s.text[p.Start:p.End]}
	}
	if p := s.withoutUnit(owner); !p.Empty() {
		it.subject = &pipeline.Phrase{Span: p, Name: s.text[p.Start:p.End]}
	}
	if containsAny(words, "增长", "增速", "同比", "增幅", "±") && (it.kind == pipeline.Percent || it.kind == pipeline.Points) {
		it.change = &pipeline.Change{Direction: "up", Role: "delta"}
		if it.num.Value.IsNegative() {
			it.change.Direction = "down"
		}
		if strings.Contains(words, "同比") {
			it.change.Basis = "yoy"
		}
		if p := s.withoutUnit(label); !p.Empty() && it.metric != nil && s.metricRow(it.metric.Name) != nil && s.metricRow(it.metric.Name).category == "growth" {
			it.metric = &pipeline.Phrase{Span: p, Name: s.text[p.Start:p.End]}
		}
	}
	it.settled = true
}

// columnUnit reads the unit in the parentheses of a heading, or its percent sign.
func (s *scan) columnUnit(words string) (*unit, int32) {
	for _, open := range [...]string{"（", "("} {
		if at := lastIndex(words, open); at >= 0 {
			if u, scale := s.unitWord(words[at+len(open):]); u != nil {
				return u, scale
			}
		}
	}
	if containsAny(words, "%", "％") || containsAny(words, "增长率", "增速", "增长") && !containsAny(words, "量", "额") {
		return s.k.byCode["%"], 0
	}
	return nil, 0
}

// withoutUnit cuts the parentheses with the unit off a heading.
func (s *scan) withoutUnit(p pipeline.Span) pipeline.Span {
	t := s.text[p.Start:p.End]
	for _, open := range [...]string{"（", "("} {
		if at := lastIndex(t, open); at > 0 {
			if u, _ := s.unitWord(t[at+len(open):]); u != nil {
				return pipeline.Span{Start: p.Start, End: p.Start + at}
			}
		}
	}
	return p
}

func (s *scan) plain(p pipeline.Span) string {
	q := s.withoutUnit(p)
	return s.text[q.Start:q.End]
}

// piped reports whether a line is a row of a table with bars between the cells.
func piped(text string) bool {
	return len(text) > 2 && text[0] == '|' && text[len(text)-1] == '|'
}

// cells returns the cells of a row, without the blanks around their text.
func (s *scan) cells(b int) []pipeline.Span {
	blk := s.d.Blocks[b].Span
	var out []pipeline.Span
	bar := byte('\t')
	if piped(s.text[blk.Start:blk.End]) {
		bar = '|'
		blk.Start++
		blk.End--
	}
	start := blk.Start
	for i := blk.Start; i <= blk.End; i++ {
		if i < blk.End && s.text[i] != bar {
			continue
		}
		t := s.text[start:i]
		left := len(t) - len(strings.TrimLeft(t, " 　"))
		out = append(out, pipeline.Span{Start: start + left, End: max(start+left, start+len(strings.TrimRight(t, " 　")))})
		start = i + 1
	}
	return out
}
