package storage

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// namedMost is how many things one search for an id or external id follows.
const namedMost = 200

// numbers reads one column of numbers, and leaves out those that are there and nulls.
func (t *Tx) numbers(into []int64, query string, args ...any) ([]int64, error) {
	err := t.Each(func(rows *sql.Rows) error {
		var n sql.NullInt64
		err := rows.Scan(&n)
		if n.Valid && n.Int64 != 0 && !slices.Contains(into, n.Int64) {
			into = append(into, n.Int64)
		}
		return err
	}, query+fmt.Sprintf(" LIMIT %d", namedMost), args...)
	return into, err
}

// executionsNamed gives the executions that a text names: by their own id, by that of their delivery, call or of what
// they wrote, or by an external id.
func (t *Tx) executionsNamed(tenant int64, text string) ([]int64, error) {
	if n, err := id.Parse(id.Execution, text); err == nil {
		return t.numbers(nil, "SELECT id FROM executions WHERE id = ? AND tenant_id = ?", n, tenant)
	}
	if n, err := id.Parse(id.Delivery, text); err == nil {
		return t.numbers(nil, "SELECT id FROM executions WHERE delivery_id = ? AND tenant_id = ?", n, tenant)
	}
	if n, err := id.Parse(id.SourceExecution, text); err == nil {
		return t.numbers(nil, "SELECT executions.id FROM deliveries JOIN executions ON executions.delivery_id = deliveries.id WHERE source_execution_id = ? AND deliveries.tenant_id = ?", n, tenant)
	}
	for _, k := range record.Kinds {
		if n, err := id.Parse(k.Prefix, text); err == nil {
			return t.makers(nil, tenant, k.Noun, Table(k), "id = ?", n)
		}
	}
	if n, err := id.Parse(id.Identity, text); err == nil {
		return t.makers(nil, tenant, "", "identities", "id = ?", n)
	}
	return t.executionsOf(tenant, text)
}

// executionsOf gives the executions that wrote what has an external id, or came from an event of that id.
func (t *Tx) executionsOf(tenant int64, externalID string) (found []int64, err error) {
	for _, k := range record.Kinds {
		if found, err = t.makers(found, tenant, k.Noun, Table(k), ofTenant+" AND external_id = ?", tenant, externalID); err != nil {
			return nil, err
		}
	}
	if found, err = t.makers(found, tenant, "", "identities", ofTenant+" AND external_id = ?", tenant, externalID); err != nil {
		return nil, err
	}
	events, err := t.deliveriesOf(tenant, externalID)
	if err != nil || len(events) == 0 {
		return found, err
	}
	in, args := In(events)
	return t.numbers(found, "SELECT id FROM executions WHERE delivery_id IN "+in, args...)
}

// deliveriesOf gives the deliveries of an event.
func (t *Tx) deliveriesOf(tenant int64, event string) ([]int64, error) {
	return t.numbers(nil, `SELECT deliveries.id FROM sources JOIN deliveries ON deliveries.provider_id = sources.provider_id AND door = 'in' AND coalesce(source_id, 0) = sources.id
		WHERE sources.provider_id IN (SELECT id FROM providers WHERE tenant_id = ?) AND event_id = ?`, tenant, event)
}

// makers adds the executions that made or changed the things of a condition. noun is theirs in the journal; "": the one of
// an identity's kind.
func (t *Tx) makers(found []int64, tenant int64, noun, table, where string, args ...any) ([]int64, error) {
	type thing struct {
		noun string
		id   int64
	}
	var things []thing
	add := func(madeBy []byte) {
		var m struct {
			Execution int64 `json:"execution"`
		}
		if json.Unmarshal(madeBy, &m) == nil && m.Execution != 0 && !slices.Contains(found, m.Execution) && len(found) < namedMost {
			found = append(found, m.Execution)
		}
	}
	kind := "''"
	if noun == "" {
		kind = "kind"
	}
	err := t.Each(func(rows *sql.Rows) error {
		x := thing{noun: noun}
		var of string
		var madeBy []byte
		err := rows.Scan(&x.id, &of, &madeBy)
		if noun == "" {
			x.noun = of + record.IdentitySuffix
		}
		things = append(things, x)
		add(madeBy)
		return err
	}, "SELECT id, "+kind+", made_by FROM "+table+" WHERE "+where+fmt.Sprintf(" AND tenant_id = ? LIMIT %d", namedMost), append(args, tenant)...)
	for _, x := range things {
		if err == nil {
			err = t.Each(func(rows *sql.Rows) error {
				var madeBy []byte
				err := rows.Scan(&madeBy)
				add(madeBy)
				return err
			}, fmt.Sprintf("SELECT made_by FROM journal WHERE noun = ? AND thing_id = ? ORDER BY id DESC LIMIT %d", namedMost), x.noun, x.id)
		}
	}
	return found, err
}

// deliveriesNamed gives the deliveries that a text names: by their own id, by that of their call or execution, by the id
// of an event, or by what their executions wrote.
func (t *Tx) deliveriesNamed(tenant int64, text string) ([]int64, error) {
	if n, err := id.Parse(id.Delivery, text); err == nil {
		return []int64{n}, nil
	}
	if n, err := id.Parse(id.SourceExecution, text); err == nil {
		return t.numbers(nil, "SELECT id FROM deliveries WHERE source_execution_id = ? AND tenant_id = ?", n, tenant)
	}
	found, err := t.deliveriesOf(tenant, text)
	if err != nil {
		return nil, err
	}
	runs, err := t.executionsNamed(tenant, text)
	if err != nil || len(runs) == 0 {
		return found, err
	}
	in, args := In(runs)
	return t.numbers(found, "SELECT delivery_id FROM executions WHERE id IN "+in, args...)
}
