package figure_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/figure"
	"longmai/pipeline/segment"
	"longmai/pipeline/times"
)

// A want is one mark of a case: the figure that has to come out.
type want struct {
	span      pipeline.Span
	kind      string
	form      string
	value     string
	low, high string
	keys      map[string]string
}

// A marked article is the text of a case with its marks taken out.
type marked struct {
	where  string // file:line
	text   strings.Builder
	blocks []corpus.Block
	wants  []want
	date   corpus.Day
	place  string
	title  string
}

// readCases reads a file of the notation that the package comment describes.
func readCases(t testing.TB, path string) []*marked {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []*marked
	date, place, title := corpus.Day{Year: 2024, Month: 10, Day: 28}, "", ""
	role := corpus.RoleParagraph
	var open *marked
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		line := sc.Text()
		where := fmt.Sprintf("%s:%d", filepath.Base(path), n)
		key, value, _ := strings.Cut(line, " ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case key == "@date" && value == "none":
			date = corpus.Day{}
			continue
		case key == "@date":
			if date, err = corpus.ParseDay(value); err != nil {
				t.Fatalf("%s: %v", where, err)
			}
			continue
		case key == "@dateline":
			place = value
			continue
		case key == "@title":
			title = value
			continue
		case key == "@role":
			role = corpus.Role(value)
			continue
		case key == "@article":
			open = &marked{where: where, date: date, place: place, title: title}
			out = append(out, open)
			continue
		case key == "@end":
			open, role = nil, corpus.RoleParagraph
			continue
		case strings.HasPrefix(key, "@"):
			t.Fatalf("%s: unknown setting %q, want @date, @dateline, @title, @role, @article or @end", where, key)
		}
		m := open
		if m == nil {
			m = &marked{where: where, date: date, place: place, title: title}
			out = append(out, m)
		}
		if err := m.add(line, role); err != nil {
			t.Fatalf("%s: %v", where, err)
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// add appends one marked line as a block.
func (m *marked) add(line string, role corpus.Role) error {
	if m.text.Len() > 0 {
		m.text.WriteByte('\n')
	}
	start := m.text.Len()
	line = strings.NewReplacer("⏎", "\n", "⇥", "\t").Replace(line)
	for line != "" {
		i := strings.IndexByte(line, '[')
		if i < 0 {
			m.text.WriteString(line)
			break
		}
		m.text.WriteString(line[:i])
		depth, j := 0, i
		for ; j < len(line); j++ {
			if line[j] == '[' {
				depth++
			} else if line[j] == ']' {
				if depth--; depth == 0 {
					break
				}
			}
		}
		if depth != 0 {
			return fmt.Errorf("a mark is not closed: %q", line[i:])
		}
		surface, note, ok := strings.Cut(line[i+1:j], "|")
		if !ok {
			return fmt.Errorf("a mark has no bar: %q", line[i:j+1])
		}
		w, err := parseWant(note)
		if err != nil {
			return fmt.Errorf("%q: %w", line[i:j+1], err)
		}
		w.span = pipeline.Span{Start: m.text.Len(), End: m.text.Len() + len(surface)}
		m.text.WriteString(surface)
		m.wants = append(m.wants, w)
		line = line[j+1:]
	}
	m.blocks = append(m.blocks, corpus.Block{Role: role, Span: corpus.Span{Start: start, End: m.text.Len()}})
	return nil
}

var categoryNames = " amount capacity reserve output share growth rank price count extent duration measure "

func parseWant(note string) (want, error) {
	fields := strings.Fields(note)
	if len(fields) < 2 {
		return want{}, fmt.Errorf("want at least a kind and a value")
	}
	w := want{kind: fields[0], keys: map[string]string{}}
	v := fields[1]
	cut := func(prefix string) bool {
		rest, ok := strings.CutPrefix(v, prefix)
		if ok {
			v = rest
		}
		return ok
	}
	switch {
	case cut("class:"):
		w.form, w.value = "class", v
	case cut(">"):
		w.form, w.value, w.low = "gt", v, v
	case cut("≥"):
		w.form, w.value, w.low = "ge", v, v
	case cut("<"):
		w.form, w.value, w.high = "lt", v, v
	case cut("≤"):
		w.form, w.value, w.high = "le", v, v
	case cut("→"):
		w.form, w.value, w.high = "near", v, v
	case cut("≈"):
		w.form, w.value = "about", v
	case strings.HasPrefix(v, "("), strings.HasPrefix(v, "["):
		w.form = "plus"
		if v[0] == '[' {
			w.form = "range"
		}
		var ok bool
		if w.low, w.high, ok = strings.Cut(v[1:len(v)-1], ","); !ok {
			return w, fmt.Errorf("want two ends in %q", v)
		}
	case strings.Contains(v, ".."):
		w.form = "vague"
		w.low, w.high, _ = strings.Cut(v, "..")
	default:
		w.form, w.value = "point", v
	}
	for _, x := range []string{w.value, w.low, w.high} {
		if _, err := decimal.NewFromString(x); x != "" && err != nil {
			return w, fmt.Errorf("%q is no number", x)
		}
	}
	for _, f := range fields[2:] {
		k, v, ok := strings.Cut(f, "=")
		switch {
		case ok && keyNames[k]:
			w.keys[k] = strings.ReplaceAll(v, "␣", " ")
		case ok && !strings.HasPrefix(f, "{"):
			return w, fmt.Errorf("unknown key %q", k)
		case f == "quoted" || f == "end":
			w.keys[f] = "true"
		case strings.Contains(categoryNames, " "+f+" "):
			w.keys["category"] = f
		default:
			w.keys["unit"] = f
		}
	}
	return w, nil
}

var keyNames = map[string]bool{"unit": true, "category": true, "metric": true, "subject": true, "status": true, "per": true, "aggregate": true,
	"direction": true, "role": true, "basis": true, "n": true, "n_max": true, "scope": true, "from": true, "to": true, "quoted": true, "group": true, "inferred": true, "base": true, "rule": true}

func (m *marked) document(t testing.TB) *pipeline.Document {
	a := &corpus.Article{ID: m.where, Date: m.date, Title: m.title, Blocks: m.blocks, Text: corpus.CopiedText(m.text.String(), 0)}
	if m.place != "" {
		a.Dateline = &corpus.Dateline{Place: m.place}
	}
	d := &pipeline.Document{Article: a}
	for _, s := range []pipeline.Stage{pipeline.SentenceStage(), segment.Stage(segment.Auto()), times.Stage(), figure.Stage()} {
		if err := s.Annotate(d); err != nil {
			t.Fatalf("%s: %v", m.where, err)
		}
	}
	return d
}

func TestCases(t *testing.T) {
	paths, err := filepath.Glob("testdata/cases/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	for _, p := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(p), ".txt"), func(t *testing.T) {
			for _, m := range readCases(t, p) {
				m.check(t, m.document(t))
			}
		})
	}
}

