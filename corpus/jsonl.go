package corpus

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON comes as one object a line, as an array of objects, as an object that
// holds such an array somewhere ({"data": {"list": […]}}), as one object, or as
// objects one after the other. All are read as streams: of the whole only one
// record is held. The values of a record are its strings, numbers, arrays of
// strings (paragraphs, authors) and the same inside nested objects.

func sniffJSON(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	if len(head) > 1 && (head[0] == 0xff || head[0] == 0xfe || head[0] == 0 || head[1] == 0) {
		head = bytes.Trim(bytes.ReplaceAll(head, []byte{0}, nil), "\xff\xfe")
	}
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 || head[0] != '{' && head[0] != '[' {
		return false
	}
	rest := bytes.TrimLeft(head[1:], " \t\r\n")
	return len(rest) > 0 && (rest[0] == '"' || rest[0] == '{' && head[0] == '[' || rest[0] == '}' || rest[0] == ']')
}

func readJSON(ctx context.Context, in *input, out *sink) error {
	s, err := openStream(in)
	if err != nil {
		return err
	}
	r, err := newRecordReader(in, out)
	if err != nil {
		return err
	}
	j := &jsonReader{recordReader: r, s: s, ctx: ctx}
	head, _ := s.Peek(headSize)
	head = bytes.TrimLeft(head, " \t\r\n")
	line, _, more := bytes.Cut(head, []byte("\n"))
	if len(head) > 0 && head[0] == '{' && (more || len(line) < headSize-1024) && jsonComplete(line, s.enc) && (jsonList(line, s.enc) == 0 || j.isRecord(line, 0)) {
		return j.lines()
	}
	return j.values()
}

// jsonReader reads the records of one stream of JSON.
type jsonReader struct {
	*recordReader
	s   *stream
	ctx context.Context
	n   int // records so far
	sub int // depth of the array that values are read from
}

// lines reads one object a line. A broken line ends nothing but itself.
func (j *jsonReader) lines() error {
	for n := 1; ; n++ {
		if err := j.ctx.Err(); err != nil {
			return err
		}
		raw, at, err := j.s.line(j.in.o.Limits.Line)
		if err == io.EOF {
			break
		}
		place := recordPlace{unit: "line", n: n}
		if err == bufio.ErrTooLong {
			err = j.out.reject(j.in.reject(ClassLimit, place.String(), "cut the record or raise the limit of lines", fmt.Errorf("line of more than %d bytes", j.in.o.Limits.Line)))
		} else if err != nil {
			return j.in.streamError(err, at)
		} else {
			err = j.value(raw, at, place)
		}
		if err != nil {
			return err
		}
	}
	if j.n == 0 {
		return j.in.reject(ClassEmpty, "", "remove it, or make it anew", errors.New("no record in the file"))
	}
	return nil
}

// value reads one complete JSON text.
func (j *jsonReader) value(raw []byte, at int64, place recordPlace) error {
	trimmed := bytes.TrimLeft(raw, " \t\r\n,")
	at += int64(len(raw) - len(trimmed))
	raw = bytes.TrimRight(trimmed, " \t\r\n,")
	if len(raw) == 0 {
		return nil
	}
	j.n++
	t, warn, err := j.s.text(raw, at)
	if err != nil {
		if rej := (*Rejection)(nil); errors.As(err, &rej) {
			return j.out.reject(j.in.reject(rej.Class, place.String(), rej.Hint, rej.Err))
		}
		return err
	}
	rec := j.record(place, nil)
	p := jsonParser{t: t, s: t.String(), out: rec.cells}
	rec.cells, err = p.record()
	if errors.Is(err, errMoreValues) {
		if inner := j.behind(raw, at); len(inner) > 1 {
			return j.each(inner, place)
		}
	}
	if err == nil && p.objects > 1 && !j.isRecord(raw, at) {
		if inner := j.records(raw, at, 0); len(inner) > 1 {
			return j.each(inner, place)
		}
	}
	if err != nil {
		return j.out.reject(j.in.reject(ClassFormat, place.String(), "mend the JSON of this record", fmt.Errorf("%w at byte %d", err, t.sourceByte(p.i, at))))
	}
	rec.warn = warn
	if j.s.whole.Len() == 0 {
		rec.raw, rec.at = raw, at
	}
	return j.read(rec)
}

// A jsonObject is an object inside of others, and where it stands.
type jsonObject struct {
	raw []byte
	at  int64
}

