package corpus

import (
	"bytes"
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

// untouched reports whether raw is UTF-8 in which decode finds nothing to warn
// of and clean nothing to do. So are most pages, and one look at each byte
// tells, in place of five passes.
func untouched(raw []byte) bool {
	rows := plainRows()
	for len(raw) > 0 {
		n := min(len(raw), 1024)
		half := raw[:runeEnd(raw[:n/2])]
		rest := raw[len(half):n]
		first, state := uint64(whole), uint64(whole) // two halves at once: a step waits for the one before
		for i, c := range rest[:len(half)] {
			first = rows[half[i]] >> (first & 63)
			state = rows[c] >> (state & 63)
		}
		for _, c := range rest[len(half):] {
			state = rows[c] >> (state & 63)
		}
		if first&63 != whole {
			state = doubtful
		}
		switch state & 63 {
		case whole:
		case doubtful:
			if bytes.Contains(raw[:min(len(raw), n+len(lostTwice))], []byte(lostTwice)) {
				return false
			}
			if n = runeEnd(raw[:n]); !eachUntouched(raw[:n]) {
				return false
			}
		default:
			n = runeEnd(raw[:n])
		}
		if n == 0 {
			return false // the end of raw is half a character
		}
		raw = raw[n:]
	}
	return true
}

// eachUntouched looks at each character of what is doubtful.
func eachUntouched(raw []byte) bool {
	t := touched()
	for i := 0; i < len(raw); {
		r, w := utf8.DecodeRune(raw[i:])
		if t.has(r) || r >= 0xe0000 {
			return false
		}
		i += w
	}
	return true
}

// The states of the machine that untouched runs: between characters, and inside
// of one by the bytes of it that were seen. A state is six times its number, and
// a row holds for one byte the next state of each at the bit of that number: a
// step is one look-up and one shift, without a branch that could be predicted
// wrongly at every mark and digit. It runs twice as fast as to decode.
const (
	whole    = 6 * iota
	doubtful // nothing leads out of it: a character that has to be looked at, or no UTF-8
	oneMore  // bytes of a character that is plain whatever they are
	twoMore
	insideC2
	insideE2
	insideE280
	insideE9
	insideE994
	insideEF
)

var plainRows = sync.OnceValue(func() *[256]uint64 {
	var rows [256]uint64
	t := touched()
	for i := range rows {
		c := byte(i)
		step := func(from, to uint64) { rows[c] |= to << from }
		calm := func(r rune, is uint64) uint64 { // is, when none of the 64 characters from r on is touched
			if t[r>>6] != 0 {
				return doubtful
			}
			return is
		}
		step(doubtful, doubtful)
		if c&0xc0 != 0x80 {
			for from := uint64(oneMore); from <= insideEF; from += oneMore - doubtful {
				step(from, doubtful)
			}
			switch {
			case c < utf8.RuneSelf && !t.has(rune(c)):
				step(whole, whole)
			case c == 0xc2:
				step(whole, insideC2)
			case 0xc3 <= c && c <= 0xdf:
				step(whole, calm(rune(c&0x1f)<<6, oneMore))
			case c == 0xe2:
				step(whole, insideE2)
			case c == 0xe9:
				step(whole, insideE9)
			case c == 0xef:
				step(whole, insideEF)
			case 0xe3 <= c && c <= 0xec: // TestUntouched holds that nothing from U+3000 to U+CFFF is touched
				step(whole, twoMore)
			default:
				step(whole, doubtful)
			}
			continue
		}
		last := rune(c & 0x3f)
		one := func(r rune) uint64 {
			if t.has(r) {
				return doubtful
			}
			return whole
		}
		step(whole, doubtful)
		step(oneMore, whole)
		step(twoMore, oneMore)
		step(insideC2, one(0x80|last))
		step(insideE2, calm(0x2000|last<<6, oneMore))
		step(insideE280, one(0x2000|last))
		step(insideE9, oneMore)
		step(insideE994, whole)
		step(insideEF, calm(0xf000|last<<6, oneMore))
		switch c { // some of the 64 are touched: “ ” — …, and the first of lostTwice
		case 0x80:
			rows[c] = rows[c]&^(63<<insideE2) | insideE280<<insideE2
		case 0x94:
			rows[c] = rows[c]&^(63<<insideE9) | insideE994<<insideE9
		case 0x9f:
			rows[c] = rows[c]&^(63<<insideE994) | doubtful<<insideE994
		}
	}
	return &rows
})

// lostTwice is what U+FFFD becomes that is saved as GBK once more.
const lostTwice = "锟斤拷"

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
