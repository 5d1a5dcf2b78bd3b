package segment

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
)

// gseList returns the dictionary as gse itself loads it.
func gseList(t *testing.T) map[string]Entry {
	g, err := wholeGse()
	if err != nil {
		t.Fatal(err)
	}
	list := make(map[string]Entry, len(g.Dict.Tokens))
	for i := range g.Dict.Tokens {
		k := &g.Dict.Tokens[i]
		if k.Freq() != float64(int(k.Freq())) {
			t.Fatalf("%q has frequency %v, want a whole number", k.Text(), k.Freq())
		}
		list[k.Text()] = Entry{int(k.Freq()), k.Pos()}
	}
	return list
}

func hashOf(d *Dictionary) string {
	h := sha256.New()
	for w, e := range d.All() {
		fmt.Fprintf(h, "%s\t%d\t%s\n", w, e.Freq, e.POS)
	}
	return fmt.Sprintf("%x", h.Sum(nil))[:12]
}

// The embedded list is that of gse, word for word. With UPDATE=1 the test
// writes dictionary.zst and version.go.
func TestDictionaryIsThatOfGse(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("loads the whole dictionary of gse, and starts no goroutine")
	}
	list := gseList(t)
	if os.Getenv("UPDATE") == "1" {
		file, err := encodeDictionary(list)
		if err != nil {
			t.Fatal(err)
		}
		d, err := readDictionary(file)
		if err != nil {
			t.Fatal(err)
		}
		version, err := os.ReadFile("version.go")
		if err != nil {
			t.Fatal(err)
		}
		at := strings.LastIndex(string(version), "const ")
		version = fmt.Appendf(version[:at:at], "const dictionaryVersion = \"gse0.80.3-%s\"\n", hashOf(d))
		if err := os.WriteFile("dictionary.zst", file, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("version.go", version, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Skipf("wrote dictionary.zst, %d bytes, and version.go: run the tests again", len(file))
	}
	d, err := Words()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for w, e := range d.All() {
		n++
		if list[w] != e {
			t.Fatalf("%q is %v, gse has %v", w, e, list[w])
		}
	}
	if n != len(list) || n != d.Len() {
		t.Errorf("%d words, Len %d, gse has %d", n, d.Len(), len(list))
	}
	if got := "gse0.80.3-" + hashOf(d); got != dictionaryVersion {
		t.Errorf("dictionaryVersion is %q, the list is %q", dictionaryVersion, got)
	}
}

func TestLookup(t *testing.T) {
	d, err := Words()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []string{"甘肃", "中国", "的", "甘肅", "4S店", "4s店", "γ射线", "赵孟𫖯"} {
		if !d.Contains(w) {
			t.Errorf("%q is missing", w)
		}
	}
	for _, w := range []string{"", "甘肃甘", "\x00", "\xff", "４S店", "甘\xff"} {
		if d.Contains(w) {
			t.Errorf("%q is there", w)
		}
	}
	var got []string
	d.Prefixes("在中华人民共和国，", len("在"), func(end, freq int, pos string) {
		if freq <= 0 {
			t.Errorf("frequency %d", freq)
		}
		got = append(got, "在中华人民共和国，"[len("在"):end])
	})
	if s := strings.Join(got, " "); s != "中 中华 中华人民 中华人民共和国" {
		t.Errorf("words at 中华人民共和国: %s", s)
	}
}

func TestReadDictionaryRefusesBrokenFiles(t *testing.T) {
	list := map[string]Entry{"中": {2, "f"}, "中国": {900, "ns"}, "a股": {3, "n"}}
	good, err := encodeDictionary(list)
	if err != nil {
		t.Fatal(err)
	}
	d, err := readDictionary(good)
	if err != nil || d.Len() != 3 || d.Total() != 905 || !d.Contains("A股") {
		t.Fatalf("reads %v, %v", d, err)
	}
	for _, bad := range [][]byte{nil, good[:len(good)/2], []byte(magic), good[:8], append(bytes.Clone(good), 0)} {
		if _, err := readDictionary(bad); err == nil {
			t.Errorf("%q is read without an error", bad)
		}
	}
	for i := len(magic); i < len(good); i++ { // a broken byte is an error at the latest when its block is read, or harmless
		bad := bytes.Clone(good)
		bad[i] ^= 0x55
		d, err := readDictionary(bad)
		for at := 0; err == nil && at < len(d.blocks); at++ {
			_, err = d.readBlock(&d.blocks[at])
		}
		if err == nil && !maps.Equal(maps.Collect(d.All()), list) {
			t.Errorf("byte %d is broken and read without an error", i)
		}
	}
}

func BenchmarkWords(b *testing.B) {
	for b.Loop() {
		d, err := readDictionary(dictionaryFile)
		if err != nil {
			b.Fatal(err)
		}
		for i := range d.blocks {
			d.block(i)
		}
	}
}

// What one query needs of the dictionary.
func BenchmarkWordsOfAQuery(b *testing.B) {
	for b.Loop() {
		d, err := readDictionary(dictionaryFile)
		if err != nil {
			b.Fatal(err)
		}
		if !d.Contains("农业") || !d.Contains("产业") {
			b.Fatal("a word is missing")
		}
	}
}
