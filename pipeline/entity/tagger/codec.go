package tagger

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"sync"
)

// A model file is
//
//	magic, 8 bytes
//	CRC-32C of all that follows, 4 bytes little endian
//	header: length as uvarint, JSON
//	lexicon
//	stage 1: transitions, entries
//	stage 2: transitions, entries
//
// Entries stand by class (keyWriter), then by ascending key, each as the
// difference to the key before it (uvarint) and its weights. A weight w is one byte: in stage 1 the sign of w and
// 127·√(|w|/max), rounded, because most weights are small and linear bytes would
// lose several points of quality; in stage 2, where max is small enough, 127·w/max.
const magic = "LMTAG\x00\x01\n"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A header is the part of a model that people may read.
type header struct {
	Templates int      `json:"templates"`
	Types     []string `json:"types"`
	Schemes   []scheme `json:"schemes"`
	Max1      float64  `json:"max1"` // largest weight of stage 1
	Max2      float64  `json:"max2"`
	Seed      uint64   `json:"seed"`
	Data      []string `json:"data,omitempty"` // hashes of what it was trained on
}

// A scheme is a way to annotate: which types it has. What counts as a mention differs too.
type scheme struct {
	Name  string   `json:"name"`
	Types []string `json:"types"`
}

const maxTypes = 60

func (h *header) labels() int { return 1 + 4*len(h.Types) }

// legal returns which labels scheme i has.
func (h *header) legal(i int) []bool {
	ok := make([]bool, h.labels())
	ok[0] = true
	for t, name := range h.Types {
		if slices.Contains(h.Schemes[i].Types, name) {
			for k := range 4 {
				ok[1+4*t+k] = true
			}
		}
	}
	return ok
}

func (h *header) check() error {
	switch {
	case h.Templates != templatesVersion:
		return fmt.Errorf("model of templates %d, want %d: train it again", h.Templates, templatesVersion)
	case len(h.Types) == 0 || len(h.Types) > maxTypes:
		return fmt.Errorf("model of %d types, want 1 to %d", len(h.Types), maxTypes)
	case len(h.Schemes) == 0:
		return errors.New("model without annotation schemes")
	case !(h.Max1 >= 0 && h.Max1 < 1e4 && h.Max2 >= 0 && h.Max2 < 1e4):
		return errors.New("model weights out of range")
	}
	return nil
}

func schemeSeed(name string) uint64 {
	h := uint64(len(name))
	for i := range len(name) {
		h = mix(h ^ uint64(name[i]))
	}
	return h | 1
}

// Scores are sums of weights in units of 1/unit.
const unit = 1 << 12

// compand returns the weights of stage 1 that the bytes stand for.
func compand(largest float64) (lut [256]int32) {
	for b := range lut {
		q := float64(int8(b))
		lut[b] = int32(math.Round(math.Copysign(q*q/(127*127)*largest*unit, q)))
	}
	return lut
}

// quantize returns the byte of a weight of stage 1.
func quantize(w, largest float64) int8 {
	if largest == 0 {
		return 0
	}
	return int8(math.Copysign(math.Round(127*math.Sqrt(math.Abs(w)/largest)), w))
}

// An entry1 is a feature of stage 1 with its four weights.
type entry1 struct {
	key   uint64
	class int // 0 for the groups that fire most, then 1, 2
	w     [4]int8
}

type stage1 struct {
	trans   [4][4]int32 // from, to
	entries []entry1
	table   table
	weights []uint32 // of features: a byte for each label, that of B lowest
	lut     [256]int32
}

// An entry2 is a feature of stage 2 with the weights that it has.
type entry2 struct {
	key     uint64
	class   int // 0 for the groups that fire most, then 1, 2
	weights []labelWeight
}

// classSizes are how many groups are of class 0 and 1, at the most. Features
// stand in the file by class, so that the rows that are asked for most lie close
// together in memory.
var classSizes = [coldClass]int{3_000, 15_000}

const coldClass = 2

type labelWeight struct {
	label uint8
	w     int8
}

