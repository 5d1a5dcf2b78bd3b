package tagger

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Format is a way to write annotated text.
type Format string

// The formats of annotated data.
const (
	// FormatIOB2 has a token a line and an empty line behind each sentence. The
	// tag is the last field (B-, I-, M-, E-, S-, O), or the third one where lines
	// begin with a number as in CoNLL-U. Tokens of several characters are words.
	FormatIOB2 Format = "iob2"
	// FormatMarked is plain text with mentions written ⟦surface|type⟧.
	FormatMarked Format = "marked"
	// FormatJSONL has an object a line: text, and in entities or spans objects of
	// start, end, type, or in label lists of the three. Offsets count code points.
	FormatJSONL Format = "jsonl"
	// FormatGold is a page NAME.txt beside annotations NAME.gold.jsonl, one a line, of which
	// those of layer entity are read.
	FormatGold Format = "gold"
)

const goldSuffix = ".gold.jsonl"

// A Source is annotated data and how to read it.
type Source struct {
	Path   string // a file, or a folder whose files are read in the order of their names
	Format Format // "" finds out by the names and the text
	Scheme string // id of the annotation scheme; "" is the scheme "default"

	// Types are those that the tags of IOB2 may have, by our names; nil for any.
	Types []string
}

// A Dataset is annotated text.
type Dataset struct {
	Name     string
	Scheme   string
	SHA256   string // of all files, one after the other
	Articles []Article

	// Begun counts the mentions of IOB2 that begin with another tag than B or S,
	// as IOB1 writes them; they are read as mentions. Warnings holds the places of
	// the first of them, file:line.
	Begun    int
	Warnings []string
}

// An Article is what belongs together: a page, a document of a corpus.
type Article struct {
	ID        string
	Sentences []Sentence
}

// A Sentence is text with its mentions.
type Sentence struct {
	Text   string
	Spans  []Span // sorted, never overlapping
	Words  []int  // ends of the words in bytes; nil when the data has none
	Ignore []Span // places where a mention that is found counts neither for nor against
}

// Types returns the types of the mentions of d, sorted.
func (d *Dataset) Types() []string {
	var types []string
	for _, a := range d.Articles {
		for _, s := range a.Sentences {
			for _, m := range s.Spans {
				if !slices.Contains(types, m.Type) {
					types = append(types, m.Type)
				}
			}
		}
	}
	slices.Sort(types)
	return types
}

// typeNames maps the names that corpora use to ours. Others are kept, in small letters.
var typeNames = map[string]string{
	"per": "person", "nr": "person", "loc": "place", "ns": "place", "gpe": "place", "location": "place",
	"org": "organization", "nt": "organization", "fac": "facility",
}

func typeName(s string) string {
	s = strings.ToLower(s)
	if t, ok := typeNames[s]; ok {
		return t
	}
	return s
}

// ReadDataset reads annotated data.
func ReadDataset(src Source) (*Dataset, error) {
	files, err := dataFiles(src.Path)
	if err != nil {
		return nil, err
	}
	d := &Dataset{Name: filepath.Base(src.Path), Scheme: src.Scheme}
	if d.Scheme == "" {
		d.Scheme = "default"
	}
	sum := sha256.New()
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		format := src.Format
		if format == "" {
			format = formatOf(f, data)
		}
		if format == "" || format == FormatGold && !strings.HasSuffix(f, goldSuffix) {
			continue
		}
		sum.Write(data)
		articles, err := d.read(src, format, f, bytes.TrimPrefix(data, []byte("\ufeff")))
		if err != nil {
			return nil, err
		}
		d.Articles = append(d.Articles, articles...)
	}
	d.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if len(d.Articles) == 0 {
		return nil, fmt.Errorf("%s: no annotated text found", src.Path)
	}
	return d, nil
}

// read returns the articles of a file, and counts in d what is odd about it.
func (d *Dataset) read(src Source, format Format, name string, data []byte) ([]Article, error) {
	if format != FormatIOB2 {
		return readers[format](name, data)
	}
	r := iobReader{name: name, types: src.Types, scheme: d.Scheme}
	articles, err := r.read(data)
	d.Begun += r.begun
	d.Warnings = append(d.Warnings, r.warnings[:min(len(r.warnings), maxWarnings-len(d.Warnings))]...)
	return articles, err
}

