package batch

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/xuri/excelize/v2"
)

// A Format is a way to write rows.
type Format string

// The formats of rows.
const (
	Table    Format = "table" // aligned by display width, for terminals
	JSON     Format = "json"  // one array
	JSONL    Format = "jsonl"
	CSV      Format = "csv"
	TSV      Format = "tsv"
	Markdown Format = "md"
	XLSX     Format = "xlsx"
)

// Formats lists the formats of rows in the order in which help shows them.
var Formats = []Format{Table, JSON, JSONL, CSV, TSV, Markdown, XLSX}

// ParseFormat returns the format of that name.
func ParseFormat(s string) (Format, error) {
	if f := Format(s); slices.Contains(Formats, f) {
		return f, nil
	}
	return "", fmt.Errorf("unknown format %q, want one of %s", s, FormatNames())
}

// FormatNames returns the names of the formats, comma-separated.
func FormatNames() string {
	names := make([]string, len(Formats))
	for i, f := range Formats {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}

// A Column is a column of a table of rows.
type Column struct {
	Name string // key in JSON, head of the column elsewhere
	Kind CellKind
	Max  int // widest display in a table, in columns of the terminal; 0 means no bound
}

// A CellKind says what the cells of a column are.
type CellKind int

// The kinds of cells. A cell that is not of its column's kind is written as text.
const (
	Text    CellKind = iota
	Integer          // a number in JSON and in spreadsheets
	Decimal          // a number in spreadsheets, a string in JSON, as in the public schema: no reader rounds it
)

// RowOptions refine a format. The zero value works.
type RowOptions struct {
	BOM   bool // write a byte order mark before CSV and TSV, which older spreadsheets need to see UTF-8
	Width int  // columns of the terminal for Table; 0 means no bound
}

// Rows writes rows of cells, one cell a column; "" is an absent cell. Close
// writes what is left and does not close the writer beneath.
type Rows interface {
	Write(cells []string) error
	Close() error
}

// NewRows returns a writer of rows to w.
func NewRows(w io.Writer, f Format, columns []Column, o RowOptions) (Rows, error) {
	switch f {
	case Table:
		return newTableRows(w, columns, o), nil
	case JSON, JSONL:
		return &jsonRows{w: bufio.NewWriter(w), columns: columns, array: f == JSON}, nil
	case CSV, TSV:
		return newCSVRows(w, f, columns, o)
	case Markdown:
		return newMarkdownRows(w, columns)
	case XLSX:
		return newXLSXRows(w, columns)
	}
	return nil, fmt.Errorf("unknown format %q, want one of %s", f, FormatNames())
}

// isNumber reports whether s is a decimal as Marshal writes it, which JSON and
// spreadsheets read as a number.
func isNumber(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	all := func(s string) bool {
		return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
	}
	return all(whole) && (len(whole) == 1 || whole[0] != '0') && (!point || all(fraction))
}

// jsonRows writes objects in the order of the columns.
type jsonRows struct {
	w       *bufio.Writer
	columns []Column
	array   bool
	n       int
}

func (j *jsonRows) Write(cells []string) error {
	if j.array {
		j.w.WriteString(map[bool]string{true: "[\n", false: ",\n"}[j.n == 0])
	}
	j.n++
	j.w.WriteByte('{')
	first := true
	for i, c := range cells {
		if c == "" {
			continue
		}
		if !first {
			j.w.WriteByte(',')
		}
		first = false
		fmt.Fprintf(j.w, "%s:", quote(j.columns[i].Name))
		if j.columns[i].Kind == Integer && isNumber(c) && fitsDouble(c) {
			j.w.WriteString(c)
		} else {
			j.w.WriteString(quote(c))
		}
	}
	j.w.WriteByte('}')
	if !j.array {
		j.w.WriteByte('\n')
	}
	// bufio keeps the first error; asking for it costs nothing.
	_, err := j.w.Write(nil)
	return err
}

func (j *jsonRows) Close() error {
	if j.array {
		j.w.WriteString(map[bool]string{true: "[]\n", false: "\n]\n"}[j.n == 0])
	}
	return j.w.Flush()
}

func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(s) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

// fitsDouble reports whether a number has at most the 15 significant digits
// that every double keeps.
func fitsDouble(s string) bool {
	digits := strings.TrimLeft(strings.ReplaceAll(strings.TrimPrefix(s, "-"), ".", ""), "0")
	return len(strings.TrimRight(digits, "0")) <= 15
}

type csvRows struct {
	w       *csv.Writer
	columns []Column
	row     []string
}

func newCSVRows(w io.Writer, f Format, columns []Column, o RowOptions) (Rows, error) {
	if o.BOM {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return nil, err
		}
	}
	c := &csvRows{w: csv.NewWriter(w), columns: columns, row: make([]string, len(columns))}
	if f == TSV {
		c.w.Comma = '\t'
	}
	for i, k := range columns {
		c.row[i] = k.Name
	}
	return c, c.w.Write(c.row)
}

func (c *csvRows) Write(cells []string) error {
	for i, s := range cells {
		if c.columns[i].Kind != Text && isNumber(s) {
			c.row[i] = s
		} else {
			c.row[i] = Neutral(s)
		}
	}
	return c.w.Write(c.row[:len(cells)])
}

func (c *csvRows) Close() error {
	c.w.Flush()
	return c.w.Error()
}

// Neutral returns a cell that no spreadsheet takes for a formula: one that
// begins with = + - @, or with white space before them, gets an apostrophe in front. Control characters,
// line ends apart, are written as their picture (␛).
func Neutral(s string) string {
	if t := strings.TrimLeft(s, " \t\r\n\u3000\ufeff"); t != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(t)[0]) {
		s = "'" + s
	}
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return picture(r)
	}, s)
}

