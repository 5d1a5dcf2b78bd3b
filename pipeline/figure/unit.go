package figure

import (
	"strings"

	"longmai/pipeline"
	"longmai/pipeline/numeral"
)

var (
	one     = numeral.New(1, 0)
	half    = numeral.New(5, -1)
	ten     = numeral.New(10, 0)
	hundred = numeral.New(100, 0)
)

// skipBlank passes over one blank, or the line ends that broken lines leave.
func (s *scan) skipBlank(p int) int {
	if r, w := s.next(p); r == ' ' || r == '\u00a0' || r == '\u2009' || r == '\u202f' || r == '\u3000' {
		return p + w
	}
	for {
		r, w := s.next(p)
		if r != '\n' && r != '\r' {
			return p
		}
		p += w
	}
}

// unitAt reads the unit at p, for the number n before it. It returns nil when
// there is none.
func (s *scan) unitAt(p int, n *numeral.Number) (*unit, int) {
	if m := &s.lastUnit; m.at == p && m.from == n.Start && m.to == n.End && m.limit == s.end && n.End > 0 {
		return m.unit, m.end
	}
	u, end := s.findUnit(p, n)
	s.lastUnit = unitMemo{at: p, from: n.Start, to: n.End, limit: s.end, unit: u, end: end}
	return u, end
}

// A unitMemo keeps the answer to the last question for a unit: the rules ask
// several times about the same place.
type unitMemo struct {
	at, from, to, limit int
	unit                *unit
	end                 int
}

func (s *scan) findUnit(p int, n *numeral.Number) (*unit, int) {
	at := s.skipBlank(p)
	v, end := s.longestLoose(s.k.unitTrie, at, s.end)
	for v >= 0 {
		u := &s.k.units[v]
		if s.fits(u, n, at, end) {
			if u.word == "口" {
				u = s.mouths(n, end)
			}
			return u, end
		}
		if u.word == "块" && s.piece(n, end) || u.word == "桶" && s.pails(end) { // 210万块光伏板, 两桶水
			return s.k.byCode["{unit}"], end
		}
		// a shorter word of the same place
		if v, end = s.shorter(at, end); v < 0 {
			break
		}
	}
	return nil, p
}

// pails reports whether the 桶 that ends at p is a pail and no barrel of oil.
func (s *scan) pails(p int) bool {
	r, _ := s.next(p)
	return r == 0 || isClauseEnd(r) || s.has(p, "水", "酒", "奶", "面", "食用油", "菜籽油", "胡麻油", "浆", "漆", "垃圾")
}

// shorter finds the longest unit word at p that ends before end.
func (s *scan) shorter(p, end int) (int, int) {
	if end <= p {
		return -1, p
	}
	_, w := decodeLast(s.text[p:end])
	return s.longestLoose(s.k.unitTrie, p, end-w)
}

// fits reports whether the word s.text[at:end] is a unit of the number n.
func (s *scan) fits(u *unit, n *numeral.Number, at, end int) bool {
	if u.not != nil && s.hasAny(end, u.not) {
		return false
	}
	if last, _ := decodeLast(u.word); isLatin(last) {
		if r, _ := s.next(end); isLatin(r) || isDigit(r) && !strings.ContainsRune("²³", r) {
			return false
		}
		if n.Style == numeral.Han {
			return u.guard == "compute" && s.has(end, "级") || len(u.word) > 1
		}
	}
	return u.guard == "" || s.guard(u, n, at, end)
}