// maxWarnings is how many places are told of; an IOB1 corpus has a hundred thousand.
const maxWarnings = 10

var readers = map[Format]func(name string, data []byte) ([]Article, error){
	FormatMarked: readMarked, FormatJSONL: readJSONL, FormatGold: readGold,
}

func dataFiles(path string) ([]string, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !st.IsDir() {
		return []string{path}, nil
	}
	var files []string
	err = filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if ext := filepath.Ext(p); ext != ".md" && ext != ".json" && !strings.HasPrefix(e.Name(), ".") {
			files = append(files, p)
		}
		return nil
	})
	return files, err
}

// formatOf finds out the format of a file; "" when it is no annotated text.
func formatOf(name string, data []byte) Format {
	switch ext := filepath.Ext(name); {
	case strings.HasSuffix(name, goldSuffix):
		return FormatGold
	case ext == ".jsonl" || ext == ".ndjson":
		return FormatJSONL
	case ext == ".iob2" || ext == ".iob" || ext == ".bio" || ext == ".bmes" || ext == ".conll" || ext == ".conllu":
		return FormatIOB2
	case bytes.Contains(data, []byte("⟦")):
		return FormatMarked
	case iobLine.Match(data):
		return FormatIOB2
	}
	return ""
}

var iobLine = regexp.MustCompile(`(?m)^\S+[\t ](O|[BIMES]-[A-Za-z]+)\r?$`)

// sentenceEnds is where text is cut, as pipeline.SentenceStage does.
const (
	sentenceEnds    = "。！？!?；;…"
	sentenceClosers = "”’」』）)》〉】］]\"'"
)

// cutSentences returns the ends of the sentences of a line of text. It never cuts inside a mention.
func cutSentences(text string, spans []Span) []int {
	var ends []int
	inside := func(at int) bool {
		for _, s := range spans {
			if s.Start < at && at < s.End {
				return true
			}
		}
		return false
	}
	for i := 0; i < len(text); {
		r, w := utf8.DecodeRuneInString(text[i:])
		i += w
		if !strings.ContainsRune(sentenceEnds, r) {
			continue
		}
		for i < len(text) {
			r, w := utf8.DecodeRuneInString(text[i:])
			if !strings.ContainsRune(sentenceEnds, r) && !strings.ContainsRune(sentenceClosers, r) {
				break
			}
			i += w
		}
		if !inside(i) {
			ends = append(ends, i)
		}
	}
	if n := len(ends); len(text) > 0 && (n == 0 || ends[n-1] < len(text)) {
		ends = append(ends, len(text))
	}
	return ends
}

// sentencesOf cuts a line of text with mentions into sentences.
func sentencesOf(text string, spans, ignore []Span) []Sentence {
	var out []Sentence
	start := 0
	part := func(all []Span, end int) []Span {
		var in []Span
		for _, s := range all {
			if s.Start >= start && s.End <= end {
				s.Start -= start
				s.End -= start
				in = append(in, s)
			}
		}
		return in
	}
	for _, end := range cutSentences(text, append(slices.Clone(spans), ignore...)) {
		if t := text[start:end]; strings.TrimSpace(t) != "" {
			out = append(out, Sentence{Text: t, Spans: part(spans, end), Ignore: part(ignore, end)})
		}
		start = end
	}
	return out
}

func readMarked(name string, data []byte) ([]Article, error) {
	a := Article{ID: strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))}
	for n, line := range strings.Split(string(data), "\n") {
		text, spans, err := Unmark(strings.TrimRight(line, "\r"))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n+1, err)
		}
		a.Sentences = append(a.Sentences, sentencesOf(text, spans, nil)...)
	}
	return []Article{a}, nil
}

