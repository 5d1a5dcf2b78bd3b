package corpus

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed surnames.tsv minorities.tsv roles.tsv media.tsv posts.tsv columns.tsv boilerplate.tsv glyphs.tsv simplify.tsv
var tables embed.FS

// A row is one line of a table.
type row struct {
	line  int
	cells []string
}

// parseTable reads tab-separated rows of n cells; lines that begin with # are comments.
// The first cells must be sorted by byte and stand once.
func parseTable(name, text string, n int) ([]row, error) {
	var rows []row
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != n {
			return nil, fmt.Errorf("%s:%d: %d cells, want %d", name, i+1, len(cells), n)
		}
		if cells[0] == "" || !utf8.ValidString(line) {
			return nil, fmt.Errorf("%s:%d: empty or broken first cell", name, i+1)
		}
		if k := len(rows); k > 0 && rows[k-1].cells[0] >= cells[0] {
			return nil, fmt.Errorf("%s:%d: %q must come before %q", name, i+1, cells[0], rows[k-1].cells[0])
		}
		rows = append(rows, row{i + 1, cells})
	}
	return rows, nil
}

// mustTable returns the rows of a table in the program itself, each cell of
// column col among want (nil: any). TestTables loads all of them.
func mustTable(name string, n, col int, want ...string) []row {
	b, err := tables.ReadFile(name)
	if err != nil {
		panic(err)
	}
	rows, err := parseTable(name, string(b), n)
	if err != nil {
		panic(err)
	}
	for _, r := range rows {
		if len(want) > 0 && !slices.Contains(want, r.cells[col]) {
			panic(fmt.Sprintf("%s:%d: unknown %q, want one of %s", name, r.line, r.cells[col], strings.Join(want, ", ")))
		}
	}
	return rows
}
