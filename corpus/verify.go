package corpus

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// A State says how the text of an article stands to its source today.
type State string

// The states of a proof.
const (
	Proved  State = "proved"  // the digest is the same, and every character follows from the bytes it came from
	Changed State = "changed" // the source holds other bytes now
	Missing State = "missing" // there is no such file, member or record any more
	Wrong   State = "wrong"   // the digest is the same, but the text does not follow from the bytes: a fault of this program
)

// A Proof tells of one source of one article; an article that was put together
// from two pages has two.
type Proof struct {
	Article *Article
	Source  Source
	State   State
	Err     error // what is the matter; nil when proved
}

// Verify reads the sources of articles again and proves that every character of
// their texts still stands where its way back says. Articles of one file should
// follow one another, as Read yields them: each file is then read once, an
// archive as a stream. The source of a *Rejection or another error of the
// sequence of articles is passed on.
func Verify(ctx context.Context, o Options, articles iter.Seq2[*Article, error]) iter.Seq2[Proof, error] {
	return func(yield func(Proof, error) bool) {
		v := verifier{ctx: ctx, o: o.withDefaults(), yield: yield}
		for a, err := range articles {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				if !yield(Proof{Article: a}, err) || ctx.Err() != nil {
					return
				}
				continue
			}
			for _, p := range claims(a) {
				if len(v.open) > 0 && (p.Source.Path != v.open[0].Source.Path || len(v.open) >= maxClaims) && !v.prove() {
					return
				}
				v.open = append(v.open, p)
			}
		}
		if len(v.open) > 0 {
			v.prove()
		}
	}
}

// maxClaims is how many claims on one file are proved in one reading of it.
const maxClaims = 4096

// A claim is what an article says of one source: that the text of spans comes from it.
type claim struct {
	*Article
	Source Source
	spans  []Span
	done   bool
}

// claims returns the claims of a, one for each source.
func claims(a *Article) []*claim {
	own := &claim{Article: a, Source: a.Source}
	at := 0
	out := []*claim{own}
	for _, p := range a.Parts {
		own.spans = append(own.spans, Span{Start: at, End: p.Span.Start})
		at = p.Span.End
		if i := slices.IndexFunc(out, func(c *claim) bool { return c != own && c.Source.same(p.Source) }); i >= 0 {
			out[i].spans = append(out[i].spans, p.Span)
			continue
		}
		out = append(out, &claim{Article: a, Source: p.Source, spans: []Span{p.Span}})
	}
	own.spans = append(own.spans, Span{Start: at, End: a.Text.Len()})
	return out
}

type verifier struct {
	ctx   context.Context
	o     Options
	yield func(Proof, error) bool
	open  []*claim // on one file
}

// prove reads the file of the open claims and yields their proofs, in order.
func (v *verifier) prove() bool {
	proofs := map[*claim]Proof{}
	note := func(c *claim, s State, err error) {
		c.done = s != Changed // another member may have the same name
		proofs[c] = Proof{Article: c.Article, Source: c.Source, State: s, Err: err}
	}
	var failure error
	s := newSink(v.o, func(a *Article, err error) bool {
		if failure == nil {
			failure = err
		}
		return true
	})
	s.o.OnSource = nil
	s.hook = func(in *input, f format) (bool, error) { return v.input(in, f, note) }
	name := v.open[0].Source.Path
	err := walk(v.ctx, s.o, []string{name}, func(in *input) error { return s.read(v.ctx, in) }, s.reject)
	if err == nil {
		err = failure
	}
	claims := v.open
	v.open = nil
	for _, c := range claims {
		p, ok := proofs[c]
		if !ok {
			p = Proof{Article: c.Article, Source: c.Source, State: Missing, Err: err}
			if p.Err == nil {
				p.Err = errors.New("not found in the source any more")
			}
		}
		if !v.yield(p, nil) {
			return false
		}
	}
	return true
}

// input proves the claims on one input; it reports false for an archive that
// has to be read on for its members.
func (v *verifier) input(in *input, f format, note func(*claim, State, error)) (bool, error) {
	var mine []*claim
	below, word := false, false
	for _, c := range v.open {
		switch {
		case c.done:
		case c.Source.Member == in.Member:
			mine = append(mine, c)
		case c.Source.Format == "docx" && (f.name == "docx" || f.name == "zip") && c.Source.Member != in.Member && namesWordPart(strings.TrimPrefix(c.Source.Member, inner(in.Member, ""))):
			mine, word = append(mine, c), true // named as Word files are, or not
		case in.Member == "" || strings.HasPrefix(c.Source.Member, in.Member+"!") || strings.HasPrefix(c.Source.Member, in.Member):
			below = true
		}
	}
	if len(mine) == 0 {
		return !below || !f.container(), nil
	}
	if slices.ContainsFunc(mine, func(c *claim) bool { return c.Source.OfRecord() }) {
		return true, in.proveRecords(mine, note)
	}
	raw, err := in.all(max(in.o.Limits.streamLimit(), in.o.Limits.pageLimit()))
	if err != nil {
		return true, err
	}
	digest := in.SHA256
	if word {
		if raw, err = in.wordXML(raw); err != nil {
			return true, err
		}
		sum := sha256.Sum256(raw)
		digest = hex.EncodeToString(sum[:])
	}
	for _, c := range mine {
		if c.Source.SHA256 != digest {
			note(c, Changed, fmt.Errorf("digest %.12s…, was %.12s…", digest, c.Source.SHA256))
			continue
		}
		c.check(raw, 0, note)
	}
	return true, nil
}

