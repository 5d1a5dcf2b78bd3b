package entity

import "math"

// A link joins two candidates that stand beside each other.
type link uint8

const (
	linkNone  link = iota
	linkTouch      // nothing between
	linkMark       // 、
	linkAnd        // 和 与 及
	links
)

// linkAt says what joins a candidate that ends at i to one that starts at j.
func (s *sentence) linkAt(i, j int32) link {
	switch j - i {
	case 0:
		return linkTouch
	case 1:
		switch s.runes[i] {
		case '、':
			return linkMark
		case '和', '与', '及':
			return linkAnd
		}
	}
	return linkNone
}

// A lattice holds the sums over all readings of a sentence: sets of candidates
// that do not overlap. A reading scores the sum of its candidates' scores and
// of the scores of its links.
type lattice struct {
	cands []candidate // sorted by end
	from  []int32     // from[k]: first candidate that ends at k or later
	pre   []float64   // pre[k]: readings of the first k characters
	sum   []float64   // sum[c]: readings that end in candidate c
	gpre  []float64
	gsum  []float64
	best  []int32
	last  []int32 // of viterbi
	back  []int32
	stop  []int32
}

func (x *lattice) index(s *sentence, cands []candidate) {
	x.cands = cands
	x.from = zero(x.from, s.n+2)
	k := 0
	for c := range cands {
		for k <= int(cands[c].end) {
			x.from[k] = int32(c)
			k++
		}
	}
	for ; k <= s.n+1; k++ {
		x.from[k] = int32(len(cands))
	}
}

// ending returns the range of candidates that end at k.
func (x *lattice) ending(k int32) (int32, int32) {
	if k < 0 {
		return 0, 0
	}
	return x.from[k], x.from[k+1]
}

// before calls f with every way to come to candidate c: the value of the
// readings before it and, for a neighbour, its index (else -1 and the place in pre).
func (x *lattice) before(s *sentence, c *candidate, f func(neighbour int32, at int32, l link)) {
	b := c.start
	if b > 0 {
		if s.linkAt(b-1, b) != linkNone {
			lo, hi := x.ending(b - 1)
			for q := lo; q < hi; q++ {
				f(q, 0, s.linkAt(b-1, b))
			}
			f(-1, max(b-2, 0), linkNone)
		} else {
			f(-1, b-1, linkNone)
		}
		lo, hi := x.ending(b)
		for q := lo; q < hi; q++ {
			f(q, 0, linkTouch)
		}
		return
	}
	f(-1, 0, linkNone)
}

func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// forward fills the sums and returns the logarithm of the sum over all readings.
func (x *lattice) forward(s *sentence, w *[links][kinds][kinds]float64) float64 {
	x.pre, x.sum = zero(x.pre, s.n+1), zero(x.sum, len(x.cands))
	for k := 1; k <= s.n; k++ {
		v := x.pre[k-1]
		lo, hi := x.ending(int32(k))
		for i := lo; i < hi; i++ {
			c := &x.cands[i]
			t := math.Inf(-1)
			x.before(s, c, func(q, at int32, l link) {
				if q < 0 {
					t = logAdd(t, x.pre[at])
				} else {
					t = logAdd(t, x.sum[q]+w[l][x.cands[q].kind][c.kind])
				}
			})
			x.sum[i] = t + c.score
			v = logAdd(v, x.sum[i])
		}
		x.pre[k] = v
	}
	return x.pre[s.n]
}

// backward sets the probability of every candidate, and calls pair with that
// of every link when it is not nil.
func (x *lattice) backward(s *sentence, w *[links][kinds][kinds]float64, pair func(l link, a, b kind, p float64)) {
	x.gpre, x.gsum = zero(x.gpre, s.n+1), zero(x.gsum, len(x.cands))
	x.gpre[s.n] = 1
	for k := int32(s.n); k > 0; k-- {
		lo, hi := x.ending(k)
		g := x.gpre[k]
		if lo == hi { // most places: the readings are those of the place before
			x.gpre[k-1] += g
			continue
		}
		x.gpre[k-1] += g * math.Exp(x.pre[k-1]-x.pre[k])
		for i := lo; i < hi; i++ {
			x.gsum[i] += g * math.Exp(x.sum[i]-x.pre[k])
		}
		for i := lo; i < hi; i++ {
			c, gi := &x.cands[i], x.gsum[i]
			c.inside = gi
			if gi < 1e-9 {
				continue
			}
			total := x.sum[i] - c.score
			x.before(s, c, func(q, at int32, l link) {
				if q < 0 {
					x.gpre[at] += gi * math.Exp(x.pre[at]-total)
					return
				}
				p := gi * math.Exp(x.sum[q]+w[l][x.cands[q].kind][c.kind]-total)
				x.gsum[q] += p
				if pair != nil {
					pair(l, x.cands[q].kind, c.kind, p)
				}
			})
		}
	}
}

// viterbi returns the candidates of the best reading, in order.
func (x *lattice) viterbi(s *sentence, w *[links][kinds][kinds]float64) []int32 {
	pre, sum := zero(x.gpre, s.n+1), zero(x.gsum, len(x.cands))
	x.gpre, x.gsum = pre, sum
	last := zero(x.last, s.n+1) // candidate that ends the best reading of the first k characters, plus one
	back, stop := zero(x.back, len(x.cands)), zero(x.stop, len(x.cands))
	x.last, x.back, x.stop = last, back, stop
	for k := 1; k <= s.n; k++ {
		pre[k], last[k] = pre[k-1], last[k-1]
		lo, hi := x.ending(int32(k))
		for i := lo; i < hi; i++ {
			c := &x.cands[i]
			t := math.Inf(-1)
			x.before(s, c, func(q, at int32, l link) {
				v := 0.0
				if q < 0 {
					v = pre[at]
				} else {
					v = sum[q] + w[l][x.cands[q].kind][c.kind]
				}
				if v > t {
					t, back[i], stop[i] = v, q, at
				}
			})
			sum[i] = t + c.score
			if sum[i] > pre[k] {
				pre[k], last[k] = sum[i], i+1
			}
		}
	}
	out := x.best[:0]
	for i := last[s.n] - 1; i >= 0; {
		out = append(out, i)
		if back[i] >= 0 {
			i = back[i]
		} else {
			i = last[stop[i]] - 1
		}
	}
	for a, b := 0, len(out)-1; a < b; a, b = a+1, b-1 {
		out[a], out[b] = out[b], out[a]
	}
	x.best = out
	return out
}
