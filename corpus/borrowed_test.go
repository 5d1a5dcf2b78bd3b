package corpus

import (
	"bytes"
	"context"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestBorrowed reads pages one after the other into the same memory, which is
// written over behind each, and compares with pages read by themselves: nothing
// that an article keeps may lie in the memory of its page.
func TestBorrowed(t *testing.T) {
	var pages []txtar.File
	files, _ := filepath.Glob("testdata/pages/*.txtar")
	for _, n := range files {
		ar, err := txtar.ParseFile(n)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			if f.Name != "want" {
				pages = append(pages, f)
			}
		}
	}
	pages = append(pages, shuffled(pages, 1000)...)
	borrowed := 0
	for _, f := range pages {
		s := newSink(Options{}, nil)
		var got, want []*Article
		s.yield = func(a *Article, err error) bool {
			if err == nil {
				got = append(got, a)
			}
			return true
		}
		in := &input{Source: Source{Path: f.Name}, r: bytes.NewReader(f.Data), size: int64(len(f.Data)), hint: hintOf(f.Name)}
		if err := s.read(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		raw := s.scratch.raw[:cap(s.scratch.raw)]
		if len(raw) > 0 && len(got) > 0 {
			borrowed++
		}
		for i := range raw {
			raw[i] = '~'
		}
		if err := s.flush(); err != nil {
			t.Fatal(err)
		}
		for _, a := range got {
			checkExact(t, a, f.Data)
			for _, c := range a.Byline {
				if strings.Contains(c.Name+c.Organization+c.Title, "~") {
					t.Fatalf("%s: credit %+v", f.Name, c)
				}
			}
		}
		want, _, err := readAny(f.Name, bytes.Clone(f.Data), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			for i := range want {
				if i >= len(got) || !reflect.DeepEqual(got[i], want[i]) {
					t.Fatalf("%s: article %d\ngot  %+v\nwant %+v", f.Name, i, got[i], want[i])
				}
			}
			t.Fatalf("%s: %d articles, want %d", f.Name, len(got), len(want))
		}
	}
	if borrowed < len(pages)/2 {
		t.Errorf("%d of %d pages were read into the same memory", borrowed, len(pages))
	}
}

// shuffled makes n pages of paragraphs of some pages in any order.
func shuffled(pages []txtar.File, n int) []txtar.File {
	var pool []string
	for _, f := range pages {
		pool = append(pool, strings.Split(string(f.Data), "\n")...)
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	var out []txtar.File
	for range n {
		var b strings.Builder
		for range 1 + rnd.IntN(40) {
			b.WriteString([]string{"", "", "　　", "## ", "### ", "（", "□ "}[rnd.IntN(7)] + pool[rnd.IntN(len(pool))] + []string{"\n", "\n\n"}[rnd.IntN(2)])
		}
		out = append(out, txtar.File{Name: []string{"2019-03-05-02.txt", "2019-03-05-02.md"}[rnd.IntN(2)], Data: []byte(b.String())})
	}
	return out
}
