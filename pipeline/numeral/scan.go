package numeral

import (
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// Longer runs of digits or of numeral characters are no numbers but codes or noise.
const (
	maxDigits = 40
	maxRunes  = 48
)

type class uint8

const (
	cNone  class = iota
	cDigit       // 0-9 ０-９
	cHan         // 一 … 九, 〇 零 两
	cForm        // 壹 … 玖
	cSmall       // 十 百 千
	cFSm         // 拾 佰 仟
	cTens        // 廿 卅 卌
	cBig         // 万 亿
	cVague       // 几 数
	cHalf        // 半
)

type sign struct {
	class class
	value int8 // a digit, or the power of ten of a scale
}

// signs holds the numeral characters of the basic plane, by code point.
var signs = func() (t [0x10000]sign) {
	put := func(c class, s string, from int8) {
		for _, r := range s {
			t[r] = sign{c, from}
			from++
		}
	}
	put(cDigit, "0123456789", 0)
	put(cDigit, "０１２３４５６７８９", 0)
	put(cHan, "零一二三四五六七八九", 0)
	t['〇'], t['○'] = sign{cHan, 0}, sign{cHan, 0}
	t['两'], t['兩'] = sign{cHan, 2}, sign{cHan, 2}
	put(cForm, "壹贰叁肆伍陆柒捌玖", 1)
	put(cForm, "壹貳叄肆伍陸柒捌玖", 1)
	put(cSmall, "十百千", 1)
	put(cFSm, "拾佰仟", 1)
	put(cTens, "廿卅卌", 2)
	t['万'], t['萬'] = sign{cBig, 4}, sign{cBig, 4}
	t['亿'], t['億'] = sign{cBig, 8}, sign{cBig, 8}
	t['几'], t['幾'], t['数'], t['數'] = sign{cVague, 0}, sign{cVague, 0}, sign{cVague, 1}, sign{cVague, 1}
	t['半'] = sign{cHalf, 0}
	return t
}()

func signAt(text string, at int) (sign, int) {
	if at >= len(text) {
		return sign{}, 0
	}
	b := text[at]
	if b < utf8.RuneSelf {
		return signs[b], 1
	}
	if b >= 0xe1 && b != 0xed && b <= 0xef && at+2 < len(text) && text[at+1]&0xc0 == 0x80 && text[at+2]&0xc0 == 0x80 { // a short way for Chinese text
		return signs[uint16(b)<<12|uint16(text[at+1]&0x3f)<<6|uint16(text[at+2]&0x3f)], 3
	}
	r, w := utf8.DecodeRuneInString(text[at:])
	if r >= 0x10000 {
		return sign{}, w
	}
	return signs[r], w
}

// Starts reports whether the character r can begin a numeral. It holds for many
// more places than there are numerals: 上 in 上百, - in -3.
func Starts(r rune) bool {
	switch r {
	case '上', '负', '-', '−', '－':
		return true
	}
	return r < 0x10000 && signs[r].class != cNone
}

// Scan reads the longest numeral that begins at byte at of text. When there is
// none it reports false, and End of the Number is the place behind the
// characters that it looked at and that begin no numeral either (at least at
// itself); so a reader that goes on from there does linear work on any input.
func Scan(text string, at int) (Number, bool) {
	s := scanner{text: text, at: at}
	n := Number{Start: at, End: at}
	if at >= len(text) {
		return n, false
	}
	negative := false
	if text[at] < '0' || text[at] > '9' {
		var ok bool
		if negative, ok = s.minus(); !ok {
			return n, false
		}
	}
	if !s.number(&n) {
		n.End = max(at, s.skip)
		return n, false
	}
	s.fraction(&n)
	if n.Bare && !n.Fraction() && strings.HasPrefix(text[n.End:], "分之") { // 百分之几
		return Number{Start: at, End: n.End}, false
	}
	if negative {
		n.Value, n.Low, n.High = n.Value.Neg(), n.High.Neg(), n.Low.Neg()
		if n.Form != Exact && n.Form != About {
			n.Value = n.Low
		}
	}
	return n, true
}

// minus passes over a sign, and reports whether there was one. Without ok, a
// sign stands there that belongs to no number.
func (s *scanner) minus() (negative, ok bool) {
	for _, w := range [...]string{"负", "零下", "-", "−", "－"} {
		if s.text[s.at] != w[0] || !strings.HasPrefix(s.text[s.at:], w) {
			continue
		}
		next, _ := signAt(s.text, s.at+len(w))
		if next.class == cNone || next.class == cVague {
			if w != "零下" && w != "负" {
				return false, false
			}
			continue
		}
		s.at += len(w)
		return true, true
	}
	return false, true
}

type scanner struct {
	text string
	at   int
	skip int // end of a run that is too long to be a number
}

// An amount is coef × 10^exp: exact, and small enough for one machine word.
type amount struct {
	coef int64
	exp  int32
}

const maxCoef = 100_000_000_000_000_000 // 10^17

func (a amount) zero() bool { return a.coef == 0 }

func (a amount) scaled(by int32) amount { return amount{a.coef, a.exp + by} }

// plus returns a + b; it reports false when the sum does not fit.
func (a amount) plus(b amount) (amount, bool) {
	switch {
	case b.zero():
		return a, true
	case a.zero():
		return b, true
	}
	for a.exp > b.exp {
		if a.coef > maxCoef {
			return a, false
		}
		a.coef, a.exp = a.coef*10, a.exp-1
	}
	for b.exp > a.exp {
		if b.coef > maxCoef {
			return a, false
		}
		b.coef, b.exp = b.coef*10, b.exp-1
	}
	a.coef += b.coef
	return a, a.coef < 10*maxCoef
}

// less reports a < b for amounts that fit.
func (a amount) less(b amount) bool { return a.number().LessThan(b.number()) }

func (a amount) number() Decimal { return New(a.coef, a.exp) }

// step is the place of the last digit of a that is not zero.
func (a amount) step() amount {
	c, e := a.coef, a.exp
	for c != 0 && c%10 == 0 {
		c, e = c/10, e+1
	}
	return amount{1, e}
}

// arabic reads digits with separators and decimals; zero digits means none.
func (s *scanner) arabic(n *Number) (Decimal, amount, bool) {
	var buf [maxDigits + 2]byte
	b := buf[:0]
	i, digits, group := s.at, 0, 0
	dot, comma := false, false
	first := byte(0)
	for i < len(s.text) {
		c, w := signAt(s.text, i)
		if c.class == cDigit {
			if digits == 0 {
				first = '0' + byte(c.value)
			}
			digits, group, i = digits+1, group+1, i+w
			if digits <= maxDigits {
				b = append(b, '0'+byte(c.value))
			}
			continue
		}
		if dot || digits == 0 || s.text[i] >= 0xe4 && s.text[i] < 0xef { // no mark between digits begins with these bytes
			break
		}
		r, w := utf8.DecodeRuneInString(s.text[i:])
		if isThousands(r) && (digits <= 3 && !comma || comma && group == 3) && s.threeDigits(i+w, r) && first != '0' {
			comma, group, i = true, 0, i+w
			continue
		}
		if !isPoint(r) || comma && group != 3 {
			break
		}
		if next, _ := signAt(s.text, i+w); next.class != cDigit {
			break
		}
		if len(b) < len(buf) {
			b = append(b, '.')
		}
		dot, i = true, i+w
	}
	if digits == 0 {
		return Decimal{}, amount{}, false
	}
	if digits > maxDigits {
		s.skip = i
		return Decimal{}, amount{}, false
	}
	n.Digits += digits
	n.Zero = n.Zero || first == '0' && len(b) > 1 && b[1] != '.'
	s.at = i
	if digits > 16 {
		d, err := decimal.NewFromString(string(b))
		return Of(d), amount{}, err == nil
	}
	a := amount{}
	seen := false
	for _, c := range b {
		if c == '.' {
			seen = true
			continue
		}
		a.coef = a.coef*10 + int64(c-'0')
		if seen {
			a.exp--
		}
	}
	return Decimal{}, a, true
}

func isThousands(r rune) bool {
	switch r {
	case ',', '，', ' ', '\u00a0', '\u2009', '\u202f':
		return true
	}
	return false
}

func isPoint(r rune) bool {
	switch r {
	case '.', '．', '·', '・', '•':
		return true
	}
	return false
}

// threeDigits reports whether exactly three digits stand at i: one more group
// of a number whose groups are set apart by sep. Groups behind a plain blank
// are believed only where a word or a point follows the last of them, so that a
// row of numbers stays a row.
func (s *scanner) threeDigits(i int, sep rune) bool {
	for range maxDigits / 3 {
		for range 3 {
			c, w := signAt(s.text, i)
			if c.class != cDigit {
				return false
			}
			i += w
		}
		if c, _ := signAt(s.text, i); c.class == cDigit {
			return false
		}
		if sep != ' ' {
			return true
		}
		r, w := utf8.DecodeRuneInString(s.text[i:])
		if r == ' ' {
			i += w
			r, _ = utf8.DecodeRuneInString(s.text[i:])
			if c, _ := signAt(s.text, i); c.class == cDigit {
				continue
			}
		}
		return r >= 0x4e00 && r < 0xa000 || r == '.' || r == '%'
	}
	return false
}

// number reads everything but sign and fraction.
func (s *scanner) number(n *Number) bool {
	start := s.at
	c, w := signAt(s.text, start)
	switch c.class {
	case cHalf:
		s.at += w
		n.Half, n.Style = true, Han
		s.done(n, amount{5, -1}, amount{5, -1}, Exact)
		return true
	case cDigit:
		big, a, ok := s.arabic(n)
		if !ok {
			return false
		}
		if n.Digits > 16 {
			n.Style = Arabic
			n.Value, n.Low, n.High, n.End = big, big, big, s.at
			return true
		}
		return s.scaled(n, a)
	case cVague:
		return s.vague(n)
	case cHan, cForm, cSmall, cFSm, cTens, cBig:
		return s.han(n, amount{}, false)
	}
	if strings.HasPrefix(s.text[start:], "上") {
		return s.reaching(n)
	}
	return false
}

func (s *scanner) done(n *Number, low, high amount, f Form) {
	n.End, n.Form = s.at, f
	n.Low = low.number()
	n.Value, n.High = n.Low, n.Low
	if high != low {
		n.High = high.number()
	}
}

// scaled reads what may follow Arabic digits: scales, and 余 多 来 among them.
func (s *scanner) scaled(n *Number, a amount) bool {
	s.blankBeforeScale()
	c, _ := s.scaleAt(s.at)
	if c.class != cSmall && c.class != cBig && !s.markAt(s.at, a) {
		s.done(n, a, a, Exact)
		return true
	}
	n.Style = Mixed
	if c.class == cNone {
		n.Style = Arabic
	}
	return s.han(n, a, true)
}

// blankBeforeScale passes over the blank of 2492 万人.
func (s *scanner) blankBeforeScale() {
	if s.at < len(s.text) && (s.text[s.at] > ' ' && s.text[s.at] < 0xc2 || s.text[s.at] > 0xe2) {
		return // no blank begins with these bytes
	}
	r, w := utf8.DecodeRuneInString(s.text[s.at:])
	switch r {
	case ' ', '\u00a0', '\u2009', '\u202f', '\n':
		if c, _ := signAt(s.text, s.at+w); c.class == cBig {
			s.at += w
		}
	}
}

// scaleAt returns the sign at i, and none where the character belongs to a unit
// (千瓦, 千米 behind a number, 百分点).
func (s *scanner) scaleAt(i int) (sign, int) {
	c, w := signAt(s.text, i)
	if c.class != cSmall || i == s.at && w == 0 {
		return c, w
	}
	switch c.value {
	case 3:
		for _, u := range kiloUnits {
			if strings.HasPrefix(s.text[i+w:], u) {
				return sign{}, w
			}
		}
	case 2:
		if strings.HasPrefix(s.text[i+w:], "分") || strings.HasPrefix(s.text[i+w:], "帕") {
			return sign{}, w
		}
	}
	return c, w
}

// kiloUnits are the units that 千 makes a thousand of.
var kiloUnits = [...]string{"瓦", "克", "米", "卡", "焦", "帕", "伏", "赫", "安", "字节", "比特", "分点", "分之"}

// han reads a number of Chinese signs; with first set, the Arabic number a begins it.
func (s *scanner) han(n *Number, a amount, first bool) bool {
	h := hanReader{s: s, n: n, pending: a, has: first, arabic: first, start: s.at}
	if !h.read() {
		s.skip = max(s.skip, h.over)
		return false
	}
	return true
}

// vague reads 几十, 数百, 几千万, 数万: 几 and 数 before a scale.
func (s *scanner) vague(n *Number) bool {
	_, w := signAt(s.text, s.at)
	i := s.at + w
	c, w := signAt(s.text, i)
	if c.class != cSmall && c.class != cBig {
		return false
	}
	low, high := amount{2, int32(c.value)}, amount{pow10[c.value+1] - 1, 0}
	scale := int32(0)
	if c.class == cBig {
		scale = int32(c.value)
	}
	i += w
	for range 2 {
		c, w := signAt(s.text, i)
		if c.class != cBig || low.exp+int32(c.value) > 16 {
			break
		}
		low, high = low.scaled(int32(c.value)), high.scaled(int32(c.value))
		scale += int32(c.value)
		i += w
	}
	s.at = i
	if s.markAt(i, low) { // 几十来个, 数百余人: 余 and 来 add nothing to a vague number
		_, w := utf8.DecodeRuneInString(s.text[i:])
		n.MarkStart, n.MarkEnd = i, i+w
		s.at += w
	}
	n.Style, n.Scale = Han, scale
	s.done(n, low, high, Vague)
	return true
}

// reaching reads 上百, 上千万.
func (s *scanner) reaching(n *Number) bool {
	i := s.at + len("上")
	exp, scale, any := int32(0), int32(0), false
	for k := range 3 {
		c, w := signAt(s.text, i)
		if c.class != cBig && (c.class != cSmall || k > 0 || c.value < 2) {
			break
		}
		exp += int32(c.value)
		if c.class == cBig {
			scale += int32(c.value)
		}
		any = true
		i += w
	}
	if !any || exp > 16 {
		return false
	}
	s.at = i
	n.Style, n.Scale = Han, scale
	s.done(n, amount{1, exp}, amount{1, exp}, AtLeast)
	n.High = Decimal{}
	return true
}

// markAt reports whether 余, 多 or 来 at i makes the number a before it inexact:
// it must be round, and the mark no word of its own.
func (s *scanner) markAt(i int, a amount) bool {
	rest := s.text[min(i, len(s.text)):]
	switch {
	case strings.HasPrefix(rest, "余"):
		for _, w := range [...]string{"余额", "余地", "余热", "余下", "余粮", "余杭", "余电", "余量"} {
			if strings.HasPrefix(rest, w) {
				return false
			}
		}
	case strings.HasPrefix(rest, "多"):
		for _, w := range [...]string{"多样", "多元", "多数", "多方", "多边", "多彩", "多少", "多于", "多云", "多媒体", "多功能", "多晶", "多渠道", "多层次", "多产"} {
			if strings.HasPrefix(rest, w) {
				return s.roundTail(i, a) && w == "多元" // 两千多元, 五十多元
			}
		}
	case strings.HasPrefix(rest, "来"):
		for _, w := range [...]string{"来自", "来到", "来源", "来临", "来说", "来看", "来得"} {
			if strings.HasPrefix(rest, w) {
				return false
			}
		}
	default:
		return false
	}
	return s.roundTail(i, a)
}

// roundTail reports whether the number before i is round: a multiple of ten, or
// it ends in a scale.
func (s *scanner) roundTail(i int, a amount) bool {
	if a.exp < 0 {
		_, w := utf8.DecodeLastRuneInString(s.text[:i])
		c, _ := signAt(s.text, i-w)
		return c.class == cBig || c.class == cSmall
	}
	return !a.zero() && (a.exp > 0 || a.coef%10 == 0)
}

// fraction turns n into a fraction when 分之 follows it.
func (s *scanner) fraction(n *Number) {
	if strings.HasPrefix(s.text[n.End:], "分之") && n.Form == Exact && n.Value.IsPositive() && n.Value.IsInteger() {
		t := scanner{text: s.text, at: n.End + len("分之")}
		m := Number{Start: t.at}
		if c, _ := signAt(s.text, t.at); c.class == cNone || c.class == cVague || c.class == cHalf || !t.number(&m) || m.Ellipsis {
			return
		}
		den := n.Value
		start, style := n.Start, n.Style
		*n = m
		n.Start, n.Denominator = start, den
		n.Style = style
		if !n.Percent() {
			n.Value, n.Low, n.High = quotient(n.Value, den), quotient(n.Low, den), quotient(n.High, den)
		}
		return
	}
	if n.Digits == 0 || n.Digits > 4 || n.Style != Arabic || n.Form != Exact || !n.Value.IsInteger() {
		return
	}
	for _, slash := range [...]string{"/", "／"} {
		if !strings.HasPrefix(s.text[n.End:], slash) {
			continue
		}
		t := scanner{text: s.text, at: n.End + len(slash)}
		m := Number{Start: t.at}
		if c, _ := signAt(s.text, t.at); c.class != cDigit || !t.number(&m) || m.Style != Arabic || m.Digits > 4 || !m.Value.IsInteger() || m.Form != Exact ||
			!n.Value.LessThan(m.Value) || n.Value.IsZero() || m.Zero {
			return
		}
		if next, _ := utf8.DecodeRuneInString(s.text[m.End:]); next == '/' || next == '／' {
			return
		}
		q := quotient(n.Value, m.Value)
		n.End, n.Denominator, n.Value, n.Low, n.High = m.End, m.Value, q, q, q
		return
	}
}

// quotient has at most 12 decimals; what is smaller is no statistic.
func quotient(a, b Decimal) Decimal { return a.DivRound(b, 12) }
