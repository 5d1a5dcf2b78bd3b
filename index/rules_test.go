package index

import (
	"maps"
	"slices"
	"testing"
)

func TestRules(t *testing.T) {
	type rules = map[string]string
	for _, x := range []struct {
		name     string
		articles int
		have     rules
		now      rules
		other    []string
		want     rules
	}{
		{"empty", 0, nil, rules{"model": "a"}, nil, rules{"model": "a"}},
		{"no articles", 0, rules{"model": "b"}, rules{"model": "a"}, nil, rules{"model": "a"}},
		{"alike", 3, rules{"model": "a", "times": "1"}, rules{"model": "a", "times": "1"}, nil, rules{"model": "a", "times": "1"}},
		{"another model", 3, rules{"model": "a", "times": "1"}, rules{"model": "none", "times": "1"}, []string{"model"}, rules{"model": "a+none", "times": "1"}},
		{"again", 3, rules{"model": "a+none", "times": "1"}, rules{"model": "none", "times": "1"}, []string{"model"}, rules{"model": "a+none", "times": "1"}},
		{"tables of one's own", 3, rules{"times": "1"}, rules{"times": "2", "rules": "x"}, []string{"rules", "times"}, rules{"times": "1+2", "rules": "none+x"}},
		{"not told", 3, rules{"times": "1"}, nil, nil, rules{"times": "1"}},
	} {
		m := Manifest{Articles: x.articles, Rules: x.have}
		if got := OtherRules(m, x.now); !slices.Equal(got, x.other) {
			t.Errorf("%s: others %q, want %q", x.name, got, x.other)
		}
		if got := m.mixed(x.now); !maps.Equal(got, x.want) {
			t.Errorf("%s: mixed %v, want %v", x.name, got, x.want)
		}
	}
}
