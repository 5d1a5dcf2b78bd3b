package corpus

import (
	"strings"
	"unicode/utf8"
)

// parseGuest reads the line of an author from outside under a headline:
// organization, post and name, with the name last and apart.
//
//	厦门海川电子股份有限公司董事长 李强
//	兰州大学经济学院教授 郭　爱　君
func parseGuest(s string) (byline, bool) {
	if len(s) > maxByline || endsProse(s) || strings.ContainsAny(s, "。！？!?；：:“”《》") {
		return byline{}, false
	}
	t := bylineWords()
	s = strings.TrimRight(s, " 　")
	gap := lastGap(s)
	if gap <= 0 {
		return byline{}, false
	}
	name := Span{Start: gap + len(s[gap:]) - len(strings.TrimLeft(s[gap:], " 　\u00a0\t")), End: len(s)}
	for range 2 { // 王　欣, 习　一　平
		before := lastGap(strings.TrimRight(s[:gap], " 　"))
		if before <= 0 || utf8.RuneCountInString(nameOf(s[name.Start:])) > 2 {
			break
		}
		start := skipSpaces(s, before)
		if _, w := utf8.DecodeRuneInString(s[start:]); w != gap-start {
			break
		}
		gap, name.Start = before, start
	}
	post := strings.TrimSpace(s[:gap])
	who := nameOf(s[name.Start:name.End])
	if !isName(who) || columnKind(who) != "" || utf8.RuneCountInString(who) > 4 && !strings.Contains(who, "·") {
		return byline{}, false
	}
	org, title, ok := t.splitPost(post)
	if !ok || !t.surname(who) && !strings.Contains(who, "·") && (title == "" || utf8.RuneCountInString(who) > 3) {
		return byline{}, false
	}
	return byline{guest: true, credits: []Credit{{Name: who, Role: "作者", Kind: Author, Organization: org, Title: title, Span: name}}}, true
}

// lastGap returns the byte at which the last run of spaces in s begins, or -1.
func lastGap(s string) int {
	end := strings.LastIndexFunc(s, isSpace)
	if end < 0 {
		return -1
	}
	return len(strings.TrimRightFunc(s[:end], isSpace))
}

// splitPost cuts an organization from the post behind it. A post alone, or an
// organization alone, is accepted too: one of the two is then empty.
func (t *bylineTables) splitPost(s string) (org, title string, ok bool) {
	if utf8.RuneCountInString(s) < 2 || utf8.RuneCountInString(s) > 60 {
		return "", "", false
	}
	s = strings.TrimSpace(s)
	for i := range s {
		if t.isPost(s[i:]) {
			return strings.TrimRight(s[:i], " 　、，"), s[i:], true
		}
	}
	if strings.ContainsAny(s, "，, 　") || utf8.RuneCountInString(s) < 4 || !orgEnd(s) {
		return "", "", false
	}
	return s, "", true
}

// isPost reports whether s begins with a post, and goes on after it with
// further posts or organizations up to a post at its end:
// 党委书记、常务副会长兼秘书长、省企业家联合会副会长.
func (t *bylineTables) isPost(s string) bool {
	n := t.postAt(s)
	if n == 0 {
		return false
	}
	rest := strings.TrimLeft(s[n:], " 　")
	if rest == "" {
		return true
	}
	for _, joint := range []string{"、", "，", ",", "兼", "（", "("} {
		if strings.HasPrefix(rest, joint) {
			return joint == "（" || joint == "(" || t.endsInPost(rest)
		}
	}
	return len(rest) < len(s[n:]) && t.endsInPost(rest) || t.isPost(rest)
}

// postAt returns the length of the longest post at the start of s, its modifiers included; 0 for none.
func (t *bylineTables) postAt(s string) int {
	at := 0
	for range 4 { // 原 党委 常务 副书记
		if n := longestIn(t.posts, s[at:], 24); n > 0 {
			return at + n
		}
		n := longestIn(t.modifiers, s[at:], 18)
		if n == 0 {
			return 0
		}
		at += n
	}
	return 0
}

