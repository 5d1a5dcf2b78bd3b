package corpus

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// A crawl in WARC (ISO 28500) is read record after record. The pages among its
// response, resource and conversion records become inputs with their URL as
// member name. What a browser would not show as text, redirects and error pages
// are passed over and counted (Options.OnPassed); where a site refused pages, one
// rejection at the end counts them.

func sniffWARC(head []byte) bool { return bytes.HasPrefix(head, []byte("WARC/")) }

// warcTypes are the media types of records that may hold articles; "" is a record without one.
var warcTypes = []string{"", "text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/pdf", "application/json",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/octet-stream"}

func readWARC(ctx context.Context, in *input, out *sink) error {
	if err := in.deep(); err != nil {
		return err
	}
	c := newCounter(in.r)
	records := 0
	refused := map[int]int{} // records by their HTTP status
	passed := map[string]int{}
	defer func() {
		if in.o.OnPassed != nil && len(passed) > 0 {
			in.o.OnPassed(in.Source, passed)
		}
	}()
	for {
		rec, err := nextWARC(c)
		if err == io.EOF {
			break
		}
		if err != nil {
			if rej := (*Rejection)(nil); errors.As(err, &rej) {
				return err
			}
			return in.reject(ClassFormat, fmt.Sprintf("byte %d", c.n), fmt.Sprintf("the file is damaged here; %d records before it were read", records), damaged(err))
		}
		records++
		if err := in.warcRecord(ctx, rec, refused, passed, out); err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, rec.block); err != nil || rec.block.N > 0 {
			return in.reject(ClassFormat, fmt.Sprintf("byte %d", c.n), fmt.Sprintf("the file is cut off here; %d records before it were read", records-1), errCut)
		}
	}
	if records == 0 {
		return in.reject(ClassEmpty, "", "remove it, or make it anew", errors.New("no record in the file"))
	}
	if len(refused) > 0 {
		return in.reject(ClassMissing, "", "fetch them again where they matter: the crawl has no text of them", errors.New(refusals(refused)))
	}
	return nil
}

// refusals says how many pages a site refused, and with which status.
func refusals(by map[int]int) string {
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(by)) {
		parts = append(parts, fmt.Sprintf("%d with status %d", by[status], status))
	}
	return "pages that the site refused: " + strings.Join(parts, ", ")
}

// A warcRecord is the head of a record, and its block still to be read.
type warcRecord struct {
	head  textproto.MIMEHeader
	start int64
	block *io.LimitedReader
}

func nextWARC(c *counter) (*warcRecord, error) {
	const headLimit = 1 << 20
	lines := &io.LimitedReader{R: c, N: headLimit}
	line := func() (string, error) {
		var b []byte
		for lines.N > 0 {
			x, err := c.ReadByte()
			if err != nil {
				if err == io.EOF && len(b) > 0 {
					err = io.ErrUnexpectedEOF
				}
				return "", err
			}
			lines.N--
			if x == '\n' {
				return strings.TrimRight(string(b), "\r"), nil
			}
			b = append(b, x)
		}
		return "", errors.New("head of a record without an end")
	}
	version := ""
	for version == "" { // the blank lines behind the record before
		l, err := line()
		if err != nil {
			return nil, err
		}
		version = l
	}
	if !strings.HasPrefix(version, "WARC/") {
		return nil, fmt.Errorf("%.20q where a record should begin", version)
	}
	rec := &warcRecord{head: textproto.MIMEHeader{}, start: c.n - int64(len(version)) - 2}
	for {
		l, err := line()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
		if l == "" {
			break
		}
		if key, value, ok := strings.Cut(l, ":"); ok {
			rec.head.Add(strings.TrimSpace(key), strings.TrimSpace(value))
		}
	}
	n, err := strconv.ParseInt(rec.head.Get("Content-Length"), 10, 64)
	if err != nil || n < 0 {
		return nil, fmt.Errorf("record without a valid Content-Length: %.20q", rec.head.Get("Content-Length"))
	}
	rec.block = &io.LimitedReader{R: c, N: n}
	return rec, nil
}

