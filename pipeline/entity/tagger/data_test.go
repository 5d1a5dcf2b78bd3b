package tagger

import (
	"path/filepath"
	"strings"
	"testing"
)

// show writes sentences with their mentions marked.
func show(d *Dataset) string {
	var b strings.Builder
	for _, a := range d.Articles {
		for _, s := range a.Sentences {
			last := 0
			for _, m := range s.Spans {
				b.WriteString(s.Text[last:m.Start] + "⟦" + s.Text[m.Start:m.End] + "|" + m.Type + "⟧")
				last = m.End
			}
			b.WriteString(s.Text[last:] + "\n")
		}
	}
	return b.String()
}

func TestReadDataset(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"marked", "p.txt", "标题\n⟦兰州市|place⟧下雨。市长⟦王明|person⟧说:“好!”他走了\n",
			"标题\n⟦兰州市|place⟧下雨。\n市长⟦王明|person⟧说:“好!”\n他走了\n"},
		{"a mention across the end of a sentence", "p.txt", "看⟦《你好！中国》|policy⟧。完\n", "看⟦《你好！中国》|policy⟧。\n完\n"},
		{"characters", "c.bio", "王 B-PER\n明 I-PER\n在 O\n兰 B-LOC\n州 I-LOC\n\n他 O\n", "⟦王明|person⟧在⟦兰州|place⟧\n他\n"},
		{"BMES and other names of types", "c.txt", "王\tB-nr\n小\tM-nr\n明\tE-nr\n京\tS-ns\n队\tO\n\n", "⟦王小明|person⟧⟦京|place⟧队\n"},
		{"two mentions side by side", "c.bio", "王 B-PER\n明 I-PER\n李 B-PER\n华 I-PER\n", "⟦王明|person⟧⟦李华|person⟧\n"},
		{"IOB1: a mention begins with I", "c.bio", "王 I-PER\n明 I-PER\n在 O\n京 I-LOC\n", "⟦王明|person⟧在⟦京|place⟧\n"},
		{"spaces and documents", "c.conll", "-DOCSTART- -X- O\n\n王 B-PER\n\u3000 I-PER\n明 I-PER\n\n-DOCSTART- -X- O\n\n好 O\n", "⟦王\u3000明|person⟧\n好\n"},
		{"UNER", "u.iob2", "# newdoc id = d1\n# text = 王明在兰州市\n1\t王明\tB-PER\t-\tx\n2\t在\tO\t-\t-\n3\t兰州\tB-LOC\t-\tx\n4\t市\tI-LOC\t-\tx\n\n",
			"⟦王明|person⟧在⟦兰州市|place⟧\n"},
		{"objects", "j.jsonl", `{"text":"王明在兰州","entities":[{"start":3,"end":5,"type":"place"},{"start":0,"end":2,"type":"PER"}]}` + "\n", "⟦王明|person⟧在⟦兰州|place⟧\n"},
		{"lists", "j.jsonl", `{"id":7,"text":"王明\n在兰州。好","label":[[4,6,"LOC"]]}` + "\n", "王明\n在⟦兰州|place⟧。\n好\n"},
	} {
		path := filepath.Join(t.TempDir(), c.file)
		write(t, path, c.text)
		d, err := ReadDataset(Source{Path: path})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := show(d); got != c.want {
			t.Errorf("%s:\n%swant\n%s", c.name, got, c.want)
		}
	}
}

