package library

import "github.com/dealwright/dealwright/internal/spec/types"

var upsertActivity = record("activity", "Upsert activity", "Upsert activity {activity_type}",
	"Something an agent did at a moment: a call, a visit, a deal that moved. The same external id again overwrites it; a record is taken out of a metric by overwriting its type.",
	[]Example{{
		`- {type: upsert_agent_external_identity, external_id: "7", return_as: agent}
- {type: upsert_activity, external_id: d-1, activity_type: " Deal won ", agent_external_identity: =agent, moment: '=parse_datetime("2025-12-10 19:00:00")', value: 399.95, value_is_money: true}`,
		`agent 7
activity d-1 activity_type="Deal won" agent_external_identity={"noun":"agent","external_id":"7"} moment="2025-12-10T18:00:00Z" value=399.95 value_is_money=true`,
	}},
	append([]types.Param{activityType(), must(identityField("agent"))}, activityFields()...)...)

func activityType() types.Param {
	return must(label("activity_type", "Type", "What kind of activity it is; metrics count by it."))
}

// activityFields are those of activities with and without an agent.
func activityFields() []types.Param {
	return []types.Param{
		must(field("moment", types.Moment, "Moment", "When it happened.")),
		field("value", types.Num, "Value", "An amount or a quantity."),
		field("value_is_money", types.Bool, "Value is money", "Show the value as an amount of money."),
		contactKey(),
		identityField("project"), identityField("segment"), identityField("team"),
	}
}
