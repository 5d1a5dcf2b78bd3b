package figure

import (
	"math/bits"
	"strings"
	"sync"
	"unicode/utf8"

	"longmai/pipeline"
)

// A scratch is the memory that a scan needs only while it reads a document:
// figures copy what they keep.
type scratch struct {
	items                   []item
	refused                 []Refusal
	codes                   []uint16    // of every byte of the text, that of its character
	clauses                 []uint64    // bit p: a clause begins at byte p
	starts                  []uint64    // bit p: a character at which a figure may begin is at byte p
	marks                   []mark      // of every byte
	token                   []int32     // of every byte
	words                   []uint32    // what grammarWord found at a byte: two more than the row, and the length; 0 when it was not asked
	parts                   []foundPart // what partAt found at a byte
	times, entities, tokens []pipeline.Span
	mentions                []mention
	quotes                  []pipeline.Span
	measures                []measured
	bounds                  []bound
	measuredSoFar           []string
	candidates              []candidate
	scores                  []int32
	names                   map[string]nameID
	namings                 []naming
}

// A mark says which layers a byte of the text is part of.
type mark uint8

const (
	inTime mark = 1 << iota
	inEntity
	inApparatus
	inToken
	inItem // hedges before it included
)

// mark marks the bytes of the spans.
func (c *cursor) mark() {
	for _, x := range c.spans {
		c.markBytes(max(x.Start, 0), min(x.End, len(c.marks)))
	}
}

func (c *cursor) markBytes(from, to int) {
	if from >= to {
		return
	}
	marks, bit := c.marks[from:to], c.bit
	for p := range marks {
		marks[p] |= bit
	}
}

// tokenize gives every byte the index of its token.
func (s *scan) tokenize() {
	m, tokens := s.scratch, s.d.Tokens
	m.tokens = resized(m.tokens, len(tokens))
	s.tokens = cursor{spans: m.tokens, marks: m.marks, bit: inToken}
	if len(tokens) == 0 {
		return
	}
	m.token = resized(m.token, len(s.text))
	s.tokens.index = m.token
	start, end := 0, 0 // of the tokens that follow each other without a gap
	for i := range tokens {
		x := tokens[i].Span
		m.tokens[i] = x
		from, to := min(max(x.Start, 0), len(m.token)), min(x.End, len(m.token))
		if from >= to {
			continue
		}
		if from != end {
			s.tokens.markBytes(start, end)
			start = from
		}
		end = to
		index := m.token[from:to]
		for p := range index {
			index[p] = int32(i)
		}
	}
	s.tokens.markBytes(start, end)
}

var scratches = sync.Pool{New: func() any { return &scratch{names: map[string]nameID{}} }}

// scratchSize is the size of the largest text whose memory is kept.
const scratchSize = 1 << 18

// release gives the memory back.
func (s *scan) release() {
	m := s.scratch
	m.items = s.items[:max(len(s.items), s.found)]
	clear(m.items) // they point to figures
	m.items = m.items[:0]
	clear(m.names) // they are parts of the text
	m.namings = s.namings
	m.refused = emptied(s.refused)
	m.mentions, m.measures, m.quotes, m.bounds, m.measuredSoFar = emptied(s.mentions), emptied(s.measures), s.quotes[:0], s.bounds[:0], emptied(s.measuredSoFar)
	s.items, s.scratch, s.codes, s.clauses = nil, nil, nil, nil
	if cap(m.codes) <= scratchSize && cap(m.items) <= scratchSize/16 {
		scratches.Put(m)
	}
}

// emptied forgets the elements of a, and all of it when it is large.
func emptied[T any](a []T) []T {
	if cap(a) > 1<<12 {
		return nil
	}
	clear(a[:cap(a)])
	return a[:0]
}

// resized returns a slice of n elements in the memory of a where it is enough.
func resized[T any](a []T, n int) []T {
	if cap(a) < n {
		return make([]T, n, n+n/4)
	}
	return a[:n]
}

// look gives every character its code, and finds where clauses begin.
func (s *scan) look() {
	m, text := s.scratch, s.text
	m.codes = resized(m.codes, len(text)+1)
	m.clauses = resized(m.clauses, len(text)/64+1)
	m.words = resized(m.words, len(text)+1)
	m.starts = resized(m.starts, len(text)/64+1)
	clear(m.clauses)
	clear(m.starts)
	clear(m.words)
	m.parts = resized(m.parts, len(text)+1)
	clear(m.parts)
	codes, clauses, starts, a := m.codes, m.clauses, m.starts, &s.k.alphabet
	for p := 0; p < len(text); {
		c, end := uint16(text[p]), p+1
		switch {
		case c < utf8.RuneSelf:
			codes[p] = c
		case c-0xe1 < 0xf0-0xe1 && c != 0xed && p+2 < len(text) && (text[p+1]^0x80)|(text[p+2]^0x80) < 0x40: // as in decode
			c = a.codes[c<<12|uint16(text[p+1]&0x3f)<<6|uint16(text[p+2]&0x3f)]
			end = p + 3
			three := codes[p:end:end]
			three[0], three[1], three[2] = c, c, c
		default:
			r, w := utf8.DecodeRuneInString(text[p:])
			c, end = a.code(r), p+w
			for i := p; i < end; i++ {
				codes[i] = c
			}
		}
		if t := a.traits[c]; t&(endsClause|startsFigure) != 0 {
			if t&startsFigure != 0 {
				starts[p>>6] |= 1 << (p & 63)
			}
			if t&endsClause != 0 && s.endsClause(p, end) {
				clauses[end>>6] |= 1 << (end & 63)
			}
		}
		p = end
	}
	codes[len(text)] = 0
	s.codes, s.clauses = codes, clauses
}

