package corpus

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// decode turns the bytes of a whole source, or of one record of it, into text
// with its way back. at is the offset of raw in the source. declared is the
// charset that the source or its transport states, in any of its common labels,
// or "".
//
// The bytes decide: valid UTF-8 is UTF-8 whatever is declared, and of the other
// encodings the one wins in which the text has the fewest errors and the most
// common characters, over all of raw; a declaration tips the scale only where
// two explain the bytes equally well. A declaration that turned out wrong, and
// every replaced character, is a warning. Where nothing explains the bytes the
// error is a *Rejection of class binary or encoding, with its place but without
// its source.
func decode(raw []byte, declared string, at int64) (Text, Encoding, []string, error) {
	want, warnings := declaredEncoding(declared)
	d, err := decodeBytes(raw, want, at)
	if err != nil {
		return Text{}, d.enc, warnings, err
	}
	if want != "" && want != d.enc && !d.ascii && !(declared == "utf-16" && d.enc == UTF16BE) {
		warnings = append(warnings, fmt.Sprintf("declared as %s, but the bytes are %s", want, d.enc))
	}
	if rej := garbled(raw, at); rej != nil && d.enc == UTF8 {
		return Text{}, d.enc, warnings, rej
	}
	if d.padding > 0 {
		warnings = append(warnings, fmt.Sprintf("%d NUL bytes at the end, where text may have been: the copy of the file is not whole", d.padding))
	}
	if d.mixed > 0 {
		warnings = append(warnings, fmt.Sprintf("%d lines are utf-8 among others in gb18030, the first at byte %d", d.mixed, d.firstMixed))
	}
	if d.errors > 0 {
		warnings = append(warnings, fmt.Sprintf("%d bytes or sequences are no %s and became U+FFFD, the first at byte %d", d.errors, d.enc, d.firstError))
	}
	s := d.text.String()
	if i := strings.IndexByte(s, 0); i >= 0 {
		warnings = append(warnings, fmt.Sprintf("%d NUL characters, the first at byte %d", strings.Count(s, "\x00"), d.text.sourceOf(i)))
	}
	// U+FFFD that the source itself holds, and U+FFFD that was saved as GBK once more.
	for _, lost := range []string{"\uFFFD", lostTwice} {
		n := strings.Count(s, lost)
		if lost == "\uFFFD" {
			n -= d.errors
		}
		if n > 0 {
			warnings = append(warnings, fmt.Sprintf("%d times %q: characters were lost before this file was saved, the first at byte %d",
				n, lost, d.text.sourceOf(strings.Index(s, lost))))
		}
	}
	return d.text, d.enc, warnings, nil
}

// text decodes raw, the whole of in, and sets in.Encoding. Its error is a *Rejection of in.
func (in *input) text(raw []byte, declared string) (Text, []string, error) {
	t, enc, warnings, err := decode(raw, declared, 0)
	in.Encoding = enc
	if rej := (*Rejection)(nil); errors.As(err, &rej) {
		return Text{}, warnings, in.reject(rej.Class, rej.Place, rej.Hint, rej.Err)
	}
	return t, warnings, err
}

// sourceOf returns the source offset of clean byte i, for messages.
func (t Text) sourceOf(i int) int64 {
	_, w := utf8.DecodeRuneInString(t.s[i:])
	o, _ := t.Origin(Span{Start: i, End: i + w})
	return o.Start
}

