package entity

import (
	"math/bits"
)

// A template is a question that the model asks of a candidate. Its answer is a
// number; template, kind and answer together have a weight.
type template uint8

const (
	tBias template = iota
	tFrom
	tLength
	tLeftPOS
	tRightPOS
	tLeftChar
	tRightChar
	tLeftCue
	tRightCue
	tStartCue
	tStartPOS
	tEndPOS
	tCuts
	tInner
	tTokens
	tHead
	tHeadLead
	tHeadPrev
	tHeadCue
	tTable
	tCovered
	tFirstChar
	tLastChar
	tSurname
	tSurnameCount
	tGiven1
	tGiven2
	tPersonCue
	tPersonShape
	tPersonEnd
	tVote
	tProper
	tHeadProper
	tGeneric
	tInnerHead
	tTail
	tVoteFrom
	tRival
	tNested
	tTableLeft
	tTableRight
	tTableLength
	tBody
	tKnown
	tLeftWord
	tRightWord
	templates
)

// valueForm says how the answers of a template are written in weights.tsv.
type valueForm byte

const (
	asNumber valueForm = 'n'
	asChar   valueForm = 'c'
	asWord   valueForm = 'w'
)

var templateTable = [templates]struct {
	name string
	form valueForm
}{
	tBias:         {"bias", asNumber},
	tFrom:         {"from", asNumber},
	tLength:       {"length", asNumber},
	tLeftPOS:      {"left-pos", asNumber},
	tRightPOS:     {"right-pos", asNumber},
	tLeftChar:     {"left-char", asChar},
	tRightChar:    {"right-char", asChar},
	tLeftCue:      {"left-cue", asNumber},
	tRightCue:     {"right-cue", asNumber},
	tStartCue:     {"start-cue", asNumber},
	tStartPOS:     {"start-pos", asNumber},
	tEndPOS:       {"end-pos", asNumber},
	tCuts:         {"cuts", asNumber},
	tInner:        {"inner", asNumber},
	tTokens:       {"tokens", asNumber},
	tHead:         {"head", asWord},
	tHeadLead:     {"head-lead", asNumber},
	tHeadPrev:     {"head-prev", asNumber},
	tHeadCue:      {"head-cue", asNumber},
	tTable:        {"table", asNumber},
	tCovered:      {"covered", asNumber},
	tFirstChar:    {"first-char", asChar},
	tLastChar:     {"last-char", asChar},
	tSurname:      {"surname", asChar},
	tSurnameCount: {"surname-count", asNumber},
	tGiven1:       {"given-1", asNumber},
	tGiven2:       {"given-2", asNumber},
	tPersonCue:    {"person-cue", asNumber},
	tPersonShape:  {"person-shape", asNumber},
	tPersonEnd:    {"person-end", asNumber},
	tVote:         {"vote", asNumber},
	tProper:       {"proper", asNumber},
	tHeadProper:   {"head-proper", asNumber},
	tGeneric:      {"generic", asNumber},
	tInnerHead:    {"inner-head", asNumber},
	tTail:         {"tail", asNumber},
	tVoteFrom:     {"vote-from", asNumber},
	tRival:        {"rival", asNumber},
	tNested:       {"nested", asNumber},
	tTableLeft:    {"table-left", asNumber},
	tTableRight:   {"table-right", asNumber},
	tTableLength:  {"table-length", asNumber},
	tBody:         {"body", asNumber},
	tKnown:        {"known", asNumber},
	tLeftWord:     {"left-word", asWord},
	tRightWord:    {"right-word", asWord},
}

// A feature is a template, a kind and an answer in one number.
func feature(t template, k kind, value uint32) uint64 {
	return uint64(t)<<40 | uint64(k)<<36 | uint64(value)
}

// Cues: what stands at a place, as one small number.
const (
	cueNone = iota
	cueBegin
	cueMark
	cueQuote
	cueJob
	cueRank
	cuePost
	cueParty
	cueGov
	cueSay
	cuePre
	cueStop
	cueDivision
	cueBare
	cuePlace
	cueOrg
	cueName
	cueHeadOrg
	cueHeadPlace
	cueHeadOther
	cueDigit
	cueAnd
	cueHeadSoft
	cues
)

