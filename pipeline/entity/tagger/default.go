package tagger

import (
	_ "embed"
	"sync"
)

// model.lmt is what Train made of the project's own pages and of UNER;
// model.json beside it tells the rest.
//
//go:embed model.lmt
var shipped []byte

// Default returns the model that ships. It is loaded once.
func Default() (*Model, error) { return loadShipped() }

var loadShipped = sync.OnceValues(func() (*Model, error) { return Load(shipped) })
