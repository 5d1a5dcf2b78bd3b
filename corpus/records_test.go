package corpus

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

const (
	rowTitle = "肃北风电并网"
	rowText  = "本报肃北4月8日讯（记者 巴特尔）肃北县马鬃山风电场4月8日并网，装机20万千瓦，年发电量5.2亿千瓦时。\n项目总投资11.6亿元，每年节约标准煤15.7万吨。"
	rowWhole = rowTitle + "\n" + rowText
)

func jsonOf(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// escaped writes every character outside ASCII as \uXXXX, as many exports do.
func escaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func TestRecords(t *testing.T) {
	obj := jsonOf(t, map[string]string{"title": rowTitle, "content": rowText, "date": "2019-04-09", "edition": "第02版：经济", "source": "甘肃日报"})
	pretty := strings.ReplaceAll(strings.ReplaceAll(obj, `","`, "\",\n  \""), "{", "{\n  ")
	csvRow := `2019/4/9,"` + rowTitle + `","` + rowText + `",经济,02`
	csvHead := "日期,标题,正文,版名,版次\n"
	nested := `{"code":0,"data":{"total":2,"list":[` + obj + "," + strings.Replace(obj, rowTitle, "再并网", 1) + `]}}`
	want := expected{title: rowTitle, date: "2019-04-09", edition: "02", editionName: "经济", byline: "巴特尔/reporter", text: rowWhole, certain: true}
	for _, c := range []struct {
		name, file, content string
		enc                 Encoding
		columns             map[string]string
		titles              string
		classes             string
		places              string
		want                *expected
	}{
		{name: "jsonl", file: "x.jsonl", content: obj + "\n" + obj + "\n", titles: rowTitle + " | " + rowTitle, want: &want},
		{name: "jsonl with escapes", file: "x.jsonl", content: escaped(obj) + "\n", titles: rowTitle, want: &want},
		{name: "jsonl in gb18030", file: "x.jsonl", content: obj + "\r\n", enc: GB18030, titles: rowTitle, want: &want},
		{name: "jsonl in utf-16", file: "x.jsonl", content: "\uFEFF" + obj + "\n", enc: UTF16LE, titles: rowTitle, want: &want},
		{name: "jsonl with a mark and a broken line", file: "x.jsonl", content: "\uFEFF" + obj + "\n{\"title\": \"断了\n" + obj, titles: rowTitle + " | " + rowTitle, classes: ":format", places: "line 2", want: &want},
		{name: "json array", file: "x.json", content: "[\n" + pretty + ",\n" + obj + "\n]", titles: rowTitle + " | " + rowTitle, want: &want},
		{name: "json one object", file: "x.json", content: pretty, titles: rowTitle, want: &want},
		{name: "json objects in a row", file: "x.json", content: pretty + "\n" + pretty, titles: rowTitle + " | " + rowTitle, want: &want},
		{name: "json array inside", file: "x.json", content: nested, titles: rowTitle + " | 再并网", want: &want},
		{name: "json on a path without extension", file: "x", content: obj + "\n", titles: rowTitle, want: &want},
		{name: "elasticsearch", file: "x.jsonl", content: `{"_index":"a","_id":"1","_source":` + obj + `}` + "\n", titles: rowTitle, want: &want},
		{name: "json with paragraphs and authors", file: "x.jsonl", content: jsonOf(t, map[string]any{"headline": rowTitle, "body": strings.Split(rowText, "\n"), "authors": []map[string]string{{"name": "巴特尔"}}, "pubDate": "2019-04-09T08:00:00+08:00"}),
			titles: rowTitle, want: &expected{title: rowTitle, date: "2019-04-09", byline: "巴特尔/reporter", text: rowWhole}},
		{name: "json with other names", file: "x.jsonl", content: jsonOf(t, map[string]string{"t": rowTitle, "c": rowText}), columns: map[string]string{"T": "title", "c": "text"}, titles: rowTitle},
		{name: "json of unknown names", file: "x.jsonl", content: `{"a":"甲","b":"乙"}` + "\n" + obj, titles: rowTitle, classes: ":no-article", places: "line 1"},
		{name: "json cut off", file: "x.json", content: "[" + obj + "," + obj[:80], titles: rowTitle, classes: ":format"},
		{name: "json of numbers", file: "x.json", content: "[1,2,3]", classes: ":format"},
		{name: "json empty", file: "x.jsonl", content: "\n\n", classes: ":format"},
		{name: "wrong mapping", file: "x.jsonl", content: obj, columns: map[string]string{"a": "titel"}, classes: ":format"},

		{name: "csv", file: "x.csv", content: csvHead + csvRow + "\n", titles: rowTitle, want: &want},
		{name: "csv with a mark and CRLF", file: "x.csv", content: "\uFEFF" + strings.ReplaceAll(csvHead+csvRow+"\n", "\n", "\r\n"), titles: rowTitle, want: &want},
		{name: "csv in gb18030", file: "x.csv", content: csvHead + csvRow, enc: GB18030, titles: rowTitle, want: &want},
		{name: "csv in utf-16", file: "x.csv", content: "\uFEFF" + csvHead + csvRow, enc: UTF16LE, titles: rowTitle, want: &want},
		{name: "csv with semicolons", file: "x.csv", content: strings.ReplaceAll(csvHead, ",", ";") + strings.ReplaceAll(csvRow, ",", ";"), titles: rowTitle, want: &want},
		{name: "csv that says its separator", file: "x.csv", content: "sep=|\n" + strings.ReplaceAll(csvHead, ",", "|") + strings.ReplaceAll(csvRow, ",", "|"), titles: rowTitle, want: &want},
		{name: "tsv", file: "x.tsv", content: strings.ReplaceAll(csvHead, ",", "\t") + strings.ReplaceAll(csvRow, ",", "\t"), titles: rowTitle, want: &want},
		{name: "csv with quotes inside", file: "x.csv", content: "标题,正文\n\"“双碳”与\"\"风光\"\"\",正文不长，只有一句。\n", titles: `“双碳”与"风光"`},
		{name: "csv with a quote that is never closed", file: "x.csv", content: "标题,正文\n甲题目,\"正文一句。\n乙题目,正文二句。\n", titles: "乙题目", classes: ":format", places: "row 2, line 2"},
		{name: "csv with an unclosed quote before a quoted row", file: "x.csv", content: "标题,正文\n甲题目,\"正文一句。\n乙题目,\"正文二句。\"\n丙题目,正文三句。\n", titles: "乙题目 | 丙题目", classes: ":format", places: "row 2, line 2"},
		{name: "csv of unknown columns", file: "x.csv", content: "甲,乙\n1,2\n", classes: ":format", places: "row 1, line 1"},
		{name: "csv with columns named", file: "x.csv", content: "甲,乙\n" + rowTitle + ",一句话的正文。\n", columns: map[string]string{"甲": "title", "乙": "text"}, titles: rowTitle},
		{name: "csv with a row of nothing", file: "x.csv", content: "标题,正文\n,\n\n" + rowTitle + ",一句。\n", titles: rowTitle, classes: ":no-article", places: "row 2, line 2"},
		{name: "csv with full-width headings", file: "x.csv", content: "ＴＩＴＬＥ, Pub_Date ,ＴＥＸＴ\n" + rowTitle + ",20190409,一句话。\n", titles: rowTitle, want: &expected{date: "2019-04-09"}},
		{name: "csv of html cells", file: "x.csv", content: "标题,正文\n" + rowTitle + ",\"<p>本报讯（记者 巴特尔）甲段&nbsp;第一句。</p><p>乙段第二句&mdash;&mdash;完。</p>\"\n", titles: rowTitle, want: &expected{byline: "巴特尔/reporter", text: rowTitle + "\n本报讯（记者 巴特尔）甲段 第一句。\n乙段第二句——完。"}},
		{name: "csv of texts that lost their line ends", file: "x.csv", content: "标题,正文\n" + rowTitle + ",　　甲段第一句。　　乙段第二句。　　丙段。\n", titles: rowTitle, want: &expected{text: rowTitle + "\n甲段第一句。\n乙段第二句。\n丙段。"}},
		{name: "csv with byline, kicker and subtitle", file: "x.csv", content: "引题,题名,副题,记者,通讯员,全文\n重大项目巡礼,戈壁新城,酒泉见闻,巴特尔,马兰,风吹过戈壁。\n", titles: "戈壁新城",
			want: &expected{kicker: "重大项目巡礼", subtitle: "酒泉见闻", byline: "巴特尔/reporter 马兰/correspondent"}},
		{name: "csv empty", file: "x.csv", content: "\n", classes: ":empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.enc == "" {
				c.enc = UTF8
			}
			raw := encodeAs(t, c.content, c.enc)
			arts, rejs := collect(t, Options{Columns: c.columns}, save(t, c.file, raw))
			if got := titles(arts); got != c.titles {
				t.Errorf("articles %s, want %s", got, c.titles)
			}
			if got := classes(rejs); got != c.classes || len(rejs) > 0 && (rejs[0].Hint == "" || c.places != "" && rejs[0].Place != c.places) {
				t.Fatalf("rejected %q, want %q at %q; %+v", got, c.classes, c.places, rejs)
			}
			if c.want != nil && len(arts) > 0 {
				c.want.encoding = c.enc
				c.want.check(t, arts[0])
			}
			for _, a := range arts {
				checkSource(t, a, raw)
				if r := a.Source.Range; r.End <= r.Start || r.End > int64(len(raw)) || a.Source.Record == 0 {
					t.Errorf("record %d, range %v of %d bytes", a.Source.Record, r, len(raw))
				}
			}
		})
	}
}

