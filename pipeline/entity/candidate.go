package entity

import "strings"

// evidence says which generators proposed a candidate.
type evidence uint16

const (
	byTable   evidence = 1 << iota // a name of the tables
	byHead                         // ends in a head word
	bySurname                      // surname and given name
	byForeign                      // a foreign or minority name
	byQuote                        // stands in “”
	byTitle                        // stands in 《》
	byVote                         // the tagger's candidate
	byArticle                      // known from elsewhere in the article
	byNumber                       // the number of a road
)

var evidenceNames = []string{"table", "head", "surname", "foreign", "quote", "title", "tagger", "article", "number"}

// A candidate is a span that may be a mention of its kind.
type candidate struct {
	start, end int32 // characters of the sentence
	kind       kind
	from       evidence
	table      int32 // index of the word of the tables plus one; 0 for none
	head       int32 // index of the word that is the head plus one; 0 for none
	headStart  int32
	vote       float32 // probability of the tagger; 0 without
	known      uint8   // how sure the article is of this name: 0 not at all
	weighed    bool
	weight     float32 // of its own features, once weighed
	score      float64
	inside     float64 // probability of standing in the best reading, once decoded
}

// a proposer gathers the candidates of a sentence.
type proposer struct {
	*lexicon
	s      *sentence
	out    []candidate
	raw    []candidate // before they are merged
	ends   []int32     // of sorted
	order  []int32     // of sorted
	voting bool        // a tagger votes
	rivals rivalry
}

// longest bounds the left side of a name, in characters before its head.
var longest = [kinds]int32{organization: 26, place: 14, facility: 20, event: 32, project: 34, policy: 24}

// maxStarts bounds how many left boundaries are tried for one head.
const maxStarts = 9

func (p *proposer) add(c candidate) {
	for i := c.start; i < c.end; i++ {
		if p.s.blocked[i] {
			return
		}
	}
	p.out = append(p.out, c)
}

// propose fills out with the candidates of s, sorted, each span and kind once.
func (p *proposer) propose() {
	p.out = p.out[:0]
	for i := range p.s.matches {
		p.fromMatch(&p.s.matches[i])
	}
	p.persons()
	p.foreign()
	p.bracketed()
	p.roads()
	p.sections()
	p.works()
}

// merge sorts the candidates by end, start and kind and joins those of one span and kind.
func (p *proposer) merge() {
	p.raw, p.out = p.out, p.raw[:0]
	for _, i := range p.sorted() {
		c := &p.raw[i]
		if n := len(p.out); n == 0 || !p.out[n-1].join(c) {
			p.out = append(p.out, *c)
		}
	}
	p.weigh()
}

// sorted returns the order of the candidates of raw: by end, start and kind, and
// of equal ones as they come. They are dealt out to their ends first, where few
// are left to compare.
func (p *proposer) sorted() []int32 {
	p.ends, p.order = zero(p.ends, p.s.n+1), grow(p.order, len(p.raw))
	raw, ends, order := p.raw, p.ends, p.order // ends: how many candidates end at a character, then where the next one goes
	for i := range raw {
		ends[raw[i].end]++
	}
	at := int32(0)
	for k, n := range ends {
		ends[k] = at
		at += n
	}
	for i := range raw {
		to := &ends[raw[i].end]
		order[*to] = int32(i)
		*to++
	}
	for at, i := range order {
		c := &raw[i]
		for ; at > 0; at-- {
			b := &raw[order[at-1]]
			if b.end != c.end || b.start < c.start || b.start == c.start && b.kind <= c.kind {
				break
			}
			order[at] = order[at-1]
		}
		order[at] = i
	}
	return order
}

// join takes what speaks for o into c when both are of one span and kind.
func (c *candidate) join(o *candidate) bool {
	if c.start != o.start || c.end != o.end || c.kind != o.kind {
		return false
	}
	c.from |= o.from
	c.vote = max(c.vote, o.vote)
	c.known = max(c.known, o.known)
	if c.table == 0 {
		c.table = o.table
	}
	if o.head != 0 && (c.head == 0 || o.headStart < c.headStart) {
		c.head, c.headStart = o.head, o.headStart
	}
	return true
}

