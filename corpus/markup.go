package corpus

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"unicode/utf8"

	htm "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A markup is a page of HTML as its readers see it: the visible text in blocks,
// each with the way back to its bytes, and what the head and the comments say.
// It is made in one pass over the tokens, without a tree, so that a page of any
// shape costs time and memory in proportion to its length.
type markup struct {
	blocks     []block
	title      Text              // of the head
	meta       map[string]string // lower-case name or property → content, the first one
	linked     []string          // contents of <script type="application/ld+json">
	times      []string          // datetime of <time>
	canonical  string
	savedFrom  string   // address that the browser which saved the page put into a comment
	properties []Text   // what stands between <!--enpproperty and /enpproperty-->
	links      int      // links to article pages of an e-paper
	anchors    []anchor // those, and links to its page lists
	frames     int      // pages that it shows beside one another
	founder    bool     // the page shows marks of the Founder e-paper
	pageList   bool     // it has the list of pages or of articles
}

// A block is the text between two borders of paragraphs.
type block struct {
	text  Text
	place place
	head  int // level of the heading that it is, 0 for none
	label string
	photo bool // it stands in the frame of a picture
	cell  bool // of a table, and not the first of its row
	table bool
	quote bool
	list  bool
	link  int // bytes of it inside links
}

// A place says in which parts of a Founder page a block stands.
type place uint8

const (
	inBody    place = 1 << iota // between <!--enpcontent--> and <!--/enpcontent-->
	inFounder                   // <founder-content>
	inZoom                      // #ozoom
	inDetail                    // .detail-art, .article
)

// An open element of the way down to the current token.
type element struct {
	tag   atom.Atom
	name  string // of elements that HTML does not know
	place place
	label string // id and class, with those of the elements around it that have no block between
	head  int
	photo bool
	hide  bool
	link  bool
	mid   bool // set in the middle
}

// deepest is how many open elements are kept; what lies deeper counts as lying there.
const deepest = 256

// splitter makes a markup of tokens.
type splitter struct {
	m     *markup
	t     Text
	z     *htm.Tokenizer
	open  []element
	over  int // open elements beyond deepest
	body  bool
	b     TextBuilder
	link  int
	space bool // white space is due before the next character
	last  rune // the last character of the block
	raw   atom.Atom
	json  bool
	cells int  // of the current row so far
	fresh bool // the current cell has no block yet
	shown bool // a picture stands before the next block, alone in its paragraph

	anchor int // number of the open anchor, from 1
}

func parseMarkup(t Text) *markup {
	s := &splitter{m: &markup{meta: map[string]string{}}, t: t, z: htm.NewTokenizer(strings.NewReader(t.String()))}
	s.z.SetMaxBuf(0)
	s.open = append(s.open, element{})
	at := 0
	for {
		kind := s.z.Next()
		raw := s.z.Raw()
		span := Span{Start: at, End: at + len(raw)}
		at = span.End
		switch kind {
		case htm.ErrorToken:
			// What the tokenizer gave up in the middle of a tag is no text.
			s.flush()
			return s.m
		case htm.TextToken:
			s.text(span)
		case htm.StartTagToken, htm.SelfClosingTagToken:
			s.start(kind == htm.SelfClosingTagToken)
		case htm.EndTagToken:
			name, _ := s.z.TagName()
			s.end(name)
		case htm.CommentToken:
			s.comment(raw, span)
		}
	}
}

// isBlock reports whether a tag ends a paragraph where it begins and where it ends.
func isBlock(tag atom.Atom) bool {
	switch tag {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Br, atom.Caption, atom.Center, atom.Dd, atom.Div, atom.Dl, atom.Dt,
		atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Head, atom.Header,
		atom.Hr, atom.Html, atom.Li, atom.Main, atom.Nav, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th,
		atom.Thead, atom.Title, atom.Tr, atom.Ul:
		return true
	}
	return false
}

