package index

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"longmai/corpus"
	"longmai/pipeline"

	"github.com/shopspring/decimal"
)

// fill gives every field of v, however deep, a value that is not zero.
func fill(v reflect.Value, r *rand.Rand) {
	switch v.Type() {
	case decimalType:
		v.Set(reflect.ValueOf(decimal.NewNullDecimal(decimal.New(r.Int64N(1e15)-5e14, int32(r.IntN(20)-10)))))
		return
	case textType:
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(string([]rune("甘肃日报money签约额kW")[r.IntN(8):][:1+r.IntN(5)]))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1 + r.Int64N(1e6))
	case reflect.Float64:
		v.SetFloat(float64(1+r.IntN(999)) / 1000)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), r)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), r)
		fill(v.Index(1), r)
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"post": "市长", "of": "酒泉"}))
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), r)
		}
	}
}

func TestStoredDocumentIsWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	full := newStringTable([]string{"报", "n", "甘肃日", "mone"})
	for i := range 200 {
		table := full
		if i%2 == 0 {
			table = nil
		}
		d := &pipeline.Document{Article: &corpus.Article{}}
		fill(reflect.ValueOf(d).Elem(), r)
		d.Text = corpus.CopiedText("风能可开发量5.6亿千瓦。\n第二段", 17)
		d.Tokens = nil
		got, err := decodeDocument(d.Body(), encodeRecords(nil, d, table), table)
		if err != nil {
			t.Fatal(err)
		}
		if w := got.Text.AppendWay(nil); string(w) != string(d.Text.AppendWay(nil)) {
			t.Fatalf("the way back is %x", w)
		}
		got.Text = d.Text
		if !reflect.DeepEqual(d, got) {
			t.Fatalf("got %#v\nwant %#v", got, d)
		}
	}
}

func TestBrokenStoredDocument(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	d := &pipeline.Document{Article: &corpus.Article{}}
	fill(reflect.ValueOf(d).Elem(), r)
	d.Text = corpus.CopiedText("风能可开发量5.6亿千瓦", 17)
	whole := encodeRecords(nil, d, nil)
	for i := range whole {
		if _, err := decodeDocument(d.Body(), whole[:i], nil); err == nil {
			t.Errorf("cut at %d: no error", i)
		}
	}
	for range 20000 {
		b := append([]byte(nil), whole...)
		b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
		decodeDocument(d.Body(), b, nil) // must not panic
	}
}
