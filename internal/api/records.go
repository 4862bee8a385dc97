package api

import (
	"context"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
)

// recordRows are the same for each kind of record.
func (s *Server) recordRows() []Row {
	var rows []Row
	for _, k := range record.Kinds {
		r := recordRoutes{s, k}
		path := r.path()
		title := strings.ToLower(k.Title)
		rows = append(rows,
			Row{"GET", path, access.ReadData, "Records of the kind " + title + ", the newest first", r.handleList},
			Row{"GET", path + "/export", access.ReadData, "Records of the kind " + title + " as CSV, the newest first; contact keys that look like an e-mail address or a phone number as their pseudonym", r.handleExport},
			Row{"GET", path + "/{id}", access.ReadData, "One " + title, r.handleGet},
			Row{"GET", path + "/{id}/history", access.ReadData, "What happened to one " + title + ", the newest first", many(r.history)},
			Row{"POST", path + "/{id}/undo", access.RunProcessors, "Take back what one change of one " + title + " wrote to it, or only show what that would do", one(r.undo)},
			Row{"POST", path + "/{id}/unlock", access.RunProcessors, "Let locked fields of one " + title + " be changed again", one(r.unlock)},
		)
	}
	return rows
}

// recordRoutes are the routes of one kind.
type recordRoutes struct {
	s    *Server
	kind *record.Kind
}

// path is that of the list.
func (r recordRoutes) path() string { return "/v1/" + strings.ReplaceAll(r.kind.Plural, "_", "-") }

func (r recordRoutes) handleList(s *Server, row Row) {
	switch r.kind.Noun {
	case "activity":
		many(listAs[activityListInput](r, viewActivity))(s, row)
	case "sale":
		many(listAs[saleListInput](r, viewSale))(s, row)
	case "call":
		many(listAs[callRecordListInput](r, viewCallRecord))(s, row)
	case "period":
		many(listAs[periodListInput](r, viewPeriod))(s, row)
	case "anonymous_activity":
		many(listAs[anonymousListInput](r, viewAnonymous))(s, row)
	}
}

func (r recordRoutes) handleExport(s *Server, row Row) {
	switch r.kind.Noun {
	case "activity":
		exported(activityCells, listAs[activityListInput](r, viewActivity))(s, row)
	case "sale":
		exported(saleCells, listAs[saleListInput](r, viewSale))(s, row)
	case "call":
		exported(callRecordCells, listAs[callRecordListInput](r, viewCallRecord))(s, row)
	case "period":
		exported(periodCells, listAs[periodListInput](r, viewPeriod))(s, row)
	case "anonymous_activity":
		exported(anonymousCells, listAs[anonymousListInput](r, viewAnonymous))(s, row)
	}
}

func (r recordRoutes) handleGet(s *Server, row Row) {
	switch r.kind.Noun {
	case "activity":
		one(getAs(r, viewActivity))(s, row)
	case "sale":
		one(getAs(r, viewSale))(s, row)
	case "call":
		one(getAs(r, viewCallRecord))(s, row)
	case "period":
		one(getAs(r, viewPeriod))(s, row)
	case "anonymous_activity":
		one(getAs(r, viewAnonymous))(s, row)
	}
}

// on says whether the tenant works with the kind.
func (r recordRoutes) on(ctx context.Context) error {
	t, err := r.s.Store.Tenant(ctx, caller(ctx).TenantID)
	if err == nil && !t.HasKind(r.kind.Noun) {
		return fault.New(fault.NotFound, "The record kind %s is switched off. An administrator can switch it on in the settings; nothing was deleted.", r.kind.Noun)
	}
	return err
}

// recordQuery is a list input of one kind: it says what it narrows the list to.
type recordQuery interface {
	paged
	narrow(f *storage.RecordFilter) error
}

