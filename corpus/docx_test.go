package corpus

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"time"
)

const (
	wordHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>`
	wordTail = `<w:sectPr/></w:body></w:document>`
	styleXML = `<?xml version="1.0" encoding="UTF-8"?><w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">` +
		`<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style><w:style w:type="paragraph" w:styleId="a3"><w:name w:val="标题 2"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="x"><w:name w:val="大标题"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style></w:styles>`
)

// wordPara is a paragraph of a Word file in a style.
func wordPara(style, text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		panic(err)
	}
	return fmt.Sprintf(`<w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, style, b.String())
}

func makeDOCX(t testing.TB, body string) []byte {
	t.Helper()
	return makeZip(t, true, file{"[Content_Types].xml", []byte(`<Types/>`)}, file{"word/styles.xml", []byte(styleXML)}, file{"word/document.xml", []byte(wordHead + body + wordTail)})
}

func TestDOCX(t *testing.T) {
	body := wordPara("TOC1", "陇南花椒走俏 1") + wordPara("1", "陇南花椒走俏") +
		`<w:p><w:r><w:t>本报陇南7月2日讯（记者 </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>石万年</w:t></w:r><w:r><w:t>）武都区花椒采收过半，均价每公斤&#54;8元</w:t></w:r>` +
		`<w:del><w:r><w:delText>删</w:delText><w:t>去的字</w:t></w:r></w:del><w:ins><w:r><w:t>，比上年高</w:t></w:r></w:ins><w:r><w:t>12%。</w:t><w:footnoteReference w:id="1"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p>` +
		`<w:p/><w:p><w:pPr><w:ind w:firstLine="480"/></w:pPr><w:r><w:t>各乡镇产量如下。</w:t><w:br/><w:t>单位：吨。</w:t></w:r></w:p>` +
		`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>马街镇</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>1320</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>安化镇</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>980</w:t></w:r></w:p></w:tc></w:tr></w:tbl>` +
		`<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:txbxContent><w:p><w:r><w:t>农民在晾晒花椒。石万年摄</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>农民在晾晒花椒。石万年摄</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r></w:p>` +
		`<w:p><w:r><w:br w:type="page"/></w:r></w:p>` + wordPara("x", "白银新添充电站") + wordPara("", "本报讯（通讯员 马兰）白银区新建充电站14座。")
	raw := makeDOCX(t, body)
	arts, rejs := collect(t, Options{}, save(t, "2021-07-03/page.docx", raw))
	if titles(arts) != "陇南花椒走俏 | 白银新添充电站" || len(rejs) > 0 {
		t.Fatal(titles(arts), rejs)
	}
	expected{format: "docx", date: "2021-07-03", byline: "石万年/reporter 石万年/photographer",
		text: "陇南花椒走俏\n本报陇南7月2日讯（记者 石万年）武都区花椒采收过半，均价每公斤68元，比上年高12%。\n各乡镇产量如下。\n单位：吨。\n马街镇\t1320\n安化镇\t980\n农民在晾晒花椒。石万年摄"}.check(t, arts[0])
	expected{title: "白银新添充电站", byline: "马兰/correspondent"}.check(t, arts[1])
	if arts[0].Source.Member != documentXML {
		t.Error(arts[0].Source)
	}
	for _, a := range arts {
		checkSource(t, a, []byte(wordHead+body+wordTail))
	}
	inZip := makeZip(t, true, file{"a/b.docx", raw}, file{"c", raw})
	if arts, _ := collect(t, Options{}, save(t, "x.zip", inZip)); len(arts) != 4 || arts[0].Source.Member != "a/b.docx!word/document.xml" || arts[3].Source.Format != "docx" {
		t.Error("in a zip:", titles(arts))
	}
	utf16XML := append([]byte("\xFF\xFE"), encodeAs(t, strings.Replace(wordHead, "UTF-8", "UTF-16", 1)+wordPara("1", "陇南花椒走俏")+wordPara("", "一句话的正文。")+wordTail, UTF16LE)...)
	if arts, rejs := collect(t, Options{}, save(t, "x.docx", swapMember(t, raw, documentXML, utf16XML))); titles(arts) != "陇南花椒走俏" || arts[0].Source.Encoding != UTF16LE {
		t.Error("utf-16:", titles(arts), rejs)
	}
}

func TestHostileDOCX(t *testing.T) {
	laughs := `<!DOCTYPE x [<!ENTITY a "` + strings.Repeat("哈", 100) + `"><!ENTITY b "` + strings.Repeat("&a;", 100) + `">]>`
	good := makeDOCX(t, wordPara("1", "题目一则")+wordPara("", "一句话。"))
	for name, c := range map[string]struct {
		raw   []byte
		class Class
	}{
		"laughs":         {swapMember(t, good, documentXML, []byte(laughs+wordHead+`<w:p><w:r><w:t>&b;</w:t></w:r></w:p>`+wordTail)), ClassFormat},
		"entity":         {swapMember(t, good, documentXML, []byte(wordHead+`<w:p><w:r><w:t>&b;</w:t></w:r></w:p>`+wordTail)), ClassFormat},
		"deep":           {makeDOCX(t, strings.Repeat("<w:p><w:r>", 100_000)), ClassLimit},
		"tables":         {makeDOCX(t, strings.Repeat("<w:tbl><w:tr><w:tc>", 60_000)), ClassLimit},
		"cut off":        {cut(good, 0.7), ClassFormat},
		"cut off inside": {swapMember(t, good, documentXML, []byte(wordHead+`<w:p><w:r><w:t>半句`)), ClassFormat},
		"no document":    {makeZip(t, true, file{"a", nil}), ClassFormat},
		"empty":          {makeDOCX(t, "<w:p/>"), ClassNoArticle},
		"bomb":           {makeDOCX(t, strings.Repeat(" ", 64<<20)), ClassLimit},
		"encrypted":      {append([]byte("\xD0\xCF\x11\xE0"), make([]byte, 600)...), ClassUnsupported},
		"long":           {makeDOCX(t, strings.Repeat("<w:p><w:r><w:t>一</w:t></w:r></w:p>", 28_000)), ""},
	} {
		start := time.Now()
		_, rejs := collect(t, Options{}, save(t, "x.docx", c.raw))
		if c.class != "" && (len(rejs) != 1 || rejs[0].Class != c.class || rejs[0].Hint == "") {
			t.Errorf("%s: %v, want class %s", name, rejs, c.class)
		}
		if d := time.Since(start); d > hang {
			t.Errorf("%s took %v", name, d)
		} else {
			t.Logf("%s: %v %v", name, d, rejs)
		}
	}
}

func FuzzDOCX(f *testing.F) {
	f.Add([]byte(wordHead + wordPara("1", "题目") + `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t><w:br/></w:r></w:p></w:tc></w:tr></w:tbl>` + wordTail))
	f.Add([]byte(wordHead + `<w:tr></w:tc><w:txbxContent></w:txbxContent></w:tr>` + wordTail))
	f.Fuzz(func(t *testing.T, doc []byte) {
		fuzzRead(t, "x.docx", makeZip(t, true, file{documentXML, doc}))
	})
}
