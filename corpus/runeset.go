package corpus

import (
	"unicode"
	"unicode/utf8"
)

// A runeSet is a set of characters of the basic plane: what strings.ContainsAny
// and strings.ContainsRune do, an order of magnitude faster.
type runeSet [0x10000 / 64]uint64

func newRuneSet(chars string) *runeSet {
	x := new(runeSet)
	for _, r := range chars {
		x.add(r)
	}
	return x
}

func (x *runeSet) add(r rune) { x[r>>6&0x3ff] |= 1 << (r & 63) }

// with returns the set and all characters of the basic plane for which is holds.
func (x *runeSet) with(is func(rune) bool) *runeSet {
	y := *x
	for r := range rune(0x10000) {
		if is(r) {
			y.add(r)
		}
	}
	return &y
}

// has reports whether r is in the set.
func (x *runeSet) has(r rune) bool { return uint32(r) < 0x10000 && x[r>>6]&(1<<(r&63)) != 0 }

// in reports whether s has a character of the set.
func (x *runeSet) in(s string) bool { return x.index(s, 0) < len(s) }

// index returns the place of the first character of the set in s from byte i
// on, or len(s). Characters of three bytes, which Chinese text is made of, are
// decoded in place: a range over s costs a call for each.
func (x *runeSet) index(s string, i int) int {
	for i < len(s) {
		c := s[i]
		if c&0xf0 == 0xe0 && i+2 < len(s) {
			if x.has(rune(c&0xf)<<12 | rune(s[i+1]&0x3f)<<6 | rune(s[i+2]&0x3f)) {
				return i
			}
			i += 3
			continue
		}
		r, w := rune(c), 1
		if c >= utf8.RuneSelf {
			r, w = utf8.DecodeRuneInString(s[i:])
		}
		if x.has(r) {
			return i
		}
		i += w
	}
	return len(s)
}

// trimLeft cuts characters of the set off the start of s.
func (x *runeSet) trimLeft(s string) string {
	for i, r := range s {
		if !x.has(r) {
			return s[i:]
		}
	}
	return ""
}

// trim cuts characters of the set off both ends of s.
func (x *runeSet) trim(s string) string {
	s = x.trimLeft(s)
	for s != "" {
		r, w := utf8.DecodeLastRuneInString(s)
		if !x.has(r) {
			break
		}
		s = s[:len(s)-w]
	}
	return s
}

// isHan reports whether r is a Chinese character; nearly all that are asked for stand in one block.
func isHan(r rune) bool {
	return 0x4e00 <= r && r <= 0x9fff || r > 0x2e7f && unicode.Is(unicode.Han, r)
}
