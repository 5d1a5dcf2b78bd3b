package tagger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
)

// TrainOptions say what a model is made of. Train must be set; the zero value
// of every other field works.
type TrainOptions struct {
	Train []Source // annotated data. The scheme of the first is the one that the model reads with
	Tune  []Source // data to report on, never trained on

	// Holdout is the part of the articles of the first source that is kept out
	// of training and reported on: every tenth of them at 0.1.
	Holdout float64

	Lists []WordList // of the lexicon; nil takes the lexicon of Base
	Base  *Model     // supplies the lexicon, and stage 1 where no data has words; nil means Default

	Augment  int     // copies of the first source with other names in its marked slots
	Epochs   int     // of stage 2; 0 means 10
	Rate     float64 // of AdaGrad; 0 means 0.1
	Dropout  float64 // part of the features left out in training; 0 means 0.5, negative none
	Once     bool    // keep features that occur once; they are left out otherwise
	Features int     // of stage 2 in the model; 0 means a million
	Words    int     // features of stage 1 in the model; 0 means 150,000
	Seed     uint64
	Workers  int // 0 means GOMAXPROCS; the model does not depend on it

	Checkpoint string         // file to which training is saved after each epoch and from which it goes on; "" for none
	Progress   func(Progress) // called from one goroutine; may be nil
}

// Progress says how far training is.
type Progress struct {
	Step        string // read, words, features, epoch, write
	Epoch       int    // from 1
	Epochs      int
	Done, Total int     // sentences
	Loss        float64 // −log p for each character, at the end of an epoch
}

// A Trained model and how it came about.
type Trained struct {
	Model    *Model
	Data     []byte // the model file
	Manifest Manifest
}

// A Manifest tells what a model was made of. It is written beside the model as JSON.
type Manifest struct {
	Templates int       `json:"templates"`
	Types     []string  `json:"types"`
	Schemes   []string  `json:"schemes"`
	Train     []DataSum `json:"train"`
	Tune      []DataSum `json:"tune,omitempty"`
	Lists     []string  `json:"lists,omitempty"`
	Lexicon   string    `json:"lexicon"`        // SHA-256 of what the lists came to, as the model file has it
	Base      string    `json:"base,omitempty"` // SHA-256 of the model that supplied what the data did not
	Augment   int       `json:"augment"`
	Holdout   float64   `json:"holdout"`
	Epochs    int       `json:"epochs"`
	Rate      float64   `json:"rate"`
	Dropout   float64   `json:"dropout"`
	Once      bool      `json:"once"`
	Seed      uint64    `json:"seed"`
	Losses    []float64 `json:"losses"`
	Features  [2]int    `json:"features"` // seen in training, kept in the model
	Size      int       `json:"size"`
	SHA256    string    `json:"sha256"`
	Warnings  []string  `json:"warnings,omitempty"` // places of the data that were read as something else
	Reports   []*Report `json:"reports,omitempty"`
}

// A DataSum identifies a dataset.
type DataSum struct {
	Name       string `json:"name"`
	Scheme     string `json:"scheme"`
	SHA256     string `json:"sha256"`
	Articles   int    `json:"articles"`
	Sentences  int    `json:"sentences"`
	Characters int    `json:"characters"`
	Mentions   int    `json:"mentions"`
	Begun      int    `json:"begun_inside,omitempty"` // mentions that begin with I-, as IOB1 writes
}

// Sum counts and identifies d.
func (d *Dataset) Sum() DataSum {
	s := DataSum{Name: d.Name, Scheme: d.Scheme, SHA256: d.SHA256, Articles: len(d.Articles), Begun: d.Begun}
	for _, a := range d.Articles {
		s.Sentences += len(a.Sentences)
		for _, t := range a.Sentences {
			s.Mentions += len(t.Spans)
			for range t.Text {
				s.Characters++
			}
		}
	}
	return s
}

