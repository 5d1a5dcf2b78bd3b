package corpus

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zip"
)

// Word files are read from word/document.xml, and spans point into its
// unpacked bytes: it is the member of the source. Headings are known by their
// styles; the rows of a table are paragraphs; deleted text, footnotes, comments,
// fields and tables of contents are left out.

const documentXML = "word/document.xml"

// wordPart returns the member that holds the text of a Word file: document.xml,
// or document2.xml as some servers call it.
func wordPart(z *zip.Reader) *zip.File {
	if f := memberOf(z, documentXML); f != nil {
		return f
	}
	for _, f := range z.File {
		if namesWordPart(f.Name) {
			return f
		}
	}
	return nil
}

func namesWordPart(name string) bool {
	number, ok := strings.CutPrefix(strings.ToLower(name), "word/document")
	number, xml := strings.CutSuffix(number, ".xml")
	return ok && xml && strings.Trim(number, "0123456789") == ""
}

func sniffOffice(head []byte) bool {
	return sniffZip(head) || bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0"))
}

func readDOCX(ctx context.Context, in *input, out *sink) error {
	raw, err := in.all(in.o.Limits.pageLimit())
	if err != nil {
		return err
	}
	z, err := in.office(raw)
	if err != nil {
		return err
	}
	doc := wordPart(z)
	if doc == nil {
		return in.reject(ClassFormat, "", "save it anew as .docx", errors.New("no document in the file"))
	}
	body, err := in.part(doc)
	if err != nil {
		return err
	}
	styles := map[string]int{}
	if f := memberOf(z, "word/styles.xml"); f != nil {
		if b, err := in.part(f); err == nil {
			styles = headingStyles(b)
		}
	}
	m := in.member(doc.Name, bytes.NewReader(body), int64(len(body)), func() int64 { return 1 << 40 })
	m.Format, m.hint, m.depth = in.Format, in.hint, in.depth
	if _, err := m.all(max(int64(len(body)), 1)); err != nil { // for its digest
		return err
	}
	t, warn, err := m.text(body, "")
	if err != nil {
		return err
	}
	w := &wordReader{t: t, styles: styles, paras: &[]para{}, prefix: "w"}
	if err := w.read(ctx); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		class := ClassFormat
		if errors.Is(err, errDeepXML) {
			class = ClassLimit
		}
		return m.reject(class, fmt.Sprintf("byte %d", w.dec.InputOffset()), "open it in a word processor and save it anew", err)
	}
	d := m.draft()
	d.warn = warn
	if w.notes > 0 {
		d.warn = append(d.warn, fmt.Sprintf("%d footnotes or endnotes are left out", w.notes))
	}
	if w.formulas > 0 {
		d.warn = append(d.warn, fmt.Sprintf("%d formulas are left out", w.formulas))
	}
	if len(*w.paras) == 0 {
		return m.reject(ClassNoArticle, "", "a file of pictures alone has no text to read", errors.New("no text in the document"))
	}
	return out.page(d, *w.paras)
}

// part reads one member of an Office document.
func (in *input) part(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, in.reject(ClassFormat, f.Name, "fetch the file again", err)
	}
	defer r.Close()
	limit := in.unpackLimit(in.size)
	b, err := readAll(io.LimitReader(r, limit+1), int64(min(f.UncompressedSize64, 1<<20)))
	if err != nil {
		return nil, in.reject(ClassFormat, f.Name, "the file is damaged here; fetch it again", err)
	}
	if int64(len(b)) > limit {
		return nil, in.tooLarge(limit)
	}
	return b, nil
}

var headingName = regexp.MustCompile(`(?i)^(?:heading|标题)\s*([1-9])$`)