func listAs[I any, P interface {
	*I
	recordQuery
}, T any](r recordRoutes, view func(*record.Row) T) func(context.Context, *I, page.Request) (page.Page[T], error) {
	return func(ctx context.Context, in *I, req page.Request) (page.Page[T], error) {
		if err := r.on(ctx); err != nil {
			return page.Page[T]{}, err
		}
		f := storage.RecordFilter{
			TenantID: caller(ctx).TenantID, Kind: r.kind, Moment: storage.MomentColumn(r.kind),
			Text: map[string]string{}, Identities: map[string]int64{}, Entities: map[string]int64{},
		}
		if err := P(in).narrow(&f); err != nil {
			return page.Page[T]{}, err
		}
		p, err := r.s.Store.ListRecords(ctx, f, req)
		return page.Map(p, view), err
	}
}

func getAs[T any](r recordRoutes, view func(*record.Row) T) func(context.Context, *idInput) (T, error) {
	return func(ctx context.Context, in *idInput) (T, error) {
		var none T
		if err := r.on(ctx); err != nil {
			return none, err
		}
		n, err := number(r.kind.Prefix, strings.ToLower(r.kind.Title), in.ID)
		if err != nil {
			return none, err
		}
		row, err := r.s.Store.Record(ctx, caller(ctx).TenantID, r.kind, n)
		if err != nil {
			return none, err
		}
		return view(row), nil
	}
}

// RecordQuery is what the lists of all kinds take.
type RecordQuery struct {
	Paging
	Changed
	Span
	ProviderID string `query:"provider_id"`
	ExternalID string `query:"external_id"`
	ContactKey string `query:"contact_key"`
	Search     string `query:"search" doc:"An id or external id, or a part of an external id or of the name of whose it is."`
	ProjectID  string `query:"project_id" doc:"Records whose project is linked to this one."`
	SegmentID  string `query:"segment_id" doc:"Records whose segment is linked to this one."`
	TeamID     string `query:"team_id" doc:"Records that count for this team: by their own team, else by that of their agent."`

	ProjectIdentityID string `query:"project_identity_id" doc:"Records of this external identity."`
	SegmentIdentityID string `query:"segment_identity_id" doc:"Records of this external identity."`
}

func (q *RecordQuery) narrow(f *storage.RecordFilter) error {
	f.Search = strings.TrimSpace(q.Search)
	f.ExternalID, f.After, f.Before, f.UpdatedAfter = q.ExternalID, micros(q.After), micros(q.Before), q.micros()
	exactly(f.Text, "contact_key", q.ContactKey)
	return errOf(
		filters(filterBy{"provider_id", id.Provider, q.ProviderID, &f.ProviderID}, filterBy{"team_id", id.Team, q.TeamID, &f.TeamID}),
		linked(f.Identities, "project_identity_id", "project_identity_id", id.Identity, q.ProjectIdentityID),
		linked(f.Identities, "segment_identity_id", "segment_identity_id", id.Identity, q.SegmentIdentityID),
		linked(f.Entities, "project_id", "project_identity_id", id.Project, q.ProjectID),
		linked(f.Entities, "segment_id", "segment_identity_id", id.Segment, q.SegmentID),
	)
}

// AgentQuery is what the lists of kinds with an agent take.
type AgentQuery struct {
	AgentID         string `query:"agent_id" doc:"Records whose agent is linked to this one; null for those that count for nobody: send none."`
	AgentIdentityID string `query:"agent_identity_id" doc:"Records of this external identity."`
	Unlinked        string `query:"unlinked" enum:"true" doc:"Only those that count for nobody: without an agent, or with one that is not linked."`
}

func (q *AgentQuery) agents(f *storage.RecordFilter) error {
	f.Unlinked = q.Unlinked == "true"
	return errOf(
		linked(f.Entities, "agent_id", "agent_identity_id", id.Agent, q.AgentID),
		linked(f.Identities, "agent_identity_id", "agent_identity_id", id.Identity, q.AgentIdentityID),
	)
}

func errOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func exactly(into map[string]string, column, v string) {
	if v != "" {
		into[column] = v
	}
}

func linked(into map[string]int64, field, column, prefix, v string) error {
	n, err := filter(field, prefix, v)
	if err == nil && n != 0 {
		into[column] = n
	}
	return err
}

