package corpus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Article pages of the Founder e-paper, of both generations:
//
//	new  div.detail-art with p#PreTitle, h2#Title, p#SubTitle and a line of
//	     authors, the body in div#ozoom > founder-content > p
//	old  <!--enpproperty <founder-date>…</founder-date>… /enpproperty--> with the
//	     fields of the article, and its body between <!--enpcontent--> and
//	     <!--/enpcontent-->
//
// Pages of other houses that use the same parts in another mixture are read by
// what they have. Lists of pages or of articles are no articles.

var htmlStart = regexp.MustCompile(`(?i)<!--\s*enp|<(?:!doctype\s+html|html|head|body|meta|link|script|style|title|div|p|table|[uo]l|li|a|b|i|font|center|img|h[1-6]|br|hr|span|article|section|founder-[a-z]+)[\s/>!]`)

// sniffHTML reports whether head has a tag or comment that web pages have; UTF-16 included.
func sniffHTML(head []byte) bool {
	if slices.Contains(head, 0) {
		head = slices.DeleteFunc(slices.Clone(head), func(c byte) bool { return c == 0 })
	}
	return htmlStart.Match(head)
}

var (
	metaCharset = regexp.MustCompile(`(?i)<meta[^>]{0,256}?charset\s*=\s*["']?\s*([A-Za-z0-9_:-]+)`)
	xmlCharset  = regexp.MustCompile(`(?i)^\s*<\?xml[^>]{0,256}?encoding\s*=\s*["']([A-Za-z0-9_:-]+)`)
)

// declaredCharset returns the charset that a page states in its first 4 KiB.
func declaredCharset(raw []byte) string {
	head := raw[:min(len(raw), 4096)]
	if m := metaCharset.FindSubmatch(head); m != nil {
		return string(m[1])
	}
	if m := xmlCharset.FindSubmatch(head); m != nil {
		return string(m[1])
	}
	return ""
}

// readHTML reads a web page: one of an e-paper by its marks, any other by its main content.
func readHTML(ctx context.Context, in *input, out *sink) error {
	raw, err := in.all(in.o.Limits.pageLimit())
	if err != nil {
		return err
	}
	charset := in.charset
	if charset == "" {
		charset = declaredCharset(raw)
	}
	t, warn, err := in.text(raw, charset)
	if err != nil {
		return err
	}
	m := parseMarkup(t)
	d := in.draft()
	d.warn = warn
	m.head(d)
	if len(m.anchors) > 0 {
		out.lists.learn(in, m)
	}
	if m.founder {
		in.Format, d.source.Format = "epaper", "epaper"
		return m.epaper(ctx, in, d, out)
	}
	return m.webPage(in, d, t, out)
}

