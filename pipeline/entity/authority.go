package entity

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"longmai/corpus"
	"longmai/pipeline"
)

// An Authority is the user's own list of decisions about names, kept as plain
// text and replayed over every run: what it says goes before every table and
// every rule. One decision a line, columns apart by a tab, "#" comments:
//
//	merge   type  name      into-name  [ref]    mentions named so get the other name
//	rename  type  name      new-name   [ref]    the same, for a name that was never right
//	split   type  name      in-article  new-name [ref]   only in the article with that id
//	hide    type  name                            mentions named so are dropped
//	add     type  surface   name       [ref]    the surface is a mention wherever it stands
//
// type is person, organization, place, facility, event, project, policy,
// industry or resource, or * for any. Decisions apply in their order; a name
// that a decision made can be the subject of a later one.
type Authority struct {
	name      string
	decisions []Decision
	byName    map[string][]int // decisions by the name they speak of
	added     *trie
	additions []int // by trie value
}

// A Decision is one line of an authority file.
type Decision struct {
	Line    int
	Action  string // merge, rename, split, hide, add
	Type    string // "*" for any
	Name    string // the name or surface it speaks of
	Article string // of a split
	Into    string // the name that takes its place
	Ref     string
}

// LoadAuthority reads the authority file at path. A missing file is an empty authority.
func LoadAuthority(path string) (*Authority, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return ReadAuthority(path, strings.NewReader(""))
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadAuthority(path, f)
}

// ReadAuthority reads an authority file; name stands in its errors.
func ReadAuthority(name string, in io.Reader) (*Authority, error) {
	b, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	a := &Authority{name: name, byName: map[string][]int{}, added: newTrie(16)}
	var all []error
	line := 0
	for text := range strings.SplitSeq(strings.TrimPrefix(string(b), "\ufeff"), "\n") {
		line++
		text = strings.TrimSuffix(text, "\r")
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			continue
		}
		d, err := parseDecision(strings.Split(text, "\t"))
		if err != nil {
			all = append(all, fmt.Errorf("%s:%d: %w", name, line, err))
			continue
		}
		d.Line = line
		a.add(d)
	}
	return a, errors.Join(all...)
}

func (a *Authority) add(d Decision) {
	i := len(a.decisions)
	a.decisions = append(a.decisions, d)
	if d.Action == "add" {
		v := a.added.add(d.Name)
		a.additions = append(a.additions, i)
		*v = int32(len(a.additions))
		return
	}
	a.byName[d.Name] = append(a.byName[d.Name], i)
	if s := corpus.Simplify(d.Name); s != d.Name { // names of traditional pages are in simplified characters
		a.byName[s] = append(a.byName[s], i)
	}
}

func parseDecision(c []string) (Decision, error) {
	d := Decision{Action: c[0], Type: col(c, 1), Name: col(c, 2)}
	want := map[string]int{"merge": 4, "rename": 4, "split": 5, "hide": 3, "add": 4}
	n, ok := want[d.Action]
	if !ok {
		return d, fmt.Errorf("unknown action %q, want one of merge, rename, split, hide, add", d.Action)
	}
	if len(c) < n || slices.Contains(c[:n], "") {
		return d, fmt.Errorf("%s has %d columns, want at least %d, none empty", d.Action, len(c), n)
	}
	most := n + 1 // with a reference
	if d.Action == "hide" {
		most = n
	}
	if rest := c[min(most, len(c)):]; slices.ContainsFunc(rest, func(s string) bool { return strings.TrimSpace(s) != "" }) {
		return d, fmt.Errorf("%s has %d columns, want at most %d", d.Action, len(c), most)
	}
	if _, ok := kindOf(d.Type); !ok && d.Type != "*" {
		return d, fmt.Errorf("unknown type %q, want a type of entities or *", d.Type)
	}
	if d.Action == "add" && d.Type == "*" {
		return d, errors.New("add wants a type, not *")
	}
	switch d.Action {
	case "split":
		d.Article, d.Into, d.Ref = c[3], c[4], col(c, 5)
	case "merge", "rename", "add":
		d.Into, d.Ref = c[3], col(c, 4)
	}
	if d.Into == d.Name && d.Action != "add" {
		return d, fmt.Errorf("%s of %q into itself", d.Action, d.Name)
	}
	return d, nil
}

