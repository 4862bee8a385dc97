package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var lockRecordField = &Operation{
	Entry: Entry{
		Name: "lock_record_field", Group: Utility, Title: "Lock record field", Summary: "Lock {field} of {record}",
		Help: "Holds the value a field has, also when it is empty: later deliveries, of any spec, leave it alone. A person can unlock it.",
		Signature: types.Signature{
			Params: []types.Param{
				{Name: "record", Title: "Record", Type: types.Var("T", types.Ref), Required: true, Help: "The result of upsert_activity, upsert_sale and the like."},
				{Name: "field", Title: "Field", Type: types.Text, Required: true, Literal: true, FieldOf: "record",
					Help: "One of its fields but external_id; of a group also one field: energy_meta.gas_usage."},
			},
			Result: types.Var("T", types.Ref), Nulls: types.AsGiven,
		},
		Examples: []Example{{
			`- {type: upsert_period, external_id: p-1, period_type: Shift, starts_at: '=parse_datetime("2025-12-10 09:00")', return_as: shift}
- {type: lock_record_field, record: =shift, field: ends_at}`,
			`period p-1 period_type="Shift" starts_at="2025-12-10T08:00:00Z"
period p-1 ends_at=null`,
		}},
	},
	Meaning: func(*Step) run.Do {
		return func(f *run.Frame, in *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
			record := fields[0].Value.Entity()
			return f.Apply(in, run.Effect{
				Kind: run.LockField, Noun: record.Noun(), Key: record.ExternalID(),
				Fields: []run.Field{{Name: fields[1].Value.Text()}},
			})
		}
	},
}
