package figure

import (
	"cmp"
	"maps"
	"slices"
	"unicode/utf8"
)

// An alphabet numbers the characters that the tables and the grammar know, so
// that a text is looked at once, character by character, and from then on by
// number: what a character may begin or end is one look into a small array.
type alphabet struct {
	codes  [0x10000]uint16 // 0: a character that nothing is known of
	runes  []rune          // by code
	traits []traits        // by code
	second []traits        // by code: of the tries that have it behind the first character of a word, in their order of reading
	alone  []traits        // by code: of the tries that have it as a word
}

// The codes of ASCII are its own; those of wider characters lie above.
const (
	wideCodes = 0x80  // first code of a character of two bytes
	hanCodes  = 0x400 // first code of a character of three bytes
)

// width returns how many bytes of UTF-8 the character with a code takes.
func width(code uint16) int {
	switch {
	case code < wideCodes:
		return 1
	case code < hanCodes:
		return 2
	}
	return 3
}

// traits say what a character may be: the first or last of a word of a table,
// which every trie has a bit for, or of a class of the grammar.
type traits uint64

const (
	startsFigure traits = 1 << (63 - iota)
	endsClause
	connects // may begin a mark between the ends of a range
	divides  // may stand between the parts of a ratio
	slashes  // may stand between a unit and what it is per
	demonstrates
	encloses
	breaksNoun // ends what a noun phrase may begin with
	points     // may stand beside the point of a number
	firstKey   // the first bit of a keyMask; the others are below it
)

// traitRunes are the characters that have a trait of the grammar.
var traitRunes = [...]struct {
	trait traits
	runes string
}{
	{startsFigure, candidateRunes}, {endsClause, clauseEnds}, {connects, "—–－―─~～〜-至到"}, {divides, "∶:：比"}, {slashes, "/／每"},
	{demonstrates, "这该本此"}, {encloses, "“”《、"}, {breaksNoun, breakRunes}, {points, " \u00a0\u3000.．·・•"},
}

// number gives every character of words a code. Those of most words come first,
// so that the parts of the tables that are looked at lie close together.
func (a *alphabet) number(words []string) {
	uses := map[rune]int{}
	for _, w := range words {
		for _, r := range w {
			if r >= wideCodes && r < 0x10000 && r != utf8.RuneError { // which stands for bytes that are no UTF-8
				uses[r]++
			}
		}
	}
	known := slices.SortedFunc(maps.Keys(uses), func(r, q rune) int {
		return cmp.Or(cmp.Compare(utf8.RuneLen(r), utf8.RuneLen(q)), cmp.Compare(uses[q], uses[r]), cmp.Compare(r, q))
	})
	a.runes = make([]rune, hanCodes, hanCodes+len(known))
	for r := range rune(wideCodes) {
		a.codes[r], a.runes[r] = uint16(r), r
	}
	next := wideCodes
	for _, r := range known {
		switch {
		case utf8.RuneLen(r) == 3:
			a.codes[r] = uint16(len(a.runes))
			a.runes = append(a.runes, r)
		case next < hanCodes: // no more letters than Greek and Cyrillic have
			a.codes[r], a.runes[next] = uint16(next), r
			next++
		}
	}
	a.traits, a.second, a.alone = make([]traits, len(a.runes)), make([]traits, len(a.runes)), make([]traits, len(a.runes))
}

func (a *alphabet) code(r rune) uint16 {
	if r >= 0x10000 {
		return 0
	}
	return a.codes[r]
}

// give sets a trait of the characters of s.
func (a *alphabet) give(s string, t traits) {
	for _, r := range s {
		if c := a.code(r); c > 0 {
			a.traits[c] |= t
		}
	}
}

// A trie finds the longest of many words that begins, or ends, at a place of a
// text. Words map to indices of a table. Words are added, then pack makes the
// trie a double array: the child of a node by a character lies at a fixed place,
// so that a step is one look and one comparison.
type trie struct {
	alphabet *alphabet
	bit      traits // of the characters that a word begins with, or ends with in a reverse trie
	cells    []cell // cells[0] is the root
	reverse  bool   // words are read from their last character
	words    []trieWord

	longestWord int // bytes of it
}

type trieWord struct {
	text  string
	codes []uint16 // in the order in which they are read
	order int      // in which it was added
	value int32
}

// A cell is a node: its child by code c is cells[base+c], if that one has it as its parent.
type cell struct {
	base, parent int32
	value        int32 // index of the word that ends here, -1 when none does
}

// Parents of cells that have none.
const (
	rootCell = -1
	freeCell = -2
)

func (k *knowledge) newTrie(reverse bool) *trie {
	t := &trie{alphabet: &k.alphabet, reverse: reverse}
	k.tries = append(k.tries, t)
	return t
}

