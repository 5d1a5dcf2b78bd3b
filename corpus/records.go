package corpus

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Records: the rows of a table and the objects of JSON
//
// A record becomes an article by the names of its columns: fields.tsv has the
// names that are known, Options.Columns adds to them and comes first. A column
// that is not known is left out. A record without a title whose text is a whole
// page is cut into articles as a file of text would be.

// Fields returns the fields of an article that a column can hold.
func Fields() []string {
	return []string{"title", "text", "date", "paper", "edition", "edition_name", "section", "byline", "kicker", "subtitle", "url", "editor"}
}

//go:embed fields.tsv
var fieldsTSV string

var knownFields = sync.OnceValue(func() map[string]string {
	rows, err := parseTable("fields.tsv", fieldsTSV, 2)
	if err != nil {
		panic(err) // the embedded table; a test reads it
	}
	m := make(map[string]string, len(rows))
	for _, r := range rows {
		if !slices.Contains(Fields(), r.cells[1]) {
			panic(fmt.Sprintf("fields.tsv:%d: unknown field %q", r.line, r.cells[1]))
		}
		m[r.cells[0]] = r.cells[1]
	}
	return m
})

// foldName makes names that mean the same column equal.
func foldName(s string) string {
	return strings.Map(func(r rune) rune {
		if isSpace(r) || strings.ContainsRune("_-·/()[]:", r) {
			return -1
		}
		return r
	}, strings.ToLower(width.Fold.String(s)))
}

// SameColumn reports whether a name that a user gives to a column means the one
// that an input has: spaces, marks, width and case do not count.
func SameColumn(a, b string) bool { return foldName(a) == foldName(b) }

// A mapping finds the field of a column.
type mapping struct {
	own  map[string]string // of Options.Columns, folded
	seen map[string]string // columns that were asked for, as they are written
}

// maxSeen is how many columns a mapping remembers.
const maxSeen = 1024

// newMapping checks the columns that the user named.
func newMapping(columns map[string]string) (mapping, error) {
	m := mapping{own: map[string]string{}, seen: map[string]string{}}
	for name, field := range columns {
		if field != "" && !slices.Contains(Fields(), field) {
			return m, fmt.Errorf("unknown field %q for column %q, want one of %s", field, name, strings.Join(Fields(), ", "))
		}
		m.own[foldName(name)] = field
	}
	return m, nil
}

// field returns the field of the column name, "" when it is left out.
func (m mapping) field(name string) string {
	if field, ok := m.seen[name]; ok {
		return field
	}
	field := m.find(name)
	if len(m.seen) < maxSeen && len(name) < 256 {
		m.seen[strings.Clone(name)] = field
	}
	return field
}

func (m mapping) find(name string) string {
	f := foldName(name)
	if field, ok := m.own[f]; ok {
		return field
	}
	field := knownFields()[f]
	for _, taken := range m.own {
		if taken == field {
			return "" // another column was named for it
		}
	}
	return field
}

// A Column is a column of a table or a key of a record, and the field that it fills.
type Column struct {
	Name   string
	Field  string // "" when it is left out
	Sample string // its first value that is not empty, cut to 40 characters
}

// A cell is one value of a record.
type cell struct {
	name string
	text Text
}

// A dataRecord is one row of a table or one object of JSON.
type dataRecord struct {
	place  recordPlace
	raw    []byte // the bytes of it, when they are to be had
	at     int64  // where they stand in the source
	cells  []cell
	serial func(float64) (Day, bool) // days that are numbers
	warn   []string
}

// A recordPlace says where a record stands. Few of them are ever written out.
type recordPlace struct {
	unit string // line, record, row, sheet 要闻, row
	n    int    // its number: row of the table with the headings as row 1, line or element of JSON
	line int    // that a row of text begins at, 0 for none
}

// String returns the place as people count: "row 3, line 4".
func (p recordPlace) String() string {
	s := p.unit + " " + strconv.Itoa(p.n)
	if p.line > 0 {
		s += ", line " + strconv.Itoa(p.line)
	}
	return s
}

