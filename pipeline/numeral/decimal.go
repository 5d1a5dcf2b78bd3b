package numeral

import (
	"math"
	"math/bits"

	"github.com/shopspring/decimal"
)

// A Decimal is an exact decimal number. While its digits fit a machine word, as
// they do in newspapers, it needs no memory of its own; beyond that it is a
// decimal.Decimal inside. The zero value is 0.
type Decimal struct {
	coef int64
	exp  int32
	big  *decimal.Decimal // the number where coef cannot hold it
}

// New returns coef × 10^exp.
func New(coef int64, exp int32) Decimal { return Decimal{coef: coef, exp: exp} }

// Of returns d.
func Of(d decimal.Decimal) Decimal {
	if c := d.Coefficient(); c.IsInt64() && c.Int64() != math.MinInt64 {
		return Decimal{coef: c.Int64(), exp: d.Exponent()}
	}
	return Decimal{big: &d}
}

// Decimal returns d for the world outside.
func (d Decimal) Decimal() decimal.Decimal {
	if d.big != nil {
		return *d.big
	}
	return decimal.New(d.coef, d.exp)
}

// String returns d without exponent.
func (d Decimal) String() string { return d.Decimal().String() }

// pow10 are the powers of ten that fit a machine word.
var pow10 = func() (p [19]int64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = 10 * p[i-1]
	}
	return p
}()

// times returns a·b; it reports false when the product does not fit.
func times(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(abs(a), abs(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func abs(a int64) uint64 {
	if a < 0 {
		return uint64(-a)
	}
	return uint64(a)
}

// aligned returns the digits of a and b at the smaller of their exponents; it
// reports false when they do not fit.
func aligned(a, b Decimal) (x, y int64, exp int32, ok bool) {
	if a.big != nil || b.big != nil {
		return 0, 0, 0, false
	}
	x, y, exp, ok = a.coef, b.coef, min(a.exp, b.exp), true
	switch up := int64(a.exp) - int64(b.exp); {
	case up >= int64(len(pow10)) || -up >= int64(len(pow10)):
		return 0, 0, 0, false
	case up > 0:
		x, ok = times(x, pow10[up])
	case up < 0:
		y, ok = times(y, pow10[-up])
	}
	return x, y, exp, ok
}

// Cmp returns -1, 0 or +1 as d is less than, equal to or greater than e.
func (d Decimal) Cmp(e Decimal) int {
	x, y, ok := d.coef, e.coef, d.exp == e.exp && d.big == nil && e.big == nil
	if !ok {
		x, y, _, ok = aligned(d, e)
	}
	switch {
	case !ok:
		return d.Decimal().Cmp(e.Decimal())
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// Equal reports d = e; the others of its kind say so by their names.
func (d Decimal) Equal(e Decimal) bool              { return d.Cmp(e) == 0 }
func (d Decimal) LessThan(e Decimal) bool           { return d.Cmp(e) < 0 }
func (d Decimal) LessThanOrEqual(e Decimal) bool    { return d.Cmp(e) <= 0 }
func (d Decimal) GreaterThan(e Decimal) bool        { return d.Cmp(e) > 0 }
func (d Decimal) GreaterThanOrEqual(e Decimal) bool { return d.Cmp(e) >= 0 }

// Sign returns -1, 0 or +1 as d is negative, zero or positive.
func (d Decimal) Sign() int {
	switch {
	case d.big != nil:
		return d.big.Sign()
	case d.coef < 0:
		return -1
	case d.coef > 0:
		return 1
	}
	return 0
}

func (d Decimal) IsZero() bool     { return d.Sign() == 0 }
func (d Decimal) IsPositive() bool { return d.Sign() > 0 }
func (d Decimal) IsNegative() bool { return d.Sign() < 0 }

// IsInteger reports whether d has no decimals but zeros.
func (d Decimal) IsInteger() bool {
	switch {
	case d.big != nil:
		return d.big.IsInteger()
	case d.exp >= 0 || d.coef == 0:
		return true
	case int(-d.exp) >= len(pow10):
		return false
	}
	return d.coef%pow10[-d.exp] == 0
}

// IntPart returns d without its decimals, which has to fit.
func (d Decimal) IntPart() int64 { return d.Decimal().IntPart() }

// Exponent returns the power of ten that the digits of d count.
func (d Decimal) Exponent() int32 {
	if d.big != nil {
		return d.big.Exponent()
	}
	return d.exp
}

// Neg returns -d.
func (d Decimal) Neg() Decimal {
	if d.big != nil {
		return Of(d.big.Neg())
	}
	return Decimal{coef: -d.coef, exp: d.exp}
}

// Add returns d + e.
func (d Decimal) Add(e Decimal) Decimal {
	x, y, exp, ok := aligned(d, e)
	if sum := x + y; ok && (sum > x) == (y > 0) && sum != math.MinInt64 {
		return Decimal{coef: sum, exp: exp}
	}
	return Of(d.Decimal().Add(e.Decimal()))
}

// Mul returns d · e.
func (d Decimal) Mul(e Decimal) Decimal {
	if d.big == nil && e.big == nil {
		if c, ok := times(d.coef, e.coef); ok {
			return Decimal{coef: c, exp: d.exp + e.exp}
		}
	}
	return Of(d.Decimal().Mul(e.Decimal()))
}

// DivRound returns d / e, rounded to so many decimals.
func (d Decimal) DivRound(e Decimal, places int32) Decimal {
	return Of(d.Decimal().DivRound(e.Decimal(), places))
}

// Shift returns d · 10^by.
func (d Decimal) Shift(by int32) Decimal {
	if d.big != nil {
		return Of(d.big.Shift(by))
	}
	return Decimal{coef: d.coef, exp: d.exp + by}
}

// Step returns the place of the last digit of d that is not zero: 100 of 1800;
// 1 of zero.
func (d Decimal) Step() Decimal {
	switch {
	case d.big != nil:
		return Decimal{coef: 1, exp: d.big.Exponent()}
	case d.coef == 0:
		return Decimal{coef: 1}
	}
	s := Decimal{coef: 1, exp: d.exp}
	for c := d.coef; c%10 == 0; c /= 10 {
		s.exp++
	}
	return s
}

// A NullDecimal is a Decimal that may be absent.
type NullDecimal struct {
	Decimal Decimal
	Valid   bool
}

// Some returns a NullDecimal that is there.
func Some(d Decimal) NullDecimal { return NullDecimal{d, true} }
