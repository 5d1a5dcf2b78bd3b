package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"longmai/pipeline"

	bleve "github.com/blevesearch/bleve_index_api"
	bolt "go.etcd.io/bbolt"
)

// Scorch gives a whole snapshot up when one of its segments cannot be opened. Its
// file root.bolt says which segments those are: bucket s, snapshots in their
// order, the segments of each, under p the name of the file.

// snapshotBuckets calls f with the newest snapshot of the index in dir.
func snapshotBuckets(dir string, write bool, f func(snapshot *bolt.Bucket) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: broken: %v", rootFile, r)
		}
	}()
	db, err := bolt.Open(filepath.Join(dir, rootFile), 0o600, &bolt.Options{ReadOnly: !write, Timeout: 5 * time.Second})
	if err != nil {
		return fmt.Errorf("%s: %w", rootFile, err)
	}
	defer db.Close()
	do := db.View
	if write {
		do = db.Update
	}
	return do(func(tx *bolt.Tx) error {
		all := tx.Bucket([]byte("s"))
		if all == nil {
			return nil
		}
		key, _ := all.Cursor().Last()
		if snapshot := all.Bucket(key); snapshot != nil {
			return f(snapshot)
		}
		return nil
	})
}

// snapshotSegments returns the names of the files of the segments of an index.
func snapshotSegments(dir string) (names []string, err error) {
	err = snapshotBuckets(dir, false, func(snapshot *bolt.Bucket) error {
		return snapshot.ForEachBucket(func(k []byte) error {
			if path := snapshot.Bucket(k).Get([]byte("p")); path != nil {
				names = append(names, string(path))
			}
			return nil
		})
	})
	return names, err
}

// forgetSegments takes segments out of the newest snapshot of an index.
func forgetSegments(dir string, names []string) error {
	return snapshotBuckets(dir, true, func(snapshot *bolt.Bucket) error {
		var keys [][]byte
		err := snapshot.ForEachBucket(func(k []byte) error {
			if slices.Contains(names, string(snapshot.Bucket(k).Get([]byte("p")))) {
				keys = append(keys, slices.Clone(k))
			}
			return nil
		})
		for _, k := range keys {
			err = errors.Join(err, snapshot.DeleteBucket(k))
		}
		return err
	})
}

// unfinished returns why no writer can go on with the folder that one has left.
func unfinished(work string) error {
	at := filepath.Join(work, indexDir)
	names, err := snapshotSegments(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it had only begun
	}
	if err != nil || len(names) == 0 {
		return err
	}
	b, err := os.ReadFile(filepath.Join(work, dictionaryFile))
	if err != nil {
		return fmt.Errorf("%s: %w", dictionaryFile, errGone)
	}
	if _, _, _, err := cutDictionary(b); err != nil || len(b) == 0 {
		return fmt.Errorf("%s: %w", dictionaryFile, errStored)
	}
	for _, name := range names {
		path := filepath.Join(at, name)
		_, want, err := sumOf(path, false)
		if err != nil {
			return fmt.Errorf("%s: %w", name, errGone)
		}
		if _, have, err := sumOf(path, true); err != nil || have != want {
			return fmt.Errorf("%s: %w", name, cmpError(err, errSum))
		}
	}
	return nil
}

// openDamaged opens what is left of the version in dir: its index without the
// segments named. Nothing in dir is written to; done removes what was made.
func openDamaged(dir string, without []string) (ix bleve.Index, v *view, done func(), err error) {
	tmp, err := os.MkdirTemp("", "longmai-check-*")
	if err != nil {
		return nil, nil, nil, err
	}
	remove := func() { os.RemoveAll(tmp) }
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the index is broken: %v", r)
		}
		if err != nil {
			remove()
		}
	}()
	if err := copyFile(filepath.Join(dir, indexDir, rootFile), filepath.Join(tmp, rootFile)); err != nil {
		return nil, nil, nil, err
	}
	if err := forgetSegments(tmp, without); err != nil {
		return nil, nil, nil, err
	}
	names, err := snapshotSegments(tmp)
	if err != nil {
		return nil, nil, nil, err
	}
	at, err := filepath.Abs(filepath.Join(dir, indexDir))
	if err != nil {
		return nil, nil, nil, err
	}
	for _, name := range names {
		if os.Symlink(filepath.Join(at, name), filepath.Join(tmp, name)) != nil {
			if err := copyFile(filepath.Join(at, name), filepath.Join(tmp, name)); err != nil {
				return nil, nil, nil, err
			}
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, dictionaryFile))
	if err != nil {
		return nil, nil, nil, err
	}
	if ix, err = openScorch(tmp, true); err != nil {
		return nil, nil, nil, err
	}
	if v, err = viewOf(ix, b, dir); err == nil && len(v.shards) != len(names) {
		err = errors.Join(errors.New("not all segments can be opened"), closeVersion(nil, v))
	}
	if err != nil {
		ix.Close()
		return nil, nil, nil, err
	}
	v.relations = &relations{}
	return ix, v, remove, nil
}

