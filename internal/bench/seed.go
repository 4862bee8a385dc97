package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/postgres"
	"github.com/dealwright/dealwright/internal/storage/sqlite"
)

// seeded is how long back what Seed makes goes.
const seeded = 30 * 24 * time.Hour

// SeedAt is Seed for the database of a server that does not run: SQLite in a folder, or PostgreSQL where there is a URL.
func SeedAt(ctx context.Context, dir, url string, n int) (err error) {
	open := sqlite.Open
	if url != "" {
		open = postgres.Open
	}
	db, err := open(ctx, storage.Options{Dir: dir, URL: url})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = Seed(ctx, db, n)
	return err
}

// Seed fills a database with n calls of one source, each with a delivery, an execution and an activity, evenly over the last
// 30 days: one in a hundred failed, one in a hundred partial, one in fifty skipped, one in two hundred a replay, every tenth
// activity changed once. They are for lists: what such an execution did cannot be computed again. Of a database without a
// tenant it makes one, without anybody who could sign in. It gives the tenant.
func Seed(ctx context.Context, db *storage.DB, n int) (tenant int64, err error) {
	err = db.Write(ctx, func(tx *storage.Tx) error {
		if tenant, err = seedTenant(tx); err != nil {
			return err
		}
		ids := make([]int64, 5)
		for i := range ids {
			if ids[i], err = tx.NextNumber(); err != nil {
				return err
			}
		}
		provider, source, processor, agent, identity := ids[0], ids[1], ids[2], ids[3], ids[4]
		now := tx.Now
		for _, s := range []struct {
			query string
			args  []any
		}{
			{"INSERT INTO providers (id, tenant_id, type, name, settings, created_at, updated_at) VALUES (?, ?, 'webhooks', 'Seeded', '{}', ?, ?)", []any{provider, tenant, now, now}},
			{"INSERT INTO sources (id, tenant_id, provider_id, type, source_model, name, settings, created_at, updated_at) VALUES (?, ?, ?, 'webhook.payload', 'webhook.payload', 'Seeded', '{}', ?, ?)", []any{source, tenant, provider, now, now}},
			{"INSERT INTO processors (id, tenant_id, provider_id, name, source_model, enabled, suspended, current_version, next_step, created_at, updated_at) VALUES (?, ?, ?, 'Seeded', 'webhook.payload', 0, 0, 0, 1, ?, ?)", []any{processor, tenant, provider, now, now}},
			{"INSERT INTO agents (id, tenant_id, name, active, created_at, updated_at) VALUES (?, ?, 'Seeded agent', 1, ?, ?)", []any{agent, tenant, now, now}},
			{"INSERT INTO identities (id, tenant_id, provider_id, kind, external_id, external_name, entity_id, ignored, mark_number, mark_position, made_by, created_at, updated_at) VALUES (?, ?, ?, 'agent', 'seeded', 'Seeded agent', ?, 0, 0, 0, '{}', ?, ?)", []any{identity, tenant, provider, agent, now, now}},
		} {
			if _, err := tx.Exec(s.query, s.args...); err != nil {
				return err
			}
		}
		base, err := reserve(tx, db.Name(), int64(n)*each)
		if err != nil {
			return err
		}
		step := seeded.Microseconds() / int64(n)
		for _, s := range seedRows(tenant, provider, source, processor, identity, base, now-int64(n)*step, step) {
			for from := 0; from < n; from += seedPart {
				numbers := fmt.Sprintf(" WITH RECURSIVE n (i) AS (SELECT CAST(%d AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT ", from, min(from+seedPart, n)-1)
				if _, err := tx.Exec("INSERT INTO " + s.into + numbers + s.values + " FROM n" + s.where); err != nil {
					return fmt.Errorf("seed %s: %w", s.into, err)
				}
			}
		}
		if err := tx.RaiseEpoch(); err != nil {
			return err
		}
		_, err = tx.Exec("ANALYZE")
		return err
	})
	return tenant, err
}

// seedPart is how many rows one statement makes, which the database's limit for a statement allows for.
const seedPart = 50_000

// each call takes so many numbers: its own, and those of its delivery, execution, activity and change.
const each = 5

// reserve draws many numbers at once and gives the first.
func reserve(tx *storage.Tx, engine string, n int64) (first int64, err error) {
	query := "UPDATE counters SET next = next + ? WHERE id = 1 RETURNING next"
	if engine == "postgres" {
		query = "SELECT draw_numbers(?) + CAST(? AS bigint)"
		err = tx.QueryRow(query, n, n).Scan(&first)
		return first - n, err
	}
	err = tx.QueryRow(query, n).Scan(&first)
	return first - n, err
}

