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
	own   [maxFeatures2]uint64
	sum   [256]int32

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
	left   side
	right  side
	sealed bool
}

// hopeless is how far below the best label of its character another is left
// out, in scores: e⁻¹⁰.
const hopeless = 10 * unit

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
		d.score1[i] = t.sum(d.feats)
	}
	s.label1 = grow(s.label1, s.n)
	viterbi1(d.score1, d.back1, &t.trans, s.label1)
	s.setWords()
}

// sum returns the weights of features. It looks at the first slot of all of them
// before it looks at what is in one, so that the memory answers at once.
func (t *stage1) sum(feats []uint64) (sum [4]int32) {
	var first [maxFeatures1]slot1
	var at [maxFeatures1]int32
	feats = feats[:min(len(feats), maxFeatures1)]
	for j, h := range feats {
		i := home(key(h), t.homes)
		at[j] = int32(i)
		first[j] = t.slots[i]
	}
	for j, h := range feats {
		s := first[j]
		if s.w == [4]int8{} {
			continue
		}
		print := uint32(key(h))
		for i := int(at[j]); s.print != print && s.w != [4]int8{}; {
			i++
			s = t.slots[i]
		}
		// a free slot adds nothing
		sum[0] += t.lut[uint8(s.w[0])]
		sum[1] += t.lut[uint8(s.w[1])]
		sum[2] += t.lut[uint8(s.w[2])]
		sum[3] += t.lut[uint8(s.w[3])]
	}
	return sum
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
	for i := range s.n {
		d.feats = s.features2(i, d.feats[:0])
		clear(d.sum[:t.labels])
		t.add(d.feats, &d.sum)
		if m.scheme != 0 {
			own := d.own[:0]
			for _, h := range d.feats[:strong] {
				own = append(own, mix(h^m.scheme))
			}
			t.add(own, &d.sum)
		}
		copy(d.score[i*t.labels:(i+1)*t.labels], d.sum[:])
	}
}

// add adds the weights of features to sum. As in stage 1, memory is asked first
// and looked at later.
func (t *stage2) add(feats []uint64, sum *[256]int32) {
	var first [maxFeatures2]slot2
	var at [maxFeatures2]int32
	var hits [maxFeatures2]uint32
	feats = feats[:min(len(feats), maxFeatures2)]
	for j, h := range feats {
		i := home(key(h), t.homes)
		at[j] = int32(i)
		first[j] = t.slots[i]
	}
	n := 0
	for j, h := range feats {
		s := first[j]
		if s.row == 0 {
			continue
		}
		print := uint32(key(h))
		for i := int(at[j]); s.print != print && s.row != 0; {
			i++
			s = t.slots[i]
		}
		if s.row != 0 {
			hits[n] = s.row
			n++
		}
	}
	var groups [maxFeatures2]group
	for j, row := range hits[:n] {
		groups[j] = t.groups[row>>groupBits]
	}
	for j, row := range hits[:n] {
		groups[j].add(&t.lut, sum)
		if row&groupMask > 1 {
			at := row >> groupBits
			for _, g := range t.groups[at+1 : at+row&groupMask] {
				g.add(&t.lut, sum)
			}
		}
	}
}

func (g group) add(lut *[256]int32, sum *[256]int32) {
	sum[uint8(g)] += lut[uint8(g>>8)]
	sum[uint8(g>>16)] += lut[uint8(g>>24)]
	sum[uint8(g>>32)] += lut[uint8(g>>40)]
	sum[uint8(g>>48)] += lut[uint8(g>>56)]
}

// prune lists the labels of every character that can matter: not hopeless, of
// the scheme, and inside a mention only where it can have begun. Label 0 always
// stays, so that there always is a legal path.
func (d *decoder) prune(m *Model) {
	n, labels := d.s.n, m.stage2.labels
	d.live = d.live[:0]
	d.first = grow(d.first, n+1)
	var open, now [maxTypes]bool // by type: whether a mention goes on from the character before
	for i := range n {
		d.first[i] = int32(len(d.live))
		row := d.score[i*labels : (i+1)*labels]
		top := row[0]
		for l, v := range row {
			if v > top && m.legal[l] {
				top = v
			}
		}
		d.live = append(d.live, 0)
		clear(now[:len(m.header.Types)])
		for l := 1; l < labels; l++ {
			t := (l - 1) >> 2
			if row[l] < top-hopeless || !m.legal[l] || !open[t] && !starts(l) {
				continue
			}
			d.live = append(d.live, uint8(l))
			now[t] = now[t] || opens(l)
		}
		open, now = now, open
	}
	d.first[n] = int32(len(d.live))
}

// A side is what a character offers to the one beside it: where its labels are
// in live, and which of them stand outside a mention on that side.
type side struct {
	at   [256]int32 // valid when it lies in the range of the character
	lo   int32
	free []int32
}

func (s *side) find(l int) (int32, bool) {
	k := s.at[uint8(l)]
	return k, k >= s.lo
}

// turn makes s the side of the live labels from lo to hi. Free are those for
// which closed is false.
func (s *side) turn(live []uint8, lo, hi int32, closed func(l int) bool) {
	s.lo = lo
	s.free = s.free[:0]
	for j := lo; j < hi; j++ {
		l := live[j]
		s.at[l] = j
		if !closed(int(l)) {
			s.free = append(s.free, j)
		}
	}
}

