package entity

// A char is what the tables know of a character, and what sort it is of: every
// character of a sentence is looked up once.
type char struct {
	root    int32 // node of the words that begin with it, 0 when there are none
	is      charSort
	surname uint8 // bucket of how many have it for a surname, 0 for nobody
	given   uint8 // the same of given names
	mark    uint8 // cue of a mark or a digit
}

// A charSort is a set of sorts of characters.
type charSort uint8

const (
	charHan      charSort = 1 << iota
	charDigit             // in both widths
	charLetter            // in both widths
	charCompound          // begins a surname of two characters
	charTranslit          // writes foreign names
	charDot               // between the parts of a foreign name
	charOpening           // before a title or a slogan
	charOld               // 老
)

// plainChar returns what can be told of a character without tables.
func plainChar(r rune) char {
	c := char{mark: uint8(markCue(r))}
	switch f := fold(r); {
	case isHan(r):
		c.is = charHan
	case f >= '0' && f <= '9':
		c.is = charDigit
	case isAlnum(f):
		c.is = charLetter
	}
	switch r {
	case '·', '•', '・':
		c.is |= charDot
	case '《', '“', '‘', '"':
		c.is |= charOpening
	case '老':
		c.is |= charOld
	}
	return c
}

// char returns what r is. No character above U+FFFF is in a table of characters.
func (l *lexicon) char(r rune) *char {
	if uint(r) < uint(len(l.chars)) {
		return &l.chars[r]
	}
	return l.farChar(r)
}

func (l *lexicon) farChar(r rune) *char {
	c := plainChar(r)
	c.root = l.tree.root(r)
	return &c
}