// charsetLabels are the names under which the encodings are declared.
var charsetLabels = map[string]Encoding{
	"utf-8": UTF8, "utf8": UTF8, "unicode-1-1-utf-8": UTF8, "utf-8-sig": UTF8, "cp65001": UTF8, "us-ascii": UTF8, "ascii": UTF8,
	"gb18030": GB18030, "gb-18030": GB18030, "gbk": GB18030, "x-gbk": GB18030, "gb2312": GB18030, "gb_2312": GB18030, "gb-2312": GB18030,
	"gb_2312-80": GB18030, "x-gb2312": GB18030, "csgb2312": GB18030, "chinese": GB18030, "euc-cn": GB18030, "x-euc-cn": GB18030,
	"cp936": GB18030, "ms936": GB18030, "windows-936": GB18030, "cn-gb": GB18030, "iso-ir-58": GB18030,
	"big5": Big5, "big-5": Big5, "big5-hkscs": Big5, "cn-big5": Big5, "csbig5": Big5, "x-x-big5": Big5, "cp950": Big5, "windows-950": Big5,
	"utf-16": UTF16LE, "utf16": UTF16LE, "utf-16le": UTF16LE, "utf16le": UTF16LE, "ucs-2": UTF16LE, "unicode": UTF16LE, "iso-10646-ucs-2": UTF16LE,
	"utf-16be": UTF16BE, "utf16be": UTF16BE, "unicodefffe": UTF16BE,
}

// noCharset are labels that servers and editors write without meaning them.
var noCharset = map[string]bool{"": true, "iso-8859-1": true, "latin1": true, "windows-1252": true, "binary": true, "ansi": true, "auto": true}

func declaredEncoding(label string) (Encoding, []string) {
	l := strings.ToLower(strings.Trim(label, " \t\r\n\"'"))
	if e, ok := charsetLabels[l]; ok {
		return e, nil
	}
	if noCharset[l] {
		return "", nil
	}
	return "", []string{fmt.Sprintf("unknown charset %.40q declared, decided by the bytes", label)}
}

// decoded is one reading of the bytes of a source, and how well it fits.
type decoded struct {
	text       Text
	enc        Encoding
	ascii      bool // no character outside ASCII: the encoding is a matter of taste
	errors     int
	firstError int64
	wide       int // characters outside ASCII
	common     int // those of them that Chinese text is made of
	controls   int
	firstCtl   int64
	padding    int // NUL bytes behind the text
	mixed      int // lines in UTF-8 of a page in GB18030
	firstMixed int64
}

// fits says how good a reading is: the share of common characters, less a heavy price for errors.
func (d *decoded) fits() float64 {
	n := float64(max(d.wide+d.errors, 1))
	return float64(d.common)/n - 10*float64(d.errors)/n
}

const (
	goodFit   = 0.25 // share of common characters in good Chinese text, from below (0.55 to 0.75 measured in news)
	chanceFit = 0.05 // what a wrong encoding yields by chance
	maxBad    = 25   // one error in so many characters, and the text is refused
)

func decodeBytes(raw []byte, want Encoding, at int64) (decoded, error) {
	if n := textEnd(raw); n < len(raw) {
		d, err := decodeBytes(raw[:n], want, at)
		d.padding = len(raw) - n
		return d, err
	}
	switch {
	case bytes.HasPrefix(raw, []byte("\xFF\xFE\x00\x00")), bytes.HasPrefix(raw, []byte("\x00\x00\xFE\xFF")):
		return decoded{}, &Rejection{Place: fmt.Sprintf("byte %d", at), Class: ClassEncoding, Err: errors.New("utf-32, which is not read"), Hint: "save the file as UTF-8"}
	case len(raw) >= 3 && raw[0] == 0xEF && raw[1] == 0xBB && raw[2] == 0xBF:
		return decodeUTF8(raw[3:], at+3).judge(len(raw))
	case len(raw) >= 2 && raw[0] == 0xFF && raw[1] == 0xFE:
		return decodeUTF16(raw[2:], at+2, UTF16LE).judge(len(raw))
	case len(raw) >= 2 && raw[0] == 0xFE && raw[1] == 0xFF:
		return decodeUTF16(raw[2:], at+2, UTF16BE).judge(len(raw))
	}
	if e := guessUTF16(raw, want); e != "" {
		if d := decodeUTF16(raw, at, e); d.wide < 8 || d.fits() >= goodFit || e == want {
			return d.judge(len(raw))
		}
	}
	d := decodeUTF8(raw, at)
	if d.errors == 0 {
		return d.judge(len(raw))
	}
	if d.errors >= fewestMixed {
		if m, ok := decodeMixed(raw, at); ok {
			return m.judge(len(raw))
		}
	}
	if d.fits() >= goodFit {
		return d.judge(len(raw))
	}
	best, gap := d, 0.0
	for _, e := range []Encoding{GB18030, Big5} {
		c := decodeDouble(raw, at, e)
		if c.errors == 0 && c.fits() >= 2*goodFit {
			return c.judge(len(raw))
		}
		bonus := 0.0
		if e == want {
			bonus = 0.1
		}
		if f := c.fits() + bonus; best.enc == UTF8 && f > best.fits() || f > best.fits()+gap {
			best, gap = c, bonus
		}
	}
	return best.judge(len(raw))
}

