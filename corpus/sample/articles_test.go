package sample

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestArticles(t *testing.T) {
	x, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`^gsrb-(20\d\d-\d\d-\d\d)-[a-z-]+\.(txt|md)$`)
	var all strings.Builder
	files, years := 0, map[string]bool{}
	pages := fs.FS(Articles())
	err = fs.WalkDir(pages, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		m := name.FindStringSubmatch(path)
		if m == nil {
			t.Fatalf("%s has not the form gsrb-2019-06-12-topic.txt", path)
		}
		if _, err := time.Parse(time.DateOnly, m[1]); err != nil {
			t.Error(err)
		}
		years[m[1][:4]] = true
		b, err := fs.ReadFile(pages, path)
		if err != nil {
			return err
		}
		text := string(b)
		if n := utf8.RuneCountInString(text); !utf8.ValidString(text) || n < 300 || n > 1000 {
			t.Errorf("%s: %d characters, want 300 to 1000 of valid UTF-8", path, n)
		}
		if !strings.Contains(text, "记者") {
			t.Errorf("%s has no byline", path)
		}
		all.WriteString(text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 32 || len(years) != 11 {
		t.Errorf("%d files of %d years, want 32 of 2015 to 2025", files, len(years))
	}
	for _, c := range x.cities {
		if strings.Count(all.String(), c.short) < 3 {
			t.Errorf("%s is hardly there", c.name)
		}
	}
}
