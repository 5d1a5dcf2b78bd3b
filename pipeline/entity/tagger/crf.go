package tagger

import (
	"math"
	"math/rand/v2"
	"sync"
)

// A crf is stage 2 in training: a linear chain over the labels of characters.
// A row of weights belongs to each feature, and one AdaGrad rate to each row:
// with a rate for each weight, labels that a feature has next to nothing to do
// with would move as far as the others.
type crf struct {
	labels int
	w      []float32 // feature·labels+label
	g      []float32 // Σ squared gradients of the row
	trans  []float64 // from·labels+to
	transG []float64
	sum    []float32 // Σ of w over the ends of all epochs but the first
	tsum   []float64 // the same of trans
	preds  [][]int32 // labels that can stand before a label
	rate   float64
	drop   float64
}

// A chain is a sentence with the numbers of its features and its labels.
type chain struct {
	ids   []int32 // of all characters, one after the other
	from  []int32 // where those of a character begin; n+1 long
	gold  []uint8
	legal []bool // labels that its annotation scheme has
	turn  int    // see example
}

func (c *chain) n() int { return len(c.gold) }

func newCRF(labels, features int, rate, drop float64) *crf {
	m := &crf{labels: labels, rate: rate, drop: drop}
	m.w = make([]float32, features*labels)
	m.g = make([]float32, features)
	m.trans = make([]float64, labels*labels)
	m.transG = make([]float64, labels*labels)
	m.sum = make([]float32, features*labels)
	m.tsum = make([]float64, labels*labels)
	m.preds = make([][]int32, labels)
	for b := range labels {
		for a := range labels {
			if follows(a, b) {
				m.preds[b] = append(m.preds[b], int32(a))
			}
		}
	}
	return m
}

// A gradient is what one sentence asks of the weights.
type gradient struct {
	ids   []int32 // features that were not dropped
	from  []int32
	grad  []float32 // n·labels: gold minus expected
	trans []float64 // labels·labels
	loss  float64   // −log p of the gold labels
	score []float32
	psi   []float64
	alpha []float64
	beta  []float64
}

// compute fills d with the gradient of the log-likelihood of c. Features are
// dropped by random numbers of r, all kept when r is nil.
func (m *crf) compute(c *chain, d *gradient, expTrans []float64, r *rand.Rand) {
	n, L := c.n(), m.labels
	d.loss = 0
	d.keep(c, m.drop, r)
	d.score = grow(d.score, n*L)
	d.psi, d.alpha, d.beta = grow(d.psi, n*L), grow(d.alpha, n*L), grow(d.beta, n*L)
	d.grad = grow(d.grad, n*L)
	d.trans = grow(d.trans, L*L)
	clear(d.trans)
	clear(d.score)
	scale := float32(1)
	if r != nil {
		scale = float32(1 / (1 - m.drop))
	}
	for i := range n {
		row := d.score[i*L : (i+1)*L]
		for _, id := range d.ids[d.from[i]:d.from[i+1]] {
			w := m.w[int(id)*L : int(id)*L+L]
			for l, v := range w {
				row[l] += v
			}
		}
		top := float32(math.Inf(-1))
		for l := range row {
			row[l] *= scale
			if c.legal[l] {
				top = max(top, row[l])
			}
		}
		psi := d.psi[i*L : (i+1)*L]
		for l := range row {
			psi[l] = 0
			if c.legal[l] {
				psi[l] = math.Exp(float64(row[l] - top))
			}
		}
		d.loss += float64(top - row[c.gold[i]])
		if i > 0 {
			d.loss -= m.trans[int(c.gold[i-1])*L+int(c.gold[i])]
		}
	}
	m.forwardBackward(c, d, expTrans)
}

func (d *gradient) keep(c *chain, drop float64, r *rand.Rand) {
	if r == nil || drop == 0 {
		d.ids, d.from = append(d.ids[:0], c.ids...), append(d.from[:0], c.from...)
		return
	}
	limit := uint64(drop * 256)
	d.ids, d.from = d.ids[:0], d.from[:0]
	bits, left := uint64(0), 0
	for i := range c.n() {
		d.from = append(d.from, int32(len(d.ids)))
		for _, id := range c.ids[c.from[i]:c.from[i+1]] {
			if left == 0 {
				bits, left = r.Uint64(), 8
			}
			if bits&0xff >= limit {
				d.ids = append(d.ids, id)
			}
			bits >>= 8
			left--
		}
	}
	d.from = append(d.from, int32(len(d.ids)))
}

