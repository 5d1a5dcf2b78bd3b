package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A piece is a stretch of text that the pre-pass settles before gse sees it.
type piece struct {
	end  int
	kind pieceKind
	wide bool // has full-width letters or digits
}

type pieceKind uint8

const (
	pieceWords  pieceKind = iota // Chinese characters, and plain runs of letters and digits between them
	pieceNumber                  // 1,156  ７．５  100%  14:30  1/3
	pieceName                    // AI  COVID-19  Wi-Fi  “3+2” without its quotes  km/h
	pieceMark                    // one mark, space or broken byte, repeated: 。 —— …… \n\n
)

// maxStretch bounds what goes to gse at once, in bytes: the sums of a longer
// stretch would lose digits in gse's 32-bit floats, and no word of the
// dictionary is longer than 51 bytes.
const maxStretch = 3072

// The classes of characters of the pre-pass.
type runeClass uint8

const (
	classMark runeClass = iota
	classHan            // any letter that is not Latin, Greek or Cyrillic: gse cuts by the character
	classLetter
	classDigit
)

// classify returns the class of r and whether it is a full-width form. Letters
// and digits are what gse takes as one unit (characters of one or two bytes),
// and their full-width forms.
func classify(r rune, size int) (c runeClass, wide bool) {
	switch {
	case r < utf8.RuneSelf:
		if '0' <= r && r <= '9' {
			return classDigit, false
		}
		if l := r | 0x20; 'a' <= l && l <= 'z' {
			return classLetter, false
		}
		return classMark, false
	case '\u4e00' <= r && r <= '\u9fff', r == '〇':
		return classHan, false
	case '０' <= r && r <= '９':
		return classDigit, true
	case 'Ａ' <= r && r <= 'Ｚ', 'ａ' <= r && r <= 'ｚ':
		return classLetter, true
	case size <= 2 && unicode.IsLetter(r):
		return classLetter, false
	case size <= 2 && unicode.IsNumber(r):
		return classDigit, false
	case unicode.IsLetter(r):
		return classHan, false
	}
	return classMark, false
}

// next returns the piece of text that begins at byte at.
func next(text string, at int) piece {
	r, w := utf8.DecodeRuneInString(text[at:])
	c, wide := classify(r, w)
	switch c {
	case classMark:
		end := at + w
		for strings.HasPrefix(text[end:], text[at:at+w]) {
			end += w
		}
		return piece{end: end, kind: pieceMark}
	case classHan:
		return stretch(text, piece{end: at + w}, at)
	}
	a := scanAtom(text, at)
	if a.joined || a.end == len(text) {
		return piece{end: a.end, kind: a.kind()}
	}
	if r, w := utf8.DecodeRuneInString(text[a.end:]); w > 0 {
		if c, _ := classify(r, w); c != classHan {
			return piece{end: a.end, kind: a.kind()}
		}
	}
	return stretch(text, piece{end: a.end, wide: wide || a.wide}, at)
}

// stretch lengthens p, which begins at byte at, by the Chinese characters and
// plain runs behind it.
func stretch(text string, p piece, at int) piece {
	for p.end < len(text) && p.end-at < maxStretch {
		if startsHan(text[p.end:]) {
			p.end += len("一")
			continue
		}
		r, w := utf8.DecodeRuneInString(text[p.end:])
		switch c, _ := classify(r, w); c {
		case classHan:
			p.end += w
		case classMark:
			return p
		default:
			a := scanAtom(text, p.end)
			if a.joined {
				return p
			}
			p.end, p.wide = a.end, p.wide || a.wide
		}
	}
	return p
}

// startsHan reports whether text begins with a character of 一–鿿, which is what
// classify is asked most.
func startsHan(text string) bool {
	return len(text) >= 3 && text[0]-0xe4 <= 0xe9-0xe4 && (text[0] > 0xe4 || text[1] >= 0xb8) && text[1]&0xc0 == 0x80 && text[2]&0xc0 == 0x80
}

// An atom is a run of letters and digits, with the marks that join it to more
// of them.
type atom struct {
	end     int
	letters bool // has letters
	plus    bool // has a +: “3+2” is a name
	wide    bool
	joined  bool // has marks: never part of a longer word
	address bool // of the web or a mailbox: more marks join
	dotted  bool // the last join is a full stop
}

