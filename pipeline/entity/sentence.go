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
	base    int      // byte offset in the article
	runes   []rune   // and one NUL at the end
	chars   []char   // what the tables know of the runes
	holds   charSort // what sorts of characters there are
	at      []int    // byte offset of each character in text; one more than characters
	blocked []bool   // the paper's own words: no mention may touch them
	matches []match
	first   []int32 // first[i]: index of the first match that starts at i or later
	says    []says  // what the matches that start at i say together
	far     []int32 // end of the longest match that starts at i, 0 for none
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

// posClass returns the class of the part of speech of a token.
func posClass(pos string) uint8 {
	switch pos {
	case "n", "an", "ng":
		return posNoun
	case "nr", "nrt", "nrfg":
		return posPerson
	case "ns":
		return posPlace
	case "nt", "j":
		return posOrg
	case "v", "vd", "vg", "vi", "vq":
		return posVerb
	case "vn":
		return posVerbNoun
	case "a", "b", "z", "ag":
		return posAdjective
	case "ad", "d", "df", "dg":
		return posAdverb
	case "p":
		return posPreposition
	case "c":
		return posConjunction
	case "u", "uj", "ul", "uv", "ud", "ug", "uz", "y":
		return posAuxiliary
	case "q":
		return posMeasure
	case "m", "mq", "mg":
		return posNumber
	case "r", "rz", "rr", "rg":
		return posPronoun
	case "t", "tg":
		return posTime
	case "f", "s":
		return posBearing
	case "i", "l":
		return posIdiom
	case "eng":
		return posLatin
	case "x":
		return posMark
	}
	return posOther
}

// read takes text apart. tokens are those of the article; the first that may
// touch the sentence is tokens[0].
func (s *sentence) read(l *lexicon, text string, base int, tokens []pipeline.Token) {
	s.text, s.base = text, base
	runes, at, chars := grow(s.runes, len(text)+1), grow(s.at, len(text)+1), grow(s.chars, len(text)+1)
	n, holds := 0, charSort(0)
	for i, r := range text {
		c := l.char(r)
		holds |= c.is
		runes[n], at[n], chars[n] = r, i, *c
		n++
	}
	runes[n], at[n], chars[n] = 0, len(text), *l.char(0)
	s.n, s.holds = n, holds
	s.runes, s.at, s.chars = runes[:n+1], at[:n+1], chars[:n+1]
	s.blocked = zero(s.blocked, n+1)
	s.readTokens(tokens)
	s.readWords(l)
}

// zero returns n zeros, in the memory of s where there is enough.
func zero[T any](s []T, n int) []T {
	s = grow(s, n)
	clear(s)
	return s
}

// grow returns n values of any kind, in the memory of s where there is enough.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}

// readTokens lays the tokens over the characters. A character between two
// tokens stands by itself.
func (s *sentence) readTokens(tokens []pipeline.Token) {
	s.cut, s.token = zero(s.cut, s.n+1), grow(s.token, s.n+1)
	s.long, s.begin = grow(s.long, s.n+1), grow(s.begin, s.n+1)
	of, begin := s.token[:s.n], s.begin[:s.n]
	start, end := 0, 0 // of the token: its first character, and its end in bytes of the sentence
	class := uint8(posNone)
	for i, at := range s.at[:s.n] {
		if at >= end {
			for len(tokens) > 0 && tokens[0].End <= s.base+at {
				tokens = tokens[1:]
			}
			between := len(tokens) == 0 || tokens[0].Start > s.base+at
			if between || tokens[0].Start == s.base+at || i == 0 {
				s.cutAt(start, i)
				start = i
			}
			if class, end = posNone, at+1; !between {
				class, end = posClass(tokens[0].POS), tokens[0].End-s.base
			}
		}
		of[i], begin[i] = class, int32(start)
	}
	s.cutAt(start, s.n)
	s.token[s.n], s.begin[s.n], s.long[s.n] = posEnd, 0, 0
}

// cutAt ends the token from start to i.
func (s *sentence) cutAt(start, i int) {
	s.cut[i] = true
	over := s.long[start:i]
	for k := range over {
		over[k] = int32(i)
	}
}

// span returns the bytes of the article between two characters of the sentence.
func (s *sentence) span(i, j int32) pipeline.Span {
	return pipeline.Span{Start: s.base + s.at[i], End: s.base + s.at[j]}
}

func (s *sentence) str(i, j int32) string { return s.text[s.at[i]:s.at[j]] }

// readWords finds every word of the lexicon.
func (s *sentence) readWords(l *lexicon) {
	s.matches, s.first = s.matches[:0], grow(s.first, s.n+2)
	s.left, s.right = zero(s.left, s.n+2), zero(s.right, s.n+2)
	s.says, s.far = zero(s.says, s.n+2), zero(s.far, s.n+2)
	tree, runes := l.tree, s.runes
	for i := range s.chars[:s.n] {
		s.first[i] = int32(len(s.matches))
		node := s.chars[i].root
		if node == 0 {
			continue
		}
		if v := tree.value[node]; v > 0 {
			s.matched(i, i+1, v-1, &l.cues[v-1])
		}
		if !tree.begins(fold(runes[i]), fold(runes[i+1])) {
			continue
		}
		for j := i + 1; j < s.n; j++ {
			if node = tree.child(node, fold(runes[j])); node == 0 {
				break
			}
			if v := tree.value[node]; v > 0 {
				s.matched(i, j+1, v-1, &l.cues[v-1])
			}
		}
	}
	s.first[s.n], s.first[s.n+1] = int32(len(s.matches)), int32(len(s.matches))
}

// matched notes that the word with that cue stands from i to j. Longer words
// come behind shorter ones.
func (s *sentence) matched(i, j int, word int32, c *cue) {
	s.matches = append(s.matches, match{int32(i), int32(j), word, c.says})
	s.says[i] |= c.says
	s.far[i] = int32(j)
	m := s.maskOf(i, j, c)
	s.right[i] |= m &^ maskLeft
	if m&maskLeft != 0 {
		m |= maskPre
	}
	s.left[j] |= m
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
type says uint16

const (
	saysDivision says = 1 << iota
	saysName          // a division or another name
	saysSureName      // a name that no common word is
	saysSure          // that, or such a division
	saysHead
	saysBody
	saysTitle
	saysTaxon
	saysSyllable
	saysStop // no name holds it
	saysLeft // is a cue only where a name follows it: 任
	saysCue  // the first that tells makes the word a cue
)

func saysOf(x sense) says {
	switch x.sort {
	case sortDivision:
		if x.traits&weak == 0 {
			return saysDivision | saysName | saysSure
		}
		return saysDivision | saysName
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
	case sortSyllable:
		return saysSyllable
	case sortWord:
		switch x.class {
		case wordStop:
			return saysStop
		case wordLeft:
			return saysLeft
		}
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

// alnum reports whether character i is a letter or a digit.
func (s *sentence) alnum(i int32) bool { return s.chars[i].is&(charDigit|charLetter) != 0 }

// hanOrAlnum reports whether character i is no mark.
func (s *sentence) hanOrAlnum(i int32) bool {
	return s.chars[i].is&(charHan|charDigit|charLetter) != 0
}

func runeCount(s string) int { return utf8.RuneCountInString(s) }