type activityListInput struct {
	RecordQuery
	AgentQuery
	ActivityType   string `query:"activity_type"`
	TeamIdentityID string `query:"team_identity_id" doc:"Records of this external identity."`
}

func (q *activityListInput) narrow(f *storage.RecordFilter) error {
	exactly(f.Text, "activity_type", q.ActivityType)
	return errOf(q.RecordQuery.narrow(f), q.agents(f), linked(f.Identities, "team_identity_id", "team_identity_id", id.Identity, q.TeamIdentityID))
}

type saleListInput struct {
	RecordQuery
	AgentQuery
	PropositionID         string `query:"proposition_id" doc:"Sales whose proposition is linked to this one."`
	PropositionIdentityID string `query:"proposition_identity_id" doc:"Sales of this external identity."`
	Cancelled             string `query:"cancelled" enum:"true,false"`
}

func (q *saleListInput) narrow(f *storage.RecordFilter) error {
	f.Cancelled = choice(q.Cancelled)
	return errOf(q.RecordQuery.narrow(f), q.agents(f),
		linked(f.Entities, "proposition_id", "proposition_identity_id", id.Proposition, q.PropositionID),
		linked(f.Identities, "proposition_identity_id", "proposition_identity_id", id.Identity, q.PropositionIdentityID))
}

type callRecordListInput struct {
	RecordQuery
	AgentQuery
}

func (q *callRecordListInput) narrow(f *storage.RecordFilter) error {
	return errOf(q.RecordQuery.narrow(f), q.agents(f))
}

type periodListInput struct {
	RecordQuery
	AgentQuery
	PeriodType string `query:"period_type"`
}

func (q *periodListInput) narrow(f *storage.RecordFilter) error {
	exactly(f.Text, "period_type", q.PeriodType)
	return errOf(q.RecordQuery.narrow(f), q.agents(f))
}

type anonymousListInput struct {
	RecordQuery
	ActivityType   string `query:"activity_type"`
	TeamIdentityID string `query:"team_identity_id" doc:"Records of this external identity."`
}

func (q *anonymousListInput) narrow(f *storage.RecordFilter) error {
	exactly(f.Text, "activity_type", q.ActivityType)
	return errOf(q.RecordQuery.narrow(f), linked(f.Identities, "team_identity_id", "team_identity_id", id.Identity, q.TeamIdentityID))
}

// RecordHead is what records of all kinds have.
type RecordHead struct {
	ID         string    `json:"id"`
	ProviderID string    `json:"provider_id"`
	ExternalID string    `json:"external_id"`
	ContactKey *string   `json:"contact_key"`
	Project    *whose    `json:"project"`
	Segment    *whose    `json:"segment"`
	Locked     []string  `json:"locked" doc:"Fields that later deliveries leave alone, as a spec has locked them."`
	Maker      makerView `json:"made_by" doc:"Who made it."`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
	updatedAt  int64
}

func (h RecordHead) version() string { return etag(h.updatedAt) }

// whose is an identity in a record, with what it is linked to at this moment.
type whose struct {
	IdentityID   string  `json:"identity_id"`
	ExternalID   string  `json:"external_id"`
	ExternalName string  `json:"external_name"`
	EntityID     *string `json:"entity_id" doc:"Null: not linked."`
	EntityName   *string `json:"entity_name"`
}

// agentView is whose for an agent.
type agentView struct {
	IdentityID   string  `json:"identity_id"`
	ExternalID   string  `json:"external_id"`
	ExternalName string  `json:"external_name"`
	AgentID      *string `json:"agent_id" doc:"Null: not linked."`
	AgentName    *string `json:"agent_name"`
}

// propositionView is whose for a proposition.
type propositionView struct {
	IdentityID      string  `json:"identity_id"`
	ExternalID      string  `json:"external_id"`
	ExternalName    string  `json:"external_name"`
	PropositionID   *string `json:"proposition_id" doc:"Null: not linked."`
	PropositionName *string `json:"proposition_name"`
}

// digits is a number with the digits that came in; the zero value is null.
type digits string

