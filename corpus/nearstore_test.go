package corpus

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

func TestSketchIsStored(t *testing.T) {
	articles, _ := reprintSet(40, rand.New(rand.NewPCG(3, 3)))
	for _, a := range articles {
		k := SketchOf(a)
		b, _ := k.AppendBinary(nil)
		var back Sketch
		if err := back.UnmarshalBinary(b); err != nil || !reflect.DeepEqual(k, back) {
			t.Fatalf("%s: read back as another one, %v", a.ID, err)
		}
		for n := range b {
			if back.UnmarshalBinary(b[:n]) == nil {
				t.Fatalf("%s: %d of %d bytes are taken", a.ID, n, len(b))
			}
		}
	}
}
