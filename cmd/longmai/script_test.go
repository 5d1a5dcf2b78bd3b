package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"longmai/pipeline"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"longmai": func() { os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScript runs testdata/script/*.txtar, one behaviour of the program a file.
//
// Commands of ours:
//
//	exits N COMMAND…       run it and want the exit status N
//	valid FILE             every line is an article of the public schema, and text[start:end] is the surface
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE") != "",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
			"valid": valid,
			"bytes": writeBytes,
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if err != nil {
		if _, scanErr := fmt.Sscanf(err.Error(), "exit status %d", &got); scanErr != nil {
			ts.Fatalf("%v", err)
		}
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// writeBytes makes files that no txtar can hold: bytes FILE N HEX writes HEX N times.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: bytes FILE N HEX")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	var b []byte
	_, err = fmt.Sscanf(args[2], "%x", &b)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Repeat(b, n), 0o666))
}

func valid(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: valid FILE")
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(pipeline.Schema))
	ts.Check(err)
	c := jsonschema.NewCompiler()
	ts.Check(c.AddResource("schema.json", doc))
	schema, err := c.Compile("schema.json")
	ts.Check(err)
	lines := strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n")
	for i, line := range lines {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err != nil {
			ts.Fatalf("line %d: %v", i+1, err)
		}
		if err := schema.Validate(v); err != nil {
			ts.Fatalf("line %d: %v", i+1, err)
		}
		if err := surfaces(line); err != nil {
			ts.Fatalf("line %d: %v", i+1, err)
		}
	}
}

// surfaces checks every record of a line that has start, end and surface against the text.
func surfaces(line string) error {
	var v map[string]any
	if err := json.Unmarshal([]byte(line), &v); err != nil {
		return err
	}
	text := []rune(v["text"].(string))
	var walk func(any) error
	walk = func(v any) error {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				if err := walk(x); err != nil {
					return err
				}
			}
		case map[string]any:
			if s, ok := v["surface"].(string); ok && v["start"] != nil {
				if got := string(text[int(v["start"].(float64)):int(v["end"].(float64))]); got != s {
					return fmt.Errorf("text[%v:%v] is %q, surface %q", v["start"], v["end"], got, s)
				}
			}
			for _, x := range v {
				if err := walk(x); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return walk(v)
}
