package corpus

import (
	"encoding/binary"
	"errors"
	"time"
)

// errSketch is the error of bytes that no sketch was written as.
var errSketch = errors.New("sketch: broken")

// AppendBinary appends a form of k that UnmarshalBinary reads, under 1 kB most often.
func (k *Sketch) AppendBinary(b []byte) ([]byte, error) {
	b = binary.AppendUvarint(b, uint64(len(k.ID)))
	b = append(b, k.ID...)
	for _, n := range [...]int{k.Day.Year, int(k.Day.Month), k.Day.Day, k.Runes, int(k.shift), len(k.sample)} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	last := uint32(0)
	for _, v := range k.sample {
		b = binary.AppendUvarint(b, uint64(v>>k.shift-last))
		last = v >> k.shift
	}
	return b, nil
}

// UnmarshalBinary reads what AppendBinary wrote.
func (k *Sketch) UnmarshalBinary(b []byte) error {
	failed := false
	next := func() uint64 {
		n, w := binary.Uvarint(b)
		if w <= 0 {
			failed = true
			return 0
		}
		b = b[w:]
		return n
	}
	n := next()
	if failed || n > uint64(len(b)) {
		return errSketch
	}
	*k = Sketch{ID: string(b[:n])}
	b = b[n:]
	k.Day = Day{Year: int(next()), Month: time.Month(next()), Day: int(next())}
	k.Runes = int(next())
	k.shift = uint8(next())
	size := next()
	if failed || size > sampleLen || k.shift > hashBits {
		return errSketch
	}
	k.sample = make([]uint32, size)
	last := uint32(0)
	for i := range k.sample {
		last += uint32(next())
		k.sample[i] = last << k.shift
	}
	if failed || len(b) > 0 {
		return errSketch
	}
	return nil
}
