package query

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a query may cost to read. Beyond that it is refused, not cut.
const (
	maxBytes = 16 << 10
	maxDepth = 64
	maxNodes = 1024
)

// Parse reads a query. An empty one is All. The error is a *SyntaxError.
func (l *Language) Parse(s string) (q Query, err error) {
	p := &parser{l: l, s: s}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*SyntaxError)
			if !ok {
				panic(r)
			}
			q, err = nil, e
		}
	}()
	if len(s) > maxBytes {
		p.fail(maxBytes, fmt.Sprintf("query of %d bytes", len(s)), fmt.Sprintf("at most %d", maxBytes))
	}
	if i := firstInvalid(s); i >= 0 {
		p.fail(i, "bytes that are no UTF-8", "text")
	}
	p.space()
	if p.at == len(s) {
		if i := strings.IndexFunc(s, func(r rune) bool { return r > ' ' && r != 0x7f && !unicode.IsSpace(r) }); i >= 0 {
			p.fail(i, "nothing but punctuation", `a word, a quoted string or a field; * is every article, and \ before a mark looks for the mark`)
		}
		return All{}, nil
	}
	q = p.or("")
	if p.at < len(s) {
		p.fail(p.at, fmt.Sprintf("%q without its opening", p.rune()), "a query or the end")
	}
	return q, nil
}

func firstInvalid(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, w := utf8.DecodeRuneInString(s[i:]); w == 1 {
				return i
			}
		}
	}
	return -1
}

type parser struct {
	l     *Language
	s     string
	at    int
	depth int
	nodes int
}

func (p *parser) fail(at int, got, want string) {
	panic(&SyntaxError{Query: p.s, Offset: min(at, len(p.s)), Got: got, Want: want})
}

// mark returns the half-width form of a mark.
func mark(r rune) rune {
	switch r {
	case '“', '”', '„', '‟', '«', '»', '「', '」', '『', '』', '﹁', '﹂', '〝', '〞':
		return '"'
	case '　':
		return ' '
	case '～', '〜':
		return '~'
	case '－', '﹣', '−':
		return '-'
	case '≈':
		return '~'
	}
	if 0xff01 <= r && r <= 0xff5e {
		return r - 0xfee0
	}
	return r
}

// separates holds for marks that stand between words like a space.
func separates(r rune) bool {
	return r < ' ' || r == 0x7f || unicode.IsSpace(r) || strings.ContainsRune("，、；。！？!?,;", r)
}

func (p *parser) rune() rune {
	r, _ := utf8.DecodeRuneInString(p.s[p.at:])
	return r
}

// peek returns the half-width form of the next character, 0 at the end.
func (p *parser) peek() rune {
	if p.at == len(p.s) {
		return 0
	}
	return mark(p.rune())
}

func (p *parser) skip() {
	_, w := utf8.DecodeRuneInString(p.s[p.at:])
	p.at += w
}

func (p *parser) space() {
	for p.at < len(p.s) {
		r := p.rune()
		if !separates(r) || (mark(r) == '?' && p.possiblyAhead()) {
			return
		}
		p.skip()
	}
}

// possiblyAhead reports whether a question mark begins a comparison: ?>.
func (p *parser) possiblyAhead() bool {
	_, w := utf8.DecodeRuneInString(p.s[p.at:])
	r, _ := utf8.DecodeRuneInString(p.s[p.at+w:])
	return strings.ContainsRune("><=~≥≤", mark(r))
}

// operator takes one of the words, if it stands next and alone.
func (p *parser) operator(words ...string) bool {
	for _, w := range words {
		rest, ok := strings.CutPrefix(p.s[p.at:], w)
		if !ok {
			continue
		}
		r, _ := utf8.DecodeRuneInString(rest)
		if rest == "" || separates(r) || strings.ContainsRune(`()"`, mark(r)) || strings.Contains("|｜&＆", w) {
			p.at += len(w)
			if strings.Contains("|｜&＆", w) && strings.HasPrefix(p.s[p.at:], w) { // || and && too
				p.at += len(w)
			}
			p.space()
			return true
		}
	}
	return false
}

func (p *parser) grow() {
	if p.nodes++; p.nodes > maxNodes {
		p.fail(p.at, "more conditions than can be answered", fmt.Sprintf("at most %d", maxNodes))
	}
}

func (p *parser) deeper() func() {
	if p.depth++; p.depth > maxDepth {
		p.fail(p.at, "parentheses nested too deep", fmt.Sprintf("at most %d levels", maxDepth))
	}
	return func() { p.depth-- }
}

// The words between conditions.
var (
	orWords  = []string{"OR", "或", "|", "｜"}
	andWords = []string{"AND", "与", "且", "&", "＆"}
)