// viterbi finds the best legal path through the live labels.
func (d *decoder) viterbi(m *Model) {
	n, labels, t := d.s.n, m.stage2.labels, &m.stage2
	d.best, d.back = grow(d.best, len(d.live)), grow(d.back, len(d.live))
	for i := range d.left.at {
		d.left.at[i] = -1
	}
	for i := range n {
		lo, hi := d.first[i], d.first[i+1]
		for j := lo; j < hi; j++ {
			l := int(d.live[j])
			e := d.score[i*labels+l]
			top, from := int32(forbidden), lo-1
			into := t.into[l*labels : (l+1)*labels]
			switch {
			case i == 0 && starts(l):
				top = 0
			case i == 0:
			case starts(l):
				for _, k := range d.left.free {
					if v := d.best[k] + into[d.live[k]]; v > top {
						top, from = v, k
					}
				}
			default:
				base := l - (l-1)&3
				for p := base; p < base+2; p++ {
					if k, ok := d.left.find(p); ok {
						if v := d.best[k] + into[p]; v > top {
							top, from = v, k
						}
					}
				}
			}
			d.best[j] = max(top+e, forbidden)
			d.back[j] = from
		}
		d.left.turn(d.live, lo, hi, opens)
	}
	d.path = grow(d.path, n)
	if n == 0 {
		return
	}
	// Label 0 is live everywhere and comes first, and what is free begins with it.
	top := d.first[n-1]
	for _, j := range d.left.free {
		if d.best[j] > d.best[top] {
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
	n := d.s.n
	d.psi = grow(d.psi, len(d.live))
	d.alpha, d.beta = grow(d.alpha, len(d.live)), grow(d.beta, len(d.live))
	d.inv = grow(d.inv, n)
	for i := range d.left.at {
		d.left.at[i] = -1
	}
	for i := range n {
		lo, hi := d.first[i], d.first[i+1]
		d.potentials(m, i)
		sum := 0.0
		for j := lo; j < hi; j++ {
			a := d.forward(m, i, int(d.live[j])) * d.psi[j]
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
		d.inv[i] = 1 / max(sum, 1e-300)
		for j := lo; j < hi; j++ {
			d.alpha[j] *= d.inv[i]
		}
		d.left.turn(d.live, lo, hi, opens)
	}
	d.backward(m)
}

// potentials computes psi of character i, of which the largest is 1.
func (d *decoder) potentials(m *Model, i int) {
	lo, hi := d.first[i], d.first[i+1]
	if hi-lo == 1 {
		d.psi[lo] = 1
		return
	}
	row := d.score[i*m.stage2.labels : (i+1)*m.stage2.labels]
	top := int32(math.MinInt32)
	for _, l := range d.live[lo:hi] {
		top = max(top, row[l])
	}
	for j := lo; j < hi; j++ {
		d.psi[j] = expScore(row[d.live[j]] - top)
	}
}

// exps are e^(−k/unit) for k = i, 64·i and 64·64·i.
var exps = func() (t [3][64]float64) {
	for j, step := range []float64{1, 64, 64 * 64} {
		for i := range t[j] {
			t[j][i] = math.Exp(-step * float64(i) / unit)
		}
	}
	return t
}()

// expScore returns e to the power of a score that is not above 0.
func expScore(v int32) float64 {
	k := uint32(-v)
	if k >= 64*64*64 {
		return math.Exp(float64(v) / unit)
	}
	return exps[0][k&63] * exps[1][k>>6&63] * exps[2][k>>12]
}

// forward returns the sum over what can stand before label l at character i.
func (d *decoder) forward(m *Model, i, l int) float64 {
	if i == 0 {
		if starts(l) {
			return 1
		}
		return 0
	}
	labels := m.stage2.labels
	into := m.stage2.probInto[l*labels : (l+1)*labels]
	a := 0.0
	if starts(l) {
		for _, k := range d.left.free {
			a += d.alpha[k] * into[d.live[k]]
		}
		return a
	}
	base := l - (l-1)&3
	for p := base; p < base+2; p++ {
		if k, ok := d.left.find(p); ok {
			a += d.alpha[k] * into[p]
		}
	}
	return a
}

func (d *decoder) backward(m *Model) {
	n, labels, t := d.s.n, m.stage2.labels, &m.stage2
	end := 0.0
	for _, j := range d.left.free {
		end += d.alpha[j]
	}
	r := &d.right
	for i := range r.at {
		r.at[i] = math.MinInt32
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
			from := t.prob[l*labels : (l+1)*labels]
			b := 0.0
			if opens(l) {
				base := l - (l-1)&3
				for p := base + 1; p < base+3; p++ {
					if k := r.at[p]; k >= r.lo && k < d.first[i+2] {
						b += from[p] * d.psi[k] * d.beta[k]
					}
				}
			} else {
				for _, k := range r.free {
					b += from[d.live[k]] * d.psi[k] * d.beta[k]
				}
			}
			d.beta[j] = b * d.inv[i+1]
		}
		r.turn(d.live, lo, hi, func(l int) bool { return !starts(l) })
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
	if len(d.live) == d.s.n {
		return // label 0 alone, everywhere
	}
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
