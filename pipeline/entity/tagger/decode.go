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
	found search
	dense [maxFeatures2]uint32

	score1 [][4]int32
	back1  [][4]uint8

	// All of these are n·labels.
	score []int32 // of the features
	live  []int32 // the same, forbidden for labels that are out of the question
	best  []int32 // of the best path to there
	psi   []float64
	alpha []float64
	beta  []float64

	inv    []float64 // 1 / scale of each character
	path   []uint8
	plain  bool // label 0 alone lives, everywhere
	sealed bool // marginals are done
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
		d.score1[i] = t.sum(d.feats, &d.found)
	}
	s.label1 = grow(s.label1, s.n)
	viterbi1(d.score1, d.back1, &t.trans, s.label1)
	s.setWords()
}

// sum returns the weights of features.
func (t *stage1) sum(feats []uint64, x *search) [4]int32 {
	var b, m, e, s int32
	for _, w := range t.table.find(feats, x) {
		b += t.lut[uint8(w)]
		m += t.lut[uint8(w>>8)]
		e += t.lut[uint8(w>>16)]
		s += t.lut[uint8(w>>24)]
	}
	return [4]int32{b, m, e, s}
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
		out := d.score[i*t.labels : (i+1)*t.labels]
		clear(out)
		t.add(t.table.find(d.feats, &d.found), &d.dense, out)
		if m.scheme != 0 {
			own := d.own[:0]
			for _, h := range d.feats[:strong] {
				own = append(own, mix(h^m.scheme))
			}
			t.add(t.table.find(own, &d.found), &d.dense, out)
		}
	}
}

// add adds the rows to out, label by label. It overwrites rows and uses room.
func (t *stage2) add(rows []uint32, room *[maxFeatures2]uint32, out []int32) {
	// Dense rows first: apart from the others without a branch, as in find.
	dense, sparse := 0, 0
	for _, row := range rows {
		room[dense] = row >> groupBits
		rows[sparse] = row
		if row&groupMask == denseRow {
			dense++
		} else {
			sparse++
		}
	}
	// Ask for the sparse ones now: they come while the dense ones are added up.
	var groups [maxFeatures2]group
	for j, row := range rows[:sparse] {
		groups[j] = t.groups[row>>groupBits]
	}
	for w := 0; w < t.words; w += block {
		var a, b, c, d, e uint64
		for _, r := range room[:dense] {
			p := (*[block]uint64)(t.dense[int(r)*t.words+w:])
			a += p[0]
			b += p[1]
			c += p[2]
			d += p[3]
			e += p[4]
		}
		t.lanes.unpack([block]uint64{a, b, c, d, e}, out[min(w*t.lanes.per, len(out)):])
	}
	for j, row := range rows[:sparse] {
		groups[j].add(&t.lut, out)
		if at, n := row>>groupBits, row&groupMask; n > 1 {
			for _, g := range t.groups[at+1 : at+n] {
				g.add(&t.lut, out)
			}
		}
	}
}

func (g group) add(lut *[256]int32, sum []int32) {
	sum[uint8(g)] += lut[uint8(g>>8)]
	sum[uint8(g>>16)] += lut[uint8(g>>24)]
	sum[uint8(g>>32)] += lut[uint8(g>>40)]
	sum[uint8(g>>48)] += lut[uint8(g>>56)]
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
	labels, t := m.stage2.labels, &m.stage2
	r := d.alpha[i*labels+l]
	if !opens(l) {
		yield(i, r*d.beta[i*labels+l])
		return
	}
	base := l - int(labelB)
	from := l
	for k := i + 1; k < limit && r > 0; k++ {
		step := r * d.inv[k]
		if e := k*labels + base + int(labelE); d.live[e] > forbidden {
			yield(k, step*t.prob[from*labels+base+int(labelE)]*d.psi[e]*d.beta[e])
		}
		mid := k*labels + base + int(labelM)
		if d.live[mid] <= forbidden {
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
	if d.plain {
		return
	}
	d.marginals(m)
	labels := m.stage2.labels
	for i := range d.s.n {
		at := len(r.Candidates)
		for s := 1; s < m.stage2.gates; s++ {
			l := entrance(s)
			j := i*labels + l
			if d.live[j] <= forbidden || d.alpha[j]*d.beta[j] < min {
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
