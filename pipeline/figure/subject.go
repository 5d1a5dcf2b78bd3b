package figure

import (
	"sort"
	"strings"

	"longmai/corpus"
	"longmai/pipeline"
)

// subjects finds whose figure each one is. A topic holds until the next one, to
// the end of its paragraph; speech that opens a paragraph keeps the topic before.
func (s *scan) subjects() {
	var last *pipeline.Phrase
	lastAt, sent := 0, -1
	var base *pipeline.Phrase // what a topic that holds for one statement stands in for
	brief := false
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
			lastAt, block, counted, brief = s.start, it.block, nil, false
		}
		if brief && (it.sent != sent || strings.Contains(s.text[min(lastAt, it.core.Start):it.core.Start], "；")) {
			last, brief = base, false
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
			if s.brief(p) {
				if !brief {
					base = last
				}
				brief = true
			} else {
				brief = false
			}
			last = p
		}
		it.subject = last
		if g := it.group; g != nil && g.Kind == "from_to" && g.Index == 1 && i > 0 {
			it.subject = s.items[i-1].subject
		} else if q := s.speaker(it); it.quoted && q != nil {
			it.subject, last = q, q
		} else if q := s.himself(it); q != nil {
			it.subject = q
		} else if q := s.actor(it); q != nil && p == nil {
			it.subject, counted = q, q
		} else if it.unit != nil && it.unit.dim == "age" {
			if q := s.aged(it); q != nil {
				it.subject = q
			}
		} else if q := s.topicBehind(it); q != nil {
			it.subject = q
			if it.from-it.clause <= len("全长总投资") {
				if !brief {
					base = last
				}
				last, brief = q, true
			}
		} else if counted != nil && (it.kind != pipeline.Count || it.code == "{person-visit}") {
			it.subject = counted
		}
		if it.kind == pipeline.Count && it.after && it.metric != nil && (it.code == "{org}" || it.code == "{household}") && !s.ends(it.metric.End) && !s.people(it.metric) {
			counted = &pipeline.Phrase{Span: it.metric.Span, Name: it.metric.Name}
		}
	}
}

// brief reports whether a topic holds for its own statement alone: a person who
// does something, a work that is on.
func (s *scan) brief(p *pipeline.Phrase) bool {
	if strings.HasSuffix(p.Name, "》") {
		return true
	}
	e := s.entities.on(p.Start)
	return e >= 0 && s.d.Entities[e].Type == pipeline.Person && !s.folk(p.Span)
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
	if it.metric != nil && containsAny(it.metric.Name, "寿命", "平均", "年龄") {
		return nil
	}
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

// himself returns the person before 自己 at the head of the clause.
func (s *scan) himself(it *item) *pipeline.Phrase {
	if !s.has(it.clause, "自己", "他", "她") || s.has(it.clause, "他们", "她们", "他说", "她说", "自己的") {
		return nil
	}
	for e := s.entitiesBefore(it.clause); e >= 0 && s.d.Entities[e].Start >= s.start && it.clause-s.d.Entities[e].Start < 600; e-- {
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
		signal, _ := s.longest(s.k.signalF, p, it.from)
		scope, _ := s.longest(s.k.scopeF, p, it.from)
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
	switch _, w := decodeLast(name); name[len(name)-w:] {
	case "数", "量", "率", "告", "品", "镇", "额", "值", "价", "格", "费":
		return nil
	}
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
			if s.folk(x.Span) || s.commoner(x.Name) {
				return &pipeline.Phrase{Span: x.Span, Name: x.Name}
			}
			for b := e - 1; b >= 0 && s.d.Entities[b].Start >= at; b-- {
				if y := s.d.Entities[b]; s.ownBody(y) {
					return ruled(y)
				}
			}
			return nil
		}
	}
	return nil
}