// epaper makes the article of a Founder page.
func (m *markup) epaper(ctx context.Context, in *input, d *draft, out *sink) error {
	props := m.founderFields()
	props.into(d)
	body := place(0)
	for _, p := range []place{inBody, inFounder, inZoom, inDetail} {
		if slices.ContainsFunc(m.blocks, func(b block) bool { return b.place&p != 0 && b.link < b.text.Len() }) {
			body = p
			break
		}
	}
	if body == 0 || body == inDetail && m.pageList {
		if m.pageList || m.links >= 3 {
			return in.reject(ClassNoArticle, "", "nothing is lost: its articles are read from their own pages", fmt.Errorf("a list of %d links, not an article", m.links))
		}
		return in.reject(ClassNoArticle, "", "save the page again when it has loaded", errors.New("a page of an e-paper without the text of an article"))
	}
	m.running(d, body)
	if d.edition == "" || d.name == "" {
		if p := out.lists.page(ctx, out, in); p.edition != "" && (d.edition == "" || d.edition == p.edition) {
			d.edition, d.name = p.edition, cmp.Or(d.name, p.name)
		}
	}
	heads, captions := m.aboveBody(d, body)
	var ps []para
	for _, b := range m.blocks {
		if b.place&body == 0 {
			continue
		}
		ps = appendBlock(ps, b)
	}
	if !hasRole(heads, RoleTitle) {
		heads = append(props.pieces(heads), heads...)
		slices.SortStableFunc(heads, func(a, b piece) int { return headRank(a.role) - headRank(b.role) })
	}
	if !hasRole(heads, RoleByline) && !saidIn(ps, heads, props.author()) {
		heads = append(heads, piece{role: RoleByline, text: props.author()})
	}
	if !hasRole(heads, RoleTitle) && !opensWithHeading(ps) {
		if t := m.headTitle(d); t.Len() > 0 {
			heads = append([]piece{{role: RoleTitle, text: t}}, heads...)
		} else {
			heads = append(m.plainHead(body), heads...)
		}
	}
	ps = withoutTitle(ps, heads)
	if several(ps) {
		return out.page(d, slices.Concat(headParas(heads), captionParas(captions), ps))
	}
	d.pieces = append(heads, captions...)
	for _, p := range ps {
		d.pieces = append(d.pieces, piece{role: p.role, text: p.text, inset: p.inset})
	}
	return out.draft(d)
}

// appendBlock adds a block of the body. The cells of a row become one paragraph.
func appendBlock(ps []para, b block) []para {
	p := para{text: b.text, level: b.head, inset: strings.HasPrefix(b.text.String(), "　　")}
	if p.level == 0 { // a page of Markdown put into tags line by line
		p.level, p.text = marked(p.text.TrimSpace())
	}
	switch {
	case b.photo && chars(b.text.String()) <= 300 && !b.cell:
		p.role = RoleCaption
	case b.cell && len(ps) > 0 && chars(b.text.String()) <= 60 && chars(ps[len(ps)-1].text.String()) <= 240:
		var w TextBuilder
		w.Append(ps[len(ps)-1].text.TrimSpace())
		w.Insert("\t")
		w.Append(b.text.TrimSpace())
		ps[len(ps)-1].text, ps[len(ps)-1].role = w.Text(), RoleTable
		return ps
	case b.quote:
		p.role = RoleQuote
	case b.list:
		p.role = RoleList
	}
	return append(ps, p)
}

// several reports whether a body has marked headings with text under two of them: a page of several articles.
func several(ps []para) bool {
	n, under := 0, false
	for _, p := range ps {
		if p.level > 0 {
			under = true
		} else if under {
			n, under = n+1, false
		}
	}
	return n >= 2
}

func headParas(heads []piece) []para {
	var ps []para
	for _, h := range heads {
		p := para{text: h.text, role: h.role}
		if h.role == RoleTitle {
			p.level, p.role = 1, ""
		}
		ps = append(ps, p)
	}
	return ps
}

func captionParas(captions []piece) []para {
	var ps []para
	for _, c := range captions {
		ps = append(ps, para{text: c.text, role: c.role})
	}
	return ps
}

func hasRole(ps []piece, r Role) bool {
	return slices.ContainsFunc(ps, func(p piece) bool { return p.role == r })
}

func headRank(r Role) int {
	return slices.Index([]Role{RoleKicker, RoleTitle, RoleSubtitle, RoleByline}, r)
}

func opensWithHeading(ps []para) bool { return len(ps) > 0 && ps[0].level > 0 }

// withoutTitle drops the headlines that a body repeats at its start.
func withoutTitle(ps []para, heads []piece) []para {
	for len(ps) > 1 && ps[0].text.Len() <= 2*maxTitle && slices.ContainsFunc(heads, func(h piece) bool { return sameBare(h.text.String(), ps[0].text.String()) }) {
		ps = ps[1:]
	}
	return ps
}

// bare is s without white space, for comparing what a page says twice.
func bare(s string) string {
	if !spaces.in(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isSpace(r) {
			return -1
		}
		return r
	}, s)
}

