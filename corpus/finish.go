package corpus

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
	"unsafe"
)

var errNoArticle = errors.New("no article found in the text")

const noArticleHint = "nothing but buttons, running heads or rules stand in it: leave it out, or copy the text again"

// finish makes the article of a draft: it cleans the pieces, finds the roles
// that the reader left open, joins what a column break cut, and reads bylines,
// datelines, days and numbers of editions.
func finish(d *draft, o Options) (*Article, error) {
	f, _ := finishers.Get().(*finisher)
	if f == nil {
		f = new(finisher)
	}
	room := new(articleRoom)
	f.d, f.o, f.a, f.room, f.c = d, o, &room.Article, room, cleaning{}
	f.a.Source, f.a.Cut, f.a.Warnings = d.source, d.cut, d.warn
	f.cleaned, f.roled, f.byline = f.cleaned[:0], f.roled[:0], f.byline[:0]
	defer f.release()
	readTexts(len(d.pieces), func(i int) *Text { return &d.pieces[i].text })
	f.cleanPieces()
	f.findRoles()
	f.pieces = mend(f.pieces, d.marked)
	if len(f.pieces) == 0 {
		return nil, errNoArticle
	}
	f.fields()
	f.build()
	for i := range f.a.Blocks {
		f.read(i)
	}
	f.signature()
	f.settle()
	return f.a, nil
}

// An articleRoom is the memory of most articles in one piece: to ask for each
// part of it by itself took a tenth of the time that a page of text takes.
type articleRoom struct {
	Article
	way       way // of its text
	line      Dateline
	apparatus [4]Span
	byline    [3]Credit
}

// finishers are used again, for their memory.
var finishers sync.Pool

func (f *finisher) release() {
	f.d, f.a, f.room, f.named, f.staff, f.pieces = nil, nil, nil, nil, nil, nil
	f.o, f.tail = Options{}, tail{}
	finishers.Put(f)
}

type finisher struct {
	d      *draft
	o      Options
	a      *Article
	room   *articleRoom
	c      cleaning
	pieces []piece  // those of the draft, then what cleaning and findRoles made of them
	staff  []Credit // from lines that were cut
	byline []Credit // those of the article, until settle

	blocks         slab[Block]
	runs           slab[run]
	cleaned, roled []piece // memory for pieces; those of a draft belong to its reader
	named          map[[2]string]bool
	credits        [8]Credit // memory for those of one line
	tail           tail      // of the paragraph that role looked at last
}

// cleanPieces fills f.pieces with what is left of the draft's pieces: clean, trimmed, one paragraph each.
func (f *finisher) cleanPieces() {
	if f.d.clean && !slices.ContainsFunc(f.d.pieces, piece.loose) {
		f.pieces = f.d.pieces // of most pages of text
		return
	}
	f.pieces = slices.Grow(f.cleaned, len(f.d.pieces))
	defer func() { f.cleaned = f.pieces }()
	for i := range f.d.pieces {
		text := f.d.pieces[i].text
		if !f.d.clean {
			text = f.c.clean(text)
		}
		s := text.String()
		if !f.c.lines && s != "" && !startsSpace(s) && len(trimRight(s)) == len(s) {
			f.pieces = append(f.pieces, f.d.pieces[i])
			f.pieces[len(f.pieces)-1].text = text
			continue
		}
		p := f.d.pieces[i]
		p.text = text
		for s != "" {
			line := s
			if i := strings.IndexByte(s, '\n'); i >= 0 {
				line = s[:i]
			}
			at := p.text.Len() - len(s)
			q := p
			if len(line) != p.text.Len() || isSpace(firstRune(line)) || trimRight(line) != line {
				q.text = p.text.Slice(Span{Start: at, End: at + len(line)}).TrimSpace()
			}
			if q.text.Len() > 0 {
				f.pieces = append(f.pieces, q)
			}
			s = s[min(len(line)+1, len(s)):]
		}
	}
}

// loose reports whether white space stands at an end of the piece, or nothing else in it.
func (p piece) loose() bool {
	s := p.text.s
	return s == "" || startsSpace(s) || len(trimRight(s)) != len(s)
}

