package undo

import (
	"context"
	"strings"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// Unlock takes the locks of fields of a record away, of all where none is named, and gives the fields that were locked.
func (d *Desk) Unlock(ctx context.Context, by access.Principal, kind *record.Kind, id int64, fields []string) ([]string, error) {
	row, err := d.Store.Record(ctx, by.TenantID, kind, id)
	if err != nil {
		return nil, err
	}
	wrong := fault.New(fault.Invalid, "Nothing was unlocked.")
	for i, field := range fields {
		if !kind.HasField(field) {
			wrong.With(fault.Detail{
				Field: "fields", Index: &i, Code: "unknown_field", Message: "There is no field “" + field + "” in " + strings.ToLower(kind.Title) + " records.",
			})
		}
	}
	if len(wrong.Details) > 0 {
		return nil, wrong
	}
	if len(fields) == 0 {
		for i := range kind.Fields {
			if _, locked := row.Locks[i]; locked {
				fields = append(fields, kind.Fields[i].Name)
			}
		}
	}
	if len(fields) == 0 {
		return nil, nil
	}
	unit := &execute.Unlock{Key: row.Key, Fields: fields, By: record.Writer{TenantID: by.TenantID, Maker: maker(by)}}
	if err := d.submit(ctx, row.Mark.Number, unit); err != nil {
		return nil, err
	}
	return unit.Unlocked(), nil
}
