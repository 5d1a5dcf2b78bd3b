package corpus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
)

// Options say how sources are read. The zero value works.
type Options struct {
	Paper   string            // name of the paper where the source does not say; "" means 甘肃日报
	Date    Day               // issue date where the source does not say; zero leaves articles undated
	Columns map[string]string // column of a table or key of a record → field of an article (title, text, date, …)
	Stdin   io.Reader         // what "-" reads; nil means os.Stdin
	Limits  Limits

	// OnSource is called when reading of a source begins, with its size in bytes
	// (-1 when unknown): for progress. It may be nil.
	OnSource func(s Source, size int64)
}

// Limits bound what one input may cost. A zero field takes the default.
type Limits struct {
	File   int64 // bytes of one decoded source; default 1 GiB for streams of records, 64 MiB for one page
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

// A Rejection is the end of an input that did not become articles.
type Rejection struct {
	Source Source
	Place  string // line, byte offset, row or page, as far as known: "line 12", "byte 1048576"
	Class  Class
	Err    error
	Hint   string // what the reader can do about it
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

// Read walks paths in their order, folders in the order of their names, and
// yields every article as it is read. An input that cannot be read is yielded
// as a *Rejection, and reading goes on behind it; any other error ends the
// sequence.
func Read(ctx context.Context, o Options, paths ...string) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		slog.Debug("corpus.Read is not built yet")
		yield(nil, errors.ErrUnsupported)
	}
}
