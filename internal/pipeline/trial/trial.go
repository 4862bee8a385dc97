// Package trial tries specs out on what is stored, before they write: a dry run of one delivery, a backtest over many,
// and the records that no present spec would make. What it runs is what runs for real (package execute, on a stage); only
// what the stage reads from differs: moments of the database that nobody writes from. It never writes, draws no number
// and does not move the epoch of the configuration.
//
//	spec + deliveries ─▶ overlay over the records of now ─▶ what would become of them
//	                       └ loaded in pieces, as the runs ask for it
package trial

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/metric"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/provider"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/tenant"
)

// Store is what is read. Nothing of it writes.
type Store interface {
	processor.Store
	Source(ctx context.Context, tenantID, id int64) (provider.Source, error)
	Delivery(ctx context.Context, tenantID, number int64) (pipeline.DeliveryLine, error)
	// LastDeliveries gives the newest deliveries of these sources before a number, at most limit of them, the newest
	// first.
	LastDeliveries(ctx context.Context, tenantID int64, sources []int64, before int64, limit int) ([]Kept, error)
	// LastDeliveriesAmong is as LastDeliveries, of those that count; the processor is the one whose failures do.
	LastDeliveriesAmong(ctx context.Context, tenantID, processorID int64, sources []int64, among Among, limit int) ([]Kept, error)
	// DeliveriesAfter gives those of the next so many deliveries of the tenant after one that are of these sources, in order
	// of acceptance. It says with which number to go on; 0: that was all.
	DeliveriesAfter(ctx context.Context, tenantID int64, sources []int64, after int64, among int) ([]Kept, int64, error)
	// Deliveries gives those of these numbers that are kept, with their bodies, in order of acceptance.
	Deliveries(ctx context.Context, tenantID int64, numbers []int64) ([]pipeline.Delivery, error)
	// Enrichments gives what was fetched for deliveries before, by their numbers.
	Enrichments(ctx context.Context, tenantID int64, deliveries ...int64) (map[int64][]pipeline.Enrichment, error)
	// Ran gives the run of a processor on each of these deliveries that ended last, but for those that failed.
	Ran(ctx context.Context, tenantID, processorID int64, deliveries []int64) (map[int64]Ran, error)
	// MadeBy gives what of a kind of record, or of identities (nil), a processor made: those among the next so many of the
	// tenant after the one of a number, in the order of their numbers. It says with which number to go on; 0: that was all.
	MadeBy(ctx context.Context, tenantID, processorID int64, kind *record.Kind, after int64, among int) ([]Made, int64, error)
	// Metrics gives all metrics of a tenant; MetricValues and MetricContacts what they are, see metric.Store.
	Metrics(ctx context.Context, tenantID int64) ([]metric.Metric, error)
	MetricValues(ctx context.Context, tenantID int64, d metric.Definition, w metric.Window, by metric.By) (metric.Values, error)
	// MetricContacts gives how many of the records that a metric is of these contacts have within a window, by agent or by team.
	MetricContacts(ctx context.Context, tenantID int64, d metric.Definition, w metric.Window, contacts []string, by metric.By) (map[metric.OfContact]int64, error)
	// Teams gives the teams of a tenant, and which of them its agents are in.
	Teams(ctx context.Context, tenantID int64) (metric.Teams, error)
	// Snapshot runs fn on one moment of the database.
	Snapshot(ctx context.Context, fn func(record.Snapshot) error) error
	Now() int64
}

// Kept is a delivery that could be read.
type Kept struct {
	Number int64
	Bytes  int // of its body
}

// Numbers gives those of deliveries, in their order.
func Numbers(kept []Kept) []int64 {
	numbers := make([]int64, len(kept))
	for i, k := range kept {
		numbers[i] = k.Number
	}
	return numbers
}

// Ran is an execution, as far as it matters here.
type Ran struct {
	Execution int64
	Version   int // of the spec
}

// Made is a record or an identity with who made it.
type Made struct {
	ID    int64
	Key   record.Key
	Maker record.Maker
	Mark  record.Mark // the newest of its fields
}

// Desk tries things out. Its methods may be called by many goroutines.
type Desk struct {
	Store   Store
	Library *library.Library
	Plan    *plan.Holder
	// MostThings that a backtest keeps in memory at once; 0: mostThings.
	MostThings int

	mu    sync.Mutex
	under map[int64]int // long trials under way, by tenant
}

// mostAtOnce is how many long trials of one tenant a node runs at a time. Each takes one core.
const mostAtOnce = 2