// isHidden reports whether the text of an element is none of the page.
func isHidden(tag atom.Atom) bool {
	switch tag {
	case atom.Script, atom.Style, atom.Noscript, atom.Iframe, atom.Select, atom.Button, atom.Textarea, atom.Object, atom.Svg, atom.Template,
		atom.Noembed, atom.Noframes, atom.Title:
		return true
	}
	return false
}

// isVoid reports whether an element has no end tag.
func isVoid(tag atom.Atom) bool {
	switch tag {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Param, atom.Source, atom.Track,
		atom.Wbr:
		return true
	}
	return false
}

var displayNone = regexp.MustCompile(`(?i)display\s*:\s*none`)

func (s *splitter) top() *element { return &s.open[len(s.open)-1] }

func (s *splitter) start(closed bool) {
	name, more := s.z.TagName()
	tag := atom.Lookup(name)
	foreign := ""
	if tag == 0 && bytes.HasPrefix(name, []byte("founder-")) {
		foreign = string(name)
	}
	attrs := s.attributes(more)
	if isBlock(tag) || foreign == "founder-content" {
		s.flush()
		if tag == atom.P || headingLevel(tag) > 0 || tag == atom.Li {
			s.closeParagraph(tag)
		}
	}
	switch tag {
	case atom.Meta:
		s.metaTag(attrs)
	case atom.Link:
		if strings.EqualFold(attrs.rel, "canonical") {
			s.m.canonical = attrs.href
		}
	case atom.Time:
		if v := attrs.datetime; v != "" {
			s.m.times = append(s.m.times, v)
		}
	case atom.Img:
		s.picture()
		s.shown = s.b.Len() == 0
	case atom.Frame:
		s.m.frames++
	case atom.A:
		article := isArticleLink(attrs.href)
		if article {
			s.m.links++
		}
		if n := len(s.m.anchors); n < mostAnchors && attrs.href != "" && (article || isListName(attrs.href[strings.LastIndexByte(attrs.href, '/')+1:])) {
			s.m.anchors = append(s.m.anchors, anchor{href: attrs.href, block: len(s.m.blocks), from: s.b.Len()})
			s.anchor = n + 1
		}
	case atom.Tr:
		s.cells = 0
	case atom.Td, atom.Th:
		s.cells, s.fresh = s.cells+1, true
	}
	if isVoid(tag) || closed && (tag != 0 || foreign != "") && !isHidden(tag) && !isBlock(tag) {
		return
	}
	if tag == 0 && foreign == "" {
		return // an element that HTML does not know is transparent
	}
	s.push(tag, foreign, attrs)
}

// push opens an element.
func (s *splitter) push(tag atom.Atom, foreign string, attrs tagAttrs) {
	if len(s.open) >= deepest {
		s.over++
		return
	}
	e := *s.top()
	e.tag, e.name, e.photo = tag, foreign, tag == atom.Figure
	if attrs.id != "" || attrs.class != "" {
		e.label = strings.ToLower(strings.TrimSpace(attrs.id + " " + attrs.class))
	} else if tag == atom.Div || tag == atom.Table || tag == atom.Section {
		e.label = ""
	}
	if h := headingLevel(tag); h > 0 {
		e.head = h
	}
	e.link = e.link || tag == atom.A
	if tag == atom.P || tag == atom.Div || tag == atom.Center {
		e.mid = tag == atom.Center || attrs.align == "center" || strings.Contains(attrs.style, "center")
	}
	e.hide = e.hide || isHidden(tag) || attrs.hidden || strings.Contains(attrs.style, "none") && displayNone.MatchString(attrs.style)
	switch {
	case foreign == "founder-content":
		e.place |= inFounder
		s.m.founder = true
	case foreign != "":
		s.m.founder = true
	case attrs.id != "" || attrs.class != "":
		s.landmark(&e)
	}
	s.raw, s.json = tag, tag == atom.Script && strings.Contains(attrs.kind, "ld+json")
	s.open = append(s.open, e)
}

