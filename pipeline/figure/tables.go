package figure

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/shopspring/decimal"

	"longmai/pipeline"
	"longmai/pipeline/numeral"
)

//go:embed *.tsv
var files embed.FS

// A unit is one row of units.tsv.
type unit struct {
	word    string
	code    string
	times   numeral.Decimal // one word is so many of code
	one     bool            // times is 1
	dim     string
	factor  numeral.Decimal // one of code is so many of base
	base    string
	not     *wordSet // what must not follow; nil when anything may
	guard   string
	follows behindClass // what has to follow; 0 when anything may
}

// dimensions are the kinds of figures that the dimensions of units make.
var dimensions = map[string]pipeline.Kind{
	"money": pipeline.Money, "count": pipeline.Count, "ordinal": pipeline.Count, "ratio": pipeline.Percent,
	"ratio_diff": pipeline.Points, "multiple": pipeline.Multiple, "time": pipeline.Duration, "calendar_time": pipeline.Duration, "workday": pipeline.Duration,
	"power": pipeline.Quantity, "apparent_power": pipeline.Quantity, "energy": pipeline.Quantity, "voltage": pipeline.Quantity, "charge": pipeline.Quantity,
	"mass": pipeline.Quantity, "mass_co2": pipeline.Quantity, "mass_fraction": pipeline.Quantity, "area": pipeline.Quantity, "length": pipeline.Quantity, "volume": pipeline.Quantity,
	"flow": pipeline.Quantity, "mass_flow": pipeline.Quantity, "speed": pipeline.Quantity, "pressure": pipeline.Quantity, "temperature": pipeline.Quantity,
	"level": pipeline.Quantity, "frequency": pipeline.Quantity, "data": pipeline.Quantity, "bandwidth": pipeline.Quantity,
	"compute": pipeline.Quantity, "compute_int": pipeline.Quantity, "concentration": pipeline.Quantity, "areal_yield": pipeline.Quantity,
	"price_mass": pipeline.Money, "price_energy": pipeline.Money, "price_area": pipeline.Money, "price_volume": pipeline.Money,
	"age": pipeline.Quantity, "transport": pipeline.Quantity,
}

// guards are the names that the guard column of units.tsv may hold, the classes of behind.tsv apart.
var guards = map[string]bool{"-": true, "bu": true, "cardinal": true, "cheng": true, "ci": true, "compute": true, "du": true, "fan": true, "fang": true,
	"gu": true, "hao": true, "jiao": true, "kou": true, "kuai": true, "li": true, "liang": true, "lie": true, "ming": true, "never": true, "nian": true, "ordinal": true,
	"qi": true, "ren": true, "ri": true, "series": true, "shui": true, "tong": true, "tou": true, "wei": true,
	"yan": true, "yang": true, "zai": true, "zhao": true, "zhe": true, "zi": true}

// A hedge is one row of hedges.tsv.
type hedge struct {
	word string
	form string // a pipeline.Form, or none
}

// A metric is one row of metrics.tsv: the last word of what is measured.
type metric struct {
	word     string
	category string
	bare     string // unit that a number without one has: CNY, number, or ""
	order    uint8  // place of the category in categoryOrder
}

// knowledge is what the tables hold.
type knowledge struct {
	rules    fs.FS // further rows; nil when there are none
	alphabet alphabet
	tries    []*trie
	tails    []uint8 // by code, the place of a character in tailNames

	nounTraits    traits // of the characters at which nounStart looks inside a word
	mentionTraits traits // of the characters at which readMention looks inside a word
	units         []unit
	unitTrie      *trie
	byCode        map[string]*unit
	hedges        []hedge
	before        *trie // hedges before the number, read backwards
	after         *trie
	bounds        *trie // of awayBounds
	behind        []behindClass
	behindF       *trie
	ahead         []aheadClass
	aheadB        *trie    // words of before.tsv, read backwards
	pers          []string // codes
	perF          *trie
	traps         []string // rule of the trap
	trapTrie      *trie
	growth        []string // directions
	growthB       *trie    // growth words, read backwards
	growthF       *trie
	metrics       []metric
	metricB       *trie // read backwards
	words         []string
	wordF         *trie // words that end a noun phrase, read forwards
	wordB         *trie
	linkB         *trie    // words between a noun phrase and its number, read backwards
	signals       []string // classes of signal words
	signalF       *trie
	signalB       *trie
	nouns         *trie // counted nouns
	persons       *trie // last words of people, read backwards
	topics        *trie // general nouns that a paragraph is about: 项目, 隧道
	scopes        []scope
	scopeF        *trie

	weights [layers]weights
	sums    [layers][]int32 // their folds, one behind the other

	prefectures map[string]bool // short names of cities and prefectures
	scopeB      *trie
}

