// Package index is the library: a folder that holds annotated documents and
// answers queries over their text, entities and figures.
//
//	lib, err := index.Create(dir)               // or index.Open(dir)
//	w, err := lib.Writer(index.WriterOptions{}) // one at a time
//	rep, err := w.Add(ctx, p.Run(ctx, n, corpus.Read(ctx, corpus.Options{}, paths...)))
//	err = w.Close()
//	q, err := index.Parse(`产业转移 地点:酒泉 签约额:>=100亿元`)
//	res, err := lib.Search(ctx, index.Request{Query: q, Limit: 10})
//
// # How a query is answered
//
// Bleve's scorch stores sets of documents: a term, and who has it. Everything
// that a query asks is a set of terms, and every node of a query becomes two
// sets: the documents that surely match and those that may. And, or and not
// work on both. What is left between them is decided by reading the stored
// document (scan.go), with the same function that is the oracle of the tests.
// So totals and facets are exact, and the common conditions never open a
// document. An exact string that is no word is looked for in the stored texts
// that have all of its pairs of characters, without decoding them (needle.go).
//
// What a hit has, not who has it, is read from columns (columns.go): counts of
// facets, the order by date, and which articles have a figure above a bound.
//
// # The fields of the index
//
//	w t   words of the body and of the headlines: every token, and every part of
//	      a Chinese token of two or more characters (兰州 in 兰州市)
//	g     pairs of neighbouring characters of the folded text that are no words, as
//	      hashes: with the words the dictionary-free way to a quoted string
//	n     names: what an entity or a part of the head is called, a place also by
//	      what it lies in
//	f     named properties of figures: metric, subject, category, unit …
//	d     issue date as year, month and day
//	x     text and sentences in word codes (words.go)
//	y     records of the document, compressed (codec.go); nothing else is stored
//
// # How articles get in
//
// A writer adds the terms of an article to the segment of its batch as it comes
// (postings.go), has its records encoded beside that, and keeps nothing else of
// it. Batches are committed one by one, each with the entry of the journal that
// says which inputs it has; segments are written and merged here (zap.go,
// merge.go). A complete version gets its columns and clusters and is swapped in.
//
// # The folder
//
//	manifest.json       versions of schema, dictionary and rules; which version is current
//	versions/000007/    the index, complete and never written to again; readers open this one
//	                   with it columns (columns.go), and sketches, clusters and sources: what
//	                   articles are to each other (near.go)
//	work/               the version that a writer makes: a copy by hard links at first, swapped in when complete
//	lock                held by the writer
package index
