package figure

import (
	"sort"
	"unicode/utf8"
)

// A trie finds the longest of many words that begins, or ends, at a place of a
// text. Words map to indices of a table. The first character is looked up in
// flat arrays, because it alone rules out almost every place; they are small so
// that those of all tries stay in the cache.
type trie struct {
	han     [hanEnd - hanStart]uint16 // nodes of first characters; 0 when no word has them
	low     [lowEnd]uint16
	wide    [0x10000 - wideStart]uint16
	nodes   []trieNode // nodes[0] is no node
	reverse bool       // words are read from their last character
}

const (
	hanStart, hanEnd = 0x4e00, 0xa000
	lowEnd           = 0x3400
	wideStart        = 0xfe00
)

// root returns where the node of a first character is kept, nil for characters
// that begin no word.
func (t *trie) root(r rune) *uint16 {
	switch {
	case r >= hanStart && r < hanEnd:
		return &t.han[r-hanStart]
	case r >= 0 && r < lowEnd:
		return &t.low[r]
	case r >= wideStart && r < 0x10000:
		return &t.wide[r-wideStart]
	}
	return nil
}

// first returns the node of a first character, 0 when there is none.
func (t *trie) first(r rune) int32 {
	if r >= hanStart && r < hanEnd {
		return int32(t.han[r-hanStart])
	}
	if n := t.root(r); n != nil {
		return int32(*n)
	}
	return 0
}

type trieNode struct {
	next  []trieEdge // sorted by r
	value int32      // index of the word that ends here, -1 when none does
}

type trieEdge struct {
	r  rune
	to int32
}

func newTrie(reverse bool) *trie {
	return &trie{nodes: make([]trieNode, 1, 64), reverse: reverse}
}

// add maps word to value; a later value for the same word wins.
func (t *trie) add(word string, value int) {
	runes := []rune(word)
	if t.reverse {
		for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
			runes[i], runes[j] = runes[j], runes[i]
		}
	}
	if len(runes) == 0 || t.root(runes[0]) == nil {
		return
	}
	root := t.root(runes[0])
	if *root == 0 {
		*root = uint16(t.node())
	}
	at := int32(*root)
	for _, r := range runes[1:] {
		next := t.nodes[at].next
		i := sort.Search(len(next), func(i int) bool { return next[i].r >= r })
		if i == len(next) || next[i].r != r {
			to := t.node()
			next = append(next, trieEdge{})
			copy(next[i+1:], next[i:])
			next[i] = trieEdge{r, to}
			t.nodes[at].next = next
		}
		at = t.nodes[at].next[i].to
	}
	t.nodes[at].value = int32(value)
}

func (t *trie) node() int32 {
	t.nodes = append(t.nodes, trieNode{value: -1})
	return int32(len(t.nodes) - 1)
}

func (t *trie) step(at int32, r rune) int32 {
	next := t.nodes[at].next
	if len(next) < 8 {
		for _, e := range next {
			if e.r == r {
				return e.to
			}
		}
		return 0
	}
	i := sort.Search(len(next), func(i int) bool { return next[i].r >= r })
	if i < len(next) && next[i].r == r {
		return next[i].to
	}
	return 0
}

// longest returns the value and the end of the longest word at byte at; end is
// at when there is none. Line ends inside a word are nothing when loose is set.
func (t *trie) longest(text string, at int, loose bool) (value, end int) {
	value, end = -1, at
	node := int32(0)
	for i := at; i < len(text); {
		r, w := decode(text, i)
		if loose && node != 0 && (r == '\n' || r == '\r') {
			i += w
			continue
		}
		if node == 0 {
			node = t.first(r)
		} else {
			node = t.step(node, r)
		}
		if node == 0 {
			return
		}
		i += w
		if v := t.nodes[node].value; v >= 0 {
			value, end = int(v), i
		}
	}
	return
}

// longestBefore returns the value and the start of the longest word that ends
// at byte end; start is end when there is none. The trie must be a reverse one.
func (t *trie) longestBefore(text string, from, end int) (value, start int) {
	value, start = -1, end
	node := int32(0)
	for i := end; i > from; {
		r, w := decodeBack(text[from:i])
		if node == 0 {
			node = t.first(r)
		} else {
			node = t.step(node, r)
		}
		if node == 0 {
			return
		}
		i -= w
		if v := t.nodes[node].value; v >= 0 {
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
	if 0xe4 <= b && b <= 0xe9 && i+2 < len(text) && text[i+1]&0xc0 == 0x80 && text[i+2]&0xc0 == 0x80 {
		return rune(b&0x0f)<<12 | rune(text[i+1]&0x3f)<<6 | rune(text[i+2]&0x3f), 3
	}
	return utf8.DecodeRuneInString(text[i:])
}

// decodeBack is utf8.DecodeLastRuneInString with the same short way.
func decodeBack(text string) (rune, int) {
	if n := len(text); n >= 3 {
		if b := text[n-3]; 0xe4 <= b && b <= 0xe9 && text[n-2]&0xc0 == 0x80 && text[n-1]&0xc0 == 0x80 {
			return rune(b&0x0f)<<12 | rune(text[n-2]&0x3f)<<6 | rune(text[n-1]&0x3f), 3
		}
	}
	return utf8.DecodeLastRuneInString(text)
}
