package tagger

import "math"

// Label 0 is outside; label 1+4·t+k is part k (B, M, E, S) of a mention of type t.

// opens reports whether a mention goes on behind label l.
func opens(l int) bool { return l > 0 && (l-1)&3 <= int(labelM) }

// starts reports whether no mention goes on from the character before into label l.
func starts(l int) bool { return l == 0 || (l-1)&3 == int(labelB) || (l-1)&3 == int(labelS) }

// follows reports whether label b can stand behind label a.
func follows(a, b int) bool {
	if opens(a) {
		return !starts(b) && (a-1)>>2 == (b-1)>>2
	}
	return starts(b)
}

// A decoder holds the arrays of one sentence.
type decoder struct {
	s     sentence
	feats []uint64

	score1 [][4]int32
	back1  [][4]uint8

	score  []int32 // n·labels
	live   []uint8 // labels that are not hopeless at a character
	first  []int32 // where the live labels of a character begin in live; n+1 long
	best   []int32 // beside live: score of the best path to there
	back   []int32 // beside live: index in live of the one before
	psi    []float64
	alpha  []float64
	beta   []float64
	inv    []float64 // 1 / scale of each character
	path   []uint8
	sealed bool
}

// hopeless is how far below the best label of its character a label is left
// out, in scores: e⁻¹⁸.
const hopeless = 18 * unit

func (d *decoder) decode(m *Model, text string) {
	d.s.load(m.lex, text)
	d.segment(m)
	d.emissions(m)
	d.prune(m)
	d.viterbi(m)
	d.sealed = false
}

// segment finds the words: stage 1.
func (d *decoder) segment(m *Model) {
	s := &d.s
	d.score1 = grow(d.score1, s.n)
	d.back1 = grow(d.back1, s.n)
	t := &m.stage1
	for i := range s.n {
		d.feats = s.features1(i, d.feats[:0])
		var sum [4]int32
		for _, h := range d.feats {
			t.add(h, &sum)
		}
		d.score1[i] = sum
	}
	s.label1 = grow(s.label1, s.n)
	viterbi1(d.score1, d.back1, &t.trans, s.label1)
	s.setWords()
}

func (t *stage1) add(h uint64, sum *[4]int32) {
	k := key(h)
	n := len(t.slots)
	print := uint32(k)
	for i := home(k, n); ; i++ {
		if i == n {
			i = 0
		}
		s := &t.slots[i]
		if s.print == print && s.w != [4]int8{} {
			sum[0] += t.lut[uint8(s.w[0])]
			sum[1] += t.lut[uint8(s.w[1])]
			sum[2] += t.lut[uint8(s.w[2])]
			sum[3] += t.lut[uint8(s.w[3])]
			return
		}
		if s.w == [4]int8{} {
			return
		}
	}
}

// before1 lists the two labels that can stand before each label of a word.
var before1 = [4][2]uint8{labelB: {labelE, labelS}, labelM: {labelB, labelM}, labelE: {labelB, labelM}, labelS: {labelE, labelS}}

// viterbi1 finds the best legal labels of a sentence of words. It overwrites score.
func viterbi1(score [][4]int32, back [][4]uint8, trans *[4][4]int32, out []uint8) {
	n := len(score)
	if n == 0 {
		return
	}
	score[0][labelM], score[0][labelE] = forbidden, forbidden
	for i := 1; i < n; i++ {
		p := &score[i-1]
		for l := range 4 {
			a, b := before1[l][0], before1[l][1]
			x, y := p[a]+trans[a][l], p[b]+trans[b][l]
			if y > x {
				x, a = y, b
			}
			score[i][l] = max(score[i][l]+x, forbidden)
			back[i][l] = a
		}
	}
	last := labelE
	if score[n-1][labelS] >= score[n-1][labelE] {
		last = labelS
	}
	for i := n - 1; i >= 0; i-- {
		out[i] = last
		last = back[i][last]
	}
}

// emissions sums the weights of the features of stage 2.
func (d *decoder) emissions(m *Model) {
	s, t := &d.s, &m.stage2
	d.score = grow(d.score, s.n*t.labels)
	clear(d.score)
	for i := range s.n {
		d.feats = s.features2(i, d.feats[:0])
		row := d.score[i*t.labels : (i+1)*t.labels]
		for _, h := range d.feats {
			t.add(h, row)
		}
		if m.scheme != 0 {
			for _, h := range d.feats[:strong] {
				t.add(mix(h^m.scheme), row)
			}
		}
	}
}