// records returns the records that stand in an object under keys of their own,
// such as their days or numbers: {"2023-06-12": {"title": …}, …}.
func (j *jsonReader) records(raw []byte, at int64, depth int) []jsonObject {
	var out []jsonObject
	sc := jsonScanner{double: j.s.enc == GB18030 || j.s.enc == Big5}
	start := 0
	for i, c := range raw {
		was := sc.depth
		sc.step(c)
		switch {
		case c == '{' && sc.depth == 2 && was == 1:
			start = i
		case c == '}' && sc.depth == 1 && was == 2 && start > 0:
			o := jsonObject{raw[start : i+1], at + int64(start)}
			if j.isRecord(o.raw, o.at) {
				out = append(out, o)
			} else if depth < 2 {
				out = append(out, j.records(o.raw, o.at, depth+1)...)
			}
			start = 0
		case sc.depth == 1 || sc.depth == 2 && was == 1:
			start = 0
		}
	}
	return out
}

// behind returns the objects that stand one behind the other on a line.
func (j *jsonReader) behind(raw []byte, at int64) []jsonObject {
	var out []jsonObject
	sc := jsonScanner{double: j.s.enc == GB18030 || j.s.enc == Big5}
	start := 0
	for i, c := range raw {
		if sc.step(c); sc.depth == 0 && !sc.quoted && c == '}' {
			out = append(out, jsonObject{raw[start : i+1], at + int64(start)})
			start = i + 1
		}
	}
	if rest := raw[start:]; len(bytes.TrimSpace(rest)) > 0 {
		out = append(out, jsonObject{rest, at + int64(start)})
	}
	return out
}

// each reads the records of an object or a line.
func (j *jsonReader) each(inner []jsonObject, place recordPlace) error {
	j.n--
	for _, o := range inner {
		if place.unit == "record" {
			place.n = j.n + 1
		}
		if err := j.value(slices.Clone(o.raw), o.at, place); err != nil {
			return err
		}
	}
	return nil
}

// sourceByte is the source offset of clean byte i, for messages.
func (t Text) sourceByte(i int, at int64) int64 {
	if i >= t.Len() {
		if o, ok := t.Origin(Span{Start: 0, End: t.Len()}); ok {
			return o.End
		}
		return at
	}
	for i > 0 && !utf8.RuneStart(t.s[i]) {
		i--
	}
	return t.sourceOf(i)
}

// values reads JSON texts one after the other, and the elements of arrays.
func (j *jsonReader) values() error {
	limit := j.in.o.Limits.Line
	for {
		if err := j.ctx.Err(); err != nil {
			return err
		}
		c, err := j.s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return j.in.streamError(err, j.s.at)
		}
		switch {
		case c == '[' && j.sub == 0:
			j.sub = 1
			continue
		case c == ']' && j.sub > 0:
			j.sub = 0
			continue
		case c != '{':
			if j.sub > 0 && c != ']' {
				return j.broken(errors.New("an array of something else than objects"))
			}
			if j.n > 0 { // what closes the object around the array
				return nil
			}
			return j.broken(fmt.Errorf("%q where an object or an array should begin", c))
		}
		at := j.s.at - 1
		raw, err := j.s.object(limit)
		if errors.Is(err, bufio.ErrTooLong) {
			if i := jsonList(raw, j.s.enc); i > 0 && j.sub == 0 {
				j.s.unread(raw[i:], at+int64(i))
				j.sub = 1
				continue
			}
			return j.in.reject(ClassLimit, fmt.Sprintf("byte %d", at), fmt.Sprintf("cut the record or raise the limit of lines; %d records before it were read, what follows was not", j.n),
				fmt.Errorf("record of more than %d bytes", limit))
		}
		if err != nil {
			return j.broken(errors.New("the file ends inside a record"))
		}
		if i := jsonList(raw, j.s.enc); i > 0 && j.sub == 0 && !j.isRecord(raw, at) {
			j.s.unread(raw[i:], at+int64(i))
			j.sub = 1
			continue
		}
		if err := j.value(raw, at, recordPlace{unit: "record", n: j.n + 1}); err != nil {
			return err
		}
	}
	if j.n == 0 {
		return j.in.reject(ClassEmpty, "", "remove it, or make it anew", errors.New("no record in the file"))
	}
	return nil
}

func (j *jsonReader) broken(err error) error {
	return j.in.reject(ClassFormat, fmt.Sprintf("byte %d", j.s.at), fmt.Sprintf("mend the JSON there; %d records before it were read", j.n), err)
}

// isRecord reports whether an object has a title or a text of its own.
func (j *jsonReader) isRecord(raw []byte, at int64) bool {
	t, _, err := j.s.text(raw, at)
	if err != nil {
		return false
	}
	p := jsonParser{t: t, s: t.String(), flat: true}
	cells, err := p.record()
	if err != nil {
		return false
	}
	for _, c := range cells {
		if f := j.m.field(c.name); f == "title" || f == "text" {
			return true
		}
	}
	return false
}