// fromMatch proposes what a word of the tables stands for by itself, and what
// ends in it when it is a head.
func (p *proposer) fromMatch(m *match) {
	if m.says&(saysName|saysHead|saysBody) == 0 {
		return
	}
	w := &p.words[m.word]
	s := p.s
	whole := s.cut[m.start] && s.cut[m.end]
	for i := range w.senses {
		x := &w.senses[i]
		switch x.sort {
		case sortDivision:
			if x.traits&weak != 0 && !whole && x.traits&home == 0 {
				continue
			}
			if x.traits&bare != 0 && x.traits&home == 0 && x.class == levelCounty && !(whole && s.token[m.start] == posPlace) {
				continue
			}
			p.add(candidate{start: m.start, end: m.end, kind: place, from: byTable, table: m.word + 1})
		case sortName:
			if x.traits&weak != 0 && (!whole || p.inWord(m)) {
				continue
			}
			p.add(candidate{start: m.start, end: m.end, kind: x.kind, from: byTable, table: m.word + 1})
		case sortHead:
			p.fromHead(m, x)
		case sortBody: // bodies are heads of organisations too: 省工信厅
			p.fromHead(m, &sense{sort: sortHead, kind: organization, traits: gov})
		}
	}
}

// inWord reports whether a longer word begins with m that no name holds: 中央 in 中央财政.
func (p *proposer) inWord(m *match) bool {
	s := p.s
	for k := s.first[m.start]; k < s.first[m.start+1]; k++ {
		if q := &s.matches[k]; q.end > m.end && q.says&saysStop != 0 {
			return true
		}
	}
	return false
}

// fromHead proposes the spans that end in a head and begin at one of the places
// to its left where a name can begin.
func (p *proposer) fromHead(m *match, x *sense) {
	s := p.s
	if !s.cut[m.end] && x.traits&wide != 0 && s.right[m.end]&maskTitle == 0 || m.end-m.start == 1 && s.tailOfWord(m.start) {
		return
	}
	if !s.cut[m.end] && m.end-m.start == 1 && x.kind == organization && x.traits&gov == 0 && s.right[m.end]&maskTitle == 0 {
		return // 旅 in 旅客
	}
	if x.traits&gov != 0 && x.kind == organization && m.end-m.start >= 2 && isLevel(s.runes[m.start]) && s.runes[m.start] != '镇' {
		p.addHead(m.start, m, x) // 省委, 县政府
	}
	if x.kind == organization && m.end-m.start == 1 && m.start > 0 && s.alnum(m.start-1) {
		return // 电梯150部
	}
	if r := s.runes[max(0, m.start-1)]; (r == '村' || r == '社' || r == '校') && m.start > 0 && s.cut[m.start-1] && m.end-m.start > 1 && s.left[m.start-1]&(maskDivision|maskBare) == 0 {
		return // 村党支部, 村委会 without the name of the village
	}
	if x.kind <= facility && s.countedBehind(m.end) {
		return
	}
	head := m.start
	limit := max(0, head-longest[x.kind])
	starts := 0
	for i := m.start - 1; i >= limit && starts < maxStarts; i-- {
		r := s.runes[i]
		if s.blocked[i] {
			return
		}
		switch r {
		case '”', '》', '）', ')', '’', '」':
			j := s.opening(i)
			if j < 0 || r == '》' && x.kind != organization {
				return
			}
			i = j
			if r == '）' || r == ')' {
				continue
			}
		case '“', '‘', '《', '（', '(', '「', '—', '─', '·', '•', '-', '±', '"':
			if r == '—' || r == '·' || r == '-' || r == '•' || r == '─' || r == '"' {
				continue
			}
			if r != '±' {
				return
			}
		default:
			if isMark(r) || r == '兼' && x.kind == organization || r == '的' && x.kind == project {
				return
			}
		}
		if m := s.left[i+1]; m&(maskBreak|maskWorks) != 0 && x.kind != event && (x.kind != organization && (m&maskBreak != 0 || i+1 < head && p.builtAt(i+1)) || x.kind == organization && p.doneAt(i+1)) {
			return
		}
		if s.left[i+1]&maskStop != 0 && x.kind != event && x.kind != policy && x.kind != project {
			return
		}
		if !s.cut[i] && s.right[i]&(maskDivision|maskBare|maskPlace|maskOrg) == 0 && s.left[i]&(maskDivision|maskTitle) == 0 {
			continue
		}
		if (!s.counted(i, m.start) || x.kind == event) && !(x.traits&soft != 0 && p.clause(i, m.start)) {
			p.addHead(i, m, x)
		}
		starts++
	}
}

