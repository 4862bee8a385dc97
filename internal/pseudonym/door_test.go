package pseudonym

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

func marked(t testing.TB, marks ...string) types.Type {
	t.Helper()
	var list []types.Mark
	for _, m := range marks {
		at := strings.LastIndexByte(m, ' ')
		list = append(list, types.Mark{Path: m[:at], Kind: m[at+1:]})
	}
	read, wrong := types.ReadMarks(list)
	for _, e := range wrong {
		t.Fatal(e)
	}
	return types.Free.Marked(read)
}

func parse(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.ParseJSON([]byte(text), value.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// readable shows each pseudonym as psn.
func readable(v value.Value) string {
	return walk(v, func(text value.Value) value.Value {
		if text.Kind() == value.KindPseudonym {
			return value.Text("psn")
		}
		return text
	}).String()
}

func TestWhatPassesTheDoor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		marks, given, want string
	}{
		{"contact.email email", `{"contact":{"email":"a@b.test","id":1},"email":"x"}`, `{"contact":{"email":"psn","id":1},"email":"x"}`},
		{"contact.email email", `{"contact":[{"email":"a@b.test"},{"email":null},{"email":""},{}]}`, `{"contact":[{"email":"psn"},{"email":null},{"email":""},{}]}`},
		{"contact.email email", `{"contact":{"email":"  "}}`, `{"contact":{"email":""}}`},
		{"contact.email email", `{"contact":{"email":[]}}`, `{"contact":{"email":[]}}`},
		{"contact.email email", `{"contact":{"email":{}}}`, `{"contact":{"email":{}}}`},
		{"contact.email email", `{"contact":{"email":["a",["b",7],true,null,{"x":1}]}}`, `{"contact":{"email":["psn",["psn","psn"],"psn",null,"psn"]}}`},
		{"contact.email email", `{"contact":"Jan"}`, `{"contact":"psn"}`},
		{"contact.email email", `{"contact":[12,false]}`, `{"contact":["psn",false]}`},
		{"lines[].name name", `{"lines":{"name":"Jan","sku":"a"}}`, `{"lines":{"name":"psn","sku":"a"}}`},
		{"lines.name name", `{"lines":[[{"name":"Jan"}]]}`, `{"lines":[[{"name":"psn"}]]}`},
		{"contact text", `{"contact":{"a":1}}`, `{"contact":"psn"}`},
		{"answers.*.text text", `{"answers":{"q":{"text":"x","id":1},"r":"free"}}`, `{"answers":{"q":{"text":"psn","id":1},"r":"free"}}`},
		{"**.bsn text", `{"bsn":1,"a":{"bsn":"x","b":[{"bsn":"y","c":"z"}]}}`, `{"bsn":"psn","a":{"bsn":"psn","b":[{"bsn":"psn","c":"z"}]}}`},
		{"**.contact.email email", `{"contact":"Jan","x":{"contact":"Jan","email":"free"}}`, `{"contact":"psn","x":{"contact":"psn","email":"free"}}`},
		{`["odd key"].x text`, `{"odd key":{"x":"y"}}`, `{"odd key":{"x":"psn"}}`},
		{"a text", `["free"]`, `["psn"]`},
	} {
		door := NewDoor([]byte("key"), "+31", marked(t, c.marks))
		passed, _ := door.Pass(parse(t, c.given))
		if got := readable(passed); got != c.want {
			t.Errorf("%s: %s passes as %s, want %s", c.marks, c.given, got, c.want)
		}
	}
}

// TestOnePersonOnePseudonym: the kind brings a value into one form; an object has one whatever the order of its keys.
func TestOnePersonOnePseudonym(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind string
		same []string
	}{
		{"email", []string{`"jan@example.test"`, `" Jan@Example.TEST "`}},
		{"phone", []string{`"+31612345678"`, `"06-12 34 56 78"`, `"(+31) 6 12345678"`}},
		{"date", []string{`"1980-02-03"`, `"1980-02-03 10:00"`}},
		{"text", []string{`"5"`, `5`, `5.0`}},
		{"text", []string{`{"a":1,"b":{"c":2,"d":[]}}`, `{"b":{"d":[],"c":2.00},"a":1}`}},
	} {
		door := NewDoor([]byte("key"), "+31", marked(t, "it "+c.kind))
		var first value.Value
		for i, given := range c.same {
			passed, _ := door.Pass(parse(t, `{"it":`+given+`}`))
			got := passed.Get("it")
			if got.Kind() != value.KindPseudonym || i > 0 && !got.Equal(first) {
				t.Errorf("%s %s is %s, but %s is %s", c.kind, given, got, c.same[0], first)
			}
			first = got
		}
	}
}

