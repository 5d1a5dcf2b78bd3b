package corpus

import (
	"fmt"
	"testing"
)

func day(t testing.TB, s string) Day {
	t.Helper()
	d, err := ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCoverage(t *testing.T) {
	var c Coverage
	for _, s := range []string{"2024-02-27", "2024-02-27", "2024-02-29", "2024-03-02", "2024-03-05"} {
		c.Add("甘肃日报", day(t, s), "01")
	}
	c.Add("甘肃日报", day(t, "2024-03-05"), "A2")
	c.Add("甘肃日报", Day{}, "")
	c.Add("兰州日报", day(t, "2024-03-01"), "")
	ks := c.Calendars()
	if len(ks) != 2 || ks[0].Paper != "兰州日报" {
		t.Fatalf("calendars %v", ks)
	}
	k := ks[1]
	if k.Articles() != 7 || k.Days() != 4 || k.Undated != 1 || fmt.Sprint(k.Editions()) != "[01 A2]" || k.On(day(t, "2024-02-27")).Articles != 2 {
		t.Errorf("articles %d, days %d, undated %d, editions %v", k.Articles(), k.Days(), k.Undated, k.Editions())
	}
	if got, want := fmt.Sprint(k.Missing(Day{}, Day{})), "[{2024-02-28 2024-02-28 1} {2024-03-01 2024-03-01 1} {2024-03-03 2024-03-04 2}]"; got != want {
		t.Errorf("missing %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(k.Missing(day(t, "2024-03-02"), day(t, "2024-03-07"))), "[{2024-03-03 2024-03-04 2} {2024-03-06 2024-03-07 2}]"; got != want {
		t.Errorf("missing %s, want %s", got, want)
	}
	ms := k.Months(Day{}, Day{})
	if len(ms) != 2 || len(ms[0].Days) != 29 || ms[0].Days[0] != -1 || ms[0].Days[26] != 2 || ms[0].Missing != 1 || ms[1].Days[4] != 2 || ms[1].Days[5] != -1 {
		t.Errorf("months %v", ms)
	}
	if ms := new(Calendar).Months(Day{}, Day{}); ms != nil {
		t.Errorf("months of nothing: %v", ms)
	}
}
