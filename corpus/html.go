package corpus

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	htm "golang.org/x/net/html"
)

// A web page that is no e-paper is read by its main content, as go-readability
// finds it. What it returns has lost its place in the source, so it only decides
// which blocks of the page belong to the article: the blocks themselves, with
// their way back, are those of the page. A block that cannot be found again is
// left out and the article says so; it is never guessed.
//
// go-readability costs the binary 3 MB and reads 5 to 10 MB/s; go-trafilatura
// finds about as much and costs 11 MB.

// mostElements is how many elements a page may have for go-readability, whose
// time grows faster than the page.
const mostElements = 20_000

// webPage makes the article of a saved web page.
func (m *markup) webPage(in *input, d *draft, t Text, out *sink) error {
	if m.pageList && m.links >= 3 && m.linkShare() > 0.4 {
		return in.reject(ClassNoArticle, "", "nothing is lost: its articles are read from their own pages", fmt.Errorf("a list of %d links, not an article", m.links))
	}
	if m.frames > 0 && !m.saysSomething(m.unlinked()) {
		return in.reject(ClassNoArticle, "", "save the frames as pages of their own: a browser opens one by itself", fmt.Errorf("a set of %d frames without a text of its own", m.frames))
	}
	ld := m.linkedData()
	ld.into(d)
	if name := m.meta["og:site_name"]; d.paper == "" && name != "" && chars(name) <= 20 {
		d.paper = name
	}
	keep, err := m.mainContent(t)
	if err != nil {
		if strings.Contains(err.Error(), "open stack of elements") {
			return in.reject(ClassLimit, "", "no page of an article; save it as text if it is", errors.New("elements nested more than 512 deep"))
		}
		d.warn = append(d.warn, "main content by the share of links alone: "+err.Error())
	}
	if keep == nil {
		keep = m.unlinked()
	}
	first := slices.Index(keep, true)
	if first < 0 || !m.saysSomething(keep) {
		if m.links >= 3 || m.linkShare() > 0.6 {
			return in.reject(ClassNoArticle, "", "nothing is lost if its articles are saved as pages of their own", errors.New("a page of links, not an article"))
		}
		return in.reject(ClassNoArticle, "", "save the page again when it has loaded", errors.New("no main content on the page"))
	}
	last := len(keep) - 1
	for !keep[last] {
		last--
	}
	title, at := m.pageTitle(d, ld)
	m.aroundBody(d, keep, at, first, last)
	lead := m.kickerOver(keep, at)
	if lead >= 0 {
		keep[lead] = false
		d.pieces = append(d.pieces, piece{role: RoleKicker, text: m.blocks[lead].text})
	}
	if title.Len() > 0 {
		d.pieces = append(d.pieces, piece{role: RoleTitle, text: title})
	}
	slices.SortStableFunc(d.pieces, func(a, b piece) int { return headRank(a.role) - headRank(b.role) })
	var ps []para
	for i, b := range m.blocks {
		if keep[i] && i != at {
			ps = appendBlock(ps, b)
		}
	}
	ps = withoutTitle(ps, d.pieces)
	for _, p := range ps {
		d.pieces = append(d.pieces, piece{role: p.role, text: p.text, inset: p.inset})
	}
	for i := last + 1; i < min(last+6, len(m.blocks)); i++ { // 责任编辑 stands behind the text
		if s := strings.TrimSpace(m.blocks[i].text.String()); len(editors(s)) > 0 {
			d.pieces = append(d.pieces, piece{text: m.blocks[i].text})
		}
	}
	return out.draft(d)
}

// mainContent says which blocks of the page go-readability takes for its main
// content; nil when it finds none.
func (m *markup) mainContent(t Text) ([]bool, error) {
	doc, err := htm.Parse(strings.NewReader(t.String()))
	if err != nil {
		return nil, err
	}
	p := readability.NewParser()
	p.CharThresholds = 60 // a short report of a Chinese paper
	p.MaxElemsToParse = mostElements
	p.DisableJSONLD = true
	a, err := parseSafely(&p, doc)
	if err != nil || a.Node == nil {
		return nil, err
	}
	var b strings.Builder
	if err := htm.Render(&b, a.Node); err != nil {
		return nil, err
	}
	want := map[string][]int{}
	for i, blk := range parseMarkup(CopiedText(b.String(), 0)).blocks {
		s := bare(blk.text.String())
		want[s] = append(want[s], i)
	}
	return m.align(want), nil
}

