package corpus

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// newFounder is an article page of the newer Founder e-paper.
const newFounder = `<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>临泽引水润绿洲-甘肃日报数字报</title>
<script>var a = "<p>不是正文</p>";</script><style>p{margin:0}</style></head>
<body>
<div class="top"><a href="/">首页</a><span>2023年05月16日 星期二</span></div>
<div class="nav-list"><ul><li><a class="btn btn-block" href="../../layout/202305/16/col01.html">第01版：要闻</a></li>
<li><a class="btn btn-block" href="../../layout/202305/16/col02.html">第02版：综合</a></li></ul></div>
<div class="news-list"><ul><li class="resultList"><a href="c101.html">临泽引水润绿洲</a></li><li class="resultList"><a href="c102.html">夏粮丰收在望</a></li><li><a href="c103.html">短讯</a></li></ul></div>
<div class="detail-art">
 <p id="PreTitle">节水从一滴做起&nbsp;</p>
 <h2 id="Title">临泽引水
   润绿洲</h2>
 <p id="SubTitle">——黑河中游调查</p>
 <p class="art-author">新甘肃·甘肃日报记者 陶然 &#36890;&#35759;&#21592; 马会宁</p>
 <div class="art-pic"><img src="a.jpg"><p>平川镇的高标准农田。陶然 摄</p></div>
 <div id="ozoom"><founder-content>
 <p>　　“水窖是最后的办法。”5月的一天，站在平川镇的渠首，水管员何立军这样说&mdash;&mdash;今年全县配水1.35亿立方米，比上年少了4.2%。</p>
 <p>　　县水务局介绍，<b>三年</b>来改造渠道420公里，
 灌溉水利用系数提高到0.62，每亩节水86立方米。</p>
 <p>　　明年计划再投资6800万元。</p>
 </founder-content></div>
</div>
<div class="foot"><a href="x">版权声明</a> 未经许可不得转载</div>
</body></html>`

// oldFounder is an article page of the older generation.
const oldFounder = `<HTML><HEAD><TITLE>甘肃日报</TITLE><META http-equiv=Content-Type content="text/html; charset=gb2312">
<!--enpproperty <founder-articleid>8812</founder-articleid><founder-date>2009-11-03 00:00:00.0</founder-date><founder-author>本报记者 石万年</founder-author><founder-title><![CDATA[甘肃日报]]></founder-title><founder-title><![CDATA[疏勒河畔棉花丰收]]></founder-title><founder-introtitle>瓜州县</founder-introtitle><founder-subtitle></founder-subtitle><founder-pagenum>03</founder-pagenum><founder-pagename>经济</founder-pagename> /enpproperty-->
</HEAD><BODY>
<TABLE><TR><TD><A href="node_2.htm">第01版</A></TD><TD><A href="content_100.htm">上一篇</A></TD></TR>
<TR><TD><IMG src="../../../res/1.jpg"></TD></TR><TR><TD>采棉机在瓜州县梁湖乡作业。石万年摄</TD></TR>
<TR><TD><!--enpcontent-->　　本报瓜州11月2日讯（记者 石万年）瓜州县今年种植棉花28.6万亩，总产可达4.1万吨。<BR>　　“一亩棉花纯收入900元上下。”梁湖乡农民吕德福说，他种了40亩&quot;新陆早&quot;。<P>　　全县已交售籽棉2.3万吨，兑付资金1.27亿元。<!--/enpcontent--></TD></TR></TABLE>
<TABLE><TR><TD>版权所有 甘肃日报社</TD></TR></TABLE></BODY></HTML>`

