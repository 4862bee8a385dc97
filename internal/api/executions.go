package api

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/trace"
)

func (s *Server) executionRows() []Row {
	return []Row{
		{"GET", "/v1/executions", access.ReadData, "Executions: one processor on one delivery, the newest first", many(s.listExecutions)},
		{"GET", "/v1/executions/histogram", access.ReadData, "How many executions were made when, and how many of them had errors", one(s.executionHistogram)},
		{"GET", "/v1/executions/causes", access.ReadData, "Executions with errors by what went wrong and where, the most frequent first", one(s.causes)},
		{"GET", "/v1/executions/export", access.ReadData, "Executions as CSV, the newest first; never a value of what was delivered", exported(executionCells, s.listExecutions)},
		{"GET", "/v1/executions/{id}", access.ReadData, "An execution", one(s.getExecution)},
		{"GET", "/v1/executions/{id}/neighbours", access.ReadData, "The executions next to one in a list: the newer one above it and the older one below it", one(s.neighbours)},
		{"GET", "/v1/executions/{id}/trace", access.ReadData, "What an execution did, step by step, with the value of every expression", one(s.getTrace)},
		{"POST", "/v1/executions/{id}/as-test", access.ReadData, "An execution as a test of its spec, which passes at once; on request added to the spec", one(s.executionAsTest)},
		{"POST", "/v1/executions/{id}/replay", access.RunProcessors, "Run the delivery of an execution again with the processor's current spec", one(s.replay)},
		{"POST", "/v1/executions/replay", access.RunProcessors, "Run the deliveries of many executions again, in the order of acceptance", one(s.replayAll)},
		{"POST", "/v1/processors/{id}/test", access.RunProcessors, "Run a processor, enabled or not, on a stored delivery, for real", one(s.test)},
	}
}

type countsView struct {
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Skipped   int `json:"skipped"`
	Failed    int `json:"failed"`
}

type executionView struct {
	ID            string                 `json:"id"`
	DeliveryID    string                 `json:"delivery_id"`
	SourceID      string                 `json:"source_id"`
	SourceName    string                 `json:"source_name"`
	ProcessorID   string                 `json:"processor_id"`
	ProcessorName string                 `json:"processor_name"`
	Version       int                    `json:"version" doc:"Of the spec."`
	Kind          pipeline.ExecutionKind `json:"kind" enum:"live,test,replay"`
	Status        run.Status             `json:"status" enum:"waiting,running,succeeded,skipped,partial,failed"`
	Reason        *string                `json:"reason" doc:"Why it waits: behind, enriching, incomplete_link, suspended, disabled, asked or parked; of one that was skipped unlinked, where the processor was taken off the source before it ran, or source_deleted."`
	ReceivedAt    time.Time              `json:"received_at" doc:"The delivery."`
	RanAt         *time.Time             `json:"ran_at" doc:"Null while it waits."`
	Counts        countsView             `json:"counts"`
	Error         *errorView             `json:"error" doc:"The first, where there are several."`
	Errors        []errorView            `json:"errors"`
}

type errorView struct {
	Code        string `json:"code"`
	Instruction string `json:"instruction"`
	Place       string `json:"place" doc:"JSON Pointer into the spec."`
	Field       string `json:"field"`
	Message     string `json:"message" said:"ours" unless:"failed"`
	Remedy      string `json:"remedy" said:"ours"`
}

func viewErrors(errs []*run.DataError) []errorView {
	views := make([]errorView, len(errs))
	for i, e := range errs {
		views[i] = errorView(*trace.NewError(e))
	}
	return views
}