type stage2 struct {
	trans   []int32   // from·labels+to; forbidden where the labels cannot follow each other
	into    []int32   // to·labels+from
	prob    []float64 // exp of trans
	table   table
	rows    []uint64 // of features, one after the other
	blocks  int      // in a row
	step    int64    // what a weight of 1 in a row adds to a score, in 1/65536
	entries []byte   // as the file has them
	n       int      // of entries
	labels  int

	// Transitions between gates: see lattice.go.
	gates int
	cost  []int32   // entrance·gates+exit
	enter []float64 // exit·gates+entrance, as probabilities
	usual []float64 // entrance: the mean over all exits but that of label 0
}

// A row has a byte for every label: its weight in steps of the largest weight
// by 127, plus bias, eight to a word. Half a cache line holds seven types, and a
// handful of additions adds up eight labels.
const (
	block   = 4 // words that are added up at a time; rows fill blocks
	perWord = 8
	bias    = 128
)

const forbidden = math.MinInt32 / 4

// Load reads a model file. The model keeps and reads data: do not change it.
func Load(data []byte) (*Model, error) {
	m, err := load(data)
	if err != nil {
		return nil, fmt.Errorf("tagger model: %w", err)
	}
	return m, nil
}

func load(data []byte) (*Model, error) {
	if len(data) < len(magic)+4 || string(data[:len(magic)]) != magic {
		return nil, errors.New("no model file of this program")
	}
	body := data[len(magic)+4:]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(data[len(magic):]) {
		return nil, errors.New("checksum differs: the file is damaged")
	}
	r := &reader{b: body}
	m := &Model{}
	if err := json.Unmarshal(r.bytes(r.count(r.left())), &m.header); err != nil {
		return nil, cmp.Or(r.err, err)
	}
	if err := m.header.check(); err != nil {
		return nil, err
	}
	var err error
	if m.lex, err = readLexicon(r); err != nil {
		return nil, err
	}
	if err := m.stage1.read(r); err != nil {
		return nil, err
	}
	if err := m.stage2.read(r, m.header.labels(), m.header.Max2); err != nil {
		return nil, err
	}
	if r.left() != 0 {
		return nil, errors.New("bytes behind the end of the model")
	}
	m.finish()
	sum := sha256.Sum256(data)
	m.info.SHA256, m.info.Size = hex.EncodeToString(sum[:]), len(data)
	return m, nil
}

// finish makes what follows from the parts that were read or trained.
func (m *Model) finish() {
	m.stage1.lut = compand(m.header.Max1)
	m.stage2.transpose()
	m.stage2.cross()
	m.obey(0)
	m.info = Info{Types: m.header.Types}
	for _, s := range m.header.Schemes {
		m.info.Schemes = append(m.info.Schemes, s.Name)
	}
	m.pool = &sync.Pool{New: func() any { return new(decoder) }}
}

// obey makes m read with the labels of scheme i.
func (m *Model) obey(i int) {
	m.legal = m.header.legal(i)
	m.partial = slices.Contains(m.legal, false)
}

func (s *stage2) transpose() {
	s.into = make([]int32, len(s.trans))
	s.prob = make([]float64, len(s.trans))
	for i, t := range s.trans {
		j := i%s.labels*s.labels + i/s.labels
		s.into[j] = t
		if t > forbidden {
			s.prob[i] = math.Exp(float64(t) / unit)
		}
	}
}

// encode returns m as a model file.
func (m *Model) encode() ([]byte, error) {
	h, err := json.Marshal(m.header)
	if err != nil {
		return nil, err
	}
	b := append([]byte(magic), 0, 0, 0, 0)
	b = binary.AppendUvarint(b, uint64(len(h)))
	b = append(b, h...)
	b = m.lex.append(b)
	b = m.stage1.append(b)
	b = m.stage2.append(b)
	binary.LittleEndian.PutUint32(b[len(magic):], crc32.Checksum(b[len(magic)+4:], castagnoli))
	return b, nil
}

const maxEntries = 1 << 23

func (s *stage1) append(b []byte) []byte {
	for _, row := range s.trans {
		for _, t := range row {
			b = binary.AppendVarint(b, int64(t))
		}
	}
	b = binary.AppendUvarint(b, uint64(len(s.entries)))
	var k keyWriter
	for _, e := range s.entries {
		b = k.append(b, e.key, e.class)
		for _, w := range e.w {
			b = append(b, byte(w))
		}
	}
	return b
}

