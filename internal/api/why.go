package api

import (
	"context"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pipeline/why"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Whys tells where what is held comes from, and why something is not there.
type Whys interface {
	Record(ctx context.Context, tenantID int64, k *record.Kind, id int64, field string) (*why.Thing, error)
	Identity(ctx context.Context, tenantID, id int64, field string) (*why.Thing, error)
	Absent(ctx context.Context, w why.Wanted) (*why.Answer, error)
}

func (s *Server) whyRows() []Row {
	rows := []Row{
		{"GET", "/v1/why", access.ReadData, "What became of a record or identity by its external id, whether it is there or not", one(s.absent)},
		{"GET", "/v1/identities/{id}/why", access.ReadData, "Where what an external identity holds comes from", one(s.whyIdentity)},
	}
	for _, k := range record.Kinds {
		r := recordRoutes{s, k}
		rows = append(rows, Row{
			"GET", r.path() + "/{id}/why", access.ReadData, "Where what one " + strings.ToLower(k.Title) + " holds comes from", one(r.why),
		})
	}
	return rows
}

type whyInput struct {
	ID    string `path:"id"`
	Field string `query:"field" doc:"Only this field; left out: all."`
}

func (r recordRoutes) why(ctx context.Context, in *whyInput) (whyView, error) {
	if err := r.on(ctx); err != nil {
		return whyView{}, err
	}
	n, err := number(r.kind.Prefix, strings.ToLower(r.kind.Title), in.ID)
	if err != nil {
		return whyView{}, err
	}
	return r.s.tellWhy(ctx)(r.s.Whys.Record(ctx, caller(ctx).TenantID, r.kind, n, in.Field))
}

func (s *Server) whyIdentity(ctx context.Context, in *whyInput) (whyView, error) {
	n, err := identityID(in.ID)
	if err != nil {
		return whyView{}, err
	}
	return s.tellWhy(ctx)(s.Whys.Identity(ctx, caller(ctx).TenantID, n, in.Field))
}

type whyView struct {
	Noun       string         `json:"noun" doc:"sale, agent_identity …"`
	ID         string         `json:"id"`
	ProviderID string         `json:"provider_id"`
	ExternalID string         `json:"external_id"`
	MadeBy     makerView      `json:"made_by"`
	CreatedAt  time.Time      `json:"created_at"`
	Fields     []whyFieldView `json:"fields"`
	Looked     *lookedView    `json:"looked" doc:"How far was looked for writes that were held back; null: not at all."`
}

type lookedView struct {
	Texts []string   `json:"texts" doc:"That a body had to hold."`
	Calls int        `json:"calls" doc:"So many of the newest calls were looked at."`
	Since *time.Time `json:"since" doc:"When the oldest of them came."`
	All   bool       `json:"all" doc:"There are no older ones."`
}

func viewLooked(l why.Looked) lookedView {
	return lookedView{Texts: append([]string{}, l.Texts...), Calls: l.Calls, Since: atOrNull(l.Since), All: l.All}
}

type whyFieldView struct {
	Field    string          `json:"field"`
	Value    anything        `json:"value" doc:"A moment as RFC 3339, an identity as its id."`
	SetBy    *writeView      `json:"set_by" doc:"What set it last, be it to the same value again; null: nobody, or note says more."`
	Changed  *whyChangeView  `json:"changed" doc:"The change that brought the value; null: it has it since it was made."`
	Before   []whyChangeView `json:"before" doc:"All changes, the newest first."`
	Lock     *lockView       `json:"lock"`
	HeldBack []attemptView   `json:"held_back" doc:"Writes that left the field alone, the newest delivery first."`
	Note     *string         `json:"note" said:"ours"`
}

type whyChangeView struct {
	At     time.Time `json:"at"`
	MadeBy makerView `json:"made_by"`
	By     *string   `json:"by" said:"who" doc:"Name of the user or API key, of an undo too; null: a delivery, or a rule."`
	Before anything  `json:"before" doc:"What it held before."`
}

type lockView struct {
	DeliveryID string     `json:"delivery_id" doc:"Whose runs may still change the field."`
	At         *time.Time `json:"at"`
	MadeBy     *makerView `json:"made_by"`
}

type writeView struct {
	DeliveryID    string         `json:"delivery_id"`
	Door          string         `json:"door"`
	ReceivedAt    time.Time      `json:"received_at"`
	CallID        string         `json:"source_execution_id"`
	Execution     *executionView `json:"execution" doc:"Null: a call of a fixed webhook."`
	DigestMatches bool           `json:"digest_matches" doc:"What is shown is what ran."`
	Note          *string        `json:"note" said:"ours"`
	Step          *whyStepView   `json:"step"`
	Sources       []whySource    `json:"sources" doc:"The places that the value was made of."`
}

type whyStepView struct {
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	Summary    string          `json:"summary" said:"summary"`
	Pointer    string          `json:"pointer" doc:"JSON Pointer into the spec."`
	Items      []int           `json:"items" doc:"Places in the loops around it, from 1."`
	Field      *trace.Field    `json:"field" doc:"With every value in its formula; null: the operation made the value itself."`
	Conditions []conditionView `json:"conditions" doc:"That let it run, the outermost first."`
}

type conditionView struct {
	Step    string      `json:"step"`
	Branch  string      `json:"branch"`
	Formula string      `json:"formula"`
	Value   trace.V     `json:"value"`
	Sources []whySource `json:"sources"`
}

type whySource struct {
	Kind  string   `json:"kind" enum:"delivery,constant,enrichment"`
	Path  string   `json:"path" doc:"event.lines[0].price; the field of a call; the name of a constant."`
	Value trace.V  `json:"value"`
	Via   []string `json:"via" doc:"Ids of the steps whose results it went through."`
}

type attemptView struct {
	DeliveryID  string   `json:"delivery_id"`
	ExecutionID string   `json:"execution_id"`
	Step        string   `json:"step"`
	Why         string   `json:"why" enum:"stale,locked"`
	Value       anything `json:"value" doc:"That it brought."`
}

// tellWhy views why, with the names of who changed something.
func (s *Server) tellWhy(ctx context.Context) func(*why.Thing, error) (whyView, error) {
	return func(t *why.Thing, err error) (whyView, error) {
		if err != nil {
			return whyView{}, err
		}
		v, people := viewWhy(t), s.people(ctx)
		for i := range v.Fields {
			f := &v.Fields[i]
			if f.Changed != nil {
				if f.Changed.By, err = people.made(f.Changed.MadeBy); err != nil {
					return whyView{}, err
				}
			}
			for j := range f.Before {
				if f.Before[j].By, err = people.made(f.Before[j].MadeBy); err != nil {
					return whyView{}, err
				}
			}
		}
		return v, nil
	}
}

func viewWhy(t *why.Thing) whyView {
	v := whyView{
		Noun: t.Noun, ID: id.Format(prefixOf(t.Noun), t.ID), ProviderID: id.Format(id.Provider, t.Key.ProviderID), ExternalID: t.Key.ExternalID,
		MadeBy: viewMakerOf(t.MadeBy), CreatedAt: at(t.CreatedAt), Fields: make([]whyFieldView, len(t.Fields)),
	}
	if t.Looked.Texts != nil {
		looked := viewLooked(t.Looked)
		v.Looked = &looked
	}
	for i, f := range t.Fields {
		v.Fields[i] = viewWhyField(f)
	}
	return v
}

func viewWhyField(f why.Field) whyFieldView {
	v := whyFieldView{
		Field: f.Name, Value: readable(f.Value), SetBy: viewWrite(f.From), Before: []whyChangeView{}, HeldBack: []attemptView{}, Note: orNull(f.Note),
	}
	for _, c := range f.Before {
		v.Before = append(v.Before, viewWhyChange(c))
	}
	if f.Changed != nil {
		changed := viewWhyChange(*f.Changed)
		v.Changed = &changed
	}
	if f.Lock != nil {
		v.Lock = &lockView{DeliveryID: id.Format(id.Delivery, f.Lock.Delivery), At: atOrNull(f.Lock.At)}
		if f.Lock.At != 0 {
			by := viewMakerOf(f.Lock.By)
			v.Lock.MadeBy = &by
		}
	}
	for _, h := range f.Held {
		v.HeldBack = append(v.HeldBack, attemptView{
			DeliveryID: id.Format(id.Delivery, h.Delivery.Number), ExecutionID: id.Format(id.Execution, h.Execution.ID),
			Step: h.Step, Why: h.Why, Value: readable(h.Value),
		})
	}
	return v
}

func viewWhyChange(c why.Change) whyChangeView {
	before := c.Before
	if c.Identity != 0 {
		before = value.Text(id.Format(id.Identity, c.Identity))
	}
	return whyChangeView{At: at(c.At), MadeBy: viewMakerOf(c.By), Before: readable(before)}
}

func viewWrite(w *why.Write) *writeView {
	if w == nil {
		return nil
	}
	v := &writeView{
		DeliveryID: id.Format(id.Delivery, w.Delivery.Number), Door: w.Delivery.Door, ReceivedAt: at(w.Delivery.ReceivedAt),
		CallID: id.Format(id.SourceExecution, w.Delivery.SourceExecutionID), Execution: executionOrNull(w.Execution),
		DigestMatches: w.Matches, Note: orNull(w.Note), Sources: viewSources(w.Sources),
	}
	if s := w.Step; s != nil {
		v.Step = &whyStepView{
			ID: s.ID, Type: s.Type, Summary: s.Summary, Pointer: s.Pointer, Items: append([]int{}, s.Items...), Field: s.Field,
			Conditions: viewConditions(s.Under),
		}
	}
	return v
}

func executionOrNull(e *pipeline.ExecutionLine) *executionView {
	if e == nil {
		return nil
	}
	v := viewExecution(*e)
	return &v
}

func viewSources(all []why.Source) []whySource {
	views := make([]whySource, len(all))
	for i, s := range all {
		views[i] = whySource{Kind: s.Kind, Path: s.Path, Value: trace.V{Value: s.Value}, Via: append([]string{}, s.Via...)}
	}
	return views
}

func viewConditions(all []why.Condition) []conditionView {
	views := make([]conditionView, len(all))
	for i, c := range all {
		views[i] = conditionView{Step: c.Step, Branch: c.Branch, Formula: c.Formula, Value: trace.V{Value: c.Value}, Sources: viewSources(c.Sources)}
	}
	return views
}

type absentInput struct {
	Kind       string `query:"kind" required:"true" enum:"activity,sale,call,period,anonymous_activity,agent,team,project,segment,proposition" doc:"Of a record, or of an external identity."`
	ExternalID string `query:"external_id" required:"true"`
	ProviderID string `query:"provider_id" doc:"Left out: of any provider."`
}

type absentView struct {
	Kind       string         `json:"kind"`
	ExternalID string         `json:"external_id"`
	Verdict    string         `json:"verdict" said:"ours" doc:"In one or two sentences."`
	There      []thereView    `json:"there" doc:"Things that have the id now; GET …/why of theirs tells the rest."`
	Rekeyed    *movedIDView   `json:"rekeyed" doc:"The thing that had the id and was given another, by a re-key or by what took one back; null: none."`
	Deliveries []sightingView `json:"deliveries" doc:"That have the id, or what it seems to be made of: first those that have it where external ids of the kind come from; of these and the others the newest first."`
	Refused    []refusalView  `json:"refused" doc:"Calls that do, and became no delivery."`
	Looked     lookedView     `json:"looked"`
}

type thereView struct {
	ID         string `json:"id"`
	ProviderID string `json:"provider_id"`
	Path       string `json:"path" doc:"Of the thing, in this API."`
}

type movedIDView struct {
	ID          string    `json:"id"`
	ProviderID  string    `json:"provider_id"`
	ExternalID  string    `json:"external_id" doc:"That it has now."`
	There       bool      `json:"there" doc:"False: it is not there any more under that id, either."`
	TakenBack   bool      `json:"taken_back" doc:"The re-key had given it the id that was asked for, and was taken back."`
	RekeyID     string    `json:"rekey_id"`
	At          time.Time `json:"at"`
	ProcessorID string    `json:"processor_id" doc:"Whose spec changed the id."`
}

type sightingView struct {
	DeliveryID string           `json:"delivery_id"`
	CallID     string           `json:"source_execution_id"`
	ProviderID string           `json:"provider_id"`
	SourceID   *string          `json:"source_id" doc:"Null: a fixed webhook."`
	SourceName *string          `json:"source_name"`
	Door       string           `json:"door"`
	ReceivedAt time.Time        `json:"received_at"`
	Places     []whySource      `json:"places" doc:"Where the text stands."`
	Elsewhere  bool             `json:"elsewhere" doc:"A weaker match: the text stands where no external id of the kind comes from."`
	Outcomes   []whyOutcomeView `json:"outcomes" doc:"What each processor made of it."`
}

type whyOutcomeView struct {
	ProcessorID   *string        `json:"processor_id" doc:"Null: a fixed webhook, or no processor is linked."`
	ProcessorName *string        `json:"processor_name"`
	State         *string        `json:"state" doc:"Of the processor, now."`
	Execution     *executionView `json:"execution" doc:"Null: it did not run."`
	Reasons       []reasonView   `json:"reasons" doc:"The weightiest first."`
	Note          *string        `json:"note" said:"ours" doc:"Where the trace is not what ran."`
}

type reasonView struct {
	Code       why.Code        `json:"code" enum:"wrote,undone,gone,waiting,failed,item_failed,other_id,stopped,not_taken,disabled_step,no_step,not_run"`
	Message    string          `json:"message" said:"ours"`
	Step       *string         `json:"step"`
	Conditions []conditionView `json:"conditions"`
}

type refusalView struct {
	CallID     string    `json:"source_execution_id"`
	Door       string    `json:"door"`
	ReceivedAt time.Time `json:"received_at"`
	HTTPStatus int       `json:"http_status"`
	Reason     string    `json:"reason" said:"ours"`
}

func (s *Server) absent(ctx context.Context, in *absentInput) (absentView, error) {
	w := why.Wanted{TenantID: caller(ctx).TenantID, Noun: in.Kind, ExternalID: in.ExternalID}
	var err error
	if kind := record.KindOf(in.Kind); kind == nil {
		w.Noun += record.IdentitySuffix
	} else if err = (recordRoutes{s, kind}).on(ctx); err != nil {
		return absentView{}, err
	}
	if w.ProviderID, err = filter("provider_id", id.Provider, in.ProviderID); err != nil {
		return absentView{}, err
	}
	a, err := s.Whys.Absent(ctx, w)
	if err != nil {
		return absentView{}, err
	}
	v := absentView{
		Kind: in.Kind, ExternalID: a.ExternalID, Verdict: a.Verdict, There: []thereView{}, Deliveries: []sightingView{}, Refused: []refusalView{},
		Looked: viewLooked(a.Looked),
	}
	for _, t := range a.There {
		one := thereView{ID: id.Format(prefixOf(t.Noun), t.ID), ProviderID: id.Format(id.Provider, t.Key.ProviderID)}
		one.Path = "/v1/identities/" + one.ID
		if k := record.KindOf(t.Noun); k != nil {
			one.Path = recordRoutes{s, k}.path() + "/" + one.ID
		}
		v.There = append(v.There, one)
	}
	if r := a.Rekeyed; r != nil {
		v.Rekeyed = &movedIDView{
			ID: id.Format(prefixOf(r.Noun), r.ID), ProviderID: id.Format(id.Provider, r.Key.ProviderID), ExternalID: r.Key.ExternalID, There: r.There,
			TakenBack: r.TakenBack, RekeyID: id.Format(id.Rekey, r.Number), At: at(r.At), ProcessorID: id.Format(id.Processor, r.ProcessorID),
		}
	}
	for _, d := range a.Deliveries {
		v.Deliveries = append(v.Deliveries, viewSighting(d))
	}
	for _, r := range a.Refused {
		v.Refused = append(v.Refused, refusalView{
			CallID: id.Format(id.SourceExecution, r.Call.ID), Door: r.Call.Door, ReceivedAt: at(r.Call.ReceivedAt), HTTPStatus: r.Call.HTTPStatus, Reason: r.Reason,
		})
	}
	return v, nil
}

func viewSighting(d why.Sighting) sightingView {
	v := sightingView{
		DeliveryID: id.Format(id.Delivery, d.Delivery.Number), CallID: id.Format(id.SourceExecution, d.Delivery.SourceExecutionID),
		ProviderID: id.Format(id.Provider, d.Delivery.ProviderID), SourceID: idOrNull(id.Source, d.Delivery.SourceID), SourceName: orNull(d.SourceName),
		Door: d.Delivery.Door, ReceivedAt: at(d.Delivery.ReceivedAt), Places: viewSources(d.Places), Elsewhere: d.Elsewhere, Outcomes: []whyOutcomeView{},
	}
	for _, o := range d.Outcomes {
		outcome := whyOutcomeView{
			ProcessorID: idOrNull(id.Processor, o.ProcessorID), ProcessorName: orNull(o.ProcessorName), State: orNull(string(o.State)),
			Execution: executionOrNull(o.Execution), Reasons: []reasonView{}, Note: orNull(o.Note),
		}
		for _, r := range o.Reasons {
			outcome.Reasons = append(outcome.Reasons, reasonView{Code: r.Code, Message: r.Text, Step: orNull(r.Step), Conditions: viewConditions(r.Conditions)})
		}
		v.Outcomes = append(v.Outcomes, outcome)
	}
	return v
}