func (p *parser) or(field string) Query {
	defer p.deeper()()
	of := []Query{p.and(field)}
	for p.operator(orWords...) {
		of = append(of, p.and(field))
	}
	return flatOr(of)
}

func flatOr(of []Query) Query {
	if len(of) == 1 {
		return of[0]
	}
	out := make([]Query, 0, len(of))
	for _, q := range of {
		if o, ok := q.(Or); ok {
			out = append(out, o.Of...)
		} else {
			out = append(out, q)
		}
	}
	return Or{out}
}

func (p *parser) and(field string) Query {
	of := []Query{p.unary(field)}
	for {
		p.space()
		if p.operator(andWords...) {
			of = append(of, p.unary(field))
			continue
		}
		if p.at == len(p.s) || p.peek() == ')' || p.orAhead() {
			break
		}
		of = append(of, p.unary(field))
	}
	return flatAnd(of)
}

func flatAnd(of []Query) Query {
	if len(of) == 1 {
		return of[0]
	}
	out := make([]Query, 0, len(of))
	for _, q := range of {
		if a, ok := q.(And); ok {
			out = append(out, a.Of...)
		} else {
			out = append(out, q)
		}
	}
	return And{out}
}

func (p *parser) orAhead() bool {
	at := p.at
	ok := p.operator(orWords...)
	p.at = at
	return ok
}

func (p *parser) unary(field string) Query {
	p.space()
	if p.peek() == '-' || p.operatorAhead("NOT", "非") {
		defer p.deeper()()
		if p.peek() == '-' {
			p.skip()
		} else {
			p.operator("NOT", "非")
		}
		q := p.unary(field)
		if n, ok := q.(Not); ok {
			return n.Of
		}
		return Not{q}
	}
	return p.primary(field)
}

func (p *parser) operatorAhead(words ...string) bool {
	at := p.at
	ok := p.operator(words...)
	p.at = at
	return ok
}

func (p *parser) primary(field string) Query {
	p.space()
	p.grow()
	start := p.at
	if p.at == len(p.s) {
		p.fail(p.at, "the query ends here", "a word, a quoted string, a field or a parenthesis")
	}
	if p.operatorAhead(orWords...) || p.operatorAhead(andWords...) {
		p.fail(p.at, "an operator without a word before it", "a word, a quoted string, a field or a parenthesis")
	}
	switch p.peek() {
	case '(':
		return p.group(func() Query { return p.or(field) })
	case ')':
		p.fail(p.at, "nothing between the parentheses", "a query")
	case '"':
		if field == "" || p.enclosed(false) == 0 {
			return p.phrase(field)
		}
	case '/':
		return p.pattern(field)
	}
	if q, ok := p.function(); ok {
		return q
	}
	word := p.first(field)
	if q, ok := p.glued(field, word); ok {
		return q
	}
	if p.peek() == ':' && word.text != "" {
		if field != "" {
			p.fail(start, fmt.Sprintf("a field inside the field %s", field), "words, strings or parentheses")
		}
		return p.fielded(start, word.text)
	}
	if word.text == "" {
		if p.peek() == '*' {
			p.skip()
			p.endOfWord("* is for the end of a word")
			if field != "" {
				return p.anyOf(field)
			}
			return All{}
		}
		p.fail(p.at, fmt.Sprintf("%q at the beginning of a word", string(p.rune())), "a word, a quoted string, a field or a parenthesis")
	}
	return p.ended(field, word)
}

// first reads the word that a primary begins with: the value of a field, a
// word, or the name before a colon, which parentheses may be part of.
func (p *parser) first(field string) term {
	if field != "" {
		return p.word(":", nameWord)
	}
	at := p.at
	if name := p.word(":", nameWord); p.peek() == ':' {
		return name
	}
	p.at = at
	return p.word(":", plainWord)
}

// comparing are the signs of comparisons.
const comparing = "><=≥≤＞＜＝"

