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
		if c, ok := r.title(s[at:]); ok {
			n, class = len(s)-at, c
		}
	}
	return n, class
}

// TitleStarting returns the length in bytes of the longest title with which s
// starts, and its class; 0 when there is none.
func (r *Reader) TitleStarting(s string) (int, TitleClass) {
	n, class := 0, TitleClass(0)
	node := int32(0)
	for i, c := range s {
		next, ok := r.lex.trie.step(node, fold(c))
		if !ok {
			break
		}
		node = next
		if v := r.lex.trie.value[node]; v > 0 {
			for _, x := range r.lex.words[v-1].senses {
				if x.sort == sortTitle {
					n, class = i+len(string(c)), TitleClass(x.class)
				}
			}
		}
	}
	return n, class
}

func (r *Reader) title(s string) (TitleClass, bool) {
	for _, x := range r.lex.lookup(s) {
		if x.sort == sortTitle {
			return TitleClass(x.class), true
		}
	}
	return 0, false
}

// HomeProvince returns the name of the province whose bodies are meant where nothing else is said.
func (r *Reader) HomeProvince() string { return r.lex.divisions[r.home].name }
