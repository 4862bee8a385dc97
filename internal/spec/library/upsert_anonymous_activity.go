package library

import "github.com/dealwright/dealwright/internal/spec/types"

var upsertAnonymousActivity = record("anonymous_activity", "Upsert anonymous activity", "Upsert anonymous activity {activity_type}",
	"As an activity, for what no agent did: a lead that came in, a form that was sent.",
	[]Example{{
		`- {type: upsert_anonymous_activity, external_id: l-1, activity_type: Lead, moment: '=parse_datetime("2025-12-10")'}`,
		`anonymous_activity l-1 activity_type="Lead" moment="2025-12-10T05:00:00Z"`,
	}},
	append([]types.Param{activityType()}, activityFields()...)...)
