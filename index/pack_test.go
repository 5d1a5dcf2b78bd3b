package index

import (
	"bytes"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// What is packed is unpacked, with every dictionary; a broken byte is noticed;
// frames of zstd, as 0.2.0 wrote them, are read.
func TestPack(t *testing.T) {
	long := bytes.Repeat([]byte("money 签约额 kW "), 9000)
	for _, like := range [][]byte{nil, []byte("money"), long[:3000], long} {
		dictionary := newDictionary([]string{"甘肃省"}, []string{"money"}, like)
		p, err := newPacker(dictionary)
		if err != nil {
			t.Fatal(err)
		}
		o := []zstd.EOption{zstd.WithEncoderLevel(zstd.SpeedFastest)}
		if len(like) > 0 {
			o = append(o, zstd.WithEncoderDictRaw(dictionaryID, like))
		}
		old, err := zstd.NewWriter(nil, o...)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range [][]byte{nil, []byte("m"), []byte("money 签约额 kW"), long[7:2000], long} {
			same := func(got []byte) error {
				if !bytes.Equal(got, b) {
					t.Errorf("%d bytes of %d with a dictionary of %d are read back as %d", len(b), len(long), len(like), len(got))
				}
				return nil
			}
			packed := p.pack(b)
			if err := p.unpack(packed, same); err != nil {
				t.Errorf("%d bytes: %v", len(b), err)
			}
			if err := p.unpack(old.EncodeAll(b, nil), same); err != nil {
				t.Errorf("%d bytes of zstd: %v", len(b), err)
			}
			for i := range packed[:min(len(packed), 500)] {
				bad := slices.Clone(packed)
				bad[i] ^= 0x15
				if p.unpack(bad, func([]byte) error { return nil }) == nil {
					t.Errorf("%d bytes: a broken byte %d is not noticed", len(b), i)
				}
				if i > 0 && p.unpack(packed[:i], func([]byte) error { return nil }) == nil {
					t.Errorf("%d bytes: %d of %d are enough", len(b), i, len(packed))
				}
			}
		}
	}
}
