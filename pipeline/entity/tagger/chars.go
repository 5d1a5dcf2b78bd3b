package tagger

import (
	"sync"
	"unicode/utf8"

	"longmai/pipeline/segment"
)

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
)

// Codes of folded characters that stand for many.
const (
	codeDigit = '0'
	codeLatin = 'a'
	codeSpace = ' '
	codePad   = 1 // before the first character, and 2, 3; behind the last: 4, 5, 6
)

// tables say, for every character below U+10000, the code that it is folded to
// and the class of every code. Traditional characters are simplified, full-width
// forms half width, digits and Latin letters one code each, and the pages'
// variants of the same mark one mark.
type tables struct {
	code  [1 << 16]uint16
	class [1 << 16]class
}

var characters = sync.OnceValue(func() *tables {
	t := new(tables)
	t.fold()
	t.classify()
	return t
})

func (t *tables) fold() {
	for r := range t.code {
		c := segment.Fold(rune(r))
		if c == '\t' || c == '\n' || c == '\r' || c == 0xa0 {
			c = codeSpace
		}
		switch {
		case c >= '0' && c <= '9':
			c = codeDigit
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0xc0 && c < 0x250:
			c = codeLatin
		}
		t.code[r] = uint16(c)
	}
	for _, same := range []string{`"“”「」『』＂`, `'‘’`, `·•・‧∙●`, `-—–－―`, `~～`, `《〈`, `》〉`, `([【（［〔`, `)]】）］〕`, `,，`, `:：∶`, `;；`, `.．`} {
		first, _ := utf8.DecodeRuneInString(same)
		for _, r := range same {
			t.code[r] = uint16(first)
		}
	}
	// An opening and a closing quotation mark tell more than one that is both.
	for _, r := range "“「『" {
		t.code[r] = '“'
	}
	for _, r := range "”」』" {
		t.code[r] = '”'
	}
}

func (t *tables) classify() {
	for r := range t.class {
		switch {
		case r <= 6:
			t.class[r] = classPad
		case isHan(rune(r)):
			t.class[r] = classHan
		default:
			t.class[r] = classOther
		}
	}
	for _, v := range []struct {
		class class
		marks string
	}{
		{classNumeral, "一二三四五六七八九十百千万亿零〇两"},
		{classDigit, "0"}, {classLatin, "a"}, {classStop, "。!?;…"}, {classComma, ",、:"},
		{classOpen, "“《('"}, {classClose, "”》)"}, {classDot, "·"},
	} {
		for _, r := range v.marks {
			t.class[r] = v.class
		}
	}
}

func isHan(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf || r == '〇' || r >= 0x20000 && r <= 0x323af
}

func (t *tables) foldRune(r rune) uint32 {
	if r >= 0 && r < 1<<16 {
		return uint32(t.code[r])
	}
	return uint32(segment.Fold(r))
}

func (t *tables) classAt(c uint32) class {
	if c < 1<<16 {
		return t.class[c]
	}
	return classHan
}