// guard holds what the word alone does not say. The names stand in units.tsv.
func (s *scan) guard(u *unit, n *numeral.Number, at, end int) bool {
	small := n.Style == numeral.Han && n.Form == numeral.Exact && n.Scale == 0
	switch u.guard {
	case "never":
		return false
	case "cardinal": // 分两期 counts, 二期 is a name
		if n.Form != numeral.Exact {
			return true
		}
		if n.Digits == 4 && n.Scale == 0 {
			return false // 2024届
		}
		two := strings.HasPrefix(s.text[n.Start:n.End], "两")
		return two || s.before(n.Start, "分", "共", "举办", "连续", "举办了", "已", "分为", "办", "成功举办", "开展了", "开展", "第") && !s.has(end, "工程") ||
			n.Style != numeral.Han && !s.has(end, "工程", "项目", "国债")
	case "series": // 四队 is a name, 两队 counts
		return n.Style != numeral.Han || n.Form != numeral.Exact || strings.HasPrefix(s.text[n.Start:n.End], "两")
	case "cheng":
		return n.Value.LessThanOrEqual(ten) && (n.Style == numeral.Han || n.Digits > 0) && !n.Positional
	case "zhe":
		return n.Value.LessThan(ten) && !s.has(end, "线") || n.Value.LessThan(numeral.New(100, 0)) && n.Style == numeral.Han && s.before(n.Start, "打")
	case "fan":
		return s.before(n.Start, "翻", "翻了", "翻近", "再翻", "翻了近", "翻了约")
	case "jiao":
		return s.coins(u, n, end)
	case "kuai":
		return s.yuan(n, end)
	case "liang":
		return n.Value.LessThan(ten) && s.has(end, "重", "白酒", "肉")
	case "li":
		return n.Digits > 0 || s.miles(n, end)
	case "lie":
		return n.Digits > 0 || n.Value.GreaterThan(ten) || n.Form != numeral.Exact || s.has(end, "班列", "列车", "动车", "火车", "货车", "高铁", "专列", "火车")
	case "ming", "wei":
		return !s.has(at, "位数")
	case "kou":
		return true
	case "ren", "tou":
		return true
	case "qi":
		return !(n.Style == numeral.Han && n.Value.Equal(one))
	case "nian":
		return !n.Positional && !(n.Digits == 4 && n.Scale == 0 && n.Form == numeral.Exact && n.Value.LessThan(numeral.New(3000, 0)) && n.Value.GreaterThan(numeral.New(1000, 0))) && !s.before(n.Start, "第")
	case "yan":
		return s.near(n.Start, end, "井", "泉", "窑", "窖") || n.Digits > 0 && !n.Value.IsInteger() || n.Scale > 0
	case "zai":
		return small && n.Value.GreaterThan(one)
	case "ri":
		if n.Digits > 2 || n.Value.GreaterThan(numeral.New(31, 0)) || n.Form != numeral.Exact {
			return true
		}
		return s.has(end, "内", "之内", "以内", "以上", "连", "之久", "无") || s.before(n.Start, "连续", "历时", "为期", "逾期", "超过", "提前", "不超过")
	case "ordinal":
		return s.has(end, "连续") || s.before(n.Start, "连续", "近") || strings.HasPrefix(s.text[n.Start:n.End], "两")
	case "tong":
		return s.near(n.Start, end, "原油", "石油", "油")
	case "zhao":
		return s.near(n.Start, end, "带宽", "宽带", "网络", "内存", "光纤", "流量", "网速")
	case "du":
		return s.degrees(n, end) != ""
	case "fang":
		return n.Scale > 0 || (n.Digits > 0 || n.Value.GreaterThanOrEqual(ten) || n.Low.GreaterThanOrEqual(ten) || s.ends(end) && s.before(n.Start, "水", "土", "石", "料", "沙")) && s.near(n.Start, end, "土石", "土方", "水", "气", "砂", "石", "混凝土", "料", "库容", "煤", "渣", "木材", "淤", "窖", "垃圾")
	case "ci": // 7501次列车
		return n.Scale > 0 || n.Digits < 2 || !s.behind(end, trainsBehind)
	case "compute":
		return n.Scale > 0 && n.Digits > 0 || s.has(end, "级") || s.near(n.Start, end, "算", "FLOPS", "计算")
	}
	return s.spokenUnit(u, n, end)
}

// near reports whether one of the words stands within the clause around a number.
func (s *scan) near(from, to int, words ...string) bool {
	a := max(s.start, from-60)
	b := min(s.end, to+30)
	for _, w := range words {
		if strings.Contains(s.text[a:b], w) {
			return true
		}
	}
	return false
}

// degrees says what 度 behind n means: energy, temperature, or "" where it is
// no unit (coordinates, degrees of an angle).
func (s *scan) degrees(n *numeral.Number, end int) string {
	switch {
	case s.before(n.Start, "东经", "北纬", "西经", "南纬", "纬度", "经度", "倾角", "坡度", "角度", "旋转", "转体", "转"):
		return ""
	case s.has(end, "电"), s.near(n.Start, end, "电", "用能", "光伏", "风机", "储能"):
		if !s.near(n.Start, end, "气温", "温度", "温差") || s.has(end, "电") {
			return "energy"
		}
		return "temperature"
	case s.near(n.Start, end, "气温", "温度", "温差", "体温", "高烧", "发烧", "零下", "室温", "水温", "地温", "高温", "低温", "升温", "降温", "寒", "汗", "棚里", "热得", "烫", "冻"):
		return "temperature"
	case n.Scale >= 4:
		return "energy"
	}
	return ""
}

