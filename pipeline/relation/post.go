package relation

import (
	"strings"
	"unicode/utf8"

	"longmai/pipeline"
	"longmai/pipeline/entity"
)

// A post is one title of one person.
type post struct {
	title        pipeline.Arg
	organization pipeline.Arg
	rule         string
}

// posts reads what stands left of every person, backwards: titles, the bodies
// they belong to, and the marks between them; then a title right of the name.
func (f *finder) posts() {
	f.held = make([][]post, len(f.named))
	for i, e := range f.named {
		if e.Type != pipeline.Person {
			continue
		}
		ps := f.before(i)
		if len(ps) == 0 {
			ps = f.shared(i)
		}
		if len(ps) == 0 {
			ps = f.after(i)
		}
		ps = append(ps, f.appointed(i)...)
		f.held[i] = ps
		for _, p := range ps {
			f.add("post", p.rule, f.sentence(e.Start), arg("person", e), p.title, p.organization)
		}
	}
}

// separators may stand between two titles of one person.
var separators = []string{"、", "兼", "，", ",", "和", "及", "暨", "并兼任", "兼任"}

// before reads the titles left of person i.
func (f *finder) before(i int) []post {
	e := f.named[i]
	floor := f.block(e.Start).Start
	prev := i - 1
	at := e.Start
	var out []post
	pending := 0 // titles at the end of out that still want a body
	for range 12 {
		at = f.skipSpace(floor, at)
		end := floor
		if prev >= 0 && f.named[prev].End > floor {
			end = f.named[prev].End
		}
		if end > at {
			break
		}
		n, class := f.titles.TitleEnding(f.body[end:at])
		if n == 0 {
			break
		}
		start := f.widen(end, at-n)
		for _, b := range titledBodies {
			if rest, ok := strings.CutPrefix(f.body[start:at], b); ok && rest != "" {
				start += len(b)
			}
		}
		title := pipeline.Arg{Role: "title", Name: f.body[start:at], Span: pipeline.Span{Start: start, End: at}}
		at = start
		if class != entity.Job {
			out = append(out, post{title: title, rule: "post/before"})
			pending++
		}
		body, next, used := f.bodyBefore(prev, end, at)
		if body.Role != "" || body.Name != "" {
			for k := len(out) - pending; k < len(out); k++ {
				out[k].organization = f.bodyOf(out[k].title.Name, body, i)
			}
			pending = 0
			at = next
			prev -= used
			end = floor
			if prev >= 0 && f.named[prev].End > floor {
				end = f.named[prev].End
			}
		}
		sep := ""
		for _, s := range separators {
			if strings.HasSuffix(f.body[min(end, at):at], s) {
				sep = s
				break
			}
		}
		if sep == "" || class == entity.Job && body.Name == "" {
			break
		}
		at -= len(sep)
	}
	for k := len(out) - pending; k >= 0 && k < len(out); k++ {
		out[k].organization = f.implied(out[k].title.Name, i)
	}
	return out
}

// skipSpace goes left over the spaces between a title and a name.
func (f *finder) skipSpace(floor, at int) int {
	for at > floor {
		r, w := utf8.DecodeLastRuneInString(f.body[floor:at])
		if r != ' ' && r != '　' {
			break
		}
		at -= w
	}
	return at
}

// titledBodies are bare bodies that the lists of titles write into the title: 村委会主任.
var titledBodies = []string{"村委会", "村民委员会", "居委会", "社区", "村党支部"}

// widen takes 原, 前, 时任 and the like into a title.
func (f *finder) widen(floor, start int) int {
	for _, p := range []string{"常务", "执行", "名誉", "首席", "第一", "党组", "原", "前", "代", "副"} {
		if strings.HasSuffix(f.body[floor:start], p) {
			return start - len(p)
		}
	}
	return start
}

