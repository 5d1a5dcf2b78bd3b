package standard

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"testing/fstest"

	"longmai/corpus"
	"longmai/corpus/sample"
	"longmai/pipeline"
	"longmai/pipeline/entity"
	"longmai/pipeline/entity/tagger"
)

func TestVersionsAreNamed(t *testing.T) {
	v := Versions()
	want := []string{"dictionary", "entities", "figures", "model", "schema", "times"}
	if got := slices.Sorted(maps.Keys(v)); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for k, s := range v {
		if s == "" {
			t.Errorf("%s has no version", k)
		}
	}
}

// TestVersionsOfOptions: what changes the annotations changes a version.
func TestVersionsOfOptions(t *testing.T) {
	m, err := tagger.Default()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for name, o := range map[string]Options{
		"fast":         {},
		"tagger":       {Entities: entity.Options{Tagger: m}},
		"own tables":   {Rules: fstest.MapFS{"units.tsv": {Data: []byte("# none\n")}}},
		"other tables": {Rules: fstest.MapFS{"units.tsv": {Data: []byte("# other\n")}}},
		"other names":  {Rules: fstest.MapFS{"traps.tsv": {Data: []byte("# none\n")}}},
	} {
		v, err := o.Versions()
		if err != nil {
			t.Fatal(err)
		}
		key := fmt.Sprint(v)
		if seen[key] != "" {
			t.Errorf("%s has the versions of %s: %v", name, seen[key], v)
		}
		seen[key] = name
	}
	if v, _ := (Options{Entities: entity.Options{Tagger: m}}).Versions(); !maps.Equal(v, Versions()) {
		t.Errorf("with the model that ships %v, want %v", v, Versions())
	}
}

// results annotates the demo pages and returns the documents as lines.
func results(t *testing.T, workers int, o Options) []string {
	t.Helper()
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, sample.Articles()); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	var out []string
	for d, err := range p.Run(context.Background(), workers, corpus.Read(context.Background(), corpus.Options{}, ".")) {
		if err != nil {
			t.Fatal(err)
		}
		check(t, d)
		line, err := pipeline.Marshal(d, pipeline.Public)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(line))
	}
	return out
}

// check holds what every document must: layers sorted and inside the text,
// figures inside their sentence, nothing mined in the apparatus.
func check(t *testing.T, d *pipeline.Document) {
	t.Helper()
	inside := func(what string, s pipeline.Span) {
		if s.Start < 0 || s.End > len(d.Body()) || s.Empty() {
			t.Errorf("%s: %s at %v, the text has %d bytes", d.Title, what, s, len(d.Body()))
		}
	}
	last := -1
	for _, f := range d.Figures {
		inside("figure", f.Span)
		if f.Start < last {
			t.Errorf("%s: figures out of order at %d", d.Title, f.Start)
		}
		last = f.Start
		if !f.Sentence.Contains(f.Span) {
			t.Errorf("%s: figure %q outside its sentence %q", d.Title, d.Surface(f.Span), d.Surface(f.Sentence))
		}
		if f.Rule == "" || f.Kind == "" || f.Form == "" || f.Category == "" {
			t.Errorf("%s: figure %q lacks rule, kind, form or category: %+v", d.Title, d.Surface(f.Span), f)
		}
		if d.InApparatus(f.Span) {
			t.Errorf("%s: figure %q in the apparatus", d.Title, d.Surface(f.Span))
		}
	}
	last = -1
	for _, e := range d.Entities {
		inside("entity", e.Span)
		if e.Start < last {
			t.Errorf("%s: entities overlap at %d", d.Title, e.Start)
		}
		if e.Type != pipeline.Industry && e.Type != pipeline.Resource {
			last = e.End
		}
		if e.Rule == "" || e.Name == "" || e.Confidence <= 0 || e.Confidence > 1 {
			t.Errorf("%s: entity %q lacks rule, name or confidence: %+v", d.Title, d.Surface(e.Span), e)
		}
		if d.InApparatus(e.Span) {
			t.Errorf("%s: entity %q in the apparatus", d.Title, d.Surface(e.Span))
		}
	}
}

func TestResultsDoNotDependOnTheWorkers(t *testing.T) {
	model, err := tagger.Default()
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Entities: entity.Options{Tagger: model}}
	one, four := results(t, 1, o), results(t, 4, o)
	if len(one) < 30 {
		t.Fatalf("only %d demo articles", len(one))
	}
	if !reflect.DeepEqual(one, four) {
		t.Error("one and four workers give different results")
	}
}

// TestStoredFormLosesNothing takes every demo article through the stored form.
func TestStoredFormLosesNothing(t *testing.T) {
	for _, line := range results(t, 2, Options{}) {
		d, err := pipeline.Unmarshal([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		again, err := pipeline.Marshal(d, pipeline.Public)
		if err != nil {
			t.Fatal(err)
		}
		var a, b any
		json.Unmarshal([]byte(line), &a)
		json.Unmarshal(again, &b)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("changed:\n%s\n%s", line, again)
		}
	}
}

// BenchmarkLine measures the whole line on the demo pages, article by article.
func BenchmarkLine(b *testing.B) {
	model, err := tagger.Default()
	if err != nil {
		b.Fatal(err)
	}
	for name, o := range map[string]Options{"full": {Entities: entity.Options{Tagger: model}}, "fast": {}} {
		b.Run(name, func(b *testing.B) {
			p, err := New(o)
			if err != nil {
				b.Fatal(err)
			}
			dir := b.TempDir()
			if err := os.CopyFS(dir, sample.Articles()); err != nil {
				b.Fatal(err)
			}
			var articles []*corpus.Article
			bytes := 0
			for a, err := range corpus.Read(b.Context(), corpus.Options{}, filepath.Clean(dir)) {
				if err != nil {
					b.Fatal(err)
				}
				articles = append(articles, a)
				bytes += a.Text.Len()
			}
			b.SetBytes(int64(bytes))
			b.ReportAllocs()
			for b.Loop() {
				for _, a := range articles {
					if _, err := p.Annotate(a); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
