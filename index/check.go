package index

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"longmai/pipeline"
)

// A CheckReport is what Check found.
type CheckReport struct {
	Articles int
	Sources  int
	Problems []Problem
}

// A Problem is one thing that is wrong with a library.
type Problem struct {
	What     string
	Repaired bool
	Hint     string // what can be done about it when it was not repaired
}

// CheckOptions say what Check does. The zero value looks at everything and changes nothing.
type CheckOptions struct {
	Repair bool
	// Annotate, when not nil, annotates anew; every Sample-th article is compared
	// with what is stored. Sample 0 is 100.
	Annotate func(*pipeline.Document) (*pipeline.Document, error)
	Sample   int
}

// Check verifies a library: that every article can be read, that it is found by
// what it holds, that the journal and the index agree, and that the manifest
// says what is there. It opens the folder itself, so that it works on what Open refuses.
func Check(ctx context.Context, dir string, o CheckOptions) (CheckReport, error) {
	var rep CheckReport
	c := &checker{dir: dir, o: o, rep: &rep}
	if o.Repair {
		lock, err := takeLock(dir)
		if err != nil {
			return rep, err
		}
		defer lock.Unlock()
	}
	m, err := c.manifest()
	if err != nil {
		return rep, err
	}
	c.leftovers(m)
	ix, v, err := openVersion(dir, m.Version)
	if err != nil {
		c.problem("the index cannot be read: "+err.Error(), false, "build the library anew from its sources")
		return rep, nil
	}
	err = errors.Join(c.articles(ctx, v), c.journal(v, m))
	broken := c.broken
	err = errors.Join(err, closeVersion(ix, v))
	if len(broken) > 0 {
		err = errors.Join(err, c.columns(ctx, m))
	}
	return rep, err
}

type checker struct {
	dir    string
	o      CheckOptions
	rep    *CheckReport
	broken []string // what is wrong with columns
}

// columns reports what is wrong with the columns, and makes them anew.
func (c *checker) columns(ctx context.Context, m Manifest) error {
	fixed := false
	if c.o.Repair {
		dir := versionDir(c.dir, m.Version)
		err := os.RemoveAll(filepath.Join(dir, columnsDir))
		if err == nil {
			err = tabulateVersion(ctx, dir)
		}
		if err != nil {
			return err
		}
		fixed = true
	}
	for _, what := range c.broken {
		c.problem(what, fixed, "run check with repair")
	}
	return nil
}

// shardColumns opens the columns of a shard and looks at their checksums; nil
// when they cannot be used.
func (c *checker) shardColumns(v *view, h *shard) *tabulated {
	labels, err := v.facetNames()
	if err == nil && !labels.file.intact() {
		err = fmt.Errorf("columns: %s: wrong checksum", namesFile)
	}
	var columns *columns
	if err == nil {
		columns, err = h.columns()
	}
	if err == nil && !columns.file.intact() {
		err = fmt.Errorf("columns of %s: wrong checksum", h.segmentName())
	}
	if err != nil {
		if !slices.Contains(c.broken, err.Error()) {
			c.broken = append(c.broken, err.Error())
		}
		return nil
	}
	return &tabulated{columns, labels}
}

func (c *checker) problem(what string, repaired bool, hint string) {
	if repaired {
		hint = ""
	}
	c.rep.Problems = append(c.rep.Problems, Problem{what, repaired, hint})
}

// manifest reads the manifest, or makes a new one for the newest version.
func (c *checker) manifest() (Manifest, error) {
	m, err := readManifest(c.dir)
	if err == nil {
		err = m.usable(c.dir)
		if err != nil {
			return m, err
		}
		if m.Version == 0 || exists(versionDir(c.dir, m.Version)) {
			return m, nil
		}
		err = fmt.Errorf("the version %d that the manifest names is missing", m.Version)
	} else if errors.Is(err, ErrNoLibrary) && newestVersion(c.dir) == 0 {
		return m, err
	}
	n := newestVersion(c.dir)
	if n == 0 || !c.o.Repair {
		c.problem(err.Error(), false, "run check with repair")
		if n == 0 {
			return m, err
		}
	}
	fresh := newManifest()
	fresh.Version = n
	if c.o.Repair {
		if e := writeManifest(c.dir, fresh); e != nil {
			return m, e
		}
		c.problem(err.Error(), true, "")
	}
	return fresh, nil
}

// newestVersion returns the number of the newest folder in versions/, 0 when there is none.
func newestVersion(dir string) int {
	names, _ := os.ReadDir(filepath.Join(dir, versionsDir))
	best := 0
	for _, n := range names {
		if i, err := strconv.Atoi(n.Name()); err == nil {
			best = max(best, i)
		}
	}
	return best
}

