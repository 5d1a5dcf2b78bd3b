package corpus

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// Memory must not grow with the number of files: what is held while reading is
// the same for few files as for many. The tests compare the live heap; with
// LONGMAI_BIG_FILES=1000000 and LONGMAI_BIG_BYTES=5000000000 they read a tree
// and archives of that size, and report the peak of the process.

// bigOr returns the number in an environment variable, or n.
func bigOr(t testing.TB, name string, n int) int {
	s := os.Getenv(name)
	if s == "" {
		return n
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// liveHeap reads everything of paths and returns the number of articles and the
// most bytes that were reachable at one of 40 of them.
func liveHeap(t testing.TB, o Options, want int, paths ...string) (articles int, most uint64) {
	t.Helper()
	every := max(1, want/40)
	for a, err := range Read(context.Background(), o, paths...) {
		if err != nil {
			t.Fatal(err)
		}
		if articles++; articles%every == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
		_ = a
	}
	return articles, most
}

// peak is the most memory that the process has held so far, as the system counts it.
func peak() string {
	b, _ := os.ReadFile("/proc/self/status")
	for l := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(l, "VmHWM:"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return "unknown"
}

// manyFiles makes a folder of n files, a hundred in each of its folders, which
// are links to a few.
func manyFiles(t testing.TB, n int) string {
	t.Helper()
	dir := t.TempDir()
	const shared = 20000 // links of one file: less than any file system allows
	for i := 0; i < n; i++ {
		first := filepath.Join(dir, fmt.Sprintf("first-%d", i/shared))
		if i%shared == 0 {
			if err := os.WriteFile(first+".log~", page(fmt.Sprintf("环县新修通村水泥路第%d段", i)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		sub := filepath.Join(dir, fmt.Sprintf("%03d", i/100/1000), fmt.Sprintf("%03d", i/100%1000))
		if i%100 == 0 {
			if err := os.MkdirAll(sub, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Link(first+".log~", filepath.Join(sub, fmt.Sprintf("2019-09-03-%02d.txt", i%100))); err != nil {
			t.Skipf("no hard links here: %v", err)
		}
	}
	return dir
}

func TestMemoryOfManyFiles(t *testing.T) {
	few, many := 500, bigOr(t, "LONGMAI_BIG_FILES", 5000)
	n1, heap1 := liveHeap(t, Options{}, few, manyFiles(t, few))
	n2, heap2 := liveHeap(t, Options{}, many, manyFiles(t, many))
	if n1 != few || n2 != many {
		t.Fatalf("%d and %d articles, want %d and %d", n1, n2, few, many)
	}
	same(t, n1, heap1, n2, heap2)
}

// same fails when the live heap grows with what is read; it allows for noise.
func same(t testing.TB, n1 int, heap1 uint64, n2 int, heap2 uint64) {
	t.Helper()
	t.Logf("live heap: %d kB at %d articles, %d kB at %d; peak of the process %s", heap1>>10, n1, heap2>>10, n2, peak())
	if heap2 > heap1+512<<10+uint64(n2-n1) { // noise, and less than a byte an article
		t.Errorf("the live heap grows: %d kB at %d articles, %d kB at %d", heap1>>10, n1, heap2>>10, n2)
	}
}

// tarOf writes a tar of pages, no two alike, until it has n bytes; it returns the number of pages.
func tarOf(w io.Writer, n int) (pages int, err error) {
	size := 0
	tw := tar.NewWriter(w)
	body := newsPage(16 << 10)
	for ; size < n && err == nil; pages++ {
		data := bytes.Replace(body, []byte("第0批"), fmt.Appendf(nil, "第%d批", pages), 1)
		err = tw.WriteHeader(&tar.Header{Name: fmt.Sprintf("gsrb/%d/2019-09-03-%d.txt", pages/100, pages), Size: int64(len(data)), Mode: 0o644, Typeflag: tar.TypeReg})
		if err == nil {
			_, err = tw.Write(data)
		}
		size += len(data) + 1024
	}
	if err == nil {
		err = tw.Close()
	}
	return pages, err
}

// streamed returns what write writes, as a stream.
func streamed(write func(io.Writer) error) io.Reader {
	r, w := io.Pipe()
	go func() {
		bw := bufio.NewWriterSize(w, 1<<20)
		err := write(bw)
		if err == nil {
			err = bw.Flush()
		}
		w.CloseWithError(err)
	}()
	return r
}

func TestMemoryOfArchives(t *testing.T) {
	few, many := 1<<19, bigOr(t, "LONGMAI_BIG_BYTES", 4<<20)
	for _, c := range []struct {
		name string
		pack func(w io.Writer, size int) error
	}{
		{"tar", func(w io.Writer, size int) error { _, err := tarOf(w, size); return err }},
		{"tar.gz", func(w io.Writer, size int) error {
			z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
			if err != nil {
				return err
			}
			if _, err := tarOf(z, size); err != nil {
				return err
			}
			return z.Close()
		}},
		{"jsonl", func(w io.Writer, size int) error {
			row := jsonOf(t, map[string]string{"title": rowTitle, "text": rowText, "date": "2019-04-09"}) + "\n"
			for n := 0; n < size; n += len(row) {
				if _, err := io.WriteString(w, row); err != nil {
					return err
				}
			}
			return nil
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			read := func(size int) (int, uint64) {
				in := streamed(func(w io.Writer) error { return c.pack(w, size) })
				return liveHeap(t, Options{Stdin: in, Limits: Limits{File: 1 << 40}}, size/2400, "-")
			}
			n1, heap1 := read(few)
			n2, heap2 := read(many)
			if n1 == 0 || n2 < many/few*n1/2 {
				t.Fatalf("%d and %d articles", n1, n2)
			}
			same(t, n1, heap1, n2, heap2)
		})
	}
}
