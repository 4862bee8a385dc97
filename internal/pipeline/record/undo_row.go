package record

import (
	"errors"
	"maps"
	"slices"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// lockPrefix stands before the field in the before-image of a lock: who had locked it, 0 for nobody.
const lockPrefix = "lock "

var errGone = errors.New(goneSince)

func (x *undoing) rows() error {
	for _, key := range x.rowKeys {
		row := x.Row(key)
		if row == nil {
			continue
		}
		if x.removeRow(row) {
			continue
		}
		x.setRowBack(row)
	}
	for t, touched := range x.removedThings() {
		if kind := KindOf(t.Noun); kind != nil {
			if err := x.makeRowAgain(kind, touched); err != nil {
				return err
			}
		}
	}
	return nil
}

// removedThings gives what the undo to be taken back had removed, in order.
func (x *undoing) removedThings() func(yield func(Thing, Touched) bool) {
	return func(yield func(Thing, Touched) bool) {
		for _, t := range slices.SortedFunc(maps.Keys(x.gone), Thing.compare) {
			if x.wasRemoved(t) != nil && !yield(t, x.gone[t]) {
				return
			}
		}
	}
}

func (x *undoing) rowNow(row *Row, field int, made bool) held {
	return held{marked: true, mark: x.same(row.MarkOf(field)), created: made, wrote: x.Wrote, same: x.same}
}

// removeRow removes a record that the subject made and nobody changed since.
func (x *undoing) removeRow(row *Row) bool {
	if x.Of.Undo != 0 || !x.made(row.MadeBy) {
		return false
	}
	t := Thing{row.Key.Noun, row.ID}
	happened := x.stories[t]
	for i, f := range row.Kind.Fields {
		if !untouched(happened[f.Name], x.Of, x.rowNow(row, i, true), isEmpty(row.Values[i])) {
			return false
		}
	}
	if !x.onlyMine(happened) {
		return false
	}
	x.enter(t, removal(row.Kind.Columns(), row.Cells(nil)))
	x.Stage.rows.set(x.rowPlace(row.Key), nil)
	x.note(Undone{Touched: Touched{Thing: t, Key: row.Key}, Outcome: Removed})
	return true
}

// remarked is a field that holds what it held before, and gets its former mark.
type remarked struct {
	place    int
	from, to Mark
}

func (x *undoing) setRowBack(row *Row) {
	t := Thing{row.Key.Noun, row.ID}
	happened, made := x.stories[t], x.Of.Undo == 0 && x.made(row.MadeBy)
	d := Undone{Touched: Touched{Thing: t, Key: row.Key}}
	next := *row
	next.Values, next.Locks = slices.Clone(row.Values), maps.Clone(row.Locks)
	marks := make([]Mark, len(row.Kind.Fields))
	var image before
	var same []remarked
	for i := range row.Kind.Fields {
		f := &row.Kind.Fields[i]
		marks[i] = row.MarkOf(i)
		v, former, since := judge(happened[f.Name], x.Of, x.rowNow(row, i, made))
		if v == nothing {
			continue
		}
		if v == setSince {
			d.Left = append(d.Left, LeftField{f.Name, by(since)})
			continue
		}
		to, mark, err := x.former(f, former)
		if former != nil && former.Same {
			to, mark, err = row.Values[i], former.Mark, nil
		}
		if err == nil && f.Required && to.IsNull() {
			err = errors.New(neverEmpty)
		}
		if err != nil {
			d.Left = append(d.Left, LeftField{f.Name, err.Error()})
			continue
		}
		if to.Equal(row.Values[i]) {
			same = append(same, remarked{i, marks[i], mark})
			marks[i] = mark
			continue
		}
		image.undone(f.Name, row.Values[i], marks[i], mark)
		d.Fields = append(d.Fields, Restored{f.Name, row.Values[i], to})
		next.Values[i], marks[i] = to, mark
	}
	if len(d.Fields) > 0 {
		if err := row.Kind.check(next.Values); err != nil {
			for _, f := range d.Fields {
				d.Left = append(d.Left, LeftField{f.Name, "Together with what was set since: " + err.Error()})
			}
			d.Fields, image = nil, before{}
			next.Values = slices.Clone(row.Values)
			for i := range marks {
				marks[i] = row.MarkOf(i)
			}
			for _, f := range same {
				marks[f.place] = f.to
			}
		}
	}
	d.Unlocked = x.setLocksBack(&next, happened, &image)
	for _, f := range same {
		image.sameUndone(row.Kind.Fields[f.place].Name, f.from, f.to)
	}
	if len(same) > 0 {
		d.Outcome = SetBack
	}
	if b := image.done(); b != nil {
		next.Mark, next.Marks = packMarks(marks, func(i int) bool { return isEmpty(next.Values[i]) })
		next.UpdatedAt = x.now
		x.enter(t, b)
		x.setRow(x.rowPlace(row.Key), &next)
	}
	x.note(d)
}

// former is what a field held before; nil is what it held before the record was made: nothing.
func (x *undoing) former(f *Field, was *Was) (value.Value, Mark, error) {
	switch {
	case was == nil && f.Type == BoolField:
		return value.Bool(false), Mark{}, nil
	case was == nil:
		return value.Null(), Mark{}, nil
	case was.Identity == 0:
		return was.Value, was.Mark, nil
	}
	i := x.identity(was.Identity)
	if i == nil {
		return value.Null(), Mark{}, errGone
	}
	return value.Ref(i), was.Mark, nil
}

// setLocksBack takes back the subject's locks, or gives back those that its undo took.
func (x *undoing) setLocksBack(row *Row, happened story, image *before) (unlocked []string) {
	for i := range row.Kind.Fields {
		name := row.Kind.Fields[i].Name
		v, former, _ := judge(happened[lockPrefix+name], x.Of, held{})
		if v != takeBack {
			continue
		}
		image.number(lockPrefix+name, row.Locks[i])
		if locker, _ := former.Value.Decimal().Int64(); locker != 0 {
			if row.Locks == nil {
				row.Locks = map[int]int64{}
			}
			row.Locks[i] = locker
		} else {
			delete(row.Locks, i)
			unlocked = append(unlocked, name)
		}
	}
	return unlocked
}

func (x *undoing) makeRowAgain(kind *Kind, t Touched) error {
	d := Undone{Touched: t}
	if x.Row(t.Key) != nil {
		d.Left = []LeftField{{"", takenByNow}}
		x.note(d)
		return nil
	}
	cells, err := removed(kind.Columns(), x.wasRemoved(t.Thing))
	if err != nil {
		return err
	}
	row, err := ScanRow(kind, cells, x.mustIdentity)
	switch {
	case errors.Is(err, errGone):
		d.Left = []LeftField{{"", goneSince}}
	case err != nil:
		return err
	default:
		row.UpdatedAt = x.now
		x.enter(t.Thing, []byte(Creation))
		x.setRow(x.rowPlace(t.Key), row)
		d.Outcome = MadeNew
	}
	x.note(d)
	return nil
}

func (x *undoing) mustIdentity(n int64) (*Identity, error) {
	if i := x.identity(n); i != nil {
		return i, nil
	}
	return nil, errGone
}
