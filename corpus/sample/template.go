package sample

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"
)

// Templates are lines of the files data/topics/*.txt:
//
//	topic NAME            the topic, in words
//	weight N              how often it is drawn
//	title|sub|lead|body|quote|end TEXT
//	body@2021..2025 TEXT  for issues of these years only
//
// TEXT is printed as it stands but for
//
//	<a|b|c>               one of them
//	{w:LIST}              a word of a list of words.tsv, no entity
//	{NAME} {NAME-}        an entity, long or short. c, x, t are the city, county and township of the article, prov is
//	                      the province; other names begin with their kind (person, firm, village, …, see cast.go);
//	                      a digit behind it makes it the same all over the article, .a within the sentence
//	{post ORG TITLE NAME} 静宁县农业农村局局长王某某: body, title and person with the post
//	[SURFACE|TYPE|NAME|REF]   an entity in words; NAME and REF may be left out
//	{T:KIND}              an expression of time, see timeKinds
//	{UP}                  增长 or 下降, for a figure with ch=±…
//	{#VALUES UNIT K=V …}  a figure. VALUES as 3..90 or 0.5..9/0.1, +1..5 from the figure before; keys:
//	                      m   metric, in words of the sentence
//	                      s   subject: a slot, or words
//	                      c   category, where it is not that of the unit
//	                      ch  change as direction:role:basis; ± is the drawn direction, vs:last the year before the issue, vs:yearstart its first day
//	                      st  status · per · ag aggregate · g group as number:kind
//	                      h   hedges: v with a verb, p without, c of a count, w 以内
//	                      f   form: range, class, frac, fan, vague, bai, half, zh
//	{rank VALUES UNIT K=V …}  第三位; UNIT 前 makes it 前十位; key scope
//
// Numerals in words are no figures: names, policies and idioms are the traps.
type template struct {
	nodes    []node
	from, to int // years; 0 for any
}

// fits reports whether t may stand in an issue of that year.
func (t template) fits(year int) bool { return t.from == 0 || t.from <= year && year <= t.to }

type node struct {
	text    string // printed, or the argument of the slot
	slot    slotKind
	short   bool
	choices []template
	words   [4]string // of a literal entity or a post
	fig     *figureSlot
}

type slotKind uint8

const (
	slotText slotKind = iota
	slotChoice
	slotWord
	slotEntity
	slotLiteral
	slotPost
	slotTime
	slotUp
	slotFigure
	slotRank
)

type figureSlot struct {
	values   values
	unitWord string
	unit     unit
	power    int // of ten, by 万 or 亿 before the unit
	metric   string
	subject  string
	category string
	change   *Change
	up       bool // the change takes its direction from {UP}
	status   string
	per      string
	agg      string
	group    string // number in the template, "" for none
	groupOf  string // kind of the group
	hedge    string
	form     string
	scope    string
}

// A topic is what an article can be about.
type topic struct {
	name                               string
	weight                             int
	title, sub, lead, body, quote, end []template
}

// common is the name of the topic whose sentences fit every article.
const common = "通用"

type topics struct {
	list   []*topic // without common
	sum    int      // of the weights
	common *topic
}

var loadTopics = sync.OnceValues(func() (*topics, error) {
	x, err := loadLexicon()
	if err != nil {
		return nil, err
	}
	return readTopics(dataFiles, x)
})

func readTopics(files fs.FS, x *lexicon) (*topics, error) {
	names, err := fs.Glob(files, "data/topics/*.txt")
	if err != nil {
		return nil, err
	}
	all := &topics{common: &topic{name: common}}
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		t := &topic{}
		n := 0
		for line := range strings.Lines(string(b)) {
			n++
			line = strings.TrimSuffix(line, "\n")
			if line == "" || line[0] == '#' {
				continue
			}
			if err := t.add(line, x); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", path.Base(name), n, err)
			}
		}
		if t.name == common {
			all.common.body = append(all.common.body, t.body...)
			all.common.quote = append(all.common.quote, t.quote...)
			all.common.end = append(all.common.end, t.end...)
			continue
		}
		if t.weight <= 0 || len(t.title) == 0 || len(t.lead) == 0 || len(t.body) == 0 {
			return nil, fmt.Errorf("%s: topic %q lacks a weight, title, lead or body", path.Base(name), t.name)
		}
		all.list = append(all.list, t)
		all.sum += t.weight
	}
	if len(all.common.body) == 0 || len(all.list) == 0 {
		return nil, fmt.Errorf("data/topics: no topics, or none named %q", common)
	}
	return all, nil
}

func (t *topic) add(line string, x *lexicon) error {
	key, text, _ := strings.Cut(line, " ")
	switch key {
	case "topic":
		t.name = text
		return nil
	case "weight":
		var err error
		t.weight, err = strconv.Atoi(text)
		return err
	}
	key, years, limited := strings.Cut(key, "@")
	var from, to int
	if limited {
		if _, err := fmt.Sscanf(years, "%d..%d", &from, &to); err != nil || from > to {
			return fmt.Errorf("bad years %q, want the form 2021..2025", years)
		}
	}
	lists := map[string]*[]template{"title": &t.title, "sub": &t.sub, "lead": &t.lead, "body": &t.body, "quote": &t.quote, "end": &t.end}
	list := lists[key]
	if list == nil {
		return fmt.Errorf("line begins with %q, want topic, weight, title, sub, lead, body, quote or end", key)
	}
	p := &parser{s: text, lexicon: x}
	k, err := p.template("")
	if err != nil {
		return fmt.Errorf("%w at %q", err, p.s)
	}
	k.from, k.to = from, to
	*list = append(*list, k)
	return nil
}

