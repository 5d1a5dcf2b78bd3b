package tagger

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// A Span is a mention in a sentence, or a candidate for one.
type Span struct {
	Start, End int     // bytes of the sentence, half-open
	Type       string  // a type of the model: person, organization, place, facility, event, project, policy
	Confidence float64 // probability of exactly this span with this type, given the sentence; 0 < Confidence ≤ 1
}

// A Reading is what a model makes of one sentence.
type Reading struct {
	Spans      []Span // the most probable labelling: sorted by place, never overlapping
	Candidates []Span // every span of at least the probability asked for, sorted by start, then end; they overlap
	Words      []int  // ends of the words of stage 1, in bytes; ascending, the last is the end of the sentence
}

// A Model is a trained tagger. It is read-only and shared by any number of goroutines.
type Model struct {
	header header
	lex    *Lexicon
	stage1 stage1
	stage2 stage2
	scheme uint64 // seed of the scheme's own features; 0 where the weights hold them already
	legal  []bool // labels that the scheme has

	partial bool // the scheme has not all of them
	info    Info
	pool    *sync.Pool
}

// Info says what a model is.
type Info struct {
	Types   []string // of mentions, in the order of the labels
	Schemes []string // annotation schemes; the first is the one that the model reads with
	SHA256  string   // of the model file
	Size    int      // of the model file, in bytes
}

// Info returns what m is.
func (m *Model) Info() Info { return m.info }

// Lexicon returns the lexicon of m, to train another model with.
func (m *Model) Lexicon() *Lexicon { return m.lex }

// Scheme returns m reading with another of its annotation schemes. It shares all memory with m.
func (m *Model) Scheme(name string) (*Model, bool) {
	for i, s := range m.header.Schemes {
		if s.Name == name {
			v := *m
			v.scheme = 0
			if i > 0 {
				v.scheme = schemeSeed(name)
			}
			v.obey(i)
			return &v, true
		}
	}
	return nil, false
}

// longestPiece bounds the memory of one sentence: a longer one is read in
// pieces, cut behind a comma where there is one. In characters.
const longestPiece = 1500

// Tag returns the mentions of a sentence: the most probable labelling. A
// sentence is what pipeline.SentenceStage cuts, but any text will do.
func (m *Model) Tag(sentence string) []Span {
	var out []Span
	m.each(sentence, func(d *decoder, at int) { out = d.spans(m, at, out) })
	return out
}

// Read returns the mentions of a sentence, its words, and every candidate
// whose probability is at least min. A min of 1 or more asks for no candidates.
func (m *Model) Read(sentence string, min float64) Reading {
	var r Reading
	m.each(sentence, func(d *decoder, at int) {
		r.Spans = d.spans(m, at, r.Spans)
		if min < 1 {
			r.Candidates = d.candidates(m, at, min, r.Candidates)
		}
		for _, w := range d.s.words {
			r.Words = append(r.Words, at+int(d.s.at[w.end]))
		}
	})
	if r.Words == nil && sentence != "" {
		r.Words = []int{len(sentence)}
	}
	return r
}

// Candidates appends to out the candidates that Read finds, which takes less
// time without the rest.
func (m *Model) Candidates(sentence string, min float64, out []Span) []Span {
	m.each(sentence, func(d *decoder, at int) { out = d.candidates(m, at, min, out) })
	return out
}

// each calls yield with the pieces of text, which begin at byte at. There are
// none where text has no Chinese character.
func (m *Model) each(text string, yield func(d *decoder, at int)) {
	if !hasHan(text) {
		return
	}
	d := m.pool.Get().(*decoder)
	defer m.pool.Put(d)
	for at := 0; at < len(text); {
		end := at + pieceEnd(text[at:])
		d.decode(m, text[at:end])
		yield(d, at)
		at = end
	}
}

func pieceEnd(text string) int {
	if len(text) <= longestPiece {
		return len(text)
	}
	n, at := 0, 0
	for at < len(text) && n < longestPiece {
		_, w := utf8.DecodeRuneInString(text[at:])
		at += w
		n++
	}
	if at == len(text) {
		return at
	}
	for _, marks := range []string{"。！？；!?;\n", "，、,", " "} {
		if i := strings.LastIndexAny(text[:at], marks); i > at/2 {
			_, w := utf8.DecodeRuneInString(text[i:])
			return i + w
		}
	}
	return at
}