// glued reads 签约额>=100亿元, a metric and its condition without a colon. It
// reports false for any other word.
func (p *parser) glued(field string, w term) (Query, bool) {
	typed := p.s[w.start:p.at]
	i := strings.IndexAny(typed, comparing)
	if i < 0 || field != "" || p.peek() == ':' || strings.Contains(typed, `\`) {
		return nil, false
	}
	if i == 0 {
		p.fail(w.start, "a comparison without a metric", `the metric and a colon before it, as in 签约额:>=100亿元, or a backslash: \>5`)
	}
	if !p.readable(strings.TrimLeft(typed[i:], comparing)) || strings.TrimLeft(typed[i:], comparing) == "" {
		return nil, false
	}
	p.at = w.start + i
	c, ok := p.compare()
	return Figure{[]Condition{{Key: "metric", Text: typed[:i]}, {Key: "value", Compare: c}}}, ok
}

// anyOf is FIELD:* inside parentheses.
func (p *parser) anyOf(field string) Query {
	f, _ := p.l.field(field)
	if f.Type != TypeName {
		p.fail(p.at-1, "* for a text field", "words")
	}
	return Name{Field: f.Name}
}

// group reads what stands between parentheses.
func (p *parser) group(inner func() Query) Query {
	open := p.at
	p.skip()
	p.space()
	q := inner()
	p.space()
	if p.peek() != ')' {
		p.fail(open, "a parenthesis that is not closed", ")")
	}
	p.skip()
	return q
}

// A term is a bare word as it was read.
type term struct {
	start int
	text  string
}

// A wordKind says what a bare word may hold.
type wordKind int

const (
	plainWord wordKind = iota
	nameWord           // a value: parentheses and quotation marks that belong to it
	valueWord          // a number: commas, a star, a tilde
)

// word reads a bare word up to white space, a parenthesis, a quotation mark, a
// star, a tilde or one of the stops. Backslash takes the meaning from the next character.
func (p *parser) word(stops string, kind wordKind) term {
	w := term{start: p.at}
	var b strings.Builder
	within := 0 // where parentheses or quotation marks end that belong to the word
	for p.at < len(p.s) {
		r := p.rune()
		m := mark(r)
		if r == '\\' {
			p.skip()
			if p.at == len(p.s) {
				p.fail(p.at, "a backslash at the end", "the character that it protects")
			}
			b.WriteRune(p.rune())
			p.skip()
			continue
		}
		if kind == nameWord && p.at >= within && strings.ContainsRune(`("`, m) {
			within = p.enclosed(p.at > w.start)
		}
		if p.at >= within {
			if separates(r) && !(r == ',' && (kind == valueWord || p.groupAhead())) || strings.ContainsRune(`()"`, m) || strings.ContainsRune(stops, m) {
				break
			}
			if kind != valueWord && strings.ContainsRune("*~|", m) {
				break
			}
		}
		b.WriteRune(r)
		p.skip()
	}
	w.text = b.String()
	return w
}

// enclosed returns where the parentheses or quotation marks end that open here
// and belong to a name, 0 when they do not: 酒泉钢铁（集团）有限责任公司,
// “丝路瑰宝”特展. Inside a name, which has begun when started is true, they need
// their partner; parentheses with a space or an operator in them group. At its
// beginning only Chinese quotation marks are its own, when it goes on behind them.
func (p *parser) enclosed(started bool) int {
	if open := p.rune(); !started && (mark(open) != '"' || closing(open) == open) {
		return 0
	}
	end := p.partner(p.at)
	if end == 0 || started {
		return end
	}
	r, _ := utf8.DecodeRuneInString(p.s[end:])
	m := mark(r)
	if end == len(p.s) || separates(r) || strings.ContainsRune(`)*~|:`, m) || strings.ContainsRune(`("`, m) && p.partner(end) == 0 {
		return 0
	}
	return end
}

// partner returns the place behind the partner of the parenthesis or quotation
// mark at a place, 0 when there is none or nothing between them.
func (p *parser) partner(at int) int {
	open, first := utf8.DecodeRuneInString(p.s[at:])
	quotes := mark(open) == '"'
	depth, escaped := 0, false
	for i, r := range p.s[at:] {
		m := mark(r)
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case quotes && i > 0 && closes(open, r), !quotes && m == ')':
			if depth--; depth == 0 {
				if i == first {
					return 0
				}
				return at + i + utf8.RuneLen(r)
			}
		case quotes && r == open, !quotes && m == '(':
			depth++
		case !quotes && (unicode.IsSpace(r) || strings.ContainsRune("|:", m)):
			return 0
		}
	}
	return 0
}

// groupAhead reports whether the comma here is one between the digits of a number: 3,062.
func (p *parser) groupAhead() bool {
	digit := func(i int) bool { return i >= 0 && i < len(p.s) && '0' <= p.s[i] && p.s[i] <= '9' }
	return digit(p.at-1) && digit(p.at+1) && digit(p.at+2) && digit(p.at+3) && !digit(p.at+4)
}

