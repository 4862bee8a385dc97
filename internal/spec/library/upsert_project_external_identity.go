package library

var upsertProjectExternalIdentity = identity("project",
	"A project as the sender knows it. It is linked to a project of yours later, or ignored.",
	[]Example{
		{"- {type: upsert_project_external_identity, external_id: 7, external_name: North}", "project 7 external_name=\"North\""},
		{"- {type: upsert_project_external_identity, external_id: =event.project}", "!missing_value"},
	})
