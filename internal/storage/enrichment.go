package storage

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/provider"
)

// enrichment is how a pipeline.Enrichment is stored with its execution; the snapshot's content has a row of its own.
type enrichment struct {
	Chain    string `json:"chain"`
	At       int64  `json:"at"`
	Snapshot int64  `json:"snapshot,omitempty"`
	GivenUp  string `json:"given_up,omitempty"`
}

// Enrichments gives what was fetched for an execution as stored, "" for nothing.
func Enrichments(list []pipeline.Enrichment) string {
	if len(list) == 0 {
		return ""
	}
	stored := make([]enrichment, len(list))
	for i, e := range list {
		stored[i] = enrichment{Chain: e.Chain, At: e.FetchedAt, Snapshot: e.Snapshot, GivenUp: e.GivenUp}
	}
	text, err := json.Marshal(stored)
	if err != nil {
		panic(err) // texts and numbers
	}
	return string(text)
}

func readEnrichments(text string) ([]pipeline.Enrichment, error) {
	if text == "" {
		return nil, nil
	}
	var stored []enrichment
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return nil, fmt.Errorf("read stored enrichments: %w", err)
	}
	list := make([]pipeline.Enrichment, len(stored))
	for i, s := range stored {
		list[i] = pipeline.Enrichment{Chain: s.Chain, FetchedAt: s.At, Snapshot: s.Snapshot, GivenUp: s.GivenUp}
	}
	return list, nil
}

// fillSnapshots reads the content of all snapshots in some lists.
func (t *Tx) fillSnapshots(lists ...[]pipeline.Enrichment) error {
	wanted := map[int64][]*pipeline.Enrichment{}
	var numbers []int64
	for _, list := range lists {
		for i := range list {
			if e := &list[i]; e.Snapshot != 0 {
				if wanted[e.Snapshot] == nil {
					numbers = append(numbers, e.Snapshot)
				}
				wanted[e.Snapshot] = append(wanted[e.Snapshot], e)
			}
		}
	}
	for part := range slices.Chunk(numbers, some) {
		in, args := In(part)
		err := t.Each(func(rows *sql.Rows) error {
			var n int64
			var body, places []byte
			err := rows.Scan(&n, &body, &places)
			for _, e := range wanted[n] {
				e.Body, e.Places = body, places
			}
			return err
		}, "SELECT id, body, places FROM snapshots WHERE id IN "+in, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// Enrichments gives what is known of the enrichments of deliveries, by their numbers: of each the newest that was
// fetched, for whichever processor. What was given up is not among them.
func (db *DB) Enrichments(ctx context.Context, tenantID int64, deliveries ...int64) (known map[int64][]pipeline.Enrichment, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		known = map[int64][]pipeline.Enrichment{}
		for part := range slices.Chunk(deliveries, some) {
			in, args := In(part)
			err := tx.Each(func(rows *sql.Rows) error {
				var delivery int64
				var text string
				if err := rows.Scan(&delivery, &text); err != nil {
					return err
				}
				list, err := readEnrichments(text)
				for _, e := range list {
					if e.GivenUp == "" {
						known[delivery] = newest(known[delivery], e)
					}
				}
				return err
			}, "SELECT delivery_id, enrichments FROM executions WHERE delivery_id IN "+in+" AND tenant_id = ? AND enrichments IS NOT NULL", append(args, tenantID)...)
			if err != nil {
				return err
			}
		}
		lists := make([][]pipeline.Enrichment, 0, len(known))
		for _, list := range known {
			lists = append(lists, list)
		}
		return tx.fillSnapshots(lists...)
	})
	return known, err
}

func newest(list []pipeline.Enrichment, e pipeline.Enrichment) []pipeline.Enrichment {
	i := slices.IndexFunc(list, func(k pipeline.Enrichment) bool { return k.Chain == e.Chain })
	switch {
	case i < 0:
		return append(list, e)
	case list[i].FetchedAt < e.FetchedAt:
		list[i] = e
	}
	return list
}

// KeepSnapshots gives a list in which everything that has content has a number, storing what is not there yet.
func (db *DB) KeepSnapshots(ctx context.Context, tenantID int64, list []pipeline.Enrichment) (kept []pipeline.Enrichment, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		kept = slices.Clone(list)
		return tx.keepSnapshots(tenantID, kept)
	})
	return kept, err
}

