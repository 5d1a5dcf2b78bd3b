package segment

import (
	"sync"

	"github.com/go-ego/gse"
)

// A learner is gse with the words that were met so far. It is safe for many
// goroutines.
//
// gse enters its 587,207 words one by one, splits each and looks for the words
// inside it: two to three seconds, and hundreds of megabytes, of which three
// hundred real pages need one word in thirty. So the words that occur in a
// stretch are entered before it is cut. That changes no token: words that do not occur
// cannot be chosen, and those that do cost what they cost in the whole dictionary.
type learner struct {
	d *Dictionary

	mu    sync.RWMutex   // learning writes what cutting reads
	gse   *gse.Segmenter // has the words that are known
	costs *gse.Segmenter
	known []*[64]uint64 // a bit for each word of d, by its number, in pages of 4096

	tokens []gse.Token // memory of learn
}

// rest is the word that has all frequencies of the dictionary of costs. (The
// pre-pass never hands a mark to gse. A zero byte would end the key in its trie.)
const rest = "。。"

func newLearner(d *Dictionary) *learner {
	l := &learner{d: d, gse: newGse(), costs: newGse(), known: make([]*[64]uint64, d.nodes>>12+1)}
	l.costs.AddToken(rest, float64(d.total), "x")
	return l
}

func newGse() *gse.Segmenter {
	return &gse.Segmenter{Dict: gse.NewDict(), Load: true, NotLoadHMM: true, SkipLog: true}
}

// A word is one that was not known when it was met.
type word struct {
	id   uint32
	text string
	class
}

// cut sets w.cuts to the words of w.text as gse cuts them.
func (l *learner) cut(w *scratch) {
	if l.meet(w); len(w.words) > 0 {
		l.learn(w.words)
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	segments := l.gse.Segment(w.text)
	w.cuts = w.cuts[:0]
	for i := range segments {
		g := &segments[i]
		w.cuts = append(w.cuts, cut{int32(g.End()), g.Token().Pos()})
	}
}

// meet sets w.words to the words of w.chars that are not known, some more than once.
func (l *learner) meet(w *scratch) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	w.words = w.words[:0]
	for i := range w.chars {
		p, base := l.d.first(w.chars[i].code)
		for j := i; p.step != 0; p = p.next(w.chars[j].code) {
			j++
			if v := p.value(); v != 0 && !l.knows(base+p.node()) {
				w.words = append(w.words, word{base + p.node(), l.d.spell(w.chars[i:j]), l.d.class[v-1]})
			}
			if j == len(w.chars) {
				break
			}
		}
	}
}

// learn makes words known. gse takes the cost of a word from the sum of all
// frequencies, and computes it for all words at once; so new words get their
// costs beside, in a dictionary of which the sum is that of the whole, and are
// then entered with them.
func (l *learner) learn(words []word) {
	l.mu.Lock()
	defer l.mu.Unlock()
	tokens := l.tokens[:0]
	for _, w := range words {
		if !l.knows(w.id) {
			l.know(w.id)
			tokens = append(tokens, l.gse.ToToken(w.text, float64(w.freq), l.d.speech[w.pos]))
		}
	}
	l.costs.Dict.Tokens = tokens
	l.costs.CalcToken()
	l.tokens = tokens
	for _, t := range tokens {
		clear(t.Segments()) // the words inside it, for a mode of gse that is not used here: 300 bytes a word
		if err := l.gse.Dict.AddToken(t); err != nil {
			panic(err) // an empty word, or one with a zero byte: a test excludes them
		}
	}
}

func (l *learner) knows(id uint32) bool {
	p := l.known[id>>12]
	return p != nil && p[id>>6&63]>>(id&63)&1 != 0
}

func (l *learner) know(id uint32) {
	p := &l.known[id>>12]
	if *p == nil {
		*p = new([64]uint64)
	}
	(*p)[id>>6&63] |= 1 << (id & 63)
}