// measure reads what stands behind the number of it: range, unit, half, chains,
// class. It sets value, low and high.
func (s *scan) measure(it *item, currency bool) {
	n := &it.num
	if currency {
		u := s.currency(it.core.Start)
		it.setUnit(u, n.End)
		it.bare = false
		s.setValue(it, n)
		it.core.End = n.End
		if v, end := s.longest(s.k.unitTrie, n.End, s.end); v >= 0 && s.k.units[v].word == "元" {
			it.core.End = end
		}
		return
	}
	if n.Percent() {
		s.percent(it)
		return
	}
	if n.Fraction() || n.Half && s.text[n.Start:n.End] == "一半" {
		s.fraction(it)
		return
	}
	if s.ratio(it) || s.fortnight(it) || s.rangeOf(it) || s.doublings(it) || s.pieces(it) || s.parted(it, "分", "钟", "min") {
		return
	}
	u, end := s.unitAt(n.End, n)
	if u == nil && s.minutes(n) {
		u, end = s.k.byCode["min"], n.End+len("分")
	}
	if u == nil {
		if n.Half {
			s.halfOf(it)
			return
		}
		if s.tenths(it) {
			return
		}
		s.setValue(it, n)
		s.classOf(it, n.End)
		if it.bare {
			s.counted(it)
		}
		if it.bare {
			s.spoken(it)
		}
		return
	}
	if n.Half && !halves(u) {
		s.setValue(it, n)
		return
	}
	end = s.secondUnit(u, end)
	s.setUnit(it, u, end)
	s.chain(it, &end)
	s.slash(it, &end)
	s.setValue(it, n)
	it.core.End = end
	s.classOf(it, end)
}

// tenths reads 七分地: so many tenths of a mu.
func (s *scan) tenths(it *item) bool {
	n := &it.num
	if !s.has(n.End, "分地", "分多地", "分田", "分水浇地", "分自留地") || n.Form != numeral.Exact || n.Style == numeral.Arabic || !n.Value.LessThan(ten) || !n.Value.GreaterThan(one) || s.clauseStart(n.Start) == n.Start {
		return false
	}
	n.Value = n.Value.Shift(-1)
	it.setUnit(s.k.byCode["[mu_cn]"], n.End+len("分"))
	it.rule = "unit.tenth"
	s.setValue(it, n)
	return true
}

// secondUnit moves end over a second classifier in parentheses: 件（套）.
func (s *scan) secondUnit(u *unit, end int) int {
	if u.dim != "count" || !s.has(end, "（", "(") {
		return end
	}
	_, w := s.next(end)
	v, e := s.longest(s.k.unitTrie, end+w, s.end)
	if v < 0 || s.k.units[v].dim != "count" || !s.has(e, "）", ")") {
		return end
	}
	_, w = s.next(e)
	return e + w
}

// minutes reports whether 分 behind n is a minute: a second follows, 2分10秒.
func (s *scan) minutes(n *numeral.Number) bool {
	if !s.has(n.End, "分") || n.Form != numeral.Exact || !n.Value.IsInteger() {
		return false
	}
	m, ok := numeral.Scan(s.text[:s.end], n.End+len("分"))
	return ok && m.Start == n.End+len("分") && s.has(m.End, "秒")
}

func (s *scan) currency(p int) *unit {
	for _, c := range currencySigns {
		if strings.HasPrefix(s.text[p:s.end], c.sign) {
			return s.k.byCode[c.code]
		}
	}
	return s.k.byCode["CNY"]
}

func (it *item) setUnit(u *unit, end int) {
	it.unit, it.code, it.kind, it.bare, it.rule = u, u.code, dimensions[u.dim], false, "unit"
	it.core.End = end
}

func (s *scan) setUnit(it *item, u *unit, end int) {
	if u.guard == "du" {
		u = s.degreeUnit(u, &it.num, end)
	}
	if u.guard == "zhe" && !it.num.Value.LessThan(ten) { // 八五折 is 85 %
		u = s.k.byCode["%"]
	}
	it.setUnit(u, end)
	if u.dim == "temperature" && u.word == "度" {
		it.inferred = true
	}
}

