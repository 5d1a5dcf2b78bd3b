package terminal

import (
	"sort"
	"strings"

	"longmai/corpus"
)

// A Paint is a kind of marking of a piece of text.
type Paint int

// The kinds of marking, the stronger the later.
const (
	Plain Paint = iota
	NamePaint
	FigurePaint
	TitlePaint
	HitPaint
)

// A Marking marks a span of a text.
type Marking struct {
	corpus.Span
	Paint Paint
}

// Text returns the piece of text inside the span in, broken into lines of at
// most n columns (0: not broken), with its markings. Where markings overlap the
// strongest is shown. Line ends inside the piece are left out. Without colours,
// figures stand in ⟦⟧, names in 〔〕 and hits in 【】.
func (s Style) Text(text string, in corpus.Span, markings []Marking, n int) string {
	var b strings.Builder
	col := 0
	for _, p := range pieces(in, markings) {
		piece := Visible(strings.ReplaceAll(text[p.Start:p.End], "\n", ""))
		open, end := s.marks(p.Paint)
		if !s.on {
			piece, open, end = open+piece+end, "", ""
		}
		b.WriteString(open)
		for _, r := range piece {
			w := columns(r)
			if n > 0 && col+w > n && !strings.ContainsRune("，。、；：！？”’」』）》〉】⟧〕,.;:!?)", r) {
				b.WriteString(end + "\n" + open)
				col = 0
			}
			b.WriteRune(r)
			col += w
		}
		b.WriteString(end)
	}
	return b.String()
}

func (s Style) marks(p Paint) (open, end string) {
	if !s.on {
		switch p {
		case HitPaint:
			return "【", "】"
		case FigurePaint:
			return "⟦", "⟧"
		case NamePaint:
			return "〔", "〕"
		}
		return "", ""
	}
	code := map[Paint]string{NamePaint: "36", FigurePaint: "33", TitlePaint: "1", HitPaint: "1;31"}[p]
	if code == "" {
		return "", ""
	}
	return "\x1b[" + code + "m", "\x1b[0m"
}

// pieces cuts in where a marking begins or ends and gives each piece the
// strongest paint over it; equal neighbours of one marking stay together.
func pieces(in corpus.Span, markings []Marking) []Marking {
	cuts := []int{in.Start, in.End}
	var inside []Marking
	for _, m := range markings {
		m.Start, m.End = max(m.Start, in.Start), min(m.End, in.End)
		if !m.Empty() {
			inside = append(inside, m)
			cuts = append(cuts, m.Start, m.End)
		}
	}
	sort.Ints(cuts)
	var out []Marking
	last := -1
	for i := 1; i < len(cuts); i++ {
		if cuts[i-1] == cuts[i] {
			continue
		}
		best, from := Plain, -1
		for k, m := range inside {
			if m.Start <= cuts[i-1] && cuts[i] <= m.End && m.Paint > best {
				best, from = m.Paint, k
			}
		}
		if len(out) > 0 && from == last {
			out[len(out)-1].End = cuts[i]
			continue
		}
		out = append(out, Marking{corpus.Span{Start: cuts[i-1], End: cuts[i]}, best})
		last = from
	}
	return out
}
