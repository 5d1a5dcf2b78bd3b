package sample

import (
	"math/rand/v2"
	"strings"
)

// repeat returns a near repetition of from with the identity of a. It keeps the
// day of the first print, against which the times of its text are resolved.
func (o streamOptions) repeat(a, from Article, r *rand.Rand) Article {
	b := from
	b.ID, b.Cluster, b.number = a.ID, from.ID, a.number
	b.parts = append([]part(nil), from.parts...)
	body := 1
	if b.Subtitle != "" {
		body++
	}
	if b.BylineText != "" {
		body++
	}
	edits := []string{"cut", "retitled", "byline", "merged", "equal"}
	b.Edit = edits[r.IntN(len(edits))]
	switch b.Edit {
	case "cut":
		if n := len(b.parts) - body; n > 2 {
			b.parts = b.parts[:body+2+r.IntN(n-2)]
		} else {
			b.Edit = "equal"
		}
	case "retitled":
		b.parts[0] = a.parts[0]
		b.Title = a.Title
	case "byline":
		if b.BylineText == "" || len(b.Byline) == 0 {
			b.Edit = "equal"
			break
		}
		old, name := b.Byline[0].Name, a.Byline[0].Name
		b.Byline = append([]Credit{{name, b.Byline[0].Role}}, b.Byline[1:]...)
		b.BylineText = strings.Replace(b.BylineText, old, name, 1)
		b.parts[body-1] = part{text: b.BylineText}
	case "merged":
		if len(b.parts)-body < 3 {
			b.Edit = "equal"
			break
		}
		at := body + r.IntN(len(b.parts)-body-1)
		merged := join(b.parts[at], b.parts[at+1])
		b.parts = append(append(append([]part(nil), b.parts[:at]...), merged), b.parts[at+2:]...)
	}
	return b
}