func (s *scan) degreeUnit(u *unit, n *numeral.Number, end int) *unit {
	if s.degrees(n, end) == "temperature" {
		return s.k.byCode["Cel"]
	}
	return u
}

// setValue takes value and interval from the number.
func (s *scan) setValue(it *item, n *numeral.Number) {
	it.value, it.low, it.high = it.scaled(n.Value), numeral.NullDecimal{}, numeral.NullDecimal{}
	switch n.Form {
	case numeral.Exact:
	case numeral.About:
		it.form = pipeline.About
	case numeral.Plus:
		it.form = pipeline.Plus
		it.interval(n.Low, n.High)
	case numeral.Between:
		it.form = pipeline.Range
		it.interval(n.Low, n.High)
	case numeral.Vague:
		it.form = pipeline.Vague
		it.interval(n.Low, n.High)
	case numeral.AtLeast:
		it.form = pipeline.Vague
		it.low = numeral.Some(it.scaled(n.Low))
	}
	if n.MarkEnd > n.MarkStart {
		sense := "plus"
		if n.Form == numeral.About {
			sense = "about"
		}
		it.marks = append(it.marks, pipeline.Mark{Span: pipeline.Span{Start: n.MarkStart, End: n.MarkEnd}, Sense: sense})
	}
}

func (it *item) scaled(v numeral.Decimal) numeral.Decimal {
	if it.unit == nil || it.unit.one {
		return v
	}
	return v.Mul(it.unit.times)
}

func (it *item) interval(low, high numeral.Decimal) {
	it.low, it.high = numeral.Some(it.scaled(low)), numeral.Some(it.scaled(high))
}

// percent finishes 百分之N and 千分之N, and their ranges.
func (s *scan) percent(it *item) {
	n := &it.num
	code := "%"
	if n.Denominator.Equal(numeral.New(1000, 0)) {
		code = "[ppth]"
	}
	it.setUnit(s.k.byCode[code], n.End)
	it.rule = "percent.words"
	s.setValue(it, n)
	if n.Denominator.Equal(numeral.New(10000, 0)) {
		it.value = it.value.Shift(-2)
		it.low, it.high = shift(it.low, -2), shift(it.high, -2)
	}
	for _, c := range connectors {
		if !s.has(n.End, c) {
			continue
		}
		m, ok := numeral.Scan(s.text[:s.end], n.End+len(c))
		if !ok || m.Form != numeral.Exact || n.Form != numeral.Exact || !m.Value.GreaterThan(n.Value) || m.Fraction() && !m.Denominator.Equal(n.Denominator) {
			continue
		}
		if u, _ := s.unitAt(m.End, &m); u != nil {
			continue
		}
		it.isRange, it.form = true, pipeline.Range
		it.interval(n.Value, m.Value)
		it.core.End = m.End
		return
	}
}

func shift(v numeral.NullDecimal, by int32) numeral.NullDecimal {
	if v.Valid {
		v.Decimal = v.Decimal.Shift(by)
	}
	return v
}

// fraction finishes 三分之一, 1/5 and 一半.
func (s *scan) fraction(it *item) {
	n := &it.num
	it.kind, it.bare, it.rule = pipeline.Ratio, false, "fraction"
	s.setValue(it, n)
	it.core.End = n.End
	if n.Digits > 0 && n.Fraction() && !s.before(n.Start, "约", "占", "的", "近", "超", "超过", "为", "到", "达", "不足", "减少", "减", "了", "仅", "有", "成") { // 1/5
		it.kind, it.bare, it.rule = "", true, "bare"
	}
}

// halves reports whether 半 makes sense before the unit.
func halves(u *unit) bool {
	switch u.dim {
	case "time", "calendar_time", "mass", "length", "area", "volume":
		return u.word != "里"
	}
	return false
}

// halfOf reads 半数, 半个月, and the 半 of 过半.
func (s *scan) halfOf(it *item) {
	n := &it.num
	s.setValue(it, n)
	switch {
	case s.has(n.End, "数") && !s.has(n.End, "数据"):
		it.kind, it.bare, it.rule = pipeline.Ratio, false, "fraction"
		it.core.End = n.End + len("数")
	case s.has(n.End, "个"):
		if u, end := s.unitAt(n.End+len("个"), n); u != nil && halves(u) {
			s.setUnit(it, u, end)
			s.setValue(it, n)
		}
	case s.before(n.Start, "过") && !s.before(n.Start, "不过", "超过", "通过") && !s.has(n.End, "年", "天", "个"):
		it.kind, it.bare, it.rule = pipeline.Ratio, false, "fraction"
	}
}

