package enrich

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// maxSnapshot is how many bytes of JSON one enrichment may be; maxDepth is that of every value.
const (
	maxSnapshot = 1 << 20
	maxDepth    = run.MaxDepth
)

// Fetch gets everything that a program needs for a delivery and that is not known yet, parents first, and gives it with
// what was known. It may be called by anybody, at any time: it keeps nothing. After a *Failed the list has what was
// fetched until then.
func (d *Desk) Fetch(ctx context.Context, source *plan.Source, program *run.Program, item value.Value, known []pipeline.Enrichment) ([]pipeline.Enrichment, error) {
	all := slices.Clone(known)
	for {
		enriched, err := execute.Enrich(program, source.Provider.Tenant, all)
		if err != nil || len(enriched.Missing) == 0 {
			return all, err
		}
		next := enriched.Missing[0]
		of, ofUse := item, ""
		if next.Of >= 0 {
			parent := &program.Enrichments[next.Of]
			ofUse = parent.Use
			of = enriched.Values[slices.IndexFunc(enriched.Values, func(f run.Field) bool { return f.Name == parent.Name })].Value
		}
		declared := d.declared(source, ofUse, next.Use)
		if declared == nil { // the spec would not check; it is checked again when the server starts
			return all, &Failed{Name: next.Name, Chain: next.Chain, Unasked: true, Err: final("%s does not offer it any more", source.Model)}
		}
		fetched, err := d.one(ctx, source, declared, of)
		if err != nil {
			return all, &Failed{Name: next.Name, Chain: next.Chain, Err: err}
		}
		fetched.Chain = next.Chain
		all = append(all, fetched)
	}
}

// one fetches a single enrichment.
func (d *Desk) one(ctx context.Context, source *plan.Source, declared *connector.Enrichment, of value.Value) (pipeline.Enrichment, error) {
	var fetched pipeline.Enrichment
	got, err := fetch(ctx, declared, connector.Request{ProviderID: source.Provider.ID, SourceID: source.ID, Of: of})
	if err != nil {
		return fetched, err
	}
	fetched.FetchedAt = d.Now()
	if got.IsNull() {
		return fetched, nil
	}
	tenant := source.Provider.Tenant
	door := pseudonym.NewDoor(tenant.PseudonymKey, tenant.Country, declared.Type)
	passed, _ := door.Pass(got)
	body, ok := passed.AppendLimited(nil, maxSnapshot, maxDepth)
	if !ok {
		return fetched, final("it is more than 1 MiB of JSON, or nested more than %d deep", maxDepth)
	}
	kept := door.Keep(body, got, passed)
	fetched.Snapshot, fetched.Body, fetched.Places = pipeline.NotStored, kept.Body, kept.Places
	return fetched, nil
}

func (d *Desk) declared(source *plan.Source, of, use string) *connector.Enrichment {
	t := d.Catalogue.Source(source.Type)
	if t == nil {
		return nil
	}
	return t.Enrichment(of, use)
}

// fetch calls a connector; one that breaks is a failure like others.
func fetch(ctx context.Context, e *connector.Enrichment, r connector.Request) (v value.Value, err error) {
	defer func() {
		if broke := recover(); broke != nil {
			err = &broken{broke, debug.Stack()}
		}
	}()
	return e.Fetch(ctx, r)
}

// broken is the panic of a connector. What it says may hold anything, so only the log gets it.
type broken struct {
	cause any
	stack []byte
}

func (b *broken) Error() string { return "the connector broke; the log says where" }

func final(format string, args ...any) error {
	return &connector.Failure{Message: fmt.Sprintf(format, args...), Final: true}
}

// Failed says which enrichment could not be fetched.
type Failed struct {
	Name    string // as the spec reads it
	Chain   string
	Unasked bool  // nobody was asked for it
	Err     error // a *connector.Failure, or what else a connector gave
}

func (f *Failed) Error() string { return f.Name + " could not be fetched: " + words(f.Err) }

func (f *Failed) Unwrap() error { return f.Err }

// words are what is told and kept of a failure.
func words(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "there was no answer in time"
	}
	text := []rune(err.Error())
	const longest = 500
	if len(text) > longest {
		return string(text[:longest]) + "…"
	}
	return string(text)
}
