package tagger

import "math/bits"

// A table finds the values of features: 32 bits of the key and the value in
// each slot. A value is never 0. Nearly all of the time goes into waiting for
// memory, so the features that fire most have slots of their own, few enough to
// stay near the processor, and for most of the features that are nowhere a
// filter tells so.
type table struct {
	hotHomes int
	hot      []slot // one more than hotHomes; a key is in its home or the slot behind
	homes    int
	slots    []slot // homes, and a few behind for the last of them; a free slot ends a search, and the last one is free
	filter   filter // of the keys in slots
}

// A slot that is free has value 0.
type slot struct{ print, value uint32 }

const (
	hotSlotsPerKey = 3
	slotsNum       = 3 // slots = keys · 3 / 2
	slotsDen       = 2
)

// newTable returns a table for n keys, of which some fire far more than the others.
func newTable(hot, n int) table {
	t := table{hotHomes: hot*hotSlotsPerKey + 1, homes: n*slotsNum/slotsDen + 1, filter: newFilter(n)}
	t.hot = make([]slot, t.hotHomes+1)
	t.slots = make([]slot, t.homes+1, t.homes+16)
	return t
}

// put enters a key that is not yet there.
func (t *table) put(key uint64, value uint32, hot bool) error {
	s := slot{uint32(key), value}
	if hot {
		for i := home(key, t.hotHomes); i <= home(key, t.hotHomes)+1; i++ {
			if t.hot[i].value == 0 {
				t.hot[i] = s
				return nil
			}
		}
	}
	i := home(key, t.homes)
	from := i
	for t.slots[i].value != 0 {
		i++
	}
	if i-from > longestSearch {
		return errDense
	}
	t.slots[i] = s
	t.filter.add(key)
	if i == len(t.slots)-1 {
		t.slots = append(t.slots, slot{})
	}
	return nil
}

// count returns how many keys are there.
func (t *table) count() int {
	n := 0
	for _, slots := range [][]slot{t.hot, t.slots} {
		for _, s := range slots {
			if s.value != 0 {
				n++
			}
		}
	}
	return n
}

// A search is the room that find works in.
type search struct {
	found [maxFeatures2]uint32
	keys  [maxFeatures2]uint64
	first [maxFeatures2]slot
}

// find returns the values of those of the features that are there, in any
// order, in memory of x. Whether a feature is there is as good as chance, so no
// branch of the first two passes depends on it.
func (t *table) find(features []uint64, x *search) []uint32 {
	features = features[:min(len(features), maxFeatures2)]
	n, left := 0, 0
	if len(t.hot) > 2 {
		for _, h := range features {
			k := key(h)
			pair := t.hot[home(k, t.hotHomes):][:2]
			v := uint32(0)
			if pair[0].print == uint32(k) {
				v = pair[0].value
			}
			if w := pair[1].value; pair[1].print == uint32(k) && w != 0 {
				v = w
			}
			x.found[n], x.keys[left] = v, k
			if v != 0 {
				n++
			}
			if v == 0 {
				left++
			}
		}
	} else {
		for _, h := range features {
			x.keys[left] = key(h)
			left++
		}
	}
	keys := x.keys[:left]
	left = 0
	for _, k := range keys {
		keys[left] = k
		left += int(t.filter.bit(k))
	}
	keys = keys[:left]
	for j, k := range keys { // ask the memory for all of them before looking at one
		x.first[j] = t.slots[home(k, t.homes)]
	}
	for j, k := range keys {
		s := x.first[j]
		if s.print != uint32(k) && s.value != 0 {
			s = t.search(k)
		}
		if s.print != uint32(k) {
			s.value = 0
		}
		x.found[n] = s.value
		if s.value != 0 {
			n++
		}
	}
	return x.found[:n]
}

// search returns the slot of a key that is not in its home, a free one when it is nowhere.
func (t *table) search(k uint64) slot {
	for i := home(k, t.homes) + 1; ; i++ {
		if s := t.slots[i]; s.print == uint32(k) || s.value == 0 {
			return s
		}
	}
}

// A filter says of most keys that were not added that they were not. One key in
// ten to twenty of those comes through.
type filter struct {
	bits []uint64
	mask uint32
}

// newFilter returns a filter for n keys.
func newFilter(n int) filter {
	size := 1 << bits.Len(uint(max(n*filterBits, 64)-1))
	return filter{make([]uint64, size/64), uint32(size/64 - 1)}
}

// filterBits is how many bits a filter has for each key, at least.
const filterBits = 6

func (f filter) add(key uint64) { f.bits[uint32(key>>6)&f.mask] |= 1 << (key & 63) }

// bit returns 0 for a key that was not added, 1 for one that seems to have been.
func (f filter) bit(key uint64) uint64 {
	return f.bits[uint32(key>>6)&f.mask&uint32(len(f.bits)-1)] >> (key & 63) & 1
}