// parseSafely turns a panic of the extractor into an error: pages are hostile.
func parseSafely(p *readability.Parser, doc *htm.Node) (a readability.Article, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the extractor gave up on the page")
		}
	}()
	return p.ParseAndMutate(doc, nil)
}

// align finds the wanted blocks on the page, in their order.
func (m *markup) align(want map[string][]int) []bool {
	keep := make([]bool, len(m.blocks))
	at, found := -1, false
	for i, b := range m.blocks {
		places := want[bare(b.text.String())]
		j, _ := slices.BinarySearch(places, at+1)
		if j == len(places) {
			continue
		}
		// A short line that stands far ahead in the content is more likely one
		// of the page's own lines with the same words.
		if places[j] > at+50 && chars(b.text.String()) < 20 {
			continue
		}
		keep[i], at, found = true, places[j], true
	}
	if !found {
		return nil
	}
	return keep
}

// saysSomething reports whether a sentence is among the blocks.
func (m *markup) saysSomething(keep []bool) bool {
	for i, b := range m.blocks {
		if s := strings.TrimSpace(b.text.String()); keep[i] && b.link*2 < b.text.Len() && (endsSentence(s) && chars(s) >= 12 || chars(s) >= 60) {
			return true
		}
	}
	return false
}

// unlinked keeps the longest run of blocks that are text more than links.
func (m *markup) unlinked() []bool {
	keep := make([]bool, len(m.blocks))
	best, from, to, size, start, gap := 0, 0, 0, 0, 0, 0
	for i, b := range m.blocks {
		n := b.text.Len()
		if b.link*3 > n || n < 60 && !endsSentence(b.text.String()) {
			if gap++; gap > 3 {
				size, start = 0, i+1
			}
			continue
		}
		gap = 0
		if size += n; size > best {
			best, from, to = size, start, i+1
		}
	}
	if best < 120 {
		return keep
	}
	for i := from; i < to; i++ {
		keep[i] = m.blocks[i].link*3 <= m.blocks[i].text.Len()
	}
	return keep
}

// linkShare is how much of the page's text is links.
func (m *markup) linkShare() float64 {
	all, links := 1, 0
	for _, b := range m.blocks {
		all, links = all+b.text.Len(), links+b.link
	}
	return float64(links) / float64(all)
}

// pageTitle finds the headline: what the page says of itself, where a block of
// the page has it, else the first heading. It returns the block's index, -1 for none.
func (m *markup) pageTitle(d *draft, ld *linkedData) (Text, int) {
	head := m.headTitle(d)
	for _, want := range []string{ld.headline, m.meta["og:title"], m.meta["twitter:title"], m.meta["title"], m.meta["articletitle"], head.String()} {
		if w := bare(want); w != "" && !isSiteName(want) {
			for i, b := range m.blocks {
				if chars(b.text.String()) <= 120 && b.link == 0 && sameTitle(bare(b.text.String()), w) {
					return b.text, i
				}
			}
		}
	}
	for level := 1; level <= 2; level++ {
		for i, b := range m.blocks {
			if b.head == level && chars(b.text.String()) >= 4 && b.link == 0 && !isSiteName(b.text.String()) {
				return b.text, i
			}
		}
	}
	return head, -1
}

// kickerOver finds the line above the headline that belongs to the article and
// is no text: the one right above it. It returns -1 for none.
func (m *markup) kickerOver(keep []bool, title int) int {
	i := title - 1
	if i < 0 || !keep[i] || !headShaped(m.blocks[i]) || m.blocks[i].head > 0 && m.blocks[i].head < m.blocks[title].head {
		return -1
	}
	return i
}

// sameTitle allows for what a page's head cuts off or puts behind a headline.
func sameTitle(block, head string) bool {
	return block == head || len(block) >= 18 && (strings.HasPrefix(head, block) || strings.HasSuffix(head, block))
}

var editorInLine = regexp.MustCompile(`(?:责编|责任编辑|编辑)\s*[:：]\s*(\p{Han}{2,4})`)

var sourceLine = regexp.MustCompile(`(?:稿件来源|文章来源|信息来源|来源)\s*[:：]\s*([^\s|｜丨]{2,20})`)

// timeLine is a line that holds a time and nothing else: 10月18日 09:12, 3小时前.
var timeLine = regexp.MustCompile(`^(?:发布|更新|时间|发表|于|[\s:：])*(?:[0-9]{1,3}\s*(?:秒|分钟|小时|天)前|[0-9][0-9\s年月日时分秒:：/.T+Z-]*(?:[:：][0-9]{2}|[年月日时分秒Z]))\s*(?:发布|更新)?$`)

