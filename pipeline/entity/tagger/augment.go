package tagger

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An augmenter writes other names of the same type into the marked slots of
// sentences. What it makes up: persons of surnames and given names by their
// counts, places and organizations by putting another division of the same
// level where one stands, firms of a place, a coined name, a trade and a last
// word, and names of the same type and last word from elsewhere in the data.
type augmenter struct {
	r         *rand.Rand
	surnames  weighted
	given     weighted
	divisions map[string]division   // by name and by short name
	peers     map[division][]string // names of a level, full or short
	pool      map[string][]string   // type and last characters → surfaces
}

type division struct {
	level int
	short bool
}

// names are what the lists say of persons and places, to make up others.
type names struct {
	surnames, given weighted
	divisions       map[string]division // by name and by short name
}

func readNames(lists []WordList) (names, error) {
	n := names{divisions: map[string]division{}}
	for _, l := range lists {
		err := l.each(func(f []string) error {
			switch l.Kind {
			case ListSurnames, ListGiven:
				count, err := strconv.Atoi(f[1])
				if err != nil || count < 1 {
					return fmt.Errorf("count %q is no number", f[1])
				}
				if l.Kind == ListSurnames {
					n.surnames.add(f[0], count)
				} else if utf8.RuneCountInString(f[0]) == 1 {
					n.given.add(f[0], count)
				}
			case ListDivisions:
				level, _ := strconv.Atoi(f[3])
				n.divisions[f[1]] = division{level, false}
				if f[2] != f[1] && utf8.RuneCountInString(f[2]) > 1 {
					n.divisions[f[2]] = division{level, true}
				}
			}
			return nil
		})
		if err != nil {
			return names{}, err
		}
	}
	return n, nil
}

func (n *names) complete() bool {
	return len(n.surnames.words) > 0 && len(n.given.words) > 0 && len(n.divisions) > 0
}

// weighted draws words by their counts.
type weighted struct {
	words []string
	sums  []int
}

func (w *weighted) add(word string, n int) {
	last := 0
	if len(w.sums) > 0 {
		last = w.sums[len(w.sums)-1]
	}
	w.words = append(w.words, word)
	w.sums = append(w.sums, last+n)
}

func (w *weighted) draw(r *rand.Rand) string {
	k := r.IntN(w.sums[len(w.sums)-1])
	at, _ := slices.BinarySearch(w.sums, k+1)
	return w.words[at]
}

func newAugmenter(n names, data []Article, seed uint64) *augmenter {
	a := &augmenter{
		r: rand.New(rand.NewPCG(seed, 3)), surnames: n.surnames, given: n.given,
		divisions: n.divisions, peers: map[division][]string{}, pool: map[string][]string{},
	}
	for name, d := range n.divisions {
		a.peers[d] = append(a.peers[d], name)
	}
	for _, p := range a.peers {
		slices.Sort(p)
	}
	for _, art := range data {
		for _, s := range art.Sentences {
			for _, m := range s.Spans {
				w := s.Text[m.Start:m.End]
				k := poolKey(m.Type, w)
				a.pool[k] = append(a.pool[k], w)
			}
		}
	}
	for k, p := range a.pool {
		slices.Sort(p)
		a.pool[k] = slices.Compact(p)
	}
	return a
}

// poolKey groups names that end alike: names of the same type and last
// character, of places and persons all of the same length.
func poolKey(kind, surface string) string {
	last, _ := utf8.DecodeLastRuneInString(surface)
	return kind + string(last)
}

// copy returns the article with about part of its slots refilled.
func (a *augmenter) copy(art Article, part float64) Article {
	out := Article{ID: art.ID}
	fill := map[[2]string]string{} // the same name gets the same filling all over the article
	for _, s := range art.Sentences {
		out.Sentences = append(out.Sentences, a.sentence(s, fill, part))
	}
	return out
}

