package index

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"longmai/corpus"
	"longmai/pipeline"

	"github.com/RoaringBitmap/roaring/v2"
)

// Beside the index a version has three files about what its articles are to each other:
//
//	sketches  a digest of the text and the sketch of every article, appended with
//	          each batch. A cache: what is missing is made of the stored articles.
//	clusters  of every article that has near duplicates: id, cluster, role, day
//	sources   of every article with more than one source: id and a sourceLine
//
// The last two are sorted by id and written as a whole when the version is
// complete; they are looked up without being read into a table.
const (
	sketchesFile = "sketches"
	clustersFile = "clusters"
	sourcesFile  = "sources"
)

// A print is what exact duplicates are known by.
type print struct {
	key textKey
	day corpus.Day
}

// A textKey is a digest of a text without white space; zero for a text that is
// too short to say that another one is its copy.
type textKey [16]byte

// keyRunes is the length in characters of the shortest text that has a key.
const keyRunes = 40

func textKeyOf(text string) (k textKey) {
	b := make([]byte, 0, len(text))
	n := 0
	for _, r := range text {
		if !unicode.IsSpace(r) && r != '\u3000' {
			b = utf8.AppendRune(b, r)
			n++
		}
	}
	if n >= keyRunes {
		sum := sha256.Sum256(b)
		copy(k[:], sum[:])
	}
	return k
}

// prints are the keys of all articles of a library that is written.
type prints struct {
	path string
	of   map[string]print
	by   map[textKey][]string
}

// readPrints reads the keys in the file of sketches. A record that a crash cut
// off ends the file.
func readPrints(path string) (*prints, error) {
	p := &prints{path: path, of: map[string]print{}, by: map[textKey][]string{}}
	var end int64
	err := eachSketch(path, func(r sketchRow) error {
		p.add(r.ID, print{r.key, r.Day})
		end = r.end
		return nil
	})
	if err != nil {
		return nil, err
	}
	if i, err := os.Stat(path); err == nil && i.Size() > end {
		return p, os.Truncate(path, end)
	}
	return p, nil
}

func (p *prints) add(id string, v print) {
	p.remove(id)
	p.of[id] = v
	if v.key != (textKey{}) {
		p.by[v.key] = append(p.by[v.key], id)
	}
}

func (p *prints) remove(id string) {
	v, ok := p.of[id]
	if !ok {
		return
	}
	delete(p.of, id)
	if ids := slices.DeleteFunc(p.by[v.key], func(s string) bool { return s == id }); len(ids) > 0 {
		p.by[v.key] = ids
	} else {
		delete(p.by, v.key)
	}
}

// twins returns the articles with the same text of the same day; an undated
// one is a copy of any day.
func (p *prints) twins(v print) []string {
	if v.key == (textKey{}) {
		return nil
	}
	var out []string
	for _, id := range p.by[v.key] {
		if d := p.of[id].day; d == v.day || d.IsZero() || v.day.IsZero() {
			out = append(out, id)
		}
	}
	return out
}

// sketchRecord returns what the file of sketches has of d.
func sketchRecord(d *pipeline.Document, key textKey) ([]byte, error) {
	k := corpus.SketchOf(d.Article)
	b, err := k.AppendBinary(key[:])
	return append(binary.AppendUvarint(nil, uint64(len(b))), b...), err
}

// appendFile writes b behind what a file has.
func appendFile(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}

// A sketchRow is a record of the file of sketches.
type sketchRow struct {
	*corpus.Sketch
	key textKey
	end int64  // where it ends in the file
	raw []byte // the record as it stands there; valid during the call
}

// eachSketch calls f with every record of a file of sketches.
// What a crash left behind the last whole record is not an error.
func eachSketch(path string, f func(r sketchRow) error) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	r := bufio.NewReaderSize(file, 1<<20)
	var b []byte
	var end int64
	for {
		n, err := binary.ReadUvarint(r)
		if err != nil || n < uint64(len(textKey{})) || n > 1<<16 {
			return nil
		}
		b = binary.AppendUvarint(b[:0], n)
		head := len(b)
		b = slices.Grow(b, int(n))[:head+int(n)]
		if _, err := io.ReadFull(r, b[head:]); err != nil {
			return nil
		}
		var k corpus.Sketch
		if k.UnmarshalBinary(b[head+len(textKey{}):]) != nil {
			return nil
		}
		end += int64(len(b))
		if err := f(sketchRow{&k, textKey(b[head:]), end, b}); err != nil {
			return err
		}
	}
}

