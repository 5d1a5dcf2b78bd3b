// Package corpus reads newspaper articles from whatever files a researcher has,
// and keeps for every character the way back to the bytes it came from.
//
//	for a, err := range corpus.Read(ctx, corpus.Options{}, "pages/") { … }
//	o, ok := a.Text.Origin(span) // the bytes of the source behind a span
package corpus
