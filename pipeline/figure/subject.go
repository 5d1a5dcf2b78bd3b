package figure

import (
	"sort"
	"strings"

	"longmai/pipeline"
)

// people reports whether a phrase names people: 牧民.
func (s *scan) people(p *pipeline.Phrase) bool {
	v, _ := s.k.persons.longestBefore(p.Name, 0, len(p.Name))
	return v >= 0
}

// ageOf returns the person whose age it is: 五十六岁的果农陆百川.
func (s *scan) ageOf(it *item) *pipeline.Phrase {
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
	for start < it.from && s.leads(start) {
		_, w := s.at(start)
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

// leads reports whether what stands at p may come before the words of a clause.
func (s *scan) leads(p int) bool {
	r, _ := s.at(p)
	return leading.has(r) || openQuotes.has(r)
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
func ruled(x *pipeline.Entity) pipeline.Phrase {
	p := pipeline.Phrase{Span: x.Span, Name: x.Name}
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

// speechVerbs follow one who speaks.
var speechVerbs = wordsOf("说", "表示", "介绍", "告诉", "指出", "强调", "认为", "坦言", "讲", "透露", "主持", "出席", "要求", "分析", "解释", "补充", "笑", "感慨", "代表", "作", "到会", "在会", "在接受", "在致", "看到", "对", "向", "算", "提出", "谈", "为记者", "一边", "调研", "带队", "是")

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
	return s.hasAny(t.End, saysSo)
}

// saysSo follow the name of one who speaks or counts.
var saysSo = wordsOf("提供", "统计", "发布", "介绍", "表示", "数据", "的数据", "的统计", "消息", "通报", "显示", "获悉", "监测", "预测", "召开", "举行", "公布", "披露", "的数字", "负责人", "有关负责", "相关负责", "副", "党组", "党委", "党工委", "书记", "市长", "县长", "区长", "州长", "局长", "厅长", "处长", "主任", "董事长", "总经理", "经理", "院长", "校长", "所长", "总工程师", "技术总监", "工作人员", "新闻发言人", "总会计师", "科长", "部长", "站长", "队长", "总经济师", "党支部", "项目经理", "调研员", "研究员", "教授", "记者")

// listOfExamples reports whether the name at t belongs to a list that ends in 等 and a number: A、B等7家.
func (s *scan) listOfExamples(t pipeline.Span, end int) bool {
	i := strings.Index(s.text[t.End:min(s.end, t.End+90)], "等")
	if i < 0 {
		return false
	}
	rest := s.text[t.End : t.End+i]
	if strings.HasPrefix(rest, "（") { // a gloss: （以下简称“恒润电池”）
		if k := strings.Index(rest, "）"); k > 0 {
			rest = rest[k+len("）"):]
		}
	}
	if strings.ContainsAny(rest, "，。；：,;") {
		return false
	}
	return t.End+i+len("等") >= end-len("逾约近") && (rest == "" || strings.Contains(rest, "、"))
}

// folk reports whether a person is what the figures are about: a farmer, a
// customer, and no speaker of an office.
func (s *scan) folk(t pipeline.Span) bool {
	return s.beforeAny(t.Start, folkTitles)
}

// folkTitles stand before the name of one who is no officer.
var folkTitles = wordsOf("村民", "牧民", "果农", "菜农", "农民", "农户", "游客", "老人", "种植户", "养殖户", "青年", "店主", "店长", "老板", "小吃店的", "牧户", "茶农", "药农", "瓜农", "棉农", "粮农", "蜂农", "工人", "司机", "学生", "市民", "居民", "大学生", "户主", "老汉", "大娘", "大叔", "脱贫户", "贫困户", "摊主", "乘客", "家长", "高级工程师", "薯户", "手艺人", "匠人", "传承人", "创业者", "返乡大学生", "农场主", "养殖大户", "种粮大户", "网友", "顾客", "车主", "老乡", "群众", "社员", "羊倌", "护林员", "快递员", "货车司机", "果商", "客商", "经销商", "收购商", "老党员", "农妇", "妇女", "织女", "绣娘", "菜贩", "商户", "房东", "租户", "业主", "患者", "同学", "党员", "农民工", "棉花种植户", "小伙", "姑娘", "大姐", "大妈", "大爷", "老两口", "夫妇")

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
	word := strings.TrimSuffix(sc.word, "里")
	_, w := decodeLast(word)
	kind := word[len(word)-w:]
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
	return s.beforeAny(p, scopeVerbs)
}

// scopeVerbs stand before a scope that something is measured by.
var scopeVerbs = wordsOf("高于", "低于", "居", "列", "占", "占到", "占了", "排名", "排", "位居", "位列", "为", "由", "超过", "对", "跑赢", "比", "较", "快于", "慢于", "优于", "是", "进入", "跻身", "成为", "好于", "领跑", "覆盖")

// oblique reports whether the words before a name make it an object or a source.
func (s *scan) oblique(t pipeline.Span) bool {
	if s.before(t.Start, "在") && !s.clauseHead(t.Start-len("在")) {
		return true
	}
	return s.beforeAny(t.Start, obliques)
}

// obliques stand before an object or a source.
var obliques = wordsOf("向", "对", "从", "到", "往", "至", "与", "和", "发往", "来自", "销往", "途经", "通过", "据", "由", "经", "占", "给", "获", "惠及", "辐射", "跨越", "穿越", "记者", "毗邻", "北起", "南起", "东起", "西起", "起于", "止于", "距", "离", "靠近", "覆盖")

// entitiesBefore returns the index of the last entity that begins before p.
func (s *scan) entitiesBefore(p int) int {
	return sort.Search(len(s.d.Entities), func(i int) bool { return s.d.Entities[i].Start >= p }) - 1
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
