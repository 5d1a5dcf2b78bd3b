package figure

import (
	"strings"

	"longmai/pipeline"
	"longmai/pipeline/numeral"
)

// lowEnd is the number that stands for an item in comparisons.
func (it *item) lowEnd() numeral.Decimal {
	if it.low.Valid {
		return it.low.Decimal
	}
	return it.value
}

// distribute pairs the values behind 分别 with what stands before it.
func (s *scan) distribute() {
	for i := 0; i < len(s.items); i++ {
		it := &s.items[i]
		if it.keys&keyApart == 0 {
			continue
		}
		s.enter(it)
		if !strings.Contains(s.text[it.seg.Start:it.seg.End], "分别") && !strings.Contains(s.text[it.seg.Start:it.seg.End], "分列") && !strings.Contains(s.text[it.seg.Start:it.seg.End], "分居") {
			continue
		}
		j := i
		for j+1 < len(s.items) && s.items[j+1].block == it.block && s.listed(&s.items[j], &s.items[j+1]) {
			j++
		}
		n := j - i + 1
		if n > 1 {
			s.pair(i, n)
			s.spread(i, n)
		}
		i = j
	}
}

// spread gives the change of the first of n values to the others, paired or not.
func (s *scan) spread(i, n int) {
	it := &s.items[i]
	if it.change == nil || it.change.Role != "delta" {
		return
	}
	for k := i + 1; k < i+n; k++ {
		if x := &s.items[k]; x.change == nil && x.kind == it.kind {
			c := *it.change
			x.change = &c
		}
	}
}

// listed reports whether b follows a in one list of values.
func (s *scan) listed(a, b *item) bool {
	if b.from < a.to {
		return false
	}
	gap := s.text[a.to:b.from]
	if isListGap(gap) {
		return true
	}
	if a.kind != b.kind {
		return false
	}
	if a.kind == pipeline.Rank {
		for _, c := range [...]string{"、", "和", "，"} {
			if rest, ok := strings.CutPrefix(gap, c); ok {
				if v, e := s.k.scopeF.longest(rest, 0, false); v >= 0 && e == len(rest) {
					return true
				}
			}
		}
	}
	// the verb may stand again: 分别增长5.8%、下降2%
	for _, c := range [...]string{"、", "和"} {
		if rest, ok := strings.CutPrefix(gap, c); ok {
			if v, e := s.k.growthF.longest(rest, 0, false); v >= 0 && e == len(rest) {
				return true
			}
		}
	}
	return false
}

// pair gives the n values from item i their heads.
func (s *scan) pair(i, n int) {
	it := &s.items[i]
	seg := s.text[it.seg.Start:it.seg.End]
	cut := lastIndex(seg, "分")
	for _, w := range [...]string{"分别", "分列", "分居"} {
		if k := lastIndex(seg, w); k >= 0 {
			cut = k
		}
	}
	heads := s.headsIn(it.seg.Start, it.seg.Start+cut, n)
	common := heads == nil && s.commonHead(it, n)
	if heads == nil && !common && s.isPrevious(i, n) {
		heads = make([]*pipeline.Phrase, n)
		own := it.metric // 党参、当归……产量分别为
		if it.change != nil || own == nil || own.Start < it.seg.Start || own.End > it.seg.End || s.metricRow(own.Name) == nil {
			own = nil
		}
		for k := range n {
			heads[k] = s.items[i-n+k].metric
			if own != nil {
				heads[k] = &pipeline.Phrase{Span: own.Span, Name: heads[k].Name + own.Name}
			}
		}
	}
	if heads == nil && !common {
		return
	}
	s.groupCount++
	for k := range n {
		x := &s.items[i+k]
		x.group = &pipeline.Group{ID: s.groupCount, Index: k, Kind: "distributive"}
		if heads != nil && heads[k] != nil {
			x.metric = heads[k]
			x.owner = s.ownerIn(heads[k].Span)
		}
		if k > 0 && x.change == nil && it.change != nil {
			c := *it.change
			x.change = &c
		}
		if k > 0 && x.change != nil && it.change != nil && x.change.Basis == "" {
			x.change.Basis = it.change.Basis
		}
	}
}

// isPrevious reports whether the n figures before item i, in its sentence, carry the heads.
func (s *scan) isPrevious(i, n int) bool {
	if i < n {
		return false
	}
	for k := i - n; k < i; k++ {
		p := &s.items[k]
		if p.sent != s.items[i].sent || p.block != s.items[i].block || p.metric == nil {
			return false
		}
	}
	for k := i - n + 1; k < i; k++ {
		if s.items[k].metric.Span == s.items[k-1].metric.Span && s.items[k].kind != s.items[k-1].kind {
			return false
		}
	}
	return true
}

