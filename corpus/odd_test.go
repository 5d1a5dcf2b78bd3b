package corpus

import (
	"strings"
	"testing"
)

// TestOddPages reads pages of text as people keep them: pasted with the buttons
// of the web page, with lists below, with headlines of two lines.
func TestOddPages(t *testing.T) {
	const body = "\n\n本报兰州3月6日讯（记者 王小川）全省春耕备耕进展顺利，截至3月5日，全省已备化肥86万吨，比上年同期增加4.2万吨。\n\n农技人员进村入户开展培训，累计培训农民12万人次。\n"
	for _, c := range []struct{ name, file, text, titles, subtitle, edition, roles string }{
		{"buttons", "2019-03-07.txt", "甘肃日报 > 2019年03月07日 > 第03版：综合\n上一篇　下一篇\n放大+ 缩小- 默认o\n\n春耕备耕进展顺利" + body + "\n【打印】 【关闭】\n上一版 下一版\n",
			"春耕备耕进展顺利", "", "03", "title paragraph paragraph"},
		{"buttons in the running head", "x.txt", "第03版：经济 上一版 下一版 2019-03-07 星期四 往期回顾\n春耕备耕进展顺利\n" + body,
			"春耕备耕进展顺利", "", "03", "title paragraph paragraph"},
		{"carriage returns", "2019-03-07.txt", strings.ReplaceAll("春耕备耕进展顺利"+body, "\n", "\r"), "春耕备耕进展顺利", "", "", "title paragraph paragraph"},
		{"a mark in the middle", "2019-03-07.txt", strings.ReplaceAll("春耕备耕进展顺利"+body, "农技", "\ufeff农技"), "春耕备耕进展顺利", "", "", "title paragraph paragraph"},
		{"a headline over two lines", "2019-03-07.txt", "全省春耕备耕工作的\n四个新变化" + body, "全省春耕备耕工作的四个新变化", "", "", "title paragraph paragraph"},
		{"a subtitle that leans back", "2019-03-07.txt", "### 全省秋粮收获八成\n\n### 预计秋粮总产量700万吨以上" + body, "全省秋粮收获八成", "预计秋粮总产量700万吨以上", "", "title subtitle paragraph paragraph"},
		{"a list of names", "2019-03-07.md", "## 春耕备耕进展顺利" + body + "\n## 获奖名单\n\n- 张三\n- 李四\n- 王五\n", "春耕备耕进展顺利 | 获奖名单", "", "", "title paragraph paragraph"},
		{"the day in folders", "2019年/3月/7日/第03版/春耕.txt", "春耕备耕进展顺利" + body, "春耕备耕进展顺利", "", "03", "title paragraph paragraph"},
		{"the edition in the name", "2019.3.7 A03版 经济.txt", "春耕备耕进展顺利" + body, "春耕备耕进展顺利", "", "A03", "title paragraph paragraph"},
	} {
		as, rejected, err := readAny(c.file, []byte(c.text), Options{})
		if err != nil || len(rejected) > 0 || len(as) == 0 {
			t.Errorf("%s: %v %v", c.name, rejected, err)
			continue
		}
		var roles []string
		for _, b := range as[0].Blocks {
			roles = append(roles, string(b.Role))
		}
		a := as[0]
		if got := titles(as); got != c.titles || a.Subtitle != c.subtitle || a.Edition != c.edition || strings.Join(roles, " ") != c.roles || a.Date.String() != "2019-03-07" {
			t.Errorf("%s: %s, %q, edition %q, %s, %s", c.name, got, a.Subtitle, a.Edition, roles, a.Date)
		}
	}
}
