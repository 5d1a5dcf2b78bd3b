// Longmai reads articles of a newspaper, finds the people, bodies, places and
// figures in them, and searches the lot.
//
//	longmai demo                        # what it does, on a small corpus inside the program
//	longmai extract pages/              # articles with their annotations, one JSON object a line
//	longmai build --library L pages/    # a library to search
//	longmai search --library L '签约额:>=1000亿元'
package main

import "os"

func main() { os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr)) }
