package index

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"longmai/pipeline"
)

// TestOlderLayout annotates a library anew whose stored types were others: the
// program that wrote it knew a field that is gone, and did not know another.
// The layers are made anew; the article is what it was.
func TestOlderLayout(t *testing.T) {
	l := libraryOf(t, WriterOptions{}, stream(killDocs()))
	want := map[string]*pipeline.Document{}
	for _, id := range ids(t, l, parse(t, "")) {
		d, err := l.Document(id)
		if err != nil {
			t.Fatal(err)
		}
		want[id] = d
	}
	m := l.Manifest()
	// Article.Paper was called Journal then, and Time had another name for its rule.
	m.Stored = strings.NewReplacer("Paper:string,", "Journal:string,", "Rule:string", "Law:string").Replace(m.Stored)
	m.Layout = "older"
	if err := writeManifest(l.Dir(), m); err != nil {
		t.Fatal(err)
	}
	_, err := Open(l.Dir())
	if v, ok := err.(*VersionError); !ok || v.What != "layout" || !v.Readable {
		t.Fatalf("opened a library of another layout: %v", err)
	}
	if _, err := Reindex(context.Background(), l.Dir(), WriterOptions{}, func(d *pipeline.Document) (*pipeline.Document, error) { return d, nil }); err != nil {
		t.Fatal(err)
	}
	if err := l.Refresh(); err != nil {
		t.Fatal(err)
	}
	for id, d := range want {
		got, err := l.Document(id)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Article.Blocks, d.Article.Blocks) || got.Paper != "" || got.Title != d.Title || got.Source != d.Source || got.Date != d.Date || got.Body() != d.Body() {
			t.Fatalf("%s came back as another document", id)
		}
	}
	checkClean(t, l)
}

func TestUnreadableLayout(t *testing.T) {
	l := libraryOf(t, WriterOptions{}, stream(killDocs()[:3]))
	for _, stored := range []string{"", "0;int", storedForm() + "x", strings.TrimSuffix(storedForm(), "}"), strings.Replace(storedForm(), "string", "strong", 1)} {
		m := l.Manifest()
		m.Layout, m.Stored = "other", stored
		if err := writeManifest(l.Dir(), m); err != nil {
			t.Fatal(err)
		}
		_, err := Reindex(context.Background(), l.Dir(), WriterOptions{}, nil)
		if v, ok := err.(*VersionError); !ok || v.Readable {
			t.Errorf("form %q: %v", stored, err)
		}
	}
	if _, err := os.Stat(filepath.Join(l.Dir(), "reindex")); err == nil {
		t.Error("reindex left its folder")
	}
}

// Two programs' ideas of the same record.
type (
	recordThen struct {
		Span pipeline.Span
		Name string
		Gone []recordGone
		Kept *recordKept
		Kind int
		More map[string]string
	}
	recordNow struct {
		New  string
		More map[string]string
		Kept *recordSince
		Name string
		Kind string
		Span pipeline.Span
	}
	recordGone  struct{ A, B int }
	recordKept  struct{ X, Y string }
	recordSince struct{ Y, Z string }
)

func TestFieldsAreReadByName(t *testing.T) {
	text := "风能可开发量"
	then := []recordThen{{Span: pipeline.Span{Start: 0, End: 6}, Name: "风能", Gone: []recordGone{{1, 2}, {3, 4}}, Kept: &recordKept{"x", "y"}, Kind: 7, More: map[string]string{"a": "b"}}, {Name: "二"}}
	want := []recordNow{{Span: then[0].Span, Name: "风能", Kept: &recordSince{Y: "y"}, More: map[string]string{"a": "b"}}, {Name: "二"}}
	e := encoder{text: text}
	coderOf(reflect.TypeOf(then)).encode(&e, reflect.ValueOf(&then).UnsafePointer())
	r := formReader{s: describe(reflect.TypeOf(then), map[reflect.Type]bool{}), structs: map[string]*described{}}
	form := r.read()
	var got []recordNow
	d := decoder{b: e.b, text: text}
	form.decoder(reflect.TypeOf(got)).decode(&d, reflect.ValueOf(&got).UnsafePointer())
	if !reflect.DeepEqual(got, want) || len(d.b) > 0 {
		t.Errorf("got %+v, want %+v; %d bytes left", got, want, len(d.b))
	}
}

// The names of the stored types have to be different: the description knows no packages.
func TestStoredTypesHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[reflect.Type]bool{}
	for _, s := range storedTypes {
		describe(s, seen)
	}
	names := map[string]reflect.Type{}
	for s := range seen {
		if o := names[s.Name()]; o != nil || s.Name() == "" {
			t.Errorf("%v and %v are both %q", s, o, s.Name())
		}
		names[s.Name()] = s
	}
}
