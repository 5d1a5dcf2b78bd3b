package corpus

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// The worst inputs that we know, each of about a megabyte: what nests without
// end, what never closes, what a careless reader looks at again and again.
// Reading ends, memory stays bounded, and whatever comes out is an article or a
// rejection. Here they are smaller; with LONGMAI_HOSTILE=1048576 they have a
// megabyte, of which each takes less than a second on an idle machine.

func hostileSize(t testing.TB) int { return bigOr(t, "LONGMAI_HOSTILE", 1<<16) }

// fill repeats units, which may name their number, up to the size of hostile inputs.
func fill(t testing.TB, head, unit, tail string) []byte {
	var b bytes.Buffer
	b.WriteString(head)
	numbered := strings.Contains(unit, "%d")
	for i := 0; b.Len() < hostileSize(t)-len(tail); i++ {
		if numbered {
			fmt.Fprintf(&b, unit, i)
		} else {
			b.WriteString(unit)
		}
	}
	b.WriteString(tail)
	return b.Bytes()
}

// A hostile is a generator of one bad input.
type hostile struct {
	name string // and what is bad about it
	file string // of what format
	data func(t testing.TB) []byte
}

func hostiles() []hostile {
	var out []hostile
	add := func(file, name string, data func(t testing.TB) []byte) {
		out = append(out, hostile{name: name, file: file, data: data})
	}
	filled := func(file, name, head, unit, tail string) {
		add(file, name, func(t testing.TB) []byte { return fill(t, head, unit, tail) })
	}
	const news = "本报兰州9月3日讯（记者 田水生）截至8月底，环县新修通村水泥路186.5公里。"
	for _, c := range [][4]string{ // name, head, unit, tail
		{"tags without end", "", "<a>", ""},
		{"div in div", "<body>", "<div>", news},
		{"div in div with text", "<body>", "<div>甲", ""},
		{"div in div and back", "<body>", "<div>甲乙丙丁", strings.Repeat("</div>", 3000)},
		{"table in table", "<body>", "<table><tr><td>", news},
		{"table in table with text", "<body>", "<table><tr><td>甲", ""},
		{"list in list", "<body>", "<ul><li>甲", ""},
		{"formatting elements", "<body>", "<b><i><p>甲", ""},
		{"formatting elements with attributes", "<body>", `<b class="c%d"><p>甲`, ""},
		{"formatting that ends late", "<body><p>", "<a><b></p><p>", ""},
		{"attributes", "<body><p ", `a%d="1" `, ">" + news + "</p>"},
		{"the same attribute", "<body><p ", `a="1" `, ">" + news + "</p>"},
		{"an attribute without end", `<body><p a="`, "甲", ""},
		{"a comment without end", "<body><!--", "甲-", ""},
		{"comments that open", "<body>", "<!-- ", ""},
		{"tags that open", "", "<", ""},
		{"tags cut off", "", "<p ", ""},
		{"closing tags", "<body>", "</p>", ""},
		{"closing unknown tags", "<body>", "</x>", ""},
		{"scripts", "<body>", "<script>", ""},
		{"scripts that close wrongly", "<body><script>", "</scrip", ""},
		{"a title without end", "<title>", "<b>甲", ""},
		{"a textarea without end", "<textarea>", "<", ""},
		{"CDATA", "<body>", "<![CDATA[", ""},
		{"ampersands", "<body><p>", "&", ""},
		{"entities", "<body><p>", "&#x4e2d;&nbsp;&notanentity;", ""},
		{"long entity", "<body><p>&", "a", ";"},
		{"select", "<body>", "<select><option>甲", ""},
		{"frames", "", "<frameset><frame>", ""},
		{"svg and math", "<body>", "<svg><math><p>甲", ""},
		{"templates", "<body>", "<template>甲", ""},
		{"headings", "<body>", "<h1>甲</h1>", ""},
		{"headings and paragraphs", "<body>", "<h2>环县修路%d</h2><p>" + news + "</p>", ""},
		{"links", "<body>", `<a href="c%d.html">环县修路</a>`, ""},
		{"list of links", "<body><ul>", `<li><a href="c%d.html">环县修路</a></li>`, ""},
		{"pictures", "<body>", `<img src="%d.jpg" alt="甲"><br>`, ""},
		{"breaks", "<body><p>", "甲<br>", ""},
		{"spans", "<body><p>", "<span>甲</span>", ""},
		{"paragraphs", "<body>", "<p>甲", ""},
		{"metadata", "<head>", `<meta name="k%d" content="甲">`, "<body><p>" + news},
		{"JSON-LD", `<head><script type="application/ld+json">`, "[", "</script><body><p>" + news},
		{"JSON-LD objects", `<head><script type="application/ld+json">`, `{"a":`, "</script><body><p>" + news},
		{"many JSON-LD", "<head>", `<script type="application/ld+json">{"@type":"NewsArticle","headline":"甲"}</script>`, "<body><p>" + news},
		{"old Founder fields", "", "<!--enpproperty <founder-title>甲", ""},
		{"old Founder body", "<!--enpproperty <founder-title>甲</founder-title> /enpproperty--><!--enpcontent-->", "<p>甲", ""},
		{"old Founder marks", "", "<!--enpcontent--><!--/enpcontent-->", ""},
		{"new Founder body", `<div class="detail-art"><h2 id="Title">甲</h2><div id="ozoom"><founder-content>`, "<p>甲", ""},
		{"new Founder titles", `<div class="detail-art">`, `<h2 id="Title">甲</h2>`, ""},
		{"new Founder bodies", "", `<div class="detail-art"><div id="ozoom"><founder-content>`, ""},
		{"new Founder table", `<div class="detail-art"><h2 id="Title">甲</h2><div id="ozoom"><founder-content>`, "<table><tr><td>甲", ""},
		{"page list", `<div class="nav-list">`, `<a class="btn btn-block" href="../../layout/202410/28/col%d.html">第%[1]d版：要闻</a>`, ""},
	} {
		filled("c1.html", c[0], c[1], c[2], c[3])
	}
	for _, c := range [][4]string{
		{"a quote that never closes", "标题,正文\n\"", "甲,乙\n", ""},
		{"quotes that never close", "标题,正文\n", "\"甲,乙\n", ""},
		{"quotes inside", "标题,正文\n", "甲\"乙,丙\"丁\n", ""},
		{"quotes alone", "标题,正文\n", "\"\n", ""},
		{"doubled quotes", "标题,正文\n甲,\"", "\"\"", "\"\n"},
		{"quotes in one line", "标题,正文\n甲,", "\" \"", "\n"},
		{"a quote and a line", "标题,正文\n", "甲,\"乙\n丙", ""},
		{"columns", "标题,正文", ",c%d", "\n甲,乙\n"},
		{"columns and rows", "标题,正文" + strings.Repeat(",c", 1000) + "\n", strings.Repeat(",", 1000) + "\n", ""},
		{"cells", "标题,正文\n", "甲,", ""},
		{"rows", "标题,正文\n", "甲,乙\n", ""},
		{"short rows", "标题,正文\n", ",\n", ""},
		{"blank rows", "标题,正文\n", "\n", ""},
		{"tags in a cell", "标题,正文\n甲,\"", "<p><div>", "\"\n"},
		{"indents in a cell", "标题,正文\n甲,", "　　乙", "\n"},
		{"no column known", "", "甲,乙\n", ""},
	} {
		filled("x.csv", c[0], c[1], c[2], c[3])
	}
	for _, c := range [][4]string{
		{"arrays", "", "[", ""},
		{"arrays in objects", "", `{"a":[`, ""},
		{"objects", "", `{"a":`, ""},
		{"objects in one record", `{"title":"甲","x":`, `{"a":`, ""},
		{"records", "[", `{"title":"甲","text":"乙"},`, "]"},
		{"broken records", "", `{"title":"甲" "text"}` + "\n", ""},
		{"keys", "{", `"k%d":"甲",`, `"title":"甲","text":"乙"}`},
		{"keys of nested objects", `{"title":"甲","x":{`, `"k%d":"甲",`, `"y":1}}`},
		{"the same key", "{", `"text":"甲",`, `"title":"甲"}`},
		{"strings of a text", `{"title":"甲","text":[`, `"乙",`, `"丙"]}`},
		{"escapes", `{"title":"甲","text":"`, `\u4e59`, `"}`},
		{"line ends", `{"title":"甲","text":"`, `乙\n`, `"}`},
		{"backslashes", `{"title":"甲","text":"`, `\\`, `"}`},
		{"halves of characters", `{"title":"甲","text":"`, `\ud800`, `"}`},
		{"a string without end", `{"title":"`, "甲", ""},
		{"numbers", `{"title":"甲","text":`, "1", "}"},
		{"lists of objects", `{"data":{"list":[`, `{"title":"甲","text":"乙"},`, ""},
		{"lists of lists", `{"data":`, `{"list":[{"a":[`, ""},
	} {
		filled("x.jsonl", c[0], c[1], c[2], c[3])
	}
	for _, c := range [][4]string{
		{"hashes", "", "#", ""},
		{"headlines", "", "# 甲\n", ""},
		{"short lines", "", "甲\n", ""},
		{"bylines", "", "记者 王欣\n", ""},
		{"a byline", "", "记者 王欣 ", ""},
		{"names", "", "王　欣　", ""},
		{"posts", "", "教授、", ""},
		{"datelines", "", "本报兰州9月3日讯\n", ""},
		{"brackets", "", "（", ""},
		{"brackets and lines", "", "（\n", ""},
		{"continuations", "", "（上接第一版）\n", ""},
		{"continued", "", "甲乙丙丁，下转第三版\n", ""},
		{"captions", "", "图为修路现场。 王欣 摄\n", ""},
		{"circled captions", "", "①甲\n", ""},
		{"open ends", "", news[:60] + "，\n\n", ""},
		{"wide lines", "", strings.Repeat("甲", 30) + "\n", ""},
		{"page heads", "", "甘肃日报 2024年10月28日 星期一 第01版：要闻\n", ""},
		{"years", "", "2024年", ""},
		{"digits", "", "2", ""},
		{"columns of briefs", "", "短波\n甲乙丙丁戊己　乙丙丁。\n", ""},
		{"rules", "", "----\n甲\n", ""},
		{"form feeds", "", "\f", ""},
		{"carriage returns", "", "甲\r", ""},
		{"private characters", "", "\ue5e5", ""},
		{"invisible characters", "", "甲\u200b", ""},
		{"lost characters", "", "锟斤拷", ""},
		{"broken bytes", "", "甲\xff", ""},
		{"half of a character", "", "\xe7\x94", ""},
		{"four bytes", "", "\U00020000", ""},
		{"GBK that is broken", "", "\xbc\xd7\xff", ""},
		{"NUL", "甲", "\x00", ""},
		{"signatures", "", news + "（王欣）\n", ""},
		{"author notes", "", "（作者系兰州大学教授）\n", ""},
	} {
		filled("2024-10-28.txt", c[0], c[1], c[2], c[3])
		filled("2024-10-28.md", c[0], c[1], c[2], c[3])
	}
	for _, c := range [][4]string{
		{"stars", "", "*", ""}, {"stars and spaces", "", "* ", ""}, {"double stars", "", "**甲 ", ""}, {"brackets of links", "", "[", ""}, {"links that do not close", "", "[甲](", ""},
		{"pictures", "", "![甲](乙)", ""}, {"underscores", "", "_甲", ""}, {"ticks", "", "`", ""}, {"tildes", "", "~~", ""}, {"quotes", "", "> ", ""}, {"rows", "", "|甲|乙|\n", ""},
		{"bars", "", "|", ""}, {"front matter", "---\n", "a: b\n", "---\n甲"}, {"tags", "", "<p>", ""}, {"entities", "", "&nbsp;", ""},
	} {
		filled("2024-10-28.md", c[0], c[1], c[2], c[3])
	}
	for name, sheet := range map[string]func(b *bytes.Buffer, i int){
		"cells": func(b *bytes.Buffer, i int) { fmt.Fprintf(b, `<row><c><v>%d</v></c><c><v>1</v></c></row>`, i) },
		"texts": func(b *bytes.Buffer, i int) {
			fmt.Fprintf(b, `<row><c t="inlineStr"><is><t>甲%d</t></is></c></row>`, i)
		},
		"wide rows":  func(b *bytes.Buffer, i int) { fmt.Fprintf(b, `<row r="%[1]d"><c r="XFD%[1]d"><v>1</v></c></row>`, i+2) },
		"high rows":  func(b *bytes.Buffer, i int) { b.WriteString(`<row r="1048576"></row>`) },
		"empty rows": func(b *bytes.Buffer, i int) { b.WriteString(`<row/>`) },
		"nested":     func(b *bytes.Buffer, i int) { b.WriteString(`<row>`) },
		"attributes": func(b *bytes.Buffer, i int) { fmt.Fprintf(b, `<row a%d="1"/>`, i) },
		"one row":    func(b *bytes.Buffer, i int) { b.WriteString(`<c><v>1</v></c>`) },
		"spaces":     func(b *bytes.Buffer, i int) { fmt.Fprintf(b, "%d          ", i) },
	} {
		add("x.xlsx", name, func(t testing.TB) []byte { return packed(t, sheetXML, sheetHead, sheet, "</sheetData></worksheet>") })
	}
	add("x.xlsx", "shared strings", func(t testing.TB) []byte {
		return packed(t, "xl/sharedStrings.xml", `<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`,
			func(b *bytes.Buffer, i int) { fmt.Fprintf(b, `<si><t>甲%d</t></si>`, i) }, "</sst>")
	})
	for _, c := range [][2]string{
		{"paragraphs", "<w:p><w:r><w:t>甲</w:t></w:r></w:p>"},
		{"runs", "<w:r><w:t>甲</w:t></w:r>"},
		{"breaks", "<w:r><w:br/></w:r>"},
		{"rows", "<w:tr><w:tc><w:p/></w:tc></w:tr>"},
		{"cells that open", "<w:tr><w:tc>"},
		{"text boxes", "<w:txbxContent></w:txbxContent>"},
		{"tabs", "<w:r><w:tab/><w:t>甲</w:t>"},
		{"entities", "<w:t>&#x4e2d;&amp;</w:t>"},
		{"comments", "<!-- -->"},
	} {
		add("x.docx", c[0], func(t testing.TB) []byte {
			return makeZip(t, true, file{documentXML, fill(t, wordHead, c[1], wordTail)})
		})
	}
	add("x.docx", "paragraphs that pack well", func(t testing.TB) []byte {
		return packed(t, documentXML, wordHead, func(b *bytes.Buffer, i int) { fmt.Fprintf(b, "<w:p><w:r><w:t>甲%d</w:t></w:r></w:p>", i) }, wordTail)
	})
	return append(out, hostilePDFs()...)
}

