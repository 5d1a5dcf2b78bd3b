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
// Entries stand by ascending key, each as the difference to the key before it
// (uvarint) and its weights. A weight w is one byte: the sign of w and
// 127·√(|w|/max), rounded. Linear bytes lose several points of quality: most weights are small.
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

// compand returns the weights that the bytes stand for.
func compand(largest float64) (lut [256]int32) {
	for b := range lut {
		q := float64(int8(b))
		lut[b] = int32(math.Round(math.Copysign(q*q/(127*127)*largest*unit, q)))
	}
	return lut
}

func quantize(w, largest float64) int8 {
	if largest == 0 {
		return 0
	}
	return int8(math.Copysign(math.Round(127*math.Sqrt(math.Abs(w)/largest)), w))
}

// An entry1 is a feature of stage 1 with its four weights.
type entry1 struct {
	key uint64
	w   [4]int8
}

type stage1 struct {
	trans   [4][4]int32 // from, to
	entries []entry1
	table   table // the weights of a feature, a byte each, that of B lowest
	lut     [256]int32
}

// An entry2 is a feature of stage 2 with the weights that it has.
type entry2 struct {
	key     uint64
	class   int // 0 for the features that fire most, then 1, 2
	weights []labelWeight
}

// classSizes are how many features are of class 0 and 1. Features stand in the
// file by class, so that the rows that are asked for most lie close together in memory.
var classSizes = [2]int{6_000, 30_000}

type labelWeight struct {
	label uint8
	w     int8
}

type stage2 struct {
	trans    []int32   // from·labels+to; forbidden where the labels cannot follow each other
	into     []int32   // to·labels+from
	prob     []float64 // exp of trans
	probInto []float64 // exp of into
	table    table     // the row of a feature
	groups   []group   // of sparse rows
	dense    []uint64  // dense rows, words long each
	words    int
	lanes    lanes
	rows     []byte // the entries as the file has them
	lut      [256]int32
	labels   int

	// Transitions between gates: see lattice.go.
	gates int
	cost  []int32   // entrance·gates+exit
	enter []float64 // the same, as probabilities
	leave []float64 // exit·gates+entrance
}

// A row of the table is the number of the first group of a feature, shifted by
// groupBits, and how many they are, or the number of its dense row and denseRow.
//
// A group is four pairs of label and weight, a byte each, the first pair lowest.
// Where a feature has fewer, pairs of weight 0 fill the group. Four at a time
// take half as long as one after the other.
type group uint64

const (
	groupBits = 6 // enough for the groups of all labels of maxTypes types
	groupMask = 1<<groupBits - 1
	denseRow  = groupMask
)

// A dense row has a weight for every label, as many to a word as lanes says, so
// that one addition adds them all. Most features have few weights, but those
// that fire most have nearly all. A row is dense when it has more weights than
// two in five words: with seven types, when it does not fit one group.
type lanes struct {
	per   int // weights to a word
	width int // bits of a weight
	bias  uint64
}

// block is how many words of rows are added up at a time. Rows fill blocks.
const block = 5

// lanesFor returns lanes that hold the sum of the weights of all features of a
// character, or of 32 bits where less will not do.
func lanesFor(largest float64) lanes {
	l := lanes{per: 3, width: 21}
	if (largest*unit+1)*(maxFeatures2+strong) >= 1<<20 {
		l = lanes{per: 2, width: 32}
	}
	for k := range l.per {
		l.bias |= 1 << (l.width*(k+1) - 1)
	}
	return l
}

// pack adds w to lane k of a word.
func (l lanes) pack(word *uint64, k int, w int32) { *word += uint64(int64(w)) << (l.width * k) }

// unpack adds the lanes of words to out, as far as it goes.
func (l lanes) unpack(words [block]uint64, out []int32) {
	half := int64(1) << (l.width - 1)
	mask := uint64(1)<<l.width - 1
	for j, w := range words {
		w += l.bias
		for k := range l.per {
			at := j*l.per + k
			if at >= len(out) {
				return
			}
			out[at] += int32(int64(w&mask) - half)
			w >>= l.width
		}
	}
}

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
	m.legal = m.header.legal(0)
	m.info = Info{Types: m.header.Types}
	for _, s := range m.header.Schemes {
		m.info.Schemes = append(m.info.Schemes, s.Name)
	}
	m.pool = &sync.Pool{New: func() any { return new(decoder) }}
}

