package corpus

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// warcRecordOf makes a record of a crawl.
func warcRecordOf(kind, url, mediaType string, block []byte) []byte {
	return fmt.Appendf(nil, "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", kind, url, mediaType, len(block), block)
}

func response(head string, body []byte) []byte {
	return append([]byte("HTTP/1.1 "+head+"\r\n\r\n"), body...)
}

func TestWARC(t *testing.T) {
	url := "http://szb.example/gsrb/html/2009-11/03/content_%d.htm"
	gbk := encodeAs(t, oldFounder, GB18030)
	// Without the charset of the page only the head of the response says it.
	bare := encodeAs(t, strings.Replace(oldFounder, "; charset=gb2312", "", 1), GB18030)
	chunked := fmt.Appendf(nil, "%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", 100, gbk[:100], len(gbk)-100, gbk[100:])
	records := bytes.Join([][]byte{
		warcRecordOf("warcinfo", "", "application/warc-fields", []byte("software: x\r\n")),
		warcRecordOf("request", fmt.Sprintf(url, 1), "application/http; msgtype=request", []byte("GET / HTTP/1.1\r\n\r\n")),
		warcRecordOf("response", fmt.Sprintf(url, 1), "application/http; msgtype=response", response("200 OK\r\nContent-Type: text/html; charset=gb2312", bare)),
		warcRecordOf("response", fmt.Sprintf(url, 2), "application/http; msgtype=response", response("200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked", chunked)),
		warcRecordOf("response", fmt.Sprintf(url, 3), "application/http; msgtype=response", response("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip", makeGzip(t, gbk))),
		warcRecordOf("response", fmt.Sprintf(url, 4), "application/http; msgtype=response", response("404 Not Found\r\nContent-Type: text/html", []byte("<html>没有</html>"))),
		warcRecordOf("response", "http://szb.example/a.jpg", "application/http; msgtype=response", response("200 OK\r\nContent-Type: image/jpeg", []byte("\xff\xd8\xff"))),
		warcRecordOf("response", fmt.Sprintf(url, 5), "application/http; msgtype=response", response("200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked", gbk)),
		warcRecordOf("response", fmt.Sprintf(url, 6), "application/http; msgtype=response", response("302 Found\r\nLocation: /", nil)),
		warcRecordOf("revisit", fmt.Sprintf(url, 1), "application/http; msgtype=response", response("200 OK\r\nContent-Type: text/html", nil)),
		warcRecordOf("resource", "http://szb.example/b.png", "image/png", []byte("PNG")),
		warcRecordOf("resource", "http://szb.example/b.css", "text/css", []byte("p{}")),
		warcRecordOf("resource", "http://szb.example/2009-11-04/x.txt", "text/plain", page("陇东修通村道")),
	}, nil)
	const want = "疏勒河畔棉花丰收 | 疏勒河畔棉花丰收 | 疏勒河畔棉花丰收 | 疏勒河畔棉花丰收 | 陇东修通村道"
	for name, raw := range map[string][]byte{"x.warc": records, "x.warc.gz": makeGzip(t, records)} {
		passed := ""
		o := Options{OnPassed: func(s Source, n map[string]int) { passed += fmt.Sprint(n) }}
		arts, rejs := collect(t, o, save(t, name, raw))
		if want := "map[image:2 redirect:1 revisit:1 stylesheet:1]"; passed != want {
			t.Errorf("%s: passed over %s, want %s", name, passed, want)
		}
		if titles(arts) != want || len(rejs) != 1 || rejs[0].Class != ClassMissing || !strings.HasSuffix(rejs[0].Err.Error(), "refused: 1 with status 404") {
			t.Fatalf("%s: %s %v", name, titles(arts), rejs)
		}
		if a := arts[0]; a.Source.Member != fmt.Sprintf(url, 1) || a.Date.String() != "2009-11-03" || a.Source.Encoding != GB18030 || len(a.Warnings) > 0 {
			t.Errorf("%s: %+v %s %q", name, a.Source, a.Date, a.Warnings)
		}
		if arts[4].Date.String() != "2009-11-04" {
			t.Errorf("%s: %s", name, arts[4].Date)
		}
	}
	// Two records, each compressed by itself, as crawlers write them; the second is cut off.
	two := append(makeGzip(t, warcRecordOf("resource", "http://x/1.txt", "text/plain", page("陇东修通村道"))), cut(makeGzip(t, warcRecordOf("resource", "http://x/2.txt", "text/plain", page("河西水稳粮丰"))), 0.8)...)
	if arts, rejs := collect(t, Options{}, save(t, "x.warc.gz", two)); titles(arts) != "陇东修通村道" || len(rejs) == 0 || rejs[0].Class != ClassFormat {
		t.Error(titles(arts), rejs)
	}
	for name, raw := range map[string]string{
		"no length": "WARC/1.0\r\nWARC-Type: resource\r\n\r\n", "no record": "WARC/1.0\r\nContent-Length: 3\r\n\r\nabc\r\n\r\nrubbish\r\n", "head without end": "WARC/1.0\r\n" + strings.Repeat("a: b\r\n", 300_000),
	} {
		if _, rejs := collect(t, Options{}, save(t, "x.warc", []byte(raw))); len(rejs) != 1 || rejs[0].Class != ClassFormat || rejs[0].Hint == "" {
			t.Errorf("%s: %v", name, rejs)
		}
	}
}
