package corpus

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// A placed is a line of text on a page of a PDF: x and y of its first
// character from the left and the top, in points.
type placed struct {
	x, y, size float64
	s          string
}

// makePDF makes a PDF in the way that Chinese typesetters do: a CID font in the
// encoding UniGB-UCS2-H, not embedded. A page without lines is a picture.
func makePDF(height float64, pages ...[]placed) []byte {
	var b bytes.Buffer
	var at []int
	obj := func(format string, args ...any) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(at))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n")
	kids := ""
	for i := range pages {
		kids += fmt.Sprintf("%d 0 R ", 6+2*i)
	}
	obj("<< /Type /Catalog /Pages 2 0 R >>")
	obj("<< /Type /Pages /Kids [%s] /Count %d >>", kids, len(pages))
	obj("<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>")
	obj("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 /W [1 95 500 814 939 500] /FontDescriptor 5 0 R >>")
	obj("<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>")
	for i, lines := range pages {
		obj("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 800 %g] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", height, 7+2*i)
		var c strings.Builder
		if len(lines) == 0 {
			c.WriteString("0.5 g 50 50 300 300 re f")
		}
		for _, l := range lines {
			fmt.Fprintf(&c, "BT /F1 %g Tf %g %g Td <", l.size, l.x, height-l.y)
			for _, u := range utf16.Encode([]rune(l.s)) {
				fmt.Fprintf(&c, "%04x", u)
			}
			c.WriteString("> Tj ET\n")
		}
		obj("<< /Length %d >>\nstream\n%s\nendstream", c.Len(), c.String())
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, off := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", off)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.Bytes()
}

// set sets paragraphs in columns of the given width in characters, with an
// indent of two characters; x are the left edges of the columns, rows how many
// lines each has.
func set(top, size float64, width, rows int, x []float64, paras ...string) []placed {
	var lines []string
	for _, p := range paras {
		rs := []rune("　　" + p)
		for len(rs) > 0 {
			n := min(width, len(rs))
			lines = append(lines, string(rs[:n]))
			rs = rs[n:]
		}
	}
	var out []placed
	for i, l := range lines {
		col := min(i/rows, len(x)-1)
		y := top + float64(i-col*rows)*size*1.5
		indent := 0.0
		if rest, ok := strings.CutPrefix(l, "　　"); ok {
			l, indent = rest, 2*size
		}
		out = append(out, placed{x[col] + indent, y, size, l})
	}
	return out
}

// rowWise puts the lines of a page into the order of their height, as some
// programs write them, so that the order of the content says nothing of columns.
func rowWise(lines []placed) []placed {
	var out []placed
	for len(lines) > 0 {
		best := 0
		for i, l := range lines {
			if l.y < lines[best].y || l.y == lines[best].y && l.x < lines[best].x {
				best = i
			}
		}
		out = append(out, lines[best])
		lines = append(lines[:best:best], lines[best+1:]...)
	}
	return out
}

