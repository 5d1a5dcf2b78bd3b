package figure

import (
	"math"
	"strings"

	"longmai/corpus"
	"longmai/pipeline"
)

// A where says how a candidate stands to the figure that it may be the subject of.
type where uint8

const (
	inSegment   where = iota // in the clause, behind the figure before
	inClause                 // in the clause, before an earlier figure of it
	inSentence               // in an earlier clause, behind the figure before
	earlier                  // in an earlier clause, before an earlier figure
	inLast                   // in the sentence before
	inParagraph              // in an earlier sentence of the paragraph
	inPrevious               // in the paragraph before
	inHeading
	inSubtitle
	inTitle
	inDateline
	inLead   // in the first sentence of the article
	byAuthor // the body of the guest author
	behind   // behind the figure, in its clause
	speaks   // behind the quotation that holds the figure
	carried  // the subject of the figure before
	kept     // the subject that had the most figures so far
	bySelf   // the person that 他 or 自己 at the head of the clause means
	aged     // the person whose age it is
	wheres
)

var whereNames = [wheres]string{"segment", "clause", "sentence", "earlier", "last", "paragraph", "previous", "heading", "subtitle", "title", "dateline", "lead",
	"author", "behind", "speaker", "carried", "kept", "self", "aged"}

// subjectRules are the ids of the rules, by the place of what they choose.
var subjectRules = func() (ids [wheres]string) {
	for w, n := range whereNames {
		ids[w] = "subject." + n
	}
	return ids
}()

// A candidate may be the subject of a figure.
type candidate struct {
	*pipeline.Phrase
	kind   mentionKind
	where  where
	stands standing
	next   follower
	heads  uint8 // heads of clauses between it and the figure, at most 3
	near   uint8 // mentions between it and the figure, at most 5
	quote  int
	name   nameID
	local  bool  // stands in the paragraph
	first  uint8 // 1 when it is the first mention of the paragraph that begins a clause
}

// A topicCount counts the figures of a subject.
type topicCount struct {
	subject *pipeline.Phrase
	kind    mentionKind
	name    nameID
	figures int
}

// A nameID numbers the names of subjects in a document, from 1.
type nameID int32

// A naming is what is known of a name.
type naming struct {
	topic  int     // one more than its place in the topics, 0 when it has none
	seen   uint8   // how many figures have had it as their subject: 0 none, 1 one, 2 up to four, 3 more
	titled int     // mentions of it in the titles and headings above
	asked  int     // the figure that likely is about
	likely float64 // how likely it is to be the subject
}

// name returns the number of a name.
func (s *scan) name(name string) nameID {
	id, ok := s.scratch.names[name]
	if !ok {
		id = nameID(len(s.namings))
		s.scratch.names[name] = id
		s.namings = append(s.namings, naming{asked: -1})
	}
	return id
}

// subjects finds whose figure each one is: of the names and nouns around it,
// the one that the weights of subjects.tsv prefer. A table, a list before 分别
// and the two ends of a change leave no choice.
func (s *scan) subjects() {
	c := chooser{scan: s, block: -1, held: -1, out: s.scratch.candidates, scores: s.scratch.scores}
	for _, a := range s.d.Byline {
		c.guest = c.guest || a.Kind == corpus.Author
	}
	c.readAbove()
	for i := range s.items {
		it := &s.items[i]
		switch {
		case it.settled && it.subject != nil:
			it.whose, it.subjectName = "subject.table", s.name(it.subject.Name)
			continue
		case it.owner != nil:
			it.subject, it.whose, it.subjectName = it.owner, "subject.pair", s.name(it.owner.Name)
		case it.group != nil && it.group.Kind == "from_to" && it.group.Index == 1 && i > 0 && s.items[i-1].block == it.block:
			p := &s.items[i-1]
			it.subject, it.whose, it.subjectKind, it.subjectName = p.subject, "subject.change", p.subjectKind, p.subjectName
		default:
			c.choose(i)
		}
		c.remember(i)
	}
	s.scratch.candidates, s.scratch.scores = emptied(c.out), c.scores[:0]
}

// A chooser goes from figure to figure.
type chooser struct {
	*scan
	block    int // of the figure before
	from     int // first mention of the block
	held     int // block whose mentions those from there on are, -1
	at       int // first mention behind the figure
	opens    int // first mention of the block that begins a clause, -1
	counted  *pipeline.Phrase
	topics   []topicCount
	most     int // of the topics, the one with the most figures
	streak   int
	heads    []heading // mentions of titles and headings, newest last
	upTo     int       // blocks searched for them
	section  int       // where those of the section begin
	quoteAt  int
	places   []candidate // the place of the dateline
	authors  []candidate // the body of the guest author, and its place
	guest    bool        // the article is by a guest author
	lead     []mention
	leadRead bool
	out      []candidate
	occasion occasion       // of the figure
	quoted   *pipeline.Span // the quotation that holds the figure, nil when it is in none
	last     nameID         // the subject of the figure before, 0 when it has none
	scores   []int32
}

