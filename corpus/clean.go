package corpus

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"sync"
	"unicode/utf8"
)

// Cleaning takes out of a piece what nobody sees and what only software put
// there: control characters, marks of direction and width zero, selectors of
// variants. A no-break space becomes a space. Characters of private use become
// the character that they stood for in GBK (glyphs.tsv), or 〓 where nobody can
// know. The width of digits and marks is left as the paper printed it.

// watch marks the bytes at which a character may begin that clean cuts or replaces.
var watch = func() (w [256]bool) {
	for c := range 0x20 {
		w[c] = true
	}
	w['\t'] = false
	w[0x7f], w[0xc2], w[0xcd], w[0xd8], w[0xe1], w[0xe2], w[0xee], w[0xef], w[0xf3], w[0xf4] = true, true, true, true, true, true, true, true, true, true
	return w
}()

// touched are the characters of pages that decode has something to warn of or
// that clean changes: those of verdict, and U+FFFD.
var touched = sync.OnceValue(func() *runeSet {
	x := newRuneSet("\ufffd")
	var c cleaning
	for r := range rune(0xffff) {
		if r == '\n' || r == '\r' { // they end lines, and no piece holds them
			continue
		}
		if 0xd800 <= r && r <= 0xf8ff {
			x.add(r) // of private use, and halves of others
		} else if _, change := c.verdict(r, utf8.RuneLen(r)); change {
			x.add(r)
		}
	}
	return x
})

// calm are the bytes with which a character of three bytes begins that is never
// touched, and the ASCII characters that are not: the mass of every page.
var calm = sync.OnceValue(func() *[256]uint8 {
	var n [256]uint8
	t := touched()
	for c := range rune(utf8.RuneSelf) {
		if !t.has(c) {
			n[c] = 1
		}
	}
	for c := range rune(0x10) {
		quiet := c > 0
		for r := c << 12; r < (c+1)<<12 && quiet; r++ {
			quiet = !t.has(r)
		}
		if quiet {
			n[0xe0|c] = 3
		}
	}
	return &n
})

// untouched reports whether raw is UTF-8 in which decode finds nothing to warn
// of and clean nothing to do: so are most pages, and one look at each character
// tells, in place of five passes.
func untouched(raw []byte) bool {
	t, quiet := touched(), calm()
	for i := 0; i < len(raw); {
		c := raw[i]
		n := quiet[c]
		if n == 1 {
			i++
			continue
		}
		if c >= 0xe0 && i+12 <= len(raw) {
			a, b := binary.LittleEndian.Uint64(raw[i:]), binary.LittleEndian.Uint32(raw[i+8:])
			if fourWide(a, b) && (fourCalm(a, b) || fourUntouched(t, a, b)) {
				i += 12
				continue
			}
		}
		if i+2 < len(raw) && 0xe1 <= c && c <= 0xef {
			d, e := raw[i+1], raw[i+2]
			if (d^0x80|e^0x80)&0xc0 == 0 && (n == 3 || !t.has(rune(c&0xf)<<12|rune(d&0x3f)<<6|rune(e&0x3f))) {
				i += 3
				continue
			}
		}
		r, w := utf8.DecodeRune(raw[i:])
		if t.has(r) || r >= 0xe0000 {
			return false
		}
		i += w
	}
	return !bytes.Contains(raw, []byte(lostTwice))
}

// lostTwice is what U+FFFD becomes that is saved as GBK once more.
const lostTwice = "锟斤拷"

// fourWide reports whether twelve bytes, the first eight in a and four in b, have
// the form of four characters of three bytes each.
func fourWide(a uint64, b uint32) bool {
	const (
		formsA, formsB = 0xc0f0c0c0f0c0c0f0, 0xc0c0f0c0
		wideA, wideB   = 0x80e08080e08080e0, 0x8080e080
	)
	return a&formsA == wideA && b&formsB == wideB
}

// fourCalm reports whether each of four such characters begins with a byte
// between 0xe3 and 0xec: all of those are calm.
func fourCalm(a uint64, b uint32) bool {
	const (
		headsA, headsB = 0x00f00000f00000f0, 0x0000f000
		three          = 0x0003000003000003
	)
	return (a+three)&headsA == 0x00e00000e00000e0 && (a-three)&headsA == 0x00e00000e00000e0 &&
		(b+0x0300)&headsB == 0xe000 && (b-0x0300)&headsB == 0xe000
}

