package figure

import (
	"strings"
	"unicode/utf8"

	"longmai/pipeline"
	"longmai/pipeline/numeral"
)

// word looks for a trap word that covers the numeral at [p, end). It returns the
// class of the word and its end.
func (s *scan) word(p, end int) (class string, start, wordEnd int) {
	q := p
	for back := 0; back <= 8 && q >= s.start; back++ {
		if v, e := s.longest(s.k.trapTrie, q, s.end); v >= 0 && e > p && e >= end {
			return s.k.traps[v], q, e
		}
		if q-3 >= s.start && s.text[q-3] >= 0xe4 && s.text[q-3] <= 0xe9 { // a Chinese character
			q -= 3
			continue
		}
		r, w := s.prev(q)
		if w == 0 || r < 0x2e80 && !isDigit(r) || isClauseEnd(r) {
			break
		}
		q -= w
	}
	return "", p, p
}

// trap decides whether the numeral of it is no figure, and returns the rule,
// the reason, and where reading goes on.
func (s *scan) trap(it *item) (rule, reason string, next int) {
	n := &it.num
	hedged := it.from < it.core.Start
	switch it.rule {
	case "code", "scale", "score", "clock":
		return it.rule, trapReasons[it.rule], it.core.End
	}
	if s.brokenDecimal(n) {
		return "decimal", "the end of a decimal that is not read: no value is better than a wrong one", it.core.End
	}
	if class, at, end := s.word(n.Start, it.core.End); class != "" && at <= it.core.Start && !(hedged && n.Bare) && !s.spokenPrice(it, end) && !s.irrigates(it, end) && !(it.rule == "unit.tenth" && end <= it.core.End) {
		return class, "part of a word or saying", end
	}
	if rule, reason := s.named(it); rule != "" {
		return rule, reason, it.core.End
	}
	if s.before(n.Start, "每") && (n.Bare || n.Style == numeral.Arabic || n.Value.Equal(one)) && !(it.kind == pipeline.Duration && n.Style == numeral.Arabic) {
		return "per", "says what another figure is per", it.core.End
	}
	if rule, reason, end := s.dated(it); rule != "" {
		return rule, reason, end
	}
	if rule, reason, end := s.suffixed(it); rule != "" {
		return rule, reason, end
	}
	if rule, reason := s.formed(it); rule != "" {
		return rule, reason, it.core.End
	}
	if s.quotedName(it) {
		return "quoted", "a slogan or a name in quotes", it.core.End
	}
	if n.Style == numeral.Han && n.Form == numeral.Exact && n.Value.Equal(one) && !n.Half && !n.Bare && s.text[n.Start:n.End] == "一" && it.rule != "class" && it.rule != "unit.half" && it.rule != "unit.chain" && !(it.rule == "unit.pieces" && !it.value.IsInteger()) && it.form == pipeline.Point {
		if rule, reason := s.indefinite(it); rule != "" {
			return rule, reason, it.core.End
		}
	}
	if n.Bare && it.unit != nil && it.unit.dim == "money" && n.Value.GreaterThanOrEqual(million) && !s.before(n.Start, "：", ":", "（", "(", "位", "以") && !s.has(it.core.End, "户", "村", "镇", "乡", "县", "俱乐部", "富翁", "富豪", "大奖", "级") && it.form == pipeline.Point {
		return "", "", 0
	}
	if n.Bare && it.unit != nil && !hedged && it.form == pipeline.Point && len(it.marks) == 0 && !n.Fraction() {
		return "rhetoric", "a round number without a hedge is a figure of speech", it.core.End
	}
	if it.kind == pipeline.Count && it.num.Value.IsNegative() {
		return "floor", "a number below zero that counts nothing", it.core.End
	}
	if it.bare && !s.promising(it) {
		return "bare", "a number without a unit", it.core.End
	}
	return "", "", 0
}

// spokenPrice reports whether the word that ends at p is the sum behind a verb
// of price, not a name: 便宜三毛, 比去年高一毛二.
func (s *scan) spokenPrice(it *item, p int) bool {
	return it.kind == pipeline.Money && p <= it.core.End && s.ahead(it.from, coinsAhead)
}

