package library

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var get = &Expression{
	Entry: Entry{
		Name: "get", Group: Lists, Title: "Get",
		Help: "One step into an object or list that is computed: a key, or a place counted from 0. Null where there is none.",
		Signature: types.Signature{
			Params: []types.Param{req("value", types.Something, "An object or a list."), req("key", types.ID, "A key or a place.")},
			Result: types.Free, Nulls: types.AsGiven,
			Infer: inferGet,
		},
		Examples: []Example{{`get(list("a", "b"), 1)`, `"b"`}, {`get(list("a"), 5)`, "null"}, {`get(list("a"), "x")`, "null"}},
	},
	Meaning: eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		if a[0].Kind() == value.KindList {
			if n, ok := index(a[1]); ok {
				return a[0].At(n), nil
			}
			return value.Null(), nil
		}
		if a[1].IsNull() {
			return value.Null(), nil
		}
		return f.Get(a[0], idText(a[1]))
	}),
}

// index reads a place in a list, also from text as form data has it.
func index(key value.Value) (int, bool) {
	n, ok := key.Decimal().Int64()
	if key.Kind() == value.KindText {
		i, err := strconv.Atoi(key.Text())
		return i, err == nil && strconv.Itoa(i) == key.Text()
	}
	return int(n), ok && key.Kind() == value.KindNumber && n == int64(int(n))
}

// inferGet finds the type of one step: of an object or record only by a literal key, which it must have.
func inferGet(args []types.Arg) (types.Type, error) {
	from, key := args[0].Type, args[1].Literal
	t := types.Free.Maybe()
	switch from.Kind {
	case types.Array:
		t = from.Elem.Maybe()
	case types.Personal:
		t = from.Maybe()
	case types.Any:
		if key == nil || key.Kind() != value.KindText && key.Kind() != value.KindNumber {
			t = from.Computed().Maybe()
			break
		}
		t = from.Key(idText(*key)).Maybe()
		if _, place := index(*key); place { // of a list, through which marks go
			t.Marks = t.Marks.With(from.Marks)
		}
	case types.Object, types.Ref:
		if key == nil {
			return types.Broken, errors.New("the key of an object with known fields, or of a record, is written out, not computed")
		}
		name := idText(*key)
		found, ok := from.Field(name)
		if !ok {
			return types.Broken, fmt.Errorf("there is no field %s here", name)
		}
		t = found
		t.Optional = t.Optional || from.Optional
	case types.Unknown, types.Null:
	default:
		return types.Broken, fmt.Errorf("%s has nothing in it to get", from)
	}
	return t, nil
}
