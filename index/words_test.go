package index

import (
	"reflect"
	"strings"
	"testing"

	"longmai/pipeline"
	"longmai/pipeline/segment"
)

func TestTextsAreStored(t *testing.T) {
	long := strings.Repeat("1", 10_000)
	texts := []string{"", "甘", "甘肃省今年风电装机，GDP增长6.1%。\n\u3000\u3000“𠮷野家”\x00\x1b[31m", "a\xff\xfeb甘\xe7\x94", long, strings.Repeat("𠮷", 3000), "ａｂｃ１２３ é ñ"}
	words := newWordTable([]string{"甘肃省", "今年", "装机"})
	for _, s := range texts {
		for _, tokens := range [][]pipeline.Token{nil, segment.Auto().Segment(s)} {
			sentences := []pipeline.Span{{Start: 0, End: len(s) / 2}, {Start: len(s) / 2, End: len(s)}}
			b := words.encode(nil, s, sentences, tokens)
			got, at, err := words.decode(nil, b)
			if err != nil || string(got) != s || !reflect.DeepEqual(decodeSentences(at), sentences) {
				t.Errorf("%.40q: read back as %.40q, %v", s, got, err)
			}
			if n := 2*len(s) + 64; len(b) > n {
				t.Errorf("%.40q: %d bytes stored as %d", s, len(s), len(b))
			}
			for i := range min(len(b), 200) {
				bad := append([]byte(nil), b...)
				bad[i] ^= 0x55
				if got, at, err := words.decode(nil, bad); err == nil && string(got) != s {
					t.Errorf("%.40q: a broken byte %d is read as %.40q", s, i, got)
				} else if err == nil {
					decodeSentences(at)
				}
				if got, _, err := words.decode(nil, b[:i]); err == nil {
					t.Errorf("%.40q: %d of %d bytes are read as %.40q", s, i, len(b), got)
				}
			}
		}
	}
}