// ended makes a node of a bare word and what may stand at its end: * or ~1.
func (p *parser) ended(field string, w term) Query {
	named := false
	if f, ok := p.l.field(field); ok && f.Type == TypeName {
		named = true
	}
	switch p.peek() {
	case '*':
		p.skip()
		p.endOfWord("* is for the end of a word")
		if named {
			return Name{Field: field, Text: w.text, Prefix: true}
		}
		return Text{Field: field, Form: Prefix, Text: w.text}
	case '~':
		if named {
			p.fail(p.at, "~ behind a name", "a name")
		}
		p.skip()
		edits := 1
		if r := p.peek(); '0' <= r && r <= '9' {
			edits = int(r - '0')
			if edits < 1 || edits > 2 {
				p.fail(p.at, fmt.Sprintf("~%d", edits), "~1 or ~2")
			}
			p.skip()
		}
		p.endOfWord("~ is for the end of a word")
		return Text{Field: field, Form: Fuzzy, Text: w.text, Edits: edits}
	}
	if named {
		return Name{Field: field, Text: w.text}
	}
	return Text{Field: field, Text: w.text}
}

func (p *parser) endOfWord(got string) {
	if p.at == len(p.s) || separates(p.rune()) || p.peek() == ')' {
		return
	}
	p.fail(p.at, got, "white space or the end")
}

func (p *parser) phrase(field string) Query {
	text := strings.TrimSpace(p.quoted())
	if f, ok := p.l.field(field); ok && f.Type == TypeName {
		return Name{Field: field, Text: text}
	}
	return Text{Field: field, Form: Phrase, Text: text}
}

// quoted reads a string between quotation marks of any kind. It ends with the
// mark that belongs to the one it began with, and may hold the others: what lies
// between a further pair of its own kind is inside too.
func (p *parser) quoted() string {
	open := p.at
	first := p.rune()
	p.skip()
	depth := 1
	var b strings.Builder
	for p.at < len(p.s) {
		r := p.rune()
		switch {
		case r == '\\':
			p.skip()
			if p.at == len(p.s) {
				p.fail(p.at, "a backslash at the end", "the character that it protects")
			}
			b.WriteRune(p.rune())
			p.skip()
			continue
		case closes(first, r):
			if depth--; depth > 0 {
				break
			}
			p.skip()
			if strings.TrimSpace(b.String()) == "" {
				p.fail(open, "an empty string", "text between the quotation marks")
			}
			return b.String()
		case r == first:
			depth++
		}
		b.WriteRune(r)
		p.skip()
	}
	p.fail(open, "a quotation mark that is not closed", string(closing(first)))
	return ""
}

func closing(open rune) rune {
	switch open {
	case '“':
		return '”'
	case '「':
		return '」'
	case '『':
		return '』'
	case '«':
		return '»'
	case '﹁':
		return '﹂'
	case '〝':
		return '〞'
	}
	return open
}

// closes reports whether r ends a string that open began.
func closes(open, r rune) bool {
	return r == closing(open) || open == '"' && r == '＂' || open == '＂' && r == '"'
}

func (p *parser) pattern(field string) Query {
	open := p.at
	if f, ok := p.l.field(field); ok && f.Type == TypeName {
		p.fail(open, "a regular expression for a name", "a name")
	}
	p.skip()
	var b strings.Builder
	for p.at < len(p.s) {
		r := p.rune()
		switch {
		case r == '\\' && p.at+1 < len(p.s):
			p.skip()
			if p.rune() != '/' {
				b.WriteByte('\\')
			}
			b.WriteRune(p.rune())
			p.skip()
			continue
		case r == '/' || r == '／':
			p.skip()
			if b.Len() == 0 {
				p.fail(open, "an empty regular expression", "a pattern between the slashes")
			}
			if err := CheckPattern(b.String()); err != nil {
				p.fail(open, err.Error(), "a regular expression in RE2 syntax")
			}
			return Text{Field: field, Form: Pattern, Text: b.String()}
		}
		b.WriteRune(r)
		p.skip()
	}
	p.fail(open, "a regular expression that is not closed", "/")
	return nil
}