// builtAt reports whether a place and what is done there end at j: 天水 + 投资 + 建设.
func (p *proposer) builtAt(j int32) bool {
	s := p.s
	for range 3 {
		i := p.wordBefore(j, wordWorks)
		if i == j {
			return false
		}
		if s.left[i]&(maskDivision|maskBare|maskPlace) != 0 {
			return true
		}
		j = i
	}
	return false
}

// doneAt reports whether a division and what it does end at j: 天津市 + 签署.
func (p *proposer) doneAt(j int32) bool {
	i := p.wordBefore(j, wordBreak)
	return j-i > 1 && p.s.left[i]&(maskDivision|maskBare) != 0
}

// wordBefore returns where a word of the class that ends at j begins; j when none does.
func (p *proposer) wordBefore(j int32, class uint8) int32 {
	s := p.s
	for i := max(0, j-4); i < j; i++ {
		for k := s.first[i]; k < s.first[i+1]; k++ {
			if s.matches[k].end != j {
				continue
			}
			for _, x := range p.words[s.matches[k].word].senses {
				if x.sort == sortWord && x.class == class {
					return i
				}
			}
		}
	}
	return j
}

// reachesOver reports whether a span of that kind reaches from a place over
// what is done there, before the character head.
func (p *proposer) reachesOver(i, head int32, k kind) bool {
	for j := i + 1; j < head; j++ {
		m := p.s.left[j]
		if m&(maskBreak|maskWorks) != 0 && (k == organization && p.doneAt(j) || k != organization && p.builtAt(j)) {
			return true
		}
	}
	return false
}

// addHead proposes the span from i to the head, and to the end of the bracket
// behind it: 对接活动(甘肃), 国家文化公园（甘肃段）.
func (p *proposer) addHead(i int32, m *match, x *sense) {
	c := candidate{start: i, end: m.end, kind: x.kind, from: byHead, head: m.word + 1, headStart: m.start}
	if x.kind == organization && p.joins(i, m.start) || x.kind == project && p.s.describes(i, m.start) || x.kind == policy && p.namedInQuotes(i, m.start) || x.kind == facility && p.splits(i, m) {
		return
	}
	s := p.s
	if r := s.runes[m.end]; r != '（' && r != '(' {
		p.add(c)
		return
	}
	if x.kind != event || s.right[m.end+1]&(maskDivision|maskBare) == 0 {
		p.add(c)
	}
	for j := m.end + 1; j < int32(s.n) && j < m.end+10; j++ {
		if r := s.runes[j]; r == '）' || r == ')' {
			c.end = j + 1
			p.add(c)
			return
		} else if !isHan(r) && r != '·' && r != '—' {
			return
		}
	}
}

// clause reports whether the words from i to a head that is also a field are no
// name but a clause: a verb of two characters, or a whole body that does something.
func (p *proposer) clause(i, head int32) bool {
	s := p.s
	if p.divisionFrom(i) == head { // 瓜州县 + 风电: what the county has
		return true
	}
	for k := s.long[i]; k < head; k = s.long[k] {
		if s.token[k] == posVerb && s.long[k]-k > 1 {
			return true
		}
	}
	for k := s.first[i]; k < s.first[i+1]; k++ {
		m := s.matches[k]
		if m.end-m.start < 4 || m.end >= head || m.says&saysName == 0 {
			continue
		}
		for _, x := range p.words[m.word].senses {
			if x.sort == sortName && x.kind == organization {
				return true
			}
		}
	}
	return false
}

