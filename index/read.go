package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"longmai/index/query"
	"longmai/pipeline"
)

// ErrNoArticle is the error of an id that no article has.
var ErrNoArticle = errors.New("no such article")

// Document returns the article of that id, or of the only id that begins so.
func (l *Library) Document(id string) (*pipeline.Document, error) {
	v, release, err := l.acquire()
	if err != nil {
		return nil, err
	}
	defer release()
	h, doc, err := v.find(id)
	if err != nil {
		return nil, err
	}
	if h == nil {
		full, err := v.complete(id)
		if err != nil {
			return nil, err
		}
		if h, doc, err = v.find(full); err != nil {
			return nil, err
		}
	}
	if h == nil {
		return nil, fmt.Errorf("article %q: %w", id, ErrNoArticle)
	}
	return v.load(h, doc)
}

// complete returns the only id that begins with s.
func (v *view) complete(s string) (string, error) {
	var found []string
	for _, h := range v.shards {
		if s == "" || len(found) > 1 {
			break
		}
		if err := h.clone().eachTerm("_id", s, prefixEnd(s), func(t string) { found = append(found, t) }); err != nil {
			return "", err
		}
	}
	slices.Sort(found)
	found = slices.Compact(found)
	switch len(found) {
	case 0:
		return s, nil
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("article %q: several begin so, %s and %s among them", s, found[0], found[1])
}

// IDs returns the ids of all articles that match, sorted.
func (l *Library) IDs(ctx context.Context, q query.Query) ([]string, error) {
	v, release, err := l.acquire()
	if err != nil {
		return nil, err
	}
	defer release()
	m, err := v.match(ctx, Request{Query: orAll(q)}, &Result{})
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, m.total())
	for i, set := range m.hits {
		h := v.shards[i]
		if err := eachDoc(set, func(doc uint32) error {
			id, err := h.id(doc)
			out = append(out, id)
			return err
		}); err != nil {
			return nil, err
		}
	}
	slices.Sort(out)
	return out, nil
}

func orAll(q query.Query) query.Query {
	if q == nil {
		return query.All{}
	}
	return q
}

// Export yields every article that matches, oldest first and then by id, one by
// one: memory does not grow with their number.
func (l *Library) Export(ctx context.Context, q query.Query) iter.Seq2[*pipeline.Document, error] {
	return func(yield func(*pipeline.Document, error) bool) {
		l.each(ctx, Request{Query: orAll(q), Sort: ByDateUp}, func(d *pipeline.Document, _ *match, err error) bool { return yield(d, err) })
	}
}

// each calls f with every article that matches, in the order of the request, until f returns false.
func (l *Library) each(ctx context.Context, req Request, f func(*pipeline.Document, *match, error) bool) {
	v, release, err := l.acquire()
	if err != nil {
		f(nil, nil, err)
		return
	}
	defer release()
	m, err := v.match(ctx, req, &Result{})
	var cs []candidate
	if err == nil {
		cs, err = v.top(ctx, m, req.Sort, m.total(), nil)
	}
	if err != nil {
		f(nil, nil, err)
		return
	}
	const chunk = 64
	for i := 0; i < len(cs); i += chunk {
		part := cs[i:min(len(cs), i+chunk)]
		docs := make([]*pipeline.Document, len(part))
		if err := parallel(ctx, len(part), func(j int) (err error) {
			docs[j], err = v.load(v.shards[part[j].shard], part[j].doc)
			return err
		}); err != nil {
			f(nil, m, err)
			return
		}
		for _, d := range docs {
			if !f(d, m, nil) {
				return
			}
		}
	}
}

// A Row is one figure with its article.
type Row struct {
	Doc    *pipeline.Document
	Figure *pipeline.Figure
	Index  int // of the figure in Doc.Figures
}

// Figures yields the figures that a request asks for: those that meet a
// condition on figures of its query, or, when it has none, every figure of the
// articles that match. The order is that of the request's sort, by value when
// it says so, and within an article that of the text. Limit and Offset count
// rows; without a Limit there is no end before the last.
func (l *Library) Figures(ctx context.Context, req Request) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		req.Query = orAll(req.Query)
		if req.Sort == ByValue || req.Sort == ByValueUp {
			l.figuresByValue(ctx, req, yield)
			return
		}
		n := 0
		l.each(ctx, req, func(d *pipeline.Document, m *match, err error) bool {
			if err != nil {
				return yield(Row{}, err)
			}
			for _, i := range rowsOf(d, m.query) {
				if n++; n <= req.Offset {
					continue
				}
				if req.Limit > 0 && n > req.Offset+req.Limit || !yield(Row{d, &d.Figures[i], i}, nil) {
					return false
				}
			}
			return true
		})
	}
}

// rowsOf returns the indexes of the figures of d that q asks for.
func rowsOf(d *pipeline.Document, q query.Query) []int {
	conditions := figuresOf(q)
	if len(conditions) == 0 {
		out := make([]int, len(d.Figures))
		for i := range out {
			out[i] = i
		}
		return out
	}
	return matching(d, conditions)
}

