package figure

import (
	"strings"

	"longmai/corpus"
	"longmai/pipeline"
)

// A mention is a name or a noun that figures may belong to, and how it stands in
// its clause.
type mention struct {
	pipeline.Phrase
	kind   mentionKind
	stands standing
	next   follower
	name   nameID
	sent   int
	clause int // where its clause begins
	quote  int // where the quotation that it stands in begins, -1 outside
}

// A mentionKind says what sort of thing a mention names.
type mentionKind uint8

const (
	kindNone mentionKind = iota
	kindPlace
	kindFirm   // an organisation that has figures of its own: a firm, a school
	kindOffice // an organ of the state, which speaks for its place
	kindOrganization
	kindFacility
	kindProject
	kindEvent
	kindFolk   // a farmer, a customer
	kindPerson // an officer
	kindResource
	kindProvince // 全省, 我省
	kindCity     // 全市, 我市
	kindCounty   // 全县
	kindCountry  // 全国
	kindUnit     // 全厂
	kindNoun     // 项目, 隧道
	kindWork     // 《一盏灯》, “陇薯7号”
	kindActor    // a noun that acts: 无人机
	kindCounted  // 12户省属工业企业
	kindSeat     // the place of an office: 敦煌市 of 敦煌市文旅局
	kindMeeting  // an event that is about something else: 会议
	kindThis     // 这条隧道, 该县
	kinds
)

var kindNames = [kinds]string{"none", "place", "firm", "office", "organization", "facility", "project", "event", "folk", "person", "resource", "province", "city", "county", "country", "unit",
	"noun", "work", "actor", "counted", "seat", "meeting", "this"}

// A standing is what comes before a mention in its clause.
type standing uint8

const (
	standsHead     standing = iota // it begins the clause, times and marks apart
	standsLocative                 // 在 at the head of the clause
	standsMiddle                   // behind other nouns, no verb before it
	standsObject                   // behind a verb of the tables
	standsAfter                    // behind a verb of the dictionary
	standsOblique                  // behind 向, 对, 从, 据
	standsSource                   // it speaks or counts: …局介绍
	standsExample                  // A、B等7家
	standsPart                     // behind 其中
	standsList                     // behind 、 and another mention
	standsOrigin                   // says where the person behind it comes from
	standings
)

var standingNames = [standings]string{"head", "locative", "middle", "object", "after", "oblique", "source", "example", "part", "list", "origin"}

// A follower is what comes behind a mention.
type follower uint8

const (
	followedByNoun follower = iota
	followedByVerb
	followedByOf // 的
	followedByEnd
	followedByNumber // or a time
	followedByList
	followedByName // another mention at once
	followers
)

var followerNames = [followers]string{"noun", "verb", "of", "end", "number", "list", "name"}

// A walk is how far the reading of a clause is.
type walk struct {
	clause int
	head   bool // nothing but times, marks and adverbs so far
	verb   standing
	prep   bool // 为, 对, 与 and the like, and no verb since
	last   int  // end of the last mention, -1
	quote  int
}

// readMentions finds the mentions of block b. It leaves the scan in that block.
func (s *scan) readMentions(b int) {
	blk := s.d.Blocks[b].Span
	s.start, s.end, s.minesHere = blk.Start, blk.End, s.d.Blocks[b].Role == corpus.RoleParagraph
	w := walk{clause: s.start, head: true, verb: standsHead, last: -1, quote: -1}
	marks, traits := s.scratch.marks, s.k.alphabet.traits
	for p := s.start; p < s.end; {
		if c := s.codes[p]; marks[p]&^inItem == inToken && traits[c]&s.k.mentionTraits == 0 { // no table has anything
			if t := s.tokens.index[p]; s.tokens.spans[t].Start == p {
				s.passWord(&w, int(t))
			}
			p += width(c)
			continue
		}
		p = max(s.readMention(&w, p), p+1)
		for p < s.end && s.text[p]&0xc0 == 0x80 {
			p++
		}
	}
	if w.quote >= 0 {
		s.quotes = append(s.quotes, pipeline.Span{Start: w.quote, End: s.end})
	}
}

