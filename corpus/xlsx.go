package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zip"
	"github.com/xuri/excelize/v2"
)

// Workbooks are read through excelize, row by row. The text of a cell lies
// compressed in another part of the file, so its way back is the workbook as a
// whole, and the row is its place.

// isWorkbook and isWord tell the zips of Office from other zips.
func isWorkbook(z *zip.Reader) bool { return hasMember(z, "xl/workbook.xml") }
func isWord(z *zip.Reader) bool     { return wordPart(z) != nil }

func hasMember(z *zip.Reader, name string) bool { return memberOf(z, name) != nil }

func memberOf(z *zip.Reader, name string) *zip.File {
	for _, f := range z.File {
		if strings.EqualFold(strings.ReplaceAll(f.Name, "\\", "/"), name) {
			return f
		}
	}
	return nil
}

func readXLSX(ctx context.Context, in *input, out *sink) error {
	raw, err := in.all(in.o.Limits.pageLimit())
	if err != nil {
		return err
	}
	z, err := in.office(raw)
	if err != nil {
		return err
	}
	if !isWorkbook(z) {
		return in.reject(ClassFormat, "", "save it anew as .xlsx", errors.New("no workbook in the file"))
	}
	if most := mostTags(len(raw)); sharedTags(z, most) > most {
		return in.reject(ClassLimit, "xl/sharedStrings.xml", "a bomb; save it as CSV if it is not", fmt.Errorf("more than %d tags around the texts in %d bytes", most, len(raw)))
	}
	r, err := newRecordReader(in, out)
	if err != nil {
		return err
	}
	limit := in.unpackLimit(int64(len(raw)))
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: limit, UnzipXMLSizeLimit: limit, RawCellValue: true})
	if err != nil {
		if errors.Is(err, excelize.ErrWorkbookFileFormat) {
			return in.reject(ClassFormat, "", "save it anew as .xlsx", err)
		}
		return in.reject(ClassFormat, "", "open it in a spreadsheet program and save it anew", err)
	}
	defer f.Close()
	x := &xlsxReader{recordReader: r, f: f, size: int64(len(raw)), serial: excelDay1900}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil && *p.Date1904 {
		x.serial = excelDay1904
	}
	return x.sheets(ctx)
}

// mostTags is how many tags the texts of a workbook of so many bytes may stand
// in. Excelize reads all texts before the first row, a million tags in .7 s. A
// text of real tables takes five bytes of the packed file and more, and four
// tags; texts that take two are made to be many.
func mostTags(size int) int { return 256<<10 + size/2 }

// sharedTags counts the tags of the part that holds the texts, and stops above most.
func sharedTags(z *zip.Reader, most int) int {
	f := memberOf(z, "xl/sharedStrings.xml")
	if f == nil || f.UncompressedSize64 < 3*uint64(most) {
		return 0
	}
	r, err := f.Open()
	if err != nil {
		return 0 // excelize says why
	}
	defer r.Close()
	n := 0
	buf := make([]byte, 64<<10)
	for n <= most {
		k, err := r.Read(buf)
		n += bytes.Count(buf[:k], []byte("<"))
		if err != nil {
			break
		}
	}
	return n
}

// unpackLimit is how many bytes n compressed ones may unpack to.
func (in *input) unpackLimit(n int64) int64 {
	l := in.o.Limits
	return max(1<<20, min(l.Member, l.pageLimit()*4, n*l.Ratio+1<<20))
}

// office opens the zip of an Office document and refuses one that unpacks to too much.
func (in *input) office(raw []byte) (*zip.Reader, error) {
	if bytes.HasPrefix(raw, []byte("\xD0\xCF\x11\xE0")) {
		return nil, in.reject(ClassUnsupported, "", "take the password off, or save it in the newer format", errors.New("an encrypted or old Office document"))
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, in.reject(ClassFormat, "", "fetch the file again: its end is missing or broken", err)
	}
	limit := in.unpackLimit(int64(len(raw)))
	total := uint64(0)
	for _, f := range z.File {
		total += f.UncompressedSize64
		if f.UncompressedSize64 > uint64(limit) || total > uint64(limit) {
			return nil, in.reject(ClassLimit, "", "a bomb; raise the limits of ratio and member if it is not", fmt.Errorf("%d bytes unpack to more than %d", len(raw), limit))
		}
		if packed := int64(f.CompressedSize64); int64(f.UncompressedSize64) > 1<<20+in.o.Limits.Ratio*packed {
			return nil, in.reject(ClassLimit, "", "a bomb; raise the limit of the ratio if it is not", fmt.Errorf("%s: %d bytes out of %d compressed ones", f.Name, f.UncompressedSize64, packed))
		}
		if strings.HasSuffix(f.Name, ".xml") && declaresEntities(f) {
			return nil, in.reject(ClassFormat, f.Name, "save it anew in an office program", errors.New("a document type declaration, which no office program writes"))
		}
	}
	return z, nil
}

// declaresEntities reports whether an XML part begins with a document type, the
// place of entities that expand without end.
func declaresEntities(f *zip.File) bool {
	r, err := f.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	head, _ := readAll(io.LimitReader(r, 1024), 1024)
	return bytes.Contains(head, []byte("<!DOCTYPE"))
}