// figuresByValue sorts all rows by their value, which takes them all into
// memory, without their articles.
func (l *Library) figuresByValue(ctx context.Context, req Request, yield func(Row, error) bool) {
	v, release, err := l.acquire()
	if err != nil {
		yield(Row{}, err)
		return
	}
	defer release()
	type key struct {
		worth
		id    string
		index int
	}
	var keys []key
	var failed error
	var classes baseClasses
	up := req.Sort == ByValueUp
	l.each(ctx, Request{Query: req.Query, NoSynonyms: req.NoSynonyms, Sort: ByDate}, func(d *pipeline.Document, m *match, err error) bool {
		if err == nil && classes == nil {
			conditions := figuresOf(m.query)
			if len(conditions) == 0 {
				conditions = []query.Figure{{}}
			}
			classes, err = v.baseClasses(conditions)
		}
		if failed = err; err != nil {
			return false
		}
		for _, i := range rowsOf(d, m.query) {
			keys = append(keys, key{classes.worth(&d.Figures[i], up), d.ID, i})
		}
		return true
	})
	if failed != nil {
		yield(Row{}, failed)
		return
	}
	slices.SortStableFunc(keys, func(a, b key) int { return a.worth.compare(b.worth) })
	keys = keys[min(req.Offset, len(keys)):]
	if req.Limit > 0 {
		keys = keys[:min(req.Limit, len(keys))]
	}
	for _, k := range keys {
		d, err := l.Document(k.id)
		if err != nil {
			yield(Row{}, err)
			return
		}
		if !yield(Row{d, &d.Figures[k.index], k.index}, nil) {
			return
		}
	}
}

// Stats says how much is in a library.
type Stats struct {
	Manifest Manifest
	Articles int
	Dated    int
	From, To string // first and last issue date; "" when none is dated
	Days     int    // issue dates with articles
	Bytes    int64  // of the library on disk
	Shards   int
	Names    map[string]int // field → different values, those of dropped articles included
}

// Stats counts what is in the library.
func (l *Library) Stats() (Stats, error) {
	v, release, err := l.acquire()
	if err != nil {
		return Stats{}, err
	}
	defer release()
	s := Stats{Manifest: l.Manifest(), Articles: v.count(), Shards: len(v.shards), Names: map[string]int{}, Bytes: folderSize(l.dir)}
	days, err := v.days()
	if err != nil {
		return s, err
	}
	for _, d := range days {
		s.Dated += d.Articles
	}
	if s.Days = len(days); s.Days > 0 {
		s.From, s.To = days[0].Day, days[len(days)-1].Day
	}
	labels, err := v.facetNames()
	if err != nil {
		return s, err
	}
	for i, name := range facetFields()[placeFacets:] {
		if n := labels.len(placeFacets + i); n > 0 {
			s.Names[name] = n
		}
	}
	return s, nil
}

// A DayCount is how many articles of one issue are in.
type DayCount struct {
	Day      string
	Articles int
	Editions []string // that have articles, sorted
}

// Coverage returns the issue dates that have articles, in order, each with how
// many and of which editions. Days between them that are not listed are missing.
func (l *Library) Coverage(ctx context.Context) ([]DayCount, error) {
	v, release, err := l.acquire()
	if err != nil {
		return nil, err
	}
	defer release()
	days, err := v.days()
	if err != nil {
		return nil, err
	}
	labels, err := v.facetNames()
	if err != nil {
		return nil, err
	}
	edition := slices.Index(facetFields(), "edition")
	for _, h := range v.shards {
		c, err := h.columns()
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		seen := map[[2]int]bool{}
		for _, doc := range h.docs.ToArray() {
			day, dated := c.facets[placeDay].first(doc)
			code, ok := c.facets[edition].first(doc)
			if !dated || !ok || seen[[2]int{day, code}] {
				continue
			}
			seen[[2]int{day, code}] = true
			i, ok := slices.BinarySearchFunc(days, labels.value(placeDay, day), func(d DayCount, day string) int { return cmp.Compare(d.Day, day) })
			if name := labels.value(edition, code); ok && !slices.Contains(days[i].Editions, name) {
				days[i].Editions = append(days[i].Editions, name)
			}
		}
	}
	for i := range days {
		slices.Sort(days[i].Editions)
	}
	return days, nil
}

// days returns the issue dates with the number of their articles, in order.
func (v *view) days() ([]DayCount, error) {
	terms, err := v.read(fieldDate, "", "")
	if err != nil {
		return nil, err
	}
	var out []DayCount
	for _, t := range terms {
		if len(t) != len("2006-01-02") {
			continue
		}
		n, err := v.frequency([]string{fieldDate}, t)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, DayCount{Day: t, Articles: n})
		}
	}
	return out, nil
}

// Names yields the names of a facet with how many articles have each, most
// first: for completion and lists.
func (l *Library) Names(ctx context.Context, field string) ([]FacetValue, error) {
	res, err := l.Search(ctx, Request{Facets: []FacetRequest{{Field: field, Limit: -1}}})
	if err != nil {
		return nil, err
	}
	return res.Facets[0].Values, nil
}
