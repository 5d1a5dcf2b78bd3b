package corpus

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Tables of text: CSV as RFC 4180 has it and as spreadsheets write it, with the
// separators comma, semicolon, tab and bar. encoding/csv does not tell where in
// the file the characters of a quoted cell stand, so cells are cut here.

func readCSV(ctx context.Context, in *input, out *sink) error {
	s, err := openStream(in)
	if err != nil {
		return err
	}
	r, err := newRecordReader(in, out)
	if err != nil {
		return err
	}
	c := &csvReader{recordReader: r, s: s, line: 1, double: s.enc == GB18030 || s.enc == Big5}
	c.sep = c.separator()
	return c.table(ctx)
}

// isTable reports whether a text that begins with head is a table: whether its
// first line are headings, as spreadsheets save them under the name .txt.
func (in *input) isTable(head []byte) bool {
	end := bytes.IndexByte(head, '\n')
	if end < 0 || end > 4*maxTitle || !bytes.ContainsAny(head[:end], "\t,;") {
		return false
	}
	t, _, _, _ := decode(head[:runeEnd(head)], in.charset, 0)
	line, _, _ := strings.Cut(t.String(), "\n")
	m, err := newMapping(in.o.Columns)
	if err != nil {
		return false
	}
	for _, sep := range []string{"\t", ",", ";"} {
		cells := strings.Split(strings.TrimSpace(line), sep)
		if n, heads := m.known(cells); heads && n >= 2 && 2*n >= len(cells) {
			return true
		}
	}
	return false
}

type csvReader struct {
	*recordReader
	s       *stream
	sep     byte
	double  bool
	line    int // of what is read next
	names   []string
	unknown *Rejection // why the first rows are no headings
	rows    int        // below the headings
	bad     int        // rows with a quote that is never closed
}

// badQuotes is how many such rows a table may have. Behind the first few of
// them a closing quote is looked for in the next quoteWindow bytes only.
const (
	badQuotes   = 1000
	quoteWindow = 32 << 10
)

var errNoRow = errors.New("headings, and no row below them")

// separator finds the separator in the first line; a line "sep=;" says it.
func (c *csvReader) separator() byte {
	head, _ := c.s.Peek(headSize)
	line, _, _ := bytes.Cut(head, []byte{c.s.end})
	if rest, ok := bytes.CutPrefix(bytes.ToLower(bytes.TrimSpace(line)), []byte("sep=")); ok && len(rest) == 1 {
		c.s.line(1 << 10)
		c.line++
		return rest[0]
	}
	switch strings.ToLower(path.Ext(strings.TrimSuffix(strings.ToLower(c.in.name()), ".gz"))) {
	case ".tsv", ".tab":
		return '\t'
	}
	best, most := byte(','), 0
	for _, sep := range []byte(",\t;|") {
		n, quoted := 0, false
		for i := 0; i < len(line); i++ {
			switch b := line[i]; {
			case c.double && b > 0x80:
				i++
			case b == '"':
				quoted = !quoted
			case b == sep && !quoted:
				n++
			}
		}
		if n > most {
			best, most = sep, n
		}
	}
	return best
}

// A csvCell is one cell in the bytes of a row.
type csvCell struct {
	start, end int // without the quotes
	quoted     bool
}

// table reads the heading and the rows.
func (c *csvReader) table(ctx context.Context) error {
	for n := 1; ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		line := c.line
		raw, at, cells, err := c.row()
		if err == io.EOF {
			if c.unknown != nil {
				return c.unknown
			}
			if c.names == nil {
				return c.in.reject(ClassEmpty, "", "remove it, or make it anew", errors.New("no row in the table"))
			}
			if c.rows == 0 {
				return c.in.reject(ClassEmpty, "", "remove it, or make it anew", errNoRow)
			}
			return nil
		}
		place := recordPlace{unit: "row", n: n, line: line}
		switch {
		case errors.Is(err, bufio.ErrTooLong):
			err = c.out.reject(c.in.reject(ClassLimit, place.String(), "cut the row or raise the limit of lines", fmt.Errorf("row of more than %d bytes", c.in.o.Limits.Line)))
		case errors.Is(err, errOpenQuote) && c.bad > badQuotes:
			return c.in.reject(ClassFormat, place.String(), "quote the cells as RFC 4180 has it, or save the table as XLSX; what follows was not read", errors.New("too many broken quotes"))
		case errors.Is(err, errOpenQuote):
			c.rows++
			err = c.out.reject(c.in.reject(ClassFormat, place.String(), "close the quote, or double the quotes inside the cell", err))
		case err != nil:
			return c.in.streamError(err, at)
		case len(bytes.TrimSpace(raw)) == 0:
			n--
		case c.names == nil || c.rows == 0 && c.over(raw, at, cells):
			if err = c.heading(raw, at, cells, place); err == nil && c.names == nil && n > headingRows {
				return c.unknown
			}
		default:
			c.rows++
			err = c.article(raw, at, cells, place)
		}
		if err != nil {
			return err
		}
	}
}

