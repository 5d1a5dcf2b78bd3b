package corpus

// A hint is what the path of a file says about its articles.
type hint struct {
	dates   []dating // of the file's name first, then of its folders
	edition string   // 01
	name    string   // 要闻
	paper   string
}

// hintOf reads the hint of a path, a member name or a URL.
func hintOf(name string) hint { return hint{} }
