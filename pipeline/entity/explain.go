package entity

import (
	"cmp"
	"math"
	"slices"

	"longmai/pipeline"
)

// An Explanation says how the mentions of one sentence were decided.
type Explanation struct {
	Sentence   pipeline.Span
	Candidates []Candidate // by place; those that were never close to being kept are left out
}

// A Candidate is a span that was weighed as a mention.
type Candidate struct {
	pipeline.Span
	Surface     string
	Type        pipeline.EntityType
	Kept        bool
	Score       float64 // sum of the weights of its reasons
	Probability float64 // of standing in the reading of the sentence, given all rivals
	Evidence    []string
	Vote        float64 // of the tagger; 0 without
	Reasons     []Reason
}

// A Reason is one answer of a candidate and what it weighs.
type Reason struct {
	Question string // template of weights.tsv
	Answer   string
	Weight   float64
}

// least is the probability below which a rejected candidate is not told of.
const least = 0.001

// Explain returns how the sentence around byte at of d was decided, with the
// candidates, the evidence and the weights of each. ok is false outside sentences.
func (r *Reader) Explain(d *pipeline.Document, at int) (e Explanation, ok bool) {
	sentence, n := d.SentenceAt(at)
	if n < 0 {
		return Explanation{}, false
	}
	k := r.pool.Get().(*work)
	defer r.pool.Put(k)
	_, known := r.read(k, d)
	k.load(d, n, 0)
	r.prepareAgain(k, known, n)
	e.Sentence = sentence
	if len(k.out) == 0 {
		return e, true
	}
	k.lat.forward(k.s, &r.w.link)
	k.lat.backward(k.s, &r.w.link, nil)
	best := k.lat.viterbi(k.s)
	for i := range k.out {
		c := &k.out[i]
		kept := slices.Contains(best, int32(i))
		if !kept && c.inside < least {
			continue
		}
		e.Candidates = append(e.Candidates, Candidate{
			Span: k.s.span(c.start, c.end), Surface: k.s.str(c.start, c.end), Type: kindNames[c.kind],
			Kept: kept, Score: c.score, Probability: math.Min(1, c.inside), Evidence: evidenceOf(c.from), Vote: float64(c.vote), Reasons: r.reasons(k, c),
		})
	}
	slices.SortStableFunc(e.Candidates, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return e, true
}

// reasons returns what speaks for and against c, the heaviest first.
func (r *Reader) reasons(k *work, c *candidate) []Reason {
	var out []Reason
	for _, f := range k.features(c, nil) {
		if w := r.w.at(f); w != 0 {
			t := templateTable[f>>40]
			out = append(out, Reason{Question: t.name, Answer: formatValue(t.form, uint32(f), r.lex), Weight: w})
		}
	}
	slices.SortStableFunc(out, func(a, b Reason) int { return cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)) })
	return out
}

func evidenceOf(from evidence) []string {
	var out []string
	for i, n := range evidenceNames {
		if from&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}
