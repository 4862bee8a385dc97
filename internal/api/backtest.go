package api

import (
	"context"
	"time"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/spec/run"
)

type backtestInput struct {
	ID     string `path:"id"`
	Accept string `header:"Accept" doc:"application/x-ndjson: lines of progress, then the result. Hanging up cancels."`
	Body   struct {
		Trying
		Deliveries   int       `json:"deliveries,omitempty" minimum:"1" maximum:"100000" doc:"How many of the last ones; 1,000 where left out."`
		SourceID     string    `json:"source_id,omitempty" doc:"Only deliveries of this source."`
		From         time.Time `json:"received_from,omitempty" doc:"Only those received at or after this moment."`
		Until        time.Time `json:"received_until,omitempty" doc:"Only those received before this moment."`
		Failing      bool      `json:"failing,omitempty" doc:"Only those on which a run of the processor failed, wholly or partly."`
		IdentifiedBy string    `json:"identified_by,omitempty" doc:"Path of what tells the records of the source apart, such as data.id; found out where left out."`
	}
}

// ProgressView says how far a backtest or a search is: in deliveries.
type ProgressView struct {
	Done  int `json:"done"`
	Total int `json:"total,omitempty" doc:"Left out where it is not known."`
}

type backtestView struct {
	Version      *int                 `json:"version" doc:"Null: the draft that was sent."`
	Live         *int                 `json:"live_version" doc:"It is compared with; null: none was saved yet."`
	Deliveries   int                  `json:"deliveries" doc:"That ran."`
	First        *string              `json:"first_delivery_id"`
	Last         *string              `json:"last_delivery_id"`
	Since        *time.Time           `json:"since" doc:"When the first came in; null: none ran."`
	IdentifiedBy *string              `json:"identified_by" doc:"The path by which the records of the source were told apart; null: none was found."`
	Tally        TallyView            `json:"tally" doc:"The deliveries, each counted once, by the weightiest thing that is otherwise."`
	Statuses     []StatusGroupView    `json:"statuses" doc:"Deliveries that end otherwise than under the live version, those that fail now first."`
	Said         []BacktestGroupView  `json:"differences" doc:"What is said about the records otherwise than by the live version, delivery by delivery."`
	Ends         []BacktestGroupView  `json:"records" doc:"What the records would hold in the end otherwise than they do."`
	Overwrites   []OverwriteGroupView `json:"overwrites" doc:"Records that several records of the source write."`
	NewIDs       []NewIDGroupView     `json:"new_external_ids" doc:"What would be written under another external_id than by the live version: what is there would stay, as duplicates."`
	Metrics      MetricMovesView      `json:"metrics" doc:"What metrics would be had this been live instead of the live version, over the days of the records that would be other."`
	NotRun       []NotRunView         `json:"not_run" doc:"Deliveries that were left out."`
	Ungrouped    int                  `json:"ungrouped" doc:"Differences of rarer kinds than there is room for."`
	Notes        []string             `json:"notes" said:"ours"`
}

// TallyView counts deliveries.
type TallyView struct {
	NowFails    int `json:"now_fails" doc:"Ends worse than under the live version: failed, or more of it failed."`
	NowSucceeds int `json:"now_succeeds" doc:"Ends better."`
	Changed     int `json:"changed" doc:"Other fields, external ids or errors."`
	New         int `json:"new" doc:"Only more is written."`
	Gone        int `json:"gone" doc:"Only less is written."`
	Same        int `json:"same"`
}

// StatusGroupView is deliveries that end otherwise.
type StatusGroupView struct {
	Live     *string             `json:"live" doc:"Null: there is no live version."`
	Tried    run.Status          `json:"tried" enum:"waiting,succeeded,skipped,partial,failed"`
	Code     *string             `json:"code" doc:"Of the first error."`
	Step     *string             `json:"step" doc:"Where it happens."`
	Count    int                 `json:"count"`
	Examples []StatusExampleView `json:"examples"`
}

// StatusExampleView is one of those.
type StatusExampleView struct {
	DeliveryID string `json:"delivery_id"`
	Message    string `json:"message" said:"ours" unless:"failed"`
	Code       string `json:"-"` // that of the group, of which the message is
}

