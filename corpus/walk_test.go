package corpus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// A tree is files by name; a value "-> x" is a symbolic link to x.
type tree map[string]string

func (tr tree) make(t testing.TB) string {
	t.Helper()
	dir := wordyDir(t)
	for name, content := range tr {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if to, ok := strings.CutPrefix(content, "-> "); ok {
			err = os.Symlink(to, p)
		} else {
			err = os.WriteFile(p, []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// walked returns what a walk of paths reads and rejects, in order, as
// "name" or "name!class", relative to dir.
func walked(t testing.TB, dir string, paths ...string) []string {
	t.Helper()
	var got []string
	rel := func(name string) string {
		if r, err := filepath.Rel(dir, name); err == nil && name != "-" {
			return filepath.ToSlash(r)
		}
		return name
	}
	err := walk(context.Background(), Options{Stdin: strings.NewReader("x")}.withDefaults(), paths,
		func(in *input) error { got = append(got, rel(in.Path)); return nil },
		func(r *Rejection) error {
			if r.Hint == "" {
				t.Errorf("%v: no hint", r)
			}
			got = append(got, rel(r.Source.Path)+"!"+string(r.Class))
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestWalk(t *testing.T) {
	for _, c := range []struct {
		name string
		tree tree
		path []string // "" is the folder
		want string
	}{
		{"order", tree{"b/2.txt": "", "b/10.txt": "", "a.txt": "", "c.txt": ""}, nil, "a.txt b/10.txt b/2.txt c.txt"},
		{"hidden and leftovers", tree{".x": "", ".git/a": "", "a.txt~": "", "#a.txt#": "", ".a.swp": "", "~$a.docx": "", "__MACOSX/a": "", "Thumbs.db": "", "a.txt": "", "b.tmp": ""}, nil, "a.txt"},
		{"named leftovers are read", tree{"a.txt~": "", ".x": ""}, []string{"a.txt~", ".x"}, "a.txt~ .x"},
		{"saved page", tree{"1.html": "", "1_files/a.js": "", "my_files/a.txt": ""}, nil, "1.html my_files/a.txt"},
		{"missing", tree{"a.txt": ""}, []string{"no.txt", "a.txt"}, "no.txt!missing a.txt"},
		{"standard input", tree{"a.txt": ""}, []string{"-", "a.txt"}, "- a.txt"},
		{"loop", tree{"a/b/up": "-> ../..", "a/x.txt": "", "self": "-> self"}, nil, "a/b/up!loop a/x.txt self!loop"},
		{"two loops that lead to each other", tree{"a/to": "-> ../b", "b/to": "-> ../a", "a/1": "", "b/2": ""}, nil, "a/1 b/2"},
		{"a folder linked twice", tree{"real/1": "", "x1": "-> real", "x2": "-> real"}, nil, "real/1"},
		{"a linked file", tree{"real.txt": "", "x.txt": "-> real.txt", "gone.txt": "-> nothing"}, nil, "gone.txt!missing real.txt x.txt"},
		{"a link to a hidden folder", tree{".store/1.txt": "", "x": "-> .store"}, nil, "x/1.txt"},
		{"the root twice", tree{"a/1": ""}, []string{"a", "", "a"}, "a/1"},
		{"ignore", tree{".longmaiignore": "*.log\n!keep.log\n/top.txt\nold/\n", "a.log": "", "keep.log": "", "top.txt": "", "x/top.txt": "", "old/1": "", "x/old": ""}, nil, "keep.log x/old x/top.txt"},
		{"ignore below", tree{".longmaiignore": "*.txt\n", "b/.longmaiignore": "!*.txt\n2.txt\n", "1.txt": "", "b/1.txt": "", "b/2.txt": "", "b/c/1.txt": ""}, nil, "b/1.txt b/c/1.txt"},
		{"a broken rule", tree{".longmaiignore": "*.txt\n[a\n", "1.txt": ""}, nil, ".longmaiignore!format 1.txt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := c.tree.make(t)
			paths := []string{dir}
			if c.path != nil {
				paths = nil
				for _, p := range c.path {
					if p != "-" {
						p = filepath.Join(dir, p)
					}
					paths = append(paths, p)
				}
			}
			if got := strings.Join(walked(t, dir, paths...), " "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWalkUnreadable(t *testing.T) {
	if os.Getuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("every file can be read here")
	}
	dir := tree{"a.txt": "", "b/c.txt": "", "d.txt": ""}.make(t)
	for _, name := range []string{"a.txt", "b"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(filepath.Join(dir, name), 0o755)
	}
	if got := strings.Join(walked(t, dir, dir), " "); got != "a.txt!unreadable b!unreadable d.txt" {
		t.Error(got)
	}
}

// TestIgnoreAsGit compares the rules with git itself.
func TestIgnoreAsGit(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("no git on this machine")
	}
	rules := []string{"*.txt", "a", "/a", "a/", "a/b", "/a/b/", "a/*", "a/**", "**/b", "a/**/c", "**/b/c", "*", "!b", "[ab]", "[!a]", "[^a]", "?", "a?", `\#x`, `\!b`,
		"b ", `b\ `, "{a,b}", "# x", "", "a/*/c", "b**", "**", "a/b/**", "*/", "/*", "!/a/", "/**/c", "b/*/"}
	files := []string{"a", "b", "c", "a/b", "a/c", "a/b/c", "a/x/c", "a/x/b/c", "b/c", "b/b/c", "#x", "!b", "b ", "x.txt", "a/x.txt", "{a,b}", "ab", "bb", "bb/c"}
	check := func(t *testing.T, rule []string) {
		dir := t.TempDir()
		if out, err := exec.Command(git, "init", "-q", dir).CombinedOutput(); err != nil {
			t.Skipf("git init: %s", out)
		}
		text := strings.Join(rule, "\n") + "\n"
		if err := os.WriteFile(filepath.Join(dir, ".gitignore"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		set, err := parseIgnore([]byte(text), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		// git tells files from folders by what lies there, so both are asked one after the other.
		for _, folder := range []bool{false, true} {
			for _, f := range files {
				p := filepath.Join(dir, filepath.FromSlash(f))
				if os.MkdirAll(filepath.Dir(p), 0o755) != nil {
					continue
				}
				if folder {
					os.MkdirAll(p, 0o755)
				} else if _, err := os.Stat(p); err != nil {
					os.WriteFile(p, nil, 0o644)
				}
			}
			cmd := exec.Command(git, "-C", dir, "check-ignore", "--no-index", "-z", "--stdin")
			cmd.Stdin = strings.NewReader(strings.Join(files, "\x00") + "\x00")
			out, _ := cmd.Output()
			ignored := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
			for _, f := range files {
				info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(f)))
				if err != nil || info.IsDir() != folder && !info.IsDir() {
					continue
				}
				got := false
				for i := range f { // a walk comes to f through its folders
					if f[i] == '/' && set.ignores(f[:i], true) {
						got = true
					}
				}
				got = got || set.ignores(f, info.IsDir())
				if want := slices.Contains(ignored, f); got != want {
					t.Errorf("rules %q: %q (folder %v) ignored %v, git says %v", rule, f, info.IsDir(), got, want)
				}
			}
		}
	}
	for i, r := range rules {
		check(t, []string{r})
		if !testing.Short() {
			check(t, []string{r, rules[(i*7+12)%len(rules)]})
		}
	}
}

// TestWalkManyFiles lists a folder that is far larger than what is kept of it.
func TestWalkManyFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 20,000 files")
	}
	dir := t.TempDir()
	const n = 20_000
	for i := range n {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%06d.txt", i)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	stop := errors.New("stop")
	seen, last := 0, ""
	err := walk(context.Background(), Options{}.withDefaults(), []string{dir}, func(in *input) error {
		if in.Path <= last {
			t.Fatalf("%s behind %s", in.Path, last)
		}
		last = in.Path
		if seen++; seen == n-5 {
			return stop
		}
		_, err := io.ReadAll(in.r)
		return err
	}, func(r *Rejection) error { return r })
	if !errors.Is(err, stop) || seen != n-5 {
		t.Fatal(seen, err)
	}
}
