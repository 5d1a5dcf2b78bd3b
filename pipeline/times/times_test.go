package times_test

import (
	"strings"
	"testing"

	"longmai/corpus"
)

// TestEnds feeds the stage what could take long or loop.
func TestEnds(t *testing.T) {
	for _, piece := range []string{"1", "１", "一", "十", "1、", "年", "1年", "2024年", "1—", "“", "‘十四五", "2024-", "每年", "近1年", "前1个", "1月1", "10:", "今年", "以来", "第1", "春节", " ", "2024年1、"} {
		d := document(t, strings.Repeat(piece, 1<<20/len(piece)), corpus.Day{Year: 2024, Month: 10, Day: 28})
		for i, x := range d.Times {
			if x.Empty() || i > 0 && x.Start < d.Times[i-1].End {
				t.Fatalf("%q: time %d is empty or overlaps", piece, i)
			}
		}
	}
}
