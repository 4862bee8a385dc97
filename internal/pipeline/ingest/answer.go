package ingest

import (
	"strconv"
	"time"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// An answer is written by hand: it is sent for every delivery.
//
//	one object:  {"data": {"source_execution_id", "delivery_id", "state", "executions": […]}, "meta": …}
//	an array:    {"data": {"source_execution_id", "deliveries": [{"index", "delivery_id", "state", "executions"} | {"index", "error"}]}, …}
//	an execution: {"id", "processor_id", "status", "reason"?, "records": [{"noun", "external_id", "outcome"}], "errors"?}
//	a repeat of an event: {"delivery_id", "duplicate": true, "remarks"?: where its body is another one}

// delivered is the answer to a call at a source.
func (c *call) delivered(b *batch, result *commit.Result) []byte {
	a := make([]byte, 0, 512+512*len(result.Items))
	a = append(a, `{"data":{"source_execution_id":"`...)
	a = append(a, id.Format(id.SourceExecution, result.Call.ID)...)
	a = append(a, '"')
	if !b.many {
		a = append(a, ',')
		a = appendDone(a, &result.Items[0])
		return c.appendMeta(append(a, '}'))
	}
	a = append(a, `,"deliveries":[`...)
	wrong := b.wrong
	appendWrong := func(before int) {
		for len(wrong) > 0 && *wrong[0].Index < before {
			a = append(a, `{"index":`...)
			a = strconv.AppendInt(a, int64(*wrong[0].Index), 10)
			a = append(a, `,"error":{"code":"`+wrong[0].Code+`","message":`...)
			a = value.AppendQuoted(a, wrong[0].Message)
			a = append(a, "}},"...)
			wrong = wrong[1:]
		}
	}
	for i := range result.Items {
		index := b.items[i].index
		appendWrong(index)
		a = append(a, `{"index":`...)
		a = strconv.AppendInt(a, int64(index), 10)
		a = append(a, ',')
		a = appendDone(a, &result.Items[i])
		a = append(a, "},"...)
	}
	appendWrong(maxItems)
	a[len(a)-1] = ']' // for the last comma
	return c.appendMeta(append(a, '}'))
}

func appendDone(a []byte, done *commit.Done) []byte {
	a = append(a, `"delivery_id":"`...)
	a = append(a, id.Format(id.Delivery, done.Delivery.Number)...)
	if done.Repeat {
		a = append(a, `","duplicate":true`...)
		if done.Differs {
			a = appendTexts(a, "remarks", []string{done.RepeatRemark()})
		}
		return a
	}
	a = append(a, `","state":"`...)
	a = append(a, done.Delivery.State...)
	a = append(a, `","executions":[`...)
	for i, unit := range done.Units {
		if i > 0 {
			a = append(a, ',')
		}
		outcome := unit.Outcome()
		a = appendExecution(a, outcome.Execution, outcome.Wrote)
	}
	return append(a, ']')
}

func appendExecution(a []byte, e *pipeline.Execution, wrote []execute.Wrote) []byte {
	a = append(a, `{"id":"`...)
	a = append(a, id.Format(id.Execution, e.ID)...)
	a = append(a, `","processor_id":"`...)
	a = append(a, id.Format(id.Processor, e.ProcessorID)...)
	a = append(a, `","status":"`...)
	a = append(a, e.Status...)
	a = append(a, '"')
	if e.Reason != "" {
		a = append(a, `,"reason":"`...)
		a = append(a, e.Reason...)
		a = append(a, '"')
	}
	a = append(a, `,"records":`...)
	a = appendWrote(a, wrote)
	if len(e.Errors) > 0 {
		a = append(a, `,"errors":[`...)
		for i, err := range e.Errors {
			if i > 0 {
				a = append(a, ',')
			}
			a = appendDataError(a, err)
		}
		a = append(a, ']')
	}
	return append(a, '}')
}

func appendWrote(a []byte, wrote []execute.Wrote) []byte {
	a = append(a, '[')
	for i := range wrote {
		w := &wrote[i]
		if i > 0 {
			a = append(a, ',')
		}
		a = append(a, `{"noun":"`...)
		a = append(a, w.Noun...)
		if w.Identity {
			a = append(a, "_external_identity"...)
		}
		a = append(a, `","external_id":`...)
		a = value.AppendQuoted(a, w.ExternalID)
		a = append(a, `,"outcome":"`...)
		a = append(a, w.Outcome...)
		a = append(a, `"}`...)
	}
	return append(a, ']')
}

func appendDataError(a []byte, e *run.DataError) []byte {
	a = append(a, `{"code":"`...)
	a = append(a, e.Code...)
	a = append(a, `","instruction":`...)
	a = value.AppendQuoted(a, e.Instruction)
	if e.Field != "" {
		a = append(a, `,"field":`...)
		a = value.AppendQuoted(a, e.Field)
	}
	a = append(a, `,"message":`...)
	a = value.AppendQuoted(a, e.Message)
	if e.Remedy != "" {
		a = append(a, `,"remedy":`...)
		a = value.AppendQuoted(a, e.Remedy)
	}
	return append(a, '}')
}

// appendMeta closes the envelope after "data".
func (c *call) appendMeta(a []byte) []byte {
	a = append(a, `,"meta":{"request_id":"`...)
	a = append(a, c.meta.RequestID...)
	a = append(a, `","timestamp":"`...)
	a = c.meta.Timestamp.AppendFormat(a, time.RFC3339Nano)
	return append(a, `"}}`...)
}
