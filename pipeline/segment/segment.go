// Package segment cuts Chinese text into words with gse.
//
//	seg, err := segment.Full()      // the whole dictionary, shared, for batches
//	seg := segment.Slice(text)      // only the words that occur in text, for one query
//	seg := segment.Auto()           // the words that it meets at first, the whole dictionary once that pays
//	tokens := seg.Segment(text)     // the same tokens each way
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
	"sync/atomic"
	"unicode/utf8"

	"longmai/pipeline"

	"github.com/go-ego/gse"
)

// Version names the dictionary and the rules of this package. Two segmenters
// of the same version cut the same text into the same tokens.
const Version = dictionaryVersion + "-rules1"

// A Segmenter cuts text into tokens. It is safe for many goroutines.
type Segmenter struct {
	gse  *gse.Segmenter // nil in Auto
	auto *automatic     // nil but in Auto
}

// Full returns the segmenter with the whole dictionary. The first call takes
// one to two seconds and 200 MB; all callers share the result.
func Full() (*Segmenter, error) { return full() }

var full = sync.OnceValues(loadFull)

func loadFull() (*Segmenter, error) {
	d, err := Words()
	if err != nil {
		return nil, err
	}
	type word struct {
		text string
		Entry
	}
	list := make([]word, 0, d.Len())
	for w, e := range d.All() {
		list = append(list, word{w, e})
	}
	slices.SortStableFunc(list, func(a, b word) int { return b.Freq - a.Freq })
	g := newGrowing(d)
	for _, w := range list {
		g.add(w.text, w.Freq, w.POS)
	}
	return &Segmenter{gse: g.gse}, g.weigh()
}

func newGse() *gse.Segmenter {
	return &gse.Segmenter{Dict: gse.NewDict(), Load: true, NotLoadHMM: true, SkipLog: true}
}

// A growing segmenter learns words as they come. gse takes the cost of a word
// from the sum of all frequencies, and computes it for all words at once; so new
// words get their costs beside, in a dictionary of which the sum is that of the
// whole, and are then entered with them. Not safe for many goroutines.
type growing struct {
	d     *Dictionary
	gse   *gse.Segmenter
	costs *gse.Segmenter
	words []gse.Token   // that are new
	known []*[64]uint64 // a bit for each word of d, by its number, in pages of 4096
	buf   []byte
}

// rest is the word that has all frequencies of the dictionary of costs. (The
// pre-pass never hands a mark to gse. A zero byte would end the key in its trie.)
const rest = "。。"

func newGrowing(d *Dictionary) *growing {
	g := &growing{d: d, gse: newGse(), costs: newGse()}
	g.costs.AddToken(rest, float64(d.total), "x")
	return g
}

func (g *growing) add(word string, freq int, pos string) {
	g.words = append(g.words, g.gse.ToToken(word, float64(freq), pos))
}

// weigh gives the words that were added their costs and enters them.
func (g *growing) weigh() error {
	if len(g.words) == 0 {
		return nil
	}
	g.costs.Dict.Tokens = g.words
	g.costs.CalcToken()
	for _, w := range g.words {
		if err := g.gse.Dict.AddToken(w); err != nil {
			return err
		}
	}
	clear(g.words)
	g.words = g.words[:0]
	return nil
}

// learn enters the words that occur in text.
func (g *growing) learn(text string) error {
	if g.known == nil {
		g.known = make([]*[64]uint64, g.d.nodes>>12+1)
	}
	for at := 0; at < len(text); {
		p := next(text, at)
		if p.kind == pieceWords {
			words := text[at:p.end]
			if p.wide {
				g.buf, _ = narrow(g.buf[:0], nil, words)
				words = string(g.buf)
			}
			for i := range words {
				g.d.walk(words, i, func(id uint32, c class, end int) {
					if !g.knows(id) {
						g.add(words[i:end], int(c.freq), g.d.speech[c.pos])
					}
				})
			}
		}
		at = p.end
	}
	return g.weigh()
}

