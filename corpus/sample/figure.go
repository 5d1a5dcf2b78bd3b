package sample

import (
	"math/rand/v2"
	"strings"
)

// A hedge is a way to print a number with the words around it.
type hedge struct {
	form   string
	before string
	after  string // behind the unit
	inside string // between number and unit
	weight int
}

// The hedges by the letter of the key h. The form of FIGURES' table follows
// from the words.
var hedges = map[string][]hedge{
	"": {{form: "point", weight: 1}},
	"v": {
		{"point", "达到", "", "", 22}, {"point", "达", "", "", 16}, {"point", "为", "", "", 10}, {"point", "", "", "", 12},
		{"gt", "超过", "", "", 5}, {"gt", "突破", "", "", 5}, {"gt", "超", "", "", 5},
		{"near", "接近", "", "", 3}, {"near", "近", "", "", 4}, {"about", "约", "", "", 4}, {"about", "达到", "左右", "", 3}, {"about", "为", "上下", "", 1},
		{"plus", "达", "", "余", 3}, {"plus", "达到", "", "多", 3}, {"ge", "在", "以上", "", 3}, {"ge", "不低于", "", "", 1}, {"lt", "不足", "", "", 2}, {"range", "为", "", "", 3},
	},
	"p": {
		{"point", "", "", "", 60}, {"gt", "超过", "", "", 5}, {"gt", "超", "", "", 5}, {"gt", "逾", "", "", 2}, {"near", "近", "", "", 7},
		{"about", "约", "", "", 6}, {"about", "", "左右", "", 3}, {"plus", "", "", "余", 4}, {"plus", "", "", "多", 3}, {"ge", "", "以上", "", 3},
		{"lt", "不到", "", "", 1}, {"lt", "不足", "", "", 1}, {"range", "", "", "", 4},
	},
	"w": {{"le", "", "以内", "", 1}},
	"c": {{"point", "", "", "", 70}, {"near", "近", "", "", 8}, {"plus", "", "", "余", 8}, {"plus", "", "", "多", 8}, {"gt", "超过", "", "", 4}, {"about", "约", "", "", 2}},
}

func drawHedge(r *rand.Rand, key string) hedge {
	list := hedges[key]
	sum := 0
	for _, h := range list {
		sum += h.weight
	}
	n := r.IntN(sum)
	for _, h := range list {
		if n -= h.weight; n < 0 {
			return h
		}
	}
	return list[0]
}

// figure prints a figure and keeps its truth.
func (w *sentence) figure(g *figureSlot) {
	r := w.story.r
	d := g.values.draw(r, w.before)
	w.before = d
	if small, ok := strings.CutPrefix(g.unitWord, "万"); ok && g.form == "" && d.mant > 0 && len(decimal{d.integer(), 0}.String()) > 4 {
		large := *g // 12000万元 is printed as 1.2亿元
		large.unitWord, large.power = "亿"+small, g.power+4
		d, g = d.times(-4), &large
	}
	if special := w.special(g, d); special {
		return
	}
	h := drawHedge(r, g.hedge)
	switch {
	case g.form == "range":
		h = hedge{form: "range"}
	case h.form == "plus":
		d = d.rounded(2)
		if !d.whole() || d.integer() < 20 || g.unit.kind == "percent" || g.unit.kind == "points" || g.form == "zh" {
			h = hedges[g.hedge][0]
		} else if d.integer() < 100 {
			d = d.rounded(1)
		}
	case h.form == "range" && (g.form != "" || d.mant == 0):
		h = hedges[g.hedge][0]
	case h.form != "point" && g.unit.kind != "percent" && g.unit.kind != "points":
		d = d.rounded(2)
	}
	if h.form == "range" {
		w.rangeFigure(g, d, h)
		return
	}
	before := h.before
	var marks []Mark
	mark := before
	if h.form == "point" || h.after != "" || h.inside != "" {
		mark = ""
	}
	if h.form == "ge" && h.before == "在" {
		mark = ""
	}
	start, end := w.print(before)
	if mark != "" {
		marks = append(marks, Mark{start, end, mark})
	}
	number := w.number(g, d)
	start, _ = w.print(number)
	if h.inside != "" {
		a, b := w.print(h.inside)
		marks = append(marks, Mark{a, b, h.inside})
	}
	_, end = w.print(g.unitWord)
	if h.after != "" {
		a, b := w.print(h.after)
		marks = append(marks, Mark{a, b, h.after})
	}
	f := Figure{Start: start, End: end, Surface: number + h.inside + g.unitWord, Kind: g.unit.kind, Category: g.category, Form: h.form,
		Unit: g.unit.code, Status: g.status, Marks: marks}
	scale := g.power + g.unit.power
	f.Value = d.times(scale).String()
	switch h.form {
	case "gt", "ge":
		f.Low = f.Value
	case "lt", "le", "near":
		f.High = f.Value
	case "plus":
		step := decimal{1, d.norm().exp}
		f.Low, f.High, f.Value = f.Value, d.plus(step).times(scale).String(), ""
	}
	w.keep(f, g)
}