// commoner reports whether some mention of a person calls him no officer but a
// farmer, a customer or the like.
func (s *scan) commoner(name string) bool {
	if s.folks == nil {
		s.folks = map[string]bool{}
		for _, x := range s.d.Entities {
			if x.Type == pipeline.Person && (s.folk(x.Span) || s.before(x.Start, "岁的")) {
				s.folks[x.Name] = true
			}
		}
	}
	return s.folks[name]
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
			if containsAny(s.text[it.clause:it.from], "成为", "是", "有", "打造", "为") {
				return nil
			}
			if p := s.headNoun(at); p != nil {
				return p
			}
			if v, e := s.longest(s.k.topics, at, s.end); v >= 0 {
				return &pipeline.Phrase{Span: pipeline.Span{Start: at, End: e}, Name: s.text[at:e]}
			}
		}
	}
	return nil
}

// headNoun returns the noun phrase at p when it ends in a general noun that has
// figures: 天水至北道高等级公路.
func (s *scan) headNoun(p int) *pipeline.Phrase {
	for q := p; q < s.end && q-p < 75; {
		if v, e := s.longest(s.k.topics, q, s.end); v >= 0 && q > p {
			if r, _ := s.next(e); isClauseEnd(r) || r == 0 || s.times.on(e) >= 0 || s.verbAt(e) {
				return &pipeline.Phrase{Span: pipeline.Span{Start: p, End: e}, Name: s.text[p:e]}
			}
		}
		r, w := s.next(q)
		if isClauseEnd(r) || r == '的' || r == '、' || isDigit(r) {
			return nil
		}
		q += w
	}
	return nil
}

// verbAt reports whether a verb or an adverb begins at p.
func (s *scan) verbAt(p int) bool {
	if class, _ := s.grammarWord(p, s.end); class != "" && class != "noun" {
		return true
	}
	t := s.tokens.on(p)
	if t < 0 || s.tokens.spans[t].Start != p {
		return false
	}
	pos := s.d.Tokens[t].POS
	return pos != "" && (pos[0] == 'v' && pos != "vn" || pos == "d" || pos == "p")
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
		if last != nil && p >= last.Start && p < last.End { // inside the topic that holds
			p = min(last.End, end)
			continue
		}
		if e := s.entities.on(p); e >= 0 && s.entities.spans[e].Start == p {
			x := s.d.Entities[e]
			next := max(min(x.End, end), p+1)
			obl := s.oblique(x.Span) || (s.before(p, "、", "和") || p == lastEnd) && oblique
			lastEnd = x.End
			final := s.has(x.End, "，", ",") && s.before(p, "的")
			switch {
			case !governs(x.Type) && x.Type != pipeline.Event && !(x.Type == pipeline.Person && (s.folk(x.Span) || s.acts(x.Span))), x.End > end, it.kind == pipeline.Rank && x.End == it.core.Start:
			case x.Type == pipeline.Place && s.ofPerson(x.End):
			case obl, s.source(x.Span) && !s.ownBody(x), s.listOfExamples(x.Span, end), s.hasItem(x.Span):
			case x.Type == pipeline.Event && (!s.clauseHead(x.Start) || !s.has(x.End, "在", "将", "共", "吸引", "于") && !s.verbAt(x.End)):
			case open || final || best == nil && last == nil || x.Type == pipeline.Person:
				best, local = ruled(x), s.before(p, "其中", "其中，")
				if s.has(x.End, "段") && !s.has(x.End, "段家") {
					best.End += len("段")
					best.Name = s.text[x.Start:best.End]
				}
				if to := s.routeEnd(e, end); to > x.End {
					best, local = &pipeline.Phrase{Span: pipeline.Span{Start: x.Start, End: to}, Name: s.text[x.Start:to]}, true
					next = to
				}
			}
			if best == nil && !obl && !open && governs(x.Type) && it.metric != nil && !it.after && s.has(x.End, "的") && it.metric.Start == x.End+len("的") {
				best, local = ruled(x), true
			}
			oblique = obl
			p = next
			continue
		}
		if t := s.times.on(p); t >= 0 && s.times.spans[t].Start == p {
			p = max(min(s.times.spans[t].End, end), p+1)
			continue
		}
		if v, e := s.longest(s.k.scopeF, p, end); v >= 0 {
			if open && !s.ofPerson(e) && !s.oblique(pipeline.Span{Start: p, End: e}) && !s.comparedScope(p) {
				if x := s.scopePhrase(pipeline.Span{Start: p, End: e}, s.k.scopes[v], last); x != nil {
					best, local = x, false
				}
			}
			p = e
			continue
		}
		if v, e := s.longest(s.k.topics, p, end); v >= 0 && s.isWord(p, e) && (open && s.topicHere(p, e) || s.before(p, "的") && s.has(e, "，", ",")) {
			noun := s.text[p:e]
			if best == nil && (last == nil || !strings.Contains(last.Name, noun) && !s.insideMetric(it, p, e)) {
				best, local = &pipeline.Phrase{Span: pipeline.Span{Start: p, End: e}, Name: noun}, false
			}
			p = e
			continue
		}
		if open && s.has(p, "《", "“") {
			if to := s.workEnd(p, end); to > p {
				best, local = &pipeline.Phrase{Span: pipeline.Span{Start: p, End: to}, Name: s.text[p:to]}, false
				p = to
				continue
			}
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
		if (r == '。' || r == '；') && best != nil && s.brief(best) {
			best, local = nil, false
		}
		p += w
	}
	return best, local
}

