package corpus

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// The byline reader takes a line such as
//
//	新甘肃·甘肃日报首席记者 祁成章 记者 尤丽泽 通讯员 王　欣
//	新甘肃·甘肃日报记者 李闻会 整理
//	□ 文/图 本报记者 才让扎西
//	厦门海川电子股份有限公司董事长 李强
//
// apart into words of four sorts: parts (记者, 整理), houses (新甘肃·甘肃日报),
// names, and marks between them. A line with any other word is no byline.

// maxByline is the length in bytes from which a line is no byline.
const maxByline = 400

// A part is a role of roles.tsv.
type part struct {
	role   string
	kind   CreditKind
	before bool // stands before names
	after  bool // stands behind names
	nobody bool // signs alone, names no person
}

type partWord struct {
	word string
	part *part
}

type bylineTables struct {
	parts     map[string]*part
	partsBy   map[rune][]partWord // parts by their first character, the longest first
	partsEnd  map[rune][]partWord // parts by their last
	opens     runeSet             // first characters of parts
	leads     runeSet             // first characters of parts that may stand inside a word
	ends      runeSet             // last characters of parts
	telling   runeSet             // characters of which a byline has one: of parts, ends of houses, marks
	houses    map[string]bool
	housesBy  map[rune][]string // by their first character
	opening   runeSet           // first characters of houses
	own       map[string]bool
	surnames  map[string]bool
	elements  []string // of the names of minorities
	posts     map[string]bool
	modifiers map[string]bool
}

var bylineWords = sync.OnceValue(loadBylineTables)

func loadBylineTables() *bylineTables {
	t := &bylineTables{parts: map[string]*part{}, partsBy: map[rune][]partWord{}, partsEnd: map[rune][]partWord{}, houses: map[string]bool{}, housesBy: map[rune][]string{}, own: map[string]bool{},
		surnames: map[string]bool{}, posts: map[string]bool{}, modifiers: map[string]bool{}}
	for _, r := range mustTable("roles.tsv", 4, 3, "before", "after", "both", "nobody") {
		c := r.cells
		p := partWord{c[0], &part{role: c[1], kind: CreditKind(c[2]), before: c[3] == "before" || c[3] == "both",
			after: c[3] == "after" || c[3] == "both", nobody: c[3] == "nobody"}}
		t.parts[p.word] = p.part
		t.opens.add(firstRune(p.word))
		last, _ := utf8.DecodeLastRuneInString(c[0])
		t.partsBy[firstRune(c[0])] = append(t.partsBy[firstRune(c[0])], p)
		t.partsEnd[last] = append(t.partsEnd[last], p)
		t.ends.add(last)
		if len(c[0]) >= 6 {
			t.leads.add(firstRune(c[0]))
		}
		t.telling.add(firstRune(c[0]))
	}
	for _, m := range []map[rune][]partWord{t.partsBy, t.partsEnd} {
		for _, list := range m {
			slices.SortFunc(list, func(a, b partWord) int { return len(b.word) - len(a.word) })
		}
	}
	for _, r := range "报社网台端心站刊□■◇◆○●△▲▽▼☆★※◎新闻" {
		t.telling.add(r)
	}
	for _, r := range mustTable("media.tsv", 2, 1, "own", "other") {
		t.houses[r.cells[0]] = true
		t.housesBy[firstRune(r.cells[0])] = append(t.housesBy[firstRune(r.cells[0])], r.cells[0])
		t.opening.add(firstRune(r.cells[0]))
		t.own[r.cells[0]] = r.cells[1] == "own"
	}
	for _, r := range mustTable("surnames.tsv", 1, 0) {
		t.surnames[r.cells[0]] = true
	}
	for _, r := range mustTable("minorities.tsv", 1, 0) {
		t.elements = append(t.elements, r.cells[0])
	}
	for _, r := range mustTable("posts.tsv", 2, 1, "post", "modifier") {
		if r.cells[1] == "post" {
			t.posts[r.cells[0]] = true
		} else {
			t.modifiers[r.cells[0]] = true
		}
	}
	return t
}