func TestEpaper(t *testing.T) {
	path := "gsrb/pc/con/202305/16/c101.html"
	t.Run("new", func(t *testing.T) {
		arts, rejs := collect(t, Options{}, save(t, path, []byte(newFounder)))
		if len(arts) != 1 || len(rejs) > 0 {
			t.Fatal(titles(arts), rejs)
		}
		want := expected{
			format: "epaper", encoding: UTF8, date: "2023-05-16", certain: true, kicker: "节水从一滴做起", title: "临泽引水润绿洲", subtitle: "黑河中游调查",
			byline: "陶然/reporter 马会宁/correspondent 陶然/photographer",
			text: "节水从一滴做起\n临泽引水润绿洲\n——黑河中游调查\n新甘肃·甘肃日报记者 陶然 通讯员 马会宁\n平川镇的高标准农田。陶然 摄\n" +
				"“水窖是最后的办法。”5月的一天，站在平川镇的渠首，水管员何立军这样说——今年全县配水1.35亿立方米，比上年少了4.2%。\n" +
				"县水务局介绍，三年来改造渠道420公里，灌溉水利用系数提高到0.62，每亩节水86立方米。\n明年计划再投资6800万元。",
		}
		want.check(t, arts[0])
		checkSource(t, arts[0], []byte(newFounder))
	})
	t.Run("encodings", func(t *testing.T) {
		want := ""
		for _, e := range []Encoding{UTF8, GB18030, UTF16LE, UTF16BE} {
			mark := ""
			if e == UTF16LE || e == UTF16BE {
				mark = "\uFEFF"
			}
			raw := encodeAs(t, mark+newFounder, e)
			arts, rejs := collect(t, Options{}, save(t, path, raw))
			if len(arts) != 1 || len(rejs) > 0 {
				t.Fatal(e, titles(arts), rejs)
			}
			a := arts[0]
			if got := gist(a); want == "" {
				want = got
			} else if got != want || a.Source.Encoding != e || (len(a.Warnings) == 1) != (e == GB18030) { // declared as UTF-8
				t.Errorf("%s: %s %q\n%s", e, a.Source.Encoding, a.Warnings, got)
			}
			checkSource(t, a, raw)
		}
	})
	t.Run("old", func(t *testing.T) {
		raw := encodeAs(t, oldFounder, GB18030)
		arts, rejs := collect(t, Options{}, save(t, "content_101.htm", raw))
		if len(arts) != 1 || len(rejs) > 0 {
			t.Fatal(titles(arts), rejs)
		}
		want := expected{
			format: "epaper", encoding: GB18030, date: "2009-11-03", certain: true, edition: "03", editionName: "经济", kicker: "瓜州县", title: "疏勒河畔棉花丰收",
			byline: "石万年/photographer 石万年/reporter",
			text: "瓜州县\n疏勒河畔棉花丰收\n采棉机在瓜州县梁湖乡作业。石万年摄\n" +
				"本报瓜州11月2日讯（记者 石万年）瓜州县今年种植棉花28.6万亩，总产可达4.1万吨。\n" +
				"“一亩棉花纯收入900元上下。”梁湖乡农民吕德福说，他种了40亩\"新陆早\"。\n全县已交售籽棉2.3万吨，兑付资金1.27亿元。",
		}
		want.check(t, arts[0])
		checkSource(t, arts[0], raw)
	})
	t.Run("list", func(t *testing.T) {
		list := newFounder[:strings.Index(newFounder, `<div class="detail-art">`)]
		arts, rejs := collect(t, Options{}, save(t, "gsrb/pc/layout/202305/16/col01.html", []byte(list)))
		if len(arts) != 0 || classes(rejs) != ":no-article" || !strings.Contains(rejs[0].Err.Error(), "list of 3") {
			t.Error(titles(arts), rejs)
		}
	})
}

// An expected record is what a test expects of an article; empty fields but byline are not compared.
type expected struct {
	format, date, kicker, title, subtitle, byline, edition, editionName, section, paper, text string
	encoding                                                                                  Encoding
	certain                                                                                   bool
}

func (want expected) check(t *testing.T, a *Article) {
	t.Helper()
	var by []string
	for _, c := range a.Byline {
		by = append(by, c.Name+"/"+string(c.Kind))
	}
	for _, f := range []struct{ name, got, want string }{
		{"format", a.Source.Format, want.format}, {"encoding", string(a.Source.Encoding), string(want.encoding)}, {"date", a.Date.String(), want.date},
		{"kicker", a.Kicker, want.kicker}, {"title", a.Title, want.title}, {"subtitle", a.Subtitle, want.subtitle},
		{"edition", a.Edition, want.edition}, {"edition name", a.EditionName, want.editionName}, {"section", a.Section, want.section}, {"paper", a.Paper, want.paper},
		{"text", a.Text.String(), want.text}, {"byline", strings.Join(by, " "), want.byline},
	} {
		if f.got != f.want && (f.want != "" || f.name == "byline") {
			t.Errorf("%s:\ngot  %s\nwant %s", f.name, f.got, f.want)
		}
	}
	if want.certain && !a.DateCertain {
		t.Errorf("day of %s is not certain: %q", a.DateOrigin, a.Warnings)
	}
}

