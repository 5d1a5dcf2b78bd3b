package index

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

func TestUnitsByWordAndCode(t *testing.T) {
	for word, want := range map[string]string{
		"元": "CNY", "亿元": "CNY", "万元": "CNY", "CNY": "CNY", "cny": "CNY", "人民币": "CNY", "美元": "USD", "千瓦": "kW", "万千瓦": "kW", "kw": "kW", "MW": "MW", "兆瓦": "MW",
		"吨": "t", "万吨": "t", "噸": "t", "亩": "[mu_cn]", "万亩": "[mu_cn]", "个": "{unit}", "人": "{person}", "万人次": "{person-visit}", "%": "%", "百分点": "[pp]", "个百分点": "[pp]",
		"公里": "km", "千米": "km", "年": "a", "{unit}": "{unit}", "{套餐}": "{套餐}",
	} {
		if got, like := readUnit(word); got != want {
			t.Errorf("%s: %q, like %v, want %q", word, got, like, want)
		}
	}
	for word, want := range map[string]string{"千瓦特": "千瓦 kW", "美金元": "美元 USD", "也许": "元 CNY", "亿": "元 CNY", "": "元 CNY"} {
		got, like := readUnit(word)
		if got != "" || !strings.Contains(strings.Join(like, ", "), want) || len(like) > maxUnits {
			t.Errorf("%s: %q, like %v, want %s among them", word, got, like, want)
		}
	}
}

func TestUnitConditions(t *testing.T) {
	l := libraryOf(t, WriterOptions{}, documents([]testArticle{
		{id: "a", text: "# 签约\n签约[签约额|3062亿元|money|306200000000|CNY|point]。"},
		{id: "b", text: "# 装机\n装机[装机|500万千瓦|capacity|5000000|kW|point]，产煤[产量|3万吨|output|30000|t|point]。"},
	}))
	for q, want := range map[string]string{
		"单位:亿元": "a", "数字(单位:元)": "a", "单位:CNY": "a", "单位:千瓦": "b", "数字(单位:万吨 指标:产量)": "b", "数字(单位:千瓦 指标:产量)": "", "单位:亩": "", "单位:*": "a b",
	} {
		res, err := l.Search(context.Background(), Request{Query: parse(t, q), Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Trim(fmt.Sprint(hitIDs(res.Hits)), "[]"); got != want {
			t.Errorf("%s: %s, want %s", q, got, want)
		}
	}
}
