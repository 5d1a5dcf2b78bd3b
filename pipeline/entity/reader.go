package entity

import (
	"io/fs"
	"slices"
	"strings"
	"sync"

	"longmai/pipeline"
	"longmai/pipeline/entity/tagger"
)

// Options say how a Reader reads. The zero value works.
type Options struct {
	Authority *Authority    // the user's own names; nil for none
	Home      string        // province whose 省委, 省工信厅 are meant where nothing else is said; "" means 甘肃省
	Rules     fs.FS         // files with further rows for the tables that Tables names; nil for none
	Tagger    *tagger.Model // votes for spans; nil reads with the tables and the grammar alone
}

// A Reader finds the entities of documents. It is read-only and safe for concurrent use.
type Reader struct {
	lex       *lexicon
	w         *weights
	votes     Voter
	authority *Authority
	home      int32 // division of the home province
	pool      sync.Pool
}

// A Voter appends spans of a sentence to out, with their probabilities. *tagger.Model is one.
type Voter interface {
	Candidates(sentence string, min float64, out []tagger.Span) []tagger.Span
}

// New returns a reader.
func New(o Options) (*Reader, error) {
	load := loadLexicon
	if o.Rules != nil {
		load = func() (*lexicon, error) { return buildLexicon(o.Rules) }
	}
	l, err := load()
	if err != nil {
		return nil, err
	}
	r := &Reader{lex: l, authority: o.Authority}
	if r.home, err = l.homeProvince(o.Home); err != nil {
		return nil, err
	}
	weigh, table := loadWeights, "weights.tsv"
	if o.Tagger != nil {
		r.votes, weigh, table = remember(o.Tagger, leastVote), loadVoteWeights, "weights-votes.tsv"
	}
	if o.Rules != nil { // the weights name words by their places in the lexicon
		weigh = func() (*weights, error) { return shippedWeights(table, l) }
	}
	if r.w, err = weigh(); err != nil {
		return nil, err
	}
	r.init()
	return r, nil
}

func (r *Reader) init() {
	r.pool.New = func() any {
		return &work{proposer: proposer{lexicon: r.lex, s: &sentence{}}, names: newArticleLexicon()}
	}
}

var (
	loadWeights     = sync.OnceValues(func() (*weights, error) { return weightsOfShipped("weights.tsv") })
	loadVoteWeights = sync.OnceValues(func() (*weights, error) { return weightsOfShipped("weights-votes.tsv") })
)

func weightsOfShipped(name string) (*weights, error) {
	l, err := loadLexicon()
	if err != nil {
		return nil, err
	}
	return shippedWeights(name, l)
}

// shippedWeights reads a table of weights for the words of l.
func shippedWeights(name string, l *lexicon) (*weights, error) {
	b, err := files.ReadFile("data/" + name)
	if err != nil {
		return nil, err
	}
	return readWeights(name, string(b), l)
}

// Stage returns the stage that adds the entities of a document.
func (r *Reader) Stage() pipeline.Stage {
	return pipeline.Stage{
		Name:     "entities",
		Needs:    []pipeline.Layer{pipeline.Sentences, pipeline.Tokens},
		Adds:     []pipeline.Layer{pipeline.Entities},
		Annotate: func(d *pipeline.Document) error { r.annotate(d); return nil },
	}
}

// work is the memory of one document being read.
type work struct {
	proposer
	lat   lattice
	feat  []uint64
	names *articleLexicon // what learn found

	first, second []mention // of the two readings
	taxon         []taxon

	kept   []candidate // of the first reading of all sentences
	keptTo []int       // by sentence: end of its candidates in kept
	spans  []tagger.Span
}

// A mention is a span of a document that was kept.
type mention struct {
	span       pipeline.Span
	sentence   int
	kind       kind
	from       evidence
	table      int32
	head       int32
	confidence float64
}

func (r *Reader) annotate(d *pipeline.Document) {
	k := r.pool.Get().(*work)
	defer r.pool.Put(k)
	found, known := r.read(k, d)
	found = withPlace(d.Body(), found)
	d.Entities = r.classify(r.resolve(d, found, known), k.taxon)
	r.authority.Apply(d)
}

