package sample

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed data
var dataFiles embed.FS

// A lexicon holds what names are made of, and the units.
type lexicon struct {
	cities   []*place
	places   map[string]*place // by code
	lists    map[string][]string
	surnames []string
	weights  []int // running sums of the weights of surnames
	given    []string
	avoid    map[string]bool // names of real people
	units    map[string]unit
}

type place struct {
	code, name, short string
	inner             []*place // counties of a prefecture, townships of a county
}

type unit struct {
	code, kind, category string
	power                int
}

var loadLexicon = sync.OnceValues(readLexicon)

// lines calls yield with the fields of every line of a table that is no comment.
func lines(name string, fields int, yield func(f []string) error) error {
	b, err := dataFiles.ReadFile("data/" + name)
	if err != nil {
		return err
	}
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) < fields {
			return fmt.Errorf("%s:%d: %d fields, want %d", name, n, len(f), fields)
		}
		if err := yield(f); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	return nil
}

func readLexicon() (*lexicon, error) {
	x := &lexicon{places: map[string]*place{}, lists: map[string][]string{}, avoid: map[string]bool{}, units: map[string]unit{}}
	err := lines("places.tsv", 4, func(f []string) error {
		p := &place{code: f[0], name: f[1], short: f[2]}
		x.places[p.code] = p
		switch f[3] {
		case "2":
			x.cities = append(x.cities, p)
		case "3":
			if p.name != "兰州新区" {
				x.places[p.code[:4]].inner = append(x.places[p.code[:4]].inner, p)
			}
		case "4":
			up := x.places[p.code[:6]]
			if up == nil {
				up = x.places[p.code[:4]]
			}
			up.inner = append(up.inner, p)
		default:
			return fmt.Errorf("level %q, want 2, 3 or 4", f[3])
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = lines("words.tsv", 2, func(f []string) error {
		x.lists[f[0]] = strings.Fields(f[1])
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, n := range x.lists["avoid"] {
		x.avoid[n] = true
	}
	err = lines("names.tsv", 2, func(f []string) error {
		if f[0] == "given" {
			x.given = append(x.given, f[1])
			return nil
		}
		if len(f) < 3 {
			return fmt.Errorf("surname %q has no weight", f[1])
		}
		w, err := strconv.Atoi(f[2])
		if err != nil {
			return err
		}
		if len(x.weights) > 0 {
			w += x.weights[len(x.weights)-1]
		}
		x.surnames, x.weights = append(x.surnames, f[1]), append(x.weights, w)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = lines("units.tsv", 5, func(f []string) error {
		p, err := strconv.Atoi(f[4])
		x.units[f[0]] = unit{f[1], f[2], f[3], p}
		return err
	})
	return x, err
}

// unit reads a word like 亿千瓦: the unit and the power of ten before it.
func (x *lexicon) unit(word string) (u unit, power int, ok bool) {
	if u, ok = x.units[word]; ok {
		return u, 0, true
	}
	for _, m := range []struct {
		word  string
		power int
	}{{"万亿", 12}, {"亿", 8}, {"万", 4}} {
		if rest, found := strings.CutPrefix(word, m.word); found {
			if u, ok = x.units[rest]; ok {
				return u, m.power, true
			}
		}
	}
	return unit{}, 0, false
}

// mix spreads the bits of a number (the finaliser of SplitMix64).
func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// zipf draws a rank below n: low ranks often, high ones now and then.
func zipf(r *rand.Rand, n uint64) uint64 {
	return rand.NewZipf(r, 1.07, 12, n-1).Uint64()
}

// pick draws one of list, all as often.
func pick(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

// person returns the name of the person with number id.
func (x *lexicon) person(id uint64) string {
	for salt := uint64(0); ; salt++ {
		h := mix(id<<8 + salt)
		if h%97 == 0 {
			l := x.lists["minority"]
			return l[h/97%uint64(len(l))]
		}
		at := int(h >> 8 % uint64(x.weights[len(x.weights)-1]))
		i, _ := slices.BinarySearch(x.weights, at+1)
		g := mix(h)
		name := x.surnames[i] + x.given[g%uint64(len(x.given))]
		if g>>32%5 != 0 {
			name += x.given[g>>40%uint64(len(x.given))]
		}
		if !x.avoid[name] {
			return name
		}
	}
}

// firm returns the full and the short name of the firm with number id.
func (x *lexicon) firm(id uint64, city *place) (full, short string) {
	h := mix(id ^ 0x5bd1e995)
	at := func(list string, shift int) string {
		l := x.lists[list]
		return l[h>>shift%uint64(len(l))]
	}
	brand := at("brand", 0)
	long, brief, _ := strings.Cut(at("firmkind", 16), "|")
	return city.short + brand + long + at("firmform", 32), brand + brief
}

// village returns the name of a village.
func (x *lexicon) village(r *rand.Rand) string {
	if r.IntN(3) == 0 {
		return pick(r, x.lists["vname"]) + "村"
	}
	return x.surnames[zipf(r, uint64(len(x.surnames)))] + pick(r, x.lists["vmid"]) + "村"
}

// printed returns the name of a division as the paper prints it: 临夏州, 天祝县.
func (p *place) printed() string {
	for _, kind := range []string{"州", "县"} {
		if strings.HasSuffix(p.name, "自治"+kind) {
			if utf8.RuneCountInString(p.short) > 1 {
				return p.short + kind
			}
		}
	}
	return p.name
}
