package corpus

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// cases reads a file of lines "text => what is read from it".
func cases(t testing.TB, name string) [][2]string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out [][2]string
	for _, line := range strings.Split(string(b), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		text, want, _ := strings.Cut(line, " => ")
		out = append(out, [2]string{text, strings.TrimSpace(want)})
	}
	return out
}

func TestBylines(t *testing.T) {
	for _, c := range cases(t, "testdata/bylines.txt") {
		b, ok := parseByline(nil, c[0])
		if !ok || !b.explicit {
			b, ok = authorLine(c[0])
		}
		var got []string
		if ok {
			for _, p := range b.credits {
				if tight(c[0][p.Span.Start:p.Span.End]) != p.Name {
					t.Errorf("%s: %s stands at %q", c[0], p.Name, c[0][p.Span.Start:p.Span.End])
				}
				got = append(got, strings.TrimRight(fmt.Sprintf("%s, %s, %s, %s, %s", p.Name, p.Role, p.Kind, p.Organization, p.Title), ", "))
			}
		}
		if s := strings.Join(got, "; "); s != c[1] {
			t.Errorf("%s\n got %s\nwant %s", c[0], s, c[1])
		}
	}
}

func TestDatelines(t *testing.T) {
	issue := Day{2024, 1, 3}
	for _, c := range cases(t, "testdata/datelines.txt") {
		got := ""
		if h, ok := parseHead(nil, c[0]); ok {
			got = fmt.Sprintf("%s, %s, %s", h.line.Agency, h.line.Place, h.monthly.resolve(issue))
			var names []string
			for _, p := range h.credits {
				names = append(names, p.Name)
			}
			if names != nil {
				got += " | " + strings.Join(names, " ")
			}
		}
		if closeUp(got) != closeUp(c[1]) {
			t.Errorf("%s\n got %s\nwant %s", c[0], got, c[1])
		}
	}
}

func closeUp(s string) string { return strings.ReplaceAll(s, " ", "") }

func TestTables(t *testing.T) {
	bylineWords()
	boilerplateWords()
	columnNames()
	glyphs()
	for _, c := range []struct{ text, want string }{
		{"# c\na\tb\nc\n", "x.tsv:3: 1 cells, want 2"},
		{"b\tx\na\tx\n", `x.tsv:2: "a" must come before "b"`},
		{"a\tx\na\tx\n", `x.tsv:2: "a" must come before "a"`},
		{"\tx\n", "x.tsv:1: empty or broken first cell"},
	} {
		if _, err := parseTable("x.tsv", c.text, 2); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
}
