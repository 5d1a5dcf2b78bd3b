package entity

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"longmai/pipeline"
)

// A namesake is a mention in full of one who bears a surname.
type namesake struct {
	pipeline.Entity
	from int // end of the person mentioned before
}

// bearers are the persons whom the article names in full, by surname: who they
// are is asked where somebody is addressed by one.
type bearers struct {
	mentions map[string][]namesake
	persons  map[string][]bearer // of the surnames that were asked for
}

// bearer is a person whom the article names in full.
type bearer struct {
	full    string
	at      int      // where he is first named
	clauses []string // what stands left and right of his name, each time
	title   bool     // a title stands right before his name
}

// unsaid are the surnames that are also words which stand before a title: 向书记
// is "to the secretary", 任局长 "as head of the bureau".
const unsaid = "任向于和时全原老新代都连从自同与便及即又经由令对党省市县区州乡村校厂社公以为让请找见来到去是有"

// addressed links a surname with a title behind it to the person whom the
// article names in full: 李局长 after 局长李开明. The mention is the surname. One
// that fits nobody, or several, is no mention: 刘总 is not a name.
func (v *resolver) addressed(es []pipeline.Entity) []pipeline.Entity {
	es, known := v.bearers(es)
	if len(known.mentions) == 0 {
		return es
	}
	body := v.d.Body()
	var begins leads
	for surname := range known.mentions {
		begins.add(surname)
	}
	var add []pipeline.Entity
	next := 0
	for _, t := range v.d.Tokens {
		if !begins.may(body[t.Start:]) {
			continue
		}
		for next < len(es) && es[next].End <= t.Start {
			next++
		}
		if next < len(es) && es[next].Start < t.Start {
			continue
		}
		e, end, ok := v.address(t.Start, known)
		if !ok || v.d.InApparatus(e.Span) {
			continue
		}
		on := next < len(es) && es[next].Start < e.End // neither 张厅长走进某某公司 nor 周主 + 任 is a name
		behind := next
		if on {
			behind++
		}
		if behind < len(es) && es[behind].Start == end && es[behind].Type == pipeline.Person {
			if on && es[next].Span == e.Span {
				continue // 欧阳 + 县长 + 欧阳明华
			}
			es = slices.Delete(es, behind, behind+1) // 王董事长 + 问得细 is no person
		}
		if on {
			es[next] = e
		} else {
			add = append(add, e)
		}
	}
	if len(add) == 0 {
		return es
	}
	es = append(es, add...)
	slices.SortStableFunc(es, func(a, b pipeline.Entity) int { return cmp.Compare(a.Start, b.Start) })
	return es
}

// leads are the first characters of some words, a bit for each: by the second and
// third byte, which tell Chinese characters apart.
type leads [1 << 6]uint64

func (l *leads) add(word string) {
	if len(word) > 2 {
		l[word[1]&63] |= 1 << (word[2] & 63)
	}
}

// may reports whether s may begin with one of them. That it does not is certain.
func (l *leads) may(s string) bool {
	return len(s) > 2 && l[s[1]&63]>>(s[2]&63)&1 != 0
}

// bearers returns the persons named in full by their surnames, and the mentions
// without those that are a surname and a title.
func (v *resolver) bearers(es []pipeline.Entity) ([]pipeline.Entity, *bearers) {
	out := &bearers{mentions: map[string][]namesake{}, persons: map[string][]bearer{}}
	kept := es[:0]
	from := 0
	for _, e := range es {
		if e.Type != pipeline.Person {
			kept = append(kept, e)
			continue
		}
		surface := v.d.Surface(e.Span)
		n := v.surnameOf(surface)
		if n > 0 && n < len(surface) {
			if end, _, ok := v.addressForm(surface[n:]); ok && end == len(surface)-n {
				continue
			}
			if e.Name == fullName(surface) && !strings.HasSuffix(surface, "某") {
				out.mentions[surface[:n]] = append(out.mentions[surface[:n]], namesake{e, from})
			}
		}
		from = e.End
		kept = append(kept, e)
	}
	return kept, out
}

// spaces takes the spaces out of a name: 王　欣.
var spaces = strings.NewReplacer("　", "", " ", "")

func fullName(surface string) string { return spaces.Replace(surface) }

// surnameOf returns the length of the surname with which s begins.
func (v *resolver) surnameOf(s string) int {
	_, w := utf8.DecodeRuneInString(s)
	if _, w2 := utf8.DecodeRuneInString(s[w:]); w+w2 < len(s) && v.lex.surnames[s[:w+w2]] > 0 {
		return w + w2
	}
	if v.lex.surnames[s[:w]] > 0 {
		return w
	}
	return 0
}

// mostBearers bounds how many persons of one surname are told apart.
const mostBearers = 50

// of returns those who bear a surname.
func (b *bearers) of(v *resolver, surname string) []bearer {
	out, asked := b.persons[surname]
	if !asked {
		for _, m := range b.mentions[surname] {
			out = v.bear(out, m)
		}
		b.persons[surname] = out
	}
	return out
}

