// Package entity finds the people, bodies, places and other named things of an
// article, and the one thing that each mention names.
//
//	r, err := entity.New(entity.Options{})
//	p, err := pipeline.New(pipeline.SentenceStage(), segment.Stage(s), r.Stage())
//
// Every sentence is read in three steps. Generators propose candidates: names
// of the tables, spans that end in a head word (局, 集团, 大桥, 博览会), surname
// and given name, titles in 《》, slogans in “”, and the spans that the tagger
// votes for. A log-linear model scores each candidate by what it is made of and
// what stands beside it, and each pair of neighbours by their types. The best
// set of candidates that do not overlap is kept; its probability is the
// confidence. What can be nothing else is no matter of weights: a full division
// over whose ends nothing reaches, the number of a road. Then one pass over the article makes short forms and repeated
// names agree, and the names are resolved: 省工信厅 to 甘肃省工业和信息化厅, 酒泉 to
// 酒泉市 with reference 620900. A surname before a title is a mention when the
// article names that person in full: 李 in 李局长 is 李开明.
//
// # Data files
//
// What is known stands in data/*.tsv, UTF-8, one row a line, columns apart by a
// tab, "#" comments that state the source:
//
//	divisions.tsv      code, name, short name
//	countries.tsv      ISO code, name, further names (tab)
//	places.tsv         name, further names (、), reference, traits
//	organizations.tsv  name, further names (、); so facilities, events, projects, policies
//	heads.tsv          last words of names: head, type, traits
//	titles.tsv         title, class (gov, party, post, rank, job)
//	words.tsv          words around names: word, class (say, pre, stop, generic, left, end, break, works)
//	address.tsv        forms of address behind a surname: form, titles of those whom one calls so
//	bodies.tsv         short forms of public bodies behind 省, 市, 县 …: short, full
//	weak.tsv           names that are also common words
//	industries.tsv, resources.tsv   taxonomy: word, class, traits
//	weights.tsv        the log-linear model: template, type, value, weight (written by the tuner)
package entity
