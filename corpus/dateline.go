package corpus

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxDateline is how many bytes of a paragraph are looked at for the head of a dateline.
const maxDateline = 90

// A head is the dateline at the start of a paragraph with the credits in it,
// spans in the paragraph.
type head struct {
	line    Dateline
	monthly partialDay
	credits []Credit
	span    Span // all of it; line.Span too unless there is no agency: （记者 王欣）
}

// A partialDay is what a dateline says of its day: 10月21日, 21日, or nothing.
type partialDay struct{ year, month, day int }

// parseHead reads the dateline that s begins with.
//
//	本报兰州10月21日讯（新甘肃·甘肃日报记者 石岩川 通讯员 杜若谷）
//	新华社北京３月５日电（记者刘华）
//	本报讯 记者张三报道
//	（记者 王欣）
//
// The credits go into room, empty memory that may be nil.
func parseHead(room []Credit, s string) (head, bool) {
	h := head{credits: room}
	if n, ok := reported(s); ok {
		h.open(s, 0)
		return h, len(h.credits) > 0 && h.span.End >= n
	}
	if len(s) < 6 || s[0] != '(' && !strings.HasPrefix(s, "（") && !mayDate(s[:min(len(s), maxDateline)]) {
		return h, false
	}
	at := skipSpaces(s, 0)
	h.span = Span{Start: at, End: at}
	n, ok := h.agency(s[at:min(len(s), at+maxDateline)])
	if ok {
		h.span.End = at + n
		h.line.Span = h.span
	}
	i := skipSpaces(s, h.span.End)
	switch {
	case strings.HasPrefix(s[i:], "（"), strings.HasPrefix(s[i:], "("):
		h.bracket(s, i, ok)
	case ok:
		h.open(s, i)
	}
	if ok {
		h.line.Span = h.span
	}
	return h, ok || len(h.credits) > 0
}

// reported reports whether s begins with 本报记者…报道, and where the house ends.
func reported(s string) (int, bool) {
	n := bylineWords().houseLength(s)
	if n == 0 || !strings.HasPrefix(s[n:], "记者") {
		return 0, false
	}
	return n, strings.Contains(s[n:min(len(s), n+maxDateline)], "报道")
}

// mayDate reports whether one of the words that end a dateline stands in s
// before the first mark that none has inside: most paragraphs have a comma first.
func mayDate(s string) bool {
	i := dateMarks.index(s, 0)
	return i < len(s) && !agencyStops.has(firstRune(s[i:]))
}

var (
	dateMarks   = newRuneSet("讯电消，。；！？：“”（）()《》") // agencyStops too
	agencyStops = newRuneSet("，。；！？：“”（）()《》")
	openStops   = newRuneSet("、，。：:,；")

	agencyManners = newRuneSet("合专特急快频间外") // with which 综合, 专 and the like end
	closers       = newRuneSet("）)")
)

func skipSpaces(s string, i int) int {
	for i < len(s) {
		r, w := utf8.DecodeRuneInString(s[i:])
		if !isSpace(r) {
			break
		}
		i += w
	}
	return i
}

// agency reads 本报兰州10月21日讯 and returns its length.
func (h *head) agency(s string) (int, bool) {
	t := bylineWords()
	at := 0
	for _, lead := range []string{"据", "综合"} {
		if strings.HasPrefix(s, lead) {
			at = len(lead)
		}
	}
	n := t.houseLength(s[at:])
	if n == 0 {
		n = t.houseAt(s[at:])
	}
	if n == 0 {
		return 0, false
	}
	h.line.Agency = s[at : at+n]
	from := at + n
	for _, joint := range []string{"／", "/", "·", "记者"} { // 每日甘肃网/兰州讯
		if strings.HasPrefix(s[from:], joint) && joint != "记者" {
			from += len(joint)
		}
	}
	for i := dateMarks.index(s, from); i < len(s); {
		r, w := utf8.DecodeRuneInString(s[i:])
		if r == '讯' || r == '电' || r == '消' && strings.HasPrefix(s[i:], "消息") {
			if r == '消' {
				w = len("消息")
			}
			if h.between(s[from:i]) && ends(s, i+w, r, i > from) {
				return i + w, true
			}
			if r != '电' { // 酒泉电厂…电
				return 0, false
			}
		}
		if agencyStops.has(r) {
			return 0, false
		}
		i = dateMarks.index(s, i+w)
	}
	return 0, false
}

