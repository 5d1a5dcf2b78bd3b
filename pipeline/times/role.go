package times

import (
	"fmt"
	"slices"
	"strings"

	"longmai/corpus"
	"longmai/pipeline"
)

// cueWords are the words of cues.tsv.
type cueWords struct {
	list  map[string][]string // by sense
	first *runeSet            // characters that those of direction begin with
	words map[rune][]cueWord  // those, by first character
	ends  [roleSenses][]string
}

// A cueWord gives a direction wherever it stands in a clause.
type cueWord struct {
	text  string
	sense direction
}

// direction holds the ways that a clause looks.
type direction uint8

const (
	looksForward direction = 1 << iota
	looksBackward
)

// The senses of words directly before a time.
const (
	byWords = iota
	basisWords
	targetWords
	roleSenses
)

func (c cueWords) row(cells []string) error {
	senses := []string{"forward", "backward", "by", "basis", "target"}
	if !slices.Contains(senses, cells[1]) {
		return fmt.Errorf("unknown sense %q, want one of %s", cells[1], strings.Join(senses, ", "))
	}
	c.list[cells[1]] = append(c.list[cells[1]], cells[0])
	return nil
}

// pack makes the words quick to find.
func (c *cueWords) pack() {
	c.first, c.words = new(runeSet), map[rune][]cueWord{}
	for sense, name := range map[direction]string{looksForward: "forward", looksBackward: "backward"} {
		for _, w := range c.list[name] {
			r, _ := decode(w, 0)
			c.first.add(r)
			c.words[r] = append(c.words[r], cueWord{w, sense})
		}
	}
	c.ends = [...][]string{byWords: c.list["by"], basisWords: c.list["basis"], targetWords: c.list["target"]}
}

const (
	leftWindow  = 60 // bytes of a clause that are read before a time
	rightWindow = 96 // and behind it
	clauseCuts  = "，,。；;！!？?：:\n"
)

var cutRunes = runeBits(clauseCuts)

// leftClause returns the text before byte i of the clause, of at most leftWindow bytes.
func leftClause(s string, lo, i int) string {
	from := max(lo, i-leftWindow)
	for j := i - 1; j >= from; j-- {
		if s[j]&0xc0 == 0x80 {
			continue
		}
		if r, _ := decode(s[:i], j); cutRunes.has(r) {
			return s[j:i]
		}
	}
	return s[from:i]
}

// rightClauses returns the text behind byte i up to the end of the clause that
// follows the time: past one comma where the time stands before it.
func rightClauses(s string, i, hi int) string {
	right := s[i:min(hi, i+rightWindow)]
	j := 0
	if strings.HasPrefix(right, "，") {
		j = 3
	} else if strings.HasPrefix(right, ",") {
		j = 1
	}
	for j < len(right) {
		r, w := decode(right, j)
		if cutRunes.has(r) {
			break
		}
		j += w
	}
	return right[:j]
}

// directions returns the ways that the words in text look, those inside other words left out.
func (c cueWords) directions(text string) (d direction) {
	for i := 0; i < len(text); {
		r, width := decode(text, i)
		if c.first.has(r) {
			for _, w := range c.words[r] {
				if strings.HasPrefix(text[i:], w.text) && !insideWord(w.text, text[:i], text[i+len(w.text):]) {
					d |= w.sense
				}
			}
		}
		i += width
	}
	return d
}

// insideWord reports whether w is a piece of a word that gives no cue: 将近, 大将, 目标任务.
func insideWord(w, before, after string) bool {
	switch w {
	case "将":
		return strings.HasPrefix(after, "近") || strings.HasPrefix(after, "军") || strings.HasSuffix(before, "大") || strings.HasSuffix(before, "主")
	case "计划", "目标", "规划":
		return strings.HasSuffix(before, "年度") || strings.HasSuffix(before, "完成") || strings.HasSuffix(before, "比原")
	case "了":
		return strings.HasPrefix(after, "解") || strings.HasPrefix(after, "如")
	}
	return false
}

// after reports whether text ends with a word of that sense.
func (c *cueWords) after(sense int, text string) bool { return hasSuffixAny(text, c.ends[sense]...) }

// look says which way the clause of an expression looks, whose text before it and behind it is given.
func (c *cueWords) look(e *expr, left, right string) cue {
	if c.after(byWords, left) {
		return backward
	}
	d := c.directions(left)
	switch {
	case d&looksForward != 0, e.before && d&looksBackward == 0:
		return forward
	case d&looksBackward != 0, strings.HasPrefix(right, "以来"):
		return backward
	}
	switch d = c.directions(right); {
	case d&looksForward != 0:
		return hopeful
	case d&looksBackward != 0:
		return backward
	}
	return noCue
}