// parted reads a mark or 半 between the parts of a unit, or between a classifier
// and a unit: 个多月, 个半小时, 两分半钟, 三分来钟. The unit has the word tail, and the code
// where the table does not tell.
func (s *scan) parted(it *item, head, tail, code string) bool {
	n := &it.num
	if !s.has(n.End, head) || n.Form != numeral.Exact && n.Form != numeral.Between {
		return false
	}
	p := n.End + len(head)
	for _, w := range [...]string{"多", "来", "半", "余", "整"} {
		if !s.has(p, w) {
			continue
		}
		u, end := s.unitAt(p+len(w), n)
		if u == nil || u.dim != "time" && u.dim != "calendar_time" && u.dim != "ratio_diff" {
			if !s.has(p+len(w), tail) || s.has(p+len(w), "月份") {
				return false
			}
			u, end = s.k.byCode[code], p+len(w)+len(tail)
		}
		s.setUnit(it, u, end)
		it.rule = "unit.pieces"
		s.setValue(it, n)
		mark := pipeline.Mark{Span: pipeline.Span{Start: p, End: p + len(w)}, Sense: "plus"}
		switch w {
		case "半":
			it.value = it.scaled(n.Value.Add(half))
			return true
		case "多", "余":
			it.form = pipeline.Plus
			it.interval(n.Value, n.Value.Add(n.Value.Step()))
		case "来":
			it.form, mark.Sense = pipeline.About, "about"
		case "整":
			return true
		}
		it.marks = append(it.marks, mark)
		return true
	}
	return false
}

// pieces reads 个多月, 个半小时, 个来月 and 3个月.
func (s *scan) pieces(it *item) bool {
	n := &it.num
	if s.parted(it, "个", "月", "mo") {
		return true
	}
	if !s.has(n.End, "个") || n.Form != numeral.Exact && n.Form != numeral.Between {
		return false
	}
	p := n.End + len("个")
	if s.has(p, "月") && !s.has(p, "月份") { // 3个月
		s.setUnit(it, s.k.byCode["mo"], p+len("月"))
		s.setValue(it, n)
		return true
	}
	return false
}

// chain reads what goes on behind a unit: 七亩半, 八块五, 五角一分, 2小时11分07秒.
func (s *scan) chain(it *item, end *int) {
	n, u := &it.num, it.unit
	if n.Form != numeral.Exact {
		return
	}
	if s.has(*end, "半") && !s.has(*end, "半导体", "半自动", "半成品", "半程", "半数", "半封闭", "半载", "半固", "半挂", "半价", "半干") && u.dim != "count" && !n.Half && n.Value.IsInteger() {
		it.num.Value = n.Value.Add(half)
		*end += len("半")
		it.rule = "unit.half"
		return
	}
	switch {
	case u.code == "CNY" && u.dim == "money" && (u.word == "块" || u.word == "元" || u.word == "角" || u.word == "毛"):
		s.moneyChain(it, end)
	case u.dim == "time" || u.dim == "calendar_time":
		if night := s.text[n.Start:n.End] + "夜"; u.word == "天" && s.has(*end, night) { // 三天三夜
			*end += len(night)
			return
		}
		if s.alternatives(it, end) {
			return
		}
		s.timeChain(it, end)
		if it.unit.code == "s" {
			s.decimals(it, end, 2)
		}
	case u.code == "m" && u.word == "米":
		s.decimals(it, end, 1)
	case u.word == "成":
		if m, ok := s.oneDigit(*end); ok {
			it.num.Value = it.num.Value.Add(m.Value.Shift(-1))
			*end = m.End
			it.rule = "unit.chain"
		}
	case u.code == "[mu_cn]":
		s.subUnit(it, end, "分")
	case u.code == "[jin_cn]":
		s.subUnit(it, end, "两")
	}
}