// begin takes a place for a long trial; end gives it back.
func (d *Desk) begin(tenantID int64) (end func(), err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.under[tenantID] == mostAtOnce {
		refused := fault.New(fault.RateLimited, "%d backtests of yours are under way already. Wait until one is done, or cancel one.", mostAtOnce)
		refused.RetryAfter = retryAfter
		return nil, refused
	}
	if d.under == nil {
		d.under = map[int64]int{}
	}
	d.under[tenantID]++
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.under[tenantID]--; d.under[tenantID] == 0 {
			delete(d.under, tenantID)
		}
	}, nil
}

// retryAfter is when a place may be free again.
const retryAfter = 5 * time.Second

// Tried says which spec is tried: a draft; else a version by its number; else the current one.
type Tried struct {
	TenantID  int64
	Processor int64
	Version   int              // 0: the current one
	Draft     *processor.Draft // nil: a version
}

// subject is what a trial works on: a processor with one spec of it.
type subject struct {
	processor processor.Processor
	settings  tenant.Tenant
	tenant    *plan.Tenant
	doors     map[int64]*pseudonym.Door
	links     []processor.Link // to the processor, of all sources
	version   int              // 0: a draft
	spec      *tree.Spec
	program   *run.Program
	warnings  []tree.Problem // of a draft
	marks     types.Marks    // of the sources it is linked to
	left      []LeftOut      // of the spec, where it is tried in part
}

// subject finds the processor and the spec that is tried, and makes sure that it checks as the language and the settings
// are now.
func (d *Desk) subject(ctx context.Context, t Tried, traced bool) (*subject, error) {
	s, err := d.around(ctx, t)
	if err != nil {
		return nil, err
	}
	if t.Draft != nil {
		problems, err := d.readDraft(ctx, s, t.Draft)
		if err != nil {
			return nil, err
		}
		if tree.HasErrors(problems) {
			return nil, processor.Refused("The spec was not tried out: it does not check.", problems)
		}
		s.warnings = problems
		return s, s.use(d.Library, s.spec, 0, traced)
	}
	number := t.Version
	if number == 0 {
		number = s.processor.Version
	}
	if number == 0 {
		return nil, fault.New(fault.Conflict, "The processor “%s” has no spec yet. Send one along, or save one first.", s.processor.Name)
	}
	return s, d.useVersion(ctx, s, number, traced)
}

// part is subject for as much of a draft as checks.
func (d *Desk) part(ctx context.Context, t Tried) (*subject, error) {
	if t.Draft == nil {
		return d.subject(ctx, t, true)
	}
	s, err := d.around(ctx, t)
	if err != nil {
		return nil, err
	}
	problems, err := d.readDraft(ctx, s, t.Draft)
	if err != nil {
		return nil, err
	}
	if s.spec == nil {
		return nil, processor.Refused("The spec was not tried out: it does not check.", problems)
	}
	return s, s.fit(d.Library, problems)
}

func (d *Desk) readDraft(ctx context.Context, s *subject, draft *processor.Draft) (problems []tree.Problem, err error) {
	s.spec, problems, err = processor.ReadDraft(ctx, d.Store, d.Library, s.processor, *draft)
	return problems, err
}

// around is a subject without a spec.
func (d *Desk) around(ctx context.Context, t Tried) (*subject, error) {
	s := &subject{}
	var err error
	if s.processor, err = d.Store.Processor(ctx, t.TenantID, t.Processor); err != nil {
		return nil, err
	}
	if s.settings, err = d.Store.Tenant(ctx, t.TenantID); err != nil {
		return nil, err
	}
	picture, err := d.Plan.Fresh(ctx)
	if err != nil {
		return nil, err
	}
	if s.tenant = picture.Tenants[t.TenantID]; s.tenant == nil {
		return nil, fmt.Errorf("tenant %d is not in the picture of the configuration", t.TenantID)
	}
	s.doors = picture.Doors
	if s.links, err = d.Store.LinksTo(ctx, t.TenantID, t.Processor); err != nil {
		return nil, err
	}
	s.marks, err = d.Store.Marks(ctx, t.TenantID, t.Processor)
	return s, err
}

// useVersion makes a saved version the spec of s.
func (d *Desk) useVersion(ctx context.Context, s *subject, number int, traced bool) error {
	v, err := d.Store.SpecVersion(ctx, s.processor.TenantID, s.processor.ID, number)
	if err != nil {
		return err
	}
	spec, err := v.Spec(d.Library)
	if err != nil {
		return err
	}
	problems := append(processor.Problems(spec, d.Library, s.processor.SourceModel, s.marks), processor.SwitchedOff(spec, s.settings.Has)...)
	if tree.HasErrors(problems) {
		return processor.Refused(fmt.Sprintf("Version %d was not tried out: it no longer checks.", number), problems)
	}
	return s.use(d.Library, spec, number, traced)
}

