package index

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"longmai/corpus"
	"longmai/pipeline"

	"github.com/RoaringBitmap/roaring/v2"
	bleve "github.com/blevesearch/bleve_index_api"
	"github.com/gofrs/flock"
)

// WriterOptions say how a library is written. The zero value works.
type WriterOptions struct {
	Rules      map[string]string // versions of the stages, kept in the manifest
	BatchBytes int               // clean text committed at a time; default 8 MiB, which take 70 MB of memory
	OnReject   func(error)       // told every input that was rejected; may be nil
	OnCommit   func(Report)      // told after every commit; may be nil
}

// A Report counts what a writer did.
type Report struct {
	Added      int // articles that are new
	Replaced   int // articles that were there before, written again
	Unchanged  int // articles of inputs that have not changed, left alone
	Duplicates int // articles that another input already gave
	Dropped    int // articles whose input no longer has them
	Rejected   int // inputs and articles that failed
	Sources    int // inputs that were taken
	Bytes      int64
}

// A LockedError says who writes the library.
type LockedError struct {
	Dir    string
	Holder string // "process 123 on host since …", as the lock file says
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("library %s: being written by %s; wait for it to end", e.Dir, cmp.Or(e.Holder, "another process"))
}

// A Writer adds to a library. There is one at a time. What it adds is committed
// in batches and survives a crash; readers see it when Close has swapped the new version in.
type Writer struct {
	lib  *Library
	o    WriterOptions
	lock *flock.Flock
	ix   bleve.Index
	pack *packer // nil until the dictionary is made

	prints *prints  // of all articles
	rows   *rowFile // of the articles that were added; nil until there are any

	manifest Manifest
	journal  journal
	known    map[string]string // inputs that were complete when the writer was opened → their hash; not written to
	streams  streams
	lost     map[string][]string // inputs of whose copies the article went → the articles
	again    bool                // inputs are read for the second time: their rejections were told
	skipped  atomic.Int64        // articles of them that New left out
	report   Report
	changed  bool
	closed   bool

	batch   *batch
	writing chan error    // the commit under way; nil when there is none
	failed  error         // of a commit: nothing more can be written
	slots   chan struct{} // one for each article that may be encoded at a time
}

// Writer opens the library for writing.
func (l *Library) Writer(o WriterOptions) (*Writer, error) {
	if o.BatchBytes <= 0 {
		o.BatchBytes = 8 << 20
	}
	lock, err := takeLock(l.dir)
	if err != nil {
		return nil, err
	}
	w := &Writer{lib: l, o: o, lock: lock, slots: make(chan struct{}, 2*workers())}
	if err := w.open(); err != nil {
		w.release()
		return nil, err
	}
	return w, nil
}

// takeLock takes the lock of the library in dir and writes down who has it.
func takeLock(dir string) (*flock.Flock, error) {
	path := filepath.Join(dir, lockFile)
	lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("library %s: cannot be written: %w", dir, err)
	}
	if !ok {
		who, _ := os.ReadFile(path)
		return nil, &LockedError{dir, strings.TrimSpace(string(who))}
	}
	host, _ := os.Hostname()
	who := fmt.Sprintf("process %d on %s since %s\n", os.Getpid(), host, time.Now().Format(time.DateTime))
	if err := os.WriteFile(path, []byte(who), 0o666); err != nil {
		lock.Unlock()
		return nil, fmt.Errorf("library %s: cannot be written: %w", dir, err)
	}
	return lock, nil
}

func (w *Writer) release() {
	if w.batch != nil {
		w.batch.work.Wait()
	}
	w.rows.remove()
	w.lock.Unlock()
}

