package corpus

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Cutting a page into articles
//
// Where headlines are marked (#, a heading of a Word file), the highest level
// that has articles under it begins them; a heading that stands for a column
// of briefs (陇原短波) gives its items their kicker. Where nothing is marked, an
// article begins at a run of short lines without an end mark that a byline or a
// dateline follows, behind a rule or a page break, and behind the note that
// closed the article before. Every other short line is a heading inside.

// A shape says what a paragraph looks like on its own.
type shape uint8

const (
	shapeBody shape = iota
	shapeShort
	shapeByline
	shapeDated // body that begins with a dateline
	shapeNote  // （作者系…）
	shapeContinuation
	shapeBoilerplate
	shapePageHead
	shapeRule
	shapeCaption
)

// A unit is a paragraph of a page with what it looks like.
type unit struct {
	*para
	shape shape
	prose bool      // it ends as text does and begins as no caption does
	photo bool      // of a byline: all of its credits are of photographers
	head  *pageHead // what the running head above it says; nil for nothing
}

// page cuts a page into articles and hands them on; d is what they have in common.
func (s *sink) page(d *draft, ps []para) error {
	readTexts(len(ps), func(i int) *Text { return &ps[i].text })
	us := appendUnits(s.scratch.units[:0], ps)
	if s.scratch.units = us; cap(us) > maxScratch/200 {
		s.scratch.units, s.scratch.pieces = nil, nil
	}
	marked := false
	for i := range us {
		marked = marked || us[i].level > 0
	}
	us = d.runningHeads(us)
	var arts []region
	if marked {
		arts = cutMarked(s.scratch.regions[:0], us)
	} else {
		arts = cutUnmarked(us)
	}
	if len(arts) == 0 {
		return s.reject(&Rejection{Source: d.source, Class: ClassNoArticle, Err: errNoArticle, Hint: noArticleHint})
	}
	defer func() { clear(arts); s.scratch.regions = arts[:0] }()
	a := new(draft)
	for i := range arts {
		r := &arts[i]
		*a = *d
		lead := r.trim()
		a.marked = marked
		a.pieces = r.appendPieces(s.scratch.pieces[:0])
		s.scratch.pieces = a.pieces
		a.kicker, a.section = strings.Clone(r.kicker), strings.Clone(r.section)
		if r.head != nil {
			a.apply(*r.head)
		}
		if i > 0 {
			a.cut, a.warn = 0, nil
		}
		a.cut += lead
		if err := s.draft(a); err != nil {
			return err
		}
	}
	return nil
}

// appendUnits finds the shape of every paragraph.
func appendUnits(us []unit, ps []para) []unit {
	us = slices.Grow(us, len(ps))
	for i := range ps {
		us = append(us, unit{para: &ps[i]})
		us[len(us)-1].look()
	}
	return us
}

func (u *unit) look() {
	s := u.text.String()
	switch {
	case u.level > 0:
		if h, ok := parsePageHead(s); ok && (!h.day.IsZero() || h.edition != "") {
			u.runs(h)
		}
		return
	case len(s) > maxBoilerplate:
		if startsDated(s) {
			u.shape = shapeDated
		} else {
			u.prose = endsHard(s) && !isCaptionLead(s)
		}
		return
	}
	if endsProse(s) && (len(s) > maxTitle || endsHard(s)) {
		switch {
		case startsDated(s):
			u.shape = shapeDated
		case isBoilerplate(s):
			u.shape = shapeBoilerplate
		case isCaptionLead(s):
			u.shape = shapeCaption
		default:
			u.prose = endsHard(s)
		}
		return
	}
	if isRule(s) {
		u.shape = shapeRule
		return
	}
	if _, n, ok := isContinuation(s); ok && n == len(s) {
		u.shape = shapeContinuation
		return
	}
	if isBoilerplate(s) {
		u.shape = shapeBoilerplate
		return
	}
	if _, ok := parseAuthorNote(s); ok {
		u.shape = shapeNote
		return
	}
	var room [4]Credit
	if b, ok := parseByline(room[:0], s); ok && b.explicit {
		u.shape, u.photo = shapeByline, b.photo()
		return
	}
	if startsDated(s) {
		u.shape = shapeDated
		return
	}
	if h, ok := parsePageHead(s); ok {
		u.runs(h)
		return
	}
	if isCaptionLead(s) {
		u.shape = shapeCaption
	} else if titleShaped(s) {
		u.shape = shapeShort
	}
}

