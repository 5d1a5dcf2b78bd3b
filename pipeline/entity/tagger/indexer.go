package tagger

// An indexer numbers features in the order in which they come: an
// open-addressing table from keys to numbers that also counts.
type indexer struct {
	slots  []int32 // number + 1; 0 is free
	keys   []uint64
	counts []uint32
}

func newIndexer() *indexer { return &indexer{slots: make([]int32, 1<<12)} }

func (x *indexer) slot(k uint64) int {
	mask := len(x.slots) - 1
	i := int(mix(k)) & mask
	for x.slots[i] != 0 && x.keys[x.slots[i]-1] != k {
		i = (i + 1) & mask
	}
	return i
}

// add returns the number of k, a new one when it is not yet known, and counts it.
func (x *indexer) add(k uint64) int32 {
	i := x.slot(k)
	if x.slots[i] == 0 {
		x.keys = append(x.keys, k)
		x.counts = append(x.counts, 0)
		x.slots[i] = int32(len(x.keys))
		if 4*len(x.keys) > 3*len(x.slots) {
			x.rehash(2 * len(x.slots))
			i = x.slot(k)
		}
	}
	id := x.slots[i] - 1
	x.counts[id]++
	return id
}

func (x *indexer) rehash(size int) {
	x.slots = make([]int32, size)
	for id, k := range x.keys {
		x.slots[x.slot(k)] = int32(id + 1)
	}
}

// A sketch counts features roughly, in bytes that several share: never too
// low. Most features of a large corpus occur once, and need no number then.
type sketch []uint8

func newSketch(features int) sketch {
	size := 1 << 16
	for size < 2*features && size < 1<<29 {
		size *= 2
	}
	return make(sketch, size)
}

func (s sketch) add(k uint64) {
	if p := &s[mix(k)&uint64(len(s)-1)]; *p < 255 {
		*p++
	}
}

func (s sketch) count(k uint64) int { return int(s[mix(k)&uint64(len(s)-1)]) }
