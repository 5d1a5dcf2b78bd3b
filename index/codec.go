package index

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"sync"

	"longmai/corpus"
	"longmai/pipeline"

	"github.com/shopspring/decimal"
)

// A stored document is its text and, apart from it, its records: a row of
// sections, each with its length before it, so that a reader takes what it needs:
//
//	way back · article · sentences · times · entities · relations · figures
//
// Everything behind the way back is written field by field in the order of the
// Go types, as the JSON of a document would be five times as large and twenty
// times as slow to read, which decides how fast figures are verified:
//
//	struct    which of its fields are not empty, as bits of a number; these fields
//	list      0 when it is nil, else its length and one; its elements
//	pointer   what it points to, behind a 1
//	number    a varint
//	string    0 when it is empty, 1 for what the text has at the span before, then
//	          the strings of the library's table, then the length; the bytes
//	decimal   0 for the one before it, or sign and length of the coefficient; its
//	          bytes; the exponent
//	float     thousandths: a confidence has no more digits anywhere
//
// Tokens are not stored: the segmenter makes them anew.
//
// A field that is added to a type is stored without a change here, and changes
// layout, which the manifest keeps: a library of another layout is refused, until
// it is annotated anew, which reads it by its own description (layout.go).

// A section of the records.
type section int

const (
	sectionWay section = iota
	sectionArticle
	sectionSentences
	sectionTimes
	sectionEntities
	sectionRelations
	sectionFigures
	sections
)

// encodeRecords appends the stored form of all of d but its text to dst. t may be nil.
func encodeRecords(dst []byte, d *pipeline.Document, t *stringTable) []byte {
	e := encoder{b: dst, text: d.Body(), table: t}
	e.section(func(e *encoder) { e.b = d.Text.AppendWay(e.b) })
	a := *d.Article
	a.Text = corpus.Text{}
	for _, v := range []any{&a, &d.Sentences, &d.Times, &d.Entities, &d.Relations, &d.Figures} {
		e.section(func(e *encoder) { coderOf(reflect.TypeOf(v).Elem()).encode(e, reflect.ValueOf(v).UnsafePointer()) })
	}
	return e.b
}

// errStored is the error of stored bytes that no document was written as.
var errStored = errors.New("stored document: broken")

// A partial is a stored document of which sections are read as they are asked for.
type partial struct {
	*pipeline.Document
	text     string
	table    *stringTable
	sections [sections][]byte
	have     [sections]bool
}

// newPartial cuts records, which have to stay as they are, into sections.
func newPartial(text string, records []byte, t *stringTable) (*partial, error) {
	p := &partial{Document: &pipeline.Document{Article: &corpus.Article{}}, text: text, table: t}
	for i := range p.sections {
		n, w := binary.Uvarint(records)
		if w <= 0 || n > uint64(len(records)-w) {
			return nil, errStored
		}
		p.sections[i] = records[w : w+int(n)]
		records = records[w+int(n):]
	}
	p.Text = corpus.InsertedText(text)
	return p, nil
}

// read reads sections into the document.
func (p *partial) read(ss ...section) error {
	for _, s := range ss {
		if p.have[s] {
			continue
		}
		p.have[s] = true
		if s == sectionWay {
			continue
		}
		to := map[section]any{sectionArticle: p.Article, sectionSentences: &p.Sentences, sectionTimes: &p.Times,
			sectionEntities: &p.Entities, sectionRelations: &p.Relations, sectionFigures: &p.Figures}[s]
		if err := decodeSection(p.sections[s], p.text, p.table, to); err != nil {
			return err
		}
	}
	return nil
}

// decodeDocument reads a whole document.
func decodeDocument(text string, records []byte, t *stringTable) (*pipeline.Document, error) {
	p, err := newPartial(text, records, t)
	if err != nil {
		return nil, err
	}
	if err := p.read(sectionArticle, sectionSentences, sectionTimes, sectionEntities, sectionRelations, sectionFigures); err != nil {
		return nil, err
	}
	p.Text, err = corpus.TextWithWay(text, p.sections[sectionWay])
	return p.Document, err
}