// leftovers looks for folders that nothing refers to.
func (c *checker) leftovers(m Manifest) {
	names, _ := os.ReadDir(filepath.Join(c.dir, versionsDir))
	for _, n := range names {
		if i, err := strconv.Atoi(n.Name()); err == nil && i < m.Version {
			if c.o.Repair {
				os.RemoveAll(filepath.Join(c.dir, versionsDir, n.Name()))
			}
			c.problem(fmt.Sprintf("version %d is left over", i), c.o.Repair, "run check with repair, or build once more")
		}
	}
	if exists(filepath.Join(c.dir, workDir)) {
		c.problem("a build was not finished", false, "build once more: it goes on where it stopped")
	}
}

// articles reads every article and looks it up.
func (c *checker) articles(ctx context.Context, v *view) error {
	for _, s := range v.shards {
		h := s.clone()
		n := 0
		columns := c.shardColumns(v, h)
		if err := eachDoc(h.docs, func(doc uint32) error {
			n++
			if d := c.article(v, h, doc, n); d != nil && columns != nil && !columns.agree(doc, d) {
				c.broken = append(c.broken, fmt.Sprintf("columns of %s: article %s has other values", h.segmentName(), d.ID))
				columns = nil
			}
			return ctx.Err()
		}); err != nil {
			return err
		}
	}
	return nil
}

// article reads and looks up one article; it returns nil when it cannot be read.
func (c *checker) article(v *view, h *shard, doc uint32, n int) *pipeline.Document {
	id, err := h.id(doc)
	if err != nil {
		c.problem(fmt.Sprintf("%s: article %d: %v", h.segmentName(), doc, err), false, "build the library anew")
		return nil
	}
	d, err := v.load(h, doc)
	if err != nil {
		c.problem(fmt.Sprintf("article %s: %v", id, err), false, "drop its input and build once more")
		return nil
	}
	c.rep.Articles++
	if d.ID != id {
		c.problem(fmt.Sprintf("article %s: stored as %s", id, d.ID), false, "build the library anew")
	}
	if day := d.Date.String(); day != "" {
		set, err := h.with(fieldDate, day)
		if err != nil || !set.Contains(doc) {
			c.problem(fmt.Sprintf("article %s: not found by its date %s", id, day), false, "reindex the library")
		}
	}
	if pairs := twosomes(fold(d.Title)); len(pairs) > 0 && strings.Contains(d.Body(), d.Title) {
		set, err := h.withPairs(pairs)
		if err != nil || !set.Contains(doc) {
			c.problem(fmt.Sprintf("article %s: not found by its title", id), false, "reindex the library")
		}
	}
	if every := max(c.o.Sample, 1); c.o.Annotate != nil && (c.o.Sample == 0 && n%100 == 1 || c.o.Sample > 0 && n%every == 0) {
		c.again(d)
	}
	return d
}

// again annotates an article anew and compares.
func (c *checker) again(d *pipeline.Document) {
	fresh, err := c.o.Annotate(&pipeline.Document{Article: d.Article})
	if err != nil {
		c.problem(fmt.Sprintf("article %s: annotated anew: %v", d.ID, err), false, "")
		return
	}
	if string(encodeRecords(nil, fresh, nil)) != string(encodeRecords(nil, d, nil)) {
		c.problem(fmt.Sprintf("article %s: annotated anew it is not what is stored", d.ID), false, "reindex the library: its rules have changed")
	}
}

// journal compares the journal with the articles.
func (c *checker) journal(v *view, m Manifest) error {
	if v.snapshot == nil {
		return nil
	}
	entries, err := journalEntries(v.snapshot, v.codec)
	if err != nil {
		c.problem("the journal cannot be read: "+err.Error(), false, "build the library anew")
		return nil
	}
	j := replay(entries)
	c.rep.Sources = len(j.sources)
	for id, key := range j.owner {
		h, _, err := v.find(id)
		if err != nil {
			return err
		}
		if h == nil {
			c.problem(fmt.Sprintf("article %s of %s: in the journal and not in the index", id, key), false, "drop the input and build once more")
		}
	}
	if n := v.count(); n != len(j.owner) {
		c.problem(fmt.Sprintf("%d articles in the index, %d in the journal", n, len(j.owner)), false, "build the library anew")
	}
	if n := v.count(); n != m.Articles || len(j.sources) != m.Sources {
		fixed := false
		if c.o.Repair {
			m.Articles, m.Sources = n, len(j.sources)
			fixed = writeManifest(c.dir, m) == nil
		}
		c.problem(fmt.Sprintf("the manifest counts %d articles of %d inputs, there are %d of %d", m.Articles, m.Sources, n, len(j.sources)), fixed, "run check with repair")
	}
	return nil
}

