package provider

// Type declares a kind of provider. Its form is drawn from Fields.
type Type struct {
	Name    string
	Title   string
	Help    string
	Fields  []Field
	Doors   []Door
	Sources []*SourceType
}

// Field is one setting of a provider or source of a type.
type Field struct {
	Name     string
	Title    string
	Help     string
	Required bool
	Secret   bool // write-only
}

// Door is one fixed webhook: its name in URLs and the record kind that must be on for it.
type Door struct{ Name, Kind string }

// SourceType declares a kind of source that a provider of a type can have.
type SourceType struct {
	Name   string // also the source model it delivers
	Title  string
	Help   string
	Fields []Field
}

// Types are the provider types there are, in the order people see them.
var Types = []*Type{Webhooks}

// Webhooks is any system that can call a URL.
var Webhooks = &Type{
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
	Sources: []*SourceType{Payload},
}

// Payload is a source that takes whatever JSON the sender has.
var Payload = &SourceType{
	Name:  "webhook.payload",
	Title: "Payload",
	Help:  "A URL that takes one JSON object, or a list of them, as the sender has it. What it means is decided by the processors linked to it.",
}

// TypeOf gives the type of that name, nil for none.
func TypeOf(name string) *Type {
	for _, t := range Types {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// Source gives the source type of that name, nil for none.
func (t *Type) Source(name string) *SourceType {
	for _, s := range t.Sources {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// TypeNames are the names of Types.
func TypeNames() []string {
	names := make([]string, len(Types))
	for i, t := range Types {
		names[i] = t.Name
	}
	return names
}