// landmark takes note of a part of a Founder page by its id or class.
func (s *splitter) landmark(e *element) {
	switch {
	case hasWord(e.label, "ozoom"):
		e.place |= inZoom
		s.m.founder = true
	case hasWord(e.label, "detail-art"):
		e.place |= inDetail
		s.m.founder = true
	case e.tag == atom.Div && hasWord(e.label, "article"):
		e.place |= inDetail
	case hasWord(e.label, "nav-list"), hasWord(e.label, "news-list"), hasWord(e.label, "resultlist"):
		s.m.pageList = true
	}
}

// tagAttrs are the attributes that matter.
type tagAttrs struct {
	id, class, style, align, name, property, itemprop, content, rel, href, datetime, kind string
	hidden                                                                                bool
}

// attributes reads the attributes of the current tag that matter. Of one that
// stands twice the first counts.
func (s *splitter) attributes(more bool) (a tagAttrs) {
	for more {
		var key, value []byte
		key, value, more = s.z.TagAttr()
		var to *string
		switch string(key) {
		case "id":
			to = &a.id
		case "class":
			to = &a.class
		case "style":
			to = &a.style
		case "align":
			to = &a.align
		case "name":
			to = &a.name
		case "property":
			to = &a.property
		case "itemprop":
			to = &a.itemprop
		case "content":
			to = &a.content
		case "rel":
			to = &a.rel
		case "href":
			to = &a.href
		case "datetime":
			to = &a.datetime
		case "type":
			to = &a.kind
		case "hidden":
			a.hidden = true
		}
		if to != nil && *to == "" && len(value) <= longestAttr {
			*to = string(value)
		}
	}
	return a
}

// longestAttr is how long an attribute may be to be looked at.
const longestAttr = 4096

func (s *splitter) metaTag(attrs tagAttrs) {
	for _, key := range []string{attrs.name, attrs.property, attrs.itemprop} {
		k := strings.ToLower(strings.TrimSpace(key))
		if k == "" {
			continue
		}
		if _, twice := s.m.meta[k]; !twice && len(s.m.meta) < 256 {
			s.m.meta[k] = strings.TrimSpace(attrs.content)
		}
	}
}

// closeParagraph closes an open paragraph or heading, which ends where another begins.
func (s *splitter) closeParagraph(tag atom.Atom) {
	if s.over > 0 {
		return
	}
	for i := len(s.open) - 1; i > 0 && i > len(s.open)-8; i-- {
		switch t := s.open[i].tag; {
		case t == tag, t == atom.P && tag != atom.Li, headingLevel(t) > 0 && headingLevel(tag) > 0:
			s.open = s.open[:i]
			return
		case isBlock(t), s.open[i].name != "":
			return
		}
	}
}

func (s *splitter) end(name []byte) {
	tag := atom.Lookup(name)
	foreign := ""
	if tag == 0 {
		if !bytes.HasPrefix(name, []byte("founder-")) {
			return
		}
		foreign = string(name)
	}
	if tag == atom.A && s.anchor > 0 {
		if a := &s.m.anchors[s.anchor-1]; a.block == len(s.m.blocks) {
			a.to = s.b.Len()
		}
		s.anchor = 0
	}
	if isBlock(tag) || foreign == "founder-content" {
		s.flush()
	}
	if s.over > 0 {
		s.over--
		return
	}
	for i := len(s.open) - 1; i > 0 && i > len(s.open)-64; i-- {
		if s.open[i].tag == tag && s.open[i].name == foreign {
			s.open = s.open[:i]
			return
		}
		if tag != atom.Table && s.open[i].tag == atom.Table && tag != atom.Div && tag != atom.Body && tag != atom.Html {
			return // a stray end tag inside a table does not close what is around it
		}
	}
}