// Reindex annotates every article anew from what is stored, without the source
// files, and swaps the new library in when it is complete. It works on
// libraries of other rules and other dictionaries.
func Reindex(ctx context.Context, dir string, o WriterOptions, annotate func(*pipeline.Document) (*pipeline.Document, error)) (Report, error) {
	m, err := readManifest(dir)
	if err != nil {
		return Report{}, err
	}
	if m.readable() != nil {
		return Report{}, m.usable(dir)
	}
	lock, err := takeLock(dir)
	if err != nil {
		return Report{}, err
	}
	defer lock.Unlock()
	ix, v, err := openVersion(dir, m.Version)
	if err != nil {
		return Report{}, err
	}
	defer func() { closeVersion(ix, v) }()
	if v.codec.strings.older, err = m.decoders(); err != nil {
		return Report{}, err
	}
	fresh := filepath.Join(dir, "reindex")
	if err := os.RemoveAll(fresh); err != nil {
		return Report{}, err
	}
	defer os.RemoveAll(fresh)
	l, err := Create(fresh)
	if err != nil {
		return Report{}, err
	}
	defer l.Close()
	w, err := l.Writer(o)
	if err != nil {
		return Report{}, err
	}
	rep, err := w.Add(ctx, v.annotated(ctx, annotate))
	if err == nil && v.snapshot != nil {
		err = w.adopt(v)
	}
	if err != nil {
		return rep, errors.Join(err, w.Abort())
	}
	if err := w.Close(); err != nil {
		return rep, err
	}
	n := l.Manifest()
	l.Close()
	if err := os.RemoveAll(filepath.Join(dir, workDir)); err != nil {
		return rep, err
	}
	if err := os.MkdirAll(filepath.Join(dir, versionsDir), 0o777); err != nil {
		return rep, err
	}
	at := m.Version + 1
	if err := os.Rename(versionDir(fresh, n.Version), versionDir(dir, at)); err != nil {
		return rep, err
	}
	n.Version = at
	if err := writeManifest(dir, n); err != nil {
		return rep, err
	}
	removeVersions(dir, at)
	return rep, nil
}

// annotated yields all articles, input by input, annotated anew.
func (v *view) annotated(ctx context.Context, annotate func(*pipeline.Document) (*pipeline.Document, error)) iter.Seq2[*pipeline.Document, error] {
	return func(yield func(*pipeline.Document, error) bool) {
		if v.snapshot == nil {
			return
		}
		entries, err := journalEntries(v.snapshot, v.codec)
		if err != nil {
			yield(nil, err)
			return
		}
		j := replay(entries)
		for _, key := range slices.Sorted(maps.Keys(j.sources)) {
			for chunk := range slices.Chunk(j.sources[key].ids, 4*workers()) {
				docs := make([]*pipeline.Document, len(chunk))
				errs := make([]error, len(chunk))
				if err := parallel(ctx, len(chunk), func(i int) error {
					h, doc, err := v.find(chunk[i])
					if err != nil || h == nil {
						return err
					}
					d, err := v.stored(h, doc)
					if err == nil {
						err = v.relations.locate(d, false)
					}
					if err != nil {
						return err
					}
					docs[i], errs[i] = annotate(&pipeline.Document{Article: d.Article})
					return nil
				}); err != nil {
					yield(nil, err)
					return
				}
				for i, d := range docs {
					if (d != nil || errs[i] != nil) && !yield(d, errs[i]) {
						return
					}
				}
			}
		}
	}
}

// adopt takes the further sources of articles over from another library.
func (w *Writer) adopt(v *view) error {
	entries, err := journalEntries(v.snapshot, v.codec)
	if err != nil {
		return err
	}
	j := replay(entries)
	for _, key := range slices.Sorted(maps.Keys(j.sources)) {
		s := j.sources[key]
		for _, c := range s.copies {
			if _, ok := w.journal.owner[c.ID]; ok {
				w.journal.state(key, s.sha)
				l := w.batch.line(key, s.sha)
				l.Copies = append(l.Copies, c)
				w.journal.copy(key, c)
			}
		}
		if len(s.copies) > 0 && s.done {
			w.journal.state(key, s.sha).done = true
			w.batch.line(key, s.sha).Done = true
		}
	}
	return w.settle()
}
