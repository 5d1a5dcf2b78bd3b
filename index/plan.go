package index

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"longmai/corpus"
	"longmai/index/query"
	"longmai/pipeline/segment"

	"github.com/RoaringBitmap/roaring/v2"
)

// A pair is what the index knows of a node of a query: documents that surely
// match, and those that may, the sure ones included. Nobody changes the sets.
type pair struct{ sure, may *roaring.Bitmap }

func exactly(b *roaring.Bitmap) pair { return pair{b, b} }
func perhaps(b *roaring.Bitmap) pair { return pair{empty, b} }

// A plan is a query made ready for the index: one node, its parts, and what
// finds its documents in one shard.
type plan struct {
	query query.Query
	note  string // how the node is answered, for people
	parts []*plan
	find  func(h *shard, parts []pair) (pair, error)
}

// run returns the pair of p in h. seen, when not nil, is told every node's pair.
func (p *plan) run(h *shard, seen func(*plan, pair)) (pair, error) {
	parts := make([]pair, len(p.parts))
	for i, q := range p.parts {
		var err error
		if parts[i], err = q.run(h, seen); err != nil {
			return pair{}, err
		}
	}
	out, err := p.find(h, parts)
	if err == nil && seen != nil {
		seen(p, out)
	}
	return out, err
}

// A planner makes the plan of one query over one state of the index.
type planner struct {
	view  *view
	words []scoreWord // what a hit is ranked by
	level int         // > 0 below a Not: nothing there ranks
}

// A scoreWord ranks the articles that have it.
type scoreWord struct {
	field string // "" is body and title
	term  string
}

// maxTerms is how many words a prefix, a fuzzy word or a name prefix may stand for.
const maxTerms = 50_000

func (b *planner) plan(q query.Query) (*plan, error) {
	switch q := q.(type) {
	case query.All:
		return leaf(q, "every article", func(h *shard) (pair, error) { return exactly(h.docs), nil }), nil
	case query.And:
		return b.and(q)
	case query.Or:
		return b.many(q, q.Of, func(_ *shard, parts []pair) (pair, error) {
			sure, may := make([]*roaring.Bitmap, len(parts)), make([]*roaring.Bitmap, len(parts))
			for i, p := range parts {
				sure[i], may[i] = p.sure, p.may
			}
			return pair{union(sure), union(may)}, nil
		})
	case query.Not:
		b.level++
		defer func() { b.level-- }()
		return b.many(q, []query.Query{q.Of}, func(h *shard, parts []pair) (pair, error) {
			return pair{roaring.AndNot(h.docs, parts[0].may), roaring.AndNot(h.docs, parts[0].sure)}, nil
		})
	case query.Text:
		return b.text(q)
	case query.Name:
		return b.name(q)
	case query.Date:
		return b.date(q)
	case query.Figure:
		return b.figure(q)
	case query.Same:
		return b.together(q, q.Of)
	case query.Near:
		return b.together(q, q.Of)
	}
	return nil, fmt.Errorf("index: no plan for %T", q)
}

func leaf(q query.Query, note string, find func(h *shard) (pair, error)) *plan {
	return &plan{query: q, note: note, find: func(h *shard, _ []pair) (pair, error) { return find(h) }}
}

func (b *planner) many(q query.Query, of []query.Query, find func(*shard, []pair) (pair, error)) (*plan, error) {
	p := &plan{query: q, find: find}
	for _, m := range of {
		part, err := b.plan(m)
		if err != nil {
			return nil, err
		}
		p.parts = append(p.parts, part)
	}
	return p, nil
}

func all(_ *shard, parts []pair) (pair, error) {
	sure, may := make([]*roaring.Bitmap, len(parts)), make([]*roaring.Bitmap, len(parts))
	for i, p := range parts {
		sure[i], may[i] = p.sure, p.may
	}
	return pair{intersection(sure), intersection(may)}, nil
}

