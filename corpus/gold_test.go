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
				checkText(t, a, raw)
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

// checkText proves that blocks tile the text and that every span of the text
// leads back to the bytes of the source raw, in UTF-8.
func checkText(t testing.TB, a *Article, raw []byte) {
	t.Helper()
	s := a.Text.String()
	at := 0
	for i, b := range a.Blocks {
		if i > 0 {
			if at >= len(s) || s[at] != '\n' {
				t.Fatalf("%s: no line end between blocks %d and %d", a.Title, i-1, i)
			}
			at++
		}
		if b.Span.Start != at || b.Span.End <= at || strings.Contains(s[b.Span.Start:b.Span.End], "\n") {
			t.Fatalf("%s: block %d at %v, want it to start at %d", a.Title, i, b.Span, at)
		}
		at = b.Span.End
	}
	if at != len(s) {
		t.Fatalf("%s: blocks end at %d, text at %d", a.Title, at, len(s))
	}
	for i := 0; i < len(s); {
		n := len(firstChar(s[i:]))
		o, ok := a.Text.Origin(Span{Start: i, End: i + n})
		if ok && o.End-o.Start == int64(n) && raw != nil && string(raw[o.Start:o.End]) != s[i:i+n] && a.Source.Encoding == UTF8 {
			if src := string(raw[o.Start:o.End]); src != " " && s[i:i+n] != " " && s[i:i+n] != "〓" {
				t.Fatalf("%s: text %q at %d has origin %q", a.Title, s[i:i+n], i, src)
			}
		}
		if !ok && s[i] != '\n' {
			t.Fatalf("%s: text %q at %d has no origin", a.Title, s[i:i+n], i)
		}
		i += n
	}
	for _, c := range a.Byline {
		if !c.Span.Empty() && tight(a.Text.At(c.Span)) != c.Name {
			t.Errorf("%s: credit %s stands at %q", a.Title, c.Name, a.Text.At(c.Span))
		}
	}
	for i, p := range a.Apparatus {
		if p.Empty() || p.End > len(s) || i > 0 && a.Apparatus[i-1].Start > p.Start {
			t.Errorf("%s: apparatus %v", a.Title, a.Apparatus)
		}
	}
}

func firstChar(s string) string { return s[:max(1, runeLen(s))] }
