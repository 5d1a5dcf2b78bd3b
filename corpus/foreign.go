package corpus

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed foreign.tsv
var foreignTSV string

// foreign are the formats that are known and not read, by extension.
var foreign = sync.OnceValue(func() map[string][]string {
	rows, err := parseTable("foreign.tsv", foreignTSV, 3)
	if err != nil {
		panic(err) // the embedded table; a test reads it
	}
	m := make(map[string][]string, len(rows))
	for _, r := range rows {
		m[r.cells[0]] = r.cells[1:]
	}
	return m
})

// foreignExts are their extensions.
var foreignExts = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(foreign())) })

// A magic is how the files of a foreign format begin, whatever they are called.
type magic struct {
	start string
	ext   string // its row in foreign.tsv
}

// magics tell the formats that are often found under the name of another: rich
// text and web archives as .doc, archives as .zip, CAJ as .pdf.
var magics = []magic{
	{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ".doc"},
	{"{\\rtf", ".rtf"},
	{"Rar!\x1a\x07", ".rar"},
	{"7z\xbc\xaf\x27\x1c", ".7z"},
	{"\xfd7zXZ\x00", ".xz"},
	{"CAJ\x00", ".caj"},
	{"HN\x00\x00", ".caj"},
	{"KDH ", ".kdh"},
	{"\x89PNG\r\n", ".png"},
	{"\xff\xd8\xff", ".jpg"},
	{"GIF8", ".gif"},
	{"II*\x00", ".tif"},
	{"MM\x00*", ".tif"},
	{"BM\x00\x00", ".bmp"},
	{"ITSF\x03", ".chm"},
	{"SQLite format 3\x00", ".sqlite"},
	{"PAR1", ".parquet"},
	{"[InternetShortcut]", ".url"},
	{"L\x00\x00\x00\x01\x14\x02\x00", ".lnk"},
	{"AT&TFORM", ".djvu"},
	{"From: <Saved by ", ".mht"},
}

// foreignMagic returns the row of foreign.tsv whose files begin as head does, "" for none.
func foreignMagic(head []byte) string {
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.start)) {
			return m.ext
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte("<?xml")) && (bytes.Contains(head, []byte(`progid="Excel.Sheet"`)) || bytes.Contains(head, []byte("urn:schemas-microsoft-com:office:spreadsheet"))):
		return ".xls"
	case bytes.HasPrefix(head, []byte("<?xml")) && bytes.Contains(head, []byte("schemas.microsoft.com/office/word/2003/wordml")):
		return ".doc"
	case bytes.HasPrefix(head, []byte("MIME-Version:")) && bytes.Contains(head, []byte("multipart/related")):
		return ".mht"
	}
	return ""
}

// oldOffice are the extensions under which programs also save web pages, tables
// of text and the newer formats: what such a file is its bytes say.
func oldOffice(name string) bool {
	switch path.Ext(name) {
	case ".doc", ".xls", ".wps", ".et":
		return true
	}
	return false
}

// namedOffice reports whether the name says better than the bytes which of the
// formats of Office a file is of.
func namedOffice(name string) bool {
	ext := path.Ext(name)
	return foreign()[ext] != nil || formatNamed("docx").fits(name) || formatNamed("xlsx").fits(name)
}

// rejectForeign names the format and says what to do.
func rejectForeign(_ context.Context, in *input, _ *sink) error {
	in.Format = ""
	ext := in.foreign
	if ext == "" {
		ext = strings.ToLower(path.Ext(in.name()))
	}
	f := foreign()[ext]
	if f == nil {
		return in.reject(ClassUnsupported, "", "save it in one of the formats that are read", errors.New("unknown format"))
	}
	return in.reject(ClassUnsupported, "", f[1], errors.New(f[0]+", which is not read"))
}
