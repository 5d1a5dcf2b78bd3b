package corpus

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
)

// Options say how sources are read. The zero value works.
type Options struct {
	Paper   string            // name of the paper where the source does not say; "" means 甘肃日报
	Date    Day               // issue date where the source does not say; zero leaves articles undated
	Columns map[string]string // column of a table or key of a record → field of an article (title, text, date, …)
	Stdin   io.Reader         // what "-" reads; nil means os.Stdin
	Limits  Limits

	// Members has archives of which only some members are read: the path as it
	// is given to Read, and the names of the members as Source.Member has them.
	// The others of a zip are not unpacked; those of a stream (tar, WARC, a zip
	// whose list of members is lost) are passed through and not looked at. Of any
	// other archive everything is read.
	Members map[string][]string
	members map[string]map[string]bool // by path: those and the archives that they lie in → whether it is one of those

	// OnSource is called when reading of a source begins, with its size in bytes
	// (-1 when unknown): for progress. It may be nil.
	OnSource func(s Source, size int64)

	// OnPassed is called at the end of a crawl with what of it was passed over
	// because it holds no text: how many records of which sort (image, revisit,
	// redirect, stylesheet, …). It may be nil.
	OnPassed func(s Source, passed map[string]int)
}

// Limits bound what one input may cost. A zero field takes the default.
type Limits struct {
	File   int64 // bytes of one decoded source; default 64 MiB for one page, none for streams of records, of which one record is held
	Line   int   // bytes of one line of text or one record; default 16 MiB
	Depth  int   // archives in archives; default 4
	Ratio  int64 // decompressed to compressed bytes past the first MiB; default 200
	Member int64 // bytes of one decompressed member; default 1 GiB
}

// A Class says in one word why an input was rejected.
type Class string

// The classes of rejection.
const (
	ClassMissing     Class = "missing"     // no such file
	ClassUnreadable  Class = "unreadable"  // permission, device error
	ClassEmpty       Class = "empty"       // nothing to read in it
	ClassBinary      Class = "binary"      // no text
	ClassFormat      Class = "format"      // unknown or broken format
	ClassEncoding    Class = "encoding"    // bytes that no known encoding explains
	ClassLimit       Class = "limit"       // larger, deeper or denser than Limits allow
	ClassScanned     Class = "scanned"     // a PDF page without a text layer
	ClassNoArticle   Class = "no-article"  // text, but no article found in it
	ClassLoop        Class = "loop"        // a symbolic link back into its own path
	ClassUnsupported Class = "unsupported" // a known format that is not read
)

// A Rejection is an input, the rest of it or a record in it that did not become articles.
type Rejection struct {
	Source Source
	Place  string // line, byte offset, row or page, as far as known: "line 12", "byte 1048576"
	Class  Class
	Err    error
	Hint   string // what the reader can do about it
	Rest   bool   // the input ends with it: what follows, if anything does, was not read
}

func (r *Rejection) Error() string {
	at := r.Source.Path
	if r.Source.Member != "" {
		at += "!" + r.Source.Member
	}
	if r.Place != "" {
		at += ":" + r.Place
	}
	return fmt.Sprintf("%s: %v", at, r.Err)
}

func (r *Rejection) Unwrap() error { return r.Err }

// A format is one way in which files hold articles.
type format struct {
	name    string                 // as Source.Format has it
	exts    []string               // ends of file names, lower case, with the dot
	sniff   func(head []byte) bool // whether a file that begins so is of this format; nil: the name alone decides
	records bool                   // a stream of records: read without a limit of one page, digests by record
	read    func(ctx context.Context, in *input, out *sink) error
}

