package index

import (
	"encoding/binary"
	"math"
	"math/bits"
	"reflect"
	"sync"
	"unsafe"

	"longmai/corpus"
	"longmai/pipeline"

	"github.com/shopspring/decimal"
)

// A coder writes and reads values of one type where they are in memory. It is
// made once for each type: with reflection at every value a document took four
// times as long. The memory that a pointer leads to always has the coder's type.
type coder struct {
	empty  func(p unsafe.Pointer) bool
	encode func(e *encoder, p unsafe.Pointer)
	decode func(d *decoder, p unsafe.Pointer) // into empty memory
}

var (
	decimalType = reflect.TypeFor[decimal.NullDecimal]()
	spanType    = reflect.TypeFor[pipeline.Span]()
	textType    = reflect.TypeFor[corpus.Text]()
)

var coders sync.Map // reflect.Type → *coder

func coderOf(t reflect.Type) *coder {
	if c, ok := coders.Load(t); ok {
		return c.(*coder)
	}
	c, _ := coders.LoadOrStore(t, newCoder(t))
	return c.(*coder)
}

func newCoder(t reflect.Type) *coder {
	switch t {
	case decimalType:
		return &coder{
			func(p unsafe.Pointer) bool { return !(*decimal.NullDecimal)(p).Valid },
			func(e *encoder, p unsafe.Pointer) {
				if n := (*decimal.NullDecimal)(p); n.Valid {
					e.decimal(n.Decimal)
				} else {
					e.decimal(decimal.Decimal{})
				}
			},
			func(d *decoder, p unsafe.Pointer) { *(*decimal.NullDecimal)(p) = d.decimal() },
		}
	case spanType:
		return &coder{
			func(p unsafe.Pointer) bool { return *(*pipeline.Span)(p) == pipeline.Span{} },
			func(e *encoder, p unsafe.Pointer) { e.span(*(*pipeline.Span)(p)) },
			func(d *decoder, p unsafe.Pointer) { *(*pipeline.Span)(p) = d.span() },
		}
	case textType:
		return &coder{func(unsafe.Pointer) bool { return true }, func(*encoder, unsafe.Pointer) {}, func(*decoder, unsafe.Pointer) {}}
	}
	switch t.Kind() {
	case reflect.String:
		return &coder{
			func(p unsafe.Pointer) bool { return *(*string)(p) == "" },
			func(e *encoder, p unsafe.Pointer) { e.string(*(*string)(p)) },
			func(d *decoder, p unsafe.Pointer) { *(*string)(p) = d.string() },
		}
	case reflect.Bool:
		return &coder{
			func(p unsafe.Pointer) bool { return !*(*bool)(p) },
			func(e *encoder, p unsafe.Pointer) { e.b = append(e.b, b2i(*(*bool)(p))) },
			func(d *decoder, p unsafe.Pointer) { *(*bool)(p) = d.bytes(1)[0] != 0 },
		}
	case reflect.Int:
		return intCoder[int]()
	case reflect.Int64:
		return intCoder[int64]()
	case reflect.Int32:
		return intCoder[int32]()
	case reflect.Float64:
		return &coder{
			func(p unsafe.Pointer) bool { return thousandths(*(*float64)(p)) == 0 },
			func(e *encoder, p unsafe.Pointer) { e.b = binary.AppendVarint(e.b, thousandths(*(*float64)(p))) },
			func(d *decoder, p unsafe.Pointer) { *(*float64)(p) = float64(d.int()) / 1000 },
		}
	case reflect.Pointer:
		return pointerCoder(t, coderOf(t.Elem()))
	case reflect.Slice:
		return sliceCoder(t, coderOf(t.Elem()))
	case reflect.Struct:
		return structCoder(t)
	case reflect.Map:
		if t == reflect.TypeFor[map[string]string]() {
			return &coder{
				func(p unsafe.Pointer) bool { return *(*map[string]string)(p) == nil },
				func(e *encoder, p unsafe.Pointer) { e.strings(*(*map[string]string)(p)) },
				func(d *decoder, p unsafe.Pointer) { *(*map[string]string)(p) = d.strings() },
			}
		}
	}
	panic("index: no stored form of " + t.String())
}

