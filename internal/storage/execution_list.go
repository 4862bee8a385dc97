package storage

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// unusual states, as the index executions_unusual names them.
const unusual = "('waiting', 'running', 'partial', 'failed', 'skipped')"

// failing is what has an error, as the index executions_errors says it: all of that is in the index.
const failing = "executions.status IN ('partial', 'failed')"

// ListExecutions gives executions, the newest first.
func (db *DB) ListExecutions(ctx context.Context, f pipeline.ExecutionFilter, r page.Request) (p page.Page[pipeline.ExecutionLine], err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		l, err := tx.executionList(f)
		if err != nil {
			return err
		}
		p, err = pageOf(tx, l, r, func(scan row) (pipeline.ExecutionLine, error) { return scanExecution(scan, withoutDetail) })
		return err
	})
	return p, err
}

// executionList is the list of a filter. One condition of it is served by an index in the order of ids, the rarest kind
// that there is; the others are looked at row by row.
func (t *Tx) executionList(f pipeline.ExecutionFilter) (list, error) {
	l := list{
		columns: executionColumns, from: executionTables, table: "executions", id: "executions.id", order: "-id",
		sorts: []sortable{{"id", "executions.id", ofNumber}},
	}
	l.and("executions.tenant_id = ?", f.TenantID)
	served := false // by an index of its own
	narrow := func(index bool, condition string, args ...any) {
		if index && !served {
			served = true
			l.and(condition, args...)
			return
		}
		l.rarely(condition, args...)
	}
	found, texts, err := t.searched(f)
	if err != nil {
		return l, err
	}
	if found != nil {
		in, args := In(found)
		narrow(true, "executions.id IN "+in, args...)
	}
	if f.DeliveryID != 0 {
		narrow(true, "executions.delivery_id = ?", f.DeliveryID)
	}
	if f.Errors || f.ErrorCode != "" || f.Instruction != "" || texts != "" {
		l.sparse = !served
		narrow(true, failing)
	}
	for _, part := range []struct{ key, value string }{{"code", f.ErrorCode}, {"instruction", f.Instruction}} {
		if part.value != "" {
			l.rarely(`executions.error LIKE ? ESCAPE '\'`, "%"+escaped(`"`+part.key+`":`+jsonText(part.value))+"%")
		}
	}
	if texts != "" {
		l.rarely(`lower(executions.error) LIKE ? ESCAPE '\'`, "%"+escaped(strings.ToLower(texts))+"%")
	}
	switch {
	case f.Status == run.Succeeded:
		narrow(false, "executions.status = 'succeeded'")
	case f.Status != "": // the words of the index on the unusual ones, so that it is used
		l.sparse = l.sparse || !served
		narrow(true, "executions.status = ? AND executions.status IN "+unusual, string(f.Status))
	}
	switch f.Kind {
	case "":
	case pipeline.Live:
		narrow(false, "executions.kind = 'live'")
	case pipeline.Real:
		narrow(false, "executions.kind <> 'test'")
	default:
		l.sparse = l.sparse || !served
		narrow(true, "executions.kind = ? AND executions.kind <> 'live'", string(f.Kind))
	}
	if f.Reason != "" {
		narrow(false, "executions.reason = ?", string(f.Reason))
	}
	if f.ProcessorID != 0 {
		narrow(true, "executions.processor_id = ?", f.ProcessorID)
	}
	if f.SourceID != 0 {
		narrow(true, "executions.source_id = ?", f.SourceID)
	}
	if f.Version != 0 {
		narrow(false, "executions.version = ?", f.Version)
	}
	if f.ProviderID != 0 {
		narrow(false, "executions.source_id IN (SELECT id FROM sources WHERE provider_id = ?)", f.ProviderID)
	}
	if f.Changed != nil {
		condition := "executions.created = 0 AND executions.updated = 0 AND executions.status IN ('succeeded', 'skipped')"
		if *f.Changed {
			condition = "(executions.created > 0 OR executions.updated > 0)"
		}
		narrow(false, condition)
	}
	if f.Until != 0 {
		l.and("executions.id <= ?", f.Until)
	}
	if err := t.madeWithin(&l, f.After, f.Before); err != nil {
		return l, err
	}
	if f.Whole {
		l.whole()
	}
	return l, nil
}

// madeWithin narrows a list of executions to a span of time; 0 is no limit.
func (t *Tx) madeWithin(l *list, after, before int64) error {
	if after == 0 && before == 0 {
		return nil
	}
	numbers, err := t.madeFrom([]int64{after, before})
	if err != nil {
		return err
	}
	if after != 0 {
		l.and("executions.id >= ?", numbers[0])
	}
	if before != 0 {
		l.and("executions.id < ?", numbers[1])
	}
	return nil
}

