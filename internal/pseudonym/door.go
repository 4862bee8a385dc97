package pseudonym

import (
	"encoding/hex"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Door is where personal values of a source become pseudonyms. A nil Door is that of a source without marks: everything
// passes as it is.
type Door struct {
	key     []byte
	country string
	data    types.Type // what comes in, with its marks
}

// NewDoor makes the door for data of a type under a tenant's key; nil where nothing in it is marked. Country is the
// tenant's calling code.
func NewDoor(key []byte, country string, data types.Type) *Door {
	if !data.IsPersonal() {
		return nil
	}
	return &Door{key: key, country: country, data: data}
}

// Pass gives an item with pseudonyms in the place of what is personal, and the paths of fields that were dropped because
// the schema does not have them. What is a pseudonym already stays.
func (d *Door) Pass(item value.Value) (passed value.Value, dropped []string) {
	if d == nil {
		return item, nil
	}
	p := passage{Door: d}
	return p.typed(item, d.data, ""), p.dropped
}

// passage is one item on its way through a door.
type passage struct {
	*Door
	walk    types.Walk
	dropped []string
}

// typed passes a value of which a type is said. What does not fit the type may be anything, so where the type has
// personal data in it, it is personal.
func (p *passage) typed(v value.Value, t types.Type, path string) value.Value {
	switch t.Kind {
	case types.Any:
		return p.free(v, t.Marks)
	case types.Personal:
		kind, _ := t.Marks.Hit()
		return p.personal(v, kind)
	}
	if v.Kind() == value.KindList { // also where one thing is expected
		elem := t
		if t.Kind == types.Array {
			elem = *t.Elem
		}
		return v.Mapped(func(_ string, item value.Value) value.Value { return p.typed(item, elem, path+"[]") })
	}
	switch t.Kind {
	case types.Array: // one thing where several are expected
		return p.typed(v, *t.Elem, path)
	case types.Object:
		if v.Kind() == value.KindObject {
			return p.object(v, t, path)
		}
	default:
		if v.Kind() == value.KindObject { // of which the schema knows nothing
			if v.Len() > 0 {
				p.drop(path)
			}
			return value.Null()
		}
	}
	if t.IsPersonal() {
		return p.instead(v)
	}
	return v
}

// object passes the fields that the schema has.
func (p *passage) object(v value.Value, t types.Type, path string) value.Value {
	inner := func(key string) string {
		if path == "" {
			return key
		}
		return path + "." + key
	}
	known := make([]value.Member, 0, v.Len())
	for _, m := range v.Members() {
		if _, is := t.Field(m.Key); is {
			known = append(known, m)
		} else {
			p.drop(inner(m.Key))
		}
	}
	if len(known) < v.Len() {
		v = value.Object(known)
	}
	return v.Mapped(func(key string, field value.Value) value.Value {
		declared, _ := t.Field(key)
		return p.typed(field, declared, inner(key))
	})
}

// maxDropped is how many dropped fields are named.
const maxDropped = 20

func (p *passage) drop(path string) {
	const longest = 100 // bytes of a path
	if len(path) > longest {
		path = strings.ToValidUTF8(path[:longest], "") + "…"
	}
	if len(p.dropped) < maxDropped && !slices.Contains(p.dropped, path) {
		p.dropped = append(p.dropped, path)
	}
}

// free passes a value without a schema. What no mark can reach is not touched, nor copied.
func (p *passage) free(v value.Value, marks types.Marks) value.Value {
	if len(marks) == 0 {
		return v
	}
	if kind, is := marks.Hit(); is {
		return p.personal(v, kind)
	}
	if v.Kind() == value.KindList || v.Kind() == value.KindObject {
		return v.Mapped(func(key string, inner value.Value) value.Value {
			if v.Kind() == value.KindObject { // marks go through lists
				return p.free(inner, p.walk.Key(marks, key))
			}
			return p.free(inner, marks)
		})
	}
	if marks.Leads() {
		return p.instead(v)
	}
	return v
}

// instead is for text and numbers that stand where something with personal data in it is expected: nobody knows what
// they say.
func (p *passage) instead(v value.Value) value.Value {
	if v.Kind() == value.KindText || v.Kind() == value.KindNumber {
		return p.personal(v, "text")
	}
	return v
}

// personal makes a pseudonym of a marked value: of a list item by item, of an object as one.
func (p *passage) personal(v value.Value, kind string) value.Value {
	text := ""
	switch v.Kind() {
	case value.KindList:
		return v.Mapped(func(_ string, item value.Value) value.Value { return p.personal(item, kind) })
	case value.KindText:
		switch text = v.Text(); {
		case text == "":
			return v
		case v.IsBlank():
			return value.Text("")
		}
	case value.KindNumber:
		text = v.Decimal().String()
	case value.KindBool:
		text = v.String()
	case value.KindObject:
		if v.Len() == 0 {
			return v
		}
		kind, text = "text", string(appendCanonical(nil, v))
	default: // null, or a pseudonym already
		return v
	}
	form := library.OneForm(kind, p.country, text)
	if form == "" { // a telephone number without a digit: still somebody's words
		form = library.OneForm("text", p.country, text)
	}
	return value.Pseudonym(OfForm(p.key, form))
}

// appendCanonical adds the JSON of a value with the keys of objects in order, since their order never counts.
func appendCanonical(b []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.KindList:
		b = append(b, '[')
		for i, item := range v.Items() {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendCanonical(b, item)
		}
		return append(b, ']')
	case value.KindObject:
		members := slices.Clone(v.Members())
		slices.SortFunc(members, func(x, y value.Member) int { return strings.Compare(x.Key, y.Key) })
		b = append(b, '{')
		for i, m := range members {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(value.AppendQuoted(b, m.Key), ':')
			b = appendCanonical(b, m.Value)
		}
		return append(b, '}')
	}
	return v.AppendJSON(b)
}

