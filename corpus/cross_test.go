package corpus

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// A pageFile is one page under the name that it has on disk.
type pageFile struct {
	name string
	data []byte
}

// crossPages are the pages of text in testdata/pages, and the gold pages where they are.
func crossPages(t *testing.T) []pageFile {
	t.Helper()
	var out []pageFile
	files, err := filepath.Glob("testdata/pages/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			if ext := filepath.Ext(f.Name); ext == ".txt" || ext == ".md" {
				out = append(out, pageFile{f.Name, f.Data})
			}
		}
	}
	return out
}

func goldPages(t *testing.T) []pageFile {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(sharedDir(t), "gold", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	var out []pageFile
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, pageFile{filepath.Base(name), b})
	}
	return out
}

// gist is what must be equal of an article in whatever format it comes; white space is not.
func gist(a *Article) string {
	var by []string
	for _, c := range a.Byline {
		if !c.Span.Empty() { // not of a line that was cut, or of front matter
			by = append(by, c.Name+"/"+string(c.Kind)+"/"+c.Organization)
		}
	}
	kicker := ""
	for _, b := range a.Blocks {
		if b.Role == RoleKicker { // not the name of a column of briefs
			kicker = tight(a.Kicker)
		}
	}
	return fmt.Sprintf("date %s\nkicker %s\ntitle %s\nsubtitle %s\nbyline %s\ntext %s\n", a.Date, kicker, tight(a.Title), tight(a.Subtitle), strings.Join(by, " "), tight(a.Text.String()))
}

func gists(arts []*Article) string {
	var b strings.Builder
	for _, a := range arts {
		b.WriteString(gist(a))
	}
	return b.String()
}

// TestCrossFormat saves the same page in other encodings and formats: the same
// articles must come out.
func TestCrossFormat(t *testing.T) {
	crossFormat(t, crossPages(t))
}

func TestCrossFormatGold(t *testing.T) {
	crossFormat(t, goldPages(t))
}

func crossFormat(t *testing.T, pages []pageFile) {
	for _, p := range pages {
		t.Run(p.name, func(t *testing.T) {
			ext := filepath.Ext(p.name)
			stem := strings.TrimSuffix(p.name, ext)
			base, rejs := collect(t, Options{}, save(t, p.name, p.data))
			if len(base) == 0 {
				t.Skip(rejs)
			}
			want := gists(base)
			text := strings.TrimPrefix(string(p.data), "\uFEFF")
			check := func(what, name string, raw []byte) {
				t.Helper()
				arts, rejs := collect(t, Options{}, save(t, name, raw))
				if got := gists(arts); got != want || len(rejs) > 0 {
					t.Errorf("%s: %v\n%s", what, rejs, firstDiff(got, want))
				}
			}
			check("GB18030", p.name, encodeAs(t, text, GB18030))
			check("UTF-16", p.name, encodeAs(t, "\uFEFF"+text, UTF16LE))
			check("UTF-8 with a mark", p.name, []byte("\uFEFF"+text))
			check("zip", "x.zip", makeZip(t, true, file(p)))
			if ext == ".txt" {
				check("JSONL of the page", stem+".jsonl", []byte(jsonOf(t, map[string]string{"text": text})))
			}
			if marked := strings.HasPrefix(text, "#") || strings.Contains(text, "\n#"); marked && ext == ".txt" {
				check("DOCX", stem+".docx", makeDOCX(t, wordPage(text)))
			}
			// One article a page: as the paper's own site and an export of a database have it.
			var newer, older []file
			var rows strings.Builder
			for i, a := range base {
				newer = append(newer, file{fmt.Sprintf("con/%s/c%d.html", strings.ReplaceAll(a.Date.String(), "-", "/"), 100+i), []byte(newPage(a))})
				older = append(older, file{fmt.Sprintf("content_%d.htm", 100+i), encodeAs(t, oldPage(a), GB18030)})
				rows.WriteString(jsonOf(t, fieldsOf(a)) + "\n")
			}
			check("new Founder", stem+"-new.zip", makeZip(t, true, newer...))
			check("old Founder", stem+"-old.zip", makeZip(t, true, older...))
			check("JSONL", stem+".jsonl", []byte(rows.String()))
		})
	}
}

