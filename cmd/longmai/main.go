// Longmai reads articles of a newspaper, finds the people, bodies, places and
// figures in them, and searches the lot.
//
//	longmai demo                        # what it does, on a small corpus inside the program
//	longmai extract pages/              # articles with their annotations, one JSON object a line
//	longmai build --library L pages/    # a library to search
//	longmai search --library L '签约额:>=1000亿元'
package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

func main() {
	collectLater()
	os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// collectLater puts the first collection of garbage off until the heap has 32 MB,
// which a search does not reach: a quarter of its time would go into collecting
// what the process gives back at its end. From then on it is as GOGC has it.
func collectLater() {
	if os.Getenv("GOGC") != "" {
		return
	}
	usual := debug.SetGCPercent(800) // of the 4 MB that count as the least
	runtime.AddCleanup(new([16]byte), func(usual int) { debug.SetGCPercent(usual) }, usual)
}