// bodyBefore returns the body that ends at at: a mention, a mention and a
// department, or a bare body that the article has named before. used says how
// many mentions it takes.
func (f *finder) bodyBefore(prev, floor, at int) (body pipeline.Arg, next, used int) {
	gap := f.body[floor:at]
	if prev >= 0 && f.named[prev].End == floor && !strings.ContainsAny(gap, "，,。、；：:“”\n（）()的") {
		e := f.named[prev]
		switch {
		case e.Type == pipeline.Person || e.Type == pipeline.Policy || e.Type == pipeline.Event:
			return pipeline.Arg{}, at, 0
		case gap == "":
			return arg("organization", e), f.chain(prev), 1 + f.chained(prev)
		case utf8.RuneCountInString(gap) <= 10 && bareBody(gap) && !strings.Contains(gap, "兼"):
			a := arg("organization", e)
			a.Name += gap
			a.Span.End = at
			return a, f.chain(prev), 1 + f.chained(prev)
		}
		return pipeline.Arg{}, at, 0
	}
	if bare := f.bare(floor, at); bare != "" {
		start := at - len(bare)
		return pipeline.Arg{Role: "bare", Name: bare, Span: pipeline.Span{Start: start, End: at}}, start, 0
	}
	return pipeline.Arg{}, at, 0
}

// chain returns where the run of touching places before mention k begins.
func (f *finder) chain(k int) int {
	for k > 0 && f.named[k-1].End == f.named[k].Start && f.named[k-1].Type == pipeline.Place {
		k--
	}
	return f.named[k].Start
}

func (f *finder) chained(k int) int {
	n := 0
	for k > 0 && f.named[k-1].End == f.named[k].Start && f.named[k-1].Type == pipeline.Place {
		k--
		n++
	}
	return n
}

// bareBodies are bodies that are no mention without a name: their name comes from the context.
var bareBodies = []string{"管理局", "分公司", "总公司", "银行", "分行", "支行", "大学", "中学", "小学", "电厂", "电站", "煤矿", "矿山", "油田", "总厂", "分局", "总队", "支队", "大队", "指挥中心", "服务中心", "控制中心", "试验站", "工作站", "水管所", "派出所", "博物馆", "图书馆", "纪念馆", "文化馆", "报社", "电视台", "村党支部", "村党总支", "党支部", "党总支", "村委会", "村民委员会", "居委会", "管委会", "党工委", "工委", "项目部", "集团公司", "公司", "集团", "合作社", "车间", "林场", "农场", "牧场", "学校", "医院", "协会", "商会", "中心", "基地", "企业", "工厂", "剧团", "研究所", "研究院", "学院", "研究室", "实验室", "指挥部", "领导小组", "组委会", "董事会", "监事会", "理事会", "工会", "村", "社区", "街道", "镇", "乡", "办公室", "部", "科", "处", "股", "室", "队", "组", "班", "站", "所", "院", "厂", "矿"}

func bareBody(s string) bool { return hasAnySuffix(s, bareBodies...) != "" }

// bare returns the bare body that ends at at.
func (f *finder) bare(floor, at int) string {
	for _, b := range bareBodies {
		if utf8.RuneCountInString(b) > 1 && strings.HasSuffix(f.body[floor:at], b) {
			return b
		}
	}
	return ""
}

var governments = map[string]string{"省长": "省", "市长": "市", "县长": "县", "区长": "区", "州长": "州", "镇长": "镇", "乡长": "乡", "旗长": "旗"}

// ownBody names the bodies that a title stands for by itself.
var ownBody = map[string]string{"总书记": "中国共产党中央委员会", "国家主席": "中华人民共和国", "国务院总理": "中华人民共和国国务院", "总理": "中华人民共和国国务院", "副总理": "中华人民共和国国务院", "国务委员": "中华人民共和国国务院"}

// bodyOf returns the body of a title that stands right of body.
func (f *finder) bodyOf(title string, body pipeline.Arg, person int) pipeline.Arg {
	out := pipeline.Arg{Role: "organization", Name: body.Name, Span: body.Span}
	level := governmentLevel(title)
	switch {
	case body.Role == "bare":
		out.Name = f.unfold(body.Name, person)
		if level != "" && out.Name == "" {
			return f.implied(title, person)
		}
	case level != "":
		if place := governed(body.Name, level); place != "" {
			out.Name = place + "人民政府"
			if strings.HasPrefix(body.Name, "中共") {
				out.Span = pipeline.Span{}
			}
		}
	}
	return out
}

// governmentLevel returns the level of the government that a title belongs to: 市 of 常务副市长.
func governmentLevel(title string) string {
	for suffix, level := range governments {
		if strings.HasSuffix(title, suffix) {
			return level
		}
	}
	if strings.HasSuffix(title, "长助理") && strings.HasPrefix(title, "市") {
		return "市"
	}
	return ""
}