// firstDiff shows the first line in which got differs.
func firstDiff(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range w {
		if i >= len(g) || g[i] != w[i] {
			if i < len(g) { // from where they differ
				k := 0
				for k < min(len(g[i]), len(w[i])) && g[i][k] == w[i][k] {
					k++
				}
				k = max(0, k-30)
				return fmt.Sprintf("line %d of %d\ngot  …%s\nwant …%s", i+1, len(w), g[i][k:], w[i][k:])
			}
			line := "(nothing)"
			if i < len(g) {
				line = g[i]
			}
			return fmt.Sprintf("line %d of %d\ngot  %s\nwant %s", i+1, len(w), line, w[i])
		}
	}
	return fmt.Sprintf("%d lines more", len(g)-len(w))
}

// wordPage is a page of Markdown as a Word file has it: a paragraph a line, headlines in styles.
func wordPage(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		level := len(line) - len(strings.TrimLeft(line, "#"))
		if level == 0 || level > 6 {
			b.WriteString(wordPara("", line))
			continue
		}
		fmt.Fprintf(&b, `<w:p><w:pPr><w:outlineLvl w:val="%d"/></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, level-1, html.EscapeString(strings.TrimSpace(line[level:])))
	}
	return b.String()
}

// parts are the blocks of an article by what a page of the e-paper does with them.
func parts(a *Article) (heads map[Role]string, body []string) {
	heads = map[Role]string{}
	for i, b := range a.Blocks {
		s := a.Text.At(b.Span)
		switch b.Role {
		case RoleKicker, RoleTitle, RoleSubtitle:
			if len(body) == 0 && heads[b.Role] == "" {
				heads[b.Role] = s
				continue
			}
		case RoleByline:
			if len(body) == 0 && heads[RoleByline] == "" && i > 0 {
				heads[RoleByline] = s
				continue
			}
		}
		body = append(body, s)
	}
	return heads, body
}

func newPage(a *Article) string {
	heads, body := parts(a)
	var b strings.Builder
	fmt.Fprintf(&b, "<html><head><meta charset=utf-8><title>%s-甘肃日报</title></head><body><div class=\"nav-list\"><a class=\"btn btn-block\" href=\"col01.html\">第01版：要闻</a></div>\n<div class=\"detail-art\">", html.EscapeString(heads[RoleTitle]))
	fmt.Fprintf(&b, `<p id="PreTitle">%s</p><h2 id="Title">%s</h2><p id="SubTitle">%s</p><p class="author">%s</p>`, html.EscapeString(heads[RoleKicker]), html.EscapeString(heads[RoleTitle]), html.EscapeString(heads[RoleSubtitle]), html.EscapeString(heads[RoleByline]))
	b.WriteString("\n<div id=\"ozoom\"><founder-content>\n")
	for _, p := range body {
		fmt.Fprintf(&b, "<p>　　%s</p>\n", html.EscapeString(p))
	}
	b.WriteString("</founder-content></div></div></body></html>")
	return b.String()
}

func oldPage(a *Article) string {
	heads, body := parts(a)
	var b strings.Builder
	fmt.Fprintf(&b, "<HTML><HEAD><META http-equiv=Content-Type content=\"text/html; charset=gb2312\"><TITLE>甘肃日报</TITLE>\n<!--enpproperty <founder-date>%s 00:00:00</founder-date><founder-author>%s</founder-author><founder-title><![CDATA[甘肃日报]]></founder-title><founder-title><![CDATA[%s]]></founder-title><founder-introtitle>%s</founder-introtitle><founder-subtitle>%s</founder-subtitle> /enpproperty-->\n</HEAD><BODY><TABLE><TR><TD>",
		a.Date, html.EscapeString(heads[RoleByline]), heads[RoleTitle], html.EscapeString(heads[RoleKicker]), html.EscapeString(heads[RoleSubtitle]))
	b.WriteString("<!--enpcontent-->")
	for _, p := range body {
		fmt.Fprintf(&b, "<P>　　%s</P>\n", html.EscapeString(p))
	}
	b.WriteString("<!--/enpcontent--></TD></TR></TABLE></BODY></HTML>")
	return b.String()
}

func fieldsOf(a *Article) map[string]string {
	heads, body := parts(a)
	return map[string]string{"kicker": heads[RoleKicker], "title": heads[RoleTitle], "subtitle": heads[RoleSubtitle], "author": heads[RoleByline], "text": strings.Join(body, "\n"), "date": a.Date.String()}
}
