package index

import (
	"slices"

	"longmai/index/query"
	"longmai/pipeline"
)

// show makes the hit of d: what matches in it, and the sentences to read.
func show(q query.Query, d *pipeline.Document, passages int) Hit {
	h := Hit{Doc: d}
	r := newReader(d)
	var parts [][]pipeline.Span // places by leaf of the query
	each := func(spans []pipeline.Span) {
		if len(spans) > 0 {
			parts = append(parts, spans)
			h.Marks = append(h.Marks, spans...)
		}
	}
	positive(q, func(q query.Query) {
		switch q := q.(type) {
		case query.Text:
			each(r.marks(q))
		case query.Name:
			spans := r.mentions(q)
			each(spans)
			for i := range d.Entities {
				if slices.Contains(spans, d.Entities[i].Span) && !slices.Contains(h.Entities, i) {
					h.Entities = append(h.Entities, i)
				}
			}
		}
	})
	h.Figures = matching(d, figuresOf(q))
	var spans []pipeline.Span
	for _, i := range h.Figures {
		spans = append(spans, d.Figures[i].Span)
	}
	each(spans)
	slices.Sort(h.Entities)
	h.Marks = merged(h.Marks)
	h.Passages = choose(d, parts, h.Marks, passages)
	return h
}

// marks returns the places of a text to highlight: of a phrase, or, where a
// word's characters do not stand together, of the words that it was cut into.
func (r *reader) marks(q query.Text) []pipeline.Span {
	if q.Form == query.Phrase || q.Form == query.Pattern {
		return r.find(q, 200)
	}
	if q.Form == query.Word {
		return r.find(q, 200)
	}
	return r.textPlaces(q)
}

// positive calls f with every leaf of q that is not below a Not.
func positive(q query.Query, f func(query.Query)) {
	query.Walk(q, func(q query.Query) bool {
		if _, ok := q.(query.Not); ok {
			return false
		}
		f(q)
		return true
	})
}

// figuresOf returns the conditions on figures of q that are not below a Not.
func figuresOf(q query.Query) []query.Figure {
	var out []query.Figure
	positive(q, func(q query.Query) {
		if f, ok := q.(query.Figure); ok {
			out = append(out, f)
		}
	})
	return out
}

// matching returns the indexes of the figures of d that meet one of the
// conditions; of all figures when there are no conditions to meet.
func matching(d *pipeline.Document, conditions []query.Figure) []int {
	var out []int
	for i := range d.Figures {
		if slices.ContainsFunc(conditions, func(q query.Figure) bool { return meets(&d.Figures[i], q) }) {
			out = append(out, i)
		}
	}
	return out
}

// merged returns the spans sorted, with those that touch made one.
func merged(spans []pipeline.Span) []pipeline.Span {
	slices.SortFunc(spans, func(a, b pipeline.Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

// choose returns the sentences that show most of what matches, in the order of
// the text: first those with most different parts of the query. An article in
// which nothing is marked shows its first sentence of body text.
func choose(d *pipeline.Document, parts [][]pipeline.Span, marks []pipeline.Span, n int) []Passage {
	type scored struct {
		index, distinct, total int
	}
	found := map[int]*scored{}
	for _, spans := range parts {
		seen := map[int]bool{}
		for _, s := range spans {
			_, i := d.SentenceAt(s.Start)
			if i < 0 {
				continue
			}
			if found[i] == nil {
				found[i] = &scored{index: i}
			}
			found[i].total++
			if !seen[i] {
				found[i].distinct++
			}
			seen[i] = true
		}
	}
	list := make([]*scored, 0, len(found))
	for _, s := range found {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *scored) int {
		switch {
		case a.distinct != b.distinct:
			return b.distinct - a.distinct
		case a.total != b.total:
			return min(b.total, 5) - min(a.total, 5)
		}
		return a.index - b.index
	})
	list = list[:min(len(list), n)]
	slices.SortFunc(list, func(a, b *scored) int { return a.index - b.index })
	var out []Passage
	for _, s := range list {
		out = append(out, passage(d.Sentences[s.index], marks))
	}
	if len(out) == 0 {
		for _, s := range d.Sentences {
			if b, i := d.BlockAt(s.Start); i >= 0 && !headline(b.Role) && !d.InApparatus(s) {
				return []Passage{passage(s, nil)}
			}
		}
	}
	return out
}

func passage(s pipeline.Span, marks []pipeline.Span) Passage {
	p := Passage{Span: s}
	for _, m := range marks {
		if m.Overlaps(s) {
			p.Span.Start, p.Span.End = min(p.Span.Start, m.Start), max(p.Span.End, m.End)
			p.Marks = append(p.Marks, m)
		}
	}
	return p
}
