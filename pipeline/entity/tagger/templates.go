package tagger

// templatesVersion changes whenever a template does: a model knows which it was trained with.
const templatesVersion = 3

// The labels of a character in its word, and in a mention.
const (
	labelB uint8 = iota
	labelM
	labelE
	labelS
)

// Most features of one character, by stage.
const (
	maxFeatures1 = 32
	maxFeatures2 = 96
)

// A featurizer counts templates while they fire.
type featurizer struct {
	out []uint64
	t   uint64
}

func (f *featurizer) add(key uint64) {
	f.t++
	f.out = append(f.out, feature(f.t, key))
}

// maybe adds a feature where ok holds, and only counts the template where not.
func (f *featurizer) maybe(ok bool, key uint64) {
	f.t++
	if ok {
		f.out = append(f.out, feature(f.t, key))
	}
}

const stage1Base = 1000 // numbers of the templates of stage 1 begin here

func pair(a, b uint32) uint64      { return uint64(a)<<21 | uint64(b) }
func triple(a, b, c uint32) uint64 { return uint64(a)<<42 | uint64(b)<<21 | uint64(c) }

// shape is a match without its word: length, offset, part of speech, level.
func (m match) shape() uint64 {
	return uint64(m.len) | uint64(m.off)<<4 | uint64(m.info&(tagBits|levelBits|infoShort|infoTitle))<<8
}

// pos is where the character stands in the match: 0 no match, B, M, E.
func (m match) pos() uint64 {
	switch {
	case m.len == 0:
		return 0
	case m.off == 0:
		return 1
	case m.off == m.len-1:
		return 3
	}
	return 2
}

// features1 appends the features of character i for stage 1.
func (s *sentence) features1(i int, out []uint64) []uint64 {
	f := featurizer{out: out, t: stage1Base}
	c := s.code[i : i+2*pad+1]
	k := s.cls[i : i+2*pad+1]
	c2, c1, c0, d1, d2 := c[1], c[2], c[3], c[4], c[5]
	f.add(uint64(c2))
	f.add(uint64(c1))
	f.add(uint64(c0))
	f.add(uint64(d1))
	f.add(uint64(d2))
	f.add(pair(c2, c1))
	f.add(pair(c1, c0))
	f.add(pair(c0, d1))
	f.add(pair(d1, d2))
	f.add(pair(c1, d1))
	f.add(triple(c2, c1, c0))
	f.add(triple(c1, c0, d1))
	f.add(triple(c0, d1, d2))
	f.add(uint64(k[1])<<16 | uint64(k[2])<<12 | uint64(k[3])<<8 | uint64(k[4])<<4 | uint64(k[5]))
	b, e, v := s.begins[i], s.ends[i], s.covers[i]
	var e1 match
	if i > 0 {
		e1 = s.ends[i-1]
	}
	b1 := s.begins[i+1]
	f.add(uint64(b.len)<<8 | uint64(e.len)<<4 | uint64(v.len))
	f.add(v.shape())
	f.add(uint64(e1.len)<<12 | uint64(b1.len)<<8 | v.shape()<<16)
	f.add(b.hash)
	f.add(e.hash)
	f.add(uint64(c0)<<8 | uint64(b.len)<<4 | uint64(e.len))
	f.add(uint64(s.char[i]&(surnameBits|givenBits))<<20 | uint64(b.len)<<8 | uint64(e.len))
	return f.out
}

// strong is how many of the first features of stage 2 are also learned for each
// annotation scheme on its own. They always fire.
const strong = 31

// A view is what stage 2 sees from one character: i is its index, the number in
// a name how far away something stands, l to the left and r to the right.
type view struct {
	i                         int
	l3, l2, l1, c, r1, r2, r3 uint32 // characters
	word                      word
	wordL1, wordL2            word
	wordR1, wordR2            word
	part                      uint64 // label of the character in its word
	begins, ends, covers      match
	endsL1, beginsR1          match
	name, nameL1, nameR1      match
	div, title, titleL1       match
	titleR1                   match
	tail                      uint64 // kinds of suffixes and titles that end here
	next                      near
	roleL2, roleL1, role      uint64 // surname, given name, sound
	roleR1, roleR2            uint64
}

