package entity

// A TitleClass says what a title makes of the one who bears it.
type TitleClass uint8

// The classes of titles.
const (
	Government TitleClass = titleGov   // 市长: of a government
	Party      TitleClass = titleParty // 书记: of a committee
	Post       TitleClass = titlePost  // 局长: of a body
	Rank       TitleClass = titleRank  // 教授: academic or technical grade
	Job        TitleClass = titleJob   // 村民: work or role, no post
)

// TitleEnding returns the length in bytes of the longest title with which s
// ends, and its class; 0 when there is none.
func (r *Reader) TitleEnding(s string) (int, TitleClass) {
	n, class := 0, TitleClass(0)
	at := len(s)
	for range 14 {
		if at == 0 {
			break
		}
		at--
		for at > 0 && s[at]&0xc0 == 0x80 {
			at--
		}
		if c, ok := r.titleClass(r.lex.tree.find(s[at:])); ok {
			n, class = len(s)-at, c
		}
	}
	return n, class
}

// TitleStarting returns the length in bytes of the longest title with which s
// starts, and its class; 0 when there is none.
func (r *Reader) TitleStarting(s string) (int, TitleClass) {
	n, class := 0, TitleClass(0)
	for end, v := range r.lex.tree.prefixes(s) {
		if c, ok := r.titleClass(v); ok {
			n, class = end, c
		}
	}
	return n, class
}

// titleClass returns the class of the word with value v of the tree, when it is a title.
func (r *Reader) titleClass(v int32) (class TitleClass, ok bool) {
	if v == 0 || r.lex.cues[v-1].says&saysTitle == 0 {
		return 0, false
	}
	for _, x := range r.lex.words[v-1].senses {
		if x.sort == sortTitle {
			class, ok = TitleClass(x.class), true
		}
	}
	return class, ok
}

// HomeProvince returns the name of the province whose bodies are meant where nothing else is said.
func (r *Reader) HomeProvince() string { return r.lex.divisions[r.home].name }
