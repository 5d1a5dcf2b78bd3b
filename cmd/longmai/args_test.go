package main

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestArrange(t *testing.T) {
	app := (&env{in: strings.NewReader(""), out: io.Discard, err: io.Discard}).app()
	for _, c := range []struct{ in, want string }{
		{"longmai", "longmai"},
		{"longmai --help", "longmai --help"},
		{"longmai search 风电 --facet year --library lib", "longmai search --facet year --library lib -- 风电"},
		{"longmai search --library=lib 风电 -q", "longmai search --library=lib -q -- 风电"},
		{"longmai search -风电 光伏 --all", "longmai search --all -- -风电 光伏"},
		{"longmai search --all -- 风电 --all", "longmai search --all -- 风电 --all"},
		{"longmai --library lib search 风电", "longmai --library lib search -- 风电"},
		{"longmai authority merge 酒钢 --library lib 酒钢集团 --type organization", "longmai authority merge --library lib --type organization -- 酒钢 酒钢集团"},
		{"longmai extract - --quiet", "longmai extract --quiet -- -"},
		{"longmai train a=b --tune c=d", "longmai train --tune c=d -- a=b"},
		{"longmai search 风电 --nosuch", "longmai search --nosuch -- 风电"},
		{"longmai nosuch --all", "longmai nosuch --all"},
		{"longmai search 风电 --library", "longmai search --library"},
		{"longmai --library", "longmai --library"},
	} {
		got := arrange(strings.Fields(c.in), app.Flags, app.Commands)
		if !slices.Equal(got, strings.Fields(c.want)) {
			t.Errorf("arrange(%q)\n got %q\nwant %q", c.in, strings.Join(got, " "), c.want)
		}
	}
}
