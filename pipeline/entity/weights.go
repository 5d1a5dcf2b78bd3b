package entity

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// weights is the learned model: one number a feature, in an open-addressed table.
type weights struct {
	keys  []uint64 // feature plus one; 0 is a free slot
	value []float32
	mask  uint64
	link  [links][kinds][kinds]float64

	laid *layout // the same for reading; nil while weights are learned
}

// A layout is the weights as they are read fastest: for every kind a row for
// each answer of each template that weighs something. A look-up is two loads and
// no branch, and what one candidate asks lies close together. With hashes the
// sums took half as long again.
type layout struct {
	value  []float32                // by kind and row
	rows   int                      // of a kind
	number []uint16                 // by template and answer: its row among those of the template, 0 when it weighs nothing; no template has 65536
	tables [featureTemplates]places // by template
}

// places are where a template has its numbers and its rows.
type places struct {
	from, last uint32 // numbers of the answers 0 and last; there and behind nothing weighs
	row        uint32 // of number 0
}

// featureTemplates is how many templates a feature could tell apart: indexes below need no check.
const featureTemplates = 1 << 6

// lay makes laid.
func (w *weights) lay() {
	x := &layout{}
	each := func(f func(t template, k kind, answer uint32, v float32)) {
		for i, key := range w.keys {
			if key != 0 {
				f(template((key-1)>>40), kind((key-1)>>36&15), uint32(key-1), w.value[i])
			}
		}
	}
	each(func(t template, _ kind, answer uint32, _ float32) { x.tables[t].last = max(x.tables[t].last, answer+1) })
	size := uint32(0)
	for t := range x.tables {
		x.tables[t].from = size
		size += x.tables[t].last + 1
	}
	x.number = make([]uint16, size)
	var numbers [featureTemplates]uint32
	each(func(t template, _ kind, answer uint32, _ float32) {
		if n := &x.number[x.tables[t].from+answer]; *n == 0 {
			numbers[t]++
			*n = uint16(numbers[t])
		}
	})
	for t, n := range numbers {
		x.tables[t].row = uint32(x.rows)
		x.rows += int(n) + 1
	}
	x.value = make([]float32, int(kinds)*x.rows)
	each(func(t template, k kind, answer uint32, v float32) { x.of(k)[x.at(feature(t, k, answer))] = v })
	w.laid = x
}

// of returns the rows of a kind.
func (x *layout) of(k kind) []float32 { return x.value[int(k)*x.rows:][:x.rows] }

// at returns the row of a feature among those of its kind.
func (x *layout) at(f uint64) uint32 {
	p := &x.tables[f>>40%featureTemplates]
	return p.row + uint32(x.number[p.from+min(uint32(f), p.last)])
}

func newWeights(n int) *weights {
	size := 1024
	for size < 2*n {
		size *= 2
	}
	return &weights{keys: make([]uint64, size), value: make([]float32, size), mask: uint64(size - 1)}
}

func (w *weights) slot(f uint64) uint64 {
	f++
	h := f * 0x9e3779b97f4a7c15
	i := (h ^ h>>31) & w.mask
	for w.keys[i] != 0 && w.keys[i] != f {
		i = (i + 1) & w.mask
	}
	return i
}

func (w *weights) set(f uint64, v float32) {
	w.laid = nil
	i := w.slot(f)
	w.keys[i], w.value[i] = f+1, v
}

func (w *weights) at(f uint64) float64 { return float64(w.value[w.slot(f)]) }

// sum returns what the features of one candidate weigh.
func (w *weights) sum(fs []uint64) float32 {
	v := float32(0)
	if x := w.laid; x != nil {
		of := x.of(kind(fs[0] >> 36 & 15))
		for _, f := range fs {
			v += of[x.at(f)]
		}
		return v
	}
	for _, f := range fs {
		v += w.value[w.slot(f)]
	}
	return v
}

// add makes w the mean of w and o, with the part own of w. Both have the same features.
func (w *weights) add(o *weights, own float64) {
	w.laid = nil
	for i, v := range w.value {
		if w.keys[i] == 0 {
			continue
		}
		w.value[i] = float32(own*float64(v) + (1-own)*float64(o.at(w.keys[i]-1)))
	}
	for l := range links {
		for a := range kinds {
			for b := range kinds {
				w.link[l][a][b] = own*w.link[l][a][b] + (1-own)*o.link[l][a][b]
			}
		}
	}
}

