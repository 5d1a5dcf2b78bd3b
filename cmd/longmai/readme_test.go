package main

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"longmai/corpus/sample"
)

// TestReadmeCommands runs every command line of the README in a folder that has
// what they speak of: page.txt, pages/, crawl.zip.
func TestReadmeCommands(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.CopyFS("pages", sample.Articles()); err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob("pages/*.txt")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	page, err := os.ReadFile(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	archive, err := os.Create("crawl.zip")
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(archive)
	w, err := z.Create("gsrb-2024-01-02-more.txt")
	if err != nil {
		t.Fatal(err)
	}
	w.Write(page)
	z.Close()
	archive.Close()
	if err := os.WriteFile("page.txt", page, 0o666); err != nil {
		t.Fatal(err)
	}

	anID := func() string {
		var out, errw bytes.Buffer
		if code := run([]string{"longmai", "search", "--library", "lib", "--format", "jsonl", "--limit", "1", "*"}, nil, &out, &errw); code != exitDone {
			t.Fatalf("status %d: %s", code, errw.String())
		}
		return string(regexp.MustCompile(`"id":"([0-9a-f]{16})"`).FindSubmatch(out.Bytes())[1])
	}
	commands := 0
	for line := range strings.Lines(string(readme)) {
		command, ok := strings.CutPrefix(line, "    longmai ")
		if !ok {
			continue
		}
		command, _, _ = strings.Cut(command, "  #")
		args := words(strings.TrimSpace(command))
		for i, a := range args {
			if a == "ID" {
				args[i] = anID()
			}
		}
		if strings.TrimSpace(command) == "" || strings.HasPrefix(args[0], "#") {
			continue
		}
		commands++
		var out, errw bytes.Buffer
		if code := run(append([]string{"longmai"}, args...), strings.NewReader(""), &out, &errw); code != exitDone {
			t.Errorf("longmai %s: status %d\n%s", command, code, errw.String())
		}
	}
	if commands < 8 {
		t.Errorf("only %d commands found in the README", commands)
	}
}

// words splits a command line at spaces outside single quotes.
func words(s string) []string {
	var out []string
	for i, part := range strings.Split(s, "'") {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return out
}
