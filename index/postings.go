package index

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"longmai/pipeline"

	bleve "github.com/blevesearch/bleve_index_api"
	scorchseg "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
)

// A segmentBuilder collects articles and makes a segment of them. Terms get a
// number at their first occurrence, and what an article adds is a row of
// numbers; only when the segment is made are they sorted.
type segmentBuilder struct {
	ids     []string
	stored  [][]storedField
	fields  [numberText]postings
	figures [properties]*valueTerms
	named   []nameTerms // by the place of the field in Fields
	tokens  tokens
	parts   []uint32   // terms of tokens
	codes   []byte     // of tokens, in the stored text
	table   *wordTable // of the library; nil until there are articles
	rows    *rowFile   // takes what the columns keep of the articles; may be nil
	scratch []byte
}

// tokens are those that have occurred. Most have few bytes, and are found by
// them as a number in half the time.
type tokens struct {
	list  []token
	short map[uint64]uint32 // by shortToken
	long  map[string]uint32
}

// maxShort is the most bytes of a token that make a number with their length.
const maxShort = 7

func shortToken(s string) uint64 {
	n := uint64(len(s))
	for i := range len(s) {
		n = n<<8 | uint64(s[i])
	}
	return n
}

// of returns the place of a token in the list, and whether it has occurred.
func (t *tokens) of(s string) (n uint32, ok bool) {
	if len(s) <= maxShort {
		n, ok = t.short[shortToken(s)]
		return n, ok
	}
	n, ok = t.long[s]
	return n, ok
}

// add adds a token that has not occurred.
func (t *tokens) add(s string, k token) (n uint32) {
	n = uint32(len(t.list))
	t.list = append(t.list, k)
	if len(s) <= maxShort {
		t.short[shortToken(s)] = n
	} else {
		t.long[strings.Clone(s)] = n
	}
	return n
}

// A token is what is known of a token of the segmenter from its first occurrence on.
type token struct {
	from, to    uint32 // its terms in segmentBuilder.parts
	code, end   uint32 // its codes in segmentBuilder.codes
	parts       bool
	plain       bool // Chinese characters alone, each of which folds to one of them
	first, last rune
}

func newSegmentBuilder() *segmentBuilder {
	b := &segmentBuilder{tokens: tokens{short: map[uint64]uint32{}, long: map[string]uint32{}}}
	words := newNumbering()
	for i := range b.fields {
		b.fields[i].numbering = newNumbering()
	}
	b.fields[numberBody].numbering, b.fields[numberTitle].numbering = words, words
	b.fields[numberGrams].numbering = &numbering{names: gramNames()}
	for i, key := range propertyKeys {
		b.figures[i] = b.values(numberFigure, key)
	}
	b.named = make([]nameTerms, len(Fields))
	for i, f := range Fields {
		n := nameTerms{names: b.values(numberNames, f.Name)}
		n.any = n.names.of("")
		n.exact = n.names
		if f.Tree {
			n.exact = b.values(numberNames, f.Name+exactMark)
		}
		b.named[i] = n
	}
	return b
}

// valueTerms are the terms of the values of one key, by how these are written:
// to fold a value and to look for its term takes three times as long.
type valueTerms struct {
	key       string
	numbering *numbering
	terms     map[string]uint32
	last      string // the value before, which comes again most often
	term      uint32 // of it
}

func (b *segmentBuilder) values(field int, key string) *valueTerms {
	return &valueTerms{key: key, numbering: b.fields[field].numbering, terms: map[string]uint32{}}
}

// of returns the number of the term of a value.
func (v *valueTerms) of(value string) uint32 {
	if value == v.last && len(v.terms) > 0 {
		return v.term
	}
	n, ok := v.terms[value]
	if !ok {
		n = v.numbering.add([]byte(v.key + sep + foldToken(value)))
		v.terms[strings.Clone(value)] = n
	}
	v.last, v.term = value, n
	return n
}

