package entity

import (
	"unicode/utf8"

	"longmai/pipeline"
)

// A match is a word of the lexicon in a sentence.
type match struct {
	start, end int32 // characters
	word       int32
	says       says // what the word says, so that few need look at its senses
}

// mask says what begins or ends at a place of a sentence.
type mask uint32

const (
	maskDivision mask = 1 << iota // full name of a division or country
	maskBare                      // short name of a division
	maskPlace
	maskOrg
	maskName // any other name of the tables
	maskGov
	maskParty
	maskPost
	maskRank
	maskJob
	maskSay
	maskPre
	maskStop
	maskGeneric
	maskLeft
	maskEnd   // with which no name of a body ends
	maskBreak // which no name of a facility, place, project or policy reaches over
	maskWorks // which none reaches over from a place: 天水 + 建设 + …基地
	maskHeadOrg
	maskHeadPlace
	maskHeadOther
	maskHeadSoft // the head of a firm that is also the name of a field: 风电
	maskTitle    = maskGov | maskParty | maskPost | maskRank | maskJob
)

// A sentence is the text of one sentence, taken apart once for all generators.
type sentence struct {
	text    string
	base    int    // byte offset in the article
	runes   []rune // and one NUL at the end
	at      []int  // byte offset of each character in text; one more than characters
	blocked []bool // the paper's own words: no mention may touch them
	matches []match
	first   []int32 // first[i]: index of the first match that starts at i or later
	left    []mask  // what ends at i
	right   []mask  // what starts at i
	cut     []bool  // a token starts at i; all true without tokens
	token   []uint8 // class of the part of speech of the token over i
	long    []int32 // end of the token over i
	begin   []int32 // start of the token over i
	n       int     // characters
}

// parts of speech in a few classes.
const (
	posNone = iota
	posNoun
	posPerson
	posPlace
	posOrg
	posVerb
	posVerbNoun
	posAdjective
	posAdverb
	posPreposition
	posConjunction
	posAuxiliary
	posMeasure
	posNumber
	posPronoun
	posTime
	posBearing
	posIdiom
	posLatin
	posMark
	posBegin
	posEnd
	posOther
)

var posClasses = map[string]uint8{"n": posNoun, "nr": posPerson, "nrt": posPerson, "nrfg": posPerson, "ns": posPlace, "nt": posOrg, "nz": posOther, "v": posVerb, "vn": posVerbNoun, "vd": posVerb,
	"a": posAdjective, "ad": posAdverb, "an": posNoun, "d": posAdverb, "p": posPreposition, "c": posConjunction, "u": posAuxiliary, "uj": posAuxiliary, "ul": posAuxiliary, "uv": posAuxiliary, "ud": posAuxiliary, "ug": posAuxiliary, "uz": posAuxiliary,
	"q": posMeasure, "m": posNumber, "mq": posNumber, "r": posPronoun, "t": posTime, "tg": posTime, "f": posBearing, "s": posBearing, "i": posIdiom, "l": posIdiom, "j": posOrg, "b": posAdjective, "z": posAdjective, "eng": posLatin, "x": posMark, "ng": posNoun, "vg": posVerb, "y": posAuxiliary, "zg": posOther, "k": posOther, "h": posOther, "g": posOther, "o": posOther, "e": posOther, "df": posAdverb, "vi": posVerb, "vq": posVerb, "rz": posPronoun, "rr": posPronoun, "mg": posNumber, "dg": posAdverb, "ag": posAdjective, "rg": posPronoun}

// posClass returns the class of the part of speech of a token.
func posClass(pos string) uint8 {
	if c, ok := posClasses[pos]; ok {
		return c
	}
	return posOther
}

// read takes text apart. tokens are those of the article; the first that may
// touch the sentence is tokens[0].
func (s *sentence) read(l *lexicon, text string, base int, tokens []pipeline.Token) {
	s.text, s.base = text, base
	s.runes, s.at = s.runes[:0], s.at[:0]
	for i, r := range text {
		s.runes = append(s.runes, r)
		s.at = append(s.at, i)
	}
	s.n = len(s.runes)
	s.runes = append(s.runes, 0)
	s.at = append(s.at, len(text))
	s.blocked = zero(s.blocked, s.n+1)
	s.readTokens(tokens)
	s.readWords(l)
}

func zero[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	s = s[:n]
	clear(s)
	return s
}

func (s *sentence) readTokens(tokens []pipeline.Token) {
	s.cut, s.token = zero(s.cut, s.n+1), zero(s.token, s.n+1)
	s.long, s.begin = zero(s.long, s.n+1), zero(s.begin, s.n+1)
	s.cut[s.n], s.token[s.n] = true, posEnd
	t, start := 0, 0
	class := uint8(posNone) // of tokens[t]
	if len(tokens) > 0 {
		class = posClass(tokens[0].POS)
	}
	for i := range s.n {
		off := s.base + s.at[i]
		for t < len(tokens) && tokens[t].End <= off {
			if t++; t < len(tokens) {
				class = posClass(tokens[t].POS)
			}
		}
		switch {
		case t == len(tokens) || tokens[t].Start > off:
			s.cut[i], start = true, i
		case tokens[t].Start == off || i == 0:
			s.cut[i], start = true, i
			fallthrough
		default:
			s.token[i] = class
		}
		s.begin[i] = int32(start)
	}
	for i := s.n - 1; i >= 0; i-- {
		if s.cut[i+1] {
			s.long[i] = int32(i + 1)
		} else {
			s.long[i] = s.long[i+1]
		}
	}
}

