package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"sync"
	"time"
	"unicode/utf16"

	pdfium "github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// PDFs are read through PDFium, compiled to WebAssembly and run in this process
// by wazero: no cgo, no access to files, memory within a limit. Of
// the pure Go readers that were tried none reads the CID fonts of Chinese pages.
// It adds 10 MB to the binary and, where nothing is cached yet, 2 to 4 s to the
// first PDF of a run.
//
// PDFium gives the characters and their boxes; columns, lines and paragraphs are
// found in layout.go. The bytes of a character cannot be told, so the way back
// is the file as a whole, and the page is the place.

func sniffPDF(head []byte) bool {
	return bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-"))
}

// pdfTime is how long a PDF of so many bytes may take: a hundred times what
// pages of newspapers take, so that a loop in a small file ends soon.
func pdfTime(size int) time.Duration {
	return min(2*time.Minute, 800*time.Millisecond+time.Duration(size)*30*time.Microsecond)
}

// pdfPages is how many pages a PDF of so many bytes may have: a page that is
// listed a million times takes three bytes each time.
func pdfPages(size int64) int { return 16 + int(size/200) }

// pdfMemory is how much PDFium may hold, in pages of 64 KiB.
const pdfMemory = 512 << 20 / (64 << 10)

var pdfPool = sync.OnceValues(func() (pdfium.Pool, error) {
	rc := wazero.NewRuntimeConfig().WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(pdfMemory).WithCloseOnContextDone(true)
	if dir, err := os.UserCacheDir(); err == nil {
		if cache, err := wazero.NewCompilationCacheWithDir(filepath.Join(dir, "longmai", "wazero")); err == nil {
			rc = rc.WithCompilationCache(cache)
		}
	}
	return webassembly.Init(webassembly.Config{MaxIdle: 1, MaxTotal: 4, RuntimeConfig: rc, FSConfig: wazero.NewFSConfig(), Stdout: io.Discard, Stderr: io.Discard})
})

func readPDF(ctx context.Context, in *input, out *sink) error {
	raw, err := in.all(in.o.Limits.pageLimit())
	if err != nil {
		return err
	}
	if nestsDeeply(raw) {
		return in.reject(ClassLimit, "", "print it anew to a PDF", fmt.Errorf("arrays or dictionaries more than %d deep", mostNested))
	}
	pool, err := pdfPool()
	if err != nil {
		return fmt.Errorf("start PDFium: %w", err)
	}
	inst, err := pdfInstance(ctx, pool)
	if err != nil {
		return in.reject(ClassLimit, "", "read it by itself", fmt.Errorf("PDFium is not to be had: %w", err))
	}
	ctx, cancel := context.WithTimeout(ctx, pdfTime(len(raw)))
	defer cancel()
	p := &pdfReader{in: in, out: out, pdf: inst, size: int64(len(raw))}
	stop := context.AfterFunc(ctx, func() { inst.Kill() })
	err = p.open(ctx, raw)
	if stop() {
		closeSafely(inst)
	}
	if ctx.Err() != nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		return in.reject(ClassLimit, "", "print it anew to a smaller PDF", fmt.Errorf("reading took more than %v", pdfTime(len(raw))))
	}
	return err
}

// mostNested is how deep arrays and dictionaries of a PDF may stand in one
// another. Real ones stay below 20; PDFium takes seconds over a million.
const mostNested = 512

// nestsDeeply reports whether an object of a PDF nests deeper than that, outside
// of its strings, comments and streams. It sees what is not compressed: deflated
// objects are PDFium's, within its time.
func nestsDeeply(raw []byte) bool {
	depth := 0
	for i := 0; i < len(raw); i++ {
		rest := raw[i:]
		switch raw[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '<':
			if bytes.HasPrefix(rest, []byte("<<")) {
				depth++
				i++
			}
		case '>':
			if bytes.HasPrefix(rest, []byte(">>")) {
				depth--
				i++
			}
		case '(':
			i += stringLength(rest) - 1
		case '%':
			if n := bytes.IndexAny(rest, "\r\n"); n > 0 {
				i += n
			}
		case 's': // stream
			if bytes.HasPrefix(rest, []byte("stream\n")) || bytes.HasPrefix(rest, []byte("stream\r")) {
				n := bytes.Index(rest, []byte("endstream"))
				if n < 0 {
					return false
				}
				i += n + len("endstream") - 1
			}
		case 'e': // endobj: what a broken object left open ends
			if bytes.HasPrefix(rest, []byte("endobj")) {
				depth = 0
			}
		}
		if depth = max(depth, 0); depth > mostNested {
			return true
		}
	}
	return false
}

