package fixed

import "github.com/dealwright/dealwright/internal/pipeline/record"

var sale = &Door{
	Path: "sale",
	Kind: record.Sale,
	Fields: fields(
		[]Field{externalID()},
		agentFields(true),
		[]Field{
			{Name: "proposition_id", Type: Key, Required: true, To: "proposition_external_identity", Identity: "proposition", NamedBy: "proposition_name"},
			{Name: "proposition_name", Type: Name, Of: "proposition_id"},
			{Name: "sold_at", Type: Moment, Required: true, To: "sold_at"},
			{Name: "cancelled_at", Type: Moment, To: "cancelled_at"},
			{Name: "is_retention", Type: Boolean, To: "is_retention"},
			{Name: "contract_value", Type: Number, To: "contract_value"},
			{Name: "contact_key", Type: Key, To: "contact_key"},
			{Name: "energy_meta", Type: Group, Fields: []Field{
				{Name: "electricity_usage", Type: Number, To: "energy_meta.electricity_usage"},
				{Name: "electricity_return", Type: Number, To: "energy_meta.electricity_return"},
				{Name: "gas_usage", Type: Number, To: "energy_meta.gas_usage"},
				{Name: "connection_count", Type: Number, To: "energy_meta.connection_count", Whole: true},
			}},
		},
		contextFields(),
	),
}
