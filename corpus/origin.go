package corpus

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// AppendWay appends the way back of t in a compact binary form to dst: the
// encoding's name, then for each run its kind, clean length, source offset
// relative to the end of the run before, and source length.
func (t Text) AppendWay(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(t.encoding())))
	dst = append(dst, t.encoding()...)
	at := int64(0)
	from, to := t.span()
	for i := from; i < to; i++ {
		r, s := t.run(i)
		dst = append(dst, byte(r.kind))
		dst = binary.AppendUvarint(dst, uint64(len(s)))
		dst = binary.AppendVarint(dst, r.source-at)
		dst = binary.AppendUvarint(dst, uint64(r.length))
		at = r.source + r.length
	}
	return dst
}

// TextWithWay returns the text s with the way back that AppendWay wrote. An
// empty way gives a text without one.
func TextWithWay(s string, way []byte) (Text, error) {
	if len(way) == 0 {
		return InsertedText(s), nil
	}
	var runs []run
	n, w := binary.Uvarint(way)
	if w <= 0 || n > uint64(len(way)-w) {
		return Text{}, errors.New("way back: encoding cut off")
	}
	way = way[w:]
	enc, way := Encoding(way[:n]), way[n:]
	clean, at := 0, int64(0)
	for len(way) > 0 {
		kind := runKind(way[0])
		way = way[1:]
		length, w1 := binary.Uvarint(way)
		if w1 <= 0 {
			return Text{}, errors.New("way back: run cut off")
		}
		delta, w2 := binary.Varint(way[w1:])
		if w2 <= 0 {
			return Text{}, errors.New("way back: run cut off")
		}
		source, w3 := binary.Uvarint(way[w1+w2:])
		if w3 <= 0 || kind > runInserted || length == 0 || length > uint64(len(s)-clean) || source > 1<<62 {
			return Text{}, fmt.Errorf("way back: bad run at clean byte %d", clean)
		}
		way = way[w1+w2+w3:]
		runs = append(runs, run{clean: clean, source: at + delta, length: int64(source), kind: kind})
		at += delta + int64(source)
		clean += int(length)
	}
	if clean != len(s) {
		return Text{}, fmt.Errorf("way back: covers %d of %d bytes", clean, len(s))
	}
	return textWith(s, runs, enc), nil
}
