package times

import (
	"io/fs"

	"longmai/pipeline"
)

// Version names the tables of this package.
func Version() string { return "rules1-" + pipeline.TablesVersion(files) }

// Tables names the tables that rules may extend.
func Tables() []string {
	names, _ := fs.Glob(files, "*.tsv") // the pattern is well formed
	return names
}
