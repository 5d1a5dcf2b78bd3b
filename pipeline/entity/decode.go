package entity

import (
	"math"
	"slices"
)

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
// that do not overlap. A reading weighs the exponential of the sum of its
// candidates' scores and of the scores of its links. All work is done where
// candidates end, which is at few places of a sentence.
type lattice struct {
	cands []candidate // sorted by end
	from  []int32     // from[k]: first candidate that ends at k or later
	pre   []mass      // pre[k]: readings of the first k characters
	total []mass      // total[c]: readings of what stands before candidate c
	sum   []mass      // sum[c]: readings that end in candidate c
	gpre  []float64   // gpre[k]: probability of the readings that a candidate leaves free up to k
	gsum  []float64   // of readings that end in a candidate

	high []float64 // high[k]: score of the best reading of the first k characters
	last []int32   // candidate that ends that reading, plus one
	tops []float64 // by candidate: score of the best reading that ends in it
	back []int32   // by candidate: the neighbour before it in that reading, -1 for none
	best []int32
	near []neighbourhood // of before
}

// A mass is v·2^(scaleBits·scale). A page of names in a row has more readings
// than a float64 can count.
type mass struct {
	v     float64
	scale int32
}

const (
	scaleBits = 256
	scaled    = 1 << scaleBits
)

// at returns the mass in units of another scale.
func (m mass) at(scale int32) float64 {
	if m.scale == scale {
		return m.v
	}
	return math.Ldexp(m.v, scaleBits*int(m.scale-scale))
}

func (m mass) log() float64 { return math.Log(m.v) + scaleBits*math.Ln2*float64(m.scale) }

func (x *lattice) index(s *sentence, cands []candidate) {
	x.cands = cands
	x.from = grow(x.from, s.n+2)
	k := int32(0)
	for c := range cands {
		for ; k <= cands[c].end; k++ {
			x.from[k] = int32(c)
		}
	}
	for ; int(k) <= s.n+1; k++ {
		x.from[k] = int32(len(cands))
	}
}

// A neighbourhood is the candidates from lo to hi, which a link joins to what
// stands behind them.
type neighbourhood struct {
	lo, hi int32
	link   link
}

// before returns how readings may go on with a candidate that starts at b:
// behind a reading of the first free characters, and behind the neighbours, which
// are valid until the next call.
func (x *lattice) before(s *sentence, b int32) (free int32, near []neighbourhood) {
	if b == 0 {
		return 0, nil
	}
	near, free = x.near[:0], b-1
	if lo, hi := x.from[b], x.from[b+1]; lo < hi {
		near = append(near, neighbourhood{lo, hi, linkTouch})
	}
	if l := s.linkAt(b-1, b); l != linkNone {
		free = max(b-2, 0)
		near = append(near, neighbourhood{x.from[b-1], x.from[b], l})
	}
	x.near = near
	return free, near
}

// forward fills the sums and the best scores, and returns the logarithm of the
// sum over all readings.
func (x *lattice) forward(s *sentence, w *[links][kinds][kinds]float64) float64 {
	n := len(x.cands)
	x.pre, x.total, x.sum = grow(x.pre, s.n+1), grow(x.total, n), grow(x.sum, n)
	x.high, x.last = grow(x.high, s.n+1), grow(x.last, s.n+1)
	x.tops, x.back = grow(x.tops, n), grow(x.back, n)
	all, high, last := mass{v: 1}, 0.0, int32(0)
	k := int32(0)
	for i := 0; i < n; {
		end := x.cands[i].end
		x.fill(k, end, all, high, last)
		k = end
		scale := all.scale
		for ; i < n && x.cands[i].end == end; i++ {
			c := &x.cands[i]
			free, near := x.before(s, c.start)
			total, top, back := x.pre[free].at(scale), x.high[free], int32(-1)
			for _, b := range near {
				for q := b.lo; q < b.hi; q++ {
					weight := w[b.link][x.cands[q].kind][c.kind]
					total += x.sum[q].at(scale) * math.Exp(weight)
					if v := x.tops[q] + weight; v > top {
						top, back = v, q
					}
				}
			}
			x.total[i], x.sum[i] = mass{total, scale}, mass{total * math.Exp(c.score), scale}
			all.v += x.sum[i].v
			x.tops[i], x.back[i] = top+c.score, back
			if x.tops[i] > high {
				high, last = x.tops[i], int32(i)+1
			}
		}
		if all.v > scaled {
			all = mass{all.v / scaled, scale + 1}
		}
	}
	x.fill(k, int32(s.n)+1, all, high, last)
	return all.log()
}

// fill sets what holds of the first k characters from place k to place to.
func (x *lattice) fill(k, to int32, all mass, high float64, last int32) {
	for ; k < to; k++ {
		x.pre[k], x.high[k], x.last[k] = all, high, last
	}
}

// backward sets the probability of every candidate, and calls pair with that
// of every link when it is not nil.
func (x *lattice) backward(s *sentence, w *[links][kinds][kinds]float64, pair func(l link, a, b kind, p float64)) {
	x.gpre, x.gsum = zero(x.gpre, s.n+1), zero(x.gsum, len(x.cands))
	g, i := 1.0, int32(len(x.cands)-1)
	for k := int32(s.n) + 1; i >= 0; {
		for end := x.cands[i].end; k > end; {
			k--
			g += x.gpre[k]
		}
		scale, all := x.pre[k].scale, x.pre[k].v
		for ; i >= 0 && x.cands[i].end == k; i-- {
			x.share(s, w, i, x.gsum[i]+g*x.sum[i].at(scale)/all, pair)
		}
		g *= x.pre[k-1].at(scale) / all
	}
}

// share gives candidate i the probability p, and its part to what may stand before it.
func (x *lattice) share(s *sentence, w *[links][kinds][kinds]float64, i int32, p float64, pair func(l link, a, b kind, p float64)) {
	c := &x.cands[i]
	c.inside = p
	if p < 1e-9 {
		return
	}
	scale, total := x.total[i].scale, x.total[i].v
	free, near := x.before(s, c.start)
	x.gpre[free] += p * x.pre[free].at(scale) / total
	for _, b := range near {
		for q := b.lo; q < b.hi; q++ {
			part := p * x.sum[q].at(scale) * math.Exp(w[b.link][x.cands[q].kind][c.kind]) / total
			x.gsum[q] += part
			if pair != nil {
				pair(b.link, x.cands[q].kind, c.kind, part)
			}
		}
	}
}

// viterbi returns the candidates of the best reading, in order, once forward has been called.
func (x *lattice) viterbi(s *sentence) []int32 {
	out := x.best[:0]
	for i := x.last[s.n] - 1; i >= 0; {
		out = append(out, i)
		if x.back[i] >= 0 {
			i = x.back[i]
		} else {
			free, _ := x.before(s, x.cands[i].start)
			i = x.last[free] - 1
		}
	}
	slices.Reverse(out)
	x.best = out
	return out
}
