package entity

import (
	"strings"
	"unicode/utf8"

	"longmai/pipeline"
)

// known is a name that the article uses for a kind of thing.
type known struct {
	surface string
	kind    kind
	full    string // the full name that a short form stands for; "" for the name itself
	defined bool   // 以下简称
	best    [2]sighting
}

// A sighting is how sure one sentence is of a name.
type sighting struct {
	sentence   int
	confidence float64
}

func (k *known) see(sentence int, confidence float64) {
	s := sighting{sentence, confidence}
	switch {
	case k.best[0].confidence == 0:
		k.best[0] = s
	case k.best[0].sentence == sentence:
		k.best[0].confidence = max(k.best[0].confidence, confidence)
	case confidence > k.best[0].confidence:
		k.best[0], k.best[1] = s, k.best[0]
	case confidence > k.best[1].confidence:
		k.best[1] = s
	}
}

// level says how sure the other sentences are of the name, 0 for not at all.
func (k *known) level(sentence int) uint8 {
	if k.defined {
		return 9
	}
	c := k.best[0].confidence
	if k.best[0].sentence == sentence {
		c = k.best[1].confidence
	}
	v := uint8(0)
	switch {
	case c >= 0.97:
		v = 4
	case c >= 0.85:
		v = 3
	case c >= 0.6:
		v = 2
	case c >= 0.3:
		v = 1
	}
	if v > 0 && k.full != "" {
		v += 4
	}
	return v
}

// An articleLexicon holds the names that the article uses.
type articleLexicon struct {
	trie  *trie
	names []known
	byKey map[nameKey]int32
	next  []int32 // other kinds of the same surface, chained; -1 ends
}

type nameKey struct {
	kind    kind
	surface string
}

func newArticleLexicon() *articleLexicon {
	return &articleLexicon{trie: newTrie(usualNames), byKey: map[nameKey]int32{}}
}

// usualNames is how many names there is room for without growing.
const usualNames = 100

// reset empties a for the next article. Tables that a long article made are not
// kept: to empty them would cost every short one behind it.
func (a *articleLexicon) reset() {
	if len(a.names) > usualNames {
		*a = *newArticleLexicon()
		return
	}
	clear(a.names)
	clear(a.byKey)
	a.trie.reset()
	a.names, a.next = a.names[:0], a.next[:0]
}

func (a *articleLexicon) name(k kind, surface string) *known {
	id := nameKey{k, surface}
	if i, ok := a.byKey[id]; ok {
		return &a.names[i]
	}
	i := int32(len(a.names))
	a.byKey[id] = i
	a.names = append(a.names, known{surface: surface, kind: k})
	v := a.trie.add(surface)
	a.next = append(a.next, *v-1)
	*v = i + 1
	return &a.names[i]
}

// learn gathers the names that the first reading of d found, and the short
// forms that follow from them. They take the place of what a held.
func (r *Reader) learn(a *articleLexicon, d *pipeline.Document, found []mention) *articleLexicon {
	a.reset()
	for _, m := range found {
		s := d.Surface(m.span)
		if runeCount(s) < 2 || m.confidence < 0.3 {
			continue
		}
		a.name(m.kind, s).see(m.sentence, m.confidence)
	}
	n := len(a.names)
	for i := range n {
		full := a.names[i]
		if full.best[0].confidence < 0.6 {
			continue
		}
		for _, short := range r.lex.shortForms(full.kind, full.surface) {
			k := a.name(full.kind, short)
			if k.full == "" && k.best[0].confidence < 0.6 {
				k.full = full.surface
				k.see(full.best[0].sentence, full.best[0].confidence)
				k.see(-1, full.best[0].confidence)
			}
		}
	}
	for _, m := range found {
		if short := definition(d, m); short != "" {
			k := a.name(m.kind, short)
			k.full, k.defined = d.Surface(m.span), true
		}
	}
	return a
}

// definition returns the short form that the words right of m introduce:
// （以下简称“X”）, （简称X）, “” when they do not.
func definition(d *pipeline.Document, m mention) string {
	rest := d.Body()[m.span.End:min(len(d.Body()), m.span.End+90)]
	rest, ok := cutAny(rest, "（", "(")
	if !ok {
		return ""
	}
	if rest, ok = cutAny(rest, "以下简称", "下称", "简称", "以下称", "以下统称"); !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, "为：:，")
	end := strings.IndexAny(rest, "）)，,")
	if end < 0 {
		return ""
	}
	short := strings.Trim(rest[:end], "“”\"‘’'「」 ")
	if n := runeCount(short); n < 2 || n > 12 || len(short) >= m.span.Len() {
		return ""
	}
	return short
}