// A byline is what a line of credits says.
type byline struct {
	credits  []Credit // spans in the line
	guest    bool     // an author from outside, with his post: he is news too
	explicit bool     // a part or a house stands in it, so that it is a byline wherever it stands
}

// photo reports whether all of b's credits are of photographers.
func (b byline) photo() bool {
	return len(b.credits) > 0 && !slices.ContainsFunc(b.credits, func(c Credit) bool { return c.Kind != Photographer })
}

// A word of a byline.
type bylineWord struct {
	Span
	text  string
	part  *part
	chars int  // of text
	house bool // a paper or agency
	name  bool
	tied  bool // a slash or colon follows: a part of it belongs to what comes next
	colon bool // the mark that follows is a colon
	comma bool // a mark stands between it and the word before
}

// parseByline reads s as a line of credits; they go into room, empty memory that
// may be nil.
func parseByline(room []Credit, s string) (byline, bool) {
	if len(s) > maxByline || endsProse(s) {
		return byline{}, false
	}
	t := bylineWords()
	if !t.mayByline(s) {
		return byline{}, false
	}
	var some [10]bylineWord
	words, marked, ok := t.words(some[:0], s)
	if !ok || len(words) == 0 {
		return byline{}, false
	}
	b := byline{explicit: marked}
	persons := 0
	led := false // a part stands before
	for i := range words {
		w := &words[i]
		if w.name && w.colon { // 来源：甘肃日报
			return byline{}, false
		}
		led = led || w.part != nil && w.part.before
		if w.name && !led && w.chars > 4 && !strings.Contains(w.text, "·") && len(nameOf(w.text)) > 4*3 {
			return byline{}, false
		}
		if w.part != nil || w.house {
			b.explicit = true
		}
		if w.name {
			persons++
		}
		if w.part != nil && w.part.nobody {
			persons++
		}
	}
	if persons == 0 || !led && marked && !t.allSurnames(words) {
		return byline{}, false
	}
	b.credits, ok = assign(room, words, t)
	return b, ok
}

// allSurnames reports whether all words that are names begin as names do, when
// nothing but a mark makes a byline of them.
func (t *bylineTables) allSurnames(words []bylineWord) bool {
	for _, w := range words {
		if w.part != nil || w.house {
			return true
		}
		who := nameOf(w.text)
		if n := utf8.RuneCountInString(who); n < 2 || n > 4 && !strings.Contains(who, "·") || !t.surname(who) || columnKind(who) != "" {
			return false
		}
	}
	return true
}

// mayByline reports whether s has a character that tells of a byline, and none that no byline has.
func (t *bylineTables) mayByline(s string) bool {
	return t.telling.in(s) && !barred.in(s)
}