// sameBare reports whether a and b are equal but for white space.
func sameBare(a, b string) bool {
	if a != "" && b != "" && firstRune(a) != firstRune(b) && !startsSpace(a) && !startsSpace(b) { // of nearly all pairs
		return false
	}
	return bare(a) == bare(b)
}

// saidIn reports whether the headlines or the first or last paragraphs name the authors of t.
func saidIn(ps []para, heads []piece, t Text) bool {
	want := []string{bare(t.String())}
	if b, ok := parseByline(nil, strings.TrimSpace(t.String())); ok && len(b.credits) > 0 {
		want = want[:0]
		for _, c := range b.credits {
			want = append(want, bare(c.Name))
		}
	}
	var said strings.Builder
	for i, p := range ps {
		if i < 6 || i >= len(ps)-3 {
			said.WriteString(bare(firstRunes(p.text.String(), 80)))
		}
	}
	for _, h := range heads {
		said.WriteString(bare(h.text.String()))
	}
	return !slices.ContainsFunc(want, func(w string) bool { return !strings.Contains(said.String(), w) })
}

// firstRunes is the start of s, of n characters at most.
func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// founderLabels are the words of ids and classes, and the role of what they stand for.
var founderLabels = []struct {
	word string
	role Role
}{
	{"pretitle", RoleKicker}, {"introtitle", RoleKicker}, {"kicker", RoleKicker},
	{"subtitle", RoleSubtitle}, {"sub-title", RoleSubtitle},
	{"title", RoleTitle}, {"main-title", RoleTitle}, {"art-title", RoleTitle},
	{"author", RoleByline}, {"art-author", RoleByline}, {"byline", RoleByline}, {"writer", RoleByline},
}

// aboveBody finds the headlines and the captions outside the body.
func (m *markup) aboveBody(d *draft, body place) (heads, captions []piece) {
	detail := slices.ContainsFunc(m.blocks, func(b block) bool { return b.place&inDetail != 0 })
	first := slices.IndexFunc(m.blocks, func(b block) bool { return b.place&body != 0 })
	top := 7 // level of the largest heading above the body
	for _, b := range m.blocks[:first] {
		if b.head > 0 && (!detail || b.place&inDetail != 0) {
			top = min(top, b.head)
		}
	}
	titled := slices.ContainsFunc(m.blocks[:first], func(b block) bool { return hasWord(b.label, "title") && (!detail || b.place&inDetail != 0) })
	for i, b := range m.blocks {
		if b.place&body != 0 || detail && b.place&inDetail == 0 && b.place&inZoom == 0 || b.link*2 > b.text.Len() {
			continue
		}
		role := Role("")
		for _, l := range founderLabels {
			if hasWord(b.label, l.word) && i < first {
				role = l.role
				break
			}
		}
		if role == "" && i < first && b.head > 0 && !titled {
			switch {
			case b.head == top:
				role = RoleTitle
			case hasRole(heads, RoleTitle):
				role = RoleSubtitle
			default:
				role = RoleKicker
			}
		}
		s := b.text.String()
		switch {
		case role != "" && chars(s) <= 120:
			heads = append(heads, piece{role: role, text: b.text})
		case (b.photo || pictureLabel(b.label)) && captionLike(s):
			captions = append(captions, piece{role: RoleCaption, text: b.text})
		case detail || i < first && i > first-4:
			line := b.text.Slice(Span{Start: 0, End: len(placeNote.ReplaceAllString(s, ""))})
			if by, ok := parseByline(nil, strings.TrimSpace(line.String())); ok && by.explicit {
				heads = append(heads, piece{text: line})
			} else if b.place&inDetail != 0 {
				d.cut++
			}
		}
	}
	return oneTitle(heads), captions
}

