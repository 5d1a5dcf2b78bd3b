package times_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/times"
)

// TestTablesSorted keeps the files fit for merging: sorted, no row twice.
func TestTablesSorted(t *testing.T) {
	files, err := filepath.Glob("*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatal("no tables")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var rows []string
		for line := range strings.Lines(string(data)) {
			if !strings.HasPrefix(line, "#") {
				rows = append(rows, line)
			}
		}
		if !slices.IsSorted(rows) {
			t.Errorf("%s is not sorted", file)
		}
		if len(slices.Compact(rows)) != len(rows) {
			t.Errorf("%s has a row twice", file)
		}
	}
}

func TestTableErrors(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"plans.tsv", "# plans\n十六五\t2031\n", "plans.tsv:2: 2 cells, want 3"},
		{"plans.tsv", "十六五\t2035\t2031\n", `plans.tsv:1: years "2035" and "2031", want two years in order`},
		{"eras.tsv", "建市\t2024-13-01\t-\n", `eras.tsv:1: "2024-13-01" is no day, want the form 2024-10-28`},
		{"eras.tsv", "建市\t2024-10-02\t2024-10-01\n", "eras.tsv:1: ends on 2024-10-01 before it begins"},
		{"reigns.tsv", "至正\tx\n", `reigns.tsv:1: year "x", want a number`},
		{"holidays.tsv", "国庆\t2030-2029\t10-01\t10-07\n", `holidays.tsv:1: years "2030-2029", want 2024 or 1999-2007`},
		{"holidays.tsv", "国庆\t2030\t13-01\t10-07\n", `holidays.tsv:1: days "13-01" to "10-07", want two of the form 10-01`},
		{"relative.tsv", "上旬\tdekad\tissue\t0\t-\t-\n", `relative.tsv:1: unknown unit "dekad", want one of year, month, day`},
		{"relative.tsv", "去岁\tyear\tnow\t-1\t-\t-\n", `relative.tsv:1: counted from "now", want one of issue, prior, none`},
		{"relative.tsv", "去岁\tyear\tissue\tone\t-\t-\n", `relative.tsv:1: offset "one", want a number`},
		{"cues.tsv", "将\tfuture\n", `cues.tsv:1: unknown sense "future", want one of forward`},
		{"guards.tsv", "\n\t\n", "guards.tsv:2: 2 cells, want 1"},
	} {
		_, err := times.New(fstest.MapFS{c.file: {Data: []byte(c.text)}})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s %q: got error %v, want %s", c.file, c.text, err, c.want)
		}
	}
}

// TestOwnRows adds a plan, an event and a holiday, and replaces one that ships.
func TestOwnRows(t *testing.T) {
	stage, err := times.New(fstest.MapFS{
		"plans.tsv":    {Data: []byte("十六五\t2031\t2035\n")},
		"eras.tsv":     {Data: []byte("建市\t1985-05-14\t-\n")},
		"holidays.tsv": {Data: []byte("国庆\t2024\t10-01\t10-10\n")},
		"guards.tsv":   {Data: []byte("去年村\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	text := "“十六五”期间；建市以来；国庆假期；去年村的老人；“十四五”期间。"
	d := document(t, text, corpus.Day{Year: 2024, Month: 10, Day: 28})
	if err := stage.Annotate(d); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range d.Times {
		got = append(got, d.Surface(x.Span)+" "+x.From.String()+"/"+x.To.String())
	}
	want := []string{"“十六五”期间 2031-01-01/2035-12-31", "建市以来 1985-05-14/2024-10-28", "国庆假期 2024-10-01/2024-10-10", "“十四五”期间 2021-01-01/2025-12-31"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestDateline resolves against a full dateline where the article has no date.
func TestDateline(t *testing.T) {
	text := "本报兰州1998年7月5日讯 今年上半年，渠首开闸三次。"
	a := &corpus.Article{ID: "test", Text: corpus.CopiedText(text, 0)}
	a.Blocks = []corpus.Block{{Role: corpus.RoleParagraph, Span: corpus.Span{Start: 0, End: len(text)}}}
	a.Dateline = &corpus.Dateline{Agency: "本报", Place: "兰州", Date: corpus.Day{Year: 1998, Month: 7, Day: 5}, Span: corpus.Span{Start: 0, End: strings.Index(text, " ")}}
	p, err := pipeline.New(pipeline.SentenceStage(), times.Stage())
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.Annotate(a)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Times) != 2 || d.Times[0].Role != times.Dateline || d.Times[1].To.String() != "1998-06-30" {
		t.Errorf("got %+v", d.Times)
	}
}
