package corpus

import (
	"unicode/utf8"

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

// Size returns how many bytes s takes in encoding e.
func (e Encoding) Size(s string) int64 {
	n := int64(0)
	switch e {
	case UTF16LE, UTF16BE:
		for _, r := range s {
			n += 2
			if r > 0xffff {
				n += 2
			}
		}
	case GB18030, Big5:
		enc := simplifiedchinese.GB18030.NewEncoder()
		if e == Big5 {
			enc = traditionalchinese.Big5.NewEncoder()
		}
		var dst [8]byte
		for i := 0; i < len(s); {
			_, w := utf8.DecodeRuneInString(s[i:])
			if w == 1 {
				n++
			} else {
				nd, _, _ := enc.Transform(dst[:], []byte(s[i:i+w]), true)
				n += int64(nd)
			}
			i += w
		}
	default:
		n = int64(len(s))
	}
	return n
}
