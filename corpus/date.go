package corpus

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A hint is what the path of a file says about its articles.
type hint struct {
	dates   []dating // of the file's name first, then of its folders
	edition string   // 01
	name    string   // 要闻
	paper   string
}

var (
	// 2024-10-28, 2024_10_28, 2024.10.28, 2024年10月28日, 2024-10/28, 202410/28, 20241028, 2024102801
	pathDay = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)[0-9]{2})(?:[-_./年\\ ]{1,2}|年/)?(0[1-9]|1[0-2]|[1-9])(?:[-_./月\\ ]{1,2}|月/)?(0[1-9]|[12][0-9]|3[01]|[1-9])(?:日|号)?(?:([0-9]{2})(?:[^0-9]|$)|[^0-9]|$)`)
	// 第01版, 01版, A1版, 第一版
	editionWord = regexp.MustCompile(`(?:第\s*)?([A-Z]?[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})\s*版(?:[-_：:·\s]*(\p{Han}{2,8}))?`)
	// gsrb-2024-10-28-01-…, col03, node_2
	editionPart = regexp.MustCompile(`(?:^|[-_/])(?:col|node_)?([0-9]{1,2})(?:[-_./]|$)`)
	paperPrefix = map[string]string{"gsrb": "甘肃日报", "gsjjrb": "甘肃经济日报", "gsnmb": "甘肃农民报", "xbsb": "西部商报", "lzcb": "兰州晨报", "rmrb": "人民日报"}
)

// hintOf reads the hint of a path, a member name or a URL. A day may be spread
// over a folder and what stands in it (2024-10/28/01.txt).
func hintOf(name string) hint {
	var h hint
	name = strings.ReplaceAll(name, `\`, "/")
	if i := strings.IndexAny(name, "?#"); i >= 0 && strings.Contains(name, "://") {
		name = name[:i]
	}
	base := path.Base(name)
	stem := strings.TrimSuffix(base, path.Ext(base))
	if path.Ext(base) != "" && strings.Trim(path.Ext(base), ".0123456789") == "" {
		stem = base // 2024.10.28 is no extension
	}
	folder := strings.TrimSuffix(name, base)
	origin := "filename"
	if strings.Contains(name, "://") {
		origin = "url"
	}
	rest := stem
	if d, edition, end, ok := dayIn(stem); ok {
		h.dates = append(h.dates, dating{d, origin, true})
		h.edition, rest = edition, stem[end:]
	}
	if d, _, _, ok := dayIn(folder); ok && len(h.dates) > 0 {
		where := "folder"
		if origin == "url" {
			where = origin
		}
		h.dates = append(h.dates, dating{d, where, true})
	} else if d, edition, end, ok := dayIn(folder + stem); ok && len(h.dates) == 0 {
		where := "folder"
		if origin == "url" {
			where = "url"
		} else if end > len(folder) {
			where = origin
		}
		h.dates = append(h.dates, dating{d, where, true})
		h.edition, rest = edition, (folder + stem)[end:]
	}
	var word []string
	if strings.Contains(name, "版") {
		word = editionWord.FindStringSubmatch(name)
	}
	if word != nil {
		h.edition, h.name = editionNumber(word[1]), word[2]
	} else if h.edition == "" && len(h.dates) > 0 && strings.ContainsAny(rest, "0123456789") {
		if m := editionPart.FindStringSubmatch(rest); m != nil {
			h.edition = editionNumber(m[1])
		}
	}
	for prefix, paper := range paperPrefix {
		if strings.HasPrefix(base, prefix) && (len(base) == len(prefix) || !isLetter(base[len(prefix)])) || strings.Contains(folder, "/"+prefix+"/") {
			h.paper = paper
		}
	}
	return h
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// dayIn finds the last day of the calendar in s, with an edition of two digits
// glued to it (2024102801) and the byte where both end.
func dayIn(s string) (d Day, edition string, end int, ok bool) {
	for at := yearAt(s, 0); at < len(s); at = yearAt(s, at) {
		m := pathDay.FindStringSubmatchIndex(s[at:])
		if m == nil {
			break
		}
		num := func(i int) int { n, _ := strconv.Atoi(s[at+m[2*i] : at+m[2*i+1]]); return n }
		got := Day{num(1), time.Month(num(2)), num(3)}
		if got.Valid() && fullDay(s[at+m[2]:at+m[7]]) {
			d, end, edition, ok = got, at+m[7], "", true
			if m[8] >= 0 {
				edition, end = s[at+m[8]:at+m[9]], at+m[9]
			}
		}
		at += m[2] + 1
	}
	return d, edition, end, ok
}

// yearAt returns the next place in s, from byte i on, at which the year of a
// pathDay may stand, or len(s): the expression is dear, and most paths have one or none.
func yearAt(s string, i int) int {
	from := i
	for ; i+4 < len(s); i++ {
		if (s[i] == '1' && s[i+1] == '9' || s[i] == '2' && s[i+1] == '0') && isDigit(s[i+2]) && isDigit(s[i+3]) && (i == from || !isDigit(s[i-1])) {
			return i
		}
	}
	return len(s)
}

// fullDay refuses days whose parts are told apart by nothing and are not of full width: 2024128.
func fullDay(s string) bool {
	digits := 0
	for _, c := range []byte(s) {
		if '0' <= c && c <= '9' {
			digits++
		}
	}
	return digits == 8 || len(s) > digits+1
}

// editionNumber returns the number of an edition with two digits: 01 of 1, 第一, A1 → A01.
func editionNumber(s string) string {
	letter := ""
	if s != "" && isLetter(s[0]) {
		letter, s = s[:1], s[1:]
	}
	n := smallNumber(s)
	if n < 0 {
		return letter + s
	}
	if n < 10 {
		return letter + "0" + strconv.Itoa(n)
	}
	return letter + strconv.Itoa(n)
}

// A pageHead is what the running head of a page or the line under a headline says:
//
//	甘肃日报 2024年10月28日 星期一 第01版：要闻
//	发布时间：2024-10-28 08:30 来源：甘肃日报
type pageHead struct {
	day           Day
	edition, name string
	paper         string
}

var (
	headDay   = regexp.MustCompile(`((?:19|20)[0-9]{2}|[１２][０-９]{3}|[一二][一二三四五六七八九〇零○]{3})\s*[-_./年]/?\s*([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})\s*[-_./月]/?\s*([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})\s*日?`)
	headNoise = regexp.MustCompile(`(?:星期|周)[一二三四五六日天]|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|(?:农历)?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年?|(?:正|腊|冬|闰?[二三四五六七八九十])月(?:初|十|廿|二十|三十|卅)[一二三四五六七八九十]?|农历|今日[0-9一二三四五六七八九十]+版|第[0-9]+期|总第?[0-9]+[期号]|发布时间|更新时间|发表时间|时间|日期|版次|来源|来自|报纸|文章来源|出版日期|公历`)
)

// parsePageHead reads a line that holds nothing but paper, day, weekday and edition.
func parsePageHead(s string) (pageHead, bool) {
	var h pageHead
	if len(s) > 240 || len(s) < 6 || !mayHead(s) {
		return h, false
	}
	m := headDay.FindStringSubmatchIndex(s)
	e := editionWord.FindStringSubmatchIndex(s)
	if m == nil && e == nil {
		return h, false
	}
	rest := s
	if m != nil {
		h.day = Day{smallNumber(s[m[2]:m[3]]), time.Month(smallNumber(s[m[4]:m[5]])), smallNumber(s[m[6]:m[7]])}
		if !h.day.Valid() {
			return pageHead{}, false
		}
		rest = s[:m[0]] + " " + s[m[1]:]
	}
	if m == nil && !strings.Contains(s, "第") && !strings.Contains(s, "版：") && !strings.Contains(s, "版:") {
		if _, house := paperIn(strings.TrimSpace(s[:e[0]])); !house {
			return h, false // 2版 我省再增四家: a guide to other pages
		}
	}
	rest = headNoise.ReplaceAllString(rest, " ")
	if e := editionWord.FindStringSubmatchIndex(rest); e != nil {
		h.edition = editionNumber(rest[e[2]:e[3]])
		end := e[1]
		if e[4] >= 0 {
			if _, house := paperIn(rest[e[4]:e[5]]); house {
				end = e[4]
			} else {
				h.name = rest[e[4]:e[5]]
			}
		}
		rest = rest[:e[0]] + " " + rest[end:]
	}
	for _, word := range strings.FieldsFunc(rest, func(r rune) bool {
		return isSpace(r) || strings.ContainsRune(":：|｜/／,，、·-—_[]【】()（）<>《》", r)
	}) {
		if p, ok := paperIn(word); ok {
			h.paper = p
		} else if boilerplateWords().button(word) {
			continue // 上一版, 往期回顾: a page pasted with its buttons
		} else if h.name == "" && h.edition != "" && utf8.RuneCountInString(word) <= 6 && allHan(word) {
			h.name = word
		} else {
			return pageHead{}, false
		}
	}
	return h, true
}

// mayHead reports whether a year or the word for page stands in s.
func mayHead(s string) bool {
	for i := headMarks.index(s, 0); i < len(s); {
		r, w := utf8.DecodeRuneInString(s[i:])
		if r == '版' {
			return true
		}
		var year [4]int
		year[0] = digit(r)
		rest := s[i+w:]
		for k := 1; k < 4; k++ {
			r, w := utf8.DecodeRuneInString(rest)
			year[k], rest = digit(r), rest[w:]
		}
		if (year[0] == 1 && year[1] == 9 || year[0] == 2 && year[1] == 0) && year[2] >= 0 && year[3] >= 0 {
			return true
		}
		i = headMarks.index(s, i+w)
	}
	return false
}

// headMarks are the word for page and the first digits of years.
var headMarks = newRuneSet("版12１２一二")

// paperIn reports whether word is the name of a paper.
func paperIn(word string) (string, bool) {
	if strings.HasPrefix(word, "本") {
		return "", bylineWords().house(word)
	}
	return word, bylineWords().house(word)
}

// trust ranks the origins of a day, the most trusted first.
var trust = []string{"tag", "url", "filename", "folder", "body", "option"}

// weigh returns the most trusted of the days; it is certain when none of the
// others disagrees. Days of the option count only where no other is known.
func weigh(dates []dating) dating {
	best := dating{}
	rank := len(trust)
	agree := true
	for _, d := range dates {
		if d.day.IsZero() || !d.day.Valid() {
			continue
		}
		i := slices.Index(trust, d.origin)
		if i < 0 {
			i = len(trust) - 1
		}
		if best.origin != "" && d.day != best.day && d.origin != "option" && best.origin != "option" {
			agree = false
		}
		if i < rank {
			best, rank = d, i
		}
	}
	best.certain = best.certain && agree
	return best
}
