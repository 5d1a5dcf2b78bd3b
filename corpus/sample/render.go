package sample

import (
	"math/rand/v2"
	"strings"
	"time"
	"unicode/utf8"
)

// A story is an article while it is written: its place, its day, who is in it.
type story struct {
	lexicon            *lexicon
	seed               uint64
	r                  *rand.Rand
	date               time.Time
	city, county, town *place
	cast               map[string]mention // by slot name
	commas             bool               // 1,156
	groups             int
}

// A sentence is one rendered template.
type sentence struct {
	story *story
	buf   strings.Builder
	n     int // code points in buf
	annotations
	slots   []*figureSlot // of the figures, in their order
	up      string        // the drawn direction
	before  decimal       // value of the figure before, as printed
	groups  map[string]int
	members map[int]int
	local   map[string]mention
	last    string // what was printed last
}

// render fills t. Quoted says that it is somebody's speech.
func (s *story) render(t template, quoted bool) (string, annotations) {
	w := &sentence{story: s, groups: map[string]int{}, members: map[int]int{}, local: map[string]mention{}}
	w.template(t)
	w.attach(quoted)
	return w.buf.String(), w.annotations
}

func (w *sentence) print(s string) (start, end int) {
	start = w.n
	w.buf.WriteString(s)
	w.n += utf8.RuneCountInString(s)
	if s != "" {
		w.last = s
	}
	return start, w.n
}

func (w *sentence) template(t template) {
	r := w.story.r
	for i := range t.nodes {
		n := &t.nodes[i]
		switch n.slot {
		case slotText:
			w.print(n.text)
		case slotChoice:
			w.template(n.choices[r.IntN(len(n.choices))])
		case slotWord:
			w.print(w.story.word(n.text))
		case slotLiteral:
			w.entity(n.words[0], mention{typ: n.words[1], name: n.words[2], ref: n.words[3]})
		case slotEntity:
			m := w.resolve(n.text)
			if n.short {
				w.entity(m.short, m)
			} else {
				w.entity(m.long, m)
			}
		case slotPost:
			org, person := w.resolve(n.words[0]), w.resolve(n.words[2])
			w.entity(org.long, org)
			w.print(n.words[1])
			w.entity(person.long, person)
			w.posts = append(w.posts, Post{person.name, n.words[1], org.name})
		case slotTime:
			words, from, to := timeKinds[n.text](w.story)
			start, end := w.print(words)
			w.times = append(w.times, Time{start, end, words, from, to})
		case slotUp:
			w.up = "up"
			word := pick(r, []string{"增长", "增长", "上升", "提高"})
			if r.IntN(6) == 0 {
				w.up, word = "down", pick(r, []string{"下降", "下降", "减少"})
			}
			w.print(word)
		case slotFigure:
			w.figure(n.fig)
		case slotRank:
			w.rank(n.fig)
		}
	}
}

// entity prints surface as a mention. A city that is its own county is not printed twice.
func (w *sentence) entity(surface string, m mention) {
	if m.typ == "place" && w.last == surface && w.story.city == w.story.county {
		return
	}
	start, end := w.print(surface)
	w.entities = append(w.entities, Entity{start, end, surface, m.typ, m.name, m.ref})
}

// resolve returns the mention that fills an entity slot.
func (w *sentence) resolve(name string) mention {
	kind := kindOf(name)
	memory := w.story.cast
	switch {
	case strings.Contains(name, "."):
		memory = w.local
	case name == kind && kind != "c" && kind != "x" && kind != "t":
		return casts[kind](w.story)
	}
	m, ok := memory[name]
	if !ok {
		m = casts[kind](w.story)
		memory[name] = m
	}
	return m
}

func (w *sentence) rank(g *figureSlot) {
	d := g.values.draw(w.story.r, w.before)
	f := Figure{Kind: "rank", Category: "rank", Form: "point", Status: g.status, Value: d.String(), Rank: &Rank{N: int(d.integer()), Scope: g.scope}}
	surface := "第" + han(d.integer()) + g.unitWord
	if g.unitWord == "前" {
		surface = "前" + han(d.integer()) + "位"
		f.Form, f.High, f.Rank = "le", f.Value, &Rank{NMax: int(d.integer()), Scope: g.scope}
	}
	f.Start, f.End = w.print(surface)
	f.Surface = surface
	w.keep(f, g)
}

// keep adds f with what its slot says.
func (w *sentence) keep(f Figure, g *figureSlot) {
	f.Per, f.Aggregate = g.per, g.agg
	if g.change != nil {
		c := *g.change
		if g.up {
			c.Direction = w.up
		}
		switch year := w.story.date.Year(); c.Basis {
		case "vs:last":
			c.Basis = "vs:" + itoa(year-1)
		case "vs:yearstart":
			c.Basis = "vs:" + day(year, 1, 1)
		}
		f.Change = &c
	}
	if g.metric != "" {
		f.Metric = &Phrase{Name: g.metric}
	}
	if g.group != "" {
		id, ok := w.groups[g.group]
		if !ok {
			w.story.groups++
			id = w.story.groups
			w.groups[g.group] = id
		}
		f.Group = &Group{id, w.members[id], g.groupOf}
		w.members[id]++
	}
	w.figures = append(w.figures, f)
	w.slots = append(w.slots, g)
}

// attach finds the words of metrics and subjects in the finished sentence, and
// gives the figures their time.
func (w *sentence) attach(quoted bool) {
	text := w.buf.String()
	for i := range w.figures {
		f := &w.figures[i]
		at := byteOffset(text, f.Start)
		f.Quoted = quoted && strings.Count(text[:at], "“") > strings.Count(text[:at], "”")
		if f.Metric != nil {
			f.Metric = find(text, at, f.Metric.Name)
		}
		if s := w.slots[i].subject; s != "" {
			f.Subject = w.subject(text, at, s)
		}
		for _, t := range w.times {
			if t.End <= f.Start {
				f.Time = &t
			}
		}
		if f.Change != nil && f.Change.Role == "to" {
			f.Time = nil // that of the figure it changed from stands nearer
		}
	}
}

// subjects are the words that stand for a division.
var subjects = map[string]string{"全省": "prov", "我省": "prov", "全市": "c", "我市": "c", "全州": "c", "全县": "x", "全镇": "t"}

func (w *sentence) subject(text string, at int, s string) *Phrase {
	if slot := subjects[s]; slot != "" {
		p := find(text, at, s)
		p.Name = w.resolve(slot).name
		return p
	}
	if kindOf(s) == "" {
		return find(text, at, s)
	}
	m := w.resolve(s)
	p := find(text, at, m.long)
	if p.End == 0 {
		p = find(text, at, m.short)
	}
	p.Name = m.name
	return p
}

// find returns the words nearest before byte at of text, else the first behind.
func find(text string, at int, words string) *Phrase {
	i := strings.LastIndex(text[:at], words)
	if i < 0 {
		if j := strings.Index(text[at:], words); j >= 0 {
			i = at + j
		}
	}
	if i < 0 {
		return &Phrase{Name: words}
	}
	start := utf8.RuneCountInString(text[:i])
	return &Phrase{start, start + utf8.RuneCountInString(words), words}
}

func byteOffset(s string, runes int) int {
	for i := range s {
		if runes == 0 {
			return i
		}
		runes--
	}
	return len(s)
}
