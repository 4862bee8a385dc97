package record

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// write is one effect of a made-up spec; identities are named, since they are looked up on the stage.
type write struct {
	noun, key string
	fields    []run.Field
	refs      map[string]string // field → external id of the identity it shall hold, "" for null
}

// drawUnit makes what one delivery writes: identities first, then records that hold them.
func drawUnit(t *rapid.T) []write {
	var unit []write
	for _, noun := range []string{"project", "team", "agent", "proposition"} {
		for _, key := range []string{"1", "2"} {
			unit = append(unit, drawIdentity(t, noun, key))
		}
	}
	for range rapid.IntRange(1, 4).Draw(t, "records") {
		unit = append(unit, drawRecord(t))
	}
	return unit
}

func drawIdentity(t *rapid.T, noun, key string) write {
	w := write{noun: noun, key: key, refs: map[string]string{}}
	if rapid.Bool().Draw(t, "named") {
		w.fields = append(w.fields, run.Field{Name: "external_name", Value: value.Text(rapid.SampledFrom([]string{"1", "Ann", "Bob"}).Draw(t, "name"))})
	}
	if noun == "agent" && rapid.Bool().Draw(t, "mailed") {
		w.fields = append(w.fields, run.Field{Name: "email", Value: maybe(t, value.Text("a@example.test"))})
	}
	if noun == "agent" && rapid.Bool().Draw(t, "in a project") {
		w.refs["project_external_identity"] = rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "project")
	}
	return w
}

func drawRecord(t *rapid.T) write {
	kind := rapid.SampledFrom(Kinds).Draw(t, "kind")
	w := write{noun: kind.Noun, key: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key"), refs: map[string]string{}}
	for i := range kind.Fields {
		f := &kind.Fields[i]
		if !f.Required && rapid.Bool().Draw(t, "left out") {
			continue
		}
		if f.Type == IdentityField {
			if f.Noun == "segment" {
				continue
			}
			keys := []string{"1", "2", ""}
			if f.Required {
				keys = keys[:2]
			}
			w.refs[f.Name] = rapid.SampledFrom(keys).Draw(t, f.Name)
			continue
		}
		v := drawValue(t, f)
		if !f.Required {
			v = maybe(t, v)
		}
		w.fields = append(w.fields, run.Field{Name: f.Name, Value: v})
	}
	return w
}

func drawValue(t *rapid.T, f *Field) value.Value {
	n := int64(rapid.IntRange(0, 3).Draw(t, f.Name))
	switch f.Type {
	case NumberField:
		return value.Number(value.FromScaled(n*25, 1))
	case BoolField:
		return value.Bool(n > 1)
	case MomentField:
		if f.Name == "ends_at" { // never before a start: what fails is no unconditional upsert
			n += 10
		}
		return value.Moment(n * 1e6)
	default:
		return value.Text(fmt.Sprintf("t%d", n))
	}
}

func maybe(t *rapid.T, v value.Value) value.Value {
	if rapid.IntRange(0, 3).Draw(t, "cleared") == 0 {
		return value.Null()
	}
	return v
}

func (w write) apply(stage *Stage, by *Writer) error {
	_, err := w.answer(stage, by)
	return err
}

func (w write) answer(stage *Stage, by *Writer) (run.Answer, error) {
	e := run.Effect{Kind: run.UpsertRecord, Noun: w.noun, Key: w.key, Instruction: "s1", Fields: append([]run.Field{}, w.fields...)}
	if IdentityKindOf(w.noun) != nil {
		e.Kind = run.UpsertIdentity
	}
	for _, field := range slices.Sorted(maps.Keys(w.refs)) {
		key, v := w.refs[field], value.Null()
		if key != "" {
			var err error
			if v, err = parse(stage, field, "@"+key); err != nil {
				return run.Answer{}, err
			}
		}
		e.Fields = append(e.Fields, run.Field{Name: field, Value: v})
	}
	return stage.Apply(by, &e)
}

func applyAll(stage *Stage, by *Writer, unit []write) error {
	for _, w := range unit {
		if err := w.apply(stage, by); err != nil {
			return err
		}
	}
	return nil
}

// TestAnyOrderGivesWhatAcceptanceOrderGives runs the same deliveries in order, and in any order cut into any groups.
func TestAnyOrderGivesWhatAcceptanceOrderGives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		units := make([][]write, rapid.IntRange(1, 5).Draw(rt, "deliveries"))
		order := make([]int, len(units))
		for i := range units {
			units[i], order[i] = drawUnit(rt), i
		}
		inOrder, shuffled := newStore(), newStore()
		for i, unit := range units {
			inOrder.group(t, int64(i), func(stage *Stage) error { return applyAll(stage, writer(int64(i+1), 0), unit) })
		}
		order = rapid.Permutation(order).Draw(rt, "order")
		for now := int64(0); len(order) > 0; now++ {
			n := rapid.IntRange(1, len(order)).Draw(rt, "group")
			group := order[:n]
			order = order[n:]
			shuffled.group(t, now, func(stage *Stage) error {
				for _, i := range group {
					if err := applyAll(stage, writer(int64(i+1), 0), units[i]); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if diff := cmp.Diff(inOrder.dump(t), shuffled.dump(t)); diff != "" {
			rt.Fatalf("another order gives something else (-in order +shuffled):\n%s", diff)
		}
	})
}

// TestUnitTakenBackLeavesNoTrace runs the same deliveries with and without units that are taken back among them.
func TestUnitTakenBackLeavesNoTrace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(rt, "deliveries")
		kept, lost, nested := make([][]write, n), make([][]write, n), make([]bool, n)
		for i := range kept {
			kept[i], lost[i] = drawUnit(rt), drawUnit(rt)
			nested[i] = rapid.Bool().Draw(rt, "nested")
		}
		plain, disturbed := newStore(), newStore()
		for i := range kept {
			by := writer(int64(i+1), 0)
			plain.group(t, int64(i), func(stage *Stage) error { return applyAll(stage, by, kept[i]) })
			disturbed.group(t, int64(i), func(stage *Stage) error {
				stage.Begin()
				if err := applyAll(stage, by, kept[i]); err != nil {
					return err
				}
				stage.Begin()
				if nested[i] {
					stage.Begin()
				}
				if err := applyAll(stage, writer(int64(i+10), 1), lost[i]); err != nil {
					return err
				}
				if nested[i] {
					stage.End(true)
				}
				stage.CreateTeam(by, "lost")
				stage.End(false)
				stage.End(true)
				return nil
			})
		}
		if diff := cmp.Diff(plain.dump(t)+plain.images(t), disturbed.dump(t)+disturbed.images(t)); diff != "" {
			rt.Fatalf("a unit taken back left something (-without +with):\n%s", diff)
		}
	})
}

