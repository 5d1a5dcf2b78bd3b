package index

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"longmai/index/query"
	"longmai/pipeline"
)

func ids(t testing.TB, l *Library, q query.Query) []string {
	t.Helper()
	out, err := l.IDs(context.Background(), q)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	return out
}

// usual returns q with the units that l gives its bare numbers.
func usual(t testing.TB, l *Library, q query.Query) query.Query {
	t.Helper()
	q, _, err := l.open.view.withUnits(q)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func parse(t testing.TB, s string) query.Query {
	t.Helper()
	q, err := Parse(s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return q
}

func TestSearch(t *testing.T) {
	l := libraryOf(t, WriterOptions{}, documents(handmade))
	for _, c := range []struct{ query, want string }{
		{"", "a1 a2 a3 a4 a5"},
		{"产业转移", "a1"},
		{"产业转移 酒泉", "a1"},
		{"酒泉", "a1 a5"},
		{"酒泉 -产业转移", "a5"},
		{"兰州 OR 张掖", "a2 a3"},
		{"标题:风电", "a5"},
		{"正文:风电", "a5"},
		{"标题:酒泉", ""},
		{`"找准关键核心技术和零部件薄弱环节,合力攻关,着力打造"`, "a1"},
		{`“业转”`, "a1"},
		{`"台湾游客"`, "a3"},
		{`"ai导览"`, "a3"},
		{`"AI导览"`, "a3"},
		{`"5G基站"`, "a2"},
		{`"升温张掖"`, "a3"}, // across the end of a paragraph
		{"地点:酒泉", "a1"},
		{"place:酒泉市", "a1"},
		{"地点:瓜州县", "a1"},
		{"机构:省发改委", "a1"},
		{"机构:甘肃省发展和改革委员会", "a1"},
		{"职务:市长", "a1 a5"},
		{"人物:唐培宏", "a1 a5"},
		{"人物:唐培宏 职务:市长", "a1"},
		{"日期:2024-10", "a1 a5"},
		{"日期:2024-10-28 版次:1", "a1"},
		{"日期:..2023", "a2 a3"},
		{"日期:2023-05..", "a1 a2 a5"},
		{"-日期:*", "a4"},
		{"签约额:>=1000亿元", "a1"},
		{"签约:>=1000亿", "a1"},
		{"签约:>=20亿元", "a1 a2"},
		{"签约金额:=20亿元", ""},
		{"签约金额:>10亿元", "a2"},
		{"签约额:*", "a1"},
		{"装机:>=1000万千瓦", "a5"},
		{"装机:1000万千瓦..1100万千瓦", "a5"},
		{"装机:>=1000万", "a5"},
		{"收入:4亿元", ""},
		{"收入:~4亿元", "a3"},
		{"接待游客:<10万元", ""},
		{"投资:3亿元..5亿元", "a4"},
		{"投资:?>4亿元", "a4"},
		{"投资:>4亿元", ""},
		{"数字(指标:签约 >=20亿元 主体:兰州 时间:2023)", "a2"},
		{"数字(指标:签约 =30亿元 状态:目标)", "a2"},
		{"数字(指标:签约 =30亿元 状态:实际)", ""},
		{"数字(类别:占比 >=60%)", "a5"},
		{"数字(位次:<=4)", "a5"},
		{"同句(风电 装机)", "a5"},
		{"同句(酒泉 装机:*)", ""},
		{"同句(地点:瓜州县 风能:>=1亿千瓦)", "a1"},
		{"near/2(风电 装机)", "a5"},
		{"near/2(截至 装机)", ""},
		{"near/5(截至 装机)", "a5"},
		{"风电*", "a5"},
		{"兰洲~1", "a2"},
		{"/合力.{1,3}着力/", "a1"},
		{"/[0-9]{4}亿元/", "a1"},
		{`"。"`, "a1 a2 a3 a4 a5"},
		{"水", ""},
		{"难", "a4"},
	} {
		if got := strings.Join(ids(t, l, parse(t, c.query)), " "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.query, got, c.want)
		}
	}
}

// queries are of every kind; the index and the oracle have to agree on each.
func randomQueries(n int) []string {
	m := maker{rand.New(rand.NewPCG(3, 9))}
	docs := randomDocs()
	words := slices.DeleteFunc(slices.Clone(stock), func(s string) bool { return strings.ContainsAny(s, `\“”，。`) })
	word := func() string { return pick(m, words) }
	cmp := func() string {
		return pick(m, []string{">=", ">", "<", "<=", "=", "~", "?>", "?<=", "?="}) + pick(m, []string{"10", "20元", "1.5元", "0.01千瓦", "12.345678912元", "12.34567891元", "100", "-3", "3062元", "20%"})
	}
	substring := func() string {
		r := []rune(pick(m, docs).Body())
		i := m.IntN(len(r) - 2)
		s := strings.Map(func(r rune) rune {
			if r == '"' || r == '“' || r == '”' || r == '\\' {
				return -1
			}
			return r
		}, string(r[i:min(len(r), i+2+m.IntN(8))]))
		if fold(s) == "" {
			return "兰州"
		}
		return s
	}
	var kinds []func() string
	leaf := []func() string{
		word, word,
		func() string { return `"` + substring() + `"` },
		func() string { return word() + word() },
		func() string { return pick(m, []string{"title:", "body:"}) + word() },
		func() string { return pick(m, []string{"title:", "body:"}) + `"` + substring() + `"` },
		func() string { return word() + "*" },
		func() string { return word() + "~" + pick(m, []string{"1", "2"}) },
		func() string { return "/" + word() + ".?" + word() + "/" },
		func() string {
			return pick(m, []string{"place:酒泉", "place:=酒泉市", "place:瓜州县", "place:*", "place:兰*", "person:唐", "person:刘建勋", "post:市长", "org:省发改委", "edition:1", "edition:10", "paper:甘肃日报"})
		},
		func() string {
			return pick(m, []string{"date:2020", "date:2021-03", "date:2020-05..2021-06", "date:..2020-02", "date:2022-07-15..", "date:*", "date:2021-02-10..2021-03-01"})
		},
		func() string { return pick(m, []string{"签约额", "装机", "产值", "机"}) + ":" + cmp() },
		func() string {
			return pick(m, []string{"签约额:*", "装机:10..5000", "装机:1.5元..20元", "产值:..20", "figure(>=10元)", "签约额:1.5元～20元", "装机>=10", "装机:不足20元", "figure(category:amount metric:装机)", "figure(category:amount)", "figure(category:amount subject:兰州)", "figure(status:target 签约额)"})
		},
		func() string {
			return "figure(metric:" + pick(m, []string{"签约额", "装机"}) + " " + cmp() + " " + pick(m, []string{"subject:兰州", "status:target", "time:2021", "category:amount", "unit:CNY", "form:near"}) + ")"
		},
		func() string {
			return "same(" + word() + " " + pick(m, []string{"place:酒泉", "签约额:>1", `"` + substring() + `"`, word()}) + ")"
		},
		func() string {
			return "same(" + word() + " -" + pick(m, []string{"place:酒泉", word(), "(" + word() + " " + word() + ")", "签约额:>1"}) + ")"
		},
		func() string { return "same(" + word() + " OR (" + word() + " -" + word() + "))" },
		func() string {
			return "figure(" + pick(m, []string{"metric:签约额", "metric:装", "metric:*"}) + " category:" + pick(m, []string{"amount", "金额", "*"}) + " " + cmp() + ")"
		},
		func() string {
			return fmt.Sprintf("near/%d(%s %s)", m.IntN(12), word(), pick(m, []string{word(), "place:酒泉", "(" + word() + " OR " + word() + ")"}))
		},
	}
	some := func() string { return pick(m, leaf)() }
	kinds = append(kinds, some, some, some,
		func() string { return some() + " " + some() },
		func() string { return some() + " OR " + some() },
		func() string { return some() + " -" + pick(m, leaf)() },
		func() string { return "(" + some() + " OR " + some() + ") -(" + some() + " " + some() + ")" },
		func() string { return "person:唐培宏 post:" + pick(m, []string{"市长", "县长"}) },
	)
	out := make([]string, n)
	for i := range out {
		out[i] = pick(m, kinds)()
	}
	return out
}

func TestIndexAgreesWithOracle(t *testing.T) {
	docs := randomDocs()
	l := libraryOf(t, WriterOptions{BatchBytes: 20 << 10}, stream(docs))
	n, empty := 0, 0
	for _, s := range randomQueries(800) {
		q, err := Parse(s)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		var want []string
		matches := Matcher(usual(t, l, q))
		for _, d := range docs {
			if matches(d) {
				want = append(want, d.ID)
			}
		}
		slices.Sort(want)
		if got := ids(t, l, q); !slices.Equal(got, want) {
			t.Errorf("%s (%s): index has %d, oracle %d: only in the index %v, only in the oracle %v", s, q, len(got), len(want), minus(got, want), minus(want, got))
			if n++; n > 10 {
				t.FailNow()
			}
		}
		if len(want) == 0 {
			empty++
		}
	}
	t.Logf("%d queries without hits", empty)
}

func minus(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

func TestEverySubstringIsFound(t *testing.T) {
	docs := randomDocs()
	l := libraryOf(t, WriterOptions{}, stream(docs))
	r := rand.New(rand.NewPCG(5, 5))
	for range 1000 {
		d := docs[r.IntN(len(docs))]
		s := d.Sentences[r.IntN(len(d.Sentences))]
		runes := []rune(d.Surface(s))
		if len(runes) < 2 {
			continue
		}
		i := r.IntN(len(runes) - 1)
		text := strings.TrimSpace(string(runes[i : i+2+r.IntN(min(len(runes)-i-1, 12))]))
		if fold(text) == "" {
			continue
		}
		q := query.Text{Form: query.Phrase, Text: text}
		if got := ids(t, l, q); !slices.Contains(got, d.ID) {
			t.Fatalf("%q: %s is not among %v", text, d.ID, got)
		}
		if back := parse(t, q.String()); back.String() != q.String() {
			t.Fatalf("%q is read as %q", q, back)
		}
	}
}

func TestFacetsAddUp(t *testing.T) {
	docs := randomDocs()
	l := libraryOf(t, WriterOptions{BatchBytes: 20 << 10}, stream(docs))
	for _, s := range []string{"", "兰州", "地点:酒泉", `"产业"`, "签约额:>=10", "date:2020..2021", "刘建勋 莫高窟"} {
		q := parse(t, s)
		var reqs []FacetRequest
		for _, f := range FacetNames() {
			reqs = append(reqs, FacetRequest{Field: f, Limit: -1})
		}
		res, err := l.Search(context.Background(), Request{Query: q, Facets: reqs})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range res.Facets {
			want := map[string]int{}
			row, _ := field(f.Field)
			missing := 0
			matches := Matcher(usual(t, l, q))
			for _, d := range docs {
				if !matches(d) {
					continue
				}
				seen := map[string]bool{}
				row.names(d, func(l label) { seen[l.name] = true })
				for n := range seen {
					want[n]++
				}
				if len(seen) == 0 {
					missing++
				}
			}
			if f.Missing != missing || len(f.Values) != len(want) {
				t.Errorf("%s: facet %s: %d values and %d without, want %d and %d", s, f.Field, len(f.Values), f.Missing, len(want), missing)
			}
			for _, v := range f.Values {
				if v.Count != want[v.Name] {
					t.Errorf("%s: facet %s: %s has %d, want %d", s, f.Field, v.Name, v.Count, want[v.Name])
				}
			}
		}
	}
}

func TestPagesAddUp(t *testing.T) {
	l := libraryOf(t, WriterOptions{BatchBytes: 20 << 10}, stream(randomDocs()))
	for _, sort := range Sorts {
		for _, s := range []string{"兰州 OR 酒泉", "", "装机:*"} {
			q := parse(t, s)
			all, err := l.Search(context.Background(), Request{Query: q, Limit: 1000, Sort: sort})
			if err != nil {
				t.Fatal(err)
			}
			var after, offset []string
			next := ""
			for i := 0; i < all.Total; i += 7 {
				a, err := l.Search(context.Background(), Request{Query: q, Limit: 7, Sort: sort, After: next})
				if err != nil {
					t.Fatal(err)
				}
				b, err := l.Search(context.Background(), Request{Query: q, Limit: 7, Sort: sort, Offset: i})
				if err != nil {
					t.Fatal(err)
				}
				after, offset = append(after, hitIDs(a.Hits)...), append(offset, hitIDs(b.Hits)...)
				next = a.Next
			}
			if want := hitIDs(all.Hits); !slices.Equal(after, want) || !slices.Equal(offset, want) || len(want) != all.Total || next != "" {
				t.Errorf("%s by %s: pages do not add up: %d of %d, %d", s, sort, len(after), len(want), len(offset))
			}
		}
	}
}

func hitIDs(hits []Hit) []string {
	var out []string
	for _, h := range hits {
		out = append(out, h.Doc.ID)
	}
	return out
}

func TestPassages(t *testing.T) {
	l := libraryOf(t, WriterOptions{}, documents(handmade))
	res, err := l.Search(context.Background(), Request{Query: parse(t, "风能 签约额:>=1000亿元 地点:瓜州县"), Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	h := res.Hits[0]
	var marked []string
	for _, p := range h.Passages {
		s, _ := h.Doc.SentenceAt(p.Span.Start)
		if p.Span != s {
			t.Errorf("passage %q is no whole sentence", h.Doc.Surface(p.Span))
		}
		for _, m := range p.Marks {
			marked = append(marked, h.Doc.Surface(m))
		}
	}
	if got := strings.Join(marked, " "); got != "3062亿元 瓜州县风能" {
		t.Errorf("marked %q", got)
	}
	if len(h.Figures) != 1 || h.Doc.Surface(h.Doc.Figures[h.Figures[0]].Span) != "3062亿元" {
		t.Errorf("figures %v", h.Figures)
	}
}

// FuzzSearch reads any query and compares the index with the oracle.
func FuzzSearch(f *testing.F) {
	for _, r := range query.Help {
		f.Add(r.Example)
	}
	for _, s := range randomQueries(100) {
		f.Add(s)
	}
	var docs []*pipeline.Document
	for _, a := range handmade {
		docs = append(docs, a.document())
	}
	l := libraryOf(f, WriterOptions{}, stream(docs))
	f.Fuzz(func(t *testing.T, s string) {
		q, err := Parse(s)
		if err != nil {
			return
		}
		if back, err := Parse(q.String()); err != nil || back.String() != q.String() {
			t.Fatalf("%q: %s is read as %v, %v", s, q, back, err)
		}
		got, err := l.IDs(context.Background(), q)
		if err != nil {
			return // a cost guard
		}
		var want []string
		expanded, _ := expand(q)
		matches := Matcher(usual(t, l, expanded))
		for _, d := range docs {
			if matches(d) {
				want = append(want, d.ID)
			}
		}
		if !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Fatalf("%q (%s): index %v, oracle %v", s, q, got, want)
		}
		if _, err := l.Search(context.Background(), Request{Query: q, Limit: 3, Explain: true, Facets: []FacetRequest{{Field: "place"}}}); err != nil {
			t.Fatal(err)
		}
	})
}
