package corpus

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// reprintSet generates n articles and edited copies of some of them: the truth
// is the cluster of each article. The edits are those of newspapers: cuts from
// the end, another headline, another byline, merged paragraphs, figures
// corrected, an excerpt of some paragraphs, a lead of one's own, up to three of
// them at once. Unrelated articles share phrases, whole sentences of the office
// style and the form of monthly reports.
func reprintSet(n int, rnd *rand.Rand) (articles []*Article, truth map[string]int) {
	truth = map[string]int{}
	add := func(cluster int, day Day, title, byline string, paras []string) {
		text := "## " + title + "\n\n" + byline + "\n\n" + strings.Join(paras, "\n\n") + "\n"
		s := newSink(Options{Date: day}, func(a *Article, err error) bool {
			if err != nil {
				panic(err)
			}
			if _, again := truth[a.ID]; !again {
				articles = append(articles, a)
				truth[a.ID] = cluster
			}
			return true
		})
		if err := s.page(&draft{source: Source{Path: fmt.Sprint(len(articles))}}, paragraphs(linesOf(CopiedText(text, 0)))); err != nil {
			panic(err)
		}
		if err := s.flush(); err != nil {
			panic(err)
		}
	}
	for c := range n {
		day := Day{2024, 1, 1}.Add(0, 0, rnd.IntN(300))
		title, byline := phrase(rnd, 2), "本报记者 王"+string(rune('一'+rnd.IntN(5000)))
		paras := make([]string, 3+rnd.IntN(7))
		for i := range paras {
			paras[i] = paragraph(rnd)
		}
		if rnd.IntN(5) == 0 {
			paras = report(rnd)
		}
		add(c, day, title, byline, paras)
		for range rnd.IntN(4) {
			p := slices.Clone(paras)
			t, by := title, byline
			later := day.Add(0, 0, 1+rnd.IntN(5))
			for range 1 + rnd.IntN(3) {
				switch k := rnd.IntN(max(1, len(p)-1)); rnd.IntN(7) {
				case 0: // cut from the end
					p = p[:len(p)-len(p)/4]
				case 1:
					t = phrase(rnd, 2)
				case 2:
					by = "新华社记者 李" + string(rune('一'+rnd.IntN(5000)))
				case 3: // merged paragraphs
					if len(p) > 1 {
						p = slices.Concat(p[:k], []string{p[k] + p[k+1]}, p[k+2:])
					}
				case 4: // corrected words
					for i := range p {
						p[i] = strings.Replace(p[i], "，", "；", 1)
						r := []rune(p[i])
						r[rnd.IntN(len(r))] = '改'
						p[i] = string(r)
					}
				case 5: // excerpt
					if len(p) > 2 {
						p = p[k : k+2]
					}
				case 6:
					if len(p) > 2 {
						p = append([]string{paragraph(rnd)}, p...)
					}
				}
			}
			if rnd.IntN(2) == 0 {
				t = phrase(rnd, 2)
			}
			add(c, later, t, by, p)
		}
	}
	return articles, truth
}

var stock = []string{
	"会议强调，要坚持以习近平新时代中国特色社会主义思想为指导，全面贯彻落实党的二十大精神。",
	"省直有关部门、各市州及兰州新区分管负责同志参加会议。",
	"在全省上下共同努力下，各项工作取得了积极进展和明显成效。",
	"下一步，将持续优化营商环境，着力推动高质量发展。",
}

func phrase(rnd *rand.Rand, n int) string {
	parts := []string{"酒泉", "庆阳", "定西", "金昌", "新能源", "苹果", "数据中心", "隧道", "灌区", "物流园", "中药材", "博物馆", "掘进", "签约", "投产", "增收", "提速", "开工", "产值", "订单", "牧民", "果农", "工程师", "戈壁", "黄土", "梯田", "风机", "光伏", "铜箔", "冷链", "装备", "制造", "马铃薯", "当归", "花椒", "直播", "班列", "口岸", "试验", "达标"}
	var b strings.Builder
	for range n + rnd.IntN(n+1) {
		b.WriteString(parts[rnd.IntN(len(parts))])
		b.WriteString(string(rune('一' + rnd.IntN(6000))))
	}
	return b.String()
}

// report is a monthly report: its form is always the same, what it says is not.
func report(rnd *rand.Rand) []string {
	f := func() string { return fmt.Sprintf("%d.%d", rnd.IntN(900), rnd.IntN(10)) }
	place := phrase(rnd, 1)
	return []string{
		"据" + place + "统计局发布的数据，上月全市规模以上工业增加值同比增长" + f() + "%，增速比上月加快" + f() + "个百分点，其中" + phrase(rnd, 1) + "增长" + f() + "%。",
		"社会消费品零售总额" + f() + "亿元，增长" + f() + "%；" + phrase(rnd, 2) + "销售额" + f() + "亿元。固定资产投资下降" + f() + "%，" + phrase(rnd, 2) + "完成投资" + f() + "亿元。",
		"居民消费价格同比上涨" + f() + "%，" + phrase(rnd, 1) + "价格上涨" + f() + "%，" + place + "工业生产者出厂价格下降" + f() + "%。",
	}
}

