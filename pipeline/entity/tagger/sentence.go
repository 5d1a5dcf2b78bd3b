package tagger

import "unicode/utf8"

// pad is how many codes stand before and behind the characters of a sentence,
// so that templates look around without asking where the sentence ends.
const pad = 3

// A match is a word of the lexicon at some place.
type match struct {
	hash uint64 // 0 when there is none
	info info
	len  uint8 // in characters
	off  uint8 // of the character in the word
}

// A sentence is a text prepared for the templates. Its slices are reused from
// sentence to sentence; index i is character i, and code and class are shifted
// by pad.
type sentence struct {
	lex  *Lexicon
	n    int
	at   []int32 // byte of each character, and the end
	code []uint32
	cls  []class

	begins  []match // longest word that begins at i
	ends    []match // longest word that ends at i
	covers  []match // longest word over i
	div     []match // longest division over i
	title   []match // longest title over i
	name    []match // longest name of a table over i
	char    []info  // lists of the character alone
	tail    []info  // kinds of suffixes, titles that end at i, single characters included
	next    []near  // nearest suffix that ends at or behind i in the same clause
	since   []near  // nearest division that ends before i in the same clause: its level, and how far
	soundsL []uint8 // characters of foreign names in a row up to i, at most 7
	soundsR []uint8 // the same from i on
	quote   []uint8 // 0 outside, 1 in “”, 2 in 《》, 3 in ()
	quoteL  []uint8 // characters since the mark opened, at most 15
	quoteR  []uint8 // characters until it closes, at most 15

	seek  []stretch // what may be words of the lexicon
	slots []uint32  // of the lexicon, where the search for each begins

	// words of stage 1
	wordOf []int32 // index of the word over i
	words  []word
	label1 []uint8

	sheet sheet
}

// A stretch is some characters in a row, in a clause of Chinese characters.
type stretch struct {
	hash        uint64
	start, last int32
}

// A near is something in the same clause: what it is, and how many characters away.
type near struct {
	kinds info
	dist  uint8
}

// A word is what stage 1 found.
type word struct {
	start, end int32
	hash       uint64
	info       info
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2+16)
	}
	return s[:n]
}

// load prepares text up to its end. Invalid bytes are characters of their own.
func (s *sentence) load(lex *Lexicon, text string) {
	s.lex = lex
	chars := characters()
	s.at = s.at[:0]
	s.code = append(s.code[:0], codePad, codePad+1, codePad+2)
	for i, r := range text {
		s.at = append(s.at, int32(i))
		s.code = append(s.code, chars.foldRune(r))
	}
	s.n = len(s.at)
	s.at = append(s.at, int32(len(text)))
	s.code = append(s.code, codePad+3, codePad+4, codePad+5)
	s.cls = grow(s.cls, len(s.code))
	for i, c := range s.code {
		s.cls[i] = chars.classAt(c)
	}
	s.match()
	s.look()
	s.foreign()
	s.brackets()
}

// match finds the words of the lexicon in one pass.
func (s *sentence) match() {
	n := s.n
	s.begins, s.ends, s.covers = grow(s.begins, n+2), grow(s.ends, n+2), grow(s.covers, n+2)
	s.div, s.title, s.name = grow(s.div, n+2), grow(s.title, n+2), grow(s.name, n+2)
	s.char, s.tail = grow(s.char, n+2), grow(s.tail, n+2)
	clear(s.begins)
	clear(s.ends)
	clear(s.covers)
	clear(s.div)
	clear(s.title)
	clear(s.name)
	code, cls := s.code[pad:], s.cls[pad:]
	for i := range n {
		s.char[i] = s.lex.char(code[i])
		s.tail[i] = s.char[i] & (suffixes | infoTitle)
	}
	s.char[n], s.char[n+1], s.tail[n], s.tail[n+1] = 0, 0, 0, 0
	s.seek = s.seek[:0]
	filter := s.lex.filter
	for i := range n {
		h := uint64(0)
		for e := i; e < min(i+longestWord, n) && (cls[e] == classHan || cls[e] == classNumeral); e++ {
			h = wordHash(h, code[e])
			if e > i && filter.bit(key(h)) != 0 {
				s.seek = append(s.seek, stretch{h, int32(i), int32(e)})
			}
		}
	}
	s.slots = grow(s.slots, len(s.seek))
	for k, w := range s.seek {
		s.slots[k] = s.lex.first(w.hash)
	}
	for k, w := range s.seek {
		if v := s.lex.search(w.hash, s.slots[k]); v != 0 {
			s.found(int(w.start), int(w.last-w.start)+1, w.hash, v)
		}
	}
}

