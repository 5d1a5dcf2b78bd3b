package index

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
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

// Values of one kind come together, the unit first that most figures of the
// metric have, whatever the numbers are in base units.
func TestValuesOfOneUnitFirst(t *testing.T) {
	articles := []testArticle{
		{id: "a", day: "2024-01-01", text: "# 投资\n投资[完成投资|27万元|money|270000|CNY|point]。"},
		{id: "b", day: "2024-01-02", text: "# 投资\n投资[完成投资|六年半|duration|78|mo|point]，又[完成投资|3亿元|money|300000000|CNY|point]。"},
		{id: "c", day: "2024-01-03", text: "# 投资\n投资[完成投资|六千年|duration|72000|mo|point]。"},
		{id: "d", day: "2024-01-04", text: "# 投资\n投资[完成投资|12.5%|percent|12.5|%|point]，[完成投资|5元|money|5|CNY|point]。"},
		{id: "e", day: "2024-01-05", text: "# 投资\n投资[完成投资|99倍|multiple|99||point]。"},
		{id: "f", day: "2024-01-06", text: "# 装机\n装机[装机|500万千瓦|capacity|5000000|kW|point]。"},
	}
	l := libraryOf(t, WriterOptions{}, documents(articles))
	for _, c := range []struct {
		query        string
		sort         Sort
		ids, figures string
	}{
		{"完成投资:*", ByValue, "b a d c e", "3亿元 27万元 5元 六千年 六年半 12.5% 99倍"},
		{"完成投资:*", ByValueUp, "d a b c e", "5元 27万元 3亿元 六年半 六千年 12.5% 99倍"},
		{"完成投资:>=1元", ByValue, "b a d", "3亿元 27万元 5元"},
		{"完成投资:>=1%", ByValue, "d", "12.5%"},
		{"完成投资:* OR 装机:*", ByValue, "b a d c f e", "3亿元 27万元 5元 六千年 六年半 500万千瓦 12.5% 99倍"},
		{"数字(单位:千瓦)", ByValue, "f", "500万千瓦"},
	} {
		var paged []string // page by page is the same
		for req := (Request{Query: parse(t, c.query), Limit: 2, Sort: c.sort}); ; {
			res, err := l.Search(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			paged = append(paged, hitIDs(res.Hits)...)
			if req.After = res.Next; res.Next == "" {
				break
			}
		}
		if got := strings.Join(paged, " "); got != c.ids {
			t.Errorf("%s by %s: %s, want %s", c.query, c.sort, got, c.ids)
		}
		var rows []string
		for r, err := range l.Figures(context.Background(), Request{Query: parse(t, c.query), Sort: c.sort}) {
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, r.Doc.Surface(r.Figure.Span))
		}
		if got := strings.Join(rows, " "); got != c.figures {
			t.Errorf("%s by %s: figures %s, want %s", c.query, c.sort, got, c.figures)
		}
	}
}

// Hits are read side by side, in memory that is used again.
func TestValuesOfManyPages(t *testing.T) {
	var articles []testArticle
	for i := range 400 {
		articles = append(articles, testArticle{id: fmt.Sprintf("%03d", i), day: "2024-01-01", text: fmt.Sprintf("# 投资%d\n%s完成投资[完成投资|%d亿元|money|%d00000000|CNY|point]。",
			i, strings.Repeat("今年", i%7), i+1, i+1)})
	}
	l := libraryOf(t, WriterOptions{}, documents(articles))
	for range 10 {
		n := 0
		for req := (Request{Query: parse(t, "完成投资:*"), Limit: 150, Sort: ByValue}); ; {
			res, err := l.Search(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range res.Hits {
				if want := fmt.Sprintf("%03d", 399-n); h.Doc.ID != want {
					t.Fatalf("hit %d is %s of %g, want %s", n, h.Doc.ID, h.Score, want)
				}
				n++
			}
			if req.After = res.Next; res.Next == "" {
				break
			}
		}
		if n != len(articles) {
			t.Fatalf("%d hits, want %d", n, len(articles))
		}
	}
}