// fourUntouched reports whether none of four such characters is in t or written
// with a byte more than it needs. One branch for four of them: the marks among
// characters come at no rhythm that could be predicted.
func fourUntouched(t *runeSet, a uint64, b uint32) bool {
	wide := func(x uint64) rune { return rune(x&0xf)<<12 | rune(x>>8&0x3f)<<6 | rune(x>>16&0x3f) }
	p, q, r, s := wide(a), wide(a>>24), wide(a>>48|uint64(b)<<16), wide(uint64(b)>>8)
	bits := t[p>>6]>>(p&63) | t[q>>6]>>(q&63) | t[r>>6]>>(r&63) | t[s>>6]>>(s&63)
	return bits&1 == 0 && min(p, q, r, s) >= 0x800
}

var glyphs = sync.OnceValue(func() map[rune]string {
	m := map[rune]string{}
	for _, r := range mustTable("glyphs.tsv", 2, 0) {
		from, err1 := strconv.ParseInt(r.cells[0], 16, 32)
		to, err2 := strconv.ParseInt(r.cells[1][2:], 16, 32)
		if err1 != nil || err2 != nil {
			panic("glyphs.tsv:" + strconv.Itoa(r.line) + ": no code point")
		}
		m[rune(from)] = string(rune(to))
	}
	return m
})

// A cleaning counts what clean had to do.
type cleaning struct {
	cut, private, broken int
	lines                bool // the text cleaned last holds line ends
}

// clean returns t without invisible characters.
func (c *cleaning) clean(t Text) Text {
	s := t.String()
	c.lines = false
	var b *TextBuilder
	kept := 0 // s[:kept] is in b
	for i := suspect(s, 0); i < len(s); i = suspect(s, i) {
		r, w := utf8.DecodeRuneInString(s[i:])
		with, change := c.verdict(r, w)
		if change {
			if b == nil {
				b = &TextBuilder{}
			}
			b.Append(t.Slice(Span{Start: kept, End: i}))
			if with != "" {
				o, ok := t.Origin(Span{Start: i, End: i + w})
				if ok {
					b.Append(ReplacedText(with, o))
				} else {
					b.Insert(with)
				}
			}
			kept = i + w
		}
		i += w
	}
	if b == nil {
		return t
	}
	b.Append(t.Slice(Span{Start: kept, End: len(s)}))
	return b.Text()
}

// suspect returns the place of the next character in s, from byte i on, that
// verdict has to look at. The marks of Chinese text, “ ” — … and the full-width
// ones, share their first bytes with invisible characters: their second and
// third bytes tell them apart.
func suspect(s string, i int) int {
	for i < len(s) {
		c := s[i]
		if !watch[c] {
			if 0xe3 <= c && c <= 0xed && i+2 < len(s) && (s[i+1]^0x80|s[i+2]^0x80)&0xc0 == 0 {
				i += 2 // the rest of a character
			}
			i++
			continue
		}
		if i+2 < len(s) {
			d, e := s[i+1], s[i+2]
			switch {
			case c == 0xe2 && (d > 0x81 || d == 0x80 && 0x90 <= e && e <= 0xa7),
				c == 0xef && (0xa4 <= d && d <= 0xb7 || 0xbc <= d && d <= 0xbe || d == 0xb9 || d == 0xba),
				c == 0xe1 && d != 0xa0:
				i += 3
				continue
			}
		}
		return i
	}
	return len(s)
}

// verdict says whether r, which takes w bytes, is changed, and into what.
func (c *cleaning) verdict(r rune, w int) (string, bool) {
	switch {
	case r == '\n':
		c.lines = true
		return "", false
	case r == utf8.RuneError:
		c.broken++
		return "\ufffd", w == 1
	case r == 0xa0 || r == 0x2007 || r == 0x202f:
		return " ", true
	case r == 0x2028 || r == 0x2029 || r == 0x85 || r == '\v' || r == '\f' || r == '\r':
		c.lines = true
		return "\n", true
	case r < 0x20 && r != '\t' && r != '\n' || 0x7f <= r && r < 0xa0 || r == 0xad || r == 0x34f ||
		r == 0x61c || r == 0x180e || 0x200b <= r && r <= 0x200f || 0x202a <= r && r <= 0x202e ||
		0x2060 <= r && r <= 0x206f || r == 0xfeff || 0xfe00 <= r && r <= 0xfe0f ||
		0xfff9 <= r && r <= 0xfffb || 0xe0000 <= r && r <= 0xe01ef:
		c.cut++
		return "", true
	case 0xe000 <= r && r <= 0xf8ff || r >= 0xf0000:
		if g, ok := glyphs()[r]; ok {
			return g, true
		}
		c.private++
		return "〓", true
	}
	return "", false
}

// warnings says what the cleaning did where a reader should know.
func (c *cleaning) warnings() []string {
	var out []string
	if c.private > 0 {
		out = append(out, strconv.Itoa(c.private)+" characters of private use shown as 〓")
	}
	if c.broken > 0 {
		out = append(out, strconv.Itoa(c.broken)+" characters that the source had lost already (\ufffd)")
	}
	return out
}