// recordReader makes drafts of records.
type recordReader struct {
	in      *input
	out     *sink
	m       mapping
	columns []Column
	named   map[string]int

	// memory for the next record
	rec    dataRecord
	d      draft
	fields map[string]Text // of the record that is read
	pieces []piece
	hinted []string // the columns that hint names
	hint   string   // for records without a title and a text
}

// record starts the next record, in the memory of the one before.
func (r *recordReader) record(place recordPlace, serial func(float64) (Day, bool)) *dataRecord {
	r.rec = dataRecord{place: place, cells: r.rec.cells[:0], serial: serial}
	return &r.rec
}

func newRecordReader(in *input, out *sink) (*recordReader, error) {
	m, err := newMapping(in.o.Columns)
	if err != nil {
		return nil, in.reject(ClassFormat, "", "name the columns anew", err)
	}
	return &recordReader{in: in, out: out, m: m, named: map[string]int{}, fields: map[string]Text{}}, nil
}

// known counts the fields that the cells of a row name, and reports whether a
// title or a text is among them, so that it may hold the headings of a table.
func (m mapping) known(cells []string) (n int, heads bool) {
	seen := map[string]bool{}
	for _, name := range cells {
		if f := m.field(name); f != "" && !seen[f] {
			seen[f] = true
			heads = heads || f == "text" || f == "title"
		}
	}
	return len(seen), heads
}

// under reports whether row holds the headings under those of names, which
// stand over groups of columns: 稿件信息 | 内容 over 日期 | 标题 | 正文.
func (m mapping) under(names, row []string) bool {
	n, _ := m.known(names)
	k, heads := m.known(row)
	both, _ := m.known(joined(names, row))
	return heads && k >= 2 && both > n
}

// joined are the headings of two rows: those of the lower, and where a heading
// stands over both rows, that.
func joined(upper, lower []string) []string {
	out := slices.Clone(lower)
	for i, name := range upper {
		if i == len(out) {
			out = append(out, "")
		}
		if strings.TrimSpace(out[i]) == "" {
			out[i] = name
		}
	}
	return out
}

// headingRows is how many rows may stand above the headings of a table.
const headingRows = 20

// note takes note of a column for Preview.
func (r *recordReader) note(c cell) {
	i, ok := r.named[c.name]
	if !ok {
		if len(r.columns) >= 256 {
			return
		}
		i = len(r.columns)
		r.named[c.name] = i
		r.columns = append(r.columns, Column{Name: c.name, Field: r.m.field(c.name)})
	}
	if r.columns[i].Sample == "" {
		r.columns[i].Sample = firstRunes(strings.Join(strings.Fields(c.text.String()), " "), 40)
	}
	if r.out.columns != nil {
		*r.out.columns = r.columns
	}
}

// read hands on what a record holds.
func (r *recordReader) read(rec *dataRecord) error {
	f := r.fields
	clear(f)
	for _, c := range rec.cells {
		if r.out.columns != nil {
			r.note(c)
		}
		field := r.m.field(c.name)
		if field == "" || c.text.TrimSpace().Len() == 0 || f[field].Len() > 0 && field != "byline" {
			continue
		}
		if field == "byline" {
			c.text = labelled(c)
		}
		if have := f[field]; have.Len() > 0 { // 记者 and 通讯员 in columns of their own
			var b TextBuilder
			b.Append(have)
			b.Insert(" ")
			b.Append(c.text)
			c.text = b.Text()
		}
		f[field] = c.text
	}
	d := r.draft(rec, f)
	if f["text"].Len() == 0 && f["title"].Len() == 0 {
		return r.out.reject(&Rejection{Source: d.source, Place: rec.place.String(), Class: ClassNoArticle, Err: errBlankRecord, Hint: r.names(rec)})
	}
	r.fill(d, rec, f)
	return r.emit(d, f)
}

