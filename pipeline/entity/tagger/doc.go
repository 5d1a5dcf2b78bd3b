// Package tagger finds names in Chinese newspaper sentences with a model that
// is learned from marked text.
//
//	m, err := tagger.Default()          // the model that ships
//	for _, s := range m.Tag(sentence)   // mentions with type and probability
//	r := m.Read(sentence, 0.05)         // and every candidate of probability ≥ 0.05: votes for the rules above
package tagger