func (s *subject) use(lib *library.Library, spec *tree.Spec, version int, traced bool) (err error) {
	model, _ := lib.Model(s.processor.SourceModel)
	s.spec, s.version = spec, version
	s.program, err = compile.Compile(spec, lib, compile.Options{Var: model.Var, Traced: traced})
	return err
}

// with is the same processor with another version.
func (d *Desk) with(ctx context.Context, s *subject, version int) (*subject, error) {
	other := *s
	other.warnings = nil
	return &other, d.useVersion(ctx, &other, version, false)
}

// linkOf gives how the spec runs on what a source delivers. Constants that are given count instead of those of the link;
// a source that is not linked has none, and the processor runs after those that are linked to it.
func (d *Desk) linkOf(ctx context.Context, s *subject, source int64, given *value.Value) (*plan.Link, error) {
	link := &plan.Link{
		ProcessorID: s.processor.ID, Version: s.version, Program: s.program, Zone: s.settings.TimeZone, Country: s.settings.Country,
	}
	if l := s.linkFrom(source); l != nil {
		link.Position = l.Position
	} else if source != 0 {
		linked, err := d.Store.Links(ctx, s.processor.TenantID, source)
		if err != nil {
			return nil, err
		}
		link.Position = len(linked)
	}
	constants := s.constantsOn(source, given)
	if details := processor.CheckConstants(s.spec, constants); len(details) > 0 {
		refused := fault.New(fault.Invalid, "The spec was not tried out: its constants lack values.")
		for _, detail := range details {
			refused.With(detail)
		}
		return nil, refused
	}
	for _, c := range s.spec.Constants {
		if constants.Has(c.Name) {
			link.Constants = append(link.Constants, run.Field{Name: c.Name, Value: constants.Get(c.Name)})
		}
	}
	return link, nil
}

// linkFrom is the link of a source; nil: it has none.
func (s *subject) linkFrom(source int64) *processor.Link {
	if at := slices.IndexFunc(s.links, func(l processor.Link) bool { return l.SourceID == source }); at >= 0 {
		return &s.links[at]
	}
	return nil
}

// constantsOn are those given, or else of the link of a source.
func (s *subject) constantsOn(source int64, given *value.Value) value.Value {
	if given != nil {
		return *given
	}
	if l := s.linkFrom(source); l != nil {
		return l.Constants
	}
	return value.Object(nil)
}

// unit is the run of the spec on one delivery.
func (s *subject) unit(link *plan.Link, d *pipeline.Delivery, item value.Value, fetched []pipeline.Enrichment, watch execute.Watch) *execute.Program {
	return &execute.Program{Tenant: s.tenant, Link: link, Delivery: d, Item: item, Fetched: fetched, Kind: pipeline.Test, Watch: watch}
}

// lacks says what a program needs that was never fetched for a delivery; "": nothing. Trials fetch nothing.
func lacks(p *run.Program, fetched []pipeline.Enrichment) (string, error) {
	names, err := unanswered(p, fetched)
	if names == "" {
		return "", err
	}
	return "The spec needs " + names + ", which was not fetched for it; trials fetch nothing.", nil
}

// unanswered names what a program needs that was never fetched for a delivery; "": nothing.
func unanswered(p *run.Program, fetched []pipeline.Enrichment) (names string, err error) {
	if len(p.Enrichments) == 0 {
		return "", nil
	}
	enriched, err := execute.Enrich(p, nil, fetched)
	if err != nil {
		return "", err
	}
	all := make([]string, len(enriched.Missing))
	for i, e := range enriched.Missing {
		all[i] = e.Name
	}
	return strings.Join(all, ", "), nil
}

// answered gives the places of the deliveries of a piece on which a side can run, nil: on all. The others are told with
// what is not stored for them: a run without it would be a guess.
func (s *side) answered(p *piece, some []int, tell func(names string, i int)) ([]int, error) {
	if !s.asks() {
		return some, nil
	}
	can := []int{}
	for i := range p.deliveries {
		if some != nil && !slices.Contains(some, i) {
			continue
		}
		names := ""
		if link := s.links[p.deliveries[i].SourceID]; link != nil {
			var err error
			if names, err = unanswered(link.Program, p.fetched[p.deliveries[i].Number]); err != nil {
				return nil, err
			}
		}
		if names == "" {
			can = append(can, i)
		} else {
			tell(names, i)
		}
	}
	return can, nil
}

// loadTries: which keys a run wants may depend on what it finds under others; a spec cannot chain many of those.
const loadTries = 8

// errWants is what is said where a run wants other records at every try.
func errWants(d *pipeline.Delivery) error {
	return fmt.Errorf("the run on delivery %d wants other records at every try", d.Number)
}

// publicDelivery names a delivery to people.
func publicDelivery(number int64) string { return id.Format(id.Delivery, number) }
