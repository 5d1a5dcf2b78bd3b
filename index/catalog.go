package index

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"longmai/pipeline"

	bleve "github.com/blevesearch/bleve_index_api"
)

// The catalog numbers every value of every facet. An article keeps the numbers
// of its values in one doc value, so that all facets are counted in one pass
// without comparing strings, and its issue date comes first, to sort by. With a
// doc value for each facet the same took five times as long and twice the space.
//
// New values are written with the batch that brings them, into its journal
// entry, in the order of their numbers: one line each, a letter for the field
// and the value.

// fieldFacets is the field of the numbers.
const fieldFacets = "q"

// facetFields are the fields of the catalog; the letter of one is 'A' and its
// place. The first is no facet: the issue date.
var facetFields = sync.OnceValue(func() []string { return append([]string{"day"}, FacetNames()...) })

const (
	placeDay = iota
	placeFacets
)

type catalog struct {
	number map[string]uint32 // line → number; for writers
	field  []uint8           // by number: place in facetFields
	value  []string          // by number
	fresh  []string          // lines that no batch has written yet
}

// read adds the lines of one entry.
func (c *catalog) read(b []byte) error {
	for line := range strings.SplitSeq(string(b), "\n") {
		if line == "" {
			continue
		}
		if f := int(line[0]) - 'A'; f < 0 || f >= len(facetFields()) {
			return fmt.Errorf("catalog: %w", errStored)
		}
		c.add(line)
	}
	return nil
}

func (c *catalog) add(line string) uint32 {
	n := uint32(len(c.value))
	c.field = append(c.field, line[0]-'A')
	c.value = append(c.value, line[1:])
	if c.number != nil {
		c.number[line] = n
	}
	return n
}

// numbers returns the numbers of the values of d, as they are stored; new
// values get one.
func (c *catalog) numbers(d *pipeline.Document) []byte {
	var out []byte
	seen := map[uint32]bool{}
	put := func(field int, value string) {
		line := string(rune('A'+field)) + value
		n, ok := c.number[line]
		if !ok {
			n = c.add(line)
			c.fresh = append(c.fresh, line)
		}
		if !seen[n] {
			seen[n] = true
			out = appendNumber(out, n)
		}
	}
	put(placeDay, d.Date.String())
	i := placeFacets
	for _, f := range Fields {
		if f.Facet {
			f.names(d, func(l label) { put(i, facetTerm(l)) })
			i++
		}
	}
	return out
}

// take returns the lines that are new, ready to be stored.
func (c *catalog) take() []byte {
	b := []byte(strings.Join(c.fresh, "\n"))
	c.fresh = nil
	return b
}

// appendNumber writes n in digits of 127, the lowest first, with the high bit
// on all but the last. No byte is 0xff, which ends a doc value.
func appendNumber(b []byte, n uint32) []byte {
	for n >= 127 {
		b = append(b, byte(n%127)|0x80)
		n /= 127
	}
	return append(b, byte(n))
}

// eachNumber calls f with the numbers in b until it returns false.
func eachNumber(b []byte, f func(n uint32) bool) {
	n, place := uint32(0), uint32(1)
	for _, c := range b {
		n += uint32(c&0x7f) * place
		if c&0x80 != 0 {
			place *= 127
			continue
		}
		if !f(n) {
			return
		}
		n, place = 0, 1
	}
}

// facetsField is the field of the numbers of one article. Without compression a
// few hits cost no more than their own values; without chunks too, because zapx
// 17.2.5 merges values wrongly that are chunked and not compressed.
func facetsField(numbers []byte) bleve.Field {
	return termField(fieldFacets, bleve.IndexField|bleve.DocValues|bleve.SkipDVCompression|bleve.SkipDVChunking, nil, set{string(numbers): one})
}

// readCatalog reads the catalog of a state of the index.
func readCatalog(r bleve.IndexReader, pack *packer, c *catalog) error {
	parts := map[int][]byte{}
	if err := eachEntryOf(r, pack, fieldText, func(n int, b []byte) error {
		parts[n] = slices.Clone(b)
		return nil
	}); err != nil {
		return err
	}
	for _, n := range slices.Sorted(maps.Keys(parts)) {
		if err := c.read(parts[n]); err != nil {
			return err
		}
	}
	return nil
}

// catalog returns the catalog of the view, which is read at the first call.
func (v *view) catalog() (*catalog, error) {
	v.cat.once.Do(func() {
		v.cat.c = &catalog{}
		if v.snapshot != nil {
			v.cat.err = readCatalog(v.snapshot, v.codec, v.cat.c)
		}
	})
	return v.cat.c, v.cat.err
}

type lazyCatalog struct {
	once sync.Once
	c    *catalog
	err  error
}

// facetTerm writes a label as a value of the catalog: code, name.
func facetTerm(l label) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, l.name)
	if l.ref == "" {
		return name
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, l.ref) + sep + name
}

func cutSep(s string) (ref, name string) {
	if ref, name, ok := strings.Cut(s, sep); ok {
		return ref, name
	}
	return "", s
}
