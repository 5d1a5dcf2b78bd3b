package segment

import (
	"bufio"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"longmai/pipeline"
)

func mustFull(t testing.TB) *Segmenter {
	s, err := Full()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func words(text string, tokens []pipeline.Token) []string {
	var out []string
	for _, k := range tokens {
		out = append(out, text[k.Start:k.End])
	}
	return out
}

func checkTiling(t testing.TB, text string, tokens []pipeline.Token) {
	at := 0
	for _, k := range tokens {
		if k.Start != at || k.End <= at || k.End > len(text) || k.POS == "" {
			t.Fatalf("token %v of %q at byte %d", k, text, at)
		}
		at = k.End
	}
	if at != len(text) {
		t.Fatalf("tokens of %q end at %d of %d", text, at, len(text))
	}
}

func TestCuts(t *testing.T) {
	file, err := os.Open("testdata/cuts.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	n := 0
	for s := bufio.NewScanner(file); s.Scan(); n++ {
		line := s.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		text := strings.ReplaceAll(line, "|", "")
		if got := strings.Join(words(text, Slice(text).Segment(text)), "|"); got != line {
			t.Errorf("testdata/cuts.txt:%d: got %s, want %s", n+1, got, line)
		}
	}
}

func TestPartsOfSpeech(t *testing.T) {
	text := "甘肃AI增长5.6%，５Ｇ龘2024年Ⅱ①🚄"
	var got []string
	for _, k := range Slice(text).Segment(text) {
		got = append(got, text[k.Start:k.End]+"/"+k.POS)
	}
	want := "甘肃/ns AI/eng 增长/v 5.6%/m ，/x ５Ｇ/eng 龘/x 2024/m 年/m Ⅱ/x ①/x 🚄/x"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

// realTexts returns the text files of the folders that are there.
func realTexts(t testing.TB) []string {
	shared := os.Getenv("LONGMAI_SHARED")
	if shared == "" {
		shared = "../../../shared"
	}
	var out []string
	for _, p := range []string{"gold/*.txt", "gold/train/*.txt"} {
		names, _ := filepath.Glob(filepath.Join(shared, p))
		for _, n := range names {
			b, err := os.ReadFile(n)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, string(b))
		}
	}
	return out
}

// randomText mixes words of the dictionary, single characters of several
// scripts, digits, Latin letters of both widths, marks and broken bytes.
func randomText(r *rand.Rand, list []string) string {
	var b strings.Builder
	kind := r.IntN(8)
	for range r.IntN(60) {
		k := r.IntN(10)
		if kind < 5 && r.IntN(3) > 0 {
			k = kind
		}
		switch k {
		case 0, 1:
			b.WriteString(list[r.IntN(len(list))])
		case 2:
			b.WriteRune('一' + rune(r.IntN(0x9fa5-0x4e00)))
		case 3:
			b.WriteRune(pick(r, "的一是了我不在人有他这为之大来以个中上们年元亿万千百十"))
		case 4:
			b.WriteRune(pick(r, "0123456789.,%０１２３４５．，％-+/:"))
		case 5:
			b.WriteRune(pick(r, "abAZＡｚéßγЖ&#@_'"))
		case 6:
			b.WriteRune(pick(r, "，。；、“”（）—…　 \n\t《》·"))
		case 7:
			b.WriteRune(pick(r, "𫖯𠀀㐀〇あカ한ཀ🚄\u200b\u0301ﬁⅡ①℃￥"))
		case 8:
			b.WriteByte(byte(r.IntN(256)))
		case 9:
			b.WriteRune(rune(r.IntN(0x3000)))
		}
	}
	return b.String()
}

func pick(r *rand.Rand, s string) rune {
	runes := []rune(s)
	return runes[r.IntN(len(runes))]
}

// A slice cuts its text as the whole dictionary does, on random text and on
// paragraphs and pages of newspapers.
func TestSliceEqualsFull(t *testing.T) {
	if testing.Short() {
		t.Skip("loads the whole dictionary")
	}
	f := mustFull(t)
	d, _ := Words()
	var list []string
	for w := range d.All() {
		list = append(list, w)
	}
	check := func(text string) {
		want := f.Segment(text)
		checkTiling(t, text, want)
		if got := Slice(text).Segment(text); !slices.Equal(got, want) {
			t.Fatalf("%q:\nslice %q\nfull  %q", text, words(text, got), words(text, want))
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	n := 10_000
	if raceDetector {
		n = 200
	}
	for range n {
		check(randomText(r, list))
	}
	pages := realTexts(t)
	if raceDetector {
		pages = pages[:min(len(pages), 10)]
	}
	if len(pages) == 0 {
		t.Log("no real pages in ../../../shared or LONGMAI_SHARED: random text only")
	}
	for _, p := range pages {
		check(p)
		for line := range strings.Lines(p) {
			check(line)
		}
	}
}

// A slice of a text serves its sentences too.
func TestSliceServesParts(t *testing.T) {
	text := "庆阳市全年粮食产量171.8万吨，增长2.1%。签约额超3062亿元，AI算力规模达到5万P；"
	s := Slice(text)
	for _, part := range strings.SplitAfter(text, "。") {
		if got, want := s.Segment(part), Slice(part).Segment(part); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", part, words(part, got), words(part, want))
		}
	}
}

// Words that were learned from other texts change nothing.
func TestGrowingEqualsSlice(t *testing.T) {
	a := Auto()
	for _, text := range append(realTexts(t), "Ａ股和A股、a股，GDP与gdp", "") {
		for line := range strings.Lines(text) {
			if got, want := a.Segment(line), Slice(line).Segment(line); !slices.Equal(got, want) {
				t.Fatalf("%q: %s, want %s", line, words(line, got), words(line, want))
			}
		}
	}
	if n := len(a.auto.idle); n != 1 {
		t.Errorf("%d growing segmenters for one goroutine", n)
	}
}

func TestAutoEqualsSlice(t *testing.T) {
	if testing.Short() {
		t.Skip("loads the whole dictionary")
	}
	a := Auto()
	a.auto.limit = 1 << 20
	text := strings.Repeat("甘肃省第十四届人民代表大会第二次会议在兰州开幕，GDP增长6.4%。\n", 200)
	want := Slice(text).Segment(text)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := 0; i < 4000 && (i < 40 || a.auto.full.Load() == nil); i++ {
				if !slices.Equal(a.Segment(text), want) {
					t.Error("Auto differs")
					return
				}
			}
		})
	}
	wg.Wait()
	if !slices.Equal(a.Segment(text), want) {
		t.Error("Auto differs after the change to Full")
	}
}

