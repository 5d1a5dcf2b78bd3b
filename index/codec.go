package index

import (
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
// times as slow to read, which decides how fast figures are verified. Tokens
// are not stored: the segmenter makes them anew.
//
// A field that is added to a type is stored without a change here, and changes
// layout, which the manifest keeps: a library of another layout is refused.

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

// encodeRecords appends the stored form of all of d but its text to dst.
func encodeRecords(dst []byte, d *pipeline.Document) []byte {
	e := encoder{b: dst, text: d.Body()}
	e.section(func(e *encoder) { e.b = d.Text.AppendWay(e.b) })
	a := *d.Article
	a.Text = corpus.Text{}
	for _, v := range []any{a, d.Sentences, d.Times, d.Entities, d.Relations, d.Figures} {
		e.section(func(e *encoder) { e.value(reflect.ValueOf(v)) })
	}
	return e.b
}

// errStored is the error of stored bytes that no document was written as.
var errStored = errors.New("stored document: broken")

// A partial is a stored document of which sections are read as they are asked for.
type partial struct {
	*pipeline.Document
	text     string
	sections [sections][]byte
	have     [sections]bool
}

// newPartial cuts records, which have to stay as they are, into sections.
func newPartial(text string, records []byte) (*partial, error) {
	p := &partial{Document: &pipeline.Document{Article: &corpus.Article{}}, text: text}
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
		if err := decodeSection(p.sections[s], p.text, to); err != nil {
			return err
		}
	}
	return nil
}

// decodeDocument reads a whole document.
func decodeDocument(text string, records []byte) (*pipeline.Document, error) {
	p, err := newPartial(text, records)
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
func decodeSection(b []byte, text string, v any) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errStored, r)
		}
	}()
	d := decoder{b: b, text: text}
	d.value(reflect.ValueOf(v).Elem())
	if len(d.b) > 0 {
		return errStored
	}
	return nil
}

type encoder struct {
	b    []byte
	text string
	last pipeline.Span // the span before
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
	s.b, s.text, s.last = s.b[:0], e.text, pipeline.Span{}
	f(s)
	e.b = binary.AppendUvarint(e.b, uint64(len(s.b)))
	e.b = append(e.b, s.b...)
	s.text = ""
	encoderPool.Put(s)
}

var encoderPool = sync.Pool{New: func() any { return new(encoder) }}

// string writes 0 for the empty string, 1 for what the text has at the span
// before, as most names are, and else the length and two, and the bytes.
func (e *encoder) string(s string) {
	switch {
	case s == "":
		e.b = append(e.b, 0)
	case s == at(e.text, e.last):
		e.b = append(e.b, 1)
	default:
		e.b = binary.AppendUvarint(e.b, uint64(len(s))+2)
		e.b = append(e.b, s...)
	}
}

// at returns the text of s, "" when s is no place in it.
func at(text string, s pipeline.Span) string {
	if s.Start < 0 || s.Start >= s.End || s.End > len(text) {
		return ""
	}
	return text[s.Start:s.End]
}

var (
	decimalType = reflect.TypeFor[decimal.NullDecimal]()
	spanType    = reflect.TypeFor[pipeline.Span]()
	textType    = reflect.TypeFor[corpus.Text]()
)

func (e *encoder) value(v reflect.Value) {
	switch v.Type() {
	case decimalType:
		e.decimal(v.Interface().(decimal.NullDecimal))
		return
	case spanType:
		e.span(v.Interface().(pipeline.Span))
		return
	case textType:
		return
	}
	switch v.Kind() {
	case reflect.String:
		e.string(v.String())
	case reflect.Bool:
		e.b = append(e.b, b2i(v.Bool()))
	case reflect.Int, reflect.Int64, reflect.Int32:
		e.b = binary.AppendVarint(e.b, v.Int())
	case reflect.Float64:
		e.b = binary.LittleEndian.AppendUint64(e.b, math.Float64bits(v.Float()))
	case reflect.Pointer:
		e.b = append(e.b, b2i(!v.IsNil()))
		if !v.IsNil() {
			e.value(v.Elem())
		}
	case reflect.Slice:
		if v.IsNil() {
			e.b = append(e.b, 0)
			return
		}
		e.b = binary.AppendUvarint(e.b, uint64(v.Len())+1)
		for i := range v.Len() {
			e.value(v.Index(i))
		}
	case reflect.Map:
		e.table(v)
	case reflect.Struct:
		for i := range v.NumField() {
			e.value(v.Field(i))
		}
	default:
		panic("index: no stored form of " + v.Type().String())
	}
}

// table writes a map from strings to strings, in the order of its keys.
func (e *encoder) table(v reflect.Value) {
	m := v.Interface().(map[string]string)
	if m == nil {
		e.b = append(e.b, 0)
		return
	}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	e.b = binary.AppendUvarint(e.b, uint64(len(m))+1)
	for _, k := range keys {
		e.string(k)
		e.string(m[k])
	}
}