var (
	leadIns      = wordsOf("在", "位于", "据", "走进", "目前", "其中", "以", "作为") // verbs of the tables that lead to a subject
	prepositions = wordsOf("为", "对", "与", "向", "给", "同", "由", "从", "被") // what follows is no subject
	openings     = wordsOf("在", "据", "当", "自", "至", "按", "随", "以", "截") // prepositions that a subject may follow
)

// readMention reads what stands at p and returns where reading goes on.
func (s *scan) readMention(w *walk, p int) int {
	if s.scratch.marks[p]&(inApparatus|inEntity|inTime) != 0 {
		if to := s.readSpan(w, p); to > p {
			return to
		}
	}
	traits := s.k.alphabet.traits[s.codes[p]]
	if traits&(endsClause|encloses) != 0 {
		if to := s.readMark(w, p); to > p {
			return to
		}
	}
	if traits&s.k.scopeF.bit != 0 {
		if v, e := s.longest(s.k.scopeF, p, s.end); v >= 0 {
			s.scopeMention(w, p, e, s.k.scopes[v])
			return e
		}
	}
	if traits&demonstrates != 0 {
		if from, to := s.demonstrated(p); to > from {
			m := mention{Phrase: s.phrase(p, to), kind: kindThis}
			m.Name = s.text[from:to]
			if name := s.antecedent(p, m.Name); name != "" {
				m.Name = name
			}
			s.addMention(w, m)
			return to
		}
	}
	if traits&s.k.topics.bit != 0 {
		if v, e := s.longest(s.k.topics, p, s.end); v >= 0 && s.isWord(p, e) {
			m := mention{Phrase: s.phrase(p, e), kind: kindNoun}
			if name := s.antecedent(p, m.Name); name != "" {
				m.Name = name
			}
			s.addMention(w, m)
			return e
		}
	}
	if class, e := s.grammarWord(p, s.end); class != "" {
		switch {
		case class == "noun":
			w.head = false
		case (class == "verb" || class == "light") && !s.hasAny(p, leadIns):
			w.verb, w.head, w.prep = standsObject, false, false
		}
		if e-p == len("为") && s.hasAny(p, prepositions) {
			w.prep = true
		}
		return e
	}
	if t := s.tokens.on(p); t >= 0 {
		if s.tokens.spans[t].Start == p {
			s.passWord(w, t)
		}
	} else if len(s.d.Tokens) == 0 && s.text[p] != ' ' && !s.has(p, "　") {
		w.head = false
	}
	return p + 1
}

// passWord notes what token t, which begins no mention, is in its clause.
func (s *scan) passWord(w *walk, t int) {
	p := s.tokens.spans[t].Start
	if s.tokens.spans[t].End > s.end {
		return
	}
	switch pos := s.d.Tokens[t].POS; {
	case pos == "" || pos == "x" || pos == "d" || pos == "c" || pos == "t" || pos == "f":
	case pos[0] == 'v' && pos != "vn":
		if w.verb != standsObject {
			w.verb = standsAfter
		}
		w.head, w.prep = false, false
	case pos == "p":
		w.prep = !s.hasAny(p, openings)
	default:
		w.head = false
	}
}

// readSpan reads the note, the name or the time at p; it returns p where there is none.
func (s *scan) readSpan(w *walk, p int) int {
	if i := s.apparatus.on(p); i >= 0 && s.minesHere {
		return s.apparatus.spans[i].End
	}
	if e := s.entities.on(p); e >= 0 && s.entities.spans[e].Start == p {
		return s.entityMention(w, e)
	}
	if t := s.times.on(p); t >= 0 && s.times.spans[t].Start == p {
		return s.times.spans[t].End
	}
	return p
}

