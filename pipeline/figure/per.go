package figure

import (
	"strings"

	"longmai/pipeline"
)

// yield reads 一亩地打三千来斤: what an acre yields. It reports whether it did.
func (s *scan) yield(it *item) bool {
	if it.kind != pipeline.Quantity || it.unit == nil || it.unit.dim != "mass" || it.keys&keyMu == 0 {
		return false
	}
	t := s.text[it.seg.Start:it.seg.End]
	at := lastIndex(t, "一亩")
	if at < 0 {
		return false
	}
	rest := strings.TrimPrefix(t[at+len("一亩"):], "地")
	for _, w := range [...]string{"能", "可", "才", "要", "只", "也", "能够", "平均"} {
		rest = strings.TrimPrefix(rest, w)
	}
	rest = strings.TrimSuffix(rest, "了")
	switch rest {
	case "打", "产", "收", "出", "收获", "打下", "采", "收成", "多打", "多收", "多产", "少收":
		it.per = "[mu_cn]"
		it.metric = &pipeline.Phrase{Span: pipeline.Span{Start: it.seg.Start + at, End: it.seg.End}, Name: "亩产"}
		return true
	}
	return false
}

// perOf reads what a figure is per: 每亩, 户均, 日产, 时速, 一斤 behind a price.
func (s *scan) perOf(i int) {
	it := &s.items[i]
	if it.kind == pipeline.Rank || strings.Contains(it.code, "/") {
		return
	}
	s.enter(it)
	seg, keys := s.text[it.seg.Start:it.seg.End], it.keys
	if it.metric != nil && !it.after && it.metric.Start >= it.clause && it.metric.Start < it.seg.Start {
		seg = s.text[it.metric.Start:it.metric.End] + seg
		keys |= s.keysIn(it.metric.Start, it.metric.End)
	}
	if keys&keyPer == 0 && !(it.kind == pipeline.Money && s.has(it.core.End, "一")) {
		s.perOfList(i)
		return
	}
	delta := it.change != nil && it.change.Role == "delta" && (it.kind == pipeline.Percent || it.kind == pipeline.Points || it.kind == pipeline.Multiple)
	if k := lastIndex(seg, "每"); k >= 0 && !delta {
		at := k + len("每")
		v, e := s.k.unitTrie.longest(seg, at, false)
		switch {
		case strings.HasPrefix(seg[at:], "村"):
			it.per = "{村}"
		case strings.HasPrefix(seg[at:], "块") && it.kind == pipeline.Money: // a brick, not a yuan
			it.per = "{unit}"
		case strings.HasPrefix(seg[at:], "股"):
			it.per = "{share}"
		case v >= 0 && e > at:
			it.per = s.k.units[v].code
			if s.k.units[v].word == "度" {
				it.per = "kW.h"
			}
		case strings.HasPrefix(seg[at:], "月"):
			it.per = "mo"
		}
		return
	}
	if code := s.k.perWord(seg, it.kind); code != "" && !delta {
		it.per = code
		return
	}
	counts := !delta && (it.kind == pipeline.Quantity || it.kind == pipeline.Count || it.kind == pipeline.Money)
	if counts && it.per == "" {
		if it.per = rateWord(seg); it.per == "" {
			it.per = s.perTon(it, seg)
		}
	}
	switch {
	case it.per != "":
	case keys&keyMu != 0 && it.kind == pipeline.Money && containsAny(seg, "亩收入", "亩纯收入", "亩产值", "亩成本", "亩效益"):
		it.per = "[mu_cn]"
	case strings.Contains(seg, "亩产") && it.kind == pipeline.Quantity:
		it.per = "[mu_cn]"
	case it.kind == pipeline.Money && it.rule != "money.bare":
		s.perBehind(it)
	}
	if it.per == "" && !delta && keys&(keyOne|keyDay) != 0 {
		if it.per = s.perSpan(it); it.per == "" && (it.kind == pipeline.Money || it.kind == pipeline.Quantity) {
			it.per = s.perOne(it)
		}
	}
	s.perOfList(i)
}

// perWord returns what the last word of per.tsv in the words before a figure
// says that it is per, "" when there is none.
func (k *knowledge) perWord(words string, kind pipeline.Kind) string {
	code := ""
	for p := 0; p < len(words); {
		if v, end := k.perF.longest(words, p, false); v >= 0 {
			if c := k.pers[v]; c != "a" || kind != pipeline.Percent && kind != pipeline.Points {
				code = c
			}
			p = end
			continue
		}
		_, w := decode(words, p)
		p += w
	}
	return code
}

