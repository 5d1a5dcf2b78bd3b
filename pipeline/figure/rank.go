package figure

import (
	"strings"

	"longmai/pipeline"
	"longmai/pipeline/numeral"
)

// first reads 首位, 榜首 and 居首 at the character 首.
func (s *scan) first(p, w int) int {
	core := pipeline.Span{Start: p, End: p + w}
	switch {
	case s.has(p+w, "位") && !s.has(p+w, "位度", "位于", "位女", "位男", "位获"):
		core.End += len("位")
	case s.before(p, "榜"):
		core.Start -= len("榜")
	case s.before(p, "居", "列") && !s.has(p+w, "次", "个", "批", "家", "届", "府", "都", "尾", "要"):
	default:
		return p + w
	}
	scope, ok := s.rankContext(core.Start)
	if !ok {
		return p + w
	}
	s.addRank(core, &pipeline.RankOf{N: 1, Scope: s.widest(scope)}, pipeline.Point, "rank.first")
	return core.End
}

func (s *scan) addRank(core pipeline.Span, r *pipeline.RankOf, form pipeline.Form, rule string) {
	n := r.N + r.NMax
	it := item{core: core, from: core.Start, to: core.End, kind: pipeline.Rank, form: form, rank: r, rule: rule, block: s.block_, value: numeral.New(int64(n), 0)}
	if form == pipeline.Le {
		it.high = numeral.Some(it.value)
	}
	s.items = append(s.items, it)
}

// rankContext looks at the words before p for a verb of rank (位居, 排名) with a
// scope behind it, for a scope alone, or for another rank in a list.
func (s *scan) rankContext(p int) (scope string, ok bool) {
	if len(s.items) > 0 {
		last := &s.items[len(s.items)-1]
		if last.kind == pipeline.Rank && last.block == s.block_ {
			between := s.text[last.core.End:p]
			for _, c := range [...]string{"、", "和", "，", "及", "与", ","} {
				rest, cut := strings.CutPrefix(between, c)
				if !cut {
					continue
				}
				if rest == "" {
					return last.rank.Scope, true
				}
				if v, start := s.longestBefore(s.k.scopeB, s.start, p); v >= 0 && start <= last.core.End+len(c) {
					return s.text[start:p], true
				}
			}
		}
	}
	from := s.clauseStart(p)
	if len(s.items) > 0 && s.items[len(s.items)-1].block == s.block_ {
		from = max(from, min(s.items[len(s.items)-1].core.End, p))
	}
	verb := -1
	for i := from; i < p; {
		v, end := s.longest(s.k.signalF, i, p)
		if v >= 0 && s.k.signals[v] == "rank" {
			verb = end
			i = end
			continue
		}
		_, w := s.at(i)
		i += w
	}
	if verb >= 0 && p-verb <= 3*18 {
		scope := strings.TrimSpace(s.text[verb:p])
		for _, w := range [...]string{"了", "由", "从", "在"} {
			scope = strings.TrimPrefix(scope, w)
		}
		if v, start := s.longestBefore(s.k.scopeB, verb, p); v >= 0 && start > verb {
			if t := s.text[verb:start]; strings.HasSuffix(t, "的") || strings.ContainsAny(t, "、") {
				scope = s.text[start:p]
			}
		}
		switch scope = strings.TrimSuffix(scope, "的"); {
		case scope == "":
			if scope = s.scopeAhead(from, verb); scope == "" {
				if scope = s.scopeBefore(p); scope == "" {
					scope = s.scopeOver(p)
				}
			}
		case strings.HasPrefix(scope, "、"): // 前三季度排名、前五名
			return "", false
		case contests[scope]:
			scope = ""
		}
		return scope, true
	}
	if scope, ok := s.rankOfMany(p); ok {
		return scope, true
	}
	if v, start := s.longestBefore(s.k.scopeB, from, p); v >= 0 {
		return s.text[start:p], true
	}
	return "", false
}

