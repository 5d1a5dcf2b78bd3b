package entity

import (
	"testing"

	"longmai/pipeline"
)

// TestPropose asks for each pair alone whether the two names may be one.
func TestPropose(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		offer bool
	}{
		// short forms
		{"兰石集团", "兰石集团有限公司", true},
		{"酒钢集团", "酒泉钢铁（集团）有限责任公司", true},
		{"甘肃电投", "甘肃省电力投资集团有限责任公司", true},
		{"甘肃建投集团", "甘肃省建设投资（控股）集团有限公司", true},
		{"公航旅集团", "甘肃省公路航空旅游投资集团有限公司", true},
		{"兰州石化公司", "兰州石油化工有限公司", true},
		{"兰石集团", "兰州兰石集团有限公司", true},
		{"甘肃农大", "甘肃农业大学", true},
		{"兰州交大", "兰州交通大学", true},
		{"兰大二院", "兰州大学第二医院", true},
		{"兰州一中", "兰州市第一中学", true},
		{"甘肃省农科院", "甘肃省农业科学院", true},
		{"中科院兰州分院", "中国科学院兰州分院", true},
		{"甘肃省工信厅", "甘肃省工业和信息化厅", true},
		{"省住建厅", "甘肃省住房和城乡建设厅", true},
		{"天水市人社局", "天水市人力资源和社会保障局", true},
		{"甘肃省发改委", "甘肃省发展和改革委员会", true},
		{"定西市市场监管局", "定西市市场监督管理局", true},
		{"凉州区法院", "凉州区人民法院", true},
		{"凉州区水务局", "武威市凉州区水务局", true},
		{"宁县县委", "中共宁县县委", true},
		{"甘肃博物馆", "甘肃省博物馆", true},
		{"农业银行", "中国农业银行", true},
		{"庆阳市人大常委会", "庆阳市人民代表大会常务委员会", true},

		// other bodies
		{"兰州大学", "兰州理工大学", false},
		{"兰州大学", "兰州大学第二医院", false},
		{"兰州大学第一医院", "兰州大学第二医院", false},
		{"武威市人民医院", "武威市第二人民医院", false},
		{"甘肃省第一建筑公司", "甘肃省第十一建筑公司", false},
		{"甘肃省农业农村厅", "甘南藏族自治州农业农村局", false},
		{"甘肃省农业农村局", "甘南州农业农村局", false},
		{"甘肃省第一中学", "兰州市第一中学", false},
		{"人民医院", "静宁县人民医院", false},
		{"甘肃银行", "甘肃农村商业银行", false},
		{"兰州石化", "兰州石化职业技术大学", false},
		{"酒钢集团", "酒钢集团宏兴钢铁股份有限公司", false},
		{"兰石集团", "兰州兰石重工股份有限公司", false},
		{"甘肃省公安厅", "甘肃省公安厅交警总队", false},
		{"兰州银行", "兰州银行天水分行", false},
		{"长庆油田公司", "长庆油田分公司", false},
		{"兰州体育局", "兰州体育场管理局", false},
		{"甘肃省科技厅", "甘肃省科学技术协会", false},
		{"兰州职业学院", "兰州职业技术学院", false},
		{"东方小学", "东方红小学", false},
		{"甘肃省电力公司", "甘肃省电力投资集团有限公司", false},
		{"敦煌研究院", "敦煌研究院文物保护技术服务中心", false},
		{"平凉市公安局", "平凉市公安局崆峒分局", false},
		{"武威市教育局", "张掖市教育局", false},
		{"兰州北辰物流有限公司", "武威北辰物流有限公司", false},
		{"武威嘉禾种业有限公司", "武威嘉禾种植农民专业合作社", false},
		{"甘肃省交通运输厅", "甘肃省交通运输厅公路局", false},
		{"政实验小学", "和政实验小学", false},
		{"中共宁县委员会", "中共会宁县委员会", false},
		{"金川集团股份有限公司", "金昌润川水务集团有限公司", false},
		{"西街办事处", "西固区先锋路街道办事处", false},
	} {
		for _, typ := range []pipeline.EntityType{pipeline.Organization, pipeline.Person} {
			got := Propose([]Named{{Name: c.b, Type: typ, Count: 9}, {Name: c.a, Type: typ, Count: 1}})
			if want := c.offer && typ == pipeline.Organization; (len(got) == 1) != want || len(got) > 1 {
				t.Errorf("%s %s and %s: %+v, want a proposal: %t", typ, c.a, c.b, got, want)
			} else if want && (got[0].Name != c.a || got[0].Into != c.b || got[0].Why == "") {
				t.Errorf("%s and %s: %+v, want the short form into the full name", c.a, c.b, got[0])
			}
		}
	}
}

// TestProposeNoneOfSeveral: a name without its division may be each of those that have one.
func TestProposeNoneOfSeveral(t *testing.T) {
	names := []Named{{Name: "泾润文旅股份有限公司"}, {Name: "平凉泾润文旅股份有限公司"}, {Name: "白银泾润文旅股份有限公司"}}
	for i := range names {
		names[i].Type = pipeline.Organization
	}
	if got := Propose(names); len(got) > 0 {
		t.Errorf("%+v, want none of two", got)
	}
	if got := Propose(names[:2]); len(got) != 1 {
		t.Errorf("%+v, want one", got)
	}
}

func TestProposeOfHostileNames(t *testing.T) {
	var names []Named
	for _, s := range []string{"", "省", "公司", "第", "（）", "中国", "甘肃省", "甘肃省甘肃省", "\x00\x1b[0m", "=1+1"} {
		names = append(names, Named{Name: s, Type: pipeline.Organization})
	}
	for _, p := range Propose(names) {
		if p.Name == p.Into {
			t.Errorf("%q into itself", p.Name)
		}
	}
}