// brokenDecimal reports whether n is what stands behind the point of 五·三, which
// older pages print.
func (s *scan) brokenDecimal(n *numeral.Number) bool {
	if n.Style != numeral.Han {
		return false
	}
	r, w := s.prev(n.Start)
	if r != '·' && r != '．' && r != '.' {
		return false
	}
	r, _ = s.prev(n.Start - w)
	return strings.ContainsRune("〇零一二三四五六七八九十", r) && r != 0
}

var trapReasons = map[string]string{
	"code": "part of a code", "scale": "the scale of a map", "score": "a score", "clock": "a time of the day or a score",
}

// named refuses a numeral inside a name that the entity stage or the dictionary knows.
func (s *scan) named(it *item) (rule, reason string) {
	n := &it.num
	if i := s.entities.on(n.Start); i >= 0 {
		e := s.d.Entities[i]
		counted := s.countsInside(it, e.Span)
		measured := counted || it.unit != nil && it.kind != pipeline.Count && it.kind != pipeline.Duration && it.unit.dim != "voltage" && it.unit.dim != "ordinal" && (n.Style != numeral.Han || n.Scale > 0)
		if !(measured && (counted || (e.Type == pipeline.Project || e.Type == pipeline.Facility) && !s.sized(it, &e))) && e.End > n.Start {
			return "entity." + string(e.Type), "part of a name"
		}
	}
	if n.Style == numeral.Arabic || n.Half && it.kind == pipeline.Ratio || it.form == pipeline.Class || n.Scale > 0 || n.Bare && !it.bare && it.from < it.core.Start {
		return "", ""
	}
	if it.rule == "unit.chain" && it.kind == pipeline.Money || it.unit != nil && it.unit.code == "{room}" && s.has(it.core.End, "房", "屋", "窑", "教室") {
		return "", ""
	}
	if i := s.tokens.on(n.Start); i >= 0 {
		t := s.d.Tokens[i]
		if t.End-t.Start > n.End-n.Start && (t.Start < it.from || t.End > it.to || it.bare) && wordPOS(t.POS) && !(t.Start >= it.core.Start && t.End <= it.core.End && !it.bare) && !(t.Start < n.Start && n.End > t.End) {
			return "token", "part of a word of the dictionary"
		}
	}
	return "", ""
}

// sureName is the confidence from which a size inside the name of a work is part of it.
const sureName = 0.6

// sized reports whether the size inside the name e is part of the name, behind
// its owner: 永昌天润20万吨磷酸铁项目. What is built, produced or invested is said
// of a work, not in its name: 建成20万吨饲料项目, 年产30万吨水泥项目.
func (s *scan) sized(it *item, e *pipeline.Entity) bool {
	return e.Confidence >= sureName && e.Start < it.core.Start && it.core.End < e.End &&
		it.kind != pipeline.Money && it.from == it.core.Start && it.to == it.core.End &&
		!s.before(it.core.Start, "年产", "日产", "装机", "总投资", "产能", "规模", "占地")
}

// countsInside reports whether the number inside the name e counts something,
// so that the name is none: 大型12处, 两座水库.
func (s *scan) countsInside(it *item, e pipeline.Span) bool {
	n := &it.num
	if it.kind != pipeline.Count || it.unit == nil || it.unit.code == "{school}" {
		return false
	}
	if n.Style == numeral.Arabic {
		return e.Start == n.Start || it.core.End == e.End || plainClassifier(it.unit.word)
	}
	return plainClassifier(it.unit.word) && !n.Value.Equal(one) && (e.Start == n.Start || strings.HasPrefix(s.text[n.Start:], "两"))
}

// plainClassifier holds for classifiers that begin no names: 两座水库 is no name.
func plainClassifier(word string) bool {
	switch word {
	case "座", "个", "家", "名", "位", "项", "户", "条", "辆", "件", "套":
		return true
	}
	return false
}

// wordPOS reports whether a dictionary word of this part of speech is no number.
func wordPOS(pos string) bool {
	if pos == "" {
		return false
	}
	switch pos[0] {
	case 'm', 'q', 't', 'x', 'w', 'e':
		return false
	}
	return true
}

