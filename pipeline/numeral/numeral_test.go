package numeral_test

import (
	"bufio"
	_ "embed"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"longmai/pipeline/numeral"
)

// Every line of the cases: the text, the span that is read from its start, and
// the result: a value, ~v about, v+w plus, v..w vague, v.. at least, [v,w] both
// written, v/n a fraction of n, or - when no numeral stands there.
func TestScan(t *testing.T) {
	f, err := os.Open("testdata/scan.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	for line := 1; sc.Scan(); line++ {
		if sc.Text() == "" || strings.HasPrefix(sc.Text(), "#") {
			continue
		}
		cols := strings.Split(sc.Text(), "\t")
		if len(cols) != 3 {
			t.Fatalf("scan.tsv:%d: want three columns", line)
		}
		text := strings.ReplaceAll(strings.ReplaceAll(cols[0], "␣", "\u2009"), "↵", "\n")
		n, ok := numeral.Scan(text, 0)
		got, surface := "-", ""
		if ok {
			got, surface = show(n), text[n.Start:n.End]
		}
		if surface != strings.ReplaceAll(cols[1], "␣", "\u2009") || got != cols[2] {
			t.Errorf("scan.tsv:%d: %s: got %q %s, want %q %s", line, cols[0], surface, got, cols[1], cols[2])
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

func show(n numeral.Number) string {
	s := ""
	switch n.Form {
	case numeral.Exact:
		s = n.Value.String()
	case numeral.About:
		s = "~" + n.Value.String()
	case numeral.Plus:
		s = n.Low.String() + "+" + n.High.String()
	case numeral.Vague:
		s = n.Low.String() + ".." + n.High.String()
	case numeral.AtLeast:
		s = n.Low.String() + ".."
	case numeral.Between:
		s = fmt.Sprintf("[%s,%s]", n.Low, n.High)
	}
	if n.Percent() {
		s += "/" + n.Denominator.String()
	}
	return s
}

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		in    string
		style numeral.Style
		want  string
	}{
		{"108", numeral.Han, "一百零八"},
		{"15", numeral.Han, "十五"},
		{"15", numeral.Formal, "壹拾伍"},
		{"30620000", numeral.Formal, "叁仟零陆拾贰万"},
		{"100050000", numeral.Han, "一亿零五万"},
		{"1000000000001", numeral.Han, "一万亿零一"},
		{"3.06", numeral.Han, "三点零六"},
		{"-18", numeral.Han, "负十八"},
		{"350000000", numeral.Mixed, "3.5亿"},
		{"18000000", numeral.Mixed, "1800万"},
		{"1156.5", numeral.Thousands, "1,156.5"},
		{"-1234567", numeral.Thousands, "-1,234,567"},
		{"29.1", numeral.FullWidth, "２９．１"},
	} {
		if got := numeral.Format(decimal.RequireFromString(c.in), c.style); got != c.want {
			t.Errorf("Format(%s, %d) = %s, want %s", c.in, c.style, got, c.want)
		}
	}
}

var styles = []numeral.Style{numeral.Arabic, numeral.Han, numeral.Formal, numeral.Mixed, numeral.Thousands, numeral.FullWidth}

func checkRoundTrip(t *testing.T, d decimal.Decimal) {
	t.Helper()
	for _, s := range styles {
		text := numeral.Format(d, s)
		if s == numeral.Formal && d.Abs().LessThan(decimal.New(10, 0)) {
			text += "元" // one formal digit alone is a surname
		}
		n, ok := numeral.Scan(text, 0)
		if !ok || n.End != len(strings.TrimSuffix(text, "元")) || !n.Value.Equal(numeral.Of(d)) {
			t.Errorf("style %d: %s is written %s and read as %v (%v)", s, d, text, n.Value, ok)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	for i := range int64(20000) {
		checkRoundTrip(t, decimal.New(i, 0))
	}
	for i := int64(1); i < 1e15; i = i*7 + 3 {
		checkRoundTrip(t, decimal.New(i, 0))
		checkRoundTrip(t, decimal.New(-i, -2))
		checkRoundTrip(t, decimal.New(i/1000*1000, 0))
	}
}

func FuzzFormat(f *testing.F) {
	f.Add(int64(108), int32(0))
	f.Add(int64(-31304), int32(-2))
	f.Add(int64(99), int32(8))
	f.Fuzz(func(t *testing.T, coef int64, exp int32) {
		if exp < -6 || exp > 8 || coef > 1e9 || coef < -1e9 {
			t.Skip()
		}
		checkRoundTrip(t, decimal.New(coef, exp))
	})
}

func FuzzScan(f *testing.F) {
	for _, s := range []string{"1800余万吨", "三四百", "万亿万亿", "1,2,3", "百分之三点五", "3万8千", "-36", "〇〇", "1/2/3", "\xff三", "4350·69亿", "九万七八"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for at := 0; at < len(s); {
			n, ok := numeral.Scan(s, at)
			if n.Start != at || n.End < at || n.End > len(s) || ok && n.End == at {
				t.Fatalf("%q at %d: span %d-%d", s, at, n.Start, n.End)
			}
			if ok && n.Form != numeral.AtLeast && n.High.LessThan(n.Low) {
				t.Fatalf("%q: high %s below low %s", s[n.Start:n.End], n.High, n.Low)
			}
			at = max(n.End, at+1)
		}
	})
}

// Hostile runs must not cost more than their length.
func TestLong(t *testing.T) {
	for _, unit := range []string{"1", "万亿", "一", "三四", "1,234", "十", "1.", "百分之", "半", "负", "1/2", "数百", "零"} {
		text := strings.Repeat(unit, 1<<20/len(unit))
		steps := 0
		for at := 0; at < len(text); steps++ {
			n, _ := numeral.Scan(text, at)
			at = max(n.End, at+1)
		}
		if steps > len(text) {
			t.Errorf("%q: %d steps", unit, steps)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	texts := []string{"5.6亿千瓦", "1800余万吨", "三十二个", "1,156列", "百分之三点五"}
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range texts {
			numeral.Scan(s, 0)
		}
	}
}