// withPlace takes the place in brackets behind an event's name into the name:
// 2023中国绿色食品博览会（兰州） is one event.
func withPlace(text string, ms []mention) []mention {
	out := ms[:0]
	for i := 0; i < len(ms); i++ {
		m := ms[i]
		if i+1 < len(ms) && m.kind == event && ms[i+1].kind == place {
			p := ms[i+1].span
			for _, b := range [...][2]string{{"(", ")"}, {"（", "）"}} {
				if text[m.span.End:p.Start] == b[0] && strings.HasPrefix(text[p.End:], b[1]) {
					m.span.End = p.End + len(b[1])
					i++
					break
				}
			}
		}
		out = append(out, m)
	}
	return out
}

// read finds the mentions of d: every sentence by itself, then those once more
// that hold a name of which another sentence is sure. The mentions and the names
// are k's, until the next document.
func (r *Reader) read(k *work, d *pipeline.Document) ([]mention, *articleLexicon) {
	first := k.first[:0]
	defer func() { k.first = first }()
	ends := make([]int, len(d.Sentences))
	k.taxon, k.kept, k.keptTo = k.taxon[:0], k.kept[:0], k.keptTo[:0]
	t := 0
	for i := range d.Sentences {
		t = k.load(d, i, t)
		k.taxon = k.taxa(k.taxon)
		r.prepare(k)
		k.kept = append(k.kept, k.out...)
		k.keptTo = append(k.keptTo, len(k.kept))
		first = r.decode(k, i, first)
		ends[i] = len(first)
	}
	a := r.learn(k.names, d, first)
	if len(a.names) == 0 {
		return first, a
	}
	second := k.second[:0]
	defer func() { k.second = second }()
	start := 0
	t = 0
	for i := range d.Sentences {
		mine := first[start:ends[i]]
		start = ends[i]
		if !a.news(d, i, mine) {
			second = append(second, mine...)
			continue
		}
		t = k.load(d, i, t)
		r.prepareAgain(k, a, i)
		second = r.decode(k, i, second)
	}
	return second, a
}

// load reads sentence i into k; tokens before index t end before it.
func (k *work) load(d *pipeline.Document, i, t int) int {
	sp := d.Sentences[i]
	for t < len(d.Tokens) && d.Tokens[t].End <= sp.Start {
		t++
	}
	k.s.read(k.lexicon, d.Body()[sp.Start:sp.End], sp.Start, d.Tokens[t:])
	for _, a := range d.Apparatus {
		if a.Overlaps(sp) {
			for c := range k.s.n {
				if off := sp.Start + k.s.at[c]; off >= a.Start && off < a.End {
					k.s.blocked[c] = true
				}
			}
		}
	}
	return t
}

// prepare proposes and scores the candidates of the loaded sentence.
func (r *Reader) prepare(k *work) {
	k.voting = r.votes != nil
	k.propose()
	if r.votes != nil {
		k.vote(r.votes)
	}
	r.score(k)
}

// prepareAgain takes the candidates of the first reading of the loaded sentence
// and scores them with what the article knows.
func (r *Reader) prepareAgain(k *work, a *articleLexicon, sentence int) {
	from := 0
	if sentence > 0 {
		from = k.keptTo[sentence-1]
	}
	k.out = append(k.out[:0], k.kept[from:k.keptTo[sentence]]...)
	k.fromArticle(a, sentence)
	r.score(k)
}

// score merges and scores the candidates.
func (r *Reader) score(k *work) {
	k.merge()
	for i := range k.out {
		c := &k.out[i]
		if !c.weighed {
			k.feat = k.ownFeatures(c, k.feat[:0])
			c.weight, c.weighed = r.w.sum(k.feat), true
		}
		c.score = float64(c.weight)
		if c.known > 0 {
			c.score = float64(c.weight + r.w.sum([]uint64{knownFeature(c)}))
		}
		if c.kind == person && k.s.runes[c.start] == '老' && c.end-c.start == 2 {
			c.score = oldScore(c.known) // 老安: only the article can say
		}
		if c.from&byNumber != 0 && (k.rivals.reach[c.start] <= c.end || k.s.digits(c.end-1) != c.end) || k.sureDivision(c) {
			c.score = max(c.score, sureScore)
		}
		if k.listed(c) {
			c.score += listedName
		}
		if c.from == byVote && c.head == 0 && c.kind != person {
			c.score -= loneVote
		}
	}
	k.lat.index(k.s, k.out)
}

