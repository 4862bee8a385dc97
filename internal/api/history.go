package api

import (
	"context"

	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/pipeline/queue"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pipeline/spectest"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/storage"
)

// History is what came in, what ran and what it left, to be read. All of it is of one tenant; what belongs to another is
// not found.
type History interface {
	explain.PastStore
	spectest.PastStore
	Call(ctx context.Context, tenantID, id int64) (pipeline.CallLine, error)
	ListCalls(ctx context.Context, f pipeline.CallFilter, r page.Request) (page.Page[pipeline.CallLine], error)
	RawBody(ctx context.Context, tenantID, callID int64) (pipeline.RawBody, error)
	ListDeliveries(ctx context.Context, f pipeline.DeliveryFilter, r page.Request) (page.Page[pipeline.DeliveryLine], error)
	// ProcessorsOf gives the enabled processors linked to the source of a delivery, and those of them that have run it.
	ProcessorsOf(ctx context.Context, tenantID, delivery int64) (linked, ran []int64, err error)
	ListExecutions(ctx context.Context, f pipeline.ExecutionFilter, r page.Request) (page.Page[pipeline.ExecutionLine], error)
	Record(ctx context.Context, tenantID int64, k *record.Kind, id int64) (*record.Row, error)
	ListRecords(ctx context.Context, f storage.RecordFilter, r page.Request) (page.Page[*record.Row], error)
	Find(ctx context.Context, tenantID int64, text string, limit int) ([]storage.Hit, error)
	// LastDeliveries gives the newest deliveries of these sources before a number, the newest first.
	LastDeliveries(ctx context.Context, tenantID int64, sources []int64, before int64, limit int) ([]trial.Kept, error)
	// LastExecutions gives the newest execution of a processor on each of these deliveries.
	LastExecutions(ctx context.Context, tenantID, processorID int64, deliveries []int64) (map[int64]pipeline.ExecutionLine, error)
	// Deliveries gives those of these numbers that are kept, with their bodies, in order of acceptance.
	Deliveries(ctx context.Context, tenantID int64, numbers []int64) ([]pipeline.Delivery, error)
	// Epoch is that of the configuration: every change of it raises it.
	Epoch(ctx context.Context) (int64, error)
	Histogram(ctx context.Context, f pipeline.ExecutionFilter, parts int) (pipeline.Chart, error)
	CallHistogram(ctx context.Context, f pipeline.CallFilter, parts int) (pipeline.Chart, error)
	DeliveryHistogram(ctx context.Context, f pipeline.DeliveryFilter, parts int) (pipeline.Chart, error)
	Causes(ctx context.Context, f pipeline.ExecutionFilter) (pipeline.Causes, error)
	Changes(ctx context.Context, f storage.JournalFilter, r page.Request) (page.Page[storage.Change], error)
	Views(ctx context.Context, tenantID int64, owner, list string) ([]storage.View, error)
	AddView(ctx context.Context, v storage.View) (storage.View, error)
	ChangeView(ctx context.Context, tenantID, id int64, fn func(storage.View) (storage.View, error)) (storage.View, error)
	DeleteView(ctx context.Context, tenantID, id int64, may func(storage.View) error) error
	Journal(ctx context.Context, tenantID int64, noun string, thing int64, r page.Request) (page.Page[storage.Entry], error)
	JournalEntry(ctx context.Context, tenantID int64, noun string, thing, id int64) (storage.Entry, error)
	CountFor(ctx context.Context, f storage.RecordFilter) (*int64, error)
}

// Runs runs stored deliveries again, through the one writer.
type Runs interface {
	// Test runs the current spec of a processor, enabled or not, on a stored delivery, for real.
	Test(ctx context.Context, tenantID, processorID, delivery int64, overwriteNewer bool) (execute.Outcome, error)
	// Replay runs the delivery of an execution again with the current spec of its processor.
	Replay(ctx context.Context, tenantID, executionID int64, overwriteNewer bool) (execute.Outcome, error)
	// ReplayAll does so for many, in the order of acceptance; it gives one answer for each, in the order asked for.
	ReplayAll(ctx context.Context, tenantID int64, executions []int64, overwriteNewer bool) ([]*queue.Again, error)
}