// houseLength returns the length of the longest house of media.tsv that s begins with.
func (t *bylineTables) houseLength(s string) int {
	first := firstRune(s)
	if !t.opening.has(first) {
		return 0
	}
	best := 0
	for _, h := range t.housesBy[first] {
		if len(h) > best && strings.HasPrefix(s, h) {
			best = len(h)
		}
	}
	return best
}

// houseAt returns the length of a paper's or station's name that s begins with and media.tsv does not have.
func (t *bylineTables) houseAt(s string) int {
	for _, tail := range []string{"日报", "晚报", "客户端", "新闻网", "融媒体中心", "电视台"} {
		if i := strings.Index(s, tail); i >= 6 && i <= 30 && t.house(s[:i+len(tail)]) && allHan(s[:i]) {
			return i + len(tail)
		}
	}
	return 0
}

// ends reports whether a dateline may end at byte i of s, behind r: not in 本报讯息, 新华社电话, 本报通讯员.
func ends(s string, i int, r rune, filled bool) bool {
	if i >= len(s) {
		return true
	}
	next, _ := utf8.DecodeRuneInString(s[i:])
	if isSpace(next) || strings.ContainsRune("（(：:，,—", next) || unicode.IsDigit(next) {
		return true
	}
	if r == '电' {
		return filled && !strings.ContainsRune("话视力子影台网厂站商器信气报局灯缆脑波池梯焊热", next)
	}
	return !strings.ContainsRune("员息问号飞", next)
}

// between reads what stands between the agency and 讯: place, day, both or nothing.
func (h *head) between(s string) bool {
	s = strings.TrimSpace(s)
	if agencyManners.has(firstRune(lastChar(s))) {
		for _, more := range []string{"综合", "专", "特", "急", "快", "视频", "晚间", "综合外"} {
			if cut, ok := strings.CutSuffix(s, more); ok {
				s = cut
				break
			}
		}
	}
	if i := strings.LastIndex(s, "日"); i >= 0 && i >= len(s)-len("日")-24 { // 10月21日, or 10月21日晚, 10月21日22时
		tail := s[i+len("日"):]
		if tail != "" && len(tail) > 24 {
			return false
		}
		d, start, ok := dayBefore(s[:i])
		if !ok {
			return false
		}
		h.monthly = d
		s = strings.TrimSpace(s[:start])
	}
	if s == "" {
		return true
	}
	n := utf8.RuneCountInString(s)
	if n < 2 || n > 14 || !allHan(s) || strings.HasSuffix(s, "通") || strings.HasSuffix(s, "简") {
		return false
	}
	h.line.Place = s
	return true
}

func allHan(s string) bool {
	for _, r := range s {
		if !isHan(r) && r != '、' && r != '·' && r != ' ' && r != '　' {
			return false
		}
	}
	return true
}

// dayBefore reads the day that s ends with, its last 日 already cut: 2024年10月21, 10月21, 21.
func dayBefore(s string) (partialDay, int, bool) {
	var d partialDay
	start, n := numberBefore(s)
	if n < 1 || n > 31 {
		return d, 0, false
	}
	d.day = n
	if cut, ok := strings.CutSuffix(s[:start], "月"); ok {
		if start, n = numberBefore(cut); n < 1 || n > 12 {
			return d, 0, false
		}
		d.month = n
		if cut, ok := strings.CutSuffix(s[:start], "年"); ok {
			if at, n := numberBefore(cut); n > 0 {
				start, d.year = at, n
			}
		}
	}
	return d, start, true
}

// numberBefore reads the number that s ends with, in digits of either width or
// in characters up to 三十一, and returns where it begins; -1 when there is none.
func numberBefore(s string) (int, int) {
	start := len(s)
	for start > 0 {
		r, w := utf8.DecodeLastRuneInString(s[:start])
		if digit(r) < 0 && r != '十' || len(s)-start > 15 {
			break
		}
		start -= w
	}
	if start == len(s) {
		return start, -1
	}
	return start, smallNumber(s[start:])
}

// digit returns the value of a digit of either width or a character from 〇 to 九, or -1.
func digit(r rune) int {
	switch {
	case '0' <= r && r <= '9':
		return int(r - '0')
	case '０' <= r && r <= '９':
		return int(r - '０')
	case r < '○' || r > 'Ｏ':
		return -1
	}
	switch r {
	case '〇', '零', '○', 'Ｏ':
		return 0
	case '一':
		return 1
	case '二':
		return 2
	case '三':
		return 3
	case '四':
		return 4
	case '五':
		return 5
	case '六':
		return 6
	case '七':
		return 7
	case '八':
		return 8
	case '九':
		return 9
	}
	return -1
}

