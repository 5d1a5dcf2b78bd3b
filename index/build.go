package index

import (
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/segment"

	bleve "github.com/blevesearch/bleve_index_api"
)

// The fields of the index that are not facets; see the package comment.
const (
	fieldBody    = "w"
	fieldTitle   = "t"
	fieldGrams   = "g"
	fieldNames   = "n"
	fieldFigure  = "f"
	fieldDate    = "d"
	fieldIs      = "i" // what sort of entry: isArticle or isJournal
	fieldText    = "x"
	fieldRecords = "y"

	isArticle = "a"
	isJournal = "j"
)

// sep stands between the parts of a term.
const sep = "\x1f"

// An entry is what scorch stores for one article. Its fields are made in
// scorch's analysis workers, at the first visit.
type entry struct {
	id     string
	once   sync.Once
	make   func() []bleve.Field
	fields []bleve.Field
	size   int
	hasID  bool
}

func (e *entry) ID() string { return e.id }
func (e *entry) Size() int  { return e.size }

func (e *entry) VisitFields(visit bleve.FieldVisitor) {
	e.once.Do(func() {
		e.fields = append(e.fields, e.make()...)
		e.make = nil
	})
	for _, f := range e.fields {
		visit(f)
	}
}

func (e *entry) VisitComposite(bleve.CompositeFieldVisitor) {}
func (e *entry) HasComposite() bool                         { return false }
func (e *entry) NumPlainTextBytes() uint64                  { return uint64(e.size) }
func (e *entry) StoredFieldsBytes() uint64                  { return 0 }
func (e *entry) Indexed() bool                              { return true }

func (e *entry) AddIDField() {
	if !e.hasID {
		e.hasID = true
		e.fields = append(e.fields, termField("_id", bleve.IndexField|bleve.StoreField, []byte(e.id), set{e.id: one}))
	}
}

// A set is the terms of one field of one article.
type set = bleve.TokenFrequencies

// one is the frequency of a term in a field that is a set. With a frequency of
// one, and a length of one, zap keeps a term that a single article has in the
// dictionary itself. All sets share it; nobody writes to it.
var one = func() *bleve.TokenFreq {
	f := &bleve.TokenFreq{}
	f.SetFrequency(1)
	return f
}()

// none is the frequency in a field that keeps none.
var none = &bleve.TokenFreq{}

// A field of terms, ready to be stored.
type terms struct {
	name    string
	options bleve.FieldIndexingOptions
	value   []byte
	set     set
	length  int
}

func termField(name string, options bleve.FieldIndexingOptions, value []byte, s set) *terms {
	return &terms{name: name, options: options, value: value, set: s, length: 1}
}

func (t *terms) Name() string                                     { return t.name }
func (t *terms) Value() []byte                                    { return t.value }
func (t *terms) ArrayPositions() []uint64                         { return nil }
func (t *terms) EncodedFieldType() byte                           { return 't' }
func (t *terms) Analyze()                                         {}
func (t *terms) Options() bleve.FieldIndexingOptions              { return t.options }
func (t *terms) AnalyzedLength() int                              { return t.length }
func (t *terms) AnalyzedTokenFrequencies() bleve.TokenFrequencies { return t.set }
func (t *terms) NumPlainTextBytes() uint64                        { return 0 }

// automatic cuts articles that come without tokens.
var automatic = sync.OnceValue(segment.Auto)

// withTokens returns d, or, when it has no tokens, a copy with them.
func withTokens(d *pipeline.Document) *pipeline.Document {
	if d.Tokens != nil {
		return d
	}
	c := *d
	c.Tokens = automatic().Segment(d.Body())
	return &c
}

