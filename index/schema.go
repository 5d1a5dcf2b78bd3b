package index

import (
	"slices"
	"strconv"
	"strings"

	"longmai/corpus"
	"longmai/index/query"
	"longmai/pipeline"
)

// SchemaVersion names the fields of the index and how they are made. A library
// of another version is refused with a hint to index it anew.
const SchemaVersion = 4

// A Field is a row of the schema: what can be asked for, counted, or both.
type Field struct {
	Name    string // English, canonical
	Chinese string
	Aliases []string // further names in queries
	Type    query.Type
	Tree    bool   // a name includes what lies in it
	Query   bool   // can be asked for by name
	Facet   bool   // is counted
	Means   string // for the help
	Example string

	// names calls add for every name of d in this field: what is shown and counted,
	// a code where there is one, and what else it is called.
	names func(d *pipeline.Document, add func(l label))
}

// A label is a name in a field.
type label struct {
	name    string
	ref     string
	aliases []string
	parent  bool // not itself in the article: the place that another one lies in
}

// Fields is the schema. The language of queries, the index, the facets and the
// help are made of it.
var Fields = []Field{
	{Name: "title", Chinese: "标题", Type: query.TypeText, Query: true, Means: "headlines with kicker and subtitle", Example: "标题:新能源"},
	{Name: "body", Chinese: "正文", Type: query.TypeText, Query: true, Means: "everything but the headlines", Example: "正文:风电"},
	{Name: "date", Chinese: "日期", Type: query.TypeDate, Query: true, Means: "issue date", Example: "日期:2024-10"},
	{Name: "year", Chinese: "年份", Type: query.TypeName, Facet: true, Means: "year of issue", names: dated(4)},
	{Name: "month", Chinese: "月份", Type: query.TypeName, Facet: true, Means: "month of issue", names: dated(7)},
	{Name: "paper", Chinese: "报纸", Type: query.TypeName, Query: true, Facet: true, Means: "name of the paper", Example: "报纸:甘肃日报",
		names: head(func(a *corpus.Article) string { return a.Paper })},
	{Name: "edition", Chinese: "版次", Aliases: []string{"版"}, Type: query.TypeName, Query: true, Facet: true, Means: "edition by number or name", Example: "版次:1", names: editions},
	{Name: "section", Chinese: "栏目", Type: query.TypeName, Query: true, Facet: true, Means: "section", Example: "栏目:要闻",
		names: head(func(a *corpus.Article) string { return a.Section })},
	{Name: "byline", Chinese: "作者", Aliases: []string{"author", "记者"}, Type: query.TypeName, Query: true, Facet: true, Means: "who wrote or photographed it", Example: "作者:王朝霞", names: bylines},
	{Name: "dateline", Chinese: "电头", Type: query.TypeName, Query: true, Facet: true, Means: "agency or place of the dateline", Example: "电头:新华社", names: datelines},
	{Name: "person", Chinese: "人物", Type: query.TypeName, Query: true, Facet: true, Means: "a person", Example: "人物:刘建勋", names: entities(pipeline.Person)},
	{Name: "org", Chinese: "机构", Aliases: []string{"organization", "organisation", "组织"}, Type: query.TypeName, Query: true, Facet: true, Means: "an organization", Example: "机构:省发改委", names: entities(pipeline.Organization)},
	{Name: "place", Chinese: "地点", Aliases: []string{"地名"}, Type: query.TypeName, Tree: true, Query: true, Facet: true, Means: "a place and what lies in it; place:= the place alone", Example: "地点:酒泉", names: places},
	{Name: "facility", Chinese: "设施", Type: query.TypeName, Query: true, Facet: true, Means: "a facility", Example: "设施:敦煌机场", names: entities(pipeline.Facility)},
	{Name: "event", Chinese: "活动", Type: query.TypeName, Query: true, Facet: true, Means: "an event", Example: "活动:兰洽会", names: entities(pipeline.Event)},
	{Name: "project", Chinese: "项目", Type: query.TypeName, Query: true, Facet: true, Means: "a project", Example: "项目:引洮工程", names: entities(pipeline.Project)},
	{Name: "policy", Chinese: "政策", Type: query.TypeName, Query: true, Facet: true, Means: "a policy", Example: "政策:强省会", names: entities(pipeline.Policy)},
	{Name: "industry", Chinese: "产业", Type: query.TypeName, Query: true, Facet: true, Means: "an industry, with those of its class", Example: "产业:新能源", names: taxa(pipeline.Industry)},
	{Name: "resource", Chinese: "资源", Type: query.TypeName, Query: true, Facet: true, Means: "a resource", Example: "资源:风能", names: taxa(pipeline.Resource)},
	{Name: "post", Chinese: "职务", Aliases: []string{"title-of"}, Type: query.TypeName, Query: true, Facet: true, Means: "a title that somebody holds; with person: the same person", Example: "职务:市长", names: posts},
	{Name: "metric", Chinese: "指标", Type: query.TypeName, Facet: true, Means: "what a figure measures", names: figures(func(f *pipeline.Figure) string { return metricName(f) })},
	{Name: "category", Chinese: "类别", Type: query.TypeName, Facet: true, Means: "what sort of figure", names: figures(func(f *pipeline.Figure) string { return f.Category })},
	{Name: "unit", Chinese: "单位", Type: query.TypeName, Facet: true, Means: "unit of a figure", names: figures(func(f *pipeline.Figure) string { return f.Unit })},
}

