package index

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"longmai/pipeline"

	bleve "github.com/blevesearch/bleve_index_api"
	"github.com/gofrs/flock"
)

// A CheckReport is what Check found.
type CheckReport struct {
	Articles int
	Sources  int
	Problems []Problem
	Notes    []string // what is not wrong and yet good to know
	Writer   string   // who writes the library at this time; what was checked is its last complete version
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
	// Rules are the versions of what Annotate does. A library of other rules is
	// not compared; a note says so. Nil compares any.
	Rules map[string]string
}

// Check verifies a library: that every file is what was written, that every
// article can be read, that it is found by what it holds, that the journal and
// the index agree, and that the manifest says what is there. It opens the folder
// itself, so that it works on what Open refuses.
//
// A repair restores what is there twice and makes anew what follows from the
// stored documents. Articles that cannot be read are lost: it says how many and
// from which inputs, keeps the damaged version in the folder "damaged", and has the
// next build read those inputs again. When they have been read and nothing is
// wrong or lost any more, the next repair removes that folder.
func Check(ctx context.Context, dir string, o CheckOptions) (CheckReport, error) {
	writer := ""
	if o.Repair {
		lock, err := takeLock(dir)
		if err != nil {
			return CheckReport{}, err
		}
		defer lock.Unlock()
	} else {
		writer = lockHolder(dir)
	}
	for {
		c := &checker{dir: dir, o: o, writer: writer}
		c.rep.Writer = writer
		err := c.check(ctx)
		if err == nil {
			err = c.damaged()
		}
		// A writer that is done removes the version that was being read.
		if m, e := ReadManifest(dir); !o.Repair && e == nil && c.version > 0 && m.Version > c.version && !exists(versionDir(dir, c.version)) {
			continue
		}
		return c.rep, err
	}
}

// lockHolder says who writes the library in dir, "" when nobody does.
func lockHolder(dir string) string {
	path := filepath.Join(dir, lockFile)
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	f.Close()
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	ok, err := lock.TryRLock()
	if ok || err != nil {
		lock.Unlock()
		return ""
	}
	who, _ := os.ReadFile(path)
	return cmp.Or(strings.TrimSpace(string(who)), "another process")
}

type checker struct {
	dir     string
	o       CheckOptions
	rep     CheckReport
	writer  string
	version int

	columnFaults []string          // what is wrong with columns
	rebuild      bool              // something is wrong that a new version mends
	cut          []string          // segments that cannot be opened
	doubtful     map[string]bool   // segments with wrong checksums
	good         map[string]string // articles that can be read → key of their input
	lost         loss
	unprotected  bool // there are no sums, or wrong ones
}

const (
	hintRepair = "run longmai check --repair"
	hintBuild  = "build again from these inputs: the next build reads them, changed or not; when they are gone for good, remove " + lossFile
)

func (c *checker) check(ctx context.Context) error {
	m, err := c.manifest()
	if err != nil {
		return err
	}
	c.version = m.Version
	c.leftovers(m)
	if m.Version == 0 {
		return c.reportLoss("")
	}
	at := versionDir(c.dir, m.Version)
	readable := c.files(at)
	owner, err := readContents(at)
	if err != nil {
		owner = nil
	}
	c.good = map[string]string{}
	if other := OtherRules(m, c.o.Rules); c.o.Annotate != nil && len(other) > 0 {
		c.o.Annotate = nil
		c.rep.Notes = append(c.rep.Notes, "annotated by other rules ("+strings.Join(other, ", ")+"), nothing was annotated anew; longmai reindex brings the library up to date")
	}
	var j journal
	ix, v, done, err := c.open(at, m, readable)
	if err == nil {
		defer func() { done() }()
		err = c.articles(ctx, v)
		j = c.journal(v, m)
		if err != nil {
			return errors.Join(err, closeVersion(ix, v))
		}
	} else if readable {
		c.problem("the index cannot be read: "+err.Error(), false, hintRepair)
		c.rebuild = true
	}
	c.count(owner, j, m)
	if c.rebuild || c.unprotected || c.lost.articles() > 0 {
		for _, what := range c.columnFaults {
			c.problem(what, c.o.Repair, hintRepair)
		}
		err := c.salvage(ctx, v, m, owner, j)
		if v != nil {
			err = errors.Join(err, closeVersion(ix, v))
		}
		return errors.Join(err, c.reportLoss(fmt.Sprintf("%06d", m.Version)))
	}
	err = closeVersion(ix, v)
	if len(c.columnFaults) > 0 {
		err = errors.Join(err, c.columns(ctx, m))
	}
	return errors.Join(err, c.reportLoss(""))
}