// CheckPattern returns why a regular expression cannot be answered, nil when it can.
func CheckPattern(s string) error {
	if len(s) > 512 {
		return fmt.Errorf("regular expression of %d bytes, at most 512", len(s))
	}
	re, err := regexp.Compile(s)
	if err != nil {
		return fmt.Errorf("regular expression: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	if re.MatchString("") {
		return fmt.Errorf("a regular expression that matches the empty string")
	}
	return nil
}

// function reads same(…), near/N(…) and figure(…).
func (p *parser) function() (Query, bool) {
	rest := p.s[p.at:]
	for _, name := range []string{"same", "同句"} {
		if n, ok := called(rest, name); ok {
			p.at += n
			return Same{p.members("same")}, true
		}
	}
	for _, name := range []string{"figure", "数字"} {
		if n, ok := called(rest, name); ok {
			p.at += n
			return p.figure(), true
		}
	}
	for _, name := range []string{"near", "邻近"} {
		if n, ok := called(rest, name); ok {
			p.at += n
			return p.near(usualNear), true
		}
	}
	for _, name := range []string{"near/", "near／", "邻近/", "邻近／"} {
		if !strings.HasPrefix(strings.ToLower(rest), name) {
			continue
		}
		start := p.at
		p.at += len(name)
		n := 0
		for d := p.peek(); '0' <= d && d <= '9'; d = p.peek() {
			n = min(n*10+int(d-'0'), 1<<20)
			p.skip()
		}
		if p.peek() != '(' {
			p.at = start
			if i := strings.IndexFunc(rest, func(r rune) bool { return separates(r) || mark(r) == '(' }); i >= 0 && !separates([]rune(rest[i:])[0]) {
				p.fail(start+len(name), fmt.Sprintf("%q is no distance", rest[len(name):i]), "near/10(A B)")
			}
			return nil, false
		}
		if r, _ := utf8.DecodeLastRuneInString(p.s[:p.at]); mark(r) == '/' {
			p.fail(start, "near without its distance", "near/10(A B)")
		}
		if n > 1000 {
			p.fail(start, fmt.Sprintf("near/%d", n), "a distance of at most 1000 characters")
		}
		return p.near(n), true
	}
	return nil, false
}

// usualNear is the distance of near(A B).
const usualNear = 10

func called(rest, name string) (int, bool) {
	if len(rest) <= len(name) || !strings.EqualFold(rest[:len(name)], name) {
		return 0, false
	}
	r, _ := utf8.DecodeRuneInString(rest[len(name):])
	return len(name), mark(r) == '('
}

// members reads the parts of same( … ).
func (p *parser) members(name string) []Query {
	start := p.at
	q := p.group(func() Query { return p.or("") })
	Walk(q, func(m Query) bool {
		switch m.(type) {
		case Same, Near, Date, All:
			p.fail(start, fmt.Sprintf("%q inside %s(…)", m.String(), name), "words, strings, entities and figures")
		}
		return true
	})
	if a, ok := q.(And); ok {
		return a.Of
	}
	return []Query{q}
}

// near reads the parts of near/N( … ): words, strings and names, or choices of them.
func (p *parser) near(n int) Query {
	start := p.at
	of := p.members("near")
	for _, m := range of {
		Walk(m, func(q Query) bool {
			switch q.(type) {
			case And, Not, Figure:
				p.fail(start, fmt.Sprintf("%q inside near(…)", q.String()), "words, strings and entities")
			}
			return true
		})
	}
	if len(of) < 2 {
		p.fail(start, "near with a single part", "two or more words")
	}
	return Near{N: n, Of: of}
}

// fielded reads what stands behind NAME:.
func (p *parser) fielded(start int, name string) Query {
	f, ok := p.l.field(name)
	p.skip()
	if r := p.rune(); p.at == len(p.s) || separates(r) && !(mark(r) == '?' && p.possiblyAhead()) {
		if ok {
			p.fail(p.at, fmt.Sprintf("nothing behind %s:", name), behind(f.Type))
		}
		p.fail(start, fmt.Sprintf("unknown field %q", name), p.fieldNames(name))
	}
	if !ok {
		if prop, ok := p.l.property(name); ok {
			return Figure{[]Condition{p.property(prop, name)}}
		}
		return p.metric(start, name)
	}
	switch f.Type {
	case TypeDate:
		return p.date(f)
	case TypeName:
		return p.name(f)
	}
	return p.primary(f.Name)
}

func behind(t Type) string {
	switch t {
	case TypeDate:
		return "a day, month, year or range: 2024-10, 2021..2024"
	case TypeName:
		return "a name"
	}
	return "a word, a quoted string or a parenthesis"
}

func (p *parser) fieldNames(name string) string {
	var b strings.Builder
	if like := p.l.like(name); like != "" {
		b.WriteString("perhaps " + like + ", or ")
	}
	b.WriteString("one of ")
	for i, f := range p.l.Fields {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(f.Name)
		if len(f.Aliases) > 0 {
			b.WriteString(" " + f.Aliases[0])
		}
	}
	b.WriteString(", or a metric with a condition (签约额:>=100亿元); put quotation marks around text with a colon")
	return b.String()
}

func (p *parser) name(f Field) Query {
	exact := false
	if p.peek() == '=' {
		exact = true
		p.skip()
	}
	if p.peek() == '*' {
		p.skip()
		p.endOfWord("* is for the end of a word")
		return Name{Field: f.Name}
	}
	if !exact {
		return p.primary(f.Name)
	}
	var text string
	if p.peek() == '"' && p.enclosed(false) == 0 {
		text = strings.TrimSpace(p.quoted())
	} else {
		text = p.word("", nameWord).text
	}
	if text == "" {
		p.fail(p.at, "nothing behind =", "a name")
	}
	return Name{Field: f.Name, Text: text, Exact: true}
}

func (p *parser) metric(start int, name string) Query {
	at := p.at
	cond := Condition{Key: "metric", Text: name}
	if p.peek() == '*' {
		p.skip()
		p.endOfWord("* is for any value")
		return Figure{[]Condition{cond}}
	}
	c, ok := p.compare()
	if !ok {
		p.at = at
		if text := p.word("", valueWord).text; strings.ContainsFunc(text, unicode.IsDigit) && p.l.like(name) == "" {
			p.fail(at, fmt.Sprintf("%q is no value, and %s no field", text, name), "a number with or without a unit, and a comparison: >=100亿元, 3亿元..5亿元, ~10亿元; put quotation marks around text with a colon")
		}
		p.fail(start, fmt.Sprintf("unknown field %q", name), p.fieldNames(name))
	}
	return Figure{[]Condition{cond, {Key: "value", Compare: c}}}
}

// compare reads a condition on a value. It reports false when what stands
// there is none; a comparison with a value that cannot be read is an error.
func (p *parser) compare() (*Compare, bool) {
	c := &Compare{}
	explicit := false
	if p.peek() == '?' {
		p.skip()
		c.Possibly, explicit = true, true
	}
	if op := p.op(); op != "" {
		c.Op, explicit = op, true
	} else if op := p.spoken(); op != "" {
		c.Op, explicit = op, true
	} else if c.Possibly {
		p.fail(p.at, "? without a comparison", "?>, ?>=, ?<, ?<= or ?=")
	}
	for explicit && p.at < len(p.s) && unicode.IsSpace(p.rune()) {
		p.skip()
	}
	w := p.word("", valueWord)
	if text, op := p.behind(w.text); op != "" && !explicit {
		w.text, c.Op, explicit = text, op, true
	}
	if a, b, ok := p.cutRange(w.text); ok && !explicit {
		c.Op = Between
		var okA, okB bool
		c.A, okA = p.value(w.start, a, true)
		c.B, okB = p.value(w.start+len(w.text)-len(b), b, true)
		if c.A.Text == "" && c.B.Text == "" {
			p.fail(w.start, "a range without ends", "a value before or behind ..")
		}
		if okA && okB && c.A.Unit == "" && c.B.Unit != "" { // 3..5亿元
			if v, err := p.l.Value(a + unitOf(b)); err == nil && v.BaseUnit == c.B.BaseUnit {
				v.Text = half(a + unitOf(b))
				c.A = v
			}
		}
		if c.A.Text != "" && c.B.Text != "" {
			if (c.A.Unit == "") != (c.B.Unit == "") || c.A.BaseUnit != c.B.BaseUnit {
				p.fail(w.start, fmt.Sprintf("a range from %s to %s", c.A.Text, c.B.Text), "two values of one kind")
			}
			if c.A.Base.GreaterThan(c.B.Base) {
				p.fail(w.start, fmt.Sprintf("a range from %s down to %s", c.A.Text, c.B.Text), "the smaller value first")
			}
		}
		return c, true
	}
	if !explicit {
		c.Op = EQ
	}
	v, ok := p.value(w.start, w.text, explicit)
	if !ok || v.Text == "" {
		if explicit {
			p.fail(w.start, "a comparison without a value", "a number with or without a unit: 100亿元, 30%")
		}
		return nil, false
	}
	c.A = v
	return c, true
}

// said are words before a value that compare, the longer ones first.
var said = []struct {
	word string
	op   Op
}{
	{"大于等于", GE}, {"小于等于", LE}, {"大于或等于", GE}, {"小于或等于", LE}, {"不少于", GE}, {"不低于", GE}, {"不小于", GE}, {"不超过", LE}, {"不多于", LE}, {"不高于", LE}, {"不大于", LE},
	{"至少", GE}, {"至多", LE}, {"最多", LE}, {"最少", GE}, {"超过", GT}, {"大于", GT}, {"高于", GT}, {"多于", GT}, {"超", GT}, {"逾", GT}, {"突破", GT},
	{"小于", LT}, {"低于", LT}, {"少于", LT}, {"不足", LT}, {"不到", LT}, {"等于", EQ}, {"大约", About}, {"约", About}, {"近", About},
}

// saidBehind are words behind a value that compare.
var saidBehind = []struct {
	word string
	op   Op
}{{"及以上", GE}, {"及以下", LE}, {"以上", GE}, {"以下", LE}, {"以内", LE}, {"左右", About}}

// spoken takes a word that compares, when a value follows it.
func (p *parser) spoken() Op {
	for _, s := range said {
		if !strings.HasPrefix(p.s[p.at:], s.word) {
			continue
		}
		at := p.at
		p.at += len(s.word)
		if text := p.word("", valueWord).text; text != "" && p.readable(text) {
			p.at = at + len(s.word)
			return s.op
		}
		p.at = at
	}
	return ""
}

// behind cuts a word that compares off the end of a value.
func (p *parser) behind(text string) (string, Op) {
	for _, s := range saidBehind {
		if rest, ok := strings.CutSuffix(text, s.word); ok && rest != "" && p.readable(rest) {
			return rest, s.op
		}
	}
	return text, ""
}

// op reads a comparison sign.
func (p *parser) op() Op {
	r := p.peek()
	switch {
	case p.at < len(p.s) && p.rune() == '≥':
		p.skip()
		return GE
	case p.at < len(p.s) && p.rune() == '≤':
		p.skip()
		return LE
	case r == '>' || r == '<':
		p.skip()
		if p.peek() == '=' {
			p.skip()
			return Op(string(r) + "=")
		}
		return Op(string(r))
	case r == '=':
		p.skip()
		if p.peek() == '=' {
			p.skip()
		}
		return EQ
	case r == '~':
		p.skip()
		return About
	}
	return ""
}

// cutRange cuts a..b. Both ends may be missing. Other marks that ranges are
// written with stand for more than that: they count between two values.
func (p *parser) cutRange(s string) (a, b string, ok bool) {
	for _, by := range []string{"..", "．．", "……", "…", "至"} {
		if a, b, ok = strings.Cut(s, by); ok {
			return a, strings.TrimLeft(b, "."), true
		}
	}
	for _, by := range []string{"～", "〜", "~", "—", "–", "到", "－", "-"} {
		if a, b, ok = strings.Cut(s, by); !ok {
			continue
		}
		if b = strings.TrimPrefix(b, by); a != "" && b != "" && p.readable(a) && p.readable(b) {
			return a, b, true
		}
	}
	return s, "", false
}

// unitOf returns what stands behind the numeral of a value.
func unitOf(s string) string {
	i := strings.LastIndexFunc(s, func(r rune) bool {
		m := mark(r)
		return '0' <= m && m <= '9' || strings.ContainsRune("一二三四五六七八九十零〇两半", r)
	})
	if i < 0 {
		return ""
	}
	_, w := utf8.DecodeRuneInString(s[i:])
	return s[i+w:]
}

func (p *parser) value(at int, s string, must bool) (Value, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Value{}, false
	}
	v, err := p.l.Value(s)
	if err != nil {
		if must {
			p.fail(at, err.Error(), "a number with or without a unit: 100亿元, 三千五百万, 30%")
		}
		return Value{}, false
	}
	v.Text = half(s)
	return v, true
}