func (t *Tx) keepSnapshots(tenantID int64, list []pipeline.Enrichment) error {
	for i := range list {
		e := &list[i]
		if e.Body == nil || e.Snapshot > 0 {
			continue
		}
		hash := snapshotHash(e)
		const find = "SELECT id FROM snapshots WHERE tenant_id = ? AND hash = ?"
		err := t.QueryRow(find, tenantID, hash).Scan(&e.Snapshot)
		if !errors.Is(err, sql.ErrNoRows) {
			if err != nil {
				return err
			}
			continue
		}
		number, err := t.NextNumber()
		if err != nil {
			return err
		}
		if _, err := t.Exec("INSERT INTO snapshots (id, tenant_id, hash, body, places) VALUES (?, ?, ?, ?, ?)", number, tenantID, hash, e.Body, e.Places); err != nil {
			return err
		}
		e.Snapshot = number
	}
	return nil
}

func snapshotHash(e *pipeline.Enrichment) []byte {
	h := sha256.New()
	h.Write(binary.AppendUvarint(nil, uint64(len(e.Places))))
	h.Write(e.Places)
	h.Write(e.Body)
	return h.Sum(nil)
}

// window is how many of the executions that wait for one processor on a source a look goes through for those that are due,
// in order of acceptance: all of them being tried again later, those behind wait for them.
const window = 1000

// firstFetches are what waits for one processor on a source to be enriched, as far as a look goes.
const firstFetches = `(SELECT id, delivery_id, position FROM executions
		WHERE source_id = ? AND processor_id = ? AND status = 'waiting' AND reason = 'enriching'
		ORDER BY delivery_id, position LIMIT ?) AS e`

// TakeFetches is that of enrich.Store. Most looks find nothing to take, so a look that may not write goes first.
func (db *DB) TakeFetches(ctx context.Context, sourceID int64, processors []int64, limit int, now, until int64) (taken []pipeline.Fetch, next int64, err error) {
	var due []int64
	var pause provider.Pause
	var providerID int64
	look := func(tx *Tx) (err error) {
		if providerID, pause, err = tx.pauseOf(sourceID); err != nil {
			return err
		}
		switch {
		case pause.Until > now:
			due, next = nil, pause.Until
			return nil
		case pause.Tripped:
			due, next, err = tx.dueFetches(sourceID, processors, 1, now)
			return err
		}
		due, next, err = tx.dueFetches(sourceID, processors, limit, now)
		return err
	}
	if err := db.Read(ctx, look); err != nil || len(due) == 0 {
		return nil, next, err
	}
	err = db.Write(ctx, func(tx *Tx) error {
		taken = nil
		if err := look(tx); err != nil {
			return err
		}
		if len(due) > 0 && pause.Tripped {
			alone, err := tx.Exec("UPDATE pauses SET until_at = ? WHERE provider_id = ? AND until_at <= ?", until, providerID, now)
			if err != nil || alone == 0 { // another node tries
				return err
			}
		}
		for _, id := range due {
			f, err := tx.takeFetch(id, now, until)
			if err != nil {
				return err
			}
			f.Alone = pause.Tripped
			taken = append(taken, f)
		}
		if len(due) > 0 && pause.Tripped {
			_, err := tx.Exec("UPDATE pauses SET probe = ? WHERE provider_id = ?", taken[0].Epoch, providerID)
			return err
		}
		return nil
	})
	return taken, next, err
}