// files verifies the files of a version and restores those that are there twice.
// It reports whether the index and the articles can be read at all.
func (c *checker) files(at string) (readable bool) {
	c.doubtful = map[string]bool{}
	s, err := readSums(at)
	if err != nil {
		c.unprotected = true
		hint := hintRepair
		if errors.Is(err, fs.ErrNotExist) {
			err = errGone
			hint += ", which writes the library anew with its checksums; one that an older program made has none"
		}
		c.problem(sumsFile+": "+err.Error(), c.o.Repair, hint)
		return c.unsummed(at)
	}
	faults := map[string]error{}
	for _, f := range s.Files {
		if err := f.verify(at); err != nil {
			faults[f.Name] = err
		}
	}
	readable = true
	for _, f := range s.Files {
		err := faults[f.Name]
		if err == nil {
			continue
		}
		double := map[string]string{indexDir + "/" + rootFile: rootCopy, dictionaryFile: dictionaryCopy}[f.Name]
		fixed := c.o.Repair
		switch {
		case double != "" && faults[double] == nil:
			fixed = c.o.Repair && restore(filepath.Join(at, double), filepath.Join(at, f.Name)) == nil
			readable = readable && fixed
		case double != "":
			readable, fixed, c.rebuild = false, false, true
		case filepath.Ext(f.Name) == segmentExt:
			c.rebuild = true
			name := filepath.Base(f.Name)
			if c.doubtful[name] = true; !errors.Is(err, errSum) {
				c.cut = append(c.cut, name)
			}
		case strings.HasPrefix(f.Name, columnsDir+"/"):
			c.columnFaults = append(c.columnFaults, fmt.Sprintf("%s: %v", f.Name, err))
			continue
		default:
			c.rebuild = true
		}
		c.problem(fmt.Sprintf("%s: %v", f.Name, err), fixed, hintRepair)
	}
	return readable
}

// unsummed looks at a version without sums: one of an older program, or one whose
// sums are damaged. Segments and columns have sums of their own, and of the
// dictionary and the root there may be a second.
func (c *checker) unsummed(at string) (readable bool) {
	names, _ := filepath.Glob(filepath.Join(at, indexDir, "*"+segmentExt))
	for _, path := range names {
		_, want, err := sumOf(path, false)
		_, have, e := sumOf(path, true)
		if err != nil || e != nil || want != have {
			name := filepath.Base(path)
			c.doubtful[name] = true
			c.cut = append(c.cut, name)
			c.problem(indexDir+"/"+name+": "+errSum.Error(), c.o.Repair, hintRepair)
		}
	}
	for name, double := range map[string]string{filepath.Join(indexDir, rootFile): rootCopy, dictionaryFile: dictionaryCopy} {
		if _, err := os.Stat(filepath.Join(at, name)); err == nil {
			continue
		}
		fixed := c.o.Repair && restore(filepath.Join(at, double), filepath.Join(at, name)) == nil
		c.problem(filepath.ToSlash(name)+": "+errGone.Error(), fixed, hintRepair)
		if !fixed {
			return false
		}
	}
	return true
}

// restore puts a second copy in the place of a file.
func restore(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return writeFile(to, b)
}

// open opens the version in at, as far as it can be read.
func (c *checker) open(at string, m Manifest, readable bool) (ix bleve.Index, v *view, done func(), err error) {
	if !readable {
		return nil, nil, nil, errStored
	}
	if len(c.doubtful) == 0 {
		ix, v, err = openVersion(c.dir, m.Version)
		if err == nil && v.count() >= m.Articles {
			return ix, v, func() {}, nil
		}
		if err == nil {
			closeVersion(ix, v)
		}
		names, e := snapshotSegments(filepath.Join(at, indexDir))
		if e != nil {
			return nil, nil, nil, e
		}
		for _, name := range names {
			if !exists(filepath.Join(at, indexDir, name)) {
				c.problem(indexDir+"/"+name+": "+errGone.Error(), c.o.Repair, hintRepair)
				c.cut = append(c.cut, name)
			}
		}
		c.rebuild = true
	}
	if ix, v, done, err = openDamaged(at, c.cut); err != nil {
		all := append(slices.Clone(c.cut), slices.Collect(maps.Keys(c.doubtful))...)
		ix, v, done, err = openDamaged(at, all)
	}
	return ix, v, done, err
}