func (s *stage1) read(r *reader) error {
	for i := range s.trans {
		for j := range s.trans[i] {
			s.trans[i][j] = r.weight()
		}
	}
	n := r.count(min(r.left()/5, maxEntries))
	if r.err != nil {
		return r.err
	}
	s.entries = make([]entry1, n)
	var k keyReader
	for i := range s.entries {
		e := &s.entries[i]
		var err error
		if e.key, e.class, err = k.next(r); err != nil {
			return fmt.Errorf("stage 1: %w", err)
		}
		for k, w := range r.bytes(4) {
			e.w[k&3] = int8(w)
		}
	}
	if r.err != nil {
		return r.err
	}
	return s.fill()
}

// errDense is what a table says that no training can have written. Loading must
// not take time that grows with the square of the file.
var errDense = errors.New("keys lie too close together")

// longestSearch is how many slots a search may pass. In honest tables it is a few dozen.
const longestSearch = 4096

func (s *stage1) fill() error {
	groups := 0
	for i, e := range s.entries {
		if i == 0 || e.key&^slotMask != s.entries[i-1].key&^slotMask {
			groups++
		}
	}
	b := builder{table: newTable(groups)}
	for _, e := range s.entries {
		if err := b.add(e.key, e.class < coldClass); err != nil {
			return err
		}
		s.weights = append(s.weights, uint32(uint8(e.w[0]))|uint32(uint8(e.w[1]))<<8|uint32(uint8(e.w[2]))<<16|uint32(uint8(e.w[3]))<<24)
	}
	var err error
	s.table, err = b.done()
	return err
}

// A builder puts groups into a table: their features come one after the other,
// by ascending key.
type builder struct {
	table table
	n     int // features added
	key   uint64
	first int
	slots uint16
	hot   bool
}

// add takes the next feature.
func (b *builder) add(key uint64, hot bool) error {
	if k := key &^ slotMask; k != b.key || hot != b.hot {
		if err := b.put(); err != nil {
			return err
		}
		b.key, b.first, b.slots, b.hot = k, b.n, 0, hot
	}
	slot := uint16(1) << (key & slotMask)
	if b.slots >= slot {
		return errDense
	}
	b.slots |= slot
	b.n++
	return nil
}

func (b *builder) put() error {
	if b.slots == 0 {
		return nil
	}
	return b.table.put(b.key, newGroup(b.first, b.slots), b.hot)
}

func (b *builder) done() (table, error) {
	err := b.put()
	return b.table, err
}

// A keyWriter writes keys, which come by class and ascending within one, each as
// the difference to the one before it, plus 1; a 0 begins the next class.
type keyWriter struct {
	last  uint64
	class int
}

func (w *keyWriter) append(b []byte, key uint64, class int) []byte {
	for ; w.class < class; w.class++ {
		b = append(b, 0)
		w.last = 0
	}
	b = binary.AppendUvarint(b, key-w.last+1)
	w.last = key
	return b
}

// A keyReader reads what a keyWriter wrote.
type keyReader struct {
	last  uint64
	class int
}

func (k *keyReader) next(r *reader) (key uint64, class int, err error) {
	step := r.uvarint()
	for step == 0 && r.err == nil {
		k.last, step = 0, r.uvarint()
		k.class++
	}
	k.last += step - 1
	if r.err == nil && k.last>>keyBits != 0 {
		return 0, 0, errors.New("key out of range")
	}
	return k.last, k.class, r.err
}

// appendEntries2 writes entries, which must stand by class and ascending key.
func appendEntries2(b []byte, entries []entry2) []byte {
	var k keyWriter
	for _, e := range entries {
		b = k.append(b, e.key, e.class)
		b = append(b, byte(len(e.weights)))
		for _, w := range e.weights {
			b = append(b, w.label, byte(w.w))
		}
	}
	return b
}

func (s *stage2) append(b []byte) []byte {
	for i, t := range s.trans {
		if follows(i/s.labels, i%s.labels) {
			b = binary.AppendVarint(b, int64(t))
		}
	}
	b = binary.AppendUvarint(b, uint64(s.n))
	b = binary.AppendUvarint(b, uint64(len(s.entries)))
	return append(b, s.entries...)
}

