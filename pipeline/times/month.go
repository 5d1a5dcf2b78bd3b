package times

import (
	"unicode/utf8"

	"longmai/corpus"
)

// month reads months a to b, and what narrows them down, from byte k behind 月 on.
func (p *parser) month(pt point, a, b number, k int) (point, int, bool) {
	if a.value < 1 || b.value > 12 || a.value > 12 || a.digits > 2 && !a.chinese {
		if a != b || a.approx == 0 {
			return point{}, a.end, false
		}
	}
	if p.follows(k, "龄均球薪饼嫂息经票租供色光") && a == b || p.nameBefore(a) || b.counts {
		return point{}, a.end, false
	}
	pt.rule, pt.unit, pt.mref, pt.m, pt.m2 = "month", monthUnit, fixed, a.value, b.value
	if a == b && a.approx > 0 {
		pt.m, pt.m2 = a.value/10, a.value%10
	}
	if pt.m2 > pt.m {
		pt.rule, pt.cumulative = "month.range", pt.m == 1
	}
	if p.has(k, "份") && !p.follows(k+3, "额") {
		k += 3
	}
	if pt.m2 > pt.m {
		return pt, k, true
	}
	if end := p.oldDay(a, k); end > 0 {
		return point{rule: "lunar", shape: vague}, end, true
	}
	return pt, p.afterMonth(&pt, k), true
}

// oldDay returns the end of a day of the old calendar behind a Chinese month: 八月十五, 五月初五, 九月九.
func (p *parser) oldDay(month number, k int) int {
	if !month.chinese {
		return 0
	}
	first := p.has(k, "初")
	if first {
		k += len("初")
	}
	d := numberAt(p.s[:p.hi], k)
	switch {
	case d.end == 0 || !d.chinese || d.spoken || d.counts || p.hasAny(d.end, "日", "号", "多", "余", "几", "万", "亿") != "":
		return 0
	case first && 1 <= d.value && d.value <= 10, !first && 11 <= d.value && d.value <= 30 && p.hasAny(d.end, "个", "家", "名", "人", "年", "月", "天") == "":
		return d.end
	case !first && d.value == month.value && d.value < 10 && p.hasAny(d.end, "个", "场", "月", "年", "次", "名", "家", "位", "批") == "":
		return d.end
	}
	return 0
}

// nameBefore reports whether a Chinese month is the given name of a person (记者李七月)
// or a month of the old calendar (闰四月).
func (p *parser) nameBefore(n number) bool {
	if !n.chinese {
		return false
	}
	r, at := p.prev(n.start)
	if r == '闰' {
		return true
	}
	if r == 0 || !contains(surnames, r) {
		return false
	}
	q, _ := p.prev(at)
	return q == 0 || markRunes.has(q) || contains("者员民长生师授任家", q)
}

const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"

// afterMonth reads a day or a part of a month, from byte k on, and returns the end.
func (p *parser) afterMonth(pt *point, k int) int {
	set := func(u unit, rule string, d, d2, end int) int {
		pt.unit, pt.rule, pt.d, pt.d2 = u, rule, d, d2
		return end
	}
	switch {
	case p.has(k, "上旬"):
		return set(tenDayUnit, "tendays", 1, 10, k+6)
	case p.has(k, "中旬"):
		return set(tenDayUnit, "tendays", 11, 20, k+6)
	case p.has(k, "下旬"):
		return set(tenDayUnit, "tendays", 21, 31, k+6)
	case p.has(k, "上半月"):
		return set(halfMonthUnit, "month.half", 1, 15, k+9)
	case p.has(k, "下半月"):
		return set(halfMonthUnit, "month.half", 16, 31, k+9)
	case p.has(k, "当月"):
		return k + 6
	case p.has(k, "底") && !p.follows(k+3, "气蕴线数色子层薪"), p.has(k, "末") && !p.follows(k+3, "端位"):
		pt.edge, pt.rule = lastDay, "month.end"
		return k + 3
	case p.has(k, "初") && !p.follows(k+3, "中步次级始心衷一二三四五六七八九十"):
		pt.edge, pt.rule = firstDay, "month.start"
		return k + 3
	}
	n := numberAt(p.s[:p.hi], p.spaces(k))
	if n.end == 0 || n.value < 1 || n.value > 31 || n.digits > 3 {
		return k
	}
	j := p.spaces(n.end)
	if w := p.hasAny(j, "日", "号"); w != "" {
		return set(dayUnit, "day", n.value, n.value, j+3)
	}
	if m := p.rangeMark(n.end); m > 0 {
		b := numberAt(p.s[:p.hi], m)
		if b.end > 0 && b.value > n.value && b.value <= 31 && p.hasAny(b.end, "日", "号") != "" {
			return set(dayUnit, "day.range", n.value, b.value, b.end+3)
		}
	}
	return k
}

