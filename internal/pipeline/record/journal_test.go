package record

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// TestBeforeImagesReadBack: what a change writes down is what was there.
func TestBeforeImagesReadBack(t *testing.T) {
	t.Parallel()
	s := newStore()
	for i, steps := range [][]string{
		{
			`1 team n external_name="North"`,
			`1 agent 7 external_name="Cas" team_external_identity=@n`,
			`1 activity a activity_type="Deal" agent_external_identity=@7 moment=2025-12-10T18:00:00Z value=399.95 value_is_money=true`,
		},
		{
			`2.1 agent 7 external_name="Eva" team_external_identity=null`,
			`2.1 agent 8`,
			`2.1 activity a activity_type="Sale" agent_external_identity=@8 moment=2025-12-11T18:00:00Z value=1 value_is_money=false contact_key="c"`,
		},
	} {
		s.group(t, int64(i), func(stage *Stage) error {
			for _, line := range steps {
				if _, err := step(stage, line); err != nil {
					return err
				}
			}
			return nil
		})
	}
	first := Mark{Number: 1}
	want := map[string][]Was{
		AgentIdentity: {
			{Field: "external_name", Value: value.Text("Cas"), Mark: first},
			{Field: "team_external_identity", Identity: s.byKey[Key{provider, TeamIdentity, "n"}], Mark: first},
		},
		"activity": {
			{Field: "activity_type", Value: value.Text("Deal"), Mark: first},
			{Field: "agent_external_identity", Identity: s.byKey[Key{provider, AgentIdentity, "7"}], Mark: first},
			{Field: "moment", Value: value.Moment(1765389600000000), Mark: first},
			{Field: "value", Value: value.Number(value.FromScaled(39995, 2)), Mark: first},
			{Field: "value_is_money", Value: value.Bool(true), Mark: first},
			{Field: "contact_key"},
		},
	}
	got := map[string][]Was{}
	for _, e := range s.journal {
		was, err := ReadBefore(e.Noun, e.Before)
		if err != nil {
			t.Fatal(err)
		}
		got[e.Noun] = was
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(value.Value.Equal)); diff != "" {
		t.Errorf("what was there (-want +read):\n%s", diff)
	}
}

func TestBeforeImagesOfOtherThings(t *testing.T) {
	t.Parallel()
	var image before
	image.number("team_id", 12)
	was, err := ReadBefore("agent", image.done())
	if diff := cmp.Diff([]Was{{Field: "team_id", Value: value.Int(12)}}, was, cmp.Comparer(value.Value.Equal)); diff != "" || err != nil {
		t.Errorf("an agent was (-want +read), %v:\n%s", err, diff)
	}
	if was, err := ReadBefore("team", []byte(Creation)); was != nil || err != nil {
		t.Errorf("before its creation a team was %v, %v", was, err)
	}
	for _, broken := range []string{``, `{"moment":["soon",1,0]}`} {
		if _, err := ReadBefore("activity", []byte(broken)); err == nil {
			t.Errorf("%q was read", broken)
		}
	}
}

// TestPublicIDs: what a dry run would make has no number of the database.
func TestPublicIDs(t *testing.T) {
	t.Parallel()
	last := int64(0)
	stage := NewStage(0, func() int64 { last--; return last }, &Need{}, &Loaded{})
	answer, err := stage.Apply(writer(1, 0), &run.Effect{Kind: run.UpsertIdentity, Noun: "team", Key: "n"})
	if err != nil {
		t.Fatal(err)
	}
	if got := answer.Result.Get("id").Text(); got != "new-team-1" {
		t.Errorf("its id is %s", got)
	}
}
