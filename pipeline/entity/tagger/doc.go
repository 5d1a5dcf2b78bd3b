// Package tagger finds names in Chinese newspaper sentences with a model that
// is learned from marked text.
//
//	m, err := tagger.Default()          // the model that ships
//	for _, s := range m.Tag(sentence)   // mentions with type and probability
//	r := m.Read(sentence, 0.05)         // and every candidate of probability ≥ 0.05
//	v := m.Candidates(sentence, 0.05, nil) // these alone, in less time: votes for the rules above
//
// A model works in two stages. Stage 1 cuts words: characters labelled B, M, E,
// S, the best legal labelling by weights of an averaged perceptron. Stage 2
// labels characters B, M, E, S of a type or O with a linear-chain conditional
// random field. Both see characters, words of a lexicon (dictionary, divisions,
// tables of names, last words of names, titles, characters of names) and stage
// 2 the words of stage 1; templates.go lists all of it. Features are hashes, so a
// model has no list of them, and its size is a choice. What several characters
// see of the same character, pair of characters or word is one group of
// features, which is looked up once (sheet); the weights of a feature are a row
// of bytes, of which a handful of additions sums up eight labels at a time
// (stage2); and the probabilities of candidates follow the few mentions that can
// have ended at a character (lattice.go). reference_test.go does it all the plain way.
//
// Traditional characters, full-width forms and the variants of a mark are
// folded, so a page reads the same in any of them. Sentences are read one by
// one: that a name comes twice in an article is for the caller to use.
//
// # Training
//
//	t, err := tagger.Train(ctx, tagger.TrainOptions{Train: []tagger.Source{{Path: "corpus.bio"}}})
//	os.WriteFile("model.lmt", t.Data, 0o666)    // t.Manifest says what is in it
//	r, err := tagger.Evaluate(ctx, data, t.Model.Predict(data), tagger.EvalOptions{})
//
// Data is read in the formats of Format. Corpora that annotate differently are
// learned together under different schemes: the strongest templates have
// weights that all share and weights of each scheme, and sentences of a scheme
// with fewer types say nothing of the others. A model reads with the scheme of
// its first data; Model.Scheme gives the others.
//
// The same data, options and seed give the same bytes on the same kind of machine. ShippedOptions is the
// recipe of the model that ships; model.json is its manifest, and
// testdata/quality.golden what it reaches. Copies of the marked pages with
// other names in them (Augment) raise the recall of unseen names by one to two
// points and lower precision as much; the model that ships goes without.
//
// The file format stands in codec.go.
package tagger