func (t *bylineTables) endsInPost(s string) bool {
	for i := range s {
		if t.posts[s[i:]] {
			return true
		}
	}
	return strings.HasSuffix(s, "）") || strings.HasSuffix(s, ")")
}

// longestIn returns the length of the longest word of set that s begins with, of at most limit bytes.
func longestIn(set map[string]bool, s string, limit int) int {
	for n := min(len(s), limit); n > 0; n-- {
		if set[s[:n]] {
			return n
		}
	}
	return 0
}

// parseNames reads a line that holds nothing but one to four names: the author
// under a headline who signs without a post.
func parseNames(s string) (byline, bool) {
	if len(s) > 60 || endsProse(s) {
		return byline{}, false
	}
	t := bylineWords()
	words, marked, ok := t.words(nil, s)
	if !ok || len(words) == 0 || len(words) > 4 {
		return byline{}, false
	}
	for _, w := range words {
		who := nameOf(w.text)
		if n := utf8.RuneCountInString(who); !w.name || n < 2 || columnKind(who) != "" || strings.Contains("区县市镇乡厂系", lastChar(who)) || n > 4 && !strings.Contains(who, "·") || !t.surname(who) {
			return byline{}, false
		}
		if n := utf8.RuneCountInString(who); n == 4 && !strings.Contains(who, "·") && !t.surnames[who[:6]] && !t.minority(who) {
			return byline{}, false
		}
	}
	credits, ok := assign(nil, words, t)
	return byline{credits: credits, explicit: marked}, ok
}

// parseAuthorNote reads the note at the end of an article that says who its author is:
//
//	（作者系甘肃省社会科学院研究员）
//	（作者单位：甘肃北山高纯材料有限公司）
//	（朱遗存　作者单位：甘肃北山高纯材料有限公司）
//	（作者：郭爱君，兰州大学经济学院教授）
//
// A note without a name gives one credit with an empty name: it belongs to the author of the byline.
func parseAuthorNote(s string) (byline, bool) {
	if len(s) > maxByline {
		return byline{}, false
	}
	body, ok := bracketed(s)
	if !ok {
		return byline{}, false
	}
	off := strings.Index(s, body)
	at := strings.Index(body, "作者")
	if at < 0 || at > 30 {
		return byline{}, false
	}
	t := bylineWords()
	c := Credit{Role: "作者", Kind: Author}
	if who := strings.TrimSpace(body[:at]); who != "" {
		who = strings.TrimRight(who, "，,：:　 ")
		if !isName(nameOf(who)) {
			return byline{}, false
		}
		c.Name, c.Span = nameOf(who), spanOf(who, body, 0, off)
	}
	rest := body[at+len("作者"):]
	if who, more, ok := strings.Cut(rest, "，"); ok && c.Name == "" && isName(nameOf(who)) && t.surname(who) { // 作者王欣，现居珠海
		c.Name, c.Span = nameOf(who), spanOf(who, body, at, off)
		if org, title, ok := t.splitPost(strings.TrimRight(more, "。 　")); ok {
			c.Organization, c.Title = org, title
		}
		return byline{credits: []Credit{c}, guest: c.Organization != "", explicit: true}, true
	}
	for _, lead := range []string{"单位：", "单位:", "单位为", "单位系", "单位　", "单位 ", "分别为", "分别系", "分别是", "系", "为", "是", "：", ":", "　", " "} {
		tail, ok := strings.CutPrefix(rest, lead)
		if !ok {
			continue
		}
		if (lead == "：" || lead == ":" || lead == "　" || lead == " ") && c.Name == "" {
			who, more, _ := strings.Cut(tail, "，")
			if more == "" {
				who, more, _ = strings.Cut(tail, ",")
			}
			if b, ok := parseGuest(who); ok && more == "" {
				b.credits[0].Span = b.credits[0].Span.Shift(off + strings.Index(body, who))
				return b, true
			}
			if !isName(nameOf(who)) {
				return byline{}, false
			}
			c.Name, c.Span = nameOf(who), spanOf(who, body, at, off)
			tail = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(more), "系"), "为")
		}
		tail = strings.TrimRight(tail, "。 　")
		if org, title, ok := t.splitPost(tail); ok {
			c.Organization, c.Title = org, title
		} else if orgEnd(tail) || lead != "：" && lead != ":" && lead != "　" && lead != " " {
			c.Organization = tail
		}
		return byline{credits: []Credit{c}, guest: c.Organization != "" || c.Title != "", explicit: true}, true
	}
	return byline{}, false
}

