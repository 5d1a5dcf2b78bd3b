package terminal

import (
	"strings"
	"testing"

	"longmai/corpus"
)

func TestText(t *testing.T) {
	text := "甘肃签约额3062\n亿元\x1b[2J，增长。"
	at := func(s string, p Paint) Marking {
		i := strings.Index(text, s)
		return Marking{corpus.Span{Start: i, End: i + len(s)}, p}
	}
	all := corpus.Span{End: len(text)}
	for name, c := range map[string]struct {
		in       corpus.Span
		markings []Marking
		width    int
		on       bool
		want     string
	}{
		"plain":              {all, nil, 0, false, "甘肃签约额3062亿元␛[2J，增长。"},
		"marks":              {all, []Marking{at("甘肃", NamePaint), at("3062\n亿元", FigurePaint)}, 0, false, "〔甘肃〕签约额⟦3062亿元⟧␛[2J，增长。"},
		"hit over figure":    {all, []Marking{at("3062\n亿元", FigurePaint), at("签约额3062", HitPaint)}, 0, false, "甘肃【签约额3062】⟦亿元⟧␛[2J，增长。"},
		"part":               {corpus.Span{Start: len("甘"), End: len("甘肃签约")}, []Marking{at("甘肃", NamePaint)}, 0, false, "〔肃〕签约"},
		"colours":            {corpus.Span{End: len("甘肃签约")}, []Marking{at("甘肃", NamePaint)}, 0, true, "\x1b[36m甘肃\x1b[0m签约"},
		"colours over lines": {corpus.Span{End: len("甘肃签约")}, []Marking{at("甘肃签", HitPaint)}, 4, true, "\x1b[1;31m甘肃\x1b[0m\n\x1b[1;31m签\x1b[0m约"},
	} {
		if got := (Style{on: c.on}).Text(text, c.in, c.markings, c.width); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