// and plans a conjunction. A person and a post in it are one person with that post.
func (b *planner) and(q query.And) (*plan, error) {
	p, err := b.many(q, q.Of, all)
	if err != nil {
		return nil, err
	}
	for _, h := range holders(q) {
		p.parts = append(p.parts, leaf(q, "the person holds the post", func(s *shard) (pair, error) {
			set, err := s.with(fieldNames, holderTerm(fold(h.person), fold(h.post)))
			return exactly(set), err
		}))
	}
	return p, nil
}

// A holder is a person and a post that a conjunction asks for together.
type holder struct{ person, post string }

// holders returns every pair of a person and a post in q.
func holders(q query.And) []holder {
	var out []holder
	for _, a := range q.Of {
		n, ok := a.(query.Name)
		if !ok || n.Field != "person" || n.Text == "" || n.Prefix {
			continue
		}
		for _, b := range q.Of {
			if m, ok := b.(query.Name); ok && m.Field == "post" && m.Text != "" && !m.Prefix {
				out = append(out, holder{n.Text, m.Text})
			}
		}
	}
	return out
}

// ranks adds a word to what ranks hits.
func (b *planner) ranks(field, term string) {
	if b.level == 0 && !slices.Contains(b.words, scoreWord{field, term}) {
		b.words = append(b.words, scoreWord{field, term})
	}
}

func (b *planner) text(q query.Text) (*plan, error) {
	f := fold(q.Text)
	if f == "" {
		return leaf(q, "nothing but white space", func(h *shard) (pair, error) { return exactly(empty), nil }), nil
	}
	switch q.Form {
	case query.Phrase:
		for _, w := range cutWords(q.Text) {
			b.ranks(q.Field, w)
		}
		return b.phrase(q, f)
	case query.Prefix:
		return b.expanded(q, "words that begin so", func(field string, add func(string)) error {
			return b.view.eachTerm(field, f, prefixEnd(f), add)
		})
	case query.Fuzzy:
		return b.expanded(q, fmt.Sprintf("words within %d of it", q.Edits), func(field string, add func(string)) error {
			return fuzzy(b.view.snapshot, field, f, q.Edits, add)
		})
	case query.Pattern:
		return b.pattern(q)
	}
	words := cutWords(q.Text)
	if len(words) == 0 {
		return b.phrase(q, f)
	}
	if len(words) > 1 || words[0] != f {
		for _, w := range words {
			b.ranks(q.Field, w)
		}
		p, err := b.phrase(q, f)
		if err == nil {
			p.note = strings.Join(words, "|") + ", together: " + p.note
		}
		return p, err
	}
	if utf8.RuneCountInString(f) == 1 {
		return b.expanded(q, "words with this character", func(field string, add func(string)) error {
			return b.view.eachTerm(field, "", "", func(t string) {
				if strings.Contains(t, f) {
					add(t)
				}
			})
		})
	}
	b.ranks(q.Field, f)
	return leaf(q, "one word", func(h *shard) (pair, error) { return inFields(h, q.Field, []string{f}) }), nil
}

// inFields returns the documents that have one of the words in a text field.
func inFields(h *shard, field string, terms []string) (pair, error) {
	var sets []*roaring.Bitmap
	for _, f := range textFields(field) {
		s, err := h.withAny(f, terms)
		if err != nil {
			return pair{}, err
		}
		sets = append(sets, s)
	}
	return exactly(union(sets)), nil
}

// textFields returns the fields of the index behind a text field of the language.
func textFields(field string) []string {
	switch field {
	case "title":
		return []string{fieldTitle}
	case "body":
		return []string{fieldBody}
	}
	return []string{fieldBody, fieldTitle}
}

// expanded plans a text that stands for many words.
func (b *planner) expanded(q query.Text, note string, each func(field string, add func(string)) error) (*plan, error) {
	seen := map[string]bool{}
	for _, f := range textFields(q.Field) {
		if err := each(f, func(t string) { seen[t] = true }); err != nil {
			return nil, err
		}
		if len(seen) > maxTerms {
			return nil, fmt.Errorf("index: %q stands for more than %d words, want a longer beginning", q.String(), maxTerms)
		}
	}
	words := make([]string, 0, len(seen))
	for w := range seen {
		words = append(words, w)
	}
	slices.Sort(words)
	if len(words) <= 64 {
		for _, w := range words {
			b.ranks(q.Field, w)
		}
	}
	return leaf(q, fmt.Sprintf("%s: %d words%s", note, len(words), some(words)), func(h *shard) (pair, error) {
		return inFields(h, q.Field, words)
	}), nil
}

