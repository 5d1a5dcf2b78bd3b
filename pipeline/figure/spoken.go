package figure

import (
	"longmai/pipeline"
	"longmai/pipeline/numeral"
)

// What people say leaves out the unit (一斤卖一块四, 我爹八十四, 月租三百五) and
// counts with what is at hand (两锅, 三麻袋, 一里半山路). The rules for it stand here.

var (
	twenty    = numeral.New(20, 0)
	halfMonth = numeral.New(15, 0)
	oldest    = numeral.New(110, 0) // no age is higher
)

// The bytes around a sum in which it is said to be money.
const (
	talkBefore = 240
	talkBehind = 90
)

// spokenUnit holds the guards of units that count in speech.
func (s *scan) spokenUnit(u *unit, n *numeral.Number, end int) bool {
	few := n.Style == numeral.Han && n.Scale == 0 && n.Value.LessThan(twenty)
	switch u.guard {
	case "bu": // 八千步, 百步 in words
		return !few && !n.Bare
	case "gu": // 4000万股, 一股力量
		return n.Digits > 0 || n.Scale > 0
	case "zi":
		return n.Scale > 0 || !few && !n.Bare
	case "shui": // 浇三水
		return few && s.ahead(n.Start, watersAhead)
	case "yang": // 四样东西; 新三样 is a name
		return !s.before(n.Start, "新", "老", "这", "那")
	case "hao":
		return !few && s.behind(end, peopleBehind)
	}
	return u.follows == 0 || !n.Bare && s.behind(end, u.follows) // 千亿级台阶 is no flight of steps
}

// irrigates reports whether the word that ends at p is a number of irrigations
// and no name: 浇了三水.
func (s *scan) irrigates(it *item, p int) bool {
	return it.unit != nil && it.unit.guard == "shui" && p <= it.core.End
}

// mouths returns the unit of 口 behind n: people, or what has a mouth (两口锅, 网箱48口).
func (s *scan) mouths(n *numeral.Number, end int) *unit {
	if s.behind(end, vesselsBehind) || !s.has(end, "人", "之家", "子") && s.near(n.Start, end, "井", "网箱", "水窖", "鱼塘", "砖窑") {
		return s.k.byCode["{unit}"]
	}
	return s.k.byCode["{person}"]
}

// miles reports whether 里 behind n is a length: 三里路, 两里多长, 上百里.
func (s *scan) miles(n *numeral.Number, end int) bool {
	switch {
	case n.Bare && n.Form == numeral.Exact:
		return false
	case s.behind(end, milesBehind), n.Form != numeral.Exact:
		return true
	}
	return n.Scale == 0 && s.ahead(n.Start, waysAhead)
}

// yuan reports whether 块 behind n is money and not a piece.
func (s *scan) yuan(n *numeral.Number, end int) bool {
	if _, ok := s.oneDigit(end); ok {
		return true
	}
	if _, ok := s.digitPair(end); ok {
		return true
	}
	if s.has(end, "钱", "半", "多钱") || s.behind(end, sumsBehind) {
		return true
	}
	r, _ := s.next(end)
	stops := s.ends(end) || r == '一' || r == '每' || r == '/' || r == ')' || r == '）' || s.has(end, "左右", "以上", "以下", "不等", "上下", "多", "出头", "了", "呢", "吧", "哩")
	switch {
	case !stops && !s.behind(end, sellsBehind):
		return s.behind(end, movesBehind) && s.near(n.Start, end, moneyTalk...)
	case s.near(n.Start, end, moneyTalk...), s.ahead(n.Start, earnsAhead|spokenAhead|raisesAhead|coinsAhead):
		return true
	}
	return !s.pieceBefore(n.Start) && (n.Value.GreaterThanOrEqual(ten) && n.Scale < 8 || s.eachBefore(n.Start))
}

