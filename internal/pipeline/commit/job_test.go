package commit

import (
	"testing"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pseudonym"
)

// TestBodiesThatWait: whatever becomes of a call, what it brought takes room while it waits.
func TestBodiesThatWait(t *testing.T) {
	t.Parallel()
	body := func(n int) []byte { return make([]byte, n) }
	sent := body(9)
	for name, c := range map[string]struct {
		work Work
		want int
	}{
		"deliveries":                                  {Work{Items: []Item{{Delivery: &pipeline.Delivery{Body: body(3)}}, {Delivery: &pipeline.Delivery{Body: body(4)}}}}, 7},
		"what was sent, once":                         {Work{Raw: body(9), Items: []Item{{Delivery: &pipeline.Delivery{Body: body(8)}}}}, 9},
		"a call that was refused":                     {Work{Raw: body(5), Call: &pipeline.SourceExecution{}}, 5},
		"a body that cannot be read":                  {Work{Call: &pipeline.SourceExecution{Body: body(6)}}, 6},
		"a call that was refused, with what was sent": {Work{Raw: sent, Call: &pipeline.SourceExecution{Body: sent}}, 9},
		"a call that was refused, and a note of it":   {Work{Raw: sent, Call: &pipeline.SourceExecution{Body: body(2)}}, 11},
		"a call of which a sealed copy is kept":       {Work{Raw: sent, Call: &pipeline.SourceExecution{Raw: body(10)}}, 19},
		"deliveries that a door made anew":            {Work{Raw: sent, Door: &pseudonym.Door{}, Items: []Item{{Delivery: &pipeline.Delivery{Body: body(8)}}}}, 17},
		"a batch of which a part is kept in the call": {Work{Raw: sent, Call: &pipeline.SourceExecution{Body: sent}, Items: []Item{{Delivery: &pipeline.Delivery{Body: sent[1:4]}}}}, 9},
		"stored deliveries run again":                 {Work{Items: []Item{{Delivery: &pipeline.Delivery{Number: 1, Body: body(3)}}}}, 0},
	} {
		if got := c.work.size(); got != c.want {
			t.Errorf("%s: %d bytes, want %d", name, got, c.want)
		}
	}
}
