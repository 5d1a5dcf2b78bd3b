package entity

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestLattice compares sums, probabilities and best readings of small random
// lattices with those of all readings, one by one.
func TestLattice(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		s := &sentence{n: 8}
		for range s.n {
			s.runes = append(s.runes, []rune("甲、和乙")[rng.IntN(4)])
		}
		s.runes = append(s.runes, 0)
		var w [links][kinds][kinds]float64
		for l := linkTouch; l < links; l++ {
			for a := range kinds {
				for b := range kinds {
					w[l][a][b] = rng.NormFloat64()
				}
			}
		}
		var cands []candidate
		for end := int32(1); int(end) <= s.n; end++ {
			for range rng.IntN(3) {
				cands = append(cands, candidate{start: rng.Int32N(end), end: end, kind: kind(rng.IntN(int(kinds))), score: 3 * rng.NormFloat64()})
			}
		}
		x := lattice{}
		x.index(s, cands)
		z := x.forward(s, &w)
		x.backward(s, &w, nil)
		best := x.viterbi(s)

		sum, inside, most, top := 0.0, make([]float64, len(cands)), math.Inf(-1), []int32(nil)
		readings(s, &w, cands, func(reading []int32, score float64) {
			sum += math.Exp(score)
			for _, c := range reading {
				inside[c] += math.Exp(score)
			}
			if score > most {
				most, top = score, slices.Clone(reading)
			}
		})
		if math.Abs(z-math.Log(sum)) > 1e-9 {
			t.Fatalf("sum %g, want %g", z, math.Log(sum))
		}
		for i, c := range cands {
			if want := inside[i] / sum; math.Abs(c.inside-want) > 1e-8 {
				t.Errorf("candidate %d of %d has probability %g, want %g", i, len(cands), c.inside, want)
			}
		}
		if !slices.Equal(best, top) {
			t.Errorf("best reading %v, want %v", best, top)
		}
	}
}

// readings calls yield with every set of candidates that do not overlap, in order, and its score.
func readings(s *sentence, w *[links][kinds][kinds]float64, cands []candidate, yield func(reading []int32, score float64)) {
	var from func(next int, reading []int32, score float64)
	from = func(next int, reading []int32, score float64) {
		yield(reading, score)
		for i := next; i < len(cands); i++ {
			v := score + cands[i].score
			if len(reading) > 0 {
				last := &cands[reading[len(reading)-1]]
				if last.end > cands[i].start {
					continue
				}
				if l := s.linkAt(last.end, cands[i].start); l != linkNone {
					v += w[l][last.kind][cands[i].kind]
				}
			}
			from(i+1, append(reading, int32(i)), v)
		}
	}
	from(0, nil, 0)
}

// A page of names in a row has more readings than a float64 can count.
func TestLatticeOfManyNames(t *testing.T) {
	s := &sentence{n: 4000}
	var cands []candidate
	for i := range int32(s.n) {
		s.runes = append(s.runes, '甲')
		cands = append(cands, candidate{start: i, end: i + 1, score: 20})
	}
	s.runes = append(s.runes, 0)
	var w [links][kinds][kinds]float64
	x := lattice{}
	x.index(s, cands)
	if z := x.forward(s, &w); math.Abs(z-20*4000) > 1 {
		t.Errorf("sum %g, want some 80000", z)
	}
	x.backward(s, &w, nil)
	for i, c := range cands {
		if math.Abs(c.inside-1) > 1e-6 {
			t.Fatalf("name %d has probability %g, want 1", i, c.inside)
		}
	}
	if best := x.viterbi(s); len(best) != len(cands) {
		t.Errorf("%d names in the best reading, want all %d", len(best), len(cands))
	}
}