// readMark reads the mark at p; it returns p where it means nothing here.
func (s *scan) readMark(w *walk, p int) int {
	r, width := s.at(p)
	switch {
	case r == '“' && w.quote < 0:
		w.quote = p
		if to := s.workEnd(p, s.end); to > p {
			s.addMention(w, mention{Phrase: s.phrase(p, to), kind: kindWork})
			return to
		}
		return p + width
	case r == '”' && w.quote >= 0:
		s.quotes = append(s.quotes, pipeline.Span{Start: w.quote, End: p})
		w.quote = -1
		return p + width
	case r == '《':
		if to := s.workEnd(p, s.end); to > p {
			s.addMention(w, mention{Phrase: s.phrase(p, to), kind: kindWork})
			return to
		}
	case r == '、':
		return p + width
	case isClauseEnd(r):
		if !(r == ',' && s.insideNumber(p+width)) {
			*w = walk{clause: p + width, head: true, last: -1, quote: w.quote}
		}
		return p + width
	}
	return p
}

// demonstrated returns the noun behind 这条, 该 or 本届 at p.
func (s *scan) demonstrated(p int) (from, to int) {
	_, w := s.at(p)
	from = p + w
	for _, c := range [...]string{"条", "座", "个", "家", "所", "项", "届", "批", "片", "种", "栋", "台", "支", "只", "次", "处", "块", "部"} {
		if s.has(from, c) && !s.has(from, "次数", "种植", "项目", "部门", "家庭", "家属") {
			from += len(c)
			break
		}
	}
	t := s.tokens.on(from)
	if t < 0 || s.tokens.spans[t].Start != from && s.tokens.spans[t].Start != p {
		return 0, 0
	}
	to = s.tokens.spans[t].End
	if pos := s.d.Tokens[t].POS; pos == "" || pos[0] != 'n' && pos != "vn" && pos != "j" && !(s.tokens.spans[t].Start == p && to > from) || to > s.end {
		return 0, 0
	}
	return from, to
}

func (s *scan) phrase(from, to int) pipeline.Phrase {
	return pipeline.Phrase{Span: pipeline.Span{Start: from, End: to}, Name: s.text[from:to]}
}

// entityMention adds the entity e, and the place of an office.
func (s *scan) entityMention(w *walk, e int) int {
	x := &s.d.Entities[e]
	end := min(x.End, s.end)
	m := mention{Phrase: ruled(x)}
	switch x.Type {
	case pipeline.Place:
		m.kind = kindPlace
	case pipeline.Organization:
		switch {
		case isFirm(x.Name):
			m.kind = kindFirm
		case isOffice(x.Name):
			m.kind = kindOffice
		default:
			m.kind = kindOrganization
		}
	case pipeline.Facility:
		m.kind = kindFacility
	case pipeline.Project:
		m.kind = kindProject
	case pipeline.Event:
		m.kind = kindEvent
		if isMeeting(x.Name) {
			m.kind = kindMeeting
		}
	case pipeline.Person:
		m.kind = kindPerson
		if s.folk(x.Span) || s.commoner(x.Name) {
			m.kind = kindFolk
		}
	case pipeline.Resource:
		m.kind = kindResource
	default:
		w.head = false
		return end
	}
	if s.hasItem(x.Span) {
		w.head = false
		return end
	}
	if x.Type != pipeline.Person {
		if v, e := s.longest(s.k.scopeF, x.Start, s.end); v >= 0 && s.k.scopes[v].is != "country" { // 全省公路 is no name
			s.scopeMention(w, x.Start, e, s.k.scopes[v])
			return end
		}
		if k := strings.Index(x.Name, "实施"); k > 0 {
			if seat := seatOf(x.Name); seat != "" {
				m.kind, m.Name, m.End = kindPlace, seat, x.Start+len(seat)
			}
		}
	}
	if to := s.routeEnd(e, s.end); to > x.End {
		m.Phrase, end = s.phrase(x.Start, to), to
	} else if s.has(x.End, "段") && !s.has(x.End, "段家") && x.Type != pipeline.Person {
		m.End += len("段")
		m.Name = s.text[x.Start:m.End]
		end = m.End
	}
	if m.kind == kindPlace && e+1 < len(s.d.Entities) {
		if y := &s.d.Entities[e+1]; y.Start == end && governs(y.Type) { // 定西市安定区: the last is meant
			w.last = end
			return end
		}
		if to := s.compound(end); to > end {
			name := s.phrase(x.Start, to)
			name.Start = end
			s.addMention(w, mention{Phrase: name, kind: kindNoun})
			return to
		}
	}
	s.addMention(w, m)
	if m.kind == kindOffice || m.kind == kindOrganization || m.kind == kindMeeting {
		if seat := seatOf(x.Name); seat != "" && len(s.mentions) > 0 {
			last := s.mentions[len(s.mentions)-1]
			last.kind, last.Name, last.Span = kindSeat, seat, pipeline.Span{Start: x.Start, End: x.Start}
			last.name = s.name(seat)
			s.mentions = append(s.mentions, last)
		}
	}
	return end
}