// fewestPadded is how many NUL bytes at the end of a file are no text, but
// what a disk or a download that broke off has there.
const fewestPadded = 8

// textEnd returns where such bytes begin that stand behind a text without any, or len(raw).
func textEnd(raw []byte) int {
	if len(raw) < fewestPadded || raw[len(raw)-1] != 0 {
		return len(raw)
	}
	n := len(bytes.TrimRight(raw, "\x00"))
	if n == 0 || len(raw)-n < fewestPadded || bytes.IndexByte(raw[:n], 0) >= 0 {
		return len(raw)
	}
	return n
}

// fewestMixed is how many errors of UTF-8 may be a line in GB18030; fewer are broken bytes.
const fewestMixed = 4

// decodeMixed reads a page that was put together from texts in UTF-8 and in
// GB18030, line by line; it reports false unless each line is good text in one
// of the two, and some are in either.
func decodeMixed(raw []byte, at int64) (decoded, bool) {
	d := decoded{enc: GB18030}
	var w textWriter
	w.begin(len(raw)*3/2, at, GB18030)
	double := 0 // characters of lines in GB18030
	for len(raw) > 0 {
		line := raw
		if i := bytes.IndexByte(raw, '\n'); i >= 0 {
			line = raw[:i+1]
		}
		raw = raw[len(line):]
		off := w.at
		wide, common := d.wide, d.common
		var one decoded // the line as UTF-8
		one.countUTF8(line, off)
		if one.errors == 0 && 2*one.common >= one.wide && len(line) <= 64<<10 { // 一 in GBK is UTF-8 too: һ
			w.turn(runCopied)
			d.wide, d.common = d.wide+one.wide, d.common+one.common
			if d.controls == 0 {
				d.firstCtl = one.firstCtl
			}
			d.controls += one.controls
			w.b.Write(line)
			w.advance(len(line))
			if d.wide > wide {
				if d.mixed == 0 {
					d.firstMixed = off
				}
				d.mixed++
			}
			continue
		}
		w.turn(runEncoded)
		d.double(&w, line, GB18030)
		n := d.wide - wide
		double += n
		if d.errors > 0 || n > 0 && one.errors <= one.wide || n >= 6 && float64(d.common-common) < goodFit*float64(n) {
			return d, false // UTF-8 with a broken byte
		}
	}
	if d.mixed == 0 || double == 0 || d.fits() < 1.5*goodFit {
		return d, false
	}
	d.text = w.text()
	return d, true
}

