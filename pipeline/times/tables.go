package times

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"longmai/corpus"
)

//go:embed *.tsv
var files embed.FS

// A class says what a word of the tables starts.
type class uint8

const (
	guardWord class = iota
	relativeWord
	planName
	eraName
	reignName
	holidayName
	grammarWord // words the grammar itself knows; its text decides
)

// A word is one entry of a table, found by its first character.
type word struct {
	text      string
	class     class
	unit      string // of a relativeWord
	prior     bool   // counts from the time before it, not from the issue date
	offset    int    // of a relativeWord; first year of a reign
	from, to  corpus.Day
	notBefore string   // characters
	notAfter  []string // strings
}

// tables hold what the files say. They never change once loaded.
type tables struct {
	first    map[rune][]*word // by first character, longest first; entries is quicker
	leads    []lead           // the first is of the characters that nothing can start with
	lead     [1 << 16]uint16  // of a character, in leads
	holidays map[string][]holiday
	aliases  map[string]string // other names of holidays
	cues     cueWords
}

// A lead is what a time or a guard with one first character can be.
type lead struct {
	words  []*word // longest first
	second uint64  // bit c&63: a word goes on with the character c; all bits when a word is its first character alone
	number bool    // the character is a numeral
}

// goesOn reports whether a word may go on with the character c.
func (l *lead) goesOn(c rune) bool { return l.second&(1<<(c&63)) != 0 }

// tell sets what is known of the words.
func (l *lead) tell() {
	slices.SortStableFunc(l.words, func(a, b *word) int { return len(b.text) - len(a.text) })
	for _, w := range l.words {
		_, n := decode(w.text, 0)
		if n == len(w.text) {
			l.second = math.MaxUint64
			return
		}
		r, _ := decode(w.text, n)
		l.second |= 1 << (r & 63)
	}
}

type holiday struct {
	since, until int // years
	from, to     corpus.Day
}

// grammarWords start expressions that the grammar reads by itself.
var grammarWords = []string{
	"上半年", "下半年", "上半月", "下半月", "前半年", "头半年", "后半年", "前", "头", "第", "首季", "近", "最近", "过去", "未来", "今后", "此前",
	"上世纪", "上个世纪", "本世纪", "新世纪", "世纪之交", "公元", "每年", "每月", "农历", "腊月", "正月", "冬月", "党的", "除夕", "大年三十", "大年初", "元月", "元", "届时", "同期",
	"凌晨", "清晨", "早上", "早晨", "上午", "中午", "正午", "下午", "傍晚", "晚上", "早", "晚", "深夜", "夜里", "入冬", "入春", "入夏", "入秋", "入汛", "开春",
	"今春", "今夏", "今秋", "今冬", "去春", "去夏", "去秋", "去冬", "明春", "明夏", "明秋", "明冬", "’", "'", "‘", "“", "\"", "「", "『",
}

// shipped are the tables of this package alone.
var shipped = sync.OnceValues(func() (*tables, error) { return load(nil) })