// open makes the working version and reads the journal.
func (w *Writer) open() error {
	m, err := ReadManifest(w.lib.dir)
	if err != nil {
		return err
	}
	if err := m.usable(w.lib.dir); err != nil {
		return err
	}
	w.manifest = m
	if err := w.prepare(); err != nil {
		return fmt.Errorf("library %s: %w", w.lib.dir, err)
	}
	work := filepath.Join(w.lib.dir, workDir)
	segments, err := snapshotSegments(filepath.Join(work, indexDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("library %s: %s: %w; %w", w.lib.dir, workDir, err, ErrDamaged)
	}
	if b, err := os.ReadFile(filepath.Join(work, dictionaryFile)); err == nil {
		if w.pack, err = newPacker(b); err != nil {
			return fmt.Errorf("library %s: %s: %w; %w", w.lib.dir, workDir, err, ErrDamaged)
		}
	} else if len(segments) > 0 {
		return fmt.Errorf("library %s: %s: %w; %w", w.lib.dir, workDir, err, ErrDamaged)
	}
	for _, name := range segments { // scorch would begin anew
		if path := filepath.Join(work, indexDir, name); !exists(path) {
			return fmt.Errorf("library %s: %s: %s: %w; %w", w.lib.dir, workDir, name, errGone, ErrDamaged)
		}
	}
	if w.ix, err = openScorch(filepath.Join(work, indexDir), false); err != nil {
		return fmt.Errorf("library %s: %s: %w; %w", w.lib.dir, workDir, err, ErrDamaged)
	}
	if err := w.whole(len(segments)); err != nil {
		w.ix.Close()
		return fmt.Errorf("library %s: %s: %w; %w", w.lib.dir, workDir, err, ErrDamaged)
	}
	if err := w.readJournal(); err != nil {
		w.ix.Close()
		return err
	}
	w.batch = newBatch()
	if w.prints, err = readPrints(filepath.Join(work, sketchesFile)); err == nil {
		err = w.fill()
	}
	if err != nil {
		w.ix.Close()
		return fmt.Errorf("library %s: %w", w.lib.dir, err)
	}
	return nil
}

// whole returns an error when the index that was opened has not all of its
// segments: scorch gives all up when it cannot open one.
func (w *Writer) whole(segments int) error {
	r, err := w.ix.Reader()
	if err != nil {
		return err
	}
	defer r.Close()
	if n := len(snapshotOf(r).Segments()); n < segments {
		return fmt.Errorf("%d of %d segments can be opened", n, segments)
	}
	return nil
}

// prepare makes work/ from the current version, unless a writer that was
// killed left one. Segments are never written to, so they are linked.
func (w *Writer) prepare() error {
	dir := w.lib.dir
	work := filepath.Join(dir, workDir)
	// A version behind the current one is a work folder that was swapped in and
	// not yet named by the manifest.
	if next := versionDir(dir, w.manifest.Version+1); exists(next) && !exists(work) {
		if err := os.Rename(next, work); err != nil {
			return err
		}
	}
	if exists(work) {
		w.changed = true
		if err := os.Remove(filepath.Join(work, rowsFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	tmp := filepath.Join(dir, "."+workDir)
	if err := os.RemoveAll(tmp); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(tmp, indexDir), 0o777); err != nil {
		return err
	}
	if w.manifest.Version > 0 {
		version := versionDir(dir, w.manifest.Version)
		if err := intact(version); err != nil {
			return fmt.Errorf("%w; %w", err, ErrDamaged)
		}
		if err := linkVersion(version, tmp); err != nil {
			return err
		}
		if intact(version, sketchesFile) != nil { // they are made anew of the articles
			if err := os.Remove(filepath.Join(tmp, sketchesFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return os.Rename(tmp, work)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func linkVersion(from, to string) error {
	if err := copyFile(filepath.Join(from, dictionaryFile), filepath.Join(to, dictionaryFile)); err != nil {
		return err
	}
	if err := copyFile(filepath.Join(from, sketchesFile), filepath.Join(to, sketchesFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := linkColumns(from, to); err != nil {
		return err
	}
	names, err := os.ReadDir(filepath.Join(from, indexDir))
	if err != nil {
		return err
	}
	for _, n := range names {
		a, b := filepath.Join(from, indexDir, n.Name()), filepath.Join(to, indexDir, n.Name())
		if strings.HasSuffix(n.Name(), ".zap") && os.Link(a, b) == nil {
			continue
		}
		if err := copyFile(a, b); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if e := out.Sync(); err == nil {
		err = e
	}
	if e := out.Close(); err == nil {
		err = e
	}
	return err
}

// The journal says which inputs are in the library and which articles each
// gave. It grows with every commit by one entry, in the same batch, so that
// after a crash both are there or neither.
type journal struct {
	next    int // number of the next entry
	sources map[string]*sourceState
	owner   map[string]string        // article → key of its input
	copied  map[string][]string      // article → keys of the inputs that have it too
	moved   map[string]corpus.Source // article → where it is since the file it was read from is gone
}

func newJournal() journal {
	return journal{sources: map[string]*sourceState{}, owner: map[string]string{}, copied: map[string][]string{}, moved: map[string]corpus.Source{}}
}

// A sourceState is what is known of one input.
type sourceState struct {
	sha     string // digest of the input, or ofRecords
	ids     []string
	records map[string]record     // of a stream: which record each article is from
	copies  map[string][]copyLine // articles of other inputs that it has too, by their ids
	old     []string              // articles of the state before, which go when this one is complete and has not taken them
	oldSHA  string
	bytes   int64 // of the text of its articles
	done    bool  // all of its articles are in
}

// A journalLine is one input in one entry.
type journalLine struct {
	Key   string   `json:"k"`
	SHA   string   `json:"h"`
	IDs   []string `json:"i,omitempty"`
	Bytes int64    `json:"b,omitempty"`
	Done  bool     `json:"d,omitempty"`
	Gone  bool     `json:"g,omitempty"`

	Records []recordLine `json:"r,omitempty"` // articles of a stream, in place of IDs and Bytes
	Dropped []string     `json:"x,omitempty"` // articles and copies that a stream no longer has

	Copies []copyLine `json:"c,omitempty"` // articles that are in from elsewhere
	Takes  []copyLine `json:"t,omitempty"` // copies that are this input's articles from now on
	Lost   []string   `json:"l,omitempty"` // copies whose article is gone: the input has to be read again
}

// sourceKey names an input: a file, or what is inside an archive.
func sourceKey(s corpus.Source) string {
	if s.Member == "" {
		return s.Path
	}
	return s.Path + "!" + s.Member
}

func (j *journal) apply(line journalLine) {
	if line.Gone {
		if s := j.sources[line.Key]; s != nil {
			j.disown(line.Key, s.ids)
			j.disown(line.Key, s.old)
		}
		delete(j.sources, line.Key)
		return
	}
	s := j.state(line.Key, line.SHA)
	// What was taken and lost comes first: an article may be read anew after that.
	for _, c := range line.Takes {
		j.take(line.Key, c)
	}
	if len(line.Lost) > 0 {
		s.lose(line.Lost)
	}
	for _, id := range line.IDs {
		delete(j.moved, id)
		j.owner[id] = line.Key
		s.ids = append(s.ids, id)
	}
	s.bytes += line.Bytes
	for _, r := range line.Records {
		delete(j.moved, r.ID)
		j.owner[r.ID] = line.Key
		s.addRecord(r.ID, r.record)
	}
	for _, c := range line.Copies {
		j.copy(line.Key, c)
	}
	if len(line.Dropped) > 0 {
		j.disown(line.Key, line.Dropped)
		s.drop(line.Dropped)
	}
	if line.Done {
		s.done = true
		j.disown(line.Key, s.stale())
		s.old = nil
	}
}

// disown takes articles away from an input, those that are its own.
func (j *journal) disown(key string, ids []string) {
	for _, id := range ids {
		if j.owner[id] == key {
			delete(j.owner, id)
		}
	}
}

// stale returns the articles that only the state before had.
func (s *sourceState) stale() []string {
	if len(s.old) == 0 {
		return nil
	}
	has := make(map[string]bool, len(s.ids))
	for _, id := range s.ids {
		has[id] = true
	}
	return slices.DeleteFunc(slices.Clone(s.old), func(id string) bool { return has[id] })
}

const journalPrefix = "\x00journal/"

// readJournal reads all entries of the working version.
func (w *Writer) readJournal() error {
	w.journal = newJournal()
	if w.pack == nil {
		return nil
	}
	r, err := w.ix.Reader()
	if err != nil {
		return err
	}
	defer r.Close()
	entries, err := journalEntries(r, w.pack)
	if err != nil {
		return fmt.Errorf("library %s: journal: %w; %w", w.lib.dir, err, ErrDamaged)
	}
	w.journal = replay(entries)
	w.known = map[string]string{}
	for key, s := range w.journal.sources {
		if s.done {
			w.known[key] = s.sha
		}
	}
	w.streams.known = w.journal.knownStreams()
	return nil
}

// replay makes the journal of its entries.
func replay(entries map[int][]journalLine) journal {
	j := newJournal()
	for _, n := range slices.Sorted(maps.Keys(entries)) {
		for _, line := range entries[n] {
			j.apply(line)
		}
		j.next = n + 1
	}
	return j
}

// A batch is what is committed at once.
type batch struct {
	builder *segmentBuilder
	encoded []*encoded // articles, by their number in the builder
	ids     map[string]bool
	waiting int // of encoded, from where on they wait for the dictionary
	work    sync.WaitGroup
	lines   map[[2]string]*journalLine // by key and digest of the input
	order   []*journalLine
	deletes map[string]bool
	bytes   int
}

// encoded is what is kept of an article until it is committed.
type encoded struct {
	doc    *pipeline.Document // nil when it is encoded
	key    textKey
	stored []storedField
	sketch []byte
	err    error
}

func newBatch() *batch {
	return &batch{builder: newSegmentBuilder(), ids: map[string]bool{}, lines: map[[2]string]*journalLine{}, deletes: map[string]bool{}}
}

func (b *batch) line(key, sha string) *journalLine {
	l := b.lines[[2]string{key, sha}]
	if l == nil {
		l = &journalLine{Key: key, SHA: sha}
		b.lines[[2]string{key, sha}] = l
		b.order = append(b.order, l)
	}
	return l
}

func (b *batch) empty() bool { return len(b.encoded) == 0 && len(b.lines) == 0 && len(b.deletes) == 0 }

// New yields the articles that the library does not have: those of inputs that
// are new or have changed. It spares the work on the others, which are counted
// as unchanged.
func (w *Writer) New(articles iter.Seq2[*corpus.Article, error]) iter.Seq2[*corpus.Article, error] {
	return func(yield func(*corpus.Article, error) bool) {
		for a, err := range articles {
			if err == nil && w.Has(a) {
				w.skipped.Add(1)
				continue
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

// Has reports whether the article was in, from the same bytes, when the writer
// was opened: all articles of its input, or of a stream the record. It may be
// called from any goroutine.
func (w *Writer) Has(a *corpus.Article) bool {
	if a.Source.OfRecord() {
		return w.streams.has(a)
	}
	sha, ok := w.known[sourceKey(a.Source)]
	return ok && sha == a.Source.SHA256
}

// Add adds documents. Rejections and failures of single articles are counted and
// told to OnReject; any other error ends the run, and what was committed stays.
func (w *Writer) Add(ctx context.Context, docs iter.Seq2[*pipeline.Document, error]) (Report, error) {
	var current *progress
	for d, err := range docs {
		if err != nil {
			if !w.rejects(err) {
				return w.Report(), errors.Join(err, w.settle())
			}
			continue
		}
		key, sha := sourceKey(d.Source), stateOf(d.Source)
		if current == nil || current.key != key || current.sha != sha {
			if err := w.finish(current); err != nil {
				return w.Report(), err
			}
			current = w.begin(key, sha)
		}
		if err := w.put(current, d); err != nil {
			return w.Report(), err
		}
		if w.batch.bytes >= w.o.BatchBytes || len(w.batch.encoded) >= 1<<15 {
			if err := w.commit(); err != nil {
				return w.Report(), err
			}
		}
		if err := ctx.Err(); err != nil {
			return w.Report(), errors.Join(err, w.settle())
		}
	}
	if err := ctx.Err(); err != nil {
		return w.Report(), errors.Join(err, w.settle())
	}
	err := w.finish(current)
	if err == nil {
		err = w.endStreams()
	}
	if err == nil {
		err = w.settle()
	}
	return w.Report(), err
}

func (w *Writer) rejects(err error) bool {
	var r *corpus.Rejection
	var a *pipeline.ArticleError
	if !errors.As(err, &r) && !errors.As(err, &a) {
		return false
	}
	if r != nil {
		w.streams.rejected(r)
	}
	if w.again {
		return true
	}
	w.report.Rejected++
	if w.o.OnReject != nil {
		w.o.OnReject(err)
	}
	return true
}

// settle commits what is left and waits.
func (w *Writer) settle() error {
	if err := w.commit(); err != nil {
		return err
	}
	return w.wait()
}

// A progress is the input whose articles are being added.
type progress struct {
	key, sha string
	has      map[string]bool // articles that its new state has
}

func (w *Writer) begin(key, sha string) *progress {
	p := &progress{key: key, sha: sha, has: map[string]bool{}}
	if s := w.journal.sources[key]; s != nil && s.sha == sha && sha != ofRecords {
		for _, id := range s.ids { // a run before this one was ended in the input
			p.has[id] = true
		}
	}
	w.report.Sources++
	return p
}

// put adds one article to the batch, unless it is already in.
func (w *Writer) put(p *progress, d *pipeline.Document) error {
	if p.sha == ofRecords && !p.has[d.ID] {
		p.has[d.ID] = w.stillIn(p.key, d)
	}
	owner, have := w.journal.owner[d.ID]
	mark := print{textKeyOf(d.Body()), d.Date}
	switch {
	case have && owner != p.key:
		w.copy(p, d.ID, d)
		return nil
	case have && p.has[d.ID]: // the input has it twice
		w.report.Unchanged++
		return nil
	case have:
		if err := w.commitBefore(d.ID); err != nil {
			return err
		}
		w.report.Replaced++
	default:
		if id := w.twin(p, mark); id != "" {
			w.copy(p, id, d)
			return nil
		}
		w.report.Added++
	}
	p.has[d.ID] = true
	w.journal.owner[d.ID] = p.key
	delete(w.journal.moved, d.ID)
	w.prints.add(d.ID, mark)
	w.enter(p, d)
	w.batch.bytes += d.Text.Len()
	w.report.Bytes += int64(d.Text.Len())
	delete(w.batch.deletes, d.ID)
	w.batch.ids[d.ID] = true
	w.batch.encoded = append(w.batch.encoded, &encoded{doc: withTokens(d), key: mark.key})
	return w.encode(false)
}

// commitBefore commits the batch when it has the article, which then may come
// again or be removed: a batch has an article once.
func (w *Writer) commitBefore(id string) error {
	if !w.batch.ids[id] {
		return nil
	}
	return w.commit()
}

// dictionaryText is how much text the dictionary of a library is made of.
const dictionaryText = 2 << 20

// encode adds the articles of the batch that wait to its segment, and has the
// rest of them encoded in the background.
// Those that a new library begins with wait until they are enough for its
// dictionary, or until they have to go.
func (w *Writer) encode(now bool) error {
	b := w.batch
	if w.pack == nil {
		if b.bytes < dictionaryText && !now {
			return nil
		}
		if err := w.makeDictionary(); err != nil {
			return fmt.Errorf("library %s: %w", w.lib.dir, err)
		}
	}
	if w.rows == nil {
		var err error
		if w.rows, err = newRowFile(filepath.Join(w.lib.dir, workDir)); err != nil {
			return fmt.Errorf("library %s: %w", w.lib.dir, err)
		}
	}
	b.builder.table, b.builder.rows = w.pack.table, w.rows
	for ; b.waiting < len(b.encoded); b.waiting++ {
		e := b.encoded[b.waiting]
		text := b.builder.add(e.doc)
		w.slots <- struct{}{}
		b.work.Go(func() {
			e.encode(w.pack, text)
			<-w.slots
		})
	}
	return nil
}

func (e *encoded) encode(p *packer, text []byte) {
	defer func() {
		if r := recover(); r != nil {
			e.err = fmt.Errorf("article %s cannot be stored: %v", e.doc.ID, r)
		}
		e.doc = nil
	}()
	e.stored = []storedField{{numberText, text}, {numberRecords, p.packRecords(e.doc)}}
	e.sketch, e.err = sketchRecord(e.doc, e.key)
}

// finish drops what an input no longer has and marks it as complete. A stream
// ends with the run (endStreams).
func (w *Writer) finish(p *progress) error {
	if p == nil || p.sha == ofRecords {
		return nil
	}
	s := w.journal.state(p.key, p.sha)
	if s.done {
		return nil
	}
	if err := w.dropStale(p.key, s); err != nil {
		return err
	}
	s.done = true
	w.batch.line(p.key, p.sha).Done = true
	return nil
}

// dropStale drops what only the state before this one of an input had.
func (w *Writer) dropStale(key string, s *sourceState) error {
	for _, id := range s.stale() {
		if w.journal.owner[id] != key {
			continue
		}
		if _, err := w.remove(id, func(c corpus.Source) bool { return c.SHA256 == s.oldSHA }); err != nil {
			return err
		}
	}
	s.old = nil
	return nil
}

// commit hands the batch to Bleve, in the background: the next one is made
// while this one is written.
func (w *Writer) commit() error {
	if w.failed != nil {
		return w.failed
	}
	if w.batch.empty() {
		return nil
	}
	if err := w.wait(); err != nil {
		return err
	}
	if err := w.encode(true); err != nil {
		return err
	}
	b := w.batch
	w.batch = newBatch()
	w.changed = true
	n := w.journal.next
	w.journal.next++
	w.writing = make(chan error, 1)
	go func() { w.writing <- w.write(b, n) }()
	return nil
}

// wait waits for the commit under way.
func (w *Writer) wait() error {
	if w.writing == nil {
		return nil
	}
	err := <-w.writing
	w.writing = nil
	if err != nil {
		w.failed = fmt.Errorf("library %s: %w; what was complete before can still be read", w.lib.dir, err)
		return w.failed
	}
	if w.o.OnCommit != nil {
		w.o.OnCommit(w.Report())
	}
	return nil
}

func (w *Writer) write(b *batch, n int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the index failed: %v", r)
		}
	}()
	b.work.Wait()
	var sketches []byte
	for i, e := range b.encoded {
		if e.err != nil {
			return e.err
		}
		b.builder.stored[i] = e.stored
		sketches = append(sketches, e.sketch...)
		b.encoded[i] = nil
	}
	if err := appendFile(w.prints.path, sketches); err != nil {
		return err
	}
	j, err := json.Marshal(b.order)
	if err != nil {
		return err
	}
	b.builder.addEntry(journalPrefix+strconv.Itoa(n), isJournal, storedField{numberRecords, w.pack.pack(j)})
	out := bleve.NewBatch()
	for id := range b.deletes {
		out.Delete(id)
	}
	for _, id := range b.builder.ids {
		out.Update(&entry{id, b.builder})
	}
	return w.ix.Batch(out)
}

// makeDictionary makes the dictionary of the stored documents from the first batch.
func (w *Writer) makeDictionary() error {
	if w.pack != nil {
		return nil
	}
	const size = 64 << 10 // as much as a packer looks back
	docs := make([]*pipeline.Document, len(w.batch.encoded))
	for i, e := range w.batch.encoded {
		docs[i] = e.doc
	}
	table := newStringTable(commonStrings(docs))
	var b []byte
	for i := 0; i < len(docs) && len(b) < size; i += 1 + len(docs)/64 {
		b = encodeRecords(b, docs[i], table)
	}
	words := commonWords(docs)
	b = newDictionary(words, table.strings, b[:min(len(b), size)])
	if err := writeFile(filepath.Join(w.lib.dir, workDir, dictionaryFile), b); err != nil {
		return err
	}
	var err error
	w.pack, err = newPacker(b)
	return err
}

// Missing returns the inputs whose file is gone, sorted.
func (w *Writer) Missing() []string {
	var out []string
	for key := range w.journal.sources {
		path, _, _ := strings.Cut(key, "!")
		if path == "-" || path == "" {
			continue
		}
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}

// Drop removes the articles of inputs, named as Missing names them, and returns how many.
func (w *Writer) Drop(ctx context.Context, inputs ...string) (int, error) {
	n := 0
	for _, key := range inputs {
		s := w.journal.sources[key]
		if s == nil {
			return n, fmt.Errorf("library %s: no input %q", w.lib.dir, key)
		}
		delete(w.journal.sources, key)
		for _, id := range slices.Concat(s.ids, s.stale()) {
			if w.journal.owner[id] != key {
				continue
			}
			gone, err := w.remove(id, func(c corpus.Source) bool { return c.SHA256 == s.sha || s.records[id].same(recordOf(c, 0)) })
			if err != nil {
				return n, err
			}
			if gone {
				n++
			}
		}
		l := w.batch.line(key, s.sha)
		*l = journalLine{Key: key, SHA: s.sha, Gone: true}
	}
	return n, w.settle()
}

// Again returns the files that have to be read once more, sorted, because an
// article that they have a copy of went with its input; New lets the copies
// through from now on. Rejections of what is added then are neither counted nor told.
func (w *Writer) Again() []string {
	var out []string
	for key, ids := range w.lost {
		path, _, _ := strings.Cut(key, "!")
		if _, err := os.Stat(path); err != nil {
			continue
		}
		out = append(out, path)
		delete(w.known, key)
		for _, id := range ids {
			delete(w.streams.known[key], id)
		}
	}
	w.lost, w.again = nil, true
	slices.Sort(out)
	return slices.Compact(out)
}

// Report returns what was done so far.
func (w *Writer) Report() Report {
	r := w.report
	r.Unchanged += int(w.skipped.Load())
	return r
}

// Close swaps the new version in, when anything was changed, and gives the library free.
func (w *Writer) Close() error {
	if w.closed {
		return nil
	}
	w.closed = true
	defer w.release()
	if err := w.settle(); err != nil {
		w.ix.Close()
		return err
	}
	if !w.changed {
		err := w.ix.Close()
		return errors.Join(err, os.RemoveAll(filepath.Join(w.lib.dir, workDir)))
	}
	return w.publish()
}

// Abort gives the library free without swapping: readers go on with what they
// have, and the next writer goes on from the last commit.
func (w *Writer) Abort() error {
	if w.closed {
		return nil
	}
	w.closed = true
	defer w.release()
	return errors.Join(w.wait(), w.ix.Close())
}

// publish counts what is in, closes the index and makes it the current version.
func (w *Writer) publish() error {
	dir := w.lib.dir
	m := w.manifest
	var err error
	if m.Articles, err = w.count(); err != nil {
		w.ix.Close()
		return err
	}
	m.Bytes = 0
	for _, s := range w.journal.sources {
		m.Bytes += s.bytes
	}
	work := filepath.Join(dir, workDir)
	// One after the other, so that the memory of both is not needed at once.
	if err = w.ix.Close(); err == nil {
		err = tabulateVersion(context.Background(), work, w.rows)
	}
	if err = errors.Join(err, w.rows.remove()); err == nil {
		err = w.writeRelations(work)
	}
	w.rows = nil
	if err != nil {
		return fmt.Errorf("library %s: %w", dir, err)
	}
	m.Version++
	m.Sources = len(w.journal.sources)
	m.Updated = time.Now().UTC().Truncate(time.Second)
	m.Rules = w.manifest.mixed(w.o.Rules)
	if err := protect(work, m, w.journal.owner); err != nil {
		return fmt.Errorf("library %s: %w", dir, err)
	}
	if err := os.MkdirAll(filepath.Join(dir, versionsDir), 0o777); err != nil {
		return fmt.Errorf("library %s: %w", dir, err)
	}
	if err := os.Rename(work, versionDir(dir, m.Version)); err != nil {
		return fmt.Errorf("library %s: %w", dir, err)
	}
	if err := syncDir(filepath.Join(dir, versionsDir)); err != nil {
		return fmt.Errorf("library %s: %w", dir, err)
	}
	if err := writeManifest(dir, m); err != nil {
		return err
	}
	removeVersions(dir, m.Version)
	if err := regain(dir, &w.journal); err != nil {
		return fmt.Errorf("library %s: %w", dir, err)
	}
	return w.lib.Refresh()
}

// removeVersions removes all versions but the current one. Readers that have
// one of them open keep it.
func removeVersions(dir string, keep int) {
	names, _ := os.ReadDir(filepath.Join(dir, versionsDir))
	for _, n := range names {
		if i, err := strconv.Atoi(n.Name()); err == nil && i < keep {
			os.RemoveAll(filepath.Join(dir, versionsDir, n.Name()))
		}
	}
}

// count returns the number of articles.
func (w *Writer) count() (int, error) {
	if w.pack == nil {
		return 0, nil
	}
	r, err := w.ix.Reader()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	v, err := newView(snapshotOf(r), w.pack, "")
	if err != nil {
		return 0, err
	}
	return v.count(), nil
}

// workers is how many articles are worked on at a time.
func workers() int { return runtime.GOMAXPROCS(0) }

// journalEntries reads the entries of the journal by their numbers.
func journalEntries(r bleve.IndexReader, pack *packer) (map[int][]journalLine, error) {
	out := map[int][]journalLine{}
	err := eachEntryOf(r, pack, fieldRecords, func(n int, b []byte) error {
		var lines []journalLine
		if err := json.Unmarshal(b, &lines); err != nil {
			return err
		}
		out[n] = lines
		return nil
	})
	return out, err
}

// eachEntryOf calls f with a stored field of every entry of the journal, in no order.
func eachEntryOf(r bleve.IndexReader, pack *packer, field string, f func(n int, b []byte) error) error {
	for i, seg := range snapshotOf(r).Segments() {
		h, err := newShard(i, seg)
		if err != nil {
			return err
		}
		docs, err := h.with(fieldIs, isJournal)
		if err != nil {
			return err
		}
		if err := eachDoc(docs, func(doc uint32) error {
			id, err := h.id(doc)
			if err != nil {
				return err
			}
			n, err := strconv.Atoi(strings.TrimPrefix(id, journalPrefix))
			if err != nil {
				return errStored
			}
			return h.stored(doc, field, func(packed []byte) error {
				return pack.unpack(packed, func(b []byte) error { return f(n, b) })
			})
		}); err != nil {
			return err
		}
	}
	return nil
}

func eachDoc(docs *roaring.Bitmap, f func(doc uint32) error) error {
	it := docs.Iterator()
	for it.HasNext() {
		if err := f(it.Next()); err != nil {
			return err
		}
	}
	return nil
}
