package index

import (
	"encoding/binary"
	"fmt"
	"sync"
	"unsafe"

	"longmai/pipeline"

	"github.com/klauspost/compress/zstd"
)

// A packer compresses stored documents one by one. The library's dictionary, a
// few of its own articles, gives each of them a past to refer to.
type packer struct {
	enc *zstd.Encoder
	dec *zstd.Decoder

	table   *wordTable   // of the texts
	strings *stringTable // of the records
}

const dictionaryID = 1

// newDictionary makes the dictionary of a library: words for the table of the
// texts, strings for the table of the records, and stored bytes that others are like.
func newDictionary(words, strings []string, like []byte) []byte {
	var b []byte
	for _, list := range [][]string{words, strings} {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, s := range list {
			b = binary.AppendUvarint(b, uint64(len(s)))
			b = append(b, s...)
		}
	}
	return append(b, like...)
}

// cutDictionary returns the parts of a dictionary.
func cutDictionary(b []byte) (words, strings []string, like []byte, err error) {
	if len(b) == 0 {
		return nil, nil, nil, nil
	}
	text := string(b) // one for all
	for _, list := range []*[]string{&words, &strings} {
		n, w := binary.Uvarint(b)
		if w <= 0 || n > rawCode {
			return nil, nil, nil, fmt.Errorf("dictionary: %w", errStored)
		}
		b = b[w:]
		*list = make([]string, 0, min(n, uint64(len(b))))
		for range n {
			size, w := binary.Uvarint(b)
			if w <= 0 || size > uint64(len(b)-w) {
				return nil, nil, nil, fmt.Errorf("dictionary: %w", errStored)
			}
			b = b[w:]
			at := len(text) - len(b)
			*list = append(*list, text[at:at+int(size)])
			b = b[size:]
		}
	}
	return words, strings, b, nil
}

func newPacker(dictionary []byte) (*packer, error) {
	words, strings, dictionary, err := cutDictionary(dictionary)
	if err != nil {
		return nil, err
	}
	eo := []zstd.EOption{zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2), zstd.WithEncoderCRC(true), zstd.WithSingleSegment(true), zstd.WithLowerEncoderMem(true)}
	do := []zstd.DOption{zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(256 << 20)}
	if len(dictionary) > 0 {
		eo = append(eo, zstd.WithEncoderDictRaw(dictionaryID, dictionary))
		do = append(do, zstd.WithDecoderDictRaw(dictionaryID, dictionary))
	}
	enc, err := zstd.NewWriter(nil, eo...)
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, do...)
	if err != nil {
		return nil, err
	}
	return &packer{enc, dec, newWordTable(words), newStringTable(strings)}, nil
}

// unpackText calls f with a text, which is valid during the call.
func (p *packer) unpackText(packed []byte, f func(text string) error) error {
	s, err := cutText(packed)
	if err != nil {
		return err
	}
	buf := bufferPool.Get().(*[]byte)
	defer bufferPool.Put(buf)
	b, err := p.table.decode((*buf)[:0], s)
	if err != nil {
		return err
	}
	*buf = b
	return f(unsafe.String(unsafe.SliceData(b), len(b)))
}

// packRecords returns the stored form of all of d but its text.
func (p *packer) packRecords(d *pipeline.Document) []byte {
	buf := bufferPool.Get().(*[]byte)
	defer bufferPool.Put(buf)
	*buf = encodeRecords((*buf)[:0], d, p.strings)
	return p.pack(*buf)
}

func (p *packer) pack(b []byte) []byte { return p.enc.EncodeAll(b, make([]byte, 0, len(b)/2)) }

var bufferPool = sync.Pool{New: func() any { return new([]byte) }}

// unpack calls f with the unpacked document, which is valid during the call.
func (p *packer) unpack(packed []byte, f func(b []byte) error) error {
	buf := bufferPool.Get().(*[]byte)
	defer bufferPool.Put(buf)
	b, err := p.dec.DecodeAll(packed, (*buf)[:0])
	if err != nil {
		return fmt.Errorf("stored document: %w", err)
	}
	*buf = b
	return f(b)
}

func (p *packer) close() {
	p.enc.Close()
	p.dec.Close()
}
