package entity

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"longmai/pipeline"
)

//go:embed data/*.tsv
var files embed.FS

// kind numbers the types of entities inside the package.
type kind uint8

const (
	person kind = iota
	organization
	place
	facility
	event
	project
	policy
	kinds // of the types that are learned
	industry
	resource
)

var kindNames = [...]pipeline.EntityType{person: pipeline.Person, organization: pipeline.Organization, place: pipeline.Place, facility: pipeline.Facility,
	event: pipeline.Event, project: pipeline.Project, policy: pipeline.Policy, industry: pipeline.Industry, resource: pipeline.Resource}

func kindOf(name string) (kind, bool) {
	for k, n := range kindNames {
		if string(n) == name && n != "" {
			return kind(k), true
		}
	}
	return 0, false
}

// sort says what a sense of a word is.
type sort uint8

const (
	sortDivision sort = iota // full name or short name of a division or country
	sortName                 // a name of the tables
	sortHead
	sortTitle
	sortWord
	sortBody
	sortSyllable
	sortTaxon
	sorts
)

// Classes of words and titles.
const (
	wordSay = iota
	wordPre
	wordStop
	wordGeneric
	wordLeft
	wordEnd
	wordBreak
	wordWorks
)

const (
	titleGov = iota
	titleParty
	titlePost
	titleRank
	titleJob
)

// Levels of divisions.
const (
	levelCountry = iota
	levelProvince
	levelPrefecture
	levelCounty
	levelTownship
)

// A sense is one meaning of a word of the lexicon.
type sense struct {
	sort   sort
	kind   kind
	class  uint8 // class of a word or title, level of a division
	traits traits
	item   int32 // index of the division, name, body or taxon
}

type traits uint16

const (
	weak   traits = 1 << iota // also a common word
	bare                      // a division without 市, 县, …
	home                      // a division of the home province
	wide                      // a head that is also a common noun
	unit                      // a head that names part of a body
	gov                       // a head that names a public body
	seat                      // a head that names a body and its venue
	region                    // a place named by its bearing
	line                      // a head of lines: 铁路, 高速
	part                      // a head of what lies on a line: 站, 隧道
	soft                      // a head of firms that is also the name of a field: 科技, 新能源
)

type word struct {
	text   string
	senses []sense
}

// A division is a country, province, prefecture, county or township.
type division struct {
	code, name, short string
	level             uint8
	parent            int32 // -1 for none
}

// A lexicon is all that the tables know, with one tree over their words. It is
// read-only once built.
type lexicon struct {
	rules     fs.FS // further rows of the tables; nil for none
	trie      *trie // of the words while they are added, then nil
	tree      *tree
	words     []word
	divisions []division
	byCode    map[string]int32
	names     []named
	bodies    []string
	taxa      []string
	cues      []cue // by word
	surnames  map[string]int
	given     map[rune]int
	chars     []char              // by character below U+10000
	address   map[string][]string // form of address → titles of those whom one calls so; nil for anybody
}

// A named thing of the tables: its full name and its reference.
type named struct {
	name, ref string
	kind      kind
}

// loadLexicon reads the tables that ship. It is done once, when first needed.
var loadLexicon = sync.OnceValues(func() (*lexicon, error) { return buildLexicon(nil) })

// ownTables are the tables to which a user may add rows.
var ownTables = []string{"bodies.tsv", "events.tsv", "facilities.tsv", "heads.tsv", "industries.tsv", "organizations.tsv", "places.tsv", "policies.tsv", "projects.tsv", "resources.tsv", "titles.tsv", "weak.tsv"}

// Tables names the tables that Options.Rules may extend.
func Tables() []string { return slices.Clone(ownTables) }

