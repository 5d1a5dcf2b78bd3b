package numeral

import (
	"strings"
	"unicode/utf8"
)

// A hanReader adds up the signs of one number. Signs come as (digit scale)*;
// a section is what stands below one 万 or 亿.
type hanReader struct {
	s     *scanner
	n     *Number
	start int
	over  int // end of a run that is too long

	total   amount // sections that are closed
	section amount // the open section: 三百 of 三百二十
	pending amount // the digit that has no scale yet
	upper   amount // the second digit of 三四百; zero when there is none
	has     bool   // pending is set
	arabic  bool   // pending is Arabic
	zero    bool   // a 零 stands before pending
	digits  int    // Chinese digits in a row
	run     int64  // those digits as one number
	bigs    int32  // power of ten of the last 万 or 亿 closed; 0 when there is none
	smalls  int32  // power of ten of the last 十, 百 or 千 of the open section
	formal  bool
	seen    bool // a scale was read
	mark    amount
	form    Form
	range2  amount // total + section of the upper end, for a pair that is closed
	between bool
}

func (h *hanReader) text(i int) string { return h.s.text[i:] }

// read consumes signs while they make sense together, and fills in the Number.
func (h *hanReader) read() bool {
	s := h.s
	if h.arabic && s.markAt(s.at, h.pending) {
		h.inner(h.pending)
	}
	for runes := 0; s.at < len(s.text); runes++ {
		if runes > maxRunes {
			h.over = h.endOfRun()
			return false
		}
		c, w := s.scaleAt(s.at)
		if c.class == cNone && h.has && !h.arabic && h.smalls == 0 && strings.HasPrefix(h.text(s.at), "千米") { // 两千米 is said of metres
			c = sign{cSmall, 3}
		}
		if s.at == h.start && !h.has && c.class == cNone {
			c, w = h.bareKilo(w)
		}
		if !h.take(c, w) {
			break
		}
	}
	return h.finish()
}

// bareKilo reads 千米 without a number before it as a thousand metres; 千瓦 and
// 千克 without a number are units.
func (h *hanReader) bareKilo(w int) (sign, int) {
	if strings.HasPrefix(h.text(h.s.at), "千米") {
		return sign{cSmall, 3}, w
	}
	if strings.HasPrefix(h.text(h.s.at), "百分之") || strings.HasPrefix(h.text(h.s.at), "千分之") {
		c, w := signAt(h.s.text, h.s.at)
		return c, w
	}
	return sign{}, w
}

func (h *hanReader) endOfRun() int {
	i := h.s.at
	for i < len(h.s.text) {
		c, w := signAt(h.s.text, i)
		if c.class == cNone {
			break
		}
		i += w
	}
	return i
}

// take adds one sign; it reports false when the number ends before it.
func (h *hanReader) take(c sign, w int) bool {
	switch c.class {
	case cHan, cForm:
		return h.digit(c, w)
	case cDigit:
		return h.figures()
	case cSmall, cFSm:
		return h.small(c, w)
	case cTens:
		if h.has || h.smalls != 0 && h.smalls <= 1 || h.digits > 0 {
			return false
		}
		sum, ok := h.section.plus(amount{int64(c.value), 1})
		h.section, h.smalls, h.seen = sum, 1, true
		h.s.at += w
		return ok
	case cBig:
		return h.big(c, w)
	case cVague:
		return h.several(c, w)
	case cHalf:
		return h.half(w)
	}
	return h.point()
}