// Characters of bylines.
var (
	houseEnds   = newRuneSet("报台端心站网社")
	barred      = newRuneSet("。“”《》！？；")
	leadMarks   = newRuneSet("□■◇◆○●△▲▽▼☆★※◎")
	leadOpeners = newRuneSet("（([【〔─— 　\t①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
	tieMarks    = newRuneSet("/／：:")
	wordMarks   = newRuneSet("、，,/／：:；;|｜①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
	spaces      = new(runeSet).with(isSpace)
	wordBreaks  = wordMarks.with(isSpace)
	tailMarks   = newRuneSet("）)]】〕 　。")
)

// words cuts s into words; it reports whether a mark such as □ opens it.
func (t *bylineTables) words(words []bylineWord, s string) ([]bylineWord, bool, bool) {
	marked := false
	i := 0
	for i < len(s) { // what opens the line
		r, w := utf8.DecodeRuneInString(s[i:])
		if leadMarks.has(r) {
			marked = true
		} else if !isSpace(r) && !leadOpeners.has(r) {
			break
		}
		i += w
	}
	end := len(s)
	for end > i {
		r, w := utf8.DecodeLastRuneInString(s[:end])
		if !tailMarks.has(r) {
			break
		}
		end -= w
	}
	comma := false
	for i < end {
		start := i
		i = wordBreaks.index(s[:end], i)
		if i > start {
			var ok bool
			if words, ok = t.word(words, s, start, i); !ok {
				return nil, false, false
			}
			words[len(words)-1].comma = comma
			comma = false
		}
		for i < end {
			r, w := utf8.DecodeRuneInString(s[i:])
			if !isSpace(r) && !wordMarks.has(r) {
				break
			}
			if tieMarks.has(r) && len(words) > 0 {
				words[len(words)-1].tied = true
				words[len(words)-1].colon = r == '：' || r == ':'
			}
			comma = comma || !isSpace(r)
			i += w
		}
	}
	return t.pair(words, s), marked, true
}

// partOf returns the part that s is.
func (t *bylineTables) partOf(s string) (*part, bool) {
	if !t.opens.has(firstRune(s)) {
		return nil, false
	}
	p, ok := t.parts[s]
	return p, ok
}

// isCircled holds for ① to ⑳, which tie credits to photographs.
func isCircled(r rune) bool { return '①' <= r && r <= '⑳' }

// word adds the words that s[start:end] consists of: 新甘肃·甘肃日报记者, 记者霍录, 王七步摄.
func (t *bylineTables) word(words []bylineWord, s string, start, end int) ([]bylineWord, bool) {
	text := s[start:end]
	add := func(w bylineWord, from, to int) {
		w.Start, w.End, w.text, w.chars = start+from, start+to, text[from:to], chars(text[from:to])
		words = append(words, w)
	}
	tied := end < len(s) && tieMarks.has(firstRune(s[end:]))
	if p, ok := t.partOf(text); ok && (tied || utf8.RuneCountInString(text) > 1 || !halfName(words) && !opensName(words, s[end:])) {
		add(bylineWord{part: p}, 0, len(text))
		return words, true
	}
	if t.house(text) {
		add(bylineWord{house: true}, 0, len(text))
		return words, true
	}
	// a part inside, behind a house or at the start: the names follow
	lead := t.leads.index(text, 0)
	for i := lead; i < len(text) && i <= 63; {
		r, w := utf8.DecodeRuneInString(text[i:])
		for _, pw := range t.partsBy[r] {
			p, word := pw.part, pw.word
			j := i + len(word)
			if !p.before || len(word) < 6 || !strings.HasPrefix(text[i:], word) || i > 0 && !t.house(text[:i]) && !t.outside(text[:i]) {
				continue
			}
			if j < len(text) && !t.glued(text[j:], i > 0 || len(words) > 0) {
				continue
			}
			if i > 0 {
				add(bylineWord{house: true}, 0, i)
			}
			add(bylineWord{part: p}, i, j)
			if j < len(text) {
				return t.word(words, s, start+j, end)
			}
			return words, true
		}
		i = t.leads.index(text, i+w)
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	var tails []partWord
	if t.ends.has(last) {
		tails = t.partsEnd[last]
	}
	for _, pw := range tails { // 王七步摄
		p, j := pw.part, len(pw.word)
		at := len(text) - j
		ok := strings.HasSuffix(text, pw.word)
		half := at > 0 && len(words) > 0 && words[len(words)-1].single() && utf8.RuneCountInString(text[:at]) == 1 // 李　子辑
		if at <= 0 || !ok || !p.after || !isName(text[:at]) && !half || j == 3 && text[at:] != "摄" && !half || j > 3 && utf8.RuneCountInString(text[:at]) > 4 {
			continue
		}
		add(bylineWord{name: true}, 0, at)
		add(bylineWord{part: p}, at, len(text))
		return words, true
	}
	if !isName(text) && chars(text) != 1 || lead < len(text) && (strings.Contains(text, "记者") || strings.Contains(text, "通讯员")) {
		return nil, false
	}
	add(bylineWord{name: true}, 0, len(text))
	return words, true
}

// halfName reports whether the words end with the first half of a name printed
// with a gap, so that 文 or 图 behind it is the second: 张　文, but not 田　禾　图.
func halfName(words []bylineWord) bool {
	n := 0
	for n < len(words) && words[len(words)-1-n].single() {
		n++
	}
	return n%2 == 1
}

// opensName reports whether a part of one character is the first half of a
// name instead: 记者 文　捷. The part before it stands alone, and a single character follows.
func opensName(words []bylineWord, rest string) bool {
	if n := len(words); n == 0 || words[n-1].part == nil || words[n-1].tied || words[n-1].part.after {
		return false
	}
	at := skipSpaces(rest, 0)
	r, w := utf8.DecodeRuneInString(rest[at:])
	return at > 0 && isHan(r) && (at+w == len(rest) || isSpace(firstRune(rest[at+w:])))
}

// single reports whether w is one character of a name that is printed with a gap.
func (w *bylineWord) single() bool { return w.name && w.chars == 1 }

// glued reports whether a name may follow its part without a space.
func (t *bylineTables) glued(name string, house bool) bool {
	n := utf8.RuneCountInString(name)
	if n == 1 {
		r, _ := utf8.DecodeRuneInString(name)
		return isHan(r)
	}
	for _, post := range []string{"摄影报道", "摄影", "摄"} {
		if cut, ok := strings.CutSuffix(name, post); ok && isName(cut) {
			name, n = cut, utf8.RuneCountInString(cut)
			break
		}
	}
	return isName(name) && (t.surname(name) || n <= 4 && house || strings.Contains(name, "·"))
}

// pair joins the two halves of names printed with a gap, 王　欣, and refuses a half that is left over.
func (t *bylineTables) pair(words []bylineWord, s string) []bylineWord {
	half := false
	for i := range words {
		half = half || words[i].single()
	}
	if !half {
		return words
	}
	out := words[:0]
	for i := 0; i < len(words); {
		w, n := words[i], 1
		if w.single() {
			for i+n < len(words) && words[i+n].single() && !words[i+n].comma {
				n++
			}
			if n != 3 { // 习　一　平
				n = min(n, 2)
			}
			if n == 1 && i+1 < len(words) && words[i+1].name && !words[i+1].comma && words[i+1].chars == 2 {
				n = 2 // 滕　继国
			}
			last := words[i+n-1]
			w.End, w.tied, w.colon = last.End, last.tied, last.colon
			w.text = s[w.Start:w.End]
			w.chars = chars(w.text)
		}
		out = append(out, w)
		i += n
	}
	return out
}

// house reports whether s is a paper, agency or station.
func (t *bylineTables) house(s string) bool {
	if t.opening.has(firstRune(s)) && t.houses[s] {
		return true
	}
	if len(s) < 9 || len(s) > 16*3 || !houseEnds.has(firstRune(lastChar(s))) || agencyStops.in(s) {
		return false
	}
	for _, tail := range []string{"日报", "晚报", "商报", "时报", "晨报", "都市报", "电视台", "广播电台", "总台", "客户端", "融媒体中心", "记者站", "新闻网", "日报社", "通讯社", "青年报"} {
		if strings.HasSuffix(s, tail) {
			return true
		}
	}
	return false
}

// outside reports whether s may be the organization of a correspondent.
func (t *bylineTables) outside(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 4 && n <= 20 && orgEnd(s) && !strings.ContainsAny(s, "，。、；！？“”")
}

// orgEnd reports whether s ends as names of organizations do.
func orgEnd(s string) bool {
	for _, tail := range []string{"大学", "学院", "公司", "集团", "银行", "研究院", "研究所", "研究中心", "中心", "协会", "学会", "联合会", "委员会", "党校", "医院", "中学", "小学", "学校", "厅", "局", "委", "办", "部", "法院", "检察院", "政府", "支队", "总队", "大队", "社科院", "科学院", "工程院", "联盟", "商会", "博物馆", "图书馆", "馆", "研究室", "党委", "总工会", "基地", "厂", "站"} {
		if strings.HasSuffix(s, tail) {
			return true
		}
	}
	return false
}

// surname reports whether s begins with a surname.
func (t *bylineTables) surname(s string) bool {
	_, w := utf8.DecodeRuneInString(s)
	if t.surnames[s[:w]] {
		return true
	}
	_, w2 := utf8.DecodeRuneInString(s[w:])
	return t.surnames[s[:w+w2]] || t.minority(s)
}

// minority reports whether s begins or ends as names of minorities do: 桑吉卓玛.
func (t *bylineTables) minority(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 3 && n <= 8 && slices.ContainsFunc(t.elements, func(e string) bool {
		return strings.HasPrefix(s, e) || strings.HasSuffix(s, e)
	})
}

// isName reports whether s has the shape of a personal name: two to four
// characters, up to seven of one (桑吉东智), with middle dots up to 24, or Latin letters.
func isName(s string) bool {
	han, latin, dots := 0, 0, 0
	for _, r := range s {
		switch {
		case isHan(r) || r == '〓' || r == '○':
			han++
		case r == '·' || r == '•' || r == '‧' || r == '・' || r == '.':
			dots++
		case unicode.IsLetter(r):
			latin++
		default:
			return false
		}
	}
	switch {
	case dots > 0:
		return han+latin >= 3 && han+latin <= 24
	case latin > 0:
		return han == 0 && latin >= 2
	}
	return han >= 2 && han <= 7
}

// assign gives every name of words its part, and appends them to out, which is empty.
func assign(out []Credit, words []bylineWord, t *bylineTables) ([]Credit, bool) {
	names := 0
	for i := range words {
		if words[i].name {
			names++
		}
	}
	out = slices.Grow(out, names)
	first := 0 // first credit that a part behind it may still name
	var cur *part
	house, org := "", ""
	led := false // the names that wait were led by a part that may stand on either side: 口述 甲 记录 乙
	for i := range words {
		w := &words[i]
		switch {
		case w.house:
			house = w.text
		case w.name:
			c := Credit{Name: nameOf(w.text), Span: w.Span, Role: "作者", Kind: Author}
			if cur != nil {
				c.Role, c.Kind = cur.role, cur.kind
			}
			if org != "" && !t.own[org] {
				c.Organization = org
			} else if house != "" && cur == nil && !t.own[house] {
				c.Organization = house
			}
			out = append(out, c)
		case w.part.nobody:
			cur, first = nil, len(out)
		case w.part.after && first < len(out) && !(w.part.before && (led || leads(words, i))):
			for k := first; k < len(out); k++ {
				if w.part.role != "作者" && !(w.part.role == "记者") {
					out[k].Role, out[k].Kind = w.part.role, w.part.kind
				}
			}
			first, cur, led = len(out), nil, false
		case w.part.before || w.part.after:
			// 图/本报记者 X, 记录 本报记者 X: what was done counts, not the post
			j := i - 1
			if j > 0 && words[j].house {
				j--
			}
			if j >= 0 && words[j].part != nil && words[j].part == cur && !(j > 0 && words[j-1].part != nil) && cur.after && cur.kind != Author && !w.part.after {
				house = ""
				break
			}
			cur, first, led = w.part, len(out), w.part.after
			org, house = house, ""
		}
	}
	return bothParts(out, words), len(out) > 0 || slices.ContainsFunc(words, func(w bylineWord) bool { return w.part != nil && w.part.nobody })
}

// leads reports whether the part at i, which may stand on either side, belongs
// to the names behind it: 记者 甲 摄影 乙, but not 甲 整理 乙 摄影.
func leads(words []bylineWord, i int) bool {
	if words[i].tied {
		return true
	}
	j := i + 1
	for j < len(words) && words[j].name {
		j++
	}
	if j == i+1 {
		return false
	}
	return j == len(words) || words[j].house || words[j].part != nil && !words[j].part.after
}

// bothParts adds the photographer's credit to those who did 文/图.
func bothParts(out []Credit, words []bylineWord) []Credit {
	both := false
	for i := range words {
		w := &words[i]
		if w.part == nil {
			continue
		}
		if i+1 < len(words) && words[i+1].part != nil && w.part.kind != words[i+1].part.kind &&
			(w.text == "文" || w.text == "图" || w.text == "文字") && (words[i+1].text == "图" || words[i+1].text == "文" || words[i+1].text == "摄影") {
			both = true
		}
		both = both || w.text == "文图" || w.text == "图文"
	}
	if !both {
		return out
	}
	var all []Credit
	for _, c := range out {
		if c.Kind == Photographer {
			c.Role, c.Kind = "作者", Author
		}
		p := c
		p.Role, p.Kind = "摄影", Photographer
		all = append(all, c, p)
	}
	return all
}

// nameOf closes the gap in 王　欣.
func nameOf(s string) string { return bare(s) }
