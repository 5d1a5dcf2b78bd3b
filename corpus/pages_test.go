package corpus

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestPages reads the pages in testdata/pages. Each file is a page of our own
// making under the name that it has on disk, and behind it the articles that
// must come out, as recordOf writes them. UPDATE=1 rewrites what must come out.
func TestPages(t *testing.T) {
	files, err := filepath.Glob("testdata/pages/*.txtar")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d pages, %v", len(files), err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			pages := slices.DeleteFunc(slices.Clone(ar.Files), func(f txtar.File) bool { return f.Name == "want" })
			for _, a := range readFiles(t, pages) {
				got.WriteString(recordOf(a))
			}
			if os.Getenv("UPDATE") != "" {
				ar.Files = slices.DeleteFunc(ar.Files, func(f txtar.File) bool { return f.Name == "want" })
				ar.Files = append(ar.Files, txtar.File{Name: "want", Data: []byte(got.String())})
				if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			var want string
			for _, f := range ar.Files {
				if f.Name == "want" {
					want = string(f.Data)
				}
			}
			if got.String() != want {
				t.Errorf("got\n%s\nwant\n%s", got.String(), want)
			}
		})
	}
}

// readFiles reads the pages of one fixture and proves the texts of their
// articles; several are read as the files of one folder.
func readFiles(t *testing.T, pages []txtar.File) []*Article {
	t.Helper()
	if len(pages) == 1 {
		as := readBytes(t, pages[0].Name, pages[0].Data)
		for _, a := range as {
			checkExact(t, a, pages[0].Data)
		}
		return as
	}
	dir := t.TempDir()
	for _, f := range pages {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	as := readAllArticles(t, dir)
	for name, p := range collectProofs(t, as) {
		if p.State != Proved {
			t.Errorf("%s: %s, %v", name, p.State, p.Err)
		}
	}
	return as
}

// readBytes reads one page that has that name.
func readBytes(t testing.TB, name string, data []byte) []*Article {
	t.Helper()
	var out []*Article
	s := newSink(Options{}, func(a *Article, err error) bool {
		if err != nil {
			t.Errorf("%v", err)
			return true
		}
		out = append(out, a)
		return true
	})
	in := &input{Source: Source{Path: name}, r: bytes.NewReader(data), size: int64(len(data)), hint: hintOf(name)}
	if err := s.read(context.Background(), in); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	if err := s.flush(); err != nil {
		t.Fatal(err)
	}
	return out
}

// recordOf writes what a reader of the page would check, one fact a line. Of a
// paragraph it shows the beginning and the end.
func recordOf(a *Article) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %s: %s\n", name, value)
		}
	}
	fmt.Fprintf(&b, "article: %s\n", a.Title)
	line("kicker", a.Kicker)
	line("subtitle", a.Subtitle)
	line("section", a.Section)
	if a.Paper != "甘肃日报" {
		line("paper", a.Paper)
	}
	line("edition", strings.TrimSpace(a.Edition+" "+a.EditionName))
	if a.Date.IsZero() {
		line("date", "none")
	} else {
		line("date", fmt.Sprintf("%s %s certain=%v", a.Date, a.DateOrigin, a.DateCertain))
	}
	for _, c := range a.Byline {
		line("byline", strings.TrimRight(fmt.Sprintf("%s, %s, %s, %s, %s", c.Name, c.Role, c.Kind, c.Organization, c.Title), ", "))
	}
	if d := a.Dateline; d != nil {
		line("dateline", fmt.Sprintf("%s, %s, %s: %s", d.Agency, d.Place, d.Date, a.Text.At(d.Span)))
	}
	for _, s := range a.Apparatus {
		line("apparatus", a.Text.At(s))
	}
	if a.Cut > 0 {
		line("cut", fmt.Sprint(a.Cut))
	}
	for _, w := range a.Warnings {
		line("warning", w)
	}
	for _, x := range a.Blocks {
		s := []rune(a.Text.At(x.Span))
		if len(s) > 24 && x.Role == RoleParagraph {
			s = slices.Concat(s[:12], []rune("…"), s[len(s)-10:])
		}
		line(string(x.Role), string(s))
	}
	return b.String()
}