// coins reports whether 角, 毛 or 分 behind n is money: 卖八毛五, 从四毛涨到五毛, 一个鸡蛋五分.
func (s *scan) coins(u *unit, n *numeral.Number, end int) bool {
	if u.word == "分" {
		switch {
		case !n.Value.LessThan(ten) || !s.ends(end):
			return false
		case containsAny(s.clauseText(n.Start), "一", "每") && s.near(n.Start, end, "毛", "分钱", "块钱"):
			return true
		}
		return s.ahead(n.Start, coinsAhead) && s.near(n.Start, end, "价", "元", "钱", "斤", "度") // 每斤涨了5分
	}
	if m, ok := s.oneDigit(end); ok {
		return s.ends(m.End) || s.near(n.Start, end, "价", "钱", "卖", "元", "涨", "降", "每", "电", "水", "块", "斤", "便宜", "贵")
	}
	return s.has(end, "收", "一", "不等") && s.near(n.Start, end, "价", "卖", "收购", "斤", "按", "每") || s.behind(end, movesBehind) ||
		s.has(end, "降", "涨", "跌") && s.near(n.Start, end, "价", "卖", "收购", "斤", "按", "每") ||
		s.has(end, "钱", "，", "。", "、", "；", "多", "左右", ",", "”", "以上", "以内") || end == s.end
}

// moneyTalk are words that are said of money, and of 块 near them.
var moneyTalk = []string{"价", "钱", "卖", "元", "收入", "挣", "花", "赚", "每斤", "一斤", "公斤", "费", "票", "工资", "便宜", "贵", "买", "涨", "付", "借", "掏", "补", "欠", "要十", "要几", "只要"}

// piece reports whether 块 behind n, which is no money, counts pieces: 两块干馍,
// 水表3.9万块.
func (s *scan) piece(n *numeral.Number, end int) bool {
	if n.Value.Equal(one) && n.Style == numeral.Han {
		return false
	}
	if s.ends(end) {
		return s.pieceBefore(n.Start)
	}
	return s.behind(end, piecesBehind) || (n.Digits > 0 || n.Value.GreaterThan(ten)) && s.nounAt(end) && !s.behind(end, sumsBehind) // 两块牌子一套人马 says little of boards
}

// pieceBefore reports whether what stands before a number of 块 is a thing that
// comes in pieces, or what it is cut into.
func (s *scan) pieceBefore(p int) bool {
	r, _ := s.prev(p)
	return r != 0 && pieceEnds.has(r) || s.before(p, "能力")
}

// nounAt reports whether the dictionary has a noun that begins at p.
func (s *scan) nounAt(p int) bool {
	t := s.tokens.on(p)
	if t < 0 || s.tokens.spans[t].Start != p {
		return false
	}
	pos := s.d.Tokens[t].POS
	return pos != "" && pos[0] == 'n'
}

// eachBefore reports whether 一 and a unit stand before p, maybe with what is
// counted, which a price follows: 上塔一趟三百块, 割一亩二十五块, 一根檩子六十.
func (s *scan) eachBefore(p int) bool {
	for w, q := 0, p; w < 6; w++ {
		r, width := s.prev(q)
		if r == 0 || isClauseEnd(r) || isDigit(r) {
			return false
		}
		if r == '一' && w > 0 {
			if s.has(q, "晚", "夜", "季", "冬", "月", "早上", "晚上", "上午") && p-q <= len("晚上") {
				return true
			}
			m := numeral.Number{Start: q - width, End: q, Style: numeral.Han, Value: one, Low: one, High: one}
			u, end := s.unitAt(q, &m)
			return u != nil && (end == p || end < p && s.nounFrom(end, p))
		}
		q -= width
	}
	return false
}

// nounFrom reports whether [p, end) is a noun of the dictionary, or what ends like one.
func (s *scan) nounFrom(p, end int) bool {
	t := s.tokens.on(max(end-1, 0))
	if t < 0 || s.tokens.spans[t].End != end || end-p > len("机子光伏") {
		return false
	}
	pos := s.d.Tokens[t].POS
	return pos != "" && pos[0] == 'n'
}

// talksOfMoney reports whether the words around [from, to) speak of money.
func (s *scan) talksOfMoney(from, to int) bool {
	a, b := max(s.start, from-talkBefore), min(s.end, to+talkBehind)
	return containsAny(s.text[a:b], "元", "钱", "块", "毛", "工资", "薪", "收入", "贷", "花", "赚", "挣", "卖", "价", "租", "费", "本金", "利息", "报销", "账", "个月", "扣掉", "除去", "刨去", "刨掉",
		"补贴", "补助", "彩礼", "罚", "欠", "赔", "折", "攒", "退休金", "押金", "奖金", "净落", "流水", "掏", "借", "垫", "分红", "低保", "回本")
}