func cueOf(m mask) uint32 {
	switch {
	case m == 0:
		return cueNone
	case m&maskGov != 0:
		return cueGov
	case m&maskParty != 0:
		return cueParty
	case m&maskPost != 0:
		return cuePost
	case m&maskRank != 0:
		return cueRank
	case m&maskJob != 0:
		return cueJob
	case m&maskOrg != 0:
		return cueOrg
	case m&maskDivision != 0:
		return cueDivision
	case m&maskPlace != 0:
		return cuePlace
	case m&maskSay != 0:
		return cueSay
	case m&maskStop != 0:
		return cueStop
	case m&maskPre != 0:
		return cuePre
	case m&maskBare != 0:
		return cueBare
	case m&maskName != 0:
		return cueName
	case m&maskHeadOrg != 0:
		return cueHeadOrg
	case m&maskHeadPlace != 0:
		return cueHeadPlace
	case m&maskHeadOther != 0:
		return cueHeadOther
	case m&maskHeadSoft != 0:
		return cueHeadSoft
	}
	return cueNone
}

func markCue(r rune) uint32 {
	switch {
	case r == 0:
		return cueBegin
	case isQuote(r) || r == '《' || r == '》':
		return cueQuote
	case r == '、' || r == '和' || r == '与' || r == '及':
		return cueAnd
	case isMark(r) || r == '（' || r == '）' || r == '(' || r == ')' || r == '—':
		return cueMark
	case isAlnum(r):
		return cueDigit
	}
	return cueNone
}

func (s *sentence) leftRune(i int32) rune {
	if i <= 0 || s.runes[i-1] < 0x20 {
		return 0
	}
	return s.runes[i-1]
}

func (s *sentence) leftCue(i int32) uint32 {
	mark := uint32(cueBegin)
	if s.leftRune(i) != 0 {
		mark = uint32(s.chars[i-1].mark)
	}
	return either(mark, s.left[i])
}

func (s *sentence) rightCue(i int32) uint32 {
	return either(uint32(s.chars[i].mark), s.right[i])
}

// either returns the cue of a mark, else that of the words, else that of a digit.
func either(mark uint32, words mask) uint32 {
	if mark != cueNone && mark != cueDigit {
		return mark
	}
	if c := cueOf(words); c != cueNone {
		return c
	}
	return mark
}

func bucket(n int) uint32 { return uint32(bits.Len(uint(n))) }

func limit(n, most int32) uint32 { return uint32(min(n, most)) }

// features appends to out the features of c.
func (p *proposer) features(c *candidate, out []uint64) []uint64 {
	out = p.ownFeatures(c, out)
	if c.known > 0 {
		out = append(out, knownFeature(c))
	}
	return out
}

// knownFeature says how sure the rest of the article is of c.
func knownFeature(c *candidate) uint64 { return feature(tKnown, c.kind, uint32(c.known)) }

