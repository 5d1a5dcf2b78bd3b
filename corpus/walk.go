package corpus

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// A walker lists the files below some paths in a stable order: the paths as
// given, and in each folder by name. It holds the names of one folder at each
// level, and remembers a folder only where it may come to it by a second way:
// a million folders cost nothing.
type walker struct {
	o      Options
	read   func(*input) error
	reject func(*Rejection) error
	roots  []string        // real paths of the folders given
	nested bool            // one of the roots lies in another
	seen   map[string]bool // real paths of the folders walked, where it matters
}

// walk opens every file under paths, in order, and hands it to read; what
// cannot be opened goes to reject. Symbolic links are followed; a folder that
// several names lead to is walked once.
func walk(ctx context.Context, o Options, paths []string, read func(*input) error, reject func(*Rejection) error) error {
	w := &walker{o: o, read: read, reject: reject, seen: map[string]bool{}}
	for _, root := range paths {
		if real, err := filepath.EvalSymlinks(root); err == nil {
			if abs, err := filepath.Abs(real); err == nil {
				w.roots = append(w.roots, abs)
			}
		}
	}
	w.nested = nested(w.roots)
	for _, root := range paths {
		if err := w.root(ctx, root); err != nil {
			return err
		}
	}
	return nil
}

// nested reports whether one of some paths is another or lies in it.
func nested(paths []string) bool {
	all := make(map[string]bool, len(paths))
	for _, p := range paths {
		if all[p] {
			return true
		}
		all[p] = true
	}
	return slices.ContainsFunc(paths, func(p string) bool {
		for up := filepath.Dir(p); up != p; p, up = up, filepath.Dir(up) {
			if all[up] {
				return true
			}
		}
		return false
	})
}

func (w *walker) root(ctx context.Context, name string) error {
	if name == "-" {
		in := &input{Source: Source{Path: "-"}, r: w.o.Stdin, size: -1, hint: hintOf("-")}
		if f, ok := w.o.Stdin.(*os.File); ok {
			if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
				in.size = info.Size()
			}
		}
		return w.read(in)
	}
	info, err := os.Stat(name)
	if err != nil {
		return w.fail(name, err)
	}
	if !info.IsDir() {
		return w.file(name)
	}
	real, err := filepath.EvalSymlinks(name)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err != nil {
		return w.fail(name, err)
	}
	return w.folder(ctx, folder{name: name, real: real})
}

// fail rejects what could not be opened.
func (w *walker) fail(name string, err error) error {
	in := &input{Source: Source{Path: name}}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return w.reject(in.reject(ClassMissing, "", "check the path", plain(err)))
	case errors.Is(err, fs.ErrPermission):
		return w.reject(in.reject(ClassUnreadable, "", "give yourself the right to read it", plain(err)))
	case strings.Contains(err.Error(), "too many levels of symbolic links") || strings.Contains(err.Error(), "too many links"):
		return w.reject(in.reject(ClassLoop, "", "remove the symbolic link", plain(err)))
	}
	return w.reject(in.reject(ClassUnreadable, "", "read it on another device or restore it from a copy", plain(err)))
}

