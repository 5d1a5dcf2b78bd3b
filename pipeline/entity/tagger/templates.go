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
// annotation scheme on its own.
const strong = 31

// features2 appends the features of character i for stage 2. It needs the words
// of stage 1. The first of them, as many as strong says, always fire.
func (s *sentence) features2(i int, out []uint64) []uint64 {
	f := featurizer{out: out}
	c := s.code[i : i+2*pad+1]
	c3, c2, c1, c0, d1, d2, d3 := c[0], c[1], c[2], c[3], c[4], c[5], c[6]
	w := int(s.wordOf[i])
	var w0, w1, w2, x1, x2 word
	w0 = s.words[w]
	if w > 0 {
		w1 = s.words[w-1]
	}
	if w > 1 {
		w2 = s.words[w-2]
	}
	if w+1 < len(s.words) {
		x1 = s.words[w+1]
	}
	if w+2 < len(s.words) {
		x2 = s.words[w+2]
	}
	inWord := uint64(labelM)
	switch {
	case w0.end-w0.start == 1:
		inWord = uint64(labelS)
	case int32(i) == w0.start:
		inWord = uint64(labelB)
	case int32(i) == w0.end-1:
		inWord = uint64(labelE)
	}

	// characters
	f.add(uint64(c0))
	f.add(uint64(c1))
	f.add(uint64(d1))
	f.add(pair(c1, c0))
	f.add(pair(c0, d1))
	f.add(triple(c1, c0, d1))
	f.add(uint64(c2))
	f.add(uint64(d2))
	f.add(pair(c2, c1))
	f.add(pair(d1, d2))
	f.add(triple(c2, c1, c0))
	f.add(triple(c0, d1, d2))
	f.add(pair(c1, d1))
	// words
	f.add(w0.hash<<2 | inWord)
	f.add(w1.hash<<2 ^ inWord)
	f.add(x1.hash<<2 ^ inWord)
	f.add(mix(w1.hash) ^ w0.hash<<2 ^ inWord)
	f.add(mix(w0.hash) ^ x1.hash<<2 ^ inWord)
	tags := func(v word) uint64 { return uint64(v.info & (tagBits | levelBits | infoTitle)) }
	f.add(tags(w0)<<2 | inWord)
	f.add((tags(w1)<<15|tags(w0))<<2 | inWord)
	f.add((tags(w0)<<15|tags(x1))<<2 | inWord)
	f.add(uint64(s.cls[i+2])<<16 | uint64(s.cls[i+3])<<12 | uint64(s.cls[i+4])<<8)
	// dictionary
	b, e, v := s.begins[i], s.ends[i], s.covers[i]
	b1 := s.begins[i+1]
	var e1 match
	if i > 0 {
		e1 = s.ends[i-1]
	}
	f.add(v.shape())
	f.add(e1.hash)
	f.add(b1.hash)
	f.add(b.hash)
	f.add(e.hash)
	f.add(e1.shape()<<32 | b1.shape())
	// what kinds of names end here or a little to the right
	tail := uint64(s.tail[i] & (suffixes | infoTitle))
	f.add(tail<<32 | uint64(s.tail[i+1]&(suffixes|infoTitle)))
	next := s.next[i]
	f.add(uint64(next.kinds)<<8 | uint64(next.dist))
	m := s.name[i]
	f.add(m.pos()<<8 | uint64(m.info&nameBits>>nameShift)<<4 | inWord)

	// from here on, shared by all schemes
	f.add(uint64(c3))
	f.add(uint64(d3))
	f.add(pair(c3, c2))
	f.add(pair(d2, d3))
	f.add(mix(triple(c2, c1, c0)) ^ uint64(d1))
	f.add(mix(triple(c1, c0, d1)) ^ uint64(d2))
	f.add(uint64(s.cls[i+1])<<20 | uint64(s.cls[i+2])<<16 | uint64(s.cls[i+3])<<12 | uint64(s.cls[i+4])<<8 | uint64(s.cls[i+5])<<4)
	f.add((tags(w2)<<30|tags(w1)<<15|tags(w0))<<2 | inWord)
	f.add((tags(w0)<<30|tags(x1)<<15|tags(x2))<<2 | inWord)
	f.add(uint64(b.len)<<8 | uint64(e.len)<<4 | uint64(v.len) | inWord<<12)
	f.add(b.shape()<<32 | e.shape())
	f.add(uint64(c0)<<32 ^ v.shape()<<34)
	// surnames and given names around
	role := func(k int) uint64 {
		if k < 0 {
			return 0
		}
		return uint64(s.char[k] >> surnameShift & 0x1f)
	}
	r2, r1, r0, q1, q2 := role(i-2), role(i-1), role(i), role(i+1), role(i+2)
	f.add(r0<<10 | q1<<5 | q2)
	f.add(r1<<10 | r0<<5 | q1)
	f.add(r2<<10 | r1<<5 | r0)
	f.add(r2<<20 | r1<<15 | r0<<10 | q1<<5 | q2)
	f.add((r0<<10|q1<<5|q2)<<24 ^ b1.shape()<<40 ^ s.title[i+1].pos())
	f.maybe(s.sounds[i]+s.sounde[i] > 2, uint64(s.sounds[i])<<8|uint64(s.sounde[i])<<4|inWord)
	f.maybe(s.sounds[i]+s.sounde[i] > 2, uint64(s.sounds[i])<<40|uint64(s.sounde[i])<<36|uint64(c0))
	// last characters of words
	last := func(v word) uint64 { return uint64(s.code[pad+v.end-1]) }
	f.add(last(w0)<<8 | inWord<<4 | uint64(min(w0.end-int32(i), 7)))
	f.maybe(x1.end > 0, last(x1)<<8|inWord<<4|uint64(min(w0.end-int32(i), 7)))
	f.maybe(w1.end > 0, last(w1)<<8|inWord<<4|uint64(min(int32(i)-w0.start, 7)))
	// divisions and titles
	d, t := s.div[i], s.title[i]
	f.maybe(d.len > 0, d.pos()<<8|uint64(d.info&(levelBits|infoShort)))
	f.maybe(d.len > 0, d.pos()<<40|uint64(d.info&(levelBits|infoShort))<<44|uint64(s.div[i+1].info&levelBits)<<30|uint64(d1))
	f.maybe(t.len > 0, t.pos()<<8|uint64(t.len))
	var t1 match
	if i > 0 {
		t1 = s.title[i-1]
	}
	f.add(t1.pos()<<4 | s.title[i+1].pos()<<2 | inWord)
	f.maybe(next.kinds != 0, uint64(next.kinds)<<16|uint64(next.dist)<<8|d.pos()<<4|inWord)
	f.maybe(next.kinds != 0, uint64(next.kinds)<<40^uint64(next.dist)<<36^uint64(c0))
	since := s.since[i]
	f.maybe(since.kinds != 0, uint64(since.kinds)<<32|uint64(since.dist)<<24|uint64(next.kinds)<<4|uint64(next.dist))
	f.maybe(since.kinds != 0, uint64(since.dist)<<24|inWord)
	f.maybe(t1.len > 0 && t1.off == t1.len-1, r0<<10|q1<<5|q2)
	f.maybe(s.title[i+1].len > 0 && s.title[i+1].off == 0, r2<<10|r1<<5|r0)
	f.maybe(tail != 0, tail<<32^uint64(c0)<<8^uint64(s.cls[i+4]))
	var m1 match
	if i > 0 {
		m1 = s.name[i-1]
	}
	names := m1.pos()<<20 | uint64(m1.info&nameBits>>nameShift)<<16 | s.name[i+1].pos()<<12 | uint64(s.name[i+1].info&nameBits>>nameShift)<<8
	f.maybe(m.len > 0, names|m.pos()<<6|uint64(m.info&nameBits>>nameShift)<<2|1)
	f.maybe(m.len > 0, uint64(m.len)<<8|m.pos()<<4|uint64(m.info&nameBits>>nameShift))
	f.maybe(m.len > 0, uint64(c1)<<40|uint64(d1)<<16|m.pos()<<8|uint64(m.info&nameBits>>nameShift))
	f.maybe(m.len == 0, names)
	// marks around
	q, qd, qr := uint64(s.quote[i]), uint64(s.qdist[i]), uint64(s.qrest[i])
	f.maybe(q != 0, q<<8|qd<<4|qr)
	f.maybe(q != 0, q<<40|min(qd, 3)<<32|uint64(c0))
	f.maybe(q != 0, q<<16|min(qd, 3)<<12|min(qr, 3)<<8|inWord)
	return f.out
}