// A heading is a mention in one.
type heading struct {
	mention
	where where
}

// choose decides for the figure i.
func (c *chooser) choose(i int) {
	it := &c.items[i]
	if it.block != c.block {
		c.enterBlock(it.block)
	}
	c.enter(it)
	c.quoted, c.last = c.quotation(it), 0
	if i > 0 && c.items[i-1].subject != nil {
		c.last = c.items[i-1].subjectName
	}
	c.gather(i)
	c.occasion = c.occasionOf(i)
	best := c.best(i)
	if c.judge != nil {
		best = c.judge(c, i, best)
	}
	if best < 0 {
		return
	}
	x := &c.out[best]
	it.subject, it.subjectKind, it.subjectName, it.whose = x.Phrase, x.kind, x.name, subjectRules[x.where]
	if x.where != carried && x.where != kept {
		it.subject = c.keepPhrase(*x.Phrase) // the mentions are forgotten with their block
	}
}

// best returns the candidate that is likeliest to be right, -1 when there is
// none. Mentions of one name count together.
func (c *chooser) best(i int) int {
	if len(c.out) == 0 {
		return -1
	}
	c.scores = c.scores[:0]
	it, top, sums := &c.items[i], int32(math.MinInt32), (*[subjectSums]int32)(c.k.sums[Subjects])
	for k := range c.out {
		e := c.evidenceOf(it, &c.out[k])
		v := e.worth(sums)
		c.scores = append(c.scores, v)
		top = max(top, v)
	}
	leader, rivals := -1, false
	for k, v := range c.scores {
		if v < top-chance {
			continue
		}
		if leader >= 0 && c.out[k].name != c.out[leader].name {
			rivals = true
		}
		if leader < 0 || v > c.scores[leader] {
			leader = k
		}
		u := &c.namings[c.out[k].name]
		u.likely, u.asked = 0, i
	}
	if !rivals {
		return leader
	}
	for k, v := range c.scores {
		if u := &c.namings[c.out[k].name]; u.asked == i {
			u.likely += math.Exp(float64(v-top) / 1000)
		}
	}
	best, most := -1, 0.0
	for k, v := range c.scores {
		if v < top-chance {
			continue
		}
		sum := c.namings[c.out[k].name].likely
		if sum > most+1e-9 || best >= 0 && sum > most-1e-9 && v > c.scores[best] {
			best, most = k, sum
		}
	}
	return best
}

// chance is how much less than the best a candidate may be worth and still be chosen.
const chance = 3000

// enterBlock reads the mentions of a block, of the paragraph before it and of
// the headings above it.
func (c *chooser) enterBlock(b int) {
	c.block, c.counted = b, nil
	for ; c.upTo < b; c.upTo++ {
		switch c.d.Blocks[c.upTo].Role {
		case corpus.RoleHeading:
			for k := range c.heads[c.section:] {
				c.namings[c.heads[c.section+k].name].titled--
			}
			c.heads = c.heads[:c.section]
			c.readHeading(c.upTo, inHeading)
		case corpus.RoleTitle, corpus.RoleKicker:
			c.readHeading(c.upTo, inTitle)
			c.section = len(c.heads)
		case corpus.RoleSubtitle:
			c.readHeading(c.upTo, inSubtitle)
			c.section = len(c.heads)
		case corpus.RoleParagraph:
			if !c.leadRead {
				c.leadRead = true
				c.mentionsOf(c.upTo)
				c.lead = append(c.lead, firstSentence(c.mentions)...)
			}
		}
	}
	if b > 0 && c.d.Blocks[b-1].Role == corpus.RoleParagraph {
		c.mentionsOf(b - 1)
	} else {
		c.mentions = c.mentions[:0]
	}
	c.quotes, c.quoteAt = c.quotes[:0], 0
	c.from = len(c.mentions)
	c.at = c.from
	c.readMentions(b)
	c.held = b
	c.opens = -1
	for k := c.from; k < len(c.mentions); k++ {
		if x := c.mentions[k].stands; x == standsHead || x == standsLocative {
			c.opens = k
			break
		}
	}
}

// mentionsOf leaves the mentions of block b alone in c.mentions. They are read
// again only when another block was read last.
func (c *chooser) mentionsOf(b int) {
	if c.held == b {
		c.mentions = c.mentions[:copy(c.mentions, c.mentions[c.from:])]
	} else {
		c.mentions = c.mentions[:0]
		c.readMentions(b)
	}
	c.from, c.held = 0, b
}

