package storagetest_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// BenchmarkGroups is the writer and the database without doors and language: three identities that are there, a new
// activity of a new contact, a new sale for two of three, and a 550-byte body, from 32 and 256 submitters.
func BenchmarkGroups(b *testing.B) {
	for _, submitters := range []int{32, 256} {
		storagetest.InTurn(b, func(b *testing.B, d *storagetest.Database) {
			b.Run(fmt.Sprint(submitters), func(b *testing.B) { benchmarkGroups(b, d.Open(b), submitters) })
		})
	}
}

func benchmarkGroups(b *testing.B, db *storage.DB, submitters int) {
	n := start(b, db)
	body := []byte(`{"padding":"` + strings.Repeat("x", 536) + `"}`)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range submitters {
		wg.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(b.N) {
					return
				}
				if _, err := n.writer.Submit(context.Background(), sampleJob(int(i), body)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
}

func sampleJob(i int, body []byte) commit.Job {
	return commit.Job{Plan: func(*plan.Picture) (*commit.Work, error) {
		d := &pipeline.Delivery{TenantID: tenant, ProviderID: provider, SourceID: source, ReceivedAt: 5, Body: body}
		return &commit.Work{
			Call: &pipeline.SourceExecution{
				TenantID: tenant, ProviderID: provider, SourceID: source, Door: "in", ReceivedAt: 5, Status: pipeline.CallSucceeded, HTTPStatus: 200, Items: 1,
			},
			Items: []commit.Item{{Delivery: d, Units: []execute.Unit{&unit{delivery: d, do: sample(i)}}}},
		}, nil
	}}
}

func sample(i int) func(func(run.Effect) (value.Value, error)) error {
	return func(apply func(run.Effect) (value.Value, error)) error {
		var refs []value.Value
		for _, e := range []struct {
			noun string
			of   int
		}{{"agent", 200}, {"team", 10}, {"project", 20}} {
			key := fmt.Sprint(e.noun, i%e.of)
			ref, err := apply(run.Effect{Kind: run.UpsertIdentity, Noun: e.noun, Key: key, Fields: []run.Field{{Name: "external_name", Value: value.Text("Name of " + key)}}})
			if err != nil {
				return err
			}
			refs = append(refs, ref)
		}
		key := fmt.Sprintf("ext-%08x", uint32(i)*2654435761)
		if _, err := apply(run.Effect{Kind: run.UpsertRecord, Noun: "activity", Key: key, Fields: []run.Field{
			{Name: "activity_type", Value: value.Text("Deal won")},
			{Name: "agent_external_identity", Value: refs[0]},
			{Name: "moment", Value: value.Moment(1765386000000000)},
			{Name: "value", Value: value.Number(value.FromScaled(39995, 2))},
			{Name: "value_is_money", Value: value.Bool(true)},
			{Name: "contact_key", Value: value.Text(fmt.Sprintf("c-%08x", uint32(i)*2246822519))},
			{Name: "project_external_identity", Value: refs[2]},
			{Name: "team_external_identity", Value: refs[1]},
		}}); err != nil || i%3 == 0 {
			return err
		}
		_, err := apply(run.Effect{Kind: run.UpsertRecord, Noun: "sale", Key: key, Fields: []run.Field{
			{Name: "agent_external_identity", Value: refs[0]},
			{Name: "proposition_external_identity", Value: refs[2]},
			{Name: "sold_at", Value: value.Moment(1765386000000000)},
			{Name: "contract_value", Value: value.Number(value.FromScaled(39995, 2))},
		}})
		return err
	}
}