// heading takes the names of the columns from a row, if it has any that are
// known: the name of the table may stand above them.
func (c *csvReader) heading(raw []byte, at int64, cells []csvCell, place recordPlace) error {
	names, err := c.texts(raw, at, cells)
	if err != nil {
		return c.in.reject(ClassEncoding, place.String(), "save the table as UTF-8", err)
	}
	if _, ok := c.m.known(names); ok {
		c.names, c.unknown = joined(c.names, names), nil
	} else if c.unknown == nil {
		c.unknown = c.in.reject(ClassFormat, place.String(), "say which column is the text: --column NAME=text, and NAME=title", fmt.Errorf("no column for title or text among %s", quoteNames(names)))
	}
	return nil
}

// over reports whether the headings that were found are those of groups, and
// the row below them has the headings.
func (c *csvReader) over(raw []byte, at int64, cells []csvCell) bool {
	names, err := c.texts(raw, at, cells)
	return err == nil && c.m.under(c.names, names)
}

// texts are the cells of a row, white space at one.
func (c *csvReader) texts(raw []byte, at int64, cells []csvCell) ([]string, error) {
	var out []string
	for i := range cells {
		t, err := c.cell(raw, at, cells[i])
		if err != nil {
			return nil, err
		}
		out = append(out, strings.Join(strings.Fields(t.String()), " "))
	}
	return out, nil
}

func quoteNames(names []string) string {
	var out []string
	for _, n := range names[:min(len(names), 16)] {
		out = append(out, fmt.Sprintf("%.24q", n))
	}
	return strings.Join(out, ", ")
}

// article reads a row below the headings.
func (c *csvReader) article(raw []byte, at int64, cells []csvCell, place recordPlace) error {
	rec := c.record(place, excelDay1900)
	if c.s.whole.Len() == 0 {
		rec.raw, rec.at = raw, at
	}
	if len(cells) > len(c.names) {
		rec.warn = append(rec.warn, fmt.Sprintf("row of %d cells under %d headings: a separator stands unquoted in it", len(cells), len(c.names)))
	}
	for i := range cells[:min(len(cells), len(c.names))] {
		t, err := c.cell(raw, at, cells[i])
		if err != nil {
			rej := (*Rejection)(nil)
			if errors.As(err, &rej) {
				return c.out.reject(c.in.reject(rej.Class, place.String(), rej.Hint, rej.Err))
			}
			return err
		}
		rec.cells = append(rec.cells, cell{name: c.names[i], text: t})
	}
	return c.read(rec)
}

// cell returns the text of a cell; a doubled quote in it is a replaced character.
func (c *csvReader) cell(raw []byte, at int64, cc csvCell) (Text, error) {
	t, _, err := c.s.text(raw[cc.start:cc.end], at+int64(cc.start))
	if err != nil || !cc.quoted || !strings.Contains(t.String(), `""`) {
		return t, err
	}
	s := t.String()
	var b TextBuilder
	from := 0
	for {
		i := strings.Index(s[from:], `""`)
		if i < 0 {
			break
		}
		b.Append(t.Slice(Span{Start: from, End: from + i}))
		if o, ok := t.Origin(Span{Start: from + i, End: from + i + 2}); ok {
			b.Append(ReplacedText(`"`, o))
		}
		from += i + 2
	}
	b.Append(t.Slice(Span{Start: from, End: len(s)}))
	return b.Text(), nil
}

var errOpenQuote = errors.New("a quote is opened and never closed")

