package fixed

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Webhook is the unit of one call that was read: a record with the identities it names, and agent management.
type Webhook struct {
	Tenant   *plan.Tenant
	Door     *Door
	Delivery *pipeline.Delivery // to be set before the first Run

	given   []given
	remarks []string // of reading

	failure string
	outcome execute.Outcome
	written Written
}

// Written is what a call did to its record, for the answer.
type Written struct {
	Noun       string
	ID         string // public id
	ExternalID string
	Outcome    run.Outcome
	Locked     []string // fields that were left alone, in the sender's words
	Stale      []string
}

// Outcome is what the last Run left.
func (w *Webhook) Outcome() execute.Outcome { return w.outcome }

// Written is what the last Run did to the record; only where Outcome refuses nothing.
func (w *Webhook) Written() Written { return w.written }

// GiveUp makes every later Run refuse the call.
func (w *Webhook) GiveUp(message string) { w.failure = message }

// value gives a field that came and is not null.
func (w *Webhook) value(name string) (value.Value, bool) {
	for _, g := range w.given {
		if g.field.Name == name {
			return g.value, !g.value.IsNull()
		}
	}
	return value.Null(), false
}

func (w *Webhook) text(name string) string {
	v, _ := w.value(name)
	return v.Text()
}

// Need names the record, its identities and the user. The agent an identity is linked to is known only once that has
// been read.
func (w *Webhook) Need(need *record.Need) {
	need.Keys = append(need.Keys, w.key(w.Door.Kind.Noun, w.text("id")))
	for _, g := range w.given {
		if g.field.Identity != "" && !g.value.IsNull() {
			need.Keys = append(need.Keys, w.key(g.field.Identity+record.IdentitySuffix, g.value.Text()))
		}
	}
	if team := w.text("agent_team_id"); team != "" {
		need.Keys = append(need.Keys, w.key(record.TeamIdentity, team))
	}
	if email := w.text("agent_email"); email != "" {
		need.Users = append(need.Users, record.UserKey{TenantID: w.Tenant.ID, Email: email})
	}
}

func (w *Webhook) key(noun, externalID string) record.Key {
	return record.Key{ProviderID: w.Delivery.ProviderID, Noun: noun, ExternalID: externalID}
}

// Run writes identities, agent management and the record, together or not at all.
func (w *Webhook) Run(stage *record.Stage) error {
	w.outcome, w.written = execute.Outcome{}, Written{}
	if w.failure != "" {
		w.outcome.Refused = fault.New(fault.Invalid, "%s Nothing of the call was kept.", w.failure)
		return nil
	}
	s := &session{
		Webhook: w,
		stage:   stage,
		remarks: slices.Clone(w.remarks),
		by: &record.Writer{
			TenantID:   w.Delivery.TenantID,
			ProviderID: w.Delivery.ProviderID,
			Mark:       record.Mark{Number: w.Delivery.Number},
			Maker:      record.Maker{Origin: record.FromProvider, OriginID: w.Delivery.ProviderID, Delivery: w.Delivery.Number},
		},
	}
	stage.Begin()
	err := s.write()
	if missing := stage.Missing(); missing != nil {
		err = missing
	}
	stage.End(err == nil)
	var refused *fault.Error
	if errors.As(err, &refused) {
		w.outcome.Refused = refused
		return nil
	}
	if err != nil {
		return err
	}
	w.outcome.Remarks = s.remarks
	return nil
}

// session is one Run of a Webhook.
type session struct {
	*Webhook
	stage   *record.Stage
	by      *record.Writer
	remarks []string
	made    []madeIdentity
}

// madeIdentity is an identity that was not known before the call.
type madeIdentity struct {
	key    record.Key
	remark int // place of what was said of it
}

func (s *session) remark(format string, args ...any) {
	s.remarks = append(s.remarks, fmt.Sprintf(format, args...))
}

