package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/provider"
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
	return knownMarks(sourceID, list)
}

func knownMarks(sourceID int64, list []types.Mark) (types.Marks, error) {
	marks, wrong := types.ReadMarks(list)
	if len(wrong) > 0 {
		return nil, fmt.Errorf("the marks of source %d: %w", sourceID, wrong[0])
	}
	return marks, nil
}

// door is that of the source; nil where nothing is marked.
func (m *markedSource) door(lib *library.Library, key []byte, country string) *pseudonym.Door {
	return pseudonym.NewDoor(key, country, m.marked(lib).Type)
}

// marked is the model of the source with its marks.
func (m *markedSource) marked(lib *library.Library) library.Model {
	model, _ := lib.Model(m.model)
	return model.Marked(m.marks)
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
		if err != nil || !m.marked(lib).Type.IsPersonal() {
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

// FormerDoors are those that a source had, deleted or not, the newest first.
func (db *DB) FormerDoors(ctx context.Context, lib *library.Library, tenantID, sourceID int64) (doors []*pseudonym.Door, err error) {
	if sourceID == 0 { // a fixed webhook
		return nil, nil
	}
	err = db.Read(ctx, func(tx *Tx) error {
		former, err := tx.formerMarks(tenantID, sourceID)
		if err != nil || len(former) == 0 {
			return err
		}
		var m markedSource
		if err := m.scan(tx.QueryRow("SELECT "+markedSourceColumns+" FROM sources WHERE id = ?", sourceID).Scan); err != nil {
			return err
		}
		owner, err := tx.tenant(tenantID)
		if err != nil {
			return err
		}
		for _, list := range slices.Backward(former) {
			if m.marks, err = knownMarks(sourceID, list); err != nil {
				return err
			}
			doors = append(doors, m.door(lib, owner.PseudonymKey, owner.Country))
		}
		return nil
	})
	return doors, err
}

// formerMarks reads the sets of marks that a source had, the oldest first; none where there is no such source.
func (t *Tx) formerMarks(tenantID, sourceID int64) (former [][]types.Mark, err error) {
	var stored string
	err = t.QueryRow("SELECT former_marks FROM sources WHERE id = ? AND tenant_id = ?", sourceID, tenantID).Scan(&stored)
	if errors.Is(err, sql.ErrNoRows) { // a call may have named a source that is another tenant's
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(stored), &former)
	}
	return former, err
}

// marks gives those of the sources that are linked to a processor, but for one of them (0: of all).
func (t *Tx) marks(processorID, but int64) (all types.Marks, err error) {
	err = t.Each(func(rows *sql.Rows) error {
		var sourceID int64
		var stored string
		if err := rows.Scan(&sourceID, &stored); err != nil {
			return err
		}
		marks, err := readMarks(sourceID, stored)
		all = all.With(marks)
		return err
	}, "SELECT id, marks FROM sources JOIN links ON source_id = id WHERE processor_id = ? AND id <> ? ORDER BY id", processorID, but)
	return all, err
}

// Marks is that of processor.Store.
func (db *DB) Marks(ctx context.Context, tenantID, processorID int64) (all types.Marks, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		if _, err := tx.processor(tenantID, processorID); err != nil {
			return err
		}
		all, err = tx.marks(processorID, 0)
		return err
	})
	return all, err
}

// SourceMarks is that of processor.Store.
func (db *DB) SourceMarks(ctx context.Context, tenantID, sourceID int64) (o processor.Origin, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		s, err := tx.source(tenantID, sourceID)
		if err != nil {
			return err
		}
		o, err = tx.origin(s)
		return err
	})
	return o, err
}

// origin is a source with its own marks.
func (t *Tx) origin(s provider.Source) (processor.Origin, error) {
	var stored string
	if err := t.QueryRow("SELECT marks FROM sources WHERE id = ?", s.ID).Scan(&stored); err != nil {
		return processor.Origin{}, err
	}
	marks, err := readMarks(s.ID, stored)
	return processor.Origin{ID: s.ID, Name: s.Name, Model: s.Model, Marks: marks, UpdatedAt: s.UpdatedAt}, err
}

// SetMarks is that of processor.Store.
func (db *DB) SetMarks(ctx context.Context, tenantID, sourceID int64, choose func(processor.Origin, []processor.Target) (types.Marks, error)) (o processor.Origin, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		s, err := tx.source(tenantID, sourceID)
		if err != nil {
			return err
		}
		if o, err = tx.origin(s); err != nil {
			return err
		}
		linked, err := tx.linked(tenantID, sourceID)
		if err != nil {
			return err
		}
		before := o.Marks.List()
		if o.Marks, err = choose(o, linked); err != nil {
			return err
		}
		former, err := tx.formerMarks(tenantID, sourceID)
		if err != nil {
			return err
		}
		same := func(list []types.Mark) bool { return slices.Equal(list, before) }
		if len(before) > 0 && !slices.ContainsFunc(former, same) {
			former = append(former, before)
		}
		o.UpdatedAt = tx.after(s.UpdatedAt)
		if _, err := tx.Exec("UPDATE sources SET marks = ?, former_marks = ?, updated_at = ? WHERE id = ?",
			jsonText(o.Marks.List()), jsonText(former), o.UpdatedAt, sourceID); err != nil {
			return err
		}
		return tx.RaiseEpoch()
	})
	return o, err
}

// linked gives the processors linked to a source, with the marks of their other sources.
func (t *Tx) linked(tenantID, sourceID int64) ([]processor.Target, error) {
	var numbers []int64
	err := t.Each(func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		numbers = append(numbers, id)
		return err
	}, "SELECT processor_id FROM links WHERE source_id = ? ORDER BY position", sourceID)
	targets := make([]processor.Target, len(numbers))
	for i, id := range numbers {
		if err == nil {
			targets[i], err = t.target(tenantID, id, sourceID)
		}
	}
	return targets, err
}
