package lsp

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// samples are the items that are known to have been delivered, or made up: those of the spec's own tests, of the file
// beside it called <spec>.samples.json (one item or a list of them), and what a server received lately.
func (s *Server) samples(d *document, spec *tree.Spec) []value.Value {
	var all []value.Value
	add := func(v value.Value) {
		if v.Kind() == value.KindList {
			all = append(all, v.Items()...)
		} else if !v.IsNull() {
			all = append(all, v)
		}
	}
	for _, t := range spec.Tests {
		given, _ := t.Get("given")
		add(given)
	}
	if s.ReadFile != nil {
		name := d.uri
		for _, end := range []string{".yaml", ".yml", ".json"} {
			name = strings.TrimSuffix(name, end)
		}
		if content, err := s.ReadFile(name + ".samples.json"); err == nil {
			if v, wrong := value.ParseJSON(content, value.Limits{}); wrong == nil {
				add(v)
			}
		}
	}
	for _, m := range spec.Extra {
		if m.Key == "x-processor" && s.Recent != nil {
			all = append(all, s.recent(m.Value.Text())...)
		}
	}
	return all
}

// recent asks the server once; what it does not answer is not there.
func (s *Server) recent(processor string) []value.Value {
	if known, ok := s.asked[processor]; ok {
		return known
	}
	items, err := s.Recent(s.ctx, processor)
	if err != nil {
		items = nil
	}
	s.asked[processor] = items
	return items
}

// shapeOf is the type of the items that are known.
func shapeOf(samples []value.Value) (types.Type, bool) {
	if len(samples) == 0 {
		return types.Free, false
	}
	t := typeOf(samples[0])
	for _, v := range samples[1:] {
		t = merge(t, typeOf(v))
	}
	t = t.Sure()
	return t, t.Kind == types.Object
}

// typeOf is the type that a sample has; all it holds may be missing in another.
func typeOf(v value.Value) types.Type {
	switch v.Kind() {
	case value.KindText:
		return types.Text
	case value.KindNumber:
		return types.Num
	case value.KindBool:
		return types.Bool
	case value.KindList:
		elem := types.Type{Kind: types.Null, Optional: true}
		for _, item := range v.Items() {
			elem = merge(elem, typeOf(item))
		}
		if elem.Kind == types.Null {
			elem = types.Free
		}
		return types.ListOf(elem)
	case value.KindObject:
		fields := make([]types.Field, v.Len())
		for i, m := range v.Members() {
			fields[i] = types.Field{Name: m.Key, Type: typeOf(m.Value)}
			if fields[i].Type.Kind == types.Null {
				fields[i].Type = types.Free
			}
		}
		return types.ObjectOf(fields...)
	}
	return types.Type{Kind: types.Null, Optional: true}
}

// merge is a type for both: of objects with all fields of both, of what is unlike anything.
func merge(a, b types.Type) types.Type {
	switch {
	case a.Kind == types.Null:
		return b
	case b.Kind == types.Null:
		return a
	case a.Kind == types.Object && b.Kind == types.Object:
		fields := append([]types.Field(nil), a.Fields...)
		for _, f := range b.Fields {
			known := false
			for i := range fields {
				if fields[i].Name == f.Name {
					fields[i].Type, known = merge(fields[i].Type, f.Type), true
				}
			}
			if !known {
				fields = append(fields, f)
			}
		}
		return types.ObjectOf(fields...)
	case a.Kind == types.Array && b.Kind == types.Array:
		return types.ListOf(merge(*a.Elem, *b.Elem))
	case a.Kind == b.Kind:
		return a
	}
	return types.Free
}

// examplesOf are values that the samples have at a path from the item, at most three that differ. Steps into a list go
// into all its items.
func examplesOf(samples []value.Value, steps []tree.Step) []value.Value {
	for _, step := range steps {
		var inner []value.Value
		for _, v := range samples {
			switch {
			case step.IsIndex:
				inner = append(inner, v.At(step.Index))
			case v.Has(step.Key):
				inner = append(inner, v.Get(step.Key))
			}
		}
		samples = inner
	}
	var some []value.Value
	for _, v := range samples {
		if len(some) < 3 && !v.IsNull() && !contains(some, v) {
			some = append(some, v)
		}
	}
	return some
}

func contains(list []value.Value, v value.Value) bool {
	for _, w := range list {
		if v.Equal(w) && v.Kind() == w.Kind() {
			return true
		}
	}
	return false
}