// half writes marks, digits and letters in half width.
func half(s string) string {
	return strings.Map(mark, s)
}

// figure reads figure( … ).
func (p *parser) figure() Query {
	open := p.at
	p.skip()
	var of []Condition
	for {
		p.space()
		if p.at == len(p.s) {
			p.fail(open, "a parenthesis that is not closed", ")")
		}
		if p.peek() == ')' {
			p.skip()
			break
		}
		p.grow()
		of = append(of, p.condition())
	}
	if len(of) == 0 {
		of = []Condition{{Key: "metric"}}
	}
	return Figure{of}
}

func (p *parser) condition() Condition {
	start := p.at
	if c, ok := p.compareAhead(); ok {
		return Condition{Key: "value", Compare: c}
	}
	w := p.word(":", nameWord)
	if w.text == "" && p.peek() == '"' {
		return Condition{Key: "metric", Text: strings.TrimSpace(p.quoted())}
	}
	if p.peek() != ':' {
		if w.text == "" || !separatesOrCloses(p) {
			p.fail(p.at, fmt.Sprintf("%q inside figure(…)", string(p.rune())), conditions())
		}
		return Condition{Key: "metric", Text: w.text}
	}
	prop, ok := p.l.property(w.text)
	p.skip()
	if !ok {
		p.fail(start, fmt.Sprintf("unknown condition %q", w.text), conditions())
	}
	return p.property(prop, w.text)
}

