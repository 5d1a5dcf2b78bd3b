package figure

import (
	"math"
	"math/rand/v2"
	"slices"

	"longmai/pipeline"
)

// An Example is a document of whose figures the subjects are known.
type Example struct {
	Document *pipeline.Document
	// Right says whether a subject is right for the figure that begins at start,
	// and false for known when nothing is known of the figure.
	Right func(start int, subject *pipeline.Phrase) (right, known bool)
}

// A lesson is a decision to learn from: the evidence of each candidate, and which are right.
type lesson struct {
	features [][]uint16
	right    []bool
}

// LearnSubjects returns a reader like r that chooses subjects as the examples do.
//
// It maximises the probability of the right candidates, in several rounds: first
// as if the subject of the figure before were always right, then also with the
// subjects that the reader of the round before chose.
func (r *Reader) LearnSubjects(examples []Example) *Reader {
	k := *r.k
	out := &Reader{k: &k}
	k.subjectWeights = priorWeights()
	var lessons []lesson
	for round := range 3 {
		for i := range examples {
			lessons = out.lessons(lessons, &examples[i], round == 0)
		}
		k.subjectWeights = fit(lessons)
	}
	return out
}

// Recall counts the figures of x that have a right candidate, and those that have a right subject at all.
func (r *Reader) Recall(x *Example) (right, all int) {
	for _, l := range r.lessons(nil, x, true) {
		all++
		if slices.Contains(l.right, true) {
			right++
		}
	}
	return right, all
}

func (r *Reader) lessons(list []lesson, x *Example, taught bool) []lesson {
	s := newScan(r.k, x.Document)
	for i, b := range x.Document.Blocks {
		if minable(b.Role) {
			s.block(i)
		}
	}
	s.judge = func(c *chooser, i, best int) int {
		start := c.items[i].core.Start
		if _, known := x.Right(start, nil); !known {
			return best
		}
		l := lesson{}
		pick := -1
		for k := range c.out {
			ok, _ := x.Right(start, c.out[k].Phrase)
			l.features = append(l.features, c.features(nil, i, &c.out[k]))
			l.right = append(l.right, ok)
			if ok && (pick < 0 || k == best) {
				pick = k
			}
		}
		list = append(list, l)
		if taught && pick >= 0 {
			return pick
		}
		return best
	}
	s.attach()
	s.release()
	return list
}

// fit maximises the likelihood of the right candidates by steps that shrink where
// a weight has moved much (AdaGrad). It begins with the priors, is drawn back to
// them after every round, and returns the mean of the later rounds: a few
// thousand decisions, many of them alike, must not weigh more than they say.
func fit(lessons []lesson) weights {
	const (
		epochs  = 10
		step    = 0.05
		penalty = 0.1
	)
	n := int(offsets[len(templates)])
	prior := priorWeights()
	w, moved := priorWeights(), make([]float32, n)
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
					d := float32(g)
					moved[j] += d * d
					w[j] += step * d / float32(math.Sqrt(float64(moved[j])+1e-6))
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