func (r *Reader) decode(k *work, sentence int, found []mention) []mention {
	if len(k.out) == 0 {
		return found
	}
	k.lat.forward(k.s, &r.w.link)
	k.lat.backward(k.s, &r.w.link, nil)
	for _, i := range k.lat.viterbi(k.s) {
		c := &k.out[i]
		found = append(found, mention{span: k.s.span(c.start, c.end), sentence: sentence, kind: c.kind, from: c.from, table: c.table, head: c.head, confidence: min(1, max(c.inside, 1e-3))})
	}
	return found
}

// implausible reports whether a vote contradicts what the words say: a body
// that is a full division and a common word (甘肃省主动), a person that ends in a
// title (兼理事长), a name with 的 in it.
func (k *work) implausible(c *candidate) bool {
	s := k.s
	if c.kind <= place && k.stops(c) || (c.kind == organization || c.kind == facility) && s.countedBehind(c.end) {
		return true
	}
	if c.kind != person && c.table == 0 && c.head == 0 && !s.cut[c.end] && s.commonWord(c.end-1) {
		return true // the end of the name would lie inside a word: 集装 + 箱
	}
	if s.unbalanced(c.start, c.end) >= 0 {
		return true
	}
	if c.kind == organization || c.kind == facility || c.kind == place || c.kind == project {
		end := c.end
		if c.head != 0 {
			end = c.headStart
		}
		if k.reachesOver(c.start, end, c.kind) {
			return true
		}
	}
	switch c.kind {
	case facility:
		return c.head != 0 && s.counted(c.start, c.headStart) || c.head != 0 && k.splits(c.start, &match{start: c.headStart, end: c.end, word: c.head - 1})
	case organization:
		for i := c.start; i < c.end; i++ {
			if s.runes[i] == '兼' {
				return true
			}
		}
		if c.head == 0 {
			to := k.divisionFrom(c.start)
			return to > c.start && to < c.end && !k.endsInBody(to, c.end) || k.tells(c)
		}
		if c.end-c.headStart == 1 && !s.cut[c.end] && s.right[c.end]&maskTitle == 0 && k.headTrait(&match{word: c.head - 1}, organization)&gov == 0 {
			return true
		}
		if k.joins(c.start, c.headStart) {
			return true
		}
		return k.headTrait(&match{word: c.head - 1}, organization)&soft != 0 && k.clause(c.start, c.headStart) || s.counted(c.start, c.headStart)
	case person:
		if k.stopWord(c.start, c.end) || k.noPerson(c.start, c.end) {
			return true
		}
		for i := c.start; i < c.end; i++ {
			if isQuote(s.runes[i]) {
				return true
			}
			for q := s.first[i]; q < s.first[i+1]; q++ {
				if m := &s.matches[q]; m.end == c.end && m.end-m.start > 1 && m.says&saysTitle != 0 {
					return true
				}
			}
		}
	}
	return false
}

// unbalanced returns the place in a span of the first bracket or quote that
// has no partner in it, -1 when there is none: 庆阳）数据中心集群项目, 一村一品”行动.
func (s *sentence) unbalanced(i, j int32) int32 {
	var open [len(partners)]int32 // places of what is open, plus one; pairs of one sort do not nest in a name
	for ; i < j; i++ {
		for p, pair := range partners {
			switch s.runes[i] {
			case pair[0], pair[2]:
				open[p] = i + 1
			case pair[1], pair[3]:
				if open[p] == 0 {
					return i
				}
				open[p] = 0
			}
		}
	}
	return slices.Max(open[:]) - 1
}

