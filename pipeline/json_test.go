package pipeline

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"longmai/corpus"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/shopspring/decimal"
)

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(s *jsonschema.Schema, line []byte) error {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

// full returns a document in which every field of every record is set.
func full() *Document {
	title, body := "风电𠮷\"<大县>", "瓜州县委书记马明说，2023年装机超1840万千瓦，居全省第一。"
	var b corpus.TextBuilder
	t := b.Append(corpus.CopiedText(title, 3))
	b.Insert("\n")
	p := b.Append(corpus.EncodedText(body, 40, corpus.GB18030.Size(body), corpus.GB18030))
	text := b.Text()
	at := func(s string) Span {
		i := strings.Index(text.String(), s)
		return Span{Start: i, End: i + len(s)}
	}
	dec := func(s string) decimal.NullDecimal { return NullDecimal(decimal.RequireFromString(s)) }
	day := corpus.Day{Year: 2024, Month: 1, Day: 2}
	src := corpus.Source{Path: "a.zip", Member: "b.txt", Format: "text", Encoding: corpus.GB18030, SHA256: "00", Range: corpus.Origin{Start: 3, End: 99}, Record: 2}
	d := &Document{
		Article: &corpus.Article{
			ID: "0123456789abcdef", Source: src, Locations: []corpus.Source{src}, Parts: []corpus.Part{{Span: at("风电"), Source: src}}, Cut: 3, Paper: "甘肃日报", Date: day, DateOrigin: "filename",
			Edition: "01", EditionName: "要闻", Section: "栏目", Kicker: "引题", Title: title, Subtitle: "副题",
			Byline:   []corpus.Credit{{Name: "马明", Role: "记者", Kind: corpus.Reporter, Organization: "甲", Title: "乙", Span: at("马明")}},
			Dateline: &corpus.Dateline{Agency: "本报", Place: "瓜州", Date: day, Span: at("瓜州")},
			Blocks:   []corpus.Block{{Role: corpus.RoleTitle, Span: t}, {Role: corpus.RoleParagraph, Span: p}},
			Text:     text, Apparatus: []Span{at("瓜州")}, Reprint: &corpus.Reprint{Cluster: "x", Role: "first"}, Warnings: []string{"w"},
		},
		Times:    []Time{{at("2023年"), corpus.Day{Year: 2023, Month: 1, Day: 1}, corpus.Day{Year: 2023, Month: 12, Day: 31}, "year", "period", "year"}},
		Entities: []Entity{{at("马明"), Person, "马明", "620922", map[string]string{"k": "v"}, 0.5, "r"}},
		Figures: []Figure{{
			Span: at("1840万千瓦"), Kind: Quantity, Category: "capacity", Form: Gt, Value: dec("18400000"), Low: dec("18400000"), High: dec("-0.25"),
			Unit: "kW", UnitInferred: true, BaseValue: dec("18400000000"), BaseLow: dec("18400000000"), BaseHigh: dec("0"), BaseUnit: "W", Dimension: "power", Per: "d",
			Marks: []Mark{{at("超"), "gt"}}, Change: &Change{"up", "level", "yoy"}, Rank: &RankOf{1, 2, true, "全省"},
			Metric: &Phrase{at("装机"), "装机"}, Subject: &Phrase{Name: "瓜州县"}, Time: &FigureTime{at("2023年"), day, day, "period", true},
			Status: "actual", Quoted: true, Aggregate: "new", Group: &Group{1, 0, "list"}, Sentence: at(body), Rule: "q",
		}},
		Relations: []Relation{{"post", []Arg{{"person", "马明", at("马明")}, {"title", "书记", at("书记")}, {"organization", "中共瓜州县委员会", Span{}}}, at(body), "r"}},
	}
	return d
}

func TestMarshalRoundTrip(t *testing.T) {
	s := schema(t)
	for _, form := range []JSONForm{Public, Stored} {
		d := full()
		line, err := Marshal(d, form)
		if err != nil {
			t.Fatal(err)
		}
		if form == Public {
			if err := validate(s, line); err != nil {
				t.Errorf("schema: %v\n%s", err, line)
			}
		}
		got, err := Unmarshal(line)
		if err != nil {
			t.Fatal(err)
		}
		if form == Public {
			got.Text, d.Text = corpus.Text{}, corpus.Text{}
		}
		got.Sentences = nil
		if !reflect.DeepEqual(got, d) {
			t.Errorf("form %d:\ngot  %+v\nwant %+v", form, got, d)
		}
	}
}

func TestMarshalCodePoints(t *testing.T) {
	line, err := Marshal(full(), Public)
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Text    string
		Figures []struct {
			Start, End int
			Surface    string
		}
		Entities []struct {
			Start, End int
			Surface    string
		}
	}
	if err := json.Unmarshal(line, &r); err != nil {
		t.Fatal(err)
	}
	points := []rune(r.Text)
	for _, f := range append(r.Figures, r.Entities...) {
		if got := string(points[f.Start:f.End]); got != f.Surface || got == "" {
			t.Errorf("text[%d:%d] = %q, surface %q", f.Start, f.End, got, f.Surface)
		}
	}
}

