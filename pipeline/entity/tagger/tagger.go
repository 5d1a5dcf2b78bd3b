package tagger

import "errors"

// A Span is a mention in a sentence, or a candidate for one.
type Span struct {
	Start, End int     // bytes of the sentence, half-open
	Type       string  // a type of the model: person, organization, place, facility, event, project, policy
	Confidence float64 // probability of exactly this span with this type, given the sentence; 0 < Confidence ≤ 1
}

// A Reading is what a model makes of one sentence.
type Reading struct {
	Spans      []Span // the most probable labelling: sorted by place, never overlapping
	Candidates []Span // every span of at least the probability asked for, sorted by start, then end; they overlap
	Words      []int  // ends of the words of stage 1, in bytes; ascending, the last is the end of the sentence
}

// A Model is a trained tagger. It is read-only and shared by any number of goroutines.
type Model struct{}

// Default returns the model that ships. It is loaded once.
func Default() (*Model, error) { return nil, errors.ErrUnsupported }

// Load reads a model file. The model keeps and reads data: do not change it.
func Load(data []byte) (*Model, error) { return nil, errors.ErrUnsupported }

// Tag returns the mentions of a sentence: the most probable labelling. A
// sentence is what pipeline.SentenceStage cuts, but any text will do.
func (m *Model) Tag(sentence string) []Span { return m.Read(sentence, 1).Spans }

// Read returns the mentions of a sentence, its words, and every candidate
// whose probability is at least min. A min of 1 or more asks for no candidates.
func (m *Model) Read(sentence string, min float64) Reading { return Reading{} }

// Types returns the types of the model's mentions, in the order of its labels.
func (m *Model) Types() []string { return nil }
