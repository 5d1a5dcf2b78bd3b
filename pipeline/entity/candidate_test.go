package entity

import (
	"os"
	"strings"
	"testing"

	"longmai/pipeline"
)

// TestProposals reads testdata/proposals.txt: sentences in which the marked span
// must stand among the candidates of the tables and the grammar, whatever the
// weights make of them, and sentences behind "-" in which it must not.
func TestProposals(t *testing.T) {
	b, err := os.ReadFile("testdata/proposals.txt")
	if err != nil {
		t.Fatal(err)
	}
	lex, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	p := pipelineOf(t, Options{})
	k := &work{proposer: proposer{lexicon: lex, s: &sentence{}}}
	for n, line := range strings.Split(string(b), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		marked, never := strings.CutPrefix(line, "-")
		a, want, err := ReadMarked("test", marked)
		if err != nil || len(want) == 0 {
			t.Fatalf("proposals.txt:%d: %d marks, error %v", n+1, len(want), err)
		}
		d, err := p.Annotate(a)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if got := proposed(k, d, &want[i]); got == never {
				t.Errorf("proposals.txt:%d: %s %s: proposed %t, want %t", n+1, want[i].Type, d.Surface(want[i].Span), got, !never)
			}
		}
	}
}

// proposed reports whether e is a candidate of its sentence.
func proposed(k *work, d *pipeline.Document, e *Gold) bool {
	_, n := d.SentenceAt(e.Start)
	k.load(d, n, 0)
	k.propose()
	for _, c := range k.out {
		if k.s.span(c.start, c.end) == e.Span && string(kindNames[c.kind]) == e.Type {
			return true
		}
	}
	return false
}