func (o *TrainOptions) fill() error {
	if len(o.Train) == 0 {
		return errors.New("no data to train on")
	}
	for _, n := range []struct {
		name  string
		value int
		zero  string
	}{{"epochs", o.Epochs, "the default"}, {"copies", o.Augment, "none"}, {"features", o.Features, "the default"}, {"features of words", o.Words, "the default"}, {"workers", o.Workers, "one for each processor"}} {
		if n.value < 0 {
			return fmt.Errorf("%s %d, want 1 or more, or 0 for %s", n.name, n.value, n.zero)
		}
	}
	if !(o.Rate >= 0) || math.IsInf(o.Rate, 1) {
		return fmt.Errorf("rate %g, want more than 0, or 0 for the default", o.Rate)
	}
	if !(o.Holdout >= 0 && o.Holdout <= 0.5) {
		return fmt.Errorf("holdout %g, want 0 to 0.5", o.Holdout)
	}
	if !(o.Dropout < 0.9) {
		return fmt.Errorf("dropout %g, want less than 0.9", o.Dropout)
	}
	o.Epochs = cmp.Or(o.Epochs, 10)
	o.Rate = cmp.Or(o.Rate, 0.1)
	o.Dropout = max(cmp.Or(o.Dropout, 0.5), 0)
	o.Features = min(cmp.Or(o.Features, 1_000_000), maxEntries)
	o.Words = min(cmp.Or(o.Words, 150_000), maxEntries)
	o.Workers = cmp.Or(o.Workers, runtime.GOMAXPROCS(0))
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	if o.Lists == nil && o.Base == nil {
		base, err := Default()
		if err != nil {
			return fmt.Errorf("neither word lists nor a base model: %w", err)
		}
		o.Base = base
	}
	return nil
}

// Train makes a model. The same data, options and seed give the same bytes,
// with any number of workers, and whether or not training was interrupted.
func Train(ctx context.Context, o TrainOptions) (*Trained, error) {
	if err := o.fill(); err != nil {
		return nil, err
	}
	t := trainer{o: o}
	for _, step := range []func(context.Context) error{t.read, t.words, t.number, t.learn} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	o.Progress(Progress{Step: "write"})
	return t.result(ctx)
}

type trainer struct {
	o        TrainOptions
	data     []*Dataset // what is trained on, copies included
	copies   []*Dataset // of the first of data, with other names
	held     []*Dataset
	sums     Manifest
	types    []string
	schemes  []scheme
	lex      *Lexicon
	stage1   stage1
	max1     float64
	examples []example
	chains   []*chain
	index    *indexer
	origin   []origin
	crf      *crf
	losses   []float64
}

// An example is a sentence to learn from.
type example struct {
	s      *Sentence
	scheme int
	cutter *Model // stage 1 that was not trained on this sentence
	turn   int    // a sentence that has copies takes turns with them: its place among them, from 1; 0 when it has none
}

// An origin says where a numbered feature comes from: the feature that it is
// the scheme's own version of.
type origin struct {
	base   int32 // -1 for the features that all schemes share
	scheme int32
}

// read reads data and lists, and puts the held out articles aside.
func (t *trainer) read(context.Context) error {
	t.o.Progress(Progress{Step: "read"})
	for i, src := range t.o.Train {
		d, err := t.dataset(src)
		if err != nil {
			return err
		}
		t.sums.Train = append(t.sums.Train, d.Sum())
		if i == 0 && t.o.Holdout > 0 {
			train, held := Split(d, t.o.Holdout)
			t.held = append(t.held, held)
			d = train
		}
		t.data = append(t.data, d)
		t.scheme(d)
	}
	for _, src := range t.o.Tune {
		d, err := t.dataset(src)
		if err != nil {
			return err
		}
		t.held = append(t.held, d)
		t.sums.Tune = append(t.sums.Tune, d.Sum())
	}
	slices.Sort(t.types)
	t.types = slices.Compact(t.types)
	if len(t.types) == 0 || len(t.types) > maxTypes {
		return fmt.Errorf("the data has %d types of mentions, want 1 to %d", len(t.types), maxTypes)
	}
	if err := t.lexicon(); err != nil {
		return err
	}
	return t.augment()
}

