package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"longmai/corpus"
	"longmai/corpus/sample"
	"longmai/pipeline"
	"longmai/pipeline/figure"
	"longmai/pipeline/segment"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/registry"
	"github.com/shopspring/decimal"
)

// sampled makes the document of a generated article out of its truth.
func sampled(a sample.Article, seg *segment.Segmenter) *pipeline.Document {
	d := &pipeline.Document{Article: &corpus.Article{ID: a.ID, Paper: "甘肃日报", Title: a.Title, Subtitle: a.Subtitle, DateCertain: true}}
	d.Source = corpus.Source{Path: "sample/" + a.ID + ".txt", Format: "text", Encoding: corpus.UTF8, SHA256: hash(a.Text)}
	d.Date, _ = corpus.ParseDay(a.Date)
	d.Edition = "0" + string('1'+a.Date[len(a.Date)-1]%4)
	d.Text = corpus.CopiedText(a.Text, 0)
	runes := corpus.NewRuneIndex(a.Text)
	span := func(s, e int) pipeline.Span { return pipeline.Span{Start: runes.Bytes(s), End: runes.Bytes(e)} }
	at := 0
	for line := range strings.SplitSeq(a.Text, "\n") {
		role := corpus.RoleParagraph
		switch {
		case at == 0:
			role = corpus.RoleTitle
		case line == a.Subtitle && a.Subtitle != "":
			role = corpus.RoleSubtitle
		case line == a.BylineText && line != "":
			role = corpus.RoleByline
		}
		d.Blocks = append(d.Blocks, corpus.Block{Role: role, Span: pipeline.Span{Start: at, End: at + len(line)}})
		at += len(line) + 1
	}
	for _, b := range a.Byline {
		d.Byline = append(d.Byline, corpus.Credit{Name: b.Name, Role: b.Role, Kind: corpus.Reporter})
	}
	pipeline.SentenceStage().Annotate(d)
	d.Tokens = seg.Segment(a.Text)
	for _, e := range a.Entities {
		d.Entities = append(d.Entities, pipeline.Entity{Span: span(e.Start, e.End), Type: pipeline.EntityType(e.Type), Name: e.Name, Ref: e.Ref, Confidence: 0.98, Rule: "truth"})
	}
	for _, p := range a.Posts {
		d.Relations = append(d.Relations, pipeline.Relation{Type: "post", Args: []pipeline.Arg{{Role: "person", Name: p.Person}, {Role: "title", Name: p.Title}, {Role: "organization", Name: p.Organization}}, Rule: "truth"})
	}
	for _, f := range a.Figures {
		d.Figures = append(d.Figures, sampledFigure(d, f, span))
	}
	return d
}

func sampledFigure(d *pipeline.Document, f sample.Figure, span func(s, e int) pipeline.Span) pipeline.Figure {
	num := func(s string) decimal.NullDecimal {
		if s == "" {
			return decimal.NullDecimal{}
		}
		return decimal.NewNullDecimal(decimal.RequireFromString(s))
	}
	out := pipeline.Figure{Span: span(f.Start, f.End), Kind: pipeline.Kind(f.Kind), Category: f.Category, Form: pipeline.Form(cmp.Or(f.Form, "point")),
		Value: num(f.Value), Low: num(f.Low), High: num(f.High), Unit: f.Unit, Per: f.Per, Status: f.Status, Aggregate: f.Aggregate, Quoted: f.Quoted, Rule: "truth"}
	out.BaseValue, out.BaseLow, out.BaseHigh, out.BaseUnit = out.Value, out.Low, out.High, out.Unit
	if u, ok := baseOf(f.Unit); ok {
		for _, v := range []*decimal.NullDecimal{&out.BaseValue, &out.BaseLow, &out.BaseHigh} {
			v.Decimal = figure.InBase(v.Decimal, u.Factor)
		}
		out.BaseUnit, out.Dimension = u.Base, u.Dimension
	}
	for _, m := range f.Marks {
		out.Marks = append(out.Marks, pipeline.Mark{Span: span(m.Start, m.End), Sense: f.Form})
	}
	if f.Change != nil {
		out.Change = &pipeline.Change{Direction: f.Change.Direction, Role: f.Change.Role, Basis: f.Change.Basis}
	}
	if f.Rank != nil {
		out.Rank = &pipeline.RankOf{N: f.Rank.N, NMax: f.Rank.NMax, Scope: f.Rank.Scope}
	}
	phrase := func(p *sample.Phrase) *pipeline.Phrase {
		if p == nil {
			return nil
		}
		return &pipeline.Phrase{Span: span(p.Start, p.End), Name: p.Name}
	}
	out.Metric, out.Subject = phrase(f.Metric), phrase(f.Subject)
	if f.Time != nil {
		out.Time = &pipeline.FigureTime{Span: span(f.Time.Start, f.Time.End)}
		out.Time.From, _ = corpus.ParseDay(f.Time.From)
		out.Time.To, _ = corpus.ParseDay(f.Time.To)
	}
	out.Sentence, _ = d.SentenceAt(out.Start)
	return out
}