func TestPDF(t *testing.T) {
	p1 := "本报张掖讯（记者周敏）张掖市制种玉米面积稳定在一百万亩，年产种子四亿五千万公斤，占全国大田用种量的四成以上。"
	p2 := "当地有六十二家制种企业，从业农户超过十二万户，户均增收一万八千元。市农业农村局表示，将再建标准化基地二十万亩。"
	p3 := "种子检验中心今年检验样品三千二百份，合格率百分之九十九。"
	long3 := p3 + "检验员有四十六名，仪器一百二十台，全年下乡抽样三百多次。"
	q1 := "本报定西讯（通讯员马兰）定西市马铃薯种薯出口三千吨，货值九百万元，销往中亚四国。"
	q2 := "全市种薯企业有三十一家，脱毒苗年产能十五亿株。"
	head := []placed{{250, 60, 30, "张掖玉米种子占全国四成"}, {330, 90, 12, "新甘肃·甘肃日报记者周敏"}}
	three := append(append([]placed{}, head...), set(120, 12, 16, 4, []float64{60, 270, 480}, p1, p2, p3)...)
	second := append([]placed{{260, 330, 26, "定西种薯走进中亚"}}, set(370, 12, 26, 2, []float64{60, 400}, q1, q2)...)
	narrow := append(append([]placed{}, head...), set(120, 12, 16, 4, []float64{60, 265, 470}, p1, p2, long3)...)
	both := append(append([]placed{}, three...), second...)
	side := append(append([]placed{{60, 60, 24, "张掖玉米种子"}, {60, 90, 24, "占全国四成"}}, set(130, 12, 20, 99, []float64{60}, p1, p2, p3)...),
		append([]placed{{430, 60, 24, "定西种薯走进中亚"}}, set(130, 12, 22, 99, []float64{430}, q1, q2)...)...)
	body := p1 + "\n" + p2 + "\n" + p3
	for _, c := range []struct {
		name   string
		raw    []byte
		titles string
		texts  []string
		places string
	}{
		{"three columns", makePDF(600, three), "张掖玉米种子占全国四成", []string{body}, ""},
		{"three columns, row by row", makePDF(600, rowWise(three)), "张掖玉米种子占全国四成", []string{body}, ""},
		{"narrow gutters, row by row", makePDF(600, rowWise(narrow)), "张掖玉米种子占全国四成", []string{p1 + "\n" + p2 + "\n" + long3}, ""},
		{"two articles, one over the other", makePDF(1200, both), "张掖玉米种子占全国四成 | 定西种薯走进中亚", []string{body, q1 + "\n" + q2}, ""},
		{"two articles, row by row", makePDF(1200, rowWise(both)), "张掖玉米种子占全国四成 | 定西种薯走进中亚", []string{body, q1 + "\n" + q2}, ""},
		{"two articles side by side", makePDF(1200, side), "张掖玉米种子占全国四成 | 定西种薯走进中亚", []string{body, q1 + "\n" + q2}, ""},
		{"a scanned page behind", makePDF(1200, three, nil), "张掖玉米种子占全国四成", []string{body}, "page 2:scanned"},
		{"an article over two pages", makePDF(600, three, set(60, 12, 40, 99, []float64{60}, "第二页上的这一段也是同一篇文章的内容，不是另外一篇。")), "张掖玉米种子占全国四成", []string{body + "\n第二页上的这一段也是同一篇文章的内容，不是另外一篇。"}, ""},
		{"scanned", makePDF(600, nil, nil), "", nil, "pages 1 to 2:scanned"},
		{"one scanned page", makePDF(600, nil), "", nil, "page 1:scanned"},
		{"cut off", cut(makePDF(600, three), 0.3), "", nil, ":format"},
		{"no PDF", []byte("%PDF-1.4\nrubbish"), "", nil, ":format"},
	} {
		t.Run(c.name, func(t *testing.T) {
			arts, rejs := collect(t, Options{}, save(t, "2019-05-06.pdf", c.raw))
			if got := titles(arts); got != c.titles {
				t.Errorf("articles %s, want %s", got, c.titles)
			}
			var places []string
			for _, r := range rejs {
				places = append(places, r.Place+":"+string(r.Class))
				if r.Hint == "" {
					t.Errorf("%v: no hint", r)
				}
			}
			if got := strings.Join(places, " "); got != c.places {
				t.Errorf("rejected %s, want %s: %v", got, c.places, rejs)
			}
			for i, a := range arts {
				if i < len(c.texts) && !strings.HasSuffix(a.Text.String(), "\n"+c.texts[i]) {
					t.Errorf("article %d:\n%s\nwant\n%s", i, a.Text.String(), c.texts[i])
				}
				if a.Date.String() != "2019-05-06" || a.Source.Record != 1 || a.Source.Format != "pdf" {
					t.Errorf("%s, page %d of %s", a.Date, a.Source.Record, a.Source.Format)
				}
			}
		})
	}
}

// TestPDFOfABrowser reads a page whose fonts are embedded in parts and drawn as
// procedures, with their characters in a table beside them.
func TestPDFOfABrowser(t *testing.T) {
	arts, rejs := collect(t, Options{}, "testdata/browser.pdf")
	if titles(arts) != "武威沙产业园开出新路 | 静宁苹果销往二十国" || len(rejs) > 0 {
		t.Fatal(titles(arts), rejs)
	}
	expected{byline: "何青禾/reporter", text: "武威沙产业园开出新路\n新甘肃·甘肃日报记者 何青禾\n本报武威5月6日讯（新甘肃·甘肃日报记者 何青禾）今年一季度，武威市沙产业园完成产值3.42亿元，同比增长11.6%，带动1260户农户增收。\n" +
		"走进园区，一排排光伏板下，梭梭长势正旺。“一亩地有了两份收成。”技术员马建国说。"}.check(t, arts[0])
	expected{byline: "李秀兰/correspondent", text: "静宁苹果销往二十国\n通讯员 李秀兰\n截至4月底，静宁县苹果出口量达到1.15万吨，销往泰国、越南、尼泊尔等二十个国家。"}.check(t, arts[1])
}