// dataset reads src. A scheme that the base model knows has the types that it has there.
func (t *trainer) dataset(src Source) (*Dataset, error) {
	if b := t.o.Base; b != nil && src.Types == nil {
		for _, s := range b.header.Schemes {
			if s.Name == src.Scheme {
				src.Types = s.Types
			}
		}
	}
	d, err := ReadDataset(src)
	if err != nil {
		return nil, err
	}
	t.sums.Warnings = append(t.sums.Warnings, d.Warnings...)
	return d, nil
}

func (t *trainer) scheme(d *Dataset) {
	types := d.Types()
	t.types = append(t.types, types...)
	for i := range t.schemes {
		if s := &t.schemes[i]; s.Name == d.Scheme {
			s.Types = append(s.Types, types...)
			slices.Sort(s.Types)
			s.Types = slices.Compact(s.Types)
			return
		}
	}
	t.schemes = append(t.schemes, scheme{d.Scheme, types})
}

func (t *trainer) lexicon() error {
	if t.o.Lists == nil {
		t.lex = t.o.Base.lex
		t.sums.Base = t.o.Base.info.SHA256
		return nil
	}
	var err error
	for _, l := range t.o.Lists {
		t.sums.Lists = append(t.sums.Lists, string(l.Kind)+" "+l.Name)
	}
	t.lex, err = BuildLexicon(t.o.Lists...)
	return err
}

func (t *trainer) augment() error {
	if t.o.Augment == 0 {
		return nil
	}
	n, err := readNames(t.o.Lists)
	if err != nil {
		return err
	}
	if !n.complete() {
		return errors.New("copies with other names need lists of surnames, given names and divisions")
	}
	first := t.data[0]
	a := newAugmenter(n, first.Articles, t.o.Seed)
	for i := range t.o.Augment {
		d := &Dataset{Name: fmt.Sprintf("%s with other names %d", first.Name, i+1), Scheme: first.Scheme}
		for _, art := range first.Articles {
			d.Articles = append(d.Articles, a.copy(art, 0.6))
		}
		t.copies = append(t.copies, d)
	}
	return nil
}

// Split puts a part of the articles aside, evenly taken from all over the dataset.
func Split(d *Dataset, part float64) (train, held *Dataset) {
	train, held = new(Dataset), new(Dataset)
	*train, *held = *d, *d
	train.Articles, held.Articles = nil, nil
	held.Name += " (held out)"
	for i, a := range d.Articles {
		if math.Floor(float64(i+1)*part) > math.Floor(float64(i)*part) {
			held.Articles = append(held.Articles, a)
		} else {
			train.Articles = append(train.Articles, a)
		}
	}
	return train, held
}

// folds is in how many parts the data with words is cut, so that stage 2 sees
// words as stage 1 finds them in text that it does not know.
const folds = 4

// words trains stage 1: once for the model, and once for each fold.
func (t *trainer) words(ctx context.Context) error {
	var cut []*Sentence
	for _, d := range t.data {
		for i := range d.Articles {
			for j := range d.Articles[i].Sentences {
				s := &d.Articles[i].Sentences[j]
				if s.Words != nil {
					cut = append(cut, s)
				}
			}
		}
	}
	whole, err := t.cutter(ctx, cut)
	if err != nil {
		return err
	}
	t.stage1, t.max1 = whole.stage1, whole.header.Max1
	parts := make([]*Model, folds)
	if len(cut) >= 2*folds {
		for k := range parts {
			t.o.Progress(Progress{Step: "words", Done: k, Total: folds})
			var others []*Sentence
			for i, s := range cut {
				if i%folds != k {
					others = append(others, s)
				}
			}
			if parts[k], err = t.cutter(ctx, others); err != nil {
				return err
			}
		}
	}
	n := 0
	for k, d := range slices.Concat(t.data, t.copies) {
		turn := 0
		switch {
		case k >= len(t.data):
			turn = 2 + k - len(t.data)
		case k == 0 && len(t.copies) > 0:
			turn = 1
		}
		at := slices.IndexFunc(t.schemes, func(s scheme) bool { return s.Name == d.Scheme })
		for i := range d.Articles {
			for j := range d.Articles[i].Sentences {
				e := example{&d.Articles[i].Sentences[j], at, whole, turn}
				if e.s.Words != nil {
					e.cutter = cmp.Or(parts[n%folds], whole)
					n++
				}
				t.examples = append(t.examples, e)
			}
		}
	}
	return nil
}