func some(words []string) string {
	if len(words) == 0 {
		return ""
	}
	s := " (" + strings.Join(words[:min(len(words), 5)], ", ")
	if len(words) > 5 {
		s += ", …"
	}
	return s + ")"
}

// phrase plans an exact string: all its pairs of characters have to be there,
// a word that contains it proves it, and the rest is read.
func (b *planner) phrase(q query.Text, f string) (*plan, error) {
	pairs := twosomes(f)
	if len(pairs) == 0 {
		return b.characters(q, f)
	}
	return leaf(q, fmt.Sprintf("%d pairs of characters, then read", len(pairs)), func(h *shard) (pair, error) {
		may, err := h.withPairs(pairs)
		if err != nil || may.IsEmpty() {
			return exactly(empty), err
		}
		word, err := inFields(h, q.Field, []string{f})
		if err != nil {
			return pair{}, err
		}
		return pair{word.sure, roaring.Or(may, word.sure)}, nil
	}), nil
}

// withPairs returns the documents that have all of the pairs, as words or as grams.
func (h *shard) withPairs(pairs []twosome) (*roaring.Bitmap, error) {
	sets := make([]*roaring.Bitmap, len(pairs))
	for i, p := range pairs {
		var both [3]*roaring.Bitmap
		for j, at := range [3][2]string{{fieldGrams, p.gram}, {fieldBody, p.word}, {fieldTitle, p.word}} {
			var err error
			if both[j], err = h.with(at[0], at[1]); err != nil {
				return nil, err
			}
		}
		if sets[i] = union(both[:]); sets[i].IsEmpty() {
			return empty, nil
		}
	}
	return intersection(sets), nil
}

// characters plans a string in which no two characters stand together without
// a mark between them: the words with each of them, then it is read. A mark is
// in no word, so for marks alone every article is read.
func (b *planner) characters(q query.Text, f string) (*plan, error) {
	p := &plan{query: q, note: "read", find: func(h *shard, parts []pair) (pair, error) {
		if len(parts) == 0 {
			return perhaps(h.docs), nil
		}
		out, err := all(h, parts)
		if utf8.RuneCountInString(f) > 1 {
			out.sure = empty
		}
		return out, err
	}}
	for _, r := range f {
		if !spoken(r) {
			continue
		}
		part, err := b.expanded(query.Text{Form: q.Form, Text: string(r)}, "words with this character", func(field string, add func(string)) error {
			return b.view.eachTerm(field, "", "", func(t string) {
				if strings.ContainsRune(t, r) {
					add(t)
				}
			})
		})
		if err != nil {
			return nil, err
		}
		p.parts = append(p.parts, part)
	}
	return p, nil
}

// cutWords returns the words of a text, folded, without marks.
func cutWords(text string) []string {
	var out []string
	text = corpus.Simplified(text) // as traditional articles are cut
	for _, t := range segment.Auto().Segment(text) {
		first := true
		eachTerm(text[t.Start:t.End], func(w string) {
			if first {
				out = append(out, w)
			}
			first = false
		})
	}
	return out
}

// pattern plans a regular expression: the strings that every match contains
// choose the articles that are read.
func (b *planner) pattern(q query.Text) (*plan, error) {
	var pairs []twosome
	for _, l := range literals(q.Text) {
		pairs = append(pairs, twosomes(fold(l))...)
	}
	if len(pairs) == 0 {
		return leaf(q, "no pair of characters that every match contains: every article is read", func(h *shard) (pair, error) { return perhaps(h.docs), nil }), nil
	}
	return leaf(q, fmt.Sprintf("%d pairs of characters, then read", len(pairs)), func(h *shard) (pair, error) {
		may, err := h.withPairs(pairs)
		return perhaps(may), err
	}), nil
}

