package relation

import (
	"slices"
	"strings"
	"unicode/utf8"

	"longmai/pipeline"
)

// speech are the words that turn what a person said into a statement, the long before the short.
var speech = newLookout("告诉记者", "介绍说", "回忆说", "解释说", "补充说", "感慨地说", "高兴地说", "笑着说", "激动地说", "说道", "表示", "介绍", "指出", "强调", "认为", "坦言", "感慨", "感叹", "回忆", "透露", "直言", "建议", "呼吁", "表态", "解释", "补充", "谈到", "提到", "要求", "希望", "提出", "主张", "指示", "勉励", "叮嘱", "嘱咐", "宣布", "回应", "回答", "答道", "讲道", "说明", "称", "说", "道")

// marked are the words of speech that are also nouns or common verbs: only a mark behind them makes a statement.
var marked = []string{"提出", "宣布", "回应", "回答", "说明", "解释", "补充", "回忆", "介绍", "指示"}

// statements finds who said what: “…”唐培宏说, 唐培宏说，….
func (f *finder) statements() {
	for _, e := range f.named {
		if e.Type != pipeline.Person {
			continue
		}
		block := f.block(e.Start)
		verb, at := f.speechAfter(e.End, block.End)
		phrase := f.phraseStart(e, block.Start)
		if verb == "" || hasAnyPrefix(strings.TrimLeft(f.body[phrase:e.Start], " 　"), "按照", "根据", "依照", "遵照", "落实", "响应", "听了", "听取") != "" {
			continue // 按照某某要求，…
		}
		half, before := f.quoteBefore(block.Start, phrase)
		before = before && hasAnyPrefix(f.body[phrase:], "）", ")") == "" && !f.introduced(half.Start)
		if quote, ok := f.quoteAfter(at, block.End); ok {
			if before { // “…，”甲告诉记者，“…”
				f.said(e, half, "statement/split")
			}
			f.said(e, quote, "statement/after")
		} else if before {
			f.said(e, half, "statement/before")
		} else if quote, ok := f.clauseAfter(at, f.sentence(e.Start).End); ok {
			f.said(e, quote, "statement/indirect")
		}
	}
}

// said adds what e said.
func (f *finder) said(e pipeline.Entity, quote pipeline.Span, rule string) {
	if quote.Empty() {
		return
	}
	evidence := f.sentence(e.Start)
	f.add("statement", rule, pipeline.Span{Start: min(evidence.Start, quote.Start), End: max(evidence.End, quote.End)}, arg("speaker", e), pipeline.Arg{Role: "quote", Name: f.body[quote.Start:quote.End], Span: quote})
}

// introduced reports whether the quotation at at has a speaker before it: 甲说：“…”.
func (f *finder) introduced(at int) bool {
	left := f.body[f.block(at).Start:at]
	if hasAnySuffix(left, "：", ":") != "" {
		return true
	}
	rest, ok := strings.CutSuffix(left, "，")
	return ok && hasAnySuffix(rest, speech.words...) != ""
}

// speechAfter returns the word of speech near behind a name, and where it ends.
func (f *finder) speechAfter(at, end int) (verb string, after int) {
	rest := f.body[at:min(end, at+45)]
	for i, r := range rest {
		if speech.may(rest[i:]) {
			if v := spoken(rest, i); v != "" {
				return v, at + i + len(v)
			}
		}
		switch r {
		case '，', ',', '。', '；', '“', '”', '！', '？', '\n', '、':
			return "", 0
		}
	}
	return "", 0
}

// spoken returns the word of speech at byte i of what stands behind a name; ""
// when there is none, or what it says is another thing: 他的介绍, 介绍了.
func spoken(rest string, i int) string {
	for _, v := range speech.words {
		next, ok := strings.CutPrefix(rest[i:], v)
		if !ok || strings.HasSuffix(rest[:i], "的") || hasAnyPrefix(next, "了", "过", "的", "会", "书", "人") != "" {
			continue
		}
		if next == "" || hasAnyPrefix(next, "，", ",", "：", ":", "。", "“") != "" || i == 0 && len(v) > 3 && !slices.Contains(marked, v) {
			return v
		}
	}
	return ""
}

// quoteAfter returns the quotation that begins at at, behind a mark.
func (f *finder) quoteAfter(at, end int) (pipeline.Span, bool) {
	rest := f.body[at:end]
	trimmed := strings.TrimLeft(rest, "：:，, ")
	if !strings.HasPrefix(trimmed, "“") {
		return pipeline.Span{}, false
	}
	start := at + len(rest) - len(trimmed)
	return f.closing(start, end)
}

// closing returns the quotation that opens at start; one that does not close and is longer than any is none.
func (f *finder) closing(start, end int) (pipeline.Span, bool) {
	long := end-start > longestQuote
	if long {
		end = start + longestQuote
	}
	depth := 0
	for i, r := range f.body[start:end] {
		switch r {
		case '“':
			depth++
		case '”':
			depth--
			if depth == 0 {
				return pipeline.Span{Start: start, End: start + i + len("”")}, true
			}
		}
	}
	return pipeline.Span{Start: start, End: end}, !long
}

// longestQuote bounds the search for the beginning of a quotation, in bytes.
const longestQuote = 6000

// quoteBefore returns the quotation that ends right before at.
func (f *finder) quoteBefore(floor, at int) (pipeline.Span, bool) {
	floor = max(floor, at-longestQuote)
	text := strings.TrimRight(f.body[floor:at], " 　")
	if !strings.HasSuffix(text, "”") {
		return pipeline.Span{}, false
	}
	depth := 0
	for i := len(text); i > 0; {
		r, w := utf8.DecodeLastRuneInString(text[:i])
		i -= w
		switch r {
		case '”':
			depth++
		case '“':
			depth--
			if depth == 0 {
				return pipeline.Span{Start: floor + i, End: floor + len(text)}, true
			}
		}
	}
	return pipeline.Span{}, false
}

// phraseStart returns where the words before a name begin that belong to it: its bodies and titles.
func (f *finder) phraseStart(e pipeline.Entity, floor int) int {
	at := e.Start
	for at > floor {
		r, w := utf8.DecodeLastRuneInString(f.body[floor:at])
		if strings.ContainsRune("。！？；”\n", r) || r == '，' || r == ',' {
			break
		}
		at -= w
	}
	return at
}

// clauseAfter returns the rest of the sentence as reported speech.
func (f *finder) clauseAfter(at, end int) (pipeline.Span, bool) {
	if at >= end || end-at > longestQuote {
		return pipeline.Span{}, false
	}
	rest := f.body[at:end]
	trimmed := strings.TrimLeft(rest, "：:，, ")
	if trimmed == rest && !strings.HasPrefix(rest, "，") && utf8.RuneCountInString(rest) < 6 || strings.Trim(trimmed, "。！？；”") == "" {
		return pipeline.Span{}, false
	}
	return pipeline.Span{Start: at + len(rest) - len(trimmed), End: end}, true
}
