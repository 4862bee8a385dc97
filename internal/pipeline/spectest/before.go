package spectest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Keys of a thing in before that are no fields of it.
const (
	locked = "locked"
	linked = "linked"
)

// lockedBy is the delivery whose locks those of before are; none of the test's.
const lockedBy = 1

// builder makes what was there before by the same upserts that make it live. All of it has a mark older than those of
// the test's deliveries.
type builder struct {
	zone   *time.Location
	stage  *record.Stage
	writer record.Writer
	loaded *record.Loaded
}

// readBefore gives what a stage of the test can load.
func (w *world) readBefore(before value.Value) (*record.Loaded, error) {
	last := int64(0)
	b := &builder{
		zone:  w.zone,
		stage: record.NewStage(w.received, func() int64 { last++; return last }, &record.Need{}, &record.Loaded{}),
		writer: record.Writer{
			TenantID: tenantID, ProviderID: providerID, Mark: record.Mark{Number: lockedBy},
			Maker: record.Maker{Origin: record.FromProvider, OriginID: providerID, Delivery: lockedBy},
		},
		loaded: &record.Loaded{Rows: map[record.Key]*record.Row{}, Identities: map[record.Key]*record.Identity{}},
	}
	// What others refer to comes first.
	for _, noun := range []string{"project", "team", "segment", "proposition", "agent"} {
		kind := record.IdentityKindOf(noun)
		for i, one := range before.Get(kind.Plural).Items() {
			if err := b.identity(kind, one); err != nil {
				return nil, fmt.Errorf("before, %s %d: %w", kind.Plural, i+1, err)
			}
		}
	}
	for _, kind := range record.Kinds {
		for i, one := range before.Get(plural(kind)).Items() {
			if err := b.row(kind, one); err != nil {
				return nil, fmt.Errorf("before, %s %d: %w", plural(kind), i+1, err)
			}
		}
	}
	return b.loaded, nil
}

// plural is the key of a kind in a test.
func plural(kind *record.Kind) string { return strings.ReplaceAll(kind.Plural, "-", "_") }

func (b *builder) identity(kind *record.IdentityKind, given value.Value) error {
	effect := run.Effect{Kind: run.UpsertIdentity, Noun: kind.Noun, Key: keyText(given.Get("external_id"))}
	for _, m := range given.Members() {
		switch name, isRef := strings.CutSuffix(m.Key, "_external_identity"); {
		case m.Key == "external_id", m.Key == linked:
		case isRef:
			ref, err := b.ref(name, m.Value)
			if err != nil {
				return err
			}
			effect.Fields = append(effect.Fields, run.Field{Name: m.Key, Value: ref})
		default:
			v := m.Value
			if v.Kind() == value.KindNumber {
				v = value.Text(keyText(v))
			}
			effect.Fields = append(effect.Fields, run.Field{Name: m.Key, Value: v})
		}
	}
	answer, err := b.stage.Apply(&b.writer, &effect)
	if err != nil {
		return err
	}
	it := answer.Result.Entity().(*record.Identity) // what an upsert of an identity answers
	if given.Get(linked).Bool() {
		// Nobody has seen it yet, so it may still be changed.
		it.EntityID, it.EntityName = it.ID, it.Name
	}
	b.loaded.Identities[it.Key] = it
	return nil
}

// ref finds the identity that a field names by its external id. One that before does not list is there all the same.
func (b *builder) ref(noun string, named value.Value) (value.Value, error) {
	kind := record.IdentityKindOf(noun)
	if kind == nil {
		return value.Null(), fmt.Errorf("there are no identities of kind %q", noun)
	}
	if named.IsNull() || named.IsBlank() {
		return value.Null(), nil
	}
	key := record.Key{ProviderID: providerID, Noun: kind.KeyNoun, ExternalID: keyText(named)}
	if b.loaded.Identities[key] == nil {
		if err := b.identity(kind, value.Object([]value.Member{{Key: "external_id", Value: named}})); err != nil {
			return value.Null(), err
		}
	}
	return value.Ref(b.loaded.Identities[key]), nil
}

func (b *builder) row(kind *record.Kind, given value.Value) error {
	effect := run.Effect{Kind: run.UpsertRecord, Noun: kind.Noun, Key: keyText(given.Get("external_id"))}
	for _, m := range given.Members() {
		if m.Key == "external_id" || m.Key == locked {
			continue
		}
		v, err := b.field(kind, m)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Key, err)
		}
		effect.Fields = append(effect.Fields, run.Field{Name: m.Key, Value: v})
	}
	for _, f := range kind.Fields {
		if v := given.Get(f.Name); f.Required && (v.IsNull() || v.IsBlank()) {
			return fmt.Errorf("it has no %s, and there is no %s without one", f.Name, kind.Noun)
		}
	}
	answer, err := b.stage.Apply(&b.writer, &effect)
	if err != nil {
		return err
	}
	row := answer.Result.Entity().(*record.Row) // what an upsert of a record answers
	for _, name := range given.Get(locked).Items() {
		if row.Locks == nil {
			row.Locks = map[int]int64{}
		}
		if !lock(row, name.Text()) {
			return fmt.Errorf("locked: there is no field %s", name)
		}
	}
	b.loaded.Rows[row.Key] = row
	return nil
}

// lock locks a field, or all fields of a group.
func lock(row *record.Row, name string) (found bool) {
	for i, f := range row.Kind.Fields {
		if f.Name == name || strings.HasPrefix(f.Name, name+".") {
			row.Locks[i] = lockedBy
			found = true
		}
	}
	return found
}

// field reads the value of a field as it is written in a test.
func (b *builder) field(kind *record.Kind, m value.Member) (value.Value, error) {
	i := kind.Place(m.Key)
	if i < 0 { // a group
		return m.Value, nil
	}
	switch f := kind.Fields[i]; f.Type {
	case record.IdentityField:
		return b.ref(f.Noun, m.Value)
	case record.MomentField:
		v, ok := library.ReadMoment(m.Value.Text(), b.zone)
		if !ok || v.IsNull() != (m.Value.IsNull() || m.Value.IsBlank()) {
			return v, errors.New(m.Value.String() + " is no datetime")
		}
		return v, nil
	}
	return m.Value, nil
}

// keyText is a key as it is kept: ids come as text and as numbers.
func keyText(v value.Value) string {
	if v.Kind() == value.KindNumber {
		return v.Decimal().String()
	}
	return strings.TrimSpace(v.Text())
}

// loaded is what a stage is made over.
func (w *world) loaded(need *record.Need) *record.Loaded {
	loaded := &record.Loaded{Rows: w.before.Rows, Identities: w.before.Identities, Contacts: map[record.ContactKey][]*record.Row{}}
	for _, contact := range need.Contacts {
		for _, row := range w.before.Rows {
			if row.Kind.When != "" && row.ContactKey() == contact {
				loaded.Contacts[contact] = append(loaded.Contacts[contact], row)
			}
		}
	}
	return loaded
}