// madeFrom gives, for each moment, the first number of executions that were made then or later. They are numbered after
// their deliveries, which tell the time; between two of those come the runs that somebody asked for, which run at once.
func (t *Tx) madeFrom(moments []int64) ([]int64, error) {
	numbers, behind, err := t.numbersAt("deliveries", "received_at", moments)
	if err != nil {
		return nil, err
	}
	var rows []string
	for i, moment := range moments {
		rows = append(rows, fmt.Sprintf("(%d, %d, %d, %d)", i, behind[i], numbers[i], moment))
	}
	err = t.Each(func(r *sql.Rows) error {
		var i int
		var asked sql.NullInt64
		err := r.Scan(&i, &asked)
		if asked.Valid {
			numbers[i] = asked.Int64
		}
		return err
	}, "SELECT m.column1, (SELECT id FROM executions WHERE id >= m.column2 AND id < m.column3 AND kind <> 'live' AND ran_at >= m.column4 ORDER BY id LIMIT 1) FROM (VALUES "+
		strings.Join(rows, ", ")+") AS m")
	return numbers, err
}

// escaped is a text in which LIKE sees no pattern, with '\' to escape.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// searched gives the executions that what is searched for names, by an id or an external id; nil and a text: it names
// none, so the text is one to be found in errors.
func (t *Tx) searched(f pipeline.ExecutionFilter) (found []int64, texts string, err error) {
	if f.ExternalID != "" {
		if found, err = t.executionsOf(f.TenantID, f.ExternalID); err != nil {
			return nil, "", err
		}
		if len(found) == 0 {
			found = []int64{0} // there is none
		}
	}
	if f.Search == "" {
		return found, "", nil
	}
	named, err := t.executionsNamed(f.TenantID, f.Search)
	switch {
	case err != nil:
		return nil, "", err
	case len(named) == 0:
		return found, f.Search, nil
	case found == nil:
		return named, "", nil
	}
	found = slices.DeleteFunc(found, func(n int64) bool { return !slices.Contains(named, n) })
	if len(found) == 0 {
		found = []int64{0}
	}
	return found, "", nil
}

// Histogram counts executions in equal parts of a span of time.
func (db *DB) Histogram(ctx context.Context, f pipeline.ExecutionFilter, parts int) (c pipeline.Chart, err error) {
	after, before := f.After, f.Before
	f.After, f.Before = 0, 0
	err = db.Read(ctx, func(tx *Tx) error {
		l, err := tx.executionList(f)
		if err != nil {
			return err
		}
		c, err = tx.chart(l, failing, tx.madeFrom, after, before, parts)
		return err
	})
	return c, err
}

// causeLook is how many of the newest executions with errors are grouped.
const causeLook = 2000

// Causes groups the executions of a filter that have errors by what went wrong and where.
func (db *DB) Causes(ctx context.Context, f pipeline.ExecutionFilter) (c pipeline.Causes, err error) {
	f.Errors = true
	err = db.Read(ctx, func(tx *Tx) error {
		c = pipeline.Causes{All: true}
		l, err := tx.executionList(f)
		if err != nil {
			return err
		}
		l.sparse = false // it is asked for rarely
		edge, err := tx.edge(l, "DESC")
		if err != nil {
			return err
		}
		if edge != 0 {
			l.and("executions.id >= ?", edge)
			c.All = false
		}
		l.whole()
		type key struct {
			processor                int64
			code, instruction, field string
		}
		groups := map[key]*pipeline.Cause{}
		err = tx.Each(func(rows *sql.Rows) error {
			var id, processor, ranAt int64
			var name string
			var text sql.NullString
			if err := rows.Scan(&id, &processor, &name, &ranAt, &text); err != nil {
				return err
			}
			if c.Looked == causeLook {
				c.All = false
				return nil
			}
			c.Looked++
			errs, err := readErrors(text.String)
			if err != nil || len(errs) == 0 {
				return err
			}
			first := errs[0]
			k := key{processor, first.Code, first.Instruction, first.Field}
			g := groups[k]
			if g == nil {
				g = &pipeline.Cause{
					ProcessorID: processor, ProcessorName: name, Code: first.Code, Instruction: first.Instruction, Field: first.Field,
					Message: first.Message, Newest: id, Last: ranAt,
				}
				groups[k] = g
			}
			g.Count++
			g.First = ranAt
			return nil
		}, fmt.Sprintf("SELECT executions.id, executions.processor_id, coalesce(processors.name, ''), ran_at, executions.error FROM %s%s ORDER BY executions.id DESC LIMIT %d",
			l.from, conditions(l.where), causeLook+1), l.args...)
		for _, g := range groups {
			c.Causes = append(c.Causes, *g)
		}
		slices.SortFunc(c.Causes, func(a, b pipeline.Cause) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(b.Newest, a.Newest))
		})
		return err
	})
	return c, err
}

// ExecutionNumbers gives executions of a filter in the order in which they were made: those after one, and whether there
// may be more.
func (db *DB) ExecutionNumbers(ctx context.Context, f pipeline.ExecutionFilter, after int64, limit int) (ids []int64, last int64, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		l, err := tx.executionList(f)
		if err != nil {
			return err
		}
		ids, last, err = tx.idsAfter(l, after, limit)
		return err
	})
	return ids, last, err
}
