package tagger

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// A reference reads as Model does, straight from the file's entries and the
// definition of the lattice: no tables, no packed weights, no scaling.
type reference struct {
	m     *Model
	words map[uint64][4]int8
	rows  map[uint64][]byte
}

func newReference(m *Model) *reference {
	r := &reference{m: m, words: map[uint64][4]int8{}, rows: map[uint64][]byte{}}
	for _, e := range m.stage1.entries {
		r.words[e.key] = e.w
	}
	m.stage2.each(func(key uint64, _ int, pairs []byte) error {
		r.rows[key] = pairs
		return nil
	})
	return r
}

// scores returns the sentence with its words, and the sums of the weights of stage 2.
func (r *reference) scores(text string) (*sentence, [][]int32) {
	s := &sentence{}
	s.load(r.m.lex, text)
	score := make([][4]int32, s.n)
	s.features1()
	for i := range s.n {
		for _, f := range s.sheet.of(i) {
			for k, w := range r.words[s.sheet.key(f)] {
				score[i][k] += r.m.stage1.lut[uint8(w)]
			}
		}
	}
	s.label1 = make([]uint8, s.n)
	viterbi1(score, make([][4]uint8, s.n), &r.m.stage1.trans, s.label1)
	s.setWords()
	s.features2()
	out := make([][]int32, s.n)
	for i := range s.n {
		out[i] = make([]int32, r.m.stage2.labels)
		x := &s.sheet
		for k, f := range x.of(i) {
			keys := []uint64{x.key(f)}
			if k < strong && r.m.scheme != 0 {
				keys = append(keys, ownKey(x.groups[f>>slotBits], r.m.scheme)|uint64(f&slotMask))
			}
			for _, k := range keys {
				for p := r.rows[k]; len(p) > 0; p = p[2:] {
					out[i][p[0]] += int32(int8(p[1]))
				}
			}
		}
		for l, v := range out[i] {
			out[i][l] = int32(int64(v) * r.m.stage2.step >> 16)
		}
	}
	return s, out
}

// read returns the best labelling's mentions and all candidates, by their places and types.
func (r *reference) read(text string, least float64) (spans []string, candidates map[string]float64, words []int) {
	s, score := r.scores(text)
	n, L, live := s.n, r.m.stage2.labels, r.m.legal
	for _, w := range s.words {
		words = append(words, int(s.at[w.end]))
	}
	none := math.Inf(-1)
	best, from := make([][]float64, n), make([][]int, n)
	forward, backward := make([][]float64, n), make([][]float64, n)
	trans := func(a, b int) float64 { return float64(r.m.stage2.trans[a*L+b]) / unit }
	for i := range n {
		best[i], from[i], forward[i] = make([]float64, L), make([]int, L), make([]float64, L)
		for l := range L {
			top, sum := none, none
			if i == 0 && starts(l) {
				top, sum = 0, 0
			}
			for k := 0; i > 0 && k < L; k++ {
				if follows(k, l) {
					if v := best[i-1][k] + trans(k, l); v > top {
						top, from[i][l] = v, k
					}
					sum = logAdd(sum, forward[i-1][k]+trans(k, l))
				}
			}
			if !live[l] {
				top, sum = none, none
			}
			best[i][l], forward[i][l] = top+float64(score[i][l])/unit, sum+float64(score[i][l])/unit
		}
	}
	total, last := none, 0
	for i := n - 1; i >= 0; i-- {
		backward[i] = make([]float64, L)
		for l := range L {
			sum := none
			if i == n-1 && !opens(l) {
				sum = 0
				total = logAdd(total, forward[i][l])
				if best[i][l] > best[i][last] {
					last = l
				}
			}
			for k := 0; i < n-1 && k < L; k++ {
				if follows(l, k) && live[k] {
					sum = logAdd(sum, trans(l, k)+float64(score[i+1][k])/unit+backward[i+1][k])
				}
			}
			backward[i][l] = sum
		}
	}
	path := make([]int, n)
	for i := n - 1; i >= 0; i-- {
		path[i] = last
		last = from[i][last]
	}
	name := func(i, e, l int) string {
		return fmt.Sprint(s.at[i], s.at[e+1], r.m.header.Types[(l-1)>>2])
	}
	candidates = map[string]float64{}
	for i := range n {
		for l := 1; l < L; l++ {
			if !starts(l) {
				continue
			}
			inside, e, at := forward[i][l], i, l
			for opens(at) && e+1 < n {
				e++
				end, mid := l+int(labelE), l+int(labelM)
				if p := inside + trans(at, end) + float64(score[e][end])/unit + backward[e][end] - total; live[end] && math.Exp(p) >= least {
					candidates[name(i, e, l)] = math.Exp(p)
				}
				inside += trans(at, mid) + float64(score[e][mid])/unit
				at = mid
			}
			if p := forward[i][l] + backward[i][l] - total; !opens(l) && math.Exp(p) >= least {
				candidates[name(i, i, l)] = math.Exp(p)
			}
		}
	}
	for i := 0; i < n; i++ {
		if path[i] > 0 {
			e := i
			for opens(path[e]) {
				e++
			}
			spans = append(spans, name(i, e, path[i]))
			i = e
		}
	}
	return spans, candidates, words
}

func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// What makes reading fast changes next to nothing: the same words, the same
// mentions, the same candidates with probabilities that differ little.
func TestReadingIsThatOfTheReference(t *testing.T) {
	d, err := ReadDataset(Source{Path: "pages", Format: FormatMarked})
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"兰", "兰州", "王，", "《《（“兰州", "\xff兰州\xfe市\x00", strings.Repeat("兰州市", 60), strings.Repeat("王", 60), "𠮷野家在兰州·甘"}
	for _, a := range d.Articles {
		for _, s := range a.Sentences {
			texts = append(texts, s.Text)
		}
	}
	m := shippedModel(t)
	other, ok := m.Scheme("uner")
	if !ok {
		t.Fatal("the model has no scheme uner")
	}
	for _, m := range []*Model{m, other} {
		compareReadings(t, m, texts)
	}
}

func compareReadings(t *testing.T, m *Model, texts []string) {
	const least, margin = 0.02, 0.02
	r := newReference(m)
	n := 0
	for _, text := range texts {
		spans, candidates, words := r.read(text, least-margin)
		got := m.Read(text, least)
		if !hasHan(text) {
			continue
		}
		if !slices.Equal(got.Words, words) {
			t.Errorf("%q: words end at %v, want %v", text, got.Words, words)
		}
		var have []string
		for _, s := range got.Spans {
			have = append(have, fmt.Sprint(s.Start, s.End, s.Type))
		}
		if !slices.Equal(have, spans) {
			t.Errorf("%q: mentions %v, want %v", text, have, spans)
		}
		for _, s := range got.Candidates {
			k := fmt.Sprint(s.Start, s.End, s.Type)
			if p, ok := candidates[k]; !ok || math.Abs(p-s.Confidence) > margin {
				t.Errorf("%q: candidate %s has probability %.8f, want %.8f", text, k, s.Confidence, p)
			}
			delete(candidates, k)
			n++
		}
		for k, p := range candidates {
			if p >= least+margin {
				t.Errorf("%q: no candidate %s, want one of probability %.8f", text, k, p)
			}
		}
	}
	if n < 100 {
		t.Errorf("%d candidates, want 100 to compare", n)
	}
}