// TestRecordCuts reads pages of several articles out of cells.
func TestRecordPages(t *testing.T) {
	whole := "# 甲市修路\n\n本报讯（记者 石万年）甲市修通公路12公里。\n\n# 乙县通水\n\n本报讯（记者 马会宁）乙县新打机井30眼。\n"
	arts, rejs := collect(t, Options{}, save(t, "x.jsonl", []byte(jsonOf(t, map[string]string{"text": whole, "date": "2018-02-03"}))))
	if titles(arts) != "甲市修路 | 乙县通水" || len(rejs) > 0 || arts[1].Date.String() != "2018-02-03" {
		t.Error(titles(arts), rejs)
	}
}

func TestRecordDays(t *testing.T) {
	rec := &dataRecord{serial: excelDay1900}
	for s, want := range map[string]string{
		"2024-10-28": "2024-10-28", "2024/10/8": "2024-10-08", "2024.1.2": "2024-01-02", "20241028": "2024-10-28", "2024年10月28日": "2024-10-28",
		"2024年10月28日 星期一": "2024-10-28", "2024-10-28 08:30:00": "2024-10-28", "2024-10-27T23:00:00Z": "2024-10-28", "1730073600": "2024-10-28",
		"1730073600000": "2024-10-28", "45593": "2024-10-28", "45593.5": "2024-10-28", "10/28/2024": "2024-10-28", "Oct 28, 2024": "2024-10-28", "二〇二四年十月二十八日": "2024-10-28",
		"2024-13-01": "", "去年": "", "12": "", "": "",
	} {
		d, ok := rec.day(s)
		if d.String() != want || ok != (want != "") {
			t.Errorf("%q is %s, want %s", s, d, want)
		}
	}
}