// knows reports whether a word was met before, and remembers it.
func (g *growing) knows(id uint32) bool {
	p := &g.known[id>>12]
	if *p == nil {
		*p = new([64]uint64)
	}
	word, bit := &(*p)[id>>6&63], uint64(1)<<(id&63)
	old := *word
	*word |= bit
	return old&bit != 0
}

// Slice returns a segmenter that cuts text, and any sentence of it, as Full
// does. It knows only the words that occur in text. It panics when the embedded
// dictionary is broken, which a test excludes.
func Slice(text string) *Segmenter {
	d, err := Words()
	if err != nil {
		panic(err)
	}
	g := newGrowing(d)
	if err := g.learn(text); err != nil {
		panic(err)
	}
	return &Segmenter{gse: g.gse}
}

// autoBytes is how much text Auto cuts with the words that it has met before it
// loads the whole dictionary, in the background.
const autoBytes = 16 << 20

type automatic struct {
	limit int64 // autoBytes, less in tests
	seen  atomic.Int64
	load  sync.Once
	full  atomic.Pointer[Segmenter]

	mu   sync.Mutex
	idle []*growing
}

// Auto returns a segmenter that starts at once, with the words of the texts that
// it meets, and changes over to Full when it has seen 16 MB of text, loading it
// in the background. The tokens are the same each way. It panics as Slice does.
func Auto() *Segmenter { return &Segmenter{auto: &automatic{limit: autoBytes}} }

// segment cuts text with the whole dictionary, or with a growing segmenter that
// no one else uses.
func (a *automatic) segment(text string) []pipeline.Token {
	if s := a.full.Load(); s != nil {
		return s.Segment(text)
	}
	if a.seen.Add(int64(len(text))) > a.limit {
		a.load.Do(func() {
			go func() {
				if s, err := Full(); err == nil {
					a.full.Store(s)
					a.mu.Lock()
					a.idle = nil
					a.mu.Unlock()
				}
			}()
		})
	}
	g := a.take()
	if err := g.learn(text); err != nil {
		panic(err)
	}
	out := (&Segmenter{gse: g.gse}).Segment(text)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.full.Load() == nil {
		a.idle = append(a.idle, g)
	}
	return out
}

func (a *automatic) take() *growing {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.idle); n > 0 {
		g := a.idle[n-1]
		a.idle = a.idle[:n-1]
		return g
	}
	d, err := Words()
	if err != nil {
		panic(err)
	}
	return newGrowing(d)
}

// Segment cuts text into tokens that tile it.
func (s *Segmenter) Segment(text string) []pipeline.Token {
	if s.auto != nil {
		return s.auto.segment(text)
	}
	out := make([]pipeline.Token, 0, len(text)/5+1)
	var buf []byte
	var shifts []shift
	for at := 0; at < len(text); {
		p := next(text, at)
		span := pipeline.Span{Start: at, End: p.end}
		switch p.kind {
		case pieceNumber:
			out = append(out, pipeline.Token{Span: span, POS: "m"})
		case pieceName:
			out = append(out, pipeline.Token{Span: span, POS: "eng"})
		case pieceMark:
			out = append(out, pipeline.Token{Span: span, POS: "x"})
		case pieceWords:
			shifts = shifts[:0]
			if p.wide {
				buf, shifts = narrow(buf[:0], shifts, text[at:p.end])
			} else {
				buf = append(buf[:0], text[at:p.end]...)
			}
			out = s.appendWords(out, buf, shifts, at)
		}
		at = p.end
	}
	return out
}

// appendWords appends the words of buf, which is the stretch of text at byte at.
func (s *Segmenter) appendWords(out []pipeline.Token, buf []byte, shifts []shift, at int) []pipeline.Token {
	start, moved := 0, 0
	for _, g := range s.gse.Segment(buf) {
		for len(shifts) > 0 && shifts[0].at <= g.End() {
			moved += shifts[0].by
			shifts = shifts[1:]
		}
		end := g.End() + moved
		pos := g.Token().Pos()
		if pos == "" {
			pos = "x"
		}
		if pos == "x" {
			pos = unknown(buf[g.Start():g.End()])
		}
		out = append(out, pipeline.Token{Span: pipeline.Span{Start: at + start, End: at + end}, POS: pos})
		start = end
	}
	return out
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