// Unmark takes the marks out of text in which mentions are written ⟦surface|type⟧.
func Unmark(marked string) (text string, spans []Span, err error) {
	var b strings.Builder
	for rest := marked; ; {
		open := strings.Index(rest, "⟦")
		if open < 0 {
			if strings.Contains(rest, "⟧") {
				return "", nil, errors.New("⟧ without ⟦")
			}
			b.WriteString(rest)
			return b.String(), spans, nil
		}
		shut := strings.Index(rest[open:], "⟧")
		if shut < 0 {
			return "", nil, errors.New("⟦ without ⟧")
		}
		b.WriteString(rest[:open])
		surface, kind, ok := strings.Cut(rest[open+len("⟦"):open+shut], "|")
		if !ok || surface == "" || kind == "" || strings.Contains(surface, "⟦") {
			return "", nil, fmt.Errorf("mark %q, want ⟦surface|type⟧", rest[open:open+shut]+"⟧")
		}
		start := b.Len()
		b.WriteString(surface)
		spans = append(spans, Span{Start: start, End: b.Len(), Type: typeName(kind), Confidence: 1})
		rest = rest[open+shut+len("⟧"):]
	}
}

// iobReader collects tokens into sentences and articles.
type iobReader struct {
	name     string
	scheme   string
	types    []string // nil for any
	articles []Article
	text     strings.Builder
	words    []int
	tags     []string
	lines    []int // of the tags
	at       int   // line of what is read
	begun    int
	warnings []string
	long     bool   // a token of several characters was seen
	doc      string // id of the document, where the data tells
	count    int
}

// articleSize is how many sentences make an article where the data does not tell.
const articleSize = 30

func (r *iobReader) read(data []byte) ([]Article, error) {
	sc := bufio.NewScanner(bytes.NewReader(data))
	sc.Buffer(nil, 1<<24)
	for n := 1; sc.Scan(); n++ {
		r.at = n
		if err := r.line(sc.Text()); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", r.name, r.at, err)
		}
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", r.name, r.at+1, err)
	}
	if err := r.flush(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", r.name, r.at, err)
	}
	if !r.long { // a corpus of characters
		for i := range r.articles {
			for j := range r.articles[i].Sentences {
				r.articles[i].Sentences[j].Words = nil
			}
		}
	}
	return r.articles, nil
}

func (r *iobReader) line(line string) error {
	if id, ok := strings.CutPrefix(line, "# newdoc id ="); ok {
		r.doc = strings.TrimSpace(id)
		r.count = 0
		return nil
	}
	if strings.HasPrefix(line, "# ") {
		return nil
	}
	f := strings.Split(line, "\t")
	if len(f) == 1 {
		f = strings.Fields(line)
	}
	if strings.TrimSpace(line) == "" {
		return r.flush()
	}
	if f[0] == "-DOCSTART-" {
		r.doc, r.count = "", 0
		return nil
	}
	if first, w := utf8.DecodeRuneInString(line); len(f) == 1 && unicode.IsSpace(first) {
		f = []string{line[:w], f[0]} // the token is a space
	}
	if len(f) < 2 {
		return fmt.Errorf("%q, want a token and its tag", line)
	}
	token, tag := f[0], strings.TrimSpace(f[len(f)-1])
	if _, err := strconv.Atoi(f[0]); err == nil && len(f) > 2 {
		token, tag = f[1], f[2]
	}
	if token == "" {
		return errors.New("empty token")
	}
	r.text.WriteString(token)
	r.words = append(r.words, r.text.Len())
	r.tags = append(r.tags, tag)
	r.lines = append(r.lines, r.at)
	// Western words and numbers are one token of several characters in corpora of characters too.
	if utf8.RuneCountInString(token) > 1 && hasHan(token) {
		r.long = true
	}
	return nil
}

