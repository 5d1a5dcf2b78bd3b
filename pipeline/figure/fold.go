package figure

import (
	"math"
	"slices"
	"strings"
)

// foldWeights fills the folds of a model with weights, in thousandths. A fold is
// one table with the weights of all templates whose axes are among its own: what
// several pieces of evidence are worth together is one look into it. Its name has
// its axes with + between; the last axis lies closest. Every template goes into
// the first fold that has its axes.
func (m *model) foldWeights(w weights) [][]int32 {
	out := make([][]int32, len(m.folds))
	sizes := map[string]int{}
	for _, t := range m.templates {
		for i, axis := range strings.Split(t.name, "+") {
			sizes[axis] = len(t.axes[i])
		}
	}
	done := make([]bool, len(m.templates))
	for i, axes := range m.folds {
		names, size := strings.Split(axes, "+"), 1
		for _, n := range names {
			size *= sizes[n]
		}
		out[i] = make([]int32, size)
		for k, t := range m.templates {
			a, b, _ := strings.Cut(t.name, "+")
			if p, q := slices.Index(names, a), slices.Index(names, b); !done[k] && p >= 0 && q >= 0 {
				done[k] = true
				spread(out[i], w[m.offsets[k]:m.offsets[k+1]], len(t.axes[1]), stride(names, sizes, p), stride(names, sizes, q))
			}
		}
	}
	return out
}

// stride returns how far apart the values of an axis lie.
func stride(axes []string, sizes map[string]int, at int) int {
	n := 1
	for _, a := range axes[at+1:] {
		n *= sizes[a]
	}
	return n
}

// spread adds the weights of a template to every place of a fold that they are
// for. The values of its axes lie p and q apart, and the second has n of them.
func spread(sums []int32, w weights, n, p, q int) {
	m := len(w) / n
	for i, v := range w {
		v := thousandths(v)
		if v == 0 {
			continue
		}
		outer, inner, far, near := p, q, i/n, i%n // the axis whose values lie further apart, and the other
		high, low := p*m, q*n
		if p < q {
			outer, inner, far, near, high, low = q, p, near, far, q*n, p*m
		}
		for at := far * outer; at < len(sums); at += high {
			for j := at + near*inner; j < at+outer; j += low {
				for k := range sums[j : j+inner] {
					sums[j+k] += v
				}
			}
		}
	}
}

func thousandths(w float32) int32 { return int32(math.Round(float64(w) * 1000)) }
