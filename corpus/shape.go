package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What the end and the beginning of a line say about it.

// maxTitle is the length in bytes from which a line is no headline.
const maxTitle = 150

// endsProse reports whether the last character of s is one that ends no
// headline, byline, credit or note: most lines of a page are text, and this tells.
func endsProse(s string) bool {
	if len(s) < 3 {
		return false
	}
	switch s[len(s)-3:] {
	case "。", "；", "，", "：", "、", "”", "！", "？", "…", "—":
		return true
	}
	return false
}

// endsHard reports whether s ends with a mark that ends no headline.
func endsHard(s string) bool {
	switch s[max(0, len(s)-3):] {
	case "。", "；", "，", "：", "、":
		return true
	}
	return false
}

// endsSentence reports whether s ends as a whole sentence does.
func endsSentence(s string) bool {
	for i := 0; i < 3 && s != ""; i++ {
		r, w := utf8.DecodeLastRuneInString(s)
		switch r {
		case '。', '！', '？', '!', '?', '…', '；', ';', '：', ':', '—':
			return true
		case '.':
			return len(s) > 1 && s[len(s)-2] > '9'
		case '”', '’', '」', '』', '）', ')', '》', '"', '】':
			s = s[:len(s)-w]
		default:
			return false
		}
	}
	return false
}

// endsWhole reports whether a paragraph that ends as s does can be whole: at
// the end of a sentence, or of a quotation or bracket that encloses all of it.
func endsWhole(s string) bool {
	if endsSentence(s) {
		return true
	}
	last, w := utf8.DecodeLastRuneInString(s)
	first, _ := utf8.DecodeRuneInString(s)
	switch last {
	case '”':
		return first == '“' && strings.Count(s, "“") == 1
	case '）', ')':
		if first == '（' || first == '(' {
			return true
		}
		open := strings.LastIndexAny(s[:len(s)-w], "（(")
		return open > 0 && endsSentence(s[:open])
	case '】', ']':
		return first == '【' || first == '['
	}
	return false
}

// startsInside reports whether s begins with a mark that cannot begin a paragraph.
func startsInside(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return insideMarks.has(r)
}

var (
	insideMarks    = newRuneSet("，。、；：！？）》”’」』】,;:!?)%％")
	captionOpeners = newRuneSet("图上下左右题本压制（照资小大主组")
	itemOpeners    = newRuneSet("■□●○◆◇▲△★☆※►▶①②③④⑤⑥⑦⑧⑨⑩⑪⑫•·-*【")
	ruleMarks      = newRuneSet("-－—─━=＝*＊_~·.…☆★◆◇■□●○※#")
)

// startsItem reports whether s begins as an item of a list or a speaker's turn does.
func startsItem(s string) bool {
	r, w := utf8.DecodeRuneInString(s)
	if itemOpeners.has(r) {
		return true
	}
	rest := s[w:]
	switch {
	case digit(r) >= 0 || r == '十':
		for rest != "" {
			r, w := utf8.DecodeRuneInString(rest)
			if digit(r) < 0 && r != '十' {
				return r == '、' || r == '．' || r == ')' || r == '）' || r == '.' && len(rest) > 1 && digit(firstRune(rest[1:])) < 0
			}
			rest = rest[w:]
		}
	case r == '（' || r == '(':
		c, w := utf8.DecodeRuneInString(rest)
		return digit(c) >= 0 && strings.ContainsRune("）)", firstRune(rest[w:])) || c == '十'
	case r == '第':
		return strings.HasPrefix(rest[min(len(rest), runeLen(rest)):], "、") || strings.HasPrefix(rest, "一条") || strings.HasPrefix(rest, "一章")
	}
	return false
}

func runeLen(s string) int {
	_, w := utf8.DecodeRuneInString(s)
	return w
}

