// Package segment cuts Chinese text into words with gse.
//
//	seg, err := segment.Full()      // the whole dictionary, shared, for batches
//	seg := segment.Slice(text)      // only the words that occur in text, for one query
//	seg := segment.Auto()           // slices at first, the whole dictionary once that pays
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
	g := newGse()
	for _, w := range list {
		if err := g.AddToken(w.text, float64(w.Freq), w.POS); err != nil {
			return nil, err
		}
	}
	g.CalcToken()
	return &Segmenter{gse: g}, nil
}

func newGse() *gse.Segmenter {
	return &gse.Segmenter{Dict: gse.NewDict(), Load: true, NotLoadHMM: true, SkipLog: true}
}

// rest is the token of a slice that stands for all words that the slice lacks.
// The pre-pass never hands a mark to gse. (A zero byte would end the key in gse's trie.)
const rest = "。。"

// Slice returns a segmenter that cuts text, and any sentence of it, as Full
// does. It knows only the words that occur in text: costs are logarithms of
// shares of the whole, so one more token with the frequency of all other words
// makes them equal. It panics when the embedded dictionary is broken, which a
// test excludes.
func Slice(text string) *Segmenter {
	d, err := Words()
	if err != nil {
		panic(err)
	}
	g := newGse()
	seen := map[uint32]bool{}
	left := d.total
	var buf []byte
	for at := 0; at < len(text); {
		p := next(text, at)
		if p.kind == pieceWords {
			words := text[at:p.end]
			if p.wide {
				buf, _ = narrow(buf[:0], nil, words)
				words = string(buf)
			}
			for i := range words {
				d.walk(words, i, func(node uint32, end int) {
					if seen[node] {
						return
					}
					seen[node] = true
					c := d.class[d.values[node]-1]
					left -= c.freq
					g.AddToken(words[i:end], float64(c.freq), c.pos)
				})
			}
		}
		at = p.end
	}
	g.AddToken(rest, float64(left), "x")
	g.CalcToken()
	return &Segmenter{gse: g}
}

// autoBytes is how much text Auto cuts with slices before it loads the whole
// dictionary. Measured on newspaper pages: slices 3 MB/s, Full 9 MB/s after a
// load of 1.9 s, so that loading pays after about ten megabytes; the load runs
// in the background, on a second core if there is one, which halves that.
const autoBytes = 4 << 20

type automatic struct {
	seen atomic.Int64
	load sync.Once
	full atomic.Pointer[Segmenter]
}

// Auto returns a segmenter that starts at once, with a slice of the dictionary
// for every text, and changes over to Full when it has seen 4 MB of text,
// loading it in the background. The tokens are the same each way.
func Auto() *Segmenter { return &Segmenter{auto: &automatic{}} }

func (a *automatic) segmenter(text string) *Segmenter {
	if s := a.full.Load(); s != nil {
		return s
	}
	if a.seen.Add(int64(len(text))) > autoBytes {
		a.load.Do(func() {
			go func() {
				if s, err := Full(); err == nil {
					a.full.Store(s)
				}
			}()
		})
	}
	return Slice(text)
}

// Segment cuts text into tokens that tile it.
func (s *Segmenter) Segment(text string) []pipeline.Token {
	if s.auto != nil {
		s = s.auto.segmenter(text)
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
