package library

var upsertSegmentExternalIdentity = identity("segment",
	"A segment as the sender knows it. It is linked to a segment of yours later, or ignored.",
	[]Example{
		{"- {type: upsert_segment_external_identity, external_id: 7, external_name: North}", "segment 7 external_name=\"North\""},
		{"- {type: upsert_segment_external_identity, external_id: =event.segment}", "!missing_value"},
	})