func baseOf(code string) (figure.Unit, bool) {
	word := map[string]string{"CNY": "元", "kW": "千瓦", "kW.h": "千瓦时", "t": "吨", "[mu_cn]": "亩", "km": "公里", "%": "%", "m3": "立方米"}[code]
	if word == "" {
		return figure.Unit{}, false
	}
	return figure.LookupUnit(word)
}

func sampledDocuments(tb testing.TB, n int) []*pipeline.Document {
	seg := segment.Auto()
	out := make([]*pipeline.Document, 0, n)
	for a := range sample.Stream(1, n) {
		out = append(out, sampled(a, seg))
	}
	return out
}

func benchSize() int {
	n, _ := strconv.Atoi(os.Getenv("LONGMAI_BENCH"))
	return cmp.Or(n, 5000)
}

func textBytes(ds []*pipeline.Document) (n int64) {
	for _, d := range ds {
		n += int64(d.Text.Len())
	}
	return n
}

// cpu returns the seconds of processor that the process has used.
func cpu() float64 {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return float64(r.Utime.Sec+r.Stime.Sec) + float64(r.Utime.Usec+r.Stime.Usec)/1e6
}

func rss() int64 {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return r.Maxrss << 10
}

func BenchmarkBuild(b *testing.B) {
	docs := sampledDocuments(b, benchSize())
	size, start := textBytes(docs), cpu()
	for b.Loop() {
		dir := filepath.Join(b.TempDir(), "lib")
		l, err := Create(dir)
		if err != nil {
			b.Fatal(err)
		}
		w, err := l.Writer(WriterOptions{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := w.Add(context.Background(), stream(docs)); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(folderSize(dir))/float64(size), "×text")
		b.ReportMetric(float64(len(l.open.view.shards)), "shards")
		l.Close()
	}
	b.SetBytes(size)
	b.ReportMetric((cpu()-start)/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(rss())/1e6, "MBpeak")
}

type gseTokenizer struct{ seg *segment.Segmenter }

func (g gseTokenizer) Tokenize(in []byte) analysis.TokenStream {
	var out analysis.TokenStream
	for i, t := range g.seg.Segment(string(in)) {
		out = append(out, &analysis.Token{Term: in[t.Start:t.End], Start: t.Start, End: t.End, Position: i + 1})
	}
	return out
}

var registerGse = func() func(*segment.Segmenter) {
	var once sync.Once
	return func(seg *segment.Segmenter) {
		once.Do(func() {
			registry.RegisterTokenizer("words", func(map[string]any, *registry.Cache) (analysis.Tokenizer, error) { return gseTokenizer{seg}, nil })
		})
	}
}()

// BenchmarkBaseline is what one would do first: gse's words into Bleve's default mapping.
func BenchmarkBaseline(b *testing.B) {
	docs := sampledDocuments(b, benchSize())
	seg := segment.Auto()
	registerGse(seg)
	size, start := textBytes(docs), cpu()
	for b.Loop() {
		dir := filepath.Join(b.TempDir(), "bleve")
		m := bleve.NewIndexMapping()
		if err := m.AddCustomAnalyzer("gse", map[string]any{"type": custom.Name, "tokenizer": "words"}); err != nil {
			b.Fatal(err)
		}
		m.DefaultAnalyzer = "gse"
		ix, err := bleve.New(dir, m)
		if err != nil {
			b.Fatal(err)
		}
		for c := range slices.Chunk(docs, 1000) {
			batch := ix.NewBatch()
			for _, d := range c {
				batch.Index(d.ID, map[string]any{"title": d.Title, "text": d.Body(), "date": d.Date.String()})
			}
			if err := ix.Batch(batch); err != nil {
				b.Fatal(err)
			}
		}
		ix.Close()
		b.ReportMetric(float64(folderSize(dir))/float64(size), "×text")
	}
	b.SetBytes(size)
	b.ReportMetric((cpu()-start)/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(rss())/1e6, "MBpeak")
}

var benchQueries = []string{
	"农业", "水库 建设", "地点:兰州", "签约额:>=1亿元", "机构:*", "date:2020",
	`"的发展"`, `"产业"`, `"记者从"`, `"全省经济社会发展"`, "同句(农业 产量)", "near/10(农业 产量)", "投资:*", "figure(category:amount >=10亿元)",
}

func BenchmarkSearch(b *testing.B) {
	docs := sampledDocuments(b, benchSize())
	l := libraryOf(b, WriterOptions{}, stream(docs))
	docs = nil
	runtime.GC()
	facets := []FacetRequest{{Field: "year"}, {Field: "place"}, {Field: "person"}, {Field: "org"}, {Field: "category"}, {Field: "metric"}, {Field: "unit"}, {Field: "edition"}}
	for _, s := range benchQueries {
		q := parse(b, s)
		b.Run(strings.ReplaceAll(s, "/", "|"), func(b *testing.B) {
			total, read := 0, 0
			for b.Loop() {
				res, err := l.Search(context.Background(), Request{Query: q, Limit: 10, Facets: facets})
				if err != nil {
					b.Fatal(err)
				}
				total = res.Total
			}
			m, _ := l.open.view.match(context.Background(), Request{Query: q}, &Result{})
			read = m.read
			b.ReportMetric(float64(total), "hits")
			b.ReportMetric(float64(read), "read")
		})
	}
}

// TestWhatTakesSpace prints the parts of an index. It says nothing wrong; run it with -v.
func TestWhatTakesSpace(t *testing.T) {
	if testing.Short() || !testing.Verbose() {
		t.Skip("prints sizes, for people: run with -v")
	}
	docs := sampledDocuments(t, benchSize())
	size := textBytes(docs)
	start := time.Now()
	l := libraryOf(t, WriterOptions{}, stream(docs))
	fmt.Printf("%d articles, %.1f MB of text, %.1f figures and %.1f entities an article, built in %v\n", len(docs), float64(size)/1e6,
		mean(docs, func(d *pipeline.Document) int { return len(d.Figures) }), mean(docs, func(d *pipeline.Document) int { return len(d.Entities) }), time.Since(start))
	fmt.Printf("library %.2f × text, %d shards\n", float64(folderSize(l.Dir()))/float64(size), len(l.open.view.shards))
	var plain, packed int
	parts := [sections][2]int{}
	for i, d := range docs {
		if i%50 == 0 {
			b := encodeRecords(nil, d, l.open.view.codec.strings)
			plain += len(b) + d.Text.Len()
			packed += len(l.open.view.codec.pack(b)) + len(l.open.view.codec.pack([]byte(d.Body())))
			p, _ := newPartial(d.Body(), b, l.open.view.codec.strings)
			for i, s := range p.sections {
				parts[i][0] += len(s)
				parts[i][1] += len(l.open.view.codec.pack(s))
			}
		}
	}
	fmt.Printf("stored documents: %.2f × text, packed %.2f × text\n", float64(plain)*50/float64(size), float64(packed)*50/float64(size))
	for i, p := range parts {
		fmt.Printf("  section %d: %.2f × text, packed alone %.2f × text\n", i, float64(p[0])*50/float64(size), float64(p[1])*50/float64(size))
	}
	for _, f := range []string{fieldBody, fieldTitle, fieldGrams, fieldNames, fieldFigure, fieldDate} {
		terms, postings := 0, 0
		for _, h := range l.open.view.shards {
			h := h.clone()
			h.eachTerm(f, "", "", func(t string) {
				b, _ := h.with(f, t)
				postings += int(b.GetCardinality())
				terms++
			})
		}
		fmt.Printf("  %-12s %8d terms %9d postings, %.1f an article\n", f, terms, postings, float64(postings)/float64(len(docs)))
	}
}

func mean(ds []*pipeline.Document, f func(*pipeline.Document) int) float64 {
	n := 0
	for _, d := range ds {
		n += f(d)
	}
	return float64(n) / float64(len(ds))
}

// TestBigLibrary makes a library of LONGMAI_BIG articles in LONGMAI_BIG_DIR, and
// asks it: the numbers of BENCHMARKS.md.
func TestBigLibrary(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("LONGMAI_BIG"))
	dir := os.Getenv("LONGMAI_BIG_DIR")
	if n == 0 || dir == "" {
		t.Skip("a measurement: set LONGMAI_BIG and LONGMAI_BIG_DIR")
	}
	l, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if l.Manifest().Version == 0 {
		buildBig(t, l, n)
		return // what the build left in memory is not the searches'
	}
	start := time.Now()
	if _, err := l.Search(context.Background(), Request{Query: parse(t, "农业"), Limit: 10}); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("first search after %.0f ms\n", float64(time.Since(start).Microseconds())/1e3)
	facets := []FacetRequest{{Field: "year"}, {Field: "place"}, {Field: "person"}, {Field: "org"}, {Field: "category"}, {Field: "metric"}, {Field: "unit"}, {Field: "edition"}}
	for _, s := range benchQueries {
		q := parse(t, s)
		const rounds = 40
		used, total := make([]float64, rounds), 0
		for i := range used {
			start := cpu()
			res, err := l.Search(context.Background(), Request{Query: q, Limit: 10, Facets: facets})
			if err != nil {
				t.Fatal(err)
			}
			used[i], total = 1e3*(cpu()-start), res.Total
		}
		slices.Sort(used)
		m, _ := l.open.view.match(context.Background(), Request{Query: q}, &Result{})
		fmt.Printf("%-40s %7d hits %7d read  processor p50 %7.1f ms  p95 %7.1f ms\n", s, total, m.read, used[rounds/2], used[rounds*95/100])
	}
}

