// Package connector has the contract of those who bring deliveries in: which kinds of providers there are, what their
// sources deliver, and how to fetch what a spec asks for beside that. A Catalogue is what one server offers; it is made
// once, when the server starts, and handed down. The package keeps no list of its own, stores nothing and runs no spec.
package connector

import (
	"context"
	"fmt"
	"time"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Type declares a kind of provider. Its form is drawn from Fields.
type Type struct {
	Name    string
	Title   string
	Help    string
	Fields  []Field
	Doors   []Door
	Sources []*SourceType
	// Connect tries out whether a provider with these settings can be reached, and changes nothing there; nil: such a
	// provider is never called, it calls us.
	Connect func(ctx context.Context, settings map[string]string) error
	// Fetches is how many fetches a provider of this type bears at a time; 0: DefaultFetches.
	Fetches int
}

// DefaultFetches is how many fetches a provider bears at a time where its type does not say otherwise.
const DefaultFetches = 4

// Field is one setting of a provider or source of a type.
type Field struct {
	Name     string
	Title    string
	Help     string
	Required bool
	Secret   bool // write-only
	// Harmless: it has no bearing on where the secret ones are sent, such as a label. Where any other setting gets another
	// value, they are to be given again.
	Harmless bool
}

// Door is one fixed webhook: its name in URLs and the record kind that must be on for it.
type Door struct{ Name, Kind string }

// SourceType declares a kind of source that a provider of a type can have.
type SourceType struct {
	Name        string // also the source model it delivers
	Title       string
	Help        string
	Fields      []Field
	Var         string     // what a delivered record is called in specs that do not say
	Record      types.Type // of a delivered record
	Enrichments []Enrichment
}

// Enrichment declares what can be fetched for a delivered record, or for what was fetched for it.
type Enrichment struct {
	Use   string     // what specs call it
	Of    string     // the Use of the enrichment it is fetched for; "": the record itself
	Type  types.Type // of what is found; it is optional, unless one always is
	Fetch Fetch
}

// Fetch gets one enrichment over the network. Null means that there is none. It keeps to the time of ctx, may be called
// twice for the same thing, and changes nothing at the other side. What it gives is JSON: no datetimes, no identities.
// No error text of it holds a value of the record, since the texts are stored and shown.
type Fetch func(ctx context.Context, r Request) (value.Value, error)

// Request is what something is fetched for, and on whose behalf.
type Request struct {
	ProviderID int64
	SourceID   int64
	// Of is the record, or the enrichment, that it is fetched for: never null. It has passed the door, so personal
	// values in it are pseudonyms, and nothing can be looked up by them.
	Of value.Value
}

// Failure is an error of a Fetch that says more than that it failed. Any other error may pass.
type Failure struct {
	Message string
	// Final: trying again would not help.
	Final bool
	// RetryAfter is how long the provider wants to be left alone by everybody; 0: it does not say.
	RetryAfter time.Duration
}

func (f *Failure) Error() string { return f.Message }

// Model is the source model of what such a source delivers.
func (s *SourceType) Model() library.Model {
	m := library.Model{Name: s.Name, Var: s.Var, Type: s.Record}
	for _, e := range s.Enrichments {
		m.Enrichments = append(m.Enrichments, library.Enrichment{Use: e.Use, Of: e.Of, Type: e.Type})
	}
	return m
}

// Enrichment gives the enrichment that is reached by its Use from that of another ("": from the record); nil for none.
func (s *SourceType) Enrichment(of, use string) *Enrichment {
	for i := range s.Enrichments {
		if e := &s.Enrichments[i]; e.Of == of && e.Use == use {
			return e
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

// Catalogue is the provider types that a server offers, in the order people see them. Nobody changes one.
type Catalogue []*Type

// Check says what is wrong with a catalogue: that is a mistake of ours, found when a server starts.
func (c Catalogue) Check() error {
	types, models := map[string]bool{}, map[string]bool{}
	for _, t := range c {
		if types[t.Name] {
			return fmt.Errorf("two provider types are called %s", t.Name)
		}
		types[t.Name] = true
		for _, s := range t.Sources {
			if models[s.Name] {
				return fmt.Errorf("two source types are called %s", s.Name)
			}
			models[s.Name] = true
			for _, e := range s.Enrichments {
				if e.Fetch == nil {
					return fmt.Errorf("%s offers the enrichment %s, and nothing fetches it", s.Name, e.Use)
				}
			}
		}
	}
	return nil
}

// Type gives the type of that name, nil for none.
func (c Catalogue) Type(name string) *Type {
	for _, t := range c {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// Source gives the source type of that name, nil for none.
func (c Catalogue) Source(name string) *SourceType {
	for _, t := range c {
		if s := t.Source(name); s != nil {
			return s
		}
	}
	return nil
}

// Names of the types.
func (c Catalogue) Names() []string {
	names := make([]string, len(c))
	for i, t := range c {
		names[i] = t.Name
	}
	return names
}

// Models are the source models of all that is delivered.
func (c Catalogue) Models() []library.Model {
	var models []library.Model
	for _, t := range c {
		for _, s := range t.Sources {
			models = append(models, s.Model())
		}
	}
	return models
}