// formats returns the list of all formats. An input is of the first row whose
// extension and sniff fit; else of the first whose sniff alone does; else, when
// it looks like text and its name does not claim another format, plain text.
func formats() []format {
	return []format{
		{name: "zip", exts: []string{".zip"}, sniff: sniffZip, read: readZip},
		{name: "gzip", exts: []string{".gz", ".tgz"}, sniff: sniffGzip, read: readPacked},
		{name: "bzip2", exts: []string{".bz2", ".tbz", ".tbz2"}, sniff: sniffBzip2, read: readPacked},
		{name: "zstd", exts: []string{".zst", ".tzst"}, sniff: sniffZstd, read: readPacked},
		{name: "tar", exts: []string{".tar"}, sniff: sniffTar, read: readTar},
		{name: "warc", exts: []string{".warc"}, sniff: sniffWARC, read: readWARC},
		{name: "pdf", exts: []string{".pdf"}, sniff: sniffPDF, read: readPDF},
		{name: "docx", exts: []string{".docx", ".docm"}, sniff: sniffOffice, read: readDOCX},
		{name: "xlsx", exts: []string{".xlsx", ".xlsm"}, sniff: sniffOffice, records: true, read: readXLSX},
		{name: "jsonl", exts: []string{".jsonl", ".ndjson", ".json"}, sniff: sniffJSON, records: true, read: readJSON},
		{name: "csv", exts: []string{".csv", ".tsv", ".tab"}, records: true, read: readCSV},
		{name: "html", exts: []string{".html", ".htm", ".shtml", ".xhtml"}, sniff: sniffHTML, read: readHTML},
		{name: "markdown", exts: []string{".md", ".markdown"}, read: readMarkdown},
		{name: "text", exts: []string{".txt", ".text", ""}, read: readText},
		{name: "other", exts: foreignExts(), read: rejectForeign},
	}
}

// formatTable is formats, made once. (A variable of sync.OnceValue would depend on itself.)
func formatTable() []format {
	formatOnce.Do(func() { formatRows = formats() })
	return formatRows
}

var (
	formatOnce sync.Once
	formatRows []format
)

// Read walks paths in their order, folders in the order of their names, and
// yields every article as it is read. An input that cannot be read is yielded
// as a *Rejection, and reading goes on behind it; any other error ends the
// sequence. An article that is continued on another page (下转第三版) is yielded
// when its continuation was read or its folder ends, so it may come behind
// others of its day.
func Read(ctx context.Context, o Options, paths ...string) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		out := newSink(o, yield)
		err := walk(ctx, out.o, paths, func(in *input) error { return out.read(ctx, in) }, out.reject)
		if err == nil {
			err = out.flush()
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	}
}

// errStopped ends reading when the consumer of the articles has stopped.
var errStopped = errors.New("consumer has stopped")

// A sink takes what readers find, makes articles of it and hands them to the consumer.
type sink struct {
	o     Options
	yield func(*Article, error) bool
	parts joiner // articles that wait for their continuation
	lists pageLists

	scratch scratch
	hook    func(in *input, f format) (done bool, err error) // takes inputs in place of their readers; nil when nobody does
	columns *[]Column                                        // where readers of records note their columns; nil when nobody asks
}

func newSink(o Options, yield func(*Article, error) bool) *sink {
	return &sink{o: o.withDefaults(), yield: yield}
}

// read reads one input in the format that fits it.
func (s *sink) read(ctx context.Context, in *input) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	in.o = s.o
	if s.o.OnSource != nil {
		s.o.OnSource(in.Source, in.size)
	}
	br := buffers.Get().(*bufio.Reader)
	br.Reset(in.r)
	defer func() {
		br.Reset(nil)
		buffers.Put(br)
	}()
	head, err := br.Peek(sniffed)
	if err != nil && err != io.EOF && len(head) == 0 {
		rej := (*Rejection)(nil)
		if !errors.As(err, &rej) {
			rej = in.reject(ClassUnreadable, "byte 0", "read it again, or from a copy", err)
		}
		return s.end(rej)
	}
	in.r = br
	f, rej := in.dispatch(head)
	if rej != nil {
		return s.end(rej)
	}
	in.Format = f.name
	done := false
	err = nil // of Peek: a short file
	if s.hook != nil {
		done, err = s.hook(in, f)
	}
	if !done && err == nil {
		err = f.read(ctx, in, s)
	}
	if rej := (*Rejection)(nil); errors.As(err, &rej) {
		return s.end(rej)
	}
	return err
}

// buffers are what inputs are read through, used again: most inputs are small.
var buffers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, sniffed) }}

// sniffed is how many bytes the sniff functions see.
const sniffed = 4096

