package sample

import (
	"embed"
	"io/fs"
)

//go:embed articles
var articleFiles embed.FS

// Articles returns the demo pages: some forty articles of 2015 to 2025 in plain
// text and Markdown, from all fourteen prefectures of Gansu. A file is named
// after its day, and some hold several articles. Sentences, persons and firms
// are invented; public facts may be true.
func Articles() fs.FS {
	sub, err := fs.Sub(articleFiles, "articles")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sub
}