// Schema says that it is a number or null.
func (digits) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Nullable: true}
}

func (d digits) MarshalJSON() ([]byte, error) {
	if d == "" {
		return []byte("null"), nil
	}
	return []byte(d), nil
}

// fields reads the fields of a row by their columns.
type fields struct{ *record.Row }

func (f fields) get(column string) value.Value {
	for i, field := range f.Kind.Fields {
		if field.Column == column {
			return f.Values[i]
		}
	}
	return value.Null()
}

func (f fields) text(column string) *string { return orNull(f.get(column).Text()) }
func (f fields) truth(column string) bool   { return f.get(column).Bool() }

func (f fields) number(column string) digits {
	v := f.get(column)
	if v.Kind() != value.KindNumber {
		return ""
	}
	return digits(v.Decimal().String())
}

func (f fields) moment(column string) *time.Time {
	v := f.get(column)
	if v.Kind() != value.KindMoment {
		return nil
	}
	t := at(v.Micros())
	return &t
}

// required is a moment that is never null.
func (f fields) required(column string) time.Time { return at(f.get(column).Micros()) }

func (f fields) whose(column, prefix string) *whose {
	i, ok := f.get(column).Entity().(*record.Identity)
	if !ok {
		return nil
	}
	return &whose{
		IdentityID: id.Format(id.Identity, i.ID), ExternalID: i.Key.ExternalID, ExternalName: i.Name,
		EntityID: idOrNull(prefix, i.EntityID), EntityName: orNull(i.EntityName),
	}
}

func (f fields) agent() *agentView {
	w := f.whose("agent_identity_id", id.Agent)
	if w == nil {
		return nil
	}
	return &agentView{w.IdentityID, w.ExternalID, w.ExternalName, w.EntityID, w.EntityName}
}

func (f fields) locked() []string {
	all := make([]string, 0, len(f.Locks))
	for i, field := range f.Kind.Fields {
		if _, locked := f.Locks[i]; locked {
			all = append(all, field.Name)
		}
	}
	return all
}

func (f fields) head() RecordHead {
	return RecordHead{
		ID: id.Format(f.Kind.Prefix, f.ID), ProviderID: id.Format(id.Provider, f.Key.ProviderID), ExternalID: f.Key.ExternalID,
		ContactKey: f.text("contact_key"), Project: f.whose("project_identity_id", id.Project), Segment: f.whose("segment_identity_id", id.Segment),
		Locked: f.locked(), Maker: viewMaker([]byte(f.MadeBy)), CreatedAt: at(f.CreatedAt), UpdatedAt: at(f.UpdatedAt), updatedAt: f.UpdatedAt,
	}
}

type activityView struct {
	RecordHead
	ActivityType string     `json:"activity_type"`
	Agent        *agentView `json:"agent"`
	Team         *whose     `json:"team"`
	Moment       time.Time  `json:"moment"`
	Value        digits     `json:"value"`
	ValueIsMoney bool       `json:"value_is_money"`
}

func viewActivity(r *record.Row) activityView {
	f := fields{r}
	return activityView{
		RecordHead: f.head(), ActivityType: f.get("activity_type").Text(), Agent: f.agent(), Team: f.whose("team_identity_id", id.Team),
		Moment: f.required("moment"), Value: f.number("value"), ValueIsMoney: f.truth("value_is_money"),
	}
}

type anonymousView struct {
	RecordHead
	ActivityType string    `json:"activity_type"`
	Team         *whose    `json:"team"`
	Moment       time.Time `json:"moment"`
	Value        digits    `json:"value"`
	ValueIsMoney bool      `json:"value_is_money"`
}

func viewAnonymous(r *record.Row) anonymousView {
	f := fields{r}
	return anonymousView{
		RecordHead: f.head(), ActivityType: f.get("activity_type").Text(), Team: f.whose("team_identity_id", id.Team),
		Moment: f.required("moment"), Value: f.number("value"), ValueIsMoney: f.truth("value_is_money"),
	}
}