// dated refuses what looks like a date where the times layer has none.
func (s *scan) dated(it *item) (rule, reason string, end int) {
	n := &it.num
	rest := n.End
	switch {
	case it.isRange && it.unit == nil:
		return "", "", 0
	case s.has(rest, "年") && it.form == pipeline.Point && (n.Digits == 4 && n.Scale == 0 || n.Positional && n.End-n.Start >= 6) && !s.has(rest, "年内"):
		return "date", "a year", rest + len("年")
	case s.has(rest, "年") && n.Digits == 2 && n.Scale == 0 && n.Value.GreaterThanOrEqual(numeral.New(70, 0)) && it.form == pipeline.Point && n.Style == numeral.Arabic && s.has(rest, "年代", "年以来", "年底", "年初"):
		return "date", "a year", rest + len("年")
	case s.has(rest, "月") && (n.Digits > 0 && n.Digits <= 2 || n.Style == numeral.Han) && n.Scale == 0 && n.Value.LessThanOrEqual(numeral.New(12, 0)):
		return "date", "a month", rest + len("月")
	case it.bare && s.has(rest, "日", "号") && s.before(n.Start, "月"):
		return "date", "a day", rest + len("日")
	case it.bare && s.has(rest, "号", "日") && n.Value.LessThanOrEqual(numeral.New(31, 0)):
		return "date", "a day or a number of a series", rest + len("日")
	case it.bare && s.has(rest, "时", "点", "點") && n.Value.LessThanOrEqual(numeral.New(24, 0)):
		return "clock", "a time of the day", rest + len("时")
	case it.bare && s.has(rest, "分") && s.before(n.Start, "时", "点"):
		return "clock", "a time of the day", rest + len("分")
	case it.unit != nil && it.kind == pipeline.Duration && it.unit.word == "季度" && it.form == pipeline.Point && !strings.HasPrefix(s.text[n.Start:], "两") && !s.before(n.Start, "连续"):
		return "date", "a quarter", it.core.End
	}
	return "", "", 0
}

