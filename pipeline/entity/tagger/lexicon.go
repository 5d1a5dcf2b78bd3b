package tagger

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// info says what the lists know of a word, as a set of bits.
type info uint32

const (
	tagBits      = 0xf // part of speech, one of tagOf
	levelShift   = 4   // level of a division: 1 province … 4 township, 0 none
	levelBits    = 0x7 << levelShift
	infoShort    = info(1 << 7) // a division without its last word: 兰州
	infoOrg      = info(1 << 8) // last word of organizations: 公司, 局, 大学
	infoPlace    = info(1 << 9)
	infoFacility = info(1 << 10)
	infoEvent    = info(1 << 11)
	infoProject  = info(1 << 12)
	infoPolicy   = info(1 << 13)
	infoTitle    = info(1 << 14) // 书记, 董事长
	infoSurname2 = info(1 << 15) // 欧阳
	surnameShift = 16            // of a character: 1 rare … 3 common surname
	surnameBits  = 0x3 << surnameShift
	givenShift   = 18
	givenBits    = 0x3 << givenShift
	soundShift   = 20 // used to write foreign names
	soundBits    = 0x1 << soundShift
	nameShift    = 21 // type of the name that a table has, one of nameTypes; 0 none
	nameBits     = 0x7 << nameShift

	suffixes = infoOrg | infoPlace | infoFacility | infoEvent | infoProject | infoPolicy
)

// tagOf maps the first letters of a dictionary's part of speech to one of 15.
var tagOf = []struct {
	prefix string
	tag    info
}{
	{"nrt", 1}, {"nrfg", 1}, {"nr", 1}, {"ns", 2}, {"nt", 3}, {"nz", 4}, {"n", 5}, {"v", 6}, {"a", 7},
	{"m", 8}, {"t", 9}, {"i", 10}, {"l", 10}, {"d", 11}, {"p", 12}, {"c", 12}, {"u", 12}, {"q", 13}, {"r", 14}, {"", 15},
}

const (
	longestWord = 8    // in characters; longer words of the lists are left out
	maxCombos   = 1023 // distinct infos of a lexicon
)

// A Lexicon is what the features know of words beforehand: a dictionary, the
// divisions, the last words of names, titles, surnames. It is part of a model,
// so that a model means the same wherever it is loaded.
type Lexicon struct {
	combos []info // combos[0] is the word that no list has

	// slots is an open-addressing table, 22 bits of the hash and the index of the
	// info in each slot; 0 is a free slot. Words of one character are in single.
	homes  int
	slots  []uint32 // homes, and a few behind for the last of them; the last one is free
	single []uint16 // from U+4E00
	filter filter   // of the words in slots

	words []lexEntry // by hash; how the table is written
}

type lexEntry struct {
	key   uint64
	combo uint16
}

const (
	comboBits  = 10
	firstHan   = 0x4e00
	singleHan  = 0x9fff - firstHan + 1
	comboMask  = 1<<comboBits - 1
	lexLoadNum = 10 // slots = words · 10 / 7
	lexLoadDen = 7
)

// lookup returns the info of the word with hash h, 0 when it is in no list.
func (x *Lexicon) lookup(h uint64) info { return x.search(h, x.first(h)) }

// first returns the slot where the search for the word with hash h begins. Who
// looks up many words asks for all of these before the first search, so that
// the memory is waited for once.
func (x *Lexicon) first(h uint64) uint32 { return x.slots[home(key(h), x.homes)] }

// search returns what lookup does, from the first slot on.
func (x *Lexicon) search(h uint64, first uint32) info {
	k := key(h)
	print := uint32(k) << comboBits
	for i, s := home(k, x.homes), first; s != 0; s = x.slots[i] {
		if s&^comboMask == print {
			return x.combos[s&comboMask]
		}
		i++
	}
	return 0
}

// char returns the info of a character.
func (x *Lexicon) char(c uint32) info {
	if c-firstHan < singleHan {
		return x.combos[x.single[c-firstHan]]
	}
	return 0
}

// A ListKind says what a word list of the lexicon holds.
type ListKind string

// The kinds of lists. Fields are tab-separated; lines that begin with # are comments.
const (
	ListWords     ListKind = "words"     // word, frequency, part of speech; also apart by spaces
	ListDivisions ListKind = "divisions" // code, name, short name, level, parent
	ListSurnames  ListKind = "surnames"  // surname, count
	ListGiven     ListKind = "given"     // character, count
	ListOrg       ListKind = "org"       // last words of organizations: word, count
	ListPlace     ListKind = "place"     // last words of places: word, count
	ListTitles    ListKind = "titles"    // title, count
	ListSuffixes  ListKind = "suffixes"  // type, last word of names of that type
	ListSounds    ListKind = "sounds"    // characters that write foreign names
	ListNames     ListKind = "names"     // names of one type: name, further names apart by 、, reference, traits (weak: left out)
	ListCountries ListKind = "countries" // code, name, short name, further names apart by 、
)

