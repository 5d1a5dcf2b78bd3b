package index

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"unsafe"

	"longmai/pipeline"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

// A packer compresses stored documents one by one. The library's dictionary, a
// few of its own articles, gives each of them a past to refer to.
//
// A packed document is packedBlock, a checksum of what follows, and a block of
// S2, which takes a fifth more room than zstd does, and a sixth of the time.
// Libraries of 0.2.0 have frames of zstd, which begin with another byte.
type packer struct {
	like *s2.Dict
	zstd func() (*zstd.Decoder, error) // for older libraries; made when it is asked for

	table   *wordTable   // of the texts
	strings *stringTable // of the records
}

const (
	packedBlock  = 1
	packedHead   = 5
	maxUnpacked  = 256 << 20
	dictionaryID = 1 // of zstd
)

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
	words, strings, like, err := cutDictionary(dictionary)
	if err != nil {
		return nil, err
	}
	p := &packer{table: newWordTable(words), strings: newStringTable(strings)}
	p.like = s2.MakeDict(slices.Concat(make([]byte, s2.MinDictSize), like), nil) // never too little, and the last 64 kB of it
	p.zstd = sync.OnceValues(func() (*zstd.Decoder, error) {
		o := []zstd.DOption{zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxUnpacked)}
		if len(like) > 0 {
			o = append(o, zstd.WithDecoderDictRaw(dictionaryID, like))
		}
		return zstd.NewReader(nil, o...)
	})
	return p, nil
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

func (p *packer) pack(b []byte) []byte {
	buf := bufferPool.Get().(*[]byte)
	defer bufferPool.Put(buf)
	*buf = slices.Grow((*buf)[:0], s2.MaxEncodedLen(len(b)))
	block := p.like.Encode(*buf, b)
	out := make([]byte, 0, packedHead+len(block))
	out = binary.LittleEndian.AppendUint32(append(out, packedBlock), checksum(block))
	return append(out, block...)
}

var bufferPool = sync.Pool{New: func() any { return new([]byte) }}

// unpack calls f with the unpacked document, which is valid during the call.
func (p *packer) unpack(packed []byte, f func(b []byte) error) error {
	buf := bufferPool.Get().(*[]byte)
	defer bufferPool.Put(buf)
	b, err := p.decode((*buf)[:0], packed)
	if err != nil {
		return fmt.Errorf("stored document: %w", err)
	}
	*buf = b
	return f(b)
}

// decode returns the unpacked document, in the memory of dst when it has enough.
func (p *packer) decode(dst, packed []byte) ([]byte, error) {
	if len(packed) == 0 || packed[0] != packedBlock {
		z, err := p.zstd()
		if err != nil {
			return nil, err
		}
		return z.DecodeAll(packed, dst)
	}
	if len(packed) < packedHead {
		return nil, s2.ErrCorrupt
	}
	block := packed[packedHead:]
	if n, err := s2.DecodedLen(block); err != nil || n > maxUnpacked || checksum(block) != binary.LittleEndian.Uint32(packed[1:]) {
		return nil, s2.ErrCorrupt
	}
	return p.like.Decode(dst, block)
}