// formed refuses by form what is built like a count but names something: 五年规划,
// 两小时旅游圈, 十届三次会议, 三道岭, 王六斤.
func (s *scan) formed(it *item) (rule, reason string) {
	n := &it.num
	end := it.core.End
	if it.unit == nil || n.Form != numeral.Exact || it.form != pipeline.Point || it.from < it.core.Start {
		return "", ""
	}
	if n.Style == numeral.Arabic && n.Digits != 6 && it.unit.dim != "voltage" {
		switch it.kind {
		case pipeline.Money, pipeline.Percent, pipeline.Points, pipeline.Quantity:
			return "", "" // most figures: only counts, lengths and Han numerals are in names
		}
	}
	switch {
	case it.kind == pipeline.Duration && (s.behind(end, plansBehind) || s.has(end, "制") && !s.has(end, "制造", "制作", "制定", "制成", "制约", "制种") || s.circle(end)):
		return "word.name", "the length that names a plan, a school or a circle"
	case it.kind == pipeline.Duration && it.unit.word == "年" && n.Value.Equal(ten) && s.before(n.Start, "新", "个", "黄金"):
		return "date", "one of the decades of a plan"
	case it.kind == pipeline.Duration && s.has(end, "一遇"):
		return "word.name", "how rare a flood is"
	case s.pronoun(it):
		return "pronoun", "the two that were named before"
	case it.unit.word == "班" && s.has(end, "轮换", "轮班", "轮流", "倒"):
		return "word.name", "the shifts that work in turn"
	case it.kind == pipeline.Count && s.has(end, "一体"):
		return "word.name", "N位一体"
	case it.unit.word == "轮" && s.behind(end, vehiclesBehind), it.unit.word == "座" && s.has(end, "商务车", "越野车", "面包车", "轿车", "小客车", "中巴"):
		return "word.name", "the wheels that name a vehicle"
	case it.kind == pipeline.Money && s.has(end, "村", "镇", "乡", "县") && n.Scale > 0 && n.Style == numeral.Han:
		return "word.name", "a class of villages"
	case it.unit.word == "次" && n.Style == numeral.Han && s.before(n.Start, "届", "届人大", "届政协", "届党委", "届职代会"):
		return "event", "a meeting of a session"
	case it.kind == pipeline.Count && s.text[n.Start:n.End] == "二" && s.k.isBehind(it.unit.word, seriesBehind):
		return "ordinal", "the second of several: two would be 两"
	case it.unit.word == "类" && n.Style == numeral.Han && n.Value.LessThanOrEqual(five) && (s.text[n.Start:n.End] == "二" || s.has(end, "水质", "水", "疫苗", "医疗", "器械", "口岸", "用地", "公路", "以上", "标准", "地区", "企业")):
		return "grade", "a grade"
	case it.unit.word == "支" && n.Style == numeral.Han && s.has(end, "队") && !s.has(end, "队伍"):
		return "name.suffix", "the number of a body"
	case it.unit.word == "面" && n.Style == numeral.Han && n.Value.LessThan(five) && s.has(end, "环", "临", "靠", "围", "通", "受", "透", "是", "合围", "都是"):
		return "idiom", "the sides of a place"
	case n.Style == numeral.Han && n.Value.LessThanOrEqual(ten) && (it.unit.word == "个" || metaphors.has(firstOf(it.unit.word)) && s.has(end, "“")) && s.slogan(end):
		return "word.policy", "N things that a slogan asks for"
	case n.Style == numeral.Han && n.Value.LessThanOrEqual(ten) && s.scheme(it):
		return "word.policy", "the parts of a scheme: 三区五园"
	case it.unit.word == "位" && s.before(n.Start, "后", "末") && !s.has(end, "选手", "同学", "嘉宾", "专家"):
		return "code", "digits of a code"
	case s.before(n.Start, "国") && n.Style == numeral.Han && len(s.text[n.Start:n.End]) == len("五") && n.Value.LessThan(ten) && it.kind == pipeline.Count && !s.before(n.Start, "全国", "各国", "我国", "中国"):
		return "code", "a standard of exhaust"
	case n.Digits == 6 && n.Scale == 0 && n.Style == numeral.Arabic && s.near(n.Start, end, "股票代码", "代码"):
		return "code", "the code of a share"
	case it.unit.dim == "voltage" && s.lineBehind(end):
		return "voltage", "the voltage that names a line"
	case it.unit.word == "年" && n.Digits == 2 && n.Scale == 0 && n.Value.GreaterThan(numeral.New(30, 0)) && s.before(n.Start, "他", "她", "我", "、", "，") && s.has(end, "参军", "入伍", "复员", "退伍", "毕业", "出生", "生人", "结婚", "入党", "考上", "参加"):
		return "date", "a year"
	case it.unit.word == "成" && n.Style == numeral.Han && n.Value.Equal(numeral.New(8, 0)) && s.has(end, "是", "没", "会", "要", "有雨", "有雪", "得", "能"):
		return "word.adverb", "八成 as an adverb"
	case n.Style == numeral.Han && n.Value.LessThanOrEqual(ten) && s.landform(it):
		return "name.place", "the name of a place"
	case n.Style == numeral.Han && n.Value.LessThanOrEqual(ten) && (it.unit.word == "斤" || it.unit.word == "成") && s.givenName(n.Start, end):
		return "name.person", "a given name"
	}
	return "", ""
}

// pronoun reports whether 两人 begins its sentence and stands for those named
// before: 两人刚从县城回来.
func (s *scan) pronoun(it *item) bool {
	if it.unit.word != "人" || s.text[it.core.Start:it.core.End] != "两人" || s.ends(it.core.End) {
		return false
	}
	r, _ := s.prev(it.core.Start)
	return r == 0 || r == '。' || r == '！' || r == '？' || r == '”'
}