// plain returns err without the path, which the rejection names already.
func plain(err error) error {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// A folder is one on the way down from a root.
type folder struct {
	name   string // as the user would write it
	real   string // without symbolic links
	rel    string // from the root, "" or with a slash at its end
	ignore *ignoreSet
	above  *folder
	linked bool // a symbolic link leads to it or to one above
}

// An entry is one name in a folder.
type entry struct {
	name string
	mode fs.FileMode
}

func (w *walker) folder(ctx context.Context, f folder) error {
	if w.nested || f.linked {
		if w.seen[f.real] {
			return nil
		}
		w.seen[f.real] = true
	}
	entries, err := list(f.name)
	if err != nil {
		return w.fail(f.name, err)
	}
	if has(entries, ignoreFile) {
		if f.ignore, err = w.ignoreFile(f); err != nil {
			return err
		}
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if leftover(e.name) || resources(e.name, entries) {
			continue
		}
		if err := w.entry(ctx, &f, e); err != nil {
			return err
		}
	}
	return nil
}

// list returns the entries of a folder by name. It keeps names and types only,
// since a folder may hold a million.
func list(name string) ([]entry, error) {
	d, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	var out []entry
	for {
		some, err := d.ReadDir(4096)
		for _, e := range some {
			out = append(out, entry{e.Name(), e.Type()})
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return out, nil
}

func (w *walker) ignoreFile(f folder) (*ignoreSet, error) {
	name := filepath.Join(f.name, ignoreFile)
	raw, err := os.ReadFile(name)
	if err != nil {
		return f.ignore, w.fail(name, err)
	}
	set, err := parseIgnore(raw, f.rel, f.ignore)
	if err != nil {
		in := &input{Source: Source{Path: name}}
		place, _, _ := strings.Cut(err.Error(), ":")
		return f.ignore, w.reject(in.reject(ClassFormat, place, "see gitignore(5) for the notation; the whole file was passed over", err))
	}
	return set, nil
}

func (w *walker) entry(ctx context.Context, f *folder, e entry) error {
	name, rel, mode := filepath.Join(f.name, e.name), f.rel+e.name, e.mode
	if mode&fs.ModeSymlink != 0 {
		info, err := os.Stat(name)
		if err != nil {
			if f.ignore.ignores(rel, false) {
				return nil
			}
			return w.fail(name, err)
		}
		mode = info.Mode().Type() | fs.ModeSymlink
	}
	if f.ignore.ignores(rel, mode.IsDir()) {
		return nil
	}
	if !mode.IsDir() {
		if mode&^fs.ModeSymlink != 0 {
			in := &input{Source: Source{Path: name}}
			return w.reject(in.reject(ClassUnsupported, "", "name it by itself to read it as a stream", fmt.Errorf("no regular file but %s", mode&^fs.ModeSymlink)))
		}
		return w.file(name)
	}
	sub := folder{name: name, real: filepath.Join(f.real, e.name), rel: rel + "/", ignore: f.ignore, above: f, linked: f.linked || mode&fs.ModeSymlink != 0}
	if mode&fs.ModeSymlink != 0 {
		real, err := filepath.EvalSymlinks(name)
		if err == nil {
			real, err = filepath.Abs(real)
		}
		if err != nil {
			return w.fail(name, err)
		}
		sub.real = real
		for up := f; up != nil; up = up.above {
			if up.real == real {
				in := &input{Source: Source{Path: name}}
				return w.reject(in.reject(ClassLoop, "", "nothing is lost: the folder is read under its own name",
					fmt.Errorf("symbolic link back to %s", up.name)))
			}
		}
		if w.below(real) {
			return nil // it is walked under its own name
		}
	}
	return w.folder(ctx, sub)
}

// below reports whether the walk comes to the real folder by itself.
func (w *walker) below(real string) bool {
	return slices.ContainsFunc(w.roots, func(root string) bool {
		rest, ok := strings.CutPrefix(real, strings.TrimSuffix(root, string(filepath.Separator))+string(filepath.Separator))
		return ok && !slices.ContainsFunc(strings.Split(rest, string(filepath.Separator)), leftover)
	})
}

func (w *walker) file(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return w.fail(name, err)
	}
	defer f.Close()
	in := &input{Source: Source{Path: name}, r: f, size: -1, hint: hintOf(name)}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		in.size, in.at = info.Size(), f
	}
	return w.read(in)
}

// resources reports whether name is the folder in which a browser saved the
// pictures and scripts of a page of the same folder: NAME_files or NAME.files of
// NAME.html.
func resources(name string, entries []entry) bool {
	page, ok := strings.CutSuffix(name, "_files")
	if !ok {
		page, ok = strings.CutSuffix(name, ".files")
	}
	return ok && (has(entries, page+".html") || has(entries, page+".htm"))
}

// has reports whether the sorted entries hold name.
func has(entries []entry, name string) bool {
	_, ok := slices.BinarySearchFunc(entries, name, func(e entry, name string) int { return strings.Compare(e.name, name) })
	return ok
}

//go:embed leftovers.tsv
var leftoversTSV string

var leftoverPatterns = sync.OnceValue(func() []string {
	rows, err := parseTable("leftovers.tsv", leftoversTSV, 2)
	if err != nil {
		panic(err) // the embedded table; a test reads it
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.cells[0]
	}
	return out
})

// leftover reports whether a name in a folder is hidden or a leftover.
func leftover(name string) bool {
	if strings.HasPrefix(name, ".") {
		return true
	}
	return slices.ContainsFunc(leftoverPatterns(), func(p string) bool {
		ok, _ := path.Match(p, name)
		return ok
	})
}