// load reads the tables of this package, and behind them those of rules, which may be nil.
func load(rules fs.FS) (*tables, error) {
	t := &tables{first: map[rune][]*word{}, leads: make([]lead, 1), holidays: map[string][]holiday{}, aliases: map[string]string{}, cues: cueWords{list: map[string][]string{}}}
	for _, f := range []struct {
		name string
		row  row
	}{
		{"guards.tsv", row{1, t.guard}}, {"plans.tsv", row{3, t.plan}}, {"eras.tsv", row{3, t.era}}, {"reigns.tsv", row{2, t.reign}},
		{"holidays.tsv", row{4, t.holidayRow}}, {"relative.tsv", row{6, t.relative}}, {"cues.tsv", row{2, t.cues.row}},
	} {
		text, err := files.ReadFile(f.name)
		if err != nil {
			return nil, err
		}
		if err := f.row.read(f.name, string(text)); err != nil {
			return nil, err
		}
		if rules == nil {
			continue
		}
		text, err = fs.ReadFile(rules, f.name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := f.row.read(f.name, string(text)); err != nil {
			return nil, err
		}
	}
	for _, w := range grammarWords {
		t.add(word{text: w, class: grammarWord})
	}
	for _, r := range "0123456789０１２３４５６７８９〇零○一二两三四五六七八九十廿卅百" {
		if len(t.first[r]) == 0 { // a number leads, without a word too
			t.first[r] = []*word{}
		}
	}
	for r, words := range t.first {
		if r >= 1<<16 {
			continue
		}
		l := lead{words: words, number: numberAt(string(r), 0).end > 0}
		l.tell()
		t.lead[r] = uint16(len(t.leads))
		t.leads = append(t.leads, l)
	}
	t.cues.pack()
	return t, nil
}

// entries returns the words that begin with r, longest first.
func (t *tables) entries(r rune) []*word {
	if r >= 1<<16 {
		return nil
	}
	return t.leads[t.lead[r]].words
}

// A runeSet is a set of characters of the basic plane.
type runeSet [1 << 13]byte

func runeBits(s string) *runeSet {
	t := new(runeSet)
	for _, r := range s {
		t.add(r)
	}
	return t
}

func (t *runeSet) add(r rune) {
	if r < 1<<16 {
		t[r>>3] |= 1 << (r & 7)
	}
}

func (t *runeSet) has(r rune) bool { return uint32(r) < 1<<16 && t[r>>3]&(1<<(r&7)) != 0 }

// add adds w in the place of an entry of the same text and class.
func (t *tables) add(w word) {
	r, _ := utf8.DecodeRuneInString(w.text)
	same := func(x *word) bool { return x.text == w.text && x.class == w.class }
	t.first[r] = append(slices.DeleteFunc(t.first[r], same), &w)
}

// A row reads the lines of a table.
type row struct {
	cells int
	read1 func(c []string) error
}

// read calls read1 with the tab-separated cells of every row, and puts the place before its error.
func (r row) read(name, text string) error {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		c := strings.Split(line, "\t")
		if len(c) != r.cells {
			return fmt.Errorf("%s:%d: %d cells, want %d", name, n, len(c), r.cells)
		}
		if c[0] == "" || !utf8.ValidString(line) {
			return fmt.Errorf("%s:%d: first cell %q is no word", name, n, c[0])
		}
		if err := r.read1(c); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	return nil
}

func (t *tables) guard(c []string) error {
	t.add(word{text: c[0], class: guardWord})
	return nil
}

func (t *tables) plan(c []string) error {
	y1, err1 := strconv.Atoi(c[1])
	y2, err2 := strconv.Atoi(c[2])
	if err1 != nil || err2 != nil || y2 < y1 {
		return fmt.Errorf("years %q and %q, want two years in order", c[1], c[2])
	}
	t.add(word{text: c[0], class: planName, from: firstOf(y1, 1), to: lastOf(y2, 12)})
	return nil
}

func (t *tables) era(c []string) error {
	from, err := corpus.ParseDay(c[1])
	if err != nil {
		return err
	}
	w := word{text: c[0], class: eraName, from: from}
	if c[2] != "-" {
		if w.to, err = corpus.ParseDay(c[2]); err != nil {
			return err
		}
		if w.to.Compare(w.from) < 0 {
			return fmt.Errorf("ends on %s before it begins", w.to)
		}
	}
	t.add(w)
	return nil
}

func (t *tables) reign(c []string) error {
	y, err := strconv.Atoi(c[1])
	if err != nil || y <= 0 {
		return fmt.Errorf("year %q, want a number", c[1])
	}
	t.add(word{text: c[0], class: reignName, offset: y})
	return nil
}

func (t *tables) holidayRow(c []string) error {
	if c[1] == "=" {
		t.add(word{text: c[0], class: holidayName})
		t.aliases[c[0]] = c[2]
		return nil
	}
	first, last, many := strings.Cut(c[1], "-")
	if !many {
		last = first
	}
	h := holiday{}
	var err1, err2 error
	h.since, err1 = strconv.Atoi(first)
	h.until, err2 = strconv.Atoi(last)
	if err1 != nil || err2 != nil || h.until < h.since {
		return fmt.Errorf("years %q, want 2024 or 1999-2007", c[1])
	}
	from, err1 := time.Parse("01-02", c[2])
	to, err2 := time.Parse("01-02", c[3])
	if err1 != nil || err2 != nil {
		return fmt.Errorf("days %q to %q, want two of the form 10-01", c[2], c[3])
	}
	h.from, h.to = corpus.DayOf(from), corpus.DayOf(to)
	if t.holidays[c[0]] == nil {
		t.add(word{text: c[0], class: holidayName})
	}
	t.holidays[c[0]] = append(t.holidays[c[0]], h)
	return nil
}

var relativeUnits = []string{"year", "month", "day", "week", "quarter", "yearstart", "yearmid", "yearend", "yearin", "yearall", "monthstart", "monthend", "winter", "pair", "since", "ahead", "none"}

func (t *tables) relative(c []string) error {
	w := word{text: c[0], class: relativeWord, unit: c[1], prior: c[2] == "prior"}
	if !slices.Contains(relativeUnits, w.unit) {
		return fmt.Errorf("unknown unit %q, want one of %s", c[1], strings.Join(relativeUnits, ", "))
	}
	if !slices.Contains([]string{"issue", "prior", "none"}, c[2]) {
		return fmt.Errorf("counted from %q, want one of issue, prior, none", c[2])
	}
	var err error
	if w.offset, err = strconv.Atoi(c[3]); err != nil {
		return fmt.Errorf("offset %q, want a number", c[3])
	}
	if c[4] != "-" {
		w.notBefore = c[4]
	}
	if c[5] != "-" {
		w.notAfter = strings.Split(c[5], "|")
	}
	t.add(w)
	return nil
}

// holiday returns the days of a holiday in a year.
func (t *tables) holiday(name string, year int) (from, to corpus.Day, ok bool) {
	width := 0
	for _, h := range t.holidays[name] {
		if year < h.since || h.until < year || ok && h.until-h.since > width {
			continue
		}
		from, to, ok, width = h.from, h.to, true, h.until-h.since
	}
	if ok {
		from.Year, to.Year = year, year
		if from.Month > to.Month {
			from.Year-- // 元旦 begins in December
		}
	}
	return from, to, ok
}

func firstOf(y, m int) corpus.Day { return corpus.Day{Year: y, Month: time.Month(m), Day: 1} }

func lastOf(y, m int) corpus.Day { return firstOf(y, m).Add(0, 1, -1) }
