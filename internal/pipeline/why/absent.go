package why

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Wanted is what somebody looks for: a record or identity by its external id.
type Wanted struct {
	TenantID   int64
	Noun       string // "sale"; of an identity "agent_identity"
	ExternalID string
	ProviderID int64 // 0: of any
}

// Answer says what became of a thing by its external id, whether it is there or not.
type Answer struct {
	Wanted
	Verdict    string           // in one or two sentences
	There      []record.Touched // things that have the id now, of any provider
	Rekeyed    *Rekeyed         // the thing that had the id has another now; nil: none had
	Deliveries []Sighting       // that have the id, or what it seems to be made of: those about it first, then the newest first
	Refused    []Refusal        // calls that do, and became no delivery
	Looked     Looked
}

// Sighting is a delivery with what each processor made of it.
type Sighting struct {
	Delivery   pipeline.Delivery // without body
	SourceName string
	Places     []Source // where the text stands
	Elsewhere  bool     // it stands where no external id of the kind comes from
	Outcomes   []Outcome

	match match
}

// Refusal is a call that became no delivery.
type Refusal struct {
	Call   pipeline.CallLine // without body
	Reason string
}

// Outcome is what one processor made of a delivery, or a call of a fixed webhook of itself.
type Outcome struct {
	ProcessorID   int64 // 0: a fixed webhook
	ProcessorName string
	State         processor.State
	Execution     *pipeline.ExecutionLine // nil: none
	Reasons       []Reason                // the weightiest first
	Note          string                  // the trace is not what ran
}

// Reason why a delivery did, or did not, lead to the thing.
type Reason struct {
	Code       Code
	Text       string
	Step       string // id; "" where it is about none
	Conditions []Condition

	exact bool // the step was about this very id
}

// Code of a reason.
type Code string

// The codes, the weightiest first.
const (
	Wrote      Code = "wrote"
	Undone     Code = "undone"      // written, and taken back by an undo
	Gone       Code = "gone"        // written, and not there any more under this id
	Waiting    Code = "waiting"     // not run yet
	Failed     Code = "failed"      // the run failed: nothing of it stands
	ItemFailed Code = "item_failed" // the item of a loop failed
	Other      Code = "other_id"    // the same kind was written under other ids
	Stopped    Code = "stopped"
	NotTaken   Code = "not_taken" // a condition let no step run that writes the kind
	Disabled   Code = "disabled_step"
	NoStep     Code = "no_step" // no step of the spec writes the kind
	NotRun     Code = "not_run" // the processor did not run on this delivery
)

// How many deliveries, and how many bytes of their bodies, are read to find those that hold the text as a value of its own.
const (
	mostRead  = 1000
	mostBytes = 64 << 20
)

// Absent tells what became of a thing that may not be there.
func (d *Desk) Absent(ctx context.Context, w Wanted) (*Answer, error) {
	w.ExternalID = strings.TrimSpace(w.ExternalID)
	if w.ExternalID == "" {
		return nil, fault.New(fault.Invalid, "There is nothing to look for.").With(fault.Detail{
			Field: "external_id", Code: "missing", Message: "The external id is empty.", Hint: "Give the id that the record should have.",
		})
	}
	a := &Answer{Wanted: w}
	var err error
	if a.There, err = d.Store.Keyed(ctx, w.TenantID, w.Noun, w.ExternalID); err != nil {
		return nil, err
	}
	s := &seeking{Desk: d, ctx: ctx, Answer: a, feeds: map[int64]feeds{}}
	if err := s.moved(); err != nil {
		return nil, err
	}
	if err := s.look(); err != nil {
		return nil, err
	}
	for i := range a.Deliveries {
		if err := s.judge(&a.Deliveries[i]); err != nil {
			return nil, err
		}
	}
	s.exactFirst()
	return a, s.conclude()
}

// seeking is one search under way.
type seeking struct {
	*Desk
	*Answer
	ctx   context.Context
	feeds map[int64]feeds // by source
}

// noun as a spec names it.
func (w *Wanted) noun() string { return strings.TrimSuffix(w.Noun, record.IdentitySuffix) }

