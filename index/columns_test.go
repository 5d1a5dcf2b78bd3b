package index

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestColumnsReadWhatWasTabled(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, values := range []int{1, 3, 300, 70_000} {
		for _, most := range []int{1, 5} {
			const docs = 700
			var l codeList
			want := make([][]uint32, docs)
			for doc := range docs {
				for range r.IntN(most + 1) {
					if code := uint32(r.IntN(values)); !slices.Contains(want[doc], code) {
						want[doc] = append(want[doc], code)
						l.add(uint32(doc), code)
					}
				}
			}
			n, parts := l.encode(docs)
			var b [perFacet][]byte
			for i, p := range parts {
				b[i] = append(bytes.Clone(p), make([]byte, numberPad)...)[:len(p)]
			}
			c := column{single: n[0] == 1, docs: n[1], values: n[2], having: n[3], base: newPacked(b[0], n[4]), starts: newPacked(b[1], n[5]), codes: newPacked(b[2], n[6]), totals: newPacked(b[3], n[7])}
			if !c.sound() {
				t.Fatalf("%d values, %d each: not sound: %+v", values, most, n)
			}
			counts, totals, having := make([]int32, values), make([]int32, values), 0
			for doc, codes := range want {
				if got := c.codesOf(uint32(doc)); !slices.Equal(got, codes) {
					t.Fatalf("%d values, %d each: document %d has %v, want %v", values, most, doc, got, codes)
				}
				if len(codes) > 0 {
					having++
				}
				for _, code := range codes {
					totals[code]++
				}
			}
			all := make([]uint32, docs)
			for i := range all {
				all[i] = uint32(i)
			}
			if n := c.count(all, counts, 1); n != having || c.having != having || !slices.Equal(counts, totals) {
				t.Errorf("%d values, %d each: counted wrongly", values, most)
			}
			for code := range c.totals.len() {
				if int32(c.totals.at(code)) != totals[code] {
					t.Errorf("%d values, %d each: total of %d is %d, want %d", values, most, code, c.totals.at(code), totals[code])
				}
			}
		}
	}
}

func TestNthLargest(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for range 500 {
		counts := make([]int32, 1+r.IntN(60))
		var some []int32
		for i := range counts {
			if counts[i] = int32(r.IntN(12)); counts[i] > 0 {
				some = append(some, counts[i])
			}
		}
		slices.Sort(some)
		slices.Reverse(some)
		for n := 1; n <= len(some); n++ {
			if got := nthLargest(counts, n); got != some[n-1] {
				t.Fatalf("%v: number %d is %d, want %d", counts, n, got, some[n-1])
			}
		}
	}
}

// TestFewValuesAreTheFirstOfAll compares facets with a limit, and those of most
// of the library, which are counted the other way round, with the full lists.
func TestFewValuesAreTheFirstOfAll(t *testing.T) {
	l := libraryOf(t, WriterOptions{BatchBytes: 20 << 10}, stream(randomDocs()))
	for _, s := range []string{"", "-兰州洽谈会", "-日期:2020-01", "兰州", "地点:酒泉"} {
		for _, name := range FacetNames() {
			var res [2]*Result
			for i, limit := range []int{-1, 3} {
				var err error
				if res[i], err = l.Search(context.Background(), Request{Query: parse(t, s), Facets: []FacetRequest{{Field: name, Limit: limit}}}); err != nil {
					t.Fatal(err)
				}
			}
			full, few := res[0].Facets[0], res[1].Facets[0]
			if name == "year" || name == "month" {
				continue
			}
			if few.Total != full.Total || few.Missing != full.Missing || !slices.Equal(few.Values, full.Values[:min(3, len(full.Values))]) {
				t.Errorf("%q: %s: %+v is not the beginning of %+v", s, name, few, full)
			}
		}
	}
}

func TestCheckRepairsColumns(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lib")
	build := func() *Library {
		l, err := Create(dir)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	l := build()
	w, err := l.Writer(WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Add(context.Background(), documents(handmade)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	l.Close()
	files, err := filepath.Glob(filepath.Join(dir, versionsDir, "*", columnsDir, "*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%v: %v", files, err)
	}
	req := Request{Query: parse(t, "签约额:>=1000亿元"), Limit: 10, Facets: []FacetRequest{{Field: "place"}}}
	spoil := map[string]func(path string, b []byte) error{
		"removed": func(path string, _ []byte) error { return os.Remove(path) },
		"cut":     func(path string, b []byte) error { return os.WriteFile(path, b[:len(b)/2], 0o666) },
		"empty":   func(path string, b []byte) error { return os.WriteFile(path, nil, 0o666) },
		"changed": func(path string, b []byte) error { b[len(b)/2] ^= 0x40; return os.WriteFile(path, b, 0o666) },
		"replaced": func(path string, b []byte) error {
			return os.WriteFile(path, []byte(strings.Repeat("x", len(b))), 0o666)
		},
	}
	for how, spoil := range spoil {
		for _, path := range files {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			os.Remove(path) // never write to what another version may have
			if err := spoil(path, bytes.Clone(b)); err != nil && how != "removed" {
				t.Fatal(err)
			}
			rep, err := Check(context.Background(), dir, CheckOptions{})
			if err != nil || len(rep.Problems) == 0 {
				t.Errorf("%s %s: check found %v, %v", filepath.Base(path), how, rep.Problems, err)
			}
			if l, err := Open(dir); err == nil { // whatever it answers, it must not panic
				l.Search(context.Background(), req)
				l.Close()
			}
			if rep, err = Check(context.Background(), dir, CheckOptions{Repair: true}); err != nil || len(rep.Problems) == 0 || !rep.Problems[0].Repaired {
				t.Fatalf("%s %s: not repaired: %+v, %v", filepath.Base(path), how, rep.Problems, err)
			}
			l := build()
			res, err := l.Search(context.Background(), req)
			if err != nil || res.Total != 1 || len(res.Facets[0].Values) == 0 {
				t.Errorf("%s %s: after the repair: %+v, %v", filepath.Base(path), how, res, err)
			}
			l.Close()
		}
	}
}