func paragraph(rnd *rand.Rand) string {
	var b strings.Builder
	for range 2 + rnd.IntN(4) {
		b.WriteString(phrase(rnd, 3))
		fmt.Fprintf(&b, "，达到%d万元", rnd.IntN(10000))
		b.WriteString("，" + phrase(rnd, 2) + "。")
	}
	if rnd.IntN(3) == 0 {
		b.WriteString(stock[rnd.IntN(len(stock))])
	}
	return b.String()
}

func TestNearQuality(t *testing.T) {
	articles, truth := reprintSet(600, rand.New(rand.NewPCG(1, 2)))
	var n Near
	for _, a := range articles {
		n.Add(SketchOf(a))
	}
	got := n.Clusters()
	cluster := func(id string) string {
		if r, ok := got[id]; ok {
			return r.Cluster
		}
		return id
	}
	var right, found, want int // pairs of articles
	for i, a := range articles {
		for _, b := range articles[:i] {
			same, is := truth[a.ID] == truth[b.ID], cluster(a.ID) == cluster(b.ID)
			if same {
				want++
			}
			if is {
				found++
			}
			if same && is {
				right++
			}
		}
	}
	precision, recall := float64(right)/float64(found), float64(right)/float64(want)
	t.Logf("%d articles, %d pairs: precision %.4f, recall %.4f", len(articles), want, precision, recall)
	if precision < 0.95 || recall < 0.90 {
		t.Errorf("precision %.4f, recall %.4f, want 0.95 and 0.90", precision, recall)
	}
	roles := map[string]int{}
	for _, r := range got {
		roles[r.Role]++
	}
	if roles["first"] == 0 || roles["reprint"] == 0 || roles["excerpt"] == 0 {
		t.Errorf("roles %v", roles)
	}
}

func TestNearOrderDoesNotMatter(t *testing.T) {
	articles, _ := reprintSet(60, rand.New(rand.NewPCG(3, 4)))
	var a, b Near
	for i := range articles {
		a.Add(SketchOf(articles[i]))
		b.Add(SketchOf(articles[len(articles)-1-i]))
	}
	x, y := a.Clusters(), b.Clusters()
	if fmt.Sprint(x) != fmt.Sprint(y) {
		t.Error("clusters depend on the order of the articles")
	}
}

func TestNearRoles(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	p := []string{paragraph(rnd), paragraph(rnd), paragraph(rnd), paragraph(rnd), paragraph(rnd), paragraph(rnd)}
	text := func(day int, title string, paras ...string) *Article {
		page := "## " + title + "\n\n" + strings.Join(paras, "\n\n")
		a := readBytes(t, fmt.Sprintf("gsrb-2024-05-%02d.txt", day), []byte(page))
		return a[0]
	}
	first := text(3, "甲地项目开工", p...)
	reprint := text(4, "乙报转载", p[:5]...)
	excerpt := text(5, "丙报摘要", p[1:3]...)
	other := text(4, "别的新闻", paragraph(rnd), paragraph(rnd))
	var n Near
	for _, a := range []*Article{excerpt, other, reprint, first} {
		n.Add(SketchOf(a))
	}
	got := n.Clusters()
	for _, c := range []struct {
		a    *Article
		role string
	}{{first, "first"}, {reprint, "reprint"}, {excerpt, "excerpt"}, {other, ""}} {
		if r := got[c.a.ID]; r.Role != c.role || c.role != "" && r.Cluster != first.ID {
			t.Errorf("%s: %+v, want role %q in cluster %s", c.a.Title, r, c.role, first.ID)
		}
	}
}

func TestDedupe(t *testing.T) {
	page := "## 题目一\n\n本报兰州10月21日讯（记者 王欣）正文第一段，全文如此。\n"
	a := readBytes(t, "a/gsrb-2024-10-22.txt", []byte(page))
	b := readBytes(t, "b/gsrb-2024-10-22.txt", []byte(page+"\n\n"))
	c := readBytes(t, "b/gsrb-2024-10-23.txt", []byte(page))
	var again []string
	n := 0
	for range Dedupe(func(yield func(*Article, error) bool) {
		for _, x := range slices.Concat(a, b, c) {
			if !yield(x, nil) {
				return
			}
		}
	}, func(id string, s Source) { again = append(again, id+" "+s.Path) }) {
		n++
	}
	if n != 2 || len(again) != 1 || again[0] != a[0].ID+" b/gsrb-2024-10-22.txt" {
		t.Errorf("%d articles, again %v", n, again)
	}
	if a[0].ID != b[0].ID || a[0].ID == c[0].ID {
		t.Errorf("ids %s %s %s: want the first two equal", a[0].ID, b[0].ID, c[0].ID)
	}
}

func BenchmarkSketch(b *testing.B) {
	articles, _ := reprintSet(20, rand.New(rand.NewPCG(7, 8)))
	n := 0
	for _, a := range articles {
		n += a.Text.Len()
	}
	b.SetBytes(int64(n))
	for b.Loop() {
		for _, a := range articles {
			SketchOf(a)
		}
	}
}
