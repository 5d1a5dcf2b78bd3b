package corpus

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

func TestEncodingSize(t *testing.T) {
	codecs := map[Encoding]encoding.Encoding{
		UTF8:    encoding.Nop,
		GB18030: simplifiedchinese.GB18030,
		Big5:    traditionalchinese.Big5,
		UTF16LE: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
		UTF16BE: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	}
	for e, c := range codecs {
		for _, s := range []string{"", "a", "甘肃", "本報蘭州10月21日訊", "３．５億元", "“·”—…　、", "䶮𠀀😀", "0.1‰ ≥±∶", "镍钴铂锑铌", "é ü ß"} {
			b, err := c.NewEncoder().String(s)
			if err != nil { // not in this encoding
				continue
			}
			if got := e.Size(s); got != int64(len(b)) {
				t.Errorf("%s: Size(%q) = %d, want %d", e, s, got, len(b))
			}
		}
	}
	if got := GB18030.Size("\xff\xfe甘"); got != 4 {
		t.Errorf("bytes that are no UTF-8: size %d, want 4", got)
	}
}

func BenchmarkEncodingSize(b *testing.B) {
	s := strings.Repeat("本报兰州10月21日讯，全省经济运行稳中有进。", 100)
	GB18030.Size("甘")
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		GB18030.Size(s)
	}
}
