package storagetest_test

import (
	"context"
	"io"
	"log/slog"
	"testing"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
)

// The one tenant, provider, source and processor of these tests. They need no rows: the group's tables refer to none.
const (
	tenant    = 9001
	provider  = 9002
	source    = 9003
	processor = 9004
)

// node is one process on a database: a writer at work.
type node struct {
	*storage.DB
	writer *commit.Writer
}

func start(t testing.TB, db *storage.DB, change ...func(*commit.Writer)) *node {
	t.Helper()
	holder, err := plan.NewHolder(t.Context(), epochs{db})
	if err != nil {
		t.Fatal(err)
	}
	n := &node{DB: db, writer: commit.New(db.Engine(), holder, slog.New(slog.NewTextHandler(io.Discard, nil)), db.Now)}
	for _, c := range change {
		c(n.writer)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- n.writer.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return n
}

// epochs loads pictures that have nothing but their epoch.
type epochs struct{ *storage.DB }

func (e epochs) Epoch(ctx context.Context) (epoch int64, err error) {
	err = e.Read(ctx, func(tx *storage.Tx) error {
		epoch, err = tx.Epoch()
		return err
	})
	return epoch, err
}

func (e epochs) LoadPicture(ctx context.Context) (*plan.Picture, error) {
	epoch, err := e.Epoch(ctx)
	return &plan.Picture{Epoch: epoch}, err
}

// unit does to the stage what do says, as a program would.
type unit struct {
	delivery *pipeline.Delivery
	number   int64 // of the writes; 0: the delivery's
	stored   *pipeline.Execution
	do       func(apply func(run.Effect) (value.Value, error)) error
	real     func() // called when it has run on a real stage
	failure  string
	hold     pipeline.Reason
	outcome  execute.Outcome
	answers  []run.Answer
}

func (u *unit) Need(need *record.Need)       { _ = u.Run(record.NewNoting(need)) }
func (u *unit) Outcome() execute.Outcome     { return u.outcome }
func (u *unit) GiveUp(message string)        { u.failure = message }
func (u *unit) Defer(reason pipeline.Reason) { u.hold = reason }

func (u *unit) Run(stage *record.Stage) error {
	u.outcome, u.answers = execute.Outcome{}, nil
	x := &pipeline.Execution{
		TenantID: tenant, DeliveryID: u.delivery.Number, SourceID: source, ProcessorID: processor, Version: 1, EnvironmentID: 1,
		Kind: pipeline.Live, Status: run.Succeeded, Number: u.delivery.Number, RanAt: stage.Now(), Digest: make([]byte, 32), Answers: []byte("a"),
	}
	if u.stored != nil {
		if !stage.StillWaits(u.stored.ID) {
			return nil
		}
		x.ID = u.stored.ID
	} else {
		x.ID = stage.NewID()
	}
	if u.number != 0 {
		x.Number = u.number
	}
	switch {
	case u.failure != "":
		x.Status, x.Errors = run.Failed, []*run.DataError{{Code: "failed", Message: u.failure, Value: value.Int(3)}}
	case u.hold != "":
		x.Status, x.Reason = run.Waiting, u.hold
	default:
		if err := u.apply(stage, x); err != nil {
			return err
		}
	}
	u.outcome = execute.Outcome{Execution: x, Stored: u.stored != nil}
	return nil
}

func (u *unit) apply(stage *record.Stage, x *pipeline.Execution) error {
	w := &record.Writer{
		TenantID: tenant, ProviderID: provider, Mark: record.Mark{Number: x.Number},
		Maker: record.Maker{Origin: record.FromProvider, OriginID: provider, Delivery: x.DeliveryID, Execution: x.ID},
	}
	stage.Begin()
	err := u.do(func(e run.Effect) (value.Value, error) {
		answer, err := stage.Apply(w, &e)
		u.answers = append(u.answers, answer)
		return answer.Result, err
	})
	if err == nil && u.real != nil && stage.Now() != 0 { // a noting stage has no clock
		u.real()
	}
	stage.End(err == nil)
	return err
}

// deal upserts an agent, and an activity of that agent.
func deal(agentID, activityID, kind string, more ...run.Field) func(func(run.Effect) (value.Value, error)) error {
	return func(apply func(run.Effect) (value.Value, error)) error {
		agent, err := apply(run.Effect{Kind: run.UpsertIdentity, Noun: "agent", Key: agentID, Fields: []run.Field{
			{Name: "external_name", Value: value.Text("Agent " + agentID)},
		}})
		if err != nil {
			return err
		}
		_, err = apply(run.Effect{Kind: run.UpsertRecord, Noun: "activity", Key: activityID, Fields: append([]run.Field{
			{Name: "activity_type", Value: value.Text(kind)},
			{Name: "agent_external_identity", Value: agent},
			{Name: "moment", Value: value.Moment(1765386000000000)},
		}, more...)})
		return err
	}
}

// call makes a job of one call with one delivery per unit maker.
func call(eventID string, units ...func(*pipeline.Delivery) []execute.Unit) commit.Job {
	return commit.Job{Plan: func(*plan.Picture) (*commit.Work, error) {
		w := &commit.Work{Call: &pipeline.SourceExecution{
			TenantID: tenant, ProviderID: provider, SourceID: source, Door: "in", ReceivedAt: 5,
			Status: pipeline.CallSucceeded, HTTPStatus: 200, Items: len(units),
		}}
		for i, unitsOf := range units {
			d := &pipeline.Delivery{TenantID: tenant, ProviderID: provider, SourceID: source, Index: i, ReceivedAt: 5, EventID: eventID, Body: []byte(`{"a":1}`)}
			w.Items = append(w.Items, commit.Item{Delivery: d, Units: unitsOf(d)})
		}
		return w, nil
	}}
}

// one is a unit maker for one deal.
func one(agentID, activityID, kind string, more ...run.Field) func(*pipeline.Delivery) []execute.Unit {
	return func(d *pipeline.Delivery) []execute.Unit {
		return []execute.Unit{&unit{delivery: d, do: deal(agentID, activityID, kind, more...)}}
	}
}

func submit(t testing.TB, n *node, job commit.Job) *commit.Result {
	t.Helper()
	r, err := n.writer.Submit(context.Background(), job)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// ask scans the one row of a query.
func ask(t testing.TB, db *storage.DB, query string, args []any, dest ...any) {
	t.Helper()
	if err := db.Read(context.Background(), func(tx *storage.Tx) error { return tx.QueryRow(query, args...).Scan(dest...) }); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func count(t testing.TB, db *storage.DB, from string, args ...any) int {
	t.Helper()
	var n int
	ask(t, db, "SELECT count(*) FROM "+from, args, &n)
	return n
}

// addSource makes rows of tenant, provider and source.
func addSource(t testing.TB, db *storage.DB) {
	t.Helper()
	err := db.Write(context.Background(), func(tx *storage.Tx) error {
		for _, statement := range []string{
			`INSERT INTO tenants (id, name, time_zone, country, record_kinds, projects, provider_types, pseudonym_key, created_at, updated_at)
				VALUES (9001, 'T', 'Europe/Amsterdam', '+31', '[]', 0, '[]', '', 1, 1)`,
			"INSERT INTO providers (id, tenant_id, type, name, settings, created_at, updated_at) VALUES (9002, 9001, 'webhooks', 'P', '{}', 1, 1)",
			`INSERT INTO sources (id, tenant_id, provider_id, type, source_model, name, settings, created_at, updated_at)
				VALUES (9003, 9001, 9002, 'webhook.payload', 'webhook.payload', 'S', '{}', 1, 1)`,
		} {
			if _, err := tx.Exec(statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