// warcRecord hands the page of one record on, or counts it in refused or passed.
func (in *input) warcRecord(ctx context.Context, rec *warcRecord, refused map[int]int, passed map[string]int, out *sink) error {
	kind := strings.ToLower(rec.head.Get("WARC-Type"))
	if kind == "revisit" {
		passed["revisit"]++ // the page as it was fetched before
	}
	if !slices.Contains([]string{"response", "resource", "conversion"}, kind) {
		return nil
	}
	url := strings.Trim(rec.head.Get("WARC-Target-URI"), "<>")
	if strings.HasPrefix(url, "dns:") || strings.HasPrefix(url, "metadata:") || !in.wants(url) {
		return nil
	}
	m := in.member(url, rec.block, -1, func() int64 { return 1 << 40 }) // the record itself is not compressed
	m.depth = in.depth
	mediaType := rec.head.Get("Content-Type")
	if mt, _, _ := mime.ParseMediaType(mediaType); kind == "response" && (mt == "application/http" || strings.HasPrefix(url, "http")) {
		page, head, err := httpBody(m)
		if err != nil {
			return out.reject(asRejection(m, err))
		}
		if head == nil || head.StatusCode != 0 && head.StatusCode/100 != 2 {
			if head != nil && head.StatusCode >= 400 && head.StatusCode < 600 && !strings.HasSuffix(url, "/robots.txt") {
				refused[head.StatusCode]++
			} else if head != nil && head.StatusCode/100 == 3 {
				passed["redirect"]++
			}
			return nil
		}
		mediaType = head.Header.Get("Content-Type")
		m.r, m.at, m.size = bytes.NewReader(page), bytes.NewReader(page), int64(len(page))
	}
	mt, params, _ := mime.ParseMediaType(mediaType)
	if mt == "" {
		mt, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(mediaType)), ";")
	}
	if !slices.Contains(warcTypes, mt) {
		passed[mediaSort(mt)]++
		return nil
	}
	m.charset = params["charset"]
	return out.read(ctx, m)
}

// mediaSort is what a media type without text is called: image, font, audio,
// video, stylesheet, script; other for the rest, whose names a crawl can make up.
func mediaSort(mediaType string) string {
	sort, sub, _ := strings.Cut(mediaType, "/")
	switch {
	case sort == "image" || sort == "font" || sort == "audio" || sort == "video":
		return sort
	case sub == "css":
		return "stylesheet"
	case strings.HasSuffix(sub, "javascript") || strings.HasSuffix(sub, "ecmascript"):
		return "script"
	}
	return "other"
}

func asRejection(in *input, err error) *Rejection {
	if rej := (*Rejection)(nil); errors.As(err, &rej) {
		return rej
	}
	return in.reject(ClassFormat, "", "fetch the page again", damaged(err))
}

// httpBody reads an HTTP response out of m.r: its head, and its body without
// chunks and compression.
func httpBody(m *input) ([]byte, *http.Response, error) {
	limit := m.o.Limits.pageLimit()
	block, err := readAll(io.LimitReader(m.r, limit+1), -1)
	if err != nil {
		return nil, nil, err
	}
	if int64(len(block)) > limit {
		return nil, nil, m.tooLarge(limit)
	}
	if len(block) == 0 {
		return nil, nil, nil
	}
	resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(block)), nil)
	if err != nil {
		return nil, nil, fmt.Errorf("broken HTTP head: %w", err)
	}
	defer resp.Body.Close()
	body, err := readAll(io.LimitReader(resp.Body, limit+1), -1)
	if err != nil {
		// Some crawlers store the body as it was after the transfer, or of
		// another length than the head says.
		_, body, _ = bytes.Cut(block, []byte("\r\n\r\n"))
	}
	switch enc := strings.ToLower(resp.Header.Get("Content-Encoding")); enc {
	case "", "identity", "none":
	case "gzip", "x-gzip", "deflate":
		body, err = unpackBody(m, body, enc)
		if err != nil {
			return nil, nil, err
		}
	default:
		if !bytes.Contains(body[:min(len(body), 1024)], []byte("<")) {
			return nil, nil, m.reject(ClassUnsupported, "", "let the crawler ask for gzip", fmt.Errorf("body in content encoding %.20q", enc))
		}
	}
	return body, resp, nil
}

func unpackBody(m *input, body []byte, enc string) ([]byte, error) {
	c := newCounter(bytes.NewReader(body))
	var r io.Reader
	var err error
	if enc == "deflate" {
		r, err = zlib.NewReader(c)
	} else {
		r, err = gzip.NewReader(c)
	}
	if err != nil {
		if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
			return body, nil // unpacked by the crawler, and the head not mended
		}
		return nil, err
	}
	unpacked := &memberReader{r: r, in: m, packed: func() int64 { return c.n }, total: m.bomb, limit: m.o.Limits.Member}
	limit := m.o.Limits.pageLimit()
	out, err := readAll(io.LimitReader(unpacked, limit+1), -1)
	if err != nil {
		return nil, err
	}
	if int64(len(out)) > limit {
		return nil, m.tooLarge(limit)
	}
	return out, nil
}
