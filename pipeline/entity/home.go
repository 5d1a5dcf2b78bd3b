package entity

import "fmt"

// homeProvince returns the division of that name; "" means 甘肃省.
func (l *lexicon) homeProvince(name string) (int32, error) {
	if name == "" {
		name = "甘肃省"
	}
	for _, s := range l.lookup(name) {
		if s.sort == sortDivision && s.class == levelProvince {
			return s.item, nil
		}
	}
	return 0, fmt.Errorf("unknown province %q, want a name such as 甘肃省", name)
}
