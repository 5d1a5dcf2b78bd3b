package index

import (
	"context"
	"fmt"
	"slices"
	"time"

	"longmai/index/query"

	"github.com/RoaringBitmap/roaring/v2"
)

// An Explanation says how a query was answered and, when it found nothing, why.
type Explanation struct {
	Query string   `json:"query"`           // as it was understood, with synonyms
	Root  Node     `json:"root"`            // what each part of it finds
	Cut   []string `json:"words,omitempty"` // how its words were cut, each as 产业|转移
	Read  int      `json:"read"`            // articles that were read to decide
	Rank  []string `json:"rank,omitempty"`  // words that rank the hits

	// Of a query that found nothing:
	Blame   []string  `json:"blame,omitempty"`   // parts without which it would find something, with how many
	Similar []Similar `json:"similar,omitempty"` // names of the library that are like those that no article has
	Missing []DayGap  `json:"missing,omitempty"` // stretches of the asked dates that the library has no issues of
	Between [2]string `json:"library"`           // first and last issue date of the library; "" when nothing is dated
}

// A Node is one part of a query and how many articles it finds by itself.
type Node struct {
	Query string `json:"query"`
	Note  string `json:"note"`
	Sure  int    `json:"sure"` // articles that the index is sure of
	May   int    `json:"may"`  // those and the ones that had to be read
	Parts []Node `json:"parts,omitempty"`
}

// Similar are names like one that was asked for, nearest first, each with how many articles have it.
type Similar struct {
	Name string   `json:"name"`
	Like []string `json:"like"`
}

// A DayGap is a stretch of days, both ends inclusive.
type DayGap struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func (v *view) explain(ctx context.Context, m *match) (*Explanation, error) {
	x := &Explanation{Query: m.query.String(), Read: m.read}
	for _, w := range m.words {
		x.Rank = append(x.Rank, w.term)
	}
	slices.Sort(x.Rank)
	x.Rank = slices.Compact(x.Rank)
	counts := map[*plan]*Node{}
	for _, s := range v.shards {
		h := s.clone()
		if _, err := m.plan.run(h, func(p *plan, r pair) {
			n := counts[p]
			if n == nil {
				n = &Node{Query: p.query.String(), Note: p.note}
				counts[p] = n
			}
			n.Sure += int(roaring.And(r.sure, h.docs).GetCardinality())
			n.May += int(roaring.And(r.may, h.docs).GetCardinality())
		}); err != nil {
			return nil, err
		}
	}
	x.Root = node(m.plan, counts)
	query.Walk(m.query, func(q query.Query) bool {
		if t, ok := q.(query.Text); ok && t.Form == query.Word {
			s := ""
			for i, w := range cutWords(t.Text) {
				if i > 0 {
					s += "|"
				}
				s += w
			}
			if !slices.Contains(x.Cut, s) {
				x.Cut = append(x.Cut, s)
			}
		}
		return true
	})
	if m.total() > 0 {
		return x, nil
	}
	return x, v.blame(ctx, m, x)
}

func node(p *plan, counts map[*plan]*Node) Node {
	n := Node{Query: p.query.String(), Note: p.note}
	if c := counts[p]; c != nil {
		n = *c
	}
	for _, q := range p.parts {
		n.Parts = append(n.Parts, node(q, counts))
	}
	return n
}

// blame finds out which parts of a conjunction keep it from finding anything,
// and whether the asked dates are in the library at all.
func (v *view) blame(ctx context.Context, m *match, x *Explanation) error {
	parts := []query.Query{m.query}
	if a, ok := m.query.(query.And); ok {
		parts = a.Of
	}
	for i, p := range parts {
		alone, err := v.total(ctx, p)
		if err != nil {
			return err
		}
		if alone == 0 {
			x.Blame = append(x.Blame, fmt.Sprintf("%s finds nothing by itself", p))
			continue
		}
		if len(parts) < 2 {
			continue
		}
		rest := slices.Delete(slices.Clone(parts), i, i+1)
		var q query.Query = query.And{Of: rest}
		if len(rest) == 1 {
			q = rest[0]
		}
		n, err := v.total(ctx, q)
		if err != nil {
			return err
		}
		if n > 0 {
			x.Blame = append(x.Blame, fmt.Sprintf("without %s: %d", p, n))
		}
	}
	var err error
	if x.Similar, err = v.similar(m.query); err != nil {
		return err
	}
	return v.missing(m.query, x)
}

func (v *view) total(ctx context.Context, q query.Query) (int, error) {
	m, err := v.match(ctx, Request{Query: q, NoSynonyms: true}, &Result{})
	if err != nil {
		return 0, err
	}
	return m.total(), nil
}

// maxGaps bounds how many stretches without issues are listed.
const maxGaps = 20

// missing lists the days that a query asks for and the library does not have.
func (v *view) missing(q query.Query, x *Explanation) error {
	days, err := v.days()
	if err != nil || len(days) == 0 {
		return err
	}
	x.Between = [2]string{days[0].Day, days[len(days)-1].Day}
	have := map[string]bool{}
	for _, d := range days {
		have[d.Day] = true
	}
	positive(q, func(q query.Query) {
		d, ok := q.(query.Date)
		if !ok || d.From == "" && d.To == "" {
			return
		}
		from, to := d.From, d.To
		if from == "" {
			from = x.Between[0]
		}
		if to == "" {
			to = x.Between[1]
		}
		x.Missing = append(x.Missing, gaps(from, to, have)...)
	})
	return nil
}

// gaps returns the stretches of days from one day to another that are not in have.
func gaps(from, to string, have map[string]bool) []DayGap {
	day, err := time.Parse(time.DateOnly, from)
	end, err2 := time.Parse(time.DateOnly, to)
	if err != nil || err2 != nil || end.Sub(day) > 200*366*24*time.Hour {
		return nil
	}
	var out []DayGap
	open := false
	for ; !day.After(end); day = day.AddDate(0, 0, 1) {
		s := day.Format(time.DateOnly)
		switch {
		case have[s]:
			open = false
		case open:
			out[len(out)-1].To = s
		case len(out) == maxGaps:
			return out
		default:
			out = append(out, DayGap{s, s})
			open = true
		}
	}
	return out
}
