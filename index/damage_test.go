package index

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"longmai/pipeline"
)

// damageDocs are articles of 13 inputs, most of several articles.
func damageDocs() []*pipeline.Document {
	var out []*pipeline.Document
	for i, d := range randomDocs()[:60] {
		out = append(out, from(d, "in/"+string(rune('a'+i/5))+".txt", "1"))
	}
	return append(out, from(out[0], "in/copy.txt", "1"))
}

// damages are what may happen to a file.
var damages = map[string]func(path string, b []byte) error{
	"flipped": func(path string, b []byte) error {
		for _, at := range []int{len(b) / 5, len(b) / 2, len(b) - len(b)/3} {
			if at < len(b) {
				b[at] ^= 0x15
			}
		}
		return os.WriteFile(path, b, 0o666)
	},
	"first":   func(path string, b []byte) error { b[0] ^= 1; return os.WriteFile(path, b, 0o666) },
	"last":    func(path string, b []byte) error { b[len(b)-1] ^= 1; return os.WriteFile(path, b, 0o666) },
	"cut":     func(path string, b []byte) error { return os.WriteFile(path, b[:len(b)/2], 0o666) },
	"longer":  func(path string, b []byte) error { return os.WriteFile(path, append(b, 'x'), 0o666) },
	"emptied": func(path string, b []byte) error { return os.WriteFile(path, nil, 0o666) },
	"zeros":   func(path string, b []byte) error { return os.WriteFile(path, make([]byte, len(b)), 0o666) },
	"removed": func(path string, _ []byte) error { return nil },
}