func (t *stage2) add(h uint64, score []int32) {
	k := key(h)
	n := len(t.slots)
	print := uint32(k)
	for i := home(k, n); ; i++ {
		if i == n {
			i = 0
		}
		s := t.slots[i]
		if s.row == 0 {
			return
		}
		if s.print == print {
			at := int(s.row)
			pairs := t.rows[at+1 : at+1+2*int(t.rows[at])]
			for j := 0; j+1 < len(pairs); j += 2 {
				score[pairs[j]] += t.lut[pairs[j+1]]
			}
			return
		}
	}
}

// prune lists the labels of every character that can matter. Label 0 always
// stays, so that there always is a legal path.
func (d *decoder) prune(m *Model) {
	n, labels := d.s.n, m.stage2.labels
	d.live, d.psi = d.live[:0], d.psi[:0]
	d.first = grow(d.first, n+1)
	for i := range n {
		d.first[i] = int32(len(d.live))
		row := d.score[i*labels : (i+1)*labels]
		top := row[0]
		for l, v := range row {
			if v > top && m.legal[l] {
				top = v
			}
		}
		for l, v := range row {
			if l == 0 || v >= top-hopeless && m.legal[l] {
				d.live = append(d.live, uint8(l))
			}
		}
	}
	d.first[n] = int32(len(d.live))
}

