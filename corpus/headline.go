package corpus

import (
	"strings"
	"unicode/utf8"
)

// appendHead gives the lines of an article's head their roles: kicker, title,
// subtitle, byline. A title over two lines becomes one piece.
func appendHead(out []piece, us []unit) []piece {
	if len(us) == 1 && us[0].role == "" && us[0].shape != shapeRule && us[0].shape != shapeByline {
		return append(out, piece{role: RoleTitle, text: us[0].text})
	}
	var titles, rest []unit
	for i, u := range us {
		switch {
		case u.shape == shapeRule:
		case u.shape == shapeByline:
			rest = us[i:]
		default:
			titles = append(titles, u)
			continue
		}
		if rest != nil {
			break
		}
	}
	titles, authors := authorLines(titles)
	for _, g := range rolesOf(titles) {
		out = append(out, piece{role: g.role, text: joinTitle(g.units)})
	}
	for _, u := range authors {
		out = append(out, piece{role: RoleByline, text: u.text})
	}
	for _, u := range rest {
		p := piece{role: u.role, text: u.text}
		switch {
		case u.shape == shapeRule:
			continue
		case u.shape == shapeByline:
			p.role = RoleByline
		case u.level > 0 || u.shape == shapeShort:
			p.role = RoleSubtitle
			if u.level > 0 {
				p.role = RoleHeading
			}
		}
		out = append(out, p)
	}
	return out
}

// authorLines splits the lines of authors off the end of the headlines.
func authorLines(us []unit) (titles, authors []unit) {
	n := len(us)
	for n > 1 && us[n-1].level == 0 && us[n-1].role == "" {
		s := us[n-1].text.String()
		_, guest := parseGuest(s)
		_, names := parseNames(s)
		if !guest && !names {
			break
		}
		n--
	}
	return us[:n], us[n:]
}

// A titleGroup is one or two lines with one role.
type titleGroup struct {
	role  Role
	units []unit
}

// rolesOf finds which of the lines above the text is what.
func rolesOf(us []unit) []titleGroup {
	if len(us) == 0 {
		return nil
	}
	var out []titleGroup
	for len(us) > 0 && us[0].role != "" { // the name of a column, a headline that is known
		out = append(out, titleGroup{us[0].role, us[:1]})
		us = us[1:]
	}
	for _, g := range out {
		if g.role == RoleTitle {
			for i := range us {
				out = append(out, titleGroup{RoleSubtitle, us[i : i+1]})
			}
			return out
		}
	}
	if len(us) == 0 {
		return out
	}
	lo, hi := titleAt(us)
	for i := range us[:lo] {
		out = append(out, titleGroup{RoleKicker, us[i : i+1]})
	}
	out = append(out, titleGroup{RoleTitle, us[lo:hi]})
	for hi < len(us) {
		next := hi + 1
		if next < len(us) && us[next].level == us[hi].level && openLine(us[hi].text.String()) {
			next++
		}
		role := RoleSubtitle
		if s := us[hi].text.String(); columnKind(s) != "" && !isDash(s) {
			role = RoleKicker // 时评, under the headline
		}
		out = append(out, titleGroup{role, us[hi:next]})
		hi = next
	}
	return out
}

// titleAt finds the title among the lines of a head.
func titleAt(us []unit) (lo, hi int) {
	best := 0
	for _, u := range us {
		if u.level > 0 && (best == 0 || u.level < best) {
			best = u.level
		}
	}
	if best > 0 {
		for us[lo].level != best {
			lo++
		}
		same := lo + 1
		for same < len(us) && us[same].level == best && !isDash(us[same].text.String()) {
			same++
		}
		for lo+1 < same && isKicker(us[lo].text.String()) {
			lo++
		}
		if lo+1 < same && us[0].level == best && lo == 0 && !twoLines(us[0].text.String(), us[1].text.String()) && !isSub(us[1].text.String()) && !attends(us[1].text.String()) {
			lo++ // a slogan over the headline
		}
		hi = lo + 1
		if hi < same && twoLines(us[lo].text.String(), us[hi].text.String()) && !attends(us[hi].text.String()) {
			hi++
		}
		if hi == lo+1 && hi < len(us) && us[hi].level == 0 && us[hi].gap == 0 && openLine(us[lo].text.String()) {
			hi++
		}
		return lo, hi
	}
	n := len(us)
	for i := 1; i < n; i++ { // lines that begin with a dash are subtitles
		if isDash(us[i].text.String()) {
			n = i
			break
		}
	}
	if n == 1 {
		return 0, 1
	}
	text := func(i int) string { return us[i].text.String() }
	for lo < n-1 && (isKicker(text(lo)) || n-lo > 3 || n-lo == 3 && n < len(us) && !twoLines(text(lo), text(lo+1))) {
		lo++
	}
	if lo == 0 && n > 1 && utf8.RuneCountInString(text(0)) <= 4 && utf8.RuneCountInString(text(1)) >= 6 && !isSub(text(1)) {
		lo = 1 // 书架, 读史: the name of a column
	}
	if lo == 0 && n == 3 && !twoLines(text(0), text(1)) && !isSub(text(1)) {
		lo = 1
	}
	hi = lo + 1
	if hi < n && twoLines(text(lo), text(hi)) {
		hi++
	}
	return lo, hi
}

