package spectest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// compareEnd compares how the last run ended.
func compareEnd(r *Result, expect value.Value, e *pipeline.Execution, t *trace.Tree) {
	want := cmp.Or(expect.Get("outcome").Text(), string(run.Succeeded))
	r.Sides = append(r.Sides, Side{Field: "outcome", Want: new(value.Text(want)), Got: new(value.Text(string(e.Status))), Same: want == string(e.Status)})
	if want != string(e.Status) {
		why := ""
		if len(e.Errors) > 0 {
			why = because(e.Errors)
		}
		r.differ("outcome is %s; want %s%s", e.Status, want, why)
	}
	if want := expect.Get("error"); want.Kind() == value.KindObject {
		same := slices.ContainsFunc(e.Errors, func(err *run.DataError) bool {
			return (!want.Has("code") || want.Get("code").Text() == err.Code) &&
				(!want.Has("instruction") || want.Get("instruction").Text() == err.Instruction)
		})
		if !same {
			r.differ("error is not %s%s", want, because(e.Errors))
		}
		for _, m := range want.Members() {
			side := Side{Field: "error." + m.Key, Want: &m.Value, Same: same}
			if same {
				side.Got = &m.Value
			} else if len(e.Errors) > 0 {
				side.Got = new(firstError(e.Errors[0], m.Key))
				side.Same = side.Got.Equal(m.Value)
			}
			r.Sides = append(r.Sides, side)
		}
	}
	if want := expect.Get("failed_items"); want.Kind() == value.KindNumber {
		got := value.Int(int64(failedItems(t.Steps)))
		r.Sides = append(r.Sides, Side{Field: "failed_items", Want: &want, Got: &got, Same: got.Equal(want)})
		if !got.Equal(want) {
			r.differ("failed_items is %s; want %s%s", got, want, because(e.Errors))
		}
	}
}

// firstError is what a test may expect of an error.
func firstError(e *run.DataError, key string) value.Value {
	if key == "instruction" {
		return value.Text(e.Instruction)
	}
	return value.Text(e.Code)
}

// because tells the first error, and how many more there are.
func because(errs []*run.DataError) string {
	if len(errs) == 0 {
		return "; there was no error"
	}
	more := ""
	if len(errs) > 1 {
		more = ", and others"
	}
	return ": " + errs[0].Code + " at " + errs[0].Instruction + more + ": " + errs[0].Message
}

func failedItems(steps []*trace.Step) (n int) {
	for _, s := range steps {
		for _, b := range s.Branches {
			n += failedItems(b.Steps)
		}
		for _, item := range s.Items {
			if item.Status == run.Failed {
				n++
			}
			n += failedItems(item.Steps)
		}
	}
	return n
}

// wrote are the keys of all that stands of what the runs wrote, confirmed or, by contact follow-up, changed.
func wrote(units []*execute.Program) []record.Key {
	var keys []record.Key
	for _, u := range units {
		for _, w := range u.Outcome().Wrote {
			key := record.Key{ProviderID: providerID, Noun: w.Noun, ExternalID: w.ExternalID}
			if w.Identity {
				key.Noun += record.IdentitySuffix
			}
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// compareRecords compares each kind that the test names: exactly these, and of each the named fields.
func (w *world) compareRecords(r *Result, expect value.Value, stage *record.Stage, written []record.Key) {
	for _, kind := range record.Kinds {
		if expect.Has(plural(kind)) {
			names := make([]string, len(kind.Fields))
			for i := range kind.Fields {
				names[i] = kind.Fields[i].Name
			}
			w.compareKind(r, expect.Get(plural(kind)).Items(), kind.Noun, names, ofNoun(written, kind.Noun), func(key record.Key) value.Entity { return stage.Row(key) })
		}
	}
	for _, kind := range record.IdentityKinds {
		if expect.Has(kind.Plural) {
			w.compareKind(r, expect.Get(kind.Plural).Items(), kind.Noun, record.IdentityFields, ofNoun(written, kind.KeyNoun), func(key record.Key) value.Entity { return stage.Identity(key) })
		}
	}
}

func ofNoun(keys []record.Key, noun string) (those []record.Key) {
	for _, k := range keys {
		if k.Noun == noun {
			those = append(those, k)
		}
	}
	return those
}

// compareKind compares the things of a kind, which has the fields of these names.
func (w *world) compareKind(r *Result, wanted []value.Value, noun string, names []string, written []record.Key, find func(record.Key) value.Entity) {
	words := strings.ReplaceAll(noun, "_", " ")
	found := map[record.Key]bool{}
	for _, want := range wanted {
		id := keyText(want.Get("external_id"))
		i := slices.IndexFunc(written, func(k record.Key) bool { return k.ExternalID == id })
		switch {
		case i < 0:
			r.differ("%s %q was not written", words, id)
			for _, m := range want.Members() {
				r.Sides = append(r.Sides, Side{Noun: noun, ExternalID: id, Field: m.Key, Want: &m.Value})
			}
		case found[written[i]]:
			r.differ("%s %q is expected twice", words, id)
		default:
			found[written[i]] = true
			what := named{words + " " + value.Text(id).String(), noun, id}
			w.compareFields(r, what, "", want, find(written[i]).Field)
		}
	}
	for _, key := range written {
		if !found[key] {
			r.differ("%s %q was written, and is not expected", words, key.ExternalID)
			r.Sides = append(r.Sides, Side{Noun: noun, ExternalID: key.ExternalID, Field: "external_id", Got: new(value.Text(key.ExternalID))})
			for _, name := range names {
				if got := plain(find(key).Field(name)); !got.IsNull() {
					r.Sides = append(r.Sides, Side{Noun: noun, ExternalID: key.ExternalID, Field: name, Got: &got})
				}
			}
		}
	}
}

// named is a thing in words, and as it is looked up.
type named struct{ words, noun, id string }

// compareFields compares the named fields, those of a group one by one.
func (w *world) compareFields(r *Result, what named, group string, want value.Value, field func(string) value.Value) {
	for _, m := range want.Members() {
		got := field(m.Key)
		if got.Kind() == value.KindObject && m.Value.Kind() == value.KindObject {
			w.compareFields(r, what, m.Key+".", m.Value, got.Get)
			continue
		}
		got, wanted := plain(got), w.expected(got, m.Value)
		r.Sides = append(r.Sides, Side{Noun: what.noun, ExternalID: what.id, Field: group + m.Key, Want: &wanted, Got: &got, Same: same(got, wanted)})
		if !same(got, wanted) {
			r.differ("%s: %s%s is %s; want %s", what.words, group, m.Key, got, wanted)
			r.fields = append(r.fields, fieldDifference{what.noun, what.id, group + m.Key})
		}
	}
}

// plain is a value as a test writes it: an identity is its external id.
func plain(v value.Value) value.Value {
	if it := v.Entity(); it != nil {
		return value.Text(it.ExternalID())
	}
	return v
}

// expected reads what a test writes for a field that holds got.
func (w *world) expected(got, written value.Value) value.Value {
	switch {
	case got.Kind() == value.KindMoment && written.Kind() == value.KindText:
		if moment, ok := library.ReadMoment(written.Text(), w.zone); ok {
			return moment
		}
	case got.Kind() == value.KindRef && written.Kind() == value.KindNumber:
		return value.Text(keyText(written))
	}
	return written
}

// same compares a field with what is expected of it: null is empty, and an empty boolean is false.
func same(got, want value.Value) bool {
	if want.IsNull() {
		return got.IsNull() || got.Kind() == value.KindBool && !got.Bool()
	}
	return got.Equal(want)
}
