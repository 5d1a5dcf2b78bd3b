package corpus

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// savedPage is a news page of no e-paper, as a browser saves it.
const savedPage = `<!DOCTYPE html>
<html lang="zh"><head><meta charset="utf-8"><title>会宁地膜回收率超过九成_陇上新闻网</title>
<meta property="og:title" content="会宁地膜回收率超过九成"><meta name="publishdate" content="2022-12-07 09:30">
<script type="application/ld+json">{"@context":"http://schema.org","@type":"NewsArticle","headline":"会宁地膜回收率超过九成","datePublished":"2022-12-07T09:30:00+08:00","author":{"@type":"Person","name":"邵文清"}}</script>
</head><body>
<header><nav><ul><li><a href="/">首页</a></li><li><a href="/gs">甘肃</a></li><li><a href="/sz">时政</a></li><li><a href="/jj">经济</a></li></ul></nav></header>
<div class="wrap"><div class="left">
<h1>会宁地膜回收率超过九成</h1>
<div class="info">2022年12月07日 09:30 来源：甘肃日报 作者：邵文清 字号：<a>大</a> <a>中</a> <a>小</a></div>
<div class="text">
<p>　　本报会宁12月6日讯（记者 邵文清）记者从会宁县农业农村局了解到，今年全县覆盖地膜138万亩，使用地膜9200吨，回收废旧地膜8400吨，回收率达到91.3%，比上年提高2.6个百分点。</p>
<p>　　会宁是农业大县，地膜用量大。县上在28个乡镇建起回收站点96个，按每公斤1.2元的价格收购，全年兑付资金1008万元，带动农户参与捡拾。</p>
<p>　　“捡一天膜能换百十块钱，地也干净了。”柴家门镇农民牛满仓说，他家的23亩地今年全部用了加厚地膜，春天铺一次可以用两年，省工省钱。</p>
<p>　　回收的地膜由两家企业加工成颗粒和井盖，年加工能力1.5万吨，产品销往陕西、宁夏等地，今年产值预计达到2600万元。</p>
</div>
<div class="editor">责任编辑：冯小雅</div>
<div class="share">分享到：<a>微信</a><a>微博</a></div>
</div>
<div class="right"><h3>相关新闻</h3><ul><li><a href="1.html">静宁苹果出口二十国</a></li><li><a href="2.html">通渭马铃薯丰收</a></li><li><a href="3.html">庄浪梯田入选名录</a></li></ul></div></div>
<footer>版权所有 陇上新闻网 陇ICP备00000000号</footer>
</body></html>`

func TestWebPage(t *testing.T) {
	arts, rejs := collect(t, Options{}, save(t, "page.html", []byte(savedPage)))
	if len(arts) != 1 || len(rejs) > 0 {
		t.Fatal(titles(arts), rejs)
	}
	body := savedPage[strings.Index(savedPage, "　　本报会宁"):strings.Index(savedPage, `</p>`+"\n</div>\n<div class=\"editor\">")]
	body = strings.NewReplacer("<p>", "", "</p>", "", "　　", "").Replace(body)
	expected{format: "html", encoding: UTF8, date: "2022-12-07", certain: true, title: "会宁地膜回收率超过九成", paper: "甘肃日报",
		byline: "邵文清/reporter 冯小雅/editor", text: "会宁地膜回收率超过九成\n" + body}.check(t, arts[0])
	checkSource(t, arts[0], []byte(savedPage))

	nav := savedPage[:strings.Index(savedPage, "<h1>")] + "</div></div></body></html>"
	if arts, rejs := collect(t, Options{}, save(t, "page.html", []byte(nav))); len(arts) != 0 || classes(rejs) != ":no-article" {
		t.Error(titles(arts), rejs)
	}
}

func BenchmarkWebPage(b *testing.B) {
	raw := []byte(savedPage)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		fuzzless(b, "page.html", raw)
	}
}

// TestWebPages reads the pages in testdata/web, as TestPages does those of text.
// UPDATE=1 rewrites what must come out.
func TestWebPages(t *testing.T) {
	files, err := filepath.Glob("testdata/web/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no pages", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil || len(ar.Files) != 2 {
				t.Fatal(len(ar.Files), err)
			}
			var got strings.Builder
			arts, rejs := collect(t, Options{}, save(t, ar.Files[0].Name, ar.Files[0].Data))
			for _, a := range arts {
				checkSource(t, a, ar.Files[0].Data)
				got.WriteString(recordOf(a))
			}
			for _, r := range rejs {
				got.WriteString("rejected: " + string(r.Class) + "\n")
			}
			if os.Getenv("UPDATE") != "" {
				ar.Files[1].Data = []byte(got.String())
				if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(ar.Files[1].Data); got.String() != want {
				t.Errorf("got\n%s\nwant\n%s", got.String(), want)
			}
		})
	}
}

func TestFrameset(t *testing.T) {
	raw := `<html><head><title>甘肃日报</title></head><frameset cols="200,*"><frame src="list.htm"><frame src="page.htm"><noframes>您的浏览器不支持框架</noframes></frameset></html>`
	arts, rejs, err := readAny("index.htm", []byte(raw), Options{})
	if err != nil || len(arts) > 0 || len(rejs) != 1 || rejs[0].Class != ClassNoArticle || !strings.Contains(rejs[0].Hint, "save the frames") {
		t.Errorf("%s, %v, %v", titles(arts), rejs, err)
	}
}
