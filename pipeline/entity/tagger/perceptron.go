package tagger

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// A perceptron is stage 1 in training: averaged weights of four labels.
type perceptron struct {
	index      *indexer
	w          [][4]float32
	total      [][4]float64 // Σ update · step, so that the average needs no pass over all weights
	trans      [4][4]float32
	transTotal [4][4]float64
	step       float64
}

// A cut is a sentence of words with the numbers of its features.
type cut struct {
	ids  []int32 // cutFeatures for each character
	gold []uint8
}

func wordLabels(s *sentence, ends []int) []uint8 {
	out := make([]uint8, s.n)
	i := 0
	for _, e := range ends {
		start := i
		for i < s.n && int(s.at[i]) < e {
			out[i] = labelM
			i++
		}
		switch {
		case i == start:
		case i == start+1:
			out[start] = labelS
		default:
			out[start], out[i-1] = labelB, labelE
		}
	}
	return out
}

// trainPerceptron learns to cut words from the sentences of which keep is true.
func trainPerceptron(ctx context.Context, lex *Lexicon, data []*Sentence, epochs int, seed uint64) (*perceptron, error) {
	p := &perceptron{index: newIndexer()}
	var cuts []cut
	var s sentence
	for _, d := range data {
		s.load(lex, d.Text)
		c := cut{gold: wordLabels(&s, d.Words)}
		s.features1()
		for _, f := range s.sheet.features {
			c.ids = append(c.ids, p.index.add(s.sheet.key(f)))
		}
		cuts = append(cuts, c)
	}
	p.w = make([][4]float32, len(p.index.keys))
	p.total = make([][4]float64, len(p.index.keys))
	r := rand.New(rand.NewPCG(seed, 1))
	order := make([]int, len(cuts))
	for i := range order {
		order[i] = i
	}
	for range epochs {
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			p.learn(&cuts[i])
		}
	}
	return p, nil
}

func (p *perceptron) learn(c *cut) {
	n := len(c.gold)
	if n == 0 {
		return
	}
	p.step++
	const width = cutFeatures
	score := make([][4]int32, n)
	for i := range n {
		var sum [4]float32
		for _, id := range c.ids[i*width : (i+1)*width] {
			w := &p.w[id]
			for l := range sum {
				sum[l] += w[l]
			}
		}
		for l := range sum {
			score[i][l] = int32(sum[l] * 16)
		}
	}
	var trans [4][4]int32
	for a := range trans {
		for b := range trans[a] {
			trans[a][b] = int32(p.trans[a][b] * 16)
		}
	}
	got := make([]uint8, n)
	viterbi1(score, make([][4]uint8, n), &trans, got)
	for i := range n {
		g, h := c.gold[i], got[i]
		if g != h {
			for _, id := range c.ids[i*width : (i+1)*width] {
				p.w[id][g]++
				p.w[id][h]--
				p.total[id][g] += p.step
				p.total[id][h] -= p.step
			}
		}
		if i > 0 && (g != h || c.gold[i-1] != got[i-1]) {
			a, b := c.gold[i-1], got[i-1]
			p.trans[a][g]++
			p.trans[b][h]--
			p.transTotal[a][g] += p.step
			p.transTotal[b][h] -= p.step
		}
	}
}

// compact returns the averaged weights as stage 1 of a model: the features
// whose weights are largest. The score is in units in which the largest weight is 8.
func (p *perceptron) compact(features int) (stage1, float64, error) {
	avg := func(w float32, total float64) float64 { return float64(w) - total/(p.step+1) }
	type ranked struct {
		id   int
		size float64
	}
	var rank []ranked
	largest := 0.0
	for id := range p.w {
		size := 0.0
		for l := range 4 {
			size = max(size, math.Abs(avg(p.w[id][l], p.total[id][l])))
		}
		largest = max(largest, size)
		if size > 0 {
			rank = append(rank, ranked{id, size})
		}
	}
	slices.SortFunc(rank, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.id, b.id))
	})
	rank = rank[:min(len(rank), features)]
	fires := map[uint64]int{}
	for _, v := range rank {
		fires[p.index.keys[v.id]&^slotMask] += int(p.index.counts[v.id])
	}
	class := classesOf(fires)
	var s stage1
	for _, v := range rank {
		k := p.index.keys[v.id]
		e := entry1{key: k, class: class[k&^slotMask]}
		for l := range 4 {
			e.w[l] = quantize(avg(p.w[v.id][l], p.total[v.id][l]), largest)
		}
		if e.w != [4]int8{} {
			s.entries = append(s.entries, e)
		}
	}
	slices.SortFunc(s.entries, func(a, b entry1) int {
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.key, b.key))
	})
	const scaled = 8
	if largest > 0 {
		for a := range s.trans {
			for b := range s.trans[a] {
				t := avg(p.trans[a][b], p.transTotal[a][b]) / largest * scaled
				s.trans[a][b] = int32(math.Round(max(-200, min(200, t)) * unit))
			}
		}
	}
	return s, scaled, s.fill()
}