// clauseHead reports whether p begins a clause, marks and times apart.
func (s *scan) clauseHead(p int) bool {
	for {
		r, w := s.prev(p)
		switch {
		case r == 0, isClauseEnd(r), r == '”':
			return true
		case r == '“', r == ' ', r == '　', r == '‘':
			p -= w
			continue
		}
		if t := s.times.on(p - w); t >= 0 && s.times.spans[t].End == p && s.times.spans[t].Start >= s.start {
			p = s.times.spans[t].Start
			continue
		}
		return false
	}
}

// ruled is the subject that an entity makes: a government speaks for its place.
func ruled(x pipeline.Entity) *pipeline.Phrase {
	p := &pipeline.Phrase{Span: x.Span, Name: x.Name}
	if place, ok := strings.CutSuffix(x.Name, "人民政府"); ok && place != "" && x.Type == pipeline.Organization {
		p.Name = place
	}
	return p
}

// ofPerson reports whether what ends at p only says where the person behind it
// comes from: 我省选手马春桃.
func (s *scan) ofPerson(p int) bool {
	e := s.entities.on(p)
	for w := 0; e < 0 && w < len("青年种植户"); {
		r, n := s.next(p + w)
		if r == 0 || isClauseEnd(r) || r == '的' || r == '、' {
			return false
		}
		w += n
		e = s.entities.on(p + w)
	}
	return e >= 0 && s.d.Entities[e].Type == pipeline.Person
}

// acts reports whether the person at t begins the clause, perhaps behind a post,
// and does something other than speak: 时半夏带着团队.
func (s *scan) acts(t pipeline.Span) bool {
	if from := s.clauseStart(t.Start); t.Start-from > 75 {
		return false
	}
	k := s.tokens.on(t.End)
	if k < 0 || s.tokens.spans[k].Start != t.End || s.has(t.End, speechVerbs...) {
		return false
	}
	pos := s.d.Tokens[k].POS
	return pos != "" && (pos[0] == 'v' || pos == "p") && s.tokens.spans[k].End > t.End
}

var speechVerbs = []string{"说", "表示", "介绍", "告诉", "指出", "强调", "认为", "坦言", "讲", "透露", "主持", "出席", "要求", "分析", "解释", "补充", "笑", "感慨", "代表", "作", "到会", "在会", "在接受", "在致", "看到", "对", "向", "算", "提出", "谈", "为记者", "一边", "调研", "带队", "是"}

