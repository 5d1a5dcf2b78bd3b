package console

import (
	"testing"

	"longmai/index"
	"longmai/index/query"
)

func TestCommandsAreDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range commands() {
		if k.means == "" || k.example == "" || k.run == nil {
			t.Errorf("%v lacks something", k.names)
		}
		for _, n := range k.names {
			if n[0] != '.' || seen[n] {
				t.Errorf("name %q has no dot or stands twice", n)
			}
			seen[n] = true
		}
	}
}

func TestCompletion(t *testing.T) {
	for line, want := range map[string]string{".ope": "n ", "地": "点:", "风电 pers": "on:"} {
		got, _ := completer{}.Do([]rune(line), len([]rune(line)))
		if len(got) == 0 || string(got[0]) != want {
			t.Errorf("%q: got %q, want %q first", line, got, want)
		}
	}
	if got, _ := (completer{}).Do([]rune("风电 .ope"), 7); got != nil {
		t.Errorf("a command inside a query: %q", got)
	}
}

func TestHelpExamplesParse(t *testing.T) {
	for _, r := range query.Help {
		if _, err := index.Parse(r.Example); err != nil {
			t.Errorf("%q: %v", r.Example, err)
		}
	}
}
