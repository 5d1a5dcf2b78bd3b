package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"longmai/cmd/longmai/terminal"
	"longmai/corpus"
	"longmai/index"
	"longmai/pipeline/batch"

	"github.com/urfave/cli/v2"
)

func (e *env) coverageCommand() *cli.Command {
	return &cli.Command{
		Name: "coverage", Usage: "print which days and editions a library has, and which days are missing",
		Description: `A calendar of months: articles of each day, · for a day between the first and
the last that has none. As rows (--format csv, json, …): one day a row.

  longmai coverage --library lib
  longmai coverage --library lib --from 2024-01-01 --format csv`,
		Flags: append([]cli.Flag{libraryFlag(),
			&cli.StringFlag{Name: "from", Usage: "first day, as 2024-01-01"},
			&cli.StringFlag{Name: "to", Usage: "last day"},
		}, rowFlags()...),
		Action: e.coverage,
	}
}

var coverageColumns = []batch.Column{{Name: "date"}, {Name: "articles", Kind: batch.Integer}, {Name: "editions", Max: 40}, {Name: "missing"}}

func (e *env) coverage(c *cli.Context) error {
	lib, err := openLibrary(c)
	if err != nil {
		return err
	}
	defer lib.Close()
	days, err := lib.Coverage(c.Context)
	if err != nil {
		return err
	}
	from, to, err := bounds(c, days)
	if err != nil {
		return err
	}
	if c.String("format") == "" && c.String("output") == "" {
		if from.IsZero() {
			fmt.Fprintln(e.out, "no dated article")
			return nil
		}
		out, err := e.output("")
		if err != nil {
			return err
		}
		return out.close(calendar(out, terminal.Styles(e.out), days, from, to))
	}
	rows, cut, out, err := e.rows(c, coverageColumns, []string{"date", "articles", "editions", "missing"})
	if err != nil {
		return err
	}
	have := byDay(days)
	for d := from; !d.IsZero() && d.Compare(to) <= 0; d = d.Add(0, 0, 1) {
		k, missing := have[d.String()], ""
		if k.Articles == 0 {
			missing = "yes"
		}
		if err := rows.Write(cut([]string{d.String(), strconv.Itoa(k.Articles), strings.Join(k.Editions, " "), missing})); err != nil {
			return out.close(err)
		}
	}
	return out.close(rows.Close())
}

// bounds returns the first and last day: as asked, else as the library has them.
func bounds(c *cli.Context, days []index.DayCount) (from, to corpus.Day, err error) {
	ends := [2]corpus.Day{}
	for i, name := range []string{"from", "to"} {
		s := c.String(name)
		if s == "" && len(days) > 0 {
			s = days[(len(days)-1)*i].Day
		}
		if s == "" {
			continue
		}
		if ends[i], err = corpus.ParseDay(s); err != nil {
			return from, to, usagef("--%s: %w", name, err)
		}
	}
	return ends[0], ends[1], nil
}

func byDay(days []index.DayCount) map[string]index.DayCount {
	have := map[string]index.DayCount{}
	for _, d := range days {
		have[d.Day] = d
	}
	return have
}

// calendar prints a month a block, a week a line, and names the missing days.
func calendar(w *output, st terminal.Style, days []index.DayCount, from, to corpus.Day) error {
	var all corpus.Coverage
	for _, d := range days {
		day, err := corpus.ParseDay(d.Day)
		if err != nil {
			return err
		}
		for range d.Articles {
			all.Add("", day, "")
		}
	}
	articles, missing := 0, 0
	for _, k := range all.Calendars() {
		for _, m := range k.Months(from, to) {
			articles, missing = articles+m.Articles, missing+m.Missing
			month(w, st, m)
		}
	}
	_, err := fmt.Fprintf(w, "%s, %s without any\n", plural(articles, "article"), plural(missing, "day"))
	return err
}

func month(w *output, st terminal.Style, m corpus.Month) {
	first := corpus.Day{Year: m.Year, Month: m.Month, Day: 1}.Time()
	var b strings.Builder
	var gaps []string
	b.WriteString(strings.Repeat("     ", (int(first.Weekday())+6)%7))
	for i, n := range m.Days {
		switch {
		case n > 0:
			fmt.Fprintf(&b, "%4d ", n)
		case n == 0:
			b.WriteString("   · ")
			gaps = append(gaps, strconv.Itoa(i+1))
		default:
			b.WriteString("     ")
		}
		if first.AddDate(0, 0, i).Weekday() == time.Sunday {
			b.WriteString("\n")
		}
	}
	fmt.Fprintf(w, "%s  %s\n%s\n%s\n", st.Title(fmt.Sprintf("%04d-%02d", m.Year, m.Month)), plural(m.Articles, "article"),
		st.Dim("  Mon  Tue  Wed  Thu  Fri  Sat  Sun"), strings.TrimRight(b.String(), " \n"))
	if len(gaps) > 0 {
		fmt.Fprintf(w, "%s\n", st.Dim("missing: "+strings.Join(gaps, " ")))
	}
	fmt.Fprintln(w)
}