func cutAny(s string, prefixes ...string) (string, bool) {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(s, p); ok {
			return rest, true
		}
	}
	return s, false
}

var firmEndings = []string{"集团股份有限公司", "（集团）有限责任公司", "（集团）有限公司", "（集团）股份有限公司", "集团有限责任公司", "集团有限公司", "控股有限公司", "股份有限公司", "有限责任公司", "股份公司", "有限公司", "集团公司", "集团总公司", "总公司", "集团", "公司"}

// shortForms returns the short forms by which an article may call what it has
// once named in full.
func (l *lexicon) shortForms(k kind, full string) []string {
	var out []string
	add := func(s string) {
		if n := runeCount(s); n >= 2 && s != full {
			if senses := l.lookup(s); len(senses) > 0 && n < 4 {
				return // a common word, a place, a title
			}
			out = append(out, s)
		}
	}
	switch k {
	case person:
		if parts := strings.FieldsFunc(full, func(r rune) bool { return r == '·' || r == '•' }); len(parts) > 1 {
			add(parts[len(parts)-1])
			add(parts[0])
			return out
		}
		first, _ := utf8.DecodeRuneInString(full)
		if l.surnames[string(first)] > 0 && runeCount(full) <= 3 {
			out = append(out, "老"+string(first))
		}
	case organization:
		core, firm := full, false
		for _, e := range firmEndings {
			if rest, ok := strings.CutSuffix(core, e); ok {
				core, firm = rest, true
				add(core)
				break
			}
		}
		if !firm {
			return out
		}
		core = strings.TrimSuffix(core, "集团")
		if place := l.leadingPlace(core); place > 0 && place < len(core) {
			core = core[place:]
			add(core)
			add(core + "公司")
			add(core + "集团")
		}
		if n := runeCount(core); n > 4 || n == 4 {
			for _, field := range []string{"新材料", "新能源", "生物", "科技", "电子", "电气", "重工", "材料", "能源", "化工", "药业", "制药", "农业", "矿业", "水泥", "机械", "实业", "食品"} {
				if i := strings.Index(core, field); i > 0 {
					add(core[:i+len(field)])
					if runeCount(core[:i]) >= 2 {
						add(core[:i])
					}
					break
				}
			}
		}
	}
	return out
}

// leadingPlace returns the length of the longest division that s begins with.
func (l *lexicon) leadingPlace(s string) int {
	best := 0
	for end, v := range l.tree.prefixes(s) {
		if l.cues[v-1].says&saysDivision != 0 {
			best = end
		}
	}
	return best
}

// fromArticle proposes the names that the article uses elsewhere, and tells
// the candidates that are there how sure it is of them.
func (k *work) fromArticle(a *articleLexicon, sentence int) (news bool) {
	s := k.s
	for i := range s.n {
		if !a.trie.begins(fold(s.runes[i])) {
			continue
		}
		node := int32(0)
		for j := i; j < s.n; j++ {
			if node = a.trie.step(node, fold(s.runes[j])); node == 0 {
				break
			}
			for v := a.trie.value[node] - 1; v >= 0; v = a.next[v] {
				if level := a.names[v].level(sentence); level > 0 {
					k.add(candidate{start: int32(i), end: int32(j + 1), kind: a.names[v].kind, from: byArticle, known: level})
					news = true
				}
			}
		}
	}
	return news
}

// news reports whether sentence i holds a known name that its first reading
// did not find there, or was not sure of.
func (a *articleLexicon) news(d *pipeline.Document, i int, mine []mention) bool {
	sp := d.Sentences[i]
	text := d.Body()[sp.Start:sp.End]
	for at, first := range text {
		if !a.trie.begins(fold(first)) {
			continue
		}
		node := int32(0)
		for off, c := range text[at:] {
			if node = a.trie.step(node, fold(c)); node == 0 {
				break
			}
			for v := a.trie.value[node] - 1; v >= 0; v = a.next[v] {
				if a.names[v].level(i) == 0 {
					continue
				}
				span := pipeline.Span{Start: sp.Start + at, End: sp.Start + at + off + len(string(c))}
				if !has(mine, span, a.names[v].kind) {
					return true
				}
			}
		}
	}
	return false
}

func has(ms []mention, span pipeline.Span, k kind) bool {
	for _, m := range ms {
		if m.span == span && m.kind == k && m.confidence > 0.9 || m.span.Start <= span.Start && m.span.End >= span.End && m.span != span && m.confidence > 0.95 {
			return true
		}
	}
	return false
}
