package entity

import "longmai/pipeline"

// Version names the tables and weights of this package.
func Version() string { return "rules1-" + pipeline.TablesVersion(files) }
