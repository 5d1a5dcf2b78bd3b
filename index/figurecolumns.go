package index

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"sort"
	"strconv"
	"strings"

	"longmai/index/query"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/shopspring/decimal"
)

// The values of figures are kept in groups, each of one metric, category, base
// unit and side: the point that a figure is, or the lower or upper end of what
// is no point. A group has its keys in order, each with its document, so that
// the documents of all values above a bound are one stretch of it.

// A valueKey orders like the value that it is of and holds its first digits. Of
// two equal keys the values are equal too, unless the key is cut.
//
//	2^38 ± (exponent + 500) · 2^28 + the first eight digits · 2 + whether there were more
type valueKey uint64

const (
	zeroKey   valueKey = 1 << 38
	keyDigits          = 8
	keyBytes           = 5
)

// cut reports whether the value had more digits than its key.
func (k valueKey) cut() bool { return k&1 != 0 }

// keyOf returns the key of a value.
func keyOf(d decimal.Decimal) valueKey {
	if d.IsZero() {
		return zeroKey
	}
	var buf [20]byte
	digits := buf[:0]
	if d.NumDigits() <= 18 {
		n := d.CoefficientInt64()
		digits = strconv.AppendInt(digits, max(n, -n), 10)
	} else {
		digits = bytes.TrimPrefix(d.Coefficient().Append(nil, 10), []byte("-"))
	}
	exp := len(digits) - 1 + int(d.Exponent())
	var n valueKey
	for i := range keyDigits {
		n *= 10
		if i < len(digits) {
			n += valueKey(digits[i] - '0')
		}
	}
	n *= 2
	if len(bytes.TrimRight(digits, "0")) > keyDigits {
		n++
	}
	switch {
	case exp > 498:
		n, exp = 2*99_999_999+1, 499
	case exp < -498:
		n, exp = 1, -500
	}
	n |= valueKey(exp+500) << 28
	if d.Sign() < 0 {
		return zeroKey - n
	}
	return zeroKey + n
}

// compare orders a and b; known is false when they are cut to the same digits.
func (k valueKey) compare(b valueKey) (c int, known bool) {
	return cmp.Compare(k, b), k != b || !k.cut()
}

// The sides of an interval.
const (
	pointSide = 'p'
	lowSide   = 'l'
	highSide  = 'h'
)

// A groupName is what the figures of a group have in common. Metric and category are folded.
type groupName struct {
	metric, category, base string
	side                   byte
	open                   bool // the end itself is not in the interval
	other                  bool // written in another unit than the base unit
}

func (a groupName) compare(b groupName) int {
	return cmp.Or(cmp.Compare(a.metric, b.metric), cmp.Compare(a.category, b.category), cmp.Compare(a.base, b.base), cmp.Compare(a.side, b.side),
		cmp.Compare(b2i(a.open), b2i(b.open)), cmp.Compare(b2i(a.other), b2i(b.other)))
}

// A group is a stretch of the values.
type group struct {
	groupName
	from, n int
}

// figureColumns are the values of one segment.
type figureColumns struct {
	groups []group // sorted
	keys   []byte  // keyBytes each, with room behind
	docs   packed
}

func (f *figureColumns) key(i int) valueKey {
	return valueKey(binary.LittleEndian.Uint32(f.keys[keyBytes*i:])) | valueKey(f.keys[keyBytes*i+4])<<32
}

// readFigures reads the sections of the figures.
func readFigures(s [][]byte) (figureColumns, error) {
	var f figureColumns
	b := s[0]
	uvarint := func() int {
		n, w := binary.Uvarint(b)
		if w <= 0 || n > 1<<40 {
			b = nil
			return 0
		}
		b = b[w:]
		return int(n)
	}
	text := func() string {
		n := uvarint()
		if n > len(b) {
			b = nil
			return ""
		}
		t := string(b[:n])
		b = b[n:]
		return t
	}
	width, n, at := uvarint(), uvarint(), 0
	if width > 4 || n > len(b) {
		return f, errStored
	}
	f.groups = make([]group, n)
	last := ""
	for i := range f.groups {
		g := &f.groups[i]
		if g.metric = text(); g.metric == sep {
			g.metric = last
		}
		last = g.metric
		g.category, g.base = text(), text()
		flags := uvarint()
		g.side, g.open, g.other = byte(flags>>2), flags&1 != 0, flags&2 != 0
		g.from, g.n = at, uvarint()
		at += g.n
	}
	f.keys, f.docs = s[1], newPacked(s[2], width)
	if len(b) > 0 || len(f.keys) != keyBytes*at || f.docs.len() != at {
		return f, errStored
	}
	return f, nil
}