// nameTerms are the terms of the names of one field.
type nameTerms struct {
	any          uint32      // of all articles that have a name there
	names, exact *valueTerms // the same when the field is no tree
}

// A numbering numbers terms.
type numbering struct {
	number map[string]uint32
	names  []string
	block  []byte // where the names are
}

func newNumbering() *numbering { return &numbering{number: map[string]uint32{}} }

const namesBlock = 1 << 15

// add returns the number of term, which may change afterwards.
func (x *numbering) add(term []byte) uint32 {
	if n, ok := x.number[string(term)]; ok {
		return n
	}
	if len(x.block)+len(term) > cap(x.block) {
		x.block = make([]byte, 0, max(namesBlock, len(term)))
	}
	from := len(x.block)
	x.block = append(x.block, term...)
	name := x.block[from:]
	n := uint32(len(x.names))
	x.names = append(x.names, unsafe.String(unsafe.SliceData(name), len(name)))
	x.number[x.names[n]] = n
	return n
}

// postings are the terms of one field, document by document.
type postings struct {
	*numbering
	terms  []uint32
	counts []uint32 // of terms; nil in a set
	ends   []uint32 // of each document's terms
	norms  []byte   // class of each document's length; nil in a set
	last   []uint32 // by term: behind its last place in terms
	start  uint32   // of the document that is being added in terms
}

// add adds a term to the document after the last one that ended.
func (p *postings) add(term uint32) {
	if int(term) >= len(p.last) {
		p.grow(term)
	}
	if p.last[term] <= p.start {
		p.terms = append(p.terms, term)
		p.last[term] = uint32(len(p.terms))
	}
}

// count is add for a field that counts.
func (p *postings) count(term uint32) {
	if int(term) >= len(p.last) {
		p.grow(term)
	}
	if at := p.last[term]; at > p.start {
		p.counts[at-1]++
		return
	}
	p.terms, p.counts = append(p.terms, term), append(p.counts, 1)
	p.last[term] = uint32(len(p.terms))
}

func (p *postings) grow(term uint32) {
	p.last = append(p.last, make([]uint32, max(len(p.names), int(term)+1)-len(p.last))...)
}

// end ends a document.
func (p *postings) end() {
	p.start = uint32(len(p.terms))
	p.ends = append(p.ends, p.start)
}

// write writes the terms of the field in their order.
func (p *postings) write(s *segmentFile) {
	s.beginField()
	defer s.endField()
	at := make([]uint32, len(p.names)+1) // first how many documents, then where the next one goes
	for _, t := range p.terms {
		at[t]++
	}
	used := make([]uint32, 0, len(p.names))
	for t, n := range at {
		if n > 0 {
			used = append(used, uint32(t))
		}
	}
	slices.SortFunc(used, func(a, b uint32) int { return strings.Compare(p.names[a], p.names[b]) })
	next := uint32(0)
	for _, t := range used {
		at[t], next = next, next+at[t]
	}
	docs := make([]uint32, len(p.terms))
	var counts []uint32
	if p.counts != nil {
		counts = make([]uint32, len(p.terms))
	}
	i := uint32(0)
	for doc, end := range p.ends {
		for ; i < end; i++ {
			to := &at[p.terms[i]]
			docs[*to] = uint32(doc)
			if counts != nil {
				counts[*to] = p.counts[i]
			}
			*to++
		}
	}
	from := uint32(0)
	for _, t := range used {
		l := list{docs: docs[from:at[t]], norms: p.norms}
		if counts != nil {
			l.counts = counts[from:at[t]]
		}
		s.term(unsafe.Slice(unsafe.StringData(p.names[t]), len(p.names[t])), l)
		from = at[t]
	}
}

