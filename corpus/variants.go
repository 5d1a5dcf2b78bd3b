package corpus

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed variants.tsv
var variantFile string

// Variant returns the character that stands for r in simplified Chinese: the
// simplified form of a traditional character, the usual form of a variant, a
// radical or a compatibility ideograph; r itself where it is its own. It says
// what strings are compared as; Simplify says how a text reads.
func Variant(r rune) rune {
	t := variants()
	if int(r) < len(t.basic) {
		if f := t.basic[r]; f != 0 {
			return f
		}
	} else if f, ok := t.beyond[r]; ok {
		return f
	}
	return r
}

type variantTable struct {
	basic  []rune // character of the basic plane → what stands for it, 0 when it is its own
	beyond map[rune]rune
}

// variants reads variants.tsv. It is part of the program, so a line that cannot
// be read is a programmer's error.
var variants = sync.OnceValue(func() *variantTable {
	t, err := readVariants("variants.tsv", variantFile)
	if err != nil {
		panic(err)
	}
	return t
})

func readVariants(name, text string) (*variantTable, error) {
	t := &variantTable{basic: make([]rune, 1<<16), beyond: map[rune]rune{}}
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
