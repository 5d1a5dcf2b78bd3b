package tagger

import (
	"math"
	"math/rand/v2"
	"testing"
)

// toyChain is a chain of n characters over some features, with legal gold labels.
func toyChain(r *rand.Rand, n, features, types int) *chain {
	c := &chain{legal: make([]bool, 1+4*types)}
	for l := range c.legal {
		c.legal[l] = true
	}
	for range n {
		c.from = append(c.from, int32(len(c.ids)))
		for range 3 {
			c.ids = append(c.ids, int32(r.IntN(features)))
		}
	}
	c.from = append(c.from, int32(len(c.ids)))
	c.gold = make([]uint8, n)
	for i := 0; i+2 < n; i += 3 {
		base := uint8(1 + 4*r.IntN(types))
		c.gold[i], c.gold[i+1] = base+labelB, base+labelE
	}
	return c
}

func loss(m *crf, c *chain) float64 {
	var d gradient
	m.compute(c, &d, expOf(m.trans), nil)
	return d.loss
}

func expOf(t []float64) []float64 {
	out := make([]float64, len(t))
	for i, v := range t {
		out[i] = math.Exp(v)
	}
	return out
}

func TestGradientIsTheSlopeOfTheLoss(t *testing.T) {
	const features, types = 5, 2
	r := rand.New(rand.NewPCG(1, 1))
	m := newCRF(1+4*types, features, 0.1, 0)
	for i := range m.w {
		m.w[i] = float32(r.NormFloat64())
	}
	for i := range m.trans {
		m.trans[i] = r.NormFloat64()
	}
	c := toyChain(r, 7, features, types)
	c.legal[6] = false // a label that the scheme of the sentence has not
	for i, g := range c.gold {
		if !c.legal[g] {
			c.gold[i] = 0
		}
	}
	for i := 1; i < len(c.gold); i++ { // keep the gold labels legal
		if !follows(int(c.gold[i-1]), int(c.gold[i])) {
			c.gold[i-1], c.gold[i] = 0, 0
		}
	}
	var d gradient
	m.compute(c, &d, expOf(m.trans), nil)
	slope := make([]float64, len(m.w))
	for i := range c.n() {
		for _, id := range c.ids[c.from[i]:c.from[i+1]] {
			for l := range m.labels {
				slope[int(id)*m.labels+l] -= float64(d.grad[i*m.labels+l])
			}
		}
	}
	const h = 1e-2
	for i := range m.w {
		w := m.w[i]
		m.w[i] = w + h
		up := loss(m, c)
		m.w[i] = w - h
		down := loss(m, c)
		m.w[i] = w
		if got, want := slope[i], (up-down)/(2*h); math.Abs(got-want) > 1e-3 {
			t.Errorf("weight %d: gradient %.5f, want %.5f", i, got, want)
		}
	}
	for i := range m.trans {
		if !follows(i/m.labels, i%m.labels) {
			continue
		}
		w := m.trans[i]
		m.trans[i] = w + h
		up := loss(m, c)
		m.trans[i] = w - h
		down := loss(m, c)
		m.trans[i] = w
		if got, want := -d.trans[i], (up-down)/(2*h); math.Abs(got-want) > 1e-3 {
			t.Errorf("transition %d → %d: gradient %.5f, want %.5f", i/m.labels, i%m.labels, got, want)
		}
	}
}

// paths yields every legal labelling of n characters.
func paths(n, labels int, yield func(path []int)) {
	path := make([]int, n)
	var next func(i int)
	next = func(i int) {
		if i == n {
			if !opens(path[n-1]) {
				yield(path)
			}
			return
		}
		for l := range labels {
			if i == 0 && starts(l) || i > 0 && follows(path[i-1], l) {
				path[i] = l
				next(i + 1)
			}
		}
	}
	next(0)
}

