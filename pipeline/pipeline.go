package pipeline

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"sync"

	"longmai/corpus"
)

// A Layer names a layer of a document.
type Layer string

// The layers.
const (
	Sentences Layer = "sentences"
	Tokens    Layer = "tokens"
	Times     Layer = "times"
	Entities  Layer = "entities"
	Figures   Layer = "figures"
	Relations Layer = "relations"
)

// A Stage adds layers to a document. Annotate must be safe for concurrent use
// on different documents, and its result must depend on the document alone.
type Stage struct {
	Name     string
	Needs    []Layer
	Adds     []Layer
	Annotate func(*Document) error
}

// A Pipeline is a checked list of stages.
type Pipeline struct {
	stages []Stage
}

// New returns the pipeline of stages, in their order. It names the first layer
// that a stage needs and no stage before it adds.
func New(stages ...Stage) (*Pipeline, error) {
	has := map[Layer]bool{}
	for _, s := range stages {
		for _, n := range s.Needs {
			if !has[n] {
				return nil, fmt.Errorf("stage %q needs layer %q, which no stage before it adds", s.Name, n)
			}
		}
		for _, a := range s.Adds {
			has[a] = true
		}
	}
	return &Pipeline{stages: stages}, nil
}

// Stages returns the names of the stages, in order.
func (p *Pipeline) Stages() []string {
	names := make([]string, len(p.stages))
	for i, s := range p.stages {
		names[i] = s.Name
	}
	return names
}

// An ArticleError is the failure of a stage on one article. The run goes on behind it.
type ArticleError struct {
	Article *corpus.Article
	Stage   string
	Err     error
}

func (e *ArticleError) Error() string {
	return fmt.Sprintf("%s: article %s: stage %s: %v", e.Article.Source.Path, e.Article.ID, e.Stage, e.Err)
}

func (e *ArticleError) Unwrap() error { return e.Err }

// Annotate takes a through all stages. A stage that panics fails the article, not the program.
func (p *Pipeline) Annotate(a *corpus.Article) (*Document, error) {
	d := &Document{Article: a}
	for _, s := range p.stages {
		if err := annotate(s, d); err != nil {
			return nil, &ArticleError{Article: a, Stage: s.Name, Err: err}
		}
	}
	return d, nil
}

func annotate(s Stage, d *Document) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return s.Annotate(d)
}

// Run annotates articles with the given number of workers and yields the
// documents in the order of the articles. Errors of the articles' sequence and
// *ArticleErrors are yielded in their place. At most 4·workers articles are in
// flight, so memory does not grow with their number.
func (p *Pipeline) Run(ctx context.Context, workers int, articles iter.Seq2[*corpus.Article, error]) iter.Seq2[*Document, error] {
	return func(yield func(*Document, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		workers := max(workers, 1)
		type result struct {
			doc *Document
			err error
		}
		type job struct {
			article *corpus.Article
			out     chan result
		}
		jobs := make(chan job)
		order := make(chan chan result, 4*workers)
		var wg sync.WaitGroup
		defer wg.Wait()
		defer cancel()
		for range workers {
			wg.Go(func() {
				for j := range jobs {
					d, err := p.Annotate(j.article)
					j.out <- result{d, err}
				}
			})
		}
		wg.Go(func() {
			defer close(order)
			defer close(jobs)
			for a, err := range articles {
				out := make(chan result, 1)
				select {
				case order <- out:
				case <-ctx.Done():
					return
				}
				if err != nil {
					out <- result{err: err}
					continue
				}
				select {
				case jobs <- job{a, out}:
				case <-ctx.Done():
					out <- result{err: ctx.Err()}
					return
				}
			}
		})
		for out := range order {
			r := <-out
			if ctx.Err() != nil && errors.Is(r.err, context.Canceled) {
				break
			}
			if !yield(r.doc, r.err) {
				return
			}
		}
		if err := context.Cause(ctx); err != nil {
			yield(nil, err)
		}
	}
}