// stringLength is the length of the string of a PDF that rest begins with: its
// brackets pair, and a backslash takes the next byte with it.
func stringLength(rest []byte) int {
	depth := 0
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(rest)
}

// pdfInstance waits for one of the instances of the pool.
func pdfInstance(ctx context.Context, pool pdfium.Pool) (pdfium.Pdfium, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	return pool.GetInstanceWithContext(ctx)
}

func closeSafely(inst pdfium.Pdfium) {
	defer func() { _ = recover() }() // an instance that hostile bytes broke
	inst.Close()
}

type pdfReader struct {
	in   *input
	out  *sink
	pdf  pdfium.Pdfium
	size int64
}

func (p *pdfReader) open(ctx context.Context, raw []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = p.in.reject(ClassFormat, "", "print it anew to a PDF", fmt.Errorf("PDFium gave up: %v", r))
		}
	}()
	doc, err := p.pdf.OpenDocument(&requests.OpenDocument{File: &raw})
	switch {
	case errors.Is(err, pdferrors.ErrPassword):
		return p.in.reject(ClassUnsupported, "", "take the password off", errors.New("an encrypted PDF"))
	case err != nil:
		return p.in.reject(ClassFormat, "", "fetch the file again, or print it anew to a PDF", fmt.Errorf("broken PDF: %w", err))
	}
	count, err := p.pdf.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return p.in.reject(ClassFormat, "", "print it anew to a PDF", err)
	}
	return p.pages(ctx, doc.Document, count.PageCount)
}

// broadsheet is the height in points from which a page is one of a newspaper,
// and begins its own articles; smaller pages are those of one document.
const broadsheet = 1000

func (p *pdfReader) pages(ctx context.Context, doc references.FPDF_DOCUMENT, count int) error {
	p.in.Encoding = UTF8
	var scanned, together []int
	broken := 0
	var all []para
	for i := range count {
		if err := ctx.Err(); err != nil {
			return err
		}
		if most := pdfPages(p.size); i >= most {
			return p.in.reject(ClassLimit, fmt.Sprintf("page %d", i+1), "print it anew to a PDF", fmt.Errorf("%d pages in %d bytes; what follows was not read", count, p.size))
		}
		glyphs, height, err := p.glyphs(doc, i)
		if err != nil {
			if broken++; broken > mostBroken {
				return p.in.reject(ClassFormat, fmt.Sprintf("page %d", i+1), "print it anew to a PDF", fmt.Errorf("more than %d broken pages; the rest was not read", mostBroken))
			}
			if err := p.out.reject(p.in.reject(ClassFormat, fmt.Sprintf("page %d", i+1), "print it anew to a PDF", err)); err != nil {
				return err
			}
			continue
		}
		if len(glyphs) == 0 {
			scanned = append(scanned, i+1)
			continue
		}
		if r := unreadable(glyphs); r > 0.2 {
			if err := p.out.reject(p.in.reject(ClassEncoding, fmt.Sprintf("page %d", i+1), "recognise the page anew (OCR)",
				fmt.Errorf("the fonts do not say which characters they show: %.0f%% unknown", r*100))); err != nil {
				return err
			}
			continue
		}
		ps := layOut(glyphs, p.size)
		if height >= broadsheet {
			if err := p.page(i+1, ps); err != nil {
				return err
			}
			continue
		}
		if len(all) > 0 && len(ps) > 0 {
			ps[0].gap = max(ps[0].gap, 1)
		}
		together, all = append(together, i+1), append(all, ps...)
	}
	if len(all) > 0 {
		n := together[0]
		if count == 1 {
			n = 1
		}
		if err := p.page(n, all); err != nil {
			return err
		}
	}
	return p.scanned(scanned, count)
}

// page hands one page on.
func (p *pdfReader) page(n int, ps []para) error {
	d := p.in.draft()
	d.source.Record = n
	return p.out.page(d, ps)
}

