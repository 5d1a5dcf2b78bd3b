package corpus

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sharedDir returns the folder of shared data, which not every machine has.
func sharedDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("LONGMAI_SHARED")
	if dir == "" {
		root, err := os.Getwd()
		for err == nil && root != filepath.Dir(root) {
			if _, e := os.Stat(filepath.Join(root, "go.mod")); e == nil {
				dir = filepath.Join(filepath.Dir(root), "shared")
				break
			}
			root = filepath.Dir(root)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "gold")); err != nil {
		t.Skip("shared gold pages are not here; set LONGMAI_SHARED to their folder")
	}
	return dir
}

type goldArticle struct {
	Layer     string
	At        string
	Subtitle  string
	Kicker    string
	Date      string
	AuthorOrg string `json:"author_org"`
	Byline    []struct{ Name, Role string }
}

func tight(s string) string {
	return strings.Map(func(r rune) rune {
		if isSpace(r) {
			return -1
		}
		return r
	}, s)
}

func readAllArticles(t testing.TB, paths ...string) []*Article {
	t.Helper()
	var out []*Article
	for a, err := range Read(context.Background(), Options{}, paths...) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

func TestGoldPages(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(sharedDir(t), "gold", "*.txt"))
	if len(files) == 0 {
		t.Fatal("no gold pages")
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := readAllArticles(t, name)
			page := tight(string(raw))
			cursor := 0
			for _, a := range got {
				checkExact(t, a, raw)
				for _, b := range a.Blocks {
					s := tight(a.Text.At(b.Span))
					i := strings.Index(page[cursor:], s)
					if i < 0 {
						t.Errorf("%s: block not on the page behind the one before: %s", a.Title, s)
						continue
					}
					cursor += i + len(s)
				}
			}
			want := goldArticles(t, strings.TrimSuffix(name, ".txt")+".gold.jsonl")
			if len(got) != len(want) {
				t.Errorf("%d articles, want %d", len(got), len(want))
			}
			for i := range min(len(got), len(want)) {
				compareGold(t, got[i], want[i])
			}
		})
	}
}

func goldArticles(t *testing.T, name string) []goldArticle {
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []goldArticle
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		var g goldArticle
		if err := json.Unmarshal(sc.Bytes(), &g); err == nil && g.Layer == "article" {
			out = append(out, g)
		}
	}
	return out
}

func compareGold(t *testing.T, a *Article, g goldArticle) {
	t.Helper()
	_, title, _ := strings.Cut(g.At, "⟦")
	title, _, _ = strings.Cut(title, "⟧")
	eq := func(what, got, want string) {
		if tight(got) != tight(want) {
			t.Errorf("%s: %s %q, want %q", title, what, got, want)
		}
	}
	eq("title", a.Title, title)
	eq("subtitle", a.Subtitle, g.Subtitle)
	eq("kicker", a.Kicker, g.Kicker)
	eq("date", a.Date.String(), g.Date)
	var got, want []string
	for _, c := range a.Byline {
		got = append(got, c.Name+"/"+c.Role)
		if c.Kind == Author && g.AuthorOrg != "" {
			eq("organization", c.Organization, g.AuthorOrg)
		}
	}
	for _, c := range g.Byline {
		want = append(want, c.Name+"/"+c.Role)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: byline %v, want %v", title, got, want)
	}
}

// TestTrainTitles reads the training pages, whose first line is the headline or
// the name of a column, without the marks of entities in them.
func TestTrainTitles(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(sharedDir(t), "gold", "train", "*.txt"))
	if len(files) == 0 {
		t.Skip("no training pages")
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		page := unmarked(string(raw))
		first, _, _ := strings.Cut(strings.TrimSpace(page), "\n")
		as := readBytes(t, filepath.Base(name), []byte(page))
		if len(as) == 0 {
			t.Errorf("%s: no article", filepath.Base(name))
			continue
		}
		for _, a := range as {
			checkExact(t, a, []byte(page))
		}
		if a := as[0]; a.Title != first && a.Kicker != first {
			t.Errorf("%s: title %q, kicker %q, want %q", filepath.Base(name), a.Title, a.Kicker, first)
		}
	}
}

// unmarked takes ⟦…|type⟧ out of a training page.
func unmarked(s string) string {
	var b strings.Builder
	for s != "" {
		open := strings.Index(s, "⟦")
		if open < 0 {
			break
		}
		b.WriteString(s[:open])
		s = s[open+len("⟦"):]
		bar, end := strings.Index(s, "|"), strings.Index(s, "⟧")
		b.WriteString(s[:bar])
		s = s[end+len("⟧"):]
	}
	return b.String() + s
}
