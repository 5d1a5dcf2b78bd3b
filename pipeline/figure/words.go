package figure

import "unicode/utf8"

// A wordSet is a list of words, one of which may begin or end at a place of a
// text. Lists are long and most places have none of their words: the low byte of
// one character tells almost all of them.
type wordSet struct {
	words       []string
	first, last [4]uint64 // bits of the low bytes of the first and of the last characters
}

// wordsOf returns the set of some words.
func wordsOf(words ...string) *wordSet {
	set := &wordSet{words: words}
	for _, w := range words {
		for b := range 256 { // a character of two bytes is told by what follows it, too
			if _, n := utf8.DecodeRuneInString(w); n == 2 || uint8(b) == firstByte(w) {
				set.first[b>>6] |= 1 << (b & 63)
			}
		}
		b := lastByte(w)
		set.last[b>>6] |= 1 << (b & 63)
	}
	return set
}

// firstByte returns the low byte of the first character of a text that is not
// empty, and some byte when it has not one or three bytes.
func firstByte(text string) uint8 {
	if b := text[0]; b < utf8.RuneSelf || len(text) < 3 {
		return b
	}
	return text[1]<<6 | text[2]&0x3f
}

// lastByte is the same for the last character.
func lastByte(text string) uint8 {
	b := text[len(text)-1]
	if b < utf8.RuneSelf || len(text) < 2 {
		return b
	}
	return text[len(text)-2]<<6 | b&0x3f
}

// begins reports whether text begins with a word of the set.
func (set *wordSet) begins(text string) bool {
	if text == "" {
		return false
	}
	b := firstByte(text)
	if set.first[b>>6]&(1<<(b&63)) == 0 {
		return false
	}
	for _, w := range set.words {
		if n := len(w); n <= len(text) && text[n-1] == w[n-1] && text[:n] == w {
			return true
		}
	}
	return false
}

// ends reports whether text ends with a word of the set.
func (set *wordSet) ends(text string) bool {
	k := len(text)
	if k == 0 {
		return false
	}
	b := lastByte(text)
	if set.last[b>>6]&(1<<(b&63)) == 0 {
		return false
	}
	for _, w := range set.words {
		if n := len(w); n <= k && text[k-n] == w[0] && text[k-n:] == w {
			return true
		}
	}
	return false
}

// hasAny reports whether a word of the set begins at p within the block.
func (s *scan) hasAny(p int, set *wordSet) bool { return p < s.end && set.begins(s.text[p:s.end]) }

// beforeAny reports whether a word of the set ends at p.
func (s *scan) beforeAny(p int, set *wordSet) bool { return set.ends(s.text[:p]) }

// lastIndex is strings.LastIndex for the short texts of the grammar: that one
// makes a sum of every place, which costs three times as much.
func lastIndex(text, word string) int {
	n := len(word)
	for end := len(text); end >= n; end-- {
		if text[end-1] == word[n-1] && text[end-n:end] == word {
			return end - n
		}
	}
	return -1
}