func (u *unit) runs(h pageHead) {
	own := h // so that only a line that is a running head costs an allocation
	u.shape, u.head = shapePageHead, &own
}

// startsDated reports whether a paragraph begins with a dateline.
func startsDated(s string) bool {
	if s[0] == '(' || strings.HasPrefix(s, "（") {
		h, ok := parseHead(nil, s)
		return ok && h.span.End < len(s)
	}
	if _, ok := reported(s); ok {
		h, ok := parseHead(nil, s)
		return ok && h.span.End < len(s)
	}
	start := s[:min(len(s), maxDateline)]
	if !mayDate(start) {
		return false
	}
	var h head
	n, ok := h.agency(start[skipSpaces(start, 0):])
	return ok && n < len(s)
}

// isDateline reports whether s is a dateline and nothing else.
func isDateline(s string) bool {
	if len(s) > maxDateline || !mayDate(s) {
		return false
	}
	var h head
	n, ok := h.agency(s)
	return ok && n == len(s)
}

// runningHeads takes the running heads of the page out of us: the paper, day
// and edition that they name hold for what follows, up to the next.
func (d *draft) runningHeads(us []unit) []unit {
	n := 0 // us[:n] stay
	var now *pageHead
	text := false // text of an article stands above
	for i := range us {
		u := &us[i]
		if u.shape == shapePageHead && text && u.head.edition == "" && u.head.paper == "" {
			u.shape = shapeShort // the day at the foot of a notice, not of the page
			if u.level == 0 {
				u.shape = shapeNote
			}
		}
		if u.shape == shapePageHead {
			h := pageHead{}
			if now != nil {
				h = *now
			}
			h = h.with(*u.head)
			now = &h
			text = false
			d.cut++
			continue
		}
		text = text || u.shape == shapeBody || u.shape == shapeDated
		u.head = now
		if n < i {
			us[n] = *u
		}
		n++
	}
	out := us[:n]
	if len(out) > 0 && now != nil { // a line under the headline holds for what stands above it too
		for i := range out {
			if out[i].head != nil {
				break
			}
			out[i].head = firstHead(out[i:])
		}
	}
	return out
}

func firstHead(us []unit) *pageHead {
	for _, u := range us {
		if u.head != nil {
			return u.head
		}
	}
	return nil
}

// with returns h with what n says put over it.
func (h pageHead) with(n pageHead) pageHead {
	if !n.day.IsZero() {
		h.day = n.day
	}
	if n.paper != "" {
		h.paper = n.paper
	}
	if n.edition != "" {
		h.edition, h.name = n.edition, n.name
	}
	return h
}

// apply puts a running head into the draft.
func (d *draft) apply(h pageHead) {
	if !h.day.IsZero() {
		d.dates = append(d.dates[:len(d.dates):len(d.dates)], dating{h.day, "body", true})
	}
	if h.paper != "" {
		d.paper = strings.Clone(h.paper)
	}
	if h.edition != "" {
		d.edition, d.name = strings.Clone(h.edition), strings.Clone(h.name)
	}
}

// A region is the part of a page that holds one article.
type region struct {
	units   []unit
	kicker  string // of a column of briefs, where it is not a unit
	section string
	head    *pageHead
}

// trim cuts the boilerplate above the headline and returns how many lines it had.
func (r *region) trim() int {
	n := 0
	for n < len(r.units) && r.units[n].shape == shapeBoilerplate {
		n++
	}
	r.units = r.units[n:]
	return n
}

// appendPieces appends the pieces of an article to out, the roles of its head given.
func (r *region) appendPieces(out []piece) []piece {
	n := headLength(r.units)
	out = slices.Grow(out, len(r.units))
	out = appendHead(out, r.units[:n])
	for i := range r.units[n:] {
		u := &r.units[n+i]
		role := u.role
		switch {
		case u.shape == shapeRule:
			continue
		case u.level > 0 && role == "":
			role = RoleHeading
		}
		looked := u.shape == shapeBody && u.level == 0 && !turnOpeners.has(firstRune(u.text.String()))
		out = append(out, piece{role: role, text: u.text, inset: u.inset, looked: looked, prose: looked && u.prose})
	}
	return out
}

