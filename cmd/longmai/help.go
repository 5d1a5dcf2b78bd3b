package main

import (
	"fmt"
	"slices"
	"strings"

	"longmai/cmd/longmai/console"
	"longmai/pipeline"

	"github.com/urfave/cli/v2"
)

// A topic is a page of "longmai help".
type topic struct {
	name, usage string
	print       func(*env) error
}

var topics = []topic{
	{"query", "the query language", func(e *env) error { console.NewView(e.out).Language(); return nil }},
	{"schema", "the JSON Schema of what extract prints", func(e *env) error { _, err := e.out.Write(pipeline.Schema); return err }},
}

func (e *env) helpCommand() *cli.Command {
	return &cli.Command{
		Name: "help", Usage: "explain a command, or one of: " + topicNames(),
		ArgsUsage: "[COMMAND|TOPIC]",
		Action: func(c *cli.Context) error {
			name := c.Args().First()
			if name == "" {
				return cli.ShowAppHelp(c)
			}
			if i := slices.IndexFunc(topics, func(t topic) bool { return t.name == name }); i >= 0 {
				return topics[i].print(e)
			}
			if cmd := c.App.Command(name); cmd != nil {
				return c.App.RunContext(c.Context, []string{"longmai", name, "--help"})
			}
			return usagef("no command and no topic %q", name).hint(fmt.Sprintf("topics: %s; \"longmai --help\" lists the commands", topicNames()))
		},
	}
}

func topicNames() string {
	names := make([]string, len(topics))
	for i, t := range topics {
		names[i] = t.name
	}
	return strings.Join(names, ", ")
}
