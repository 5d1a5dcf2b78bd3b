package entity

import (
	"strings"
	"testing"
)

func TestAuthorityReplays(t *testing.T) {
	a, err := ReadAuthority("authority.tsv", strings.NewReader(`# the names of the library
merge	organization	酒泉钢铁（集团）有限责任公司	酒钢集团	org-1
rename	place	酒泉市	酒泉
rename	organization	酒钢集团	酒泉钢铁
hide	person	祝万里
split	person	王超	test	王超（玉门）	p-7
add	project	陇西光储	陇西光储项目
`))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Check(); err != nil {
		t.Error(err)
	}
	d := annotate(t, pipelineOf(t, Options{Authority: a}), "酒钢集团在酒泉扩产。金昌市工信局局长祝万里表示满意。玉门市委书记王超表示欢迎。陇西光储也开工了。")
	got := map[string]string{}
	for _, e := range d.Entities {
		got[d.Surface(e.Span)] = e.Name + " " + e.Ref
	}
	for surface, want := range map[string]string{"酒钢集团": "酒泉钢铁 ", "酒泉": "酒泉 ", "王超": "王超（玉门） p-7", "陇西光储": "陇西光储项目 "} {
		if got[surface] != want {
			t.Errorf("%s is %q, want %q", surface, got[surface], want)
		}
	}
	if _, ok := got["祝万里"]; ok {
		t.Error("祝万里 is not hidden")
	}
}

func TestAuthorityErrors(t *testing.T) {
	_, err := ReadAuthority("a.tsv", strings.NewReader("merge\torganization\t甲\n\nsteal\tperson\t乙\t丙\nmerge\tanimal\t甲\t乙\nadd\t*\t甲\t乙\nmerge\tperson\t甲\t甲\n"))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"a.tsv:1: merge has 3 columns", `a.tsv:3: unknown action "steal"`, `a.tsv:4: unknown type "animal"`, "a.tsv:5: add wants a type", "a.tsv:6: merge of"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("errors lack %q:\n%v", want, err)
		}
	}
	a, err := ReadAuthority("a.tsv", strings.NewReader("merge\tperson\t甲\t乙\nmerge\tperson\t乙\t甲\nmerge\tperson\t丙\t丁\nhide\tperson\t丙\n"))
	if err != nil {
		t.Fatal(err)
	}
	check := a.Check()
	if check == nil || !strings.Contains(check.Error(), "comes back to itself") || !strings.Contains(check.Error(), "is the subject of line 3 already") {
		t.Errorf("check: %v", check)
	}
	if a, err := LoadAuthority("testdata/none.tsv"); err != nil || len(a.Decisions()) != 0 {
		t.Errorf("a missing file: %v", err)
	}
}
