package index

import (
	"fmt"
	"math/bits"
	"reflect"
	"strings"
	"unsafe"

	"longmai/corpus"
	"longmai/pipeline"
)

// A library remembers how its documents are stored: the Go types of its program,
// as describe writes them,
//
//	Time{Span:Span,From:Day{Year:int,Month:int,Day:int},To:Day,Precision:string,Role:string,Rule:string}
//
// A program whose types have changed since reads them by this description, field
// by field by their names: what it has no field for is left out, what was not
// stored is empty. It does so to annotate the library anew (Reindex).

// codecVersion is the version of the notation in codec.go.
const codecVersion = "3"

// storedTypes are the types of the sections behind the way back, in their order.
var storedTypes = []reflect.Type{
	reflect.TypeFor[corpus.Article](), spanListType, reflect.TypeFor[[]pipeline.Time](),
	reflect.TypeFor[[]pipeline.Entity](), reflect.TypeFor[[]pipeline.Relation](), reflect.TypeFor[[]pipeline.Figure](),
}

var spanListType = reflect.TypeFor[[]pipeline.Span]()

// storedForm describes the stored documents of this program.
func storedForm() string {
	seen := map[reflect.Type]bool{}
	out := []string{codecVersion}
	for _, t := range storedTypes {
		out = append(out, describe(t, seen))
	}
	return strings.Join(out, ";")
}

// layout names the form of the stored documents and the facets of the columns; a
// library keeps the one it was made with.
func layout() string { return hash(storedForm() + ";" + strings.Join(facetFields(), ",")) }

// describe writes a type; the fields of a struct stand where it comes first.
func describe(t reflect.Type, seen map[reflect.Type]bool) string {
	switch {
	case t == decimalType || t == spanType || t == textType:
		return t.Name()
	case t.Kind() == reflect.Pointer:
		return "*" + describe(t.Elem(), seen)
	case t.Kind() == reflect.Slice:
		return "[]" + describe(t.Elem(), seen)
	case t.Kind() == reflect.Struct:
		if seen[t] {
			return t.Name()
		}
		seen[t] = true
		var fields []string
		for f := range t.Fields() {
			fields = append(fields, f.Name+":"+describe(f.Type, seen))
		}
		return t.Name() + "{" + strings.Join(fields, ",") + "}"
	}
	return t.Kind().String()
}

// A described type is one that a library was written with.
type described struct {
	kind   string // *, [], struct, or the name of a kind or type
	of     *described
	fields []describedField
}

type describedField struct {
	name string
	*described
}

// readForm reads what storedForm has written.
func readForm(s string) (types []*described, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("form of the stored documents: %v", r)
		}
	}()
	version, rest, _ := strings.Cut(s, ";")
	if version != codecVersion {
		return nil, fmt.Errorf("form of the stored documents: version %q, want %q", version, codecVersion)
	}
	r := formReader{s: rest, structs: map[string]*described{}}
	for {
		types = append(types, r.read())
		if r.s == "" {
			break
		}
		r.expect(";")
	}
	if len(types) != len(storedTypes) {
		return nil, fmt.Errorf("form of the stored documents: %d types, want %d", len(types), len(storedTypes))
	}
	return types, nil
}

type formReader struct {
	s       string
	structs map[string]*described
}

func (r *formReader) take(prefix string) bool {
	rest, ok := strings.CutPrefix(r.s, prefix)
	r.s = rest
	return ok
}

func (r *formReader) expect(s string) {
	if !r.take(s) {
		panic(fmt.Sprintf("want %q at %q", s, r.s))
	}
}

func (r *formReader) name() string {
	i := strings.IndexAny(r.s, ":,;{}")
	if i < 0 {
		i = len(r.s)
	}
	name := r.s[:i]
	if name == "" {
		panic(fmt.Sprintf("want a name at %q", r.s))
	}
	r.s = r.s[i:]
	return name
}

