package figure_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"longmai/corpus"
	"longmai/pipeline"
	"longmai/pipeline/figure"
)

func document(text string) *pipeline.Document {
	d := &pipeline.Document{Article: &corpus.Article{ID: "t", Date: corpus.Day{Year: 2024, Month: 10, Day: 28}, Text: corpus.CopiedText(text, 0),
		Blocks: []corpus.Block{{Role: corpus.RoleParagraph, Span: corpus.Span{Start: 0, End: len(text)}}}}}
	if err := pipeline.SentenceStage().Annotate(d); err != nil {
		panic(err)
	}
	return d
}

func read(t testing.TB, text string) *pipeline.Document {
	d := document(text)
	if err := figure.Stage().Annotate(d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Every row of units.tsv reads as itself behind a number, in a sentence that
// says what the guard of the row asks for.
func TestEveryUnit(t *testing.T) {
	data, err := os.ReadFile("units.tsv")
	if err != nil {
		t.Fatal(err)
	}
	context := map[string][2]string{"-": {"共计", "。"}, "cheng": {"占", "。"}, "zhe": {"打", "。"}, "fan": {"产值翻", "。"}, "fang": {"供水量", "。"}, "du": {"用电量", "。"},
		"kuai": {"价格", "钱。"}, "compute": {"算力", "。"}, "li": {"全长", "。"}, "tong": {"原油产量", "。"}, "zhao": {"带宽", "。"}, "yan": {"打井", "。"}, "ri": {"连续", "。"}, "ordinal": {"连续", "。"}, "cardinal": {"分", "。"}, "jiao": {"每斤", "钱。"},
		"catch": {"打了", "鱼。"}, "crowd": {"来了", "客人。"}, "house": {"建了", "房。"}, "load": {"挑了", "水。"}, "people": {"来了", "人。"}, "post": {"换了", "书记。"}, "row": {"盖了", "平房。"}, "shui": {"浇了", "。"}, "step": {"修了", "台阶。"}, "thing": {"买了", "药。"}}
	for n, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		c := strings.Split(line, "\t")
		word, code, guard := c[0], c[1], c[7]
		around, ok := context[guard]
		if !ok {
			around = context["-"]
		}
		if guard == "never" || guard == "liang" || word == "分" {
			continue
		}
		number := "36"
		switch {
		case guard == "cheng" || guard == "fan" || guard == "zhe" || guard == "zai" || guard == "shui" || word == "块":
			number = "三"
		case guard == "kuai" || guard == "jiao":
			number = "三"
		case guard == "nian":
			number = "36"
		}
		text := around[0] + number + word + around[1]
		d := read(t, text)
		if len(d.Figures) != 1 {
			t.Errorf("units.tsv:%d: %s: %d figures", n+1, text, len(d.Figures))
			continue
		}
		if f := d.Figures[0]; f.Unit != code || !strings.Contains(d.Surface(f.Span), word) {
			t.Errorf("units.tsv:%d: %s: read %s as %s, want %s", n+1, text, d.Surface(f.Span), f.Unit, code)
		} else if f.BaseUnit != c[5] || !f.BaseValue.Valid {
			t.Errorf("units.tsv:%d: %s: base %s, want %s", n+1, text, f.BaseUnit, c[5])
		}
	}
}

// Base values are exact: 万千瓦 and 兆瓦 compare, and no value went through a float.
func TestBase(t *testing.T) {
	for text, want := range map[string]string{
		"装机1.15亿千瓦。":    "115000000000",
		"装机115000兆瓦。":   "115000000000",
		"发电量567.22亿千瓦时": "204199200000000000",
		"签约额3062亿元。":    "306200000000",
		"占比86.81%。":     "0.8681",
		"面积3.5万亩。":      "23333333.333333333",
		"面积42.3万亩。":     "282000000",
	} {
		d := read(t, text)
		if len(d.Figures) != 1 || d.Figures[0].BaseValue.Decimal.String() != want {
			t.Errorf("%s: %v, want %s", text, d.Figures, want)
		}
	}
}

func TestExplain(t *testing.T) {
	d := document("统一推进5G建设，完成投资3亿元，第三届博览会开幕。")
	if err := figure.Stage().Annotate(d); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range figure.Explain(d) {
		if r.Rule == "" || r.Reason == "" {
			t.Errorf("%s: no rule or reason", d.Surface(r.Span))
		}
		got = append(got, d.Surface(r.Span)+" "+r.Rule)
	}
	want := "一 word.word, 5G code, 第三 ordinal"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}

// Hostile input ends. Work that grows with the square of the text would take
// minutes here; linear work takes far less than the limit on any machine.
func TestHostile(t *testing.T) {
	size := 200_000
	if testing.Short() {
		size = 20_000
	}
	for _, unit := range []string{"1", "万亿", "一", "1.", "三四", "百分之", "第一、", "“", "（1", "比", "3亿元，", "5、", "分别", "1—", "的", "增长", "由1%", "每亩", "2小时", "半", "1/2", "/", "上百", "数", "第", "前", "一个", "12:30", "元/", "级", "\t1", "单位：亿元\n", "同比增长1%，", "比2020年增长1%，", "占全省的1%，", "居前五位，", "“亿1元，", "完成目标任务3万人的1%，", "全省1个，", "、1个"} {
		done := make(chan bool)
		go func() {
			read(t, strings.Repeat(unit, size/len(unit)))
			close(done)
		}()
		select {
		case <-done:
		case <-time.After(time.Minute):
			t.Fatalf("%q: still reading after a minute", unit)
		}
	}
}

// A user's rows add to the tables and replace rows of the same word.
func TestRules(t *testing.T) {
	r, err := figure.New(figure.Options{Rules: fstest.MapFS{
		"units.tsv": {Data: []byte("# own\n花\t{flower}\t1\tcount\t1\t{flower}\t-\t-\n峰\t{camel}\t1\tcount\t1\t{camel}\t-\t-\n")},
		"traps.tsv": {Data: []byte("三百工程\tpolicy\n")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	d := document("开了12花，来了7峰，实施三百工程。")
	if err := r.Stage().Annotate(d); err != nil {
		t.Fatal(err)
	}
	if len(d.Figures) != 2 || d.Figures[0].Unit != "{flower}" || d.Figures[1].Unit != "{camel}" {
		t.Errorf("got %+v", d.Figures)
	}
	for file, want := range map[string]string{
		"units.tsv":   `units.tsv:1: unknown dimension "mony", want one of money, length, …`,
		"hedges.tsv":  `hedges.tsv:1: 1 columns, want 3`,
		"growth.tsv":  `growth.tsv:1: unknown direction "x", want up, down or flat`,
		"metrics.tsv": `metrics.tsv:1: unknown category "x", want one of amount, capacity, …`,
	} {
		row := map[string]string{"units.tsv": "a\ta\t1\tmony\t1\ta\t-\t-", "hedges.tsv": "a", "growth.tsv": "a\tx", "metrics.tsv": "a\tx\t-"}[file]
		if _, err := figure.New(figure.Options{Rules: fstest.MapFS{file: {Data: []byte(row)}}}); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", file, err, want)
		}
	}
}

// The rows of the tables stand in order and none twice, so that a change shows in its place.
func TestTablesSorted(t *testing.T) {
	paths, err := filepath.Glob("*.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		last := ""
		for n, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
			if strings.HasPrefix(line, "#") {
				continue
			}
			if line <= last {
				t.Errorf("%s:%d: %q is not behind %q", p, n+1, line, last)
			}
			last = line
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"签约额3062亿元。", "“3+2”产业", "分别位居全国第四、第五", "由1.5%降至2%", "单位：亿元\n兰州 1.2", "１，２６０万方", "三分之二", "\xff万元", "第\x80一", "2小时11分07秒", "单位：\t亿元"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := read(t, s)
		end := 0
		for _, g := range d.Figures {
			if g.Start < end || g.End > len(s) || g.Start >= g.End {
				t.Fatalf("%q: span %v after %d", s, g.Span, end)
			}
			end = g.End
			if g.Rule == "" || g.Kind == "" || g.Form == "" {
				t.Fatalf("%q: %+v", s, g)
			}
			if g.Low.Valid && g.High.Valid && g.High.Decimal.LessThan(g.Low.Decimal) {
				t.Fatalf("%q: high below low", s)
			}
		}
		figure.Explain(d)
	})
}
