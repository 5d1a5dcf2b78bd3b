package segment

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
)

// A Dictionary is the word list of the segmenter as a read-only trie over
// characters: small, quick to load, safe for many goroutines.
//
// Words are stored as gse compares them, with Latin letters A–Z in lower case.
//
// The words lie in blocks by their first character, and a block is read when a
// text first has such a character: a query needs two or three of some hundred.
// A dictionary from [Words] that turns out to be broken there panics, which a
// test excludes.
type Dictionary struct {
	beyond  map[rune]uint16 // characters beyond the basic plane
	basic   []uint16        // character of the basic plane → code, 0 when no word has it
	runes   []rune          // code-1 → character
	speech  []string        // parts of speech
	class   []class
	words   int
	total   int
	nodes   int
	blocks  []block
	blockOf []uint16 // code → 1 + block of the words that begin with it, 0 when none does
	zstd    *zstd.Decoder
}

// A class is what many words share.
type class struct {
	freq uint32
	pos  uint16 // in speech
}

// A block has the words that begin with some neighbouring characters.
type block struct {
	from  uint16 // code of the first of the characters
	nodes int
	base  uint32 // the nodes of all blocks before
	file  []byte

	once sync.Once
	trie atomic.Pointer[trie] // nil until it is read
}

// A trie is what a block says. Its node 0 is above the first characters.
type trie struct {
	labels []uint16 // node → code of its character; siblings stand together, sorted
	first  []uint32 // node → its first child; the children end where those of the next node begin
	values []uint16 // node → 1 + class of the word that ends here, 0 when none does

	// The same to be looked up in:
	heads []step // from the root, by the code of the character behind that of the block
	steps []step // by parent and character: a hash table, at most two thirds full
	shift uint8  // of hashes of it
}

// The file dictionary.zst holds
//
//	magic     "longmai dictionary 2\n"
//	frames    count, then the length of each
//
// and the frames of zstd one behind the other. The first holds
//
//	runes     count, then each character as the difference to the one before, sorted
//	speech    parts of speech: count, then length and bytes
//	classes   count, then frequency and number of the part of speech
//	words     count, sum of their frequencies
//	blocks    for each of the other frames, the code of the first character that words
//	          in it begin with, as the difference to the one before, and the number of nodes
//
// and each of the others a block,
//
//	nodes     for every node, level by level, the number of its children
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

const magic = "longmai dictionary 2\n"

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
	var p place
	for i := at; i < len(text); {
		r, w := utf8.DecodeRuneInString(text[i:])
		if i == at {
			p, _ = d.first(d.code(r))
		} else {
			p = p.next(d.code(r))
		}
		if p.step == 0 {
			return
		}
		i += w
		if v := p.value(); v != 0 {
			c := d.class[v-1]
			yield(i, int(c.freq), d.speech[c.pos])
		}
	}
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
		for i := range d.blocks {
			if !d.all(d.block(i), 0, nil, yield) {
				return
			}
		}
	}
}

// An Entry is what the dictionary says of a word.
type Entry struct {
	Freq int
	POS  string
}

func (d *Dictionary) all(t *trie, node uint32, prefix []byte, yield func(string, Entry) bool) bool {
	if v := t.values[node]; v != 0 {
		c := d.class[v-1]
		if !yield(string(prefix), Entry{int(c.freq), d.speech[c.pos]}) {
			return false
		}
	}
	for n := t.first[node]; n < t.first[node+1]; n++ {
		if !d.all(t, n, utf8.AppendRune(prefix, d.runes[t.labels[n]-1]), yield) {
			return false
		}
	}
	return true
}

// spell returns the text of characters that have a code.
func (d *Dictionary) spell(chars []char) string {
	var buf [64]byte
	b := buf[:0]
	for _, c := range chars {
		b = utf8.AppendRune(b, d.runes[c.code-1])
	}
	return string(b)
}

// A place is a node of one of the tries.
type place struct {
	t *trie
	step
}

// first returns the place of a first character, and how many nodes the tries
// before its have.
func (d *Dictionary) first(code uint16) (p place, base uint32) {
	i := d.blockOf[code]
	if i == 0 {
		return place{}, 0
	}
	b := &d.blocks[i-1]
	t := b.trie.Load()
	if t == nil {
		t = d.block(int(i - 1))
	}
	if code -= b.from; int(code) < len(t.heads) {
		p = place{t, t.heads[code]}
	}
	return p, b.base
}

// block returns what block i holds, and reads it at the first call.
func (d *Dictionary) block(i int) *trie {
	b := &d.blocks[i]
	if t := b.trie.Load(); t != nil {
		return t
	}
	b.once.Do(func() {
		t, err := d.readBlock(b)
		if err != nil {
			panic(err)
		}
		b.trie.Store(t)
	})
	return b.trie.Load()
}

// code returns the code of a character, for A–Z that of the small letter, and 0
// for one that is in no word.
func (d *Dictionary) code(r rune) uint16 {
	if 'A' <= r && r <= 'Z' {
		r += 'a' - 'A'
	}
	if int(r) < len(d.basic) {
		return d.basic[r]
	}
	return d.beyond[r]
}

// A step leads from a node by a character to its child, and says which word ends
// there: parent, code, child and value, 16 bits each. That is all that a look-up
// needs, in one place. It is 0 where nothing leads to.
type step uint64

func newStep(node uint32, code uint16, child uint32, value uint16) step {
	return step(node)<<48 | step(code)<<32 | step(child)<<16 | step(value)
}

// maxNodes is how many nodes a block has at most.
const maxNodes = 1 << 16

func (s step) node() uint32  { return uint32(s>>16) & (maxNodes - 1) }
func (s step) value() uint16 { return uint16(s) }