// dueFetches gives at most limit executions to be fetched for now, in order of acceptance, and when another one is due at
// the earliest; 0: none is.
func (t *Tx) dueFetches(sourceID int64, processors []int64, limit int, now int64) (due []int64, next int64, err error) {
	type one struct{ delivery, position, execution int64 }
	var all []one
	for _, processor := range processors {
		from := []any{sourceID, processor, window, now}
		err := t.Each(func(rows *sql.Rows) error {
			var o one
			err := rows.Scan(&o.execution, &o.delivery, &o.position)
			all = append(all, o)
			return err
		}, "SELECT e.id, e.delivery_id, e.position FROM "+firstFetches+" LEFT JOIN fetches AS f ON f.execution_id = e.id WHERE coalesce(f.due_at, 0) <= ? ORDER BY e.delivery_id, e.position LIMIT ?",
			append(from, limit)...)
		if err != nil {
			return nil, 0, err
		}
		var later sql.NullInt64
		err = t.QueryRow("SELECT min(f.due_at) FROM "+firstFetches+" JOIN fetches AS f ON f.execution_id = e.id WHERE f.due_at > ?", from...).Scan(&later)
		if err != nil {
			return nil, 0, err
		}
		if later.Valid && (next == 0 || later.Int64 < next) {
			next = later.Int64
		}
	}
	slices.SortFunc(all, func(a, b one) int {
		return cmp.Or(cmp.Compare(a.delivery, b.delivery), cmp.Compare(a.position, b.position))
	})
	for _, o := range all[:min(limit, len(all))] {
		due = append(due, o.execution)
	}
	return due, next, nil
}

func (t *Tx) takeFetch(execution, now, until int64) (f pipeline.Fetch, err error) {
	if f.Epoch, err = t.NextNumber(); err != nil {
		return f, err
	}
	err = t.QueryRow(`INSERT INTO fetches (execution_id, epoch, due_at, since, attempts) VALUES (?, ?, ?, ?, 0)
		ON CONFLICT (execution_id) DO UPDATE SET epoch = excluded.epoch, due_at = excluded.due_at
		RETURNING since, attempts`, execution, f.Epoch, until, now).Scan(&f.Since, &f.Attempts)
	if err != nil {
		return f, err
	}
	e, err := scanExecution(t.QueryRow("SELECT "+executionColumns+", answers, digest FROM "+executionTables+" WHERE executions.id = ?", execution).Scan, withDetail)
	if err != nil {
		return f, err
	}
	d, err := t.delivery(e.TenantID, e.DeliveryID)
	f.Execution, f.Delivery = &e.Execution, &d.Delivery
	return f, errors.Join(err, t.fillSnapshots(e.Enrichments))
}

// EndFetches is that of enrich.Store.
func (db *DB) EndFetches(ctx context.Context, ended []pipeline.FetchEnd, breaker pipeline.Breaker) error {
	return db.Write(ctx, func(tx *Tx) error {
		for _, end := range ended {
			if err := tx.endFetch(end); err != nil {
				return fmt.Errorf("keep what was fetched for execution %d: %w", end.ExecutionID, err)
			}
		}
		byProvider := slices.Clone(ended) // in one order on all nodes, so that none waits for another in a circle
		slices.SortStableFunc(byProvider, func(a, b pipeline.FetchEnd) int { return cmp.Compare(a.ProviderID, b.ProviderID) })
		for _, end := range byProvider {
			if err := tx.endPause(end, breaker); err != nil {
				return fmt.Errorf("keep how provider %d does: %w", end.ProviderID, err)
			}
		}
		return nil
	})
}

func (t *Tx) endFetch(end pipeline.FetchEnd) error {
	var held int64
	var err error
	reason := pipeline.ReasonEnriching
	if end.AgainAt == 0 {
		reason = pipeline.ReasonBehind
		if end.Parked {
			reason = pipeline.ReasonParked
		}
		held, err = t.Exec("DELETE FROM fetches WHERE execution_id = ? AND epoch = ?", end.ExecutionID, end.Epoch)
	} else {
		held, err = t.Exec("UPDATE fetches SET epoch = 0, due_at = ?, attempts = attempts + 1 WHERE execution_id = ? AND epoch = ?", end.AgainAt, end.ExecutionID, end.Epoch)
	}
	if err != nil || held == 0 { // somebody else has it now
		return err
	}
	list := slices.Clone(end.Enrichments) // this may run again
	if err := t.keepSnapshots(end.TenantID, list); err != nil {
		return err
	}
	_, err = t.Exec("UPDATE executions SET enrichments = ?, reason = ? WHERE id = ? AND status = 'waiting' AND reason = 'enriching'",
		sql.NullString{String: Enrichments(list), Valid: len(list) > 0}, string(reason), end.ExecutionID)
	return err
}
