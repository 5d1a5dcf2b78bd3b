package entity

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"longmai/pipeline"
)

// A resolver gives the mentions of one document their names.
type resolver struct {
	*Reader
	d      *pipeline.Document
	known  *articleLexicon
	found  []mention
	places []located // every division that is mentioned, in order of place
	main   [levelTownship + 1]int32
	full   []string // organisations that the article names in full
}

// located is a mention of a division.
type located struct {
	at       int // byte
	sentence int
	division int32
}

// resolve gives every mention its name and reference.
func (r *Reader) resolve(d *pipeline.Document, found []mention, known *articleLexicon) []pipeline.Entity {
	v := &resolver{Reader: r, d: d, known: known, found: found}
	v.locate()
	for _, m := range found {
		if m.kind == organization {
			if s := d.Surface(m.span); runeCount(s) >= 6 {
				v.full = append(v.full, s)
			}
		}
	}
	out := make([]pipeline.Entity, 0, len(found))
	next := 0
	for i, m := range found {
		e := pipeline.Entity{Span: m.span, Type: kindNames[m.kind], Confidence: m.confidence, Rule: ruleOf(m)}
		surface := d.Surface(m.span)
		for next < len(v.places) && v.places[next].at < m.span.Start {
			next++
		}
		switch m.kind {
		case place:
			v.namePlace(&e, surface, next)
		case person:
			if !v.namePerson(&e, surface, i) {
				continue
			}
		case organization:
			e.Name, e.Ref = v.organization(surface, m, 0)
		default:
			e.Name, e.Ref = v.thing(m.kind, surface)
		}
		out = append(out, e)
	}
	return v.addressed(v.withoutCredits(out))
}

// ruleOf returns the rule of a mention: the names of what spoke for it.
func ruleOf(m mention) string { return rules()[m.from] }

// rules are the rules by evidence, so that a mention need not make its own.
var rules = sync.OnceValue(func() []string {
	out := make([]string, 1<<len(evidenceNames))
	for from := range out {
		out[from] = "entity/" + strings.Join(evidenceOf(evidence(from)), "+")
	}
	return out
})

// table returns the full name and reference that the tables have for surface as a k.
func (r *Reader) table(k kind, surface string) (name, ref string, ok bool) {
	for _, s := range r.lex.lookup(surface) {
		if s.sort == sortName && s.kind == k {
			n := r.lex.names[s.item]
			return n.name, n.ref, true
		}
	}
	return "", "", false
}

// locate finds the divisions of the document and the ones it is about.
func (v *resolver) locate() {
	near := int32(-1)
	count := map[int32]int{}
	note := func(at, sentence int, div int32, weight int) {
		v.places = append(v.places, located{at, sentence, div})
		for div >= 0 {
			count[div] += weight
			div = v.lex.parent(div)
			weight = 1
		}
	}
	if d := v.d.Dateline; d != nil && d.Place != "" {
		if div := v.division(d.Place, near); div >= 0 {
			note(d.Span.Start, -1, div, 3)
			near = div
		}
	}
	last := -1
	for _, m := range v.found {
		surface := v.d.Surface(m.span)
		switch m.kind {
		case place:
			if m.span.Start != last && near >= 0 && v.lex.divisions[near].level > levelPrefecture {
				near = v.lex.up(near, levelPrefecture)
			}
			if div := v.division(surface, near); div >= 0 {
				note(m.span.Start, m.sentence, div, 2)
				near = div
				last = m.span.End
			}
		case organization, facility:
			if div, rest := v.prefixDivision(surface, near); div >= 0 && rest != "" {
				note(m.span.Start, m.sentence, div, 2)
			}
		}
	}
	slices.SortStableFunc(v.places, func(a, b located) int { return cmp.Compare(a.at, b.at) }) // the dateline stands behind the title
	for level := range v.main {
		best, most := int32(-1), 0
		for _, p := range v.places {
			for div := p.division; div >= 0; div = v.lex.parent(div) {
				if int(v.lex.divisions[div].level) == level && count[div] > most {
					best, most = div, count[div]
				}
			}
		}
		v.main[level] = best
	}
}