// decodeSection reads one section into the value that v points to.
func decodeSection(b []byte, text string, t *stringTable, v any) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errStored, r)
		}
	}()
	d := decoder{b: b, text: text, table: t}
	to := reflect.ValueOf(v)
	t.coder(to.Type().Elem()).decode(&d, to.UnsafePointer())
	if len(d.b) > 0 {
		return errStored
	}
	return nil
}

// A stringTable gives the strings that records have again and again a number.
type stringTable struct {
	strings []string
	number  map[string]uint64
	older   map[reflect.Type]*coder // of the stored types, when the library was written with others
}

// coder returns what reads one of the stored types.
func (t *stringTable) coder(of reflect.Type) *coder {
	if t != nil && t.older != nil {
		return t.older[of]
	}
	return coderOf(of)
}

func newStringTable(strings []string) *stringTable {
	t := &stringTable{strings: strings, number: make(map[string]uint64, len(strings))}
	for i, s := range strings {
		t.number[s] = uint64(i)
	}
	return t
}

// maxTable is how many strings a table has at most.
const maxTable = 4096

// commonStrings returns the strings in the records of documents that are worth
// a number, those that save most first.
func commonStrings(ds []*pipeline.Document) []string {
	e := encoder{count: map[string]int{}}
	for _, d := range ds {
		e.text, e.b = d.Body(), e.b[:0]
		for _, v := range []any{d.Article, &d.Times, &d.Entities, &d.Relations, &d.Figures} {
			e.last, e.value = pipeline.Span{}, e.value[:0]
			coderOf(reflect.TypeOf(v).Elem()).encode(&e, reflect.ValueOf(v).UnsafePointer())
		}
	}
	var out []string
	for s, n := range e.count {
		if n > 2 && len(s) > 1 && len(s) < 256 {
			out = append(out, strings.Clone(s))
		}
	}
	gain := func(s string) int { return e.count[s] * len(s) }
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(gain(b)-gain(a), strings.Compare(a, b)) })
	return out[:min(len(out), maxTable)]
}

func (t *stringTable) len() uint64 {
	if t == nil {
		return 0
	}
	return uint64(len(t.strings))
}

type encoder struct {
	b     []byte
	text  string
	last  pipeline.Span // the span before
	value []byte        // the decimal before, as it is written
	table *stringTable
	count map[string]int // of strings, when they are counted
}

// span writes the length, and where s starts from where the span before did:
// neighbours are near, and small numbers compress. An empty span has its start as it is.
func (e *encoder) span(s pipeline.Span) {
	e.b = binary.AppendVarint(e.b, int64(s.End-s.Start))
	if s.End == s.Start {
		e.b = binary.AppendVarint(e.b, int64(s.Start))
		return
	}
	e.b = binary.AppendVarint(e.b, int64(s.Start-e.last.Start))
	e.last = s
}

func (e *encoder) section(f func(*encoder)) {
	s := encoderPool.Get().(*encoder)
	s.b, s.value, s.text, s.last, s.table = s.b[:0], s.value[:0], e.text, pipeline.Span{}, e.table
	f(s)
	e.b = binary.AppendUvarint(e.b, uint64(len(s.b)))
	e.b = append(e.b, s.b...)
	s.text, s.table = "", nil
	encoderPool.Put(s)
}

var encoderPool = sync.Pool{New: func() any { return new(encoder) }}

func (e *encoder) string(s string) {
	switch {
	case s == "":
		e.b = append(e.b, 0)
		return
	case s == at(e.text, e.last):
		e.b = append(e.b, 1)
		return
	}
	if e.count != nil {
		e.count[s]++
	}
	if e.table != nil {
		if n, ok := e.table.number[s]; ok {
			e.b = binary.AppendUvarint(e.b, n+2)
			return
		}
	}
	e.b = binary.AppendUvarint(e.b, uint64(len(s))+2+e.table.len())
	e.b = append(e.b, s...)
}

