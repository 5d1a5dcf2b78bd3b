package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// order is the line of packages: a package imports only what stands before it,
// or beside it where that is named.
var order = [][]string{
	{"corpus", "pipeline/numeral", "index/query"},
	{"corpus/sample"},
	{"pipeline"},
	{"pipeline/segment"},
	{"pipeline/times", "pipeline/entity/tagger"},
	{"pipeline/entity"},
	{"pipeline/figure"},
	{"pipeline/relation"},
	{"pipeline/standard", "pipeline/batch"},
	{"index"},
	{"cmd/longmai/terminal"},
	{"cmd/longmai/console"},
	{"cmd/longmai"},
}

// owners says which package alone imports a module. Tests may import it too.
var owners = map[string]string{
	"github.com/go-ego/gse":             "pipeline/segment",
	"github.com/blevesearch/bleve/v2":   "index",
	"github.com/urfave/cli/v2":          "cmd/longmai",
	"github.com/ergochat/readline":      "cmd/longmai/console",
	"github.com/klippa-app/go-pdfium":   "corpus",
	"github.com/xuri/excelize/v2":       "corpus pipeline/batch",
	"github.com/jedib0t/go-pretty/v6":   "pipeline/batch",
	"github.com/schollz/progressbar/v3": "cmd/longmai",
}

func TestImportsRunOneWay(t *testing.T) {
	rank := map[string]int{}
	for i, row := range order {
		for _, p := range row {
			rank[p] = i
		}
	}
	imports := projectImports(t)
	for pkg, list := range imports {
		from, known := rank[pkg]
		if !known {
			t.Errorf("package %s has no place in the line: add it to order", pkg)
		}
		for _, imp := range list {
			if own, ok := strings.CutPrefix(imp, "longmai/"); ok && own != pkg {
				if to, ok := rank[own]; !ok || to >= from {
					t.Errorf("%s imports %s, which does not stand before it in the line", pkg, own)
				}
			}
			for module, owner := range owners {
				if (imp == module || strings.HasPrefix(imp, module+"/")) && !slices.Contains(strings.Fields(owner), pkg) {
					t.Errorf("%s imports %s, which belongs to %s alone", pkg, imp, owner)
				}
			}
		}
	}
	for p := range rank {
		if imports[p] == nil {
			t.Errorf("package %s of the line does not exist", p)
		}
	}
}

// projectImports returns the imports of each package, tests left out.
func projectImports(t *testing.T) map[string][]string {
	t.Helper()
	root := os.DirFS("../..")
	out := map[string][]string{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || len(d.Name()) > 1 && d.Name()[0] == '.') {
			return fs.SkipDir
		}
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../..", name), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		if f.Name.Name == "main" && path.Dir(name) != "cmd/longmai" {
			return nil // a generator beside the package it serves
		}
		pkg := path.Dir(name)
		out[pkg] = append(out[pkg], "")
		for _, imp := range f.Imports {
			p, _ := strconv.Unquote(imp.Path.Value)
			out[pkg] = append(out[pkg], p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