// governed returns the division of a body: 兰州市 of 中共兰州市委员会, of 兰州市人民政府 and of 兰州市.
func governed(name, level string) string {
	name = strings.TrimPrefix(name, "中共")
	for _, tail := range []string{"委员会", "委", "人民政府"} {
		if rest, ok := strings.CutSuffix(name, tail); ok {
			name = rest
			break
		}
	}
	if strings.HasSuffix(name, level) || level == "县" && strings.HasSuffix(name, "自治县") {
		return name
	}
	return ""
}

// implied returns the body of a title without one: 副省长 is of the provincial
// government, 市长 of the city that the person's other posts or the article name.
func (f *finder) implied(title string, person int) pipeline.Arg {
	none := pipeline.Arg{Role: "organization"}
	if n := ownBody[title]; n != "" {
		none.Name = n
		return none
	}
	level := governmentLevel(title)
	if level == "省" {
		none.Name = f.titles.HomeProvince() + "人民政府"
		return none
	}
	for k := person - 1; k >= 0 && k > person-60; k-- {
		e := f.named[k]
		switch {
		case level != "" && (e.Type == pipeline.Place || e.Type == pipeline.Organization):
			if place := governed(e.Name, level); place != "" {
				none.Name = place + "人民政府"
				return none
			}
		case strings.HasPrefix(title, "党支部") && e.Type == pipeline.Place && hasAnySuffix(e.Name, "村", "社区") != "":
			none.Name = e.Name + "党支部"
			return none
		case title == "场长" && e.Type == pipeline.Facility && strings.HasSuffix(e.Name, "场"):
			none.Name = e.Name
			return none
		case level == "" && f.heads(title, e):
			none.Name = e.Name
			return none
		}
	}
	return none
}

// bodyHeads says of which bodies a title is the head by its own word.
var bodyHeads = []struct {
	title  string
	bodies []string
}{
	{"校长", []string{"学校", "中学", "小学", "一中", "大学"}},
	{"院长", []string{"医院", "学院", "研究院", "法院", "设计院", "科学院"}},
	{"馆长", []string{"博物馆", "图书馆", "文化馆", "纪念馆", "美术馆"}},
	{"厂长", []string{"厂"}},
	{"矿长", []string{"矿"}},
	{"所长", []string{"所"}},
	{"台长", []string{"台"}},
	{"社长", []string{"社"}},
	{"行长", []string{"银行", "分行", "支行"}},
	{"局长", []string{"局"}},
	{"站长", []string{"站"}},
	{"理事长", []string{"合作社", "协会", "学会"}},
	{"场长", []string{"场"}},
	{"董事长", []string{"公司", "集团", "股份", "科技", "银行"}},
	{"总经理", []string{"公司", "集团", "股份", "科技"}},
	{"总裁", []string{"公司", "集团", "股份", "科技"}},
}

// heads reports whether a title is by its own word the head of e: 校长 of a school.
func (f *finder) heads(title string, e pipeline.Entity) bool {
	if e.Type != pipeline.Organization {
		return false
	}
	title = strings.TrimSuffix(title, "助理")
	for _, h := range bodyHeads {
		if strings.HasSuffix(title, h.title) && hasAnySuffix(e.Name, h.bodies...) != "" {
			return true
		}
	}
	return false
}

// unfold names a bare body from the context: 管委会 after 金昌经济技术开发区党工委, 村党支部 after 王沟村.
func (f *finder) unfold(bare string, person int) string {
	for k := person - 1; k >= 0 && k > person-40; k-- {
		e := f.named[k]
		switch bare {
		case "管委会", "党工委", "工委":
			if e.Type == pipeline.Organization {
				for _, tail := range []string{"党工委", "管委会", "管理委员会", "工委"} {
					if zone, ok := strings.CutSuffix(e.Name, tail); ok {
						return zone + bare
					}
				}
			}
			if e.Type == pipeline.Place && hasAnySuffix(e.Name, "区", "园") != "" && strings.Contains(e.Name, "开发区") {
				return e.Name + bare
			}
		case "村党支部", "村党总支", "村委会", "村民委员会", "党支部", "村":
			if e.Type == pipeline.Place && hasAnySuffix(e.Name, "村", "社区") != "" {
				return e.Name + strings.TrimPrefix(bare, "村")
			}
		case "公司", "集团公司", "集团", "企业":
			if e.Type == pipeline.Organization && hasAnySuffix(e.Name, "公司", "集团", "科技", "股份") != "" {
				return e.Name
			}
		default:
			if e.Type == pipeline.Organization && strings.HasSuffix(e.Name, bare) {
				return e.Name
			}
		}
	}
	return ""
}

