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
			read := func(b []byte) (string, storedText, error) {
				cut, err := cutText(b)
				if err != nil {
					return "", cut, err
				}
				got, err := words.decode(nil, cut)
				return string(got), cut, err
			}
			got, cut, err := read(b)
			if err != nil || got != s || !reflect.DeepEqual(decodeSentences(nil, cut.sentences), sentences) {
				t.Errorf("%.40q: read back as %.40q, %v", s, got, err)
			}
			if n := 2*len(s) + 64; len(b) > n {
				t.Errorf("%.40q: %d bytes stored as %d", s, len(s), len(b))
			}
			for i := range min(len(b), 200) {
				bad := append([]byte(nil), b...)
				bad[i] ^= 0x55
				if got, cut, err := read(bad); err == nil && got != s {
					t.Errorf("%.40q: a broken byte %d is read as %.40q", s, i, got)
				} else if cut.codes != nil {
					decodeSentences(nil, cut.sentences)
					words.newNeedle("甘肃").find(cut, 3) // must not panic
				}
				if got, _, err := read(b[:i]); err == nil {
					t.Errorf("%.40q: %d of %d bytes are read as %.40q", s, i, len(b), got)
				}
			}
		}
	}
}
