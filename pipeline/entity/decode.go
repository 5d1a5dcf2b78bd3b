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
// candidates' scores and of the scores of its links. What is done is
// done where candidates end, which is at few places of a sentence.
type lattice struct {
	cands []candidate // sorted by end
	from  []int32     // from[k]: first candidate that ends at k or later
	pre   []mass      // pre[k]: readings of the first k characters
	total []mass      // total[c]: readings of what stands before candidate c
	sum   []mass      // sum[c]: readings that end in candidate c
	gpre  []float64   // gpre[k]: probability of the readings that a candidate leaves free up to k
	gsum  []float64   // of readings that end in a candidate

	high []float64 // high[k]: score of the best reading of the first k characters
	tops []float64 // by candidate: score of the best reading that ends in it
	last []int32   // candidate that ends the best reading of the first k characters, plus one
	back []int32   // by candidate: the neighbour before it in the best reading, -1 for none
	best []int32
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
		if end := cands[c].end; k <= end {
			fill(x.from[k:end+1], int32(c))
			k = end + 1
		}
	}
	fill(x.from[k:], int32(len(cands)))
}

// A neighbourhood is the candidates from lo to hi, which a link joins to what
// stands behind them.
type neighbourhood struct {
	lo, hi int32
	link   link
}

// before returns how readings may go on with a candidate that starts at b:
// behind a reading of the first free characters, and behind the neighbours.
func (x *lattice) before(s *sentence, b int32) (free int32, near [2]neighbourhood) {
	if b == 0 {
		return 0, near
	}
	free = b - 1
	near[0] = neighbourhood{x.from[b], x.from[b+1], linkTouch}
	if l := s.linkAt(b-1, b); l != linkNone {
		free = max(b-2, 0)
		near[1] = neighbourhood{x.from[b-1], x.from[b], l}
	}
	return free, near
}

// forward fills the sums and returns the logarithm of the sum over all readings.
func (x *lattice) forward(s *sentence, w *[links][kinds][kinds]float64) float64 {
	n := len(x.cands)
	x.pre, x.total, x.sum = grow(x.pre, s.n+1), grow(x.total, n), grow(x.sum, n)
	all := mass{v: 1}
	x.pre[0] = all
	k := int32(1)
	for i := 0; i < n; {
		end := x.cands[i].end
		fill(x.pre[k:end], all)
		k = end
		scale := all.scale
		for ; i < n && x.cands[i].end == end; i++ {
			c := &x.cands[i]
			free, near := x.before(s, c.start)
			total := x.pre[free].at(scale)
			for _, b := range near {
				for q := b.lo; q < b.hi; q++ {
					total += x.sum[q].at(scale) * math.Exp(w[b.link][x.cands[q].kind][c.kind])
				}
			}
			x.total[i], x.sum[i] = mass{total, scale}, mass{total * math.Exp(c.score), scale}
			all.v += x.sum[i].v
		}
		if all.v > scaled {
			all = mass{all.v / scaled, scale + 1}
		}
	}
	fill(x.pre[k:], all)
	return all.log()
}

// fill sets all of s to v.
func fill[T any](s []T, v T) {
	for i := range s {
		s[i] = v
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

// viterbi returns the candidates of the best reading, in order.
func (x *lattice) viterbi(s *sentence, w *[links][kinds][kinds]float64) []int32 {
	n := len(x.cands)
	x.high, x.last = grow(x.high, s.n+1), grow(x.last, s.n+1)
	x.tops, x.back = grow(x.tops, n), grow(x.back, n)
	high, last := 0.0, int32(0)
	x.high[0], x.last[0] = 0, 0
	k := int32(1)
	for i := 0; i < n; {
		end := x.cands[i].end
		fill(x.high[k:end], high)
		fill(x.last[k:end], last)
		k = end
		for ; i < n && x.cands[i].end == end; i++ {
			c := &x.cands[i]
			free, near := x.before(s, c.start)
			top, back := x.high[free], int32(-1)
			for _, b := range near {
				for q := b.lo; q < b.hi; q++ {
					if v := x.tops[q] + w[b.link][x.cands[q].kind][c.kind]; v > top {
						top, back = v, q
					}
				}
			}
			x.tops[i], x.back[i] = top+c.score, back
			if x.tops[i] > high {
				high, last = x.tops[i], int32(i)+1
			}
		}
	}
	out := x.best[:0]
	for i := last - 1; i >= 0; {
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