// Decisions returns the decisions in their order.
func (a *Authority) Decisions() []Decision { return slices.Clone(a.decisions) }

// Apply replays the decisions over the entities of d.
func (a *Authority) Apply(d *pipeline.Document) {
	if a == nil || len(a.decisions) == 0 {
		return
	}
	out := d.Entities[:0:0]
	for _, e := range d.Entities {
		if a.decide(d.ID, &e) {
			out = append(out, e)
		}
	}
	d.Entities = a.addMentions(d, out)
}

// decide applies the decisions about the name of e, each at most once and in
// their order; it reports false when e is hidden.
func (a *Authority) decide(article string, e *pipeline.Entity) bool {
	next := 0
	for {
		i := a.next(article, e, next)
		if i < 0 {
			return true
		}
		x := a.decisions[i]
		if x.Action == "hide" {
			return false
		}
		e.Name, e.Ref = x.Into, x.Ref
		e.Rule += "+authority:" + fmt.Sprint(x.Line)
		next = i + 1
	}
}

// next returns the first decision from index from on that speaks of e; -1 for none.
func (a *Authority) next(article string, e *pipeline.Entity, from int) int {
	for _, i := range a.byName[e.Name] {
		x := a.decisions[i]
		if i >= from && (x.Type == "*" || x.Type == string(e.Type)) && (x.Action != "split" || x.Article == article) {
			return i
		}
	}
	return -1
}

// addMentions adds the surfaces that the user wants marked; they displace what overlaps them.
func (a *Authority) addMentions(d *pipeline.Document, entities []pipeline.Entity) []pipeline.Entity {
	if len(a.additions) == 0 {
		return entities
	}
	text := d.Body()
	var added []pipeline.Entity
	for at := 0; at < len(text); {
		end, which := a.longest(text[at:])
		span := pipeline.Span{Start: at, End: at + end}
		if end == 0 || d.InApparatus(span) {
			_, w := utf8.DecodeRuneInString(text[at:])
			at += w
			continue
		}
		x := a.decisions[a.additions[which]]
		added = append(added, pipeline.Entity{Span: span, Type: pipeline.EntityType(x.Type), Name: x.Into, Ref: x.Ref, Confidence: 1, Rule: "authority:" + fmt.Sprint(x.Line)})
		at += end
	}
	next := 0
	for _, e := range entities {
		for next < len(added) && added[next].End <= e.Start {
			next++
		}
		if next == len(added) || !added[next].Overlaps(e.Span) {
			added = append(added, e)
		}
	}
	slices.SortFunc(added, func(x, y pipeline.Entity) int { return cmp.Compare(x.Start, y.Start) })
	return added
}

func (a *Authority) longest(s string) (end int, which int32) {
	node := int32(0)
	for i, c := range s {
		if node = a.added.step(node, fold(c)); node == 0 {
			break
		}
		if v := a.added.value[node]; v > 0 {
			end, which = i+len(string(c)), v-1
		}
	}
	return end, which
}

// Check reports decisions that contradict each other or can never apply: a name
// merged twice, a chain that comes back to where it began, a name that is
// hidden and merged.
func (a *Authority) Check() error {
	var all []error
	for name, is := range a.byName {
		seen := map[string]Decision{}
		for _, i := range is {
			d := a.decisions[i]
			key := d.Type + "\t" + d.Article
			if first, ok := seen[key]; ok {
				all = append(all, fmt.Errorf("%s:%d: %q is the subject of line %d already", a.name, d.Line, name, first.Line))
			}
			seen[key] = d
		}
	}
	for i, d := range a.decisions {
		at := d.Into
		for range len(a.decisions) {
			k := slices.IndexFunc(a.byName[at], func(k int) bool { return a.decisions[k].Type == d.Type && a.decisions[k].Action != "split" })
			if d.Action == "add" || at == "" || k < 0 {
				break
			}
			at = a.decisions[a.byName[at][k]].Into
			if at == d.Name {
				all = append(all, fmt.Errorf("%s:%d: %q comes back to itself", a.name, a.decisions[i].Line, d.Name))
				break
			}
		}
	}
	slices.SortFunc(all, func(x, y error) int { return cmp.Compare(x.Error(), y.Error()) })
	return errors.Join(all...)
}