// garbled reports a text that went through a wrong encoding before it was saved
// as UTF-8, or that is in one of the old ways to write Chinese in seven bits. A
// look at the first characters tells of nearly all texts that they are good.
func garbled(raw []byte, at int64) *Rejection {
	const enough, few = 96, 24
	head := raw[:min(len(raw), 4096)]
	n, common, end := 0, 0, len(head)
	for i := 0; i < len(head); {
		r, w := utf8.DecodeRune(head[i:])
		i += w
		if r < utf8.RuneSelf {
			continue
		}
		if n++; r < 0x10000 && hanzi()[r>>6]&(1<<(r&63)) != 0 {
			common++
		}
		if n == enough {
			end = i
			break
		}
	}
	reject := func(what, hint string) *Rejection {
		return &Rejection{Place: fmt.Sprintf("byte %d", at), Class: ClassEncoding, Err: errors.New(what), Hint: hint}
	}
	switch {
	case n == 0 && bytes.Contains(head, []byte("~{")) && bytes.Contains(head, []byte("~}")):
		return reject("HZ, an encoding in seven bits which is not read", "save it as UTF-8: iconv -f HZ -t UTF-8")
	case n == 0 && bytes.Contains(head, []byte("\x1b$")):
		return reject("ISO-2022, an encoding in seven bits which is not read", "save it as UTF-8: iconv -f ISO-2022-CN -t UTF-8")
	case n < few || common*5 >= n:
		return nil
	}
	for _, e := range []struct {
		name string
		enc  encoding.Encoding
	}{{"Latin-1", charmap.Windows1252}, {"GBK", simplifiedchinese.GBK}} {
		var back []byte
		for _, r := range string(head[:end]) {
			if b, err := e.enc.NewEncoder().Bytes([]byte(string(r))); err == nil {
				back = append(back, b...)
			} else if r <= 0xff { // bytes that Windows-1252 leaves open
				back = append(back, byte(r))
			}
		}
		if d := decodeUTF8(back, at); d.common > few/3 && d.fits()+10*float64(d.errors)/float64(max(d.wide+d.errors, 1)) >= goodFit {
			return reject("UTF-8 that was taken for "+e.name+" and saved as such", "fetch or copy it again: what such a file has lost cannot be told")
		}
	}
	return nil
}

// judge refuses a reading that is no text.
func (d decoded) judge(size int) (decoded, error) {
	n := size
	if d.enc == UTF16LE || d.enc == UTF16BE {
		n /= 2
	}
	nul := strings.Count(d.text.s, "\x00")
	if nul*200 > n && nul > 2 || d.controls*50 > n && d.controls > 2 {
		return d, &Rejection{Place: fmt.Sprintf("byte %d", d.firstCtl), Class: ClassBinary,
			Err:  fmt.Errorf("binary content: %d control characters, %d of them NUL", d.controls, nul),
			Hint: "no text file; if it is a document, give it the extension of its format"}
	}
	// A few characters are too little to judge by their frequency.
	if d.errors*maxBad > d.wide+d.errors && d.errors > 1 || d.errors == 0 && d.enc != UTF8 && d.wide > 40 && d.fits() < chanceFit {
		place := d.firstError
		if d.errors == 0 {
			o, _ := d.text.Origin(Span{Start: 0, End: d.text.Len()})
			place = o.Start
		}
		return d, &Rejection{Place: fmt.Sprintf("byte %d", place), Class: ClassEncoding,
			Err:  fmt.Errorf("no encoding explains the bytes: %s comes nearest, with %d errors in %d characters", d.enc, d.errors, d.wide+d.errors),
			Hint: "accepted are utf-8, gb18030 (gbk, gb2312), big5 and utf-16; save the file as UTF-8"}
	}
	return d, nil
}

// count takes note of one character that raw holds at source offset off.
func (d *decoded) count(r rune, off int64) {
	if r >= utf8.RuneSelf {
		d.wide++
		if r < 0x10000 && hanzi()[r>>6]&(1<<(r&63)) != 0 {
			d.common++
		}
		return
	}
	if isControl(byte(r)) {
		if d.controls == 0 {
			d.firstCtl = off
		}
		d.controls++
	}
}

// isControl holds for the ASCII control characters that text files do not have.
func isControl(c byte) bool {
	return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1a
}

func (d *decoded) fail(off int64) {
	if d.errors == 0 {
		d.firstError = off
	}
	d.errors++
}