// flush ends a sentence. At an error r.at is the line of the tag that is wrong.
func (r *iobReader) flush() error {
	if len(r.words) == 0 {
		return nil
	}
	s := Sentence{Text: r.text.String(), Words: r.words}
	start := 0
	open := false
	for i, tag := range r.tags {
		kind, name, ok := strings.Cut(tag, "-")
		if !ok {
			kind, name, ok = strings.Cut(tag, "_")
		}
		switch {
		case tag == "O":
			open = false
		case !ok || name == "" || !strings.Contains("BIMES", kind) || len(kind) != 1:
			r.at = r.lines[i]
			return fmt.Errorf("tag %q, want O or B-, I-, M-, E-, S- and a type", tag)
		case r.types != nil && !slices.Contains(r.types, typeName(name)):
			r.at = r.lines[i]
			return fmt.Errorf("type %q of tag %q, scheme %q has %s", name, tag, r.scheme, strings.Join(r.types, ", "))
		default:
			t := typeName(name)
			last := len(s.Spans) - 1
			if open && kind != "B" && kind != "S" && s.Spans[last].Type == t {
				s.Spans[last].End = r.words[i]
			} else {
				if kind != "B" && kind != "S" {
					r.warn(r.lines[i], tag, name)
				}
				s.Spans = append(s.Spans, Span{Start: start, End: r.words[i], Type: t, Confidence: 1})
			}
			open = kind != "E" && kind != "S"
		}
		start = r.words[i]
	}
	if n := len(r.articles); n == 0 || r.count%articleSize == 0 {
		id := r.doc
		if id == "" {
			id = strconv.Itoa(n + 1)
		}
		r.articles = append(r.articles, Article{ID: id})
	}
	a := &r.articles[len(r.articles)-1]
	a.Sentences = append(a.Sentences, s)
	r.count++
	r.text.Reset()
	r.words, r.tags, r.lines = nil, nil, r.lines[:0]
	return nil
}

// warn notes a mention that begins with the tag of an inside.
func (r *iobReader) warn(line int, tag, name string) {
	if r.begun++; r.begun <= maxWarnings {
		r.warnings = append(r.warnings, fmt.Sprintf("%s:%d: tag %q begins a mention, read as %q", r.name, line, tag, "B-"+name))
	}
}

type jsonSpan struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Type  string `json:"type"`
	Label string `json:"label"`
}

func readJSONL(name string, data []byte) ([]Article, error) {
	var out []Article
	for n, line := range bytes.Split(data, []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var rec struct {
			ID       any        `json:"id"`
			Text     string     `json:"text"`
			Entities []jsonSpan `json:"entities"`
			Spans    []jsonSpan `json:"spans"`
			Label    [][3]any   `json:"label"`
		}
		if err := json.Unmarshal(line, &rec); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n+1, err)
		}
		all := append(rec.Entities, rec.Spans...)
		for _, l := range rec.Label {
			s, ok1 := l[0].(float64)
			e, ok2 := l[1].(float64)
			t, ok3 := l[2].(string)
			if !ok1 || !ok2 || !ok3 {
				return nil, fmt.Errorf("%s:%d: label %v, want [start, end, type]", name, n+1, l)
			}
			all = append(all, jsonSpan{Start: int(s), End: int(e), Type: t})
		}
		a := Article{ID: strconv.Itoa(n + 1)}
		if rec.ID != nil {
			a.ID = fmt.Sprint(rec.ID)
		}
		spans, err := byteSpans(rec.Text, all)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n+1, err)
		}
		a.Sentences = linesOf(rec.Text, spans, nil)
		out = append(out, a)
	}
	return out, nil
}

// byteSpans turns spans of code points into sorted spans of bytes.
func byteSpans(text string, in []jsonSpan) ([]Span, error) {
	at := make([]int, 0, len(text)+1)
	for i := range text {
		at = append(at, i)
	}
	at = append(at, len(text))
	var out []Span
	for _, s := range in {
		if s.Start < 0 || s.End >= len(at) || s.End <= s.Start {
			return nil, fmt.Errorf("span %d to %d, the text has %d characters", s.Start, s.End, len(at)-1)
		}
		t := s.Type
		if t == "" {
			t = s.Label
		}
		if t == "" {
			return nil, fmt.Errorf("span %d to %d without a type", s.Start, s.End)
		}
		out = append(out, Span{Start: at[s.Start], End: at[s.End], Type: typeName(t), Confidence: 1})
	}
	slices.SortFunc(out, func(a, b Span) int { return a.Start - b.Start })
	for i := 1; i < len(out); i++ {
		if out[i].Start < out[i-1].End {
			return nil, fmt.Errorf("spans of %q and %q overlap", text[out[i-1].Start:out[i-1].End], text[out[i].Start:out[i].End])
		}
	}
	return out, nil
}