func TestNothingMarkedCostsNothing(t *testing.T) { // not in parallel: it counts allocations
	if NewDoor([]byte("key"), "+31", types.Free) != nil {
		t.Error("a source without marks has a door")
	}
	var none *Door
	raw, v := []byte(`{"a": 1}`), parse(t, `{"a": 1}`)
	allocs := testing.AllocsPerRun(100, func() {
		passed, _ := none.Pass(v)
		if kept := none.Keep(raw, v, passed); kept.Places != nil {
			t.Error("there are places")
		}
	})
	if allocs > 0 {
		t.Errorf("without marks an item costs %v allocations", allocs)
	}
	door := NewDoor([]byte("key"), "+31", marked(t, "contact.email email", "**.bsn text"))
	if passed, _ := door.Pass(v); !passed.Same(v) {
		t.Error("what has nothing marked in it is copied")
	}
	if kept := door.Keep(raw, v, v); !bytes.Equal(kept.Body, raw) {
		t.Errorf("what has nothing marked in it is kept as %s", kept.Body)
	}
}

// TestManyMarksAtManyPlaces: what marks and data can be made to cost is bounded; step by step this would take hours.
func TestManyMarksAtManyPlaces(t *testing.T) {
	t.Parallel()
	var marks []string
	for n := range types.MaxMarks {
		marks = append(marks, strings.Repeat("**.a.", 30)+"b"+strconv.Itoa(n)+" text")
	}
	door := NewDoor([]byte("key"), "+31", marked(t, marks...))
	deep := strings.Repeat(`{"a":`, 40) + `{"b7": "Jan", "c": "Jan"}` + strings.Repeat("}", 40)
	item := parse(t, `{"x": [`+deep+strings.Repeat(","+deep, 2_000)+`]}`)
	passed, _ := door.Pass(item)
	last := passed.Get("x").Items()[2_000]
	for range 40 {
		last = last.Get("a")
	}
	if last.Get("b7").Kind() != value.KindPseudonym || last.Get("c").Kind() != value.KindText {
		t.Errorf("it became %s", last)
	}
}

// TestDoorAndTypeAgree draws marks and data and compares what the door does with what the checker is told: whatever the
// door replaced is personal for the checker, and whatever is marked for the checker the door replaced.
func TestDoorAndTypeAgree(t *testing.T) {
	t.Parallel()
	const cases, fewest = 10_000, 5_000
	replaced := 0
	for seed := range uint64(cases) {
		r := rand.New(rand.NewPCG(seed, 1))
		data := marked(t, drawMarks(r)...)
		door := NewDoor([]byte("key"), "+31", data)
		item := value.Object(drawMembers(r, 4))
		passed, _ := door.Pass(item)
		var compare func(v value.Value, at types.Type, path string)
		compare = func(v value.Value, at types.Type, path string) {
			_, hit := at.Marks.Hit()
			switch v.Kind() {
			case value.KindPseudonym:
				replaced++
				if !at.IsPersonal() {
					t.Errorf("seed %d: %s is a pseudonym, and the checker takes it for %s: %s", seed, path, at, item)
				}
			case value.KindText, value.KindNumber, value.KindBool:
				if hit && !v.IsBlank() {
					t.Errorf("seed %d: %s is marked and stays %s: %s", seed, path, v, item)
				}
				if at.IsPersonal() && v.Kind() != value.KindBool && !v.IsBlank() {
					t.Errorf("seed %d: %s is personal for the checker and stays %s: %s", seed, path, v, item)
				}
			case value.KindList:
				for i, inner := range v.Items() {
					compare(inner, at, fmt.Sprintf("%s[%d]", path, i))
				}
			case value.KindObject:
				if hit && v.Len() > 0 {
					t.Errorf("seed %d: %s is marked and stays an object: %s", seed, path, item)
				}
				computed := at.Computed()
				for _, m := range v.Members() {
					if m.Value.Kind() == value.KindPseudonym && !computed.IsPersonal() {
						t.Errorf("seed %d: a computed key takes %s.%s, and the checker takes it for %s: %s", seed, path, m.Key, computed, item)
					}
					compare(m.Value, at.Key(m.Key), path+"."+m.Key)
				}
			}
		}
		compare(passed, data, "")
		if again, _ := door.Pass(passed); !again.Same(passed) {
			t.Errorf("seed %d: passing twice gives %s, once %s", seed, again, passed)
		}
		kept := door.Keep(item.AppendJSON(nil), item, passed)
		back, err := kept.Value()
		if err != nil || !identical(back, passed) {
			t.Errorf("seed %d: kept as %s with %v, read as %s (%v)", seed, kept.Body, kept.Places, back, err)
		}
		if _, changed := door.Again(kept); changed {
			t.Errorf("seed %d: what was kept changes at the same door: %s", seed, kept.Body)
		}
	}
	if replaced < fewest {
		t.Errorf("only %d values were replaced in %d cases", replaced, cases)
	}
}

