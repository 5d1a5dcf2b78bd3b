package sample

// The records of the truth have the field names of the pipeline's public
// schema. Offsets are code points of Article.Text, half-open.

// A Figure is a number that the article states, with what its template knows.
type Figure struct {
	Start     int     `json:"start"`
	End       int     `json:"end"`
	Surface   string  `json:"surface"`
	Kind      string  `json:"kind"`
	Category  string  `json:"category"`
	Form      string  `json:"form"`
	Value     string  `json:"value,omitempty"`
	Low       string  `json:"low,omitempty"`
	High      string  `json:"high,omitempty"`
	Unit      string  `json:"unit,omitempty"`
	Per       string  `json:"per,omitempty"`
	Marks     []Mark  `json:"marks,omitempty"`
	Change    *Change `json:"change,omitempty"`
	Rank      *Rank   `json:"rank,omitempty"`
	Metric    *Phrase `json:"metric,omitempty"`
	Subject   *Phrase `json:"subject,omitempty"`
	Time      *Time   `json:"time,omitempty"` // of the same sentence; absent where that names none
	Status    string  `json:"status"`
	Aggregate string  `json:"aggregate,omitempty"`
	Quoted    bool    `json:"quoted,omitempty"`
	Group     *Group  `json:"group,omitempty"`
	Sentence  Span    `json:"sentence"` // its evidence
}

// A Span is a range of code points.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// A Mark is a word that hedges a figure.
type Mark struct {
	Start   int    `json:"start"`
	End     int    `json:"end"`
	Surface string `json:"surface"`
}

// A Change says what a figure tells of growth.
type Change struct {
	Direction string `json:"direction,omitempty"`
	Role      string `json:"role,omitempty"`
	Basis     string `json:"basis,omitempty"`
}

// A Rank is a place in an order.
type Rank struct {
	N     int    `json:"n,omitempty"`
	NMax  int    `json:"n_max,omitempty"`
	Scope string `json:"scope,omitempty"`
}

// A Phrase is a metric or a subject. Start and End are 0 where the sentence
// leaves the words out.
type Phrase struct {
	Start int    `json:"start,omitempty"`
	End   int    `json:"end,omitempty"`
	Name  string `json:"name"`
}

// A Time is an expression of time, resolved against the date of the issue.
type Time struct {
	Start   int    `json:"start"`
	End     int    `json:"end"`
	Surface string `json:"surface"`
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
}

// A Group ties the members of one construction together.
type Group struct {
	ID    int    `json:"id"` // unique within the article
	Index int    `json:"index"`
	Kind  string `json:"kind"`
}

// An Entity is a mention of one of the seven types of names: person,
// organization, place, facility, event, project, policy. (Industries and
// resources are words, and the templates do not mark them.)
type Entity struct {
	Start   int    `json:"start"`
	End     int    `json:"end"`
	Surface string `json:"surface"`
	Type    string `json:"type"`
	Name    string `json:"name"`
	Ref     string `json:"ref,omitempty"`
}

// A Post says that a person holds an office.
type Post struct {
	Person       string `json:"person"`
	Title        string `json:"title"`
	Organization string `json:"organization"`
}

// A Credit is a person in a byline.
type Credit struct {
	Name string `json:"name"`
	Role string `json:"role"`
}

// A Truth is what is known of one article, one line of truth.jsonl.
type Truth struct {
	ID       string   `json:"id"`
	File     string   `json:"file,omitempty"`   // where the article was written
	Record   int      `json:"record,omitempty"` // its place in that file, from 1
	Topic    string   `json:"topic"`
	Date     string   `json:"date"`
	Title    string   `json:"title"`
	Subtitle string   `json:"subtitle,omitempty"`
	Byline   []Credit `json:"byline,omitempty"`
	Cluster  string   `json:"cluster,omitempty"` // id of the article that it nearly repeats; "" for a first print
	Edit     string   `json:"edit,omitempty"`    // how it differs: cut, retitled, byline, merged, equal
	Figures  []Figure `json:"figures"`
	Entities []Entity `json:"entities"`
	Posts    []Post   `json:"posts,omitempty"`
	Times    []Time   `json:"times,omitempty"`
}

// annotations are the records of a piece of text; all offsets count from its start.
type annotations struct {
	figures  []Figure
	entities []Entity
	posts    []Post
	times    []Time
}

// shift moves all records by n code points, in place.
func (a *annotations) shift(n int) {
	for i := range a.figures {
		f := &a.figures[i]
		f.Start += n
		f.End += n
		for j := range f.Marks {
			f.Marks[j].Start += n
			f.Marks[j].End += n
		}
		f.Sentence.Start += n
		f.Sentence.End += n
		f.Metric.shift(n)
		f.Subject.shift(n)
		if f.Time != nil {
			f.Time.Start += n
			f.Time.End += n
		}
	}
	for i := range a.entities {
		a.entities[i].Start += n
		a.entities[i].End += n
	}
	for i := range a.times {
		a.times[i].Start += n
		a.times[i].End += n
	}
}

func (p *Phrase) shift(n int) {
	if p != nil && p.End != 0 {
		p.Start += n
		p.End += n
	}
}

func (a *annotations) add(b annotations) {
	a.figures = append(a.figures, b.figures...)
	a.entities = append(a.entities, b.entities...)
	a.posts = append(a.posts, b.posts...)
	a.times = append(a.times, b.times...)
}
