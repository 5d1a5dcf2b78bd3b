package corpus

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// listedArticle is an article page that does not say on which page of the paper it stands.
func listedArticle(title string) string {
	return `<html><body><div class="detail-art"><h2 id="Title">` + title + `</h2><div id="ozoom"><founder-content><p>　　本报讯 全省秋粮收购已过七成，各地敞开收购，农民卖粮顺畅。</p></founder-content></div></div></body></html>`
}

const (
	newList = `<html><body><div class="nav-list"><a class="btn" href="col01.html">第01版：要闻</a> <a class="btn" href="col05.html">第05版：综合新闻</a></div>
<div class="news-list"><ul><li class="resultList"><a href="%sc301.html"><h4>秋粮收购过七成</h4></a></li><li><a href="%[1]sc302.html">又一篇</a></li></ul></div></body></html>`
	oldList = `<html><head><title>甘肃日报 第02版：经济</title></head><body><table><tr><td><a href="node_2.htm">第01版：要闻</a></td></tr><tr><td><a href=node_3.htm>第02版：经济</a></td></tr></table>
<ul><li><a href="content_7.htm?div=-1">秋粮收购过七成</a></li><li><a href="content_8.htm">又一篇</a></li></ul></body></html>`
	issueList = `<html><body><p>第01版：要闻</p><ul><li><a href="content_7.htm">秋粮收购过七成</a></li></ul><p>第04版：文化</p><ul><li><a href="content_8.htm">又一篇</a></li></ul></body></html>`
)

func TestPageLists(t *testing.T) {
	a, b := listedArticle("秋粮收购过七成"), listedArticle("又一篇")
	day := "gsrb/pc/con/202410/25/"
	lists := "gsrb/pc/layout/202410/25/col05.html"
	for _, c := range []struct {
		name string
		tree tree
		want string
	}{
		{"new, in the folder for lists", tree{day + "c301.html": a, day + "c302.html": b, lists: fmt.Sprintf(newList, "../../../con/202410/25/")}, "05 综合新闻, 05 综合新闻"},
		{"new, links from the root", tree{day + "c301.html": a, day + "c302.html": b, lists: fmt.Sprintf(newList, "http://szb.example/gsrb/pc/con/202410/25/")}, "05 综合新闻, 05 综合新闻"},
		{"new, in one folder", tree{"2024-10-25/c301.html": a, "2024-10-25/col05.html": fmt.Sprintf(newList, "")}, "05 综合新闻"},
		{"old", tree{"html/2009-11/03/content_7.htm": a, "html/2009-11/03/content_8.htm": b, "html/2009-11/03/node_3.htm": oldList}, "02 经济, 02 经济"},
		{"the whole issue on one list", tree{"html/2009-11/03/content_7.htm": a, "html/2009-11/03/content_8.htm": b, "html/2009-11/03/node_1.htm": issueList}, "01 要闻, 04 文化"},
		{"no list", tree{day + "c301.html": a}, ""},
		{"the list of another day", tree{day + "c301.html": a, "gsrb/pc/layout/202410/26/col05.html": fmt.Sprintf(newList, "../../../con/202410/26/")}, ""},
		{"an article that says it itself", tree{"c301.html": strings.Replace(a, "<body>", "<body><p>2024年10月25日 第07版：科教</p>", 1), "col05.html": fmt.Sprintf(newList, "")}, "07 科教"},
	} {
		t.Run(c.name, func(t *testing.T) {
			arts, _ := collect(t, Options{}, c.tree.make(t))
			if got := editions(arts); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	packed := makeZip(t, true, file{day + "c301.html", []byte(a)}, file{day + "c302.html", []byte(b)}, file{lists, fmt.Appendf(nil, newList, "../../../con/202410/25/")})
	if arts, _ := collect(t, Options{}, save(t, "x.zip", packed)); editions(arts) != "05 综合新闻, 05 综合新闻" {
		t.Error("zip:", editions(arts))
	}
	streamed := makeTar(t, file{lists, fmt.Appendf(nil, newList, "../../../con/202410/25/")}, file{day + "c301.html", []byte(a)})
	if arts, _ := collect(t, Options{}, save(t, "x.tar", streamed)); editions(arts) != "05 综合新闻" {
		t.Error("tar:", editions(arts))
	}
	one := tree{day + "c301.html": a, lists: fmt.Sprintf(newList, "../../../con/202410/25/")}.make(t)
	if arts, rejs := collect(t, Options{}, filepath.Join(one, filepath.FromSlash(day+"c301.html"))); editions(arts) != "05 综合新闻" || len(rejs) > 0 {
		t.Error("one file:", editions(arts), rejs)
	}
}

func editions(as []*Article) string {
	var out []string
	for _, a := range as {
		if a.Edition+a.EditionName != "" {
			out = append(out, a.Edition+" "+a.EditionName)
		}
	}
	return strings.Join(out, ", ")
}
