package tagger

import "math/bits"

// A table finds groups of features. Nearly all of its time goes into waiting
// for memory, so the groups that are asked for most have places of their own, few
// enough to stay near the processor, and for most of the groups that are nowhere
// a filter tells so.
type table struct {
	hot     []entry // hotSize, each for one group or none
	homes   int
	entries []entry // homes, and a few behind for the last of them; a free entry ends a search, and the last one is free
	filter  filter  // of the groups in entries
}

const hotSize = 1 << 13

// An entry has the lowest printBits of the key of a group, without the slot,
// and above them the group. A free entry is 0.
type entry uint64

// A group says which of its features a model has, a bit for each slot, and
// below that the number of the first of them: they follow one another. No group is 0.
type group uint64

const (
	printBits  = 25
	printMask  = 1<<printBits - 1
	numberBits = 64 - printBits - 1<<slotBits
	numberMask = 1<<numberBits - 1
)

func newGroup(first int, slots uint16) group { return group(slots)<<numberBits | group(first) }

// number returns the number of the feature in a slot, and 1 when the model has
// it; else 0, and a number that means nothing.
func (g group) number(slot uint32) (number, has uint32) {
	slots := uint32(g >> numberBits)
	return uint32(g&numberMask) + uint32(bits.OnesCount32(slots&(1<<slot-1))), slots >> slot & 1
}

func (e entry) is(key uint64) bool { return uint64(e)&printMask == key>>slotBits&printMask }

func (e entry) group() group { return group(e >> printBits) }

const (
	entriesNum = 3 // entries = groups · 3 / 2
	entriesDen = 2
)

// newTable returns a table for n groups.
func newTable(n int) table {
	t := table{hot: make([]entry, hotSize), homes: n*entriesNum/entriesDen + 1, filter: newFilter(n)}
	t.entries = make([]entry, t.homes+1, t.homes+16)
	return t
}

// put enters a group that is not yet there. Those that are asked for most come first.
func (t *table) put(key uint64, g group, hot bool) error {
	e := entry(uint64(g)<<printBits | key>>slotBits&printMask)
	if h := &t.hot[home(key, hotSize)]; hot && *h == 0 {
		*h = e
		return nil
	}
	i := home(key, t.homes)
	from := i
	for t.entries[i] != 0 {
		i++
	}
	if i-from > longestSearch {
		return errDense
	}
	t.entries[i] = e
	t.filter.add(key >> slotBits)
	if i == len(t.entries)-1 {
		t.entries = append(t.entries, 0)
	}
	return nil
}

// A search is the room that find works in.
type search struct {
	found []group
	keys  []uint64 // not yet found, and which of all they are
	of    []uint32
	first []entry
}

// find returns the groups of keys, 0 for those that are nowhere, in memory of x.
// It takes all keys of a sentence at a time, and every pass asks for all that it
// needs before anything is looked at. Whether a group is there is as good as
// chance, so no branch of the first two passes depends on it.
func (t *table) find(groups []uint64, x *search) []group {
	n := len(groups)
	x.found, x.keys, x.of, x.first = grow(x.found, n), grow(x.keys, n), grow(x.of, n), grow(x.first, n)
	found, keys, of := x.found, x.keys, x.of
	left := 0
	hot := (*[hotSize]entry)(t.hot)
	for j, k := range groups {
		e := hot[home(k, hotSize)&(hotSize-1)]
		if !e.is(k) {
			e = 0
		}
		found[j], keys[left], of[left] = e.group(), k, uint32(j)
		if e == 0 {
			left++
		}
	}
	n, left = left, 0
	for j, k := range keys[:n] {
		keys[left], of[left] = k, of[j]
		left += int(t.filter.bit(k >> slotBits))
	}
	keys, of = keys[:left], of[:left]
	first := x.first[:left]
	for j, k := range keys {
		first[j] = t.entries[home(k, t.homes)]
	}
	for j, k := range keys {
		e := first[j]
		if e != 0 && !e.is(k) {
			e = t.search(k)
		}
		found[of[j]] = e.group()
	}
	return found
}

// search returns the entry of a key that is not in its home, a free one when it is nowhere.
func (t *table) search(key uint64) entry {
	for i := home(key, t.homes) + 1; ; i++ {
		if e := t.entries[i]; e == 0 || e.is(key) {
			return e
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
