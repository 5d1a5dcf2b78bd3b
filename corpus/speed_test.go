package corpus

import (
	"fmt"
	"strings"
	"testing"
)

// articlePage is a Founder page of the size that they have: lists of the
// editions and articles, scripts, and 20 paragraphs of text.
func articlePage() string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>临泽引水润绿洲-甘肃日报数字报</title><script>" + strings.Repeat("function a(b){return b<2?'<p>':document.getElementById(b).style.display='none';}\n", 40) + "</script></head><body><div class=\"nav-list\"><ul>")
	for i := range 12 {
		fmt.Fprintf(&b, `<li class="nav-item"><a class="btn btn-block" data-href="x" href="../../layout/202305/16/col%02d.html">第%02d版：要闻</a></li>`+"\n", i+1, i+1)
	}
	b.WriteString(`</ul></div><div class="news-list"><ul>`)
	for i := range 30 {
		fmt.Fprintf(&b, `<li class="resultList"><a href="../../../con/202305/16/c%d.html"><h4>黑河中游的节水故事之%d</h4></a></li>`+"\n", 18000+i, i)
	}
	b.WriteString(`</ul></div><div class="detail-art"><p id="PreTitle">节水从一滴做起</p><h2 id="Title">临泽引水润绿洲</h2><p id="SubTitle"></p><p class="art-author">新甘肃·甘肃日报记者 陶然</p><div id="ozoom" style="zoom:100%"><founder-content>` + "\n")
	for i := range 20 {
		fmt.Fprintf(&b, "<p>　　“水窖是最后的办法。”站在平川镇的第%d道渠首，水管员何立军这样说，今年全县配水1.35亿立方米，比上年少了4.2%%，每亩节水86立方米，群众的收入却多了一成。县水务局介绍，三年来改造渠道420公里，灌溉水利用系数提高到0.62。</p>\n", i)
	}
	b.WriteString(`</founder-content></div></div><div class="foot">版权所有</div></body></html>`)
	return b.String()
}

func BenchmarkReaders(b *testing.B) {
	text := strings.Repeat(simplifiedPage, 400)
	rows := strings.Repeat(jsonOf(b, map[string]string{"title": rowTitle, "text": rowText, "date": "2019-04-09"})+"\n", 200)
	for _, c := range []struct{ name, file, content string }{
		{"text", "2019-04-09.txt", text},
		{"epaper", "c101.html", articlePage()},
		{"webpage", "page.html", strings.ReplaceAll(articlePage(), "founder-content", "section") + savedPage},
		{"jsonl", "x.jsonl", rows},
		{"jsonl-long", "x.jsonl", strings.Repeat(jsonOf(b, map[string]string{"标题": rowTitle, "正文": strings.Repeat(rowText+"\n", 10), "日期": "2019-04-09", "版次": "第01版：要闻"})+"\n", 200)},
		{"csv", "x.csv", "标题,正文\n" + strings.Repeat("\""+rowTitle+"\",\""+rowText+"\"\n", 200)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.content)))
			for b.Loop() {
				fuzzless(b, c.file, []byte(c.content))
			}
		})
	}
	b.Run("epaper-markup-only", func(b *testing.B) {
		t := CopiedText(articlePage(), 0)
		b.SetBytes(int64(t.Len()))
		for b.Loop() {
			parseMarkup(t)
		}
	})
}
