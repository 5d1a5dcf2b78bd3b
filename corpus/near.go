package corpus

import (
	"cmp"
	"crypto/sha256"
	"iter"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
)

// Near-equal articles
//
// The text of an article, without white space, marks and apparatus, is cut into
// overlapping shingles of six characters. A sketch is a sample of these by hash,
// every 2ⁿ-th, dense enough to tell how alike two texts are and how much of a
// short one stands in a long one. A coarser part of it is what articles are
// looked up by: every 16th shingle, of a short text as many as make sixteen. A
// pair that shares one of them is decided by the samples, and a cluster is what
// hangs together through pairs.
//
// An article costs at most 1 kB, whatever its length.

const (
	shingleSize  = 6   // characters
	hashBits     = 28  // of a shingle
	sampleLen    = 256 // shingles of a sample at most
	coarse       = 4   // bits: one in 16 shingles at least is looked up
	lookups      = 16  // shingles of a short text that are looked up, about
	minRunes     = 40  // characters below which a text is alike to none
	reprintShare = 0.5 // common shingles in all of two texts, from which they are reprints
	excerptShare = 0.8 // share of the shorter text that stands in the longer, from which it is an excerpt

	// A shingle that few articles have says more than one that many have. In a
	// bucket of up to fewArticles an article is compared with all, in a longer
	// one with the first and its neighbours.
	fewArticles = 8
	neighbours  = 2
)

// A Sketch is what Near keeps of an article.
type Sketch struct {
	ID    string
	Day   Day
	Runes int // characters that count

	sample []uint32 // sorted; the shingles whose lower shift bits are zero
	shift  uint8
}

// SketchOf returns the sketch of a.
func SketchOf(a *Article) Sketch {
	text := content(a)
	k := Sketch{ID: a.ID, Day: a.Date, Runes: len(text)}
	for n := len(text) - shingleSize + 1; n>>k.shift > sampleLen; {
		k.shift++
	}
	k.sample = shingles(text, k.shift)
	for len(k.sample) > sampleLen {
		k.shift++
		mask := uint32(1)<<k.shift - 1
		k.sample = slices.DeleteFunc(k.sample, func(h uint32) bool { return h&mask != 0 })
	}
	k.sample = slices.Clip(k.sample)
	return k
}

// eachLookup calls f with the shingles that k is looked up by.
func (k *Sketch) eachLookup(f func(h uint32)) {
	if k.Runes < minRunes {
		return
	}
	bits := min(bits.Len(uint(len(k.sample)<<k.shift/(2*lookups))), coarse)
	mask := uint32(1)<<max(int(k.shift), bits) - 1
	for _, h := range k.sample {
		if h&mask == 0 {
			f(h)
		}
	}
}

// content returns the characters of the text of a that count: letters and
// digits of what is no headline and no apparatus, wide forms folded.
func content(a *Article) []rune {
	s := a.Text.String()
	out := make([]rune, 0, len(s)/3)
	next := 0
	for _, b := range a.Blocks {
		switch b.Role {
		case RoleKicker, RoleTitle, RoleSubtitle, RoleHeading, RoleByline, RoleCredit, RoleContinuation:
			continue
		}
		for i := b.Span.Start; i < b.Span.End; {
			for next < len(a.Apparatus) && a.Apparatus[next].End <= i {
				next++
			}
			if next < len(a.Apparatus) && a.Apparatus[next].Start <= i {
				i = min(a.Apparatus[next].End, b.Span.End)
				continue
			}
			r, w := utf8.DecodeRuneInString(s[i:b.Span.End])
			i += w
			if '！' <= r && r <= '～' {
				r -= 0xfee0
			}
			if 0x4e00 <= r && r <= 0x9fff || unicode.IsLetter(r) || unicode.IsDigit(r) {
				out = append(out, r)
			}
		}
	}
	return out
}

