package sample

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// An Article is a generated article with its truth.
type Article struct {
	Truth
	Paragraphs []string // of the body; the first one may begin with a dateline
	BylineText string   // the byline as printed, "" when the dateline has the reporters
	Text       string   // title, subtitle, byline and paragraphs, one line end apart: what the offsets of the truth count in

	number int // in the corpus, from 0
	parts  []part
}

// A part is one block of the text with its records, whose offsets count from its start.
type part struct {
	text  string
	notes annotations
}

// A Stream can be asked for more than its number and seed.
type streamOptions struct {
	seed uint64
	near float64
}

// issueSize is the number of articles of one issue.
const issueSize = 4

// Stream yields the first n articles of the corpus with that seed.
func Stream(seed uint64, n int) iter.Seq[Article] {
	return stream(streamOptions{seed: seed}, n)
}

// StreamNear is Stream in which about the share near of the articles are near
// repetitions of earlier ones: cut, with another title or byline, with merged
// paragraphs, or equal.
func StreamNear(seed uint64, n int, near float64) iter.Seq[Article] {
	return stream(streamOptions{seed: seed, near: near}, n)
}

func stream(o streamOptions, n int) iter.Seq[Article] {
	return func(yield func(Article) bool) {
		for i := range n {
			if !yield(o.article(i)) {
				return
			}
		}
	}
}

// rand returns the source of chance for one purpose of article or issue i.
func (o streamOptions) rand(purpose uint64, i int) *rand.Rand {
	return rand.New(rand.NewPCG(mix(o.seed)+purpose, mix(uint64(i))))
}

const (
	chanceArticle = iota
	chanceNear
	chanceIssue
	chanceFormat
)

// article returns article i. It panics when the embedded data is broken, which
// a test excludes.
func (o streamOptions) article(i int) Article {
	a := o.original(i)
	if of, ok := o.nearOf(i); ok {
		a = o.repeat(a, o.original(of), o.rand(chanceNear, i))
	}
	a.finish()
	return a
}

// nearOf returns which earlier article i repeats. Only originals are repeated.
func (o streamOptions) nearOf(i int) (int, bool) {
	if i == 0 || o.near <= 0 {
		return 0, false
	}
	isNear := func(i int) bool { return i > 0 && o.rand(chanceNear, i).Float64() < o.near }
	if !isNear(i) {
		return 0, false
	}
	r := o.rand(chanceNear, i)
	r.Float64()
	for range 20 {
		if of := i - 1 - r.IntN(min(i, 3000)); !isNear(of) {
			return of, true
		}
	}
	return 0, true
}

func mustLoad() (*lexicon, *topics) {
	x, err := loadLexicon()
	if err != nil {
		panic(err)
	}
	t, err := loadTopics()
	if err != nil {
		panic(err)
	}
	return x, t
}

// dayOf returns the day of an issue, from 2010 to 2025.
func (o streamOptions) dayOf(issue int) time.Time {
	return time.Date(2010, 1, 1+o.rand(chanceIssue, issue).IntN(5844), 0, 0, 0, 0, time.UTC)
}

func (o streamOptions) original(i int) Article {
	x, all := mustLoad()
	r := o.rand(chanceArticle, i)
	s := &story{lexicon: x, seed: o.seed, r: r, date: o.dayOf(i / issueSize), cast: map[string]mention{}, commas: r.IntN(8) == 0}
	s.settle()
	t := all.draw(r)
	a := Article{number: i, Truth: Truth{ID: fmt.Sprintf("s%07d", i), Topic: t.name, Date: s.date.Format(time.DateOnly)}}
	a.parts = append(a.parts, s.part(s.choose(t.title)))
	a.Title = a.parts[0].text
	if len(t.sub) > 0 && r.IntN(6) == 0 {
		p := s.part(s.choose(t.sub))
		p.text = "——" + p.text
		p.notes.shift(2)
		a.Subtitle = p.text
		a.parts = append(a.parts, p)
	}
	dateline := s.byline(&a)
	if a.BylineText != "" {
		a.parts = append(a.parts, part{text: a.BylineText})
	}
	body := s.body(t, all.common)
	body[0] = join(part{text: dateline}, body[0])
	a.parts = append(a.parts, body...)
	if a.Date < "2012" && r.IntN(4) == 0 { // the digits of old pages are wide
		for i := range a.parts {
			a.parts[i].widen()
		}
		a.Title = a.parts[0].text
		if a.Subtitle != "" {
			a.Subtitle = a.parts[1].text
		}
	}
	return a
}