func (s *session) write() error {
	if err := s.known(); err != nil {
		return err
	}
	effect := run.Effect{Kind: run.UpsertRecord, Noun: s.Door.Kind.Noun, Key: s.text("id")}
	for _, g := range s.given {
		if g.field.To == "" {
			continue
		}
		v := g.value
		if g.field.Identity != "" && !v.IsNull() {
			i, err := s.identity(g.field, v.Text())
			if err != nil {
				return err
			}
			v = value.Ref(i)
		}
		effect.Fields = append(effect.Fields, run.Field{Name: g.field.To, Value: v})
	}
	answer, err := s.stage.Apply(s.by, &effect)
	var wrong *run.DataError
	if errors.As(err, &wrong) {
		return s.refuse(detailOf(s.Door, wrong))
	}
	if err != nil {
		return err
	}
	s.written = Written{
		Noun:       effect.Noun,
		ID:         answer.Result.Get("id").Text(),
		ExternalID: effect.Key,
		Outcome:    answer.Outcome,
		Locked:     s.Door.sent(answer.Locked),
		Stale:      s.Door.sent(answer.Stale),
	}
	if len(s.written.Locked) > 0 {
		s.remark("Left alone, because locked: %s.", strings.Join(s.written.Locked, ", "))
	}
	if len(s.written.Stale) > 0 {
		s.remark("Left alone, because a later delivery set them: %s.", strings.Join(s.written.Stale, ", "))
	}
	return nil
}

// sent gives the sender's names of a record's fields.
func (d *Door) sent(fields []string) []string {
	var names []string
	for _, name := range fields {
		names = append(names, d.name(name))
	}
	return names
}

// name gives the sender's name of a record's field.
func (d *Door) name(to string) string {
	for _, f := range d.Fields {
		if f.To == to {
			return f.Name
		}
	}
	return to // of a group: they have one name
}

// known refuses ids of identities that are not there and come without a name, all at once.
func (s *session) known() error {
	var details []fault.Detail
	for _, g := range s.given {
		if g.field.Identity == "" || g.value.IsNull() {
			continue
		}
		if _, named := s.value(g.field.NamedBy); named {
			continue
		}
		if s.stage.Identity(s.key(g.field.Identity+record.IdentitySuffix, g.value.Text())) == nil {
			details = append(details, detail(g.field.Name, "unknown_identity",
				fmt.Sprintf("no %s of this provider has the id %q", g.field.Identity, g.value.Text()),
				fmt.Sprintf("Send %s with it: then it is made, to be linked later.", g.field.NamedBy)))
		}
	}
	if details != nil {
		return s.refuse(details...)
	}
	return nil
}

func (s *session) refuse(details ...fault.Detail) error {
	return &fault.Error{
		Kind:    fault.Invalid,
		Message: fmt.Sprintf("This call to the %s webhook cannot be carried out; nothing of it was kept.", s.Door.Path),
		Details: details,
	}
}

// detailOf says in the sender's words what a stage found wrong with a record.
func detailOf(d *Door, wrong *run.DataError) fault.Detail {
	name := d.name(wrong.Field)
	return fault.Detail{Field: name, Code: wrong.Code, Message: name + ": " + wrong.Message, Hint: wrong.Remedy}
}

// identity upserts the identity a field names.
func (s *session) identity(f *Field, externalID string) (*record.Identity, error) {
	effect := run.Effect{Kind: run.UpsertIdentity, Noun: f.Identity, Key: externalID}
	if name, ok := s.value(f.NamedBy); ok {
		effect.Fields = append(effect.Fields, run.Field{Name: "external_name", Value: name})
	}
	if f.Identity == "agent" {
		return s.agent(&effect)
	}
	i, _, err := s.upsert(&effect)
	return i, err
}

func (s *session) upsert(effect *run.Effect) (*record.Identity, run.Answer, error) {
	answer, err := s.stage.Apply(s.by, effect)
	if err != nil {
		return nil, answer, err
	}
	i := answer.Result.Entity().(*record.Identity)
	if answer.Outcome == run.Created {
		s.made = append(s.made, madeIdentity{i.Key, len(s.remarks)})
		s.remark("%s, to be linked later.", wasMade(i))
	}
	return i, answer, nil
}

func wasMade(i *record.Identity) string {
	return fmt.Sprintf("%s was not known: an external identity %s was made", describe(i), id.Format(id.Identity, max(i.ID, 0)))
}

// linked says to what an identity was linked: in the remark that it was made, where the call made it, else in one of its
// own.
func (s *session) linked(i *record.Identity, to, otherwise string) {
	for _, m := range s.made {
		if m.key == i.Key {
			s.remarks[m.remark] = fmt.Sprintf("%s and linked to %s.", wasMade(i), to)
			return
		}
	}
	s.remarks = append(s.remarks, otherwise)
}

// describe names an identity for people: agent “Cas Bos” (7).
func describe(i *record.Identity) string {
	if i.Name == i.Key.ExternalID {
		return fmt.Sprintf("%s “%s”", i.Noun(), i.Name)
	}
	return fmt.Sprintf("%s “%s” (%s)", i.Noun(), i.Name, i.Key.ExternalID)
}
