package api

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/coverage"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

func (s *Server) traceSchemaRows() []Row {
	return []Row{
		{"GET", "/v1/processors/{id}/trace-schema", access.ReadData, "Deliveries to try a spec with, the newest first, each with the last execution on it", one(s.traceSchema)},
		{"POST", "/v1/processors/{id}/trace-schema/varied", access.ReadData, "A few deliveries that together take each branch of a spec and have each optional field once present and once absent", one(s.variedTraceSchema)},
		{"GET", "/v1/processors/{id}/checklist", access.ReadData, "What of the current spec was seen at work on the last deliveries, and what was not; nothing is written", one(s.checklist)},
		{"POST", "/v1/processors/{id}/checklist", access.ReadData, "The same of a draft, or of another version", one(s.checklistOf)},
	}
}

// SchemaEntry is a delivery to try a spec with.
type SchemaEntry struct {
	DeliveryID  string     `json:"delivery_id"`
	SourceID    string     `json:"source_id"`
	Label       string     `json:"label" doc:"What identifies it best: its id, number or name. \"\": nothing does."`
	LabelPath   string     `json:"label_path" doc:"Where that stands."`
	ReceivedAt  time.Time  `json:"received_at"`
	ExecutionID *string    `json:"execution_id" doc:"The last execution of the processor on it; null: none yet."`
	Version     *int       `json:"version" doc:"Of the spec, that ran then."`
	Status      run.Status `json:"status,omitempty" enum:"waiting,running,succeeded,skipped,partial,failed" doc:"Of that execution; in a varied set, of trying it now."`
	Counts      countsView `json:"counts"`
	Error       *errorView `json:"error" doc:"The first; null: none."`
	Branches    []spotView `json:"branches,omitempty" doc:"In a varied set: the branches it takes."`
}

type traceSchemaInput struct {
	ID     string `path:"id"`
	Search string `query:"search" doc:"Part of the label, or an id of a delivery or execution; over the last 500 deliveries."`
	N      int    `query:"n" minimum:"1" maximum:"100" default:"50" doc:"How many, at most."`
}

// searched is how many of the last deliveries are looked through.
const searched = 500

func (s *Server) traceSchema(ctx context.Context, in *traceSchemaInput) ([]SchemaEntry, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return nil, err
	}
	tenantID := caller(ctx).TenantID
	links, err := s.Store.LinksTo(ctx, tenantID, n)
	if err != nil {
		return nil, err
	}
	sources := make([]int64, len(links))
	for i, l := range links {
		sources[i] = l.SourceID
	}
	among := in.N
	if in.Search != "" {
		among = searched
	}
	kept, err := s.Store.LastDeliveries(ctx, tenantID, sources, math.MaxInt64, among)
	if err != nil {
		return nil, err
	}
	ran, err := s.Store.ListExecutions(ctx, pipeline.ExecutionFilter{TenantID: tenantID, ProcessorID: n}, page.Request{Number: 1, Size: among})
	if err != nil {
		return nil, err
	}
	numbers := trial.Numbers(kept)
	for i := range ran.Items { // of sources that are linked no more, too
		numbers = append(numbers, ran.Items[i].DeliveryID)
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	slices.Reverse(numbers)
	numbers = numbers[:min(among, len(numbers))]
	last, err := s.Store.LastExecutions(ctx, tenantID, n, numbers)
	if err != nil {
		return nil, err
	}
	return s.schemaEntries(ctx, numbers, last, in)
}

// schemaEntries reads deliveries some at a time until there are enough that are searched for.
func (s *Server) schemaEntries(ctx context.Context, numbers []int64, last map[int64]pipeline.ExecutionLine, in *traceSchemaInput) ([]SchemaEntry, error) {
	doors := map[int64]*pseudonym.Door{}
	entries := []SchemaEntry{}
	for part := range slices.Chunk(numbers, 50) {
		stored, err := s.Store.Deliveries(ctx, caller(ctx).TenantID, part)
		if err != nil {
			return nil, err
		}
		slices.Reverse(stored)
		for i := range stored {
			d := &stored[i]
			door, known := doors[d.SourceID]
			if !known {
				if door, err = s.Store.Door(ctx, s.Library, d.TenantID, d.SourceID); err != nil {
					return nil, err
				}
				doors[d.SourceID] = door
			}
			item, err := execute.Item(d, door)
			if err != nil {
				continue // it cannot be read, so nothing can be tried with it
			}
			e := viewEntry(d, item)
			if ran, is := last[d.Number]; is {
				e.ran(&ran)
			}
			if in.Search == "" || e.matches(in.Search) {
				entries = append(entries, e)
			}
			if len(entries) == in.N {
				return entries, nil
			}
		}
	}
	return entries, nil
}

