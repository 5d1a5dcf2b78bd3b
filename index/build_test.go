package index

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/segment"

	"github.com/shopspring/decimal"
)

// A testArticle is an article written by hand. In text, a line is a block, and
// "# " before it makes it a headline; {place:620900:酒泉市|酒泉} marks an entity
// and [签约额|3062亿元|money|306200000000|CNY|point] a figure.
type testArticle struct {
	id, day, edition, text string
}

func (a testArticle) document() *pipeline.Document {
	d := &pipeline.Document{Article: &corpus.Article{ID: a.id, Paper: "甘肃日报", Edition: a.edition}}
	d.Source = corpus.Source{Path: a.id + ".txt", SHA256: hash(a.text)}
	if a.day != "" {
		d.Date, _ = corpus.ParseDay(a.day)
	}
	var text strings.Builder
	for line := range strings.SplitSeq(a.text, "\n") {
		if text.Len() > 0 {
			text.WriteByte('\n')
		}
		b := corpus.Block{Role: corpus.RoleParagraph}
		b.Span.Start = text.Len()
		if rest, ok := strings.CutPrefix(line, "# "); ok {
			line, b.Role = rest, corpus.RoleTitle
			d.Title = plain(rest)
		}
		readMarked(d, &text, line)
		b.Span.End = text.Len()
		d.Blocks = append(d.Blocks, b)
	}
	d.Text = corpus.CopiedText(text.String(), 0)
	d.Tokens = segment.Auto().Segment(d.Body())
	pipeline.SentenceStage().Annotate(d)
	for i := range d.Figures {
		d.Figures[i].Sentence, _ = d.SentenceAt(d.Figures[i].Start)
	}
	return d
}

func plain(s string) string {
	d := &pipeline.Document{Article: &corpus.Article{}}
	var b strings.Builder
	readMarked(d, &b, s)
	return b.String()
}

func readMarked(d *pipeline.Document, text *strings.Builder, line string) {
	for line != "" {
		i := strings.IndexAny(line, "{[")
		if i < 0 {
			text.WriteString(line)
			return
		}
		text.WriteString(line[:i])
		end := strings.IndexByte(line[i:], map[byte]byte{'{': '}', '[': ']'}[line[i]]) + i
		mark := line[i+1 : end]
		if line[i] == '{' {
			readEntity(d, text, mark)
		} else {
			readFigure(d, text, mark)
		}
		line = line[end+1:]
	}
}

func readEntity(d *pipeline.Document, text *strings.Builder, mark string) {
	head, surface, _ := strings.Cut(mark, "|")
	parts := strings.Split(head, ":")
	e := pipeline.Entity{Type: pipeline.EntityType(parts[0]), Confidence: 1, Rule: "test"}
	e.Start = text.Len()
	text.WriteString(surface)
	e.End = text.Len()
	e.Name = surface
	if len(parts) > 1 {
		e.Ref = parts[1]
	}
	if len(parts) > 2 && parts[2] != "" {
		e.Name = parts[2]
	}
	d.Entities = append(d.Entities, e)
	if len(parts) > 3 { // person::刘建勋:市长
		d.Relations = append(d.Relations, pipeline.Relation{Type: "post", Args: []pipeline.Arg{{Role: "person", Name: e.Name}, {Role: "title", Name: parts[3]}}})
	}
}

