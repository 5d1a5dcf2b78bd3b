package tagger

// templatesVersion changes whenever a template does: a model knows which it was trained with.
const templatesVersion = 4

// The labels of a character in its word, and in a mention.
const (
	labelB uint8 = iota
	labelM
	labelE
	labelS
)

// A sheet holds the features of all characters of a sentence. What several
// characters see of the same thing are features of one group: of a character,
// that it is here, one to the left, one to the right. A group is looked up once
// and has up to 1<<slotBits features, its slots.
type sheet struct {
	groups   []uint64 // keys, slot 0
	features []uint32 // the number of the group and the slot: numbers of features
	ends     []int32  // of the features of each character
}

const (
	slotBits = 4
	slotMask = 1<<slotBits - 1
)

func (x *sheet) reset() {
	x.groups, x.features, x.ends = x.groups[:0], x.features[:0], x.ends[:0]
}

// next returns the feature in slot 0 of the group that add adds next. Those of
// the groups behind it follow one<<slotBits apart.
func (x *sheet) next() uint32 { return uint32(len(x.groups)) << slotBits }

const one = 1 << slotBits

// add adds a group of template t.
func (x *sheet) add(t template, key uint64) { x.groups = append(x.groups, groupKey(uint64(t), key)) }

// alone adds a group, and its slot as a feature of the character in work.
func (x *sheet) alone(t template, key uint64, slot uint64) {
	x.features = append(x.features, x.next()|uint32(slot))
	x.add(t, key)
}

// key returns the key of a feature.
func (x *sheet) key(feature uint32) uint64 {
	return x.groups[feature>>slotBits] | uint64(feature&slotMask)
}

// of returns the features of character i.
func (x *sheet) of(i int) []uint32 {
	from := int32(0)
	if i > 0 {
		from = x.ends[i-1]
	}
	return x.features[from:x.ends[i]]
}

// own adds to the features of each character those that a scheme has for its
// own: of the strong ones, the same of other groups.
func (x *sheet) own(scheme uint64) {
	var all []uint32
	for i := range x.ends {
		mine := x.of(i)
		all = append(all, mine...)
		for _, f := range mine[:strong] {
			all = append(all, x.next()|f&slotMask)
			x.groups = append(x.groups, ownKey(x.groups[f>>slotBits], scheme))
		}
	}
	for i := range x.ends {
		x.ends[i] += int32((i + 1) * strong)
	}
	x.features = all
}

// A template is a kind of group.
type template uint64

const (
	// Of stage 1.
	cutChar template = 1 + iota
	cutPair
	cutGap
	cutTriple
	cutClasses
	cutLengths
	cutShape
	cutShapes
	cutWord

	// Of stage 2.
	tChar template = 1001 + iota
	tPair
	tTriple
	tClasses
	tWord
	tWords
	tTags
	tTagPair
	tMatch
	tCover
	tBeside
	tTail
	tNext
	tName
	tCoverChar
	tRoles
	tWideRoles
	tRolesBeside
	tSounds
	tLast
	tLastRight
	tDivision
	tTitle
	tTitles
	tNextChar
	tSinceNext
	tSince
	tBehindTitle
	tBeforeTitle
	tTailChar
	tNameBeside
	tNameLength
	tNameChars
	tNoName
	tQuote
	tQuoteChar
	tQuotePart
)

func pair(a, b uint32) uint64      { return uint64(a)<<21 | uint64(b) }
func triple(a, b, c uint32) uint64 { return uint64(a)<<42 | uint64(b)<<21 | uint64(c) }

// classes is the pattern of the classes of five characters.
func classes(k []class) uint64 {
	k = k[:5]
	return uint64(k[0])<<16 | uint64(k[1])<<12 | uint64(k[2])<<8 | uint64(k[3])<<4 | uint64(k[4])
}

// shape is a match without its word: length, offset, part of speech, level.
func (m *match) shape() uint64 {
	return uint64(m.len) | uint64(m.off)<<4 | uint64(m.info&(tagBits|levelBits|infoShort|infoTitle))<<8
}