// count counts what is lost: what the contents, else the journal, have and what
// cannot be read.
func (c *checker) count(owner map[string]string, j journal, m Manifest) {
	n := len(c.good)
	if owner == nil {
		owner = j.owner
	}
	for id, key := range owner {
		if _, ok := c.good[id]; !ok {
			c.lost.add(loss{Inputs: map[string][]string{key: {id}}})
		}
	}
	c.lost.Before = max(m.Articles, len(owner))
	c.lost.Unknown = max(m.Articles-n-c.lost.articles(), 0)
}

// salvage makes a new version of what can be read.
func (c *checker) salvage(ctx context.Context, v *view, m Manifest, owner map[string]string, j journal) error {
	if !c.o.Repair {
		return nil
	}
	again := maps.Clone(c.lost.Inputs)
	if again == nil {
		again = map[string][]string{}
	}
	for id, key := range c.good { // an input that nobody knows to be complete
		if s := j.sources[key]; (s == nil || !s.done) && owner[id] != key {
			again[key] = append(again[key], "")
		}
	}
	var keep func() error
	if c.lost.articles() > 0 {
		all, err := readLoss(c.dir)
		if err != nil {
			all = loss{}
		}
		all.add(c.lost)
		if err := all.write(c.dir); err != nil {
			return err
		}
		keep = func() error { return setAside(c.dir, m.Version) }
	}
	docs := func(func(*pipeline.Document, error) bool) {}
	if v != nil {
		docs = v.saved(ctx, c.good, j)
	}
	_, err := rebuild(ctx, c.dir, m, WriterOptions{Rules: m.Rules}, docs, j, again, keep)
	return err
}