// A WordList is one list of the lexicon.
type WordList struct {
	Kind ListKind
	Type string // of the names in a list of names
	Name string // for messages and the manifest
	Open func() (io.ReadCloser, error)
}

// BuildLexicon makes a lexicon of lists.
func BuildLexicon(lists ...WordList) (*Lexicon, error) {
	b := lexBuilder{words: map[string]info{}}
	for _, l := range lists {
		if err := b.read(l); err != nil {
			return nil, err
		}
	}
	return b.lexicon()
}

type lexBuilder struct {
	words map[string]info
}

func (b *lexBuilder) read(l WordList) error {
	return l.each(func(f []string) error { return b.add(l, f) })
}

// each calls yield with the fields of every entry.
func (l WordList) each(yield func(fields []string) error) error {
	want, ok := listFields[l.Kind]
	if !ok {
		return fmt.Errorf("%s: unknown kind of list %q", l.Name, l.Kind)
	}
	r, err := l.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		line := sc.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if l.Kind == ListWords && len(f) == 1 {
			f = strings.Fields(line)
		}
		if len(f) < want {
			return fmt.Errorf("%s:%d: %d fields, want %d", l.Name, n, len(f), want)
		}
		if err := yield(f); err != nil {
			return fmt.Errorf("%s:%d: %w", l.Name, n, err)
		}
	}
	return sc.Err()
}

// listFields is how many fields an entry of a list has at least.
var listFields = map[ListKind]int{
	ListWords: 3, ListDivisions: 4, ListSurnames: 2, ListGiven: 2, ListOrg: 2, ListPlace: 2,
	ListTitles: 2, ListSuffixes: 2, ListSounds: 1, ListNames: 1, ListCountries: 2,
}

func (b *lexBuilder) add(l WordList, f []string) error {
	switch l.Kind {
	case ListWords:
		for _, t := range tagOf {
			if strings.HasPrefix(f[2], t.prefix) {
				b.tag(f[0], t.tag)
				break
			}
		}
	case ListDivisions:
		level, err := strconv.Atoi(f[3])
		if err != nil || level < 1 || level > 5 {
			return fmt.Errorf("level %q, want 1 to 5", f[3])
		}
		b.division(f[1], info(level), 0)
		if f[2] != f[1] {
			b.division(f[2], info(level), infoShort)
		}
	case ListSuffixes:
		kind, ok := suffixKinds[f[0]]
		if !ok {
			return fmt.Errorf("unknown type %q, want one of organization, place, facility, event, project, policy, title", f[0])
		}
		b.set(f[1], kind)
	case ListSounds:
		for _, r := range f[0] {
			b.set(string(r), soundBits)
		}
	case ListNames:
		return b.names(l.Type, f)
	case ListCountries:
		return b.names("place", []string{f[1], strings.Join(f[2:], "、")})
	default:
		n, err := strconv.Atoi(f[1])
		if err != nil {
			return fmt.Errorf("count %q is no number", f[1])
		}
		b.counted(l.Kind, f[0], n)
	}
	return nil
}

// names adds the names of a table. A name stands in one table only.
func (b *lexBuilder) names(kind string, f []string) error {
	at := slices.Index(nameTypes, kind)
	if at < 0 {
		return fmt.Errorf("unknown type %q of names", kind)
	}
	if len(f) > 3 && strings.Contains(f[len(f)-1], "weak") {
		return nil
	}
	all := f[:1:1]
	if len(f) > 1 {
		all = append(all, strings.Split(f[1], "、")...)
	}
	for _, w := range all {
		if utf8.RuneCountInString(w) > 1 {
			w = foldWord(w)
			b.words[w] = b.words[w]&^nameBits | info(at+1)<<nameShift
		}
	}
	return nil
}

var nameTypes = []string{"place", "organization", "facility", "event", "project", "policy", "person"}

var suffixKinds = map[string]info{
	"organization": infoOrg, "place": infoPlace, "facility": infoFacility, "event": infoEvent,
	"project": infoProject, "policy": infoPolicy, "title": infoTitle,
}

// counted adds a word of a list with counts. Rare entries of the noisy lists are left out.
func (b *lexBuilder) counted(kind ListKind, w string, n int) {
	one := utf8.RuneCountInString(w) == 1
	switch {
	case kind == ListSurnames && one:
		b.set(w, bucket(n, 30, 1000)<<surnameShift)
	case kind == ListSurnames:
		b.set(w, infoSurname2)
	case kind == ListGiven && one:
		b.set(w, bucket(n, 30, 500)<<givenShift)
	case kind == ListOrg && n >= 10:
		b.set(w, infoOrg)
	case kind == ListPlace && n >= 10:
		b.set(w, infoPlace)
	case kind == ListTitles && !one:
		b.set(w, infoTitle)
	}
}

