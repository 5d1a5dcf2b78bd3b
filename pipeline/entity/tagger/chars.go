package tagger

import "unicode/utf8"

// A class is the sort of a folded character, for the patterns of the templates.
type class uint8

const (
	classPad class = iota
	classHan
	classNumeral // 一二三…十百千万亿零〇
	classDigit
	classLatin
	classStop  // 。！？；…
	classComma // ，、：
	classOpen
	classClose
	classDot // · between the parts of a foreign name
	classOther
	classes
)

// Codes of folded characters that stand for many.
const (
	codeDigit = '0'
	codeLatin = 'a'
	codeSpace = ' '
	codePad   = 1 // before the first character, and 2, 3; behind the last: 4, 5, 6
)

// folded holds the code of every character below U+10000: full-width forms are
// the half-width ones, digits and Latin letters are one code each, and the
// pages' variants of the same mark are one mark.
var folded = foldTable()

// classOf holds the class of every folded code below U+10000.
var classOf = classTable()

func foldTable() *[1 << 16]uint16 {
	t := new([1 << 16]uint16)
	for r := range t {
		c := rune(r)
		switch {
		case c >= 0xff01 && c <= 0xff5e:
			c -= 0xff01 - '!'
		case c == 0x3000 || c == '\t' || c == '\n' || c == '\r' || c == 0xa0:
			c = ' '
		}
		switch {
		case c >= '0' && c <= '9':
			c = codeDigit
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0xc0 && c < 0x250:
			c = codeLatin
		}
		t[r] = uint16(c)
	}
	for _, same := range []string{`"“”「」『』＂`, `'‘’`, `·•・‧∙●`, `-—–－―`, `~～`, `《〈`, `》〉`, `([【（［〔`, `)]】）］〕`, `,，`, `:：∶`, `;；`, `.．`} {
		first, _ := utf8.DecodeRuneInString(same)
		for _, r := range same {
			t[r] = uint16(first)
		}
	}
	// An opening and a closing quotation mark tell more than one that is both.
	for _, r := range "“「『" {
		t[r] = '“'
	}
	for _, r := range "”」』" {
		t[r] = '”'
	}
	return t
}

func classTable() *[1 << 16]class {
	t := new([1 << 16]class)
	for r := range t {
		switch {
		case r <= 6:
			t[r] = classPad
		case isHan(rune(r)):
			t[r] = classHan
		default:
			t[r] = classOther
		}
	}
	for c, set := range map[class]string{
		classNumeral: "一二三四五六七八九十百千万亿零〇两",
		classDigit:   "0", classLatin: "a", classStop: "。!?;…", classComma: ",、:",
		classOpen: "“《('", classClose: "”》)", classDot: "·",
	} {
		for _, r := range set {
			t[r] = c
		}
	}
	return t
}

func isHan(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf || r == '〇' || r >= 0x20000 && r <= 0x323af
}

func fold(r rune) uint32 {
	if r < 1<<16 {
		return uint32(folded[r])
	}
	return uint32(r)
}

func classAt(c uint32) class {
	if c < 1<<16 {
		return classOf[c]
	}
	return classHan
}
