package index

import (
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
	"unsafe"

	"longmai/pipeline"
)

// The text of an article is stored as a row of two-byte codes: one for each
// token that the library's table has, else one for each character, and bytes as
// they are for what has no code. That takes as much space as a general
// compressor needs and is read six times as fast, which decides how long an
// exact string takes to find.
//
// Before the codes stand the sentences and how many bytes they take, behind them
// a checksum of the text.
//
// A string is looked for in the codes (needle.go).

// rawCode and the codes above it say how many bytes follow as they are.
const (
	rawCode = 0xf000
	maxRaw  = 0xffff - rawCode
)

// alphabet are the characters that have a code in every library.
var alphabet = sync.OnceValue(func() []string {
	b := make([]byte, 0, 64<<10)
	for _, r := range [][2]rune{{0, 0x7f}, {0x2000, 0x206f}, {0x3000, 0x303f}, {0xff00, 0xff5f}, {0x4e00, 0x9fff}} {
		for c := r[0]; c <= r[1]; c++ {
			b = utf8.AppendRune(b, c)
		}
	}
	s := string(b)
	out := make([]string, 0, utf8.RuneCountInString(s))
	for i, w := 0, 0; i < len(s); i += w {
		_, w = utf8.DecodeRuneInString(s[i:])
		out = append(out, s[i:i+w])
	}
	return out
})

// A wordTable gives words a code.
type wordTable struct {
	words  []string          // by code
	short  []shortWord       // by code
	sizes  [1 << 16]uint8    // by code, in bytes
	number map[string]uint16 // for writers; see numbers
	once   sync.Once

	folded   foldedWords // made when the first string is looked for
	foldOnce sync.Once
}

// A shortWord has the first bytes of a word, all of them when it is no longer
// than eight, so that most words are read by one store.
type shortWord struct {
	head uint64
	size uint8
}

func newWordTable(words []string) *wordTable {
	t := &wordTable{words: slices.Concat(alphabet(), words)}
	t.words = t.words[:min(len(t.words), rawCode)]
	t.short = make([]shortWord, len(t.words))
	for i, w := range t.words {
		var b [8]byte
		copy(b[:], w)
		t.short[i] = shortWord{binary.LittleEndian.Uint64(b[:]), uint8(min(len(w), 255))}
		t.sizes[i] = t.short[i].size
	}
	return t
}

// commonWords returns the tokens of documents that are worth a code, those that
// save most first.
func commonWords(ds []*pipeline.Document) []string {
	count := map[string]int{}
	for _, d := range ds {
		for _, t := range d.Tokens {
			if s := d.Surface(t.Span); len(s) > utf8.UTFMax && len(s) < 64 || len(s) > 1 && s[0] < utf8.RuneSelf {
				count[s]++
			}
		}
	}
	var out []string
	for s, n := range count {
		if n > 1 {
			out = append(out, strings.Clone(s))
		}
	}
	gain := func(s string) int { return count[s] * (utf8.RuneCountInString(s) - 1) }
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(gain(b)-gain(a), strings.Compare(a, b)) })
	return out[:min(len(out), rawCode-len(alphabet()))]
}

// encode appends the stored form of a text, of its sentences and tokens to dst.
func (t *wordTable) encode(dst []byte, text string, sentences []pipeline.Span, tokens []pipeline.Token) []byte {
	dst = beginText(dst, text, sentences)
	at := 0
	for _, k := range tokens {
		if k.Start < at || k.End > len(text) {
			continue
		}
		dst = t.token(t.characters(dst, text[at:k.Start]), text[k.Start:k.End])
		at = k.End
	}
	return endText(t.characters(dst, text[at:]), text)
}

// beginText appends what stands before the codes of a text, endText what stands behind them.
func beginText(dst []byte, text string, sentences []pipeline.Span) []byte {
	return binary.AppendUvarint(appendSentences(dst, sentences), uint64(len(text)))
}

func endText(dst []byte, text string) []byte {
	return binary.LittleEndian.AppendUint32(dst, checksum(unsafe.Slice(unsafe.StringData(text), len(text))))
}

// numbers returns the codes of the words.
func (t *wordTable) numbers() map[string]uint16 {
	t.once.Do(func() {
		t.number = make(map[string]uint16, len(t.words))
		for i, w := range t.words {
			t.number[w] = uint16(i)
		}
	})
	return t.number
}

