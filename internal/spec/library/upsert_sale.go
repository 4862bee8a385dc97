package library

import (
	"errors"

	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var upsertSale = record("sale", "Upsert sale", "Upsert sale {external_id}",
	"A sale of a proposition by an agent. The same external id again overwrites it; cancelled_at takes it back.",
	[]Example{{
		`- {type: upsert_agent_external_identity, external_id: "7", return_as: agent}
- {type: upsert_proposition_external_identity, external_id: GV1, return_as: product}
- {type: upsert_sale, external_id: s-1, agent_external_identity: =agent, proposition_external_identity: =product, sold_at: '=parse_datetime("2025-12-10 19:00:00")', contract_value: 120, energy_meta: {gas_usage: 900}}`,
		`agent 7
proposition GV1
sale s-1 agent_external_identity={"noun":"agent","external_id":"7"} proposition_external_identity={"noun":"proposition","external_id":"GV1"} sold_at="2025-12-10T18:00:00Z" contract_value=120 energy_meta.gas_usage=900`,
	}},
	must(identityField("agent")), must(identityField("proposition")),
	must(field("sold_at", types.Moment, "Sold at", "When it was sold.")),
	field("cancelled_at", types.Moment, "Cancelled at", "When it was cancelled; null: it stands."),
	field("is_retention", types.Bool, "Retention", "A customer who stays, not a new one."),
	field("contract_value", types.Num, "Contract value", "What the contract is worth, as money."),
	contactKey(),
	types.Param{Name: "energy_meta", Title: "Energy", Form: types.Group,
		Help: "Of energy contracts. Null clears all four; each that is left out keeps.",
		Fields: []types.Param{
			field("electricity_usage", types.Num, "Electricity usage", "kWh a year."),
			field("electricity_return", types.Num, "Electricity return", "kWh a year that go back to the grid."),
			field("gas_usage", types.Num, "Gas usage", "m³ a year."),
			valid(field("connection_count", types.Num, "Connections", "How many; a whole number."), wholeNumber),
		}},
	identityField("project"), identityField("segment"))

func wholeNumber(v value.Value) error {
	if !v.Decimal().IsWhole() {
		return errors.New(Preview(v) + " is not a whole number")
	}
	return nil
}
