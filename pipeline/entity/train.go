package entity

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"longmai/corpus"
	"longmai/pipeline"
)

// A Marked document has its mentions marked by hand.
type Marked struct {
	Document *pipeline.Document
	Gold     []Gold
}

// Gold is a mention marked by hand.
type Gold struct {
	pipeline.Span
	Type string
}

// ReadMarked reads a page whose mentions are marked ⟦surface|type⟧, one block a line.
func ReadMarked(name, text string) (*corpus.Article, []Gold, error) {
	var b strings.Builder
	var gold []Gold
	for n, line := range strings.Split(text, "\n") {
		for line != "" {
			open := strings.Index(line, "⟦")
			if open < 0 {
				b.WriteString(line)
				break
			}
			b.WriteString(line[:open])
			inner, rest, ok := strings.Cut(line[open+len("⟦"):], "⟧")
			surface, typ, ok2 := strings.Cut(inner, "|")
			if k, known := kindOf(typ); !ok || !ok2 || !known || k >= kinds {
				return nil, nil, fmt.Errorf("%s:%d: mark %q, want ⟦surface|type⟧ with a type of the learned ones", name, n+1, inner)
			}
			at := b.Len()
			b.WriteString(surface)
			gold = append(gold, Gold{pipeline.Span{Start: at, End: b.Len()}, typ})
			line = rest
		}
		b.WriteString("\n")
	}
	a := &corpus.Article{ID: name, Text: corpus.CopiedText(b.String(), 0)}
	at := 0
	for line := range strings.SplitAfterSeq(b.String(), "\n") {
		end := at + len(strings.TrimSuffix(line, "\n"))
		if end > at {
			a.Blocks = append(a.Blocks, corpus.Block{Role: corpus.RoleParagraph, Span: corpus.Span{Start: at, End: end}})
		}
		at += len(line)
	}
	return a, gold, nil
}

