package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var upsertPeriod = func() *Operation {
	o := record("period", "Upsert period", "Upsert period {period_type}",
		"A stretch of time: a shift, a status, a stage. While ends_at is null it is still open.",
		[]Example{
			{
				`- {type: upsert_period, external_id: p-1, period_type: Shift, starts_at: '=parse_datetime("2025-12-10 09:00")', ends_at: null}`,
				`period p-1 period_type="Shift" starts_at="2025-12-10T08:00:00Z" ends_at=null`,
			},
			{
				`- {type: upsert_period, external_id: p-1, period_type: Shift, starts_at: '=parse_datetime("2025-12-10 09:00")', ends_at: '=parse_datetime("2025-12-10 08:00")'}`,
				`!ends_before_start`,
			},
		},
		must(label("period_type", "Type", "What kind of period it is.")),
		must(field("starts_at", types.Moment, "Starts at", "When it began.")),
		field("ends_at", types.Moment, "Ends at", "When it ended; null: it is still open."),
		identityField("agent"),
		field("value", types.Num, "Value", "An amount or a quantity."),
		contactKey(),
		identityField("project"), identityField("segment"))
	plain := o.Meaning
	o.Meaning = func(s *Step) run.Do {
		apply := plain(s)
		return func(f *run.Frame, in *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
			if err := endsBeforeStart(fields); err != nil {
				return f.Broken(in, err)
			}
			return apply(f, in, fields)
		}
	}
	return o
}()

// endsBeforeStart compares the two ends where the step gives both; the host compares what it keeps.
func endsBeforeStart(fields []run.Field) *run.DataError {
	var start, end value.Value
	for _, given := range fields {
		switch given.Name {
		case "starts_at":
			start = given.Value
		case "ends_at":
			end = given.Value
		}
	}
	if start.IsNull() || end.IsNull() || end.Micros() >= start.Micros() {
		return nil
	}
	err := run.Fail("ends_before_start", end, "the period ends at "+Preview(end)+", before it starts at "+Preview(start), "Check which moment the sender means.")
	err.Field = "ends_at"
	return err
}