// Visible returns s for a terminal: control characters and characters that
// turn the direction of writing are shown as pictures and can do nothing. Line
// ends and tabs become a space.
func Visible(s string) string {
	if clean(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\r' {
			return ' '
		}
		return picture(r)
	}, s)
}

func clean(s string) bool {
	for _, r := range s {
		if r == utf8.RuneError || r != picture(r) {
			return false
		}
	}
	return true
}

// picture returns the visible stand-in of a character that must not be printed,
// and r itself for all others.
func picture(r rune) rune {
	switch {
	case r < 0x20:
		return '␀' + r
	case r == 0x7f:
		return '␡'
	case 0x80 <= r && r < 0xa0, // C1: some terminals obey them
		0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069, // direction overrides
		r == 0x200e, r == 0x200f, r == 0x061c,
		0xe000 <= r && r <= 0xf8ff, // private use
		unicode.Is(unicode.Co, r), r == 0x2028, r == 0x2029:
		return '\ufffd'
	}
	return r
}

type tableRows struct {
	out     io.Writer
	t       table.Writer
	columns []Column
	o       RowOptions
	n       int
}

// chunk bounds the rows that a table holds before it prints them; a longer
// table is printed in pieces, each with its own widths.
const chunk = 2000

func newTableRows(w io.Writer, columns []Column, o RowOptions) *tableRows {
	r := &tableRows{out: w, columns: columns, o: o}
	r.reset()
	return r
}

func (r *tableRows) reset() {
	r.t = table.NewWriter()
	style := table.StyleLight
	style.Options = table.OptionsNoBorders
	style.Format.Header = text.FormatDefault
	r.t.SetStyle(style)
	head := make(table.Row, len(r.columns))
	configs := make([]table.ColumnConfig, len(r.columns))
	for i, c := range r.columns {
		head[i] = c.Name
		configs[i] = table.ColumnConfig{Number: i + 1, WidthMax: c.Max, WidthMaxEnforcer: wrap}
		if c.Kind != Text {
			configs[i].Align = text.AlignRight
		}
	}
	r.t.AppendHeader(head)
	r.t.SetColumnConfigs(configs)
	if r.o.Width > 0 {
		r.t.Style().Size.WidthMax = r.o.Width
	}
	r.n = 0
}

// wrap breaks a cell between any two characters, as Chinese is broken.
func wrap(s string, width int) string { return text.WrapHard(s, width) }

func (r *tableRows) Write(cells []string) error {
	row := make(table.Row, len(cells))
	for i, c := range cells {
		row[i] = Visible(c)
	}
	r.t.AppendRow(row)
	if r.n++; r.n < chunk {
		return nil
	}
	return r.flush()
}

func (r *tableRows) flush() error {
	_, err := fmt.Fprintln(r.out, r.t.Render())
	r.reset()
	return err
}

func (r *tableRows) Close() error {
	if r.n == 0 {
		return nil
	}
	return r.flush()
}

type markdownRows struct {
	w *bufio.Writer
}

func newMarkdownRows(w io.Writer, columns []Column) (Rows, error) {
	m := &markdownRows{bufio.NewWriter(w)}
	names, rule := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i], rule[i] = c.Name, "---"
		if c.Kind != Text {
			rule[i] = "---:"
		}
	}
	m.line(names)
	m.line(rule)
	return m, nil
}

var markdownEscapes = strings.NewReplacer(`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "<", "&lt;", "[", `\[`, "&", "&amp;")

func (m *markdownRows) line(cells []string) {
	m.w.WriteByte('|')
	for _, c := range cells {
		m.w.WriteString(" " + c + " |")
	}
	m.w.WriteByte('\n')
}

func (m *markdownRows) Write(cells []string) error {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = markdownEscapes.Replace(Visible(c))
	}
	m.line(row)
	_, err := m.w.Write(nil)
	return err
}

func (m *markdownRows) Close() error { return m.w.Flush() }

type xlsxRows struct {
	out     io.Writer
	f       *excelize.File
	s       *excelize.StreamWriter
	columns []Column
	n       int
}

const sheet = "Sheet1"

func newXLSXRows(w io.Writer, columns []Column) (Rows, error) {
	x := &xlsxRows{out: w, f: excelize.NewFile(), columns: columns}
	var err error
	if x.s, err = x.f.NewStreamWriter(sheet); err != nil {
		return nil, err
	}
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = c.Name
	}
	return x, x.row(head)
}

func (x *xlsxRows) row(cells []any) error {
	x.n++
	if x.n > excelize.TotalRows {
		return fmt.Errorf("a sheet holds at most %d rows; write csv or jsonl", excelize.TotalRows)
	}
	return x.s.SetRow("A"+strconv.Itoa(x.n), cells)
}

func (x *xlsxRows) Write(cells []string) error {
	row := make([]any, len(cells))
	for i, c := range cells {
		row[i] = xlsxCell(c, x.columns[i].Kind != Text)
	}
	return x.row(row)
}

// xlsxCell returns a number as a number unless a double would change it, and
// everything else as a string cell, which no spreadsheet evaluates.
func xlsxCell(s string, numeric bool) any {
	if s == "" {
		return nil
	}
	if numeric && isNumber(s) && fitsDouble(s) {
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			return f
		}
	}
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return picture(r)
	}, s)
	if runes := []rune(s); len(runes) > excelize.TotalCellChars {
		s = string(runes[:excelize.TotalCellChars-1]) + "…"
	}
	return s
}

func (x *xlsxRows) Close() error {
	if err := x.s.Flush(); err != nil {
		return err
	}
	if _, err := x.f.WriteTo(x.out); err != nil {
		return err
	}
	return x.f.Close()
}
