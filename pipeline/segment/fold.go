package segment

import (
	"unicode"
	"unicode/utf8"

	"longmai/corpus"
)

// Fold returns the character that r is searched as: simplified for a
// traditional character or a variant, half width for a full-width form, lower
// case for a capital. It maps one character to one character, and Fold(Fold(r))
// is Fold(r).
func Fold(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	switch {
	case '！' <= r && r <= '～':
		return Fold(r - '！' + '!')
	case r == '\u3000':
		return ' '
	}
	if f := corpus.Variant(r); f != r {
		return f
	}
	if r < '\u2e80' || '\ua000' <= r {
		return unicode.ToLower(r)
	}
	return r
}
