package tagger

import "math/bits"

// Words and features are known by hashes of keyBits. A feature that was never
// seen is taken for one of a million others once in a million times.
const keyBits = 40

const (
	mixA = 0x9e3779b97f4a7c15
	mixB = 0xd6e8feb86659fd93
	mixC = 0xa0761d6478bd642f
)

// mix is one folded multiplication: every bit of the result depends on every bit of x.
func mix(x uint64) uint64 {
	hi, lo := bits.Mul64(x^mixA, mixB)
	return hi ^ lo
}

// groupKey returns the key of a group of template t: that of the feature in its slot 0.
func groupKey(t, k uint64) uint64 {
	hi, lo := bits.Mul64(k^(t*mixC), mixB)
	x := hi ^ lo
	hi, lo = bits.Mul64(x^mixA, mixC|1)
	return key(hi^lo) &^ slotMask
}

// ownKey returns the key of the group that an annotation scheme has for its own
// where all schemes share group.
func ownKey(group, scheme uint64) uint64 { return key(mix(group^scheme)) &^ slotMask }

// wordHash extends the hash of a word by one character; the hash of no character is 0.
func wordHash(h uint64, c uint32) uint64 { return mix(h*31 + uint64(c)) }

// home returns the slot in a table of n slots, n below 2²⁴, where the search for
// a key begins. Entries in the order of their keys are in the order of their homes.
func home(key uint64, n int) int { return int(key * uint64(n) >> keyBits) }

// key returns the part of h that is compared.
func key(h uint64) uint64 { return h >> (64 - keyBits) }
