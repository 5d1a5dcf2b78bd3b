package numeral

import (
	"strings"

	"github.com/shopspring/decimal"
)

// Format writes d in style s so that Parse reads it back. Han and Formal reach
// to below 10¹⁶; larger numbers are written in Arabic digits. Mixed takes 亿 or
// 万 where d has at most four decimals of it, as newspapers do: 3.5亿, 1800万.
func Format(d decimal.Decimal, s Style) string {
	switch s {
	case Han, Formal:
		if d.Abs().LessThan(maxHan) && d.Exponent() > -12 {
			return hanString(d, s)
		}
	case Mixed:
		return mixedString(d)
	case Thousands:
		return thousands(d.String())
	case FullWidth:
		return strings.Map(widen, d.String())
	}
	return d.String()
}

var maxHan = decimal.New(1, 16)

func widen(r rune) rune {
	if r > ' ' && r <= '~' {
		return r + 0xfee0
	}
	return r
}

func thousands(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	if frac != "" {
		b.WriteString("." + frac)
	}
	return b.String()
}

func mixedString(d decimal.Decimal) string {
	for _, scale := range [...]struct {
		exp  int32
		word string
	}{{12, "万亿"}, {8, "亿"}, {4, "万"}} {
		if d.Abs().LessThan(decimal.New(1, scale.exp)) {
			continue
		}
		m := d.Shift(-scale.exp)
		if m.Equal(m.Truncate(4)) && m.Abs().LessThan(maxHan) {
			return m.Truncate(4).String() + scale.word
		}
	}
	return d.String()
}

var hanSigns = map[Style]struct {
	digits [10]string
	smalls [4]string
}{
	Han:    {[10]string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}, [4]string{"", "十", "百", "千"}},
	Formal: {[10]string{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"}, [4]string{"", "拾", "佰", "仟"}},
}

func hanString(d decimal.Decimal, s Style) string {
	var b strings.Builder
	if d.IsNegative() {
		b.WriteString("负")
		d = d.Neg()
	}
	signs := hanSigns[s]
	whole := d.Truncate(0)
	b.WriteString(hanWhole(whole.IntPart(), s))
	if _, frac, ok := strings.Cut(d.Sub(whole).String(), "."); ok {
		b.WriteString("点")
		for _, r := range frac {
			b.WriteString(signs.digits[r-'0'])
		}
	}
	return b.String()
}

func hanWhole(n int64, s Style) string {
	signs := hanSigns[s]
	if n == 0 {
		return signs.digits[0]
	}
	var b strings.Builder
	gap := false // a 零 is due before the next digit
	for _, part := range [...]struct {
		div  int64
		word string
	}{{1e12, "万"}, {1e8, "亿"}, {1e4, "万"}, {1, ""}} {
		v := n / part.div % 1e4
		if v == 0 {
			gap = gap || b.Len() > 0
			if part.div == 1e8 && n >= 1e12 {
				b.WriteString("亿")
			}
			continue
		}
		if v < 1000 && b.Len() > 0 {
			gap = true
		}
		for i, div := range [...]int64{1000, 100, 10, 1} {
			digit := v / div % 10
			if digit == 0 {
				gap = gap || b.Len() > 0
				continue
			}
			if gap && b.Len() > 0 {
				b.WriteString(signs.digits[0])
			}
			gap = false
			if digit != 1 || div != 10 || b.Len() > 0 || s == Formal {
				b.WriteString(signs.digits[digit])
			}
			b.WriteString(signs.smalls[3-i])
		}
		b.WriteString(part.word)
		gap = v%10 == 0
	}
	return b.String()
}