// literals returns strings that every match of the expression contains.
func literals(expr string) []string {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil
	}
	return required(re.Simplify())
}

func required(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpConcat:
		var out []string
		for _, s := range re.Sub {
			out = append(out, required(s)...)
		}
		return out
	}
	return nil
}

func (b *planner) name(q query.Name) (*plan, error) {
	term := nameTerm(q.Field, q.Exact && tree(q.Field), fold(q.Text))
	if q.Text == "" {
		term = nameTerm(q.Field, false, "")
	}
	if !q.Prefix {
		return leaf(q, "a name", func(h *shard) (pair, error) {
			s, err := h.with(fieldNames, term)
			return exactly(s), err
		}), nil
	}
	var terms []string
	if err := b.view.eachTerm(fieldNames, term, prefixEnd(term), func(t string) { terms = append(terms, t) }); err != nil {
		return nil, err
	}
	if len(terms) > maxTerms {
		return nil, fmt.Errorf("index: %q stands for more than %d names, want a longer beginning", q.String(), maxTerms)
	}
	return leaf(q, fmt.Sprintf("%d names", len(terms)), func(h *shard) (pair, error) {
		s, err := h.withAny(fieldNames, terms)
		return exactly(s), err
	}), nil
}

func tree(name string) bool {
	f, _ := field(name)
	return f.Tree
}

// date plans a range of days as the years, months and days that make it up.
func (b *planner) date(q query.Date) (*plan, error) {
	var terms []string
	if err := b.view.eachTerm(fieldDate, "", "", func(t string) {
		year, month := t[:4], t[:min(len(t), 7)]
		switch {
		case len(t) == 4 && covers(q, year):
			terms = append(terms, t)
		case len(t) == 7 && covers(q, month) && !covers(q, year):
			terms = append(terms, t)
		case len(t) == 10 && covers(q, t) && !covers(q, month):
			terms = append(terms, t)
		}
	}); err != nil {
		return nil, err
	}
	return leaf(q, fmt.Sprintf("%d periods", len(terms)), func(h *shard) (pair, error) {
		s, err := h.withAny(fieldDate, terms)
		return exactly(s), err
	}), nil
}

// covers reports whether every day of the period (2024, 2024-10 or a day) lies in q.
func covers(q query.Date, period string) bool {
	first, last := period, period
	switch len(period) {
	case 4:
		first, last = period+"-01-01", period+"-12-31"
	case 7:
		first, last = period+"-01", period+"-31"
		if q.To != "" && q.To[:7] == period {
			last = lastDay(period)
		}
	}
	return (q.From == "" || q.From <= first) && (q.To == "" || last <= q.To)
}

// lastDay returns the last day of a month.
func lastDay(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month + "-31"
	}
	return t.AddDate(0, 1, -1).Format(time.DateOnly)
}

// together plans what has to stand in one sentence or near each other: all of
// it has to be in the article, then it is read. What must not be in the sentence
// may be elsewhere.
func (b *planner) together(q query.Query, of []query.Query) (*plan, error) {
	inArticle := make([]query.Query, len(of))
	for i, m := range of {
		inArticle[i] = withoutNots(m)
	}
	return b.many(q, inArticle, func(h *shard, parts []pair) (pair, error) {
		p, err := all(h, parts)
		return perhaps(p.may), err
	})
}

// withoutNots returns q with everything in the place of what it excludes.
func withoutNots(q query.Query) query.Query {
	all := func(of []query.Query) []query.Query {
		out := make([]query.Query, len(of))
		for i, m := range of {
			out[i] = withoutNots(m)
		}
		return out
	}
	switch q := q.(type) {
	case query.Not:
		return query.All{}
	case query.And:
		return query.And{Of: all(q.Of)}
	case query.Or:
		return query.Or{Of: all(q.Of)}
	}
	return q
}

