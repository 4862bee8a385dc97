package storage

import (
	"context"
	"database/sql"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/processor"
)

const draftColumns = "processor_id, author, is_tree, base_version, revision, created_at, updated_at"

func scanDraft(scan row, more ...any) (d processor.KeptDraft, err error) {
	var isTree int64
	err = scan(append([]any{&d.ProcessorID, &d.Author, &isTree, &d.BaseVersion, &d.Revision, &d.CreatedAt, &d.UpdatedAt}, more...)...)
	d.IsTree = isTree != 0
	return d, err
}

// KeptDrafts is that of processor.DraftStore.
func (db *DB) KeptDrafts(ctx context.Context, tenantID, processorID int64) (all []processor.KeptDraft, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		if _, err := tx.processor(tenantID, processorID); err != nil {
			return err
		}
		all = nil
		return tx.Each(func(rows *sql.Rows) error {
			d, err := scanDraft(rows.Scan)
			all = append(all, d)
			return err
		}, "SELECT "+draftColumns+" FROM drafts WHERE processor_id = ? ORDER BY updated_at DESC, author", processorID)
	})
	return all, err
}

// KeptDraft is that of processor.DraftStore.
func (db *DB) KeptDraft(ctx context.Context, tenantID, processorID int64, author string) (d processor.KeptDraft, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		if _, err := tx.processor(tenantID, processorID); err != nil {
			return err
		}
		d, err = tx.draft(processorID, author)
		return err
	})
	return d, err
}

func (t *Tx) draft(processorID int64, author string) (processor.KeptDraft, error) {
	var body []byte
	d, err := scanDraft(t.QueryRow("SELECT "+draftColumns+", body FROM drafts WHERE processor_id = ? AND author = ?", processorID, author).Scan, &body)
	d.Body = body
	return d, found(err, "draft")
}

// presentDraft is draft with nil for none.
func (t *Tx) presentDraft(processorID int64, author string) (*processor.KeptDraft, error) {
	d, err := t.draft(processorID, author)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &d, err
}

// KeepDraft is that of processor.DraftStore.
func (db *DB) KeepDraft(ctx context.Context, tenantID int64, d processor.KeptDraft, allow func(*processor.KeptDraft) error) (processor.KeptDraft, error) {
	err := db.Write(ctx, func(tx *Tx) error {
		if _, err := tx.processor(tenantID, d.ProcessorID); err != nil {
			return err
		}
		now, err := tx.presentDraft(d.ProcessorID, d.Author)
		if err != nil {
			return err
		}
		if err := allow(now); err != nil {
			return err
		}
		d.CreatedAt, d.Revision = tx.Now, tx.Now
		if now != nil {
			d.CreatedAt, d.Revision = now.CreatedAt, tx.after(now.Revision)
		}
		d.UpdatedAt = tx.Now
		_, err = tx.Exec(`
			INSERT INTO drafts (processor_id, author, body, is_tree, base_version, revision, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (processor_id, author) DO UPDATE SET body = excluded.body, is_tree = excluded.is_tree,
				base_version = excluded.base_version, revision = excluded.revision, updated_at = excluded.updated_at`,
			d.ProcessorID, d.Author, d.Body, truth(d.IsTree), d.BaseVersion, d.Revision, d.CreatedAt, d.UpdatedAt)
		return err
	})
	return d, err
}

// DropDraft is that of processor.DraftStore.
func (db *DB) DropDraft(ctx context.Context, tenantID, processorID int64, author string, allow func(*processor.KeptDraft) error) error {
	return db.Write(ctx, func(tx *Tx) error {
		if _, err := tx.processor(tenantID, processorID); err != nil {
			return err
		}
		now, err := tx.presentDraft(processorID, author)
		if err != nil || now == nil {
			return err
		}
		if err := allow(now); err != nil {
			return err
		}
		_, err = tx.Exec("DELETE FROM drafts WHERE processor_id = ? AND author = ?", processorID, author)
		return err
	})
}