// inSpeech reports whether p stands in a quotation of the block.
func (s *scan) inSpeech(p int) bool {
	t := s.text[max(s.start, p-4*talkBefore):p]
	return lastIndex(t, "“") > lastIndex(t, "”")
}

// spoken gives the number of it, which has no unit, the one that speech leaves out.
func (s *scan) spoken(it *item) {
	if it.num.Style != numeral.Han || it.num.Positional || it.num.Zero {
		return
	}
	_ = s.spokenAge(it) || s.spokenYield(it) || s.spokenMoney(it) || s.raisedPrice(it)
}

// sumEnds reports whether a sum ends at p: with words that make it inexact, its
// clause ends there, or what is done with it follows.
func (s *scan) sumEnds(p int) bool {
	for _, w := range [...]string{"出头", "上下", "左右", "多", "以上", "往上", "打底", "不等"} {
		if s.has(p, w) {
			p += len(w)
			break
		}
	}
	return s.ends(p) || s.has(p, "了，", "了。", "呢", "吧", "哩") || s.behind(p, sellsBehind)
}

// lowest is the least that n may be.
func lowest(n *numeral.Number) numeral.Decimal {
	if n.Form != numeral.Exact {
		return n.Low
	}
	return n.Value
}

// spokenMoney reads an amount that ends its clause without a unit, behind a verb
// of giving or earning, or behind what it is paid for: 国家补了两万, 能落三万五,
// 月租三百五, 分下来一户两千四五, 彩电一千三.
func (s *scan) spokenMoney(it *item) bool {
	n := &it.num
	least := hundred
	if last := len(s.items) - 1; last >= 0 && s.items[last].kind == pipeline.Money && s.items[last].block == s.block_ || s.feeBefore(n.Start) || s.eachBefore(n.Start) {
		least = ten // 拍照另收二十
	}
	from := s.movesFrom(n)
	if lowest(n).LessThan(least) || !from && !s.sumEnds(n.End) && !s.behind(n.End, sumsBehind) || !s.paid(it) {
		return false
	}
	s.leftOut(it, "CNY", "money.spoken")
	return true
}

// movesFrom reports whether n is where a sum comes from: 从三万八降到, 一天八十涨到.
func (s *scan) movesFrom(n *numeral.Number) bool {
	return s.behind(n.End, movesBehind) && (s.before(n.Start, "从", "由") || s.eachBefore(n.Start))
}

// paid reports whether what stands around the number of it makes it a sum of money.
func (s *scan) paid(it *item) bool {
	n := &it.num
	odd := (n.Ellipsis || n.Form == numeral.Between) && lowest(n).GreaterThanOrEqual(hundred) // 两千四五, 三百五: no plain count
	p := s.plainBefore(n.Start)
	switch {
	case s.ahead(n.Start, earnsAhead), s.ahead(p, earnsAhead), s.behind(n.End, sumsBehind) && s.has(n.End, "的"), s.feeBefore(p):
		return true
	case (s.ahead(n.Start, plainAhead) || s.ahead(p, plainAhead)) && !s.eachBefore(p):
		return false
	case !s.talksOfMoney(n.Start, n.End):
		return odd && n.Ellipsis && s.inSpeech(n.Start) && (s.nounBehind(p) || s.eachBefore(p) || s.ahead(n.Start, spokenAhead|raisesAhead) || s.movesFrom(n))
	case s.ahead(n.Start, spokenAhead), s.ahead(p, spokenAhead), s.eachBefore(p) && (odd || s.inSpeech(n.Start)):
		return true
	case odd:
		return s.inSpeech(n.Start) || s.ahead(p, totalsAhead)
	}
	return s.behind(n.End, sellsBehind) && s.clauseStart(n.Start) == n.Start // 一百卖给你
}

// feeBefore reports whether a word for money that is paid ends at p: 月租, 草料钱.
func (s *scan) feeBefore(p int) bool {
	r, _ := s.prev(p)
	return r != 0 && feeEnds.has(r) && s.ahead(p, feesAhead)
}