// bareDay reads 27日 and 1—7日 without a month; j is the place of 日 or 号.
func (p *parser) bareDay(a, b number, j int) (point, int, bool) {
	none := func() (point, int, bool) { return point{}, a.end, false }
	if a.value < 1 || b.value > 31 || a.digits > 3 || b.digits > 3 || a.spoken && a.digits > 1 || b.counts {
		return none()
	}
	k := j + 3
	if p.has(j, "号") {
		if !p.after(a.start, "到过了从至在于") || !p.clauseEnd(k) && !p.follows(k, "就还才那当晚早上下中前后以之起开人来") || p.hasAny(k, "中学", "上线", "以上", "人员") != "" {
			return none()
		}
	} else {
		if p.hasAny(k, "内", "游", "龄", "均", "语", "产", "薪", "用", "式", "照", "之", "志", "子", "后", "来", "本", "里", "间", "新", "报", "常", "线", "以上", "以内", "左右", "行程") != "" ||
			p.has(k, "元") && !p.has(k, "元旦") || p.after(a.start, "近前后每满共期续时达约用") {
			return none()
		}
		if a.chinese && a == b && a.value <= 10 && !p.after(a.start, "于在至从月") && !p.clauseStart(a.start) && p.hasAny(k, "讯", "电") == "" {
			return none() // 三日 is as well three days
		}
		if a.chinese && a.value <= 3 && !p.clauseEnd(k) && p.hasAny(k, "讯", "电", "上午", "下午", "晚") == "" {
			return none()
		}
	}
	pt := point{rule: "day.bare", unit: dayUnit, dref: fixed, d: a.value, d2: b.value}
	return pt, k, true
}

// numeric reads 2024-10-27, 2024/10/27 and 2024.10.27.
func (p *parser) numeric(y number) (point, int, bool) {
	sep := p.next(y.end)
	i := y.end + utf8.RuneLen(sep)
	m := numberAt(p.s[:p.hi], i)
	if m.end == 0 || m.chinese || m.digits > 2 || p.next(m.end) != sep {
		return point{}, y.end, false
	}
	d := numberAt(p.s[:p.hi], m.end+utf8.RuneLen(sep))
	if d.end == 0 || d.chinese || d.digits > 2 || y.value < 1900 || !isYear(y.value) {
		return point{}, y.end, false
	}
	if m.value < 1 || m.value > 12 {
		return point{}, y.end, false
	}
	day := corpus.Day{Year: y.value, Month: firstOf(y.value, m.value).Month, Day: d.value}
	if r := p.next(d.end); !day.Valid() || r == sep || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
		return point{}, y.end, false
	}
	return point{rule: "day.numeric", unit: dayUnit, yref: fixed, y: y.value, y2: y.value, mref: fixed, m: m.value, m2: m.value, dref: fixed, d: d.value, d2: d.value}, d.end, true
}

// week reads the day of a week: 上周五, 本周末.
func (p *parser) week(pt point, k, off int) (point, int, bool) {
	pt.unit, pt.dref, pt.d, pt.d2 = weekUnit, issue, 7*off, 0
	for d, w := range []string{"一", "二", "三", "四", "五", "六", "日"} {
		if p.has(k, w) && !p.has(k, "一级") {
			pt.unit, pt.d2, pt.rule = dayUnit, d+1, "weekday"
			return pt, k + 3, true
		}
	}
	switch {
	case p.has(k, "天") && !p.has(k, "天气"):
		pt.unit, pt.d2, pt.rule = dayUnit, 7, "weekday"
		k += 3
	case p.has(k, "末"):
		pt.d2, pt.n = 6, 2 // the weekend
		k += 3
	}
	return pt, k, true
}

// recurring reads 每年3月, 每年10月至次年4月, 每月15日: times of no one day.
func (p *parser) recurring(k int) (point, int, bool) {
	if p.has(k, "的") {
		k += 3
	}
	pt, end, ok := p.part(k)
	if !ok {
		n := numberAt(p.s[:p.hi], k)
		if n.end == 0 {
			return point{}, k, false
		}
		if pt, end, ok = p.number(n); !ok || pt.unit > monthUnit || pt.yref != open {
			return point{}, k, false
		}
	}
	if m := p.rangeMark(end); m > 0 {
		if x := p.hasAny(m, "次年", "翌年", "来年", "第二年"); x != "" {
			m += len(x)
		}
		if q, e2, ok := p.part(m); ok && q.unit <= quarterUnit {
			end = e2
		} else if q, e2, ok := p.number(numberAt(p.s[:p.hi], m)); ok && q.unit == dayUnit && q.mref == open {
			end = e2 // 每月10日至15日
		}
	}
	return point{rule: "recurring", shape: vague}, end, true
}

// lunar reads days of the old calendar: they are times, but of no day that is known here.
func (p *parser) lunar(i, k int, w string) (point, int, bool) {
	pt := point{rule: "lunar", shape: vague}
	j := k
	found := w != "农历"
	if !found {
		n := numberAt(p.s[:p.hi], j)
		if n.end > 0 && n.value > 12 && p.has(n.end, "年") { // 农历二〇二四年
			j, found = n.end+3, true
			n = numberAt(p.s[:p.hi], j)
		}
		if x := p.hasAny(j, "正月", "腊月", "冬月"); x != "" {
			j, found = j+len(x), true
		} else if n.end > 0 && p.has(n.end, "月") {
			j, found = n.end+3, true
		}
	} else if p.follows(k, "嫁娶") || p.after(i, "过") && p.clauseEnd(k) {
		return point{}, k, false
	}
	if !found {
		return point{}, k, false
	}
	if p.has(j, "初") {
		if n := numberAt(p.s[:p.hi], j+3); n.end > 0 && n.value <= 10 {
			return pt, n.end, true
		}
	}
	if n := numberAt(p.s[:p.hi], j); n.end > 0 && n.value >= 1 && n.value <= 30 && p.hasAny(n.end, "个", "亿", "万", "家", "名", "年") == "" {
		j = n.end
		if p.has(j, "日") {
			j += 3
		}
	}
	return pt, j, true
}
