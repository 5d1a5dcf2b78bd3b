package entity

// A trie holds words as paths of characters while words are added. Edges lie in
// one open-addressed table, so that building takes milliseconds.
type trie struct {
	heads [headBits / 64]uint64 // a bit for each first character: most searches end there
	slots []edge
	mask  uint64
	used  int
	value []int32 // by node: index of the word that ends there, plus one
}

// An edge leads from a node by a character to another. Key and child lie side by
// side: what a step waits for is memory.
type edge struct {
	key   uint64 // node<<21 | character, plus one; 0 is a free slot
	child int32
}

func newTrie(words int) *trie {
	size := 1024
	for size < 8*words {
		size *= 2
	}
	return &trie{slots: make([]edge, size), mask: uint64(size - 1), value: make([]int32, 1, 4*words+1)}
}

// slot returns the edge of key, a free one when there is none.
func (t *trie) slot(key uint64) *edge {
	h := key * 0x9e3779b97f4a7c15
	for i := h ^ h>>29; ; i++ {
		if e := &t.slots[i&t.mask]; e.key == key || e.key == 0 {
			return e
		}
	}
}

// from returns the node and the character of an edge.
func (e edge) from() (node int32, c rune) {
	return int32((e.key - 1) >> 21), rune((e.key - 1) & (1<<21 - 1))
}

// headBits is the size of heads, for the names of an article.
const headBits = 1 << 10

// begins reports whether a word may begin with c. That none does is certain.
func (t *trie) begins(c rune) bool {
	return t.heads[uint32(c)%headBits/64]>>(uint32(c)%64)&1 != 0
}

// step returns the child of node by c, 0 when there is none.
func (t *trie) step(node int32, c rune) int32 {
	return t.slot(uint64(node)<<21 | uint64(c) + 1).child
}

// add returns the place of the value of word; 0 there means that it is new.
func (t *trie) add(word string) *int32 {
	node := int32(0)
	for _, c := range word {
		if node == 0 {
			h := uint32(fold(c)) % headBits
			t.heads[h/64] |= 1 << (h % 64)
		}
		key := uint64(node)<<21 | uint64(fold(c)) + 1
		e := t.slot(key)
		if e.key == 0 {
			if 2*t.used > len(t.slots) {
				t.grow()
				e = t.slot(key)
			}
			t.used++
			*e = edge{key, int32(len(t.value))}
			t.value = append(t.value, 0)
		}
		node = e.child
	}
	return &t.value[node]
}

// reset takes all words out.
func (t *trie) reset() {
	clear(t.slots)
	clear(t.heads[:])
	t.used, t.value = 0, t.value[:1]
	t.value[0] = 0
}

func (t *trie) grow() {
	old := t.slots
	t.slots = make([]edge, 2*len(old))
	t.mask = uint64(len(t.slots) - 1)
	for _, e := range old {
		if e.key != 0 {
			*t.slot(e.key) = e
		}
	}
}