type parser struct {
	s       string
	lexicon *lexicon
}

// template reads up to one of the bytes of stop, which it leaves.
func (p *parser) template(stop string) (template, error) {
	var t template
	for p.s != "" && !strings.ContainsRune(stop, rune(p.s[0])) {
		switch p.s[0] {
		case '<':
			n := node{slot: slotChoice}
			for p.s[0] != '>' {
				p.s = p.s[1:]
				c, err := p.template("|>")
				if err != nil {
					return t, err
				}
				if p.s == "" {
					return t, fmt.Errorf("< without >")
				}
				n.choices = append(n.choices, c)
			}
			p.s = p.s[1:]
			t.nodes = append(t.nodes, n)
		case '[':
			inside, rest, ok := strings.Cut(p.s[1:], "]")
			f := strings.Split(inside, "|")
			if !ok || len(f) < 2 || len(f) > 4 || !entityTypes[f[1]] {
				return t, fmt.Errorf("bad entity %q", inside)
			}
			n := node{slot: slotLiteral}
			copy(n.words[:], f)
			if n.words[2] == "" {
				n.words[2] = f[0]
			}
			t.nodes = append(t.nodes, n)
			p.s = rest
		case '{':
			inside, rest, ok := cutBraces(p.s)
			if !ok {
				return t, fmt.Errorf("{ without }")
			}
			n, err := p.slot(inside)
			if err != nil {
				return t, err
			}
			t.nodes = append(t.nodes, n)
			p.s = rest
		default:
			end := strings.IndexAny(p.s, "<[{"+stop)
			if end < 0 {
				end = len(p.s)
			}
			t.nodes = append(t.nodes, node{text: p.s[:end]})
			p.s = p.s[end:]
		}
	}
	return t, nil
}

// cutBraces cuts the slot off s, which begins with {. Units like {person} may stand in it.
func cutBraces(s string) (inside, rest string, ok bool) {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[1:i], s[i+1:], true
			}
		}
	}
	return "", s, false
}

func (p *parser) slot(s string) (node, error) {
	if rest, ok := strings.CutPrefix(s, "#"); ok {
		s = "# " + rest
	}
	f := strings.Fields(s)
	if len(f) == 0 {
		return node{}, fmt.Errorf("empty slot")
	}
	head := f[0]
	switch {
	case head == "#" || head == "rank":
		return p.figure(f)
	case head == "post":
		if len(f) != 4 || kindOf(f[1]) == "" || kindOf(f[3]) == "" {
			return node{}, fmt.Errorf("bad post %q", s)
		}
		return node{slot: slotPost, words: [4]string{f[1], f[2], f[3]}}, nil
	case head == "UP":
		return node{slot: slotUp}, nil
	case strings.HasPrefix(head, "T:"):
		kind := strings.TrimPrefix(head, "T:")
		if timeKinds[kind] == nil {
			return node{}, fmt.Errorf("unknown time %q", kind)
		}
		return node{slot: slotTime, text: kind}, nil
	case strings.HasPrefix(head, "w:"):
		list := strings.TrimPrefix(head, "w:")
		if p.lexicon.lists[list] == nil {
			return node{}, fmt.Errorf("unknown list %q", list)
		}
		return node{slot: slotWord, text: list}, nil
	}
	name, short := strings.CutSuffix(head, "-")
	if len(f) != 1 || kindOf(name) == "" {
		return node{}, fmt.Errorf("unknown slot %q", s)
	}
	return node{slot: slotEntity, text: name, short: short}, nil
}

func (p *parser) figure(f []string) (node, error) {
	n := node{slot: slotFigure, fig: &figureSlot{status: "actual"}}
	g := n.fig
	if f[0] == "rank" {
		n.slot = slotRank
	}
	if len(f) < 3 {
		return n, fmt.Errorf("figure %q lacks values or unit", f)
	}
	var ok bool
	if g.values, ok = parseValues(f[1]); !ok {
		return n, fmt.Errorf("bad values %q", f[1])
	}
	g.unitWord = f[2]
	if n.slot == slotFigure {
		if g.unit, g.power, ok = p.lexicon.unit(f[2]); !ok {
			return n, fmt.Errorf("unknown unit %q", f[2])
		}
		g.category = g.unit.category
	}
	for _, a := range f[3:] {
		k, v, _ := strings.Cut(a, "=")
		switch k {
		case "m":
			g.metric = v
		case "s":
			g.subject = v
		case "c":
			g.category = v
		case "ch":
			d := strings.SplitN(v, ":", 3)
			d = append(d, "", "")
			g.up = d[0] == "±"
			if g.up {
				d[0] = ""
			}
			g.change = &Change{d[0], d[1], d[2]}
			if n.slot == slotFigure && g.unit.category == "share" && d[1] == "delta" {
				g.category = "growth"
			}
		case "st":
			g.status = v
		case "per":
			g.per = v
		case "ag":
			g.agg = v
		case "g":
			g.group, g.groupOf, _ = strings.Cut(v, ":")
		case "h":
			g.hedge = v
		case "f":
			g.form = v
		case "scope":
			g.scope = v
		default:
			return n, fmt.Errorf("unknown key %q", k)
		}
	}
	return n, nil
}