// viterbi finds the best legal path through the live labels.
func (d *decoder) viterbi(m *Model) {
	n, labels, t := d.s.n, m.stage2.labels, &m.stage2
	d.best, d.back = grow(d.best, len(d.live)), grow(d.back, len(d.live))
	for i := range n {
		lo, hi := d.first[i], d.first[i+1]
		for j := lo; j < hi; j++ {
			l := int(d.live[j])
			e := d.score[i*labels+l]
			if i == 0 {
				d.best[j] = e
				if !starts(l) {
					d.best[j] = forbidden
				}
				continue
			}
			top, from := int32(math.MinInt32), d.first[i-1]
			for k := d.first[i-1]; k < lo; k++ {
				if v := d.best[k] + t.trans[int(d.live[k])*labels+l]; v > top {
					top, from = v, k
				}
			}
			d.best[j] = max(top+e, forbidden)
			d.back[j] = from
		}
	}
	d.path = grow(d.path, n)
	if n == 0 {
		return
	}
	top := d.first[n-1]
	for j := d.first[n-1]; j < d.first[n]; j++ {
		if !opens(int(d.live[j])) && d.best[j] > d.best[top] {
			top = j
		}
	}
	for i := n - 1; i >= 0; i-- {
		d.path[i] = d.live[top]
		top = d.back[top]
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
	d.psi = grow(d.psi, len(d.live))
	d.alpha, d.beta = grow(d.alpha, len(d.live)), grow(d.beta, len(d.live))
	d.inv = grow(d.inv, n)
	for i := range n {
		lo, hi := d.first[i], d.first[i+1]
		if hi-lo == 1 {
			d.psi[lo] = 1
		} else {
			top := int32(math.MinInt32)
			for _, l := range d.live[lo:hi] {
				top = max(top, d.score[i*labels+int(l)])
			}
			for j := lo; j < hi; j++ {
				d.psi[j] = math.Exp(float64(d.score[i*labels+int(d.live[j])]-top) / unit)
			}
		}
		sum := 0.0
		for j := lo; j < hi; j++ {
			l := int(d.live[j])
			a := 0.0
			if i == 0 {
				if starts(l) {
					a = 1
				}
			} else {
				for k := d.first[i-1]; k < lo; k++ {
					a += d.alpha[k] * t.prob[int(d.live[k])*labels+l]
				}
			}
			a *= d.psi[j]
			d.alpha[j] = a
			sum += a
		}
		if sum == 0 { // what is live here does not fit what is live before: begin anew
			for j := lo; j < hi; j++ {
				if starts(int(d.live[j])) {
					d.alpha[j] = d.psi[j]
					sum += d.psi[j]
				}
			}
		}
		d.inv[i] = 1 / max(sum, math.SmallestNonzeroFloat64*1e20)
		for j := lo; j < hi; j++ {
			d.alpha[j] *= d.inv[i]
		}
	}
	d.backward(m)
}

func (d *decoder) backward(m *Model) {
	n, labels, t := d.s.n, m.stage2.labels, &m.stage2
	end := 0.0
	for j := d.first[n-1]; j < d.first[n]; j++ {
		if !opens(int(d.live[j])) {
			end += d.alpha[j]
		}
	}
	for i := n - 1; i >= 0; i-- {
		lo, hi := d.first[i], d.first[i+1]
		for j := lo; j < hi; j++ {
			l := int(d.live[j])
			if i == n-1 {
				d.beta[j] = 0
				if !opens(l) && end > 0 {
					d.beta[j] = 1 / end
				}
				continue
			}
			b := 0.0
			for k := hi; k < d.first[i+2]; k++ {
				b += t.prob[l*labels+int(d.live[k])] * d.psi[k] * d.beta[k]
			}
			d.beta[j] = b * d.inv[i+1]
		}
	}
}

// at returns the index of label l at character i in live, -1 when it is not there.
func (d *decoder) at(i, l int) int {
	for j := d.first[i]; j < d.first[i+1]; j++ {
		if int(d.live[j]) == l {
			return int(j)
		}
	}
	return -1
}

// spans appends the mentions on the best path, with their probabilities.
func (d *decoder) spans(m *Model, offset int, r *Reading) {
	for i := 0; i < d.s.n; i++ {
		l := int(d.path[i])
		if l == 0 {
			continue
		}
		d.marginals(m)
		e := i
		for opens(int(d.path[e])) {
			e++
		}
		p := 0.0
		d.walk(m, i, l, e+1, 0, func(end int, q float64) {
			if end == e {
				p = q
			}
		})
		r.Spans = append(r.Spans, d.span(m, offset, i, e, l, p))
		i = e
	}
}

func (d *decoder) span(m *Model, offset, i, e, l int, p float64) Span {
	return Span{
		Start: offset + int(d.s.at[i]), End: offset + int(d.s.at[e+1]),
		Type: m.header.Types[(l-1)>>2], Confidence: min(max(p, math.SmallestNonzeroFloat64), 1),
	}
}

// walk calls yield with the probability of every mention that starts at
// character i with label l (B or S) and ends at e before limit. It may leave
// out those of a probability below least.
func (d *decoder) walk(m *Model, i, l, limit int, least float64, yield func(e int, p float64)) {
	j := d.at(i, l)
	if j < 0 {
		return
	}
	r := d.alpha[j]
	if !opens(l) {
		yield(i, r*d.beta[j])
		return
	}
	labels, t := m.stage2.labels, &m.stage2
	base := l - int(labelB)
	from := l
	for k := i + 1; k < limit && r > 0; k++ {
		step := r * d.inv[k]
		if e := d.at(k, base+int(labelE)); e >= 0 {
			yield(k, step*t.prob[from*labels+base+int(labelE)]*d.psi[e]*d.beta[e])
		}
		mid := d.at(k, base+int(labelM))
		if mid < 0 {
			return
		}
		r = step * t.prob[from*labels+base+int(labelM)] * d.psi[mid]
		if r*d.beta[mid] < least {
			return
		}
		from = base + int(labelM)
	}
}

// candidates appends every span of probability min or more.
func (d *decoder) candidates(m *Model, offset int, min float64, r *Reading) {
	d.marginals(m)
	for i := range d.s.n {
		at := len(r.Candidates)
		for j := d.first[i]; j < d.first[i+1]; j++ {
			l := int(d.live[j])
			if l == 0 || !starts(l) || d.alpha[j]*d.beta[j] < min {
				continue
			}
			d.walk(m, i, l, d.s.n, min, func(e int, p float64) {
				if p >= min {
					r.Candidates = append(r.Candidates, d.span(m, offset, i, e, l, p))
				}
			})
		}
		sortByEnd(r.Candidates[at:])
	}
}

func sortByEnd(s []Span) {
	for i := 1; i < len(s); i++ {
		for j := i; j > 0 && s[j].End < s[j-1].End; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
}
