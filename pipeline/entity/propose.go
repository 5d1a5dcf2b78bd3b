package entity

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"longmai/pipeline"
)

// A Named is a name with its type and how many articles have it.
type Named struct {
	Name  string
	Type  pipeline.EntityType
	Count int
}

// A Proposal is two names that may be one thing. It is for a person to decide.
type Proposal struct {
	Type       pipeline.EntityType
	Name, Into string
	Why        string
}

// Propose returns pairs of names of bodies that may be one: a short form and a
// full name of which it keeps a part of every word, names that differ in the
// form of the firm alone, or in 省, 市 and 中国 before them. Names of which one has
// a word, a number or a division more that tells it from others are no pair:
// 兰州大学 and 兰州理工大学. It never decides: the caller shows them.
func Propose(names []Named) []Proposal {
	lex, err := loadLexicon()
	if err != nil { // the tables that ship load: a test sees to it
		return nil
	}
	byStart := map[rune][]*bodyName{}
	for _, n := range names {
		if n.Type != pipeline.Organization {
			continue
		}
		b := lex.bodyName(n.Name)
		if len(b.whole) < 2 || len(b.whole) > longestBody {
			continue
		}
		byStart[b.whole[0]] = append(byStart[b.whole[0]], b)
		if b.core[0] != b.whole[0] {
			byStart[b.core[0]] = append(byStart[b.core[0]], b)
		}
	}
	var out []Proposal
	for _, bs := range byStart {
		if len(bs) > 2000 {
			continue // too common a character to compare all pairs
		}
		for _, a := range bs {
			for _, b := range bs {
				if why := a.shortOf(b); why != "" {
					out = append(out, Proposal{Type: pipeline.Organization, Name: a.name, Into: b.name, Why: why})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Into, b.Into), cmp.Compare(a.Name, b.Name))
	})
	out = slices.Compact(out)
	places := map[string]int{} // by short name
	for _, p := range out {
		if p.Why == whyNoDivision {
			places[p.Name]++
		}
	}
	return slices.DeleteFunc(out, func(p Proposal) bool { return p.Why == whyNoDivision && places[p.Name] > 1 })
}

// whyNoDivision is the reason of a pair of which the short name has no division.
// Where several have the rest in common none is offered: it may be each of them.
const whyNoDivision = "the same but for the division left out"

// longestBody bounds the names that are compared, in characters.
const longestBody = 48

// A bodyName is the name of a body taken apart: 兰州市 + 第一中学, 甘肃省 + 电力投资 + 集团有限公司.
type bodyName struct {
	name  string
	size  int    // characters of name
	whole []rune // without the form of the firm and what no abbreviation keeps
	core  []rune // whole without the divisions before it; whole where nothing would be left
	where []int32
	wide  bool // the division is the country or the home province
	firm  bool // has the form of a firm
	count string
	sub   string
}

// dropped are the words and characters that a short form leaves out without trace.
var dropped = strings.NewReplacer("人民代表大会", "人大", "人民", "", "第", "", "和", "", "与", "", "及", "", "暨", "", "（", "", "）", "", "(", "", ")", "", "·", "", " ", "", "　", "")

// branches are the words that tell a part from the whole, which no short form leaves out.
var branches = []string{"分公司", "子公司", "支公司", "分行", "支行", "分局", "分院", "分校", "分社", "分会", "分中心"}

