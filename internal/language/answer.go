package language

import (
	"bytes"
	"encoding/json"
	"reflect"
	"sync"
)

// Answer gives an answer with the server's own texts in Dutch: those in fields with the tag said:"ours",
// and the messages and hints in what is JSON already, said:"json"; the line of a step, said:"summary"; and what we wrote where
// people else write their own words, said:"note"; and what we put before the name of who did something, said:"who". What it changes it copies first, since answers share what they are made of. It looks into an interface only where a tag
// said:"within" has it do so: what else is in one (the cause of an error) is nobody's to read. With the tag
// unless:"failed" a text is somebody's own where the code beside it is that: the message of a fail in a spec.
func Answer[T any](v T) T {
	told, changed := tell(reflect.ValueOf(&v).Elem())
	if is := reflect.ValueOf(&v).Elem(); is.Kind() == reflect.Interface {
		told, changed = tellWithin(is)
	}
	if !changed {
		return v
	}
	return told.Interface().(T) //nolint:forcetypeassert // a copy has the type of what it is a copy of
}

// tell gives v in Dutch, and whether that is another value than v.
func tell(v reflect.Value) (reflect.Value, bool) {
	if !says(v.Type()) {
		return v, false
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v, false
		}
		to, changed := tell(v.Elem())
		if !changed {
			return v, false
		}
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(to)
		return p, true
	case reflect.Struct:
		return tellStruct(v)
	case reflect.Slice:
		return tellAll(v)
	case reflect.Map:
		out := v
		for entry := v.MapRange(); entry.Next(); {
			if to, changed := tell(entry.Value()); changed {
				if out == v {
					out = reflect.MakeMapWithSize(v.Type(), v.Len())
					for all := v.MapRange(); all.Next(); {
						out.SetMapIndex(all.Key(), all.Value())
					}
				}
				out.SetMapIndex(entry.Key(), to)
			}
		}
		return out, out != v
	}
	return v, false
}

// tellWithin tells what an interface holds.
func tellWithin(v reflect.Value) (reflect.Value, bool) {
	if v.Kind() != reflect.Interface || v.IsNil() {
		return v, false
	}
	return tell(v.Elem())
}

func tellStruct(v reflect.Value) (reflect.Value, bool) {
	var out reflect.Value
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() {
			continue
		}
		to, changed := v.Field(i), false
		switch said := field.Tag.Get("said"); {
		case said == "ours" && !owned(v, field.Tag.Get("unless")):
			to, changed = tellText(v.Field(i))
		case said == "json":
			to, changed = tellJSON(v.Field(i))
		case said == "summary":
			if text, known := Summary(v.Field(i).String()); known {
				to, changed = reflect.ValueOf(text), true
			}
		case said == "note":
			to, changed = tellBy(v.Field(i), Note)
		case said == "who":
			to, changed = tellBy(v.Field(i), Who)
		case said == "within":
			to, changed = tellWithin(v.Field(i))
		case said == "":
			to, changed = tell(v.Field(i))
		}
		if !changed {
			continue
		}
		if !out.IsValid() {
			out = reflect.New(v.Type()).Elem()
			out.Set(v)
		}
		out.Field(i).Set(to)
	}
	if !out.IsValid() {
		return v, false
	}
	return out, true
}

// tellJSON tells the messages and hints of an error that is JSON already.
func tellJSON(v reflect.Value) (reflect.Value, bool) {
	var is any
	d := json.NewDecoder(bytes.NewReader(v.Bytes()))
	d.UseNumber()
	if d.Decode(&is) != nil || !tellMembers(is) {
		return v, false
	}
	text, err := json.Marshal(is)
	if err != nil {
		return v, false
	}
	return reflect.ValueOf(text).Convert(v.Type()), true
}

func tellMembers(v any) bool {
	some := false
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			text, is := member.(string)
			if !is || key != "message" && key != "hint" {
				some = tellMembers(member) || some
			} else if dutch, known := Told(text); known {
				v[key], some = dutch, true
			}
		}
	case []any:
		for _, item := range v {
			some = tellMembers(item) || some
		}
	}
	return some
}

// owned says whether a struct has the code with which its text is somebody's own.
func owned(v reflect.Value, code string) bool {
	if code == "" {
		return false
	}
	is := v.FieldByName("Code")
	if !is.IsValid() {
		is = v.FieldByName("ErrorCode")
	}
	if is = reflect.Indirect(is); !is.IsValid() {
		return false
	}
	return is.Kind() == reflect.String && is.String() == code
}

func tellAll(v reflect.Value) (reflect.Value, bool) {
	var out reflect.Value
	for i := range v.Len() {
		to, changed := tell(v.Index(i))
		if !changed {
			continue
		}
		if !out.IsValid() {
			out = reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(out, v)
		}
		out.Index(i).Set(to)
	}
	if !out.IsValid() {
		return v, false
	}
	return out, true
}

// tellBy tells a text of which only what by knows is ours, or a pointer to one.
func tellBy(v reflect.Value, by func(string) (string, bool)) (reflect.Value, bool) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return v, false
		}
		to, changed := tellBy(v.Elem(), by)
		if !changed {
			return v, false
		}
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(to)
		return p, true
	}
	text, known := by(v.String())
	return reflect.ValueOf(text), known
}

// tellText tells a text of ours, a pointer to one, or a list of them.
func tellText(v reflect.Value) (reflect.Value, bool) {
	switch v.Kind() {
	case reflect.String:
		text, known := Told(v.String())
		if !known {
			return v, false
		}
		return reflect.ValueOf(text).Convert(v.Type()), true
	case reflect.Pointer:
		if v.IsNil() {
			return v, false
		}
		to, changed := tellText(v.Elem())
		if !changed {
			return v, false
		}
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(to)
		return p, true
	case reflect.Slice:
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		some := false
		for i := range v.Len() {
			to, changed := tellText(v.Index(i))
			out.Index(i).Set(to)
			some = some || changed
		}
		if !some {
			return v, false
		}
		return out, true
	}
	return v, false
}

// known has, of each type that came by, whether something in it may be ours.
var known sync.Map

func says(t reflect.Type) bool {
	if got, ok := known.Load(t); ok {
		return got.(bool) //nolint:forcetypeassert // only bools are stored
	}
	found := search(t, map[reflect.Type]bool{})
	known.Store(t, found)
	return found
}

func search(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return search(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if f.IsExported() && (f.Tag.Get("said") != "" || search(f.Type, seen)) {
				return true
			}
		}
	}
	return false
}