// shared gives person i the posts of the person before in a name list: 副省长张三、李四.
func (f *finder) shared(i int) []post {
	if i == 0 || f.named[i-1].Type != pipeline.Person || len(f.held[i-1]) == 0 {
		return nil
	}
	switch gap := f.body[f.named[i-1].End:f.named[i].Start]; gap {
	case "、", "和", "与", "及", " ", "　":
	default:
		return nil
	}
	out := make([]post, 0, len(f.held[i-1]))
	for _, p := range f.held[i-1] {
		if p.rule == "post/after" {
			return nil
		}
		p.rule = "post/shared"
		out = append(out, p)
	}
	return out
}

// after reads a title right of the name: 习近平总书记, 李四教授.
func (f *finder) after(i int) []post {
	e := f.named[i]
	end := f.block(e.Start).End
	if i+1 < len(f.named) && f.named[i+1].Start < end {
		end = f.named[i+1].Start
	}
	if e.End >= end || e.Rule == "entity/address" { // 李局长: the post is told where he is named
		return nil
	}
	n, class := f.titles.TitleStarting(f.body[e.End:end])
	if n == 0 || class == entity.Job {
		return nil
	}
	title := f.body[e.End : e.End+n]
	if title == "代表" || title == "指挥" || title == "顾问" || title == "法人" || title == "监理" {
		return nil
	}
	a := pipeline.Arg{Role: "title", Name: title, Span: pipeline.Span{Start: e.End, End: e.End + n}}
	return []post{{title: a, organization: f.implied(title, i), rule: "post/after"}}
}

// appointed reads 任命X为…厅长, X任…局长, X现任…书记.
func (f *finder) appointed(i int) []post {
	e := f.named[i]
	sentence := f.sentence(e.Start)
	rest := f.body[e.End:max(e.End, sentence.End)]
	for _, v := range []string{"为", "任", "出任", "担任", "同志任", "同志为", "当选为", "兼任", "的"} {
		after, ok := strings.CutPrefix(rest, v)
		if !ok {
			continue
		}
		if v == "为" && !strings.Contains(f.body[sentence.Start:e.Start], "任命") && !strings.Contains(f.body[sentence.Start:e.Start], "选举") && !strings.Contains(f.body[sentence.Start:e.Start], "聘") {
			return nil
		}
		if v == "的" && !strings.Contains(f.body[sentence.Start:e.Start], "免去") {
			return nil
		}
		at := len(f.body[:e.End]) + len(rest) - len(after)
		return f.ahead(i, at, sentence.End)
	}
	return nil
}

// ahead reads a body and its titles from at on.
func (f *finder) ahead(i, at, end int) []post {
	if i+1 >= len(f.named) {
		return nil
	}
	var out []post
	body := pipeline.Arg{Role: "organization"}
	k := i + 1
	for at < end {
		if k < len(f.named) && f.named[k].Start == at {
			if f.named[k].Type == pipeline.Person {
				break
			}
			body = arg("organization", f.named[k])
			at = f.named[k].End
			k++
			continue
		}
		n, class := f.titles.TitleStarting(f.body[at:end])
		if n == 0 || class == entity.Job || body.Name == "" {
			break
		}
		a := pipeline.Arg{Role: "title", Name: f.body[at : at+n], Span: pipeline.Span{Start: at, End: at + n}}
		out = append(out, post{title: a, organization: f.bodyOf(a.Name, body, i), rule: "post/appointed"})
		at += n
		sep := false
		for _, s := range []string{"、", "兼"} {
			if strings.HasPrefix(f.body[at:end], s) {
				at += len(s)
				sep = true
				break
			}
		}
		if !sep {
			break
		}
	}
	return out
}