// findRoles gives every piece its role, splits continuations off paragraphs and
// cuts boilerplate.
func (f *finisher) findRoles() {
	in := f.pieces
	out := slices.Grow(f.roled, len(in)+1)
	for i := range in {
		if p := &in[i]; p.role != "" && p.role != RoleParagraph {
			out = append(out, *p)
			continue
		} else if s := p.text.String(); p.looked && endsProse(s) && p.role == "" {
			role := RoleParagraph
			if !p.prose || !f.d.clean {
				role = f.role(in, i, out, s)
			}
			out = append(out, *p)
			out[len(out)-1].role = role
			continue
		}
		p := in[i]
		s := p.text.String()
		if cut := staffTail(s); cut < len(s) {
			f.cutStaff(s[cut:])
			p.text = p.text.Slice(Span{Start: 0, End: cut}).TrimSpace()
			s = p.text.String()
		}
		if _, n, ok := isContinuation(s); ok {
			if n == len(s) {
				p.role = RoleContinuation
				out = append(out, p)
				continue
			}
			out = append(out, piece{role: RoleContinuation, text: p.text.Slice(Span{Start: 0, End: n}).TrimSpace()})
			p.text = p.text.Slice(Span{Start: n, End: len(s)}).TrimSpace()
			s = p.text.String()
		}
		if isBoilerplate(s) {
			f.cutStaff(s)
			continue
		}
		at := continuationTail(s)
		q := p
		if at < len(s) {
			q.text = p.text.Slice(Span{Start: 0, End: at}).TrimSpace()
		}
		if p.role == "" {
			q.role = f.role(in, i, out, q.text.String())
			if q.role == RoleCaption && f.tail.start > 0 {
				q.tail = f.tail.own()
			}
		}
		out = append(out, q)
		if at < len(s) {
			out = append(out, piece{role: RoleContinuation, text: p.text.Slice(Span{Start: at, End: len(s)}).TrimSpace()})
		}
	}
	f.roled = out
	f.pieces = captionSet(out)
}

// captionSet makes captions of the paragraphs ① ② ③ of a page whose credits are numbered so too.
func captionSet(ps []piece) []piece {
	circled := func(i int) bool { return isCircled(firstRune(ps[i].text.String())) }
	set := false
	for i := range ps {
		set = set || ps[i].role == RoleCredit && circled(i)
	}
	if !set {
		return ps
	}
	for i := range ps {
		if ps[i].role == RoleParagraph && circled(i) {
			ps[i].role = RoleCaption
		}
	}
	return ps
}

func (f *finisher) cutStaff(s string) {
	f.a.Cut++
	for _, c := range editors(s) {
		f.staff = append(f.staff, c.own())
	}
}

// own returns a copy of t with memory and strings of its own.
func (t tail) own() *tail {
	t.credits = slices.Clone(t.credits)
	for i := range t.credits {
		t.credits[i] = t.credits[i].own()
	}
	return &t
}

// own returns c with strings of its own, for a page may lie in borrowed memory.
func (c Credit) own() Credit {
	c.Name, c.Organization, c.Title = strings.Clone(c.Name), strings.Clone(c.Organization), strings.Clone(c.Title)
	return c
}

// role finds the role of in[i], whose text is s; before are the pieces that stand above it.
func (f *finisher) role(in []piece, i int, before []piece, s string) Role {
	if len(s) <= maxByline && !endsProse(s) {
		if _, ok := parseAuthorNote(s); ok {
			return RoleByline
		}
		if in, ok := bracketed(s); ok && isSourceNote(in) {
			return RoleByline
		}
		if b, ok := parseByline(f.credits[:0], s); ok && b.explicit {
			if b.photo() {
				return RoleCredit
			}
			return RoleByline
		}
		if len(before) > 0 && (before[len(before)-1].role == RoleTitle || before[len(before)-1].role == RoleSubtitle || before[len(before)-1].role == RoleByline) {
			if _, ok := authorLine(s); ok {
				return RoleByline
			}
		}
		if signs(in[i:], before) && !isCaptionLead(s) && isSignature(s) {
			return RoleByline
		}
		if isPhotoNote(s) {
			return RoleCredit
		}
	}
	if f.tail = (tail{credits: f.credits[:0]}); isCaption(s, &f.tail) {
		return RoleCaption
	}
	if f.heading(in, i, before, s) {
		return RoleHeading
	}
	return RoleParagraph
}

// maxHeading is the number of characters that an unmarked heading may have.
const maxHeading = 24

