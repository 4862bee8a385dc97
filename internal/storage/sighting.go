package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// errEnough ends the reading of bodies.
var errEnough = errors.New("enough was read")

// Sightings looks through the bodies of the newest calls of a tenant, or of one provider, for texts. What became a
// delivery is found as that; other calls by the body that is kept with them.
func (db *DB) Sightings(ctx context.Context, f pipeline.SightingFilter) (s pipeline.Sightings, err error) {
	newest, whose := "FROM source_executions WHERE tenant_id = ?", []any{f.TenantID}
	if f.ProviderID != 0 { // an index in order of ids has either
		newest, whose = "FROM source_executions WHERE provider_id = ? AND tenant_id = ?", []any{f.ProviderID, f.TenantID}
	}
	newest += " ORDER BY id DESC LIMIT ?"
	holds := func(column string) string {
		return strings.Repeat(" AND "+fmt.Sprintf(db.b.Holds, column), len(f.Texts))
	}
	args := slices.Concat(whose, []any{f.Calls})
	for _, text := range f.Texts {
		args = append(args, []byte(text))
	}
	args = append(args, f.Most)
	err = db.Read(ctx, func(tx *Tx) error {
		s = pipeline.Sightings{}
		var since sql.NullInt64
		err := tx.QueryRow("SELECT count(*), min(received_at) FROM (SELECT received_at "+newest+") AS newest", slices.Concat(whose, []any{f.Calls + 1})...).Scan(&s.Calls, &since)
		if err != nil {
			return err
		}
		s.Since, s.All = since.Int64, s.Calls <= f.Calls
		s.Calls = min(s.Calls, f.Calls)
		size := 0
		err = tx.Each(func(rows *sql.Rows) error {
			d, err := scanKeptDelivery(rows.Scan)
			if err != nil {
				return err
			}
			if size += len(d.Body); size > f.Bytes {
				s.All = false
				return errEnough
			}
			s.Deliveries = append(s.Deliveries, d)
			return nil
		}, "SELECT "+keptDeliveryColumns+" FROM "+deliveryTables+" JOIN (SELECT id "+newest+") AS newest ON newest.id = deliveries.source_execution_id WHERE 1 = 1"+
			holds("deliveries.body")+" ORDER BY deliveries.id DESC LIMIT ?", args...)
		if err != nil && !errors.Is(err, errEnough) {
			return err
		}
		size = 0
		err = tx.Each(func(rows *sql.Rows) error {
			c, err := scanKeptCall(rows.Scan)
			if err != nil {
				return err
			}
			if size += len(c.Body); size > f.Bytes {
				s.All = false
				return errEnough
			}
			s.Refused = append(s.Refused, c)
			return nil
		}, "SELECT "+keptCallColumns+" FROM "+callTables+" JOIN (SELECT id AS nth "+newest+") AS newest ON newest.nth = source_executions.id WHERE body IS NOT NULL"+
			holds("source_executions.body")+" ORDER BY source_executions.id DESC LIMIT ?", args...)
		if errors.Is(err, errEnough) {
			return nil
		}
		return err
	})
	return s, err
}

// Renumbered gives the execution that wrote under a number of its own: a run again with overwrite_newer.
func (db *DB) Renumbered(ctx context.Context, tenantID, number int64) (e pipeline.ExecutionLine, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		e, err = scanExecution(tx.QueryRow("SELECT "+executionColumns+", answers, digest FROM "+executionTables+
			" WHERE executions.tenant_id = ? AND executions.number = ? AND executions.number <> executions.delivery_id", tenantID, number).Scan, withDetail)
		return found(err, "execution")
	})
	return e, err
}

// Keyed gives the records, or identities, of a noun that have an external id, of all providers of the tenant.
func (db *DB) Keyed(ctx context.Context, tenantID int64, noun, externalID string) (all []record.Touched, err error) {
	key := record.Key{Noun: noun, ExternalID: externalID}
	from, args := "identities WHERE kind = ? AND ", []any{strings.TrimSuffix(noun, record.IdentitySuffix)}
	if !key.IsIdentity() {
		kind := record.KindOf(noun)
		if kind == nil {
			return nil, fmt.Errorf("there is no kind of record %q", noun)
		}
		from, args = Table(kind)+" WHERE ", nil
	}
	err = db.Read(ctx, func(tx *Tx) error {
		all = nil
		return tx.Each(func(rows *sql.Rows) error {
			t := record.Touched{Thing: record.Thing{Noun: noun}, Key: key}
			err := rows.Scan(&t.ID, &t.Key.ProviderID)
			all = append(all, t)
			return err
		}, "SELECT id, provider_id FROM "+from+"provider_id IN (SELECT id FROM providers WHERE tenant_id = ?) AND external_id = ? ORDER BY id", append(args, tenantID, externalID)...)
	})
	return all, err
}
