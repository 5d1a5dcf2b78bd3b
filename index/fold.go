package index

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
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
	for r := range t {
		t[r] = foldSlow(rune(r))
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

// A folded text knows where its characters stood.
type folded struct {
	s   string
	at  []int32 // byte of s → byte of the text; valid at the first byte of a character
	end int     // length of the text
}

// foldText folds s.
func foldText(s string) folded {
	f := folded{at: make([]int32, len(s)+utf8.UTFMax), end: len(s)}
	b, at := foldInto(make([]byte, 0, len(s)+utf8.UTFMax), f.at, s)
	f.s, f.at = unsafe.String(unsafe.SliceData(b), len(b)), at[:len(b)]
	return f
}

// A foldBuffer folds texts one by one: each is valid until the next.
type foldBuffer struct {
	b  []byte
	at []int32
}

func (x *foldBuffer) fold(s string) folded {
	if n := len(s) + 2*utf8.UTFMax; len(x.at) < n {
		x.at = make([]int32, n+n/4)
	}
	x.b, x.at = foldInto(x.b[:0], x.at, s)
	return folded{unsafe.String(unsafe.SliceData(x.b), len(x.b)), x.at[:len(x.b)], len(s)}
}

// foldInto appends the folded form of s to b. at, when not nil, is told where
// the character at each place of b stood in s; it may grow.
func foldInto(b []byte, at []int32, s string) ([]byte, []int32) {
	t := foldBasic()
	var last rune
	space := -1
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
			if space < 0 {
				space = i
			}
			continue
		}
		if at != nil && len(b)+2*utf8.UTFMax > len(at) {
			at = append(at, make([]int32, len(at)/2+2*utf8.UTFMax)...)
		}
		if space >= 0 && latin(last) && latin(c) {
			if at != nil {
				at[len(b)] = int32(space)
			}
			b = append(b, ' ')
		}
		if at != nil {
			at[len(b)] = int32(i)
		}
		if c == r && w == 3 {
			b = append(b, s[i], s[i+1], s[i+2])
		} else {
			b = utf8.AppendRune(b, c)
		}
		last, space = c, -1
	}
	return b, at
}

// fold returns s as it is compared.
func fold(s string) string {
	b, _ := foldInto(make([]byte, 0, len(s)+utf8.UTFMax), nil, s)
	return string(b)
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

var foldPool = sync.Pool{New: func() any { return new([]byte) }}

// containsFolded reports whether the folded text holds needle, which is folded.
func containsFolded(text, needle string) bool {
	buf := foldPool.Get().(*[]byte)
	b, _ := foldInto((*buf)[:0], nil, text)
	found := bytes.Contains(b, []byte(needle))
	*buf = b
	foldPool.Put(buf)
	return found
}

// span returns the place in the text of bytes [i, j) of the folded text.
func (f folded) span(i, j int) pipeline.Span {
	end := f.end
	if j < len(f.at) {
		end = int(f.at[j])
	}
	return pipeline.Span{Start: int(f.at[i]), End: end}
}

// trimmed returns s without the white space at its end, which folding skipped.
func trimmed(text string, s pipeline.Span) pipeline.Span {
	for s.End > s.Start {
		r, w := utf8.DecodeLastRuneInString(text[s.Start:s.End])
		if c := foldRune(r); c != ' ' && c != 0 {
			break
		}
		s.End -= w
	}
	return s
}

// find returns where needle, folded, stands in the text, as at most max spans.
func (f folded) find(text, needle string, max int) []pipeline.Span {
	var out []pipeline.Span
	for from := 0; needle != "" && len(out) < max; {
		i := strings.Index(f.s[from:], needle)
		if i < 0 {
			break
		}
		i += from
		out = append(out, trimmed(text, f.span(i, i+len(needle))))
		from = i + len(needle)
	}
	return out
}

func hash(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:6])
}
