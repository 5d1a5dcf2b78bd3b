package corpus

import (
	"strings"
	"unicode/utf8"
)

// maxCaption is how many characters a caption has at most.
const maxCaption = 260

// A tail is the credit at the end of a paragraph.
type tail struct {
	start   int // where it begins, its bracket included
	credits []Credit
	photo   bool // of a photograph
	bracket int  // bytes of the bracket that stands behind it and is no part of it
}

// tailCredit reads the credit that ends a paragraph:
//
//	…收割。新甘肃·甘肃日报通讯员 王七步 摄
//	…全面投产。（记者 王欣）
//	…现场。（新华社发）
//
// The credits go into room, empty memory that may be nil.
func tailCredit(room []Credit, s string) (tail, bool) {
	last, w := utf8.DecodeLastRuneInString(s)
	if last == '。' || last == '”' || last == '！' || last == '？' || last == '：' || last == '；' || last == '，' {
		return tail{}, false
	}
	if last == '）' || last == ')' || last == '】' || last == ']' {
		if in, ok := bracketed(s); ok && isCaptionLead(s) { // （题图为…。王欣 摄）
			off := strings.Index(s, in)
			t, ok := tailCredit(room, in)
			t.start += off
			for i := range t.credits {
				t.credits[i].Span = t.credits[i].Span.Shift(off)
			}
			t.bracket = len(s) - off - len(in)
			return t, ok && t.start > off
		}
		return bracketTail(room, s, w)
	}
	from := max(0, len(s)-200)
	for from > 0 && !utf8.RuneStart(s[from]) {
		from++
	}
	var starts [12]int
	for _, start := range tailStarts(starts[:0], s, from) {
		line := s[start:]
		b, ok := parseByline(room, line)
		if !ok || !b.explicit {
			if isPhotoNote(line) && start > 0 {
				return tail{start: start, photo: true}, true
			}
			continue
		}
		for i := range b.credits {
			b.credits[i].Span = b.credits[i].Span.Shift(start)
		}
		return tail{start: start, credits: b.credits, photo: b.photo() || oneSentence(s[:start])}, true
	}
	return tail{}, false
}

const sentenceStops = "。！？”）)!?】"

var (
	stops        = newRuneSet(sentenceStops)
	stopsAndGaps = newRuneSet(sentenceStops + " 　")
)

// tailStarts returns where a credit at the end of s may begin: behind the last
// end of a sentence, and behind wide gaps, the leftmost first; out is empty memory.
func tailStarts(out []int, s string, from int) []int {
	for i := stopsAndGaps.index(s, from); i < len(s); {
		r, w := utf8.DecodeRuneInString(s[i:])
		end := i + w
		if stops.has(r) {
			out = out[:0]
			if at := skipSpaces(s, end); at < len(s) {
				out = append(out, at)
			}
		} else if at := skipSpaces(s, i); at < len(s) && i > 0 {
			if len(out) < 12 {
				out = append(out, at)
			}
			end = at
		}
		i = stopsAndGaps.index(s, end)
	}
	return out
}

// bracketTail reads a credit in brackets at the end of s.
func bracketTail(room []Credit, s string, w int) (tail, bool) {
	from := max(0, len(s)-200)
	open := strings.LastIndexAny(s[from:len(s)-w], "（([【")
	if open < 0 {
		return tail{}, false
	}
	open += from
	in, ok := bracketed(s[open:])
	if !ok || open == 0 {
		return tail{}, false
	}
	rest := strings.TrimRight(s[:open], " 　")
	if isPhotoNote(in) {
		return tail{start: open, photo: true}, true
	}
	if isSourceNote(in) && endsSentence(rest) {
		return tail{start: open}, true
	}
	b, ok := parseByline(room, in)
	if !ok || !b.explicit {
		return tail{}, false
	}
	off := open + strings.Index(s[open:], in)
	for i := range b.credits {
		b.credits[i].Span = b.credits[i].Span.Shift(off)
	}
	return tail{start: open, credits: b.credits, photo: b.photo()}, true
}

// oneSentence reports whether s is one short sentence, as a caption is.
func oneSentence(s string) bool {
	s = strings.TrimRight(s, " 　")
	return utf8.RuneCountInString(s) <= 80 && strings.Count(s, "。") <= 1 && (strings.HasSuffix(s, "。") || !strings.Contains(s, "。"))
}

// isPhotoNote reports whether s is a credit of a photograph that names no person: 新华社发, 资料图片.
func isPhotoNote(s string) bool {
	s = strings.Trim(s, "（）()【】[] 　。")
	if s == "" || len(s) > 90 {
		return false
	}
	switch s {
	case "资料图片", "资料图", "资料照片", "新华社发", "图片来自网络", "图片由受访者提供", "受访者供图", "视频截图", "网络图片", "本报资料图片", "本报资料照片", "CFP供图":
		return true
	}
	if cut, ok := strings.CutSuffix(s, "供图"); ok {
		return cut != "" && utf8.RuneCountInString(cut) <= 20 && !strings.ContainsAny(cut, "，。")
	}
	if cut, ok := strings.CutSuffix(s, "提供"); ok {
		what, who, ok := strings.Cut(cut, "由")
		return ok && who != "" && (strings.HasSuffix(what, "图片") || strings.HasSuffix(what, "照片") || strings.HasSuffix(what, "图"))
	}
	return false
}

// isSourceNote reports whether s says where the text comes from: 据新华社, 本报综合.
func isSourceNote(s string) bool {
	if len(s) > 120 || strings.ContainsAny(s, "。；") {
		return false
	}
	for _, head := range []string{"据新华社", "据《", "据人民", "据中新", "据央视", "摘自", "转自", "原载", "本报综合", "综合本报", "综合新华社", "来源：", "据科技日报", "据光明日报", "据经济日报", "新华社", "本报讯"} {
		if strings.HasPrefix(s, head) {
			return true
		}
	}
	return false
}

// isCaption reports whether a paragraph is the caption of a photograph. The
// credit at its end goes into *t when it was read, into the memory of its credits.
func isCaption(s string, t *tail) bool {
	if len(s) > 3*maxCaption+200 || endsProse(s) && !isCaptionLead(s) || utf8.RuneCountInString(s) > maxCaption {
		return false
	}
	if isCaptionLead(s) && !strings.HasPrefix(s, "图表") {
		return true
	}
	credit, ok := tailCredit(t.credits[:0], s)
	if !ok || !credit.photo || credit.start == 0 {
		return false
	}
	*t = credit
	end := s[t.start:]
	return !strings.HasPrefix(end, "（") && !strings.HasPrefix(end, "(") && !strings.HasSuffix(end, "报道") || oneSentence(s[:t.start])
}
