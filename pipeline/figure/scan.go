package figure

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"longmai/pipeline"
	"longmai/pipeline/numeral"
)

// An item is a numeral with its unit and hedges: a figure to be, or a bare
// number that still has to find its unit.
type item struct {
	core     pipeline.Span
	from, to int // with the hedges before and behind
	num      numeral.Number
	isRange  bool
	value    numeral.Decimal // in code units
	low      numeral.NullDecimal
	high     numeral.NullDecimal
	form     pipeline.Form
	unit     *unit // nil when bare
	code     string
	per      string // of a slash or of 每
	marks    []pipeline.Mark
	rank     *pipeline.RankOf
	kind     pipeline.Kind
	bare     bool // has no unit yet
	inferred bool // the unit stands elsewhere
	doubling bool // 翻番
	one      bool // 一 and a classifier: counts only in a list
	rule     string
	block    int

	// set by attach
	keys        keyMask
	seg         pipeline.Span // the words between the figure before it, or the start of the clause, and this one
	clause      int           // start of the clause
	metric      *pipeline.Phrase
	after       bool // the metric stands behind the number
	category    string
	change      *pipeline.Change
	subject     *pipeline.Phrase
	whose       string // rule that chose the subject
	subjectKind mentionKind
	subjectName nameID
	owner       *pipeline.Phrase // the place that a list before 分别 pairs with this figure
	time        *pipeline.FigureTime
	status      string
	aggregate   string
	quoted      bool
	group       *pipeline.Group
	sentence    pipeline.Span
	sent        int
	cut         int  // where the noun phrase before the number ends at the latest; 0 when nothing says so
	criterion   bool // 50亿元以上的: says which, not how much
	listed      bool // part of a list that 其中， heads
	refused     bool
	settled     bool // a heading or a table has said what it is
}

// A scan is the reading of one document.
type scan struct {
	k       *knowledge
	d       *pipeline.Document
	text    string
	items   []item
	refused []Refusal
	scratch *scratch
	codes   []uint16 // of the characters, one for each byte and a zero at the end
	clauses []uint64 // bit p: a clause begins at byte p

	found        int                   // items before keep
	phrases      []pipeline.Phrase     // room for some
	periods      []pipeline.FigureTime // likewise
	groupCount   int
	lastUnit     unitMemo
	lastSentence int             // that was found
	folks        map[string]bool // persons who are no officers; nil before the first question
	lastRow      int             // the last row of a table whose time was looked for, and what was found
	rowTime      int
	period       int // one more than the time of the period that the article reports, -1 for none, 0 before the first question
	reported     int // one more than the time of the year that a bulletin reports, -1 for no bulletin, 0 before the first question

	namings   []naming  // by nameID; the first is none
	mentions  []mention // of the block that the subjects are chosen for, those of the paragraph before it first
	quotes    []pipeline.Span
	minesHere bool
	judge     func(c *chooser, figure, best int) int // teaches; nil when reading

	measures      []measured // candidates for what one figure measures
	bounds        []bound
	measuredSoFar []string // what the figures before measure
	remembered    uint64   // bits of the last bytes of the last of them, see lastMeasured
	wordsEnd      int      // where the words before the number end that nounBefore looked at last, verbs and hedges left out
	judgeMeasured func(figure, best int) int

	start, end int // of the block
	block_     int
	times      cursor
	entities   cursor
	tokens     cursor
	apparatus  cursor
}

// A cursor finds the span at a place, and is quick where none is. Spans that
// tile the text have the index of every byte; with few spans it moves from the
// last one that was asked for.
type cursor struct {
	spans []pipeline.Span
	at    int
	marks []mark  // of the bytes of the text
	bit   mark    // of those inside a span
	index []int32 // of the span of each byte; nil when there is none
}

// on returns the index of the span that holds byte p, which is not negative; -1
// when none does.
func (c *cursor) on(p int) int {
	if p >= len(c.marks) || c.marks[p]&c.bit == 0 {
		return -1
	}
	return c.find(p)
}