// divisionFrom returns the end of the longest full name of a division at i, such
// as no firm carries in its short name: 瓜州县, not 瓜州; i when there is none.
func (p *proposer) divisionFrom(i int32) int32 {
	s, to := p.s, i
	for k := s.first[i]; k < s.first[i+1]; k++ {
		m := &s.matches[k]
		if m.end <= to || m.end-i < 3 || m.says&saysDivision == 0 {
			continue
		}
		for _, x := range p.words[m.word].senses {
			if x.sort == sortDivision && x.class != levelCountry && x.traits&(bare|weak) == 0 {
				to = m.end
			}
		}
	}
	return to
}

// counted are the measures of bodies and built things.
const counted = "家个座条处所支批名位"

// counted reports whether the words from i to a head count things: 39家合作社, 中型25处.
func (s *sentence) counted(i, head int32) bool {
	for k := i; k < head; k = s.long[k] {
		if s.token[k] != posNumber && !s.alnum(k) || s.runes[k] == '第' {
			continue
		}
		next := s.long[k]
		if next == head && s.alnum(k) && s.long[head] == head+1 && strings.ContainsRune("处家座所个条项支台组队", s.runes[head]) {
			return true
		}
		if next < head && s.long[next] == next+1 && strings.ContainsRune(counted, s.runes[next]) || next-k > 1 && s.chars[k].is&charHan != 0 && strings.ContainsRune(counted, s.runes[next-1]) {
			return true
		}
	}
	return false
}

// countedBehind reports whether a number behind j counts what ends there and
// nothing else: 肉牛合作社130家, 养殖场达到42家.
func (s *sentence) countedBehind(j int32) bool {
	if s.token[j] == posVerb && s.long[j]-j <= 3 {
		j = s.long[j]
	}
	k := s.digits(j)
	if k == j && s.token[j] == posNumber && s.runes[j] != '第' {
		k = s.long[j]
	}
	if k == j || k >= int32(s.n) {
		return false
	}
	if r := s.runes[k]; (r == '多' || r == '余') && k+1 < int32(s.n) {
		k++
	}
	return strings.ContainsRune("家个座条处所户", s.runes[k]) && (k+1 == int32(s.n) || isMark(s.runes[k+1]))
}

// namedInQuotes reports whether a span begins with a policy of the tables in
// quotes: in “一带一路”倡议 the policy is what the quotes hold.
func (p *proposer) namedInQuotes(i, head int32) bool {
	if p.s.runes[i] != '“' {
		return false
	}
	for k := p.s.first[i+1]; k < p.s.first[i+2]; k++ {
		m := p.s.matches[k]
		if m.end < head && p.s.runes[m.end] == '”' || m.end == head-1 && p.s.runes[m.end] == '”' {
			for _, x := range p.words[m.word].senses {
				if x.sort == sortName && x.kind == policy {
					return true
				}
			}
		}
	}
	return false
}

// describes reports whether the words from i to the head of a project tell its
// sort or its rank and are no name: 国家重点项目, 110兆瓦光热项目, 金昌一合金箔项目.
func (s *sentence) describes(i, head int32) bool {
	switch s.str(max(i, head-2), head) {
	case "重点", "重大", "合作", "签约", "各类", "招商":
		return true
	}
	if s.runes[i+1] == '产' && (s.runes[i] == '年' || s.runes[i] == '日') && s.alnum(i+2) {
		return true // 年产20万吨啤酒项目
	}
	if k := s.long[i]; s.alnum(i) && k < head && (s.token[k] == posMeasure || s.runes[k] == '兆' || s.runes[k] == '万' || s.runes[k] == '千') {
		return true
	}
	for k := i; k < head; k++ {
		if s.runes[k] == '一' && s.begin[k] == k && s.long[k] == k+1 && s.left[k]&(maskDivision|maskBare) != 0 {
			return true
		}
	}
	return false
}

// splits reports whether two facilities or a water and a facility stand in the
// span from i to a station, tunnel or bridge: 天陇铁路 + 老爷岭隧道, 泾河 + 泾川大桥.
func (p *proposer) splits(i int32, head *match) bool {
	if p.headTrait(head, facility)&part == 0 {
		return false
	}
	s := p.s
	if k := p.placeFrom(i); k > i && k < head.start && s.right[k]&(maskDivision|maskBare) != 0 {
		return true
	}
	for b := i; b < head.start; b++ {
		for k := s.first[b]; k < s.first[b+1]; k++ {
			if m := &s.matches[k]; m.start > i && m.end < head.start && m.says&saysHead != 0 && p.headTrait(m, facility)&line != 0 {
				return true
			}
		}
	}
	return false
}