// decodeUTF8 reads raw as UTF-8. A valid source is one copied run, found
// without counting characters: that is the fast path of most files.
func decodeUTF8(raw []byte, at int64) decoded {
	d := decoded{enc: UTF8}
	if utf8.Valid(raw) {
		d.scan(raw, at)
		d.text = CopiedText(string(raw), at)
		return d
	}
	if d.countUTF8(raw, at); d.errors > 16 && d.errors > d.wide/4 {
		return d // it will be refused: do not build the text
	}
	d = decoded{enc: UTF8}
	var w textWriter
	w.begin(len(raw), at, UTF8)
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			for i+n < len(raw) && n < 4 && raw[i+n]&0xC0 == 0x80 && raw[i] >= 0xC0 {
				n++
			}
			d.fail(at + int64(i))
			w.replace("\uFFFD", n)
			i += n
			continue
		}
		d.count(r, at+int64(i))
		w.b.Write(raw[i : i+n])
		w.advance(n)
		i += n
	}
	d.text = w.text()
	return d
}

// countUTF8 counts errors and characters on the first 64 KiB.
func (d *decoded) countUTF8(raw []byte, at int64) {
	raw = raw[:min(len(raw), 64<<10)]
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			d.fail(at + int64(i))
		} else {
			d.count(r, at+int64(i))
		}
		i += n
	}
}

// scan counts the control characters of raw and says whether all of it is
// ASCII, eight bytes at a time.
func (d *decoded) scan(raw []byte, at int64) {
	const low, high = 0x2020202020202020, 0x8080808080808080
	any, i := uint64(0), 0
	bytewise := func(from, to int) {
		for ; from < to; from++ {
			any |= uint64(raw[from])
			if isControl(raw[from]) {
				if d.controls == 0 {
					d.firstCtl = at + int64(from)
				}
				d.controls++
			}
		}
	}
	for ; i+8 <= len(raw); i += 8 {
		x := binary.LittleEndian.Uint64(raw[i:])
		any |= x
		if (x-low)&^x&high != 0 { // a byte below 0x20, or behind such a byte
			bytewise(i, i+8)
		}
	}
	bytewise(i, len(raw))
	d.ascii = any&high == 0
}

// guessUTF16 recognises UTF-16 without a byte order mark, on the first 4 KiB:
// ASCII digits and line ends have a zero byte on one side, and Chinese
// characters a high byte between 0x4e and 0x9f.
func guessUTF16(raw []byte, want Encoding) Encoding {
	head := raw[:min(len(raw), 4096)&^1]
	if len(head) < 4 {
		return ""
	}
	// Bytes that are good UTF-8 must show zero bytes before they are taken for anything else.
	need := 0.95
	if utf8.Valid(head[:runeEnd(head)]) {
		if bytes.IndexByte(head, 0) < 0 {
			return ""
		}
		need = 0.8
	}
	score := func(hi int) float64 {
		n := 0
		for i := hi; i < len(head); i += 2 {
			h, l := head[i], head[i^1]
			if h == 0 && (l >= ' ' && l < 0x7f || l == '\n' || l == '\r' || l == '\t') || h >= 0x4e && h <= 0x9f || h == 0x30 && l <= 0x1f || h == 0xff && l >= 1 && l < 0xf0 || h == 0x20 && l >= 0x10 {
				n++
			}
		}
		return float64(n) / float64(len(head)/2)
	}
	le, be := score(1), score(0)
	switch {
	case le >= need && le > be, want == UTF16LE && le >= 0.8 && le >= be:
		return UTF16LE
	case be >= need && be > le, want == UTF16BE && be >= 0.8:
		return UTF16BE
	}
	return ""
}

// runeEnd returns the length of b without a character that its end cuts in two.
func runeEnd(b []byte) int {
	for i := 1; i <= min(3, len(b)); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-i:]) {
				return len(b) - i
			}
			break
		}
	}
	return len(b)
}