// figure plans the conditions on one figure.
func (b *planner) figure(q query.Figure) (*plan, error) {
	var metric, value, category query.Condition
	var rest []query.Condition
	for _, c := range q.Of {
		switch {
		case c.Key == "metric" && metric.Text == "":
			metric = c
		case c.Key == "value" && value.Compare == nil:
			value = c
		case c.Key == "category" && category.Text == "" && fold(c.Text) != "":
			category = c
		default:
			rest = append(rest, c)
		}
	}
	if category.Text != "" && value.Compare == nil {
		rest = append(rest, category)
	}
	p := &plan{query: q, note: "figures"}
	var metrics []string
	if metric.Text != "" {
		var err error
		if metrics, err = b.metrics(fold(metric.Text)); err != nil {
			return nil, err
		}
	}
	single := len(rest) == 0
	switch {
	case value.Compare != nil:
		p.parts = append(p.parts, b.value(q, metrics, fold(category.Text), value.Compare))
	case metric.Text != "":
		p.parts = append(p.parts, leaf(q, fmt.Sprintf("%d metrics%s", len(metrics), some(metrics)), func(h *shard) (pair, error) {
			return inFigures(h, "metric", metrics)
		}))
	case len(rest) == 0:
		p.parts = append(p.parts, leaf(q, "any figure", func(h *shard) (pair, error) {
			return inFigures(h, "any", []string{"*"})
		}))
	}
	for _, c := range rest {
		part, exact, err := b.property(q, c)
		if err != nil {
			return nil, err
		}
		single = single || exact && len(p.parts) == 0 && len(rest) == 1
		p.parts = append(p.parts, part)
	}
	p.find = func(h *shard, parts []pair) (pair, error) {
		out, err := all(h, parts)
		if !single {
			out.sure = empty
		}
		return out, err
	}
	return p, nil
}

func inFigures(h *shard, key string, values []string) (pair, error) {
	terms := make([]string, len(values))
	for i, v := range values {
		terms[i] = propertyTerm(key, v)
	}
	s, err := h.withAny(fieldFigure, terms)
	return exactly(s), err
}

// metrics returns the folded names of the metrics that contain name.
func (b *planner) metrics(name string) ([]string, error) {
	out := []string{}
	prefix := "metric" + sep
	err := b.view.eachTerm(fieldFigure, prefix, prefixEnd(prefix), func(t string) {
		if m := t[len(prefix):]; strings.Contains(m, name) {
			out = append(out, m)
		}
	})
	return out, err
}

// property plans one named condition; exact when the index alone decides it.
func (b *planner) property(q query.Query, c query.Condition) (p *plan, exact bool, err error) {
	switch c.Key {
	case "time", "value":
		return leaf(q, c.Key+": read", func(h *shard) (pair, error) {
			s, err := inFigures(h, "any", []string{"*"})
			return perhaps(s.may), err
		}), false, nil
	case "rank":
		return leaf(q, "rank: read", func(h *shard) (pair, error) {
			s, err := inFigures(h, "rank", []string{"*"})
			return perhaps(s.may), err
		}), false, nil
	}
	var values []string
	prefix := c.Key + sep
	want := fold(c.Text)
	err = b.view.eachTerm(fieldFigure, prefix, prefixEnd(prefix), func(t string) {
		if v := t[len(prefix):]; propertyHolds(c.Key, v, want) {
			values = append(values, v)
		}
	})
	return leaf(q, fmt.Sprintf("%s: %d values%s", c.Key, len(values), some(values)), func(h *shard) (pair, error) {
		return inFigures(h, c.Key, values)
	}), true, err
}

// propertyHolds reports whether a folded value of a property meets the folded
// text of a condition: names by a part of them, all else by equality.
func propertyHolds(key, value, want string) bool {
	switch key {
	case "metric", "subject", "rule":
		return strings.Contains(value, want)
	}
	return value == want || want == ""
}

// value plans a comparison of the figures of some metrics, nil for all, and of a
// category, "" for all, both folded.
func (b *planner) value(q query.Query, metrics []string, category string, c *query.Compare) *plan {
	r := newBounds(c)
	note := "values"
	if metrics != nil {
		note = fmt.Sprintf("values of %d metrics%s", len(metrics), some(metrics))
	}
	if category != "" {
		note += " of category " + category
	}
	return leaf(q, note, func(h *shard) (pair, error) { return r.find(h, metrics, category) })
}