// Rename returns a marked page with other Chinese names for its people, each
// the same throughout, drawn by the counts of surnames and given names: pages
// with invented names teach too little about common ones.
func Rename(marked string, seed uint64) (string, error) {
	l, err := loadLexicon()
	if err != nil {
		return "", err
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	surnames, given := newUrn(l.surnames), newUrn(l.given)
	names := map[string]string{}
	var b strings.Builder
	for marked != "" {
		before, rest, ok := strings.Cut(marked, "⟦")
		b.WriteString(before)
		if !ok {
			break
		}
		inner, after, _ := strings.Cut(rest, "⟧")
		marked = after
		surface, typ, _ := strings.Cut(inner, "|")
		if n := runeCount(surface); typ == "person" && (n == 2 || n == 3) && !strings.HasPrefix(surface, "老") && !strings.Contains(surface, "·") {
			if names[surface] == "" {
				first, second := given.draw(rng), given.draw(rng)
				switch rng.IntN(16) { // numerals are rare in the counts and not so rare in names
				case 0:
					first = numerals[rng.IntN(len(numerals))]
				case 1:
					second = numerals[rng.IntN(len(numerals))]
				}
				names[surface] = surnames.draw(rng) + string(first)
				if rng.IntN(4) > 0 {
					names[surface] += string(second)
				}
			}
			surface = names[surface]
		}
		b.WriteString("⟦" + surface + "|" + typ + "⟧")
	}
	return b.String(), nil
}

var numerals = []rune("一二三四五六七八九十百千万")

// An urn draws keys by their counts.
type urn[K cmp.Ordered] struct {
	keys []K
	sums []int
}

func newUrn[K cmp.Ordered](counts map[K]int) urn[K] {
	u := urn[K]{keys: slices.Sorted(maps.Keys(counts))}
	total := 0
	for _, k := range u.keys {
		total += counts[k]
		u.sums = append(u.sums, total)
	}
	return u
}

func (u urn[K]) draw(rng *rand.Rand) K {
	i, _ := slices.BinarySearch(u.sums, rng.IntN(u.sums[len(u.sums)-1])+1)
	return u.keys[i]
}

// A Tuner learns the weights of the candidates from marked documents. The zero
// value works; the same documents give the same weights.
type Tuner struct {
	Epochs  int                 // passes over the documents; 0 means 30
	Rate    float64             // of learning; 0 means 0.1
	Decay   float64             // pull towards zero, per step and feature; 0 means 1e-3
	Dropout float64             // part of the features that is left out at random in each step; 0 means 0.3
	Least   int                 // features of fewer occurrences are left out; 0 means 2
	Seed    uint64              // of the order of the sentences
	Runs    int                 // how often to learn, each from another seed, for the mean of the weights; 0 means 3
	Vote    func(doc int) Voter // the tagger for a document, not trained on it; nil learns without votes
	Log     io.Writer           // what is going on; nil is silent
	alone   bool                // learn from sentences alone, without what their article knows
	lex     *lexicon
}

// example is a sentence ready for learning.
type example struct {
	s     *sentence
	cands []candidate
	feats [][]uint64
	gold  []bool // by candidate
}

// Tune learns from docs and returns a reader with the learned weights.
func (t *Tuner) Tune(docs []Marked) (*Reader, error) {
	l, err := loadLexicon()
	if err != nil {
		return nil, err
	}
	t.lex = l
	t.defaults()
	known, err := t.known(docs)
	if err != nil {
		return nil, err
	}
	examples, lost, gold := t.examples(docs, known)
	count := map[uint64]int{}
	for _, x := range examples {
		for _, fs := range x.feats {
			for _, f := range fs {
				count[f]++
			}
		}
	}
	for _, x := range examples {
		for i, fs := range x.feats {
			n := 0
			for _, f := range fs {
				if count[f] >= t.Least {
					fs[n] = f
					n++
				}
			}
			x.feats[i] = fs[:n]
		}
	}
	fmt.Fprintf(t.Log, "%d sentences, %d mentions, %d without candidate, %d features\n", len(examples), gold, lost, len(count))
	var sum *weights
	for run := range t.Runs {
		w := t.learn(examples, count, t.Seed+uint64(run))
		if sum == nil {
			sum = w
			continue
		}
		sum.add(w, float64(run)/float64(run+1))
	}
	r := &Reader{lex: l, w: sum}
	if r.home, err = l.homeProvince(""); err != nil {
		return nil, err
	}
	r.init()
	return r, nil
}

func (t *Tuner) defaults() {
	if t.Epochs == 0 {
		t.Epochs = 30
	}
	if t.Rate == 0 {
		t.Rate = 0.1
	}
	if t.Decay == 0 {
		t.Decay = 1e-3
	}
	if t.Dropout == 0 {
		t.Dropout = 0.3
	}
	if t.Least == 0 {
		t.Least = 2
	}
	if t.Runs == 0 {
		t.Runs = 3
	}
	if t.Log == nil {
		t.Log = io.Discard
	}
}

// known returns what each document knows of its own names, as a reader learned
// from the other documents finds them.
func (t *Tuner) known(docs []Marked) ([]*articleLexicon, error) {
	if t.alone {
		return make([]*articleLexicon, len(docs)), nil
	}
	const folds = 3
	page := map[string]int{} // documents of one page belong to one fold
	for _, d := range docs {
		if _, ok := page[d.Document.ID]; !ok {
			page[d.Document.ID] = len(page)
		}
	}
	fold := func(i int) int { return page[docs[i].Document.ID] % folds }
	out := make([]*articleLexicon, len(docs))
	for f := range folds {
		part := *t
		part.alone, part.Runs = true, 1
		r, err := part.without(docs, func(i int) bool { return fold(i) == f })
		if err != nil {
			return nil, err
		}
		for i := range docs {
			if fold(i) != f {
				continue
			}
			if t.Vote != nil {
				r.votes = t.Vote(i)
			}
			k := r.pool.Get().(*work)
			d := docs[i].Document
			var found []mention
			at := 0
			for s := range d.Sentences {
				at = k.load(d, s, at)
				r.prepare(k)
				found = r.decode(k, s, found)
			}
			out[i] = r.learn(newArticleLexicon(), d, found)
		}
	}
	return out, nil
}

func (t *Tuner) examples(docs []Marked, known []*articleLexicon) (out []example, lost, total int) {
	for n, d := range docs {
		k := &work{proposer: proposer{lexicon: t.lex, s: &sentence{}}}
		at, tok := 0, 0
		for i, sp := range d.Document.Sentences {
			k.s = &sentence{}
			tok = k.load(d.Document, i, tok)
			k.voting = t.Vote != nil
			k.propose()
			if known[n] != nil {
				k.fromArticle(known[n], i)
			}
			if t.Vote != nil {
				k.vote(t.Vote(n))
			}
			k.merge()
			for at < len(d.Gold) && d.Gold[at].Start < sp.Start {
				at++
			}
			x := example{s: k.s, cands: append([]candidate(nil), k.out...)}
			for i := range x.cands {
				x.feats = append(x.feats, k.features(&x.cands[i], nil))
			}
			x.gold = make([]bool, len(x.cands))
			for ; at < len(d.Gold) && d.Gold[at].End <= sp.End; at++ {
				total++
				if !x.mark(d.Gold[at]) {
					lost++
					fmt.Fprintf(t.Log, "lost %s %s\n", d.Gold[at].Type, d.Document.Surface(d.Gold[at].Span))
				}
			}
			if len(x.cands) > 0 {
				out = append(out, x)
			}
		}
	}
	return out, lost, total
}

func (x *example) mark(g Gold) bool {
	for i := range x.cands {
		c := &x.cands[i]
		if x.s.span(c.start, c.end) == g.Span && string(kindNames[c.kind]) == g.Type {
			x.gold[i] = true
			return true
		}
	}
	return false
}

// learn climbs the likelihood of the marked readings with AdaGrad.
func (t *Tuner) learn(examples []example, count map[uint64]int, seed uint64) *weights {
	w := newWeights(len(count) + 100)
	for f, n := range count {
		if n >= t.Least {
			w.set(f, 0)
		}
	}
	for k := range kinds {
		for level := uint32(5); level <= 9; level++ {
			w.set(feature(tKnown, k, level), 2) // short forms are rare in the pages and sure where they occur
		}
	}
	hist := make([]float32, len(w.value))
	var linkHist [links][kinds][kinds]float64
	rng := rand.New(rand.NewPCG(seed, seed))
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	var lat lattice
	step := func(f uint64, g float64) {
		i := w.slot(f)
		g -= t.Decay * float64(w.value[i])
		hist[i] += float32(g * g)
		w.value[i] += float32(t.Rate * g / (math.Sqrt(float64(hist[i])) + 1e-4))
	}
	mean, steps := make([]float64, len(w.value)), 0
	var meanLink [links][kinds][kinds]float64
	var kept [][]uint64
	for epoch := range t.Epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		loss := 0.0
		for _, n := range order {
			x := &examples[n]
			kept = t.drop(rng, x.feats, kept)
			for i := range x.cands {
				x.cands[i].score = float64(w.sum(kept[i])) / (1 - t.Dropout)
			}
			lat.index(x.s, x.cands)
			z := lat.forward(x.s, &w.link)
			var expected, seen [links][kinds][kinds]float64
			lat.backward(x.s, &w.link, func(l link, a, b kind, p float64) { expected[l][a][b] += p })
			loss += z - x.goldScore(w, &seen)
			for i := range x.cands {
				g := -x.cands[i].inside
				if x.gold[i] {
					g++
				}
				if math.Abs(g) < 1e-4 {
					continue
				}
				for _, f := range kept[i] {
					step(f, g)
				}
			}
			for l := range links {
				for a := range kinds {
					for b := range kinds {
						if g := seen[l][a][b] - expected[l][a][b]; math.Abs(g) > 1e-4 {
							linkHist[l][a][b] += g * g
							w.link[l][a][b] += t.Rate * g / (math.Sqrt(linkHist[l][a][b]) + 1e-4)
						}
					}
				}
			}
		}
		fmt.Fprintf(t.Log, "epoch %d loss %.1f\n", epoch+1, loss)
		if 2*epoch >= t.Epochs {
			steps++
			for i, v := range w.value {
				mean[i] += float64(v)
			}
			for l := range links {
				for a := range kinds {
					for b := range kinds {
						meanLink[l][a][b] += w.link[l][a][b]
					}
				}
			}
		}
	}
	for i := range w.value {
		w.value[i] = float32(mean[i] / float64(steps))
	}
	for l := range links {
		for a := range kinds {
			for b := range kinds {
				w.link[l][a][b] = meanLink[l][a][b] / float64(steps)
			}
		}
	}
	return w
}

// drop leaves out some features of every candidate, so that none is relied on alone.
func (t *Tuner) drop(rng *rand.Rand, feats, kept [][]uint64) [][]uint64 {
	kept = slices.Grow(kept[:0], len(feats))[:len(feats)]
	for i, fs := range feats {
		out := kept[i][:0]
		for _, f := range fs {
			if rng.Float64() >= t.Dropout {
				out = append(out, f)
			}
		}
		kept[i] = out
	}
	return kept
}

// goldScore returns the score of the marked reading and counts its links.
func (x *example) goldScore(w *weights, seen *[links][kinds][kinds]float64) float64 {
	total, last := 0.0, -1
	for i := range x.cands {
		if !x.gold[i] {
			continue
		}
		c := &x.cands[i]
		total += c.score
		if last >= 0 {
			if l := x.s.linkAt(x.cands[last].end, c.start); l != linkNone {
				seen[l][x.cands[last].kind][c.kind]++
				total += w.link[l][x.cands[last].kind][c.kind]
			}
		}
		last = i
	}
	return total
}