// checkSource proves that each line of an article leads to source bytes that
// hold its characters, in the encoding of the source: where no character was
// replaced they are the same, else the first and the last one are.
func checkSource(t *testing.T, a *Article, raw []byte) {
	t.Helper()
	s := a.Text.String()
	for i, r := range s {
		o, ok := a.Text.Origin(Span{Start: i, End: i + len(string(r))})
		if !ok || r == '\n' || r == '"' || r == ' ' || r == '—' {
			continue
		}
		src := string(raw[o.Start:o.End])
		if a.Source.Encoding == UTF16LE || a.Source.Encoding == UTF16BE {
			if narrow := strings.ReplaceAll(src, "\x00", ""); strings.HasPrefix(narrow, "&") || strings.HasPrefix(narrow, `\`) {
				continue
			}
		}
		if src != string(encodeAs(t, string(r), a.Source.Encoding)) && !strings.HasPrefix(src, "&") && !strings.HasPrefix(src, `\`) {
			t.Fatalf("%q at %d comes from %q", r, i, src)
		}
	}
}

func TestHostileHTML(t *testing.T) {
	for name, raw := range map[string]string{
		"tags nested":          strings.Repeat("<div>", 200_000),
		"tags nested, e-paper": "<!--enpcontent-->" + strings.Repeat("<div>", 200_000) + "文" + strings.Repeat("</p>", 200_000),
		"tags unclosed":        strings.Repeat("<p>短", 250_000),
		"tables":               strings.Repeat("<table><tr><td>", 70_000),
		"tables, e-paper":      "<!--enpcontent-->" + strings.Repeat("<table><tr><td>文", 60_000),
		"lists":                strings.Repeat("<ul><li><a href=c1.html>文", 40_000),
		"formatting":           strings.Repeat("<b><i>", 170_000),
		"formatting closed":    strings.Repeat("<a><p></a>", 100_000),
		"references":           strings.Repeat("&", 500_000) + strings.Repeat("&#x4e2d", 70_000),
		"comments":             strings.Repeat("<!--enpproperty <founder-title>", 35_000),
		"properties":           "<!--enpproperty " + strings.Repeat("<a>", 350_000),
		"cdata":                "<!--enpcontent-->" + strings.Repeat("<![CDATA[", 110_000),
		"attributes":           "<p " + strings.Repeat("a=1 ", 250_000) + ">",
		"one attribute":        `<p class="` + strings.Repeat("title ", 170_000) + `">`,
		"plain divs":           "<body>" + strings.Repeat("<div>兰州新区今年完成投资三百亿元，同比增长百分之十。</div>", 14_000),
		"spans":                "<body><div>" + strings.Repeat("<span>兰州，</span>", 50_000),
		"breaks":               "<body><div>" + strings.Repeat("兰州，<br>", 60_000),
		"open tag":             "<p>甲" + strings.Repeat("<", 1_000_000),
		"meta":                 strings.Repeat("<meta charset", 80_000),
		"json":                 `<script type="application/ld+json">` + strings.Repeat("[", 1_000_000),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			arts, rejs := collect(t, Options{}, save(t, "x.html", []byte(raw)))
			if d := time.Since(start); d > hang {
				t.Errorf("%d bytes took %v", len(raw), d)
			} else {
				t.Logf("%v, %d articles, %v", d, len(arts), rejs)
			}
		})
	}
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{newFounder, oldFounder, savedPage, "<!--enpcontent--><p>甲&#x4e2d;<table><tr><td>乙<td>丙</table>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) { fuzzRead(t, "x.html", raw) })
}

func BenchmarkEpaper(b *testing.B) {
	raw := []byte(newFounder)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		fuzzless(b, "c101.html", raw)
	}
}

// fuzzless reads one input and fails when nothing comes out of it.
func fuzzless(b *testing.B, name string, raw []byte) {
	n := 0
	out := newSink(Options{}, func(a *Article, err error) bool {
		if err != nil {
			b.Fatal(err)
		}
		n++
		return true
	})
	in := &input{Source: Source{Path: name}, r: strings.NewReader(string(raw)), size: int64(len(raw)), hint: hintOf(name)}
	if err := out.read(b.Context(), in); err != nil {
		b.Fatal(err)
	}
	if err := out.flush(); err != nil || n == 0 {
		b.Fatal(fmt.Errorf("%d articles, %v", n, err))
	}
}
