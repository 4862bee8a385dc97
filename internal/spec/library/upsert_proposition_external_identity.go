package library

var upsertPropositionExternalIdentity = identity("proposition",
	"A product or proposition as the sender knows it. It is linked to a proposition of yours later, or ignored.",
	[]Example{
		{"- {type: upsert_proposition_external_identity, external_id: 7, external_name: North}", "proposition 7 external_name=\"North\""},
		{"- {type: upsert_proposition_external_identity, external_id: =event.proposition}", "!missing_value"},
	})