func (s *stage2) read(r *reader, labels int, largest float64) error {
	s.labels = labels
	s.trans = make([]int32, labels*labels)
	for i := range s.trans {
		s.trans[i] = forbidden
		if follows(i/labels, i%labels) {
			s.trans[i] = r.weight()
		}
	}
	n := r.count(min(r.left()/2, maxEntries))
	s.entries = r.bytes(r.count(r.left()))
	if r.err != nil {
		return r.err
	}
	return s.fill(n, largest)
}

// fill checks the n entries and builds their rows and the table that points to
// them. Their weights are in steps.
func (s *stage2) fill(n int, largest float64) error {
	s.n = n
	s.blocks = (s.labels + block*perWord - 1) / (block * perWord)
	s.step = int64(math.Round(largest * unit / 127 * (1 << 16)))
	groups, last := 0, uint64(noKey)
	if err := s.each(func(key uint64, _ int, _ []byte) error {
		if k := key &^ slotMask; k != last {
			last = k
			groups++
		}
		return nil
	}); err != nil {
		return err
	}
	b := builder{table: newTable(groups)}
	s.rows = make([]uint64, 0, n*s.blocks*block)
	if err := s.each(func(key uint64, class int, pairs []byte) error {
		if err := b.add(key, class < coldClass); err != nil {
			return err
		}
		return s.addRow(pairs)
	}); err != nil {
		return err
	}
	var err error
	s.table, err = b.done()
	return err
}

const noKey = 1<<64 - 1

// each calls yield with the entries.
func (s *stage2) each(yield func(key uint64, class int, pairs []byte) error) error {
	r := reader{b: s.entries}
	var k keyReader
	for range s.n {
		key, class, err := k.next(&r)
		if err != nil {
			return fmt.Errorf("stage 2: %w", err)
		}
		pairs := r.bytes(2 * int(r.byte()))
		if r.err != nil {
			return r.err
		}
		if err := yield(key, class, pairs); err != nil {
			return err
		}
	}
	if r.left() != 0 {
		return errors.New("stage 2: bytes behind the last entry")
	}
	return nil
}

// addRow appends the row of pairs of label and weight.
func (s *stage2) addRow(pairs []byte) error {
	if len(pairs) == 0 || len(pairs) > 2*s.labels {
		return errors.New("stage 2: entry without weights, or with too many")
	}
	at := len(s.rows)
	for range s.blocks * block {
		s.rows = append(s.rows, bias*(1<<64-1)/255)
	}
	for ; len(pairs) > 0; pairs = pairs[2:] {
		l := int(pairs[0])
		if l >= s.labels {
			return errors.New("stage 2: label out of range")
		}
		word, shift := &s.rows[at+l/perWord], l%perWord*8
		*word += uint64(pairs[1]^bias)<<shift - bias<<shift
	}
	return nil
}

// A reader takes a model apart. After the first error it yields zeros.
type reader struct {
	b   []byte
	pos int
	err error
}

func (r *reader) left() int { return len(r.b) - r.pos }

func (r *reader) fail() {
	if r.err == nil {
		r.err = errShort
	}
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b[r.pos:])
	if r.err != nil || n <= 0 {
		r.fail()
		return 0
	}
	r.pos += n
	return v
}

// weight reads a transition.
func (r *reader) weight() int32 {
	v, n := binary.Varint(r.b[r.pos:])
	if r.err != nil || n <= 0 || v > 1e3*unit || v < -1e3*unit {
		r.fail()
		return 0
	}
	r.pos += n
	return int32(v)
}

// count reads a number of at most limit.
func (r *reader) count(limit int) int {
	v := r.uvarint()
	if v > uint64(max(limit, 0)) {
		r.fail()
		return 0
	}
	return int(v)
}

func (r *reader) byte() byte {
	if r.err != nil || r.left() < 1 {
		r.fail()
		return 0
	}
	r.pos++
	return r.b[r.pos-1]
}

func (r *reader) uint16() uint16 {
	if b := r.bytes(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (r *reader) bytes(n int) []byte {
	if r.err != nil || n > r.left() {
		r.fail()
		return nil
	}
	r.pos += n
	return r.b[r.pos-n : r.pos : r.pos]
}
