package relation

import (
	"slices"
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
		} else {
			ps = append(ps, f.ranked(i, ps)...)
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
	at := f.skipSpace(floor, e.Start)
	at = f.remarked(f.floor(floor, prev), f.relative(f.floor(floor, prev), at))
	var out []post
	pending := 0 // titles at the end of out that still want a body
	for range 12 {
		at = f.skipSpace(floor, at)
		end := f.floor(floor, prev)
		if end > at {
			break
		}
		n, class := f.titles.TitleEnding(f.body[end:at])
		if n == 0 {
			break
		}
		title := f.title(end, at-n, at)
		if prev >= 0 && title.Span.Start == f.named[prev].End && f.named[prev].Type == pipeline.Person {
			break // of 王蒂教授, the person before
		}
		at = f.strip(end, title.Span.Start, manners)
		if class != entity.Job {
			out = append(out, post{title: title, rule: "post/before"})
			pending++
		}
		body, next, used := f.bodyBefore(prev, end, at)
		if body.Role != "" || body.Name != "" {
			at, prev = next, prev-used
			end = f.floor(floor, prev)
			former := f.former(end, at)
			for k := len(out) - pending; k < len(out); k++ {
				out[k].organization = f.bodyOf(out[k].title.Name, body, i)
				if !strings.HasPrefix(out[k].title.Name, former) {
					out[k].title.Name = former + out[k].title.Name
				}
			}
			pending = 0
			at = f.strip(min(end, at), at-len(former), manners)
		}
		sep := hasAnySuffix(f.body[min(end, at):at], separators...)
		if sep == "" || class == entity.Job && body.Name == "" {
			break
		}
		at -= len(sep)
	}
	for k := len(out) - pending; k >= 0 && k < len(out); k++ {
		out[k].organization = f.inherited(out[k].title.Name, prev, at)
		if out[k].organization.Name == "" {
			out[k].organization = f.implied(out[k].title.Name, i)
		}
	}
	return out
}

// floor returns where the text between the mention prev and what stands right of it begins.
func (f *finder) floor(floor, prev int) int {
	if prev >= 0 && f.named[prev].End > floor {
		return f.named[prev].End
	}
	return floor
}

// title returns the title from start to end, with 原 and the like before it and
// without the bare body that the lists write into it.
func (f *finder) title(floor, start, end int) pipeline.Arg {
	start = f.widen(floor, start)
	for _, b := range titledBodies {
		if rest, ok := strings.CutPrefix(f.body[start:end], b); ok && rest != "" {
			start += len(b)
		}
	}
	return pipeline.Arg{Role: "title", Name: f.body[start:end], Span: pipeline.Span{Start: start, End: end}}
}

// manners say how one holds a post and are no part of a title or body.
var manners = []string{"挂职", "时任", "现任", "新任", "首任", "历任", "曾任", "担任", "现为", "现"}

// strip goes left over one of words that end at at.
func (f *finder) strip(floor, at int, words []string) int {
	return at - len(hasAnySuffix(f.body[floor:at], words...))
}

// former returns the word that makes the posts of the body at at former ones:
// 原陇南市政协副主席 is 原副主席 of 陇南市政协.
func (f *finder) former(floor, at int) string {
	left := f.body[min(floor, at):at]
	for _, w := range []string{"原", "前"} {
		if rest, ok := strings.CutSuffix(left, w); ok {
			r, _ := utf8.DecodeLastRuneInString(rest)
			if rest == "" || strings.ContainsRune("，,、。；：“”（( \n　兼", r) {
				return w
			}
		}
	}
	return ""
}

// remarked goes left over a remark in brackets between a title and a name: 副县长（挂职）刘涛.
func (f *finder) remarked(floor, at int) int {
	left := f.body[min(floor, at):at]
	if !strings.HasSuffix(left, "）") && !strings.HasSuffix(left, ")") {
		return at
	}
	i := strings.LastIndexAny(left, "（(")
	if i < 0 || utf8.RuneCountInString(left[i:]) > 8 || strings.ContainsAny(left[i:], "，。；、") {
		return at
	}
	if n, _ := f.titles.TitleEnding(left[:i]); n == 0 {
		return at
	}
	return at - len(left) + i
}