const (
	sheetXML  = "xl/worksheets/sheet2.xml"
	sheetHead = `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
		`<row r="1"><c t="inlineStr"><is><t>标题</t></is></c><c t="inlineStr"><is><t>正文</t></is></c></row>`
)

// packed makes an Office document that packs to about the size of hostile
// inputs, or unpacks to what the limits let through, of one member of many units.
func packed(t testing.TB, member, head string, unit func(b *bytes.Buffer, i int), tail string) []byte {
	var b bytes.Buffer
	b.WriteString(head)
	for i := 0; b.Len() < 8*hostileSize(t); i++ {
		unit(&b, i)
	}
	b.WriteString(tail)
	data := b.Bytes()
	if member == documentXML {
		return makeZip(t, true, file{member, data})
	}
	return swapMember(t, makeXLSX(t, map[string][][]any{"要闻": {{"标题", "正文"}}}), member, data)
}

// hostilePDFs are small files with loops in them.
func hostilePDFs() []hostile {
	pdf := func(objects ...string) func(testing.TB) []byte {
		return func(testing.TB) []byte {
			var b bytes.Buffer
			b.WriteString("%PDF-1.4\n")
			var at []int
			for i, o := range objects {
				at = append(at, b.Len())
				fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
			}
			start := b.Len()
			fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
			for _, n := range at {
				fmt.Fprintf(&b, "%010d 00000 n \n", n)
			}
			fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF", len(objects)+1, start)
			return b.Bytes()
		}
	}
	catalog := "<< /Type /Catalog /Pages 2 0 R >>"
	text := func(n int) string {
		s := strings.Repeat("BT /F1 1 Tf 1 1 Td (abcdefgh) Tj ET\n", n)
		return fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(s), s)
	}
	page := "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> /XObject << /X 5 0 R >> >> >>"
	return []hostile{
		{"pages in a loop", "x.pdf", pdf(catalog, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000 >>")},
		{"a million pages", "x.pdf", pdf(catalog, "<< /Type /Pages /Kids ["+strings.Repeat("3 0 R ", 20_000)+"] /Count 20000 >>", page, text(1))},
		{"characters", "x.pdf", pdf(catalog, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, text(30_000))},
		{"a form in itself", "x.pdf", pdf(catalog, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, "<< /Length 6 >>\nstream\n/X Do \nendstream",
			"<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /X 5 0 R >> >> /Length 12 >>\nstream\n/X Do /X Do \nendstream")},
		{"dictionaries", "x.pdf", pdf(catalog, strings.Repeat("<< /A ", 150_000))},
		{"arrays", "x.pdf", pdf(catalog, strings.Repeat("[", 1_000_000))},
		{"nothing but a head", "x.pdf", func(t testing.TB) []byte { return fill(t, "%PDF-1.4\n", "1 0 obj ", "") }},
	}
}

func TestHostile(t *testing.T) {
	for _, h := range hostiles() {
		t.Run(h.file+"/"+strings.ReplaceAll(h.name, " ", "-"), func(t *testing.T) {
			data := h.data(t)
			before := cpuTime()
			start := time.Now()
			as, rejected, err := readAny(h.file, data, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(as)+len(rejected) == 0 {
				t.Errorf("%d bytes were lost", len(data))
			}
			took := cpuTime() - before
			if time.Since(start) > hang {
				t.Errorf("%d bytes took %v", len(data), time.Since(start))
			} else if took > 500*time.Millisecond {
				t.Logf("%d bytes: %v of CPU, %v in all, %d articles, %d rejected", len(data), took.Round(time.Millisecond), time.Since(start).Round(time.Millisecond), len(as), len(rejected))
			}
		})
	}
}