// scheme reports whether the count is one of two that stand side by side and name
// the parts of a layout: 三区五园的产业格局, 一核四廊格局.
func (s *scan) scheme(it *item) bool {
	if it.rule != "noun.counted" && utf8.RuneCountInString(s.text[it.core.Start:it.core.End]) != 2 {
		return false
	}
	p := it.core.End
	for pairs := 0; pairs < 4; pairs++ {
		m, ok := numeral.Scan(s.text[:s.end], p)
		if !ok || m.Start != p || m.Style != numeral.Han || m.Value.GreaterThan(ten) {
			break
		}
		_, w := s.next(m.End)
		p = m.End + w
	}
	if p == it.core.End {
		return false
	}
	t := s.text[p:min(s.end, p+len("的现代化产业发展格局"))]
	if k := strings.IndexAny(t, "，。；、！？,;"); k >= 0 {
		t = t[:k]
	}
	return containsAny(t, "格局", "布局", "体系", "框架", "骨架", "架构", "战略", "思路", "机制", "模式")
}

// slogan reports whether what is counted at p is something that is to be done:
// 五个到位, 三个“必须”.
func (s *scan) slogan(p int) bool {
	if s.behind(p, slogansBehind) {
		return true
	}
	if !s.has(p, "“") {
		return false
	}
	t := s.text[p+len("“") : min(s.end, p+len("“")+16)]
	quoted, rest, ok := strings.Cut(t, "”")
	if !ok || quoted == "" {
		return false
	}
	end := p + len("“") + len(t) - len(rest)
	r, _ := s.next(end)
	return r == 0 || isClauseEnd(r) || r == '、' || r == '的' || r == '要' || !s.nounWord(end)
}

// nounWord reports whether the dictionary has a common noun that begins at p.
func (s *scan) nounWord(p int) bool {
	t := s.tokens.on(p)
	if t < 0 || s.d.Tokens[t].Start != p {
		return true
	}
	switch s.d.Tokens[t].POS {
	case "n", "vn", "nz", "an", "ng", "b", "j", "l":
		return true
	}
	return false
}

var five = numeral.New(5, 0)

// circle reports whether at most four characters and 圈 follow: 两小时旅游圈.
func (s *scan) circle(p int) bool {
	for range 5 {
		r, w := s.next(p)
		if r == '圈' {
			return true
		}
		if r == 0 || isClauseEnd(r) || r == '的' || r == '、' {
			return false
		}
		p += w
	}
	return false
}

// lineBehind reports whether a line or a station follows within a name: 330千伏莫高变电站.
func (s *scan) lineBehind(p int) bool {
	t := s.text[p:min(s.end, p+30)]
	for i, r := range t {
		if isClauseEnd(r) || r == '、' || r == '的' {
			t = t[:i]
			break
		}
	}
	return containsAny(t, "变电站", "升压站", "汇集站", "换流站", "输变电", "线路", "配网", "直流", "变压器", "配电")
}

// landform reports whether a place is named by the number of its ridges, springs
// or trees: 三道岭, 九眼泉, 五棵树 at the head of a list or a sentence.
func (s *scan) landform(it *item) bool {
	switch it.unit.word {
	case "道", "眼", "棵":
	default:
		return false
	}
	r, w := s.next(it.core.End)
	if !landforms.has(r) || r == 0 {
		return false
	}
	before, _ := s.prev(it.num.Start)
	after, _ := s.next(it.core.End + w)
	if after == '村' || after == '乡' || after == '镇' { // 通往九眼泉村
		return true
	}
	return (before == 0 || isClauseEnd(before) || before == '、') && (after == 0 || isClauseEnd(after) || placeEnds.has(after))
}

// givenName reports whether the number is the name behind a surname: 村民王六斤.
func (s *scan) givenName(start, end int) bool {
	r, w := s.prev(start)
	if r == 0 || !surnames.has(r) {
		return false
	}
	before, _ := s.prev(start - w)
	after, _ := s.next(end)
	return (before == 0 || isClauseEnd(before) || before == '、' || titles.has(before)) && (after == 0 || isClauseEnd(after) || after == '、' || after == '等' || after == '和' || after == '说' || after == '的' || after == '上' || after == '一' || after == '获')
}