// span returns the bytes of the article between two characters of the sentence.
func (s *sentence) span(i, j int32) pipeline.Span {
	return pipeline.Span{Start: s.base + s.at[i], End: s.base + s.at[j]}
}

func (s *sentence) str(i, j int32) string { return s.text[s.at[i]:s.at[j]] }

// readWords finds every word of the lexicon.
func (s *sentence) readWords(l *lexicon) {
	s.matches, s.first = s.matches[:0], zero(s.first, s.n+2)
	s.left, s.right = zero(s.left, s.n+2), zero(s.right, s.n+2)
	for i := range s.n {
		s.first[i] = int32(len(s.matches))
		first := fold(s.runes[i])
		node := l.trie.root(first)
		for j := i; node != 0; {
			if v := l.trie.value[node]; v > 0 {
				s.matches = append(s.matches, match{int32(i), int32(j + 1), v - 1, l.cues[v-1].says})
				m := s.maskOf(i, j+1, &l.cues[v-1])
				s.right[i] |= m &^ maskLeft
				if m&maskLeft != 0 {
					m |= maskPre
				}
				s.left[j+1] |= m
			}
			if j++; j == s.n {
				break
			}
			c := fold(s.runes[j])
			if j == i+1 && !l.trie.begins(first, c) {
				break
			}
			node, _ = l.trie.step(node, c)
		}
	}
	s.first[s.n], s.first[s.n+1] = int32(len(s.matches)), int32(len(s.matches))
}

// fold makes full-width letters, digits and brackets equal to the narrow ones of the tables where these have them.
func fold(r rune) rune {
	switch {
	case r >= 0x2000 && r < 0xff00: // nearly all
	case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ':
		return r - 0xfee0
	case r == '＋':
		return '+'
	case r == '(':
		return '（'
	case r == ')':
		return '）'
	}
	return r
}

// A cue is what the senses of a word add to the mask of the places where it
// begins and ends: always, where it is whole tokens, where it ends with a
// token, and where it stands as a title does. So that reading a sentence need
// not look at the senses.
type cue struct {
	always, whole, end, title mask
	says                      says
}

func (s *sentence) maskOf(i, j int, c *cue) mask {
	m := c.always
	if s.cut[j] {
		m |= c.end
		if s.cut[i] {
			m |= c.whole
		}
	}
	if c.title != 0 && (j-i > 2 || s.begin[i] >= int32(i) || s.long[i] <= int32(j)) {
		m |= c.title
	}
	return m
}

// setCues makes the cues of all words, and says of each in bits what is asked
// of its senses most.
func (l *lexicon) setCues() {
	l.cues = make([]cue, len(l.words))
	for i := range l.words {
		for _, x := range l.words[i].senses {
			l.cues[i].add(x)
			l.cues[i].says |= saysOf(x)
		}
		if l.cueWord(int32(i)) {
			l.cues[i].says |= saysCue
		}
	}
}

// says is what one of the senses of a word says.
type says uint8

const (
	saysName     says = 1 << iota // a division or another name
	saysSureName                  // a name that no common word is
	saysSure                      // that, or such a division
	saysHead
	saysBody
	saysTitle
	saysTaxon
	saysCue // the first that tells makes the word a cue
)

func saysOf(x sense) says {
	switch x.sort {
	case sortDivision:
		if x.traits&weak == 0 {
			return saysName | saysSure
		}
		return saysName
	case sortName:
		if x.traits&weak == 0 {
			return saysName | saysSureName | saysSure
		}
		return saysName
	case sortHead:
		return saysHead
	case sortBody:
		return saysBody
	case sortTitle:
		return saysTitle
	case sortTaxon:
		return saysTaxon
	}
	return 0
}

func (c *cue) add(x sense) {
	switch x.sort {
	case sortDivision:
		switch {
		case x.traits&(bare|weak) == 0:
			c.always |= maskDivision
		case x.traits&home != 0:
			c.always |= maskBare
		default:
			c.whole |= maskBare
		}
	case sortName:
		m := maskName
		switch x.kind {
		case place:
			m = maskPlace
		case organization:
			m = maskOrg
		}
		if x.traits&weak != 0 {
			c.whole |= m
		} else {
			c.always |= m
		}
	case sortTitle:
		c.title |= maskGov << x.class
	case sortWord:
		c.whole |= maskSay << x.class
		if x.class == wordEnd {
			c.end |= maskSay << x.class
		}
	case sortHead:
		switch {
		case x.traits&soft != 0:
			c.end |= maskHeadSoft
		case x.kind == organization:
			c.end |= maskHeadOrg
		case x.kind == place:
			c.end |= maskHeadPlace
		default:
			c.end |= maskHeadOther
		}
	}
}

func isHan(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf || r >= 0x20000 && r <= 0x3ffff || r == '〇'
}

func isAlnum(r rune) bool {
	r = fold(r)
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// isMark holds for characters that no name crosses.
func isMark(r rune) bool {
	switch r {
	case 0, '，', ',', '。', '；', ';', '：', ':', '！', '!', '？', '?', '、', '\n', '\t', '\r', ' ', '　', '…', '|', '/', '①', '②', '③', '■', '□', '●', '▲', '△', '◆', '★':
		return true
	}
	return r < 0x20
}

func isQuote(r rune) bool {
	switch r {
	case '“', '”', '‘', '’', '「', '」', '『', '』', '"', '\'':
		return true
	}
	return false
}

func runeCount(s string) int { return utf8.RuneCountInString(s) }