func separatesOrCloses(p *parser) bool {
	return p.at == len(p.s) || separates(p.rune()) || p.peek() == ')'
}

func conditions() string {
	names := make([]string, len(properties))
	for i, p := range properties {
		names[i] = p.name + ": " + p.aliases[0] + ":"
	}
	return "a comparison (>=100亿元) or one of " + strings.Join(names, ", ")
}

func (p *parser) property(prop property, typed string) Condition {
	c := Condition{Key: prop.name}
	if p.peek() == '*' && !prop.compare {
		p.skip()
		p.endOfWord("* is for any")
		return c
	}
	at := p.at
	switch {
	case prop.compare:
		cmp, ok := p.place(prop)
		if !ok {
			cmp, ok = p.compare()
		}
		if !ok {
			p.fail(at, fmt.Sprintf("nothing to compare with behind %s:", typed), "a comparison: >=100, 1..5, 3")
		}
		c.Compare = cmp
	case p.peek() == '"' && p.enclosed(false) == 0:
		c.Text = strings.TrimSpace(p.quoted())
	default:
		c.Text = p.word("", nameWord).text
		if c.Text == "" {
			p.fail(at, fmt.Sprintf("nothing behind %s:", typed), "a name")
		}
	}
	if prop.date {
		from, to, ok := parseDates(c.Text)
		if !ok {
			p.fail(at, fmt.Sprintf("%q is no time", c.Text), behind(TypeDate))
		}
		c.Text = Date{from, to}.String()[len("date:"):]
	}
	switch {
	case prop.values != nil:
		v, ok := p.l.choice(prop, c.Text)
		if !ok && !(prop.name == "change" && strings.HasPrefix(c.Text, "vs")) {
			p.fail(at, fmt.Sprintf("%q is no %s", c.Text, prop.name), "one of "+prop.accepted())
		}
		if ok {
			c.Text = v
		}
	case prop.name == "unit" && p.l.Unit != nil:
		code, like := p.l.Unit(c.Text)
		if code == "" {
			p.fail(at, fmt.Sprintf("%q is no unit", c.Text), "a unit such as "+strings.Join(like, ", ")+"; a code of your own in braces: {code}")
		}
		c.Text = code
	}
	return c
}