// add maps word to value; a later value for the same word wins.
func (t *trie) add(word string, value int) {
	t.longestWord = max(t.longestWord, len(word))
	t.words = append(t.words, trieWord{text: word, order: len(t.words), value: int32(value)})
}

// pack gives the characters of all tables their codes, and lays out the tries.
func (k *knowledge) pack() {
	k.bounds = k.newTrie(false)
	for i, b := range awayBounds {
		k.bounds.add(b.word, i)
	}
	words := append(slices.Clone(keyRunes[:]), tailRunes)
	for _, t := range traitRunes {
		words = append(words, t.runes)
	}
	for _, t := range k.tries {
		for _, w := range t.words {
			words = append(words, w.text)
		}
	}
	a := &k.alphabet
	a.number(words)
	for _, t := range traitRunes {
		a.give(t.runes, t.trait)
	}
	k.tails = make([]uint8, len(a.traits))
	for i, r := range []rune(tailRunes) {
		k.tails[a.code(r)] = uint8(i + 1)
	}
	for i, s := range keyRunes {
		a.give(s, firstKey>>i)
	}
	for i, t := range k.tries {
		t.bit = 1 << i
		t.pack()
	}
	k.nounTraits = k.wordF.bit | k.scopeF.bit | k.signalF.bit | traits(keyEach) | breaksNoun
	k.mentionTraits = k.scopeF.bit | k.topics.bit | k.wordF.bit | endsClause | demonstrates | encloses
}

// pack lays out the words that were added.
func (t *trie) pack() {
	words := t.words[:0]
	for _, w := range t.words {
		if w.codes = t.spell(w.text); w.codes != nil {
			t.alphabet.traits[w.codes[0]] |= t.bit
			if len(w.codes) > 1 {
				t.alphabet.second[w.codes[1]] |= t.bit
			} else {
				t.alphabet.alone[w.codes[0]] |= t.bit
			}
			words = append(words, w)
		}
	}
	slices.SortFunc(words, func(a, b trieWord) int {
		return cmp.Or(slices.Compare(a.codes, b.codes), cmp.Compare(a.order, b.order))
	})
	t.cells = []cell{{parent: rootCell, value: -1}}
	type branch struct {
		words []trieWord // that share the characters up to here
		at    int        // cell
	}
	free := 1
	queue := []branch{{words, 0}}
	for depth := 0; len(queue) > 0; depth++ {
		var next []branch
		for _, b := range queue {
			var codes []uint16
			first := len(next)
			for i, w := range b.words {
				if len(w.codes) == depth {
					t.cells[b.at].value = w.value
					continue
				}
				if n := len(codes); n == 0 || codes[n-1] != w.codes[depth] {
					codes = append(codes, w.codes[depth])
					next = append(next, branch{words: b.words[i:i]})
				}
				last := &next[len(next)-1].words
				*last = (*last)[:len(*last)+1]
			}
			if codes == nil {
				continue
			}
			base := t.room(codes, &free)
			t.cells[b.at].base = int32(base)
			for i, c := range codes {
				next[first+i].at = base + int(c)
				t.cells[base+int(c)] = cell{parent: int32(b.at), value: -1}
			}
		}
		queue = next
	}
	t.words = nil
}

// room finds a base from which the cells of all codes are free, and makes them
// where there are none yet. All cells below *free are taken.
func (t *trie) room(codes []uint16, free *int) int {
	for *free < len(t.cells) && t.cells[*free].parent != freeCell {
		*free++
	}
	base := *free - int(codes[0])
	for slices.ContainsFunc(codes, func(c uint16) bool {
		at := base + int(c)
		return at < len(t.cells) && t.cells[at].parent != freeCell
	}) {
		base++
	}
	for len(t.cells) <= base+int(codes[len(codes)-1]) {
		t.cells = append(t.cells, cell{parent: freeCell})
	}
	return base
}

// spell returns the codes of a word in the order in which the trie reads them,
// nil when it has a character without a code.
func (t *trie) spell(word string) []uint16 {
	var codes []uint16
	for _, r := range word {
		c := t.alphabet.code(r)
		if c == 0 {
			return nil
		}
		codes = append(codes, c)
	}
	if t.reverse {
		slices.Reverse(codes)
	}
	return codes
}

// step returns the child of a node by a code, -1 when there is none.
func (t *trie) step(node int32, code uint16) int32 {
	next := t.cells[node].base + int32(code)
	if uint32(next) >= uint32(len(t.cells)) || t.cells[next].parent != node {
		return -1
	}
	return next
}