// placeFrom returns the end of the longest water, mountain or region of the
// tables at i; i when there is none.
func (p *proposer) placeFrom(i int32) int32 {
	s, to := p.s, i
	for k := s.first[i]; k < s.first[i+1]; k++ {
		if m := &s.matches[k]; m.end > to && m.says&saysName != 0 {
			for _, x := range p.words[m.word].senses {
				if x.sort == sortName && x.kind == place {
					to = m.end
				}
			}
		}
	}
	return to
}

// joins reports whether a division stands at i and right behind it, before the
// head, a body of the tables: 兰州 + 兰化一中 are two names.
func (p *proposer) joins(i, head int32) bool {
	s := p.s
	if s.right[i]&(maskDivision|maskBare) == 0 {
		return false
	}
	whole := p.nameEnd(i, head)
	for q := s.first[i]; q < s.first[i+1]; q++ {
		at := s.matches[q].end
		if at < whole || at >= head || s.right[at]&maskOrg == 0 || s.matches[q].says&saysDivision == 0 {
			continue
		}
		for k := s.first[at]; k < s.first[at+1]; k++ {
			if m := &s.matches[k]; m.end <= head && m.end-m.start > 1 && m.says&saysSureName != 0 {
				for _, x := range p.words[m.word].senses {
					if x.sort == sortName && x.kind == organization && x.traits&weak == 0 {
						return true
					}
				}
			}
		}
	}
	return false
}

func (p *proposer) headTrait(m *match, k kind) traits {
	for _, x := range p.words[m.word].senses {
		if x.sort == sortHead && x.kind == k {
			return x.traits
		}
	}
	return 0
}

// bare reports whether a span is a head and nothing more: 管委会, 村党支部.
func (p *proposer) bare(i, j int32, k kind) bool {
	if k == person || k == policy {
		return false
	}
	bare := false
	at := i
	if r := p.s.runes[i]; (r == '村' || r == '厂' || r == '校' || r == '院') && j-i > 2 {
		at++
	}
	for q := p.s.first[at]; q < p.s.first[at+1]; q++ {
		m := p.s.matches[q]
		if m.end != j {
			continue
		}
		for _, x := range p.words[m.word].senses {
			switch x.sort {
			case sortDivision, sortName:
				return false
			case sortHead, sortBody, sortTitle:
				bare = true
			}
		}
	}
	return bare && !(at == i && isLevel(p.s.runes[i]))
}

// isLevel holds for the characters that stand for the division of the paper or the article: 省委, 县医院.
func isLevel(r rune) bool {
	switch r {
	case '省', '市', '县', '区', '州', '乡', '镇', '旗', '国':
		return true
	}
	return false
}

// tailOfWord reports whether character i ends a common word of two characters: 布局, 发展.
func (s *sentence) tailOfWord(i int32) bool {
	return s.begin[i] == i-1 && s.long[i] == i+1 && s.commonWord(i)
}

// endsCommonWord reports whether character i is the last of a longer common
// word, so that it is no head there: 运行, 怎么办.
func (s *sentence) endsCommonWord(i int32) bool {
	return s.begin[i] < i && s.long[i] == i+1 && s.commonWord(i)
}

// commonWord reports whether the token over character i is no name.
func (s *sentence) commonWord(i int32) bool {
	switch s.token[i] {
	case posPlace, posOrg, posPerson, posOther, posNone:
		return false
	}
	return true
}

// opening returns the place of the bracket or quote that i closes; -1 when none is near.
func (s *sentence) opening(i int32) int32 {
	open, close := rune(0), s.runes[i]
	switch close {
	case '”':
		open = '“'
	case '》':
		open = '《'
	case '）':
		open = '（'
	case ')':
		open = '('
	case '’':
		open = '‘'
	case '」':
		open = '「'
	}
	for j := i - 1; j >= 0 && j > i-24; j-- {
		if s.runes[j] == open {
			return j
		}
		if s.runes[j] == close {
			break
		}
	}
	return -1
}

