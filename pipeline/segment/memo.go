package segment

import (
	"hash/maphash"

	"longmai/pipeline"
)

// A memo remembers how short stretches were cut, the last one of each place of
// its table. A newspaper says 同比增长, 记者 and 万元 over and over: of the
// stretches of three hundred unlike pages a fifth are known, which pays for the
// table, and of ten thousand articles of one paper two thirds, which halves the
// time. Not safe for many goroutines.
type memo struct {
	seed   maphash.Seed
	table  []memory // grows: a query must not pay for a corpus
	taken  int      // memories that were put in the table
	speech []string // parts of speech that were met
	number map[string]uint8
}

const (
	memoFirst  = 1 << 8
	memoPlaces = 1 << 14 // 1.3 MB
	memoBytes  = 48
	memoWords  = 16
)

// A memory is a stretch and its words. It has no pointers, so that the garbage
// collector passes it by.
type memory struct {
	bytes, words uint8
	text         [memoBytes]byte
	end, pos     [memoWords]uint8 // of each word: its end, its part of speech by number
}

func newMemo() *memo {
	return &memo{seed: maphash.MakeSeed(), table: make([]memory, memoFirst), number: map[string]uint8{}}
}

func (m *memo) place(text string) *memory {
	return &m.table[maphash.String(m.seed, text)%uint64(len(m.table))]
}

// recall appends the tokens of text, which stands at byte at, to dst. It reports
// whether it knew them.
func (m *memo) recall(dst []pipeline.Token, text string, at int) ([]pipeline.Token, bool) {
	if len(text) > memoBytes {
		return dst, false
	}
	r := m.place(text)
	if string(r.text[:r.bytes]) != text {
		return dst, false
	}
	start := at
	for i := range r.words {
		end := at + int(r.end[i])
		dst = append(dst, pipeline.Token{Span: pipeline.Span{Start: start, End: end}, POS: m.speech[r.pos[i]]})
		start = end
	}
	return dst, true
}

// remember takes in the tokens of text, which stands at byte at.
func (m *memo) remember(tokens []pipeline.Token, text string, at int) {
	if len(text) > memoBytes || len(tokens) > memoWords {
		return
	}
	if m.taken++; m.taken > len(m.table) && len(m.table) < memoPlaces {
		m.table, m.taken = make([]memory, 8*len(m.table)), 0
	}
	r := m.place(text)
	r.bytes = 0 // forgets what was there
	for i, t := range tokens {
		n, ok := m.number[t.POS]
		if !ok {
			if len(m.speech) == 1<<8 {
				return
			}
			n = uint8(len(m.speech))
			m.number[t.POS] = n
			m.speech = append(m.speech, t.POS)
		}
		r.end[i], r.pos[i] = uint8(t.End-at), n
	}
	r.words = uint8(len(tokens))
	r.bytes = uint8(copy(r.text[:], text))
}
