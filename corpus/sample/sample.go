// Package sample is a newspaper of its own: the demo pages inside the program,
// and a generator of any number of articles with the truth about them.
//
//	sample.Articles()                        // the demo pages, a file system
//	for a := range sample.Stream(seed, n)    // n generated articles, in memory
//	sample.Generate(ctx, sample.Options{…})  // the same as files, with truth.jsonl
//
// Generated articles are made of sentence templates (data/topics) whose slots
// know what they print: every figure and every name of an article is in its
// truth, and every other numeral is a trap. The same seed gives the same bytes,
// and the first articles of a longer corpus are those of a shorter one.
//
// All persons, firms and villages are invented; divisions, waters, roads and
// state bodies are real names in invented sentences.
package sample