// headsIn splits the noun phrase in [start, end) into n heads: 弃风率、弃光率,
// 第一、二、三产业增加值. Nothing is paired when the counts differ.
func (s *scan) headsIn(start, end, n int) []*pipeline.Phrase {
	for {
		e := s.stripLinks(start, end)
		if e == end {
			break
		}
		end = e
	}
	if cut := s.comparison(start, end); cut >= 0 {
		end = cut
	}
	from := end
	for from > start {
		r, w := decodeLast(s.text[start:from])
		if isClauseEnd(r) {
			break
		}
		from -= w
	}
	for t := s.times.on(from); t >= 0 && s.times.spans[t].End < end; t = s.times.on(from) {
		from = s.times.spans[t].End
	}
	text := s.text[from:end]
	if text == "" {
		return nil
	}
	if h := s.ordinalHeads(from, end, n); h != nil {
		return h
	}
	parts := splitList(text)
	if len(parts) != n {
		return nil
	}
	out := make([]*pipeline.Phrase, n)
	at := from
	tail := ""
	if m := s.metricRow(parts[n-1]); m != nil {
		tail = m.word
	}
	for k, p := range parts {
		at = from + strings.Index(s.text[from:end], p)
		begin, stop := at, at+len(p)
		b := s.nounStart(begin, stop)
		if b >= stop {
			b = begin
		}
		if s.before(b, "人均", "户均", "亩均") {
			b -= len("人均")
		}
		name := s.text[b:stop]
		if o := s.ownerIn(pipeline.Span{Start: begin, End: stop}); o != nil && o.End == stop && tail != "" {
			out[k] = &pipeline.Phrase{Span: pipeline.Span{Start: begin, End: stop}, Name: tail}
			continue
		}
		if k < n-1 && tail != "" && s.metricRow(name) == nil {
			name += tail
		}
		out[k] = &pipeline.Phrase{Span: pipeline.Span{Start: b, End: stop}, Name: name}
	}
	return out
}

func splitList(text string) []string {
	var parts []string
	start := 0
	for i := 0; i < len(text); {
		r, w := decode(text, i)
		if r == '、' || r == '和' && !strings.HasPrefix(text[i:], "和谐") || r == '与' || r == '及' {
			if i > start {
				parts = append(parts, text[start:i])
			}
			start = i + w
		}
		i += w
	}
	if start < len(text) {
		parts = append(parts, text[start:])
	}
	return parts
}

// ordinalHeads reads 第一、二、三产业增加值 as 第一产业增加值, 第二产业增加值, 第三产业增加值.
func (s *scan) ordinalHeads(from, end, n int) []*pipeline.Phrase {
	text := s.text[from:end]
	at := strings.Index(text, "第")
	if at < 0 {
		return nil
	}
	rest := text[at+len("第"):]
	var nums []string
	for {
		r, w := utf8At(rest, 0)
		if !strings.ContainsRune("一二三四五六七八九十", r) || w == 0 {
			return nil
		}
		nums = append(nums, rest[:w])
		rest = rest[w:]
		if next, ok := strings.CutPrefix(rest, "、"); ok {
			rest = strings.TrimPrefix(next, "第")
			continue
		}
		break
	}
	if len(nums) != n || rest == "" {
		return nil
	}
	out := make([]*pipeline.Phrase, n)
	for k, num := range nums {
		out[k] = &pipeline.Phrase{Span: pipeline.Span{Start: from + at, End: end}, Name: "第" + num + rest}
	}
	return out
}

// commonHead reports whether n places share one metric: 到北京、上海、广州的时延分别为.
func (s *scan) commonHead(it *item, n int) bool {
	t := s.text[it.clause:it.seg.End]
	at := lastIndex(t, "分别")
	if at < 0 {
		return false
	}
	k := lastIndex(t[:at], "的")
	return k > 0 && len(splitList(t[:k])) == n
}

// ownerIn returns the place or organisation named in t.
func (s *scan) ownerIn(t pipeline.Span) *pipeline.Phrase {
	e := s.entitiesBefore(t.End)
	if e < 0 || s.d.Entities[e].Start < t.Start || !governs(s.d.Entities[e].Type) || s.d.Entities[e].End > t.End {
		return nil
	}
	return &pipeline.Phrase{Span: s.d.Entities[e].Span, Name: s.d.Entities[e].Name}
}
