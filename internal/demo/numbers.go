package demo

import (
	"context"
	"fmt"
	"maps"
)

// numbers are the metrics that the company looks at. A ratio names two that come before it.
var numbers = []struct {
	name, over, under string
	definition        object
}{
	{name: "Sales", definition: object{"aggregate": "count", "source": "sale", "unit": "sales"}},
	{name: "Net sales", definition: object{"aggregate": "count", "source": "sale", "sales": "net", "unit": "sales"}},
	{name: "Net contract value", definition: object{"aggregate": "sum", "source": "sale", "field": "contract_value", "sales": "net", "format": "currency"}},
	{name: "Cancelled sales", definition: object{"aggregate": "count", "source": "sale", "sales": "cancelled", "unit": "sales"}},
	{name: "Cancellations", over: "Cancelled sales", under: "Sales", definition: object{"format": "percentage", "decimals": 1}},
	{name: "Quotes", definition: object{"aggregate": "count", "source": "activity", "types": []string{"Quote"}}},
	{name: "Orders", definition: object{"aggregate": "count", "source": "activity", "types": []string{"Deal | accepted"}}},
	{name: "Conversion of quotes", over: "Orders", under: "Quotes", definition: object{"format": "percentage", "decimals": 1}},
	{name: "Appointments", definition: object{"aggregate": "count", "source": "activity", "types": []string{"Appointment planned"}}},
	{name: "Leads with an appointment", definition: object{"aggregate": "contacts", "source": "activity", "types": []string{"Appointment planned"}}},
	{name: "Hours of shifts", definition: object{"aggregate": "time", "source": "period", "types": []string{"Shift"}, "format": "duration"}},
	{name: "Time on the phone", definition: object{"aggregate": "sum", "source": "call", "field": "duration", "format": "duration"}},
	{name: "Electricity sold", definition: object{"aggregate": "sum", "source": "sale", "field": "electricity_usage", "sales": "net", "unit": "kWh", "short_unit": "kWh"}},
	{name: "Gas sold", definition: object{"aggregate": "sum", "source": "sale", "field": "gas_usage", "sales": "net", "unit": "m³", "short_unit": "m³"}},
	{name: "Connections", definition: object{"aggregate": "sum", "source": "sale", "field": "connection_count", "sales": "net", "unit": "connections"}},
	{name: "Visitors of the showrooms", definition: object{"aggregate": "sum", "source": "anonymous_activity", "field": "value", "types": []string{"Showroom visit"}}},
}

// watched are the events that people are told of, or that are only counted.
var watched = []struct {
	name string
	rule object
}{
	{"Appointment planned", object{"source": "activity", "types": []string{"Appointment planned"}, "tell": false}},
	{"Appointment cancelled", object{"source": "activity", "types": []string{"Appointment cancelled"}, "tell": true}},
	{"Large order", object{"source": "activity", "types": []string{"Deal | accepted"}, "least": 15_000, "tell": true}},
}

// measure makes metrics and events.
func (c *Company) measure(ctx context.Context, api *client) error {
	made := map[string]string{}
	type thing struct {
		ID string `json:"id"`
	}
	for _, n := range numbers {
		definition := maps.Clone(n.definition)
		if n.over != "" {
			definition["aggregate"], definition["over_id"], definition["under_id"] = "ratio", made[n.over], made[n.under]
		}
		var one thing
		if err := api.post(ctx, "/v1/metrics", object{"name": n.name, "definition": definition}, &one); err != nil {
			return fmt.Errorf("make the metric %q: %w", n.name, err)
		}
		made[n.name] = one.ID
	}
	for _, w := range watched {
		if err := api.post(ctx, "/v1/events", object{"name": w.name, "rule": w.rule}, nil); err != nil {
			return fmt.Errorf("make the event %q: %w", w.name, err)
		}
	}
	return nil
}
