package connector

import "github.com/dealwright/dealwright/internal/spec/library"

// Standard is the catalogue of a server.
func Standard() Catalogue { return Catalogue{Webhooks()} }

// Webhooks is any system that can call a URL.
func Webhooks() *Type {
	return &Type{
		Name:  "webhooks",
		Title: "Webhooks",
		Help:  "Any system that can send its records to a URL. It gets a key, a fixed URL per record kind, and sources whose payloads processors turn into records.",
		Doors: []Door{
			{Name: "activity", Kind: "activity"},
			{Name: "sale", Kind: "sale"},
			{Name: "call", Kind: "call"},
			{Name: "period", Kind: "period"},
			{Name: "anonymous-activity", Kind: "anonymous_activity"},
		},
		Sources: []*SourceType{payload()},
	}
}

// payload is a source that takes whatever JSON the sender has.
func payload() *SourceType {
	return &SourceType{
		Name:   library.WebhookPayload.Name,
		Title:  "Payload",
		Help:   "A URL that takes one JSON object, or a list of them, as the sender has it. What it means is decided by the processors linked to it.",
		Var:    library.WebhookPayload.Var,
		Record: library.WebhookPayload.Type,
	}
}
