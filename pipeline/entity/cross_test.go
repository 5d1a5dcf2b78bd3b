package entity

import (
	"fmt"
	"slices"
	"testing"

	"longmai/pipeline"
)

// TestCompare counts what is found against what is marked: a type, a span and a
// mention that is found twice each count once.
func TestCompare(t *testing.T) {
	a, gold, err := ReadMarked("p", "记者在⟦兰州|place⟧见到⟦石磊|person⟧、⟦甘肃机械厂|organization⟧的人。")
	if err != nil {
		t.Fatal(err)
	}
	found := func(from, to int, typ pipeline.EntityType) pipeline.Entity {
		return pipeline.Entity{Span: pipeline.Span{Start: from, End: to}, Type: typ}
	}
	d := &pipeline.Document{Article: a, Entities: []pipeline.Entity{
		found(gold[0].Start, gold[0].End, "place"),
		found(gold[1].Start, gold[1].End, "place"),          // another type
		found(gold[2].Start, gold[2].End-3, "organization"), // another span
		found(0, 6, "industry"),                             // not learned
	}}
	got := map[string]Tally{}
	var misses []string
	compare(got, d, gold, func(m Miss) {
		misses = append(misses, fmt.Sprintf("%v %s %s", m.Found, m.Mention.Type, d.Surface(m.Mention.Span)))
	})
	want := map[string]Tally{"place": {1, 2, 1}, "person": {1, 0, 0}, "organization": {1, 1, 0}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	wantMisses := []string{"true place 石磊", "true organization 甘肃机械", "false person 石磊", "false organization 甘肃机械厂"}
	if !slices.Equal(misses, wantMisses) {
		t.Errorf("misses %q, want %q", misses, wantMisses)
	}
}

// TestCross reads every judged page once, its copy with other names not at all.
func TestCross(t *testing.T) {
	line := pipelineOf(t, Options{})
	docs := make([]Marked, 6)
	for i := range docs {
		a, gold, err := ReadMarked(fmt.Sprint("page", i%3), fmt.Sprintf("⟦兰州|place⟧今年%d月下了雪。", i+1))
		if err != nil {
			t.Fatal(err)
		}
		d, err := line.Annotate(a)
		if err != nil {
			t.Fatal(err)
		}
		docs[i] = Marked{d, gold}
	}
	tuner := &Tuner{Runs: 1, Epochs: 5, Least: 1}
	got, err := tuner.Cross(docs, 2, func(doc int) bool { return doc < 2 }, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Tally{2, 2, 2}); len(got) != 1 || got["place"] != want {
		t.Errorf("got %v, want %v of places", got, want)
	}
	var without []string
	r, err := tuner.without(docs, func(doc int) bool { without = append(without, docs[doc].Document.ID); return true })
	if r == nil || err != nil || len(without) != len(docs) {
		t.Errorf("nothing to learn from: reader %v, error %v, asked %q", r != nil, err, without)
	}
}
