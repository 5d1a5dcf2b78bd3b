package tagger

import "math"

// Between mentions the way is free: from any label that closes (0, E and S of
// every type: the exits) to any label that starts (0, B and S of every type:
// the entrances). Of exits and entrances there are gates = 1 + 2·types each, in
// the order of their labels. Inside a mention two labels can come next.

// entrance returns the label of entrance s.
func entrance(s int) int { return 2*s - s&1 }

// exit returns the label of exit k.
func exit(k int) int { return 2*k + k&1 }

const maxGates = 1 + 2*maxTypes

// cross lists the transitions between gates.
func (t *stage2) cross() {
	g := (t.labels + 1) / 2
	t.gates = g
	t.cost = make([]int32, g*g)
	t.enter, t.leave = make([]float64, g*g), make([]float64, g*g)
	for s := range g {
		for k := range g {
			at := exit(k)*t.labels + entrance(s)
			t.cost[s*g+k] = t.trans[at]
			t.enter[s*g+k] = t.prob[at]
			t.leave[k*g+s] = t.prob[at]
		}
	}
}

// prune finds the labels of every character that can matter: not hopeless, of
// the scheme, and inside a mention only where it can have begun. Label 0 always
// lives, so that there always is a legal path.
func (d *decoder) prune(m *Model) {
	n, labels := d.s.n, m.stage2.labels
	d.live = grow(d.live, n*labels)
	d.plain = true
	var open, now [maxTypes]bool // by type: whether a mention goes on from the character before
	types := (labels - 1) / 4
	for i := range n {
		row := d.score[i*labels : (i+1)*labels]
		live := d.live[i*labels : (i+1)*labels]
		least := row[0]
		for l, v := range row {
			if v > least && m.legal[l] {
				least = v
			}
		}
		least -= hopeless
		live[0] = row[0]
		for t := range types {
			v, out, legal := row[1+4*t:5+4*t], live[1+4*t:5+4*t], m.legal[1+4*t]
			for k := range v {
				out[k] = forbidden
				if v[k] >= least && legal && (open[t] || uint8(k) == labelB || uint8(k) == labelS) {
					out[k] = v[k]
					d.plain = false
				}
			}
			now[t] = out[labelB] > forbidden || out[labelM] > forbidden
		}
		open, now = now, open
	}
}

// viterbi finds the best legal path through the live labels. Where several are
// best, the one of the lower labels.
func (d *decoder) viterbi(m *Model) {
	n, labels, t := d.s.n, m.stage2.labels, &m.stage2
	d.path = grow(d.path, n)
	if d.plain {
		clear(d.path)
		return
	}
	d.best = grow(d.best, n*labels)
	var exits, tops [maxGates]int32
	for i := range n {
		live, best := d.live[i*labels:(i+1)*labels], d.best[i*labels:(i+1)*labels]
		if i == 0 {
			for l, v := range live {
				best[l] = forbidden
				if starts(l) {
					best[l] = v
				}
			}
			continue
		}
		before := d.best[(i-1)*labels : i*labels]
		for k := range t.gates {
			exits[k] = before[exit(k)]
		}
		maxPlus(t.cost, exits[:t.gates], tops[:t.gates])
		best[0] = alive(tops[0], live[0])
		for b := 1; b < labels; b += 4 {
			b, m, e, s := b, b+1, b+2, b+3
			best[b] = alive(tops[(b+1)/2], live[b])
			best[s] = alive(tops[s/2], live[s])
			best[m] = alive(max(before[b]+t.trans[b*labels+m], before[m]+t.trans[m*labels+m]), live[m])
			best[e] = alive(max(before[b]+t.trans[b*labels+e], before[m]+t.trans[m*labels+e]), live[e])
		}
	}
	d.trace(t)
}

func alive(top, score int32) int32 {
	if score <= forbidden {
		return forbidden
	}
	return max(top+score, forbidden)
}

// trace follows the best path back.
func (d *decoder) trace(t *stage2) {
	labels := t.labels
	last := 0
	end := d.best[len(d.best)-labels:]
	for k := range t.gates {
		if end[exit(k)] > end[last] {
			last = exit(k)
		}
	}
	for i := d.s.n - 1; ; i-- {
		d.path[i] = uint8(last)
		if i == 0 {
			return
		}
		before, into := d.best[(i-1)*labels:i*labels], t.into[last*labels:(last+1)*labels]
		if !starts(last) {
			b := last - (last-1)&3
			last = b
			if before[b+1]+into[b+1] > before[b]+into[b] {
				last = b + 1
			}
			continue
		}
		last = 0
		for k := 1; k < t.gates; k++ {
			if l := exit(k); before[l]+into[l] > before[last]+into[last] {
				last = l
			}
		}
	}
}

// marginals runs forward and backward over the live labels. alpha is scaled
// to sum to one at every character.
func (d *decoder) marginals(m *Model) {
	if d.sealed {
		return
	}
	d.sealed = true
	n, labels, t := d.s.n, m.stage2.labels, &m.stage2
	d.psi = grow(d.psi, n*labels)
	d.alpha, d.beta = grow(d.alpha, n*labels), grow(d.beta, n*labels)
	d.inv = grow(d.inv, n)
	for i := range n {
		psi, alpha := d.psi[i*labels:(i+1)*labels], d.alpha[i*labels:(i+1)*labels]
		potentials(d.live[i*labels:(i+1)*labels], psi)
		sum := 0.0
		if i > 0 {
			sum = t.forward(d.alpha[(i-1)*labels:i*labels], psi, alpha)
		}
		if sum == 0 { // the first, or what lives here does not fit what lives before: begin anew
			for l, v := range psi {
				alpha[l] = 0
				if starts(l) {
					alpha[l] = v
					sum += v
				}
			}
		}
		inv := 1 / max(sum, 1e-300)
		d.inv[i] = inv
		for l := range alpha {
			alpha[l] *= inv
		}
	}
	d.backward(t)
}