type saleView struct {
	RecordHead
	Agent         *agentView       `json:"agent"`
	Proposition   *propositionView `json:"proposition"`
	SoldAt        time.Time        `json:"sold_at"`
	CancelledAt   *time.Time       `json:"cancelled_at"`
	IsRetention   bool             `json:"is_retention"`
	ContractValue digits           `json:"contract_value"`
	EnergyMeta    energyView       `json:"energy_meta"`
}

type energyView struct {
	ElectricityUsage  digits `json:"electricity_usage"`
	ElectricityReturn digits `json:"electricity_return"`
	GasUsage          digits `json:"gas_usage"`
	ConnectionCount   digits `json:"connection_count"`
}

func viewSale(r *record.Row) saleView {
	f := fields{r}
	v := saleView{
		RecordHead: f.head(), Agent: f.agent(), SoldAt: f.required("sold_at"), CancelledAt: f.moment("cancelled_at"),
		IsRetention: f.truth("is_retention"), ContractValue: f.number("contract_value"),
		EnergyMeta: energyView{
			ElectricityUsage: f.number("electricity_usage"), ElectricityReturn: f.number("electricity_return"),
			GasUsage: f.number("gas_usage"), ConnectionCount: f.number("connection_count"),
		},
	}
	if w := f.whose("proposition_identity_id", id.Proposition); w != nil {
		v.Proposition = &propositionView{w.IdentityID, w.ExternalID, w.ExternalName, w.EntityID, w.EntityName}
	}
	return v
}

type callRecordView struct {
	RecordHead
	Agent     *agentView `json:"agent"`
	StartedAt time.Time  `json:"started_at"`
	Duration  digits     `json:"duration" doc:"Seconds."`
	Direction *string    `json:"direction"`
	Result    *string    `json:"result"`
}

func viewCallRecord(r *record.Row) callRecordView {
	f := fields{r}
	return callRecordView{
		RecordHead: f.head(), Agent: f.agent(), StartedAt: f.required("started_at"), Duration: f.number("duration"),
		Direction: f.text("direction"), Result: f.text("result"),
	}
}

type periodView struct {
	RecordHead
	PeriodType string     `json:"period_type"`
	Agent      *agentView `json:"agent"`
	StartsAt   time.Time  `json:"starts_at"`
	EndsAt     *time.Time `json:"ends_at" doc:"Null: still open."`
	Value      digits     `json:"value"`
}

func viewPeriod(r *record.Row) periodView {
	f := fields{r}
	return periodView{
		RecordHead: f.head(), PeriodType: f.get("period_type").Text(), Agent: f.agent(),
		StartsAt: f.required("starts_at"), EndsAt: f.moment("ends_at"), Value: f.number("value"),
	}
}

// makerView is who made something and where the change came from.
type makerView struct {
	Origin      string  `json:"origin" enum:"provider,client,user,rule"`
	OriginID    *string `json:"origin_id"`
	DeliveryID  *string `json:"delivery_id"`
	ExecutionID *string `json:"execution_id"`
	ProcessorID *string `json:"processor_id"`
	Version     *int    `json:"version" doc:"Of the processor's spec."`
	Instruction *string `json:"instruction" doc:"Id of the step."`
	UndoID      *string `json:"undo_id" doc:"The undo that did this; execution or delivery is then what it took back."`
	RedoesID    *string `json:"redoes_id" doc:"The undo that it took back, being an undo itself."`
	RekeyID     *string `json:"rekey_id" doc:"The re-key that gave it another external id."`
}

func viewMaker(stored []byte) makerView {
	m, err := record.ReadMaker(string(stored))
	if err != nil {
		return makerView{}
	}
	return viewMakerOf(m)
}

