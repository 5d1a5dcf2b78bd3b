package index

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"longmai/corpus"
	"longmai/pipeline"

	"golang.org/x/text/encoding/unicode"
)

// A file that is written, read, changed and read again.
type changing struct {
	name     string
	articles []changingArticle
	broken   bool // its last record cannot be read
	wide     bool // records in UTF-16, which is read whole
}

type changingArticle struct{ title, text string }

var changingFormats = map[string]func(c changing) []byte{
	".md": func(c changing) []byte {
		var b strings.Builder
		for _, a := range c.articles {
			fmt.Fprintf(&b, "# %s\n\n%s\n\n", a.title, a.text)
		}
		return []byte(b.String())
	},
	".jsonl": func(c changing) []byte {
		var b bytes.Buffer
		for _, a := range c.articles {
			line, _ := json.Marshal(map[string]string{"title": a.title, "text": a.text, "date": "2024-05-06"})
			b.Write(append(line, '\n'))
		}
		if c.broken {
			b.WriteString("{\"title\": \n")
		}
		return b.Bytes()
	},
	".csv": func(c changing) []byte {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Write([]string{"日期", "标题", "正文"})
		for _, a := range c.articles {
			w.Write([]string{"2024-05-06", a.title, a.text})
		}
		w.Flush()
		return b.Bytes()
	},
}

func (c changing) bytes(t *testing.T) []byte {
	b := changingFormats[filepath.Ext(c.name)](c)
	if !c.wide || filepath.Ext(c.name) == ".md" {
		return b
	}
	b, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(b)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// readInto adds what is new in the files of dir to the library, as build does.
func readInto(t *testing.T, l *Library, dir string) Report {
	t.Helper()
	w, err := l.Writer(WriterOptions{BatchBytes: 2000})
	if err != nil {
		t.Fatal(err)
	}
	add := func(paths ...string) {
		t.Helper()
		if _, err := w.Add(context.Background(), func(yield func(*pipeline.Document, error) bool) {
			for a, err := range w.New(corpus.Read(context.Background(), corpus.Options{}, paths...)) {
				if err != nil {
					if !yield(nil, err) {
						return
					}
				} else if !yield(&pipeline.Document{Article: a}, nil) {
					return
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
	add(dir)
	if _, err := w.Drop(context.Background(), w.Missing()...); err != nil {
		t.Fatal(err)
	}
	for files := w.Again(); len(files) > 0; files = w.Again() {
		add(files...)
	}
	rep := w.Report()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return rep
}

// holds returns every article of the library with its text and the files that it is in.
func holds(t *testing.T, l *Library, dir string) map[string]string {
	t.Helper()
	res, err := l.Search(context.Background(), Request{Query: parse(t, "*"), Limit: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, h := range res.Hits {
		d, err := l.Document(h.Doc.ID)
		if err != nil {
			t.Fatal(err)
		}
		var files []string
		for _, s := range append(d.Locations, d.Source) {
			name, _ := filepath.Rel(dir, s.Path)
			files = append(files, name)
			raw, err := os.ReadFile(s.Path)
			if err != nil {
				t.Errorf("%s: %v", d.Title, err)
				continue
			}
			if s.OfRecord() {
				raw = raw[min(int(s.Range.Start), len(raw)):min(int(s.Range.End), len(raw))]
			}
			if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != s.SHA256 {
				t.Errorf("%s: %s has other bytes at %v; article from %v, also %v", d.Title, name, s.Range, d.Source, d.Locations)
			}
		}
		slices.Sort(files)
		out[d.ID] = d.Title + " " + d.Body() + " " + strings.Join(slices.Compact(files), ",")
	}
	return out
}

// TestFilesChange changes files of several articles at random, reads them into
// one library again and again, and compares it with one that is made anew.
func TestFilesChange(t *testing.T) {
	for seed := range uint64(5) {
		r := rand.New(rand.NewPCG(seed, 7))
		n := 0
		article := func() changingArticle {
			n++
			return changingArticle{fmt.Sprintf("第%d号新闻的标题", n), strings.Repeat(fmt.Sprintf("兰州市第%d家企业投产，全年增加产值%d亿元。", n, n), 2)}
		}
		var files []changing
		for i, ext := range slices.Repeat(slices.Sorted(maps.Keys(changingFormats)), 2) {
			f := changing{name: fmt.Sprintf("2024-05-06-%d%s", i, ext)}
			for range 1 + r.IntN(5) {
				f.articles = append(f.articles, article())
			}
			files = append(files, f)
		}
		dir, lib := t.TempDir(), t.TempDir()
		l, err := Create(lib)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		for round := range 6 {
			for _, f := range files {
				path := filepath.Join(dir, f.name)
				if len(f.articles) == 0 {
					os.Remove(path)
				} else if err := os.WriteFile(path, f.bytes(t), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			readInto(t, l, dir)
			checkClean(t, l)
			fresh, err := Create(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			readInto(t, fresh, dir)
			if got, want := holds(t, l, dir), holds(t, fresh, dir); !maps.Equal(got, want) {
				t.Errorf("seed %d, round %d: changed files give\n%v\nwant\n%v", seed, round, got, want)
			}
			fresh.Close()
			if rep := readInto(t, l, dir); rep.Added+rep.Replaced+rep.Dropped+rep.Duplicates > 0 {
				t.Errorf("seed %d, round %d: the same files again: %+v", seed, round, rep)
			}
			if t.Failed() {
				t.Fatalf("seed %d, round %d", seed, round)
			}
			for range 1 + r.IntN(4) {
				f, g := &files[r.IntN(len(files))], &files[r.IntN(len(files))]
				at := r.IntN(len(f.articles) + 1)
				switch op := r.IntN(7); {
				case op == 0 || len(f.articles) == 0:
					f.articles = slices.Insert(f.articles, at, article())
				case op == 1:
					f.articles = slices.Delete(f.articles, at%len(f.articles), at%len(f.articles)+1)
				case op == 2:
					f.articles[at%len(f.articles)].text += "另有新的消息。"
				case op == 3: // the same article in two files
					g.articles = append(g.articles, f.articles[at%len(f.articles)])
				case op == 4:
					slices.Reverse(f.articles)
				case op == 5:
					f.broken = !f.broken
				case op == 6:
					f.wide = !f.wide
				}
			}
		}
	}
}

// TestStreamChangesEncoding reads records that are saved anew in the other kind of encoding, with one less.
func TestStreamChangesEncoding(t *testing.T) {
	for _, wide := range []bool{true, false} {
		dir := t.TempDir()
		l, err := Create(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		f := changing{name: "a.jsonl", wide: wide, articles: []changingArticle{{"兰州市新建学校的消息", "兰州市今年新建学校12所，投资4亿元。"}, {"平凉市苹果丰收的消息", "平凉市今年苹果产量达到200万吨。"}}}
		for n := 2; n > 0; n-- {
			f.articles = f.articles[:n]
			if err := os.WriteFile(filepath.Join(dir, f.name), f.bytes(t), 0o666); err != nil {
				t.Fatal(err)
			}
			readInto(t, l, dir)
			if got := holds(t, l, dir); len(got) != n {
				t.Errorf("first in UTF-16 %v: %d articles, want %d", wide, len(got), n)
			}
			checkClean(t, l)
			f.wide = !f.wide
		}
	}
}
