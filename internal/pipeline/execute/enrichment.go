package execute

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Enriched is what the enrichments of a program are, as far as they have been fetched.
type Enriched struct {
	// Values by the names that the program has for them; null: there is none.
	Values []run.Field
	// GivenUp is the first that could not be had; nil: all could.
	GivenUp *run.DataError
	// Missing are those that nobody has fetched yet, parents first.
	Missing []*run.Enrichment
}

// Enrich gives a program what was fetched for its delivery: the one way from stored snapshots to what a run, a run
// again, a trace or a trial sees. What belongs to something that is not there is not there either. It passes the doors of
// its types again, as they are now, under the key of a tenant, so that a mark holds for what was fetched before it; without
// a tenant, or one of tests, which has no key, it is as stored.
func Enrich(p *run.Program, t *plan.Tenant, fetched []pipeline.Enrichment) (Enriched, error) {
	var e Enriched
	known := make([]bool, len(p.Enrichments)) // not missing
	values := make([]value.Value, len(p.Enrichments))
	for i := range p.Enrichments {
		declared := &p.Enrichments[i]
		n := slices.IndexFunc(fetched, func(f pipeline.Enrichment) bool { return f.Chain == declared.Chain })
		switch {
		case declared.Of >= 0 && known[declared.Of] && values[declared.Of].IsNull():
		case n < 0:
			e.Missing = append(e.Missing, declared)
			continue
		case fetched[n].GivenUp != "":
			if e.GivenUp == nil {
				e.GivenUp = givenUp(declared, fetched[n].GivenUp)
			}
		case fetched[n].Snapshot != 0:
			v, err := snapshot(&fetched[n])
			if err != nil {
				return e, err
			}
			if t != nil && t.PseudonymKey != nil {
				v, _ = pseudonym.NewDoor(t.PseudonymKey, t.Country, declared.Type).Pass(v)
			}
			values[i] = v
		}
		known[i] = true
		e.Values = append(e.Values, run.Field{Name: declared.Name, Value: values[i]})
	}
	return e, nil
}

// snapshot reads what was found.
func snapshot(e *pipeline.Enrichment) (value.Value, error) {
	v, err := pseudonym.Kept{Body: e.Body, Places: e.Places}.Value()
	if err != nil {
		return value.Null(), fmt.Errorf("the stored snapshot %d of %s cannot be read: %w", e.Snapshot, e.Chain, err)
	}
	return v, nil
}

func givenUp(declared *run.Enrichment, why string) *run.DataError {
	return &run.DataError{
		Code: "enrichment_failed", Field: declared.Name,
		Message: declared.Name + " could not be fetched: " + why,
		Remedy:  "Look at the provider, then run the delivery again: it is fetched anew.",
	}
}

// TakeApart is for an item as a person writes it, with enrichments under their names inside: it gives the item without
// them, and what was fetched. One that is left out was not found.
func TakeApart(p *run.Program, given value.Value) (item value.Value, fetched []pipeline.Enrichment) {
	item = given
	values := make([]value.Value, len(p.Enrichments)) // of each, without its children
	for i := range p.Enrichments {
		e := &p.Enrichments[i]
		of := &item
		if e.Of >= 0 {
			of = &values[e.Of]
		}
		values[i], *of = take(*of, lastName(e.Name))
	}
	for i, v := range values {
		e := pipeline.Enrichment{Chain: p.Enrichments[i].Chain}
		if !v.IsNull() {
			e.Snapshot, e.Body = pipeline.NotStored, v.AppendJSON(nil)
		}
		fetched = append(fetched, e)
	}
	return item, fetched
}

// PutTogether is the opposite: an item as a person writes it.
func PutTogether(p *run.Program, item value.Value, fetched []run.Field) value.Value {
	whole := make([]value.Value, len(p.Enrichments))
	for i := len(p.Enrichments) - 1; i >= 0; i-- { // children first
		e := &p.Enrichments[i]
		for _, f := range fetched {
			if f.Name == e.Name {
				whole[i] = with(f.Value, members(p, i, whole))
			}
		}
	}
	return with(item, members(p, -1, whole))
}

// members are the children that were found, by their names.
func members(p *run.Program, of int, whole []value.Value) []value.Member {
	var found []value.Member
	for i := range p.Enrichments {
		if e := &p.Enrichments[i]; e.Of == of && !whole[i].IsNull() {
			found = append(found, value.Member{Key: lastName(e.Name), Value: whole[i]})
		}
	}
	return found
}

func with(v value.Value, more []value.Member) value.Value {
	if v.Kind() != value.KindObject || len(more) == 0 {
		return v
	}
	return value.Object(slices.Concat(v.Members(), more))
}

func take(v value.Value, key string) (taken, rest value.Value) {
	kept := make([]value.Member, 0, v.Len())
	for _, m := range v.Members() {
		if m.Key == key {
			taken = m.Value
		} else {
			kept = append(kept, m)
		}
	}
	if len(kept) == v.Len() {
		return value.Null(), v
	}
	return taken, value.Object(kept)
}

func lastName(dotted string) string { return dotted[strings.LastIndexByte(dotted, '.')+1:] }
