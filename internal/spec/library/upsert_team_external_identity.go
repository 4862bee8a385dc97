package library

var upsertTeamExternalIdentity = identity("team",
	"A team as the sender knows it. It is linked to a team of yours later, or ignored.",
	[]Example{
		{"- {type: upsert_team_external_identity, external_id: 7, external_name: North}", "team 7 external_name=\"North\""},
		{"- {type: upsert_team_external_identity, external_id: =event.team}", "!missing_value"},
	})