// heading reports whether s is an unmarked heading between paragraphs.
func (f *finisher) heading(in []piece, i int, before []piece, s string) bool {
	if len(s) > maxTitle || !titleShaped(s) || utf8.RuneCountInString(s) > maxHeading || i+1 >= len(in) || endsSentence(s) || openEnd(s) {
		return false
	}
	if r := firstRune(s); r == '（' || r == '(' {
		if _, ok := bracketed(s); ok {
			return false
		}
	}
	if startsTurn(s) || f.d.marked && (strings.ContainsAny(s, "，,、") || utf8.RuneCountInString(s) > 16) {
		return false
	}
	prose := func(p piece) bool {
		t := p.text.String()
		return (p.role == "" || p.role == RoleParagraph) && (endsSentence(t) && len(t) > 8*3 || len(t) > 20*3 && strings.ContainsAny(t[max(0, len(t)-12):], "。！？”：；—…）)"))
	}
	if startsItem(s) && utf8.RuneCountInString(s) <= 20 && !startsItem(in[i+1].text.String()) && len(before) > 0 && !strings.HasPrefix(s, "-") {
		return true // 三、联系方式
	}
	if !prose(in[i+1]) && !(i+2 < len(in) && len(in[i+1].text.String()) < maxTitle && prose(in[i+2]) && !endsSentence(in[i+1].text.String())) {
		return false
	}
	if strings.ContainsAny(s, "，,") && !balanced(s) {
		return false
	}
	if len(before) == 0 {
		return false
	}
	last := before[len(before)-1]
	return last.role != RoleParagraph || endsWhole(last.text.String())
}

// fields makes pieces of nothing, but takes what only tags said.
func (f *finisher) fields() {
	d, a := f.d, f.a
	a.Paper = cmp.Or(d.paper, d.hint.paper, f.o.Paper)
	a.Edition = cmp.Or(d.edition, d.hint.edition)
	a.EditionName = cmp.Or(d.name, d.hint.name)
	a.Section, a.Kicker, a.Title, a.Subtitle = d.section, d.kicker, d.title, d.subhead
	var room [8]dating
	dates := append(append(room[:0], d.dates...), d.hint.dates...)
	best := weigh(append(dates, dating{f.o.Date, "option", true}))
	a.Date, a.DateOrigin, a.DateCertain = best.day, best.origin, best.certain
	for _, other := range dates {
		if other.day != best.day && other.day.Valid() {
			a.Warnings = append(a.Warnings[:len(a.Warnings):len(a.Warnings)],
				fmt.Sprintf("day %s of the %s taken, the %s says %s", best.day, best.origin, other.origin, other.day))
		}
	}
}

// build makes Text and Blocks, one line end between blocks.
func (f *finisher) build() {
	var b TextBuilder
	n := 0
	for i := range f.pieces {
		n += f.pieces[i].text.Len() + 1
	}
	b.b.Grow(n)
	b.runs = f.runs.take(2 * len(f.pieces))[:0]
	f.a.Blocks = f.blocks.take(len(f.pieces))
	for i := range f.pieces {
		p := &f.pieces[i]
		if i > 0 {
			b.Insert("\n")
		}
		f.a.Blocks[i] = Block{Role: p.role, Span: b.Append(p.text)}
	}
	f.a.Text = b.textIn(&f.room.way)
}

// read takes from block i what it says of the article.
func (f *finisher) read(i int) {
	a := f.a
	block := a.Blocks[i]
	s := a.Text.At(block.Span)
	at := block.Span.Start
	switch block.Role {
	case RoleKicker:
		a.Kicker = joinField(a.Kicker, s)
	case RoleTitle:
		if a.Title == "" || !f.hasTitleBefore(i) {
			a.Title = s
		}
	case RoleSubtitle:
		a.Subtitle = joinField(a.Subtitle, strings.TrimLeft(s, "—─-－–― "))
	case RoleByline, RoleCredit:
		f.bylineBlock(s, block)
	case RoleContinuation:
		f.apparatus(block.Span)
	case RoleParagraph, RoleCaption, RoleQuote, RoleList:
		f.paragraph(s, at, i)
	}
}

func (f *finisher) hasTitleBefore(i int) bool {
	return slices.ContainsFunc(f.a.Blocks[:i], func(b Block) bool { return b.Role == RoleTitle })
}

func joinField(a, b string) string {
	if a == "" || a == b {
		return b
	}
	return a + " " + b
}