func (c *chooser) readHeading(b int, at where) {
	c.mentionsOf(b)
	for k := range c.mentions[:min(len(c.mentions), maxAround)] {
		if c.mentions[k].kind == kindNoun {
			continue
		}
		c.heads = append(c.heads, heading{c.mentions[k], at})
		c.namings[c.mentions[k].name].titled++
	}
}

func firstSentence(list []mention) []mention {
	for i := range list {
		if list[i].sent != list[0].sent || i == 6 {
			return list[:i]
		}
	}
	return list
}

const (
	maxBefore = 24 // mentions of the paragraph that are looked at
	maxAround = 6  // of other places
	maxNear   = 5
	maxHeads  = 3
)

// gather collects the candidates of figure i.
func (c *chooser) gather(i int) {
	it := &c.items[i]
	c.out = c.out[:0]
	lastTo := c.start
	if i > 0 && c.items[i-1].block == it.block {
		lastTo = c.items[i-1].to
	}
	for c.at < len(c.mentions) && c.mentions[c.at].Start < it.core.Start {
		c.at++
	}
	heads, near := uint8(0), uint8(0)
	if q := c.actor(it); q != nil {
		c.out = append(c.out, candidate{Phrase: q, kind: kindActor, name: c.name(q.Name), where: inSegment, stands: standsHead, next: followedByVerb, quote: -1, local: true})
	}
	for k := c.at - 1; k >= 0 && k >= c.at-maxBefore; k-- {
		m := &c.mentions[k]
		x := candidate{Phrase: &m.Phrase, kind: m.kind, name: m.name, stands: m.stands, next: m.next, heads: heads, near: near, quote: m.quote, local: k >= c.from}
		if k == c.opens {
			x.first = 1
		}
		switch {
		case k < c.from:
			x.where = inPrevious
			if k < c.from-maxAround {
				k = -1
				continue
			}
		case m.Start >= it.clause && m.Start >= lastTo:
			x.where = inSegment
		case m.Start >= it.clause:
			x.where = inClause
		case m.sent == it.sent && m.Start >= lastTo:
			x.where = inSentence
		case m.sent == it.sent:
			x.where = earlier
		case m.sent == it.sent-1:
			x.where = inLast
		default:
			x.where = inParagraph
		}
		if m.End > it.core.Start || it.kind == pipeline.Rank && m.End == it.core.Start {
			continue
		}
		c.out = append(c.out, x)
		if m.stands == standsHead || m.stands == standsLocative {
			heads = min(heads+1, maxHeads)
		}
		near = min(near+1, maxNear)
	}
	if c.counted != nil {
		c.out = append(c.out, candidate{Phrase: c.counted, kind: kindCounted, name: c.name(c.counted.Name), where: inSentence, quote: -1, local: true})
	}
	c.gatherBehind(it)
	c.gatherAbove(it)
	if i > 0 {
		if p := &c.items[i-1]; p.subject != nil {
			c.out = append(c.out, candidate{Phrase: p.subject, kind: p.subjectKind, name: p.subjectName, where: carried, quote: -1, local: p.block == it.block})
		}
	}
	if t := c.kept(); t != nil {
		c.out = append(c.out, candidate{Phrase: t.subject, kind: t.kind, name: t.name, where: kept, quote: -1})
	}
	if q := c.himself(it); q != nil {
		c.out = append(c.out, candidate{Phrase: q, kind: kindFolk, name: c.name(q.Name), where: bySelf, quote: -1, local: true})
	}
	if it.unit != nil && it.unit.dim == "age" {
		if q := c.ageOf(it); q != nil {
			c.out = append(c.out, candidate{Phrase: q, kind: kindFolk, name: c.name(q.Name), where: aged, quote: -1, local: true})
		}
	}
}

// gatherBehind adds what stands behind the figure: a noun that it modifies, and
// those who speak the words that it stands in.
func (c *chooser) gatherBehind(it *item) {
	if q := c.topicBehind(it); q != nil {
		c.out = append(c.out, candidate{Phrase: q, kind: kindNoun, name: c.name(q.Name), where: behind, stands: standsHead, next: c.followerOf(q.End), quote: -1, local: true})
	}
	for k := c.at; k < len(c.mentions) && k < c.at+3; k++ {
		m := &c.mentions[k]
		if m.Start > it.to+90 || m.clause > it.core.Start {
			break
		}
		if c.before(m.Start, "的") {
			c.out = append(c.out, candidate{Phrase: &m.Phrase, kind: m.kind, name: m.name, where: behind, stands: m.stands, next: m.next, near: uint8(k - c.at), quote: m.quote, local: true})
		}
	}
	closing := c.quoteEnd(it)
	if closing < 0 {
		return
	}
	for k, n := c.at, 0; k < len(c.mentions) && n < 5; k++ {
		m := &c.mentions[k]
		if m.Start > closing+120 {
			break
		}
		if m.Start > closing {
			c.out = append(c.out, candidate{Phrase: &m.Phrase, kind: m.kind, name: m.name, where: speaks, stands: m.stands, next: m.next, near: uint8(n), quote: m.quote, local: true})
			n++
		}
	}
}