// cutter returns a model that has stage 1 only.
func (t *trainer) cutter(ctx context.Context, data []*Sentence) (*Model, error) {
	m := &Model{lex: t.lex}
	m.header.Schemes = []scheme{{}}
	if len(data) == 0 {
		if t.o.Base != nil {
			m.stage1, m.header.Max1 = t.o.Base.stage1, t.o.Base.header.Max1
			m.finish()
			return m, nil
		}
	}
	p, err := trainPerceptron(ctx, t.lex, data, 8, t.o.Seed)
	if err != nil {
		return nil, err
	}
	if m.stage1, m.header.Max1, err = p.compact(t.o.Words); err != nil {
		return nil, err
	}
	m.finish()
	return m, nil
}

// number gives the features of all examples their numbers.
func (t *trainer) number(ctx context.Context) error {
	chars := 0
	for _, e := range t.examples {
		chars += len(e.s.Text) / 3
	}
	seen := newSketch(chars * 70)
	if !t.o.Once {
		if err := t.each(ctx, func(_ *chain, _ int, feats, own []uint64) {
			for _, k := range feats {
				seen.add(k)
			}
			for _, k := range own {
				seen.add(k)
			}
		}); err != nil {
			return err
		}
	}
	t.index = newIndexer()
	number := func(k uint64, from origin) int32 {
		if !t.o.Once && seen.count(k) < 2 {
			return -1
		}
		id := t.index.add(k)
		if int(id) == len(t.origin) {
			t.origin = append(t.origin, from)
		}
		return id
	}
	return t.each(ctx, func(c *chain, scheme int, feats, own []uint64) {
		c.from = append(c.from, int32(len(c.ids)))
		for k, h := range feats {
			id := number(h, origin{-1, 0})
			if id < 0 {
				continue
			}
			c.ids = append(c.ids, id)
			if k < len(own) {
				if o := number(own[k], origin{id, int32(scheme)}); o >= 0 {
					c.ids = append(c.ids, o)
				}
			}
		}
	})
}

// each calls f with the features of every character of every example, and with
// those that are its scheme's own where there are several schemes. The chains
// are made anew, and are complete when each returns.
func (t *trainer) each(ctx context.Context, f func(c *chain, scheme int, feats, own []uint64)) error {
	h := header{Types: t.types, Schemes: t.schemes}
	legal := make([][]bool, len(t.schemes))
	for i := range legal {
		legal[i] = h.legal(i)
	}
	t.chains = t.chains[:0]
	var d decoder
	var feats, own []uint64
	for n, e := range t.examples {
		if n%256 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			t.o.Progress(Progress{Step: "features", Done: n, Total: len(t.examples)})
		}
		if e.s.Text == "" {
			continue
		}
		d.s.load(t.lex, e.s.Text)
		d.segment(e.cutter)
		c := &chain{gold: t.gold(&d.s, e.s), legal: legal[e.scheme], turn: e.turn}
		seed := schemeSeed(t.schemes[e.scheme].Name)
		d.s.features2()
		x := &d.s.sheet
		for i := range d.s.n {
			feats, own = feats[:0], own[:0]
			for k, f := range x.of(i) {
				feats = append(feats, x.key(f))
				if k < strong && len(t.schemes) > 1 {
					own = append(own, ownKey(x.groups[f>>slotBits], seed)|uint64(f&slotMask))
				}
			}
			f(c, e.scheme, feats, own)
		}
		c.from = append(c.from, int32(len(c.ids)))
		t.chains = append(t.chains, c)
	}
	return nil
}