func (h *hanReader) digit(c sign, w int) bool {
	formal := c.class == cForm
	if h.form != Exact || h.arabic && h.has || h.between || formal && h.seen && !h.formal {
		return false
	}
	h.formal = h.formal || formal
	switch {
	case h.has && h.upper.zero() && c.value > 0 && h.pending.coef > 0 && !h.plainRun() && adjacent(h.pending.coef, int64(c.value)) && h.pairFits(w):
		h.upper = amount{int64(c.value), 0}
	case h.has || h.digits > 0 && !h.seen:
		if h.seen || !h.upper.zero() {
			return false
		}
	case c.value == 0 && (h.seen || h.digits > 0):
		h.zero = true
		h.s.at += w
		return true
	default:
		h.pending, h.has = amount{int64(c.value), 0}, true
	}
	h.digits++
	if h.digits > 18 {
		return false
	}
	h.run = h.run*10 + int64(c.value)
	h.s.at += w
	return true
}

// plainRun reports whether more than one digit stands in a row already, as in 二〇二.
func (h *hanReader) plainRun() bool { return h.digits > 1 }

// pairFits reports whether the digit of width w at the reading place ends a
// pair: no third digit follows (三四五 is a row), except before a scale.
func (h *hanReader) pairFits(w int) bool {
	c, _ := signAt(h.s.text, h.s.at+w)
	return c.class != cHan && c.class != cDigit && !strings.HasPrefix(h.text(h.s.at+w), "点")
}

// adjacent holds for the pairs of speech: 三四, 七八, and 三五.
func adjacent(a, b int64) bool { return b == a+1 || a == 3 && b == 5 }

// figures reads Arabic digits behind a scale: 2000 in 1亿2000万.
func (h *hanReader) figures() bool {
	if !h.seen || h.has || h.form != Exact || h.between {
		return false
	}
	save := *h.s
	n := *h.n
	_, a, ok := h.s.arabic(h.n)
	limit := amount{1, h.bigs}
	if h.smalls != 0 {
		limit = amount{1, h.smalls}
	}
	if !ok || a.exp < 0 || h.n.Digits > 16 || !a.less(limit) {
		*h.s, *h.n = save, n
		return false
	}
	h.pending, h.has, h.arabic, h.digits = a, true, true, 0
	return true
}

func (h *hanReader) small(c sign, w int) bool {
	exp := int32(c.value)
	formal := c.class == cFSm
	if h.digits > 1 && h.upper.zero() || h.smalls != 0 && exp >= h.smalls || h.between {
		return false
	}
	if h.formal != formal && (h.digits > 0 || h.seen) && !(h.arabic || !h.formal && !formal) {
		return false
	}
	if !h.has {
		if h.seen && !h.zero && h.smalls == 0 && exp != 1 && h.bigs != 0 || h.smalls != 0 && exp != 1 {
			return false
		}
		if h.smalls != 0 && !h.zero { // 一百十 is no number
			return false
		}
		h.pending = amount{1, 0}
		h.n.Bare = h.n.Bare || !h.seen && exp > 1
	}
	low, ok := h.section.plus(h.pending.scaled(exp))
	if !h.upper.zero() {
		h.range2, _ = h.section.plus(h.upper.scaled(exp))
		h.between = true
	}
	h.section, h.smalls, h.seen = low, exp, true
	h.formal = h.formal || formal
	h.clear()
	h.s.at += w
	if h.form == Plus || h.form == About || h.form == Vague {
		h.mark = h.mark.scaled(exp)
	}
	if h.form == Exact && !h.between && h.s.markAt(h.s.at, h.sum()) {
		h.inner(h.section)
	}
	return ok
}

func (h *hanReader) clear() {
	h.pending, h.upper, h.has, h.zero, h.digits, h.run, h.arabic = amount{}, amount{}, false, false, 0, 0, false
}

// sum is everything read so far, as if the number ended here.
func (h *hanReader) sum() amount {
	t, _ := h.total.plus(h.section)
	t, _ = t.plus(h.pending)
	return t
}

