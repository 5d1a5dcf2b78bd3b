package index

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"longmai/corpus/sample"
	"longmai/index/query"
	"longmai/pipeline"
	"longmai/pipeline/segment"
)

// shared returns the folder of material that is not part of the repository.
func shared(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("LONGMAI_SHARED")
	for up := "../"; dir == "" && len(up) < 20; up += "../" {
		if _, err := os.Stat(up + "shared/gold"); err == nil {
			dir = up + "shared"
		}
	}
	if dir == "" {
		t.Skip("no shared material: set LONGMAI_SHARED")
	}
	return dir
}

// realDocuments are the pages of real newspapers, each line a block.
func realDocuments(t *testing.T) []*pipeline.Document {
	names, _ := filepath.Glob(filepath.Join(shared(t), "gold", "*.txt"))
	more, _ := filepath.Glob(filepath.Join(shared(t), "gold", "train", "*.txt"))
	var out []*pipeline.Document
	for _, n := range append(names, more...) {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.NewReplacer("{", "（", "[", "（").Replace(strings.TrimSpace(string(b)))
		out = append(out, testArticle{id: filepath.Base(n), text: text}.document())
	}
	return out
}

// TestEveryRealSubstringIsFound does on real pages and on generated ones what
// TestEverySubstringIsFound does on random text: the hits of a quoted string
// are exactly the articles that hold it.
func TestEveryRealSubstringIsFound(t *testing.T) {
	docs := realDocuments(t)
	for a := range sample.Stream(3, 100) {
		docs = append(docs, sampled(a, segment.Auto()))
	}
	l := libraryOf(t, WriterOptions{BatchBytes: 50 << 10}, stream(docs))
	r := rand.New(rand.NewPCG(5, 6))
	for range 700 {
		d := docs[r.IntN(len(docs))]
		runes := []rune(d.Surface(d.Sentences[r.IntN(len(d.Sentences))]))
		if len(runes) < 2 {
			continue
		}
		i := r.IntN(len(runes) - 1)
		text := string(runes[i : i+2+r.IntN(min(len(runes)-i-1, 14))])
		f := fold(text)
		if f == "" {
			continue
		}
		var want []string
		for _, d := range docs {
			if strings.Contains(fold(d.Body()), f) {
				want = append(want, d.ID)
			}
		}
		slices.Sort(want)
		if got := ids(t, l, query.Text{Form: query.Phrase, Text: text}); !slices.Equal(got, want) || !slices.Contains(got, d.ID) {
			t.Errorf("%q of %s: got %v, want %v", text, d.ID, got, want)
		}
	}
}

// TestIndexAgreesWithOracleOnArticles asks generated articles about themselves.
func TestIndexAgreesWithOracleOnArticles(t *testing.T) {
	var docs []*pipeline.Document
	for a := range sample.Stream(9, 150) {
		docs = append(docs, sampled(a, segment.Auto()))
	}
	l := libraryOf(t, WriterOptions{BatchBytes: 100 << 10}, stream(docs))
	m := maker{rand.New(rand.NewPCG(4, 4))}
	empty := 0
	for range 250 {
		q := aboutArticle(m, pick(m, docs))
		matches := Matcher(usual(t, l, q))
		var want []string
		for _, d := range docs {
			if matches(d) {
				want = append(want, d.ID)
			}
		}
		slices.Sort(want)
		if got := ids(t, l, q); !slices.Equal(got, want) {
			t.Errorf("%s: only in the index %v, only in the oracle %v", q, minus(got, want), minus(want, got))
		}
		if len(want) == 0 {
			empty++
		}
		if back, err := Parse(q.String()); err != nil || back.String() != q.String() {
			t.Errorf("%s: read back as %v, %v", q, back, err)
		}
	}
	if empty > 60 {
		t.Errorf("%d of 250 queries find nothing: they test little", empty)
	}
}

// aboutArticle makes a query that d most often answers.
func aboutArticle(m maker, d *pipeline.Document) query.Query {
	leaf := func() query.Query {
		switch k := m.IntN(6); {
		case k == 0 && len(d.Entities) > 0:
			e := pick(m, d.Entities)
			return query.Name{Field: entityField(e.Type), Text: pick(m, []string{e.Name, d.Surface(e.Span)}), Exact: m.IntN(4) == 0 && e.Type == pipeline.Place}
		case k <= 2 && len(d.Figures) > 0:
			return aboutFigure(m, pick(m, d.Figures))
		case k == 3:
			return query.Date{From: d.Date.String()[:8] + "01", To: d.Date.String()}
		}
		for {
			t := pick(m, d.Tokens)
			if s := d.Surface(t.Span); len(cutWords(s)) == 1 && !strings.ContainsAny(s, "\\") {
				return query.Text{Text: s}
			}
		}
	}
	switch m.IntN(4) {
	case 0:
		return leaf()
	case 1:
		return query.Or{Of: []query.Query{leaf(), leaf()}}
	case 2:
		return query.And{Of: []query.Query{leaf(), query.Not{Of: leaf()}}}
	}
	return query.And{Of: []query.Query{leaf(), leaf()}}
}

func aboutFigure(m maker, f pipeline.Figure) query.Query {
	out := query.Figure{}
	if f.Metric != nil && f.Metric.Name != "" {
		out.Of = append(out.Of, query.Condition{Key: "metric", Text: f.Metric.Name})
	} else {
		out.Of = append(out.Of, query.Condition{Key: "category", Text: f.Category})
	}
	if v := f.Value; v.Valid && m.IntN(4) > 0 {
		text := v.Decimal.String()
		if f.Unit == "CNY" {
			text += "元"
		}
		if c, err := readValue(text); err == nil {
			c.Text = text
			out.Of = append(out.Of, query.Condition{Key: "value", Compare: &query.Compare{Op: pick(m, []query.Op{query.GE, query.LE, query.EQ, query.About, query.GT, query.LT}), A: c, Possibly: false}})
		}
	}
	if f.Subject != nil && f.Subject.Name != "" && m.IntN(3) == 0 {
		out.Of = append(out.Of, query.Condition{Key: "subject", Text: f.Subject.Name})
	}
	return out
}