// headLength returns how many units the head of an article has: headlines,
// bylines, notes between them.
func headLength(us []unit) int {
	n := 0
	if v := verseHead(us); v > 0 {
		return v
	}
	for n < len(us) && n < 12 {
		u := us[n]
		switch {
		case u.role == RoleList && n > 0:
			return n // 获奖名单, and the names below it
		case u.level > 0 && n > 0 && us[n-1].shape == shapeByline && u.level > us[0].level:
			return n // a heading behind the byline
		case u.level > 0, u.shape == shapeShort && n < 6 && shortHead(us, n), u.shape == shapeByline, u.shape == shapeRule && n == 0:
			n++
		default:
			return n
		}
	}
	return n
}

// verseHead returns the length of the head of a poem: the headline, and the
// author's line when one of the next two is it; 0 when us is no poem.
func verseHead(us []unit) int {
	run := 0
	for run < len(us) && us[run].level == 0 && us[run].shape == shapeShort {
		run++
	}
	if run < 6 {
		return 0
	}
	for i := 1; i < 4; i++ {
		if _, ok := authorLine(us[i].text.String()); ok {
			return i + 1
		}
	}
	return 1
}

// shortHead reports whether the short unit n of a page still belongs to the
// head: to the first run of short lines, or between marked headline and byline.
func shortHead(us []unit, n int) bool {
	if n == 0 {
		return true
	}
	if us[n-1].shape == shapeByline {
		return false
	}
	marked := false
	for _, u := range us[:n] {
		marked = marked || u.level > 0
	}
	if !marked {
		return true
	}
	s := us[n].text.String()
	if strings.HasPrefix(s, "——") || strings.HasPrefix(s, "─") || strings.HasPrefix(s, "--") {
		return true
	}
	if _, ok := parseGuest(s); ok {
		return true
	}
	if _, ok := parseNames(s); ok {
		return true
	}
	for _, u := range us[n+1 : min(len(us), n+4)] {
		if u.shape == shapeByline {
			return true
		}
		if u.shape != shapeShort {
			break
		}
	}
	return false
}

// cutMarked cuts a page with marked headlines and appends its articles to out.
func cutMarked(out []region, us []unit) []region {
	top := 0
	for i := range us {
		if n := us[i].level; n > 0 && (top == 0 || n < top) {
			top = n
		}
	}
	for lo := 0; lo < len(us); {
		hi := lo + 1
		for hi < len(us) && us[hi].level != top {
			hi++
		}
		// headings of the same level with nothing between them are one headline
		for hi < len(us) && hi-lo < 4 && us[lo].level == top && onlyHeads(us[lo:hi]) && !briefsName(us[lo].text.String()) {
			hi++
			for hi < len(us) && us[hi].level != top {
				hi++
			}
		}
		if us[lo].level == top || hi == len(us) || !kickerBefore(us[lo:hi]) {
			out = cutColumn(out, us[lo:hi])
			lo = hi
			continue
		}
		next := hi + 1 // unmarked kicker above the first headline
		for next < len(us) && us[next].level != top {
			next++
		}
		out = cutColumn(out, us[lo:next])
		lo = next
	}
	return out
}

func onlyHeads(us []unit) bool {
	for _, u := range us {
		if u.level != us[0].level {
			return false
		}
	}
	return true
}

// kickerBefore reports whether us, which stand above a headline, are its kicker.
func kickerBefore(us []unit) bool {
	if len(us) > 2 {
		return false
	}
	for _, u := range us {
		if u.shape != shapeShort && u.level == 0 {
			return false
		}
	}
	return true
}

