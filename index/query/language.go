package query

import (
	"strings"
	"unicode/utf8"
)

// A Type says what stands behind a field's colon.
type Type int

// The types of fields.
const (
	TypeText  Type = iota // words and strings
	TypeName              // a name
	TypeDate              // a day, month, year or range
	TypeCount             // a condition on a whole number
)

// A Field is a field as the language knows it.
type Field struct {
	Name    string   // English, canonical: what the tree holds
	Aliases []string // other names: Chinese ones and short forms
	Type    Type
	Tree    bool // of TypeName: a name includes what lies in it, = does not
}

// A Language is the query language over a table of fields.
type Language struct {
	Fields []Field
	// Value reads a number with or without a unit: 100亿元, 三千五百万, 1.2%. Its
	// error says what is wrong with the text.
	Value func(text string) (Value, error)
	// Fold, when not nil, returns the form that names of fields, conditions and
	// their values are compared in: simplified characters, half width, lower case.
	Fold func(string) string
}

func (l *Language) fold(s string) string {
	if l.Fold == nil {
		return strings.ToLower(half(s))
	}
	return l.Fold(s)
}

// field returns the field of that name, in any case.
func (l *Language) field(name string) (Field, bool) {
	name = l.fold(name)
	for _, f := range l.Fields {
		if f.Name == name {
			return f, true
		}
		for _, a := range f.Aliases {
			if a == name {
				return f, true
			}
		}
	}
	return Field{}, false
}

// like returns how the field is called whose name is one or two letters, or one
// Chinese character, from being name; "" when there is none.
func (l *Language) like(name string) string {
	name = l.fold(name)
	for _, f := range l.Fields {
		for _, n := range append([]string{f.Name}, f.Aliases...) {
			edits := 1
			if n[0] < utf8.RuneSelf && len(n) > 4 {
				edits = 2
			}
			if size := utf8.RuneCountInString(n); size > 1 && utf8.RuneCountInString(name) > 1 && edited([]rune(name), []rune(n), edits) {
				if len(f.Aliases) > 0 {
					return f.Name + " " + f.Aliases[0]
				}
				return f.Name
			}
		}
	}
	return ""
}

// edited reports whether a becomes b by at most max characters inserted, left
// out, changed or exchanged with their neighbours.
func edited(a, b []rune, max int) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	switch {
	case len(a) == 0 || len(b) == 0:
		return len(a)+len(b) <= max
	case max == 0:
		return false
	case len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] && edited(a[2:], b[2:], max-1):
		return true
	}
	return edited(a[1:], b[1:], max-1) || edited(a[1:], b, max-1) || edited(a, b[1:], max-1)
}

// A property of a figure inside figure(…).
type property struct {
	name    string
	aliases []string
	values  map[string]string // accepted value → canonical; nil when any text is
	compare bool              // takes a comparison
	date    bool              // takes a date or range
}

var properties = []property{
	{name: "metric", aliases: []string{"指标"}},
	{name: "value", aliases: []string{"值", "数值"}, compare: true},
	{name: "subject", aliases: []string{"主体", "对象"}},
	{name: "unit", aliases: []string{"单位"}},
	{name: "time", aliases: []string{"时间"}, date: true},
	{name: "rank", aliases: []string{"位次", "排名"}, compare: true},
	{name: "kind", aliases: []string{"种类"}, values: map[string]string{
		"money": "money", "金额": "money", "quantity": "quantity", "物理量": "quantity", "count": "count", "数目": "count",
		"percent": "percent", "百分比": "percent", "points": "points", "百分点": "points", "multiple": "multiple", "倍数": "multiple",
		"rank": "rank", "位次": "rank", "duration": "duration", "时长": "duration", "ratio": "ratio", "比": "ratio", "number": "number", "数": "number"}},
	{name: "category", aliases: []string{"类别"}, values: map[string]string{
		"amount": "amount", "金额": "amount", "capacity": "capacity", "能力": "capacity", "reserve": "reserve", "储量": "reserve",
		"output": "output", "产量": "output", "share": "share", "占比": "share", "growth": "growth", "增长": "growth", "rank": "rank", "排名": "rank",
		"price": "price", "价格": "price", "count": "count", "数目": "count", "extent": "extent", "规模": "extent", "duration": "duration", "时长": "duration",
		"measure": "measure", "其他": "measure"}},
	{name: "form", aliases: []string{"语气"}, values: map[string]string{
		"point": "point", "gt": "gt", "ge": "ge", "lt": "lt", "le": "le", "near": "near", "about": "about", "plus": "plus", "vague": "vague", "range": "range", "class": "class"}},
	{name: "status", aliases: []string{"状态"}, values: map[string]string{
		"actual": "actual", "实际": "actual", "target": "target", "目标": "target", "plan": "plan", "计划": "plan", "forecast": "forecast", "预计": "forecast"}},
	{name: "change", aliases: []string{"变化"}, values: map[string]string{
		"up": "up", "增": "up", "上升": "up", "增长": "up", "down": "down", "减": "down", "下降": "down", "flat": "flat", "持平": "flat",
		"level": "level", "delta": "delta", "from": "from", "to": "to", "ratio": "ratio", "yoy": "yoy", "同比": "yoy", "mom": "mom", "环比": "mom", "qoq": "qoq", "cagr": "cagr", "年均": "cagr"}},
	{name: "aggregate", aliases: []string{"口径"}, values: map[string]string{
		"cumulative": "cumulative", "累计": "cumulative", "new": "new", "新增": "new", "net": "net", "净": "net", "part": "part", "其中": "part"}},
	{name: "rule", aliases: []string{"规则"}},
}

