package index

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"sync"
	"time"

	"longmai/pipeline/segment"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve_index_api"
)

// The parts of a library's folder.
const (
	manifestFile   = "manifest.json"
	lockFile       = "lock"
	versionsDir    = "versions"
	workDir        = "work"
	indexDir       = "index"
	dictionaryFile = "dictionary"
)

const manifestFormat = "longmai library"

// A Manifest says what a library is made of.
type Manifest struct {
	Format   string            `json:"format"`
	Schema   int               `json:"schema"`          // SchemaVersion
	Layout   string            `json:"layout"`          // of the stored documents and columns
	Stored   string            `json:"stored"`          // the types of the stored documents; see layout.go
	Segment  string            `json:"segment"`         // version of the dictionary
	Rules    map[string]string `json:"rules,omitempty"` // version of each stage that annotated
	Version  int               `json:"version"`         // of the folder in versions/; 0 when nothing is in yet
	Articles int               `json:"articles"`
	Sources  int               `json:"sources"`
	Bytes    int64             `json:"bytes"` // of clean text
	Updated  time.Time         `json:"updated"`
}

// A VersionError says that a library was made by another program than this one.
type VersionError struct {
	Dir        string
	What       string // schema, dictionary or layout
	Have, Want string
	Readable   bool // Reindex can read its documents; else it has to be built anew from its sources
}

func (e *VersionError) Error() string {
	next := "annotate it anew with reindex"
	if !e.Readable {
		next = "build it anew from its sources"
	}
	return fmt.Sprintf("library %s: made with %s %s, this program has %s; %s", e.Dir, e.What, e.Have, e.Want, next)
}

// ErrDamaged is in the errors of a library that has to be repaired: its text is the next step.
var ErrDamaged = errors.New("run longmai check --repair")

// ErrNoLibrary is the error of a folder that holds no library.
var ErrNoLibrary = errors.New("no library here")

// A Library is an open library. It may be used by many goroutines.
type Library struct {
	dir      string
	manifest Manifest

	mu   sync.Mutex
	open *opened // nil when closed
}

// An opened version is closed when the library has let go of it and the last
// of its readers has. Readers may nest: an export may look other articles up.
type opened struct {
	index bleve.Index // nil when nothing is in yet
	view  *view
	users int // under Library.mu; the library itself is one
}

// Create opens the library in dir and makes an empty one when there is none.
func Create(dir string) (*Library, error) {
	if _, err := os.Stat(filepath.Join(dir, manifestFile)); err == nil {
		return Open(dir)
	}
	if newestVersion(dir) > 0 {
		return Open(dir) // which says what is wrong
	}
	if names, err := os.ReadDir(dir); err == nil && len(names) > 0 {
		return nil, fmt.Errorf("library %s: the folder holds other things; name a new or empty one", dir)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("library %s: %w", dir, err)
	}
	if err := writeManifest(dir, newManifest()); err != nil {
		return nil, err
	}
	return Open(dir)
}

// Open opens the library in dir for reading. What a writer does at the same
// time is seen when the library is opened again or refreshed.
func Open(dir string) (*Library, error) {
	l := &Library{dir: dir}
	if err := l.Refresh(); err != nil {
		return nil, err
	}
	return l, nil
}

// Dir returns the folder of the library.
func (l *Library) Dir() string { return l.dir }

// Manifest returns what the library is made of.
func (l *Library) Manifest() Manifest {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.manifest
}