func TestReadDatasetRefuses(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"an open mark", "p.txt", "好⟦兰州|place\n", ":1: ⟦ without ⟧"},
		{"a closed mark", "p.txt", "⟦a|place⟧\n好⟧\n", ":2: ⟧ without ⟦"},
		{"a mark without a type", "p.txt", "⟦兰州⟧\n", ":1: mark"},
		{"an unknown tag", "c.bio", "王 B-PER\n明 X-PER\n", `:2: tag "X-PER"`},
		{"an unknown tag in the midst of a sentence", "c.bio", "# 注\n王 B-PER\n明 X-PER\n在 O\n京 B-LOC\n\n好 O\n", `:3: tag "X-PER"`},
		{"a tag without a type in the second sentence", "c.bio", "王 B-PER\n\n明 B\n在 O\n\n\n好 O\n", `:3: tag "B"`},
		{"a line without a tag", "c.bio", "王 B-PER\n明\n", `:2: "明", want a token and its tag`},
		{"a span behind the text", "j.jsonl", `{"text":"王明","spans":[{"start":1,"end":3,"type":"person"}]}`, ":1: span 1 to 3"},
		{"spans that overlap", "j.jsonl", `{"text":"王明王","spans":[{"start":0,"end":2,"type":"x"},{"start":1,"end":3,"type":"x"}]}`, "overlap"},
		{"broken JSON", "j.jsonl", "{\"text\":\"a\"}\n{", ":2: "},
		{"no annotated text", "p.txt", "没有标记。\n", "no annotated text"},
	} {
		path := filepath.Join(t.TempDir(), c.file)
		write(t, path, c.text)
		if _, err := ReadDataset(Source{Path: path}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func TestReadGold(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "p.txt"), "# 标题\n\n本报兰州7月6日讯（记者 王明）市长李 华来到金昌。\n")
	write(t, filepath.Join(dir, "p.gold.jsonl"), `{"layer":"article","at":"⟦标题⟧"}
{"layer":"entity","at":"市长⟦李华⟧来","type":"person"}
{"layer":"entity","at":"⟦金昌⟧","type":"place"}
{"layer":"entity","at":"⟦镍⟧","type":"resource"}
`)
	d, err := ReadDataset(Source{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := show(d), "# 标题\n本报兰州7月6日讯（记者 王明）市长⟦李 华|person⟧来到⟦金昌|place⟧。\n"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if n := len(d.Articles[0].Sentences[1].Ignore); n != 1 {
		t.Errorf("%d places to ignore, want the head of the dateline", n)
	}
}

func TestWordsOfCharacterCorporaAreNone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.bio")
	write(t, path, "王 B-PER\n明 I-PER\n说 O\n2024 O\nGDP O\n")
	d, err := ReadDataset(Source{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	if w := d.Articles[0].Sentences[0].Words; w != nil {
		t.Errorf("words %v, want none: every Chinese character is a token", w)
	}
}

func TestSplit(t *testing.T) {
	d := &Dataset{Articles: make([]Article, 208)}
	train, held := Split(d, 0.1)
	if len(train.Articles)+len(held.Articles) != 208 || len(held.Articles) != 20 {
		t.Errorf("%d and %d articles, want 188 and 20", len(train.Articles), len(held.Articles))
	}
}

func TestUnmark(t *testing.T) {
	text, spans, err := Unmark("⟦王明|person⟧在⟦兰州|LOC⟧")
	if err != nil || text != "王明在兰州" || len(spans) != 2 || spans[1].Type != "place" || text[spans[1].Start:spans[1].End] != "兰州" {
		t.Errorf("%q %v %v", text, spans, err)
	}
}

func TestIOBWarnings(t *testing.T) {
	for _, c := range []struct {
		name, text string
		begun      int
		want       string // the last place
	}{
		{"IOB2", "王 B-PER\n明 I-PER\n在 O\n", 0, ""},
		{"IOB1", "王 I-PER\n明 I-PER\n在 O\n\n京 I-LOC\n", 2, `:5: tag "I-LOC" begins a mention, read as "B-LOC"`},
		{"another type", "王 B-PER\n明 I-ORG\n", 1, `:2: tag "I-ORG"`},
		{"behind the end", "王 B-PER\n明 E-PER\n李 M-PER\n", 1, `:3: tag "M-PER"`},
		{"many", strings.Repeat("王 I-PER\n在 O\n", 40), 40, `:19: tag "I-PER"`},
	} {
		path := filepath.Join(t.TempDir(), "c.bio")
		write(t, path, c.text)
		d, err := ReadDataset(Source{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		last := ""
		if n := len(d.Warnings); n > 0 {
			last = d.Warnings[n-1]
		}
		if d.Begun != c.begun || d.Sum().Begun != c.begun || len(d.Warnings) > maxWarnings || c.want != "" && !strings.Contains(last, path+c.want) || c.want == "" && last != "" {
			t.Errorf("%s: %d begun, last %q, want %d, %q", c.name, d.Begun, last, c.begun, c.want)
		}
	}
}

func TestTypesOfTheScheme(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.bio")
	write(t, path, "王 B-PER\n明 I-PER\n在 O\n京 B-GEO\n好 O\n\n")
	_, err := ReadDataset(Source{Path: path, Scheme: "news", Types: []string{"person", "place"}})
	if want := path + `:4: type "GEO" of tag "B-GEO", scheme "news" has person, place`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if _, err := ReadDataset(Source{Path: path}); err != nil {
		t.Errorf("a scheme without types: %v", err)
	}
}
