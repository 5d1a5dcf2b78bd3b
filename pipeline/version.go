package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
)

// TablesVersion returns a short digest of the names and bytes of the files of
// tables, folders included, in the order of their names: the version of the
// knowledge of a stage. It is for embedded files and panics when one cannot be read.
func TablesVersion(tables fs.FS) string {
	sum := sha256.New()
	err := fs.WalkDir(tables, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(tables, name)
		sum.Write([]byte(name + "\x00"))
		sum.Write(b)
		return err
	})
	if err != nil {
		panic("pipeline: embedded tables: " + err.Error())
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
}