// token appends the codes of a token.
func (t *wordTable) token(dst []byte, s string) []byte {
	if n, ok := t.numbers()[s]; ok {
		return binary.LittleEndian.AppendUint16(dst, n)
	}
	return t.characters(dst, s)
}

// characters appends the codes of the characters of s.
func (t *wordTable) characters(dst []byte, s string) []byte {
	if s == "" {
		return dst
	}
	number := t.numbers()
	raw := 0 // bytes before s[i:] that have no code
	flush := func(end int) {
		for raw > 0 {
			n := min(raw, maxRaw)
			dst = binary.LittleEndian.AppendUint16(dst, uint16(rawCode+n))
			dst = append(dst, s[end-raw:end-raw+n]...)
			raw -= n
		}
	}
	for i := 0; i < len(s); {
		_, w := utf8.DecodeRuneInString(s[i:])
		if n, ok := number[s[i:i+w]]; ok {
			flush(i)
			dst = binary.LittleEndian.AppendUint16(dst, n)
		} else {
			raw += w
		}
		i += w
	}
	flush(len(s))
	return dst
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

// appendSentences appends where sentences stand, behind the number of bytes that this takes.
func appendSentences(dst []byte, sentences []pipeline.Span) []byte {
	b := make([]byte, 0, 4*len(sentences)+8)
	b = binary.AppendUvarint(b, uint64(len(sentences)))
	last := 0
	for _, s := range sentences {
		b = binary.AppendVarint(b, int64(s.Start-last))
		b = binary.AppendVarint(b, int64(s.End-s.Start))
		last = s.End
	}
	return append(binary.AppendUvarint(dst, uint64(len(b))), b...)
}

// decodeSentences reads the sentences of a text into the memory of dst; broken ones are none.
func decodeSentences(dst []pipeline.Span, b []byte) []pipeline.Span {
	n, w := binary.Uvarint(b)
	if w <= 0 || n > uint64(len(b)) {
		return []pipeline.Span{}
	}
	b = b[w:]
	out := slices.Grow(append(dst[:0], pipeline.Span{}), int(n))[:n] // never nil
	last := 0
	for i := range out {
		start, w := binary.Varint(b)
		size, v := binary.Varint(b[max(w, 0):])
		if w <= 0 || v <= 0 {
			return []pipeline.Span{}
		}
		b = b[w+v:]
		out[i].Start = last + int(start)
		out[i].End = out[i].Start + int(size)
		last = out[i].End
	}
	return out
}

// A storedText is a text as it is stored.
type storedText struct {
	sentences []byte // for decodeSentences
	size      int    // of the text
	codes     []byte
	sum       uint32
}

func cutText(b []byte) (storedText, error) {
	n, w := binary.Uvarint(b)
	if w <= 0 || n > uint64(len(b)-w) {
		return storedText{}, errStored
	}
	s := storedText{sentences: b[w : w+int(n)]}
	b = b[w+int(n):]
	size, w := binary.Uvarint(b)
	if w <= 0 || len(b) < w+4 || size > uint64(len(b))*64 {
		return storedText{}, errStored
	}
	s.size, s.codes, s.sum = int(size), b[w:len(b)-4], binary.LittleEndian.Uint32(b[len(b)-4:])
	return s, nil
}

// decode appends the text to dst.
func (t *wordTable) decode(dst []byte, s storedText) ([]byte, error) {
	b, short := s.codes, t.short
	start := len(dst)
	dst = slices.Grow(dst, s.size+8)
	free, n, i := dst[:cap(dst)], start, 0
	for i+2 <= len(b) {
		code := int(binary.LittleEndian.Uint16(b[i:]))
		i += 2
		if code < len(short) {
			w := short[code]
			if n+8 <= len(free) && w.size <= 8 {
				binary.LittleEndian.PutUint64(free[n:], w.head)
				n += int(w.size)
				continue
			}
			word := t.words[code]
			if n+len(word) > len(free) {
				return nil, errStored
			}
			n += copy(free[n:], word)
			continue
		}
		raw := code - rawCode
		if raw <= 0 || raw > len(b)-i || n+raw > len(free) {
			return nil, errStored
		}
		n += copy(free[n:], b[i:i+raw])
		i += raw
	}
	dst = free[:n]
	if i != len(b) || n-start != s.size || checksum(dst[start:]) != s.sum {
		return nil, errStored
	}
	return dst, nil
}