// at returns the text of s, "" when s is no place in it.
func at(text string, s pipeline.Span) string {
	if s.Start < 0 || s.Start >= s.End || s.End > len(text) {
		return ""
	}
	return text[s.Start:s.End]
}

// strings writes a map, in the order of its keys.
func (e *encoder) strings(m map[string]string) {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	e.b = binary.AppendUvarint(e.b, uint64(len(m)))
	for _, k := range keys {
		e.string(k)
		e.string(m[k])
	}
}

func (e *encoder) decimal(d decimal.Decimal) {
	var mag []byte
	sign, from := d.Sign(), len(e.b)
	if d.NumDigits() <= 18 {
		n := d.CoefficientInt64()
		var x [8]byte
		binary.BigEndian.PutUint64(x[:], uint64(max(n, -n)))
		mag = bytes.TrimLeft(x[:], "\x00")
	} else {
		mag = d.Coefficient().Bytes()
	}
	head := uint64(len(mag))*2 + 1
	if sign < 0 {
		head++
	}
	e.b = binary.AppendUvarint(e.b, head)
	e.b = append(e.b, mag...)
	e.b = binary.AppendVarint(e.b, int64(d.Exponent()))
	if bytes.Equal(e.b[from:], e.value) {
		e.b = append(e.b[:from], 0)
		return
	}
	e.value = append(e.value[:0], e.b[from:]...)
}

func b2i(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// decoder reads what encoder wrote; it panics with errStored on anything else.
type decoder struct {
	b     []byte
	text  string
	last  pipeline.Span
	value decimal.NullDecimal // the decimal before
	table *stringTable
}

func (d *decoder) span() pipeline.Span {
	n := int(d.int())
	start := int(d.int())
	if n == 0 {
		return pipeline.Span{Start: start, End: start}
	}
	start += d.last.Start
	d.last = pipeline.Span{Start: start, End: start + n}
	return d.last
}

func (d *decoder) uint() uint64 {
	n, w := binary.Uvarint(d.b)
	if w <= 0 {
		panic("number cut off")
	}
	d.b = d.b[w:]
	return n
}

func (d *decoder) int() int64 {
	n, w := binary.Varint(d.b)
	if w <= 0 {
		panic("number cut off")
	}
	d.b = d.b[w:]
	return n
}

func (d *decoder) bytes(n uint64) []byte {
	if n > uint64(len(d.b)) {
		panic("bytes cut off")
	}
	s := d.b[:n]
	d.b = d.b[n:]
	return s
}

func (d *decoder) string() string {
	switch n := d.uint(); n {
	case 0:
		return ""
	case 1:
		return at(d.text, d.last)
	default:
		if n -= 2; n < d.table.len() {
			return d.table.strings[n]
		}
		return string(d.bytes(n - d.table.len()))
	}
}

func (d *decoder) strings() map[string]string {
	n := d.uint()
	if n > uint64(len(d.b)) {
		panic("map cut off")
	}
	m := make(map[string]string, n)
	for range n {
		k := d.string()
		m[k] = d.string()
	}
	return m
}

func (d *decoder) decimal() decimal.NullDecimal {
	head := d.uint()
	if head == 0 {
		return d.value
	}
	mag := d.bytes((head - 1) / 2)
	exp := d.int()
	if exp < math.MinInt32 || exp > math.MaxInt32 {
		panic("exponent")
	}
	if len(mag) < 8 {
		n := int64(0)
		for _, b := range mag {
			n = n<<8 | int64(b)
		}
		if head%2 == 0 {
			n = -n
		}
		d.value = decimal.NewNullDecimal(decimal.New(n, int32(exp)))
		return d.value
	}
	c := new(big.Int).SetBytes(mag)
	if head%2 == 0 {
		c.Neg(c)
	}
	d.value = decimal.NewNullDecimal(decimal.NewFromBigInt(c, int32(exp)))
	return d.value
}
