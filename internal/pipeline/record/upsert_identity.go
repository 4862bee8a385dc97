package record

import (
	"fmt"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// upsertIdentity creates or updates an identity. A name that is left out, null or blank is the external id at first
// and afterwards keeps the name there is. Linking is never touched.
func (s *Stage) upsertIdentity(w *Writer, e *run.Effect) (run.Answer, error) {
	kind := IdentityKindOf(e.Noun)
	if kind == nil {
		return run.Answer{}, fmt.Errorf("there is no identity kind %q", e.Noun)
	}
	place := s.identityPlace(Key{ProviderID: w.ProviderID, Noun: kind.KeyNoun, ExternalID: e.Key})
	was := s.identities.now(place)
	answer, err := s.upsertIdentityAt(w, e, place, kind, was)
	if err == nil {
		s.did(upsert{place: place, wasIdentity: was, becomes: s.identities.now(place)})
	}
	return answer, err
}

func (s *Stage) upsertIdentityAt(w *Writer, e *run.Effect, place int, kind *IdentityKind, was *Identity) (run.Answer, error) {
	answer := run.Answer{Outcome: run.Found}
	var next Identity
	if was == nil {
		answer.Outcome = run.Created
		next = Identity{Key: s.identities.slots[place].key, TenantID: w.TenantID, Name: e.Key, CreatedAt: s.now, UpdatedAt: s.now}
	} else {
		next = *was
	}
	var marks [identityFields]Mark
	for i := range marks {
		marks[i] = next.MarkOf(i)
	}
	var journal before
	var same [identityFields]int // fields that are set to what they hold already; their number is moved
	var froms [identityFields]Mark
	moved := 0
	for _, f := range e.Fields {
		i := placeOfIdentityField(f.Name)
		if i < 0 || !kind.Person && (i == emailField || i == identityTeamField) {
			return run.Answer{}, fmt.Errorf("%s identity has no field %q", kind.Noun, f.Name)
		}
		if i == nameField && f.Value.IsBlank() {
			continue
		}
		if w.Mark.Before(marks[i]) {
			answer.Stale = append(answer.Stale, f.Name)
			continue
		}
		held := next.Field(f.Name)
		if err := next.put(i, f.Value); err != nil {
			return run.Answer{}, fmt.Errorf("%s identity: %w", kind.Noun, err)
		}
		if was != nil && !held.Equal(next.Field(f.Name)) {
			answer.Before = append(answer.Before, run.Field{Name: f.Name, Value: held})
			journal.field(f.Name, held, marks[i])
		} else if marks[i] != w.Mark {
			same[moved], froms[moved] = i, marks[i]
			moved++
		}
		marks[i] = w.Mark
	}
	switch {
	case was == nil:
		next.ID = s.newID()
		next.MadeBy = w.madeBy(e.Instruction)
	case answer.Before != nil:
		answer.Outcome = run.Updated
		next.UpdatedAt = s.now
		for n, place := range same[:moved] {
			journal.same(IdentityFields[place], froms[n])
		}
		s.enter(w, e.Instruction, kind.KeyNoun, was.ID, was.TenantID, journal.done())
	case moved == 0:
		answer.Result = value.Ref(was)
		return answer, nil
	}
	next.Mark, next.Marks = packMarks(marks[:], next.isEmpty)
	s.identities.set(place, &next)
	answer.Result = value.Ref(&next)
	return answer, nil
}

// put sets a field by its place, in an identity nobody else has seen yet.
func (i *Identity) put(field int, v value.Value) error {
	switch field {
	case nameField:
		if v.Kind() == value.KindNumber {
			v = value.Text(v.Decimal().String())
		}
		i.Name = v.Text()
		return nil
	case emailField:
		i.Email = v.Text()
		return nil
	}
	noun, slot := "project", &i.Project
	if field == identityTeamField {
		noun, slot = "team", &i.Team
	}
	if v.IsNull() {
		*slot = nil
		return nil
	}
	to, ok := v.Entity().(*Identity)
	if !ok || to.Noun() != noun {
		return fmt.Errorf("%s cannot hold %s", IdentityFields[field], v.Kind())
	}
	*slot = to
	return nil
}