func viewEntry(d *pipeline.Delivery, item value.Value) SchemaEntry {
	v := SchemaEntry{DeliveryID: id.Format(id.Delivery, d.Number), SourceID: id.Format(id.Source, d.SourceID), ReceivedAt: at(d.ReceivedAt)}
	v.Label, v.LabelPath = label(item)
	return v
}

// ran adds what the last execution on it came to.
func (e *SchemaEntry) ran(last *pipeline.ExecutionLine) {
	executionID := id.Format(id.Execution, last.ID)
	e.ExecutionID, e.Status, e.Counts, e.Version = &executionID, last.Status, countsView(last.Counts), &last.Version
	if errs := viewErrors(last.Errors); len(errs) > 0 {
		e.Error = &errs[0]
	}
}

func (e *SchemaEntry) matches(search string) bool {
	search = strings.ToLower(strings.TrimSpace(search))
	return strings.Contains(strings.ToLower(e.Label), search) || e.DeliveryID == search || e.ExecutionID != nil && *e.ExecutionID == search
}

// identifying are keys of what tells one thing from another, the best first.
var identifying = []string{"id", "uuid", "number", "nr", "no", "code", "reference", "ref", "key", "name", "title", "subject"}

// label is what identifies an item best, and where that stands: on top, or in an object on top. Personal values do not.
func label(item value.Value) (text, path string) {
	outer := []struct {
		path string
		v    value.Value
	}{{"", item}}
	for _, m := range item.Members() {
		if m.Value.Kind() == value.KindObject {
			outer = append(outer, struct {
				path string
				v    value.Value
			}{m.Key + ".", m.Value})
		}
	}
	for _, o := range outer {
		for _, key := range identifying {
			for _, m := range o.v.Members() {
				if k := strings.ToLower(m.Key); k != key && !strings.HasSuffix(k, "_"+key) {
					continue
				}
				switch m.Value.Kind() {
				case value.KindText:
					text = strings.TrimSpace(m.Value.Text())
				case value.KindNumber:
					text = m.Value.Decimal().String()
				}
				if text != "" {
					return shortened(text), o.path + m.Key
				}
			}
		}
	}
	return "", ""
}

