package corpus

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

// has reports whether r is in the set.
func (x *runeSet) has(r rune) bool { return uint32(r) < 0x10000 && x[r>>6]&(1<<(r&63)) != 0 }

// in reports whether s has a character of the set.
func (x *runeSet) in(s string) bool {
	for _, r := range s {
		if x.has(r) {
			return true
		}
	}
	return false
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