// articleEntry returns the entry of d; p compresses the stored document.
func articleEntry(d *pipeline.Document, p *packer) *entry {
	return &entry{id: d.ID, size: d.Text.Len(), make: func() []bleve.Field {
		d = withTokens(d)
		body, title := words(d)
		out := []bleve.Field{
			wordField(fieldBody, body),
			termField(fieldGrams, bleve.IndexField|bleve.SkipFreqNorm, nil, grams(d)),
			termField(fieldIs, bleve.IndexField, nil, set{isArticle: one}),
			termField(fieldText, bleve.StoreField, p.packText(d), nil),
			termField(fieldRecords, bleve.StoreField, p.pack(encodeRecords(nil, d)), nil),
		}
		if len(title) > 0 {
			out = append(out, wordField(fieldTitle, title))
		}
		if day := d.Date.String(); day != "" {
			out = append(out, termField(fieldDate, bleve.IndexField, nil, set{day: one, day[:7]: one, day[:4]: one}))
		}
		if s := figureTerms(d); len(s) > 0 {
			out = append(out, termField(fieldFigure, bleve.IndexField, nil, s))
		}
		if s := nameTerms(d); len(s) > 0 {
			out = append(out, termField(fieldNames, bleve.IndexField, nil, s))
		}
		return out
	}}
}

// wordField stores words with how often they occur, and the length of the text
// as a class, which takes one byte where the number would take two.
func wordField(name string, s set) *terms {
	n := 0
	for _, f := range s {
		n += f.Frequency()
	}
	f := termField(name, bleve.IndexField, nil, s)
	f.length = lengthClass(n)
	return f
}

// lengthClasses is how many classes of lengths there are.
const lengthClasses = 128

// lengthClass maps a number of words to 1…127, eight classes to a doubling;
// classLength is its inverse.
func lengthClass(n int) int {
	return min(max(int(math.Round(8*math.Log2(float64(max(n, 1))))), 1), lengthClasses-1)
}

func classLength(c float64) float64 { return math.Exp2(c / 8) }

// headline holds for the blocks that the field title is made of.
func headline(r corpus.Role) bool {
	return r == corpus.RoleTitle || r == corpus.RoleKicker || r == corpus.RoleSubtitle
}

// words returns the words of the body and of the headlines of d.
func words(d *pipeline.Document) (body, title set) {
	body, title = make(set, 512), make(set, 32)
	slab := make([]bleve.TokenFreq, 0, 512)
	add := func(to set, term string) {
		if f := to[term]; f != nil {
			f.SetFrequency(f.Frequency() + 1)
			return
		}
		if len(slab) == cap(slab) {
			slab = make([]bleve.TokenFreq, 0, 256)
		}
		slab = append(slab, bleve.TokenFreq{})
		f := &slab[len(slab)-1]
		f.SetFrequency(1)
		to[term] = f
	}
	text := d.Body()
	block := 0
	for _, t := range d.Tokens {
		for block < len(d.Blocks) && d.Blocks[block].Span.End <= t.Start {
			block++
		}
		to := body
		if block < len(d.Blocks) && headline(d.Blocks[block].Role) {
			to = title
		}
		eachTerm(text[t.Start:t.End], func(term string) { add(to, term) })
	}
	return body, title
}

// maxParts is the longest token, in characters, whose parts are words too.
const maxParts = 16

// eachTerm calls f with the words that a token gives: itself, folded, and, when
// it has Chinese characters, its parts of two or more characters. Marks give none.
func eachTerm(token string, f func(string)) {
	t := foldToken(token)
	n, word, parts := shape(t)
	if !word {
		return
	}
	f(t)
	if !parts || n <= 2 {
		return
	}
	var starts [maxParts + 1]int
	k := 0
	for i := range t {
		starts[k] = i
		k++
	}
	starts[n] = len(t)
	for i := range n - 1 {
		for j := i + 2; j <= n; j++ {
			if j-i < n {
				f(t[starts[i]:starts[j]])
			}
		}
	}
}

// shape returns the number of characters of a folded token, whether it is a
// word and no mark, and whether its parts are words too.
func shape(t string) (n int, word, parts bool) {
	for _, r := range t {
		n++
		switch {
		case spoken(r):
			word = true
			parts = parts || r >= 0x2e80
		}
	}
	return n, word, parts && n <= maxParts
}

