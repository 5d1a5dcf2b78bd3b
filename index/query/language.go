package query

import (
	"slices"
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
	// Unit, when not nil, returns the code of a unit by its word or its code: 亿元
	// and CNY are both CNY; "" and what is like the text when there is no such unit.
	Unit func(text string) (code string, like []string)
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
	values  []choice // what it may be; nil when any text is
	compare bool     // takes a comparison
	date    bool     // takes a date or range
}

// A choice is a value of a property with its Chinese names, the usual one first.
type choice struct {
	name    string
	chinese []string
}

// choices reads choices that are written one a line, as name, Chinese names.
func choices(lines ...string) []choice {
	out := make([]choice, len(lines))
	for i, l := range lines {
		words := strings.Fields(l)
		out[i] = choice{words[0], words[1:]}
	}
	return out
}

var properties = []property{
	{name: "metric", aliases: []string{"指标"}},
	{name: "value", aliases: []string{"值", "数值"}, compare: true},
	{name: "subject", aliases: []string{"主体", "对象"}},
	{name: "unit", aliases: []string{"单位"}},
	{name: "time", aliases: []string{"时间"}, date: true},
	{name: "rank", aliases: []string{"位次", "排名"}, compare: true},
	{name: "kind", aliases: []string{"种类"}, values: choices("money 金额 货币 钱", "quantity 物理量 计量 量", "count 数目 数量 计数 个数", "percent 百分比 百分数 百分率",
		"points 百分点", "multiple 倍数 倍", "rank 位次 排名 名次", "duration 时长 期限 时间", "ratio 比 比例 比率", "number 数 数字 纯数")},
	{name: "category", aliases: []string{"类别"}, values: choices("amount 金额 资金", "capacity 能力 产能 容量", "reserve 储量 蕴藏量 资源量", "output 产量 产出",
		"share 占比 比重 份额 比例", "growth 增长 增速 增幅 变化", "rank 排名 位次 名次", "price 价格 单价", "count 数目 数量 计数 个数", "extent 规模 面积 长度", "duration 时长 期限 时间", "measure 其他 计量 度量")},
	{name: "form", aliases: []string{"语气"}, values: choices("point 确数 准确 整", "gt 超 超过 大于 逾", "ge 不低于 至少 以上 不少于", "lt 不足 不到 小于 低于", "le 不超过 至多 以下 以内",
		"near 近 将近 接近", "about 约 大约 左右 上下", "plus 余 多", "vague 概数 数十 模糊", "range 区间 范围", "class 级 量级")},
	{name: "status", aliases: []string{"状态"}, values: choices("actual 实际 已有 完成 已完成 现状", "target 目标 任务 指标", "plan 计划 规划 拟 安排", "forecast 预计 预测 预期 估计")},
	{name: "change", aliases: []string{"变化"}, values: choices("up 增 上升 增长 增加 提高", "down 减 下降 减少 降低", "flat 持平 不变", "level 水平", "delta 增量 变动 变化量", "from 由 从", "to 到 至", "ratio 比 倍",
		"yoy 同比", "mom 环比", "qoq 季环比", "cagr 年均")},
	{name: "aggregate", aliases: []string{"口径"}, values: choices("cumulative 累计", "new 新增", "net 净 净增", "part 其中 部分")},
	{name: "rule", aliases: []string{"规则"}},
}

// choice returns the canonical value of a property that takes one of some.
func (l *Language) choice(p property, text string) (string, bool) {
	text = l.fold(text)
	for _, c := range p.values {
		if text == c.name || slices.Contains(c.chinese, text) {
			return c.name, true
		}
	}
	return "", false
}

// accepted lists the values of a property in both languages.
func (p property) accepted() string {
	names := make([]string, len(p.values))
	for i, c := range p.values {
		names[i] = c.name + " " + strings.Join(c.chinese, "/")
	}
	return strings.Join(names, ", ")
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
	{[]string{`AND`, `且`, `与`, `&`}, "both, as without a word", "两者都出现，同不写", `风电 AND 酒泉`},
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
	{[]string{`figure(…)`, `数字(…)`}, "all conditions on one figure: metric 指标, value 值, subject 主体, unit 单位, time 时间, kind 种类, category 类别, form 语气, status 状态, change 变化, rank 位次, aggregate 口径, rule 规则; a unit by its word or code (亿元, CNY)",
		"同一数字满足全部条件", `数字(指标:签约额 >=100亿元 主体:兰州 时间:2024 状态:实际)`},
	{[]string{`same(A B)`, `同句(A B)`}, "in one sentence", "同一句内", `同句(风电 装机)`},
	{[]string{`near/10(A B)`, `邻近/10(A B)`}, "at most 10 characters apart, as near(A B) is", "相距不超过10字", `near/10(风电 装机)`},
	{[]string{`风电*`}, "words that begin so", "前缀", `风电*`},
	{[]string{`兰洲~1`}, "words that differ in one or two characters", "容错：差一或两字", `兰洲~1`},
	{[]string{`/第[一二三]届/`}, "regular expression (RE2), within one paragraph", "正则表达式（一段之内）", `/第[一二三]届/`},
	{[]string{`\`}, "takes the meaning from the mark behind it", "转义", `\-5`},
	{[]string{`*`}, "every article", "全部文章", `*`},
}
