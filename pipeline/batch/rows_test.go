package batch

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
	"github.com/xuri/excelize/v2"
)

var columns = []Column{{Name: "metric", Max: 12}, {Name: "value", Kind: Decimal}, {Name: "sentence", Max: 30}, {Name: "n", Kind: Integer}}

var hostile = [][]string{
	{"签约额", "306200000000", "现场签约额3062亿元。", "7"},
	{"=HYPERLINK(\"x\")", "-3.2", "\x1b[31m红\x1b[0m\u202e|倒", ""},
	{" +1", "=1+1", "a\nb\tc", "=2"},
	{"", "", "“引号”,逗号", "-1"},
	{"精确", "12345678901234567890.5", "@x", "99999999999999999"},
}

func write(t *testing.T, f Format, o RowOptions) string {
	t.Helper()
	var b bytes.Buffer
	w, err := NewRows(&b, f, columns, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range hostile {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCSVNeutralisesFormulas(t *testing.T) {
	out := write(t, CSV, RowOptions{BOM: true})
	if !strings.HasPrefix(out, "\ufeffmetric,value,sentence,n\n") {
		t.Errorf("no byte order mark and head: %q", out[:30])
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"metric", "value", "sentence", "n"},
		{"签约额", "306200000000", "现场签约额3062亿元。", "7"},
		{"'=HYPERLINK(\"x\")", "-3.2", "␛[31m红␛[0m�|倒"},
		{"' +1", "'=1+1", "a\nb\tc", "'=2"},
		{"", "", "“引号”,逗号"},
		{"精确", "12345678901234567890.5", "'@x"},
	}
	for i := range want {
		for j := range want[i] {
			if rows[i][j] != want[i][j] {
				t.Errorf("row %d column %d: got %q, want %q", i, j, rows[i][j], want[i][j])
			}
		}
	}
}

func TestJSONKeepsNumbersExact(t *testing.T) {
	var rows []map[string]any
	d := json.NewDecoder(strings.NewReader(write(t, JSON, RowOptions{})))
	d.UseNumber()
	if err := d.Decode(&rows); err != nil {
		t.Fatal(err)
	}
	if got := rows[0]["value"]; got != "306200000000" {
		t.Errorf("value %v (%T), want a string of digits", got, got)
	}
	if got := rows[0]["n"]; got != json.Number("7") {
		t.Errorf("n %v (%T), want a number", got, got)
	}
	if got := rows[4]["n"]; got != "99999999999999999" {
		t.Errorf("n %v (%T), want a string, since a double would round it", got, got)
	}
	if got := rows[4]["value"]; got != "12345678901234567890.5" {
		t.Errorf("value %v (%T), want a string that loses no digit", got, got)
	}
	if _, ok := rows[3]["metric"]; ok {
		t.Error("an absent cell became a field")
	}
	if got := rows[1]["sentence"]; got != hostile[1][2] {
		t.Errorf("JSON changed the text: %q", got)
	}
	lines := strings.Split(strings.TrimSpace(write(t, JSONL, RowOptions{})), "\n")
	if len(lines) != len(hostile) {
		t.Errorf("%d lines, want %d", len(lines), len(hostile))
	}
}

func TestEmptyJSONArray(t *testing.T) {
	var b bytes.Buffer
	w, _ := NewRows(&b, JSON, columns, RowOptions{})
	if err := w.Close(); err != nil || b.String() != "[]\n" {
		t.Errorf("got %q, %v", b.String(), err)
	}
}

func TestTableIsAlignedAndHarmless(t *testing.T) {
	out := write(t, Table, RowOptions{})
	if strings.ContainsAny(out, "\x1b\u202e\r\t") {
		t.Errorf("control characters reach the terminal: %q", out)
	}
	width := -1
	for _, line := range strings.Split(strings.TrimRight(out, "\n"), "\n") {
		if i := strings.IndexAny(line, "│┼"); i >= 0 {
			if w := runewidth.StringWidth(line[:i]); width >= 0 && w != width {
				t.Errorf("first column is %d wide, before it was %d:\n%s", w, width, out)
			} else {
				width = w
			}
		}
	}
}

func TestMarkdownCellsStayCells(t *testing.T) {
	for _, line := range strings.Split(strings.TrimSpace(write(t, Markdown, RowOptions{})), "\n") {
		if n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"); n != 5 {
			t.Errorf("%d bars in %q", n, line)
		}
	}
}

func TestXLSX(t *testing.T) {
	f, err := excelize.OpenReader(strings.NewReader(write(t, XLSX, RowOptions{})))
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{"A1": "metric", "B2": "306200000000", "A3": "=HYPERLINK(\"x\")", "B3": "-3.2", "B6": "12345678901234567890.5"} {
		if got, err := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true}); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", cell, got, err, want)
		}
	}
	if formula, _ := f.GetCellFormula(sheet, "A3"); formula != "" {
		t.Errorf("A3 became the formula %q", formula)
	}
	if kind, _ := f.GetCellType(sheet, "B2"); kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("B2 is of type %v, want a number", kind)
	}
}

func TestParseFormat(t *testing.T) {
	if f, err := ParseFormat("tsv"); f != TSV || err != nil {
		t.Errorf("got %v, %v", f, err)
	}
	if _, err := ParseFormat("xml"); err == nil || !strings.Contains(err.Error(), `"xml", want one of table, json`) {
		t.Errorf("got %v", err)
	}
}

func TestIsNumber(t *testing.T) {
	for s, want := range map[string]bool{"0": true, "-0.5": true, "12": true, "": false, "-": false, ".5": false, "1.": false, "01": false, "1e5": false, "１": false} {
		if isNumber(s) != want {
			t.Errorf("isNumber(%q) = %v", s, !want)
		}
	}
}
