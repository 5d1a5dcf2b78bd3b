package corpus

// A draft is what a reader of a format hands on: one article as pieces in the
// order of the page, not yet cleaned. finish makes the article of it.
type draft struct {
	source  Source
	pieces  []piece
	date    dating
	paper   string
	edition string // 01
	section string
	name    string // name of the edition: 要闻
}

// A piece is one paragraph, headline, byline or caption of a page. Where role
// is empty, finish finds it out.
type piece struct {
	role Role
	text Text
}

// A dating is a day and where it came from.
type dating struct {
	day     Day
	origin  string // tag, url, filename, folder, body, option
	certain bool
}
