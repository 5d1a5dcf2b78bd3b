package index

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"longmai/pipeline/entity"
)

func TestShortPlaces(t *testing.T) {
	for name, want := range map[string]string{
		"酒泉市": "酒泉", "甘肃省": "甘肃", "宁夏回族自治区": "宁夏", "新疆维吾尔自治区": "新疆", "内蒙古自治区": "内蒙古", "香港特别行政区": "香港",
		"临夏回族自治州": "临夏 临夏州", "甘南藏族自治州": "甘南 甘南州", "肃北蒙古族自治县": "肃北 肃北县", "天祝藏族自治县": "天祝 天祝县", "东乡族自治县": "东乡 东乡县",
		"积石山保安族东乡族撒拉族自治县": "积石山 积石山县", "阿克塞哈萨克族自治县": "阿克塞 阿克塞县", "肃南裕固族自治县": "肃南 肃南县", "张家川回族自治县": "张家川 张家川县",
		"海西蒙古族藏族自治州": "海西 海西州", "双江拉祜族佤族布朗族傣族自治县": "双江 双江县", "龙胜各族自治县": "龙胜 龙胜县", "三都水族自治县": "三都 三都县",
		"巴音郭楞蒙古自治州": "巴音郭楞 巴音郭楞州", "克孜勒苏柯尔克孜自治州": "克孜勒苏 克孜勒苏州", "伊犁哈萨克自治州": "伊犁 伊犁州", "察布查尔锡伯自治县": "察布查尔 察布查尔县",
		"塔什库尔干塔吉克自治县": "塔什库尔干 塔什库尔干县", "喀喇沁左翼蒙古族自治县": "喀喇沁左翼 喀喇沁左翼县",
		"鄂温克族自治旗": "鄂温克 鄂温克旗", "鄂伦春自治旗": "鄂伦春 鄂伦春旗", "莫力达瓦达斡尔族自治旗": "莫力达瓦 莫力达瓦旗",
		"矿区": "矿区", "泾县": "泾县", "红柳湾镇": "红柳湾",
	} {
		if got := strings.Join(shortPlaces(name), " "); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// autonomous calls f with every autonomous prefecture, county and banner of the country.
func autonomous(f func(code, name string)) {
	for n := 110000; n < 830000; n++ {
		code := strconv.Itoa(n)
		if name, ok := entity.DivisionName(code); ok && (strings.HasSuffix(name, "自治州") || strings.HasSuffix(name, "自治县") || strings.HasSuffix(name, "自治旗")) {
			f(code, name)
		}
	}
}

// Every autonomous place has the short name that it is written with, without a
// people in it: two places of one kind never have the same.
func TestShortPlacesOfTheTable(t *testing.T) {
	of := map[string]string{}
	autonomous(func(code, name string) {
		s := shortPlaces(name)
		if len(s) != 2 || strings.Contains(s[0], "族") || s[1] != s[0]+string([]rune(name)[len([]rune(name))-1:]) {
			t.Errorf("%s %s: %v", code, name, s)
		}
		if old := of[s[1]]; old != "" {
			t.Errorf("%s is %s and %s", s[1], old, name)
		}
		of[s[1]] = name
	})
	if len(of) < 150 {
		t.Errorf("%d autonomous places, want those of the whole country", len(of))
	}
}

// Whatever a place is called, the answer is the same, what lies in it included.
func TestPlacesByAllTheirNames(t *testing.T) {
	var articles []testArticle
	autonomous(func(code, name string) {
		short := shortPlaces(name)[1]
		articles = append(articles,
			testArticle{id: code + "a", text: fmt.Sprintf("# 一\n{place:%s:%s|%s}的事。", code, name, short)},
			testArticle{id: code + "b", text: fmt.Sprintf("# 二\n{place:%s:%s|%s}的事。", code, name, name)})
	})
	articles = append(articles, testArticle{id: "in", text: "# 三\n{place:622921:临夏县|临夏县}的事。"}, testArticle{id: "far", text: "# 四\n{place:620900:酒泉市|酒泉}的事。"})
	l := libraryOf(t, WriterOptions{}, documents(articles))
	find := func(q string) []string {
		res, err := l.Search(context.Background(), Request{Query: parse(t, q), Limit: len(articles)})
		if err != nil {
			t.Fatal(err)
		}
		ids := hitIDs(res.Hits)
		slices.Sort(ids)
		return ids
	}
	autonomous(func(code, name string) {
		for _, field := range []string{"地点:", "place:="} {
			want := find(field + name)
			if !slices.Contains(want, code+"a") || !slices.Contains(want, code+"b") {
				t.Errorf("%s%s: %v", field, name, want)
			}
			if got := find(field + shortPlaces(name)[1]); !slices.Equal(got, want) {
				t.Errorf("%s: %v, but %s: %v", field+shortPlaces(name)[1], got, name, want)
			}
		}
	})
	if got := find("地点:临夏州"); !slices.Contains(got, "in") || slices.Contains(got, "far") {
		t.Errorf("地点:临夏州: %v, want what lies in it", got)
	}
	if got := find("place:=临夏州"); slices.Contains(got, "in") {
		t.Errorf("place:=临夏州: %v, want the place alone", got)
	}
}
