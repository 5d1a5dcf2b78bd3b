package index

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"longmai/pipeline"
	"longmai/pipeline/segment"
)

// Strings are compared in folded form: simplified characters, half width, lower
// case, one kind of quotation mark and dash, and no white space but a single
// blank between two Latin words. So a string is found whatever its source typed,
// and across the place where a page or paragraph breaks it. Folding a part of a
// text gives a part of the folded text.

// foldRune returns the character that r is compared as; 0 for what is skipped.
func foldRune(r rune) rune {
	if r < 1<<16 {
		return foldBasic()[r]
	}
	return foldSlow(r)
}

var foldBasic = sync.OnceValue(func() *[1 << 16]rune {
	t := new([1 << 16]rune)
	for i := range t {
		switch r := rune(i); {
		case '\u3400' <= r && r <= '\u9fff': // ideographs: neither space nor marks
			t[i] = segment.Fold(r)
		case '\uac00' <= r && r <= '\ud7a3' || 0xd800 <= r && r <= '\uf8ff': // syllables, surrogates, private use
			t[i] = r
		default:
			t[i] = foldSlow(r)
		}
	}
	return t
})

func foldSlow(r rune) rune {
	switch r {
	case '“', '”', '„', '‟', '«', '»', '「', '」', '『', '』', '〝', '〞', '＂', '﹁', '﹂':
		return '"'
	case '‘', '’', '‚', '＇':
		return '\''
	case '—', '–', '―', '－', '﹣', '−', '‐', '‑', '─':
		return '-'
	case '～', '〜':
		return '~'
	case '·', '•', '・', '‧', '∙':
		return '·'
	case '︰', '∶':
		return ':'
	case '\u200b', '\u200c', '\u200d', '\ufeff', '\u00ad', '\u2060':
		return 0
	}
	if unicode.IsSpace(r) || unicode.IsControl(r) {
		return ' '
	}
	return segment.Fold(r)
}

// latin holds for the characters of words that white space keeps apart.
func latin(r rune) bool {
	return r < 0x2000 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// A folded text knows where its characters stood: as far behind the start of
// the text as in the folded one, from one move to the next.
type folded struct {
	s     string
	moves []move // in order, the first at 0
}

// A move says that the character at a byte of the folded text stood at another
// byte of the text. When it took another number of bytes there, stop is its end,
// and the move is for that character alone.
type move struct{ at, from, stop int32 }

// span returns the place in the text of bytes [i, j) of the folded text, which
// begin and end with characters that are no blank.
func (f folded) span(i, j int) pipeline.Span {
	a, b := f.move(i), f.move(j-1)
	s := pipeline.Span{Start: int(a.from) + i - int(a.at), End: int(b.stop)}
	if b.stop == 0 {
		s.End = int(b.from) + j - int(b.at)
	}
	return s
}

// move returns the last move that is not behind byte i.
func (f folded) move(i int) move {
	n, ok := slices.BinarySearchFunc(f.moves, int32(i), func(m move, i int32) int { return cmp.Compare(m.at, i) })
	if !ok {
		n--
	}
	return f.moves[n]
}

// foldText folds s.
func foldText(s string) folded {
	var x foldBuffer
	return x.fold(s)
}

// A foldBuffer folds texts one by one: each is valid until the next.
type foldBuffer struct {
	b     []byte
	moves []move
	from  int  // bytes of the text so far
	shift int  // by the last move
	latin bool // the last character is one of a word that white space keeps apart
	space int  // where white space began that no character has followed; -1 when there is none
}

func (x *foldBuffer) fold(s string) folded {
	x.begin(len(s))
	x.characters(s)
	return x.end()
}

// begin starts with a text of about n bytes.
func (x *foldBuffer) begin(n int) {
	*x = foldBuffer{b: slices.Grow(x.b[:0], n+8), moves: append(x.moves[:0], move{}), space: -1}
}

func (x *foldBuffer) end() folded {
	return folded{unsafe.String(unsafe.SliceData(x.b), len(x.b)), x.moves}
}

// unknownShift makes that the next character is a move.
const unknownShift = math.MinInt32

// move notes that the next character stood at byte from.
func (x *foldBuffer) move(from int) {
	n := int32(len(x.b))
	if x.moves[len(x.moves)-1].at == n {
		x.moves = x.moves[:len(x.moves)-1]
	}
	x.moves = append(x.moves, move{at: n, from: int32(from)})
	x.shift = from - len(x.b)
}

// characters appends a part of the text that ends with a character.
func (x *foldBuffer) characters(s string) {
	for i, w := 0, 0; i < len(s); i += w {
		var r, c rune
		r, w = utf8.DecodeRuneInString(s[i:])
		switch c = foldRune(r); c {
		case 0:
			continue
		case ' ':
			if x.space < 0 {
				x.space = x.from + i
			}
			continue
		}
		l := latin(c)
		if x.space >= 0 && x.latin && l {
			x.move(x.space)
			x.b = append(x.b, ' ')
			x.shift = unknownShift
		}
		at, even := x.from+i, utf8.RuneLen(c) == w
		if at-len(x.b) != x.shift || !even {
			x.move(at)
		}
		if !even {
			x.moves[len(x.moves)-1].stop = int32(at + w)
			x.shift = unknownShift
		}
		x.b = utf8.AppendRune(x.b, c)
		x.latin, x.space = l, -1
	}
	x.from += len(s)
}

// foldInto appends the folded form of s to b.
func foldInto(b []byte, s string) []byte {
	t := foldBasic()
	var last rune
	space := false
	for i, w := 0, 0; i < len(s); i += w {
		r := rune(s[i])
		w = 1
		switch {
		case r < utf8.RuneSelf:
		case i+2 < len(s) && 0xe4 <= r && r <= 0xe9 && s[i+1]&0xc0 == 0x80 && s[i+2]&0xc0 == 0x80: // most of all
			r, w = r&0xf<<12|rune(s[i+1]&0x3f)<<6|rune(s[i+2]&0x3f), 3
		default:
			r, w = utf8.DecodeRuneInString(s[i:])
		}
		var c rune
		if r < 1<<16 {
			c = t[r]
		} else {
			c = foldSlow(r)
		}
		switch c {
		case 0:
			continue
		case ' ':
			space = true
			continue
		}
		if space && latin(last) && latin(c) {
			b = append(b, ' ')
		}
		if c == r && w == 3 {
			b = append(b, s[i], s[i+1], s[i+2])
		} else {
			b = utf8.AppendRune(b, c)
		}
		last, space = c, false
	}
	return b
}

// fold returns s as it is compared.
func fold(s string) string {
	return string(foldInto(make([]byte, 0, len(s)+utf8.UTFMax), s))
}

// foldToken returns fold(s), which most often is s itself.
func foldToken(s string) string {
	t := foldBasic()
	for _, r := range s {
		if r >= 1<<16 || t[r] != r || r == ' ' {
			return fold(s)
		}
	}
	return s
}

// find returns where needle, folded, stands in the text, as at most max spans.
func (f folded) find(needle string, max int) []pipeline.Span {
	var out []pipeline.Span
	for from := 0; needle != "" && len(out) < max; {
		i := strings.Index(f.s[from:], needle)
		if i < 0 {
			break
		}
		i += from
		out = append(out, f.span(i, i+len(needle)))
		from = i + len(needle)
	}
	return out
}

func hash(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:6])
}