type xlsxReader struct {
	*recordReader
	f      *excelize.File
	size   int64
	serial func(float64) (Day, bool)
	tables int
	rows   int          // below headings
	cells  int          // of all rows, empty ones included
	others []*Rejection // sheets with something in them that are no tables
}

func (x *xlsxReader) sheets(ctx context.Context) error {
	x.in.Encoding = UTF8
	for _, sheet := range x.f.GetSheetList() {
		if err := x.sheet(ctx, sheet); err != nil {
			return err
		}
	}
	for i, rej := range x.others {
		if x.tables == 0 && i == len(x.others)-1 {
			return rej // of the workbook
		}
		if err := x.out.reject(rej); err != nil {
			return err
		}
	}
	if x.tables == 0 {
		return x.in.reject(ClassEmpty, "", "remove it, or make it anew", errors.New("no sheet with rows"))
	}
	if x.rows == 0 {
		return x.in.reject(ClassEmpty, "", "remove it, or make it anew", errNoRow)
	}
	return nil
}

// mostCells is how many cells the rows of a workbook may have, the empty ones
// between and before the written ones included: one written cell at the right
// edge of each row makes 16,384 of it, and a file of a megabyte may have 100,000
// such rows.
func (x *xlsxReader) mostCells() int { return 4<<20 + 8*int(x.size) }

// mostRows is how many rows a workbook may have. A row of its own pair of title
// and text takes 25 bytes and more of the packed file; rows that take two or
// three are made to be many, and a megabyte of them would take seconds.
func (x *xlsxReader) mostRows() int { return 16<<10 + int(x.size/16) }

// sheet reads one sheet. Its headings may stand below a title or blank rows.
func (x *xlsxReader) sheet(ctx context.Context, sheet string) error {
	rows, err := x.f.Rows(sheet)
	if err != nil {
		return x.out.reject(x.in.reject(ClassFormat, "sheet "+sheet, "open it in a spreadsheet program and save it anew", err))
	}
	defer rows.Close()
	var names []string
	unit := "sheet " + sheet + ", row"
	none := (*Rejection)(nil) // why the sheet is no table
	defer func() {
		if names == nil && none != nil {
			x.others = append(x.others, none)
		}
	}()
	first := true // no row below the headings was read yet
	for n := 1; rows.Next(); n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		place := recordPlace{unit: unit, n: n}
		cols, err := rows.Columns()
		if err != nil {
			return x.out.reject(x.in.reject(ClassFormat, place.String(), "open it in a spreadsheet program and save it anew", err))
		}
		if x.cells += len(cols); x.cells > x.mostCells() {
			return x.in.reject(ClassLimit, place.String(), "delete the empty columns and rows around the table", fmt.Errorf("more than %d cells in %d bytes, nearly all of them empty", x.mostCells(), x.size))
		}
		if names == nil {
			if _, ok := x.m.known(cols); ok {
				names = cols
				x.tables++
			} else if n > headingRows {
				break
			} else if none == nil && len(strings.Join(cols, "")) > 0 {
				none = x.in.reject(ClassFormat, place.String(), "say which column is the text: --column NAME=text, and NAME=title", fmt.Errorf("no column for title or text among %s", quoteNames(cols)))
			}
			continue
		}
		if blank(cols) {
			continue
		}
		if first && x.m.under(names, cols) {
			names = joined(names, cols)
			continue
		}
		first = false
		if x.rows++; x.rows > x.mostRows() {
			return x.in.reject(ClassLimit, place.String(), "a bomb; save it as CSV if it is not", fmt.Errorf("more than %d rows in %d bytes; what follows was not read", x.mostRows(), x.size))
		}
		rec := x.record(place, x.serial)
		for i, v := range cols[:min(len(cols), len(names))] {
			rec.cells = append(rec.cells, cell{name: names[i], text: ReplacedText(unescapeX(v), Origin{Start: 0, End: x.size})})
		}
		if err := x.read(rec); err != nil {
			return err
		}
	}
	if err := rows.Error(); err != nil && err != io.EOF {
		return x.out.reject(x.in.reject(ClassFormat, "sheet "+sheet, "open it in a spreadsheet program and save it anew", err))
	}
	return nil
}

// blank reports whether nothing is written in any cell.
func blank(cols []string) bool {
	return !slices.ContainsFunc(cols, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// unescapeX resolves the line ends that Office writes as _x000D_.
func unescapeX(s string) string {
	if !strings.Contains(s, "_x000") {
		return s
	}
	return strings.NewReplacer("_x000D_\n", "\n", "_x000D_", "\n", "_x000A_", "\n", "_x0009_", "\t").Replace(s)
}

// excelDay1900 is the day of a serial number in the system of 1900, in which the
// 29th of February of that year exists.
func excelDay1900(n float64) (Day, bool) {
	if n < 61 || n > 80_000 {
		return Day{}, false
	}
	return DayOf(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n))), true
}

func excelDay1904(n float64) (Day, bool) {
	if n < 1 || n > 80_000 {
		return Day{}, false
	}
	return DayOf(time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n))), true
}