// bylineBlock reads a line of credits.
func (f *finisher) bylineBlock(s string, b Block) {
	if by, ok := parseAuthorNote(s); ok {
		f.note(by, b.Span.Start)
		return
	}
	if in, ok := bracketed(s); ok && isSourceNote(in) {
		f.apparatus(b.Span)
		return
	}
	by, ok := parseByline(f.credits[:0], s)
	if !ok || !by.explicit {
		if g, isAuthor := authorLine(s); isAuthor {
			by, ok = g, true
		} else if g, signed := signature(s); signed {
			by, ok = g, true
		}
	}
	if ok {
		f.credit(by.credits, b.Span.Start)
	}
	if !by.guest {
		f.apparatus(b.Span)
	}
}

// note adds what the note at the end says of the author; without a name it belongs to the author of the byline.
func (f *finisher) note(by byline, at int) {
	c := by.credits[0]
	if c.Name != "" {
		for i := range f.byline {
			if f.byline[i].Name == c.Name {
				f.byline[i].Organization, f.byline[i].Title = c.Organization, c.Title
				return
			}
		}
		f.credit(by.credits, at)
		return
	}
	for i := range f.byline {
		if b := &f.byline[i]; b.Kind == Author && b.Organization == "" {
			b.Organization, b.Title = c.Organization, c.Title
		}
	}
}

// credit adds the persons of a byline whose line begins at byte at.
func (f *finisher) credit(cs []Credit, at int) {
	for _, c := range cs {
		c.Span = c.Span.Shift(at)
		if !f.credited(c) {
			f.byline = append(f.byline, c)
		}
	}
}

// manyNames is the number of credits from which a map is cheaper than to look at each.
const manyNames = 16

// credited reports whether a person was named in the same role before.
func (f *finisher) credited(c Credit) bool {
	by := f.byline
	if len(by) < manyNames {
		for i := range by {
			if by[i].Name == c.Name && by[i].Role == c.Role {
				return true
			}
		}
		return false
	}
	if f.named == nil {
		f.named = map[[2]string]bool{}
		for _, b := range by {
			f.named[[2]string{b.Name, b.Role}] = true
		}
	}
	key := [2]string{c.Name, c.Role}
	if f.named[key] {
		return true
	}
	f.named[key] = true
	return false
}

func (f *finisher) apparatus(s Span) {
	if !s.Empty() {
		if f.a.Apparatus == nil {
			f.a.Apparatus = f.room.apparatus[:0]
		}
		f.a.Apparatus = append(f.a.Apparatus, s)
	}
}

// head reads the dateline of block i, unless it was looked for already.
func (f *finisher) head(s string, i int) (head, bool) {
	if f.pieces[i].looked {
		return head{}, false
	}
	return parseHead(f.credits[:0], s)
}

// paragraph reads the dateline at the start and the credit at the end of a paragraph.
func (f *finisher) paragraph(s string, at, i int) {
	if h, ok := f.head(s, i); ok {
		if a := f.a; h.line.Agency != "" && a.Dateline == nil {
			a.Dateline = &f.room.line
			*a.Dateline = h.line
			a.Dateline.Span = h.line.Span.Shift(at)
			a.Dateline.Date = h.monthly.resolve(a.Date)
		}
		f.credit(h.credits, at)
		f.apparatus(h.span.Shift(at))
		if h.span.End >= len(s) {
			return
		}
	}
	t, ok := tail{}, false
	if p := f.pieces[i].tail; p != nil {
		t, ok = *p, true
	} else {
		t, ok = tailCredit(f.credits[:0], s)
	}
	if !ok {
		return
	}
	if t.photo {
		for k := range t.credits {
			if t.credits[k].Kind != Photographer {
				t.credits[k].Role, t.credits[k].Kind = "摄影", Photographer
			}
		}
		if f.a.Blocks[i].Role == RoleParagraph && isCaption(s, &tail{}) {
			f.a.Blocks[i].Role = RoleCaption
		}
	}
	f.credit(t.credits, at)
	f.apparatus(Span{Start: at + t.start, End: at + len(s) - t.bracket})
}

// signature reads the contributor's name in brackets at the end of a brief that has no other byline.
func (f *finisher) signature() {
	if len(f.byline) > 0 {
		return
	}
	last := len(f.a.Blocks) - 1
	for last > 0 && f.a.Blocks[last].Role == RoleContinuation {
		last--
	}
	if !f.signed(f.a.Blocks[last]) {
		return
	}
	for _, b := range f.a.Blocks[:last] { // the items of a column of briefs, each with its own
		f.signed(b)
	}
	slices.SortStableFunc(f.byline, func(a, b Credit) int { return a.Span.Start - b.Span.Start })
}

