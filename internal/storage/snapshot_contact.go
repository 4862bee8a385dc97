package storage

import (
	"database/sql"
	"fmt"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// loadContacts gives the records of contacts, at most one more of each than follow-up works on.
func (s Snapshot) loadContacts(need *record.Need, l *record.Loaded, identities *identityReader) error {
	if len(need.Contacts) > 0 {
		l.Contacts = make(map[record.ContactKey][]*record.Row, len(need.Contacts))
	}
	for _, key := range need.Contacts {
		kind := record.KindOf(key.Noun)
		columns := kind.Columns()
		var found [][]record.Cell
		err := s.tx.Each(func(rows *sql.Rows) error {
			cells, err := scanCells(columns, rows.Scan)
			found = append(found, cells)
			return err
		}, fmt.Sprintf("SELECT %s FROM %s WHERE provider_id = ? AND contact_key = ? LIMIT %d", strings.Join(Names(columns), ", "), Table(kind), record.MostOfContact+1),
			key.ProviderID, key.Contact)
		if err != nil {
			return err
		}
		for _, cells := range found {
			row, err := record.ScanRow(kind, cells, identities.get)
			if err != nil {
				return err
			}
			l.Contacts[key] = append(l.Contacts[key], row)
		}
	}
	return nil
}