// A scope is a word that stands for a place: 全省, 我市, 全国.
type scope struct {
	word string
	is   string // province, city, county, region or a name
}

// tables are what the package ships, made once for the process.
var tables = sync.OnceValues(func() (*knowledge, error) { return loadTables(nil) })

func loadTables(rules fs.FS) (*knowledge, error) {
	k := &knowledge{rules: rules, byCode: map[string]*unit{}, prefectures: map[string]bool{}}
	for _, load := range []func() error{k.loadUnits, k.loadHedges, k.loadTraps, k.loadBehind, k.loadAhead, k.loadPer, k.loadGrowth, k.loadMetrics, k.loadWords, k.loadLinks, k.loadSignals, k.loadNouns, k.loadScopes, k.loadSubjects, k.loadMeasured} {
		if err := load(); err != nil {
			return nil, err
		}
	}
	k.pack()
	return k, nil
}

// each calls f with the columns of every row of a table, first those that ship
// and then those of the rules; "-" stands for an empty column.
func (k *knowledge) each(name string, columns int, f func(c []string) error) error {
	data, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	if err := rows(name, data, columns, f); err != nil || k.rules == nil {
		return err
	}
	data, err = fs.ReadFile(k.rules, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return rows(name, data, columns, f)
}

func rows(name string, data []byte, columns int, f func(c []string) error) error {
	for i, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		c := strings.Split(line, "\t")
		if len(c) != columns {
			return fmt.Errorf("%s:%d: %d columns, want %d", name, i+1, len(c), columns)
		}
		for j := range c {
			if c[j] == "-" {
				c[j] = ""
			}
		}
		if err := f(c); err != nil {
			return fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return nil
}

func (k *knowledge) loadUnits() error {
	k.unitTrie = k.newTrie(false)
	err := k.each("units.tsv", 8, func(c []string) error {
		if _, ok := dimensions[c[3]]; !ok {
			return fmt.Errorf("unknown dimension %q, want one of money, length, …", c[3])
		}
		follows := behindClasses[c[7]]
		if c[7] != "" && !guards[c[7]] && follows == 0 {
			return fmt.Errorf("unknown guard %q", c[7])
		}
		times, err := decimal.NewFromString(c[2])
		if err != nil {
			return fmt.Errorf("times %q is no number", c[2])
		}
		factor, err := decimal.NewFromString(c[4])
		if err != nil {
			return fmt.Errorf("factor %q is no number", c[4])
		}
		u := unit{word: c[0], code: c[1], times: numeral.Of(times), one: times.Equal(decimal.New(1, 0)), dim: c[3], factor: numeral.Of(factor), base: c[5], guard: c[7], follows: follows}
		if c[6] != "" {
			u.not = wordsOf(strings.Fields(c[6])...)
		}
		k.unitTrie.add(u.word, len(k.units))
		k.units = append(k.units, u)
		return nil
	})
	for i := range k.units {
		u := &k.units[i]
		if _, ok := k.byCode[u.code]; !ok {
			k.byCode[u.code] = u
		}
	}
	return err
}

var hedgeForms = map[string]bool{"gt": true, "ge": true, "lt": true, "le": true, "near": true, "about": true, "plus": true, "none": true}

func (k *knowledge) loadHedges() error {
	k.before, k.after = k.newTrie(true), k.newTrie(false)
	return k.each("hedges.tsv", 3, func(c []string) error {
		if !hedgeForms[c[2]] {
			return fmt.Errorf("unknown form %q, want one of gt, ge, lt, le, near, about, plus, none", c[2])
		}
		switch c[1] {
		case "before":
			k.before.add(c[0], len(k.hedges))
		case "after":
			k.after.add(c[0], len(k.hedges))
		default:
			return fmt.Errorf("unknown side %q, want before or after", c[1])
		}
		k.hedges = append(k.hedges, hedge{c[0], c[2]})
		return nil
	})
}

func (k *knowledge) loadTraps() error {
	k.trapTrie = k.newTrie(false)
	return k.each("traps.tsv", 2, func(c []string) error {
		k.trapTrie.add(c[0], len(k.traps))
		k.traps = append(k.traps, "word."+c[1])
		return nil
	})
}

// behindClasses are the classes of behind.tsv: a word may be of several.
var behindClasses = map[string]behindClass{"aged": agedBehind, "catch": catchesBehind, "contest": contestsBehind, "crowd": crowdsBehind, "house": housesBehind, "line": linesBehind,
	"load": loadsBehind, "longer": longerBehind, "mile": milesBehind, "move": movesBehind, "name": namesBehind, "ordinal": ordinalsBehind, "people": peopleBehind, "piece": piecesBehind, "plan": plansBehind,
	"post": postsBehind, "row": rowsBehind, "sell": sellsBehind, "series": seriesBehind, "slogan": slogansBehind, "step": stepsBehind, "sum": sumsBehind, "sure": surelyBehind,
	"thing": thingsBehind, "train": trainsBehind, "vehicle": vehiclesBehind, "vessel": vesselsBehind}

// A behindClass says what a word behind a number makes of it.
type behindClass uint32

const (
	agedBehind behindClass = 1 << iota
	catchesBehind
	contestsBehind
	crowdsBehind
	housesBehind
	linesBehind
	loadsBehind
	longerBehind
	milesBehind
	movesBehind
	namesBehind
	ordinalsBehind
	peopleBehind
	piecesBehind
	plansBehind
	postsBehind
	rowsBehind
	sellsBehind
	seriesBehind
	slogansBehind
	stepsBehind
	sumsBehind
	surelyBehind
	thingsBehind
	trainsBehind
	vehiclesBehind
	vesselsBehind
)

func (k *knowledge) loadBehind() error {
	k.behindF = k.newTrie(false)
	rows := map[string]int{}
	return k.each("behind.tsv", 2, func(c []string) error {
		class, ok := behindClasses[c[1]]
		if !ok {
			return fmt.Errorf("unknown class %q, want one of aged, catch, contest, crowd, …", c[1])
		}
		i, ok := rows[c[0]]
		if !ok {
			i = len(k.behind)
			rows[c[0]] = i
			k.behind = append(k.behind, 0)
			k.behindF.add(c[0], i)
		}
		k.behind[i] |= class
		return nil
	})
}

// aheadClasses are the classes of before.tsv: a word may be of several.
var aheadClasses = map[string]aheadClass{"age": agesAhead, "coin": coinsAhead, "earn": earnsAhead, "extent": extentAhead, "fee": feesAhead, "front": frontAhead, "kin": kinAhead, "nth": nthAhead, "plain": plainAhead,
	"raise": raisesAhead, "spoken": spokenAhead, "total": totalsAhead, "water": watersAhead, "way": waysAhead, "when": whenAhead, "yield": yieldsAhead}

// An aheadClass says what a word before a number makes of it.
type aheadClass uint32

const (
	agesAhead aheadClass = 1 << iota
	coinsAhead
	earnsAhead
	extentAhead
	feesAhead
	frontAhead
	kinAhead
	nthAhead
	plainAhead
	raisesAhead
	spokenAhead
	totalsAhead
	watersAhead
	waysAhead
	whenAhead
	yieldsAhead
)

func (k *knowledge) loadAhead() error {
	k.aheadB = k.newTrie(true)
	rows := map[string]int{}
	return k.each("before.tsv", 2, func(c []string) error {
		class, ok := aheadClasses[c[1]]
		if !ok {
			return fmt.Errorf("unknown class %q, want one of age, coin, earn, extent, …", c[1])
		}
		i, ok := rows[c[0]]
		if !ok {
			i = len(k.ahead)
			rows[c[0]] = i
			k.ahead = append(k.ahead, 0)
			k.aheadB.add(c[0], i)
		}
		k.ahead[i] |= class
		return nil
	})
}

func (k *knowledge) loadPer() error {
	k.perF = k.newTrie(false)
	return k.each("per.tsv", 2, func(c []string) error {
		if !strings.HasPrefix(c[1], "{") && k.byCode[c[1]] == nil {
			return fmt.Errorf("unknown unit %q, want a code of units.tsv or {noun}", c[1])
		}
		k.perF.add(c[0], len(k.pers))
		k.pers = append(k.pers, c[1])
		return nil
	})
}

func (k *knowledge) loadGrowth() error {
	k.growthB, k.growthF = k.newTrie(true), k.newTrie(false)
	return k.each("growth.tsv", 2, func(c []string) error {
		if c[1] != "up" && c[1] != "down" && c[1] != "flat" {
			return fmt.Errorf("unknown direction %q, want up, down or flat", c[1])
		}
		k.growthB.add(c[0], len(k.growth))
		k.growthF.add(c[0], len(k.growth))
		k.growth = append(k.growth, c[1])
		return nil
	})
}

var categories = map[string]bool{"amount": true, "capacity": true, "reserve": true, "output": true, "share": true, "growth": true, "rank": true,
	"price": true, "count": true, "extent": true, "duration": true, "measure": true, "": true}

func (k *knowledge) loadMetrics() error {
	k.metricB = k.newTrie(true)
	return k.each("metrics.tsv", 3, func(c []string) error {
		if !categories[c[1]] {
			return fmt.Errorf("unknown category %q, want one of amount, capacity, …", c[1])
		}
		if c[2] != "" && c[2] != "number" && k.byCode[c[2]] == nil {
			return fmt.Errorf("unknown unit %q, want number or a code of units.tsv", c[2])
		}
		k.metricB.add(c[0], len(k.metrics))
		k.metrics = append(k.metrics, metric{c[0], c[1], c[2], uint8(max(slices.Index(categoryOrder, c[1]), 0))})
		return nil
	})
}

func (k *knowledge) loadWords() error {
	k.wordF, k.wordB = k.newTrie(false), k.newTrie(true)
	return k.each("words.tsv", 2, func(c []string) error {
		if c[1] != "verb" && c[1] != "light" && c[1] != "adverb" && c[1] != "noun" {
			return fmt.Errorf("unknown class %q, want verb, light, adverb or noun", c[1])
		}
		k.wordF.add(c[0], len(k.words))
		k.wordB.add(c[0], len(k.words))
		k.words = append(k.words, c[1])
		return nil
	})
}

func (k *knowledge) loadLinks() error {
	k.linkB = k.newTrie(true)
	return k.each("links.tsv", 2, func(c []string) error {
		if c[1] != "link" {
			return fmt.Errorf("unknown class %q, want link", c[1])
		}
		k.linkB.add(c[0], 0)
		return nil
	})
}

var signalClasses = map[string]bool{"target": true, "plan": true, "forecast": true, "actual": true,
	"cumulative": true, "new": true, "net": true, "part": true, "rank": true, "none": true}

func (k *knowledge) loadSignals() error {
	k.signalF, k.signalB = k.newTrie(false), k.newTrie(true)
	return k.each("signals.tsv", 2, func(c []string) error {
		if !signalClasses[c[1]] {
			return fmt.Errorf("unknown class %q, want one of target, plan, forecast, …", c[1])
		}
		k.signalF.add(c[0], len(k.signals))
		k.signalB.add(c[0], len(k.signals))
		k.signals = append(k.signals, c[1])
		return nil
	})
}

func (k *knowledge) loadNouns() error {
	k.nouns, k.persons, k.topics = k.newTrie(false), k.newTrie(true), k.newTrie(false)
	return k.each("nouns.tsv", 2, func(c []string) error {
		switch c[1] {
		case "counted":
			k.nouns.add(c[0], 0)
		case "person":
			k.persons.add(c[0], 0)
		case "topic":
			k.topics.add(c[0], 0)
		default:
			return fmt.Errorf("unknown class %q, want counted, person or topic", c[1])
		}
		return nil
	})
}

func (k *knowledge) loadScopes() error {
	k.scopeF, k.scopeB = k.newTrie(false), k.newTrie(true)
	return k.each("scopes.tsv", 2, func(c []string) error {
		if c[1] == "prefecture" {
			k.prefectures[c[0]] = true
			return nil
		}
		k.scopeF.add(c[0], len(k.scopes))
		k.scopeB.add(c[0], len(k.scopes))
		k.scopes = append(k.scopes, scope{c[0], c[1]})
		return nil
	})
}
