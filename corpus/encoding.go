package corpus

import (
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// An Encoding names how the bytes of a source stand for characters.
type Encoding string

// The encodings that are read.
const (
	UTF8    Encoding = "utf-8"
	GB18030 Encoding = "gb18030" // and its parts GBK and GB2312
	Big5    Encoding = "big5"
	UTF16LE Encoding = "utf-16le"
	UTF16BE Encoding = "utf-16be"
)

// Size returns how many bytes s takes in encoding e: of a character that the
// encoding can write in two ways, the way of its encoder. A byte of s that is no
// UTF-8 counts one, as does a character that e does not have.
func (e Encoding) Size(s string) int64 {
	switch e {
	case UTF16LE, UTF16BE:
		n := int64(0)
		for _, r := range s {
			n += 2
			if r > 0xffff {
				n += 2
			}
		}
		return n
	case GB18030:
		return sizeBy(gbWidths(), 4, s)
	case Big5:
		return sizeBy(big5Widths(), 2, s)
	}
	return int64(len(s))
}

// sizeBy adds up the widths of the characters of s; those beyond the table take astral bytes.
func sizeBy(widths *[0x10000]uint8, astral int64, s string) int64 {
	n := int64(0)
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			n++
			i++
			continue
		}
		r, w := utf8.DecodeRuneInString(s[i:])
		switch i += w; {
		case w == 1:
			n++
		case r > 0xffff:
			n += astral
		default:
			n += int64(widths[r])
		}
	}
	return n
}

// The tables are made of what the encoders write, once, on first use (about 10 ms).
var (
	gbWidths   = sync.OnceValue(func() *[0x10000]uint8 { return widthsOf(simplifiedchinese.GB18030) })
	big5Widths = sync.OnceValue(func() *[0x10000]uint8 { return widthsOf(traditionalchinese.Big5) })
)

func widthsOf(e encoding.Encoding) *[0x10000]uint8 {
	var w [0x10000]uint8
	enc := e.NewEncoder()
	var src, dst [8]byte
	for r := range w {
		w[r] = 1
		if 0xd800 <= r && r < 0xe000 {
			continue
		}
		n := utf8.EncodeRune(src[:], rune(r))
		enc.Reset()
		if nd, _, err := enc.Transform(dst[:], src[:n], true); err == nil {
			w[r] = uint8(nd)
		}
	}
	return &w
}
