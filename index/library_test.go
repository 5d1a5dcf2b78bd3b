package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"longmai/corpus"
	"longmai/index/query"
	"longmai/pipeline"
)

func write(t *testing.T, l *Library, ds []*pipeline.Document) Report {
	t.Helper()
	w, err := l.Writer(WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	rep, err := w.Add(context.Background(), stream(ds))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return rep
}

// from returns d as if input path with those bytes had given it.
func from(d *pipeline.Document, path, sha string) *pipeline.Document {
	a := *d.Article
	a.Source.Path, a.Source.SHA256 = path, sha
	c := *d
	c.Article = &a
	return &c
}

func TestInputsAreFollowed(t *testing.T) {
	d := randomDocs()
	l := libraryOf(t, WriterOptions{}, stream([]*pipeline.Document{from(d[0], "a", "1"), from(d[1], "a", "1"), from(d[2], "b", "1")}))
	expect := func(what, want string) {
		t.Helper()
		if got := strings.Join(ids(t, l, parse(t, "")), " "); got != want {
			t.Errorf("%s: library has %s, want %s", what, got, want)
		}
	}
	expect("first", "r00000 r00001 r00002")
	version := l.Manifest().Version

	rep := write(t, l, []*pipeline.Document{from(d[0], "a", "1"), from(d[1], "a", "1"), from(d[2], "b", "1")})
	if rep.Unchanged != 3 || rep.Added+rep.Replaced+rep.Dropped != 0 || l.Manifest().Version != version {
		t.Errorf("the same again: %+v, version %d", rep, l.Manifest().Version)
	}

	rep = write(t, l, []*pipeline.Document{from(d[0], "a", "2"), from(d[3], "a", "2")})
	if rep.Replaced != 1 || rep.Added != 1 || rep.Dropped != 1 {
		t.Errorf("a changed: %+v", rep)
	}
	expect("a changed", "r00000 r00002 r00003")

	rep = write(t, l, []*pipeline.Document{from(d[0], "c", "1")})
	if rep.Duplicates != 1 {
		t.Errorf("the same article from c: %+v", rep)
	}
	expect("duplicate", "r00000 r00002 r00003")

	w, err := l.Writer(WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(w.Missing()); got != "[a b c]" {
		t.Errorf("missing %s", got)
	}
	if n, err := w.Drop(context.Background(), "a"); n != 2 || err != nil {
		t.Errorf("dropped %d, %v", n, err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	expect("dropped", "r00002")
	if m := l.Manifest(); m.Articles != 1 || m.Sources != 2 || m.Bytes != int64(d[2].Text.Len()) {
		t.Errorf("manifest %+v", m)
	}
	checkClean(t, l)
}

func checkClean(t *testing.T, l *Library) {
	t.Helper()
	rep, err := Check(context.Background(), l.Dir(), CheckOptions{})
	if err != nil || len(rep.Problems) > 0 {
		t.Errorf("check: %v, %+v", err, rep.Problems)
	}
}

func TestNewSkipsUnchangedInputs(t *testing.T) {
	d := randomDocs()
	l := libraryOf(t, WriterOptions{}, stream(d[:3]))
	w, err := l.Writer(WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	var got []string
	for a, err := range w.New(func(yield func(*corpus.Article, error) bool) {
		for _, d := range d[:5] {
			if !yield(d.Article, nil) {
				return
			}
		}
	}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, a.ID)
	}
	if fmt.Sprint(got) != "[r00003 r00004]" || w.Report().Unchanged != 3 {
		t.Errorf("new %v, %+v", got, w.Report())
	}
}

// TestNewBesideAdd reads New in another goroutine than Add, as a pipeline does.
func TestNewBesideAdd(t *testing.T) {
	ds := randomDocs()[:60]
	l := libraryOf(t, WriterOptions{}, stream(ds[:20]))
	byID := map[string]*pipeline.Document{}
	for _, d := range ds {
		byID[d.ID] = d
	}
	w, err := l.Writer(WriterOptions{BatchBytes: 4 << 10})
	if err != nil {
		t.Fatal(err)
	}
	p, err := pipeline.New(pipeline.Stage{Name: "look up", Annotate: func(d *pipeline.Document) error { *d = *byID[d.ID]; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	rep, err := w.Add(context.Background(), p.Run(context.Background(), 2, w.New(func(yield func(*corpus.Article, error) bool) {
		for _, d := range ds {
			if !yield(d.Article, nil) {
				return
			}
		}
	})))
	if err != nil || rep.Added != 40 || rep.Unchanged != 20 {
		t.Errorf("%+v, %v", rep, err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOneWriterManyReaders(t *testing.T) {
	d := randomDocs()
	l := libraryOf(t, WriterOptions{}, stream(d[:10]))
	w, err := l.Writer(WriterOptions{BatchBytes: 1})
	if err != nil {
		t.Fatal(err)
	}
	var locked *LockedError
	if _, err := l.Writer(WriterOptions{}); !errors.As(err, &locked) || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("second writer: %v", err)
	}
	if _, err := w.Add(context.Background(), stream(d[10:40])); err != nil {
		t.Fatal(err)
	}
	other, err := Open(l.Dir())
	if err != nil {
		t.Fatalf("reader beside a writer: %v", err)
	}
	defer other.Close()
	if n := len(ids(t, other, parse(t, ""))); n != 10 {
		t.Errorf("a reader sees %d articles before the writer has closed, want 10", n)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n := len(ids(t, other, parse(t, ""))); n != 10 {
		t.Errorf("an open reader sees %d articles, want the 10 of its version", n)
	}
	if err := other.Refresh(); err != nil {
		t.Fatal(err)
	}
	if n := len(ids(t, other, parse(t, ""))); n != 40 {
		t.Errorf("after Refresh %d articles, want 40", n)
	}
}

func TestRejectionsAreCounted(t *testing.T) {
	d := randomDocs()
	l, err := Create(t.TempDir() + "/lib")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var told []error
	w, err := l.Writer(WriterOptions{OnReject: func(err error) { told = append(told, err) }})
	if err != nil {
		t.Fatal(err)
	}
	rep, err := w.Add(context.Background(), func(yield func(*pipeline.Document, error) bool) {
		_ = yield(d[0], nil) && yield(nil, &corpus.Rejection{Err: errors.New("empty")}) && yield(d[1], nil) && yield(nil, errors.New("disk on fire"))
	})
	if err == nil || !strings.Contains(err.Error(), "disk on fire") || rep.Rejected != 1 || len(told) != 1 {
		t.Errorf("%+v, %v, told %v", rep, err, told)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n := len(ids(t, l, parse(t, ""))); n != 2 {
		t.Errorf("%d articles kept, want 2", n)
	}
}

// TestHelperBuild is the process that TestKilledBuilds kills.
func TestHelperBuild(t *testing.T) {
	dir := os.Getenv("LONGMAI_TEST_BUILD")
	if dir == "" {
		t.Skip("a helper of TestKilledBuilds")
	}
	if n, _ := strconv.ParseUint(os.Getenv("LONGMAI_TEST_FSIZE"), 10, 64); n > 0 { // as good as a full disk
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n}); err != nil {
			t.Fatal(err)
		}
	}
	l, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	w, err := l.Writer(WriterOptions{BatchBytes: 4 << 10})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Add(context.Background(), stream(killDocs())); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	l.Close()
}

// killDocs are many inputs of one article and one of many.
func killDocs() []*pipeline.Document {
	out := slices.Clone(randomDocs()[:200])
	for i := 100; i < 200; i++ {
		out[i] = from(out[i], "stream", "1")
	}
	return out
}

// TestKilledBuilds kills builds at random moments; the next one ends like one
// that nobody killed.
func TestKilledBuilds(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	want := libraryOf(t, WriterOptions{}, stream(killDocs()))
	dir := filepath.Join(t.TempDir(), "lib")
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	kills := 0
	n, _ := strconv.Atoi(os.Getenv("LONGMAI_KILLS"))
	for n = cmp.Or(n, 5); kills < n; {
		cmd := exec.Command(os.Args[0], "-test.run=^TestHelperBuild$")
		cmd.Env = append(os.Environ(), "LONGMAI_TEST_BUILD="+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		select {
		case err := <-done:
			if err != nil {
				t.Fatalf("a build after %d kills: %v", kills, err)
			}
			if os.RemoveAll(dir) != nil {
				t.Fatal("cannot remove")
			}
		case <-time.After(time.Duration(100+r.IntN(900)) * time.Millisecond):
			cmd.Process.Signal(syscall.SIGKILL)
			<-done
			kills++
			if l, err := Open(dir); err == nil { // the last complete state stays readable
				ids(t, l, parse(t, ""))
				l.Close()
			} else if !errors.Is(err, ErrNoLibrary) {
				t.Fatalf("after a kill: %v", err)
			}
		}
	}
	os.Remove(filepath.Join(dir, "nothing"))
	l, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	write(t, l, killDocs())
	same(t, l, want)
	t.Logf("%d kills", kills)
}

// TestFullDisk lets writes fail at a size that files must not pass: the build
// ends with an error, and what was complete before can be read and built upon.
func TestFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	for _, size := range []int{1 << 10, 10 << 10, 40 << 10, 60 << 10, 80 << 10, 120 << 10, 200 << 10} {
		l := libraryOf(t, WriterOptions{}, stream(randomDocs()[300:310]))
		ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
		cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestHelperBuild$")
		cmd.Env = append(os.Environ(), "LONGMAI_TEST_BUILD="+l.Dir(), "LONGMAI_TEST_FSIZE="+strconv.Itoa(size))
		out, err := cmd.CombinedOutput()
		if ctx.Err() != nil {
			t.Errorf("files of %d bytes: the build hangs", size)
		}
		cancel()
		built := err
		if strings.Contains(string(out), "panic") || err != nil && !strings.Contains(string(out), "file too large") {
			t.Errorf("files of %d bytes: %s", size, out)
		}
		again, err := Open(l.Dir())
		if err != nil {
			t.Fatalf("files of %d bytes: not readable: %v", size, err)
		}
		if n := len(ids(t, again, parse(t, ""))); (n != 10 || built == nil) && (n != 210 || built != nil) {
			t.Errorf("files of %d bytes: %d articles readable, build: %v", size, n, built)
		}
		write(t, again, killDocs())
		if n := len(ids(t, again, parse(t, ""))); n != 210 {
			t.Errorf("files of %d bytes: %d articles after building again", size, n)
		}
		checkClean(t, again)
		again.Close()
	}
}

func TestReadOnlyFolder(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("the superuser may write everywhere")
	}
	l := libraryOf(t, WriterOptions{}, stream(randomDocs()[:10]))
	filepath.WalkDir(l.Dir(), func(p string, d fs.DirEntry, _ error) error {
		if d.IsDir() {
			t.Cleanup(func() { os.Chmod(p, 0o755) })
			return os.Chmod(p, 0o555)
		}
		return os.Chmod(p, 0o444)
	})
	again, err := Open(l.Dir())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if n := len(ids(t, again, parse(t, ""))); n != 10 {
		t.Errorf("%d articles", n)
	}
	if _, err := again.Writer(WriterOptions{}); err == nil || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("writer: %v", err)
	}
}

// same compares what two libraries hold and find.
func same(t *testing.T, got, want *Library) {
	t.Helper()
	for _, s := range []string{"", "酒泉", `"产业"`, "签约额:>=10", "地点:酒泉", "person:唐培宏 post:市长", "date:2021"} {
		q := parse(t, s)
		if a, b := ids(t, got, q), ids(t, want, q); !slices.Equal(a, b) {
			t.Errorf("%s: %d articles, want %d", s, len(a), len(b))
		}
	}
	if a, b := got.Manifest(), want.Manifest(); a.Articles != b.Articles || a.Sources != b.Sources || a.Bytes != b.Bytes {
		t.Errorf("manifest %+v, want %+v", a, b)
	}
	for d, err := range want.Export(context.Background(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		e, err := got.Document(d.ID)
		if err != nil || string(encodeRecords(nil, e, nil)) != string(encodeRecords(nil, d, nil)) || e.Body() != d.Body() {
			t.Errorf("article %s is not the same: %v", d.ID, err)
		}
	}
	checkClean(t, got)
}

func TestReindex(t *testing.T) {
	l := libraryOf(t, WriterOptions{}, stream(killDocs()))
	rep, err := Reindex(context.Background(), l.Dir(), WriterOptions{Rules: map[string]string{"test": "2"}}, func(d *pipeline.Document) (*pipeline.Document, error) {
		old, err := l.Document(d.ID)
		if err != nil {
			return nil, err
		}
		old.Entities = append(old.Entities, pipeline.Entity{Span: pipeline.Span{Start: 0, End: 3}, Type: pipeline.Event, Name: "新活动"})
		return old, nil
	})
	if err != nil || rep.Added != 200 {
		t.Fatalf("%+v, %v", rep, err)
	}
	if err := l.Refresh(); err != nil {
		t.Fatal(err)
	}
	if n := len(ids(t, l, parse(t, "活动:新活动"))); n != 200 || l.Manifest().Rules["test"] != "2" {
		t.Errorf("%d articles after reindex, %+v", n, l.Manifest())
	}
	if rep := write(t, l, killDocs()); rep.Unchanged != 200 {
		t.Errorf("the same inputs after reindex: %+v", rep)
	}
	checkClean(t, l)
}

func TestBrokenLibraries(t *testing.T) {
	build := func() string {
		l := libraryOf(t, WriterOptions{}, stream(randomDocs()[:50]))
		l.Close()
		return l.Dir()
	}
	break1 := func(dir, glob string, f func(path string, b []byte) []byte) {
		names, _ := filepath.Glob(filepath.Join(dir, glob))
		if len(names) == 0 {
			t.Fatalf("no %s", glob)
		}
		for _, n := range names {
			b, err := os.ReadFile(n)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(n, f(n, b), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	half := func(_ string, b []byte) []byte { return b[:len(b)/2] }
	zero := func(_ string, b []byte) []byte { return make([]byte, len(b)) }
	for _, c := range []struct {
		name, glob string
		f          func(string, []byte) []byte
		want       string
	}{
		{"manifest cut", "manifest.json", half, "manifest.json is broken"},
		{"manifest empty", "manifest.json", func(string, []byte) []byte { return nil }, "manifest.json is broken"},
		{"other format", "manifest.json", func(_ string, b []byte) []byte {
			return []byte(strings.Replace(string(b), manifestFormat, "shopping list", 1))
		}, "has format"},
		{"other schema", "manifest.json", func(_ string, b []byte) []byte {
			return []byte(strings.Replace(string(b), `"schema": `, `"schema": 9`, 1))
		}, "made with schema"},
		{"segment cut", "versions/*/index/*.zap", half, "cannot be read"},
		{"segment of zeros", "versions/*/index/*.zap", zero, "cannot be read"},
		{"root of zeros", "versions/*/index/root.bolt", zero, "cannot be read"},
	} {
		dir := build()
		break1(dir, c.glob, c.f)
		l, err := Open(dir)
		if err == nil {
			_, err = l.Search(context.Background(), Request{Limit: 10})
			l.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
		rep, err := Check(context.Background(), dir, CheckOptions{})
		if err == nil && len(rep.Problems) == 0 {
			t.Errorf("%s: check found nothing", c.name)
		}
	}

	dir := build()
	os.WriteFile(filepath.Join(dir, manifestFile), []byte("{"), 0o666)
	if _, err := Check(context.Background(), dir, CheckOptions{Repair: true}); err != nil {
		t.Fatal(err)
	}
	l, err := Open(dir)
	if err != nil {
		t.Fatalf("after repair: %v", err)
	}
	defer l.Close()
	if n := len(ids(t, l, parse(t, ""))); n != 50 {
		t.Errorf("after repair: %d articles", n)
	}
	checkClean(t, l)
}

func TestSynonyms(t *testing.T) {
	if _, err := readSynonyms("synonyms.tsv", synonymsFile); err != nil {
		t.Fatal(err)
	}
	l := libraryOf(t, WriterOptions{}, documents([]testArticle{{"s1", "", "", "省发改委发布消息。"}, {"s2", "", "", "甘肃省发展和改革委员会发布消息。"}, {"s3", "", "", "人工智能"}, {"s4", "", "", "AI"}}))
	for _, c := range []struct {
		query string
		off   bool
		want  string
	}{
		{"省发改委", false, "s1 s2"}, {"省发改委", true, "s1"}, {`"省发改委"`, false, "s1"}, {"ai", false, "s3 s4"}, {"-AI", false, "s1 s2"},
	} {
		res, err := l.Search(context.Background(), Request{Query: parse(t, c.query), Limit: 9, NoSynonyms: c.off})
		if err != nil {
			t.Fatal(err)
		}
		got := hitIDs(res.Hits)
		slices.Sort(got)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.query, got, c.want)
		}
		if (len(res.Expanded) > 0) != (!c.off && c.query[0] != '"') {
			t.Errorf("%s: expanded %v", c.query, res.Expanded)
		}
	}
}

func TestExplain(t *testing.T) {
	l := libraryOf(t, WriterOptions{}, documents(handmade))
	res, err := l.Search(context.Background(), Request{Query: parse(t, "产业转移 兰州 date:2024-10-27..2024-10-29"), Explain: true})
	if err != nil {
		t.Fatal(err)
	}
	x := res.Explanation
	if got := strings.Join(x.Blame, "; "); got != "without 产业转移: 0" && !strings.Contains(got, "without 兰州: 1") {
		t.Errorf("blame %q", got)
	}
	if got := fmt.Sprint(x.Missing); got != "[{2024-10-27 2024-10-27} {2024-10-29 2024-10-29}]" {
		t.Errorf("missing %s", got)
	}
	if got := fmt.Sprint(x.Cut); got != "[产业|转移 兰州]" {
		t.Errorf("cut %s", got)
	}
	if len(x.Root.Parts) != 3 || x.Root.Parts[1].Sure != 1 {
		t.Errorf("root %+v", x.Root)
	}
}

func TestFiguresAreListed(t *testing.T) {
	l := libraryOf(t, WriterOptions{}, documents(handmade))
	list := func(s string, req Request) string {
		req.Query = parse(t, s)
		var out []string
		for r, err := range l.Figures(context.Background(), req) {
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, r.Doc.Surface(r.Figure.Span))
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		query string
		req   Request
		want  string
	}{
		{"签约:*", Request{Sort: ByValue}, "3062亿元 30亿元 超20亿元 12.5%"},
		{"签约:>=20亿元", Request{Sort: ByValueUp}, "超20亿元 30亿元 3062亿元"},
		{"签约:>=20亿元", Request{Sort: ByValueUp, Limit: 1, Offset: 1}, "30亿元"},
		{"date:2021", Request{Sort: ByDate}, "10万人次 4亿元"},
		{"装机:*", Request{}, "1030万千瓦 63.4%"},
	} {
		if got := list(c.query, c.req); got != c.want {
			t.Errorf("%s: %s, want %s", c.query, got, c.want)
		}
	}
}

func TestHelpParses(t *testing.T) {
	for _, r := range query.Help {
		parse(t, r.Example)
	}
	for _, f := range Fields {
		if f.Query != (f.Example != "" || f.Name == "") {
			t.Errorf("field %s: query %v, example %q", f.Name, f.Query, f.Example)
		}
		if f.Example != "" {
			parse(t, f.Example)
		}
	}
}

// TestReadersNest looks an article up inside an export while the version is swapped.
func TestReadersNest(t *testing.T) {
	l := libraryOf(t, WriterOptions{}, stream(randomDocs()[:20]))
	n := 0
	for d, err := range l.Export(context.Background(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 3 {
			write(t, l, randomDocs()[20:25])
		}
		if _, err := l.Document(d.ID); err != nil {
			t.Fatal(err)
		}
	}
	if n != 20 {
		t.Errorf("export of the old version has %d articles", n)
	}
	if n := len(ids(t, l, parse(t, ""))); n != 25 {
		t.Errorf("the new version has %d", n)
	}
}
