package index

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// TestBigCopies makes of the library in LONGMAI_BIG_FROM one in LONGMAI_BIG_DIR
// that has each of its segments LONGMAI_BIG_COPIES times, each a file of its own:
// a library of a million articles to be searched, without the hour that building
// it takes. Every article is in it as often, under one id, which no search minds.
// It says nothing of building, and nothing else should be done with it.
func TestBigCopies(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("LONGMAI_BIG_COPIES"))
	from, to := os.Getenv("LONGMAI_BIG_FROM"), os.Getenv("LONGMAI_BIG_DIR")
	if n == 0 || from == "" || to == "" {
		t.Skip("for a measurement: set LONGMAI_BIG_COPIES, LONGMAI_BIG_FROM and LONGMAI_BIG_DIR")
	}
	m, err := ReadManifest(from)
	if err != nil {
		t.Fatal(err)
	}
	a, b := versionDir(from, m.Version), versionDir(to, m.Version)
	if err := os.CopyFS(b, os.DirFS(a)); err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(filepath.Join(b, indexDir, "root.bolt"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bolt.Tx) error { return copySegments(tx.Bucket([]byte("s")), b, n) }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(b, sumsFile)); err != nil { // of the library as it was
		t.Fatal(err)
	}
	m.Articles *= n
	m.Bytes *= int64(n)
	if err := writeManifest(to, m); err != nil {
		t.Fatal(err)
	}
	l, err := Open(to)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	fmt.Printf("%d articles in %d shards\n", l.Manifest().Articles, len(l.open.view.shards))
}

// copySegments adds n-1 copies of every segment to the newest snapshot of scorch.
func copySegments(snapshots *bolt.Bucket, dir string, n int) error {
	key, _ := snapshots.Cursor().Last()
	snapshot := snapshots.Bucket(key)
	type segment struct{ path string }
	var all []segment
	if err := snapshot.ForEachBucket(func(k []byte) error {
		if path := snapshot.Bucket(k).Get([]byte("p")); path != nil {
			all = append(all, segment{string(path)})
		}
		return nil
	}); err != nil {
		return err
	}
	next := uint16(1000)
	for range n - 1 {
		for _, s := range all {
			next++
			name := fmt.Sprintf("%012x.zap", next)
			for _, x := range [][2]string{{filepath.Join(indexDir, s.path), filepath.Join(indexDir, name)},
				{filepath.Join(columnsDir, strings.TrimSuffix(s.path, ".zap")+columnsExt), filepath.Join(columnsDir, strings.TrimSuffix(name, ".zap")+columnsExt)}} {
				if err := copyFile(filepath.Join(dir, x[0]), filepath.Join(dir, x[1])); err != nil {
					return err
				}
			}
			b, err := snapshot.CreateBucket(binary.BigEndian.AppendUint16([]byte{247}, next)) // as scorch writes a number of two bytes
			if err != nil {
				return err
			}
			if err := b.Put([]byte("p"), []byte(name)); err != nil {
				return err
			}
		}
	}
	return nil
}