// images lists the journal; identities have other numbers in another store, so they are left out.
func (s *store) images(t testing.TB) string {
	lines := ""
	for _, e := range s.journal {
		lines += fmt.Sprintf("%s %s %d fields\n", e.Noun, e.MadeBy, len(fieldsOf(t, e.Before)))
	}
	return lines
}

func fieldsOf(t testing.TB, image []byte) []value.Member {
	v, err := value.ParseJSON(image, value.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return v.Members()
}

// TestChangesGiveTheStage: what a database holds after the changes were applied is what the stage held.
func TestChangesGiveTheStage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := newStore()
		for i := range rapid.IntRange(1, 4).Draw(rt, "groups") {
			unit := drawUnit(rt)
			stage := s.group(t, int64(i), func(stage *Stage) error { return applyAll(stage, writer(int64(i+1), 0), unit) })
			for _, slot := range stage.rows.slots {
				stored := s.load(t, &Need{Keys: []Key{slot.key}}).Rows[slot.key]
				if diff := cmp.Diff(slot.now, stored, cmp.Comparer(value.Value.Equal), cmp.Comparer(sameKind), cmp.AllowUnexported()); diff != "" {
					rt.Fatalf("%v (-stage +stored):\n%s", slot.key, diff)
				}
			}
			for _, slot := range stage.identities.slots {
				stored := s.load(t, &Need{Keys: []Key{slot.key}}).Identities[slot.key]
				if diff := cmp.Diff(slot.now, stored, cmp.Comparer(sameIdentity)); diff != "" {
					rt.Fatalf("%v (-stage +stored):\n%s", slot.key, diff)
				}
			}
		}
	})
}

func sameKind(a, b *Kind) bool { return a == b }

// sameIdentity compares those that another one refers to by number: they are as they were when that one was read.
func sameIdentity(a, b *Identity) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, y := *a, *b
	sameRefs := idOf(x.Project) == idOf(y.Project) && idOf(x.Team) == idOf(y.Team)
	x.Project, y.Project, x.Team, y.Team = nil, nil, nil, nil
	marks := cmp.Equal(x.Marks, y.Marks)
	x.Marks, y.Marks = nil, nil
	return sameRefs && marks && cmp.Equal(x, y)
}

// TestNotingFindsWhatTheRunWants: a noting stage reaches every key of a unit that reads nothing back.
func TestNotingFindsWhatTheRunWants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		unit := drawUnit(rt)
		need := &Need{}
		if err := applyAll(NewNoting(need), writer(0, 0), unit); err != nil {
			rt.Fatal(err)
		}
		need.Normalize()
		s := newStore()
		stage := NewStage(1, s.newID, need, s.load(t, need))
		if err := applyAll(stage, writer(1, 0), unit); err != nil {
			rt.Fatal(err)
		}
		if err := stage.Missing(); err != nil {
			rt.Fatalf("it was not noted: %v", err)
		}
	})
}

// TestColumnsFitTheKinds: what every kind may hold at most, and that a field has one name and one column.
func TestColumnsFitTheKinds(t *testing.T) {
	t.Parallel()
	for _, k := range Kinds {
		if len(k.Fields) > maxFields {
			t.Errorf("%s has %d fields, more than %d", k.Noun, len(k.Fields), maxFields)
		}
		seen := map[string]bool{}
		for _, c := range k.Columns() {
			if seen[c.Name] {
				t.Errorf("%s has two columns %s", k.Plural, c.Name)
			}
			seen[c.Name] = true
		}
	}
}