// partners are the marks that come in pairs: opening and closing, each in two forms.
var partners = [...][4]rune{{'（', '）', '(', ')'}, {'“', '”', '“', '”'}, {'‘', '’', '‘', '’'}, {'《', '》', '《', '》'}}

// balance moves an end of a span over the quote that the tagger was one off
// with, 一村一品”行动 to “一村一品”行动, and “六稳 to 六稳.
func (s *sentence) balance(i, j int32) (int32, int32) {
	switch k := s.unbalanced(i, j); {
	case k < 0:
	case k == i:
		i++
	case k == j-1:
		j--
	case s.runes[k] == '”' && i > 0 && s.runes[i-1] == '“', s.runes[k] == '》' && i > 0 && s.runes[i-1] == '《':
		i--
	case s.runes[k] == '“' && s.runes[j] == '”', s.runes[k] == '《' && s.runes[j] == '》':
		j++
	}
	return i, j
}

// stops reports whether a span is, or begins in, a word that no name holds: 来说, 中央 in 中央财政.
func (k *work) stops(c *candidate) bool {
	s := k.s
	for q := s.first[c.start]; q < s.first[c.start+1]; q++ {
		m := &s.matches[q]
		if m.end >= c.end && m.end-m.start > 1 && m.says&saysStop != 0 {
			return true
		}
	}
	return false
}

// endsInBody reports whether a short form of a public body stands from some place behind i to j.
func (k *work) endsInBody(i, j int32) bool {
	for ; i < j; i++ {
		for q := k.s.first[i]; q < k.s.first[i+1]; q++ {
			m := &k.s.matches[q]
			if m.end != j || m.says&(saysBody|saysName) == 0 {
				continue
			}
			for _, x := range k.words[m.word].senses {
				if x.sort == sortBody || x.sort == sortName && x.kind == organization {
					return true
				}
			}
		}
	}
	return false
}

// tells reports whether the words of a vote for a body without head tell what
// somebody is, does or measures: 世界风库逐风者, 新能源基地建设见闻, 电子工业产值.
func (k *work) tells(c *candidate) bool {
	return k.s.runes[c.end-1] == '者' || k.s.left[c.end]&maskEnd != 0
}

// oldScore is the score of 老 and a surname: sure when the article names the
// person in full, else out of the question.
func oldScore(known uint8) float64 {
	if known >= 5 {
		return 6
	}
	return -1e3
}

// sureScore is the least score of what can be nothing else: a full division with
// no rival, the number of a road.
const sureScore = 4

// listedName is what speaks for a policy, event or project that the tables name:
// the pages for learning hold too few of each to tell.
const listedName = 1.5

// loneVote is what a name costs for which nothing speaks but the tagger: no
// table, no head, no other sentence. On pages that nobody was trained on, one in
// four of them was right.
const loneVote = 1.5

// leastVote is the probability below which a candidate of the tagger is not asked for.
const leastVote = 0.02

func (k *work) vote(v Voter) {
	s := k.s
	place := 0
	k.spans = v.Candidates(s.text, leastVote, k.spans[:0])
	for _, x := range k.spans {
		t, ok := kindOf(x.Type)
		if !ok || t >= kinds {
			continue
		}
		for place > 0 && s.at[place] > x.Start {
			place--
		}
		for place < s.n && s.at[place] < x.Start {
			place++
		}
		end := place
		for end < s.n && s.at[end] < x.End {
			end++
		}
		if s.at[place] != x.Start || s.at[end] != x.End || end == place {
			continue
		}
		start, until := s.balance(int32(place), int32(end))
		if start >= until || k.bare(start, until, t) {
			continue
		}
		c := candidate{start: start, end: until, kind: t, from: byVote, vote: float32(x.Confidence)}
		c.head, c.headStart = k.headAt(c.end, t)
		if c.headStart <= c.start || c.end-c.headStart == 1 && (s.endsCommonWord(c.headStart) || !s.cut[c.end] || s.alnum(c.headStart-1)) {
			c.head, c.headStart = 0, 0
		}
		if k.implausible(&c) {
			continue
		}
		k.add(c)
	}
}
