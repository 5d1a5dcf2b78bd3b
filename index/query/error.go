package query

import (
	"fmt"
	"strings"

	"github.com/mattn/go-runewidth"
)

// A SyntaxError says where a query stops making sense and what would be accepted there.
type SyntaxError struct {
	Query  string
	Offset int    // byte of Query
	Got    string // what is wrong
	Want   string // what would be accepted
}

func (e *SyntaxError) Error() string {
	s := fmt.Sprintf("query: column %d: %s", strings.Count(e.Query[:e.Offset], "")-1+1, e.Got)
	if e.Want != "" {
		s += ", want " + e.Want
	}
	return s
}

// Caret returns the line of the query with the error and, below it, a line
// with a caret under its place, by display width.
func (e *SyntaxError) Caret() (line, caret string) {
	from := strings.LastIndexByte(e.Query[:e.Offset], '\n') + 1
	to := len(e.Query)
	if i := strings.IndexByte(e.Query[from:], '\n'); i >= 0 {
		to = from + i
	}
	plain := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 {
				return ' '
			}
			return r
		}, s)
	}
	at := max(from, min(e.Offset, to))
	return plain(e.Query[from:to]), strings.Repeat(" ", runewidth.StringWidth(plain(e.Query[from:at]))) + "^"
}