// compound returns the end of the noun that begins at p, behind a place, and
// makes a body or a work of it: 陇西|铝厂, 华亭|大柳煤矿.
func (s *scan) compound(p int) int {
	end := p
	for t, n := s.tokens.on(p), 0; t >= 0 && t < len(s.d.Tokens) && n < 3; t, n = t+1, n+1 {
		x := s.tokens.spans[t]
		pos := s.d.Tokens[t].POS
		if x.Start < p || x.End > s.end || pos == "" || pos[0] != 'n' && pos != "b" && pos != "vn" && pos != "j" && pos != "a" {
			break
		}
		if r, _ := decodeLast(s.text[x.Start:x.End]); bodies.has(r) && s.metricEnding(p, x.End) == nil && x.End-p >= len("铝厂") {
			end = x.End
		}
	}
	return end
}

// antecedent returns the last name before p that ends in a noun, "" when there is
// none: 玉门炼油厂 for 该厂.
func (s *scan) antecedent(p int, noun string) string {
	last := s.entitiesBefore(p)
	for e := last; e >= 0 && e > last-40; e-- {
		x := &s.d.Entities[e]
		switch {
		case x.End > p:
		case x.Type == pipeline.Event && (noun == "展会" || noun == "盛会" || noun == "赛事" || noun == "比赛" || noun == "活动" || noun == "大会"):
			return x.Name
		case x.Type == pipeline.Person || x.Type == pipeline.Industry || x.Type == pipeline.Policy || x.Type == pipeline.Resource:
		case strings.HasSuffix(x.Name, noun) && len(x.Name) > len(noun), strings.HasSuffix(s.text[x.Start:x.End], noun) && x.End-x.Start > len(noun):
			return x.Name
		}
	}
	return ""
}

// seatOf returns the place at the head of the name of an office, or the park that
// it runs; "" when there is none.
func seatOf(name string) string {
	for _, w := range [...]string{"管理委员会", "管委会", "建设指挥部", "指挥部"} {
		if park, ok := strings.CutSuffix(name, w); ok && park != "" {
			return park
		}
	}
	name = strings.TrimPrefix(name, "中共")
	for n, i := 0, 0; i < len(name) && n < 9; n++ {
		r, w := decode(name, i)
		i += w
		switch r {
		case '第', '届', '国':
			return ""
		case '省', '市', '县', '州', '区', '旗', '镇', '乡':
			if n > 0 && i < len(name) {
				return name[:i]
			}
		}
	}
	return ""
}

func isMeeting(name string) bool { return meetings.ends(name) && !games.ends(name) }

var (
	meetings = wordsOf("会议", "大会", "全会", "座谈会", "论坛", "发布会", "推进会", "洽谈会", "会", "仪式", "活动", "讲话", "调研")
	games    = wordsOf("博览会", "运动会", "奥运会", "庙会")
)

func isFirm(name string) bool { return firms.ends(name) }

