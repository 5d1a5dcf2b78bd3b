package corpus

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"
)

// readMarkdown reads a page of Markdown: the structure of plain text, and the
// marks of Markdown taken out of the text. Front matter between --- lines fills
// the fields of the article.
func readMarkdown(ctx context.Context, in *input, out *sink) error {
	t, d, err := in.page(out)
	if err != nil {
		return err
	}
	d.clean = false // &nbsp; is still to come
	x := linesOf(t)
	if len(x.lines) == 0 {
		return in.blank()
	}
	n := frontMatter(x)
	var head []para
	for i := range n {
		if p, ok := d.frontLine(x.slice(i)); ok {
			head = append(head, p)
		}
	}
	x.lines = x.lines[n:]
	var ps []para
	for _, p := range paragraphs(x) {
		p, ok := markdownPara(p)
		if ok {
			ps = append(ps, p)
		}
	}
	if len(head) > 0 && len(ps) > 0 && ps[0].level == 1 && ps[0].text.String() == head[len(head)-1].text.String() {
		head = nil // the headline stands in the text too
	}
	return out.page(d, append(head, ps...))
}

// frontMatter returns how many lines at the start of a page are front matter,
// the two --- around it included.
func frontMatter(x sheet) int {
	if len(x.lines) == 0 || x.at(0) != "---" {
		return 0
	}
	for i := 1; i < len(x.lines) && i < 60; i++ {
		switch s := x.at(i); {
		case s == "---" || s == "...":
			return i + 1
		case !strings.ContainsAny(s, ":：-#"):
			return 0
		}
	}
	return 0
}

// frontLine puts one line of front matter, key: value, into the draft. A
// headline is a paragraph of the page as well.
func (d *draft) frontLine(t Text) (para, bool) {
	key, value, ok := strings.Cut(t.String(), ":")
	if !ok {
		return para{}, false
	}
	value = strings.Clone(strings.Trim(value, " 　\"'"))
	if value == "" {
		return para{}, false
	}
	piece := func(level int, role Role) (para, bool) {
		at := strings.LastIndex(t.String(), value)
		return para{text: t.Slice(Span{Start: at, End: at + len(value)}), level: level, role: role}, true
	}
	switch strings.ToLower(strings.TrimSpace(key)) {
	case "title", "标题":
		return piece(1, "")
	case "subtitle", "副题", "副标题":
		return piece(0, RoleSubtitle)
	case "kicker", "引题", "肩题":
		return piece(0, RoleKicker)
	case "author", "byline", "作者", "记者":
		if b, ok := authorLine(value); ok {
			d.credits = append(d.credits, tagOnly(b.credits)...)
		} else if b, ok := parseByline(nil, value); ok {
			d.credits = append(d.credits, tagOnly(b.credits)...)
		}
	case "date", "日期", "pubdate", "published":
		if day, err := ParseDay(value[:min(len(value), 10)]); err == nil {
			d.dates = append(d.dates, dating{day, "tag", true})
		} else if h, ok := parsePageHead(value); ok {
			d.dates = append(d.dates, dating{h.day, "tag", true})
		}
	case "edition", "版次", "page":
		d.edition = editionNumber(value)
	case "section", "column", "栏目":
		d.section = value
	case "paper", "报纸", "来源", "source":
		d.paper = value
	}
	return para{}, false
}

// tagOnly returns credits whose names do not stand in the text.
func tagOnly(cs []Credit) []Credit {
	for i := range cs {
		cs[i].Span = Span{}
	}
	return cs
}

// markdownPara takes the marks out of one paragraph; it reports false for one
// that holds nothing else.
func markdownPara(p para) (para, bool) {
	s := p.text.String()
	switch {
	case p.level > 0:
	case strings.HasPrefix(s, "<!--") && strings.HasSuffix(s, "-->"):
		return p, false
	case strings.HasPrefix(s, "```") || strings.HasPrefix(s, "~~~"):
		return p, false
	case strings.HasPrefix(s, ">"):
		at := len(s) - len(strings.TrimLeft(s, "> 　"))
		p.role, p.text = RoleQuote, p.text.Slice(Span{Start: at, End: len(s)})
	case strings.HasPrefix(s, "|") && strings.HasSuffix(s, "|") && len(s) > 2:
		if strings.Trim(s, "|-: 　") == "" {
			return p, false
		}
		p.role, p.text = RoleTable, tableRow(p.text)
	case isBullet(s):
		at := 1 + len(s[1:]) - len(strings.TrimLeft(s[1:], " 　\t"))
		p.role, p.text = RoleList, p.text.Slice(Span{Start: at, End: len(s)})
	case isNumbered(s):
		p.role = RoleList
	case strings.HasPrefix(s, "![") && strings.HasSuffix(s, ")") && strings.Count(s, "](") == 1:
		alt := Span{Start: 2, End: strings.Index(s, "](")}
		if utf8.RuneCountInString(s[alt.Start:alt.End]) < 8 {
			return p, false
		}
		p.role, p.text = RoleCaption, p.text.Slice(alt)
	}
	p.text = inline(p.text).TrimSpace()
	return p, p.text.Len() > 0
}

// isBullet reports whether a line is an item of a list.
func isBullet(s string) bool {
	return len(s) > 2 && strings.IndexByte("-*+", s[0]) >= 0 && (s[1] == ' ' || s[1] == '\t') && !isRule(s)
}

