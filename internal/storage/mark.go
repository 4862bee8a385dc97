package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/types"
)

// markedSource is a source as its door needs it.
type markedSource struct {
	id, tenantID int64
	model        string
	marks        types.Marks
}

const markedSourceColumns = "sources.id, sources.tenant_id, source_model, marks"

func (m *markedSource) scan(scan row) error {
	var stored string
	err := scan(&m.id, &m.tenantID, &m.model, &stored)
	if err == nil {
		m.marks, err = readMarks(m.id, stored)
	}
	return err
}

// readMarks reads the marks of a source as they are stored.
func readMarks(sourceID int64, stored string) (types.Marks, error) {
	var list []types.Mark
	if err := json.Unmarshal([]byte(stored), &list); err != nil {
		return nil, fmt.Errorf("the marks of source %d: %w", sourceID, err)
	}
	marks, wrong := types.ReadMarks(list)
	if len(wrong) > 0 {
		return nil, fmt.Errorf("the marks of source %d: %w", sourceID, wrong[0])
	}
	return marks, nil
}

// door is that of the source; nil where nothing is marked.
func (m *markedSource) door(lib *library.Library, key []byte, country string) *pseudonym.Door {
	model, _ := lib.Model(m.model)
	return pseudonym.NewDoor(key, country, model.Marked(m.marks).Type)
}

// Door is that of a source, deleted or not, as it is now; nil where nothing is marked.
func (db *DB) Door(ctx context.Context, lib *library.Library, tenantID, sourceID int64) (door *pseudonym.Door, err error) {
	if sourceID == 0 { // a fixed webhook
		return nil, nil
	}
	err = db.Read(ctx, func(tx *Tx) error {
		var m markedSource
		err := m.scan(tx.QueryRow("SELECT "+markedSourceColumns+" FROM sources WHERE id = ? AND tenant_id = ?", sourceID, tenantID).Scan)
		if errors.Is(err, sql.ErrNoRows) { // a call may have named a source that is another tenant's
			return nil
		}
		if err != nil {
			return err
		}
		owner, err := tx.tenant(tenantID)
		if err != nil {
			return err
		}
		door = m.door(lib, owner.PseudonymKey, owner.Country)
		return nil
	})
	return door, err
}