// signed reads the signature in brackets at the end of a paragraph.
func (f *finisher) signed(b Block) bool {
	s := f.a.Text.At(b.Span)
	if b.Role != RoleParagraph || !strings.HasSuffix(s, "）") && !strings.HasSuffix(s, ")") {
		return false
	}
	open := strings.LastIndexAny(s, "（(")
	if open <= 0 || !endsSentence(strings.TrimRight(s[:open], " 　")) {
		return false
	}
	in, ok := bracketed(s[open:])
	if !ok {
		return false
	}
	by, ok := parseNames(in)
	if ok {
		f.credit(by.credits, b.Span.Start+open+strings.Index(s[open:], in))
		f.apparatus(Span{Start: b.Span.Start + open, End: b.Span.End})
	}
	return ok
}

// signs reports whether a line may be the signature under the text: nothing but
// further signatures, notes and continuations stand below.
func signs(in []piece, before []piece) bool {
	if len(in) > 3 || !slices.ContainsFunc(before, func(p piece) bool { return p.role == RoleParagraph }) {
		return false
	}
	for _, p := range in[1:] {
		if len(p.text.String()) > maxTitle || endsSentence(p.text.String()) {
			return false
		}
	}
	return true
}

// isSignature reports whether s signs a text: a name with or without post or
// place, in brackets or alone.
func isSignature(s string) bool {
	_, ok := signature(s)
	return ok
}

func signature(s string) (byline, bool) {
	if len(s) > maxTitle {
		return byline{}, false
	}
	in, brackets := bracketed(s)
	if !brackets {
		in = s
	}
	off := strings.Index(s, in)
	b, ok := authorLine(in)
	if !ok {
		b, ok = parsePlaced(in)
	}
	if !ok && brackets && (strings.HasSuffix(in, "消息") || strings.HasSuffix(in, "报道") || strings.HasPrefix(in, "据")) {
		return byline{}, true
	}
	for i := range b.credits {
		b.credits[i].Span = b.credits[i].Span.Shift(off)
	}
	return b, ok
}

// settle completes the article by what needs all of it.
func (f *finisher) settle() {
	a := f.a
	for _, more := range [2][]Credit{f.d.credits, f.staff} {
		for _, c := range more {
			if !slices.ContainsFunc(f.byline, func(b Credit) bool { return b.Name == c.Name || b.Name == Simplified(c.Name) }) {
				f.byline = append(f.byline, c)
			}
		}
	}
	if len(f.byline) > 0 {
		a.Byline = append(f.room.byline[:0], f.byline...)
	}
	if a.Section == "" && columnKind(a.Kicker) != "" {
		a.Section = strings.Trim(a.Kicker, "【】[]［］★■●◆□")
	} else if in, ok := bracketed(a.Kicker); ok && a.Section == "" && utf8.RuneCountInString(in) <= 8 {
		a.Section = in
	}
	a.Warnings = append(a.Warnings[:len(a.Warnings):len(a.Warnings)], f.c.warnings()...)
	if len(a.Warnings) == 0 {
		a.Warnings = nil
	}
	slices.SortFunc(a.Apparatus, func(x, y Span) int { return cmp.Or(x.Start-y.Start, x.End-y.End) })
	if a.Source.Range == (Origin{}) {
		a.Source.Range, _ = a.Text.Origin(Span{Start: 0, End: a.Text.Len()})
	}
	a.original()
	a.ID = articleID(a)
}

// An idDigest is the memory for the digest of an article.
type idDigest struct {
	hash hash.Hash
	head []byte
	sum  [sha256.Size]byte
}

var idDigests = sync.Pool{New: func() any { return &idDigest{hash: sha256.New()} }}

// articleID is a digest of paper, day, title and text. Where the article lies,
// in which encoding or format, has no part in it.
func articleID(a *Article) string {
	d := idDigests.Get().(*idDigest)
	defer idDigests.Put(d)
	d.head = d.head[:0]
	for _, s := range []string{a.Paper, a.Date.String(), a.Title} {
		d.head = append(append(d.head, s...), 0)
	}
	d.hash.Reset()
	d.hash.Write(d.head)
	text := a.Text.String()
	d.hash.Write(unsafe.Slice(unsafe.StringData(text), len(text))) // Write only reads, and []byte(text) would copy
	var id [16]byte
	hex.Encode(id[:], d.hash.Sum(d.sum[:0])[:8])
	return string(id[:])
}
