package index

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"longmai/pipeline"
	"longmai/pipeline/entity"
)

// places gives the places of an article, each with its short forms, and, for
// those with a code, the places that they lie in.
func places(d *pipeline.Document, add func(label)) {
	var own []string // codes, each once
	for i := range d.Entities {
		e := &d.Entities[i]
		if e.Type != pipeline.Place {
			continue
		}
		name := entityName(d, e)
		add(label{name: name, ref: e.Ref, aliases: append(shortPlaces(name), d.Surface(e.Span))})
		if !slices.Contains(own, e.Ref) {
			own = append(own, e.Ref)
		}
	}
	for _, ref := range own {
		for _, a := range ancestors(ref) {
			add(a)
		}
	}
}

// ancestors returns the places that the place of that code lies in, the nearest
// first. The list is shared: articles have the same few places again and again.
func ancestors(ref string) []label {
	if out, ok := ancestorLists.Load(ref); ok {
		return out.([]label)
	}
	var out []label
	for _, code := range entity.Ancestors(ref) {
		if name, ok := entity.DivisionName(code); ok {
			out = append(out, label{name: name, ref: code, aliases: shortPlaces(name), parent: true})
		}
	}
	if len(out) > 0 { // a code of the table, of which there are few
		ancestorLists.Store(strings.Clone(ref), out)
	}
	return out
}

var ancestorLists sync.Map // code → []label

// shortPlaces returns what a place is called for short: 酒泉 for 酒泉市, 临夏 and
// 临夏州 for 临夏回族自治州; the name itself when there is nothing shorter.
func shortPlaces(name string) []string {
	for _, s := range sorts {
		short, ok := strings.CutSuffix(name, s)
		if !ok || utf8.RuneCountInString(short) < 2 {
			continue
		}
		word, autonomous := strings.CutPrefix(s, "自治")
		if !autonomous {
			return []string{short}
		}
		short = withoutPeoples(short)
		if word == "区" { // nobody says 宁夏区
			return []string{short}
		}
		return []string{short, short + word}
	}
	return []string{name}
}

// sorts are the words for what sort of place something is, the longer ones first.
var sorts = []string{"特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "省", "市", "州", "县", "区", "旗", "盟", "镇", "乡", "村"}

// peoples are those that autonomous places are named after, in both ways of
// writing some of them: 哈萨克族 in Gansu, 哈萨克 in Xinjiang.
var peoples = strings.Fields(`回族 藏族 裕固族 哈萨克族 哈萨克 东乡族 保安族 撒拉族 蒙古族 蒙古 土族 维吾尔族 维吾尔 壮族 苗族 侗族 彝族 土家族 布依族 傣族 景颇族 白族 纳西族 傈僳族 哈尼族
	瑶族 黎族 羌族 满族 朝鲜族 柯尔克孜族 柯尔克孜 锡伯族 锡伯 仫佬族 毛南族 仡佬族 水族 拉祜族 佤族 独龙族 怒族 普米族 布朗族 畲族 达斡尔族 鄂温克族 塔吉克族 塔吉克 各族`)

// withoutPeoples cuts the peoples off a name, of which two characters stay: of
// 东乡族 and 鄂温克族, which are people alone, all but 族.
func withoutPeoples(name string) string {
	for {
		next := name
		for _, p := range peoples {
			short, ok := strings.CutSuffix(next, p)
			if ok && short == "" {
				short = strings.TrimSuffix(p, "族")
			}
			if ok && utf8.RuneCountInString(short) >= 2 {
				next = short
				break
			}
		}
		if next == name {
			return name
		}
		name = next
	}
}