// Refresh takes up the newest complete version.
func (l *Library) Refresh() error {
	var last error
	for range 5 { // a writer may swap versions between the two reads
		m, err := ReadManifest(l.dir)
		if err != nil {
			return err
		}
		if err := m.usable(l.dir); err != nil {
			return err
		}
		l.mu.Lock()
		same := l.open != nil && m.Version == l.manifest.Version
		l.mu.Unlock()
		if same {
			return nil
		}
		ix, v, err := openVersion(l.dir, m.Version)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errGone) {
			last = err
			time.Sleep(20 * time.Millisecond)
			continue
		}
		if err != nil {
			return err
		}
		if n := v.count(); n != m.Articles { // scorch leaves out what it cannot read
			closeVersion(ix, v)
			return fmt.Errorf("library %s: version %d cannot be read as a whole: it has %d articles, the manifest counts %d; %w", l.dir, m.Version, n, m.Articles, ErrDamaged)
		}
		l.mu.Lock()
		old := l.open
		l.open, l.manifest = &opened{ix, v, 1}, m
		l.mu.Unlock()
		return l.release(old)
	}
	return fmt.Errorf("library %s: the version that the manifest names is not whole: %w; %w", l.dir, last, ErrDamaged)
}

// Close gives the library up. What is being read goes on to its end.
func (l *Library) Close() error {
	l.mu.Lock()
	old := l.open
	l.open = nil
	l.mu.Unlock()
	return l.release(old)
}

// acquire returns the current state; done has to be called.
func (l *Library) acquire() (v *view, done func(), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	o := l.open
	if o == nil {
		return nil, nil, fmt.Errorf("library %s: closed", l.dir)
	}
	o.users++
	return o.view, func() { l.release(o) }, nil
}

// release lets go of a version and closes it when nobody uses it any more.
func (l *Library) release(o *opened) error {
	if o == nil {
		return nil
	}
	l.mu.Lock()
	o.users--
	last := o.users == 0
	l.mu.Unlock()
	if !last {
		return nil
	}
	return closeVersion(o.index, o.view)
}

func versionDir(dir string, n int) string {
	return filepath.Join(dir, versionsDir, fmt.Sprintf("%06d", n))
}

// openVersion opens a complete version for reading.
func openVersion(dir string, n int) (bleve.Index, *view, error) {
	if n == 0 {
		p, err := newPacker(nil)
		if err != nil {
			return nil, nil, err
		}
		return nil, &view{codec: p}, nil
	}
	at := versionDir(dir, n)
	dictionary, err := os.ReadFile(filepath.Join(at, dictionaryFile))
	if err != nil {
		return nil, nil, err
	}
	if _, err := os.Stat(filepath.Join(at, indexDir, rootFile)); err != nil {
		return nil, nil, err
	}
	if err := intact(at); err != nil {
		return nil, nil, fmt.Errorf("library %s: version %d cannot be read: %w; %w", dir, n, err, ErrDamaged)
	}
	relations, err := readRelations(at)
	if err != nil {
		return nil, nil, err
	}
	ix, err := openScorch(filepath.Join(at, indexDir), true)
	if err != nil {
		return nil, nil, fmt.Errorf("library %s: version %d cannot be read: %w; %w", dir, n, err, ErrDamaged)
	}
	v, err := viewOf(ix, dictionary, at)
	if err != nil {
		ix.Close()
		return nil, nil, fmt.Errorf("library %s: version %d cannot be read: %w; %w", dir, n, err, ErrDamaged)
	}
	v.relations = relations
	return ix, v, nil
}

// viewOf returns the current state of the index of the version in dir.
func viewOf(ix bleve.Index, dictionary []byte, dir string) (*view, error) {
	p, err := newPacker(dictionary)
	if err != nil {
		return nil, err
	}
	r, err := ix.Reader()
	if err != nil {
		return nil, err
	}
	v, err := newView(snapshotOf(r), p, dir)
	if err != nil {
		r.Close()
	}
	return v, err
}

func closeVersion(ix bleve.Index, v *view) error {
	if v != nil {
		v.closeColumns()
		if v.snapshot != nil {
			v.snapshot.Close()
		}
	}
	if ix != nil {
		return ix.Close()
	}
	return nil
}