const weightsHead = `# Weights of the candidate model: template, type, answer, weight. Written by pipeline/entity/tune.go; do not edit.
# Source: learned from the marked pages that were written for this project (gold/train) and testdata/marked.
`

// WriteWeights writes the weights of r as the table that ships.
func (r *Reader) WriteWeights(out io.Writer) error { return r.w.write(out, r.lex, weightsHead) }

// Blend moves the weights of r half the way to those of o. The votes of a tagger
// look surer on pages like those it was trained on than they are elsewhere; half
// of the weights that were learned without it is what holds on other pages.
func (r *Reader) Blend(o *Reader) {
	a, b := r.w, o.w
	out := newWeights(len(a.keys) + len(b.keys))
	for _, w := range []*weights{a, b} {
		for _, k := range w.keys {
			if k != 0 {
				out.set(k-1, float32((a.at(k-1)+b.at(k-1))/2))
			}
		}
	}
	for l := range links {
		for x := range kinds {
			for y := range kinds {
				out.link[l][x][y] = (a.link[l][x][y] + b.link[l][x][y]) / 2
			}
		}
	}
	r.w = out
}

var linkNames = [links]string{"none", "touch", "mark", "and"}

// readWeights reads a table of weights. Words that the lexicon lacks are passed over: an older table may know more.
func readWeights(name, text string, l *lexicon) (*weights, error) {
	byName := map[string]template{}
	for t, x := range templateTable {
		byName[x.name] = template(t)
	}
	w := newWeights(strings.Count(text, "\n") + 1)
	err := tableRows(name, text, 4, func(c []string) error {
		v, err := strconv.ParseFloat(c[3], 32)
		if err != nil {
			return fmt.Errorf("weight %q is no number", c[3])
		}
		k, ok := kindOf(c[1])
		if !ok || k >= kinds {
			return fmt.Errorf("unknown type %q", c[1])
		}
		if kindName, isLink := strings.CutPrefix(c[0], "link-"); isLink {
			n := slices.Index(linkNames[:], kindName)
			k2, ok := kindOf(c[2])
			if n < 0 || !ok || k2 >= kinds {
				return fmt.Errorf("unknown link %q of %q", c[0], c[2])
			}
			w.link[n][k][k2] = v
			return nil
		}
		t, ok := byName[c[0]]
		if !ok {
			return fmt.Errorf("unknown template %q", c[0])
		}
		value, ok, err := parseValue(templateTable[t].form, c[2], l)
		if ok && err == nil {
			w.set(feature(t, k, value), float32(v))
		}
		return err
	})
	w.lay()
	return w, err
}

func parseValue(form valueForm, s string, l *lexicon) (value uint32, ok bool, err error) {
	switch form {
	case asChar:
		for _, r := range s {
			return uint32(r), true, nil
		}
		return 0, true, nil
	case asWord:
		if s == "" {
			return 0, true, nil
		}
		v := l.tree.find(s)
		return uint32(v), v > 0, nil
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0, false, fmt.Errorf("value %q is no number", s)
	}
	return uint32(n), true, nil
}

func formatValue(form valueForm, v uint32, l *lexicon) string {
	switch form {
	case asChar:
		if v == 0 {
			return ""
		}
		return string(rune(v))
	case asWord:
		if v == 0 {
			return ""
		}
		return l.words[v-1].text
	}
	return strconv.FormatUint(uint64(v), 10)
}

// write writes w as a table, sorted.
func (w *weights) write(out io.Writer, l *lexicon, head string) error {
	var lines []string
	for i, k := range w.keys {
		if k == 0 || w.value[i] == 0 {
			continue
		}
		f := k - 1
		t := template(f >> 40)
		lines = append(lines, fmt.Sprintf("%s\t%s\t%s\t%.3g", templateTable[t].name, kindNames[f>>36&15], formatValue(templateTable[t].form, uint32(f), l), w.value[i]))
	}
	for n := range links {
		for a := range kinds {
			for b := range kinds {
				if v := w.link[n][a][b]; v != 0 {
					lines = append(lines, fmt.Sprintf("link-%s\t%s\t%s\t%.3g", linkNames[n], kindNames[a], kindNames[b], v))
				}
			}
		}
	}
	slices.Sort(lines)
	_, err := io.WriteString(out, head+strings.Join(lines, "\n")+"\n")
	return err
}