func (e *encoder) decimal(n decimal.NullDecimal) {
	if !n.Valid {
		e.b = append(e.b, 0)
		return
	}
	c := n.Decimal.Coefficient()
	mag := c.Bytes()
	head := uint64(len(mag))*2 + 1
	if c.Sign() < 0 {
		head++
	}
	e.b = binary.AppendUvarint(e.b, head)
	e.b = append(e.b, mag...)
	e.b = binary.AppendVarint(e.b, int64(n.Decimal.Exponent()))
}

func b2i(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// decoder reads what encoder wrote; it panics with errStored on anything else.
type decoder struct {
	b    []byte
	text string
	last pipeline.Span
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
		return intern(d.bytes(n - 2))
	}
}

func (d *decoder) value(v reflect.Value) {
	switch v.Type() {
	case decimalType:
		*v.Addr().Interface().(*decimal.NullDecimal) = d.decimal()
		return
	case spanType:
		*v.Addr().Interface().(*pipeline.Span) = d.span()
		return
	case textType:
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(d.string())
	case reflect.Bool:
		v.SetBool(d.bytes(1)[0] != 0)
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(d.int())
	case reflect.Float64:
		v.SetFloat(math.Float64frombits(binary.LittleEndian.Uint64(d.bytes(8))))
	case reflect.Pointer:
		if d.bytes(1)[0] != 0 {
			v.Set(reflect.New(v.Type().Elem()))
			d.value(v.Elem())
		}
	case reflect.Slice:
		n := d.uint()
		if n == 0 {
			return
		}
		if n-1 > uint64(len(d.b)) {
			panic("list cut off")
		}
		s := reflect.MakeSlice(v.Type(), int(n-1), int(n-1))
		for i := range s.Len() {
			d.value(s.Index(i))
		}
		v.Set(s)
	case reflect.Map:
		n := d.uint()
		if n == 0 {
			return
		}
		m := map[string]string{}
		for range n - 1 {
			k := d.string()
			m[k] = d.string()
		}
		v.Set(reflect.ValueOf(m))
	case reflect.Struct:
		for i := range v.NumField() {
			d.value(v.Field(i))
		}
	default:
		panic("index: no stored form of " + v.Type().String())
	}
}

func (d *decoder) decimal() decimal.NullDecimal {
	head := d.uint()
	if head == 0 {
		return decimal.NullDecimal{}
	}
	c := new(big.Int).SetBytes(d.bytes((head - 1) / 2))
	if head%2 == 0 {
		c.Neg(c)
	}
	exp := d.int()
	if exp < math.MinInt32 || exp > math.MaxInt32 {
		panic("exponent")
	}
	return decimal.NewNullDecimal(decimal.NewFromBigInt(c, int32(exp)))
}

// intern returns b as a string, without a copy for the short words that
// records are full of.
func intern(b []byte) string {
	if s, ok := common[string(b)]; ok {
		return s
	}
	return string(b)
}

var common = func() map[string]string {
	m := map[string]string{}
	for _, s := range []string{"money", "quantity", "count", "percent", "points", "multiple", "rank", "duration", "ratio", "number",
		"amount", "capacity", "reserve", "output", "share", "growth", "price", "extent", "measure",
		"point", "gt", "ge", "lt", "le", "near", "about", "plus", "vague", "range", "class",
		"CNY", "kW", "kW.h", "t", "m3", "%", "[pp]", "{person}", "{unit}", "{household}", "[mu_cn]", "km", "m", "1",
		"actual", "target", "plan", "forecast", "up", "down", "flat", "level", "delta", "yoy", "mom", "cumulative", "new",
		"person", "organization", "place", "facility", "event", "project", "policy", "industry", "resource",
		"day", "month", "quarter", "year", "period", "paragraph", "title", "subtitle", "byline", "text", "utf-8", "甘肃日报",
	} {
		m[s] = s
	}
	return m
}()

// layout describes the types of the stored form and the fields of the catalog;
// a library keeps the one it was made with.
func layout() string {
	h := map[reflect.Type]string{}
	var describe func(t reflect.Type) string
	describe = func(t reflect.Type) string {
		if s, ok := h[t]; ok {
			return s
		}
		h[t] = t.Name()
		switch {
		case t == decimalType || t == spanType || t == textType:
			return t.Name()
		case t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice:
			return t.Kind().String() + " " + describe(t.Elem())
		case t.Kind() == reflect.Struct:
			s := t.Name() + "{"
			for f := range t.Fields() {
				s += f.Name + ":" + describe(f.Type) + ","
			}
			return s + "}"
		}
		return t.Kind().String()
	}
	s := strings.Join(facetFields(), ",") + ";" + describe(reflect.TypeFor[corpus.Article]())
	for _, t := range []reflect.Type{reflect.TypeFor[pipeline.Time](), reflect.TypeFor[pipeline.Entity](), reflect.TypeFor[pipeline.Relation](), reflect.TypeFor[pipeline.Figure]()} {
		s += ";" + describe(t)
	}
	return hash(s)
}
