package index

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"longmai/corpus"
	"longmai/index/query"
	"longmai/pipeline"
	"longmai/pipeline/segment"

	"github.com/shopspring/decimal"
)

// Matcher returns a function that reports whether a document matches q, by
// reading it: the oracle that the index is tested against. The index itself
// uses the same code where its sets cannot decide. Tokens are made when a
// document has none.
func Matcher(q query.Query) func(d *pipeline.Document) bool {
	cuts := map[string][]string{}
	query.Walk(q, func(q query.Query) bool {
		if t, ok := q.(query.Text); ok && t.Form == query.Word {
			cuts[t.Text] = cutWords(t.Text)
		}
		return true
	})
	return func(d *pipeline.Document) bool {
		r := newReader(d)
		r.cuts = cuts
		return r.matches(q)
	}
}

// A reader evaluates queries on one document.
type reader struct {
	loaded *pipeline.Document // nil when the document is read as it is asked for
	stored *storedReader
	err    error // of reading; then nothing matches

	known func(q query.Text) (has, ok bool) // what the index knows of words; may be nil
	cuts  map[string][]string               // words of the query → how they are cut

	folded folded
	ready  bool
	words  map[string]struct{} // terms of the body
	titles map[string]struct{} // terms of the headlines

	stand []placed // where words and strings are that same and near ask for
}

// A storedReader reads a stored document by parts.
type storedReader struct {
	text      storedText
	needles   *needles
	buffer    *[]byte // what the text is decoded in
	records   func(text string) (*partial, error)
	body      string // "" until it is asked for
	parts     *partial
	sentences []pipeline.Span // nil until they are asked for
	spans     []pipeline.Span // their memory
}

func newReader(d *pipeline.Document) *reader { return &reader{loaded: d} }

// text returns the text of the document.
func (r *reader) text() string {
	if r.loaded != nil {
		return r.loaded.Body()
	}
	s := r.stored
	if s.body == "" && s.text.size > 0 && r.err == nil {
		b, err := s.needles.table.decode((*s.buffer)[:0], s.text)
		if err != nil {
			r.err = err
			return ""
		}
		*s.buffer, s.body = b, unsafe.String(unsafe.SliceData(b), len(b))
	}
	return s.body
}

// doc returns the document with at least the layers of some sections. An
// error leaves it empty, and is kept.
func (r *reader) doc(need ...section) *pipeline.Document {
	if r.loaded != nil {
		return r.loaded
	}
	s := r.stored
	if text := r.text(); s.parts == nil && r.err == nil {
		s.parts, r.err = s.records(text)
	}
	if r.err == nil {
		r.err = s.parts.read(need...)
	}
	if r.err != nil {
		return &pipeline.Document{Article: &corpus.Article{}}
	}
	return s.parts.Document
}

func (r *reader) cut(text string) []string {
	if w, ok := r.cuts[text]; ok {
		return w
	}
	return cutWords(text)
}

// places returns at most max places of a folded string.
func (r *reader) places(f string, max int) []pipeline.Span {
	if f == "" {
		return nil
	}
	if r.loaded == nil {
		spans, err := r.stored.needles.of(f).find(r.stored.text, max)
		if r.err == nil {
			r.err = err
		}
		return spans
	}
	return r.fold().find(f, max)
}

// has reports whether the text has a folded string.
func (r *reader) has(f string) bool {
	if r.loaded == nil {
		found, err := r.stored.needles.of(f).in(r.stored.text)
		if r.err == nil {
			r.err = err
		}
		return found
	}
	return strings.Contains(r.fold().s, f)
}

// fold folds the text of a document that is there as a whole.
func (r *reader) fold() folded {
	if !r.ready {
		r.ready, r.folded = true, foldText(r.loaded.Body())
	}
	return r.folded
}

func (r *reader) matches(q query.Query) bool {
	switch q := q.(type) {
	case query.All:
		return true
	case query.And:
		for _, m := range q.Of {
			if !r.matches(m) {
				return false
			}
		}
		for _, h := range holders(q) {
			if !r.holds(h) {
				return false
			}
		}
		return true
	case query.Or:
		return slices.ContainsFunc(q.Of, r.matches)
	case query.Not:
		return !r.matches(q.Of)
	case query.Text:
		return r.hasText(q)
	case query.Name:
		return r.hasName(q)
	case query.Date:
		day := r.doc(sectionArticle).Date.String()
		return day != "" && (q.From == "" || q.From <= day) && (q.To == "" || day <= q.To)
	case query.Figure:
		return slices.ContainsFunc(r.doc(sectionFigures).Figures, func(f pipeline.Figure) bool { return meets(&f, q) })
	case query.Same:
		return r.same(q)
	case query.Near:
		return len(r.near(q)) > 0
	}
	return false
}

