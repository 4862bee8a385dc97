package sqlite

import (
	"fmt"

	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// findContact reads all records of a kind that have a contact key, at most one more than follow-up works on.
func (g *group) findContact(key record.ContactKey) error {
	kind := record.KindOf(key.Noun)
	if kind == nil || kind.When == "" {
		return fmt.Errorf("contact follow-up knows no kind of record %q", key.Noun)
	}
	t := g.kinds[kind]
	a := arguments{stmt: t.findContact}
	a.int(key.ProviderID)
	a.text(key.Contact)
	if a.err != nil {
		return a.err
	}
	var found [][]record.Cell
	for a.stmt.Step() {
		found = append(found, readCells(a.stmt, t.columns, make([]record.Cell, 0, len(t.columns))))
	}
	if err := a.stmt.Reset(); err != nil { // of Step, too
		return err
	}
	rows := make([]*record.Row, len(found))
	for i, cells := range found {
		var err error
		if rows[i], err = record.ScanRow(kind, cells, g.identityByID); err != nil {
			return err
		}
	}
	if g.loaded.Contacts == nil {
		g.loaded.Contacts = map[record.ContactKey][]*record.Row{}
	}
	g.loaded.Contacts[key] = rows
	return nil
}