// find is on for a byte inside a span. It is kept apart so that on, which mostly
// finds none, is inlined: a twentieth of the time of this package.
//
//go:noinline
func (c *cursor) find(p int) int {
	if c.index != nil {
		return int(c.index[p])
	}
	for c.at > 0 && c.spans[c.at-1].End > p {
		c.at--
	}
	for c.at < len(c.spans) && c.spans[c.at].End <= p {
		c.at++
	}
	if c.at < len(c.spans) && c.spans[c.at].Start <= p {
		return c.at
	}
	return -1
}

func newScan(k *knowledge, d *pipeline.Document) *scan {
	m := scratches.Get().(*scratch)
	s := &scan{k: k, d: d, text: d.Body(), scratch: m, items: m.items, refused: m.refused}
	s.namings = append(m.namings[:0], naming{})
	s.mentions, s.measures, s.quotes, s.bounds, s.measuredSoFar = m.mentions, m.measures, m.quotes, m.bounds, m.measuredSoFar
	m.times = resized(m.times, len(d.Times))
	for i := range d.Times {
		m.times[i] = d.Times[i].Span
	}
	m.entities = resized(m.entities, len(d.Entities))
	for i := range d.Entities {
		m.entities[i] = d.Entities[i].Span
	}
	m.marks = resized(m.marks, len(s.text))
	clear(m.marks)
	s.times = cursor{spans: m.times, marks: m.marks, bit: inTime}
	s.entities = cursor{spans: m.entities, marks: m.marks, bit: inEntity}
	s.apparatus = cursor{spans: d.Apparatus, marks: m.marks, bit: inApparatus}
	for _, c := range [...]*cursor{&s.times, &s.entities, &s.apparatus} {
		c.mark()
	}
	s.look()
	s.tokenize()
	return s
}

// candidateRunes are the characters at which a figure may begin.
const candidateRunes = "0123456789０１２３４５６７８９〇零一二两三四五六七八九十百千万亿萬億廿卅卌壹贰叁肆伍陆柒捌玖貳參陸拾佰仟几数半首负上￥¥$€£＄"

// block reads the figures of one block.
func (s *scan) block(i int) {
	b := s.d.Blocks[i]
	s.block_, s.start, s.end = i, b.Span.Start, b.Span.End
	for p := s.nextStart(s.start, s.end); p < s.end; p = s.nextStart(p, s.end) {
		p = s.candidate(p, width(s.codes[p]))
	}
}

// candidate reads what begins at p, whose character is w bytes wide, and
// returns where reading goes on.
func (s *scan) candidate(p, w int) int {
	if i := s.apparatus.on(p); i >= 0 {
		return max(s.apparatus.spans[i].End, p+w)
	}
	if i := s.times.on(p); i >= 0 {
		return max(min(s.times.spans[i].End, s.end), p+w)
	}
	if strings.HasPrefix(s.text[p:s.end], "首") {
		return s.first(p, w)
	}
	if s.has(p, "上") && s.before(p, "迈", "登", "跨", "踏", "跃", "站") { // 迈上千亿级台阶
		return p + w
	}
	if next := s.escapes(p); next > 0 {
		return next
	}
	if next, ok := s.code(p); ok {
		return max(next, p+w)
	}
	body := s.text[:s.end]
	at := p
	if m := s.currencySign(p); m > 0 {
		at = p + m
		if at >= s.end {
			return p + w
		}
	} else if q := s.minus(p); q >= 0 {
		at = q
	}
	n, ok := numeral.Scan(body, at)
	if !ok {
		return max(n.End, p+w)
	}
	n, end, ambiguous := s.pointed(&n)
	switch {
	case ambiguous:
		s.refuse(pipeline.Span{Start: n.Start, End: end}, "decimal", "a point with a blank that may end a number or not: no value is better than a wrong one")
		return end
	case s.listMarker(&n):
		s.refuse(pipeline.Span{Start: n.Start, End: n.End}, "list.marker", "the number of a paragraph")
		return n.End
	case s.cut(&n):
		s.refuse(pipeline.Span{Start: n.Start, End: n.End}, "escape", "the scale of a number that an escape sequence cuts")
		return n.End
	}
	it := item{num: n, core: pipeline.Span{Start: n.Start, End: n.End}, form: pipeline.Point, block: s.block_, rule: "bare", bare: true}
	if at != p && n.Start > p {
		it.core.Start = p
	}
	if next, done := s.ordinal(&it); done {
		return max(next, p+w)
	}
	s.measure(&it, p != n.Start && at == p+s.currencySign(p))
	s.hedge(&it)
	rule, reason, next := s.trap(&it)
	if rule != "" {
		at := it.core
		if rule == "code" || rule == "formula" {
			at.End = max(at.End, next)
		}
		s.refuse(at, rule, reason)
		return max(next, it.core.Start+1, p+w)
	}
	s.items = append(s.items, it)
	return max(it.to, p+w)
}

