package index

import "longmai/pipeline"

// The terms of a figure in the index are its named properties, folded:
//
//	metric␟签约额   category␟amount   kind␟money …
//
// Its value is in the columns (figurecolumns.go).

func propertyTerm(key, value string) string { return key + sep + fold(value) }

// A property is the number of a key in propertyKeys.
type property int

const (
	propertyMetric property = iota
	propertySubject
	propertyUnit
	propertyKind
	propertyCategory
	propertyForm
	propertyStatus
	propertyAggregate
	propertyRule
	propertyChange
	propertyRank
	propertyAny
	properties
)

var propertyKeys = [properties]string{"metric", "subject", "unit", "kind", "category", "form", "status", "aggregate", "rule", "change", "rank", "any"}

// eachProperty calls add with every named property of f that can be asked for.
func eachProperty(f *pipeline.Figure, add func(p property, value string)) {
	one := func(p property, value string) {
		if value != "" {
			add(p, value)
		}
	}
	one(propertyMetric, metricName(f))
	one(propertySubject, subjectName(f))
	one(propertyUnit, f.Unit)
	one(propertyKind, string(f.Kind))
	one(propertyCategory, f.Category)
	one(propertyForm, string(f.Form))
	one(propertyStatus, f.Status)
	one(propertyAggregate, f.Aggregate)
	one(propertyRule, f.Rule)
	if c := f.Change; c != nil {
		one(propertyChange, c.Direction)
		one(propertyChange, c.Role)
		one(propertyChange, c.Basis)
	}
	if f.Rank != nil {
		add(propertyRank, "*")
	}
	add(propertyAny, "*")
}