// randomDecoder is a decoder with random scores of n characters, ready for Viterbi.
func randomDecoder(r *rand.Rand, n, types int) (*Model, *decoder) {
	m := &Model{}
	for i := range types {
		m.header.Types = append(m.header.Types, string(rune('a'+i)))
	}
	m.header.Schemes = []scheme{{"x", m.header.Types}}
	L := m.header.labels()
	m.stage2.labels = L
	m.stage2.trans = make([]int32, L*L)
	for i := range m.stage2.trans {
		m.stage2.trans[i] = forbidden
		if follows(i/L, i%L) {
			m.stage2.trans[i] = int32(r.NormFloat64() * unit)
		}
	}
	m.finish()
	d := &decoder{}
	d.s.n = n
	for i := range n + 1 {
		d.s.at = append(d.s.at, int32(3*i))
	}
	for range n * L {
		d.score = append(d.score, int32(r.NormFloat64()*2*unit))
	}
	d.viterbi(m)
	return m, d
}

func TestDecoderAgainstAllPaths(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 2))
		n := 1 + r.IntN(5)
		m, d := randomDecoder(r, n, 2)
		L := m.stage2.labels
		best, sum := math.Inf(-1), 0.0
		spans := map[[3]int]float64{} // start, end, type → probability
		weigh := func(p []int) float64 {
			s := 0.0
			for i, l := range p {
				s += float64(d.score[i*L+l])
				if i > 0 {
					s += float64(m.stage2.trans[p[i-1]*L+l])
				}
			}
			return s / unit
		}
		paths(n, L, func(p []int) {
			s := weigh(p)
			best = max(best, s)
			sum += math.Exp(s)
			for i := 0; i < n; i++ {
				if p[i] == 0 {
					continue
				}
				e := i
				for opens(p[e]) {
					e++
				}
				spans[[3]int{i, e, (p[i] - 1) >> 2}] += math.Exp(s)
				i = e
			}
		})
		path := make([]int, n)
		for i, l := range d.path {
			path[i] = int(l)
		}
		if got := weigh(path); math.Abs(got-best) > 1e-3 {
			t.Errorf("seed %d: path %v has score %.4f, want %.4f", seed, path, got, best)
		}
		got := map[[3]int]float64{}
		for _, s := range d.candidates(m, 0, 1e-3, nil) {
			got[[3]int{s.Start / 3, s.End/3 - 1, int(s.Type[0] - 'a')}] = s.Confidence
		}
		for k, w := range spans {
			if p := w / sum; p > 1e-2 && math.Abs(got[k]-p) > 1e-2 {
				t.Errorf("seed %d: span %v has probability %.4f, want %.4f", seed, k, got[k], p)
			}
		}
		for _, s := range d.spans(m, 0, nil) {
			k := [3]int{s.Start / 3, s.End/3 - 1, int(s.Type[0] - 'a')}
			if math.Abs(s.Confidence-spans[k]/sum) > 1e-2 {
				t.Errorf("seed %d: mention %v has probability %.4f, want %.4f", seed, k, s.Confidence, spans[k]/sum)
			}
		}
	}
}

func TestFollows(t *testing.T) {
	const B, M, E, S, B2, E2 = 1, 2, 3, 4, 5, 7
	for _, c := range []struct {
		a, b int
		want bool
	}{
		{0, 0, true}, {0, B, true}, {0, S, true}, {0, M, false}, {0, E, false},
		{B, M, true}, {B, E, true}, {B, 0, false}, {B, B, false}, {B, E2, false},
		{M, M, true}, {M, E, true}, {M, S, false},
		{E, 0, true}, {E, B2, true}, {E, M, false}, {S, B, true}, {S, E, false},
	} {
		if got := follows(c.a, c.b); got != c.want {
			t.Errorf("label %d behind %d: %t, want %t", c.b, c.a, got, c.want)
		}
	}
}

func TestExpScore(t *testing.T) {
	for _, v := range []int32{0, -1, -63, -64, -4095, -4096, -50_000, -262_143, -262_144, -1_000_000} {
		if got, want := expScore(v), math.Exp(float64(v)/unit); math.Abs(got-want) > 1e-12 {
			t.Errorf("e^(%d/%d) = %g, want %g", v, unit, got, want)
		}
	}
}
