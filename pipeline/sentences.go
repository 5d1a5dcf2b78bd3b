package pipeline

import (
	"strings"
	"unicode/utf8"

	"longmai/corpus"
)

// SentenceStage cuts the blocks of a document into sentences: at 。！？；… and
// their half-width forms outside numbers, with the closing quotes and brackets
// that follow. A sentence never crosses a block, and quoted speech of several
// sentences is cut inside too.
func SentenceStage() Stage {
	return Stage{Name: "sentences", Adds: []Layer{Sentences}, Annotate: func(d *Document) error {
		d.Sentences = nil
		for _, b := range d.Blocks {
			d.Sentences = appendSentences(d.Sentences, d.Body(), b.Span)
		}
		return nil
	}}
}

const (
	sentenceEnds = "。！？!?；;…"
	closers      = "”’」』）)》〉】］]\"'"
)

func appendSentences(out []Span, text string, in corpus.Span) []Span {
	start := in.Start
	emit := func(end int) {
		s := trim(text, Span{Start: start, End: end})
		if !s.Empty() {
			out = append(out, s)
		}
		start = end
	}
	for i := in.Start; i < in.End; {
		r, w := utf8.DecodeRuneInString(text[i:in.End])
		i += w
		if r == '\n' {
			emit(i)
			continue
		}
		if !strings.ContainsRune(sentenceEnds, r) {
			continue
		}
		for i < in.End {
			r, w := utf8.DecodeRuneInString(text[i:in.End])
			if !strings.ContainsRune(sentenceEnds, r) && !strings.ContainsRune(closers, r) {
				break
			}
			i += w
		}
		emit(i)
	}
	emit(in.End)
	return out
}

func trim(text string, s Span) Span {
	t := strings.TrimSpace(text[s.Start:s.End])
	if t == "" {
		return Span{Start: s.Start, End: s.Start}
	}
	at := s.Start + strings.Index(text[s.Start:s.End], t)
	return Span{Start: at, End: at + len(t)}
}