// namePlace names a place; before it stand v.places[:index].
func (v *resolver) namePlace(e *pipeline.Entity, surface string, index int) {
	if index < len(v.places) && v.places[index].at == e.Start {
		d := v.lex.divisions[v.places[index].division]
		e.Name, e.Ref = d.name, d.code
		return
	}
	e.Name = surface
	if name, ref, ok := v.table(place, surface); ok {
		e.Name, e.Ref = name, ref
		return
	}
	for short, long := range map[string]string{"经开区": "经济技术开发区", "高新区": "高新技术产业开发区", "综保区": "综合保税区"} {
		if rest, ok := strings.CutSuffix(surface, short); ok && rest != "" {
			e.Name = rest + long
			if name, ref, ok := v.table(place, e.Name); ok {
				e.Name, e.Ref = name, ref
			}
			return
		}
	}
}

// namePerson names a person and reports whether the mention stands: 老安 does
// when the article names him in full.
func (v *resolver) namePerson(e *pipeline.Entity, surface string, index int) bool {
	name := fullName(surface)
	e.Name = name
	if rest, ok := strings.CutPrefix(name, "老"); ok && runeCount(rest) == 1 {
		full := v.nearest(index, func(s string) bool {
			return strings.HasPrefix(s, rest) && runeCount(s) > 1 && !strings.HasPrefix(s, "老")
		})
		if full == "" {
			return false
		}
		e.Name = full
		return true
	}
	if v.known != nil {
		if i, ok := v.known.byKey[nameKey{person, surface}]; ok && v.known.names[i].full != "" {
			e.Name = v.known.names[i].full
		}
	}
	return true
}

// nearest returns the person before mention index, else behind it, whose name fits.
func (v *resolver) nearest(index int, fits func(string) bool) string {
	name := func(i int) string {
		if v.found[i].kind != person {
			return ""
		}
		s := fullName(v.d.Surface(v.found[i].span))
		if fits(s) {
			return s
		}
		return ""
	}
	for i := index - 1; i >= 0; i-- {
		if s := name(i); s != "" {
			return s
		}
	}
	for i := index + 1; i < len(v.found); i++ {
		if s := name(i); s != "" {
			return s
		}
	}
	return ""
}

// thing names a facility, event, project or policy.
func (v *resolver) thing(k kind, surface string) (name, ref string) {
	name = strings.TrimSuffix(strings.TrimPrefix(surface, "《"), "》")
	if t, ref, ok := v.table(k, name); ok {
		return t, ref
	}
	if k == facility { // G30连霍高速
		if rest := strings.TrimLeft(foldString(name), "GSgs0123456789"); rest != name {
			if t, ref, ok := v.table(k, rest); ok {
				return t, ref
			}
		}
	}
	if v.known != nil {
		if i, ok := v.known.byKey[nameKey{k, surface}]; ok && v.known.names[i].full != "" {
			return v.known.names[i].full, ""
		}
	}
	return name, ""
}

func foldString(s string) string {
	return strings.Map(func(r rune) rune {
		if isAlnum(r) {
			return fold(r)
		}
		return r
	}, s)
}

// organization names a body: by the tables, by what the article calls it in
// full, else by the grammar of public bodies.
func (v *resolver) organization(surface string, m mention, depth int) (name, ref string) {
	if name, ref, ok := v.table(organization, surface); ok {
		return name, ref
	}
	if v.known != nil && depth == 0 {
		if i, ok := v.known.byKey[nameKey{organization, surface}]; ok && v.known.names[i].full != "" {
			return v.organization(v.known.names[i].full, m, 1)
		}
	}
	if name := v.body(surface, m); name != "" {
		return name, ""
	}
	if depth == 0 {
		if full := v.abbreviated(surface); full != "" {
			return v.organization(full, m, 1)
		}
	}
	return surface, ""
}

