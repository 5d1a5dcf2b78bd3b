// Package pipeline holds the annotated document, the stages that annotate it,
// and the runner that takes many articles through the stages in parallel.
//
//	p, err := pipeline.New(stages...)             // standard.New() has those that ship
//	for d, err := range p.Run(ctx, 2, articles) { … }
//
// A document owns its text; every annotation is a half-open span of bytes into
// it. Code points appear only in JSON (json.go), the public form of a document.
package pipeline