// add takes up the terms of an article, which has tokens, and returns the stored
// form of its text. What is stored of it is to be set until the segment is made.
func (b *segmentBuilder) add(d *pipeline.Document) (text []byte) {
	text = b.words(d)
	b.names(d)
	figures := &b.fields[numberFigure]
	for i := range d.Figures {
		eachProperty(&d.Figures[i], func(p property, value string) { figures.add(b.figures[p].of(value)) })
	}
	if day := d.Date.String(); day != "" {
		for _, s := range [...]string{day[:4], day[:7], day} {
			b.fields[numberDate].add(b.fields[numberDate].numbering.add([]byte(s)))
		}
	}
	b.end(d.ID, isArticle)
	return text
}

// addEntry takes up an entry that is no article.
func (b *segmentBuilder) addEntry(id, is string, fields ...storedField) {
	b.stored[b.end(id, is)] = fields
}

func (b *segmentBuilder) end(id, is string) (doc int) {
	doc = len(b.ids)
	b.ids = append(b.ids, id)
	b.stored = append(b.stored, nil)
	b.fields[numberIs].add(b.fields[numberIs].numbering.add([]byte(is)))
	b.fields[numberID].add(b.fields[numberID].numbering.add([]byte(id)))
	for i := range b.fields {
		p := &b.fields[i]
		if counted(i) {
			n := uint32(0)
			for _, c := range p.counts[p.start:] {
				n += c
			}
			p.norms = append(p.norms, byte(lengthClass(int(n))))
		}
		p.end()
	}
	return doc
}

// words takes up the words and pairs of d, and returns the stored form of its
// text: the words of the text and its codes are found by the same look at a token.
func (b *segmentBuilder) words(d *pipeline.Document) (stored []byte) {
	text := d.Body()
	stored = beginText(make([]byte, 0, len(text)*3/4+8*len(d.Sentences)+64), text, d.Sentences)
	at := 0
	pairs := pairing{to: &b.fields[numberGrams]}
	eachToken(d, func(t pipeline.Token, headline bool) {
		to := &b.fields[numberBody]
		if headline {
			to = &b.fields[numberTitle]
		}
		s := text[t.Start:t.End]
		n, ok := b.tokens.of(s)
		if !ok {
			n = b.tokens.add(s, b.token(s))
		}
		k := &b.tokens.list[n]
		for _, n := range b.parts[k.from:k.to] {
			to.count(n)
		}
		pairs.token(s, k)
		if t.Start >= at {
			stored = append(b.table.characters(stored, text[at:t.Start]), b.codes[k.code:k.end]...)
			at = t.End
		}
	})
	return endText(b.table.characters(stored, text[at:]), text)
}

// token makes the terms of a token that comes for the first time.
func (b *segmentBuilder) token(s string) token {
	k := token{from: uint32(len(b.parts)), code: uint32(len(b.codes)), plain: true}
	b.codes = b.table.token(b.codes, s)
	k.end = uint32(len(b.codes))
	words := b.fields[numberBody].numbering
	eachTerm(s, func(term string) {
		b.scratch = append(b.scratch[:0], term...)
		b.parts = append(b.parts, words.add(b.scratch))
	})
	k.to = uint32(len(b.parts))
	_, _, k.parts = shape(foldToken(s))
	for _, r := range s {
		c := foldRune(r)
		k.plain = k.plain && 0x4e00 <= c && c <= 0x9fff
		if k.first == 0 {
			k.first = c
		}
		k.last = c
	}
	k.plain = k.plain && k.parts
	return k
}

// A pairing finds the pairs that no word holds, token by token.
type pairing struct {
	to   *postings
	last rune // the character before, 0 behind a mark
	gap  bool // white space since
}

func (p *pairing) token(s string, k *token) {
	if k.plain {
		if p.last != 0 {
			p.to.add(gram(p.last, k.first))
		}
		p.last, p.gap = k.last, false
		return
	}
	first := true
	for _, r := range s {
		c := foldRune(r)
		switch {
		case c == 0:
			continue
		case c == ' ':
			p.gap = true
			continue
		case !spoken(c):
			p.last = 0
		default:
			if p.last != 0 && (first || !k.parts) && !(p.gap && latin(p.last) && latin(c)) {
				p.to.add(gram(p.last, c))
			}
			p.last = c
		}
		first, p.gap = false, false
	}
}

