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

	"github.com/go-ego/gse"
)

// fresh returns a segmenter that has learned nothing.
func fresh(t testing.TB) *Segmenter {
	d, err := Words()
	if err != nil {
		t.Fatal(err)
	}
	return newSegmenter(d)
}

// wholeGse is gse with its own dictionary, as it loads it itself.
var wholeGse = sync.OnceValues(func() (*gse.Segmenter, error) {
	g := &gse.Segmenter{NotLoadHMM: true, SkipLog: true}
	return g, g.LoadDictEmbed("zh")
})

// An oracle cuts text with the whole of gse, behind the same pre-pass.
type oracle struct{ gse *gse.Segmenter }

func newOracle(t testing.TB) oracle {
	g, err := wholeGse()
	if err != nil {
		t.Fatal(err)
	}
	return oracle{g}
}

func (o oracle) Segment(text string) []pipeline.Token {
	var out []pipeline.Token
	for at := 0; at < len(text); {
		p := next(text, at)
		switch p.kind {
		case pieceNumber:
			out = append(out, pipeline.Token{Span: pipeline.Span{Start: at, End: p.end}, POS: "m"})
		case pieceName:
			out = append(out, pipeline.Token{Span: pipeline.Span{Start: at, End: p.end}, POS: "eng"})
		case pieceMark:
			out = append(out, pipeline.Token{Span: pipeline.Span{Start: at, End: p.end}, POS: "x"})
		case pieceWords:
			out = append(out, o.stretch(text[at:p.end], at)...)
		}
		at = p.end
	}
	return out
}

// stretch takes the characters one by one from text as gse's words use them up.
func (o oracle) stretch(text string, at int) []pipeline.Token {
	var out []pipeline.Token
	half := strings.Map(func(r rune) rune {
		if '！' <= r && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, text)
	start := 0
	segments := o.gse.Segment([]byte(half))
	for i := range segments {
		g := &segments[i]
		word := half[g.Start():g.End()]
		end := start
		for range word {
			_, w := utf8.DecodeRuneInString(text[end:])
			end += w
		}
		pos := g.Token().Pos()
		if pos == "" || pos == "x" {
			pos = unknown([]byte(word))
		}
		out = append(out, pipeline.Token{Span: pipeline.Span{Start: at + start, End: at + end}, POS: pos})
		start = end
	}
	return out
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
		if got := strings.Join(words(text, Auto().Segment(text)), "|"); got != line {
			t.Errorf("testdata/cuts.txt:%d: got %s, want %s", n+1, got, line)
		}
	}
}

func TestPartsOfSpeech(t *testing.T) {
	text := "甘肃AI增长5.6%，５Ｇ龘2024年Ⅱ①🚄"
	var got []string
	for _, k := range Auto().Segment(text) {
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

// The tokens are those of gse with its whole dictionary, on random text and on
// paragraphs and pages of newspapers, whatever was learned before and whether a
// stretch is remembered or not.
func TestTokensAreThoseOfGse(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("loads the whole dictionary of gse, and starts no goroutine")
	}
	o, s := newOracle(t), fresh(t)
	check := func(text string) {
		want := o.Segment(text)
		checkTiling(t, text, want)
		for _, s := range []*Segmenter{s, s, fresh(t)} {
			if got := s.Segment(text); !slices.Equal(got, want) {
				t.Fatalf("%q:\ngot %q\ngse %q", text, words(text, got), words(text, want))
			}
		}
	}
	var list []string
	for w := range s.learner.d.All() {
		list = append(list, w)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 5_000 {
		check(randomText(r, list))
	}
	pages := realTexts(t)
	if len(pages) == 0 {
		t.Log("no real pages in ../../../shared or LONGMAI_SHARED: random text only")
	}
	for _, p := range pages {
		check(p)
		for line := range strings.Lines(p) {
			if got, want := s.Segment(line), o.Segment(line); !slices.Equal(got, want) {
				t.Fatalf("%q:\ngot %q\ngse %q", line, words(line, got), words(line, want))
			}
		}
	}
	for from := 0; from < len(list); from += 1 << 14 { // with all words but the last known
		for _, w := range list[from:min(from+1<<10, len(list))] {
			if got, want := s.Segment(w), o.Segment(w); !slices.Equal(got, want) {
				t.Fatalf("%q: got %q, gse %q", w, words(w, got), words(w, want))
			}
		}
	}
}

// What is settled without gse: each stretch as words that are in no doubt, or
// whole, with a question mark, when gse has to be asked.
func TestPlain(t *testing.T) {
	d, err := Words()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"甘肃省|兰州市", "龘|龘", "中华人民共和国", "4s店", "2024|年|10|月", "100|万吨",
		"?研究生命起源", // 研究 研究生 生命
		"?结合成分子",  // 结合 合成 成分 分子
		"?具体方法",   // is a word, but a rare one of two that are not
	} {
		text, doubt := strings.CutPrefix(strings.ReplaceAll(want, "|", ""), "?")
		w := &scratch{chars: d.chars(nil, []byte(text))}
		if ok := d.plain(w); ok == doubt {
			t.Errorf("%s: plain is %v", text, ok)
			continue
		}
		if doubt {
			continue
		}
		var got []string
		from := int32(0)
		for _, c := range w.cuts {
			got = append(got, text[from:c.end])
			from = c.end
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("got %s, want %s", s, want)
		}
	}
}

// Goroutines that learn at the same time cut as one does.
func TestManyGoroutines(t *testing.T) {
	d, _ := Words()
	var list []string
	for w := range d.All() {
		if len(list) == 30_000 {
			break
		}
		list = append(list, w)
	}
	r := rand.New(rand.NewPCG(3, 4))
	texts := make([]string, 400)
	want := make([][]pipeline.Token, len(texts))
	one := fresh(t)
	for i := range texts {
		texts[i] = randomText(r, list) + sampleText + randomText(r, list)
		want[i] = one.Segment(texts[i])
	}
	many := fresh(t)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range texts {
				i = (i + g*7) % len(texts)
				if !slices.Equal(many.Segment(texts[i]), want[i]) {
					t.Errorf("%q is cut in another way", texts[i])
					return
				}
			}
		})
	}
	wg.Wait()
	if n := len(many.idle); n > 4 {
		t.Errorf("%d scratches for four goroutines", n)
	}
}

