// Package figure reads the numbers that an article states about the world: how
// much, of what, whose, when, and how exactly.
//
//	p, err := pipeline.New(pipeline.SentenceStage(), …, figure.Stage())
//	for _, r := range figure.Explain(doc) { … } // the numerals that are no figures, and why
//
// It reads the clean text, not tokens. A numeral becomes a figure when it has a
// unit, or a metric that says what a bare number means, and when it is not part
// of a word, a name, a code, a date or a slogan. Tokens, times and entities help
// where they are there; none of them is needed.
//
// # Tables
//
// What the package knows stands in tab-separated tables beside the code:
// units.tsv, hedges.tsv (words that make a number inexact), growth.tsv (verbs of
// change), metrics.tsv (what is measured, with its category), nouns.tsv (nouns
// counted without a classifier, people), words.tsv and links.tsv (words that end
// or follow a noun phrase), signals.tsv (status, aggregate, rank), scopes.tsv
// (全省, 我市, 全国), traps.tsv (words that hold a numeral), behind.tsv (words
// behind one that make it a name, an ordinal or a slogan), before.tsv (words
// before one that say what it is: a sum, an age, how far, how often) and per.tsv
// (what a figure is per: 人均, 单户, 月薪). A line that begins
// with # is a comment.
//
// # Subjects and metrics
//
// Whose figure it is and what it measures are choices among candidates: names,
// nouns, headings and speakers around the figure for the one, phrases before and
// behind the number and those of earlier figures for the other. What speaks for
// and against a candidate is weighed with subjects.tsv and measured.tsv, which
// tune.go learns from annotated pages. SubjectRule of a figure says where its
// subject came from: subject.segment, subject.carried, subject.speaker ….
//
// # Test cases
//
// A case of testdata/cases is one line of text with its figures in marks:
//
//	签约额[3062亿元|money 306200000000 CNY amount metric=签约额]。
//
// Inside the brackets stand the core of the figure, a bar, the kind, the value
// and then, in any order, the unit, the category and key=value pairs. What
// stands outside brackets must yield nothing. The value is one of
//
//	v  >v  ≥v  <v  ≤v  →v (near)  ≈v  (a,b) plus  a..b vague  a.. at least  [a,b] range  class:v
//
// The unit is left out where the figure has none, and the category may be. Keys:
// unit, category, metric, subject, status, per, aggregate, direction, role,
// basis, n, n_max, scope, from, to (days of its time), quoted, group (members of
// one group have the same letter), end (from_end). An alternative is set off by
// a bar: metric=产值|工业产值. A blank in the value of a key is written ␣ and a line
// end in the text ⏎. Lines that begin with # are comments; a line that begins with
// @ sets what follows: @date 2024-10-28, @dateline 兰州, @title 标题, @role table.
package figure

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"slices"
	"sync"

	"longmai/corpus"
	"longmai/pipeline"
)

// Options refine a Reader. The zero value is what ships.
type Options struct {
	// Rules holds files of the names of the tables, with further rows. A row
	// there replaces the row of the same word; a file that is missing adds nothing.
	Rules fs.FS
}

// A Reader reads figures. It is safe for concurrent use.
type Reader struct {
	k *knowledge
}

// New returns a reader.
func New(o Options) (*Reader, error) {
	if o.Rules == nil {
		k, err := tables()
		return &Reader{k: k}, err
	}
	k, err := loadTables(o.Rules)
	return &Reader{k: k}, err
}

// Stage returns the stage that adds the figures, with the tables of this
// package. A broken table fails the first document.
func Stage() pipeline.Stage {
	return stage(func(d *pipeline.Document) error {
		r, err := New(Options{})
		if err != nil {
			return err
		}
		d.Figures = r.read(d, nil)
		return nil
	})
}

// Stage returns the stage that adds the figures that r reads.
func (r *Reader) Stage() pipeline.Stage {
	return stage(func(d *pipeline.Document) error {
		d.Figures = r.read(d, nil)
		return nil
	})
}

func stage(annotate func(*pipeline.Document) error) pipeline.Stage {
	return pipeline.Stage{
		Name:     "figures",
		Needs:    []pipeline.Layer{pipeline.Sentences, pipeline.Tokens, pipeline.Times, pipeline.Entities},
		Adds:     []pipeline.Layer{pipeline.Figures},
		Annotate: annotate,
	}
}

// Version names the tables that ship: results of equal versions are equal.
func Version() string { return version() }

var version = sync.OnceValue(func() string {
	h := sha256.New()
	names, _ := fs.Glob(files, "*.tsv")
	for _, name := range names {
		data, _ := files.ReadFile(name)
		h.Write(data)
	}
	return engine + "-" + hex.EncodeToString(h.Sum(nil))[:12]
})

// engine changes with the grammar in code.
const engine = "6"

// A Refusal is a numeral that is no figure.
type Refusal struct {
	pipeline.Span        // the numeral, with the word that it stands in where that is known
	Rule          string // id of the rule that refused it
	Reason        string
}

// Explain lists the numerals of a document that are no figures, in the order of
// the text. Dates and times of the day are not among them when the document has
// its times.
func Explain(d *pipeline.Document) []Refusal {
	r, err := New(Options{})
	if err != nil {
		return nil
	}
	return r.Explain(d)
}

// Explain lists the numerals of d that are no figures to r, in the order of the text.
func (r *Reader) Explain(d *pipeline.Document) []Refusal {
	_, refused := r.Read(d)
	return refused
}

// Read returns the figures of d and the numerals that are none, both in the order of the text.
func (r *Reader) Read(d *pipeline.Document) ([]pipeline.Figure, []Refusal) {
	var refused []Refusal
	figures := r.read(d, &refused)
	slices.SortStableFunc(refused, func(a, b Refusal) int { return a.Start - b.Start })
	return figures, refused
}

// read returns the figures of d, and sets refused, unless it is nil, to the numerals that are none.
func (r *Reader) read(d *pipeline.Document, refused *[]Refusal) []pipeline.Figure {
	s := newScan(r.k, d)
	for i, b := range d.Blocks {
		if minable(b.Role) {
			s.block(i)
		}
	}
	s.attach()
	figures := s.figures()
	if refused != nil {
		*refused = slices.Clone(s.refused)
	}
	s.release()
	return figures
}

// minable reports whether the numbers of a block are news.
func minable(r corpus.Role) bool {
	switch r {
	case corpus.RoleByline, corpus.RoleCredit, corpus.RoleContinuation:
		return false
	}
	return true
}