func readFigure(d *pipeline.Document, text *strings.Builder, mark string) {
	p := strings.Split(mark, "|")
	f := pipeline.Figure{Kind: pipeline.Kind(p[2]), Unit: p[4], Form: pipeline.Form(p[5]), Status: "actual", Rule: "test"}
	if p[0] != "" {
		f.Metric = &pipeline.Phrase{Name: p[0]}
	}
	f.Start = text.Len()
	text.WriteString(p[1])
	f.End = text.Len()
	num := func(s string) decimal.NullDecimal {
		if s == "" {
			return decimal.NullDecimal{}
		}
		return decimal.NewNullDecimal(decimal.RequireFromString(s))
	}
	vs := strings.Split(p[3], "..")
	f.Value = num(vs[0])
	if len(vs) == 2 {
		f.Value, f.Low, f.High = decimal.NullDecimal{}, num(vs[0]), num(vs[1])
	}
	factor, base := decimal.New(1, 0), f.Unit
	if f.Unit == "kW" {
		factor, base = decimal.New(1000, 0), "W"
	}
	if f.Unit == "%" {
		factor, base = decimal.New(1, -2), "1"
	}
	scale := func(v decimal.NullDecimal) decimal.NullDecimal {
		if v.Valid {
			v.Decimal = v.Decimal.Mul(factor)
		}
		return v
	}
	f.BaseValue, f.BaseLow, f.BaseHigh, f.BaseUnit = scale(f.Value), scale(f.Low), scale(f.High), base
	if len(p) > 6 {
		for _, kv := range strings.Split(p[6], ",") {
			k, v, _ := strings.Cut(kv, "=")
			switch k {
			case "subject":
				f.Subject = &pipeline.Phrase{Name: v}
			case "time":
				from, to, _ := strings.Cut(v, "/")
				t := &pipeline.FigureTime{}
				t.From, _ = corpus.ParseDay(from)
				t.To, _ = corpus.ParseDay(to)
				f.Time = t
			case "status":
				f.Status = v
			case "category":
				f.Category = v
			case "rank":
				n := 0
				fmt.Sscan(v, &n)
				f.Rank = &pipeline.RankOf{N: n}
			}
		}
	}
	d.Figures = append(d.Figures, f)
}

var handmade = []testArticle{
	{"a1", "2024-10-28", "01", `# 甘肃抢抓产业转移机遇
记者从{organization::甘肃省发展和改革委员会|省发改委}获悉，{place:620000:甘肃省|全省}签约项目[签约额|3062亿元|money|306200000000|CNY|point|subject=甘肃,time=2024-01-01/2024-09-30,category=amount]，同比增长[签约额|12.5%|percent|12.5|%|point|category=growth]。
{place:620900:酒泉市|酒泉}{place:620922:瓜州县|瓜州县}风能可开发量[风能可开发量|5.6亿千瓦|quantity|560000000|kW|point|category=capacity]，市长{person::唐培宏:市长|唐培宏}说，要找准关键核心技术和零部件薄弱环节，合力攻关，着力打造新能源装备制造产业链。`},
	{"a2", "2023-06-01", "02", `# 兰州新区引进电子信息企业
{place:620100:兰州市|兰州}今年签约金额[签约金额|超20亿元|money|2000000000|CNY|gt|subject=兰州,time=2023-01-01/2023-12-31]，力争[签约金额|30亿元|money|3000000000|CNY|point|subject=兰州,status=target]。
副市长{person::李明:副市长|李明}介绍，5G 基站建成[基站|1800余个|count|1800..1900|{unit}|plus]。`},
	{"a3", "2021-02-14", "04", `# 张掖丹霞旅游持续升温
{place:620700:张掖市|张掖}接待游客近[接待游客|10万人次|count|100000|{person-visit}|near]，旅游收入约[旅游收入|4亿元|money|400000000|CNY|about]。
「丹霞口」小镇的灯光亮了，ＡＩ导览上线。臺灣遊客說，風景真好。`},
	{"a4", "", "", `# 一封读者来信
家住城关区的读者来信说，小区停车难。投资3—5亿元的项目[投资|3—5亿元|money|300000000..500000000|CNY|range]何时开工？`},
	{"a5", "2024-10-28", "02", `# 风电装机突破千万千瓦
截至目前，风电装机[风电装机|1030万千瓦|quantity|10300000|kW|point|category=capacity,rank=4]，占比[风电装机占比|63.4%|percent|63.4|%|point|category=share]。
酒泉风电基地加快建设。{person::王新:市长|王新}到场。唐培宏没有到场，{person::唐培宏|唐培宏}在外。`},
}

func documents(as []testArticle) iter.Seq2[*pipeline.Document, error] {
	return func(yield func(*pipeline.Document, error) bool) {
		for _, a := range as {
			if !yield(a.document(), nil) {
				return
			}
		}
	}
}

