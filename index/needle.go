package index

import (
	"bytes"
	"encoding/binary"
	"math"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"longmai/pipeline"
)

// A needle is a folded string to be looked for in texts as they are stored,
// without decoding them: what foldText and find would do. Only words that can
// be a part of a match are marked, and white space, which folding leaves out;
// every other code ends what was begun. So most of a text costs one look at a
// byte for each of its words.
type needle struct {
	table  *wordTable
	folded []byte
	runes  []rune
	fail   []int          // of Knuth, Morris and Pratt: how much of the beginning still matches
	skip   [1 << 16]uint8 // by code: the bytes of its word when it can be passed over, else marked
}

// marked is what skip has for words that are looked at.
const marked = math.MaxUint8

// foldedWords are the words of a table, folded, one after the other.
type foldedWords struct {
	text    []byte
	ends    []uint32 // by code
	special []uint16 // codes of words that have characters which folding leaves out, or more bytes than the table of sizes says
}

func (t *wordTable) foldWords() *foldedWords {
	t.foldOnce.Do(func() {
		f := foldedWords{text: make([]byte, 0, 8*len(t.words)), ends: make([]uint32, len(t.words))}
		for i, w := range t.words {
			f.text = foldInto(f.text, w)
			f.ends[i] = uint32(len(f.text))
			if len(w) > math.MaxUint8 || strings.ContainsFunc(w, func(r rune) bool { c := foldRune(r); return c == 0 || c == ' ' }) {
				f.special = append(f.special, uint16(i))
			}
		}
		t.folded = f
	})
	return &t.folded
}

// newNeedle returns the needle of a folded string that is not empty.
func (t *wordTable) newNeedle(folded string) *needle {
	n := &needle{table: t, folded: []byte(folded), runes: []rune(folded), skip: t.sizes}
	n.fail = make([]int, len(n.runes)+1)
	for i, k := 1, 0; i < len(n.runes); i++ {
		for k > 0 && n.runes[i] != n.runes[k] {
			k = n.fail[k]
		}
		if n.runes[i] == n.runes[k] {
			k++
		}
		n.fail[i+1] = k
	}
	words := t.foldWords()
	for i, r := range n.runes {
		if r == ' ' || bytes.ContainsRune([]byte(string(n.runes[:i])), r) {
			continue
		}
		n.mark(words, []byte(string(r)))
	}
	for _, code := range words.special {
		n.skip[code] = marked
	}
	for code := len(t.words); code < 1<<16; code++ {
		n.skip[code] = marked
	}
	return n
}

// mark marks those of the words that have the character c that can be a part of a match.
func (n *needle) mark(words *foldedWords, c []byte) {
	for at := 0; ; {
		i := bytes.Index(words.text[at:], c)
		if i < 0 {
			return
		}
		at += i
		code := sort.Search(len(words.ends), func(k int) bool { return int(words.ends[k]) > at })
		at = int(words.ends[code])
		start := 0
		if code > 0 {
			start = int(words.ends[code-1])
		}
		if n.touches(words.text[start:at]) {
			n.skip[code] = marked
		}
	}
}

// touches reports whether a match can have characters of a folded word: it lies
// in the word, around it, or across one of its ends.
func (n *needle) touches(word []byte) bool {
	s := n.folded
	if bytes.Contains(word, s) || bytes.Contains(s, word) {
		return true
	}
	for i := range s {
		if i > 0 && utf8.RuneStart(s[i]) && (bytes.HasSuffix(word, s[:i]) || bytes.HasPrefix(word, s[i:])) {
			return true
		}
	}
	return false
}

// A search is how far a needle has come in a text.
type search struct {
	*needle
	matched int   // characters of the needle that the last ones match
	latin   bool  // the last character is one that white space keeps apart; holds when matched > 0
	space   int   // where white space began behind it, -1 when there is none
	starts  []int // where the last characters stood, around
	count   int   // characters seen
	max     int
	found   []pipeline.Span
}

// find returns at most max places of the needle, in order, that do not overlap.
func (n *needle) find(s storedText, max int) ([]pipeline.Span, error) { return n.findFrom(0, s, max) }

// findFrom looks from byte i of the codes on. Places count from there.
func (n *needle) findFrom(i int, s storedText, max int) ([]pipeline.Span, error) {
	x := search{needle: n, space: -1, starts: make([]int, len(n.runes)), max: max}
	words, codes := n.table.words, s.codes
	at, last := 0, 0 // in the text; behind the last word that was looked at
	for i+2 <= len(codes) {
		code := binary.LittleEndian.Uint16(codes[i:])
		i += 2
		if size := n.skip[code]; size != marked {
			at += int(size)
			continue
		}
		if at != last {
			x.matched = 0
		}
		switch {
		case int(code) < len(words):
			x.characters(words[code], at)
			at += len(words[code])
		default:
			raw := int(code) - rawCode
			if raw <= 0 || raw > len(codes)-i {
				return nil, errStored
			}
			if raw == maxRaw { // may end within a character
				return n.findSlowly(s, max)
			}
			x.characters(string(codes[i:i+raw]), at)
			at += raw
			i += raw
		}
		last = at
		if len(x.found) >= max {
			break
		}
	}
	return x.found, nil
}

func (n *needle) findSlowly(s storedText, max int) ([]pipeline.Span, error) {
	b, err := n.table.decode(nil, s)
	if err != nil {
		return nil, err
	}
	return foldText(string(b)).find(string(n.runes), max), nil
}

// in reports whether a text has the needle. It is find without places.
func (n *needle) in(s storedText) (bool, error) {
	codes := s.codes
	for i := 0; i+2 <= len(codes); i += 2 {
		code := binary.LittleEndian.Uint16(codes[i:])
		if n.skip[code] != marked {
			continue
		}
		found, err := n.findFrom(i, s, 1)
		return len(found) > 0, err
	}
	return false, nil
}

// characters goes on with a part of the text that stands at byte at.
func (x *search) characters(s string, at int) {
	for i, w := 0, 0; i < len(s); i += w {
		var r, c rune
		r, w = utf8.DecodeRuneInString(s[i:])
		switch c = foldRune(r); c {
		case 0:
			continue
		case ' ':
			if x.space < 0 {
				x.space = at + i
			}
			continue
		}
		l := latin(c)
		if x.matched > 0 && x.space >= 0 && x.latin && l {
			x.next(' ', x.space)
		}
		x.latin, x.space = l, -1
		x.next(c, at+i)
		if x.matched < len(x.runes) {
			continue
		}
		x.found = append(x.found, pipeline.Span{Start: x.starts[x.count%len(x.runes)], End: at + i + w})
		if x.matched = 0; len(x.found) >= x.max {
			return
		}
	}
}

// next goes on with one folded character.
func (x *search) next(c rune, at int) {
	x.starts[x.count%len(x.runes)] = at
	x.count++
	for x.matched > 0 && c != x.runes[x.matched] {
		x.matched = x.fail[x.matched]
	}
	if c == x.runes[x.matched] {
		x.matched++
	}
}

// needles are those of one query, made when they are asked for.
type needles struct {
	table *wordTable
	mu    sync.Mutex
	all   map[string]*needle
}

func (n *needles) of(folded string) *needle {
	n.mu.Lock()
	defer n.mu.Unlock()
	x := n.all[folded]
	if x == nil {
		if n.all == nil || len(n.all) > maxNeedles {
			n.all = map[string]*needle{}
		}
		x = n.table.newNeedle(folded)
		n.all[folded] = x
	}
	return x
}

// maxNeedles bounds how many needles are kept: each takes 64 kB.
const maxNeedles = 100