// look finds where the id was seen; where it was not, where its parts were: a spec may have put it together.
func (s *seeking) look() error {
	for _, texts := range [][]string{{s.ExternalID}, parts(s.ExternalID)} {
		if len(texts) == 0 {
			break
		}
		wanted := make([]string, len(texts))
		for i, t := range texts {
			wanted[i] = inJSON(t)
		}
		seen, err := s.Store.Sightings(s.ctx, pipeline.SightingFilter{
			TenantID: s.TenantID, ProviderID: s.ProviderID, Texts: wanted, Calls: lookAt, Most: mostRead, Bytes: mostBytes,
		})
		if err != nil {
			return err
		}
		s.Looked = Looked{Texts: texts, Calls: seen.Calls, Since: seen.Since, All: seen.All}
		for _, line := range seen.Deliveries {
			item, err := s.item(s.ctx, &line.Delivery)
			if err != nil {
				return err
			}
			places := placesOf(item, texts)
			if places == nil {
				continue
			}
			how, err := s.match(&line.Delivery, places, texts)
			if err != nil {
				return err
			}
			s.Deliveries = append(s.Deliveries, Sighting{
				Delivery: withoutBody(&line.Delivery), SourceName: line.SourceName, Places: places, Elsewhere: how == elsewhere, match: how,
			})
		}
		slices.SortStableFunc(s.Deliveries, func(a, b Sighting) int { return cmp.Compare(b.match, a.match) })
		s.Deliveries = s.Deliveries[:min(len(s.Deliveries), mostSeen)]
		for _, c := range seen.Refused[:min(len(seen.Refused), mostSeen)] {
			c.Body = nil
			s.Refused = append(s.Refused, Refusal{Call: c, Reason: refusal(c)})
		}
		if len(s.Deliveries)+len(s.Refused) > 0 {
			break
		}
	}
	return nil
}

// parts are the words of an id that a source system may know it by: those with a digit, or else all of three letters and
// more; nil where the id is one word.
func parts(externalID string) []string {
	all := strings.FieldsFunc(externalID, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune("|:#/,;", c) })
	if len(all) < 2 {
		return nil
	}
	ids := slices.DeleteFunc(slices.Clone(all), func(w string) bool { return !strings.ContainsFunc(w, unicode.IsDigit) })
	if len(ids) == 0 {
		ids = slices.DeleteFunc(all, func(w string) bool { return len(w) < 3 })
	}
	return ids[:min(len(ids), mostTexts)]
}

// placesOf are the places in an item where the texts stand, as values or as words of them; nil unless all do.
func placesOf(item value.Value, texts []string) (all []Source) {
	for _, text := range texts {
		before := len(all)
		leaves("", item, func(path string, v value.Value) {
			if holds(v, text) && !slices.ContainsFunc(all, func(s Source) bool { return s.Path == path }) {
				all = append(all, Source{Kind: FromDelivery, Path: path, Value: v})
			}
		})
		if len(all) == before {
			return nil
		}
	}
	return all
}

// isWhole finds datetimes and numbers: their parts are nobody's id.
var isWhole = regexp.MustCompile(`^(\d{4}-\d\d-\d\d([ T]\d\d:\d\d.*)?|[-+]?\d+([.,]\d+)*)$`)

// holds reports whether a value is the text, or has it as a word: with no letter or digit on either side.
func holds(v value.Value, text string) bool {
	held := v.Text()
	if v.Kind() == value.KindNumber {
		held = v.Decimal().String()
	}
	if isWhole.MatchString(held) {
		return held == text
	}
	for from := 0; ; {
		at := strings.Index(held[from:], text)
		if at < 0 {
			return false
		}
		at += from
		before, after := held[:at], held[at+len(text):]
		if !isWordly(lastRune(before)) && !isWordly(firstRune(after)) && !endsNumber.MatchString(before) && !beginsFraction.MatchString(after) {
			return true
		}
		from = at + 1
	}
}

// A number within a text is its whole self, too: 3 does not stand in “3.949 each”.
var (
	endsNumber     = regexp.MustCompile(`\d[.,]$`)
	beginsFraction = regexp.MustCompile(`^[.,]\d`)
)

