package entity

import (
	"cmp"
	"iter"
	"slices"
	"unicode/utf8"
)

// A tree is a trie to which no word is added any more. The children of a node
// are its successors in the order of nodes, so that a step looks into one or two
// cache lines of a quarter of a megabyte, where it would probe a hash table of two.
type tree struct {
	first []int32 // by node: its first child; they end where those of the next node begin
	label []rune  // by node: the character that leads to it
	value []int32 // by node: index of the word that ends there, plus one

	roots []int32  // by character below U+10000: child of the root
	pairs []uint64 // a bit for each first two characters: nine in ten searches end there
}

// pairBits is the size of pairs, for a tree of some ten thousand words.
const pairBits = 1 << 17

// newTree returns the words of t.
func newTree(t *trie) *tree {
	edges := make([]edge, 0, len(t.value))
	for _, e := range t.slots {
		if e.key != 0 {
			edges = append(edges, e)
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.key, b.key) }) // by node, then character
	begin := make([]int32, len(t.value)+1)                                           // by node of t: its first edge
	for _, e := range edges {
		node, _ := e.from()
		begin[node+1]++
	}
	for i := range t.value {
		begin[i+1] += begin[i]
	}
	x := &tree{first: make([]int32, 0, len(t.value)+1), label: []rune{0}, value: []int32{t.value[0]}, roots: make([]int32, 1<<16), pairs: make([]uint64, pairBits/64)}
	for queue := []int32{0}; len(queue) > 0; queue = queue[1:] {
		x.first = append(x.first, int32(len(x.label)))
		for _, e := range edges[begin[queue[0]]:begin[queue[0]+1]] {
			_, c := e.from()
			queue = append(queue, e.child)
			x.label, x.value = append(x.label, c), append(x.value, t.value[e.child])
		}
	}
	x.first = append(x.first, int32(len(x.label)))
	for node := x.first[0]; node < x.first[1]; node++ {
		if c := x.label[node]; int(c) < len(x.roots) {
			x.roots[c] = node
		}
		for _, c := range x.label[x.first[node]:x.first[node+1]] {
			h := pairHash(x.label[node], c)
			x.pairs[h/64] |= 1 << (h % 64)
		}
	}
	return x
}

func pairHash(a, b rune) uint32 { return (uint32(a)*0x9e3779b1 ^ uint32(b)*0x85ebca6b) >> 15 }

// begins reports whether a word may begin with a and b. That none does is
// certain.
func (x *tree) begins(a, b rune) bool {
	h := pairHash(a, b)
	return x.pairs[h/64]>>(h%64)&1 != 0
}

// root returns the node of the words that begin with c, 0 when there are none.
func (x *tree) root(c rune) int32 {
	if int(c) < len(x.roots) {
		return x.roots[c]
	}
	return x.child(0, c)
}

// step returns the node of a word and c behind it, 0 when no word begins so. Node 0 is no word.
func (x *tree) step(node int32, c rune) int32 {
	if node == 0 {
		return x.root(c)
	}
	return x.child(node, c)
}

// child returns the child of node by c, 0 when there is none.
func (x *tree) child(node int32, c rune) int32 {
	lo, hi := x.first[node], x.first[node+1]
	for hi-lo > 8 {
		if mid := (lo + hi) / 2; x.label[mid] <= c {
			lo = mid
		} else {
			hi = mid
		}
	}
	for ; lo < hi; lo++ {
		if x.label[lo] == c {
			return lo
		}
	}
	return 0
}

// prefixes yields the words with which s begins: their ends in bytes, the
// shortest first, and their values.
func (x *tree) prefixes(s string) iter.Seq2[int, int32] {
	return func(yield func(end int, value int32) bool) {
		node := int32(0)
		for i, c := range s {
			if node = x.step(node, fold(c)); node == 0 {
				return
			}
			if v := x.value[node]; v > 0 && !yield(i+utf8.RuneLen(c), v) {
				return
			}
		}
	}
}

// find returns the value of word, 0 when the tree does not hold it.
func (x *tree) find(word string) int32 {
	node := int32(0)
	for _, c := range word {
		if node = x.step(node, fold(c)); node == 0 {
			return 0
		}
	}
	return x.value[node]
}
