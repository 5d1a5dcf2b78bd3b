package index

import (
	"longmai/pipeline"
)

// The terms of a figure in the index are its named properties, folded:
//
//	metric␟签约额   category␟amount   kind␟money …
//
// Its value is in the columns (figurecolumns.go).

func propertyTerm(key, value string) string { return key + sep + fold(value) }

// eachProperty calls add with every named property of f that can be asked for.
func eachProperty(f *pipeline.Figure, add func(key, value string)) {
	all := func(key string, values ...string) {
		for _, v := range values {
			if v != "" {
				add(key, v)
			}
		}
	}
	all("metric", metricName(f))
	all("subject", subjectName(f))
	all("unit", f.Unit)
	all("kind", string(f.Kind))
	all("category", f.Category)
	all("form", string(f.Form))
	all("status", f.Status)
	all("aggregate", f.Aggregate)
	all("rule", f.Rule)
	if c := f.Change; c != nil {
		all("change", c.Direction, c.Role, c.Basis)
	}
	if f.Rank != nil {
		all("rank", "*")
	}
	all("any", "*")
}