func decodeUTF16(raw []byte, at int64, e Encoding) decoded {
	d := decoded{enc: e}
	hi, lo := 1, 0
	if e == UTF16BE {
		hi, lo = 0, 1
	}
	var w textWriter
	w.begin(len(raw)*3/2, at, e)
	unit := func(i int) rune { return rune(raw[i+hi])<<8 | rune(raw[i+lo]) }
	for i := 0; i < len(raw); {
		off := at + int64(i)
		if i+1 >= len(raw) {
			d.fail(off)
			w.replace("\uFFFD", 1)
			break
		}
		r, n := unit(i), 2
		if utf16.IsSurrogate(r) {
			if i+3 < len(raw) {
				r, n = utf16.DecodeRune(r, unit(i+2)), 4
			}
			if n == 2 || r == utf8.RuneError {
				d.fail(off)
				w.replace("\uFFFD", 2)
				i += 2
				continue
			}
		}
		d.count(r, off)
		w.b.WriteRune(r)
		w.advance(n)
		i += n
	}
	d.text = w.text()
	return d
}

// A doubleTable decodes a two-byte encoding: rune by (lead-0x81)<<8|trail, 0
// where there is none. A negative rune is one that the encoder would write in
// another length, so that its way back has to be kept by itself.
type doubleTable []rune

func newDoubleTable(e encoding.Encoding, enc Encoding) doubleTable {
	t := make(doubleTable, (0xff-0x81)<<8)
	dec := e.NewDecoder()
	var dst [16]byte
	for lead := 0x81; lead <= 0xfe; lead++ {
		for trail := 0x40; trail <= 0xfe; trail++ {
			n, _, err := dec.Transform(dst[:], []byte{byte(lead), byte(trail)}, true)
			dec.Reset()
			r, w := utf8.DecodeRune(dst[:n])
			if err != nil || w != n || r == utf8.RuneError || r < utf8.RuneSelf {
				continue
			}
			if enc.Size(string(r)) != 2 {
				r = -r
			}
			t[(lead-0x81)<<8|trail] = r
		}
	}
	return t
}

var (
	gbTable   = sync.OnceValue(func() doubleTable { return newDoubleTable(simplifiedchinese.GB18030, GB18030) })
	big5Table = sync.OnceValue(func() doubleTable { return newDoubleTable(traditionalchinese.Big5, Big5) })
)

// decodeDouble reads raw as GB18030 or Big5.
func decodeDouble(raw []byte, at int64, e Encoding) decoded {
	d := decoded{enc: e}
	var w textWriter
	w.begin(len(raw)*3/2, at, e)
	d.double(&w, raw, e)
	d.text = w.text()
	return d
}

// double writes raw, which is in GB18030 or Big5, to w.
func (d *decoded) double(w *textWriter, raw []byte, e Encoding) {
	table, four := gbTable(), simplifiedchinese.GB18030.NewDecoder()
	if e == Big5 {
		table = big5Table()
	}
	at := w.at
	for i := 0; i < len(raw); {
		c, off := raw[i], at+int64(i)
		if c < utf8.RuneSelf {
			d.count(rune(c), off)
			w.b.WriteByte(c)
			w.advance(1)
			i++
			continue
		}
		if c > 0x80 && c < 0xff && i+1 < len(raw) {
			if r := table[int(c-0x81)<<8|int(raw[i+1])]; r > 0 {
				d.count(r, off)
				w.b.WriteRune(r)
				w.advance(2)
				i += 2
				continue
			} else if r < 0 {
				d.count(-r, off)
				w.replace(string(-r), 2)
				i += 2
				continue
			}
		}
		if s := fourBytes(four, raw[i:], e); s != "" {
			r, _ := utf8.DecodeRuneInString(s)
			d.count(r, off)
			if e.Size(s) == 4 {
				w.b.WriteString(s)
				w.advance(4)
			} else {
				w.replace(s, 4)
			}
			i += 4
			continue
		}
		if c == 0x80 && e == GB18030 { // the euro sign of code page 936
			d.count('€', off)
			w.replace("€", 1)
			i++
			continue
		}
		d.fail(off)
		n := 1
		if i+1 < len(raw) && raw[i+1] >= 0x80 {
			n = 2
		}
		w.replace("\uFFFD", n)
		i += n
	}
}