// next returns the next byte that is neither white space nor a comma.
func (s *stream) next() (byte, error) {
	for {
		c, err := s.ReadByte()
		if err != nil {
			return 0, err
		}
		s.at++
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != ',' {
			return c, nil
		}
	}
}

// object reads an object whose first byte is read already.
func (s *stream) object(limit int) ([]byte, error) {
	raw := []byte{'{'}
	sc := jsonScanner{double: s.enc == GB18030 || s.enc == Big5, depth: 1}
	for sc.depth > 0 {
		c, err := s.ReadByte()
		if err != nil {
			return raw, err
		}
		s.at++
		raw = append(raw, c)
		sc.step(c)
		if len(raw) > limit {
			return raw, bufio.ErrTooLong
		}
	}
	return raw, nil
}

// A jsonScanner follows the nesting of JSON byte by byte.
type jsonScanner struct {
	double bool // of an encoding with trail bytes in ASCII
	depth  int
	quoted bool
	skip   bool // the byte is escaped, or the second of a character
}

func (sc *jsonScanner) step(c byte) {
	switch {
	case sc.skip:
		sc.skip = false
	case sc.double && c > 0x80:
		sc.skip = true
	case sc.quoted:
		sc.quoted, sc.skip = c != '"', c == '\\'
	case c == '"':
		sc.quoted = true
	case c == '{' || c == '[':
		sc.depth++
	case c == '}' || c == ']':
		sc.depth--
	}
}

// jsonComplete reports whether line holds whole values.
func jsonComplete(line []byte, enc Encoding) bool {
	sc := jsonScanner{double: enc == GB18030 || enc == Big5}
	for _, c := range line {
		sc.step(c)
	}
	return sc.depth == 0 && !sc.quoted
}

// jsonList returns where in an object, at most three levels deep, an array of
// objects begins: the offset behind its bracket; 0 when there is none.
func jsonList(raw []byte, enc Encoding) int {
	sc := jsonScanner{double: enc == GB18030 || enc == Big5}
	open := 0 // offset behind the last bracket, while only white space followed
	for i, c := range raw {
		was := sc.quoted || sc.skip
		sc.step(c)
		switch {
		case was:
		case c == '[' && sc.depth <= 4:
			open = i + 1
		case c == '{' && open > 0:
			return open
		case c != ' ' && c != '\t' && c != '\r' && c != '\n':
			open = 0
		}
	}
	return 0
}

// A jsonParser reads the values of one object with their way back.
type jsonParser struct {
	t    Text
	s    string
	i    int
	flat bool // without what is inside nested objects and arrays
	out  []cell

	objects int // in the object, but for those in arrays
	arrays  int // around what is read
}

var errMoreValues = errors.New("more than one value")

const jsonDepth = 32

func (p *jsonParser) record() ([]cell, error) {
	p.white()
	if p.i >= len(p.s) || p.s[p.i] != '{' {
		return nil, errors.New("no object")
	}
	if err := p.object("", 0); err != nil {
		return nil, err
	}
	if p.white(); p.i < len(p.s) {
		if p.s[p.i] == '{' {
			return nil, errMoreValues
		}
		return nil, errors.New("more behind the value")
	}
	return p.out, nil
}

func (p *jsonParser) white() {
	for p.i < len(p.s) && (p.s[p.i] == ' ' || p.s[p.i] == '\t' || p.s[p.i] == '\r' || p.s[p.i] == '\n') {
		p.i++
	}
}

