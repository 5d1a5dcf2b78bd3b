package entity

import "strings"

// roadWords are those of which one stands in a sentence whose bare numbers may be roads.
var roadWords = []string{"国道", "省道", "公路", "高速", "道路", "路段", "路面", "通车"}

// roads proposes the numbers of roads: 国道３１２线, 312国道, G30, G312线, and beside
// a word of roads ３１０线.
func (p *proposer) roads() {
	s := p.s
	if s.holds&charDigit == 0 {
		return
	}
	n := int32(s.n)
	context, asked := false, false
	for i := int32(0); i < n; i++ {
		sort, letter := s.roadSort(i), s.roadLetter(i)
		if sort == 0 && !letter && s.chars[i].is&charDigit == 0 || i > 0 && s.alnum(i) && s.alnum(i-1) {
			continue
		}
		at := i + sort
		if sort > 0 && at < n && (fold(s.runes[at]) == 'G' || fold(s.runes[at]) == 'S') || sort == 0 && letter {
			at++
		}
		end := s.digits(at)
		if end == at || end-at > 4 {
			continue
		}
		tail := s.roadTail(end)
		ok := sort > 0 || tail > 1
		if !ok && (letter || tail == 1 && end-at == 3) {
			if !asked {
				asked = true
				for _, w := range roadWords {
					context = context || strings.Contains(s.text, w)
				}
			}
			ok = context && (tail > 0 || !s.alnum(end) && !strings.ContainsRune("次峰-/—~～%.．", s.runes[end]))
		}
		if ok && (sort > 0 || letter || end-at == 3) {
			p.add(candidate{start: i, end: end + tail, kind: facility, from: byNumber})
			i = end
		}
	}
}

// roadSort returns 2 where 国道, 省道, 县道 or 高速 stands at i, else 0.
func (s *sentence) roadSort(i int32) int32 {
	if s.runes[i+1] == '道' && strings.ContainsRune("国省县", s.runes[i]) {
		return 2
	}
	return 0
}

// roadLetter reports whether the letter of a class of roads stands at i.
func (s *sentence) roadLetter(i int32) bool {
	if s.chars[i].is&charLetter == 0 {
		return false
	}
	r := fold(s.runes[i])
	return r == 'G' || r == 'S' || r == 'X'
}

// digits returns the end of the digits at i.
func (s *sentence) digits(i int32) int32 {
	for s.chars[i].is&charDigit != 0 {
		i++
	}
	return i
}

// roadTail returns the length of what ends the number of a road at i: 线, 国道, 高速公路.
func (s *sentence) roadTail(i int32) int32 {
	rest := s.text[s.at[i]:]
	for _, w := range []string{"高速公路", "高速", "国道", "省道", "公路"} {
		if strings.HasPrefix(rest, w) {
			return int32(runeCount(w))
		}
	}
	if strings.HasPrefix(rest, "线") {
		return 1
	}
	return 0
}

// sections proposes the parts of lines, which are one facility with the line:
// 兰渝铁路 + 岷县至广元段, 兰张高铁 + 兰武段. The words of the tokeniser cannot be relied
// on here, because they join 南段 and 西段.
func (p *proposer) sections() {
	if !strings.Contains(p.s.text, "段") {
		return
	}
	for i := range p.out { // those added below end in 段 and are no lines
		c := p.out[i]
		if c.kind != facility || !p.s.cut[c.start] && c.from&(byTable|byNumber) == 0 || !p.isLine(&c) {
			continue
		}
		if end := p.section(c.end); end > 0 {
			p.add(candidate{start: c.start, end: end, kind: facility, from: byHead, head: p.tree.find("段"), headStart: end - 1})
		}
	}
}

// isLine reports whether a facility is a line: the number of a road, or what ends as lines do.
func (p *proposer) isLine(c *candidate) bool {
	s := p.s
	if c.from&byNumber != 0 {
		return true
	}
	for i := max(c.start, c.end-4); i < c.end; i++ {
		for q := s.first[i]; q < s.first[i+1]; q++ {
			if m := &s.matches[q]; m.end == c.end && m.says&saysHead != 0 && p.headTrait(m, facility)&line != 0 {
				return true
			}
		}
	}
	return s.runes[c.end-1] == '线' && s.runes[c.end-2] == '号' // 地铁2号线
}

// longestSection bounds what says between which places a part of a line lies.
const longestSection = 18