// nounBehind reports whether a noun of the dictionary ends at p that is no person.
func (s *scan) nounBehind(p int) bool {
	t := s.tokens.on(max(p-1, 0))
	if t < 0 || s.tokens.spans[t].End != p {
		return false
	}
	pos := s.d.Tokens[t].POS
	if v, _ := s.longestBefore(s.k.persons, s.tokens.spans[t].Start, p); v >= 0 {
		return false
	}
	return pos != "" && pos[0] == 'n' && pos != "nr" && pos != "ns"
}

// plainBefore returns the place before the words that may stand between a verb
// and a sum: 报了将近|一千七, 少说也有|两万.
func (s *scan) plainBefore(p int) int {
	for range 3 {
		q := p
		for _, w := range [...]string{"将近", "接近", "差不多", "大概", "大约", "少说", "少说也有", "少说也得", "也就", "足足", "整整", "不到", "不足", "近", "约", "才", "只", "就", "有", "个", "了", "也有", "超过"} {
			if s.before(p, w) && p-len(w) >= s.start {
				q = min(q, p-len(w))
			}
		}
		if q == p {
			break
		}
		p = q
	}
	return p
}

// leftOut gives it the unit that was left out.
func (s *scan) leftOut(it *item, code, rule string) {
	it.setUnit(s.k.byCode[code], it.num.End)
	it.inferred, it.rule = true, rule
	s.setValue(it, &it.num)
}

// spokenYield reads what a mu gives where the talk is of jin: 套种一亩收一千三四.
func (s *scan) spokenYield(it *item) bool {
	n := &it.num
	if lowest(n).LessThan(hundred) || !s.sumEnds(n.End) || !s.ahead(s.plainBefore(n.Start), yieldsAhead) {
		return false
	}
	if clause := s.clauseText(n.Start); !containsAny(clause, "亩", "地") {
		return false
	}
	a := max(s.start, n.Start-talkBefore)
	if !containsAny(s.text[a:min(s.end, n.End+talkBehind)], "斤") && !(n.Ellipsis && s.before(n.Start, "打", "打了", "能打", "产", "产了")) {
		return false
	}
	s.leftOut(it, "[jin_cn]", "yield.spoken")
	return true
}

// raisedPrice reads a price that follows another of its sentence: 前年二十五块，今年给到四十.
func (s *scan) raisedPrice(it *item) bool {
	n := &it.num
	if n.Scale > 0 || lowest(n).LessThan(numeral.New(2, 0)) || !s.sumEnds(n.End) || !s.ahead(n.Start, raisesAhead|whenAhead) {
		return false
	}
	if s.before(n.Start, "卖到", "出到", "给到") && s.eachUnit(n.Start) { // 一斤花椒去年卖到四十八
		s.leftOut(it, "CNY", "money.spoken")
		return true
	}
	if len(s.items) == 0 {
		return false
	}
	last := &s.items[len(s.items)-1]
	if last.kind != pipeline.Money || last.block != s.block_ {
		return false
	}
	a, _ := s.sentenceAt(last.core.Start)
	b, _ := s.sentenceAt(n.Start)
	if a != b {
		return false
	}
	s.leftOut(it, "CNY", "money.spoken")
	return true
}

// eachUnit reports whether the clause before p says what a price is for: 一斤花椒.
func (s *scan) eachUnit(p int) bool {
	return containsAny(s.clauseText(p), "一斤", "每斤", "一公斤", "每公斤", "一只", "一头", "一亩", "每亩", "一张", "一袋", "一箱", "一车", "一个")
}

// spokenAge reads an age without 岁: 我爹八十四, 老汉今年七十三了, 四十出头的汉子.
func (s *scan) spokenAge(it *item) bool {
	n := &it.num
	if n.Scale > 0 || n.Value.GreaterThan(oldest) || n.Value.LessThan(numeral.New(3, 0)) || n.Form != numeral.Exact && n.Form != numeral.Between && n.Form != numeral.Plus {
		return false
	}
	end, old := n.End, false
	for _, w := range [...]string{"出头", "开外", "挂零", "好几", "不到"} {
		if s.has(end, w) {
			end, old = end+len(w), true
			break
		}
	}
	switch {
	case s.has(end, "的") && s.behind(end+len("的"), agedBehind) && (old || n.Value.GreaterThanOrEqual(ten)):
	case s.has(end, "的人了"), s.has(end, "退休") && n.Value.GreaterThan(twenty):
	case s.ends(end) || s.has(end, "了") && s.ends(end+len("了")) || s.has(end, "多了", "啦", "喽", "呢") || old && s.has(end, "就", "便", "才", "那年", "的时候"):
		if !s.ahead(n.Start, agesAhead) && !s.kinBefore(n.Start) {
			return false
		}
	default:
		return false
	}
	s.leftOut(it, "a{age}", "age.spoken")
	return true
}

