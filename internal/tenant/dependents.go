package tenant

import (
	"fmt"
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
	Noun string // "source", "processor", "link"
	ID   string // public id
	Name string
	What string // happens to it: "is deleted too", "no longer runs on this source"
}

// Kept is what a deletion leaves: how much of it there is.
type Kept struct{ Executions int64 }

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
		e := fault.New(fault.Conflict, "The %s “%s” is in use: %s. Nothing was deleted. Send confirm=true to delete it all the same; deliveries, executions and records stay.", noun, name, strings.Join(names, ", "))
		for _, t := range d.Things {
			e.With(fault.Detail{Field: t.Noun, Code: "depends", Message: fmt.Sprintf("%s “%s” (%s) %s.", t.Noun, t.Name, t.ID, t.What)})
		}
		return e
	}
}
