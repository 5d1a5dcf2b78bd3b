package index

import (
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// A packer compresses stored documents one by one. The library's dictionary, a
// few of its own articles, gives each of them a past to refer to.
type packer struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

const dictionaryID = 1

func newPacker(dictionary []byte) (*packer, error) {
	eo := []zstd.EOption{zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(2), zstd.WithEncoderCRC(true), zstd.WithSingleSegment(true), zstd.WithLowerEncoderMem(true)}
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
	return &packer{enc, dec}, nil
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
