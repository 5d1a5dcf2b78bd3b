package entity

import (
	"fmt"
	"strings"
	"sync"
)

// homeProvince returns the division of that name; "" means 甘肃省.
func (l *lexicon) homeProvince(name string) (int32, error) {
	if name == "" {
		name = "甘肃省"
	}
	for _, s := range l.lookup(name) {
		if s.sort == sortDivision && s.class == levelProvince {
			return s.item, nil
		}
	}
	return 0, fmt.Errorf("unknown province %q, want a name such as 甘肃省", name)
}

// division returns the division that a surface names: inside the last place if
// it can be, else in the home province, else the highest; -1 when there is none.
// What is also the name of another place is a division only there or in the home
// province. A township of another place than the last is taken only when it is the one of its name.
func (r *Reader) division(surface string, near int32) int32 {
	best, bestScore, townships, named := int32(-1), -1, 0, false
	for _, s := range r.lex.lookup(surface) {
		if s.sort != sortDivision {
			named = named || s.sort == sortName && s.kind == place
			continue
		}
		score := 10 - int(s.class)
		in := false
		for up := near; up >= 0 && !in; up = r.lex.parent(up) {
			in = r.lex.inside(s.item, up) && r.lex.divisions[up].level > levelCountry
			if in {
				score += 40 + 10*int(r.lex.divisions[up].level)
			}
		}
		if r.lex.inside(s.item, r.home) || s.item == r.home {
			score += 20
		}
		if s.class == levelTownship {
			townships++
		}
		if score > bestScore {
			best, bestScore = s.item, score
		}
	}
	if best >= 0 && r.lex.divisions[best].level == levelTownship && townships > 1 && bestScore < 60 {
		return -1
	}
	if named && bestScore < 20 {
		return -1 // 河西 is the region, not 河西区 of a city that nobody has named
	}
	return best
}

// inside reports whether division a lies in division b.
func (l *lexicon) inside(a, b int32) bool {
	for up := l.parent(a); up >= 0; up = l.parent(up) {
		if up == b {
			return true
		}
	}
	return false
}

// parent returns the division that holds div, -1 for provinces and countries.
func (l *lexicon) parent(div int32) int32 {
	return l.divisions[div].parent
}

// setParents finds the parents of all divisions.
func (l *lexicon) setParents() {
	for i := range l.divisions {
		d := &l.divisions[i]
		d.parent = -1
		for _, code := range Ancestors(d.code) {
			if up, ok := l.byCode[code]; ok {
				d.parent = up
				break
			}
		}
	}
}

// up returns the division of a level that holds div, or div itself.
func (l *lexicon) up(div int32, level uint8) int32 {
	for div >= 0 && l.divisions[div].level > level {
		div = l.parent(div)
	}
	return div
}

// Ancestors returns the codes of the divisions that hold the one with code ref,
// the nearest first: 620922103 gives 620922, 620900, 620000. It needs no table.
// What is no code of a division has none.
func Ancestors(ref string) []string {
	for _, c := range ref {
		if c < '0' || c > '9' {
			return nil
		}
	}
	var out []string
	switch len(ref) {
	case 9:
		ref = ref[:6]
		if ref != undivided {
			out = append(out, ref)
		}
	case 6:
	default:
		return nil
	}
	if ref[4:] != "00" && !direct(ref) {
		out = append(out, ref[:4]+"00")
	}
	if ref[2:] != "0000" {
		out = append(out, ref[:2]+"0000")
	}
	return out
}

// undivided is the county level of 嘉峪关, a city without counties: its
// subdistricts lie in the city itself.
const undivided = "620201"

// direct reports whether a county stands right below its province: in the
// municipalities, the special regions, and where the third and fourth digit are 90.
func direct(code string) bool {
	switch code[:2] {
	case "11", "12", "31", "50", "71", "81", "82":
		return true
	}
	return code[2:4] == "90"
}

// DivisionName returns the name of the division with code ref.
func DivisionName(ref string) (string, bool) {
	n, ok := divisionNames()[ref]
	return n, ok
}

var divisionNames = sync.OnceValue(func() map[string]string {
	b, err := files.ReadFile("data/divisions.tsv")
	if err != nil {
		return nil
	}
	out := make(map[string]string, 5000)
	for line := range strings.SplitSeq(string(b), "\n") {
		if code, rest, ok := strings.Cut(line, "\t"); ok && line[0] != '#' {
			name, _, _ := strings.Cut(rest, "\t")
			out[code] = name
		}
	}
	return out
})
