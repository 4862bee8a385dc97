// Package run executes a compiled program on one item: frame, budgets and the contract with its host. The same input
// and the same answers give the same result. It never does I/O, reads no clock and starts no goroutine.
package run

import (
	"crypto/sha256"
	"errors"
	"strconv"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// Revision of the language: raised when a mended bug, or new Unicode or time-zone tables, change any result (section 9).
const Revision = 1

// Run executes a program on one item. The error is the host's own, when it could not answer; then, and while it waits
// (Waiting), nothing of the run stands.
func Run(p *Program, item value.Value, env Environment, host Host) (Result, error) {
	f := p.frame()
	f.env, f.host = env, host
	result, err := f.run(item)
	p.free(f)
	return result, err
}

// Replay executes a program again with the answers a run was given (Result.Answers), without a host, and tells rec
// what happens; rec may be nil. The error says that the answers do not fit: then the result is as far as it got.
func Replay(p *Program, item value.Value, env Environment, answers []byte, rec Recorder) (Result, error) {
	f := p.frame()
	f.env, f.host, f.rec, f.replay = env, nobody{}, rec, &answerReader{rest: answers}
	result, err := f.run(item)
	if err == nil && (f.replay.broken || len(f.replay.rest) > 0) {
		err = errBroken
	}
	p.free(f)
	return result, err
}

// nobody is the host of a replay: whatever could ask it reads the stored answers instead.
type nobody struct{}

func (nobody) Apply(Effect) (Answer, error)             { return Answer{}, errBroken }
func (nobody) Begin()                                   {}
func (nobody) End(bool)                                 {}
func (nobody) Pseudonym(string, string) (string, error) { return "", errBroken }

func (f *Frame) lost() *DataError {
	f.abort = errBroken
	return &DataError{Code: "aborted", fatal: true}
}

func (f *Frame) run(item value.Value) (Result, error) {
	if !f.env.Bare {
		f.answers = make([]byte, 0, 16)
	}
	f.slots = f.slotBuf[:]
	if f.prog.Slots > len(f.slotBuf) {
		f.slots = make([]value.Value, f.prog.Slots)
	}
	f.stack = f.stackBuf[:0]
	f.at = f.itemBuf[:0]
	f.fields = f.fieldBuf[:0]
	f.evals = MaxEvals
	f.text = MaxAllText
	f.slots[f.prog.Item] = item
	f.head(item)

	f.host.Begin()
	flow := f.bind()
	if flow == Next {
		flow = f.top()
	}
	f.host.End(flow == Next || flow == Stopped)
	result := Result{Errors: f.errors, Steps: f.steps, Answers: f.answers, Counts: f.counts, Pending: f.pending}
	switch {
	case f.pending != nil:
		result.Status, result.Counts = Waiting, Counts{}
	case flow == Aborted:
		return result, f.abort
	case flow == Broken || flow == Over:
		result.Status, result.Counts = Failed, Counts{Failed: 1}
	case f.partial:
		result.Status = Partial
	case flow == Stopped:
		result.Status = Skipped
		result.Counts.Skipped = 1
	default:
		result.Status = Succeeded
	}
	if f.env.Bare {
		result.Answers = nil
		return result, nil
	}
	f.note(string(result.Status))
	result.Digest = f.sum()
	return result, nil
}

// head begins the digest with what the result depends on.
func (f *Frame) head(item value.Value) {
	if f.env.Bare {
		return
	}
	f.noteInt(Revision)
	f.digest = append(f.digest, f.prog.Hash[:]...)
	hash := f.env.ItemHash
	if hash == ([32]byte{}) {
		hash = HashValue(item)
	}
	f.digest = append(f.digest, hash[:]...)
	f.note(f.env.Zone)
	f.note(f.env.Country)
	f.digest = strconv.AppendInt(f.digest, f.env.ReceivedAt, 10)
	f.digest = append(f.digest, 0)
}

// HashValue is the SHA-256 of a value's canonical JSON.
func HashValue(v value.Value) [32]byte {
	return sha256.Sum256(v.AppendJSON(make([]byte, 0, 1024)))
}

// bind gives constants and enrichments their values.
func (f *Frame) bind() Flow {
	for i := range f.prog.Constants {
		c := &f.prog.Constants[i]
		v := c.Default
		for j := range f.env.Constants {
			if f.env.Constants[j].Name == c.Name {
				v = f.env.Constants[j].Value
			}
		}
		var err *DataError
		switch {
		case v.IsNull():
			err = Fail("missing_value", v, "the constant "+c.Name+" has no value", "Give it one on the link between source and processor.")
		case c.Read != nil:
			v, err = c.Read(f, v)
		}
		if err != nil {
			if f.abort != nil {
				return Aborted
			}
			err.Field = c.Name
			f.errors = append(f.errors, err)
			f.noteError(err)
			return Broken
		}
		f.slots[c.Slot] = v
		f.noteInput(v)
	}
	for i := range f.prog.Enrichments {
		e := &f.prog.Enrichments[i]
		v := value.Null()
		for j := range f.env.Enrichments {
			if f.env.Enrichments[j].Name == e.Name {
				v = f.env.Enrichments[j].Value
			}
		}
		f.slots[e.Slot] = v
		f.noteInput(v)
	}
	if err := f.env.Unfetched; err != nil && len(f.prog.Enrichments) > 0 {
		f.errors = append(f.errors, err)
		f.noteError(err)
		return Broken
	}
	return Next
}

func (f *Frame) list(list []*Instruction) Flow {
	for _, in := range list {
		if in.Off {
			continue
		}
		if flow := f.step(in); flow != Next {
			return flow
		}
	}
	return Next
}

// step runs one instruction.
func (f *Frame) step(in *Instruction) Flow {
	if f.rec != nil {
		f.rec.StepBegins(in)
	}
	f.steps++
	f.note(in.ID)
	for _, n := range f.at {
		f.noteInt(n)
	}
	f.outcome = ""
	var v value.Value
	var flow Flow
	if f.steps > MaxSteps {
		flow = f.failed(in, f.limit("a run runs at most 100,000 instructions", "Loop over fewer items."))
	} else {
		before := f.fields
		var fields []Field
		if fields, flow = f.resolve(in); flow == Next {
			v, flow = in.Do(f, in, fields)
		}
		f.fields = before
	}
	if flow == Next && in.Slot >= 0 {
		f.slots[in.Slot] = v
	}
	if f.rec != nil {
		outcome := f.outcome
		if len(in.Bodies) > 0 {
			outcome = "" // it is that of the last step within
		}
		f.rec.StepEnds(in, outcome, v, flow)
	}
	return flow
}

// resolve evaluates all fields of an instruction, in the order of its declaration, and reports all their errors.
func (f *Frame) resolve(in *Instruction) ([]Field, Flow) {
	fields := f.cut(len(in.Fields))
	flow := Next
	for i := range in.Fields {
		plan := &in.Fields[i]
		if plan.Lazy {
			continue
		}
		v, err := f.Field(plan)
		if err == nil {
			if !f.env.Bare {
				f.digest = append(f.digest, byte(i))
			}
			err = f.noteValue(v)
		}
		if err == nil {
			fields = append(fields, Field{Name: plan.Name, Value: v})
			continue
		}
		if err.Field == "" {
			err.Field = plan.Name
		}
		if err.Place == "" {
			err.Place = plan.Pointer
		}
		if flow = f.failed(in, err); flow != Broken {
			return nil, flow
		}
	}
	return fields, flow
}

// Field evaluates one field.
func (f *Frame) Field(plan *FieldPlan) (value.Value, *DataError) {
	if f.rec != nil {
		f.rec.FieldBegins(plan)
	}
	var v value.Value
	var err *DataError
	if plan.Expr != nil {
		v, err = plan.Expr(f)
	} else {
		items := make([]value.Value, len(plan.List))
		for i, item := range plan.List {
			if items[i], err = item(f); err != nil {
				break
			}
		}
		v = value.List(items)
	}
	if err == nil && plan.Clean != nil {
		v, err = plan.Clean(f, v)
	}
	if f.rec != nil {
		f.rec.FieldEnds(plan, v, err)
	}
	return v, err
}

// failed records an error of an instruction and says how to go on.
func (f *Frame) failed(in *Instruction, err *DataError) Flow {
	if f.pending != nil || f.abort != nil {
		return Aborted
	}
	if err.Instruction == "" {
		err.Instruction = in.ID
	}
	if err.Place == "" {
		err.Place = in.place(err.Field)
	}
	f.errors = append(f.errors, err)
	f.noteError(err)
	if f.rec != nil {
		f.rec.StepFails(in, err)
	}
	if err.fatal {
		return Over
	}
	return Broken
}

// place of a field, or of the instruction where the field is not there.
func (in *Instruction) place(field string) string {
	for i := range in.Fields {
		if in.Fields[i].Name == field {
			return in.Fields[i].Pointer
		}
	}
	return in.Pointer
}

// Broken fails the instruction that is under way.
func (f *Frame) Broken(in *Instruction, err *DataError) (value.Value, Flow) {
	return value.Null(), f.failed(in, err)
}

// Outcome says what the instruction under way did, where it is no effect.
func (f *Frame) Outcome(o Outcome) { f.outcome = o }

// Apply carries out an effect for the instruction that is under way.
func (f *Frame) Apply(in *Instruction, e Effect) (value.Value, Flow) {
	e.Instruction = in.ID
	if f.writes++; f.writes > MaxWrites {
		return f.Broken(in, f.limit("a run writes at most 10,000 records", "Loop over fewer items."))
	}
	answer, recorded, err := f.ask(&e)
	if err != nil {
		var data *DataError
		if errors.As(err, &data) {
			f.answers = appendFailure(f.answers, data)
			return f.Broken(in, data)
		}
		if !errors.As(err, &f.pending) {
			f.abort = err
		}
		return value.Null(), Aborted
	}
	if !f.env.Bare {
		start := len(f.answers)
		f.answers = appendAnswer(f.answers, &e, &answer)
		f.digest = append(f.digest, f.answers[start:]...)
		if recorded {
			f.answers = f.answers[:start]
		}
		f.flush(digestChunk)
	}
	f.outcome = answer.Outcome
	f.tally(&e, &answer)
	if f.rec != nil {
		f.rec.Answered(e, answer)
	}
	if f.writes > MaxWrites {
		return f.Broken(in, f.limit("a run writes at most 10,000 records", "Follow up on fewer records."))
	}
	return answer.Result, Next
}

// tally counts the records that an answer is about.
func (f *Frame) tally(e *Effect, a *Answer) {
	own := a.Outcome
	if e.Kind == UpdateContact && a.Matched > 0 { // it is only about others
		own = ""
		changed := 0
		for i := range a.Touched {
			if a.Touched[i].Outcome == Updated {
				changed++
			}
		}
		f.counts.Unchanged += a.Matched - changed
	}
	switch own {
	case Created:
		f.counts.Created++
	case Updated, Locked:
		f.counts.Updated++
	case Unchanged, Found:
		f.counts.Unchanged++
	}
	for i := range a.Touched {
		if a.Touched[i].Outcome == Updated {
			f.counts.Updated++
			f.writes++
		}
	}
}

// ask gets the answer to an effect: to an Ask the one that came since the run last stopped there, else from the host,
// or from what it answered then. recorded says that the answer is kept elsewhere already.
func (f *Frame) ask(e *Effect) (answer Answer, recorded bool, err error) {
	if e.Kind == Ask && f.asked < len(f.env.Answers) {
		f.asked++
		return Answer{Outcome: Answered, Result: f.env.Answers[f.asked-1]}, true, nil
	}
	if f.replay != nil {
		answer, err = f.replay.answer(e)
		return answer, false, err
	}
	answer, err = f.host.Apply(*e)
	return answer, false, err
}

// Branch runs one of a block's bodies, or none where body is nil.
func (f *Frame) Branch(body *Body) Flow {
	if body == nil {
		f.note("-")
		return Next
	}
	f.note(body.Name)
	if f.rec != nil {
		f.rec.BodyBegins(body)
		defer f.rec.BodyEnds(body)
	}
	return f.list(body.Steps)
}

// Each runs a body once per item, each item a unit of its own. Slots may be -1.
func (f *Frame) Each(in *Instruction, items []value.Value, itemSlot, indexSlot int, body *Body) Flow {
	f.noteInt(len(items))
	if f.rec != nil {
		f.rec.LoopBegins(len(items))
	}
	saved := make([]value.Value, len(body.Assigned))
	for i, item := range items {
		f.slots[itemSlot] = item
		if indexSlot >= 0 {
			f.slots[indexSlot] = value.Int(int64(i + 1))
		}
		for j, slot := range body.Assigned {
			saved[j] = f.slots[slot]
		}
		counts, errs, partial := f.counts, len(f.errors), f.partial
		if f.rec != nil {
			f.rec.LoopItem(in, i+1, item)
		}
		f.at = append(f.at, i+1)
		f.host.Begin()
		flow := f.list(body.Steps)
		f.host.End(flow == Next || flow == Stopped)
		f.at = f.at[:len(f.at)-1]
		if flow == Broken {
			counts.Failed++
			f.counts = counts
			f.partial = true
			for j, slot := range body.Assigned {
				f.slots[slot] = saved[j]
			}
		}
		if f.rec != nil {
			f.itemEnded(flow, errs, f.partial && !partial)
		}
		if flow != Next && flow != Broken {
			return flow
		}
	}
	return Next
}

func (f *Frame) itemEnded(flow Flow, errs int, partial bool) {
	status := Succeeded
	var err *DataError
	switch {
	case flow == Broken || flow == Over || flow == Aborted:
		status = Failed
		if len(f.errors) > errs {
			err = f.errors[len(f.errors)-1]
		}
	case partial:
		status = Partial
	case flow == Stopped:
		status = Skipped
	}
	f.rec.LoopItemEnds(status, err)
}
