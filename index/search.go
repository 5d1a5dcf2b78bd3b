package index

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"longmai/index/query"
	"longmai/pipeline"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/shopspring/decimal"
)

// A Sort is an order of hits.
type Sort string

// The orders. Hits that are equal come in the order of date, newest first, and then of id.
const (
	ByRelevance Sort = "relevance" // best first; by date when nothing in the query ranks
	ByDate      Sort = "date"      // newest first
	ByDateUp    Sort = "date-asc"  // oldest first
	ByValue     Sort = "value"     // largest matching figure first
	ByValueUp   Sort = "value-asc"
)

// Sorts are all orders.
var Sorts = []Sort{ByRelevance, ByDate, ByDateUp, ByValue, ByValueUp}

// A Request asks for articles.
type Request struct {
	Query  query.Query // nil is every article
	Limit  int         // hits to return; 0 returns none, only totals and facets
	Offset int
	After  string // Result.Next of the page before: the hits behind it, at the cost of the first page

	Sort   Sort
	Facets []FacetRequest

	Passages   int  // passages of each hit at most; 0 is 3
	Explain    bool // fill Result.Explanation
	NoSynonyms bool // leave out the table of synonyms
	Collapse   bool // show and count one article of each cluster of reprints: the earliest that matches
}

// A FacetRequest asks for the counts of a field.
type FacetRequest struct {
	Field string
	Limit int    // values at most; 0 is 10, negative is all
	Under string // of place: code of the place whose parts are counted, "" counts all
}

// A Result is the answer to a Request.
type Result struct {
	Query       query.Query
	Expanded    []Expansion // synonyms that were added, and units of numbers without one
	Total       int         // articles that match, exact
	Collapsed   int         // of them those that are not shown and not counted in facets, for Request.Collapse
	Hits        []Hit
	Next        string // for Request.After; "" when there is no more
	Facets      []Facet
	Explanation *Explanation
	Took        time.Duration
}

// A Hit is one article that matches.
type Hit struct {
	Doc      *pipeline.Document
	Score    float64
	Passages []Passage
	Marks    []pipeline.Span // all places that match, sorted
	Figures  []int           // indexes of the figures of Doc that match
	Entities []int           // indexes of the entities of Doc that match
	Reprints []string        // ids of collapsed articles
}

// A Passage is one or more whole sentences with the places that match.
type Passage struct {
	Span  pipeline.Span
	Marks []pipeline.Span
}

// Search answers a request.
func (l *Library) Search(ctx context.Context, req Request) (*Result, error) {
	start := time.Now()
	v, release, err := l.acquire()
	if err != nil {
		return nil, err
	}
	defer release()
	if req.Query == nil {
		req.Query = query.All{}
	}
	res := &Result{Query: req.Query}
	m, err := v.match(ctx, req, res)
	if err != nil {
		return nil, err
	}
	res.Total, res.Collapsed = m.total()+m.collapsed, m.collapsed
	if res.Facets, err = v.facets(ctx, m, req.Facets); err != nil {
		return nil, err
	}
	if req.Limit > 0 {
		if err := v.page(ctx, m, req, res); err != nil {
			return nil, err
		}
	}
	if req.Explain {
		if res.Explanation, err = v.explain(ctx, m); err != nil {
			return nil, err
		}
	}
	res.Took = time.Since(start)
	return res, nil
}

// A match is the set of articles that a query finds.
type match struct {
	query query.Query // with synonyms
	plan  *plan
	words []scoreWord
	hits  []*roaring.Bitmap // by shard
	read  int               // articles that were read to decide

	collapsed int                  // articles taken out of hits
	reprints  map[address][]string // and by the hit that stands for them
}

func (m *match) total() int {
	n := 0
	for _, h := range m.hits {
		n += int(h.GetCardinality())
	}
	return n
}

// match finds the articles of a request.
func (v *view) match(ctx context.Context, req Request, res *Result) (*match, error) {
	q := req.Query
	if !req.NoSynonyms {
		q, res.Expanded = expand(q)
	}
	q, units, err := v.withUnits(q)
	if err != nil {
		return nil, err
	}
	res.Expanded = append(res.Expanded, units...)
	b := &planner{view: v}
	p, err := b.plan(q)
	if err != nil {
		return nil, err
	}
	m := &match{query: q, plan: p, words: b.words, hits: make([]*roaring.Bitmap, len(v.shards))}
	known := make([]map[*plan]pair, len(v.shards))
	may := make([]*roaring.Bitmap, len(v.shards))
	if err = v.eachShard(ctx, func(i int, h *shard) error {
		known[i] = map[*plan]pair{}
		r, err := p.run(h, func(p *plan, r pair) { known[i][p] = r })
		if err != nil {
			return err
		}
		m.hits[i] = roaring.And(r.sure, h.docs)
		may[i] = roaring.And(r.may, h.docs)
		may[i].AndNot(m.hits[i])
		return nil
	}); err != nil {
		return nil, err
	}
	if err := v.verify(ctx, m, known, may); err != nil || !req.Collapse {
		return m, err
	}
	return m, v.collapse(m)
}