func (p *jsonParser) take(c byte) bool {
	p.white()
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

// object reads the members of an object, which is the value of name.
func (p *jsonParser) object(name string, depth int) error {
	p.i++ // {
	if p.take('}') {
		return nil
	}
	for {
		p.white()
		key, err := p.str()
		if err != nil {
			return err
		}
		if !p.take(':') {
			return errors.New("no colon behind a key")
		}
		k := key.String()
		if strings.HasPrefix(k, "$") && name != "" { // {"date": {"$date": …}}, as MongoDB writes types
			k = name
		}
		if err := p.value(k, depth); err != nil {
			return err
		}
		if p.take('}') {
			return nil
		}
		if !p.take(',') {
			return errors.New("no comma between members")
		}
	}
}

// value reads the value of key; strings and numbers become cells.
func (p *jsonParser) value(key string, depth int) error {
	if depth > jsonDepth {
		return fmt.Errorf("nested more than %d deep", jsonDepth)
	}
	p.white()
	if p.i >= len(p.s) {
		return errors.New("the record ends in the middle")
	}
	switch c := p.s[p.i]; {
	case c == '"':
		t, err := p.str()
		if err != nil {
			return err
		}
		p.add(key, t, depth)
	case c == '{':
		if p.arrays == 0 {
			p.objects++
		}
		return p.object(key, depth+1)
	case c == '[':
		p.arrays++
		defer func() { p.arrays-- }()
		return p.array(key, depth)
	case c == '-' || isDigit(c):
		start := p.i
		for p.i < len(p.s) && strings.IndexByte("+-.eE0123456789", p.s[p.i]) >= 0 {
			p.i++
		}
		if p.i == start+1 && strings.HasPrefix(p.s[p.i:], "Infinity") {
			p.i += len("Infinity")
			return nil
		}
		p.add(key, p.t.Slice(Span{Start: start, End: p.i}), depth)
	default:
		for _, word := range []string{"null", "true", "false", "NaN", "Infinity"} { // the last two as Python writes them
			if strings.HasPrefix(p.s[p.i:], word) {
				p.i += len(word)
				return nil
			}
		}
		return errors.New("no JSON value")
	}
	return nil
}

// array joins strings to paragraphs of one cell; a name is what an object of an array is called by.
func (p *jsonParser) array(key string, depth int) error {
	p.i++ // [
	if p.take(']') {
		return nil
	}
	var b TextBuilder
	for {
		p.white()
		switch {
		case p.i < len(p.s) && p.s[p.i] == '"':
			t, err := p.str()
			if err != nil {
				return err
			}
			if b.Len() > 0 {
				b.Insert("\n")
			}
			b.Append(t)
		case p.i < len(p.s) && p.s[p.i] == '{':
			n := len(p.out)
			if err := p.value(key, depth+1); err != nil {
				return err
			}
			for _, c := range p.out[n:] {
				if foldName(c.name) == "name" {
					if b.Len() > 0 {
						b.Insert("\n")
					}
					b.Append(c.text)
				}
			}
			p.out = p.out[:n]
		default:
			n := len(p.out)
			if err := p.value(key, depth+1); err != nil {
				return err
			}
			p.out = p.out[:n]
		}
		if p.take(']') {
			break
		}
		if !p.take(',') {
			return errors.New("no comma between elements")
		}
	}
	p.add(key, b.Text(), depth)
	return nil
}

// add keeps a cell. A key of the record itself comes before the same key deeper in it.
func (p *jsonParser) add(key string, t Text, depth int) {
	if p.flat && depth > 0 || len(p.out) >= 4096 {
		return
	}
	if depth == 0 {
		for i, c := range p.out {
			if c.name == key {
				p.out[i].text = t
				return
			}
		}
	}
	p.out = append(p.out, cell{name: key, text: t})
}

// str reads a string. Its escapes are replaced characters.
func (p *jsonParser) str() (Text, error) {
	if p.i >= len(p.s) || p.s[p.i] != '"' {
		return Text{}, errors.New("no string where one should stand")
	}
	p.i++
	start := p.i
	if n := strings.IndexAny(p.s[start:], `"\`); n >= 0 && p.s[start+n] == '"' {
		p.i = start + n + 1
		return p.t.Slice(Span{Start: start, End: start + n}), nil
	}
	var b TextBuilder
	if end, escapes := stringEnd(p.s[start:]); escapes > 0 {
		b.grow(end, 2*escapes+1)
	}
	for {
		n := strings.IndexAny(p.s[p.i:], `"\`)
		if n < 0 {
			p.i = len(p.s)
			return Text{}, errors.New("string without an end")
		}
		b.Append(p.t.Slice(Span{Start: p.i, End: p.i + n}))
		p.i += n
		if p.s[p.i] == '"' {
			p.i++
			return b.Text(), nil
		}
		c, n := unescape(p.s[p.i:])
		if n == 0 {
			return Text{}, errors.New("unknown escape")
		}
		o, _ := p.t.Origin(Span{Start: p.i, End: p.i + n})
		b.Append(ReplacedText(c, o))
		p.i += n
	}
}

// stringEnd returns how long the string is that s goes on with, and how many escapes it has.
func stringEnd(s string) (length, escapes int) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			return i, escapes
		case '\\':
			escapes++
			i++
		}
	}
	return len(s), escapes
}

// unescape reads the escape at the start of s: what it stands for, and its length; 0 when it is none.
func unescape(s string) (string, int) {
	if len(s) < 2 {
		return "", 0
	}
	if i := strings.IndexByte(`"\/bfnrt`, s[1]); i >= 0 {
		return string("\"\\/\b\f\n\r\t"[i]), 2
	}
	r, ok := hex4(s)
	if !ok {
		return "", 0
	}
	if utf16.IsSurrogate(r) {
		if low, ok := hex4(s[6:]); ok {
			if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
				return string(both), 12
			}
		}
		r = utf8.RuneError
	}
	return string(r), 6
}

// hex4 reads the \uXXXX at the start of s.
func hex4(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 32)
	return rune(n), err == nil
}
