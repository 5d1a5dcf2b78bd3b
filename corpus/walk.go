package corpus

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// walk opens every file under paths, in order, and hands it to read; what cannot be opened goes to reject.
func walk(ctx context.Context, o Options, paths []string, read func(*input) error, reject func(*Rejection) error) error {
	for _, root := range paths {
		err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
			in := &input{Source: Source{Path: name}, size: -1, hint: hintOf(name)}
			if err != nil {
				class := ClassUnreadable
				if errors.Is(err, fs.ErrNotExist) {
					class = ClassMissing
				}
				return reject(in.reject(class, "", "", err))
			}
			if !e.Type().IsRegular() {
				return nil
			}
			f, err := os.Open(name)
			if err != nil {
				return reject(in.reject(ClassUnreadable, "", "", err))
			}
			defer f.Close()
			if info, err := f.Stat(); err == nil {
				in.size = info.Size()
			}
			in.r, in.at = f, f
			return read(in)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
