package tagger

import (
	"context"
	"math/rand/v2"
	"slices"
)

// A Score counts mentions. A mention is right when its start, its end and its type are.
type Score struct {
	Gold  int `json:"gold"`
	Found int `json:"found"`
	Right int `json:"right"`
}

// Precision returns the part of what was found that is right; 0 when nothing was found.
func (s Score) Precision() float64 { return ratio(s.Right, s.Found) }

// Recall returns the part of the gold mentions that was found; 0 when there are none.
func (s Score) Recall() float64 { return ratio(s.Right, s.Gold) }

// F1 returns the harmonic mean of precision and recall.
func (s Score) F1() float64 { return ratio(2*s.Right, s.Gold+s.Found) }

func (s *Score) add(t Score) {
	s.Gold += t.Gold
	s.Found += t.Found
	s.Right += t.Right
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// A Report is how well mentions were found in a dataset.
type Report struct {
	Data     string           `json:"data"`
	Articles int              `json:"articles"`
	All      Score            `json:"all"`
	Types    map[string]Score `json:"types"`
	Seen     Score            `json:"seen"`   // gold mentions whose surface and type the training data has; Found is not counted
	Unseen   Score            `json:"unseen"` // the others
	F1Low    float64          `json:"f1_low"` // 95 % interval of F1 of All, by drawing articles again
	F1High   float64          `json:"f1_high"`
}

// EvalOptions say how to score. The zero value works.
type EvalOptions struct {
	Known []*Dataset // training data: what counts as seen
	Types []string   // types that count; nil means those of the dataset
	Draws int        // of the bootstrap; 0 means 1000
	Seed  uint64     // of the bootstrap

	// Errors is called for every mention that is missed (found is nil), found
	// wrongly (gold is nil) or differs in type alone. It may be nil.
	Errors func(a *Article, s *Sentence, gold, found *Span)
}

// Predict returns a predictor for Evaluate that reads with m, each dataset with
// its own scheme where the model knows it.
func (m *Model) Predict(d *Dataset) func(a *Article) [][]Span {
	if v, ok := m.Scheme(d.Scheme); ok {
		m = v
	}
	return func(a *Article) [][]Span {
		out := make([][]Span, len(a.Sentences))
		for i, s := range a.Sentences {
			out[i] = m.Tag(s.Text)
		}
		return out
	}
}

// Evaluate scores a predictor, which returns the mentions of each sentence of
// an article, on annotated data.
func Evaluate(ctx context.Context, d *Dataset, predict func(a *Article) [][]Span, o EvalOptions) (*Report, error) {
	e := evaluation{o: o, types: map[string]bool{}, known: map[[2]string]bool{}}
	if o.Types == nil {
		o.Types = d.Types()
	}
	for _, t := range o.Types {
		e.types[t] = true
	}
	for _, k := range o.Known {
		for _, a := range k.Articles {
			for _, s := range a.Sentences {
				for _, m := range s.Spans {
					e.known[[2]string{s.Text[m.Start:m.End], m.Type}] = true
				}
			}
		}
	}
	r := &Report{Data: d.Name, Articles: len(d.Articles), Types: map[string]Score{}}
	for _, t := range o.Types {
		r.Types[t] = Score{}
	}
	per := make([]Score, len(d.Articles))
	for i := range d.Articles {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a := &d.Articles[i]
		found := predict(a)
		for j := range a.Sentences {
			per[i].add(e.sentence(r, a, &a.Sentences[j], found[j]))
		}
		r.All.add(per[i])
	}
	r.F1Low, r.F1High = interval(per, o)
	return r, nil
}

type evaluation struct {
	o     EvalOptions
	types map[string]bool
	known map[[2]string]bool
}

func (e *evaluation) sentence(r *Report, a *Article, s *Sentence, found []Span) Score {
	var all Score
	right := make([]bool, len(found))
	count := func(t string, v Score) {
		c := r.Types[t]
		c.add(v)
		r.Types[t] = c
		all.add(v)
	}
	for i := range s.Spans {
		g := &s.Spans[i]
		if !e.types[g.Type] {
			continue
		}
		at := slices.IndexFunc(found, func(f Span) bool { return f.Start == g.Start && f.End == g.End && f.Type == g.Type })
		v := Score{Gold: 1}
		if at >= 0 {
			right[at] = true
			v.Right = 1
		}
		count(g.Type, v)
		if e.known[[2]string{s.Text[g.Start:g.End], g.Type}] {
			r.Seen.add(v)
		} else {
			r.Unseen.add(v)
		}
		if at < 0 && e.o.Errors != nil {
			var other *Span
			if k := slices.IndexFunc(found, func(f Span) bool { return f.Start == g.Start && f.End == g.End }); k >= 0 {
				other = &found[k]
			}
			e.o.Errors(a, s, g, other)
		}
	}
	for i, f := range found {
		if !e.types[f.Type] || !right[i] && slices.ContainsFunc(s.Ignore, func(g Span) bool { return g.Start < f.End && f.Start < g.End }) {
			continue
		}
		count(f.Type, Score{Found: 1})
		if !right[i] && e.o.Errors != nil {
			e.o.Errors(a, s, nil, &found[i])
		}
	}
	return all
}

// interval returns the 2.5th and 97.5th percentile of F1 over articles drawn with replacement.
func interval(per []Score, o EvalOptions) (low, high float64) {
	draws := o.Draws
	if draws == 0 {
		draws = 1000
	}
	if len(per) == 0 {
		return 0, 0
	}
	r := rand.New(rand.NewPCG(o.Seed, 7))
	f := make([]float64, draws)
	for i := range f {
		var sum Score
		for range per {
			sum.add(per[r.IntN(len(per))])
		}
		f[i] = sum.F1()
	}
	slices.Sort(f)
	return f[draws*25/1000], f[min(draws*975/1000, draws-1)]
}
