package batch

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"longmai/corpus"
	"longmai/pipeline"

	"github.com/shopspring/decimal"
)

func document(id string) *pipeline.Document {
	text := "风电\n装机超1840万千瓦。"
	at := func(s string) pipeline.Span {
		i := strings.Index(text, s)
		return pipeline.Span{Start: i, End: i + len(s)}
	}
	return &pipeline.Document{
		Article:   &corpus.Article{ID: id, Title: "风电", Source: corpus.Source{Path: id + ".txt"}, Text: corpus.CopiedText(text, 0)},
		Sentences: []pipeline.Span{at("风电"), at("装机超1840万千瓦。")},
		Figures: []pipeline.Figure{{Span: at("1840万千瓦"), Kind: pipeline.Quantity, Form: pipeline.Gt, Value: pipeline.NullDecimal(decimal.New(1840, 4)),
			Unit: "kW", Marks: []pipeline.Mark{{Span: at("超"), Sense: "gt"}}, Metric: &pipeline.Phrase{Name: "装机"}, Sentence: at("装机超1840万千瓦。"), Rule: "quantity"}},
		Entities: []pipeline.Entity{{Span: at("风电"), Type: pipeline.Industry, Name: "风电", Confidence: 1}},
	}
}

func documents(end error) iter.Seq2[*pipeline.Document, error] {
	return func(yield func(*pipeline.Document, error) bool) {
		rejection := &corpus.Rejection{Source: corpus.Source{Path: "b.pdf"}, Place: "page 3", Class: corpus.ClassScanned, Err: errors.New("scanned page, no text layer"), Hint: "run OCR first"}
		failure := &pipeline.ArticleError{Article: &corpus.Article{ID: "x", Source: corpus.Source{Path: "c.txt"}}, Stage: "figures", Err: errors.New("panic: boom\nstack")}
		_ = yield(document("a"), nil) && yield(nil, rejection) && yield(nil, failure) && yield(document("d"), nil) && (end == nil || yield(nil, end))
	}
}

func TestRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	each := 0
	sum, err := Run(context.Background(), dir, documents(nil), Options{Versions: map[string]string{"rules": "1"}, OnEach: func(Summary) { each++ }})
	if err != nil {
		t.Fatal(err)
	}
	if want := (Summary{Articles: 2, Characters: 28, Figures: 2, Entities: 2, Undated: 2, Rejected: 2}); sum != want || each != 4 {
		t.Errorf("got %+v and %d calls, want %+v and 4", sum, each, want)
	}
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for name, want := range map[string]int{"articles.jsonl": 2, "figures.jsonl": 2, "entities.jsonl": 2, "rejected.jsonl": 2} {
		if got := strings.Count(read(name), "\n"); got != want {
			t.Errorf("%s has %d lines, want %d", name, got, want)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(read("figures.csv"))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("figures.csv: %d rows, %v", len(rows), err)
	}
	if got := strings.Join(rows[1], ","); !strings.Contains(got, "装机,1840万千瓦,18400000,") || !strings.Contains(got, "装机超1840万千瓦。,a,6,13,a.txt,,quantity") {
		t.Errorf("row %s", got)
	}
	var m Manifest
	if err := json.Unmarshal([]byte(read("manifest.json")), &m); err != nil {
		t.Fatal(err)
	}
	if !m.Complete || m.Summary != sum || m.Classes["scanned"] != 1 || m.Classes["stage"] != 1 || m.Versions["rules"] != "1" {
		t.Errorf("manifest %+v", m)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.partial")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}

	if _, err := Run(context.Background(), dir, documents(nil), Options{}); !errors.Is(err, ErrExists) {
		t.Errorf("a second run gives %v", err)
	}
	if _, err := Run(context.Background(), dir, documents(nil), Options{Force: true}); err != nil {
		t.Errorf("a forced run gives %v", err)
	}
}

func TestRunThatEndsEarlyKeepsItsWork(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	for name, run := range map[string]func(dir string) error{
		"error": func(dir string) error {
			_, err := Run(context.Background(), dir, documents(fmt.Errorf("disk on fire")), Options{})
			return err
		},
		"cancel": func(dir string) error {
			_, err := Run(ctx, dir, documents(nil), Options{OnEach: func(s Summary) {
				if s.Articles == 2 {
					cancel()
				}
			}})
			return err
		},
	} {
		dir := t.TempDir()
		if err := run(dir); err == nil {
			t.Errorf("%s: no error", name)
		}
		b, err := os.ReadFile(filepath.Join(dir, "articles.jsonl.partial"))
		if err != nil || strings.Count(string(b), "\n") != 2 {
			t.Errorf("%s: partial file %q, %v", name, b, err)
		}
		if _, err := os.Stat(filepath.Join(dir, "manifest.json")); err == nil {
			t.Errorf("%s: an incomplete run has a manifest", name)
		}
	}
}

func TestPick(t *testing.T) {
	columns, cut := Pick(FigureColumns, FigureGlance)
	if len(columns) != len(FigureGlance) {
		t.Fatalf("%d of %d columns found", len(columns), len(FigureGlance))
	}
	row := cut((&Sheet{}).FigureRow(document("a"), &document("a").Figures[0]))
	if strings.Join(row, "|") != "||装机|1840万千瓦|18400000|kW||装机超1840万千瓦。" {
		t.Errorf("got %q", row)
	}
}