// placeNote is what some pages put behind their line of authors: 《人民日报》（2023年8月12日 第07版）.
var placeNote = regexp.MustCompile(`《[^》]{2,12}》\s*[（(][^（）()]{0,40}版[）)]\s*$`)

// plainHead finds the headline of a page that does not mark it: the first of
// the short lines right above the body, and as subtitle the one under it.
func (m *markup) plainHead(body place) []piece {
	first := slices.IndexFunc(m.blocks, func(b block) bool { return b.place&body != 0 })
	from := first
	for from > 0 && first-from < 3 && headShaped(m.blocks[from-1]) {
		from--
	}
	var heads []piece
	for _, b := range m.blocks[from:first] {
		role := RoleTitle
		if len(heads) > 0 {
			role = RoleSubtitle
		}
		heads = append(heads, piece{role: role, text: b.text})
	}
	return heads
}

// headShaped reports whether a block above the body can be a headline.
func headShaped(b block) bool {
	s := strings.TrimSpace(b.text.String())
	if n := chars(s); n < 4 || n > 40 || b.link > 0 || b.photo || endsSentence(s) || isBoilerplate(s) || isSiteName(s) {
		return false
	}
	if _, ok := parsePageHead(s); ok {
		return false
	}
	by, ok := parseByline(nil, s)
	return !ok || !by.explicit
}

// oneTitle drops the paper's own name among the titles and joins what is left,
// the lines of one headline.
func oneTitle(heads []piece) []piece {
	n := 0
	for _, h := range heads {
		if h.role == RoleTitle {
			n++
		}
	}
	var out []piece
	for _, h := range heads {
		last := len(out) - 1
		switch {
		case h.role == RoleTitle && n > 1 && isSiteName(h.text.String()):
			n--
		case last >= 0 && h.role == RoleTitle && out[last].role == RoleTitle:
			up, line := out[last].text.TrimSpace(), h.text.TrimSpace()
			var b TextBuilder
			b.Append(up)
			if !openLine(up.String()) {
				b.Append(between(up, line, " "))
			}
			b.Append(line)
			out[last].text = b.Text()
		default:
			out = append(out, h)
		}
	}
	return out
}

// captionLike refuses the labels and links that stand beside pictures.
func captionLike(s string) bool {
	n := chars(strings.TrimSpace(s))
	return n >= 6 && n <= 300 && !isBoilerplate(strings.TrimSpace(s))
}

// running takes paper, day and edition from the lines around the article.
func (m *markup) running(d *draft, body place) {
	heads := map[string]pageHead{}
	var days []Day
	for _, b := range m.blocks {
		s := strings.TrimSpace(b.text.String())
		if b.place&body != 0 || len(s) > 240 || b.link == b.text.Len() && !strings.Contains(s, "年") || !strings.Contains(s, "版") && !strings.ContainsAny(s, "年-/.") {
			continue
		}
		h, ok := parsePageHead(s)
		if !ok {
			continue
		}
		if !h.day.IsZero() && !slices.Contains(days, h.day) {
			days = append(days, h.day)
		}
		if h.edition != "" && (b.link == 0 || !h.day.IsZero()) {
			heads[h.edition] = h
		}
		if d.paper == "" {
			d.paper = h.paper
		}
	}
	if len(days) == 1 {
		d.dates = append(d.dates, dating{days[0], "body", true})
	}
	if len(heads) == 1 && d.edition == "" {
		for _, h := range heads {
			d.edition, d.name = h.edition, h.name
		}
	}
}

