package record

import "github.com/dealwright/dealwright/internal/id"

// Sale is a contract sold.
var Sale = &Kind{
	Noun:   "sale",
	Plural: "sales",
	Prefix: id.Sale,
	Title:  "Sale",
	Fields: []Field{
		required(agentField),
		{Name: "proposition_external_identity", Column: "proposition_identity_id", Type: IdentityField, Noun: "proposition", Required: true},
		{Name: "sold_at", Column: "sold_at", Type: MomentField, Required: true},
		{Name: "cancelled_at", Column: "cancelled_at", Type: MomentField},
		{Name: "is_retention", Column: "is_retention", Type: BoolField},
		{Name: "contract_value", Column: "contract_value", Type: NumberField},
		contactField,
		{Name: "energy_meta.electricity_usage", Column: "electricity_usage", Type: NumberField},
		{Name: "energy_meta.electricity_return", Column: "electricity_return", Type: NumberField},
		{Name: "energy_meta.gas_usage", Column: "gas_usage", Type: NumberField},
		{Name: "energy_meta.connection_count", Column: "connection_count", Type: NumberField},
		projectField,
		segmentField,
	},
}