// settle draws the place of the story.
func (s *story) settle() {
	s.city = s.lexicon.cities[s.r.IntN(len(s.lexicon.cities))]
	s.county = s.city
	if len(s.city.inner) > 0 && len(s.city.inner[0].inner) > 0 {
		s.county = s.city.inner[s.r.IntN(len(s.city.inner))]
	}
	s.town = s.county
	if len(s.county.inner) > 0 {
		s.town = s.county.inner[s.r.IntN(len(s.county.inner))]
	}
}

func (t *topics) draw(r *rand.Rand) *topic {
	n := r.IntN(t.sum)
	for _, k := range t.list {
		if n -= k.weight; n < 0 {
			return k
		}
	}
	return t.list[0]
}

// choose draws a template that fits the year of the story. Every list has one.
func (s *story) choose(list []template) template {
	for {
		if t := list[s.r.IntN(len(list))]; t.fits(s.date.Year()) {
			return t
		}
	}
}

func (s *story) part(t template) part {
	text, notes := s.render(t, false)
	return part{text, notes}
}

func join(a, b part) part {
	notes := a.notes
	b.notes.shift(utf8.RuneCountInString(a.text))
	notes.add(b.notes)
	return part{a.text + b.text, notes}
}

// byline draws who wrote the article. It is a line of its own, or the head of
// the first paragraph, which it returns.
func (s *story) byline(a *Article) (dateline string) {
	r := s.r
	reporter := s.person().name
	a.Byline = []Credit{{reporter, "记者"}}
	names := reporter
	if r.IntN(3) == 0 {
		second := s.person().name
		if second != reporter {
			a.Byline = append(a.Byline, Credit{second, "通讯员"})
			names += " 通讯员 " + second
		}
	}
	paper := "本报"
	if s.date.Year() >= 2018 {
		paper = "新甘肃·甘肃日报"
	}
	switch r.IntN(8) {
	case 0, 1, 2:
		a.BylineText = paper + "记者 " + names
	case 3:
		a.BylineText = "□ " + paper + "记者 " + names
	case 4:
		return "本报讯（记者 " + names + "）"
	default:
		place := s.city.short
		if r.IntN(3) == 0 {
			place = s.county.short
		}
		d := s.date.AddDate(0, 0, -1)
		return fmt.Sprintf("本报%s%d月%d日讯（%s记者 %s）", place, d.Month(), d.Day(), strings.TrimPrefix(paper, "本报"), names)
	}
	return ""
}

// body writes the paragraphs: a lead, sentences of the topic and of the common
// stock in a drawn order, a quotation now and then, an end.
func (s *story) body(t, common *topic) []part {
	r := s.r
	length := int(math.Exp(6.45 + 0.5*r.NormFloat64()))
	length = min(max(length, 290), 2350)
	stock := s.stock(t, common, length)
	out := []part{s.part(s.choose(t.lead))}
	n := utf8.RuneCountInString(out[0].text)
	for n < length && len(stock) > 0 {
		p := part{}
		for range 1 + r.IntN(4) {
			if len(stock) == 0 {
				break
			}
			text, notes := s.render(stock[0].template, stock[0].quoted)
			p = join(p, part{text, notes})
			stock = stock[1:]
			if n+utf8.RuneCountInString(p.text) > length {
				break
			}
		}
		n += utf8.RuneCountInString(p.text)
		out = append(out, p)
	}
	if ends := slices.Concat(t.end, common.end); len(ends) > 0 && r.IntN(2) == 0 {
		out = append(out, s.part(s.choose(ends)))
	}
	return out
}

