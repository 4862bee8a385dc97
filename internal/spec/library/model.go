package library

import "github.com/dealwright/dealwright/internal/spec/types"

// Model is a source model: what one delivered record looks like.
type Model struct {
	Name        string     // "webhook.payload"
	Var         string     // what it is bound to where the spec says nothing
	Type        types.Type // types.Free: anything
	Enrichments []Enrichment
}

// Enrichment is something that can be fetched for a model or for another enrichment.
type Enrichment struct {
	Use  string // what the model calls it
	Of   string // "" for the model, else the Use of another
	Type types.Type
}

// Fetched gives the type of what is fetched for the model (of ""), or for another enrichment.
func (m *Model) Fetched(of, use string) (types.Type, bool) {
	for _, e := range m.Enrichments {
		if e.Use == use && e.Of == of {
			return e.Type, true
		}
	}
	return types.Broken, false
}

// WebhookPayload is the model of payload sources: any JSON.
var WebhookPayload = Model{Name: "webhook.payload", Var: "event", Type: types.Free}

// WithModels gives the library with these source models instead of its own.
func (l *Library) WithModels(models ...Model) *Library {
	with := *l
	with.models = models
	return &with
}

// Models are the source models a spec can be for.
func (l *Library) Models() []Model { return l.models }

// Model gives the source model of that name.
func (l *Library) Model(name string) (Model, bool) {
	for _, m := range l.models {
		if m.Name == name {
			return m, true
		}
	}
	return Model{}, false
}

// Marked gives the model with marks of a source in it, where its records have no schema; one with a schema has its own.
func (m Model) Marked(marks types.Marks) Model {
	if m.Type.Kind == types.Any {
		m.Type = m.Type.Marked(marks)
	}
	return m
}
