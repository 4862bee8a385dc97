package api

import (
	"context"
	"encoding/json"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Trials tries specs out, without writing.
type Trials interface {
	// DryRun says what a spec would do with one delivery.
	DryRun(ctx context.Context, ask trial.Dry) (*trial.DryRun, error)
	// Backtest says what a spec would have done with the last deliveries, and how far it is.
	Backtest(ctx context.Context, ask trial.Past, progress func(trial.Progress)) (*trial.Backtest, error)
	// Rehearse says what a spec does with each of the last deliveries, and what of it was seen at work.
	Rehearse(ctx context.Context, t trial.Tried, deliveries int) (*trial.Rehearsal, error)
	// Orphans finds what a processor made and no present spec would make.
	Orphans(ctx context.Context, tenantID, processorID int64, progress func(trial.Progress)) (*trial.Orphans, error)
}

func (s *Server) trialRows() []Row {
	return []Row{
		{"POST", "/v1/processors/{id}/dry-run", access.RunProcessors, "What a spec would do with a delivery: outcome, trace and changes of records; nothing is written", one(s.dryRun)},
		{"POST", "/v1/processors/{id}/backtest", access.RunProcessors, "What a spec would have done with the last deliveries, beside the live version; nothing is written", streamed(s.backtest)},
		{"POST", "/v1/processors/{id}/orphans", access.RunProcessors, "Records and external identities that a processor made and no present spec would make from the deliveries that are kept", streamed(s.orphans)},
	}
}

// Trying says which spec is tried.
type Trying struct {
	Version int      `json:"version,omitempty" minimum:"1" doc:"Of the saved spec; left out, with spec: the current one."`
	Spec    anything `json:"spec,omitempty" doc:"A draft instead: its text (YAML or JSON), or its tree as an object. It is checked first."`
}

func (t *Trying) tried(tenantID, processorID int64) (trial.Tried, error) {
	out := trial.Tried{TenantID: tenantID, Processor: processorID, Version: t.Version}
	if len(t.Spec) == 0 || string(t.Spec) == "null" {
		return out, nil
	}
	if t.Version != 0 {
		return out, refuse("spec", "not_both", "Either a version or a draft is tried, not both.", "Leave out version, or spec.")
	}
	out.Draft = &processor.Draft{Text: t.Spec, Media: "application/json"}
	if t.Spec[0] == '"' {
		var written string
		if err := json.Unmarshal(t.Spec, &written); err != nil {
			return out, err
		}
		out.Draft = &processor.Draft{Text: []byte(written)}
	}
	return out, nil
}

// refuse is the fault for one field of a trial that is not right.
func refuse(field, code, message, hint string) error {
	return fault.New(fault.Invalid, "Nothing was tried out.").With(fault.Detail{Field: field, Code: code, Message: message, Hint: hint})
}

type dryRunInput struct {
	ID   string `path:"id"`
	Body struct {
		Trying
		DeliveryID string   `json:"delivery_id,omitempty" doc:"A stored delivery: it runs with its own number, as if it were tested."`
		Item       anything `json:"item,omitempty" doc:"Instead of a stored delivery: it counts as received now."`
		SourceID   string   `json:"source_id,omitempty" doc:"With item: the source whose link gives the constants; needed where several are linked."`
		Constants  anything `json:"constants,omitempty" doc:"Object: values of constants, instead of those of the link."`
		Partly     bool     `json:"partly,omitempty" doc:"The draft need not be whole: what has errors, lacks a value, or needs what does, is left out, and told in left_out."`
	}
}

type dryRunView struct {
	Version    *int             `json:"version" doc:"Null: the draft that was sent."`
	Status     run.Status       `json:"status" enum:"waiting,succeeded,skipped,partial,failed"`
	Counts     countsView       `json:"counts"`
	Errors     []errorView      `json:"errors"`
	Things     []TriedThingView `json:"things" doc:"Records and external identities it is about, with what would become of each."`
	Overwrites []OverwriteView  `json:"overwrites" doc:"Records that another source record writes, too."`
	NewIDs     []NewIDView      `json:"new_external_ids" doc:"What would be written under another external_id than before: the thing that is there would stay, as a duplicate."`
	Notes      []string         `json:"notes" said:"ours" doc:"What was assumed, or could not be found out."`
	LeftOut    []LeftOutView    `json:"left_out" doc:"With partly: what it did without."`
	SourceID   *string          `json:"source_id" doc:"Whose link gave the constants; null: none."`
	Spec       tracedSpec       `json:"spec"`
	Trace      *trace.Tree      `json:"trace"`
}

// LeftOutView is a part of a spec that a dry run did without.
type LeftOutView struct {
	Kind    string `json:"kind" enum:"step,constant,enrichment"`
	Name    string `json:"name" doc:"The id of a step; the name of the others."`
	Code    string `json:"code"`
	Message string `json:"message" said:"ours"`
}

func viewLeftOut(all []trial.LeftOut) []LeftOutView {
	views := make([]LeftOutView, len(all))
	for i, l := range all {
		views[i] = LeftOutView{Kind: l.Kind, Name: l.Name, Code: l.Code, Message: l.Says}
	}
	return views
}

// TriedThingView is a record or an external identity in a dry run.
type TriedThingView struct {
	Noun       string           `json:"noun" doc:"sale, agent_identity …"`
	ExternalID string           `json:"external_id"`
	ID         *string          `json:"id" doc:"Null: it would be new."`
	Outcome    string           `json:"outcome" enum:"created,changed,held_back,untouched"`
	Steps      []string         `json:"steps" doc:"Ids of the instructions."`
	Fields     []TriedFieldView `json:"fields" doc:"That would change."`
	HeldBack   []TriedFieldView `json:"held_back" doc:"That would stay as they are, with what the spec sets in after."`
	Locks      []string         `json:"locks" doc:"Fields that would be locked."`
}

// TriedFieldView is a change of one field.
type TriedFieldView struct {
	Field  string   `json:"field"`
	Before anything `json:"before" doc:"As in traces: {\"$datetime\": …}, {\"$ref\": {noun, external_id}}."`
	After  anything `json:"after"`
	Why    *string  `json:"why" doc:"Of one that is held back: locked, or stale (something newer has set it)."`
}

// OverwriteView is a record that more than one source record writes.
type OverwriteView struct {
	Noun       string           `json:"noun"`
	ExternalID string           `json:"external_id"`
	Kind       string           `json:"kind" enum:"other_record,other_source,same_delivery" doc:"Who wrote it before: another record of the source; a record of another source; an earlier step of the same delivery."`
	Step       string           `json:"step"`
	By         SourceRecordView `json:"by"`
	Over       SourceRecordView `json:"over"`
}

// SourceRecordView is a record of a source system.
type SourceRecordView struct {
	ID         string  `json:"id" doc:"As the source calls it."`
	SourceID   *string `json:"source_id"`
	DeliveryID *string `json:"delivery_id"`
}

// NewIDView is a thing under another external id.
type NewIDView struct {
	Noun       string  `json:"noun"`
	Step       string  `json:"step"`
	Before     string  `json:"before"`
	After      string  `json:"after"`
	DeliveryID *string `json:"delivery_id"`
}

func viewThings(things []trial.Thing) []TriedThingView {
	views := make([]TriedThingView, len(things))
	for i, t := range things {
		views[i] = TriedThingView{
			Noun: t.Key.Noun, ExternalID: t.Key.ExternalID, ID: idOrNull(prefixOf(t.Key.Noun), t.ID), Outcome: t.Outcome,
			Steps: append([]string{}, t.Steps...), Fields: viewFields(t.Fields), HeldBack: viewFields(t.Held), Locks: append([]string{}, t.Locks...),
		}
	}
	return views
}

func viewFields(fields []trial.Field) []TriedFieldView {
	views := make([]TriedFieldView, len(fields))
	for i, f := range fields {
		views[i] = TriedFieldView{Field: f.Name, Before: traced(f.Before), After: traced(f.After), Why: orNull(f.Why)}
	}
	return views
}

// traced is a value as traces show it.
func traced(v value.Value) anything {
	text, _ := trace.V{Value: v}.MarshalJSON() // a value can always be written
	return text
}

func viewOverwrites(all []trial.Overwrite) []OverwriteView {
	views := make([]OverwriteView, len(all))
	for i, o := range all {
		views[i] = OverwriteView{Noun: o.Noun, ExternalID: o.ExternalID, Kind: o.Kind, Step: o.Step, By: viewSourceRecord(o.By), Over: viewSourceRecord(o.Over)}
	}
	return views
}

func viewSourceRecord(r trial.SourceRecord) SourceRecordView {
	return SourceRecordView{ID: r.ID, SourceID: idOrNull(id.Source, r.Source), DeliveryID: idOrNull(id.Delivery, r.Delivery)}
}

func viewNewIDs(all []trial.NewID) []NewIDView {
	views := make([]NewIDView, len(all))
	for i, n := range all {
		views[i] = NewIDView{Noun: n.Noun, Step: n.Step, Before: n.Before, After: n.After, DeliveryID: idOrNull(id.Delivery, n.Delivery)}
	}
	return views
}

func (s *Server) dryRun(ctx context.Context, in *dryRunInput) (dryRunView, error) {
	ask, err := in.ask(ctx)
	if err != nil {
		return dryRunView{}, err
	}
	r, err := s.Trials.DryRun(ctx, ask)
	if err != nil {
		return dryRunView{}, err
	}
	v := dryRunView{
		Version: versionOrNull(r.Version), Status: r.Execution.Status, Counts: countsView(r.Execution.Counts), Errors: viewErrors(r.Execution.Errors),
		Things: viewThings(r.Things), Overwrites: viewOverwrites(r.Overwrites), NewIDs: viewNewIDs(r.NewIDs), Notes: append([]string{}, r.Notes...),
		LeftOut: viewLeftOut(r.LeftOut), SourceID: idOrNull(id.Source, r.Source),
		Spec: tracedSpec{Version: r.Version, Text: string(text.FormatYAML(r.Spec, s.Library)), Tree: r.Spec.AppendJSON(nil)}, Trace: r.Tree,
	}
	return v, nil
}

// ask reads what is asked for.
func (in *dryRunInput) ask(ctx context.Context) (ask trial.Dry, err error) {
	n, err := processorID(in.ID)
	if err != nil {
		return ask, err
	}
	b := &in.Body
	ask.Partly = b.Partly
	if ask.Tried, err = b.tried(caller(ctx).TenantID, n); err != nil {
		return ask, err
	}
	err = filters(filterBy{"delivery_id", id.Delivery, b.DeliveryID, &ask.Delivery}, filterBy{"source_id", id.Source, b.SourceID, &ask.Source})
	switch {
	case err != nil:
		return ask, err
	case ask.Delivery == 0 == (len(b.Item) == 0):
		return ask, refuse("delivery_id", "one_of", "A dry run is of a stored delivery or of an item: one of the two.", "Send delivery_id, or item.")
	case ask.Delivery != 0 && ask.Source != 0:
		return ask, refuse("source_id", "unexpected", "A stored delivery has its own source.", "Leave out source_id.")
	}
	if ask.Delivery == 0 {
		if ask.Item, err = sent("item", b.Item); err != nil {
			return ask, err
		}
	}
	if len(b.Constants) > 0 {
		constants, err := sent("constants", b.Constants)
		if err != nil {
			return ask, err
		}
		if constants.Kind() != value.KindObject {
			return ask, refuse("constants", "wrong_type", "Constants are an object: name → value.", "")
		}
		ask.Constants = &constants
	}
	return ask, nil
}

// sent reads a part of the body with the reader that deliveries have.
func sent(field string, raw anything) (value.Value, error) {
	v, syntax := value.ParseJSON(raw, value.Limits{})
	if syntax != nil {
		return value.Null(), refuse(field, syntax.Code, syntax.Message, syntax.Hint)
	}
	return v, nil
}
