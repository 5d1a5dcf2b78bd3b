package entity

import "testing"

// TestTree takes every word of the tables out of the tree again, and nothing else.
func TestTree(t *testing.T) {
	l, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]int32{}
	for i, w := range l.words {
		known[foldAll(w.text)] = int32(i) + 1
	}
	for text, value := range known {
		if got := l.tree.find(text); got != value {
			t.Errorf("%s has the value %d, want %d", text, got, value)
		}
		runes := []rune(text)
		if l.char(runes[0]).root == 0 || len(runes) > 1 && !l.tree.begins(runes[0], runes[1]) {
			t.Errorf("no word seems to begin as %s does", text)
		}
		for _, other := range []string{string(runes[:len(runes)-1]), text + "甲", "甲" + text} {
			if got := l.tree.find(other); got != known[other] {
				t.Errorf("%s has the value %d, want %d", other, got, known[other])
			}
		}
		last, at := int32(0), 0
		for end, v := range l.tree.prefixes(text + "甲") {
			if end <= at || v != known[(text + "甲")[:end]] {
				t.Errorf("prefix %d of %s behind %d has the value %d", end, text, at, v)
			}
			if at = end; end == len(text) {
				last = v
			}
		}
		if last != value {
			t.Errorf("%s is no prefix of itself", text)
		}
	}
}

func foldAll(s string) string {
	out := []rune(s)
	for i, r := range out {
		out[i] = fold(r)
	}
	return string(out)
}
