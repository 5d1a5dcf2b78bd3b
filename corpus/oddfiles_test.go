package corpus

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Files as researchers have them: cut off, put together, under the wrong name,
// through the wrong encoding. Each is read right or refused by name, place and
// next step, and what is read is proved against the file.

const (
	oddHead = "红柳洼光伏基地并网"
	oddLead = "本报酒泉6月12日讯（记者 白雪松）金塔县红柳洼光伏基地首批机组并网，装机35万千瓦。"
	oddNext = "“风沙大，组件一周要清洗两遍。”运维员祁学军说。"
	oddPage = "# " + oddHead + "\n\n" + oddLead + "\n\n" + oddNext + "\n"
	oddSeen = oddHead + ": title paragraph paragraph"
)

// told is what became of an input, one line for each article and rejection:
// "title: roles" and "class place".
func told(as []*Article, rejected []*Rejection) string {
	var out []string
	for _, a := range as {
		s := a.Title + ":"
		for _, b := range a.Blocks {
			s += " " + string(b.Role)
		}
		if !a.Date.IsZero() {
			s += " " + a.Date.String()
		}
		out = append(out, s)
	}
	for _, r := range rejected {
		s := "(" + string(r.Class) + ")"
		for _, at := range []string{r.Source.Member, r.Place} {
			if at != "" {
				s += " " + at
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func inGBK(t testing.TB, s string) string {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func inUTF16(s string, order binary.AppendByteOrder) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

// mistaken is s in UTF-8, read as if it were in another encoding.
func mistaken(t testing.TB, s string, as func(string) (string, error)) string {
	t.Helper()
	out, err := as(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func zipped(t testing.TB, s string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return b.String()
}

func tarred(t testing.TB, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range names {
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(oddPage)), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(oddPage)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.WriteHeader(&tar.Header{Name: "link.txt", Linkname: names[0], Typeflag: tar.TypeLink}); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestOddFiles(t *testing.T) {
	word := func(root, body string) string {
		return string(makeZip(t, true, file{documentXML, []byte(`<?xml version="1.0"?>` + root + body)}))
	}
	const plainWord = `<document xmlns="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><body><p><r><t>` + oddHead + `</t></r></p><p><r><t>` + oddLead + `</t></r></p></body></document>`
	html := func(head, body string) string {
		return "<html><head>" + head + "</head><body>" + body + "</body></html>"
	}
	body := "<h1>" + oddHead + "</h1><p>　　" + oddLead + "</p><p>　　" + oddNext + "去年冬天零下二十多度，夜里也要巡检，一刻不敢放松。</p>"
	record := func(title string) string {
		return `{"title":"` + title + `","content":"` + oddLead + `"}`
	}
	old := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00\x01", 600)
	zst, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	names := tarred(t, "2023-06-12/a.txt", "2023-06-12/b.txt")
	const dated = oddSeen + " 2023-06-12"
	twice := makeZip(t, true, file{"a.txt", []byte(oddPage)}, file{"a.txt", []byte(strings.ReplaceAll(oddPage, "红柳洼", "白水泉"))})
	asGBK := mistaken(t, oddPage, simplifiedchinese.GBK.NewDecoder().String)
	for _, c := range []struct{ name, file, content, want, warns string }{
		// encodings
		{"utf-16 without a mark", "a.txt", inUTF16(oddPage, binary.LittleEndian), oddSeen, ""},
		{"utf-16 without a mark, the other way round", "a.txt", inUTF16(oddPage, binary.BigEndian), oddSeen, ""},
		{"four bytes of gb18030", "a.txt", inGBK(t, oddPage+"\n𠀀字、㐱字与䶮家湾村民代表签字。\n"), oddSeen + " paragraph", ""},
		{"utf-8 before gbk", "a.txt", oddPage + inGBK(t, "\n县城供热管网改造完成，新建管道42公里。\n"), oddSeen + " paragraph", "2 lines are utf-8|3 lines are utf-8"},
		{"gbk before utf-8", "a.txt", inGBK(t, oddPage) + "\n县城供热管网改造完成，新建管道42公里。\n", oddSeen + " paragraph", "1 lines are utf-8"},
		{"utf-8 taken for gbk", "a.txt", asGBK, "(encoding) byte 0", ""},
		{"utf-8 taken for latin-1", "a.txt", mistaken(t, oddPage, charmap.ISO8859_1.NewDecoder().String), "(encoding) byte 0", ""},
		{"utf-8 taken for gbk, in a table", "a.csv", "标题,正文\n" + strings.ReplaceAll(asGBK, "\n", " ") + "," + asGBK, "(encoding) byte 0", ""},
		{"utf-32", "a.txt", "\xFF\xFE\x00\x00#\x00\x00\x00", "(encoding) byte 0", ""},
		{"hz", "a.txt", "# ~{=pK~I3D.9b7|;y5X2\"Mx~}\n", "(encoding) byte 0", ""},
		{"iso-2022", "a.txt", "\x1b$)A\x0e=pK~I3D.\n", "(encoding) byte 0", ""},
		// bytes that are no text
		{"empty", "a.txt", "", "(empty)", ""},
		{"a mark and nothing else", "a.txt", "\xEF\xBB\xBF", "(empty)", ""},
		{"white space", "a.md", " \n　\n", "(empty)", ""},
		{"a few NUL", "a.txt", strings.Replace(oddPage, "并网，", "并网\x00，", 1), oddSeen, "1 NUL characters"},
		{"NUL behind the text", "a.txt", oddPage + strings.Repeat("\x00", 4096), oddSeen, "4096 NUL bytes at the end"},
		{"NUL alone", "a.txt", strings.Repeat("\x00", 5000), "(binary) byte 0", ""},
		{"NUL in a row", "a.csv", "标题,正文\n" + oddHead + ",甲乙丙丁，\x00戊己庚辛。\n", oddHead + ": title paragraph", ""},
		// line ends
		{"carriage returns", "a.txt", strings.ReplaceAll(oddPage, "\n", "\r"), oddSeen, ""},
		{"line separators", "a.txt", strings.ReplaceAll(oddPage, "\n", "\u2028"), oddSeen, ""},
		{"next lines", "a.txt", strings.ReplaceAll(oddPage, "\n", "\u0085"), oddSeen, ""},
		{"vertical tabs and others", "a.txt", strings.Replace(oddPage, "\n", "\v", 1), oddSeen, ""},
		{"carriage returns in a table", "a.csv", "标题,正文\r" + oddHead + ",甲乙丙丁，戊己庚辛。\r", oddHead + ": title paragraph", ""},
		{"carriage returns between records", "a.jsonl", record("甲乙") + "\r" + record("丙丁") + "\r", "甲乙: title paragraph\n丙丁: title paragraph", ""},
		// names that mislead
		{"old Word", "a.doc", old, "(unsupported)", ""},
		{"old Word as text", "a.txt", old, "(unsupported)", ""},
		{"old Excel", "a.xls", old, "(unsupported)", ""},
		{"WPS", "a.wps", old, "(unsupported)", ""},
		{"text as .doc", "a.doc", oddPage, oddSeen, ""},
		{"a web page as .doc", "a.doc", html("", body), oddSeen, ""},
		{"the newer Word as .doc", "a.doc", word("", plainWord), oddHead + ": title paragraph", ""},
		{"rich text as .doc", "a.doc", `{\rtf1\ansi\ansicpg936 \u32418?}`, "(unsupported)", ""},
		{"rich text as text", "a.txt", `{\rtf1\ansi\ansicpg936 \u32418?}`, "(unsupported)", ""},
		{"a table of text as .xls", "a.xls", "标题\t正文\n" + oddHead + "\t" + oddLead + "\n", oddHead + ": title paragraph", ""},
		{"a web page as .xls", "a.xls", html("", "<table><tr><td>标题</td></tr></table>"), "(unsupported)", ""},
		{"XML of Excel", "a.xls", `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>`, "(unsupported)", ""},
		{"CAJ as .pdf", "a.pdf", "HN\x00\x00" + strings.Repeat("\x01", 500), "(unsupported)", ""},
		{"RAR as .zip", "a.zip", "Rar!\x1a\x07\x00" + strings.Repeat("\x01", 500), "(unsupported)", ""},
		{"7z", "a.7z", "7z\xbc\xaf\x27\x1c" + strings.Repeat("\x01", 500), "(unsupported)", ""},
		{"a web archive", "a.mht", "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n", "(unsupported)", ""},
		{"a web archive as .html", "a.html", "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n\r\n<html><body>=E7=BA=A2</body></html>", "(unsupported)", ""},
		{"a picture as text", "a.txt", "\x89PNG\r\n\x1a\n" + strings.Repeat("\x01", 500), "(unsupported)", ""},
		{"a link of Windows", "a.txt", "[InternetShortcut]\r\nURL=http://example.com/\r\n", "(unsupported)", ""},
		{"an electronic book", "a.epub", "PK\x03\x04", "(unsupported)", ""},
		// tables and records
		{"quotes of the text", "a.csv", "标题,正文\n\"风沙大\"的背后," + oddLead + "\n" + oddHead + "," + oddLead + "\n", "\"风沙大\"的背后: title paragraph\n" + oddHead + ": title paragraph", ""},
		{"references in a cell", "a.csv", "标题,正文\n" + oddHead + ",&nbsp;&nbsp;" + oddLead + "&#8212;R&D;&ldquo;好&rdquo;。\n", oddHead + ": title paragraph", ""},
		{"page and its name in a cell", "a.csv", "标题,正文,版面,刊登日期\n" + oddHead + "," + oddLead + ",A03|要闻,2023年6月12日\n", oddHead + ": title paragraph 2023-06-12", ""},
		{"records by their days", "a.json", `{"2023-06-12":` + record("甲乙") + `,"2023-06-13":` + record("丙丁") + `}`, "甲乙: title paragraph\n丙丁: title paragraph", ""},
		{"records in a record", "a.json", `{"code":0,"data":{"a":` + record("甲乙") + `,"b":` + record("丙丁") + `}}`, "甲乙: title paragraph\n丙丁: title paragraph", ""},
		{"records one behind the other", "a.jsonl", record("甲乙") + record("丙丁") + "\n" + record("戊己") + "\n", "甲乙: title paragraph\n丙丁: title paragraph\n戊己: title paragraph", ""},
		{"numbers of Python", "a.jsonl", `{"title":"甲乙","content":"一句话。","score":NaN,"low":-Infinity}` + "\n", "甲乙: title paragraph", ""},
		{"types of MongoDB", "a.jsonl", `{"title":"甲乙","content":"一句话。","date":{"$date":{"$numberLong":"1686528000000"}}}` + "\n", "甲乙: title paragraph 2023-06-12", ""},
		// Word files
		{"elements without a prefix", "a.docx", word("", plainWord), oddHead + ": title paragraph", ""},
		{"elements with another prefix", "a.docx", word("", strings.NewReplacer("</", "</x:", "<", "<x:", "xmlns=", "xmlns:x=").Replace(plainWord)), oddHead + ": title paragraph", ""},
		{"the text under another name", "a.docx", string(makeZip(t, true, file{"word/document2.xml", []byte(plainWord)})), oddHead + ": title paragraph", ""},
		{"footnotes", "a.docx", word("", strings.Replace(plainWord, "</t></r></p></body>", "</t></r><r><footnoteReference id=\"1\"/></r></p></body>", 1)), oddHead + ": title paragraph", "1 footnotes or endnotes"},
		// web pages
		{"a headline that ends in 网", "a.html", html("<title>"+oddHead+"</title>", body), oddSeen, ""},
		{"saved from a site", "a.html", "<!-- saved from url=(0070)http://szb.example.com/gsrb/pc/con/202306/12/c99.html -->\n" + html("", body), oddSeen + " 2023-06-12", ""},
		{"another charset than is declared", "a.html", inGBK(t, html(`<meta charset="utf-8">`, body)), oddSeen, "declared as utf-8"},
		// archives
		{"a stream that is cut off", "a.txt.gz", zipped(t, oddPage)[:60], "(format) a.txt byte 0", ""},
		{"bytes behind a stream", "a.txt.gz", zipped(t, oddPage) + strings.Repeat("\x00", 100), oddSeen, ""},
		{"streams one behind the other", "a.txt.gz", zipped(t, oddPage) + zipped(t, strings.ReplaceAll(oddPage, "红柳洼", "白水泉")), oddSeen + "\n" + strings.ReplaceAll(oddSeen, "红柳洼", "白水泉"), ""},
		{"zstd", "a.txt.zst", string(zst.EncodeAll([]byte(oddPage), nil)), oddSeen, ""},
		{"a link in a tar", "a.tar", names, dated + "\n" + dated, ""},
		{"a tar that is cut off", "a.tar", names[:1000], dated + "\n(format) byte 1000", ""},
		{"two members of one name", "a.zip", string(twice), oddSeen + "\n" + strings.ReplaceAll(oddSeen, "红柳洼", "白水泉"), ""},
		{"names that lead out", "a.zip", string(makeZip(t, true, file{"../../2023-06-12.txt", []byte(oddPage)}, file{"/b/2023-06-12.txt", []byte(oddPage)})), dated + "\n" + dated, ""},
		{"a member that is no file", "a.zip", string(makeZip(t, true, file{"b.rar", []byte("Rar!\x1a\x07\x00")}, file{"c.txt", nil})), "(unsupported) b.rar\n(empty) c.txt", ""},
	} {
		path := save(t, c.file, []byte(c.content))
		as, rejected := collect(t, Options{}, path)
		if got := told(as, rejected); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s\n%v", c.name, got, c.want, rejected)
		}
		for _, r := range rejected {
			if r.Hint == "" || r.Err == nil || r.Class == "" {
				t.Errorf("%s: %v has no hint", c.name, r)
			}
		}
		if c.warns != "" {
			if len(as) == 0 || !slices.ContainsFunc(as[0].Warnings, func(w string) bool {
				return slices.ContainsFunc(strings.Split(c.warns, "|"), func(want string) bool { return strings.Contains(w, want) })
			}) {
				t.Errorf("%s: no warning %q", c.name, c.warns)
			}
		}
		for p, err := range Verify(context.Background(), Options{}, func(yield func(*Article, error) bool) {
			for _, a := range as {
				if !yield(a, nil) {
					return
				}
			}
		}) {
			if err != nil || p.State != Proved {
				t.Errorf("%s: %s %s: %v %v", c.name, p.Source.Member, p.State, p.Err, err)
			}
		}
	}
}