// quoteEnd returns where the quotation that holds the figure ends, -1 when it is in none.
func (c *chooser) quoteEnd(it *item) int {
	if q := c.quotation(it); q != nil {
		return q.End
	}
	return -1
}

// quotation returns the quotation that holds the figure, nil when it is in none.
func (c *chooser) quotation(it *item) *pipeline.Span {
	for c.quoteAt < len(c.quotes) && c.quotes[c.quoteAt].End <= it.core.Start {
		c.quoteAt++
	}
	if c.quoteAt < len(c.quotes) && c.quotes[c.quoteAt].Start <= it.core.Start {
		return &c.quotes[c.quoteAt]
	}
	return nil
}

// gatherAbove adds headings, dateline, lead and author.
func (c *chooser) gatherAbove(it *item) {
	for k := len(c.heads) - 1; k >= 0 && k >= len(c.heads)-3*maxAround; k-- {
		m := &c.heads[k]
		c.out = append(c.out, candidate{Phrase: &m.Phrase, kind: m.kind, name: m.name, where: m.where, stands: m.stands, next: m.next, near: uint8(min(len(c.heads)-1-k, maxNear)), quote: m.quote})
	}
	for k := range c.lead {
		m := &c.lead[k]
		c.out = append(c.out, candidate{Phrase: &m.Phrase, kind: m.kind, name: m.name, where: inLead, stands: m.stands, next: m.next, near: uint8(k), quote: m.quote})
	}
	c.out = append(append(c.out, c.places...), c.authors...)
}

// readAbove finds the candidates that hold for the whole article.
func (c *chooser) readAbove() {
	add := func(list []candidate, name string, kind mentionKind, at where) []candidate {
		return append(list, candidate{Phrase: &pipeline.Phrase{Name: name}, kind: kind, name: c.name(name), where: at, quote: -1})
	}
	if c.d.Dateline != nil && c.d.Dateline.Place != "" {
		c.places = add(nil, c.d.Dateline.Place, kindPlace, inDateline)
	}
	for _, a := range c.d.Byline {
		if a.Kind == corpus.Author && a.Organization != "" {
			kind := kindOrganization
			if isFirm(a.Organization) {
				kind = kindFirm
			} else if isOffice(a.Organization) {
				kind = kindOffice
			}
			c.authors = add(c.authors, a.Organization, kind, byAuthor)
			if seat := seatOf(a.Organization); seat != "" {
				c.authors = add(c.authors, seat, kindSeat, byAuthor)
			}
			break
		}
	}
}

// kept returns the subject with the most figures, nil when there is none.
func (c *chooser) kept() *topicCount {
	if len(c.topics) == 0 {
		return nil
	}
	return &c.topics[c.most]
}

// remember takes note of the subject of figure i.
func (c *chooser) remember(i int) {
	it := &c.items[i]
	if it.metric != nil && it.kind == pipeline.Count && it.after && (it.code == "{org}" || it.code == "{household}") && !c.ends(it.metric.End) && !c.people(it.metric) {
		c.counted = &pipeline.Phrase{Span: it.metric.Span, Name: it.metric.Name}
	}
	if i+1 < len(c.items) && c.items[i+1].sent != it.sent {
		c.counted = nil
	}
	if it.subject == nil {
		c.streak = 0
		return
	}
	if i > 0 && c.items[i-1].subject != nil && c.items[i-1].subjectName == it.subjectName {
		c.streak++
	} else {
		c.streak = 0
	}
	u := &c.namings[it.subjectName]
	switch {
	case u.topic > 0:
		k := u.topic - 1
		c.topics[k].figures++
		if a, b := c.topics[k].figures, c.topics[c.most].figures; a > b || a == b && k < c.most {
			c.most = k
		}
	case len(c.topics) < 32:
		c.topics = append(c.topics, topicCount{it.subject, it.subjectKind, it.subjectName, 1})
		u.topic = len(c.topics)
	default:
		return
	}
	switch n := c.topics[u.topic-1].figures; {
	case n > 4:
		u.seen = 3
	case n > 1:
		u.seen = 2
	default:
		u.seen = 1
	}
}

// firstPerson reports whether the quotation that holds the figure speaks of 我 or 我们.
func (c *chooser) firstPerson(it *item) bool {
	q := c.quotation(it)
	return q != nil && strings.Contains(c.text[q.Start:min(q.End, q.Start+600)], "我")
}