func seedTenant(tx *storage.Tx) (tenant int64, err error) {
	if err = tx.QueryRow("SELECT coalesce(min(id), 0) FROM tenants").Scan(&tenant); err != nil || tenant != 0 {
		return tenant, err
	}
	if tenant, err = tx.NextNumber(); err != nil {
		return 0, err
	}
	_, err = tx.Exec(`INSERT INTO tenants (id, name, time_zone, country, record_kinds, projects, provider_types, pseudonym_key, created_at, updated_at)
		VALUES (?, 'Seeded', 'UTC', '+31', '["activity"]', 0, '["webhooks"]', ?, ?, ?)`, tenant, []byte("{}"), tx.Now, tx.Now)
	return tenant, err
}

type seedRow struct{ into, values, where string }

// seedRows are the statements that make the rows; numbers are ours, so they stand in the text.
func seedRows(tenant, provider, source, processor, identity, base, since, step int64) []seedRow {
	at := fmt.Sprintf("%d + i * %d", since, step)
	id := func(of int) string { return fmt.Sprintf("%d + i * %d", base+int64(of), each) }
	wrong := `'[{"code":"' || CASE WHEN i % 3 = 0 THEN 'unreadable' ELSE 'missing' END || '","instruction":"s' || (i % 7) || '","field":"moment","message":"Row ' || i || ' cannot be read"}]'`
	return []seedRow{
		{"source_executions (id, tenant_id, provider_id, source_id, door, received_at, status, http_status, items)",
			fmt.Sprintf("%s, %d, %d, %d, 'in', %s, CASE WHEN i %% 500 = 3 THEN 'failed' ELSE 'succeeded' END, 200, 1", id(0), tenant, provider, source, at), ""},
		{"deliveries (id, tenant_id, provider_id, source_id, door, source_execution_id, item_index, received_at, state, event_id, body)",
			fmt.Sprintf("%s, %d, %d, %d, 'in', %s, 0, %s, CASE WHEN i %% 100 = 7 THEN 'failed' ELSE 'done' END, 'event-' || i, (SELECT pseudonym_key FROM tenants WHERE tenants.id = %d)", id(1), tenant, provider, source, id(0), at, tenant), ""},
		{"executions (id, tenant_id, delivery_id, source_id, processor_id, version, environment_id, position, number, kind, status, ran_at, created, updated, unchanged, skipped, failed, error)",
			fmt.Sprintf(`%s, %d, %s, %d, %d, 1 + i / 400000, 1, 0, %s, CASE WHEN i %% 200 = 1 THEN 'replay' ELSE 'live' END,
				CASE WHEN i %% 100 = 7 THEN 'failed' WHEN i %% 100 = 8 THEN 'partial' WHEN i %% 50 = 9 THEN 'skipped' ELSE 'succeeded' END,
				%s, CASE WHEN i %% 4 = 0 THEN 0 ELSE 1 END, 0, 1, 0, CASE WHEN i %% 100 IN (7, 8) THEN 1 ELSE 0 END, CASE WHEN i %% 100 IN (7, 8) THEN %s END`,
				id(2), tenant, id(1), source, processor, id(1), at, wrong), ""},
		{"activities (id, tenant_id, provider_id, external_id, activity_type, agent_identity_id, moment, value, value_is_money, mark_number, mark_position, made_by, created_at, updated_at)",
			fmt.Sprintf(`%s, %d, %d, 'deal-' || i, CASE WHEN i %% 5 = 0 THEN 'Deal won' ELSE 'Call made' END, %d, %s, '12.5', 1, %s, 0, '{"origin":"provider","delivery":' || (%s) || ',"execution":' || (%s) || ',"processor":%d}', %s, %s`,
				id(3), tenant, provider, identity, at, id(1), id(1), id(2), processor, at, at), ""},
		{"journal (noun, thing_id, id, tenant_id, at, made_by, before)",
			fmt.Sprintf(`'activity', %s, %s, %d, %s, '{"origin":"provider","execution":' || (%s) || ',"processor":%d}', '{"value":[10,1,0]}'`, id(3), id(4), tenant, at, id(2), processor), " WHERE i % 10 = 0"},
	}
}