// cutColumn cuts one marked section into its articles: itself, or the items of a column of briefs.
func cutColumn(out []region, us []unit) []region {
	if len(us) == 0 {
		return out
	}
	if us[0].level == 0 {
		return appendRegion(out, region{units: us, head: us[0].head})
	}
	var starts []int
	item := 0
	for i := 1; i < len(us); i++ {
		if us[i].level > us[0].level && (item == 0 || us[i].level == item) {
			item = us[i].level
			starts = append(starts, i)
		}
	}
	name := us[0].text.String()
	if len(starts) == 0 {
		if items := cutRunIn(us); items != nil {
			return append(out, items...)
		}
		if briefsName(name) {
			if items := cutUnmarkedItems(us); items != nil {
				return append(out, items...)
			}
		}
		return appendRegion(out, region{units: us, head: us[0].head})
	}
	if starts[0] != 1 || !isColumn(us, starts) {
		return cutDated(out, us)
	}
	return append(out, itemsOf(us, starts)...)
}

// cutDated cuts an article off where a heading inside has a dateline or a byline
// of its own with text below, and text stands above: 天水：爱心蔬菜发往武汉, 本报天水1月31日讯.
func cutDated(out []region, us []unit) []region {
	lo, text := 0, false
	for i := range us {
		if us[i].level > 0 && text && i+1 < len(us) && (us[i+1].shape == shapeDated ||
			us[i+1].shape == shapeByline && !us[i+1].photo && i+2 < len(us) && us[i+2].level == 0 && isText(us[i+2])) {
			out = appendRegion(out, region{units: us[lo:i:i], head: us[lo].head})
			lo, text = i, false
		}
		text = text || isText(us[i]) && us[i].level == 0
	}
	return appendRegion(out, region{units: us[lo:], head: us[lo].head})
}

// itemsOf makes an article of each item of a column; the first keeps the name of the column as a unit.
func itemsOf(us []unit, starts []int) []region {
	name := us[0].text.String()
	var out []region
	for k, lo := range starts {
		hi := len(us)
		if k+1 < len(starts) {
			hi = starts[k+1]
		}
		r := region{units: us[lo:hi:hi], kicker: name, section: name, head: us[lo].head}
		if k == 0 {
			first := us[0]
			kicker := *first.para
			kicker.role = RoleKicker
			first.para = &kicker
			r.units = append([]unit{first}, r.units...)
		}
		out = appendRegion(out, r)
	}
	return out
}

// isColumn reports whether the headings at starts begin articles of their own
// under the column us[0]: its name says so, or most of them have their own
// dateline, byline or photographer.
func isColumn(us []unit, starts []int) bool {
	if briefsName(us[0].text.String()) {
		return true
	}
	own := 0
	for k, lo := range starts {
		hi := len(us)
		if k+1 < len(starts) {
			hi = starts[k+1]
		}
		if ownHead(us[lo+1 : hi]) {
			own++
		}
	}
	return own >= 2 && own*2 >= len(starts)
}

// ownHead reports whether what follows a headline begins with a byline or a dateline.
func ownHead(us []unit) bool {
	for _, u := range us {
		switch {
		case u.shape == shapeByline && !u.photo, u.shape == shapeDated:
			return true
		case u.level == 0 && u.shape != shapeShort:
			return false
		}
	}
	return false
}

// appendRegion appends r to out unless nothing stands in it.
func appendRegion(out []region, r region) []region {
	for i := range r.units {
		if u := &r.units[i]; u.shape != shapeRule && u.shape != shapeBoilerplate && u.text.Len() > 0 {
			return append(out, r)
		}
	}
	return out
}

// cutRunIn cuts a column of briefs whose items carry their headline in the
// line: 兰石集团大型反应器启运　5月9日，…
func cutRunIn(us []unit) []region {
	if len(us) < 3 {
		return nil
	}
	var items []unit
	var starts []int
	shortest := 2 // characters of a headline: 舟曲县, in a column of briefs
	if !briefsName(us[0].text.String()) {
		shortest = 5
	}
	for i, u := range us[1:] {
		if at, end, ok := runIn(u.text.String(), shortest); ok && u.level == 0 {
			starts = append(starts, len(items)+1)
			mark := len(u.text.String()) - len(strings.TrimLeft(u.text.String(), itemMarks))
			title := unit{para: &para{text: u.text.Slice(Span{Start: min(mark, at), End: at}), gap: u.gap, role: RoleTitle}, head: u.head}
			body := unit{para: &para{text: u.text.Slice(Span{Start: end, End: u.text.Len()})}, head: u.head}
			body.look()
			items = append(items, title, body)
			continue
		}
		if i == 0 {
			return nil
		}
		items = append(items, u)
	}
	if len(starts) < 2 || len(starts)*2 < len(us)-1 {
		return nil
	}
	all := append([]unit{us[0]}, items...)
	return itemsOf(all, starts)
}