// encodeFigures returns the sections of values by group, each key·2^24+document.
func encodeFigures(values map[groupName][]uint64, docs int) [][]byte {
	width := widthOf(uint32(docs))
	order := make([]groupName, 0, len(values))
	n := 0
	for name, list := range values {
		slices.Sort(list)
		values[name] = slices.Compact(list)
		n += len(values[name])
		order = append(order, name)
	}
	slices.SortFunc(order, groupName.compare)
	head := binary.AppendUvarint(nil, uint64(width))
	head = binary.AppendUvarint(head, uint64(len(order)))
	text := func(s string) {
		head = binary.AppendUvarint(head, uint64(len(s)))
		head = append(head, s...)
	}
	keys, at := make([]byte, 0, keyBytes*n), make([]byte, 0, width*n)
	for i, g := range order {
		if i > 0 && g.metric == order[i-1].metric && len(g.metric) > 1 {
			text(sep)
		} else {
			text(g.metric)
		}
		text(g.category)
		text(g.base)
		head = binary.AppendUvarint(head, uint64(g.side)<<2|uint64(b2i(g.other))<<1|uint64(b2i(g.open)))
		head = binary.AppendUvarint(head, uint64(len(values[g])))
		for _, v := range values[g] {
			k := v >> docBits
			keys = append(binary.LittleEndian.AppendUint32(keys, uint32(k)), byte(k>>32))
			at = appendPacked(at, uint32(v&(1<<docBits-1)), width)
		}
	}
	return [][]byte{head, keys, at}
}

// docBits is how many bits of a value say which document has it.
const docBits = 24

// of calls f with the groups of the metrics, which are sorted and folded, nil for
// all, and of the category, "" for all.
func (f *figureColumns) of(metrics []string, category string, each func(g *group)) {
	one := func(g *group) {
		if category == "" || g.category == category {
			each(g)
		}
	}
	if metrics == nil {
		for i := range f.groups {
			one(&f.groups[i])
		}
		return
	}
	for _, m := range metrics {
		i, _ := slices.BinarySearchFunc(f.groups, m, func(g group, m string) int { return cmp.Compare(g.metric, m) })
		for ; i < len(f.groups) && f.groups[i].metric == m; i++ {
			one(&f.groups[i])
		}
	}
}

// add puts the documents of values from to to into set.
func (f *figureColumns) add(set bitset, from, to int) {
	for i := from; i < to; i++ {
		set.add(f.docs.at(i))
	}
}

type verdict int

const (
	no verdict = iota
	maybe
	yes
)

// bounds are what a comparison asks of keys.
type bounds struct {
	c    *query.Compare
	base string
	a, b bound
}

type bound struct {
	key  valueKey
	open bool // no bound
}

func newBounds(c *query.Compare) *bounds {
	r := &bounds{c: c, base: c.A.BaseUnit}
	if c.A.Text == "" {
		r.base = c.B.BaseUnit
	}
	of := func(v query.Value) bound {
		switch {
		case v.Text == "":
			return bound{open: true}
		case r.base == "":
			return bound{key: keyOf(v.Number)}
		}
		return bound{key: keyOf(v.Base)}
	}
	r.a, r.b = of(c.A), of(c.B)
	return r
}

// low says whether a value of that key, which is an end, lies above b. Of keys
// in order it says no, then maybe, then yes.
func (b bound) low(k valueKey, orEqual bool) verdict {
	switch c, known := k.compare(b.key); {
	case b.open:
		return yes
	case !known:
		return maybe
	case c > 0 || c == 0 && orEqual:
		return yes
	}
	return no
}