// fill makes the sketches that are missing for articles of the journal.
func (w *Writer) fill() error {
	var missing []string
	for id := range w.journal.owner {
		if _, ok := w.prints.of[id]; !ok {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	r, err := w.ix.Reader()
	if err != nil {
		return err
	}
	defer r.Close()
	v, err := newView(snapshotOf(r), w.pack, "")
	if err != nil {
		return err
	}
	for ids := range slices.Chunk(missing, 256) {
		var sketches []byte
		for _, id := range ids {
			h, doc, err := v.find(id)
			if err != nil {
				return err
			}
			if h == nil {
				continue
			}
			d, err := v.stored(h, doc)
			if err != nil {
				return err
			}
			key := textKeyOf(d.Body())
			w.prints.add(id, print{key, d.Date})
			record, err := sketchRecord(d, key)
			if err != nil {
				return err
			}
			sketches = append(sketches, record...)
		}
		if err := appendFile(w.prints.path, sketches); err != nil {
			return err
		}
	}
	return nil
}

// A sourceLine is what the index does not store of where an article is.
type sourceLine struct {
	Moved     *corpus.Source  `json:"moved,omitempty"` // the file that has it since the one it was read from is gone
	Locations []corpus.Source `json:"locations,omitempty"`
}

// writeRelations writes the files about what articles are to each other.
func (w *Writer) writeRelations(dir string) error {
	clusters, err := w.clusters()
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, id := range slices.Sorted(maps.Keys(clusters)) {
		c := clusters[id]
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", id, c.Cluster, c.Role, w.prints.of[id].day)
	}
	if err := writeFile(filepath.Join(dir, clustersFile), []byte(b.String())); err != nil {
		return err
	}
	lines := map[string]*sourceLine{}
	line := func(id string) *sourceLine {
		if lines[id] == nil {
			lines[id] = &sourceLine{}
		}
		return lines[id]
	}
	for id, s := range w.journal.moved {
		if _, ok := w.journal.owner[id]; ok {
			line(id).Moved = &s
		}
	}
	for _, key := range slices.Sorted(maps.Keys(w.journal.sources)) {
		for id, copies := range w.journal.sources[key].copies {
			if _, ok := w.journal.owner[id]; ok {
				l := line(id)
				for _, c := range copies {
					l.Locations = append(l.Locations, c.Source)
				}
			}
		}
	}
	b.Reset()
	for _, id := range slices.Sorted(maps.Keys(lines)) {
		j, err := json.Marshal(lines[id])
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s\t%s\n", id, j)
	}
	return writeFile(filepath.Join(dir, sourcesFile), []byte(b.String()))
}

// clusters returns the clusters of all articles. Those of the current version
// are known to each other, unless one of them has changed or gone: then all are
// compared anew, and the file of sketches is written without what is stale.
func (w *Writer) clusters() (map[string]corpus.Reprint, error) {
	known, of, err := w.knownSketches()
	if err != nil {
		return nil, err
	}
	last := map[string]int64{} // where the record of an article that counts ends
	stale, changed := false, false
	if err := eachSketch(w.prints.path, func(r sketchRow) error {
		if end, twice := last[r.ID]; twice {
			stale, changed = true, changed || end <= known
		}
		last[r.ID] = r.end
		if _, have := w.journal.owner[r.ID]; !have {
			stale, changed = true, changed || r.end <= known
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if changed {
		known = 0
	}
	var near corpus.Near
	counts := func(r sketchRow) bool {
		_, have := w.journal.owner[r.ID]
		return have && last[r.ID] == r.end
	}
	if err := eachSketch(w.prints.path, func(r sketchRow) error {
		switch {
		case !counts(r):
		case r.end <= known:
			near.AddKnown(*r.Sketch, of[r.ID])
		default:
			near.Add(*r.Sketch)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if stale {
		if err := rewriteSketches(w.prints.path, counts); err != nil {
			return nil, err
		}
	}
	return near.Clusters(), nil
}

// knownSketches returns where the sketches of the current version end in the
// file, and the clusters of its articles.
func (w *Writer) knownSketches() (end int64, of map[string]string, err error) {
	if w.manifest.Version == 0 {
		return 0, nil, nil
	}
	dir := versionDir(w.lib.dir, w.manifest.Version)
	old, err := os.Open(filepath.Join(dir, sketchesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, err
	}
	defer old.Close()
	end, err = commonStart(old, w.prints.path)
	if err != nil || end == 0 {
		return 0, nil, err
	}
	r, err := readRelations(dir)
	if err != nil {
		return 0, nil, err
	}
	of = map[string]string{}
	for line := range strings.Lines(r.clusters) {
		if f := strings.Split(line, "\t"); len(f) == 4 {
			of[f[0]] = f[1]
		}
	}
	return end, of, nil
}

// commonStart returns the length of old when the file begins with the same
// bytes, and else 0: a writer that was killed may have left out what was stale.
func commonStart(old *os.File, path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	a, b := make([]byte, 1<<18), make([]byte, 1<<18)
	for n := int64(0); ; {
		k, err := io.ReadFull(old, a)
		if m, _ := io.ReadFull(f, b[:k]); m < k || !bytes.Equal(a[:k], b[:k]) {
			return 0, nil
		}
		n += int64(k)
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			return n, nil
		default:
			return 0, err
		}
	}
}

// rewriteSketches leaves in a file of sketches those that count.
func rewriteSketches(path string, counts func(sketchRow) bool) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	b := bufio.NewWriterSize(f, 1<<20)
	err = eachSketch(path, func(r sketchRow) error {
		if !counts(r) {
			return nil
		}
		_, err := b.Write(r.raw)
		return err
	})
	if err = errors.Join(err, b.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	return errors.Join(os.Chmod(f.Name(), 0o644), os.Rename(f.Name(), path))
}

// A copyLine is a further source of an article.
type copyLine struct {
	ID     string        `json:"i"`
	Source corpus.Source `json:"s"`
	Bytes  int64         `json:"b,omitempty"`
}

// twin returns the article that one with that mark is a copy of, "" when it is new. An article
// that the input itself had in an earlier state is none: it goes.
func (w *Writer) twin(p *progress, mark print) string {
	for _, id := range w.prints.twins(mark) {
		if owner, ok := w.journal.owner[id]; ok && (owner != p.key || p.has[id]) {
			return id
		}
	}
	return ""
}

// copy gives an article that is in a further source.
func (w *Writer) copy(p *progress, id string, d *pipeline.Document) {
	s := w.journal.state(p.key, p.sha)
	c := copyLine{id, d.Source, int64(d.Text.Len())}
	if p.sha == ofRecords {
		w.streams.note(p.key, id)
	}
	if p.sha == ofRecords && p.has[id] || slices.ContainsFunc(s.copies[id], func(o copyLine) bool { return o.Source == c.Source }) {
		w.report.Unchanged++
		return
	}
	p.has[id] = true
	w.report.Duplicates++
	l := w.batch.line(p.key, p.sha)
	l.Copies = append(l.Copies, c)
	w.journal.copy(p.key, c)
}

// remove takes an article away from its input. Another input that has it from the
// same bytes gets it; other copies have to be read again, and their inputs count
// as not read. It reports whether the article is gone.
func (w *Writer) remove(id string, same func(corpus.Source) bool) (gone bool, err error) {
	if err := w.commitBefore(id); err != nil {
		return false, err
	}
	keys := w.journal.copied[id]
	delete(w.journal.copied, id)
	for i, key := range keys {
		s := w.journal.sources[key]
		if s == nil {
			continue
		}
		at := slices.IndexFunc(s.copies[id], func(c copyLine) bool { return same(c.Source) })
		if at < 0 {
			continue
		}
		c := s.copies[id][at]
		w.journal.take(key, c)
		l := w.batch.line(key, s.sha)
		l.Takes = append(l.Takes, c)
		l.Copies = slices.DeleteFunc(l.Copies, func(o copyLine) bool { return o.ID == id && o.Source == c.Source })
		if rest := slices.Concat(keys[:i], keys[i+1:]); len(rest) > 0 {
			w.journal.copied[id] = rest
		}
		return false, nil
	}
	for _, key := range keys {
		if s := w.journal.sources[key]; s != nil && len(s.copies[id]) > 0 {
			s.lose([]string{id})
			if w.lost == nil {
				w.lost = map[string][]string{}
			}
			w.lost[key] = append(w.lost[key], id)
			l := w.batch.line(key, s.sha)
			l.Lost = append(l.Lost, id)
			l.Done = false
			l.Copies = slices.DeleteFunc(l.Copies, func(o copyLine) bool { return o.ID == id })
		}
	}
	w.batch.deletes[id] = true
	delete(w.journal.owner, id)
	delete(w.journal.moved, id)
	w.prints.remove(id)
	w.report.Dropped++
	return true, nil
}

// state returns the state of an input with that hash. In place of another one
// it begins anew, with the articles of the other as its old ones.
func (j *journal) state(key, sha string) *sourceState {
	s := j.sources[key]
	if s != nil && s.sha == sha {
		return s
	}
	n := &sourceState{sha: sha}
	if s != nil {
		n.old, n.oldSHA = slices.Concat(s.ids, s.stale()), s.sha
	}
	j.sources[key] = n
	return n
}

func (j *journal) copy(key string, c copyLine) {
	s := j.sources[key]
	if s.copies == nil {
		s.copies = map[string][]copyLine{}
	}
	if s.sha == ofRecords { // the record may stand elsewhere now
		delete(s.copies, c.ID)
	}
	s.copies[c.ID] = append(s.copies[c.ID], c)
	if !slices.Contains(j.copied[c.ID], key) {
		j.copied[c.ID] = append(j.copied[c.ID], key)
	}
}

// take makes the input the one that an article is from.
func (j *journal) take(key string, c copyLine) {
	s := j.sources[key]
	if rest := slices.DeleteFunc(s.copies[c.ID], func(o copyLine) bool { return o.Source == c.Source }); len(rest) > 0 {
		s.copies[c.ID] = rest
	} else {
		delete(s.copies, c.ID)
	}
	if s.sha == ofRecords {
		s.addRecord(c.ID, recordOf(c.Source, c.Bytes))
	} else {
		s.ids = append(s.ids, c.ID)
		s.bytes += c.Bytes
	}
	j.owner[c.ID] = key
	j.moved[c.ID] = c.Source
}

// lose forgets copies of articles that are gone: the input has to be read again.
func (s *sourceState) lose(ids []string) {
	for _, id := range ids {
		delete(s.copies, id)
	}
	s.done = false
}

// relations are the files about what articles are to each other, as a reader has them.
type relations struct {
	clusters, sources string

	once  sync.Once
	table *clusterTable
	err   error
}

func readRelations(dir string) (*relations, error) {
	var r relations
	for name, to := range map[string]*string{clustersFile: &r.clusters, sourcesFile: &r.sources} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		*to = string(b)
	}
	return &r, nil
}

// lineOf returns what stands behind id and a tab in sorted lines.
func lineOf(lines, id string) (string, bool) {
	for lo, hi := 0, len(lines); lo < hi; {
		start := lo + strings.LastIndexByte(lines[lo:(lo+hi)/2], '\n') + 1
		end := start + strings.IndexByte(lines[start:hi]+"\n", '\n')
		have, rest, _ := strings.Cut(lines[start:end], "\t")
		switch c := strings.Compare(have, id); {
		case c == 0:
			return rest, true
		case c < 0:
			lo = end + 1
		default:
			hi = start
		}
	}
	return "", false
}

// relate gives d what other articles and inputs say about it.
func (r *relations) relate(d *pipeline.Document) error {
	if r == nil {
		return nil
	}
	if err := r.locate(d, true); err != nil {
		return err
	}
	if line, ok := lineOf(r.clusters, d.ID); ok {
		f := strings.Split(line, "\t")
		if len(f) != 3 {
			return fmt.Errorf("%s: article %s: %w", clustersFile, d.ID, errStored)
		}
		d.Reprint = &corpus.Reprint{Cluster: f[0], Role: f[1]}
	}
	return nil
}

// locate says where d is now, and, with all, where else.
func (r *relations) locate(d *pipeline.Document, all bool) error {
	line, ok := "", false
	if r != nil {
		line, ok = lineOf(r.sources, d.ID)
	}
	if !ok {
		return nil
	}
	var s sourceLine
	if err := json.Unmarshal([]byte(line), &s); err != nil {
		return fmt.Errorf("%s: article %s: %w", sourcesFile, d.ID, err)
	}
	if s.Moved != nil {
		d.Source.Path, d.Source.Member = s.Moved.Path, s.Moved.Member
	}
	if all {
		d.Locations = append(slices.Clip(d.Locations), s.Locations...)
	}
	return nil
}

// A clusterTable has the members of all clusters, cluster by cluster, the first
// print before the others and these by day.
type clusterTable struct {
	members []member
	at      []map[uint32]int // by shard: document → place in members
	docs    []*roaring.Bitmap
}

type member struct{ id, cluster, role, day string }

func (m member) compare(o member) int {
	first := func(m member) int {
		if m.role == "first" {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(m.cluster, o.cluster), first(m)-first(o), cmp.Compare(m.day, o.day), cmp.Compare(m.id, o.id))
}

// clusters returns the table of clusters, which is made at the first call.
func (v *view) clusters() (*clusterTable, error) {
	r := v.relations
	if r == nil {
		r = &relations{}
	}
	r.once.Do(func() { r.table, r.err = v.makeTable(r.clusters) })
	return r.table, r.err
}

func (v *view) makeTable(lines string) (*clusterTable, error) {
	t := &clusterTable{at: make([]map[uint32]int, len(v.shards)), docs: make([]*roaring.Bitmap, len(v.shards))}
	for line := range strings.Lines(lines) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 4 {
			return nil, fmt.Errorf("%s: %w", clustersFile, errStored)
		}
		t.members = append(t.members, member{f[0], f[1], f[2], f[3]})
	}
	slices.SortFunc(t.members, member.compare)
	place := make(map[string]int, len(t.members))
	for i, m := range t.members {
		place[m.id] = i
	}
	return t, v.eachShard(context.Background(), func(i int, h *shard) error {
		t.at[i], t.docs[i] = map[uint32]int{}, roaring.New()
		var found []string
		if err := h.eachTerm("_id", "", "", func(id string) {
			if _, ok := place[id]; ok {
				found = append(found, id)
			}
		}); err != nil {
			return err
		}
		for _, id := range found {
			docs, err := h.with("_id", id)
			if err != nil {
				return err
			}
			if err := eachDoc(docs, func(doc uint32) error {
				if h.docs.Contains(doc) {
					t.at[i][doc] = place[id]
					t.docs[i].Add(doc)
				}
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// An address is where an article is.
type address struct {
	shard int
	doc   uint32
}

// collapse keeps of each cluster the earliest print that matches, and notes the others with it.
func (v *view) collapse(m *match) error {
	t, err := v.clusters()
	if err != nil {
		return err
	}
	type found struct {
		place int
		address
	}
	var all []found
	for i, hits := range m.hits {
		both := roaring.And(hits, t.docs[i])
		for it := both.Iterator(); it.HasNext(); {
			doc := it.Next()
			all = append(all, found{t.at[i][doc], address{i, doc}})
		}
	}
	slices.SortFunc(all, func(a, b found) int { return a.place - b.place })
	m.reprints = map[address][]string{}
	var first found
	for i, f := range all {
		if i == 0 || t.members[f.place].cluster != t.members[first.place].cluster {
			first = f
			continue
		}
		m.hits[f.shard].Remove(f.doc)
		m.collapsed++
		m.reprints[first.address] = append(m.reprints[first.address], t.members[f.place].id)
	}
	return nil
}
