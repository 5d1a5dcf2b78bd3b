package query

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var dateForm = regexp.MustCompile(`^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})[日号]?|月)?|年|(\d{2})(\d{2})?)?$`)

// parseDates reads a day, a month, a year or a range of them, and returns the
// first and the last day; "" where the range is open.
func parseDates(s string) (from, to string, ok bool) {
	s = half(s)
	for _, by := range []string{"..", "……", "…", "至", "—", "–"} {
		a, b, cut := strings.Cut(s, by)
		if !cut {
			continue
		}
		b = strings.TrimLeft(b, ".—")
		if a == "" && b == "" {
			return "", "", false
		}
		if a != "" {
			if from, _, ok = parsePeriod(a); !ok {
				return "", "", false
			}
		}
		if b != "" {
			if _, to, ok = parsePeriod(b); !ok {
				return "", "", false
			}
		}
		return from, to, from == "" || to == "" || from <= to
	}
	if from, to, ok = parsePeriod(s); ok {
		return from, to, true
	}
	for i := range s { // 2021-2024, 2021-01~2021-06: where both sides are dates
		w := 1
		if rest := s[i:]; strings.HasPrefix(rest, "到") {
			w = len("到")
		} else if rest[0] != '-' && rest[0] != '~' {
			continue
		}
		from, _, okA := parsePeriod(s[:i])
		_, to, okB := parsePeriod(s[i+w:])
		if okA && okB {
			return from, to, from <= to
		}
	}
	return "", "", false
}

// parsePeriod reads 2024, 2024-10, 2024年10月28日, 20241028 and returns its first and last day.
func parsePeriod(s string) (from, to string, ok bool) {
	m := dateForm.FindStringSubmatch(s)
	if m == nil {
		return "", "", false
	}
	y, _ := strconv.Atoi(m[1])
	mo, d := 0, 0
	if m[2]+m[4] != "" {
		mo, _ = strconv.Atoi(m[2] + m[4])
		if mo < 1 || mo > 12 {
			return "", "", false
		}
	}
	if m[3]+m[5] != "" {
		d, _ = strconv.Atoi(m[3] + m[5])
	}
	first := time.Date(y, time.Month(max(mo, 1)), max(d, 1), 0, 0, 0, 0, time.UTC)
	last := first
	switch {
	case y == 0 || first.Day() != max(d, 1) || (m[3]+m[5] != "" && d == 0):
		return "", "", false // 30 February
	case mo == 0:
		last = first.AddDate(1, 0, -1)
	case d == 0:
		last = first.AddDate(0, 1, -1)
	}
	return first.Format(time.DateOnly), last.Format(time.DateOnly), true
}

func dayAfter(day string) string  { return moved(day, 1) }
func dayBefore(day string) string { return moved(day, -1) }

func moved(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}