// next returns the step from a place by a character.
func (p place) next(code uint16) place {
	key := p.step>>16&(maxNodes-1)<<16 | step(code)
	for i := p.t.slot(key); ; i++ {
		s := p.t.steps[i&uint32(len(p.t.steps)-1)]
		if s>>32 == key || s == 0 {
			return place{p.t, s}
		}
	}
}

// slot returns where in the table the search for a step begins.
func (t *trie) slot(key step) uint32 { return uint32(key) * 0x9e3779b1 >> t.shift }

// index makes the tables of steps of a block whose first character has a code.
func (t *trie) index(from uint16) {
	size := 2
	for t.shift = 31; size < len(t.labels)*3/2; t.shift-- {
		size *= 2
	}
	t.steps = make([]step, size)
	for node := range uint32(len(t.labels)) {
		for child := t.first[node]; child < t.first[node+1]; child++ {
			s := newStep(node, t.labels[child], child, t.values[child])
			if node == 0 {
				t.heads = append(t.heads, make([]step, int(t.labels[child]-from)-len(t.heads))...)
				t.heads = append(t.heads, s)
				continue
			}
			i := t.slot(s >> 32)
			for t.steps[i] != 0 {
				i = (i + 1) & uint32(size-1)
			}
			t.steps[i] = s
		}
	}
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

// readDictionary reads all but the blocks.
func readDictionary(file []byte) (*Dictionary, error) {
	body, ok := bytes.CutPrefix(file, []byte(magic))
	if !ok {
		return nil, fmt.Errorf("dictionary: begins with %.21q, want %q", file, magic)
	}
	n := &numbers{b: body}
	sizes := make([]uint64, n.count())
	for i := range sizes {
		sizes[i] = n.next()
	}
	frames := make([][]byte, len(sizes))
	for i, k := range sizes {
		if k > uint64(len(n.b)) {
			return nil, errCutOff
		}
		frames[i], n.b = n.b[:k:k], n.b[k:]
	}
	if n.err != nil || len(n.b) != 0 || len(frames) == 0 {
		return nil, errCutOff
	}
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
	if err != nil {
		return nil, fmt.Errorf("dictionary: %w", err)
	}
	d := &Dictionary{beyond: map[rune]uint16{}, basic: make([]uint16, 1<<16), zstd: z}
	raw, err := z.DecodeAll(frames[0], nil)
	if err != nil {
		return nil, fmt.Errorf("dictionary: %w", err)
	}
	n = &numbers{b: raw}
	d.readRunes(n)
	d.readClasses(n)
	d.words, d.total = int(n.next()), int(n.next())
	d.readBlocks(n, frames[1:])
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
			d.beyond[r] = uint16(i + 1)
		}
	}
}

func (d *Dictionary) readClasses(n *numbers) {
	d.speech = make([]string, n.count())
	for i := range d.speech {
		k := n.count()
		d.speech[i], n.b = string(n.b[:k]), n.b[k:]
	}
	d.class = make([]class, n.count())
	for i := range d.class {
		freq, k := n.next(), n.next()
		if k >= uint64(len(d.speech)) || k > math.MaxUint16 || freq > math.MaxInt32 {
			n.err = errCutOff
			return
		}
		d.class[i] = class{uint32(freq), uint16(k)}
	}
}

// readBlocks reads the list of the blocks, not what they hold.
func (d *Dictionary) readBlocks(n *numbers, frames [][]byte) {
	d.blocks = make([]block, len(frames))
	from := uint64(0)
	for i := range d.blocks {
		b := &d.blocks[i]
		from += n.next()
		nodes := n.next()
		if from == 0 || from > uint64(len(d.runes)) || nodes > maxNodes {
			n.err = errCutOff
			return
		}
		b.from, b.nodes, b.base, b.file = uint16(from), int(nodes), uint32(d.nodes), frames[i]
		d.nodes += b.nodes
	}
	d.blockOf = make([]uint16, len(d.runes)+1)
	for i := range d.blocks {
		end := len(d.blockOf)
		if i+1 < len(d.blocks) {
			end = int(d.blocks[i+1].from)
		}
		for c := int(d.blocks[i].from); c < end; c++ {
			d.blockOf[c] = uint16(i + 1)
		}
	}
}

func (d *Dictionary) readBlock(b *block) (*trie, error) {
	raw, err := d.zstd.DecodeAll(b.file, nil)
	if err != nil {
		return nil, fmt.Errorf("dictionary: %w", err)
	}
	n := &numbers{b: raw}
	t := &trie{labels: make([]uint16, b.nodes), first: make([]uint32, b.nodes+1), values: make([]uint16, b.nodes)}
	counts := make([]uint16, b.nodes)
	n.fill(counts)
	if b.nodes > 0 {
		n.fill(t.labels[1:])
	}
	n.fill(t.values)
	if n.err != nil || len(n.b) != 0 || !t.link(counts, len(d.runes)) {
		return nil, errCutOff
	}
	for _, v := range t.values {
		if int(v) > len(d.class) {
			return nil, errCutOff
		}
	}
	t.index(b.from)
	return t, nil
}

// link finds where the children of each node begin, and makes codes of
// differences. It reports whether they are a trie over so many characters.
func (t *trie) link(counts []uint16, runes int) bool {
	at := 1
	for i, k := range counts {
		t.first[i] = uint32(at)
		at += int(k)
		if at > len(counts) {
			return false
		}
		code := 0
		for c := at - int(k); c < at; c++ {
			code += int(t.labels[c])
			if code == 0 || code > runes {
				return false
			}
			t.labels[c] = uint16(code)
		}
	}
	t.first[len(counts)] = uint32(at)
	return at == len(counts)
}
