package entity

import "testing"

// Weights laid out for reading are the weights, and nothing where there are none.
func TestLayout(t *testing.T) {
	w, err := loadVoteWeights()
	if err != nil {
		t.Fatal(err)
	}
	if w.laid == nil {
		t.Fatal("the weights that ship are not laid out")
	}
	known := 0
	for tpl := range templates {
		for k := range kinds {
			for v := range uint32(3000) {
				f := feature(tpl, k, v)
				if got, want := float64(w.sum([]uint64{f})), w.at(f); got != want {
					t.Errorf("template %d, kind %d, answer %d weighs %g, want %g", tpl, k, v, got, want)
				} else if want != 0 {
					known++
				}
			}
		}
	}
	if known < 1000 {
		t.Errorf("%d weights, want 1000 to compare", known)
	}
}
