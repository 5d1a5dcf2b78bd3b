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
	info   Info
	pool   *sync.Pool
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
			v.legal = m.header.legal(i)
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
func (m *Model) Tag(sentence string) []Span { return m.read(sentence, 1, false).Spans }

// Read returns the mentions of a sentence, its words, and every candidate
// whose probability is at least min. A min of 1 or more asks for no candidates.
func (m *Model) Read(sentence string, min float64) Reading { return m.read(sentence, min, true) }

func (m *Model) read(text string, min float64, words bool) Reading {
	var r Reading
	if !hasHan(text) {
		if words && text != "" {
			r.Words = []int{len(text)}
		}
		return r
	}
	d := m.pool.Get().(*decoder)
	defer m.pool.Put(d)
	for start := 0; start < len(text); {
		end := start + pieceEnd(text[start:])
		d.decode(m, text[start:end])
		d.spans(m, start, &r)
		if min < 1 {
			d.candidates(m, start, min, &r)
		}
		if words {
			for _, w := range d.s.words {
				r.Words = append(r.Words, start+int(d.s.at[w.end]))
			}
		}
		start = end
	}
	return r
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