// persons proposes surname and given name wherever a cue stands beside them or
// the words around leave room for a name.
func (p *proposer) persons() {
	s := p.s
	for i := int32(0); i < int32(s.n); i++ {
		n := p.surname(i)
		if n == 0 || !s.cut[i] && s.left[i]&(maskTitle|maskDivision|maskPre|maskHeadOrg) == 0 {
			continue
		}
		p.given(i, i+n)
		if n == 2 && s.chars[i].surname > 0 {
			p.given(i, i+1)
		}
	}
}

// surname returns how many characters at i are a surname.
func (p *proposer) surname(i int32) int32 {
	s := p.s
	c := &s.chars[i]
	switch {
	case c.is&charCompound != 0 && s.chars[i+1].is&charHan != 0 && p.surnames[s.str(i, i+2)] > 0:
		return 2
	case c.surname > 0:
		return 1
	}
	return 0
}

// given proposes names whose surname ends at g.
func (p *proposer) given(i, g int32) {
	s := p.s
	j := g
	for j < int32(s.n) && s.runes[j] == '　' || j < int32(s.n) && s.runes[j] == ' ' {
		j++
	}
	if j > g { // 王　欣: one character behind spaces
		if j-g <= 3 && j < int32(s.n) && s.chars[j].given > 0 {
			p.add(candidate{start: i, end: j + 1, kind: person, from: bySurname})
		}
		return
	}
	for k := int32(1); k <= 2 && g+k <= int32(s.n); k++ {
		if s.chars[g+k-1].is&charHan == 0 {
			return
		}
		if !s.cut[g+k] && s.right[g+k]&(maskSay|maskTitle) == 0 && s.long[g+k] > g+k+1 {
			continue // the name would end inside a long word
		}
		if p.noPerson(i, g+k) {
			continue
		}
		if s.right[i]&s.left[g+k]&(maskStop|maskPlace|maskOrg|maskName) != 0 && p.stopWord(i, g+k) {
			continue
		}
		p.add(candidate{start: i, end: g + k, kind: person, from: bySurname})
	}
}

// noPerson reports whether a span that could be surname and given name is a
// group (康养团) or what a farmer does (种藜麦).
func (p *proposer) noPerson(i, j int32) bool {
	s := p.s
	switch s.runes[j-1] {
	case '团', '队', '组', '厂', '馆', '县':
		return true
	}
	switch s.runes[i] {
	case '种', '养', '采', '管', '栽':
	default:
		return false
	}
	for k := s.first[i+1]; k < s.first[i+2]; k++ {
		if s.matches[k].end != j || j-i < 3 {
			continue
		}
		for _, x := range p.words[s.matches[k].word].senses {
			if x.sort == sortTaxon {
				return true
			}
		}
	}
	return false
}

// stopWord reports whether a span is a word that no name holds or the sure name of something else: 来说, 景电.
func (p *proposer) stopWord(i, j int32) bool {
	for k := p.s.first[i]; k < p.s.first[i+1]; k++ {
		if m := &p.s.matches[k]; m.end == j && m.says&(saysStop|saysSureName|saysTaxon) != 0 {
			for _, x := range p.words[m.word].senses {
				if x.sort == sortWord && x.class == wordStop || x.sort == sortName && x.traits&weak == 0 || x.sort == sortTaxon && x.kind == industry {
					return true
				}
			}
		}
	}
	return false
}

// foreign proposes names with a dot, names of known syllables, and names of a
// form of address: 老安.
func (p *proposer) foreign() {
	s := p.s
	n := int32(s.n)
	for i := int32(1); s.holds&charDot != 0 && i+1 < n; i++ {
		if s.chars[i].is&charDot != 0 && s.chars[i-1].is&s.chars[i+1].is&charHan != 0 {
			i = p.dotted(i)
		}
	}
	for i := int32(0); i < n; i++ {
		if s.chars[i].is&charOld != 0 && s.cut[i] && i+1 < n && s.long[i] <= i+2 && p.surnames[s.str(i+1, i+2)] > 100 {
			p.add(candidate{start: i, end: i + 2, kind: person, from: byForeign | bySurname})
		}
		if s.says[i]&saysSyllable != 0 {
			p.syllables(i)
		}
	}
}

