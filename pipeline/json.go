package pipeline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"longmai/corpus"

	"github.com/shopspring/decimal"
)

// SchemaVersion names the public form of a document. It changes when a field
// changes its meaning or goes away; new fields keep it.
const SchemaVersion = "longmai/1"

// A Form of JSON: what Marshal writes beside the annotations.
type JSONForm int

const (
	// Public is the form of schema.json: offsets in code points, surfaces and
	// ids with every record.
	Public JSONForm = iota
	// Stored is Public with the way back to the source bytes (field "way") and
	// without what can be computed from the rest: surfaces and ids.
	Stored
)

// Marshal returns d as one line of JSON, without a line end. A field that a
// record does not have is absent.
func Marshal(d *Document, form JSONForm) ([]byte, error) {
	r := toRecord(d, form)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil {
		return nil, fmt.Errorf("article %s: %w", d.ID, err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Unmarshal reads what Marshal wrote, in either form. Sentences are cut anew;
// tokens are not stored.
func Unmarshal(line []byte) (*Document, error) {
	var r record
	if err := json.Unmarshal(line, &r); err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	if r.Schema != SchemaVersion {
		return nil, fmt.Errorf("document %s: schema %q, want %q", r.ID, r.Schema, SchemaVersion)
	}
	return r.document()
}

type record struct {
	Schema        string           `json:"schema"`
	ID            string           `json:"id"`
	Source        sourceRecord     `json:"source"`
	Locations     []sourceRecord   `json:"locations,omitempty"`
	Parts         []partRecord     `json:"parts,omitempty"`
	Paper         string           `json:"paper,omitempty"`
	Date          string           `json:"date,omitempty"`
	DateOrigin    string           `json:"date_origin,omitempty"`
	DateUncertain bool             `json:"date_uncertain,omitempty"`
	Edition       string           `json:"edition,omitempty"`
	EditionName   string           `json:"edition_name,omitempty"`
	Section       string           `json:"section,omitempty"`
	Kicker        string           `json:"kicker,omitempty"`
	Title         string           `json:"title,omitempty"`
	Subtitle      string           `json:"subtitle,omitempty"`
	Byline        []creditRecord   `json:"byline,omitempty"`
	Dateline      *datelineRecord  `json:"dateline,omitempty"`
	Text          string           `json:"text"`
	Blocks        []blockRecord    `json:"blocks"`
	Apparatus     []spanRecord     `json:"apparatus,omitempty"`
	Reprint       *reprintRecord   `json:"reprint,omitempty"`
	Warnings      []string         `json:"warnings,omitempty"`
	Cut           int              `json:"cut,omitempty"`
	Times         []timeRecord     `json:"times,omitempty"`
	Entities      []entityRecord   `json:"entities,omitempty"`
	Figures       []figureRecord   `json:"figures,omitempty"`
	Relations     []relationRecord `json:"relations,omitempty"`
	Way           []byte           `json:"way,omitempty"`
}

type spanRecord struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

type sourceRecord struct {
	Path     string `json:"path"`
	Member   string `json:"member,omitempty"`
	Format   string `json:"format,omitempty"`
	Encoding string `json:"encoding,omitempty"`
	SHA256   string `json:"sha256,omitempty"`
	Start    int64  `json:"start"`
	End      int64  `json:"end"`
	Record   int    `json:"record,omitempty"`
}

type partRecord struct {
	spanRecord
	Source sourceRecord `json:"source"`
}

type creditRecord struct {
	Name         string `json:"name"`
	Role         string `json:"role"`
	Kind         string `json:"kind,omitempty"`
	Organization string `json:"organization,omitempty"`
	Title        string `json:"title,omitempty"`
	Start        *int   `json:"start,omitempty"`
	End          *int   `json:"end,omitempty"`
}

type datelineRecord struct {
	Agency string `json:"agency,omitempty"`
	Place  string `json:"place,omitempty"`
	Date   string `json:"date,omitempty"`
	spanRecord
}

type blockRecord struct {
	Role string `json:"role"`
	spanRecord
}

type reprintRecord struct {
	Cluster string `json:"cluster"`
	Role    string `json:"role"`
}

type timeRecord struct {
	spanRecord
	Surface   string `json:"surface,omitempty"`
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`
	Precision string `json:"precision,omitempty"`
	Role      string `json:"role,omitempty"`
	Rule      string `json:"rule,omitempty"`
}

type entityRecord struct {
	ID string `json:"id,omitempty"`
	spanRecord
	Surface    string            `json:"surface,omitempty"`
	Type       string            `json:"type"`
	Name       string            `json:"name,omitempty"`
	Ref        string            `json:"ref,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Confidence float64           `json:"confidence,omitempty"`
	Rule       string            `json:"rule,omitempty"`
}

type phraseRecord struct {
	Start   *int   `json:"start,omitempty"`
	End     *int   `json:"end,omitempty"`
	Surface string `json:"surface,omitempty"`
	Name    string `json:"name,omitempty"`
}

type markRecord struct {
	spanRecord
	Surface string `json:"surface,omitempty"`
	Sense   string `json:"sense"`
}

type changeRecord struct {
	Direction string `json:"direction,omitempty"`
	Role      string `json:"role,omitempty"`
	Basis     string `json:"basis,omitempty"`
}

type rankRecord struct {
	N       int    `json:"n,omitempty"`
	NMax    int    `json:"n_max,omitempty"`
	FromEnd bool   `json:"from_end,omitempty"`
	Scope   string `json:"scope,omitempty"`
}

type figureTimeRecord struct {
	Start     *int   `json:"start,omitempty"`
	End       *int   `json:"end,omitempty"`
	Surface   string `json:"surface,omitempty"`
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`
	Role      string `json:"role,omitempty"`
	Inherited bool   `json:"inherited,omitempty"`
}

type groupRecord struct {
	ID    int    `json:"id"`
	Index int    `json:"index"`
	Kind  string `json:"kind"`
}

type figureRecord struct {
	ID string `json:"id,omitempty"`
	spanRecord
	Surface      string            `json:"surface,omitempty"`
	Kind         string            `json:"kind"`
	Category     string            `json:"category,omitempty"`
	Form         string            `json:"form"`
	Value        string            `json:"value,omitempty"`
	Low          string            `json:"low,omitempty"`
	High         string            `json:"high,omitempty"`
	Unit         string            `json:"unit,omitempty"`
	UnitInferred bool              `json:"unit_inferred,omitempty"`
	BaseValue    string            `json:"base_value,omitempty"`
	BaseLow      string            `json:"base_low,omitempty"`
	BaseHigh     string            `json:"base_high,omitempty"`
	BaseUnit     string            `json:"base_unit,omitempty"`
	Dimension    string            `json:"dimension,omitempty"`
	Per          string            `json:"per,omitempty"`
	Marks        []markRecord      `json:"marks,omitempty"`
	Change       *changeRecord     `json:"change,omitempty"`
	Rank         *rankRecord       `json:"rank,omitempty"`
	Metric       *phraseRecord     `json:"metric,omitempty"`
	Subject      *phraseRecord     `json:"subject,omitempty"`
	Time         *figureTimeRecord `json:"time,omitempty"`
	Status       string            `json:"status,omitempty"`
	Quoted       bool              `json:"quoted,omitempty"`
	Aggregate    string            `json:"aggregate,omitempty"`
	Group        *groupRecord      `json:"group,omitempty"`
	Sentence     *spanRecord       `json:"sentence,omitempty"`
	Rule         string            `json:"rule,omitempty"`
}

type argRecord struct {
	Role  string `json:"role"`
	Name  string `json:"name"`
	Start *int   `json:"start,omitempty"`
	End   *int   `json:"end,omitempty"`
}

// A relationRecord repeats each argument once under its role, so that a reader
// who wants names alone need not walk args: {"type":"post","person":…,"title":…}.
type relationRecord struct {
	Type     string            `json:"type"`
	Args     []argRecord       `json:"args"`
	Evidence spanRecord        `json:"evidence"`
	Rule     string            `json:"rule,omitempty"`
	names    map[string]string // role → name
}

func (r relationRecord) MarshalJSON() ([]byte, error) {
	type plain relationRecord
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(plain(r)); err != nil {
		return nil, err
	}
	out := bytes.Clone(bytes.TrimSuffix(b.Bytes(), []byte("}\n")))
	for _, role := range slices.Sorted(maps.Keys(r.names)) {
		b.Reset()
		if err := e.Encode(r.names[role]); err != nil {
			return nil, err
		}
		out = fmt.Appendf(out, ",%q:%s", role, bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	}
	return append(out, '}'), nil
}

// coder turns spans of one text into records.
type coder struct {
	text  string
	runes *corpus.RuneIndex
	form  JSONForm
}

func (c coder) span(s Span) spanRecord {
	t := c.runes.Span(s)
	return spanRecord{t.Start, t.End}
}

func (c coder) surface(s Span) string {
	if c.form == Stored {
		return ""
	}
	return c.text[s.Start:s.End]
}

func (c coder) ends(s Span) (start, end *int) {
	if s.Empty() {
		return nil, nil
	}
	t := c.runes.Span(s)
	return &t.Start, &t.End
}

func (c coder) phrase(p *Phrase) *phraseRecord {
	if p == nil {
		return nil
	}
	r := &phraseRecord{Name: p.Name}
	r.Start, r.End = c.ends(p.Span)
	if !p.Span.Empty() {
		r.Surface = c.surface(p.Span)
	}
	return r
}

func toRecord(d *Document, form JSONForm) *record {
	c := coder{d.Body(), corpus.NewRuneIndex(d.Body()), form}
	r := &record{
		Schema: SchemaVersion, ID: d.ID, Source: toSource(d.Source), Paper: d.Paper,
		Date: d.Date.String(), DateOrigin: d.DateOrigin, DateUncertain: !d.Date.IsZero() && !d.DateCertain,
		Edition: d.Edition, EditionName: d.EditionName, Section: d.Section,
		Kicker: d.Kicker, Title: d.Title, Subtitle: d.Subtitle, Text: d.Body(), Warnings: d.Warnings, Cut: d.Cut,
		Blocks: make([]blockRecord, len(d.Blocks)),
	}
	for _, l := range d.Locations {
		r.Locations = append(r.Locations, toSource(l))
	}
	for _, p := range d.Parts {
		r.Parts = append(r.Parts, partRecord{c.span(p.Span), toSource(p.Source)})
	}
	for _, b := range d.Byline {
		k := creditRecord{Name: b.Name, Role: b.Role, Kind: string(b.Kind), Organization: b.Organization, Title: b.Title}
		k.Start, k.End = c.ends(b.Span)
		r.Byline = append(r.Byline, k)
	}
	if l := d.Dateline; l != nil {
		r.Dateline = &datelineRecord{l.Agency, l.Place, l.Date.String(), c.span(l.Span)}
	}
	for i, b := range d.Blocks {
		r.Blocks[i] = blockRecord{string(b.Role), c.span(b.Span)}
	}
	for _, s := range d.Apparatus {
		r.Apparatus = append(r.Apparatus, c.span(s))
	}
	if p := d.Reprint; p != nil {
		r.Reprint = &reprintRecord{p.Cluster, p.Role}
	}
	for _, t := range d.Times {
		r.Times = append(r.Times, timeRecord{c.span(t.Span), c.surface(t.Span), t.From.String(), t.To.String(), t.Precision, t.Role, t.Rule})
	}
	for _, e := range d.Entities {
		k := entityRecord{spanRecord: c.span(e.Span), Surface: c.surface(e.Span), Type: string(e.Type), Name: e.Name, Ref: e.Ref,
			Attributes: e.Attributes, Confidence: math.Round(e.Confidence*1000) / 1000, Rule: e.Rule}
		if form == Public {
			k.ID = d.LocalID("e", k.Start)
		}
		r.Entities = append(r.Entities, k)
	}
	for i := range d.Figures {
		f := c.figure(&d.Figures[i])
		if form == Public {
			f.ID = d.LocalID("f", f.Start)
		}
		r.Figures = append(r.Figures, f)
	}
	for _, x := range d.Relations {
		r.Relations = append(r.Relations, c.relation(x))
	}
	if form == Stored {
		r.Way = d.Text.AppendWay(nil)
	}
	return r
}

func toSource(s corpus.Source) sourceRecord {
	return sourceRecord{s.Path, s.Member, s.Format, string(s.Encoding), s.SHA256, s.Range.Start, s.Range.End, s.Record}
}

func (c coder) figure(f *Figure) figureRecord {
	r := figureRecord{
		spanRecord: c.span(f.Span), Surface: c.surface(f.Span), Kind: string(f.Kind), Category: f.Category, Form: string(f.Form),
		Value: number(f.Value), Low: number(f.Low), High: number(f.High), Unit: f.Unit, UnitInferred: f.UnitInferred,
		BaseValue: number(f.BaseValue), BaseLow: number(f.BaseLow), BaseHigh: number(f.BaseHigh), BaseUnit: f.BaseUnit,
		Dimension: f.Dimension, Per: f.Per, Metric: c.phrase(f.Metric), Subject: c.phrase(f.Subject),
		Status: f.Status, Quoted: f.Quoted, Aggregate: f.Aggregate, Rule: f.Rule,
	}
	for _, m := range f.Marks {
		r.Marks = append(r.Marks, markRecord{c.span(m.Span), c.surface(m.Span), m.Sense})
	}
	if f.Change != nil {
		r.Change = &changeRecord{f.Change.Direction, f.Change.Role, f.Change.Basis}
	}
	if f.Rank != nil {
		r.Rank = &rankRecord{f.Rank.N, f.Rank.NMax, f.Rank.FromEnd, f.Rank.Scope}
	}
	if t := f.Time; t != nil {
		r.Time = &figureTimeRecord{From: t.From.String(), To: t.To.String(), Role: t.Role, Inherited: t.Inherited}
		r.Time.Start, r.Time.End = c.ends(t.Span)
		if !t.Span.Empty() {
			r.Time.Surface = c.surface(t.Span)
		}
	}
	if f.Group != nil {
		r.Group = &groupRecord{f.Group.ID, f.Group.Index, f.Group.Kind}
	}
	if !f.Sentence.Empty() {
		s := c.span(f.Sentence)
		r.Sentence = &s
	}
	return r
}

func (c coder) relation(x Relation) relationRecord {
	r := relationRecord{Type: x.Type, Evidence: c.span(x.Evidence), Rule: x.Rule, Args: make([]argRecord, len(x.Args))}
	if c.form == Public {
		r.names = map[string]string{}
	}
	for i, a := range x.Args {
		r.Args[i] = argRecord{Role: a.Role, Name: a.Name}
		r.Args[i].Start, r.Args[i].End = c.ends(a.Span)
		switch before, dup := r.names[a.Role]; {
		case r.names == nil:
		case dup: // the parties of an agreement
			r.names[a.Role] = before + "、" + a.Name
		default:
			r.names[a.Role] = a.Name
		}
	}
	return r
}

// number writes a decimal without an exponent; "" when there is none.
func number(d decimal.NullDecimal) string {
	if !d.Valid {
		return ""
	}
	return d.Decimal.String()
}

// decoder turns the records of one line back into spans of bytes. The first
// thing that is out of place stops it.
type decoder struct {
	runes *corpus.RuneIndex
	size  int // code points of the text
	err   error
}

func (c *decoder) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
}

func (c *decoder) span(s spanRecord) Span {
	if s.Start < 0 || s.End < s.Start || s.End > c.size {
		c.fail("span [%d, %d) outside the text of %d code points", s.Start, s.End, c.size)
		return Span{}
	}
	return Span{Start: c.runes.Bytes(s.Start), End: c.runes.Bytes(s.End)}
}

func (c *decoder) ends(start, end *int) Span {
	if start == nil || end == nil {
		return Span{}
	}
	return c.span(spanRecord{*start, *end})
}

func (c *decoder) day(s string) corpus.Day {
	if s == "" {
		return corpus.Day{}
	}
	d, err := corpus.ParseDay(s)
	if err != nil {
		c.fail("%w", err)
	}
	return d
}

func (c *decoder) number(s string) decimal.NullDecimal {
	if s == "" {
		return decimal.NullDecimal{}
	}
	// An exponent could ask for gigabytes of digits; Marshal never writes one.
	d, err := decimal.NewFromString(s)
	if err != nil || strings.ContainsAny(s, "eE") {
		c.fail("%q is no decimal", s)
		return decimal.NullDecimal{}
	}
	return decimal.NewNullDecimal(d)
}

func (c *decoder) phrase(p *phraseRecord) *Phrase {
	if p == nil {
		return nil
	}
	return &Phrase{Span: c.ends(p.Start, p.End), Name: p.Name}
}

func (s sourceRecord) source() corpus.Source {
	return corpus.Source{Path: s.Path, Member: s.Member, Format: s.Format, Encoding: corpus.Encoding(s.Encoding), SHA256: s.SHA256,
		Range: corpus.Origin{Start: s.Start, End: s.End}, Record: s.Record}
}

func (r *record) document() (*Document, error) {
	text, err := corpus.TextWithWay(r.Text, r.Way)
	if err != nil {
		return nil, fmt.Errorf("document %s: %w", r.ID, err)
	}
	runes := corpus.NewRuneIndex(r.Text)
	c := &decoder{runes: runes, size: runes.Runes(len(r.Text))}
	a := &corpus.Article{
		ID: r.ID, Source: r.Source.source(), Paper: r.Paper, Date: c.day(r.Date), DateOrigin: r.DateOrigin,
		DateCertain: r.Date != "" && !r.DateUncertain, Edition: r.Edition, EditionName: r.EditionName, Section: r.Section,
		Kicker: r.Kicker, Title: r.Title, Subtitle: r.Subtitle, Text: text, Warnings: r.Warnings, Cut: r.Cut,
	}
	for _, l := range r.Locations {
		a.Locations = append(a.Locations, l.source())
	}
	for _, p := range r.Parts {
		a.Parts = append(a.Parts, corpus.Part{Span: c.span(p.spanRecord), Source: p.Source.source()})
	}
	for _, b := range r.Byline {
		a.Byline = append(a.Byline, corpus.Credit{Name: b.Name, Role: b.Role, Kind: corpus.CreditKind(b.Kind),
			Organization: b.Organization, Title: b.Title, Span: c.ends(b.Start, b.End)})
	}
	if l := r.Dateline; l != nil {
		a.Dateline = &corpus.Dateline{Agency: l.Agency, Place: l.Place, Date: c.day(l.Date), Span: c.span(l.spanRecord)}
	}
	for _, b := range r.Blocks {
		a.Blocks = append(a.Blocks, corpus.Block{Role: corpus.Role(b.Role), Span: c.span(b.spanRecord)})
	}
	for _, s := range r.Apparatus {
		a.Apparatus = append(a.Apparatus, c.span(s))
	}
	if p := r.Reprint; p != nil {
		a.Reprint = &corpus.Reprint{Cluster: p.Cluster, Role: p.Role}
	}
	d := &Document{Article: a}
	for _, t := range r.Times {
		d.Times = append(d.Times, Time{c.span(t.spanRecord), c.day(t.From), c.day(t.To), t.Precision, t.Role, t.Rule})
	}
	for _, e := range r.Entities {
		d.Entities = append(d.Entities, Entity{c.span(e.spanRecord), EntityType(e.Type), e.Name, e.Ref, e.Attributes, e.Confidence, e.Rule})
	}
	for i := range r.Figures {
		d.Figures = append(d.Figures, c.figure(&r.Figures[i]))
	}
	for _, x := range r.Relations {
		k := Relation{Type: x.Type, Evidence: c.span(x.Evidence), Rule: x.Rule}
		for _, g := range x.Args {
			k.Args = append(k.Args, Arg{g.Role, g.Name, c.ends(g.Start, g.End)})
		}
		d.Relations = append(d.Relations, k)
	}
	if c.err != nil {
		return nil, fmt.Errorf("document %s: %w", r.ID, c.err)
	}
	return d, SentenceStage().Annotate(d)
}

func (c *decoder) figure(r *figureRecord) Figure {
	f := Figure{
		Span: c.span(r.spanRecord), Kind: Kind(r.Kind), Category: r.Category, Form: Form(r.Form),
		Value: c.number(r.Value), Low: c.number(r.Low), High: c.number(r.High), Unit: r.Unit, UnitInferred: r.UnitInferred,
		BaseValue: c.number(r.BaseValue), BaseLow: c.number(r.BaseLow), BaseHigh: c.number(r.BaseHigh), BaseUnit: r.BaseUnit,
		Dimension: r.Dimension, Per: r.Per, Metric: c.phrase(r.Metric), Subject: c.phrase(r.Subject),
		Status: r.Status, Quoted: r.Quoted, Aggregate: r.Aggregate, Rule: r.Rule,
	}
	for _, m := range r.Marks {
		f.Marks = append(f.Marks, Mark{c.span(m.spanRecord), m.Sense})
	}
	if r.Change != nil {
		f.Change = &Change{r.Change.Direction, r.Change.Role, r.Change.Basis}
	}
	if r.Rank != nil {
		f.Rank = &RankOf{r.Rank.N, r.Rank.NMax, r.Rank.FromEnd, r.Rank.Scope}
	}
	if t := r.Time; t != nil {
		f.Time = &FigureTime{c.ends(t.Start, t.End), c.day(t.From), c.day(t.To), t.Role, t.Inherited}
	}
	if r.Group != nil {
		f.Group = &Group{r.Group.ID, r.Group.Index, r.Group.Kind}
	}
	if r.Sentence != nil {
		f.Sentence = c.span(*r.Sentence)
	}
	return f
}
