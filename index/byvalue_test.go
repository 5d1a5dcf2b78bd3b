package index

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
)

func TestKeysBoundTheirValues(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	values := []string{"0", "1", "-1", "99999999", "99999999.9", "-99999999.9", "1e-600", "-1e-600", "1e400", "-1e400", "1e600", "-1e600", "0.1", "-0.3"}
	for range 2000 {
		values = append(values, decimal.New(r.Int64()-r.Int64(), int32(r.IntN(60)-40)).String())
	}
	for _, s := range values {
		d := decimal.RequireFromString(s)
		for _, k := range []valueKey{keyOf(d), 2*zeroKey - keyOf(d.Neg())} {
			most, f := k.most(), d.InexactFloat64()
			if math.IsNaN(most) || most < f && f > noValue {
				t.Errorf("%s is at most %g, says its key %x", s, most, k)
			}
			if math.Abs(f) < 1e290 && math.Abs(f) > 1e-290 && most > f+math.Abs(f)*1e-6 {
				t.Errorf("%s is at most %g, says its key %x: much too much", s, most, k)
			}
		}
	}
}