var errBlankRecord = errors.New("neither a title nor a text in the record")

// names lists the columns of a record for a hint, which is that of the record
// before when the columns are.
func (r *recordReader) names(rec *dataRecord) string {
	cells := rec.cells[:min(len(rec.cells), 12)]
	if r.hint != "" && slices.EqualFunc(cells, r.hinted, func(c cell, name string) bool { return c.name == name }) {
		return r.hint
	}
	r.hinted = r.hinted[:0]
	var names []string
	for _, c := range cells {
		r.hinted = append(r.hinted, c.name)
		names = append(names, firstRunes(c.name, 20))
	}
	r.hint = "name the columns of both; known are " + strings.Join(names, ", ")
	return r.hint
}

// labelled puts the name of its column before a bare name where it says what the person did.
func labelled(c cell) Text {
	name := strings.TrimSpace(c.name)
	if name != "通讯员" && name != "记者" || strings.Contains(c.text.String(), name) {
		return c.text
	}
	var b TextBuilder
	b.Insert(name + " ")
	b.Append(c.text.TrimSpace())
	return b.Text()
}

func (r *recordReader) draft(rec *dataRecord, f map[string]Text) *draft {
	d := &r.d
	*d = draft{source: r.in.Source, hint: r.in.hint, warn: rec.warn, dates: d.dates[:0]}
	d.source.Record = rec.place.n
	if rec.raw != nil {
		sum := sha256.Sum256(rec.raw)
		d.source.SHA256 = hexOf(&sum)
		d.source.Range = Origin{Start: rec.at, End: rec.at + int64(len(rec.raw))}
	}
	return d
}

// fill puts the fields that are no text of the page into the draft.
func (r *recordReader) fill(d *draft, rec *dataRecord, f map[string]Text) {
	value := func(field string) string { return strings.TrimSpace(f[field].String()) }
	if s := value("date"); s != "" {
		if day, ok := rec.day(s); ok {
			d.dates = append(d.dates, dating{day, "tag", true})
		} else {
			d.warn = append(d.warn, fmt.Sprintf("%.40q is no day", s))
		}
	}
	if s := value("url"); s != "" {
		h := hintOf(s)
		for _, x := range h.dates {
			d.dates = append(d.dates, dating{x.day, "url", x.certain})
		}
	}
	if s := value("paper"); s != "" && chars(s) <= 40 {
		d.paper = strings.Trim(s, "《》")
	}
	if s := value("edition"); s != "" {
		if m := editionWord.FindStringSubmatch(s); m != nil {
			d.edition, d.name = editionNumber(m[1]), m[2]
		} else if m := editionCell.FindStringSubmatch(s); m != nil {
			d.edition, d.name = editionNumber(m[1]), m[2]
		} else if chars(s) <= 6 {
			d.edition = editionNumber(strings.TrimSuffix(s, ".0"))
		} else {
			d.name = firstRunes(s, 20)
		}
	}
	if s := value("edition_name"); s != "" {
		d.name = firstRunes(s, 20)
	}
	if s := value("section"); s != "" {
		d.section = firstRunes(s, 40)
	}
	if s := value("editor"); s != "" {
		for _, name := range strings.FieldsFunc(s, func(r rune) bool { return isSpace(r) || strings.ContainsRune("、,，;；", r) }) {
			d.credits = append(d.credits, Credit{Name: name, Role: "责编", Kind: Editor})
		}
	}
}

// editionCell is how databases write a page and its name: A03|要闻, 03：要闻, 3-要闻.
var editionCell = regexp.MustCompile(`^([A-Z]?[0-9]{1,3})[\s|｜:：,，、/·.-]+(\p{Han}{2,12})$`)