func isWordly(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

func firstRune(s string) rune {
	for _, c := range s {
		return c
	}
	return ' '
}

func lastRune(s string) rune {
	last := ' '
	for _, c := range s {
		last = c
	}
	return last
}

func leaves(path string, v value.Value, visit func(string, value.Value)) {
	switch v.Kind() {
	case value.KindObject:
		for _, m := range v.Members() {
			leaves(strings.TrimPrefix(path+"."+m.Key, "."), m.Value, visit)
		}
	case value.KindList:
		for i, one := range v.Items() {
			leaves(path+"["+strconv.Itoa(i)+"]", one, visit)
		}
	case value.KindText, value.KindNumber:
		visit(path, v)
	}
}

// refusal says in words why a call was refused.
func refusal(c pipeline.CallLine) string {
	var failure struct {
		Message string
		Details []struct{ Field, Message string }
	}
	if c.Status != pipeline.CallFailed {
		return strings.Join(c.Remarks, "; ")
	}
	if err := json.Unmarshal(c.Error, &failure); err != nil {
		return "It was refused with status " + strconv.Itoa(c.HTTPStatus) + "."
	}
	text := failure.Message
	for _, d := range failure.Details {
		if strings.Contains(text, strings.TrimSuffix(d.Message, ".")) {
			continue
		}
		text += " " + strings.TrimSuffix(d.Message, ".") + "."
	}
	return text
}

// judge finds out what each processor made of a delivery.
func (s *seeking) judge(seen *Sighting) error {
	d := &seen.Delivery
	if d.SourceID == 0 {
		o, err := s.called(d)
		seen.Outcomes = []Outcome{o}
		return err
	}
	p, err := s.Store.ListExecutions(s.ctx, pipeline.ExecutionFilter{TenantID: s.TenantID, DeliveryID: d.Number}, page.Request{Size: page.MaxSize})
	if err != nil {
		return err
	}
	ran := map[int64]bool{}
	for _, e := range p.Items { // the newest first: of each processor the one that counts
		if ran[e.ProcessorID] {
			continue
		}
		ran[e.ProcessorID] = true
		o, err := s.outcome(e, d.ProviderID)
		if err != nil {
			return err
		}
		seen.Outcomes = append(seen.Outcomes, o)
	}
	links, err := s.Store.Links(s.ctx, s.TenantID, d.SourceID)
	if err != nil && !fault.Is(err, fault.NotFound) { // the source was deleted: nothing is linked to it
		return err
	}
	for _, l := range links {
		if ran[l.ProcessorID] {
			continue
		}
		o, err := s.notRun(l.ProcessorID)
		if err != nil {
			return err
		}
		seen.Outcomes = append(seen.Outcomes, o)
	}
	if len(seen.Outcomes) == 0 {
		seen.Outcomes = []Outcome{{Reasons: []Reason{{Code: NotRun, Text: "No processor is linked to the source “" + seen.SourceName + "”, so nothing was made of it. Link one, and run the delivery with it."}}}}
	}
	return nil
}

// notRun tells of a processor that is linked now and did not run then.
func (s *seeking) notRun(processorID int64) (Outcome, error) {
	o, err := s.processor(processorID)
	if err != nil {
		return o, err
	}
	text := "It did not run: it was disabled, or not linked, when the delivery came. Test it on this delivery to have it written."
	switch o.State {
	case processor.Disabled:
		text = "It did not run: it is disabled. Enable it, and test it on this delivery to have it written."
	case processor.Suspended:
		why, remedy, err := s.suspension(processorID)
		if err != nil {
			return o, err
		}
		text = "It did not run: it was disabled, or not linked, when the delivery came. Now it is suspended, since " + why + ": " + remedy + ", and test it on this delivery to have it written."
	}
	o.Reasons = []Reason{{Code: NotRun, Text: text}}
	return o, nil
}

func (s *seeking) processor(n int64) (Outcome, error) {
	o := Outcome{ProcessorID: n}
	p, err := s.Store.Processor(s.ctx, s.TenantID, n)
	if fault.Is(err, fault.NotFound) {
		return o, nil
	}
	o.ProcessorName, o.State = p.Name, p.State()
	return o, err
}

// called tells of a call of a fixed webhook that was taken.
func (s *seeking) called(d *pipeline.Delivery) (o Outcome, err error) {
	undone, err := s.undone(record.Thing{Noun: record.CallNoun, ID: d.SourceExecutionID}, d.ProviderID)
	switch {
	case err != nil:
		return o, err
	case undone != 0:
		o.Reasons = []Reason{undoneBy(undone)}
	case s.isThere(d.ProviderID):
		o.Reasons = []Reason{{Code: Wrote, Text: "The call wrote it."}}
	default:
		o.Reasons = []Reason{{Code: Other, Text: fmt.Sprintf("The call to the %s webhook was carried out, and has the text elsewhere than in the id of %s.", d.Door, article(s.noun()))}}
	}
	return o, nil
}

func (s *seeking) isThere(provider int64) bool {
	return slices.ContainsFunc(s.There, func(t record.Touched) bool { return t.Key.ProviderID == provider })
}

func undoneBy(undo int64) Reason {
	return Reason{Code: Undone, Text: "It was written, and taken back by undo " + id.Format(id.Undo, undo) + "."}
}

// undone gives the newest undo of an execution or call that took back the thing, and was not taken back; 0: none.
func (s *seeking) undone(about record.Thing, provider int64) (undo int64, err error) {
	key := record.Key{ProviderID: provider, Noun: s.Noun, ExternalID: s.ExternalID}
	err = s.Store.Snapshot(s.ctx, func(at record.Snapshot) error {
		journal, err := at.Journal([]record.Thing{about})
		if err != nil {
			return err
		}
		standing, err := record.StandingUndos(journal[about])
		if at := slices.IndexFunc(standing, func(u record.PastUndo) bool { return u.Covers(key) }); at >= 0 {
			undo = standing[at].By.Undo
		}
		return err
	})
	return undo, err
}

// paused says of what waits to be fetched for that its provider is left alone; "": it is not.
func (s *seeking) paused(e pipeline.ExecutionLine, state processor.State) (string, error) {
	if e.Reason != pipeline.ReasonEnriching || state == "" {
		return "", nil
	}
	of, err := s.Store.Processor(s.ctx, s.TenantID, e.ProcessorID)
	if err != nil {
		return "", err
	}
	p, err := s.Store.Provider(s.ctx, s.TenantID, of.ProviderID)
	if err != nil || !p.Pause.Tripped {
		return "", err
	}
	return fmt.Sprintf(" The provider “%s” is left alone until %s, since %d fetches in a row failed: %s.", p.Name,
		time.UnixMicro(p.Pause.Until).UTC().Format(time.RFC3339), p.Pause.Failures, strings.TrimSuffix(p.Pause.Why, ".")), nil
}

// outcome tells what one execution did for the thing.
func (s *seeking) outcome(e pipeline.ExecutionLine, provider int64) (Outcome, error) {
	o, err := s.processor(e.ProcessorID)
	if err != nil {
		return o, err
	}
	o.ProcessorName, o.Execution = e.ProcessorName, &e
	switch e.Status {
	case run.Waiting:
		text, err := s.waits(e, o.State)
		if err != nil {
			return o, err
		}
		paused, err := s.paused(e, o.State)
		o.Reasons = []Reason{{Code: Waiting, Text: text + paused}}
		return o, err
	case run.Failed:
		o.Reasons = []Reason{failure(Failed, e.Errors)}
		return o, nil
	}
	switch e.Reason {
	case pipeline.ReasonUnlinked:
		o.Reasons = []Reason{{Code: NotRun, Text: "It did not run: the processor was taken off the source before its turn came. Link it again, and run the delivery again."}}
		return o, nil
	case pipeline.ReasonSourceDeleted:
		o.Reasons = []Reason{{Code: NotRun, Text: "It did not run, and is ignored: its source was deleted before its turn came."}}
		return o, nil
	}
	undo, err := s.undone(record.Thing{Noun: record.ExecutionNoun, ID: e.ID}, provider)
	if err != nil {
		return o, err
	}
	return o, s.traced(&o, undo)
}

func failure(code Code, errs []*run.DataError) Reason {
	r := Reason{Code: code, Text: "It failed, and nothing of it stands."}
	if len(errs) > 0 {
		first := errs[0]
		r.Step = first.Instruction
		r.Text = "It failed, and nothing of it stands"
		if first.Instruction != "" {
			r.Text += ": step " + first.Instruction
			if first.Field != "" {
				r.Text += ", " + first.Field
			}
		}
		r.Text += ": " + strings.TrimSuffix(first.Message, ".") + ". " + first.Remedy
	}
	r.Text = strings.TrimSpace(r.Text)
	return r
}

// exactFirst puts those first, of what was found by parts of the id, in which a step was about the very id: others may have a
// part of it by chance.
func (s *seeking) exactFirst() {
	if slices.Contains(s.Looked.Texts, s.ExternalID) {
		return
	}
	exact := func(of ...Outcome) int {
		if slices.ContainsFunc(of, func(o Outcome) bool { return slices.ContainsFunc(o.Reasons, func(r Reason) bool { return r.exact }) }) {
			return 0
		}
		return 1
	}
	for _, d := range s.Deliveries {
		slices.SortStableFunc(d.Outcomes, func(a, b Outcome) int { return cmp.Compare(exact(a), exact(b)) })
	}
	slices.SortStableFunc(s.Deliveries, func(a, b Sighting) int { return cmp.Compare(exact(a.Outcomes...), exact(b.Outcomes...)) })
}

// conclude says all of it in one or two sentences.
func (s *seeking) conclude() error {
	what := fmt.Sprintf("%s “%s”", capital(words(s.noun())), s.ExternalID)
	if record.KindOf(s.Noun) == nil {
		what = fmt.Sprintf("The external identity %s “%s”", s.noun(), s.ExternalID)
	}
	if len(s.There) > 0 {
		if s.ProviderID == 0 || s.isThere(s.ProviderID) {
			s.Verdict = what + " is there."
			return nil
		}
		s.Verdict = fmt.Sprintf("%s is not there of this provider, but of provider %s: each provider has its own ids. ", what, id.Format(id.Provider, s.There[0].Key.ProviderID))
	} else {
		s.Verdict = what + " is not there. "
	}
	if s.Rekeyed != nil {
		s.Verdict = what + " " + s.Rekeyed.words()
		return nil
	}
	switch refusedAt, seenAt := newest(s.Refused, func(r Refusal) int64 { return r.Call.ReceivedAt }), newest(s.Deliveries, func(d Sighting) int64 { return d.Delivery.ReceivedAt }); {
	case refusedAt == 0 && seenAt == 0:
		return s.silence()
	case refusedAt > seenAt:
		s.Verdict += fmt.Sprintf("The call of %s was refused: %s", moment(refusedAt), s.Refused[0].Reason)
	default:
		d := s.Deliveries[0]
		s.Verdict += fmt.Sprintf("Delivery %s, received at %s", id.Format(id.Delivery, d.Delivery.Number), moment(seenAt))
		if d.Elsewhere || !slices.Contains(s.Looked.Texts, s.ExternalID) {
			s.Verdict += fmt.Sprintf(", has “%s” in %s", strings.Join(s.Looked.Texts, "” and “"), d.Places[0].Path)
		}
		if d.Elsewhere {
			s.Verdict += fmt.Sprintf(", where no external id of %s comes from", article(s.noun()))
		}
		best := d.Outcomes[0]
		s.Verdict += ". "
		if best.ProcessorName != "" {
			s.Verdict += "Processor “" + best.ProcessorName + "”: "
		}
		s.Verdict += best.Reasons[0].Text
	}
	return nil
}

// silence tells of an id that nobody has sent, as far as was looked.
func (s *seeking) silence() error {
	text := strings.Join(s.Looked.Texts, "” and “")
	switch {
	case s.Looked.Calls == 0:
		s.Verdict += "No call has come in yet."
		return nil
	case s.Looked.All:
		s.Verdict += fmt.Sprintf("It was never received: none of the %d calls there are has “%s” in it.", s.Looked.Calls, text)
	default:
		s.Verdict += fmt.Sprintf("None of the %d newest calls (since %s) has “%s” in it; older ones were not looked at.", s.Looked.Calls, moment(s.Looked.Since), text)
	}
	p, err := s.Store.ListCalls(s.ctx, pipeline.CallFilter{TenantID: s.TenantID, ProviderID: s.ProviderID}, page.Request{Size: 1})
	if err == nil && len(p.Items) > 0 {
		s.Verdict += fmt.Sprintf(" The last call came at %s.", moment(p.Items[0].ReceivedAt))
	}
	return err
}

func newest[T any](all []T, at func(T) int64) int64 {
	if len(all) == 0 {
		return 0
	}
	return at(all[0])
}

func moment(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.RFC3339) }

func capital(words string) string { return strings.ToUpper(words[:1]) + words[1:] }

// words is a noun as people write it.
func words(noun string) string { return strings.ReplaceAll(noun, "_", " ") }

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + words(noun)
	}
	return "a " + words(noun)
}