// headingStyles reads which styles of styles.xml are headings, and of which level.
func headingStyles(b []byte) map[string]int {
	levels := map[string]int{}
	dec := xml.NewDecoder(bytes.NewReader(b))
	id, n := "", 0
	for {
		tok, err := dec.RawToken()
		if err != nil || n > 1_000_000 {
			return levels
		}
		n++
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "style":
			id = attr(e, "styleId")
		case "name":
			name := strings.TrimSpace(attr(e, "val"))
			if m := headingName.FindStringSubmatch(name); m != nil {
				levels[id], _ = strconv.Atoi(m[1])
			} else if strings.EqualFold(name, "title") || name == "标题" {
				levels[id] = 1
			} else if strings.HasPrefix(strings.ToLower(name), "toc ") || name == "TOC Heading" {
				levels[id] = -1
			}
		case "outlineLvl":
			if l, err := strconv.Atoi(attr(e, "val")); err == nil && l >= 0 && l < 9 && levels[id] == 0 {
				levels[id] = l + 1
			}
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

var errDeepXML = errors.New("elements nested more than 512 deep")

// A wordReader makes paragraphs of the tokens of a document.
type wordReader struct {
	t      Text
	dec    *xml.Decoder
	styles map[string]int

	paras *[]para // where finished paragraphs go
	b     TextBuilder
	p     para
	gap   int // empty paragraphs before the next
	text  bool
	run   bool // inside a run
	skip  int  // depth inside an element that is left out
	depth int

	prefix   string // of the elements of Word, "" where they have none
	notes    int    // marks of footnotes and endnotes
	formulas int
	hidden   bool
	boxes    []wordContext
	rows     [][]cellParagraphs
}

type cellParagraphs struct{ paras []para }

// A wordContext is what a text box or a table cell interrupts.
type wordContext struct {
	paras *[]para
	b     TextBuilder
	p     para
	run   bool
}

func (w *wordReader) read(ctx context.Context) error {
	w.dec = xml.NewDecoder(strings.NewReader(w.t.String()))
	w.dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	at := int64(0)
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		tok, err := w.dec.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		span := Span{Start: int(at), End: int(w.dec.InputOffset())}
		at = w.dec.InputOffset()
		switch tok := tok.(type) {
		case xml.Directive:
			if bytes.HasPrefix(bytes.ToUpper(bytes.TrimSpace(tok)), []byte("DOCTYPE")) {
				return errors.New("a document type declaration, which Word never writes")
			}
		case xml.StartElement:
			if w.depth++; w.depth > 512 {
				return errDeepXML
			}
			if w.depth == 1 {
				w.namespace(tok)
			}
			if w.skip > 0 {
				w.skip++
			} else if leftOut[tok.Name.Local] {
				w.skip = 1
				if tok.Name.Local == "oMath" {
					w.formulas++
				}
			} else if tok.Name.Space == w.prefix {
				w.start(tok)
			}
		case xml.EndElement:
			if w.depth--; w.skip > 0 {
				w.skip--
			} else if tok.Name.Space == w.prefix {
				w.end(tok.Name.Local)
			}
		case xml.CharData:
			if w.text && w.skip == 0 && !w.hidden {
				w.chars(span)
			}
		}
	}
	w.finish()
	if w.depth != 0 {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// namespace finds by which prefix the document calls the elements of Word.
func (w *wordReader) namespace(root xml.StartElement) {
	for _, a := range root.Attr {
		if !strings.Contains(a.Value, "/wordprocessingml/") || !strings.HasSuffix(a.Value, "/main") {
			continue
		}
		switch {
		case a.Name.Space == "xmlns":
			w.prefix = a.Name.Local
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			w.prefix = ""
		}
	}
}

// leftOut are the elements whose text is not read: what was deleted or moved
// away, the older twin of a text box, fields, pronunciations, formulas.
var leftOut = map[string]bool{"del": true, "moveFrom": true, "Fallback": true, "instrText": true, "delText": true, "rt": true, "oMath": true, "sectPr": true}

func (w *wordReader) start(e xml.StartElement) {
	switch e.Name.Local {
	case "p":
		w.finish()
	case "pStyle":
		w.p.level = w.styles[attr(e, "val")]
	case "outlineLvl":
		if l, err := strconv.Atoi(attr(e, "val")); err == nil && l >= 0 && l < 9 && w.p.level == 0 {
			w.p.level = l + 1
		}
	case "ind":
		w.p.inset = positive(attr(e, "firstLine")) || positive(attr(e, "firstLineChars"))
	case "r":
		w.run, w.hidden = true, false
	case "vanish":
		w.hidden = w.run && attr(e, "val") != "0" && attr(e, "val") != "false"
	case "t":
		w.text = true
	case "tab":
		if w.run {
			w.b.Insert(" ")
		}
	case "br", "cr":
		if attr(e, "type") == "page" {
			w.finish()
			w.gap = breakGap
		} else if w.run {
			w.b.Insert("\n")
		}
	case "footnoteReference", "endnoteReference":
		w.notes++
	case "noBreakHyphen":
		w.b.Insert("-")
	case "txbxContent":
		w.push(w.paras)
	case "tr":
		w.finish()
		w.rows = append(w.rows, nil)
	case "tc":
		if n := len(w.rows); n > 0 {
			w.push(&[]para{})
		}
	}
}

func positive(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n > 0
}

func (w *wordReader) end(name string) {
	switch name {
	case "t":
		w.text = false
	case "r":
		w.run, w.hidden = false, false
	case "p":
		w.finish()
	case "txbxContent":
		w.finish()
		w.pop()
	case "tc":
		if n := len(w.rows); n > 0 && len(w.boxes) > 0 {
			w.finish()
			w.rows[n-1] = append(w.rows[n-1], cellParagraphs{*w.paras})
			w.pop()
		}
	case "tr":
		if n := len(w.rows); n > 0 {
			w.row(w.rows[n-1])
			w.rows = w.rows[:n-1]
		}
	}
}

func (w *wordReader) push(paras *[]para) {
	w.boxes = append(w.boxes, wordContext{paras: w.paras, b: w.b, p: w.p, run: w.run})
	w.paras, w.b, w.p = paras, TextBuilder{}, para{}
}

func (w *wordReader) pop() {
	if n := len(w.boxes); n > 0 {
		c := w.boxes[n-1]
		w.paras, w.b, w.p, w.run = c.paras, c.b, c.p, c.run
		w.boxes = w.boxes[:n-1]
	}
}

// row adds the cells of a row: as one paragraph when they are short, as
// paragraphs of their own when the table only lays out the page.
func (w *wordReader) row(cells []cellParagraphs) {
	layout := len(cells) < 2
	for _, c := range cells {
		layout = layout || len(c.paras) > 1 || len(c.paras) == 1 && chars(c.paras[0].text.String()) > 120
	}
	if layout {
		for _, c := range cells {
			*w.paras = append(*w.paras, c.paras...)
		}
		return
	}
	var b TextBuilder
	for i, c := range cells {
		if i > 0 {
			b.Insert("\t")
		}
		if len(c.paras) > 0 {
			b.Append(c.paras[0].text.TrimSpace())
		}
	}
	if t := b.Text(); t.TrimSpace().Len() > 0 {
		*w.paras = append(*w.paras, para{text: t, role: RoleTable, gap: w.gap})
		w.gap = 0
	}
}

// chars appends the character data of span.
func (w *wordReader) chars(span Span) {
	s := w.t.String()
	if rest, ok := strings.CutPrefix(s[span.Start:span.End], "<![CDATA["); ok {
		start := span.End - len(rest)
		w.b.Append(w.t.Slice(Span{Start: start, End: max(start, span.End-len("]]>"))}))
		return
	}
	from := span.Start
	for i := span.Start; i < span.End; i++ {
		if s[i] != '&' {
			continue
		}
		n, u := reference(s[i:min(span.End, i+40)])
		if n == 0 {
			continue
		}
		w.b.Append(w.t.Slice(Span{Start: from, End: i}))
		if o, ok := w.t.Origin(Span{Start: i, End: i + n}); ok {
			w.b.Append(ReplacedText(u, o))
		}
		from = i + n
		i = from - 1
	}
	w.b.Append(w.t.Slice(Span{Start: from, End: span.End}))
}

// finish ends the current paragraph.
func (w *wordReader) finish() {
	p := w.p
	p.text = w.b.Text()
	w.b, w.p = TextBuilder{}, para{}
	if p.level < 0 { // of a table of contents
		return
	}
	if p.text.TrimSpace().Len() == 0 {
		w.gap++
		return
	}
	p.inset = p.inset || strings.HasPrefix(p.text.String(), "　　")
	p.gap, w.gap = min(w.gap, breakGap), 0
	x := linesOf(p.text)
	for i, l := range x.lines { // a line break inside a paragraph ends it too
		q := p
		q.text = x.slice(i)
		if i > 0 {
			q.gap, q.inset = l.gap, l.indent >= 3
		}
		if q.level == 0 { // marks that were typed
			q.level, q.text = marked(q.text)
		}
		*w.paras = append(*w.paras, q)
	}
}