// see fills v for character i, field by field: a view is too large to be copied
// for every character.
func (s *sentence) see(v *view, i int) {
	c := s.code[i : i+2*pad+1]
	v.i = i
	v.l3, v.l2, v.l1, v.c, v.r1, v.r2, v.r3 = c[0], c[1], c[2], c[3], c[4], c[5], c[6]
	v.begins, v.ends, v.covers, v.beginsR1 = s.begins[i], s.ends[i], s.covers[i], s.begins[i+1]
	v.name, v.nameR1, v.div = s.name[i], s.name[i+1], s.div[i]
	v.title, v.titleR1 = s.title[i], s.title[i+1]
	v.tail, v.next = uint64(s.tail[i]&(suffixes|infoTitle)), s.next[i]
	v.role, v.roleR1, v.roleR2 = s.role(i), s.role(i+1), s.role(i+2)
	v.endsL1, v.nameL1, v.titleL1, v.roleL1, v.roleL2 = match{}, match{}, match{}, 0, 0
	if i > 0 {
		v.endsL1, v.nameL1, v.titleL1, v.roleL1 = s.ends[i-1], s.name[i-1], s.title[i-1], s.role(i-1)
	}
	if i > 1 {
		v.roleL2 = s.role(i - 2)
	}
	w := int(s.wordOf[i])
	v.word, v.wordL1, v.wordL2 = s.words[w], s.nthWord(w-1), s.nthWord(w-2)
	v.wordR1, v.wordR2 = s.nthWord(w+1), s.nthWord(w+2)
	switch {
	case v.word.end-v.word.start == 1:
		v.part = uint64(labelS)
	case int32(i) == v.word.start:
		v.part = uint64(labelB)
	case int32(i) == v.word.end-1:
		v.part = uint64(labelE)
	default:
		v.part = uint64(labelM)
	}
}

// nthWord returns the word w, the zero word beyond the ends of the sentence.
func (s *sentence) nthWord(w int) word {
	if w < 0 || w >= len(s.words) {
		return word{}
	}
	return s.words[w]
}

// role returns what character i may be in a name.
func (s *sentence) role(i int) uint64 { return uint64(s.char[i] >> surnameShift & 0x1f) }

// tags are what the lists know of w as a word.
func (w word) tags() uint64 { return uint64(w.info & (tagBits | levelBits | infoTitle)) }

// of returns the type of a name of a table.
func (m match) of() uint64 { return uint64(m.info & nameBits >> nameShift) }

// level returns which division m is.
func (m match) level() uint64 { return uint64(m.info & (levelBits | infoShort)) }

// features2 appends the features of character i for stage 2. It needs the words of stage 1.
func (s *sentence) features2(i int, out []uint64) []uint64 {
	f := featurizer{out: out}
	v := &s.seen
	s.see(v, i)
	f.characters(v)
	f.words(s, v)
	f.lists(s, v)
	f.farther(s, v)
	f.persons(s, v)
	f.lastCharacters(s, v)
	f.divisionsAndTitles(s, v)
	f.names(v)
	f.marks(s, v)
	return f.out
}

func (f *featurizer) characters(v *view) {
	f.add(uint64(v.c))
	f.add(uint64(v.l1))
	f.add(uint64(v.r1))
	f.add(pair(v.l1, v.c))
	f.add(pair(v.c, v.r1))
	f.add(triple(v.l1, v.c, v.r1))
	f.add(uint64(v.l2))
	f.add(uint64(v.r2))
	f.add(pair(v.l2, v.l1))
	f.add(pair(v.r1, v.r2))
	f.add(triple(v.l2, v.l1, v.c))
	f.add(triple(v.c, v.r1, v.r2))
	f.add(pair(v.l1, v.r1))
}

func (f *featurizer) words(s *sentence, v *view) {
	f.add(v.word.hash<<2 | v.part)
	f.add(v.wordL1.hash<<2 ^ v.part)
	f.add(v.wordR1.hash<<2 ^ v.part)
	f.add(mix(v.wordL1.hash) ^ v.word.hash<<2 ^ v.part)
	f.add(mix(v.word.hash) ^ v.wordR1.hash<<2 ^ v.part)
	f.add(v.word.tags()<<2 | v.part)
	f.add((v.wordL1.tags()<<15|v.word.tags())<<2 | v.part)
	f.add((v.word.tags()<<15|v.wordR1.tags())<<2 | v.part)
	k := s.cls[v.i+2 : v.i+5]
	f.add(uint64(k[0])<<16 | uint64(k[1])<<12 | uint64(k[2])<<8)
}

// lists are the words of the dictionary around the character, and what kinds of
// names end there or a little to the right. Here the strong features end.
func (f *featurizer) lists(s *sentence, v *view) {
	f.add(v.covers.shape())
	f.add(v.endsL1.hash)
	f.add(v.beginsR1.hash)
	f.add(v.begins.hash)
	f.add(v.ends.hash)
	f.add(v.endsL1.shape()<<32 | v.beginsR1.shape())
	f.add(v.tail<<32 | uint64(s.tail[v.i+1]&(suffixes|infoTitle)))
	f.add(uint64(v.next.kinds)<<8 | uint64(v.next.dist))
	f.add(v.name.pos()<<8 | v.name.of()<<4 | v.part)
}

