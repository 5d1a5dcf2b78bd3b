package pipeline

import _ "embed"

// Schema is the JSON Schema (draft 2020-12) of what Marshal writes in the
// Public form: the one place where the output is documented.
//
//go:embed schema.json
var Schema []byte