// endsClause reports whether the mark [p, end) ends a clause: a comma between
// digits and half a dash do not.
func (s *scan) endsClause(p, end int) bool {
	switch s.text[p:end] {
	case ",":
		return p == 0 || end == len(s.text) || !isDigit(first(decodeBack(s.text[:p]))) || !isDigit(first(decode(s.text, end)))
	case "—":
		return strings.HasSuffix(s.text[:p], "—")
	}
	return true
}

// clauseStart returns the place behind the last mark that ends a clause before p.
func (s *scan) clauseStart(p int) int {
	low := max(s.start+1, p-239)
	for w := p >> 6; w >= low>>6; w-- {
		set := s.clauses[w]
		if w == p>>6 {
			set &= 2<<(p&63) - 1
		}
		if set != 0 {
			if i := w<<6 + bits.Len64(set) - 1; i >= low {
				return i
			}
			break
		}
	}
	return max(s.start, runeStart(s.text, p-240))
}

// nextStart returns the first place in [p, end) at which a figure may begin, end when there is none.
func (s *scan) nextStart(p, end int) int {
	for w := p >> 6; w<<6 < end; w++ {
		set := s.scratch.starts[w]
		if w == p>>6 {
			set &^= 1<<(p&63) - 1
		}
		if set != 0 {
			return min(w<<6+bits.TrailingZeros64(set), end)
		}
	}
	return end
}

// is reports whether the character at p has one of the traits.
func (s *scan) is(p int, t traits) bool { return s.k.alphabet.traits[s.codes[p]]&t != 0 }

// longest returns the value and the end of the longest word of t that begins at
// byte at and ends at end or before; to is at when there is none.
func (s *scan) longest(t *trie, at, end int) (value, to int) {
	a, c := &s.k.alphabet, s.codes[at]
	if a.traits[c]&t.bit == 0 {
		return -1, at
	}
	if next := at + width(c); a.alone[c]&t.bit == 0 && (next >= end || a.second[s.codes[next]]&t.bit == 0) {
		return -1, at // six in ten go no further than the first character
	}
	return t.forward(s.codes, at, end)
}

// longestLoose is longest for which line ends inside a word are nothing.
func (s *scan) longestLoose(t *trie, at, end int) (value, to int) {
	if s.k.alphabet.traits[s.codes[at]]&t.bit == 0 {
		return -1, at
	}
	return t.forwardLoose(s.codes, at, end)
}

// longestBefore returns the value and the start of the longest word of the
// reverse trie t that ends at byte end and begins at from or later; start is end
// when there is none.
func (s *scan) longestBefore(t *trie, from, end int) (value, start int) {
	if end <= from {
		return -1, end
	}
	a, c := &s.k.alphabet, s.codes[end-1]
	if a.traits[c]&t.bit == 0 {
		return -1, end
	}
	if next := end - width(c); a.alone[c]&t.bit == 0 && (next <= from || a.second[s.codes[next-1]]&t.bit == 0) {
		return -1, end
	}
	return t.backward(s.codes, from, end)
}

// behind reports whether a word of one of the classes begins at p within the block.
func (s *scan) behind(p int, classes behindClass) bool {
	if p >= s.end || !s.is(p, s.k.behindF.bit) {
		return false
	}
	found := behindClass(0)
	s.k.behindF.prefixes(s.codes, p, s.end, func(v int) { found |= s.k.behind[v] })
	return found&classes != 0
}

// ahead reports whether a word of one of the classes of before.tsv ends at p.
func (s *scan) ahead(p int, classes aheadClass) bool {
	found := aheadClass(0)
	s.k.aheadB.suffixes(s.codes, 0, p, func(v int) { found |= s.k.ahead[v] })
	return found&classes != 0
}

// isBehind reports whether word itself is of the class.
func (k *knowledge) isBehind(word string, class behindClass) bool {
	v, end := k.behindF.longest(word, 0, false)
	return end == len(word) && v >= 0 && k.behind[v]&class != 0
}
