package times

import "unicode/utf8"

// decode is utf8.DecodeRuneInString of s[i:], which must not be empty, with a
// short way for what Chinese text is made of.
func decode(s string, i int) (rune, int) {
	b := s[i]
	if b < utf8.RuneSelf {
		return rune(b), 1
	}
	if b >= 0xe1 && b != 0xed && b <= 0xef && i+2 < len(s) && s[i+1]&0xc0 == 0x80 && s[i+2]&0xc0 == 0x80 {
		return rune(b&0x0f)<<12 | rune(s[i+1]&0x3f)<<6 | rune(s[i+2]&0x3f), 3
	}
	return utf8.DecodeRuneInString(s[i:])
}

// width is the length of the character that begins with the byte b.
func width(b byte) int {
	switch {
	case b < 0xc0:
		return 1
	case b < 0xe0:
		return 2
	case b < 0xf0:
		return 3
	}
	return 4
}

// contains is strings.ContainsRune for the short sets of the grammar.
func contains(set string, r rune) bool {
	for i := 0; i < len(set); {
		x, w := decode(set, i)
		if x == r {
			return true
		}
		i += w
	}
	return false
}

// A number is a small whole number as calendars write it: 2024, ２０２４,
// 二〇二四, 二十七, 廿二. Its end is 0 when there is none.
type number struct {
	start, end int
	value      int
	digits     int  // characters
	chinese    bool // written in Chinese characters
	spoken     bool // Chinese digits read one by one: 二〇二四, 九八
	approx     int  // the second of two digits that mean "a or b": 七八 has 8; 0 otherwise
	counts     bool // 两: a number of things, never the name of a year, month or day
}

const maxDigits = 6 // longer numbers are no part of a date

// digitAt returns the value of the Arabic digit at byte i of s, of either
// width, and its length in bytes; 0 when there is none.
func digitAt(s string, i int) (value, width int) {
	if i >= len(s) {
		return 0, 0
	}
	if c := s[i]; '0' <= c && c <= '9' {
		return int(c - '0'), 1
	}
	if i+3 <= len(s) && s[i] == 0xEF && s[i+1] == 0xBC && 0x90 <= s[i+2] && s[i+2] <= 0x99 {
		return int(s[i+2] - 0x90), 3
	}
	return 0, 0
}

// numeralAt returns the value of the Chinese numeral at byte i of s: a digit,
// 10, 20, 30, 100 or 1000, or -1.
func numeralAt(s string, i int) (value, width int) {
	r, w := decode(s, i)
	switch r {
	case '〇', '零', '○', 'Ｏ':
		return 0, w
	case '一':
		return 1, w
	case '二', '两':
		return 2, w
	case '三':
		return 3, w
	case '四':
		return 4, w
	case '五':
		return 5, w
	case '六':
		return 6, w
	case '七':
		return 7, w
	case '八':
		return 8, w
	case '九':
		return 9, w
	case '十':
		return 10, w
	case '廿':
		return 20, w
	case '卅':
		return 30, w
	case '百':
		return 100, w
	case '千':
		return 1000, w
	}
	return -1, w
}

// numberAt reads the number that starts at byte i of s. Where there are
// numerals but no number of a calendar (1 MB of digits), value is -1 and end
// is behind all of them.
func numberAt(s string, i int) number {
	if _, w := digitAt(s, i); w > 0 {
		return arabicAt(s, i)
	}
	if i < len(s) {
		if v, _ := numeralAt(s, i); v >= 0 {
			return chineseAt(s, i)
		}
	}
	return number{}
}

func arabicAt(s string, i int) number {
	n := number{start: i, end: i}
	for {
		d, w := digitAt(s, n.end)
		if w == 0 {
			break
		}
		n.end += w
		if n.digits++; n.digits <= maxDigits {
			n.value = n.value*10 + d
		}
	}
	if n.digits > maxDigits {
		n.value = -1
	}
	return n
}

func chineseAt(s string, i int) number {
	n := number{start: i, end: i, chinese: true, spoken: true}
	var run [maxDigits]int
	for n.end < len(s) {
		v, w := numeralAt(s, n.end)
		if v < 0 {
			break
		}
		if n.digits < maxDigits {
			run[n.digits] = v
		}
		n.digits++
		n.end += w
		n.spoken = n.spoken && v < 10
	}
	if n.digits > maxDigits {
		n.value = -1
		return n
	}
	d := run[:n.digits]
	if n.spoken {
		for _, v := range d {
			n.value = n.value*10 + v
		}
		if n.digits == 1 {
			n.spoken = false
			n.counts = s[i:n.end] == "两"
		}
		if n.digits == 2 && d[0] > 0 && d[1] == d[0]+1 {
			n.approx = d[1]
		}
		return n
	}
	n.value = compose(d)
	return n
}

// compose reads numerals with 十, 百, 千 in them; -1 when they are no number.
func compose(d []int) int {
	sum, digit := 0, -1
	scale := 10000
	for i, v := range d {
		switch {
		case v == 0:
			if i == 0 || digit >= 0 {
				return -1
			}
		case v < 10:
			if digit >= 0 {
				return -1
			}
			digit = v
		case v == 20 || v == 30:
			if digit >= 0 || scale <= 10 {
				return -1
			}
			sum, scale = sum+v, 10
		default:
			if v >= scale {
				return -1
			}
			sum, scale, digit = sum+max(digit, 1)*v, v, -1
		}
	}
	if digit >= 0 {
		sum += digit
	}
	return sum
}
