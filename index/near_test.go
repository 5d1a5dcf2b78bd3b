package index

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"longmai/corpus"
	"longmai/corpus/sample"
	"longmai/pipeline"
	"longmai/pipeline/segment"
)

// nearDocs are generated articles of which a third repeat earlier ones.
func nearDocs(n int) (docs []*pipeline.Document, truth map[string]string) {
	truth = map[string]string{}
	for a := range sample.StreamNear(11, n, 0.35) {
		docs = append(docs, sampled(a, segment.Auto()))
	}
	near := corpus.Near{}
	for _, d := range docs {
		near.Add(corpus.SketchOf(d.Article))
	}
	for id, r := range near.Clusters() {
		truth[id] = r.Cluster + " " + r.Role
	}
	return docs, truth
}

// related returns what the documents of l say about their cluster.
func related(t *testing.T, l *Library) map[string]string {
	t.Helper()
	out := map[string]string{}
	for d, err := range l.Export(context.Background(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if r := d.Reprint; r != nil {
			out[d.ID] = r.Cluster + " " + r.Role
		}
	}
	return out
}

// TestClustersGrow builds in three goes what one go builds, and drops an input.
func TestClustersGrow(t *testing.T) {
	docs, truth := nearDocs(240)
	if len(truth) < 60 {
		t.Fatalf("only %d articles in clusters", len(truth))
	}
	l := libraryOf(t, WriterOptions{}, stream(docs[:100]))
	write(t, l, docs[100:101])
	write(t, l, docs[101:])
	kept := map[string]bool{}
	for _, id := range ids(t, l, nil) {
		kept[id] = true
	}
	for id := range truth { // exact copies with other ids are locations, not members
		if !kept[id] {
			delete(truth, id)
		}
	}
	got := related(t, l)
	members := map[string]int{} // of each cluster, by its first
	for _, want := range truth {
		first, _, _ := strings.Cut(want, " ")
		members[first]++
	}
	right, wanted := 0, 0
	for id, want := range truth {
		first, _, _ := strings.Cut(want, " ")
		if !kept[first] || members[first] < 2 {
			continue
		}
		wanted++
		switch got[id] {
		case want:
			right++
		case "":
		default:
			t.Errorf("%s: %q, want %q", id, got[id], want)
		}
	}
	if right*100 < wanted*95 {
		t.Errorf("%d of %d articles are in their cluster, want 95 of 100", right, wanted)
	}
	for id := range got {
		if _, ok := truth[id]; !ok {
			t.Errorf("%s is in a cluster, %q, and a reprint of nothing", id, got[id])
		}
	}
	if once := related(t, libraryOf(t, WriterOptions{}, stream(docs))); !reflect.DeepEqual(got, once) {
		t.Errorf("in three builds: %d in clusters, in one %d", len(got), len(once))
		for id := range once {
			if got[id] != once[id] {
				t.Errorf("%s: %q in three builds, %q in one", id, got[id], once[id])
			}
		}
	}
	checkClean(t, l)

	os.Remove(filepath.Join(versionDir(l.Dir(), l.Manifest().Version), sketchesFile)) // a cache
	w, err := l.Writer(WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w.changed = true
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if again := related(t, l); !reflect.DeepEqual(got, again) {
		t.Errorf("from stored articles: %d in clusters, want %d", len(again), len(got))
	}
	if _, err := Reindex(context.Background(), l.Dir(), WriterOptions{}, func(d *pipeline.Document) (*pipeline.Document, error) { return d, nil }); err != nil {
		t.Fatal(err)
	}
	if err := l.Refresh(); err != nil {
		t.Fatal(err)
	}
	if again := related(t, l); !reflect.DeepEqual(got, again) {
		t.Errorf("reindexed: %d in clusters, want %d", len(again), len(got))
	}
}

func TestCollapse(t *testing.T) {
	docs, _ := nearDocs(240)
	l := libraryOf(t, WriterOptions{BatchBytes: 40 << 10}, stream(docs))
	ctx := context.Background()
	cluster := func(d *pipeline.Document) string {
		if d.Reprint != nil {
			return d.Reprint.Cluster
		}
		return d.ID
	}
	for _, s := range []string{"", "农业", "地点:甘肃", `"的"`, "date:2021..2023"} {
		all, err := l.Search(ctx, Request{Query: parse(t, s), Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		groups := map[string][]*pipeline.Document{}
		for _, h := range all.Hits {
			groups[cluster(h.Doc)] = append(groups[cluster(h.Doc)], h.Doc)
		}
		var got []string
		shown, after := 0, ""
		for {
			res, err := l.Search(ctx, Request{Query: parse(t, s), Limit: 7, After: after, Collapse: true, Facets: []FacetRequest{{Field: "year", Limit: -1}}})
			if err != nil {
				t.Fatal(err)
			}
			if res.Total != all.Total || res.Total-res.Collapsed != len(groups) {
				t.Fatalf("%q: total %d, collapsed %d; want %d in %d clusters", s, res.Total, res.Collapsed, all.Total, len(groups))
			}
			counted := 0
			for _, v := range res.Facets[0].Values {
				counted += v.Count
			}
			if counted != len(groups) {
				t.Fatalf("%q: facets count %d of %d", s, counted, len(groups))
			}
			for _, h := range res.Hits {
				got = append(got, cluster(h.Doc))
				shown += 1 + len(h.Reprints)
				if n := len(groups[cluster(h.Doc)]); n != 1+len(h.Reprints) {
					t.Errorf("%q: %s stands for %d, want %d", s, h.Doc.ID, len(h.Reprints), n-1)
				}
				for _, o := range groups[cluster(h.Doc)] {
					if o.Reprint != nil && o.Reprint.Role == "first" && o.ID != h.Doc.ID {
						t.Errorf("%q: %s is shown in place of its first print", s, h.Doc.ID)
					}
				}
			}
			if after = res.Next; after == "" {
				break
			}
		}
		slices.Sort(got)
		if len(slices.Compact(got)) != len(groups) || shown != all.Total {
			t.Errorf("%q: %d clusters and %d articles shown, want %d and %d", s, len(got), shown, len(groups), all.Total)
		}
	}
}

func TestLocations(t *testing.T) {
	long := strings.Repeat("甘肃省今年风电装机容量继续增长，", 5)
	article := func(id, text string) *pipeline.Document {
		return testArticle{id: id, day: "2024-05-06", text: text}.document()
	}
	a, b := article("a1", "# 风电\n"+long), article("b1", "# 光伏\n"+long)
	spaced := article("a2", "# 风 电\n"+long) // the text of a1 with white space: another id
	l := libraryOf(t, WriterOptions{}, stream([]*pipeline.Document{from(a, "p/a", "1"), from(b, "p/b", "2")}))
	places := func(id string) string {
		t.Helper()
		d, err := l.Document(id)
		if err != nil {
			return "gone"
		}
		s := d.Source.Path
		for _, o := range d.Locations {
			s += " " + o.Path
		}
		return s
	}
	expect := func(what, id, want string) {
		t.Helper()
		if got := places(id); got != want {
			t.Errorf("%s: %s is in %s, want %s", what, id, got, want)
		}
	}
	rep := write(t, l, []*pipeline.Document{from(a, "q/a", "1"), from(spaced, "q/s", "3")})
	if rep.Duplicates != 2 || rep.Added != 0 {
		t.Errorf("copies: %+v", rep)
	}
	expect("copies of a later build", "a1", "p/a q/a q/s")
	expect("no copy", "b1", "p/b")
	if rep = write(t, l, []*pipeline.Document{from(a, "q/a", "1")}); rep.Unchanged != 1 {
		t.Errorf("the copy again: %+v", rep)
	}
	drop := func(inputs ...string) {
		t.Helper()
		w, err := l.Writer(WriterOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Drop(context.Background(), inputs...); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		checkClean(t, l)
	}
	if _, err := Reindex(context.Background(), l.Dir(), WriterOptions{}, func(d *pipeline.Document) (*pipeline.Document, error) { return d, nil }); err != nil {
		t.Fatal(err)
	}
	if err := l.Refresh(); err != nil {
		t.Fatal(err)
	}
	expect("reindexed", "a1", "p/a q/a q/s")
	drop("p/a")
	expect("the first file is gone", "a1", "q/a q/s")
	drop("q/a")
	expect("the copy with the same bytes is gone", "a1", "gone")
	w, err := l.Writer(WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if w.Has(&corpus.Article{Source: corpus.Source{Path: "q/s", SHA256: "3"}}) || !w.Has(&corpus.Article{Source: corpus.Source{Path: "p/b", SHA256: "2"}}) {
		t.Error("the other copy has to be read again, and nothing else")
	}
	w.Close()
	write(t, l, []*pipeline.Document{from(spaced, "q/s", "3")})
	expect("read again", "a2", "q/s")
	write(t, l, []*pipeline.Document{from(b, "q/b", "2")})
	drop("q/b")
	expect("the file of a copy is gone", "b1", "p/b")
	// An input that changes only in its white space keeps its article.
	rep = write(t, l, []*pipeline.Document{from(a, "q/s", "4")})
	if rep.Added != 1 || rep.Dropped != 1 || places("a1") != "q/s" {
		t.Errorf("changed white space: %+v, %s", rep, places("a1"))
	}
	checkClean(t, l)
}

func TestLinesAreFound(t *testing.T) {
	var lines strings.Builder
	for i := range 100 {
		fmt.Fprintf(&lines, "id%03d\tvalue %d\n", 2*i, i)
	}
	for i := range 201 {
		got, ok := lineOf(lines.String(), fmt.Sprintf("id%03d", i))
		if want := fmt.Sprintf("value %d", i/2); ok != (i%2 == 0 && i < 200) || ok && got != want {
			t.Errorf("%d: %q %v", i, got, ok)
		}
	}
	if _, ok := lineOf("", "x"); ok {
		t.Error("found in nothing")
	}
}