// setAside keeps a damaged version, for whoever knows more.
func setAside(dir string, version int) error {
	to := filepath.Join(dir, damagedDir)
	if err := os.MkdirAll(to, 0o777); err != nil {
		return err
	}
	from := versionDir(dir, version)
	for i := 0; ; i++ {
		at := filepath.Join(to, filepath.Base(from))
		if i > 0 {
			at += "-" + strconv.Itoa(i)
		}
		if exists(at) {
			continue
		}
		err := os.Rename(from, at)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
}

// damaged says that versions are set aside for nothing, and removes them in a
// repair: when all is well. One that sets a version aside has found problems.
func (c *checker) damaged() error {
	at := filepath.Join(c.dir, damagedDir)
	if !exists(at) || len(c.rep.Problems) > 0 {
		return nil
	}
	if !c.o.Repair {
		c.rep.Notes = append(c.rep.Notes, damagedDir+" has what a repair set aside; nothing is missing any more, and longmai check --repair removes it")
		return nil
	}
	c.rep.Notes = append(c.rep.Notes, damagedDir+" removed: nothing is missing any more")
	return os.RemoveAll(at)
}

// reportLoss reports what this check or an earlier repair found to be lost.
func (c *checker) reportLoss(version string) error {
	if c.lost.articles() > 0 && !c.o.Repair {
		c.problem(c.lost.String(), false, hintRepair+", which saves the others; then "+hintBuild)
		return nil
	}
	l, err := readLoss(c.dir)
	if err != nil {
		c.problem(lossFile+" cannot be read: "+err.Error(), false, "remove it and build again from all inputs")
		return nil
	}
	if l.articles() == 0 {
		return nil
	}
	what := l.String()
	if version != "" && c.lost.articles() > 0 {
		what += "; the damaged version is kept in " + damagedDir
	}
	hint := hintBuild
	if l.Unknown > 0 {
		hint = "build again from all inputs; when they are gone for good, remove " + lossFile
	}
	c.problem(what, false, hint)
	return nil
}

// columns reports what is wrong with the columns, and makes them anew.
func (c *checker) columns(ctx context.Context, m Manifest) error {
	fixed := false
	if c.o.Repair {
		dir := versionDir(c.dir, m.Version)
		err := os.RemoveAll(filepath.Join(dir, columnsDir))
		if err == nil {
			err = tabulateVersion(ctx, dir, nil)
		}
		if err == nil {
			err = writeSums(dir, m)
		}
		if err != nil {
			return err
		}
		fixed = true
	}
	for _, what := range c.columnFaults {
		c.problem(what, fixed, hintRepair)
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
		if !slices.Contains(c.columnFaults, err.Error()) {
			c.columnFaults = append(c.columnFaults, err.Error())
		}
		return nil
	}
	return &tabulated{columns, labels}
}

func (c *checker) problem(what string, repaired bool, hint string) {
	if repaired {
		hint = ""
	}
	p := Problem{what, repaired, hint}
	if !slices.Contains(c.rep.Problems, p) {
		c.rep.Problems = append(c.rep.Problems, p)
	}
}

// manifest reads the manifest, or, when it is not the one that the version was
// made with, takes that.
func (c *checker) manifest() (Manifest, error) {
	m, err := ReadManifest(c.dir)
	n := m.Version
	switch {
	case errors.Is(err, ErrNoLibrary) && newestVersion(c.dir) == 0:
		return m, err
	case err != nil:
		n = newestVersion(c.dir)
	case n > 0 && !exists(versionDir(c.dir, n)):
		err = fmt.Errorf("the version %d that the manifest names is missing", n)
		n = newestVersion(c.dir)
	}
	s, e := sums{}, error(nil)
	if n > 0 {
		s, e = readSums(versionDir(c.dir, n))
	}
	known := n > 0 && e == nil && s.Manifest.Version == n
	if err == nil && known && !sameManifest(m, s.Manifest) {
		err = fmt.Errorf("%s: not the one that version %d was made with", manifestFile, n)
	}
	if err == nil {
		return m, m.usable(c.dir)
	}
	fresh := newManifest()
	fresh.Version = n
	if known {
		fresh = s.Manifest
	}
	if gone := m.Articles - fresh.Articles; m.Format == manifestFormat && !exists(versionDir(c.dir, m.Version)) && gone > 0 {
		c.lost = loss{Before: m.Articles, Unknown: gone}
		if c.o.Repair {
			if err := c.lost.write(c.dir); err != nil {
				return m, err
			}
		}
	}
	if c.o.Repair {
		if e := writeManifest(c.dir, fresh); e != nil {
			return m, e
		}
	}
	c.problem(err.Error(), c.o.Repair, hintRepair)
	return fresh, fresh.usable(c.dir)
}

func sameManifest(a, b Manifest) bool {
	x, err := json.Marshal(a)
	y, e := json.Marshal(b)
	return err == nil && e == nil && bytes.Equal(x, y)
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
		if i, err := strconv.Atoi(n.Name()); err == nil && i < m.Version && c.writer == "" {
			if c.o.Repair {
				os.RemoveAll(filepath.Join(c.dir, versionsDir, n.Name()))
			}
			c.problem(fmt.Sprintf("version %d is left over", i), c.o.Repair, hintRepair+", or build once more")
		}
	}
	work := filepath.Join(c.dir, workDir)
	if c.writer != "" || !exists(work) {
		return
	}
	if err := unfinished(work); err != nil {
		fixed := c.o.Repair && os.RemoveAll(work) == nil
		c.problem(fmt.Sprintf("a build was not finished, and no other can go on with it: %s/%v", workDir, err), fixed, hintRepair+", which removes it, and build once more")
		return
	}
	c.problem("a build was not finished", false, "build once more: it goes on where it stopped")
}