// isDash reports whether a line begins with the dash of subtitles.
func isDash(s string) bool {
	for _, d := range []string{"—", "──", "--", "－－", "–", "―"} {
		if strings.HasPrefix(s, d) {
			return true
		}
	}
	return false
}

// isKicker reports whether a line above another reads as its kicker: a standing
// column, a slogan in brackets, or a clause that leads to the headline (…强调).
func isKicker(s string) bool {
	if columnKind(s) != "" {
		return true
	}
	if _, ok := bracketed(s); ok {
		return true
	}
	for _, tail := range []string{"强调", "指出", "要求", "时说", "表示", "会见", "讲话", "主持", "主持会议", "出席", "召开会议", "批示", "作出指示", "致辞", "提出", "主持召开", "举行会谈", "时强调", "时指出", "时要求", "致贺信", "回信", "编者按", "开栏语", "开栏的话"} {
		if strings.HasSuffix(s, tail) {
			return true
		}
	}
	if a, b, ok := strings.Cut(s, "·"); ok && utf8.RuneCountInString(a) >= 3 && utf8.RuneCountInString(b) >= 3 && !strings.ContainsAny(s, "“，") {
		return true // 决战决胜脱贫攻坚·一线见闻
	}
	return strings.Contains(s, "系列报道") || strings.Contains(s, "专题") && utf8.RuneCountInString(s) <= 10 || strings.HasSuffix(s, "·")
}

// attends reports whether a line says who was there, as subtitles do.
func attends(s string) bool {
	for _, tail := range []string{"出席", "参加", "参加调研", "主持", "讲话", "陪同", "到会", "致辞", "参会", "并讲话", "等出席", "会见", "参加会议"} {
		if strings.HasSuffix(s, tail) {
			return true
		}
	}
	return false
}

// isSub reports whether a line reads as a subtitle.
func isSub(s string) bool {
	for _, tail := range []string{"侧记", "综述", "纪实", "见闻", "观察", "调查", "掠影", "启示", "纪事", "述评", "扫描", "记", "透视", "探访", "回眸", "解读", "巡礼", "采访记", "札记", "记事", "小记", "追记", "手记", "访谈", "实录", "对话录", "闻见", "报告", "思考", "风采录"} {
		if strings.HasSuffix(s, tail) {
			return true
		}
	}
	return isDash(s) || leansBack(s)
}

// leansBack reports whether a line says more of what stands above it, as no headline begins.
func leansBack(s string) bool {
	for _, head := range []string{"预计", "其中", "同比", "较上年", "比上年", "较去年", "比去年", "总投资", "涉及", "至此"} {
		if strings.HasPrefix(s, head) {
			return true
		}
	}
	return false
}

// twoLines reports whether b goes on with the headline a: a breaks off, or both
// are halves of a couplet.
func twoLines(a, b string) bool {
	if isDash(b) || isSub(b) {
		return false
	}
	n, m := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	return openLine(a) || n == m && n >= 4 && n <= 10 || max(n, m) <= 9 && min(n, m) >= 4 && max(n, m)-min(n, m) <= 1
}

// openLine reports whether a headline goes on in the next line.
func openLine(s string) bool {
	for _, tail := range []string{"的", "和", "与", "及", "为", "将", "对", "从", "把", "让", "使", "向", "以", "在", "、"} {
		if strings.HasSuffix(s, tail) && utf8.RuneCountInString(s) > 3 {
			return true
		}
	}
	return unclosed(s)
}

// joinTitle makes one text of the lines of a headline, a space between them.
func joinTitle(us []unit) Text {
	if len(us) == 1 {
		return us[0].text
	}
	var b TextBuilder
	for i, u := range us {
		if i > 0 && !openLine(us[i-1].text.String()) {
			b.Append(between(us[i-1].text, u.text, " "))
		}
		b.Append(u.text)
	}
	return b.Text()
}
