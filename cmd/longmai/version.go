package main

import (
	"fmt"
	"maps"
	"slices"

	"longmai/pipeline/standard"

	"github.com/urfave/cli/v2"
)

// Version is the version of the program; CHANGELOG.md says what came with it.
const Version = "0.4.0"

func (e *env) versionCommand() *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "print the versions of program, schema, dictionary and rules",
		Action: func(*cli.Context) error {
			fmt.Fprintf(e.out, "longmai     %s\n", Version)
			v := standard.Versions()
			for _, k := range slices.Sorted(maps.Keys(v)) {
				fmt.Fprintf(e.out, "%-11s %s\n", k, v[k])
			}
			return nil
		},
	}
}
