package segment

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// encodeDictionary writes the file that readDictionary reads.
func encodeDictionary(list map[string]Entry) ([]byte, error) {
	type node struct {
		children map[rune]*node
		entry    *Entry
	}
	root := &node{children: map[rune]*node{}}
	used := map[rune]bool{}
	uses := map[Entry]int{}
	nodes := 1
	for word, e := range list {
		at := root
		for _, r := range word {
			used[r] = true
			next := at.children[r]
			if next == nil {
				next = &node{children: map[rune]*node{}}
				at.children[r] = next
				nodes++
			}
			at = next
		}
		at.entry = &e
		uses[e]++
	}
	if len(used) > 1<<16-2 || len(uses) > 1<<16-2 {
		return nil, fmt.Errorf("dictionary: %d characters and %d classes do not fit 16 bits", len(used), len(uses))
	}
	runes := sortedKeys(used, func(a, b rune) int { return int(a - b) })
	code := map[rune]int{}
	b := []byte(magic)
	b = binary.AppendUvarint(b, uint64(len(runes)))
	before := rune(0)
	for i, r := range runes {
		code[r] = i + 1
		b = binary.AppendUvarint(b, uint64(r-before))
		before = r
	}
	classes := sortedKeys(uses, func(x, y Entry) int {
		return compareAll(uses[y]-uses[x], x.Freq-y.Freq, bytes.Compare([]byte(x.POS), []byte(y.POS)))
	})
	value := map[Entry]int{}
	b = binary.AppendUvarint(b, uint64(len(classes)))
	for i, c := range classes {
		value[c] = i + 1
		b = binary.AppendUvarint(b, uint64(c.Freq))
		b = binary.AppendUvarint(b, uint64(len(c.POS)))
		b = append(b, c.POS...)
	}
	var counts, labels, values []byte
	for queue := []*node{root}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		counts = binary.AppendUvarint(counts, uint64(len(at.children)))
		v := 0
		if at.entry != nil {
			v = value[*at.entry]
		}
		values = binary.AppendUvarint(values, uint64(v))
		elder := 0
		for _, r := range sortedKeys(at.children, func(a, b rune) int { return int(a - b) }) {
			labels = binary.AppendUvarint(labels, uint64(code[r]-elder))
			elder = code[r]
			queue = append(queue, at.children[r])
		}
	}
	b = binary.AppendUvarint(b, uint64(nodes))
	b = slices.Concat(b, counts, labels, values)
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(8<<20))
	if err != nil {
		return nil, err
	}
	return z.EncodeAll(b, nil), nil
}

func sortedKeys[K comparable, V any](m map[K]V, compare func(a, b K) int) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compare)
	return keys
}

func compareAll(results ...int) int {
	for _, r := range results {
		if r != 0 {
			return r
		}
	}
	return 0
}
