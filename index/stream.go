package index

import (
	"maps"
	"slices"
	"strconv"
	"sync"

	"longmai/corpus"
	"longmai/pipeline"
)

// Streams of records
//
// A file of JSON lines or of rows is read as a stream: nobody knows the digest of
// the whole before its end, and each article has that of its own record
// (corpus.Source.OfRecord). The journal therefore keeps for such an input, whose
// state is ofRecords for ever, which record every article came from. When a run
// has read the input to its end, what it no longer has is dropped.
const ofRecords = "records"

// stateOf returns what tells the state of the input of an article from another one.
func stateOf(s corpus.Source) string {
	if s.OfRecord() {
		return ofRecords
	}
	return s.SHA256
}

// A record is where in a stream an article came from.
type record struct {
	Sum   uint64 `json:"h"` // beginning of the digest
	At    int64  `json:"a"` // offset in bytes
	N     int    `json:"n"` // number
	Bytes int64  `json:"b"` // of the text of the article
}

// A recordLine is an article of a stream in the journal.
type recordLine struct {
	ID string `json:"i"`
	record
}

func recordOf(s corpus.Source, bytes int64) record {
	sum, _ := strconv.ParseUint(s.SHA256[:min(16, len(s.SHA256))], 16, 64)
	return record{sum, s.Range.Start, s.Record, bytes}
}

// same reports whether two records are the same bytes at the same place.
func (r record) same(o record) bool { return r.Sum == o.Sum && r.At == o.At && r.N == o.N }

// streams is what a run met of streams that the library knows. Its reader and
// its writer are two goroutines.
type streams struct {
	known map[string]map[string]record // stream → article → record, as the writer found them; not written to

	mu   sync.Mutex
	seen map[string]map[string]bool // stream → articles that are still there, unchanged
	cut  map[string]bool            // streams that were not read to their end
}

// has reports whether the library has the article from the same record, and
// notes that the record is still there.
func (t *streams) has(a *corpus.Article) bool {
	key := sourceKey(a.Source)
	r, ok := t.known[key][a.ID]
	if !ok || !r.same(recordOf(a.Source, 0)) {
		return false
	}
	t.note(key, a.ID)
	return true
}

// note says that a run has met the stream, and with id that the article is in it.
func (t *streams) note(key, id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil {
		t.seen = map[string]map[string]bool{}
	}
	if t.seen[key] == nil {
		t.seen[key] = map[string]bool{}
	}
	if id != "" {
		t.seen[key][id] = true
	}
}

// met reports whether the run has met the article in the stream.
func (t *streams) met(key, id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.seen[key][id]
}

// rejected notes an input of which a record or the rest was rejected.
func (t *streams) rejected(r *corpus.Rejection) {
	key := sourceKey(r.Source)
	switch {
	case r.Source.OfRecord():
		t.note(key, "")
	case r.Rest:
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.cut == nil {
			t.cut = map[string]bool{}
		}
		t.cut[key] = true
	}
}

// knownStreams returns what record the articles of streams are from.
func (j *journal) knownStreams() map[string]map[string]record {
	out := map[string]map[string]record{}
	for key, s := range j.sources {
		if s.sha != ofRecords {
			continue
		}
		records := make(map[string]record, len(s.records)+len(s.copies))
		for id, copies := range s.copies {
			records[id] = recordOf(copies[0].Source, 0)
		}
		maps.Copy(records, s.records)
		out[key] = records
	}
	return out
}

// stillIn notes that an article is in the stream, and reports whether the
// library has it as it is there: the same record, or a copy of one that the run has met.
func (w *Writer) stillIn(key string, d *pipeline.Document) bool {
	if w.streams.met(key, d.ID) {
		return true
	}
	w.streams.note(key, d.ID)
	s := w.journal.sources[key]
	if s == nil {
		return false
	}
	r, ok := s.records[d.ID]
	return ok && r.same(recordOf(d.Source, 0))
}

// endStreams marks the streams of a run that is complete as such, and drops what they no longer have.
func (w *Writer) endStreams() error {
	for _, key := range slices.Sorted(maps.Keys(w.streams.seen)) {
		s, seen := w.journal.sources[key], w.streams.seen[key]
		if s == nil {
			continue
		}
		if !w.streams.cut[key] {
			if err := w.dropUnseen(key, s, seen); err != nil {
				return err
			}
		}
		if err := w.dropStale(key, s); err != nil { // of the same file in an encoding that is read whole
			return err
		}
		if !s.done {
			s.done = true
			w.batch.line(key, s.sha).Done = true
		}
	}
	w.streams.seen, w.streams.cut = nil, nil
	return nil
}

// dropUnseen drops the articles and copies of a stream that the run has not met.
func (w *Writer) dropUnseen(key string, s *sourceState, seen map[string]bool) error {
	var gone []string
	for id := range s.copies {
		if !seen[id] {
			gone = append(gone, id)
		}
	}
	for id, r := range s.records {
		if seen[id] {
			continue
		}
		gone = append(gone, id)
		if w.journal.owner[id] != key {
			continue
		}
		if _, err := w.remove(id, func(c corpus.Source) bool { return r.same(recordOf(c, 0)) }); err != nil {
			return err
		}
	}
	if len(gone) == 0 {
		return nil
	}
	slices.Sort(gone)
	s.drop(gone)
	l := w.batch.line(key, s.sha)
	l.Dropped = append(l.Dropped, slices.Compact(gone)...)
	return nil
}

// addRecord makes the article one of the stream, in place of what it was before.
func (s *sourceState) addRecord(id string, r record) {
	if s.records == nil {
		s.records = map[string]record{}
	}
	if old, ok := s.records[id]; ok {
		s.bytes -= old.Bytes
	} else {
		s.ids = append(s.ids, id)
	}
	s.records[id] = r
	s.bytes += r.Bytes
}

// drop takes articles and copies that a stream no longer has out of its state.
func (s *sourceState) drop(gone []string) {
	for _, id := range gone {
		if r, ok := s.records[id]; ok {
			s.bytes -= r.Bytes
			delete(s.records, id)
		}
		delete(s.copies, id)
	}
	s.ids = slices.DeleteFunc(s.ids, func(id string) bool { _, ok := s.records[id]; return !ok })
}

// enter adds an article to the state of its input, here and in the journal of the batch.
func (w *Writer) enter(p *progress, d *pipeline.Document) {
	n := int64(d.Text.Len())
	s, l := w.journal.state(p.key, p.sha), w.batch.line(p.key, p.sha)
	if p.sha == ofRecords {
		r := recordOf(d.Source, n)
		s.addRecord(d.ID, r)
		l.Records = append(l.Records, recordLine{d.ID, r})
		return
	}
	s.ids = append(s.ids, d.ID)
	s.bytes += n
	l.IDs = append(l.IDs, d.ID)
	l.Bytes += n
}