// saved yields the articles that can be read, input by input, where they are by now.
func (v *view) saved(ctx context.Context, owner map[string]string, j journal) iter.Seq2[*pipeline.Document, error] {
	return func(yield func(*pipeline.Document, error) bool) {
		ids := byOwner(owner)
		for _, key := range slices.Sorted(maps.Keys(ids)) {
			for _, id := range ids[key] {
				h, doc, err := v.locate(id)
				if err == nil && h == nil {
					continue
				}
				var d *pipeline.Document
				if err == nil {
					d, err = v.stored(h, doc)
				}
				if err == nil {
					err = ctx.Err()
				}
				if s, ok := j.moved[id]; ok && d != nil {
					d.Source = s
				}
				if !yield(d, err) || err != nil {
					return
				}
			}
		}
	}
}

// locate is find, for an index whose terms may be damaged.
func (v *view) locate(id string) (h *shard, doc uint32, err error) {
	defer func() {
		if r := recover(); r != nil {
			h, err = nil, fmt.Errorf("%w: %v", errStored, r)
		}
	}()
	return v.find(id)
}

// rebuild makes a new version of the documents, and of what the journal j of the
// old one knows of copies, and swaps it in. The lock has to be held. Inputs in
// again are to be read again by the next build.
func rebuild(ctx context.Context, dir string, m Manifest, o WriterOptions, docs iter.Seq2[*pipeline.Document, error], j journal, again map[string][]string, keep func() error) (Report, error) {
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
	rep, err := w.Add(ctx, docs)
	if err == nil {
		err = w.adopt(j, again)
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
	made := n.Version
	n.Version = max(m.Version, newestVersion(dir)) + 1
	if made == 0 { // nothing was left
		n.Version = 0
		if keep == nil {
			keep = func() error { return os.RemoveAll(versionDir(dir, m.Version)) }
		}
	} else {
		if err := writeSums(versionDir(fresh, made), n); err != nil {
			return rep, err
		}
		if err := os.Rename(versionDir(fresh, made), versionDir(dir, n.Version)); err != nil {
			return rep, err
		}
	}
	if keep != nil {
		if err := keep(); err != nil {
			return rep, err
		}
	}
	if err := writeManifest(dir, n); err != nil {
		return rep, err
	}
	removeVersions(dir, n.Version)
	return rep, nil
}

// adopt takes the further sources of articles over from the journal of another
// library, and which inputs have to be read again.
func (w *Writer) adopt(j journal, again map[string][]string) error {
	for _, key := range slices.Sorted(maps.Keys(j.sources)) {
		s := j.sources[key]
		for _, id := range slices.Sorted(maps.Keys(s.copies)) {
			if _, ok := w.journal.owner[id]; !ok {
				continue
			}
			w.journal.state(key, s.sha)
			l := w.batch.line(key, s.sha)
			for _, c := range s.copies[id] {
				l.Copies = append(l.Copies, c)
				w.journal.copy(key, c)
			}
		}
		if len(s.copies) > 0 && s.done {
			w.journal.state(key, s.sha).done = true
			w.batch.line(key, s.sha).Done = true
		}
	}
	if err := w.settle(); err != nil { // what a line says is lost it says of the lines before
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(again)) {
		if s := w.journal.sources[key]; s != nil {
			l := w.batch.line(key, s.sha)
			l.Lost = append([]string{""}, again[key]...)
			s.lose(l.Lost)
		}
	}
	return w.settle()
}