func viewExecution(e pipeline.ExecutionLine) executionView {
	v := executionView{
		ID: id.Format(id.Execution, e.ID), DeliveryID: id.Format(id.Delivery, e.DeliveryID),
		SourceID: id.Format(id.Source, e.SourceID), SourceName: e.SourceName,
		ProcessorID: id.Format(id.Processor, e.ProcessorID), ProcessorName: e.ProcessorName,
		Version: e.Version, Kind: e.Kind, Status: e.Status, Reason: orNull(string(e.Reason)), ReceivedAt: at(e.ReceivedAt),
		Counts: countsView(e.Counts), Errors: viewErrors(e.Errors),
	}
	if e.Status != run.Waiting {
		v.RanAt = atOrNull(e.RanAt)
	}
	if len(v.Errors) > 0 {
		v.Error = &v.Errors[0]
	}
	return v
}

// Span narrows a list to a span of time.
type Span struct {
	After  time.Time `query:"after" json:"after,omitzero" doc:"From this moment on (RFC 3339)."`
	Before time.Time `query:"before" json:"before,omitzero" doc:"Before this moment (RFC 3339)."`
}

// ExecutionQuery is what lists of executions, their charts and what is done to many of them are narrowed by. Its span of
// time is of when an execution was made: at the door, or when somebody asked for it.
type ExecutionQuery struct {
	Span
	DeliveryID  string `query:"delivery_id" json:"delivery_id,omitempty"`
	ProviderID  string `query:"provider_id" json:"provider_id,omitempty"`
	SourceID    string `query:"source_id" json:"source_id,omitempty"`
	ProcessorID string `query:"processor_id" json:"processor_id,omitempty"`
	Version     int    `query:"version" json:"version,omitempty" minimum:"1" doc:"Of the spec."`
	Status      string `query:"status" json:"status,omitempty" enum:"waiting,running,succeeded,skipped,partial,failed"`
	Reason      string `query:"reason" json:"reason,omitempty" enum:"behind,enriching,incomplete_link,suspended,disabled,asked,parked,unlinked,source_deleted"`
	Kind        string `query:"kind" json:"kind,omitempty" enum:"live,test,replay,real" doc:"real: all but tests."`
	Errors      string `query:"errors" json:"errors,omitempty" enum:"true" doc:"Only those with an error: failed and partial ones."`
	ErrorCode   string `query:"error_code" json:"error_code,omitempty" doc:"Of one of its errors."`
	Instruction string `query:"instruction" json:"instruction,omitempty" doc:"Id of the step of one of its errors."`
	Changed     string `query:"changed" json:"changed,omitempty" enum:"true,false" doc:"Whether it made or changed a record."`
	ExternalID  string `query:"external_id" json:"external_id,omitempty" doc:"Of a record or identity it wrote, or of the event it came from; whole."`
	Search      string `query:"search" json:"search,omitempty" doc:"An id, an external id, or else a part of the text of an error."`
}

func (q *ExecutionQuery) filter(ctx context.Context) (pipeline.ExecutionFilter, error) {
	f := pipeline.ExecutionFilter{
		TenantID: caller(ctx).TenantID, Version: q.Version, Status: run.Status(q.Status), Reason: pipeline.Reason(q.Reason), Kind: pipeline.ExecutionKind(q.Kind),
		Errors: q.Errors == "true", ErrorCode: q.ErrorCode, Instruction: q.Instruction, Changed: choice(q.Changed),
		ExternalID: q.ExternalID, Search: strings.TrimSpace(q.Search), After: micros(q.After), Before: micros(q.Before),
	}
	return f, filters(
		filterBy{"delivery_id", id.Delivery, q.DeliveryID, &f.DeliveryID},
		filterBy{"provider_id", id.Provider, q.ProviderID, &f.ProviderID},
		filterBy{"source_id", id.Source, q.SourceID, &f.SourceID},
		filterBy{"processor_id", id.Processor, q.ProcessorID, &f.ProcessorID},
	)
}

type executionListInput struct {
	Paging
	ExecutionQuery
}

func (s *Server) listExecutions(ctx context.Context, in *executionListInput, r page.Request) (page.Page[executionView], error) {
	f, err := in.filter(ctx)
	if err != nil {
		return page.Page[executionView]{}, err
	}
	p, err := s.Store.ListExecutions(ctx, f, r)
	return page.Map(p, viewExecution), err
}