// contests are what one is ranked in, which is no scope.
var contests = map[string]bool{"团体": true, "个人": true, "总分": true, "总成绩": true, "单项": true, "小组": true, "团体总分": true, "个人全能": true, "男子": true, "女子": true}

// rankOfMany returns the scope of a rank among so many: 居全省86个县区第七位.
func (s *scan) rankOfMany(p int) (scope string, ok bool) {
	if len(s.items) == 0 {
		return "", false
	}
	many := &s.items[len(s.items)-1]
	if many.block != s.block_ || many.kind != pipeline.Count || p-many.core.End > len("个县市区中") || many.core.End > p {
		return "", false
	}
	for q := s.clauseStart(p); q < many.from; {
		v, end := s.longest(s.k.signalF, q, many.from)
		if v < 0 || s.k.signals[v] != "rank" {
			_, w := decode(s.text, q)
			q += w
			continue
		}
		t := s.text[end:many.from]
		if v, e := s.longest(s.k.scopeF, end, many.from); v >= 0 {
			t = s.text[end:e]
		}
		if t == "" {
			t = strings.TrimSuffix(s.text[many.core.Start:p], "中")
		}
		return t, len(t) <= len("全国同类地区")
	}
	return "", false
}

// scopeOver returns the scope that the sentence names in a phrase with 在 and 中:
// 在全国营商环境评价中，我省政务服务指标上升到第十七位.
func (s *scan) scopeOver(p int) string {
	sent, _ := s.sentenceAt(p)
	from := max(sent.Start, s.start)
	found := ""
	for q := from; q < p; {
		_, w := decode(s.text, q)
		if !s.has(q, "在") {
			q += w
			continue
		}
		q += w
		for e := q; e < p; {
			r, w := decode(s.text, e)
			if isClauseEnd(r) {
				break
			}
			if v, end := s.longest(s.k.scopeF, e, p); v >= 0 && strings.Contains(clauseOf(s.text[end:min(p, s.end)]), "中") {
				if found = s.text[e:end]; strings.HasPrefix(found, "全省") {
					found = "全省"
				}
				break
			}
			e += w
		}
	}
	return found
}

// clauseOf returns t up to the first mark that ends a clause.
func clauseOf(t string) string {
	for i, r := range t {
		if isClauseEnd(r) {
			return t[:i]
		}
	}
	return t
}

// scopeBefore returns the scope of the rank before p in the same sentence: 居全国首位，居前五位的.
func (s *scan) scopeBefore(p int) string {
	sent, _ := s.sentenceAt(p)
	for i := len(s.items) - 1; i >= 0 && len(s.items)-i < 20 && s.items[i].core.Start >= sent.Start; i-- {
		if r := s.items[i].rank; r != nil {
			return r.Scope
		}
	}
	return ""
}

// scopeAhead returns the last scope that stands before the verb of rank in its
// clause, behind 在: 在全省县域经济考核中居第九位.
func (s *scan) scopeAhead(from, verb int) string {
	for p := verb; p > from; {
		if v, start := s.longestBefore(s.k.scopeB, from, p); v >= 0 && s.before(start, "在") {
			return s.text[start:p]
		}
		_, w := decodeBack(s.text[from:p])
		p -= w
	}
	return ""
}

