package storage

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// snapshotReader reads rows and identities some at a time, and makes them when all identities they refer to are there.
type snapshotReader struct {
	Snapshot
	rows     []storedRow
	contacts []storedRow // found by their contact key
	stored   map[int64]storedIdentity
	built    map[int64]*record.Identity
}

type storedRow struct {
	kind  *record.Kind
	cells []record.Cell
}

type storedIdentity struct {
	cells  []record.Cell
	entity string
}

// byKey reads what the keys name, which are sorted: those of one noun and provider stand together.
func (r *snapshotReader) byKey(keys []record.Key) error {
	for len(keys) > 0 {
		of := keys[0]
		n := slices.IndexFunc(keys, func(k record.Key) bool { return k.Noun != of.Noun || k.ProviderID != of.ProviderID })
		if n < 0 {
			n = len(keys)
		}
		for part := range slices.Chunk(keys[:n], some) {
			args := []any{of.ProviderID}
			if of.IsIdentity() {
				args = append(args, strings.TrimSuffix(of.Noun, record.IdentitySuffix))
			}
			for _, k := range part {
				args = append(args, k.ExternalID)
			}
			in, args := padded(args, len(part))
			var err error
			if of.IsIdentity() {
				err = r.identities("provider_id = ? AND kind = ? AND external_id IN "+in, args...)
			} else {
				err = r.read(record.KindOf(of.Noun), &r.rows, "provider_id = ? AND external_id IN "+in, args...)
			}
			if err != nil {
				return err
			}
		}
		keys = keys[n:]
	}
	return nil
}

// padded gives the list for the last n arguments, and the arguments with the last of them again as often as it takes to
// make a power of two: so there are few statements, and an engine that keeps plans keeps them.
func padded(args []any, n int) (list string, more []any) {
	size := 1
	for size < n {
		size *= 2
	}
	for range size - n {
		args = append(args, args[len(args)-1])
	}
	return marks(size), args
}

// read adds the rows of a kind for which the condition holds.
func (r *snapshotReader) read(kind *record.Kind, to *[]storedRow, where string, args ...any) error {
	columns := kind.Columns()
	return r.tx.Each(func(rows *sql.Rows) error {
		cells, err := scanCells(columns, rows.Scan)
		*to = append(*to, storedRow{kind, cells})
		return err
	}, "SELECT "+strings.Join(Names(columns), ", ")+" FROM "+Table(kind)+" WHERE "+where, args...)
}

// ofContacts reads the records of contacts, at most one more of each than follow-up works on.
func (r *snapshotReader) ofContacts(keys []record.ContactKey) error {
	for len(keys) > 0 {
		of := keys[0]
		n := slices.IndexFunc(keys, func(k record.ContactKey) bool { return k.Noun != of.Noun || k.ProviderID != of.ProviderID })
		if n < 0 {
			n = len(keys)
		}
		for part := range slices.Chunk(keys[:n], some) {
			if err := r.ofSome(record.KindOf(of.Noun), part); err != nil {
				return err
			}
		}
		keys = keys[n:]
	}
	return nil
}

// ofSome reads the records of some contacts of one provider: together, unless one of them may have too many.
func (r *snapshotReader) ofSome(kind *record.Kind, keys []record.ContactKey) error {
	args := []any{keys[0].ProviderID}
	for _, k := range keys {
		args = append(args, k.Contact)
	}
	in, args := padded(args, len(keys))
	before := len(r.contacts)
	most := record.MostOfContact + 1
	err := r.read(kind, &r.contacts, fmt.Sprintf("provider_id = ? AND contact_key IN %s LIMIT %d", in, most), args...)
	if err != nil || len(keys) == 1 || len(r.contacts)-before < most {
		return err
	}
	r.contacts = r.contacts[:before]
	for i := range keys {
		if err := r.ofSome(kind, keys[i:i+1]); err != nil {
			return err
		}
	}
	return nil
}

// identities adds those for which the condition holds.
func (r *snapshotReader) identities(where string, args ...any) error {
	return r.tx.Each(func(rows *sql.Rows) error {
		var entity sql.NullString
		cells, err := scanCells(record.IdentityColumns, func(dest ...any) error { return rows.Scan(append(dest, &entity)...) })
		if err == nil {
			r.stored[cells[0].Int] = storedIdentity{cells, entity.String}
		}
		return err
	}, "SELECT "+strings.Join(Names(record.IdentityColumns), ", ")+", "+EntityName+" FROM identities WHERE "+where, args...)
}

// finish reads what is referred to and makes everything.
func (r *snapshotReader) finish(need *record.Need, l *record.Loaded) error {
	for missing := r.missing(); len(missing) > 0; missing = r.missing() {
		for part := range slices.Chunk(missing, some) {
			in, args := In(part)
			if err := r.identities("id IN "+in, args...); err != nil {
				return err
			}
		}
		if _, ok := r.stored[missing[0]]; !ok {
			return fmt.Errorf("identity %d is not there", missing[0])
		}
	}
	wanted := make(map[record.Key]bool, len(need.Keys))
	for _, k := range need.Keys {
		wanted[k] = true
	}
	for id := range r.stored {
		i, err := r.get(id)
		if err != nil {
			return err
		}
		if wanted[i.Key] {
			l.Identities[i.Key] = i
		}
	}
	for _, s := range r.rows {
		row, err := record.ScanRow(s.kind, s.cells, r.get)
		if err != nil {
			return err
		}
		l.Rows[row.Key] = row
	}
	if len(need.Contacts) > 0 {
		l.Contacts = make(map[record.ContactKey][]*record.Row, len(need.Contacts))
	}
	for _, s := range r.contacts {
		row, err := record.ScanRow(s.kind, s.cells, r.get)
		if err != nil {
			return err
		}
		l.Contacts[row.ContactKey()] = append(l.Contacts[row.ContactKey()], row)
	}
	return nil
}

// missing gives the numbers of identities that are referred to and not read yet, sorted.
func (r *snapshotReader) missing() []int64 {
	var ids []int64
	add := func(of []record.Column, cells []record.Cell) {
		for i, c := range of {
			if !strings.HasSuffix(c.Name, "_identity_id") || cells[i].Kind == record.NullCell {
				continue
			}
			if _, ok := r.stored[cells[i].Int]; !ok {
				ids = append(ids, cells[i].Int)
			}
		}
	}
	for _, s := range r.stored {
		add(record.IdentityColumns, s.cells)
	}
	columns := map[*record.Kind][]record.Column{}
	for _, list := range [][]storedRow{r.rows, r.contacts} {
		for _, s := range list {
			if columns[s.kind] == nil {
				columns[s.kind] = s.kind.Columns()
			}
			add(columns[s.kind], s.cells)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (r *snapshotReader) get(id int64) (*record.Identity, error) {
	if i := r.built[id]; i != nil {
		return i, nil
	}
	s, ok := r.stored[id]
	if !ok {
		return nil, fmt.Errorf("identity %d is not there", id)
	}
	i, err := record.ScanIdentity(s.cells, s.entity, r.get)
	if err == nil {
		r.built[id] = i
	}
	return i, err
}
