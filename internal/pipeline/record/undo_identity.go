package record

import (
	"errors"
	"slices"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// identities: agents' go first, since they refer to teams and projects, and come back last.
func (x *undoing) identities() error {
	order := func(noun string) int {
		switch noun {
		case AgentIdentity:
			return 0
		case ProjectIdentity:
			return 2
		default:
			return 1
		}
	}
	for place := 2; place >= 0; place-- {
		for t, touched := range x.removedThings() {
			if (Key{Noun: t.Noun}).IsIdentity() && order(t.Noun) == place {
				if err := x.makeIdentityAgain(touched); err != nil {
					return err
				}
			}
		}
	}
	for _, key := range slices.SortedStableFunc(slices.Values(x.identityKeys), func(a, b Key) int { return order(a.Noun) - order(b.Noun) }) {
		i := x.Identity(key)
		if i == nil {
			continue
		}
		d := Undone{Touched: Touched{Thing: Thing{key.Noun, i.ID}, Key: key}, Name: i.Name}
		made := x.Of.Undo == 0 && x.made(i.MadeBy)
		if !made || !x.removeIdentity(i, &d) {
			x.setIdentityBack(i, made, &d)
		}
		x.note(d)
	}
	return nil
}

// The fields of an identity that have no marks.
const (
	entityField  = "entity_id"
	ignoredField = "ignored"
)

func (x *undoing) identityNow(i *Identity, field int, made bool) held {
	return held{marked: true, mark: x.same(i.MarkOf(field)), created: made, wrote: x.Wrote, same: x.same}
}

// removeIdentity removes an identity that the subject made, nobody changed since and nothing refers to.
func (x *undoing) removeIdentity(i *Identity, d *Undone) bool {
	happened := x.stories[d.Thing]
	for n, name := range IdentityFields {
		if !untouched(happened[name], x.Of, x.identityNow(i, n, true), i.isEmpty(n)) {
			return false
		}
	}
	for _, name := range []string{entityField, ignoredField} {
		if !untouched(happened[name], x.Of, held{}, false) {
			return false
		}
	}
	if x.references(d.Thing) > 0 {
		d.Left = append(d.Left, LeftField{"", inUse})
		return false
	}
	x.enter(d.Thing, removal(IdentityColumns, i.Cells(nil)))
	x.Stage.identities.set(x.identityPlace(i.Key), nil)
	d.Outcome = Removed
	return true
}

func (x *undoing) setIdentityBack(i *Identity, made bool, d *Undone) {
	happened := x.stories[d.Thing]
	next := *i
	var marks [identityFields]Mark
	var image before
	var same []remarked
	for n, name := range IdentityFields {
		marks[n] = i.MarkOf(n)
		v, former, since := judge(happened[name], x.Of, x.identityNow(i, n, made))
		if v == nothing {
			continue
		}
		if v == setSince {
			d.Left = append(d.Left, LeftField{name, by(since)})
			continue
		}
		to, mark, err := x.former(&Field{Type: TextField}, former)
		if former != nil && former.Same {
			to, mark, err = i.Field(name), former.Mark, nil
		}
		if n == nameField && former == nil {
			to = value.Text(i.Key.ExternalID)
		}
		if err == nil {
			err = next.put(n, to)
		}
		if err != nil {
			d.Left = append(d.Left, LeftField{name, err.Error()})
			continue
		}
		if to.Equal(i.Field(name)) {
			same = append(same, remarked{n, marks[n], mark})
			marks[n] = mark
			continue
		}
		image.undone(name, i.Field(name), marks[n], mark)
		d.Fields = append(d.Fields, Restored{name, i.Field(name), to})
		marks[n] = mark
	}
	x.setLinkBack(i, &next, happened, &image, d)
	for _, f := range same {
		image.sameUndone(IdentityFields[f.place], f.from, f.to)
	}
	if len(same) > 0 {
		d.Outcome = SetBack
	}
	if b := image.done(); b != nil {
		next.Mark, next.Marks = packMarks(marks[:], next.isEmpty)
		next.UpdatedAt = x.now
		x.enter(d.Thing, b)
		x.Stage.identities.set(x.identityPlace(i.Key), &next)
	}
}

// setLinkBack gives an identity back what it was linked to.
func (x *undoing) setLinkBack(i, next *Identity, happened story, image *before, d *Undone) {
	v, former, since := judge(happened[entityField], x.Of, held{})
	switch v {
	case nothing:
		return
	case setSince:
		d.Left = append(d.Left, LeftField{entityField, by(since)})
		return
	case takeBack:
	}
	entity, _ := former.Value.Decimal().Int64()
	name, there := x.entityName(i.Noun(), entity)
	if !there {
		d.Left = append(d.Left, LeftField{entityField, goneSince})
		return
	}
	image.number(entityField, i.EntityID)
	next.EntityID, next.EntityName = entity, name
	prefix := i.Kind().EntityPrefix
	d.Fields = append(d.Fields, Restored{entityField, entityText(prefix, i.Noun(), i.EntityID), entityText(prefix, i.Noun(), entity)})
}

// entityName finds what an identity was linked to. Only agents and teams are linked by what can be undone.
func (x *undoing) entityName(noun string, n int64) (name string, there bool) {
	if n == 0 {
		return "", true
	}
	if noun == "agent" {
		if a := x.Agent(n); a != nil {
			return a.Name, true
		}
	} else if t := x.Team(n); t != nil {
		return t.Name, true
	}
	return "", false
}

func (x *undoing) makeIdentityAgain(t Touched) error {
	d := Undone{Touched: t}
	if x.Identity(t.Key) != nil {
		d.Left = []LeftField{{"", takenByNow}}
		x.note(d)
		return nil
	}
	cells, err := removed(IdentityColumns, x.wasRemoved(t.Thing))
	if err != nil {
		return err
	}
	i, err := ScanIdentity(cells, "", x.mustIdentity)
	switch {
	case errors.Is(err, errGone):
		d.Left = []LeftField{{"", goneSince}}
	case err != nil:
		return err
	default:
		name, there := x.entityName(i.Noun(), i.EntityID)
		if !there {
			i.EntityID = 0
			d.Left = []LeftField{{entityField, goneSince}}
		}
		i.EntityName, i.UpdatedAt = name, x.now
		x.enter(t.Thing, []byte(Creation))
		x.Stage.identities.set(x.identityPlace(t.Key), i)
		d.Name, d.Outcome = i.Name, MadeNew
	}
	x.note(d)
	return nil
}
