package sample

import (
	"strings"
	"time"
)

// A mention is an entity as it can be printed.
type mention struct {
	long, short    string
	typ, name, ref string
}

var entityTypes = map[string]bool{"person": true, "organization": true, "place": true, "facility": true, "event": true, "project": true, "policy": true}

// casts says how each kind of entity slot is filled.
var casts = map[string]func(*story) mention{
	"prov": func(*story) mention {
		return mention{"甘肃省", "甘肃", "place", "甘肃省", "620000"}
	},
	"c":          func(s *story) mention { return s.city.mention() },
	"x":          func(s *story) mention { return s.county.mention() },
	"t":          func(s *story) mention { return s.town.mention() },
	"city":       func(s *story) mention { return s.lexicon.cities[s.r.IntN(len(s.lexicon.cities))].mention() },
	"county":     func(s *story) mention { return s.otherCounty().mention() },
	"town":       func(s *story) mention { return s.otherTown().mention() },
	"village":    func(s *story) mention { return plain("place", s.lexicon.village(s.r)) },
	"person":     (*story).person,
	"official":   (*story).person,
	"villager":   (*story).person,
	"manager":    (*story).person,
	"expert":     (*story).person,
	"firm":       (*story).firm,
	"coop":       func(s *story) mention { return s.coop() },
	"cbureau":    func(s *story) mention { return plain("organization", s.city.printed()+s.word("cbureau")) },
	"xbureau":    func(s *story) mention { return plain("organization", s.county.printed()+s.word("xbureau")) },
	"pbureau":    func(s *story) mention { return s.provincial() },
	"ccommittee": func(s *story) mention { return plain("organization", s.city.printed()+"委") },
	"cgov":       func(s *story) mention { return plain("organization", s.city.printed()+"人民政府") },
	"xcommittee": func(s *story) mention { return plain("organization", s.county.printed()+"委") },
	"xgov":       func(s *story) mention { return plain("organization", s.county.printed()+"人民政府") },
	"hospital": func(s *story) mention {
		return plain("organization", s.county.printed()+pickOf(s, "人民医院", "中医医院", "妇幼保健院"))
	},
	"school": func(s *story) mention {
		return plain("organization", s.county.short+pickOf(s, "一中", "二中", "实验小学", "职业中专", "思源学校"))
	},
	"institute": func(s *story) mention { return plain("organization", s.word("institute")) },
	"bank":      func(s *story) mention { return plain("organization", s.word("bank")) },
	"soe":       func(s *story) mention { return plain("organization", s.word("soe")) },
	"scenic":    func(s *story) mention { return plain("place", s.word("scenic")) },
	"nature":    func(s *story) mention { return plain("place", s.word("nature")) },
	"river":     func(s *story) mention { return plain("place", s.word("river")) },
	"outside":   func(s *story) mention { return plain("place", s.word("outside")) },
	"facility":  func(s *story) mention { return plain("facility", s.word("facility")) },
	"plant": func(s *story) mention {
		return plain("facility", s.town.short+pickOf(s, "光伏电站", "风电场", "变电站", "水库", "大桥"))
	},
	"project": func(s *story) mention { return plain("project", s.word("project")) },
	"works": func(s *story) mention {
		return plain("project", s.county.short+pickOf(s, "城乡供水一体化工程", "高标准农田建设项目", "易地搬迁后续扶持项目", "清洁供暖改造工程", "河道治理工程", "灌区续建配套工程"))
	},
	"policy":   func(s *story) mention { return plain("policy", s.word("policy")) },
	"marathon": func(s *story) mention { return plain("event", s.city.short+"国际马拉松赛") },
	"event":    func(s *story) mention { return plain("event", s.word("event")) },
}

// kindOf returns the kind of an entity slot: its name without digit or letter.
func kindOf(name string) string {
	kind, _, _ := strings.Cut(name, ".")
	kind = strings.TrimRight(kind, "0123456789")
	if casts[kind] == nil {
		return ""
	}
	return kind
}

func plain(typ, name string) mention { return mention{long: name, short: name, typ: typ, name: name} }

func (p *place) mention() mention {
	ref := p.code
	for len(ref) < 6 {
		ref += "0"
	}
	return mention{long: p.printed(), short: p.short, typ: "place", name: p.name, ref: ref}
}

func pickOf(s *story, list ...string) string { return pick(s.r, list) }

func (s *story) word(list string) string { return pick(s.r, s.lexicon.lists[list]) }