type stocked struct {
	template template
	quoted   bool
}

// stock returns the sentences that the body is made of, those of the topic
// mostly before the common ones.
func (s *story) stock(t, common *topic, length int) []stocked {
	shuffled := func(t *topic) []stocked {
		var out []stocked
		for _, k := range t.body {
			if k.fits(s.date.Year()) {
				out = append(out, stocked{k, false})
			}
		}
		for _, k := range t.quote {
			if k.fits(s.date.Year()) {
				out = append(out, stocked{k, true})
			}
		}
		s.r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		return out
	}
	own, rest := shuffled(t), shuffled(common)
	every := 3
	if length > 900 {
		every = 2
	}
	var out []stocked
	for len(own) > 0 || len(rest) > 0 {
		take := &own
		if len(own) == 0 || len(rest) > 0 && s.r.IntN(every) == 0 {
			take = &rest
		}
		out = append(out, (*take)[0])
		*take = (*take)[1:]
	}
	return out
}

// finish makes the text of the parts, and moves their records into it. It is called once.
func (a *Article) finish() {
	var b strings.Builder
	n := 0
	figures, entities, size := 0, 0, 0
	for _, p := range a.parts {
		figures, entities, size = figures+len(p.notes.figures), entities+len(p.notes.entities), size+len(p.text)+1
	}
	b.Grow(size)
	all := annotations{figures: make([]Figure, 0, figures), entities: make([]Entity, 0, entities)}
	for i, p := range a.parts {
		if i > 0 {
			b.WriteByte('\n')
			n++
		}
		b.WriteString(p.text)
		p.evidence()
		p.notes.shift(n)
		all.add(p.notes)
		n += utf8.RuneCountInString(p.text)
	}
	first := 1
	if a.Subtitle != "" {
		first++
	}
	if a.BylineText != "" {
		first++
	}
	a.Paragraphs = nil
	for _, p := range a.parts[first:] {
		a.Paragraphs = append(a.Paragraphs, p.text)
	}
	a.Text = b.String()
	a.Figures, a.Entities, a.Posts, a.Times = all.figures, all.entities, all.posts, all.times
	a.parts = nil
}

// evidence gives every figure of p the sentence that it stands in. A sentence
// ends at 。！？； and … with the closing quotes and brackets behind it.
func (p *part) evidence() {
	if len(p.notes.figures) == 0 {
		return
	}
	const ends, closers = "。！？；…", "”’」』）》〉】"
	sentence, next, n := Span{}, 0, 0
	close := func() {
		sentence.End = n
		for ; next < len(p.notes.figures) && p.notes.figures[next].Start < n; next++ {
			p.notes.figures[next].Sentence = sentence
		}
		sentence.Start = n
	}
	ended := false
	for _, r := range p.text {
		if ended && !strings.ContainsRune(ends, r) && !strings.ContainsRune(closers, r) {
			close()
			ended = false
		}
		ended = ended || strings.ContainsRune(ends, r)
		n++
	}
	close()
}

// widen prints the digits of p in full width. It keeps all offsets.
func (p *part) widen() {
	p.text = wide(p.text)
	for i := range p.notes.figures {
		f := &p.notes.figures[i]
		f.Surface = wide(f.Surface)
		if f.Time != nil {
			f.Time.Surface = wide(f.Time.Surface)
		}
	}
	for i := range p.notes.entities {
		p.notes.entities[i].Surface = wide(p.notes.entities[i].Surface)
	}
	for i := range p.notes.times {
		p.notes.times[i].Surface = wide(p.notes.times[i].Surface)
	}
}

// wide returns s with digits, percent signs and the points and commas between
// digits in full width.
func wide(s string) string {
	isDigit := func(c byte) bool { return '0' <= c && c <= '9' }
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		between := i > 0 && i+1 < len(s) && isDigit(s[i-1]) && isDigit(s[i+1])
		if isDigit(c) || c == '%' || (c == '.' || c == ',') && between {
			b.WriteRune(rune(c) - '!' + '！')
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
