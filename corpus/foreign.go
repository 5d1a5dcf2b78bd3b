package corpus

import (
	"context"
	_ "embed"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed foreign.tsv
var foreignTSV string

// foreign are the formats that are known and not read, by extension.
var foreign = sync.OnceValue(func() map[string][]string {
	rows, err := parseTable("foreign.tsv", foreignTSV, 3)
	if err != nil {
		panic(err) // the embedded table; a test reads it
	}
	m := make(map[string][]string, len(rows))
	for _, r := range rows {
		m[r.cells[0]] = r.cells[1:]
	}
	return m
})

// foreignExts are their extensions.
var foreignExts = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(foreign())) })

// rejectForeign names the format and says what to do.
func rejectForeign(_ context.Context, in *input, _ *sink) error {
	in.Format = ""
	f := foreign()[strings.ToLower(path.Ext(in.name()))]
	if f == nil {
		return in.reject(ClassUnsupported, "", "save it in one of the formats that are read", errors.New("unknown format"))
	}
	return in.reject(ClassUnsupported, "", f[1], errors.New(f[0]+", which is not read"))
}