// openScorch opens Bleve's index in dir. A broken one is an error, whatever
// scorch makes of it.
func openScorch(dir string, readOnly bool) (ix bleve.Index, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the index is broken: %v", r)
		}
	}()
	config := map[string]any{
		"path":               dir,
		"read_only":          readOnly,
		"numSnapshotsToKeep": 1,
		"bolt_timeout":       "5s",
		"scorchMergePlanOptions": map[string]any{
			"MaxSegmentsPerTier":   6,
			"SegmentsPerMergeTask": 6,
			"MaxSegmentSize":       500_000,
			"FloorSegmentSize":     1000,
			"TierGrowth":           6.0,
			"ReclaimDeletesWeight": 2.0,
		},
	}
	usePlugin()
	ix, err = scorch.NewScorch(scorch.Name, config, analysisQueue())
	if err != nil {
		return nil, err
	}
	if err := ix.Open(); err != nil {
		return nil, err
	}
	return ix, nil
}

// analysisQueue is the queue of workers that make the fields of articles.
var analysisQueue = sync.OnceValue(func() *bleve.AnalysisQueue { return bleve.NewAnalysisQueue(workers()) })

// ReadManifest returns the manifest of the library in dir, whether or not this
// program can read the rest.
func ReadManifest(dir string) (Manifest, error) {
	var m Manifest
	b, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if errors.Is(err, fs.ErrNotExist) && newestVersion(dir) > 0 {
		return m, fmt.Errorf("library %s: %s: %w; %w", dir, manifestFile, errGone, ErrDamaged)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("library %s: %w; make one with longmai build --library %s PATH…", dir, ErrNoLibrary, strconv.Quote(dir))
	}
	if err != nil {
		return m, fmt.Errorf("library %s: %w", dir, err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("library %s: %s is broken: %w; %w", dir, manifestFile, err, ErrDamaged)
	}
	if m.Format != manifestFormat {
		return m, fmt.Errorf("library %s: %s has format %q, want %q; %w", dir, manifestFile, m.Format, manifestFormat, ErrDamaged)
	}
	return m, nil
}

// usable returns why this program cannot use a library, nil when it can.
func (m Manifest) usable(dir string) error {
	switch {
	case m.Schema != SchemaVersion:
		return &VersionError{dir, "schema", strconv.Itoa(m.Schema), strconv.Itoa(SchemaVersion), m.readable() == nil}
	case m.Layout != layout():
		return &VersionError{dir, "layout", m.Layout, layout(), m.readable() == nil}
	case m.Segment != segment.Version:
		return &VersionError{dir, "dictionary", m.Segment, segment.Version, true}
	}
	return nil
}

// oldestReadable is the schema of the oldest libraries whose documents can be
// read: what stands in the fields of the texts and records, and in the
// dictionary, has been the same since.
const oldestReadable = 3

// readable returns why the stored documents cannot be read, nil when they can.
func (m Manifest) readable() error {
	if m.Schema < oldestReadable || m.Schema > SchemaVersion {
		return fmt.Errorf("documents of schema %d cannot be read", m.Schema)
	}
	if m.Layout == layout() {
		return nil
	}
	_, err := m.decoders()
	return err
}

// decoders returns what reads the stored documents, nil when that is this program's own.
func (m Manifest) decoders() (older map[reflect.Type]*coder, err error) {
	if m.Stored == storedForm() {
		return nil, nil
	}
	types, err := readForm(m.Stored)
	if err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("form of the stored documents: %v", r)
		}
	}()
	return decoders(types), nil
}

func newManifest() Manifest {
	return Manifest{Format: manifestFormat, Schema: SchemaVersion, Layout: layout(), Stored: storedForm(), Segment: segment.Version, Updated: time.Now().UTC().Truncate(time.Second)}
}

// writeManifest replaces the manifest as a whole.
func writeManifest(dir string, m Manifest) error {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(dir, manifestFile), append(b, '\n')); err != nil {
		return fmt.Errorf("library %s: %w", dir, err)
	}
	return nil
}

// writeFile writes a file so that after a crash it is there as a whole or not at all.
func writeFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if e := f.Sync(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	return err
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// folderSize returns the bytes of the files in a folder, each file once.
func folderSize(dir string) int64 {
	var n int64
	filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if i, err := d.Info(); err == nil {
				n += i.Size()
			}
		}
		return nil
	})
	return n
}
