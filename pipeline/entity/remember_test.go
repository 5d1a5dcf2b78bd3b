package entity

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"longmai/pipeline/entity/tagger"
)

// countingVoter votes for the whole sentence, and counts how often it is asked.
type countingVoter struct{ asked int }

func (c *countingVoter) Candidates(sentence string, min float64, out []tagger.Span) []tagger.Span {
	c.asked++
	return append(out, tagger.Span{End: len(sentence), Type: "person", Confidence: min})
}

func TestMemory(t *testing.T) {
	v := &countingVoter{}
	m := remember(v, 0.5)
	ask := func(sentence string, min float64, want int) {
		t.Helper()
		first := tagger.Span{Start: 7}
		got := m.Candidates(sentence, min, []tagger.Span{first})
		if !slices.Equal(got, []tagger.Span{first, {End: len(sentence), Type: "person", Confidence: min}}) {
			t.Errorf("%.20q: votes %v", sentence, got)
		}
		if v.asked != want {
			t.Errorf("%.20q: voter asked %d times, want %d", sentence, v.asked, want)
		}
	}
	ask("新华社记者摄", 0.5, 1)
	ask("新华社记者摄", 0.5, 2) // it came twice: now it is kept
	ask("新华社记者摄", 0.5, 2)
	ask("新华社记者摄", 0.4, 3) // another least probability
	long := strings.Repeat("长", longestKept)
	for n := range 3 {
		ask(long, 0.5, 4+n)
	}
	for n := range 3 * keptSentences { // others may push it out, and nothing else happens
		s := fmt.Sprint(n)
		m.Candidates(s, 0.5, nil)
		if got := m.Candidates(s, 0.5, nil); len(got) != 1 || got[0].End != len(s) {
			t.Fatalf("%s: votes %v", s, got)
		}
	}
}
