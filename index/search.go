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
)

// A Sort is an order of hits.
type Sort string

// The orders. Hits that are equal come in the order of date, newest first, and then of id.
const (
	ByRelevance Sort = "relevance" // best first; by date when nothing in the query ranks
	ByDate      Sort = "date"      // newest first
	ByDateUp    Sort = "date-asc"  // oldest first
	ByValue     Sort = "value"     // largest matching figure first, in the unit that most such figures have; other units behind
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
	Total       int         // articles that match, exact, the collapsed ones included
	Collapsed   int         // of them those that are not shown and not counted in facets, for Request.Collapse: there are Total−Collapsed hits
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

	needles *needles
	hits    []*roaring.Bitmap // by shard
	lists   [][]uint32        // the same in order, made when they are asked for
	read    int               // articles that were read to decide

	collapsed int                  // articles taken out of hits
	reprints  map[address][]string // and by the hit that stands for them
}

// docs returns the hits of a shard in order.
func (m *match) docs(shard int) []uint32 {
	if m.lists[shard] == nil {
		m.lists[shard] = m.hits[shard].ToArray()
	}
	return m.lists[shard]
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
	m := &match{query: q, plan: p, words: b.words, needles: &needles{table: v.codec.table}, hits: make([]*roaring.Bitmap, len(v.shards)), lists: make([][]uint32, len(v.shards))}
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
func (v *view) decide(h *shard, m *match, sets map[*plan]pair, docs []uint32, found func(doc uint32)) error {
	buffer := bufferPool.Get().(*[]byte)
	defer bufferPool.Put(buffer)
	var doc uint32
	known := func(q query.Text) (bool, bool) { return m.plan.knows(q, doc, sets) }
	records := func(text string) (p *partial, err error) {
		err = v.records(h, doc, func(b []byte) error {
			p, err = newPartial(text, bytes.Clone(b), v.codec.strings)
			return err
		})
		return p, err
	}
	r := &reader{stored: &storedReader{}} // one for all: a new one for each was a fifth of the time
	for _, doc = range docs {
		err := h.stored(doc, fieldText, func(packed []byte) error {
			s, err := cutText(packed)
			if err != nil {
				return err
			}
			*r.stored = storedReader{text: s, needles: m.needles, buffer: buffer, records: records, spans: r.stored.spans}
			*r = reader{stored: r.stored, known: known, stand: r.stand[:0]}
			if m.plan.holds(r, doc, sets) {
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

// text calls f with the text of an article, which is valid during the call.
func (v *view) text(h *shard, doc uint32, f func(text string) error) error {
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
	if err := v.text(h, doc, func(s string) error { text = strings.Clone(s); return nil }); err != nil {
		return nil, err
	}
	err = v.records(h, doc, func(b []byte) error {
		d, err = decodeDocument(text, b, v.codec.strings)
		return err
	})
	return d, err
}

// A candidate is a hit before it is shown. Candidates order best first: by
// class, by score, by day and then by id.
type candidate struct {
	score float64
	class int32 // of a worth; lower ones first
	day   int32 // later days are higher, and lower when the oldest come first
	shard int32
	doc   uint32
	id    string // filled in where score and day do not decide
}

// before reports whether a is better than b by what is known without reading ids.
func (a candidate) before(b candidate) bool {
	return a.order(b) < 0
}

// order compares by what is known without reading ids.
func (a candidate) order(b candidate) int {
	return cmp.Or(a.worth().compare(b.worth()), cmp.Compare(b.day, a.day))
}

func (a candidate) worth() worth { return worth{a.class, a.score} }

// level reports whether ids decide between a and b.
func (a candidate) level(b candidate) bool { return a.order(b) == 0 }

func compare(a, b candidate) int {
	return cmp.Or(a.order(b), cmp.Compare(a.id, b.id))
}

// A cursor is where a page ended.
type cursor struct {
	Class int32   `json:"c,omitempty"`
	Score float64 `json:"s"`
	Day   string  `json:"d"`
	ID    string  `json:"i"`
}

// cursor returns where a page ends that ends with c.
func (v *view) cursor(c candidate) (string, error) {
	labels, err := v.facetNames()
	if err != nil {
		return "", err
	}
	columns, err := v.shards[c.shard].columns()
	if err != nil {
		return "", err
	}
	at := cursor{Class: c.class, Score: c.score, ID: c.id}
	if code, ok := columns.facets[placeDay].first(c.doc); ok {
		at.Day = labels.value(placeDay, code)
	}
	b, err := json.Marshal(at)
	return base64.RawURLEncoding.EncodeToString(b), err
}

func (v *view) readCursor(s string, order dayOrder) (candidate, error) {
	var c cursor
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil {
		return candidate{}, fmt.Errorf("index: %q is no place to go on from", s)
	}
	return candidate{class: c.Class, score: c.Score, day: order.of(c.Day), id: c.ID}, nil
}

// A dayOrder says how days order.
type dayOrder struct {
	labels *names
	sign   int32 // -1 when the oldest come first
}

func (v *view) dayOrder(by Sort) (dayOrder, error) {
	labels, err := v.facetNames()
	o := dayOrder{labels, 1}
	if by == ByDateUp {
		o.sign = -1
	}
	return o, err
}

// at returns the place of a document's day in the order: 0 when it has none,
// even numbers for the days of the library, and odd ones for those between.
func (o dayOrder) at(c *column, doc uint32) int32 {
	code, ok := c.first(doc)
	if !ok || code >= o.labels.ranks.len() {
		return 0
	}
	return o.sign * int32(2*o.labels.ranks.at(code)+2)
}

// of returns the place of any day in the order.
func (o dayOrder) of(day string) int32 {
	if day == "" {
		return 0
	}
	n := int32(1)
	for code := range o.labels.len(placeDay) {
		switch cmp.Compare(o.labels.value(placeDay, code), day) {
		case -1:
			n += 2
		case 0:
			return o.sign * int32(2*o.labels.ranks.at(code)+2)
		}
	}
	return o.sign * n
}

// page fills in the hits of a request.
func (v *view) page(ctx context.Context, m *match, req Request, res *Result) error {
	order, err := v.dayOrder(req.Sort)
	if err != nil {
		return err
	}
	var after *candidate
	if req.After != "" {
		c, err := v.readCursor(req.After, order)
		if err != nil {
			return err
		}
		after = &c
	}
	cs, err := v.top(ctx, m, req.Sort, req.Offset+req.Limit+1, after)
	if err != nil {
		return err
	}
	cs = cs[min(req.Offset, len(cs)):]
	if len(cs) > req.Limit {
		cs = cs[:req.Limit]
		if res.Next, err = v.cursor(cs[len(cs)-1]); err != nil {
			return err
		}
	}
	res.Hits = make([]Hit, len(cs))
	return parallel(ctx, len(cs), func(i int) error {
		d, err := v.load(v.shards[cs[i].shard], cs[i].doc)
		if err == nil {
			res.Hits[i] = show(m.query, d, cmp.Or(req.Passages, 3))
			res.Hits[i].Score, res.Hits[i].Reprints = cs[i].score, m.reprints[address{int(cs[i].shard), cs[i].doc}]
		}
		return err
	})
}

// top returns the best n hits in order; those behind after, when it is not nil.
// Ids are read from the index, so only for those between which they decide.
func (v *view) top(ctx context.Context, m *match, by Sort, n int, after *candidate) ([]candidate, error) {
	weights, err := v.weigh(m, by)
	if err != nil {
		return nil, err
	}
	order, err := v.dayOrder(by)
	if err != nil {
		return nil, err
	}
	var values [][]worth
	if by == ByValue || by == ByValueUp {
		if values, err = v.byValue(ctx, m, by == ByValueUp, n, after); err != nil {
			return nil, err
		}
	}
	parts := make([][]candidate, len(v.shards))
	if err := v.eachShard(ctx, func(i int, h *shard) error {
		docs := m.docs(i)
		if len(docs) == 0 {
			return nil
		}
		c, err := h.columns()
		if err != nil {
			return err
		}
		var scores []float64
		if len(weights) > 0 {
			scores = make([]float64, len(docs))
			for _, w := range weights {
				if err := h.score(w, m.hits[i], docs, scores); err != nil {
					return err
				}
			}
		}
		best := picker{n: n, after: after}
		days := &c.facets[placeDay]
		for j, doc := range docs {
			x := candidate{shard: int32(i), doc: doc}
			switch {
			case values != nil:
				x.class, x.score = values[i][j].class, values[i][j].value
			case scores != nil:
				x.score = scores[j]
			}
			if best.hopeless(x.worth()) {
				continue
			}
			x.day = order.at(days, doc)
			best.add(x)
		}
		parts[i] = best.all()
		return nil
	}); err != nil {
		return nil, err
	}
	cs := slices.Concat(parts...)
	slices.SortFunc(cs, candidate.order)
	return v.ordered(cs, n, after)
}

// ordered returns the first n of candidates in full order, of which all but the
// ids are in order already; those behind after.
func (v *view) ordered(cs []candidate, n int, after *candidate) ([]candidate, error) {
	var out []candidate
	for i := 0; i < len(cs) && len(out) < n; {
		j := i + 1
		for j < len(cs) && cs[j].level(cs[i]) {
			j++
		}
		same := cs[i:j]
		for k := range same {
			var err error
			if same[k].id, err = v.shards[same[k].shard].id(same[k].doc); err != nil {
				return nil, err
			}
		}
		slices.SortFunc(same, compare)
		if after != nil && same[0].level(*after) {
			same = slices.DeleteFunc(same, func(c candidate) bool { return c.id <= after.id })
		}
		out = append(out, same...)
		i = j
	}
	return out[:min(n, len(out))], nil
}

// A picker keeps the best candidates of those that it is given: n that score and
// day put behind after, when that is not nil, all that are level with after, and
// all that are level with the last of the n.
type picker struct {
	n     int
	after *candidate
	level []candidate // with after
	best  []candidate // a heap, the worst first
	tied  []candidate // level with the worst of a full heap
}

// hopeless reports whether no candidate of that worth can be kept.
func (p *picker) hopeless(w worth) bool {
	return len(p.best) == p.n && p.best[0].worth().compare(w) < 0
}

func (p *picker) add(c candidate) {
	if p.after != nil {
		if c.level(*p.after) {
			p.level = append(p.level, c)
			return
		}
		if c.before(*p.after) {
			return
		}
	}
	switch {
	case len(p.best) < p.n:
		p.best = append(p.best, c)
		if len(p.best) == p.n {
			slices.SortFunc(p.best, func(a, b candidate) int { return b.order(a) })
		}
	case c.level(p.best[0]):
		p.tied = append(p.tied, c)
	case c.before(p.best[0]):
		old := p.best[0]
		p.best[0] = c
		p.down()
		if old.level(p.best[0]) {
			p.tied = append(p.tied, old)
		} else {
			p.tied = p.tied[:0]
		}
	}
}

// down restores the heap after its first has changed.
func (p *picker) down() {
	h := p.best
	for i := 0; 2*i+1 < len(h); {
		k := 2*i + 1
		if k+1 < len(h) && h[k].before(h[k+1]) {
			k++
		}
		if !h[i].before(h[k]) {
			return
		}
		h[i], h[k] = h[k], h[i]
		i = k
	}
}

// all returns what was kept, in no order.
func (p *picker) all() []candidate { return slices.Concat(p.level, p.best, p.tied) }

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

// score adds the worth of one word to the scores of the hits, which are in order.
func (h *shard) score(w weight, set *roaring.Bitmap, hits []uint32, scores []float64) error {
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
	var saturation [lengthClasses]float64 // by class of length
	for c := range saturation {
		saturation[c] = k1 * (1 - lengthNorm + lengthNorm*classLength(float64(c))/w.pivot)
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
			tf, norm := float64(p.Frequency()), p.Norm()
			class := min(max(int(1/(norm*norm)+0.5), 0), lengthClasses-1)
			scores[j] += w.idf * tf * (k1 + 1) / (tf + saturation[class])
		}
	}
}
