package corpus

import (
	"cmp"
	"crypto/sha256"
	"iter"
	"math"
	"math/bits"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Near-equal articles
//
// The text of an article, without white space, marks and apparatus, is cut into
// overlapping shingles of six characters. Of these a sketch keeps two things. A
// MinHash signature finds texts that are alike as a whole (bands of two values:
// a likeness of 0.5 is found with a chance of 0.9999). A sample by hash, every
// 2ⁿ-th shingle, is dense enough to tell how much of a short text stands in a long
// one, which a signature cannot; its coarse part finds such pairs. What is found
// is decided by the samples, and a cluster is what hangs together through pairs.
//
// An article costs at most 2 kB, whatever its length.

const (
	shingleSize  = 6   // characters
	signatureLen = 64  // values of a signature
	bandRows     = 2   // values of a band
	sampleLen    = 256 // shingles of a sample at most
	coarse       = 4   // bits: of the sample one in 16 shingles at least is looked up
	minRunes     = 40  // characters below which a text is alike to none
	reprintShare = 0.5 // common shingles in all of two texts, from which they are reprints
	excerptShare = 0.8 // share of the shorter text that stands in the longer, from which it is an excerpt
	neighbours   = 6   // articles of one bucket that an article is compared with
)

// A Sketch is what Near keeps of an article.
type Sketch struct {
	ID    string
	Day   Day
	Runes int // characters that count

	bands  [signatureLen / bandRows]uint32
	sample []uint32 // sorted; the shingles whose lower shift bits are zero
	shift  uint8
}

// SketchOf returns the sketch of a.
func SketchOf(a *Article) Sketch {
	text := content(a)
	k := Sketch{ID: a.ID, Day: a.Date, Runes: len(text)}
	all := shingles(text)
	k.sign(all)
	for len(all) > sampleLen {
		k.shift++
		mask := uint64(1)<<k.shift - 1
		all = slices.DeleteFunc(all, func(h uint64) bool { return h&mask != 0 })
	}
	k.sample = make([]uint32, len(all))
	for i, h := range all {
		k.sample[i] = uint32(h)
	}
	slices.Sort(k.sample)
	return k
}

// sign makes the bands of the MinHash signature of the shingles all. The values
// of one shingle are an arithmetic progression of two halves of its hash, mixed.
func (k *Sketch) sign(all []uint64) {
	var least [signatureLen]uint32
	for i := range least {
		least[i] = math.MaxUint32
	}
	for _, h := range all {
		v, step := h, bits.RotateLeft64(h, 31)*0x9e3779b97f4a7c15|1
		for i := range least {
			v += step
			least[i] = min(least[i], uint32(v*0xd6e8feb86659fd93>>32))
		}
	}
	for b := range k.bands {
		x := uint64(b)
		for _, v := range least[b*bandRows : (b+1)*bandRows] {
			x = (x ^ uint64(v)) * 0xbf58476d1ce4e5b9
			x ^= x >> 31
		}
		k.bands[b] = uint32(x >> 16)
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
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				out = append(out, r)
			}
		}
	}
	return out
}

// shingles returns the different hashes of all shingles of text, sorted.
func shingles(text []rune) []uint64 {
	out := make([]uint64, 0, len(text))
	for i := 0; i+shingleSize <= len(text); i++ {
		h := uint64(0xcbf29ce484222325)
		for _, r := range text[i : i+shingleSize] {
			h = (h ^ uint64(r)) * 0x100000001b3
			h ^= h >> 29
		}
		h *= 0xbf58476d1ce4e5b9
		out = append(out, h^h>>32)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// common counts the shingles that two texts have in common, and those of each,
// in samples of the same density.
func common(a, b *Sketch) (both, na, nb int) {
	mask := uint32(1)<<max(a.shift, b.shift) - 1
	i, j := 0, 0
	for i < len(a.sample) || j < len(b.sample) {
		switch {
		case i < len(a.sample) && a.sample[i]&mask != 0:
			i++
		case j < len(b.sample) && b.sample[j]&mask != 0:
			j++
		case j == len(b.sample) || i < len(a.sample) && a.sample[i] < b.sample[j]:
			na++
			i++
		case i == len(a.sample) || b.sample[j] < a.sample[i]:
			nb++
			j++
		default:
			both, na, nb = both+1, na+1, nb+1
			i++
			j++
		}
	}
	return both, na, nb
}

// likeness returns the share of common shingles in all of both texts, and in the smaller one.
func (k *Sketch) likeness(o *Sketch) (jaccard, contained float64) {
	both, na, nb := common(k, o)
	if both == 0 {
		return 0, 0
	}
	return float64(both) / float64(na+nb-both), float64(both) / float64(min(na, nb))
}

// alike reports whether two texts belong into one cluster.
func (k *Sketch) alike(o *Sketch) bool {
	if !k.promising(o) {
		return false
	}
	both, na, nb := common(k, o)
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
	sketches []Sketch
}

// Add takes one more article.
func (n *Near) Add(k Sketch) { n.sketches = append(n.sketches, k) }

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
	slices.SortFunc(n.sketches, func(a, b Sketch) int { return a.before(&b) })
	parent := make([]int32, len(n.sketches))
	for i := range parent {
		parent[i] = int32(i)
	}
	var es []posting
	compared := make([]uint64, 1<<comparedBits)
	for b := range signatureLen / bandRows {
		es = es[:0]
		for i := range n.sketches {
			if n.sketches[i].Runes >= minRunes {
				es = append(es, posting{n.sketches[i].bands[b], int32(i)})
			}
		}
		n.join(parent, es, compared)
	}
	for part := range uint32(8) { // eight passes bound the memory to two entries an article
		es = es[:0]
		for i := range n.sketches {
			k := &n.sketches[i]
			mask := uint32(1)<<max(k.shift, coarse) - 1
			for _, h := range k.sample {
				if h&mask == 0 && h>>29 == part && k.Runes >= minRunes {
					es = append(es, posting{h, int32(i)})
				}
			}
		}
		n.join(parent, es, compared)
	}
	return n.roles(parent)
}

// comparedBits is the size of the table of pairs that were compared lately and
// are not alike: articles that share a phrase share many of its shingles.
const comparedBits = 21

// join compares articles that share a value and joins those that are alike. In
// a long bucket an article is compared with the first ones and with its neighbours.
func (n *Near) join(parent []int32, es []posting, compared []uint64) {
	slices.SortFunc(es, func(a, b posting) int { return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.index, b.index)) })
	for lo := 0; lo < len(es); {
		hi := lo + 1
		for hi < len(es) && es[hi].value == es[lo].value {
			hi++
		}
		for i := lo + 1; i < hi; i++ {
			for j := lo; j < i; j++ {
				if j == lo+neighbours && j < i-neighbours {
					j = i - neighbours
				}
				pair := uint64(es[i].index)<<32 | uint64(es[j].index)
				slot := &compared[pair*0x9e3779b97f4a7c15>>(64-comparedBits)]
				if *slot == pair {
					continue
				}
				a, b := root(parent, es[i].index), root(parent, es[j].index)
				switch {
				case a == b:
				case n.sketches[es[i].index].alike(&n.sketches[es[j].index]):
					parent[max(a, b)] = min(a, b)
				default:
					*slot = pair
				}
			}
		}
		lo = hi
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
		first, k := &n.sketches[r], &n.sketches[i]
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