// role says what the time does in its clause.
func (c *cueWords) role(p *parser, e *expr, t *pipeline.Time, issueDay corpus.Day, q cue, left, right string) string {
	left = strings.TrimRight(left, " ")
	last := &e.a
	if e.ranged {
		last = &e.b
	}
	switch {
	case p.isDateline(e):
		return Dateline
	case t.Precision == Clock:
		return Event
	case c.after(byWords, left):
		return By
	case isBasis(c, e, left, right):
		return Basis
	case e.since, e.after && !issueDay.IsZero() && t.From.Compare(issueDay) <= 0, last.shape == past, last.shape == until, last.rule == "era.years":
		return Since
	case last.shape == ahead, last.shape == echo, last.rule == "relative.ahead":
		return Target
	case c.isTarget(e, last, t, left, issueDay, q):
		return Target
	case last.edge == lastDay || last.edge == within:
		return By
	case t.Precision == Day && !e.ranged && t.From == t.To && (last.shape == calendar || last.shape == ago):
		if strings.HasSuffix(left, "到") || strings.HasSuffix(left, "过") || strings.HasSuffix(left, "过了") {
			return Period
		}
		return Event
	}
	return Period
}

// isDateline reports whether e stands in 本报兰州10月21日讯, wherever the article begins.
func (p *parser) isDateline(e *expr) bool {
	if e.a.unit != dayUnit || p.hasAny(e.end, "讯", "电", "专电", "消息", "综合") == "" || e.start-p.lo > 60 {
		return false
	}
	head := p.s[p.lo:e.start]
	return strings.Contains(head, "本报") || strings.Contains(head, "社") || strings.Contains(head, "本刊") || strings.Contains(head, "日报")
}

func isBasis(c *cueWords, e *expr, left, right string) bool {
	if e.a.shape == same && e.a.yref != open {
		return true
	}
	if c.after(basisWords, left) {
		return true
	}
	for _, w := range []string{"与", "同", "和", "跟"} {
		if strings.HasSuffix(left, w) && (hasPrefixAny(right, "相比", "比", "持平", "基本持平", "大体持平", "相当", "的水平相当") ||
			strings.Contains(right, "相比") || strings.Contains(right, "持平")) {
			return true
		}
	}
	for _, w := range []string{"高于", "低于", "好于", "多于", "快于", "不及", "超过", "少于"} {
		if strings.HasSuffix(left, w) && hasPrefixAny(right, "水平", "的水平", "同期", "全年", "的", "平均") {
			return true
		}
	}
	if strings.HasSuffix(left, "的") && (strings.Contains(left, "比") || strings.Contains(left, "较")) && hasPrefixAny(right, "增", "减", "提", "上升", "下", "多", "少", "高", "低", "翻") {
		return true // 比历史最高的1993年增产6亿公斤
	}
	if !e.ranged && strings.HasPrefix(right, "的") && hasSuffixAny(left, "由", "从") && (strings.Contains(right, "到") || strings.Contains(right, "至")) {
		return true // 由2012年的3万亩扩大到35万亩
	}
	if strings.HasPrefix(right, "的") && hasSuffixAny(left, "是", "为", "相当于", "达到", "恢复到") {
		return strings.Contains(right, "倍") || strings.Contains(right, "%") || strings.Contains(right, "％")
	}
	return false
}

func hasPrefixAny(s string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(s, w) })
}

func hasSuffixAny(s string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(s, w) })
}

// isTarget reports whether t is a time that is aimed at.
func (c *cueWords) isTarget(e *expr, last *point, t *pipeline.Time, left string, issueDay corpus.Day, q cue) bool {
	led := c.after(targetWords, left)
	if t.To.IsZero() || issueDay.IsZero() {
		return q.ahead() && (led || e.before || last.edge == lastDay || last.yref == fixed || last.edge == within)
	}
	if t.To.Compare(issueDay) <= 0 {
		return false
	}
	if e.after {
		return false
	}
	if t.Precision == Day && last.edge == whole && last.shape == calendar {
		return e.before || led
	}
	if e.before || led || last.edge == lastDay || last.edge == within {
		return true
	}
	if !t.From.IsZero() && t.From.Compare(issueDay) > 0 {
		return true
	}
	if last.rule == "relative.year" && last.yref == issue || last.unit == yearUnit && last.yref == fixed {
		return false // 今年计划投资8亿元 says what this year is about
	}
	return q.ahead()
}
