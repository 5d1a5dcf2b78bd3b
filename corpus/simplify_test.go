package corpus

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSimplify(t *testing.T) {
	for in, want := range map[string]string{
		"發電量420億千瓦時":      "发电量420亿千瓦时",
		"投資3億圓，方圓十里":      "投资3亿元，方圆十里",
		"隨著著名的乾縣乾隆碑乾裂":    "随着著名的乾县乾隆碑干裂",
		"「瞭解」，『瞭望』":       "“了解”，‘瞭望’",
		"後山皇后，裡面公里，麵條":    "后山皇后，里面公里，面条",
		"嘉峪關市委書記、張掖記者站報導": "嘉峪关市委书记、张掖记者站报道",
		"今天":     "今天",
		"㑮A\x80": "㑮A\x80", // its simplified form takes four bytes
		"":       "",
	} {
		got := Simplify(in)
		if got != want {
			t.Errorf("Simplify(%q) is %q, want %q", in, got, want)
		}
		if again := Simplify(want); again != want {
			t.Errorf("Simplify(%q) is %q", want, again)
		}
	}
}

// TestSimplifyKeepsOffsets: every replacement has the length of what it replaces.
func TestSimplifyKeepsOffsets(t *testing.T) {
	for r, to := range script().simple {
		if utf8.RuneLen(r) != len(to) || utf8.RuneCountInString(to) != 1 {
			t.Errorf("%c becomes %q", r, to)
		}
	}
	for _, ws := range script().words {
		for _, w := range ws {
			if len(w.from) != len(w.to) || utf8.RuneCountInString(w.from) != utf8.RuneCountInString(w.to) {
				t.Errorf("%q becomes %q", w.from, w.to)
			}
		}
	}
}

// TestTelling: characters that simplified text has tell of no traditional one.
func TestTelling(t *testing.T) {
	for _, r := range inBoth + "后里面只干台松云周余系准克布丑斗谷" {
		if script().telling.has(r) {
			t.Errorf("%c stands in simplified text", r)
		}
	}
	plain := strings.Repeat("全省粮食产量达到一千三百万吨，", 20)
	if traditional(plain + "朱鎔基、陳雲") {
		t.Error("two names make a text traditional")
	}
	if !traditional("甘肅省糧食產量達到一千三百萬噸") {
		t.Error("a traditional sentence is not found to be one")
	}
}

func TestReadVariantsNamesTheLine(t *testing.T) {
	for _, bad := range []string{"國\t国\n肅肃\n", "\n國\t国家\n", "# x\n\t国\n"} {
		if _, err := readVariants("x.tsv", bad); err == nil || !strings.HasPrefix(err.Error(), "x.tsv:2: ") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func BenchmarkSimplified(b *testing.B) {
	s := strings.Repeat("本报兰州讯 全省粮食产量达到1304.3万吨，同比增长2.1%。", 200)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Simplified(s)
	}
}