func (s *sentence) found(i, l int, h uint64, v info) {
	m := match{hash: h, info: v, len: uint8(l)}
	e := i + l - 1
	if v&(tagBits|levelBits|infoTitle|nameBits) != 0 {
		if m.len > s.begins[i].len {
			s.begins[i] = m
		}
		if m.len > s.ends[e].len {
			s.ends[e] = m
		}
		cover(s.covers[i:e+1], m)
	}
	if v&levelBits != 0 {
		cover(s.div[i:e+1], m)
	}
	if v&infoTitle != 0 {
		cover(s.title[i:e+1], m)
	}
	if v&nameBits != 0 {
		cover(s.name[i:e+1], m)
	}
	s.tail[e] |= v & (suffixes | infoTitle)
}

// cover writes m over the places where no longer match is.
func cover(over []match, m match) {
	for k := range over {
		if m.len > over[k].len {
			m.off = uint8(k)
			over[k] = m
		}
	}
}

// look finds the nearest suffix to the right and the nearest division to the left of every character.
func (s *sentence) look() {
	s.next = grow(s.next, s.n+2)
	s.next[s.n], s.next[s.n+1] = near{}, near{}
	cur := near{}
	for i := s.n - 1; i >= 0; i-- {
		switch s.cls[pad+i] {
		case classStop, classComma, classOpen, classClose:
			cur = near{}
		default:
			if k := s.tail[i] & suffixes; k != 0 {
				cur = near{k, 1}
			} else if cur.kinds != 0 {
				if cur.dist++; cur.dist > 12 {
					cur = near{}
				}
			}
		}
		s.next[i] = cur
	}
	s.since = grow(s.since, s.n+2)
	cur = near{}
	for i := range s.n {
		s.since[i] = cur
		switch s.cls[pad+i] {
		case classStop, classComma, classOpen, classClose:
			cur = near{}
			continue
		}
		if d := s.div[i]; d.len > 0 && d.off == d.len-1 {
			cur = near{d.info & levelBits, 1}
		} else if cur.kinds != 0 {
			if cur.dist++; cur.dist > 15 {
				cur = near{}
			}
		}
	}
}

// foreign counts the characters in a row that write foreign names, and the dots between them.
func (s *sentence) foreign() {
	s.soundsL, s.soundsR = grow(s.soundsL, s.n), grow(s.soundsR, s.n)
	run := uint8(0)
	count := func(i int) uint8 {
		switch {
		case s.char[i]&soundBits != 0:
			run = min(run+1, 7)
		case s.cls[pad+i] != classDot:
			run = 0
		}
		return run
	}
	for i := range s.n {
		s.soundsL[i] = count(i)
	}
	run = 0
	for i := s.n - 1; i >= 0; i-- {
		s.soundsR[i] = count(i)
	}
}

func (s *sentence) brackets() {
	s.quote, s.quoteL, s.quoteR = grow(s.quote, s.n), grow(s.quoteL, s.n), grow(s.quoteR, s.n)
	kind, dist := uint8(0), uint8(0)
	for i := range s.n {
		switch s.code[pad+i] {
		case '“':
			kind, dist = 1, 0
		case '《':
			kind, dist = 2, 0
		case '(':
			kind, dist = 3, 0
		case '”', '》', ')':
			kind = 0
		}
		s.quote[i], s.quoteL[i] = kind, dist
		if kind != 0 && dist < 15 {
			dist++
		}
	}
	rest := uint8(15)
	for i := s.n - 1; i >= 0; i-- {
		switch s.code[pad+i] {
		case '”', '》', ')':
			rest = 0
		}
		s.quoteR[i] = rest
		if rest < 15 {
			rest++
		}
	}
}

// setWords turns the labels of stage 1 into words.
func (s *sentence) setWords() {
	s.words = s.words[:0]
	s.wordOf = grow(s.wordOf, s.n+1)
	start := 0
	for i := range s.n {
		if l := s.label1[i]; l == labelE || l == labelS || i == s.n-1 {
			s.words = append(s.words, s.wordAt(start, i+1))
			start = i + 1
		}
	}
	for w, v := range s.words {
		for i := v.start; i < v.end; i++ {
			s.wordOf[i] = int32(w)
		}
	}
}

func (s *sentence) wordAt(start, end int) word {
	h := uint64(0)
	for _, c := range s.code[pad+start : pad+end] {
		h = wordHash(h, c)
	}
	w := word{start: int32(start), end: int32(end), hash: h}
	switch n := end - start; {
	case n == 1:
		w.info = s.lex.char(s.code[pad+start])
	case n <= longestWord:
		w.info = s.lex.lookup(h)
	}
	return w
}

// hasHan reports whether text holds a Chinese character.
func hasHan(text string) bool {
	for i := 0; i < len(text); {
		if text[i] < 0x80 {
			i++
			continue
		}
		r, w := utf8.DecodeRuneInString(text[i:])
		if isHan(r) {
			return true
		}
		i += w
	}
	return false
}
