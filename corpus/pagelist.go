package corpus

import (
	"context"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zip"
)

// Page lists of the e-paper (…/layout/202410/28/col05.html, node_3.htm) say on
// which page of the paper (第05版：综合新闻) the articles stand that they link to;
// the pages of the articles mostly do not. What lists said is remembered for the
// articles that come later. Of a folder, and of a zip whose list of members is
// at hand, the lists are looked at before the first article that needs them; in
// a tar or WARC they must stand before their articles, as crawlers fetch them.

// A listed is a page of the paper.
type listed struct{ edition, name string }

// pageLists is what the lists that were read say.
type pageLists struct {
	of     map[string]listed // by address of the article
	order  []string          // addresses in the order in which they were learned
	folder map[string]bool   // whose lists were looked at
}

const (
	mostListed  = 20_000  // articles that are remembered: those of a few months
	mostFolders = 1000    // folders that are remembered
	mostLists   = 400     // lists of one folder or archive that are looked at
	longestList = 2 << 20 // bytes of one
)

// isListName reports whether a file is called as lists are: col05.html, node_3.htm.
func isListName(base string) bool {
	for _, lead := range []string{"col", "node_", "page", "layout"} {
		if len(base) <= len(lead) || !strings.EqualFold(base[:len(lead)], lead) {
			continue
		}
		rest := strings.TrimPrefix(base[len(lead):], "_")
		digits := 0
		for digits < len(rest) && isDigit(rest[digits]) {
			digits++
		}
		ext := strings.ToLower(rest[digits:])
		return digits > 0 && digits <= 5 && (strings.HasPrefix(ext, ".htm") || strings.HasPrefix(ext, ".shtm"))
	}
	return false
}

// An anchor is a link of a page to an article or a list.
type anchor struct {
	href     string
	block    int // in which its text stands
	from, to int // where in the block
}

// mostAnchors is how many links of a page are remembered.
const mostAnchors = 4096

// learn remembers what the page m, which lies at in, says of articles.
func (l *pageLists) learn(in *input, m *markup) {
	own, pages := m.ownPage(in), m.pagesBefore()
	for i, a := range m.anchors {
		p := own
		if pages != nil {
			p = pages[i]
		}
		if p.edition == "" || !isArticleLink(a.href) {
			continue
		}
		if l.of == nil {
			l.of = map[string]listed{}
		}
		key := in.addressOf(a.href)
		if _, ok := l.of[key]; !ok {
			l.order = append(l.order, key)
		}
		l.of[key] = p
	}
	if len(l.order) > 2*mostListed { // half of them at once, for the copy
		old := len(l.order) - mostListed
		for _, key := range l.order[:old] {
			delete(l.of, key)
		}
		l.order = slices.Clone(l.order[old:])
	}
}

// ownPage is the page of the paper that a list is of: by the link to itself,
// by its title, or by its name together with the links to all pages.
func (m *markup) ownPage(in *input) listed {
	base := path.Base(in.name())
	for _, a := range m.anchors {
		if path.Base(a.href) == base {
			if p := pageIn(m.anchorText(a)); p.edition != "" {
				return p
			}
		}
	}
	if p := pageIn(m.title.String()); p.edition != "" {
		return p
	}
	if !isListName(base) || in.hint.edition == "" {
		return listed{}
	}
	for _, a := range m.anchors {
		if p := pageIn(m.anchorText(a)); p.edition == in.hint.edition {
			return p
		}
	}
	return listed{edition: in.hint.edition}
}

// pagesBefore is, for each anchor, the page of the paper that stands above it,
// where articles of several pages are listed, each below its page; else nil.
func (m *markup) pagesBefore() []listed {
	out := make([]listed, len(m.anchors))
	var now listed
	with := map[string]bool{} // pages with articles
	block := 0
	for i, a := range m.anchors {
		for ; block <= a.block && block < len(m.blocks); block++ {
			if s := m.blocks[block].text.String(); len(s) <= 60 {
				if p := pageIn(s); p.edition != "" {
					now = p
				}
			}
		}
		if isArticleLink(a.href) {
			out[i] = now
			with[now.edition] = true
		}
	}
	delete(with, "")
	if len(with) < 2 {
		return nil
	}
	return out
}

// pageIn reads 第05版：综合新闻.
func pageIn(s string) listed {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "版") || len(s) > 240 {
		return listed{}
	}
	m := editionWord.FindStringSubmatch(s)
	if m == nil || !strings.Contains(s, "第") && !strings.HasPrefix(s, m[0]) {
		return listed{}
	}
	return listed{edition: editionNumber(m[1]), name: m[2]}
}