// forward returns the value and the end of the longest word of codes[at:end],
// which has one code for each byte of the text; to is at when there is none.
func (t *trie) forward(codes []uint16, at, end int) (value, to int) {
	value, to = -1, at
	cells, node, base := t.cells, int32(0), t.cells[0].base
	for i := at; i < end; {
		c := codes[i]
		next := base + int32(c)
		if uint32(next) >= uint32(len(cells)) {
			return
		}
		x := &cells[next]
		if x.parent != node {
			return
		}
		node, base = next, x.base
		i += width(c)
		if x.value >= 0 {
			value, to = int(x.value), i
		}
	}
	return
}

// prefixes calls f with the values of all words that codes[at:end] begins with.
func (t *trie) prefixes(codes []uint16, at, end int, f func(value int)) {
	for i, node := at, int32(0); i < end; {
		c := codes[i]
		if node = t.step(node, c); node < 0 {
			return
		}
		i += width(c)
		if v := t.cells[node].value; v >= 0 {
			f(int(v))
		}
	}
}

// suffixes calls f with the values of all words that codes[from:end] ends with.
// The trie must be a reverse one.
func (t *trie) suffixes(codes []uint16, from, end int, f func(value int)) {
	for i, node := end, int32(0); i > from; {
		c := codes[i-1]
		if node = t.step(node, c); node < 0 {
			return
		}
		i -= width(c)
		if v := t.cells[node].value; v >= 0 {
			f(int(v))
		}
	}
}

// forwardLoose is forward for which line ends inside a word are nothing.
func (t *trie) forwardLoose(codes []uint16, at, end int) (value, to int) {
	value, to = -1, at
	for i, node := at, int32(0); i < end; {
		c := codes[i]
		if i > at && (c == '\n' || c == '\r') {
			i++
			continue
		}
		if node = t.step(node, c); node < 0 {
			return
		}
		i += width(c)
		if v := t.cells[node].value; v >= 0 {
			value, to = int(v), i
		}
	}
	return
}

// backward returns the value and the start of the longest word that ends at
// byte end; start is end when there is none. The trie must be a reverse one.
func (t *trie) backward(codes []uint16, from, end int) (value, start int) {
	value, start = -1, end
	cells, node, base := t.cells, int32(0), t.cells[0].base
	for i := end; i > from; {
		c := codes[i-1]
		next := base + int32(c)
		if uint32(next) >= uint32(len(cells)) {
			return
		}
		x := &cells[next]
		if x.parent != node {
			return
		}
		node, base = next, x.base
		i -= width(c)
		if x.value >= 0 {
			value, start = int(x.value), i
		}
	}
	return
}

// longest is forward, or forwardLoose, over a text that is not the one of the scan.
func (t *trie) longest(text string, at int, loose bool) (value, end int) {
	value, end = -1, at
	for i, node := at, int32(0); i < len(text); {
		r, w := decode(text, i)
		if loose && i > at && (r == '\n' || r == '\r') {
			i += w
			continue
		}
		if node = t.step(node, t.alphabet.code(r)); node < 0 {
			return
		}
		i += w
		if v := t.cells[node].value; v >= 0 {
			value, end = int(v), i
		}
	}
	return
}

// longestBefore is backward over a text that is not the one of the scan.
func (t *trie) longestBefore(text string, from, end int) (value, start int) {
	value, start = -1, end
	for i, node := end, int32(0); i > from; {
		r, w := decodeBack(text[from:i])
		if node = t.step(node, t.alphabet.code(r)); node < 0 {
			return
		}
		i -= w
		if v := t.cells[node].value; v >= 0 {
			value, start = int(v), i
		}
	}
	return
}

// decode is utf8.DecodeRuneInString with a short way for Chinese characters.
func decode(text string, i int) (rune, int) {
	b := text[i]
	if b < utf8.RuneSelf {
		return rune(b), 1
	}
	if 0xe1 <= b && b <= 0xef && b != 0xed && i+2 < len(text) && text[i+1]&0xc0 == 0x80 && text[i+2]&0xc0 == 0x80 {
		return rune(b&0x0f)<<12 | rune(text[i+1]&0x3f)<<6 | rune(text[i+2]&0x3f), 3
	}
	return utf8.DecodeRuneInString(text[i:])
}

// decodeBack is utf8.DecodeLastRuneInString with the same short way.
func decodeBack(text string) (rune, int) {
	if n := len(text); n >= 3 {
		if b := text[n-3]; 0xe1 <= b && b <= 0xef && b != 0xed && text[n-2]&0xc0 == 0x80 && text[n-1]&0xc0 == 0x80 {
			return rune(b&0x0f)<<12 | rune(text[n-2]&0x3f)<<6 | rune(text[n-1]&0x3f), 3
		}
	}
	return utf8.DecodeLastRuneInString(text)
}