// dispatch finds the format of in, whose first bytes are head.
func (in *input) dispatch(head []byte) (format, *Rejection) {
	if len(head) == 0 {
		return format{}, in.reject(ClassEmpty, "", "fetch it again, or remove it", errors.New("empty file"))
	}
	name := strings.ToLower(in.Path)
	if in.Member != "" {
		name = strings.ToLower(in.Member)
	}
	table := formatTable()
	if ext := path.Ext(name); (ext == ".xls" || ext == ".et") && sniffHTML(head) {
		return formatNamed("other"), nil // a table saved as a web page
	}
	if ext := foreignMagic(head); ext != "" && !(ext == ".doc" && namedOffice(name)) {
		in.foreign = ext
		return formatNamed("other"), nil
	}
	for _, f := range table {
		if f.name == "other" && oldOffice(name) && foreignMagic(head) == "" {
			continue
		}
		if f.fits(name) && (f.sniff == nil || f.sniff(head)) {
			if f.name == "text" && in.isTable(head) {
				return formatNamed("csv"), nil
			}
			return f, nil
		}
	}
	for _, f := range table {
		if f.sniff != nil && f.sniff(head) {
			return f, nil
		}
	}
	for _, f := range table {
		if f.fits(name) && !(f.name == "other" && oldOffice(name)) {
			return format{}, in.reject(ClassFormat, "", "give it the extension of the format that it has", fmt.Errorf("named %q, but the bytes are not of format %s", path.Ext(name), f.name))
		}
	}
	if kind := binaryKind(head); kind != "" {
		return format{}, in.reject(ClassBinary, "byte 0", "leave it out, or give it the extension of its format", fmt.Errorf("%s, no text", kind))
	}
	if in.isTable(head) {
		return formatNamed("csv"), nil
	}
	return formatNamed("text"), nil
}

// formatNamed returns the row of the list that has name.
func formatNamed(name string) format {
	table := formatTable()
	return table[slices.IndexFunc(table, func(f format) bool { return f.name == name })]
}

// fits reports whether name has one of the extensions of f.
func (f format) fits(name string) bool {
	return slices.ContainsFunc(f.exts, func(ext string) bool { return ext != "" && strings.HasSuffix(name, ext) })
}

// binaryKind says what head is when it is no text; "" when it may be text.
func binaryKind(head []byte) string {
	if len(head) >= 2 && (head[0] == 0xff && head[1] == 0xfe || head[0] == 0xfe && head[1] == 0xff) {
		return "" // UTF-16 with a mark
	}
	if bytes.IndexByte(head, 0) >= 0 && !looksUTF16(head) {
		return http.DetectContentType(head)
	}
	return ""
}

// looksUTF16 reports whether the zero bytes of head stand as UTF-16 without a
// mark would have them: all at even or all at odd places.
func looksUTF16(head []byte) bool {
	var n [2]int
	for i, c := range head {
		if c == 0 {
			n[i&1]++
		}
	}
	return min(n[0], n[1]) == 0 && max(n[0], n[1]) > len(head)/64
}

// draft makes an article of d and hands it on.
func (s *sink) draft(d *draft) error {
	a, err := finish(d, s.o)
	if err != nil {
		return s.reject(&Rejection{Source: d.source, Class: ClassNoArticle, Err: err, Hint: noArticleHint})
	}
	return s.parts.add(a, s.article)
}

// article hands a to the consumer.
func (s *sink) article(a *Article) error {
	if !s.yield(a, nil) {
		return errStopped
	}
	return nil
}

// reject hands r to the consumer.
// end rejects an input, or what is left of it.
func (s *sink) end(r *Rejection) error {
	r.Rest = true
	return s.reject(r)
}

func (s *sink) reject(r *Rejection) error {
	if !s.yield(nil, r) {
		return errStopped
	}
	return nil
}

// flush hands on what still waits for a continuation.
func (s *sink) flush() error { return s.parts.flush(s.article) }

// withDefaults fills the zero fields of o, but for Limits.File, which depends on the format.
func (o Options) withDefaults() Options {
	if o.Paper == "" {
		o.Paper = "甘肃日报"
	}
	if o.Stdin == nil {
		o.Stdin = os.Stdin
	}
	o.members = membersBelow(o.Members)
	l := &o.Limits
	l.Line = cmp.Or(l.Line, 16<<20)
	l.Depth = cmp.Or(l.Depth, 4)
	l.Ratio = cmp.Or(l.Ratio, 200)
	l.Member = cmp.Or(l.Member, 1<<30)
	return o
}

// pageLimit is how many bytes one page may have.
func (l Limits) pageLimit() int64 { return cmp.Or(l.File, 64<<20) }

// streamLimit is how many bytes a stream of records may have.
func (l Limits) streamLimit() int64 { return cmp.Or(l.File, 1<<30) }