// BacktestGroupView is all differences of one kind.
type BacktestGroupView struct {
	Noun     string                `json:"noun" doc:"sale, agent_identity …"`
	Field    *string               `json:"field" doc:"Null: the thing itself."`
	Change   string                `json:"change" said:"ours" doc:"In words, the same for all: null → text, number changed, would no longer be written …"`
	Kind     string                `json:"kind" enum:"new,gone,changed" doc:"Whether the things are more, fewer or other."`
	Step     *string               `json:"step"`
	Cause    *string               `json:"cause" enum:"version,undone,locked,other_source,other_processor,newer,edited,older_version,never_ran,run_again" doc:"Of records: version, the doing of what is tried; else the live version would make the same difference, because of this."`
	Count    int                   `json:"count" doc:"Deliveries; of records, records."`
	HeldBack int                   `json:"held_back" doc:"Of them, where nothing comes of it: the field is locked, or something newer has set it."`
	Examples []BacktestExampleView `json:"examples"`
}

// BacktestExampleView is one of those.
type BacktestExampleView struct {
	DeliveryID *string  `json:"delivery_id"`
	ExternalID string   `json:"external_id"`
	Before     anything `json:"before" doc:"As in traces."`
	After      anything `json:"after"`
	Why        string   `json:"why" said:"ours"`
}

// OverwriteGroupView is records of one kind that several source records write.
type OverwriteGroupView struct {
	Noun     string          `json:"noun"`
	Step     string          `json:"step"`
	Kind     string          `json:"kind" enum:"other_record,other_source,same_delivery"`
	Count    int             `json:"count"`
	Examples []OverwriteView `json:"examples"`
}

// NewIDGroupView is things under another external id, of one shape.
type NewIDGroupView struct {
	Noun     string      `json:"noun"`
	Step     string      `json:"step"`
	Before   string      `json:"before" doc:"The shape: 9 stands for digits, a for letters, x for both."`
	After    string      `json:"after"`
	Count    int         `json:"count"`
	Examples []NewIDView `json:"examples"`
}

// MetricMovesView is the metrics that would move.
type MetricMovesView struct {
	From  *time.Time       `json:"from" doc:"Null: nothing moves."`
	To    *time.Time       `json:"to" doc:"Not itself within."`
	Moves []MetricMoveView `json:"moves" nullable:"false"`
	More  int              `json:"more" doc:"Others that were not worked out."`
}

// MetricMoveView is a metric that would move.
type MetricMoveView struct {
	ID         string              `json:"id"`
	Name       string              `json:"name"`
	Definition MetricDefinition    `json:"definition"`
	Now        anything            `json:"now" doc:"Null: a ratio to zero."`
	Then       anything            `json:"then"`
	Elsewhen   int                 `json:"elsewhen" doc:"Records that would count at another moment."`
	Agents     []MetricMoveForView `json:"agents" nullable:"false" doc:"For whom it would move, the most first."`
	More       int                 `json:"more" doc:"Agents that are not told."`
	Teams      []MetricMoveForView `json:"teams" nullable:"false" doc:"Likewise by team: a record counts for its own, else for that of its agent. Empty where there are no teams."`
	MoreTeams  int                 `json:"more_teams" doc:"Teams that are not told."`
}

// MetricMoveForView is what it would be for one agent, or for one team.
type MetricMoveForView struct {
	ID   *string  `json:"id" doc:"Null: what is linked to none."`
	Name string   `json:"name"`
	Now  anything `json:"now"`
	Then anything `json:"then"`
}

// NotRunView is deliveries that were left out.
type NotRunView struct {
	Why      string   `json:"why" said:"ours"`
	Count    int      `json:"count"`
	Examples []string `json:"examples"`
}

func (s *Server) backtest(ctx context.Context, in *backtestInput, progress func(ProgressView)) (backtestView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return backtestView{}, err
	}
	ask := trial.Past{Deliveries: in.Body.Deliveries, IdentifiedBy: in.Body.IdentifiedBy}
	ask.Failing, ask.From, ask.Until = in.Body.Failing, micros(in.Body.From), micros(in.Body.Until)
	if ask.Source, err = filter("source_id", id.Source, in.Body.SourceID); err != nil {
		return backtestView{}, err
	}
	if ask.Tried, err = in.Body.tried(caller(ctx).TenantID, n); err != nil {
		return backtestView{}, err
	}
	r, err := s.Trials.Backtest(ctx, ask, func(p trial.Progress) { progress(ProgressView(p)) })
	if err != nil {
		return backtestView{}, err
	}
	return viewBacktest(r), nil
}