// holds reports whether the person holds the post.
func (r *reader) holds(h holder) bool {
	for _, x := range r.doc(sectionRelations, sectionEntities).Relations {
		if x.Type == "post" && fold(x.Arg("title")) == fold(h.post) && slices.Contains(personNames(r.doc(sectionEntities), x.Arg("person")), fold(h.person)) {
			return true
		}
	}
	return false
}

// terms returns the words of the body and the headlines.
func (r *reader) terms(field string) []map[string]struct{} {
	if r.words == nil {
		d := *r.doc(sectionArticle)
		if d.Tokens == nil {
			d.Tokens = segment.Auto().Segment(corpus.Simplified(r.text()))
		}
		r.words, r.titles = words(&d)
	}
	switch field {
	case "title":
		return []map[string]struct{}{r.titles}
	case "body":
		return []map[string]struct{}{r.words}
	}
	return []map[string]struct{}{r.words, r.titles}
}

func (r *reader) hasText(q query.Text) bool {
	f := fold(q.Text)
	if f == "" {
		return false
	}
	if r.known != nil {
		if has, ok := r.known(q); ok {
			return has
		}
	}
	switch q.Form {
	case query.Word:
		words := r.cut(q.Text)
		if len(words) != 1 || words[0] != f {
			break
		}
		single := utf8.RuneCountInString(f) == 1
		return r.anyWord(q.Field, func(w string) bool { return w == f || single && strings.Contains(w, f) })
	case query.Prefix:
		return r.anyWord(q.Field, func(w string) bool { return strings.HasPrefix(w, f) })
	case query.Fuzzy:
		return r.anyWord(q.Field, func(w string) bool { return distance(w, f, q.Edits) <= q.Edits })
	}
	if q.Field == "" && q.Form != query.Pattern {
		return r.has(f)
	}
	return len(r.find(q, 1)) > 0
}

func (r *reader) anyWord(field string, f func(string) bool) bool {
	for _, m := range r.terms(field) {
		for w := range m {
			if f(w) {
				return true
			}
		}
	}
	return false
}

// find returns at most max places of the characters of q, by string, not by word.
func (r *reader) find(q query.Text, max int) []pipeline.Span {
	if q.Form == query.Pattern {
		return r.findPattern(q, max)
	}
	n := max
	if q.Field != "" {
		n = math.MaxInt
	}
	spans := r.places(fold(q.Text), n)
	if q.Field != "" {
		spans = slices.DeleteFunc(spans, func(s pipeline.Span) bool { return !r.inField(s, q.Field) })
	}
	return spans[:min(len(spans), max)]
}

// inField reports whether s begins in the blocks of a text field.
func (r *reader) inField(s pipeline.Span, field string) bool {
	b, i := r.doc(sectionArticle).BlockAt(s.Start)
	return field == "" || (i >= 0 && headline(b.Role)) == (field == "title")
}

func (r *reader) findPattern(q query.Text, max int) []pipeline.Span {
	re, err := regexp.Compile(q.Text)
	if err != nil {
		return nil
	}
	var out []pipeline.Span
	for _, b := range r.doc(sectionArticle).Blocks {
		if !r.inField(b.Span, q.Field) {
			continue
		}
		for _, m := range re.FindAllStringIndex(r.text()[b.Span.Start:b.Span.End], max-len(out)) {
			out = append(out, pipeline.Span{Start: b.Span.Start + m[0], End: b.Span.Start + m[1]})
		}
		if len(out) >= max {
			break
		}
	}
	return out
}

func (r *reader) hasName(q query.Name) bool {
	f, _ := field(q.Field)
	want, found := fold(q.Text), false
	f.names(r.doc(sectionArticle, sectionEntities, sectionRelations, sectionFigures), func(l label) {
		found = found || isCalled(q, l, want)
	})
	return found
}

// isCalled reports whether a label of a field meets q, whose text is want when folded.
func isCalled(q query.Name, l label, want string) bool {
	if q.Text == "" {
		return true
	}
	if q.Exact && l.parent {
		return false
	}
	return slices.ContainsFunc(append([]string{l.name}, l.aliases...), func(n string) bool {
		n = fold(n)
		return n == want || q.Prefix && strings.HasPrefix(n, want)
	})
}