// emit makes the pieces of a record and hands the draft on.
func (r *recordReader) emit(d *draft, f map[string]Text) error {
	ps := r.out.scratch.cellParas(f["text"])
	title := f["title"].TrimSpace()
	if title.Len() == 0 {
		return r.out.page(d, ps)
	}
	heads := r.pieces[:0]
	defer func() { r.pieces = heads }()
	for _, h := range [...]piece{{role: RoleKicker, text: f["kicker"]}, {role: RoleTitle, text: title}, {role: RoleSubtitle, text: f["subtitle"]}} {
		if h.text.TrimSpace().Len() > 0 {
			heads = append(heads, piece{role: h.role, text: oneLine(resolved(h.text))})
		}
	}
	if by := f["byline"]; by.Len() > 0 && !saidIn(ps, heads, by) {
		heads = append(heads, piece{role: RoleByline, text: oneLine(by)})
	}
	ps = withoutTitle(ps, heads)
	if several(ps) {
		return r.out.page(d, append(headParas(heads), ps...))
	}
	for i := range ps {
		p := &ps[i]
		heads = append(heads, piece{role: p.role, text: p.text, inset: p.inset})
	}
	d.pieces = heads
	return r.out.draft(d)
}

// cellParas cuts the text of a cell into paragraphs: a cell of HTML at its
// tags, one that lost its line ends at the indents of its paragraphs.
func (x *scratch) cellParas(t Text) []para {
	s := t.String()
	ps := x.paras[:0]
	if strings.Contains(s, "<") && strings.Contains(s, ">") && cellTag(s) {
		for _, b := range parseMarkup(t).blocks {
			ps = appendBlock(ps, b)
		}
		return ps
	}
	t = resolved(t)
	s = t.String()
	if !strings.ContainsAny(s, "\n\r") && strings.Count(s, "　　") > 1 {
		return indented(t)
	}
	x.sheet.cut(t, true)
	x.paras = appendParas(ps, x.sheet)
	return x.paras
}

// resolved returns t with the character references in place that a cell without
// tags still has: &nbsp;, &ldquo;, &#8212;.
func resolved(t Text) Text {
	s := t.String()
	if i := strings.IndexByte(s, '&'); i < 0 || strings.IndexByte(s[i:], ';') < 0 {
		return t
	}
	var b TextBuilder
	from := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '&' {
			continue
		}
		n, u := reference(s[i:min(len(s), i+40)])
		if n == 0 || s[i+n-1] != ';' { // R&D
			continue
		}
		b.Append(t.Slice(Span{Start: from, End: i}))
		if o, ok := t.Origin(Span{Start: i, End: i + n}); ok {
			b.Append(ReplacedText(u, o))
		}
		from = i + n
		i = from - 1
	}
	if from == 0 {
		return t
	}
	b.Append(t.Slice(Span{Start: from, End: len(s)}))
	return b.Text()
}

// cellTag reports whether s has one of the tags that databases keep in a text.
func cellTag(s string) bool {
	low := strings.ToLower(s)
	return slices.ContainsFunc([]string{"<p>", "<p ", "</p>", "<br>", "<br/>", "<br />", "<div", "<span", "<!--enpcontent"}, func(tag string) bool { return strings.Contains(low, tag) })
}

// indented cuts t before each indent of two full-width spaces.
func indented(t Text) []para {
	s := t.String()
	var ps []para
	start := 0
	for start < len(s) {
		end := len(s)
		head := start + len(s[start:]) - len(strings.TrimLeft(s[start:], "　"))
		if i := strings.Index(s[head:], "　　"); i >= 0 {
			end = head + i
		}
		if p := t.Slice(Span{Start: start, End: end}).TrimSpace(); p.Len() > 0 {
			ps = append(ps, para{text: p, inset: head > start})
		}
		start = end
	}
	return ps
}

// oneLine is a headline without line ends.
func oneLine(t Text) Text {
	if !strings.ContainsAny(t.String(), "\r\n") {
		return t
	}
	var b TextBuilder
	x := linesOf(t)
	for i := range x.lines {
		if i > 0 {
			b.Insert(" ")
		}
		b.Append(x.slice(i))
	}
	return b.Text()
}