// pos is where the character stands in the match: 0 no match, B, M, E.
func (m *match) pos() uint64 {
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

// of returns the type of a name of a table.
func (m *match) of() uint64 { return uint64(m.info & nameBits >> nameShift) }

// level returns which division m is.
func (m *match) level() uint64 { return uint64(m.info & (levelBits | infoShort)) }

// A run is where the groups of things in a row begin: of the character, pair or
// word of number i from one on.
type run uint32

func (r run) at(i int, slot uint32) uint32 { return uint32(r) + uint32(i)<<slotBits | slot }

// chars adds the groups of the characters from −1 to n, of the pairs of them
// that end in −1 to n+1, and of the triples around 0 to n−1.
func (s *sentence) chars(char, two, three template) (chars, pairs, triples run) {
	x := &s.sheet
	c := s.code[pad-2 : pad+s.n+2]
	chars = run(x.next() + one)
	for _, a := range c[1 : s.n+3] {
		x.add(char, uint64(a))
	}
	pairs = run(x.next() + one)
	for j := range c[1:] {
		x.add(two, pair(c[j], c[j+1]))
	}
	triples = run(x.next())
	for j := 1; j <= s.n; j++ {
		x.add(three, triple(c[j], c[j+1], c[j+2]))
	}
	return chars, pairs, triples
}

// matches adds the groups of the longest words that begin at 0 to n, and of
// those that end at −1 to n−1.
func (s *sentence) matches(t template) (begins, ends run) {
	x := &s.sheet
	begins = run(x.next())
	for i := range s.n + 1 {
		x.add(t, s.begins[i].hash)
	}
	ends = run(x.next() + one)
	x.add(t, 0)
	for i := range s.n {
		x.add(t, s.ends[i].hash)
	}
	return begins, ends
}

// cutFeatures is how many features a character has in stage 1.
const cutFeatures = 15

// features1 fills the sheet for stage 1.
func (s *sentence) features1() {
	x := &s.sheet
	x.reset()
	chars, pairs, triples := s.chars(cutChar, cutPair, cutTriple)
	begins, ends := s.matches(cutWord)
	for i := range s.n {
		x.features = append(x.features, chars.at(i, 0), chars.at(i-1, 1), chars.at(i+1, 2),
			pairs.at(i, 0), pairs.at(i+1, 1), pairs.at(i-1, 2), pairs.at(i+2, 3), triples.at(i, 0), begins.at(i, 0), ends.at(i, 2))
		b, e, v := &s.begins[i], &s.ends[i], &s.covers[i]
		e1 := uint8(0)
		if i > 0 {
			e1 = s.ends[i-1].len
		}
		x.alone(cutGap, pair(s.code[pad+i-1], s.code[pad+i+1]), 0)
		x.alone(cutClasses, classes(s.cls[pad+i-2:]), 0)
		x.alone(cutLengths, uint64(b.len)<<8|uint64(e.len)<<4|uint64(v.len), 0)
		x.alone(cutShape, v.shape(), 0)
		x.alone(cutShapes, uint64(e1)<<12|uint64(s.begins[i+1].len)<<8|v.shape()<<16, 0)
		x.ends = append(x.ends, int32(len(x.features)))
	}
}

// strong is how many of the first features of a character in stage 2 are also
// learned for each annotation scheme on its own.
const strong = 23

// role returns what character i may be in a name: surname, given name, sound.
func (s *sentence) role(i int) uint64 { return uint64(s.char[i] >> surnameShift & 0x1f) }

// tags are what the lists know of w as a word.
func (w *word) tags() uint64 { return uint64(w.info & (tagBits | levelBits | infoTitle)) }

// wordRuns are the groups of the words of a sentence. Words −1 and one behind
// the last are no words.
type wordRuns struct {
	words     run // from −1 to one behind the last: in slots the part of the character; 4 on for the word to its left, 8 on for that to its right
	pairs     run // of a word and that before it, from 0 to one behind the last; part, 4 on for that behind it
	tags      run
	tagPairs  run
	last      run // of the last character
	lastRight run
}

func (s *sentence) wordGroups() (r wordRuns) {
	x := &s.sheet
	var none word
	r.words = run(x.next() + one)
	x.add(tWord, 0)
	for k := range s.words {
		x.add(tWord, s.words[k].hash)
	}
	x.add(tWord, 0)
	r.pairs = run(x.next())
	before := &none
	for k := range s.words {
		x.add(tWords, mix(before.hash)^s.words[k].hash)
		before = &s.words[k]
	}
	x.add(tWords, mix(before.hash))
	r.tags = run(x.next())
	for k := range s.words {
		x.add(tTags, s.words[k].tags())
	}
	r.tagPairs = run(x.next())
	before = &none
	for k := range s.words {
		x.add(tTagPair, before.tags()<<15|s.words[k].tags())
		before = &s.words[k]
	}
	x.add(tTagPair, before.tags()<<15)
	r.last = run(x.next())
	for k := range s.words {
		x.add(tLast, uint64(s.code[pad+s.words[k].end-1]))
	}
	r.lastRight = run(x.next())
	for k := range s.words {
		x.add(tLastRight, uint64(s.code[pad+s.words[k].end-1]))
	}
	return r
}

// A place is what stage 2 sees from one character.
type place struct {
	i    int
	c    uint32 // the character, and those beside it
	l1   uint32
	r1   uint32
	part uint64 // label of the character in its word
	// Roles of the characters around.
	roleL2, roleL1, role, roleR1, roleR2 uint64
}

// features2 fills the sheet for stage 2. It needs the words of stage 1.
func (s *sentence) features2() {
	x := &s.sheet
	x.reset()
	chars, pairs, triples := s.chars(tChar, tPair, tTriple)
	begins, ends := s.matches(tMatch)
	words := s.wordGroups()
	roles := s.roles()
	p := place{role: s.role(0), roleR1: s.role(0)}
	for i := range s.n {
		c := s.code[i+pad-1 : i+pad+2]
		p.i, p.l1, p.c, p.r1 = i, c[0], c[1], c[2]
		p.roleL2, p.roleL1, p.role = p.roleL1, p.role, p.roleR1
		if i == 0 {
			p.roleL1 = 0
		}
		p.roleR1, p.roleR2 = s.role(i+1), s.role(i+2)
		w := int(s.wordOf[i])
		p.part = s.words[w].part(i)
		part := uint32(p.part)
		x.features = append(x.features, chars.at(i, 0), chars.at(i-1, 1), chars.at(i+1, 2), pairs.at(i, 0), pairs.at(i+1, 1), triples.at(i, 0),
			words.words.at(w, part), words.words.at(w-1, 4|part), words.words.at(w+1, 8|part),
			words.pairs.at(w, part), words.pairs.at(w+1, 4|part), words.tags.at(w, part), words.tagPairs.at(w, part), words.tagPairs.at(w+1, 4|part),
			begins.at(i, 0), begins.at(i+1, 1), ends.at(i, 2), ends.at(i-1, 3))
		s.lists(&p)
		x.features = append(x.features, pairs.at(i-1, 2), pairs.at(i+2, 3), roles.at(i, 2), roles.at(i+1, 1), roles.at(i+2, 0))
		s.lastCharacters(&p, words, w)
		s.persons(&p)
		s.divisionsAndTitles(&p)
		s.names(&p)
		s.marks(&p)
		x.ends = append(x.ends, int32(len(x.features)))
	}
}

// roles adds the groups of the roles of three characters that end in 0 to n+1.
func (s *sentence) roles() run {
	x := &s.sheet
	r := run(x.next())
	var a, b uint64
	for i := range s.n + 2 {
		c := s.role(i)
		x.add(tRoles, a<<10|b<<5|c)
		a, b = b, c
	}
	return r
}

// part returns the label of character i in the word.
func (w *word) part(i int) uint64 {
	switch {
	case w.end-w.start == 1:
		return uint64(labelS)
	case int32(i) == w.start:
		return uint64(labelB)
	case int32(i) == w.end-1:
		return uint64(labelE)
	}
	return uint64(labelM)
}

var noMatch match

// lists are the words of the dictionary around the character, and what kinds of
// names end there or a little to the right. The first five are the last of the
// strong features.
func (s *sentence) lists(p *place) {
	x, i := &s.sheet, p.i
	before := &noMatch
	if i > 0 {
		before = &s.ends[i-1]
	}
	cover := s.covers[i].shape()
	x.alone(tCover, cover, 0)
	x.alone(tBeside, before.shape()<<32|s.begins[i+1].shape(), 0)
	x.alone(tTail, uint64(s.tail[i]&(suffixes|infoTitle))<<32|uint64(s.tail[i+1]&(suffixes|infoTitle)), 0)
	x.alone(tNext, uint64(s.next[i].kinds), uint64(s.next[i].dist))
	x.alone(tName, s.name[i].pos()<<4|s.name[i].of(), p.part)
	x.alone(tClasses, classes(s.cls[pad+i-2:]), 0)
	x.alone(tCoverChar, uint64(p.c)<<32^cover, 0)
}

// lastCharacters are those of the word and of the word to its right, with the
// place of the character.
func (s *sentence) lastCharacters(p *place, words wordRuns, w int) {
	rest := uint32(min(s.words[w].end-int32(p.i), 7))
	var slot uint32 // 0 at the end of a word
	switch uint8(p.part) {
	case labelS:
		slot = 1
	case labelB:
		slot = rest // 2 to 7
	case labelM:
		slot = 6 + rest
	}
	x := &s.sheet
	x.features = append(x.features, words.last.at(w, slot))
	if w+1 < len(s.words) {
		x.features = append(x.features, words.lastRight.at(w+1, slot))
	}
}

// persons are surnames and given names, and the characters of foreign names in a row.
func (s *sentence) persons(p *place) {
	x := &s.sheet
	three := p.role<<10 | p.roleR1<<5 | p.roleR2
	x.alone(tWideRoles, p.roleL2<<20|p.roleL1<<15|three, 0)
	x.alone(tRolesBeside, three<<24^s.begins[p.i+1].shape()<<40^s.title[p.i+1].pos(), 0)
	if left, right := s.soundsL[p.i], s.soundsR[p.i]; left+right > 2 {
		x.alone(tSounds, uint64(left)<<8|uint64(right)<<4, p.part)
	}
}

func (s *sentence) divisionsAndTitles(p *place) {
	x, i := &s.sheet, p.i
	d, t, next, since := &s.div[i], &s.title[i], s.next[i], s.since[i]
	before, behind := &noMatch, &s.title[i+1]
	if i > 0 {
		before = &s.title[i-1]
	}
	if d.len > 0 {
		x.alone(tDivision, d.level(), d.pos())
	}
	if t.len > 0 {
		x.alone(tTitle, uint64(t.len), t.pos())
	}
	x.alone(tTitles, before.pos()<<2|behind.pos(), p.part)
	if next.kinds != 0 {
		x.alone(tNextChar, uint64(next.kinds)<<40^uint64(p.c), uint64(next.dist))
	}
	if since.kinds != 0 {
		x.alone(tSinceNext, uint64(since.kinds)<<32|uint64(next.kinds)<<4|uint64(next.dist), uint64(since.dist))
		x.alone(tSince, uint64(since.dist), p.part)
	}
	if before.len > 0 && before.off == before.len-1 {
		x.alone(tBehindTitle, p.role<<10|p.roleR1<<5|p.roleR2, 0)
	}
	if behind.len > 0 && behind.off == 0 {
		x.alone(tBeforeTitle, p.roleL2<<10|p.roleL1<<5|p.role, 0)
	}
	if tail := s.tail[i] & (suffixes | infoTitle); tail != 0 {
		x.alone(tTailChar, uint64(tail)<<32^uint64(p.c)<<8^uint64(s.cls[pad+i+1]), 0)
	}
}

// names are the names that the tables have.
func (s *sentence) names(p *place) {
	x, m := &s.sheet, &s.name[p.i]
	before, behind := &noMatch, &s.name[p.i+1]
	if p.i > 0 {
		before = &s.name[p.i-1]
	}
	beside := before.pos()<<20 | before.of()<<16 | behind.pos()<<12 | behind.of()<<8
	if m.len == 0 {
		x.alone(tNoName, beside, 0)
		return
	}
	x.alone(tNameBeside, beside|m.of()<<2, m.pos())
	x.alone(tNameLength, uint64(m.len)<<8|m.of(), m.pos())
	x.alone(tNameChars, uint64(p.l1)<<40|uint64(p.r1)<<16|m.pos()<<8|m.of(), 0)
}

// marks are the quotation marks and brackets around.
func (s *sentence) marks(p *place) {
	q, since, rest := uint64(s.quote[p.i]), uint64(s.quoteL[p.i]), uint64(s.quoteR[p.i])
	if q == 0 {
		return
	}
	x := &s.sheet
	x.alone(tQuote, q<<8|rest, since)
	x.alone(tQuoteChar, q<<32|uint64(p.c), min(since, 3))
	x.alone(tQuotePart, q<<16|min(since, 3)<<12|min(rest, 3)<<8, p.part)
}