// dotted proposes the names around a chain of dots that begins at i, and
// returns the place of the last dot.
func (p *proposer) dotted(i int32) int32 {
	s := p.s
	n := int32(s.n)
	lastDot := i
	for j := i + 1; j < n && j < lastDot+9; j++ {
		if is := s.chars[j].is; is&charDot != 0 {
			lastDot = j
		} else if is&charHan == 0 && s.runes[j] != '-' {
			break
		}
	}
	for a := i - 1; a >= 0 && a >= i-7 && s.chars[a].is&charHan != 0; a-- {
		if a < i-1 && s.chars[a+1].is&charTranslit == 0 && s.left[a+1]&maskTitle == 0 && i-a > 3 {
			break
		}
		for b := lastDot + 1; b < n && b <= lastDot+7 && s.chars[b].is&charHan != 0; b++ {
			p.add(candidate{start: a, end: b + 1, kind: person, from: byForeign})
			if s.chars[b].is&charTranslit == 0 && b > lastDot+2 {
				break
			}
		}
	}
	return lastDot
}

// syllables proposes the names that are made of known elements from i on, where one begins.
func (p *proposer) syllables(i int32) {
	s := p.s
	end := p.syllable(i)
	for range 4 {
		p.add(candidate{start: i, end: end, kind: person, from: byForeign})
		if i > 0 && p.surname(i-1) == 1 && s.cut[i-1] {
			p.add(candidate{start: i - 1, end: end, kind: person, from: byForeign})
		}
		next := p.syllable(end)
		if next == 0 {
			if s.chars[end].is&charTranslit != 0 {
				p.add(candidate{start: i, end: end + 1, kind: person, from: byForeign})
			}
			return
		}
		end = next
	}
}

// syllable returns the end of the longest element of a name at i, 0 for none.
func (p *proposer) syllable(i int32) int32 {
	s := p.s
	if s.says[i]&saysSyllable == 0 {
		return 0
	}
	end := int32(0)
	for k := s.first[i]; k < s.first[i+1]; k++ {
		if s.matches[k].says&saysSyllable != 0 {
			end = s.matches[k].end
		}
	}
	return end
}

// bracketed proposes titles in 《》 and slogans in “”.
func (p *proposer) bracketed() {
	s := p.s
	n := int32(s.n)
	for i := int32(0); s.holds&charOpening != 0 && i < n; i++ {
		if s.chars[i].is&charOpening == 0 {
			continue
		}
		switch s.runes[i] {
		case '《':
			depth := 0
			for j := i; j < n && j < i+60; j++ {
				if s.runes[j] == '《' || s.runes[j] == '〈' {
					depth++
				}
				if s.runes[j] == '》' || s.runes[j] == '〉' {
					depth--
				}
				if depth == 0 {
					c := candidate{start: i, end: j + 1, kind: policy, from: byTitle}
					c.head, c.headStart = p.headAt(j, policy)
					p.add(c)
					break
				}
			}
		case '“', '‘', '"':
			for j := i + 1; j < n && j < i+20; j++ {
				if r := s.runes[j]; r == '”' || r == '’' || r == '"' {
					if j-i > 2 {
						for _, k := range []kind{policy, event, project, facility, organization} {
							c := candidate{start: i + 1, end: j, kind: k, from: byQuote}
							c.head, c.headStart = p.headAt(j, k)
							p.add(c)
						}
					}
					break
				} else if r == '“' || r == '，' || r == '。' || r == ',' {
					break
				}
			}
		}
	}
}

// headAt returns the longest head of kind k that ends at j, with its start.
func (p *proposer) headAt(j int32, k kind) (head, start int32) {
	s := p.s
	for i := max(0, j-8); i < j; i++ {
		for q := s.first[i]; q < s.first[i+1]; q++ {
			m := &s.matches[q]
			if m.end != j || m.says&saysHead == 0 {
				continue
			}
			for _, x := range p.words[m.word].senses {
				if x.sort == sortHead && x.kind == k {
					return m.word + 1, m.start
				}
			}
		}
	}
	return 0, 0
}
