package corpus

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// A file is a member of an archive made for a test.
type file struct {
	name string
	data []byte
}

func page(title string) []byte {
	return []byte(title + "\n\n本报兰州9月3日讯（记者 田水生）截至8月底，环县新修通村水泥路186.5公里，总投资1.24亿元，36个村的2.8万人告别了泥泞路。\n")
}

func makeZip(t testing.TB, utf8Flag bool, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		m, err := w.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, NonUTF8: !utf8Flag})
		if err == nil {
			_, err = m.Write(f.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func makeTar(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		err := w.WriteHeader(&tar.Header{Name: f.name, Size: int64(len(f.data)), Mode: 0o644, Typeflag: tar.TypeReg})
		if err == nil {
			_, err = w.Write(f.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func makeGzip(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestArchives(t *testing.T) {
	a, b := file{"2024-05-06/01.txt", page("陇东修通村道")}, file{"2024-05-06/02.txt", page("河西水稳粮丰")}
	gbk := file{string(encodeAs(t, "甘肃日报/要闻.txt", GB18030)), page("陇东修通村道")}
	noise := []file{{"__MACOSX/x.txt", page("甲")}, {".DS_Store", []byte("x")}, {"d/~$x.txt", page("乙")}}
	for _, c := range []struct {
		name, file string
		data       []byte
		titles     string
		members    string
		classes    string
	}{
		{"zip", "x.zip", makeZip(t, true, append(noise, a, b)...), "陇东修通村道 | 河西水稳粮丰", "2024-05-06/01.txt 2024-05-06/02.txt", ""},
		{"zip without an extension", "x", makeZip(t, true, a), "陇东修通村道", a.name, ""},
		{"zip with GBK names", "x.zip", makeZip(t, false, gbk), "陇东修通村道", "甘肃日报/要闻.txt", ""},
		{"zip in zip", "x.zip", makeZip(t, true, file{"in.zip", makeZip(t, true, a)}, b), "陇东修通村道 | 河西水稳粮丰", "in.zip!2024-05-06/01.txt 2024-05-06/02.txt", ""},
		{"tar", "x.tar", makeTar(t, append(noise, a, b)...), "陇东修通村道 | 河西水稳粮丰", "2024-05-06/01.txt 2024-05-06/02.txt", ""},
		{"tar.gz", "x.tar.gz", makeGzip(t, makeTar(t, a, b)), "陇东修通村道 | 河西水稳粮丰", "2024-05-06/01.txt 2024-05-06/02.txt", ""},
		{"tgz in zip", "x.zip", makeZip(t, true, file{"y.tgz", makeGzip(t, makeTar(t, a))}), "陇东修通村道", "y.tgz!2024-05-06/01.txt", ""},
		{"gz", "01.txt.gz", makeGzip(t, a.data), "陇东修通村道", "01.txt", ""},
		{"gz of two streams", "01.txt.gz", append(makeGzip(t, a.data[:100]), makeGzip(t, a.data[100:])...), "陇东修通村道", "01.txt", ""},
		{"a bad member among good ones", "x.zip", makeZip(t, true, a, file{"z.txt", []byte("\x00\x01\x02\x00")}, b), "陇东修通村道 | 河西水稳粮丰", "2024-05-06/01.txt 2024-05-06/02.txt", "z.txt:binary"},
		{"truncated zip", "x.zip", cut(makeZip(t, true, a, b), 0.62), "陇东修通村道", "2024-05-06/01.txt", "2024-05-06/02.txt:format"},
		{"zip without its list", "x.zip", cutAt(makeZip(t, true, a, b), "PK\x01\x02"), "陇东修通村道 | 河西水稳粮丰", "2024-05-06/01.txt 2024-05-06/02.txt", ":format"},
		{"truncated tar", "x.tar", makeTar(t, a, b)[:1024+512+100], "陇东修通村道", "2024-05-06/01.txt", "2024-05-06/02.txt:format"},
		{"truncated tar.gz", "x.tar.gz", cut(makeGzip(t, makeTar(t, a, file{"n.txt", randomBytes(4096)}, b)), 0.6), "陇东修通村道", "2024-05-06/01.txt", "n.txt:format"},
		{"truncated gz", "x.txt.gz", cut(makeGzip(t, []byte(strings.Repeat(string(a.data), 9))), 0.7), "", "", "x.txt:format"},
		{"empty zip", "x.zip", makeZip(t, true), "", "", ":empty"},
		{"no zip", "x.zip", []byte("PK\x03\x04 and nothing more than that follows here"), "", "", ":format"},
		{"named zip", "x.zip", []byte("text"), "", "", ":format"},
		{"too deep", "x.zip", nest(t, a.data, 6), "", "", "1.zip!2.zip!3.zip!4.zip:limit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			arts, rejs := collect(t, Options{}, save(t, c.file, c.data))
			var members []string
			for _, a := range arts {
				members = append(members, a.Source.Member)
			}
			if got := titles(arts); got != c.titles {
				t.Errorf("articles %s, want %s", got, c.titles)
			}
			if got := strings.Join(members, " "); got != c.members {
				t.Errorf("members %s, want %s", got, c.members)
			}
			if got := classes(rejs); got != c.classes {
				t.Errorf("rejected %s, want %s: %v", got, c.classes, rejs)
			}
			for _, r := range rejs {
				if r.Hint == "" && r.Class != ClassEmpty && r.Class != ClassBinary && c.name != "named zip" {
					t.Errorf("%v: no hint", r)
				}
			}
		})
	}
}

func cut(b []byte, share float64) []byte { return b[:int(float64(len(b))*share)] }

func cutAt(b []byte, mark string) []byte { return b[:bytes.Index(b, []byte(mark))] }

// nest packs data into n zips, one in the other.
func nest(t testing.TB, data []byte, n int) []byte {
	out := makeZip(t, true, file{"page.txt", data})
	for i := n - 1; i > 0; i-- {
		out = makeZip(t, true, file{fmt.Sprintf("%d.zip", i), out})
	}
	return out
}

func TestStandardInputZip(t *testing.T) {
	z := makeZip(t, true, file{"01.txt", page("陇东修通村道")})
	arts, rejs := collect(t, Options{Stdin: bytes.NewReader(z)}, "-")
	if titles(arts) != "陇东修通村道" || len(rejs) > 0 || arts[0].Source.Path != "-" {
		t.Error(titles(arts), rejs)
	}
	// One that is larger than what is held in memory is read by its local heads.
	arts, rejs = collect(t, Options{Stdin: bytes.NewReader(z), Limits: Limits{File: 600}}, "-")
	if titles(arts) != "陇东修通村道" || len(rejs) > 0 {
		t.Error(titles(arts), rejs)
	}
}

// zeros is a stream of n zero bytes.
type zeros struct{ n int64 }

func (z *zeros) Read(p []byte) (int, error) {
	if z.n <= 0 {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), z.n)]
	clear(p)
	z.n -= int64(len(p))
	return len(p), nil
}

// TestBombs holds that what expands without end is refused within the limits.
func TestBombs(t *testing.T) {
	var gz bytes.Buffer
	w, _ := gzip.NewWriterLevel(&gz, gzip.BestSpeed)
	if _, err := io.Copy(w, &zeros{64 << 20}); err != nil {
		t.Fatal(err)
	}
	w.Close()
	// 16 zips, each of 16 zips, each of 16 … each of one member of 16 MiB of zeros.
	inner := makeZip(t, true, file{"0.txt", make([]byte, 16<<20)})
	for level := range 5 {
		var files []file
		for i := range 16 {
			files = append(files, file{fmt.Sprintf("%d-%x.zip", level, i), inner})
		}
		inner = makeZip(t, true, files...)
	}
	many := make([]file, 100)
	for i := range many {
		many[i] = file{fmt.Sprintf("%04d.txt", i), make([]byte, 2<<20)}
	}
	good := file{"a.txt", page("陇东修通村道")}
	for _, c := range []struct {
		name, file string
		data       []byte
		titles     string
		rejected   int // at most
	}{
		{"zeros in gz", "x.txt.gz", gz.Bytes(), "", 1},
		{"zeros in tar.gz behind a good member", "x.tar.gz", makeGzip(t, makeTar(t, good, file{"z.txt", make([]byte, 8<<20)})), "陇东修通村道", 1},
		{"zeros in a csv in zip", "x.zip", makeZip(t, true, good, file{"x.csv", make([]byte, 64<<20)}), "陇东修通村道", 1},
		{"like 42.zip", "x.zip", inner, "", 9 * bombs},
		{"many bombs in one zip", "x.zip", makeZip(t, true, many...), "", bombs + 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			arts, rejs := collect(t, Options{}, save(t, c.file, c.data))
			if got := titles(arts); got != c.titles || len(rejs) == 0 || len(rejs) > c.rejected {
				t.Errorf("%s, %d rejected, the first %v", got, len(rejs), rejs[0])
			}
			for _, r := range rejs {
				if r.Class != ClassLimit && r.Class != ClassBinary {
					t.Errorf("%v: class %s", r, r.Class)
				}
			}
			t.Logf("%d bytes, %d rejected, %v", len(c.data), len(rejs), time.Since(start))
		})
	}
	var pages []file
	for i := range 40 {
		pages = append(pages, file{fmt.Sprintf("%d.txt", i), page(fmt.Sprintf("修通第%d条村道", i))})
	}
	if as, rejs := collect(t, Options{Limits: Limits{Member: 5000}}, save(t, "x.tar.gz", makeGzip(t, makeTar(t, pages...)))); len(as) != len(pages) || len(rejs) > 0 {
		t.Errorf("tar.gz of more than the limit of a member: %d articles, %v", len(as), rejs)
	}
	if _, rejs := collect(t, Options{Limits: Limits{Member: 1000}}, save(t, "x.zip", makeZip(t, true, file{"a.txt", bytes.Repeat(page("长文"), 20)}))); classes(rejs) != "a.txt:limit" {
		t.Error("member limit:", rejs)
	}
}

func FuzzArchive(f *testing.F) {
	a := file{"a.txt", page("陇东修通村道")}
	f.Add(makeZip(f, true, a))
	f.Add(makeZip(f, false, file{string(encodeAs(f, "要闻.txt", GB18030)), a.data}))
	f.Add(makeTar(f, a))
	f.Add(makeGzip(f, makeTar(f, a)))
	f.Add(nest(f, a.data, 3))
	f.Add([]byte("WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://x/a.txt\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nabcd\r\n\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) { fuzzRead(t, "-", raw) })
}

// fuzzRead holds what must be true for the bytes of any input: reading ends, and
// each article leads back into its source.
func fuzzRead(t *testing.T, name string, raw []byte) {
	in := &input{Source: Source{Path: name}, r: bytes.NewReader(raw), at: bytes.NewReader(raw), size: int64(len(raw)), hint: hintOf(name)}
	out := newSink(Options{}, func(a *Article, err error) bool {
		var rej *Rejection
		if err != nil && !errors.As(err, &rej) {
			t.Fatalf("no rejection: %v", err)
		}
		return true
	})
	start := time.Now()
	err := out.read(t.Context(), in)
	if err == nil {
		err = out.flush()
	}
	if err != nil {
		t.Fatal(err)
	}
	if d := time.Since(start); d > hang {
		t.Fatalf("%d bytes took %v", len(raw), d)
	}
}

// unzip returns the members of a zip.
func unzip(t testing.TB, raw []byte) []file {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var files []file
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file{f.Name, data})
	}
	return files
}

// Of an archive the members alone are read that are asked for, in whatever it lies.
func TestMembers(t *testing.T) {
	files := []file{{"a/1.txt", page("陇东修通村道")}, {"a/2.txt", page("河西水稳粮丰")}, {"b.zip", makeZip(t, true, file{"3.txt", page("羊肉进京赶集")}, file{"4.txt", page("光伏治沙")})}}
	zipped := makeZip(t, true, files...)
	warc := bytes.Join([][]byte{
		warcRecordOf("resource", "http://x/1.txt", "text/plain", page("陇东修通村道")), warcRecordOf("resource", "http://x/2.txt", "text/plain", page("河西水稳粮丰")),
	}, nil)
	for _, c := range []struct {
		name    string
		raw     []byte
		members []string
		want    string
	}{
		{"x.zip", zipped, []string{"a/2.txt"}, "河西水稳粮丰"},
		{"x.zip", zipped, []string{"a/1.txt", "b.zip!4.txt"}, "陇东修通村道 | 光伏治沙"},
		{"x.zip", zipped, []string{"b.zip"}, "羊肉进京赶集 | 光伏治沙"},
		{"x.zip", zipped, nil, "陇东修通村道 | 河西水稳粮丰 | 羊肉进京赶集 | 光伏治沙"},
		{"x.tar", makeTar(t, files...), []string{"a/2.txt"}, "河西水稳粮丰"},
		{"x.tar.gz", makeGzip(t, makeTar(t, files...)), []string{"b.zip!3.txt"}, "羊肉进京赶集"},
		{"x.zip", zipped[:len(zipped)-60], []string{"a/2.txt"}, "河西水稳粮丰"}, // without its list
		{"x.warc", warc, []string{"http://x/2.txt"}, "河西水稳粮丰"},
	} {
		path := save(t, c.name, c.raw)
		arts, _ := collect(t, Options{Members: map[string][]string{path: c.members}}, path)
		if titles(arts) != c.want {
			t.Errorf("%s %q: %s, want %s", c.name, c.members, titles(arts), c.want)
		}
	}
	for _, c := range []struct {
		name string
		raw  []byte
	}{{"x.zip", zipped}, {"x.tar", makeTar(t, files...)}} {
		path := save(t, c.name, c.raw)
		arts, rejs := collect(t, Options{Members: map[string][]string{path: {"gone.txt"}}}, path)
		if len(arts) > 0 || classes(rejs) != ":missing" {
			t.Errorf("%s: %s, %v, want one rejection of class missing", c.name, titles(arts), rejs)
		}
	}
}