// day reads the day of a cell: any way of writing one, the serial number of a
// spreadsheet, seconds or milliseconds since 1970.
func (rec *dataRecord) day(s string) (Day, bool) {
	if len(s) > len(time.DateOnly) && s[len(time.DateOnly)] == 'T' {
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			return DayOf(t.In(beijing)), true
		}
	}
	if d, err := ParseDay(s[:min(len(s), 10)]); err == nil {
		return d, true
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		switch {
		case n >= 19000101 && n < 21001231 && n == float64(int(n)):
			d := Day{int(n) / 10000, time.Month(int(n) / 100 % 100), int(n) % 100}
			return d, d.Valid()
		case n >= 1 && n < 100_000 && rec.serial != nil:
			return rec.serial(n)
		case n >= 1e8 && n < 1e10:
			return DayOf(time.Unix(int64(n), 0).In(beijing)), true
		case n >= 1e11 && n < 1e13:
			return DayOf(time.UnixMilli(int64(n)).In(beijing)), true
		}
		return Day{}, false
	}
	if d, _, _, ok := dayIn(s); ok {
		return d, true
	}
	if h, ok := parsePageHead(s); ok && !h.day.IsZero() {
		return h.day, true
	}
	for _, layout := range []string{"1/2/2006", "1/2/06", "2 Jan 2006", "Jan 2, 2006", "January 2, 2006", time.RFC1123Z, time.RFC1123} {
		if t, err := time.Parse(layout, s); err == nil {
			return DayOf(t), true
		}
	}
	return Day{}, false
}

var beijing = time.FixedZone("CST", 8*3600)

// stream is the bytes of a source of records, with the encoding of its head.
type stream struct {
	*bufio.Reader
	enc   Encoding
	back  []byte // what was put back, and is read before anything else
	at    int64  // offset of what is read next
	buf   []byte // memory for lines
	end   byte   // of a line: \n, or \r where the source has nothing else
	whole Text   // the decoded source when it is UTF-16
}

// headSize is how much of a stream decides about its encoding.
const headSize = 256 << 10

// openStream looks at the head of in. A source in UTF-16, in which line ends
// and quotes are no single bytes, is read whole and decoded first.
func openStream(in *input) (*stream, error) {
	if l := in.o.Limits.File; l > 0 {
		in.r = &limitReader{in: in, r: in.r, left: l}
	}
	room := headSize
	if in.size >= 0 {
		room = int(min(in.size+1, headSize))
	}
	br := bufio.NewReaderSize(in.r, room)
	head, err := br.Peek(br.Size())
	if err != nil && err != io.EOF && len(head) == 0 {
		return nil, in.streamError(err, 0)
	}
	if len(head) == br.Size() { // not in the middle of a character
		if i := bytes.LastIndexByte(head, '\n'); i > 0 {
			head = head[:i+1]
		} else {
			head = head[:runeEnd(head)]
		}
	}
	enc := UTF8
	if untouched(head) {
		if rej := garbled(head, 0); rej != nil {
			return nil, in.reject(rej.Class, rej.Place, rej.Hint, rej.Err)
		}
	} else {
		var rej *Rejection
		if _, enc, _, err = decode(head, in.charset, 0); errors.As(err, &rej) {
			return nil, in.reject(rej.Class, rej.Place, rej.Hint, rej.Err)
		}
	}
	in.Encoding = enc
	s := &stream{Reader: br, enc: enc, end: '\n'}
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		s.end = '\r'
	}
	if enc == UTF16LE || enc == UTF16BE {
		in.r = br
		raw, err := in.all(in.o.Limits.pageLimit())
		if err != nil {
			return nil, err
		}
		if s.whole, _, err = in.text(raw, in.charset); err != nil {
			return nil, err
		}
		s.Reader = bufio.NewReaderSize(strings.NewReader(s.whole.String()), headSize)
	} else if bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")) {
		s.Discard(3)
		s.at = 3
	}
	return s, nil
}

