// Package corpus reads newspaper articles from whatever files a researcher has,
// and keeps for every character the way back to the bytes it came from.
//
//	for a, err := range corpus.Read(ctx, corpus.Options{}, "pages/") { … }
//	o, ok := a.Text.Origin(span) // the bytes of the source behind a span
//
// An input that is no article is yielded as a *Rejection with its place, a class
// and a hint; reading goes on behind it.
//
// Plain text and Markdown hold one article or a page of several. Headlines are
// marked with #, or found by place and shape; the lines of a headline are
// kicker, title and subtitle (——). Bylines (新甘肃·甘肃日报记者 王　欣), datelines
// (本报兰州10月21日讯（记者 王欣）), captions, credits and continuations
// (下转第三版) are found in the text and stay in it. What the program knows of
// words lies in the tables beside the code: roles.tsv, media.tsv, posts.tsv,
// surnames.tsv, minorities.tsv, columns.tsv, boilerplate.tsv, glyphs.tsv.
//
// Tables and records name their columns in the first rows, whatever stands above
// the headings; a table that was saved as text is read as a table. What the page
// lists of the e-paper say of editions holds for the article pages beside them.
//
// What a file is its bytes say before its name does, and in which encoding it is
// all of its bytes: a page of lines in two encodings is read line by line, one
// that a wrong encoding has garbled is refused. foreign.tsv names the formats
// that are known and not read, and the next step for each.
//
// Memory holds one page or record, the names of one folder at each level, and
// the articles of a day that are carried over: it does not grow with the number
// of files. memory_test.go and hostile_test.go have the proofs.
//
// Across articles: Dedupe keeps equal texts once, Near finds reprints and
// excerpts, Coverage counts days and editions and names missing ones, Verify
// reads the sources again and proves every stored character.
package corpus