// gold returns the labels of a sentence.
func (t *trainer) gold(s *sentence, e *Sentence) []uint8 {
	out := make([]uint8, s.n)
	for _, m := range e.Spans {
		first, _ := slices.BinarySearch(s.at, int32(m.Start))
		end, _ := slices.BinarySearch(s.at, int32(m.End))
		base := uint8(1 + 4*slices.Index(t.types, m.Type))
		for i := first; i < end; i++ {
			out[i] = base + labelM
		}
		switch {
		case end == first:
		case end == first+1:
			out[first] = base + labelS
		default:
			out[first], out[end-1] = base+labelB, base+labelE
		}
	}
	return out
}

// learn runs the epochs of stage 2.
func (t *trainer) learn(ctx context.Context) error {
	o := &t.o
	t.crf = newCRF(1+4*len(t.types), len(t.index.keys), o.Rate, o.Dropout)
	if err := t.resume(); err != nil {
		return err
	}
	for len(t.losses) < o.Epochs {
		p := Progress{Step: "epoch", Epoch: len(t.losses) + 1, Epochs: o.Epochs, Total: len(t.chains)}
		loss, err := t.crf.epoch(t.turn(len(t.losses)), o.Seed, uint64(len(t.losses)), o.Workers, func(done int) error {
			if done%512 == 0 {
				p.Done = done
				o.Progress(p)
			}
			return ctx.Err()
		})
		if err != nil {
			return err
		}
		t.losses = append(t.losses, loss)
		if len(t.losses) > 1 {
			t.crf.add()
		}
		p.Done, p.Loss = p.Total, loss
		o.Progress(p)
		if err := t.save(); err != nil {
			return err
		}
	}
	t.crf.average(len(t.losses) - 1)
	return nil
}

// turn returns the chains of an epoch. Of a sentence and its copies one is learned
// from: to learn from all of them makes the model sure of what stands around the names.
func (t *trainer) turn(epoch int) []*chain {
	var out []*chain
	for _, c := range t.chains {
		if c.turn == 0 || c.turn == 1+epoch%(1+len(t.copies)) {
			out = append(out, c)
		}
	}
	return out
}

// result compacts the weights and scores the model on what was held out.
func (t *trainer) result(ctx context.Context) (*Trained, error) {
	m := &Model{lex: t.lex, stage1: t.stage1}
	m.header = header{Templates: templatesVersion, Types: t.types, Schemes: t.schemes, Max1: t.max1, Seed: t.o.Seed}
	for _, d := range t.sums.Train {
		m.header.Data = append(m.header.Data, d.SHA256)
	}
	kept, err := t.compact(m)
	if err != nil {
		return nil, err
	}
	data, err := m.encode()
	if err != nil {
		return nil, err
	}
	if m, err = Load(data); err != nil {
		return nil, err
	}
	man := t.sums
	o := &t.o
	man.Lexicon = t.lex.sum()
	man.Templates, man.Types, man.Schemes = templatesVersion, t.types, m.info.Schemes
	man.Augment, man.Holdout, man.Epochs, man.Rate, man.Dropout, man.Once, man.Seed = o.Augment, o.Holdout, o.Epochs, o.Rate, o.Dropout, o.Once, o.Seed
	man.Losses, man.Features = t.losses, [2]int{len(t.index.keys), kept}
	man.Size, man.SHA256 = len(data), m.info.SHA256
	for _, d := range t.held {
		r, err := Evaluate(ctx, d, m.Predict(d), EvalOptions{Known: t.data, Seed: o.Seed})
		if err != nil {
			return nil, err
		}
		man.Reports = append(man.Reports, r)
	}
	return &Trained{m, data, man}, nil
}

// slight is the size of a weight that is left out of a row.
const slight = 0.01