func executionID(text string) (int64, error) { return number(id.Execution, "execution", text) }

func (s *Server) getExecution(ctx context.Context, in *idInput) (executionView, error) {
	n, err := executionID(in.ID)
	if err != nil {
		return executionView{}, err
	}
	e, err := s.Store.Execution(ctx, caller(ctx).TenantID, n)
	return viewExecution(e), err
}

type neighboursInput struct {
	ID string `path:"id"`
	ExecutionQuery
}

type neighboursView struct {
	Newer *string `json:"newer" doc:"Null: none that the filters match."`
	Older *string `json:"older" doc:"Likewise."`
	Whole bool    `json:"whole" doc:"False: what is null was not found among 100,000 executions, and was not looked for further."`
}

// farthest is how many pages are looked at for a neighbour where no index serves the filters: each looks at 20,000 rows.
const farthest = 5

func (s *Server) neighbours(ctx context.Context, in *neighboursInput) (v neighboursView, err error) {
	n, err := executionID(in.ID)
	if err != nil {
		return v, err
	}
	f, err := in.filter(ctx)
	if err != nil {
		return v, err
	}
	if _, err = s.Store.Execution(ctx, f.TenantID, n); err != nil {
		return v, err
	}
	v.Whole = true
	for desc, into := range map[bool]**string{false: &v.Newer, true: &v.Older} {
		r := page.Request{Sort: "id", Desc: desc, Size: 1}
		r.Cursor = &page.Cursor{Sort: r.Order(), Value: n, ID: n}
		for range farthest {
			p, err := s.Store.ListExecutions(ctx, f, r)
			if err != nil {
				return v, err
			}
			r.Cursor = p.Next
			if len(p.Items) > 0 {
				*into = idOrNull(id.Execution, p.Items[0].ID)
			}
			if len(p.Items) > 0 || p.Next == nil {
				break
			}
		}
		v.Whole = v.Whole && (*into != nil || r.Cursor == nil)
	}
	return v, nil
}

// traceView is the trace of an execution with what it is the trace of.
type traceView struct {
	Execution executionView `json:"execution"`
	Spec      tracedSpec    `json:"spec"`
	*trace.Tree
	Changes    []trace.Change `json:"changes,omitempty" doc:"Of a trace in parts: what all items wrote, what failed first."`
	ChangesAll *int           `json:"changes_all,omitempty" doc:"How many there are; not all may be listed."`
}

type tracedSpec struct {
	Version int      `json:"version"`
	Text    string   `json:"text" doc:"As the formatter writes it, in YAML."`
	Tree    anything `json:"tree"`
}

func viewTrace(x *explain.Explained, s *Server) traceView {
	return traceView{
		Execution: viewExecution(x.Execution),
		Spec:      tracedSpec{Version: x.Version.Number, Text: string(text.FormatYAML(x.Spec, s.Library)), Tree: x.Version.Tree},
		Tree:      x.Tree,
	}
}

type traceInput struct {
	ID    string `path:"id"`
	Items string `query:"items" enum:"all,one" default:"all" doc:"one: of a long loop the steps of one item alone, what the others did in short."`
	At    string `query:"at" maxLength:"2000" doc:"With items=one: which item of which loop, from 0, as in the key of a step: each[2]/deal. Left out: the first that failed, or else the first."`
}

var itemInKey = regexp.MustCompile(`\[(\d{1,9})\](/|$)`)

// chosen reads the items that a key of a step lies in: the key of each loop and the place in it.
func chosen(key string) map[string]int {
	items := map[string]int{}
	for _, m := range itemInKey.FindAllStringSubmatchIndex(key, -1) {
		items[key[:m[0]]], _ = strconv.Atoi(key[m[2]:m[3]]) // digits alone
	}
	return items
}