func bucket(n, few, many int) info {
	switch {
	case n < few:
		return 1
	case n < many:
		return 2
	}
	return 3
}

func (b *lexBuilder) tag(w string, t info) {
	if b.words[foldWord(w)]&tagBits == 0 {
		b.set(w, t)
	}
}

func (b *lexBuilder) division(w string, level, short info) {
	if utf8.RuneCountInString(w) < 2 {
		return
	}
	w = foldWord(w)
	old := b.words[w] & levelBits >> levelShift
	if old == 0 || level < old {
		b.words[w] = b.words[w]&^(levelBits|infoShort) | level<<levelShift | short
	}
}

func (b *lexBuilder) set(w string, v info) { b.words[foldWord(w)] |= v }

// foldWord writes w in the characters that sentences are folded to.
func foldWord(w string) string {
	chars := characters()
	out := make([]rune, 0, len(w)/3)
	for _, r := range w {
		out = append(out, rune(chars.foldRune(r)))
	}
	return string(out)
}

func (b *lexBuilder) lexicon() (*Lexicon, error) {
	x := &Lexicon{combos: []info{0}, single: make([]uint16, singleHan)}
	// The order of the combinations must not depend on the order of the map.
	for _, v := range b.words {
		if v != 0 {
			x.combos = append(x.combos, v)
		}
	}
	slices.Sort(x.combos)
	x.combos = slices.Compact(x.combos)
	if len(x.combos) > maxCombos+1 {
		return nil, fmt.Errorf("the lists combine in %d ways, want at most %d", len(x.combos), maxCombos)
	}
	for w, v := range b.words {
		h, n, han := uint64(0), 0, true
		var c uint32
		for _, r := range w {
			c = uint32(r)
			h = wordHash(h, c)
			han = han && isHan(r)
			n++
		}
		if n == 0 || n > longestWord || !han || v == 0 {
			continue
		}
		at, _ := slices.BinarySearch(x.combos, v)
		if n == 1 {
			if c-firstHan < singleHan {
				x.single[c-firstHan] = uint16(at)
			}
			continue
		}
		x.words = append(x.words, lexEntry{key(h), uint16(at)})
	}
	slices.SortFunc(x.words, func(a, b lexEntry) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.combo, b.combo))
	})
	x.words = slices.CompactFunc(x.words, func(a, b lexEntry) bool { return a.key == b.key })
	return x, x.fill()
}

// fill builds the table of slots from the words.
func (x *Lexicon) fill() error {
	x.homes = len(x.words)*lexLoadNum/lexLoadDen + 1
	x.slots = make([]uint32, x.homes+1, x.homes+16)
	x.filter = newFilter(len(x.words))
	for _, e := range x.words {
		i := home(e.key, x.homes)
		from := i
		for x.slots[i] != 0 {
			i++
		}
		if i-from > longestSearch {
			return errDense
		}
		x.slots[i] = uint32(e.key)<<comboBits | uint32(e.combo)
		x.filter.add(e.key)
		if i == len(x.slots)-1 {
			x.slots = append(x.slots, 0)
		}
	}
	return nil
}

// append writes the lexicon: combinations, single characters, words by ascending key.
func (x *Lexicon) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(x.combos)))
	for _, c := range x.combos {
		b = binary.AppendUvarint(b, uint64(c))
	}
	for _, c := range x.single {
		b = binary.LittleEndian.AppendUint16(b, c)
	}
	b = binary.AppendUvarint(b, uint64(len(x.words)))
	last := uint64(0)
	for _, e := range x.words {
		b = binary.AppendUvarint(b, (e.key-last)<<comboBits|uint64(e.combo))
		last = e.key
	}
	return b
}

// sum identifies the lexicon.
func (x *Lexicon) sum() string {
	h := sha256.Sum256(x.append(nil))
	return hex.EncodeToString(h[:])
}

var errShort = errors.New("model ends too soon")

func readLexicon(r *reader) (*Lexicon, error) {
	x := &Lexicon{single: make([]uint16, singleHan)}
	n := r.count(maxCombos + 1)
	for range n {
		x.combos = append(x.combos, info(r.uvarint()))
	}
	for i := range x.single {
		x.single[i] = r.uint16()
		if int(x.single[i]) >= n {
			return nil, errors.New("lexicon: character with an unknown set of lists")
		}
	}
	words := r.count(r.left())
	if r.err != nil {
		return nil, r.err
	}
	x.words = make([]lexEntry, words)
	last := uint64(0)
	for i := range x.words {
		v := r.uvarint()
		e := lexEntry{last + v>>comboBits, uint16(v & comboMask)}
		if e.key>>keyBits != 0 || int(e.combo) >= n || e.combo == 0 {
			return nil, errors.New("lexicon: word out of range")
		}
		x.words[i], last = e, e.key
	}
	if r.err != nil {
		return nil, r.err
	}
	return x, x.fill()
}
