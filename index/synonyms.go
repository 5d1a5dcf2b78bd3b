package index

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"longmai/index/query"
)

// An Expansion is a word of a query and what was searched for with it.
type Expansion struct {
	Word string
	Also []string
}

//go:embed synonyms.tsv
var synonymsFile string

// synonyms maps a folded form to the other forms of its group.
var synonyms = sync.OnceValue(func() map[string][]string {
	m, err := readSynonyms("synonyms.tsv", synonymsFile)
	if err != nil {
		panic(err) // the table is part of the program; a test reads it
	}
	return m
})

// readSynonyms reads a table of synonyms.
func readSynonyms(name, text string) (map[string][]string, error) {
	out := map[string][]string{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		group := strings.Split(line, "\t")
		if len(group) < 2 || slices.Contains(group, "") {
			return nil, fmt.Errorf("%s:%d: %q, want two or more forms apart by tabs", name, n, line)
		}
		for i, form := range group {
			key := fold(form)
			if _, ok := out[key]; ok {
				return nil, fmt.Errorf("%s:%d: %q is in two groups", name, n, form)
			}
			others := slices.Delete(slices.Clone(group), i, i+1)
			out[key] = slices.DeleteFunc(others, func(s string) bool { return fold(s) == key })
		}
	}
	return out, nil
}

// expand adds the synonyms of words and names. Quoted strings and exact names
// stay what they are.
func expand(q query.Query) (query.Query, []Expansion) {
	x := &expander{}
	return x.query(q), x.out
}

type expander struct{ out []Expansion }

func (x *expander) query(q query.Query) query.Query {
	switch q := q.(type) {
	case query.And:
		return query.And{Of: x.all(q.Of)}
	case query.Or:
		return query.Or{Of: x.all(q.Of)}
	case query.Not:
		return query.Not{Of: x.query(q.Of)}
	case query.Same:
		return query.Same{Of: x.all(q.Of)}
	case query.Near:
		return query.Near{N: q.N, Of: x.all(q.Of)}
	case query.Text:
		if q.Form == query.Word {
			return x.or(q, q.Text, func(s string) query.Query { return query.Text{Field: q.Field, Form: query.Phrase, Text: s} })
		}
	case query.Name:
		if !q.Exact && !q.Prefix && q.Text != "" {
			return x.or(q, q.Text, func(s string) query.Query { return query.Name{Field: q.Field, Text: s} })
		}
	}
	return q
}

func (x *expander) all(of []query.Query) []query.Query {
	out := make([]query.Query, len(of))
	for i, q := range of {
		out[i] = x.query(q)
	}
	return out
}

func (x *expander) or(q query.Query, word string, also func(string) query.Query) query.Query {
	others := synonyms()[fold(word)]
	if len(others) == 0 {
		return q
	}
	x.out = append(x.out, Expansion{word, others})
	of := []query.Query{q}
	for _, s := range others {
		of = append(of, also(s))
	}
	return query.Or{Of: of}
}