var firms = wordsOf("公司", "集团", "厂", "合作社", "企业", "医院", "小学", "中学", "学校", "农场", "林场", "牧场", "矿", "酒店", "景区", "电站", "园区", "银行", "分行", "大学", "学院", "研究院", "研究所", "超市", "农家乐", "油田", "店", "馆", "队")

func isOffice(name string) bool { return offices.ends(name) }

var offices = wordsOf("局", "厅", "委员会", "政府", "办公室", "海关", "管委会", "中心", "委", "办", "部", "处", "院", "站", "所", "协会", "组")

func (s *scan) scopeMention(w *walk, p, e int, sc scope) {
	at := pipeline.Span{Start: p, End: e}
	x := s.scopePhrase(at, sc, nil)
	if x == nil || s.comparedScope(p) {
		w.head = false
		return
	}
	m := mention{Phrase: *x, kind: kindCountry}
	switch sc.is {
	case "province":
		m.kind = kindProvince
	case "city":
		m.kind = kindCity
	case "county":
		m.kind = kindCounty
	case "unit":
		m.kind = kindUnit
	}
	s.addMention(w, m)
}

// addMention adds m with what stands around it.
func (s *scan) addMention(w *walk, m mention) {
	m.sent, m.clause, m.quote = 0, w.clause, w.quote
	_, m.sent = s.sentenceAt(m.Start)
	m.next = s.followerOf(m.End)
	m.stands = s.standingOf(w, &m)
	w.head, w.last = false, m.End
	if m.stands == standsOrigin { // says no more than where somebody comes from
		return
	}
	if m.kind == kindResource && (m.stands != standsHead || m.next == followedByList || m.next == followedByNoun || m.next == followedByName) {
		return
	}
	m.name = s.name(m.Name)
	s.mentions = append(s.mentions, m)
}

func (s *scan) standingOf(w *walk, m *mention) standing {
	switch {
	case m.kind != kindNoun && s.source(m.Span):
		return standsSource
	case m.kind == kindPerson && s.hasAny(m.End, speechVerbs):
		return standsSource
	case s.before(m.Start, "其中", "其中，"):
		return standsPart
	case s.before(m.Start, "在") && s.clauseHead(m.Start-len("在")):
		return standsLocative
	case m.kind == kindPlace && s.ofPerson(m.End), m.kind >= kindProvince && m.kind <= kindCountry && s.ofPerson(m.End):
		return standsOrigin
	case w.prep || s.oblique(m.Span):
		return standsOblique
	case s.listOfExamples(m.Span, m.End):
		return standsExample
	case w.last >= 0 && s.before(m.Start, "、"):
		return standsList
	case w.verb != standsHead:
		return w.verb
	case w.head:
		return standsHead
	}
	return standsMiddle
}

// followerOf says what stands at p, behind a mention; a gloss in parentheses counts for nothing.
func (s *scan) followerOf(p int) follower {
	if s.has(p, "（", "(") {
		if k := strings.Index(s.text[p:min(s.end, p+120)], "）"); k > 0 {
			p += k + len("）")
		}
	}
	r, _ := s.next(p)
	switch {
	case r == 0 || isClauseEnd(r) || r == '”':
		return followedByEnd
	case r == '的':
		return followedByOf
	case r == '、':
		return followedByList
	case isDigit(r), s.times.on(p) >= 0:
		return followedByNumber
	case s.entities.on(p) >= 0:
		return followedByName
	case s.verbAt(p):
		return followedByVerb
	}
	if s.is(p, startsFigure) && s.itemOn(p) {
		return followedByNumber
	}
	return followedByNoun
}

// itemOn reports whether p is part of a figure, its hedges included.
func (s *scan) itemOn(p int) bool {
	return p < len(s.text) && s.scratch.marks[p]&inItem != 0
}

// markItems marks the bytes of the figures.
func (s *scan) markItems() {
	for i := range s.items {
		for p := s.items[i].from; p < s.items[i].core.End; p++ {
			s.scratch.marks[p] |= inItem
		}
	}
}