func (s *story) person() mention {
	return plain("person", s.lexicon.person(mix(s.seed)+zipf(s.r, 40_000)))
}

func (s *story) firm() mention {
	full, short := s.lexicon.firm(mix(s.seed)+zipf(s.r, 20_000), s.city)
	return mention{long: full, short: short, typ: "organization", name: full}
}

func (s *story) coop() mention {
	return plain("organization", s.county.short+s.word("brand")+s.word("coop"))
}

func (s *story) provincial() mention {
	n := s.word("pbureau")
	return mention{long: n, short: "省" + strings.TrimPrefix(n, "甘肃省"), typ: "organization", name: n}
}

func (s *story) otherCounty() *place {
	for {
		c := s.lexicon.cities[s.r.IntN(len(s.lexicon.cities))]
		if len(c.inner) > 0 && len(c.inner[0].inner) > 0 {
			return c.inner[s.r.IntN(len(c.inner))]
		}
	}
}

func (s *story) otherTown() *place {
	if len(s.county.inner) == 0 {
		return s.town
	}
	return s.county.inner[s.r.IntN(len(s.county.inner))]
}

// timeKinds says how each kind of time slot is printed and what it means on a
// day of issue.
var timeKinds = map[string]func(s *story) (words, from, to string){
	"last": func(s *story) (string, string, string) {
		y := s.date.Year() - 1
		return pickOf(s, "去年", "上年", itoa(y)+"年", "去年全年"), day(y, 1, 1), day(y, 12, 31)
	},
	"year": func(s *story) (string, string, string) {
		y := s.date.Year()
		return pickOf(s, "今年", itoa(y)+"年"), day(y, 1, 1), day(y, 12, 31)
	},
	"ytd": func(s *story) (string, string, string) {
		y, m := s.date.Year(), int(s.date.Month())-1
		switch {
		case m >= 9:
			return pickOf(s, "今年前三季度", "前三季度", "今年1至9月"), day(y, 1, 1), day(y, 9, 30)
		case m >= 6:
			return pickOf(s, "今年上半年", "上半年", "今年1至6月"), day(y, 1, 1), day(y, 6, 30)
		case m >= 3:
			return pickOf(s, "今年一季度", "一季度", "今年1至3月"), day(y, 1, 1), day(y, 3, 31)
		}
		return pickOf(s, "去年", itoa(y-1)+"年"), day(y-1, 1, 1), day(y-1, 12, 31)
	},
	"asof": func(s *story) (string, string, string) {
		last := time.Date(s.date.Year(), s.date.Month(), 0, 0, 0, 0, 0, time.UTC)
		w := itoa(int(last.Month())) + "月底"
		switch {
		case last.Year() < s.date.Year():
			w = pickOf(s, "去年底", itoa(last.Year())+"年底")
		case s.r.IntN(3) == 0:
			w = itoa(int(last.Month())) + "月末"
		}
		return "截至" + w, "", last.Format(time.DateOnly)
	},
	"month": func(s *story) (string, string, string) {
		first := time.Date(s.date.Year(), s.date.Month()-1, 1, 0, 0, 0, 0, time.UTC)
		last := first.AddDate(0, 1, -1)
		w := itoa(int(first.Month())) + "月份"
		if first.Year() < s.date.Year() {
			w = "去年" + w
		}
		return w, first.Format(time.DateOnly), last.Format(time.DateOnly)
	},
	"day": func(s *story) (string, string, string) {
		d := s.date.AddDate(0, 0, -1-s.r.IntN(2))
		w := itoa(int(d.Month())) + "月" + itoa(d.Day()) + "日"
		return w, d.Format(time.DateOnly), d.Format(time.DateOnly)
	},
	"by": func(s *story) (string, string, string) {
		y := s.date.Year() + 1 + s.r.IntN(4)
		return "到" + itoa(y) + "年", "", day(y, 12, 31)
	},
	"past": func(s *story) (string, string, string) {
		y := s.date.Year() - 2 - s.r.IntN(6)
		return itoa(y) + "年", day(y, 1, 1), day(y, 12, 31)
	},
	"plan": func(s *story) (string, string, string) {
		n := (s.date.Year()-1)/5 - 390 // 2011–2015 is the twelfth
		return "“" + han(int64(n)) + "五”期间", day(n*5+1951, 1, 1), day(n*5+1955, 12, 31)
	},
}

func itoa(n int) string { return decimal{int64(n), 0}.String() }

func day(y, m, d int) string {
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}
