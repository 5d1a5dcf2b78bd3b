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
// A traditional text is read as its simplified twin, so names are in simplified
// characters; all spans hold in the text as it was printed.
func (p *Pipeline) Annotate(a *corpus.Article) (*Document, error) {
	j := newJob(a)
	p.annotate([]*job{j})
	return j.doc, j.err
}

// annotate takes articles through all stages, all of them through one before the
// next, which finds its tables in the cache of the processor then: of sixteen
// short articles each takes a fifth less time than alone.
func (p *Pipeline) annotate(jobs []*job) {
	for _, j := range jobs {
		j.doc = &Document{Article: j.article.Simplified()}
	}
	for _, s := range p.stages {
		for _, j := range jobs {
			if j.err != nil {
				continue
			}
			if err := annotate(s, j.doc); err != nil {
				j.doc, j.err = nil, &ArticleError{Article: j.article, Stage: s.Name, Err: err}
			}
		}
	}
	for _, j := range jobs {
		if j.err == nil {
			j.doc.Article = j.article
		}
	}
}

func annotate(s Stage, d *Document) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return s.Annotate(d)
}

// A job is an article that is annotated.
type job struct {
	article *corpus.Article // nil for an error
	weight  int
	doc     *Document
	err     error
	done    chan struct{} // closed when doc or err is there
}

// An article weighs one for each weightBytes of its text, up to maxWeight.
const (
	weightBytes = 8 << 10
	maxWeight   = 8
	maxTogether = 16              // weight of articles that go through the stages together
	maxInFlight = 2 * maxTogether // weight of articles in flight, for each worker
)

func newJob(a *corpus.Article) *job {
	return &job{article: a, weight: min(1+a.Text.Len()/weightBytes, maxWeight), done: make(chan struct{})}
}

// Run annotates articles with the given number of workers and yields the
// documents in the order of the articles. Errors of the articles' sequence and
// *ArticleErrors are yielded in their place. At most 32·workers short articles
// or 4·workers long ones are in flight, so memory does not grow with their number.
func (p *Pipeline) Run(ctx context.Context, workers int, articles iter.Seq2[*corpus.Article, error]) iter.Seq2[*Document, error] {
	return func(yield func(*Document, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		workers := max(workers, 1)
		room := make(chan struct{}, maxInFlight*workers) // taken by weight, so that the others never are full
		order, jobs := make(chan *job, cap(room)), make(chan *job, cap(room))
		var wg sync.WaitGroup
		defer wg.Wait()
		defer cancel()
		for range workers {
			wg.Go(func() { p.work(ctx, jobs, workers) })
		}
		wg.Go(func() {
			defer close(order)
			defer close(jobs)
			for a, err := range articles {
				j := &job{weight: 1, err: err}
				if err == nil {
					j = newJob(a)
				}
				for range j.weight {
					select {
					case room <- struct{}{}:
					case <-ctx.Done():
						return
					}
				}
				order <- j
				if err == nil {
					jobs <- j
				}
			}
		})
		for j := range order {
			if j.article != nil {
				<-j.done
			}
			for range j.weight {
				<-room
			}
			if err := ctx.Err(); err != nil && errors.Is(j.err, err) {
				break
			}
			if !yield(j.doc, j.err) {
				return
			}
		}
		if err := context.Cause(ctx); err != nil {
			yield(nil, err)
		}
	}
}

// work annotates jobs. What waits it takes together, no more than its share.
func (p *Pipeline) work(ctx context.Context, jobs <-chan *job, workers int) {
	var some []*job
	for j := range jobs {
		some = append(some[:0], j)
		for n, weight := len(jobs)/workers, j.weight; n > 0 && weight < maxTogether; n-- {
			select {
			case j, ok := <-jobs:
				if ok {
					some = append(some, j)
					weight += j.weight
				}
			default: // another worker was faster
			}
		}
		if err := ctx.Err(); err != nil {
			for _, j := range some {
				j.err = err
			}
		} else {
			p.annotate(some)
		}
		for _, j := range some {
			close(j.done)
		}
	}
}