func (s *scan) refuse(at pipeline.Span, rule, reason string) {
	s.refused = append(s.refused, Refusal{Span: at, Rule: rule, Reason: reason})
}

// currencySign returns the width of a currency sign that begins at p, 0 when none does.
func (s *scan) currencySign(p int) int {
	if c := s.text[p]; c != '$' && c != 0xc2 && c != 0xe2 && c != 0xef {
		return 0
	}
	for _, c := range currencySigns {
		if strings.HasPrefix(s.text[p:s.end], c.sign) {
			return len(c.sign)
		}
	}
	return 0
}

var currencySigns = []struct{ sign, code string }{
	{"￥", "CNY"}, {"¥", "CNY"}, {"$", "USD"}, {"＄", "USD"}, {"€", "EUR"}, {"£", "GBP"},
}

// minus returns the place of the sign that belongs to the number at p, -1 when
// there is none: a hyphen behind a word or a digit is no sign.
func (s *scan) minus(p int) int {
	r, w := s.prev(p)
	switch r {
	case '-', '−', '－', '–':
	default:
		return -1
	}
	if r == '–' {
		return -1
	}
	q, _ := s.prev(p - w)
	if q >= '0' && q <= '9' || q >= 'A' && q <= 'z' || q == '-' || q == '℃' || q == '%' || q == ')' || q == '）' || q == '”' {
		return -1
	}
	return p - w
}

// prev returns the character before p within the block, and its width; 0 at the start.
func (s *scan) prev(p int) (rune, int) {
	if p <= s.start {
		return 0, 0
	}
	if c := s.codes[p-1]; c != 0 {
		return s.k.alphabet.runes[c], width(c)
	}
	return decodeBack(s.text[s.start:p])
}

// next returns the character at p within the block; 0 at the end.
func (s *scan) next(p int) (rune, int) {
	if p >= s.end {
		return 0, 0
	}
	if c := s.codes[p]; c != 0 {
		return s.k.alphabet.runes[c], width(c)
	}
	return decode(s.text[:s.end], p)
}

// at returns the character at p, whatever the block, and its width.
func (s *scan) at(p int) (rune, int) {
	if c := s.codes[p]; c != 0 {
		return s.k.alphabet.runes[c], width(c)
	}
	return decode(s.text, p)
}

// has reports whether one of words begins at p within the block. The last bytes
// tell almost all words apart. Inlined, has and before make the code of the
// grammar a third larger, and it no longer stays in the caches of a core.
//
//go:noinline
func (s *scan) has(p int, words ...string) bool {
	if p > s.end {
		return false
	}
	t := s.text[p:s.end]
	for _, w := range words {
		if n := len(w); n <= len(t) && t[n-1] == w[n-1] && t[:n] == w {
			return true
		}
	}
	return false
}

// before reports whether one of words ends at p.
//
//go:noinline
func (s *scan) before(p int, words ...string) bool {
	t := s.text[:p]
	for _, w := range words {
		if n := len(w); n <= p && t[p-1] == w[n-1] && t[p-n:] == w {
			return true
		}
	}
	return false
}