// linesOf cuts a text of several lines into sentences.
func linesOf(text string, spans, ignore []Span) []Sentence {
	var out []Sentence
	start := 0
	for _, line := range strings.SplitAfter(text, "\n") {
		end := start + len(line)
		within := func(all []Span) (in []Span) {
			for _, s := range all {
				if s.Start >= start && s.End <= end {
					s.Start -= start
					s.End -= start
					in = append(in, s)
				}
			}
			return in
		}
		out = append(out, sentencesOf(strings.TrimRight(line, "\r\n"), within(spans), within(ignore))...)
		start = end
	}
	return out
}

// apparatus is what the paper says of its own work; entity annotations of pages leave it out.
var apparatus = regexp.MustCompile(`(?m)本报[^\n。讯电]{0,24}[讯电]\s*[（(][^（()）\n]*[)）]|本报[^\n。讯电]{0,24}[讯电]|[（(][^（()）\n]*(?:记者|通讯员|实习生|摄影)[^（()）\n]*[)）]|^.{0,60}(?:记者|通讯员|实习生|首席记者|责任编辑|责编|文/图)\s*[\p{Han}·、 　]{2,40}$|(?:新甘肃·甘肃日报|本报)(?:首席)?(?:记者|通讯员)\s*[\p{Han}·、 　]{2,30}(?:摄影报道|文/图|摄影|摄)`)

func readGold(name string, data []byte) ([]Article, error) {
	page := strings.TrimSuffix(name, goldSuffix)
	raw, err := os.ReadFile(page + ".txt")
	if err != nil {
		return nil, err
	}
	text := string(raw)
	bare, at := tight(text)
	var spans []Span
	for n, line := range bytes.Split(data, []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var rec struct{ Layer, At, Type string }
		if err := json.Unmarshal(line, &rec); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n+1, err)
		}
		if rec.Layer != "entity" || rec.Type == "industry" || rec.Type == "resource" {
			continue
		}
		s, err := goldSpan(bare, rec.At)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n+1, err)
		}
		spans = append(spans, Span{Start: at[s.Start], End: at[s.End-1] + 1, Type: typeName(rec.Type), Confidence: 1})
	}
	slices.SortFunc(spans, func(a, b Span) int { return a.Start - b.Start })
	var ignore []Span
	for _, m := range apparatus.FindAllStringIndex(text, -1) {
		ignore = append(ignore, Span{Start: m[0], End: m[1]})
	}
	return []Article{{ID: filepath.Base(page), Sentences: linesOf(text, spans, ignore)}}, nil
}

// goldSpan finds the place of an annotation in a page without white space.
func goldSpan(bare, at string) (Span, error) {
	t, _ := tight(at)
	before, rest, ok1 := strings.Cut(t, "⟦")
	surface, after, ok2 := strings.Cut(rest, "⟧")
	if !ok1 || !ok2 || surface == "" {
		return Span{}, fmt.Errorf("%q marks no span", at)
	}
	whole := before + surface + after
	i := strings.Index(bare, whole)
	if i < 0 || strings.Contains(bare[i+1:], whole) {
		return Span{}, fmt.Errorf("%q is not on the page exactly once", at)
	}
	return Span{Start: i + len(before), End: i + len(before) + len(surface)}, nil
}

// tight returns s without white space, and for every byte where it stood.
func tight(s string) (string, []int) {
	var b strings.Builder
	var at []int
	for i, r := range s {
		if r == ' ' || r == '\n' || r == '\r' || r == '\t' || r == '\u3000' || r == '\u200b' || r == '\ufeff' || r == '\u00a0' {
			continue
		}
		w := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, w = utf8.DecodeRuneInString(s[i:])
		}
		b.WriteString(s[i : i+w])
		for k := range w {
			at = append(at, i+k)
		}
	}
	return b.String(), at
}