func TestHostilePDF(t *testing.T) {
	many := make([]placed, 20_000)
	for i := range many {
		many[i] = placed{float64(i%97) * 8, float64(i%211) * 5, 1 + float64(i%13), "字"}
	}
	for name, raw := range map[string][]byte{
		"characters everywhere": makePDF(1100, many),
		"a loop of pages":       []byte("%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[2 0 R 2 0 R]/Count 999999>>\nendobj\ntrailer\n<</Root 1 0 R>>\n"),
		"random":                append([]byte("%PDF-1.7\n"), randomBytes(1<<20)...),
		"brackets":              append([]byte("%PDF-1.7\n1 0 obj\n"), bytes.Repeat([]byte("[<<"), 300_000)...),
	} {
		start := time.Now()
		arts, rejs := collect(t, Options{}, save(t, "x.pdf", raw))
		if d := time.Since(start); d > hang {
			t.Errorf("%s took %v", name, d)
		} else {
			t.Logf("%s: %v, %d articles, %v", name, d, len(arts), rejs)
		}
	}
}

func FuzzPDF(f *testing.F) {
	f.Add(makePDF(600, []placed{{60, 60, 20, "题目"}, {60, 90, 10, "正文一句。"}}))
	f.Fuzz(func(t *testing.T, raw []byte) { fuzzRead(t, "x.pdf", raw) })
}

func FuzzLayout(f *testing.F) {
	f.Add([]byte("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x10\x11\x12"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var gs []glyph
		for i := 0; i+4 < len(raw); i += 5 {
			x, y, s := float64(raw[i])*3, float64(raw[i+1])*3, 1+float64(raw[i+2]%40)
			gs = append(gs, glyph{r: 0x4e00 + rune(raw[i+3]), x0: x, y0: y, x1: x + s, y1: y + s, spaced: raw[i+4]&1 > 0})
		}
		n := 0
		for _, p := range layOut(gs, 10) {
			for _, r := range p.text.String() {
				if r >= 0x4e00 {
					n++
				}
			}
		}
		if n != len(gs) {
			t.Fatalf("%d characters out of %d", n, len(gs))
		}
	})
}

// What nests in strings, comments and streams is text, and an object that was
// left open does not count for the next.
func TestNestsDeeply(t *testing.T) {
	many := strings.Repeat("[", mostNested+1)
	for _, c := range []struct {
		name, raw string
		want      bool
	}{
		{"arrays", "1 0 obj " + many, true},
		{"dictionaries", "1 0 obj " + strings.Repeat("<< /A ", mostNested+1), true},
		{"arrays in dictionaries", strings.Repeat("<< /A [", mostNested/2+1), true},
		{"as many as may be", many[1:], false},
		{"closed", strings.Repeat("[]<<>>", mostNested+1), false},
		{"closed too often", strings.Repeat("]", 100) + many, true},
		{"a string", "(" + many + ")", false},
		{"strings in a string", `(\)(` + many + "))", false},
		{"behind a string", `(\()` + many, true},
		{"a string without end", "(" + many, false},
		{"a comment", "%" + many + "\n[]", false},
		{"behind a comment", "%\r" + many, true},
		{"a stream", "<< /Length 1 >>\nstream\n" + many + "\nendstream\nendobj", false},
		{"behind a stream", "stream\r\n[\nendstream " + many, true},
		{"a stream without end", "stream\n" + many, false},
		{"hexadecimal strings", strings.Repeat("<0a>", mostNested+1), false},
		{"objects left open", strings.Repeat("1 0 obj [ endobj ", mostNested+1), false},
		{"nothing", "", false},
	} {
		if got := nestsDeeply([]byte(c.raw)); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	as, rejected, err := readAny("x.pdf", []byte("%PDF-1.4\n1 0 obj\n"+many), Options{})
	if err != nil || len(as) > 0 || len(rejected) != 1 || rejected[0].Class != ClassLimit {
		t.Errorf("%d articles, %v, %v, want one rejection of class limit", len(as), rejected, err)
	}
}