func (l *lexicon) bodyName(name string) *bodyName {
	b := &bodyName{name: name, size: runeCount(name)}
	for _, w := range branches {
		if strings.Contains(name, w) {
			b.sub = w
		}
	}
	text := firmCore(name)
	b.firm = text != name
	if rest, ok := strings.CutPrefix(text, "中共"); ok && runeCount(rest) > 3 {
		text = rest
	}
	for _, w := range []string{"（控股）", "(控股)", "控股", "（集团）", "(集团)"} {
		text = strings.TrimSuffix(text, w)
	}
	rest := text
	for {
		where, after := l.divisionBefore(rest)
		if after == "" || b.where != nil && !l.within(where, b.where) {
			break // 北辰 in 兰州北辰集团 is no district of Tianjin
		}
		b.where, rest = where, after
	}
	for _, i := range b.where {
		d := &l.divisions[i]
		b.wide = b.wide || d.code == "CN" || d.code == "620000"
	}
	b.whole, b.core = plain(text), plain(rest)
	if len(b.core) < 2 {
		b.core, b.where, b.wide = b.whole, nil, false
	}
	if len(b.core) == 0 {
		b.core = []rune{0}
	}
	b.count = numbersOf(name)
	return b
}

// plain returns the characters of s that a short form may keep.
func plain(s string) []rune {
	first := ""
	if r, n := utf8.DecodeRuneInString(s); r == '和' || r == '与' || r == '及' { // 和政
		first, s = s[:n], s[n:]
	}
	return []rune(first + dropped.Replace(s))
}

// divisionBefore returns the divisions that the beginning of s may name and what
// follows; "" when s begins with none. 省 and 国家 stand for the home province and the country.
func (l *lexicon) divisionBefore(s string) (where []int32, rest string) {
	n := l.leadingPlace(s)
	if n == 0 {
		if rest, ok := strings.CutPrefix(s, "省"); ok && runeCount(rest) >= 2 {
			return []int32{l.byCode["620000"]}, rest
		}
		return nil, ""
	}
	for _, x := range l.lookup(s[:n]) {
		if x.sort == sortDivision && (x.traits&bare == 0 || x.traits&home != 0 || x.class < levelCounty) {
			where = append(where, x.item)
		}
	}
	if where == nil {
		return nil, ""
	}
	return where, s[n:]
}

// within reports whether one of the divisions lies in one of those above.
func (l *lexicon) within(divisions, above []int32) bool {
	for _, i := range divisions {
		for ; i >= 0; i = l.divisions[i].parent {
			if slices.Contains(above, i) {
				return true
			}
		}
	}
	return slices.ContainsFunc(above, func(i int32) bool { return l.divisions[i].code == "CN" })
}

