// Package terminal knows what a terminal can show: its width, whether it has
// colours, how wide Chinese text is, and which characters must never reach it.
//
//	width := terminal.Width(os.Stdout)
//	s := terminal.Styles(os.Stdout).Hit("签约额")
package terminal

import (
	"io"
	"os"
	"strings"

	"longmai/pipeline/batch"

	"github.com/mattn/go-runewidth"
	"golang.org/x/term"
)

// Is reports whether f, a reader or writer, is a terminal.
func Is(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// Width returns the columns of the terminal w, and 0 when w is none.
func Width(w io.Writer) int {
	file, ok := w.(*os.File)
	if !ok {
		return 0
	}
	n, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0
	}
	return n
}

// Visible returns s with every character that a terminal would obey shown as a picture.
func Visible(s string) string { return batch.Visible(s) }

// Columns returns how many columns s takes: two for a Chinese character.
func Columns(s string) int {
	sum := 0
	for _, r := range s {
		n := usual(r)
		if n == 0 {
			return width.StringWidth(s)
		}
		sum += n
	}
	return sum
}

// width counts ambiguous characters (“ ” — …) as one column, as terminals in a
// UTF-8 locale do.
var width = &runewidth.Condition{}

// columns returns how many columns r takes.
func columns(r rune) int {
	if n := usual(r); n > 0 {
		return n
	}
	return width.RuneWidth(r)
}

// usual returns how many columns a character takes that Chinese text is made of,
// 0 for others. It spares a search the tables of runewidth, which take longer to
// fill than its result to show.
func usual(r rune) int {
	switch {
	case ' ' <= r && r <= '~':
		return 1
	case '\u4e00' <= r && r <= '\u9fff', '\u3000' <= r && r <= '\u3029', '！' <= r && r <= '｠':
		return 2
	case '‐' <= r && r <= '‧', r == '⟦', r == '⟧', r == '·': // dashes, quotation marks, dots
		return 1
	}
	return 0
}

// Cut returns s cut to at most n columns, with an ellipsis where something was cut.
func Cut(s string, n int) string { return width.Truncate(s, n, "…") }

// Wrap breaks s into lines of at most n columns, between any two characters but
// not before a closing mark.
func Wrap(s string, n int) []string {
	if n <= 0 {
		return []string{s}
	}
	var lines []string
	var b strings.Builder
	col := 0
	for _, r := range s {
		w := columns(r)
		if col+w > n && !strings.ContainsRune("，。、；：！？”’」』）》〉】,.;:!?)", r) {
			lines = append(lines, b.String())
			b.Reset()
			col = 0
		}
		b.WriteRune(r)
		col += w
	}
	return append(lines, b.String())
}

// A Style puts colours on text. The zero Style leaves it as it is.
type Style struct{ on bool }

// Styles returns the style for w: colours on a terminal, unless NO_COLOR is set
// or TERM is dumb.
func Styles(w io.Writer) Style {
	return Style{on: Is(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

func (s Style) paint(code, t string) string {
	if !s.on || t == "" {
		return t
	}
	return "\x1b[" + code + "m" + t + "\x1b[0m"
}

// Hit is for what a query found.
func (s Style) Hit(t string) string {
	if !s.on {
		return "【" + t + "】"
	}
	return s.paint("1;31", t)
}

// Title is for headlines.
func (s Style) Title(t string) string { return s.paint("1", t) }

// Dim is for what surrounds the matter: ids, dates, counts.
func (s Style) Dim(t string) string { return s.paint("2", t) }

// Figure is for figures.
func (s Style) Figure(t string) string { return s.paint("33", t) }

// Name is for entities.
func (s Style) Name(t string) string { return s.paint("36", t) }

// On reports whether s has colours.
func (s Style) On() bool { return s.on }