// ordinal reads 第N, 前N and N强. It reports done when it has made a rank or
// refused the numeral.
func (s *scan) ordinal(it *item) (next int, done bool) {
	n := &it.num
	switch {
	case s.before(n.Start, "第"):
		return s.nth(n), true
	case s.before(n.Start, "前") && !s.ahead(n.Start, frontAhead):
		return s.top(n)
	case s.before(n.Start, "后", "末") && s.has(n.End, "位", "名"):
		return s.bottom(n)
	case s.has(n.End, "强") && !s.has(n.End, "强度", "强化", "强制", "强调") && n.Form == numeral.Exact && !n.Value.LessThan(numeral.New(5, 0)):
		core := pipeline.Span{Start: n.Start, End: n.End + len("强")}
		scope, ok := s.rankContext(n.Start)
		firms := false
		for _, w := range [...]string{"企业", "公司", "房企", "民企"} {
			firms = firms || s.has(core.End, w) && !s.counts(core.End+len(w))
		}
		if !ok && !s.has(core.End, "企业") || n.Bare && !s.ends(core.End) && s.nounWord(core.End) && !s.rankVerb(n.Start) || s.has(core.End, "县", "市", "区", "镇") || firms && !s.rankVerb(n.Start) {
			s.refuse(core, "list.name", "the name of a list")
			return core.End, true
		}
		s.addRank(core, &pipeline.RankOf{NMax: int(n.Value.IntPart()), Scope: scope}, pipeline.Le, "rank.top")
		return core.End, true
	}
	return 0, false
}

// counts reports whether a number of firms stands at p: 500强企业5家.
func (s *scan) counts(p int) bool {
	m, ok := numeral.Scan(s.text[:s.end], p)
	return ok && m.Start == p && s.has(m.End, "家", "户", "个")
}

// rankVerb reports whether the clause before p has a verb of rank.
func (s *scan) rankVerb(p int) bool {
	for _, w := range [...]string{"跻身", "进入", "入围", "入选", "位列", "上榜", "迈入", "列", "排名"} {
		if strings.Contains(s.clauseText(p), w) {
			return true
		}
	}
	return false
}

func (s *scan) nth(n *numeral.Number) int {
	core := pipeline.Span{Start: n.Start - len("第"), End: n.End}
	fromEnd := s.before(core.Start, "倒数")
	if fromEnd {
		core.Start -= len("倒数")
	}
	rule, at, end := s.word(n.Start, n.End)
	if rule != "" && at < n.Start {
		s.refuse(pipeline.Span{Start: core.Start, End: end}, "ordinal", "an ordinal in a name")
		return end
	}
	classifier := false
	switch {
	case s.has(n.End, "位") && !s.has(n.End, "位于", "位居"), s.has(n.End, "名") && !s.has(n.End, "名单", "名录"), s.has(n.End, "大") && !s.has(n.End, "大道", "大街", "大队", "大会"):
		classifier = true
		_, w := s.next(n.End)
		core.End += w
	case s.behind(n.End, ordinalsBehind):
		if end := s.nthOfAll(core.Start, n); end > 0 {
			core.End = end
			_, at := s.longestBefore(s.k.scopeB, s.start, core.Start)
			s.addRank(core, &pipeline.RankOf{N: int(n.Value.IntPart()), Scope: s.text[at:core.Start]}, pipeline.Point, "rank.nth")
			return core.End
		}
		return s.refuseNth(core, n)
	}
	if u, _ := s.unitAt(n.End, n); u != nil && !classifier {
		return s.refuseNth(core, n)
	}
	scope, ok := s.rankContext(core.Start)
	if !ok && classifier && !s.has(n.End, "大") && (s.ahead(core.Start, nthAhead) || s.moves(core)) {
		ok, scope = true, s.scopeOver(core.Start)
	}
	if !ok && fromEnd {
		ok = true
	}
	if !ok || n.Form != numeral.Exact || !n.Value.IsInteger() || n.Value.GreaterThan(numeral.New(100000, 0)) {
		return s.refuseNth(core, n)
	}
	s.addRank(core, &pipeline.RankOf{N: int(n.Value.IntPart()), FromEnd: fromEnd, Scope: s.widest(scope)}, pipeline.Point, "rank.nth")
	return core.End
}

// widest cuts a scope that says what is ranked down to where, for brands, which
// are ranked in one list of many sorts: 全国区域公用品牌 to 全国.
func (s *scan) widest(scope string) string {
	v, end := s.k.scopeF.longest(scope, 0, false)
	if v < 0 || !strings.HasSuffix(scope, "品牌") || s.k.scopes[v].is != "country" && s.k.scopes[v].is != "province" {
		return scope
	}
	return scope[:end]
}

