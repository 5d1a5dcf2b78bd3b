package query_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"

	"longmai/index/query"

	"github.com/shopspring/decimal"
)

// language is a small language: the units 元, 亿元, 万千瓦 and so on.
func language() *query.Language {
	return &query.Language{
		Fields: []query.Field{
			{Name: "title", Aliases: []string{"标题"}},
			{Name: "body", Aliases: []string{"正文"}},
			{Name: "edition", Aliases: []string{"版次"}, Type: query.TypeName},
			{Name: "section", Aliases: []string{"栏目"}, Type: query.TypeName},
			{Name: "date", Aliases: []string{"日期"}, Type: query.TypeDate},
			{Name: "person", Aliases: []string{"人物"}, Type: query.TypeName},
			{Name: "org", Aliases: []string{"机构"}, Type: query.TypeName},
			{Name: "place", Aliases: []string{"地点"}, Type: query.TypeName, Tree: true},
			{Name: "post", Aliases: []string{"职务"}, Type: query.TypeName},
		},
		Value: value,
		Unit: func(s string) (string, []string) {
			if v, err := value("1" + s); err == nil && v.Unit != "" {
				return v.Unit, nil
			}
			if s == "CNY" || s == "kW" {
				return s, nil
			}
			return "", []string{"元 CNY", "千瓦 kW"}
		},
	}
}

func value(s string) (query.Value, error) {
	n := strings.NewReplacer("三千五百万", "35000000", "１００", "100").Replace(s)
	v := query.Value{}
	for _, u := range []struct{ word, unit string }{{"千瓦", "kW"}, {"元", "CNY"}} {
		if rest, ok := strings.CutSuffix(n, u.word); ok {
			n, v.Unit, v.BaseUnit = rest, u.unit, u.unit
			break
		}
	}
	zeros := strings.Count(n, "亿")*8 + strings.Count(n, "万")*4
	d, err := decimal.NewFromString(strings.Trim(n, "万亿"))
	if err != nil {
		return v, fmt.Errorf("%q is no number", s)
	}
	v.Number = d.Shift(int32(zeros))
	v.Base = v.Number
	return v, nil
}

func TestParse(t *testing.T) {
	l := language()
	data, err := os.ReadFile("testdata/queries.txt")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		in, want, _ := strings.Cut(line, " → ")
		in = strings.TrimPrefix(in, "→")
		q, err := l.Parse(in)
		if bad, ok := strings.CutPrefix(want, "! "); ok {
			var e *query.SyntaxError
			if !errors.As(err, &e) {
				t.Errorf("queries.txt:%d: %q: error %v, want %q", i+1, in, err, bad)
				continue
			}
			if got := strings.TrimPrefix(e.Error(), "query: column "); !strings.HasPrefix(got, bad) {
				t.Errorf("queries.txt:%d: %q: error %q, want %q", i+1, in, got, bad)
			}
			continue
		}
		if err != nil {
			t.Errorf("queries.txt:%d: %q: %v", i+1, in, err)
			continue
		}
		if q.String() != want {
			t.Errorf("queries.txt:%d: %q: got %q, want %q", i+1, in, q.String(), want)
		}
		roundTrip(t, l, q)
	}
}

func roundTrip(t *testing.T, l *query.Language, q query.Query) {
	t.Helper()
	back, err := l.Parse(q.String())
	if err != nil {
		t.Errorf("%q: its own form is not read: %v", q, err)
	} else if !reflect.DeepEqual(q, back) {
		t.Errorf("%q: read back as %q\n%#v\n%#v", q, back, q, back)
	}
}

// Names as they are counted come back whole, whatever pairs of marks they hold.
func TestNamesWithMarks(t *testing.T) {
	l := language()
	r := rand.New(rand.NewPCG(1, 2))
	pairs := []string{"（）", "()", "（)", "“”", "「」", "『』", `""`}
	var name func(depth int) string
	name = func(depth int) string {
		s := "敦煌"
		for range r.IntN(3) {
			if p := []rune(pairs[r.IntN(len(pairs))]); depth > 0 {
				inner := strings.ReplaceAll(name(depth-1), `"`, "") // which does not nest
				if p[0] == '（' || p[0] == '(' {
					inner = strings.TrimSpace(inner)
				}
				s += string(p[0]) + inner + string(p[1])
			}
			s += []string{"", "展", "A3"}[r.IntN(3)]
		}
		return s
	}
	for range 2000 {
		n := name(3)
		for in, want := range map[string]query.Query{
			"机构:" + n:                                  query.Name{Field: "org", Text: n},
			"机构:=" + n + " 酒泉":                         query.And{Of: []query.Query{query.Name{Field: "org", Text: n, Exact: true}, query.Text{Text: "酒泉"}}},
			"机构:“丝路”" + n:                              query.Name{Field: "org", Text: "“丝路”" + n},
			"（机构:" + n + " 或 机构:" + n + "）":            query.Or{Of: []query.Query{query.Name{Field: "org", Text: n}, query.Name{Field: "org", Text: n}}},
			"数字（主体:" + n + "）":                         query.Figure{Of: []query.Condition{{Key: "subject", Text: n}}},
			"机构:(" + n + " OR " + n + ")":              query.Or{Of: []query.Query{query.Name{Field: "org", Text: n}, query.Name{Field: "org", Text: n}}},
			query.Name{Field: "org", Text: n}.String(): query.Name{Field: "org", Text: n},
		} {
			q, err := l.Parse(in)
			if err != nil || !reflect.DeepEqual(q, want) {
				t.Fatalf("%s: read as %v, %v; want %v", in, q, err, want)
			}
			roundTrip(t, l, q)
		}
	}
}

func TestCaret(t *testing.T) {
	_, err := language().Parse("标题:新能源 foo:bar")
	var e *query.SyntaxError
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	line, caret := e.Caret()
	if line != "标题:新能源 foo:bar" || caret != strings.Repeat(" ", 12)+"^" {
		t.Errorf("got %q\n%q", line, caret)
	}
}

func TestLimits(t *testing.T) {
	l := language()
	for name, s := range map[string]string{
		"parentheses": strings.Repeat("(", 5000),
		"not":         strings.Repeat("-", 5000) + "a",
		"words":       strings.Repeat("a ", 5000),
		"long":        strings.Repeat("风", 20000),
		"bytes":       "a\xff",
	} {
		if q, err := l.Parse(s); err == nil {
			t.Errorf("%s: read as %.40q", name, q)
		}
	}
}

func FuzzParse(f *testing.F) {
	data, err := os.ReadFile("testdata/queries.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, line := range strings.Split(string(data), "\n") {
		in, _, _ := strings.Cut(line, " → ")
		f.Add(in)
	}
	for _, r := range query.Help {
		f.Add(r.Example)
	}
	l := language()
	f.Fuzz(func(t *testing.T, s string) {
		q, err := l.Parse(s)
		if err != nil {
			var e *query.SyntaxError
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(s) || e.Got == "" {
				t.Fatalf("%q: %#v", s, err)
			}
			e.Caret()
			return
		}
		roundTrip(t, l, q)
	})
}
