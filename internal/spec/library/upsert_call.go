package library

import (
	"errors"

	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var upsertCall = record("call", "Upsert call", "Upsert call {external_id}",
	"A telephone call of an agent.",
	[]Example{{
		`- {type: upsert_agent_external_identity, external_id: "7", return_as: agent}
- {type: upsert_call, external_id: c-1, agent_external_identity: =agent, started_at: '=parse_datetime("2025-12-10 19:00:00")', duration: 61.5, direction: outbound}`,
		`agent 7
call c-1 agent_external_identity={"noun":"agent","external_id":"7"} started_at="2025-12-10T18:00:00Z" duration=61.5 direction="outbound"`,
	}},
	must(identityField("agent")),
	must(field("started_at", types.Moment, "Started at", "When it began.")),
	valid(field("duration", types.Num, "Duration", "In seconds."), notNegative),
	types.Param{Name: "direction", Title: "Direction", Type: types.Text, Words: []string{"inbound", "outbound"}, Help: "Who called whom."},
	field("result", types.Text, "Result", "How it ended, in the sender's words."),
	contactKey(),
	identityField("project"), identityField("segment"))

func notNegative(v value.Value) error {
	if v.Decimal().Sign() < 0 {
		return errors.New(Preview(v) + " is below 0")
	}
	return nil
}