// spoken holds for letters, digits and Chinese characters, and not for marks.
func spoken(r rune) bool {
	switch {
	case 0x4e00 <= r && r <= 0x9fff:
		return true
	case r < utf8.RuneSelf:
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// Grams are pairs of neighbouring characters of the folded text, each as one of
// 2^gramBits terms. Together with the words they hold every pair of a text that
// has no mark in it: a pair inside a Chinese token is a part of it, and so a
// word; the others, those from one token to the next first of all, are here.
// That halves the field, which is the largest of the index.
const gramBits = 16

var gramNames = sync.OnceValue(func() []string {
	out := make([]string, 1<<gramBits)
	for i := range out {
		out[i] = string([]byte{byte(i >> 8), byte(i)})
	}
	return out
})

// gram returns the number of the term of a pair.
func gram(a, b rune) uint32 {
	return (uint32(a)*0x9e3779b1 ^ uint32(b)*0x85ebca6b) * 0xc2b2ae35 >> (32 - gramBits)
}

type bits [1 << gramBits / 64]uint64

var bitsPool = sync.Pool{New: func() any { return new(bits) }}

// grams returns the pairs of d that its words do not hold.
func grams(d *pipeline.Document) set {
	seen := bitsPool.Get().(*bits)
	list := make([]uint32, 0, 512)
	add := func(a, b rune) {
		g := gram(a, b)
		if seen[g/64]&(1<<(g%64)) == 0 {
			seen[g/64] |= 1 << (g % 64)
			list = append(list, g)
		}
	}
	text := d.Body()
	last, gap := rune(0), false // the character before, 0 behind a mark; white space since
	for _, t := range d.Tokens {
		s := text[t.Start:t.End]
		_, _, parts := shape(foldToken(s))
		first := true
		for _, r := range s {
			c := foldRune(r)
			switch {
			case c == 0:
				continue
			case c == ' ':
				gap = true
				continue
			case !spoken(c):
				last = 0
			default:
				if last != 0 && (first || !parts) && !(gap && latin(last) && latin(c)) {
					add(last, c)
				}
				last = c
			}
			first, gap = false, false
		}
	}
	names := gramNames()
	out := make(set, len(list))
	for _, g := range list {
		out[names[g]] = none
		seen[g/64] = 0
	}
	bitsPool.Put(seen)
	return out
}

// A twosome is a pair of characters as a word and as a gram.
type twosome struct{ word, gram string }

// twosomes returns the pairs of a folded string without marks in them, each once.
func twosomes(folded string) []twosome {
	var out []twosome
	names := gramNames()
	last := rune(0)
	for _, r := range folded {
		if !spoken(r) {
			last = 0
			continue
		}
		if last != 0 {
			out = append(out, twosome{string([]rune{last, r}), names[gram(last, r)]})
		}
		last = r
	}
	slices.SortFunc(out, func(a, b twosome) int { return strings.Compare(a.word, b.word) })
	return slices.Compact(out)
}

// nameTerms returns the names that d is found by.
func nameTerms(d *pipeline.Document) set {
	found := set{}
	for _, f := range Fields {
		if f.names == nil || !f.Query {
			continue
		}
		f.names(d, func(l label) {
			found[nameTerm(f.Name, false, "")] = one
			for _, n := range append([]string{l.name}, l.aliases...) {
				found[nameTerm(f.Name, false, fold(n))] = one
				if f.Tree && !l.parent {
					found[nameTerm(f.Name, true, fold(n))] = one
				}
			}
		})
	}
	for _, r := range d.Relations {
		if r.Type == "post" {
			for _, n := range personNames(d, r.Arg("person")) {
				found[holderTerm(n, fold(r.Arg("title")))] = one
			}
		}
	}
	return found
}

// nameTerm is the term of a folded name in a field.
func nameTerm(field string, exact bool, folded string) string {
	if exact {
		return field + "=" + sep + folded
	}
	return field + sep + folded
}

// holderTerm is the term of a person, folded, who holds a title.
func holderTerm(person, title string) string { return "holder" + sep + person + sep + title }

// personNames returns what a person of d is called, folded.
func personNames(d *pipeline.Document, name string) []string {
	out := []string{fold(name)}
	for i := range d.Entities {
		if e := &d.Entities[i]; e.Type == pipeline.Person && entityName(d, e) == name {
			if s := fold(d.Surface(e.Span)); !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}
