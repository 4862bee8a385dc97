package trace_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// long is a loop of so many items, each with a sum and a record; of one item the record fails.
func long(items, fails int) *trace.Tree {
	sum := func(n int) *trace.Step {
		return &trace.Step{ID: "sum", State: trace.Ran, Returns: &trace.Returned{Name: "total", Value: trace.V{Value: value.Int(int64(n))}}}
	}
	inner := func(n int) *trace.Step {
		return &trace.Step{ID: "own", State: trace.Ran, Returns: &trace.Returned{Name: "own", Value: trace.V{Value: value.Int(int64(n))}}}
	}
	loop := &trace.Step{ID: "each", Type: "for_each", State: trace.Ran}
	for i := range items {
		record := &trace.Step{ID: "deal", Type: "upsert_sale", State: trace.Ran, Outcome: run.Created, Record: &trace.Record{Noun: "sale", ExternalID: fmt.Sprint(i)}}
		status := run.Succeeded
		if i == fails {
			record, status = &trace.Step{ID: "deal", Type: "upsert_sale", State: trace.Failed}, run.Failed
		}
		loop.Items = append(loop.Items, &trace.Item{Index: i + 1, Status: status, Value: trace.V{Value: value.Int(1)}, Steps: []*trace.Step{sum(i), inner(i), record}})
	}
	return &trace.Tree{Steps: []*trace.Step{sum(-1), loop}}
}

// TestPart: of a long loop one item is whole, and of the others is told what a reader needs.
func TestPart(t *testing.T) {
	t.Parallel()
	kept := func(tree *trace.Tree) (whole []int) {
		for i, item := range tree.Steps[1].Items {
			if !item.LeftOut {
				whole = append(whole, i)
			}
		}
		return whole
	}
	tree := long(200, 7)
	changes, all := tree.Part(nil)
	if got := kept(tree); !cmp.Equal(got, []int{7}) {
		t.Errorf("whole is %v, not the one that failed", got)
	}
	if all != 200 || len(changes) != 200 || changes[0].Key != "each[7]/deal" || !changes[0].Failed {
		t.Errorf("%d changes, the first %+v", all, changes[0])
	}
	left := tree.Steps[1].Items[3]
	if left.Did != run.Created || len(left.Steps) != 0 || len(left.Sets) != 1 || left.Sets[0].Name != "total" || string(left.Sets[0].Value.AppendJSON(nil)) != "3" {
		t.Errorf("an item that was left out tells %+v", left)
	}
	tree = long(200, -1)
	tree.Part(map[string]int{"each": 11})
	if got := kept(tree); !cmp.Equal(got, []int{11}) {
		t.Errorf("whole is %v, not the chosen one", got)
	}
	tree = long(200, -1)
	tree.Part(map[string]int{"each": 999})
	if got := kept(tree); !cmp.Equal(got, []int{0}) {
		t.Errorf("whole is %v where an item was chosen that is not there", got)
	}
	tree = long(20, 3)
	tree.Part(nil)
	if got := kept(tree); len(got) != 20 {
		t.Errorf("of a short loop only %v are whole", got)
	}
	tree = long(3000, -1)
	if changes, all = tree.Part(nil); len(changes) != 2000 || all != 3000 {
		t.Errorf("%d of %d changes are listed", len(changes), all)
	}
}
