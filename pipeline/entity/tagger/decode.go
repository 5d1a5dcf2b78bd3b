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
	found search
	rows  []uint32 // of all characters
	sink  uint64   // keeps the reads of fetch

	score1 [][4]int32
	back1  [][4]uint8

	// All of these are n·labels.
	score []int32 // of the features; forbidden for labels that the scheme has not
	best  []int32 // of the best path to there
	psi   []float64
	alpha []float64
	beta  []float64

	inv    []float64 // 1 / scale of each character
	path   []uint8
	sealed bool // marginals are done
}

func (d *decoder) decode(m *Model, text string) {
	d.s.load(m.lex, text)
	d.segment(m)
	d.emissions(m)
	d.sealed = false
}

// segment finds the words: stage 1.
func (d *decoder) segment(m *Model) {
	s := &d.s
	d.score1 = grow(d.score1, s.n)
	d.back1 = grow(d.back1, s.n)
	t := &m.stage1
	s.features1()
	x := &s.sheet
	groups := t.table.find(x.groups, &d.found)
	for i := range s.n {
		d.score1[i] = t.sum(groups, x.features[i*cutFeatures:(i+1)*cutFeatures])
	}
	s.label1 = grow(s.label1, s.n)
	viterbi1(d.score1, d.back1, &t.trans, s.label1)
	s.setWords()
}

// sum returns the sums of the weights of features.
func (t *stage1) sum(groups []group, features []uint32) [4]int32 {
	var at [cutFeatures + 1]uint32
	n := 0
	for _, f := range features[:cutFeatures] {
		number, has := groups[f>>slotBits].number(f & slotMask)
		at[n] = number
		n += int(has)
	}
	var b, m, e, s int32
	for _, k := range at[:n] {
		w := t.weights[k]
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
	s.features2()
	if m.scheme != 0 {
		s.sheet.own(m.scheme)
	}
	x := &s.sheet
	groups := t.table.find(x.groups, &d.found)
	// Rows take the places of the features that have them.
	d.rows = grow(d.rows, len(x.features)+1)
	n, from := 0, 0
	for i, end := range x.ends {
		for _, f := range x.features[from:end] {
			number, has := groups[f>>slotBits].number(f & slotMask)
			d.rows[n] = number
			n += int(has)
		}
		from = int(end)
		x.ends[i] = int32(n)
	}
	d.sink = t.fetch(d.rows[:n])
	d.score = grow(d.score, s.n*t.labels)
	from = 0
	for i, end := range x.ends {
		t.sum(d.rows[from:end], d.score[i*t.labels:(i+1)*t.labels])
		from = int(end)
	}
	if m.partial {
		for l := range d.score {
			if !m.legal[l%t.labels] {
				d.score[l] = forbidden
			}
		}
	}
}

// fetch asks the memory for rows, so that they are near when they are summed.
func (t *stage2) fetch(rows []uint32) (x uint64) {
	size := t.blocks * block
	for _, r := range rows {
		x ^= t.rows[int(r)*size]
	}
	return x
}

// sum writes the sums of rows, by label, to out.
func (t *stage2) sum(rows []uint32, out []int32) {
	const every2nd = (1<<64 - 1) / (1<<16 - 1) * 0xff
	for k := range t.blocks {
		// The sums of 8 labels in 16 bits each, of even and of odd labels. At most
		// 257 rows of bytes: no sum is larger than 16 bits.
		var even, odd [block]uint64
		for _, r := range rows {
			p := (*[block]uint64)(t.rows[(int(r)*t.blocks+k)*block:])
			even[0] += p[0] & every2nd
			even[1] += p[1] & every2nd
			even[2] += p[2] & every2nd
			even[3] += p[3] & every2nd
			odd[0] += p[0] >> 8 & every2nd
			odd[1] += p[1] >> 8 & every2nd
			odd[2] += p[2] >> 8 & every2nd
			odd[3] += p[3] >> 8 & every2nd
		}
		none := int64(bias * len(rows))
		for j := range even {
			e, o := even[j], odd[j]
			out := out[min((k*block+j)*perWord, len(out)):]
			for l := range out[:min(perWord, len(out))] {
				out[l] = int32((int64(e&0xffff) - none) * t.step >> 16)
				e, o = o, e>>16
			}
		}
	}
}

// spans appends the mentions on the best path, with their probabilities.
func (d *decoder) spans(m *Model, offset int, out []Span) []Span {
	d.viterbi(m)
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
		out = append(out, d.span(m, offset, i, e, l, p))
		i = e
	}
	return out
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
		e, mid := k*labels+base+int(labelE), k*labels+base+int(labelM)
		yield(k, step*t.prob[from*labels+base+int(labelE)]*d.psi[e]*d.beta[e])
		r = step * t.prob[from*labels+base+int(labelM)] * d.psi[mid]
		if r*d.beta[mid] < least {
			return
		}
		from = base + int(labelM)
	}
}

// candidates appends every span of probability min or more.
func (d *decoder) candidates(m *Model, offset int, min float64, out []Span) []Span {
	d.marginals(m)
	labels := m.stage2.labels
	for i := range d.s.n {
		if d.alpha[i*labels]*d.beta[i*labels] > 1-min {
			continue
		}
		at := len(out)
		for s := 1; s < m.stage2.gates; s++ {
			l := entrance(s)
			j := i*labels + l
			if d.alpha[j]*d.beta[j] < min {
				continue
			}
			d.walk(m, i, l, d.s.n, min, func(e int, p float64) {
				if p >= min {
					out = append(out, d.span(m, offset, i, e, l, p))
				}
			})
		}
		sortByEnd(out[at:])
	}
	return out
}

func sortByEnd(s []Span) {
	for i := 1; i < len(s); i++ {
		for j := i; j > 0 && s[j].End < s[j-1].End; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
}
