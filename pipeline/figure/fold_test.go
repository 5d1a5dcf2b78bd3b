package figure

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A fold holds the sum of the weights of its templates, and every template is in one.
func TestFoldsHoldAllWeights(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for i := range models {
		m := &models[i]
		w := make(weights, m.features())
		for f := range w {
			w[f] = float32(rnd.IntN(4001)-2000) / 1000
		}
		sums := m.foldWeights(w)
		if got, want := len(slices.Concat(sums...)), [...]int{Subjects: subjectSums, Metrics: measuredSums}[i]; got != want {
			t.Fatalf("%s: %d sums, want %d", m.file, got, want)
		}
		sizes := map[string]int{}
		for _, p := range m.templates {
			for k, axis := range strings.Split(p.name, "+") {
				sizes[axis] = len(p.axes[k])
			}
		}
		for range 1000 {
			value := map[string]int{}
			for axis, n := range sizes {
				value[axis] = rnd.IntN(n)
			}
			want, got := int32(0), int32(0)
			for k, p := range m.templates {
				a, b, _ := strings.Cut(p.name, "+")
				want += thousandths(w[int(m.offsets[k])+value[a]*sizes[b]+value[b]])
			}
			for k, axes := range m.folds {
				at := 0
				for _, axis := range strings.Split(axes, "+") {
					at = at*sizes[axis] + value[axis]
				}
				got += sums[k][at]
			}
			if got != want {
				t.Fatalf("%s: %v is worth %d in the folds, want %d", m.file, value, got, want)
			}
		}
	}
}
