package index

import (
	"strings"
	"testing"

	"longmai/pipeline"

	"github.com/shopspring/decimal"
)

// What the words of a figure say and what they do not. Values are in 亿元; a
// figure is form value or form low..high.
var comparisons = []struct{ figure, yes, no string }{
	{"point 20", "=20 >=20 <=20 >10 <30 10..30 20..20 ~20 ~20.5 ?=20 ?>10", ">20 <20 =21 21..30 ~22 ?>20"},
	{"gt 20", ">=20 >20 >10 20.. ~20 ?>30 ?=25 ?>=1000", "=20 <=30 <30 10..30 ?<20 ?<=20 ?=20"},
	{"ge 20", ">=20 >10 ?=20 ?>20", ">20 =20 <30 ?<20"},
	{"lt 20", "<20 <=20 <30 ..20 ~20 ?<5 ?=19", "=20 >10 >=10 10..30 ?>=20 ?=20"},
	{"le 20", "<=20 <30 ?=20", "<20 =20 >10 ?>20"},
	{"near 10", "<10 <=10 >=9 >5 5..10 ~10 ?>9.5", "=10 >=10 >9.5 ?>=10"},
	{"about 40", ">=38 <=42 >30 30..50 ~40 ?=40 ?>40", "=40 >=40 >=39 <40 <=41 ?>42"},
	{"plus 1800..1900", ">1800 >=1800 <1900 1800..1900 ?=1850", "=1800 =1850 >1850 <=1850 ?>=1900"},
	{"range 3..5", ">=3 <=5 3..5 1..9 ?>4 ?=5 ?=3", ">3 <5 =3 =5 =4 4..9 ~3 ~4 ?>5"},
	{"vague 20..99", ">=20 <=99 ?=50", "=20 =50 >20 ~50"},
	{"vague 100..", ">=100 >50 ?>1000", "=100 <1000 >100"},
	{"class 1000", ">=1000 <10000 ?=5000 ?>2000", "=1000 >1000 ~1000 <5000 ?>=10000"},
	{"point -2.1", "<0 =-2.1 >=-3 -3..-2", ">0 >=-2 ?>0"},
	{"about -40", ">=-42 <=-38", "=-40 >=-40"},
	{"point 0", "=0 >=0 <=0", ">0 <0"},
}

func TestHedgesAreIntervals(t *testing.T) {
	for _, c := range comparisons {
		form, value, _ := strings.Cut(c.figure, " ")
		f := pipeline.Figure{Form: pipeline.Form(form), Unit: "CNY", BaseUnit: "CNY"}
		yi := func(s string) decimal.NullDecimal {
			if s == "" {
				return decimal.NullDecimal{}
			}
			return decimal.NewNullDecimal(decimal.RequireFromString(s).Shift(8))
		}
		if low, high, ok := strings.Cut(value, ".."); ok {
			f.Low, f.High = yi(low), yi(high)
		} else {
			f.Value = yi(value)
		}
		f.BaseValue, f.BaseLow, f.BaseHigh = f.Value, f.Low, f.High
		for want, list := range map[bool]string{true: c.yes, false: c.no} {
			for _, s := range strings.Fields(list) {
				q := parse(t, "x:"+withUnit(s)).(interface{ String() string })
				cmp := figuresOf(parse(t, "x:"+withUnit(s)))[0].Of[1].Compare
				if got := compares(&f, cmp); got != want {
					t.Errorf("%s: %s is %v, want %v", c.figure, q, got, want)
				}
			}
		}
	}
}

// withUnit writes 亿元 behind every number of a comparison.
func withUnit(s string) string {
	low, high, ok := strings.Cut(s, "..")
	if !ok {
		if strings.TrimLeft(s, "?<>=") == "0" {
			return s + "元"
		}
		return s + "亿元"
	}
	if low != "" {
		low += "亿元"
	}
	if high != "" {
		high += "亿元"
	}
	return low + ".." + high
}

func TestUnitsConvert(t *testing.T) {
	kw := pipeline.Figure{Form: pipeline.Point, Unit: "kW", BaseUnit: "W"}
	kw.Value = decimal.NewNullDecimal(decimal.New(1030, 4))
	kw.BaseValue = decimal.NewNullDecimal(decimal.New(1030, 7))
	for s, want := range map[string]bool{
		"=1030万千瓦": true, "=10.3吉瓦": true, "=10300兆瓦": true, ">=1000万千瓦": true, ">=1000万": true, "=10300000": true, ">1030万千瓦": false,
		">=1000万元": false, ">=1000万吨": false, "=一千零三十万千瓦": true, "=１０３０万千瓦": true, "=10,300,000千瓦": true,
	} {
		if got := compares(&kw, figuresOf(parse(t, "x:"+s))[0].Of[1].Compare); got != want {
			t.Errorf("%s: %v, want %v", s, got, want)
		}
	}
}

func TestSortKeysOrder(t *testing.T) {
	values := []string{"-1e700", "-1e20", "-1234567890123", "-123", "-1.5", "-1", "-0.5", "-0.001", "-1e-600", "0", "1e-700", "0.0001", "0.5", "0.51", "1", "1.15", "1.2", "9.99", "10", "10.5", "99", "100", "123456789", "1e12", "1e13", "1e498", "1e700"}
	last := valueKey(0)
	for _, s := range values {
		key := keyOf(decimal.RequireFromString(s))
		if key <= last {
			t.Errorf("the key of %s, %x, does not come behind %x", s, key, last)
		}
		last = key
	}
}
