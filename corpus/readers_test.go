package corpus

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// hang is how long one small input may take on a busy machine, under the race
// detector, before a test calls it a hang: its own time is far below a second.
const hang = 30 * time.Second

// collect reads paths and returns what came out of them.
func collect(t testing.TB, o Options, paths ...string) (arts []*Article, rejs []*Rejection) {
	t.Helper()
	for a, err := range Read(context.Background(), o, paths...) {
		var rej *Rejection
		switch {
		case err == nil:
			arts = append(arts, a)
		case errors.As(err, &rej):
			rejs = append(rejs, rej)
		default:
			t.Fatal(err)
		}
	}
	return arts, rejs
}

// save writes a file into a new folder and returns its path.
func save(t testing.TB, name string, content []byte) string {
	t.Helper()
	p := filepath.Join(wordyDir(t), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return p
}

// wordyDir is a temporary folder without digits in its name, for those of
// TempDir may be a day: 1913030212.
func wordyDir(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	name := strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r - '0' + 'a'
		}
		return r
	}, filepath.Base(filepath.Dir(dir))+"-"+filepath.Base(dir))
	dir = filepath.Join(os.TempDir(), name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// titles are the titles of articles, apart by " | ".
func titles(arts []*Article) string {
	var out []string
	for _, a := range arts {
		out = append(out, a.Title)
	}
	return strings.Join(out, " | ")
}

// classes are the rejections as "member:class", apart by " | ".
func classes(rejs []*Rejection) string {
	var out []string
	for _, r := range rejs {
		out = append(out, r.Source.Member+":"+string(r.Class))
	}
	return strings.Join(out, " | ")
}