// mentions returns where the names of q stand. Names of the article's head stand nowhere.
func (r *reader) mentions(q query.Name) []pipeline.Span {
	var out []pipeline.Span
	want := fold(q.Text)
	f, _ := field(q.Field)
	d := r.doc(sectionArticle, sectionEntities, sectionRelations)
	for i := range d.Entities {
		e := &d.Entities[i]
		one := *d
		one.Entities = d.Entities[i : i+1]
		hit := false
		if f.names != nil && entityField(e.Type) == q.Field {
			f.names(&one, func(l label) { hit = hit || isCalled(q, l, want) })
		}
		if hit {
			out = append(out, e.Span)
		}
	}
	for _, x := range d.Relations {
		if q.Field != "post" || x.Type != "post" {
			continue
		}
		for _, a := range x.Args {
			if a.Role == "title" && !a.Span.Empty() && isCalled(q, label{name: a.Name}, want) {
				out = append(out, a.Span)
			}
		}
	}
	for _, c := range d.Byline {
		if q.Field == "byline" && !c.Span.Empty() && isCalled(q, label{name: c.Name}, want) {
			out = append(out, c.Span)
		}
	}
	return out
}

// entityField returns the field of a type of entity.
func entityField(t pipeline.EntityType) string {
	if t == pipeline.Organization {
		return "org"
	}
	return string(t)
}

// same reports whether one sentence holds all of q.
func (r *reader) same(q query.Same) bool {
	for _, m := range q.Of { // most articles fail here, or have few places to look at
		switch m.(type) {
		case query.Text, query.Name:
			if len(r.occurrences(m)) == 0 {
				return false
			}
		}
	}
	return slices.ContainsFunc(r.allSentences(), func(s pipeline.Span) bool {
		for _, m := range q.Of {
			if !r.in(s, m) {
				return false
			}
		}
		return true
	})
}

// allSentences returns the sentences of the document.
func (r *reader) allSentences() []pipeline.Span {
	if r.loaded != nil {
		return r.loaded.Sentences
	}
	if r.stored.sentences == nil {
		r.stored.spans = decodeSentences(r.stored.spans, r.stored.text.sentences)
		r.stored.sentences = r.stored.spans
	}
	return r.stored.sentences
}

// in reports whether the sentence s holds q.
func (r *reader) in(s pipeline.Span, q query.Query) bool {
	switch q := q.(type) {
	case query.And:
		for _, m := range q.Of {
			if !r.in(s, m) {
				return false
			}
		}
		return true
	case query.Or:
		return slices.ContainsFunc(q.Of, func(m query.Query) bool { return r.in(s, m) })
	case query.Not:
		return !r.in(s, q.Of)
	case query.Figure:
		return slices.ContainsFunc(r.doc(sectionFigures).Figures, func(f pipeline.Figure) bool { return s.Contains(f.Span) && meets(&f, q) })
	}
	return slices.ContainsFunc(r.occurrences(q), s.Contains)
}

// placed is where a part of a query stands.
type placed struct {
	key   any
	spans []pipeline.Span
}

// maxPlaces bounds how often one string is looked for in one article.
const maxPlaces = 10_000