// field returns the row of that name.
func field(name string) (Field, bool) {
	i := slices.IndexFunc(Fields, func(f Field) bool {
		return f.Name == name || f.Chinese == name || slices.Contains(f.Aliases, name)
	})
	if i < 0 {
		return Field{}, false
	}
	return Fields[i], true
}

// FacetNames returns the names of the fields that are counted.
func FacetNames() []string {
	var out []string
	for _, f := range Fields {
		if f.Facet {
			out = append(out, f.Name)
		}
	}
	return out
}

// dated gives the first n characters of the issue date: a year or a month.
func dated(n int) func(*pipeline.Document, func(label)) {
	return func(d *pipeline.Document, add func(label)) {
		if s := d.Date.String(); len(s) >= n {
			add(label{name: s[:n]})
		}
	}
}

func head(get func(*corpus.Article) string) func(*pipeline.Document, func(label)) {
	return func(d *pipeline.Document, add func(label)) {
		if s := get(d.Article); s != "" {
			add(label{name: s})
		}
	}
}

func editions(d *pipeline.Document, add func(label)) {
	if d.Edition == "" && d.EditionName == "" {
		return
	}
	l := label{name: d.Edition}
	if d.EditionName != "" {
		l.aliases = append(l.aliases, d.EditionName)
		if l.name == "" {
			l.name = d.EditionName
		}
	}
	if bare := strings.TrimLeft(d.Edition, "0"); bare != "" {
		l.aliases = append(l.aliases, bare, bare+"版", d.Edition+"版", "第"+bare+"版")
		if n, err := strconv.Atoi(bare); err == nil {
			l.aliases = append(l.aliases, strconv.Itoa(n))
		}
	}
	add(l)
}

func bylines(d *pipeline.Document, add func(label)) {
	for _, c := range d.Byline {
		if c.Name != "" {
			add(label{name: c.Name})
		}
	}
}

func datelines(d *pipeline.Document, add func(label)) {
	l := d.Dateline
	if l == nil {
		return
	}
	if l.Place != "" {
		add(label{name: l.Place})
	}
	if l.Agency != "" {
		add(label{name: l.Agency})
	}
}

// entities gives the entities of one type by their canonical names, with the
// words that the article has for them as aliases.
func entities(t pipeline.EntityType) func(*pipeline.Document, func(label)) {
	return func(d *pipeline.Document, add func(label)) {
		for i := range d.Entities {
			if e := &d.Entities[i]; e.Type == t {
				add(label{name: entityName(d, e), ref: e.Ref, aliases: []string{d.Surface(e.Span)}})
			}
		}
	}
}

// taxa are the words of a taxonomy with the classes that they belong to, as a
// place is with what it lies in: 光伏 is 新能源 too.
func taxa(t pipeline.EntityType) func(*pipeline.Document, func(label)) {
	words := entities(t)
	return func(d *pipeline.Document, add func(label)) {
		words(d, add)
		for i := range d.Entities {
			if e := &d.Entities[i]; e.Type == t {
				if class := e.Attributes["class"]; class != "" && class != entityName(d, e) {
					add(label{name: class, parent: true})
				}
			}
		}
	}
}

func entityName(d *pipeline.Document, e *pipeline.Entity) string {
	if e.Name != "" {
		return e.Name
	}
	return d.Surface(e.Span)
}

func posts(d *pipeline.Document, add func(label)) {
	for _, r := range d.Relations {
		if r.Type == "post" {
			if t := r.Arg("title"); t != "" {
				add(label{name: t})
			}
		}
	}
}

func figures(get func(*pipeline.Figure) string) func(*pipeline.Document, func(label)) {
	return func(d *pipeline.Document, add func(label)) {
		for i := range d.Figures {
			if s := get(&d.Figures[i]); s != "" {
				add(label{name: s})
			}
		}
	}
}

func metricName(f *pipeline.Figure) string {
	if f.Metric == nil {
		return ""
	}
	return f.Metric.Name
}

func subjectName(f *pipeline.Figure) string {
	if f.Subject == nil {
		return ""
	}
	return f.Subject.Name
}

// Language returns the query language over the schema.
func Language() *query.Language {
	l := &query.Language{Value: readValue, Unit: readUnit, Fold: fold}
	for _, f := range Fields {
		if f.Query {
			l.Fields = append(l.Fields, query.Field{Name: f.Name, Aliases: append([]string{f.Chinese}, f.Aliases...), Type: f.Type, Tree: f.Tree})
		}
	}
	return l
}

// Parse reads a query; its error is a *query.SyntaxError.
func Parse(s string) (query.Query, error) { return Language().Parse(s) }
