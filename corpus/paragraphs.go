package corpus

import (
	"strings"
	"unicode/utf8"
)

// mend joins the paragraphs that a column break cut in mid-sentence:
//
//	…铺轨十二公里,            建设者从各工点抽调一支
//	提前完成计划。            突击队进洞,…
//
// Two paragraphs are joined only when the first cannot be whole, when it is
// text and no heading or verse, and when the second does not begin as a
// paragraph, an item or a heading of its own.
func mend(ps []piece, marked bool) []piece {
	inset := 0
	body := 0
	for i := range ps {
		if ps[i].role == RoleParagraph {
			body++
			if ps[i].inset {
				inset++
			}
		}
	}
	indented := inset >= 2 && inset*3 >= body
	n := 0 // ps[:n] is done
	for i := range ps {
		if n > 0 && cutInTwo(&ps[n-1], &ps[i], indented, marked) {
			ps[n-1].text = joinText(ps[n-1].text, ps[i].text)
			continue
		}
		if n < i {
			ps[n] = ps[i]
		}
		n++
	}
	return ps[:n]
}

// maxMended is the length in bytes from which a paragraph takes nothing more.
const maxMended = 12000

// cutInTwo reports whether b goes on with the sentence that a breaks off in.
func cutInTwo(a, b *piece, indented, marked bool) bool {
	if a.role != RoleParagraph || b.role != RoleParagraph {
		return false
	}
	x, y := a.text.String(), b.text.String()
	if len(x) > maxMended {
		return false
	}
	if startsInside(y) && !endsSentence(x) {
		return true
	}
	if endsWhole(x) || startsItem(y) || indented && b.inset && !strings.HasSuffix(x, "，") {
		return false
	}
	short := 16 * 3
	if len(x) <= short && len(y) <= short { // verse, lists of names
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(x)
	if last == '，' || last == ',' || last == '、' {
		return len(x) > short || len(y) > short
	}
	if startsTurn(y) {
		return false
	}
	// without a mark at its end a text is told from a heading by the marks inside
	inside := strings.ContainsAny(x, "。；！？") || strings.ContainsAny(x, "，,") && (!balanced(x) || len(x) > maxTitle)
	return inside || unclosed(x) || marked && len(x) > 2*short
}

// startsTurn reports whether s begins with the name of a speaker: 记者：…
func startsTurn(s string) bool {
	i := strings.IndexAny(s[:min(len(s), 36)], "：:")
	return i > 0 && utf8.RuneCountInString(s[:i]) <= 8 && allHan(s[:i])
}

// joinText puts b behind a; a space stands between Latin words.
func joinText(a, b Text) Text {
	var out TextBuilder
	out.Append(a)
	before, _ := utf8.DecodeLastRuneInString(a.String())
	if latin(before) && latin(firstRune(b.String())) {
		out.Append(between(a, b, " "))
	}
	out.Append(b)
	return out.Text()
}