// farther are longer stretches of characters and words.
func (f *featurizer) farther(s *sentence, v *view) {
	f.add(uint64(v.l3))
	f.add(uint64(v.r3))
	f.add(pair(v.l3, v.l2))
	f.add(pair(v.r2, v.r3))
	f.add(mix(triple(v.l2, v.l1, v.c)) ^ uint64(v.r1))
	f.add(mix(triple(v.l1, v.c, v.r1)) ^ uint64(v.r2))
	k := s.cls[v.i+1 : v.i+6]
	f.add(uint64(k[0])<<20 | uint64(k[1])<<16 | uint64(k[2])<<12 | uint64(k[3])<<8 | uint64(k[4])<<4)
	f.add((v.wordL2.tags()<<30|v.wordL1.tags()<<15|v.word.tags())<<2 | v.part)
	f.add((v.word.tags()<<30|v.wordR1.tags()<<15|v.wordR2.tags())<<2 | v.part)
	f.add(uint64(v.begins.len)<<8 | uint64(v.ends.len)<<4 | uint64(v.covers.len) | v.part<<12)
	f.add(v.begins.shape()<<32 | v.ends.shape())
	f.add(uint64(v.c)<<32 ^ v.covers.shape()<<34)
}

// persons are surnames and given names, and the characters of foreign names in a row.
func (f *featurizer) persons(s *sentence, v *view) {
	f.add(v.role<<10 | v.roleR1<<5 | v.roleR2)
	f.add(v.roleL1<<10 | v.role<<5 | v.roleR1)
	f.add(v.roleL2<<10 | v.roleL1<<5 | v.role)
	f.add(v.roleL2<<20 | v.roleL1<<15 | v.role<<10 | v.roleR1<<5 | v.roleR2)
	f.add((v.role<<10|v.roleR1<<5|v.roleR2)<<24 ^ v.beginsR1.shape()<<40 ^ v.titleR1.pos())
	left, right := s.soundsL[v.i], s.soundsR[v.i]
	run := uint64(left)<<8 | uint64(right)<<4
	f.maybe(left+right > 2, run|v.part)
	f.maybe(left+right > 2, run<<32|uint64(v.c))
}

func (f *featurizer) lastCharacters(s *sentence, v *view) {
	last := func(w word) uint64 { return uint64(s.code[pad+w.end-1])<<8 | v.part<<4 }
	rest, since := uint64(min(v.word.end-int32(v.i), 7)), uint64(min(int32(v.i)-v.word.start, 7))
	f.add(last(v.word) | rest)
	f.maybe(v.wordR1.end > 0, last(v.wordR1)|rest)
	f.maybe(v.wordL1.end > 0, last(v.wordL1)|since)
}

func (f *featurizer) divisionsAndTitles(s *sentence, v *view) {
	d, t, next, since := v.div, v.title, v.next, s.since[v.i]
	f.maybe(d.len > 0, d.pos()<<8|d.level())
	f.maybe(d.len > 0, d.pos()<<40|d.level()<<44|uint64(s.div[v.i+1].info&levelBits)<<30|uint64(v.r1))
	f.maybe(t.len > 0, t.pos()<<8|uint64(t.len))
	f.add(v.titleL1.pos()<<4 | v.titleR1.pos()<<2 | v.part)
	f.maybe(next.kinds != 0, uint64(next.kinds)<<16|uint64(next.dist)<<8|d.pos()<<4|v.part)
	f.maybe(next.kinds != 0, uint64(next.kinds)<<40^uint64(next.dist)<<36^uint64(v.c))
	f.maybe(since.kinds != 0, uint64(since.kinds)<<32|uint64(since.dist)<<24|uint64(next.kinds)<<4|uint64(next.dist))
	f.maybe(since.kinds != 0, uint64(since.dist)<<24|v.part)
	f.maybe(v.titleL1.len > 0 && v.titleL1.off == v.titleL1.len-1, v.role<<10|v.roleR1<<5|v.roleR2)
	f.maybe(v.titleR1.len > 0 && v.titleR1.off == 0, v.roleL2<<10|v.roleL1<<5|v.role)
	f.maybe(v.tail != 0, v.tail<<32^uint64(v.c)<<8^uint64(s.cls[v.i+4]))
}

// names are the names that the tables have.
func (f *featurizer) names(v *view) {
	m := v.name
	beside := v.nameL1.pos()<<20 | v.nameL1.of()<<16 | v.nameR1.pos()<<12 | v.nameR1.of()<<8
	f.maybe(m.len > 0, beside|m.pos()<<6|m.of()<<2|1)
	f.maybe(m.len > 0, uint64(m.len)<<8|m.pos()<<4|m.of())
	f.maybe(m.len > 0, uint64(v.l1)<<40|uint64(v.r1)<<16|m.pos()<<8|m.of())
	f.maybe(m.len == 0, beside)
}

// marks are the quotation marks and brackets around.
func (f *featurizer) marks(s *sentence, v *view) {
	q, since, rest := uint64(s.quote[v.i]), uint64(s.quoteL[v.i]), uint64(s.quoteR[v.i])
	f.maybe(q != 0, q<<8|since<<4|rest)
	f.maybe(q != 0, q<<40|min(since, 3)<<32|uint64(v.c))
	f.maybe(q != 0, q<<16|min(since, 3)<<12|min(rest, 3)<<8|v.part)
}
