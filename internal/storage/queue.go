package storage

import (
	"context"
	"database/sql"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// QueueStore is what package queue reads.
type QueueStore struct {
	*DB
	Loader *PictureLoader
}

// Link is that of queue.Store.
func (s QueueStore) Link(ctx context.Context, tenantID, processorID, sourceID int64) (plan.Link, error) {
	return s.Loader.Link(ctx, tenantID, processorID, sourceID)
}

// Link gives a processor with its current spec as it would run on what a source delivers, be it enabled and linked or
// not: one that is not linked has no constants but the defaults, and runs after those that are.
func (l *PictureLoader) Link(ctx context.Context, tenantID, processorID, sourceID int64) (plan.Link, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	row := linkRow{source: sourceID, processor: processorID}
	var tenant *plan.Tenant
	var name, sourceModel string
	var version, specVersion sql.NullInt64
	err := l.db.Read(ctx, func(tx *Tx) error {
		settings, err := tx.tenant(tenantID)
		if err != nil {
			return err
		}
		if tenant, err = planned(&settings); err != nil {
			return err
		}
		err = tx.QueryRow(`
			SELECT p.name, p.source_model, s.source_model, v.version, v.id, v.tree, coalesce(l.constants, '{}'),
				coalesce(l.position, (SELECT count(*) FROM links WHERE source_id = s.id))
			FROM processors p
			JOIN sources s ON s.id = ? AND s.tenant_id = p.tenant_id
			LEFT JOIN spec_versions v ON v.processor_id = p.id AND v.version = p.current_version
			LEFT JOIN links l ON l.processor_id = p.id AND l.source_id = s.id
			WHERE p.id = ? AND p.tenant_id = ? AND p.deleted_at IS NULL`, sourceID, processorID, tenantID).
			Scan(&name, &row.model, &sourceModel, &version, &specVersion, &row.tree, &row.constants, &row.position)
		return found(err, "processor")
	})
	if err != nil {
		return plan.Link{}, err
	}
	cannot := func(why string) error {
		return fault.New(fault.Conflict, "The processor “%s” cannot run on this delivery: %s.", name, why)
	}
	switch {
	case row.model != sourceModel:
		return plan.Link{}, cannot("it is for " + row.model + ", and the source delivers " + sourceModel)
	case !version.Valid:
		return plan.Link{}, cannot("its spec is empty")
	}
	row.version, row.specVersion = int(version.Int64), specVersion.Int64
	compiled := l.versions[row.specVersion]
	if compiled == nil {
		compiled = l.compile(&row)
	}
	link, err := newLink(&row, compiled, tenant)
	if err != nil {
		return plan.Link{}, err
	}
	switch pipeline.Reason(link.Wait) {
	case pipeline.ReasonSuspended:
		return plan.Link{}, cannot("its spec no longer checks, or uses what is switched off in Settings; save it again to see why")
	case pipeline.ReasonIncomplete:
		var missing []string
		for _, d := range processor.CheckConstants(compiled.spec, objectOf(link.Constants)) {
			missing = append(missing, d.Message)
		}
		return plan.Link{}, cannot(strings.Join(missing, " "))
	}
	_, err = l.environmentsOf(ctx, []*plan.Link{&link})
	return link, err
}

// objectOf is how a link keeps its constants.
func objectOf(constants []run.Field) value.Value {
	members := make([]value.Member, len(constants))
	for i, c := range constants {
		members[i] = value.Member{Key: c.Name, Value: c.Value}
	}
	return value.Object(members)
}