// TestBigBaseline makes the baseline of LONGMAI_BIG articles: gse's words in
// Bleve's default mapping.
func TestBigBaseline(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("LONGMAI_BIG"))
	dir := os.Getenv("LONGMAI_BIG_DIR")
	if n == 0 || dir == "" {
		t.Skip("a measurement: set LONGMAI_BIG and LONGMAI_BIG_DIR")
	}
	seg := segment.Auto()
	start := cpu()
	count := 0
	for a := range sample.Stream(1, n/10) {
		count += len(sampled(a, seg).Tokens)
	}
	fmt.Printf("making the documents takes %.0f s of processor, in both\n", 10*(cpu()-start))
	registerGse(seg)
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer("gse", map[string]any{"type": custom.Name, "tokenizer": "words"}); err != nil {
		t.Fatal(err)
	}
	m.DefaultAnalyzer = "gse"
	dir = filepath.Join(dir, "bleve")
	ix, err := bleve.New(dir, m)
	if err != nil {
		t.Fatal(err)
	}
	start = cpu()
	size, batch := 0, ix.NewBatch()
	for a := range sample.Stream(1, n) {
		d := sampled(a, seg)
		size += d.Text.Len()
		batch.Index(d.ID, map[string]any{"title": d.Title, "text": d.Body(), "date": d.Date.String()})
		if batch.Size() >= 1000 {
			if err := ix.Batch(batch); err != nil {
				t.Fatal(err)
			}
			batch.Reset()
		}
	}
	if err := errors.Join(ix.Batch(batch), ix.Close()); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("baseline: %d articles, %.1f MB of text, %.0f s of processor; index %.2f × text, peak %.0f MB\n", n, float64(size)/1e6, cpu()-start, float64(folderSize(dir))/float64(size), float64(rss())/1e6)
}

func buildBig(t *testing.T, l *Library, n int) {
	seg := segment.Auto()
	w, err := l.Writer(WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var size int64
	start, startCPU := time.Now(), cpu()
	_, err = w.Add(context.Background(), func(yield func(*pipeline.Document, error) bool) {
		for a := range sample.Stream(1, n) {
			d := sampled(a, seg)
			size += int64(d.Text.Len())
			if !yield(d, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("%d articles, %.1f MB of text in %.0f s, %.0f s of processor; library %.2f × text, %d shards, peak %.0f MB\n", n, float64(size)/1e6,
		time.Since(start).Seconds(), cpu()-startCPU, float64(folderSize(l.Dir()))/float64(size), len(l.open.view.shards), float64(rss())/1e6)
}
