package commit

import (
	"encoding/json"
	"slices"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/reply"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// Job is something to be kept and, where it can be, run: one call with its items, or stored deliveries that run again.
type Job struct {
	// Plan says what is to be done under a configuration: what it makes depends on the picture and on what came in, on
	// nothing else. It is called by the submitter first, and again, by the writer, when the configuration has changed
	// before the job's turn; each time it makes everything afresh. Its error is the job's answer, and nothing is
	// written.
	Plan func(*plan.Picture) (*Work, error)
}

// Work is what a job does under one configuration. The writer completes what it points to: numbers, states, and the
// call's end where an item is refused.
type Work struct {
	Call  *pipeline.SourceExecution // nil where nobody called: stored deliveries run again
	Raw   []byte                    // what the caller sent; kept with the call where an item became no delivery,
	Door  *pseudonym.Door           // as it passes here
	Items []Item
}

// Item is one delivery with the units that run on it, in order of their positions. A delivery without a number is new
// and accepted with this job; one with a number is stored.
type Item struct {
	Delivery *pipeline.Delivery
	Units    []execute.Unit
}

// Result is what became of a job whose answer is that it is on disk.
type Result struct {
	Call  *pipeline.SourceExecution
	Items []Done // as in Work
}

// Done is what became of an item.
type Done struct {
	Delivery *pipeline.Delivery // with number and state; a repeat has the number of the first
	Repeat   bool               // the door has had this event before: nothing was kept or run
	Differs  bool               // with Repeat: the body says something else than the first one
	Refused  *fault.Error       // a rule of a fixed webhook was broken: the delivery was not accepted
	Units    []execute.Unit     // with their outcomes
}

// RepeatRemark says for people what a repeat is and what became of its body.
func (d *Done) RepeatRemark() string {
	first := id.Format(id.Delivery, d.Delivery.Number)
	if d.Differs {
		return "repeat of " + first + ": the event id is the same, but the body differs from the first one and was not used"
	}
	return "repeat of " + first
}

// size is how many bytes of what came in wait with the work, each once: what was sent, its sealed copy, what is kept in
// the call, and the bodies of new deliveries. Where no door made those anew they are pieces of what was sent.
func (w *Work) size() int {
	size, pieces := len(w.Raw), 0
	if w.Call != nil {
		size += len(w.Call.Raw)
		if !isSame(w.Call.Body, w.Raw) {
			size += len(w.Call.Body)
		}
	}
	for i := range w.Items {
		switch d := w.Items[i].Delivery; {
		case d.Number != 0:
		case w.Door == nil:
			pieces += len(d.Body)
		default:
			size += len(d.Body)
		}
	}
	return size + max(pieces-len(w.Raw), 0)
}

// isSame says whether two bodies are the same bytes in memory.
func isSame(a, b []byte) bool { return len(a) == len(b) && len(a) > 0 && &a[0] == &b[0] }

// pending is a job on its way through the writer.
type pending struct {
	job     Job
	answer  chan answer // holds one
	work    *Work
	epoch   int64 // of the picture it was planned with
	need    record.Need
	fresh   []bool // by item: the delivery is new
	numbers int    // of acceptance to draw
	units   int
	bytes   int
	behind  bool // to be kept and run later
	trips   int  // of the watchdog
	gaveUp  bool // its units were told to, since the database refused them
	done    []Done
	call    *pipeline.SourceExecution // as it is kept
}

type answer struct {
	result *Result
	err    error
}

func newPending(job Job) *pending {
	return &pending{job: job, answer: make(chan answer, 1)}
}

func (p *pending) succeed() { p.answer <- answer{result: &Result{Call: p.call, Items: p.done}} }

func (p *pending) fail(err error) { p.answer <- answer{err: err} }

// plan makes the work under a picture and finds out what it needs.
func (p *pending) plan(picture *plan.Picture) error {
	work, err := p.job.Plan(picture)
	if err != nil {
		return err
	}
	*p = pending{job: p.job, answer: p.answer, behind: p.behind, trips: p.trips, work: work, epoch: picture.Epoch}
	p.fresh = make([]bool, len(work.Items))
	p.bytes = work.size()
	for i, item := range work.Items {
		if d := item.Delivery; d.Number == 0 {
			p.fresh[i] = true
			p.numbers++
			if d.EventID != "" {
				p.need.Events = append(p.need.Events, eventKey(d))
			}
		}
		for _, u := range item.Units {
			p.units++
			if r, ok := u.(execute.Renumbered); ok && r.WantsNumber() {
				p.numbers++
			}
			u.Need(&p.need)
		}
	}
	if p.behind {
		p.deferAll(pipeline.ReasonBehind)
	}
	p.need.Normalize()
	return nil
}

// deferAll makes the units that can wait do so.
func (p *pending) deferAll(reason pipeline.Reason) {
	for _, item := range p.work.Items {
		for _, u := range item.Units {
			if d, ok := u.(execute.Deferrable); ok {
				d.Defer(reason)
			}
		}
	}
}

// begin makes p ready for an attempt: draws the numbers of what is new and names the call.
func (p *pending) begin(number func() int64, newID func() int64) {
	p.done = make([]Done, len(p.work.Items))
	call := p.work.Call
	if call != nil {
		call.ID = newID()
	}
	for i, item := range p.work.Items {
		p.done[i] = Done{Delivery: item.Delivery, Units: item.Units}
		if p.fresh[i] {
			item.Delivery.Number = number()
			if call != nil {
				item.Delivery.SourceExecutionID = call.ID
			}
		}
		for _, u := range item.Units {
			if r, ok := u.(execute.Renumbered); ok && r.WantsNumber() {
				r.TakeNumber(number())
			}
		}
	}
}

// collect adds to w what p leaves, once its units have run.
func (p *pending) collect(w *Writes) {
	call := p.work.Call
	var remarks []string
	var refused *fault.Error
	dropped := false // an item became no delivery
	for i := range p.done {
		d := &p.done[i]
		moved := false
		for _, u := range d.Units {
			if d.Repeat {
				break
			}
			o := u.Outcome()
			remarks = append(remarks, o.Remarks...)
			if o.Refused != nil {
				d.Refused, refused = o.Refused, o.Refused
			}
			if e := o.Execution; e != nil {
				if o.Stored {
					w.Rerun = append(w.Rerun, e)
				} else {
					w.Executions = append(w.Executions, e)
				}
				moved = moved || e.Kind != pipeline.Test
			}
		}
		switch {
		case d.Repeat:
			dropped = true
			remarks = append(remarks, d.RepeatRemark())
		case !p.fresh[i]:
			if moved {
				w.Moved = append(w.Moved, d.Delivery.Number)
			}
		case d.Refused == nil:
			d.Delivery.State = stateAfter(d.Units)
			w.Deliveries = append(w.Deliveries, d.Delivery)
		default:
			dropped = true
		}
	}
	if call == nil {
		return
	}
	kept := *call // the work's own stays as it is, should the group begin again
	kept.Remarks = slices.Concat(call.Remarks, remarks)
	if dropped {
		kept.Keep(p.work.Door.Body(p.work.Raw))
	}
	if refused != nil {
		kept.Status, kept.HTTPStatus, kept.Error = pipeline.CallFailed, refused.Kind.Status(), ErrorJSON(refused)
	}
	p.call = &kept
	w.Calls = append(w.Calls, &kept)
}

// stateAfter is where a new delivery stands once its units have run.
func stateAfter(units []execute.Unit) pipeline.DeliveryState {
	state := pipeline.DeliverySkipped
	for _, u := range units {
		switch e := u.Outcome().Execution; {
		case e == nil: // a fixed webhook, done or it would have been refused
			if state == pipeline.DeliverySkipped {
				state = pipeline.DeliveryDone
			}
		case e.Status == run.Waiting:
			return pipeline.DeliveryWaiting
		case e.Status == run.Failed:
			state = pipeline.DeliveryFailed
		case e.Status != run.Skipped && state == pipeline.DeliverySkipped:
			state = pipeline.DeliveryDone
		}
	}
	return state
}

// ErrorJSON is the error of a call's answer as the call log keeps it.
func ErrorJSON(e *fault.Error) []byte {
	text, err := json.Marshal(reply.NewFailure(e, reply.Meta{}).Error)
	if err != nil {
		panic(err) // texts and numbers; Fix is ours
	}
	return text
}