// rateWord returns the code of the day or the month when the words tell of a rate
// per day or month: 日进尺, 日自流量, 月工资. A day of the calendar (5月, 近日) is none.
func rateWord(words string) string {
	for _, r := range rates {
		k := lastIndex(words, r.word)
		if k < 0 {
			continue
		}
		next, w := decode(words+" ", k+len(r.word))
		before := rune(0)
		if k > 0 {
			before, _ = decodeLast(words[:k])
		}
		if w > 0 && len(words)-k <= 12*len(r.word) && r.next.has(next) && !r.not.has(before) && !isDigit(before) {
			return r.code
		}
	}
	return ""
}

// rates are the words for a rate: what follows them, and what must not stand before.
var rates = [...]struct {
	word, code string
	next, not  *runeSet
}{
	{"日", "d", newRuneSet("产进处供引取抽提灌补放注客发接用售最吞上加销交人车开输营成增流转游自采装运耗排调工均收挣卖"),
		newRuneSet("节假今昨明近往生周末工向春夏秋冬落旭次某双单本当即整终连逐每时烈红夕平休抗昔素朝择不隔改他翌一二三四五六七八九十廿")},
	{"月", "mo", newRuneSet("工薪租产销收进供用营流挣处发均"),
		newRuneSet("个本当上下这那每岁某同元正腊明次多半整近几两全逐按满蜜单一二三四五六七八九十")},
}

// perTon returns t when the words tell of what a ton takes or brings: 吨铝电耗,
// 吨矿成本, 每加工一吨原油.
func (s *scan) perTon(it *item, words string) string {
	k := lastIndex(words, "吨")
	if k < 0 {
		return ""
	}
	if k > 0 {
		if r, _ := decodeLast(words[:k]); isDigit(r) || tonCounts.has(r) {
			return ""
		}
	}
	if rest := words[k+len("吨"):]; len(rest) <= 12*len("吨") && containsAny(rest, "耗", "成本", "利润", "费", "价", "税") && !strings.HasPrefix(rest, "位") {
		return "t"
	}
	return ""
}

// perOne returns the unit of the one piece that earns or costs the sum: 一头净赚
// 七八千元, 一座棚能收入两万元; "" when the clause names none.
func (s *scan) perOne(it *item) string {
	t := s.text[it.seg.Start:it.seg.End]
	for k := lastIndex(t, "一"); k >= 0; k = lastIndex(t[:k], "一") {
		if code := s.pieceAt(it, t, k); code != "" {
			return code
		}
	}
	return ""
}

// pieceAt is perOne for the 一 at byte k of the words t before the figure.
func (s *scan) pieceAt(it *item, t string, k int) string {
	if endsIn(t[:k], "第", "这", "那", "同", "另", "每", "统", "其中", "唯", "有", "全", "十", "百", "千", "万") {
		return ""
	}
	v, end := s.k.unitTrie.longest(t, k+len("一"), false)
	if v < 0 {
		return ""
	}
	u := &s.k.units[v]
	switch u.dim {
	case "count", "mass", "volume", "area", "energy":
	default:
		return ""
	}
	switch u.code {
	case "[bbl_us]":
		return "{unit}" // a pail
	case "{person}", "{org}", "{household}", "{item}", "{time}", "{kind}", "{batch}":
		return ""
	}
	rest := t[end:]
	if len(rest) > 14*len("一") || containsAny(rest, "，", "共", "合计", "总", "累计") || it.kind == pipeline.Money && !containsAny(rest, oneVerbs...) || it.kind == pipeline.Quantity && !containsAny(rest, oneYields...) {
		return ""
	}
	return u.code
}

// oneVerbs say what one piece costs or brings.
var oneVerbs = []string{"卖", "赚", "挣", "收入", "补贴", "补助", "要", "平均", "花", "抽", "省", "收购价", "值", "租", "涨", "降", "贵", "便宜", "价", "成本", "得"}

// oneYields say what one piece gives.
var oneYields = []string{"能结", "能产", "结了", "能挤", "能出", "能打", "能收", "能摘"}

// spans are lengths of time, without the 一 before them, and the acre, that a
// rate is counted over: 一天能播两百亩.
var spans = [...]struct{ word, code string }{{"天", "d"}, {"年", "a"}, {"个月", "mo"}, {"月", "mo"}, {"小时", "h"}, {"个小时", "h"}, {"分钟", "min"}, {"亩", "[mu_cn]"}}

