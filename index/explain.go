package index

import "context"

// An Explanation says how a query was answered.
type Explanation struct{}

func (v *view) explain(ctx context.Context, m *match) (*Explanation, error) {
	return &Explanation{}, nil
}