// relative goes left over the 的 of 时任副县长的马国荣.
func (f *finder) relative(floor, at int) int {
	left, ok := strings.CutSuffix(f.body[min(floor, at):at], "的")
	if !ok {
		return at
	}
	n, _ := f.titles.TitleEnding(left)
	if n == 0 {
		return at
	}
	clause := f.body[f.sentence(at-1).Start : at-len("的")-n]
	if i := strings.LastIndexAny(clause, "，。；：“”"); i >= 0 {
		clause = clause[i:]
	}
	for _, w := range []string{"任", "身为", "作为"} {
		if strings.Contains(clause, w) {
			return at - len("的")
		}
	}
	return at
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

// titledBodies are bare bodies that the lists of titles write into the title: 村委会主任, 政法委书记.
var titledBodies = []string{"政法委", "村委会", "村民委员会", "居委会", "社区", "村党支部"}

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
	if open, inside := f.bracket(prev, at); open >= 0 {
		body, next, used = f.bodyBefore(prev-inside, f.floor(0, prev-inside), open)
		if body.Name == "" || body.Role == "bare" {
			return pipeline.Arg{}, at, 0
		}
		return body, next, used + inside
	}
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

// bracket returns where the bracket opens that closes at at and stands right
// behind a mention, and the number of mentions in it: 某某有限公司（以下简称“某某”）董事长; -1 for none.
func (f *finder) bracket(prev, at int) (open, inside int) {
	text := f.body[max(0, at-120):at]
	if !strings.HasSuffix(text, "）") && !strings.HasSuffix(text, ")") {
		return -1, 0
	}
	i := strings.LastIndexAny(text, "（(")
	if i < 0 || strings.ContainsAny(text[i:], "。；\n") {
		return -1, 0
	}
	open = at - len(text) + i
	for prev >= 0 && f.named[prev].Start > open {
		prev--
		inside++
	}
	if prev < 0 || f.named[prev].End != open {
		return -1, 0
	}
	return open, inside
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

// departments are bodies of a committee or a government that stands before
// them: 省委常委、宣传部部长. party says that only a party committee has them.
var departments = []struct {
	name  string
	party bool
}{
	{"宣传部", true}, {"组织部", true}, {"统战部", true}, {"统一战线工作部", true}, {"社会工作部", true}, {"政法委", true}, {"政法委员会", true},
	{"政策研究室", true}, {"网信办", true}, {"编办", true}, {"农办", true}, {"巡视办", true}, {"直属机关工委", true}, {"党校", true}, {"老干部局", true},
	{"办公厅", false}, {"办公室", false}, {"研究室", false},
}

func bareBody(s string) bool { return hasAnySuffix(s, bareBodies...) != "" }

// bare returns the bare body that ends at at.
func (f *finder) bare(floor, at int) string {
	for _, d := range departments {
		if strings.HasSuffix(f.body[floor:at], d.name) {
			return d.name
		}
	}
	for _, b := range bareBodies {
		if len(b) > len("村") && strings.HasSuffix(f.body[floor:at], b) {
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
	for _, tail := range []string{"党委", "委员会", "委", "人民政府", "政府"} {
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

// inherited returns the body of a title that continues a list: 副厅长 in 省工信厅厅长甲、副厅长乙.
// The list ends with the mention prev at at.
func (f *finder) inherited(title string, prev, at int) pipeline.Arg {
	none := pipeline.Arg{Role: "organization"}
	if prev < 0 || f.named[prev].Type != pipeline.Person || governmentLevel(title) != "" {
		return none
	}
	gap := f.body[f.named[prev].End:max(at, f.named[prev].End)]
	if gap != "" {
		return none
	}
	listed := hasAnySuffix(f.body[:at+len("、")], "、", "和", "与", "及") != ""
	core := title
	for _, p := range []string{"原", "党委", "党组", "第一", "常务", "执行", "副", "总"} {
		core = strings.TrimPrefix(core, p)
	}
	for _, p := range f.held[prev] {
		if p.rule == "post/after" || p.organization.Name == "" {
			continue
		}
		if strings.HasSuffix(p.title.Name, core) || strings.HasPrefix(title, "党委") || strings.HasPrefix(title, "党组") || hasAnySuffix(title, "巡视员", "调研员") != "" || listed && f.office(title) {
			return pipeline.Arg{Role: "organization", Name: p.organization.Name}
		}
	}
	return none
}

// office reports whether a title is an office of a body, as others of the same list have it.
func (f *finder) office(title string) bool {
	n, class := f.titles.TitleEnding(title)
	return n > 0 && class == entity.Post && hasAnySuffix(title, "长", "总经理", "主任", "主席", "总裁", "师", "总监", "副总", "秘书长", "委员", "成员") != "" && !strings.Contains(title, "村")
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
	{"厅长", []string{"厅"}},
	{"关长", []string{"海关"}},
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
	if owner := f.owner(bare, person); owner != "" {
		return owner
	}
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

// owner names a department by the committee or government before it in the
// sentence: 宣传部 after 省委常委 is 中共甘肃省委宣传部.
func (f *finder) owner(bare string, person int) string {
	start := f.sentence(f.named[person].Start).Start
	for _, d := range departments {
		if d.name != bare {
			continue
		}
		for k := person - 1; k >= max(0, person-40) && f.named[k].Start >= start; k-- {
			e := f.named[k]
			committee := strings.HasPrefix(e.Name, "中共") || hasAnySuffix(e.Name, "省委", "市委", "县委", "区委", "州委") != ""
			switch {
			case e.Type != pipeline.Organization:
			case committee:
				return strings.TrimSuffix(e.Name, "员会") + bare
			case !d.party && hasAnySuffix(e.Name, "政府", "常务委员会", "常委会", "政协") != "" || strings.HasPrefix(e.Name, "中国人民政治协商会议"):
				return e.Name + bare
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

// ranked reads the academic rank right of the name of one who has posts: 校长卫平民院士.
func (f *finder) ranked(i int, held []post) []post {
	for _, p := range f.after(i) {
		n, class := f.titles.TitleEnding(p.title.Name)
		if n == 0 || class != entity.Rank || slices.ContainsFunc(held, func(h post) bool { return h.title.Name == p.title.Name }) {
			continue
		}
		if p.title.Name != "院士" {
			for _, h := range held {
				if hasAnySuffix(h.organization.Name, "大学", "学院", "研究院", "研究所", "科学院", "医院") != "" {
					p.organization = pipeline.Arg{Role: "organization", Name: h.organization.Name}
				}
			}
		}
		return []post{p}
	}
	return nil
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