// numbersOf returns the numbers of a name in one writing, so that 第一医院 and 第二医院 differ.
func numbersOf(name string) string {
	var b strings.Builder
	for _, r := range strings.NewReplacer("统一", "", "一体", "", "一带一路", "", "〇", "○").Replace(name) {
		if r = fold(r); strings.ContainsRune("一二三四五六七八九十百○0123456789", r) {
			if i := strings.IndexRune("123456789", r); i >= 0 {
				r = []rune("一二三四五六七八九")[i]
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// shortOf says why a may be a short form of b; "" when it is none, or is b.
func (a *bodyName) shortOf(b *bodyName) string {
	if a.name == b.name || a.size > b.size || a.size == b.size && a.name > b.name || a.count != b.count || a.sub != b.sub {
		return ""
	}
	same := slices.Equal(a.whole, b.whole)
	switch {
	case same && a.firm != b.firm || same && a.firm:
		return "the same but for the form of the firm"
	case same:
		return "the same but for small words"
	case len(a.where) > 0 && len(b.where) > 0:
		if !overlap(a.where, b.where) {
			return ""
		}
		if slices.Equal(a.core, b.core) {
			return "the same but for the division before it"
		}
		if a.keepsForm(b) && keepsWords(a.core, b.core) {
			return "leaves characters out"
		}
		return ""
	case len(a.where) == 0 && len(b.where) > 0 && (b.wide || a.firm && b.firm) && slices.Equal(a.core, b.core):
		return whyNoDivision
	case a.keepsForm(b) && (len(a.where) == 0 && b.wide && b.firm && keepsWords(a.core, b.core) || a.joinsDivision(b) && keepsWords(a.whole, b.whole)):
		return "leaves characters out"
	}
	return ""
}

// keepsForm reports whether b is a firm if a is: 北辰种业公司 is no 北辰种植合作社.
func (a *bodyName) keepsForm(b *bodyName) bool { return b.firm || !a.firm }

// joinsDivision reports whether a begins as short forms do that keep one
// character of the division before b and then what b does: 酒钢 of 酒泉 + 钢铁.
func (a *bodyName) joinsDivision(b *bodyName) bool {
	return len(a.where) > 0 || len(b.where) == 0 || a.whole[1] == b.core[0]
}

func overlap(a, b []int32) bool {
	return slices.ContainsFunc(a, func(i int32) bool { return slices.Contains(b, i) })
}

// Words end with the characters of wordEnds, which a short form may keep of them:
// 医院 → 院. What idle holds may be left out whole.
const (
	wordEnds = "区院会局厅部所站台社校厂队团司行馆处" + ordinals
	ordinals = "一二三四五六七八九十"
)

var idle = []string{"管理", "工作", "事务", "员会", "会"}

// longestGap is how many characters a short form leaves out behind one that it
// keeps: 人[力资源]社[会保障]局, 住[房城乡]建[设]厅.
const longestGap = 3

// keepsWords reports whether short leaves characters out of full but keeps at
// least one of each word. Words are of two characters, but for those that end
// in a character of wordEnds; so what is left out behind a whole word is a word
// that tells full from short: 石化[职业]学院. A gap that holds the character before
// or behind it again is none: 酒钢 is not 酒[钢集团宏兴]钢.
func keepsWords(short, full []rune) bool {
	if len(short) < 2 || len(short) >= len(full) || short[0] != full[0] {
		return false
	}
	if rest := full[len(short):]; len(rest) > 1 && slices.Equal(short, full[:len(short)]) && !slices.Contains(idle, string(rest)) {
		return false // a part of it: 大学 + 药学院
	}
	// at[j] tells how short[:i] may end in full[j]: bit 0 within a word, bit 1 at its end.
	const within, ended = 1, 2
	at, next := make([]uint8, len(full)), make([]uint8, len(full))
	state := func(r rune, before uint8) uint8 {
		switch {
		case before&within != 0 || strings.ContainsRune(ordinals, r):
			return ended
		case strings.ContainsRune(wordEnds, r):
			return within | ended // 社 in 人社局, 合作社
		}
		return within
	}
	at[0] = state(full[0], 0)
	for _, r := range short[1:] {
		clear(next)
		for j, before := range at {
			if before == 0 {
				continue
			}
			for k := j + 1; k < len(full) && k <= j+1+longestGap; k++ {
				if full[k] != r || slices.Contains(full[j+1:k], r) || slices.Contains(full[j+1:k], full[j]) || !mayLeaveOut(full[j+1:k], before, strings.ContainsRune(wordEnds, r)) {
					continue
				}
				if k == j+1 {
					if before&within != 0 {
						next[k] |= state(r, within)
					}
					if before&ended != 0 {
						next[k] |= state(r, 0)
					}
				} else {
					next[k] |= state(r, 0)
				}
			}
		}
		at, next = next, at
	}
	for j, before := range at {
		if rest := full[j+1:]; before != 0 && len(rest) <= longestGap && mayLeaveOut(rest, before, false) {
			return true
		}
	}
	return false
}

// mayLeaveOut reports whether a short form may leave gap out behind a character
// that ends a word or not, before one that ends a word or not.
func mayLeaveOut(gap []rune, before uint8, endsWord bool) bool {
	return len(gap) == 0 || before&1 != 0 || len(gap) == 1 && endsWord || slices.Contains(idle, string(gap))
}

// firmCore returns the name of a firm without the form of the firm.
func firmCore(name string) string {
	for _, e := range firmEndings {
		if rest, ok := strings.CutSuffix(name, e); ok && runeCount(rest) >= 2 {
			return rest
		}
	}
	return name
}