func isLatin(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ'
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' || r >= '０' && r <= '９' }

// code refuses the digits at p when they stand in a code or formula: G30,
// ZK203, CZ-2C, 3+2, 7×24. It returns the end of the code.
func (s *scan) code(p int) (int, bool) {
	if s.escapeBefore(p) < p {
		return 0, false
	}
	r, _ := s.next(p)
	prev, w := s.prev(p)
	joined := isLatin(prev)
	if prev == '-' || prev == '_' || prev == '/' || prev == '.' || prev == '#' || prev == '@' {
		before, _ := s.prev(p - w)
		joined = isLatin(before) || prev == '#' || prev == '@' || prev == '_'
	}
	if joined && isDigit(r) {
		if cur := s.text[max(s.start, p-3):p]; strings.HasSuffix(cur, "RMB") || strings.HasSuffix(cur, "USD") || strings.HasSuffix(cur, "US$") {
			return 0, false
		}
		return s.refuseRun(p, "code", "part of a code")
	}
	if prev == '+' || prev == '＋' || prev == '×' || prev == '±' || prev == 'Ⅹ' || prev == '@' {
		return s.refuseRun(p, "formula", "part of a formula or of the name of a line")
	}
	return 0, false
}

// refuseRun refuses the run of code characters around p.
func (s *scan) refuseRun(p int, rule, reason string) (int, bool) {
	end := p
	for end < s.end {
		r, w := s.next(end)
		if !isLatin(r) && !isDigit(r) && !codeRunes.has(r) {
			break
		}
		end += w
	}
	start := p
	for start > s.start {
		r, w := s.prev(start)
		if !isLatin(r) && !isDigit(r) && !codeJoints.has(r) {
			break
		}
		start -= w
	}
	s.refuse(pipeline.Span{Start: start, End: max(end, p)}, rule, reason)
	return end, true
}

// sentenceAt returns the sentence that holds p, and its index. It is asked for
// place after place: the sentence of the question before, or the next one, holds
// almost all of them.
func (s *scan) sentenceAt(p int) (pipeline.Span, int) {
	for i := s.lastSentence; i < min(s.lastSentence+2, len(s.d.Sentences)); i++ {
		if x := s.d.Sentences[i]; x.Start <= p && p < x.End {
			s.lastSentence = i
			return x, i
		}
	}
	x, i := s.d.SentenceAt(p)
	s.lastSentence = max(i, 0)
	return x, i
}

// figures turns the items that are left into figures.
func (s *scan) figures() []pipeline.Figure {
	n := 0
	for i := range s.items {
		if !s.items[i].refused {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	out := make([]pipeline.Figure, n)
	n = 0
	for i := range s.items {
		if it := &s.items[i]; !it.refused {
			s.figure(it, &out[n])
			n++
		}
	}
	byStart := func(a, b pipeline.Figure) int { return a.Start - b.Start }
	if !slices.IsSortedFunc(out, byStart) {
		slices.SortStableFunc(out, byStart)
	}
	return out
}

// figure fills in the figure that it makes.
func (s *scan) figure(it *item, f *pipeline.Figure) {
	*f = pipeline.Figure{
		Span: it.core, Kind: it.kind, Category: it.category, Form: it.form,
		Unit: it.code, UnitInferred: it.inferred, Per: it.per, Marks: it.marks, Change: it.change, Rank: it.rank,
		Metric: it.metric, Subject: it.subject, Time: it.time, Status: it.status, Quoted: it.quoted,
		Aggregate: it.aggregate, Group: it.group, Sentence: it.sentence, Rule: it.rule, SubjectRule: it.whose,
	}
	u := it.unit
	if it.kind == pipeline.Rank {
		u = nil
	}
	if u != nil {
		f.Dimension, f.BaseUnit = u.dim, u.base
	}
	value := numeral.Some(it.value)
	switch it.form {
	case pipeline.Plus, pipeline.Vague, pipeline.Range:
	default:
		f.Value, f.BaseValue = exported(value, u)
	}
	if f.Low, f.BaseLow = f.Value, f.BaseValue; it.low != value || !f.Value.Valid {
		f.Low, f.BaseLow = exported(it.low, u)
	}
	if f.High, f.BaseHigh = f.Value, f.BaseValue; it.high != value || !f.Value.Valid {
		f.High, f.BaseHigh = exported(it.high, u)
	}
}

// exported returns v for the world outside, and what it is in the base of u, which may be nil.
func exported(v numeral.NullDecimal, u *unit) (own, base decimal.NullDecimal) {
	if !v.Valid {
		return
	}
	own = pipeline.NullDecimal(v.Decimal.Decimal())
	switch {
	case u == nil:
	case u.factor == one:
		base = own
	case u.factor.Exponent() >= -18:
		base = pipeline.NullDecimal(v.Decimal.Mul(u.factor).Decimal())
	default:
		base = pipeline.NullDecimal(InBase(own.Decimal, u.factor.Decimal()))
	}
	return own, base
}
