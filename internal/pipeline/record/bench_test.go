package record

import (
	"fmt"
	"testing"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// BenchmarkGroup is the stage's share of one group: loading, 3 identities and 2 records per unit (one new, one there),
// and the changes; the time is per unit.
func BenchmarkGroup(b *testing.B) {
	const units = 256
	s := newStore()
	need := &Need{}
	group := func(number int64, loaded *Loaded, last *int64) *Changes {
		stage := NewStage(number, func() int64 { *last++; return *last }, need, loaded)
		for u := range units {
			if err := benchUnit(stage, number+int64(u), u); err != nil {
				b.Fatal(err)
			}
		}
		return stage.Changes()
	}
	noting := NewNoting(need)
	for u := range units {
		if err := benchUnit(noting, 0, u); err != nil {
			b.Fatal(err)
		}
	}
	need.Normalize()
	s.apply(group(1, s.load(b, need), &s.last))
	loaded := s.load(b, need)
	for key := range loaded.Rows {
		if key.ExternalID[0] == 'n' {
			delete(loaded.Rows, key)
		}
	}
	b.ReportAllocs()
	last := s.last
	for i := 0; b.Loop(); i++ {
		group(int64(1000+i*units), loaded, &last)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*units), "ns/unit")
}

func benchUnit(stage *Stage, number int64, u int) error {
	w := writer(number, 0)
	stage.Begin()
	var refs [3]value.Value
	for i, noun := range []string{"agent", "team", "proposition"} {
		answer, err := stage.Apply(w, &run.Effect{
			Kind: run.UpsertIdentity, Noun: noun, Key: fmt.Sprint(u % 40), Instruction: "s1",
			Fields: []run.Field{{Name: "external_name", Value: value.Text("Name of it")}},
		})
		if err != nil {
			return err
		}
		refs[i] = answer.Result
	}
	for _, key := range []string{"there", "new"} {
		_, err := stage.Apply(w, &run.Effect{
			Kind: run.UpsertRecord, Noun: "activity", Key: fmt.Sprint(key, u), Instruction: "s4",
			Fields: []run.Field{
				{Name: "activity_type", Value: value.Text("Deal | won")},
				{Name: "agent_external_identity", Value: refs[0]},
				{Name: "moment", Value: value.Moment(1765389600000000)},
				{Name: "value", Value: value.Int(5)},
				{Name: "team_external_identity", Value: refs[1]},
			},
		})
		if err != nil {
			return err
		}
	}
	stage.End(true)
	return nil
}