func (r *formReader) read() *described {
	switch {
	case r.take("*"):
		return &described{kind: "*", of: r.read()}
	case r.take("[]"):
		return &described{kind: "[]", of: r.read()}
	}
	name := r.name()
	if !r.take("{") {
		if t := r.structs[name]; t != nil {
			return t
		}
		return &described{kind: name}
	}
	t := &described{kind: "struct"}
	r.structs[name] = t
	for !r.take("}") {
		field := r.name()
		r.expect(":")
		t.fields = append(t.fields, describedField{field, r.read()})
		r.take(",")
	}
	return t
}

// decoders returns what reads values of the types that a library was written
// with into this program's, in the order of storedTypes.
func decoders(types []*described) map[reflect.Type]*coder {
	out := map[reflect.Type]*coder{}
	for i, t := range storedTypes {
		out[t] = types[i].decoder(t)
	}
	return out
}

// decoder returns what reads a value of the type into one of type to, as far as
// that is the same; nil takes nothing.
func (t *described) decoder(to reflect.Type) *coder {
	if t.kind == "struct" {
		return t.structDecoder(to)
	}
	if to != nil && describeKind(to) != t.kind {
		to = nil
	}
	if t.of == nil {
		return plainDecoder(t.kind, to)
	}
	if to == nil {
		of := t.of.decoder(nil)
		if t.kind == "*" {
			return &coder{decode: func(d *decoder, _ unsafe.Pointer) {
				if d.bytes(1)[0] != 0 {
					of.decode(d, nil)
				}
			}}
		}
		return &coder{decode: func(d *decoder, _ unsafe.Pointer) {
			for n := d.uint(); n > 1; n-- {
				if len(d.b) == 0 {
					panic("list cut off")
				}
				of.decode(d, nil)
			}
		}}
	}
	of := t.of.decoder(to.Elem())
	if t.kind == "*" {
		return pointerCoder(to, of)
	}
	return sliceCoder(to, of)
}

// describeKind returns the kind of a type as described has it.
func describeKind(t reflect.Type) string {
	switch {
	case t == decimalType || t == spanType || t == textType:
		return t.Name()
	case t.Kind() == reflect.Pointer:
		return "*"
	case t.Kind() == reflect.Slice:
		return "[]"
	}
	return t.Kind().String()
}

// plainDecoder reads what has no parts.
func plainDecoder(kind string, to reflect.Type) *coder {
	if to != nil {
		return coderOf(to)
	}
	skip := map[string]func(d *decoder){
		"string": func(d *decoder) { d.string() }, "bool": func(d *decoder) { d.bytes(1) },
		"int": func(d *decoder) { d.int() }, "int32": func(d *decoder) { d.int() }, "int64": func(d *decoder) { d.int() },
		"float64": func(d *decoder) { d.int() }, "map": func(d *decoder) { d.strings() },
		decimalType.Name(): func(d *decoder) { d.decimal() }, spanType.Name(): func(d *decoder) { d.span() }, textType.Name(): func(*decoder) {},
	}[kind]
	if skip == nil {
		panic("unknown type " + kind)
	}
	return &coder{decode: func(d *decoder, _ unsafe.Pointer) { skip(d) }}
}

func (t *described) structDecoder(to reflect.Type) *coder {
	type part struct {
		*coder
		at   uintptr
		skip bool
	}
	var parts []part
	for _, f := range t.fields {
		p := part{skip: true}
		if to != nil && to.Kind() == reflect.Struct {
			if now, ok := to.FieldByName(f.name); ok && len(now.Index) == 1 && (f.kind == describeKind(now.Type)) {
				p = part{coder: f.decoder(now.Type), at: now.Offset}
			}
		}
		if p.skip {
			p.coder = f.decoder(nil)
		}
		parts = append(parts, p)
	}
	return &coder{decode: func(d *decoder, p unsafe.Pointer) {
		for have := d.uint(); have != 0; have &= have - 1 {
			i := bits.TrailingZeros64(have)
			if i >= len(parts) {
				panic("field of another type")
			}
			if parts[i].skip {
				parts[i].decode(d, nil)
				continue
			}
			parts[i].decode(d, unsafe.Add(p, parts[i].at))
		}
	}}
}