// head takes from the head of any page what all pages may say there.
func (m *markup) head(d *draft) {
	for _, key := range []string{"article:published_time", "og:article:published_time", "datepublished", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "date", "dc.date", "dc.date.issued", "og:release_date", "releasedate", "weibo: article:create_at"} {
		if day, _, _, ok := dayIn(m.meta[key]); ok {
			d.dates = append(d.dates, dating{day, "tag", true})
			break
		}
	}
	for _, url := range []string{m.canonical, m.meta["og:url"], m.savedFrom} {
		if !strings.Contains(url, "/") {
			continue
		}
		h := hintOf(url)
		if len(h.dates) > 0 {
			d.dates = append(d.dates, dating{h.dates[0].day, "url", h.dates[0].certain})
		}
		if d.paper == "" {
			d.paper = h.paper
		}
		break
	}
	if d.paper == "" {
		for _, part := range titleParts(m.title.String()) {
			if isSiteName(part) {
				d.paper = paperName(part)
			}
		}
	}
}

// titleParts cuts the title of a page where its site's name is put behind it.
func titleParts(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-_|－—–―·:：>》《<", r) })
}

// siteEnds are the ends of the names of papers and their sites.
var siteEnds = []string{"日报", "晚报", "早报", "晨报", "商报", "时报", "都市报", "农民报", "经济日报", "周报", "日报社", "网", "在线", "客户端"}

// netEnds are the characters before 网 at the end of headlines: 并网, 联网, 电网, 管网, 一张网.
const netEnds = "并联上入触电管路水林张织撒结断热气法天落漏渔"

// paperName is a site's name without what only its pages on the web have: 甘肃日报数字报 → 甘肃日报.
func paperName(s string) string {
	s = strings.TrimSpace(s)
	for _, tail := range []string{"电子版", "数字报", "数字报纸", "数字版", "多媒体", "电子报", "数字报刊", "平台", "首页"} {
		s = strings.TrimSuffix(s, tail)
	}
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(s, "多媒体"), "电子报"))
	if s == "" || !strings.HasSuffix(s, "报") {
		return ""
	}
	return s
}

// isSiteName reports whether s is the name of a paper or of its site, and no headline.
func isSiteName(s string) bool {
	s = strings.Trim(strings.TrimSpace(s), "《》")
	if _, ok := paperIn(s); ok {
		return true
	}
	if chars(s) > 14 || s == "" {
		return false
	}
	if cut, ok := strings.CutSuffix(s, "网"); ok && strings.Contains(netEnds, lastChar(cut)) {
		return false // 红柳洼光伏基地并网
	}
	p := paperName(s)
	return slices.ContainsFunc(siteEnds, func(end string) bool { return strings.HasSuffix(s, end) || p != "" && strings.HasSuffix(p, end) }) && chars(s) <= 10 || p != "" && p != s
}

// headTitle is the title of the head without the site's name before or behind it.
func (m *markup) headTitle(d *draft) Text {
	t := m.title.TrimSpace()
	s := t.String()
	for _, sep := range []string{"_", "|", " - ", "--", "——", "-", "－", "·"} {
		if i := strings.LastIndex(s, sep); i > 0 && isSiteName(s[i+len(sep):]) {
			t = t.Slice(Span{Start: 0, End: i}).TrimSpace()
			s = t.String()
		}
		if i := strings.Index(s, sep); i > 0 && i+len(sep) < len(s) && isSiteName(s[:i]) {
			t = t.Slice(Span{Start: i + len(sep), End: len(s)}).TrimSpace()
			s = t.String()
		}
	}
	if isSiteName(s) || chars(s) < 2 || !strings.ContainsFunc(s, unicode.IsLetter) {
		return Text{}
	}
	return t
}

// founderFields are the fields of the enpproperty comments, by name without "founder-".
type founderFields map[string][]Text

const maxProperties = 200

