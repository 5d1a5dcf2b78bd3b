package corpus

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTurns reads an article that is carried over from page to page of three
// files, twice in the middle of a sentence.
func TestTurns(t *testing.T) {
	for _, enc := range []Encoding{UTF8, GB18030} {
		t.Run(string(enc), func(t *testing.T) {
			tr := tree{}
			for name, s := range map[string]string{
				"1997-08-12-01.txt": "省政府部署秋季抗旱\n\n　　本报讯（记者　赵志宏）省政府昨天召开会议，部署秋季抗旱工作。\n\n　　会议指出，各地要把抗旱作为头等大事，动员一切力量，投入抗旱斗争，确保\n\n　　（下转第二版）\n",
				"1997-08-12-02.txt": "省政府部署秋季抗旱\n\n（上接第一版）秋粮丰收。\n\n　　水利部门要调度好现有的４．８亿立方米蓄水，（下转第三版）\n",
				"1997-08-12-03.txt": "省政府部署秋季抗旱\n\n（上接第二版）先保人畜饮水，再保秋粮。\n",
			} {
				tr[name] = string(encodeAs(t, s, enc))
			}
			dir := tr.make(t)
			as, rejected := collect(t, Options{}, dir)
			if len(as) != 1 || len(rejected) > 0 {
				t.Fatal(titles(as), rejected)
			}
			a := as[0]
			var paras []string
			for _, b := range a.Blocks {
				if b.Role == RoleParagraph {
					paras = append(paras, a.Text.At(b.Span))
				}
			}
			want := "本报讯（记者　赵志宏）省政府昨天召开会议，部署秋季抗旱工作。|会议指出，各地要把抗旱作为头等大事，动员一切力量，投入抗旱斗争，确保秋粮丰收。|水利部门要调度好现有的４．８亿立方米蓄水，先保人畜饮水，再保秋粮。"
			if got := strings.Join(paras, "|"); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			for word, file := range map[string]string{"会议指出": "01", "秋粮丰收": "02", "下转第二版": "01", "上接第一版": "02", "水利部门": "02", "先保人畜": "03", "上接第二版": "03"} {
				at := strings.Index(a.Text.String(), word)
				src, o, ok := a.Origin(Span{Start: at, End: at + len(word)})
				raw, err := os.ReadFile(src.Path)
				if err != nil || !ok || filepath.Base(src.Path) != "1997-08-12-"+file+".txt" || string(encodeAs(t, word, enc)) != string(raw[o.Start:o.End]) {
					t.Errorf("%s: %s %v %v %v", word, src.Path, o, ok, err)
				}
			}
			for name, p := range collectProofs(t, as) {
				if p.State != Proved {
					t.Errorf("%s: %s %v", name, p.State, p.Err)
				}
			}
			if len(a.Apparatus) != 5 || a.Byline[0].Name != "赵志宏" || nameOf(a.Text.At(a.Byline[0].Span)) != "赵志宏" {
				t.Errorf("%v %+v", a.Apparatus, a.Byline)
			}
		})
	}
}
