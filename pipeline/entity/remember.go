package entity

import (
	"hash/maphash"
	"strings"
	"sync/atomic"

	"longmai/pipeline/entity/tagger"
)

// A memory keeps what a voter said of sentences that come again: what a paper
// prints under every article, in every weather report. Of a sentence that came
// once only its hash is kept, so that what never comes again costs no memory.
// It has a fixed size (some 4 MB when full), is shared by all goroutines, and
// changes no result.
type memory struct {
	Voter
	least float64 // the only min that is remembered
	seed  maphash.Seed
	seen  []atomic.Uint64 // hashes of sentences
	votes []atomic.Pointer[votesOf]
}

// votesOf are the votes for a sentence. They are never changed.
type votesOf struct {
	sentence string
	spans    []tagger.Span
}

const (
	seenSentences  = 1 << 16
	keptSentences  = 1 << 13
	longestKept    = 300 // bytes: longer sentences hardly ever come again
	longestKeptAll = 16  // votes of one sentence
)

func remember(v Voter, least float64) *memory {
	return &memory{Voter: v, least: least, seed: maphash.MakeSeed(), seen: make([]atomic.Uint64, seenSentences), votes: make([]atomic.Pointer[votesOf], keptSentences)}
}

// Candidates does what the voter does.
func (m *memory) Candidates(sentence string, min float64, out []tagger.Span) []tagger.Span {
	if len(sentence) > longestKept || min != m.least {
		return m.Voter.Candidates(sentence, min, out)
	}
	h := maphash.String(m.seed, sentence)
	kept := &m.votes[h%keptSentences]
	if v := kept.Load(); v != nil && v.sentence == sentence {
		return append(out, v.spans...)
	}
	from := len(out)
	out = m.Voter.Candidates(sentence, min, out)
	if m.seen[h%seenSentences].Swap(h) == h && len(out)-from <= longestKeptAll {
		kept.Store(&votesOf{strings.Clone(sentence), append([]tagger.Span(nil), out[from:]...)})
	}
	return out
}
