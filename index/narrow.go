package index

import (
	"fmt"

	"longmai/index/query"
)

// Narrow returns the query that finds the articles that a value of a facet counts.
func Narrow(facet string, v FacetValue) (query.Query, error) {
	f, ok := field(facet)
	if !ok || !f.Facet {
		return nil, fmt.Errorf("index: no facet %q", facet)
	}
	switch f.Name {
	case "year":
		return query.Date{From: v.Name + "-01-01", To: v.Name + "-12-31"}, nil
	case "month":
		return Parse("date:" + v.Name)
	case "metric", "category", "unit":
		return query.Figure{Of: []query.Condition{{Key: f.Name, Text: v.Name}}}, nil
	}
	return query.Name{Field: f.Name, Text: v.Name}, nil
}