// picture marks the frame that the current picture stands in.
func (s *splitter) picture() {
	for i := len(s.open) - 1; i > 0 && i > len(s.open)-6; i-- {
		e := &s.open[i]
		switch e.tag {
		case atom.Td, atom.Th, atom.Tr, atom.Tbody, atom.A, atom.Span, atom.Center, atom.Strong, atom.Font:
			continue
		case atom.Figure, atom.Table, atom.Div, atom.Li, atom.P:
			if e.place == 0 && e.tag == atom.Div && !pictureLabel(e.label) || e.place != s.open[i-1].place {
				return // the frame of a whole part of the page
			}
			e.photo = true
		}
		return
	}
}

// pictureLabel reports whether an id or class speaks of pictures.
func pictureLabel(label string) bool {
	for _, w := range []string{"pic", "img", "image", "photo", "caption", "figure", "attach"} {
		if strings.Contains(label, w) {
			return true
		}
	}
	return false
}

func headingLevel(tag atom.Atom) int {
	switch tag {
	case atom.H1:
		return 1
	case atom.H2:
		return 2
	case atom.H3:
		return 3
	case atom.H4:
		return 4
	case atom.H5:
		return 5
	case atom.H6:
		return 6
	}
	return 0
}

// isArticleLink recognises the addresses of article pages of an e-paper.
func isArticleLink(href string) bool {
	if i := strings.IndexAny(href, "?#"); i >= 0 {
		href = href[:i]
	}
	name := href[strings.LastIndexByte(href, '/')+1:]
	if rest, ok := strings.CutPrefix(name, "content_"); ok {
		return rest != "" && isDigit(rest[0])
	}
	return len(name) > 2 && name[0] == 'c' && isDigit(name[1])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// hasWord reports whether the space-separated words of label have w.
func hasWord(label, w string) bool {
	for i := 0; ; {
		j := strings.Index(label[i:], w)
		if j < 0 {
			return false
		}
		j += i
		end := j + len(w)
		if (j == 0 || label[j-1] == ' ') && (end == len(label) || label[end] == ' ') {
			return true
		}
		i = end
	}
}

func (s *splitter) comment(raw []byte, span Span) {
	body := bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimPrefix(raw, []byte("<!--")), []byte("-->")))
	low := bytes.ToLower(body[:min(len(body), 16)])
	switch {
	case bytes.HasPrefix(low, []byte("enpproperty")):
		s.m.founder = true
		s.m.properties = append(s.m.properties, s.t.Slice(span))
	case string(low) == "enpcontent":
		s.flush()
		s.body, s.m.founder = true, true
	case bytes.HasPrefix(low, []byte("saved from url=")): // <!-- saved from url=(0042)http://… -->
		if _, url, ok := strings.Cut(string(body), ")"); ok && len(body) < 2048 {
			s.m.savedFrom = strings.TrimSpace(url)
		}
	case string(low) == "/enpcontent":
		s.flush()
		s.body = false
	case bytes.HasPrefix(raw, []byte("<![CDATA[")):
		if in := (Span{Start: span.Start + len("<![CDATA["), End: span.End - len("]]>")}); bytes.HasSuffix(raw, []byte("]]>")) && !s.top().hide {
			s.run(in, false)
		}
	}
}

// text takes in a text token.
func (s *splitter) text(span Span) {
	e := s.top()
	if e.tag == atom.Title && s.over == 0 {
		if s.m.title.Len() == 0 {
			s.m.title = s.plain(span)
		}
		return
	}
	if s.json && e.tag == atom.Script && span.Len() < 1<<20 && len(s.m.linked) < 16 {
		s.m.linked = append(s.m.linked, s.t.At(span))
		return
	}
	if e.hide {
		return
	}
	before := s.b.Len()
	s.run(span, true)
	if e.link {
		s.link += s.b.Len() - before
	}
}

// plain returns the text of span with its character references resolved.
func (s *splitter) plain(span Span) Text {
	sub := &splitter{t: s.t}
	sub.run(span, true)
	return sub.b.Text()
}

