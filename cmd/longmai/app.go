package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"longmai/cmd/longmai/terminal"

	"github.com/urfave/cli/v2"
)

// The exit statuses.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitRejected = 3 // finished, with some inputs rejected
)

// env is what a command has of the outside.
type env struct {
	in       io.Reader
	out, err io.Writer
}

// commands is the list of commands, in the order in which help shows them.
func (e *env) commands() []*cli.Command {
	return []*cli.Command{
		e.demoCommand(),
		e.extractCommand(),
		e.figuresCommand(),
		e.entitiesCommand(),
		e.buildCommand(),
		e.searchCommand(),
		e.showCommand(),
		e.consoleCommand(),
		e.statsCommand(),
		e.coverageCommand(),
		e.verifyCommand(),
		e.checkCommand(),
		e.reindexCommand(),
		e.authorityCommand(),
		e.trainCommand(),
		e.evalCommand(),
		e.sampleCommand(),
		e.helpCommand(),
		e.versionCommand(),
	}
}

// run is the program: arguments and streams in, exit status out.
func run(args []string, in io.Reader, out, errw io.Writer) int {
	log.SetOutput(io.Discard) // of the index, which returns as errors what it writes there
	e := &env{in: in, out: out, err: errw}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() { // a second Ctrl-C ends a command that does not listen
		<-ctx.Done()
		stop()
	}()
	app := e.app()
	return e.exit(app.RunContext(ctx, arrange(args, app.Flags, app.Commands)))
}

func (e *env) app() *cli.App {
	usage := func(_ *cli.Context, err error, _ bool) error { return usageError{err: err} }
	cmds := e.commands()
	for _, c := range cmds {
		c.OnUsageError = usage
		c.HideHelpCommand = true
		c.CustomHelpTemplate = commandHelp
		for _, s := range c.Subcommands {
			s.OnUsageError = usage
			s.HideHelpCommand = true
			s.CustomHelpTemplate = commandHelp
		}
	}
	return &cli.App{
		Name:            "longmai",
		Flags:           []cli.Flag{cli.HelpFlag, libraryFlag()}, // our own help command keeps the library from adding it
		Usage:           "find who, where and how much in the articles of a newspaper",
		HelpName:        "longmai",
		UsageText:       "longmai COMMAND [OPTIONS] [ARGUMENTS]\nlongmai               # on a terminal: the search console",
		HideVersion:     true,
		HideHelpCommand: true,
		Reader:          e.in,
		Writer:          e.out,
		ErrWriter:       e.err,
		Commands:        cmds,
		OnUsageError:    usage,
		Action:          e.noCommand,
		ExitErrHandler:  func(*cli.Context, error) {},
		CustomAppHelpTemplate: `{{.Name}}: {{.Usage}}

usage:
  longmai COMMAND [OPTIONS] [ARGUMENTS]
  longmai                  on a terminal: the search console

commands:
{{range .VisibleCommands}}  {{printf "%-10s" .Name}} {{.Usage}}
{{end}}
"longmai COMMAND --help" shows the options of a command and examples.
`,
	}
}

const commandHelp = `{{.HelpName}}: {{.Usage}}

usage:
  {{if .UsageText}}{{.UsageText}}{{else}}{{.HelpName}} [OPTIONS] {{.ArgsUsage}}{{end}}
{{if .Description}}
{{.Description}}
{{end}}{{if .VisibleCommands}}
commands:
{{range .VisibleCommands}}  {{printf "%-10s" .Name}} {{.Usage}}
{{end}}{{end}}{{if .VisibleFlags}}
options:
{{range .VisibleFlags}}  {{.}}
{{end}}{{end}}`

// noCommand runs without a command: the console on a terminal, help elsewhere.
func (e *env) noCommand(c *cli.Context) error {
	if name := c.Args().First(); name != "" {
		return usagef("unknown command %q", name).hint(suggest(name, c.App.Commands))
	}
	if e.interactive() {
		return e.console(c)
	}
	return cli.ShowAppHelp(c)
}

// interactive reports whether a person sits at both ends.
func (e *env) interactive() bool { return terminal.Is(e.in) && terminal.Is(e.out) }

func suggest(name string, cmds []*cli.Command) string {
	for _, c := range cmds {
		if strings.HasPrefix(c.Name, name) || strings.HasPrefix(name, c.Name) || editDistance(name, c.Name) <= 2 {
			return fmt.Sprintf("did you mean %q?", c.Name)
		}
	}
	return `"longmai --help" lists the commands`
}

// editDistance counts the insertions, deletions and changes between two short words.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, last+1)
		}
	}
	return row[len(b)]
}

// A usageError is the user's: exit status 2.
type usageError struct {
	err  error
	next string
}

func usagef(format string, args ...any) usageError {
	return usageError{err: fmt.Errorf(format, args...)}
}

func (u usageError) hint(s string) usageError { u.next = s; return u }

func (u usageError) Error() string { return u.err.Error() }
func (u usageError) Unwrap() error { return u.err }

// A hinted error knows the next step.
type hinted struct {
	error
	next string
}

func (h hinted) Unwrap() error { return h.error }

// errRejected ends a command that has done all it could, with some inputs rejected.
var errRejected = errors.New("some inputs were rejected")

// errChanged ends verify when a source is not what it was.
var errChanged = errors.New("some sources are not what the library holds")

// exit reports err and returns the status that belongs to it.
func (e *env) exit(err error) int {
	var u usageError
	var h hinted
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errRejected):
		return exitRejected
	case errors.Is(err, syscall.EPIPE):
		return exitFailed // the reader of our output has seen enough
	case errors.Is(err, context.Canceled):
		e.say("interrupted")
		return exitFailed
	case errors.As(err, &u):
		e.say("error: %v", err)
		if u.next == "" {
			u.next = `"longmai --help" and "longmai COMMAND --help" show what is accepted`
		}
		e.say("hint: %s", u.next)
		return exitUsage
	case errors.As(err, &h):
		e.say("error: %v", err)
		e.say("hint: %s", h.next)
	default:
		e.say("error: %v", err)
	}
	return exitFailed
}

// say writes one message to standard error. Text of files in it can do no harm.
func (e *env) say(format string, args ...any) {
	for line := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		fmt.Fprintf(e.err, "longmai: %s\n", terminal.Visible(line))
	}
}