func (a *augmenter) sentence(s Sentence, fill map[[2]string]string, part float64) Sentence {
	var b strings.Builder
	var spans []Span
	last := 0
	for _, m := range s.Spans {
		b.WriteString(s.Text[last:m.Start])
		old := s.Text[m.Start:m.End]
		k := [2]string{old, m.Type}
		if _, ok := fill[k]; !ok {
			fill[k] = old
			if a.r.Float64() < part {
				fill[k] = a.other(m.Type, old)
			}
		}
		start := b.Len()
		b.WriteString(fill[k])
		spans = append(spans, Span{Start: start, End: b.Len(), Type: m.Type, Confidence: 1})
		last = m.End
	}
	b.WriteString(s.Text[last:])
	return Sentence{Text: b.String(), Spans: spans}
}

func (a *augmenter) other(kind, old string) string {
	switch kind {
	case "person":
		return a.person(old)
	case "place":
		if d, ok := a.divisions[old]; ok {
			return a.peer(d)
		}
		return a.fromPool(kind, old)
	case "organization":
		if firm := a.firm(old); firm != "" && a.r.IntN(2) == 0 {
			return firm
		}
	}
	if name := a.moved(old); name != old && a.r.IntN(3) > 0 {
		return name
	}
	return a.fromPool(kind, old)
}

// person returns a name as long as old, which is kept when it is foreign or a name and a word.
func (a *augmenter) person(old string) string {
	n := utf8.RuneCountInString(old)
	if strings.Contains(old, "·") || n < 2 || n > 3 {
		return a.fromPool("person", old)
	}
	name := a.surnames.draw(a.r)
	// Of two characters are some, of three most.
	two := n == 2
	if a.r.IntN(5) == 0 {
		two = !two
	}
	name += a.given.draw(a.r)
	if !two {
		name += a.given.draw(a.r)
	}
	return name
}

// peer returns a division of the same level.
func (a *augmenter) peer(d division) string {
	p := a.peers[d]
	return p[a.r.IntN(len(p))]
}

// moved returns old with another division where one stands at its beginning.
func (a *augmenter) moved(old string) string {
	best := ""
	for i := range old {
		if i == 0 {
			continue
		}
		if _, ok := a.divisions[old[:i]]; ok {
			best = old[:i]
		}
	}
	if best == "" {
		return old
	}
	return a.peer(a.divisions[best]) + old[len(best):]
}

// fromPool returns a name from elsewhere that ends as old does.
func (a *augmenter) fromPool(kind, old string) string {
	p := a.pool[poolKey(kind, old)]
	if len(p) == 0 {
		return old
	}
	return p[a.r.IntN(len(p))]
}

const (
	coined = "华盛鑫泰恒瑞金龙丰源宏达通祥陇兴和顺天元博远嘉润安康新海川东方锦荣德信诚昌凯立隆腾飞翔宇中科创智联星耀光辉万众佳美禾青绿野云峰雪山泉宝玉石磊腾格西北昆仑"
)

var (
	trades = strings.Fields("科技 农业 生物 能源 新能源 矿业 建材 化工 医药 药业 食品 机械 装备制造 电力 环保 物流 商贸 文化传媒 旅游 建设工程 置业 牧业 种业 酒业 乳业 水泥 钢铁 有色金属 新材料 信息技术 数据 电子 农牧 果业 纺织 供应链 现代农业 生态 通信 汽车 光伏 风电 硅材料 石油 天然气")
	firms  = strings.Fields("有限公司 有限责任公司 股份有限公司 集团有限公司 集团 公司 集团股份有限公司 科技有限公司")
)

// firm returns a new firm where old is one, "" where not.
func (a *augmenter) firm(old string) string {
	if !strings.HasSuffix(old, "公司") && !strings.HasSuffix(old, "集团") {
		return ""
	}
	var b strings.Builder
	if a.r.IntN(2) == 0 {
		b.WriteString(a.peer(division{1 + a.r.IntN(3), true}))
	}
	c := []rune(coined)
	for range 2 + a.r.IntN(2) {
		b.WriteRune(c[a.r.IntN(len(c))])
	}
	b.WriteString(trades[a.r.IntN(len(trades))])
	if a.r.IntN(4) > 0 { // the others are names as the press shortens them
		b.WriteString(firms[a.r.IntN(len(firms))])
	}
	return b.String()
}