// Kept is what of something that came in is stored: JSON, and which of its texts are pseudonyms.
type Kept struct {
	Body   []byte
	Places Places
}

// Keep gives what is stored of an item that has passed; raw is how it came.
func (d *Door) Keep(raw []byte, before, passed value.Value) Kept {
	if d == nil || before.Same(passed) {
		return Kept{Body: raw}
	}
	return Kept{Body: passed.AppendJSON(nil), Places: placesOf(passed)}
}

// Body gives what is stored of the body of a call as it came, whatever it is: where it can be read, what it says with
// pseudonyms, else what NotKept says.
func (d *Door) Body(raw []byte) Kept {
	if d == nil || raw == nil {
		return Kept{Body: raw}
	}
	v, syntax := value.ParseJSON(raw, value.Limits{Bytes: len(raw) + 1})
	if syntax == nil {
		passed, _ := d.Pass(v)
		return d.Keep(raw, v, passed)
	}
	return Kept{Places: noteOnly, Body: NotKept(d.key, raw, "The body cannot be read, and this source has marks for personal data.", syntax.Line, syntax.Column)}
}

// NotKept is what is stored in the place of a body that may have personal data in it and cannot be read: why, its size
// and a hash, and where the mistake is. The hash needs the tenant's key, since a short body could be guessed.
func NotKept(key, raw []byte, why string, line, column int) []byte {
	return value.Object([]value.Member{
		{Key: "not_kept", Value: value.Text(why)},
		{Key: "bytes", Value: value.Int(int64(len(raw)))},
		{Key: "hash", Value: value.Text(hex.EncodeToString(sum(key, append([]byte("body\x00"), raw...))))},
		{Key: "line", Value: value.Int(int64(line))},
		{Key: "column", Value: value.Int(int64(column))},
	}).AppendJSON(nil)
}

// Again passes what was stored through the door as it is now, and says whether that changed it: whether there are marks
// younger than it.
func (d *Door) Again(k Kept) (_ Kept, changed bool) {
	if d == nil || k.Body == nil || k.Places.isNote() {
		return k, false
	}
	before, err := k.Value()
	if err != nil {
		return d.Body(k.Body), true
	}
	passed, _ := d.Pass(before)
	if before.Same(passed) {
		return k, false
	}
	after := d.Keep(k.Body, before, passed)
	after.Places = after.Places.asRedacted()
	return after, true
}