// decimals reads the digits behind a unit as its decimals: 10秒66, 一米六八. At
// least min of them have to be there, and at most two.
func (s *scan) decimals(it *item, end *int, min int) {
	v, n, p := int64(0), 0, *end
	for n < 3 {
		r, w := s.next(p)
		if it.num.Digits > 0 && !isDigit(r) || it.num.Digits == 0 && !hanDigits.has(r) || r == 0 {
			break
		}
		d, ok := numeral.Scan(s.text[p:p+w], 0)
		if !ok {
			break
		}
		v, n, p = v*10+d.Value.IntPart(), n+1, p+w
	}
	if n < min || n > 2 || !it.num.Value.IsInteger() {
		return
	}
	if m, ok := numeral.Scan(s.text[:s.end], *end); ok && m.End > p { // 三米一百
		return
	}
	if u, _ := s.unitAt(p, &numeral.Number{Start: *end, End: p}); u != nil {
		return
	}
	it.num.Value = it.num.Value.Add(numeral.New(v, int32(-n)))
	*end = p
	it.rule = "unit.decimals"
}

// subUnit reads a tenth: 六亩八分, 三斤二两.
func (s *scan) subUnit(it *item, end *int, word string) {
	m, ok := numeral.Scan(s.text[:s.end], *end)
	if !ok || m.Form != numeral.Exact || !m.Value.LessThan(ten) || m.Start != *end || !s.has(m.End, word) || s.has(m.End, "分之", "分别", "分布", "分期", "分钟") {
		return
	}
	it.num.Value = it.num.Value.Add(m.Value.Shift(-1))
	*end = m.End + len(word)
	it.rule = "unit.chain"
}

func (s *scan) moneyChain(it *item, end *int) {
	place := int32(-1)
	if it.unit.word == "角" || it.unit.word == "毛" {
		place = -2
	}
	total := it.scaled(it.num.Value)
	if m, ok := s.digitPair(*end); ok && place == -1 && it.unit.word == "块" && it.num.Form == numeral.Exact {
		base := total
		*end = m.End
		it.rule, it.isRange = "unit.chain", true
		s.finishMoney(it, base)
		it.num.Form, it.num.Low, it.num.High = numeral.Between, base.Add(m.Low.Shift(-1)), base.Add(m.High.Shift(-1))
		return
	}
	for place >= -2 {
		m, ok := s.oneDigit(*end)
		if !ok {
			break
		}
		words := [...]string{"角", "毛"}
		if place == -2 {
			words = [...]string{"分", "分"}
		}
		next := m.End
		switch {
		case s.has(m.End, words[0]):
			next += len(words[0])
		case s.has(m.End, words[1]):
			next += len(words[1])
		case it.unit.word == "元" || m.Value.IsZero():
			return
		default:
			if u, _ := s.unitAt(m.End, &m); u != nil { // 五块一斤
				s.finishMoney(it, total)
				return
			}
		}
		total = total.Add(m.Value.Shift(place))
		*end = next
		it.rule = "unit.chain"
		place--
		if next == m.End {
			break
		}
	}
	if s.has(*end, "钱") {
		*end += len("钱")
	}
	s.finishMoney(it, total)
}

// oneDigit reads the digit at p when it stands alone, or when 一 and a unit
// follow it: 四块二一斤.
func (s *scan) oneDigit(p int) (numeral.Number, bool) {
	r, w := s.next(p)
	if r == 0 || !isDigit(r) && !hanOneToNine.has(r) {
		return numeral.Number{}, false
	}
	m, ok := numeral.Scan(s.text[p:p+w], 0)
	if !ok {
		return m, false
	}
	m.Start, m.End = p, p+w
	next, nw := s.next(p + w)
	if isDigit(next) || numberGoesOn.has(next) && next != 0 {
		return m, false
	}
	if hanTwoToNine.has(next) && next != 0 {
		return m, false
	}
	if next == '一' {
		u, _ := s.unitAt(p+w+nw, &m)
		return m, u != nil
	}
	return m, true
}

// digitPair reads the two digits behind 块 that leave the jiao open: 一块三四.
func (s *scan) digitPair(p int) (numeral.Number, bool) {
	m, ok := numeral.Scan(s.text[:s.end], p)
	if !ok || m.Start != p || m.Form != numeral.Between || m.Style != numeral.Han || !m.High.LessThan(ten) || !m.Low.IsPositive() {
		return m, false
	}
	u, _ := s.unitAt(m.End, &m)
	return m, u == nil
}

