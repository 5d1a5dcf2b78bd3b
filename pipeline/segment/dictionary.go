package segment

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"sync"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
)

// A Dictionary is the word list of the segmenter as a read-only trie over
// characters: small, quick to load, safe for many goroutines.
//
// Words are stored as gse compares them, with Latin letters A–Z in lower case.
type Dictionary struct {
	codes  map[rune]uint16 // characters beyond the basic plane
	basic  []uint16        // character of the basic plane → code, 0 when no word has it
	runes  []rune          // code-1 → character
	labels []uint16        // node → code of its character; siblings stand together, sorted
	first  []uint32        // node → its first child; the children end where those of the next node begin
	values []uint16        // node → 1 + class of the word that ends here, 0 when none does
	roots  []uint32        // code → node of the first character, 0 when no word begins with it
	class  []class
	words  int
	total  int
}

// A class is what many words share.
type class struct {
	freq int
	pos  string
}

// The file dictionary.zst holds one zstd frame of
//
//	magic     "longmai dictionary 1\n"
//	runes     count, then each character as the difference to the one before, sorted
//	classes   count, then frequency, length of the part of speech and its bytes
//	nodes     count, then for every node, level by level, the number of its children
//	labels    for every node but the root, the code of its character, as the difference to its elder sibling
//	values    for every node, 1 + class of the word that ends there, 0 when none does
//
// with all numbers as unsigned varints. The list is the union of the simplified
// and the traditional Chinese dictionary of gse 0.80.3 (data/dict/zh, Apache-2.0,
// in large part from jieba, MIT), reduced to what gse makes of it: Latin letters in lower case, the
// first entry of a word counts, single characters have frequency 2.
//
// UPDATE=1 go test ./pipeline/segment -run TestDictionaryIsThatOfGse
// writes the file anew from the gse module.
//
//go:embed dictionary.zst
var dictionaryFile []byte

const magic = "longmai dictionary 1\n"

// Words returns the dictionary, which is loaded at the first call.
func Words() (*Dictionary, error) { return loadWords() }

var loadWords = sync.OnceValues(func() (*Dictionary, error) { return readDictionary(dictionaryFile) })

// Len returns the number of words.
func (d *Dictionary) Len() int { return d.words }

// Total returns the sum of all frequencies.
func (d *Dictionary) Total() int { return d.total }

// Prefixes calls yield for every word that stands in text at byte at, shorter
// words first, with the byte behind its end, its frequency and its part of
// speech ("" when the list has none).
func (d *Dictionary) Prefixes(text string, at int, yield func(end, freq int, pos string)) {
	d.walk(text, at, func(node uint32, end int) {
		c := d.class[d.values[node]-1]
		yield(end, c.freq, c.pos)
	})
}

// Contains reports whether word is in the dictionary.
func (d *Dictionary) Contains(word string) bool {
	_, _, ok := d.Lookup(word)
	return ok
}

// Lookup returns the frequency and part of speech of word.
func (d *Dictionary) Lookup(word string) (freq int, pos string, ok bool) {
	d.Prefixes(word, 0, func(end, f int, p string) {
		if end == len(word) {
			freq, pos, ok = f, p, true
		}
	})
	return freq, pos, ok
}

// All yields the words in the order of their characters, with frequency and
// part of speech.
func (d *Dictionary) All() iter.Seq2[string, Entry] {
	return func(yield func(string, Entry) bool) {
		d.all(0, nil, yield)
	}
}

// An Entry is what the dictionary says of a word.
type Entry struct {
	Freq int
	POS  string
}

func (d *Dictionary) all(node uint32, prefix []byte, yield func(string, Entry) bool) bool {
	if v := d.values[node]; v != 0 {
		c := d.class[v-1]
		if !yield(string(prefix), Entry{c.freq, c.pos}) {
			return false
		}
	}
	for n := d.first[node]; n < d.first[node+1]; n++ {
		if !d.all(n, utf8.AppendRune(prefix, d.runes[d.labels[n]-1]), yield) {
			return false
		}
	}
	return true
}

// walk calls yield with the node and the end of every word that stands in text
// at byte at.
func (d *Dictionary) walk(text string, at int, yield func(node uint32, end int)) {
	node := uint32(0)
	for i := at; i < len(text); {
		r, w := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, w = utf8.DecodeRuneInString(text[i:])
		} else if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		code := d.code(r)
		if code == 0 {
			return
		}
		if node == 0 {
			node = d.roots[code]
		} else {
			node = d.child(node, code)
		}
		if node == 0 {
			return
		}
		i += w
		if d.values[node] != 0 {
			yield(node, i)
		}
	}
}

func (d *Dictionary) code(r rune) uint16 {
	if int(r) < len(d.basic) {
		return d.basic[r]
	}
	return d.codes[r]
}

