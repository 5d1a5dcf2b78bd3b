package corpus

import (
	"bytes"
	"context"
	"fmt"
	"testing"
)

// newsPage returns a page of marked articles of about n bytes.
func newsPage(n int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "## 第%d批重点项目开工建设\n\n本报兰州10月2%d日讯（新甘肃·甘肃日报记者 石岩川 通讯员 杜若谷）今年以来，全省各级各部门抢抓机遇，%d个重点项目集中开工。\n\n", i, i%8+1, i)
		for k := range 6 {
			fmt.Fprintf(&b, "截至目前，全市新能源装机达到%d.6万千瓦，约占全省的55%%，其中风电1735万千瓦、光伏1097.6万千瓦，同比增长14.3%%。“一张蓝图绘到底，一年接着一年干。”项目负责人说，建设者昼夜奋战，工期压缩一年半，累计完成投资69.43亿元，占总投资的92.8%%，比序时进度快11.7个百分点。\n\n", i*k+100)
		}
		b.WriteString("图为施工现场。 新甘肃·甘肃日报通讯员 葛一帆 摄\n\n")
	}
	return b.Bytes()
}

func BenchmarkReadText(b *testing.B) {
	for _, kb := range []int{4, 64, 1024} {
		data := newsPage(kb << 10)
		b.Run(fmt.Sprintf("%dKiB", kb), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			n := 0
			s := newSink(Options{}, func(a *Article, err error) bool { n++; return true })
			for b.Loop() {
				in := &input{Source: Source{Path: "gsrb-2024-10-28-x.txt"}, r: bytes.NewReader(data), size: int64(len(data)), hint: hint{}}
				if err := s.read(context.Background(), in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