func (l *Language) property(name string) (property, bool) {
	name = l.fold(name)
	for _, p := range properties {
		if p.name == name {
			return p, true
		}
		for _, a := range p.aliases {
			if a == name {
				return p, true
			}
		}
	}
	return property{}, false
}

// A Row is one line of the table of the language.
type Row struct {
	Write   []string // ways to write it
	Means   string
	Chinese string
	Example string // a query that parses
}

// Help is the table of the language. Every example parses; a test holds that.
var Help = []Row{
	{[]string{`产业转移 兰州`}, "both words, anywhere; a word longer than one dictionary word must stand together", "两个词都出现；较长的词须连在一起", `产业转移 兰州`},
	{[]string{`"承接产业转移"`, `“承接产业转移”`}, "exactly this string, whatever the segmenter thinks of it", "一字不差的字符串，不受分词影响", `“承接产业转移”`},
	{[]string{`AND`, `且`, `与`, `和`, `&`}, "both, as without a word", "两者都出现，同不写", `风电 AND 酒泉`},
	{[]string{`OR`, `或`, `|`}, "one or the other", "任一", `风电 或 光伏`},
	{[]string{`-`, `NOT`, `非`}, "without", "排除", `酒泉 -风电`},
	{[]string{`( )`, `（ ）`}, "group", "分组", `（风电 OR 光伏） 酒泉`},
	{[]string{`title:新能源`, `标题:新能源`}, "in a field: title 标题, body 正文", "限定字段", `标题:新能源`},
	{[]string{`byline:`, `section:`, `edition:`, `paper:`, `dateline:`}, "head of the article: 作者, 栏目, 版次, 报纸, 电头", "文章的版面信息", `版次:1`},
	{[]string{`person:`, `org:`, `place:`, `facility:`, `event:`, `project:`, `policy:`, `industry:`, `resource:`},
		"an entity by its name or an alias: 人物, 机构, 地点, 设施, 活动, 项目, 政策, 产业, 资源; a place includes what lies in it; parentheses and quotation marks inside a name belong to it", "实体：正名或别名；地点包含下级；名称中间的括号、引号属于名称", `地点:酒泉`},
	{[]string{`place:=酒泉市`}, "this place alone", "仅此地，不含下级", `place:=酒泉市`},
	{[]string{`post:市长`, `职务:市长`}, "somebody holds this title; with person: the same person", "担任某职务；与人物并用时为同一人", `post:市长`},
	{[]string{`date:2024`, `日期:2024-10`, `date:2021..2024`, `日期:2023年10月..`}, "issue date: day, month, year, range, open end", "见报日期：日、月、年、区间", `日期:2023年10月..`},
	{[]string{`签约额:>=100亿元`, `装机:5000万千瓦..1亿千瓦`, `签约额:*`}, "a figure by metric and value; units convert; = > >= < <= ~ (within 5 %), ?> possibly; 超 不低于 不足 约 before a value and 以上 以下 左右 behind it, and 3亿元～5亿元, are understood too", "数字：指标名与数值条件，单位自动换算", `签约额:>=100亿元`},
	{[]string{`figure(…)`, `数字(…)`}, "all conditions on one figure: metric 指标, value 值, subject 主体, unit 单位, time 时间, kind 种类, category 类别, form 语气, status 状态, change 变化, rank 位次, aggregate 口径, rule 规则",
		"同一数字满足全部条件", `数字(指标:签约额 >=100亿元 主体:兰州 时间:2024 状态:实际)`},
	{[]string{`same(A B)`, `同句(A B)`}, "in one sentence", "同一句内", `同句(风电 装机)`},
	{[]string{`near/10(A B)`, `邻近/10(A B)`}, "at most 10 characters apart, as near(A B) is", "相距不超过10字", `near/10(风电 装机)`},
	{[]string{`风电*`}, "words that begin so", "前缀", `风电*`},
	{[]string{`兰洲~1`}, "words that differ in one or two characters", "容错：差一或两字", `兰洲~1`},
	{[]string{`/第[一二三]届/`}, "regular expression (RE2), within one paragraph", "正则表达式（一段之内）", `/第[一二三]届/`},
	{[]string{`\`}, "takes the meaning from the mark behind it", "转义", `\-5`},
	{[]string{`*`}, "every article", "全部文章", `*`},
}
