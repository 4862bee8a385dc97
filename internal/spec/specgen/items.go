package specgen

import (
	"math"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var (
	words  = []string{"id", "name", "status", "at", "amount", "price", "count", "lines", "tags", "user", "sku", "paid", "won", "lost", "odd key", "é", "7", "é\u0301", "x.y", "", "contact_key"}
	labels = []string{"Deal", "Visit", " Lead ", "won", "Shift", " | a", "x-1", "7", "Ünï | côdé"}
	zones  = []string{"Europe/Amsterdam", "America/New_York", "UTC", "Asia/Kathmandu"}
	texts  = []string{"Cas", "won", "lost", "a,b", "7", "2025-12-10 19:00", "2025-12-10", "1.234,50", "12.50", "1765389600", "x[y]z", "10-12-2025", "AB-12", "cas@example.test",
		"true", "0000-00-00", "é 😀", "+31 6 1234 5678", "c-1", "c-2", "2025-12-10T19:00:00+01:00"}
	oddTexts = []string{"", " ", "\t\n", "null", "=event.id", strings.Repeat("x", 256), strings.Repeat("é", 1001), "\u202e\u0000\u200b", "9999-12-31 23:59:59", "0001-01-01",
		strings.Repeat("9", 60), "1e400", "-0", "🏳️‍🌈", "\ufeffa", "İ", "ﬀ", "2026-10-25 02:30"}
	numbers    = []string{"0", "1", "7", "5", "12.5", "399.95", "-3", "2", "100", "1765389600", "1765389600000", "3"}
	oddNumbers = []string{"0.1234567890123456789012345", "1234567890123456789012345678901234567890", "-99999999999999999999999999999999999999", "9223372036854775808", "1e30", "-0.0", "0.00000000000000000001",
		"12345678901234567890.5", "1e-30", "99999999999999999999999999999999999999.99999999999999999999"}
	// literals are those that some parameter asks for: zones, formats, patterns, separators, whole numbers.
	literals = []value.Value{
		value.Text("Europe/Amsterdam"), value.Text("+01:00"), value.Text("America/New_York"),
		value.Text("DD-MM-YYYY"), value.Text("YYYY-MM-DD HH:mm"), value.Text("D MMM YY"),
		value.Text("^[A-Z]+-[0-9]+$"), value.Text("won|lost"), value.Text("(?i)cas"),
		value.Text(","), value.Text(" | "), value.Text("."), value.Text("a"),
		value.Int(0), value.Int(1), value.Int(2), value.Int(-2), value.Int(20), value.Int(-20), value.Int(5),
	}
)

func (d *drawer) distinct(n int, from []string) []string {
	var out []string
	seen := map[string]bool{}
	for range n {
		if one := pick(d, from); !seen[one] {
			seen[one] = true
			out = append(out, one)
		}
	}
	return out
}

// plain draws a text, number or boolean; anything for any.
func (d *drawer) plain(t types.Type) value.Value {
	switch t.Kind {
	case types.String:
		return value.Text(pick(d, texts))
	case types.Number:
		return d.number(numbers)
	case types.Boolean:
		return value.Bool(d.chance(50))
	}
	return d.anything(1)
}

func (d *drawer) number(from []string) value.Value {
	v, err := value.ParseJSON([]byte(pick(d, from)), value.Limits{})
	if err != nil {
		return value.Int(0)
	}
	return v
}

// anything draws any JSON value.
func (d *drawer) anything(depth int) value.Value {
	kinds := 9
	if depth <= 0 {
		kinds = 7
	}
	switch d.IntN(kinds) {
	case 0:
		return value.Null()
	case 1:
		return value.Bool(d.chance(50))
	case 2:
		return d.number(numbers)
	case 3:
		return d.number(oddNumbers)
	case 4, 5:
		return value.Text(pick(d, texts))
	case 6:
		return value.Text(strings.ReplaceAll(pick(d, oddTexts), "\u0000", "")) // no reader of JSON for people takes it in text
	case 7:
		items := make([]value.Value, d.IntN(5))
		for i := range items {
			items[i] = d.anything(depth - 1)
		}
		return value.List(items)
	}
	var members []value.Member
	for _, key := range d.distinct(d.IntN(6), words) {
		members = append(members, value.Member{Key: key, Value: d.anything(depth - 1)})
	}
	return value.Object(members)
}

// item draws a delivered item for a model of this type.
func (d *drawer) item(t types.Type) Item {
	switch n := d.IntN(10); {
	case t.Kind == types.Any && n < 7:
		return Item{d.payloadItem(), true}
	case t.Kind == types.Any:
		return Item{d.hostile(), true} // whatever it is, it is any JSON
	case n < 6:
		return Item{d.fitting(t), true}
	case n < 9:
		return Item{d.spoiled(d.fitting(t)), false}
	}
	return Item{d.hostile(), false}
}

// payloadItem draws what webhooks send: the keys that specs read, mostly with what one expects there.
func (d *drawer) payloadItem() value.Value {
	line := func() value.Value {
		return value.Object([]value.Member{{Key: "sku", Value: d.mostly(types.Text)}, {Key: "price", Value: d.mostly(types.Num)}, {Key: "count", Value: d.mostly(types.Num)}, {Key: "name", Value: d.mostly(types.Text)}})
	}
	list := func(one func() value.Value) value.Value {
		items := make([]value.Value, d.IntN(4))
		for i := range items {
			items[i] = one()
		}
		return value.List(items)
	}
	members := []value.Member{
		{Key: "id", Value: d.id()}, {Key: "name", Value: d.mostly(types.Text)}, {Key: "status", Value: d.mostly(types.Text)},
		{Key: "amount", Value: d.mostly(types.Num)}, {Key: "price", Value: d.mostly(types.Num)}, {Key: "count", Value: d.mostly(types.Num)},
		{Key: "paid", Value: d.mostly(types.Bool)}, {Key: "at", Value: value.Text(pick(d, texts))}, {Key: "sku", Value: d.mostly(types.Text)},
		{Key: "user", Value: value.Object([]value.Member{{Key: "id", Value: d.mostly(types.Num)}, {Key: "name", Value: d.mostly(types.Text)}, {Key: "active", Value: d.mostly(types.Bool)},
			{Key: "tags", Value: list(func() value.Value { return d.mostly(types.Text) })}})},
		{Key: "lines", Value: list(line)}, {Key: "tags", Value: list(func() value.Value { return d.mostly(types.Text) })},
		{Key: "odd key", Value: d.anything(1)},
	}
	d.Shuffle(len(members)-1, func(i, j int) { members[i+1], members[j+1] = members[j+1], members[i+1] })
	return value.Object(members[:len(members)-min(d.IntN(6), d.IntN(6))])
}

// id draws the id of a thing: few enough that deliveries are about the same ones.
func (d *drawer) id() value.Value {
	if d.chance(5) {
		return d.anything(1)
	}
	return pick(d, []value.Value{value.Int(7), value.Text("7"), value.Int(8), value.Text("d-1"), value.Text(" d-1 "), value.Text("d-2"), value.Text("é")})
}

func (d *drawer) mostly(t types.Type) value.Value {
	if d.chance(10) {
		return d.anything(1)
	}
	return d.plain(t)
}

// hostile draws what nobody expects: deep, long, of the wrong kind at the top.
func (d *drawer) hostile() value.Value {
	switch d.IntN(4) {
	case 0:
		v := d.anything(1)
		for range d.IntN(80) {
			if d.chance(50) {
				v = value.List([]value.Value{v})
			} else {
				v = value.Object([]value.Member{{Key: pick(d, words), Value: v}})
			}
		}
		return value.Object([]value.Member{{Key: "lines", Value: v}, {Key: "id", Value: v}})
	case 1:
		return d.spoiled(d.payloadItem())
	case 2:
		items := make([]value.Value, 200)
		for i := range items {
			items[i] = value.Text(pick(d, oddTexts[:8]))
		}
		return value.Object([]value.Member{{Key: "tags", Value: value.List(items)}, {Key: "lines", Value: value.List(items)}, {Key: "id", Value: value.Int(math.MaxInt64)}})
	}
	return d.anything(4)
}

// fitting draws a value of a type; what is personal is still to pass the door.
func (d *drawer) fitting(t types.Type) value.Value {
	if t.Optional && d.chance(25) {
		return value.Null()
	}
	switch t.Kind {
	case types.String:
		if d.chance(8) {
			return value.Text(pick(d, oddTexts))
		}
		return value.Text(pick(d, texts))
	case types.Number:
		if d.chance(8) {
			return d.number(oddNumbers)
		}
		return d.number(numbers)
	case types.Boolean:
		return value.Bool(d.chance(50))
	case types.Personal:
		if d.chance(15) {
			return d.anything(0)
		}
		return value.Text(pick(d, texts))
	case types.Array:
		items := make([]value.Value, d.IntN(4))
		for i := range items {
			items[i] = d.fitting(*t.Elem)
		}
		return value.List(items)
	case types.Object:
		var members []value.Member
		for _, f := range t.Fields {
			if f.Type.Optional && d.chance(20) {
				continue
			}
			members = append(members, value.Member{Key: f.Name, Value: d.fitting(f.Type)})
		}
		d.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		return value.Object(members)
	}
	return d.anything(2)
}

// spoiled changes some places of a value: null, another kind, gone.
func (d *drawer) spoiled(v value.Value) value.Value {
	if d.chance(15) || v.Len() == 0 {
		return d.anything(1)
	}
	switch v.Kind() {
	case value.KindObject:
		var members []value.Member
		at := d.IntN(v.Len())
		for i, m := range v.Members() {
			switch {
			case i != at:
				members = append(members, m)
			case d.chance(80):
				members = append(members, value.Member{Key: m.Key, Value: d.spoiled(m.Value)})
			}
		}
		return value.Object(members)
	case value.KindList:
		items := append([]value.Value(nil), v.Items()...)
		at := d.IntN(len(items))
		items[at] = d.spoiled(items[at])
		return value.List(items)
	}
	return d.anything(1)
}

// model draws a typed source model, with optional and personal fields.
func (d *drawer) model() library.Model {
	m := library.Model{Name: "drawn.model", Var: "event", Type: d.object(2)}
	if d.chance(50) {
		m.Enrichments = append(m.Enrichments, library.Enrichment{Use: "contact", Type: d.object(1).Maybe()})
		if d.chance(50) {
			m.Enrichments = append(m.Enrichments, library.Enrichment{Use: "company", Of: "contact", Type: d.object(1).Maybe()})
		}
	}
	return m
}

func (d *drawer) object(depth int) types.Type {
	fields := []types.Field{{Name: "id", Type: pick(d, []types.Type{types.Num, types.Text})}}
	for _, n := range d.distinct(3+d.IntN(8), []string{"name", "status", "at", "amount", "price", "count", "lines", "tags", "user", "paid", "odd key", "email", "birth", "extra", "note"}) {
		t := d.shape(depth)
		t.Optional = d.chance(45)
		fields = append(fields, types.Field{Name: n, Type: t})
	}
	return types.ObjectOf(fields...)
}

func (d *drawer) shape(depth int) types.Type {
	n := 10
	if depth <= 0 {
		n = 8
	}
	switch d.IntN(n) {
	case 0, 1, 2:
		return types.Text
	case 3, 4:
		return types.Num
	case 5:
		return types.Bool
	case 6:
		return types.Private
	case 7:
		return types.Free
	case 8:
		elem := d.shape(depth - 1)
		elem.Optional = d.chance(20)
		return types.ListOf(elem)
	}
	return d.object(depth - 1)
}