// suffixed refuses numbers that name something by what follows: 八大, 510所, 109线, 6.2级.
func (s *scan) suffixed(it *item) (rule, reason string, end int) {
	n := &it.num
	if it.form == pipeline.Class {
		return "", "", 0
	}
	switch {
	case it.bare && s.has(n.End, "大") && n.Form == numeral.Exact && n.Scale == 0:
		return "enumerator", "an enumerator: N大", n.End + len("大")
	case it.bare && n.Scale == 0 && s.behind(n.End, namesBehind):
		return "name.suffix", "a number that names something", n.End
	case it.unit != nil && it.unit.code == "{school}" && n.Digits >= 3 && n.Scale == 0 && !s.near(n.Start, it.core.End, "学校", "小学", "中学", "幼儿园", "卫生院", "卫生室", "医院", "院校", "高校", "敬老院", "派出所", "共", "建成"):
		return "name.suffix", "the number of an institute", it.core.End
	case n.Percent() && strings.HasPrefix(s.text[n.Start:], "百分之百") && s.behind(it.core.End, surelyBehind):
		return "word.word", "part of a word or saying", it.core.End
	case it.unit != nil && it.unit.dim == "length" && it.form == pipeline.Point && s.circle(it.core.End):
		return "word.name", "the length that names a circle: 三公里就业圈", it.core.End
	case it.kind == pipeline.Duration && n.Style == numeral.Han && s.everyFew(it.core.End):
		return "per", "how often: 三天一通报", it.core.End
	case it.unit != nil && it.unit.code == "{国}" && s.has(it.core.End, "峰会", "会谈", "论坛", "会议", "联盟", "集团", "首脑", "协定"):
		return "word.name", "a meeting or a league of states", it.core.End
	case s.has(it.core.End, "如一日"):
		return "idiom", "a saying", it.core.End
	case it.unit != nil && it.unit.word == "类" && s.before(n.Start, "劣", "优于", "达到", "Ⅲ", "地表水"):
		return "grade", "a grade", it.core.End
	case n.Value.Equal(one) && it.kind == pipeline.Money && (s.has(it.core.End, "钱") || s.before(it.core.End, "钱")) && (s.has(it.core.End, "都", "也", "钱都", "钱也") || s.before(n.Start, "不", "未", "没", "没有", "未涨", "没涨", "不花", "没花", "不收", "未收", "少", "不要", "不取", "不拿", "未拿", "不差", "不欠")):
		return "idiom", "not a penny", it.core.End
	case n.Value.Equal(one) && n.Style == numeral.Arabic && it.form == pipeline.Point && it.kind != pipeline.Percent && s.eachVerb(n.Start):
		return "per", "says what another figure is per", it.core.End
	case it.kind == pipeline.Duration && s.has(it.core.End, "平均增长", "平均增速", "平均下降"):
		return "basis", "the span of an average growth", it.core.End
	case it.unit != nil && it.unit.dim == "voltage" && s.behind(it.core.End, linesBehind):
		return "voltage", "the voltage that names a line", it.core.End
	case it.unit != nil && it.kind == pipeline.Count && s.has(it.core.End, "级") && !n.Bare:
		return "grade", "a grade", it.core.End
	case it.unit != nil && it.unit.code == "d" && n.Bare && s.has(it.core.End, "攻坚", "行动", "会战", "冲刺"):
		return "word.policy", "the name of a campaign", it.core.End
	case it.bare && isLatin(first(s.next(n.End))):
		return "code", "part of a code", s.latinEnd(n.End)
	case it.bare && s.has(n.End, "+", "＋", "×"):
		return "formula", "part of a formula", s.latinEnd(n.End)
	case it.unit != nil && it.unit.code == "m" && s.behind(it.core.End, contestsBehind):
		return "event", "the name of a contest", it.core.End
	}
	return "", "", 0
}

// everyFew reports whether 一 and what is done once stand at p, no unit: 一通报.
func (s *scan) everyFew(p int) bool {
	if !s.has(p, "一") || s.has(p, "一夜", "一晚", "一天") {
		return false
	}
	m, ok := numeral.Scan(s.text[:s.end], p)
	if !ok || !m.Value.Equal(one) || m.End != p+len("一") {
		return false
	}
	u, _ := s.unitAt(m.End, &m)
	return u == nil && !s.ends(m.End)
}

// eachVerb reports whether 每 and one verb stand before p: 每出口1美元.
func (s *scan) eachVerb(p int) bool {
	return p-s.start >= len("每出口") && s.has(p-len("每出口"), "每") || p-s.start >= len("每卖") && s.has(p-len("每卖"), "每")
}