// abbreviated returns the one organisation that the article names in full and
// of which surface leaves characters out; "" when there is none or several.
func (v *resolver) abbreviated(surface string) string {
	n := runeCount(surface)
	if n < 3 || n > 8 {
		return ""
	}
	found := ""
	for _, full := range v.full {
		if runeCount(full) < n+2 || full == found || !abbreviates(surface, full) {
			continue
		}
		if found != "" {
			return ""
		}
		found = full
	}
	return found
}

// abbreviates reports whether short leaves out characters of full, with its
// first two characters side by side in full, and its end not inside the name of a department.
func abbreviates(short, full string) bool {
	head := []rune(short)
	if !strings.Contains(full, string(head[:2])) {
		return false
	}
	rest := full
	for _, r := range head {
		i := strings.IndexRune(rest, r)
		if i < 0 {
			return false
		}
		rest = rest[i+len(string(r)):]
	}
	return runeCount(rest) <= 8 && (rest == "" || slices.Contains(firmEndings, rest) || strings.HasSuffix(rest, "公司") || strings.HasSuffix(rest, "局") || strings.HasSuffix(rest, "集团"))
}

// prefixDivision returns the division with which surface begins, and what follows.
func (v *resolver) prefixDivision(surface string, near int32) (int32, string) {
	n := v.lex.leadingPlace(surface)
	if n == 0 || n == len(surface) {
		return -1, ""
	}
	return v.division(surface[:n], near), surface[n:]
}

// body expands the name of a public body: 省工信厅, 兰州市委, 县委农办.
func (v *resolver) body(surface string, m mention) string {
	if rest, ok := strings.CutPrefix(surface, "中共"); ok && runeCount(rest) > 2 {
		if name := v.body(rest, m); name != "" {
			return name
		}
		return surface
	}
	if name := v.branch(surface); name != "" {
		return name
	}
	where, rest := "", surface
	if div, after := v.prefixDivision(surface, v.nearPlace(m)); div >= 0 {
		d := v.lex.divisions[div]
		where, rest = d.name, after
		if d.level == levelCountry {
			return ""
		}
	} else if first, after, ok := cutRune(surface); ok && isLevel(first) && first != '国' && after != "" {
		where = v.locale(first, m)
		if where == "" {
			return ""
		}
		rest = after
	} else if name, after := v.zone(surface); name != "" {
		return name + after
	}
	if where == "" || rest == "" {
		return ""
	}
	switch {
	case rest == "政协":
		return "中国人民政治协商会议" + where + "委员会"
	case rest == "委" || rest == "委员会":
		return "中共" + where + "委员会"
	case strings.HasPrefix(rest, "委员会"):
		return "中共" + where + "委" + strings.TrimPrefix(rest, "委员会")
	case strings.HasPrefix(rest, "委"):
		part := strings.TrimPrefix(rest, "委")
		if short, full := v.shortBody(part); full != "" && !strings.HasPrefix(part, full) {
			part = full + part[len(short):]
		}
		return "中共" + where + "委" + part
	case rest == "纪委" || rest == "纪律检查委员会":
		return "中共" + where + "纪律检查委员会"
	case strings.HasPrefix(rest, where[len(where)-3:]+"委"): // 肃南裕固族自治县县委
		return v.body(where+rest[3:], m)
	}
	short, full := v.shortBody(rest)
	switch {
	case full != "" && strings.HasPrefix(rest, full):
		return where + rest
	case full != "":
		return where + full + rest[len(short):]
	}
	if where != "" && strings.HasPrefix(surface, where) {
		return surface
	}
	if first, _, _ := cutRune(surface); isLevel(first) {
		return where + rest
	}
	return ""
}