// TestDamage damages each file of a library in each way. Whatever it is: check
// names the file and what to do, its repair leaves nothing wrong but articles
// that are lost, which only segments may have cost, and says from where; and the
// next build of the same inputs, unchanged, makes the library what it was. Two of
// the ways for each file, all of them when LONGMAI_DAMAGE is set.
func TestDamage(t *testing.T) {
	whole := libraryOf(t, WriterOptions{BatchBytes: 1 << 13}, stream(damageDocs()))
	if n := len(whole.open.view.shards); n < 2 {
		t.Fatalf("%d segments, want several", n)
	}
	var files []string
	if err := filepath.WalkDir(whole.Dir(), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && d.Name() != lockFile {
			name, _ := filepath.Rel(whole.Dir(), path)
			files = append(files, filepath.ToSlash(name))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	hows := slices.Sorted(maps.Keys(damages))
	for i, name := range files {
		for k, how := range hows {
			if (k+i)%4 != 0 && os.Getenv("LONGMAI_DAMAGE") == "" {
				continue // all of them take a minute
			}
			dir := filepath.Join(t.TempDir(), "lib")
			if err := os.CopyFS(dir, os.DirFS(whole.Dir())); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, filepath.FromSlash(name))
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if len(b) == 0 && how != "removed" {
				continue
			}
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if err := damages[how](path, bytes.Clone(b)); err != nil {
				t.Fatal(err)
			}
			t.Run(name+" "+how, func(t *testing.T) { damaged(t, whole, dir, name, how) })
		}
	}
}

func damaged(t *testing.T, whole *Library, dir, name, how string) {
	ctx := context.Background()
	if l, err := Open(dir); err == nil { // whatever it answers, it must not panic
		l.Search(ctx, Request{Query: parse(t, "酒泉"), Limit: 5, Facets: []FacetRequest{{Field: "place"}}})
		l.Close()
	} else if !strings.Contains(err.Error(), "check --repair") && !strings.Contains(err.Error(), ErrNoLibrary.Error()) {
		t.Errorf("open: %v: no next step", err)
	}
	before := whole.Manifest().Articles
	anew := func(d *pipeline.Document) (*pipeline.Document, error) { return whole.Document(d.ID) }
	if filepath.Ext(name) == segmentExt { // what is left of it is not the library
		if rep, err := Reindex(ctx, dir, WriterOptions{}, anew); err == nil && rep.Added != before || err != nil && !errors.Is(err, ErrDamaged) && how != "flipped" {
			t.Errorf("reindex: %+v, %v", rep, err)
		} else if err == nil {
			return
		}
	}
	rep, err := Check(ctx, dir, CheckOptions{})
	if err != nil {
		t.Fatalf("check: %v", err)
	}
	if said := say(rep); !strings.Contains(said, filepath.Base(name)) {
		t.Errorf("check does not name it: %s", said)
	}
	if !strings.Contains(hints(rep), "check --repair") {
		t.Errorf("check names no next step: %s: %s", say(rep), hints(rep))
	}
	rep, err = Check(ctx, dir, CheckOptions{Repair: true})
	if err != nil {
		t.Fatalf("repair: %v", err)
	}
	lost := false
	for _, p := range rep.Problems {
		if p.Repaired {
			continue
		}
		if !strings.Contains(p.What, "articles are lost") || !strings.HasPrefix(p.Hint, "build again from") {
			t.Errorf("left after the repair: %+v", p)
		}
		lost = true
	}
	segment := filepath.Ext(name) == segmentExt
	switch {
	case lost && !segment:
		t.Errorf("articles are lost: %s", say(rep))
	case lost && (!strings.Contains(say(rep), "in/") || !exists(filepath.Join(dir, damagedDir, "000001", indexDir))):
		t.Errorf("the loss is not told or the evidence not kept: %s", say(rep))
	case !lost && segment && how != "flipped" && how != "first" && how != "last" && how != "longer":
		t.Errorf("no loss: %s", say(rep))
	}
	rep, err = Check(ctx, dir, CheckOptions{})
	if err != nil || !lost && len(rep.Problems) > 0 || lost && (len(rep.Problems) != 1 || !strings.Contains(say(rep), "are lost")) {
		t.Errorf("check after the repair: %s, %v", say(rep), err)
	}
	l, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if n := l.Manifest().Articles; !lost && n != whole.Manifest().Articles {
		t.Errorf("%d articles after the repair", n)
	}
	write(t, l, damageDocs())
	same(t, l, whole)
}

// A library that is being written has nothing wrong with it.
func TestCheckBesideWriter(t *testing.T) {
	l := libraryOf(t, WriterOptions{}, stream(damageDocs()[:20]))
	w, err := l.Writer(WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Add(context.Background(), stream(damageDocs()[20:])); err != nil {
		t.Fatal(err)
	}
	rep, err := Check(context.Background(), l.Dir(), CheckOptions{})
	if err != nil || len(rep.Problems) > 0 || !strings.HasPrefix(rep.Writer, "process ") || rep.Articles != 20 {
		t.Errorf("%+v, %v", rep, err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	checkClean(t, l)
}

// A build that was stopped is gone on with, and given up when it is damaged: it
// must not become a library without what was there before.
func TestDamagedWork(t *testing.T) {
	for _, glob := range []string{"", "index/*.zap", "index/root.bolt", "dictionary"} {
		l := libraryOf(t, WriterOptions{}, stream(damageDocs()[:20]))
		w, err := l.Writer(WriterOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Add(context.Background(), stream(damageDocs()[20:])); err != nil {
			t.Fatal(err)
		}
		if err := w.Abort(); err != nil {
			t.Fatal(err)
		}
		paths, _ := filepath.Glob(filepath.Join(l.Dir(), workDir, glob))
		for _, path := range paths {
			if glob == "" {
				continue
			}
			os.Remove(path)
			if glob != "dictionary" {
				os.WriteFile(path, []byte("nothing"), 0o666)
			}
		}
		rep, err := Check(context.Background(), l.Dir(), CheckOptions{})
		if err != nil || len(rep.Problems) != 1 || (glob == "") != strings.HasPrefix(rep.Problems[0].Hint, "build once more") {
			t.Errorf("%s: %+v, %v", glob, rep, err)
		}
		if w, err := l.Writer(WriterOptions{}); glob != "" && (err == nil || !strings.Contains(err.Error(), "check --repair")) {
			t.Errorf("%s: a writer goes on with it: %v", glob, err)
			if err == nil {
				w.Abort()
			}
		} else if glob == "" && err == nil {
			w.Abort()
		}
		rep, err = Check(context.Background(), l.Dir(), CheckOptions{Repair: true})
		if err != nil || glob != "" && (len(rep.Problems) != 1 || !rep.Problems[0].Repaired) {
			t.Errorf("%s: repair: %+v, %v", glob, rep, err)
		}
		write(t, l, damageDocs())
		if n := l.Manifest().Articles; n != 60 {
			t.Errorf("%s: %d articles", glob, n)
		}
		checkClean(t, l)
	}
}

func say(r CheckReport) string {
	var out []string
	for _, p := range r.Problems {
		out = append(out, p.What)
	}
	return strings.Join(out, "; ")
}

func hints(r CheckReport) string {
	var out []string
	for _, p := range r.Problems {
		out = append(out, p.Hint)
	}
	return strings.Join(out, "; ")
}
