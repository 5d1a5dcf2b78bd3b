package figure_test

import (
	"strings"
	"testing"

	"longmai/pipeline/figure"
)

// What a terminal escape leaves in a text, with its control characters or
// without, is part of no value, unit or metric.
func TestEscapes(t *testing.T) {
	for _, c := range []struct {
		text string
		want string // surface, value, unit and metric of the figures
	}{
		{"全年完成投资\x1b[31m3亿元\x1b[0m，同比增长5.2%。", "3亿元 300000000 CNY 完成投资; 5.2% 5.2 % 完成投资"},
		{"全年完成投资[1;31m3亿元[0m，同比增长5.2%。", "3亿元 300000000 CNY 完成投资; 5.2% 5.2 % 完成投资"},
		{"完成投资\x073亿元。", "3亿元 300000000 CNY 完成投资"},
		{"工业产值5\x1b[0m亿元。", ""}, // the number is lost: no value is better than a wrong one
		{"跨度[31m]的桥。", "31m 31 m "},
	} {
		var got []string
		for _, f := range read(t, c.text).Figures {
			metric := ""
			if f.Metric != nil {
				metric = f.Metric.Name
			}
			got = append(got, c.text[f.Start:f.End]+" "+f.Value.Decimal.String()+" "+f.Unit+" "+metric)
		}
		if s := strings.Join(got, "; "); s != c.want && !(strings.HasSuffix(c.want, " m ") && strings.HasPrefix(s, c.want)) {
			t.Errorf("%q: figures %q, want %q", c.text, s, c.want)
		}
	}
}

// A point with a blank that may be the number of something is refused with its reason.
func TestPointInDoubt(t *testing.T) {
	for text, rule := range map[string]string{"见表1. 5亿元项目所示。": "decimal", "1. 项目投资情况": "list.marker", "（2）项目投资情况": "list.marker"} {
		d := read(t, text)
		refused := figure.Explain(d)
		if len(d.Figures) != 0 || len(refused) == 0 || refused[0].Rule != rule {
			t.Errorf("%q: figures %v, refused %v, want rule %s", text, d.Figures, refused, rule)
		}
	}
}
