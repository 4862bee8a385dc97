package commit

import (
	"testing"

	"github.com/dealwright/dealwright/internal/pipeline"
)

// TestBodiesThatWait: whatever becomes of a call, what it brought takes room while it waits.
func TestBodiesThatWait(t *testing.T) {
	t.Parallel()
	body := func(n int) []byte { return make([]byte, n) }
	for name, c := range map[string]struct {
		work Work
		want int
	}{
		"deliveries":                  {Work{Items: []Item{{Delivery: &pipeline.Delivery{Body: body(3)}}, {Delivery: &pipeline.Delivery{Body: body(4)}}}}, 7},
		"what was sent, once":         {Work{Raw: body(9), Items: []Item{{Delivery: &pipeline.Delivery{Body: body(8)}}}}, 9},
		"a call that was refused":     {Work{Raw: body(5), Call: &pipeline.SourceExecution{}}, 5},
		"a body that cannot be read":  {Work{Call: &pipeline.SourceExecution{Body: body(6)}}, 6},
		"stored deliveries run again": {Work{Items: []Item{{Delivery: &pipeline.Delivery{Number: 1, Body: body(3)}}}}, 0},
	} {
		if got := c.work.size(); got != c.want {
			t.Errorf("%s: %d bytes, want %d", name, got, c.want)
		}
	}
}
