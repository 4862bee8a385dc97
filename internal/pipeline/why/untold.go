package why

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/trace"
)

// weight puts reasons in order.
var weight = []Code{Wrote, Undone, Gone, Waiting, Failed, ItemFailed, Other, Stopped, NotTaken, Disabled, NoStep, NotRun}

// traced finds in the trace of an execution that ran what it did for the thing; undo is what took it back, 0: nothing.
func (s *seeking) traced(o *Outcome, undo int64) error {
	x, err := explain.Trace(s.ctx, s.Store, s.Library, s.TenantID, o.Execution.ID)
	if err != nil {
		return err
	}
	o.Note = x.Tree.Note
	w := s.walker(x)
	t := &telling{seeking: s, walker: w, undo: undo}
	w.visit = t.step
	w.steps(x.Tree.Steps)
	if len(t.reasons) == 0 {
		t.add(Reason{Code: NoStep, Text: fmt.Sprintf("Its spec (version %d) has no step that writes %s.", o.Execution.Version, t.what())})
	}
	slices.SortStableFunc(t.reasons, func(a, b Reason) int {
		return cmp.Compare(slices.Index(weight, a.Code), slices.Index(weight, b.Code))
	})
	o.Reasons = t.reasons[:min(len(t.reasons), mostReasons)]
	return nil
}

// mostReasons of one execution that are told.
const mostReasons = 10

// telling gathers the reasons in one trace.
type telling struct {
	*seeking
	walker  *walker
	undo    int64
	reasons []Reason
	stopped *Reason
}

func (t *telling) what() string {
	if record.KindOf(t.Noun) == nil {
		return "an external identity of the kind " + t.noun()
	}
	return article(t.noun())
}

// add keeps a reason, once.
func (t *telling) add(r Reason) {
	if !slices.ContainsFunc(t.reasons, func(x Reason) bool { return x.Code == r.Code && x.Text == r.Text }) {
		t.reasons = append(t.reasons, r)
	}
}

func (t *telling) step(s *visited) {
	if s.Type == "stop" && s.State == trace.Ran {
		t.stopped = t.stop(s)
	}
	if !writes(t.noun(), s.Type) {
		return
	}
	r := Reason{Step: s.ID}
	step := fmt.Sprintf("Step %s (%s)", s.ID, s.Summary)
	switch s.State {
	case trace.Disabled:
		r.Code, r.Text = Disabled, step+" is switched off in the spec."
	case trace.NotTaken:
		r.Code, r.Conditions = NotTaken, t.decided()
		r.Text = step + " did not run: " + t.untaken()
	case trace.NotReached:
		if t.stopped == nil {
			return // an item that failed tells why
		}
		r = *t.stopped
	case trace.Failed, trace.Ran:
		t.ran(s, &r, step)
	}
	t.add(r)
}

// ran tells of a step that ran, or failed.
func (t *telling) ran(s *visited, r *Reason, step string) {
	f := fieldOf(s.Step, keyField)
	key, known := "", false // the id it was about
	switch {
	case s.Record != nil:
		key, known = s.Record.ExternalID, true
	case f != nil && f.Value != nil:
		key, known = f.Value.Text(), true
	}
	r.exact = known && key == t.ExternalID
	switch fell := s.Undone || s.State == trace.Failed; {
	case known && key != t.ExternalID:
		r.Code = Other
		did := "wrote"
		if fell {
			did = "failed to write"
		}
		r.Text = fmt.Sprintf("%s %s %s “%s”", step, did, words(t.noun()), key)
		if f != nil {
			r.Text += ": its external id is " + strings.TrimPrefix(f.Formula, "=")
		}
		r.Text += "."
	case s.State == trace.Failed:
		r.Code, r.Text = ItemFailed, step+" failed in "+t.loop()+". "+errorText(s.Error)
	case fell:
		r.Code, r.Text = ItemFailed, fmt.Sprintf("%s wrote it in %s, which failed later, so that was undone.", step, t.loop())
		if at := t.failedItem(); at != nil {
			r.Text += " " + errorText(at.Error)
		}
	case t.undo != 0:
		undone := undoneBy(t.undo)
		r.Code, r.Text = undone.Code, undone.Text
	case len(t.There) == 0:
		r.Code, r.Text = Gone, step+" wrote it, and it is not there any more under this id."
	default:
		r.Code, r.Text = Wrote, step+" wrote it ("+string(s.Outcome)+")."
	}
}

// loop names the loop around the present step.
func (t *telling) loop() string {
	for _, b := range slices.Backward(t.walker.under) {
		if b.item != 0 {
			return fmt.Sprintf("item %d of %s", b.item, b.step.ID)
		}
	}
	return "the run"
}

func (t *telling) failedItem() *trace.Item {
	for _, b := range slices.Backward(t.walker.under) {
		if b.item != 0 && b.item <= len(b.step.Items) && b.step.Items[b.item-1].Status == run.Failed {
			return b.step.Items[b.item-1]
		}
	}
	return nil
}

func errorText(e *trace.Error) string {
	if e == nil {
		return ""
	}
	return "Step " + e.Instruction + ": " + strings.TrimSuffix(e.Message, ".") + ". " + e.Remedy
}

// stop tells of a stop that ended the run.
func (t *telling) stop(s *visited) *Reason {
	r := &Reason{Code: Stopped, Step: s.ID, Conditions: t.walker.conditions()}
	r.Text = "The run stopped at step " + s.ID
	if f := fieldOf(s.Step, "reason"); f != nil && f.Value != nil && f.Value.Text() != "" {
		r.Text += " (“" + f.Value.Text() + "”)"
	}
	if n := len(r.Conditions); n > 0 {
		r.Text += ", because " + t.walker.because(t.walker.under[len(t.walker.under)-1])
	}
	r.Text += "."
	return r
}

// decided is the decision that kept the present step from running.
func (t *telling) decided() []Condition {
	for _, b := range t.walker.under {
		if !b.taken {
			return []Condition{t.walker.condition(b)}
		}
	}
	return nil
}

// untaken says it in words.
func (t *telling) untaken() string {
	for _, b := range t.walker.under {
		if !b.taken {
			return t.walker.because(b) + "."
		}
	}
	return "it was not reached."
}

// because tells what a block decided, and by which values.
func (w *walker) because(b block) string {
	c := w.condition(b)
	formula := strings.TrimPrefix(c.Formula, "=")
	text := ""
	switch b.step.Type {
	case "for_each":
		text = fmt.Sprintf("the list of %s, %s, has no items", c.Step, formula)
	case "switch":
		text = fmt.Sprintf("%s took the branch “%s” for %s", c.Step, c.Branch, formula)
		if c.Branch == "" {
			text = fmt.Sprintf("no case of %s is for %s", c.Step, formula)
		}
		text += ", which is " + c.Value.String()
		return text
	default:
		text = fmt.Sprintf("the condition of %s, %s, was %s", c.Step, formula, c.Value.String())
	}
	var values []string
	for _, s := range c.Sources {
		if s.Path != formula {
			values = append(values, s.Path+" is "+s.Value.String())
		}
	}
	if values != nil {
		text += " (" + strings.Join(values, ", ") + ")"
	}
	return text
}