// articles reads every article and looks it up.
func (c *checker) articles(ctx context.Context, v *view) error {
	for _, s := range v.shards {
		h := s.clone()
		n := 0
		columns := c.shardColumns(v, h)
		if c.doubtful[h.segmentName()] {
			columns = nil
		}
		if err := eachDoc(h.docs, func(doc uint32) error {
			n++
			if d := c.article(v, h, doc, n); d != nil && columns != nil && !columns.agree(doc, d) {
				c.columnFaults = append(c.columnFaults, fmt.Sprintf("columns of %s: article %s has other values", h.segmentName(), d.ID))
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
func (c *checker) article(v *view, h *shard, doc uint32, n int) (d *pipeline.Document) {
	defer func() {
		if r := recover(); r != nil {
			c.problem(fmt.Sprintf("%s: article %d: %v", h.segmentName(), doc, r), false, hintRepair)
			d = nil
		}
	}()
	id, err := h.id(doc)
	if err != nil {
		c.problem(fmt.Sprintf("%s: article %d: %v", h.segmentName(), doc, err), c.o.Repair, hintRepair)
		return nil
	}
	if d, err = v.stored(h, doc); err != nil {
		c.problem(fmt.Sprintf("article %s: %v", id, err), c.o.Repair, hintRepair)
		return nil
	}
	c.rep.Articles++
	if d.ID != id {
		c.problem(fmt.Sprintf("article %s: stored as %s", id, d.ID), c.o.Repair, hintRepair)
		return nil
	}
	if at, _, err := v.locate(id); err != nil || at == nil { // its documents are there, its terms are not
		c.problem(fmt.Sprintf("article %s: not found by its id", id), c.o.Repair, hintRepair)
		c.rep.Articles--
		return nil
	}
	c.good[id] = sourceKey(d.Source)
	if err := v.relations.relate(d); err != nil {
		c.problem(fmt.Sprintf("article %s: %v", id, err), c.o.Repair, hintRepair)
		c.rebuild = true
	}
	if c.doubtful[h.segmentName()] {
		return d
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
		c.problem(fmt.Sprintf("article %s: annotated anew it is not what is stored", d.ID), false, "reindex the library: its authority file or its rules have changed")
	}
}

// journal compares the journal with the articles.
func (c *checker) journal(v *view, m Manifest) journal {
	entries, err := c.entries(v)
	j := replay(entries)
	c.rep.Sources = len(j.sources)
	for id, key := range j.owner { // a file that took the place of another
		if _, ok := c.good[id]; ok {
			c.good[id] = key
		}
	}
	if len(c.doubtful)+len(c.cut) > 0 {
		return j
	}
	if err != nil {
		c.problem("the journal cannot be read: "+err.Error(), c.o.Repair, hintRepair)
		c.rebuild = true
		return j
	}
	for id, key := range j.owner {
		if _, ok := c.good[id]; !ok {
			c.problem(fmt.Sprintf("article %s of %s: in the journal and not in the index", id, key), c.o.Repair, hintRepair)
		}
	}
	n := v.count()
	if n != len(j.owner) {
		c.problem(fmt.Sprintf("%d articles in the index, %d in the journal", n, len(j.owner)), c.o.Repair, hintRepair)
		c.rebuild = true
	}
	if n != m.Articles || len(j.sources) != m.Sources {
		c.problem(fmt.Sprintf("the manifest counts %d articles of %d inputs, there are %d of %d", m.Articles, m.Sources, n, len(j.sources)), c.o.Repair, hintRepair)
		c.rebuild = true
	}
	return j
}

// entries reads the entries of the journal, as many as can be read.
func (c *checker) entries(v *view) (entries map[int][]journalLine, err error) {
	entries = map[int][]journalLine{}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errStored, r)
		}
	}()
	if v.snapshot == nil {
		return entries, nil
	}
	return journalEntries(v.snapshot, v.codec)
}

// Reindex annotates every article anew from what is stored, without the source
// files, and swaps the new library in when it is complete. It works on
// libraries of other rules and other dictionaries.
func Reindex(ctx context.Context, dir string, o WriterOptions, annotate func(*pipeline.Document) (*pipeline.Document, error)) (Report, error) {
	m, err := ReadManifest(dir)
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
	if n := v.count(); n != m.Articles { // scorch leaves out what it cannot read
		return Report{}, fmt.Errorf("library %s: %d articles can be read, the manifest counts %d; %w", dir, n, m.Articles, ErrDamaged)
	}
	if v.codec.strings.older, err = m.decoders(); err != nil {
		return Report{}, err
	}
	var j journal
	if v.snapshot != nil {
		entries, err := journalEntries(v.snapshot, v.codec)
		if err != nil {
			return Report{}, err
		}
		j = replay(entries)
	}
	return rebuild(ctx, dir, m, o, v.annotated(ctx, annotate), j, j.incomplete(), nil)
}

// incomplete returns the inputs that have to be read again.
func (j *journal) incomplete() map[string][]string {
	out := map[string][]string{}
	for key, s := range j.sources {
		if !s.done {
			out[key] = nil
		}
	}
	return out
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
						return fmt.Errorf("article %s: %w; %w", chunk[i], err, ErrDamaged)
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