// titleShaped reports whether s may be a headline: short, and not ended as a sentence is.
func titleShaped(s string) bool {
	if len(s) > maxTitle || utf8.RuneCountInString(s) > 42 || len(s) < 3 {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	if strings.ContainsRune("。；，、：;,:", r) {
		return false
	}
	if strings.ContainsRune("，。；", r) || strings.Contains(s, "。") || startsInside(s) {
		return false
	}
	if isCaptionLead(s) || strings.HasPrefix(s, "记者：") || strings.HasPrefix(s, "问：") || strings.HasPrefix(s, "答：") || strings.HasPrefix(s, "记者:") {
		return false
	}
	return strings.IndexFunc(s, unicode.IsLetter) >= 0 || strings.IndexFunc(s, unicode.IsDigit) >= 0
}

// isCaptionLead reports whether s begins as captions do.
func isCaptionLead(s string) bool {
	if in, ok := bracketed(s); ok {
		s = in
	}
	if !captionOpeners.has(firstRune(s)) {
		return false
	}
	if in, ok := strings.CutPrefix(s, "图"); ok {
		if r := firstRune(in); isCircled(r) || '⑴' <= r && r <= '⒇' || digit(r) >= 0 && strings.ContainsAny(in[:min(len(in), 12)], "：:为　 ") {
			return true
		}
	}
	for _, lead := range []string{"图为", "上图", "下图", "左图", "右图", "图①", "图②", "图③", "图④", "图1", "图2", "图3", "图一：", "图二：", "题图", "本版图片", "本文图片", "压题照片", "制图", "图表", "图片由", "（图片", "照片由", "资料图", "图：", "小图", "大图", "主图", "组图"} {
		if strings.HasPrefix(s, lead) {
			return true
		}
	}
	return false
}

// openEnd reports whether a line that is short breaks off in the middle of its syntax.
func openEnd(s string) bool {
	for _, tail := range []string{"的", "和", "与", "及", "在", "为", "将", "对", "从", "把", "让", "使", "是", "以", "向", "被", "由", "于", "等", "我们", "他们", "并", "也", "了", "就", "都", "而", "或", "最", "更", "、", "，", "·"} {
		if strings.HasSuffix(s, tail) {
			return true
		}
	}
	return unclosed(s)
}

// unclosed reports whether a quotation or bracket of s is still open at its end.
func unclosed(s string) bool {
	if len(s) > 3000 {
		s = s[len(s)-3000:]
	}
	return strings.LastIndex(s, "“") > strings.LastIndex(s, "”") || strings.LastIndex(s, "《") > strings.LastIndex(s, "》") ||
		strings.LastIndex(s, "（") > strings.LastIndex(s, "）")
}

// balanced reports whether the clauses of a short line are about equally long,
// as in headings: 水到田头，粮上新楼.
func balanced(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("，,；; 　", r) })
	if len(parts) < 2 {
		return true
	}
	lo, hi := 1<<20, 0
	for _, p := range parts {
		n := utf8.RuneCountInString(p)
		lo, hi = min(lo, n), max(hi, n)
	}
	return hi-lo <= 2 || hi <= 2*lo-2
}

// isRule reports whether s is a line that only separates: ----, ＊＊＊, ====.
func isRule(s string) bool {
	if len(s) < 3 || len(s) > 400 {
		return false
	}
	first, w := utf8.DecodeRuneInString(s)
	if !ruleMarks.has(first) || len(s) < 3*w {
		return false
	}
	for _, r := range s {
		if r != first && !isSpace(r) {
			return false
		}
	}
	return true
}

// Characters around 下转第三版.
var (
	turnMarks   = newRuneSet(" 　（(【[<《▶►→▷>》")
	turnOpeners = newRuneSet(" 　（(【[<《▶►→▷>》下转上紧接续")
	turnClosers = newRuneSet("版）)】]>》▶►←◁· ")
)

// isContinuation reports whether s is a line such as （下转第三版） or 上接01版, and how long it is
// when it stands at the start of s.
func isContinuation(s string) (c continued, n int, ok bool) {
	if !turnOpeners.has(firstRune(s)) {
		return c, 0, false
	}
	at := len(s) - len(turnMarks.trimLeft(s))
	for _, lead := range []struct {
		word string
		next bool
	}{{"下转", true}, {"转第", true}, {"上接", false}, {"紧接", false}, {"接第", false}, {"续接", false}} {
		if !strings.HasPrefix(s[at:], lead.word) {
			continue
		}
		i := at + len(lead.word)
		if strings.HasSuffix(lead.word, "第") {
			i -= len("第")
		}
		rest := s[i:]
		end := strings.Index(rest, "版")
		if end < 0 || end > 20 {
			return c, 0, false
		}
		num := strings.TrimPrefix(strings.TrimSpace(rest[:end]), "第")
		for _, r := range num {
			if digit(r) < 0 && r != '十' && !('A' <= r && r <= 'Z') && !isSpace(r) {
				return c, 0, false
			}
		}
		c.next, c.edition = lead.next, editionNumber(strings.TrimSpace(num))
		i += end + len("版")
		tail := len(strings.TrimLeft(s[i:], "）)】]>》▶►←◁· "))
		return c, len(s) - tail, true
	}
	return c, 0, false
}

// A continued says where the other part of an article stands.
type continued struct {
	next    bool   // 下转; else 上接
	edition string // 03
}

// continuationTail returns where a continuation begins that ends s, or len(s).
func continuationTail(s string) int {
	if last, _ := utf8.DecodeLastRuneInString(s); !turnClosers.has(last) {
		return len(s)
	}
	from := max(0, len(s)-60)
	for _, word := range []string{"下转", "转第", "上接"} {
		i := strings.LastIndex(s[from:], word)
		if i < 0 {
			continue
		}
		at := from + i
		for at > 0 {
			r, w := utf8.DecodeLastRuneInString(s[:at])
			if !strings.ContainsRune("（(【[▶►→▷ 　<《", r) {
				break
			}
			at -= w
		}
		if _, n, ok := isContinuation(s[at:]); ok && at+n == len(s) && at > 0 {
			return at
		}
	}
	return len(s)
}