// scanned rejects the pages without text, each by its number, or all at once.
func (p *pdfReader) scanned(pages []int, count int) error {
	err := errors.New("scanned page, no text layer")
	hint := "recognise its text first (OCR)"
	if len(pages) == count && count > 1 {
		return p.in.reject(ClassScanned, fmt.Sprintf("pages 1 to %d", count), hint, errors.New("scanned pages, no text layer"))
	}
	for _, n := range pages {
		if err := p.out.reject(p.in.reject(ClassScanned, fmt.Sprintf("page %d", n), hint, err)); err != nil {
			return err
		}
	}
	if count == 0 {
		return p.in.reject(ClassEmpty, "", "remove it, or make it anew", errors.New("a PDF without pages"))
	}
	return nil
}

// glyphs returns the visible characters of page i in the order of its content, and the height of the page.
func (p *pdfReader) glyphs(doc references.FPDF_DOCUMENT, i int) ([]glyph, float64, error) {
	loaded, err := p.pdf.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc, Index: i})
	if err != nil {
		return nil, 0, err
	}
	defer p.pdf.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
	page := requests.Page{ByReference: &loaded.Page}
	size, err := p.pdf.FPDF_GetPageHeight(&requests.FPDF_GetPageHeight{Page: page})
	if err != nil {
		return nil, 0, err
	}
	text, err := p.pdf.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		return nil, 0, err
	}
	defer p.pdf.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage})
	n, err := p.pdf.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return nil, 0, err
	}
	var out []glyph
	high, space := rune(0), false
	for k := range min(n.Count, mostGlyphs) {
		u, err := p.pdf.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text.TextPage, Index: k})
		if err != nil {
			continue
		}
		r := rune(u.Unicode)
		if utf16.IsSurrogate(r) {
			if high == 0 {
				high = r
				continue
			}
			r, high = utf16.DecodeRune(high, r), 0
		}
		if r != 0 && isSpace(r) {
			if made, err := p.pdf.FPDFText_IsGenerated(&requests.FPDFText_IsGenerated{TextPage: text.TextPage, Index: k}); err == nil && !made.IsGenerated {
				space = true
			}
			continue
		}
		if r == 2 { // a hyphen that PDFium took for one of its own
			continue
		}
		if g, ok := p.glyph(text.TextPage, k, r, size.Height); ok {
			g.spaced, space = space, false
			out = append(out, g)
		}
	}
	return out, size.Height, nil
}

// glyph measures one character. Fonts differ in the boxes that they state, so
// the line is found by the origin of the character and the size of its type, and
// a Chinese character fills its square.
func (p *pdfReader) glyph(text references.FPDF_TEXTPAGE, k int, r rune, height float64) (glyph, bool) {
	box, err := p.pdf.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: text, Index: k})
	if err != nil {
		return glyph{}, false
	}
	g := glyph{r: r, x0: float64(box.Rect.Left), x1: float64(box.Rect.Right), y0: height - float64(box.Rect.Top), y1: height - float64(box.Rect.Bottom)}
	origin, err1 := p.pdf.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: text, Index: k})
	font, err2 := p.pdf.FPDFText_GetFontSize(&requests.FPDFText_GetFontSize{TextPage: text, Index: k})
	if err1 == nil && err2 == nil && font.FontSize > 0 {
		wide, high := font.FontSize, font.FontSize
		if m, err := p.pdf.FPDFText_GetMatrix(&requests.FPDFText_GetMatrix{TextPage: text, Index: k}); err == nil {
			wide *= math.Hypot(float64(m.Matrix.A), float64(m.Matrix.B))
			high *= math.Hypot(float64(m.Matrix.C), float64(m.Matrix.D))
		}
		base := height - origin.Y
		g.y0, g.y1 = base-0.86*high, base+0.14*high
		if isWide(r) && g.x1-g.x0 < 1.3*wide {
			g.x0, g.x1 = origin.X, origin.X+wide
		}
	}
	return g, g.x1 > g.x0 && g.y1 > g.y0 && !math.IsNaN(g.x0+g.x1+g.y0+g.y1)
}

// mostBroken is how many broken pages end the reading of a PDF.
const mostBroken = 20

// mostGlyphs is how many characters of one page are read; a full page of a newspaper has 12,000.
const mostGlyphs = 200_000
