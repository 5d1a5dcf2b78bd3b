// Package standard holds the list of stages that ships.
//
//	p, err := standard.New(standard.Options{})
package standard

import (
	"longmai/pipeline"
	"longmai/pipeline/segment"
)

// Options refine the line. The zero value is what ships.
type Options struct {
	Segmenter *segment.Segmenter // nil means segment.Auto()
}

// New returns THE pipeline: the stages in the order in which a document passes them.
func New(o Options) (*pipeline.Pipeline, error) {
	if o.Segmenter == nil {
		o.Segmenter = segment.Auto()
	}
	return pipeline.New(
		pipeline.SentenceStage(),
		segment.Stage(o.Segmenter),
	)
}

// Versions names what decides the annotations: results of equal versions are equal.
func Versions() map[string]string {
	return map[string]string{
		"schema":     pipeline.SchemaVersion,
		"dictionary": segment.Version,
	}
}
