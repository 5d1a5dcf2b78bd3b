package entity

// A trie holds words as paths of characters. Edges lie in one open-addressed
// table, so that building takes milliseconds and a step one probe.
type trie struct {
	keys  []uint64 // node<<21 | character, plus one; 0 is a free slot
	child []int32
	mask  uint64
	used  int
	value []int32 // by node: index of the word that ends there, plus one
}

func newTrie(words int) *trie {
	size := 1024
	for size < 8*words {
		size *= 2
	}
	return &trie{keys: make([]uint64, size), child: make([]int32, size), mask: uint64(size - 1), value: make([]int32, 1, 4*words+1)}
}

func (t *trie) slot(key uint64) uint64 {
	h := key * 0x9e3779b97f4a7c15
	i := (h ^ h>>29) & t.mask
	for t.keys[i] != 0 && t.keys[i] != key {
		i = (i + 1) & t.mask
	}
	return i
}

func (t *trie) step(node int32, c rune) (int32, bool) {
	i := t.slot(uint64(node)<<21 | uint64(c) + 1)
	return t.child[i], t.keys[i] != 0
}

// add returns the place of the value of word; 0 there means that it is new.
func (t *trie) add(word string) *int32 {
	node := int32(0)
	for _, c := range word {
		key := uint64(node)<<21 | uint64(fold(c)) + 1
		i := t.slot(key)
		if t.keys[i] == 0 {
			if 2*t.used > len(t.keys) {
				t.grow()
				i = t.slot(key)
			}
			t.used++
			t.keys[i] = key
			t.child[i] = int32(len(t.value))
			t.value = append(t.value, 0)
		}
		node = t.child[i]
	}
	return &t.value[node]
}

func (t *trie) grow() {
	keys, child := t.keys, t.child
	t.keys, t.child = make([]uint64, 2*len(keys)), make([]int32, 2*len(keys))
	t.mask = uint64(len(t.keys) - 1)
	for i, k := range keys {
		if k != 0 {
			j := t.slot(k)
			t.keys[j], t.child[j] = k, child[i]
		}
	}
}

// find returns the value of word, 0 when the trie does not hold it.
func (t *trie) find(word string) int32 {
	node := int32(0)
	for _, c := range word {
		n, ok := t.step(node, fold(c))
		if !ok {
			return 0
		}
		node = n
	}
	return t.value[node]
}