// nthOfAll returns the end of the measure of 世界第五座, a rank of things that
// were built or found one after the other; 0 where there is none. The first of
// all is a claim, not a rank.
func (s *scan) nthOfAll(p int, n *numeral.Number) int {
	if v, _ := s.longestBefore(s.k.scopeB, s.start, p); v < 0 || !n.Value.GreaterThan(one) || s.k.scopes[v].is == "county" || s.k.scopes[v].is == "unit" {
		return 0
	}
	for _, w := range [...]string{"座", "家", "条", "台"} {
		if s.has(n.End, w) {
			return n.End + len(w)
		}
	}
	return 0
}

// moves reports whether the rank at core is one that a place rises or falls
// from: 由上年的第二十四位上升到第十七位.
func (s *scan) moves(core pipeline.Span) bool {
	from := s.text[s.clauseStart(core.Start):core.Start]
	return containsAny(from, "由", "从") && s.has(core.End, "上升", "升", "跃", "提升", "提高", "前移", "前进", "下降", "降", "退", "滑", "下滑", "跌")
}

// refuseNth refuses 第N, and the members of a list 第一、二、三 behind it.
func (s *scan) refuseNth(core pipeline.Span, n *numeral.Number) int {
	end := n.End
	for s.has(end, "、", "和", "至") {
		_, w := s.next(end)
		m, ok := numeral.Scan(s.text[:s.end], end+w)
		if !ok || m.Start != end+w || m.Value.GreaterThan(numeral.New(100, 0)) || m.Digits > 0 != (n.Digits > 0) {
			break
		}
		if u, _ := s.unitAt(m.End, &m); u != nil && u.dim != "count" && u.dim != "ordinal" {
			break
		}
		end = m.End
	}
	core.End = max(core.End, end)
	s.refuse(core, "ordinal", "an ordinal, not a rank")
	return end
}

// bottom reads 后三位 and 末两名 behind a verb of rank.
func (s *scan) bottom(n *numeral.Number) (int, bool) {
	_, w := s.prev(n.Start)
	core := pipeline.Span{Start: n.Start - w, End: n.End + len("位")}
	if n.Form != numeral.Exact || !n.Value.IsInteger() || n.Value.GreaterThan(numeral.New(100, 0)) || !s.before(core.Start, "排名", "位列", "名列", "居", "列", "排在", "排", "位居", "处于", "考核", "全省", "全市", "全县", "全国") {
		return 0, false
	}
	scope, _ := s.rankContext(core.Start)
	s.addRank(core, &pipeline.RankOf{NMax: int(n.Value.IntPart()), FromEnd: true, Scope: scope}, pipeline.Le, "rank.top")
	return core.End, true
}

// top reads 前十, 前五位, 前50强.
func (s *scan) top(n *numeral.Number) (int, bool) {
	core := pipeline.Span{Start: n.Start - len("前"), End: n.End}
	classifier := false
	for _, w := range [...]string{"位", "名", "强", "甲"} {
		if s.has(n.End, w) && !s.has(n.End, "位于") {
			core.End += len(w)
			classifier = true
			break
		}
	}
	if u, _ := s.unitAt(n.End, n); u != nil && !classifier {
		if u.dim == "time" || u.dim == "calendar_time" || u.dim == "ordinal" {
			s.refuse(core, "date", "part of a date")
			return n.End, true
		}
		return 0, false
	}
	scope, ok := s.rankContext(core.Start)
	if n.Form != numeral.Exact || !n.Value.IsInteger() || n.Value.GreaterThan(numeral.New(10000, 0)) || !ok && !classifier {
		s.refuse(core, "ordinal", "an ordinal, not a rank")
		return n.End, true
	}
	s.addRank(core, &pipeline.RankOf{NMax: int(n.Value.IntPart()), Scope: scope}, pipeline.Le, "rank.top")
	return core.End, true
}