func first(r rune, _ int) rune { return r }

func (s *scan) latinEnd(p int) int {
	for p < s.end {
		r, w := s.next(p)
		if !isLatin(r) && !isDigit(r) && !latinJoints.has(r) {
			break
		}
		p += w
	}
	return p
}

// quotedName reports whether a count or bare number opens or fills a short
// quotation: “三个必须”, ‘358’, “90后”.
func (s *scan) quotedName(it *item) bool {
	if it.form == pipeline.Class || !(it.bare || it.kind == pipeline.Count || it.kind == pipeline.Duration) {
		return false
	}
	open, close := -1, -1
	p := it.core.Start
	for i := 0; i < 6 && p > s.start; i++ {
		r, w := s.prev(p)
		p -= w
		if isClauseEnd(r) || r == '”' || r == '’' || r == '》' {
			break
		}
		if r == '“' || r == '‘' || r == '《' || r == '「' {
			open = i
			break
		}
	}
	if open < 0 {
		return false
	}
	p = it.core.End
	for i := 0; i < 10 && p < s.end; i++ {
		r, w := s.next(p)
		p += w
		if isClauseEnd(r) || r == '“' || r == '‘' {
			return false
		}
		if r == '”' || r == '’' || r == '》' || r == '」' {
			close = i
			break
		}
	}
	return close >= 0 && open+close <= 9
}

// indefinite decides about 一 with a unit: in running prose it is an article, in
// a list or as the extent of a change it counts.
func (s *scan) indefinite(it *item) (rule, reason string) {
	if it.from < it.core.Start || it.to > it.core.End {
		return "", ""
	}
	switch it.kind {
	case pipeline.Money, pipeline.Percent, pipeline.Points, pipeline.Multiple, pipeline.Ratio:
		if it.kind == pipeline.Multiple && !it.doubling && it.code != "{times}" {
			return "indefinite", "一 as an article"
		}
		if it.kind == pipeline.Money && s.notOne(it) {
			return "idiom", "not one, not the least"
		}
		return "", ""
	case pipeline.Duration, pipeline.Quantity:
		if s.ahead(it.core.Start, extentAhead) || it.unit != nil && it.unit.dim == "length" && s.has(it.core.End, "厚", "深", "高", "宽", "长", "见方") {
			return "", ""
		}
	case pipeline.Count:
		it.one = true // decided by its neighbours
		return "", ""
	}
	if it.bare {
		return "bare", "一 in a word"
	}
	return "indefinite", "一 as an article"
}

// notOne reports whether one of the smallest coins stands for nothing at all:
// 没要一分钱, 一分钱也不收.
func (s *scan) notOne(it *item) bool {
	text := s.text[it.core.Start:]
	if !strings.HasPrefix(text, "一分") && !strings.HasPrefix(text, "一毛") && !strings.HasPrefix(text, "一厘") {
		return false
	}
	const near = 8 * len("没")
	before := s.text[max(s.start, it.core.Start-near):it.core.Start]
	before = before[max(0, strings.LastIndexAny(before, "，。；：、“")):]
	return containsAny(before, "没", "不", "未") || s.has(it.core.End, "也", "都", "没", "不", "未")
}

// promising reports whether a bare number may still find a unit or a metric.
func (s *scan) promising(it *item) bool {
	n := &it.num
	if n.Zero || n.Positional || n.Digits >= 9 {
		return false
	}
	if n.Style == numeral.Arabic || n.Style == numeral.Mixed || n.Scale > 0 || n.Form == numeral.Between && n.Value.GreaterThan(ten) || n.Ellipsis || n.Form == numeral.AtLeast {
		return true
	}
	r, w := s.next(n.End)
	if r != '、' && r != '和' && r != '至' {
		return false
	}
	return n.End+w < s.end && s.is(n.End+w, startsFigure)
}

// firstOf returns the first character of a word.
func firstOf(word string) rune {
	r, _ := decode(word, 0)
	return r
}

func decodeLast(s string) (rune, int) { return decodeBack(s) }
