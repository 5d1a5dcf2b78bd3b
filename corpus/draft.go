package corpus

// How a source becomes articles
//
//	paths → walk → input → dispatch → format.read → draft → sink → *Article
//
// walk (walk.go) lists files in a stable order and hands each to sink.read as an
// *input: an open stream, its path and what the path says (hint). sink.read
// finds the row of formats (format.go) that fits and calls its read:
//
//	read func(ctx context.Context, in *input, out *sink) error
//
// A reader fills in.Format (done by sink.read), in.Encoding and in.SHA256 (done by
// input.all), and calls
//
//	out.draft(d)       for each article that it finds, in the order of the source
//	out.page(d, ps)    for a page of paragraphs that may hold several articles:
//	                   text, Markdown, a Word file, a page of a PDF; d is in.draft()
//	out.reject(r)      for a record or member that is no article, and goes on
//	out.read(ctx, m)   for a member of an archive: an input of its own
//
// When one of them returns an error, read returns it as it is: the consumer has
// stopped, or the context has ended. A reader that can make nothing of the
// whole input returns in.reject(…), a *Rejection; sink.read puts it into the
// sequence and the walk goes on. Any other error ends the sequence.
//
// A draft is one article as pieces in the order of the page. Each piece is one
// paragraph, headline, byline or caption with the way back of its text; line
// ends inside a piece end a paragraph too. A reader that knows what a piece is
// sets its role (a title from a tag, a <figcaption>); where the role is empty,
// finish finds it out: bylines, datelines, captions, credits, continuations and
// boilerplate are recognised there, for all formats alike, paragraphs cut by a
// column break are joined, invisible characters are cut, and the text of every
// piece is trimmed. A reader therefore neither cleans nor trims.
//
// Metadata that stands on the page is a piece; metadata that only a tag or a
// column has goes into the fields of the draft. All datings that a reader found
// go into draft.dates, whatever they say; finish weighs them against the hint.
//
// Parts of one article (下转第三版, 上接第一版) are joined by the sink behind
// finish (continuation.go), within one folder and day; a reader does nothing
// for it but to keep those lines as pieces.
//
// Offsets: all texts of a draft point into the bytes of which in.SHA256 is the
// digest: the decompressed member, the file, and for a format of records the
// whole file too, where the digest is of the bytes in Range alone (format.records),
// so that a file of any size can be read once, as a stream.

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// A draft is what a reader of a format hands on: one article as pieces in the
// order of the page, not yet cleaned. finish makes the article of it.
type draft struct {
	source  Source   // copy of input.Source; Record and Range set where the source is not one article
	pieces  []piece  // in the order of the page
	dates   []dating // from tags, URL and body; the hint of the path is added by finish
	hint    hint     // copy of input.hint
	paper   string
	edition string   // 01
	name    string   // name of the edition: 要闻
	section string   // 栏目
	kicker  string   // and the following: only where it is not a piece
	title   string   //
	subhead string   //
	credits []Credit // only where they are not pieces
	marked  bool     // headings are marked on the page, so a short line is none
	clean   bool     // the pieces hold nothing that cleaning takes out, and no line ends
	cut     int      // pieces of boilerplate that the reader left out
	warn    []string // for Article.Warnings
}

// A piece is one paragraph, headline, byline or caption of a page. Where role
// is empty, finish finds it out.
type piece struct {
	role  Role
	text  Text
	inset bool // it begins with 　　, as the first line of a paragraph does

	prose  bool  // looked, and its end and beginning are those of a paragraph and nothing else
	looked bool  // it was found to be neither boilerplate nor continuation, and its text to have no dateline
	tail   *tail // the credit at its end, where it was read already
}

// A para is one paragraph of a page that is not yet cut into articles.
type para struct {
	text  Text
	level int  // of a heading that is marked as such, 1 the highest; 0 for none
	gap   int  // blank lines before it
	inset bool // it begins with 　　 or more
	role  Role // where the source says so
}

// A dating is a day and where it came from.
type dating struct {
	day     Day
	origin  string // tag, url, filename, folder, body, option
	certain bool   // false when the day was completed from parts
}

// An input is one stream of bytes to be read: a file, a member of an archive,
// standard input.
type input struct {
	Source             // Path and Member are set by who opens it
	o      Options     // with all defaults filled in
	r      io.Reader   // the bytes, once, from the first
	at     io.ReaderAt // the same bytes in any order; nil where only a stream is to be had
	size   int64       // -1 when unknown
	hint   hint        // what path and member say; hintOf makes it
	depth  int         // archives around it

	foreign string     // the extension of the foreign format that the bytes are of, "" when the name says it
	charset string     // what the transport declares (Content-Type of a WARC record), "" when nothing
	bomb    *expansion // of the outermost archive around it; nil outside of archives
}

// reject returns the end of in. place is "line 12", "byte 1048576" or "".
func (in *input) reject(class Class, place, hint string, err error) *Rejection {
	return &Rejection{Source: in.Source, Place: place, Class: class, Err: err, Hint: hint}
}

// all returns the whole of in and sets its SHA256. It rejects an input of more
// than limit bytes without reading further, and an empty one.
func (in *input) all(limit int64) ([]byte, error) { return in.allInto(nil, limit) }

// allInto is all with the memory of buf, when that is large enough.
func (in *input) allInto(buf []byte, limit int64) ([]byte, error) {
	if in.size > limit {
		return nil, in.tooLarge(limit)
	}
	raw, err := readInto(buf, io.LimitReader(in.r, limit+1), in.size)
	if rej := (*Rejection)(nil); errors.As(err, &rej) {
		return nil, rej
	}
	if err != nil {
		return nil, in.reject(ClassUnreadable, fmt.Sprintf("byte %d", len(raw)), "", err)
	}
	if int64(len(raw)) > limit {
		return nil, in.tooLarge(limit)
	}
	if len(raw) == 0 {
		return nil, in.reject(ClassEmpty, "", "fetch it again, or remove it", errors.New("empty file"))
	}
	sum := sha256.Sum256(raw)
	in.SHA256 = hexOf(&sum)
	return raw, nil
}

// hexOf returns a digest in hex.
func hexOf(sum *[sha256.Size]byte) string {
	var b [2 * sha256.Size]byte
	hex.Encode(b[:], sum[:])
	return string(b[:])
}

func (in *input) tooLarge(limit int64) *Rejection {
	return in.reject(ClassLimit, fmt.Sprintf("byte %d", limit), "split the file or raise the limit",
		fmt.Errorf("more than %d bytes in one page", limit))
}

// readAll is io.ReadAll with room for size bytes from the start.
func readAll(r io.Reader, size int64) ([]byte, error) { return readInto(nil, r, size) }

// readInto is readAll with the memory of buf, when that is large enough.
func readInto(buf []byte, r io.Reader, size int64) ([]byte, error) {
	buf = buf[:0]
	if n := max(size+1, 4096); int64(cap(buf)) < n {
		buf = make([]byte, 0, n)
	}
	for {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
	}
}

// draft starts the draft of an article of in.
func (in *input) draft() *draft {
	return &draft{source: in.Source, hint: in.hint}
}
