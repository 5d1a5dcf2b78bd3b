package corpus

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

const (
	simplifiedPage = "陇东干群修通村道\n\n本报庆阳9月3日讯（记者 田水生）截至8月底，环县新修通村水泥路186.5公里，总投资1.24亿元，36个村的2.8万人告别了泥泞路。\n" +
		"“过去卖一车洋芋要走半天，现在四十分钟就到县城了。”村民张有才说，他家今年的收入有望超过6万元。\n"
	traditionalPage = "隴東幹群修通村道\n\n本報慶陽9月3日訊（記者 田水生）截至8月底，環縣新修通村水泥路186.5公里，總投資1.24億元，36個村的2.8萬人告別了泥濘路。\n" +
		"「過去賣一車洋芋要走半天，現在四十分鐘就到縣城了。」村民張有才說，他家今年的收入有望超過6萬元。\n"
)

// encodeAs writes s in e, for the tests of all formats.
func encodeAs(t testing.TB, s string, e Encoding) []byte {
	t.Helper()
	var out []byte
	var err error
	switch e {
	case UTF8:
		return []byte(s)
	case GB18030:
		out, err = simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	case Big5:
		out, err = traditionalchinese.Big5.NewEncoder().Bytes([]byte(s))
	case UTF16LE, UTF16BE:
		for _, u := range utf16.Encode([]rune(s)) {
			if e == UTF16LE {
				out = append(out, byte(u), byte(u>>8))
			} else {
				out = append(out, byte(u>>8), byte(u))
			}
		}
	}
	if err != nil {
		t.Fatalf("encode as %s: %v", e, err)
	}
	return out
}

func TestDecode(t *testing.T) {
	utf8BOM, leBOM, beBOM := "\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"
	long := strings.Repeat(simplifiedPage, 40)
	for _, c := range []struct {
		name     string
		raw      []byte
		declared string
		enc      Encoding
		want     string
		warnings int
		class    Class
		place    string
	}{
		{name: "ascii", raw: []byte("plain\n"), declared: "gb2312", enc: UTF8, want: "plain\n"},
		{name: "utf-8", raw: []byte(simplifiedPage), enc: UTF8, want: simplifiedPage},
		{name: "utf-8 with mark", raw: []byte(utf8BOM + simplifiedPage), declared: "UTF-8", enc: UTF8, want: simplifiedPage},
		{name: "utf-8 declared gb2312", raw: []byte(simplifiedPage), declared: "gb2312", enc: UTF8, want: simplifiedPage, warnings: 1},
		{name: "utf-8 with a broken byte", raw: []byte(simplifiedPage + "\xE5\x85\n"), enc: UTF8, want: simplifiedPage + "\uFFFD\n", warnings: 1},
		{name: "utf-8 cut in a character", raw: []byte(simplifiedPage[:60]), enc: UTF8, want: simplifiedPage[:59] + "\uFFFD", warnings: 1},
		{name: "utf-8 with lost characters", raw: []byte(simplifiedPage + "\uFFFD锟斤拷"), enc: UTF8, want: simplifiedPage + "\uFFFD锟斤拷", warnings: 2},
		{name: "gb18030", raw: encodeAs(t, simplifiedPage, GB18030), declared: "GB2312", enc: GB18030, want: simplifiedPage},
		{name: "gb18030 undeclared", raw: encodeAs(t, long, GB18030), enc: GB18030, want: long},
		{name: "gb18030 four bytes", raw: encodeAs(t, "𠮷林镇"+simplifiedPage+"㐂", GB18030), declared: "gbk", enc: GB18030, want: "𠮷林镇" + simplifiedPage + "㐂"},
		{name: "gb18030 title only", raw: encodeAs(t, "敦煌开馆", GB18030), enc: GB18030, want: "敦煌开馆"},
		{name: "gb18030 declared utf-8", raw: encodeAs(t, simplifiedPage, GB18030), declared: "utf-8", enc: GB18030, want: simplifiedPage, warnings: 1},
		{name: "gb18030 with a euro byte", raw: append(encodeAs(t, simplifiedPage, GB18030), 0x80, '5'), enc: GB18030, want: simplifiedPage + "€5"},
		{name: "gb18030 cut in a character", raw: append(encodeAs(t, simplifiedPage, GB18030), 0xB8), enc: GB18030, want: simplifiedPage + "\uFFFD", warnings: 1},
		{name: "traditional in gb18030", raw: encodeAs(t, traditionalPage, GB18030), enc: GB18030, want: traditionalPage},
		{name: "big5", raw: encodeAs(t, traditionalPage, Big5), declared: "big5", enc: Big5, want: traditionalPage},
		{name: "big5 undeclared", raw: encodeAs(t, traditionalPage, Big5), enc: Big5, want: traditionalPage},
		{name: "big5 declared gbk", raw: encodeAs(t, traditionalPage, Big5), declared: "gbk", enc: Big5, want: traditionalPage, warnings: 1},
		{name: "utf-16le with mark", raw: append([]byte(leBOM), encodeAs(t, simplifiedPage, UTF16LE)...), enc: UTF16LE, want: simplifiedPage},
		{name: "utf-16be with mark", raw: append([]byte(beBOM), encodeAs(t, simplifiedPage, UTF16BE)...), declared: "utf-16", enc: UTF16BE, want: simplifiedPage},
		{name: "utf-16le without mark", raw: encodeAs(t, simplifiedPage, UTF16LE), enc: UTF16LE, want: simplifiedPage},
		{name: "utf-16be without mark", raw: encodeAs(t, simplifiedPage, UTF16BE), enc: UTF16BE, want: simplifiedPage},
		{name: "utf-16le of ascii", raw: encodeAs(t, "an english line\n", UTF16LE), enc: UTF16LE, want: "an english line\n"},
		{name: "utf-16le odd length", raw: append([]byte(leBOM), append(encodeAs(t, simplifiedPage, UTF16LE), '!')...), enc: UTF16LE, want: simplifiedPage + "\uFFFD", warnings: 1},
		{name: "unknown charset", raw: []byte(simplifiedPage), declared: "x-mars", enc: UTF8, want: simplifiedPage, warnings: 1},
		{name: "windows-1252 is no declaration", raw: encodeAs(t, simplifiedPage, GB18030), declared: "iso-8859-1", enc: GB18030, want: simplifiedPage},
		{name: "one NUL in a long text", raw: []byte(long + "\x00"), enc: UTF8, want: long + "\x00", warnings: 1},
		{name: "NUL bytes", raw: []byte("abc\x00\x00\x01def"), enc: UTF8, class: ClassBinary, place: "byte 3"},
		{name: "random bytes", raw: randomBytes(4096), class: ClassBinary},
		{name: "latin text of another world", raw: []byte(strings.Repeat("\xE0 b\xE8 c\xF9 ", 100)), class: ClassEncoding},
		{name: "shift-jis", raw: []byte(strings.Repeat("\x82\xB1\x82\xEA\x82\xCD\x93\xFA\x96\x7B\x8C\xEA\x82\xC5\x82\xB7\x81\x42", 20)), class: ClassEncoding},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, enc, warnings, err := decode(c.raw, c.declared, 1000)
			if c.class != "" {
				var rej *Rejection
				if !errors.As(err, &rej) || rej.Class != c.class || rej.Hint == "" || c.place != "" && rej.Place != strings.Replace(c.place, "byte 3", "byte 1003", 1) {
					t.Fatalf("got %s %q %+v, want class %s at %q", enc, got.String(), err, c.class, c.place)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if enc != c.enc || got.String() != c.want {
				t.Errorf("got %s %.80q, want %s %.80q", enc, got.String(), c.enc, c.want)
			}
			if len(warnings) != c.warnings {
				t.Errorf("warnings %q, want %d", warnings, c.warnings)
			}
			checkWayBack(t, got, enc, c.raw, 1000)
		})
	}
}