func (a atom) kind() pieceKind {
	if a.letters || a.plus {
		return pieceName
	}
	return pieceNumber
}

// scanAtom reads the atom at byte at, where a letter or digit stands.
func scanAtom(text string, at int) atom {
	a := atom{}
	run := scanRun(text, at)
	for {
		a.end = run.end
		a.letters = a.letters || run.letters
		a.wide = a.wide || run.wide
		j, w := utf8.DecodeRuneInString(text[a.end:])
		if w == 0 || a.end-at > 1<<10 {
			return a
		}
		if strings.HasPrefix(text[a.end:], "://") && run.letters {
			a.address, w = true, len("://")
		}
		if a.end+w >= len(text) {
			return closeAtom(text, a, run)
		}
		r, rw := utf8.DecodeRuneInString(text[a.end+w:])
		if c, _ := classify(r, rw); c != classLetter && c != classDigit {
			return closeAtom(text, a, run)
		}
		behind := scanRun(text, a.end+w)
		if !joins(j, run, behind, a.address) {
			return closeAtom(text, a, run)
		}
		a.joined = true
		a.address = a.address || j == '@'
		a.dotted = j == '.'
		a.plus = a.plus || j == '+' || j == '＋'
		run = behind
	}
}

// closeAtom adds the mark that may stand behind a number or a name: 100%, C++, C#, U.S.
func closeAtom(text string, a atom, last run) atom {
	rest := text[a.end:]
	mark := ""
	switch {
	case last.lastDigit:
		for _, m := range []string{"%", "％", "‰"} {
			if strings.HasPrefix(rest, m) {
				mark = m
			}
		}
	case last.runes == 1:
		for _, m := range []string{"#", "++", "."} {
			if strings.HasPrefix(rest, m) && (m != "." || a.dotted) {
				mark = m
			}
		}
	}
	if mark != "" {
		a.end += len(mark)
		a.joined = true
	}
	return a
}

// joins reports whether the mark j holds two runs together. The rules, by the mark:
//
//	.       7.5  U.S.  v2.0: digit and digit, letter and anything
//	,       1,156: three digits behind, not more than three before
//	- ‐ _ @  COVID-19  Wi-Fi  7-Eleven: a letter on one side; digits alone are a span of years
//	/       km/h  1/3: of one sort
//	: ∶     14:30  3∶1: digits
//	+       3+2  1+N+X
//	& '     AT&T  O'Neil: letters
//
// Full-width marks join full-width runs only: elsewhere they are punctuation.
func joins(j rune, a, b run, address bool) bool {
	if address && strings.ContainsRune(".:/?&=%_#~-@+", j) {
		return true
	}
	digits := a.lastDigit && b.firstDigit
	letters := a.lastLetter && b.firstLetter
	wide := a.wide && b.wide
	switch j {
	case '.':
		return digits || a.lastLetter
	case '．':
		return digits || wide && a.lastLetter
	case ',':
		return thousands(a, b)
	case '，':
		return wide && thousands(a, b)
	case '-', '‐', '_', '@', '－':
		return a.letters || b.letters
	case '/', '／':
		return digits || letters
	case ':', '∶':
		return digits
	case '：':
		return wide && digits
	case '+', '＋':
		return true
	case '&', '＆', '\'', '’':
		return letters
	}
	return false
}

func thousands(a, b run) bool {
	return !a.letters && !b.letters && b.runes == 3 && a.runes <= 3
}

// A run is letters and digits without a gap.
type run struct {
	end                     int
	runes                   int
	letters                 bool
	wide                    bool
	firstDigit, firstLetter bool
	lastDigit, lastLetter   bool
}

func scanRun(text string, at int) run {
	s := run{end: at}
	for s.end < len(text) {
		r, w := utf8.DecodeRuneInString(text[s.end:])
		c, wide := classify(r, w)
		if c != classLetter && c != classDigit {
			break
		}
		s.wide = s.wide || wide
		s.letters = s.letters || c == classLetter
		s.lastDigit, s.lastLetter = c == classDigit, c == classLetter
		if s.runes == 0 {
			s.firstDigit, s.firstLetter = s.lastDigit, s.lastLetter
		}
		s.runes++
		s.end += w
	}
	return s
}