func stream(ds []*pipeline.Document) iter.Seq2[*pipeline.Document, error] {
	return func(yield func(*pipeline.Document, error) bool) {
		for _, d := range ds {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// libraryOf makes a library of documents in a temporary folder.
func libraryOf(t testing.TB, o WriterOptions, docs iter.Seq2[*pipeline.Document, error]) *Library {
	t.Helper()
	l, err := Create(t.TempDir() + "/lib")
	if err != nil {
		t.Fatal(err)
	}
	w, err := l.Writer(o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Add(context.Background(), docs); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// A maker writes random articles out of a small stock of words, so that all
// that can meet meets.
type maker struct{ *rand.Rand }

var (
	stock = strings.Fields(`兰州 酒泉 甘肃 产业 转移 产业转移 新能源 风电 光伏 装机 千瓦 发展 改革 委员会 支付 转移支付 中华人民共和国 国家 其中 中国 市长 全省
		的 了 和 在 一 不 大 小 水 。 ， “ ” 5G AI ＡＩ G30 高速 CO2 3.14 １２ 臺灣 產業 电商 文旅 丹霞 敦煌 莫高窟 戈壁滩上 建成 投产 项目 \n`)
	metrics = []string{"签约额", "项目签约额", "装机", "风电装机", "产值", ""}
	forms   = []pipeline.Form{pipeline.Point, pipeline.Point, pipeline.Gt, pipeline.Ge, pipeline.Lt, pipeline.Le, pipeline.Near, pipeline.About, pipeline.Plus, pipeline.Range, pipeline.Class, pipeline.Vague}
)

func pick[T any](m maker, s []T) T { return s[m.IntN(len(s))] }

func (m maker) article(i int) *pipeline.Document {
	var text strings.Builder
	text.WriteString("# ")
	for range 3 {
		text.WriteString(strings.ReplaceAll(pick(m, stock), `\n`, ""))
	}
	text.WriteString("\n")
	for range 10 + m.IntN(50) {
		switch m.IntN(14) {
		case 0:
			text.WriteString(pick(m, []string{"{place:620900:酒泉市|酒泉}", "{place:620922:瓜州县|瓜州}", "{place:620100:兰州市|兰州市}", "{place::某地|某地}"}))
		case 1:
			text.WriteString(pick(m, []string{"{person::刘建勋:市长|刘建勋}", "{person::唐培宏|唐培宏}", "{person::唐培宏:县长|唐}", "{organization::甘肃省发展和改革委员会|省发改委}"}))
		case 2:
			text.WriteString(m.figure())
		default:
			w := pick(m, stock)
			if w == `\n` {
				w = "\n"
			}
			text.WriteString(w)
		}
	}
	day := ""
	if m.IntN(8) > 0 {
		day = time.Date(2019+m.IntN(5), time.Month(1+m.IntN(12)), 1+m.IntN(28), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	return testArticle{fmt.Sprintf("r%05d", i), day, pick(m, []string{"01", "02", "", "10"}), text.String()}.document()
}

func (m maker) figure() string {
	v := pick(m, []string{"1", "1.5", "10", "12.345678912", "20", "100", "0", "-3", "3062"})
	form := pick(m, forms)
	if form == pipeline.Range || form == pipeline.Plus || form == pipeline.Vague {
		v += ".." + pick(m, []string{"4000", "5000"})
	}
	unit := pick(m, []string{"CNY", "kW", "W", "%", "{unit}"})
	return fmt.Sprintf("[%s|%s元|money|%s|%s|%s|subject=%s,status=%s,category=%s,time=%d-01-01/%d-12-31]", pick(m, metrics), v, v, unit, form,
		pick(m, []string{"兰州", "酒泉市"}), pick(m, []string{"actual", "target"}), pick(m, []string{"amount", "capacity"}), 2020+m.IntN(3), 2021+m.IntN(3))
}

var randomDocs = sync.OnceValue(func() []*pipeline.Document {
	m := maker{rand.New(rand.NewPCG(7, 7))}
	out := make([]*pipeline.Document, 400)
	for i := range out {
		out[i] = m.article(i)
	}
	return out
})