// A memory of a stretch is no memory of another one, nor of half a stretch.
func TestMemo(t *testing.T) {
	m := newMemo()
	tokens := func(at int, ends ...int) (out []pipeline.Token) {
		for _, e := range ends {
			out = append(out, pipeline.Token{Span: pipeline.Span{Start: at, End: e}, POS: "n"})
			at = e
		}
		return out
	}
	m.remember(tokens(100, 106, 112), "甘肃兰州", 100)
	if got, ok := m.recall(nil, "甘肃兰州", 9); !ok || !slices.Equal(got, tokens(9, 15, 21)) {
		t.Errorf("recalls %v, %v", got, ok)
	}
	for _, text := range []string{"甘肃", "甘肃兰州市", "", "\x00", strings.Repeat("甘", memoBytes)} {
		if got, ok := m.recall(nil, text, 0); ok && text != "" {
			t.Errorf("recalls %q as %v", text, got)
		}
	}
	long := strings.Repeat("a", memoWords+1)
	ends := make([]int, len(long))
	for i := range ends {
		ends[i] = i + 1
	}
	m.remember(tokens(0, ends...), long, 0)
	if _, ok := m.recall(nil, long, 0); ok {
		t.Error("recalls more words than there is room for")
	}
}

// Long input without a mark takes linear time and keeps its runs whole.
func TestLongStretches(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("1", 1<<20), strings.Repeat("一", 1<<18), strings.Repeat("\xff\x80", 1<<17),
		strings.Repeat("1.", 1<<18), strings.Repeat("a-", 1<<18), strings.Repeat("，1", 1<<18), strings.Repeat("中１", 1<<17),
	} {
		checkTiling(t, text[:8], Auto().Segment(text[:8]))
		checkTiling(t, text, Auto().Segment(text))
	}
}

func TestStage(t *testing.T) {
	if s := Stage(Auto()); s.Name != "segment" || !slices.Equal(s.Adds, []pipeline.Layer{pipeline.Tokens}) {
		t.Errorf("stage %+v", s)
	}
}

func FuzzTiles(f *testing.F) {
	for _, s := range []string{"甘肃", "1,156户", "Ａ股５Ｇ", "a\xffb\x00c", "３+２", "中０.5％"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkTiling(t, text, Auto().Segment(text))
		for _, k := range Auto().Segment(text) {
			if !utf8.RuneStart(text[k.Start]) && utf8.ValidString(text) {
				t.Errorf("token %v of %q cuts a character", k, text)
			}
		}
	})
}

const sampleText = "本报兰州10月21日讯（记者 某某）前三季度，全省规模以上工业增加值同比增长9.2%，高于全国3.4个百分点。其中，电气机械和器材制造业增长45.6%，" +
	"有色金属冶炼和压延加工业增长11.3%。全省新能源装机容量达到5988万千瓦，占总装机的61.6%，位居全国第二；外送电量407亿千瓦时，同比增长12.8%。"

// A text that is cut again and again: what is remembered.
func BenchmarkSameText(b *testing.B) {
	s := fresh(b)
	b.SetBytes(int64(len(sampleText)))
	b.ReportAllocs()
	for b.Loop() {
		s.Segment(sampleText)
	}
}

// benchmarkPages cuts the real pages in one round, with the segmenter that cut
// returns for it.
func benchmarkPages(b *testing.B, segmenter func() interface{ Segment(string) []pipeline.Token }) {
	pages := realTexts(b)
	if len(pages) == 0 {
		b.Skip("no real pages")
	}
	b.SetBytes(int64(len(strings.Join(pages, ""))))
	b.ReportAllocs()
	for b.Loop() {
		s := segmenter()
		for _, p := range pages {
			s.Segment(p)
		}
	}
}

// Pages all of whose words are known, and no stretch.
func BenchmarkPages(b *testing.B) {
	s := fresh(b)
	for _, p := range realTexts(b) {
		s.Segment(p)
	}
	benchmarkPages(b, func() interface{ Segment(string) []pipeline.Token } {
		s.idle = nil
		return s
	})
}

// Pages with all of their words to be learned.
func BenchmarkPagesAtFirst(b *testing.B) {
	benchmarkPages(b, func() interface{ Segment(string) []pipeline.Token } { return fresh(b) })
}

// The same pages with the whole of gse.
func BenchmarkPagesOfGse(b *testing.B) {
	o := newOracle(b)
	benchmarkPages(b, func() interface{ Segment(string) []pipeline.Token } { return o })
}

func BenchmarkQuery(b *testing.B) {
	for b.Loop() {
		fresh(b).Segment("产业转移 兰州新区")
	}
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
