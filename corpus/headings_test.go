package corpus

import (
	"strings"
	"testing"
)

// TestHeadings reads tables whose headings do not stand in the first row or the
// usual file.
func TestHeadings(t *testing.T) {
	const rows = "1,2022-05-06,金昌园区开工,总投资56亿元。\n2,2022-05-09,机场客流恢复,旅客4.2万人次。\n"
	const want = "金昌园区开工 2022-05-06 总投资56亿元。|机场客流恢复 2022-05-09 旅客4.2万人次。"
	tab := func(s string) string { return strings.ReplaceAll(s, ",", "\t") }
	for _, c := range []struct {
		name, file, content string
		enc                 Encoding
		want                string
	}{
		{"first row", "x.csv", "序号,日期,标题,正文\n" + rows, UTF8, want},
		{"title above", "x.csv", "2022年稿件登记表,,,\n\n序号,日期,标题,正文\n" + rows, UTF8, want},
		{"groups above", "x.csv", "稿件信息,,内容,\n序号,日期,标题,正文\n" + rows, UTF8, want},
		{"groups above, some over both rows", "x.csv", "序号,日期,内容,\n,,标题,正文\n" + rows, GB18030, want},
		{"headings as data", "x.csv", "序号,日期,标题,正文\n序号,日期,标题,正文\n" + rows, UTF8, "标题  正文|" + want},
		{"tabs in a text", "x.txt", tab("序号,日期,标题,正文\n" + rows), GB18030, want},
		{"tabs in a text of Unicode", "x.txt", "\ufeff" + tab("序号,日期,标题,正文\n"+rows), UTF16LE, want},
		{"commas in a text", "x.txt", "序号,日期,标题,正文\n" + rows, UTF8, want},
		{"no extension", "x", tab("序号,日期,标题,正文\n" + rows), UTF8, want},
		{"a text", "2022-05-06.txt", "标题党,正文少\n\n今天，我们说说标题,正文和日期。\n", UTF8, "标题党,正文少 2022-05-06 今天，我们说说标题,正文和日期。"},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := encodeAs(t, c.content, c.enc)
			as, rejected, err := readAny(c.file, raw, Options{})
			if err != nil || len(rejected) > 0 {
				t.Fatal(rejected, err)
			}
			var got []string
			for _, a := range as {
				last := a.Blocks[len(a.Blocks)-1]
				got = append(got, a.Title+" "+a.Date.String()+" "+a.Text.At(last.Span))
				if last.Role != RoleParagraph {
					t.Errorf("%s: the text is a %s", a.Title, last.Role)
				}
				checkExact(t, a, raw)
			}
			if strings.Join(got, "|") != c.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), c.want)
			}
		})
	}
	book := makeXLSX(t, map[string][][]any{"要闻": {{"登记表"}, {"稿件信息", "", "内容"}, {"日期", "版次", "标题", "正文"}, {"2022-05-06", "03版", "金昌园区开工", "总投资56亿元。"}}})
	as, rejected, err := readAny("x.xlsx", book, Options{})
	if err != nil || len(rejected) > 0 || len(as) != 1 || as[0].Title != "金昌园区开工" || as[0].Edition != "03" || as[0].Source.Record != 4 {
		t.Errorf("workbook: %+v, %v, %v", as, rejected, err)
	}
}

func TestUnderscores(t *testing.T) {
	for in, want := range map[string]string{
		"惠及 _1.8 万_ 牧民":               "惠及 1.8 万 牧民",
		"_开头_与_结尾_":                   "开头_与_结尾",
		"content_12.htm 与 node_3.htm": "content_12.htm 与 node_3.htm",
		"_ 甲 _":                       "_ 甲 _",
		"_甲":                          "_甲",
		"甲_":                          "甲_",
		"（_甲乙_）":                      "（甲乙）",
	} {
		if got := inline(CopiedText(in, 0)).String(); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
