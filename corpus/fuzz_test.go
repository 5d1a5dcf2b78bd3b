package corpus

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// readAny reads one input and returns what came of it.
func readAny(name string, data []byte, o Options) (as []*Article, rejected []*Rejection, err error) {
	s := newSink(o, func(a *Article, err error) bool {
		if err != nil {
			rejected = append(rejected, err.(*Rejection))
		} else {
			as = append(as, a)
		}
		return true
	})
	in := &input{Source: Source{Path: name}, r: bytes.NewReader(data), size: int64(len(data)), hint: hintOf(name)}
	if err = s.read(context.Background(), in); err == nil {
		err = s.flush()
	}
	return as, rejected, err
}

// checkExact proves what holds for every article of every page: blocks tile the
// text, spans lie in it, and every character follows from the bytes of the source.
func checkExact(t testing.TB, a *Article, raw []byte) {
	t.Helper()
	s := a.Text.String()
	at := 0
	for i, b := range a.Blocks {
		if i > 0 {
			at++
		}
		if b.Span.Start != at || b.Span.End <= at || b.Span.End > len(s) || i > 0 && s[at-1] != '\n' || strings.IndexByte(s[at:b.Span.End], '\n') >= 0 {
			t.Fatalf("block %d at %v, want it at %d", i, b.Span, at)
		}
		at = b.Span.End
	}
	if at != len(s) {
		t.Fatalf("blocks end at %d of %d bytes", at, len(s))
	}
	for i := range len(s) {
		if _, ok := a.Text.Origin(Span{Start: i, End: i + 1}); !ok && s[i] != '\n' {
			t.Fatalf("no origin of byte %d: %q", i, s[i])
		}
	}
	if err := a.Text.prove(raw, 0); err != nil {
		t.Fatal(err)
	}
	for _, c := range a.Byline {
		if c.Span.End > len(s) || !c.Span.Empty() && nameOf(a.Text.At(c.Span)) != c.Name {
			t.Fatalf("credit %+v", c)
		}
	}
	for _, p := range a.Apparatus {
		if p.Empty() || p.Start < 0 || p.End > len(s) {
			t.Fatalf("apparatus %v", p)
		}
	}
	if !slices.IsSortedFunc(a.Apparatus, func(x, y Span) int { return x.Start - y.Start }) {
		t.Fatalf("apparatus %v", a.Apparatus)
	}
	if d := a.Dateline; d != nil && (d.Span.Empty() || d.Span.End > len(s)) {
		t.Fatalf("dateline %+v", d)
	}
}

func fuzzPages(f *testing.F, name string) {
	files, _ := filepath.Glob("testdata/pages/*.txtar")
	for _, n := range files {
		ar, err := txtar.ParseFile(n)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(ar.Files[0].Data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		as, _, err := readAny(name, data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range as {
			checkExact(t, a, data)
		}
	})
}

func FuzzText(f *testing.F)     { fuzzPages(f, "gsrb-2024-10-28-x.txt") }
func FuzzMarkdown(f *testing.F) { fuzzPages(f, "gsrb-2024-10-28-x.md") }

// TestRandomPages reads pages put together from lines of the fixtures in any
// order, with any ends of lines and indents.
func TestRandomPages(t *testing.T) {
	var pool []string
	files, _ := filepath.Glob("testdata/pages/*.txtar")
	for _, n := range files {
		ar, err := txtar.ParseFile(n)
		if err != nil {
			t.Fatal(err)
		}
		pool = append(pool, strings.Split(string(ar.Files[0].Data), "\n")...)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var b strings.Builder
		ends := []string{"\n", "\r\n", "\r", "\n\n", "  \n", "\u2028", "\n\f"}
		for range rnd.IntN(30) {
			line := pool[rnd.IntN(len(pool))]
			if rnd.IntN(8) == 0 {
				r := []rune(line)
				if len(r) > 0 {
					line = string(slices.Insert(r, rnd.IntN(len(r)), []rune("\u200b\ue5e5\ufeff\u00a0\u00ad\ue123\x00\x1b")[rnd.IntN(8)]))
				}
			}
			b.WriteString([]string{"", "", "　　", "    ", "## ", "> ", "- "}[rnd.IntN(7)] + line + ends[rnd.IntN(len(ends))])
		}
		for _, name := range []string{"2024-10-28.txt", "2024-10-28.md"} {
			as, _, err := readAny(name, []byte(b.String()), Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range as {
				checkExact(t, a, []byte(b.String()))
			}
		}
	}
}

// TestLongPages reads pages full of what is costly for a careless reader.
func TestLongPages(t *testing.T) {
	const n = 1 << 16
	for _, unit := range []string{
		"记者 ", "记者", "记", "（", "“", "《", "#", "# a\n", "甲\n", "甲\n\n", "本报讯", "本报讯（记者 王欣\n", "（上接第一版）\n", "上接", "*", "**", "[", "![", "](", "`", "_ ", "~~", "&nbsp;", "<a>", "<", "|a", "|a|b|\n", "> ", "- a\n", "王　欣　", "、王欣", "□ 王欣\n", "1", "2024年10月28日 第1版\n", "。", "。\n", "摄", "　王欣　摄\n", "图为\n", "\r", "\u2028", "\u200b", "---\n", "===\n", "甲　　乙", "短波\n甲乙丙丁戊己　乙。\n", "甲乙丙，\n\n", "\ue123", "（王欣）\n", "教授", "教授、", "甘肃省社会科学院教授 ", "\t", "| ", "一、甲\n",
	} {
		data := []byte(strings.Repeat(unit, n/len(unit)))
		for _, name := range []string{"2024-10-28.txt", "2024-10-28.md"} {
			start := time.Now()
			as, _, err := readAny(name, data, Options{})
			if err != nil {
				t.Errorf("%q: %v", unit, err)
			}
			if took := time.Since(start); took > time.Second {
				t.Logf("%q in %s: %v, %d articles", unit, name, took.Round(time.Millisecond), len(as))
				if took > 30*time.Second {
					t.Errorf("%q hangs", unit)
				}
			}
		}
	}
}

func TestLimits(t *testing.T) {
	long := bytes.Repeat([]byte("长"), 20<<20/3)
	for _, c := range []struct {
		name string
		data []byte
		o    Options
		want Class
	}{
		{"empty", nil, Options{}, ClassEmpty},
		{"blank", []byte(" \n　\n\u200b\n"), Options{}, ClassEmpty},
		{"only staff", []byte("责任编辑：王欣\n"), Options{}, ClassNoArticle},
		{"line", long, Options{}, ClassLimit},
		{"file", []byte("甲乙丙丁戊己庚辛"), Options{Limits: Limits{File: 10}}, ClassLimit},
		{"binary", []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00>\x00\x01"), Options{}, ClassBinary},
	} {
		as, rej, err := readAny(c.name+".txt", c.data, c.o)
		if err != nil || len(as) > 0 || len(rej) != 1 || rej[0].Class != c.want {
			t.Errorf("%s: %d articles, rejected %v, error %v, want class %s", c.name, len(as), fmt.Sprint(rej), err, c.want)
		}
	}
}
