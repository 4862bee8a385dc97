package tenant

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
)

// Dependents is what hangs on a thing that somebody wants to delete.
type Dependents struct {
	Things []Dependent // that go or stop with it
	Waits  int64       // executions that wait and would never run
	Kept   Kept        // that stay
}

// Dependent is one thing that hangs on another.
type Dependent struct {
	Noun string // "source", "processor", "webhook"
	ID   string // public id; of a webhook its name
	Name string
	What string // happens to it: "is deleted too", "no longer runs on this source"
}

// Kept is what a deletion leaves: how much of it there is.
type Kept struct {
	Executions int64
	Records    []Count // kinds that have any
	Identities int64
}

// Count is how many there are of a noun.
type Count struct {
	Noun string
	N    int64
}

// Allow is what a deletion asks: without confirmation it refuses where anything hangs on the thing, and names it.
func Allow(confirmed bool, noun, name string) func(Dependents) error {
	return func(d Dependents) error {
		if confirmed || len(d.Things) == 0 && d.Waits == 0 {
			return nil
		}
		names := make([]string, len(d.Things))
		for i, t := range d.Things {
			names[i] = fmt.Sprintf("%s “%s”", t.Noun, t.Name)
		}
		if d.Waits > 0 {
			names = append(names, fmt.Sprintf("%d waiting executions", d.Waits))
		}
		stays := "deliveries, executions and records stay"
		if kept := d.Kept.words(); kept != "" {
			stays = "deliveries and executions stay, and so do " + kept
		}
		e := fault.New(fault.Conflict, "The %s “%s” is in use: %s. Nothing was deleted. Send confirm=true to delete it all the same; %s.", noun, name, strings.Join(names, ", "), stays)
		for _, t := range d.Things {
			e.With(fault.Detail{Field: t.Noun, Code: "depends", Message: fmt.Sprintf("%s “%s” (%s) %s.", t.Noun, t.Name, t.ID, t.What)})
		}
		return e
	}
}

// words for the records and identities that stay: "2 sales, 1 external identity"; "" for none.
func (k Kept) words() string {
	var parts []string
	for _, c := range append(slices.Clone(k.Records), Count{Noun: "external_identity", N: k.Identities}) {
		switch c.N {
		case 0:
		case 1:
			parts = append(parts, "1 "+strings.ReplaceAll(c.Noun, "_", " "))
		default:
			parts = append(parts, fmt.Sprintf("%d %s", c.N, Title(c.Noun)))
		}
	}
	return strings.Join(parts, ", ")
}