// run appends the characters of span to the current block. White space counts
// as one space between words, and as nothing next to a Chinese character where
// a line ends; character references become characters when refs is set.
func (s *splitter) run(span Span, refs bool) {
	src := s.t.String()
	from := span.Start // of what is not yet appended
	for i := span.Start; i < span.End; {
		c := src[i]
		switch {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f':
			j, line := i, false
			for ; j < span.End && (src[j] == ' ' || src[j] == '\n' || src[j] == '\t' || src[j] == '\r' || src[j] == '\f'); j++ {
				line = line || src[j] == '\n' || src[j] == '\r'
			}
			if j == i+1 && c == ' ' && i > from && j < span.End {
				i = j // one space inside a text stays as it is
				continue
			}
			s.append(Span{Start: from, End: i})
			next, _ := utf8.DecodeRuneInString(src[j:span.End])
			if s.b.Len() > 0 && !(line && (isWide(s.last) || j < span.End && isWide(next))) {
				s.space = true
			}
			i, from = j, j
		case c == '&' && refs:
			if n, u := reference(src[i:min(span.End, i+40)]); n > 0 {
				s.append(Span{Start: from, End: i})
				if o, ok := s.t.Origin(Span{Start: i, End: i + n}); ok {
					s.put(ReplacedText(u, o))
				}
				i += n
				from = i
				continue
			}
			i++
		default:
			i++
		}
	}
	s.append(Span{Start: from, End: span.End})
}

func (s *splitter) append(span Span) {
	if span.Empty() {
		return
	}
	s.put(s.t.Slice(span))
}

func (s *splitter) put(t Text) {
	if s.space {
		s.space = false
		s.b.Insert(" ")
	}
	s.b.Append(t)
	s.last, _ = utf8.DecodeLastRuneInString(t.String())
}

// chars is the number of characters of s.
func chars(s string) int { return utf8.RuneCountInString(s) }

// isWide holds for characters of Chinese text, between which a line end in the source is no space.
func isWide(r rune) bool { return r >= 0x2e80 || r >= 0x2010 && r <= 0x2027 }

// reference resolves a character reference at the start of s: its length and
// what it stands for; 0 when there is none.
func reference(s string) (int, string) {
	n := 1
	for n < len(s) && n < 34 && (s[n] == '#' && n == 1 || 'a' <= s[n] && s[n] <= 'z' || 'A' <= s[n] && s[n] <= 'Z' || isDigit(s[n])) {
		n++
	}
	if n == 1 {
		return 0, ""
	}
	if n < len(s) && s[n] == ';' {
		n++
	}
	u := html.UnescapeString(s[:n])
	if u == s[:n] {
		return 0, ""
	}
	if r, w := utf8.DecodeRuneInString(u); w == len(u) && r < ' ' {
		u = " "
	}
	return n, u
}

// flush ends the current block.
func (s *splitter) flush() {
	if s.b.Len() == 0 {
		s.space, s.link = false, 0
		return
	}
	t := s.b.Text()
	s.b, s.space, s.last = TextBuilder{}, false, 0
	link := s.link
	s.link = 0
	if t.TrimSpace().Len() == 0 {
		return
	}
	e := s.top()
	b := block{text: t, place: e.place, head: e.head, label: e.label, link: link}
	if s.body {
		b.place |= inBody
	}
	for i := len(s.open) - 1; i > 0 && i > len(s.open)-6; i-- {
		switch up := s.open[i]; up.tag {
		case atom.Td, atom.Th:
			b.table = true
		case atom.Blockquote:
			b.quote = true
		case atom.Li:
			b.list = true
		}
		b.photo = b.photo || s.open[i].photo || s.open[i].tag == atom.Figcaption
	}
	// What is set in the middle under a picture tells of it.
	b.photo = b.photo || s.shown && e.mid
	s.shown = false
	b.cell, s.fresh = b.table && s.fresh && s.cells > 1, false
	s.m.blocks = append(s.m.blocks, b)
}