// checkWayBack proves that every character of text leads to source bytes that
// decode to it, in order and without a gap.
func checkWayBack(t *testing.T, text Text, enc Encoding, raw []byte, at int64) {
	t.Helper()
	s := text.String()
	last := int64(-1)
	for i, r := range s {
		o, ok := text.Origin(Span{Start: i, End: i + utf8.RuneLen(r)})
		if !ok || o.Start < at || o.End > at+int64(len(raw)) || last >= 0 && o.Start != last {
			t.Fatalf("character %q at %d comes from %v, after byte %d", r, i, o, last)
		}
		last = o.End
		if r == utf8.RuneError || r == '€' {
			continue
		}
		if got := encodeAs(t, string(r), enc); !bytes.Equal(got, raw[o.Start-at:o.End-at]) {
			t.Fatalf("character %q at %d comes from % x, not % x", r, i, raw[o.Start-at:o.End-at], got)
		}
	}
}

func randomBytes(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestHanziTable(t *testing.T) {
	if _, err := parseHanzi("hanzi.tsv", hanziTSV); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "# only a comment\n", "的\tcommon\n两个\tcommon\n"} {
		if _, err := parseHanzi("x.tsv", bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, e := range []Encoding{UTF8, GB18030, UTF16LE, UTF16BE} {
		f.Add(encodeAs(f, simplifiedPage, e), "gbk")
	}
	f.Add(encodeAs(f, traditionalPage, Big5), "big5")
	f.Add([]byte("\xFE\xFF\xD8\x00a"), "")
	f.Fuzz(func(t *testing.T, raw []byte, declared string) {
		text, enc, _, err := decode(raw, declared, 7)
		if err != nil {
			var rej *Rejection
			if !errors.As(err, &rej) {
				t.Fatalf("no rejection: %v", err)
			}
			return
		}
		if !utf8.ValidString(text.String()) {
			t.Fatal("text is not UTF-8")
		}
		last := int64(-1)
		for i, r := range text.String() {
			o, ok := text.Origin(Span{Start: i, End: i + utf8.RuneLen(r)})
			if !ok || last >= 0 && o.Start != last || o.End > 7+int64(len(raw)) {
				t.Fatalf("%s: character %q at %d comes from %v, after byte %d", enc, r, i, o, last)
			}
			last = o.End
		}
		if last >= 0 && last != 7+int64(len(raw)) {
			t.Fatalf("%s: text ends at source byte %d of %d", enc, last, 7+len(raw))
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	page := strings.Repeat(simplifiedPage, 4000)
	for _, e := range []Encoding{UTF8, GB18030, UTF16LE} {
		raw := encodeAs(b, page, e)
		b.Run(string(e), func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				if _, _, _, err := decode(raw, "", 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