// occurrences returns where a word, a string or a name stands, sorted.
func (r *reader) occurrences(q query.Query) []pipeline.Span {
	var key any = q
	switch q.(type) {
	case query.Text, query.Name:
	case query.Or: // cannot be compared
		key = q.String()
	default:
		return nil
	}
	for i := range r.stand {
		if r.stand[i].key == key {
			return r.stand[i].spans
		}
	}
	var out []pipeline.Span
	switch q := q.(type) {
	case query.Text:
		out = r.textPlaces(q)
	case query.Name:
		out = r.mentions(q)
	case query.Or:
		for _, m := range q.Of {
			out = append(out, r.occurrences(m)...)
		}
	}
	slices.SortFunc(out, func(a, b pipeline.Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	r.stand = append(r.stand, placed{key, out})
	return out
}

// textPlaces returns where a text stands. A word counts where its characters
// stand in an article that has the word; a prefix and a fuzzy word stand where
// one of the words that they stand for does.
func (r *reader) textPlaces(q query.Text) []pipeline.Span {
	switch q.Form {
	case query.Phrase, query.Pattern:
		return r.find(q, maxPlaces)
	}
	if !r.hasText(q) {
		return nil
	}
	if q.Form == query.Word {
		return r.find(q, maxPlaces)
	}
	var out []pipeline.Span
	f := fold(q.Text)
	for _, m := range r.terms(q.Field) {
		for w := range m {
			if q.Form == query.Prefix && strings.HasPrefix(w, f) || q.Form == query.Fuzzy && distance(w, f, q.Edits) <= q.Edits {
				out = append(out, r.find(query.Text{Field: q.Field, Form: query.Phrase, Text: w}, maxPlaces)...)
			}
		}
	}
	return out
}

// near returns the spans in which all parts of q stand together: chains in
// which each part begins at most N characters behind the end of the one before.
func (r *reader) near(q query.Near) []pipeline.Span {
	type place struct {
		pipeline.Span
		part int
	}
	var all []place
	for i, m := range q.Of {
		at := r.occurrences(m)
		if len(at) == 0 {
			return nil
		}
		for _, s := range at {
			all = append(all, place{s, i})
		}
	}
	slices.SortStableFunc(all, func(a, b place) int { return a.Start - b.Start })
	// Most articles have all parts far from each other, which is seen without their text.
	meetings, end := 1, all[0].End
	for i, p := range all[1:] {
		if p.part != all[i].part && p.Start-end <= utf8.UTFMax*q.N {
			meetings++
		}
		end = max(end, p.End)
	}
	if meetings < len(q.Of) {
		return nil
	}
	var out []pipeline.Span
	chainOf := make([]int, len(q.Of)) // by part: the last chain that has it, from 1
	for i, chain := 0, 1; i < len(all); chain++ {
		j, end := i, all[i].End
		parts := 0
		for ; j < len(all) && (j == i || r.within(end, all[j].Start, q.N)); j++ {
			end = max(end, all[j].End)
			if p := all[j].part; chainOf[p] != chain {
				chainOf[p] = chain
				parts++
			}
		}
		if parts == len(q.Of) {
			out = append(out, pipeline.Span{Start: all[i].Start, End: end})
		}
		i = j
	}
	return out
}

// within reports whether there are at most n characters from one byte to another.
func (r *reader) within(from, to, n int) bool {
	switch bytes := to - from; {
	case bytes <= n:
		return true
	case bytes > utf8.UTFMax*n:
		return false
	}
	return utf8.RuneCountInString(r.text()[from:to]) <= n
}

// meets reports whether f meets all conditions of q.
func meets(f *pipeline.Figure, q query.Figure) bool {
	for _, c := range q.Of {
		if !meetsOne(f, c) {
			return false
		}
	}
	return true
}

func meetsOne(f *pipeline.Figure, c query.Condition) bool {
	switch c.Key {
	case "value":
		return compares(f, c.Compare)
	case "rank":
		return f.Rank != nil && ranks(f.Rank, c.Compare)
	case "time":
		return overlaps(f.Time, c.Text)
	}
	if c.Key == "metric" && c.Text == "" {
		return true
	}
	want, found := fold(c.Text), false
	eachProperty(f, func(p property, value string) {
		found = found || propertyKeys[p] == c.Key && propertyHolds(c.Key, fold(value), want)
	})
	return found
}

// ranks reports whether a rank meets c. 前十 is 1 to 10.
func ranks(r *pipeline.RankOf, c *query.Compare) bool {
	whole := func(n int) decimal.NullDecimal { return decimal.NewNullDecimal(decimal.NewFromInt(int64(n))) }
	if r.N > 0 {
		return numbers{value: whole(r.N)}.satisfies(pipeline.Point, c, c.A.Number, c.B.Number)
	}
	return numbers{low: whole(1), high: whole(r.NMax)}.satisfies(pipeline.Range, c, c.A.Number, c.B.Number)
}

// overlaps reports whether the time of a figure and a range of days have a day in common.
func overlaps(t *pipeline.FigureTime, text string) bool {
	if t == nil || t.From.IsZero() && t.To.IsZero() {
		return false
	}
	if text == "" || text == "*" {
		return true
	}
	from, to, cut := strings.Cut(text, "..")
	if !cut {
		to = from
	}
	first, last := t.From.String(), t.To.String()
	if first == "" {
		first = last
	}
	if last == "" {
		last = first
	}
	return (to == "" || first <= to) && (from == "" || from <= last)
}

// distance returns the number of characters to insert, delete or change to make
// b of a, or max+1 when it is more than max.
func distance(a, b string, max int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > max || len(y)-len(x) > max {
		return max + 1
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		last := row[0]
		row[0] = i + 1
		for j := range y {
			cost := last
			if x[i] != y[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, last+1)
		}
	}
	return min(row[len(y)], max+1)
}
