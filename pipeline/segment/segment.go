// Package segment cuts Chinese text into words with gse.
//
//	seg, err := segment.Full()            // the whole dictionary, shared, for batches
//	seg := segment.Slice(text)            // only the words that occur in text, for one query
//	tokens := seg.Segment(text)           // the same tokens either way
package segment