// branch expands the name of a party's or the 政协's committee: 民盟甘肃省委会, 政协兰州市委员会.
func (v *resolver) branch(surface string) string {
	party, rest := "", ""
	for _, p := range []string{"民革", "民盟", "民建", "民进", "农工党", "致公党", "九三学社", "台盟", "政协"} {
		if after, ok := strings.CutPrefix(surface, p); ok {
			party, rest = p, after
		}
	}
	if party == "" {
		return ""
	}
	place, ok := strings.CutSuffix(rest, "委员会")
	if !ok {
		if place, ok = strings.CutSuffix(rest, "委会"); !ok {
			place, ok = strings.CutSuffix(rest, "委")
		}
	}
	div := v.division(place, -1)
	if !ok || div < 0 {
		return ""
	}
	full := "中国人民政治协商会议"
	if party != "政协" {
		full, _, _ = v.table(organization, party)
	}
	return full + v.lex.divisions[div].name + "委员会"
}

// zone expands the name of a zone at the start of surface: 金昌经开区管委会.
func (v *resolver) zone(surface string) (name, rest string) {
	for end := range v.lex.tree.prefixes(surface) {
		if n, _, ok := v.table(place, surface[:end]); ok && end < len(surface) && runeCount(surface[:end]) > 2 {
			name, rest = n, surface[end:]
		}
	}
	return name, rest
}

// shortBody returns the longest short form of a body that s begins with, and its full name.
func (v *resolver) shortBody(s string) (short, full string) {
	for end, w := range v.lex.tree.prefixes(s) {
		for _, x := range v.lex.words[w-1].senses {
			if x.sort == sortBody {
				short, full = s[:end], v.lex.bodies[x.item]
			}
		}
	}
	return short, full
}

func cutRune(s string) (rune, string, bool) {
	for _, r := range s {
		return r, s[len(string(r)):], true
	}
	return 0, "", false
}

// nearPlace returns the last division before m.
func (v *resolver) nearPlace(m mention) int32 {
	i, _ := slices.BinarySearchFunc(v.places, m.span.Start, func(p located, at int) int { return cmp.Compare(p.at, at) })
	if i > 0 {
		return v.places[i-1].division
	}
	return -1
}

// locale returns the full name of the division that 省, 市, 县, 区 or 州 stands
// for at m: the last of that level in its sentence, else the one that the
// article is about, else the last before it.
func (v *resolver) locale(level rune, m mention) string {
	if level == '省' {
		for _, p := range v.back(m, v.d.Sentences[m.sentence].Start) {
			if d := v.lex.divisions[p]; d.level == levelProvince && !v.lex.inside(p, v.home) {
				break
			}
		}
		return v.lex.divisions[v.home].name
	}
	fits := func(div int32) int32 {
		for ; div >= 0; div = v.lex.parent(div) {
			d := v.lex.divisions[div]
			if d.level >= levelPrefecture && strings.HasSuffix(d.name, string(level)) {
				return div
			}
		}
		return -1
	}
	block, _ := v.d.BlockAt(m.span.Start)
	near := v.back(m, block.Span.Start)
	for _, atHome := range []bool{true, false} { // 市商务局 after 陇南市 and 成都市 is that of 陇南
		for _, p := range near {
			if div := fits(p); div >= 0 && v.lex.inside(div, v.home) == atHome {
				return v.lex.divisions[div].name
			}
		}
	}
	for _, lv := range []int{levelCounty, levelPrefecture, levelTownship} {
		if level == '市' && lv == levelCounty {
			lv = levelPrefecture
		}
		if div := v.main[lv]; div >= 0 {
			if div = fits(div); div >= 0 {
				return v.lex.divisions[div].name
			}
		}
	}
	for _, p := range v.back(m, 0) {
		if div := fits(p); div >= 0 {
			return v.lex.divisions[div].name
		}
	}
	if level == '乡' || level == '镇' {
		return ""
	}
	return ""
}

// back returns the divisions between from and m, last first.
func (v *resolver) back(m mention, from int) []int32 {
	i, _ := slices.BinarySearchFunc(v.places, m.span.Start, func(p located, at int) int { return cmp.Compare(p.at, at) })
	var out []int32
	for i--; i >= 0 && len(out) < 40 && v.places[i].at >= from; i-- {
		if v.places[i].sentence < 0 && !v.lex.inside(v.places[i].division, v.home) {
			continue // a dateline tells where the reporter was
		}
		out = append(out, v.places[i].division)
	}
	return out
}