// shortened is a text for one line.
func shortened(text string) string {
	const most = 80
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

type variedInput struct {
	ID   string `path:"id"`
	Body *struct {
		Trying
		Deliveries int `json:"deliveries,omitempty" minimum:"1" maximum:"500" doc:"How many of the last ones to choose from; 500, if left out."`
	}
}

// mostVaried deliveries are proposed.
const mostVaried = 12

// variedSet is a proposal of deliveries to try a spec with.
type variedSet struct {
	Entries  []SchemaEntry `json:"entries" doc:"At most 12, those that add the most first."`
	Looked   int           `json:"looked" doc:"Deliveries that were tried to choose from."`
	NotTried int           `json:"not_tried" doc:"That could not be tried: a link lacks a constant, or something was never fetched."`
	Cut      bool          `json:"cut" doc:"The time was up before all were tried."`
	Missed   []spotView    `json:"missed" doc:"Branches that no delivery takes."`
}

func (s *Server) rehearse(ctx context.Context, pathID string, t *Trying, deliveries int) (*trial.Rehearsal, error) {
	n, err := processorID(pathID)
	if err != nil {
		return nil, err
	}
	tried, err := t.tried(caller(ctx).TenantID, n)
	if err != nil {
		return nil, err
	}
	return s.Trials.Rehearse(ctx, tried, deliveries)
}

func (s *Server) variedTraceSchema(ctx context.Context, in *variedInput) (variedSet, error) {
	trying, deliveries := Trying{}, trial.MostRehearsed
	if in.Body != nil {
		trying = in.Body.Trying
		if in.Body.Deliveries > 0 {
			deliveries = in.Body.Deliveries
		}
	}
	r, err := s.rehearse(ctx, in.ID, &trying, deliveries)
	if err != nil {
		return variedSet{}, err
	}
	v := variedSet{Entries: []SchemaEntry{}, Looked: len(r.Runs), NotTried: r.NotRun, Cut: r.Cut, Missed: viewSpots(r.Coverage.Branches().Missed)}
	for _, one := range r.Varied(mostVaried) {
		e := SchemaEntry{
			DeliveryID: id.Format(id.Delivery, one.Delivery), SourceID: id.Format(id.Source, one.Source), ReceivedAt: at(one.ReceivedAt),
			Status: one.Status, Counts: countsView(one.Counts), Branches: []spotView{},
		}
		e.Label, e.LabelPath = label(one.Item)
		if errs := viewErrors(one.Errors); len(errs) > 0 {
			e.Error = &errs[0]
		}
		for _, i := range one.Branches {
			spot := r.Coverage.Branch(i)
			spot.Count = 1
			e.Branches = append(e.Branches, spotView(spot))
		}
		v.Entries = append(v.Entries, e)
	}
	return v, nil
}

func viewSpots(spots []coverage.Spot) []spotView {
	views := make([]spotView, len(spots))
	for i, spot := range spots {
		views[i] = spotView(spot)
	}
	return views
}

// checklistView is what to look at before a processor is enabled.
type checklistView struct {
	Version    *int        `json:"version" doc:"Null: a draft."`
	Deliveries int         `json:"deliveries" doc:"That it was tried with."`
	Ready      bool        `json:"ready" doc:"Nothing is left to do; warnings may remain."`
	Items      []CheckItem `json:"items"`
}

// CheckItem is one line of a checklist.
type CheckItem struct {
	Key      string       `json:"key" enum:"identities,branches,external_ids,personal,records,optional_fields,link"`
	State    string       `json:"state" enum:"ok,todo,warn"`
	Sentence string       `json:"sentence" said:"ours"`
	Places   []CheckPlace `json:"places" doc:"Where to go about it, at most 20."`
}

// CheckPlace is where to go about a line of a checklist.
type CheckPlace struct {
	Pointer     string      `json:"pointer,omitempty" doc:"JSON Pointer into the spec."`
	Instruction string      `json:"instruction_id,omitempty"`
	SourceID    *string     `json:"source_id,omitempty" doc:"The source that it is about."`
	DeliveryID  *string     `json:"delivery_id,omitempty"`
	Deliveries  int         `json:"deliveries,omitempty" doc:"That come to the same there, delivery_id among them; left out: it is about none."`
	Mark        *types.Mark `json:"mark,omitempty" doc:"What PUT /v1/sources/{id}/personal can mark about it."`
	Says        string      `json:"says" said:"ours"`
}

// checklistDeliveries are tried for a checklist.
const checklistDeliveries = 200

func (s *Server) checklist(ctx context.Context, in *idInput) (checklistView, error) {
	return s.checked(ctx, in.ID, &Trying{})
}

type checklistInput struct {
	ID   string `path:"id"`
	Body struct{ Trying }
}

func (s *Server) checklistOf(ctx context.Context, in *checklistInput) (checklistView, error) {
	return s.checked(ctx, in.ID, &in.Body.Trying)
}

func (s *Server) checked(ctx context.Context, pathID string, t *Trying) (checklistView, error) {
	r, err := s.rehearse(ctx, pathID, t, checklistDeliveries)
	if err != nil {
		return checklistView{}, err
	}
	v := checklistView{Version: versionOrNull(r.Version), Deliveries: len(r.Runs), Ready: true, Items: []CheckItem{}}
	for _, c := range r.Checklist(s.Library) {
		one := CheckItem{Key: c.Key, State: c.State, Sentence: c.Sentence, Places: []CheckPlace{}}
		for _, p := range c.Places {
			one.Places = append(one.Places, CheckPlace{p.Pointer, p.Step, idOrNull(id.Source, p.Source), idOrNull(id.Delivery, p.Delivery), p.Times, p.Mark, p.Says})
		}
		v.Ready = v.Ready && c.State != trial.CheckTodo
		v.Items = append(v.Items, one)
	}
	return v, nil
}