func makeXLSX(t testing.TB, sheets map[string][][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for name, rows := range sheets {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestXLSX(t *testing.T) {
	good := makeXLSX(t, map[string][][]any{"要闻": {
		{"甘肃日报 文章清单"}, {},
		{"标题", "发布日期", "正文", "备注"},
		{rowTitle, time.Date(2019, 4, 9, 0, 0, 0, 0, time.UTC), rowText, "x"},
		{"", "", "", "无正文"},
		{"短讯", "2019年4月10日", "一句话的短讯。", 3.5},
	}})
	arts, rejs := collect(t, Options{}, save(t, "x.xlsx", good))
	if titles(arts) != rowTitle+" | 短讯" || classes(rejs) != ":no-article" || !strings.Contains(rejs[0].Place, "row 5") {
		t.Fatal(titles(arts), rejs)
	}
	expected{format: "xlsx", title: rowTitle, date: "2019-04-09", byline: "巴特尔/reporter", text: rowWhole}.check(t, arts[0])
	if arts[1].Date.String() != "2019-04-10" || arts[1].Source.Record != 6 {
		t.Errorf("%s, row %d", arts[1].Date, arts[1].Source.Record)
	}
	if arts, _ := collect(t, Options{}, save(t, "named", good)); titles(arts) != rowTitle+" | 短讯" {
		t.Error("without an extension:", titles(arts))
	}

	laughs := []byte(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "哈哈哈哈"><!ENTITY b "` + strings.Repeat("&a;", 50) + `"><!ENTITY c "` + strings.Repeat("&b;", 50) + `">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c t="inlineStr"><is><t>标题&c;</t></is></c></row></sheetData></worksheet>`)
	for name, raw := range map[string][]byte{
		"no columns":   makeXLSX(t, map[string][][]any{"a": {{"甲", "乙"}, {"1", "2"}}}),
		"empty":        makeXLSX(t, map[string][][]any{"a": {}}),
		"cut off":      cut(good, 0.5),
		"no workbook":  makeZip(t, true, file{"a.txt", []byte("x")}),
		"a bomb":       swapMember(t, good, "xl/worksheets/sheet2.xml", bytes.Repeat([]byte(" "), 32<<20)),
		"laughs":       swapMember(t, good, "xl/worksheets/sheet2.xml", laughs),
		"old workbook": append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 1024)...),
	} {
		start := time.Now()
		arts, rejs := collect(t, Options{}, save(t, "x.xlsx", raw))
		if len(arts) > 0 || len(rejs) == 0 || rejs[0].Hint == "" {
			t.Errorf("%s: %s, %v", name, titles(arts), rejs)
		} else if d := time.Since(start); d > hang {
			t.Errorf("%s took %v", name, d)
		} else {
			t.Logf("%s: %s %v %v", name, rejs[0].Class, rejs[0].Err, d)
		}
	}
}

// Rows that pack to three bytes are made to be many: what stands before the limit
// is read, and the rest is rejected. Rows of different texts are never too many.
func TestXLSXRows(t *testing.T) {
	const rows = 40_000
	sheet := func(text func(i int) string) []byte {
		var b bytes.Buffer
		b.WriteString(sheetHead)
		for i := range rows {
			fmt.Fprintf(&b, `<row><c t="inlineStr"><is><t>甲</t></is></c><c t="inlineStr"><is><t>%s</t></is></c></row>`, text(i))
		}
		b.WriteString("</sheetData></worksheet>")
		return swapMember(t, makeXLSX(t, map[string][][]any{"要闻": {{"标题", "正文"}}}), sheetXML, b.Bytes())
	}
	arts, rejs, err := readAny("x.xlsx", sheet(func(i int) string { return strconv.Itoa(i) }), Options{})
	if err != nil || len(arts) < 16<<10 || len(arts) >= rows || len(rejs) != 1 || rejs[0].Class != ClassLimit || rejs[0].Place == "" {
		t.Errorf("rows that pack to nothing: %d articles, %v, %v", len(arts), rejs, err)
	}
	letter := func(n int) rune { return 0x4e00 + rune(uint32(n)*2654435761>>16%8000) }
	arts, rejs, err = readAny("x.xlsx", sheet(func(i int) string {
		var b strings.Builder
		for k := range 12 {
			b.WriteRune(letter(12*i + k))
		}
		return b.String()
	}), Options{})
	if err != nil || len(arts) != rows || len(rejs) > 0 {
		t.Errorf("different rows: %d articles, %v, %v", len(arts), rejs, err)
	}
}

// swapMember returns the zip raw with other bytes in one member.
func swapMember(t testing.TB, raw []byte, name string, data []byte) []byte {
	t.Helper()
	files := unzip(t, raw)
	found := false
	for i := range files {
		if files[i].name == name {
			files[i].data, found = data, true
		}
	}
	if !found {
		files = append(files, file{name, data})
	}
	return makeZip(t, true, files...)
}

func TestPreview(t *testing.T) {
	path := save(t, "x.csv", []byte("标题,正文,备注\n甲题目,甲的正文。,1\n乙题目,乙的正文。,2\n丙题目,丙的正文。,3\n"))
	p, err := Preview(context.Background(), Options{}, path, 2)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%s %s %v %s %d", p.Format, p.Encoding, p.Columns, titles(p.Articles), len(p.Rejected))
	if want := "csv utf-8 [{标题 title 甲题目} {正文 text 甲的正文。} {备注  1}] 甲题目 | 乙题目 0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFieldsTable(t *testing.T) {
	for name, field := range knownFields() {
		if foldName(name) != name || field == "" {
			t.Errorf("%q is not folded: %q", name, foldName(name))
		}
	}
	for ext, row := range foreign() {
		if !strings.HasPrefix(ext, ".") || len(row) != 2 || row[1] == "" {
			t.Errorf("%q: %q", ext, row)
		}
	}
	leftoverPatterns()
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"title":"甲","text":"\u4e2d\ud83d\ude00文","date":20240102}` + "\n"))
	f.Add([]byte(`[{"a":{"b":[{"name":"x"},["y",1e5,null]]},"content":["一","二"]}]`))
	f.Add([]byte(`{"data":{"list":[{"title":"甲"},{"title":"乙"}]},"more":true}`))
	f.Fuzz(func(t *testing.T, raw []byte) { fuzzRead(t, "x.json", raw) })
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("标题,正文\n\"甲\"\"乙\",\"一\n二\"\r\n丙,丁,戊\n"))
	f.Add([]byte("sep=;\ntitle;text\n\"a;b\";c\n"))
	f.Add(encodeAs(f, "标题,正文\n甲,乙\n", GB18030))
	f.Fuzz(func(t *testing.T, raw []byte) { fuzzRead(t, "x.csv", raw) })
}

func FuzzXLSX(f *testing.F) {
	f.Add(makeXLSX(f, map[string][][]any{"a": {{"标题", "正文"}, {"甲", "乙"}}}))
	f.Fuzz(func(t *testing.T, raw []byte) { fuzzRead(t, "x.xlsx", raw) })
}

// TestHostileRecords holds that no shape of a megabyte takes longer than its length.
func TestHostileRecords(t *testing.T) {
	head := "标题,正文\n"
	for name, c := range map[string]struct{ file, content string }{
		"brackets":            {"x.json", strings.Repeat("[", 1_000_000)},
		"objects":             {"x.json", strings.Repeat(`{"a":`, 200_000)},
		"arrays in an object": {"x.json", `{"text":` + strings.Repeat("[", 500_000) + strings.Repeat("]", 500_000) + "}"},
		"empty objects":       {"x.json", "[" + strings.Repeat("{},", 100_000) + "{}]"},
		"many keys":           {"x.json", `{"title":"甲"` + strings.Repeat(`,"k`+`":1`, 120_000) + "}"},
		"different keys":      {"x.json", "{" + numbered(`"k%d":"v",`, 60_000) + `"title":"甲","text":"乙乙。"}`},
		"escapes":             {"x.jsonl", `{"title":"甲","text":"` + strings.Repeat(`中`, 160_000) + `"}`},
		"broken lines":        {"x.jsonl", "{\"title\":\"甲\",\"text\":\"一。\"}\n" + strings.Repeat("{\"a\n", 200_000)},
		"one string":          {"x.jsonl", `{"text":"` + strings.Repeat("一", 330_000)},
		"quotes":              {"x.csv", head + strings.Repeat(`"`, 1_000_000)},
		"open quotes":         {"x.csv", head + strings.Repeat("a,\"b\n", 160_000)},
		"quotes in lines":     {"x.csv", head + strings.Repeat("\"a\"b\n", 160_000)},
		"commas":              {"x.csv", head + strings.Repeat(",", 1_000_000)},
		"headings":            {"x.csv", "标题," + numbered("c%d,", 140_000) + "\n" + strings.Repeat("一,", 140_000)},
		"spaces and quotes":   {"x.csv", head + strings.Repeat(" ", 500_000) + strings.Repeat(`"`, 500_000)},
		"one cell of lines":   {"x.csv", head + "甲,\"" + strings.Repeat("一\n", 240_000) + "\""},
		"indents":             {"x.csv", head + "甲," + strings.Repeat("　　一", 110_000)},
		"tags in a cell":      {"x.csv", head + "甲," + strings.Repeat("<p>一", 170_000)},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			arts, rejs := collect(t, Options{}, save(t, c.file, []byte(c.content)))
			if d := time.Since(start); d > hang {
				t.Errorf("%d bytes took %v", len(c.content), d)
			} else if len(rejs) > 0 {
				t.Logf("%v, %d articles, %d rejected: %.120s", d, len(arts), len(rejs), rejs[0].Err)
			} else {
				t.Logf("%v, %d articles", d, len(arts))
			}
		})
	}
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}