func (s *scan) finishMoney(it *item, total numeral.Decimal) {
	it.unit = s.k.byCode["CNY"]
	it.num.Value = total
}

// timeChain reads 2小时11分07秒 and 一年零三个月 as one duration in the smallest unit.
func (s *scan) timeChain(it *item, end *int) {
	for links := 0; links < 3 && s.timeLink(it, end); links++ {
	}
}

// timeLink adds the next part of a duration to it.
func (s *scan) timeLink(it *item, end *int) bool {
	p := *end
	if s.has(p, "零", "又") {
		if m, ok := numeral.Scan(s.text[:s.end], p+len("零")); ok && m.Start == p+len("零") {
			p += len("零")
		}
	}
	m, ok := numeral.Scan(s.text[:s.end], p)
	if !ok || m.Form != numeral.Exact || m.Start != p || m.Half {
		return false
	}
	u, next := s.unitAt(m.End, &m)
	if s.has(m.End, "分") && !s.has(m.End, "分钟", "分之", "分别") && it.unit.code == "h" {
		u, next = s.k.byCode["min"], m.End+len("分")
	}
	if s.has(m.End, "个月") {
		u, next = s.k.byCode["mo"], m.End+len("个月")
	}
	if u == nil || u.dim != it.unit.dim || !u.factor.LessThan(it.unit.factor) {
		return false
	}
	per := it.unit.factor.DivRound(u.factor, 12)
	if !m.Value.LessThan(per) { // 一天24小时
		return false
	}
	it.num.Value = it.scaled(it.num.Value).Mul(per).Add(m.Value)
	it.setUnit(u, next)
	it.rule = "unit.chain"
	*end = next
	return true
}

// slash reads what the unit is per: 元/吨, 立方米／秒, 微克/立方米.
func (s *scan) slash(it *item, end *int) {
	if !s.slashed(*end) {
		return
	}
	for _, w := range [...]string{"/", "／", "每"} {
		p := s.skipBreaks(*end)
		if !s.has(p, w) {
			continue
		}
		v, e := s.longestLoose(s.k.unitTrie, p+len(w), s.end)
		if v < 0 {
			continue
		}
		u := &s.k.units[v]
		if w == "每" && u.dim == "count" {
			continue
		}
		if strings.Contains(u.code, "/") {
			continue
		}
		it.code = it.unit.code + "/" + u.code
		if row, ok := s.k.byCode[it.code]; ok {
			it.unit = row
		} else {
			it.unit = &unit{word: s.text[it.core.Start:e], code: it.code, times: it.unit.times, one: it.unit.one, dim: it.unit.dim, factor: one, base: it.code}
		}
		it.kind = dimensions[it.unit.dim]
		it.rule = "unit.per"
		*end = e
		return
	}
}

// slashed reports whether /, ／ or 每 stands at p, line ends apart.
func (s *scan) slashed(p int) bool {
	p = s.skipBreaks(p)
	return p < s.end && s.is(p, slashes)
}

// doublings reads 翻一番, 翻了两番.
func (s *scan) doublings(it *item) bool {
	n := &it.num
	u, end := s.unitAt(n.End, n)
	if u == nil || u.code != "{doubling}" || n.Form != numeral.Exact {
		return false
	}
	for _, w := range [...]string{"翻了近", "翻了约", "翻近", "翻了", "翻"} {
		if s.before(n.Start, w) {
			it.setUnit(u, end)
			s.setValue(it, n)
			if w == "翻" || w == "翻了" {
				it.core.Start = n.Start - len(w)
			}
			it.doubling, it.rule = true, "growth.doubling"
			return true
		}
	}
	return false
}

// classOf turns a round number with 级 behind it into an order of magnitude.
func (s *scan) classOf(it *item, end int) {
	n := &it.num
	if !s.has(end, "级") || n.Form != numeral.Exact || s.has(end, "级别") {
		return
	}
	round := n.Bare || n.Scale > 0
	switch {
	case it.unit != nil && it.unit.dim != "count" && it.unit.dim != "calendar_time" && it.unit.dim != "time" && (round || n.Digits > 0) && it.unit.dim != "voltage":
	case it.unit != nil && it.unit.dim == "count" && round && n.Bare:
	case it.unit == nil && (n.Bare || n.Scale >= 8 && n.Style == numeral.Han) && n.Value.GreaterThanOrEqual(numeral.New(1, 4)):
		it.bare, it.rule = false, "class"
		if n.Value.GreaterThanOrEqual(numeral.New(1, 8)) && !s.countsOf(end+len("级")) {
			it.unit, it.code, it.kind, it.inferred = s.k.byCode["CNY"], "CNY", pipeline.Money, true
		} else {
			it.kind = pipeline.Count
		}
	default:
		return
	}
	it.form, it.rule = pipeline.Class, "class"
	it.core.End = end + len("级")
}