func viewMakerOf(m record.Maker) makerView {
	v := makerView{
		Origin: m.Origin, DeliveryID: idOrNull(id.Delivery, m.Delivery), ExecutionID: idOrNull(id.Execution, m.Execution),
		ProcessorID: idOrNull(id.Processor, m.Processor), Instruction: orNull(m.Instruction),
		UndoID: idOrNull(id.Undo, m.Undo), RekeyID: idOrNull(id.Rekey, m.Rekey),
	}
	if m.Undo != 0 {
		v.RedoesID = idOrNull(id.Undo, m.Redoes)
	}
	switch m.Origin {
	case record.FromProvider:
		v.OriginID = idOrNull(id.Provider, m.OriginID)
	case record.FromUser:
		v.OriginID = idOrNull(id.User, m.OriginID)
	case record.FromClient:
		v.OriginID = idOrNull(id.APIKey, m.OriginID)
	}
	if m.Version != 0 {
		v.Version = &m.Version
	}
	return v
}

// changeView is one line of a record's history.
type changeView struct {
	ID     string      `json:"id"`
	At     time.Time   `json:"at"`
	MadeBy makerView   `json:"made_by"`
	By     *string     `json:"by" said:"who" doc:"Name of the user or API key, of an undo too; null: a delivery, or a rule."`
	Fields []fieldView `json:"fields" doc:"What changed, with what was there before."`
}

type fieldView struct {
	Name   string   `json:"name"`
	Before anything `json:"before" doc:"A moment as RFC 3339, an identity as its id."`
}

type historyInput struct {
	ID string `path:"id"`
	Paging
}

func (r recordRoutes) history(ctx context.Context, in *historyInput, req page.Request) (page.Page[changeView], error) {
	if err := r.on(ctx); err != nil {
		return page.Page[changeView]{}, err
	}
	n, err := number(r.kind.Prefix, strings.ToLower(r.kind.Title), in.ID)
	if err != nil {
		return page.Page[changeView]{}, err
	}
	if _, err := r.s.Store.Record(ctx, caller(ctx).TenantID, r.kind, n); err != nil {
		return page.Page[changeView]{}, err
	}
	entries, err := r.s.Store.Journal(ctx, caller(ctx).TenantID, r.kind.Noun, n, req)
	if err != nil {
		return page.Page[changeView]{}, err
	}
	p, people := page.Map(entries, r.viewChange), r.s.people(ctx)
	for i := range p.Items {
		if p.Items[i].By, err = people.made(p.Items[i].MadeBy); err != nil {
			return page.Page[changeView]{}, err
		}
	}
	return p, nil
}

func (r recordRoutes) viewChange(e storage.Entry) changeView { return viewChange(r.kind, e) }

func viewChange(k *record.Kind, e storage.Entry) changeView {
	v := changeView{ID: id.Format(id.Change, e.ID), At: at(e.At), MadeBy: viewMaker(e.MadeBy), Fields: []fieldView{}}
	before, err := record.ReadBefore(k.Noun, e.Before)
	if err != nil {
		return v
	}
	for _, was := range before {
		switch {
		case was.Field != "external_id" && k.Place(was.Field) < 0: // a lock, or the whole record where it was removed
		case was.Identity != 0:
			v.Fields = append(v.Fields, fieldView{Name: was.Field, Before: readable(value.Text(id.Format(id.Identity, was.Identity)))})
		default:
			v.Fields = append(v.Fields, fieldView{Name: was.Field, Before: readable(was.Value)})
		}
	}
	return v
}

type unlockInput struct {
	ID   string `path:"id"`
	Body *struct {
		Fields []string `json:"fields,omitempty" maxItems:"100" doc:"Or groups of fields, as energy_meta. Left out: all that are locked."`
	}
}

type unlockView struct {
	Unlocked []string `json:"unlocked" doc:"Fields that were locked."`
}

func (r recordRoutes) unlock(ctx context.Context, in *unlockInput) (unlockView, error) {
	if err := r.on(ctx); err != nil {
		return unlockView{}, err
	}
	n, err := number(r.kind.Prefix, strings.ToLower(r.kind.Title), in.ID)
	if err != nil {
		return unlockView{}, err
	}
	var fields []string
	if in.Body != nil {
		fields = in.Body.Fields
	}
	unlocked, err := r.s.Undos.Unlock(ctx, caller(ctx), r.kind, n, fields)
	return unlockView{Unlocked: append([]string{}, unlocked...)}, err
}
