package corpus

import (
	"sort"
	"unicode/utf8"
)

// Bytes returns the byte offset of code point n: the inverse of Runes. Beyond
// the text it returns the text's length.
func (x *RuneIndex) Bytes(n int) int {
	m := sort.Search(len(x.marks), func(i int) bool { return int(x.marks[i]) > n }) - 1
	if m < 0 {
		return 0
	}
	k := int(x.marks[m])
	for i := m * 64; i < len(x.s); i++ {
		if utf8.RuneStart(x.s[i]) {
			if k == n {
				return i
			}
			k++
		}
	}
	return len(x.s)
}
