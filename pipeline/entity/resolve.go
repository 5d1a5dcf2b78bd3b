package entity

import (
	"slices"

	"longmai/pipeline"
)

// resolve gives every mention its name and reference.
func (r *Reader) resolve(d *pipeline.Document, found []mention) []pipeline.Entity {
	out := make([]pipeline.Entity, 0, len(found))
	near := int32(-1) // division of the place before
	for _, m := range found {
		e := pipeline.Entity{Span: m.span, Type: kindNames[m.kind], Confidence: m.confidence, Rule: ruleOf(m.from)}
		e.Name = d.Surface(m.span)
		for _, s := range r.lex.lookup(e.Name) {
			if s.kind == m.kind && s.sort == sortName {
				n := r.lex.names[s.item]
				e.Name, e.Ref = n.name, n.ref
				break
			}
		}
		if m.kind == place {
			if div := r.division(d.Surface(m.span), near); div >= 0 {
				near = div
				e.Name, e.Ref = r.lex.divisions[div].name, r.lex.divisions[div].code
			}
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b pipeline.Entity) int { return a.Start - b.Start })
	return out
}

// division returns the division that a surface names: inside the last place if
// it can be, else in the home province, else the highest; -1 when there is none.
func (r *Reader) division(surface string, near int32) int32 {
	best, bestScore := int32(-1), -1
	for _, s := range r.lex.lookup(surface) {
		if s.sort != sortDivision {
			continue
		}
		score := 10 - int(s.class)
		if near >= 0 && r.lex.inside(s.item, near) {
			score += 40
		}
		if r.lex.inside(s.item, r.home) {
			score += 20
		}
		if score > bestScore {
			best, bestScore = s.item, score
		}
	}
	return best
}

// inside reports whether division a lies in division b.
func (l *lexicon) inside(a, b int32) bool {
	x, y := l.divisions[a].code, l.divisions[b].code
	switch l.divisions[b].level {
	case levelProvince:
		return len(x) >= 6 && x[:2] == y[:2] && a != b
	case levelPrefecture:
		return len(x) >= 6 && x[:4] == y[:4] && a != b
	case levelCounty:
		return len(x) > 6 && x[:6] == y[:6]
	}
	return false
}