// buildLexicon reads the tables that ship and then those of rules, if it is not nil.
func buildLexicon(rules fs.FS) (*lexicon, error) {
	l := &lexicon{rules: rules, trie: newTrie(16000), byCode: map[string]int32{}, surnames: map[string]int{}, given: map[rune]int{}, chars: make([]char, 1<<16), address: map[string][]string{}}
	for r := range l.chars {
		l.chars[r] = plainChar(rune(r))
	}
	weakWords := map[string]bool{}
	err := l.rows("weak.tsv", 1, func(c []string) error { weakWords[c[0]] = true; return nil })
	load := func(name string, columns int, f func(c []string) error) {
		if err == nil {
			err = l.rows(name, columns, f)
		}
	}
	isWeak := func(w string) traits {
		if weakWords[w] {
			return weak
		}
		return 0
	}
	load("divisions.tsv", 2, func(c []string) error { return l.addDivision(c, isWeak) })
	load("countries.tsv", 2, func(c []string) error {
		item := l.newDivision(division{code: c[0], name: last(c[1], c[2:]), level: levelCountry})
		for _, n := range c[1:] {
			l.add(n, sense{sort: sortDivision, kind: place, class: levelCountry, item: item})
		}
		return nil
	})
	for _, t := range []struct {
		file string
		kind kind
	}{{"places.tsv", place}, {"organizations.tsv", organization}, {"facilities.tsv", facility}, {"events.tsv", event}, {"projects.tsv", project}, {"policies.tsv", policy}} {
		load(t.file, 1, func(c []string) error { return l.addNamed(t.kind, c, isWeak) })
	}
	load("heads.tsv", 2, func(c []string) error {
		k, ok := kindOf(c[1])
		if !ok || k >= kinds {
			return fmt.Errorf("unknown type %q, want one of person, organization, place, facility, event, project, policy", c[1])
		}
		tr, err := parseTraits(col(c, 2))
		l.add(c[0], sense{sort: sortHead, kind: k, traits: tr})
		return err
	})
	load("titles.tsv", 2, func(c []string) error {
		class, err := oneOf(c[1], "gov", "party", "post", "rank", "job")
		l.add(c[0], sense{sort: sortTitle, class: class})
		return err
	})
	load("words.tsv", 2, func(c []string) error {
		class, err := oneOf(c[1], "say", "pre", "stop", "generic", "left", "end", "break", "works")
		l.add(c[0], sense{sort: sortWord, class: class})
		return err
	})
	load("bodies.tsv", 2, func(c []string) error {
		l.add(c[0], sense{sort: sortBody, item: int32(len(l.bodies))})
		l.bodies = append(l.bodies, c[1])
		return nil
	})
	load("syllables.tsv", 1, func(c []string) error { l.add(c[0], sense{sort: sortSyllable}); return nil })
	for _, t := range []struct {
		file string
		kind kind
	}{{"industries.tsv", industry}, {"resources.tsv", resource}} {
		load(t.file, 2, func(c []string) error {
			tr, err := parseTraits(col(c, 2))
			l.add(c[0], sense{sort: sortTaxon, kind: t.kind, traits: tr, item: int32(len(l.taxa))})
			l.taxa = append(l.taxa, c[1])
			return err
		})
	}
	load("surnames.tsv", 2, l.addSurname)
	load("given.tsv", 2, func(c []string) error {
		n, err := strconv.Atoi(c[1])
		for _, r := range c[0] {
			l.given[r] = n
			if int(r) < len(l.chars) {
				l.chars[r].given = uint8(bucket(n))
			}
		}
		return err
	})
	load("translit.tsv", 1, func(c []string) error {
		for _, r := range c[0] {
			if int(r) < len(l.chars) {
				l.chars[r].is |= charTranslit
			}
		}
		return nil
	})
	load("address.tsv", 2, func(c []string) error {
		l.address[c[0]] = nil
		if c[1] != "" {
			l.address[c[0]] = strings.Split(c[1], "、")
		}
		return nil
	})
	l.setParents()
	l.setCues()
	l.tree, l.trie = newTree(l.trie), nil
	for r := range l.chars {
		l.chars[r].root = l.tree.root(fold(rune(r)))
	}
	return l, err
}

func (l *lexicon) addSurname(c []string) error {
	n, err := strconv.Atoi(c[1])
	l.surnames[c[0]] = n
	first, size := utf8.DecodeRuneInString(c[0])
	switch {
	case int(first) >= len(l.chars):
	case size == len(c[0]):
		l.chars[first].surname = uint8(bucket(n))
	default:
		l.chars[first].is |= charCompound
	}
	return err
}