// aroundBody takes paper, day and authors from the lines above the body.
func (m *markup) aroundBody(d *draft, keep []bool, title, first, last int) {
	from := max(0, first-12)
	if title >= 0 && title < first {
		from = title + 1
	}
	for i := from; i < min(first+4, last); i++ {
		s := strings.TrimSpace(m.blocks[i].text.String())
		if i == title || len(s) > 400 {
			continue
		}
		h, ok := parsePageHead(s)
		if ok || timeLine.MatchString(s) {
			keep[i] = false
		}
		if day, _, _, found := dayIn(s); !ok && found && chars(s) < 60 && strings.ContainsAny(s, ":：") && !endsSentence(s) {
			h.day = day // 2024年5月6日 08:30 来源：…  责编：…
			if keep[i] {
				keep[i] = false
				d.cut++
			}
		}
		if !h.day.IsZero() {
			d.dates = append(d.dates, dating{h.day, "body", true})
		}
		if h.edition != "" && d.edition == "" {
			d.edition, d.name = h.edition, h.name
		}
		if src := sourceLine.FindStringSubmatch(s); src != nil && !endsSentence(s) {
			d.paper = strings.Trim(src[1], "《》")
		} else if h.paper != "" {
			d.paper = h.paper
		}
		if keep[i] {
			continue
		}
		if b, ok := parseByline(nil, s); ok && b.explicit && i < first {
			d.pieces = append(d.pieces, piece{role: RoleByline, text: m.blocks[i].text})
		} else if cs := editors(s); len(cs) > 0 {
			d.credits = append(d.credits, tagOnly(cs)...)
		} else if e := editorInLine.FindStringSubmatch(s); e != nil && !endsSentence(s) {
			d.credits = append(d.credits, Credit{Name: e[1], Role: "责编", Kind: Editor})
		}
	}
}

// linkedData is what the JSON-LD of a page says of its article.
type linkedData struct {
	headline, published, publisher string
	authors                        []string
}

func (m *markup) linkedData() *linkedData {
	ld := &linkedData{}
	for _, s := range m.linked {
		var v any
		if json.Unmarshal([]byte(s), &v) == nil {
			ld.read(v, 0)
		}
	}
	return ld
}

func (l *linkedData) read(v any, depth int) {
	if depth > 4 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v[:min(len(v), 32)] {
			l.read(x, depth+1)
		}
	case map[string]any:
		if g, ok := v["@graph"]; ok {
			l.read(g, depth+1)
		}
		kind, _ := v["@type"].(string)
		if !strings.HasSuffix(kind, "Article") && kind != "BlogPosting" && !strings.HasSuffix(kind, "WebPage") {
			return
		}
		text := func(key string) string { s, _ := v[key].(string); return strings.TrimSpace(s) }
		if l.headline == "" && strings.HasSuffix(kind, "Article") {
			l.headline = text("headline")
		}
		for _, key := range []string{"datePublished", "pubDate", "upDate"} {
			if l.published == "" {
				l.published = text(key)
			}
		}
		if p := names(v["publisher"]); len(p) > 0 && l.publisher == "" {
			l.publisher = p[0]
		}
		if len(l.authors) == 0 {
			l.authors = names(v["author"])
		}
	}
}

// names are the names of persons or organizations: "x", {"name": "x"}, or a list of those.
func names(v any) []string {
	switch v := v.(type) {
	case string:
		if s := strings.TrimSpace(v); s != "" {
			return []string{s}
		}
	case map[string]any:
		if s, ok := v["name"].(string); ok {
			return names(s)
		}
	case []any:
		var out []string
		for _, x := range v[:min(len(v), 16)] {
			if _, list := x.([]any); !list {
				out = append(out, names(x)...)
			}
		}
		return out
	}
	return nil
}

func (l *linkedData) into(d *draft) {
	if day, _, _, ok := dayIn(l.published); ok {
		d.dates = append(d.dates, dating{day, "tag", true})
	}
	if l.publisher != "" && chars(l.publisher) <= 20 {
		d.paper = l.publisher
	}
	for _, name := range l.authors {
		if !isSiteName(name) && isName(name) {
			d.credits = append(d.credits, Credit{Name: name, Role: "作者", Kind: Author})
		}
	}
}
