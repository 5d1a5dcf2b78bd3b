package batch

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	"longmai/pipeline"
)

// Options refine a run. The zero value works.
type Options struct {
	Force    bool              // write over the results of an earlier run
	Versions map[string]string // what annotates: written into the manifest
	OnEach   func(Summary)     // called behind every article and rejection, for progress; may be nil
}

// A Summary counts what a run has done.
type Summary struct {
	Articles   int   `json:"articles"`
	Characters int64 `json:"characters"`
	Figures    int   `json:"figures"`
	Entities   int   `json:"entities"`
	Relations  int   `json:"relations"`
	Undated    int   `json:"undated"`
	Rejected   int   `json:"rejected"`
}

// A Manifest is what manifest.json holds.
type Manifest struct {
	Schema   string            `json:"schema"`
	Versions map[string]string `json:"versions,omitempty"`
	Started  time.Time         `json:"started"`
	Ended    time.Time         `json:"ended"`
	Complete bool              `json:"complete"`
	Summary
	Classes map[string]int `json:"rejected_by_class,omitempty"`
}

// ErrExists is the error of a folder that holds a run already.
var ErrExists = errors.New("holds the results of an earlier run")

// Run writes documents into the folder dir, which it makes, and returns what it
// counted. Inputs that ended in a rejection go into the rejected list and the
// run goes on; any other error of documents ends it. When the run does not come
// to its end, what it wrote stays under names ending in .partial.
func Run(ctx context.Context, dir string, documents iter.Seq2[*pipeline.Document, error], o Options) (Summary, error) {
	r := &run{dir: dir, o: o, m: Manifest{Schema: pipeline.SchemaVersion, Versions: o.Versions, Started: time.Now().UTC().Truncate(time.Second), Classes: map[string]int{}}}
	if err := r.open(); err != nil {
		for _, f := range r.files {
			f.Close()
		}
		return Summary{}, err
	}
	err := r.all(ctx, documents)
	return r.m.Summary, errors.Join(err, r.close(err == nil))
}

type run struct {
	dir   string
	o     Options
	m     Manifest
	sheet Sheet

	files   []*os.File
	buffers []*bufio.Writer // of files

	articles          *bufio.Writer
	figures, entities []Rows
	rejected          Rows
}

func (r *run) open() error {
	if err := os.MkdirAll(r.dir, 0o777); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(r.dir, "manifest.json")); err == nil && !r.o.Force {
		return fmt.Errorf("%s: %w", r.dir, ErrExists)
	}
	var err error
	rows := func(name string, f Format, c []Column) Rows {
		if err != nil {
			return nil
		}
		var w io.Writer
		if w, err = r.create(name); err != nil {
			return nil
		}
		var out Rows
		out, err = NewRows(w, f, c, RowOptions{})
		return out
	}
	if r.articles, err = r.create("articles.jsonl"); err != nil {
		return err
	}
	r.figures = []Rows{rows("figures.jsonl", JSONL, FigureColumns), rows("figures.csv", CSV, FigureColumns)}
	r.entities = []Rows{rows("entities.jsonl", JSONL, EntityColumns), rows("entities.csv", CSV, EntityColumns)}
	r.rejected = rows("rejected.jsonl", JSONL, RejectedColumns)
	return err
}

func (r *run) create(name string) (*bufio.Writer, error) {
	f, err := os.Create(filepath.Join(r.dir, name+".partial"))
	if err != nil {
		return nil, err
	}
	r.files = append(r.files, f)
	w := bufio.NewWriterSize(f, 1<<18)
	r.buffers = append(r.buffers, w)
	return w, nil
}

func (r *run) all(ctx context.Context, documents iter.Seq2[*pipeline.Document, error]) error {
	for d, err := range documents {
		if err != nil {
			cells, about := RejectedRow(err)
			if !about {
				return err
			}
			r.m.Rejected++
			r.m.Classes[cells[3]]++
			err = r.rejected.Write(cells)
		} else {
			err = r.document(d)
		}
		if err != nil {
			return err
		}
		if r.o.OnEach != nil {
			r.o.OnEach(r.m.Summary)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (r *run) document(d *pipeline.Document) error {
	line, err := pipeline.Marshal(d, pipeline.Public)
	if err != nil {
		return err
	}
	r.articles.Write(line)
	if err := r.articles.WriteByte('\n'); err != nil {
		return err
	}
	for i := range d.Figures {
		if err := writeAll(r.figures, r.sheet.FigureRow(d, &d.Figures[i])); err != nil {
			return err
		}
	}
	for i := range d.Entities {
		if err := writeAll(r.entities, r.sheet.EntityRow(d, &d.Entities[i])); err != nil {
			return err
		}
	}
	r.m.Articles++
	r.m.Characters += int64(utf8.RuneCountInString(d.Body()))
	r.m.Figures += len(d.Figures)
	r.m.Entities += len(d.Entities)
	r.m.Relations += len(d.Relations)
	if d.Date.IsZero() {
		r.m.Undated++
	}
	return nil
}

func writeAll(to []Rows, cells []string) error {
	for _, w := range to {
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	return nil
}

// close writes what is left and, when the run is complete, gives the files
// their names, the manifest last.
func (r *run) close(complete bool) error {
	var errs []error
	for _, w := range append(append([]Rows{r.rejected}, r.figures...), r.entities...) {
		errs = append(errs, w.Close())
	}
	for i, f := range r.files {
		errs = append(errs, r.buffers[i].Flush(), f.Close())
	}
	if err := errors.Join(errs...); err != nil || !complete {
		return err
	}
	for _, f := range r.files {
		name := f.Name()
		if err := os.Rename(name, name[:len(name)-len(".partial")]); err != nil {
			return err
		}
	}
	r.m.Complete, r.m.Ended = true, time.Now().UTC().Truncate(time.Second)
	b, err := json.MarshalIndent(r.m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.dir, "manifest.json"), append(b, '\n'), 0o666)
}
