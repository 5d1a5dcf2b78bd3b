// Package standard holds the list of stages that ships.
//
//	p, err := standard.New(standard.Options{})
package standard

import (
	"longmai/pipeline"
	"longmai/pipeline/entity"
	"longmai/pipeline/entity/tagger"
	"longmai/pipeline/figure"
	"longmai/pipeline/relation"
	"longmai/pipeline/segment"
	"longmai/pipeline/times"
)

// Options refine the line. The zero value works; what ships has tagger.Default() in it.
type Options struct {
	Segmenter *segment.Segmenter // nil means segment.Auto()
	Entities  entity.Options     // without a tagger names are found by tables and grammar alone: several times as fast, and some points worse
}

// New returns THE pipeline: the stages in the order in which a document passes them.
func New(o Options) (*pipeline.Pipeline, error) {
	if o.Segmenter == nil {
		o.Segmenter = segment.Auto()
	}
	entities, err := entity.New(o.Entities)
	if err != nil {
		return nil, err
	}
	return pipeline.New(
		pipeline.SentenceStage(),
		segment.Stage(o.Segmenter),
		times.Stage(),
		entities.Stage(),
		figure.Stage(),
		relation.Stage(entities),
	)
}

// Versions names what decides the annotations: results of equal versions are equal.
func Versions() map[string]string {
	return map[string]string{
		"schema":     pipeline.SchemaVersion,
		"dictionary": segment.Version,
		"times":      times.Version(),
		"entities":   entity.Version(),
		"figures":    figure.Version(),
		"model":      tagger.Version(),
	}
}