func (s *Server) getTrace(ctx context.Context, in *traceInput) (traceView, error) {
	n, err := executionID(in.ID)
	if err != nil {
		return traceView{}, err
	}
	x, err := explain.Trace(ctx, s.Store, s.Library, caller(ctx).TenantID, n)
	if err != nil {
		return traceView{}, err
	}
	if in.Items != "one" {
		return viewTrace(x, s), nil
	}
	changes, all := x.Tree.Part(chosen(in.At))
	view := viewTrace(x, s)
	view.Changes, view.ChangesAll = append([]trace.Change{}, changes...), &all
	return view, nil
}

// againInput is how a stored delivery is run again; the body may be left out.
type againInput struct {
	ID   string `path:"id"`
	Body *struct {
		OverwriteNewer bool `json:"overwrite_newer,omitempty" doc:"Write over what newer deliveries have set."`
	}
}

func (s *Server) replay(ctx context.Context, in *againInput) (executionView, error) {
	n, err := executionID(in.ID)
	if err != nil {
		return executionView{}, err
	}
	out, err := s.Runs.Replay(ctx, caller(ctx).TenantID, n, in.Body != nil && in.Body.OverwriteNewer)
	return s.ran(ctx, out, err)
}

type replayAllInput struct {
	Body struct {
		ExecutionIDs   []string `json:"execution_ids" minItems:"1" maxItems:"1000"`
		OverwriteNewer bool     `json:"overwrite_newer,omitempty" doc:"Write over what newer deliveries have set."`
	}
}

// replayed is what became of one of many.
type replayed struct {
	ExecutionID string         `json:"execution_id" doc:"That was asked for."`
	Execution   *executionView `json:"execution" doc:"The new one; null: it did not run."`
	Error       *replayError   `json:"error" doc:"Why it did not run."`
}

type replayError struct {
	Code    string `json:"code"`
	Message string `json:"message" said:"ours"`
}

func (s *Server) replayAll(ctx context.Context, in *replayAllInput) ([]replayed, error) {
	numbers := make([]int64, len(in.Body.ExecutionIDs))
	wrong := fault.New(fault.Invalid, "Nothing was run.")
	for i, text := range in.Body.ExecutionIDs {
		var err error
		if numbers[i], err = id.Parse(id.Execution, text); err != nil {
			wrong.With(fault.Detail{Field: "execution_ids", Index: &i, Code: "bad_id", Message: "“" + text + "” is no execution's id."})
		}
	}
	if len(wrong.Details) > 0 {
		return nil, wrong
	}
	all, err := s.Runs.ReplayAll(ctx, caller(ctx).TenantID, numbers, in.Body.OverwriteNewer)
	if err != nil {
		return nil, err
	}
	out := make([]replayed, len(all))
	for i, a := range all {
		out[i].ExecutionID = in.Body.ExecutionIDs[i]
		v, err := s.ran(ctx, a.Outcome, a.Err)
		if err != nil {
			f := fault.Of(err)
			out[i].Error = &replayError{Code: f.Kind.Code(), Message: f.Message}
			continue
		}
		out[i].Execution = &v
	}
	return out, nil
}

type testInput struct {
	ID   string `path:"id"`
	Body struct {
		DeliveryID     string `json:"delivery_id"`
		OverwriteNewer bool   `json:"overwrite_newer,omitempty" doc:"Write over what newer deliveries have set."`
	}
}

func (s *Server) test(ctx context.Context, in *testInput) (executionView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return executionView{}, err
	}
	delivery, err := filter("delivery_id", id.Delivery, in.Body.DeliveryID)
	if err != nil {
		return executionView{}, err
	}
	out, err := s.Runs.Test(ctx, caller(ctx).TenantID, n, delivery, in.Body.OverwriteNewer)
	return s.ran(ctx, out, err)
}

// ran shows the execution that was made.
func (s *Server) ran(ctx context.Context, out execute.Outcome, err error) (executionView, error) {
	if err != nil {
		return executionView{}, err
	}
	if out.Execution == nil {
		return executionView{}, fault.New(fault.Conflict, "Somebody else ran this execution at the same moment.")
	}
	e, err := s.Store.Execution(ctx, caller(ctx).TenantID, out.Execution.ID)
	return viewExecution(e), err
}