// section returns where the part of a line ends whose places begin at i; 0 when
// there is none. Places of more than four characters must be two, or known.
func (p *proposer) section(i int32) int32 {
	s := p.s
	named := false
	for j := i; j < int32(s.n) && j < i+longestSection; j++ {
		r := s.runes[j]
		switch {
		case r == '段':
			if j == i || strings.ContainsRune("路阶地时手片波标区", s.runes[j-1]) || j-i > 4 && !named || j+1 < int32(s.n) && strings.ContainsRune("时落", s.runes[j+1]) {
				return 0
			}
			return j + 1
		case r == '至' || r == '到' || isDash(r):
			named = true
		case !s.hanOrAlnum(j) || r == '的' || r == '和' && !named && j == i:
			return 0
		}
		if s.right[j]&(maskDivision|maskBare|maskPlace) != 0 {
			named = true
		}
		if j > i && s.left[j]&maskBreak != 0 {
			return 0
		}
	}
	return 0
}

// isDash holds for the dashes that stand between the ends of a line.
func isDash(r rune) bool { return strings.ContainsRune("—－–-～~─", r) }

// built are the words for what is done to a thing that is there, or is to be there.
var built = []string{"新建", "改建", "扩建", "改扩建", "改造", "迁建", "修复", "治理", "加固", "续建", "配套", "建设", "重建", "提升", "升级"}

// longestWork bounds what stands between a thing and the head of the project.
const longestWork = 12

// works proposes the projects that begin with the thing that is built: a name,
// what is done to it, and 工程 or 项目 (武威市第二人民医院 + 迁建 + 项目); a part of a line
// needs no such word (兰海高速渭武段 + 工程). The grammar of heads does not come so far
// where the name is long, and stops at 新建.
func (p *proposer) works() {
	s := p.s
	names := len(p.out)
	for q := range s.matches {
		m := &s.matches[q]
		if !p.endsProject(m) {
			continue
		}
		for i := range names {
			c := p.out[i]
			if c.end > m.start || m.start-c.end > longestWork || c.kind < organization || c.kind > facility || !p.beginsName(&c) {
				continue
			}
			section := s.runes[c.end-1] == '段' && c.kind == facility
			if c.end == m.start && !section || c.end < m.start && !p.isWork(c.end, m.start) || p.breaks(c.start, m.start) {
				continue
			}
			head, start := p.headAt(m.end, project)
			if start < c.end {
				head, start = m.word+1, m.start
			}
			p.add(candidate{start: c.start, end: m.end, kind: project, from: byHead, head: head, headStart: start})
		}
	}
}

// endsProject reports whether m is 工程 or 项目 as a head, where no longer head begins: 工程局.
func (p *proposer) endsProject(m *match) bool {
	s := p.s
	if m.says&saysHead == 0 || m.end-m.start != 2 || !s.cut[m.end] {
		return false
	}
	if t := p.words[m.word].text; t != "工程" && t != "项目" {
		return false
	}
	for q := s.first[m.start]; q < s.first[m.start+1]; q++ {
		if s.matches[q].end > m.end && s.cut[s.matches[q].end] {
			return false
		}
	}
	return true
}

// beginsName reports whether a candidate begins where a name does, so that it is
// not one of the many spans that merely end in a head. A bare division is no
// thing that is built: 天水 + 投资建设 + 项目.
func (p *proposer) beginsName(c *candidate) bool {
	if c.table > 0 && p.cues[c.table-1].says&saysDivision != 0 {
		return false
	}
	return c.from&(byTable|byNumber) != 0 || p.s.right[c.start]&(maskDivision|maskBare|maskPlace|maskOrg|maskName) != 0 || p.s.alnum(c.start)
}

// isWork reports whether the characters from i to j say what is done to a thing.
func (p *proposer) isWork(i, j int32) bool {
	s := p.s
	for k := i; k < j; k++ {
		if r := s.runes[k]; !s.hanOrAlnum(k) || r == '的' || r == '和' && k == i {
			return false
		}
	}
	text := s.str(i, j)
	for _, w := range built {
		if strings.HasSuffix(text, w) {
			return true
		}
	}
	return false
}

// breaks reports whether a word that says what somebody does ends between two characters.
func (p *proposer) breaks(i, j int32) bool {
	for k := i + 1; k < j; k++ {
		if p.s.left[k]&maskBreak != 0 {
			return true
		}
	}
	return false
}