// kinBefore reports whether the one whose age follows stands before p, adverbs
// and 今年 apart: 我爹|八十四, 老伴今年|七十.
func (s *scan) kinBefore(p int) bool {
	for range 3 {
		q := p
		for _, w := range [...]string{"今年", "都", "已经", "已", "快", "刚", "才", "马上", "虚岁", "都快", "也", "整", "就"} {
			if s.before(p, w) && p-len(w) >= s.start {
				q = min(q, p-len(w))
			}
		}
		if q == p {
			break
		}
		p = q
	}
	if s.ahead(p, kinAhead) {
		return true
	}
	if !s.has(p, "今年") || s.clauseStart(p) == p {
		return false
	}
	r, w := s.prev(p)
	if agedEnds.has(r) {
		return true
	}
	before, _ := s.prev(p - w)
	return before == '老' && surnames.has(r) // 老何今年四十三
}

// fortnight reads 十天半月: between ten days and half a month.
func (s *scan) fortnight(it *item) bool {
	n := &it.num
	if n.Form != numeral.Exact || !n.Value.Equal(ten) {
		return false
	}
	for _, w := range [...]string{"天半个月", "天半月"} {
		if s.has(n.End, w) {
			it.setUnit(s.k.byCode["d"], n.End+len(w))
			it.isRange, it.form, it.rule = true, pipeline.Range, "unit.fortnight"
			it.value, it.low, it.high = ten, numeral.Some(ten), numeral.Some(halfMonth)
			return true
		}
	}
	return false
}

// soleBefore reports whether what stands before p makes 一 count: 仅有的一辆校车,
// 三地各建一处.
func (s *scan) soleBefore(p int) bool {
	if s.before(p, "仅有的", "仅有", "只有", "唯一的") {
		return true
	}
	t := s.text[s.clauseStart(p):p]
	i := lastIndex(t, "各")
	if i < 0 {
		return false
	}
	verb := t[i+len("各"):]
	return len(verb) == len("建") && !containsAny(verb, "占有") || len(verb) == len("建设")
}

// landmark gives 百亿 in 首次突破百亿大关 the unit of the level before it in its sentence.
func (s *scan) landmark(i int) bool {
	it := &s.items[i]
	if !it.num.Bare || !s.has(it.core.End, "大关", "关口") || it.form == pipeline.Point {
		return false
	}
	for j := i - 1; j >= 0 && s.items[j].block == it.block && s.items[j].sent == it.sent; j-- {
		last := &s.items[j]
		switch last.kind {
		case pipeline.Money, pipeline.Quantity, pipeline.Count:
		default:
			continue
		}
		if last.unit == nil || last.value.LessThan(it.num.Value) {
			return false
		}
		it.unit, it.code, it.kind, it.bare, it.inferred, it.rule = last.unit, last.code, last.kind, false, true, "landmark"
		value := it.scaled(it.num.Value)
		it.value, it.low = value, numeral.Some(value)
		return true
	}
	return false
}

// alternatives reads 十天八天 and 三年五载: one or the other.
func (s *scan) alternatives(it *item, end *int) bool {
	m, ok := numeral.Scan(s.text[:s.end], *end)
	if !ok || m.Start != *end || m.Form != numeral.Exact || m.Style != numeral.Han || it.num.Style != numeral.Han || m.Half || m.Value.Equal(it.num.Value) {
		return false
	}
	to := m.End + len(it.unit.word)
	if !s.has(m.End, it.unit.word) {
		if it.unit.word != "年" || !s.has(m.End, "载") {
			return false
		}
		to = m.End + len("载")
	}
	low, high := it.num.Value, m.Value
	if high.LessThan(low) {
		low, high = high, low
	}
	it.num.Form, it.num.Value, it.num.Low, it.num.High = numeral.Between, low, low, high
	it.rule, *end = "unit.alternatives", to
	return true
}
