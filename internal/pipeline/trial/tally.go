package trial

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// Among narrows which deliveries count as the last ones.
type Among struct {
	Source  int64 // 0: of all that are linked
	From    int64 // received at or after, in microseconds since 1970; 0: whenever
	Until   int64 // received before; 0: whenever
	Failing bool  // only those on which a run of the processor failed, wholly or partly
}

// past reads which deliveries a backtest is over, the newest first.
func (d *Desk) past(ctx context.Context, s *subject, ask Past) ([]Kept, error) {
	sources := s.sources()
	if ask.Source != 0 {
		if !slices.ContainsFunc(s.links, func(l processor.Link) bool { return l.SourceID == ask.Source }) {
			return nil, fault.New(fault.Invalid, "Nothing was tried out.").With(fault.Detail{
				Field: "source_id", Code: "not_linked", Message: "The processor is not linked to this source.", Hint: "Take one of its sources, or leave it out for all of them.",
			})
		}
		sources = []int64{ask.Source}
	}
	limit := cmp.Or(ask.Deliveries, UsualDeliveries)
	if ask.Among == (Among{Source: ask.Source}) {
		return d.Store.LastDeliveries(ctx, s.processor.TenantID, sources, math.MaxInt64, limit)
	}
	return d.Store.LastDeliveriesAmong(ctx, s.processor.TenantID, s.processor.ID, sources, ask.Among, limit)
}

// rank is how badly a run ended.
func rank(e *pipeline.Execution) int {
	switch {
	case e == nil:
		return 0
	case e.Status == run.Failed:
		return 2
	case e.Status == run.Partial:
		return 1
	}
	return 0
}

// tally counts one delivery. A run without a live one beside it fails now if it fails; else what it writes is new. Alike:
// both say the same in the same order; both: about the same things in the same order.
func (b *backtest) tally(live, tried *pipeline.Execution, otherEnd bool, before, after []write, alike, both bool) {
	t := &b.out.Tally
	worse := rank(tried) - rank(live)
	if live != nil && worse == 0 && rank(tried) > 0 {
		worse = cmp.Compare(tried.Counts.Failed, live.Counts.Failed)
	}
	switch {
	case worse > 0:
		t.NowFails++
	case worse < 0:
		t.NowSucceeds++
	case alike && !otherEnd:
		t.Same++
	case both:
		t.Changed++
	default:
		more, fewer := lacking(after, before), lacking(before, after)
		switch {
		case more && !fewer && sameApart(before, after):
			t.New++
		case fewer && !more && sameApart(after, before):
			t.Gone++
		case !more && !fewer && !otherEnd && same(sorted(before), sorted(after)):
			t.Same++ // only the order of the steps is another
		default:
			t.Changed++
		}
	}
}

// lacking reports whether a has things that b has not.
func lacking(a, b []write) bool {
	for i := range a {
		if !slices.ContainsFunc(b, func(w write) bool { return alikeKey(&w, &a[i]) }) {
			return true
		}
	}
	return false
}

// sameApart reports whether all that few says is said by many, too, in the same words.
func sameApart(few, many []write) bool {
	for i := range few {
		if !slices.ContainsFunc(many, func(w write) bool { return alikeKey(&w, &few[i]) && sameFields(w.fields, few[i].fields) }) {
			return false
		}
	}
	return true
}

func alikeKey(a, b *write) bool { return a.about == b.about && a.key == b.key }

func sorted(all []write) []write {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b write) int {
		return cmp.Or(record.Key.Compare(a.key, b.key), cmp.Compare(a.about, b.about))
	})
	return all
}
