package tagger

import "math/bits"

// Every feature is a 64-bit hash, and only its upper keyBits are ever compared.
// Among a million entries a feature that was never seen is taken for one of
// them once in a million times.
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

// feature returns the hash of key under template t.
func feature(t, key uint64) uint64 {
	hi, lo := bits.Mul64(key^(t*mixC), mixB)
	x := hi ^ lo
	hi, lo = bits.Mul64(x^mixA, mixC|1)
	return hi ^ lo
}

// wordHash extends the hash of a word by one character; the hash of no character is 0.
func wordHash(h uint64, c uint32) uint64 { return mix(h*31 + uint64(c)) }

// home returns the slot in a table of n slots, n below 2²⁴, where the search for
// a key begins. Entries in the order of their keys are in the order of their homes.
func home(key uint64, n int) int { return int(key * uint64(n) >> keyBits) }

// key returns the part of h that is compared.
func key(h uint64) uint64 { return h >> (64 - keyBits) }