func viewBacktest(r *trial.Backtest) backtestView {
	v := backtestView{
		Version: versionOrNull(r.Version), Live: versionOrNull(r.Live), Deliveries: r.Deliveries,
		Tally: TallyView(r.Tally),
		First: idOrNull(id.Delivery, r.First), Last: idOrNull(id.Delivery, r.Last), Since: atOrNull(r.Since), IdentifiedBy: orNull(r.IdentifiedBy),
		Statuses: []StatusGroupView{}, Said: viewGroups(r.Said), Ends: viewGroups(r.Ends), Overwrites: []OverwriteGroupView{},
		NewIDs: []NewIDGroupView{}, NotRun: viewNotRun(r.NotRun), Ungrouped: r.Ungrouped, Notes: append([]string{}, r.Notes...),
	}
	v.Metrics = viewMoves(r.Moves)
	for _, g := range r.Statuses {
		one := StatusGroupView{Live: orNull(string(g.Live)), Tried: g.Tried, Code: orNull(g.Code), Step: orNull(g.Step), Count: g.Count}
		for _, e := range g.Examples {
			one.Examples = append(one.Examples, StatusExampleView{DeliveryID: id.Format(id.Delivery, e.Delivery), Message: e.Message, Code: g.Code})
		}
		v.Statuses = append(v.Statuses, one)
	}
	for _, g := range r.Overwrites {
		v.Overwrites = append(v.Overwrites, OverwriteGroupView{Noun: g.Noun, Step: g.Step, Kind: g.Kind, Count: g.Count, Examples: viewOverwrites(g.Examples)})
	}
	for _, g := range r.NewIDs {
		v.NewIDs = append(v.NewIDs, NewIDGroupView{Noun: g.Noun, Step: g.Step, Before: g.Before, After: g.After, Count: g.Count, Examples: viewNewIDs(g.Examples)})
	}
	return v
}

func viewMoves(m trial.Moves) MetricMovesView {
	v := MetricMovesView{From: atOrNull(m.From), To: atOrNull(m.To), Moves: []MetricMoveView{}, More: m.More}
	for _, one := range m.Metrics {
		view := viewMetric(one.Metric)
		move := MetricMoveView{
			ID: view.ID, Name: view.Name, Definition: view.Definition, Now: viewNumber(one.Now), Then: viewNumber(one.Then), Elsewhen: one.Elsewhen,
			Agents: viewMovesFor(one.Agents, id.Agent), More: one.Agents.More, Teams: viewMovesFor(one.Teams, id.Team), MoreTeams: one.Teams.More,
		}
		v.Moves = append(v.Moves, move)
	}
	return v
}

func viewMovesFor(m trial.MovesFor, prefix string) []MetricMoveForView {
	views := make([]MetricMoveForView, len(m.Whom))
	for i, one := range m.Whom {
		views[i] = MetricMoveForView{ID: idOrNull(prefix, one.ID), Name: one.Name, Now: viewNumber(one.Now), Then: viewNumber(one.Then)}
	}
	return views
}

func viewNotRun(groups []trial.NotRun) []NotRunView {
	views := make([]NotRunView, len(groups))
	for i, g := range groups {
		views[i] = NotRunView{Why: g.Why, Count: g.Count, Examples: []string{}}
		for _, n := range g.Examples {
			views[i].Examples = append(views[i].Examples, id.Format(id.Delivery, n))
		}
	}
	return views
}

// versionOrNull: 0 is none.
func versionOrNull(version int) *int {
	if version == 0 {
		return nil
	}
	return &version
}

func viewGroups(groups []trial.Group) []BacktestGroupView {
	views := make([]BacktestGroupView, len(groups))
	for i, g := range groups {
		views[i] = BacktestGroupView{
			Noun: g.Noun, Field: orNull(g.Field), Change: g.Change, Kind: g.Kind(), Step: orNull(g.Step), Cause: orNull(string(g.Cause)), Count: g.Count, HeldBack: g.HeldBack,
		}
		for _, e := range g.Examples {
			views[i].Examples = append(views[i].Examples, BacktestExampleView{
				DeliveryID: idOrNull(id.Delivery, e.Delivery), ExternalID: e.ExternalID, Before: traced(e.Before), After: traced(e.After), Why: e.Why,
			})
		}
	}
	return views
}