// maxRead is the cost guard of conditions that have to read articles.
const maxRead = 1_000_000

// verify reads the articles that may match and adds those that do.
func (v *view) verify(ctx context.Context, m *match, known []map[*plan]pair, may []*roaring.Bitmap) error {
	type job struct {
		shard int
		docs  []uint32
		found []uint32
	}
	var jobs []*job
	for i, set := range may {
		m.read += int(set.GetCardinality())
		for it := set.ManyIterator(); ; {
			docs := make([]uint32, 64)
			n := it.NextMany(docs)
			if n == 0 {
				break
			}
			jobs = append(jobs, &job{shard: i, docs: docs[:n]})
		}
	}
	if m.read > maxRead {
		return fmt.Errorf("index: %d articles would have to be read to answer %q, at most %d; add a word or a name that narrows it", m.read, m.query.String(), maxRead)
	}
	err := parallel(ctx, len(jobs), func(i int) error {
		j := jobs[i]
		return v.decide(v.shards[j.shard], m, known[j.shard], j.docs, func(doc uint32) { j.found = append(j.found, doc) })
	})
	for _, j := range jobs {
		m.hits[j.shard].AddMany(j.found)
	}
	return err
}

// decide reads articles of one shard and calls found with those that match.
func (v *view) decide(h *shard, m *match, known map[*plan]pair, docs []uint32, found func(doc uint32)) error {
	var buffer foldBuffer
	for _, doc := range docs {
		err := v.text(h, doc, func(text string, sentences []byte) error {
			r := &reader{
				text:      text,
				sentences: sentences,
				pooled:    &buffer,
				load: func() (p *partial, err error) {
					err = v.records(h, doc, func(b []byte) error {
						p, err = newPartial(text, bytes.Clone(b))
						return err
					})
					return p, err
				},
				known: func(q query.Text) (bool, bool) { return m.plan.knows(q, doc, known) },
			}
			if m.plan.holds(r, doc, known) {
				found(doc)
			}
			return r.err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// text calls f with the text of an article and where its sentences stand, which
// are valid during the call.
func (v *view) text(h *shard, doc uint32, f func(text string, sentences []byte) error) error {
	return h.stored(doc, fieldText, func(packed []byte) error { return v.codec.unpackText(packed, f) })
}

// records calls f with the records of an article, which are valid during the call.
func (v *view) records(h *shard, doc uint32, f func(b []byte) error) error {
	return h.stored(doc, fieldRecords, func(packed []byte) error { return v.codec.unpack(packed, f) })
}

// holds reports whether a document matches, by what the index knows of each
// part, and by reading where it does not know.
func (p *plan) holds(r *reader, doc uint32, known map[*plan]pair) bool {
	k := known[p]
	switch {
	case k.sure.Contains(doc):
		return true
	case !k.may.Contains(doc):
		return false
	}
	each := func(q *plan) bool { return q.holds(r, doc, known) }
	switch p.query.(type) {
	case query.And:
		for _, q := range p.parts {
			if !each(q) {
				return false
			}
		}
		return true
	case query.Or:
		return slices.ContainsFunc(p.parts, each)
	case query.Not:
		return !each(p.parts[0])
	}
	return r.matches(p.query)
}

// knows reports whether a document has the word q, when a part of p asks for
// it and the index alone decides it.
func (p *plan) knows(q query.Text, doc uint32, known map[*plan]pair) (has, ok bool) {
	if p.query == query.Query(q) {
		if k := known[p]; k.sure == k.may {
			return k.sure.Contains(doc), true
		}
		return false, false
	}
	for _, part := range p.parts {
		if has, ok := part.knows(q, doc, known); ok {
			return has, true
		}
	}
	return false, false
}

// load returns the article, freshly read, with what others say about it.
func (v *view) load(h *shard, doc uint32) (*pipeline.Document, error) {
	d, err := v.stored(h, doc)
	if err == nil {
		err = v.relations.relate(d)
	}
	return d, err
}

// stored returns the article as it was written.
func (v *view) stored(h *shard, doc uint32) (d *pipeline.Document, err error) {
	var text string
	if err := v.text(h, doc, func(s string, _ []byte) error { text = strings.Clone(s); return nil }); err != nil {
		return nil, err
	}
	err = v.records(h, doc, func(b []byte) error {
		d, err = decodeDocument(text, b)
		return err
	})
	return d, err
}

// A candidate is a hit before it is shown. Candidates order best first.
type candidate struct {
	shard int
	doc   uint32
	score float64
	day   string
	id    string
}

// A cursor is where a page ended.
type cursor struct {
	Score float64 `json:"s"`
	Day   string  `json:"d"`
	ID    string  `json:"i"`
}

func (c candidate) cursor() string {
	b, _ := json.Marshal(cursor{c.score, c.day, c.id})
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(s string) (candidate, error) {
	var c cursor
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil {
		return candidate{}, fmt.Errorf("index: %q is no place to go on from", s)
	}
	return candidate{score: c.Score, day: c.Day, id: c.ID}, nil
}

func compare(a, b candidate, oldest bool) int {
	if c := cmp.Compare(b.score, a.score); c != 0 {
		return c
	}
	if c := cmp.Compare(b.day, a.day); c != 0 {
		if oldest {
			return -c
		}
		return c
	}
	return cmp.Compare(a.id, b.id)
}

// page fills in the hits of a request.
func (v *view) page(ctx context.Context, m *match, req Request, res *Result) error {
	cs, err := v.scored(ctx, m, req.Sort)
	if err != nil {
		return err
	}
	var after *candidate
	if req.After != "" {
		c, err := readCursor(req.After)
		if err != nil {
			return err
		}
		after = &c
	}
	n := req.Offset + req.Limit + 1
	if cs, err = v.top(cs, n, req.Sort == ByDateUp, after); err != nil {
		return err
	}
	cs = cs[min(req.Offset, len(cs)):]
	if len(cs) > req.Limit {
		cs = cs[:req.Limit]
		res.Next = cs[len(cs)-1].cursor()
	}
	res.Hits = make([]Hit, len(cs))
	return parallel(ctx, len(cs), func(i int) error {
		d, err := v.load(v.shards[cs[i].shard], cs[i].doc)
		if err == nil {
			res.Hits[i] = show(m.query, d, cmp.Or(req.Passages, 3))
			res.Hits[i].Score, res.Hits[i].Reprints = cs[i].score, m.reprints[address{cs[i].shard, cs[i].doc}]
		}
		return err
	})
}

// scored returns all hits with what they are ordered by, but for day and id.
func (v *view) scored(ctx context.Context, m *match, by Sort) ([]candidate, error) {
	parts := make([][]candidate, len(v.shards))
	weights, err := v.weigh(m, by)
	if err != nil {
		return nil, err
	}
	err = v.eachShard(ctx, func(i int, h *shard) error {
		hits := m.hits[i].ToArray()
		cs := make([]candidate, len(hits))
		for j, doc := range hits {
			cs[j] = candidate{shard: i, doc: doc}
		}
		parts[i] = cs
		for _, w := range weights {
			if err := h.score(w, m.hits[i], hits, cs); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && (by == ByValue || by == ByValueUp) {
		err = v.byValue(ctx, m, parts, by == ByValueUp)
	}
	return slices.Concat(parts...), err
}

// BM25 with the title as a field of its own.
const (
	k1         = 1.2
	lengthNorm = 0.5 // b of BM25
	titleBoost = 2.5
	bodyPivot  = 400.0 // words of an article of common length, sub-words included
	titlePivot = 14.0
)

// A weight is one word in one field and what it is worth.
type weight struct {
	field, term string
	idf         float64
	pivot       float64
}

func (v *view) weigh(m *match, by Sort) ([]weight, error) {
	if by != "" && by != ByRelevance {
		return nil, nil
	}
	n := float64(v.count())
	var out []weight
	for _, w := range m.words {
		df, err := v.frequency(textFields(w.field), w.term)
		if err != nil {
			return nil, err
		}
		idf := math.Log(1 + (n-float64(df)+0.5)/(float64(df)+0.5))
		for _, f := range textFields(w.field) {
			x := weight{field: f, term: w.term, idf: idf, pivot: bodyPivot}
			if f == fieldTitle {
				x.idf, x.pivot = idf*titleBoost, titlePivot
			}
			out = append(out, x)
		}
	}
	return out, nil
}

// score adds the worth of one word to the candidates, which are the hits in order.
func (h *shard) score(w weight, set *roaring.Bitmap, hits []uint32, cs []candidate) error {
	it, err := h.postings(w.field, w.term, true)
	if err != nil {
		return err
	}
	if o, ok := it.(interface {
		ActualBitmap() *roaring.Bitmap
		ReplaceActual(*roaring.Bitmap)
	}); ok && o.ActualBitmap() != nil {
		both := roaring.And(o.ActualBitmap(), set)
		if both.IsEmpty() {
			return nil
		}
		o.ReplaceActual(both)
	}
	j := 0
	for {
		p, err := it.Next()
		if err != nil {
			return fmt.Errorf("index: field %s: %w", w.field, err)
		}
		if p == nil {
			return nil
		}
		doc := uint32(p.Number())
		for j < len(hits) && hits[j] < doc {
			j++
		}
		if j == len(hits) {
			return nil
		}
		if hits[j] == doc {
			tf := float64(p.Frequency())
			norm := p.Norm()
			length := classLength(1 / (norm * norm))
			cs[j].score += w.idf * tf * (k1 + 1) / (tf + k1*(1-lengthNorm+lengthNorm*length/w.pivot))
		}
	}
}

// byValue orders by the largest, or smallest, matching figure of each hit.
func (v *view) byValue(ctx context.Context, m *match, parts [][]candidate, up bool) error {
	figures := figuresOf(m.query)
	var all []*candidate
	for i := range parts {
		for j := range parts[i] {
			all = append(all, &parts[i][j])
		}
	}
	const chunk = 32
	return parallel(ctx, (len(all)+chunk-1)/chunk, func(n int) error {
		for _, c := range all[n*chunk : min(len(all), n*chunk+chunk)] {
			h := v.shards[c.shard]
			if err := v.text(h, c.doc, func(text string, _ []byte) error {
				return v.records(h, c.doc, func(b []byte) error {
					p, err := newPartial(text, b)
					if err == nil {
						err = p.read(sectionFigures)
					}
					if err == nil {
						c.score = extreme(p.Document, figures, up)
					}
					return err
				})
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// noValue orders behind every value.
const noValue = -math.MaxFloat64

// extreme returns the largest value, or minus the smallest, of the figures of d
// that match; noValue when no figure has a value.
func extreme(d *pipeline.Document, figures []query.Figure, up bool) float64 {
	var best decimal.NullDecimal
	for _, i := range matching(d, figures) {
		n, _ := inBase(&d.Figures[i])
		v := n.value
		for _, x := range []decimal.NullDecimal{n.low, n.high} {
			if !v.Valid {
				v = x
			}
		}
		if v.Valid && (!best.Valid || up == v.Decimal.LessThan(best.Decimal)) {
			best = v
		}
	}
	if !best.Valid {
		return noValue
	}
	f := best.Decimal.InexactFloat64()
	if up {
		return -f
	}
	return f
}

// top returns the best n candidates in order, with their days and ids; those
// behind after, when it is not nil. Days and ids are read from the index, so
// only for those that can still win.
func (v *view) top(cs []candidate, n int, oldest bool, after *candidate) ([]candidate, error) {
	switch {
	case after != nil:
		cs = slices.DeleteFunc(cs, func(c candidate) bool { return c.score > after.score })
	case n < len(cs):
		scores := make([]float64, len(cs))
		for i, c := range cs {
			scores[i] = c.score
		}
		slices.Sort(scores)
		least := scores[len(scores)-n]
		cs = slices.DeleteFunc(cs, func(c candidate) bool { return c.score < least })
	}
	if err := v.date(cs); err != nil {
		return nil, err
	}
	order := func(a, b candidate) int { return compare(a, b, oldest) }
	if after == nil && n < len(cs) {
		slices.SortFunc(cs, order)
		last := cs[n-1]
		for n := n; n < len(cs); n++ {
			if cs[n].score != last.score || cs[n].day != last.day {
				cs = cs[:n]
			}
		}
	}
	for i := range cs {
		var err error
		if cs[i].id, err = v.shards[cs[i].shard].id(cs[i].doc); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(cs, order)
	if after != nil {
		cs = slices.DeleteFunc(cs, func(c candidate) bool { return order(c, *after) <= 0 })
	}
	return cs[:min(n, len(cs))], nil
}

// date fills in the days of candidates.
func (v *view) date(cs []candidate) error {
	cat, err := v.catalog()
	if err != nil {
		return err
	}
	byShard := make([][]int, len(v.shards))
	for i, c := range cs {
		byShard[c.shard] = append(byShard[c.shard], i)
	}
	return v.eachShard(context.Background(), func(s int, h *shard) error {
		for _, i := range byShard[s] { // in the order of documents, as cs was made
			day, err := h.day(cs[i].doc, cat)
			if err != nil {
				return err
			}
			cs[i].day = day
		}
		return nil
	})
}