func (m *markup) anchorText(a anchor) string {
	if a.block >= len(m.blocks) {
		return ""
	}
	s := m.blocks[a.block].text.String()
	if a.to > a.from && a.to <= len(s) {
		return s[a.from:a.to]
	}
	return s
}

// address is how lists name in: its path or URL, and in archives the archive too.
func (in *input) address() string {
	if in.Member != "" {
		return in.Path + "!" + path.Clean(in.Member)
	}
	return path.Clean(filepath.ToSlash(in.Path))
}

// addressOf is the address of what href of the page in leads to. One that
// begins at the root of the site is known by its end alone.
func (in *input) addressOf(href string) string {
	if i := strings.IndexAny(href, "?#"); i >= 0 {
		href = href[:i]
	}
	if strings.HasPrefix(href, "/") || strings.Contains(href, "://") {
		return in.ending(href)
	}
	at := filepath.ToSlash(in.Path)
	if in.Member != "" {
		return in.Path + "!" + path.Join(path.Dir(in.Member), href)
	}
	return path.Join(path.Dir(at), href)
}

// ending is an address by its last four names, which tell day and number.
func (in *input) ending(name string) string {
	parts := strings.Split(path.Clean(strings.ReplaceAll(name, "\\", "/")), "/")
	return "…" + strings.Join(parts[max(0, len(parts)-4):], "/")
}

// page returns the page of the paper on which the article in stands.
func (l *pageLists) page(ctx context.Context, s *sink, in *input) listed {
	if in.Member == "" && in.at != nil {
		l.lookBeside(ctx, s, in)
	}
	if p, ok := l.of[in.address()]; ok {
		return p
	}
	return l.of[in.ending(in.address())]
}

// lookBeside reads the lists that lie in the folder of an article, or in the
// folder that the e-paper has for them beside it: once for each folder.
func (l *pageLists) lookBeside(ctx context.Context, s *sink, in *input) {
	dir := filepath.Dir(in.Path)
	if l.folder[dir] {
		return
	}
	if l.folder == nil || len(l.folder) >= mostFolders {
		l.folder = map[string]bool{}
	}
	l.folder[dir] = true
	folders := []string{dir}
	parts := strings.Split(filepath.ToSlash(dir), "/")
	for i := len(parts) - 1; i >= 0; i-- {
		if parts[i] == "con" || parts[i] == "content" {
			parts[i] = "layout"
			folders = append(folders, filepath.FromSlash(strings.Join(parts, "/")))
			break
		}
	}
	for _, f := range folders {
		for _, name := range listsIn(f) {
			if ctx.Err() != nil {
				return
			}
			raw, err := os.ReadFile(name)
			if err == nil {
				s.learn(&input{Source: Source{Path: name}, hint: hintOf(name)}, raw)
			}
		}
	}
}

// listsIn returns the names of the lists in a folder, which may hold a million files.
func listsIn(folder string) []string {
	d, err := os.Open(folder)
	if err != nil {
		return nil
	}
	defer d.Close()
	var out []string
	for len(out) < mostLists {
		some, err := d.ReadDir(4096)
		for _, e := range some {
			if !e.Type().IsRegular() || !isListName(e.Name()) {
				continue
			}
			if info, err := e.Info(); err == nil && info.Size() <= longestList {
				out = append(out, filepath.Join(folder, e.Name()))
			}
		}
		if err != nil {
			break
		}
	}
	slices.Sort(out)
	return out
}

// learn takes note of the list raw, which lies at in.
func (s *sink) learn(in *input, raw []byte) {
	in.o = s.o
	t, _, _, err := decode(raw, declaredCharset(raw), 0)
	if err == nil {
		s.lists.learn(in, parseMarkup(t))
	}
}

// learnZip takes note of the lists in a zip.
func (s *sink) learnZip(ctx context.Context, in *input, z *zip.Reader) {
	n := 0
	for _, f := range z.File {
		name := zipName(f)
		if f.Flags&1 != 0 || f.UncompressedSize64 > longestList || !isListName(path.Base(name)) || passedOver(name) {
			continue
		}
		if n++; n > mostLists || ctx.Err() != nil {
			return
		}
		r, err := f.Open()
		if err != nil {
			continue
		}
		m := in.member(name, nil, -1, func() int64 { return int64(f.CompressedSize64) })
		mr := m.r.(*memberReader)
		mr.r, mr.total = r, &expansion{packed: mr.total.packed} // they are counted when they are read
		raw, err := readAll(io.LimitReader(mr, longestList), -1)
		if err == nil {
			s.learn(m, raw)
		}
		r.Close()
	}
}