func (d *Dictionary) child(node uint32, code uint16) uint32 {
	lo, hi := d.first[node], d.first[node+1]
	for lo < hi {
		m := (lo + hi) / 2
		switch l := d.labels[m]; {
		case l == code:
			return m
		case l < code:
			lo = m + 1
		default:
			hi = m
		}
	}
	return 0
}

var errCutOff = errors.New("dictionary: cut off or broken")

// numbers reads unsigned varints; past the end it reads 0 and remembers.
type numbers struct {
	b   []byte
	err error
}

func (n *numbers) next() uint64 {
	if len(n.b) > 0 && n.b[0] < 0x80 {
		v := n.b[0]
		n.b = n.b[1:]
		return uint64(v)
	}
	v, w := binary.Uvarint(n.b)
	if w <= 0 {
		n.err = errCutOff
		n.b = nil
		return 0
	}
	n.b = n.b[w:]
	return v
}

// fill reads len(dst) numbers of 16 bits: next for many, without a call for each.
func (n *numbers) fill(dst []uint16) {
	b := n.b
	for i := range dst {
		v, shift := uint32(0), 0
		for {
			if len(b) == 0 || shift > 14 {
				n.err, n.b = errCutOff, nil
				return
			}
			c := b[0]
			b = b[1:]
			v |= uint32(c&0x7f) << shift
			if c < 0x80 {
				break
			}
			shift += 7
		}
		dst[i] = uint16(v)
	}
	n.b = b
}

// count reads how many records of at least one byte follow.
func (n *numbers) count() int {
	v := n.next()
	if v > uint64(len(n.b)) {
		n.err = errCutOff
		return 0
	}
	return int(v)
}

func readDictionary(file []byte) (*Dictionary, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
	if err != nil {
		return nil, fmt.Errorf("dictionary: %w", err)
	}
	defer z.Close()
	raw, err := z.DecodeAll(file, nil)
	if err != nil {
		return nil, fmt.Errorf("dictionary: %w", err)
	}
	body, ok := bytes.CutPrefix(raw, []byte(magic))
	if !ok {
		return nil, fmt.Errorf("dictionary: begins with %.21q, want %q", raw, magic)
	}
	n := &numbers{b: body}
	d := &Dictionary{codes: map[rune]uint16{}, basic: make([]uint16, 1<<16)}
	d.readRunes(n)
	d.readClasses(n)
	d.readNodes(n)
	if n.err == nil && len(n.b) != 0 {
		n.err = errCutOff
	}
	return d, n.err
}

func (d *Dictionary) readRunes(n *numbers) {
	d.runes = make([]rune, n.count())
	r := rune(0)
	for i := range d.runes {
		r += rune(n.next() & 0x1fffff)
		d.runes[i] = r
		if r >= 0 && int(r) < len(d.basic) {
			d.basic[r] = uint16(i + 1)
		} else {
			d.codes[r] = uint16(i + 1)
		}
	}
}

func (d *Dictionary) readClasses(n *numbers) {
	d.class = make([]class, n.count())
	names := map[string]string{}
	for i := range d.class {
		freq := int(n.next())
		k := n.count()
		pos, ok := names[string(n.b[:k])]
		if !ok {
			pos = string(n.b[:k])
			names[pos] = pos
		}
		n.b = n.b[k:]
		d.class[i] = class{freq, pos}
	}
}

func (d *Dictionary) readNodes(n *numbers) {
	nodes := n.count()
	if n.err != nil || nodes == 0 {
		n.err = errCutOff
		return
	}
	counts := make([]uint16, nodes)
	d.labels = make([]uint16, nodes)
	d.values = make([]uint16, nodes)
	n.fill(counts)
	n.fill(d.labels[1:])
	n.fill(d.values)
	d.first = make([]uint32, nodes+1)
	at := 1
	for i, k := range counts {
		d.first[i] = uint32(at)
		at += int(k)
		if at > nodes {
			n.err = errCutOff
			return
		}
		code := 0
		for c := at - int(k); c < at; c++ {
			code += int(d.labels[c])
			if code == 0 || code > len(d.runes) {
				n.err = errCutOff
				return
			}
			d.labels[c] = uint16(code)
		}
	}
	d.first[nodes] = uint32(at)
	if at != nodes {
		n.err = errCutOff
		return
	}
	for _, v := range d.values {
		if int(v) > len(d.class) {
			n.err = errCutOff
			return
		}
		if v != 0 {
			d.words++
			d.total += d.class[v-1].freq
		}
	}
	d.roots = make([]uint32, len(d.runes)+1)
	for c := d.first[0]; c < d.first[1]; c++ {
		d.roots[d.labels[c]] = c
	}
}