// Long input without a mark takes linear time and keeps its runs whole.
func TestLongStretches(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("1", 1<<20), strings.Repeat("一", 1<<18), strings.Repeat("\xff\x80", 1<<17),
		strings.Repeat("1.", 1<<18), strings.Repeat("a-", 1<<18), strings.Repeat("，1", 1<<18), strings.Repeat("中１", 1<<17),
	} {
		checkTiling(t, text[:8], Slice(text).Segment(text[:8]))
		checkTiling(t, text, Slice(text).Segment(text))
	}
}

func TestStage(t *testing.T) {
	if s := Stage(Auto()); s.Name != "segment" || !slices.Equal(s.Adds, []pipeline.Layer{pipeline.Tokens}) {
		t.Errorf("stage %+v", s)
	}
}

func FuzzSliceTiles(f *testing.F) {
	for _, s := range []string{"甘肃", "1,156户", "Ａ股５Ｇ", "a\xffb\x00c", "３+２", "中０.5％"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkTiling(t, text, Slice(text).Segment(text))
		for _, k := range Slice(text).Segment(text) {
			if !utf8.RuneStart(text[k.Start]) && utf8.ValidString(text) {
				t.Errorf("token %v of %q cuts a character", k, text)
			}
		}
	})
}

const sampleText = "本报兰州10月21日讯（记者 某某）前三季度，全省规模以上工业增加值同比增长9.2%，高于全国3.4个百分点。其中，电气机械和器材制造业增长45.6%，" +
	"有色金属冶炼和压延加工业增长11.3%。全省新能源装机容量达到5988万千瓦，占总装机的61.6%，位居全国第二；外送电量407亿千瓦时，同比增长12.8%。"

func BenchmarkFull(b *testing.B) {
	s := mustFull(b)
	b.SetBytes(int64(len(sampleText)))
	for b.Loop() {
		s.Segment(sampleText)
	}
}

func BenchmarkFullPages(b *testing.B) {
	pages := realTexts(b)
	if len(pages) == 0 {
		b.Skip("no real pages")
	}
	s := mustFull(b)
	b.SetBytes(int64(len(strings.Join(pages, ""))))
	for b.Loop() {
		for _, p := range pages {
			s.Segment(p)
		}
	}
}

func BenchmarkAutoPages(b *testing.B) {
	pages := realTexts(b)
	b.SetBytes(int64(len(strings.Join(pages, ""))))
	s := Auto()
	s.auto.limit = 1 << 40
	for b.Loop() {
		for _, p := range pages {
			s.Segment(p)
		}
	}
}

func BenchmarkSliceQuery(b *testing.B) {
	Words()
	for b.Loop() {
		Slice("产业转移 兰州新区").Segment("产业转移 兰州新区")
	}
}

func BenchmarkSliceArticle(b *testing.B) {
	Words()
	text := strings.Repeat(sampleText, 5)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Slice(text).Segment(text)
	}
}

func BenchmarkSlicePage(b *testing.B) {
	pages := realTexts(b)
	if len(pages) == 0 {
		b.Skip("no real pages")
	}
	Words()
	n := 0
	for b.Loop() {
		p := pages[n%len(pages)]
		Slice(p).Segment(p)
		n++
	}
	b.SetBytes(int64(len(strings.Join(pages, "")) / len(pages)))
}

func BenchmarkPrefixes(b *testing.B) {
	d, _ := Words()
	b.SetBytes(int64(len(sampleText)))
	for b.Loop() {
		for i := range sampleText {
			d.Prefixes(sampleText, i, func(end, freq int, pos string) {})
		}
	}
}