// inner returns the name of a member of a member.
func inner(outer, name string) string {
	if outer == "" {
		return name
	}
	return outer + "!" + name
}

// container reports whether inputs of the format hold members.
func (f format) container() bool {
	switch f.name {
	case "zip", "gzip", "bzip2", "zstd", "tar", "warc":
		return true
	}
	return false
}

// wordXML returns the text part of a Word file.
func (in *input) wordXML(raw []byte) ([]byte, error) {
	z, err := in.office(raw)
	if err != nil {
		return nil, err
	}
	doc := wordPart(z)
	if doc == nil {
		return nil, in.reject(ClassFormat, "", "", errors.New("no document in the file"))
	}
	return in.part(doc)
}

// proveRecords reads a stream of records once and proves the claims on them.
func (in *input) proveRecords(cs []*claim, note func(*claim, State, error)) error {
	sorted := slices.Clone(cs)
	slices.SortStableFunc(sorted, func(a, b *claim) int { return int(min(1, max(-1, a.Source.Range.Start-b.Source.Range.Start))) })
	at := int64(0)
	var raw []byte // the record read last
	start := int64(0)
	for _, c := range sorted {
		r := c.Source.Range
		if r.Start != start || int64(len(raw)) != r.End-r.Start {
			if r.Start < at || r.End < r.Start || r.End-r.Start > int64(in.o.Limits.Line) {
				note(c, Wrong, fmt.Errorf("record at bytes %d to %d", r.Start, r.End))
				continue
			}
			n, err := io.CopyN(io.Discard, in.r, r.Start-at)
			at += n
			if err == nil {
				raw = make([]byte, r.End-r.Start)
				var k int
				k, err = io.ReadFull(in.r, raw)
				raw, at, start = raw[:k], at+int64(k), r.Start
			}
			if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
				return in.reject(ClassUnreadable, fmt.Sprintf("byte %d", at), "", err)
			}
		}
		sum := sha256.Sum256(raw)
		if digest := hex.EncodeToString(sum[:]); digest != c.Source.SHA256 {
			note(c, Changed, fmt.Errorf("record %d: digest %.12s…, was %.12s…", c.Source.Record, digest, c.Source.SHA256))
			continue
		}
		c.check(raw, r.Start, note)
	}
	return nil
}

// check proves the spans of c from raw, the bytes of the source from offset at on.
func (c *claim) check(raw []byte, at int64, note func(*claim, State, error)) {
	for _, s := range c.spans {
		if err := c.Text.Slice(s).prove(raw, at); err != nil {
			note(c, Wrong, err)
			return
		}
	}
	note(c, Proved, nil)
}

// prove compares every run of t with the source bytes raw, which begin at offset at.
func (t Text) prove(raw []byte, at int64) error {
	first, last := t.span()
	for i := first; i < last; i++ {
		r, clean := t.run(i)
		if r.kind == runInserted {
			continue
		}
		from, to := r.source-at, r.source+r.length-at
		if from < 0 || to < from || to > int64(len(raw)) {
			return fmt.Errorf("bytes %d to %d lie outside the source", r.source, r.source+r.length)
		}
		src := raw[from:to]
		switch r.kind {
		case runCopied:
			if string(src) != clean {
				return fmt.Errorf("byte %d: %.40q is not %.40q", r.source, src, clean)
			}
		case runEncoded:
			got, err := codec(t.encoding()).NewDecoder().Bytes(src)
			if err != nil || string(got) != clean {
				return fmt.Errorf("byte %d: %.40q is not %.40q in %s", r.source, got, clean, t.encoding())
			}
		case runReplaced:
			if len(src) == 0 && bytes.TrimSpace([]byte(clean)) != nil {
				return fmt.Errorf("byte %d: %.40q stands for nothing", r.source, clean)
			}
		}
	}
	return nil
}

// codec returns the codec of an encoding.
func codec(e Encoding) encoding.Encoding {
	switch e {
	case GB18030:
		return simplifiedchinese.GB18030
	case Big5:
		return traditionalchinese.Big5
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return encoding.Nop
}