// countsOf reports whether what follows 级 is counted, not worth money.
func (s *scan) countsOf(p int) bool {
	return s.has(p, "参数", "的参数", "用户", "流量", "播放", "曝光", "人口", "数据", "条", "访问", "浏览", "阅读", "点击", "像素", "token", "Token", "粉丝", "样本", "人次", "消费者", "受众")
}

// counted reads a noun that is its own unit (17市州) and people behind a bare number.
func (s *scan) counted(it *item) {
	n := &it.num
	if n.Fraction() || n.Half || n.Positional || n.Value.Equal(one) && n.Style == numeral.Han && !s.afterSibling(it) {
		return
	}
	if v, end := s.longestLoose(s.k.nouns, n.End, s.end); v >= 0 && s.nounEnds(end) && n.Scale == 0 {
		word := strings.Map(dropBreak, s.text[n.End:end])
		code := "{" + word + "}"
		it.unit = &unit{word: word, code: code, times: one, one: true, dim: "count", factor: one, base: code}
		it.code, it.kind, it.bare, it.rule = code, pipeline.Count, false, "noun.counted"
		it.core.End = end
		s.setValue(it, n)
		return
	}
	if n.Value.LessThan(numeral.New(100, 0)) && n.Form == numeral.Exact {
		return
	}
	if n.Digits > 0 && n.Scale == 0 && n.Form == numeral.Exact {
		return
	}
	end := s.nounPhrase(n.End, 24)
	if end == n.End && n.Scale > 0 {
		end = s.peopleAt(n.End)
	}
	if end == n.End {
		return
	}
	v, _ := s.longestBefore(s.k.persons, n.End, end)
	if m, q := s.longestBefore(s.k.metricB, n.End, end); v < 0 && m >= 0 && q > n.End { // 8万农户增收
		end = q
		v, _ = s.longestBefore(s.k.persons, n.End, end)
	}
	if v < 0 && n.Scale > 0 && n.Digits > 0 {
		v, end = s.peopleIn(n.End, end)
	}
	if v >= 0 {
		code := "{person}"
		if strings.HasSuffix(s.text[n.End:end], "户") {
			code = "{household}"
		}
		it.unit, it.code, it.kind, it.bare, it.rule = s.k.byCode[code], code, pipeline.Count, false, "noun.people"
		s.setValue(it, n)
	}
}

// peopleIn returns the word of people that ends a word of the noun phrase
// [p, end), and its end: 农村人口 in 1108万农村人口饮水安全; -1 when there is none.
func (s *scan) peopleIn(p, end int) (value, to int) {
	for e := p; e < end; {
		_, w := s.next(e)
		e += w
		if v, q := s.longestBefore(s.k.persons, p, e); v >= 0 && e-q > len("人") && s.isWord(q, e) {
			return v, e
		}
	}
	return -1, end
}

// peopleAt returns the end of a word of people of at most four characters at p,
// p when there is none: 跑友.
func (s *scan) peopleAt(p int) int {
	e := p
	for range 4 {
		r, w := s.next(e)
		if r == 0 || isClauseEnd(r) || r == '的' {
			break
		}
		e += w
		if v, q := s.longestBefore(s.k.persons, p, e); v >= 0 && q == p {
			return e
		}
	}
	return p
}

func dropBreak(r rune) rune {
	if r == '\n' || r == '\r' {
		return -1
	}
	return r
}

// afterSibling reports whether a counted noun stands directly before it: 三省一市.
func (s *scan) afterSibling(it *item) bool {
	if len(s.items) == 0 {
		return false
	}
	last := &s.items[len(s.items)-1]
	return last.rule == "noun.counted" && last.core.End == it.num.Start
}

// nounEnds reports whether a counted noun ends at p and is not the beginning of a longer word.
func (s *scan) nounEnds(p int) bool {
	return !s.behind(p, longerBehind)
}
