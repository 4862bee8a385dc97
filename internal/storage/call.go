package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
)

const (
	callColumns = `source_executions.id, source_executions.tenant_id, source_executions.provider_id, coalesce(source_id, 0), door,
		received_at, status, http_status, items, error, remarks, coalesce(providers.name, ''), coalesce(sources.name, ''),
		turned_away.caller, turned_away.media, turned_away.bytes, turned_away.more, turned_away.last_at`
	keptCallColumns = callColumns + ", body, places"
	// A call may have named a source that is another tenant's.
	callTables = `source_executions
		LEFT JOIN providers ON providers.id = source_executions.provider_id
		LEFT JOIN sources ON sources.id = source_id AND sources.tenant_id = source_executions.tenant_id
		LEFT JOIN turned_away ON turned_away.id = source_executions.id`
)

func scanCall(scan row, more ...any) (c pipeline.CallLine, err error) {
	var failure, remarks, from, media sql.NullString
	var bytes, others, last sql.NullInt64
	err = scan(append([]any{
		&c.ID, &c.TenantID, &c.ProviderID, &c.SourceID, &c.Door, &c.ReceivedAt, &c.Status, &c.HTTPStatus, &c.Items, &failure, &remarks,
		&c.ProviderName, &c.SourceName, &from, &media, &bytes, &others, &last,
	}, more...)...)
	if from.Valid {
		c.TurnedAway = &pipeline.TurnedAway{Caller: from.String, Media: media.String, Bytes: bytes.Int64, More: others.Int64, Last: last.Int64}
	}
	if err == nil && failure.Valid {
		c.Error = []byte(failure.String)
	}
	if err == nil && remarks.Valid {
		if err = json.Unmarshal([]byte(remarks.String), &c.Remarks); err != nil {
			err = fmt.Errorf("read the remarks of call %d: %w", c.ID, err)
		}
	}
	return c, err
}

// scanKeptCall reads keptCallColumns: a call with what is stored of its body.
func scanKeptCall(scan row) (pipeline.CallLine, error) {
	var body, places []byte
	c, err := scanCall(scan, &body, &places)
	c.Body, c.Places = body, places
	return c, err
}

// Call gives one call with its body, where no delivery holds that.
func (db *DB) Call(ctx context.Context, tenantID, id int64) (c pipeline.CallLine, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		c, err = scanKeptCall(tx.QueryRow("SELECT "+keptCallColumns+" FROM "+callTables+" WHERE source_executions.id = ? AND source_executions.tenant_id = ?", id, tenantID).Scan)
		return found(err, "source execution")
	})
	return c, err
}

// ListCalls gives the call log, the newest first.
func (db *DB) ListCalls(ctx context.Context, f pipeline.CallFilter, r page.Request) (p page.Page[pipeline.CallLine], err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		l, err := tx.callList(f)
		if err != nil {
			return err
		}
		if err := tx.received(&l, "source_executions", f.After, f.Before); err != nil {
			return err
		}
		p, err = pageOf(tx, l, r, func(scan row) (pipeline.CallLine, error) { return scanCall(scan) })
		return err
	})
	return p, err
}

// CallHistogram counts calls in equal parts of a span of time.
func (db *DB) CallHistogram(ctx context.Context, f pipeline.CallFilter, parts int) (c pipeline.Chart, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		l, err := tx.callList(f)
		if err != nil {
			return err
		}
		c, err = tx.chart(l, "status = 'failed'", tx.receivedFrom("source_executions"), f.After, f.Before, parts)
		return err
	})
	return c, err
}

// callList is the list of a filter, but for its span of time.
func (t *Tx) callList(f pipeline.CallFilter) (list, error) {
	l := list{
		columns: callColumns, from: callTables, table: "source_executions", id: "source_executions.id", order: "-id",
		sorts: []sortable{{"id", "source_executions.id", ofNumber}},
	}
	// The narrowest column alone: each has an index in order of ids, and a list by tenant must not look at others' calls.
	switch {
	case f.SourceID != 0:
		l.and("source_executions.source_id = ?", f.SourceID)
	case f.ProviderID != 0:
		l.and("source_executions.provider_id = ?", f.ProviderID)
	}
	l.and("source_executions.tenant_id = ?", f.TenantID)
	if f.Status == pipeline.CallFailed {
		l.and("source_executions.status = 'failed'") // the words of its index
	} else if f.Status != "" {
		l.rarely("source_executions.status = ?", f.Status)
	}
	if f.Door != "" {
		l.rarely("door = ?", f.Door)
	}
	if f.Search != "" {
		if n, err := id.Parse(id.SourceExecution, f.Search); err == nil {
			l.and("source_executions.id = ?", n)
			return l, nil
		}
		l.search(f.Search, "coalesce(error, '')", "coalesce(remarks, '')")
	}
	return l, nil
}

// between narrows the list to moments from after on and before before; 0 is no limit.
func (l *list) between(column string, after, before int64) {
	if after != 0 {
		l.and(column+" >= ?", after)
	}
	if before != 0 {
		l.and(column+" < ?", before)
	}
}