// shingles returns the different hashes of the shingles of text whose lower
// shift bits are zero, sorted.
func shingles(text []rune, shift uint8) []uint32 {
	out := make([]uint32, 0, len(text)>>shift+len(text)>>(shift+2)+16)
	mask := uint32(1)<<shift - 1
	for i := 0; i+shingleSize <= len(text); i++ {
		h := uint64(0xcbf29ce484222325)
		for _, r := range text[i : i+shingleSize] {
			h = (h ^ uint64(r)) * 0x100000001b3
			h ^= h >> 29
		}
		h *= 0xbf58476d1ce4e5b9
		if v := uint32(h>>(64-hashBits)) ^ uint32(h)>>(32-hashBits); v&mask == 0 {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// common counts the shingles that two texts have in common, in samples of the
// same density. It may stop short when they cannot be as many as least.
func common(a, b *Sketch, least int) int {
	if a.shift < b.shift {
		a, b = b, a // all values of the coarser sample count, and of the other one those that are in it
	}
	both, j := 0, 0
	apart := len(a.sample) - least
	for i, v := range a.sample {
		for j < len(b.sample) && b.sample[j] < v {
			j++
		}
		if j == len(b.sample) {
			break
		}
		if b.sample[j] == v {
			both++
		} else if i-both >= apart {
			break
		}
	}
	return both
}

// size returns the number of shingles of k in a sample of that density.
func (k *Sketch) size(shift uint8) int {
	if k.shift >= shift {
		return len(k.sample)
	}
	n := 0
	for _, v := range k.sample {
		if v&(1<<shift-1) == 0 {
			n++
		}
	}
	return n
}

// likeness returns the share of common shingles in all of both texts, and in the smaller one.
func (k *Sketch) likeness(o *Sketch) (jaccard, contained float64) {
	both := common(k, o, 0)
	if both == 0 {
		return 0, 0
	}
	shift := max(k.shift, o.shift)
	na, nb := k.size(shift), o.size(shift)
	return float64(both) / float64(na+nb-both), float64(both) / float64(min(na, nb))
}

// alike reports whether two texts belong into one cluster.
func (k *Sketch) alike(o *Sketch) bool {
	if !k.promising(o) {
		return false
	}
	shift := max(k.shift, o.shift)
	na, nb := k.size(shift), o.size(shift)
	least := min(reprintShare/(1+reprintShare)*float64(na+nb), excerptShare*float64(min(na, nb)))
	both := common(k, o, int(least))
	if both == 0 {
		return false
	}
	jaccard, contained := float64(both)/float64(na+nb-both), float64(both)/float64(min(na, nb))
	return jaccard >= reprintShare || contained >= excerptShare && both >= 8
}

// The least values of the shorter text are looked up before all are compared:
// of two texts that are alike at least half of them are common. Of texts that
// share a phrase, which are most of those that are compared, few are.
const (
	firstValues = 20
	firstCommon = 4 // with a half in common, fewer have a chance of 0.0013
)

// promising reports whether enough of the least values are common.
func (k *Sketch) promising(o *Sketch) bool {
	a, b := k, o
	if len(a.sample)<<a.shift > len(b.sample)<<b.shift {
		a, b = b, a
	}
	mask := uint32(1)<<max(a.shift, b.shift) - 1
	seen, both, j := 0, 0, 0
	for _, v := range a.sample {
		if v&mask != 0 {
			continue
		}
		for j < len(b.sample) && b.sample[j] < v {
			j++
		}
		if j < len(b.sample) && b.sample[j] == v {
			both++
		}
		if seen++; both >= firstCommon {
			return true
		}
		if seen == firstValues {
			return false
		}
	}
	return true
}

// Near finds clusters of near-equal articles. The zero value is ready.
type Near struct {
	sketches []nearSketch
}

type nearSketch struct {
	Sketch
	known   bool
	cluster string // of a known one, "" when it is in none
}

// Add takes one more article.
func (n *Near) Add(k Sketch) { n.sketches = append(n.sketches, nearSketch{Sketch: k}) }

// AddKnown takes an article that was compared with all others that are known,
// and the cluster that it came into, "" for none. New articles alone are
// compared again: that costs little where they are few.
func (n *Near) AddKnown(k Sketch, cluster string) {
	n.sketches = append(n.sketches, nearSketch{k, true, cluster})
}

// A posting is article and a value that others may share.
type posting struct {
	value uint32
	index int32
}

// Clusters returns what stands in clusters of two or more: by the id of an
// article its cluster and its role there. The first print is the one of the
// earliest day, the longest of these, the one of the smallest id; what holds
// less than half of the first print is an excerpt. The order of Add does not matter.
func (n *Near) Clusters() map[string]Reprint {
	slices.SortFunc(n.sketches, func(a, b nearSketch) int { return a.before(&b.Sketch) })
	parent := make([]int32, len(n.sketches))
	known := map[string]int32{}
	for i := range n.sketches {
		parent[i] = int32(i)
		if c := n.sketches[i].cluster; c != "" {
			if first, ok := known[c]; ok {
				parent[i] = first
			} else {
				known[c] = int32(i)
			}
		}
	}
	if fresh := n.fresh(); fresh != nil {
		n.joinAll(parent, fresh)
	}
	return n.roles(parent)
}

// partBits says in how many parts the shingles are gone through, which bounds
// the memory to a few entries an article.
const partBits = 3

// joinAll joins the articles that are alike. Goroutines share the parts, each
// with a forest of its own: what is in one tree in any of them is in one cluster.
func (n *Near) joinAll(parent []int32, fresh lookupSet) {
	forests := make([][]int32, min(runtime.GOMAXPROCS(0), 1<<partBits))
	var next atomic.Uint32
	var wg sync.WaitGroup
	for i := range forests {
		forest := slices.Clone(parent)
		forests[i] = forest
		wg.Go(func() {
			var es []posting
			compared := make([]uint64, 1<<comparedBits)
			for part := next.Add(1) - 1; part < 1<<partBits; part = next.Add(1) - 1 {
				es = n.postings(es[:0], part, fresh)
				n.join(forest, es, compared)
			}
		})
	}
	wg.Wait()
	for _, forest := range forests {
		for i := range forest {
			a, b := root(parent, int32(i)), root(parent, forest[i])
			parent[max(a, b)] = min(a, b)
		}
	}
}

// postings appends those of one part to es.
func (n *Near) postings(es []posting, part uint32, fresh lookupSet) []posting {
	for i := range n.sketches {
		k := &n.sketches[i]
		k.eachLookup(func(h uint32) {
			if h>>(hashBits-partBits) == part && (!k.known || fresh.has(h)) {
				es = append(es, posting{h, int32(i)})
			}
		})
	}
	return es
}

// freshBits is the size of the table of what new articles are looked up by.
const freshBits = 22

// A lookupSet says of a shingle that a new article may have it.
type lookupSet []uint64

func (s lookupSet) has(h uint32) bool {
	h = h * 0x9e3779b1 >> (32 - freshBits)
	return s[h/64]&(1<<(h%64)) != 0
}

// fresh returns the set of the new articles, nil when there are none.
func (n *Near) fresh() lookupSet {
	var set lookupSet
	for i := range n.sketches {
		if k := &n.sketches[i]; !k.known {
			if set == nil {
				set = make(lookupSet, 1<<freshBits/64)
			}
			k.eachLookup(func(h uint32) {
				h = h * 0x9e3779b1 >> (32 - freshBits)
				set[h/64] |= 1 << (h % 64)
			})
		}
	}
	return set
}

// comparedBits is the size of the table of pairs that were compared lately and
// are not alike: articles that share a phrase share many of its shingles.
const comparedBits = 20

// join compares articles that share a value and joins those that are alike.
func (n *Near) join(parent []int32, es []posting, compared []uint64) {
	slices.SortFunc(es, func(a, b posting) int { return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.index, b.index)) })
	for lo := 0; lo < len(es); {
		hi := lo + 1
		for hi < len(es) && es[hi].value == es[lo].value {
			hi++
		}
		few := hi-lo <= fewArticles
		for i := lo + 1; i < hi; i++ {
			for j := lo; j < i; j++ {
				if !few && j == lo+1 && j < i-neighbours {
					j = i - neighbours
				}
				n.joinPair(parent, es[i].index, es[j].index, compared)
			}
		}
		lo = hi
	}
}

func (n *Near) joinPair(parent []int32, i, j int32, compared []uint64) {
	x, y := &n.sketches[i], &n.sketches[j]
	if x.known && y.known {
		return
	}
	pair := uint64(i)<<32 | uint64(j)
	slot := &compared[pair*0x9e3779b97f4a7c15>>(64-comparedBits)]
	if *slot == pair {
		return
	}
	a, b := root(parent, i), root(parent, j)
	switch {
	case a == b:
	case x.alike(&y.Sketch):
		parent[max(a, b)] = min(a, b)
	default:
		*slot = pair
	}
}

func root(parent []int32, i int32) int32 {
	for parent[i] != i {
		parent[i] = parent[parent[i]]
		i = parent[i]
	}
	return i
}

// roles says what each member of a cluster is; sketches are sorted, so that the root is the first print.
func (n *Near) roles(parent []int32) map[string]Reprint {
	out := map[string]Reprint{}
	for i := range n.sketches {
		r := root(parent, int32(i))
		if int(r) == i {
			continue
		}
		first, k := &n.sketches[r].Sketch, &n.sketches[i].Sketch
		role := "reprint"
		if jaccard, _ := first.likeness(k); jaccard < reprintShare {
			role = "excerpt"
		}
		out[first.ID] = Reprint{Cluster: first.ID, Role: "first"}
		if k.ID != first.ID {
			out[k.ID] = Reprint{Cluster: first.ID, Role: role}
		}
	}
	return out
}

// before orders articles by their claim to be the first print; an undated one has the least.
func (k *Sketch) before(o *Sketch) int {
	if k.Day.IsZero() != o.Day.IsZero() {
		if k.Day.IsZero() {
			return 1
		}
		return -1
	}
	return cmp.Or(k.Day.Compare(o.Day), o.Runes-k.Runes, cmp.Compare(k.ID, o.ID))
}

// Dedupe yields each text of a day once. What comes again is not yielded but
// handed to again with the id of the article that was yielded: its source
// belongs into that one's Locations. An undated copy is a copy of any day.
// Memory is about 100 bytes an article.
func Dedupe(articles iter.Seq2[*Article, error], again func(id string, s Source)) iter.Seq2[*Article, error] {
	type print struct {
		day Day
		id  string
	}
	return func(yield func(*Article, error) bool) {
		seen := map[[16]byte][]print{}
		for a, err := range articles {
			if err != nil {
				if !yield(nil, err) {
					return
				}
				continue
			}
			key := textKey(a)
			i := slices.IndexFunc(seen[key], func(p print) bool { return p.day == a.Date || p.day.IsZero() || a.Date.IsZero() })
			if i >= 0 {
				again(seen[key][i].id, a.Source)
				continue
			}
			seen[key] = append(seen[key], print{a.Date, a.ID})
			if !yield(a, nil) {
				return
			}
		}
	}
}

// textKey is a digest of the text of a without white space.
func textKey(a *Article) [16]byte {
	s := a.Text.String()
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if !isSpace(r) {
			b = utf8.AppendRune(b, r)
		}
	}
	sum := sha256.Sum256(b)
	return [16]byte(sum[:16])
}