// ownBody reports whether an organisation whose officer speaks is what he speaks
// about: a firm or a school, no office of the state.
func (s *scan) ownBody(x pipeline.Entity) bool {
	if x.Type != pipeline.Organization && x.Type != pipeline.Facility || s.has(x.End, "提供", "统计", "发布", "数据", "的数据", "消息", "获悉", "召开", "举行", "公布") {
		return false
	}
	for _, w := range [...]string{"公司", "集团", "厂", "合作社", "企业", "医院", "小学", "中学", "学校", "农场", "林场", "牧场", "矿", "酒店", "景区", "电站", "园区"} {
		if strings.HasSuffix(x.Name, w) {
			return true
		}
	}
	return false
}

// insideMetric reports whether the general noun at [p, e) is the front of what
// is measured, as 公路 in 公路通车总里程, and no topic. Dimensions of a thing
// (公路全长) leave it a topic.
func (s *scan) insideMetric(it *item, p, e int) bool {
	if it.metric == nil || it.after || it.metric.Start < it.clause || e > it.metric.End {
		return false
	}
	if e == it.metric.End { // 隧洞33座 counts them
		return it.kind == pipeline.Count
	}
	if gap := it.metric.Start - e; gap > 0 {
		if m := s.metricRow(it.metric.Name); gap > len("通车") || !s.isToken(e, it.metric.Start) || m == nil || m.category == "count" || it.kind == pipeline.Count {
			return false
		}
	}
	return !s.has(e, "全长", "总长", "长", "总投资", "投资", "概算", "宽", "高", "库容", "坝高", "面积", "占地", "建筑", "规模", "总装机", "装机", "年产", "设计", "总面积", "深", "产能")
}