// row reads the bytes of one row and cuts its cells. A quote that is never
// closed costs its own line only: what was read behind it is put back.
func (c *csvReader) row() (raw []byte, at int64, cells []csvCell, err error) {
	limit := c.in.o.Limits.Line
	window := limit
	if c.bad > 4 {
		window = min(limit, quoteWindow)
	}
	at = c.s.at
	sc := csvScanner{sep: c.sep, stop: c.s.end, double: c.double}
	first := 0 // length of the first line
	lines := 0
	for {
		line, _, err := c.s.line(limit)
		if err == bufio.ErrTooLong {
			c.line++
			return nil, at, nil, err
		}
		if err == io.EOF && len(raw) == 0 {
			return nil, at, nil, err
		}
		if err != nil && err != io.EOF {
			return nil, at, nil, err
		}
		raw = append(raw, line...)
		lines++
		if first == 0 {
			first = len(raw)
		}
		if sc.scan(raw) {
			if lines > 1 && (sc.lone || c.names != nil && len(sc.cells) != len(c.names)) {
				c.s.unread(raw[first:], at+int64(first))
				c.line++
				c.bad++
				return nil, at, nil, errOpenQuote
			}
			c.line += lines
			return raw, at, sc.cells, nil
		}
		if lines == 1 {
			if cells := c.alone(raw); cells != nil {
				c.line++
				return raw, at, cells, nil
			}
		}
		if err == io.EOF || len(raw) > window {
			c.s.unread(raw[first:], at+int64(first))
			c.line++
			c.bad++
			return nil, at, nil, errOpenQuote
		}
	}
}

// alone cuts the cells of a line in which a quote is opened and not closed,
// when the quotes are those of its text: "风沙大"的背后. Then it has as many cells as
// the table has columns, and in each of them the quotes pair; it returns nil otherwise.
func (c *csvReader) alone(line []byte) []csvCell {
	sc := csvScanner{sep: c.sep, stop: c.s.end, double: c.double, plain: true}
	if !sc.scan(line) || len(c.names) < 2 || len(sc.cells) != len(c.names) {
		return nil
	}
	for _, cc := range sc.cells {
		if bytes.Count(line[cc.start:cc.end], []byte{'"'})%2 == 1 {
			return nil
		}
	}
	return sc.cells
}

// A csvScanner cuts the cells of a row of which more and more lines are known.
type csvScanner struct {
	sep    byte
	stop   byte // behind a line
	double bool
	plain  bool // a quote is a character like any other
	i      int  // scanned so far
	start  int  // of the open cell
	quoted bool
	inside bool // a quoted cell
	lone   bool // a quote inside it was not doubled
	end    int  // of a quoted cell
	cells  []csvCell
}

// scan goes on to the end of raw and reports whether the row ends there.
func (sc *csvScanner) scan(raw []byte) bool {
	for sc.i < len(raw) {
		b := raw[sc.i]
		switch {
		case sc.inside:
			switch {
			case b != '"':
				if sc.double && b > 0x80 && sc.i+1 < len(raw) {
					sc.i++
				}
			case sc.i+1 < len(raw) && raw[sc.i+1] == '"':
				sc.i++
			case sc.closes(raw[sc.i+1:]):
				sc.inside, sc.end = false, sc.i
			default:
				sc.lone = true
			}
		case b == '"' && !sc.plain && !sc.quoted && sc.i-sc.start < 4 && len(bytes.TrimLeft(raw[sc.start:sc.i], " ")) == 0:
			sc.inside, sc.quoted, sc.start = true, true, sc.i+1
		case b == sc.sep || b == sc.stop:
			sc.finish(raw)
			if b == sc.stop {
				sc.i++
				return true
			}
			sc.start = sc.i + 1
		case sc.double && b > 0x80:
			sc.i++
		}
		sc.i++
	}
	if sc.inside {
		return false
	}
	if len(raw) > 0 && raw[len(raw)-1] != sc.stop { // the last row of the file
		sc.i = len(raw)
		sc.finish(raw)
	}
	return true
}

// closes reports whether a quote before rest ends its cell; any other is a character of it.
func (sc *csvScanner) closes(rest []byte) bool {
	for i := 0; i < len(rest) && i < 4; i++ {
		if b := rest[i]; b == sc.sep || b == '\n' || b == '\r' {
			return true
		} else if b != ' ' {
			return false
		}
	}
	return true
}

// finish ends the open cell before byte i.
func (sc *csvScanner) finish(raw []byte) {
	end := sc.i
	if sc.quoted && len(bytes.TrimSpace(raw[sc.end+1:sc.i])) == 0 {
		end = sc.end
	} else {
		for end > sc.start && (raw[end-1] == '\r' || raw[end-1] == '\n') {
			end--
		}
	}
	sc.cells = append(sc.cells, csvCell{start: sc.start, end: max(end, sc.start), quoted: sc.quoted})
	sc.quoted = false
}
