package ingest

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// maxItems of one batch.
const maxItems = 1000

// item is one object of the body of a call at a source.
type item struct {
	index int
	raw   []byte
	value value.Value
}

// batch is the body of a call at a source: one object, or an array of them.
type batch struct {
	many  bool
	items []item
	wrong []fault.Detail // items that are no objects; they are not delivered
}

// items reads what a body delivers.
func (b *body) items() (batch, *fault.Error) {
	refusal := func(code, message string) *fault.Error {
		return fault.New(fault.Invalid, "Nothing was delivered: %s.", message).
			With(fault.Detail{Code: code, Message: message, Hint: "Send one JSON object, or an array of objects."})
	}
	switch b.value.Kind() {
	case value.KindObject:
		return batch{items: []item{{raw: b.raw, value: b.value}}}, nil
	case value.KindList:
	default:
		return batch{}, refusal("wrong_type", "the body is "+b.value.Kind().String())
	}
	values := b.value.Items()
	switch {
	case len(values) == 0:
		return batch{}, refusal("empty", "the array is empty")
	case len(values) > maxItems:
		return batch{}, fault.New(fault.TooLarge, "The array has %d items; at most %d are taken in one call. Send fewer at a time.", len(values), maxItems)
	}
	many := batch{many: true, items: make([]item, 0, len(values))}
	texts := elements(b.raw)
	for i, v := range values {
		if v.Kind() == value.KindObject {
			many.items = append(many.items, item{index: i, raw: texts[i], value: v})
			continue
		}
		many.wrong = append(many.wrong, fault.Detail{
			Index: &i, Code: "wrong_type", Message: fmt.Sprintf("item %d is %s, and only objects are delivered", i, v.Kind()),
			Hint: "Send an object for each record.",
		})
	}
	if len(many.items) == 0 {
		e := fault.New(fault.Invalid, "Nothing was delivered: no item of the array is an object.")
		e.Details = many.wrong
		return batch{}, e
	}
	return many, nil
}

// deliver takes a call at a source.
func (h *Handler) deliver(ctx context.Context, c *call) ([]byte, *fault.Error) {
	b, e := c.body.items()
	if e != nil {
		return nil, h.logged(ctx, c, e)
	}
	result, e := h.submit(ctx, c, func(p *plan.Picture) (*commit.Work, error) {
		in, e := c.enter(p)
		if e != nil {
			return nil, e
		}
		return c.delivery(&b, in), nil
	})
	if e != nil {
		return nil, e
	}
	return c.delivered(&b, result), nil
}

// delivery is the work of a batch under a picture.
func (c *call) delivery(b *batch, in entry) *commit.Work {
	work := &commit.Work{Call: c.log(in.owner), Raw: c.body.raw, Door: in.door, Items: make([]commit.Item, len(b.items))}
	work.Call.Items = len(b.items)
	for _, d := range b.wrong {
		work.Call.Remarks = append(work.Call.Remarks, d.Message)
	}
	if len(b.wrong) > 0 { // no delivery has those items
		work.Call.Keep(in.door.Body(c.body.raw))
	}
	for i := range b.items {
		it := &b.items[i]
		passed, dropped := in.door.Pass(it.value)
		kept := in.door.Keep(it.raw, it.value, passed)
		if len(dropped) > 0 {
			work.Call.Remarks = append(work.Call.Remarks, fmt.Sprintf("fields of item %d that %s does not have were dropped: %s", it.index, in.source.Model, strings.Join(dropped, ", ")))
		}
		d := &pipeline.Delivery{
			TenantID:   in.owner.Tenant.ID,
			ProviderID: in.owner.ID,
			SourceID:   in.source.ID,
			Door:       work.Call.Door,
			Index:      it.index,
			ReceivedAt: c.now,
			EventID:    c.eventID,
			Body:       kept.Body,
			Places:     kept.Places,
		}
		if b.many && d.EventID != "" {
			d.EventID += "#" + strconv.Itoa(it.index)
		}
		units := make([]execute.Unit, len(in.source.Links))
		for n := range in.source.Links {
			units[n] = &execute.Program{Tenant: in.owner.Tenant, Link: &in.source.Links[n], Delivery: d, Item: passed, Kind: pipeline.Live}
		}
		work.Items[i] = commit.Item{Delivery: d, Units: units}
	}
	return work
}