// rows calls f for every row of a table that ships, then for those of the
// rules; an error gets its place.
func (l *lexicon) rows(name string, columns int, f func(c []string) error) error {
	b, err := files.ReadFile("data/" + name)
	if err != nil {
		return err
	}
	if err := tableRows(name, string(b), columns, f); err != nil || l.rules == nil || !slices.Contains(ownTables, name) {
		return err
	}
	b, err = fs.ReadFile(l.rules, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return tableRows(name, string(b), columns, f)
}

// tableRows calls f with the columns of every row of a table. An error names the line.
func tableRows(name, text string, columns int, f func(c []string) error) error {
	for n := 1; text != ""; n++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		line = strings.TrimSuffix(line, "\r")
		if line == "" || line[0] == '#' {
			continue
		}
		c := strings.Split(line, "\t")
		err := error(nil)
		if len(c) < columns || c[0] == "" {
			err = fmt.Errorf("%d columns, want at least %d, the first not empty", len(c), columns)
		} else {
			err = f(c)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	return nil
}

func (l *lexicon) add(text string, s sense) {
	if text == "" {
		return
	}
	v := l.trie.add(text)
	if *v == 0 {
		l.words = append(l.words, word{text: text})
		*v = int32(len(l.words))
	}
	w := &l.words[*v-1]
	w.senses = append(w.senses, s)
}

// lookup returns the senses of exactly text.
func (l *lexicon) lookup(text string) []sense {
	if v := l.tree.find(text); v > 0 {
		return l.words[v-1].senses
	}
	return nil
}

func (l *lexicon) newDivision(d division) int32 {
	l.divisions = append(l.divisions, d)
	item := int32(len(l.divisions) - 1)
	if _, ok := l.byCode[d.code]; !ok {
		l.byCode[d.code] = item
	}
	return item
}

// addDivision adds a row of divisions.tsv: the full name, the short name, and
// for autonomous divisions the short name with its plain ending (阿克塞县).
func (l *lexicon) addDivision(c []string, isWeak func(string) traits) error {
	d := division{code: c[0], name: c[1], short: col(c, 2)}
	switch {
	case len(d.code) == 9:
		d.level = levelTownship
	case len(d.code) != 6:
		return fmt.Errorf("code %q has %d digits, want 6 or 9", d.code, len(d.code))
	case strings.HasSuffix(d.code, "0000"):
		d.level = levelProvince
	case strings.HasSuffix(d.code, "00"):
		d.level = levelPrefecture
	default:
		d.level = levelCounty
	}
	item := l.newDivision(d)
	s := sense{sort: sortDivision, kind: place, class: d.level, item: item}
	if strings.HasPrefix(d.code, "62") {
		s.traits = home
	}
	full := s
	full.traits |= isWeak(d.name)
	l.add(d.name, full)
	if d.short == "" || d.level == levelTownship || len(d.short) <= 3 {
		return nil
	}
	b := s
	b.traits |= bare | isWeak(d.short)
	l.add(d.short, b)
	for long, short := range map[string]string{"自治州": "州", "自治县": "县", "自治旗": "旗"} {
		if strings.HasSuffix(d.name, long) && len(d.short) > 3 {
			l.add(d.short+short, s)
		}
	}
	return nil
}

func (l *lexicon) addNamed(k kind, c []string, isWeak func(string) traits) error {
	tr, err := parseTraits(col(c, 3))
	if err != nil {
		return err
	}
	item := int32(len(l.names))
	l.names = append(l.names, named{name: c[0], ref: col(c, 2), kind: k})
	l.add(c[0], sense{sort: sortName, kind: k, traits: tr | isWeak(c[0]), item: item}) // a name may hold 、 itself
	for n := range strings.SplitSeq(col(c, 1), "、") {
		l.add(n, sense{sort: sortName, kind: k, traits: tr | isWeak(n), item: item})
	}
	return nil
}

func parseTraits(s string) (traits, error) {
	var out traits
	if s == "" {
		return 0, nil
	}
	for t := range strings.SplitSeq(s, ",") {
		switch t {
		case "weak":
			out |= weak
		case "wide":
			out |= wide
		case "unit":
			out |= unit
		case "gov":
			out |= gov
		case "seat":
			out |= seat
		case "region":
			out |= region
		case "line":
			out |= line
		case "part":
			out |= part
		case "soft":
			out |= soft
		case "alias":
		default:
			return 0, fmt.Errorf("unknown trait %q, want one of weak, wide, unit, gov, seat, region, line, part, soft", t)
		}
	}
	return out, nil
}

func oneOf(s string, of ...string) (uint8, error) {
	for i, o := range of {
		if s == o {
			return uint8(i), nil
		}
	}
	return 0, fmt.Errorf("unknown class %q, want one of %s", s, strings.Join(of, ", "))
}

func col(c []string, i int) string {
	if i < len(c) {
		return c[i]
	}
	return ""
}

func last(first string, rest []string) string {
	if len(rest) > 0 {
		return rest[0]
	}
	return first
}