// smallNumber returns the value of digits (2024, ２０２４, 二〇二四) or of 十, 二十一; -1 for anything else.
func smallNumber(s string) int {
	n, tens := 0, false
	for _, r := range s {
		if r == '十' {
			if tens || n > 9 {
				return -1
			}
			n, tens = 10*max(n, 1), true
			continue
		}
		d := digit(r)
		if d < 0 || n > 9999 {
			return -1
		}
		if tens {
			n += d
		} else {
			n = n*10 + d
		}
	}
	return n
}

// bracket reads （记者 王欣） at byte i.
func (h *head) bracket(s string, i int, dated bool) {
	open := i + len("（")
	if s[i] == '(' {
		open = i + 1
	}
	window := s[:min(len(s), open+maxByline)]
	shut := closers.index(window, open)
	if shut == len(window) {
		return
	}
	in := s[open:shut]
	end := shut + runeLen(s[shut:])
	b, ok := parseByline(h.credits, in)
	switch {
	case ok && (b.explicit || dated):
		for i := range b.credits {
			b.credits[i].Span = b.credits[i].Span.Shift(open)
		}
		h.credits = b.credits
		h.span.End = end
	case dated && len(in) <= 60 && (strings.HasPrefix(in, "记者") || strings.HasSuffix(in, "报道") || strings.HasPrefix(in, "据")):
		h.span.End = end
	}
}

// open reads credits that follow a dateline without brackets: 本报讯 记者张三报道.
func (h *head) open(s string, i int) {
	t := bylineWords()
	end, words := i, 0
	for at := i; at < len(s) && at-i < maxByline; {
		next := at
		for next < len(s) {
			r, w := utf8.DecodeRuneInString(s[next:])
			if isSpace(r) || openStops.has(r) {
				break
			}
			next += w
		}
		word := s[at:next]
		if len(word) > 90 {
			break
		}
		if cut, ok := strings.CutSuffix(word, "报道"); ok && words > 0 || ok && cut != "" {
			if _, ok := parseByline(nil, s[i:at]+cut); ok || cut == "" {
				end = next
				words++
			}
			break
		}
		got, ok := t.word(nil, word, 0, len(word))
		if !ok || words == 0 && got[0].part == nil && !got[0].house {
			break
		}
		if last := got[len(got)-1]; last.name && !t.surname(last.text) && !last.single() && utf8.RuneCountInString(last.text) > 3 {
			break
		}
		words++
		end = next
		if next < len(s) && strings.ContainsRune("，。：；", firstRune(s[next:])) {
			break
		}
		at = skipSpaces(s, next)
		if strings.HasPrefix(s[at:], "、") {
			at += len("、")
		}
	}
	if words == 0 {
		return
	}
	line := strings.TrimSuffix(s[i:end], "报道")
	if b, ok := parseByline(h.credits, line); ok && b.explicit {
		for k := range b.credits {
			b.credits[k].Span = b.credits[k].Span.Shift(i)
		}
		h.credits = b.credits
		h.span.End = end
	}
}

// firstRune returns the first character of s, which is asked of every line many
// times: those of three bytes are decoded here, for utf8 takes a call for each.
func firstRune(s string) rune {
	if len(s) > 2 && s[0]&0xf0 == 0xe0 && (s[1]^0x80|s[2]^0x80)&0xc0 == 0 {
		return rune(s[0]&0xf)<<12 | rune(s[1]&0x3f)<<6 | rune(s[2]&0x3f)
	}
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// resolve completes a partial day by the day of the issue, which it does not
// lie behind by more than a day; the zero Day when either is not known.
func (p partialDay) resolve(issue Day) Day {
	if p.day == 0 || issue.IsZero() {
		return Day{}
	}
	d := Day{Year: p.year, Month: time.Month(p.month), Day: p.day}
	if p.year != 0 {
		if p.year < 100 {
			d.Year += issue.Year / 100 * 100
		}
		if d.Valid() {
			return d
		}
		return Day{}
	}
	limit := issue.Add(0, 0, 1)
	d.Year = issue.Year
	if p.month == 0 {
		d.Month = issue.Month
		for range 2 {
			if d.Valid() && d.Compare(limit) <= 0 {
				return d
			}
			if d.Month--; d.Month == 0 {
				d.Year, d.Month = d.Year-1, 12
			}
		}
		return Day{}
	}
	if !d.Valid() || d.Compare(limit) > 0 {
		d.Year--
	}
	if d.Valid() {
		return d
	}
	return Day{}
}