// founderFields reads the comments. A field is <name>value</name>, its value in
// CDATA or not; a field may stand more than once.
func (m *markup) founderFields() founderFields {
	f := founderFields{}
	for _, c := range m.properties {
		s := c.String()
		at, n := 0, 0
		for n < maxProperties {
			i := strings.IndexByte(s[at:], '<')
			if i < 0 {
				break
			}
			start := at + i + 1
			end := strings.IndexByte(s[start:], '>')
			if end < 0 {
				break
			}
			if inner := strings.LastIndexByte(s[start:start+end], '<'); inner >= 0 { // of the comment itself
				start, end = start+inner+1, end-inner-1
			}
			at = start + end + 1
			name := strings.ToLower(s[start : start+end])
			if name == "" || !isLetter(name[0]) || strings.HasSuffix(name, "/") || len(name) > 40 {
				continue
			}
			n++
			close := strings.Index(strings.ToLower(s[at:min(len(s), at+4096)]), "</"+name+">")
			if close < 0 {
				continue
			}
			name = strings.TrimPrefix(name, "founder-")
			value := unwrap(c, Span{Start: at, End: at + close})
			if value.TrimSpace().Len() > 0 {
				f[name] = append(f[name], value.TrimSpace())
			}
			at += close
		}
	}
	return f
}

// unwrap returns the text of a field without CDATA, with its references resolved and its tags cut.
func unwrap(c Text, in Span) Text {
	c = c.Slice(in).TrimSpace()
	s := c.String()
	if strings.HasPrefix(s, "<![CDATA[") {
		end := len(s)
		if i := strings.LastIndex(s, "]]>"); i > 0 {
			end = i
		}
		c = c.Slice(Span{Start: min(len("<![CDATA["), end), End: end})
		s = c.String()
	}
	if !strings.ContainsAny(s, "<&") {
		return c
	}
	var b TextBuilder
	for _, blk := range parseMarkup(c).blocks {
		if b.Len() > 0 {
			b.Insert(" ")
		}
		b.Append(blk.text)
	}
	return b.Text()
}

func (f founderFields) first(names ...string) Text {
	for _, n := range names {
		if v := f[n]; len(v) > 0 {
			return v[0]
		}
	}
	return Text{}
}

func (f founderFields) author() Text { return f.first("author", "authors", "writer") }

// title is the last of the titles that is not the name of the site.
func (f founderFields) title() Text {
	v := f["title"]
	for i := len(v) - 1; i >= 0; i-- {
		if !isSiteName(v[i].String()) {
			return v[i]
		}
	}
	return Text{}
}

// pieces are the headlines of the comment that heads does not have.
func (f founderFields) pieces(heads []piece) []piece {
	var out []piece
	for _, p := range []piece{
		{role: RoleKicker, text: f.first("introtitle", "pretitle", "kicker", "leadtitle")},
		{role: RoleTitle, text: f.title()},
		{role: RoleSubtitle, text: f.first("subtitle")},
	} {
		if p.text.Len() > 0 && !hasRole(heads, p.role) {
			out = append(out, p)
		}
	}
	return out
}

// into puts day, edition and paper into the draft.
func (f founderFields) into(d *draft) {
	for _, name := range []string{"date", "pubdate", "publishdate", "pubtime", "paperdate"} {
		for _, v := range f[name] {
			if day, _, _, ok := dayIn(v.String()); ok {
				d.dates = append(d.dates, dating{day, "tag", true})
				break
			}
		}
	}
	if v := f.first("pagenum", "pageno", "page", "edition"); v.Len() > 0 && utf8.RuneCountInString(v.String()) <= 6 {
		d.edition = editionNumber(strings.TrimSuffix(strings.TrimPrefix(v.String(), "第"), "版"))
	}
	if v := f.first("pagename", "nodename", "editionname"); v.Len() > 0 && chars(v.String()) <= 20 {
		if m := editionWord.FindStringSubmatch(v.String()); m != nil {
			d.edition, d.name = editionNumber(m[1]), m[2]
		} else {
			d.name = v.String()
		}
	}
	if v := f.first("column", "columnname"); v.Len() > 0 {
		d.section = v.String()
	}
	for _, v := range slices.Concat(f["papername"], f["paper"], f["source"], f["title"]) {
		if p, ok := paperIn(v.String()); ok && d.paper == "" {
			d.paper = p
		}
	}
}