// identical compares kinds, too.
func identical(v, w value.Value) bool {
	if v.Kind() != w.Kind() || v.Len() != w.Len() || v.Len() == 0 && !v.Equal(w) {
		return false
	}
	for i, item := range v.Items() {
		if !identical(item, w.At(i)) {
			return false
		}
	}
	for _, m := range v.Members() {
		if !identical(m.Value, w.Get(m.Key)) {
			return false
		}
	}
	return true
}

var drawnKeys = []string{"a", "b", "c", "odd key"}

func drawMarks(r *rand.Rand) (marks []string) {
	seen := map[string]bool{}
	for range 1 + r.IntN(3) {
		path := ""
		for n := 1 + r.IntN(3); n > 0; n-- {
			switch k := r.IntN(8); {
			case k == 0 && n > 1:
				path += ".**." + drawnKeys[r.IntN(3)]
			case k == 1:
				path += ".*"
			case k == 2:
				path += `["odd key"]`
			default:
				path += "." + drawnKeys[r.IntN(3)]
			}
		}
		path = strings.TrimPrefix(path, ".")
		if !seen[path] {
			seen[path] = true
			marks = append(marks, path+" "+types.PersonalKinds[r.IntN(len(types.PersonalKinds))])
		}
	}
	return marks
}

func drawMembers(r *rand.Rand, depth int) (members []value.Member) {
	for _, key := range drawnKeys {
		if r.IntN(4) > 0 {
			members = append(members, value.Member{Key: key, Value: drawValue(r, depth)})
		}
	}
	return members
}

func drawValue(r *rand.Rand, depth int) value.Value {
	k := r.IntN(9)
	if depth == 0 {
		k = r.IntN(6)
	}
	switch k {
	case 0:
		return value.Null()
	case 1:
		return value.Bool(r.IntN(2) == 0)
	case 2:
		return value.Int(r.Int64N(100))
	case 3:
		return value.Text([]string{"", " "}[r.IntN(2)])
	case 4, 5:
		return value.Text(fmt.Sprint("text ", r.IntN(100)))
	case 6:
		items := make([]value.Value, r.IntN(3))
		for i := range items {
			items[i] = drawValue(r, depth-1)
		}
		return value.List(items)
	}
	return value.Object(drawMembers(r, depth-1))
}

// TestNobodyCanSendAFalseOne: text that looks like a pseudonym is text, also after it was stored.
func TestNobodyCanSendAFalseOne(t *testing.T) {
	t.Parallel()
	door := NewDoor([]byte("key"), "+31", marked(t, "email email"))
	item := parse(t, `{"id":"psn_abcdefghijklmnopqrstuvwxyz","email":"psn_abcdefghijklmnopqrstuvwxyz"}`)
	passed, _ := door.Pass(item)
	back, err := door.Keep(nil, item, passed).Value()
	if err != nil {
		t.Fatal(err)
	}
	if back.Get("id").Kind() != value.KindText || back.Get("email").Kind() != value.KindPseudonym || back.Get("email").Text() == item.Get("email").Text() {
		t.Errorf("it is read as %s", back)
	}
}

func TestABodyThatCannotBeRead(t *testing.T) {
	t.Parallel()
	door := NewDoor([]byte("key"), "+31", marked(t, "email email"))
	kept := door.Body([]byte(`{"email": "jan@example.test",}`))
	note := parse(t, string(kept.Body))
	if bytes.Contains(kept.Body, []byte("jan")) || note.Get("bytes").String() != "30" || note.Get("column").String() != "29" || len(note.Get("hash").Text()) != 64 {
		t.Errorf("it is kept as %s", kept.Body)
	}
	if again, changed := door.Again(kept); changed {
		t.Errorf("the note passes the door as %s", again.Body)
	}
	old := Kept{Body: []byte(`{"email": "jan@example.test",}`)}
	if again, changed := door.Again(old); !changed || bytes.Contains(again.Body, []byte("jan")) {
		t.Errorf("one from before the marks is %s", again.Body)
	}
}

func FuzzPlaces(f *testing.F) {
	f.Add([]byte(`{"a":"x","b":["y",1]}`), []byte{0, 1})
	f.Add([]byte(`["x"]`), []byte{1, 0, 0xff})
	f.Fuzz(func(t *testing.T, body, places []byte) {
		v, err := Kept{Body: body, Places: places}.Value()
		if err != nil {
			return
		}
		if again := placesOf(v); len(again) > 1 && !bytes.Equal(again[1:], places[1:]) && len(places) <= len(again) {
			t.Errorf("%v became %v", places, again)
		}
	})
}