// fourBytes decodes the four-byte form of GB18030; "" when raw does not start with one.
func fourBytes(dec *encoding.Decoder, raw []byte, e Encoding) string {
	if e != GB18030 || len(raw) < 4 || raw[1] < '0' || raw[1] > '9' {
		return ""
	}
	var dst [8]byte
	n, _, err := dec.Transform(dst[:], raw[:4], true)
	dec.Reset()
	if r, w := utf8.DecodeRune(dst[:n]); err != nil || r == utf8.RuneError || w != n {
		return ""
	}
	return string(dst[:n])
}

// A textWriter builds a Text in one pass. Its runs are short, so that a span
// deep in a long source is mapped without re-encoding all that stands before it.
type textWriter struct {
	b      strings.Builder
	runs   []run
	enc    Encoding
	kind   runKind
	clean  int   // start of the open run
	source int64 // the same in the source
	at     int64 // source offset of what comes next
}

const longestRun = 512 // clean bytes of one encoded run

func (w *textWriter) begin(size int, at int64, enc Encoding) {
	w.b.Grow(size)
	w.at, w.source, w.enc, w.kind = at, at, enc, runEncoded
	if enc == UTF8 {
		w.kind = runCopied
	}
}

// advance takes note that n source bytes stand behind what was just written.
func (w *textWriter) advance(n int) {
	w.at += int64(n)
	if w.kind == runEncoded && w.b.Len()-w.clean >= longestRun {
		w.close()
	}
}

// turn says how what is written next follows from its source.
func (w *textWriter) turn(kind runKind) {
	if w.kind != kind {
		w.close()
		w.kind = kind
	}
}

func (w *textWriter) close() {
	if w.b.Len() > w.clean {
		w.runs = append(w.runs, run{clean: w.clean, source: w.source, length: w.at - w.source, kind: w.kind})
	}
	w.clean, w.source = w.b.Len(), w.at
}

// replace writes s in place of n source bytes.
func (w *textWriter) replace(s string, n int) {
	w.close()
	w.runs = append(w.runs, run{clean: w.clean, source: w.at, length: int64(n), kind: runReplaced})
	w.b.WriteString(s)
	w.at += int64(n)
	w.clean, w.source = w.b.Len(), w.at
}

func (w *textWriter) text() Text {
	w.close()
	enc := w.enc
	if enc == UTF8 {
		enc = ""
	}
	return textWith(w.b.String(), w.runs, enc)
}

//go:embed hanzi.tsv
var hanziTSV string

// hanzi is the set of common characters, one bit a code point.
var hanzi = sync.OnceValue(func() *[1024]uint64 {
	set, err := parseHanzi("hanzi.tsv", hanziTSV)
	if err != nil {
		panic(err) // the embedded table; a test reads it
	}
	return set
})

func parseHanzi(name, table string) (*[1024]uint64, error) {
	rows, err := parseTable(name, table, 2)
	if err != nil {
		return nil, err
	}
	set := new([1024]uint64)
	for _, row := range rows {
		c := row.cells[0]
		r, w := utf8.DecodeRuneInString(c)
		if w != len(c) || r == utf8.RuneError || r > 0xffff {
			return nil, fmt.Errorf("%s:%d: %q is not one character of the basic plane", name, row.line, c)
		}
		set[r>>6] |= 1 << (r & 63)
	}
	if len(rows) == 0 {
		return nil, errors.New(name + ": empty table")
	}
	return set, nil
}
