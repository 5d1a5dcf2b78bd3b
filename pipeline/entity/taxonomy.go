package entity

import (
	"cmp"
	"slices"

	"longmai/pipeline"
)

// A taxon is a word of the taxonomy of industries or resources in the text.
type taxon struct {
	span pipeline.Span
	kind kind
	item int32
	text string
}

// taxa appends the words of the taxonomy that the loaded sentence uses in their
// sense: whole words, the longest first, and short ones only in company.
func (k *work) taxa(out []taxon) []taxon {
	s := k.s
	end := int32(0)
	for i := int32(0); i < int32(s.n); i++ {
		if i < end || s.says[i]&saysTaxon == 0 || !s.cut[i] || s.blocked[i] {
			continue
		}
		best, which := match{}, sense{}
		for q := s.first[i]; q < s.first[i+1]; q++ {
			m := s.matches[q]
			if m.says&saysTaxon == 0 {
				continue
			}
			for _, x := range k.words[m.word].senses {
				if x.sort == sortTaxon && s.cut[m.end] && m.end > best.end {
					best, which = m, x
				}
			}
		}
		if best.end == 0 || which.traits&weak != 0 && !k.inCompany(&best, which.kind) {
			continue
		}
		end = best.end
		out = append(out, taxon{span: s.span(i, end), kind: which.kind, item: which.item, text: k.words[best.word].text})
	}
	return out
}

// inCompany reports whether a weak word of the taxonomy stands in a list of its
// kind (镍、铜、钴) or before a word that settles its sense (铜矿产量).
func (k *work) inCompany(m *match, of kind) bool {
	s := k.s
	for _, w := range []string{"矿", "资源", "产量", "储量", "产能", "精矿", "价格", "产业", "年产"} {
		if hasPrefixAt(s, m.end, w) {
			return true
		}
	}
	beside := func(i int32) bool {
		for q := s.first[i]; q < s.first[i+1]; q++ {
			for _, x := range k.words[s.matches[q].word].senses {
				if x.sort == sortTaxon && x.kind == of && s.cut[s.matches[q].end] {
					return true
				}
			}
		}
		return false
	}
	if r := s.runes[m.end]; r == '、' || r == '和' {
		if m.end+1 < int32(s.n) && beside(m.end+1) {
			return true
		}
	}
	if r := s.leftRune(m.start); r == '、' || r == '和' {
		for b := max(0, m.start-5); b < m.start-1; b++ {
			for q := s.first[b]; q < s.first[b+1]; q++ {
				if s.matches[q].end != m.start-1 {
					continue
				}
				for _, x := range k.words[s.matches[q].word].senses {
					if x.sort == sortTaxon && x.kind == of {
						return true
					}
				}
			}
		}
	}
	return false
}

func hasPrefixAt(s *sentence, i int32, w string) bool {
	at := s.at[min(i, int32(s.n))]
	return len(s.text)-at >= len(w) && s.text[at:at+len(w)] == w
}

// classify adds the words of the taxonomy that lie outside of the mentions.
func (r *Reader) classify(out []pipeline.Entity, taxa []taxon) []pipeline.Entity {
	n, next := len(out), 0
	for _, t := range taxa {
		for next < n && out[next].End <= t.span.Start {
			next++
		}
		if next < n && out[next].Overlaps(t.span) {
			continue
		}
		out = append(out, pipeline.Entity{Span: t.span, Type: kindNames[t.kind], Name: t.text,
			Attributes: map[string]string{"class": r.lex.taxa[t.item]}, Confidence: 0.9, Rule: "entity/taxonomy"})
	}
	slices.SortFunc(out, func(a, b pipeline.Entity) int { return cmp.Compare(a.Start, b.Start) })
	return out
}