func thousandths(x float64) int64 { return int64(math.Round(x * 1000)) }

func intCoder[T int | int64 | int32]() *coder {
	return &coder{
		func(p unsafe.Pointer) bool { return *(*T)(p) == 0 },
		func(e *encoder, p unsafe.Pointer) { e.b = binary.AppendVarint(e.b, int64(*(*T)(p))) },
		func(d *decoder, p unsafe.Pointer) { *(*T)(p) = T(d.int()) },
	}
}

func pointerCoder(t reflect.Type, of *coder) *coder {
	return &coder{
		func(p unsafe.Pointer) bool { return *(*unsafe.Pointer)(p) == nil },
		func(e *encoder, p unsafe.Pointer) {
			to := *(*unsafe.Pointer)(p)
			e.b = append(e.b, b2i(to != nil))
			if to != nil {
				of.encode(e, to)
			}
		},
		func(d *decoder, p unsafe.Pointer) {
			if d.bytes(1)[0] != 0 {
				v := reflect.New(t.Elem()).UnsafePointer()
				*(*unsafe.Pointer)(p) = v
				of.decode(d, v)
			}
		},
	}
}

// A slice in memory.
type slice struct {
	data     unsafe.Pointer
	len, cap int
}

func sliceCoder(t reflect.Type, of *coder) *coder {
	size := t.Elem().Size()
	return &coder{
		func(p unsafe.Pointer) bool { return (*slice)(p).data == nil },
		func(e *encoder, p unsafe.Pointer) {
			s := (*slice)(p)
			if s.data == nil {
				e.b = append(e.b, 0)
				return
			}
			e.b = binary.AppendUvarint(e.b, uint64(s.len)+1)
			for i := range s.len {
				of.encode(e, unsafe.Add(s.data, uintptr(i)*size))
			}
		},
		func(d *decoder, p unsafe.Pointer) {
			n := d.uint()
			if n == 0 {
				return
			}
			if n-1 > uint64(len(d.b)) {
				panic("list cut off")
			}
			v := reflect.MakeSlice(t, int(n-1), int(n-1))
			reflect.NewAt(t, p).Elem().Set(v)
			data := v.UnsafePointer()
			for i := range n - 1 {
				of.decode(d, unsafe.Add(data, uintptr(i)*size))
			}
		},
	}
}

func structCoder(t reflect.Type) *coder {
	type part struct {
		*coder
		at uintptr
	}
	var parts []part
	for f := range t.Fields() {
		parts = append(parts, part{coderOf(f.Type), f.Offset})
	}
	if len(parts) > 64 {
		panic("index: too many fields: " + t.String())
	}
	return &coder{
		func(p unsafe.Pointer) bool {
			for _, f := range parts {
				if !f.empty(unsafe.Add(p, f.at)) {
					return false
				}
			}
			return true
		},
		func(e *encoder, p unsafe.Pointer) {
			var have uint64
			for i, f := range parts {
				if !f.empty(unsafe.Add(p, f.at)) {
					have |= 1 << i
				}
			}
			e.b = binary.AppendUvarint(e.b, have)
			for ; have != 0; have &= have - 1 {
				f := parts[bits.TrailingZeros64(have)]
				f.encode(e, unsafe.Add(p, f.at))
			}
		},
		func(d *decoder, p unsafe.Pointer) {
			for have := d.uint(); have != 0; have &= have - 1 {
				i := bits.TrailingZeros64(have)
				if i >= len(parts) {
					panic("field of another type")
				}
				parts[i].decode(d, unsafe.Add(p, parts[i].at))
			}
		},
	}
}