// names takes up the names that d is found by, and those that are counted.
func (b *segmentBuilder) names(d *pipeline.Document) {
	to := &b.fields[numberNames]
	for i := range Fields {
		f, facet := &Fields[i], facetPlaces()[i]
		if f.names == nil || !f.Query && b.rows == nil {
			continue
		}
		terms := &b.named[i]
		f.names(d, func(l label) {
			if b.rows != nil && facet >= 0 {
				b.rows.label(facet, l)
			}
			if !f.Query {
				return
			}
			to.add(terms.any)
			add := func(n string) {
				to.add(terms.names.of(n))
				if f.Tree && !l.parent {
					to.add(terms.exact.of(n))
				}
			}
			add(l.name)
			for _, n := range l.aliases {
				add(n)
			}
		})
	}
	if b.rows != nil {
		b.rows.add(d)
	}
	for _, r := range d.Relations {
		if r.Type != "post" {
			continue
		}
		for _, n := range personNames(d, r.Arg("person")) {
			b.scratch = append(b.scratch[:0], holderTerm(n, fold(r.Arg("title")))...)
			to.add(to.numbering.add(b.scratch))
		}
	}
}

// segment makes the segment.
func (b *segmentBuilder) segment(config map[string]any) (scorchseg.Segment, uint64, error) {
	s := &segmentFile{b: make([]byte, 0, len(b.ids)<<12)}
	for i, id := range b.ids {
		s.document(id, b.stored[i])
		b.stored[i] = nil
	}
	stored := s.endDocuments()
	for i := range segmentFields {
		if i < len(b.fields) {
			b.fields[i].write(s)
			b.fields[i] = postings{}
			continue
		}
		s.beginField()
		s.endField()
	}
	fields := s.end()
	if s.err != nil {
		return nil, 0, fmt.Errorf("segment: %w", s.err)
	}
	stats, _ := config[scorchseg.StatsKey].(*scorchseg.Stats)
	if stats == nil {
		stats = new(scorchseg.Stats)
	}
	seg, err := zap.InitSegmentBase(s.b, crcOf(s.b), zap.DefaultChunkMode, uint64(s.docs), stored, fields, config, stats)
	if err != nil {
		return nil, 0, fmt.Errorf("segment: %w", err)
	}
	return seg, uint64(len(s.b)), nil
}

// An entry is a document of the builder as scorch has it.
type entry struct {
	id      string
	builder *segmentBuilder
}

func (e *entry) ID() string                                 { return e.id }
func (e *entry) Size() int                                  { return 0 }
func (e *entry) VisitFields(bleve.FieldVisitor)             {}
func (e *entry) VisitComposite(bleve.CompositeFieldVisitor) {}
func (e *entry) HasComposite() bool                         { return false }
func (e *entry) NumPlainTextBytes() uint64                  { return 0 }
func (e *entry) StoredFieldsBytes() uint64                  { return 0 }
func (e *entry) Indexed() bool                              { return true }
func (e *entry) AddIDField()                                {}

// A segmentPlugin is zap's, with segments of entries made and merged here.
type segmentPlugin struct{ zap.ZapPlugin }

// usePlugin makes scorch use the plugin. Other indexes of the program may go on using it too.
var usePlugin = sync.OnceFunc(registerPlugin)

func (p *segmentPlugin) NewUsing(docs []bleve.Document, config map[string]any) (scorchseg.Segment, uint64, error) {
	if e, ok := docs[0].(*entry); ok {
		return e.builder.segment(config)
	}
	return p.ZapPlugin.NewUsing(docs, config)
}
