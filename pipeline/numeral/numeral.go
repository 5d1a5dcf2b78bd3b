// Package numeral reads the numerals of Chinese newspapers as exact decimals, and writes them.
//
//	n, ok := numeral.Scan("节约标准煤1800余万吨", 15) // 1800余万: a bit more than 18000000
//	s := numeral.Format(n.Low, numeral.Han)           // 一千八百万
//
// It knows Arabic digits of half and full width with thousands separators
// (1,156 １，１５６ 2 492) and with the middle dot of older papers (4350·69), 小写
// and 大写, the digits 〇 and 零, 廿 and 卅, decimals with 点, mixed forms (3万8千,
// 1亿2000万), a scale left out in speech (三万五, 九万七八), 半 and 一半, fractions
// (三分之一, 百分之三点五), signs (负, 零下, -), and inexact numerals: 十几, 几十, 数百,
// 上百, 三四百, 十五六, and 余, 多, 来, 几 inside a number.
//
// The package does not know units, hedges or ranges, and it does not ask
// whether a numeral is part of a word: 统一 holds the numeral 一.
package numeral

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// A Form says how exact a numeral is.
type Form uint8

// The forms of numerals.
const (
	Exact   Form = iota // 三百: Value
	Plus                // 三百余: more than Low, less than High, one step of the last digit that is not zero
	About               // 三百来: Value, more or less
	Vague               // 数百, 十几: Low to High
	AtLeast             // 上百: Low, no upper end
	Between             // 三四百: Low to High, both written
)

// A Style says in which signs a numeral is written.
type Style uint8

// The styles of numerals. Scan reports the first four.
const (
	Arabic    Style = iota // 12345.6, full width too
	Han                    // 一万二千三百四十五点六
	Formal                 // 壹万贰仟叁佰肆拾伍点陆
	Mixed                  // 1万2千, 1.2345万
	Thousands              // 12,345.6; for Format
	FullWidth              // １２３４５．６; for Format
)

// A Number is a numeral in a text.
type Number struct {
	Start, End int // bytes in the text

	Form  Form
	Style Style

	// Value is the number of Exact and About. Of the other forms it is Low.
	Value Decimal
	// Low and High are the ends of Plus, Vague and Between. AtLeast has no High
	// (it is zero). Of Exact and About both are Value.
	Low, High Decimal

	// Denominator is 5 in 五分之二 and 100 in 百分之三; zero when the numeral is no
	// fraction. Value is the quotient, with at most 12 decimals, except that the
	// Value of a fraction of 100, 1000 or 10000 is its numerator.
	Denominator Decimal

	Scale      int32 // power of ten of the last 万, 亿 or 万亿: 8 in 3.5亿; 0 when there is none
	Bare       bool  // begins with a scale, one is left out: 百, 千万, 亿
	Half       bool  // 半 or 一半
	Ellipsis   bool  // the last digit stands for a scale left out: 三万五
	Positional bool  // digits in a row without scales: 二〇二四, 三六五
	Digits     int   // Arabic digits of a pure Arabic numeral
	Zero       bool  // begins with 0 before another digit: 007
	MarkStart  int   // 余, 多, 来 or 几 inside the number, as a span; empty when there is none
	MarkEnd    int
}

// Percent reports whether n is a fraction of a hundred, a thousand or ten thousand.
func (n *Number) Percent() bool {
	return !n.Denominator.IsZero() && (n.Denominator.Equal(hundred) || n.Denominator.Equal(thousand) || n.Denominator.Equal(tenThousand))
}

// Fraction reports whether n is a fraction, percentages included.
func (n *Number) Fraction() bool { return !n.Denominator.IsZero() }

var (
	hundred     = New(100, 0)
	thousand    = New(1000, 0)
	tenThousand = New(10000, 0)
)

// Parse reads a text that is one exact numeral and nothing else.
func Parse(s string) (decimal.Decimal, error) {
	n, ok := Scan(s, 0)
	switch {
	case !ok || n.End != len(s):
		return decimal.Decimal{}, fmt.Errorf("%q is no numeral", s)
	case n.Form != Exact:
		return decimal.Decimal{}, fmt.Errorf("%q is not exact", s)
	}
	return n.Value.Decimal(), nil
}