// workEnd returns the end of a work or a variety in marks that begins its clause
// and has figures of its own: 《一盏灯》上映, “陇薯7号”亩产.
func (s *scan) workEnd(p, end int) int {
	closing := "》"
	if s.has(p, "“") {
		closing = "”"
	}
	k := strings.Index(s.text[p:min(end, p+90)], closing)
	if k < 0 {
		return 0
	}
	to := p + k + len(closing)
	if closing == "”" {
		if strings.Contains(s.text[p:to], "号") && s.has(to, "亩产", "品种", "平均亩产", "产量", "单产") {
			return to
		}
		return 0
	}
	if s.before(p, "电影", "片", "剧", "戏", "小说", "歌曲", "舞蹈", "图书", "节目", "动漫", "游戏", "晚会") || s.has(to, "上映", "播出", "连演", "演出", "首演", "上演", "热映", "出版", "票房", "开演", "开播", "热播", "巡演") {
		return to
	}
	return 0
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
	return s.before(t.Start, "村民", "牧民", "果农", "菜农", "农民", "农户", "游客", "老人", "种植户", "养殖户", "青年", "店主", "店长", "老板", "小吃店的", "牧户", "茶农", "药农", "瓜农", "棉农", "粮农", "蜂农", "工人", "司机", "学生", "市民", "居民", "大学生", "户主", "老汉", "大娘", "大叔", "脱贫户", "贫困户", "摊主", "乘客", "家长", "高级工程师", "薯户", "手艺人", "匠人", "传承人", "创业者", "返乡大学生", "农场主", "养殖大户", "种粮大户", "网友", "顾客", "车主", "老乡", "群众", "社员", "羊倌", "护林员", "快递员", "货车司机", "果商", "客商", "经销商", "收购商", "老党员", "农妇", "妇女", "织女", "绣娘", "菜贩", "商户", "房东", "租户", "业主", "患者", "同学", "党员", "农民工", "棉花种植户", "小伙", "姑娘", "大姐", "大妈", "大爷", "老两口", "夫妇")
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
	if sc.is == "city" && s.has(at.Start, "全市") {
		if name := s.cityOfOffice(at.Start); name != "" {
			return &pipeline.Phrase{Span: at, Name: name}
		}
	}
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

// cityOfOffice returns the city of the office named before p in its sentence:
// 敦煌市 for 敦煌市文旅局局长说，全市….
func (s *scan) cityOfOffice(p int) string {
	sentence, _ := s.sentenceAt(p)
	for e := s.entitiesBefore(p); e >= 0 && s.d.Entities[e].Start >= sentence.Start && p-s.d.Entities[e].Start < 600; e-- {
		x := s.d.Entities[e]
		if x.Type != pipeline.Organization {
			continue
		}
		if k := strings.Index(x.Name, "市"); k > 0 && k <= len("嘉峪关") && k+len("市") < len(x.Name) && !strings.Contains(x.Name[:k], "省") {
			return x.Name[:k+len("市")]
		}
	}
	return ""
}

// comparedScope reports whether the scope at p is a measure (高于全国, 居全国第三).
func (s *scan) comparedScope(p int) bool {
	return s.before(p, "高于", "低于", "居", "列", "占", "占到", "占了", "排名", "排", "位居", "位列", "为", "由", "超过", "对", "跑赢", "比", "较", "快于", "慢于", "优于", "是", "进入", "跻身", "成为", "好于", "领跑", "覆盖")
}

// oblique reports whether the words before a name make it an object or a source.
func (s *scan) oblique(t pipeline.Span) bool {
	if s.before(t.Start, "在") && !s.clauseHead(t.Start-len("在")) {
		return true
	}
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
		if s.d.Blocks[s.headings].Role == corpus.RoleHeading {
			s.section = true
		}
	}
	if s.heading != nil {
		return s.heading
	}
	if s.ledeAt == 0 {
		s.ledeAt = s.ledeBlock() + 1
	}
	if !s.section && !s.ledeRead && s.ledeAt-1 < it.block {
		s.lede, s.ledeRead = s.ledeTopic(it.block), true
	}
	if !s.section && s.lede != nil {
		return s.lede
	}
	if s.d.Dateline != nil && s.d.Dateline.Place != "" {
		return &pipeline.Phrase{Name: s.d.Dateline.Place}
	}
	return nil
}

// ledeBlock returns the first paragraph.
func (s *scan) ledeBlock() int {
	for b, blk := range s.d.Blocks {
		if blk.Role == corpus.RoleParagraph {
			return b
		}
	}
	return len(s.d.Blocks)
}

// ledeTopic returns what the first sentence of the article is about when that is
// an event, a project or a building: the paragraphs before the first heading
// are about it too.
func (s *scan) ledeTopic(block int) *pipeline.Phrase {
	for b, blk := range s.d.Blocks[:block] {
		if blk.Role != corpus.RoleParagraph {
			continue
		}
		end := blk.Span.End
		if k := strings.Index(s.text[blk.Span.Start:end], "。"); k >= 0 {
			end = blk.Span.Start + k
		}
		s.start, s.end = blk.Span.Start, blk.Span.End
		lede := item{core: pipeline.Span{Start: end, End: end}, block: b}
		p, _ := s.topic(s.start, &lede, nil)
		b := s.d.Blocks[block].Span
		s.start, s.end = b.Start, b.End
		if p == nil {
			return nil
		}
		if e := s.entities.on(p.Start); e >= 0 && (s.d.Entities[e].Type == pipeline.Event || s.d.Entities[e].Type == pipeline.Project || s.d.Entities[e].Type == pipeline.Facility) {
			return p
		}
		return nil
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
			return &pipeline.Phrase{Name: ruled(x).Name}
		}
	}
	for p := blk.Span.Start; p < blk.Span.End; {
		if v, _ := s.longest(s.k.scopeF, p, blk.Span.End); v >= 0 {
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
