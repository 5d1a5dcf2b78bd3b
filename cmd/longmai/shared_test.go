package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sharedDir returns the folder of gold pages, which the repository builds and
// passes without: LONGMAI_SHARED names it, else it lies beside the repository.
func sharedDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("LONGMAI_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	if _, err := os.Stat(filepath.Join(dir, "gold")); err != nil {
		t.Skip("no gold pages: set LONGMAI_SHARED to their folder to run this test")
	}
	return dir
}

// longmai runs the program and returns what it printed.
func longmai(t *testing.T, args ...string) string {
	t.Helper()
	var out, errw bytes.Buffer
	if code := run(append([]string{"longmai"}, args...), strings.NewReader(""), &out, &errw); code != exitDone {
		t.Fatalf("longmai %s: status %d\n%s", strings.Join(args, " "), code, errw.String())
	}
	return out.String()
}

type found struct {
	Total int
	Hits  []struct {
		Title   string
		Figures []struct{ Surface, Value string }
	}
	Facets []struct {
		Field  string
		Values []struct {
			Name  string
			Count int
		}
		Missing int
	}
}

// TestRealPage searches the one real page: three articles of one day.
func TestRealPage(t *testing.T) {
	page := filepath.Join(sharedDir(t), "gold", "gsrb-2024-10-28-industry-transfer.txt")
	lib := filepath.Join(t.TempDir(), "lib")
	longmai(t, "build", "-q", "--library", lib, page)
	search := func(q string, facets ...string) (f found) {
		t.Helper()
		args := []string{"search", "--library", lib, "--format", "json", "--facet-limit", "1000"}
		for _, name := range facets {
			args = append(args, "--facet", name)
		}
		if err := json.Unmarshal([]byte(longmai(t, append(args, q)...)), &f); err != nil {
			t.Fatal(err)
		}
		return f
	}

	f := search("签约额:>=1000亿元")
	if f.Total != 1 || f.Hits[0].Title != "谋发展大计 创合作共赢" || len(f.Hits[0].Figures) != 1 || f.Hits[0].Figures[0].Surface != "3062亿元" || f.Hits[0].Figures[0].Value != "306200000000" {
		t.Errorf("签约额:>=1000亿元 finds %+v", f)
	}
	if f := search(`"找准关键核心技术和零部件薄弱环节,合力攻关,着力打造"`); !slices.ContainsFunc(f.Hits, func(h struct {
		Title   string
		Figures []struct{ Surface, Value string }
	}) bool {
		return h.Title == "谋发展大计 创合作共赢"
	}) {
		t.Errorf("a string over the column break finds %+v", f)
	}
	a, b := search("地点:酒泉"), search("place:酒泉市")
	if a.Total == 0 || a.Total != b.Total || a.Hits[0].Title != b.Hits[0].Title {
		t.Errorf("地点:酒泉 finds %+v, place:酒泉市 finds %+v", a, b)
	}

	// Facets add up to what a scan of the output says.
	type article struct {
		Date     string
		Entities []struct{ Type, Name string }
		Figures  []struct{ Category, Unit string }
	}
	want := map[string]map[string]int{"year": {}, "category": {}, "unit": {}, "person": {}, "org": {}}
	for line := range strings.Lines(longmai(t, "extract", "-q", page)) {
		var d article
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		add := func(facet, value string) {
			if value != "" && !seen[facet+value] {
				seen[facet+value] = true
				want[facet][value]++
			}
		}
		add("year", d.Date[:4])
		for _, f := range d.Figures {
			add("category", f.Category)
			add("unit", f.Unit)
		}
		for _, e := range d.Entities {
			switch e.Type {
			case "person":
				add("person", e.Name)
			case "organization":
				add("org", e.Name)
			}
		}
	}
	for _, facet := range search("*", "year", "category", "unit", "person", "org").Facets {
		got := map[string]int{}
		for _, v := range facet.Values {
			got[v.Name] = v.Count
		}
		for v, n := range want[facet.Field] {
			if got[v] != n {
				t.Errorf("facet %s: %s has %d, a scan says %d", facet.Field, v, got[v], n)
			}
		}
		if len(got) != len(want[facet.Field]) {
			t.Errorf("facet %s has %d values, a scan says %d", facet.Field, len(got), len(want[facet.Field]))
		}
	}
}