// big closes a section with 万 or 亿.
func (h *hanReader) big(c sign, w int) bool {
	exp := int32(c.value)
	if h.digits > 1 && h.upper.zero() {
		return false
	}
	part, ok := h.section.plus(h.pending)
	if !ok {
		return false
	}
	if !h.upper.zero() {
		h.range2, _ = h.section.plus(h.upper)
		h.between = true
	}
	switch {
	case part.zero() && h.has && h.total.zero() && !h.seen: // 0亿
		h.total = amount{}
	case part.zero() && h.total.zero() && !h.seen:
		h.total, h.n.Bare = amount{1, exp}, true
	case part.zero() && h.bigs == 4 && exp == 8 && h.n.Scale == 4: // 万亿
		h.total, h.range2, h.mark = h.total.scaled(8), h.range2.scaled(8), h.mark.scaled(8)
		h.bigs, h.n.Scale = 12, 12
		h.s.at += w
		h.after()
		return true
	case part.zero():
		return false
	case h.bigs == 0:
		h.total = part.scaled(exp)
		h.range2 = h.range2.scaled(exp)
		h.mark = h.mark.scaled(exp)
	case exp < h.bigs:
		sum, ok := h.total.plus(part.scaled(exp))
		if !ok {
			return false
		}
		if h.between {
			h.range2, _ = h.total.plus(h.range2.scaled(exp))
		}
		h.total, h.mark = sum, h.mark.scaled(exp)
	case exp > h.bigs && !h.between && h.form == Exact: // 三万五千亿
		sum, ok := h.total.plus(part)
		if !ok || sum.coef > maxCoef {
			return false
		}
		h.total = sum.scaled(exp)
	default:
		return false
	}
	if h.total.coef > maxCoef || h.total.exp > 24 {
		return false
	}
	h.bigs, h.n.Scale, h.seen = exp, exp, true
	h.section, h.smalls = amount{}, 0
	h.clear()
	h.s.at += w
	h.after()
	return true
}

// after looks for 余, 多, 来 behind 万 or 亿.
func (h *hanReader) after() {
	if h.form == Exact && !h.between && h.s.markAt(h.s.at, amount{h.total.coef, max(h.total.exp, 1)}) {
		h.inner(h.total)
	}
}

// inner reads 余, 多 or 来; a is the number before it.
func (h *hanReader) inner(a amount) {
	r, w := utf8.DecodeRuneInString(h.text(h.s.at))
	h.n.MarkStart, h.n.MarkEnd = h.s.at, h.s.at+w
	h.form, h.mark = Plus, a.step()
	if r == '来' {
		h.form = About
	}
	h.s.at += w
}

// several reads 几 behind 十 or 百: 十几, 二十几, 一百几十 ends before it.
func (h *hanReader) several(c sign, w int) bool {
	if c.value != 0 || h.smalls != 1 || h.has || h.form != Exact || h.between {
		return false
	}
	h.n.MarkStart, h.n.MarkEnd = h.s.at, h.s.at+w
	h.form, h.mark = Plus, amount{1, 1}
	if h.section == (amount{1, 1}) && h.total.zero() {
		h.form, h.mark = Vague, amount{1, 0}
	}
	h.s.at += w
	return true
}

// half reads 一半.
func (h *hanReader) half(w int) bool {
	if !h.has || h.arabic || h.seen || h.digits != 1 || h.pending != (amount{1, 0}) {
		return false
	}
	h.pending, h.arabic, h.n.Half = amount{5, -1}, true, true
	h.s.at += w
	return true
}