func (s *stage2) transpose() {
	s.into = make([]int32, len(s.trans))
	s.prob, s.probInto = make([]float64, len(s.trans)), make([]float64, len(s.trans))
	for i, t := range s.trans {
		j := i%s.labels*s.labels + i/s.labels
		s.into[j] = t
		if t > forbidden {
			s.prob[i] = math.Exp(float64(t) / unit)
			s.probInto[j] = s.prob[i]
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
	last := uint64(0)
	for _, e := range s.entries {
		b = binary.AppendUvarint(b, e.key-last)
		last = e.key
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
	last := uint64(0)
	for i := range s.entries {
		last += r.uvarint()
		if last>>keyBits != 0 {
			return errors.New("stage 1: key out of range")
		}
		e := &s.entries[i]
		e.key = last
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
	s.table = newTable(0, len(s.entries))
	for _, e := range s.entries {
		w := uint32(uint8(e.w[0])) | uint32(uint8(e.w[1]))<<8 | uint32(uint8(e.w[2]))<<16 | uint32(uint8(e.w[3]))<<24
		if w == 0 {
			continue
		}
		if err := s.table.put(e.key, w, false); err != nil {
			return err
		}
	}
	return nil
}

// appendEntries2 writes entries, which must stand by class and ascending key.
// A key that is not above the one before it begins a class: it is written whole, behind a 0.
func appendEntries2(b []byte, entries []entry2) []byte {
	last, class := uint64(0), 0
	for _, e := range entries {
		for ; class < e.class; class++ {
			b = append(b, 0)
			last = 0
		}
		b = binary.AppendUvarint(b, e.key-last+1)
		last = e.key
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
	b = binary.AppendUvarint(b, uint64(s.table.count()))
	b = binary.AppendUvarint(b, uint64(len(s.rows)))
	return append(b, s.rows...)
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
	s.rows = r.bytes(r.count(r.left()))
	if r.err != nil {
		return r.err
	}
	return s.fill(n, largest)
}

// fill checks the n rows and builds the table that points to them. The weights
// of the rows are in units of the largest.
func (s *stage2) fill(n int, largest float64) error {
	s.lut, s.lanes = compand(largest), lanesFor(largest)
	s.words = (s.labels + s.lanes.per - 1) / s.lanes.per
	s.words += (block - s.words%block) % block
	s.table = newTable(min(n, classSizes[0]), n)
	s.groups = make([]group, 0, n)
	r := reader{b: s.rows}
	last, class := uint64(0), 0
	for range n {
		step := r.uvarint()
		for step == 0 && r.err == nil { // the next class
			last, step = 0, r.uvarint()
			class++
		}
		last += step - 1
		if last>>keyBits != 0 {
			return cmp.Or(r.err, errors.New("stage 2: key out of range"))
		}
		pairs := r.bytes(2 * int(r.byte()))
		if r.err != nil {
			return r.err
		}
		row, err := s.group(pairs)
		if err != nil {
			return err
		}
		if err := s.table.put(last, row, class == 0); err != nil {
			return err
		}
	}
	if r.left() != 0 {
		return errors.New("stage 2: bytes behind the last entry")
	}
	return nil
}

// group appends pairs of label and weight as groups, and returns how a slot points to them.
func (s *stage2) group(pairs []byte) (row uint32, err error) {
	if len(pairs) == 0 || len(pairs) > 2*s.labels {
		return 0, errors.New("stage 2: entry without weights, or with too many")
	}
	if len(pairs)/2 > s.words*2/5 {
		return s.wide(pairs)
	}
	row = uint32(len(s.groups)) << groupBits
	for len(pairs) > 0 {
		var g group
		for k := 0; k < 8 && len(pairs) > 0; k += 2 {
			if int(pairs[0]) >= s.labels {
				return 0, errors.New("stage 2: label out of range")
			}
			g |= group(pairs[0])<<(8*k) | group(pairs[1])<<(8*k+8)
			pairs = pairs[2:]
		}
		s.groups = append(s.groups, g)
		row++
	}
	return row, nil
}

// wide appends pairs as a dense row.
func (s *stage2) wide(pairs []byte) (row uint32, err error) {
	at := len(s.dense)
	s.dense = append(s.dense, make([]uint64, s.words)...)
	for ; len(pairs) > 0; pairs = pairs[2:] {
		l := int(pairs[0])
		if l >= s.labels {
			return 0, errors.New("stage 2: label out of range")
		}
		s.lanes.pack(&s.dense[at+l/s.lanes.per], l%s.lanes.per, s.lut[pairs[1]])
	}
	return uint32(at/s.words)<<groupBits | denseRow, nil
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