// high says whether a value of that key lies below b: yes, then maybe, then no.
func (b bound) high(k valueKey, orEqual bool) verdict {
	switch c, known := k.compare(b.key); {
	case b.open:
		return yes
	case !known:
		return maybe
	case c < 0 || c == 0 && orEqual:
		return yes
	}
	return no
}

// A stretch is a part of the values; it is empty when from is not before to.
type stretch struct{ from, to int }

// stretches returns the values of a group that meet the comparison, and those
// that may, the former included.
func (r *bounds) stretches(f *figureColumns, g *group) (sure, may stretch) {
	whole := stretch{g.from, g.from + g.n}
	switch {
	case r.base != "" && g.base != r.base:
		return stretch{}, stretch{}
	case r.c.Possibly || r.c.Op == query.About || r.base == "" && g.other:
		return stretch{}, whole
	}
	anything := bound{open: true}
	a, b, orEqual := anything, anything, true
	switch op := r.c.Op; {
	case (op == query.GE || op == query.GT) && g.side != highSide:
		a, orEqual = r.a, op == query.GE
	case (op == query.LE || op == query.LT) && g.side != lowSide:
		b, orEqual = r.a, op == query.LE
	case op == query.EQ && g.side == pointSide:
		a, b = r.a, r.a
	case op == query.Between:
		if g.side != highSide {
			a = r.a
		}
		if g.side != lowSide {
			b = r.b
		}
	default:
		return stretch{}, stretch{}
	}
	orEqual = orEqual || g.open
	first := func(holds func(k valueKey) bool) int {
		return g.from + sort.Search(g.n, func(i int) bool { return holds(f.key(g.from + i)) })
	}
	sure, may = whole, whole
	if !a.open {
		may.from = first(func(k valueKey) bool { return a.low(k, orEqual) >= maybe })
		sure.from = first(func(k valueKey) bool { return a.low(k, orEqual) == yes })
	}
	if !b.open {
		may.to = first(func(k valueKey) bool { return b.high(k, orEqual) == no })
		sure.to = first(func(k valueKey) bool { return b.high(k, orEqual) < yes })
	}
	return sure, may
}

// find returns the articles of h with a figure, of one of the metrics (nil is
// all) and of the category ("" is all), that meets the comparison. A range of a
// figure that is no point needs both of its ends, which are values apart: those
// are read.
func (r *bounds) find(h *shard, metrics []string, category string) (pair, error) {
	c, err := h.columns()
	if err != nil {
		return pair{}, err
	}
	size := int(h.seg.Count())
	var sure, may [3]bitset // point, low, high
	for i := range sure {
		sure[i], may[i] = newBitset(size), newBitset(size)
	}
	c.figureColumns.of(metrics, category, func(g *group) {
		i := strings.IndexByte("plh", g.side)
		if i < 0 {
			return
		}
		s, m := r.stretches(&c.figureColumns, g)
		if s.from >= s.to {
			c.figureColumns.add(may[i], m.from, m.to)
			return
		}
		c.figureColumns.add(sure[i], s.from, s.to)
		c.figureColumns.add(may[i], m.from, s.from)
		c.figureColumns.add(may[i], s.to, m.to)
	})
	var s, m [3]*roaring.Bitmap
	for i := range s {
		s[i] = sure[i].bitmap()
		m[i] = roaring.Or(s[i], may[i].bitmap())
	}
	if r.c.Op == query.Between && !r.c.Possibly {
		switch {
		case r.a.open:
			return pair{roaring.Or(s[0], s[2]), roaring.Or(m[0], m[2])}, nil
		case r.b.open:
			return pair{roaring.Or(s[0], s[1]), roaring.Or(m[0], m[1])}, nil
		}
		return pair{s[0], roaring.Or(m[0], roaring.And(m[1], m[2]))}, nil
	}
	return pair{union(s[:]), union(m[:])}, nil
}