// ownFeatures appends to out what its sentence says of c.
func (p *proposer) ownFeatures(c *candidate, out []uint64) []uint64 {
	s, k := p.s, c.kind
	put := func(t template, v uint32) { out = append(out, feature(t, k, v)) }
	i, j := c.start, c.end
	left, right := s.leftCue(i), s.rightCue(j)
	put(tBias, 0)
	put(tFrom, uint32(c.from&^(byVote|byArticle|byNumber)))
	put(tLength, limit(j-i, 20))
	put(tLeftPOS, s.posLeft(i)*32+left)
	put(tRightPOS, uint32(s.token[j])*32+right)
	put(tLeftChar, uint32(s.leftRune(i)))
	put(tRightChar, uint32(s.runes[j]))
	put(tLeftCue, left)
	put(tRightCue, right)
	put(tCuts, p.cuts(i, j))
	put(tLeftWord, p.wordEnding(i))
	put(tRightWord, p.wordStarting(j))
	put(tCovered, p.covered(c))
	if c.table != 0 {
		v := p.tableValue(c)
		put(tTable, v)
		put(tTableLength, limit(j-i, 10)*2+v>>9&1)
		put(tTableLeft, (v>>6&15)*32+left)
		put(tTableRight, (v>>6&15)*32+right)
	}
	if k == person {
		out = p.personFeatures(c, left, right, out)
	} else {
		put(tStartCue, cueOf(s.right[i]&^maskTitle&^maskSay)*8+min(7, s.tokensBetween(i, j)))
		put(tStartPOS, uint32(s.token[i]))
		put(tEndPOS, uint32(s.token[j-1]))
		put(tInner, s.inner(i, j))
		proper, common := p.proper(c)
		put(tProper, proper*8+common)
		put(tGeneric, p.generic(c, proper))
		put(tTail, s.tail(c))
		if c.head != 0 {
			put(tHeadProper, p.headTraits(c)*4096+proper*8+common)
		}
		put(tTokens, s.tokensBetween(i, j))
		put(tFirstChar, uint32(s.runes[i]))
		put(tLastChar, uint32(s.runes[j-1]))
	}
	if c.head != 0 {
		put(tHead, uint32(c.head))
		put(tInnerHead, p.innerHeads(c))
		if k == organization {
			put(tBody, p.bodyShape(c))
		}
		put(tHeadLead, limit(c.headStart-i, 12))
		put(tHeadPrev, s.posLeft(c.headStart)*32+min(31, s.tokensBetween(i, c.headStart)))
		put(tHeadCue, cueOf(s.right[i]&^maskTitle&^maskSay)*32+left)
	}
	put(tNested, p.nested(c))
	if p.voting {
		put(tRival, uint32(voteBucket(p.rival(c)))*16+uint32(voteBucket(c.vote)))
		put(tVote, uint32(voteBucket(c.vote)))
		put(tVoteFrom, uint32(voteBucket(c.vote)/3)*256+uint32(c.from&^(byVote|byArticle|byNumber)))
	}
	return out
}

func (p *proposer) personFeatures(c *candidate, left, right uint32, out []uint64) []uint64 {
	s := p.s
	put := func(t template, v uint32) { out = append(out, feature(t, person, v)) }
	i, j := c.start, c.end
	shape := limit(j-i, 8)
	put(tPersonCue, left*32+right)
	put(tPersonShape, (shape*2+b2(s.cut[i]))*2+b2(s.cut[j])+64*uint32(s.token[i])+2048*min(s.tokensBetween(i, j), 4))
	last := s.begin[j-1]
	put(tPersonEnd, uint32(s.token[j-1])*8+b2(last == j-1)*4+b2(last > i && s.begin[last-1] == i && s.token[i] == posPerson)*2+b2(last <= i && s.token[i] == posPerson))
	if c.from&bySurname != 0 && c.from&byForeign == 0 {
		n := p.surname(i)
		count := uint32(s.chars[i].surname)
		if n != 1 {
			count = bucket(p.surnames[s.str(i, i+n)])
		}
		put(tSurname, uint32(s.runes[i]))
		put(tSurnameCount, count)
		given := func(k int32) uint32 { return uint32(s.chars[k].given) }
		switch j - i - n {
		case 1:
			put(tGiven1, given(j-1))
		case 2:
			put(tGiven1, 32+given(j-2))
			put(tGiven2, given(j-1))
		}
	}
	return out
}