// perSpan returns the span over which the clause counts, "" when it names none:
// 一天要讲六七场, 单日游客承载量3000人次.
func (s *scan) perSpan(it *item) string {
	switch it.kind {
	case pipeline.Money, pipeline.Quantity, pipeline.Count:
	default:
		return ""
	}
	t := s.text[it.seg.Start:it.seg.End]
	code, rest, at := "", "", lastIndex(t, "一")
	for _, w := range spans {
		if at >= 0 && strings.HasPrefix(t[at+len("一"):], w.word) {
			code, rest = w.code, t[at+len("一")+len(w.word):]
		}
	}
	if code == "" {
		if at = lastIndex(t, "单日"); at < 0 {
			return ""
		}
		code, rest = "d", t[at+len("单日"):]
	}
	if len(rest) > 10*len("天") || endsIn(t[:at], "第", "这", "那", "每", "同", "有", "前", "后", "头", "某", "统", "近", "唯", "二十", "一天") || containsAny(rest, "，", "了", "过") {
		return ""
	}
	if startsIn(rest, "的", "来", "前", "后", "间", "内", "比", "里", "以", "之", "多", "半", "天", "年", "到", "票房", "起") {
		return ""
	}
	switch {
	case code == "[mu_cn]" && !startsIn(strings.TrimPrefix(strings.TrimPrefix(rest, "地"), "上"), "能", "要", "得", "可", "需", "施", "用", "栽", "种", "播", "浇", "撒") && !endsIn(rest, "收不上", "收不到", "能收", "能打"),
		code == "a" && it.kind == pipeline.Money && !startsIn(rest, "能", "可", "要", "得", "就", "光", "租金", "挣", "省"):
		return ""
	}
	return code
}

// startsIn reports whether t begins with one of the words.
func startsIn(t string, words ...string) bool {
	for _, w := range words {
		if strings.HasPrefix(t, w) {
			return true
		}
	}
	return false
}

// perOfList gives a figure what the one before it in a list is per.
func (s *scan) perOfList(i int) {
	it := &s.items[i]
	if it.per == "" && i > 0 && s.items[i-1].sent == it.sent && s.items[i-1].per != "" && s.items[i-1].block == it.block {
		p := &s.items[i-1]
		gap := s.text[p.to:it.from]
		if (p.kind == it.kind || counted(p.kind) && counted(it.kind)) && strings.Contains(gap, "、") && !strings.ContainsAny(gap, "，；") || it.change != nil && it.group != nil && it.group.Kind == "from_to" && p.group != nil && p.group.ID == it.group.ID {
			it.per = p.per
		}
		switch {
		case it.per != "" || p.code != it.code || it.kind != pipeline.Money && it.kind != pipeline.Quantity:
		case it.change != nil && it.change.Role == "delta" && p.change == nil && strings.HasPrefix(gap, "，") && len(gap) <= len("，比上年同期增加了"),
			it.change != nil && it.change.Role == "delta" && startsIn(gap, "，比", "，较") && len(gap) <= len("，比全县平均水平高出"),
			it.change == nil && startsIn(gap, "，比", "，较") && strings.HasSuffix(gap, "的") && len(gap) <= len("，比2013年同期的"),
			it.change != nil && it.change.Role == "delta" && p.change == nil && s.compared(pipeline.Span{Start: max(p.from-len("2013年的"), s.start), End: p.from}) && len(gap) <= len("增加了"),
			it.change == nil && strings.HasPrefix(gap, "，其中") && len(gap) <= len("，其中各级财政补贴资金"):
			it.per = p.per // 人均纯收入4186元，增加402元; 每亩保费180元，其中财政补贴162元
		case (p.per == "d" || p.per == "mo") && it.change == nil && strings.HasPrefix(gap, "，") && len(gap) <= len("，生产精制淀粉") && !containsAny(gap, "累计", "共", "总", "全", "年", "月", "日", "比", "占", "已", "计", "均", "单", "到"):
			it.per = p.per // 每天加工鲜薯3200吨，生产精淀粉480吨
		}
	}
}

// counted reports whether a kind says how many or how much of a thing.
func counted(k pipeline.Kind) bool { return k == pipeline.Count || k == pipeline.Quantity }

// perBehind reads the unit that is priced behind the price: 四块二一斤, 0.5元一度.
func (s *scan) perBehind(it *item) {
	if !s.has(it.core.End, "一") {
		seg := s.text[it.seg.Start:it.seg.End]
		for _, w := range [...]string{"一斤", "一亩", "一公斤", "一吨", "一方水", "一度电", "一只", "一头", "一株", "一箱", "一碗", "一张", "一天", "一月", "一个月"} {
			if k := lastIndex(seg, w); k >= 0 && len(seg)-k <= len(w)+18 && !strings.HasSuffix(seg[:k], "第") {
				if v, _ := s.k.unitTrie.longest(seg, k+len("一"), false); v >= 0 && s.k.units[v].dim != "count" {
					it.per = s.k.units[v].code
				}
			}
		}
		return
	}
	if v, e := s.longest(s.k.unitTrie, it.core.End+len("一"), s.end); v >= 0 && e > it.core.End {
		if u := &s.k.units[v]; u.dim != "money" && u.dim != "ratio" {
			it.per = u.code
		}
	}
}