func (m *marked) check(t *testing.T, d *pipeline.Document) {
	got := map[pipeline.Span]*pipeline.Figure{}
	for i := range d.Figures {
		got[d.Figures[i].Span] = &d.Figures[i]
	}
	groups := map[string]int{}
	for _, w := range m.wants {
		f := got[w.span]
		if f == nil {
			t.Errorf("%s: missed %s", m.where, d.Surface(w.span))
			continue
		}
		delete(got, w.span)
		for _, e := range w.differs(d, f, groups) {
			t.Errorf("%s: %s: %s", m.where, d.Surface(w.span), e)
		}
	}
	for s := range got {
		t.Errorf("%s: extra %s (%s, %s)", m.where, d.Surface(s), got[s].Kind, got[s].Rule)
	}
}

func (w *want) differs(d *pipeline.Document, f *pipeline.Figure, groups map[string]int) []string {
	var out []string
	compare := func(name, got, want string) {
		for _, alt := range strings.Split(want, "|") {
			if got == alt {
				return
			}
		}
		out = append(out, fmt.Sprintf("%s is %q, want %q", name, got, want))
	}
	compare("kind", string(f.Kind), w.kind)
	compare("form", string(f.Form), w.form)
	number := func(name string, got decimal.NullDecimal, want string) {
		if want == "" && !got.Valid {
			return
		}
		if want == "" || !got.Valid || !got.Decimal.Equal(decimal.RequireFromString(want)) {
			out = append(out, fmt.Sprintf("%s is %v, want %s", name, got.Decimal, want))
		}
	}
	number("value", f.Value, w.value)
	number("low", f.Low, w.low)
	number("high", f.High, w.high)
	if _, ok := w.keys["unit"]; !ok && f.Unit != "" {
		compare("unit", f.Unit, "")
	}
	for k, v := range w.keys {
		compare(k, field(d, f, k, groups, v), v)
	}
	return out
}

func field(d *pipeline.Document, f *pipeline.Figure, key string, groups map[string]int, want string) string {
	phrase := func(p *pipeline.Phrase) string {
		if p == nil {
			return ""
		}
		return p.Name
	}
	switch key {
	case "unit":
		return f.Unit
	case "category":
		return f.Category
	case "metric":
		return phrase(f.Metric)
	case "subject":
		return phrase(f.Subject)
	case "status":
		return f.Status
	case "per":
		return f.Per
	case "aggregate":
		return f.Aggregate
	case "rule":
		return f.Rule
	case "base":
		return f.BaseValue.Decimal.String() + f.BaseUnit
	case "quoted":
		return strconv.FormatBool(f.Quoted)
	case "inferred":
		return strconv.FormatBool(f.UnitInferred)
	case "end":
		return strconv.FormatBool(f.Rank != nil && f.Rank.FromEnd)
	case "group":
		if f.Group == nil {
			return ""
		}
		if id, ok := groups[want]; ok && id != f.Group.ID {
			return "another group"
		}
		groups[want] = f.Group.ID
		return want
	}
	switch {
	case f.Change != nil && key == "direction":
		return f.Change.Direction
	case f.Change != nil && key == "role":
		return f.Change.Role
	case f.Change != nil && key == "basis":
		return f.Change.Basis
	case f.Rank != nil && key == "n":
		return strconv.Itoa(f.Rank.N)
	case f.Rank != nil && key == "n_max":
		return strconv.Itoa(f.Rank.NMax)
	case f.Rank != nil && key == "scope":
		return f.Rank.Scope
	case f.Time != nil && key == "from":
		return f.Time.From.String()
	case f.Time != nil && key == "to":
		return f.Time.To.String()
	}
	return ""
}
