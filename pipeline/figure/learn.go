package figure

import (
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"longmai/pipeline"
)

// An Example is a document of whose figures something is known. The functions
// say how good a subject or a metric is for the figure that begins at start: 1 is
// the best, 2 the next best and so on, 0 is wrong, and known is false when
// nothing is known of the figure.
type Example struct {
	Document        *pipeline.Document
	Subject, Metric func(start int, p *pipeline.Phrase) (rank int, known bool)
}

// A Layer is what is learned.
type Layer int

// The layers that are learned.
const (
	Subjects Layer = iota // whose figure it is
	Metrics               // what it measures

	layers = iota
)

// A lesson is a decision to learn from: the evidence of each candidate, and which are right.
type lesson struct {
	features [][]uint16
	right    []bool
}

// Learn returns a reader like r that decides as the examples do.
//
// It maximises the probability of the right candidates, in several rounds: first
// as if the decisions before were always right, then also with those that the
// reader of the round before made.
func (r *Reader) Learn(l Layer, examples []Example) *Reader {
	k := *r.k
	out := &Reader{k: &k}
	k.setWeights(l, models[l].priorWeights())
	var lessons []lesson
	for round := range 3 {
		for i := range examples {
			lessons = out.lessons(lessons, l, &examples[i], round == 0)
		}
		k.setWeights(l, fit(lessons, &models[l]))
	}
	return out
}

// WriteWeights writes the weights of a layer as the table that ships.
func (r *Reader) WriteWeights(out io.Writer, l Layer) error {
	return models[l].write(out, r.k.weights[l])
}

// Reach counts the figures of x that something is known of, and those of them
// that have a right candidate.
func (r *Reader) Reach(l Layer, x *Example) (right, all int) {
	for _, d := range r.lessons(nil, l, x, true) {
		all++
		if slices.Contains(d.right, true) {
			right++
		}
	}
	return right, all
}

// lessons reads x and keeps its decisions. Taught decides what is right.
func (r *Reader) lessons(list []lesson, l Layer, x *Example, taught bool) []lesson {
	s := newScan(r.k, x.Document)
	for i, b := range x.Document.Blocks {
		if minable(b.Role) {
			s.block(i)
		}
	}
	keep := func(best, n int, candidate func(k int) ([]uint16, int)) int {
		d, pick, ranks, top := lesson{}, -1, make([]int, n), 0
		for k := range n {
			fs, rank := candidate(k)
			d.features, ranks[k] = append(d.features, fs), rank
			if rank > 0 && (top == 0 || rank < top) {
				top = rank
			}
		}
		for k, rank := range ranks {
			ok := rank > 0
			d.right = append(d.right, ok)
			if ok && (pick < 0 || k == best) {
				pick = k
			}
		}
		list = append(list, d)
		if taught && pick >= 0 {
			return pick
		}
		return best
	}
	switch l {
	case Subjects:
		s.judge = func(c *chooser, i, best int) int {
			start := c.items[i].core.Start
			if _, known := x.Subject(start, nil); !known {
				return best
			}
			return keep(best, len(c.out), func(k int) ([]uint16, int) {
				ok, _ := x.Subject(start, c.out[k].Phrase)
				e := c.evidenceOf(&c.items[i], &c.out[k])
				return models[l].featuresOf(e.values()), ok
			})
		}
	case Metrics:
		s.judgeMeasured = func(i, best int) int {
			start := s.items[i].core.Start
			if _, known := x.Metric(start, nil); !known {
				return best
			}
			o := s.occasionOf(i)
			return keep(best, len(s.measures), func(k int) ([]uint16, int) {
				m := &s.measures[k]
				ok, _ := x.Metric(start, &pipeline.Phrase{Span: m.span, Name: s.nameOf(m)})
				return models[l].featuresOf(s.valuesOf(&o, m)), ok
			})
		}
	}
	s.attach()
	s.release()
	return list
}

// fit maximises the likelihood of the right candidates by steps that shrink where
// a weight has moved much (AdaGrad). It begins with the priors, is drawn back to
// them after every round, and returns the mean of the later rounds: a few
// thousand decisions, many of them alike, must not weigh more than they say. The first weights of the model that are frozen stay as
// they are.
func fit(lessons []lesson, m *model) weights {
	const (
		epochs  = 10
		penalty = 0.1
	)
	prior := m.priorWeights()
	n := len(prior)
	w, moved := slices.Clone(prior), make([]float32, n)
	var p []float64
	rnd := rand.New(rand.NewPCG(1, 2))
	order := make([]int, len(lessons))
	for i := range order {
		order[i] = i
	}
	total := make([]float64, n)
	kept := 0
	for e := range epochs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		if e > 0 {
			for j := range w {
				w[j] += penalty * (prior[j] - w[j])
			}
		}
		for _, at := range order {
			l := lessons[at]
			if !slices.Contains(l.right, true) {
				continue
			}
			p = p[:0]
			top := math.Inf(-1)
			for _, f := range l.features {
				p = append(p, float64(w.sum(f)))
				top = max(top, p[len(p)-1])
			}
			all, good := 0.0, 0.0
			for k := range p {
				p[k] = math.Exp(p[k] - top)
				all += p[k]
				if l.right[k] {
					good += p[k]
				}
			}
			for k, f := range l.features {
				g := -p[k] / all
				if l.right[k] {
					g += p[k] / good
				}
				for _, j := range f {
					if int(j) < m.frozen {
						continue
					}
					d := float32(g)
					moved[j] += d * d
					w[j] += m.step * d / float32(math.Sqrt(float64(moved[j])+1e-6))
				}
			}
		}
		if e >= epochs/3 {
			for j := range w {
				total[j] += float64(w[j])
			}
			kept++
		}
	}
	for j := range w {
		w[j] = float32(total[j] / float64(kept))
	}
	return w
}