// runIn finds the headline at the start of s that a wide gap sets apart from
// the text. One of less than five characters must be the name of a place.
func runIn(s string, shortest int) (at, end int, ok bool) {
	window := s[:min(len(s), maxTitle)]
	for i := runStops.index(window, 0); i < len(window); i = runStops.index(window, end) {
		r := firstRune(window[i:])
		if !isSpace(r) { // a clause ends before any gap
			return 0, 0, false
		}
		end = skipSpaces(s, i)
		if r == '　' || end-i >= 2 {
			n := utf8.RuneCountInString(s[:i])
			return i, end, n >= shortest && n <= 32 && (n >= 5 || placeEnds.has(firstRune(lastChar(s[:i])))) && titleShaped(s[:i]) && len(s)-end > 2*i && !startsDated(s)
		}
	}
	return 0, 0, false
}

// runStops are the characters at which a headline in the line of its text ends,
// or at which it is found to be none.
var runStops = newRuneSet("，。、；！？）’」』】,;:!?)％").with(isSpace)

// placeEnds are the last characters of places that briefs are ordered by.
var placeEnds = newRuneSet("省市州盟县区旗镇乡村")

// cutUnmarkedItems cuts a column of briefs whose items have unmarked headlines.
func cutUnmarkedItems(us []unit) []region {
	var starts []int
	for i := 1; i+1 < len(us); i++ {
		if us[i].shape != shapeShort {
			continue
		}
		if us[i-1].shape == shapeBody && isSignature(us[i].text.String()) {
			us[i].role = RoleByline
		} else if us[i+1].shape == shapeBody || us[i+1].shape == shapeDated {
			starts = append(starts, i)
		}
	}
	if len(starts) < 2 || starts[0] != 1 {
		return nil
	}
	return itemsOf(us, starts)
}

// cutUnmarked cuts a page without marked headlines.
func cutUnmarked(us []unit) []region {
	if len(us) > 1 && us[0].shape == shapeShort && us[1].shape != shapeByline {
		if r := cutRunIn(us); r != nil && (briefsName(us[0].text.String()) || len(r) >= 3) {
			return r
		}
		if briefsName(us[0].text.String()) {
			if r := cutUnmarkedItems(us); r != nil {
				return r
			}
		}
	}
	var out []region
	lo := 0
	usual := usualGap(us)
	text := false // since lo
	for i := 1; i < len(us); i++ {
		text = text || us[i-1].shape == shapeBody || us[i-1].shape == shapeDated
		if text && begins(us, lo, i, usual) {
			out = appendRegion(out, region{units: us[lo:i:i], head: us[lo].head})
			lo, text = i, false
		}
	}
	if lo < len(us) {
		out = appendRegion(out, region{units: us[lo:], head: us[lo].head})
	}
	return out
}

// usualGap returns the number of blank lines that most paragraphs of the page have before them.
func usualGap(us []unit) int {
	var n [4]int
	for i := range us {
		n[min(us[i].gap, 3)]++
	}
	best := 0
	for i := range n {
		if n[i] > n[best] {
			best = i
		}
	}
	return best
}