// bear notes e among the bearers of the surname.
func (v *resolver) bear(bs []bearer, e namesake) []bearer {
	i := slices.IndexFunc(bs, func(b bearer) bool { return b.full == e.Name })
	if i >= 0 && len(bs[i].clauses) >= 8 || i < 0 && len(bs) == mostBearers {
		return bs
	}
	body := v.d.Body()
	left := body[max(e.from, e.Start-120):e.Start]
	if i := strings.LastIndexAny(left, "。；！？\n”"); i >= 0 {
		left = left[i:]
	}
	right := body[e.End:min(len(body), e.End+30)]
	if k, _ := v.TitleStarting(right); k > 0 {
		right = right[:k]
	} else {
		right = ""
	}
	k, class := v.TitleEnding(left)
	titled := k > 0 && class <= Post
	if i < 0 {
		bs = append(bs, bearer{full: e.Name, at: e.Start})
		i = len(bs) - 1
	}
	b := &bs[i]
	b.clauses = append(b.clauses, left, right)
	b.title = b.title || titled
	return bs
}

// addressForm returns the length of the title or form of address at the start
// of s and the titles that who is called so bears; nil for anybody.
func (v *resolver) addressForm(s string) (n int, titles []string, ok bool) {
	if n, class := v.TitleStarting(s); n > 3 && class != Job {
		if f, ok := v.lex.address[s[:n]]; ok {
			return n, f, true
		}
		return n, []string{strings.TrimPrefix(s[:n], "副")}, true
	}
	for k := 3; k > 0; k-- {
		if end := runeEnd(s, k); end > 0 {
			if f, ok := v.lex.address[s[:end]]; ok {
				return end, f, true
			}
		}
	}
	return 0, nil, false
}

// runeEnd returns the end of the first n characters of s, 0 when there are fewer.
func runeEnd(s string, n int) int {
	at := 0
	for range n {
		_, w := utf8.DecodeRuneInString(s[at:])
		if w == 0 {
			return 0
		}
		at += w
	}
	return at
}

// address returns the mention at at, where a word begins, when a surname and a
// form of address stand there that fit one person, and the end of the form.
func (v *resolver) address(at int, known *bearers) (e pipeline.Entity, end int, ok bool) {
	rest := v.d.Body()[at:]
	rest = rest[:min(len(rest), 60)]
	surname := rest[:runeEnd(rest, 2)]
	if len(known.mentions[surname]) == 0 {
		surname = rest[:runeEnd(rest, 1)]
	}
	if len(known.mentions[surname]) == 0 {
		return e, 0, false
	}
	n, titles, ok := v.addressForm(rest[len(surname):])
	if !ok || !v.endsAddress(at+len(surname), n) {
		return e, 0, false
	}
	if strings.Contains(unsaid, surname) && !v.speaks(rest[len(surname)+n:]) {
		return e, 0, false
	}
	full := whom(known.of(v, surname), titles, at)
	e = pipeline.Entity{Span: pipeline.Span{Start: at, End: at + len(surname)}, Type: pipeline.Person, Name: full, Confidence: 0.9, Rule: "entity/address"}
	return e, at + len(surname) + n, full != ""
}

// speaks reports whether s begins with what a person does.
func (v *resolver) speaks(s string) bool {
	for _, w := range []string{"说", "告诉", "介绍", "表示"} {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

// endsAddress reports whether the n bytes at at are a form of address and not
// the beginning of a word: 刘总 + 说, but 刘 + 总结, 高 + 工资.
func (v *resolver) endsAddress(at, n int) bool {
	end := at + n
	i, ok := slices.BinarySearchFunc(v.d.Tokens, end, func(t pipeline.Token, at int) int { return cmp.Compare(t.Start, at) })
	if ok || end == len(v.d.Body()) {
		return true
	}
	if i == 0 || v.d.Surface(pipeline.Span{Start: at, End: end}) != "总" {
		return false
	}
	return v.d.Surface(v.d.Tokens[i-1].Span) == "总参" // 刘总 + 参加
}

// whom returns the one of the bearers whom the titles fit; "" when nobody or
// several do. Who is named before goes first.
func whom(bearers []bearer, titles []string, at int) string {
	for _, before := range []bool{true, false} {
		fit, others := "", ""
		fits, count := 0, 0
		for i := range bearers {
			b := &bearers[i]
			if (b.at < at) != before {
				continue
			}
			if b.bears(titles) {
				fit = b.full
				fits++
			} else if !b.title || len(titles) == 0 {
				others = b.full
				count++
			}
		}
		switch {
		case fits == 1:
			return fit
		case fits == 0 && count == 1 && before:
			return others
		case fits+count > 0:
			return ""
		}
	}
	return ""
}

// bears reports whether one of the titles stands beside the person's name.
func (b *bearer) bears(titles []string) bool {
	for _, c := range b.clauses {
		for _, t := range titles {
			if strings.Contains(c, t) {
				return true
			}
		}
	}
	return false
}
