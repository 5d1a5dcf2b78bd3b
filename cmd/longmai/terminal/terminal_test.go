package terminal

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestColumns(t *testing.T) {
	for s, want := range map[string]int{"": 0, "ab": 2, "签约额": 6, "“算”": 4, "５G": 3, "é": 1} {
		if got := Columns(s); got != want {
			t.Errorf("%q is %d columns wide, want %d", s, got, want)
		}
	}
}

func TestWrapKeepsClosingMarksOnTheLine(t *testing.T) {
	got := Wrap("风能可开发量5.6亿千瓦。位居全国", 8)
	for _, l := range got {
		if strings.HasPrefix(l, "。") || Columns(l) > 10 {
			t.Errorf("line %q of %q", l, got)
		}
	}
	if strings.Join(got, "") != "风能可开发量5.6亿千瓦。位居全国" {
		t.Errorf("wrapping changed the text: %q", got)
	}
	if got := Wrap("甲乙", 0); !slices.Equal(got, []string{"甲乙"}) {
		t.Errorf("no width: %q", got)
	}
}

func TestNothingIsATerminalHere(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if Is(r) || Is(strings.NewReader("")) || Width(w) != 0 || Styles(w).On() {
		t.Error("a pipe passes for a terminal")
	}
	if got := Styles(w).Hit("x"); got != "【x】" {
		t.Errorf("a hit without colours is %q", got)
	}
}
