package segment

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// A letters is a node of the trie that encodeDictionary writes.
type letters struct {
	children map[rune]*letters
	entry    *Entry
	nodes    int // below and with it
}

func newLetters() *letters { return &letters{children: map[rune]*letters{}, nodes: 1} }

// blockNodes is where a block ends: large ones take less room, small ones less time.
const blockNodes = 4096

// encodeDictionary writes the file that readDictionary reads.
func encodeDictionary(list map[string]Entry) ([]byte, error) {
	root := newLetters()
	used := map[rune]bool{}
	uses := map[Entry]int{}
	total := 0
	for word, e := range list {
		path := []*letters{root}
		for _, r := range word {
			used[r] = true
			at := path[len(path)-1]
			next := at.children[r]
			if next == nil {
				next = newLetters()
				at.children[r] = next
				for _, p := range path {
					p.nodes++
				}
			}
			path = append(path, next)
		}
		path[len(path)-1].entry = &e
		uses[e]++
		total += e.Freq
	}
	if len(used) > 1<<16-2 || len(uses) > 1<<16-2 {
		return nil, fmt.Errorf("dictionary: %d characters and %d classes do not fit 16 bits", len(used), len(uses))
	}
	code, value := map[rune]int{}, map[Entry]int{}
	head := encodeCodes(used, code)
	head = append(head, encodeClasses(uses, value)...)
	head = binary.AppendUvarint(head, uint64(len(list)))
	head = binary.AppendUvarint(head, uint64(total))

	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(8<<20))
	if err != nil {
		return nil, err
	}
	frames := [][]byte{nil}
	before := 0
	firsts := sortedRunes(root.children)
	for len(firsts) > 0 {
		b := newLetters()
		from := code[firsts[0]]
		for len(firsts) > 0 && (b.nodes == 1 || b.nodes+root.children[firsts[0]].nodes <= blockNodes) {
			c := root.children[firsts[0]]
			b.children[firsts[0]] = c
			b.nodes += c.nodes
			firsts = firsts[1:]
		}
		head = binary.AppendUvarint(head, uint64(from-before))
		head = binary.AppendUvarint(head, uint64(b.nodes))
		before = from
		frames = append(frames, z.EncodeAll(encodeBlock(b, code, value), nil))
	}
	frames[0] = z.EncodeAll(head, nil)
	out := binary.AppendUvarint([]byte(magic), uint64(len(frames)))
	for _, f := range frames {
		out = binary.AppendUvarint(out, uint64(len(f)))
	}
	return append(out, slices.Concat(frames...)...), nil
}

func encodeCodes(used map[rune]bool, code map[rune]int) []byte {
	runes := sortedRunes(used)
	b := binary.AppendUvarint(nil, uint64(len(runes)))
	before := rune(0)
	for i, r := range runes {
		code[r] = i + 1
		b = binary.AppendUvarint(b, uint64(r-before))
		before = r
	}
	return b
}

func encodeClasses(uses, value map[Entry]int) []byte {
	classes := sortedKeys(uses, func(x, y Entry) int {
		return compareAll(uses[y]-uses[x], x.Freq-y.Freq, bytes.Compare([]byte(x.POS), []byte(y.POS)))
	})
	parts := map[string]bool{}
	for _, c := range classes {
		parts[c.POS] = true
	}
	speech := sortedKeys(parts, strings.Compare)
	b := binary.AppendUvarint(nil, uint64(len(speech)))
	for _, pos := range speech {
		b = binary.AppendUvarint(b, uint64(len(pos)))
		b = append(b, pos...)
	}
	b = binary.AppendUvarint(b, uint64(len(classes)))
	for i, c := range classes {
		value[c] = i + 1
		k, _ := slices.BinarySearch(speech, c.POS)
		b = binary.AppendUvarint(b, uint64(c.Freq))
		b = binary.AppendUvarint(b, uint64(k))
	}
	return b
}

func encodeBlock(root *letters, code map[rune]int, value map[Entry]int) []byte {
	var counts, labels, values []byte
	for queue := []*letters{root}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		counts = binary.AppendUvarint(counts, uint64(len(at.children)))
		v := 0
		if at.entry != nil {
			v = value[*at.entry]
		}
		values = binary.AppendUvarint(values, uint64(v))
		elder := 0
		for _, r := range sortedRunes(at.children) {
			labels = binary.AppendUvarint(labels, uint64(code[r]-elder))
			elder = code[r]
			queue = append(queue, at.children[r])
		}
	}
	return slices.Concat(counts, labels, values)
}

func sortedRunes[V any](m map[rune]V) []rune {
	return sortedKeys(m, func(a, b rune) int { return int(a - b) })
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
