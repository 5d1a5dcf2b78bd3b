package entity

import (
	"io"

	"longmai/pipeline"
)

// A Tally counts mentions of one type.
type Tally struct {
	Marked, Found, Right int
}

func (t Tally) plus(n Tally) Tally {
	return Tally{t.Marked + n.Marked, t.Found + n.Found, t.Right + n.Right}
}

// F1 is the harmonic mean of precision and recall, 0 where nothing is right.
func (t Tally) F1() float64 {
	if t.Right == 0 {
		return 0
	}
	return 2 * float64(t.Right) / float64(t.Marked+t.Found)
}

// A Miss is a mention that is marked and was not found, or the other way round.
type Miss struct {
	Document *pipeline.Document
	Mention  Gold
	Found    bool // and not marked
}

// Cross tells how well the reader does on pages that it has not learned from:
// those of docs that judged names are dealt into parts, page by page, and each
// part is read with weights learned from all other documents. The result is by
// type of entity; misses are told to each when it is not nil.
func (t *Tuner) Cross(docs []Marked, parts int, judged func(doc int) bool, each func(Miss)) (map[string]Tally, error) {
	page := map[string]int{} // a page and its copy with other names belong to one part
	for i, d := range docs {
		if _, ok := page[d.Document.ID]; !ok && judged(i) {
			page[d.Document.ID] = len(page)
		}
	}
	out := map[string]Tally{}
	for part := range parts {
		of := func(i int) bool {
			n, ok := page[docs[i].Document.ID]
			return ok && n%parts == part
		}
		r, err := t.without(docs, of)
		if err != nil {
			return nil, err
		}
		for i, d := range docs {
			if !of(i) || !judged(i) {
				continue
			}
			if t.Vote != nil {
				r.votes = t.Vote(i)
			}
			read := *d.Document
			r.annotate(&read)
			compare(out, &read, d.Gold, each)
		}
	}
	return out, nil
}

// without returns a reader that has learned from docs but those that are left out.
func (t *Tuner) without(docs []Marked, left func(doc int) bool) (*Reader, error) {
	var rest []Marked
	var index []int // of rest in docs
	for i, d := range docs {
		if !left(i) {
			rest, index = append(rest, d), append(index, i)
		}
	}
	part := *t
	part.Log = io.Discard
	if t.Vote != nil {
		part.Vote = func(doc int) Voter { return t.Vote(index[doc]) }
	}
	return part.Tune(rest)
}

// compare counts what was found in d against its marks.
func compare(out map[string]Tally, d *pipeline.Document, marks []Gold, each func(Miss)) {
	open := map[Gold]bool{}
	add := func(typ string, n Tally) { out[typ] = out[typ].plus(n) }
	miss := func(g Gold, found bool) {
		if each != nil {
			each(Miss{d, g, found})
		}
	}
	for _, g := range marks {
		open[g] = true
		add(g.Type, Tally{Marked: 1})
	}
	for _, e := range d.Entities {
		if k, ok := kindOf(string(e.Type)); !ok || k >= kinds {
			continue
		}
		g := Gold{e.Span, string(e.Type)}
		add(g.Type, Tally{Found: 1})
		if !open[g] {
			miss(g, true)
			continue
		}
		delete(open, g)
		add(g.Type, Tally{Right: 1})
	}
	for _, g := range marks {
		if open[g] {
			miss(g, false)
		}
	}
}