// A limitReader rejects a stream that is longer than the limit that the user set.
type limitReader struct {
	in   *input
	r    io.Reader
	left int64
}

func (l *limitReader) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, l.in.reject(ClassLimit, fmt.Sprintf("byte %d", l.in.o.Limits.File), "split the file or raise the limit", fmt.Errorf("stream of more than %d bytes", l.in.o.Limits.File))
	}
	return n, err
}

// text decodes raw, which stands at offset at of the stream.
func (s *stream) text(raw []byte, at int64) (Text, []string, error) {
	if s.whole.Len() > 0 {
		return s.whole.Slice(Span{Start: int(at), End: int(at) + len(raw)}), nil, nil
	}
	if s.enc == UTF8 && utf8.Valid(raw) {
		return CopiedText(string(raw), at), nil, nil
	}
	if s.enc == GB18030 || s.enc == Big5 {
		if d := decodeDouble(raw, at, s.enc); d.errors == 0 {
			return d.text, nil, nil
		}
	}
	t, _, warn, err := decode(raw, string(s.enc), at)
	return t, warn, err
}

// line returns the next line with its end, and its offset; io.EOF behind the
// last. The line holds until the next is read. Of a line that is longer than limit it returns bufio.ErrTooLong and the
// start, and skips the rest.
func (s *stream) line(limit int) ([]byte, int64, error) {
	at := s.at
	buf := s.buf[:0]
	defer func() {
		if s.buf = buf; cap(buf) > maxScratch {
			s.buf = nil
		}
	}()
	for {
		part, err := s.slice()
		s.at += int64(len(part))
		if len(buf) <= limit {
			buf = append(buf, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(buf) > 0, err == nil:
			if len(buf) > limit {
				return buf[:min(len(buf), 4096)], at, bufio.ErrTooLong
			}
			return buf, at, nil
		}
		return buf, at, err
	}
}

// slice returns a line, or a part of one with bufio.ErrBufferFull.
func (s *stream) slice() ([]byte, error) {
	if len(s.back) == 0 {
		return s.ReadSlice(s.end)
	}
	part, err := s.back, bufio.ErrBufferFull
	if i := bytes.IndexByte(s.back, s.end); i >= 0 {
		part, err = s.back[:i+1], nil
	}
	s.back = s.back[len(part):]
	return part, err
}

// ReadByte reads what was put back before anything else.
func (s *stream) ReadByte() (byte, error) {
	if len(s.back) > 0 {
		c := s.back[0]
		s.back = s.back[1:]
		return c, nil
	}
	return s.Reader.ReadByte()
}

// unread puts raw, which stands at offset at, back before what is read next.
func (s *stream) unread(raw []byte, at int64) {
	s.back = slices.Concat(raw, s.back)
	s.at = at
}

// A TablePreview is what the first records of an input become.
type TablePreview struct {
	Format   string
	Encoding Encoding
	Columns  []Column // of the records seen; none when the format has no records
	Articles []*Article
	Rejected []*Rejection
}

// Preview reads the first n articles of path and says how its columns are
// understood: for a look before a long run.
func Preview(ctx context.Context, o Options, path string, n int) (*TablePreview, error) {
	p := &TablePreview{}
	out := newSink(o, func(a *Article, err error) bool {
		if rej := (*Rejection)(nil); errors.As(err, &rej) {
			p.Rejected = append(p.Rejected, rej)
		} else if a != nil && len(p.Articles) < n {
			p.Articles = append(p.Articles, a)
		}
		return len(p.Articles) < n && len(p.Rejected) < 20
	})
	out.columns = &p.Columns
	err := walk(ctx, out.o, []string{path}, func(in *input) error {
		err := out.read(ctx, in)
		if p.Format == "" {
			p.Format, p.Encoding = in.Format, in.Encoding
		}
		return err
	}, out.reject)
	if err == nil || errors.Is(err, errStopped) {
		err = out.flush()
	}
	if err != nil && !errors.Is(err, errStopped) {
		return p, err
	}
	return p, nil
}
