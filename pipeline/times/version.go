package times

import "longmai/pipeline"

// Version names the tables of this package.
func Version() string { return "rules1-" + pipeline.TablesVersion(files) }