// number prints d before the unit of g.
func (w *sentence) number(g *figureSlot, d decimal) string {
	if (g.form == "zh" || g.unitWord == "成") && d.whole() && d.mant > 0 {
		s := han(d.integer())
		if s == "二" && g.unitWord != "年" && g.unitWord != "月" {
			s = "两"
		}
		return s
	}
	s := d.String()
	if w.story.commas && g.power == 0 && d.norm().exp >= 0 && len(s) > 3 {
		return grouped(s)
	}
	return s
}

// rangeFigure prints lo—hi with the unit.
func (w *sentence) rangeFigure(g *figureSlot, lo decimal, h hedge) {
	r := w.story.r
	lo = lo.rounded(2)
	hi := lo.plus(decimal{int64(1 + r.IntN(4)), lo.norm().exp})
	w.print(h.before)
	join := pick(r, []string{"—", "至", "至", "到"})
	left, right := lo.String(), hi.String()
	first := ""
	if r.IntN(3) == 0 && g.power > 0 && join != "—" {
		first = g.unitWord // 3亿元至5亿元
	}
	surface := left + first + join + right + g.unitWord
	start, end := w.print(surface)
	scale := g.power + g.unit.power
	w.keep(Figure{Start: start, End: end, Surface: surface, Kind: g.unit.kind, Category: g.category, Form: "range", Unit: g.unit.code, Status: g.status,
		Low: lo.times(scale).String(), High: hi.times(scale).String()}, g)
	w.before = hi
}

// The numbers that are only hinted at, with the interval that FIGURES' table gives them.
var vagues = []struct {
	word      string
	low, high int64 // 0 for none
}{{"数十", 20, 99}, {"几十", 20, 99}, {"数百", 200, 999}, {"上百", 100, 0}, {"十几", 11, 19}}

// special prints the forms that are no plain number: 千亿级, 三分之二, 翻了两番, 数十家,
// 百分之六十, 三年半.
func (w *sentence) special(g *figureSlot, d decimal) bool {
	f := Figure{Kind: g.unit.kind, Category: g.category, Form: "point", Unit: g.unit.code, Status: g.status}
	switch g.form {
	case "class":
		word := map[int64]string{2: "百", 3: "千"}[d.integer()]
		f.Surface = word + g.unitWord + "级"
		f.Form = "class"
		// 千亿级: the unit of money is left out, as papers do
		f.Surface = strings.Replace(f.Surface, "亿元级", "亿级", 1)
		f.Value = decimal{1, int(d.integer()) + g.power}.String()
	case "frac":
		of := int64(3 + w.story.r.IntN(3))
		n := 1 + w.story.r.Int64N(of-1)
		if of == 4 && n == 2 {
			n = 3
		}
		f.Surface = han(of) + "分之" + han(n)
		f.Kind, f.Unit, f.Value = "ratio", "", quotient(n, of)
		if f.Category == "growth" {
			f.Category = "share"
		}
	case "fan":
		word := map[int64]string{1: "一", 2: "两"}[d.integer()]
		f.Surface = "翻了" + word + "番"
		f.Kind, f.Category, f.Unit, f.Value = "multiple", "growth", "{doubling}", d.String()
	case "vague":
		v := vagues[w.story.r.IntN(len(vagues))]
		f.Surface, f.Form, f.Value = v.word+g.unitWord, "vague", ""
		scale := g.power + g.unit.power
		f.Low = decimal{v.low, 0}.times(scale).String()
		if v.high > 0 {
			f.High = decimal{v.high, 0}.times(scale).String()
		}
	case "bai":
		f.Surface, f.Value = "百分之"+han(d.integer()), d.String()
	case "half":
		number := han(d.integer())
		if number == "二" {
			number = "两"
		}
		f.Surface, f.Value = number+g.unitWord+"半", d.plus(decimal{5, -1}).String()
	default:
		return false
	}
	f.Start, f.End = w.print(f.Surface)
	w.keep(f, g)
	return true
}

// quotient returns n/of with at most twelve decimals, rounded.
func quotient(n, of int64) string {
	const scale = 1_000_000_000_000
	q := n * scale / of
	if n*scale%of*2 >= of {
		q++
	}
	return decimal{q, -12}.String()
}
