package segment

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed fold.tsv
var foldFile string

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
	t := foldTable()
	if int(r) < len(t.basic) {
		if f := t.basic[r]; f != 0 {
			return f
		}
	} else if f, ok := t.beyond[r]; ok {
		return f
	}
	if r < '\u2e80' || '\ua000' <= r {
		return unicode.ToLower(r)
	}
	return r
}

type folds struct {
	basic  []rune // character of the basic plane → its fold, 0 when it is its own
	beyond map[rune]rune
}

// foldTable reads fold.tsv. It is part of the program, so a line that cannot be
// read is a programmer's error.
var foldTable = sync.OnceValue(func() *folds {
	t, err := readFolds("fold.tsv", foldFile)
	if err != nil {
		panic(err)
	}
	return t
})

func readFolds(name, text string) (*folds, error) {
	t := &folds{basic: make([]rune, 1<<16), beyond: map[rune]rune{}}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		from, to, ok := strings.Cut(line, "\t")
		if !ok || utf8.RuneCountInString(from) != 1 || utf8.RuneCountInString(to) != 1 {
			return nil, fmt.Errorf("%s:%d: %q, want two characters apart by a tab", name, n, line)
		}
		r, _ := utf8.DecodeRuneInString(from)
		f, _ := utf8.DecodeRuneInString(to)
		if int(r) < len(t.basic) {
			t.basic[r] = f
		} else {
			t.beyond[r] = f
		}
	}
	return t, nil
}
