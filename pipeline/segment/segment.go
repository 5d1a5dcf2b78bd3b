// Package segment cuts Chinese text into words with gse.
//
//	tokens := segment.Auto().Segment(text)
//
// The tokens are those of gse with its whole dictionary, which never gets into
// memory: gse is asked where words cross one another, or two may be one, and is
// given the words that occur there before, from a [Dictionary] that is read by
// the first characters of words. It keeps them for the next text. A query starts
// in a millisecond, and a corpus needs what it uses.
//
// A pre-pass over classes of characters settles what gse would tear apart:
// numbers (1,156, ７．５, 100%), names in Latin letters (AI, COVID-19, Wi-Fi, 5G)
// and formulas (3+2) are one token each, and every mark, space, control
// character or broken byte is a token of its own, repeated ones together. gse
// gets what lies between: Chinese characters, and plain runs of letters and
// digits that touch them, full-width ones in half width, so that Ａ股 is the
// word A股. Tokens tile the text, whatever its bytes.
//
// The part of speech of a token is that of the dictionary; numbers have "m",
// Latin names "eng", and what no list knows, marks among it, "x".
//
// [Words] gives the dictionary itself, for look-ups. [Fold] maps traditional to
// simplified characters and full-width forms to half width, for searching.
package segment

import (
	"slices"
	"sync"
	"unicode/utf8"

	"longmai/pipeline"
)

// Version names the dictionary and the rules of this package. Two segmenters
// of the same version cut the same text into the same tokens.
const Version = dictionaryVersion + "-rules1"

// A Segmenter cuts text into tokens. It is safe for many goroutines.
type Segmenter struct {
	learner *learner

	mu   sync.Mutex
	idle []*scratch
}

// Auto returns the segmenter that the whole program shares, so that a word is
// learned once. It panics when the embedded dictionary is broken, which a test
// excludes.
func Auto() *Segmenter {
	s, err := shared()
	if err != nil {
		panic(err)
	}
	return s
}

var shared = sync.OnceValues(func() (*Segmenter, error) {
	d, err := Words()
	if err != nil {
		return nil, err
	}
	return newSegmenter(d), nil
})

func newSegmenter(d *Dictionary) *Segmenter { return &Segmenter{learner: newLearner(d)} }

// A scratch is what one call uses at a time, and later calls again.
type scratch struct {
	memo   *memo
	text   []byte // a stretch, in half width
	shifts []shift
	chars  []char
	cuts   []cut
	words  []word
	tokens []pipeline.Token
}

// maxIdle is how many tokens a scratch keeps room for.
const maxIdle = 1 << 15

func (s *Segmenter) take() *scratch {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.idle); n > 0 {
		w := s.idle[n-1]
		s.idle = s.idle[:n-1]
		return w
	}
	return &scratch{memo: newMemo()}
}

func (s *Segmenter) put(w *scratch) {
	if cap(w.tokens) > maxIdle {
		w.tokens = nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = append(s.idle, w)
}

// Segment cuts text into tokens that tile it.
func (s *Segmenter) Segment(text string) []pipeline.Token {
	w := s.take()
	w.tokens = w.tokens[:0]
	for at := 0; at < len(text); {
		p := next(text, at)
		t := pipeline.Token{Span: pipeline.Span{Start: at, End: p.end}}
		switch p.kind {
		case pieceWords:
			s.stretch(w, text[at:p.end], at, p.wide)
			at = p.end
			continue
		case pieceNumber:
			t.POS = "m"
		case pieceName:
			t.POS = "eng"
		case pieceMark:
			t.POS = "x"
		}
		w.tokens = append(w.tokens, t)
		at = p.end
	}
	out := slices.Clone(w.tokens)
	s.put(w)
	return out
}

// stretch appends the words of text, which stands at byte at, to w.tokens.
func (s *Segmenter) stretch(w *scratch, text string, at int, wide bool) {
	var known bool
	if w.tokens, known = w.memo.recall(w.tokens, text, at); known {
		return
	}
	w.shifts = w.shifts[:0]
	if wide {
		w.text, w.shifts = narrow(w.text[:0], w.shifts, text)
	} else {
		w.text = append(w.text[:0], text...)
	}
	w.chars = s.learner.d.chars(w.chars[:0], w.text)
	if !s.learner.d.plain(w) {
		s.learner.cut(w)
	}
	first, shifts, moved := len(w.tokens), w.shifts, 0
	start, from := at, 0
	for _, c := range w.cuts {
		to := int(c.end)
		for len(shifts) > 0 && shifts[0].at <= to {
			moved += shifts[0].by
			shifts = shifts[1:]
		}
		pos := c.pos
		if pos == "" || pos == "x" {
			pos = unknown(w.text[from:to])
		}
		end := at + to + moved
		w.tokens = append(w.tokens, pipeline.Token{Span: pipeline.Span{Start: start, End: end}, POS: pos})
		start, from = end, to
	}
	w.memo.remember(w.tokens[first:], text, at)
}

// unknown returns the part of speech of a word that no list knows: a run of
// letters and digits, or one character.
func unknown(word []byte) string {
	pos := "x"
	for i := 0; i < len(word); {
		r, w := utf8.DecodeRune(word[i:])
		switch c, _ := classify(r, w); c {
		case classLetter:
			return "eng"
		case classDigit:
			pos = "m"
		}
		i += w
	}
	return pos
}

// A shift says that what lies before byte at of a narrowed stretch was longer
// by some bytes.
type shift struct{ at, by int }

// narrow appends text to dst with full-width letters and digits in half width.
// Shifts stand at the ends of runs, where no token of gse is cut.
func narrow(dst []byte, shifts []shift, text string) ([]byte, []shift) {
	by := 0
	for _, r := range text {
		_, wide := classify(r, utf8.RuneLen(r))
		if wide {
			dst = append(dst, byte(r-'！'+'!'))
			by += 2
			continue
		}
		if c, _ := classify(r, utf8.RuneLen(r)); by > 0 && c != classLetter && c != classDigit {
			shifts = append(shifts, shift{len(dst), by})
			by = 0
		}
		dst = utf8.AppendRune(dst, r)
	}
	if by > 0 {
		shifts = append(shifts, shift{len(dst), by})
	}
	return dst, shifts
}

// Stage returns the stage that adds the tokens of s to a document.
func Stage(s *Segmenter) pipeline.Stage {
	return pipeline.Stage{Name: "segment", Adds: []pipeline.Layer{pipeline.Tokens}, Annotate: func(d *pipeline.Document) error {
		d.Tokens = s.Segment(d.Body())
		return nil
	}}
}
