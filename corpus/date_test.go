package corpus

import (
	"fmt"
	"testing"
)

func TestHintOf(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		{"gsrb-2024-10-28-industry-transfer.txt", "2024-10-28 filename"},
		{"20241028.txt", "2024-10-28 filename"},
		{"2024102801.txt", "2024-10-28 filename edition 01"},
		{"gsrb_20241028_A2.txt", "2024-10-28 filename"},
		{"2024年10月28日.txt", "2024-10-28 filename"},
		{"甘肃日报 2013年4月8日 第03版 综合新闻.txt", "2013-04-08 filename edition 03 综合新闻"},
		{"2024.10.28.txt", "2024-10-28 filename"},
		{"2024-10/28.txt", "2024-10-28 filename"},
		{"2024-10/28/01.txt", "2024-10-28 folder edition 01"},
		{"2024/10/28/page.html", "2024-10-28 folder"},
		{"x/2024年10月28日/第03版-要闻/a.txt", "2024-10-28 folder edition 03 要闻"},
		{"https://example.org/gsrb/pc/con/202410/28/c123456.html", "2024-10-28 url"},
		{"gsrb/pc/layout/202410/28/col03.html", "2024-10-28 folder edition 03"},
		{"2024-10-27/2024-10-28.txt", "2024-10-28 filename 2024-10-27 folder"},
		{"c1234567890.html", ""},
		{"notes.txt", ""},
		{"2024-13-45.txt", ""},
		{"2024-02-30.txt", ""},
		{"tel-13920240101234.txt", ""},
		{"gsrb-2024-10.txt", ""},
	} {
		h := hintOf(c.path)
		got := ""
		for _, d := range h.dates {
			got += fmt.Sprintf("%s %s ", d.day, d.origin)
		}
		if h.edition != "" {
			got += "edition " + h.edition + " " + h.name
		}
		if closeUp(got) != closeUp(c.want) {
			t.Errorf("%s: %s, want %s", c.path, got, c.want)
		}
	}
}

func TestPageHead(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"甘肃日报 2024年10月28日 星期一 第01版：要闻", "2024-10-28 01 要闻 甘肃日报"},
		{"2024-10-28 01版 要闻", "2024-10-28 01 要闻"},
		{"甘肃日报/2024年/10月/28日/第003版", "2024-10-28 03 甘肃日报"},
		{"发布时间：2024-10-28 08:30:12 来源：新甘肃·甘肃日报", "2024-10-28 甘肃日报"},
		{"第A2版：经济", "A02 经济"},
		{"二〇〇三年一月二十日", "2003-01-20"},
		{"1998年3月5日 农历戊寅年二月初七 今日8版", "1998-03-05"},
		{"2024年10月28日，全省工业大会召开", ""},
		{"2024年工作要点", ""},
		{"盗版教材流入校园", ""},
		{"让版画活起来", ""},
	} {
		h, ok := parsePageHead(c.line)
		got := ""
		if ok {
			got = fmt.Sprintf("%s %s %s %s", h.day, h.edition, h.name, h.paper)
		}
		if closeUp(got) != closeUp(c.want) {
			t.Errorf("%s: %s, want %s", c.line, got, c.want)
		}
	}
}

func TestWeigh(t *testing.T) {
	d := func(s, origin string) dating { return dating{day(t, s), origin, true} }
	for _, c := range []struct {
		in   []dating
		want string
	}{
		{nil, " false"},
		{[]dating{d("2024-10-28", "filename")}, "2024-10-28 filename true"},
		{[]dating{d("2024-10-28", "filename"), d("2024-10-29", "tag")}, "2024-10-29 tag false"},
		{[]dating{d("2024-10-28", "body"), d("2024-10-28", "folder"), d("2020-01-01", "option")}, "2024-10-28 folder true"},
		{[]dating{d("2020-01-01", "option")}, "2020-01-01 option true"},
	} {
		w := weigh(c.in)
		if got := fmt.Sprintf("%s %s %v", w.day, w.origin, w.certain); closeUp(got) != closeUp(c.want) {
			t.Errorf("%v: %s, want %s", c.in, got, c.want)
		}
	}
}

func TestDayString(t *testing.T) {
	for want, d := range map[string]Day{
		"":            {},
		"2024-10-28":  {2024, 10, 28},
		"0987-01-02":  {987, 1, 2},
		"12024-10-08": {12024, 10, 8},
		"2024-00-01":  {2024, 0, 1},
		"2024-10--1":  {2024, 10, -1},
	} {
		if got := d.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
