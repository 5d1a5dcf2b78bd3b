package index

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

func TestBareNumbersTakeTheUsualUnit(t *testing.T) {
	l := libraryOf(t, WriterOptions{}, documents([]testArticle{
		{id: "a", day: "2024-01-01", text: "# 签约\n签约[签约额|3062亿元|money|306200000000|CNY|point]，[签约额|12.5%|percent|12.5|%|point]。"},
		{id: "b", day: "2024-01-02", text: "# 签约\n签约[签约额|20亿元|money|2000000000|CNY|point]。装机[装机|500万千瓦|capacity|5000000|kW|point]。"},
		{id: "c", day: "2024-01-03", text: "# 装机\n装机[装机|80万千瓦|capacity|800000|kW|point]，增长[装机增速|8%|percent|8|%|point]，[比重|60%|percent|60|%|point]。"},
	}))
	for _, c := range []struct{ query, want, says string }{
		{"签约额:>=100亿", "a", "100亿 = 100亿 (CNY)"},
		{"签约额:>=12", "a b", "12 = 12 (CNY)"}, // not the percentage alone
		{"签约额:12..13", "", "12..13 = 12..13 (CNY)"},
		{"签约额:>=12%", "a", ""},
		{"装机:>=100万", "b", "100万 = 100万 (kW)"},
		{"增速:>=7", "c", "7 = 7 (%)"},
		{"非 签约额:>=100亿", "b c", "100亿 = 100亿 (CNY)"},
		{"没有:>=5", "", ""},
	} {
		res, err := l.Search(context.Background(), Request{Query: parse(t, c.query), Limit: 5, Sort: ByDateUp})
		if err != nil {
			t.Fatal(err)
		}
		says := ""
		for _, e := range res.Expanded {
			says += e.Word + " = " + strings.Join(e.Also, " ")
		}
		if got := strings.Trim(fmt.Sprint(hitIDs(res.Hits)), "[]"); got != c.want || says != c.says {
			t.Errorf("%s: %s, says %q; want %s, %q", c.query, got, says, c.want, c.says)
		}
	}
}

func TestSimilarNames(t *testing.T) {
	l := libraryOf(t, WriterOptions{}, documents([]testArticle{
		{id: "a", text: "# 风电\n{place:620900:酒泉市|酒泉}的{organization::甘肃省发展和改革委员会|甘肃省发展和改革委员会}。"},
		{id: "b", text: "# 风电\n{place:620900:酒泉市|酒泉}的{place:620700:张掖市|张掖}。"},
	}))
	for _, c := range []struct{ query, want string }{
		{"地点:洒泉市", "[{place:洒泉市 [酒泉市 (2)]}]"},
		{"风电 机构:甘肃省发展和改革委员", "[{org:甘肃省发展和改革委员 [甘肃省发展和改革委员会 (1)]}]"},
		{"地点:酒泉 机构:改革委", "[{org:改革委 [甘肃省发展和改革委员会 (1)]}]"},
		{"地点:纽约州", "[]"},
		{"光伏", "[]"},
	} {
		res, err := l.Search(context.Background(), Request{Query: parse(t, c.query), Explain: true})
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(res.Explanation.Similar); got != c.want {
			t.Errorf("%s: %s, want %s", c.query, got, c.want)
		}
	}
}