// begins reports whether an article begins at us[i], when the one before began at us[lo] and has text.
func begins(us []unit, lo, i, usual int) bool {
	if us[i].shape == shapeRule {
		return i+1 < len(us)
	}
	if us[i].shape != shapeShort || us[i-1].shape == shapeShort {
		return false
	}
	if us[i-1].shape == shapeRule || us[i-1].shape == shapeByline && i-1 > lo && us[i-2].shape == shapeRule {
		return false
	}
	j := i
	for j < len(us) && us[j].shape == shapeShort && j-i < 6 {
		j++
	}
	if j == len(us) {
		return false
	}
	if last := us[i-1]; last.shape == shapeBody && !endsWhole(last.text.String()) && !unitEnd(last) {
		return false
	}
	switch {
	case us[j].shape == shapeDated:
		return true
	case j == i+1 && itemOpeners.has(firstRune(us[j].text.String())) && briefsName(us[i].text.String()):
		return true // 短讯二则, and its items
	case us[j].shape == shapeByline && !us[j].photo:
		// the byline of the next article, unless its names end this one: a line of text must follow
		return j+1 < len(us) && (us[j+1].shape == shapeBody || us[j+1].shape == shapeByline || us[j+1].shape == shapeDated || us[j+1].shape == shapeShort)
	case us[j].shape != shapeBody:
		return false
	case us[i].gap >= max(2, usual+1):
		return true
	case us[i-1].shape == shapeNote || us[i-1].shape == shapeContinuation || us[i-1].shape == shapeBoilerplate:
		return true
	case us[i-1].shape == shapeByline && i-1 > lo+1 && us[i-2].shape == shapeBody:
		return true // a byline that closed the article before
	}
	if j-i >= 2 { // title and author
		last := us[j-1].text.String()
		if _, ok := parseGuest(last); ok {
			return true
		}
		if _, ok := parseNames(last); ok {
			return true
		}
	}
	return false
}

// unitEnd reports whether a paragraph ends with a photo credit or a signature.
func unitEnd(u unit) bool {
	_, ok := tailCredit(nil, u.text.String())
	return ok
}

func isText(u unit) bool { return u.shape == shapeBody || u.shape == shapeDated }

type columnTable struct {
	exact, starts, ends map[string]string
	leads               runeSet // first characters of exact and starts
	tails               runeSet // last characters of ends
}

var columnNames = sync.OnceValue(func() *columnTable {
	t := &columnTable{exact: map[string]string{}, starts: map[string]string{}, ends: map[string]string{}}
	for _, r := range mustTable("columns.tsv", 2, 1, "briefs", "letters", "series") {
		name, kind := r.cells[0], r.cells[1]
		bare := strings.Trim(name, "*")
		switch {
		case strings.HasSuffix(name, "*") && !strings.HasPrefix(name, "*"):
			t.starts[bare] = kind
			t.leads.add(firstRune(bare))
		case strings.HasPrefix(name, "*"):
			t.ends[bare] = kind
			t.tails.add(firstRune(lastChar(bare)))
		default:
			t.exact[bare] = kind
			t.leads.add(firstRune(bare))
		}
	}
	return t
})

// columnKind returns briefs, letters, series or "" for the name of a standing column.
func columnKind(s string) string {
	s = columnMarks.trim(s)
	if cut, ok := strings.CutSuffix(s, "则"); ok { // 短讯二则
		if r, w := utf8.DecodeLastRuneInString(cut); digit(r) >= 0 || r == '十' || r == '两' || r == '数' {
			s = cut[:len(cut)-w]
		}
	}
	if s == "" || len(s) > 24*utf8.UTFMax {
		return ""
	}
	t := columnNames()
	lead, tail := t.leads.has(firstRune(s)), t.tails.has(firstRune(lastChar(s)))
	if !lead && !tail || utf8.RuneCountInString(s) > 24 {
		return ""
	}
	if lead {
		if k := t.exact[s]; k != "" {
			return k
		}
		for i := range s {
			if k := t.starts[s[:i]]; k != "" {
				return k
			}
		}
		if k := t.starts[s]; k != "" {
			return k
		}
	}
	if tail && utf8.RuneCountInString(s) <= 9 {
		for i := range s {
			if k := t.ends[s[i:]]; k != "" {
				return k
			}
		}
	}
	return ""
}

// columnMarks stand around the names of columns.
var columnMarks = newRuneSet("【】[]［］〔〕〖〗★■●◆□○◇·—-　 “”「」《》")

// briefsName reports whether each item of a column is an article of its own.
func briefsName(s string) bool { k := columnKind(s); return k == "briefs" || k == "letters" }

// itemMarks open the items of a column.
const itemMarks = "●○■□◆◇▲△★☆※►▶• 　"