func (m *crf) forwardBackward(c *chain, d *gradient, expTrans []float64) {
	n, L := c.n(), m.labels
	inv := make([]float64, n)
	for i := range n {
		a, psi := d.alpha[i*L:(i+1)*L], d.psi[i*L:(i+1)*L]
		sum := 0.0
		for l := range L {
			v := 0.0
			switch {
			case psi[l] == 0:
			case i == 0:
				if starts(l) {
					v = 1
				}
			default:
				before := d.alpha[(i-1)*L : i*L]
				for _, k := range m.preds[l] {
					v += before[k] * expTrans[int(k)*L+l]
				}
			}
			if i == n-1 && opens(l) {
				v = 0
			}
			a[l] = v * psi[l]
			sum += a[l]
		}
		inv[i] = 1 / max(sum, 1e-300)
		for l := range a {
			a[l] *= inv[i]
		}
		d.loss += math.Log(max(sum, 1e-300))
	}
	for i := n - 1; i >= 0; i-- {
		b := d.beta[i*L : (i+1)*L]
		if i == n-1 {
			for l := range b {
				b[l] = 1
				if opens(l) {
					b[l] = 0
				}
			}
		} else {
			m.backStep(d, expTrans, i, inv[i+1], c)
		}
		grad := d.grad[i*L : (i+1)*L]
		for l := range grad {
			grad[l] = -float32(d.alpha[i*L+l] * b[l])
		}
		grad[c.gold[i]]++
	}
}

// backStep computes beta at i from beta at i+1, and the expected transitions between them.
func (m *crf) backStep(d *gradient, expTrans []float64, i int, inv float64, c *chain) {
	L := m.labels
	a, b := d.alpha[i*L:(i+1)*L], d.beta[i*L:(i+1)*L]
	clear(b)
	for l := range L {
		v := d.psi[(i+1)*L+l] * d.beta[(i+1)*L+l] * inv
		if v == 0 {
			continue
		}
		for _, k := range m.preds[l] {
			t := expTrans[int(k)*L+l] * v
			b[k] += t
			d.trans[int(k)*L+l] -= a[k] * t
		}
	}
	d.trans[int(c.gold[i])*L+int(c.gold[i+1])]++
}

// lead is the sum of squared gradients that a row begins with. Without it, a
// feature that was seen once moves as far as one that was seen a hundred times;
// with 1, F1 rose by 1 to 3 points.
const lead = 1

// small is the gradient below which a character teaches nothing.
const small = 1e-3

// apply moves the weights of the features whose number leaves part when divided by parts.
func (m *crf) apply(c *chain, d *gradient, part, parts int) {
	L := m.labels
	for i := range c.n() {
		grad := d.grad[i*L : (i+1)*L]
		size, top := float32(0), float32(0)
		for _, v := range grad {
			size += v * v
			top = max(top, v, -v)
		}
		if top < small {
			continue
		}
		for _, id := range d.ids[d.from[i]:d.from[i+1]] {
			if int(id)%parts != part {
				continue
			}
			m.g[id] += size
			step := float32(m.rate / math.Sqrt(float64(m.g[id])+lead))
			w := m.w[int(id)*L : int(id)*L+L]
			for l, v := range grad {
				w[l] += step * v
			}
		}
	}
}

func (m *crf) applyTrans(d *gradient) {
	for i, v := range d.trans {
		if v != 0 {
			m.transG[i] += v * v
			m.trans[i] += m.rate / math.Sqrt(m.transG[i]+1e-6) * v
		}
	}
}

// batch is how many sentences are computed with the same weights. Fixed, so
// that the result does not depend on the number of workers.
const batch = 8

// epoch goes once over the chains, in an order and with dropped features that
// depend on seed and number alone. It returns the loss for each character.
func (m *crf) epoch(chains []*chain, seed, number uint64, workers int, tick func(done int) error) (float64, error) {
	order := rand.New(rand.NewPCG(seed, number<<8|2)).Perm(len(chains))
	grads := make([]gradient, batch)
	expTrans := make([]float64, len(m.trans))
	loss, chars := 0.0, 0
	for at := 0; at < len(order); at += batch {
		if err := tick(at); err != nil {
			return 0, err
		}
		part := order[at:min(at+batch, len(order))]
		for i, t := range m.trans {
			expTrans[i] = math.Exp(t)
		}
		spread(workers, len(part), func(k int) {
			r := rand.New(rand.NewPCG(seed^number<<32, uint64(part[k])))
			m.compute(chains[part[k]], &grads[k], expTrans, r)
		})
		spread(workers, workers, func(w int) {
			for k, i := range part {
				m.apply(chains[i], &grads[k], w, workers)
			}
		})
		for k, i := range part {
			m.applyTrans(&grads[k])
			loss += grads[k].loss
			chars += chains[i].n()
		}
	}
	return loss / float64(max(chars, 1)), nil
}

// spread runs f for 0 to n-1 on some workers.
func spread(workers, n int, f func(i int)) {
	if workers <= 1 || n <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				f(i)
			}
		})
	}
	wg.Wait()
}

// add adds the weights to their sums.
func (m *crf) add() {
	for i, v := range m.w {
		m.sum[i] += v
	}
	for i, v := range m.trans {
		m.tsum[i] += v
	}
}

// average puts the mean of n sums in the place of the weights.
func (m *crf) average(n int) {
	if n == 0 {
		return
	}
	for i, v := range m.sum {
		m.w[i] = v / float32(n)
	}
	for i, v := range m.tsum {
		m.trans[i] = v / float64(n)
	}
}