func b2(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

func (s *sentence) posLeft(i int32) uint32 {
	if i == 0 {
		return posBegin
	}
	return uint32(s.token[i-1])
}

func (s *sentence) tokensBetween(i, j int32) uint32 {
	n := uint32(0)
	for ; i < j && n < 15; i = s.long[i] {
		n++
	}
	return n
}

func (p *proposer) cuts(i, j int32) uint32 {
	return b2(p.s.cut[i])<<1 | b2(p.s.cut[j])
}

// inner says what sorts of words stand inside a span.
func (s *sentence) inner(i, j int32) uint32 {
	v := uint32(0)
	for k := i; k < j; k = s.long[k] {
		switch s.token[k] {
		case posVerb:
			if k > i {
				v |= 1
			} else {
				v |= 2
			}
		case posPreposition, posConjunction:
			v |= 4
		case posAuxiliary, posPronoun:
			v |= 8
		case posAdverb:
			v |= 16
		case posNumber, posTime:
			v |= 32
		case posMark:
			if r := s.runes[k]; r == '（' || r == '）' || r == '(' || r == ')' || isQuote(r) || r == '·' || r == '—' {
				v |= 512
			} else {
				v |= 64
			}
		case posMeasure, posBearing:
			v |= 128
		case posPerson:
			v |= 256
		}
	}
	return v
}

// proper says what makes a span a name, in bits, and how many of its words are
// common words. What lies in the head does not count.
func (p *proposer) proper(c *candidate) (bits, common uint32) {
	s := p.s
	end := c.end
	if c.head != 0 {
		end = c.headStart
	}
	for k := c.start; k < end; {
		m := s.right[k]
		if m&(maskDivision|maskBare|maskPlace|maskOrg|maskName) != 0 {
			if to := p.nameEnd(k, end); to > k {
				bits |= 1
				k = to
				continue
			}
		}
		size := s.long[k] - k
		switch t := s.token[k]; {
		case t == posPlace || t == posPerson || t == posOrg || t == posOther:
			bits |= 2
		case t == posNumber || t == posMeasure || t == posTime:
			bits |= 4
			if s.runes[k] == '第' {
				bits |= 64
			}
		case t == posLatin || s.alnum(k):
			bits |= 8
		case t == posMark:
			bits |= 16
		case size == 1 && isLevel(s.runes[k]) && k == c.start:
			bits |= 128
		case size == 1:
			bits |= 32
		case t == posNone:
			bits |= 2
		default:
			common++
		}
		k = s.long[k]
	}
	return bits, min(common, 7)
}

// A rivalry says of every place of a sentence what the candidates there claim.
type rivalry struct {
	first, second []float32 // the two highest votes over a character
	owner         []int32   // candidate of the first
	tableEnd      []int32   // by start: end of the longest name of the tables
	tableStart    []int32   // by end: start of the longest name of the tables
	headEnd       []int32   // by start: end of the longest candidate with a head of two or more characters
	reach         []int32   // by start: end of the longest candidate that has evidence or a vote
}

func (p *proposer) weigh() {
	s, v := p.s, &p.rivals
	v.first, v.second, v.owner = zero(v.first, s.n+1), zero(v.second, s.n+1), zero(v.owner, s.n+1)
	v.tableEnd, v.tableStart, v.headEnd = zero(v.tableEnd, s.n+1), zero(v.tableStart, s.n+1), zero(v.headEnd, s.n+1)
	v.reach = zero(v.reach, s.n+1)
	for i := range p.out {
		c := &p.out[i]
		if c.from&^(byVote|bySurname) != 0 || c.vote >= leastRival {
			v.reach[c.start] = max(v.reach[c.start], c.end)
		}
		if c.from&byTable != 0 && (v.tableEnd[c.start] < c.end) {
			v.tableEnd[c.start] = c.end
		}
		if c.from&byTable != 0 && (v.tableStart[c.end] == 0 || v.tableStart[c.end] > c.start+1) {
			v.tableStart[c.end] = c.start + 1
		}
		if c.from&byHead != 0 && c.end-c.headStart >= 2 {
			v.headEnd[c.start] = max(v.headEnd[c.start], c.end)
		}
		if c.vote == 0 {
			continue
		}
		for k := c.start; k < c.end; k++ {
			switch {
			case c.vote > v.first[k]:
				v.second[k] = v.first[k]
				v.first[k], v.owner[k] = c.vote, int32(i)
			case c.vote > v.second[k]:
				v.second[k] = c.vote
			}
		}
	}
}

// leastRival is the vote from which a candidate puts a sure division in doubt.
const leastRival = 0.15

// longestRival is how far back a candidate may begin that reaches over a division.
const longestRival = 60

// sureDivision reports whether c is the full name of a division of the home
// province, with its suffix, and nothing reaches over its ends: then it can be
// nothing but a place.
func (p *proposer) sureDivision(c *candidate) bool {
	s := p.s
	if c.kind != place || c.table == 0 || c.end-c.start < 3 || !s.cut[c.start] || !s.cut[c.end] {
		return false
	}
	full := false
	for _, x := range p.words[c.table-1].senses {
		full = full || x.sort == sortDivision && x.traits&home != 0 && x.traits&(bare|weak) == 0 && x.class < levelTownship
	}
	if !full {
		return false
	}
	for a := max(0, c.start-longestRival); a < c.end; a++ {
		if to := p.rivals.reach[a]; a < c.start && to > c.start || a >= c.start && to > c.end {
			return false
		}
	}
	return true
}

// listed reports whether c is a policy, an event or a project of the tables that
// is no common word.
func (p *proposer) listed(c *candidate) bool {
	if c.table == 0 || c.end-c.start < 4 || c.kind != policy && c.kind != event && c.kind != project {
		return false
	}
	for _, x := range p.words[c.table-1].senses {
		if x.sort == sortName && x.kind == c.kind && x.traits&weak == 0 {
			return true
		}
	}
	return false
}

// rival returns the highest vote for another candidate that overlaps c.
func (p *proposer) rival(c *candidate) float32 {
	best := float32(0)
	for k := c.start; k < c.end; k++ {
		o := &p.out[p.rivals.owner[k]]
		if o.start == c.start && o.end == c.end && o.kind == c.kind {
			best = max(best, p.rivals.second[k])
		} else {
			best = max(best, p.rivals.first[k])
		}
	}
	return best
}

// nested says how a candidate lies to the names of the tables and to longer
// candidates: 1 begins as a longer name, 2 ends as a longer name, 4 begins with
// a shorter name, 8 ends with a shorter name, 16 begins as a longer candidate.
func (p *proposer) nested(c *candidate) uint32 {
	v := &p.rivals
	out := b2(v.tableEnd[c.start] > c.end) + 4*b2(v.tableEnd[c.start] != 0 && v.tableEnd[c.start] < c.end)
	if start := v.tableStart[c.end] - 1; start >= 0 {
		out += 2*b2(start < c.start) + 8*b2(start > c.start)
	}
	return out + 16*b2(v.headEnd[c.start] > c.end)
}

// bodyShape says whether a candidate is a division and a public body with
// nothing between: 1 省工信厅, 2 兰州市工信局, 3 兰州工信局; 4 where a part follows (省工信厅办公室).
func (p *proposer) bodyShape(c *candidate) uint32 {
	s, at, v := p.s, c.start, uint32(0)
	if isLevel(s.runes[at]) {
		at, v = at+1, 1
	} else {
		to := p.nameEnd(at, c.end)
		if to == at {
			return 0
		}
		at, v = to, 3
		if s.left[at]&maskDivision != 0 {
			v = 2
		}
	}
	for k := s.first[at]; k < s.first[at+1]; k++ {
		m := s.matches[k]
		if m.end > c.end {
			continue
		}
		for _, x := range p.words[m.word].senses {
			if x.sort == sortBody || x.sort == sortHead && x.traits&gov != 0 && m.end-m.start > 1 {
				if m.end == c.end {
					return v
				}
				v |= 4
			}
		}
	}
	if v < 4 {
		return 0
	}
	return v
}

// generic says whether the candidate begins with a word of kinds of things: 首个, 各级, 重点.
func (p *proposer) generic(c *candidate, proper uint32) uint32 {
	if p.s.right[c.start]&maskGeneric == 0 {
		return 0
	}
	return 1 + b2(proper&(1|2|8|16) != 0)
}

// innerHeads says which kinds of heads stand inside the candidate before its own.
func (p *proposer) innerHeads(c *candidate) uint32 {
	s, v := p.s, uint32(0)
	for k := c.start + 1; k < c.headStart; k++ {
		if s.left[k]&(maskHeadOrg|maskHeadPlace|maskHeadOther|maskHeadSoft) == 0 || !s.cut[k] {
			continue
		}
		if s.left[k]&(maskHeadOrg|maskHeadSoft) != 0 {
			v |= 1
		}
		if s.left[k]&maskHeadPlace != 0 {
			v |= 2
		}
		if s.left[k]&maskHeadOther != 0 {
			v |= 4
		}
	}
	return v
}

// tail says what stands behind the head of a candidate: 0 nothing, 1 a bracket
// inside it, 2 a bracket outside it with a division, 3 another bracket outside.
func (s *sentence) tail(c *candidate) uint32 {
	if r := s.runes[c.end-1]; c.head != 0 && (r == '）' || r == ')') {
		if s.left[c.end-1]&(maskDivision|maskBare|maskPlace) != 0 {
			return 1
		}
		return 4
	}
	if r := s.runes[c.end]; r == '（' || r == '(' {
		if s.right[c.end+1]&(maskDivision|maskBare|maskPlace) != 0 {
			return 2
		}
		return 3
	}
	return 0
}

// nameEnd returns the end of the longest name of the tables at k that ends by end.
func (p *proposer) nameEnd(k, end int32) int32 {
	s, to := p.s, k
	for q := s.first[k]; q < s.first[k+1]; q++ {
		if m := &s.matches[q]; m.end <= end && m.end > to && m.says&saysName != 0 {
			to = m.end
		}
	}
	return to
}

// headTraits returns the traits of the head in the sense of the candidate.
func (p *proposer) headTraits(c *candidate) uint32 {
	for _, x := range p.words[c.head-1].senses {
		if x.sort == sortHead && x.kind == c.kind {
			return b2(x.traits&wide != 0) + 2*b2(x.traits&soft != 0) + 4*b2(x.traits&gov != 0)
		}
	}
	return 8
}

// tableValue says what sort of table name a candidate is.
func (p *proposer) tableValue(c *candidate) uint32 {
	v := uint32(0)
	whole := p.cuts(c.start, c.end)
	for _, x := range p.words[c.table-1].senses {
		if x.kind != c.kind || x.sort != sortDivision && x.sort != sortName {
			continue
		}
		u := uint32(x.sort)*8 + uint32(x.class) + 16*b2(x.traits&bare != 0) + 32*b2(x.traits&weak != 0) + 64*b2(x.traits&home != 0) + 128*b2(x.traits&region != 0) + 256
		if v == 0 || x.traits&home != 0 && x.sort == sortDivision {
			v = u
		}
	}
	return v*4 + whole
}

// covered says whether a longer word of the tables or a token holds the candidate.
func (p *proposer) covered(c *candidate) uint32 {
	s := p.s
	v := uint32(0)
	if s.begin[c.start] < c.start && s.long[c.end-1] > c.end || s.begin[c.start] == c.start && s.long[c.start] > c.end || s.begin[c.end-1] < c.start && s.long[c.end-1] == c.end {
		v = 1
	}
	for k := s.first[c.start]; s.far[c.start] > c.end && k < s.first[c.start+1]; k++ {
		if m := &s.matches[k]; m.end > c.end {
			v |= 2*b2(m.says&saysSure != 0) | 4*b2(m.says&saysTitle != 0)
		}
	}
	for b := max(0, c.start-6); b < c.start; b++ {
		if s.far[b] < c.end {
			continue
		}
		for k := s.first[b]; k < s.first[b+1]; k++ {
			if m := &s.matches[k]; m.end >= c.end {
				v |= 8*b2(m.says&saysSureName != 0) | 16*b2(m.says&(saysTitle|saysHead) != 0)
			}
		}
	}
	return v
}

// wordEnding returns the longest cue word that ends at i, plus one; 0 for none.
func (p *proposer) wordEnding(i int32) uint32 {
	s := p.s
	if s.left[i]&(maskTitle|maskSay|maskPre|maskStop|maskHeadOther|maskHeadOrg|maskHeadPlace|maskHeadSoft) == 0 {
		return 0
	}
	for b := max(0, i-5); b < i; b++ {
		if !s.cut[b] {
			continue
		}
		for k := s.first[b]; k < s.first[b+1]; k++ {
			if s.matches[k].end == i && s.matches[k].says&saysCue != 0 {
				return uint32(s.matches[k].word) + 1
			}
		}
	}
	return 0
}

// wordStarting returns the longest cue word that starts at j, plus one; 0 for none.
func (p *proposer) wordStarting(j int32) uint32 {
	s := p.s
	out := uint32(0)
	for k := s.first[j]; k < s.first[j+1]; k++ {
		if m := &s.matches[k]; m.says&(saysCue|saysLeft) == saysCue && s.cut[m.end] {
			out = uint32(m.word) + 1
		}
	}
	return out
}

// cueWord reports whether a word tells something of the names beside it.
func (l *lexicon) cueWord(w int32) bool {
	for _, x := range l.words[w].senses {
		switch x.sort {
		case sortTitle, sortHead:
			return true
		case sortWord:
			return x.class < wordBreak
		}
	}
	return false
}

// voteBucket puts a probability into eleven steps.
func voteBucket(p float32) int {
	if p == 0 {
		return 0
	}
	for i, b := range []float32{0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97} {
		if p < b {
			return i + 1
		}
	}
	return 11
}
