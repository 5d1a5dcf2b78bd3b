package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// arrange moves the options of a command before its arguments, so that they may
// stand anywhere: search QUERY --facet year. Behind -- all are arguments. A
// word like -风电 is a part of a query and no option.
func arrange(args []string, global []cli.Flag, cmds []*cli.Command) []string {
	if len(args) == 0 {
		return args
	}
	out, rest := args[:1:1], args[1:]
	flags := global
	for len(cmds) > 0 { // the program, a command, a command of a command
		n := 0
		for n < len(rest) && isOption(rest[n]) {
			n = min(n+optionLength(rest[n], flags), len(rest))
		}
		out, rest = append(out, rest[:n]...), rest[n:]
		if len(rest) == 0 {
			return out
		}
		i := slices.IndexFunc(cmds, func(c *cli.Command) bool { return c.HasName(rest[0]) })
		if i < 0 {
			return append(out, rest...)
		}
		out, rest = append(out, rest[0]), rest[1:]
		flags, cmds = append([]cli.Flag{cli.HelpFlag}, cmds[i].Flags...), cmds[i].Subcommands
	}
	var words []string
	for len(rest) > 0 {
		switch {
		case rest[0] == "--":
			words, rest = append(words, rest[1:]...), nil
		case isOption(rest[0]):
			n := optionLength(rest[0], flags)
			if n > len(rest) {
				return append(out, rest...) // its value is missing, and must not be what follows it here
			}
			out, rest = append(out, rest[:n]...), rest[n:]
		default:
			words, rest = append(words, rest[0]), rest[1:]
		}
	}
	if len(words) > 0 {
		out = append(append(out, "--"), words...)
	}
	return out
}

// isOption reports whether s has the form of an option: a dash or two and a Latin letter.
func isOption(s string) bool {
	name := strings.TrimPrefix(strings.TrimPrefix(s, "-"), "-")
	return name != s && name != "" && (name[0] >= 'a' && name[0] <= 'z' || name[0] >= 'A' && name[0] <= 'Z')
}

// optionLength returns how many words an option takes: two with a value that stands apart.
func optionLength(option string, flags []cli.Flag) int {
	name, _, valued := strings.Cut(strings.TrimLeft(option, "-"), "=")
	if valued {
		return 1
	}
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			if d, ok := f.(cli.DocGenerationFlag); ok && !d.TakesValue() {
				return 1
			}
			return 2
		}
	}
	return 1
}