// compact writes the features of largest weight into m, and returns how many they are.
func (t *trainer) compact(m *Model) (int, error) {
	rows := t.rows()
	slices.SortFunc(rows, func(a, b trainedRow) int {
		return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.key, b.key))
	})
	rows = rows[:min(len(rows), t.o.Features)]
	largest := 0.0
	for _, r := range rows {
		for _, w := range r.w {
			largest = max(largest, math.Abs(float64(w)))
		}
	}
	fires := map[uint64]int{}
	for _, r := range rows {
		fires[r.key&^slotMask] += int(r.count)
	}
	class := classesOf(fires)
	var entries []entry2
	for _, r := range rows {
		e := entry2{key: r.key, class: class[r.key&^slotMask]}
		for l, w := range r.w {
			if q := math.Round(127 * float64(w) / largest); q != 0 && math.Abs(float64(w)) >= slight {
				e.weights = append(e.weights, labelWeight{uint8(l), int8(q)})
			}
		}
		if len(e.weights) > 0 {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b entry2) int {
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.key, b.key))
	})
	s := &m.stage2
	s.labels = t.crf.labels
	s.trans = make([]int32, s.labels*s.labels)
	for i, w := range t.crf.trans {
		s.trans[i] = int32(math.Round(max(-500, min(500, w)) * unit))
	}
	s.entries = appendEntries2(nil, entries)
	m.header.Max2 = largest
	return len(entries), s.fill(len(entries), largest)
}

// classesOf returns the class of each group, by how often it fires.
func classesOf(fires map[uint64]int) map[uint64]int {
	class := make(map[uint64]int, len(fires))
	for i, k := range slices.SortedFunc(maps.Keys(fires), func(a, b uint64) int {
		return cmp.Or(cmp.Compare(fires[b], fires[a]), cmp.Compare(a, b))
	}) {
		for class[k] < coldClass && i >= classSizes[class[k]] {
			class[k]++
		}
	}
	return class
}

type trainedRow struct {
	key   uint64
	count uint32
	w     []float32
	size  float64
}

// rows returns the rows of the model: shared features and those of the first
// scheme added up, and for the other schemes how they differ from the first.
func (t *trainer) rows() []trainedRow {
	L := t.crf.labels
	row := func(id int32) []float32 { return t.crf.w[int(id)*L : int(id)*L+L] }
	own := map[[2]int32]int32{} // base feature, scheme → the scheme's own
	for id, o := range t.origin {
		if o.base >= 0 {
			own[[2]int32{o.base, o.scheme}] = int32(id)
		}
	}
	var out []trainedRow
	seeds := make([]uint64, len(t.schemes))
	for i := range seeds {
		seeds[i] = schemeSeed(t.schemes[i].Name)
	}
	for id, o := range t.origin {
		if o.base >= 0 {
			continue
		}
		first := make([]float32, L)
		if v, ok := own[[2]int32{int32(id), 0}]; ok {
			copy(first, row(v))
		}
		sum := slices.Clone(row(int32(id)))
		for l := range sum {
			sum[l] += first[l]
		}
		out = appendRow(out, t.index.keys[id], t.index.counts[id], sum)
	}
	for id, o := range t.origin {
		if o.base < 0 || o.scheme == 0 {
			continue
		}
		diff := slices.Clone(row(int32(id)))
		if v, ok := own[[2]int32{o.base, 0}]; ok {
			for l, w := range row(v) {
				diff[l] -= w
			}
		}
		out = appendRow(out, t.index.keys[id], t.index.counts[id], diff)
	}
	return out
}

// A feature is ranked by its largest weight times √count: at a quarter of a
// million of 1.5 million features that costs 0.3 points of F1, the weight alone 2 points.
//
// appendRow centres w, which changes no probability, so that most of its weights are next to nothing.
func appendRow(out []trainedRow, key uint64, count uint32, w []float32) []trainedRow {
	sorted := slices.Clone(w)
	slices.Sort(sorted)
	mid := sorted[len(sorted)/2]
	size := 0.0
	for l := range w {
		w[l] -= mid
		size = max(size, math.Abs(float64(w[l])))
	}
	if size < slight {
		return out
	}
	return append(out, trainedRow{key, count, w, size * math.Sqrt(float64(count))})
}