// potentials computes psi of a character, of which the largest is 1.
func potentials(live []int32, psi []float64) {
	top := live[0]
	for _, v := range live {
		top = max(top, v)
	}
	for l, v := range live {
		psi[l] = 0
		if v > forbidden {
			psi[l] = expScore(v - top)
		}
	}
}

// exps are e^(−k/unit) for k = i and 256·i.
var exps = func() (t [2][256]float64) {
	for j, step := range []float64{1, 256} {
		for i := range t[j] {
			t[j][i] = math.Exp(-step * float64(i) / unit)
		}
	}
	return t
}()

// expScore returns e to the power of a score that is not above 0.
func expScore(v int32) float64 {
	k := uint32(-v)
	if k >= 256*256 {
		return math.Exp(float64(v) / unit)
	}
	return exps[0][k&0xff] * exps[1][k>>8]
}

// forward computes alpha of a character from that of the one before, and returns its sum.
func (t *stage2) forward(before, psi, alpha []float64) (sum float64) {
	var exits, sums [maxGates]float64
	for k := range t.gates {
		exits[k] = before[exit(k)]
	}
	product(t.enter, exits[:t.gates], sums[:t.gates])
	labels := t.labels
	alpha[0] = sums[0] * psi[0]
	sum = alpha[0]
	for b := 1; b < labels; b += 4 {
		m, e, s := b+1, b+2, b+3
		alpha[b] = sums[(b+1)/2] * psi[b]
		alpha[m] = (before[b]*t.prob[b*labels+m] + before[m]*t.prob[m*labels+m]) * psi[m]
		alpha[e] = (before[b]*t.prob[b*labels+e] + before[m]*t.prob[m*labels+e]) * psi[e]
		alpha[s] = sums[s/2] * psi[s]
		sum += alpha[b] + alpha[m] + alpha[e] + alpha[s]
	}
	return sum
}

func (d *decoder) backward(t *stage2) {
	n, labels := d.s.n, t.labels
	if n == 0 {
		return
	}
	end := 0.0
	for k := range t.gates {
		end += d.alpha[(n-1)*labels+exit(k)]
	}
	last := d.beta[(n-1)*labels : n*labels]
	clear(last)
	for k := 0; k < t.gates && end > 0; k++ {
		last[exit(k)] = 1 / end
	}
	var x, sums [maxGates]float64
	for i := n - 2; i >= 0; i-- {
		psi, next, beta := d.psi[(i+1)*labels:(i+2)*labels], d.beta[(i+1)*labels:(i+2)*labels], d.beta[i*labels:(i+1)*labels]
		inv := d.inv[i+1]
		for s := range t.gates {
			l := entrance(s)
			x[s] = psi[l] * next[l] * inv
		}
		product(t.leave, x[:t.gates], sums[:t.gates])
		beta[0] = sums[0]
		for b := 1; b < labels; b += 4 {
			m, e, s := b+1, b+2, b+3
			mid, close := psi[m]*next[m]*inv, psi[e]*next[e]*inv
			beta[b] = t.prob[b*labels+m]*mid + t.prob[b*labels+e]*close
			beta[m] = t.prob[m*labels+m]*mid + t.prob[m*labels+e]*close
			beta[e] = sums[e/2]
			beta[s] = sums[s/2]
		}
	}
}

// product writes the product of a square matrix and x to y. Three rows at a
// time keep the adders busy.
func product(matrix, x, y []float64) {
	n := len(x)
	s := 0
	for ; s+3 <= n; s += 3 {
		p, q, r := matrix[s*n:][:n], matrix[(s+1)*n:][:n], matrix[(s+2)*n:][:n]
		a, b, c := 0.0, 0.0, 0.0
		for k, v := range x {
			a += v * p[k]
			b += v * q[k]
			c += v * r[k]
		}
		y[s], y[s+1], y[s+2] = a, b, c
	}
	for ; s < n; s++ {
		a := 0.0
		for k, v := range matrix[s*n:][:n] {
			a += v * x[k]
		}
		y[s] = a
	}
}

// maxPlus is product with max for the sum and + for the product.
func maxPlus(matrix, x, y []int32) {
	n := len(x)
	s := 0
	for ; s+3 <= n; s += 3 {
		p, q, r := matrix[s*n:][:n], matrix[(s+1)*n:][:n], matrix[(s+2)*n:][:n]
		a, b, c := int32(math.MinInt32), int32(math.MinInt32), int32(math.MinInt32)
		for k, v := range x {
			a = max(a, v+p[k])
			b = max(b, v+q[k])
			c = max(c, v+r[k])
		}
		y[s], y[s+1], y[s+2] = a, b, c
	}
	for ; s < n; s++ {
		a := int32(math.MinInt32)
		for k, v := range matrix[s*n:][:n] {
			a = max(a, v+x[k])
		}
		y[s] = a
	}
}