// spanOf finds part in body, from byte from on, in the line where body begins at off.
func spanOf(part, body string, from, off int) Span {
	at := from + strings.Index(body[from:], part)
	return Span{Start: off + at, End: off + at + len(part)}
}

// brackets open what bracketed reads.
var brackets = newRuneSet("（([【〔")

// bracketed returns what stands in the brackets that enclose all of s.
func bracketed(s string) (string, bool) {
	if s == "" || !brackets.has(firstRune(s)) && !startsSpace(s) {
		return "", false
	}
	s = strings.TrimSpace(s)
	for _, pair := range [][2]string{{"（", "）"}, {"(", ")"}, {"（", ")"}, {"(", "）"}, {"【", "】"}, {"[", "]"}, {"〔", "〕"}} {
		if in, ok := strings.CutPrefix(s, pair[0]); ok {
			if in, ok = strings.CutSuffix(in, pair[1]); ok {
				return in, !strings.ContainsAny(in, "（()）【】")
			}
		}
	}
	return "", false
}

// authorLine reads the line under a headline that names its author, with a mark
// or the word 作者 before him or without.
func authorLine(s string) (byline, bool) {
	body := s
	for _, lead := range []string{"□", "■", "◇", "◆", "○", "●", "作者：", "作者:", "作者　", "作者 ", "文：", "文/", "文／", "口述：", "主讲人：", "主讲：", "撰文：", "讲述人："} {
		body = strings.TrimPrefix(body, lead)
		body = strings.TrimLeft(body, " 　")
	}
	off := len(s) - len(body)
	b, ok := parseGuest(body)
	if !ok {
		b, ok = parseNames(body)
	}
	if !ok {
		return byline{}, false
	}
	for i := range b.credits {
		b.credits[i].Span = b.credits[i].Span.Shift(off)
	}
	return b, true
}

// parsePlaced reads the signature under a letter: where the writer lives or works, and the name.
func parsePlaced(s string) (byline, bool) {
	t := bylineWords()
	words := strings.FieldsFunc(s, isSpace)
	if len(words) < 2 || strings.ContainsAny(s, "，。；：！？“”") {
		return byline{}, false
	}
	who := words[len(words)-1]
	if len(words) > 2 && utf8.RuneCountInString(who) == 1 && utf8.RuneCountInString(words[len(words)-2]) == 1 {
		who = s[strings.LastIndex(s, words[len(words)-2]):]
		who = strings.TrimRightFunc(who, isSpace)
	}
	org := strings.TrimSpace(strings.TrimSuffix(strings.TrimRightFunc(s, isSpace), who))
	n := utf8.RuneCountInString(nameOf(who))
	if strings.HasPrefix(org, "据") || n < 2 || n > 3 || !isName(nameOf(who)) || !t.surname(who) || !allHan(org) || utf8.RuneCountInString(org) > 24 || utf8.RuneCountInString(org) < 3 {
		return byline{}, false
	}
	at := strings.LastIndex(s, who)
	return byline{credits: []Credit{{Name: nameOf(who), Role: "作者", Kind: Author, Organization: org, Span: Span{Start: at, End: at + len(who)}}}}, true
}

func lastChar(s string) string {
	_, w := utf8.DecodeLastRuneInString(s)
	return s[len(s)-w:]
}
