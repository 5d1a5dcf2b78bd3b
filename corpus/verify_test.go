package corpus

import (
	"archive/zip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const verifyPage = "## 引水工程通水\r\n\r\n本报讯（记者 王　欣）10月的武都，满山\u00a0红\u200b叶。今年投资１２亿元，\r\n\r\n惠及群众3万人。（下转第三版）\r\n"

// verifySources writes the same page as UTF-8, GB18030, in an archive and as records.
func verifySources(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("2024-10-28-01.txt", []byte(verifyPage))
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(strings.ReplaceAll(verifyPage, "\u200b", ""))
	if err != nil {
		t.Fatal(err)
	}
	write("2024-10-29-01.txt", []byte(gb))
	f, err := os.Create(filepath.Join(dir, "2024.zip"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, name := range []string{"2024-10-30/01.txt", "2024-10-31/01.txt"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, verifyPage)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	var lines strings.Builder
	for i := range 5 {
		fmt.Fprintf(&lines, "{\"date\":\"2024-11-0%d\",\"title\":\"\\u9898\\u76ee%d\",\"text\":\"第一段共%d人。\\n第二段。\"}\n", i+1, i, i)
	}
	write("records.jsonl", []byte(lines.String()))
	const table = "日期\t标题\t正文\n2024-11-11\t秋粮收购\t收购过半。\n2024-11-12\t冬灌开始\t今起冬灌。\n"
	write("table-unicode.txt", encodeAs(t, "\ufeff"+table, UTF16LE))
	write("table.csv", encodeAs(t, "\ufeff"+table, UTF16BE))
	write("table.txt", encodeAs(t, table, GB18030))
	write("2024-12-01-01.txt", []byte("## 长江源头的守望\n\n雪山下的水，流到\n\n（下转第三版）\n"))
	write("2024-12-01-03.txt", []byte("## 长江源头的守望\n\n（上接第一版）草原深处。\n"))
	return dir
}

func collectProofs(t *testing.T, as []*Article) map[string]Proof {
	t.Helper()
	out := map[string]Proof{}
	for p, err := range Verify(context.Background(), Options{}, func(yield func(*Article, error) bool) {
		for _, a := range as {
			if !yield(a, nil) {
				return
			}
		}
	}) {
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(p.Source.Path)+"!"+p.Source.Member+fmt.Sprint("#", p.Source.Record)] = p
	}
	return out
}

func TestVerify(t *testing.T) {
	dir := verifySources(t)
	as := readAllArticles(t, dir)
	proofs := collectProofs(t, as)
	if len(proofs) < 10 {
		t.Fatalf("%d proofs of %d articles", len(proofs), len(as))
	}
	for name, p := range proofs {
		if p.State != Proved {
			t.Errorf("%s: %s, %v", name, p.State, p.Err)
		}
	}
}

func TestVerifyNamesWhatChanged(t *testing.T) {
	dir := verifySources(t)
	as := readAllArticles(t, dir)
	edit := func(name, old, new string) {
		path := filepath.Join(dir, name)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.Replace(string(b), old, new, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	edit("2024-10-28-01.txt", "3万人", "4万人")
	edit("records.jsonl", "共2人", "共9人")
	if err := os.Remove(filepath.Join(dir, "2024-12-01-03.txt")); err != nil {
		t.Fatal(err)
	}
	var bad []string
	for name, p := range collectProofs(t, as) {
		if p.State != Proved {
			bad = append(bad, name+" "+string(p.State))
		}
	}
	slices.Sort(bad)
	want := []string{"2024-10-28-01.txt!#0 changed", "2024-12-01-03.txt!#0 missing", "records.jsonl!#3 changed"}
	if !slices.Equal(bad, want) {
		t.Errorf("got %q, want %q", bad, want)
	}
}

func TestVerifyFindsFaults(t *testing.T) {
	dir := verifySources(t)
	as := readAllArticles(t, filepath.Join(dir, "2024-10-28-01.txt"))
	i := slices.IndexFunc(as[0].Text.way.runs, func(r run) bool { return r.kind == runCopied && r.clean > 0 })
	as[0].Text.way.runs[i].source += 3
	for name, p := range collectProofs(t, as) {
		if p.State != Wrong || p.Err == nil {
			t.Errorf("%s: %s, want wrong", name, p.State)
		}
	}
}
