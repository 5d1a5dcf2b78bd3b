package segment

import "unicode/utf8"

// A char is a character of a stretch, in half width.
type char struct {
	end    int32  // the byte behind it
	code   uint16 // in the dictionary, 0 for one that is in no word
	inside bool   // it goes on a run of letters and digits, which gse takes as one
}

// A cut is a word of a stretch.
type cut struct {
	end int32 // the byte behind it
	pos string
}

// chars appends the characters of text to dst.
func (d *Dictionary) chars(dst []char, text []byte) []char {
	run := false
	for i := 0; i < len(text); {
		r, w := utf8.DecodeRune(text[i:])
		i += w
		before := run
		if run = w <= 2; run {
			c, _ := classify(r, w)
			run = c == classLetter || c == classDigit
		}
		dst = append(dst, char{int32(i), d.code(r), run && before})
	}
	return dst
}

// plain sets w.cuts to the words of w.chars when there is no doubt about them,
// and reports whether there is none. That spares gse three stretches of four.
//
// There is no doubt when no word that occurs in the stretch crosses another, so
// that the longest ones stand side by side, and gse takes each of these whole.
// It does so when that costs less than any other way. A word costs
// log2(total/frequency), and any other way begins with a shorter word and ends
// with another one; it is dearer when the least dear of these are, together. One
// bit has to be between, which is more than the 32-bit sums of gse lose.
func (d *Dictionary) plain(w *scratch) bool {
	w.cuts = w.cuts[:0]
	for i := 0; i < len(w.chars); {
		end, whole, first := d.longest(w.chars, i)
		parts, last := 1, uint32(1)
		for k := i + 1; k < end; k++ {
			if w.chars[k].inside {
				continue
			}
			freq, ok := d.within(w.chars, k, end)
			if !ok {
				return false
			}
			parts, last = parts+1, max(last, freq)
		}
		if parts > 1 && uint64(d.total)*uint64(whole.freq) <= 2*uint64(first)*uint64(last) {
			return false
		}
		c := cut{end: w.chars[end-1].end}
		if whole.freq > 0 {
			c.pos = d.speech[whole.pos]
		}
		w.cuts = append(w.cuts, c)
		i = end
	}
	return true
}

// longest returns where the longest word ends that begins with chars[i], what
// it is, and the frequency of the most frequent shorter one, at least 1. What no
// list knows ends with the character or the run, and has frequency 0.
func (d *Dictionary) longest(chars []char, i int) (end int, whole class, shorter uint32) {
	end, shorter = i+1, 1
	for end < len(chars) && chars[end].inside {
		end++
	}
	p, _ := d.first(chars[i].code)
	for j := i; p.step != 0; p = p.next(chars[j].code) {
		j++
		if v := p.value(); v != 0 && ends(chars, j) {
			shorter = max(shorter, whole.freq)
			end, whole = j, d.class[v-1]
		}
		if j == len(chars) {
			break
		}
	}
	return end, whole, shorter
}

// within returns the frequency of the word chars[i:end], at least 1. It reports
// false when a longer word begins with chars[i].
func (d *Dictionary) within(chars []char, i, end int) (freq uint32, ok bool) {
	freq = 1
	p, _ := d.first(chars[i].code)
	for j := i; p.step != 0; p = p.next(chars[j].code) {
		j++
		if v := p.value(); v != 0 && j >= end && ends(chars, j) {
			if j > end {
				return 0, false
			}
			freq = max(freq, d.class[v-1].freq)
		}
		if j == len(chars) {
			break
		}
	}
	return freq, true
}

// ends reports whether a word may end before chars[j]: inside a run none does.
func ends(chars []char, j int) bool { return j == len(chars) || !chars[j].inside }
