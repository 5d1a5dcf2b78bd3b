package corpus

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// ignoreFile names the file that says which files beside and below it are not
// read, in the notation of gitignore(5).
const ignoreFile = ".longmaiignore"

// An ignoreSet is the rules of one folder's ignore file, and those of the folders above.
type ignoreSet struct {
	parent *ignoreSet
	base   string // folder of the file, relative to the root of the walk, "" or with a slash at its end
	rules  []ignoreRule
}

type ignoreRule struct {
	glob   string
	name   bool // glob is matched with the last element of the path
	folder bool // matches folders only
	keep   bool // a "!" rule
}

// parseIgnore reads the rules of an ignore file. The error names the line.
func parseIgnore(raw []byte, base string, parent *ignoreSet) (*ignoreSet, error) {
	set := &ignoreSet{parent: parent, base: base}
	n := 0
	for line := range bytes.Lines(bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))) {
		n++
		r, ok, err := parseIgnoreRule(strings.TrimRight(string(line), "\r\n"))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if ok {
			set.rules = append(set.rules, r)
		}
	}
	return set, nil
}

func parseIgnoreRule(line string) (r ignoreRule, ok bool, err error) {
	if strings.HasPrefix(line, "#") {
		return r, false, nil
	}
	p := line
	for strings.HasSuffix(p, " ") && !strings.HasSuffix(p, `\ `) {
		p = p[:len(p)-1]
	}
	if strings.HasPrefix(p, "!") {
		r.keep, p = true, p[1:]
	}
	if strings.HasSuffix(p, "/") {
		r.folder, p = true, strings.TrimSuffix(p, "/")
	}
	if p == "" {
		return r, false, nil
	}
	r.name = !strings.Contains(p, "/")
	p = strings.TrimPrefix(p, "/")
	if strings.HasSuffix(p, "/**") { // what is inside, not the folder itself
		p += "/*"
	}
	r.glob = strings.NewReplacer(`\{`, `\{`, `\}`, `\}`, "{", `\{`, "}", `\}`).Replace(p)
	if !doublestar.ValidatePattern(r.glob) {
		return r, false, fmt.Errorf("bad pattern %q", line)
	}
	return r, true, nil
}

// ignores reports whether the file or folder name, a slash-separated path
// relative to the root of the walk, is not to be read. The last rule that
// matches decides, those of deeper folders before those of higher ones.
func (s *ignoreSet) ignores(name string, folder bool) bool {
	for ; s != nil; s = s.parent {
		rel := strings.TrimPrefix(name, s.base)
		for i := len(s.rules) - 1; i >= 0; i-- {
			r := s.rules[i]
			if r.folder && !folder {
				continue
			}
			on := rel
			if r.name {
				on = path.Base(rel)
			}
			if doublestar.MatchUnvalidated(r.glob, on) {
				return !r.keep
			}
		}
	}
	return false
}