// An empty document must not grow fields that it does not have.
func TestMarshalAbsentFields(t *testing.T) {
	d := &Document{Article: &corpus.Article{ID: "x", Source: corpus.Source{Path: "p"}}}
	line, err := Marshal(d, Public)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"schema":"longmai/1","id":"x","source":{"path":"p","start":0,"end":0},"text":"","blocks":[]}`
	if string(line) != want {
		t.Errorf("got  %s\nwant %s", line, want)
	}
	if err := validate(schema(t), line); err != nil {
		t.Error(err)
	}
}

func TestSchemaRefusesUnknownFields(t *testing.T) {
	s := schema(t)
	for _, line := range []string{
		`{"schema":"longmai/1","id":"x","source":{"path":"p","start":0,"end":0},"text":"","blocks":[],"extra":1}`,
		`{"schema":"longmai/0","id":"x","source":{"path":"p","start":0,"end":0},"text":"","blocks":[]}`,
		`{"schema":"longmai/1","id":"x","source":{"path":"p","start":0,"end":0},"text":"","blocks":[],"date":""}`,
	} {
		if validate(s, []byte(line)) == nil {
			t.Errorf("schema accepts %s", line)
		}
	}
}

func TestUnmarshalErrors(t *testing.T) {
	for line, want := range map[string]string{
		`{`:                  "unexpected end",
		`{"schema":"other"}`: `schema "other"`,
		`{"schema":"longmai/1","text":"ab","blocks":[{"role":"title","start":1,"end":9}]}`:            "outside the text",
		`{"schema":"longmai/1","text":"ab","date":"2024-13-01","blocks":[]}`:                          "is no day",
		`{"schema":"longmai/1","text":"ab","blocks":[],"figures":[{"start":0,"end":1,"value":"1e"}]}`: "no decimal",
	} {
		if _, err := Unmarshal([]byte(line)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", line, err, want)
		}
	}
}

func FuzzUnmarshal(f *testing.F) {
	for _, form := range []JSONForm{Public, Stored} {
		line, _ := Marshal(full(), form)
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		d, err := Unmarshal(line)
		if err != nil {
			return
		}
		again, err := Marshal(d, Stored)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Unmarshal(again); err != nil {
			t.Fatalf("second reading: %v", err)
		}
	})
}

func BenchmarkMarshal(b *testing.B) {
	d := full()
	for b.Loop() {
		if _, err := Marshal(d, Public); err != nil {
			b.Fatal(err)
		}
	}
}

// TestNamesOfOneRoleAreJoined: the flat field of a role holds all its names.
func TestNamesOfOneRoleAreJoined(t *testing.T) {
	text := "甲与乙签约。"
	a := &corpus.Article{ID: "x", Text: corpus.CopiedText(text, 0), Blocks: []corpus.Block{{Role: corpus.RoleParagraph, Span: corpus.Span{Start: 0, End: len(text)}}}}
	d := &Document{Article: a, Relations: []Relation{{Type: "agreement", Args: []Arg{{Role: "party", Name: "甲"}, {Role: "party", Name: "乙"}}, Evidence: Span{Start: 0, End: len(text)}}}}
	b, err := Marshal(d, Public)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), `"party":"甲、乙"`) {
		t.Errorf("no party of both names in %s", b)
	}
}
