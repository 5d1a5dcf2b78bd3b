package entity

import "strings"

// roadWords are those of which one stands in a sentence whose bare numbers may be roads.
var roadWords = []string{"国道", "省道", "公路", "高速", "道路", "路段", "路面", "通车"}

// roads proposes the numbers of roads: 国道３１２线, 312国道, G30, G312线, and beside
// a word of roads ３１０线.
func (p *proposer) roads() {
	s := p.s
	n := int32(s.n)
	context, asked := false, false
	for i := int32(0); i < n; i++ {
		r := fold(s.runes[i])
		sort := s.roadSort(i)
		letter := r == 'G' || r == 'S' || r == 'X'
		digit := r >= '0' && r <= '9'
		if sort == 0 && !letter && !digit || i > 0 && isAlnum(s.runes[i]) && isAlnum(s.runes[i-1]) {
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
			ok = context && (tail > 0 || !isAlnum(s.runes[end]) && !strings.ContainsRune("次峰-/—~～%.．", s.runes[end]))
		}
		if ok && (sort > 0 || letter || end-at == 3) {
			p.add(candidate{start: i, end: end + tail, kind: facility, from: byNumber})
			i = end
		}
	}
}

// roadSort returns 2 where 国道, 省道, 县道 or 高速 stands at i, else 0.
func (s *sentence) roadSort(i int32) int32 {
	if i+1 < int32(s.n) && s.runes[i+1] == '道' && strings.ContainsRune("国省县", s.runes[i]) {
		return 2
	}
	return 0
}

// digits returns the end of the digits at i.
func (s *sentence) digits(i int32) int32 {
	for i < int32(s.n) {
		if r := fold(s.runes[i]); r < '0' || r > '9' {
			break
		}
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