// point reads 点 and the decimals behind it, and then a scale.
func (h *hanReader) point() bool {
	if h.arabic || h.form != Exact || h.between || !strings.HasPrefix(h.text(h.s.at), "点") || h.digits > 1 && h.seen {
		return false
	}
	i := h.s.at + len("点")
	whole := h.sum()
	if h.digits > 1 { // digits in a row: 二五点六
		whole = amount{h.run, 0}
	}
	frac, n := int64(0), int32(0)
	for n < 12 {
		c, w := signAt(h.s.text, i)
		if c.class != cHan && c.class != cForm {
			break
		}
		frac, n, i = frac*10+int64(c.value), n+1, i+w
	}
	c, _ := signAt(h.s.text, i)
	if n == 0 || !h.has && !h.seen || c.class == cSmall && !strings.HasPrefix(h.text(i), "千瓦") && !strings.HasPrefix(h.text(i), "千米") && !strings.HasPrefix(h.text(i), "百分点") ||
		c.class == cHalf || strings.HasPrefix(h.text(i), "分") && !strings.HasPrefix(h.text(i), "分贝") && !strings.HasPrefix(h.text(i), "分之") || strings.HasPrefix(h.text(i), "线") {
		return false
	}
	sum, ok := whole.plus(amount{frac, -n})
	if !ok {
		return false
	}
	h.total, h.section, h.smalls, h.bigs = amount{}, amount{}, 0, 0
	h.clear()
	h.pending, h.has, h.arabic = sum, true, true // from here as after an Arabic decimal
	h.s.at = i
	return true
}

// finish closes the last section and fills in the Number.
func (h *hanReader) finish() bool {
	n := h.n
	if !h.seen && !h.has {
		return false
	}
	low, ok := h.total.plus(h.section)
	if !ok {
		return false
	}
	high := low
	if h.between {
		t := h.range2
		if h.bigs == 0 || h.smalls != 0 { // the pair is in the open section
			t, _ = h.total.plus(h.range2)
		}
		high, h.form = t, Between
	}
	switch {
	case h.digits > 1 && h.upper.zero(): // digits in a row
		if h.seen {
			return false
		}
		low = amount{h.run, 0}
		high = low
		n.Positional = true
	case h.has:
		unit := amount{1, 0}
		last := h.smalls
		if last == 0 {
			last = h.bigs
		}
		if h.seen && last > 1 && !h.zero && h.pending.exp == 0 && h.pending.coef < 10 && !(n.Bare && h.bareOnly()) && !h.formal {
			unit, n.Ellipsis = amount{1, last - 1}, true
		} else if h.seen && last > 1 && n.Bare && h.bareOnly() { // 万一, 百一 are words
			return h.before()
		}
		if !h.upper.zero() {
			high, _ = low.plus(h.upper.scaled(unit.exp))
			h.form = Between
		}
		low, ok = low.plus(h.pending.scaled(unit.exp))
		if h.form != Between {
			high = low
		}
	}
	if !ok || h.formal && !h.formalEnough() {
		return false
	}
	switch {
	case n.Style == Mixed || h.formal || n.Style == Arabic && n.Digits > 0:
	default:
		n.Style = Han
	}
	if n.Digits > 0 && h.seen {
		n.Style = Mixed
	}
	if h.formal {
		n.Style = Formal
	}
	switch h.form {
	case Plus:
		high, _ = low.plus(h.mark)
	case Vague: // 十几
		nine := amount{9 * h.mark.coef, h.mark.exp}
		high, _ = low.plus(nine)
		low, _ = low.plus(h.mark)
	}
	h.s.done(n, low, high, h.form)
	return true
}

// bareOnly reports whether the number so far is one scale without a digit: 万, 百.
func (h *hanReader) bareOnly() bool {
	t, _ := h.total.plus(h.section)
	return t.coef == 1 && h.pending.exp == 0
}

// before ends the number before the pending digit.
func (h *hanReader) before() bool {
	i := h.s.at
	for range h.digits {
		_, w := utf8.DecodeLastRuneInString(h.s.text[:i])
		i -= w
	}
	h.s.at = i
	h.n.Style = Han
	t, _ := h.total.plus(h.section)
	h.s.done(h.n, t, t, Exact)
	return true
}

// formalEnough keeps surnames (陆, 伍) from being numbers: 大写 needs a scale of
// its own, or the yuan behind it.
func (h *hanReader) formalEnough() bool {
	if h.seen {
		return true
	}
	rest := h.text(h.s.at)
	return strings.HasPrefix(rest, "元") || strings.HasPrefix(rest, "圆") || strings.HasPrefix(rest, "角")
}
