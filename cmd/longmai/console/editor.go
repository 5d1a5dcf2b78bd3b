package console

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"sort"
	"strings"

	"longmai/index"

	"github.com/ergochat/readline"
)

// Terminal talks on a terminal: lines with editing, history and completion.
// Ctrl-C ends the query that runs, or the line that is typed; Ctrl-D leaves.
func (c *Console) Terminal(ctx context.Context, historyFile string) error {
	if historyFile != "" {
		if err := os.MkdirAll(filepath.Dir(historyFile), 0o700); err != nil {
			historyFile = "" // a session without memory is better than none
		}
	}
	ed, err := readline.NewFromConfig(&readline.Config{
		Prompt: "陇脉> ", HistoryFile: historyFile, HistoryLimit: 2000, HistorySearchFold: true,
		AutoComplete: completer{}, InterruptPrompt: "^C", EOFPrompt: "",
	})
	if err != nil {
		return err
	}
	defer ed.Close()
	for !c.quit && ctx.Err() == nil {
		line, err := ed.ReadLine()
		switch {
		case errors.Is(err, readline.ErrInterrupt):
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		c.interruptible(line)
	}
	return ctx.Err()
}

// interruptible obeys a line that Ctrl-C can end.
func (c *Console) interruptible(line string) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := c.Line(ctx, line)
	switch {
	case errors.Is(err, context.Canceled):
		c.err.printf("interrupted\n")
	case err != nil:
		c.Report(err)
	}
}

// completer completes commands and the names of fields.
type completer struct{}

// Do returns what can follow the word before pos, as readline wants it: the
// rest of each candidate, and the length of what they share with the line.
func (completer) Do(line []rune, pos int) ([][]rune, int) {
	start := pos
	for start > 0 && !strings.ContainsRune(" （(-", line[start-1]) {
		start--
	}
	word := string(line[start:pos])
	if word == "" {
		return nil, 0
	}
	var out [][]rune
	for _, w := range candidates(start == 0) {
		if rest, ok := strings.CutPrefix(w, word); ok {
			out = append(out, []rune(rest))
		}
	}
	return out, len([]rune(word))
}

// candidates lists commands, at the start of a line, and fields.
func candidates(atStart bool) []string {
	var out []string
	if atStart {
		for _, k := range commands() {
			out = append(out, k.names[0]+" ")
		}
	}
	for _, f := range index.Fields {
		if f.Query {
			out = append(out, f.Name+":", f.Chinese+":")
		}
	}
	sort.Strings(out)
	return out
}