// place reads a rank as it is said: 第一, 第3位, 前十.
func (p *parser) place(prop property) (*Compare, bool) {
	if prop.name != "rank" {
		return nil, false
	}
	at := p.at
	text := p.word("", nameWord).text
	for _, f := range []struct {
		before string
		op     Op
	}{{"第", EQ}, {"前", LE}} {
		n, ok := strings.CutPrefix(text, f.before)
		if !ok {
			continue
		}
		for _, counter := range []string{"位", "名", "强"} {
			n = strings.TrimSuffix(n, counter)
		}
		if v, ok := p.value(at, n, false); ok && v.Unit == "" {
			return &Compare{Op: f.op, A: v}, true
		}
	}
	p.at = at
	return nil, false
}

func (p *parser) compareAhead() (*Compare, bool) {
	at := p.at
	m := p.peek()
	if strings.ContainsRune("?><=~", m) || p.rune() == '≥' || p.rune() == '≤' {
		return p.compare()
	}
	w := p.word(":", valueWord)
	_, _, isRange := p.cutRange(w.text)
	text, _ := p.behind(w.text)
	p.at = at
	if op := p.spoken(); op != "" {
		p.at = at
		return p.compare()
	}
	if p.l.Value == nil {
		return nil, false
	}
	if isRange {
		if a, b, _ := p.cutRange(w.text); p.readable(a) && p.readable(b) && a+b != "" {
			return p.compare()
		}
		return nil, false
	}
	if text != "" && p.readable(text) {
		return p.compare()
	}
	return nil, false
}

func (p *parser) readable(s string) bool {
	if s == "" {
		return true
	}
	_, err := p.l.Value(s)
	return err == nil
}

func (p *parser) date(f Field) Query {
	at := p.at
	if p.peek() == '*' {
		p.skip()
		return Date{}
	}
	if p.peek() == '(' {
		return p.group(func() Query {
			of := []Query{p.date(f)}
			for p.space(); p.operator(orWords...); p.space() {
				of = append(of, p.date(f))
			}
			return flatOr(of)
		})
	}
	op := p.op()
	var text string
	if p.peek() == '"' {
		text = strings.TrimSpace(p.quoted())
	} else {
		text = p.word("", valueWord).text
	}
	from, to, ok := parseDates(text)
	if !ok || op == About || op != "" && (from == "" || to == "") {
		p.fail(at, fmt.Sprintf("%q is no date", p.s[at:p.at]), behind(TypeDate))
	}
	switch op {
	case GE:
		to = ""
	case GT:
		from, to = dayAfter(to), ""
	case LE:
		from = ""
	case LT:
		from, to = "", dayBefore(from)
	}
	return Date{From: from, To: to}
}