// isNumbered reports whether a line is an item of a numbered list, 1. or 1).
func isNumbered(s string) bool {
	n := 0
	for n < len(s) && n < 3 && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n > 0 && n+1 < len(s) && (s[n] == '.' || s[n] == ')') && s[n+1] == ' '
}

// tableRow makes the cells of a row stand a tab apart.
func tableRow(t Text) Text {
	s := t.String()
	var b TextBuilder
	start := 1
	for i := 1; i < len(s); i++ {
		if s[i] != '|' || s[i-1] == '\\' {
			continue
		}
		if b.Len() > 0 || start > 1 {
			o, _ := t.Origin(Span{Start: start - 1, End: start})
			b.Append(ReplacedText("\t", o))
		}
		b.Append(t.Slice(Span{Start: start, End: i}).TrimSpace())
		start = i + 1
	}
	return b.Text()
}

// inline takes marks of emphasis, links and escapes out of a text.
func inline(t Text) Text {
	s := t.String()
	if !strings.ContainsAny(s, "*_`[\\&<~") {
		return t
	}
	var b TextBuilder
	kept := 0
	cut := func(from, to int) {
		b.Append(t.Slice(Span{Start: kept, End: from}))
		kept = to
	}
	open := map[string]bool{}
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && strings.IndexByte("\\`*_{}[]()#+-.!|~>", s[i+1]) >= 0:
			cut(i, i+1)
			i += 2
		case strings.HasPrefix(s[i:], "**"), strings.HasPrefix(s[i:], "__"), strings.HasPrefix(s[i:], "~~"):
			mark := s[i : i+2]
			if open[mark] || strings.Contains(s[i+2:], mark) {
				open[mark] = !open[mark]
				cut(i, i+2)
			}
			i += 2
		case c == '`':
			cut(i, i+1)
			i++
		case c == '*' && (open["*"] || i+1 < len(s) && s[i+1] != ' ' && strings.IndexByte(s[i+1:], '*') > 0):
			open["*"] = !open["*"]
			cut(i, i+1)
			i++
		case c == '_' && (open["_"] && closesWord(s, i) || !open["_"] && opensWord(s, i)):
			open["_"] = !open["_"]
			cut(i, i+1)
			i++
		case c == '[' || c == '!' && strings.HasPrefix(s[i:], "!["):
			from := i + 1
			if c == '!' {
				from++
			}
			text, end := link(s[from:])
			if end < 0 {
				i++
				break
			}
			if c == '!' {
				cut(i, from+end)
			} else {
				cut(i, from)
				cut(from+text, from+end)
			}
			i = from + end
		case c == '&':
			if with, n := entity(s[i:]); n > 0 {
				cut(i, i+n)
				if o, ok := t.Origin(Span{Start: i, End: i + n}); ok {
					b.Append(ReplacedText(with, o))
				} else {
					b.Insert(with)
				}
				i += n
				break
			}
			i++
		case c == '<':
			if n := tagEnd(s[i:]); n > 0 {
				cut(i, i+n)
				i += n
				break
			}
			i++
		default:
			i++
		}
	}
	b.Append(t.Slice(Span{Start: kept, End: len(s)}))
	return b.Text()
}

// opensWord reports whether the underscore at s[i] opens an emphasis, and
// closesWord whether one closes it: those in the middle of a word, as in
// content_12.htm, do neither.
func opensWord(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after := firstRune(s[i+1:])
	if i > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before)) || i+1 == len(s) || isSpace(after) || after == '_' {
		return false
	}
	for k, n := i+1, 0; n < 64; n++ {
		j := strings.IndexByte(s[k:], '_')
		if j < 0 {
			return false
		}
		if k += j; closesWord(s, k) {
			return true
		}
		k++
	}
	return false
}

func closesWord(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after := firstRune(s[i+1:])
	return i > 0 && !isSpace(before) && before != '_' && (i+1 == len(s) || !unicode.IsLetter(after) && !unicode.IsDigit(after))
}

// maxLink is how many bytes a link is looked for.
const maxLink = 2048

// link reads text](target) and returns the length of the text and of the whole, or -1.
func link(s string) (text, end int) {
	window := s[:min(len(s), maxLink)]
	text = strings.Index(window, "](")
	if text < 0 || strings.ContainsAny(window[:text], "[]") {
		return 0, -1
	}
	close := strings.IndexByte(window[text:], ')')
	if close < 0 {
		return 0, -1
	}
	return text, text + close + 1
}

// entity reads one of the character references that Markdown pages carry.
func entity(s string) (string, int) {
	for _, e := range [][2]string{{"&nbsp;", " "}, {"&emsp;", "　"}, {"&ensp;", " "}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&middot;", "·"}, {"&ldquo;", "“"}, {"&rdquo;", "”"}, {"&mdash;", "—"}} {
		if strings.HasPrefix(s, e[0]) {
			return e[1], len(e[0])
		}
	}
	return "", 0
}

// tagEnd returns the length of an HTML tag at the start of s, 0 when there is none.
func tagEnd(s string) int {
	n := strings.IndexByte(s[:min(len(s), 200)], '>')
	if n < 2 || !(isLetter(s[1]) || s[1] == '/') || strings.IndexByte(s[1:n], '<') >= 0 {
		return 0
	}
	return n + 1
}
